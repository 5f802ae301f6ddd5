package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/visit"
)

// Left is a page of everything that a plan leaves out, each with its reason. Person-days are there for coordinators, and
// their own for others.
func (a *App) Left(ctx context.Context, p *domain.VisitPlan, f *domain.LeftOutFilter, pg domain.Page) (*domain.Paged[domain.LeftOut], error) {
	left, err := a.leftOf(ctx, p)
	if err != nil {
		return nil, err
	}
	filter := domain.LeftOutFilter{}
	if f != nil {
		filter = *f
	}
	everyone := may(ctx, domain.SeePlans, p.Place())
	var found []*domain.LeftOut
	for _, l := range left {
		if d, ok := l.Subject.(*domain.PersonDay); ok && !everyone {
			e, err := ref[domain.Enrolment](ctx, a, d.EnrolmentID)
			if err != nil {
				return nil, err
			}
			if e.PersonID != actor(ctx).PersonID {
				continue
			}
		}
		about, err := a.isAbout(ctx, l, filter)
		if err != nil {
			return nil, err
		}
		if about {
			found = append(found, a.shown(ctx, p, l))
		}
	}
	return domain.Slice("left", found, func(l *domain.LeftOut) string { return l.Key }, pg)
}

// wantNamed says that the teams, themes and people of a setting may be asked for.
func (a *App) wantNamed(ctx context.Context, s *setting) {
	v := a.view(ctx)
	for _, t := range s.groups {
		if t != nil {
			nouns[domain.Team](v).want(t.ID)
		}
	}
	nouns[domain.Theme](v).want(idsOf(s.themes)...)
}

// shown is something left out without the visits of other cohorts that the asker may not see.
func (a *App) shown(ctx context.Context, p *domain.VisitPlan, l *domain.LeftOut) *domain.LeftOut {
	r, ok := l.Reason.(*domain.HeldReason)
	hidden := func(v *domain.Visit) bool {
		return v.CohortID != p.CohortID && !may(ctx, domain.SeeReleased, v.Place())
	}
	if !ok || !slices.ContainsFunc(r.HeldBy, hidden) {
		return l
	}
	seen := *r
	seen.HeldBy = slices.DeleteFunc(slices.Clone(r.HeldBy), hidden)
	return &domain.LeftOut{Key: l.Key, Subject: l.Subject, Reason: &seen}
}

// isAbout reports whether something left out passes a filter.
func (a *App) isAbout(ctx context.Context, l *domain.LeftOut, f domain.LeftOutFilter) (bool, error) {
	var kind domain.LeftOutKind
	var ids []string
	var on domain.Date
	switch x := l.Subject.(type) {
	case *domain.HostOffer:
		kind, ids = domain.LeftOffer, []string{x.ID}
	case *domain.PlanDay:
		kind, on = domain.LeftDay, x.On
	case *domain.TeamTheme:
		kind, ids = domain.LeftTheme, []string{x.TeamID}
	case *domain.PersonDay:
		kind, on = domain.LeftPersonDay, x.On
		if f.AboutID != nil {
			e, err := ref[domain.Enrolment](ctx, a, x.EnrolmentID)
			if err != nil {
				return false, err
			}
			ids = []string{e.ID, e.PersonID}
		}
	}
	return (f.Kinds == nil || slices.Contains(f.Kinds, kind)) &&
		(f.Reasons == nil || slices.Contains(f.Reasons, l.Reason.Why().Code)) &&
		(f.AboutID == nil || slices.Contains(ids, *f.AboutID)) &&
		(f.On == nil || on == *f.On), nil
}

func (a *App) leftOf(ctx context.Context, p *domain.VisitPlan) ([]*domain.LeftOut, error) {
	return once(ctx, a.view(ctx), fmt.Sprintf("left of %s at %d", p.ID, p.Version), func(ctx context.Context) ([]*domain.LeftOut, error) {
		x, err := a.explaining(ctx, p)
		if err != nil {
			return nil, err
		}
		a.wantNamed(ctx, x.setting)
		found, whole, err := a.reasonsOf(ctx, x)
		if err != nil {
			return nil, err
		}
		return x.left(found, whole)
	})
}

// explaining is a plan as the engine is asked why things are left out of it. What breaks a hard rule has no place in the
// engine's reasons: they are those of the plan without it, and say nothing of what it holds.
type explaining struct {
	*setting
	plan    *domain.VisitPlan
	problem visit.Problem
	whole   visit.Assignment
	sound   visit.Assignment
	at      []*domain.Visit // behind each of sound
}

