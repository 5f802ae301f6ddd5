package visit

import (
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
