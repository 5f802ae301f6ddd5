package check_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"tandem/internal/visit"
	"tandem/internal/visit/check"
)

// instance reads a carried problem.
func instance(t *testing.T, name string) visit.Problem {
	t.Helper()
	f, err := os.Open("../testdata/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p, err := visit.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// sample is a carried problem with a few things more in it, so that every kind of reason occurs, and its plan.
func sample(t *testing.T) (visit.Problem, visit.Result) {
	t.Helper()
	p := instance(t, "c38-o14-s1")
	p.VisitDaysMax = 5
	p.TeamThemes[0] = append(p.TeamThemes[0], 9)
	p.Offers[3].Excluded = &visit.Exclusion{By: "A. Coordinator", On: "2019-01-14", Why: "seen before"}
	p.Offers = append(p.Offers, p.Offers[0], p.Offers[0])
	p.Offers[14].Days, p.Offers[14].Offered = nil, []visit.LostDay{{Date: "2019-04-19", Day: 50, Rule: visit.BankHoliday, Holiday: "Good Friday"}}
	p.Offers[15].Min, p.Offers[15].Max = 37, 40
	for i := range p.People {
		p.ReturnMinutes[i] = append(p.ReturnMinutes[i], p.ReturnMinutes[i][0], p.ReturnMinutes[i][0])
		p.GramsCO2e[i] = append(p.GramsCO2e[i], p.GramsCO2e[i][0], p.GramsCO2e[i][0])
		for j, m := range p.ReturnMinutes[i] {
			if m < 0 {
				p.ReturnMinutes[i][j] = -490 - j
			}
		}
	}
	r, err := visit.Plan(context.Background(), p, visit.Options{Seed: 1, Work: 8_000})
	if err != nil {
		t.Fatal(err)
	}
	return p, r
}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// Every kind of lie is found; the plan as it came is the control.
func TestPlanFindsEachLie(t *testing.T) {
	p, honest := sample(t)
	problem := marshal(t, p)
	if err := check.Plan(problem, marshal(t, honest)); err != nil {
		t.Fatalf("the honest plan is refused: %v", err)
	}
	where := func(r *visit.Result, reason visit.Reason) *visit.Left {
		for i := range r.Left {
			if r.Left[i].Reason == reason {
				return &r.Left[i]
			}
		}
		return nil
	}
	witnessed := func(r *visit.Result) *visit.Left {
		for i := range r.Left {
			if r.Left[i].Facts.Witness != nil {
				return &r.Left[i]
			}
		}
		return nil
	}
	cases := []struct {
		name, want string
		lie        func(*visit.Result) bool
	}{
		{"a visit dropped", "score", func(r *visit.Result) bool { r.Visits = r.Visits[1:]; return true }},
		{"a person dropped", "", func(r *visit.Result) bool { r.Visits[0].People = r.Visits[0].People[1:]; return true }},
		{"a person doubled", "does not come after", func(r *visit.Result) bool {
			r.Visits[0].People[1] = r.Visits[0].People[0]
			return true
		}},
		{"a person in two places", "on the same day", func(r *visit.Result) bool {
			for i := 1; i < len(r.Visits); i++ {
				if r.Visits[i].Day == r.Visits[i-1].Day {
					r.Visits[i].People = r.Visits[i-1].People[:3]
					return true
				}
			}
			return false
		}},
		{"a group over its greatest", "the group is", func(r *visit.Result) bool {
			r.Visits[0].People = nil
			for i := range 38 {
				r.Visits[0].People = append(r.Visits[0].People, i)
			}
			return true
		}},
		{"a visit moved to a closed day", "is not open", func(r *visit.Result) bool { r.Visits[0].Day++; return true }},
		{"uncovered off by one", "score.uncovered", func(r *visit.Result) bool { r.Score.Uncovered--; return true }},
		{"largest shortfall off by one", "score.maxShortfall", func(r *visit.Result) bool { r.Score.MaxShortfall--; return true }},
		{"squares off by one", "score.squaredShortfall", func(r *visit.Result) bool { r.Score.SquaredShortfall--; return true }},
		{"minutes off by one", "score.minutes", func(r *visit.Result) bool { r.Score.Minutes--; return true }},
		{"grams off by one", "score.grams", func(r *visit.Result) bool { r.Score.Grams--; return true }},
		{"a bound raised", "bound.minutes", func(r *visit.Result) bool { r.Bound.Minutes++; return true }},
		{"a bound without its proof", "bound", func(r *visit.Result) bool { r.Certificate = nil; return r.Bound == r.Score || r.ProvedLevels > 0 }},
		{"proved levels raised", "provedLevels", func(r *visit.Result) bool { r.ProvedLevels++; return true }},
		{"proved levels lowered", "provedLevels", func(r *visit.Result) bool { r.ProvedLevels--; return r.ProvedLevels >= 0 }},
		{"something left out in silence", "nothing is said", func(r *visit.Result) bool { r.Left = r.Left[1:]; return true }},
		{"said twice", "twice", func(r *visit.Result) bool { r.Left = append(r.Left, r.Left[0]); return true }},
		{"a used offer said to be out", "not left out", func(r *visit.Result) bool { r.Left[0].Subject.Offer = &r.Visits[0].Offers[0]; return true }},
		{"seats gone for one who is too far", "the reason is", func(r *visit.Result) bool {
			l := where(r, visit.PersonTooFar)
			l.Reason = visit.SeatsGone
			return true
		}},
		{"proved cost without a proof", "follows", func(r *visit.Result) bool {
			where(r, visit.WouldCost).Facts.Proof = nil
			return true
		}},
		{"a cost raised", "loss", func(r *visit.Result) bool { where(r, visit.WouldCost).Facts.Loss += 10_000; return true }},
		{"a cost and its bound raised", "follows", func(r *visit.Result) bool {
			f := &where(r, visit.WouldCost).Facts
			raise(f.Bound, f.Level, 10_000)
			f.Loss += 10_000
			return true
		}},
		{"a cost where a better plan may be", "another might be better", func(r *visit.Result) bool {
			f := &costAfter(r, visit.LevelUncovered).Facts
			raise(f.Bound, f.Level-1, -1)
			return true
		}},
		{"a cost without its bound", "without a bound", func(r *visit.Result) bool { where(r, visit.WouldCost).Facts.Bound = nil; return true }},
		{"a bound where nothing is decided", "follows", func(r *visit.Result) bool {
			l := where(r, visit.WouldCost)
			l.Reason, l.Facts.Level, l.Facts.Loss = visit.NotDecided, 0, 0
			raise(l.Facts.Bound, visit.LevelGrams, 1_000_000_000)
			return true
		}},
		{"a cost at another level", "", func(r *visit.Result) bool {
			f := &where(r, visit.WouldCost).Facts
			f.Level, f.Loss = f.Level%5+1, 1
			return true
		}},
		{"a cost of nothing", "do not make a proof", func(r *visit.Result) bool { where(r, visit.WouldCost).Facts.Loss = 0; return true }},
		{"one offer's proof for another", "", func(r *visit.Result) bool {
			offers := leafOf(where(r, visit.WouldCost).Facts.Proof.Levels[0].Tree).Prices.Offers
			for i := range offers {
				offers[i] = -offers[i]
			}
			return true
		}},
		{"a tie that is none", "ties", func(r *visit.Result) bool {
			for i := range r.Left {
				if l := &r.Left[i]; (l.Reason == visit.NotDecided || l.Reason == visit.WouldCost) && l.Facts.Witness != nil {
					l.Reason, l.Facts.Level, l.Facts.Loss, l.Facts.Bound, l.Facts.Proof = visit.EqualAlternative, 0, 0, nil, nil
					return true
				}
			}
			return false
		}},
		{"a tie without a witness", "without a witness", func(r *visit.Result) bool {
			l := where(r, visit.WouldCost)
			l.Reason, l.Facts = visit.EqualAlternative, visit.Facts{}
			return true
		}},
		{"a witness's score altered", "witness.score", func(r *visit.Result) bool { witnessed(r).Facts.Witness.Score.Minutes++; return true }},
		{"a witness that breaks a rule", "witness", func(r *visit.Result) bool {
			w := witnessed(r).Facts.Witness
			w.With[0].People = w.With[0].People[:1]
			return true
		}},
		{"a witness without the thing", "does not have it in", func(r *visit.Result) bool {
			w := witnessed(r).Facts.Witness
			w.Without, w.With, w.Score = nil, nil, r.Score
			return true
		}},
		{"a swap's loss altered", "for the place of", func(r *visit.Result) bool { where(r, visit.SeatsGone).Facts.Swaps[0].Loss++; return true }},
		{"a swap's level altered", "for the place of", func(r *visit.Result) bool { where(r, visit.SeatsGone).Facts.Swaps[0].Level++; return true }},
		{"a swap kept quiet", "for the place of", func(r *visit.Result) bool {
			l := where(r, visit.SeatsGone)
			l.Facts.Swaps = l.Facts.Swaps[1:]
			return true
		}},
		{"a group kept quiet", "groups", func(r *visit.Result) bool {
			l := where(r, visit.SeatsGone)
			l.Facts.Groups = l.Facts.Groups[1:]
			return true
		}},
		{"too far said to be away", "the reason is", func(r *visit.Result) bool {
			l := where(r, visit.PersonTooFar)
			l.Reason = visit.PersonAway
			return true
		}},
		{"the least minutes altered", "the least is", func(r *visit.Result) bool { where(r, visit.PersonTooFar).Facts.LeastMinutes++; return true }},
		{"the limit altered", "the least is", func(r *visit.Result) bool { where(r, visit.PersonTooFar).Facts.LimitMinutes++; return true }},
		{"a count altered", "counts", func(r *visit.Result) bool { where(r, visit.TooFewCanGo).Facts.Counts[0].Free++; return true }},
		{"a worse day counted", "best day", func(r *visit.Result) bool { where(r, visit.TooFewCanGo).Facts.Counts[0].WithinLimit--; return true }},
		{"an exclusion altered", "exclusion", func(r *visit.Result) bool {
			where(r, visit.ExcludedOffer).Facts.Exclusion = &visit.Exclusion{By: "Somebody Else"}
			return true
		}},
		{"an excluded offer said to be undecided", "the reason is EXCLUDED", func(r *visit.Result) bool {
			where(r, visit.ExcludedOffer).Reason = visit.NotDecided
			return true
		}},
		{"a lost day altered", "days", func(r *visit.Result) bool {
			l := where(r, visit.NoDayLeft)
			l.Facts.Days = slices.Clone(l.Facts.Days)
			l.Facts.Days[0].Rule = visit.Blackout
			return true
		}},
		{"another day holds the fortnight", "hold the place", func(r *visit.Result) bool { where(r, visit.FortnightTaken).Facts.HeldBy[0].HeldBy++; return true }},
		{"a day said to dominate", "", func(r *visit.Result) bool {
			l := where(r, visit.FortnightTaken)
			by := *l.Subject.Day
			l.Reason, l.Facts.Dominating = visit.DominatedBy, &by
			return true
		}},
		{"a dominating day altered", "", func(r *visit.Result) bool { *where(r, visit.DominatedBy).Facts.Dominating = 0; return true }},
		{"an open day said to have no offer", "is not a reason", func(r *visit.Result) bool {
			where(r, visit.FortnightTaken).Reason = visit.NoOffer
			return true
		}},
		{"a theme said to have no one to go", "the reason is", func(r *visit.Result) bool {
			where(r, visit.NoOfferWithTheme).Reason = visit.NobodyCanGo
			return true
		}},
		{"a field nobody knows", "unknown field", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var r visit.Result
			if err := json.Unmarshal(marshal(t, honest), &r); err != nil {
				t.Fatal(err)
			}
			data := marshal(t, r)
			if c.lie == nil {
				data = []byte(strings.Replace(string(data), `"seed"`, `"sead"`, 1))
			} else {
				if !c.lie(&r) {
					t.Fatal("this plan does not allow the lie")
				}
				data = marshal(t, r)
			}
			err := check.Plan(problem, data)
			if err == nil {
				t.Fatal("the lie passes")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("the lie is named otherwise: %v", err)
			}
		})
	}
}

// raise adds to a figure.
func raise(s *visit.Score, level visit.Level, by int) {
	figures := []*int{&s.Uncovered, &s.MaxShortfall, &s.SquaredShortfall, &s.Minutes, &s.Grams}
	*figures[level-1] += by
}

// costAfter is something that costs at a level after this one, the first.
func costAfter(r *visit.Result, level visit.Level) *visit.Left {
	for i := range r.Left {
		if l := &r.Left[i]; l.Reason == visit.WouldCost && l.Facts.Level > level {
			return l
		}
	}
	return nil
}

// A plan proved best, and one whose proof needs a tree.
func certified(t *testing.T) (visit.Problem, visit.Result) {
	t.Helper()
	p := instance(t, "c38-o14-s2")
	r, err := visit.Plan(context.Background(), p, visit.Options{Seed: 2, ReasonWork: -1})
	if err != nil {
		t.Fatal(err)
	}
	return p, r
}

// leafOf is a leaf of the tree, the first on the way yes.
func leafOf(n *visit.ProofNode) *visit.ProofNode {
	for n.Branch != nil {
		n = n.Yes
	}
	return n
}

// Every doctoring of a proof is found; the proof as it came is the control.
func TestPlanFindsEachDoctoredProof(t *testing.T) {
	p, honest := certified(t)
	problem := marshal(t, p)
	if err := check.Plan(problem, marshal(t, honest)); err != nil {
		t.Fatalf("the honest plan is refused: %v", err)
	}
	if honest.ProvedLevels < 4 {
		t.Fatalf("%d levels proved", honest.ProvedLevels)
	}
	of := func(r *visit.Result, level visit.Level) *visit.LevelProof {
		for i := range r.Certificate.Levels {
			if r.Certificate.Levels[i].Level == level {
				return &r.Certificate.Levels[i]
			}
		}
		t.Fatalf("no proof of level %d", level)
		return nil
	}
	branched := func(r *visit.Result) *visit.LevelProof {
		for i := range r.Certificate.Levels {
			if l := &r.Certificate.Levels[i]; l.Tree.Branch != nil && l.Level < visit.LevelGrams {
				return l
			}
		}
		t.Fatal("no proof has a branch: the test does not reach what it is for")
		return nil
	}
	cases := []struct {
		name, want string
		lie        func(*visit.Result)
	}{
		{"a visit dropped", "score", func(r *visit.Result) { r.Visits = r.Visits[1:] }},
		{"minutes off by one", "score.minutes", func(r *visit.Result) { r.Score.Minutes--; r.Bound.Minutes-- }},
		{"score and bound off by one", "score.minutes", func(r *visit.Result) { r.Score.Minutes++; r.Bound.Minutes++ }},
		{"the certificate taken away", "follows", func(r *visit.Result) { r.Certificate = nil }},
		{"a level's proof taken away", "follows", func(r *visit.Result) {
			r.Certificate.Levels = slices.DeleteFunc(r.Certificate.Levels, func(l visit.LevelProof) bool { return l.Level == visit.LevelMinutes })
		}},
		{"a person's price altered", "follows", func(r *visit.Result) {
			leaf := leafOf(of(r, visit.LevelMinutes).Tree)
			leaf.Prices.People[slices.Index(leaf.Prices.People, slices.Max(leaf.Prices.People))] /= 2
		}},
		{"an offer's price altered", "follows", func(r *visit.Result) {
			prices := leafOf(of(r, visit.LevelMinutes).Tree).Prices
			most := 0
			for i, v := range prices.Offers {
				if v > prices.Offers[most] {
					most = i
				}
			}
			prices.Offers[most] /= 2
		}},
		{"the price of squares altered", "follows", func(r *visit.Result) { leafOf(of(r, visit.LevelMinutes).Tree).Prices.Squares *= 2 }},
		{"a price below nothing", "is not within", func(r *visit.Result) { leafOf(of(r, visit.LevelMinutes).Tree).Prices.People[0] = -1 }},
		{"a price beyond reckoning", "is not within", func(r *visit.Result) { leafOf(of(r, visit.LevelMinutes).Tree).Prices.People[0] = 1 << 60 }},
		{"prices for one person fewer", "do not fit", func(r *visit.Result) {
			prices := leafOf(of(r, visit.LevelMinutes).Tree).Prices
			prices.People = prices.People[1:]
		}},
		{"a branch removed", "not all plans are covered", func(r *visit.Result) { branched(r).Tree.No = nil }},
		{"the other branch removed", "not all plans are covered", func(r *visit.Result) { branched(r).Tree.Yes = nil }},
		{"one side for the whole", "follows", func(r *visit.Result) {
			l := branched(r)
			l.Tree = l.Tree.Yes
		}},
		{"the other side for the whole", "follows", func(r *visit.Result) {
			l := branched(r)
			l.Tree = l.Tree.No
		}},
		{"sides exchanged", "follows", func(r *visit.Result) {
			tree := branched(r).Tree
			tree.Yes, tree.No = tree.No, tree.Yes
		}},
		{"a branch on nothing", "is none", func(r *visit.Result) { branched(r).Tree.Branch.Fortnight = 99 }},
		{"a level's proof passed off as the next's", "", func(r *visit.Result) { of(r, visit.LevelSquaredShortfall).Level = visit.LevelMaxShortfall }},
		{"a level proved twice", "does not come after", func(r *visit.Result) {
			r.Certificate.Levels = append(r.Certificate.Levels, r.Certificate.Levels[0])
		}},
		{"proved levels raised", "provedLevels", func(r *visit.Result) { r.ProvedLevels++ }},
		{"a bound above the score", "", func(r *visit.Result) { r.Bound.Minutes++ }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var r visit.Result
			if err := json.Unmarshal(marshal(t, honest), &r); err != nil {
				t.Fatal(err)
			}
			c.lie(&r)
			err := check.Plan(problem, marshal(t, r))
			if err == nil {
				t.Fatal("the lie passes")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("the lie is named otherwise: %v", err)
			}
		})
	}
}

