package visit

import (
	"context"
	"slices"
	"testing"
)

// BenchmarkClash asks CLASH_SEEDS drawn cohorts of 38 people and 14 offers (usual: 20) for more than can be: everyone at
// least 3 visits, and every theme. Of those that cannot have it, it tells how much of the processor the first clash took,
// each rule's need of it shown (p50-ns, p90-ns, most-ns), how many are minimal, how many answers were unknown, and how much
// with the way out of each rule (eased-p90-ns).
func BenchmarkClash(b *testing.B) {
	seeds := setting(b, "CLASH_SEEDS", 20)
	var found, eased []float64
	clashes, minimal, rules, undecided := 0, 0, 0, 0
	for b.Loop() {
		for seed := range seeds {
			p := cohort(uint64(seed+1), recipes["14"])
			p.EveryoneAtLeast, p.CoverEveryTheme = 3, true
			m, err := newModel(&p)
			if err != nil {
				b.Fatal(err)
			}
			begun := onCPU()
			q := newInquiry(context.Background(), m, 1, questionWork*DefaultWork(p))
			switch q.ask(q.whole()).verdict {
			case unknown:
				undecided++
				continue
			case feasible:
				continue
			}
			c := q.tell(q.shrink(q.whole()))
			found = append(found, 1e9*(onCPU()-begun))
			q.relax(&c)
			eased = append(eased, 1e9*(onCPU()-begun))
			clashes++
			rules += len(q.groups)
			if c.Minimal {
				minimal++
			}
		}
	}
	if clashes == 0 {
		b.Skip("none of these requests clash")
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
