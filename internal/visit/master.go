package visit

import (
	"math"
	"slices"
)

// column is a day plan in the pool.
type column struct {
	fortnight, day int
	tours          []int32
	places         []int32 // [person]: tour, or none
}

// master is the linear programme of one level over the pool's day plans: which to take, so that offers are used once,
// people are short of no more than their shortfall, themes are covered or counted, and the levels before stay as good.
type master struct {
	simplex
	m     *model
	level Level
	per   float64 // cost of a unit of the level
	// rows; none where a rule has none
	fort, offer, person, theme []int
	days, uncovered, squares   int
	minutes                    int
	first                      int   // variable of the first day plan
	fixed                      int   // what the level has whatever is taken
	forced                     []int // variables that stand for leaving out what is forced in
	pool                       []*column
	base                       []float64 // cost of each day plan
}

// Rows and costs of large numbers are scaled down.
const (
	minutesRow = 1.0 / 1024
	gramsCost  = 1.0 / 64
)

// newMaster lays out a level for plans as good as s before it, standing at the plan that takes the day plans of now. At
// the level of the largest shortfall, visits count that somebody lacks from the worst on. What is forced in is dear to
// leave out.
func newMaster(m *model, seen []bool, level Level, s *state, worst int, f forced, pool []*column, now []*column) *master {
	l := &master{m: m, level: level, per: 1, days: none, uncovered: none, squares: none, minutes: none}
	if level == LevelGrams {
		l.per = gramsCost
	}
	rows := func(n int) []int {
		list := make([]int, n)
		for i := range list {
			list[i] = none
		}
		return list
	}
	l.fort, l.offer, l.person, l.theme = rows(m.fortnights), rows(m.tours), rows(m.people), rows(m.teams*m.themesN)
	for f := range l.fort {
		l.fort[f] = l.row(1, 1)
	}
	if m.maxDays < m.fortnights {
		l.days = l.row(1, float64(m.maxDays))
	}
	for o := range l.offer {
		if m.weight[o] == 1 && !m.excluded[o] {
			l.offer[o] = l.row(1, 1)
		}
	}
	if level > LevelUncovered {
		for p, a := range m.attain {
			if a > 0 {
				l.person[p] = l.row(-1, float64(a))
			}
		}
	}
	unseen := 0
	for team, themes := range m.problem.TeamThemes {
		for _, theme := range themes {
			if at := team*m.themesN + theme; seen[at] {
				l.theme[at] = l.row(-1, 1)
			} else {
				unseen++
			}
		}
	}
	spare := s.score.Uncovered - unseen
	if level == LevelUncovered {
		l.fixed = unseen
	}
	if level > LevelUncovered && spare > 0 {
		l.uncovered = l.row(1, float64(spare))
	}
	if level > LevelSquaredShortfall {
		l.squares = l.row(1, float64(s.score.SquaredShortfall))
	}
	if level > LevelMinutes {
		l.minutes = l.row(1, float64(s.score.Minutes)*minutesRow)
	}
	for at, i := range l.theme {
		if i == none || level > LevelUncovered && spare == 0 {
			continue
		}
		cost, index, value := 0.0, []int32{int32(i)}, []float64{1}
		if level == LevelUncovered {
			cost = 1
		} else {
			index, value = append(index, int32(l.uncovered)), append(value, 1)
		}
		q := l.add(cost, 1, index, value)
		if s.cover[at] == 0 {
			l.at[q] = atUpper
		}
		if at == f.team*m.themesN+f.theme {
			l.forced = append(l.forced, q)
		}
	}
	if f.offer != none {
		l.forced = append(l.forced, l.offer[f.offer])
	}
	for p, i := range l.person {
		if i == none {
			continue
		}
		most := int(m.attain[p])
		if level > LevelMaxShortfall {
			most = min(most, s.score.MaxShortfall)
		}
		for k := 1; k <= most; k++ {
			cost, index, value := 0.0, []int32{int32(i)}, []float64{1}
			switch {
			case level == LevelMaxShortfall && k >= worst:
				cost = 1
			case level == LevelSquaredShortfall:
				cost = float64(2*k - 1)
			case level > LevelSquaredShortfall:
				index, value = append(index, int32(l.squares)), append(value, float64(2*k-1))
			}
			q := l.add(cost, 1, index, value)
			if k <= int(s.shortfall(p)) {
				l.at[q] = atUpper
			}
		}
	}
	l.first = len(l.cols)
	for _, c := range pool {
		q := l.take(c)
		if slices.Contains(now, c) {
			l.at[q] = atUpper
		}
	}
	l.start()
	return l
}

