package visit

import "slices"

// Check returns every hard rule that the assignment breaks, visit by visit in its order, then those about a cohort's
// days; none means that it may be released. It shares no code with Plan, so that either can accuse the other. A
// problem that does not validate breaks Unknown.
func Check(p Problem, a Assignment) []Violation {
	if p.Validate() != nil {
		return []Violation{{Rule: Unknown, Visit: -1, Day: -1, Offer: -1}}
	}
	c := checker{p: &p, a: a}
	for i := range a {
		c.visit(i)
	}
	c.twoPlaces()
	c.cohortDays()
	c.pins()
	return c.found
}

type checker struct {
	p     *Problem
	a     Assignment
	found []Violation
	entry []int // by visit: its entry of Offers, or -1
}

func (c *checker) add(v Violation) { c.found = append(c.found, v) }

// entryOf finds the entry that stands for these offers: a single one, or the pair in this order.
func (c *checker) entryOf(offers []int) int {
	for j, o := range c.p.Offers {
		if len(offers) == 1 && offers[0] == j && len(o.PairOf) == 0 || len(offers) == 2 && slices.Equal(o.PairOf, offers) {
			return j
		}
	}
	return -1
}

func (c *checker) visit(i int) {
	v, e := c.a[i], c.entryOf(c.a[i].Offers)
	c.entry = append(c.entry, e)
	if e < 0 || v.Day < 0 || v.Day >= c.p.WorkingDays {
		c.entry[i] = -1
		c.add(Violation{Rule: Unknown, Visit: i, Day: v.Day, Offer: e})
		return
	}
	offer := c.p.Offers[e]
	pinned := slices.ContainsFunc(c.p.Pins, func(pin Pin) bool {
		return pin.Offer == e && pin.Day == v.Day && pin.Cohort == v.Cohort
	})
	if !slices.Contains(offer.Days, v.Day) && !pinned {
		broken := Violation{Rule: NoWindow, Visit: i, Day: v.Day, Offer: e}
		for _, o := range append([]int{e}, v.Offers...) {
			for k, lost := range c.p.Offers[o].Offered {
				if lost.Day == v.Day && broken.Lost == nil {
					broken.Rule, broken.Lost = lost.Rule, &c.p.Offers[o].Offered[k]
				}
			}
		}
		c.add(broken)
	}
	for _, o := range v.Offers {
		used := 0
		for k, other := range c.a {
			if slices.Contains(other.Offers, o) {
				if used++; k == i {
					break
				}
			}
		}
		if used > 1 {
			c.add(Violation{Rule: OfferUsed, Visit: i, Day: v.Day, Offer: o, Limit: 1, Actual: used})
		}
		if c.p.Offers[o].Excluded != nil {
			c.add(Violation{Rule: Excluded, Visit: i, Day: v.Day, Offer: o})
		}
	}
	if len(v.Offers) == 2 && offer.Excluded != nil {
		c.add(Violation{Rule: Excluded, Visit: i, Day: v.Day, Offer: e})
	}
	if n := len(v.People); n < offer.Min {
		c.add(Violation{Rule: GroupTooSmall, Visit: i, Day: v.Day, Offer: e, Limit: offer.Min, Actual: n})
	} else if most := offer.Max - c.p.MentorSeats; n > most {
		c.add(Violation{Rule: GroupTooLarge, Visit: i, Day: v.Day, Offer: e, Limit: most, Actual: n})
	}
	c.group(i, e)
}

