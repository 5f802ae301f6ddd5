package app_test

import (
	"context"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/storage/storagetest"
)

// TestATokenTellsWhenItWasUsed uses a token on both databases: its last use is kept to the minute, changes nothing that
// people read, and never takes the token's end back.
func TestATokenTellsWhenItWasUsed(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, where string) {
		a, store, ctx := openApp(t, where)
		defer store.Close()
		defer a.Close()
		made := done(a.CreateApiToken(ctx, app.CreateApiTokenInput{Label: "nightly", Role: domain.Coordinator, ExpiresAt: time.Now().Add(time.Hour), Command: key()}))(t)
		lastUse := func() *time.Time {
			t.Helper()
			return ok(storage.One[domain.ApiToken](ctx, store.Read(), made.Token.ID))(t).LastUsedAt
		}
		if at := lastUse(); at != nil {
			t.Fatalf("before its first use it was used at %s", at)
		}
		if _, err := a.Authenticate(ctx, *made.Secret+"x"); err == nil {
			t.Fatal("control: another secret opens it")
		}
		a.Settle(ctx)
		if at := lastUse(); at != nil {
			t.Errorf("a secret that opens nothing counts as a use at %s", at)
		}

		version := ok(a.DataVersion(ctx))(t)
		before := time.Now()
		ok(a.Authenticate(ctx, *made.Secret))(t)
		a.Settle(ctx)
		first := lastUse()
		if first == nil || first.Before(before.Truncate(time.Minute)) || first.After(time.Now()) || first.Second() != 0 {
			t.Fatalf("used at %s, and it says %v", before, first)
		}
		if now := ok(a.DataVersion(ctx))(t); now != version {
			t.Errorf("a use is a change of the data: version %d after %d", now, version)
		}

		later := first.Add(3 * time.Minute)
		for _, at := range []time.Time{later, *first} { // of two servers, the slower one speaks last
			if err := store.NoteUse(ctx, made.Token.ID, at); err != nil {
				t.Fatal(err)
			}
		}
		if at := lastUse(); !at.Equal(later) {
			t.Errorf("last used at %s, and it says %s", later, at)
		}
		done(a.RevokeApiToken(ctx, app.RevokeApiTokenInput{TokenID: made.Token.ID, Command: key()}))(t)
		if err := store.NoteUse(ctx, made.Token.ID, later.Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := a.Authenticate(context.Background(), *made.Secret); err == nil {
			t.Error("a use that was noted late brings a revoked token back")
		}
	})
}
