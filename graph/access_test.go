package graph_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"

	"tandem/graph/generated"
)

// The walk asks for every field of every object that has an id, and for every mutation, as every role, and holds what comes
// back to what the contract's own descriptions promise: "Role: coordinator, member; null for others."

// askers are the roles that walk, and what each is called in a description.
var askers = []struct {
	token string
	words []string // any of these in a "Role:" admits it
}{
	{"owner", []string{"owner", "coordinator", "all but", "any signed-in", "whoever", "who "}},
	{"coordinator", []string{"coordinator", "the token itself", "all but", "any signed-in", "whoever", "who "}},
	{"member", []string{"member", "the person", "the team", "person's team", "same team", "those who visit", "all but", "any signed-in", "challenge's teams"}},
	{"outsider", []string{"member", "the person", "person's team", "those who visit", "all but", "any signed-in", "challenge's teams"}}, // a member of another team
	{"judge", []string{"judge", "all but", "any signed-in"}},
	{"sponsor", []string{"sponsor,", "any signed-in"}},
	{"integrator", []string{"CHANGES_READ", "COHORT_READ", "CHALLENGE_READ", "VISIT_READ", "all but", "any signed-in"}},
	{"nobody", nil},
}

// rolesOf is the "Role:" or "Scope:" part of a description; "" where it states none.
func rolesOf(description string) string {
	i := strings.Index(description, "Role:")
	if i < 0 {
		if i = strings.Index(description, "Scope:"); i < 0 {
			return ""
		}
	}
	return description[i:]
}

func admits(roles string, words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(roles, w) })
}

// probe is one thing to ask for, and the roles that the contract names for it.
type probe struct {
	name, query, roles string
	path               []any
}

// fieldProbes is one probe for each field of each object of the world.
func (w *world) fieldProbes(schema *ast.Schema) []probe {
	objects := map[string]string{"Programme": "programme", "Cohort": "cohort", "Team": "team", "Enrolment": "other", "Challenge": "challenge",
		"HostOffer": "offer", "Site": "site", "VisitPlan": "plan", "Visit": "visit", "VisitGroup": "group", "Theme": "theme", "Skill": "skill", "VisitPlanning": "job",
		"Import": "import", "Upload": "upload", "Manifest": "manifest", "Organisation": "organisation",
		"Attendance": "attendance", "BudgetLine": "line", "Insight": "insight",
		"SponsorBrief": "brief", "Figure": "figure", "ShareLink": "link", "Pitch": "pitch", "Rehearsal": "rehearsal"}
	var probes []probe
	for _, kind := range slices.Sorted(func(yield func(string) bool) {
		for k := range objects {
			if !yield(k) {
				return
			}
		}
	}) {
		id, ok := w.ids[objects[kind]]
		if !ok {
			continue
		}
		def := schema.Types[kind]
		for _, f := range def.Fields {
			args, ok := w.arguments(schema, f.Arguments)
			if !ok || strings.HasPrefix(f.Name, "__") {
				continue
			}
			selection := ""
			if schema.Types[f.Type.Name()].IsCompositeType() {
				selection = " { __typename }"
			}
			roles := rolesOf(f.Description)
			if roles == "" {
				roles = rolesOf(def.Description) // said once of the whole
			}
			probes = append(probes, probe{
				name:  kind + "." + f.Name,
				query: fmt.Sprintf(`{ node(id: %q) { ... on %s { %s%s%s } } }`, id, kind, f.Name, args, selection),
				roles: roles,
				path:  []any{"data", "node", f.Name},
			})
		}
	}
	query := schema.Query.Fields.ForName("identity")
	return append(probes, probe{name: "Query.identity", query: fmt.Sprintf(`{ identity(enrolmentId: %q) { number } }`, w.ids["other"]),
		roles: rolesOf(query.Description), path: []any{"data", "identity"}})
}

// arguments fills the arguments that a field cannot do without; false where the world has nothing for one.
func (w *world) arguments(schema *ast.Schema, defs ast.ArgumentDefinitionList) (string, bool) {
	var out []string
	for _, d := range defs {
		if !d.Type.NonNull || d.DefaultValue != nil {
			continue
		}
		v, ok := w.value(schema, d.Name, d.Type)
		if !ok {
			return "", false
		}
		out = append(out, d.Name+": "+literal(schema, d.Type, v))
	}
	if out == nil {
		return "", true
	}
	return "(" + strings.Join(out, ", ") + ")", true
}

// literal writes a value as a document does.
func literal(schema *ast.Schema, t *ast.Type, v any) string {
	def := schema.Types[t.Name()]
	if parts, ok := v.(map[string]any); ok {
		var out []string
		for _, f := range def.Fields {
			if part, given := parts[f.Name]; given {
				out = append(out, f.Name+": "+literal(schema, f.Type, part))
			}
		}
		return "{" + strings.Join(out, ", ") + "}"
	}
	if def.Kind == ast.Enum {
		return v.(string)
	}
	text, _ := json.Marshal(v)
	return string(text)
}

