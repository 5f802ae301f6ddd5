package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"golang.org/x/tools/txtar"

	"tandem/internal/storage"
)

var update = flag.Bool("update", false, "write the pages' answers anew; read the difference before you keep it")

// TestPages runs every page of testdata: requests and their answers, as each role named, through the server. A page reads
// top to bottom: "as" chooses the role, "operation" a stored operation or "request" a text, "variables" its variables
// ({{name}} stands for an id of the world), "clock" moves the server's clock, and "answer" is what must come back. Ids are written by their kind, and
// cursors as such, so that the pages are the same on every run and on both databases.
func TestPages(t *testing.T) {
	pages, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(pages) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	for _, page := range pages {
		t.Run(strings.TrimSuffix(filepath.Base(page), ".txtar"), func(t *testing.T) {
			onEach(t, func(t *testing.T, w *world) { runPage(t, w, page) })
		})
	}
}

func runPage(t *testing.T, w *world, page string) {
	archive, err := txtar.ParseFile(page)
	if err != nil {
		t.Fatal(err)
	}
	as, query, variables := "coordinator", "", ""
	for i, f := range archive.Files {
		text := strings.TrimSpace(string(f.Data))
		switch f.Name {
		case "as":
			as = text
		case "operation":
			query, variables = operation(t, text), ""
		case "request":
			query, variables = text, ""
		case "variables":
			variables = text
		case "clock": // the server's, from here on
			moment, err := time.Parse(time.RFC3339, text)
			if err != nil {
				t.Fatal(err)
			}
			w.at(moment)
		case "keep": // name: path.into.the.last.answer
			for _, line := range strings.Split(text, "\n") {
				name, path, _ := strings.Cut(line, ":")
				w.keep(t, strings.TrimSpace(name), strings.TrimSpace(path))
			}
		case "answer":
			got := w.answer(t, as, query, variables)
			if *update {
				archive.Files[i].Data = []byte(got + "\n")
				continue
			}
			if got != text {
				t.Errorf("%s, as %s:\n%s", page, as, difference(text, got))
			}
		default:
			t.Fatalf("%s: no part is called %q", page, f.Name)
		}
	}
	if *update && strings.Contains(t.Name(), "sqlite") {
		if err := os.WriteFile(page, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

var last struct{ answer map[string]any }

func (w *world) keep(t *testing.T, name, path string) {
	var steps []any
	for _, s := range strings.Split(path, ".") {
		var n int
		if _, err := fmt.Sscanf(s, "%d", &n); err == nil {
			steps = append(steps, n)
		} else {
			steps = append(steps, s)
		}
	}
	id, ok := at(last.answer, steps...).(string)
	if !ok {
		t.Fatalf("nothing at %s in %s", path, pretty(last.answer))
	}
	w.ids[name] = id
}

var placeholder = regexp.MustCompile(`\{\{([^}]+)\}\}`)

// answer sends a request and gives the answer with its ids named by kind.
func (w *world) answer(t *testing.T, as, query, variables string) string {
	t.Helper()
	vars := map[string]any{}
	if variables != "" {
		filled := placeholder.ReplaceAllStringFunc(variables, func(m string) string {
			id, ok := w.ids[strings.Trim(m, "{}")]
			if !ok {
				t.Fatalf("nothing is called %s", m)
			}
			return id
		})
		if err := json.Unmarshal([]byte(filled), &vars); err != nil {
			t.Fatalf("variables: %v\n%s", err, filled)
		}
	}
	w.app.Settle(context.Background()) // or a page would show how far the reasons have come
	_, body := w.send(context.Background(), as, query, vars)
	last.answer = map[string]any{}
	if err := json.Unmarshal(body, &last.answer); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	delete(last.answer, "extensions")
	return tidy(pretty(last.answer))
}

var (
	idText      = regexp.MustCompile(`([a-z]+)_[0-9a-f]{8}-[0-9a-f-]{27}`)
	repairText  = regexp.MustCompile(`repair_[\w-]+`)
	cursorText  = regexp.MustCompile(`"(cursor|startCursor|endCursor)": "[^"]+"`)
	requestText = regexp.MustCompile(`"requestId": "[^"]+"`)
	uidText     = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}@[a-z.]+`)
	versionText = regexp.MustCompile(`"(until|version|since|dataVersion)": "\d+"`)
	expiryText  = regexp.MustCompile(`"expiresAt": "[^"]+"`)
	editText    = regexp.MustCompile(`"version": \d+`) // a plan is saved as often as its planning got better in time
	leftText    = regexp.MustCompile(`"remaining": \d+`)
	millisText  = regexp.MustCompile(`"milliseconds": \d+`)
)

// tidy takes out of an answer what differs from run to run.
func tidy(answer string) string {
	answer = uidText.ReplaceAllString(answer, "uid")
	answer = repairText.ReplaceAllString(answer, "repair")
	answer = idText.ReplaceAllString(answer, "$1")
	answer = cursorText.ReplaceAllString(answer, `"$1": "cursor"`)
	answer = requestText.ReplaceAllString(answer, `"requestId": "request"`)
	answer = versionText.ReplaceAllString(answer, `"$1": "version"`)
	answer = editText.ReplaceAllString(answer, `"version": 0`)
	answer = leftText.ReplaceAllString(answer, `"remaining": 0`)
	answer = millisText.ReplaceAllString(answer, `"milliseconds": 0`)
	return expiryText.ReplaceAllString(answer, `"expiresAt": "later"`)
}

// difference shows the first lines that differ.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		a, b := "(end)", "(end)"
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			from := max(0, i-6)
			return fmt.Sprintf("line %d\nwant: %s\ngot:  %s\nafter:\n%s", i+1, a, b, strings.Join(g[from:min(len(g), i+12)], "\n"))
		}
	}
	return "same"
}

