package graph

import (
	"context"

	"tandem/graph/generated"
	"tandem/graph/model"
	"tandem/internal/app"
	"tandem/internal/domain"
)

func (q queries) VisitPlan(ctx context.Context, id string) (*domain.VisitPlan, error) {
	return q.app.VisitPlan(ctx, id)
}

func (q queries) Visit(ctx context.Context, id string) (*domain.Visit, error) {
	return q.app.Visit(ctx, id)
}

func (s subscriptions) JobProgressed(ctx context.Context, id string) (<-chan domain.Job, error) {
	return s.app.JobProgressed(ctx, id)
}

func (m mutations) CancelJob(ctx context.Context, in app.CancelJobInput) (*domain.Reply[app.JobReply], error) {
	return m.app.CancelJob(ctx, in)
}

func (m mutations) CreateSite(ctx context.Context, in app.CreateSiteInput) (*domain.Reply[domain.Site], error) {
	return m.app.CreateSite(ctx, in)
}

func (m mutations) SaveHostOffer(ctx context.Context, in app.SaveHostOfferInput) (*domain.Reply[domain.HostOffer], error) {
	return m.app.SaveHostOffer(ctx, in)
}

func (m mutations) PlanVisits(ctx context.Context, in app.PlanVisitsInput) (*domain.Reply[domain.VisitPlanning], error) {
	return m.app.PlanVisits(ctx, in)
}

func (m mutations) DraftVisitPlan(ctx context.Context, in app.DraftVisitPlanInput) (*domain.Reply[domain.VisitPlan], error) {
	return m.app.DraftVisitPlan(ctx, in)
}

func (m mutations) DraftRepair(ctx context.Context, in app.DraftRepairInput) (*domain.Reply[domain.VisitPlan], error) {
	return m.app.DraftRepair(ctx, in)
}

func (m mutations) AddVisit(ctx context.Context, in app.AddVisitInput) (*domain.Reply[app.PlacedVisit], error) {
	return m.app.AddVisit(ctx, in)
}

func (m mutations) MoveVisit(ctx context.Context, in app.MoveVisitInput) (*domain.Reply[app.PlacedVisit], error) {
	return m.app.MoveVisit(ctx, in)
}

func (m mutations) MoveVisitors(ctx context.Context, in app.MoveVisitorsInput) (*domain.Reply[domain.VisitPlan], error) {
	return m.app.MoveVisitors(ctx, in)
}

func (m mutations) RemoveVisit(ctx context.Context, in app.RemoveVisitInput) (*domain.Reply[domain.VisitPlan], error) {
	return m.app.RemoveVisit(ctx, in)
}

func (m mutations) PinVisit(ctx context.Context, in app.PinVisitInput) (*domain.Reply[domain.Visit], error) {
	return m.app.PinVisit(ctx, in)
}

func (m mutations) ExcludeOffer(ctx context.Context, in app.ExcludeOfferInput) (*domain.Reply[domain.VisitPlan], error) {
	return m.app.ExcludeOffer(ctx, in)
}

func (m mutations) ReleaseVisitPlan(ctx context.Context, in app.ReleaseVisitPlanInput) (*domain.Reply[domain.VisitPlan], error) {
	return m.app.ReleaseVisitPlan(ctx, in)
}

func (m mutations) ConfirmVisit(ctx context.Context, in app.ConfirmVisitInput) (*domain.Reply[domain.Visit], error) {
	return m.app.ConfirmVisit(ctx, in)
}

func (m mutations) CancelVisit(ctx context.Context, in app.CancelVisitInput) (*domain.Reply[domain.Visit], error) {
	return m.app.CancelVisit(ctx, in)
}

func (m mutations) EnterLeg(ctx context.Context, in app.EnterLegInput) (*domain.Reply[domain.Leg], error) {
	return m.app.EnterLeg(ctx, in)
}

func (m mutations) SealManifest(ctx context.Context, in app.SealManifestInput) (*domain.Reply[domain.Manifest], error) {
	return m.app.SealManifest(ctx, in)
}

func (m mutations) SubmitManifest(ctx context.Context, in app.SubmitManifestInput) (*domain.Reply[domain.Manifest], error) {
	return m.app.SubmitManifest(ctx, in)
}

func (m mutations) PurgeManifest(ctx context.Context, in app.PurgeManifestInput) (*domain.Reply[domain.Manifest], error) {
	return m.app.PurgeManifest(ctx, in)
}

