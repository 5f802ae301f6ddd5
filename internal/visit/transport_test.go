package visit

import (
	"math/rand/v2"
	"testing"
)

// cheapest tries every way to sit.
func cheapest(t *transport, person int, sizes []int32, sum int64) int64 {
	if person == t.people {
		for node := range t.nodes {
			if sizes[node] < t.lo[node] || sizes[node] > t.hi[node] {
				return forbidden
			}
		}
		return sum
	}
	best := forbidden
	for node := range t.nodes {
		c := t.cost[person*t.nodes+node]
		if c >= mustSit {
			continue
		}
		sizes[node]++
		best = min(best, cheapest(t, person+1, sizes, sum+c))
		sizes[node]--
	}
	return best
}

func TestTransportIsCheapest(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var tr transport
	solved := 0
	for round := range 2_000 {
		people, tours := 1+r.IntN(6), 1+r.IntN(3)
		tr.reset(people, tours)
		for j := range tours {
			tr.lo[j] = int32(r.IntN(3))
			tr.hi[j] = tr.lo[j] + int32(r.IntN(3))
		}
		for i := range tr.cost {
			tr.cost[i] = int64(r.IntN(2_000)-1_000) * Usual.weights()[LevelMinutes]
			if r.IntN(6) == 0 {
				tr.cost[i] = forbidden
			}
		}
		for i := range people {
			tr.cost[i*tr.nodes+tours] = 0
			if r.IntN(8) == 0 {
				tr.cost[i*tr.nodes+tours] = mustSit
			}
		}
		want := cheapest(&tr, 0, make([]int32, tr.nodes), 0)
		got, ok := tr.solve()
		if ok != (want < forbidden) || ok && got != want {
			t.Fatalf("round %d: %d, %v; the cheapest is %d", round, got, ok, want)
		}
		if ok {
			solved++
		}
	}
	if solved < 200 {
		t.Errorf("only %d rounds could be solved", solved)
	}
}
