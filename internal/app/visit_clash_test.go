package app_test

import (
	"testing"

	"tandem/internal/app"
	"tandem/internal/domain"
)

// asked plans the cohort with rules and gives the job once it is over.
func (w *visits) asked(in app.PlanVisitsInput) *domain.VisitPlanning {
	w.Helper()
	in.CohortIds, in.SecondsMax, in.Command = []string{w.cohort}, 600, key()
	job := done(w.PlanVisits(w.as(), in))(w)
	for range ok(w.JobProgressed(w.as(), job.ID))(w) { // it ends when the job has ended
	}
	return ok(w.Planning(w.as(), job.ID))(w)
}

// TestPlanningThatCannotBe asks for more than the sample has: the planning ends with its clash, nothing else changes, and
// what a relaxation says can be planned.
func TestPlanningThatCannotBe(t *testing.T) {
	eachVisits(t, func(t *testing.T, w *visits) {
		before := w.planned(app.PlanVisitsInput{})
		much, every := 5, true
		job := w.asked(app.PlanVisitsInput{Rules: &app.PlanRulesInput{EveryoneAtLeast: &much, CoverEveryTheme: &every}})
		if job.State != domain.JobFailed || job.Failure == nil || len(job.Clashes) == 0 {
			t.Fatalf("the planning ended as %s with %d clashes", job.State, len(job.Clashes))
		}
		if plans := ok(w.PlansOf(w.as(), job))(t); len(plans) != 0 {
			t.Errorf("%d drafts that hold nothing are left", len(plans))
		}
		if p := w.plan(before.ID); p.Version != before.Version || len(p.Visits) != len(before.Visits) {
			t.Errorf("the plan before is now version %d with %d visits", p.Version, len(p.Visits))
		}
		clash := job.Clashes[0]
		if !clash.Proved || !clash.Minimal {
			t.Errorf("proved %v, minimal %v", clash.Proved, clash.Minimal)
		}
		var way *domain.Relaxation
		for _, r := range clash.Rules {
			if r.Text == "" || (r.Relaxation == nil) != r.Hopeless {
				t.Errorf("%s: %q, relaxation %v, hopeless %v", r.Group, r.Text, r.Relaxation, r.Hopeless)
			}
			if r.Group == domain.GroupEveryoneAtLeast {
				way = r.Relaxation
			}
		}
		if way == nil || !way.Smallest || *way.To >= much || way.Rules == nil || way.Rules.EveryoneAtLeast != *way.To {
			t.Fatalf("the way out: %+v", way)
		}
		if len(way.Witness.Changes) == 0 || way.Witness.Changes[0].Kind != domain.VisitAdded {
			t.Errorf("the plan that it allows: %+v", way.Witness)
		}
		job = w.asked(app.PlanVisitsInput{Rules: &app.PlanRulesInput{EveryoneAtLeast: &way.Rules.EveryoneAtLeast, CoverEveryTheme: &way.Rules.CoverEveryTheme}})
		if job.State != domain.JobDone || len(job.Clashes) != 0 {
			t.Fatalf("with the change the planning ended as %s, %v", job.State, job.Clashes)
		}
		p := ok(w.PlansOf(w.as(), job))(t)[0]
		if p.Rules.EveryoneAtLeast != *way.To || p.Score.Uncovered != 0 {
			t.Errorf("the plan asks for %d and has %+v", p.Rules.EveryoneAtLeast, p.Score)
		}
		visits := map[string]int{}
		for _, g := range p.Groups {
			for _, id := range g.MemberIDs {
				visits[id]++
			}
		}
		for _, e := range ok(w.Exposures(w.as(), p, domain.Page{}))(t).Nodes {
			if visits[e.EnrolmentID] < *way.To {
				t.Errorf("%s has %d visits", e.EnrolmentID, visits[e.EnrolmentID])
			}
		}
		if code := refused(w.PlanVisits(w.as(), app.PlanVisitsInput{CohortIds: []string{w.cohort}, SecondsMax: 5, Rules: &app.PlanRulesInput{EveryoneAtLeast: ptr(-1)}, Command: key()}))(t); code != domain.CodeInvalid {
			t.Errorf("everyone at least -1: %q", code)
		}
		if _, err := w.Clashes(w.as(), job, 11); err == nil {
			t.Error("eleven clashes at once are given")
		}
	})
}

func ptr[V any](v V) *V { return &v }
