package graph_test

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/google/uuid"
)

const repairsAsked = `query($plan: ID!, $cause: RepairCause!, $free: [ID!]!) { visitPlan(id: $plan) { version
	repairs(cause: $cause, freeVisitIds: $free) { id ring placesChanged score { uncovered maxShortfall squaredShortfall minutes gramsCo2e }
		changes { ...change } impact { effect because count notice { title text } } } } }
	fragment change on VisitChange { kind offer { id } before { startsAt group } after { startsAt group } people { id } }`

// waysOut asks for the repairs of a plan after something went wrong.
func (w *world) waysOut(plan string, cause map[string]any, free ...string) []any {
	w.t.Helper()
	if free == nil {
		free = []string{}
	}
	r := w.must("coordinator", repairsAsked, map[string]any{"plan": plan, "cause": cause, "free": free})
	list, ok := at(r, "data", "visitPlan", "repairs").([]any)
	if !ok {
		w.t.Fatalf("no list of repairs: %s", pretty(r))
	}
	return list
}

func (w *world) draftRepair(id any, key string, dry bool) map[string]any {
	w.t.Helper()
	return w.must("coordinator", `mutation($i: DraftRepairInput!) { draftRepair(input: $i) { plan { id number state rules { visitDaysMax }
		score { uncovered maxShortfall squaredShortfall minutes gramsCo2e } broken { text } } impact { effect because count notice { title text } } userErrors { code message fix field } } }`,
		map[string]any{"i": map[string]any{"repairId": id, "idempotencyKey": key, "dryRun": dry}})
}

// upsetCauses is one cause of each kind, about a visit of the plan.
func (w *world) upsetCauses(plan string) map[string]map[string]any {
	w.t.Helper()
	r := w.must("coordinator", `query($id: ID!) { visitPlan(id: $id) { visits(first: 100) { nodes { id on offer { minGroup } group { members { id } } } } } }`, map[string]any{"id": plan})
	v := at(r, "data", "visitPlan", "visits", "nodes", 2)
	members := at(v, "group", "members").([]any)
	return map[string]map[string]any{
		"visitCancelled": {"visitCancelled": at(v, "id")},
		"visitShrunk":    {"visitShrunk": map[string]any{"visitId": at(v, "id"), "maxGroup": len(members) - 1}},
		"personLeft":     {"personLeft": at(members[0], "id")},
		"dayLost":        {"dayLost": at(v, "on")},
	}
}

// TestRepairIsDraftedAsAnnounced drafts every way out of every cause: what the draft differs in from the plan, its score
// and whom it tells is what was announced.
func TestRepairIsDraftedAsAnnounced(t *testing.T) {
	onEach(t, func(t *testing.T, w *world) {
		w.release()
		plan := w.ids["plan"]
		drafted := 0
		for name, cause := range w.upsetCauses(plan) {
			ways := w.waysOut(plan, cause)
			if len(ways) == 0 {
				t.Errorf("%s: no way out", name)
			}
			for i, way := range ways {
				key := uuid.NewString()
				before := w.plans()
				dry := w.draftRepair(at(way, "id"), key, true)
				if w.plans() != before {
					t.Errorf("%s %d: a dry run keeps a draft", name, i)
				}
				r := w.draftRepair(at(way, "id"), key, false)
				if again := w.draftRepair(at(way, "id"), key, false); at(again, "data", "draftRepair", "plan", "id") != at(r, "data", "draftRepair", "plan", "id") || w.plans() != before+1 {
					t.Errorf("%s %d: the same key drafts twice", name, i)
				}
				draft := at(r, "data", "draftRepair", "plan")
				if draft == nil || at(draft, "state") != "DRAFT" {
					t.Fatalf("%s %d: %s", name, i, pretty(r))
				}
				drafted++
				if !reflect.DeepEqual(at(dry, "data", "draftRepair", "plan", "score"), at(draft, "score")) {
					t.Errorf("%s %d: the dry run has another score", name, i)
				}
				if name != "personLeft" && !reflect.DeepEqual(at(draft, "score"), at(way, "score")) { // who has not left yet still counts
					t.Errorf("%s %d: announced %v, drafted %v", name, i, at(way, "score"), at(draft, "score"))
				}
				if broken := at(draft, "broken").([]any); len(broken) > 0 {
					t.Errorf("%s %d: the draft breaks %v", name, i, broken)
				}
				said, told := at(r, "data", "draftRepair", "impact").([]any), at(way, "impact").([]any)
				if len(said) != len(told)+1 || len(told) > 0 && !reflect.DeepEqual(said[1:], told) {
					t.Errorf("%s %d: announced to tell %s, tells %s", name, i, pretty(told), pretty(said))
				}
				d := w.must("coordinator", `query($id: ID!, $was: ID!) { visitPlan(id: $id) { diffTo(planId: $was) { placesChanged changes { ...change } } } }
					fragment change on VisitChange { kind offer { id } before { startsAt group } after { startsAt group } people { id } }`,
					map[string]any{"id": at(draft, "id"), "was": plan})
				diff := at(d, "data", "visitPlan", "diffTo")
				if !reflect.DeepEqual(at(diff, "changes"), at(way, "changes")) || at(diff, "placesChanged") != at(way, "placesChanged") {
					t.Errorf("%s %d: announced %s, differs in %s", name, i, pretty(way), pretty(diff))
				}
				if i > 0 && at(way, "placesChanged").(float64) < at(ways[i-1], "placesChanged").(float64) {
					t.Errorf("%s: way %d changes fewer places than the one before", name, i)
				}
				// Control: what is drafted is not what another way announces.
				if other := ways[(i+1)%len(ways)]; len(ways) > 1 && reflect.DeepEqual(at(diff, "changes"), at(other, "changes")) {
					t.Errorf("control: %s: ways %d and the next announce the same", name, i)
				}
			}
		}
		if drafted < 5 {
			t.Errorf("only %d ways were drafted", drafted)
		}
	})
}

