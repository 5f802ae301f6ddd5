package app_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/storage/storagetest"
	"tandem/sample"
)

// visits is the sample on a day that a test chooses, as its owner sees it.
type visits struct {
	*testing.T
	*app.App
	store  *storage.Store
	where  string // the database's address
	now    time.Time
	cohort string
}

// The sample is loaded once into an embedded database; each test gets a copy of its file.
var sampleFile = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "tandem-visits-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	store, err := storage.Open(context.Background(), folder)
	if err != nil {
		return nil, err
	}
	err = sample.Load(app.As(context.Background(), domain.LocalOwner()), app.New(store, sample.Now, quiet()))
	if err != nil {
		return nil, err
	}
	if err := store.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(folder, "tandem.db"))
})

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// eachVisits runs a test on the sample in both databases.
func eachVisits(t *testing.T, test func(t *testing.T, w *visits)) {
	t.Run("sqlite", func(t *testing.T) { test(t, openVisits(t)) })
	t.Run("postgres", func(t *testing.T) {
		w := &visits{T: t, where: storagetest.Postgres(t), now: sample.Now()}
		w.open()
		if err := sample.Load(w.as(), w.App); err != nil {
			t.Fatal(err)
		}
		w.find()
		test(t, w)
	})
}

// openVisits is the sample in an embedded database.
func openVisits(t *testing.T) *visits {
	t.Helper()
	file, err := sampleFile()
	if err != nil {
		t.Fatal(err)
	}
	w := &visits{T: t, where: t.TempDir(), now: sample.Now()}
	if err := os.WriteFile(filepath.Join(w.where, "tandem.db"), file, 0o600); err != nil {
		t.Fatal(err)
	}
	w.open()
	w.find()
	return w
}

func (w *visits) open() {
	w.Helper()
	store, err := storage.Open(context.Background(), w.where)
	if err != nil {
		w.Fatal(err)
	}
	w.store, w.App = store, app.New(store, func() time.Time { return w.now }, quiet())
	w.Cleanup(func() { w.App.Close(); store.Close() })
}

// find finds the sample's cohort.
func (w *visits) find() {
	w.Helper()
	programmes := ok(w.Programmes(w.as(), domain.Page{}))(w)
	w.cohort = ok(w.Cohorts(w.as(), programmes.Nodes[0], domain.Page{}))(w).Nodes[0].ID
}

// as is a fresh request of the owner.
func (w *visits) as() context.Context { return app.As(context.Background(), domain.LocalOwner()) }

