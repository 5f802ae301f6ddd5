package visit

import "math"

// exchange looks for a round of seats that makes a cohort's plan better while its days and tours stay: a person
// moves to another tour of the day, gives a seat up and takes one on another day, or leaves it to somebody else. With
// the days fixed the whole assignment is one flow, so that no such round left (no cycle of negative cost, Klein 1967)
// means that it is best, as far as coverage and pairs, which do not add up, go along.
type exchange struct {
	tours  []int32 // held by the cohort
	people []int32
	dist   []int64
	from   []int32
	via    []int32 // who moves on the arc, for tour to tour
	hop    []int64 // [tour*tours+tour]: cheapest move within the day
	hopper []int32
	seen   []int32
	still  []bool // by person: takes no part
	barred [barredMax]int32
	out    []move
	in     []move
}

// polish applies improving rounds to a cohort until none is found. A round that coverage makes worse than it looked is
// taken back, and one of its people sits still from then on. Some looks are blind to coverage: a round in which a
// member of a team takes over what another one covered shows as a loss to those that are not.
func (x *search) polish(c int) {
	e := &x.exchange
	e.still = sized(e.still, x.m.people)
	barred := 0
	for x.work < x.limit+1000 && barred < barredMax {
		x.work++
		before, beyond, mark := x.s.score, x.beyond(), len(x.s.journal)
		found := x.round(c)
		if found && x.better(before, beyond) {
			continue
		}
		x.s.rewind(mark)
		switch {
		case found:
			who := e.moved()
			e.still[who] = true
			e.barred[barred] = who
			barred++
			continue
		case !x.blind && x.rng.IntN(4) == 0:
			x.blind = true
			continue
		}
		break
	}
	x.blind = false
	for _, who := range e.barred[:barred] {
		e.still[who] = false
	}
}

// barredMax bounds the rounds taken back in one polish.
const barredMax = 6

// moved is a person of the last round.
func (e *exchange) moved() int32 {
	if len(e.in) > 0 {
		return e.in[0].a
	}
	return e.out[0].a
}

// beyond counts the visits lacking beyond the aim.
func (x *search) beyond() (n int) {
	for s := int(x.aim) + 1; s < len(x.s.lacking); s++ {
		n += (s - int(x.aim)) * int(x.s.lacking[s])
	}
	return n
}

// better compares as the costs do: with an aim, people beyond it count instead of the largest shortfall.
func (x *search) better(before Score, beyond int) bool {
	after := x.s.score
	before.MaxShortfall, after.MaxShortfall = beyond, x.beyond()
	if x.aim == math.MaxInt32 {
		before.MaxShortfall, after.MaxShortfall = 0, 0
	}
	return x.m.order.Less(after, before)
}

// seatCost is what p's seat on the tour costs besides the visit itself: the way, and pairs that only p covers; taking
// says whether p would come to it.
func (x *search) seatCost(p, tour int, taking bool) int64 {
	m := x.m
	cost := x.wayCost(p, tour)
	if x.blind {
		return cost
	}
	row := int(m.team[p]) * m.themesN
	alone := int32(1)
	if taking {
		alone = 0
	}
	for _, theme := range m.themes[tour] {
		if k := row + int(theme); m.wants[k] && x.s.cover[k] == alone {
			cost -= x.per[LevelUncovered]
		}
	}
	return cost
}

