package app

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"tandem/internal/calendar"
	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/travel"
	"tandem/internal/visit"
)

// What is asked of a plan where nobody said otherwise: one visit day a fortnight, and four hours from door to door.
const usualOneWayMinutes = 240

// usualRules is what a programme's plans are asked for.
func usualRules(p *domain.Programme) domain.PlanRules {
	rules := domain.PlanRules{VisitDaysMax: p.StartsOn.DaysUntil(p.EndsOn)/fortnight + 1, OneWayMinutesMax: usualOneWayMinutes, Exclusions: []*domain.Exclusion{}}
	set(&rules.VisitDaysMax, p.VisitDaysMax)
	set(&rules.OneWayMinutesMax, p.OneWayMinutesMax)
	return rules
}

// fortnight is the days of one: blocks counted from the programme's first day.
const fortnight = 14

// material is all that plans of a programme's visits are made of, as it is now.
type material struct {
	programme  *domain.Programme
	cohorts    []*domain.Cohort
	teams      []*domain.Team // of every cohort, by number within it
	challenges map[string]*domain.Challenge
	themes     []*domain.Theme
	offers     []*domain.HostOffer // by host and site
	sites      map[string]*domain.Site
	owners     map[string]*domain.Organisation // of the sites
	inForce    map[string]*domain.VisitPlan    // by cohort
	people     map[string][]*domain.Enrolment
	entered    map[wayKey]*domain.Leg
	identified map[string]bool // enrolments whose identity document is kept
}

// wayKey is a way whose figures somebody entered. It outlives the visit that it was entered for: the same person's way
// from the same place to the same offer is the same in the next plan.
type wayKey struct {
	enrolment, offer string
	back             bool
	from             string // its other end: the home's station, or the one of the host before
}

// gather reads the material from one reader: in a transaction, or for a job.
func gather(ctx context.Context, r storage.Reader, programme string, cohorts []string) (*material, error) {
	m := &material{challenges: map[string]*domain.Challenge{}, sites: map[string]*domain.Site{}, inForce: map[string]*domain.VisitPlan{}, people: map[string][]*domain.Enrolment{}}
	var err error
	if m.programme, err = storage.One[domain.Programme](ctx, r, programme); err != nil {
		return nil, err
	}
	if m.cohorts, err = r.CohortsOf(ctx, programme); err != nil {
		return nil, err
	}
	if m.teams, err = r.TeamsOf(ctx, cohorts); err != nil {
		return nil, err
	}
	challenges, err := r.ChallengesOf(ctx, programme)
	if err != nil {
		return nil, err
	}
	for _, c := range challenges {
		m.challenges[c.ID] = c
	}
	if m.themes, err = r.ThemesOf(ctx, programme); err != nil {
		return nil, err
	}
	if m.offers, err = r.OffersOf(ctx, programme); err != nil {
		return nil, err
	}
	var ids []string
	for _, o := range m.offers {
		ids = append(ids, o.SiteID)
	}
	sites, err := storage.Get[domain.Site](ctx, r, ids...)
	if err != nil {
		return nil, err
	}
	var owners []string
	for _, s := range sites {
		m.sites[s.ID] = s
		owners = append(owners, s.OrganisationID)
	}
	if m.owners, err = byIDs[domain.Organisation](ctx, r, owners); err != nil {
		return nil, err
	}
	plans, err := r.PlanInForce(ctx, idsOf(m.cohorts))
	if err != nil {
		return nil, err
	}
	for _, p := range plans {
		m.inForce[p.CohortID] = p
	}
	people, err := r.EnrolmentsOf(ctx, cohorts)
	if err != nil {
		return nil, err
	}
	m.people = byKey(cohorts, people, func(e *domain.Enrolment) string { return e.CohortID })
	if m.entered, err = waysEntered(ctx, r, cohorts); err != nil {
		return nil, err
	}
	identified, err := r.IdentitiesKept(ctx, cohorts)
	m.identified = setOf(identified)
	return m, err
}