// value makes a plausible value for a required input.
func (w *world) value(schema *ast.Schema, name string, t *ast.Type) (any, bool) {
	if t.Elem != nil {
		v, ok := w.value(schema, strings.TrimSuffix(name, "s"), t.Elem)
		return []any{v}, ok
	}
	def := schema.Types[t.NamedType]
	switch def.Kind {
	case ast.Enum:
		return def.EnumValues[0].Name, true
	case ast.InputObject:
		out := map[string]any{}
		for i, f := range def.Fields {
			one := i == 0 && def.Directives.ForName("oneOf") != nil
			if (!f.Type.NonNull || f.DefaultValue != nil) && !one {
				continue
			}
			v, ok := w.value(schema, f.Name, f.Type)
			if !ok {
				return nil, false
			}
			out[f.Name] = v
		}
		return out, true
	}
	switch t.NamedType {
	case "ID":
		id, ok := w.ids[map[string]string{"programmeId": "programme", "cohortId": "cohort", "teamId": "team", "enrolmentId": "enrolment", "challengeId": "challenge",
			"ownerId": "organisation", "employerId": "organisation", "organisationId": "organisation", "offerId": "offer", "siteId": "site", "visitId": "visit", "visitCancelled": "visit", "planId": "plan", "repairId": "repair",
			"importId": "import", "uploadId": "upload", "manifestId": "manifest", "legId": "leg", "jobId": "job", "tokenId": "token", "pitchId": "pitch", "rehearsalId": "rehearsal", "questionId": "question", "id": "cohort",
			"insightId": "insight", "lineId": "line", "skillId": "skill", "briefId": "brief", "linkId": "link", "presentId": "enrolment", "absentId": "other"}[name]]
		return id, ok
	case "Int":
		return 1, true
	case "Boolean":
		return false, true
	case "Float":
		return 1.0, true
	case "Date":
		return "2019-03-01", true
	case "DateTime":
		return "2019-03-01T10:00:00Z", true
	case "UUID":
		return uuid.NewString(), true
	case "Base64":
		return "AA==", true
	}
	if strings.Contains(strings.ToLower(name), "sha256") {
		return strings.Repeat("0", 64), true
	}
	return "something", true
}

// outcome is what an asker got: a value, null, or a refusal's code.
func (w *world) outcome(as string, p probe) string {
	answer := w.ask(as, p.query, nil)
	if errs, ok := answer["errors"].([]any); ok && len(errs) > 0 {
		return fmt.Sprint(at(errs[0], "extensions", "code"))
	}
	if at(answer, p.path...) == nil {
		return "null"
	}
	return "value"
}

// accuse lists what contradicts the contract, given every asker's outcome of a probe.
func accuse(p probe, outcomes map[string]string) []string {
	var wrong []string
	for _, a := range askers {
		got := outcomes[a.token]
		switch {
		case got == "INTERNAL":
			wrong = append(wrong, fmt.Sprintf("%s as %s: a fault of ours", p.name, a.token))
		case a.token == "nobody" && got == "value":
			wrong = append(wrong, fmt.Sprintf("%s: nobody reads it", p.name))
		case p.roles != "" && !admits(p.roles, a.words) && got == "value":
			wrong = append(wrong, fmt.Sprintf("%s: %s reads it, and the contract says %q", p.name, a.token, p.roles))
		case p.roles != "" && a.token == "coordinator" && admits(p.roles, a.words) && got != outcomes["owner"]:
			wrong = append(wrong, fmt.Sprintf("%s: the coordinator gets %s, the owner %s", p.name, got, outcomes["owner"]))
		}
	}
	return wrong
}

func TestEveryFieldAsEveryRole(t *testing.T) {
	w := openSample(t)
	w.makeTheRest()
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	probes := w.fieldProbes(schema)
	if len(probes) < 150 {
		t.Fatalf("only %d fields are asked for", len(probes))
	}
	restricted, caught := 0, 0
	for _, p := range probes {
		outcomes := map[string]string{}
		for _, a := range askers {
			outcomes[a.token] = w.outcome(a.token, p)
		}
		for _, wrong := range accuse(p, outcomes) {
			t.Error(wrong)
		}
		// Control: a server that shows everybody what the owner sees must be accused on every field that is not for all.
		if p.roles != "" && outcomes["owner"] == "value" {
			restricted++
			open := map[string]string{}
			for _, a := range askers {
				open[a.token] = outcomes["owner"]
			}
			if len(accuse(p, open)) > 0 {
				caught++
			}
		}
	}
	if restricted == 0 || caught != restricted {
		t.Errorf("control: an open server is accused on %d of %d restricted fields", caught, restricted)
	}
}