func (a *App) explaining(ctx context.Context, p *domain.VisitPlan) (*explaining, error) {
	s, err := a.settingOf(ctx, p)
	if err != nil {
		return nil, err
	}
	over := a.isOver
	if p.ReleasedAt != nil { // the reasons of a plan in force are those for which it was released
		over = func(v *domain.Visit) bool { return v.EndsAt.Before(*p.ReleasedAt) }
	}
	x := &explaining{setting: s, plan: p, problem: s.asking(p, over)}
	var at []*domain.Visit
	x.whole, at = s.lay(p.Visits, p.Groups)
	x.sound, x.at = sound(x.problem, x.whole, at)
	return x, nil
}

// left puts what the engine found into words; whole says that nothing more is being found out.
func (x *explaining) left(found []visit.Left, whole bool) ([]*domain.LeftOut, error) {
	score, err := visit.ScoreOf(x.problem, x.sound)
	if err != nil {
		return nil, err
	}
	w := words{x.setting, x.plan, x.sound, x.at, score, whole}
	out := []*domain.LeftOut{}
	for _, l := range found {
		if holds(x.whole, l.Subject) {
			continue
		}
		if left := w.leftOut(l); left != nil {
			out = append(out, left)
		}
	}
	return out, nil
}

// sound takes what breaks a rule out of an assignment: the people whom the rule is about, else the visit.
func sound(q visit.Problem, a visit.Assignment, at []*domain.Visit) (visit.Assignment, []*domain.Visit) {
	a, at = slices.Clone(a), slices.Clone(at)
	for {
		broken := slices.DeleteFunc(visit.Check(q, a), func(x visit.Violation) bool { return x.Visit < 0 })
		if len(broken) == 0 {
			return a, at
		}
		x := broken[0]
		v := a[x.Visit]
		v.People = slices.DeleteFunc(slices.Clone(v.People), func(i int) bool { return slices.Contains(x.People, i) })
		if len(x.People) > 0 && len(v.People) < len(a[x.Visit].People) {
			a[x.Visit] = v
			continue
		}
		a, at = slices.Delete(a, x.Visit, x.Visit+1), slices.Delete(at, x.Visit, x.Visit+1)
	}
}

// holds reports whether an assignment has what reasons were given for leaving out.
func holds(a visit.Assignment, s visit.Subject) bool {
	return slices.ContainsFunc(a, func(v visit.Visit) bool {
		switch s.Kind {
		case visit.KindOffer:
			return slices.Contains(v.Offers, *s.Offer)
		case visit.KindDay:
			return v.Day == *s.Day && v.Cohort == *s.Cohort
		case visit.KindPersonDay:
			return v.Day == *s.Day && slices.Contains(v.People, *s.Person)
		}
		return false
	})
}

// words puts the engine's reasons into words.
type words struct {
	*setting
	plan  *domain.VisitPlan
	laid  visit.Assignment
	at    []*domain.Visit
	score visit.Score
	whole bool // nothing more is being found out
}

func (w words) day(d int) domain.Date { return w.days[d] }

func because(code visit.Reason, text, remedy string) domain.Because {
	b := domain.Because{Text: text, Code: domain.ReasonCode(code)}
	if remedy != "" {
		b.Remedy = &remedy
	}
	return b
}

// leftOut names what was left out and why; nil where the contract has no word for it.
func (w words) leftOut(l visit.Left) *domain.LeftOut {
	x := l.Subject
	switch x.Kind {
	case visit.KindOffer:
		o := w.hosts[*x.Offer]
		return &domain.LeftOut{Key: "OFFER " + o.ID, Subject: o, Reason: w.offer(o, l)}
	case visit.KindPersonDay:
		d := &domain.PersonDay{EnrolmentID: w.persons[*x.Person].ID, On: w.day(*x.Day)}
		return &domain.LeftOut{Key: fmt.Sprintf("PERSON_DAY %s %s", d.On, d.EnrolmentID), Subject: d, Reason: w.personDay(d, l)}
	case visit.KindDay:
		d := &domain.PlanDay{On: w.day(*x.Day)}
		return &domain.LeftOut{Key: "DAY " + string(d.On), Subject: d, Reason: w.planDay(d, l)}
	case visit.KindTheme:
		team := w.groups[*x.Team]
		if team == nil {
			return nil
		}
		t := &domain.TeamTheme{TeamID: team.ID, ThemeID: w.themes[*x.Theme].ID}
		return &domain.LeftOut{Key: "THEME " + t.TeamID + " " + t.ThemeID, Subject: t, Reason: w.theme(team, w.themes[*x.Theme], l)}
	}
	return nil
}

