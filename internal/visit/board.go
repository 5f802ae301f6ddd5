package visit

import (
	"fmt"
	"slices"
)

// Board is a plan on the table: people and visits can be moved about freely, rules broken included, and every move
// shows its effect at once. Moves cost no allocation once it has grown to its size; undoing is exact. It is not safe
// for use by several goroutines.
type Board struct {
	tally
	visits  []boardVisit
	on      []int32 // [person*days+day]: visits of the person on the day
	heldOn  []int32 // [cohort*days+day]: visits of the cohort
	hosts   []int32 // [cohort*days+day]: offers held
	dayIn   []int32 // [cohort*fortnights+fortnight]: visit days
	daysOf  []int32 // [cohort]
	using   []int32 // [single offer]: visits that use it
	journal []boardMove
	broken  []Break
}

type boardVisit struct {
	tour, day, cohort int
	people            []int32
}

type boardMove struct {
	visit, a, b int32 // a none: the visit moved from day b; else person a joined (b 1) or left (b -1)
}

func (v *boardVisit) has(person int) bool { return slices.Contains(v.people, int32(person)) }

// Break is a hard rule that a visit breaks, without the names: see Check for all facts.
type Break struct {
	Rule  Rule
	Count int
}

// NewBoard lays an assignment out. Visits keep their index for the board's life.
func NewBoard(p Problem, a Assignment) (*Board, error) {
	m, err := newModel(&p)
	if err != nil {
		return nil, err
	}
	b := &Board{
		tally: newTally(m), on: make([]int32, m.people*m.days), heldOn: make([]int32, m.cohorts*m.days),
		hosts: make([]int32, m.cohorts*m.days), dayIn: make([]int32, m.cohorts*m.fortnights),
		daysOf: make([]int32, m.cohorts), using: make([]int32, m.tours), broken: make([]Break, 0, 16),
		journal: make([]boardMove, 0, 64),
	}
	for i, v := range a {
		tour := m.tourOf(v.Offers)
		if tour == none || v.Day < 0 || v.Day >= m.days || v.Cohort < 0 || v.Cohort >= m.cohorts {
			return nil, fmt.Errorf("visits[%d]: no such offer, day or cohort", i)
		}
		b.visits = append(b.visits, boardVisit{
			tour: tour, day: v.Day, cohort: v.Cohort, people: make([]int32, 0, max(len(v.People), int(m.hi[tour]))+8),
		})
		for _, o := range m.parts[tour] {
			b.using[o]++
		}
		b.stand(i, v.Day, 1)
		for _, q := range v.People {
			if q < 0 || q >= m.people || b.visits[i].has(q) {
				return nil, fmt.Errorf("visits[%d].people: %d is no person, or there twice", i, q)
			}
			b.member(i, q, 1)
		}
	}
	return b, nil
}

// Score is the five figures as the board stands.
func (b *Board) Score() Score { return b.tally.score }

// Mark is a place to undo to.
func (b *Board) Mark() int { return len(b.journal) }

// Undo takes back every move after the mark.
func (b *Board) Undo(mark int) {
	for len(b.journal) > mark {
		mv := b.journal[len(b.journal)-1]
		b.journal = b.journal[:len(b.journal)-1]
		if mv.a == none {
			b.shift(int(mv.visit), int(mv.b))
		} else {
			b.member(int(mv.visit), int(mv.a), -mv.b)
		}
	}
}

// Join puts a person into a visit, Leave takes them out; both report false and change nothing where there is nothing
// to change.
func (b *Board) Join(visit, person int) bool {
	if b.visits[visit].has(person) {
		return false
	}
	b.member(visit, person, 1)
	b.journal = append(b.journal, boardMove{int32(visit), int32(person), 1})
	return true
}

// Leave is the contrary of Join.
func (b *Board) Leave(visit, person int) bool {
	if !b.visits[visit].has(person) {
		return false
	}
	b.member(visit, person, -1)
	b.journal = append(b.journal, boardMove{int32(visit), int32(person), -1})
	return true
}

// Shift moves a visit with its group to another day.
func (b *Board) Shift(visit, day int) {
	b.journal = append(b.journal, boardMove{int32(visit), none, int32(b.visits[visit].day)})
	b.shift(visit, day)
}

