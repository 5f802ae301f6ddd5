package visit

import "fmt"

// tally keeps the five figures up to date while people take and leave seats: counters only, no allocation.
type tally struct {
	m       *model
	cover   []int32 // [team*themesN+theme]: people of the team who see the theme
	visits  []int32 // by person
	lacking []int32 // people by shortfall
	unseen  int     // pairs of team and theme not covered
	score   Score
}

func newTally(m *model) tally {
	t := tally{m: m, cover: make([]int32, m.teams*m.themesN), visits: make([]int32, m.people)}
	most := int32(0)
	for _, a := range m.attain {
		most = max(most, a)
	}
	t.lacking = make([]int32, most+1)
	for _, a := range m.attain {
		t.lacking[a]++
		t.score.SquaredShortfall += int(a * a)
	}
	t.score.MaxShortfall = int(most)
	t.score.missing = m.people * int(m.floor)
	t.settleMax()
	for _, w := range m.wants {
		if w {
			t.unseen++
		}
	}
	t.score.Uncovered = max(0, t.unseen-m.spared)
	return t
}

func (t *tally) settleMax() {
	for t.score.MaxShortfall > 0 && t.lacking[t.score.MaxShortfall] == 0 {
		t.score.MaxShortfall--
	}
}

func (t *tally) shortfall(p int) int32 { return max(0, t.m.attain[p]-t.visits[p]) }

// take seats person p on a tour; leave undoes it.
func (t *tally) take(p, tour int)  { t.change(p, tour, 1) }
func (t *tally) leave(p, tour int) { t.change(p, tour, -1) }

func (t *tally) change(p, tour int, sign int32) {
	m := t.m
	before := t.shortfall(p)
	if m.floor > 0 {
		had := t.visits[p]
		t.score.missing += int(max(0, m.floor-had-sign*m.weight[tour]) - max(0, m.floor-had))
	}
	t.visits[p] += sign * m.weight[tour]
	if after := t.shortfall(p); after != before {
		t.lacking[before]--
		t.lacking[after]++
		t.score.SquaredShortfall += int(after*after - before*before)
		t.score.MaxShortfall = max(t.score.MaxShortfall, int(after))
		t.settleMax()
	}
	at := p*m.tours + tour
	if m.minutes[at] > 0 {
		t.score.Minutes += int(sign * m.minutes[at])
	}
	t.score.Grams += int(sign * m.grams[at])
	row := int(m.team[p]) * m.themesN
	for _, theme := range m.themes[tour] {
		k := row + int(theme)
		t.cover[k] += sign
		if m.wants[k] {
			if sign > 0 && t.cover[k] == 1 {
				t.unseen--
			} else if sign < 0 && t.cover[k] == 0 {
				t.unseen++
			}
			t.score.Uncovered = max(0, t.unseen-m.spared)
		}
	}
}

// ScoreOf scores an assignment from scratch. It counts what it finds, whether or not rules are broken; Check says
// which are. Visits of unknown offers or people are an error.
func ScoreOf(p Problem, a Assignment) (Score, error) {
	m, err := newModel(&p)
	if err != nil {
		return Score{}, err
	}
	t := newTally(m)
	if err := t.takeAll(a); err != nil {
		return Score{}, err
	}
	return t.score, nil
}

func (t *tally) takeAll(a Assignment) error {
	for i, v := range a {
		tour := t.m.tourOf(v.Offers)
		if tour == none {
			return fmt.Errorf("visits[%d].offers: %v is neither an offer nor a pair", i, v.Offers)
		}
		for _, p := range v.People {
			if p < 0 || p >= t.m.people {
				return fmt.Errorf("visits[%d].people: %d is no person", i, p)
			}
			t.take(p, tour)
		}
	}
	return nil
}