func (w words) offer(o *domain.HostOffer, l visit.Left) domain.Reason {
	if other := w.elsewhere[o.ID]; other != nil {
		return &domain.HeldReason{Because: because(visit.DaysPinnedAway, fmt.Sprintf("%s goes there on %s.", w.cohortName(other.CohortID), other.On),
			"Ask the host for a second group."), HeldBy: []*domain.Visit{other}}
	}
	switch l.Reason {
	case visit.NoDayLeft:
		r := &domain.DaysReason{Days: []*domain.RuleBreak{}}
		counts := map[visit.Rule]int{}
		for _, d := range l.Facts.Days {
			r.Days = append(r.Days, w.lostDay(o, d))
			counts[d.Rule]++
		}
		r.Because = because(l.Reason, noDayLeft(r.Days, counts), askFor(counts))
		return r
	case visit.TooFewCanGo:
		return w.counts(l, "On its best day, %s, %d of the %d people that it wants could go.", "Ask it to take fewer, or raise the limit of "+hours(w.rules.OneWayMinutesMax)+" one way.")
	case visit.DaysPinnedAway:
		held := w.held(l.Facts.HeldBy)
		text := "Its days fall into fortnights that pinned or confirmed visits hold"
		if w.rules.DaysBetweenMin != nil {
			text = "Its days are too near those of pinned or confirmed visits"
		}
		return &domain.HeldReason{Because: because(l.Reason, text+onDays(held)+".", "Let one of those visits go, or ask for another day."), HeldBy: held}
	case visit.ExcludedOffer:
		if o.MaxGroup-w.rules.MentorSeats < o.MinGroup { // nobody did it: the seats asked for do
			x := &domain.Exclusion{OfferID: o.ID, Reason: seatsGone(o, w.rules.MentorSeats), At: w.plan.UpdatedAt()}
			return &domain.ExcludedReason{Because: because(l.Reason, x.Reason, "Keep fewer seats free, or ask the host for a larger group."), Exclusion: x}
		}
		for _, x := range w.plan.Rules.Exclusions {
			if x.OfferID == o.ID {
				return &domain.ExcludedReason{Because: because(l.Reason, fmt.Sprintf("Somebody took it out on %s: %s", domain.DateOf(x.At.In(w.programme.Location())), sentence(x.Reason)), "Let it in again."), Exclusion: x}
			}
		}
	}
	return w.cost(l, "it")
}

// sentence ends a person's words with a full stop.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s != "" && !strings.ContainsAny(s[len(s)-1:], ".!?") {
		s += "."
	}
	return s
}

func noDayLeft(days []*domain.RuleBreak, counts map[visit.Rule]int) string {
	switch len(days) {
	case 0:
		return "It names no day."
	case 1:
		return "Its only day is gone. " + days[0].Text
	}
	var parts []string
	for _, rule := range []struct {
		rule      visit.Rule
		one, many string
	}{
		{visit.OutsideProgramme, "is outside the programme's days", "are outside the programme's days"}, {visit.Blackout, "is closed or lost", "are closed or lost"},
		{visit.BankHoliday, "is a bank holiday there", "are bank holidays there"}, {visit.LeadTime, "needed names before today", "needed names before today"},
		{visit.WindowTooShort, "is open for too short a time", "are open for too short a time"},
	} {
		if n := counts[rule.rule]; n > 0 {
			parts = append(parts, count(n, rule.one, rule.many))
		}
	}
	return fmt.Sprintf("None of its %d days is left: %s.", len(days), enumerate(parts))
}

func askFor(counts map[visit.Rule]int) string {
	switch {
	case counts[visit.LeadTime] > 0:
		return "Ask the host for a later day, or to take names later."
	case counts[visit.WindowTooShort] > 0:
		return "Ask the host to open for longer, or for a shorter visit."
	case counts[visit.Blackout] > 0 || counts[visit.BankHoliday] > 0:
		return "Ask the host for another day."
	}
	return "Ask the host for a weekday of the programme."
}

