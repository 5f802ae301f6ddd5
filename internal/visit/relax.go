package visit

import "slices"

// minutesStep is by how much the limit of a way is changed at a time.
const minutesStep = 15

// singlesMost bounds the single things of a rule that are let go one by one.
const singlesMost = 60

// ease finds the smallest change of one rule with which there is a plan, all others kept; or a proof that there is none.
func (q *inquiry) ease(i int) (*Relaxation, *Hopeless) {
	g, given := q.groups[i], q.given[i]
	all := q.ask(q.whole().without(i))
	switch all.verdict {
	case infeasible:
		return nil, &Hopeless{q.names(all.kept), all.refutation}
	case unknown:
		return nil, nil
	}
	var r *Relaxation
	switch g {
	case AllThemes, AtLeast:
		r = q.least(g, 1, given.From, all.plan, func(n int) Change { return Change{From: given.From, To: given.From - n} })
	case TravelLimit:
		r = q.least(g, 1, (given.To-given.From+minutesStep-1)/minutesStep, all.plan, func(n int) Change {
			return Change{From: given.From, To: given.From + n*minutesStep}
		})
	case MaxGroup, MinGroup:
		r = q.least(g, 1, given.To, all.plan, func(n int) Change { return Change{To: n} })
	case VisitDays:
		r = q.easeDays(given, all.plan)
	default:
		r = q.letGo(g, given, all.plan)
	}
	q.finish(g, r)
	return r, nil
}

// least bisects for the least n that is enough; the change of most is, with a plan.
func (q *inquiry) least(g RuleGroup, n, most int, plan Assignment, at func(int) Change) *Relaxation {
	r := &Relaxation{Change: at(most), Visits: plan, Smallest: true}
	for n < most {
		mid := (n + most) / 2
		a := q.decide(q.request.changed(g, at(mid)), q.each)
		switch a.verdict {
		case feasible:
			most, r.Change, r.Visits = mid, at(mid), a.plan
		default:
			n, r.Smallest, r.Smaller = mid+1, a.verdict == infeasible, a.refutation
		}
	}
	return r
}

// easeDays asks for more visit days, and if those of different fortnights are not enough, for days anywhere.
func (q *inquiry) easeDays(given Change, plan Assignment) *Relaxation {
	spaced := func(n int) Change { return Change{From: given.From, To: n} }
	apart := q.request.Fortnights
	if q.request.DaysBetweenMin > 0 {
		apart = given.To
	}
	most := spaced(max(given.From, apart))
	if most.To > given.From {
		a := q.decide(q.request.changed(VisitDays, most), q.each)
		if a.verdict == feasible {
			return q.least(VisitDays, given.From+1, most.To, a.plan, spaced)
		}
		if a.verdict == unknown || !given.Unspaced {
			return &Relaxation{Change: given, Visits: plan}
		}
		r := q.least(VisitDays, given.From, given.To, plan, func(n int) Change { return Change{From: given.From, To: n, Unspaced: true} })
		if r.To == given.From {
			r.Smallest, r.Smaller = true, a.refutation
		}
		return r
	}
	return q.least(VisitDays, given.From, given.To, plan, func(n int) Change {
		return Change{From: given.From, To: n, Unspaced: given.Unspaced}
	})
}

// letGo lets go of single things: of one if one is enough, else of as few as can be spared none of.
func (q *inquiry) letGo(g RuleGroup, given Change, plan Assignment) *Relaxation {
	singles := given.singles(g)
	enough := func(list []int) (Assignment, verdict) {
		a := q.decide(q.request.changed(g, given.only(g, list)), q.each)
		return a.plan, a.verdict
	}
	if len(singles) <= singlesMost {
		for _, s := range singles {
			if found, v := enough([]int{s}); v == feasible {
				return &Relaxation{Change: given.only(g, []int{s}), Visits: found, Smallest: true}
			}
		}
	}
	list := q.request.used(g, given, plan)
	for _, s := range list { // one that cannot be spared now cannot be spared of fewer either
		fewer := slices.DeleteFunc(slices.Clone(list), func(k int) bool { return k == s })
		if len(fewer) == len(list) {
			continue
		}
		if found, v := enough(fewer); v == feasible {
			list, plan = q.request.used(g, given.only(g, fewer), found), found
		}
	}
	return &Relaxation{Change: given.only(g, list), Visits: plan, Smallest: len(list) == 1}
}

