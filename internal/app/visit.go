package app

import (
	"context"
	"slices"
	"strings"

	"tandem/internal/domain"
)

// PlacedVisit is a visit in its plan, as an edit left both.
type PlacedVisit struct {
	Visit *domain.Visit
	Plan  *domain.VisitPlan
}

// In is the visit; nil where there is none.
func (p *PlacedVisit) In() *domain.Visit {
	if p == nil {
		return nil
	}
	return p.Visit
}

// Of is the plan; nil where there is none.
func (p *PlacedVisit) Of() *domain.VisitPlan {
	if p == nil {
		return nil
	}
	return p.Plan
}

func init() {
	nodes["site"] = finder((*App).Site)
	nodes["offer"] = finder((*App).Offer)
	nodes["plan"] = finder((*App).VisitPlan)
	nodes["visit"] = finder((*App).visitNode)
	nodes["group"] = finder((*App).VisitGroup)
	nodes["leg"] = finder((*App).Leg)
	nodes["manifest"] = finder((*App).Manifest)
	nodes["insight"] = finder((*App).Insight)
	nodes["planning"] = finder((*App).Planning)
}

// toSeePlan is what one must hold to see a plan: members see what is in force, coordinators everything.
func toSeePlan(p *domain.VisitPlan) domain.Permission {
	if p.State == domain.PlanReleased {
		return domain.SeeReleased
	}
	return domain.SeePlans
}

// VisitPlan is one plan.
func (a *App) VisitPlan(ctx context.Context, id string) (*domain.VisitPlan, error) {
	p, err := a.planNode(ctx, id)
	if err != nil {
		return nil, err
	}
	return p, a.prepare(ctx, p)
}

// planNode is a plan of which little will be asked.
func (a *App) planNode(ctx context.Context, id string) (*domain.VisitPlan, error) {
	if !actor(ctx).SignedIn() {
		return nil, must(ctx, domain.SeePlans, domain.Place{})
	}
	p, err := nouns[domain.VisitPlan](a.view(ctx)).get(ctx, id)
	if err != nil {
		return nil, err
	}
	if p == nil || !may(ctx, toSeePlan(p), p.Place()) {
		return nil, domain.NotFound("plan of visits")
	}
	return p, nil
}

// PlanOf is the plan that a noun names.
func (a *App) PlanOf(ctx context.Context, id string) (*domain.VisitPlan, error) {
	return ref[domain.VisitPlan](ctx, a, id)
}

// Visit is one visit.
func (a *App) Visit(ctx context.Context, id string) (*domain.Visit, error) {
	v, err := a.visitNode(ctx, id)
	if err != nil {
		return nil, err
	}
	p, err := ref[domain.VisitPlan](ctx, a, v.PlanID)
	if err != nil {
		return nil, err
	}
	return v, a.prepare(ctx, p)
}

// visitNode is a visit as one of many nodes, of which little may be asked.
func (a *App) visitNode(ctx context.Context, id string) (*domain.Visit, error) {
	if !actor(ctx).SignedIn() {
		return nil, must(ctx, domain.SeePlans, domain.Place{})
	}
	v, err := nouns[domain.Visit](a.view(ctx)).get(ctx, id)
	if err != nil || v == nil {
		return nil, orMissing(err, "visit")
	}
	p, err := nouns[domain.VisitPlan](a.view(ctx)).get(ctx, v.PlanID)
	if err != nil || p == nil || !may(ctx, toSeePlan(p), p.Place()) {
		return nil, orMissing(err, "visit")
	}
	a.wish(ctx, v)
	return v, nil
}

func orMissing(err error, what string) error {
	if err != nil {
		return err
	}
	return domain.NotFound(what)
}

// VisitOf is the visit that a noun names.
func (a *App) VisitOf(ctx context.Context, id string) (*domain.Visit, error) {
	return ref[domain.Visit](ctx, a, id)
}

// VisitGroup is one group.
func (a *App) VisitGroup(ctx context.Context, id string) (*domain.VisitGroup, error) {
	g, err := nouns[domain.VisitGroup](a.view(ctx)).get(ctx, id)
	if err != nil || g == nil {
		return nil, orMissing(err, "group")
	}
	if _, err := a.VisitPlan(ctx, g.PlanID); err != nil {
		return nil, domain.NotFound("group")
	}
	return g, nil
}

// GroupOf is the group that goes on a visit.
func (a *App) GroupOf(ctx context.Context, v *domain.Visit) (*domain.VisitGroup, error) {
	return ref[domain.VisitGroup](ctx, a, v.GroupID)
}

// wish says that what belongs to visits will be asked for.
func (a *App) wish(ctx context.Context, visits ...*domain.Visit) {
	v := a.view(ctx)
	for _, x := range visits {
		insightsOfVisits(v).want(x.ID)
		manifestsOfVisits(v).want(x.ID)
		peopleOfCohorts(v).want(x.CohortID)
		enteredWays(v).want(x.CohortID)
		teamsToPlan(v).want(x.CohortID)
	}
}

