package visit

import (
	"context"
	"math"
	"slices"
)

// verdict is whether a request has a plan.
type verdict int

const (
	unknown verdict = iota
	feasible
	infeasible
)

// decision is a verdict with what proves it: a plan, or a refutation.
type decision struct {
	verdict
	plan       Assignment
	refutation *Refutation
}

// Refutation proves that no plan is all that is asked. Without a tree, counting shows it, as it bounds a plan.
type Refutation struct {
	// Cohort is the one that cannot even have it alone, with every offer to itself; left out where the problem has no more
	// than one, or where counting shows it of all together.
	Cohort *int `json:"cohort,omitempty"`
	// Level is 1 where more pairs of team and theme stay unseen than may, 2 where somebody lacks a visit, and 0 where the
	// groups that pins want on Day cannot be filled.
	Level Level `json:"level"`
	Day   *int  `json:"day,omitempty"`
	// Tree is a node as in a certificate, of the problem in which each person's attainable number is what is asked for: at
	// level 1 it proves so many unseen, at level 2, of plans with no more unseen than may be, that visits are lacking.
	Tree *ProofNode `json:"tree,omitempty"`
}

// decider decides requests: a search aimed at what is asked says yes, branch and price or counting say no, and what
// neither does within the budget stays unknown. Its clock is work, as that of planning.
type decider struct {
	ctx  context.Context
	seed uint64
	work int
}

// target is the request as a problem of its own, in which nobody lacks a visit where everyone has as many as asked for,
// and no pair is unseen but those that may be. What counts most besides is no part of the question.
func (r request) target() Problem {
	p := r.Problem
	p.TeamThemes = make([][]int, len(r.TeamThemes))
	for team := range p.TeamThemes {
		p.TeamThemes[team] = []int{}
		if r.CoverEveryTheme && r.staffed(team) {
			p.TeamThemes[team] = r.TeamThemes[team]
		}
	}
	p.Attainable = make([]int, len(p.People))
	for i := range p.Attainable {
		p.Attainable[i] = r.EveryoneAtLeast
	}
	p.EveryoneAtLeast, p.CoverEveryTheme, p.Levels = 0, false, nil
	return p
}

// alone is what one cohort is asked for, with every offer that no other cohort has pinned to itself.
func (r request) alone(cohort int) request {
	p := r.Problem
	p.People, p.ReturnMinutes, p.GramsCO2e, p.Attainable = nil, nil, nil, nil
	numbers := make([]int, len(r.People))
	for i, person := range r.People {
		if person.Cohort == cohort {
			numbers[i] = len(p.People)
			person.Cohort = 0
			p.People = append(p.People, person)
			p.ReturnMinutes, p.GramsCO2e = append(p.ReturnMinutes, r.ReturnMinutes[i]), append(p.GramsCO2e, r.GramsCO2e[i])
		}
	}
	p.Offers, p.Pins = slices.Clone(p.Offers), nil
	for _, pin := range r.Pins {
		if pin.Cohort != cohort {
			for _, o := range p.parts(pin.Offer) {
				p.Offers[o].Excluded = &Exclusion{}
			}
			continue
		}
		pin.Cohort, pin.People = 0, slices.Clone(pin.People)
		for k, person := range pin.People {
			pin.People[k] = numbers[person]
		}
		p.Pins = append(p.Pins, pin)
	}
	r.Problem = p
	return r
}

// The search and the proof take turns, each longer than before: the first search has one part in so many of a question's
// budget, a proof proofShare times as much.
const (
	firstTurn  = 200
	turns      = 3
	turnGrows  = 5
	proofShare = 4
)

