package check

import (
	"fmt"
	"slices"
)

// bounds holds the plan's bound against what counting proves: pairs that nobody can see, seats poured over the largest
// shortfalls, and everyone's cheapest days under a price on unfairness.
func (j *judge) bounds(plan *planFile) error {
	known := j.known(plan.Score)
	if err := j.certified(plan, &known); err != nil {
		return err
	}
	j.all = known
	says, has, score := plan.Bound.list(), known.list(), plan.Score.list()
	for i := range says {
		if says[i] > has[i] {
			return fmt.Errorf("bound.%s: says %d, but no more than %d follows", levelNames[i], says[i], has[i])
		}
		if says[i] > score[i] {
			return fmt.Errorf("bound.%s: %d is above the score's %d", levelNames[i], says[i], score[i])
		}
	}
	proved := 0
	for proved < 5 && says[proved] == score[proved] {
		proved++
	}
	if plan.ProvedLevels != proved {
		return fmt.Errorf("provedLevels: says %d, but score and bound agree on the first %d", plan.ProvedLevels, proved)
	}
	return nil
}

func (j *judge) known(score figures) (f figures) {
	p := j.p
	for team, themes := range p.TeamThemes {
		for _, theme := range themes {
			if !j.visible(team, theme) {
				f.Uncovered++
			}
		}
	}
	minutes, grams := make([][]int, len(p.People)), make([][]int, len(p.People))
	for i := range p.People {
		minutes[i], grams[i] = j.least(i, p.ReturnMinutes[i]), j.least(i, p.GramsCO2e[i])
	}
	f.MaxShortfall, f.SquaredShortfall = j.pour(minutes)
	f.Minutes = min(score.Minutes, j.thrift(minutes, score))
	f.Grams = min(score.Grams, j.thrift(grams, score))
	return f
}

// visible says whether some member of the team could see the theme on some day with a whole group.
func (j *judge) visible(team, theme int) bool {
	for e, offer := range j.p.Offers {
		if !slices.Contains(offer.Themes, theme) || j.out(e) {
			continue
		}
		for _, person := range j.inTeam[team] {
			if len(j.openTo(person, e)) > 0 {
				return true
			}
		}
	}
	return false
}

// openTo lists the days on which the person could be in a whole group at the entry.
func (j *judge) openTo(person, e int) (days []int) {
	if j.p.ReturnMinutes[person][e] < 0 || j.out(e) {
		return nil
	}
	cohort := j.p.People[person].Cohort
	for _, d := range j.days(cohort, e) {
		if !j.away[person][d] && j.enough(cohort, e, d) {
			days = append(days, d)
		}
	}
	return days
}

const impossible = -1

// least gives what 0, 1, 2… visits cost the person at least; impossible where they cannot be had.
func (j *judge) least(person int, cost []int) []int {
	type trip struct{ visits, cost int }
	trips := make([][]trip, j.p.Fortnights)
	for e := range j.p.Offers {
		for _, d := range j.openTo(person, e) {
			f := j.p.FortnightOfDay[d]
			trips[f] = append(trips[f], trip{len(j.parts(e)), cost[e]})
		}
	}
	// table[days][visits], one fortnight after the other
	type key struct{ days, visits int }
	table := map[key]int{{0, 0}: 0}
	for _, list := range trips {
		next := map[key]int{}
		keep := func(k key, c int) {
			if old, known := next[k]; !known || c < old {
				next[k] = c
			}
		}
		cheapest := map[int]int{}
		for _, t := range list {
			if old, known := cheapest[t.visits]; !known || t.cost < old {
				cheapest[t.visits] = t.cost
			}
		}
		for k, c := range table {
			keep(k, c)
			for n, extra := range cheapest {
				if k.days < j.p.VisitDaysMax {
					keep(key{k.days + 1, k.visits + n}, c+extra)
				}
			}
		}
		table = next
	}
	var out []int
	for k, c := range table {
		for len(out) <= k.visits {
			out = append(out, impossible)
		}
		if out[k.visits] == impossible || c < out[k.visits] {
			out[k.visits] = c
		}
	}
	return out
}

