// Package graph answers the schema: it translates between GraphQL and the app, and decides nothing. A resolver is one
// expression; there is a file for each area, in the words of the schema's headings.
package graph

import (
	"context"

	"tandem/graph/generated"
	"tandem/internal/app"
	"tandem/internal/domain"
)

// Root gives the resolvers of every type.
type Root struct {
	app *app.App
}

// New makes the resolvers on an app.
func New(a *app.App) *Root { return &Root{a} }

type (
	queries       struct{ *Root }
	mutations     struct{ *Root }
	subscriptions struct{ *Root }
)

func (r *Root) Query() generated.QueryResolver               { return queries{r} }
func (r *Root) Mutation() generated.MutationResolver         { return mutations{r} }
func (r *Root) Subscription() generated.SubscriptionResolver { return subscriptions{r} }

// page is a list's four arguments as the app takes them.
func page(first *int, after *string, last *int, before *string) domain.Page {
	return domain.Page{First: first, After: after, Last: last, Before: before}
}

func (q queries) Node(ctx context.Context, id string) (domain.Node, error) {
	return q.app.Node(ctx, id)
}

func (q queries) Nodes(ctx context.Context, ids []string) ([]domain.Node, error) {
	return q.app.Nodes(ctx, ids)
}

func (q queries) Viewer(ctx context.Context) (*app.Viewer, error) { return q.app.Viewer(ctx) }

func (q queries) RateLimit(ctx context.Context) (*app.RateLimit, error) { return app.Charged(ctx), nil }

func (q queries) Changes(ctx context.Context, since *int64, types []string, first int) (*app.ChangeFeed, error) {
	return q.app.Changes(ctx, since, types, first)
}

func (s subscriptions) Changed(ctx context.Context, since *int64, types []string) (<-chan *domain.Change, error) {
	return s.app.Changed(ctx, since, types)
}

func (m mutations) CreateAPIToken(ctx context.Context, in app.CreateApiTokenInput) (*domain.Reply[app.NewToken], error) {
	return m.app.CreateApiToken(ctx, in)
}

func (m mutations) RevokeAPIToken(ctx context.Context, in app.RevokeApiTokenInput) (*domain.Reply[domain.ApiToken], error) {
	return m.app.RevokeApiToken(ctx, in)
}

type changes struct{ *Root }

func (r *Root) Change() generated.ChangeResolver { return changes{r} }

func (c changes) Node(ctx context.Context, o *domain.Change) (domain.Node, error) {
	return c.app.ChangedNode(ctx, o)
}

type impacts struct{ *Root }

func (r *Root) Impact() generated.ImpactResolver { return impacts{r} }

func (i impacts) Subjects(ctx context.Context, o *domain.Impact, first int) ([]domain.Node, error) {
	return i.app.Subjects(ctx, o, first)
}

type viewers struct{ *Root }

func (r *Root) Viewer() generated.ViewerResolver { return viewers{r} }

func (v viewers) Grants(ctx context.Context, _ *app.Viewer) ([]*app.ViewerGrant, error) {
	return v.app.Grants(ctx), nil
}

func (v viewers) Token(ctx context.Context, _ *app.Viewer) (*domain.ApiToken, error) {
	return v.app.ViewerToken(ctx)
}

func (v viewers) Tokens(ctx context.Context, _ *app.Viewer, first *int, after *string, last *int, before *string) (*domain.Paged[domain.ApiToken], error) {
	return v.app.Tokens(ctx, page(first, after, last, before))
}

func (v viewers) Person(ctx context.Context, _ *app.Viewer) (*domain.Person, error) {
	return v.app.ViewerPerson(ctx)
}

type grants struct{ *Root }

func (r *Root) Grant() generated.GrantResolver { return grants{r} }

func (g grants) On(ctx context.Context, o *app.ViewerGrant) (domain.Node, error) {
	return g.app.GrantedOn(ctx, o)
}

type newTokens struct{ *Root }

func (r *Root) CreateApiTokenPayload() generated.CreateApiTokenPayloadResolver { return newTokens{r} }

func (newTokens) Token(_ context.Context, o *domain.Reply[app.NewToken]) (*domain.ApiToken, error) {
	return o.Object.Made(), nil
}

func (newTokens) Secret(_ context.Context, o *domain.Reply[app.NewToken]) (*string, error) {
	return o.Object.Shown(), nil
}