func waysEntered(ctx context.Context, r storage.Reader, cohorts []string) (map[wayKey]*domain.Leg, error) {
	legs, err := r.LegsEntered(ctx, cohorts)
	if err != nil || len(legs) == 0 {
		return map[wayKey]*domain.Leg{}, err
	}
	var ids []string
	for _, l := range legs {
		ids = append(ids, l.VisitID)
	}
	visits, err := storage.Get[domain.Visit](ctx, r, ids...)
	if err != nil {
		return nil, err
	}
	offer := map[string]string{}
	for _, v := range visits {
		offer[v.ID] = v.OfferID
	}
	entered := map[wayKey]*domain.Leg{}
	for _, l := range legs {
		entered[wayKey{l.EnrolmentID, offer[l.VisitID], l.Back, l.HomeStationCode}] = l
	}
	return entered, nil
}

// byIDs reads nouns by id, each under its own.
func byIDs[D any](ctx context.Context, r storage.Reader, ids []string) (map[string]*D, error) {
	found, err := storage.Get[D](ctx, r, ids...)
	out := map[string]*D{}
	for _, d := range found {
		out[idOf(d)] = d
	}
	return out, err
}

func idsOf[D any](list []*D) []string {
	ids := make([]string, len(list))
	for i, d := range list {
		ids[i] = idOf(d)
	}
	return ids
}

// asSeen gives of each noun the one that the view holds already, which a mutation may have written. It keeps none: what a
// request reads for its own thinking is not to decide how many statements another branch of it needs.
func asSeen[D any](v *view, found []*D) []*D {
	b := nouns[D](v)
	out := make([]*D, len(found))
	for i, d := range found {
		if known, ok := b.known(idOf(d)); ok && known != nil {
			d = known
		}
		out[i] = d
	}
	return out
}

// mine is asSeen, and keeps what the view did not hold.
func mine[D any](v *view, found []*D) []*D {
	out := asSeen(v, found)
	keepAll(v, out)
	return out
}

// materials remembers what edits of drafts were based on, as long as the data stays: a drag asks for the same many times a
// second. Whoever gets it changes none of it.
type materials struct {
	mu      sync.Mutex
	version int64
	known   map[string]*material
	laidOut map[string]*setting
}

// gather is gather for a cohort in a transaction that has written nothing yet.
func (l *materials) gather(ctx context.Context, tx *storage.Tx, programme, cohort string) (*material, error) {
	l.mu.Lock()
	if l.known == nil || l.version != tx.Began() {
		l.version, l.known, l.laidOut = tx.Began(), map[string]*material{}, map[string]*setting{}
	}
	m := l.known[cohort]
	l.mu.Unlock()
	if m != nil {
		return m, nil
	}
	m, err := gather(ctx, tx.Reader, programme, []string{cohort})
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.version == tx.Began() {
		l.known[cohort] = m
	}
	return m, nil
}

// setting is gather's for the setting of a plan as it is kept, which lay lays out where it is not known; on is the day from which
// lead times count.
func (l *materials) setting(tx *storage.Tx, p *domain.VisitPlan, on domain.Date, lay func() *setting) *setting {
	l.mu.Lock()
	defer l.mu.Unlock()
	name := settingName(p) + " on " + on.String()
	if s := l.laidOut[name]; s != nil && l.version == tx.Began() {
		return s
	}
	s := lay()
	if l.version == tx.Began() {
		l.laidOut[name] = s
	}
	return s
}

