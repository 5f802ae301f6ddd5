package check

import (
	"fmt"
	"slices"
)

// subject is what can be left out; the parts that its kind does not have are -1.
type subject struct {
	kind                                    string
	offer, person, cohort, day, team, theme int
}

func (s subject) String() string {
	switch s.kind {
	case "OFFER":
		return fmt.Sprintf("offer %d", s.offer)
	case "DAY":
		return fmt.Sprintf("day %d of cohort %d", s.day, s.cohort)
	case "PERSON_DAY":
		return fmt.Sprintf("person %d on day %d", s.person, s.day)
	}
	return fmt.Sprintf("theme %d of team %d", s.theme, s.team)
}

// reasons wants one true reason for each thing left out, and for nothing else.
func (j *judge) reasons(plan *planFile) error {
	missing := map[subject]bool{}
	for _, s := range j.leftOut() {
		missing[s] = true
	}
	for i, l := range plan.Left {
		path := fmt.Sprintf("left[%d]", i)
		part := func(v *int) int {
			if v == nil {
				return -1
			}
			return *v
		}
		s := subject{l.Subject.Kind, part(l.Subject.Offer), part(l.Subject.Person), part(l.Subject.Cohort), part(l.Subject.Day), part(l.Subject.Team), part(l.Subject.Theme)}
		if !missing[s] {
			return fmt.Errorf("%s.subject: %v is not left out, or is there twice", path, s)
		}
		delete(missing, s)
		var err error
		switch s.kind {
		case "OFFER":
			err = j.offer(s, l)
		case "DAY":
			err = j.day(s, l)
		case "PERSON_DAY":
			err = j.personDay(s, l)
		default:
			err = j.theme(s, l)
		}
		if err != nil {
			return fmt.Errorf("%s, %v, %s: %w", path, s, l.Reason, err)
		}
	}
	for _, s := range j.leftOut() {
		if missing[s] {
			return fmt.Errorf("left: nothing is said of %v", s)
		}
	}
	return nil
}

// leftOut lists all that a reason is owed for.
func (j *judge) leftOut() (all []subject) {
	used, on := map[int]bool{}, map[[2]int]bool{} // single offers; cohort and day
	placed := map[[2]int]bool{}                   // person and day
	for _, v := range j.visits {
		on[[2]int{v.Cohort, v.Day}] = true
		for _, o := range v.Offers {
			used[o] = true
		}
		for _, person := range v.People {
			placed[[2]int{person, v.Day}] = true
		}
	}
	for o, offer := range j.p.Offers {
		if len(offer.PairOf) == 0 && !used[o] {
			all = append(all, subject{"OFFER", o, -1, -1, -1, -1, -1})
		}
	}
	for c, people := range j.inCohort {
		if len(people) == 0 {
			continue
		}
		for d := range j.p.WorkingDays {
			if !on[[2]int{c, d}] {
				all = append(all, subject{"DAY", -1, -1, c, d, -1, -1})
				continue
			}
			for _, person := range people {
				if !placed[[2]int{person, d}] {
					all = append(all, subject{"PERSON_DAY", -1, person, -1, d, -1, -1})
				}
			}
		}
	}
	for team, themes := range j.p.TeamThemes {
		for _, theme := range themes {
			if j.shown[[2]int{team, theme}] == 0 {
				all = append(all, subject{"THEME", -1, -1, -1, -1, team, theme})
			}
		}
	}
	return all
}

// must says that only one reason is true.
func must(l left, reason string) error {
	if l.Reason != reason {
		return fmt.Errorf("the reason is %s", reason)
	}
	return nil
}

