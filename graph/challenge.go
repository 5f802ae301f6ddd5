package graph

import (
	"context"

	"tandem/graph/generated"
	"tandem/internal/app"
	"tandem/internal/domain"
)

func (q queries) Challenge(ctx context.Context, id string) (*domain.Challenge, error) {
	return q.app.Challenge(ctx, id)
}

func (m mutations) CreateChallenge(ctx context.Context, in app.CreateChallengeInput) (*domain.Reply[domain.Challenge], error) {
	return m.app.CreateChallenge(ctx, in)
}

func (m mutations) UpdateChallenge(ctx context.Context, in app.UpdateChallengeInput) (*domain.Reply[domain.Challenge], error) {
	return m.app.UpdateChallenge(ctx, in)
}

func (m mutations) AssignChallenge(ctx context.Context, in app.AssignChallengeInput) (*domain.Reply[domain.Team], error) {
	return m.app.AssignChallenge(ctx, in)
}

type challenges struct{ *Root }

func (r *Root) Challenge() generated.ChallengeResolver { return challenges{r} }

func (c challenges) UpdatedBy(ctx context.Context, o *domain.Challenge) (*string, error) {
	return c.app.Editor(ctx, o.Edit, domain.Place{Programme: o.ProgrammeID}), nil
}

func (c challenges) Owner(ctx context.Context, o *domain.Challenge) (*domain.Organisation, error) {
	return c.app.OrganisationIf(ctx, o.OwnerID)
}

func (c challenges) Themes(ctx context.Context, o *domain.Challenge) ([]*domain.Theme, error) {
	return c.app.ThemesNamed(ctx, o.ProgrammeID, o.ThemeIDs)
}

func (c challenges) NeededSkills(ctx context.Context, o *domain.Challenge) ([]*domain.Skill, error) {
	return c.app.SkillsNamed(ctx, o.NeededSkillIDs)
}

func (c challenges) Teams(ctx context.Context, o *domain.Challenge) ([]*domain.Team, error) {
	return c.app.TeamsOn(ctx, o)
}

func (c challenges) Insights(ctx context.Context, o *domain.Challenge, first *int, after *string, last *int, before *string) (*domain.Paged[domain.Insight], error) {
	return c.app.InsightsAbout(ctx, o, page(first, after, last, before))
}
