package visit

import (
	"context"
	"math"
	"math/bits"
	"testing"
)

// oracle finds the best score of a small programme of one cohort by trying everything: for each fortnight every day,
// every set of entries, every seat of everyone. Ways there that come to the same seats used, visits and themes seen
// differ only in minutes and grams, so the lesser is kept. With something forced in, only plans that have it count; where
// there is none, the worst score there is comes back.
func oracle(p Problem, must forced) Score {
	type outcome struct {
		used, themes uint32 // single offers; pairs of team and theme
		visits       uint64 // four bits a person
		days         int
		pins         uint32
	}
	type cost struct{ minutes, grams int }
	m, _ := newModel(&p)
	pairs := map[[2]int]uint32{}
	for team, themes := range p.TeamThemes {
		for _, theme := range themes {
			pairs[[2]int{team, theme}] = 1 << len(pairs)
		}
	}
	all := map[outcome]cost{{}: {}}
	for f := range p.Fortnights {
		here := map[outcome]cost{{}: {}}
		only := must.day != none && p.FortnightOfDay[must.day] == f
		if only {
			here = map[outcome]cost{}
		}
		for d := range p.WorkingDays {
			if p.FortnightOfDay[d] != f || only && d != must.day {
				continue
			}
			for set := uint32(1); set < 1<<len(p.Offers); set++ {
				var used, pins uint32
				hosts, legal := 0, true
				for j := range p.Offers {
					if set>>j&1 == 0 {
						continue
					}
					open := contains(p.Offers[j].Days, d)
					for k, pin := range p.Pins {
						if pin.Offer == j && pin.Day == d {
							open, pins = true, pins|1<<k
						}
					}
					for _, o := range p.parts(j) {
						legal = legal && used>>o&1 == 0 && p.Offers[o].Excluded == nil
						used |= 1 << o
						hosts++
					}
					legal = legal && open && p.Offers[j].Excluded == nil
				}
				if !legal || p.HostsPerDayMax > 0 && hosts > p.HostsPerDayMax {
					continue
				}
				sizes := make([]int, len(p.Offers))
				var sit func(person int, o outcome, c cost)
				sit = func(person int, o outcome, c cost) {
					if person == len(p.People) {
						for j := range p.Offers {
							if set>>j&1 == 1 && (sizes[j] < p.Offers[j].Min || sizes[j] > p.Offers[j].Max-p.MentorSeats) {
								return
							}
						}
						if old, known := here[o]; !known || c.minutes < old.minutes || c.minutes == old.minutes && c.grams < old.grams {
							here[o] = c
						}
						return
					}
					if !only || person != must.person {
						sit(person+1, o, c)
					}
					if contains(p.People[person].Unavailable, d) {
						return
					}
					for j := range p.Offers {
						if set>>j&1 == 0 || p.ReturnMinutes[person][j] < 0 {
							continue
						}
						n := o
						n.visits += uint64(len(p.parts(j))) << (4 * person)
						for _, theme := range p.Offers[j].Themes {
							n.themes |= pairs[[2]int{p.People[person].Team, theme}]
						}
						sizes[j]++
						sit(person+1, n, cost{c.minutes + p.ReturnMinutes[person][j], c.grams + p.GramsCO2e[person][j]})
						sizes[j]--
					}
				}
				sit(0, outcome{used: used, days: 1, pins: pins}, cost{})
			}
		}
		next := map[outcome]cost{}
		for a, x := range all {
			for b, y := range here {
				if a.used&b.used != 0 || a.days+b.days > p.VisitDaysMax {
					continue
				}
				o := outcome{a.used | b.used, a.themes | b.themes, a.visits + b.visits, a.days + b.days, a.pins | b.pins}
				c := cost{x.minutes + y.minutes, x.grams + y.grams}
				if old, known := next[o]; !known || c.minutes < old.minutes || c.minutes == old.minutes && c.grams < old.grams {
					next[o] = c
				}
			}
		}
		all = next
	}
	least, shown := Score{Uncovered: math.MaxInt}, pairs[[2]int{must.team, must.theme}]
	for o, c := range all {
		if int(o.pins) != 1<<len(p.Pins)-1 || must.offer != none && o.used>>must.offer&1 == 0 || o.themes&shown != shown {
			continue
		}
		s := Score{Uncovered: len(pairs) - bits.OnesCount32(o.themes), Minutes: c.minutes, Grams: c.grams}
		for i := range p.People {
			lack := max(0, int(m.attain[i])-int(o.visits>>(4*i)&15))
			s.MaxShortfall = max(s.MaxShortfall, lack)
			s.SquaredShortfall += lack * lack
		}
		if s.Less(least) {
			least = s
		}
	}
	return least
}