func (m mutations) CaptureInsight(ctx context.Context, in app.CaptureInsightInput) (*domain.Reply[domain.Insight], error) {
	return m.app.CaptureInsight(ctx, in)
}

type cancelledJobs struct{ *Root }

func (r *Root) CancelJobPayload() generated.CancelJobPayloadResolver { return cancelledJobs{r} }

func (c cancelledJobs) Job(ctx context.Context, o *domain.Reply[app.JobReply]) (domain.Job, error) {
	return c.app.RepliedJob(ctx, o)
}

type addedVisits struct{ *Root }

func (r *Root) AddVisitPayload() generated.AddVisitPayloadResolver { return addedVisits{r} }

func (addedVisits) Visit(_ context.Context, o *domain.Reply[app.PlacedVisit]) (*domain.Visit, error) {
	return o.Object.In(), nil
}

func (addedVisits) Plan(_ context.Context, o *domain.Reply[app.PlacedVisit]) (*domain.VisitPlan, error) {
	return o.Object.Of(), nil
}

type movedVisits struct{ *Root }

func (r *Root) MoveVisitPayload() generated.MoveVisitPayloadResolver { return movedVisits{r} }

func (movedVisits) Visit(_ context.Context, o *domain.Reply[app.PlacedVisit]) (*domain.Visit, error) {
	return o.Object.In(), nil
}

func (movedVisits) Plan(_ context.Context, o *domain.Reply[app.PlacedVisit]) (*domain.VisitPlan, error) {
	return o.Object.Of(), nil
}

type hostOffers struct{ *Root }

func (r *Root) HostOffer() generated.HostOfferResolver { return hostOffers{r} }

func (x hostOffers) UpdatedBy(ctx context.Context, o *domain.HostOffer) (*string, error) {
	return x.app.Editor(ctx, o.Edit, domain.Place{Programme: o.ProgrammeID}), nil
}

func (x hostOffers) Site(ctx context.Context, o *domain.HostOffer) (*domain.Site, error) {
	return x.app.SiteOf(ctx, o.SiteID)
}

func (x hostOffers) Themes(ctx context.Context, o *domain.HostOffer) ([]*domain.Theme, error) {
	return x.app.ThemesNamed(ctx, o.ProgrammeID, o.ThemeIDs)
}

func (x hostOffers) RequiredFields(ctx context.Context, o *domain.HostOffer) ([]*domain.RequiredField, error) {
	return x.app.RequiredFields(ctx, o), nil
}

type sites struct{ *Root }

func (r *Root) Site() generated.SiteResolver { return sites{r} }

func (x sites) UpdatedBy(ctx context.Context, o *domain.Site) (*string, error) {
	return x.app.EditorAnywhere(ctx, o.Edit), nil
}

func (x sites) Organisation(ctx context.Context, o *domain.Site) (*domain.Organisation, error) {
	return x.app.OwnerOf(ctx, o)
}

func (x sites) Station(_ context.Context, o *domain.Site) (*domain.Station, error) {
	return x.app.StationIf(&o.StationCode), nil
}

func (x sites) AccessNotes(ctx context.Context, o *domain.Site) (*string, error) {
	return x.app.AccessNotes(ctx, o)
}

type visitPlans struct{ *Root }

func (r *Root) VisitPlan() generated.VisitPlanResolver { return visitPlans{r} }

func (x visitPlans) UpdatedBy(ctx context.Context, o *domain.VisitPlan) (*string, error) {
	return x.app.Editor(ctx, o.Edit, o.Place()), nil
}

func (x visitPlans) Cohort(ctx context.Context, o *domain.VisitPlan) (*domain.Cohort, error) {
	return x.app.CohortOf(ctx, o.CohortID)
}

func (x visitPlans) Bound(_ context.Context, o *domain.VisitPlan) (*domain.PlanBound, error) {
	return x.app.PlanBound(o), nil
}

func (x visitPlans) Visits(ctx context.Context, o *domain.VisitPlan, first *int, after *string, last *int, before *string) (*domain.Paged[domain.Visit], error) {
	return x.app.PlanVisitsOf(ctx, o, page(first, after, last, before))
}

func (x visitPlans) Left(ctx context.Context, o *domain.VisitPlan, filter *domain.LeftOutFilter, first *int, after *string, last *int, before *string) (*domain.Paged[domain.LeftOut], error) {
	return x.app.Left(ctx, o, filter, page(first, after, last, before))
}

func (x visitPlans) Broken(ctx context.Context, o *domain.VisitPlan) ([]*domain.RuleBreak, error) {
	return x.app.Broken(ctx, o)
}

