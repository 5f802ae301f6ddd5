package app_test

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/internal/app"
	"tandem/internal/domain"
)

// canary is an identity document's number that nothing else in a database says.
const canary = "CANARY-533-000-017"

func (w *visits) record(enrolment string) {
	w.Helper()
	done(w.RecordIdentity(w.as(), app.RecordIdentityInput{EnrolmentID: enrolment, Kind: domain.Passport, Number: canary, Consented: true, Command: key()}))(w)
}

// identified is the number kept of an enrolment; empty where none is.
func (w *visits) identified(enrolment string) string {
	w.Helper()
	i := ok(w.Identity(w.as(), enrolment))(w)
	if i == nil {
		return ""
	}
	return i.Number
}

// asking is the released visits whose hosts ask for identity documents, in order, and a person on each.
func (w *visits) asking(p *domain.VisitPlan) (visits []*domain.Visit, shared string) {
	w.Helper()
	seen := map[string]int{}
	for _, v := range p.Visits {
		o := ok(w.OfferOf(w.as(), v.OfferID))(w)
		if !slices.ContainsFunc(o.RequiredFields, func(f *domain.RequiredField) bool { return f.Field == domain.FieldIdentity }) {
			continue
		}
		visits = append(visits, v)
		for _, id := range groupOf(p, v).MemberIDs {
			if seen[id]++; seen[id] == 2 && shared == "" {
				shared = id
			}
		}
	}
	if len(visits) < 2 || shared == "" {
		w.Fatal("the sample has nobody who visits two hosts that ask for identity documents")
	}
	return slices.DeleteFunc(visits, func(v *domain.Visit) bool { return !slices.Contains(groupOf(p, v).MemberIDs, shared) }), shared
}

func TestIdentityIsKeptWithConsentAndVersioned(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p := w.planned(app.PlanVisitsInput{})
		e := p.Groups[0].MemberIDs[0]
		in := app.RecordIdentityInput{EnrolmentID: e, Kind: domain.StaffPass, Number: "  ", Command: key()}
		r, err := w.RecordIdentity(w.as(), in)
		if err != nil || len(r.UserErrors) != 2 || r.UserErrors[0].Code != domain.CodeRequired || r.UserErrors[1].Code != domain.CodeNeedsConsent {
			t.Fatalf("%v %+v", err, r)
		}
		in.Number, in.Consented, in.DryRun = " "+canary+" ", true, true
		done(w.RecordIdentity(w.as(), in))(t)
		if got := w.identified(e); got != "" {
			t.Fatalf("a dry run keeps %q", got)
		}
		in.DryRun = false
		for range 2 { // the second is the same intent again
			done(w.RecordIdentity(w.as(), in))(t)
		}
		i := ok(w.Identity(w.as(), e))(t)
		if i.Number != canary || i.Kind != domain.StaffPass || i.Version != 1 || i.ConsentedAt.IsZero() {
			t.Errorf("%+v", i)
		}
		in.Command = key()
		if code := refused(w.RecordIdentity(w.as(), in))(t); code != domain.CodeStale {
			t.Errorf("an edit of nothing, where something is kept, is answered %q", code)
		}
		done(w.DeleteIdentity(w.as(), app.DeleteIdentityInput{EnrolmentID: e, ExpectedVersion: 1, Command: key()}))(t)
		if got := w.identified(e); got != "" {
			t.Errorf("%q is kept", got)
		}
	})
}

