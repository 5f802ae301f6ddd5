package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/internal/calendar"
	"tandem/internal/domain"
	"tandem/internal/visit"
)

// breaks is the hard rules that a plan breaks: by visit, and all in the order of days.
type breaks struct {
	by  map[string][]*domain.RuleBreak
	all []*domain.RuleBreak
}

// broken checks a plan. Visits that were called off break nothing.
func (s *setting) broken(p *domain.VisitPlan) *breaks { return s.check(p.Visits, p.Groups) }

func (s *setting) check(visits []*domain.Visit, groups []*domain.VisitGroup) *breaks {
	b := &breaks{by: map[string][]*domain.RuleBreak{}, all: []*domain.RuleBreak{}}
	a, at := s.layApart(visits, groups) // what binds a pair binds each of its hosts
	found := map[*domain.Visit][]*domain.RuleBreak{}
	for _, x := range visit.Check(s.problem, a) {
		if x.Visit < 0 {
			continue
		}
		if x.Rule == visit.TwoPlaces {
			if x.People = s.inTwoGroups(x.People, groups, at[x.Visit].On); len(x.People) == 0 {
				continue
			}
		}
		if r := s.breakOf(x, a[x.Visit], at[x.Visit]); r != nil {
			found[at[x.Visit]] = append(found[at[x.Visit]], r)
		}
	}
	ordered := slices.Clone(visits)
	slices.SortStableFunc(ordered, func(x, y *domain.Visit) int { return x.StartsAt.Compare(y.StartsAt) })
	for _, v := range ordered {
		if v.Stored == domain.VisitCancelled {
			continue
		}
		rules := found[v]
		if !slices.Contains(at, v) {
			rules = append(rules, s.stranger(v))
		} else if r := s.outOfHours(v); r != nil && !slices.ContainsFunc(rules, func(x *domain.RuleBreak) bool { return aboutDay(x.Rule) }) {
			rules = append(rules, r)
		}
		if r := s.tooTight(visits, v); r != nil {
			rules = append(rules, r)
		}
		for _, r := range rules {
			r.OverrideReason, r.Place = v.OverrideReason, domain.Place{Programme: s.programme.ID, Cohort: v.CohortID}
		}
		if rules != nil {
			b.by[v.ID] = rules
			b.all = append(b.all, rules...)
		}
	}
	return b
}

// inTwoGroups is those of people who are with more than one group on a day: the two hosts of one group are no two places.
func (s *setting) inTwoGroups(people []int, groups []*domain.VisitGroup, on domain.Date) []int {
	return slices.DeleteFunc(slices.Clone(people), func(i int) bool {
		n := 0
		for _, g := range groups {
			if g.On == on && slices.Contains(g.MemberIDs, s.persons[i].ID) {
				n++
			}
		}
		return n < 2
	})
}

// tooTight is what speaks against a group's second visit of a day: that there is no time to get there from the first.
func (s *setting) tooTight(visits []*domain.Visit, v *domain.Visit) *domain.RuleBreak {
	turn := together(&domain.VisitPlan{Visits: visits}, v)
	i := slices.Index(turn, v)
	if i == 0 {
		return nil
	}
	before, known := s.hostOf[turn[i-1].OfferID]
	here, also := s.hostOf[v.OfferID]
	if !known || !also {
		return nil
	}
	first, second := s.hosts[before], s.hosts[here]
	need, have := s.between(first, second), int(v.StartsAt.Sub(turn[i-1].EndsAt).Minutes())
	if have >= need {
		return nil
	}
	on := v.On
	gap := "there is " + hours(have)
	if have < 0 {
		gap = "one begins before the other ends"
	}
	return &domain.RuleBreak{Rule: domain.RuleTooTight, On: &on, Limit: &need, Actual: &have, PeopleIDs: []string{},
		Text: fmt.Sprintf("Time to get from one host of the day to the next: from %s to %s takes %s, and %s.", s.hostName(first), s.hostName(second), hours(need), gap)}
}

func aboutDay(r domain.PlanRule) bool {
	return r == domain.RuleOutsideProgramme || r == domain.RuleBlackout || r == domain.RuleBankHoliday || r == domain.RuleLeadTime || r == domain.RuleNoWindow || r == domain.RuleWindowTooShort || r == domain.RuleOfferUsed
}

// stranger is what speaks against a visit that the engine cannot hold.
func (s *setting) stranger(v *domain.Visit) *domain.RuleBreak {
	on := v.On
	return &domain.RuleBreak{Rule: domain.RuleOutsideProgramme, On: &on, PeopleIDs: []string{},
		Text: fmt.Sprintf("Within the programme's days: %s is none of its Mondays to Fridays.", on)}
}