func ok[V any](v V, err error) func(testing.TB) V {
	return func(t testing.TB) V {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// done gives the object of a reply that was not refused.
func done[D any](r *domain.Reply[D], err error) func(testing.TB) *D {
	return func(t testing.TB) *D {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range r.UserErrors {
			t.Fatalf("%v: %s", e.Field, e.Message)
		}
		return r.Object
	}
}

// refused gives the code of a refusal.
func refused[D any](r *domain.Reply[D], err error) func(testing.TB) domain.UserErrorCode {
	return func(t testing.TB) domain.UserErrorCode {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if len(r.UserErrors) == 0 {
			return ""
		}
		return r.UserErrors[0].Code
	}
}

func key() domain.Command { return domain.Command{IdempotencyKey: uuid.NewString()} }

func dry() domain.Command { return domain.Command{IdempotencyKey: uuid.NewString(), DryRun: true} }

// planned plans the cohort and gives the draft once the job is over.
func (w *visits) planned(in app.PlanVisitsInput) *domain.VisitPlan {
	w.Helper()
	in.CohortIds, in.Command = []string{w.cohort}, key()
	if in.SecondsMax == 0 {
		in.SecondsMax = 600
	}
	job := done(w.PlanVisits(w.as(), in))(w)
	var last *domain.VisitPlanning
	for m := range ok(w.JobProgressed(w.as(), job.ID))(w) {
		last = m.(*domain.VisitPlanning)
	}
	if last.State != domain.JobDone || len(last.Steps) == 0 || *last.Progress != 1 {
		w.Fatalf("the planning ended as %+v", last)
	}
	return w.plan(job.PlanIDs[0])
}

func (w *visits) plan(id string) *domain.VisitPlan {
	w.Helper()
	return ok(w.VisitPlan(w.as(), id))(w)
}

func (w *visits) release(p *domain.VisitPlan) (*domain.VisitPlan, []*domain.Impact) {
	w.Helper()
	r, err := w.ReleaseVisitPlan(w.as(), app.ReleaseVisitPlanInput{PlanID: p.ID, ExpectedVersion: p.Version, Command: key()})
	return done(r, err)(w), r.Impact
}

func (w *visits) draftOf(p *domain.VisitPlan) *domain.VisitPlan {
	w.Helper()
	return done(w.DraftVisitPlan(w.as(), app.DraftVisitPlanInput{CohortID: w.cohort, FromPlanID: &p.ID, Command: key()}))(w)
}

// at is the visit to a host in a plan, nil where there is none.
func (w *visits) at(p *domain.VisitPlan, host string) *domain.Visit {
	w.Helper()
	ctx := w.as()
	for _, v := range p.Visits {
		o := ok(w.OfferOf(ctx, v.OfferID))(w)
		s := ok(w.SiteOf(ctx, o.SiteID))(w)
		if ok(w.OrganisationOf(ctx, s.OrganisationID))(w).Name == host {
			return v
		}
	}
	return nil
}

func groupOf(p *domain.VisitPlan, v *domain.Visit) *domain.VisitGroup {
	for _, g := range p.Groups {
		if g.ID == v.GroupID {
			return g
		}
	}
	return nil
}

func london(year int, month time.Month, day, hour, minute int) time.Time {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		panic(err)
	}
	return time.Date(year, month, day, hour, minute, 0, 0, zone)
}

func TestPlanOfTheSample(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		seed := 7
		first := w.planned(app.PlanVisitsInput{Seed: &seed})
		if first.State != domain.PlanDraft || first.Number != 1 || first.Score.Uncovered != 0 || len(first.Visits) < 5 || *first.Seed != 7 || first.Bound == nil || first.Cancelled {
			t.Errorf("%+v", first)
		}
		if broken := ok(w.Broken(w.as(), first))(t); len(broken) > 0 {
			t.Errorf("it breaks %s", broken[0].Text)
		}
		for _, v := range first.Visits {
			g := groupOf(first, v)
			o := ok(w.OfferOf(w.as(), v.OfferID))(t)
			if n := len(g.MemberIDs); n < o.MinGroup || n > o.MaxGroup || g.On != v.On {
				t.Errorf("%d people in a group of %d to %d", n, o.MinGroup, o.MaxGroup)
			}
			if v.EndsAt.Sub(v.StartsAt) != time.Duration(o.DurationMinutes)*time.Minute {
				t.Errorf("it lasts %s", v.EndsAt.Sub(v.StartsAt))
			}
		}
		second := w.planned(app.PlanVisitsInput{Seed: &seed})
		if second.Number != 2 || shape(first) != shape(second) || second.Score != first.Score {
			t.Errorf("the same seed and data gave another plan:\n%s\n%s", shape(first), shape(second))
		}
		travel := ok(w.PlanTravel(w.as(), first))(t)
		if travel.GramsCO2e != first.Score.GramsCO2e {
			t.Errorf("journeys add up to %d g, and the score says %d", travel.GramsCO2e, first.Score.GramsCO2e)
		}
		exposures := ok(w.Exposures(w.as(), first, domain.Page{}))(t)
		squares, minutes := 0, 0
		for _, x := range exposures.Nodes {
			squares += x.Shortfall * x.Shortfall
			minutes += x.Minutes
			if x.LeastMinutes != nil && *x.LeastMinutes > x.Minutes {
				t.Errorf("at least %d minutes, and %d", *x.LeastMinutes, x.Minutes)
			}
		}
		if squares != first.Score.SquaredShortfall || minutes != first.Score.Minutes || len(exposures.Nodes) != 38 {
			t.Errorf("exposures give %d and %d minutes, the score %+v", squares, minutes, first.Score)
		}
	})
}

// Cohorts planned together share the hosts, and each draft says what is proved of it.
func TestPlanOfTwoCohorts(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		ctx := w.as()
		first := ok(w.CohortOf(ctx, w.cohort))(t)
		second := &domain.Cohort{ID: "cohort_" + uuid.NewString(), ProgrammeID: first.ProgrammeID, Name: "Second"}
		teams := ok(w.store.Read().TeamsOf(ctx, []string{first.ID}))(t)
		people := ok(w.store.Read().EnrolmentsOf(ctx, []string{first.ID}))(t)
		_, err := w.store.Write(ctx, domain.LocalOwner(), w.now, func(tx *storage.Tx) error {
			if err := storage.Put(tx, second); err != nil {
				return err
			}
			for i, team := range teams {
				if i%2 == 1 {
					continue
				}
				team.CohortID = second.ID
				for _, e := range people {
					if e.TeamID != nil && *e.TeamID == team.ID {
						e.CohortID = second.ID
					}
				}
			}
			if err := storage.Put(tx, teams...); err != nil {
				return err
			}
			return storage.Put(tx, people...)
		})
		if err != nil {
			t.Fatal(err)
		}
		job := done(w.PlanVisits(w.as(), app.PlanVisitsInput{CohortIds: []string{first.ID, second.ID}, SecondsMax: 600, Command: key()}))(t)
		for range ok(w.JobProgressed(w.as(), job.ID))(t) {
		}
		holder := map[string]string{}
		for i, cohort := range []string{first.ID, second.ID} {
			p := w.plan(job.PlanIDs[i])
			if p.CohortID != cohort || len(p.Visits) == 0 || p.Bound == nil || p.ProvedLevels < 4 {
				t.Errorf("%s: %d visits, bound %+v, %d levels proved", p.CohortID, len(p.Visits), p.Bound, p.ProvedLevels)
			}
			if broken := ok(w.Broken(w.as(), p))(t); len(broken) > 0 {
				t.Errorf("it breaks %s", broken[0].Text)
			}
			for _, v := range p.Visits {
				if other := holder[v.OfferID]; other != "" && other != cohort {
					t.Errorf("offer %s is visited by both", v.OfferID)
				}
				holder[v.OfferID] = cohort
			}
		}
	})
}

