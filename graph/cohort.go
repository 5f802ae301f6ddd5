package graph

import (
	"context"

	"tandem/graph/generated"
	"tandem/internal/app"
	"tandem/internal/domain"
)

func (q queries) Programmes(ctx context.Context, first *int, after *string, last *int, before *string) (*domain.Paged[domain.Programme], error) {
	return q.app.Programmes(ctx, page(first, after, last, before))
}

func (q queries) Programme(ctx context.Context, id string) (*domain.Programme, error) {
	return q.app.Programme(ctx, id)
}

func (q queries) Cohort(ctx context.Context, id string) (*domain.Cohort, error) {
	return q.app.Cohort(ctx, id)
}

func (q queries) Organisations(ctx context.Context, name *string, first *int, after *string, last *int, before *string) (*domain.Paged[domain.Organisation], error) {
	return q.app.Organisations(ctx, name, page(first, after, last, before))
}

func (q queries) Stations(ctx context.Context, beginning string) ([]*domain.Station, error) {
	return q.app.Stations(ctx, beginning)
}

func (q queries) Skills(ctx context.Context) ([]*domain.Skill, error) { return q.app.Skills(ctx) }

func (m mutations) CreateProgramme(ctx context.Context, in app.CreateProgrammeInput) (*domain.Reply[domain.Programme], error) {
	return m.app.CreateProgramme(ctx, in)
}

func (m mutations) UpdateProgramme(ctx context.Context, in app.UpdateProgrammeInput) (*domain.Reply[domain.Programme], error) {
	return m.app.UpdateProgramme(ctx, in)
}

func (m mutations) CreateCohort(ctx context.Context, in app.CreateCohortInput) (*domain.Reply[domain.Cohort], error) {
	return m.app.CreateCohort(ctx, in)
}

func (m mutations) CreateOrganisation(ctx context.Context, in app.CreateOrganisationInput) (*domain.Reply[domain.Organisation], error) {
	return m.app.CreateOrganisation(ctx, in)
}

func (m mutations) EnrolPerson(ctx context.Context, in app.EnrolPersonInput) (*domain.Reply[domain.Enrolment], error) {
	return m.app.EnrolPerson(ctx, in)
}

func (m mutations) AcceptEnrolment(ctx context.Context, in app.AcceptEnrolmentInput) (*domain.Reply[domain.Enrolment], error) {
	return m.app.AcceptEnrolment(ctx, in)
}

func (m mutations) UpdateEnrolment(ctx context.Context, in app.UpdateEnrolmentInput) (*domain.Reply[domain.Enrolment], error) {
	return m.app.UpdateEnrolment(ctx, in)
}

func (e enrolments) IdentityKept(ctx context.Context, o *domain.Enrolment) (*bool, error) {
	return e.app.IdentityKept(ctx, o)
}

func (q queries) Identity(ctx context.Context, enrolmentID string) (*domain.Identity, error) {
	return q.app.Identity(ctx, enrolmentID)
}

type identities struct{ *Root }

func (r *Root) Identity() generated.IdentityResolver { return identities{r} }

func (x identities) KeptUntil(ctx context.Context, o *domain.Identity) (domain.Date, error) {
	return x.app.IdentityKeptUntil(ctx, o)
}

func (m mutations) RecordIdentity(ctx context.Context, in app.RecordIdentityInput) (*domain.Reply[domain.Enrolment], error) {
	return m.app.RecordIdentity(ctx, in)
}

func (m mutations) DeleteIdentity(ctx context.Context, in app.DeleteIdentityInput) (*domain.Reply[domain.Enrolment], error) {
	return m.app.DeleteIdentity(ctx, in)
}

func (m mutations) WithdrawEnrolment(ctx context.Context, in app.WithdrawEnrolmentInput) (*domain.Reply[domain.Enrolment], error) {
	return m.app.WithdrawEnrolment(ctx, in)
}

type programmes struct{ *Root }

func (r *Root) Programme() generated.ProgrammeResolver { return programmes{r} }

func (p programmes) UpdatedBy(ctx context.Context, o *domain.Programme) (*string, error) {
	return p.app.Editor(ctx, o.Edit, domain.Place{Programme: o.ID}), nil
}

func (p programmes) State(_ context.Context, o *domain.Programme) (domain.ProgrammeState, error) {
	return o.StateOn(p.app.Today(o)), nil
}

func (p programmes) Today(_ context.Context, o *domain.Programme) (domain.Date, error) {
	return p.app.Today(o), nil
}

func (p programmes) TravelRates(_ context.Context, o *domain.Programme) ([]*domain.TravelRate, error) {
	return p.app.TravelRates(o), nil
}

