package visit

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
)

// Repair is a way out after something went wrong.
type Repair struct {
	// Ring is how far it reaches: 1 the fortnights that were hit, 2 one other too, 3 the whole plan.
	Ring int
	// PlacesChanged counts the days of people on which they have another place than before, none, or a new one.
	PlacesChanged int
	// Missed counts the deadlines that it newly misses.
	Missed int
	Score  Score
	Visits Assignment
}

// Upset says what a repair is about.
type Upset struct {
	Cohort int
	// Fortnights are hit besides those with a visit that breaks a rule now.
	Fortnights []int
	// Left are the people who left: nothing is asked for them any more.
	Left []int
	// Missed counts the deadlines that a visit of the offer on the day newly misses: by being there or, where the
	// plan has that visit already, by somebody joining it. Nil stands for none.
	Missed func(offer, day int) int
	// Work bounds the effort, a unit being a transport or sixteen sets of tours looked at; 0 stands for 20,000.
	Work int
}

// repairsMost is how many repairs are given.
const repairsMost = 5

// Repairs looks for ways out after something went wrong with a plan. p is the problem as it is now: a cancelled offer
// excluded, a lost day closed, a greatest group smaller, somebody who left gone from before's groups and from p's
// people's days, Attainable frozen from before, and pinned what may not move.
//
// The best repair lacks the fewest of the visits that are asked for everyone; then it is the best plan on the first three
// levels of the problem's order (coverage and fairness, in the usual one), then it changes the fewest places, then it
// misses the fewest deadlines, then the two other levels count, the last one only among repairs that were found. What
// cannot be held may simply be left out, and free seats taken by those who have none. In
// the fortnights that were hit (one after the other, if several) each day is given its best plan, by all sets of tours
// that could be better and an exact transport for each; then each other fortnight is planned anew together with one
// hit, all pairs of sets likewise; then pairs of fortnights as long as that makes things better. Where a set holds a
// pair beside single offers, or the work is spent, two fortnights together are good and not always the best.
//
// At most five come back, fewest places changed first. Each that changes more is a better plan or misses fewer
// deadlines, and the best of all is among them. Where one was found that grants what the problem asks for (everyone at
// least so many visits, every theme), all of them do. None at all means that no plan keeps what is pinned.
func Repairs(p Problem, before Assignment, u Upset) ([]Repair, error) {
	m, err := newModel(&p)
	if err != nil {
		return nil, err
	}
	if u.Cohort < 0 || u.Cohort >= m.cohorts {
		return nil, fmt.Errorf("repair: there is no cohort %d", u.Cohort)
	}
	r, err := newMender(m, before, u)
	if err != nil {
		return nil, err
	}
	r.nearest()
	if len(r.found) == 0 {
		return nil, nil
	}
	r.wider()
	found := r.found
	if short := func(o Repair) bool { return !r.grants(o.Score) }; slices.ContainsFunc(found, func(o Repair) bool { return !short(o) }) {
		found = slices.DeleteFunc(found, short)
	}
	return ranked(m.order, found), nil
}

// grants says whether a plan has all that the problem asks for, those who left aside.
func (r *mender) grants(s Score) bool {
	s.missing -= r.spared
	return r.m.grants(s)
}

// leads is how many levels of an order count before the places that a repair changes.
const leads = 3

// figures are a score's as an order ranks them, after the visits lacking to what is asked for everyone.
func (o Order) figures(s Score) (all [6]int) {
	levels := s.Levels()
	all[0] = s.missing
	for i, l := range o {
		all[1+i] = levels[l-1]
	}
	return all
}

// compareRepairs orders repairs, the better one first.
func (o Order) compareRepairs(r, s Repair) int {
	a, b := o.figures(r.Score), o.figures(s.Score)
	return cmp.Or(slices.Compare(a[:1+leads], b[:1+leads]), cmp.Compare(r.PlacesChanged, s.PlacesChanged), cmp.Compare(r.Missed, s.Missed),
		slices.Compare(a[1+leads:], b[1+leads:]))
}

// covers says whether r is at least as good a plan as s, the last level aside, and changes and misses no more.
func (o Order) covers(r, s Repair) bool {
	a, b := o.figures(r.Score), o.figures(s.Score)
	return slices.Compare(a[:5], b[:5]) <= 0 && r.PlacesChanged <= s.PlacesChanged && r.Missed <= s.Missed
}

// ranked drops what another one dominates, and gives the best and those with the fewest places changed.
func ranked(o Order, found []Repair) []Repair {
	slices.SortStableFunc(found, o.compareRepairs)
	var kept []Repair
	for _, r := range found { // whoever dominates another comes before it in this order
		if !slices.ContainsFunc(kept, func(k Repair) bool { return o.covers(k, r) }) {
			kept = append(kept, r)
		}
	}
	if len(kept) > 1 {
		fewest := kept[1:]
		slices.SortStableFunc(fewest, func(a, b Repair) int { return cmp.Compare(a.PlacesChanged, b.PlacesChanged) })
		kept = kept[:min(len(kept), repairsMost)]
	}
	slices.SortStableFunc(kept, func(a, b Repair) int { return cmp.Compare(a.PlacesChanged, b.PlacesChanged) })
	return kept
}

