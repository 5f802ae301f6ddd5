package visit

import (
	"cmp"
	"slices"
)

// state is a plan under construction that breaks no rule: at most one day a fortnight and cohort, or days far enough
// from each other, each person at most once on it. Every change is journalled, so that an attempt can be taken back.
type state struct {
	tally
	day     []int32   // [slot]: the visit day, or none
	held    [][]int32 // [slot]: tours held on it
	at      []int32   // [person*fortnights+fortnight]: tour, or none
	slotOf  []int32   // [tour]: slot where it is held, or none
	usedBy  []int32   // [single offer]: tour that uses it, or none
	size    []int32   // [tour]
	daysOf  []int32   // [cohort]: visit days
	journal []move
}

type moveKind uint8

const (
	seated moveKind = iota
	unseated
	opened
	closed
	dayChosen
	dayFreed
)

type move struct {
	kind moveKind
	a, b int32 // person and tour; or tour and slot; or slot and day
}

func newState(m *model) *state {
	s := &state{
		tally: newTally(m), day: make([]int32, m.cohorts*m.fortnights), held: make([][]int32, m.cohorts*m.fortnights),
		at: make([]int32, m.people*m.fortnights), slotOf: make([]int32, m.tours), usedBy: make([]int32, m.tours),
		size: make([]int32, m.tours), daysOf: make([]int32, m.cohorts),
	}
	for _, list := range [][]int32{s.day, s.at, s.slotOf, s.usedBy} {
		for i := range list {
			list[i] = none
		}
	}
	return s
}

func (s *state) clone() *state {
	c := *s
	c.cover, c.visits, c.lacking = slices.Clone(s.cover), slices.Clone(s.visits), slices.Clone(s.lacking)
	c.day, c.at, c.slotOf = slices.Clone(s.day), slices.Clone(s.at), slices.Clone(s.slotOf)
	c.usedBy, c.size, c.daysOf = slices.Clone(s.usedBy), slices.Clone(s.size), slices.Clone(s.daysOf)
	c.held = make([][]int32, len(s.held))
	for i, tours := range s.held {
		c.held[i] = slices.Clone(tours)
	}
	c.journal = nil
	return &c
}

func (s *state) seat(p, tour int) {
	s.doSeat(p, tour)
	s.journal = append(s.journal, move{seated, int32(p), int32(tour)})
}

func (s *state) unseat(p, tour int) {
	s.doUnseat(p, tour)
	s.journal = append(s.journal, move{unseated, int32(p), int32(tour)})
}

func (s *state) open(tour, slot int) {
	s.doOpen(tour, slot)
	s.journal = append(s.journal, move{opened, int32(tour), int32(slot)})
}

func (s *state) close(tour int) {
	slot := s.slotOf[tour]
	s.doClose(tour, int(slot))
	s.journal = append(s.journal, move{closed, int32(tour), slot})
}

func (s *state) chooseDay(slot, day int) {
	s.day[slot] = int32(day)
	s.daysOf[slot/s.m.fortnights]++
	s.journal = append(s.journal, move{dayChosen, int32(slot), int32(day)})
}

func (s *state) freeDay(slot int) {
	day := s.day[slot]
	s.day[slot] = none
	s.daysOf[slot/s.m.fortnights]--
	s.journal = append(s.journal, move{dayFreed, int32(slot), day})
}

func (s *state) doSeat(p, tour int) {
	s.take(p, tour)
	s.at[p*s.m.fortnights+int(s.slotOf[tour])%s.m.fortnights] = int32(tour)
	s.size[tour]++
}

func (s *state) doUnseat(p, tour int) {
	s.leave(p, tour)
	s.at[p*s.m.fortnights+int(s.slotOf[tour])%s.m.fortnights] = none
	s.size[tour]--
}

func (s *state) doOpen(tour, slot int) {
	s.held[slot] = append(s.held[slot], int32(tour))
	s.slotOf[tour] = int32(slot)
	for _, o := range s.m.parts[tour] {
		s.usedBy[o] = int32(tour)
	}
}

func (s *state) doClose(tour, slot int) {
	i := slices.Index(s.held[slot], int32(tour))
	s.held[slot] = slices.Delete(s.held[slot], i, i+1)
	s.slotOf[tour] = none
	for _, o := range s.m.parts[tour] {
		s.usedBy[o] = none
	}
}

// rewind takes back all moves after mark.
func (s *state) rewind(mark int) {
	for len(s.journal) > mark {
		mv := s.journal[len(s.journal)-1]
		s.journal = s.journal[:len(s.journal)-1]
		a, b := int(mv.a), int(mv.b)
		switch mv.kind {
		case seated:
			s.doUnseat(a, b)
		case unseated:
			s.doSeat(a, b)
		case opened:
			s.doClose(a, b)
		case closed:
			s.doOpen(a, b)
		case dayChosen:
			s.day[a] = none
			s.daysOf[a/s.m.fortnights]--
		case dayFreed:
			s.day[a] = mv.b
			s.daysOf[a/s.m.fortnights]++
		}
	}
}

// free says whether no single offer of the tour is used.
func (s *state) free(tour int) bool {
	for _, o := range s.m.parts[tour] {
		if s.usedBy[o] != none {
			return false
		}
	}
	return true
}

// apart says whether the cohort has no visit day in the slot, nor too near it.
func (s *state) apart(slot int) bool {
	near := s.m.near[slot%s.m.fortnights]
	first := slot - slot%s.m.fortnights
	for _, d := range s.day[first+near[0] : first+near[1]] {
		if d != none {
			return false
		}
	}
	return true
}

// clear empties a slot.
func (s *state) clear(slot int) {
	if s.day[slot] == none {
		return
	}
	f := slot % s.m.fortnights
	for _, p := range s.m.peopleOf[slot/s.m.fortnights] {
		if t := s.at[int(p)*s.m.fortnights+f]; t != none {
			s.unseat(int(p), int(t))
		}
	}
	for len(s.held[slot]) > 0 {
		s.close(int(s.held[slot][len(s.held[slot])-1]))
	}
	s.freeDay(slot)
}

// assignment writes the plan down, in the order of days, cohorts and first offers.
func (s *state) assignment() Assignment {
	a := Assignment{}
	for slot, tours := range s.held {
		for _, t := range tours {
			v := Visit{Day: int(s.day[slot]), Offers: slices.Clone(s.m.parts[t]), Cohort: slot / s.m.fortnights, People: []int{}}
			for _, p := range s.m.peopleOf[v.Cohort] {
				if s.at[int(p)*s.m.fortnights+slot%s.m.fortnights] == t {
					v.People = append(v.People, int(p))
				}
			}
			a = append(a, v)
		}
	}
	a.sort()
	return a
}

func (a Assignment) sort() {
	slices.SortFunc(a, func(x, y Visit) int {
		return cmp.Or(cmp.Compare(x.Day, y.Day), cmp.Compare(x.Cohort, y.Cohort), slices.Compare(x.Offers, y.Offers))
	})
}

// load puts an assignment that breaks no rule into an empty state.
func (s *state) load(a Assignment) {
	for _, v := range a {
		slot := s.m.slot(v.Cohort, int(s.m.fort[v.Day]))
		if s.day[slot] == none {
			s.chooseDay(slot, v.Day)
		}
		t := s.m.tourOf(v.Offers)
		s.open(t, slot)
		for _, p := range v.People {
			s.seat(p, t)
		}
	}
	s.journal = s.journal[:0]
}