// round finds one improving round and applies it.
func (x *search) round(c int) bool {
	m, e, s := x.m, &x.exchange, x.s
	e.tours, e.people = e.tours[:0], m.peopleOf[c]
	for f := range m.fortnights {
		e.tours = append(e.tours, s.held[m.slot(c, f)]...)
	}
	k, n := len(e.tours), len(e.people)
	if k == 0 || n == 0 {
		return false
	}
	nodes := k + n + 1 // tours, people, and the outside: free seats and visits nobody has
	outside := nodes - 1
	e.dist, e.from, e.via = sized(e.dist, nodes), sized(e.from, nodes), sized(e.via, nodes)
	for i := range nodes {
		e.dist[i], e.from[i] = 0, none
	}
	x.layHops(c)
	for pass := 0; pass < nodes; pass++ {
		changed := false
		relax := func(a, b int, w int64, via int32) {
			if e.dist[a]+w < e.dist[b] {
				e.dist[b], e.from[b], e.via[b], changed = e.dist[a]+w, int32(a), via, true
			}
		}
		for i, tour := range e.tours {
			t := int(tour)
			if !x.hold.only[t] {
				if s.size[t] < m.hi[t] {
					relax(i, outside, 0, none)
				}
				if s.size[t] > m.lo[t] {
					relax(outside, i, 0, none)
				}
			}
			for j := range k {
				if w := e.hop[i*k+j]; w < forbidden {
					relax(i, j, w, e.hopper[i*k+j])
				}
			}
		}
		for i, person := range e.people {
			p := int(person)
			if e.still[p] {
				continue
			}
			relax(outside, k+i, x.worthOf(p, 1), none)
			relax(k+i, outside, x.worthOf(p, -1), none)
			for j, tour := range e.tours {
				t := int(tour)
				if m.weight[t] != 1 || x.hold.only[t] {
					continue
				}
				f := int(s.slotOf[t]) % m.fortnights
				switch at := s.at[p*m.fortnights+f]; {
				case at == tour:
					if x.hold.sitAt[p*m.fortnights+f] == none {
						relax(j, k+i, -x.seatCost(p, t, false), none)
					}
				case at == none:
					if m.canGo(p, t) && !m.away[p*m.days+int(s.day[s.slotOf[t]])] {
						relax(k+i, j, x.seatCost(p, t, true), none)
					}
				}
			}
		}
		if !changed {
			return false
		}
		if pass >= 1 {
			if node := e.cycle(nodes); node != none {
				return x.apply(node, k, outside)
			}
		}
	}
	return false
}

// layHops finds for each two tours of a day the member for whom changing is cheapest.
func (x *search) layHops(c int) {
	m, e, s := x.m, &x.exchange, x.s
	k := len(e.tours)
	e.hop, e.hopper = sized(e.hop, k*k), sized(e.hopper, k*k)
	for i := range e.hop {
		e.hop[i] = forbidden
	}
	for i, from := range e.tours {
		f := int(s.slotOf[from]) % m.fortnights
		if x.hold.only[from] {
			continue
		}
		for j, to := range e.tours {
			if i == j || s.slotOf[from] != s.slotOf[to] || m.weight[from] != m.weight[to] || x.hold.only[to] {
				continue
			}
			for _, person := range e.people {
				p := int(person)
				if e.still[p] || s.at[p*m.fortnights+f] != from || !m.canGo(p, int(to)) || x.hold.sitAt[p*m.fortnights+f] >= 0 {
					continue
				}
				if w := x.seatCost(p, int(to), true) - x.seatCost(p, int(from), false); w < e.hop[i*k+j] {
					e.hop[i*k+j], e.hopper[i*k+j] = w, person
				}
			}
		}
	}
}

// cycle returns a node on a cycle of the predecessor graph, or none.
func (e *exchange) cycle(nodes int) int {
	e.seen = sized(e.seen, nodes)
	for i := range nodes {
		e.seen[i] = none
	}
	for start := range nodes {
		v := start
		for v != none && e.seen[v] == none {
			e.seen[v] = int32(start)
			v = int(e.from[v])
		}
		if v != none && e.seen[v] == int32(start) {
			return v
		}
	}
	return none
}

func (x *search) apply(node, k, outside int) bool {
	e, s := &x.exchange, x.s
	e.in, e.out = e.in[:0], e.out[:0]
	for v := node; ; {
		u := int(e.from[v])
		switch {
		case u < k && v < k:
			e.out = append(e.out, move{a: e.via[v], b: e.tours[u]})
			e.in = append(e.in, move{a: e.via[v], b: e.tours[v]})
		case u < k && v < outside:
			e.out = append(e.out, move{a: e.people[v-k], b: e.tours[u]})
		case u >= k && u < outside && v < k:
			e.in = append(e.in, move{a: e.people[u-k], b: e.tours[v]})
		}
		if v = u; v == node {
			break
		}
	}
	for _, mv := range e.out {
		s.unseat(int(mv.a), int(mv.b))
	}
	for _, mv := range e.in {
		s.seat(int(mv.a), int(mv.b))
	}
	return len(e.in)+len(e.out) > 0
}