// makeTheRest makes one of each thing that the sample has none of: an upload, an import, a released visit's manifest.
func (w *world) makeTheRest() {
	w.t.Helper()
	r := w.must("coordinator", `query { organisations(first: 1) { nodes { id } } viewer { token { id } } }`, nil)
	w.name("organisation", r, "data", "organisations", "nodes", 0, "id")
	w.name("token", r, "data", "viewer", "token", "id")
	file := "Name,E-mail\nAda Example,ada@example.org\n"
	r = w.must("coordinator", `mutation($i: StartUploadInput!) { startUpload(input: $i) { upload { id } userErrors { message } } }`,
		map[string]any{"i": map[string]any{"name": "people.csv", "bytes": len(file), "sha256": sha(file), "idempotencyKey": uuid.NewString()}})
	w.name("upload", r, "data", "startUpload", "upload", "id")
	w.must("coordinator", `mutation($i: AppendUploadInput!) { appendUpload(input: $i) { upload { id } userErrors { message } } }`,
		map[string]any{"i": map[string]any{"uploadId": w.ids["upload"], "offset": 0, "data": base64Of(file), "idempotencyKey": uuid.NewString()}})
	w.must("coordinator", `mutation($i: RecordIdentityInput!) { recordIdentity(input: $i) { userErrors { message } } }`,
		map[string]any{"i": map[string]any{"enrolmentId": w.ids["other"], "kind": "PASSPORT", "number": "533000001", "consented": true, "expectedVersion": 0, "idempotencyKey": uuid.NewString()}})
	r = w.must("coordinator", `mutation($i: StartImportInput!) { startImport(input: $i) { import { id } userErrors { message } } }`,
		map[string]any{"i": map[string]any{"uploadId": w.ids["upload"], "kind": "PEOPLE", "intoId": w.ids["cohort"], "idempotencyKey": uuid.NewString()}})
	w.name("import", r, "data", "startImport", "import", "id")
	w.ids["repair"] = at(w.waysOut(w.ids["plan"], map[string]any{"visitCancelled": w.ids["visit"]})[0], "id").(string)
	w.makeProgress()
	w.makeBriefs()
	w.rehearse()
}

// makeBriefs releases a brief, shares it, and drafts the next.
func (w *world) makeBriefs() {
	w.t.Helper()
	key := uuid.NewString
	r := w.must("coordinator", `mutation($i: DraftBriefInput!) { draftBrief(input: $i) { brief { id figures(keys: [RETAINED]) { id } } userErrors { message } } }`, map[string]any{"i": map[string]any{"cohortId": w.ids["cohort"], "idempotencyKey": key()}})
	w.name("brief", r, "data", "draftBrief", "brief", "id")
	w.name("figure", r, "data", "draftBrief", "brief", "figures", 0, "id")
	w.must("coordinator", `mutation($i: UpdateBriefInput!) { updateBrief(input: $i) { userErrors { message } } }`, map[string]any{"i": map[string]any{"briefId": w.ids["brief"], "headline": "Taking part: {RETAINED}",
		"summary": "It has begun.", "rating": map[string]any{"goal": "Every team pitches", "level": "EVEN", "because": "It has begun."}, "expectedVersion": 1, "idempotencyKey": key()}})
	r = w.must("coordinator", `mutation($i: ReleaseBriefInput!) { releaseBrief(input: $i) { brief { state } userErrors { message } } }`, map[string]any{"i": map[string]any{"briefId": w.ids["brief"], "expectedVersion": 2, "idempotencyKey": key()}})
	if at(r, "data", "releaseBrief", "brief", "state") != "RELEASED" {
		w.t.Fatalf("release: %s", pretty(r))
	}
	r = w.must("coordinator", `mutation($i: CreateShareLinkInput!) { createShareLink(input: $i) { path link { id } userErrors { message } } }`,
		map[string]any{"i": map[string]any{"briefId": w.ids["brief"], "label": "the board", "expiresAt": time.Now().Add(time.Hour).UTC().Format(time.RFC3339), "idempotencyKey": key()}})
	w.name("link", r, "data", "createShareLink", "link", "id")
	w.name("path", r, "data", "createShareLink", "path")
	r = w.must("coordinator", `mutation($i: DraftBriefInput!) { draftBrief(input: $i) { brief { id } userErrors { message } } }`, map[string]any{"i": map[string]any{"cohortId": w.ids["cohort"], "idempotencyKey": key()}})
	w.name("draft", r, "data", "draftBrief", "brief", "id")
}