func (w words) counts(l visit.Left, text, remedy string) domain.Reason {
	r := &domain.CountReason{Counts: []*domain.OfferCount{}}
	best := visit.Count{WithinLimit: -1}
	for _, c := range l.Facts.Counts {
		if c.Offer >= len(w.hosts) { // whoever could go to a pair could go to each of its hosts
			continue
		}
		r.Counts = append(r.Counts, &domain.OfferCount{OfferID: w.hosts[c.Offer].ID, On: w.day(c.Day), Free: c.Free, StepFree: c.StepFree, WithinLimit: c.WithinLimit, MinGroup: c.Min})
		if c.WithinLimit > best.WithinLimit {
			best = c
		}
	}
	if len(r.Counts) > 0 {
		text = fmt.Sprintf(text, w.day(best.Day), best.WithinLimit, best.Min)
	} else {
		text = "Too few people could go on any of its days."
	}
	r.Because = because(l.Reason, text, remedy)
	return r
}

// held is the visits that hold places.
func (w words) held(places []visit.Held) []*domain.Visit {
	out := []*domain.Visit{}
	for _, h := range places {
		for i, v := range w.laid {
			if v.Cohort != h.Cohort || h.HeldBy >= 0 && v.Day != h.HeldBy {
				continue
			}
			for _, x := range together(w.plan, w.at[i]) {
				if (h.Offer == nil || w.hosts[*h.Offer].ID == x.OfferID) && !slices.Contains(out, x) {
					out = append(out, x)
				}
			}
		}
	}
	return out
}

func onDays(visits []*domain.Visit) string {
	var days []string
	for _, v := range visits {
		if d := v.On.String(); !slices.Contains(days, d) {
			days = append(days, d)
		}
	}
	if days == nil {
		return ""
	}
	return ": " + enumerate(days)
}

// cost is WOULD_COST, EQUAL_ALTERNATIVE or NOT_DECIDED. What is not proved is never called worse.
func (w words) cost(l visit.Left, it string) *domain.CostReason {
	f := l.Facts
	r := &domain.CostReason{Work: f.Work, Witness: w.witness(f.Witness)}
	if f.Bound != nil {
		bound := scoreOf(*f.Bound)
		r.Bound = boundOf(w.rules.Levels(), scoreOf(w.score), &bound)
		if f.Witness != nil {
			r.Bound = boundOf(w.rules.Levels(), r.Witness.Score, &bound)
		}
	}
	known := visit.Level(0)
	more := 0
	if f.Witness != nil {
		known, more = w.problem.Order().Against(f.Witness.Score, w.score)
	}
	switch {
	case l.Reason == visit.WouldCost && f.Level == visit.LevelUncovered && w.score.Uncovered+f.Loss > w.pairs():
		r.Bound = nil
		r.Because = because(l.Reason, "No plan has room for "+it+": whatever else moves, some rule breaks.", "Let go of a pin, or ask hosts for more days or larger groups.")
	case l.Reason == visit.WouldCost:
		r.Level, r.LeastLoss = &domain.Levels[f.Level-1], &f.Loss
		text := fmt.Sprintf("Putting %s in costs at least %s", it, unit(f.Level, f.Loss))
		switch {
		case f.Witness == nil:
			text += ", proved; no plan with it in was found yet."
		case known == f.Level && more == f.Loss:
			text = fmt.Sprintf("Putting %s in costs %s: proved, and a plan that costs just that is known.", it, unit(f.Level, f.Loss))
		default:
			text += fmt.Sprintf(", proved; the best plan known that has it costs %s.", unit(known, more))
		}
		remedy := ""
		if f.Witness != nil {
			remedy = "Put it in by hand, if it is worth that."
		}
		r.Because = because(l.Reason, text, remedy)
	case l.Reason == visit.EqualAlternative:
		r.Because = because(l.Reason, "Another plan, with "+it+" in, is exactly as good.", "Swap it in if you prefer: nothing gets worse.")
	case f.Witness != nil && more < 0:
		r.Because = because(visit.NotDecided, fmt.Sprintf("Nothing speaks against it: a plan with %s in is better than this one, by %s.", it, unit(known, -more)), "Plan again, or make the changes of the better plan by hand.")
	default:
		r.Because = w.undecided(it, known, more)
	}
	return r
}

// undecided says how far the question has come; known and more are of the best plan that has the thing in.
func (w words) undecided(it string, known visit.Level, more int) domain.Because {
	text, remedy := "Not decided: ", "Put it in by hand to see what it does."
	if !w.whole {
		text, remedy = "Not decided yet, and being worked on: ", ""
	}
	switch {
	case !w.whole:
	case len(w.problem.People) > visit.PeopleMax:
		text = fmt.Sprintf("Not decided, for what things cost is proved in cohorts of up to %d people: ", visit.PeopleMax)
	case w.problem.Crowded():
		text = fmt.Sprintf("Not decided, for some day has more than %d hosts and pairs of hosts open, too many to look through: ", visit.ToursMax)
	}
	if known == 0 {
		return because(visit.NotDecided, text+"no plan with "+it+" in was found so far.", remedy)
	}
	return because(visit.NotDecided, text+fmt.Sprintf("the best plan found so far with %s in has %s more; whether another costs less is not known.", it, unit(known, more)), remedy)
}

