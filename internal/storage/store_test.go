package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"
	"gorm.io/gorm"

	"tandem/internal/domain"
	"tandem/internal/storage/storagetest"
)

var now = time.Date(2019, 2, 7, 9, 30, 0, 123456000, time.UTC)

// each runs a test on each engine with a fresh, empty store.
func each(t *testing.T, test func(t *testing.T, s *Store)) {
	storagetest.Each(t, func(t *testing.T, where string) {
		s, err := Open(context.Background(), where)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.Close() })
		test(t, s)
	})
}

func write(t *testing.T, s *Store, work func(*Tx) error) int64 {
	t.Helper()
	version, err := s.Write(context.Background(), domain.LocalOwner(), now, work)
	if err != nil {
		t.Fatal(err)
	}
	return version
}

func TestSQLiteHasNoWALResetBug(t *testing.T) {
	s, err := Open(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var version string
	if err := s.writer.Raw("SELECT sqlite_version()").Scan(&version).Error; err != nil {
		t.Fatal(err)
	}
	if !atLeast(version, 3, 51, 3) {
		t.Errorf("SQLite %s: 3.7.0 to 3.51.2 can lose data when the write-ahead log is reset", version)
	}
	for old, fine := range map[string]bool{"3.45.1": false, "3.51.2": false, "3.51.3": true, "3.60.0": true, "4.0.0": true} {
		if atLeast(old, 3, 51, 3) != fine {
			t.Errorf("control: %s is taken wrongly", old)
		}
	}
}

func atLeast(version string, want ...int) bool {
	have := make([]int, 3)
	fmt.Sscanf(version, "%d.%d.%d", &have[0], &have[1], &have[2])
	return slices.Compare(have, want) >= 0
}

func TestSQLiteIsOpenedSafely(t *testing.T) {
	s, err := Open(context.Background(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000"} {
		var got string
		if err := s.writer.Raw("PRAGMA " + pragma).Scan(&got).Error; err != nil || got != want {
			t.Errorf("writer %s = %q (%v), want %q", pragma, got, err, want)
		}
	}
	if err := s.readers.Exec("UPDATE ledger SET data_version = 9").Error; err == nil {
		t.Error("a reader could write")
	}
	if err := s.writer.Exec("UPDATE ledger SET data_version = 9").Error; err != nil {
		t.Errorf("control: the writer could not: %v", err)
	}
}

func TestMigrationsGoUpDownAndUp(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		pool, err := s.writer.DB()
		if err != nil {
			t.Fatal(err)
		}
		files, err := fs.Sub(migrations, "migrations")
		if err != nil {
			t.Fatal(err)
		}
		p, err := goose.NewProvider(s.dialect, pool, files)
		if err != nil {
			t.Fatal(err)
		}
		has := func() bool { return s.writer.Migrator().HasTable("enrolments") }
		if !has() {
			t.Fatal("open did not bring the tables up")
		}
		if _, err := p.DownTo(ctx, 0); err != nil {
			t.Fatal(err)
		}
		if has() {
			t.Fatal("down left tables")
		}
		for range 2 { // the second has nothing to do
			if _, err := p.Up(ctx); err != nil {
				t.Fatal(err)
			}
		}
		if version, err := s.Read().DataVersion(ctx); err != nil || version != 0 {
			t.Fatalf("ledger after up again: %d, %v", version, err)
		}
		// The rows fit the tables: each row type can be read from its table, column for column.
		for _, model := range rowTypes {
			if err := s.writer.Limit(1).Find(model).Error; err != nil {
				t.Errorf("%T: %v", model, err)
			}
			parsed := s.writer.Session(&gorm.Session{NewDB: true})
			if err := parsed.Statement.Parse(model); err != nil {
				t.Errorf("%T: %v", model, err)
				continue
			}
			for _, f := range parsed.Statement.Schema.Fields {
				if f.DBName != "" && !s.writer.Migrator().HasColumn(model, f.DBName) {
					t.Errorf("%T: %s has no column %q", model, parsed.Statement.Schema.Table, f.DBName)
				}
			}
		}
		type shadow struct{ programmeRow }
		if s.writer.Migrator().HasColumn(&shadow{}, "no_such_column") {
			t.Error("control: a column that is not there was found")
		}
	})
}

