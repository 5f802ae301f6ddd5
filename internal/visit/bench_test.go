package visit

import (
	"context"
	"testing"

	"tandem/internal/visit/check"
)

var carried = []string{
	"c38-o14-s1", "c38-o14-s2", "c38-o14-s3", "c38-o14-s4", "c38-o14-s5", "c38-o14-s6", "c38-o50-s1", "c38-o50-s2",
	"c38-o50-s3", "c38-o30p-s1", "c38-o30p-s2", "c38-o50d-s1", "c38-o50d-s2", "c200-o40-s1", "c2000-o300-s1",
}

// BenchmarkFirstPlan is the time to a first plan, from the problem as read.
func BenchmarkFirstPlan(b *testing.B) {
	for _, name := range carried {
		b.Run(name, func(b *testing.B) {
			p := instance(b, name)
			for b.Loop() {
				ctx, cancel := context.WithCancel(context.Background())
				_, err := Plan(ctx, p, Options{Seed: 1, ReasonWork: -1, Progress: func(Progress) { cancel() }})
				cancel()
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCovered is the time until the plan covers as many pairs of team and theme as it ever does with the default
// budget.
func BenchmarkCovered(b *testing.B) {
	for _, name := range carried {
		b.Run(name, func(b *testing.B) {
			p := instance(b, name)
			whole, err := Plan(context.Background(), p, Options{Seed: 1, ReasonWork: -1})
			if err != nil {
				b.Fatal(err)
			}
			m, err := newModel(&p)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(whole.Score.Uncovered), "uncovered")
			for b.Loop() {
				x := newSearch(m, newHold(m), 1)
				x.limit, x.unseen = DefaultWork(p), whole.Bound.Uncovered
				x.build()
				ctx, cancel := context.WithCancel(context.Background())
				stop := func() {
					if x.s.score.Uncovered <= whole.Score.Uncovered {
						cancel()
					}
				}
				stop()
				x.run(ctx, stop)
				cancel()
			}
		})
	}
}

// BenchmarkPlan is a whole planning with the default budget, reasons included; the score is reported.
func BenchmarkPlan(b *testing.B) {
	for _, name := range carried {
		b.Run(name, func(b *testing.B) {
			p := instance(b, name)
			var r Result
			for b.Loop() {
				var err error
				if r, err = Plan(context.Background(), p, Options{Seed: 1}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(r.Score.Uncovered), "uncovered")
			b.ReportMetric(float64(r.Score.SquaredShortfall), "squares")
			b.ReportMetric(float64(r.Score.Minutes), "minutes")
		})
	}
}

func BenchmarkCheck(b *testing.B) {
	p := instance(b, "c38-o14-s1")
	r, err := Plan(context.Background(), p, Options{Seed: 1, Work: 5_000})
	if err != nil {
		b.Fatal(err)
	}
	problem, plan := asJSON(b, p), asJSON(b, r)
	for b.Loop() {
		if err := check.Plan(problem, plan); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRepairs(b *testing.B) {
	for _, name := range []string{"c38-o14-s2", "c38-o50-s1"} {
		b.Run(name, func(b *testing.B) {
			p, a := planned(b, name, 3_000)
			for b.Loop() {
				if _, err := Repairs(p, a, 0, p.FortnightOfDay[a[0].Day]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