// shape is what a plan holds, without ids of its own.
func shape(p *domain.VisitPlan) string {
	type place struct {
		Offer, Group string
		On           domain.Date
		People       []string
	}
	var all []place
	for _, v := range p.Visits {
		g := groupOf(p, v)
		all = append(all, place{v.OfferID, g.Name, v.On, g.MemberIDs})
	}
	slices.SortFunc(all, func(x, y place) int { return strings.Compare(x.Offer, y.Offer) })
	out, _ := json.Marshal(all)
	return string(out)
}

func TestEverythingLeftOutHasAReason(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p := w.planned(app.PlanVisitsInput{})
		left := ok(w.Left(w.as(), p, nil, domain.Page{}))(t)
		programme := ok(w.ProgrammeOf(w.as(), p.ProgrammeID))(t)
		offers := ok(w.Offers(w.as(), programme, nil, domain.OffersByHost, domain.Page{}))(t)
		out := 0
		codes := map[domain.ReasonCode]bool{}
		for _, l := range left.Nodes {
			b := l.Reason.Why()
			if b.Text == "" || b.Code == "" {
				t.Errorf("%s: %+v", l.Key, b)
			}
			codes[b.Code] = true
			if _, isOffer := l.Subject.(*domain.HostOffer); isOffer {
				out++
			}
		}
		if out != len(offers.Nodes)-len(p.Visits) {
			t.Errorf("%d offers, %d used, %d left out with a reason", len(offers.Nodes), len(p.Visits), out)
		}
		if !codes[domain.NoDayLeft] || !codes[domain.TooFewCanGo] || !codes[domain.PersonAway] {
			t.Errorf("reasons: %v", codes)
		}
		for _, kind := range []domain.LeftOutKind{domain.LeftOffer, domain.LeftPersonDay, domain.LeftDay} {
			some := ok(w.Left(w.as(), p, &domain.LeftOutFilter{Kinds: []domain.LeftOutKind{kind}}, domain.Page{}))(t)
			if len(some.Nodes) == 0 || len(some.Nodes) >= len(left.Nodes) {
				t.Errorf("%d of kind %s", len(some.Nodes), kind)
			}
		}
	})
}

