package app_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/internal/visit/check"
)

// costs are the reasons of a plan that say what something would cost, days' included, and those that are not decided.
func (w *visits) costs(p *domain.VisitPlan) (costs, open []*domain.CostReason) {
	for _, l := range ok(w.Left(w.as(), p, nil, domain.Page{}))(w.T).Nodes {
		reason := l.Reason
		if held, yes := reason.(*domain.HeldReason); yes && held.Swap != nil {
			reason = held.Swap
		}
		c, yes := reason.(*domain.CostReason)
		switch {
		case yes && c.Code == domain.WouldCost:
			costs = append(costs, c)
		case yes && c.Code == domain.NotDecided:
			open = append(open, c)
		}
	}
	return costs, open
}

// checks holds a plan's file against the independent checker.
func (w *visits) checks(p *domain.VisitPlan) {
	w.Helper()
	problem, plan, err := w.PlanFile(w.as(), p.ID)
	if err != nil {
		w.Fatal(err)
	}
	text := func(v any) []byte { return ok(json.Marshal(v))(w.T) }
	if err := check.Plan(text(problem), text(plan)); err != nil {
		w.Errorf("the plan's file does not hold: %v", err)
	}
	costs := 0
	for i := range plan.Left {
		if f := &plan.Left[i].Facts; f.Loss > 0 {
			f.Loss++
			costs++
			break
		}
	}
	if costs == 0 || check.Plan(text(problem), text(plan)) == nil {
		w.Errorf("control: of %d costs one that is raised passes", costs)
	}
}

func TestReasonsAreFoundOutAndKept(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		p := w.planned(app.PlanVisitsInput{})
		w.Settle(w.as())
		costs, open := w.costs(p)
		if len(costs) == 0 || len(open) > 0 {
			t.Fatalf("%d costs, %d undecided", len(costs), len(open))
		}
		for _, c := range costs {
			if c.Level == nil || *c.LeastLoss < 1 || c.Bound == nil || !strings.Contains(c.Text, "Putting ") {
				t.Errorf("a cost without its figures: %+v", c)
			}
		}
		w.checks(p)

		// An edit by hand: what is known at once is told, the rest comes.
		g := p.Groups[0]
		r := done(w.MoveVisitors(w.as(), app.MoveVisitorsInput{PlanID: p.ID, ExpectedVersion: p.Version, On: g.On, EnrolmentIds: g.MemberIDs[:1], Command: key()}))(t)
		if _, open := w.costs(w.plan(p.ID)); len(open) == 0 || !slices.ContainsFunc(open, func(c *domain.CostReason) bool { return strings.Contains(c.Text, "being worked on") }) {
			t.Errorf("control: right after an edit %d are undecided: nothing was left to find out", len(open))
		}
		w.Settle(w.as())
		edited := w.plan(p.ID)
		if edited.Version != r.Version {
			t.Errorf("finding out counted the plan's version up: %d, then %d", r.Version, edited.Version)
		}
		costs, open = w.costs(edited)
		if len(costs) == 0 || slices.ContainsFunc(open, func(c *domain.CostReason) bool { return c.Witness == nil }) {
			t.Errorf("after the edit %d costs, %d undecided, one without a better plan", len(costs), len(open))
		}
		if !slices.ContainsFunc(open, func(c *domain.CostReason) bool { return strings.Contains(c.Text, "better than this one") }) {
			t.Error("somebody was taken off for nothing, and no better plan is told of")
		}
		w.checks(edited)

		// Another process finds them where they are kept.
		w.App.Close()
		w.store.Close()
		w.open()
		if again, _ := w.costs(w.plan(p.ID)); len(again) != len(costs) {
			t.Errorf("after a new start %d costs at once, %d before", len(again), len(costs))
		}
	})
}