// TestEveryNounIsReadAsItWasPut saves one of each noun with every field set, and reads it back by id and by list.
func TestEveryNounIsReadAsItWasPut(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		w := newWorld()
		write(t, s, w.put)
		ctx := context.Background()
		same(t, s, w.programme, w.programme.ID)
		same(t, s, w.cohort, w.cohort.ID)
		same(t, s, w.department, w.department.ID)
		same(t, s, w.person, w.person.ID)
		same(t, s, w.skill, w.skill.ID)
		same(t, s, w.theme, w.theme.ID)
		same(t, s, w.challenge, w.challenge.ID)
		same(t, s, w.team, w.team.ID)
		same(t, s, w.enrolment, w.enrolment.ID)
		same(t, s, w.site, w.site.ID)
		same(t, s, w.offer, w.offer.ID)
		same(t, s, w.plan, w.plan.ID)
		same(t, s, w.reasons, w.reasons.ID)
		same(t, s, w.plan.Visits[0], w.plan.Visits[0].ID)
		same(t, s, w.plan.Groups[0], w.plan.Groups[0].ID)
		same(t, s, w.leg, w.leg.ID)
		same(t, s, w.manifest, w.manifest.ID)
		same(t, s, w.insight, w.insight.ID)
		same(t, s, w.attendance, w.attendance.ID)
		same(t, s, w.budget, w.budget.ID)
		same(t, s, w.pitch, w.pitch.ID)
		same(t, s, w.rehearsal, w.rehearsal.ID)
		same(t, s, w.feedback, w.feedback.ID)
		same(t, s, w.question, w.question.ID)
		same(t, s, w.recording, w.recording.ID)
		same(t, s, w.analysis, w.analysis.ID)
		same(t, s, w.brief, w.brief.ID)
		same(t, s, w.fact, w.fact.ID)
		same(t, s, w.value, w.value.ID)
		same(t, s, w.seal, w.seal.ID)
		same(t, s, w.link, w.link.ID)
		same(t, s, w.planning, w.planning.ID)
		same(t, s, w.upload, w.upload.ID)
		same(t, s, w.imported, w.imported.ID)
		same(t, s, w.token, w.token.ID)
		if len(tables) != w.kinds {
			t.Errorf("storage keeps %d nouns, this test puts %d", len(tables), w.kinds)
		}
		if _, err := One[domain.Person](ctx, s.Read(), "person_none"); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("an unknown id: %v", err)
		}
		// Saved again with a field emptied, it is read with the field empty: an update keeps nothing of before.
		w.person.Email, w.enrolment.TeamID, w.enrolment.AwayOn = nil, nil, []domain.Date{}
		write(t, s, func(tx *Tx) error {
			return errors.Join(Put(tx, w.person), Put(tx, w.enrolment))
		})
		same(t, s, w.person, w.person.ID)
		same(t, s, w.enrolment, w.enrolment.ID)
		if w.person.Version != 2 {
			t.Errorf("saved twice, version %d", w.person.Version)
		}
		write(t, s, func(tx *Tx) error { return Remove(tx, w.insight) })
		if found, err := Get[domain.Insight](ctx, s.Read(), w.insight.ID); err != nil || len(found) != 0 {
			t.Errorf("removed and still read: %v %v", found, err)
		}
	})
}

// same reads a noun by its id and compares it field by field, moments by the moment.
func same[D any](t *testing.T, s *Store, want *D, id string) {
	t.Helper()
	got, err := One[D](context.Background(), s.Read(), id)
	if err != nil {
		t.Errorf("%T: %v", want, err)
		return
	}
	a, b := flat(reflect.ValueOf(*want)), flat(reflect.ValueOf(*got))
	if a != b {
		t.Errorf("%T was put and read as\n%s\n%s", want, a, b)
	}
}