// plans counts the cohort's plans.
func (w *world) plans() int {
	w.t.Helper()
	r := w.must("coordinator", `query($c: ID!) { cohort(id: $c) { visitPlans { totalCount } } }`, map[string]any{"c": w.ids["cohort"]})
	return int(at(r, "data", "cohort", "visitPlans", "totalCount").(float64))
}

// TestRepairAfterTheHostCancelled calls a confirmed visit off, drafts a way out, and releases it.
func TestRepairAfterTheHostCancelled(t *testing.T) {
	w := openSample(t)
	w.release()
	plan := w.ids["plan"]
	visits := func() []any {
		r := w.must("coordinator", `query($id: ID!) { visitPlan(id: $id) { visits(first: 100) { nodes { id version state on startsAt offer { id version minGroup maxGroup } group { members { id version } } } } } }`, map[string]any{"id": plan})
		return at(r, "data", "visitPlan", "visits", "nodes").([]any)
	}
	all := visits()
	confirm := func(v any) {
		r := w.must("coordinator", `mutation($i: ConfirmVisitInput!) { confirmVisit(input: $i) { visit { state } userErrors { message } } }`,
			map[string]any{"i": map[string]any{"visitId": at(v, "id"), "expectedVersion": at(v, "version"), "overrideReason": "they know us", "idempotencyKey": uuid.NewString()}})
		if s := at(r, "data", "confirmVisit", "visit", "state"); s != "CONFIRMED" {
			t.Fatalf("confirmed: %s", pretty(r))
		}
	}
	hit := all[2]
	for _, v := range all[:6] {
		confirm(v)
	}
	first := w.waysOut(plan, map[string]any{"visitCancelled": at(hit, "id")})

	// What is agreed stays where it is, in every way out; freed, it may move.
	agreed := map[any]bool{}
	for _, v := range all[:6] {
		if at(v, "id") != at(hit, "id") {
			agreed[at(v, "offer", "id")] = true
		}
	}
	touches := func(ways []any) (n int) {
		for _, way := range ways {
			for _, c := range at(way, "changes").([]any) {
				if agreed[at(c, "offer", "id")] {
					n++
				}
			}
		}
		return n
	}
	if n := touches(first); n > 0 || len(first) == 0 {
		t.Errorf("%d ways out change what was agreed %d times", len(first), n)
	}
	var free []string
	for _, v := range all[:6] {
		free = append(free, at(v, "id").(string))
	}
	if freed := w.waysOut(plan, map[string]any{"visitCancelled": at(hit, "id")}, free...); touches(freed) == 0 {
		t.Error("control: with all freed, no way out changes what was agreed")
	}

	hit = visits()[2]
	w.must("coordinator", `mutation($i: CancelVisitInput!) { cancelVisit(input: $i) { visit { state } userErrors { message } } }`,
		map[string]any{"i": map[string]any{"visitId": at(hit, "id"), "expectedVersion": at(hit, "version"), "reason": "the host has no room", "idempotencyKey": uuid.NewString()}})
	old := w.draftRepair(at(first[0], "id"), uuid.NewString(), false)
	if at(old, "data", "draftRepair", "userErrors", 0, "code") != "STALE" || at(old, "data", "draftRepair", "userErrors", 0, "fix") == nil {
		t.Errorf("a way out of the plan before is drafted: %s", pretty(old))
	}
	ways := w.waysOut(plan, map[string]any{"visitCancelled": at(hit, "id")})
	if len(ways) == 0 {
		t.Fatal("no way out")
	}
	r := w.draftRepair(at(ways[len(ways)-1], "id"), uuid.NewString(), false)
	w.ids["plan"] = at(r, "data", "draftRepair", "plan", "id").(string)
	w.release()
	plan = w.ids["plan"]
	confirmed := 0
	for _, v := range visits() {
		if at(v, "offer", "id") == at(hit, "offer", "id") {
			t.Error("the host who cancelled is visited all the same")
		}
		if at(v, "state") == "CONFIRMED" {
			confirmed++
		}
	}
	if confirmed != 5 {
		t.Errorf("%d visits are still agreed, of 5", confirmed)
	}
}

