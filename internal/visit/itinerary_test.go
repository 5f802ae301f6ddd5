package visit

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"tandem/internal/visit/check"
)

// itineraries are all that the person could make, by trying everything.
func itineraries(pr *pricer, person int) (all []itinerary) {
	m := pr.m
	way := make(itinerary, m.fortnights)
	var try func(f, days int)
	try = func(f, days int) {
		if f == m.fortnights {
			all = append(all, append(itinerary{}, way...))
			return
		}
		try(f+1, days)
		for g := range f {
			if way[g] > 0 && g >= m.near[f][0] {
				return
			}
		}
		for n := uint8(1); n <= 2 && days < m.maxDays; n++ {
			if pr.could[person*m.fortnights+f]&n != 0 {
				way[f] = n
				try(f+1, days+1)
				way[f] = 0
			}
		}
	}
	try(0, 0)
	return all
}

// The cheapest itinerary is the cheapest of all there are, and every cut is kept by all of them and not by the shares it is
// cut from; a cut that asks for a tenth more is the control.
func TestItinerariesAgainstAll(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	spaced, cuts, caught := 0, 0, 0
	for seed := range uint64(400) {
		p := programme(seed, shape{people: 5, teams: 2, cohorts: 1, offers: 8, days: 8, fortnights: 4, themes: 4})
		if seed%3 == 0 {
			p = apart(p, 1+rng.IntN(6))
			spaced++
		}
		m, err := newModel(&p)
		if err != nil {
			t.Fatal(err)
		}
		pr := newPricer(m, newHold(m))
		for person, a := range m.attain {
			all := itineraries(pr, person)
			lacks := func(way itinerary) int {
				visits := 0
				for _, n := range way {
					visits += int(n)
				}
				return max(0, int(a)-visits)
			}
			most := rng.IntN(int(a) + 1)
			toll, short := make([]int64, 2*m.fortnights), make([]int64, a+1)
			for i := range toll {
				toll[i] = rng.Int64N(100)
			}
			for s := range short {
				if short[s] = noPlan; s <= most {
					short[s] = rng.Int64N(300)
				}
			}
			costs := func(way itinerary) int64 {
				c := short[lacks(way)]
				for f, n := range way {
					if n > 0 {
						c += toll[2*f+int(n)-1]
					}
				}
				return c
			}
			want := noPlan
			for _, way := range all {
				want = min(want, costs(way))
			}
			way := make(itinerary, m.fortnights)
			if got := pr.cheapest(person, toll, short, way); got != want || want < noPlan && costs(way) != want {
				t.Fatalf("programme %d, person %d: %v costs %d, the cheapest is %d", seed, person, way, got, want)
			}
			if want >= noPlan || a == 0 {
				continue
			}
			place, lacking := make([]float64, 2*m.fortnights), make([]float64, most)
			for i := range place {
				if pr.could[person*m.fortnights+i/2]&uint8(1+i%2) != 0 {
					place[i] = float64(rng.IntN(3)) / 4
				}
			}
			for i := range lacking {
				lacking[i] = float64(rng.IntN(2)) / 2
			}
			c, _ := pr.separate(person, place, lacking)
			if c == nil {
				continue
			}
			cuts++
			worth := func(place, short []float64) (sum float64) {
				for i, v := range place {
					sum += c.place[i] * v
				}
				for s, v := range short {
					sum += c.short[s] * v
				}
				return sum
			}
			if has := worth(place, lacking); has > 1-cutLeast/2 {
				t.Fatalf("programme %d, person %d: the shares have %v of what they are to lack", seed, person, has)
			}
			tight := false
			for _, way := range all {
				if lacks(way) > most {
					continue
				}
				has := make([]float64, 2*m.fortnights+most)
				index, value := pr.shares(person, way)
				for k, i := range index {
					has[i] = value[k]
				}
				sum := worth(has[:2*m.fortnights], has[2*m.fortnights:])
				if sum < 1-1e-3 {
					t.Fatalf("programme %d, person %d: the itinerary %v has %v of a cut", seed, person, way, sum)
				}
				tight = tight || sum < 1.1
			}
			if tight {
				caught++
			}
		}
	}
	if spaced < 100 || cuts < 100 || caught < cuts*9/10 {
		t.Errorf("%d programmes by days between, %d cuts of which %d are tight: the test does not reach what it is for", spaced, cuts, caught)
	}
}

