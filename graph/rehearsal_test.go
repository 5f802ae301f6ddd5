package graph_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"

	"tandem/graph/generated"
	"tandem/internal/app"
	"tandem/internal/domain"
)

// canary is in every text that a team writes about its pitch and its runs; nobody else may ever read it.
const canary = "Canary7Q"

// change runs a mutation and gives its payload.
func (w *world) change(as, name string, input map[string]any, selection string) map[string]any {
	w.t.Helper()
	input["idempotencyKey"] = uuid.NewString()
	title := strings.ToUpper(name[:1]) + name[1:]
	r := w.must(as, fmt.Sprintf(`mutation($i: %sInput!) { %s(input: $i) { %s userErrors { field message } } }`, title, name, selection), map[string]any{"i": input})
	if wrong, _ := at(r, "data", name, "userErrors").([]any); len(wrong) > 0 {
		w.t.Fatalf("%s: %s", name, pretty(wrong))
	}
	return at(r, "data", name).(map[string]any)
}

// rehearse has the member's team write a pitch and run it once, each text with the canary in it.
func (w *world) rehearse() {
	w.t.Helper()
	p := w.change("member", "savePitch", map[string]any{"teamId": w.ids["team"], "slotSeconds": 120, "criteria": []string{canary + " criterion"},
		"sections": []map[string]any{
			{"title": canary + " problem", "presenterId": w.ids["enrolment"], "targetSeconds": 60, "script": canary + " is what we say first."},
			{"title": canary + " idea", "presenterId": w.ids["other"], "targetSeconds": 60, "script": canary + " is what we say next."},
		},
		"claims": []map[string]any{{"text": canary + " claim", "sectionOrder": 1}}}, `pitch { id sections { id } questions { id } }`)
	w.name("pitch", p, "pitch", "id")
	w.name("section", p, "pitch", "sections", 1, "id")
	w.name("question", p, "pitch", "questions", 0, "id")
	r := w.change("member", "startRehearsal", map[string]any{"pitchId": w.ids["pitch"], "startedAt": "2019-02-07T10:00:00Z"}, `rehearsal { id }`)
	w.name("rehearsal", r, "rehearsal", "id")
	w.change("member", "appendRunEvents", map[string]any{"rehearsalId": w.ids["rehearsal"], "events": []map[string]any{
		{"sequence": 1, "kind": "START", "atMilliseconds": 0},
		{"sequence": 2, "kind": "SECTION", "atMilliseconds": 60_000, "sectionId": w.ids["section"]},
		{"sequence": 3, "kind": "END", "atMilliseconds": 119_000},
	}}, `lastSequence`)
	w.change("member", "giveFeedback", map[string]any{"rehearsalId": w.ids["rehearsal"], "text": canary + " feedback"}, `feedback { id }`)
	w.change("member", "keepQuestion", map[string]any{"pitchId": w.ids["pitch"], "text": canary + " asked?"}, `pitch { id }`)
	w.change("member", "setRecordingConsent", map[string]any{"rehearsalId": w.ids["rehearsal"], "agreed": true}, `rehearsal { id }`)
}

// leaves selects what can be read of an object: its values, and those of the objects beneath it down to a depth. Of what may
// be of several types only the type: each of them is walked by itself.
func (w *world) leaves(schema *ast.Schema, def *ast.Definition, depth int) string {
	out := []string{"__typename"}
	for _, f := range def.Fields {
		args, ok := w.arguments(schema, f.Arguments)
		if !ok || strings.HasPrefix(f.Name, "__") {
			continue
		}
		inner := schema.Types[f.Type.Name()]
		switch {
		case !inner.IsCompositeType():
			out = append(out, f.Name+args)
		case depth > 0:
			out = append(out, f.Name+args+" { "+w.leaves(schema, inner, depth-1)+" }")
		}
	}
	return strings.Join(out, " ")
}

// privateTypes are what holds something of a team's preparation: everything that the area's file declares and the two
// nouns reach.
func privateTypes(schema *ast.Schema) map[string]bool {
	private := map[string]bool{}
	for name, def := range schema.Types {
		if def.Kind != ast.Scalar && def.Kind != ast.InputObject && def.Position != nil && strings.HasSuffix(def.Position.Src.Name, "rehearsal.graphqls") {
			private[name] = true
		}
	}
	return private
}

// doors are the fields outside of a team's preparation that lead into it.
func doors(schema *ast.Schema) []string {
	private := privateTypes(schema)
	var out []string
	for name, def := range schema.Types {
		if private[name] || def.Kind != ast.Object {
			continue
		}
		for _, f := range def.Fields {
			if private[f.Type.Name()] && name != "Mutation" {
				out = append(out, name+"."+f.Name)
			}
		}
	}
	slices.Sort(out)
	return out
}

