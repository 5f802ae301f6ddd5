package pitch

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Day is what a forecast is made from.
type Day struct {
	SlotMilliseconds int
	// Sections are the pitch as it stands.
	Sections []Section
	// Runs are its finished rehearsals, newest first; those beyond the tenth are not looked at.
	Runs []Run
	// LiveDriftPercent is how much longer a live audience is taken to make what is said: a belief of the field (8), no measurement.
	LiveDriftPercent float64
	Seed             uint64
}

// Forecast is how long the day may take, in milliseconds.
type Forecast struct {
	// Runs is how many rehearsals it rests on.
	Runs int
	// EquallyLikely are fifty lengths, ascending, each as likely as the other.
	EquallyLikely []int
	// One day in ten stays under P10, nine in ten under P90; Middle is the one between.
	P10, Middle, P90 int
	// Overrun is the chance to exceed the slot, 0 to 1.
	Overrun float64
	// Cuts are the smallest that bring Overrun under Bearable, in the order of the pitch; none where it is, and none where all that
	// may be cut would not do: then CutsSuffice is false.
	Cuts        []Cut
	CutsSuffice bool

	slot int
	days []day
}

// Bearable is the chance to overrun under which nothing need be cut.
const Bearable = 0.2

// Parts of the belief about a team before its runs are heard, in logarithms of time over target: how far a team lies off its targets as
// a whole, and one section off that; how much a section differs between two runs, and a whole run from another. Evidence replaces
// them: they weigh as many observations as the counts behind them.
const (
	teamOff, sectionOff    = 0.12, 0.15
	sectionVaries, sectVN  = 0.09, 8
	runVaries, runVN       = 0.05, 8
	gapUsual               = 1000.0 // ms
	gapOff, gapVaries, gVN = 0.6, 0.5, 6
	farthest               = math.Ln2 * 2 // a section walked through or jumped over tells nothing beyond a quarter or four times its target
	draws                  = 4000
	newest                 = 10
)

// day is one length of the day that may come: what each section takes, and the silences between.
type day struct {
	total float64
	said  []float64
	live  float64
}

// Forecast simulates the day; false before there is a finished run of any of its sections.
//
// The method is a two-way random-effects model (sections by runs; Searle, Casella and McCulloch, Variance Components, 1992) on the
// logarithm of time over target, with conjugate priors: section means are shrunk towards their targets as in Efron and Morris (1975),
// variances towards usual ones, and what remains uncertain of both is drawn afresh for each day (Gelman et al., Bayesian Data
// Analysis, 3rd ed., ch. 3 and 5), so that few runs give wide answers. Hand-over silences heard in recordings are taken out of their sections and
// drawn by themselves: an audience does not stretch them. Live drift is normal about its percent, half of it as deviation. Where a
// script grew or shrank, times go in proportion to its words; the target is believed of the script that was rehearsed last, so that a cut
// made in the script does to the forecast what the list of cuts said.
func (d Day) Forecast() (Forecast, bool) {
	runs := d.Runs[:min(len(d.Runs), newest)]
	m := d.learn(runs)
	if m.runs == 0 || len(d.Sections) == 0 {
		return Forecast{}, false
	}
	f := Forecast{Runs: m.runs, slot: d.SlotMilliseconds, CutsSuffice: true}
	chance := rand.New(rand.NewPCG(d.Seed, 0x7a6e64656d))
	totals := make([]float64, draws)
	for i := range draws {
		f.days = append(f.days, m.draw(chance, d))
		totals[i] = f.days[i].total
	}
	slices.Sort(totals)
	at := func(q float64) int { return int(math.Round(totals[int(q*draws)])) }
	for i := range 50 {
		f.EquallyLikely = append(f.EquallyLikely, at((float64(i)+0.5)/50))
	}
	f.P10, f.Middle, f.P90 = at(0.1), at(0.5), at(0.9)
	f.Overrun = f.OverrunAfter(0)
	if f.Overrun >= Bearable {
		f.Cuts, f.CutsSuffice = f.cut(d.Sections)
	}
	return f, true
}