// Broken lists the hard rules that the visit breaks as the board stands; the list is good until the next call.
func (b *Board) Broken(visit int) []Break {
	m, v := b.m, &b.visits[visit]
	p := m.problem
	b.broken = b.broken[:0]
	add := func(r Rule, n int) {
		if n > 0 {
			b.broken = append(b.broken, Break{r, n})
		}
	}
	if !slices.Contains(p.Offers[v.tour].Days, v.day) && !b.pinnedHere(v) {
		add(b.dayRule(v), 1)
	}
	for _, o := range m.parts[v.tour] {
		add(OfferUsed, int(b.using[o])-1)
	}
	if m.excluded[v.tour] {
		add(Excluded, 1)
	}
	add(GroupTooSmall, int(m.lo[v.tour])-len(v.people))
	add(GroupTooLarge, len(v.people)-int(m.hi[v.tour]))
	away, twice, far, steps, strangers := 0, 0, 0, 0, 0
	for _, person := range v.people {
		q := int(person)
		if int(m.cohort[q]) != v.cohort {
			strangers++
		}
		if m.away[q*m.days+v.day] {
			away++
		}
		if b.on[q*m.days+v.day] > 1 {
			twice++
		}
		if !m.canGo(q, v.tour) {
			if p.People[q].StepFree && !p.Offers[v.tour].StepFree {
				steps++
			} else {
				far++
			}
		}
	}
	add(Away, away)
	add(TwoPlaces, twice)
	add(TooFar, far)
	add(NotStepFree, steps)
	add(OtherCohort, strangers)
	close := -1
	near := m.near[m.fort[v.day]]
	for _, days := range b.dayIn[m.slot(v.cohort, near[0]):m.slot(v.cohort, near[1])] {
		close += int(days)
	}
	add(TooClose, close)
	add(TooManyDays, int(b.daysOf[v.cohort])-m.maxDays)
	if m.maxHosts > 0 {
		add(TooManyHosts, int(b.hosts[v.cohort*m.days+v.day])-m.maxHosts)
	}
	return b.broken
}

func (b *Board) pinnedHere(v *boardVisit) bool {
	k := b.m.pinOf[v.tour]
	return k != none && b.m.pins[k].Day == v.day && b.m.pins[k].Cohort == v.cohort
}

func (b *Board) dayRule(v *boardVisit) Rule {
	offers := b.m.problem.Offers
	for _, o := range b.m.parts[v.tour] {
		for i := range offers[o].Offered {
			if offers[o].Offered[i].Day == v.day {
				return offers[o].Offered[i].Rule
			}
		}
	}
	return NoWindow
}

// Visits is how many visits there are; Assignment writes the board down in their order.
func (b *Board) Visits() int { return len(b.visits) }

// Assignment writes the board down, visit by visit in the board's order.
func (b *Board) Assignment() Assignment {
	a := make(Assignment, len(b.visits))
	for i, v := range b.visits {
		a[i] = Visit{Day: v.day, Offers: slices.Clone(b.m.parts[v.tour]), Cohort: v.cohort, People: []int{}}
		for _, q := range v.people {
			a[i].People = append(a[i].People, int(q))
		}
		slices.Sort(a[i].People)
	}
	return a
}

func (b *Board) member(visit, person int, sign int32) {
	v := &b.visits[visit]
	b.change(person, v.tour, sign)
	b.on[person*b.m.days+v.day] += sign
	if sign > 0 {
		v.people = append(v.people, int32(person))
		return
	}
	k := slices.Index(v.people, int32(person))
	v.people[k] = v.people[len(v.people)-1]
	v.people = v.people[:len(v.people)-1]
}

func (b *Board) shift(visit, day int) {
	v := &b.visits[visit]
	b.stand(visit, v.day, -1)
	for _, q := range v.people {
		b.on[int(q)*b.m.days+v.day]--
		b.on[int(q)*b.m.days+day]++
	}
	v.day = day
	b.stand(visit, day, 1)
}

// stand counts the visit on a day, or no more.
func (b *Board) stand(visit, day int, sign int32) {
	v := &b.visits[visit]
	at := v.cohort*b.m.days + day
	before := b.heldOn[at]
	b.heldOn[at] += sign
	b.hosts[at] += sign * b.m.weight[v.tour]
	if before == 0 || b.heldOn[at] == 0 {
		b.dayIn[b.m.slot(v.cohort, int(b.m.fort[day]))] += sign
		b.daysOf[v.cohort] += sign
	}
}