func (x visitPlans) Exposures(ctx context.Context, o *domain.VisitPlan, first *int, after *string, last *int, before *string) (*domain.Paged[domain.Exposure], error) {
	return x.app.Exposures(ctx, o, page(first, after, last, before))
}

func (x visitPlans) JourneyTable(ctx context.Context, o *domain.VisitPlan) (*string, error) {
	return x.app.JourneyTable(ctx, o)
}

func (x visitPlans) Travel(ctx context.Context, o *domain.VisitPlan) (*domain.Travel, error) {
	return x.app.PlanTravel(ctx, o)
}

func (x visitPlans) DiffTo(ctx context.Context, o *domain.VisitPlan, planID string) (*domain.PlanDiff, error) {
	return x.app.DiffTo(ctx, o, planID)
}

func (x visitPlans) Repairs(ctx context.Context, o *domain.VisitPlan, cause app.RepairCause, freeVisitIDs []string) ([]*domain.Repair, error) {
	return x.app.Repairs(ctx, o, cause, freeVisitIDs)
}

type visits struct{ *Root }

func (r *Root) Visit() generated.VisitResolver { return visits{r} }

func (x visits) UpdatedBy(ctx context.Context, o *domain.Visit) (*string, error) {
	return x.app.Editor(ctx, o.Edit, o.Place()), nil
}

func (x visits) Plan(ctx context.Context, o *domain.Visit) (*domain.VisitPlan, error) {
	return x.app.PlanOf(ctx, o.PlanID)
}

func (x visits) Offer(ctx context.Context, o *domain.Visit) (*domain.HostOffer, error) {
	return x.app.OfferOf(ctx, o.OfferID)
}

func (x visits) State(ctx context.Context, o *domain.Visit) (domain.VisitState, error) {
	return x.app.VisitState(ctx, o)
}

func (x visits) Group(ctx context.Context, o *domain.Visit) (*domain.VisitGroup, error) {
	return x.app.GroupOf(ctx, o)
}

func (x visits) Deadlines(ctx context.Context, o *domain.Visit, asOf *domain.Date) ([]*domain.Deadline, error) {
	return x.app.VisitDeadlines(ctx, o, asOf)
}

func (x visits) Broken(ctx context.Context, o *domain.Visit) ([]*domain.RuleBreak, error) {
	return x.app.BrokenBy(ctx, o)
}

func (x visits) Travel(ctx context.Context, o *domain.Visit) (*domain.Travel, error) {
	return x.app.TravelOf(ctx, o)
}

func (x visits) Legs(ctx context.Context, o *domain.Visit, enrolmentID *string, first *int, after *string, last *int, before *string) (*domain.Paged[domain.Leg], error) {
	return x.app.Legs(ctx, o, enrolmentID, page(first, after, last, before))
}

func (x visits) Explain(ctx context.Context, o *domain.Visit) (*domain.VisitExplanation, error) {
	return x.app.ExplainVisit(ctx, o)
}

func (x visits) Manifest(ctx context.Context, o *domain.Visit) (*domain.Manifest, error) {
	return x.app.ManifestOf(ctx, o)
}

func (x visits) Insights(ctx context.Context, o *domain.Visit, first *int, after *string, last *int, before *string) (*domain.Paged[domain.Insight], error) {
	return x.app.Insights(ctx, o, page(first, after, last, before))
}

type visitGroups struct{ *Root }

func (r *Root) VisitGroup() generated.VisitGroupResolver { return visitGroups{r} }

func (x visitGroups) Visits(ctx context.Context, o *domain.VisitGroup) ([]*domain.Visit, error) {
	return x.app.VisitsIn(ctx, o)
}

func (x visitGroups) Sectors(ctx context.Context, o *domain.VisitGroup) (*domain.SectorCount, error) {
	return x.app.GroupSectors(ctx, o)
}

func (x visitGroups) Members(ctx context.Context, o *domain.VisitGroup) ([]*domain.Enrolment, error) {
	return x.app.MembersIn(ctx, o)
}

type exclusions struct{ *Root }

func (r *Root) Exclusion() generated.ExclusionResolver { return exclusions{r} }

func (x exclusions) Offer(ctx context.Context, o *domain.Exclusion) (*domain.HostOffer, error) {
	return x.app.OfferOf(ctx, o.OfferID)
}

func (x exclusions) By(ctx context.Context, o *domain.Exclusion) (*string, error) {
	return x.app.ExcludedBy(ctx, o), nil
}

type ruleBreaks struct{ *Root }