// pairs counts the themes of all teams.
func (w words) pairs() (n int) {
	for _, themes := range w.problem.TeamThemes {
		n += len(themes)
	}
	return n
}

// unit says so much of a level.
func unit(level visit.Level, n int) string {
	switch level {
	case visit.LevelUncovered:
		return count(n, "unseen theme of a team", "unseen themes of teams")
	case visit.LevelMaxShortfall:
		return count(n, "visit missed by the one who misses most", "visits missed by the one who misses most")
	case visit.LevelSquaredShortfall:
		return fmt.Sprintf("%d in squared shortfall", n)
	case visit.LevelMinutes:
		return count(n, "minute of travel", "minutes of travel")
	}
	return fmt.Sprintf("%d g of CO2e", n)
}

// witness tells of a plan that proves a point, as a difference to the one at hand.
func (w words) witness(x *visit.Witness) *domain.Witness {
	if x == nil {
		return nil
	}
	var before, after []slot
	for _, i := range x.Without {
		for _, v := range together(w.plan, w.at[i]) {
			before = append(before, w.slotAt(v, w.laid[i].People))
		}
	}
	taken := map[domain.Date][]string{}
	for i, v := range w.at {
		if !slices.Contains(x.Without, i) {
			taken[v.On] = append(taken[v.On], groupOf(w.plan, v.GroupID).Name)
		}
	}
	for _, v := range x.With {
		on, group := w.day(v.Day), ""
		hosts := w.hostsOf(w.entryOf(v))
		for _, b := range before {
			if b.offer == hosts[0].ID && b.on == on && !slices.Contains(taken[on], b.group) {
				group = b.group
			}
		}
		if group == "" {
			group = letter(taken[on])
		}
		taken[on] = append(taken[on], group)
		for i, startsAt := range w.startsOn(hosts, on) {
			after = append(after, slot{hosts[i].ID, on, startsAt, group, w.names(v.People)})
		}
	}
	return &domain.Witness{Score: scoreOf(x.Score), Changes: w.changes(before, after)}
}

func (w words) personDay(d *domain.PersonDay, l visit.Left) domain.Reason {
	f := l.Facts
	sites := []string{}
	for _, o := range w.offersOf(f.Offers) {
		sites = append(sites, o.SiteID)
	}
	switch l.Reason {
	case visit.PersonAway:
		return &domain.PersonReason{Because: because(l.Reason, fmt.Sprintf("They are away on %s.", d.On), ""), SiteIDs: sites}
	case visit.PersonTooFar:
		r := &domain.PersonReason{SiteIDs: sites, LimitMinutes: &f.LimitMinutes}
		text, remedy := fmt.Sprintf("Every host of the day is beyond the limit of %s one way.", hours(f.LimitMinutes)), ""
		if f.LeastMinutes > 0 {
			least := f.LeastMinutes / 2
			r.LeastMinutes = &least
			text = fmt.Sprintf("Every host of the day is beyond the limit of %s one way: the nearest takes %s.", hours(f.LimitMinutes), hours(least))
			remedy = "A limit of " + hours(least) + " would let them go."
		}
		r.Because = because(l.Reason, text, remedy)
		return r
	case visit.PersonNotStepFree:
		return &domain.PersonReason{Because: because(l.Reason, "No host of the day that they could reach is step-free.", "Ask a host of the day for a way in without steps."), SiteIDs: sites}
	case visit.NothingOn:
		return &domain.PersonReason{Because: because(l.Reason, "Nothing is held that day.", ""), SiteIDs: []string{}}
	case visit.SeatsGone:
		r := &domain.SeatsReason{Groups: []*domain.VisitGroup{}, Swaps: []*domain.SwapCost{}}
		var letters []string
		for _, i := range f.Groups {
			g := groupOf(w.plan, w.at[i].GroupID)
			r.Groups = append(r.Groups, g)
			letters = append(letters, g.Name)
		}
		for _, x := range f.Swaps {
			if !x.Pinned && !x.Short {
				r.Swaps = append(r.Swaps, &domain.SwapCost{EnrolmentID: w.persons[x.Person].ID, Level: domain.Levels[x.Level-1], Loss: x.Loss})
			}
		}
		text := "Group " + enumerate(letters) + ", which they could join, is full"
		if len(letters) > 1 {
			text = "Groups " + enumerate(letters) + ", which they could join, are full"
		}
		switch {
		case slices.ContainsFunc(f.Swaps, func(x visit.Swap) bool { return x.Short }):
			text += ", and each swap makes the plan worse or leaves a member with fewer visits than everyone is to have"
		case len(r.Swaps) > 0:
			text += ", and each swap makes the plan worse"
		default:
			text += ", and pinned"
		}
		r.Because = because(l.Reason, text+".", "Ask a host to take one more.")
		return r
	}
	return w.cost(l, "them")
}