// mender plans fortnights of a cohort anew. Costs are whole numbers that compare in the order of a repair's aims; unit
// is what one of each counts. Coverage does not add up over seats and is kept apart.
type mender struct {
	m      *model
	hold   *hold
	s      *state
	cohort int
	people []int32
	before Assignment
	was    []spot // [person*fortnights+fortnight]
	hit    []int  // fortnights
	missed func(offer, day int) int
	unit   struct{ missing, square, beyond, change, missed, minutes, grams int64 }
	shift  struct{ minutes, grams int } // where there are so many that a number could not hold them
	cut    int                          // the bit of a cost above which coverage ranks
	lower  int                          // the bit above what shortfalls over the largest cost
	least  int64                        // no cost is below minus this: who comes back to a place counts as a change less
	others int                          // the largest shortfall of other cohorts
	spared int                          // the visits asked for those who left that they do not have

	work, limit int
	transport   transport
	seating     seating
	value       []int64 // [person*(visitsMost+1)+visits]: what so many visits of a person cost
	found       []Repair
}

// spot is a place: a day and a tour.
type spot struct{ day, tour int }

func newMender(m *model, before Assignment, u Upset) (*mender, error) {
	r := &mender{m: m, hold: newHold(m), s: newState(m), cohort: u.Cohort, people: m.peopleOf[u.Cohort], before: before,
		was: make([]spot, m.people*m.fortnights), missed: u.Missed, limit: cmp.Or(u.Work, 20_000)}
	if r.missed == nil {
		r.missed = func(int, int) int { return 0 }
	}
	for i := range r.was {
		r.was[i] = spot{none, none}
	}
	hit := make([]bool, m.fortnights)
	for _, f := range u.Fortnights {
		if f < 0 || f >= m.problem.Fortnights {
			return nil, fmt.Errorf("repair: there is no fortnight %d", f)
		}
		hit[f] = hit[f] || !m.spaced()
	}
	for i, v := range before {
		if v.Day < 0 || v.Day >= m.days || m.tourOf(v.Offers) == none {
			return nil, fmt.Errorf("repair: visits[%d] is none of this problem", i)
		}
		if v.Cohort != u.Cohort {
			continue
		}
		hit[m.fort[v.Day]] = hit[m.fort[v.Day]] || slices.Contains(u.Fortnights, m.problem.FortnightOfDay[v.Day])
		for _, q := range v.People {
			if q < 0 || q >= m.people {
				return nil, fmt.Errorf("repair: visits[%d].people: %d is no person", i, q)
			}
			r.was[q*m.fortnights+int(m.fort[v.Day])] = spot{v.Day, m.tourOf(v.Offers)}
		}
	}
	for _, broken := range Check(*m.problem, before) {
		if broken.Visit >= 0 && before[broken.Visit].Cohort == u.Cohort {
			hit[m.fort[before[broken.Visit].Day]] = true
		}
	}
	for _, q := range u.Left {
		if q < 0 || q >= m.people {
			return nil, fmt.Errorf("repair: left: %d is no person", q)
		}
		had := int32(0)
		for _, v := range before {
			if slices.Contains(v.People, q) {
				had += int32(len(v.Offers))
			}
		}
		r.spared += int(max(0, m.floor-had))
	}
	var rest Assignment
	for _, v := range before {
		if v.Cohort != u.Cohort || !hit[m.fort[v.Day]] {
			rest = append(rest, v)
		}
	}
	for _, broken := range Check(*m.problem, rest) {
		if broken.Rule != Pinned {
			return nil, fmt.Errorf("repair: the rest of the plan breaks %s as well", broken.Rule)
		}
	}
	r.s.load(rest)
	for f, yes := range hit {
		if yes {
			r.hit = append(r.hit, f)
		}
	}
	for p, a := range m.attain {
		if int(m.cohort[p]) != u.Cohort {
			r.others = max(r.others, int(a-r.s.visits[p]))
		}
	}
	r.measure()
	return r, nil
}

