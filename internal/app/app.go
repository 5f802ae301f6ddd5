// Package app is what Tandem does: one method for each thing that a person can ask. Each decides access in its first line,
// loads, lets an engine think, and saves through change.
package app

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"tandem/internal/domain"
	"tandem/internal/storage"
)

// App answers what people ask of one database.
type App struct {
	store    *storage.Store
	log      *slog.Logger
	clock    func() time.Time
	feed     feed
	jobs     jobs
	uses     uses
	previews lastPreview
	deciding deciding
	decided  decided
	drafts   materials
	openings openings
}

// New opens the app on a store. The clock is what "now" means: the machine's, or a sample's day.
func New(store *storage.Store, clock func() time.Time, log *slog.Logger) *App {
	return &App{store: store, clock: clock, log: log}
}

// Ready reports whether the database answers.
func (a *App) Ready(ctx context.Context) error { return a.store.Ping(ctx) }

// DataVersion is the point in history that a read sees now.
func (a *App) DataVersion(ctx context.Context) (int64, error) { return a.store.Read().DataVersion(ctx) }

// newID makes an id: the noun's kind, so that any id says what it is, and a UUIDv7, so that later is larger.
func newID(kind string) string {
	return kind + "_" + uuid.Must(uuid.NewV7()).String()
}

type actorKey struct{}

// As gives a context in which an actor asks, with a fresh view of the data.
func As(ctx context.Context, actor *domain.Actor) context.Context {
	return context.WithValue(context.WithValue(ctx, actorKey{}, actor), viewKey{}, &viewHolder{})
}

// actor is who asks; nobody where the context does not say.
func actor(ctx context.Context) *domain.Actor {
	if a, ok := ctx.Value(actorKey{}).(*domain.Actor); ok {
		return a
	}
	return domain.Nobody()
}

// may reports whether the asker holds a permission at a place.
func may(ctx context.Context, p domain.Permission, at domain.Place) bool {
	return actor(ctx).May(p, at)
}

// must is nil where the asker holds a permission at a place, else why not.
func must(ctx context.Context, p domain.Permission, at domain.Place) error {
	switch a := actor(ctx); {
	case a.May(p, at):
		return nil
	case !a.SignedIn():
		return &domain.Fault{Kind: domain.ErrUnauthenticated, Message: "Send a token: Authorization: Bearer …"}
	default:
		return domain.Forbidden("Your role does not let you " + string(p) + " here.")
	}
}

// today is the day it is in a programme's time zone.
func (a *App) today(p *domain.Programme) domain.Date {
	return domain.DateOf(a.clock().In(p.Location()))
}

// Today is the day it is in the programme's time zone, by the server's clock.
func (a *App) Today(p *domain.Programme) domain.Date { return a.today(p) }

// feed wakes those who listen for commits.
type feed struct {
	mu   sync.Mutex
	wait chan struct{}
}

// next is closed at the next commit.
func (f *feed) next() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.wait == nil {
		f.wait = make(chan struct{})
	}
	return f.wait
}

func (f *feed) committed() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.wait != nil {
		close(f.wait)
		f.wait = nil
	}
}
