package visit

import (
	"cmp"
	"math/bits"
	"slices"
)

// table is a day of an emptied fortnight with all that could be held on it; without a day, nothing is.
type table struct {
	fortnight, day int
	entries        []entry
	cost           []int64 // [person*len(entries)+entry], without what the visit is worth
	must           []bool  // by person: they must have a seat
	musts          []int32 // tours that must be held
	wide           bool    // some entry counts two visits
}

// entry is a tour on a table. Where people who join it make it late, it is there twice: closed to them, and open at a
// price.
type entry struct {
	tour   int32
	fixed  int64
	covers uint64 // open pairs that somebody there could cover
	closed bool
}

// entriesMost bounds the entries of a table, so that sets of them fit a word.
const entriesMost = 62

// openPairs lists the pairs of a team and a theme that nobody sees as the state stands; beyond 64 they are left out, and
// covered as it comes.
func (r *mender) openPairs() (pairs [][2]int32) {
	m := r.m
	seen := make([]bool, m.teams)
	for _, p := range r.people {
		team := m.team[p]
		if seen[team] {
			continue
		}
		seen[team] = true
		for theme := range m.themesN {
			if at := int(team)*m.themesN + theme; m.wants[at] && r.s.cover[at] == 0 && len(pairs) < 64 {
				pairs = append(pairs, [2]int32{team, int32(theme)})
			}
		}
	}
	return pairs
}

// tables lays out the days that an emptied fortnight could have; where days keep apart, those that its day kept free.
func (r *mender) tables(f int, open [][2]int32) (all []*table) {
	m := r.m
	pinned := r.hold.day[m.slot(r.cohort, f)]
	if pinned == none {
		all = append(all, &table{fortnight: f, day: none})
	}
	for d := range m.days {
		g := int(m.fort[d])
		slot := m.slot(r.cohort, g)
		if g < m.near[f][0] || g >= m.near[f][1] || pinned != none && int(pinned) != d || !r.s.apart(slot) || g != f && r.hold.day[slot] != none {
			continue
		}
		t := &table{fortnight: g, day: d, musts: r.hold.musts[slot], must: make([]bool, len(r.people))}
		for _, j := range t.musts {
			r.lay(t, int(j), open)
		}
		for _, j := range m.openOn[d] {
			if m.couldHold(r.cohort, j, d) && r.s.free(j) && !slices.ContainsFunc(m.parts[j], func(o int) bool { return r.hold.promised[o] }) {
				r.lay(t, j, open)
			}
		}
		if len(t.entries) == 0 {
			continue
		}
		for i, p := range r.people {
			t.must[i] = r.hold.sitAt[int(p)*m.fortnights+g] != none
		}
		r.costs(t)
		all = append(all, t)
	}
	return all
}

// lay puts a tour on a table.
func (r *mender) lay(t *table, j int, open [][2]int32) {
	if len(t.entries)+2 > entriesMost {
		return
	}
	e := entry{tour: int32(j)}
	for k, pair := range open {
		if slices.Contains(r.m.themes[j], pair[1]) && slices.ContainsFunc(r.m.membersOf[pair[0]], func(p int32) bool { return r.canSit(int(p), t, j) }) {
			e.covers |= 1 << k
		}
	}
	t.wide = t.wide || r.m.weight[j] > 1
	if joined, n := r.lateness(j, t.day); n > 0 && !(joined && r.hold.only[j]) {
		if joined {
			e.closed = true
			t.entries = append(t.entries, e)
			e.closed = false
		}
		e.fixed = int64(n) * r.unit.missed
	}
	t.entries = append(t.entries, e)
}

func (r *mender) canSit(p int, t *table, j int) bool {
	m := r.m
	sit := r.hold.sitAt[p*m.fortnights+t.fortnight]
	return m.canGo(p, j) && !m.away[p*m.days+t.day] && (sit < 0 || int(sit) == j) && (!r.hold.only[j] || int(sit) == j)
}