func TestEditsOfADraft(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p := w.planned(app.PlanVisitsInput{})
		v := w.at(p, "Foss Field Station") // open Tue 9 Apr; Wed 10 Apr it is closed
		if v == nil {
			t.Fatal("the sample's plan does not visit Foss Field Station")
		}
		closed := app.MoveVisitInput{VisitID: v.ID, StartsAt: london(2019, 4, 10, 11, 0), ExpectedVersion: p.Version, Command: key()}
		if code := refused(w.MoveVisit(w.as(), closed))(t); code != domain.CodeNeedsOverride {
			t.Fatalf("a move onto a day when the host is closed is answered %q", code)
		}
		stale := closed
		stale.ExpectedVersion, stale.Command = p.Version-1, key()
		if code := refused(w.MoveVisit(w.as(), stale))(t); code != domain.CodeStale {
			t.Errorf("an edit of an older version is answered %q", code)
		}
		sunday := closed
		why := "Everybody wants it"
		sunday.StartsAt, sunday.OverrideReason, sunday.Command = london(2019, 4, 14, 11, 0), &why, key()
		if code := refused(w.MoveVisit(w.as(), sunday))(t); code != domain.CodeRuleBroken {
			t.Errorf("a Sunday with a reason is answered %q", code)
		}

		ctx := w.as()
		tried := closed
		tried.OverrideReason, tried.Command = &why, dry()
		r := ok(w.MoveVisit(ctx, tried))(t)
		if len(r.UserErrors) > 0 || r.Object.Visit.On != "2019-04-10" {
			t.Fatalf("%+v", r.Object)
		}
		would := ok(w.VisitOf(ctx, v.ID))(t) // the same request reads on as if it were done
		broken := ok(w.BrokenBy(ctx, would))(t)
		if would.On != "2019-04-10" || len(broken) != 1 || broken[0].Rule != domain.RuleBlackout || *broken[0].OverrideReason != why {
			t.Errorf("after the dry run: %s, %+v", would.On, broken)
		}
		if again := w.plan(p.ID); again.Version != p.Version || w.at(again, "Foss Field Station").On != "2019-04-09" {
			t.Fatal("a dry run kept something")
		}
		tried.Command = dry() // what it is based on is known from before
		if again := ok(w.MoveVisit(w.as(), tried))(t); again.Object.Plan.Score != r.Object.Plan.Score || len(again.Impact) != len(r.Impact) {
			t.Errorf("tried again: %+v, was %+v", again.Object.Plan.Score, r.Object.Plan.Score)
		}

		tried.Command = key()
		moved := done(w.MoveVisit(w.as(), tried))(t)
		if moved.Plan.Score != r.Object.Plan.Score {
			t.Errorf("done: %+v, tried %+v", moved.Plan.Score, r.Object.Plan.Score)
		}
		if moved.Plan.Seed != nil || moved.Plan.Version != p.Version+1 {
			t.Errorf("an edited plan: %+v", moved.Plan)
		}
		score := moved.Plan.Score
		back := app.MoveVisitInput{VisitID: v.ID, StartsAt: v.StartsAt, ExpectedVersion: moved.Plan.Version, Command: key()}
		undone := done(w.MoveVisit(w.as(), back))(t)
		if undone.Visit.OverrideReason != nil {
			t.Error("the reason stays though nothing is broken")
		}
		people := groupOf(undone.Plan, undone.Visit).MemberIDs
		off := done(w.MoveVisitors(w.as(), app.MoveVisitorsInput{PlanID: p.ID, EnrolmentIds: people[:2], On: "2019-04-09", ExpectedVersion: undone.Plan.Version, Command: key()}))(t)
		if off.Score.SquaredShortfall <= score.SquaredShortfall {
			t.Errorf("two people miss a day and the squared shortfall goes from %d to %d", score.SquaredShortfall, off.Score.SquaredShortfall)
		}
		to := groupOf(off, w.at(off, "Foss Field Station")).ID
		on := done(w.MoveVisitors(w.as(), app.MoveVisitorsInput{PlanID: p.ID, EnrolmentIds: people[:2], On: "2019-04-09", ToGroupID: &to, ExpectedVersion: off.Version, Command: key()}))(t)
		if on.Score != undone.Plan.Score {
			t.Errorf("back where they were: %+v, was %+v", on.Score, undone.Plan.Score)
		}

		less := done(w.RemoveVisit(w.as(), app.RemoveVisitInput{VisitID: v.ID, ExpectedVersion: on.Version, Command: key()}))(t)
		if w.at(less, "Foss Field Station") != nil || len(less.Groups) != len(on.Groups)-1 {
			t.Error("the visit or its group is still there")
		}
		more := done(w.AddVisit(w.as(), app.AddVisitInput{PlanID: p.ID, OfferID: v.OfferID, StartsAt: v.StartsAt, ExpectedVersion: less.Version, Command: key()}))(t)
		if more.Plan.Score.Uncovered != 0 || len(groupOf(more.Plan, more.Visit).MemberIDs) != len(people) {
			t.Errorf("put back with the best people: %+v, %d people, was %d", more.Plan.Score, len(groupOf(more.Plan, more.Visit).MemberIDs), len(people))
		}

		reason := "They cannot have us"
		x := done(w.ExcludeOffer(w.as(), app.ExcludeOfferInput{PlanID: p.ID, OfferID: v.OfferID, Reason: &reason, ExpectedVersion: more.Plan.Version, Command: key()}))(t)
		pin := w.at(x, "Usk Robotics")
		pinned := done(w.PinVisit(w.as(), app.PinVisitInput{VisitID: pin.ID, Pinned: true, ExpectedVersion: x.Version, Command: key()}))(t)
		again := w.planned(app.PlanVisitsInput{FromPlanID: &p.ID})
		if w.at(again, "Foss Field Station") != nil {
			t.Error("an excluded offer is planned")
		}
		kept := w.at(again, "Usk Robotics")
		if kept == nil || kept.On != pinned.On || !kept.Pinned || !slices.Equal(groupOf(again, kept).MemberIDs, groupOf(x, pin).MemberIDs) {
			t.Errorf("a pinned visit moved: %+v", kept)
		}
		left := ok(w.Left(w.as(), again, &domain.LeftOutFilter{AboutID: &v.OfferID}, domain.Page{}))(t)
		if r, is := left.Nodes[0].Reason.(*domain.ExcludedReason); !is || r.Exclusion.Reason != reason {
			t.Errorf("%+v", left.Nodes[0].Reason)
		}
	})
}