// Every lie about a cohort on its own is found; the plan as it came is the control.
func TestPlanFindsEachLieAboutACohort(t *testing.T) {
	p, _ := certified(t)
	for i := range p.People { // two teams of one cohort in two do not see each other
		p.People[i].Cohort = p.People[i].Team % 2
	}
	made, err := visit.Plan(context.Background(), p, visit.Options{Seed: 1, Work: 20_000, ReasonWork: -1})
	if err != nil {
		t.Fatal(err)
	}
	problem, honest := marshal(t, p), marshal(t, made)
	if err := check.Plan(problem, honest); err != nil {
		t.Fatalf("the honest plan is refused: %v", err)
	}
	proof := func(r *visit.Result) *visit.LevelProof {
		for i := range r.Cohorts {
			if c := r.Cohorts[i].Certificate; c != nil {
				return &c.Levels[len(c.Levels)-1]
			}
		}
		t.Fatal("no cohort has a certificate: the test does not reach what it is for")
		return nil
	}
	for _, c := range []struct {
		name, want string
		doctor     func(*visit.Result)
	}{
		{"a cohort twice", "cohorts[1].cohort", func(r *visit.Result) { r.Cohorts[1] = r.Cohorts[0] }},
		{"no such cohort", "cohorts[1].cohort", func(r *visit.Result) { r.Cohorts[1].Cohort = 2 }},
		{"an offer that it visits is not its own", "cohorts[0].offers", func(r *visit.Result) { r.Cohorts[0].Offers = r.Cohorts[0].Offers[1:] }},
		{"offers out of order", "cohorts[0].offers[1]", func(r *visit.Result) { slices.Reverse(r.Cohorts[0].Offers) }},
		{"another score", "cohorts[1].score", func(r *visit.Result) { r.Cohorts[1].Score.Minutes-- }},
		{"a bound too high", "cohorts[0].bound", func(r *visit.Result) {
			r.Cohorts[0].Certificate = nil
			r.Cohorts[0].Bound = r.Cohorts[0].Score
			r.Cohorts[0].ProvedLevels = 5
		}},
		{"a level more", "cohorts[1].provedLevels", func(r *visit.Result) { r.Cohorts[1].ProvedLevels++ }},
		{"no prices", "certificate", func(r *visit.Result) { leafOf(proof(r).Tree).Prices = nil }},
		{"prices of all offers", "prices: do not fit", func(r *visit.Result) {
			leaf := leafOf(proof(r).Tree)
			leaf.Prices.Offers = append(leaf.Prices.Offers, 0)
		}},
	} {
		var r visit.Result
		if err := json.Unmarshal(honest, &r); err != nil {
			t.Fatal(err)
		}
		c.doctor(&r)
		if err := check.Plan(problem, marshal(t, r)); err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "cohorts[") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestPlanRefusesWhatItCannotRead(t *testing.T) {
	p, honest := sample(t)
	problem, plan := marshal(t, p), marshal(t, honest)
	for _, c := range [][2][]byte{{[]byte("{"), plan}, {problem, []byte("{")}, {plan, problem}, {problem, append(plan, '1')}} {
		if check.Plan(c[0], c[1]) == nil {
			t.Errorf("%.20s… with %.20s… passes", c[0], c[1])
		}
	}
}

func Example() {
	problem, _ := os.ReadFile("../testdata/c38-o14-s1.json")
	fmt.Println(check.Plan(problem, []byte(`{"score":{"uncovered":0},"visits":[]}`)))
	// Output: score.uncovered: says 0, is 22
}