func (j *judge) offer(s subject, l left) error {
	p, offer := j.p, j.p.Offers[s.offer]
	if offer.Excluded != nil {
		if l.Facts.Exclusion == nil || *l.Facts.Exclusion != *offer.Excluded {
			return orElse(must(l, "EXCLUDED"), "the exclusion is not the problem's")
		}
		return must(l, "EXCLUDED")
	}
	if len(offer.Days) == 0 {
		if !slices.Equal(l.Facts.Days, offer.Offered) {
			return orElse(must(l, "NO_DAY_LEFT"), "the days are not those offered")
		}
		return must(l, "NO_DAY_LEFT")
	}
	type place struct{ cohort, day, entry int }
	var pinnedAway, open []place
	for e, entry := range p.Offers {
		if !slices.Contains(j.parts(e), s.offer) || j.out(e) {
			continue
		}
		for c := range j.inCohort {
			for _, d := range entry.Days {
				switch {
				case !j.enough(c, e, d):
				case j.pinsKeepOut(c, e, d):
					pinnedAway = append(pinnedAway, place{c, d, e})
				default:
					open = append(open, place{c, d, e})
				}
			}
		}
	}
	switch {
	case len(open) > 0:
		return j.asked(s, l.Reason, l.Facts)
	case len(pinnedAway) > 0:
		if err := must(l, "DAYS_PINNED_AWAY"); err != nil {
			return err
		}
		for _, at := range pinnedAway {
			if !slices.ContainsFunc(l.Facts.HeldBy, func(h held) bool {
				return h.Cohort == at.cohort && h.Day == at.day && h.Pinned && j.pinned(h, at.entry)
			}) {
				return fmt.Errorf("nothing true is said of day %d", at.day)
			}
		}
		return nil
	}
	if err := must(l, "TOO_FEW_CAN_GO"); err != nil {
		return err
	}
	for e, entry := range p.Offers {
		if !slices.Contains(j.parts(e), s.offer) || j.out(e) || len(entry.Days) == 0 || len(p.People) == 0 {
			continue
		}
		best := 0
		for c := range j.inCohort {
			for _, d := range entry.Days {
				best = max(best, j.able[e][[2]int{c, d}])
			}
		}
		if !slices.ContainsFunc(l.Facts.Counts, func(n count) bool { return n.Offer == e && n.WithinLimit == best }) {
			return fmt.Errorf("the best day of offer %d is not among the counts", e)
		}
	}
	return j.counts(l.Facts.Counts)
}

// orElse keeps the first fault.
func orElse(err error, otherwise string) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("%s", otherwise)
}

// pinsKeepOut says whether pins alone keep the entry from the day.
func (j *judge) pinsKeepOut(cohort, e, d int) bool {
	spent := map[int]bool{}
	same := false
	for _, pin := range j.p.Pins {
		if pin.Offer != e && slices.ContainsFunc(j.parts(pin.Offer), func(o int) bool { return slices.Contains(j.parts(e), o) }) {
			return true
		}
		if pin.Cohort != cohort {
			continue
		}
		spent[pin.Day] = true
		if j.p.FortnightOfDay[pin.Day] == j.p.FortnightOfDay[d] {
			if pin.Day != d {
				return true
			}
			same = true
		}
	}
	return !same && len(spent) >= j.p.VisitDaysMax
}

// pinned checks one such claim.
func (j *judge) pinned(h held, e int) bool {
	days := map[int]bool{}
	for _, pin := range j.p.Pins {
		if h.Offer != nil && pin.Day == h.HeldBy && pin.Offer != e && slices.Contains(j.parts(pin.Offer), *h.Offer) && slices.Contains(j.parts(e), *h.Offer) {
			return true
		}
		if pin.Cohort != h.Cohort {
			continue
		}
		days[pin.Day] = true
		if h.Offer == nil && pin.Day == h.HeldBy && pin.Day != h.Day && j.p.FortnightOfDay[pin.Day] == j.p.FortnightOfDay[h.Day] {
			return true
		}
	}
	return h.Offer == nil && h.HeldBy == -1 && len(days) >= j.p.VisitDaysMax
}

func (j *judge) counts(list []count) error {
	for _, n := range list {
		if n.Offer < 0 || n.Offer >= len(j.p.Offers) || n.Cohort < 0 || n.Cohort >= j.cohorts {
			return fmt.Errorf("a count of no offer or cohort")
		}
		is := count{Offer: n.Offer, Day: n.Day, Cohort: n.Cohort, Min: j.p.Offers[n.Offer].Min}
		for _, person := range j.inCohort[n.Cohort] {
			if j.away[person][n.Day] {
				continue
			}
			is.Free++
			if j.p.People[person].StepFree && !j.p.Offers[n.Offer].StepFree {
				continue
			}
			is.StepFree++
			if j.p.ReturnMinutes[person][n.Offer] >= 0 {
				is.WithinLimit++
			}
		}
		if n != is {
			return fmt.Errorf("counts: says %+v, is %+v", n, is)
		}
		if !slices.Contains(j.p.Offers[n.Offer].Days, n.Day) {
			return fmt.Errorf("counts: day %d is none of offer %d", n.Day, n.Offer)
		}
	}
	return nil
}