func (r *mender) costs(t *table) {
	k := len(t.entries)
	t.cost = make([]int64, len(r.people)*k)
	for i, person := range r.people {
		p := int(person)
		for j, e := range t.entries {
			t.cost[i*k+j] = forbidden
			if here := (spot{t.day, int(e.tour)}); r.canSit(p, t, int(e.tour)) && (!e.closed || r.was[p*r.m.fortnights+t.fortnight] == here) {
				t.cost[i*k+j] = r.seat(p, t.fortnight, t.day, int(e.tour))
			}
		}
	}
}

// chosen is a set of a table's entries, and what it costs at least.
type chosen struct {
	*table
	set    uint64
	covers uint64
	bound  int64
}

func (c chosen) tours() (tours []int32) {
	for rest := c.set; rest != 0; rest &= rest - 1 {
		tours = append(tours, c.entries[bits.TrailingZeros64(rest)].tour)
	}
	return tours
}

// sets walks through the sets of a table's entries. gain is what a first or a second visit of a person costs; may says
// whether something that covers at most so much and costs at least so much can be of use. Groups that are too small or
// too large are left to who looks closer: a set comes with the cost of people going where they like best.
func (r *mender) sets(t *table, gain func(i int, weight int32) int64, may func(covers uint64, bound int64) bool, found func(chosen)) {
	if t.day == none {
		if may(0, 0) {
			found(chosen{table: t})
		}
		return
	}
	m, n, k := r.m, len(r.people), len(t.entries)
	value := make([]int64, n*k) // of seats, by entry
	order := make([]int, k)
	alone := make([]int64, k)
	column := make([]int64, 0, n)
	for j, e := range t.entries {
		order[j] = j
		column = column[:0]
		for i := range r.people {
			c := t.cost[i*k+j]
			if c < forbidden {
				c += gain(i, m.weight[e.tour])
				column = append(column, c)
			}
			value[j*n+i] = c
		}
		slices.Sort(column)
		alone[j] = e.fixed
		for rank, c := range column {
			if rank >= int(m.lo[e.tour]) && (c >= 0 || rank >= int(m.hi[e.tour])) {
				break
			}
			alone[j] += c
		}
		if len(column) < int(m.lo[e.tour]) {
			alone[j] = forbidden
		}
	}
	order = slices.DeleteFunc(order, func(j int) bool { return alone[j] >= forbidden })
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(alone[a], alone[b]) })
	k = len(order)
	best, open := make([]int64, (k+1)*n), make([]int64, (k+1)*n) // [depth*n+person]: of the entries taken; of those to come
	gains, coming := make([]int64, k+1), make([]uint64, k+1)
	for i := range n {
		if t.must[i] {
			best[i] = mustSit
		}
	}
	for depth := k - 1; depth >= 0; depth-- {
		j := order[depth]
		gains[depth] = gains[depth+1] + min(0, alone[j])
		coming[depth] = coming[depth+1] | t.entries[j].covers
		for i := range n {
			open[depth*n+i] = min(open[(depth+1)*n+i], value[j*n+i])
		}
	}
	looks := 0
	var walk func(depth int, c chosen, hosts int32, fixed, own int64)
	walk = func(depth int, c chosen, hosts int32, fixed, own int64) {
		if looks++; looks&15 == 0 {
			r.work++
		}
		if r.work >= r.limit {
			return
		}
		sum := fixed
		now, next := best[depth*n:(depth+1)*n], open[depth*n:(depth+1)*n]
		for i, v := range now {
			sum += min(v, next[i])
		}
		c.bound = max(sum, own+gains[depth])
		if !may(c.covers|coming[depth], c.bound) {
			return
		}
		if depth == k {
			if c.set != 0 && t.holds(c.set) {
				found(c)
			}
			return
		}
		j := order[depth]
		e := t.entries[j]
		after := best[(depth+1)*n : (depth+2)*n]
		if more := hosts + m.weight[e.tour]; (m.maxHosts == 0 || int(more) <= m.maxHosts) && !r.clashes(t, c.set, e.tour) {
			for i, v := range now {
				after[i] = min(v, value[j*n+i])
			}
			with := c
			with.set, with.covers = c.set|1<<j, c.covers|e.covers
			walk(depth+1, with, more, fixed+e.fixed, own+alone[j])
		}
		copy(after, now)
		walk(depth+1, c, hosts, fixed, own)
	}
	walk(0, chosen{table: t}, 0, 0, 0)
}

