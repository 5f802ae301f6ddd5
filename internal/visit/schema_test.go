package visit

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// The schemas name exactly the fields of the types, so that neither goes its own way.
func TestSchemasNameTheFields(t *testing.T) {
	type object struct {
		Properties map[string]struct {
			Properties map[string]any
			Items      struct{ Properties map[string]any }
		}
		Defs map[string]struct{ Properties map[string]any } `json:"$defs"`
	}
	read := func(name string) (o object) {
		data, err := os.ReadFile("../../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &o); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return o
	}
	problem, plan, clash := read("planning.schema.json"), read("plan.schema.json"), read("clash.schema.json")
	delete(problem.Properties, "$schema")
	top := func(o object) map[string]any {
		m := map[string]any{}
		for k := range o.Properties {
			m[k] = nil
		}
		return m
	}
	for _, c := range []struct {
		name   string
		fields map[string]any
		of     any
	}{
		{"problem", top(problem), Problem{}},
		{"people", problem.Properties["people"].Items.Properties, Person{}},
		{"offers", problem.Properties["offers"].Items.Properties, Offer{}},
		{"pins", problem.Properties["pins"].Items.Properties, Pin{}},
		{"lostDay", problem.Defs["lostDay"].Properties, LostDay{}},
		{"plan", top(plan), Result{}},
		{"cohorts", plan.Properties["cohorts"].Items.Properties, CohortResult{}},
		{"figures", plan.Defs["figures"].Properties, Score{}},
		{"visit", plan.Defs["visit"].Properties, Visit{}},
		{"left", plan.Properties["left"].Items.Properties, Left{}},
		{"facts", plan.Defs["facts"].Properties, Facts{}},
		{"proofNode", plan.Defs["proofNode"].Properties, ProofNode{}},
		{"branch", plan.Defs["branch"].Properties, Branch{}},
		{"infeasible", top(clash), Infeasible{}},
		{"conflict", clash.Defs["conflict"].Properties, Conflict{}},
		{"rule", clash.Defs["rule"].Properties, ConflictRule{}},
		{"relaxation", clash.Defs["relaxation"].Properties, Relaxation{}},
		{"refutation", clash.Defs["refutation"].Properties, Refutation{}},
		{"prices", plan.Defs["prices"].Properties, Prices{}},
		{"place", plan.Defs["place"].Properties, Place{}},
	} {
		var has, wants []string
		for k := range c.fields {
			has = append(has, k)
		}
		for _, f := range reflect.VisibleFields(reflect.TypeOf(c.of)) {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" {
				wants = append(wants, name)
			}
		}
		slices.Sort(has)
		slices.Sort(wants)
		if !slices.Equal(has, wants) {
			t.Errorf("%s: the schema has %v, the type %v", c.name, has, wants)
		}
	}
}
