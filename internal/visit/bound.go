package visit

import (
	"cmp"
	"slices"
)

// bounds are figures that no plan beats. They follow from the problem by counting: what nobody can see, the seats there
// are, and each person's cheapest days.
type bounds struct {
	uncovered, maxShortfall, squaredShortfall int
	minutes, grams                            thrift
}

// thrift holds, for each person, the least that so many visits cost, wherever seats are.
type thrift struct {
	m     *model
	least [][]int // [person][visits]; costs that cannot be are dear
}

// dear stands for a number of visits that a person cannot have.
const dear = 1 << 50

func newBounds(m *model) *bounds {
	b := &bounds{}
	for team, themes := range m.problem.TeamThemes {
		for _, theme := range themes {
			if !m.couldSee(team, theme) {
				b.uncovered++
			}
		}
	}
	b.minutes, b.grams = newThrift(m, m.minutes), newThrift(m, m.grams)
	b.fairness(m)
	return b
}

// of gives the bound on each level for plans that equal the score on the levels before.
func (b *bounds) of(s Score) Score {
	return Score{
		Uncovered: b.uncovered, MaxShortfall: b.maxShortfall, SquaredShortfall: b.squaredShortfall,
		Minutes: min(b.minutes.under(LevelMinutes, s), s.Minutes), Grams: min(b.grams.under(LevelGrams, s), s.Grams),
	}
}

// fairness pours the seats there are over the people, the largest shortfall first: nothing fairer can come of as many
// seats, both in the largest shortfall and in the sum of squares.
func (b *bounds) fairness(m *model) {
	all, of := 0, make([]int, m.cohorts)
	for o := range m.tours {
		if m.weight[o] == 1 {
			all += m.mostSeats(o)
		}
	}
	for c := range of {
		of[c] = m.mostVisits(c)
	}
	floor := make([]int, m.people)
	worst := 0
	for p := range m.people {
		reach := len(b.minutes.least[p]) - 1
		for reach > 0 && b.minutes.least[p][reach] >= dear {
			reach--
		}
		a := int(m.attain[p])
		floor[p] = max(0, a-reach)
		b.maxShortfall = max(b.maxShortfall, floor[p])
		b.squaredShortfall += a * a
		worst = max(worst, a)
	}
	for s := worst; s > 0; s-- {
		for c := range of {
			want := 0
			for _, p := range m.peopleOf[c] {
				if int(m.attain[p]) >= s && floor[p] < s {
					want++
				}
			}
			served := min(want, of[c], all)
			of[c], all = of[c]-served, all-served
			b.squaredShortfall -= served * (2*s - 1)
			if served < want {
				b.maxShortfall = max(b.maxShortfall, s)
			}
		}
	}
}

// mostSeats is the largest group that a single offer can have, alone or in a pair.
func (m *model) mostSeats(o int) (most int) {
	for c := range m.cohorts {
		for _, j := range m.within[o] {
			for _, d := range m.daysFor(c, j) {
				if m.holdable(c, j, d) {
					most = max(most, int(min(m.hi[j], m.able[(c*m.tours+j)*m.days+d])))
				}
			}
		}
	}
	return most
}

// mostVisits is the largest number of visits that a cohort can make: the best day of each fortnight, the best
// fortnights.
func (m *model) mostVisits(c int) (total int) {
	bestOf := make([]int64, m.fortnights) // below 0: a cost
	groups := make([]int, m.tours)
	for d := range m.days {
		for i := range groups {
			groups[i] = 0
		}
		could := make([]int, len(m.peopleOf[c])) // visits a person could make on the day
		for j := range m.tours {
			if !m.holdable(c, j, d) {
				continue
			}
			for _, o := range m.parts[j] {
				groups[o] = max(groups[o], int(m.hi[j]))
			}
			for i, p := range m.peopleOf[c] {
				if m.canGo(int(p), j) && !m.away[int(p)*m.days+d] {
					could[i] = max(could[i], int(m.weight[j]))
				}
			}
		}
		sorted := slices.Clone(groups)
		slices.SortFunc(sorted, func(a, b int) int { return cmp.Compare(b, a) })
		if m.maxHosts > 0 {
			sorted = sorted[:min(len(sorted), m.maxHosts)]
		}
		bestOf[m.fort[d]] = min(bestOf[m.fort[d]], -int64(min(sum(sorted), sum(could))))
	}
	return int(-m.together(bestOf, make([]bool, m.fortnights)))
}