// holds says whether a set has every tour that must be held.
func (t *table) holds(set uint64) bool {
	for _, must := range t.musts {
		if !slices.ContainsFunc(chosen{table: t, set: set}.tours(), func(j int32) bool { return j == must }) {
			return false
		}
	}
	return true
}

// clashes says whether a tour uses an offer that the set uses.
func (r *mender) clashes(t *table, set uint64, tour int32) bool {
	for rest := set; rest != 0; rest &= rest - 1 {
		if r.m.share(int(t.entries[bits.TrailingZeros64(rest)].tour), int(tour)) {
			return true
		}
	}
	return false
}

// place solves a set's transport exactly; ok is false where a group cannot be filled.
func (r *mender) place(c chosen, gain func(i int, weight int32) int64) (total int64, ok bool) {
	r.work++
	if c.day == none {
		return 0, true
	}
	tp, k := &r.transport, len(c.entries)
	tp.reset(len(r.people), bits.OnesCount64(c.set))
	node, fixed := 0, int64(0)
	for rest := c.set; rest != 0; rest &= rest - 1 {
		j := bits.TrailingZeros64(rest)
		e := c.entries[j]
		fixed += e.fixed
		tp.lo[node], tp.hi[node] = r.m.lo[e.tour], r.m.hi[e.tour]
		for i := range r.people {
			w := c.cost[i*k+j]
			if w < forbidden {
				w += gain(i, r.m.weight[e.tour])
			}
			tp.cost[i*tp.nodes+node] = w
		}
		node++
	}
	for i := range r.people {
		tp.cost[i*tp.nodes+node] = 0
		if c.must[i] {
			tp.cost[i*tp.nodes+node] = mustSit
		}
	}
	total, ok = tp.solve()
	return total + fixed, ok
}

// nothing is what no visit in emptied fortnights costs.
func (r *mender) nothing() (total int64) {
	for i := range r.people {
		total += r.value[i*(visitsMost+1)]
	}
	return total
}

// first is what so many visits cost against none.
func (r *mender) first(i int, weight int32) int64 {
	row := r.value[i*(visitsMost+1):]
	return row[weight] - row[0]
}

// oneDay looks for the best plan of an emptied fortnight on the days given.
func (r *mender) oneDay(days []*table, open [][2]int32, most int32, beat aim) (best *filling) {
	r.price(most)
	base, bare := r.nothing(), r.s.score.Uncovered
	of := func(covers uint64, bound int64) aim { return r.aim(bare-bits.OnesCount64(covers), base+bound) }
	for _, t := range days {
		if t.day != none && int(r.s.daysOf[r.cohort]) >= r.m.maxDays {
			continue
		}
		r.sets(t, r.first, func(covers uint64, bound int64) bool { return of(covers, bound).less(beat) }, func(c chosen) {
			total, ok := r.place(c, r.first)
			if !ok || !of(c.covers, total).less(beat) {
				return
			}
			if c.covers != 0 {
				if better := r.seatAll([]chosen{c}, open, beat); better != nil {
					best, beat = better, better.aim
				}
				return
			}
			beat = of(0, total)
			pl := placing{fortnight: t.fortnight, day: t.day, tours: c.tours(), places: make([]int32, len(r.people))}
			for i := range pl.places {
				pl.places[i] = none
				if t.day != none && int(r.transport.at[i]) < len(pl.tours) {
					pl.places[i] = pl.tours[r.transport.at[i]]
				}
			}
			best = &filling{aim: beat, plans: []placing{pl}}
		})
	}
	return best
}