// OverrunAfter is the chance to exceed the slot once the pitch takes so much less time in a rehearsal.
func (f Forecast) OverrunAfter(milliseconds int) float64 {
	over := 0
	for _, d := range f.days {
		if d.total-float64(milliseconds)*d.live > float64(f.slot) {
			over++
		}
	}
	return float64(over) / float64(len(f.days))
}

// spread is a variance that is not known: a sum of squares over a count of free observations, the belief's own among them.
type spread struct {
	squares float64
	free    int
}

// draw takes a variance from the scaled inverse chi-squared distribution that the evidence leaves.
func (s spread) draw(chance *rand.Rand) float64 {
	chi := 0.0
	for range s.free {
		x := chance.NormFloat64()
		chi += x * x
	}
	return s.squares / chi
}

// mean is a mean that is not known: the mean of n observations, 0 where there are none.
type mean struct {
	of float64
	n  int
}

// draw takes the true mean from what evidence of this variance leaves of a belief about zero.
func (m mean) draw(chance *rand.Rand, variance, belief float64) float64 {
	weight := belief / (belief + variance/float64(max(1, m.n)))
	if m.n == 0 {
		weight = 0
	}
	return weight*m.of + math.Sqrt(belief*(1-weight))*chance.NormFloat64()
}

// model is what the runs say of a team.
type model struct {
	runs     int
	heard    int // sections with an observation
	team     mean
	sections []mean    // beside the team's
	grown    []float64 // each section's words over those rehearsed last
	within   spread    // a section between runs
	between  spread    // whole runs: sectionVaries² + heard × runVaries²
	gaps     []mean    // of each hand-over whose silence was heard, as logarithm over gapUsual
	gap      spread
}

func (d Day) learn(runs []Run) model {
	m := model{sections: make([]mean, len(d.Sections)), within: spread{(sectVN - 2) * sectionVaries * sectionVaries, sectVN}}
	logs, gaps := d.observe(runs)
	for _, s := range d.Sections {
		m.grown = append(m.grown, 1)
		if last := rehearsed(runs, s.ID); last > 0 && s.Words() > 0 {
			m.grown[len(m.grown)-1] = float64(s.Words()) / float64(last)
		}
	}
	all, count := 0.0, 0
	for s := range d.Sections {
		for _, row := range logs {
			if !math.IsNaN(row[s]) {
				m.sections[s].of += row[s]
				m.sections[s].n++
			}
		}
		if n := m.sections[s].n; n > 0 {
			m.sections[s].of /= float64(n)
			all, count = all+m.sections[s].of, count+n
			m.heard++
		}
	}
	m.between = spread{(runVN - 2) * (sectionVaries*sectionVaries + float64(m.heard)*runVaries*runVaries), runVN}
	m.within.free += count - m.heard
	for _, row := range logs {
		off, n := 0.0, 0
		for s, z := range row {
			if !math.IsNaN(z) {
				off, n = off+z-m.sections[s].of, n+1
			}
		}
		if n == 0 {
			continue
		}
		off /= float64(n)
		m.between.squares += float64(n) * off * off
		if m.runs++; m.runs > 1 {
			m.between.free++
			m.within.free--
		}
		for s, z := range row {
			if !math.IsNaN(z) {
				e := z - m.sections[s].of - off
				m.within.squares += e * e
			}
		}
	}
	m.within.free = max(m.within.free, sectVN)
	if m.heard > 0 {
		m.team = mean{all / float64(m.heard), m.runs}
		for s := range m.sections {
			if m.sections[s].n > 0 {
				m.sections[s].of -= m.team.of
			}
		}
	}
	m.gap = spread{(gVN - 2) * gapVaries * gapVaries, gVN}
	for _, heard := range gaps {
		g := mean{n: len(heard)}
		for _, x := range heard {
			g.of += x / float64(len(heard))
		}
		for _, x := range heard {
			m.gap.squares += (x - g.of) * (x - g.of)
		}
		m.gap.free += len(heard) - 1
		m.gaps = append(m.gaps, g)
	}
	return m
}

