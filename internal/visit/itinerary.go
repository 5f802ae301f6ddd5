package visit

import (
	"cmp"
	"slices"
)

// itinerary is how many visits a person makes in each fortnight: none, one, or two at a pair.
type itinerary []uint8

// Place says that a place on a tour of so many visits is worth more to a person in a fortnight than the visits.
type Place struct {
	Person int `json:"person"`
	// Fortnight is the block of days, as in a branch.
	Fortnight int `json:"fortnight"`
	// Visits are 1, or 2 for a pair.
	Visits int   `json:"visits"`
	Worth  int64 `json:"worth"`
}

// mixed mixes places, both lists by person, fortnight and visits.
func mixed(a, b []Place, mix func(a, b int64) int64) (all []Place) {
	for len(a) > 0 || len(b) > 0 {
		var one Place
		order := len(b) - len(a)
		if len(a) > 0 && len(b) > 0 {
			order = cmp.Or(cmp.Compare(a[0].Person, b[0].Person), cmp.Compare(a[0].Fortnight, b[0].Fortnight), cmp.Compare(a[0].Visits, b[0].Visits))
		}
		switch {
		case order < 0:
			one, a = a[0], a[1:]
			one.Worth = mix(one.Worth, 0)
		case order > 0:
			one, b = b[0], b[1:]
			one.Worth = mix(0, one.Worth)
		default:
			one = a[0]
			one.Worth = mix(one.Worth, b[0].Worth)
			a, b = a[1:], b[1:]
		}
		if one.Worth > 0 {
			all = append(all, one)
		}
	}
	return all
}

// layVisits says which visits each person could make in each fortnight: bit 1 for one, bit 2 for a pair.
func (pr *pricer) layVisits() {
	m := pr.m
	pr.could = make([]uint8, m.people*m.fortnights)
	for f, days := range pr.days {
		for _, v := range days {
			for _, p := range v.people {
				for _, j := range v.tours {
					if m.canGo(int(p), int(j)) {
						pr.could[int(p)*m.fortnights+f] |= uint8(m.weight[j])
					}
				}
			}
		}
	}
}

// value takes the worth of places for that of the prices at hand.
func (pr *pricer) value(places []Place) {
	m := pr.m
	pr.places, pr.valued = make([][]Place, m.fortnights), make([]bool, m.people)
	for _, w := range places {
		pr.places[w.Fortnight] = append(pr.places[w.Fortnight], w)
		pr.valued[w.Person] = true
	}
}

// enter takes what places in the fortnight are worth off its seats, sign times, and keeps people in order.
func (pr *pricer) enter(f int, sign int64) {
	m := pr.m
	for j := range m.tours {
		if !slices.ContainsFunc(pr.days[f], func(v dayView) bool { return slices.Contains(v.tours, int32(j)) }) {
			continue
		}
		for _, w := range pr.places[f] {
			if int(m.weight[j]) == w.Visits {
				pr.seat[w.Person*m.tours+j] -= sign * w.Worth
			}
		}
		list := pr.order[j]
		for a := 1; a < len(list); a++ { // nearly in order from before
			who, b := list[a], a
			for ; b > 0 && pr.cheaper(j, who, list[b-1]) < 0; b-- {
				list[b] = list[b-1]
			}
			list[b] = who
		}
	}
}

// cheaper compares two people's seats on a tour.
func (pr *pricer) cheaper(j int, a, b int32) int {
	return cmp.Or(cmp.Compare(pr.seat[int(a)*pr.m.tours+j], pr.seat[int(b)*pr.m.tours+j]), cmp.Compare(a, b))
}

// visits gives what a person's visits cost at least where each is worth so much, and places somewhat more, and a shortfall
// costs short[shortfall]; noPlan where no itinerary has a shortfall that may be.
func (pr *pricer) visits(person int, worth int64, short []int64) int64 {
	pr.toll = sized(pr.toll, 2*pr.m.fortnights)
	for f, places := range pr.places {
		pr.toll[2*f], pr.toll[2*f+1] = worth, 2*worth
		for _, w := range places {
			if w.Person == person {
				pr.toll[2*f+w.Visits-1] += w.Worth
			}
		}
	}
	return pr.cheapest(person, pr.toll, short, nil)
}

// cheapest finds the person's cheapest itinerary: so many visits in a fortnight cost toll[2*fortnight+visits-1], at least 0,
// and a shortfall short[shortfall]. It returns noPlan where there is none, and writes it to way, which may be nil.
func (pr *pricer) cheapest(person int, toll, short []int64, way itinerary) int64 {
	m := pr.m
	attain, most := len(short)-1, min(m.maxDays, m.fortnights)
	width := (most + 1) * (attain + 1)
	// By how many of the first fortnights are looked at, by visit days, and by visits up to those attainable.
	pr.table = sized(pr.table, (m.fortnights+1)*width)
	table := pr.table
	for i := range width {
		table[i] = noPlan
	}
	table[0] = 0
	could := pr.could[person*m.fortnights : (person+1)*m.fortnights]
	for f := range m.fortnights {
		now, before := table[(f+1)*width:(f+2)*width], table[m.settled[f]*width:]
		copy(now, table[f*width:(f+1)*width])
		for n := 1; n <= 2; n++ {
			if int(could[f])&n == 0 {
				continue
			}
			for days := range most {
				for k := range attain + 1 {
					if c := before[days*(attain+1)+k]; c < noPlan {
						at := (days+1)*(attain+1) + min(attain, k+n)
						now[at] = min(now[at], c+toll[2*f+n-1])
					}
				}
			}
		}
	}
	pr.steps += m.fortnights * width
	pr.work += pr.steps >> 12
	pr.steps &= 1<<12 - 1
	least, at := noPlan, none
	for i, c := range table[m.fortnights*width : (m.fortnights+1)*width] {
		if c < noPlan && c+short[attain-i%(attain+1)] < least {
			least, at = c+short[attain-i%(attain+1)], i
		}
	}
	if way == nil || at == none {
		return least
	}
	clear(way)
	for f := m.fortnights - 1; f >= 0; f-- {
		c := table[(f+1)*width+at]
		if table[f*width+at] == c {
			continue
		}
		way[f], at = pr.step(toll, table[m.settled[f]*width:], f, at, attain, c)
		f = m.settled[f]
	}
	return least
}