// flat writes a value with what its pointers point to, and moments in UTC; nil and empty lists alike.
func flat(v reflect.Value) string {
	if m, ok := v.Interface().(time.Time); ok {
		return m.UTC().Format(time.RFC3339Nano)
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return "nil"
		}
		return "&" + flat(v.Elem())
	case reflect.Struct:
		parts := []string{}
		for i := range v.NumField() {
			parts = append(parts, v.Type().Field(i).Name+":"+flat(v.Field(i)))
		}
		return "{" + strings.Join(parts, " ") + "}"
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return fmt.Sprintf("%q", v.Bytes())
		}
		parts := []string{}
		for i := range v.Len() {
			parts = append(parts, flat(v.Index(i)))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case reflect.Map:
		parts := []string{}
		for _, k := range v.MapKeys() {
			parts = append(parts, fmt.Sprint(k)+":"+flat(v.MapIndex(k)))
		}
		slices.Sort(parts)
		return "map[" + strings.Join(parts, " ") + "]"
	case reflect.String:
		return fmt.Sprintf("%q", v.String())
	}
	return fmt.Sprint(v.Interface())
}

func TestWhatDatabasesForbid(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		w := newWorld()
		write(t, s, w.put)
		ctx := context.Background()
		for name, broken := range map[string]func(tx *Tx) error{
			"a cohort of no programme": func(tx *Tx) error {
				return Put(tx, &domain.Cohort{ID: id("cohort"), ProgrammeID: "none", Name: "x"})
			},
			"an ending before the beginning": func(tx *Tx) error {
				p := *w.programme
				p.ID, p.ExternalKey, p.StartsOn, p.EndsOn = id("programme"), "", "2019-05-01", "2019-04-01"
				return Put(tx, &p)
			},
			"a second plan in force": func(tx *Tx) error {
				p := &domain.VisitPlan{ID: id("plan"), CohortID: w.cohort.ID, ProgrammeID: w.programme.ID, Number: 2, State: domain.PlanReleased}
				return Put(tx, p)
			},
			"the same person twice in a cohort": func(tx *Tx) error {
				e := *w.enrolment
				e.ID = id("enrolment")
				return Put(tx, &e)
			},
		} {
			if _, err := s.Write(ctx, domain.LocalOwner(), now, broken); err == nil {
				t.Errorf("%s was kept", name)
			}
		}
		draft := &domain.VisitPlan{ID: id("plan"), CohortID: w.cohort.ID, ProgrammeID: w.programme.ID, Number: 2, State: domain.PlanDraft}
		write(t, s, func(tx *Tx) error { return Put(tx, draft) }) // control: a draft beside it is fine
	})
}

// TestThePagesOfAListAreTheList walks lists forwards and backwards in pages of two.
func TestThePagesOfAListAreTheList(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		w := newWorld()
		write(t, s, w.put)
		want := []string{w.department.ID, w.company.ID}
		names := []string{"ärger", "Apple", "apple ", "Zebra", "zebra", "100%", "100_", "O'Neil \"quoted\""}
		write(t, s, func(tx *Tx) error {
			for _, n := range names {
				o := &domain.Organisation{ID: id("organisation"), Name: n, Kind: domain.Company, Sector: domain.Private}
				want = append(want, o.ID)
				if err := Put(tx, o); err != nil {
					return err
				}
			}
			return nil
		})
		ctx := context.Background()
		two := 2
		var forth []string
		for after := (*string)(nil); ; {
			p, err := s.Read().Organisations(ctx, nil, domain.Page{First: &two, After: after})
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range p.Nodes {
				forth = append(forth, o.ID)
			}
			if n, err := p.Count(ctx); err != nil || n != len(want) {
				t.Fatalf("count %d, %v", n, err)
			}
			if !p.HasNextPage {
				break
			}
			after = &p.Cursors[len(p.Cursors)-1]
		}
		var back []string
		for before := (*string)(nil); ; {
			p, err := s.Read().Organisations(ctx, nil, domain.Page{Last: &two, Before: before})
			if err != nil {
				t.Fatal(err)
			}
			page := []string{}
			for _, o := range p.Nodes {
				page = append(page, o.ID)
			}
			back = append(page, back...)
			if !p.HasPreviousPage {
				break
			}
			before = &p.Cursors[0]
		}
		if !slices.Equal(forth, back) {
			t.Errorf("forwards %v, backwards %v", forth, back)
		}
		slices.Sort(want)
		got := slices.Sorted(slices.Values(forth))
		if !slices.Equal(got, want) {
			t.Errorf("the pages hold %d, the list %d", len(got), len(want))
		}
		percent := "100%"
		p, err := s.Read().Organisations(ctx, &percent, domain.Page{})
		if err != nil || len(p.Nodes) != 1 || p.Nodes[0].Name != "100%" {
			t.Errorf("a wildcard in a search was not taken literally: %v", err)
		}
		for _, order := range []domain.EnrolmentOrder{domain.EnrolmentsByName, domain.EnrolmentsByEmployer, domain.EnrolmentsByTeam, domain.EnrolmentsNewest} {
			if p, err := s.Read().Enrolments(ctx, w.cohort.ID, domain.EnrolmentFilter{}, order, domain.Page{}); err != nil || len(p.Nodes) != 1 {
				t.Errorf("enrolments by %s: %v", order, err)
			}
		}
		for _, order := range []domain.ChallengeOrder{domain.ChallengesByTitle, domain.ChallengesByOwner, domain.ChallengesByStage} {
			if p, err := s.Read().Challenges(ctx, w.programme.ID, domain.ChallengeFilter{}, order, domain.Page{}); err != nil || len(p.Nodes) != 1 {
				t.Errorf("challenges by %s: %v", order, err)
			}
		}
		for _, order := range []domain.HostOfferOrder{domain.OffersByHost, domain.OffersByFirstWindow} {
			on := domain.Date("2019-03-12")
			f := domain.HostOfferFilter{ThemeID: &w.theme.ID, On: &on}
			if p, err := s.Read().Offers(ctx, w.programme.ID, f, order, domain.Page{}); err != nil || len(p.Nodes) != 1 {
				t.Errorf("offers by %s: %v", order, err)
			}
		}
	})
}

