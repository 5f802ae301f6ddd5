package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"tandem/graph"
	"tandem/graph/generated"
	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/storage/storagetest"
	"tandem/internal/web"
	"tandem/sample"
)

// world is the sample, served: TechConnect 2019 on its first day, loaded through the product's own import, with a draft
// planned from a fixed seed, and a token for each role.
type world struct {
	t      testing.TB
	where  string // the database's address
	app    *app.App
	server *web.Server
	tokens map[string]string
	ids    map[string]string // ids, and numbers that a request needs, by name
	now    atomic.Int64      // by the server's clock, Unix nanoseconds
}

// at moves the server's clock.
func (w *world) at(moment time.Time) { w.now.Store(moment.UnixNano()) }

// opening is the sample's moment: the morning of opening day.
func opening() time.Time { return time.Date(2019, 2, 7, 9, 30, 0, 0, time.UTC) }

// template is the folder of an embedded database with the sample in it, and its planning.
var template = sync.OnceValues(func() (t struct{ folder, planning string }, err error) {
	if t.folder, err = os.MkdirTemp("", "tandem-world-"); err != nil {
		return t, err
	}
	store, err := storage.Open(context.Background(), t.folder)
	if err != nil {
		return t, err
	}
	defer store.Close()
	t.planning, err = fill(store)
	return t, err
})

// fill loads the sample into an empty database and plans its visits from a fixed seed; it gives the planning's id.
func fill(store *storage.Store) (planning string, err error) {
	return fillWith(store, sample.Load, 600)
}

// fillWith loads one of the samples and plans its first cohort for so many seconds at most.
func fillWith(store *storage.Store, load func(context.Context, *app.App) error, seconds int) (planning string, err error) {
	a := app.New(store, opening, quiet())
	defer a.Close()
	owner := app.As(context.Background(), domain.LocalOwner())
	if err := load(owner, a); err != nil {
		return "", err
	}
	programmes, err := a.Programmes(owner, domain.Page{})
	if err != nil {
		return "", err
	}
	cohorts, err := a.Cohorts(owner, programmes.Nodes[0], domain.Page{})
	if err != nil {
		return "", err
	}
	return planned(a, owner, cohorts.Nodes[0].ID, seconds)
}