// step finds which visits in fortnight f brought the table to c, and from where.
func (pr *pricer) step(toll, before []int64, f, at, attain int, c int64) (n uint8, from int) {
	days, visits := at/(attain+1), at%(attain+1)
	for n := 1; n <= 2; n++ {
		for k := max(0, visits-n); k <= visits; k++ {
			from := (days-1)*(attain+1) + k
			if min(attain, k+n) == visits && before[from] < noPlan && before[from]+toll[2*f+n-1] == c {
				return uint8(n), from
			}
		}
	}
	panic("visit: an itinerary without a way")
}

// cut is a row that all itineraries of a person keep: Σ place·(shares of places) + Σ short·(shares of visits lacking) ≥ 1.
// As a pair counts two visits, shares of places can add up to visits that no whole places do.
type cut struct {
	person int
	place  []float64 // [2*fortnight+visits-1]
	short  []float64 // by visit lacking, from the first on
}

// cutLeast is how much less than what itineraries have makes a cut.
const cutLeast = 0.01

// missing looks for cuts that the shares taken do not keep.
func (pv *prover) missing(v []float64) (cuts []*cut) {
	l, m := pv.lp, pv.m
	width := 2 * m.fortnights
	place := make([]float64, m.people*width)
	for q := l.first; q < len(v); q++ { // plans that came since are not in v
		c := l.pool[q-l.first]
		if v[q] < 1e-9 {
			continue
		}
		for p, j := range c.places {
			if j != none {
				place[p*width+2*c.fortnight+int(m.weight[j])-1] += v[q]
			}
		}
	}
	for p := range m.people {
		shares := place[p*width : (p+1)*width]
		split := false
		for f := range m.fortnights {
			split = split || min(shares[2*f+1], 1-shares[2*f+1]) > fraction
		}
		if !split || l.person[p] == none {
			continue // without pairs, itineraries are all that the programme's other rows leave
		}
		short := make([]float64, len(l.lacking[p]))
		for i, q := range l.lacking[p] {
			short[i] = v[q]
		}
		c, work := pv.pr.separate(p, shares, short)
		if pv.used += work; c != nil {
			cuts = append(cuts, c)
		}
	}
	return cuts
}

// separate gives a cut that shares of places, and of visits lacking, do not keep; nil where some mix of itineraries lies within
// them. It looks for the largest such mix, for which prices on the shares bring up itineraries (column generation); the
// prices at the end are the cut.
func (pr *pricer) separate(person int, place, short []float64) (c *cut, work int) {
	const one = 1 << 24
	l := &simplex{}
	for _, v := range slices.Concat(place, short) {
		l.row(1, v)
	}
	l.start()
	toll, lacking := make([]int64, len(place)), make([]int64, pr.m.attain[person]+1)
	way := make(itinerary, pr.m.fortnights)
	price := func(row int) float64 { return max(0, -l.y[row]) }
	for {
		ended := l.solve(1_000)
		if !ended || -l.objective() > 1-cutLeast {
			return nil, l.work
		}
		for i := range toll {
			toll[i] = int64(price(i) * one)
		}
		for s := 1; s < len(lacking); s++ {
			lacking[s] = noPlan
			if s <= len(short) {
				lacking[s] = lacking[s-1] + int64(price(len(place)+s-1)*one)
			}
		}
		least := pr.cheapest(person, toll, lacking, way)
		if least >= noPlan {
			return nil, l.work
		}
		if least < one-one/1024 {
			index, value := pr.shares(person, way)
			l.add(-1, 1, index, value)
			continue
		}
		c = &cut{person: person, place: make([]float64, len(place)), short: make([]float64, len(short))}
		for i := range c.place {
			c.place[i] = price(i) * one / float64(least)
		}
		for s := range c.short {
			c.short[s] = price(len(place)+s) * one / float64(least)
		}
		return c, l.work
	}
}

// shares are the rows of separate that an itinerary has.
func (pr *pricer) shares(person int, way itinerary) (index []int32, value []float64) {
	lacks := int(pr.m.attain[person])
	for f, n := range way {
		if n > 0 {
			index = append(index, int32(2*f)+int32(n)-1)
			lacks -= int(n)
		}
	}
	for s := range max(0, lacks) {
		index = append(index, int32(2*len(way)+s))
	}
	for range index {
		value = append(value, 1)
	}
	return index, value
}
