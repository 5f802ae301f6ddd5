package visit

import (
	"context"
	"slices"
	"testing"
)

func TestExposuresAddUpToTheScore(t *testing.T) {
	p, a := planned(t, "c38-o30p-s1", 2_000)
	score, err := ScoreOf(p, a)
	if err != nil {
		t.Fatal(err)
	}
	all, err := Exposures(p, a)
	if err != nil {
		t.Fatal(err)
	}
	var sum Score
	for _, e := range all {
		sum.MaxShortfall = max(sum.MaxShortfall, e.Shortfall)
		sum.SquaredShortfall += e.Shortfall * e.Shortfall
		sum.Minutes += e.Minutes
		sum.Grams += e.Grams
		if e.LeastMinutes < 0 || e.LeastMinutes > e.Minutes {
			t.Errorf("person %d: %d minutes, at least %d", e.Person, e.Minutes, e.LeastMinutes)
		}
	}
	sum.Uncovered = score.Uncovered
	if sum != score {
		t.Errorf("exposures add up to %v, the score is %v", sum, score)
	}
}

func TestAlternativesSayWhatWouldHappen(t *testing.T) {
	p, a := planned(t, "c38-o14-s2", 2_000)
	clean, dirty := 0, 0
	for i := range a {
		all, err := Alternatives(p, a, i)
		if err != nil {
			t.Fatal(err)
		}
		for _, alt := range all {
			moved := slices.Clone(a)
			moved[i].Day, moved[i].People = alt.Day, alt.People
			score, err := ScoreOf(p, moved)
			if err != nil || score != alt.Score {
				t.Errorf("visit %d on day %d: score %v, is %v, %v", i, alt.Day, alt.Score, score, err)
			}
			if legal := len(Check(p, moved)) == 0; legal != (len(alt.Broken) == 0) {
				t.Errorf("visit %d on day %d: broken %v, but legal %v", i, alt.Day, alt.Broken, legal)
			}
			if len(alt.Broken) == 0 {
				clean++
			} else {
				dirty++
			}
		}
	}
	if clean == 0 || dirty == 0 {
		t.Errorf("%d alternatives allowed, %d not: the test does not see both", clean, dirty)
	}
}

// The best group of a small cohort is the best of all groups.
func TestBestGroupIsBest(t *testing.T) {
	tried := 0
	for seed := range uint64(80) {
		p := programme(seed, shape{people: 7, teams: 2, cohorts: 1, offers: 5, days: 6, fortnights: 3, themes: 4})
		p.Pins = nil
		r, err := Plan(context.Background(), p, Options{Seed: seed, Work: 200, ReasonWork: -1})
		if err != nil {
			t.Fatal(err)
		}
		for j, o := range p.Offers {
			if len(o.PairOf) > 0 {
				continue
			}
			for _, d := range o.Days {
				v, score, err := BestGroup(p, r.Visits, []int{j}, d, 0)
				var least *Score
				for set := range 1 << 7 {
					group := []int{}
					legal := true
					for q := range 7 {
						if set>>q&1 == 1 {
							group = append(group, q)
							legal = legal && p.ReturnMinutes[q][j] >= 0 && !slices.Contains(p.People[q].Unavailable, d)
							for _, other := range r.Visits {
								legal = legal && (other.Day != d || !slices.Contains(other.People, q))
							}
						}
					}
					if !legal || len(group) < o.Min || len(group) > o.Max-p.MentorSeats {
						continue
					}
					s, _ := ScoreOf(p, append(slices.Clone(r.Visits), Visit{Day: d, Offers: []int{j}, People: group}))
					s.MaxShortfall, s.Grams = 0, 0 // the sum of squares decides before it; grams are rounded
					if least == nil || s.Less(*least) {
						least = &s
					}
				}
				if (err == nil) != (least != nil) {
					t.Fatalf("seed %d, offer %d, day %d: %v", seed, j, d, err)
				}
				if err != nil {
					continue
				}
				tried++
				if got, _ := ScoreOf(p, append(slices.Clone(r.Visits), v)); got != score {
					t.Fatalf("seed %d: score %v, is %v", seed, score, got)
				}
				score.MaxShortfall, score.Grams = 0, 0
				if least.Less(score) && least.Uncovered == score.Uncovered {
					t.Fatalf("seed %d, offer %d, day %d: %v is better than %v", seed, j, d, *least, score)
				}
			}
		}
	}
	if tried < 100 {
		t.Errorf("only %d groups tried", tried)
	}
}

func TestOnlyHere(t *testing.T) {
	p, a := small()
	pairs, err := OnlyHere(p, a, 1) // the only visit with theme 1, which team 0 wants
	if err != nil || len(pairs) != 1 || pairs[0] != [2]int{0, 1} {
		t.Errorf("%v, %v", pairs, err)
	}
}
