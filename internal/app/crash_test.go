package app_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/sample"
)

// The crash tests kill a process of their own in the middle of its work, as a power cut would, and look at what the next
// one finds. The child is this test binary, told by the environment what to do.

const (
	crashFolder = "TANDEM_CRASH_FOLDER"
	crashWork   = "TANDEM_CRASH_WORK"
)

func openApp(t testing.TB, folder string) (*app.App, *storage.Store, context.Context) {
	t.Helper()
	store, err := storage.Open(context.Background(), folder)
	if err != nil {
		t.Fatal(err)
	}
	a := app.New(store, func() time.Time { return time.Date(2019, 2, 7, 9, 0, 0, 0, time.UTC) }, slog.New(slog.NewTextHandler(io.Discard, nil)))
	return a, store, app.As(context.Background(), domain.LocalOwner())
}

// TestCrashChild is the process that is killed; by itself it does nothing.
func TestCrashChild(t *testing.T) {
	folder := os.Getenv(crashFolder)
	if folder == "" {
		t.Skip("the child of the crash tests")
	}
	a, _, ctx := openApp(t, folder)
	p, c := crashPlaces(t, a, ctx)
	switch os.Getenv(crashWork) {
	case "import":
		fmt.Println("begun")
		for i := range 50 { // one import after the other, each acknowledged once it is whole
			if _, _, err := a.ImportFile(ctx, domain.ImportPeople, c.ID, "people.csv", []byte(crashTable(i)), false); err != nil {
				t.Fatal(err)
			}
			fmt.Println("acknowledged", i)
		}
	case "one row at a time": // the control: a loader that keeps each row by itself
		fmt.Println("begun")
		for i := range 50 {
			lines := strings.Split(strings.TrimSpace(crashTable(i)), "\n")
			for _, line := range lines[1:] {
				if _, _, err := a.ImportFile(ctx, domain.ImportPeople, c.ID, "people.csv", []byte(lines[0]+"\n"+line+"\n"), false); err != nil {
					t.Fatal(err)
				}
			}
			fmt.Println("acknowledged", i)
		}
	case "events", "events told too early": // the second is the control: it acknowledges what it has not kept
		run := crashRun(t, a, ctx)
		fmt.Println("begun")
		for i := range 5_000 {
			if os.Getenv(crashWork) != "events" {
				fmt.Println("acknowledged", i)
			}
			slide := i + 1
			x, err := a.AppendRunEvents(app.As(ctx, domain.LocalOwner()), app.AppendRunEventsInput{RehearsalID: run.ID, Command: domain.Command{IdempotencyKey: uuid.NewString()},
				Events: []*app.RunEventInput{{Sequence: run.LastSequence + i + 1, Kind: "SLIDE", AtMilliseconds: run.LastSequence + i, Slide: &slide}}})
			if err != nil || len(x.UserErrors) > 0 {
				t.Fatalf("%v %+v", err, x)
			}
			if os.Getenv(crashWork) == "events" {
				fmt.Println("acknowledged", i)
			}
		}
	case "planning":
		r, err := a.PlanVisits(ctx, app.PlanVisitsInput{CohortIds: []string{c.ID}, SecondsMax: 600, Rules: &app.PlanRulesInput{}, Command: domain.Command{IdempotencyKey: uuid.NewString()}})
		if err != nil || r.Object == nil {
			t.Fatalf("%v %+v", err, r)
		}
		fmt.Println("begun", r.Object.ID)
		for i := range 200 {
			x, err := a.CreateChallenge(ctx, app.CreateChallengeInput{ProgrammeID: p.ID, OwnerID: crashOwner(t, a, ctx), Title: fmt.Sprintf("How might we number %d", i), Command: domain.Command{IdempotencyKey: uuid.NewString()}})
			if err != nil || len(x.UserErrors) > 0 {
				t.Fatalf("%v %+v", err, x)
			}
			fmt.Println("acknowledged", i)
		}
	}
	select {} // until killed
}

func crashPlaces(t testing.TB, a *app.App, ctx context.Context) (*domain.Programme, *domain.Cohort) {
	t.Helper()
	programmes, err := a.Programmes(ctx, domain.Page{})
	if err != nil || len(programmes.Nodes) == 0 {
		t.Fatalf("no programme: %v", err)
	}
	cohorts, err := a.Cohorts(ctx, programmes.Nodes[0], domain.Page{})
	if err != nil {
		t.Fatal(err)
	}
	return programmes.Nodes[0], cohorts.Nodes[0]
}

func crashOwner(t testing.TB, a *app.App, ctx context.Context) string {
	t.Helper()
	found, err := a.Organisations(ctx, nil, domain.Page{})
	if err != nil {
		t.Fatal(err)
	}
	return found.Nodes[0].ID
}