func TestTheAuditIsChained(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		for i := range 5 {
			write(t, s, func(tx *Tx) error {
				return tx.Audit("enrolPerson", fmt.Sprintf("payload %d", i), []*domain.Impact{domain.Touch(domain.EffectCreated, "Someone.", "person_1")})
			})
		}
		if err := s.Read().VerifyAudit(ctx); err != nil {
			t.Fatalf("an untouched chain: %v", err)
		}
		for name, tamper := range map[string]string{
			"a row changed":        "UPDATE audit_events SET payload = 'other' WHERE seq = 3",
			"who acted changed":    "UPDATE audit_events SET actor_name = 'Somebody else' WHERE seq = 3",
			"a row taken out":      "DELETE FROM audit_events WHERE seq = 3",
			"the last taken out":   "DELETE FROM audit_events WHERE seq = 5",
			"all of them":          "DELETE FROM audit_events",
			"a row and its hash":   "UPDATE audit_events SET payload = 'other', hash = 'f00' WHERE seq = 3",
			"the first taken out":  "DELETE FROM audit_events WHERE seq = 1",
			"the end made another": "UPDATE ledger SET audit_hash = 'f00'",
		} {
			tx := s.writer.Begin()
			if err := tx.Exec(tamper).Error; err != nil {
				t.Fatal(err)
			}
			if err := (Reader{tx}).VerifyAudit(ctx); err == nil {
				t.Errorf("%s, and the chain holds", name)
			}
			tx.Rollback()
		}
		if err := s.Read().VerifyAudit(ctx); err != nil {
			t.Errorf("control: the chain does not hold after all was put back: %v", err)
		}
	})
}

