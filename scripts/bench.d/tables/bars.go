package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// bar is a promise, and what was measured of it: known is false where nothing was.
type bar struct {
	what, bar string
	measured  func() (text string, reached, known bool)
}

func (m measured) bars() {
	rows := [][]string{}
	for _, b := range m.promises() {
		text, reached, known := b.measured()
		verdict := "reached"
		switch {
		case !known:
			text, verdict = "–", "not measured"
		case !reached:
			verdict = "NOT REACHED"
		}
		rows = append(rows, []string{b.what, b.bar, text, verdict})
	}
	table("The bars", []string{"what", "bar", "measured", "verdict"}, rows)
}

func (m measured) promises() []bar {
	const ms, s = 1e6, 1e9
	var all []bar
	add := func(what, promise string, measured func() (string, bool, bool)) {
		all = append(all, bar{what, promise, measured})
	}

	for _, c := range []struct {
		kind, what string
		least      float64
	}{
		{"14", "38 people, 14 offers: proved best to the minutes in 10 s", 98},
		{"50", "38 people, 50 offers: likewise", 96},
		{"30p", "38 people, 30 offers with pairs: likewise", 90},
		{"50d", "38 people, 50 offers, dense windows: likewise", 80},
	} {
		at := "Proof/38/" + c.kind
		add(c.what, fmt.Sprintf("≥ %.0f %%", c.least), func() (string, bool, bool) {
			n, known := m.median(at, "cohorts")
			proved, _ := m.median(at, "in-10s")
			return fmt.Sprintf("%.0f of %.0f; median %s, 90 of 100 in %s, most %s", proved, n, m.time(at, "p50-cpu-ns"), m.time(at, "p90-cpu-ns"), m.time(at, "most-cpu-ns")),
				100*proved >= c.least*n, known
		})
		if c.kind == "14" {
			add("38 people, 14 offers: in 2 s", "≥ 90 %", func() (string, bool, bool) {
				n, known := m.median(at, "cohorts")
				proved, _ := m.median(at, "in-2s")
				return fmt.Sprintf("%.0f of %.0f", proved, n), proved >= 0.9*n, known
			})
		}
	}
	add("gap on minutes where not proved", "≤ 3 %", func() (string, bool, bool) {
		worst, before, known := m.most("Proof/38", "%gap"), m.most("Proof/38", "fairness-open"), len(m.under("Proof/38")) > 0
		text := fmt.Sprintf("at most %s %%", figures(worst))
		if before > 0 {
			text += "; some open on fairness"
		}
		return text, worst <= 3 && before == 0, known
	})

	add("same optimum as CBC and HiGHS at every level", "all", func() (string, bool, bool) {
		equal, open, differ := 0, 0, 0
		for _, cohort := range m.under("Peers") {
			for _, solver := range []string{"CBC", "HiGHS"} {
				at := "Peers/" + cohort
				n, asked := m.median(at, solver+"-levels")
				level, _ := m.median(at, solver+"-differs")
				switch {
				case !asked:
				case level > 0:
					differ++
				case n < levelsOfPeers:
					open++
				default:
					equal++
				}
			}
		}
		return fmt.Sprintf("%d equal, %d not proved by the solver in time, %d differ", equal, open, differ), differ == 0 && open == 0, equal+open+differ > 0
	})
	for _, c := range []struct {
		solver       string
		middle, each float64
	}{{"CBC", 25, 3}, {"HiGHS", 40, 0}, {"GLPK", 100, 0}} {
		promise := fmt.Sprintf("median ≥ %.0f", c.middle)
		if c.each > 0 {
			promise += fmt.Sprintf(", never below %.0f", c.each)
		}
		add("time to proof, "+c.solver+" ÷ Tandem", promise, func() (string, bool, bool) {
			ratios, whole := m.against(c.solver, "minutes-cpu-ns"), m.against(c.solver, "cpu-ns")
			if len(ratios) == 0 {
				return "", false, false
			}
			least, proved := slices.Min(ratios), m.least("Peers", "levels") >= levelsOfPeers
			return fmt.Sprintf("median %s, %s to %s, %d cohorts; with our CO2e median %s, least %s", figures(median(ratios)), figures(least), figures(slices.Max(ratios)),
				len(ratios), figures(median(whole)), figures(slices.Min(whole))), median(ratios) >= c.middle && least >= c.each && proved, true
		})
	}

	within := func(what, promise, benchmark, unit string, limit float64) {
		add(what, promise, func() (string, bool, bool) {
			worst := m.most(benchmark, unit)
			return "at most " + duration(worst), worst <= limit, worst > 0
		})
	}
	add("every coverable theme covered, 38 people", "≤ 20 ms", func() (string, bool, bool) {
		worst := 0.0
		for _, name := range m.under("Instances") {
			people, _ := m.median("Instances/"+name+"/whole", "people")
			if v, _ := m.median("Instances/"+name+"/covered", "cpu-ns/op"); people == 38 {
				worst = max(worst, v)
			}
		}
		return "at most " + duration(worst), worst <= 20*ms, worst > 0
	})
	within("first board on screen", "≤ 100 ms", "FirstBoard", "ns/op", 100*ms)
	within("certificate, a leaf, by the independent checker", "≤ 100 ms", "Certificate", "leaf-cpu-ns", 100*ms)

	add("reason of an unused offer, by bound", "median ≤ 0.3 s", func() (string, bool, bool) {
		worst := m.most("Reasons/38", "offer-cpu-s")
		return "at most " + duration(worst*s) + ", of the medians by kind", worst <= 0.3, worst > 0
	})
	add("reasons undecided", "≤ 2 %", func() (string, bool, bool) {
		worst := m.most("Reasons/38", "%offers-undecided")
		return fmt.Sprintf("at most %s %% of offers, %s %% of all", figures(worst), figures(m.most("Reasons/38", "%undecided"))), worst <= 2, len(m.under("Reasons/38")) > 0
	})
	add("plans, bounds and reasons refuted by the checker, random programmes", "0 of 1,000", func() (string, bool, bool) {
		v, known := m.median("Refuted", "refuted")
		n, _ := m.median("Refuted", "programmes")
		reasons, _ := m.median("Refuted", "reasons")
		return fmt.Sprintf("%.0f of %.0f plans, %.0f reasons", v, n, reasons), v == 0 && n >= 1_000, known
	})

	for _, move := range []struct {
		what, promise, benchmark string
		limit                    float64
	}{
		{"a person moved, scored and undone, at 38 and 2,000", "≤ 200 ns, 0 allocations", "MovePerson", 200},
		{"a visit dragged with its rules, at 38 and 2,000", "≤ 3 µs, 0 allocations", "DragVisit", 3e3},
	} {
		add(move.what, move.promise, func() (string, bool, bool) {
			worst, allocations := m.most(move.benchmark, "cpu-ns/op"), m.most(move.benchmark, "allocs/op")
			return fmt.Sprintf("at most %s, %.0f allocations", duration(worst), allocations), worst <= move.limit && allocations == 0, worst > 0
		})
	}
	for _, people := range []string{"38", "2000"} {
		add("a drag over GraphQL, in process, "+people+" people", "≤ 5 ms", func() (string, bool, bool) {
			visit, known := m.median("Drag/visit/"+people, "cpu-ns/op")
			person, also := m.median("Drag/person/"+people, "cpu-ns/op")
			return "a visit " + duration(visit) + ", a person " + duration(person), max(visit, person) <= 5*ms, known && also
		})
	}
	within("repair within its fortnight", "≤ 10 ms", "Repair/near", "cpu-ns/op", 10*ms)
	within("repairs, ranked", "≤ 500 ms", "Repair/ranked", "cpu-ns/op", 500*ms)
	within("minimal conflict", "≤ 2 s, 90 of 100", "Clash", "p90-ns", 2*s)
	add("conflicts verified minimal", "100 %", func() (string, bool, bool) {
		clashes, known := m.median("Clash", "clashes")
		minimal, _ := m.median("Clash", "minimal")
		undecided, _ := m.median("Clash", "undecided")
		return fmt.Sprintf("%.0f of %.0f; %.0f requests undecided", minimal, clashes, undecided), minimal == clashes && undecided == 0, known && clashes > 0
	})

	const large = "c2000-o300-s1"
	within("2,000 people, 300 offers, 50 cohorts: first plan", "≤ 1 s", "Instances/"+large+"/first", "ns/op", s)
	add("2,000: squares over the least that seats allow, after 60 s on two cores", "≤ 6 %", func() (string, bool, bool) {
		squares, known := m.median("Instances/"+large+"/whole", "squares")
		bound, _ := m.median("Instances/"+large+"/whole", "bound-squares")
		seconds, _ := m.median("Instances/"+large+"/whole", "ns/op")
		over := 100 * (squares - bound) / max(1, bound)
		return fmt.Sprintf("%s %% after %s", figures(over), duration(seconds)), over <= 6 && seconds <= 60*s, known
	})
	add("2,000: cohorts proved best given their offers", "≥ 80 %", func() (string, bool, bool) {
		proved, known := m.median("Instances/"+large+"/whole", "cohorts-proved")
		n, _ := m.median("Instances/"+large+"/whole", "cohorts")
		return fmt.Sprintf("%.0f of %.0f", proved, n), proved >= 0.8*n, known
	})
	for _, c := range []struct {
		name, what string
		limit      float64
	}{{"c38-o14-s1", "memory, 38 people and 14 offers", 16}, {"c38-o50-s1", "memory, 38 people and 50 offers", 16}, {large, "memory, 2,000 people", 128}} {
		add(c.what, fmt.Sprintf("≤ %.0f MiB", c.limit), func() (string, bool, bool) {
			kib, known := m.median("Memory/"+c.name, "KiB")
			return figures(kib/1024) + " MiB resident", kib/1024 <= c.limit, known
		})
	}
	add("same seed, same bytes, on 1 and 8 threads", "100 runs", func() (string, bool, bool) {
		text, equal := "", true
		for _, name := range m.under("SameBytes") {
			runs, _ := m.median("SameBytes/"+name, "runs")
			same, _ := m.median("SameBytes/"+name, "same")
			if text != "" {
				text += ", "
			}
			text += name + " " + strconv.Itoa(int(same)) + " of " + strconv.Itoa(int(runs))
			equal = equal && same == runs
		}
		return text, equal, text != ""
	})
	add("ten minutes of a rehearsal: the report, processor's time", "≤ 10 s, each rate", func() (string, bool, bool) {
		text, most := m.rates("cpu-ns/op", func(v float64) string { return duration(v) })
		return text, most <= 10*s, text != ""
	})
	add("ten minutes of a rehearsal: memory of the process", "≤ 250 MB, each rate", func() (string, bool, bool) {
		text, most := m.rates("MB-most", func(v float64) string { return fmt.Sprintf("%.0f MB", v) })
		return text, most <= 250, text != ""
	})
	for _, versions := range []string{"2", "4"} {
		add("drawn cohorts with a count recovered, "+versions+" briefs", "0 of 2,000", func() (string, bool, bool) {
			v, known := m.median("Recovered/"+versions+"-versions", "recovered")
			n, _ := m.median("Recovered/"+versions+"-versions", "cohorts")
			took, _ := m.median("Recovered/"+versions+"-versions", "ns/op")
			return fmt.Sprintf("%.0f of %.0f, in %s", v, n, duration(took)), v == 0, known
		})
		add("the attack on a cohort of 38, "+versions+" briefs", "≤ 50 ms", func() (string, bool, bool) {
			v, known := m.median("Attack/"+versions+"-versions", "ns/op")
			return duration(v), v <= 50*ms, known
		})
	}
	for _, surface := range []string{"page", "sponsorBrief"} {
		for _, engine := range []string{"sqlite", "postgres"} {
			at := "Brief/" + engine + "/" + surface
			add("a brief's "+surface+" kept, beside one written by hand, "+engine, "≥ 10 × its throughput", func() (string, bool, bool) {
				hand, _ := m.median(at+"/by_hand", "ns/op")
				v, known := m.median(at+"/tandem_cached", "ns/op")
				return fmt.Sprintf("%.1f ×", hand/v), hand >= 10*v, known
			})
			add("a brief's "+surface+" anew, beside one written by hand, "+engine, "< 5 × its time", func() (string, bool, bool) {
				hand, _ := m.median(at+"/by_hand", "ns/op")
				v, known := m.median(at+"/tandem", "ns/op")
				return fmt.Sprintf("%.1f ×", v/hand), v < 5*hand, known
			})
		}
	}
	add("the figures of a brief, 38 people", "≤ 1 ms", func() (string, bool, bool) {
		v, known := m.median("Label", "ns/op")
		return duration(v), v <= ms, known
	})
	return all
}

// least is the least of what the benchmarks below one measured, in the median of the rounds.
func (m measured) least(name, unit string) float64 {
	v := math.Inf(1)
	for _, below := range m.under(name) {
		if n, ok := m.median(name+"/"+below, unit); ok {
			v = min(v, n)
		}
	}
	return v
}

// most is the greatest of what a benchmark and those below it measured, in the median of the rounds.
func (m measured) most(name, unit string) (worst float64) {
	worst, _ = m.median(name, unit)
	for _, below := range m.under(name) {
		worst = max(worst, m.most(name+"/"+below, unit))
	}
	return worst
}

// rates are the report's figures by the rate of the sound, and the greatest.
func (m measured) rates(unit string, say func(float64) string) (text string, most float64) {
	var each []string
	for _, rate := range m.under("Report") {
		if v, known := m.median("Report/"+rate, unit); known {
			each, most = append(each, fmt.Sprintf("%s at %s Hz", say(v), rate)), max(most, v)
		}
	}
	return strings.Join(each, ", "), most
}