// hand gives the view what an edit of a draft of the cohort was based on, which need not be read again.
func (m *material) hand(v *view, cohort string) {
	derive(v, "material of "+m.programme.ID, m.seenIn(v))
	peopleOfCohorts(v).put(cohort, mine(v, m.people[cohort]))
	teams := slices.DeleteFunc(slices.Clone(m.teams), func(t *domain.Team) bool { return t.CohortID != cohort })
	teamsToPlan(v).put(cohort, asSeen(v, teams))
	enteredWays(v).put(cohort, m.entered)
	for _, c := range m.cohorts {
		p := m.inForce[c.ID]
		if p != nil {
			p = mine(v, []*domain.VisitPlan{p})[0]
		}
		plansInForce(v).put(c.ID, p)
	}
}

// seenIn is the programme's part of the material, with what the view holds already in its place.
func (m *material) seenIn(v *view) *material {
	s := *m
	s.programme = asSeen(v, []*domain.Programme{m.programme})[0]
	s.cohorts, s.offers = asSeen(v, m.cohorts), mine(v, m.offers)
	s.sites, s.owners, s.challenges = map[string]*domain.Site{}, map[string]*domain.Organisation{}, map[string]*domain.Challenge{}
	for id, x := range m.sites {
		s.sites[id] = mine(v, []*domain.Site{x})[0]
	}
	for id, x := range m.owners {
		s.owners[id] = asSeen(v, []*domain.Organisation{x})[0]
	}
	for id, x := range m.challenges {
		s.challenges[id] = asSeen(v, []*domain.Challenge{x})[0]
	}
	return &s
}

