package visit

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// CohortResult is how good a cohort's own part of a plan is among all it could have from its offers. Everything in it
// speaks of the cohort's own problem: see docs/planning.md.
type CohortResult struct {
	Cohort int `json:"cohort"`
	// Offers are the single offers that the cohort may choose from, ascending: those it holds, and of those that no other
	// cohort held when it was planned as many as make no day crowded.
	Offers []int `json:"offers"`
	// Score, Bound, ProvedLevels and Certificate are as in Result.
	Score        Score        `json:"score"`
	Bound        Score        `json:"bound"`
	ProvedLevels int          `json:"provedLevels"`
	Certificate  *Certificate `json:"certificate,omitempty"`
}

// part is a cohort's own problem: its people, its teams, its pins, and the offers that it may choose from with the pairs
// of two of them, each in the order of the whole.
type part struct {
	cohort                int
	people, offers, teams []int // by index in the part: index in the whole
	problem               Problem
}

// part lays out cohort c with the single offers that it may choose from.
func (m *model) part(c int, offers []int) *part {
	whole := m.problem
	t := &part{cohort: c, problem: *whole}
	q := &t.problem
	q.People, q.Offers, q.TeamThemes, q.ReturnMinutes, q.GramsCO2e, q.Pins, q.Attainable = nil, nil, nil, nil, nil, nil, nil
	for j := range whole.Offers {
		if !slices.ContainsFunc(m.parts[j], func(o int) bool { _, yes := slices.BinarySearch(offers, o); return !yes }) {
			t.offers = append(t.offers, j)
		}
	}
	for _, j := range t.offers {
		offer := whole.Offers[j]
		if len(offer.PairOf) > 0 {
			offer.PairOf = indicesOf(t.offers, offer.PairOf)
		}
		q.Offers = append(q.Offers, offer)
	}
	for team, members := range m.membersOf {
		if len(members) > 0 && int(m.cohort[members[0]]) == c {
			t.teams = append(t.teams, team)
			q.TeamThemes = append(q.TeamThemes, whole.TeamThemes[team])
		}
	}
	for _, p := range m.peopleOf[c] {
		t.people = append(t.people, int(p))
		person := whole.People[p]
		person.Cohort, person.Team = 0, slices.Index(t.teams, person.Team)
		q.People, q.Attainable = append(q.People, person), append(q.Attainable, int(m.attain[p]))
		minutes, grams := make([]int, len(t.offers)), make([]int, len(t.offers))
		for k, j := range t.offers {
			minutes[k], grams[k] = whole.ReturnMinutes[p][j], whole.GramsCO2e[p][j]
		}
		q.ReturnMinutes, q.GramsCO2e = append(q.ReturnMinutes, minutes), append(q.GramsCO2e, grams)
	}
	for _, pin := range whole.Pins {
		if pin.Cohort == c {
			pin.Offer, pin.Cohort, pin.People = slices.Index(t.offers, pin.Offer), 0, indicesOf(t.people, pin.People)
			q.Pins = append(q.Pins, pin)
		}
	}
	return t
}

func indicesOf(list, values []int) (at []int) {
	for _, v := range values {
		at = append(at, slices.Index(list, v))
	}
	return at
}

// inward and outward tell of the cohort's visits in the indices of the part, and of the whole.
func (t *part) inward(a Assignment) (own Assignment) {
	for _, v := range a {
		if v.Cohort == t.cohort {
			own = append(own, Visit{Day: v.Day, Offers: indicesOf(t.offers, v.Offers), People: indicesOf(t.people, v.People)})
		}
	}
	return own
}

func (t *part) outward(own Assignment) (a Assignment) {
	of := func(list, at []int) []int {
		values := make([]int, len(at))
		for i, k := range at {
			values[i] = list[k]
		}
		return values
	}
	for _, v := range own {
		a = append(a, Visit{Day: v.Day, Offers: of(t.offers, v.Offers), People: of(t.people, v.People), Cohort: t.cohort})
	}
	return a
}

// cohorts plans each of several cohorts exactly, while the others keep the offers that they hold: side by side, as each
// is a problem of its own, but settled one after the other in an order that is fixed before, so that the plan does not
// depend on which is done first.
type cohorts struct {
	x    *search
	ctx  context.Context
	seed uint64
	work int       // units done
	best []*solved // by cohort; nil: not since its visits or its offers changed
}

// solved is a cohort planned exactly from some offers.
type solved struct {
	CohortResult
	visits Assignment
	better bool // than what it began with
	work   int
}

func newCohorts(ctx context.Context, x *search, seed uint64) *cohorts {
	return &cohorts{x: x, ctx: ctx, seed: seed, best: make([]*solved, x.m.cohorts)}
}

// cohortRounds bounds how often cohorts are planned again because of what others took or let go.
const cohortRounds = 4

// all plans the cohorts, within limit units; found is called whenever one is settled.
func (co *cohorts) all(limit int, found func()) {
	end := co.work + limit
	for round := range cohortRounds {
		open := co.open()
		if len(open) == 0 || co.work >= end || co.ctx.Err() != nil {
			break
		}
		each := (end - co.work) / len(open)
		if round == 0 {
			each /= 2 // the rest is for those that need more, or another look
		}
		co.round(open, each, found)
	}
}

// open lists the cohorts that are not known to have the best of what they can have, who lacks most first.
func (co *cohorts) open() (list []int) {
	m, s := co.x.m, co.x.s
	lack := make([]int, m.cohorts)
	for p := range m.people {
		short := int(s.shortfall(p))
		lack[m.cohort[p]] += short * short
	}
	for c, people := range m.peopleOf {
		if len(people) == 0 {
			continue
		}
		if b := co.best[c]; b != nil && b.ProvedLevels >= int(LevelMinutes) && !slices.ContainsFunc(co.offers(c), func(o int) bool {
			_, known := slices.BinarySearch(b.Offers, o)
			return !known
		}) {
			continue
		}
		list = append(list, c)
	}
	slices.SortStableFunc(list, func(a, b int) int {
		return cmp.Compare(lack[b]*len(m.peopleOf[a]), lack[a]*len(m.peopleOf[b]))
	})
	return list
}