func TestReleaseKeepsTheLivesOfVisits(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		draft := w.planned(app.PlanVisitsInput{})
		one, impact := w.release(draft)
		if one.State != domain.PlanReleased || one.Number != draft.Number || len(impact) < 1+len(one.Visits) {
			t.Fatalf("%+v, %d impacts", one, len(impact))
		}
		told := 0
		for _, i := range impact {
			if i.Notice != nil {
				told++
			}
		}
		if told < len(one.Visits) {
			t.Errorf("%d messages drafted for %d hosts and the people", told, len(one.Visits))
		}
		for _, v := range one.Visits {
			if v.Sequence != 0 {
				t.Errorf("a new visit has sequence %d", v.Sequence)
			}
		}
		usk, foss := w.at(one, "Usk Robotics"), w.at(one, "Foss Field Station")
		confirmed := done(w.ConfirmVisit(w.as(), app.ConfirmVisitInput{VisitID: usk.ID, ExpectedVersion: usk.Version, Command: key()}))(t)

		two := w.draftOf(w.plan(one.ID))
		moved := w.at(two, "Euston Service Lab") // open Tue 26 and Wed 27 Feb
		other := london(2019, 2, 26, 10, 0)
		if moved.On == "2019-02-26" {
			other = london(2019, 2, 27, 10, 0)
		}
		why := "The group has to be regrouped"
		r := done(w.MoveVisit(w.as(), app.MoveVisitInput{VisitID: moved.ID, StartsAt: other, OverrideReason: &why, ExpectedVersion: two.Version, Command: key()}))(t)
		less := done(w.RemoveVisit(w.as(), app.RemoveVisitInput{VisitID: w.at(r.Plan, "Foss Field Station").ID, ExpectedVersion: r.Plan.Version, Command: key()}))(t)
		for _, v := range less.Visits { // the moved visit makes its fortnight's others stand alone: they go as well
			if v.On == moved.On && v.OfferID != moved.OfferID {
				less = done(w.RemoveVisit(w.as(), app.RemoveVisitInput{VisitID: v.ID, ExpectedVersion: less.Version, Command: key()}))(t)
			}
		}
		three := w.plan(less.ID)
		released, _ := w.release(three)
		if before := w.plan(one.ID); before.State != domain.PlanSuperseded {
			t.Errorf("the plan before is %s", before.State)
		}
		for _, v := range released.Visits {
			was := visitTo(one, v.OfferID)
			want := 0
			if !v.StartsAt.Equal(was.StartsAt) {
				want = 1
			}
			if v.UID != was.UID || v.Sequence != want {
				t.Errorf("%s on %s: UID %s, was %s; sequence %d, want %d", v.OfferID, v.On, v.UID, was.UID, v.Sequence, want)
			}
		}
		if w.at(released, "Usk Robotics").Stored != domain.VisitConfirmed || confirmed.Stored != domain.VisitConfirmed {
			t.Error("what the host agreed to is forgotten")
		}
		cohort := ok(w.CohortOf(w.as(), w.cohort))(t)
		calendar := ok(w.CohortCalendar(w.as(), cohort))(t)
		gone, notice := entry(calendar, foss.UID), entry(calendar, "cancelled-"+foss.UID)
		if gone == nil || !gone.Cancelled || gone.Sequence != 1 || notice == nil || notice.Kind != domain.EntryNotice || notice.Cancelled {
			t.Errorf("a visit that the plan dropped: %+v, %+v", gone, notice)
		}
		if e := entry(calendar, usk.UID); e == nil || e.Cancelled || e.Sequence != 0 {
			t.Errorf("a visit that did not change: %+v", e)
		}
		if n := strings.Count(calendar.ICS, "BEGIN:VEVENT"); n != len(calendar.Entries) || !strings.Contains(calendar.ICS, "STATUS:CANCELLED") {
			t.Errorf("%d events for %d entries", n, len(calendar.Entries))
		}

		four := w.draftOf(w.plan(one.ID)) // as it was at first: the dropped visit comes back
		last, _ := w.release(four)
		if v := visitTo(last, foss.OfferID); v.UID != foss.UID || v.Sequence != 2 {
			t.Errorf("a visit that came back has UID %s, was %s, and sequence %d", v.UID, foss.UID, v.Sequence)
		}
		if v := visitTo(last, moved.OfferID); v.Sequence != 2 {
			t.Errorf("a visit that moved there and back has sequence %d", v.Sequence)
		}
		after := ok(w.CohortCalendar(w.as(), cohort))(t)
		if e := entry(after, foss.UID); e == nil || e.Cancelled || entry(after, "cancelled-"+foss.UID) != nil {
			t.Errorf("a visit that came back: %+v", e)
		}
	})
}

func visitTo(p *domain.VisitPlan, offer string) *domain.Visit {
	for _, v := range p.Visits {
		if v.OfferID == offer {
			return v
		}
	}
	return &domain.Visit{}
}

func entry(c *domain.Calendar, uid string) *domain.CalendarEntry {
	for _, e := range c.Entries {
		if e.UID == uid {
			return e
		}
	}
	return nil
}

func TestReleaseRefusesWhatBreaksARule(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p := w.planned(app.PlanVisitsInput{})
		w.now = w.now.AddDate(0, 2, 0) // its lead times are over
		r := ok(w.ReleaseVisitPlan(w.as(), app.ReleaseVisitPlanInput{PlanID: p.ID, ExpectedVersion: p.Version, Command: key()}))(t)
		if len(r.UserErrors) == 0 || r.UserErrors[0].Code != domain.CodeRuleBroken || !strings.Contains(r.UserErrors[0].Message, "Names were due") {
			t.Fatalf("%+v", r.UserErrors)
		}
		if again := w.plan(p.ID); again.State != domain.PlanDraft || again.Version != p.Version {
			t.Error("a refused release kept something")
		}
	})
}

