package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"tandem/internal/calendar"
	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/travel"
)

func init() {
	maps.Copy(nodes, map[string]func(*App, context.Context, string) (domain.Node, error){
		"programme":    finder((*App).Programme),
		"cohort":       finder((*App).Cohort),
		"organisation": finder((*App).Organisation),
		"person":       finder((*App).Person),
		"enrolment":    finder((*App).Enrolment),
		"team":         finder((*App).Team),
		"skill":        finder((*App).Skill),
		"theme":        finder((*App).Theme),
		"challenge":    finder((*App).Challenge),
		"pitch":        finder((*App).Pitch),
		"rehearsal":    finder((*App).Rehearsal),
		"analysis":     finder((*App).VoiceAnalysis),
		"token":        finder((*App).Token),
	})
}

// Programmes is a page of the programmes that the asker may see.
func (a *App) Programmes(ctx context.Context, p domain.Page) (*domain.Paged[domain.Programme], error) {
	if !actor(ctx).SignedIn() {
		return nil, must(ctx, domain.SeeProgramme, domain.Place{})
	}
	var ids []string
	if !may(ctx, domain.SeeProgramme, domain.Place{}) {
		ids = []string{}
		for _, g := range actor(ctx).Grants {
			for _, id := range []string{g.On, g.Within} {
				if strings.HasPrefix(id, "programme_") && may(ctx, domain.SeeProgramme, domain.Place{Programme: id}) {
					ids = append(ids, id)
				}
			}
		}
	}
	found, err := a.read().Programmes(ctx, ids, p)
	if err == nil {
		keepAll(a.view(ctx), found.Nodes)
	}
	return found, err
}

// Programme is one programme.
func (a *App) Programme(ctx context.Context, id string) (*domain.Programme, error) {
	return seen(ctx, a, "programme", id, domain.SeeProgramme, func(p *domain.Programme) domain.Place { return domain.Place{Programme: p.ID} })
}

// Cohort is one cohort.
func (a *App) Cohort(ctx context.Context, id string) (*domain.Cohort, error) {
	return seen(ctx, a, "cohort", id, domain.SeeProgramme, placeOfCohort)
}

func placeOfCohort(c *domain.Cohort) domain.Place {
	return domain.Place{Programme: c.ProgrammeID, Cohort: c.ID}
}

// Organisation is one organisation, for those who may look organisations up.
func (a *App) Organisation(ctx context.Context, id string) (*domain.Organisation, error) {
	if !actor(ctx).MayAnywhere(domain.SeeOrganisations) {
		return nil, domain.NotFound("organisation")
	}
	return ref[domain.Organisation](ctx, a, id)
}

// Organisations is a page of organisations by name; nil for those who may not look them up.
func (a *App) Organisations(ctx context.Context, name *string, p domain.Page) (*domain.Paged[domain.Organisation], error) {
	if !actor(ctx).MayAnywhere(domain.SeeOrganisations) {
		return nil, nil
	}
	return a.read().Organisations(ctx, name, p)
}

// OrganisationOf is an organisation that a noun names.
func (a *App) OrganisationOf(ctx context.Context, id string) (*domain.Organisation, error) {
	return ref[domain.Organisation](ctx, a, id)
}

// OrganisationIf is an organisation that a noun may name.
func (a *App) OrganisationIf(ctx context.Context, id *string) (*domain.Organisation, error) {
	return optional[domain.Organisation](ctx, a, id)
}

// Person is one person: theirs who share a cohort or run it.
func (a *App) Person(ctx context.Context, id string) (*domain.Person, error) {
	enrolments, err := a.enrolmentsOf(ctx, id)
	if err != nil {
		return nil, err
	}
	for _, e := range enrolments {
		if may(ctx, domain.SeePeople, e.Place()) {
			return ref[domain.Person](ctx, a, id)
		}
	}
	if may(ctx, domain.SeePeople, domain.Place{}) {
		return ref[domain.Person](ctx, a, id)
	}
	return nil, domain.NotFound("person")
}

// PersonOf is the person that a noun names.
func (a *App) PersonOf(ctx context.Context, id string) (*domain.Person, error) {
	return ref[domain.Person](ctx, a, id)
}

func wantEnrolments(v *view, person string) { enrolmentsOfPeople(v).want(person) }