func (j *judge) day(s subject, l left) error {
	p := j.p
	var open, could []int
	for e, offer := range p.Offers {
		if !j.out(e) && slices.Contains(offer.Days, s.day) {
			open = append(open, e)
			if j.enough(s.cohort, e, s.day) {
				could = append(could, e)
			}
		}
	}
	if len(open) == 0 {
		return must(l, "NO_OFFER")
	}
	if len(could) == 0 {
		if err := must(l, "TOO_FEW_ANYWHERE"); err != nil {
			return err
		}
		for _, e := range open {
			if !slices.ContainsFunc(l.Facts.Counts, func(n count) bool { return n.Offer == e && n.Day == s.day && n.Cohort == s.cohort }) {
				return fmt.Errorf("offer %d is not counted", e)
			}
		}
		return j.counts(l.Facts.Counts)
	}
	fortnight := p.FortnightOfDay[s.day]
	var days, pinnedDays []int
	taken, pinnedHere := -1, -1
	for _, v := range j.visits {
		if v.Cohort == s.cohort && !slices.Contains(days, v.Day) {
			days = append(days, v.Day)
			if p.FortnightOfDay[v.Day] == fortnight {
				taken = v.Day
			}
		}
	}
	for _, pin := range p.Pins {
		if pin.Cohort == s.cohort && !slices.Contains(pinnedDays, pin.Day) {
			pinnedDays = append(pinnedDays, pin.Day)
			if p.FortnightOfDay[pin.Day] == fortnight {
				pinnedHere = pin.Day
			}
		}
	}
	byPins := false
	if pinnedHere >= 0 {
		if err := must(l, "FORTNIGHT_TAKEN"); err != nil {
			return err
		}
		byPins = true
	} else if len(pinnedDays) >= p.VisitDaysMax {
		if err := must(l, "DAYS_SPENT"); err != nil {
			return err
		}
		byPins = true
	}
	switch l.Reason {
	case "DOMINATED_BY":
		return j.dominated(s, l.Facts.Dominating)
	case "FORTNIGHT_TAKEN":
		if len(l.Facts.HeldBy) != 1 || taken < 0 || l.Facts.HeldBy[0] != (held{s.cohort, s.day, taken, nil, byPins}) {
			return fmt.Errorf("visit day %d holds the fortnight (-1: none)", taken)
		}
	case "DAYS_SPENT":
		if taken >= 0 || len(days) < p.VisitDaysMax || l.Facts.VisitDaysMax != p.VisitDaysMax {
			return fmt.Errorf("%d of %d visit days are spent", len(days), p.VisitDaysMax)
		}
		if len(l.Facts.HeldBy) != len(days) {
			return fmt.Errorf("heldBy has %d of %d visit days", len(l.Facts.HeldBy), len(days))
		}
		for _, h := range l.Facts.HeldBy {
			if h.Cohort != s.cohort || !slices.Contains(days, h.HeldBy) || h.Pinned != slices.Contains(pinnedDays, h.HeldBy) {
				return fmt.Errorf("day %d is not spent so", h.HeldBy)
			}
		}
	case "OFFERS_USED_ELSEWHERE":
		for _, e := range could {
			if !slices.ContainsFunc(l.Facts.HeldBy, func(h held) bool {
				return h.Offer != nil && slices.Contains(j.parts(e), *h.Offer)
			}) {
				return fmt.Errorf("of offer %d nothing is said", e)
			}
		}
		for _, h := range l.Facts.HeldBy {
			if h.Offer == nil || !slices.ContainsFunc(j.visits, func(v visit) bool {
				return v.Day == h.HeldBy && slices.Contains(v.Offers, *h.Offer) && (v.Day != s.day || v.Cohort != s.cohort)
			}) {
				return fmt.Errorf("an offer is not used on day %d", h.HeldBy)
			}
		}
	default:
		return j.asked(s, l.Reason, l.Facts)
	}
	if byPins {
		if l.Facts.Swap != "" {
			return fmt.Errorf("pins leave no swap to ask for")
		}
		return nil
	}
	return j.asked(s, l.Facts.Swap, l.Facts)
}