func TestCancelledVisitStaysAndIsTold(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p, _ := w.release(w.planned(app.PlanVisitsInput{}))
		v := w.at(p, "Usk Robotics")
		r := ok(w.CancelVisit(w.as(), app.CancelVisitInput{VisitID: v.ID, Reason: "The robots are ill", ExpectedVersion: v.Version, Command: key()}))(t)
		if r.Object == nil || r.Object.Stored != domain.VisitCancelled || r.Object.Sequence != v.Sequence+1 {
			t.Fatalf("%+v %+v", r.Object, r.UserErrors)
		}
		people := 0
		for _, i := range r.Impact {
			if i.Notice != nil && strings.Contains(i.Notice.Text, "The robots are ill.") {
				people += i.Count
			}
		}
		if people < len(groupOf(p, v).MemberIDs) {
			t.Errorf("%d are told, and %d go", people, len(groupOf(p, v).MemberIDs))
		}
		enrolment := ok(w.EnrolmentOf(w.as(), groupOf(p, v).MemberIDs[0]))(t)
		calendar := ok(w.PersonCalendar(w.as(), enrolment))(t)
		if e := entry(calendar, v.UID); e == nil || !e.Cancelled || entry(calendar, "cancelled-"+v.UID) == nil {
			t.Errorf("%+v", calendar.Entries)
		}
		for _, e := range calendar.Entries {
			if e.Kind == domain.EntryDeadline {
				t.Error("a person's calendar tells of a coordinator's deadline")
			}
		}
	})
}

func TestManifestHoldsWhatItsHostAskedForAndIsPurged(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p, _ := w.release(w.planned(app.PlanVisitsInput{}))
		v := w.at(p, "Foss Field Station")
		o := ok(w.OfferOf(w.as(), v.OfferID))(t)
		ctx := w.as()
		m := done(w.SealManifest(ctx, app.SealManifestInput{VisitID: v.ID, ExpectedVersion: v.Version, Command: key()}))(t)
		if len(m.Fields) != len(o.RequiredFields) || m.People != len(groupOf(p, v).MemberIDs) || m.Number != 1 {
			t.Fatalf("%+v, asked for %d fields", m, len(o.RequiredFields))
		}
		withoutConsent := 0
		for i, row := range m.Rows {
			e := ok(w.EnrolmentOf(ctx, row.EnrolmentID))(t)
			if i > 0 {
				before := ok(w.EnrolmentOf(ctx, m.Rows[i-1].EnrolmentID))(t)
				if strings.ToLower(ok(w.PersonOf(ctx, before.PersonID))(t).Name) > strings.ToLower(ok(w.PersonOf(ctx, e.PersonID))(t).Name) {
					t.Error("rows are not by name")
				}
			}
			for j, f := range m.Fields {
				if f != domain.FieldDiet {
					continue
				}
				has := slices.ContainsFunc(e.Needs, func(n *domain.Need) bool { return n.Kind == domain.NeedDiet && n.ConsentedAt != nil })
				if (row.Values[j] != nil) != has {
					t.Errorf("a need that the person did not agree to tell, or one missing: %+v", e.Needs)
				}
				if slices.ContainsFunc(e.Needs, func(n *domain.Need) bool { return n.Kind == domain.NeedDiet && n.ConsentedAt == nil }) {
					withoutConsent++
				}
			}
		}
		if withoutConsent == 0 {
			t.Error("control: nobody in the sample keeps a need to themselves")
		}
		csv := ok(w.ManifestCSV(m))(t)
		if csv == nil || strings.Count(*csv, "\r\n") != m.People+1 || len(m.SealedHash) != 64 {
			t.Errorf("%v", csv)
		}
		sent := done(w.SubmitManifest(w.as(), app.SubmitManifestInput{ManifestID: m.ID, ExpectedVersion: m.Version, Command: key()}))(t)
		for _, d := range ok(w.VisitDeadlines(w.as(), v, nil))(t) {
			if d.Kind == domain.DeadlineNames && d.State != domain.DeadlineMet {
				t.Errorf("names are with the host, and the deadline is %s", d.State)
			}
		}
		w.now = london(2019, 4, 24, 9, 0) // the purge was due on Thu 18 Apr
		cohort := ok(w.CohortOf(w.as(), w.cohort))(t)
		late := ok(w.Deadlines(w.as(), cohort, nil, []domain.DeadlineState{domain.DeadlineLate}, nil, domain.Page{}))(t)
		if !slices.ContainsFunc(late.Nodes, func(d *domain.Deadline) bool { return d.Kind == domain.DeadlinePurge && d.About.ID == v.ID }) {
			t.Error("rows are kept too long, and nothing is late")
		}
		purged := done(w.PurgeManifest(w.as(), app.PurgeManifestInput{ManifestID: m.ID, ExpectedVersion: sent.Version, Command: key()}))(t)
		if len(purged.Rows) != 0 || purged.SealedHash != m.SealedHash || purged.People != m.People || purged.PurgeAfter != "2019-04-18" {
			t.Errorf("%+v", purged)
		}
		if gone := ok(w.ManifestCSV(purged))(t); gone != nil {
			t.Error("a purged manifest still gives its rows")
		}
	})
}

