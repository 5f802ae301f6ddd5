package check_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"tandem/internal/visit"
	"tandem/internal/visit/check"
)

// clashing is a request of a carried instance that no plan can grant, and what is said of it.
func clashing(t *testing.T, atLeast int) (visit.Problem, *visit.Infeasible) {
	t.Helper()
	p := instance(t, "c38-o14-s1")
	p.EveryoneAtLeast, p.CoverEveryTheme = atLeast, atLeast == 3
	_, err := visit.Plan(context.Background(), p, visit.Options{Seed: 1, Conflicts: 4})
	var no *visit.Infeasible
	if !errors.As(err, &no) {
		t.Fatalf("no clash: %v", err)
	}
	return p, no
}

// Every doctoring of a clash is found; the clash as it came is the control.
func TestPlanFindsEachDoctoredClash(t *testing.T) {
	p, honest := clashing(t, 3)
	problem := marshal(t, p)
	if err := check.Plan(problem, marshal(t, honest)); err != nil {
		t.Fatalf("the honest clash is refused: %v", err)
	}
	if !honest.Clash.Minimal || honest.Clash.Refutation.Tree == nil || len(honest.Clash.Rules) < 3 {
		t.Fatalf("the clash has %d rules, minimal %v: the test does not reach what it is for", len(honest.Clash.Rules), honest.Clash.Minimal)
	}
	rule := func(n *visit.Infeasible, g visit.RuleGroup) *visit.ConflictRule {
		for i := range n.Clash.Rules {
			if n.Clash.Rules[i].Group == g {
				return &n.Clash.Rules[i]
			}
		}
		t.Fatalf("%s is not in the clash", g)
		return nil
	}
	cases := []struct {
		name, want string
		lie        func(*visit.Infeasible)
	}{
		{"a rule taken away", "refutation", func(n *visit.Infeasible) { n.Clash.Rules = n.Clash.Rules[1:] }},
		{"a rule too many", "without", func(n *visit.Infeasible) {
			n.Clash.Rules = append(n.Clash.Rules, visit.ConflictRule{Group: visit.MinGroup})
		}},
		{"a rule too many, said to be needed", "without", func(n *visit.Infeasible) {
			n.Clash.Rules = append(n.Clash.Rules, visit.ConflictRule{Group: visit.MinGroup, Without: rule(n, visit.AtLeast).Without})
		}},
		{"a rule named twice", "twice", func(n *visit.Infeasible) { n.Clash.Rules = append(n.Clash.Rules, n.Clash.Rules[0]) }},
		{"a rule that the problem does not have", "no rule", func(n *visit.Infeasible) { n.Clash.Rules[0].Group = visit.HeldPins }},
		{"the proof taken away", "is not there", func(n *visit.Infeasible) { n.Clash.Refutation = nil }},
		{"the tree taken away", "follows", func(n *visit.Infeasible) { n.Clash.Refutation.Tree = nil }},
		{"prices altered", "follows", func(n *visit.Infeasible) {
			leaf := leafOf(n.Clash.Refutation.Tree)
			for i := range leaf.Prices.Offers {
				leaf.Prices.Offers[i] += 1 << 20
			}
		}},
		{"another level", "follows", func(n *visit.Infeasible) { n.Clash.Refutation.Level = 1 }},
		{"no pin's day", "can be filled", func(n *visit.Infeasible) { d := 3; n.Clash.Refutation = &visit.Refutation{Day: &d} }},
		{"a witness taken away", "minimal", func(n *visit.Infeasible) { n.Clash.Rules[1].Without = nil }},
		{"a witness that falls short", "without", func(n *visit.Infeasible) {
			r := rule(n, visit.HostWindows)
			r.Without = r.Without[1:]
		}},
		{"a smaller change", "visits", func(n *visit.Infeasible) { rule(n, visit.AtLeast).Relaxation.To++ }},
		{"a larger change, said to be the smallest", "smaller", func(n *visit.Infeasible) { rule(n, visit.AtLeast).Relaxation.To-- }},
		{"seats that need not be", "smaller", func(n *visit.Infeasible) { rule(n, visit.MaxGroup).Relaxation.To++ }},
		{"that it is the smallest, unproved", "is not there", func(n *visit.Infeasible) {
			x := rule(n, visit.MaxGroup).Relaxation
			x.Smallest, x.Smaller = true, nil
		}},
		{"another number as asked", "from", func(n *visit.Infeasible) { rule(n, visit.AtLeast).Relaxation.From = 5 }},
		{"a score off by one", "score.minutes", func(n *visit.Infeasible) { rule(n, visit.AtLeast).Relaxation.Score.Minutes-- }},
		{"somebody touched in silence", "touched", func(n *visit.Infeasible) {
			x := rule(n, visit.AtLeast).Relaxation
			x.Touched = x.Touched[1:]
		}},
		{"a day opened in silence", "visits", func(n *visit.Infeasible) {
			x := rule(n, visit.HostWindows).Relaxation
			x.Days = x.Days[1:]
		}},
		{"all clashes, unproved", "allClashes", func(n *visit.Infeasible) { n.Together = n.Together[1:] }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { doctored(t, problem, honest, c.want, c.lie) })
	}
}

func doctored(t *testing.T, problem []byte, honest *visit.Infeasible, want string, lie func(*visit.Infeasible)) {
	t.Helper()
	var n visit.Infeasible
	if err := json.Unmarshal(marshal(t, honest), &n); err != nil {
		t.Fatal(err)
	}
	lie(&n)
	err := check.Plan(problem, marshal(t, &n))
	if err == nil {
		t.Fatal("the lie passes")
	}
	if !strings.Contains(err.Error(), want) {
		t.Errorf("the lie is named otherwise: %v", err)
	}
}

// Where several sets clash, none can be hidden, and what is hopeless is proved.
func TestPlanFindsAClashThatIsHidden(t *testing.T) {
	p, honest := clashing(t, 5)
	problem := marshal(t, p)
	if err := check.Plan(problem, marshal(t, honest)); err != nil {
		t.Fatalf("the honest clashes are refused: %v", err)
	}
	if len(honest.Others) == 0 || !honest.AllClashes {
		t.Fatalf("%d others, all %v: the test does not reach what it is for", len(honest.Others), honest.AllClashes)
	}
	doctored(t, problem, honest, "allClashes", func(n *visit.Infeasible) { n.Others = n.Others[1:] })
	doctored(t, problem, honest, "follows", func(n *visit.Infeasible) {
		for i := range n.Clash.Rules {
			if h := n.Clash.Rules[i].Hopeless; h != nil {
				h.Keeping = h.Keeping[:1]
			}
		}
	})
}
