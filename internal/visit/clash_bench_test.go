package visit

import (
	"context"
	"fmt"
	"testing"
	"time"
)

func TestDbgSizes(t *testing.T) {
	for _, k := range []int{3, 4} {
		for seed := uint64(1); seed <= 12; seed++ {
			p := cohort(seed, recipes["14"])
			p.EveryoneAtLeast, p.CoverEveryTheme = k, true
			m, _ := newModel(&p)
			begun := time.Now()
			q := newInquiry(context.Background(), m, 1, 400_000)
			v := q.ask(q.whole()).verdict
			took := time.Since(begun)
			if v != infeasible {
				fmt.Println(k, seed, "verdict", v, took, q.work)
				continue
			}
			c := q.tell(q.shrink(q.whole()))
			took2 := time.Since(begun)
			n := len(q.asked)
			w := q.work
			q.relax(&c)
			var names []RuleGroup
			for _, r := range c.Rules {
				names = append(names, r.Group)
			}
			fmt.Println(k, seed, took, took2, n, w, c.Minimal, names, "relaxed", time.Since(begun), q.work)
			for _, r := range c.Rules {
				if r.Relaxation != nil {
					fmt.Println("     ", r.Group, r.Relaxation.From, r.Relaxation.To, r.Relaxation.Smallest, len(r.Relaxation.Touched))
				} else {
					fmt.Println("     ", r.Group, r.Hopeless != nil)
				}
			}
		}
	}
}