// of is a cohort's part of a plan.
func of(plan Assignment, cohort int) (own Assignment) {
	for _, v := range plan {
		if v.Cohort == cohort {
			own = append(own, v)
		}
	}
	return own
}

func (v Visit) equal(w Visit) bool {
	return v.Day == w.Day && v.Cohort == w.Cohort && slices.Equal(v.Offers, w.Offers) && slices.Equal(v.People, w.People)
}

// offers lists the single offers that cohort c holds, and those that it could hold without taking them from another: all,
// as long as no day gets more tours than are quickly looked through. Each cohort begins with others, so that where there
// are many, they are spread.
func (co *cohorts) offers(c int) (list []int) {
	m, s := co.x.m, co.x.s
	mine, tours := make([]bool, m.tours), make([]int, m.days)
	add := func(o int) { // with the pairs that it completes
		mine[o] = true
		list = append(list, o)
		for _, j := range m.within[o] {
			if !slices.ContainsFunc(m.parts[j], func(o int) bool { return !mine[o] }) {
				for _, d := range m.problem.Offers[j].Days {
					if m.couldHold(c, j, d) {
						tours[d]++
					}
				}
			}
		}
	}
	var free []int
	for o := range m.tours {
		switch by := s.usedBy[o]; {
		case m.weight[o] != 1 || m.excluded[o]:
		case by == none:
			free = append(free, o)
		case int(s.slotOf[by])/m.fortnights == c:
			add(o)
		}
	}
	for k := range free {
		o := free[(k+c*len(free)/m.cohorts)%len(free)]
		useful, crowded := false, false
		for _, j := range m.within[o] {
			for _, d := range m.problem.Offers[j].Days {
				if m.couldHold(c, j, d) {
					useful, crowded = true, crowded || tours[d] >= crowd
				}
			}
		}
		if useful && !crowded {
			add(o)
		}
	}
	slices.Sort(list)
	return list
}

// crowd is how many tours a day may come to have by offers that are free: each more can double the time of a proof.
const crowd = 12

// round plans cohorts side by side, each within so many units, and settles them in their order.
func (co *cohorts) round(list []int, each int, found func()) {
	m := co.x.m
	before := co.x.s.assignment()
	offers, done := make([][]int, len(list)), make([]chan *solved, len(list))
	for i, c := range list {
		offers[i], done[i] = co.offers(c), make(chan *solved, 1)
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(len(list), runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(list); i = int(next.Add(1)) - 1 {
				done[i] <- co.solve(m.part(list[i], offers[i]), before, each)
			}
		})
	}
	for i, c := range list {
		b := <-done[i]
		co.work += b.work
		if !co.settle(c, b) {
			b = nil
		}
		co.best[c] = b
		found()
	}
	workers.Wait()
}

// solve plans a part exactly, from what it has in the plan of all.
func (co *cohorts) solve(t *part, plan Assignment, limit int) *solved {
	m, err := newModel(&t.problem)
	if err != nil {
		panic("visit: a part of a valid problem is not valid: " + err.Error())
	}
	x := newSearch(m, newHold(m), co.seed+uint64(t.cohort))
	x.s.load(t.inward(plan))
	counts := newBounds(m)
	x.unseen = counts.uncovered
	pv := newProver(co.ctx, x, counts)
	pv.found = func() {}
	before := x.s.score
	if pv.able() {
		pv.all(limit/20, limit, func(most int) {
			x.limit = most
			x.run(co.ctx, nil)
		})
	}
	b := &solved{visits: t.outward(x.s.assignment()), better: x.s.score.Less(before), work: x.work + pv.work()}
	b.Cohort, b.Score, b.Bound, b.Certificate = t.cohort, x.s.score, pv.of(x.s.score), pv.certificate(x.s.score)
	b.ProvedLevels = proved(b.Score, b.Bound)
	for k, j := range t.offers {
		if m.weight[k] == 1 {
			b.Offers = append(b.Offers, j)
		}
	}
	return b
}

// settle makes a cohort's plan that of the whole, and says whether it could: another may have taken an offer first.
func (co *cohorts) settle(c int, b *solved) bool {
	if !b.better {
		return true
	}
	s := co.x.s
	for _, v := range b.visits {
		for _, o := range v.Offers {
			if by := s.usedBy[o]; by != none && int(s.slotOf[by])/s.m.fortnights != c {
				return false
			}
		}
	}
	for f := range s.m.fortnights {
		s.clear(s.m.slot(c, f))
	}
	s.load(b.visits)
	return true
}

// changed forgets what was planned of cohorts whose visits are others now.
func (co *cohorts) changed() {
	plan := co.x.s.assignment()
	for c, b := range co.best {
		if b != nil && !slices.EqualFunc(b.visits, of(plan, c), Visit.equal) {
			co.best[c] = nil
		}
	}
}

// results are those of the plan at hand; for a cohort that was not planned exactly since it changed, by counting.
func (co *cohorts) results() (list []CohortResult) {
	plan := co.x.s.assignment()
	for c, people := range co.x.m.peopleOf {
		if len(people) == 0 {
			continue
		}
		if co.best[c] == nil {
			co.best[c] = co.solve(co.x.m.part(c, co.offers(c)), plan, 0)
		}
		list = append(list, co.best[c].CohortResult)
	}
	return list
}
