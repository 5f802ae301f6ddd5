package visit

import (
	"context"
	"slices"
	"testing"
	"time"
)

// BenchmarkClash asks drawn cohorts of 38 people and 14 offers for more than can be: everyone at least 3 visits, and every
// theme. Of those that cannot have it, it tells how long the first clash took, each rule's need of it shown (p50-ns, p90-ns,
// most-ns), how many are minimal, how many answers were unknown, and how long with the way out of each rule (eased-p90-ns).
func BenchmarkClash(b *testing.B) {
	const seeds = 100
	var found, eased []float64
	clashes, minimal, rules, undecided := 0, 0, 0, 0
	for b.Loop() {
		for seed := range uint64(seeds) {
			p := cohort(seed+1, recipes["14"])
			p.EveryoneAtLeast, p.CoverEveryTheme = 3, true
			m, err := newModel(&p)
			if err != nil {
				b.Fatal(err)
			}
			begun := time.Now()
			q := newInquiry(context.Background(), m, 1, questionWork*DefaultWork(p))
			switch q.ask(q.whole()).verdict {
			case unknown:
				undecided++
				continue
			case feasible:
				continue
			}
			c := q.tell(q.shrink(q.whole()))
			found = append(found, float64(time.Since(begun)))
			q.relax(&c)
			eased = append(eased, float64(time.Since(begun)))
			clashes++
			rules += len(q.groups)
			if c.Minimal {
				minimal++
			}
		}
	}
	slices.Sort(found)
	slices.Sort(eased)
	at := func(list []float64, share float64) float64 { return list[int(share*float64(len(list)-1))] }
	b.ReportMetric(at(found, 0.5), "p50-ns")
	b.ReportMetric(at(found, 0.9), "p90-ns")
	b.ReportMetric(at(found, 1), "most-ns")
	b.ReportMetric(at(eased, 0.9), "eased-p90-ns")
	b.ReportMetric(float64(clashes)/float64(b.N), "clashes")
	b.ReportMetric(float64(minimal)/float64(b.N), "minimal")
	b.ReportMetric(float64(undecided)/float64(b.N), "undecided")
	b.ReportMetric(float64(rules)/float64(clashes), "groups")
}
