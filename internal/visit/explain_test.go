package visit

import (
	"context"
	"slices"
	"syscall"
	"testing"
	"time"
)

// asked says whether a reason had to be decided by a bound or a witness.
func asked(l Left) (reason Reason, yes bool) {
	reason = l.Reason
	if l.Facts.Swap != "" {
		reason = l.Facts.Swap
	}
	return reason, slices.Contains([]Reason{WouldCost, EqualAlternative, NotDecided}, reason)
}

// BenchmarkReasons decides every reason of plans of drawn cohorts, from the plan alone as the app does. It reports the
// time of an unused offer that no hard fact keeps out (by the clock, and of the processor), how many of those and of all
// things asked for stay undecided, and the time of a whole plan.
func BenchmarkReasons(b *testing.B) {
	for _, c := range []struct {
		set   string
		seeds int
	}{{"14", 30}, {"50", 10}, {"30p", 10}, {"50d", 6}} {
		b.Run("38/"+c.set, func(b *testing.B) {
			for b.Loop() {
				var offers, processor, plans []float64
				var all, undecided, offersUndecided, exact int
				for seed := range c.seeds {
					p := cohort(uint64(seed+1), recipes[c.set])
					r, err := Plan(context.Background(), p, Options{Seed: 1, ReasonWork: -1})
					if err != nil {
						b.Fatal(err)
					}
					begun := time.Now()
					at, spent := begun, processorTime()
					r, err = Explain(context.Background(), p, r.Visits, Explaining{Seed: 1, Progress: func(l Left) {
						reason, yes := asked(l)
						if l.Subject.Kind == KindOffer && yes {
							offers = append(offers, time.Since(at).Seconds())
							processor = append(processor, (processorTime() - spent).Seconds())
						}
						if yes {
							all++
						}
						if w := l.Facts.Witness; reason == WouldCost && w != nil {
							if level, more := p.Order().Against(w.Score, r.Score); level == l.Facts.Level && min(more, enough[level-1]) == l.Facts.Loss {
								exact++
							}
						}
						if reason == NotDecided {
							undecided++
							if l.Subject.Kind == KindOffer {
								offersUndecided++
							}
						}
						at, spent = time.Now(), processorTime()
					}})
					if err != nil {
						b.Fatal(err)
					}
					plans = append(plans, time.Since(begun).Seconds())
				}
				for name, list := range map[string][]float64{"offer-s": offers, "offer-cpu-s": processor, "plan-s": plans} {
					slices.Sort(list)
					b.ReportMetric(list[len(list)/2], name)
					b.ReportMetric(list[len(list)-1], name+"-max")
				}
				b.ReportMetric(100*float64(offersUndecided)/float64(len(offers)), "%offers-undecided")
				b.ReportMetric(100*float64(undecided)/float64(all), "%undecided")
				b.ReportMetric(100*float64(exact)/float64(all), "%exact")
				b.ReportMetric(float64(len(offers)), "offers")
				b.ReportMetric(float64(all), "asked")
			}
		})
	}
}

func processorTime() time.Duration {
	var now syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &now)
	return time.Duration(now.Utime.Nano() + now.Stime.Nano())
}

