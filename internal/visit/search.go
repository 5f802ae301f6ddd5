package visit

import (
	"context"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// hold is what a search must keep: pins, and what a question forces into the plan.
type hold struct {
	day      []int32   // [slot]: the only day it may have, or none
	musts    [][]int32 // [slot]: tours held on that day
	promised []bool    // [single offer]: used by one of those
	only     []bool    // [tour]: its group is exactly those fixed to it
	sitAt    []int32   // [person*fortnights+fortnight]: the tour they must be on, or anywhere, or none
}

// anywhere in sitAt: the person must have a seat, whichever.
const anywhere = -2

func newHold(m *model) *hold {
	slots := m.cohorts * m.fortnights
	h := &hold{
		day: make([]int32, slots), musts: make([][]int32, slots), promised: make([]bool, m.tours),
		only: make([]bool, m.tours), sitAt: make([]int32, m.people*m.fortnights),
	}
	for i := range h.day {
		h.day[i] = none
	}
	for i := range h.sitAt {
		h.sitAt[i] = none
	}
	for _, pin := range m.pins {
		f := int(m.fort[pin.Day])
		h.require(m, pin.Offer, m.slot(pin.Cohort, f), pin.Day)
		h.only[pin.Offer] = len(pin.People) > 0
		for _, p := range pin.People {
			h.sitAt[p*m.fortnights+f] = int32(pin.Offer)
		}
	}
	return h
}

func (h *hold) require(m *model, tour, slot, day int) {
	h.day[slot] = int32(day)
	h.musts[slot] = append(h.musts[slot], int32(tour))
	for _, o := range m.parts[tour] {
		h.promised[o] = true
	}
}

func (h *hold) clone() *hold {
	c := &hold{
		day: slices.Clone(h.day), musts: slices.Clone(h.musts), promised: slices.Clone(h.promised),
		only: slices.Clone(h.only), sitAt: slices.Clone(h.sitAt),
	}
	for i := range c.musts {
		c.musts[i] = slices.Clone(c.musts[i])
	}
	return c
}

// search is a large neighbourhood search (Shaw 1998; Ropke and Pisinger 2006) over a state. Its clock is work: one
// unit is one transport, or one look for a better exchange of seats.
type search struct {
	m     *model
	s     *state
	hold  *hold
	rng   *rand.Rand
	work  int
	limit int
	// aim is the largest shortfall that the costs accept without protest.
	aim int32
	// focus keeps rebuilds within a cohort; none lets them range.
	focus int
	// unseen is how many pairs no plan can cover.
	unseen int
	// blind makes the costs of seats leave coverage out.
	blind bool

	transport transport
	exchange  exchange
	day       dayChoice
	best      dayPlan
	slots     []int
	courted   []int32 // by team's rank: person of the day, or none
}

func newSearch(m *model, h *hold, seed uint64) *search {
	return &search{m: m, s: newState(m), hold: h, rng: rand.New(rand.NewPCG(seed, 7)), aim: math.MaxInt32, focus: none}
}

// dayChoice is one day weighed for one slot: who could go, to what, and what each place would cost.
type dayChoice struct {
	people []int32
	tours  []int32
	cost   []int64 // [person*len(tours)+tour]
	home   []int64 // [person]
	clash  []uint64
	must   uint64
	worth  []int64
	order  []int
}

// dayPlan is a day with its tours and everyone's place.
type dayPlan struct {
	day    int
	cost   int64
	tours  []int32
	people []int32
	places []int32 // [person]: tour, or none
}

// A rebuild weighs at most daysToursMax tours of a day, the most promising; up to subsetsMax of them in all subsets.
const (
	daysToursMax = 9
	subsetsMax   = 4
)

// worthOf is the cost, negative, of n more visits for p; of fewer where n is negative.
func (x *search) worthOf(p int, n int32) int64 {
	before := x.s.shortfall(p)
	after := max(0, x.m.attain[p]-x.s.visits[p]-n)
	gain := int64(before*before-after*after) * perSquare
	gain += int64(max(0, before-x.aim)-max(0, after-x.aim)) * perBeyond
	if floor := x.m.floor; floor > 0 {
		gain += int64(max(0, floor-x.s.visits[p])-max(0, floor-x.s.visits[p]-n)) * perPair
	}
	return -gain
}

func (x *search) wayCost(p, tour int) int64 {
	at := p*x.m.tours + tour
	return int64(x.m.minutes[at])*perMinute + int64(x.m.grams[at]>>x.m.gramsShift)
}

// layDay weighs day d for an empty slot; each tour that need not be held is left out with chance drop.
func (x *search) layDay(slot, d int, drop float64) bool {
	m, b := x.m, &x.day
	c, f := slot/m.fortnights, slot%m.fortnights
	b.people, b.tours = b.people[:0], b.tours[:0]
	var musts []int32
	if x.hold.day[slot] == int32(d) {
		musts = x.hold.musts[slot]
	}
	b.tours = append(b.tours, musts...)
	for _, j := range m.openOn[d] {
		if m.couldHold(c, j, d) && x.s.free(j) && !x.promised(j) && (drop == 0 || x.rng.Float64() >= drop) {
			b.tours = append(b.tours, int32(j))
		}
	}
	if len(b.tours) == 0 {
		return false
	}
	for _, p := range m.peopleOf[c] {
		if !m.away[int(p)*m.days+d] {
			b.people = append(b.people, p)
		}
	}
	x.weigh(f, drop)
	if len(b.tours) > max(daysToursMax, len(musts)) {
		x.keepBest(len(musts))
		x.weigh(f, drop)
	}
	b.must = 1<<len(musts) - 1
	b.clash = sized(b.clash, len(b.tours))
	for i, j := range b.tours {
		b.clash[i] = 0
		for e, o := range b.tours {
			if i != e && m.share(int(j), int(o)) {
				b.clash[i] |= 1 << e
			}
		}
	}
	return true
}

func (x *search) promised(tour int) bool {
	for _, o := range x.m.parts[tour] {
		if x.hold.promised[o] {
			return true
		}
	}
	return false
}

func (m *model) share(a, b int) bool {
	for _, o := range m.parts[a] {
		if slices.Contains(m.parts[b], o) {
			return true
		}
	}
	return false
}

// weigh fills the costs of the day's places, and what each tour seems worth on its own.
func (x *search) weigh(f int, drop float64) {
	m, b := x.m, &x.day
	n, k := len(b.people), len(b.tours)
	b.cost, b.home, b.worth = sized(b.cost, n*k), sized(b.home, n), sized(b.worth, k)
	for i, person := range b.people {
		p := int(person)
		one, two := x.worthOf(p, 1), x.worthOf(p, 2)
		sit := x.hold.sitAt[p*m.fortnights+f]
		b.home[i] = 0
		if sit != none {
			b.home[i] = mustSit
		}
		for j, tour := range b.tours {
			c := forbidden
			if m.canGo(p, int(tour)) && (sit < 0 || sit == tour) && (!x.hold.only[tour] || sit == tour) {
				c = one
				if m.weight[tour] == 2 {
					c = two
				}
				c += x.wayCost(p, int(tour))
			}
			b.cost[i*k+j] = c
		}
	}
	x.courtCover(drop)
	for j := range k {
		willing, sum := int64(0), int64(0)
		for i := range n {
			if c := b.cost[i*k+j]; c < 0 {
				willing++
				sum += c >> 6
			}
		}
		if seats := int64(m.hi[b.tours[j]]); willing > seats {
			sum = sum / willing * seats
		}
		b.worth[j] = sum
	}
}

// courtCover rewards one member of each team for seeing what the team has not seen: the one for whom it is cheapest, or
// with drop sometimes another.
func (x *search) courtCover(drop float64) {
	m, b := x.m, &x.day
	k := len(b.tours)
	x.courted = sized(x.courted, m.teamsMost)
	for j, tour := range b.tours {
		for _, theme := range m.themes[tour] {
			luck := drop > 0 && x.rng.IntN(4) == 0
			for rank := range x.courted {
				x.courted[rank] = none
			}
			for i, person := range b.people {
				team := m.team[person]
				at := int(team)*m.themesN + int(theme)
				if !m.wants[at] || x.s.cover[at] > 0 || b.cost[i*k+j] >= forbidden {
					continue
				}
				rank := m.teamRank[team]
				best := x.courted[rank]
				if best == none || luck && x.rng.IntN(2) == 0 || !luck && b.cost[i*k+j] < b.cost[int(best)*k+j] {
					x.courted[rank] = int32(i)
				}
			}
			for _, i := range x.courted {
				if i != none {
					b.cost[int(i)*k+j] -= perPair
				}
			}
		}
	}
}

// keepBest leaves the tours that must be held, which come first, and the most promising others.
func (x *search) keepBest(musts int) {
	b := &x.day
	b.order = b.order[:0]
	for j := musts; j < len(b.tours); j++ {
		b.order = append(b.order, j)
	}
	slices.SortStableFunc(b.order, func(i, j int) int {
		switch {
		case b.worth[i] < b.worth[j]:
			return -1
		case b.worth[i] > b.worth[j]:
			return 1
		}
		return 0
	})
	b.order = b.order[:max(0, daysToursMax-musts)]
	slices.Sort(b.order)
	for i, j := range b.order {
		b.tours[musts+i] = b.tours[j]
	}
	b.tours = b.tours[:musts+len(b.order)]
}

// try solves the day with the tours of mask; the places stay in the transport.
func (x *search) try(mask uint64) (int64, bool) {
	b, t := &x.day, &x.transport
	k := len(b.tours)
	x.work++
	t.reset(len(b.people), bits.OnesCount64(mask))
	node := 0
	for rest := mask; rest != 0; rest &= rest - 1 {
		j := bits.TrailingZeros64(rest)
		t.lo[node], t.hi[node] = x.m.lo[b.tours[j]], x.m.hi[b.tours[j]]
		for i := range b.people {
			t.cost[i*t.nodes+node] = b.cost[i*k+j]
		}
		node++
	}
	for i := range b.people {
		t.cost[i*t.nodes+node] = b.home[i]
	}
	return t.solve()
}

// keep remembers the places that the transport found for mask.
func (x *search) keep(d int, mask uint64, cost int64) {
	b, t := &x.day, &x.transport
	x.best.day, x.best.cost = d, cost
	x.best.tours = x.best.tours[:0]
	for rest := mask; rest != 0; rest &= rest - 1 {
		x.best.tours = append(x.best.tours, b.tours[bits.TrailingZeros64(rest)])
	}
	x.best.people = append(x.best.people[:0], b.people...)
	x.best.places = sized(x.best.places, len(b.people))
	for i := range b.people {
		x.best.places[i] = none
		if node := int(t.at[i]); node < len(x.best.tours) {
			x.best.places[i] = x.best.tours[node]
		}
	}
}

func (x *search) hosts(mask uint64) (n int32) {
	for rest := mask; rest != 0; rest &= rest - 1 {
		n += x.m.weight[x.day.tours[bits.TrailingZeros64(rest)]]
	}
	return n
}

func (x *search) allowed(mask uint64) bool {
	if x.m.maxHosts > 0 && x.hosts(mask) > int32(x.m.maxHosts) {
		return false
	}
	for rest := mask; rest != 0; rest &= rest - 1 {
		if x.day.clash[bits.TrailingZeros64(rest)]&mask != 0 {
			return false
		}
	}
	return true
}

// weighDay looks for the best tours of a laid day and keeps them where they beat what is kept.
func (x *search) weighDay(d int) {
	b := &x.day
	k := len(b.tours)
	if free := k - bits.OnesCount64(b.must); free <= subsetsMax {
		for rest := uint64(0); rest < 1<<free; rest++ {
			mask := b.must | rest<<(k-free) // what must be held comes first
			if mask != 0 && x.allowed(mask) {
				if c, ok := x.try(mask); ok && c < x.best.cost {
					x.keep(d, mask, c)
				}
			}
		}
		return
	}
	mask, cost := b.must, int64(0)
	if !x.allowed(mask) {
		return
	}
	if mask != 0 {
		c, ok := x.try(mask)
		if !ok {
			c = forbidden - 1 // more tours can make room for those who must sit
		} else if c < x.best.cost {
			x.keep(d, mask, c)
		}
		cost = c
	} else {
		cost = forbidden
	}
	for {
		bestJ, bestC := none, cost
		for j := range k {
			next := mask | 1<<j
			if next == mask || !x.allowed(next) {
				continue
			}
			if c, ok := x.try(next); ok && c < bestC {
				bestJ, bestC = j, c
				if c < x.best.cost {
					x.keep(d, next, c)
				}
			}
		}
		if bestJ == none {
			break
		}
		mask, cost = mask|1<<bestJ, bestC
	}
	for j := range k { // a tour taken early can be a burden in the end
		next := mask &^ (1 << j)
		if next == mask || next == 0 || b.must&(1<<j) != 0 {
			continue
		}
		if c, ok := x.try(next); ok && c < cost {
			mask, cost = next, c
			if c < x.best.cost {
				x.keep(d, next, c)
			}
		}
	}
}

// fill gives an empty slot the best day it finds; with drop, by luck another one. It reports whether the slot has all
// that it must have.
func (x *search) fill(slot int, drop float64) bool {
	m := x.m
	fixed := x.hold.day[slot]
	x.best.cost = 0
	x.best.day = none
	if fixed != none {
		x.best.cost = forbidden
		if x.layDay(slot, int(fixed), drop) {
			x.weighDay(int(fixed))
		}
	} else {
		if int(x.s.daysOf[slot/m.fortnights]) >= m.maxDays {
			return true
		}
		for _, d := range m.live[slot] {
			if len(m.live[slot]) > 1 && drop > 0 && x.rng.Float64() < drop {
				continue
			}
			if x.layDay(slot, d, drop) {
				x.weighDay(d)
			}
		}
	}
	if x.best.day == none {
		return fixed == none
	}
	x.settle(slot)
	return true
}

// settle gives the slot the day plan that was kept.
func (x *search) settle(slot int) {
	x.s.chooseDay(slot, x.best.day)
	for _, t := range x.best.tours {
		x.s.open(int(t), slot)
	}
	for i, p := range x.best.people {
		if t := x.best.places[i]; t != none {
			x.s.seat(int(p), int(t))
		}
	}
}

// build makes a first plan into the empty state; false where what must be held cannot be.
func (x *search) build() bool {
	m := x.m
	ok := true
	for slot, d := range x.hold.day {
		if d != none {
			ok = x.fill(slot, 0) && ok
		}
	}
	for f := range m.fortnights {
		for c := range m.cohorts {
			if slot := m.slot(c, f); x.s.day[slot] == none {
				x.fill(slot, 0)
			}
		}
	}
	return ok
}

// destroy chooses slots to empty: one to three, of one cohort or of two.
func (x *search) destroy() {
	m := x.m
	x.slots = x.slots[:0]
	if x.focus == none && x.s.score.Uncovered > x.unseen && x.rng.IntN(2) == 0 && x.courtUncovered() {
		return
	}
	n := 1 + x.rng.IntN(3)
	c := x.focus
	if c == none {
		c = x.rng.IntN(m.cohorts)
	}
	for range n {
		if m.cohorts > 1 && x.focus == none && len(x.slots) > 0 && x.rng.IntN(2) == 0 {
			c = x.rng.IntN(m.cohorts)
		}
		slot := m.slot(c, x.rng.IntN(m.fortnights))
		if !slices.Contains(x.slots, slot) && (len(m.live[slot]) > 0 || x.hold.day[slot] != none) {
			x.slots = append(x.slots, slot)
		}
	}
}

// courtUncovered chooses the slots that matter for some pair of team and theme not covered: a day on which the theme
// could be seen, and the slot that uses the offer now.
func (x *search) courtUncovered() bool {
	m := x.m
	start := x.rng.IntN(len(m.wants))
	for i := range m.wants {
		at := (start + i) % len(m.wants)
		if !m.wants[at] || x.s.cover[at] > 0 || len(m.membersOf[at/m.themesN]) == 0 {
			continue
		}
		c := int(m.cohort[m.membersOf[at/m.themesN][0]])
		from := x.rng.IntN(m.tours)
		for k := range m.tours {
			j := (from + k) % m.tours
			days := m.problem.Offers[j].Days
			if m.excluded[j] || len(days) == 0 || !slices.Contains(m.themes[j], int32(at%m.themesN)) {
				continue
			}
			d := days[x.rng.IntN(len(days))]
			if !m.couldHold(c, j, d) {
				continue
			}
			x.slots = append(x.slots, m.slot(c, int(m.fort[d])))
			for _, o := range m.parts[j] {
				if by := x.s.usedBy[o]; by != none && !slices.Contains(x.slots, int(x.s.slotOf[by])) {
					x.slots = append(x.slots, int(x.s.slotOf[by]))
				}
			}
			if other := m.slot(c, x.rng.IntN(m.fortnights)); !slices.Contains(x.slots, other) && x.s.day[other] != none {
				x.slots = append(x.slots, other)
			}
			return true
		}
	}
	return false
}

// step empties some slots and fills them anew; the journal from mark can take it back.
func (x *search) step() bool {
	x.destroy()
	for _, slot := range x.slots {
		x.s.clear(slot)
	}
	x.rng.Shuffle(len(x.slots), func(i, j int) { x.slots[i], x.slots[j] = x.slots[j], x.slots[i] })
	fixed := 0
	for i, slot := range x.slots { // days that must be come before the cohort's days are spent
		if x.hold.day[slot] != none {
			x.slots[fixed], x.slots[i] = slot, x.slots[fixed]
			fixed++
		}
	}
	drop := 0.0
	if x.rng.IntN(4) > 0 {
		drop = 0.3 * x.rng.Float64()
	}
	for _, slot := range x.slots {
		if !x.fill(slot, drop) {
			return false
		}
	}
	for i, slot := range x.slots {
		if c := slot / x.m.fortnights; !slices.ContainsFunc(x.slots[:i], func(s int) bool { return s/x.m.fortnights == c }) {
			x.polish(c)
		}
	}
	return true
}

// run improves the state until limit units of work are done, the context ends, or stop says so; it leaves the best
// plan in the state. found is called at each improvement.
func (x *search) run(ctx context.Context, found func()) {
	if x.m.cohorts == 0 {
		return
	}
	best := x.s.clone()
	start := x.work
	span := float64(max(1, x.limit-start))
	for x.work < x.limit && ctx.Err() == nil {
		x.work++
		x.aim = math.MaxInt32
		if x.rng.IntN(4) == 0 && x.s.score.MaxShortfall > 0 {
			x.aim = int32(x.s.score.MaxShortfall - 1)
		}
		mark, before := len(x.s.journal), x.s.score
		if !x.step() {
			x.s.rewind(mark)
			continue
		}
		if heat := 2 * (1 - float64(x.work-start)/span); !x.accepts(before, x.s.score, heat) {
			x.s.rewind(mark)
			continue
		}
		x.s.journal = x.s.journal[:0]
		if x.s.score.Less(best.score) {
			best = x.s.clone()
			if found != nil {
				found()
			}
		}
	}
	*x.s = *best
}

// accepts takes what is no worse, and with the heat of annealing (Kirkpatrick 1983) sometimes what is.
func (x *search) accepts(before, after Score, heat float64) bool {
	if !before.Less(after) {
		return true
	}
	loss := 40*float64(after.missing-before.missing+after.Uncovered-before.Uncovered) + 8*float64(after.MaxShortfall-before.MaxShortfall) +
		float64(after.SquaredShortfall-before.SquaredShortfall)
	if loss == 0 {
		loss = float64(after.Minutes-before.Minutes) / 200
	}
	// (1 + r/64)^64 stands for e^r: the library's may differ in its last bit between processors.
	grows := 1 + max(loss, 0.01)/max(heat, 1e-6)/64
	for range 6 {
		grows *= grows
	}
	return x.rng.Float64()*grows < 1
}