func TestPlanningIsStoppedAndKeepsItsBest(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		job := done(w.PlanVisits(w.as(), app.PlanVisitsInput{CohortIds: []string{w.cohort}, SecondsMax: 3600, Command: key()}))(t)
		stopped := ok(w.CancelJob(w.as(), app.CancelJobInput{JobID: job.ID, Command: key()}))(t)
		as := ok(w.RepliedJob(w.as(), stopped))(t).Stands()
		if len(stopped.UserErrors) == 0 && !as.Over() {
			t.Errorf("a stopped planning is %s", as)
		}
		p := w.plan(job.PlanIDs[0])
		if p.State != domain.PlanDraft || len(p.Visits) == 0 {
			t.Errorf("its draft is %s with %d visits", p.State, len(p.Visits))
		}
		if as == domain.JobCancelled && !p.Cancelled {
			t.Error("it does not say that it was stopped")
		}
		if broken := ok(w.Broken(w.as(), p))(t); len(broken) > 0 {
			t.Errorf("the best so far breaks %s", broken[0].Text)
		}
	})
}

// TestPlanningThatDiedIsEnded writes down what a killed program leaves: a planning that runs, with a draft that holds
// something and one that does not.
func TestPlanningThatDiedIsEnded(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p := w.planned(app.PlanVisitsInput{})
		empty := &domain.VisitPlan{ID: "plan_" + uuid.NewString(), CohortID: p.CohortID, ProgrammeID: p.ProgrammeID, Number: 9, State: domain.PlanPlanning, Rules: p.Rules, Attainable: map[string]int{}}
		job := &domain.VisitPlanning{ID: "planning_" + uuid.NewString(), ProgrammeID: p.ProgrammeID, CohortIDs: []string{p.CohortID}, PlanIDs: []string{p.ID, empty.ID}, State: domain.JobRunning, StartedAt: w.now, SecondsMax: 20, Steps: []*domain.PlanningStep{}}
		_, err := w.store.Write(context.Background(), domain.LocalOwner(), w.now, func(tx *storage.Tx) error {
			p.State = domain.PlanPlanning
			if err := storage.Put(tx, p, empty); err != nil {
				return err
			}
			return storage.Put(tx, job)
		})
		if err != nil {
			t.Fatal(err)
		}
		w.App.Close()
		w.store.Close()
		w.open()
		if p := w.plan(p.ID); p.State != domain.PlanPlanning {
			t.Fatalf("control: the draft is %s before anybody recovers it", p.State)
		}
		if err := w.Recover(context.Background()); err != nil {
			t.Fatal(err)
		}
		if j := ok(w.Planning(w.as(), job.ID))(t); j.State != domain.JobFailed || j.Failure == nil || j.EndedAt == nil {
			t.Errorf("%+v", j)
		}
		if p := w.plan(p.ID); p.State != domain.PlanDraft || !p.Cancelled || len(p.Visits) == 0 {
			t.Errorf("%+v", p)
		}
		if _, err := w.VisitPlan(w.as(), empty.ID); err == nil {
			t.Error("an empty draft was left behind")
		}
	})
}

func TestConfirmedVisitBecomesAtRisk(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p, _ := w.release(w.planned(app.PlanVisitsInput{}))
		v := w.at(p, "Foss Field Station")
		v = done(w.ConfirmVisit(w.as(), app.ConfirmVisitInput{VisitID: v.ID, ExpectedVersion: v.Version, Command: key()}))(t)
		if state := ok(w.VisitState(w.as(), v))(t); state != domain.VisitConfirmed {
			t.Fatalf("control: it is %s", state)
		}
		o := ok(w.OfferOf(w.as(), v.OfferID))(t)
		closed := append(slices.Clone(o.BlackoutDates), v.On)
		r := ok(w.SaveHostOffer(w.as(), app.SaveHostOfferInput{OfferID: &o.ID, BlackoutDates: closed, ExpectedVersion: &o.Version, Command: key()}))(t)
		if !slices.ContainsFunc(r.Impact, func(i *domain.Impact) bool {
			return i.Effect == domain.EffectAtRisk && slices.Contains(i.SubjectIDs, v.ID)
		}) {
			t.Errorf("%+v %+v", r.Impact, r.UserErrors)
		}
		if state := ok(w.VisitState(w.as(), w.at(w.plan(p.ID), "Foss Field Station")))(t); state != domain.VisitAtRisk {
			t.Errorf("the host closed on that day, and it is %s", state)
		}
		w.now = london(2019, 4, 10, 9, 0)
		if state := ok(w.VisitState(w.as(), v))(t); state != domain.VisitDone {
			t.Errorf("after its end it is %s", state)
		}
	})
}