func sum(list []int) (total int) {
	for _, v := range list {
		total += v
	}
	return total
}

func newThrift(m *model, cost []int32) thrift {
	t := thrift{m: m, least: make([][]int, m.people)}
	// By fortnight, the cheapest day with one visit and with two.
	one, two := make([]int, m.fortnights), make([]int, m.fortnights)
	for p := range m.people {
		for f := range one {
			one[f], two[f] = dear, dear
		}
		c := int(m.cohort[p])
		for j := range m.tours {
			if !m.canGo(p, j) {
				continue
			}
			list := one
			if m.weight[j] == 2 {
				list = two
			}
			for _, d := range m.daysFor(c, j) {
				if !m.away[p*m.days+d] && m.holdable(c, j, d) {
					list[m.fort[d]] = min(list[m.fort[d]], int(cost[p*m.tours+j]))
				}
			}
		}
		t.least[p] = m.cheapestVisits(one, two)
	}
	return t
}

// cheapestVisits gives the least cost of 0, 1, 2… visits on as many days as may be, one or two a fortnight.
func (m *model) cheapestVisits(one, two []int) []int {
	could := make([]bool, len(one))
	for f := range could {
		could[f] = one[f] < dear || two[f] < dear
	}
	days := min(m.packed(could), m.maxDays)
	most := 2 * days
	width := (days + 1) * (most + 1)
	// [fortnights looked at][days][visits]
	table := make([]int, (len(one)+1)*width)
	for i := 1; i < width; i++ {
		table[i] = dear
	}
	for f := range one {
		now := table[(f+1)*width : (f+2)*width]
		copy(now, table[f*width:(f+1)*width])
		if !could[f] {
			continue
		}
		before := table[m.settled[f]*width:]
		for d := 1; d <= days; d++ {
			at, from := d*(most+1), (d-1)*(most+1)
			for k := 1; k <= most; k++ {
				now[at+k] = min(now[at+k], before[from+k-1]+one[f])
				if k > 1 {
					now[at+k] = min(now[at+k], before[from+k-2]+two[f])
				}
			}
		}
	}
	least := make([]int, most+1)
	last := table[len(one)*width:]
	for k := range least {
		least[k] = dear
		for d := range days + 1 {
			least[k] = min(least[k], last[d*(most+1)+k])
		}
	}
	return least
}

// under bounds the cost of plans that equal the score on the levels before: people go where it is cheapest for them,
// and the one rule that binds them together, the sum of squares, is priced (Lagrange); any price gives a bound, the best
// whole one is taken.
func (t *thrift) under(level Level, s Score) int {
	if !t.m.order.before(LevelSquaredShortfall, level) {
		return max(0, t.priced(level, s, 0))
	}
	low, high := 0, 1<<30
	for low < high { // the bound is concave in the price
		mid := (low + high) / 2
		if t.priced(level, s, mid+1) > t.priced(level, s, mid) {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return max(0, t.priced(level, s, low))
}

func (t *thrift) priced(level Level, s Score, price int) int {
	capped := t.m.order.before(LevelMaxShortfall, level)
	total := -price * s.SquaredShortfall
	for p, least := range t.least {
		a, cheapest := int(t.m.attain[p]), dear
		for k, cost := range least {
			if lack := max(0, a-k); (!capped || lack <= s.MaxShortfall) && cost < dear {
				cheapest = min(cheapest, cost+price*lack*lack)
			}
		}
		if cheapest < dear {
			total += cheapest
		}
	}
	return total
}