// planned plans a cohort's visits from a fixed seed and waits for the end.
func planned(a *app.App, ctx context.Context, cohort string, seconds int) (planning string, err error) {
	seed := 7
	r, err := a.PlanVisits(ctx, app.PlanVisitsInput{CohortIds: []string{cohort}, Rules: &app.PlanRulesInput{}, Seed: &seed, SecondsMax: seconds, Command: domain.Command{IdempotencyKey: uuid.NewString()}})
	if err != nil {
		return "", err
	}
	if len(r.UserErrors) > 0 {
		return "", domain.Refusal(r.UserErrors)
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	moves, err := a.JobProgressed(ctx, r.Object.ID)
	if err != nil {
		return "", err
	}
	for range moves { // it ends when the job has ended
	}
	a.Settle(ctx)
	return r.Object.ID, nil
}

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func TestMain(m *testing.M) {
	code := m.Run()
	if t, err := template(); err == nil {
		os.RemoveAll(t.folder)
	}
	os.Exit(code)
}

// openSample serves a copy of the sample's embedded database.
func openSample(t testing.TB) *world {
	t.Helper()
	from, err := template()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file, err := os.ReadFile(filepath.Join(from.folder, "tandem.db"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "tandem.db"), file, 0o600); err != nil {
		t.Fatal(err)
	}
	return serve(t, dir, from.planning)
}

// onEach runs a test on the sample in SQLite and in PostgreSQL.
func onEach(t *testing.T, test func(*testing.T, *world)) {
	t.Run("sqlite", func(t *testing.T) { test(t, openSample(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, sampleAt(t, storagetest.Postgres(t))) })
}

// sampleAt loads the sample into an empty database and serves it.
func sampleAt(t testing.TB, where string) *world {
	t.Helper()
	store, err := storage.Open(context.Background(), where)
	if err != nil {
		t.Fatal(err)
	}
	planning, err := fill(store)
	if err != nil {
		t.Fatal(err)
	}
	store.Close()
	return serve(t, where, planning)
}

// serve opens what is served at an address, makes the tokens, and names things.
func serve(t testing.TB, where, planning string) *world {
	t.Helper()
	store, err := storage.Open(context.Background(), where)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, where: where, tokens: map[string]string{}, ids: map[string]string{"job": planning}}
	w.at(opening())
	clock := func() time.Time { return time.Unix(0, w.now.Load()).UTC() }
	a := app.New(store, clock, quiet())
	w.app = a
	w.server = web.New(web.Config{App: a, Schema: generated.NewExecutableSchema(generated.Config{Resolvers: graph.New(a)}), Clock: clock, Log: quiet(), Points: 1 << 30})
	t.Cleanup(func() {
		w.server.Drain()
		a.Close()
		store.Close()
	})
	w.addTokens()
	w.nameThings()
	return w
}

func (w *world) owner() context.Context { return app.As(context.Background(), domain.LocalOwner()) }

// token makes a token and remembers its secret under a name.
func (w *world) token(name string, role domain.Role, on string, scopes ...domain.Scope) {
	w.t.Helper()
	in := app.CreateApiTokenInput{Label: name, Role: role, Scopes: scopes, ExpiresAt: time.Now().Add(time.Hour), Command: domain.Command{IdempotencyKey: uuid.NewString()}}
	if on != "" {
		in.OnID = &on
	}
	r, err := w.app.CreateApiToken(w.owner(), in)
	if err != nil || len(r.UserErrors) > 0 {
		w.t.Fatalf("token %s: %v %+v", name, err, r)
	}
	w.tokens[name] = *r.Object.Secret
}

func (w *world) addTokens() {
	w.t.Helper()
	w.token("owner", domain.Owner, "")
	programmes, err := w.app.Programmes(w.owner(), domain.Page{})
	if err != nil || len(programmes.Nodes) == 0 {
		w.t.Fatalf("no sample programme: %v", err)
	}
	p := programmes.Nodes[0]
	cohorts, err := w.app.Cohorts(w.owner(), p, domain.Page{})
	if err != nil {
		w.t.Fatal(err)
	}
	c := cohorts.Nodes[0]
	w.ids["programme"], w.ids["cohort"] = p.ID, c.ID
	w.token("coordinator", domain.Coordinator, p.ID)
	w.token("judge", domain.Judge, c.ID)
	w.token("sponsor", domain.Sponsor, p.ID)
	w.token("integrator", domain.Integrator, p.ID, domain.ChangesRead, domain.CohortRead, domain.ChallengeRead, domain.VisitRead)
	w.token("integrator without scopes that read", domain.Integrator, p.ID, domain.VisitWrite)
	teams, err := w.app.Teams(w.owner(), c, domain.Page{})
	if err != nil {
		w.t.Fatal(err)
	}
	members, err := w.app.Members(w.owner(), teams.Nodes[0])
	if err != nil {
		w.t.Fatal(err)
	}
	w.ids["team"], w.ids["enrolment"], w.ids["other"] = teams.Nodes[0].ID, members[0].ID, members[1].ID
	w.token("member", domain.Member, members[0].ID)
	others, err := w.app.Members(w.owner(), teams.Nodes[1])
	if err != nil {
		w.t.Fatal(err)
	}
	w.token("outsider", domain.Member, others[0].ID)
}

// nameThings gives names to what requests are about.
func (w *world) nameThings() {
	w.t.Helper()
	w.namePlan()
	board := w.ask("coordinator", `query($p: ID!, $plan: ID!) {
		programme(id: $p) { challenges(first: 1) { nodes { id owner { id } } } offers(first: 100) { nodes { id site { id name } } } themes { id } }
		visitPlan(id: $plan) { visits(first: 1) { nodes { id group { id } offer { id } } } }
		skills { id }
	}`, map[string]any{"p": w.ids["programme"], "plan": w.ids["plan"]})
	w.name("challenge", board, "data", "programme", "challenges", "nodes", 0, "id")
	w.name("offer", board, "data", "visitPlan", "visits", "nodes", 0, "offer", "id")
	w.name("site", board, "data", "programme", "offers", "nodes", 0, "site", "id")
	w.name("theme", board, "data", "programme", "themes", 0, "id")
	w.name("skill", board, "data", "skills", 0, "id")
	w.name("visit", board, "data", "visitPlan", "visits", "nodes", 0, "id")
	w.name("group", board, "data", "visitPlan", "visits", "nodes", 0, "group", "id")
}

func (w *world) name(as string, answer map[string]any, path ...any) {
	w.t.Helper()
	id, ok := at(answer, path...).(string)
	if !ok {
		w.t.Fatalf("nothing at %v in %s", path, pretty(answer))
	}
	w.ids[as] = id
}

// plan plans the cohort's visits, and names job and draft.
func (w *world) plan() {
	w.t.Helper()
	job, err := planned(w.app, w.owner(), w.ids["cohort"], 600)
	if err != nil {
		w.t.Fatal(err)
	}
	w.ids["job"] = job
	w.namePlan()
}

func (w *world) namePlan() {
	w.t.Helper()
	r := w.ask("owner", `query($id: ID!) { node(id: $id) { ... on VisitPlanning { state failure plans { id version } } } }`, map[string]any{"id": w.ids["job"]})
	if at(r, "data", "node", "state") != "DONE" {
		w.t.Fatalf("planning: %s", pretty(r))
	}
	w.name("plan", r, "data", "node", "plans", 0, "id")
	w.ids["planVersion"] = fmt.Sprint(at(r, "data", "node", "plans", 0, "version"))
}

// release makes the draft the plan in force.
func (w *world) release() {
	w.t.Helper()
	r := w.must("coordinator", `query($id: ID!) { visitPlan(id: $id) { version } }`, map[string]any{"id": w.ids["plan"]})
	r = w.must("coordinator", `mutation($i: ReleaseVisitPlanInput!) { releaseVisitPlan(input: $i) { plan { state } userErrors { message fix } } }`,
		map[string]any{"i": map[string]any{"planId": w.ids["plan"], "expectedVersion": at(r, "data", "visitPlan", "version"), "idempotencyKey": uuid.NewString()}})
	if at(r, "data", "releaseVisitPlan", "plan", "state") != "RELEASED" {
		w.t.Fatalf("release: %s", pretty(r))
	}
}

// send asks the server as the holder of a token ("" is nobody) and gives status and body.
func (w *world) send(ctx context.Context, as, query string, variables map[string]any) (int, []byte) {
	w.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		w.t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(ctx, "POST", "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	if as != "" && as != "nobody" {
		secret, ok := w.tokens[as]
		if !ok {
			w.t.Fatalf("no token for %q", as)
		}
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	rec := httptest.NewRecorder()
	w.server.ServeHTTP(rec, r)
	return rec.Code, rec.Body.Bytes()
}

// ask is send with the answer read.
func (w *world) ask(as, query string, variables map[string]any) map[string]any {
	w.t.Helper()
	_, body := w.send(context.Background(), as, query, variables)
	var out map[string]any
	if err := json.Unmarshal(body, &out); err != nil {
		w.t.Fatalf("%v: %s", err, body)
	}
	return out
}

// must is ask where errors fail the test.
func (w *world) must(as, query string, variables map[string]any) map[string]any {
	w.t.Helper()
	out := w.ask(as, query, variables)
	if out["errors"] != nil {
		w.t.Fatalf("%s: %s", query, pretty(out["errors"]))
	}
	return out
}

// at walks into an answer by field names and indices; nil where the way ends.
func at(v any, path ...any) any {
	for _, step := range path {
		switch s := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[s]
		case int:
			l, _ := v.([]any)
			if s >= len(l) {
				return nil
			}
			v = l[s]
		}
	}
	return v
}

func pretty(v any) string {
	out, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(out)
}

// operation is the text of a stored operation, such as "02-home".
func operation(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("operations", name+".graphql"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}