// TestEveryStoredOperationHasAPage keeps a request and its answer for each stored operation.
func TestEveryStoredOperationHasAPage(t *testing.T) {
	operations, _ := filepath.Glob("operations/*.graphql")
	pages, _ := filepath.Glob("testdata/*.txtar")
	tests, _ := filepath.Glob("*_test.go")
	var all strings.Builder
	for _, p := range append(pages, tests...) {
		text, err := os.ReadFile(p)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for _, o := range operations {
		if name := strings.TrimSuffix(filepath.Base(o), ".graphql"); !strings.Contains(all.String(), "-- operation --\n"+name+"\n") && !strings.Contains(all.String(), `operation(t, "`+name+`")`) {
			t.Errorf("no page runs %s", name)
		}
	}
}

// TestPlanningProgress listens to a planning that has ended: it stands as it is, once, and the stream ends.
func TestPlanningProgress(t *testing.T) {
	w := openSample(t)
	events := w.listen(t, w.ids["job"])
	if len(events) != 1 {
		t.Fatalf("%d events", len(events))
	}
	job := at(events[0], "data", "jobProgressed")
	steps, _ := at(job, "steps").([]any)
	if at(job, "state") != "DONE" || len(steps) == 0 || at(job, "plans", 0, "id") != w.ids["plan"] {
		t.Errorf("the planning: %s", pretty(job))
	}
	if last := steps[len(steps)-1]; at(last, "score", "minutes") != at(job, "plans", 0, "score", "minutes") {
		t.Errorf("the last step is not the plan: %s", pretty(last))
	}
	if clashes, _ := at(job, "clashes").([]any); len(clashes) != 0 {
		t.Errorf("a plan exists, and yet: %s", pretty(clashes))
	}
}

// TestPlanningProgressOfAClash asks for more than the sample has: the stream ends with the rules that clash and the ways
// out, which the job goes on telling.
func TestPlanningProgressOfAClash(t *testing.T) {
	w := openSample(t)
	begun := w.ask("coordinator", operation(t, "08-plan-visits"), map[string]any{"input": map[string]any{
		"cohortIds": []string{w.ids["cohort"]}, "rules": map[string]any{"everyoneAtLeast": 5, "coverEveryTheme": true}, "secondsMax": 600, "idempotencyKey": uuid.NewString(),
	}})
	id, _ := at(begun, "data", "planVisits", "job", "id").(string)
	if id == "" {
		t.Fatal(pretty(begun))
	}
	events := w.listen(t, id)
	job := at(events[len(events)-1], "data", "jobProgressed")
	if at(job, "state") != "FAILED" || at(job, "failure") == nil || at(job, "clashes", 0, "minimal") != true || at(job, "clashes", 0, "rules", 0, "relaxation", "text") == nil {
		t.Errorf("the planning: %s", pretty(job))
	}
	again := w.ask("coordinator", `query($id: ID!) { node(id: $id) { ... on VisitPlanning { clashes(first: 1) { proved rules { relaxation { offers { id } people { id } rules { everyoneAtLeast levels } witness { changes { kind offer { id } people { id } } } } } } } } }`, map[string]any{"id": id})
	if changes, _ := at(again, "data", "node", "clashes", 0, "rules", 0, "relaxation", "witness", "changes").([]any); len(changes) == 0 || at(changes[0], "offer", "id") == nil {
		t.Errorf("the way out: %s", pretty(again))
	}
	if refused := w.ask("coordinator", `query($id: ID!) { node(id: $id) { ... on VisitPlanning { clashes(first: 99) { proved } } } }`, map[string]any{"id": id}); at(refused, "errors", 0) == nil {
		t.Errorf("99 clashes: %s", pretty(refused))
	}
	if hidden := w.ask("member", `query($id: ID!) { node(id: $id) { ... on VisitPlanning { clashes { proved } } } }`, map[string]any{"id": id}); at(hidden, "data", "node") != nil {
		t.Errorf("a member reads %s", pretty(hidden))
	}
}

// listen hears a planning to its end, as the coordinator.
func (w *world) listen(t *testing.T, job string) (events []map[string]any) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": operation(t, "09-planning-progress"), "variables": map[string]any{"job": job}})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/graphql", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "text/event-stream")
	r.Header.Set("Authorization", "Bearer "+w.tokens["coordinator"])
	rec := httptest.NewRecorder()
	w.server.ServeHTTP(rec, r)
	completed := false
	for _, line := range strings.Split(rec.Body.String(), "\n") {
		if data, ok := strings.CutPrefix(line, "data: "); ok && strings.HasPrefix(data, "{") {
			var e map[string]any
			if err := json.Unmarshal([]byte(data), &e); err != nil {
				t.Fatal(err)
			}
			events = append(events, e)
		}
		completed = completed || line == "event: complete"
	}
	if len(events) == 0 || !completed {
		t.Fatalf("%d events, completed %v:\n%s", len(events), completed, rec.Body)
	}
	return events
}

// statements counts the SQL statements of a request.
func (w *world) statements(as, query string, variables map[string]any) (int64, []byte) {
	ctx, n := storage.Counted(context.Background())
	_, body := w.send(ctx, as, query, variables)
	return n.Load(), body
}