// measure sets the units so that a whole plan's figures of one aim never add up to one of the aim before. The last level of
// the order, where it is travel, would make them too wide and is left to the comparison of what was found.
func (r *mender) measure() {
	m := r.m
	minutes, grams, squares, visits, missing := 0, 0, 1, 1, 0
	for _, p := range r.people {
		farthest, most := 0, 0
		for j := range m.tours {
			farthest, most = max(farthest, int(m.minutes[int(p)*m.tours+j])), max(most, int(m.grams[int(p)*m.tours+j]))
		}
		minutes += 2 * farthest
		grams += 2 * most
		squares += int(m.attain[p] * m.attain[p])
		visits += int(m.attain[p])
		missing += int(m.floor)
	}
	at := 0
	field := func(most int) (unit int64) {
		unit = 1 << at
		at += bits.Len(uint(most))
		return unit
	}
	level := func(l Level) {
		switch {
		case l == LevelUncovered:
			r.cut = at
		case l == LevelMaxShortfall:
			r.unit.beyond = field(visits)
			r.lower = at
		case l == LevelSquaredShortfall:
			r.unit.square = field(squares)
		case l == m.order[4]:
		case l == LevelMinutes:
			r.unit.minutes = field(minutes >> r.shift.minutes)
		case l == LevelGrams:
			r.unit.grams = field(grams >> r.shift.grams)
		}
	}
	for {
		for _, l := range slices.Backward(m.order[leads:]) {
			level(l)
		}
		r.unit.missed = field(64)
		r.unit.change = field(4*len(r.people) + 1)
		for _, l := range slices.Backward(m.order[:leads]) {
			level(l)
		}
		r.unit.missing = field(missing)
		if at <= 54 { // fillsMin is the next
			r.least = int64(2*len(r.people)) * r.unit.change
			return
		}
		at = 0
		if r.unit.grams > 0 && grams>>r.shift.grams >= minutes>>r.shift.minutes {
			r.shift.grams++
		} else {
			r.shift.minutes++
		}
	}
}

// aim is what a filling must beat: coverage where the order ranks it in the cost, in which shortfalls over most count apart.
type aim struct {
	ahead     int64 // the part of the cost that ranks before coverage
	uncovered int
	cost      int64
}

func (r *mender) aim(uncovered int, cost int64) aim {
	return aim{(cost + r.least) >> r.cut, uncovered, cost}
}

func (a aim) less(b aim) bool {
	return cmp.Or(cmp.Compare(a.ahead, b.ahead), cmp.Compare(a.uncovered, b.uncovered), cmp.Compare(a.cost, b.cost)) < 0
}

var hopeless = aim{forbidden, 1 << 30, forbidden}

// lowered is what a filling must beat to be as good on all that ranks before the largest shortfall, and to lower that.
func (r *mender) lowered(best *filling, most int32) aim {
	uncovered := -1 // none: what ranks before coverage has to be better
	if r.m.order.before(LevelUncovered, LevelMaxShortfall) {
		uncovered = best.uncovered
	}
	return r.aim(uncovered, (r.cost(best, most)+r.least)>>r.lower<<r.lower+r.unit.beyond-r.least)
}

// filling is plans for some fortnights: for each the day, or none, its tours, and everyone's tour, or none.
type filling struct {
	aim
	plans []placing
}

type placing struct {
	fortnight, day int
	tours          []int32
	places         []int32 // [index in people]
}

// put gives the empty fortnights their plans.
func (r *mender) put(fill *filling) {
	for _, pl := range fill.plans {
		if pl.day == none {
			continue
		}
		slot := r.m.slot(r.cohort, pl.fortnight)
		r.s.chooseDay(slot, pl.day)
		for _, t := range pl.tours {
			r.s.open(int(t), slot)
		}
		for i, t := range pl.places {
			if t != none {
				r.s.seat(int(r.people[i]), int(t))
			}
		}
	}
}

// take reads a fortnight's plan off the state.
func (r *mender) take(f int) placing {
	slot := r.m.slot(r.cohort, f)
	pl := placing{fortnight: f, day: int(r.s.day[slot]), tours: slices.Clone(r.s.held[slot]), places: make([]int32, len(r.people))}
	for i, p := range r.people {
		pl.places[i] = r.s.at[int(p)*r.m.fortnights+f]
	}
	return pl
}

// repair reads the whole plan off the state.
func (r *mender) repair() Repair {
	m := r.m
	out := Repair{Ring: 1, Score: r.s.score, Visits: r.s.assignment()}
	changed := make([]bool, m.problem.Fortnights)
	for f := range m.fortnights {
		before := out.PlacesChanged
		for _, p := range r.people {
			now := spot{none, none}
			if t := r.s.at[int(p)*m.fortnights+f]; t != none {
				now = spot{int(r.s.day[m.slot(r.cohort, f)]), int(t)}
			}
			out.PlacesChanged += places(r.was[int(p)*m.fortnights+f], now)
		}
		changed[m.calendar(f)] = changed[m.calendar(f)] || out.PlacesChanged > before
		for _, t := range r.s.held[m.slot(r.cohort, f)] {
			if joined, n := r.lateness(int(t), int(r.s.day[m.slot(r.cohort, f)])); n > 0 && (!joined || r.newcomer(f, int(t))) {
				out.Missed += n
			}
		}
	}
	for _, f := range r.hit {
		changed[m.calendar(f)] = false
	}
	for _, yes := range changed {
		if yes && out.Ring < 3 {
			out.Ring++
		}
	}
	return out
}

