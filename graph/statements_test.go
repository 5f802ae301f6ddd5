package graph_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"tandem/internal/app"
	"tandem/internal/domain"
)

// TestStatementsDoNotGrow asks each operation that lists things of a small programme and of one four times as large: the
// number of SQL statements is the same. The control counts what a loop of look-ups would issue, and must differ.
func TestStatementsDoNotGrow(t *testing.T) {
	small, large := openSample(t), openSample(t)
	small.fill(t, "small", 1)
	large.fill(t, "large", 4)
	for _, o := range []struct {
		name, as string
		vars     func(*world) map[string]any
	}{
		{"02-home", "coordinator", func(w *world) map[string]any {
			return map[string]any{"cohort": w.ids["filled"], "today": "2019-02-07"}
		}},
		{"03-people", "coordinator", func(w *world) map[string]any { return map[string]any{"cohort": w.ids["filled"]} }},
		{"06-offers", "coordinator", func(w *world) map[string]any { return map[string]any{"programme": w.ids["filled programme"]} }},
		{"21-cohort-graph", "coordinator", func(w *world) map[string]any { return map[string]any{"cohort": w.ids["filled"]} }},
		{"07-planner-board", "coordinator", func(w *world) map[string]any { return map[string]any{"plan": w.ids["plan"]} }},
		{"14-repair", "coordinator", func(w *world) map[string]any {
			return map[string]any{"plan": w.ids["plan"], "visit": w.firstVisit()}
		}},
		{"a clash", "coordinator", func(w *world) map[string]any { return map[string]any{"id": w.clash(t)} }},
		{"22-progress", "coordinator", func(w *world) map[string]any { return map[string]any{"cohort": w.ids["filled"]} }},
		{"20-sponsor-brief", "coordinator", func(w *world) map[string]any { return map[string]any{"brief": w.ids["brief"]} }},
		{"16-day-pack", "visitor", func(*world) map[string]any { return nil }},
		{"17-nightly-sync", "owner", func(w *world) map[string]any { return map[string]any{"since": w.ids["before"]} }},
	} {
		t.Run(o.name, func(t *testing.T) {
			document := clashDocument
			if o.name != "a clash" {
				document = operation(t, o.name)
			}
			few, first := small.statements(o.as, document, o.vars(small))
			many, second := large.statements(o.as, document, o.vars(large))
			if strings.Contains(string(first), `"errors"`) || strings.Contains(string(second), `"errors"`) {
				t.Fatalf("%s\n%s", first, second)
			}
			if len(second) < 2*len(first) && o.name != "02-home" && o.name != "14-repair" && o.name != "16-day-pack" && o.name != "20-sponsor-brief" {
				t.Fatalf("the large answer holds %d bytes, the small %d: nothing was compared", len(second), len(first))
			}
			if few != many {
				t.Errorf("%d statements for the small programme, %d for the large", few, many)
			}
		})
	}
	one := func(w *world) (n int64) {
		for _, id := range w.people(t) {
			k, _ := w.statements("coordinator", `query($id: ID!) { node(id: $id) { ... on Enrolment { person { name } } } }`, map[string]any{"id": id})
			n += k
		}
		return n
	}
	if few, many := one(small), one(large); few >= many {
		t.Errorf("control: a loop of look-ups issues %d statements, then %d", few, many)
	}
}

// clashDocument asks for all that a clash names: hosts, people, and the plan that each way out gives.
const clashDocument = `query($id: ID!) { node(id: $id) { ... on VisitPlanning { clashes(first: 1) { proved rules { text
	relaxation { offers { site { name organisation { name } } } people { person { name } } rules { everyoneAtLeast } witness { changes { kind offer { site { name } } people { person { name } } } } } } } } } }`

// clash asks for more visits than there are days, and gives the planning that found it out.
func (w *world) clash(t *testing.T) string {
	t.Helper()
	much := 7
	r, err := w.app.PlanVisits(w.owner(), app.PlanVisitsInput{CohortIds: []string{w.ids["filled"]}, Rules: &app.PlanRulesInput{EveryoneAtLeast: &much}, SecondsMax: 600, Command: domain.Command{IdempotencyKey: uuid.NewString()}})
	if err != nil || len(r.UserErrors) > 0 {
		t.Fatalf("%v %+v", err, r)
	}
	moves, err := w.app.JobProgressed(w.owner(), r.Object.ID)
	if err != nil {
		t.Fatal(err)
	}
	for range moves { // it ends when the job has ended
	}
	if j, err := w.app.Planning(w.owner(), r.Object.ID); err != nil || len(j.Clashes) == 0 {
		t.Fatalf("no clash: %v", err)
	}
	return r.Object.ID
}