func (r *Root) RuleBreak() generated.RuleBreakResolver { return ruleBreaks{r} }

func (x ruleBreaks) People(ctx context.Context, o *domain.RuleBreak) ([]*domain.Enrolment, error) {
	return x.app.BrokenPeople(ctx, o)
}

type exposures struct{ *Root }

func (r *Root) Exposure() generated.ExposureResolver { return exposures{r} }

func (x exposures) Enrolment(ctx context.Context, o *domain.Exposure) (*domain.Enrolment, error) {
	return x.app.EnrolmentOf(ctx, o.EnrolmentID)
}

type exposureChanges struct{ *Root }

func (r *Root) ExposureChange() generated.ExposureChangeResolver { return exposureChanges{r} }

func (x exposureChanges) Enrolment(ctx context.Context, o *domain.ExposureChange) (*domain.Enrolment, error) {
	return x.app.EnrolmentOf(ctx, o.EnrolmentID)
}

type legs struct{ *Root }

func (r *Root) Leg() generated.LegResolver { return legs{r} }

func (x legs) UpdatedBy(ctx context.Context, o *domain.Leg) (*string, error) {
	return x.app.EditorOfLeg(ctx, o)
}

func (x legs) Enrolment(ctx context.Context, o *domain.Leg) (*domain.Enrolment, error) {
	return x.app.EnrolmentOf(ctx, o.EnrolmentID)
}

func (x legs) Visit(ctx context.Context, o *domain.Leg) (*domain.Visit, error) {
	return x.app.VisitOf(ctx, o.VisitID)
}

func (x legs) HomeStation(_ context.Context, o *domain.Leg) (*domain.Station, error) {
	return x.app.StationIf(&o.HomeStationCode), nil
}

func (x legs) Between(ctx context.Context, o *domain.Leg) (bool, error) {
	return x.app.LegBetween(ctx, o)
}

func (x legs) Explain(ctx context.Context, o *domain.Leg) (*domain.TravelExplanation, error) {
	return x.app.ExplainLeg(ctx, o)
}

type deadlines struct{ *Root }

func (r *Root) Deadline() generated.DeadlineResolver { return deadlines{r} }

func (deadlines) About(_ context.Context, o *domain.Deadline) (domain.Node, error) {
	return o.About, nil
}

func (x deadlines) Missing(ctx context.Context, o *domain.Deadline) ([]*domain.Enrolment, error) {
	return x.app.DeadlineMissing(ctx, o)
}

type leftOuts struct{ *Root }

func (r *Root) LeftOut() generated.LeftOutResolver { return leftOuts{r} }

func (leftOuts) Subject(_ context.Context, o *domain.LeftOut) (model.LeftOutSubject, error) {
	return o.Subject, nil
}

func (leftOuts) Reason(_ context.Context, o *domain.LeftOut) (domain.Reason, error) {
	return o.Reason, nil
}

type personDays struct{ *Root }

func (r *Root) PersonDay() generated.PersonDayResolver { return personDays{r} }

func (x personDays) Enrolment(ctx context.Context, o *domain.PersonDay) (*domain.Enrolment, error) {
	return x.app.EnrolmentOf(ctx, o.EnrolmentID)
}

type teamThemes struct{ *Root }

func (r *Root) TeamTheme() generated.TeamThemeResolver { return teamThemes{r} }

func (x teamThemes) Team(ctx context.Context, o *domain.TeamTheme) (*domain.Team, error) {
	return x.app.TeamIf(ctx, &o.TeamID)
}

func (x teamThemes) Theme(ctx context.Context, o *domain.TeamTheme) (*domain.Theme, error) {
	return x.app.ThemeOf(ctx, o.ThemeID)
}

type offerCounts struct{ *Root }

func (r *Root) OfferCount() generated.OfferCountResolver { return offerCounts{r} }

func (x offerCounts) Offer(ctx context.Context, o *domain.OfferCount) (*domain.HostOffer, error) {
	return x.app.OfferOf(ctx, o.OfferID)
}

type personReasons struct{ *Root }

func (r *Root) PersonReason() generated.PersonReasonResolver { return personReasons{r} }

func (x personReasons) Sites(ctx context.Context, o *domain.PersonReason) ([]*domain.Site, error) {
	return x.app.SitesNamed(ctx, o.SiteIDs)
}

type themeReasons struct{ *Root }

func (r *Root) ThemeReason() generated.ThemeReasonResolver { return themeReasons{r} }

