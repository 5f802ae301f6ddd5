package visit

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"testing"

	"tandem/internal/visit/check"
)

// BenchmarkProof draws cohorts of 38 people, PROOF_SEEDS of each kind (usual: 20), and plans them without reasons on the
// default budget. It reports how many are proved best up to the minutes in 2 and in 10 seconds of the processor, how long
// that took, how many fail at a level before, and the worst gap in minutes of the others.
func BenchmarkProof(b *testing.B) {
	seeds := max(1, setting(b, "PROOF_SEEDS", 20))
	for _, kind := range []string{"14", "50", "30p", "50d"} {
		b.Run("38/"+kind, func(b *testing.B) {
			for b.Loop() {
				var took []float64
				soon, in10, before, gap := 0, 0, 0, 0.0
				for seed := range seeds {
					p := cohort(uint64(seed+1), recipes[kind])
					r, minutes, _ := timed(b, p)
					switch {
					case r.ProvedLevels >= int(LevelMinutes) && minutes <= 10:
						in10++
						if minutes <= 2 {
							soon++
						}
					case r.ProvedLevels < int(LevelSquaredShortfall):
						before++
					default:
						gap = max(gap, 100*float64(r.Score.Minutes-r.Bound.Minutes)/float64(max(1, r.Score.Minutes)))
					}
					took = append(took, minutes)
				}
				slices.Sort(took)
				b.ReportMetric(float64(seeds), "cohorts")
				b.ReportMetric(float64(soon), "in-2s")
				b.ReportMetric(float64(in10), "in-10s")
				b.ReportMetric(float64(before), "fairness-open")
				b.ReportMetric(gap, "%gap")
				b.ReportMetric(took[len(took)/2]*1e9, "p50-cpu-ns")
				b.ReportMetric(took[len(took)*9/10]*1e9, "p90-cpu-ns")
				b.ReportMetric(took[len(took)-1]*1e9, "most-cpu-ns")
			}
		})
	}
}

// timed plans without reasons; it tells the seconds of the processor until the minutes were proved (or the end, where they
// were not), and those of all.
func timed(b *testing.B, p Problem) (r Result, minutes, whole float64) {
	b.Helper()
	before := onCPU()
	r, err := Plan(context.Background(), p, Options{Seed: 1, ReasonWork: -1, Progress: func(g Progress) {
		if minutes == 0 && proved(g.Score, g.Bound) >= int(LevelMinutes) {
			minutes = onCPU() - before
		}
	}})
	if err != nil {
		b.Fatal(err)
	}
	whole = onCPU() - before
	if minutes == 0 {
		minutes = whole
	}
	return r, minutes, whole
}

// BenchmarkCertificate is the independent checker on the whole plan of a carried instance; "leaf" is the share of a leaf
// of its certificate, everything else included.
func BenchmarkCertificate(b *testing.B) {
	for _, name := range carried {
		if !strings.HasPrefix(name, "c38-") {
			continue
		}
		b.Run(name, func(b *testing.B) {
			p := instance(b, name)
			r, _, _ := timed(b, p)
			problem, plan := asJSON(b, p), asJSON(b, r)
			leaves := 0
			if r.Certificate != nil {
				for _, level := range r.Certificate.Levels {
					leaves += leavesOf(level.Tree)
				}
			}
			each := onProcessor(b, func() {
				if err := check.Plan(problem, plan); err != nil {
					b.Fatal(err)
				}
			})
			b.ReportMetric(float64(leaves), "leaves")
			b.ReportMetric(each/float64(max(1, leaves)), "leaf-cpu-ns")
		})
	}
}

func leavesOf(n *ProofNode) int {
	if n.Branch == nil {
		return 1
	}
	return leavesOf(n.Yes) + leavesOf(n.No)
}

// BenchmarkRefuted plans 1,000 random programmes with pairs, pins, absences and everything else that a problem may have,
// and has the independent checker try every reason, bound and proof: it reports how many plans are refuted.
func BenchmarkRefuted(b *testing.B) {
	const programmes = 1_000
	for b.Loop() {
		reasons, refuted := 0, 0
		for seed := range uint64(programmes) {
			p := programme(seed+30_000, shape{people: 12, teams: 3, cohorts: 1 + int(seed%2), offers: 7, days: 12, fortnights: 3, themes: 5})
			r, err := Plan(context.Background(), p, Options{Seed: seed, Work: 2_000})
			if err != nil {
				b.Fatal(err)
			}
			reasons += len(r.Left)
			if err := check.Plan(asJSON(b, p), asJSON(b, r)); err != nil {
				b.Logf("programme %d: %v", seed, err)
				refuted++
			}
		}
		b.ReportMetric(programmes, "programmes")
		b.ReportMetric(float64(reasons), "reasons")
		b.ReportMetric(float64(refuted), "refuted")
	}
}

// BenchmarkSameBytes plans an instance again and again, on one thread and on eight in turn, and reports how often it came
// out the same to the byte.
func BenchmarkSameBytes(b *testing.B) {
	for _, c := range []struct {
		name string
		runs int
	}{{"c38-o14-s1", 100}, {"c38-o50-s1", 20}, {"c2000-o300-s1", 2}} {
		b.Run(c.name, func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
			p := onStations(b, c.name)
			for b.Loop() {
				var first []byte
				same := 0
				for n := range c.runs {
					runtime.GOMAXPROCS([]int{1, 8}[n%2])
					r, err := Plan(context.Background(), p, Options{Seed: 1})
					if err != nil {
						b.Fatal(err)
					}
					plan := asJSON(b, r)
					if n == 0 {
						first = plan
					}
					if slices.Equal(plan, first) {
						same++
					}
				}
				b.ReportMetric(float64(c.runs), "runs")
				b.ReportMetric(float64(same), "same")
			}
		})
	}
}
