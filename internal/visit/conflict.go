package visit

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
	"strings"
)

// Conflict is a set of rules that no plan keeps all of, whatever else is given up.
type Conflict struct {
	// Rules are there with the one that is the easiest to give up first: the fewest people touched by its relaxation, then
	// the smallest change.
	Rules []ConflictRule `json:"rules"`
	// Proved says that the rules cannot all hold; where it is false, no plan was found and nothing is proved.
	Proved bool `json:"proved"`
	// Minimal says that without any one of them the rest can hold: each has a plan Without it.
	Minimal bool `json:"minimal"`
	// Refutation proves it, of the problem in which all rules but these are given up.
	Refutation *Refutation `json:"refutation,omitempty"`
}

// ConflictRule is a rule of a conflict.
type ConflictRule struct {
	Group RuleGroup `json:"group"`
	// Without is a plan that keeps the other rules of the conflict, all rules outside it given up; null where none was
	// found.
	Without Assignment `json:"without"`
	// Relaxation is the smallest change of this rule, and of no other, with which there is a plan. Where there is none,
	// Hopeless proves that this rule given up whole is not enough; without it, none was found.
	Relaxation *Relaxation `json:"relaxation,omitempty"`
	Hopeless   *Hopeless   `json:"hopeless,omitempty"`
}

// Hopeless proves that there is no plan whatever becomes of a rule: others cannot hold together either.
type Hopeless struct {
	// Keeping are rules that cannot all hold, all others given up.
	Keeping    []RuleGroup `json:"keeping"`
	Refutation *Refutation `json:"refutation"`
}

// Relaxation is a change of one rule and the plan that it allows.
type Relaxation struct {
	Change
	// Smallest says that no smaller change of the rule is enough. Smaller proves it of the next smaller number; where there
	// is none, the next smaller is no change at all.
	Smallest bool        `json:"smallest"`
	Smaller  *Refutation `json:"smaller,omitempty"`
	// Touched are the people whose days, ways or places the change alters in this plan.
	Touched []int `json:"touched"`
	// Score counts shortfalls from what was attainable as asked.
	Score  Score      `json:"score"`
	Visits Assignment `json:"visits"`
}

// Size is how far the rule is changed, in its own number.
func (r *Relaxation) Size() int { return max(r.From-r.To, r.To-r.From) }

// rules is a set of rule groups, by index in inquiry.groups.
type rules uint16

func (s rules) has(i int) bool      { return s>>i&1 == 1 }
func (s rules) within(t rules) bool { return s&^t == 0 }
func (s rules) without(i int) rules { return s &^ (1 << i) }
func (s rules) members() (all []int) {
	for rest := s; rest != 0; rest &= rest - 1 {
		all = append(all, bits.TrailingZeros16(uint16(rest)))
	}
	return all
}

// inquiry looks for the conflicts of a request: QuickXplain (Junker 2004) over rule groups, and a walk over the sets
// that the answers so far leave open (as MARCO does: Liffiton, Previti, Malik, Marques-Silva 2016).
type inquiry struct {
	decider
	request request
	groups  []RuleGroup // that the problem has, the hardest to give up first
	given   []Change    // by group: what gives it up
	each    int         // units a question may take
	asked   []questioned
}

// questioned is a set of rules kept, all others given up, and what came of it.
type questioned struct {
	kept rules
	decision
}

// newInquiry begins one; the problem is valid.
func newInquiry(ctx context.Context, m *model, seed uint64, each int) *inquiry {
	q := &inquiry{decider: decider{ctx: ctx, seed: seed}, request: request{Problem: *m.problem}, each: each}
	q.request.Attainable = make([]int, m.people)
	for i, a := range m.attain {
		q.request.Attainable[i] = int(a)
	}
	for _, g := range ruleGroups {
		if c, ok := q.request.everything(g); ok {
			q.groups, q.given = append(q.groups, g), append(q.given, c)
		}
	}
	return q
}

func (q *inquiry) whole() rules { return 1<<len(q.groups) - 1 }

// ask decides whether the kept rules can hold together. The answer may come from one about more of them that can, or
// fewer that cannot.
func (q *inquiry) ask(kept rules) questioned {
	for _, k := range q.asked {
		if k.verdict == feasible && kept.within(k.kept) || k.verdict == infeasible && k.kept.within(kept) || k.kept == kept {
			return k
		}
	}
	r := q.request
	for i, g := range q.groups {
		if !kept.has(i) {
			r = r.changed(g, q.given[i])
		}
	}
	k := questioned{kept, q.decide(r, q.each)}
	q.asked = append(q.asked, k)
	return k
}

// names are the groups of a set.
func (q *inquiry) names(s rules) []RuleGroup {
	list := []RuleGroup{}
	for _, i := range s.members() {
		list = append(list, q.groups[i])
	}
	return list
}

// quickXplain finds a subset of rules that with base cannot hold, where all of them with base cannot; what comes first
// is preferred. An answer unknown counts as yes: the set may then be too large, but cannot hold all the same.
func (q *inquiry) quickXplain(base rules, fresh bool, from []int) rules {
	if fresh && q.ask(base).verdict == infeasible {
		return 0
	}
	if len(from) == 1 {
		return 1 << from[0]
	}
	half := len(from) / 2
	first, second := from[:half], from[half:]
	late := q.quickXplain(base|setOf(first), true, second)
	return late | q.quickXplain(base|late, late != 0, first)
}

func setOf(list []int) (s rules) {
	for _, i := range list {
		s |= 1 << i
	}
	return s
}

