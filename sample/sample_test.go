package sample

import (
	"context"
	"io"
	"log/slog"
	"testing"

	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/internal/storage"
)

func opened(t *testing.T) (context.Context, *app.App, *storage.Store) {
	t.Helper()
	store, err := storage.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	a := app.New(store, Now, slog.New(slog.NewTextHandler(io.Discard, nil)))
	return app.As(t.Context(), domain.LocalOwner()), a, store
}

func loaded(t *testing.T) (context.Context, *app.App, *storage.Store) {
	t.Helper()
	ctx, a, store := opened(t)
	if err := Load(ctx, a); err != nil {
		t.Fatal(err)
	}
	return ctx, a, store
}

func TestLoad(t *testing.T) {
	ctx, a, _ := loaded(t)
	p, err := a.ProgrammeKeyed(ctx, ProgrammeKey)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(p.StartsOn, p.EndsOn, p.Seats, len(p.Milestones))
}
