package check

// Visit days of a cohort keep apart: one in each fortnight, or at least so many calendar days from each other. A block is
// what can hold one: a fortnight, or a day.

func (j *judge) blocks() int {
	if j.p.DaysBetweenMin > 0 {
		return j.p.WorkingDays
	}
	return j.p.Fortnights
}

func (j *judge) block(d int) int {
	if j.p.DaysBetweenMin > 0 {
		return d
	}
	return j.p.FortnightOfDay[d]
}

// exclude says whether of two different days one at most can be a visit day.
func (j *judge) exclude(d, e int) bool {
	if j.p.DaysBetweenMin > 0 {
		return max(j.p.CalendarDays[d]-j.p.CalendarDays[e], j.p.CalendarDays[e]-j.p.CalendarDays[d]) < j.p.DaysBetweenMin
	}
	return j.p.FortnightOfDay[d] == j.p.FortnightOfDay[e]
}

// clear counts the first blocks of which any may have a visit day beside block b.
func (j *judge) clear(b int) int {
	n := b
	for j.p.DaysBetweenMin > 0 && n > 0 && j.exclude(n-1, b) {
		n--
	}
	return n
}

// mostOf is the most of these days that can be visit days together: always the first that is left.
func (j *judge) mostOf(days map[int]bool) (n int) {
	last := -1
	for d := range j.p.WorkingDays {
		if days[d] && (last < 0 || !j.exclude(last, d)) {
			last = d
			n++
		}
	}
	return n
}

// cheapestDays chooses visit days, visitDaysMax at most, that keep apart, so that all that must be are there and the costs
// add up to the least; false where the ones that must be do not fit together.
func (j *judge) cheapestDays(cost []int64, must []bool) (int64, bool) {
	type place struct{ end, days int } // the blocks before end, so many days at most
	type answer struct {
		cost int64
		fits bool
	}
	known := map[place]answer{}
	var best func(at place) answer
	best = func(at place) answer {
		if at.end == 0 {
			return answer{0, true}
		}
		if a, yes := known[at]; yes {
			return a
		}
		b := at.end - 1
		a := answer{}
		if !must[b] {
			a = best(place{b, at.days})
		}
		from := j.clear(b)
		free := at.days > 0
		for _, m := range must[from:b] {
			free = free && !m
		}
		if free && (must[b] || cost[b] < 0) {
			if with := best(place{from, at.days - 1}); with.fits && (!a.fits || with.cost+cost[b] < a.cost) {
				a = answer{with.cost + cost[b], true}
			}
		}
		known[at] = a
		return a
	}
	a := best(place{len(cost), j.p.VisitDaysMax})
	return a.cost, a.fits
}
