package visit

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"
)

func TestProofTrial(t *testing.T) {
	set := os.Getenv("SET")
	from, _ := strconv.Atoi(os.Getenv("FROM"))
	to, _ := strconv.Atoi(os.Getenv("TO"))
	type one struct {
		name string
		p    Problem
	}
	var all []one
	if set == "" {
		for _, k := range best(t) {
			if k.proved {
				all = append(all, one{k.name, instance(t, k.name)})
			}
		}
	} else {
		for s := from; s <= to; s++ {
			all = append(all, one{fmt.Sprint(set, "-", s), cohort(uint64(s), recipes[set])})
		}
	}
	var times []float64
	provedN := 0
	for _, k := range all {
		p := k.p
		begun := time.Now()
		at := [6]float64{}
		r, err := Plan(context.Background(), p, Options{Seed: 1, ReasonWork: -1, Progress: func(g Progress) {
			for i := proved(g.Score, g.Bound); i > 0 && at[i] == 0; i-- {
				at[i] = time.Since(begun).Seconds()
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		if at[4] == 0 {
			at[4] = time.Since(begun).Seconds()
		}
		times = append(times, at[4])
		if r.ProvedLevels >= 4 {
			provedN++
		}
		size := len(asJSON(t, r.Certificate))
		t.Logf("%.2fs proved %d in %.2f %v %v work %d cert %d", time.Since(begun).Seconds(), r.ProvedLevels, at[4], r.Score, r.Bound, r.Work, size)
	}
	slices.Sort(times)
	t.Logf("proved %d of %d, median %.2f p90 %.2f max %.2f", provedN, len(all), times[len(times)/2], times[len(times)*9/10], times[len(times)-1])
}