// pour gives seats to whoever lacks most, as long as the cohort and all together have some.
func (j *judge) pour(least [][]int) (worst, squares int) {
	all := 0
	for o, offer := range j.p.Offers {
		if len(offer.PairOf) == 0 {
			all += j.seats(o)
		}
	}
	lack, floor := slices.Clone(j.attain), make([]int, len(j.attain))
	high := 0
	for i := range lack {
		floor[i] = max(0, lack[i]-(len(least[i])-1))
		high = max(high, lack[i])
	}
	rest := make([]int, j.cohorts)
	for c := range rest {
		rest[c] = j.most(c)
	}
	for ; high > 0; high-- {
		for i := range lack {
			if c := j.p.People[i].Cohort; lack[i] == high && floor[i] < high && rest[c] > 0 && all > 0 {
				lack[i]--
				rest[c]--
				all--
			}
		}
	}
	for _, n := range lack {
		worst = max(worst, n)
		squares += n * n
	}
	return worst, squares
}

// seats is the largest group at a single offer in any plan.
func (j *judge) seats(o int) (most int) {
	for e := range j.p.Offers {
		if !slices.Contains(j.parts(e), o) {
			continue
		}
		for at, able := range j.able[e] {
			if j.enough(at[0], e, at[1]) {
				most = max(most, min(able, j.p.Offers[e].Max-j.p.MentorSeats))
			}
		}
	}
	return most
}

// most is the number of visits that a cohort can make at most.
func (j *judge) most(cohort int) (total int) {
	p := j.p
	by := make([]int, p.Fortnights)
	for d := range p.WorkingDays {
		group := map[int]int{}
		each := map[int]int{}
		for e, offer := range p.Offers {
			if j.able[e][[2]int{cohort, d}] == 0 || !j.enough(cohort, e, d) {
				continue
			}
			for _, o := range j.parts(e) {
				group[o] = max(group[o], offer.Max-p.MentorSeats)
			}
			for _, i := range j.inCohort[cohort] {
				if p.ReturnMinutes[i][e] >= 0 && !j.away[i][d] {
					each[i] = max(each[i], len(j.parts(e)))
				}
			}
		}
		var groups []int
		for _, n := range group {
			groups = append(groups, n)
		}
		slices.Sort(groups)
		slices.Reverse(groups)
		if p.HostsPerDayMax > 0 && len(groups) > p.HostsPerDayMax {
			groups = groups[:p.HostsPerDayMax]
		}
		seats, people := 0, 0
		for _, n := range groups {
			seats += n
		}
		for _, n := range each {
			people += n
		}
		f := p.FortnightOfDay[d]
		by[f] = max(by[f], min(seats, people))
	}
	slices.Sort(by)
	slices.Reverse(by)
	for _, n := range by[:min(len(by), p.VisitDaysMax)] {
		total += n
	}
	return total
}

// thrift prices a unit of squared shortfall; each price proves something, and the proof is concave in the price, so
// that halving finds the best whole one.
func (j *judge) thrift(least [][]int, score figures) int {
	prove := func(price int) (total, slope int) {
		slope = -score.SquaredShortfall
		total = slope * price
		for i, costs := range least {
			best, lack, found := 0, 0, false
			for n, c := range costs {
				s := max(0, j.attain[i]-n)
				if c == impossible || s > score.MaxShortfall {
					continue
				}
				if v := c + price*s*s; !found || v < best {
					best, lack, found = v, s, true
				}
			}
			total, slope = total+best, slope+lack*lack
		}
		return total, slope
	}
	most, _ := prove(0)
	for low, high := 0, 1<<30; low <= high; {
		price := (low + high) / 2
		total, slope := prove(price)
		most = max(most, total)
		if slope > 0 {
			low = price + 1
		} else {
			high = price - 1
		}
	}
	return max(0, most)
}