func enrolmentsOfPeople(v *view) *batch[[]*domain.Enrolment] {
	return list(v, "enrolments of people", func(ctx context.Context, people []string) (map[string][]*domain.Enrolment, error) {
		found, err := v.store.EnrolmentsOfPeople(ctx, people)
		keepAll(v, found)
		return byKey(people, found, func(e *domain.Enrolment) string { return e.PersonID }), err
	})
}

func (a *App) enrolmentsOf(ctx context.Context, person string) ([]*domain.Enrolment, error) {
	return enrolmentsOfPeople(a.view(ctx)).get(ctx, person)
}

// EnrolmentsOf is a person's places in cohorts, newest first; nil for those who may not see them.
func (a *App) EnrolmentsOf(ctx context.Context, p *domain.Person) ([]*domain.Enrolment, error) {
	enrolments, err := a.enrolmentsOf(ctx, p.ID)
	if err != nil {
		return nil, err
	}
	visible := []*domain.Enrolment{}
	for _, e := range enrolments {
		if may(ctx, domain.SeeContact, e.Place()) {
			visible = append(visible, e)
		}
	}
	if len(visible) == 0 && !may(ctx, domain.SeeContact, domain.Place{Person: p.ID}) {
		return nil, nil
	}
	return visible, nil
}

func (a *App) seesContact(ctx context.Context, p *domain.Person) (bool, error) {
	enrolments, err := a.EnrolmentsOf(ctx, p)
	return enrolments != nil, err
}

// Email is a person's address; nil for those who may not see it.
func (a *App) Email(ctx context.Context, p *domain.Person) (*string, error) {
	if ok, err := a.seesContact(ctx, p); !ok {
		return nil, err
	}
	return p.Email, nil
}

// ExternalKey is the key that the source system knows a person by; nil for those who may not see it.
func (a *App) ExternalKey(ctx context.Context, p *domain.Person) (*string, error) {
	if ok, err := a.seesContact(ctx, p); !ok || actor(ctx).PersonID == p.ID {
		return nil, err
	}
	return p.ExternalKey, nil
}

// Enrolment is one enrolment.
func (a *App) Enrolment(ctx context.Context, id string) (*domain.Enrolment, error) {
	return seen(ctx, a, "enrolment", id, domain.SeePeople, (*domain.Enrolment).Place)
}

// EnrolmentOf is the enrolment that a noun names.
func (a *App) EnrolmentOf(ctx context.Context, id string) (*domain.Enrolment, error) {
	return ref[domain.Enrolment](ctx, a, id)
}

// EnrolmentsNamed is the enrolments that a noun names, nil for those who may not see people there.
func (a *App) EnrolmentsNamed(ctx context.Context, ids []string) ([]*domain.Enrolment, error) {
	found, err := all(ctx, nouns[domain.Enrolment](a.view(ctx)), ids)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(e *domain.Enrolment) bool { return !may(ctx, domain.SeePeople, e.Place()) }), nil
}

// AwayOn is the days that a person cannot attend; nil for those who may not see them.
func (a *App) AwayOn(ctx context.Context, e *domain.Enrolment) []domain.Date {
	if !may(ctx, domain.SeeAway, e.Place()) {
		return nil
	}
	return present(e.AwayOn)
}

// Needs is a person's needs; nil for those who may not see them.
func (a *App) Needs(ctx context.Context, e *domain.Enrolment) []*domain.Need {
	if !may(ctx, domain.SeeNeeds, e.Place()) {
		return nil
	}
	return present(e.Needs)
}

// SkillRatings is a person's skills; nil for those who may not see them.
func (a *App) SkillRatings(ctx context.Context, e *domain.Enrolment) []*domain.SkillRating {
	if !may(ctx, domain.SeeSkills, e.Place()) {
		return nil
	}
	return present(e.SkillRatings)
}

