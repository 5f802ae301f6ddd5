package visit

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"tandem/internal/visit/check"
)

// holds tries every plan of a small request of one cohort: whether one has all that is asked. Plans that use the same
// offers and days, and see and visit as much as is asked, count as one.
func holds(r request) bool {
	type state struct {
		used, themes uint32
		visits       [8]uint8 // at most what is asked
		days         int
		pins         uint32
		on           uint32 // the days, where they keep apart
	}
	p := &r.Problem
	blocks := make([][]int, p.Fortnights) // of which each has one day at most
	for d := range p.WorkingDays {
		if p.DaysBetweenMin > 0 {
			blocks = append(blocks, []int{d})
		} else {
			blocks[p.FortnightOfDay[d]] = append(blocks[p.FortnightOfDay[d]], d)
		}
	}
	near := func(a, b uint32) bool {
		for d := range p.WorkingDays {
			for e := range d {
				if (a>>d&1 == 1 && b>>e&1 == 1 || a>>e&1 == 1 && b>>d&1 == 1) && p.TooNear(d, e) {
					return true
				}
			}
		}
		return false
	}
	pairs := map[[2]int]uint32{}
	for team, themes := range p.TeamThemes {
		for _, theme := range themes {
			if p.staffed(team) {
				pairs[[2]int{team, theme}] = 1 << len(pairs)
			}
		}
	}
	all := map[state]bool{{}: true}
	for _, block := range blocks {
		here := map[state]bool{{}: true}
		for _, d := range block {
			for set := uint32(1); set < 1<<len(p.Offers); set++ {
				s, hosts, legal := state{days: 1}, 0, true
				if p.DaysBetweenMin > 0 {
					s.on = 1 << d
				}
				for j, offer := range p.Offers {
					if set>>j&1 == 0 {
						continue
					}
					open := slices.Contains(offer.Days, d)
					for k, pin := range p.Pins {
						if pin.Offer == j && pin.Day == d {
							open, s.pins = true, s.pins|1<<k
						}
					}
					for _, o := range p.parts(j) {
						legal = legal && s.used>>o&1 == 0 && p.Offers[o].Excluded == nil
						s.used |= 1 << o
						hosts++
					}
					legal = legal && open && offer.Excluded == nil
				}
				if !legal || p.HostsPerDayMax > 0 && hosts > p.HostsPerDayMax {
					continue
				}
				sizes := make([]int, len(p.Offers))
				var sit func(person int, s state)
				sit = func(person int, s state) {
					if person == len(p.People) {
						for j := range p.Offers {
							if set>>j&1 == 1 && (sizes[j] < p.Offers[j].Min || sizes[j] > p.Offers[j].Max-p.MentorSeats) {
								return
							}
						}
						here[s] = true
						return
					}
					sit(person+1, s)
					if slices.Contains(p.People[person].Unavailable, d) {
						return
					}
					for j, offer := range p.Offers {
						if set>>j&1 == 0 || p.ReturnMinutes[person][j] < 0 {
							continue
						}
						n := s
						n.visits[person] = uint8(min(p.EveryoneAtLeast, len(p.parts(j))))
						for _, theme := range offer.Themes {
							n.themes |= pairs[[2]int{p.People[person].Team, theme}]
						}
						sizes[j]++
						sit(person+1, n)
						sizes[j]--
					}
				}
				sit(0, s)
			}
		}
		next := map[state]bool{}
		for a := range all {
			for b := range here {
				if a.used&b.used != 0 || a.days+b.days > p.VisitDaysMax || near(a.on, b.on) {
					continue
				}
				s := state{used: a.used | b.used, themes: a.themes | b.themes, days: a.days + b.days, pins: a.pins | b.pins, on: a.on | b.on}
				for i := range s.visits {
					s.visits[i] = min(uint8(p.EveryoneAtLeast), a.visits[i]+b.visits[i])
				}
				next[s] = true
			}
		}
		all = next
	}
	for s := range all {
		enough := int(s.pins) == 1<<len(p.Pins)-1 && (!p.CoverEveryTheme || len(pairs)-bits.OnesCount32(s.themes) <= r.unseen)
		for i := range p.People {
			enough = enough && int(s.visits[i]) == p.EveryoneAtLeast
		}
		if enough {
			return true
		}
	}
	return false
}