// shrink takes a set that cannot hold to one of which, as far as answers go, no rule can be spared.
func (q *inquiry) shrink(set rules) rules {
	if q.ask(0).verdict == infeasible {
		return 0
	}
	set = q.quickXplain(0, false, set.members())
	for again := true; again; {
		again = false
		for _, i := range set.members() {
			if q.ask(set.without(i)).verdict == infeasible {
				set, again = set.without(i), true
			}
		}
	}
	for _, k := range q.asked { // where answers are missing, the set may be more than what is proved
		if k.verdict == infeasible && k.kept.within(set) {
			set = k.kept
		}
	}
	return set
}

// another finds a conflict that contains none of those found; ok is false where there is none, or none was found: then
// all says whether it is proved that there is none.
func (q *inquiry) another(found []rules) (set rules, ok, all bool) {
	open := make([]rules, 0, 1<<len(q.groups))
	for s := range q.whole() + 1 {
		open = append(open, s)
	}
	slices.SortStableFunc(open, func(a, b rules) int {
		return cmp.Compare(bits.OnesCount16(uint16(b)), bits.OnesCount16(uint16(a)))
	})
	all = true
	for _, s := range open {
		if slices.ContainsFunc(found, func(f rules) bool { return f.within(s) }) {
			continue
		}
		if q.ctx.Err() != nil {
			return 0, false, false
		}
		switch q.ask(s).verdict {
		case infeasible:
			return q.shrink(s), true, false
		case unknown:
			all = false
		}
	}
	return 0, false, all
}

// together lists the sets that can hold and lie in no other such set.
func (q *inquiry) together() (all []Together) {
	for i, a := range q.asked {
		if a.verdict != feasible || slices.ContainsFunc(q.asked, func(b questioned) bool {
			return b.verdict == feasible && a.kept.within(b.kept) && a.kept != b.kept
		}) || slices.ContainsFunc(q.asked[:i], func(b questioned) bool { return b.kept == a.kept }) {
			continue
		}
		all = append(all, Together{Groups: q.names(a.kept), Visits: a.plan})
	}
	return all
}

// tell writes a conflict down, without relaxations.
func (q *inquiry) tell(set rules) Conflict {
	c := Conflict{Rules: []ConflictRule{}, Proved: true, Minimal: true}
	for _, k := range q.asked {
		if k.verdict == infeasible && k.kept == set {
			c.Refutation = k.refutation
		}
	}
	members := set.members()
	slices.Reverse(members)
	for _, i := range members {
		rule := ConflictRule{Group: q.groups[i]}
		if a := q.ask(set.without(i)); a.verdict == feasible {
			rule.Without = a.plan
		}
		c.Minimal = c.Minimal && rule.Without != nil
		c.Rules = append(c.Rules, rule)
	}
	return c
}

// relax gives each rule of a conflict its relaxation, and puts the easiest to give up first.
func (q *inquiry) relax(c *Conflict) {
	for i := range c.Rules {
		rule := &c.Rules[i]
		rule.Relaxation, rule.Hopeless = q.ease(slices.Index(q.groups, rule.Group))
	}
	slices.SortStableFunc(c.Rules, func(a, b ConflictRule) int {
		x, y := a.Relaxation, b.Relaxation
		switch {
		case x == nil && y == nil:
			return 0
		case x == nil:
			return 1
		case y == nil:
			return -1
		}
		return cmp.Or(cmp.Compare(len(x.Touched), len(y.Touched)), cmp.Compare(x.Size(), y.Size()))
	})
}

// Infeasible says that no plan has all that is asked, or that none was found, with the rules that clash.
type Infeasible struct {
	Clash Conflict `json:"clash"`
	// Others are further conflicts, as many as were asked for; none of them contains another. AllClashes says that it is
	// proved that there are no more.
	Others     []Conflict `json:"others,omitempty"`
	AllClashes bool       `json:"allClashes"`
	// Together shows it: largest sets of rules that can hold together, all others given up, each with a plan.
	Together  []Together `json:"together,omitempty"`
	Seed      uint64     `json:"seed"`
	Work      int        `json:"work"`
	Cancelled bool       `json:"cancelled"`
}

// Together is a set of rules and a plan that keeps them.
type Together struct {
	Groups []RuleGroup `json:"groups"`
	Visits Assignment  `json:"visits"`
}

func (e *Infeasible) Error() string {
	if !e.Clash.Proved {
		return "no plan was found that has all that is asked, and it is not proved that there is none"
	}
	names := make([]string, len(e.Clash.Rules))
	for i, r := range e.Clash.Rules {
		names[i] = string(r.Group)
	}
	return "no plan has all that is asked: these rules clash: " + strings.Join(names, ", ")
}

// report looks for the conflicts of a request that has no plan, or of which none was found.
func (q *inquiry) report(o Options) *Infeasible {
	e := &Infeasible{Seed: o.Seed}
	add := func(c Conflict) {
		q.relax(&c)
		if o.Conflict != nil {
			o.Conflict(c)
		}
		if len(e.Clash.Rules) == 0 {
			e.Clash = c
		} else {
			e.Others = append(e.Others, c)
		}
	}
	if q.ask(q.whole()).verdict == infeasible {
		found := []rules{q.shrink(q.whole())}
		add(q.tell(found[0]))
		for len(found) < o.Conflicts {
			set, ok, all := q.another(found)
			if e.AllClashes = all; !ok {
				break
			}
			found = append(found, set)
			add(q.tell(set))
		}
		if e.AllClashes {
			e.Together = q.together()
		}
	} else {
		c := Conflict{Rules: []ConflictRule{}}
		for _, g := range []RuleGroup{AtLeast, AllThemes, HeldPins} {
			if slices.Contains(q.groups, g) {
				c.Rules = append(c.Rules, ConflictRule{Group: g})
			}
		}
		add(c)
	}
	e.Work, e.Cancelled = q.work, q.ctx.Err() != nil
	return e
}
