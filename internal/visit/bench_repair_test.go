package visit

import (
	"context"
	"fmt"
	"slices"
	"testing"
)

// BenchmarkRepair is the ways out after each visit of a carried instance's plan is cancelled: "near" in the fortnight
// alone, "ranked" all rings. The figures are of one cancellation.
func BenchmarkRepair(b *testing.B) {
	for _, name := range carried[:13] {
		p := onStations(b, name)
		r, err := Plan(context.Background(), p, Options{Seed: 1, Work: 20_000, ReasonWork: -1, ProofWork: -1})
		if err != nil {
			b.Fatal(err)
		}
		var all []Problem
		for _, v := range r.Visits {
			now := p
			now.Offers = slices.Clone(p.Offers)
			for _, o := range v.Offers {
				now.Offers[o].Excluded = &Exclusion{Why: "the host cancels"}
			}
			m, err := newModel(&p)
			if err != nil {
				b.Fatal(err)
			}
			for _, n := range m.attain {
				now.Attainable = append(now.Attainable, int(n))
			}
			all = append(all, now)
		}
		b.Run(fmt.Sprintf("near/%s", name), func(b *testing.B) {
			i := 0
			onProcessor(b, func() {
				now := all[i%len(all)]
				i++
				m, err := newModel(&now)
				if err != nil {
					b.Fatal(err)
				}
				mend, err := newMender(m, r.Visits, Upset{})
				if err != nil {
					b.Fatal(err)
				}
				mend.nearest()
			})
		})
		b.Run(fmt.Sprintf("ranked/%s", name), func(b *testing.B) {
			i, ways := 0, 0
			onProcessor(b, func() {
				found, err := Repairs(all[i%len(all)], r.Visits, Upset{})
				if err != nil {
					b.Fatal(err)
				}
				i++
				ways += len(found)
			})
			b.ReportMetric(float64(ways)/float64(i), "ways")
		})
	}
}
