package visit

import (
	"bytes"
	"context"
	"runtime"
	"testing"
)

// The carried instances: what independent solvers proved best is found and proved, level by level.
func TestPlanOnCarriedInstances(t *testing.T) {
	for _, k := range best(t) {
		if !k.proved {
			continue
		}
		t.Run(k.name, func(t *testing.T) {
			p := instance(t, k.name)
			r, err := Plan(context.Background(), p, Options{Seed: p.Seed})
			if err != nil {
				t.Fatal(err)
			}
			verify(t, p, r)
			least := k.score
			least.Grams = k.gramsLeast
			if Usual.Less(r.Score, least) {
				t.Errorf("score %v beats the proved optimum %v: one of them is wrong", r.Score, least)
			}
			if r.ProvedLevels < int(LevelMinutes) {
				t.Errorf("%d levels are proved; score %v, bound %v", r.ProvedLevels, r.Score, r.Bound)
			}
			got, want := r.Score, k.score
			got.Grams, want.Grams = 0, 0
			if got != want {
				t.Errorf("score %v, others proved %v best", r.Score, k.score)
			}
			if r.Bound.Grams > k.score.Grams {
				t.Errorf("grams of at least %d are said to be proved, %d are known", r.Bound.Grams, k.score.Grams)
			}
		})
	}
}

func TestPlanOfManyCohorts(t *testing.T) {
	for _, name := range []string{"c200-o40-s1", "c2000-o300-s1"} {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && name == "c2000-o300-s1" {
				t.Skip("-short")
			}
			p := instance(t, name)
			r, err := Plan(context.Background(), p, Options{Seed: 1, Work: 100_000, ReasonWork: 20_000})
			if err != nil {
				t.Fatal(err)
			}
			verify(t, p, r)
		})
	}
}

func TestPlanIsTheSameToTheByte(t *testing.T) {
	p := instance(t, "c38-o30p-s1")
	plan := func(threads int, seed uint64) []byte {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(threads))
		r, err := Plan(context.Background(), p, Options{Seed: seed, Work: 10_000})
		if err != nil {
			t.Fatal(err)
		}
		return asJSON(t, r)
	}
	first := plan(1, 5)
	for _, threads := range []int{1, 8, 8} {
		if !bytes.Equal(first, plan(threads, 5)) {
			t.Fatalf("the plan differs with %d threads", threads)
		}
	}
	if bytes.Equal(first, plan(1, 6)) {
		t.Error("another seed gives the same bytes: the seed does nothing")
	}
}

// A thousand random programmes: no rule broken, every figure and every reason verified by the checker.
func TestPlanOnRandomProgrammes(t *testing.T) {
	seeds := uint64(1000)
	if testing.Short() {
		seeds = 100
	}
	reasons, all := map[Reason]int{}, orders()
	for seed := range seeds {
		s := shape{people: 6 + int(seed%13), teams: 2 + int(seed%3), cohorts: 1 + int(seed%7/5), offers: 3 + int(seed%9), days: 12, fortnights: 3, themes: 5}
		p := programme(seed, s)
		switch seed % 8 {
		case 5:
			p = apart(p, 1+int(seed)%12)
		case 6:
			p = inOrder(p, all[int(seed)%len(all)])
		case 7:
			p = inOrder(apart(p, 1+int(seed)%12), all[int(seed)%len(all)])
		}
		r, err := Plan(context.Background(), p, Options{Seed: seed, Work: 600, ReasonWork: 2_000})
		if err != nil {
			t.Fatalf("programme %d: %v", seed, err)
		}
		verify(t, p, r)
		if t.Failed() {
			t.Fatalf("programme %d", seed)
		}
		for _, l := range r.Left {
			reasons[l.Reason]++
		}
	}
	for _, r := range []Reason{
		NoDayLeft, TooFewCanGo, DaysPinnedAway, ExcludedOffer, EqualAlternative, WouldCost, NotDecided, PersonAway, PersonTooFar,
		PersonNotStepFree, SeatsGone, NoOffer, TooFewAnywhere, OffersUsedElsewhere, FortnightTaken, TooNear, DaysSpent, DominatedBy,
		NoOfferWithTheme, NobodyCanGo,
	} {
		if reasons[r] == 0 {
			t.Errorf("no programme gave %s: the test does not reach it", r)
		}
	}
}

func TestPlanStopsWithTheBestSoFar(t *testing.T) {
	p := instance(t, "c38-o14-s1")
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var seen Progress
	r, err := Plan(ctx, p, Options{Seed: 1, Progress: func(g Progress) {
		seen = g
		if g.Work > 500 {
			cancel()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if !r.Cancelled || r.Work >= DefaultWork(p) {
		t.Errorf("cancelled %v after %d units", r.Cancelled, r.Work)
	}
	if r.Score != seen.Score {
		t.Errorf("result %v, last progress %v", r.Score, seen.Score)
	}
	verify(t, p, r)
	whole, err := Plan(context.Background(), p, Options{Seed: 1, Work: 2_000})
	if err != nil || whole.Cancelled {
		t.Errorf("a planning left alone says cancelled %v, %v", whole.Cancelled, err)
	}
}

func TestPlanKeepsPins(t *testing.T) {
	p := instance(t, "c38-o14-s2")
	free, err := Plan(context.Background(), p, Options{Seed: 1, Work: 5_000})
	if err != nil {
		t.Fatal(err)
	}
	v := free.Visits[0]
	unused := -1
	for _, l := range free.Left {
		if l.Subject.Kind == KindOffer && len(p.Offers[*l.Subject.Offer].Days) > 0 {
			unused = *l.Subject.Offer
		}
	}
	p.Pins = []Pin{{Offer: v.Offers[0], Day: v.Day, People: v.People}}
	if unused >= 0 && p.FortnightOfDay[p.Offers[unused].Days[0]] != p.FortnightOfDay[v.Day] {
		p.Pins = append(p.Pins, Pin{Offer: unused, Day: p.Offers[unused].Days[0]})
	}
	r, err := Plan(context.Background(), p, Options{Seed: 2, Work: 5_000})
	if err != nil {
		t.Fatal(err)
	}
	verify(t, p, r)

	p.Pins = []Pin{{Offer: 1, Day: 41, People: []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21}}}
	if _, err := Plan(context.Background(), p, Options{Work: 100}); err == nil {
		t.Error("a pinned group over the greatest is taken")
	}
}

// Nobody to send or nowhere to go is a plan as well: an empty one, with reasons.
func TestPlanOfNothing(t *testing.T) {
	p, _ := small()
	nobody, nowhere, nothing := p, p, p
	nobody.People, nobody.ReturnMinutes, nobody.GramsCO2e = []Person{}, [][]int{}, [][]int{}
	nowhere.Offers = []Offer{}
	nowhere.ReturnMinutes, nowhere.GramsCO2e = make([][]int, 6), make([][]int, 6)
	for i := range 6 {
		nowhere.ReturnMinutes[i], nowhere.GramsCO2e[i] = []int{}, []int{}
	}
	nothing.VisitDaysMax = 0
	for _, q := range []Problem{nobody, nowhere, nothing} {
		r, err := Plan(context.Background(), q, Options{Work: 50})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Visits) != 0 || len(r.Left) == 0 {
			t.Errorf("%d visits, %d left", len(r.Visits), len(r.Left))
		}
		verify(t, q, r)
	}
}