// twoDays looks for better plans of two emptied fortnights together than from. What visits are worth depends on both;
// with a price on each person's visits (Lagrange) it parts, so that sets of either day can be ruled out on their own
// and in pairs. What is left is solved exactly.
func (r *mender) twoDays(a, b []*table, open [][2]int32, from *filling, most int32, beat aim) (best *filling) {
	r.price(most)
	price := make([]int64, len(r.people))
	base, bare := int64(0), r.s.score.Uncovered
	for i := range r.people {
		row := r.value[i*(visitsMost+1) : (i+1)*(visitsMost+1)]
		switch n := from.visits(r.m, i); {
		case n == 0:
			price[i] = row[0] - row[1]
		case n == 1:
			price[i] = (row[0] - row[2]) / 2
		default:
			price[i] = row[n-1] - row[n]
		}
		least := forbidden
		for n, v := range row {
			least = min(least, v+int64(n)*price[i])
		}
		base += least
	}
	paid := func(i int, weight int32) int64 { return -price[i] * int64(weight) }
	least := func(days []*table) (least int64, covers uint64) {
		least = forbidden
		for _, t := range days {
			for _, e := range t.entries {
				covers |= e.covers
			}
			r.sets(t, paid, func(_ uint64, bound int64) bool { return bound < least }, func(c chosen) {
				if total, ok := r.place(c, paid); ok {
					least = min(least, total)
				}
			})
		}
		return least, covers
	}
	leastA, coversA := least(a)
	leastB, coversB := least(b)
	list := func(days []*table, other int64, covered uint64) (all []chosen) {
		may := func(covers uint64, bound int64) bool {
			return r.aim(bare-bits.OnesCount64(covers|covered), base+bound+other).less(beat)
		}
		for _, t := range days {
			r.sets(t, paid, may, func(c chosen) {
				if total, ok := r.place(c, paid); ok && may(c.covers, total) {
					c.bound = total
					all = append(all, c)
				}
			})
		}
		slices.SortStableFunc(all, func(x, y chosen) int { return cmp.Compare(x.bound, y.bound) })
		return all
	}
	if leastA >= forbidden || leastB >= forbidden {
		return nil
	}
	first, second := list(a, leastB, coversB), list(b, leastA, coversA)
	spare := r.m.maxDays - int(r.s.daysOf[r.cohort])
	for _, x := range first {
		for _, y := range second {
			if r.work >= r.limit {
				return best
			}
			bound := r.aim(bare-bits.OnesCount64(x.covers|y.covers), base+x.bound+y.bound)
			if !bound.less(beat) {
				if len(open) == 0 {
					break // those to come cost as much
				}
				continue
			}
			if days(x)+days(y) > spare || r.overlap(x, y) || days(x)+days(y) == 2 && r.m.problem.TooNear(x.day, y.day) {
				continue
			}
			if better := r.seatAll([]chosen{x, y}, open, beat); better != nil {
				best, beat = better, better.aim
			}
		}
	}
	return best
}

func days(c chosen) int {
	if c.day == none {
		return 0
	}
	return 1
}

// overlap says whether two days use the same offer.
func (r *mender) overlap(x, y chosen) bool {
	for _, j := range y.tours() {
		if r.clashes(x.table, x.set, j) {
			return true
		}
	}
	return false
}

