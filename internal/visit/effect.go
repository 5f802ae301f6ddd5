package visit

import (
	"cmp"
	"fmt"
	"slices"
)

// Exposure is what an assignment gives a person.
type Exposure struct {
	Person     int
	Visits     int
	Attainable int
	Shortfall  int
	// Minutes and Grams are travel there and back.
	Minutes int
	Grams   int
	// LeastMinutes is what as many visits cost the person at least in any plan, or -1 where no plan gives so many.
	LeastMinutes int
}

// Exposures returns what the assignment gives each person, in their order.
func Exposures(p Problem, a Assignment) ([]Exposure, error) {
	m, err := newModel(&p)
	if err != nil {
		return nil, err
	}
	t := newTally(m)
	if err := t.takeAll(a); err != nil {
		return nil, err
	}
	least := newThrift(m, m.minutes).least
	all := make([]Exposure, m.people)
	for i := range all {
		all[i] = Exposure{Person: i, Visits: int(t.visits[i]), Attainable: int(m.attain[i]), Shortfall: int(t.shortfall(i)), LeastMinutes: none}
		if n := all[i].Visits; n < len(least[i]) && least[i][n] < dear {
			all[i].LeastMinutes = least[i][n]
		}
	}
	for _, v := range a {
		for _, q := range v.People {
			at := q*m.tours + m.tourOf(v.Offers)
			all[q].Minutes += int(max(0, m.minutes[at]))
			all[q].Grams += int(m.grams[at])
		}
	}
	return all, nil
}

// OnlyHere lists the pairs of team and theme that no other visit of the assignment shows to the team.
func OnlyHere(p Problem, a Assignment, visit int) ([][2]int, error) {
	m, err := newModel(&p)
	if err != nil {
		return nil, err
	}
	with, without := newTally(m), newTally(m)
	if err := with.takeAll(a); err != nil {
		return nil, err
	}
	if err := without.takeAll(slices.Delete(slices.Clone(a), visit, visit+1)); err != nil {
		return nil, err
	}
	var pairs [][2]int
	for team, themes := range p.TeamThemes {
		for _, theme := range themes {
			if k := team*m.themesN + theme; with.cover[k] > 0 && without.cover[k] == 0 {
				pairs = append(pairs, [2]int{team, theme})
			}
		}
	}
	return pairs, nil
}

// Alternative is a visit on another day.
type Alternative struct {
	Day int
	// People is the group there: the same one, or, Regrouped, the best of those free that day.
	People    []int
	Regrouped bool
	// Broken are hard rules that the visit would break there; Score what the plan would then have, whatever is broken.
	Broken []Break
	Score  Score
	// MoreMiss is how many people miss the visit who do not miss it now, less those who then see it and do not now.
	MoreMiss int
}

// Alternatives tries the visit on every other day that its offer is open, with its group and, where that breaks a rule,
// with the best group that is free that day; the rest of the assignment stays. They come by day.
func Alternatives(p Problem, a Assignment, visit int) ([]Alternative, error) {
	b, err := NewBoard(p, a)
	if err != nil {
		return nil, err
	}
	if visit < 0 || visit >= len(a) {
		return nil, fmt.Errorf("alternatives: there is no visit %d", visit)
	}
	v := a[visit]
	rest := slices.Delete(slices.Clone(a), visit, visit+1)
	var all []Alternative
	for _, d := range b.m.daysFor(v.Cohort, b.m.tourOf(v.Offers)) {
		if d == v.Day {
			continue
		}
		mark := b.Mark()
		b.Shift(visit, d)
		alt := Alternative{Day: d, People: slices.Clone(v.People), Broken: slices.Clone(b.Broken(visit)), Score: b.Score()}
		b.Undo(mark)
		all = append(all, alt)
		if len(alt.Broken) == 0 {
			continue
		}
		other, score, err := bestGroup(b.m, rest, v.Offers, d, v.Cohort)
		if err != nil || slices.Equal(other.People, v.People) {
			continue
		}
		nb, err := NewBoard(p, append(slices.Clone(rest), other))
		if err != nil {
			return nil, err
		}
		all = append(all, Alternative{
			Day: d, People: other.People, Regrouped: true, Broken: slices.Clone(nb.Broken(len(rest))), Score: score,
			MoreMiss: len(v.People) - len(other.People),
		})
	}
	return all, nil
}

// BestGroup finds the group for a visit added to the assignment: of the cohort's people who are free that day and can
// go, those with whom the plan is best, by exact transport. It does not ask whether the day is open, nor whether the
// fortnight is free: see Board.Broken. It fails where fewer than the least group can go.
func BestGroup(p Problem, a Assignment, offers []int, day, cohort int) (Visit, Score, error) {
	m, err := newModel(&p)
	if err != nil {
		return Visit{}, Score{}, err
	}
	return bestGroup(m, a, offers, day, cohort)
}