// present makes "none" of a list that is nil, which would say "not for you".
func present[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// StateOf is how far an enrolment has come today.
func (a *App) StateOf(ctx context.Context, e *domain.Enrolment) (domain.EnrolmentState, error) {
	p, err := ref[domain.Programme](ctx, a, e.ProgrammeID)
	if err != nil {
		return "", err
	}
	return e.StateOn(p, a.today(p)), nil
}

// Skill is one skill of the framework.
func (a *App) Skill(ctx context.Context, id string) (*domain.Skill, error) {
	if !actor(ctx).SignedIn() {
		return nil, must(ctx, domain.SeeProgramme, domain.Place{})
	}
	return ref[domain.Skill](ctx, a, id)
}

// Skills is every skill of the framework, by name.
func (a *App) Skills(ctx context.Context) ([]*domain.Skill, error) {
	if !actor(ctx).SignedIn() {
		return nil, must(ctx, domain.SeeProgramme, domain.Place{})
	}
	return a.read().Skills(ctx)
}

// Stations is the stations whose name or code begins like this, at most 20.
func (a *App) Stations(ctx context.Context, beginning string) ([]*domain.Station, error) {
	if !actor(ctx).SignedIn() {
		return nil, must(ctx, domain.SeeProgramme, domain.Place{})
	}
	if len([]rune(beginning)) < 2 {
		return nil, domain.Invalid("Give two letters or more of the station's name or code.")
	}
	out := []*domain.Station{}
	for _, s := range travel.Search(beginning, 20) {
		out = append(out, &s)
	}
	return out, nil
}

// Station is the station with a code; nil where there is none.
func (a *App) Station(code string) *domain.Station {
	s, ok := travel.Find(code)
	if !ok {
		return nil
	}
	return &s
}

// StationIf is the station that a noun may name by its code.
func (a *App) StationIf(code *string) *domain.Station { return a.Station(deref(code)) }

// Weeks is a programme's weeks with the bank holidays of any nation in them, at most 53.
func (a *App) Weeks(p *domain.Programme) []*domain.Week {
	var weeks []*domain.Week
	for from, n := p.StartsOn, 1; from <= p.EndsOn && n <= 53; from, n = from.AddDays(7), n+1 {
		w := &domain.Week{Number: n, StartsOn: from, EndsOn: from.AddDays(6), BankHolidays: []*domain.BankHoliday{}}
		for _, nation := range []domain.Nation{domain.England, domain.Wales, domain.Scotland, domain.NorthernIreland} {
			for _, h := range calendar.HolidaysOf(nation, w.StartsOn, w.EndsOn) {
				w.BankHolidays = append(w.BankHolidays, bankHoliday(h))
			}
		}
		slices.SortStableFunc(w.BankHolidays, func(x, y *domain.BankHoliday) int { return strings.Compare(string(x.Date), string(y.Date)) })
		weeks = append(weeks, w)
	}
	return weeks
}

func bankHoliday(h calendar.Holiday) *domain.BankHoliday {
	return &domain.BankHoliday{Date: h.Date, Name: h.Name, Nation: h.Nation}
}

// Cohorts is a page of a programme's cohorts, those that the asker may see.
func (a *App) Cohorts(ctx context.Context, p *domain.Programme, pg domain.Page) (*domain.Paged[domain.Cohort], error) {
	var ids []string
	at := domain.Place{Programme: p.ID}
	whole := func(p domain.Permission) bool { return may(ctx, p, at) }
	if !whole(domain.SeeBalance) && !whole(domain.SeeReleased) && !whole(domain.SeeBriefs) {
		ids = []string{}
		for _, g := range actor(ctx).Grants {
			if strings.HasPrefix(g.On, "cohort_") {
				ids = append(ids, g.On)
			}
		}
	}
	found, err := a.read().Cohorts(ctx, p.ID, ids, pg)
	if err == nil {
		keepAll(a.view(ctx), found.Nodes)
	}
	return found, err
}

// ProgrammeOf is the programme that a noun names.
func (a *App) ProgrammeOf(ctx context.Context, id string) (*domain.Programme, error) {
	return ref[domain.Programme](ctx, a, id)
}

// CohortOf is the cohort that a noun names.
func (a *App) CohortOf(ctx context.Context, id string) (*domain.Cohort, error) {
	return ref[domain.Cohort](ctx, a, id)
}

// Enrolments is a page of a cohort's people; nil for those who may not see them.
func (a *App) Enrolments(ctx context.Context, c *domain.Cohort, f *domain.EnrolmentFilter, order domain.EnrolmentOrder, p domain.Page) (*domain.Paged[domain.Enrolment], error) {
	if !may(ctx, domain.SeePeople, placeOfCohort(c)) {
		return nil, nil
	}
	filter := domain.EnrolmentFilter{}
	if f != nil {
		filter = *f
	}
	for i, s := range filter.States { // ACTIVE and COMPLETED are what ACCEPTED becomes with time
		if s == domain.Active || s == domain.Completed {
			filter.States[i] = domain.Accepted
		}
	}
	found, err := a.read().Enrolments(ctx, c.ID, filter, order, p)
	if err == nil {
		keepAll(a.view(ctx), found.Nodes)
	}
	return found, err
}

// cohortPeople is every enrolment of a cohort by team and name, read once in a request.
func (a *App) cohortPeople(ctx context.Context, cohort string) ([]*domain.Enrolment, error) {
	v := a.view(ctx)
	return list(v, "people of cohorts", func(ctx context.Context, cohorts []string) (map[string][]*domain.Enrolment, error) {
		found, err := v.store.EnrolmentsOf(ctx, cohorts)
		keepAll(v, found)
		return byKey(cohorts, found, func(e *domain.Enrolment) string { return e.CohortID }), err
	}).get(ctx, cohort)
}

// Balance is how the sectors of a cohort stand; nil for those who may not see it.
func (a *App) Balance(ctx context.Context, c *domain.Cohort) (*domain.Balance, error) {
	if !may(ctx, domain.SeeBalance, placeOfCohort(c)) {
		return nil, nil
	}
	p, err := ref[domain.Programme](ctx, a, c.ProgrammeID)
	if err != nil {
		return nil, err
	}
	people, err := a.cohortPeople(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	return balance(p, people), nil
}

// balance counts the sectors. A seat counts as refilled where somebody of the same sector was accepted on or after the day
// that another left it.
func balance(p *domain.Programme, people []*domain.Enrolment) *domain.Balance {
	b := &domain.Balance{Seats: p.Seats, Explain: &domain.BalanceExplanation{}}
	x := b.Explain
	overridden := false
	var since domain.Date
	joinedAfter := map[domain.Sector][]domain.Date{}
	var gone []*domain.Enrolment
	for _, e := range people {
		switch {
		case e.Seated():
			b.Taken.Add(e.SectorAtEnrolment, 1)
			if e.AcceptedOn != nil {
				joinedAfter[e.SectorAtEnrolment] = append(joinedAfter[e.SectorAtEnrolment], *e.AcceptedOn)
				since = max(since, *e.AcceptedOn)
			}
		case e.Stored == domain.Waitlisted:
			b.Waiting.Add(e.SectorAtEnrolment, 1)
		case e.Stored == domain.Withdrawn && e.LeftOn != nil && e.AcceptedOn != nil:
			x.Left.Add(e.SectorAtEnrolment, 1)
			gone = append(gone, e)
		}
		overridden = overridden || e.Overridden
	}
	slices.SortFunc(gone, func(x, y *domain.Enrolment) int { return strings.Compare(string(*x.LeftOn), string(*y.LeftOn)) })
	for _, e := range gone {
		later := joinedAfter[e.SectorAtEnrolment]
		slices.Sort(later)
		if i := slices.IndexFunc(later, func(d domain.Date) bool { return d >= *e.LeftOn }); i >= 0 {
			joinedAfter[e.SectorAtEnrolment] = slices.Delete(later, i, i+1)
			x.Refilled.Add(e.SectorAtEnrolment, 1)
		}
	}
	if !overridden && since != "" {
		x.LevelSince = &since
	}
	x.Text = fmt.Sprintf("%d of %d public and %d of %d private seats are taken.", b.Taken.Public, p.Seats.Public, b.Taken.Private, p.Seats.Private)
	if left := x.Left.Public + x.Left.Private; left > 0 {
		x.Text += fmt.Sprintf(" %s left; %s of the seats were filled from the same sector.", count(left, "person", "people"), number(x.Refilled.Public+x.Refilled.Private))
	}
	if overridden {
		x.Text += " A change left it worse by override."
	}
	return b
}

// count says "1 person" or "3 people".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func number(n int) string {
	if n == 0 {
		return "none"
	}
	return fmt.Sprint(n)
}

// Teams is a page of a cohort's teams by number; nil for those who may not see them.
func (a *App) Teams(ctx context.Context, c *domain.Cohort, p domain.Page) (*domain.Paged[domain.Team], error) {
	if !may(ctx, domain.SeeTeams, placeOfCohort(c)) {
		return nil, nil
	}
	teams, err := a.cohortTeams(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	return domain.Slice("teams", teams, func(t *domain.Team) string { return t.ID }, p)
}

func (a *App) cohortTeams(ctx context.Context, cohort string) ([]*domain.Team, error) {
	v := a.view(ctx)
	return list(v, "teams of cohorts", func(ctx context.Context, cohorts []string) (map[string][]*domain.Team, error) {
		found, err := v.store.TeamsOf(ctx, cohorts)
		keepAll(v, found)
		return byKey(cohorts, found, func(t *domain.Team) string { return t.CohortID }), err
	}).get(ctx, cohort)
}

// Team is one team.
func (a *App) Team(ctx context.Context, id string) (*domain.Team, error) {
	return seen(ctx, a, "team", id, domain.SeeTeams, placeOfTeam)
}

func placeOfTeam(t *domain.Team) domain.Place {
	return domain.Place{Programme: t.ProgrammeID, Cohort: t.CohortID, Team: t.ID}
}

// TeamIf is the team that a noun may name.
func (a *App) TeamIf(ctx context.Context, id *string) (*domain.Team, error) {
	return optional[domain.Team](ctx, a, id)
}

func wantMembers(v *view, team string) { membersOfTeams(v).want(team) }

func membersOfTeams(v *view) *batch[[]*domain.Enrolment] {
	return list(v, "members of teams", func(ctx context.Context, teams []string) (map[string][]*domain.Enrolment, error) {
		found, err := v.store.Members(ctx, teams)
		keepAll(v, found)
		return byKey(teams, found, func(e *domain.Enrolment) string { return deref(e.TeamID) }), err
	})
}

// Members is a team's people by name; nil for those who may not see them.
func (a *App) Members(ctx context.Context, t *domain.Team) ([]*domain.Enrolment, error) {
	if !may(ctx, domain.SeePeople, placeOfTeam(t)) {
		return nil, nil
	}
	return membersOfTeams(a.view(ctx)).get(ctx, t.ID)
}

// TeamSectors is a team's people by sector; nil for those who may not see them.
func (a *App) TeamSectors(ctx context.Context, t *domain.Team) (*domain.SectorCount, error) {
	if !may(ctx, domain.SeeTeams, placeOfTeam(t)) {
		return nil, nil
	}
	members, err := membersOfTeams(a.view(ctx)).get(ctx, t.ID)
	return sectorsOf(members), err
}

func sectorsOf(people []*domain.Enrolment) *domain.SectorCount {
	c := &domain.SectorCount{}
	for _, e := range people {
		c.Add(e.SectorAtEnrolment, 1)
	}
	return c
}

// CreateProgramme begins a programme. Owner only.
func (a *App) CreateProgramme(ctx context.Context, in CreateProgrammeInput) (*domain.Reply[domain.Programme], error) {
	if err := must(ctx, domain.RunDatabase, domain.Place{}); err != nil {
		return nil, err
	}
	return change(ctx, a, "createProgramme", in.Command, in, func(tx *storage.Tx) (*domain.Programme, []*domain.Impact, error) {
		p := &domain.Programme{ID: newID("programme"), Name: strings.TrimSpace(in.Name), StartsOn: in.StartsOn, EndsOn: in.EndsOn, TimeZone: in.TimeZone,
			OfficeNation: in.OfficeNation, Seats: *in.Seats, Milestones: milestones(in.Milestones)}
		if err := checkProgramme(p); err != nil {
			return nil, nil, err
		}
		return p, []*domain.Impact{domain.Touch(domain.EffectCreated, "The programme begins.", p.ID)}, storage.Put(tx, p)
	})
}

func milestones(in []*MilestoneInput) []*domain.Milestone {
	out := []*domain.Milestone{}
	for _, m := range in {
		out = append(out, &domain.Milestone{ID: newID("milestone"), Name: strings.TrimSpace(m.Name), On: m.On})
	}
	slices.SortStableFunc(out, func(x, y *domain.Milestone) int { return strings.Compare(string(x.On), string(y.On)) })
	return out
}

func checkProgramme(p *domain.Programme) error {
	var wrong domain.Refusal
	if p.Name == "" {
		wrong = append(wrong, domain.Problem(domain.CodeRequired, "name", "A programme needs a name.", "Give it one."))
	}
	if p.EndsOn < p.StartsOn {
		wrong = append(wrong, domain.Problem(domain.CodeInvalid, "endsOn", "The last day lies before the first.", "Choose a day on or after "+string(p.StartsOn)+"."))
	} else if p.StartsOn.DaysUntil(p.EndsOn) > 53*7 {
		wrong = append(wrong, domain.Problem(domain.CodeInvalid, "endsOn", "A programme has at most 53 weeks.", "Choose an earlier last day."))
	}
	if _, err := time.LoadLocation(p.TimeZone); err != nil || p.TimeZone == "" {
		wrong = append(wrong, domain.Problem(domain.CodeInvalid, "timeZone", fmt.Sprintf("%q is no IANA time zone.", p.TimeZone), "Use a name such as Europe/London."))
	}
	if p.Seats.Public < 0 || p.Seats.Private < 0 {
		wrong = append(wrong, domain.Problem(domain.CodeInvalid, "seats", "Seats cannot be fewer than none.", "Give 0 or more for each sector."))
	}
	if n := p.VisitDaysMax; n != nil && (*n < 1 || *n > 100) {
		wrong = append(wrong, domain.Problem(domain.CodeInvalid, "visitDaysMax", "Visit days lie between 1 and 100.", "Give a number in that range, or 0 for one in each fortnight."))
	}
	if n := p.OneWayMinutesMax; n != nil && (*n < 1 || *n > 24*60) {
		wrong = append(wrong, domain.Problem(domain.CodeInvalid, "oneWayMinutesMax", "The longest way lies between a minute and a day.", "Give 1 to 1,440 minutes, or 0 for four hours."))
	}
	if len(p.Milestones) > 100 {
		wrong = append(wrong, domain.Problem(domain.CodeInvalid, "milestones", "A programme has at most 100 milestones.", "Leave some out."))
	}
	if wrong != nil {
		return wrong
	}
	return nil
}

// UpdateProgramme changes a programme's name, days, office, seats, milestones or rates. Coordinators of it only. The days stay once a
// plan is released (WRONG_STATE).
func (a *App) UpdateProgramme(ctx context.Context, in UpdateProgrammeInput) (*domain.Reply[domain.Programme], error) {
	if _, err := a.Programme(ctx, in.ProgrammeID); err != nil {
		return nil, err
	}
	if err := must(ctx, domain.RunProgramme, domain.Place{Programme: in.ProgrammeID}); err != nil {
		return nil, err
	}
	return change(ctx, a, "updateProgramme", in.Command, in, func(tx *storage.Tx) (*domain.Programme, []*domain.Impact, error) {
		p, err := storage.One[domain.Programme](ctx, tx.Reader, in.ProgrammeID)
		if err != nil {
			return nil, nil, err
		}
		if err := fresh(p.Edit, in.ExpectedVersion); err != nil {
			return p, nil, err
		}
		if in.StartsOn != nil || in.EndsOn != nil {
			released, err := a.anyReleased(ctx, tx, p.ID)
			if err != nil {
				return nil, nil, err
			}
			if released {
				return p, nil, domain.Refuse(domain.CodeWrongState, "startsOn", "A plan of visits is released, so the days stay.", "")
			}
		}
		set(&p.Name, in.Name)
		set(&p.StartsOn, in.StartsOn)
		set(&p.EndsOn, in.EndsOn)
		set(&p.Seats, in.Seats)
		set(&p.OfficeNation, in.OfficeNation)
		usual(&p.VisitDaysMax, in.VisitDaysMax)
		usual(&p.OneWayMinutesMax, in.OneWayMinutesMax)
		if in.Milestones != nil {
			p.Milestones = milestones(in.Milestones)
		}
		if err := checkProgramme(p); err != nil {
			return p, nil, err
		}
		if in.TravelRates != nil {
			if p.OwnRates, err = ownRates(in.TravelRates); err != nil {
				return p, nil, err
			}
		}
		return p, []*domain.Impact{domain.Touch(domain.EffectChanged, "The programme changes.", p.ID)}, storage.Put(tx, p)
	})
}

// usual sets a rule that was given; 0 is the usual again.
func usual(rule **int, given *int) {
	if given != nil {
		*rule = given
	}
	if *rule != nil && **rule == 0 {
		*rule = nil
	}
}

// ownRates is what a kilometre costs by a programme's own reckoning; each says where it is from.
func ownRates(in []*TravelRateInput) ([]*domain.TravelRate, error) {
	var wrong domain.Refusal
	rates := []*domain.TravelRate{}
	for i, r := range in {
		field := fmt.Sprintf("travelRates.%d.", i)
		source := strings.TrimSpace(r.Source)
		switch {
		case r.PencePerKm < 0 || r.PencePerKm > 1_000:
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, field+"pencePerKm", "A rate lies between 0 and 1,000 pence a kilometre.", "Check the figure."))
		case source == "":
			wrong = append(wrong, domain.Problem(domain.CodeRequired, field+"source", "A rate says where it is from.", "Name the source; where it is an assumption, say so."))
		case r.Year != nil && (*r.Year < 1990 || *r.Year > 2100):
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, field+"year", "The year has four digits, such as 2019.", "Give the year of the figure, or leave it out."))
		case slices.ContainsFunc(rates, func(known *domain.TravelRate) bool { return known.Mode == r.Mode }):
			wrong = append(wrong, domain.Problem(domain.CodeTaken, field+"mode", "The mode has a rate already.", "Give one rate a mode."))
		default:
			rates = append(rates, &domain.TravelRate{Mode: r.Mode, PencePerKm: r.PencePerKm, Year: r.Year, Source: &domain.Source{Name: source}, Own: true})
		}
	}
	if wrong != nil {
		return nil, wrong
	}
	return rates, nil
}

