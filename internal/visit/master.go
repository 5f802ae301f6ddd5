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
	offer, person, theme     []int
	days, uncovered, squares int
	minutes, grams           int
	apart                    [][]int // by fortnight: those that keep visit days apart
	first                    int     // variable of the first day plan
	fixed                    int     // what the level has whatever is taken
	cuts                     []*cut  // those that hold at the level
	cut                      []int   // row of each
	cutsOf                   [][]int // by person
	lacking                  [][]int // by person: variables of the visits lacking, from the first on
	forced                   []int   // variables that stand for leaving out what is forced in, or breaking a cut
	pool                     []*column
	base                     []float64 // cost of each day plan
}

// Rows and costs of large numbers are scaled down.
const (
	minutesRow = 1.0 / 1024
	gramsRow   = 1.0 / (1 << 18)
	gramsCost  = 1.0 / 64
)

// newMaster lays out a level for plans as good as s before it, standing at the plan that takes the day plans of now. At
// the level of the largest shortfall, visits count that somebody lacks from the worst on. What is forced in is dear to
// leave out.
func newMaster(m *model, seen []bool, level Level, s *state, worst int, f forced, pool []*column, now []*column, cuts []*cut) *master {
	l := &master{m: m, level: level, per: 1, days: none, uncovered: none, squares: none, minutes: none, grams: none}
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
	l.offer, l.person, l.theme = rows(m.tours), rows(m.people), rows(m.teams*m.themesN)
	l.apart = make([][]int, m.fortnights)
	all, end := make([]bool, m.fortnights), 0
	for f := range all {
		all[f] = true
		if m.near[f][1] == end {
			continue // the row before holds for these as well
		}
		end = m.near[f][1]
		i := l.row(1, 1)
		for g := f; g < end; g++ {
			l.apart[g] = append(l.apart[g], i)
		}
	}
	if m.maxDays < m.packed(all) {
		l.days = l.row(1, float64(m.maxDays))
	}
	counts := func(k Level) bool { return k == level || m.order.before(k, level) }
	for o := range l.offer {
		if m.weight[o] == 1 && !m.excluded[o] {
			l.offer[o] = l.row(1, 1)
		}
	}
	if counts(LevelMaxShortfall) || counts(LevelSquaredShortfall) {
		for p, a := range m.attain {
			if a > 0 {
				l.person[p] = l.row(-1, float64(a))
			}
		}
	}
	l.cutsOf, l.lacking = make([][]int, m.people), make([][]int, m.people)
	for _, c := range cuts {
		if p := c.person; l.person[p] != none && m.lackMost(level, s.score, p) <= len(c.short) {
			l.cutsOf[p] = append(l.cutsOf[p], len(l.cuts))
			l.cuts, l.cut = append(l.cuts, c), append(l.cut, l.row(-1, 1))
		}
	}
	unseen := 0
	for team, themes := range m.problem.TeamThemes {
		for _, theme := range themes {
			if at := team*m.themesN + theme; seen[at] && (counts(LevelUncovered) || team == f.team && theme == f.theme) {
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
	if m.order.before(LevelUncovered, level) && spare > 0 {
		l.uncovered = l.row(1, float64(spare))
	}
	if m.order.before(LevelSquaredShortfall, level) {
		l.squares = l.row(1, float64(s.score.SquaredShortfall))
	}
	if m.order.before(LevelMinutes, level) {
		l.minutes = l.row(1, float64(s.score.Minutes)*minutesRow)
	}
	if m.order.before(LevelGrams, level) {
		l.grams = l.row(1, float64(s.score.Grams)*gramsRow)
	}
	for at, i := range l.theme {
		forced := at == f.team*m.themesN+f.theme
		if i == none || level != LevelUncovered && l.uncovered == none && !forced {
			continue
		}
		cost, index, value := 0.0, []int32{int32(i)}, []float64{1}
		if level == LevelUncovered {
			cost = 1
		} else if l.uncovered != none {
			index, value = append(index, int32(l.uncovered)), append(value, 1)
		}
		q := l.add(cost, 1, index, value)
		if s.cover[at] == 0 {
			l.at[q] = atUpper
		}
		if forced {
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
		for k := 1; k <= m.lackMost(level, s.score, p); k++ {
			cost, index, value := 0.0, []int32{int32(i)}, []float64{1}
			switch {
			case level == LevelMaxShortfall && k >= worst:
				cost = 1
			case level == LevelSquaredShortfall:
				cost = float64(2*k - 1)
			}
			if l.squares != none {
				index, value = append(index, int32(l.squares)), append(value, float64(2*k-1))
			}
			for _, n := range l.cutsOf[p] {
				index, value = append(index, int32(l.cut[n])), append(value, l.cuts[n].short[k-1])
			}
			q := l.add(cost, 1, index, value)
			l.lacking[p] = append(l.lacking[p], q)
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

// cutOff adds a cut that what is taken does not keep; leaving it so is forbidden.
func (l *master) cutOff(c *cut) {
	stopgap, row := l.first, l.rows
	l.insert(stopgap, simplexCol{index: []int32{int32(row)}, value: []float64{1}, upper: math.Inf(1)})
	l.first++
	value := make([]float64, len(l.cols))
	for i, q := range l.lacking[c.person] {
		value[q] = c.short[i]
	}
	for k, plan := range l.pool {
		if j := plan.places[c.person]; j != none {
			value[l.first+k] = c.place[2*plan.fortnight+int(l.m.weight[j])-1]
		}
	}
	l.join(1, value, stopgap)
	l.forced = append(l.forced, stopgap)
	for i := range l.forced {
		if l.forced[i] >= row {
			l.forced[i]++
		}
	}
	for _, list := range l.lacking {
		for i := range list {
			list[i]++
		}
	}
	l.first++
	l.cutsOf[c.person] = append(l.cutsOf[c.person], len(l.cuts))
	l.cuts, l.cut = append(l.cuts, c), append(l.cut, row)
}

// take adds a day plan.
func (l *master) take(c *column) int {
	m := l.m
	cost := 0.0
	count := make([]float64, l.rows)
	for _, i := range l.apart[c.fortnight] {
		count[i] = 1
	}
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
		}
		if l.minutes != none {
			count[l.minutes] += float64(float64(m.minutes[at]) * minutesRow)
		}
		if l.grams != none {
			count[l.grams] += float64(float64(m.grams[at]) * gramsRow)
		}
		if i := l.person[p]; i != none {
			count[i] += float64(m.weight[j])
		}
		for _, n := range l.cutsOf[p] {
			count[l.cut[n]] += l.cuts[n].place[2*c.fortnight+int(m.weight[j])-1]
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
	required := pr.requirements(splits)
	for _, rows := range l.apart {
		l.cols[rows[0]].cost = 0
	}
	for f, rows := range l.apart {
		if required[f] {
			l.cols[rows[0]].cost = dear
		}
	}
	for _, q := range l.forced {
		l.cols[q].cost = dear
	}
	for k, c := range l.pool {
		q := l.first + k
		l.cols[q].cost = l.base[k]
		if !c.fits(splits[c.fortnight]) || l.m.ruledOut(c.fortnight, required) {
			l.cols[q].cost += dear
		}
	}
	l.refresh()
	l.ripe = l.ripe[:0]
}

// barred says whether something forbidden is taken all the same.
func (l *master) barred(v []float64, pr *pricer, splits [][]split) bool {
	const some = 1e-6
	required := pr.requirements(splits)
	for f, rows := range l.apart {
		if v[rows[0]] > some && required[f] {
			return true
		}
	}
	if slices.ContainsFunc(l.forced, func(q int) bool { return v[q] > some }) {
		return true
	}
	for k, c := range l.pool {
		if v[l.first+k] > some && (!c.fits(splits[c.fortnight]) || l.m.ruledOut(c.fortnight, required)) {
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
	p.Places = l.places()
	p.Uncovered, p.Squares, p.Minutes = round(l.uncovered, 1), round(l.squares, 1), min(round(l.minutes, minutesRow), minutePriceMax)
	p.Grams = min(round(l.grams, 1024*gramsRow), gramPriceMax)
	settled := m.order.before(LevelUncovered, l.level)
	for team, themes := range m.problem.TeamThemes {
		for _, theme := range themes {
			v := round(l.theme[team*m.themesN+theme], 1)
			if settled && l.uncovered == none {
				p.Uncovered = max(p.Uncovered, v) // no pair that can be covered is given up
			}
			p.Themes = append(p.Themes, v)
		}
	}
	open := p.Uncovered
	if l.level == LevelUncovered {
		open = unit
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

// places rounds what the duals of cuts make places worth.
func (l *master) places() (all []Place) {
	worth := make([]float64, 2*l.m.fortnights)
	for p, cuts := range l.cutsOf {
		clear(worth)
		for _, n := range cuts {
			for k, v := range l.cuts[n].place {
				worth[k] += float64(l.y[l.cut[n]] * v)
			}
		}
		for k, v := range worth {
			if w := int64(min(math.Round(v/l.per*unit), float64(priceMax))); w > 0 {
				all = append(all, Place{Person: p, Fortnight: k / 2, Visits: 1 + k%2, Worth: w})
			}
		}
	}
	return all
}