func (j *judge) dominated(s subject, by *int) error {
	if by == nil || *by < 0 || *by >= j.p.WorkingDays || *by == s.day || j.p.FortnightOfDay[*by] != j.p.FortnightOfDay[s.day] {
		return fmt.Errorf("no other day of the fortnight is named")
	}
	for e, offer := range j.p.Offers {
		if !j.out(e) && slices.Contains(offer.Days, s.day) && !slices.Contains(offer.Days, *by) {
			return fmt.Errorf("day %d does not have offer %d", *by, e)
		}
	}
	for _, person := range j.inCohort[s.cohort] {
		if j.away[person][*by] && !j.away[person][s.day] {
			return fmt.Errorf("person %d is away on day %d", person, *by)
		}
	}
	return nil
}

func (j *judge) personDay(s subject, l left) error {
	p := j.p
	if j.away[s.person][s.day] {
		return must(l, "AWAY")
	}
	cohort := p.People[s.person].Cohort
	var entries, groups []int
	leastKnown, steps, room := 0, false, false
	for i, v := range j.visits {
		if v.Cohort != cohort || v.Day != s.day {
			continue
		}
		e := j.entry(v.Offers)
		entries = append(entries, e)
		switch m := p.ReturnMinutes[s.person][e]; {
		case m >= 0:
			groups = append(groups, i)
			room = room || !j.fixed(v) && len(v.People) < p.Offers[e].Max-p.MentorSeats
		case p.People[s.person].StepFree && !p.Offers[e].StepFree:
			steps = true
		case m < -1 && (leastKnown == 0 || -m < leastKnown):
			leastKnown = -m
		}
	}
	slices.Sort(entries)
	if len(groups) == 0 {
		reason := "TOO_FAR"
		if steps {
			reason = "NOT_STEP_FREE"
		}
		if err := must(l, reason); err != nil {
			return err
		}
		if !slices.Equal(l.Facts.Offers, entries) {
			return fmt.Errorf("the offers of the day are %v", entries)
		}
		if steps {
			return nil
		}
		if l.Facts.LeastMinutes != leastKnown || l.Facts.LimitMinutes != p.DoorToDoorLimitMinutes {
			return fmt.Errorf("the least is %d minutes there and back (0: not known), the limit %d one way", leastKnown, p.DoorToDoorLimitMinutes)
		}
		return nil
	}
	if l.Reason != "SEATS_GONE" {
		return j.asked(s, l.Reason, l.Facts)
	}
	if room {
		return fmt.Errorf("a group that they could join has a seat free")
	}
	if !slices.Equal(l.Facts.Groups, groups) {
		return fmt.Errorf("the groups that they could join are %v", groups)
	}
	told := map[int]swap{}
	for _, sw := range l.Facts.Swaps {
		told[sw.Person] = sw
	}
	members := 0
	for _, i := range groups {
		for _, other := range j.visits[i].People {
			members++
			is := swap{Person: other, Pinned: j.fixed(j.visits[i])}
			is.Short = !is.Pinned && j.seen[other]-len(j.visits[i].Offers) < j.p.EveryoneAtLeast
			if !is.Pinned && !is.Short {
				is.Level, is.Loss = against(j.swapped(s.person, other, j.visits[i]), j.score)
				if is.Loss <= 0 {
					return fmt.Errorf("in the place of person %d they would do no harm", other)
				}
			}
			if told[other] != is {
				return fmt.Errorf("for the place of person %d: says %+v, is %+v", other, told[other], is)
			}
		}
	}
	if len(l.Facts.Swaps) != members {
		return fmt.Errorf("%d swaps where there are %d members", len(l.Facts.Swaps), members)
	}
	return nil
}

// fixed says whether a pin names the group.
func (j *judge) fixed(v visit) bool {
	for _, pin := range j.p.Pins {
		if pin.Offer == j.entry(v.Offers) && len(pin.People) > 0 {
			return true
		}
	}
	return false
}

