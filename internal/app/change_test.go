package app_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/google/uuid"

	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/storage/storagetest"
)

// TestWhatEveryMutationPromises tries the promises of change on one mutation, on both databases: dry runs keep nothing,
// a key is answered once, another payload is a conflict, an older version is refused with the object as it stands, and
// what was done is in the audit and in the change feed.
func TestWhatEveryMutationPromises(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, where string) {
		a, store, ctx := openApp(t, where)
		defer store.Close()
		names := func() (out []string) {
			found, err := store.Read().AllOrganisations(ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range found {
				out = append(out, o.Name)
			}
			return out
		}
		version := func() int64 {
			v, err := a.DataVersion(ctx)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		in := app.CreateOrganisationInput{Name: "Arden Systems", Kind: domain.Company, Sector: domain.Private, Command: domain.Command{IdempotencyKey: uuid.NewString(), DryRun: true}}
		before := version()
		dry, err := a.CreateOrganisation(ctx, in)
		if err != nil || dry.Object == nil || len(dry.Impact) != 1 {
			t.Fatalf("dry: %+v %v", dry, err)
		}
		if len(names()) != 0 || version() != before {
			t.Errorf("a dry run kept %v, version %d after %d", names(), version(), before)
		}

		in.DryRun = false
		done, err := a.CreateOrganisation(ctx, in)
		if err != nil || len(done.UserErrors) > 0 || len(names()) != 1 || version() == before {
			t.Fatalf("done: %+v %v, %v", done, err, names())
		}
		if !reflect.DeepEqual(dry.Impact[0].Because, done.Impact[0].Because) || dry.Impact[0].Count != done.Impact[0].Count {
			t.Errorf("the dry run announced %+v, and it was %+v", dry.Impact[0], done.Impact[0])
		}
		kept := version()
		again, err := a.CreateOrganisation(ctx, in)
		if err != nil || !again.Repeated || again.Object.ID != done.Object.ID || version() != kept || len(names()) != 1 {
			t.Errorf("the same key again: %+v %v", again, err)
		}
		other := in
		other.Name = "Another"
		if _, err := a.CreateOrganisation(ctx, other); !errors.Is(err, domain.ErrConflict) {
			t.Errorf("the key with another payload: %v", err)
		}
		// Control: with a key of its own the same request is a second intent, and is refused as such.
		in.IdempotencyKey = uuid.NewString()
		if second, err := a.CreateOrganisation(ctx, in); err != nil || len(second.UserErrors) != 1 || second.UserErrors[0].Code != domain.CodeTaken {
			t.Errorf("control: a second intent: %+v %v", second, err)
		}

		p, err := a.CreateProgramme(ctx, app.CreateProgrammeInput{Name: "Spring", StartsOn: "2019-02-07", EndsOn: "2019-04-29", TimeZone: "Europe/London", OfficeNation: domain.England,
			Seats: &domain.SectorCount{Public: 1, Private: 1}, Command: domain.Command{IdempotencyKey: uuid.NewString()}})
		if err != nil || len(p.UserErrors) > 0 {
			t.Fatalf("%+v %v", p, err)
		}
		rename := func(name string, expected int) *domain.Reply[domain.Programme] {
			r, err := a.UpdateProgramme(ctx, app.UpdateProgrammeInput{ProgrammeID: p.Object.ID, Name: &name, ExpectedVersion: expected, Command: domain.Command{IdempotencyKey: uuid.NewString()}})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		if r := rename("Summer", 1); len(r.UserErrors) > 0 || r.Object.Version != 2 {
			t.Errorf("the edit of version 1: %+v", r)
		}
		if r := rename("Autumn", 1); len(r.UserErrors) != 1 || r.UserErrors[0].Code != domain.CodeStale || r.Object.Name != "Summer" || r.Object.Version != 2 {
			t.Errorf("a second edit of version 1: %+v", r)
		}

		if err := store.Read().VerifyAudit(ctx); err != nil {
			t.Error(err)
		}
		feed, err := a.Changes(ctx, &before, nil, 100)
		if err != nil || len(feed.Changes) != 2 || feed.Changes[0].NodeID != done.Object.ID || feed.Changes[1].NodeID != p.Object.ID {
			t.Errorf("the change feed: %+v %v", feed, err)
		}
		if _, err := storage.One[domain.Organisation](ctx, store.Read(), dry.Object.ID); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("the dry run's object: %v", err)
		}
	})
}