// TestAgreedVisitsAreAtRisk brings a confirmed visit into conflict with its host's terms, and with who is left to go.
func TestAgreedVisitsAreAtRisk(t *testing.T) {
	for _, upset := range []string{"host takes fewer", "host takes the offer back", "people leave"} {
		t.Run(upset, func(t *testing.T) {
			w := openSample(t)
			w.release()
			read := func() any {
				r := w.must("coordinator", `query($id: ID!) { visitPlan(id: $id) { visits(first: 1) { nodes { id version state broken { rule } offer { id version minGroup } group { members { id version sector: sectorAtEnrolment } } } } } }`, map[string]any{"id": w.ids["plan"]})
				return at(r, "data", "visitPlan", "visits", "nodes", 0)
			}
			v := read()
			w.must("coordinator", `mutation($i: ConfirmVisitInput!) { confirmVisit(input: $i) { userErrors { message } } }`,
				map[string]any{"i": map[string]any{"visitId": at(v, "id"), "expectedVersion": at(v, "version"), "idempotencyKey": uuid.NewString()}})
			if v = read(); at(v, "state") != "CONFIRMED" {
				t.Fatalf("control: %s", pretty(v))
			}
			save := func(part string, value any) {
				r := w.must("coordinator", `mutation($i: SaveHostOfferInput!) { saveHostOffer(input: $i) { impact { effect because notice { text } } userErrors { message } } }`,
					map[string]any{"i": map[string]any{"offerId": at(v, "offer", "id"), "expectedVersion": at(v, "offer", "version"), part: value, "idempotencyKey": uuid.NewString()}})
				if at(r, "data", "saveHostOffer", "impact", 1, "effect") != "AT_RISK" {
					t.Errorf("nothing is said to be at risk: %s", pretty(r))
				}
			}
			switch upset {
			case "host takes fewer":
				save("maxGroup", at(v, "offer", "minGroup"))
			case "host takes the offer back":
				save("state", "CANCELLED")
			case "people leave":
				members := at(v, "group", "members").([]any)
				for i := range len(members) - int(at(v, "offer", "minGroup").(float64)) + 1 {
					r := w.must("coordinator", `mutation($i: WithdrawEnrolmentInput!) { withdrawEnrolment(input: $i) { impact { effect because } userErrors { message } } }`,
						map[string]any{"i": map[string]any{"enrolmentId": at(members[i], "id"), "expectedVersion": at(members[i], "version"), "reason": "a new post", "overrideReason": "nobody waits", "idempotencyKey": uuid.NewString()}})
					if errs := at(r, "data", "withdrawEnrolment", "userErrors").([]any); len(errs) > 0 {
						t.Fatal(pretty(errs))
					}
				}
			}
			if v = read(); at(v, "state") != "AT_RISK" {
				t.Errorf("state %v, broken %v", at(v, "state"), at(v, "broken"))
			}
		})
	}
}

