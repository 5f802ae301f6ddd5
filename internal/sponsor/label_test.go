package sponsor

import (
	"fmt"
	"testing"

	"tandem/internal/sponsor/attack"
	"tandem/internal/sponsor/catalogue"
)

// TestALabelHoldsItsCount goes through every count, secret place and size: a range holds what it is printed for, and is what
// the design's own examples say.
func TestALabelHoldsItsCount(t *testing.T) {
	for m := 10; m < 80; m++ {
		for u := range 3 {
			for c := range m + 1 {
				if _, lo, hi := label(c, u, 5, 3, m); c < lo || c > hi || hi > m {
					t.Fatalf("%d of %d with start %d is printed as %d to %d", c, m, u, lo, hi)
				}
			}
		}
	}
	if _, lo, hi := label(0, 0, 5, 3, 19); 19-hi != 15 || 19-lo != 19 {
		t.Errorf("nobody left is told as %d to %d of 19; want 15 to 19", 19-hi, 19-lo)
	}
	if _, lo, hi := label(5, 0, 5, 3, 19); 19-hi != 10 || 19-lo != 16 {
		t.Errorf("five left is told as %d to %d of 19; want 10 to 16", 19-hi, 19-lo)
	}
}

// feasible is how many counts can be behind c, c+1 … c+k, each printed in a version of its own, when it is known that one
// person more was missing each time. Written from the design's sentence, not from the attacker.
func feasible(c, u, k, step, places, m int) int {
	n := 0
	for x := 0; x+k <= m; x++ {
		for w := range places {
			same := true
			for i := 0; i <= k && same; i++ {
				p, _, _ := label(c+i, u, step, places, m)
				q, _, _ := label(x+i, w, step, places, m)
				same = p == q
			}
			if same {
				n++
				break
			}
		}
	}
	return n
}

// TestNoCountIsAloneBehindItsLabels enumerates every count, secret and size from 10 to 79 with up to four leavers known by
// name: as many values stay possible as the design proves, and bands with a known start (the control) give one away.
func TestNoCountIsAloneBehindItsLabels(t *testing.T) {
	for _, scheme := range []struct {
		step, places int
		want         [5]int // by leavers
	}{
		{5, 3, [5]int{5, 3, 3, 2, 1}},
		{6, 3, [5]int{6, 3, 3, 3, 2}},
		{4, 3, [5]int{4, 3, 2, 1, 1}},
		{5, 1, [5]int{5, 1, 1, 1, 1}}, // the control
	} {
		t.Run(fmt.Sprint(scheme.step, "/", scheme.places), func(t *testing.T) {
			for k := range 5 {
				least := 99
				for m := 10; m < 80; m++ {
					for c := 0; c+k <= m; c++ {
						for u := range scheme.places {
							least = min(least, feasible(c, u, k, scheme.step, scheme.places, m))
						}
					}
				}
				if least != scheme.want[k] {
					t.Errorf("%d known leavers leave %d values at least, not %d", k, least, scheme.want[k])
				}
			}
		})
	}
}

// series is what one sector of 19 prints over k+1 versions in which one named person leaves each time, and then the ratings.
func series(left, unrated, below, u, k int) []attack.Version {
	told := func(id, asOf string, c int) attack.Cell {
		_, lo, hi := label(c, u, 5, 3, 19)
		return attack.Cell{ID: id, State: "RANGE", Low: 19 - hi, High: 19 - lo, Of: 19, AsOf: asOf}
	}
	var versions []attack.Version
	for i := range k + 1 {
		asOf := fmt.Sprintf("2019-03-%02d", i+1)
		versions = append(versions, attack.Version{AsOf: asOf, Cells: []attack.Cell{told("RETAINED/TAKING_PART/PUBLIC", asOf, left+i)}})
	}
	last := &versions[k]
	last.Cells = append(last.Cells, told("SKILLS_RATED/s/PUBLIC", "2019-04-01", unrated), told("SKILL_LEVEL/s/PUBLIC", "2019-04-01", below))
	return versions
}

// TestWhatAnInsiderLeaves asks the attacker itself about every nest of counts in a sector of 19 under every secret: with the
// insider's own answer 4, 3 and 2 values stay with none, one and two named leavers, and three can give all away, which is what
// the gate is for.
func TestWhatAnInsiderLeaves(t *testing.T) {
	for k, want := range []int{4, 3, 2, 1} {
		least := 99
		known := attack.Known{Sizes: map[string]int{catalogue.Public: 19}, Insider: true}
		for range k {
			known.Leavers = append(known.Leavers, map[string]attack.Leavers{catalogue.Public: {Count: 1}})
		}
		for u := range 3 {
			for left := 0; left+k < 19; left++ {
				for unrated := left + k; unrated < 19; unrated++ {
					for below := unrated + 1; below <= 19; below++ {
						if testing.Short() && (left+unrated+below)%4 > 0 {
							continue
						}
						for _, f := range attack.Attack(attack.Method{Step: 5, Places: 3}, series(left, unrated, below, u, k), known) {
							if f.Tired {
								t.Fatalf("the search for %+v gave up", f)
							}
							least = min(least, f.Values)
						}
					}
				}
			}
		}
		if least != want {
			t.Errorf("%d named leavers leave %d values at least, not %d", k, least, want)
		}
	}
}

// TestAnAverageHidesItsSum goes through every sum and number of people: to somebody who knows how many they are, at least
// three sums print the same in the middle, and no end tells less than eight levels.
func TestAnAverageHidesItsSum(t *testing.T) {
	alone := func(n, atLeast int) (least int) {
		prints := map[string]int{}
		for s := range 4*n + 1 {
			prints[average(s, n, atLeast).Text]++
		}
		least = 999
		for _, sums := range prints {
			least = min(least, sums)
		}
		return least
	}
	for n := 10; n <= 79; n++ {
		for atLeast := 10; atLeast <= n; atLeast++ {
			if got := alone(n, atLeast); got < 3 {
				t.Errorf("%d people, told as at least %d: a printed average leaves %d sums", n, atLeast, got)
			}
		}
		for s := range 4*n + 1 {
			if v := average(s, n, n); v.State == Shown && (s < 8 || s > 4*n-8) {
				t.Errorf("%d levels of %d people are printed as %s", s, n, v.Text)
			}
		}
	}
	if alone(12, 30) >= 3 {
		t.Error("control: a fine step over few people hides their sum all the same")
	}
}