// observe gives a row for each run, in it for each section the logarithm of what was said over the target, NaN where the section was not
// there; and for each hand-over between two sections that follow one another the logarithms of its silences.
func (d Day) observe(runs []Run) (logs [][]float64, gaps [][]float64) {
	usual := make([]float64, len(d.Sections)) // the silence before a section, taken out where it was not heard by itself
	for s := 1; s < len(d.Sections); s++ {
		var heard []float64
		for _, r := range runs {
			for _, h := range r.Timeline.HandOvers {
				if h.Gap != nil && h.Gap.Milliseconds() > 0 && h.FromSection == d.Sections[s-1].ID && h.ToSection == d.Sections[s].ID {
					heard = append(heard, math.Log(float64(h.Gap.Milliseconds())/gapUsual))
				}
			}
		}
		if len(heard) > 0 {
			gaps = append(gaps, heard)
			for _, x := range heard {
				usual[s] += gapUsual * math.Exp(x) / float64(len(heard))
			}
		}
	}
	for _, r := range runs {
		row := make([]float64, len(d.Sections))
		for s, section := range d.Sections {
			row[s] = math.NaN()
			i := slices.IndexFunc(r.Timeline.Sections, func(t SectionTime) bool { return t.Section.ID == section.ID })
			if i < 0 {
				continue
			}
			then := r.Timeline.Sections[i]
			said := float64(then.Milliseconds)
			known := false
			for _, h := range r.Timeline.HandOvers {
				if h.Gap != nil && (h.FromSection == section.ID || h.ToSection == section.ID) {
					for _, v := range then.Visits {
						said -= float64(h.Gap.shared(v))
					}
					known = known || h.ToSection == section.ID
				}
			}
			if !known {
				said -= usual[s]
			}
			if last, before := rehearsed(runs, section.ID), then.Section.Words(); last > 0 && before > 0 {
				said *= float64(last) / float64(before)
			}
			if said > 0 {
				row[s] = min(max(math.Log(said/target(section)), -farthest), farthest)
			}
		}
		logs = append(logs, row)
	}
	return logs, gaps
}

// rehearsed is how many words a section's script had when it was rehearsed last, 0 where it had none.
func rehearsed(runs []Run, section string) int {
	for _, r := range runs {
		for _, s := range r.Timeline.Sections {
			if s.Section.ID == section && s.Section.Words() > 0 {
				return s.Section.Words()
			}
		}
	}
	return 0
}

func target(s Section) float64 { return float64(max(1000, s.TargetMilliseconds)) }

func (m model) draw(chance *rand.Rand, d Day) day {
	within := m.within.draw(chance)
	whole := m.between.draw(chance)
	heard := float64(m.heard)
	run := max(0, whole-within) / heard
	// What the sections that were heard lie off is drawn in two: all of them together, and each beside that, which sums to nothing.
	together := m.team.draw(chance, run+within/heard, teamOff*teamOff+sectionOff*sectionOff/heard)
	beside, sum := make([]float64, len(d.Sections)), 0.0
	for s, section := range m.sections {
		beside[s] = section.draw(chance, within, sectionOff*sectionOff)
		if section.n > 0 {
			sum += beside[s]
		}
	}
	of := math.Sqrt(run) * chance.NormFloat64()
	drift := d.LiveDriftPercent / 100
	out := day{live: max(0.5, 1+drift+math.Abs(drift)/2*chance.NormFloat64()), said: make([]float64, len(d.Sections))}
	for s, section := range d.Sections {
		if m.sections[s].n > 0 {
			beside[s] -= sum / heard
		}
		z := together + beside[s] + of + math.Sqrt(within)*chance.NormFloat64()
		out.said[s] = target(section) * math.Exp(z) * m.grown[s] * out.live
		out.total += out.said[s]
	}
	for _, g := range m.gaps {
		v := m.gap.draw(chance)
		out.total += gapUsual * math.Exp(g.draw(chance, v, gapOff*gapOff)+math.Sqrt(v)*chance.NormFloat64())
	}
	return out
}