// decide spends up to limit units on a request whose problem is valid.
func (d *decider) decide(r request, limit int) decision {
	if r.EveryoneAtLeast == 0 && !r.CoverEveryTheme && len(r.Pins) == 0 {
		return decision{verdict: feasible, plan: Assignment{}}
	}
	p := r.target()
	m, err := newModel(&p)
	if err != nil {
		return decision{}
	}
	b := newBounds(m)
	if b.uncovered > r.unseen {
		return decision{verdict: infeasible, refutation: &Refutation{Level: LevelUncovered}}
	}
	if b.maxShortfall > 0 {
		return decision{verdict: infeasible, refutation: &Refutation{Level: LevelMaxShortfall}}
	}
	m.spared = r.unseen
	x := newSearch(m, newHold(m), d.seed)
	x.limit = limit
	if !x.build() {
		return decision{verdict: infeasible, refutation: m.unfilled()}
	}
	holds := func() bool { return x.s.score.Uncovered == 0 && x.s.score.MaxShortfall == 0 }
	pv := newProver(d.ctx, x, b)
	pv.found = func() {}
	spent := func() int { return x.work + pv.work() }
	defer func() { d.work += spent() }()
	for turn, share := 0, 1+limit/firstTurn; turn < turns; turn, share = turn+1, share*turnGrows {
		x.seek(d.ctx, min(share, limit-spent()), holds)
		if holds() {
			return decision{verdict: feasible, plan: x.s.assignment()}
		}
		if pv.able() {
			if tree, level := pv.refute(r.unseen, min(proofShare*share, limit-spent()), holds); tree != nil {
				return decision{verdict: infeasible, refutation: &Refutation{Level: level, Tree: tree}}
			} else if holds() {
				return decision{verdict: feasible, plan: x.s.assignment()}
			}
		}
		if spent() >= limit || d.ctx.Err() != nil {
			break
		}
	}
	for c := range m.cohorts {
		if m.cohorts == 1 || len(m.peopleOf[c]) == 0 || spent() >= limit {
			break
		}
		part := r.alone(c)
		part.unseen = 0
		if r.unseen > 0 && part.CoverEveryTheme {
			part.CoverEveryTheme = false // which cohort's pairs may stay unseen is open
		}
		before := d.work
		one := d.decide(part, (limit-spent())/(m.cohorts-c))
		x.work, d.work = x.work+d.work-before, before
		if one.verdict == infeasible {
			one.refutation.Cohort = &c
			return one
		}
	}
	return decision{}
}

// seek searches until holds says so or so many units are done.
func (x *search) seek(ctx context.Context, work int, holds func() bool) {
	if holds() {
		return
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	x.limit = x.work + work
	x.run(ctx, func() {
		if holds() {
			stop()
		}
	})
}

// unfilled names a day whose pinned groups cannot all be filled.
func (m *model) unfilled() *Refutation {
	for slot, day := range m.pinnedDay {
		if day == none {
			continue
		}
		x := newSearch(m, newHold(m), 0)
		x.limit = math.MaxInt
		if !x.fill(slot, 0) {
			r := &Refutation{}
			d, c := int(day), slot/m.fortnights
			r.Day = &d
			if m.cohorts > 1 {
				r.Cohort = &c
			}
			return r
		}
	}
	return nil
}

// refute looks for a proof that more than unseen pairs stay unseen or else that visits are lacking: a tree of the one
// level or the other, each leaf of which proves as much. It ends without one as soon as the search's state, which it
// improves on the way, holds, or after so many units.
func (pv *prover) refute(unseen, work int, holds func() bool) (*ProofNode, Level) {
	pv.limit, pv.asking = pv.work()+work, true
	defer func() { pv.asking = false }()
	for !holds() && !pv.over() {
		pv.level = LevelUncovered
		goal := unseen + 1
		if pv.x.s.score.Uncovered == 0 {
			pv.level, goal = LevelMaxShortfall, 1
		}
		if pv.lp != nil {
			pv.used += pv.lp.work
		}
		// The programme stands at the plan there is, and may leave as much unseen as is let pass.
		now := pv.columns()
		from := *pv.x.s
		from.score.Uncovered = unseen
		pv.asked = Score{Uncovered: unseen, MaxShortfall: 1}
		pv.lp = newMaster(pv.m, pv.seen, pv.level, &from, 1, unforced, pv.pool, now, nil)
		root := pv.m.rootNode()
		level := pv.level
		done := func() bool { return holds() || level == LevelUncovered && pv.x.s.score.Uncovered == 0 }
		if pv.closesAll(root, goal, done) {
			return root.proof(), level
		}
		if !done() {
			return nil, 0
		}
	}
	return nil, 0
}

// closesAll grows a tree until each leaf proves the goal; false where it cannot, or done says that it need not.
func (pv *prover) closesAll(root *treeNode, goal int, done func() bool) bool {
	open := []*treeNode{root}
	for len(open) > 0 {
		best := next(open)
		n := open[best]
		open = slices.Delete(open, best, best+1)
		v := pv.climb(n, goal)
		if n.bound > -noPlan && whole(n.bound) >= goal {
			continue
		}
		if v == nil {
			return false
		}
		pv.round(n, v)
		if done() {
			return false
		}
		if n.branch = pv.branch(n, v); n.branch == nil {
			return false
		}
		n.yes, n.no = n.side(true), n.side(false)
		open = append(open, n.yes, n.no)
	}
	return true
}