// seatAll seats people on the sets of all days together, exactly: whoever covers an open pair is branched on. It
// returns nil where that does not beat the aim.
func (r *mender) seatAll(days []chosen, open [][2]int32, beat aim) (best *filling) {
	m, z := r.m, &r.seating
	var nodes []int // entry of each node
	var of []int    // its day
	var covers uint64
	fixed := int64(0)
	for d, c := range days {
		covers |= c.covers
		for rest := c.set; rest != 0; rest &= rest - 1 {
			j := bits.TrailingZeros64(rest)
			nodes, of = append(nodes, j), append(of, d)
			fixed += c.entries[j].fixed
		}
	}
	z.reset(len(r.people), len(nodes), len(days))
	copy(z.worth, r.value)
	for node, j := range nodes {
		c := days[of[node]]
		tour := c.entries[j].tour
		z.dayOf[node], z.lo[node], z.hi[node], z.weight[node] = of[node], m.lo[tour], m.hi[tour], m.weight[tour]
		for i := range r.people {
			z.cost[i*z.nodes+node] = c.cost[i*len(c.entries)+j]
		}
	}
	for d, c := range days {
		for i := range r.people {
			z.must[i*len(days)+d] = c.day != none && c.must[i]
		}
	}
	shows := func(node, pair int) bool {
		return slices.Contains(m.themes[days[of[node]].entries[nodes[node]].tour], open[pair][1])
	}
	bare := r.s.score.Uncovered
	var branch func(given uint64)
	branch = func(given uint64) {
		r.work += 2 * len(days)
		total, ok := z.solve()
		total += fixed
		if !ok || !r.aim(bare-bits.OnesCount64(covers&^given), total).less(beat) {
			return
		}
		seen := uint64(0)
		for i, p := range r.people {
			for d := range days {
				node := z.at[i*len(days)+d]
				for pair := range open {
					if node != none && m.team[p] == open[pair][0] && shows(int(node), pair) {
						seen |= 1 << pair
					}
				}
			}
		}
		if now := r.aim(bare-bits.OnesCount64(seen), total); now.less(beat) {
			beat = now
			best = &filling{aim: now, plans: r.seats(days, nodes, of)}
		}
		for rest := covers &^ seen &^ given; rest != 0 && r.work < r.limit; rest &= rest - 1 {
			pair := bits.TrailingZeros64(rest)
			for i, p := range r.people {
				if m.team[p] != open[pair][0] {
					continue
				}
				for d := range days {
					row := z.cost[i*z.nodes : (i+1)*z.nodes]
					was, must := slices.Clone(row), z.must[i*len(days)+d]
					could := false
					for node := range nodes {
						if of[node] == d && !shows(node, pair) {
							row[node] = forbidden
						}
						could = could || of[node] == d && row[node] < forbidden
					}
					if could {
						z.must[i*len(days)+d] = true
						branch(given)
					}
					copy(row, was)
					z.must[i*len(days)+d] = must
				}
			}
			given |= 1 << pair // from here on, the pair stays open
		}
	}
	branch(0)
	return best
}

// seats reads the seating's places off.
func (r *mender) seats(days []chosen, nodes, of []int) (plans []placing) {
	for d, c := range days {
		pl := placing{fortnight: c.fortnight, day: c.day, tours: c.tours(), places: make([]int32, len(r.people))}
		for i := range pl.places {
			pl.places[i] = none
			if node := r.seating.at[i*len(days)+d]; node != none {
				pl.places[i] = c.entries[nodes[node]].tour
			}
		}
		plans = append(plans, pl)
	}
	return plans
}

// nearest plans the fortnights that were hit anew; the state is left with the best plan of them.
func (r *mender) nearest() {
	r.without()
	if len(r.hit) == 1 {
		r.eachDay(r.hit[0])
	} else {
		r.inTurn()
	}
	if len(r.found) == 0 {
		return
	}
	best := r.found[0]
	for _, f := range r.found {
		if r.m.order.compareRepairs(f, best) < 0 {
			best = f
		}
	}
	r.reload(best.Visits)
}

func (r *mender) reload(a Assignment) {
	r.s = newState(r.m)
	r.s.load(a)
}

// without is the way of doing without what cannot be held any more, and that with free seats taken: everybody else stays.
func (r *mender) without() {
	kept := Assignment{}
	broken := make([]bool, len(r.before))
	for _, b := range Check(*r.m.problem, r.before) {
		if b.Visit >= 0 {
			broken[b.Visit] = true
		}
	}
	for i, v := range r.before {
		if !broken[i] {
			kept = append(kept, v)
		}
	}
	if len(Check(*r.m.problem, kept)) > 0 {
		return
	}
	rest := r.s.assignment()
	r.reload(kept)
	r.found = append(r.found, r.repair())
	for _, f := range r.hit {
		r.fillUp(f)
	}
	r.found = append(r.found, r.repair())
	r.reload(rest)
}