// asking draws a small programme that asks for much, in which ways that are too long or have steps are known.
func asking(seed uint64) Problem {
	p := programme(seed+20_000, shape{people: 3, teams: 2, cohorts: 1, offers: 3, days: 4, fortnights: 2, themes: 3})
	r := rand.New(rand.NewPCG(seed, 19))
	steps := r.IntN(3) == 0
	for i, row := range p.ReturnMinutes {
		for j := range row {
			if row[j] < 0 && r.IntN(4) > 0 {
				row[j], p.GramsCO2e[i][j] = -(500 + r.IntN(200)), 1_000
				if p.steps(i, j) {
					row[j] = -(100 + r.IntN(500))
				}
			}
			if steps && len(p.Offers[j].PairOf) == 0 && row[j] > 0 && r.IntN(2) == 0 && len(p.Pins) == 0 {
				p.People[i].StepFree, p.Offers[j].StepFree = true, false
			}
		}
	}
	for i, row := range p.ReturnMinutes {
		for j := range row {
			if p.steps(i, j) && row[j] > 0 {
				row[j] = -row[j]
			}
		}
	}
	for j, o := range p.Offers {
		if r.IntN(3) == 0 && len(p.Pins) == 0 {
			p.Offers[j].Min = o.Max - p.MentorSeats
		}
	}
	if seed%4 == 1 {
		p = apart(p, 1+r.IntN(3))
	}
	if seed%3 == 0 { // what counts most is no part of the question
		p.Levels = []Level{LevelMinutes, LevelUncovered, LevelGrams, LevelSquaredShortfall, LevelMaxShortfall}
	}
	p.EveryoneAtLeast, p.CoverEveryTheme = []int{0, 1, 1, 2, 3}[r.IntN(5)], r.IntN(2) == 0
	if r.IntN(4) == 0 && len(p.Pins) == 0 { // pins that may ask for more people than there are
		for j, o := range p.Offers {
			if o.Excluded == nil && len(o.PairOf) == 0 {
				p.Pins = append(p.Pins, Pin{Offer: j, Day: 0})
				if p.Validate() != nil {
					p.Pins = p.Pins[:len(p.Pins)-1]
				}
			}
		}
	}
	return p
}

// kept is the request with all rules given up but these.
func (q *inquiry) keptOnly(kept rules) request {
	r := q.request
	for i, g := range q.groups {
		if !kept.has(i) {
			r = r.changed(g, q.given[i])
		}
	}
	return r
}

func (q *inquiry) setOf(c Conflict) (s rules) {
	for _, r := range c.Rules {
		s |= 1 << slices.Index(q.groups, r.Group)
	}
	return s
}