// TestNothingLeadsIntoRehearsals reads the schema: only three fields lead from outside into what a team prepares, and each
// decides access first. The control opens a fourth.
func TestNothingLeadsIntoRehearsals(t *testing.T) {
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	known := []string{"Query.pitch", "Query.rehearsal", "Team.pitch"}
	if got := doors(schema); !slices.Equal(got, known) {
		t.Errorf("into rehearsals lead %v", got)
	}
	cohort := *schema.Types["Cohort"]
	cohort.Fields = append(slices.Clone(cohort.Fields), &ast.FieldDefinition{Name: "rehearsals", Type: ast.NamedType("Rehearsal", nil)})
	open := *schema
	open.Types = map[string]*ast.Definition{}
	for name, def := range schema.Types {
		open.Types[name] = def
	}
	open.Types["Cohort"] = &cohort
	if got := doors(&open); slices.Equal(got, known) {
		t.Error("control: a door from the cohort is not noticed")
	}
}

// TestNobodyOutsideTheTeamReadsItsRehearsals asks, as everybody, for all that can be read of every object and from every
// root, two objects deep, of every id that the team's work has, and of the change feed from its beginning: neither a word of
// the team nor an id is in any answer. The control asks the same as a member of the team, and must find them.
func TestNobodyOutsideTheTeamReadsItsRehearsals(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		before, err := w.app.DataVersion(w.owner())
		if err != nil {
			t.Fatal(err)
		}
		w.makeTheRest()
		schema := generated.NewExecutableSchema(generated.Config{}).Schema()
		every := []domain.Scope{}
		for _, v := range schema.Types["Scope"].EnumValues {
			every = append(every, domain.Scope(v.Name))
		}
		w.token("integrator of all scopes", domain.Integrator, "", every...)
		asked := w.everything(schema, before)
		secrets := []string{canary, w.ids["pitch"], w.ids["rehearsal"], w.ids["section"]}
		for _, as := range []string{"owner", "coordinator", "outsider", "judge", "sponsor", "integrator", "integrator of all scopes", "nobody"} {
			for _, q := range asked {
				_, body := w.send(t.Context(), as, q, nil)
				for _, s := range secrets {
					if strings.Contains(strings.ReplaceAll(string(body), q, ""), s) {
						t.Errorf("%s reads %s by %.300s", as, s, q)
					}
				}
			}
		}
		found := 0
		for _, q := range asked {
			_, body := w.send(t.Context(), "member", q, nil)
			if strings.Contains(string(body), canary) {
				found++
			}
			if s := string(body); strings.Contains(s, "QUERY_LIMIT_EXCEEDED") || strings.Contains(s, "BAD_USER_INPUT") {
				t.Errorf("nothing was asked by %.300s: %.300s", q, s)
			}
		}
		if found < 8 {
			t.Errorf("control: a member of the team finds its words in %d of %d answers", found, len(asked))
		}
	})
}

// everything is a request for all that can be read of each kind of object, of each root and of each private id.
func (w *world) everything(schema *ast.Schema, since int64) []string {
	var out []string
	for _, f := range schema.Query.Fields {
		def := schema.Types[f.Type.Name()]
		args, ok := w.arguments(schema, f.Arguments)
		if id, known := w.ids[strings.ToLower(strings.Replace(f.Name, "visitPlan", "plan", 1))]; known && f.Arguments.ForName("id") != nil { // the root's own noun
			args = fmt.Sprintf("(id: %q)", id)
		}
		if !ok || strings.HasPrefix(f.Name, "__") || !def.IsCompositeType() || f.Name == "node" || f.Name == "nodes" || f.Name == "changes" {
			continue
		}
		out = append(out, fmt.Sprintf("{ %s%s { %s } }", f.Name, args, w.leaves(schema, def, 0)))
		for _, inner := range def.Fields {
			if innerArgs, ok := w.arguments(schema, inner.Arguments); ok && schema.Types[inner.Type.Name()].IsCompositeType() {
				out = append(out, fmt.Sprintf("{ %s%s { %s%s { %s } } }", f.Name, args, inner.Name, innerArgs, w.leaves(schema, schema.Types[inner.Type.Name()], 1)))
			}
		}
	}
	for _, p := range w.fieldProbes(schema) {
		kind, field, _ := strings.Cut(p.name, ".")
		f := schema.Types[kind].Fields.ForName(field)
		if def := schema.Types[f.Type.Name()]; def.IsCompositeType() {
			p.query = strings.Replace(p.query, "{ __typename }", "{ "+w.leaves(schema, def, 1)+" }", 1)
		}
		out = append(out, p.query)
	}
	for _, name := range []string{"pitch", "rehearsal", "section", "question"} {
		out = append(out, fmt.Sprintf(`{ node(id: %q) { id __typename } }`, w.ids[name]), fmt.Sprintf(`{ nodes(ids: [%q]) { id } }`, w.ids[name]))
	}
	return append(out, fmt.Sprintf(`{ changes(since: "%d", first: 1000) { changes { nodeId type gone node { id } } } }`, since))
}