// firstVisit is the plan's first visit.
func (w *world) firstVisit() string {
	r := w.must("coordinator", `query($id: ID!) { visitPlan(id: $id) { visits(first: 1) { nodes { id } } } }`, map[string]any{"id": w.ids["plan"]})
	return at(r, "data", "visitPlan", "visits", "nodes", 0, "id").(string)
}

// fill loads a programme of n times ten people and four offers beside the sample, through the import.
func (w *world) fill(t *testing.T, name string, n int) {
	t.Helper()
	ctx := w.owner()
	before, err := w.app.DataVersion(ctx)
	if err != nil {
		t.Fatal(err)
	}
	w.ids["before"] = fmt.Sprint(before)
	load := func(kind domain.ImportKind, into, table string) {
		t.Helper()
		i, rows, err := w.app.ImportFile(w.owner(), kind, into, string(kind)+".csv", []byte(table), false)
		if err != nil || i.State != domain.JobDone {
			t.Fatalf("%s: %v %s", kind, err, pretty(rows))
		}
	}
	load(domain.ImportProgrammes, "", fmt.Sprintf("Key,Name,Starts,Ends,Office nation,Public seats,Private seats,Cohorts\n%s,%s,2019-02-07,2019-04-29,ENGLAND,500,500,Only\n", name, name))
	p, err := w.app.ProgrammeKeyed(w.owner(), name)
	if err != nil {
		t.Fatal(err)
	}
	cohorts, err := w.app.Cohorts(w.owner(), p, domain.Page{})
	if err != nil {
		t.Fatal(err)
	}
	w.ids["filled programme"], w.ids["filled"] = p.ID, cohorts.Nodes[0].ID
	w.token("coordinator", domain.Coordinator, p.ID)
	var people, offers, challenges strings.Builder
	people.WriteString("Key,Name,E-mail,Employer,Sector,Home station,Team,Team's challenge\n")
	challenges.WriteString("Key,Title,Owner,Themes\n")
	offers.WriteString("Key,Host,Sector,Site,Station,Themes,Min group,Max group,Duration,Windows,Lead time\n")
	for i := range 10 * n {
		fmt.Fprintf(&people, "p%s%d,Person %d,p%s%d@example.org,Employer %d,%s,EUS,%d,Challenge %d\n", name, i, i, name, i, i, []string{"PUBLIC", "PRIVATE"}[i%2], i/5+1, i/5+1)
	}
	for i := range 2 * n {
		fmt.Fprintf(&challenges, "c%d,Challenge %d,Owner %d,Theme %d\n", i+1, i+1, i, i)
	}
	for i := range 4 * n {
		fmt.Fprintf(&offers, "o%d,Host %d,PRIVATE,Site %d,LDS,Theme %d,2,30,120,2019-03-%02d 10:00-16:00,5\n", i, i, i, i%(2*n), 4+i)
	}
	load(domain.ImportChallenges, p.ID, challenges.String())
	load(domain.ImportPeople, w.ids["filled"], people.String())
	load(domain.ImportOffers, p.ID, offers.String())
	w.ids["cohort"] = w.ids["filled"]
	w.plan()
	w.release()
	w.token("visitor", domain.Member, w.people(t)[0])
	w.makeBriefs()
}

// people is the ids of the filled cohort's enrolments.
func (w *world) people(t *testing.T) []string {
	_, body := w.send(t.Context(), "coordinator", `query($c: ID!) { cohort(id: $c) { enrolments(first: 100) { nodes { id } } } }`, map[string]any{"c": w.ids["filled"]})
	var answer map[string]any
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatal(err)
	}
	nodes, _ := at(answer, "data", "cohort", "enrolments", "nodes").([]any)
	var ids []string
	for _, n := range nodes {
		ids = append(ids, at(n, "id").(string))
	}
	return ids
}