func contains(list []int, v int) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

// On small programmes everything can be tried: what is said to be proved is so, no bound is too high, all themes that
// can be covered together are, and the search finds the best nearly always.
func TestPlanAgainstTheOracle(t *testing.T) {
	seeds := uint64(300)
	optimal, provedMost := 0, 0
	for seed := range seeds {
		p := programme(seed+5_000, shape{people: 4, teams: 2, cohorts: 1, offers: 4, days: 6, fortnights: 3, themes: 4})
		r, err := Plan(context.Background(), p, Options{Seed: seed, Work: 3_000})
		if err != nil {
			t.Fatal(err)
		}
		verify(t, p, r)
		least := oracle(p, unforced)
		if r.Score.Less(least) {
			t.Fatalf("programme %d: score %v beats everything there is, %v", seed, r.Score, least)
		}
		for i := range r.ProvedLevels {
			if r.Score.Levels()[i] != least.Levels()[i] {
				t.Fatalf("programme %d: %d levels are said to be proved, the best is %v, the plan %v", seed, r.ProvedLevels, least, r.Score)
			}
		}
		if r.Score == least {
			optimal++
			for i, b := range r.Bound.Levels() {
				if b > least.Levels()[i] {
					t.Fatalf("programme %d: bound %v is above the best, %v", seed, r.Bound, least)
				}
			}
		}
		if r.Score.Uncovered != least.Uncovered {
			t.Errorf("programme %d: %d pairs uncovered where %d can be", seed, r.Score.Uncovered, least.Uncovered)
		}
		if r.ProvedLevels >= int(LevelMinutes) {
			provedMost++
		}
	}
	t.Logf("%d of %d optimal, %d proved to the minutes", optimal, seeds, provedMost)
	if optimal != int(seeds) || provedMost != int(seeds) {
		t.Errorf("%d of %d optimal, %d proved to the minutes", optimal, seeds, provedMost)
	}
}

// What is said to cost so much, does: in every plan with it in, tried one by one.
func TestCostsAgainstTheOracle(t *testing.T) {
	costs, undecided := 0, 0
	for seed := range uint64(150) {
		p := programme(seed+9_000, shape{people: 4, teams: 2, cohorts: 1, offers: 4, days: 6, fortnights: 3, themes: 4})
		r, err := Plan(context.Background(), p, Options{Seed: seed, Work: 3_000})
		if err != nil {
			t.Fatal(err)
		}
		verify(t, p, r)
		for _, l := range r.Left {
			if l.Reason == NotDecided || l.Facts.Swap == NotDecided {
				undecided++
			}
			if l.Facts.Level == 0 {
				continue
			}
			costs++
			with := oracle(p, forcedBy(l.Subject))
			if level, loss := with.Against(r.Score); level > l.Facts.Level || level == l.Facts.Level && loss < l.Facts.Loss || loss <= 0 {
				t.Errorf("programme %d: %+v is said to cost %d at level %d, but %v has it in; the plan is %v",
					seed, l.Subject, l.Facts.Loss, l.Facts.Level, with, r.Score)
			}
		}
	}
	t.Logf("%d costs, %d undecided", costs, undecided)
	if costs < 100 {
		t.Errorf("%d costs: the test does not reach what it is for", costs)
	}
}