func TestOnlyCoordinatorAndPersonReadAnIdentity(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p, _ := w.release(w.planned(app.PlanVisitsInput{}))
		g := p.Groups[0]
		mine, other := ok(w.EnrolmentOf(w.as(), g.MemberIDs[0]))(t), ok(w.EnrolmentOf(w.as(), g.MemberIDs[1]))(t)
		w.record(mine.ID)
		w.record(other.ID)
		as := func(role domain.Role, person string, scopes ...domain.Scope) context.Context {
			return app.As(context.Background(), &domain.Actor{ID: string(role), Name: "Asker", PersonID: person, Scopes: scopes, Grants: []domain.Grant{{Role: role, On: w.cohort, Within: p.ProgrammeID}}})
		}
		every := []domain.Scope{domain.CohortRead, domain.CohortWrite, domain.NeedsRead, domain.VisitRead, domain.VisitWrite, domain.ManifestRead, domain.ChangesRead}
		for _, x := range []struct {
			as    func() context.Context
			name  string
			reads []*domain.Enrolment
		}{
			{func() context.Context { return as(domain.Coordinator, "") }, "coordinator", []*domain.Enrolment{mine, other}},
			{func() context.Context { return as(domain.Member, mine.PersonID) }, "the person", []*domain.Enrolment{mine}},
			{func() context.Context { return as(domain.Judge, "") }, "judge", nil},
			{func() context.Context { return as(domain.Integrator, "", every...) }, "integrator with every scope", nil},
		} {
			for _, e := range []*domain.Enrolment{mine, other} {
				i, _ := w.Identity(x.as(), e.ID) // who may not see the person at all gets an error instead
				if may := slices.Contains(x.reads, e); (i != nil) != may {
					t.Errorf("%s reads an identity document: %t, want %t", x.name, i != nil, may)
				}
				r, err := w.RecordIdentity(x.as(), app.RecordIdentityInput{EnrolmentID: e.ID, Kind: domain.Passport, Number: "1", Consented: true, ExpectedVersion: 1, Command: domain.Command{IdempotencyKey: key().IdempotencyKey, DryRun: true}})
				if did := err == nil && len(r.UserErrors) == 0; did != slices.Contains(x.reads, e) {
					t.Errorf("%s records an identity document: %t", x.name, did)
				}
			}
		}
	})
}

func TestIdentityDeadlineCountsWhoIsReady(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p, _ := w.release(w.planned(app.PlanVisitsInput{}))
		visits, shared := w.asking(p)
		count := func() *domain.Deadline {
			ctx := w.as()
			for _, d := range ok(w.VisitDeadlines(ctx, ok(w.App.Visit(ctx, visits[0].ID))(t), nil))(t) {
				if d.Kind == domain.DeadlineIdentity {
					return d
				}
			}
			t.Fatal("no deadline for identity documents")
			return nil
		}
		if d := count(); d.Ready != 0 || !slices.Contains(d.MissingIDs, shared) {
			t.Fatalf("%+v", d)
		}
		w.record(shared)
		if d := count(); d.Ready != 1 || slices.Contains(d.MissingIDs, shared) {
			t.Errorf("%+v", d)
		}
	})
}

func TestIdentityGoesToTheHostThatAskedAndIsDeletedWithTheLastList(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p, _ := w.release(w.planned(app.PlanVisitsInput{}))
		visits, shared := w.asking(p)
		w.record(shared)
		seal := func(v *domain.Visit) *domain.Manifest {
			t.Helper()
			ctx := w.as()
			in := app.SealManifestInput{VisitID: v.ID, ExpectedVersion: ok(w.App.Visit(ctx, v.ID))(t).Version, Command: key()}
			m := done(w.SealManifest(ctx, in))(t)
			again := done(w.SealManifest(w.as(), in))(t)
			if len(again.Rows) != len(m.Rows) || len(m.Rows) == 0 {
				t.Errorf("the same intent again has %d rows of %d", len(again.Rows), len(m.Rows))
			}
			return m
		}
		told := func(m *domain.Manifest) string {
			column := slices.Index(m.Fields, domain.FieldIdentity)
			for _, r := range m.Rows {
				if column >= 0 && r.EnrolmentID == shared && r.Values[column] != nil {
					return *r.Values[column]
				}
			}
			return ""
		}
		var lists []*domain.Manifest
		for _, v := range visits {
			m := seal(v)
			if got := told(m); got != "Passport "+canary {
				t.Errorf("the host is told %q", got)
			}
			lists = append(lists, m)
		}
		for _, v := range p.Visits { // control: hosts that do not ask are not told
			if slices.Contains(groupOf(p, v).MemberIDs, shared) && !slices.Contains(visits, v) {
				csv := ok(w.ManifestCSV(seal(v)))(t)
				if strings.Contains(*csv, canary) {
					t.Errorf("a host that did not ask is told: %s", *csv)
				}
			}
		}
		ctx := w.as()
		if table := ok(w.Table(ctx, ok(w.Cohort(ctx, w.cohort))(t), domain.ImportPeople))(t); table == nil || strings.Contains(*table, canary) {
			t.Error("the export of people holds an identity document, or is not there")
		}
		if !bytes.Contains(w.bytes(), []byte(canary)) {
			t.Fatal("control: the database does not hold what was recorded: nothing would be found later")
		}
		purge := func(m *domain.Manifest) {
			done(w.PurgeManifest(w.as(), app.PurgeManifestInput{ManifestID: m.ID, ExpectedVersion: m.Version, Command: key()}))(t)
		}
		last := len(lists) - 1
		w.now = visits[last].StartsAt
		for _, m := range lists[:last] {
			purge(m)
		}
		if got := w.identified(shared); got != canary {
			t.Errorf("a host is still to be told, and %q is kept", got)
		}
		w.now = w.now.Add(24 * time.Hour)
		purge(lists[last])
		if got := w.identified(shared); got != "" {
			t.Errorf("%q is kept after the last list is gone", got)
		}
		if bytes.Contains(w.bytes(), []byte(canary)) {
			t.Error("a byte of it is left in the database")
		}
	})
}