// outOfHours is what speaks against a visit's time of day.
func (s *setting) outOfHours(v *domain.Visit) *domain.RuleBreak {
	o := s.hosts[s.hostOf[v.OfferID]]
	on := v.On
	var open []string
	for _, w := range o.Windows {
		if domain.DateOf(w.StartsAt.In(s.programme.Location())) != on {
			continue
		}
		if !v.StartsAt.Before(w.StartsAt) && !v.EndsAt.After(w.EndsAt) {
			return nil
		}
		open = append(open, s.clock(w.StartsAt)+"–"+s.clock(w.EndsAt))
	}
	if open == nil {
		return nil // the day itself is against it: the engine said so, or what is carried over holds
	}
	return &domain.RuleBreak{Rule: domain.RuleNoWindow, On: &on, PeopleIDs: []string{},
		Text: fmt.Sprintf("The host is open then: %s is open %s, and the visit would last from %s to %s.", s.hostName(o), strings.Join(open, " and "), s.clock(v.StartsAt), s.clock(v.EndsAt))}
}

func (s *setting) clock(t time.Time) string { return t.In(s.programme.Location()).Format("15:04") }

// breakOf puts a violation into words; nil for what binds the engine alone.
func (s *setting) breakOf(x visit.Violation, laid visit.Visit, v *domain.Visit) *domain.RuleBreak {
	on := v.On
	o := s.hosts[laid.Offers[0]]
	site := s.hostName(o)
	r := &domain.RuleBreak{Rule: domain.PlanRule(x.Rule), On: &on, PeopleIDs: []string{}}
	for _, i := range x.People {
		r.PeopleIDs = append(r.PeopleIDs, s.persons[i].ID)
	}
	limit, actual := x.Limit, x.Actual
	people := count(len(x.People), "person", "people")
	switch x.Rule {
	case visit.OutsideProgramme, visit.Blackout, visit.BankHoliday, visit.LeadTime, visit.WindowTooShort:
		return s.lostDay(o, *x.Lost)
	case visit.NoWindow:
		if other := s.elsewhere[o.ID]; other != nil {
			r.Rule = domain.RuleOfferUsed
			r.Text = fmt.Sprintf("An offer at most once: %s goes to %s on %s.", s.cohortName(other.CohortID), site, other.On)
			return r
		}
		if o.State == domain.OfferCancelled {
			r.Text = fmt.Sprintf("The host is open that day: %s took its offer back.", site)
			return r
		}
		r.Text = fmt.Sprintf("The host is open that day: %s offered %s, not %s.", site, s.offered(o), on)
		return r
	case visit.OfferUsed:
		r.Text = fmt.Sprintf("An offer at most once: %s is in the plan twice.", site)
	case visit.GroupTooSmall:
		r.Text = fmt.Sprintf("Not fewer people than the host takes: %s wants %d at least, and %s.", site, x.Limit, count(x.Actual, "goes", "go"))
	case visit.GroupTooLarge:
		kept := ""
		if s.rules.MentorSeats > 0 {
			kept = fmt.Sprintf(" beside %s kept free", count(s.rules.MentorSeats, "seat", "seats"))
		}
		r.Text = fmt.Sprintf("Not more people than the host takes: %s takes %d%s, and %s.", site, x.Limit, kept, count(x.Actual, "goes", "go"))
	case visit.TwoPlaces:
		limit, actual = 1, 2
		r.Text = fmt.Sprintf("In one place at a time: %s would be with two groups on %s.", people, on)
	case visit.Away:
		limit, actual = 0, len(x.People)
		r.Text = fmt.Sprintf("Nobody on a day they are away: %s away on %s.", count(len(x.People), "person is", "people are"), on)
	case visit.TooFar:
		actual = 0
		for _, i := range x.People {
			t := s.trip(s.persons[i], o)
			actual = max(actual, t.farthest())
		}
		r.Text = fmt.Sprintf("Nobody further than the limit: %s is over %s for %s.", site, hours(x.Limit), people)
	case visit.NotStepFree:
		limit, actual = 0, len(x.People)
		r.Text = fmt.Sprintf("Nobody who cannot get in: %s has steps, and %s a way in without.", site, count(len(x.People), "person needs", "people need"))
	case visit.TooClose:
		r.Text = fmt.Sprintf("One visit day a fortnight: another day of the fortnight of %s has a visit already.", on)
		if s.rules.DaysBetweenMin != nil {
			r.Text = fmt.Sprintf("Visit days %s apart at least: the one before %s is %s away.", count(x.Limit, "day", "days"), on, count(x.Actual, "day", "days"))
		}
	case visit.TooManyHosts:
		r.Text = fmt.Sprintf("Not more hosts on one day than asked: %s has %d where %s asked for.", on, x.Actual, count(x.Limit, "is", "are"))
	case visit.TooManyDays:
		r.Text = fmt.Sprintf("Not more visit days than asked: %d are asked for, and this would be number %d.", x.Limit, x.Actual)
	default:
		return nil
	}
	r.Limit, r.Actual = &limit, &actual
	return r
}