// Costs are against the plan at hand, best or not: of plans made worse by hand the checker verifies every reason, and
// trying everything agrees with what is said to cost, to tie, or to be better.
func TestExplainPlansMadeByHand(t *testing.T) {
	said := map[string]int{}
	for seed := range uint64(120) {
		p := programme(seed+12_000, shape{people: 4, teams: 2, cohorts: 1, offers: 4, days: 6, fortnights: 3, themes: 4})
		r, err := Plan(context.Background(), p, Options{Seed: seed, Work: 1_000, ReasonWork: -1})
		if err != nil {
			t.Fatal(err)
		}
		a := slices.Clone(r.Visits)
		drop := slices.IndexFunc(a, func(v Visit) bool { return len(v.People) > p.Offers[v.Offers[0]].Min })
		switch {
		case len(p.Pins) > 0 || len(a) < 2:
			continue
		case seed%4 == 0:
			a = slices.Delete(a, 0, 1)
		case drop >= 0 && len(a[drop].Offers) == 1: // somebody stays at home for no reason
			a[drop].People = a[drop].People[1:]
		}
		made, err := Explain(context.Background(), p, a, Explaining{Seed: seed, Work: 2_000})
		if err != nil {
			t.Fatal(err)
		}
		verify(t, p, made)
		for _, l := range made.Left {
			reason, yes := asked(l)
			if !yes {
				continue
			}
			with := oracle(p, forcedBy(l.Subject))
			level, more := p.Order().Against(with, made.Score)
			switch {
			case reason == WouldCost:
				if said["costs"]++; more <= 0 || level > l.Facts.Level || level == l.Facts.Level && more < l.Facts.Loss {
					t.Errorf("programme %d: %s is said to cost %d at level %d; %v has it in, the plan %v", seed, l.Subject.Kind, l.Facts.Loss, l.Facts.Level, with, made.Score)
				}
			case reason == NotDecided && l.Facts.Witness != nil && p.Order().Less(l.Facts.Witness.Score, made.Score):
				said["better"]++
			case reason == NotDecided:
				said["undecided"]++
			default:
				said["ties"]++
			}
			if one, err := Explain(context.Background(), p, a, Explaining{Seed: seed, Work: 2_000, Only: &l.Subject}); err != nil || string(asJSON(t, one.Left)) != string(asJSON(t, []Left{l})) {
				t.Errorf("programme %d: asked alone, %s is answered otherwise: %v\n%s\n%s", seed, l.Subject.Kind, err, asJSON(t, one.Left), asJSON(t, l))
			}
		}
	}
	t.Log(said)
	for _, what := range []string{"costs", "better", "ties"} {
		if said[what] == 0 {
			t.Errorf("nothing %s: the test does not reach it", what)
		}
	}
	if said["undecided"] > (said["costs"]+said["better"]+said["ties"])/50 {
		t.Errorf("%d undecided", said["undecided"])
	}
}

// A question starts from the tree that proves the plan best: with a thing in no plan is better than that, before anything is
// priced. The question's root alone is the control.
func TestQuestionsStartFromThePlansTree(t *testing.T) {
	p := cohort(52, recipes["30p"])
	m, err := newModel(&p)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Plan(context.Background(), p, Options{Seed: 1, ReasonWork: -1})
	if err != nil {
		t.Fatal(err)
	}
	x := newSearch(m, newHold(m), 1)
	x.s.load(r.Visits)
	pv := newProver(context.Background(), x, newBounds(m))
	pv.still, pv.found = true, func() {}
	pv.prove(LevelMinutes, 1_000_000)
	tree := pv.levels[len(pv.levels)-1].Tree
	if least := pv.of(r.Score).Minutes; least != r.Score.Minutes || tree.Branch == nil {
		t.Fatalf("%d of %d minutes proved; branched: %v", least, r.Score.Minutes, tree.Branch != nil)
	}
	below := 0
	for o := range m.tours {
		if m.weight[o] != 1 || x.s.usedBy[o] != none {
			continue
		}
		f := unforced
		f.offer = o
		done := pv.force(f, 1_000_000)
		grafted, alone := pv.question(LevelMinutes, 0), pv.question(LevelMinutes, 0)
		pv.graft(nil, grafted, tree)
		if least := whole(grafted.proves()); least < r.Score.Minutes {
			t.Errorf("offer %d: the plan's tree proves %d of %d minutes with it in", o, least, r.Score.Minutes)
		}
		if alone.prices = tree.leaf().Prices; whole(pv.pr.leaf(LevelMinutes, r.Score, alone.prices, f, alone.splits)) < r.Score.Minutes {
			below++
		}
		done()
	}
	if below == 0 {
		t.Error("no root is below the plan: the test does not reach what it is for")
	}
}

// leaf is the first leaf on the way yes.
func (n *ProofNode) leaf() *ProofNode {
	for n.Branch != nil {
		n = n.Yes
	}
	return n
}

// forcedBy is what plans with the subject in have.
func forcedBy(s Subject) forced {
	f := unforced
	set := func(to, from *int) {
		if from != nil {
			*to = *from
		}
	}
	set(&f.offer, s.Offer)
	set(&f.day, s.Day)
	set(&f.person, s.Person)
	set(&f.team, s.Team)
	set(&f.theme, s.Theme)
	return f
}

func TestExplainRefusesWhatIsNotLeftOut(t *testing.T) {
	p, a := small()
	used := a[0].Offers[0]
	if _, err := Explain(context.Background(), p, a, Explaining{Only: &Subject{Kind: KindOffer, Offer: &used}}); err == nil {
		t.Error("a used offer has a reason for being left out")
	}
	a[0].People = []int{4}
	if _, err := Explain(context.Background(), p, a, Explaining{}); err == nil {
		t.Error("an assignment that breaks a rule is explained")
	}
}