// swapped scores the plan with one person in the place of another.
func (j *judge) swapped(in, out int, v visit) figures {
	p, f, e := j.p, j.score, j.entry(v.Offers)
	f.Minutes += p.ReturnMinutes[in][e] - p.ReturnMinutes[out][e]
	f.Grams += p.GramsCO2e[in][e] - p.GramsCO2e[out][e]
	change := map[int]int{}
	for _, c := range []struct{ person, visits int }{{in, len(v.Offers)}, {out, -len(v.Offers)}} {
		before := max(0, j.attain[c.person]-j.seen[c.person])
		after := max(0, j.attain[c.person]-j.seen[c.person]-c.visits)
		change[before]--
		change[after]++
		f.SquaredShortfall += after*after - before*before
		f.MaxShortfall = max(f.MaxShortfall, after)
	}
	for f.MaxShortfall > 0 && j.lacks[f.MaxShortfall]+change[f.MaxShortfall] == 0 {
		f.MaxShortfall--
	}
	came, went := p.People[in].Team, p.People[out].Team
	if came == went {
		return f
	}
	for _, theme := range p.Offers[e].Themes {
		if slices.Contains(p.TeamThemes[came], theme) && j.shown[[2]int{came, theme}] == 0 {
			f.Uncovered--
		}
		if slices.Contains(p.TeamThemes[went], theme) && j.shown[[2]int{went, theme}] == 1 {
			f.Uncovered++
		}
	}
	return f
}

func (j *judge) theme(s subject, l left) error {
	var shown []int
	can := false
	for e, offer := range j.p.Offers {
		if !slices.Contains(offer.Themes, s.theme) {
			continue
		}
		shown = append(shown, e)
		for _, person := range j.inTeam[s.team] {
			can = can || len(j.openTo(person, e)) > 0
		}
	}
	if len(shown) == 0 {
		return must(l, "NO_OFFER_WITH_THEME")
	}
	if !can {
		if !slices.Equal(l.Facts.Offers, shown) || !slices.Equal(l.Facts.Members, j.inTeam[s.team]) {
			return orElse(must(l, "NOBODY_CAN_GO"), "offers or members are not all there are")
		}
		return must(l, "NOBODY_CAN_GO")
	}
	return j.asked(s, l.Reason, l.Facts)
}

// asked checks what only a plan with the thing in can settle: the witness must be a plan of this problem, have the
// thing in, score what it says, and then decide between a tie and the undecided.
func (j *judge) asked(s subject, reason string, f facts) error {
	if reason != "WOULD_COST" && reason != "EQUAL_ALTERNATIVE" && reason != "NOT_DECIDED" {
		return fmt.Errorf("%q is not a reason that holds here", reason)
	}
	if err := j.forced(s, reason, f); err != nil {
		return err
	}
	w := f.Witness
	if w == nil {
		if reason == "EQUAL_ALTERNATIVE" {
			return fmt.Errorf("a tie without a witness")
		}
		return nil
	}
	var visits []visit
	for i, v := range j.visits {
		if !slices.Contains(w.Without, i) {
			visits = append(visits, v)
		}
	}
	for k, i := range w.Without {
		if i < 0 || i >= len(j.visits) || k > 0 && w.Without[k-1] >= i {
			return fmt.Errorf("witness.without[%d]: %d", k, i)
		}
	}
	visits = append(visits, w.With...)
	if err := j.rules("witness", visits); err != nil {
		return err
	}
	if err := j.granted("witness", visits, 0); err != nil {
		return err
	}
	score, _, shown := j.scoreOf(visits)
	if err := same("witness.score", w.Score, score); err != nil {
		return err
	}
	in := shown[[2]int{s.team, s.theme}] > 0
	for _, v := range visits {
		switch s.kind {
		case "OFFER":
			in = in || slices.Contains(v.Offers, s.offer)
		case "DAY":
			in = in || v.Cohort == s.cohort && v.Day == s.day
		case "PERSON_DAY":
			in = in || v.Day == s.day && slices.Contains(v.People, s.person)
		}
	}
	if !in {
		return fmt.Errorf("the witness does not have it in")
	}
	if tie := score == j.score; tie != (reason == "EQUAL_ALTERNATIVE") {
		return fmt.Errorf("the witness ties: %v", tie)
	}
	if _, loss := against(score, j.score); loss < 0 && reason == "WOULD_COST" {
		return fmt.Errorf("the witness is better than the plan")
	}
	return nil
}