// lostDay puts the rule against an offered day into words.
func (s *setting) lostDay(o *domain.HostOffer, x visit.LostDay) *domain.RuleBreak {
	on := domain.Date(x.Date)
	r := &domain.RuleBreak{Rule: domain.PlanRule(x.Rule), On: &on, PeopleIDs: []string{}, Place: domain.Place{Programme: s.programme.ID}}
	switch x.Rule {
	case visit.OutsideProgramme:
		r.Text = fmt.Sprintf("Within the programme's days: %s is none of its Mondays to Fridays.", on)
	case visit.Blackout:
		r.Text = fmt.Sprintf("The host is closed on %s.", on)
		if slices.Contains(s.rules.LostDays, on) {
			r.Text = fmt.Sprintf("Nothing can be held on %s: that day is lost.", on)
		}
	case visit.BankHoliday:
		nation := domain.Nation(x.Nation)
		r.Holiday = &domain.BankHoliday{Date: on, Name: x.Holiday, Nation: nation}
		r.Text = fmt.Sprintf("Bank holiday in %s: %s, %s.", nation, x.Holiday, on)
	case visit.LeadTime:
		namesBy := domain.Date(x.NamesBy)
		r.NamesBy = &namesBy
		r.Text = fmt.Sprintf("Names were due %s: %s before %s.", namesBy, count(o.LeadTimeWorkingDays, "working day", "working days"), on)
	case visit.WindowTooShort:
		limit, actual := x.NeededMinutes, x.WindowMinutes
		r.Limit, r.Actual = &limit, &actual
		r.Text = fmt.Sprintf("The host is open for long enough: on %s it is open for %s, and the visit takes %s.", on, hours(x.WindowMinutes), hours(x.NeededMinutes))
	}
	return r
}

// offered is a host's days in a few words.
func (s *setting) offered(o *domain.HostOffer) string {
	days := s.openings(o)
	switch n := len(days); {
	case n == 0:
		return "no day"
	case n > 4:
		return fmt.Sprintf("%d days from %s to %s", n, days[0].on, days[n-1].on)
	}
	names := make([]string, len(days))
	for i, d := range days {
		names[i] = d.on.String()
	}
	return enumerate(names)
}

// enumerate joins words: "a", "a and b", "a, b and c".
func enumerate(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// hours is minutes as people read them: "4 h", "2 h 05".
func hours(minutes int) string {
	switch {
	case minutes < 60:
		return fmt.Sprintf("%d min", minutes)
	case minutes%60 == 0:
		return fmt.Sprintf("%d h", minutes/60)
	}
	return fmt.Sprintf("%d h %02d", minutes/60, minutes%60)
}

// Broken is the hard rules that a plan breaks, in the order of its days.
func (a *App) Broken(ctx context.Context, p *domain.VisitPlan) ([]*domain.RuleBreak, error) {
	b, err := a.breaksOf(ctx, p)
	if err != nil {
		return nil, err
	}
	return b.all, nil
}

// BrokenBy is the hard rules that a visit breaks.
func (a *App) BrokenBy(ctx context.Context, v *domain.Visit) ([]*domain.RuleBreak, error) {
	p, err := ref[domain.VisitPlan](ctx, a, v.PlanID)
	if err != nil {
		return nil, err
	}
	b, err := a.breaksOf(ctx, p)
	if err != nil {
		return nil, err
	}
	return present(b.by[v.ID]), nil
}

func (a *App) breaksOf(ctx context.Context, p *domain.VisitPlan) (*breaks, error) {
	return once(ctx, a.view(ctx), fmt.Sprintf("broken of %s at %d", p.ID, p.Version), func(ctx context.Context) (*breaks, error) {
		s, err := a.settingOf(ctx, p)
		if err != nil {
			return nil, err
		}
		return s.broken(p), nil
	})
}

// BrokenPeople is whom a broken rule concerns; nil for those who may not see it.
func (a *App) BrokenPeople(ctx context.Context, r *domain.RuleBreak) ([]*domain.Enrolment, error) {
	if !may(ctx, domain.SeePlans, r.Place) {
		return nil, nil
	}
	return a.EnrolmentsNamed(ctx, r.PeopleIDs)
}

// nationsOf is the nations whose bank holidays count for a visit's deadlines: the site's and the office's.
func (s *setting) nationsOf(o *domain.HostOffer) []domain.Nation {
	site := s.nationOf(o)
	if site == s.programme.OfficeNation {
		return []domain.Nation{site}
	}
	return []domain.Nation{site, s.programme.OfficeNation}
}

// before is the nth working day before a visit, by its nations.
func (s *setting) before(o *domain.HostOffer, on domain.Date, n int) domain.Date {
	return calendar.Back(on, n, s.nationsOf(o)...)
}