func (p programmes) Weeks(_ context.Context, o *domain.Programme) ([]*domain.Week, error) {
	return p.app.Weeks(o), nil
}

func (p programmes) Cohorts(ctx context.Context, o *domain.Programme, first *int, after *string, last *int, before *string) (*domain.Paged[domain.Cohort], error) {
	return p.app.Cohorts(ctx, o, page(first, after, last, before))
}

func (p programmes) Imports(ctx context.Context, o *domain.Programme, first *int, after *string, last *int, before *string) (*domain.Paged[domain.Import], error) {
	return p.app.Imports(ctx, o, page(first, after, last, before))
}

func (p programmes) Challenges(ctx context.Context, o *domain.Programme, filter *domain.ChallengeFilter, order domain.ChallengeOrder, first *int, after *string, last *int, before *string) (*domain.Paged[domain.Challenge], error) {
	return p.app.Challenges(ctx, o, filter, order, page(first, after, last, before))
}

func (p programmes) Themes(ctx context.Context, o *domain.Programme) ([]*domain.Theme, error) {
	return p.app.Themes(ctx, o)
}

func (p programmes) Offers(ctx context.Context, o *domain.Programme, filter *domain.HostOfferFilter, order domain.HostOfferOrder, first *int, after *string, last *int, before *string) (*domain.Paged[domain.HostOffer], error) {
	return p.app.Offers(ctx, o, filter, order, page(first, after, last, before))
}

type cohorts struct{ *Root }

func (r *Root) Cohort() generated.CohortResolver { return cohorts{r} }

func (c cohorts) UpdatedBy(ctx context.Context, o *domain.Cohort) (*string, error) {
	return c.app.Editor(ctx, o.Edit, domain.Place{Programme: o.ProgrammeID, Cohort: o.ID}), nil
}

func (c cohorts) Programme(ctx context.Context, o *domain.Cohort) (*domain.Programme, error) {
	return c.app.ProgrammeOf(ctx, o.ProgrammeID)
}

func (c cohorts) Balance(ctx context.Context, o *domain.Cohort) (*domain.Balance, error) {
	return c.app.Balance(ctx, o)
}

func (c cohorts) Table(ctx context.Context, o *domain.Cohort, kind domain.ImportKind) (*string, error) {
	return c.app.Table(ctx, o, kind)
}

func (c cohorts) Enrolments(ctx context.Context, o *domain.Cohort, filter *domain.EnrolmentFilter, order domain.EnrolmentOrder, first *int, after *string, last *int, before *string) (*domain.Paged[domain.Enrolment], error) {
	return c.app.Enrolments(ctx, o, filter, order, page(first, after, last, before))
}

func (c cohorts) Teams(ctx context.Context, o *domain.Cohort, first *int, after *string, last *int, before *string) (*domain.Paged[domain.Team], error) {
	return c.app.Teams(ctx, o, page(first, after, last, before))
}

func (c cohorts) VisitPlan(ctx context.Context, o *domain.Cohort) (*domain.VisitPlan, error) {
	return c.app.PlanInForce(ctx, o)
}

func (c cohorts) VisitPlans(ctx context.Context, o *domain.Cohort, states []domain.VisitPlanState, first *int, after *string, last *int, before *string) (*domain.Paged[domain.VisitPlan], error) {
	return c.app.VisitPlans(ctx, o, states, page(first, after, last, before))
}

func (c cohorts) Deadlines(ctx context.Context, o *domain.Cohort, asOf *domain.Date, states []domain.DeadlineState, dueBy *domain.Date, first *int, after *string, last *int, before *string) (*domain.Paged[domain.Deadline], error) {
	return c.app.Deadlines(ctx, o, asOf, states, dueBy, page(first, after, last, before))
}

func (c cohorts) Calendar(ctx context.Context, o *domain.Cohort) (*domain.Calendar, error) {
	return c.app.CohortCalendar(ctx, o)
}

type enrolments struct{ *Root }

func (r *Root) Enrolment() generated.EnrolmentResolver { return enrolments{r} }

func (e enrolments) UpdatedBy(ctx context.Context, o *domain.Enrolment) (*string, error) {
	return e.app.Editor(ctx, o.Edit, o.Place()), nil
}

func (e enrolments) Person(ctx context.Context, o *domain.Enrolment) (*domain.Person, error) {
	return e.app.PersonOf(ctx, o.PersonID)
}

func (e enrolments) Cohort(ctx context.Context, o *domain.Enrolment) (*domain.Cohort, error) {
	return e.app.CohortOf(ctx, o.CohortID)
}

