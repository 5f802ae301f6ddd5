package app

import (
	"context"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/storage"
)

// seen gives a noun that the asker may see; NOT_FOUND where it is not there, or not theirs to see.
func seen[D any](ctx context.Context, a *App, what, id string, p domain.Permission, place func(*D) domain.Place) (*D, error) {
	if !actor(ctx).SignedIn() {
		return nil, must(ctx, p, domain.Place{})
	}
	d, err := nouns[D](a.view(ctx)).get(ctx, id)
	if err != nil {
		return nil, err
	}
	if d == nil || !may(ctx, p, place(d)) {
		return nil, domain.NotFound(what)
	}
	return d, nil
}

// ref gives a noun that another one, which the asker was shown, points at.
func ref[D any](ctx context.Context, a *App, id string) (*D, error) {
	d, err := nouns[D](a.view(ctx)).get(ctx, id)
	if err == nil && d == nil {
		err = domain.NotFound("thing")
	}
	return d, err
}

// optional is ref where there may be nothing.
func optional[D any](ctx context.Context, a *App, id *string) (*D, error) {
	if id == nil || *id == "" {
		return nil, nil
	}
	return nouns[D](a.view(ctx)).get(ctx, *id)
}

// Editor is who saved a noun last; nil for those who may not know.
func (a *App) Editor(ctx context.Context, e domain.Edit, at domain.Place) *string {
	if e.SavedBy == "" || !may(ctx, domain.SeeEditors, at) {
		return nil
	}
	return &e.SavedBy
}

// Node is the noun with an id, whatever it is, where the asker may see it; ErrNotFound else.
func (a *App) Node(ctx context.Context, id string) (domain.Node, error) {
	kind, _, _ := strings.Cut(id, "_")
	find, ok := nodes[kind]
	if !ok {
		return nil, domain.NotFound("thing")
	}
	return find(a, ctx, id)
}

// nodes finds a noun by the kind that begins its id. Nothing is read by id except through here or a method of its own, and
// each of these decides access first.
var nodes = map[string]func(*App, context.Context, string) (domain.Node, error){}

func finder[D any](find func(*App, context.Context, string) (*D, error)) func(*App, context.Context, string) (domain.Node, error) {
	return func(a *App, ctx context.Context, id string) (domain.Node, error) {
		d, err := find(a, ctx, id)
		if err != nil {
			return nil, err
		}
		return any(d).(domain.Node), nil
	}
}

// Nodes finds the nouns with ids, at most 100; nil for each that the asker may not see.
func (a *App) Nodes(ctx context.Context, ids []string) ([]domain.Node, error) {
	if len(ids) > domain.PageMax {
		return nil, domain.Invalid("Ask for at most 100 nodes at a time.")
	}
	a.wantNodes(ctx, ids)
	out := make([]domain.Node, len(ids))
	for i, id := range ids {
		n, err := a.Node(ctx, id)
		switch {
		case err == nil:
			out[i] = n
		case !isMissing(err):
			return nil, err
		}
	}
	return out, nil
}

func isMissing(err error) bool {
	f, ok := err.(*domain.Fault)
	return ok && (f.Kind == domain.ErrNotFound || f.Kind == domain.ErrForbidden) || err == domain.ErrNotFound
}

// wantNodes says that nodes will be asked for, so that each kind is read in one statement.
func (a *App) wantNodes(ctx context.Context, ids []string) {
	v := a.view(ctx)
	for _, id := range ids {
		switch kind, _, _ := strings.Cut(id, "_"); kind {
		case "programme":
			nouns[domain.Programme](v).want(id)
		case "cohort":
			nouns[domain.Cohort](v).want(id)
		case "organisation":
			nouns[domain.Organisation](v).want(id)
		case "person":
			nouns[domain.Person](v).want(id)
		case "enrolment":
			nouns[domain.Enrolment](v).want(id)
		case "team":
			nouns[domain.Team](v).want(id)
		case "challenge":
			nouns[domain.Challenge](v).want(id)
		case "site":
			nouns[domain.Site](v).want(id)
		case "offer":
			nouns[domain.HostOffer](v).want(id)
		case "plan":
			nouns[domain.VisitPlan](v).want(id)
		case "visit":
			nouns[domain.Visit](v).want(id)
		case "group":
			nouns[domain.VisitGroup](v).want(id)
		case "manifest":
			nouns[domain.Manifest](v).want(id)
		case "insight":
			nouns[domain.Insight](v).want(id)
		case "pitch":
			nouns[domain.Pitch](v).want(id)
		case "analysis":
			nouns[domain.VoiceAnalysis](v).want(id)
		case "rehearsal":
			nouns[domain.Rehearsal](v).want(id)
		case "attendance":
			nouns[domain.Attendance](v).want(id)
		case "brief":
			nouns[domain.SponsorBrief](v).want(id)
		case "share":
			nouns[domain.ShareLink](v).want(id)
		case "budget":
			nouns[domain.BudgetLine](v).want(id)
		case "import":
			nouns[domain.Import](v).want(id)
		}
	}
}

// Subjects is who or what an impact touches, as far as the asker may see them.
func (a *App) Subjects(ctx context.Context, i *domain.Impact, first int) ([]domain.Node, error) {
	if first < 1 || first > domain.PageMax {
		return nil, domain.Invalid("Ask for 1 to 100 subjects.")
	}
	found, err := a.Nodes(ctx, i.SubjectIDs[:min(first, len(i.SubjectIDs))])
	if err != nil {
		return nil, err
	}
	out := make([]domain.Node, 0, len(found))
	for _, n := range found {
		if n != nil {
			out = append(out, n)
		}
	}
	return out, nil
}

// byKey groups what a list gave under the key that it belongs to, every key present.
func byKey[D any](keys []string, found []*D, key func(*D) string) map[string][]*D {
	out := make(map[string][]*D, len(keys))
	for _, k := range keys {
		out[k] = []*D{}
	}
	for _, d := range found {
		out[key(d)] = append(out[key(d)], d)
	}
	return out
}

// read is a reader of what is committed.
func (a *App) read() storage.Reader { return a.store.Read() }