// What is said of a request is so, every plan tried: whether it can be had, each conflict, that it is minimal, that there
// are no others, and that no smaller change of a rule is enough.
func TestConflictsAgainstEveryPlan(t *testing.T) {
	seeds := uint64(300)
	if testing.Short() {
		seeds = 40
	}
	clashes, several, eased, hopeless, controls, sizes := 0, 0, map[RuleGroup]int{}, 0, 0, map[int]int{}
	spaced := 0
	for seed := range seeds {
		p := asking(seed)
		m, err := newModel(&p)
		if err != nil {
			t.Fatal(err)
		}
		q := newInquiry(context.Background(), m, 1, 80_000)
		can := holds(q.request)
		result, err := Plan(context.Background(), p, Options{Seed: 1, Work: 20_000, ReasonWork: 2_000, Conflicts: 40})
		var no *Infeasible
		if err != nil && !errors.As(err, &no) {
			t.Fatalf("programme %d: %v", seed, err)
		}
		if can != (err == nil) {
			t.Fatalf("programme %d: has a plan: %v; planning says %v", seed, can, err)
		}
		if can {
			if granted := m.grants(must(t, p, result.Visits)); !granted {
				t.Fatalf("programme %d: the plan does not have what is asked", seed)
			}
			verify(t, p, result)
			continue
		}
		clashes++
		if err := check.Plan(asJSON(t, p), asJSON(t, no)); err != nil {
			t.Fatalf("programme %d: the checker refuses the clash: %v", seed, err)
		}
		all := append([]Conflict{no.Clash}, no.Others...)
		var sets []rules
		for _, c := range all {
			set := q.setOf(c)
			sets = append(sets, set)
			sizes[len(c.Rules)]++
			if !c.Proved || !c.Minimal {
				t.Errorf("programme %d: proved %v, minimal %v", seed, c.Proved, c.Minimal)
			}
			if fault := q.minimal(set); fault != "" {
				t.Fatalf("programme %d: %v: %s", seed, c.Rules, fault)
			}
			if i := slices.IndexFunc(q.groups, func(g RuleGroup) bool { return g == MaxGroup }); seed%5 == 0 && !set.has(i) && q.minimal(set|1<<i) == "" {
				t.Errorf("control: programme %d: %v passes as minimal with %s", seed, c.Rules, MaxGroup)
			}
			for _, rule := range c.Rules {
				i := slices.Index(q.groups, rule.Group)
				if x := rule.Relaxation; x != nil {
					eased[rule.Group]++
					if rule.Group == VisitDays && p.DaysBetweenMin > 0 {
						spaced++
					}
					if fault := q.fault(t, rule.Group, x); fault != "" {
						t.Errorf("programme %d: %s %+v %s", seed, rule.Group, x.Change, fault)
					}
					if rule.Group == AtLeast && x.To > 0 { // control: more than need be given up is found
						less := *x
						less.To--
						if less.Score = must(t, q.request.changed(AtLeast, less.Change).Problem, x.Visits); q.fault(t, AtLeast, &less) == "" {
							t.Errorf("control: programme %d: %d visits pass as the most", seed, less.To)
						}
						controls++
					}
					continue
				}
				hopeless++
				if rule.Hopeless == nil || holds(q.keptOnly(q.whole().without(i))) {
					t.Errorf("programme %d: %s is said to be hopeless", seed, rule.Group)
				}
			}
		}
		if !no.AllClashes {
			t.Errorf("programme %d: further clashes are left open", seed)
		}
		if len(sets) > 1 {
			several++
		}
		for s := range q.whole() + 1 { // what contains no conflict must hold
			if !slices.ContainsFunc(sets, func(f rules) bool { return f.within(s) }) && !holds(q.keptOnly(s)) {
				t.Fatalf("programme %d: a clash within %v is not told", seed, s.members())
			}
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	t.Logf("%d clashes, %d programmes with several, sizes %v, eased %v, hopeless %d", clashes, several, sizes, eased, hopeless)
	if controls == 0 {
		t.Error("no control of a relaxation: the test does not reach it")
	}
	if spaced == 0 && !testing.Short() {
		t.Error("no way out with days that kept apart: the test does not reach it")
	}
	for _, g := range ruleGroups {
		if eased[g] == 0 && !testing.Short() {
			t.Errorf("no relaxation of %s: the test does not reach it", g)
		}
	}
}

// Two visits on the one day that there is need the pair, whose farther host is 251 minutes away: a limit of 255 is enough,
// and 240 is not. The whole way there and back by both, 560 minutes, is no part of the question.
func TestALimitIsRelaxedToTheFartherHostOfAPair(t *testing.T) {
	p := Problem{DoorToDoorLimitMinutes: 240, WorkingDays: 1, FortnightOfDay: []int{0}, Fortnights: 1, VisitDaysMax: 1, EveryoneAtLeast: 2,
		TeamThemes: [][]int{{0}}, People: []Person{{}, {}},
		Offers: []Offer{
			{Themes: []int{0}, Min: 1, Max: 2, HalfHours: 4, Days: []int{0}, StepFree: true},
			{Themes: []int{0}, Min: 1, Max: 2, HalfHours: 4, Days: []int{0}, StepFree: true},
			{Themes: []int{0}, Min: 1, Max: 2, Days: []int{0}, StepFree: true, PairOf: []int{0, 1}},
		},
		ReturnMinutes: [][]int{{200, -502, -560}, {200, 400, 500}}, GramsCO2e: [][]int{{100, 300, 320}, {100, 300, 320}}}
	_, err := Plan(context.Background(), p, Options{Seed: 1, Work: 2_000})
	var no *Infeasible
	if !errors.As(err, &no) {
		t.Fatalf("it is planned: %v", err)
	}
	if err := check.Plan(asJSON(t, p), asJSON(t, no)); err != nil {
		t.Fatalf("the checker refuses the clash: %v", err)
	}
	m, err := newModel(&p)
	if err != nil {
		t.Fatal(err)
	}
	q := newInquiry(context.Background(), m, 1, 20_000)
	i := slices.IndexFunc(no.Clash.Rules, func(r ConflictRule) bool { return r.Group == TravelLimit })
	if i < 0 || no.Clash.Rules[i].Relaxation == nil {
		t.Fatalf("the limit is not told as a way out: %+v", no.Clash.Rules)
	}
	x := no.Clash.Rules[i].Relaxation
	if fault := q.fault(t, TravelLimit, x); fault != "" || x.To != 255 || !x.Smallest || len(x.Visits) != 1 || len(x.Visits[0].Offers) != 2 {
		t.Errorf("%+v %s", x, fault)
	}
	for _, wrong := range []int{240, 555} { // controls: too small, and as if the whole way counted
		lie := *x
		lie.To = wrong
		doctored := *no
		doctored.Clash.Rules = slices.Clone(no.Clash.Rules)
		doctored.Clash.Rules[i].Relaxation = &lie
		if check.Plan(asJSON(t, p), asJSON(t, doctored)) == nil {
			t.Errorf("control: a limit of %d is believed", wrong)
		}
	}
}

func must(t *testing.T, p Problem, a Assignment) Score {
	t.Helper()
	s, err := ScoreOf(p, a)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// minimal says what speaks against a set being a minimal conflict, every plan tried; "" where nothing does.
func (q *inquiry) minimal(set rules) string {
	if holds(q.keptOnly(set)) {
		return "the rules can all hold"
	}
	for _, i := range set.members() {
		if !holds(q.keptOnly(set.without(i))) {
			return "it is no less a clash without " + string(q.groups[i])
		}
	}
	return ""
}

// fault says what is wrong with a relaxation, every plan tried; "" where nothing is.
func (q *inquiry) fault(t *testing.T, g RuleGroup, x *Relaxation) string {
	t.Helper()
	to := q.request.changed(g, x.Change)
	if broken := Check(to.Problem, x.Visits); len(broken) > 0 {
		return fmt.Sprintf("has a plan that breaks %+v", broken[0])
	}
	if s := must(t, to.Problem, x.Visits); s != x.Score || s.missing > 0 || to.CoverEveryTheme && s.Uncovered-to.unstaffedPairs() > to.unseen {
		return fmt.Sprintf("has a plan of %+v, said to be %+v", s, x.Score)
	}
	given := q.given[slices.Index(q.groups, g)]
	size := 0 // of things let go singly
	var smaller []Change
	switch g {
	case AllThemes, AtLeast:
		smaller = []Change{{From: x.From, To: x.To + 1}}
	case TravelLimit:
		smaller = []Change{{From: x.From, To: x.To - minutesStep}}
	case MaxGroup, MinGroup:
		smaller = []Change{{To: x.To - 1}}
	case VisitDays:
		smaller = []Change{{From: x.From, To: x.To - 1, Unspaced: x.Unspaced}}
		if x.Unspaced && x.To == x.From {
			smaller = []Change{{From: x.From, To: max(x.From, q.request.Fortnights)}}
			if q.request.DaysBetweenMin > 0 {
				smaller[0].To = max(x.From, q.request.WorkingDays)
			}
		}
	default:
		singles := given.singles(g)
		size = x.From - x.To
		for set := uint32(0); set < 1<<len(singles); set++ {
			var list []int
			for k, s := range singles {
				if set>>k&1 == 1 {
					list = append(list, s)
				}
			}
			if len(list) < size {
				smaller = append(smaller, given.only(g, list))
			}
		}
	}
	enough := slices.ContainsFunc(smaller, func(c Change) bool { return holds(q.request.changed(g, c)) })
	switch {
	case x.Smallest && enough:
		return "is not the smallest change that is enough"
	case !x.Smallest && size <= 1:
		return "is not said to be the smallest change"
	}
	return ""
}

func (p *Problem) unstaffedPairs() (n int) {
	for team, themes := range p.TeamThemes {
		if !p.staffed(team) {
			n += len(themes)
		}
	}
	return n
}