func bestGroup(m *model, a Assignment, offers []int, day, cohort int) (Visit, Score, error) {
	tour := m.tourOf(offers)
	if tour == none || day < 0 || day >= m.days || cohort < 0 || cohort >= m.cohorts {
		return Visit{}, Score{}, fmt.Errorf("group: offers %v, day %d or cohort %d do not exist", offers, day, cohort)
	}
	bare := *m
	bare.pins = nil
	x := newSearch(&bare, newHold(&bare), 0)
	if err := x.s.takeAll(a); err != nil {
		return Visit{}, Score{}, err
	}
	busy := make([]bool, m.people)
	for _, v := range a {
		if v.Day == day {
			for _, q := range v.People {
				busy[q] = true
			}
		}
	}
	b := &x.day
	b.tours = append(b.tours[:0], int32(tour))
	for _, q := range m.peopleOf[cohort] {
		if !busy[q] && !m.away[int(q)*m.days+day] {
			b.people = append(b.people, q)
		}
	}
	x.weigh(int(m.fort[day]), 0)
	if _, ok := x.try(1); !ok {
		return Visit{}, Score{}, fmt.Errorf("group: fewer than %d can go to offers %v on day %d", m.lo[tour], offers, day)
	}
	v := Visit{Day: day, Offers: slices.Clone(offers), People: []int{}, Cohort: cohort}
	for i, q := range b.people {
		if x.transport.at[i] == 0 {
			v.People = append(v.People, int(q))
			x.s.take(int(q), tour)
		}
	}
	return v, x.s.score, nil
}

// Repair is a way out after something went wrong.
type Repair struct {
	// Ring is how far it reaches: 1, one fortnight of a cohort.
	Ring int
	// PlacesChanged counts people whose place in the fortnight differs: another day or host, none any more, or new.
	PlacesChanged int
	Score         Score
	Visits        Assignment
}

// Repairs plans one fortnight of a cohort anew after something went wrong there: for each of its days the best set of
// tours, every set tried, that first keeps coverage and fairness best, then changes the fewest places, then travels
// least. p is the problem as it is now (a cancelled offer excluded, somebody who left unavailable throughout, a host's
// greatest group smaller, attainable frozen from before); the rest of the assignment stays and must break no rule.
// They come best first; none means that the fortnight stays empty.
func Repairs(p Problem, before Assignment, cohort, fortnight int) ([]Repair, error) {
	m, err := newModel(&p)
	if err != nil {
		return nil, err
	}
	if cohort < 0 || cohort >= m.cohorts || fortnight < 0 || fortnight >= m.fortnights {
		return nil, fmt.Errorf("repair: there is no fortnight %d of cohort %d", fortnight, cohort)
	}
	x := newSearch(m, newHold(m), 0)
	x.was, x.per = make([]spot, m.people), Usual.weights() // in a repair the order is its own
	for i := range x.was {
		x.was[i] = spot{none, none}
	}
	var rest Assignment
	for i, v := range before {
		if v.Day < 0 || v.Day >= m.days || m.tourOf(v.Offers) == none {
			return nil, fmt.Errorf("repair: visits[%d] is none of this problem", i)
		}
		if v.Cohort != cohort || int(m.fort[v.Day]) != fortnight {
			rest = append(rest, v)
			continue
		}
		for _, q := range v.People {
			x.was[q] = spot{v.Day, m.tourOf(v.Offers)}
		}
	}
	for _, broken := range Check(p, rest) {
		if broken.Rule != Pinned {
			return nil, fmt.Errorf("repair: the rest of the plan breaks %s as well", broken.Rule)
		}
	}
	x.s.load(rest)
	slot := m.slot(cohort, fortnight)
	var all []Repair
	var days []int
	if d := x.hold.day[slot]; d != none {
		days = []int{int(d)}
	} else if int(x.s.daysOf[cohort]) < m.maxDays {
		for d := range m.days { // dominated ones as well: they may change fewer places
			if int(m.fort[d]) == fortnight {
				days = append(days, d)
			}
		}
	}
	for _, d := range days {
		if !x.layDay(slot, d, 0) {
			continue
		}
		x.best.day, x.best.cost = none, forbidden
		x.everySet(d)
		if x.best.day == none {
			continue
		}
		x.settle(slot)
		r := Repair{Ring: 1, Score: x.s.score, Visits: x.s.assignment()}
		for _, q := range m.peopleOf[cohort] {
			now := spot{none, none}
			if t := x.s.at[int(q)*m.fortnights+fortnight]; t != none {
				now = spot{d, int(t)}
			}
			if now != x.was[q] {
				r.PlacesChanged++
			}
		}
		all = append(all, r)
		x.s.rewind(0)
	}
	slices.SortStableFunc(all, func(a, b Repair) int {
		return cmp.Or(
			cmp.Compare(a.Score.Uncovered, b.Score.Uncovered), cmp.Compare(a.Score.MaxShortfall, b.Score.MaxShortfall),
			cmp.Compare(a.Score.SquaredShortfall, b.Score.SquaredShortfall), cmp.Compare(a.PlacesChanged, b.PlacesChanged),
			cmp.Compare(a.Score.Minutes, b.Score.Minutes), cmp.Compare(a.Score.Grams, b.Score.Grams),
		)
	})
	return all, nil
}

// setsMax bounds the tours of which every set is tried; beyond, the search's own way is taken.
const setsMax = 10

// everySet tries all sets of the laid day's tours.
func (x *search) everySet(d int) {
	k := len(x.day.tours)
	if k > setsMax {
		x.weighDay(d)
		return
	}
	for mask := uint64(1); mask < 1<<k; mask++ {
		if mask&x.day.must == x.day.must && x.allowed(mask) {
			if c, ok := x.try(mask); ok && c < x.best.cost {
				x.keep(d, mask, c)
			}
		}
	}
}