func (x themeReasons) Offers(ctx context.Context, o *domain.ThemeReason) ([]*domain.HostOffer, error) {
	return x.app.OffersNamed(ctx, o.OfferIDs)
}

func (x themeReasons) Members(ctx context.Context, o *domain.ThemeReason) ([]*domain.Enrolment, error) {
	return x.app.EnrolmentsNamed(ctx, o.MemberIDs)
}

type swapCosts struct{ *Root }

func (r *Root) SwapCost() generated.SwapCostResolver { return swapCosts{r} }

func (x swapCosts) Enrolment(ctx context.Context, o *domain.SwapCost) (*domain.Enrolment, error) {
	return x.app.EnrolmentOf(ctx, o.EnrolmentID)
}

type visitChanges struct{ *Root }

func (r *Root) VisitChange() generated.VisitChangeResolver { return visitChanges{r} }

func (x visitChanges) Offer(ctx context.Context, o *domain.VisitChange) (*domain.HostOffer, error) {
	return x.app.OfferOf(ctx, o.OfferID)
}

func (x visitChanges) People(ctx context.Context, o *domain.VisitChange) ([]*domain.Enrolment, error) {
	return x.app.ChangedPeople(ctx, o)
}

type plannings struct{ *Root }

func (r *Root) VisitPlanning() generated.VisitPlanningResolver { return plannings{r} }

func (x plannings) Plans(ctx context.Context, o *domain.VisitPlanning) ([]*domain.VisitPlan, error) {
	return x.app.PlansOf(ctx, o)
}

func (x plannings) Clashes(ctx context.Context, o *domain.VisitPlanning, first int) ([]*domain.Clash, error) {
	return x.app.Clashes(ctx, o, first)
}

type relaxations struct{ *Root }

func (r *Root) Relaxation() generated.RelaxationResolver { return relaxations{r} }

func (x relaxations) Offers(ctx context.Context, o *domain.Relaxation) ([]*domain.HostOffer, error) {
	return x.app.OffersNamed(ctx, o.OfferIDs)
}

func (x relaxations) People(ctx context.Context, o *domain.Relaxation) ([]*domain.Enrolment, error) {
	return x.app.PeopleOfRelaxation(ctx, o)
}

type planningSteps struct{ *Root }

func (r *Root) PlanningStep() generated.PlanningStepResolver { return planningSteps{r} }

func (x planningSteps) Plan(ctx context.Context, o *domain.PlanningStep) (*domain.VisitPlan, error) {
	return x.app.PlanOf(ctx, o.PlanID)
}

func (x planningSteps) Bound(_ context.Context, o *domain.PlanningStep) (*domain.PlanBound, error) {
	return x.app.StepBound(o), nil
}

type manifests struct{ *Root }

func (r *Root) Manifest() generated.ManifestResolver { return manifests{r} }

func (x manifests) UpdatedBy(ctx context.Context, o *domain.Manifest) (*string, error) {
	return x.app.Editor(ctx, o.Edit, domain.Place{Programme: o.ProgrammeID, Cohort: o.CohortID}), nil
}

func (x manifests) Visit(ctx context.Context, o *domain.Manifest) (*domain.Visit, error) {
	return x.app.VisitOf(ctx, o.VisitID)
}

func (x manifests) CSV(_ context.Context, o *domain.Manifest) (*string, error) {
	return x.app.ManifestCSV(o)
}

type manifestRows struct{ *Root }

func (r *Root) ManifestRow() generated.ManifestRowResolver { return manifestRows{r} }

func (x manifestRows) Enrolment(ctx context.Context, o *domain.ManifestRow) (*domain.Enrolment, error) {
	return x.app.EnrolmentOf(ctx, o.EnrolmentID)
}

type insights struct{ *Root }

func (r *Root) Insight() generated.InsightResolver { return insights{r} }

func (x insights) UpdatedBy(ctx context.Context, o *domain.Insight) (*string, error) {
	return x.app.Editor(ctx, o.Edit, domain.Place{Programme: o.ProgrammeID, Cohort: o.CohortID}), nil
}

func (x insights) Visit(ctx context.Context, o *domain.Insight) (*domain.Visit, error) {
	return x.app.VisitOf(ctx, o.VisitID)
}

func (x insights) Author(ctx context.Context, o *domain.Insight) (*domain.Person, error) {
	return x.app.PersonOf(ctx, o.AuthorID)
}

func (x insights) Challenges(ctx context.Context, o *domain.Insight) ([]*domain.Challenge, error) {
	return x.app.ChallengesNamed(ctx, o.ChallengeIDs)
}