// places is how many days of a person have another place where one of their places is exchanged for another.
func places(was, now spot) int {
	switch {
	case was == now:
		return 0
	case was.tour == none || now.tour == none || was.day == now.day:
		return 1
	}
	return 2
}

// lateness is the deadlines that tour t on day d newly misses: where the plan had it there, only if somebody joins.
func (r *mender) lateness(t, d int) (joined bool, n int) {
	for _, o := range r.m.parts[t] {
		n += r.missed(o, d)
	}
	return slices.ContainsFunc(r.before, func(v Visit) bool {
		return v.Cohort == r.cohort && v.Day == d && slices.Equal(v.Offers, r.m.parts[t])
	}), min(n, 7)
}

func (r *mender) newcomer(f, t int) bool {
	day := int(r.s.day[r.s.slotOf[t]])
	return slices.ContainsFunc(r.people, func(p int32) bool {
		at := int(p)*r.m.fortnights + f
		return int(r.s.at[at]) == t && r.was[at] != spot{day, t}
	})
}

// settle fills emptied fortnights as well as it can be done: search looks for the best that beats an aim where
// shortfalls over most cost. The largest shortfall is lowered as long as that is possible without loss on what ranks before
// it. from is what there is; nil where nothing is known.
func (r *mender) settle(from *filling, search func(most int32, beat aim) *filling) *filling {
	best, most := from, r.largest(from)
	beat := hopeless
	if from != nil {
		beat = r.aim(from.uncovered, r.cost(from, most))
	}
	if better := search(most, beat); better != nil {
		best = better
	}
	for best != nil {
		if most = r.largest(best); most <= int32(r.others) || most == 0 {
			break
		}
		better := search(most-1, r.lowered(best, most))
		if better == nil {
			break
		}
		best = better
	}
	return best
}

// largest is the largest shortfall of the cohort with a filling; without one, with nothing.
func (r *mender) largest(fill *filling) (most int32) {
	for i, p := range r.people {
		most = max(most, r.m.attain[p]-r.s.visits[p]-fill.visits(r.m, i))
	}
	return most
}

// visits is how many visits a filling gives to the person with index i.
func (fill *filling) visits(m *model, i int) (n int32) {
	if fill != nil {
		for _, pl := range fill.plans {
			if t := pl.places[i]; t != none {
				n += m.weight[t]
			}
		}
	}
	return n
}

// price fills value: what so many visits of each person cost beside those that they have elsewhere.
func (r *mender) price(most int32) {
	r.value = sized(r.value, len(r.people)*(visitsMost+1))
	for i, p := range r.people {
		for n := range int32(visitsMost + 1) {
			lacks := max(0, r.m.attain[p]-r.s.visits[p]-n)
			r.value[i*(visitsMost+1)+int(n)] = int64(lacks*lacks)*r.unit.square + int64(max(0, lacks-most))*r.unit.beyond +
				int64(max(0, r.m.floor-r.s.visits[p]-n))*r.unit.missing
		}
	}
}

// seat is what a place costs beside the visit, against staying at home.
func (r *mender) seat(p, f, d, t int) int64 {
	m := r.m
	was := r.was[p*m.fortnights+f]
	change := places(was, spot{d, t}) - places(was, spot{none, none})
	return int64(m.minutes[p*m.tours+t])>>r.shift.minutes*r.unit.minutes + int64(m.grams[p*m.tours+t])>>r.shift.grams*r.unit.grams +
		int64(change)*r.unit.change
}

// cost is what a filling of emptied fortnights costs.
func (r *mender) cost(fill *filling, most int32) (total int64) {
	r.price(most)
	for i, p := range r.people {
		total += r.value[i*(visitsMost+1)+int(fill.visits(r.m, i))]
		for _, pl := range fill.plans {
			if t := pl.places[i]; t != none {
				total += r.seat(int(p), pl.fortnight, pl.day, int(t))
			}
		}
	}
	for _, pl := range fill.plans {
		for _, t := range pl.tours {
			joined, n := r.lateness(int(t), pl.day)
			if n > 0 && (!joined || slices.ContainsFunc(r.people, func(p int32) bool { return r.joins(pl, int(t), p) })) {
				total += int64(n) * r.unit.missed
			}
		}
	}
	return total
}

func (r *mender) joins(pl placing, t int, p int32) bool {
	i := slices.Index(r.people, p)
	return int(pl.places[i]) == t && r.was[int(p)*r.m.fortnights+pl.fortnight] != spot{pl.day, t}
}