func (w words) planDay(d *domain.PlanDay, l visit.Left) domain.Reason {
	f := l.Facts
	var swap domain.Reason
	instead := ""
	if f.Swap != "" {
		l := l
		l.Reason = f.Swap
		cost := w.cost(l, "this day")
		swap, instead = cost, " "+cost.Text
	}
	switch l.Reason {
	case visit.NoOffer:
		return &domain.CountReason{Because: because(l.Reason, fmt.Sprintf("No host is open on %s.", d.On), "Ask a host for this day."), Counts: []*domain.OfferCount{}}
	case visit.TooFewAnywhere:
		return w.counts(l, "Of the hosts open on %s the best finds %d of the %d people that it wants.", "Ask a host of the day to take fewer.")
	case visit.OffersUsedElsewhere:
		held := w.held(f.HeldBy)
		return &domain.HeldReason{Because: because(l.Reason, "Its hosts are visited on other days"+onDays(held)+"."+instead, "Move one of those visits here."), HeldBy: held, Swap: swap}
	case visit.FortnightTaken:
		held := w.held(f.HeldBy)
		text := "Another day holds its fortnight"
		if len(held) > 0 {
			text = held[0].On.String() + " holds its fortnight"
		}
		return &domain.HeldReason{Because: because(l.Reason, text+"."+instead, "Move that day's visits here."), HeldBy: held, Swap: swap}
	case visit.TooNear:
		held := w.held(f.HeldBy)
		return &domain.HeldReason{Because: because(l.Reason, fmt.Sprintf("Visit days are %s apart at least, and one is nearer%s.%s", count(f.DaysBetweenMin, "day", "days"), onDays(held), instead), "Move that day's visits here, or ask for fewer days between."), HeldBy: held, Swap: swap}
	case visit.DaysSpent:
		held := w.held(f.HeldBy)
		return &domain.HeldReason{Because: because(l.Reason, "All "+count(f.VisitDaysMax, "visit day", "visit days")+" asked for are spent."+instead, "Ask for one day more."), HeldBy: held, Swap: swap}
	case visit.DominatedBy:
		by := w.day(*f.Dominating)
		return &domain.DominatedReason{Because: because(l.Reason, fmt.Sprintf("%s has the same hosts, and nobody more is away.", by), ""), By: by}
	}
	return w.cost(l, "the day")
}

func (w words) theme(team *domain.Team, theme *domain.Theme, l visit.Left) domain.Reason {
	r := &domain.ThemeReason{OfferIDs: []string{}, MemberIDs: []string{}}
	for _, o := range w.offersOf(l.Facts.Offers) {
		r.OfferIDs = append(r.OfferIDs, o.ID)
	}
	for i, e := range w.persons {
		if w.groups[w.problem.People[i].Team] == team {
			r.MemberIDs = append(r.MemberIDs, e.ID)
		}
	}
	switch l.Reason {
	case visit.NoOfferWithTheme:
		r.Because = because(l.Reason, fmt.Sprintf("No host shows %s.", theme.Name), "Ask a host that shows it.")
	case visit.NobodyCanGo:
		r.Because = because(l.Reason, fmt.Sprintf("%s shows %s, and nobody of team %d can go there.", enumerate(w.hostNames(r.OfferIDs)), theme.Name, team.Number), "Ask for another day, or raise the limit of "+hours(w.rules.OneWayMinutesMax)+" one way.")
	default:
		return w.cost(l, theme.Name+" for the team")
	}
	return r
}

func (w words) hostNames(offers []string) []string {
	out := make([]string, len(offers))
	for i, id := range offers {
		out[i] = w.hostName(w.hosts[w.hostOf[id]])
	}
	return out
}
