package visit

import (
	"bytes"
	"context"
	"runtime"
	"testing"
)

// What is said to be proved of a cohort is the best of everything that it could have from its offers, tried one by one.
func TestCohortsAgainstTheOracle(t *testing.T) {
	optimal, free := 0, 0
	for seed := range uint64(60) {
		p := programme(seed+2_000, shape{people: 8, teams: 4, cohorts: 2, offers: 5, days: 6, fortnights: 3, themes: 4})
		r, err := Plan(context.Background(), p, Options{Seed: seed, Work: 1_000, ReasonWork: -1})
		if err != nil {
			t.Fatal(err)
		}
		verify(t, p, r)
		m, err := newModel(&p)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Cohorts) != 2 {
			t.Fatalf("programme %d: %d cohorts are told of", seed, len(r.Cohorts))
		}
		for _, c := range r.Cohorts {
			for _, o := range c.Offers {
				if !contains(usedIn(r.Visits), o) {
					free++
				}
			}
			own := m.part(c.Cohort, c.Offers).problem
			least := oracle(own, unforced)
			if c.Score.Less(least) {
				t.Fatalf("programme %d, cohort %d: score %v beats everything there is, %v", seed, c.Cohort, c.Score, least)
			}
			for i, b := range c.Bound.Levels() {
				if i < c.ProvedLevels && c.Score.Levels()[i] != least.Levels()[i] || c.Score == least && b > least.Levels()[i] {
					t.Errorf("programme %d, cohort %d: score %v, bound %v, the best is %v", seed, c.Cohort, c.Score, c.Bound, least)
				}
			}
			if c.ProvedLevels >= int(LevelMinutes) {
				optimal++
			}
		}
	}
	if optimal < 110 || free < 20 {
		t.Errorf("%d of 120 cohorts proved, %d offers free: the test does not reach what it is for", optimal, free)
	}
}

func usedIn(a Assignment) (offers []int) {
	for _, v := range a {
		offers = append(offers, v.Offers...)
	}
	return offers
}

// Cohorts are planned side by side; which of them is done first must not be seen.
func TestPlanOfCohortsIsTheSameToTheByte(t *testing.T) {
	p := instance(t, "c200-o40-s1")
	plan := func(threads int, seed uint64) []byte {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(threads))
		r, err := Plan(context.Background(), p, Options{Seed: seed, Work: 5_000, ReasonWork: 1_000})
		if err != nil {
			t.Fatal(err)
		}
		return asJSON(t, r)
	}
	first := plan(1, 5)
	for _, threads := range []int{1, 8, 8, 2} {
		if !bytes.Equal(first, plan(threads, 5)) {
			t.Fatalf("the plan differs with %d threads", threads)
		}
	}
	if bytes.Equal(first, plan(8, 6)) {
		t.Error("another seed gives the same bytes: the seed does nothing")
	}
}

// A cohort that another was quicker than keeps its plan: no offer is used twice.
func TestCohortsSettleOneAfterTheOther(t *testing.T) {
	p, _ := small()
	for i := range p.People {
		p.People[i].Cohort = p.People[i].Team
	}
	m, err := newModel(&p)
	if err != nil {
		t.Fatal(err)
	}
	co := newCohorts(context.Background(), newSearch(m, newHold(m), 1), 1)
	empty := co.x.s.assignment()
	both := []*solved{co.solve(m.part(0, co.offers(0)), empty, 10_000), co.solve(m.part(1, co.offers(1)), empty, 10_000)}
	shared := false
	for _, o := range usedIn(both[0].visits) {
		shared = shared || contains(usedIn(both[1].visits), o)
	}
	if !shared {
		t.Fatal("the cohorts do not want the same offer: the test does not reach what it is for")
	}
	if !co.settle(0, both[0]) || co.settle(1, both[1]) {
		t.Fatal("the first cohort is turned away, or the second is not")
	}
	if a := co.x.s.assignment(); len(Check(p, a)) > 0 || len(of(a, 1)) > 0 {
		t.Errorf("%+v", a)
	}
	co.all(100_000, func() {})
	if a := co.x.s.assignment(); len(Check(p, a)) > 0 {
		t.Errorf("%+v", Check(p, a))
	}
}