// fillUp gives the free seats of a fortnight's day to those who have none.
func (r *mender) fillUp(f int) {
	slot := r.m.slot(r.cohort, f)
	if r.s.day[slot] == none {
		return
	}
	mark, held := len(r.s.journal), r.take(f)
	r.s.clear(slot)
	open := r.openPairs()
	all := slices.DeleteFunc(r.tables(f, open), func(t *table) bool { return t.day != held.day })
	for _, t := range all {
		t.musts = held.tours
		for i, seat := range held.places {
			t.must[i] = t.must[i] || seat != none
			for j, e := range t.entries {
				if !slices.Contains(held.tours, e.tour) || seat != none && seat != e.tour {
					t.cost[i*len(t.entries)+j] = forbidden
				}
			}
		}
	}
	best := r.settle(nil, func(most int32, beat aim) *filling { return r.oneDay(all, open, most, beat) })
	if best == nil {
		r.s.rewind(mark)
		return
	}
	r.put(best)
}

// eachDay gives each day of a fortnight its best plan.
func (r *mender) eachDay(f int) {
	open := r.openPairs()
	for _, t := range r.tables(f, open) {
		days := []*table{t}
		if best := r.settle(nil, func(most int32, beat aim) *filling { return r.oneDay(days, open, most, beat) }); best != nil {
			mark := len(r.s.journal)
			r.put(best)
			r.found = append(r.found, r.repair())
			r.s.rewind(mark)
		}
	}
}

// inTurn plans several fortnights one after the other, until a round brings nothing.
func (r *mender) inTurn() {
	var last *Repair
	for {
		for _, f := range r.hit {
			r.s.clear(r.m.slot(r.cohort, f))
			open := r.openPairs()
			all := r.tables(f, open)
			best := r.settle(nil, func(most int32, beat aim) *filling { return r.oneDay(all, open, most, beat) })
			if best == nil {
				return
			}
			r.put(best)
		}
		now := r.repair()
		if last != nil && r.m.order.compareRepairs(now, *last) >= 0 {
			break
		}
		last = &now
	}
	r.found = append(r.found, *last)
}

// wider plans each other fortnight together with one that was hit, then pairs of any fortnights from the best on.
func (r *mender) wider() {
	m := r.m
	near := r.repair()
	best := near
	for _, f := range r.hit {
		for g := range m.fortnights {
			if g == f || slices.Contains(r.hit, g) && g < f || r.idle(g) {
				continue
			}
			if r.together(f, g) {
				now := r.repair()
				r.found = append(r.found, now)
				if r.m.order.compareRepairs(now, best) < 0 {
					best = now
				}
				r.reload(near.Visits)
			}
		}
	}
	r.reload(best.Visits)
	better := false
	for moved := true; moved && r.work < r.limit; {
		moved = false
		for f := range m.fortnights {
			for g := range f {
				if !r.idle(f) && !r.idle(g) {
					moved = r.together(f, g) || moved
				}
			}
		}
		better = better || moved
	}
	if better {
		r.found = append(r.found, r.repair())
	}
}

// idle says whether a block is a day without a visit: where days keep apart most are, and change with those that are not.
func (r *mender) idle(f int) bool { return r.m.spaced() && r.s.day[r.m.slot(r.cohort, f)] == none }

// together plans two fortnights anew, and says whether that made the plan better.
func (r *mender) together(f, g int) bool {
	if r.work >= r.limit {
		return false
	}
	mark := len(r.s.journal)
	from := &filling{plans: []placing{r.take(f), r.take(g)}}
	from.uncovered = r.s.score.Uncovered
	r.s.clear(r.m.slot(r.cohort, f))
	r.s.clear(r.m.slot(r.cohort, g))
	open := r.openPairs()
	a, b := r.tables(f, open), r.tables(g, open)
	best := r.settle(from, func(most int32, beat aim) *filling { return r.twoDays(a, b, open, from, most, beat) })
	if best == from {
		r.s.rewind(mark)
		return false
	}
	r.put(best)
	return true
}
