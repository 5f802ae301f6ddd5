package visit

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// recipe says what a drawn cohort is like, as testdata/README.md tells of the carried ones.
type recipe struct {
	people, teams, offers int
	pairs, dense          bool
}

var recipes = map[string]recipe{
	"14":  {people: 38, teams: 7, offers: 14},
	"50":  {people: 38, teams: 7, offers: 50},
	"30p": {people: 38, teams: 7, offers: 30, pairs: true},
	"50d": {people: 38, teams: 7, offers: 50, dense: true},
}

// cohort draws one: 60 working days in six fortnights, towns on a map in kilometres with London in the middle of the
// south-east.
func cohort(seed uint64, r recipe) Problem {
	rng := rand.New(rand.NewPCG(seed, 7))
	type town struct{ x, y float64 }
	near := func() town { // London's stations
		a, d := rng.Float64()*2*math.Pi, 12*math.Sqrt(rng.Float64())
		return town{d * math.Cos(a), d * math.Sin(a)}
	}
	far := func() town { // other cities of Great Britain
		return town{-220 + 270*rng.Float64(), -60 + 420*rng.Float64()}
	}
	var londons, cities []town
	for range 15 {
		londons = append(londons, near())
	}
	for range 24 {
		cities = append(cities, far())
	}
	place := func(inLondon float64) town {
		if rng.Float64() < inLondon {
			return londons[rng.IntN(len(londons))]
		}
		return cities[rng.IntN(len(cities))]
	}
	way := func(a, b town) (minutes, grams float64) {
		k := 1.2 * math.Hypot(a.x-b.x, a.y-b.y)
		if k < 30 {
			return math.Round(15 + 2*k), k * 40
		}
		return math.Round(45 + 0.54*k), k * 41.15
	}
	p := Problem{DoorToDoorLimitMinutes: 240, WorkingDays: 60, Fortnights: 6, VisitDaysMax: 6, Seed: seed}
	for d := range 60 {
		p.FortnightOfDay = append(p.FortnightOfDay, d/10)
	}
	themes := func(low, high int) []int {
		set := rng.Perm(8)[:low+rng.IntN(high-low+1)]
		slices.Sort(set)
		return set
	}
	for range r.teams {
		p.TeamThemes = append(p.TeamThemes, themes(2, 4))
	}
	var homes, sites []town
	for i := range r.people {
		person := Person{Team: i % r.teams, StepFree: rng.Float64() < 0.05}
		homes = append(homes, place(0.6))
		if rng.Float64() < 0.25 {
			first, n := rng.IntN(60), 1+rng.IntN(5)
			for d := first; d < min(60, first+n); d++ {
				person.Unavailable = append(person.Unavailable, d)
			}
		}
		p.People = append(p.People, person)
	}
	closed := map[int]bool{rng.IntN(60): true, rng.IntN(60): true} // bank holidays
	for range r.offers {
		low := 3 + rng.IntN(5)
		o := Offer{Themes: themes(1, 3), Min: low, Max: low + 4 + rng.IntN(10), HalfHours: 4 + rng.IntN(9), StepFree: rng.Float64() < 0.85}
		sites = append(sites, place(0.45))
		lead := 5 + rng.IntN(11)
		open := make([]bool, 60)
		switch {
		case r.dense:
			weekday, first, weeks := rng.IntN(5), rng.IntN(8), 4+rng.IntN(5)
			for w := first; w < min(12, first+weeks); w++ {
				open[5*w+weekday] = true
			}
		case rng.Float64() < 0.6:
			weekdays := rng.Perm(5)[:1+rng.IntN(2)]
			first, weeks := rng.IntN(10), 2+rng.IntN(5)
			for w := first; w < min(12, first+weeks); w++ {
				for _, d := range weekdays {
					open[5*w+d] = true
				}
			}
		default:
			for range 2 + rng.IntN(5) {
				open[rng.IntN(60)] = true
			}
		}
		o.Days = []int{}
		for d, yes := range open {
			if yes && d >= lead && !closed[d] && rng.Float64() >= 0.08 {
				o.Days = append(o.Days, d)
			}
		}
		p.Offers = append(p.Offers, o)
	}
	if r.pairs {
		for a := range r.offers {
			for b := a + 1; b < r.offers; b++ {
				x, y := p.Offers[a], p.Offers[b]
				if m, _ := way(sites[a], sites[b]); m > 40 || x.HalfHours+y.HalfHours > 13 {
					continue
				}
				pair := Offer{
					Min: max(x.Min, y.Min), Max: min(x.Max, y.Max), StepFree: x.StepFree && y.StepFree, PairOf: []int{a, b}, Days: []int{},
					Themes: append(slices.Clone(x.Themes), y.Themes...),
				}
				slices.Sort(pair.Themes)
				pair.Themes = slices.Compact(pair.Themes)
				for _, d := range x.Days {
					if slices.Contains(y.Days, d) {
						pair.Days = append(pair.Days, d)
					}
				}
				if pair.Min <= pair.Max && len(pair.Days) > 0 {
					p.Offers = append(p.Offers, pair)
				}
			}
		}
	}
	for i, home := range homes {
		minutes, grams := make([]int, len(p.Offers)), make([]int, len(p.Offers))
		for j, o := range p.Offers {
			stops := []town{}
			for _, k := range p.parts(j) {
				stops = append(stops, sites[k])
			}
			first, firstGrams := way(home, stops[0])
			last, lastGrams := way(home, stops[len(stops)-1])
			between, betweenGrams := 0.0, 0.0
			if len(stops) == 2 {
				between, betweenGrams = way(stops[0], stops[1])
			}
			minutes[j], grams[j] = int(first+between+last), int(math.Round(firstGrams+betweenGrams+lastGrams))
			if first > 240 || last > 240 || p.People[i].StepFree && !o.StepFree {
				minutes[j] = -minutes[j]
			}
		}
		p.ReturnMinutes, p.GramsCO2e = append(p.ReturnMinutes, minutes), append(p.GramsCO2e, grams)
	}
	if err := p.Validate(); err != nil {
		panic(fmt.Sprint(seed, err))
	}
	return p
}