// TestVersionsAreGivenOutInTheOrderOfCommit writes from many sides at once while others read the feed, and wants every
// change once, in order, none skipped.
func TestVersionsAreGivenOutInTheOrderOfCommit(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		const writers, each = 8, 12
		var wait sync.WaitGroup
		done := make(chan struct{})
		for w := range writers {
			wait.Go(func() {
				for i := range each {
					_, err := s.Write(ctx, domain.LocalOwner(), now, func(tx *Tx) error {
						o := &domain.Organisation{ID: id("organisation"), Name: fmt.Sprintf("o %d %d", w, i), Kind: domain.Company, Sector: domain.Private}
						if err := Put(tx, o); err != nil {
							return err
						}
						return tx.Audit("createOrganisation", o.ID, nil)
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		go func() { wait.Wait(); close(done) }()
		seen := []int64{}
		var at int64
		for finished := false; ; {
			changes, until, _, err := s.Read().Changes(ctx, at, nil, 1000)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range changes {
				seen = append(seen, c.Version)
			}
			at = until
			if finished {
				break
			}
			select {
			case <-done:
				finished = true
			default:
			}
		}
		if len(seen) != writers*each {
			t.Fatalf("%d changes seen, %d made", len(seen), writers*each)
		}
		for i, v := range seen {
			if v != int64(i+1) {
				t.Fatalf("place %d has version %d", i, v)
			}
		}
		if err := s.Read().VerifyAudit(ctx); err != nil {
			t.Error(err)
		}
	})
}

func TestATransactionKeepsAllOrNothing(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := context.Background()
		o := &domain.Organisation{ID: id("organisation"), Name: "Arden Systems", Kind: domain.Company, Sector: domain.Private}
		for _, end := range []error{ErrDry, errors.New("something went wrong")} {
			_, err := s.Write(ctx, domain.LocalOwner(), now, func(tx *Tx) error {
				if err := Put(tx, o); err != nil {
					return err
				}
				if err := tx.Audit("createOrganisation", "p", nil); err != nil {
					return err
				}
				if err := tx.Answer("key", Answered{Action: "createOrganisation"}); err != nil {
					return err
				}
				return end
			})
			if !errors.Is(err, end) {
				t.Fatalf("%v became %v", end, err)
			}
			if found, err := Get[domain.Organisation](ctx, s.Read(), o.ID); err != nil || len(found) != 0 {
				t.Errorf("after %q the row is there", end)
			}
			if v, _ := s.Read().DataVersion(ctx); v != 0 {
				t.Errorf("after %q the version moved to %d", end, v)
			}
			if a, err := s.Read().Answered(ctx, domain.LocalOwner(), "key"); err != nil || a != nil {
				t.Errorf("after %q the key is kept", end)
			}
		}
		version := write(t, s, func(tx *Tx) error { // control: without an error everything is there
			return errors.Join(Put(tx, o), tx.Audit("createOrganisation", "p", nil), tx.Answer("key", Answered{Action: "createOrganisation", Reply: "{}"}))
		})
		a, err := s.Read().Answered(ctx, domain.LocalOwner(), "key")
		if err != nil || a == nil || a.Action != "createOrganisation" || version != 1 {
			t.Errorf("kept: %v %v, version %d", a, err, version)
		}
		if a, err := s.Read().Answered(ctx, &domain.Actor{ID: "someone else"}, "key"); err != nil || a != nil {
			t.Errorf("a key of somebody else was found")
		}
	})
}

func TestABackupIsACopyInItself(t *testing.T) {
	folder := t.TempDir()
	s, err := Open(context.Background(), folder)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w := newWorld()
	write(t, s, w.put)
	copied := t.TempDir()
	if err := s.Backup(context.Background(), copied+"/tandem.db"); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(context.Background(), copied+"/tandem.db"); err == nil {
		t.Error("a backup overwrote a file")
	}
	write(t, s, func(tx *Tx) error { return Remove(tx, w.insight) })
	again, err := Open(context.Background(), copied)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	same(t, again, w.enrolment, w.enrolment.ID)
	if found, _ := Get[domain.Insight](context.Background(), again.Read(), w.insight.ID); len(found) != 1 {
		t.Error("the copy follows the original")
	}
}

func TestStatementsAreCounted(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		w := newWorld()
		write(t, s, w.put)
		ctx, n := Counted(context.Background())
		if _, err := One[domain.Person](ctx, s.Read(), w.person.ID); err != nil {
			t.Fatal(err)
		}
		if n.Load() != 1 {
			t.Errorf("one statement counted as %d", n.Load())
		}
		if _, err := s.Read().Organisations(ctx, nil, domain.Page{}); err != nil {
			t.Fatal(err)
		}
		if n.Load() != 3 {
			t.Errorf("a page is two statements, counted %d", n.Load()-1)
		}
	})
}

func id(kind string) string { return kind + "_" + uuid.Must(uuid.NewV7()).String() }