// singles are the single things that a change lets go of, each by its number: persons, entries, offers or pins.
func (c Change) singles(g RuleGroup) (list []int) {
	switch g {
	case DaysAway:
		for _, a := range c.Away {
			list = append(list, a.Person)
		}
	case HostWindows:
		for _, d := range c.Days {
			list = append(list, d.Offer)
		}
	case StepFreeWays:
		list = slices.Clone(c.Offers)
	case HeldPins:
		list = slices.Clone(c.Pins)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// only keeps of a change what concerns the singles of the list.
func (c Change) only(g RuleGroup, list []int) Change {
	keep := func(v int) bool { return slices.Contains(list, v) }
	part := Change{From: c.From, To: c.From - len(list)}
	for _, a := range c.Away {
		if keep(a.Person) {
			part.Away = append(part.Away, a)
		}
	}
	for _, d := range c.Days {
		if keep(d.Offer) {
			part.Days = append(part.Days, d)
		}
	}
	for _, o := range c.Offers {
		if keep(o) {
			part.Offers = append(part.Offers, o)
		}
	}
	for _, k := range c.Pins {
		if keep(k) {
			part.Pins = append(part.Pins, k)
		}
	}
	return part
}

// finish makes the plan of a relaxation as good as a little search can, and says whom it touches.
func (q *inquiry) finish(g RuleGroup, r *Relaxation) {
	switch g {
	case DaysAway:
		r.Away = slices.DeleteFunc(slices.Clone(r.Away), func(a PersonDay) bool { return !r.Visits.has(a.Person, a.Day) })
	case HostWindows:
		r.Days = slices.DeleteFunc(slices.Clone(r.Days), func(d OfferDay) bool {
			return !slices.ContainsFunc(r.Visits, func(v Visit) bool { return v.Day == d.Day && slices.Equal(v.Offers, q.request.parts(d.Offer)) })
		})
	}
	to := q.request.changed(g, r.Change)
	r.Visits = q.polished(to, r.Visits)
	r.Score, _ = ScoreOf(to.Problem, r.Visits)
	r.Touched = q.request.touched(g, r.Change, r.Visits)
}

// polishWork is the units spent on a better plan of a relaxation.
const polishWork = 6_000

// polished improves a plan that has what is asked and keeps that.
func (q *inquiry) polished(r request, plan Assignment) Assignment {
	m, err := newModel(&r.Problem)
	if err != nil {
		return plan
	}
	x := newSearch(m, newHold(m), q.seed)
	x.s.load(plan)
	x.limit = polishWork
	x.run(q.ctx, nil)
	q.work += x.work
	return x.s.assignment()
}

// has says whether the person has a visit on the day.
func (a Assignment) has(person, day int) bool {
	return slices.ContainsFunc(a, func(v Visit) bool { return v.Day == day && slices.Contains(v.People, person) })
}

// entry is the entry of Offers that stands for a visit's offers.
func (p *Problem) entry(offers []int) int {
	if len(offers) == 1 {
		return offers[0]
	}
	return slices.IndexFunc(p.Offers, func(o Offer) bool { return slices.Equal(o.PairOf, offers) })
}

// keeps says whether the plan keeps the pin.
func (a Assignment) keeps(p *Problem, pin Pin) bool {
	return slices.ContainsFunc(a, func(v Visit) bool {
		return v.Day == pin.Day && v.Cohort == pin.Cohort && p.entry(v.Offers) == pin.Offer &&
			(len(pin.People) == 0 || slices.Equal(pin.People, v.People))
	})
}

// used are the singles of a change that the plan makes use of.
func (r request) used(g RuleGroup, c Change, plan Assignment) (list []int) {
	switch g {
	case DaysAway:
		for _, a := range c.Away {
			if plan.has(a.Person, a.Day) {
				list = append(list, a.Person)
			}
		}
	case HostWindows:
		for _, v := range plan {
			if e := r.entry(v.Offers); slices.Contains(c.Days, OfferDay{e, v.Day}) {
				list = append(list, e)
			}
		}
	case StepFreeWays:
		for _, v := range plan {
			for _, i := range v.People {
				for _, o := range v.Offers {
					if r.steps(i, o) && slices.Contains(c.Offers, o) {
						list = append(list, o)
					}
				}
			}
		}
	case HeldPins:
		for _, k := range c.Pins {
			if !plan.keeps(&r.Problem, r.Pins[k]) {
				list = append(list, k)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// touched are the people whose days, ways or places a change alters in a plan: who has fewer visits than asked for, is of
// a team that does not see all, goes where they could not, is away, is in a group too large, too small or on a day not
// offered, or was or would be pinned; with more visit days, everyone who goes.
func (r request) touched(g RuleGroup, c Change, plan Assignment) []int {
	is := make([]bool, len(r.People))
	all := func(people []int) {
		for _, i := range people {
			is[i] = true
		}
	}
	visits := make([]int, len(r.People))
	sees := map[[2]int]bool{}
	for _, v := range plan {
		e := r.entry(v.Offers)
		o := r.Offers[e]
		for _, i := range v.People {
			visits[i] += len(v.Offers)
			for _, theme := range o.Themes {
				sees[[2]int{r.People[i].Team, theme}] = true
			}
			if (g == TravelLimit || g == StepFreeWays) && r.ReturnMinutes[i][e] < 0 {
				is[i] = true
			}
		}
		switch {
		case g == VisitDays,
			g == MaxGroup && len(v.People) > o.Max-r.MentorSeats,
			g == MinGroup && len(v.People) < o.Min,
			g == HostWindows && slices.Contains(c.Days, OfferDay{e, v.Day}),
			g == HeldPins && slices.ContainsFunc(c.Pins, func(k int) bool { return r.Pins[k].Offer == e }):
			all(v.People)
		}
	}
	for i, person := range r.People {
		switch g {
		case AtLeast:
			is[i] = visits[i] < c.From
		case AllThemes:
			is[i] = slices.ContainsFunc(r.TeamThemes[person.Team], func(theme int) bool { return !sees[[2]int{person.Team, theme}] })
		}
	}
	for _, a := range c.Away {
		is[a.Person] = true
	}
	for _, k := range c.Pins {
		all(r.Pins[k].People)
	}
	touched := []int{}
	for i, yes := range is {
		if yes {
			touched = append(touched, i)
		}
	}
	return touched
}
