package graph

import (
	"context"

	"tandem/graph/generated"
	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/internal/sponsor/catalogue"
)

func (q queries) SponsorBrief(ctx context.Context, id string) (*domain.SponsorBrief, error) {
	return q.app.SponsorBrief(ctx, id)
}

func (q queries) RecomputedFigure(ctx context.Context, id string) (*app.BriefFigure, error) {
	return q.app.RecomputedFigure(ctx, id)
}

func (m mutations) DraftBrief(ctx context.Context, in app.DraftBriefInput) (*domain.Reply[domain.SponsorBrief], error) {
	return m.app.DraftBrief(ctx, in)
}

func (m mutations) UpdateBrief(ctx context.Context, in app.UpdateBriefInput) (*domain.Reply[domain.SponsorBrief], error) {
	return m.app.UpdateBrief(ctx, in)
}

func (m mutations) ReleaseBrief(ctx context.Context, in app.ReleaseBriefInput) (*domain.Reply[domain.SponsorBrief], error) {
	return m.app.ReleaseBrief(ctx, in)
}

func (m mutations) CheckBrief(ctx context.Context, in app.CheckBriefInput) (*domain.Reply[domain.SponsorBrief], error) {
	return m.app.CheckBrief(ctx, in)
}

func (m mutations) CloseRatings(ctx context.Context, in app.CloseRatingsInput) (*domain.Reply[domain.Cohort], error) {
	return m.app.CloseRatings(ctx, in)
}

func (m mutations) CreateShareLink(ctx context.Context, in app.CreateShareLinkInput) (*domain.Reply[app.NewShareLink], error) {
	return m.app.CreateShareLink(ctx, in)
}

func (m mutations) RevokeShareLink(ctx context.Context, in app.RevokeShareLinkInput) (*domain.Reply[domain.ShareLink], error) {
	return m.app.RevokeShareLink(ctx, in)
}

func (c cohorts) RatingsClosedOn(ctx context.Context, o *domain.Cohort) (*domain.Date, error) {
	return c.app.RatingsClosedOn(ctx, o), nil
}

func (c cohorts) SponsorBrief(ctx context.Context, o *domain.Cohort) (*domain.SponsorBrief, error) {
	return c.app.NewestBrief(ctx, o)
}

func (c cohorts) SponsorBriefs(ctx context.Context, o *domain.Cohort, first *int, after *string, last *int, before *string) (*domain.Paged[domain.SponsorBrief], error) {
	return c.app.Briefs(ctx, o, page(first, after, last, before))
}

type briefs struct{ *Root }

func (r *Root) SponsorBrief() generated.SponsorBriefResolver { return briefs{r} }

func (b briefs) UpdatedBy(ctx context.Context, o *domain.SponsorBrief) (*string, error) {
	return b.app.Editor(ctx, o.Edit, o.Place()), nil
}

func (b briefs) Cohort(ctx context.Context, o *domain.SponsorBrief) (*domain.Cohort, error) {
	return b.app.CohortOf(ctx, o.CohortID)
}

func (b briefs) Headline(ctx context.Context, o *domain.SponsorBrief) (string, error) {
	return b.app.FilledText(ctx, o, o.Headline)
}

func (b briefs) Summary(ctx context.Context, o *domain.SponsorBrief) (string, error) {
	return b.app.FilledText(ctx, o, o.Summary)
}

func (b briefs) Rating(ctx context.Context, o *domain.SponsorBrief) (*app.Rating, error) {
	return b.app.RatingOf(ctx, o)
}

func (b briefs) Figures(ctx context.Context, o *domain.SponsorBrief, keys []catalogue.Key) ([]*app.BriefFigure, error) {
	return b.app.BriefFigures(ctx, o, keys)
}

func (b briefs) WentBadly(ctx context.Context, o *domain.SponsorBrief) ([]string, error) {
	return b.app.Filled(ctx, o, o.WentBadly)
}

func (b briefs) Decisions(ctx context.Context, o *domain.SponsorBrief) ([]*domain.Decision, error) {
	return b.app.DecisionsOf(ctx, o)
}

func (b briefs) Written(ctx context.Context, o *domain.SponsorBrief) (*app.BriefWords, error) {
	return b.app.BriefWritten(ctx, o), nil
}

func (b briefs) WrongWords(ctx context.Context, o *domain.SponsorBrief) ([]*domain.UserError, error) {
	return b.app.WrongWords(ctx, o)
}

func (b briefs) Page(ctx context.Context, o *domain.SponsorBrief) (string, error) {
	return b.app.BriefPage(ctx, o)
}

func (b briefs) PDF(ctx context.Context, o *domain.SponsorBrief) (string, error) {
	return b.app.BriefPDF(ctx, o)
}

func (b briefs) CSV(ctx context.Context, o *domain.SponsorBrief) (string, error) {
	return b.app.BriefCSV(ctx, o)
}

func (b briefs) Intact(ctx context.Context, o *domain.SponsorBrief) (bool, error) {
	return b.app.Intact(ctx, o)
}

func (b briefs) DiffTo(ctx context.Context, o *domain.SponsorBrief, briefID string) (*app.BriefDiff, error) {
	return b.app.DiffBriefs(ctx, o, briefID)
}

func (b briefs) ShareLinks(ctx context.Context, o *domain.SponsorBrief) ([]*domain.ShareLink, error) {
	return b.app.ShareLinks(ctx, o)
}

type newShareLinks struct{ *Root }

func (r *Root) CreateShareLinkPayload() generated.CreateShareLinkPayloadResolver {
	return newShareLinks{r}
}

func (newShareLinks) Link(_ context.Context, o *domain.Reply[app.NewShareLink]) (*domain.ShareLink, error) {
	return o.Object.Made(), nil
}

func (newShareLinks) Path(_ context.Context, o *domain.Reply[app.NewShareLink]) (*string, error) {
	return o.Object.Shown(), nil
}