// materialOf is the material of a cohort's plans as the request sees it. What belongs to the programme is read once in a
// request, what belongs to cohorts once for all that were wished for.
func (a *App) materialOf(ctx context.Context, programme, cohort string) (*material, error) {
	v := a.view(ctx)
	whole, err := once(ctx, v, "material of "+programme, func(ctx context.Context) (*material, error) {
		m, err := gather(ctx, v.store, programme, nil)
		if err != nil {
			return nil, err
		}
		return m.seenIn(v), nil
	})
	if err != nil {
		return nil, err
	}
	m := *whole
	people, err := peopleOfCohorts(v).get(ctx, cohort)
	if err != nil {
		return nil, err
	}
	m.people = map[string][]*domain.Enrolment{cohort: people}
	if m.teams, err = teamsToPlan(v).get(ctx, cohort); err != nil {
		return nil, err
	}
	if m.entered, err = enteredWays(v).get(ctx, cohort); err != nil {
		return nil, err
	}
	if m.identified, err = identitiesKept(v).get(ctx, cohort); err != nil {
		return nil, err
	}
	m.inForce = map[string]*domain.VisitPlan{}
	plansInForce(v).want(idsOf(m.cohorts)...)
	for _, c := range m.cohorts {
		p, err := a.planInForce(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		if p != nil {
			m.inForce[c.ID] = p
		}
	}
	return &m, nil
}

// peopleOfCohorts is every enrolment of cohorts by team and name.
func peopleOfCohorts(v *view) *batch[[]*domain.Enrolment] {
	return list(v, "people of cohorts", func(ctx context.Context, cohorts []string) (map[string][]*domain.Enrolment, error) {
		found, err := v.store.EnrolmentsOf(ctx, cohorts)
		return byKey(cohorts, mine(v, found), func(e *domain.Enrolment) string { return e.CohortID }), err
	})
}

// teamsToPlan is every team of cohorts, by number.
func teamsToPlan(v *view) *batch[[]*domain.Team] {
	return list(v, "teams to plan for", func(ctx context.Context, cohorts []string) (map[string][]*domain.Team, error) {
		found, err := v.store.TeamsOf(ctx, cohorts)
		return byKey(cohorts, asSeen(v, found), func(t *domain.Team) string { return t.CohortID }), err
	})
}

func enteredWays(v *view) *batch[map[wayKey]*domain.Leg] {
	return list(v, "ways entered", func(ctx context.Context, cohorts []string) (map[string]map[wayKey]*domain.Leg, error) {
		all, err := waysEntered(ctx, v.store, cohorts) // enrolments belong to one cohort, so all may share one map
		out := map[string]map[wayKey]*domain.Leg{}
		for _, c := range cohorts {
			out[c] = all
		}
		return out, err
	})
}

// setting is a planning as the engine sees it, with the nouns behind its numbers. Its problem has neither pins nor
// exclusions: asking adds those of a plan.
type setting struct {
	*material
	cohortIDs []string
	rules     domain.PlanRules
	today     domain.Date // the day from which lead times count
	days      []domain.Date
	dayOf     map[domain.Date]int
	persons   []*domain.Enrolment
	personOf  map[string]int
	hosts     []*domain.HostOffer
	hostOf    map[string]int
	groups    []*domain.Team // by the engine's number of a team; nil for those who are in none
	themeOf   map[string]int
	elsewhere map[string]*domain.Visit // offers that a released visit of another cohort uses
	pairs     [][2]int                 // by the engine's number of a pair, less the number of hosts: its hosts in order
	pairOf    map[[2]int]int           // the engine's number of a pair
	estimates map[[2]string]estimated  // by two stations, filled once
	problem   visit.Problem
}

// newSetting lays material out for the engine. Days are the Mondays to Fridays of the programme; a bank holiday counts
// against a visit where it is one in the site's nation. Frozen gives attainable numbers, nil computes them. Cancelled
// offers are there only where used names them.
func newSetting(m *material, cohorts []string, rules domain.PlanRules, today domain.Date, frozen map[string]int, used []*domain.Visit) *setting {
	s := &setting{material: m, cohortIDs: cohorts, rules: rules, today: today, dayOf: map[domain.Date]int{}, personOf: map[string]int{},
		hostOf: map[string]int{}, themeOf: map[string]int{}, elsewhere: map[string]*domain.Visit{}, pairOf: map[[2]int]int{}, estimates: map[[2]string]estimated{}}
	p := &s.problem
	p.DoorToDoorLimitMinutes, p.VisitDaysMax = rules.OneWayMinutesMax, rules.VisitDaysMax
	p.HostsPerDayMax, p.MentorSeats = rules.HostsPerDayMax, rules.MentorSeats
	set(&p.DaysBetweenMin, rules.DaysBetweenMin)
	for _, l := range rules.Order {
		p.Levels = append(p.Levels, visit.Level(slices.Index(domain.Levels, l)+1))
	}
	s.layDays()
	for i, t := range m.themes {
		s.themeOf[t.ID] = i
	}
	s.layPeople()
	s.layOffers(used)
	s.layPairs(used)
	s.layWays()
	p.Attainable = attainable(p)
	for i, e := range s.persons {
		if n, ok := frozen[e.ID]; ok {
			p.Attainable[i] = n
		}
	}
	return s
}

func (s *setting) layDays() {
	first, last := s.programme.StartsOn, s.programme.EndsOn
	for d := first; d <= last; d = d.AddDays(1) {
		if !calendar.WorkingDay(d) { // with no nation named: Mondays to Fridays
			continue
		}
		s.dayOf[d] = len(s.days)
		s.days = append(s.days, d)
		s.problem.FortnightOfDay = append(s.problem.FortnightOfDay, first.DaysUntil(d)/fortnight)
		if s.problem.DaysBetweenMin > 0 {
			s.problem.CalendarDays = append(s.problem.CalendarDays, first.DaysUntil(d))
		}
	}
	s.problem.WorkingDays = len(s.days)
	s.problem.Fortnights = first.DaysUntil(last)/fortnight + 1
}

func (s *setting) layPeople() {
	p := &s.problem
	for c, cohort := range s.cohortIDs {
		teamOf := map[string]int{}
		for _, t := range s.teams {
			if t.CohortID == cohort {
				teamOf[t.ID] = s.addTeam(t)
			}
		}
		for _, e := range s.people[cohort] {
			if !e.Seated() {
				continue
			}
			team, ok := teamOf[deref(e.TeamID)]
			if !ok {
				team = s.addTeam(nil)
				teamOf[deref(e.TeamID)] = team
			}
			person := visit.Person{Team: team, Cohort: c, Home: deref(e.HomeStationCode), StepFree: e.StepFree()}
			for _, d := range e.AwayOn {
				if i, ok := s.dayOf[d]; ok && !slices.Contains(person.Unavailable, i) {
					person.Unavailable = append(person.Unavailable, i)
				}
			}
			slices.Sort(person.Unavailable)
			s.personOf[e.ID] = len(p.People)
			s.persons = append(s.persons, e)
			p.People = append(p.People, person)
		}
	}
}

func (s *setting) addTeam(t *domain.Team) int {
	themes := []int{}
	if t != nil && t.ChallengeID != nil && s.challenges[*t.ChallengeID] != nil {
		themes = s.themeNumbers(s.challenges[*t.ChallengeID].ThemeIDs)
	}
	s.groups = append(s.groups, t)
	s.problem.TeamThemes = append(s.problem.TeamThemes, themes)
	return len(s.groups) - 1
}

func (s *setting) themeNumbers(ids []string) []int {
	out := []int{}
	for _, id := range ids {
		if i, ok := s.themeOf[id]; ok && !slices.Contains(out, i) {
			out = append(out, i)
		}
	}
	slices.Sort(out)
	return out
}

func (s *setting) layOffers(used []*domain.Visit) {
	held := map[string]map[domain.Date]bool{} // what these cohorts' plans in force hold: names went or go their way already
	for _, c := range s.cohorts {
		plan := s.inForce[c.ID]
		if plan == nil {
			continue
		}
		for _, v := range plan.Visits {
			switch {
			case v.Stored == domain.VisitCancelled:
			case slices.Contains(s.cohortIDs, c.ID):
				if held[v.OfferID] == nil {
					held[v.OfferID] = map[domain.Date]bool{}
				}
				held[v.OfferID][v.On] = true
			default:
				s.elsewhere[v.OfferID] = v
			}
		}
	}
	for _, o := range s.offers {
		in := slices.ContainsFunc(used, func(v *domain.Visit) bool { return v.OfferID == o.ID && v.Stored != domain.VisitCancelled })
		if o.State != domain.OfferOpen && !in {
			continue
		}
		site := s.sites[o.SiteID]
		offer := visit.Offer{Site: site.StationCode, Themes: s.themeNumbers(o.ThemeIDs), Min: o.MinGroup, Max: o.MaxGroup,
			HalfHours: min(48, (o.DurationMinutes+29)/30), Days: []int{}, StepFree: site.StepFree}
		if o.State == domain.OfferOpen && s.elsewhere[o.ID] == nil {
			for _, w := range s.openings(o) {
				lost, stands := s.against(o, w), false
				if lost != nil && lost.Rule == visit.LeadTime {
					stands = held[o.ID][w.on]
				}
				if lost == nil || stands {
					offer.Days = append(offer.Days, s.dayOf[w.on])
				} else {
					offer.Offered = append(offer.Offered, *lost)
				}
			}
		}
		if seats := s.problem.MentorSeats; offer.Max-seats < offer.Min {
			offer.Excluded = &visit.Exclusion{Why: seatsGone(o, seats)}
		}
		s.hostOf[o.ID] = len(s.hosts)
		s.hosts = append(s.hosts, o)
		s.problem.Offers = append(s.problem.Offers, offer)
	}
}

// seatsGone is why an offer is out of planning that has no room for mentors.
func seatsGone(o *domain.HostOffer, seats int) string {
	return fmt.Sprintf("It takes %s at most: with %s kept free that is fewer than the %d it wants.", count(o.MaxGroup, "person", "people"), count(seats, "seat", "seats"), o.MinGroup)
}

// opening is a day on which a host is open, and its longest window of that day.
type opening struct {
	on     domain.Date
	window *domain.OfferWindow
}

// openings is a host's days in order, as the programme reads them.
func (s *setting) openings(o *domain.HostOffer) []opening {
	var days []opening
	at := map[domain.Date]int{}
	for _, w := range o.Windows {
		on := domain.DateOf(w.StartsAt.In(s.programme.Location()))
		i, ok := at[on]
		switch {
		case !ok:
			at[on] = len(days)
			days = append(days, opening{on, w})
		case w.EndsAt.Sub(w.StartsAt) > days[i].window.EndsAt.Sub(days[i].window.StartsAt):
			days[i].window = w
		}
	}
	slices.SortFunc(days, func(x, y opening) int { return x.on.DaysUntil(y.on) * -1 })
	return days
}

// against is the rule that speaks against an offered day, the first that does in the order of domain's rules; nil where
// none does.
func (s *setting) against(o *domain.HostOffer, w opening) *visit.LostDay {
	nation := s.nationOf(o)
	lost := visit.LostDay{Date: string(w.on), Day: -1}
	day, works := s.dayOf[w.on]
	if works {
		lost.Day = day
	}
	holiday := calendar.HolidaysOf(nation, w.on, w.on)
	namesBy := calendar.Back(w.on, o.LeadTimeWorkingDays, nation, s.programme.OfficeNation)
	minutes := int(w.window.EndsAt.Sub(w.window.StartsAt).Minutes())
	switch {
	case !works:
		lost.Rule = visit.OutsideProgramme
	case slices.Contains(o.BlackoutDates, w.on), slices.Contains(s.rules.LostDays, w.on):
		lost.Rule = visit.Blackout
	case len(holiday) > 0:
		lost.Rule, lost.Holiday, lost.Nation = visit.BankHoliday, holiday[0].Name, string(nation)
	case namesBy < s.today:
		lost.Rule, lost.NamesBy = visit.LeadTime, string(namesBy)
	case minutes < o.DurationMinutes:
		lost.Rule, lost.WindowMinutes, lost.NeededMinutes = visit.WindowTooShort, minutes, o.DurationMinutes
	default:
		return nil
	}
	return &lost
}

func (s *setting) nationOf(o *domain.HostOffer) domain.Nation {
	station, _ := travel.Find(s.sites[o.SiteID].StationCode)
	return station.Nation
}

// hostName is what people call an offer: who is at its site.
func (s *setting) hostName(o *domain.HostOffer) string {
	site := s.sites[o.SiteID]
	if owner := s.owners[site.OrganisationID]; owner != nil {
		return owner.Name
	}
	return site.Name
}

func (s *setting) cohortName(id string) string {
	for _, c := range s.cohorts {
		if c.ID == id {
			return c.Name
		}
	}
	return "another cohort"
}

// layWays fills the ways in. Whoever has no home station has no way to count: none is held against them.
func (s *setting) layWays() {
	p := &s.problem
	for _, e := range s.persons {
		for _, o := range s.hosts {
			key := [2]string{deref(e.HomeStationCode), s.sites[o.SiteID].StationCode}
			if _, known := s.estimates[key]; !known {
				s.estimates[key] = estimate(key[0], key[1])
			}
		}
	}
	for _, pair := range s.pairs {
		key := [2]string{p.Offers[pair[0]].Site, p.Offers[pair[1]].Site}
		s.estimates[key] = estimate(key[0], key[1])
	}
	p.ReturnMinutes, p.GramsCO2e = make([][]int, len(s.persons)), make([][]int, len(s.persons))
	for i, e := range s.persons {
		minutes, grams := make([]int, len(p.Offers)), make([]int, len(p.Offers))
		for j := range p.Offers {
			t := s.trip(e, s.hostsOf(j)...)
			minutes[j], grams[j] = t.minutes(), t.grams
			if p.People[i].StepFree && !p.Offers[j].StepFree || t.farthest() > p.DoorToDoorLimitMinutes {
				minutes[j] = min(-minutes[j], -1)
			}
		}
		p.ReturnMinutes[i], p.GramsCO2e[i] = minutes, grams
	}
}

// attainable counts for each person the most days that could be visit days together and on which they could attend
// anything, the most visit days at most.
func attainable(p *visit.Problem) []int {
	out := make([]int, len(p.People))
	for i, person := range p.People {
		could := map[int]bool{} // days
		for j, o := range p.Offers {
			if p.ReturnMinutes[i][j] < 0 || o.Max-p.MentorSeats < o.Min {
				continue
			}
			for _, d := range o.Days {
				if !slices.Contains(person.Unavailable, d) {
					could[d] = true
				}
			}
		}
		n, last := 0, -1
		for d := range p.WorkingDays { // the first that may be is never a worse choice
			if could[d] && (last < 0 || !p.TooNear(last, d)) {
				n, last = n+1, d
			}
		}
		out[i] = min(n, p.VisitDaysMax)
	}
	return out
}

// lay lays a plan's visits out in the engine's order, those of one group as the pair that they are; at gives the visit
// behind each, of a pair the first. What the engine cannot hold is left out: called off, on a day that is none of the
// programme's, or of an offer that is no more.
func (s *setting) lay(visits []*domain.Visit, groups []*domain.VisitGroup) (a visit.Assignment, at []*domain.Visit) {
	apart, nouns := s.layApart(visits, groups)
	for i, v := range nouns {
		k := slices.IndexFunc(nouns, func(o *domain.Visit) bool { return o.GroupID == v.GroupID && o.On == v.On && o != v })
		x := apart[i]
		if k >= 0 {
			first := inTurn(v, nouns[k]) < 0
			pair := [2]int{x.Offers[0], apart[k].Offers[0]}
			if !first {
				pair[0], pair[1] = pair[1], pair[0]
			}
			if _, known := s.pairOf[pair]; known {
				if !first {
					continue
				}
				x.Offers = pair[:]
			}
		}
		a, at = append(a, x), append(at, v)
	}
	return a, at
}

// layApart is lay with each visit by itself, whatever its group.
func (s *setting) layApart(visits []*domain.Visit, groups []*domain.VisitGroup) (a visit.Assignment, at []*domain.Visit) {
	members := map[string][]string{}
	for _, g := range groups {
		members[g.ID] = g.MemberIDs
	}
	for _, v := range visits {
		host, known := s.hostOf[v.OfferID]
		day, works := s.dayOf[v.On]
		cohort := slices.Index(s.cohortIDs, v.CohortID)
		if !known || !works || cohort < 0 || v.Stored == domain.VisitCancelled {
			continue
		}
		people := []int{}
		for _, id := range members[v.GroupID] {
			if i, ok := s.personOf[id]; ok && !slices.Contains(people, i) {
				people = append(people, i)
			}
		}
		slices.Sort(people)
		a = append(a, visit.Visit{Day: day, Offers: []int{host}, People: people, Cohort: cohort})
		at = append(at, v)
	}
	order := make([]int, len(a))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(x, y int) int {
		return cmpInts(a[x].Day, a[y].Day, a[x].Cohort, a[y].Cohort, a[x].Offers[0], a[y].Offers[0])
	})
	sorted, nouns := make(visit.Assignment, len(a)), make([]*domain.Visit, len(a))
	for i, k := range order {
		sorted[i], nouns[i] = a[k], at[k]
	}
	return sorted, nouns
}