const crashRows = 40

// crashTable is a table of 40 people of its own.
func crashTable(n int) string {
	var b strings.Builder
	b.WriteString("Key,Name,E-mail,Employer,Sector,State\n")
	for i := range crashRows {
		fmt.Fprintf(&b, "k%d-%d,Crash %d %d,k%d-%d@example.org,Crash Works %d,PRIVATE,waitlisted\n", n, i, n, i, n, i, n)
	}
	return b.String()
}

// crash starts the child on a copy of the sample, kills it after it has acknowledged some work and begun more, and gives
// the last acknowledgement.
func crash(t *testing.T, folder, work string, after int, pause time.Duration) (acknowledged int) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run", "^TestCrashChild$")
	child.Env = append(os.Environ(), crashFolder+"="+folder, crashWork+"="+work)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	child.Stderr = os.Stderr
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	acknowledged = -1
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, err := fmt.Sscanf(lines.Text(), "acknowledged %d", &acknowledged); err == nil && acknowledged >= after {
			break
		}
	}
	timer := time.NewTimer(pause) // into the next piece of work, at another place each time
	<-timer.C
	if err := child.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
		fmt.Sscanf(lines.Text(), "acknowledged %d", &acknowledged)
	}
	child.Wait()
	return acknowledged
}

func sampleFolder(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	a, store, ctx := openApp(t, folder)
	if err := sample.Load(ctx, a); err != nil {
		t.Fatal(err)
	}
	a.Close()
	store.Close()
	return folder
}

// halves counts the tables of which some people are there and others are not, and those acknowledged that are not whole.
func halves(t *testing.T, folder string, acknowledged int) (half, lost int) {
	t.Helper()
	a, store, ctx := openApp(t, folder)
	defer store.Close()
	if err := a.Recover(ctx); err != nil {
		t.Fatal(err)
	}
	_, c := crashPlaces(t, a, ctx)
	found := map[int]int{}
	page := domain.Page{}
	for {
		people, err := a.Enrolments(ctx, c, &domain.EnrolmentFilter{States: []domain.EnrolmentState{domain.Waitlisted}}, domain.EnrolmentsByName, page)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range people.Nodes {
			person, err := a.PersonOf(ctx, e.PersonID)
			if err != nil {
				t.Fatal(err)
			}
			var table, row int
			if _, err := fmt.Sscanf(person.Name, "Crash %d %d", &table, &row); err == nil {
				found[table]++
			}
		}
		if !people.HasNextPage {
			break
		}
		page.After = people.PageInfo().EndCursor
	}
	for i := range 50 {
		switch n := found[i]; {
		case n > 0 && n < crashRows:
			half++
		case n == 0 && i <= acknowledged:
			lost++
		}
	}
	if err := store.Read().VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
	return half, lost
}

func TestKilledImportIsWholeOrNotThere(t *testing.T) {
	folder := sampleFolder(t)
	for i := range 3 {
		acknowledged := crash(t, folder, "import", i*2, time.Duration(3+i*7)*time.Millisecond)
		if half, lost := halves(t, folder, acknowledged); half != 0 || lost != 0 {
			t.Fatalf("after kill %d: %d tables half there, %d acknowledged and lost", i+1, half, lost)
		}
	}
	// Control: a loader that keeps row by row must be found with half a table.
	control := sampleFolder(t)
	caught := false
	for i := 0; i < 5 && !caught; i++ {
		acknowledged := crash(t, control, "one row at a time", 0, time.Duration(15+i*20)*time.Millisecond)
		half, _ := halves(t, control, acknowledged)
		caught = half > 0
	}
	if !caught {
		t.Error("control: loading row by row was never found half done")
	}
}

// manyHosts is a table of sixty hosts in five cities, each open on three days of five in two months, half of them in the
// morning: so many pairs on every day that no planning is over in a moment.
func manyHosts() string {
	var b strings.Builder
	b.WriteString("Key,Host,Host kind,Site,Station,Step-free,Themes,Smallest group,Largest group,Duration,Open,Lead time (working days),Asks for\n")
	stations := []string{"London Kings Cross", "Leeds", "York", "Reading", "Bristol Temple Meads"}
	hours := []string{"09:30-12:00", "13:30-16:30"}
	for i := range 60 {
		var open []string
		for day := time.Date(2019, 2, 25, 0, 0, 0, 0, time.UTC); day.Before(time.Date(2019, 4, 19, 0, 0, 0, 0, time.UTC)); day = day.AddDate(0, 0, 1) {
			if day.Weekday() != time.Saturday && day.Weekday() != time.Sunday && (day.YearDay()*7+i*3)%5 < 3 {
				open = append(open, day.Format("2 Jan 2006 ")+hours[i/5%2])
			}
		}
		fmt.Fprintf(&b, "M%d,Host %d,company,Site %d,%s,yes,Tracking,%d,%d,2 h,%s,5,names 5\n", i, i, i, stations[i%len(stations)], 3+i%4, 7+i%5, strings.Join(open, "; "))
	}
	return b.String()
}