// Every doctoring of what places are worth is found; the proof as it came is the control.
func TestCheckerFindsDoctoredPlaces(t *testing.T) {
	p := cohort(52, recipes["30p"])
	honest, err := Plan(context.Background(), p, Options{Seed: 1, ReasonWork: -1})
	if err != nil {
		t.Fatal(err)
	}
	verify(t, p, honest)
	dearest := func(places []Place) *Place {
		most := 0
		for i, w := range places {
			if w.Worth > places[most].Worth {
				most = i
			}
		}
		return &places[most]
	}
	for _, c := range []struct {
		name, want string
		lie        func(*Prices)
	}{
		{"a worth altered", "follows", func(p *Prices) { dearest(p.Places).Worth *= 2 }},
		{"a worth left out", "follows", func(p *Prices) { dearest(p.Places).Worth = 0 }},
		{"all left out", "follows", func(p *Prices) { p.Places = nil }},
		{"a worth below nothing", "is not within", func(p *Prices) { p.Places[0].Worth = -1 }},
		{"a worth beyond reckoning", "is not within", func(p *Prices) { p.Places[0].Worth = 1 << 60 }},
		{"nobody's place", "one after the other", func(p *Prices) { p.Places[len(p.Places)-1].Person = 38 }},
		{"a place in no fortnight", "one after the other", func(p *Prices) { p.Places[len(p.Places)-1].Fortnight = 6 }},
		{"a place of three visits", "one after the other", func(p *Prices) { p.Places[len(p.Places)-1].Visits = 3 }},
		{"a place twice", "one after the other", func(p *Prices) { p.Places = append(p.Places, p.Places[len(p.Places)-1]) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			var r Result
			if err := json.Unmarshal(asJSON(t, honest), &r); err != nil {
				t.Fatal(err)
			}
			told := 0
			for i := range r.Certificate.Levels {
				var doctor func(n *ProofNode)
				doctor = func(n *ProofNode) {
					switch {
					case n.Branch != nil:
						doctor(n.Yes)
						doctor(n.No)
					case len(n.Prices.Places) > 0:
						told++
						c.lie(n.Prices)
					}
				}
				if r.Certificate.Levels[i].Level == LevelMinutes {
					doctor(r.Certificate.Levels[i].Tree)
				}
			}
			if told == 0 {
				t.Fatal("no place has a worth: the test does not reach what it is for")
			}
			if err := check.Plan(asJSON(t, p), asJSON(t, r)); err == nil {
				t.Error("the lie passes")
			} else if !strings.Contains(err.Error(), c.want) {
				t.Errorf("the lie is named otherwise: %v", err)
			}
		})
	}
}

// What no itinerary has raises what the root of a cohort with pairs proves, and never beyond the best plan; without, it is the
// control. The cohort is one that branches alone do not prove.
func TestItinerariesRaiseTheBound(t *testing.T) {
	p := cohort(52, recipes["30p"])
	r, err := Plan(context.Background(), p, Options{Seed: 1, ReasonWork: -1})
	if err != nil {
		t.Fatal(err)
	}
	verify(t, p, r)
	if r.ProvedLevels < int(LevelMinutes) {
		t.Fatalf("%d levels proved", r.ProvedLevels)
	}
	m, err := newModel(&p)
	if err != nil {
		t.Fatal(err)
	}
	root := func(look func(pv *prover, n *treeNode, target int) []float64) (int, *Prices) {
		x := newSearch(m, newHold(m), 1)
		x.s.load(r.Visits)
		pv := newProver(context.Background(), x, newBounds(m))
		pv.limit, pv.still, pv.found = 1_000_000, true, func() {}
		pv.level, pv.asked, pv.asking = LevelMinutes, r.Score, true
		pv.lay()
		n := m.rootNode()
		look(pv, n, r.Score.Minutes)
		return whole(n.bound), n.prices
	}
	without, plain := root((*prover).climb)
	with, prices := root((*prover).reach)
	if len(plain.Places) > 0 || len(prices.Places) == 0 {
		t.Errorf("%d places have a worth without cuts, %d with", len(plain.Places), len(prices.Places))
	}
	if with > r.Score.Minutes || with-without < (r.Score.Minutes-without)/4 {
		t.Errorf("the root proves %d minutes without cuts, %d with, of %d", without, with, r.Score.Minutes)
	}
}