func (c *checker) group(i, e int) {
	v := c.a[i]
	var away, far, steps, strangers, unknown []int
	for k, person := range v.People {
		if person < 0 || person >= len(c.p.People) || k > 0 && v.People[k-1] >= person {
			unknown = append(unknown, person)
			continue
		}
		who := c.p.People[person]
		if who.Cohort != v.Cohort {
			strangers = append(strangers, person)
		}
		if slices.Contains(who.Unavailable, v.Day) {
			away = append(away, person)
		}
		if c.p.ReturnMinutes[person][e] < 0 {
			if who.StepFree && !c.p.Offers[e].StepFree {
				steps = append(steps, person)
			} else {
				far = append(far, person)
			}
		}
	}
	for _, of := range []struct {
		rule   Rule
		people []int
	}{{Unknown, unknown}, {OtherCohort, strangers}, {Away, away}, {TooFar, far}, {NotStepFree, steps}} {
		if len(of.people) > 0 {
			broken := Violation{Rule: of.rule, Visit: i, Day: v.Day, Offer: e, People: of.people}
			if of.rule == TooFar {
				broken.Limit = c.p.DoorToDoorLimitMinutes
			}
			c.add(broken)
		}
	}
}

func (c *checker) twoPlaces() {
	type place struct{ person, day int }
	first := map[place]bool{}
	for i, v := range c.a {
		var twice []int
		for k, person := range v.People {
			if k > 0 && v.People[k-1] >= person {
				continue
			}
			if first[place{person, v.Day}] {
				twice = append(twice, person)
			}
			first[place{person, v.Day}] = true
		}
		if len(twice) > 0 {
			c.add(Violation{Rule: TwoPlaces, Visit: i, Day: v.Day, Offer: c.entry[i], People: twice, Limit: 1, Actual: 2})
		}
	}
}

// cohortDays checks what binds the days of one cohort; the violations stand with the first visit of the later day.
func (c *checker) cohortDays() {
	type slot struct{ cohort, fortnight int }
	type date struct{ cohort, day int }
	first, held, hosts, days, last := map[slot]bool{}, map[date]bool{}, map[date]int{}, map[int]int{}, map[int]int{}
	order := make([]int, len(c.a))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return c.a[i].Day - c.a[j].Day })
	for _, i := range order {
		v := c.a[i]
		if c.entry[i] < 0 {
			continue
		}
		on := date{v.Cohort, v.Day}
		hosts[on] += len(v.Offers)
		if limit := c.p.HostsPerDayMax; limit > 0 && hosts[on] > limit && hosts[on]-len(v.Offers) <= limit {
			c.add(Violation{Rule: TooManyHosts, Visit: i, Day: v.Day, Offer: -1, Limit: limit, Actual: hosts[on]})
		}
		if held[on] {
			continue
		}
		held[on] = true
		if least := c.p.DaysBetweenMin; least > 0 {
			if before, any := last[v.Cohort]; any && c.p.CalendarDays[v.Day]-before < least {
				c.add(Violation{Rule: TooClose, Visit: i, Day: v.Day, Offer: -1, Limit: least, Actual: c.p.CalendarDays[v.Day] - before})
			}
			last[v.Cohort] = c.p.CalendarDays[v.Day]
		} else if at := (slot{v.Cohort, c.p.FortnightOfDay[v.Day]}); first[at] {
			c.add(Violation{Rule: TooClose, Visit: i, Day: v.Day, Offer: -1, Limit: 1, Actual: 2})
		} else {
			first[at] = true
		}
		if days[v.Cohort]++; days[v.Cohort] == c.p.VisitDaysMax+1 {
			c.add(Violation{Rule: TooManyDays, Visit: i, Day: v.Day, Offer: -1, Limit: c.p.VisitDaysMax, Actual: days[v.Cohort]})
		}
	}
}

func (c *checker) pins() {
	for _, pin := range c.p.Pins {
		kept := false
		for i, v := range c.a {
			kept = kept || c.entry[i] == pin.Offer && v.Day == pin.Day && v.Cohort == pin.Cohort &&
				(len(pin.People) == 0 || slices.Equal(pin.People, v.People))
		}
		if !kept {
			c.add(Violation{Rule: Pinned, Visit: -1, Day: pin.Day, Offer: pin.Offer, People: pin.People})
		}
	}
}