func TestKilledPlanningLeavesNothingHalfDone(t *testing.T) {
	folder := sampleFolder(t)
	a, store, ctx := openApp(t, folder)
	p, c := crashPlaces(t, a, ctx)
	if _, wrong, err := a.ImportFile(ctx, domain.ImportOffers, p.ID, "hosts.csv", []byte(manyHosts()), false); err != nil || len(wrong) > 0 {
		t.Fatal(err, len(wrong))
	}
	store.Close()
	acknowledged := crash(t, folder, "planning", 0, 0)
	a, store, ctx = openApp(t, folder)
	defer store.Close()
	if unfinished, err := store.Read().PlanningsUnfinished(ctx); err != nil || len(unfinished) == 0 {
		t.Fatalf("control: the planning had ended before the kill, so nothing is shown: %v", err)
	}
	if err := a.Recover(ctx); err != nil {
		t.Fatal(err)
	}
	if left, err := store.Read().PlanningsUnfinished(ctx); err != nil || len(left) > 0 {
		t.Errorf("%d plannings still say that they run: %v", len(left), err)
	}
	plans, err := store.Read().Plans(ctx, []string{c.ID})
	if err != nil {
		t.Fatal(err)
	}
	for _, plan := range plans {
		if plan.State != domain.PlanDraft || len(plan.Visits) == 0 {
			t.Errorf("plan %d is %s with %d visits", plan.Number, plan.State, len(plan.Visits))
		}
	}
	kept, err := store.Read().ChallengesOf(ctx, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	titles := map[string]bool{}
	for _, k := range kept {
		titles[k.Title] = true
	}
	for i := range acknowledged + 1 {
		if !titles[fmt.Sprintf("How might we number %d", i)] {
			t.Errorf("number %d was acknowledged and is lost", i)
		}
	}
	if err := store.Read().VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
}

// crashRun is the newest run of the first team's pitch.
func crashRun(t testing.TB, a *app.App, ctx context.Context) *domain.Rehearsal {
	t.Helper()
	_, c := crashPlaces(t, a, ctx)
	team := ok(a.Teams(ctx, c, domain.Page{}))(t).Nodes[0]
	return ok(a.Rehearsals(ctx, ok(a.PitchOf(ctx, team))(t), domain.Page{}))(t).Nodes[0]
}

// TestKilledRunKeepsWhatWasAcknowledged kills a device's house in the middle of a run: every event that it said was kept is there,
// in order and once. The control says so before it keeps them, and must be found out.
func TestKilledRunKeepsWhatWasAcknowledged(t *testing.T) {
	folder := sampleFolder(t)
	a, store, ctx := openApp(t, folder)
	_, c := crashPlaces(t, a, ctx)
	r := &rehearsed{visits: &visits{T: t, App: a, cohort: c.ID}}
	r.prepare(a, ctx)
	run := done(a.StartRehearsal(ctx, app.StartRehearsalInput{PitchID: r.pitch, StartedAt: time.Date(2019, 2, 7, 10, 0, 0, 0, time.UTC), Command: key()}))(t).RehearsalID
	done(a.AppendRunEvents(ctx, app.AppendRunEventsInput{RehearsalID: run, Events: []*app.RunEventInput{{Sequence: 1, Kind: "START"}}, Command: key()}))(t)
	store.Close()
	lost := func(work string, after int) int {
		a, store, ctx := openApp(t, folder)
		before := crashRun(t, a, ctx).LastSequence
		store.Close()
		acknowledged := crash(t, folder, work, after, time.Duration(after)*time.Millisecond)
		a, store, ctx = openApp(t, folder)
		defer store.Close()
		now := crashRun(t, a, ctx)
		events := ok(a.RunEvents(ctx, now, 0))(t)
		for i, e := range events {
			if e.Sequence != i+1 {
				t.Fatalf("event %d has the number %d", i+1, e.Sequence)
			}
		}
		if len(events) != now.LastSequence {
			t.Errorf("%d events are there, and the run says %d", len(events), now.LastSequence)
		}
		return before + acknowledged + 1 - len(events)
	}
	for i := range 3 {
		if n := lost("events", 3+5*i); n > 0 {
			t.Errorf("after kill %d: %d events that were acknowledged are lost", i+1, n)
		}
	}
	caught := false
	for i := 0; i < 8 && !caught; i++ {
		caught = lost("events told too early", i) > 0
	}
	if !caught {
		t.Error("control: acknowledging first was never found out")
	}
}