// set changes a part that was given.
func set[T any](part *T, given *T) {
	if given != nil {
		*part = *given
	}
}

func (a *App) anyReleased(ctx context.Context, tx *storage.Tx, programme string) (bool, error) {
	cohorts, err := tx.CohortsOf(ctx, programme)
	if err != nil {
		return false, err
	}
	ids := make([]string, len(cohorts))
	for i, c := range cohorts {
		ids[i] = c.ID
	}
	plans, err := tx.PlanInForce(ctx, ids)
	return len(plans) > 0, err
}

// CreateCohort begins a cohort of a programme. Coordinators of it only.
func (a *App) CreateCohort(ctx context.Context, in CreateCohortInput) (*domain.Reply[domain.Cohort], error) {
	if _, err := a.Programme(ctx, in.ProgrammeID); err != nil {
		return nil, err
	}
	if err := must(ctx, domain.RunProgramme, domain.Place{Programme: in.ProgrammeID}); err != nil {
		return nil, err
	}
	return change(ctx, a, "createCohort", in.Command, in, func(tx *storage.Tx) (*domain.Cohort, []*domain.Impact, error) {
		name := strings.TrimSpace(in.Name)
		if name == "" {
			return nil, nil, domain.Refuse(domain.CodeRequired, "name", "A cohort needs a name.", "Give it one.")
		}
		others, err := tx.CohortsOf(ctx, in.ProgrammeID)
		if err != nil {
			return nil, nil, err
		}
		for _, o := range others {
			if strings.EqualFold(o.Name, name) {
				return nil, nil, domain.Refuse(domain.CodeTaken, "name", "The programme has a cohort of this name.", "Choose another name.")
			}
		}
		c := &domain.Cohort{ID: newID("cohort"), ProgrammeID: in.ProgrammeID, Name: name}
		return c, []*domain.Impact{domain.Touch(domain.EffectCreated, "The cohort begins.", c.ID)}, storage.Put(tx, c)
	})
}