func TestConfirmingAfterNamesWereDueNeedsAReason(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p, _ := w.release(w.planned(app.PlanVisitsInput{}))
		v := w.at(p, "Foss Field Station") // names by Tue 2 Apr
		w.now = london(2019, 4, 3, 9, 0)
		in := app.ConfirmVisitInput{VisitID: v.ID, ExpectedVersion: v.Version, Command: key()}
		if code := refused(w.ConfirmVisit(w.as(), in))(t); code != domain.CodeNeedsOverride {
			t.Errorf("it is answered %q", code)
		}
		m := done(w.SealManifest(w.as(), app.SealManifestInput{VisitID: v.ID, ExpectedVersion: v.Version, Command: key()}))(t)
		done(w.SubmitManifest(w.as(), app.SubmitManifestInput{ManifestID: m.ID, ExpectedVersion: m.Version, Command: key()}))(t)
		in.Command = key()
		if code := refused(w.ConfirmVisit(w.as(), in))(t); code != "" {
			t.Errorf("with the names sent it is answered %q", code)
		}
	})
}

func TestMembersSeeWhatIsReleasedAndTheirOwn(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p := w.planned(app.PlanVisitsInput{})
		v := w.at(p, "Usk Robotics")
		people := groupOf(p, v).MemberIDs
		self := ok(w.EnrolmentOf(w.as(), people[0]))(t)
		member := func() context.Context {
			return app.As(context.Background(), &domain.Actor{ID: "member", Name: "Member", PersonID: self.PersonID, Grants: []domain.Grant{{Role: domain.Member, On: w.cohort, Within: p.ProgrammeID}}})
		}
		if _, err := w.VisitPlan(member(), p.ID); err == nil {
			t.Error("a member sees a draft")
		}
		if _, err := w.App.Visit(member(), v.ID); err == nil {
			t.Error("a member sees a draft's visit")
		}
		if _, err := w.ReleaseVisitPlan(member(), app.ReleaseVisitPlanInput{PlanID: p.ID, ExpectedVersion: p.Version, Command: key()}); err == nil {
			t.Error("a member releases a plan")
		}
		p, _ = w.release(p)
		ctx := member()
		seen := ok(w.App.Visit(ctx, v.ID))(t)
		if m := ok(w.ManifestOf(ctx, seen))(t); m != nil {
			t.Error("a member sees a manifest")
		}
		if d := ok(w.VisitDeadlines(ctx, seen, nil))(t); d != nil {
			t.Error("a member sees deadlines")
		}
		legs := ok(w.Legs(ctx, seen, nil, domain.Page{}))(t)
		if len(legs.Nodes) != 2 || legs.Nodes[0].EnrolmentID != self.ID {
			t.Errorf("%d legs", len(legs.Nodes))
		}
		for _, l := range ok(w.Left(ctx, p, nil, domain.Page{}))(t).Nodes {
			if d, is := l.Subject.(*domain.PersonDay); is && d.EnrolmentID != self.ID {
				t.Error("a member sees what another misses")
			}
		}
		other := ok(w.EnrolmentOf(ctx, people[1]))(t)
		if c := ok(w.PersonCalendar(ctx, other))(t); c != nil {
			t.Error("a member sees another's calendar")
		}
		i := done(w.CaptureInsight(member(), app.CaptureInsightInput{VisitID: v.ID, Text: "Arms stop when someone is near.", Command: key()}))(t)
		if i.AuthorID != self.PersonID {
			t.Errorf("%+v", i)
		}
		if _, err := w.EnterLeg(member(), app.EnterLegInput{LegID: strings.Replace(legs.Nodes[0].ID, strings.TrimPrefix(self.ID, "enrolment_"), strings.TrimPrefix(other.ID, "enrolment_"), 1), Mode: domain.Rail, Command: key()}); err == nil {
			t.Error("a member enters another's journey")
		}
		minutes, pence := 77, 4_250
		leg := done(w.EnterLeg(member(), app.EnterLegInput{LegID: legs.Nodes[0].ID, Mode: domain.Rail, Minutes: &minutes, Pence: &pence, Command: key()}))(t)
		if !leg.Entered || leg.Minutes != 77 || *leg.Pence != 4_250 || leg.Version != 1 {
			t.Errorf("%+v", leg)
		}
		again := w.plan(p.ID)
		if leg.Figures[0] != domain.LegMinutes || leg.Figures[1] != domain.LegPence || len(leg.Figures) != 2 {
			t.Errorf("figures %v", leg.Figures)
		}
		if again.Score.Minutes != p.Score.Minutes-(legs.Nodes[0].Minutes-77) {
			t.Errorf("the plan's minutes went from %d to %d", p.Score.Minutes, again.Score.Minutes)
		}
	})
}