// prepare reads what nearly every question about plans needs, before any of them is asked: so the number of statements
// does not hang on which is asked first.
func (a *App) prepare(ctx context.Context, plans ...*domain.VisitPlan) error {
	for _, p := range plans {
		a.wish(ctx, p.Visits...)
	}
	for _, p := range plans {
		if _, err := a.materialOf(ctx, p.ProgrammeID, p.CohortID); err != nil {
			return err
		}
	}
	return nil
}

func plansInForce(v *view) *batch[*domain.VisitPlan] {
	return list(v, "plans in force", func(ctx context.Context, cohorts []string) (map[string]*domain.VisitPlan, error) {
		found, err := v.store.PlanInForce(ctx, cohorts)
		out := map[string]*domain.VisitPlan{}
		for _, p := range mine(v, found) {
			if p.State == domain.PlanReleased {
				out[p.CohortID] = p
			}
		}
		for _, p := range held[domain.VisitPlan](v) { // what a mutation wrote, or would have written
			if p.State == domain.PlanReleased && slices.Contains(cohorts, p.CohortID) {
				out[p.CohortID] = p
			}
		}
		return out, err
	})
}

// held is the nouns of a kind that the view has read so far.
func held[D any](v *view) []*D {
	b := nouns[D](v)
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []*D
	for _, d := range b.have {
		if d != nil {
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(x, y *D) int { return strings.Compare(idOf(x), idOf(y)) })
	return out
}

// planInForce is a cohort's released plan; nil before the first release.
func (a *App) planInForce(ctx context.Context, cohort string) (*domain.VisitPlan, error) {
	return plansInForce(a.view(ctx)).get(ctx, cohort)
}

// PlanInForce is a cohort's released plan; nil before the first release and for those who may not see it.
func (a *App) PlanInForce(ctx context.Context, c *domain.Cohort) (*domain.VisitPlan, error) {
	if !may(ctx, domain.SeeReleased, placeOfCohort(c)) {
		return nil, nil
	}
	v := a.view(ctx)
	listed := idsOf(held[domain.Cohort](v)) // whoever reads one plan of a list of cohorts reads them all
	plansInForce(v).want(listed...)
	for _, id := range listed {
		p, err := a.planInForce(ctx, id)
		if err != nil {
			return nil, err
		}
		if p != nil {
			a.wish(ctx, p.Visits...)
		}
	}
	p, err := a.planInForce(ctx, c.ID)
	if err != nil || p == nil {
		return nil, err
	}
	return p, a.prepare(ctx, p)
}

// VisitPlans is a page of a cohort's plans, newest first; nil for those who may not see drafts.
func (a *App) VisitPlans(ctx context.Context, c *domain.Cohort, states []domain.VisitPlanState, pg domain.Page) (*domain.Paged[domain.VisitPlan], error) {
	if !may(ctx, domain.SeePlans, placeOfCohort(c)) {
		return nil, nil
	}
	v := a.view(ctx)
	plans, err := list(v, "plans of cohorts", func(ctx context.Context, cohorts []string) (map[string][]*domain.VisitPlan, error) {
		found, err := v.store.Plans(ctx, cohorts)
		return byKey(cohorts, mine(v, found), func(p *domain.VisitPlan) string { return p.CohortID }), err
	}).get(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	if states != nil {
		plans = slices.DeleteFunc(slices.Clone(plans), func(p *domain.VisitPlan) bool { return !slices.Contains(states, p.State) })
	}
	if err := a.prepare(ctx, plans...); err != nil {
		return nil, err
	}
	return domain.Slice("plans", plans, func(p *domain.VisitPlan) string { return p.ID }, pg)
}

// PlanVisitsOf is a page of a plan's visits, by start.
func (a *App) PlanVisitsOf(ctx context.Context, p *domain.VisitPlan, pg domain.Page) (*domain.Paged[domain.Visit], error) {
	visits := inOrder(p)
	a.wish(ctx, visits...)
	return domain.Slice("visits", visits, func(v *domain.Visit) string { return v.ID }, pg)
}

// inOrder is a plan's visits by start, then by group.
func inOrder(p *domain.VisitPlan) []*domain.Visit {
	letter := map[string]string{}
	for _, g := range p.Groups {
		letter[g.ID] = g.Name
	}
	visits := slices.Clone(p.Visits)
	slices.SortStableFunc(visits, func(x, y *domain.Visit) int {
		if c := strings.Compare(string(x.On), string(y.On)); c != 0 {
			return c
		}
		if c := x.StartsAt.Compare(y.StartsAt); c != 0 {
			return c
		}
		if c := strings.Compare(letter[x.GroupID], letter[y.GroupID]); c != 0 {
			return c
		}
		return strings.Compare(x.ID, y.ID)
	})
	return visits
}

// VisitsIn is a group's visits of its day, in order.
func (a *App) VisitsIn(ctx context.Context, g *domain.VisitGroup) ([]*domain.Visit, error) {
	p, err := ref[domain.VisitPlan](ctx, a, g.PlanID)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(inOrder(p), func(v *domain.Visit) bool { return v.GroupID != g.ID }), nil
}

// VisitsOf is a person's released visits, in order; nil for those who may not see them.
func (a *App) VisitsOf(ctx context.Context, e *domain.Enrolment) ([]*domain.Visit, error) {
	if !may(ctx, domain.SeeReleased, e.Place()) {
		return nil, nil
	}
	p, err := a.planInForce(ctx, e.CohortID)
	if err != nil || p == nil {
		return []*domain.Visit{}, err
	}
	if err := a.prepare(ctx, p); err != nil {
		return nil, err
	}
	visits := slices.DeleteFunc(inOrder(p), func(v *domain.Visit) bool {
		g := groupOf(p, v.GroupID)
		return g == nil || !slices.Contains(g.MemberIDs, e.ID)
	})
	return visits, nil
}

// MembersIn is a group's people, by team and name, the whole group; nil for those who may not see people.
func (a *App) MembersIn(ctx context.Context, g *domain.VisitGroup) ([]*domain.Enrolment, error) {
	p, err := ref[domain.VisitPlan](ctx, a, g.PlanID)
	if err != nil || !may(ctx, domain.SeePeople, p.Place()) {
		return nil, err
	}
	return a.groupPeople(ctx, p, g)
}

// groupPeople is a group's people who have not left, by team and name.
func (a *App) groupPeople(ctx context.Context, p *domain.VisitPlan, g *domain.VisitGroup) ([]*domain.Enrolment, error) {
	all, err := peopleOfCohorts(a.view(ctx)).get(ctx, p.CohortID)
	if err != nil {
		return nil, err
	}
	in := map[string]bool{}
	for _, id := range g.MemberIDs {
		in[id] = true
	}
	people := []*domain.Enrolment{}
	for _, e := range all {
		if in[e.ID] && e.Seated() {
			people = append(people, e)
		}
	}
	return people, nil
}

// GroupSectors is a group's people by sector; nil for those who may not see it.
func (a *App) GroupSectors(ctx context.Context, g *domain.VisitGroup) (*domain.SectorCount, error) {
	p, err := ref[domain.VisitPlan](ctx, a, g.PlanID)
	if err != nil || !may(ctx, domain.SeeReleased, p.Place()) {
		return nil, err
	}
	people, err := a.groupPeople(ctx, p, g)
	return sectorsOf(people), err
}

// VisitState is how firm a visit is: over once its end is past, at risk where it was agreed and a rule or a deadline now
// speaks against it.
func (a *App) VisitState(ctx context.Context, v *domain.Visit) (domain.VisitState, error) {
	switch {
	case v.Stored == domain.VisitCancelled:
		return v.Stored, nil
	case a.isOver(v):
		return domain.VisitDone, nil
	case v.Stored != domain.VisitConfirmed:
		return v.Stored, nil
	}
	broken, err := a.BrokenBy(ctx, v)
	if err != nil {
		return "", err
	}
	if slices.ContainsFunc(broken, func(r *domain.RuleBreak) bool { return r.OverrideReason == nil }) {
		return domain.VisitAtRisk, nil
	}
	deadlines, err := a.deadlinesOf(ctx, v, nil)
	if err != nil {
		return "", err
	}
	late := func(d *domain.Deadline) bool { return d.State == domain.DeadlineLate && d.Kind != domain.DeadlinePurge }
	if slices.ContainsFunc(deadlines, late) && v.OverrideReason == nil {
		return domain.VisitAtRisk, nil
	}
	return v.Stored, nil
}

// PlanBound is what no plan under a plan's rules can beat; nil until it is known.
func (a *App) PlanBound(p *domain.VisitPlan) *domain.PlanBound { return boundOf(p.Score, p.Bound) }

// boundOf says of a bound how far the score may be from the best.
func boundOf(score domain.PlanScore, bound *domain.PlanScore) *domain.PlanBound {
	if bound == nil {
		return nil
	}
	b := &domain.PlanBound{PlanScore: *bound}
	has, least := levels(score), levels(*bound)
	n := provedLevels(score, *bound)
	if n == len(has) {
		return b
	}
	b.FirstUnproved = &domain.Levels[n]
	if least[n] > 0 {
		gap := 100 * float64(has[n]-least[n]) / float64(least[n])
		b.GapPercent = &gap
	}
	return b
}

func levels(s domain.PlanScore) [5]int {
	return [5]int{s.Uncovered, s.MaxShortfall, s.SquaredShortfall, s.Minutes, s.GramsCO2e}
}

// provedLevels is how many levels reach the bound, from the first on.
func provedLevels(score, bound domain.PlanScore) int {
	has, least := levels(score), levels(bound)
	for i := range has {
		if has[i] != least[i] {
			return i
		}
	}
	return len(has)
}

// ExcludedBy is who excluded an offer; nil for those who may not know.
func (a *App) ExcludedBy(ctx context.Context, x *domain.Exclusion) *string {
	if x.By == "" || !actor(ctx).MayAnywhere(domain.SeeEditors) {
		return nil
	}
	return &x.By
}

// placed gives the visit of an edit's reply as it now is in its plan.
func placed(p *domain.VisitPlan, id string) *PlacedVisit {
	for _, v := range p.Visits {
		if v.ID == id {
			return &PlacedVisit{v, p}
		}
	}
	return &PlacedVisit{Plan: p}
}
