package visit

import (
	"math"
	"math/rand/v2"
	"slices"
)

// optionsMax bounds the places tried for one thing.
const optionsMax = 16

// ask looks for the best plan that answers one of the questions, and says whether it is as good as the plan.
func (e *explainer) ask(open []question) (Reason, Facts) {
	x := e.x
	begun := x.work
	if x.work >= e.limit || e.ctx.Err() != nil {
		return NotDecided, Facts{}
	}
	plan := x.s.score
	base := len(x.s.journal)
	x.rng = rand.New(rand.NewPCG(e.seed, open[0].seed())) // what is found does not depend on what was asked before
	x.aim, x.limit = math.MaxInt32, math.MaxInt
	type tried struct {
		q     question
		score Score
	}
	var tries []tried
	var best *Witness
	consider := func() {
		if (best == nil || x.s.score.Less(best.Score)) && (e.m.grants(x.s.score) || !e.m.grants(plan)) {
			best = e.witness(x.s)
		}
	}
	stride := max(1, (len(open)+optionsMax-1)/optionsMax)
	for i := 0; i < len(open) && x.work-begun < e.each; i += stride {
		release, ok := e.force(open[i])
		if ok {
			tries = append(tries, tried{open[i], x.s.score})
			consider()
		}
		release()
		x.s.rewind(base)
	}
	slices.SortStableFunc(tries, func(a, b tried) int {
		switch {
		case a.score.Less(b.score):
			return -1
		case b.score.Less(a.score):
			return 1
		}
		return 0
	})
	for _, t := range tries[:min(2, len(tries))] {
		if best != nil && !plan.Less(best.Score) {
			break
		}
		release, ok := e.force(t.q)
		if ok {
			x.focus = t.q.cohort
			for end := x.work + e.each/2; x.work < end && plan.Less(x.s.score); {
				x.work++
				mark, before := len(x.s.journal), x.s.score
				if !x.step() || before.Less(x.s.score) {
					x.s.rewind(mark)
				}
			}
			x.focus = none
			consider()
		}
		release()
		x.s.rewind(base)
	}
	facts := Facts{Witness: best, Work: x.work - begun}
	if best == nil {
		return NotDecided, facts
	}
	if best.Score == plan {
		return EqualAlternative, facts
	}
	if best.Score.Less(plan) {
		e.adopt(best)
	}
	return NotDecided, facts
}

// force puts the thing asked for into the state, as well as a few steps can; release lets go of it again (the state is
// rewound by the caller).
func (e *explainer) force(q question) (release func(), ok bool) {
	m, x, s := e.m, e.x, e.x.s
	f := int(m.fort[q.day])
	slot := m.slot(q.cohort, f)
	h := x.hold
	release = func() {}
	if by := m.pinnedDay[slot]; by != none && int(by) != q.day {
		return release, false
	}
	if q.tour != none && e.promisedAway(q.tour) {
		return release, false
	}
	s.clear(slot)
	var touched []int
	if q.tour != none {
		for _, o := range m.parts[q.tour] {
			if by := s.usedBy[o]; by != none {
				touched = append(touched, int(s.slotOf[by]))
				s.cancel(int(by))
			}
		}
	}
	if int(s.daysOf[q.cohort]) >= m.maxDays && !e.spareDay(q.cohort) {
		return release, false
	}
	day, sit := h.day[slot], int32(none)
	h.day[slot] = int32(q.day)
	if q.tour != none && m.pinOf[q.tour] == none {
		h.musts[slot] = append(h.musts[slot], int32(q.tour))
		for _, o := range m.parts[q.tour] {
			h.promised[o] = true
		}
	}
	if q.person != none {
		sit = h.sitAt[q.person*m.fortnights+f]
		h.sitAt[q.person*m.fortnights+f] = anywhere
		if q.tour != none {
			h.sitAt[q.person*m.fortnights+f] = int32(q.tour)
		}
	}
	release = func() {
		h.day[slot] = day
		if q.tour != none && m.pinOf[q.tour] == none {
			h.musts[slot] = h.musts[slot][:len(h.musts[slot])-1]
			for _, o := range m.parts[q.tour] {
				h.promised[o] = false
			}
		}
		if q.person != none {
			h.sitAt[q.person*m.fortnights+f] = sit
		}
	}
	if !x.fill(slot, 0) {
		return release, false
	}
	for _, t := range touched {
		s.clear(t)
		if !x.fill(t, 0) {
			return release, false
		}
	}
	x.polish(q.cohort)
	return release, true
}

// promisedAway says whether a part of the tour is pinned as part of another.
func (e *explainer) promisedAway(tour int) bool {
	return e.m.pinOf[tour] == none && e.x.promised(tour)
}

// spareDay empties the visit day of the cohort that is least missed and not pinned.
func (e *explainer) spareDay(c int) bool {
	m, s := e.m, e.x.s
	best := none
	var score Score
	for f := range m.fortnights {
		slot := m.slot(c, f)
		if s.day[slot] == none || e.x.hold.day[slot] != none {
			continue
		}
		mark := len(s.journal)
		s.clear(slot)
		if best == none || s.score.Less(score) {
			best, score = slot, s.score
		}
		s.rewind(mark)
	}
	if best != none {
		s.clear(best)
	}
	return best != none
}

// cancel takes a held tour out of its slot, and frees the day with the last one.
func (s *state) cancel(tour int) {
	slot := int(s.slotOf[tour])
	f := slot % s.m.fortnights
	for _, p := range s.m.peopleOf[slot/s.m.fortnights] {
		if s.at[int(p)*s.m.fortnights+f] == int32(tour) {
			s.unseat(int(p), tour)
		}
	}
	s.close(tour)
	if len(s.held[slot]) == 0 {
		s.freeDay(slot)
	}
}

// witness writes a state down as a difference to the plan.
func (e *explainer) witness(s *state) *Witness {
	m := e.m
	w := &Witness{Score: s.score, Without: []int{}, With: Assignment{}}
	kept := make([]bool, len(e.plan))
	for _, v := range s.assignment() {
		i := e.index[m.tourOf(v.Offers)]
		if i != none && e.plan[i].Day == v.Day && e.plan[i].Cohort == v.Cohort && slices.Equal(e.plan[i].People, v.People) {
			kept[i] = true
			continue
		}
		w.With = append(w.With, v)
	}
	for i, k := range kept {
		if !k {
			w.Without = append(w.Without, i)
		}
	}
	return w
}