func TestIdentitiesAreForgottenInTheEnd(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p := w.planned(app.PlanVisitsInput{})
		e := p.Groups[0].MemberIDs[0]
		w.record(e)
		until := ok(w.IdentityKeptUntil(w.as(), ok(w.Identity(w.as(), e))(t)))(t)
		if until != "2019-05-09" { // seven working days after Mon 29 Apr; Mon 6 May is a bank holiday
			t.Fatalf("kept until %s", until)
		}
		forget := func() {
			t.Helper()
			if err := w.ForgetExpired(w.as()); err != nil {
				t.Fatal(err)
			}
		}
		w.now = time.Date(2019, 5, 9, 20, 0, 0, 0, time.UTC)
		forget()
		if w.identified(e) != canary {
			t.Error("it is gone on the last day")
		}
		w.now = w.now.Add(24 * time.Hour)
		if w.identified(e) != "" {
			t.Error("it is shown after its last day")
		}
		if code := refused(w.RecordIdentity(w.as(), app.RecordIdentityInput{EnrolmentID: e, Kind: domain.Passport, Number: "1", Consented: true, ExpectedVersion: 1, Command: key()}))(t); code != domain.CodeWrongState {
			t.Errorf("recording after the last day is answered %q", code)
		}
		forget()
		w.now = time.Date(2019, 2, 7, 20, 0, 0, 0, time.UTC)
		if w.identified(e) != "" || bytes.Contains(w.bytes(), []byte(canary)) {
			t.Error("it is only hidden")
		}
		if err := w.store.Read().VerifyAudit(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

// bytes is the whole embedded database as it lies on the disk, its log taken in; of PostgreSQL, which clears its files in
// its own time, every row of every table.
func (w *visits) bytes() []byte {
	w.Helper()
	if strings.HasPrefix(w.where, "host=") {
		return w.rows()
	}
	w.App.Close()
	if err := w.store.Close(); err != nil {
		w.Fatal(err)
	}
	file, err := os.ReadFile(filepath.Join(w.where, "tandem.db"))
	if err != nil {
		w.Fatal(err)
	}
	if log, err := os.ReadFile(filepath.Join(w.where, "tandem.db-wal")); err == nil {
		file = append(file, log...)
	}
	w.open()
	return file
}

func (w *visits) rows() []byte {
	w.Helper()
	db, err := sql.Open("pgx", w.where)
	if err != nil {
		w.Fatal(err)
	}
	defer db.Close()
	var all []byte
	if err := db.QueryRow("SELECT database_to_xml(true, false, '')::text").Scan(&all); err != nil {
		w.Fatal(err)
	}
	return all
}