func (e enrolments) State(ctx context.Context, o *domain.Enrolment) (domain.EnrolmentState, error) {
	return e.app.StateOf(ctx, o)
}

func (e enrolments) EmployerAtEnrolment(ctx context.Context, o *domain.Enrolment) (*domain.Organisation, error) {
	return e.app.OrganisationOf(ctx, o.EmployerAtEnrolmentID)
}

func (e enrolments) HomeStation(_ context.Context, o *domain.Enrolment) (*domain.Station, error) {
	return e.app.StationIf(o.HomeStationCode), nil
}

func (e enrolments) AwayOn(ctx context.Context, o *domain.Enrolment) ([]domain.Date, error) {
	return e.app.AwayOn(ctx, o), nil
}

func (e enrolments) Needs(ctx context.Context, o *domain.Enrolment) ([]*domain.Need, error) {
	return e.app.Needs(ctx, o), nil
}

func (e enrolments) SkillRatings(ctx context.Context, o *domain.Enrolment) ([]*domain.SkillRating, error) {
	return e.app.SkillRatings(ctx, o), nil
}

func (e enrolments) Team(ctx context.Context, o *domain.Enrolment) (*domain.Team, error) {
	return e.app.TeamIf(ctx, o.TeamID)
}

func (e enrolments) Visits(ctx context.Context, o *domain.Enrolment) ([]*domain.Visit, error) {
	return e.app.VisitsOf(ctx, o)
}

func (e enrolments) Calendar(ctx context.Context, o *domain.Enrolment) (*domain.Calendar, error) {
	return e.app.PersonCalendar(ctx, o)
}

type people struct{ *Root }

func (r *Root) Person() generated.PersonResolver { return people{r} }

func (p people) UpdatedBy(ctx context.Context, o *domain.Person) (*string, error) {
	return p.app.Editor(ctx, o.Edit, domain.Place{Person: o.ID}), nil
}

func (p people) Email(ctx context.Context, o *domain.Person) (*string, error) {
	return p.app.Email(ctx, o)
}

func (p people) ExternalKey(ctx context.Context, o *domain.Person) (*string, error) {
	return p.app.ExternalKey(ctx, o)
}

func (p people) Enrolments(ctx context.Context, o *domain.Person) ([]*domain.Enrolment, error) {
	return p.app.EnrolmentsOf(ctx, o)
}

type affiliations struct{ *Root }

func (r *Root) Affiliation() generated.AffiliationResolver { return affiliations{r} }

func (a affiliations) Organisation(ctx context.Context, o *domain.Affiliation) (*domain.Organisation, error) {
	return a.app.OrganisationOf(ctx, o.OrganisationID)
}

type organisations struct{ *Root }

func (r *Root) Organisation() generated.OrganisationResolver { return organisations{r} }

func (x organisations) UpdatedBy(ctx context.Context, o *domain.Organisation) (*string, error) {
	return x.app.EditorAnywhere(ctx, o.Edit), nil
}

func (x organisations) Sites(ctx context.Context, o *domain.Organisation) ([]*domain.Site, error) {
	return x.app.SitesOf(ctx, o)
}

type skillRatings struct{ *Root }

func (r *Root) SkillRating() generated.SkillRatingResolver { return skillRatings{r} }

func (s skillRatings) Skill(ctx context.Context, o *domain.SkillRating) (*domain.Skill, error) {
	return s.app.SkillOf(ctx, o.SkillID)
}

type teams struct{ *Root }

func (r *Root) Team() generated.TeamResolver { return teams{r} }

func (t teams) UpdatedBy(ctx context.Context, o *domain.Team) (*string, error) {
	return t.app.Editor(ctx, o.Edit, domain.Place{Programme: o.ProgrammeID, Cohort: o.CohortID, Team: o.ID}), nil
}

func (t teams) Cohort(ctx context.Context, o *domain.Team) (*domain.Cohort, error) {
	return t.app.CohortOf(ctx, o.CohortID)
}

func (t teams) Members(ctx context.Context, o *domain.Team) ([]*domain.Enrolment, error) {
	return t.app.Members(ctx, o)
}

func (t teams) Sectors(ctx context.Context, o *domain.Team) (*domain.SectorCount, error) {
	return t.app.TeamSectors(ctx, o)
}

func (t teams) Challenge(ctx context.Context, o *domain.Team) (*domain.Challenge, error) {
	return t.app.ChallengeIf(ctx, o.ChallengeID)
}

func (t teams) Calendar(ctx context.Context, o *domain.Team) (*domain.Calendar, error) {
	return t.app.TeamCalendar(ctx, o)
}