// TestTheTeamsOwnComputer shows the other side of the rule: who sits at the computer that holds the database acts for its
// teams, and writes a speaker's word down.
func TestTheTeamsOwnComputer(t *testing.T) {
	w := openSample(t)
	w.rehearse()
	r, err := w.app.Rehearsal(w.owner(), w.ids["rehearsal"])
	if err != nil || r.Number != 1 {
		t.Fatalf("%+v: %v", r, err)
	}
	other := w.ids["other"]
	given, err := w.app.SetRecordingConsent(w.owner(), app.SetRecordingConsentInput{RehearsalID: r.ID, EnrolmentID: &other, Agreed: true, Command: domain.Command{IdempotencyKey: uuid.NewString()}})
	if err != nil || len(given.UserErrors) > 0 {
		t.Fatalf("%+v: %v", given, err)
	}
	if r, err = w.app.Rehearsal(w.owner(), r.ID); err != nil || !r.Consent(other).Stands() || *r.Consent(other).WrittenBy != "Owner of this computer" {
		t.Errorf("%+v: %v", r.Consents, err)
	}
}

// TestTheRunsPage asks what the page of a run asks, beside the run before.
func TestTheRunsPage(t *testing.T) {
	w := openSample(t)
	w.rehearse()
	first := w.ids["rehearsal"]
	r := w.change("member", "startRehearsal", map[string]any{"pitchId": w.ids["pitch"], "startedAt": "2019-02-07T11:00:00Z"}, `rehearsal { id number }`)
	second := at(r, "rehearsal", "id").(string)
	w.change("member", "appendRunEvents", map[string]any{"rehearsalId": second, "events": []map[string]any{
		{"sequence": 1, "kind": "START", "atMilliseconds": 0},
		{"sequence": 2, "kind": "SECTION", "atMilliseconds": 80_000, "sectionId": w.ids["section"]},
		{"sequence": 3, "kind": "END", "atMilliseconds": 150_000},
	}}, `lastSequence`)
	page := at(w.must("member", operation(t, "19-run-page"), map[string]any{"run": second, "last": first}), "data", "rehearsal")
	for _, want := range []struct {
		value any
		path  []any
	}{
		{2.0, []any{"number"}}, {150_000.0, []any{"milliseconds"}}, {nil, []any{"recording"}}, {nil, []any{"analysis"}},
		{80_000.0, []any{"sections", 0, "milliseconds"}}, {60_000.0, []any{"sections", 0, "targetMilliseconds"}},
		{60_000.0, []any{"diffTo", "sections", 0, "beforeMilliseconds"}}, {80_000.0, []any{"diffTo", "sections", 0, "afterMilliseconds"}},
		{2.0, []any{"pitch", "forecast", "runs"}}, {nil, []any{"handovers", 0, "gapMilliseconds"}},
	} {
		if got := at(page, want.path...); got != want.value {
			t.Errorf("%v is %v, and not %v", want.path, got, want.value)
		}
	}
	if text, _ := at(page, "fixNext", "text").(string); !strings.Contains(text, canary+" problem") {
		t.Errorf("what to fix: %q", text)
	}
	if over, _ := at(page, "pitch", "forecast", "overrun").(float64); over < 0.5 {
		t.Errorf("P(overrun) is %v after runs of 119 s and 150 s in a slot of 120 s", over)
	}
}

// TestStatementsOfRunsDoNotGrow lists the runs of a pitch with all that the run's page asks of each, after one run and after
// four: the statements are as many.
func TestStatementsOfRunsDoNotGrow(t *testing.T) {
	w := openSample(t)
	w.rehearse()
	const query = `query($id: ID!) { pitch(id: $id) { rehearsals(first: 10) { nodes { number events { sequence } sections { milliseconds section { presenter { person { name } } } } handovers { gapMilliseconds from { id } }
		consents { enrolment { person { name } } } recording { milliseconds } analysis { state } feedback { text author { person { name } } } fixNext { text } } } forecast { runs } questions { text } } }`
	few, small := w.statements("member", query, map[string]any{"id": w.ids["pitch"]})
	for range 3 {
		r := w.change("member", "startRehearsal", map[string]any{"pitchId": w.ids["pitch"], "startedAt": "2019-02-07T11:00:00Z"}, `rehearsal { id }`)
		w.change("member", "appendRunEvents", map[string]any{"rehearsalId": at(r, "rehearsal", "id"), "events": []map[string]any{
			{"sequence": 1, "kind": "START", "atMilliseconds": 0}, {"sequence": 2, "kind": "END", "atMilliseconds": 100_000}}}, `lastSequence`)
	}
	many, large := w.statements("member", query, map[string]any{"id": w.ids["pitch"]})
	if strings.Contains(string(small)+string(large), `"errors"`) || len(large) < 2*len(small) {
		t.Fatalf("%s\n%s", small, large)
	}
	if few != many {
		t.Errorf("%d statements for one run, %d for four", few, many)
	}
}
