package graph

import (
	"context"

	"tandem/graph/generated"
	"tandem/internal/app"
	"tandem/internal/domain"
)

func (m mutations) RateSkills(ctx context.Context, in app.RateSkillsInput) (*domain.Reply[domain.Enrolment], error) {
	return m.app.RateSkills(ctx, in)
}

func (m mutations) RecordMilestone(ctx context.Context, in app.RecordMilestoneInput) (*domain.Reply[domain.Team], error) {
	return m.app.RecordMilestone(ctx, in)
}

func (m mutations) RecordOutcomes(ctx context.Context, in app.RecordOutcomesInput) (*domain.Reply[domain.Team], error) {
	return m.app.RecordOutcomes(ctx, in)
}

func (m mutations) RecordAttendance(ctx context.Context, in app.RecordAttendanceInput) (*domain.Reply[domain.Attendance], error) {
	return m.app.RecordAttendance(ctx, in)
}

func (m mutations) UseInsight(ctx context.Context, in app.UseInsightInput) (*domain.Reply[domain.Insight], error) {
	return m.app.UseInsight(ctx, in)
}

func (m mutations) SaveBudgetLine(ctx context.Context, in app.SaveBudgetLineInput) (*domain.Reply[domain.BudgetLine], error) {
	return m.app.SaveBudgetLine(ctx, in)
}

func (m mutations) RemoveBudgetLine(ctx context.Context, in app.RemoveBudgetLineInput) (*domain.Reply[domain.BudgetLine], error) {
	return m.app.RemoveBudgetLine(ctx, in)
}

func (c cohorts) VisitDays(ctx context.Context, o *domain.Cohort) ([]*domain.VisitDay, error) {
	return c.app.VisitDays(ctx, o)
}

func (c cohorts) Budget(ctx context.Context, o *domain.Cohort) ([]*domain.BudgetLine, error) {
	return c.app.Budget(ctx, o)
}

func (t teams) Milestones(ctx context.Context, o *domain.Team) ([]*domain.TeamMilestone, error) {
	return t.app.TeamMilestones(ctx, o), nil
}

func (t teams) Outcomes(ctx context.Context, o *domain.Team) ([]*domain.Outcome, error) {
	return t.app.TeamOutcomes(ctx, o), nil
}

func (x insights) UsedBy(ctx context.Context, o *domain.Insight) ([]*domain.Team, error) {
	return x.app.InsightUsers(ctx, o)
}

type visitDays struct{ *Root }

func (r *Root) VisitDay() generated.VisitDayResolver { return visitDays{r} }

func (d visitDays) Visits(ctx context.Context, o *domain.VisitDay) ([]*domain.Visit, error) {
	return d.app.VisitsOn(ctx, o)
}

func (d visitDays) Going(ctx context.Context, o *domain.VisitDay) ([]*domain.Enrolment, error) {
	return d.app.EnrolmentsNamed(ctx, o.GoingIDs)
}

type attendances struct{ *Root }

func (r *Root) Attendance() generated.AttendanceResolver { return attendances{r} }

func (x attendances) UpdatedBy(ctx context.Context, o *domain.Attendance) (*string, error) {
	return x.app.Editor(ctx, o.Edit, o.Place()), nil
}

func (x attendances) Present(ctx context.Context, o *domain.Attendance) ([]*domain.Enrolment, error) {
	return x.app.EnrolmentsNamed(ctx, o.PresentIDs)
}

func (x attendances) Absent(ctx context.Context, o *domain.Attendance) ([]*domain.Enrolment, error) {
	return x.app.EnrolmentsNamed(ctx, o.AbsentIDs)
}

type budgetLines struct{ *Root }

func (r *Root) BudgetLine() generated.BudgetLineResolver { return budgetLines{r} }

func (x budgetLines) UpdatedBy(ctx context.Context, o *domain.BudgetLine) (*string, error) {
	return x.app.Editor(ctx, o.Edit, o.Place()), nil
}