// cmpInts compares pair after pair.
func cmpInts(pairs ...int) int {
	for i := 0; i+1 < len(pairs); i += 2 {
		if d := pairs[i] - pairs[i+1]; d != 0 {
			return d
		}
	}
	return 0
}

// asking is the problem with a plan's exclusions, and with pins where they hold: pinned, agreed with the host, or over; a
// pair where one of it is. A pin keeps its people; where they or their number break a rule that somebody overrode, the
// problem gives way to them.
func (s *setting) asking(p *domain.VisitPlan, over func(*domain.Visit) bool) visit.Problem {
	q := s.problem
	q.EveryoneAtLeast, q.CoverEveryTheme = p.Rules.EveryoneAtLeast, p.Rules.CoverEveryTheme
	q.Offers = slices.Clone(q.Offers)
	a, at := s.lay(p.Visits, p.Groups)
	used := map[int]bool{}
	for i, v := range at {
		stays := func(v *domain.Visit) bool { return v.Pinned || v.Stored == domain.VisitConfirmed || over(v) }
		if !slices.ContainsFunc(together(p, v), stays) || slices.ContainsFunc(a[i].Offers, func(o int) bool { return used[o] }) {
			continue
		}
		pin := visit.Pin{Offer: s.entryOf(a[i]), Day: a[i].Day, Cohort: a[i].Cohort, People: s.canBe(a[i])}
		if n := len(pin.People); n > 0 {
			o := &q.Offers[pin.Offer]
			o.Min, o.Max = min(o.Min, n), max(o.Max, n+q.MentorSeats)
		}
		for _, e := range append([]int{pin.Offer}, a[i].Offers...) { // what stays has room for mentors
			o := &q.Offers[e]
			o.Max, o.Excluded = max(o.Max, o.Min+q.MentorSeats), nil
		}
		for _, o := range a[i].Offers {
			used[o] = true
		}
		q.Pins = append(q.Pins, pin)
	}
	for _, x := range p.Rules.Exclusions {
		host, ok := s.hostOf[x.OfferID]
		if ok && !used[host] {
			q.Offers[host].Excluded = &visit.Exclusion{By: x.By, On: string(domain.DateOf(x.At.In(s.programme.Location()))), Why: x.Reason}
		}
	}
	return q
}