// TestRepairAfterSomebodyLeftOrCame takes a person out of the cohort, and another one in.
func TestRepairAfterSomebodyLeftOrCame(t *testing.T) {
	w := openSample(t)
	w.release()
	plan := w.ids["plan"]
	members := func(plan any) map[any]int {
		r := w.must("coordinator", `query($id: ID!) { visitPlan(id: $id) { visits(first: 100) { nodes { group { members { id } } } } } }`, map[string]any{"id": plan})
		seats := map[any]int{}
		for _, v := range at(r, "data", "visitPlan", "visits", "nodes").([]any) {
			for _, m := range at(v, "group", "members").([]any) {
				seats[at(m, "id")]++
			}
		}
		return seats
	}
	leaver := w.ids["enrolment"]
	if members(plan)[leaver] == 0 {
		t.Fatal("control: the one who leaves goes nowhere")
	}
	r := w.must("coordinator", `query($id: ID!) { node(id: $id) { ... on Enrolment { version person { affiliations { organisation { id } } } homeStation { code } } } }`, map[string]any{"id": leaver})
	out := w.must("coordinator", `mutation($i: WithdrawEnrolmentInput!) { withdrawEnrolment(input: $i) { impact { effect count notice { text } } userErrors { message } } }`,
		map[string]any{"i": map[string]any{"enrolmentId": leaver, "expectedVersion": at(r, "data", "node", "version"), "reason": "a new post", "overrideReason": "nobody waits", "idempotencyKey": uuid.NewString()}})
	if errs := at(out, "data", "withdrawEnrolment", "userErrors").([]any); len(errs) > 0 {
		t.Fatal(pretty(errs))
	}
	ways := w.waysOut(plan, map[string]any{"personLeft": leaver})
	if len(ways) == 0 {
		t.Fatal("no way out")
	}
	drafted := w.draftRepair(at(ways[len(ways)-1], "id"), uuid.NewString(), false)
	if members(at(drafted, "data", "draftRepair", "plan", "id"))[leaver] != 0 {
		t.Error("who left goes all the same")
	}
	if !reflect.DeepEqual(at(drafted, "data", "draftRepair", "plan", "score"), at(ways[len(ways)-1], "score")) {
		t.Errorf("announced %v, drafted %s", at(ways[len(ways)-1], "score"), pretty(drafted))
	}

	in := w.must("coordinator", `mutation($i: EnrolPersonInput!) { enrolPerson(input: $i) { enrolment { id version state } userErrors { message } } }`,
		map[string]any{"i": map[string]any{"cohortId": w.ids["cohort"], "name": "Ada Example", "email": "ada@example.org", "employerId": at(r, "data", "node", "person", "affiliations", 0, "organisation", "id"), "homeStation": "EUS", "idempotencyKey": uuid.NewString()}})
	came := at(in, "data", "enrolPerson", "enrolment")
	in = w.must("coordinator", `mutation($i: AcceptEnrolmentInput!) { acceptEnrolment(input: $i) { enrolment { state } userErrors { message } } }`,
		map[string]any{"i": map[string]any{"enrolmentId": at(came, "id"), "expectedVersion": at(came, "version"), "overrideReason": "a late comer", "idempotencyKey": uuid.NewString()}})
	ways = w.waysOut(plan, map[string]any{"personJoined": at(came, "id")})
	if len(ways) == 0 {
		t.Fatalf("no way in: %s", pretty(in))
	}
	drafted = w.draftRepair(at(ways[len(ways)-1], "id"), uuid.NewString(), false)
	if members(at(drafted, "data", "draftRepair", "plan", "id"))[at(came, "id")] == 0 {
		t.Errorf("who came goes nowhere: %s", pretty(drafted))
	}
}

// Whoever is wrong about what went wrong is told, field by field.
func TestRepairsRefuseWhatMakesNoSense(t *testing.T) {
	w := openSample(t)
	for name, cause := range map[string]map[string]any{
		"no part":          {},
		"two parts":        {"visitCancelled": w.ids["visit"], "dayLost": "2019-03-01"},
		"no such visit":    {"visitCancelled": "visit_0"},
		"nobody":           {"visitShrunk": map[string]any{"visitId": w.ids["visit"], "maxGroup": 0}},
		"a Sunday":         {"dayLost": "2019-03-03"},
		"a day past":       {"dayLost": "2019-02-06"},
		"a stranger left":  {"personLeft": "enrolment_0"},
		"a stranger joins": {"personJoined": "enrolment_0"},
	} {
		r := w.ask("coordinator", repairsAsked, map[string]any{"plan": w.ids["plan"], "cause": cause, "free": []string{}})
		if code := fmt.Sprint(at(r, "errors", 0, "extensions", "code")); code == "INTERNAL" || at(r, "errors", 0, "message") == nil {
			t.Errorf("%s: %s", name, pretty(r))
		}
	}
	if r := w.ask("coordinator", repairsAsked, map[string]any{"plan": w.ids["plan"], "cause": map[string]any{"visitCancelled": w.ids["visit"]}, "free": []string{"visit_0"}}); at(r, "errors", 0, "message") == nil {
		t.Error("a visit that does not exist is freed")
	}
	for _, id := range []string{"", "repair_", "repair_e30", "plan_1"} {
		r := w.ask("coordinator", `mutation($i: DraftRepairInput!) { draftRepair(input: $i) { plan { id } } }`, map[string]any{"i": map[string]any{"repairId": id, "idempotencyKey": uuid.NewString()}})
		if at(r, "errors", 0, "extensions", "code") != "NOT_FOUND" {
			t.Errorf("%q: %s", id, pretty(r))
		}
	}
}