// makeProgress releases the plan and lets its first visit day pass: who was there, an insight of it, and a cost.
func (w *world) makeProgress() {
	w.t.Helper()
	w.release()
	w.at(time.Date(2019, 2, 28, 9, 0, 0, 0, time.UTC))
	r := w.must("coordinator", `mutation($i: RecordAttendanceInput!) { recordAttendance(input: $i) { attendance { id } userErrors { message } } }`,
		map[string]any{"i": map[string]any{"cohortId": w.ids["cohort"], "on": "2019-02-27", "presentIds": []string{w.ids["enrolment"]}, "absentIds": []string{w.ids["other"]}, "expectedVersion": 0, "idempotencyKey": uuid.NewString()}})
	w.name("attendance", r, "data", "recordAttendance", "attendance", "id")
	r = w.must("coordinator", `mutation($i: SaveBudgetLineInput!) { saveBudgetLine(input: $i) { line { id } userErrors { message } } }`,
		map[string]any{"i": map[string]any{"cohortId": w.ids["cohort"], "text": "Coach hire", "pence": 125000, "basis": "an estimate", "idempotencyKey": uuid.NewString()}})
	w.name("line", r, "data", "saveBudgetLine", "line", "id")
	r = w.must("member", `mutation($i: CaptureInsightInput!) { captureInsight(input: $i) { insight { id } userErrors { message } } }`,
		map[string]any{"i": map[string]any{"visitId": w.ids["visit"], "text": "Sensors are read by hand.", "idempotencyKey": uuid.NewString()}})
	w.name("insight", r, "data", "captureInsight", "insight", "id")
}

// TestSponsorsAreToldOfBriefsAlone reads the change feed from its beginning: a sponsor hears of what they can read, since how
// often anything about people changes would count them. The control is a member, who hears of more.
func TestSponsorsAreToldOfBriefsAlone(t *testing.T) {
	w := openSample(t)
	w.makeTheRest()
	told := func(as string) map[string]bool {
		types := map[string]bool{}
		r := w.must(as, `{ changes(since: "0", first: 1000) { changes { type nodeId gone } } }`, nil)
		changes, _ := at(r, "data", "changes", "changes").([]any)
		for _, c := range changes {
			types[at(c, "type").(string)] = true
			if as == "sponsor" && at(c, "nodeId") == w.ids["draft"] {
				t.Error("a sponsor is told of a draft")
			}
		}
		return types
	}
	sponsor := told("sponsor")
	for kind := range sponsor {
		if !slices.Contains([]string{"Programme", "Cohort", "SponsorBrief", "Theme", "ApiToken"}, kind) { // the token is their own
			t.Errorf("a sponsor is told of changes of %s", kind)
		}
	}
	if !sponsor["SponsorBrief"] || !told("member")["Enrolment"] {
		t.Errorf("control: nothing was told: %v", sponsor)
	}
	if draft := w.ask("sponsor", `query($id: ID!) { sponsorBrief(id: $id) { number } }`, map[string]any{"id": w.ids["draft"]}); at(draft, "data", "sponsorBrief") != nil {
		t.Error("a sponsor reads a draft")
	}
}

func TestEveryMutationAsEveryRole(t *testing.T) {
	w := openSample(t)
	w.makeTheRest()
	schema := generated.NewExecutableSchema(generated.Config{}).Schema()
	asked, refused := 0, 0
	for _, f := range schema.Mutation.Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		roles := rolesOf(f.Description)
		if roles == "" {
			t.Errorf("%s: the contract names no role", f.Name)
			continue
		}
		for _, a := range askers {
			input, ok := w.value(schema, "input", f.Arguments.ForName("input").Type)
			if !ok {
				continue
			}
			in := input.(map[string]any)
			in["dryRun"] = true
			if f.Name == "createApiToken" {
				in["role"], in["onId"] = "SPONSOR", w.ids["programme"]
			}
			asked++
			answer := w.ask(a.token, fmt.Sprintf(`mutation($i: %s!) { %s(input: $i) { impact { count } userErrors { code message } } }`, f.Arguments.ForName("input").Type.Name(), f.Name), map[string]any{"i": in})
			code := fmt.Sprint(at(answer, "errors", 0, "extensions", "code"))
			done := at(answer, "data", f.Name) != nil
			switch {
			case code == "INTERNAL":
				t.Errorf("%s as %s: a fault of ours: %s", f.Name, a.token, pretty(answer))
			case !admits(roles, a.words) && done:
				t.Errorf("%s: %s may do it, and the contract says %q", f.Name, a.token, roles)
			case a.token == "owner" && (code == "FORBIDDEN" || code == "UNAUTHENTICATED") && !strings.HasPrefix(roles, "Role: member") && !strings.HasPrefix(roles, "Role: the team"):
				t.Errorf("%s: the owner may not: %s", f.Name, pretty(answer))
			case !admits(roles, a.words):
				refused++
			}
		}
	}
	if asked < 200 || refused < 100 {
		t.Errorf("asked %d times, refused %d times: the walk saw too little", asked, refused)
	}
}