// canBe is the people of a visit for whom no rule of their own speaks against it.
func (s *setting) canBe(v visit.Visit) []int {
	return slices.DeleteFunc(slices.Clone(v.People), func(i int) bool {
		return slices.Contains(s.problem.People[i].Unavailable, v.Day) || s.problem.ReturnMinutes[i][s.entryOf(v)] < 0
	})
}

// score is what visits achieve.
func (s *setting) score(a visit.Assignment) (domain.PlanScore, error) {
	score, err := visit.ScoreOf(s.problem, a)
	return scoreOf(score), err
}

func scoreOf(s visit.Score) domain.PlanScore {
	return domain.PlanScore{Uncovered: s.Uncovered, MaxShortfall: s.MaxShortfall, SquaredShortfall: s.SquaredShortfall, Minutes: s.Minutes, GramsCO2e: s.Grams}
}

// settingOf is the setting of a plan, made once in a request. Lead times of a plan that is or was in force count from its
// release: that they ran out since is a matter of its deadlines.
func (a *App) settingOf(ctx context.Context, p *domain.VisitPlan) (*setting, error) {
	return once(ctx, a.view(ctx), settingName(p), func(ctx context.Context) (*setting, error) {
		m, err := a.materialOf(ctx, p.ProgrammeID, p.CohortID)
		if err != nil {
			return nil, err
		}
		return newSetting(m, []string{p.CohortID}, p.Rules, a.asOf(m.programme, p), p.Attainable, p.Visits), nil
	})
}

func settingName(p *domain.VisitPlan) string {
	return fmt.Sprintf("setting of %s at %d", p.ID, p.Version)
}

// asOf is the day from which a plan's lead times count.
func (a *App) asOf(programme *domain.Programme, p *domain.VisitPlan) domain.Date {
	if p.ReleasedAt != nil {
		return domain.DateOf(p.ReleasedAt.In(programme.Location()))
	}
	return a.today(programme)
}

// isOver reports whether a visit lies in the past.
func (a *App) isOver(v *domain.Visit) bool { return v.EndsAt.Before(a.clock()) }