// CreateOrganisation adds an organisation. Coordinators only.
func (a *App) CreateOrganisation(ctx context.Context, in CreateOrganisationInput) (*domain.Reply[domain.Organisation], error) {
	if !actor(ctx).MayAnywhere(domain.RunProgramme) {
		return nil, must(ctx, domain.RunProgramme, domain.Place{})
	}
	return change(ctx, a, "createOrganisation", in.Command, in, func(tx *storage.Tx) (*domain.Organisation, []*domain.Impact, error) {
		name := strings.TrimSpace(in.Name)
		if name == "" {
			return nil, nil, domain.Refuse(domain.CodeRequired, "name", "An organisation needs a name.", "Give it one.")
		}
		known, err := tx.AllOrganisations(ctx)
		if err != nil {
			return nil, nil, err
		}
		for _, o := range known {
			if strings.EqualFold(o.Name, name) {
				return o, nil, domain.Refuse(domain.CodeTaken, "name", "There is an organisation of this name.", "Use that one.")
			}
		}
		o := &domain.Organisation{ID: newID("organisation"), Name: name, Kind: in.Kind, Sector: in.Sector}
		return o, []*domain.Impact{domain.Touch(domain.EffectCreated, "The organisation is added.", o.ID)}, storage.Put(tx, o)
	})
}