// take adds a day plan.
func (l *master) take(c *column) int {
	m := l.m
	cost := 0.0
	count := make([]float64, l.rows)
	count[l.fort[c.fortnight]] = 1
	if l.days != none {
		count[l.days] = 1
	}
	for _, j := range c.tours {
		for _, o := range m.parts[j] {
			count[l.offer[o]] = 1
		}
	}
	for p, tour := range c.places {
		if tour == none {
			continue
		}
		j := int(tour)
		at := p*m.tours + j
		switch l.level {
		case LevelMinutes:
			cost += float64(m.minutes[at])
		case LevelGrams:
			cost += float64(m.grams[at])
			count[l.minutes] += float64(float64(m.minutes[at]) * minutesRow)
		}
		if i := l.person[p]; i != none {
			count[i] += float64(m.weight[j])
		}
		for _, theme := range m.themes[j] {
			if i := l.theme[int(m.team[p])*m.themesN+int(theme)]; i != none {
				count[i]++
			}
		}
	}
	var index []int32
	var value []float64
	for i, v := range count {
		if v != 0 {
			index, value = append(index, int32(i)), append(value, v)
		}
	}
	l.pool = append(l.pool, c)
	l.base = append(l.base, cost*l.per)
	return l.add(cost*l.per, 1, index, value)
}

// fits says whether the day plan has what the splits of its fortnight ask for.
func (c *column) fits(splits []split) bool {
	for _, s := range splits {
		has := false
		switch s.Kind {
		case BranchDay:
			has = c.day == s.Day
		case BranchOffer:
			has = slices.Contains(c.tours, int32(s.Offer))
		case BranchSeat:
			has = c.places[s.Person] == int32(s.Offer)
		case BranchPlace:
			has = c.places[s.Person] != none
		}
		if has != s.must {
			return false
		}
	}
	return true
}

// bar makes all that the splits forbid dear: the basis stays, and moves away from it.
func (l *master) bar(pr *pricer, splits [][]split, dear float64) {
	for f, i := range l.fort {
		l.cols[i].cost = 0
		if pr.required(f, splits[f]) {
			l.cols[i].cost = dear
		}
	}
	for _, q := range l.forced {
		l.cols[q].cost = dear
	}
	for k, c := range l.pool {
		q := l.first + k
		l.cols[q].cost = l.base[k]
		if !c.fits(splits[c.fortnight]) {
			l.cols[q].cost += dear
		}
	}
	l.refresh()
	l.ripe = l.ripe[:0]
}

// barred says whether something forbidden is taken all the same.
func (l *master) barred(v []float64, pr *pricer, splits [][]split) bool {
	const some = 1e-6
	for f, i := range l.fort {
		if v[i] > some && pr.required(f, splits[f]) {
			return true
		}
	}
	if slices.ContainsFunc(l.forced, func(q int) bool { return v[q] > some }) {
		return true
	}
	for k, c := range l.pool {
		if v[l.first+k] > some && !c.fits(splits[c.fortnight]) {
			return true
		}
	}
	return false
}

// prices rounds the duals.
func (l *master) prices() *Prices {
	m := l.m
	p := &Prices{Offers: make([]int64, m.tours), People: make([]int64, m.people), Themes: []int64{}}
	round := func(row int, scale float64) int64 {
		if row == none {
			return 0
		}
		v := math.Round(l.y[row] * l.sense[row] * -scale / l.per * unit)
		return int64(min(max(v, 0), float64(priceMax)))
	}
	for o, row := range l.offer {
		p.Offers[o] = round(row, 1)
		if row != none && l.y[row] > 0 && slices.Contains(l.forced, row) {
			p.Offers[o] = -int64(min(math.Round(l.y[row]/l.per*unit), float64(priceMax)))
		}
	}
	for i, row := range l.person {
		p.People[i] = round(row, 1)
	}
	p.Uncovered, p.Squares, p.Minutes = round(l.uncovered, 1), round(l.squares, 1), min(round(l.minutes, minutesRow), minutePriceMax)
	open := p.Uncovered
	if l.level == LevelUncovered {
		open = unit
	}
	for team, themes := range m.problem.TeamThemes {
		for _, theme := range themes {
			v := round(l.theme[team*m.themesN+theme], 1)
			if l.level > LevelUncovered && l.uncovered == none {
				p.Uncovered = max(p.Uncovered, v) // no pair that can be covered is given up
			}
			p.Themes = append(p.Themes, v)
		}
	}
	if l.level > LevelUncovered {
		open = p.Uncovered
	}
	k := 0
	for team, themes := range m.problem.TeamThemes {
		for _, theme := range themes {
			if l.theme[team*m.themesN+theme] == none {
				p.Themes[k] = open
			}
			k++
		}
	}
	return p
}
