package visit

import "slices"

// forced is what all plans spoken of have: a single offer used, a visit day, a person with a place on that day, a theme
// seen by a team. What is not asked for is none.
type forced struct{ offer, day, person, team, theme int }

var unforced = forced{none, none, none, none, none}

// cost is what is proved of the plans that have a thing in, against the plan at hand.
type cost struct {
	// level is the first level that gets worse in each of them, by loss at least; 0 where none is proved to.
	level Level
	loss  int
	// bound is what none of them can beat, by level, where it equals the plan on those before; proof has what that needs
	// beyond the proof of all plans' bound.
	bound [5]int
	proof []LevelProof
	// with is the best plan with the thing in that was come upon, nil where none was.
	with *state
}

// enough is, by level, a loss beyond which nobody asks how much. More unseen pairs than there are mean that no plan has
// the thing in.
var enough = [5]int{1_000, 1, 1_000, 10_000, 1_000_000}

// costs looks for the first level that gets worse in every plan that has the thing forced in, and for how much it gets
// worse at least, within limit units; known is the best plan with it in so far, nil for none. A level counts only where
// none of them is better on those before. Prices alone tell mostly that there is a cost; branches tell where they do not,
// and how much it is where that comes cheap. What is found does not depend on what was asked before.
func (pv *prover) costs(f forced, known *Score, limit int) cost {
	s := pv.x.s.score
	c := cost{bound: pv.of(s).Levels()}
	defer pv.force(f, limit)()
	o := pv.m.order
	for i, level := range o {
		if pv.worse(&c, level, enough[level-1], false) {
			pv.limit = min(pv.limit, pv.work()+sharpenEach)
			break
		}
		if i < len(o)-1 && !pv.noBetter(&c, level) {
			return c
		}
	}
	for !pv.over() {
		level, more := o[0], 1
		if known != nil {
			level, more = o.Against(*known, s)
		}
		if level == 0 || more < 0 || c.level == level && c.loss >= min(more, enough[level-1]) || c.level > 0 && o.before(c.level, level) {
			break
		}
		before := c.with
		c.with = nil
		if pv.worse(&c, level, more, true); c.with == nil || known != nil && !o.Less(c.with.score, *known) {
			c.with = before
			break
		}
		known = &c.with.score
	}
	return c
}

// sharpenEach bounds the units that go into how much a thing costs once it is known to cost.
const sharpenEach = 8_000

// worse says whether all plans with the thing in are worse at the level, by more or as much as can be proved.
func (pv *prover) worse(c *cost, level Level, more int, branching bool) bool {
	has, i, o := pv.x.s.score.Levels(), level-1, pv.m.order
	from := has[i]
	if level == LevelMaxShortfall {
		from, more = 0, 1 // the question is whether all can stay within the largest shortfall
	}
	root := pv.question(level, 1)
	if with := pv.divide(root, from+more, branching); with != nil {
		c.with = with
	}
	loss := min(whole(root.proves())-from, enough[i])
	if loss <= 0 || c.level > 0 && (o.before(c.level, level) || c.level == level && c.loss >= loss) {
		return false
	}
	c.level, c.loss = level, loss
	for _, l := range o {
		switch {
		case o.before(l, level):
			c.bound[l-1] = has[l-1]
		case l == level:
			c.bound[i] = has[i] + loss
		default:
			c.bound[l-1] = 0
		}
	}
	c.proof = slices.DeleteFunc(c.proof, func(p LevelProof) bool { return !o.before(p.Level, level) })
	c.proof = append(c.proof, LevelProof{level, root.proof()})
	return true
}

// noBetter says whether no plan with the thing in is better at the level.
func (pv *prover) noBetter(c *cost, level Level) bool {
	has, i := pv.x.s.score.Levels(), level-1
	if c.bound[i] >= has[i] {
		return true
	}
	target := has[i]
	if level == LevelMaxShortfall {
		target = 1
	}
	root := pv.question(level, 0)
	c.with = pv.divide(root, target, true)
	figure := whole(root.proves())
	if level == LevelMaxShortfall {
		if figure < 1 {
			return false
		}
		figure = has[i]
	}
	if figure > c.bound[i] {
		c.bound[i] = min(figure, has[i])
		c.proof = append(c.proof, LevelProof{level, root.proof()})
	}
	return c.bound[i] >= has[i]
}

// force has the prover speak of plans with the thing in alone, for limit units; what it gives back ends that, and lets all
// go that was found meanwhile.
func (pv *prover) force(f forced, limit int) (done func()) {
	m := pv.m
	pool, cuts, was, still := len(pv.pool), pv.cuts, pv.pr, pv.still
	pv.forced, pv.asking, pv.still = f, true, true
	if f.day != none {
		at := int(m.fort[f.day])
		if !slices.ContainsFunc(was.days[at], func(v dayView) bool { return v.day == f.day }) {
			only := *m
			only.live = slices.Clone(m.live)
			only.live[at] = []int{f.day}
			pv.used += was.work
			pv.pr, pv.cuts = newPricer(&only, pv.x.hold), nil
		}
	}
	for _, views := range pv.pr.days {
		for i := range views {
			views[i].price = nil
		}
	}
	pv.limit = pv.work() + limit
	return func() {
		if pv.pr != was {
			pv.used += pv.pr.work - was.work
			pv.pr = was
		}
		for _, c := range pv.pool[pool:] {
			delete(pv.known, c.key())
		}
		pv.pool, pv.cuts = pv.pool[:pool], cuts[:len(cuts):len(cuts)]
		pv.forced, pv.asking, pv.still = unforced, false, still
	}
}

// question lays a level out for plans with what is forced in. At the level of the largest shortfall it asks whether all
// can stay below the plan's and so many more.
func (pv *prover) question(level Level, more int) *treeNode {
	m, f, s := pv.m, pv.forced, pv.x.s
	pv.level, pv.asked = level, s.score
	if level == LevelMaxShortfall {
		pv.asked.MaxShortfall += more
	}
	pv.lay()
	root := m.rootNode()
	if f.day != none {
		at := int(m.fort[f.day])
		root.splits[at] = []split{{Branch{Kind: BranchDay, Fortnight: at, Day: f.day}, true}}
		if f.person != none {
			root.splits[at] = append(root.splits[at], split{Branch{Kind: BranchPlace, Fortnight: at, Person: f.person}, true})
		}
	}
	return root
}

// divide prices a tree until its bound reaches the target, the budget is spent or a plan is come upon that does not reach
// it, which it gives; without branching it ends with the root.
func (pv *prover) divide(root *treeNode, target int, branching bool) *state {
	open := []*treeNode{root}
	if i := slices.IndexFunc(pv.levels, func(l provedLevel) bool { return l.Level == pv.level }); branching && i >= 0 {
		open = pv.graft(nil, root, pv.levels[i].Tree)
	}
	for len(open) > 0 && !pv.over() {
		i := next(open)
		n := open[i]
		open = slices.Delete(open, i, i+1)
		if n.bound > -noPlan && whole(n.bound) >= target {
			continue
		}
		if !branching {
			pv.climb(n, target)
			return nil
		}
		v := pv.reach(n, target)
		if v == nil {
			continue
		}
		if n.branch = pv.branch(n, v); n.branch == nil {
			return pv.taken(n, v)
		}
		n.yes, n.no = n.side(true), n.side(false)
		open = append(open, n.yes, n.no)
	}
	return nil
}

// graft divides a node as a tree does that proves something of all plans, and adds its leaves to the open ones: what proves
// all plans as dear as the best is a long way to proving some of them dearer.
func (pv *prover) graft(open []*treeNode, n *treeNode, like *ProofNode) []*treeNode {
	if like.Branch == nil {
		n.prices, n.bound = like.Prices, pv.pr.leaf(pv.level, pv.asked, like.Prices, pv.forced, n.splits)
		return append(open, n)
	}
	n.branch = like.Branch
	n.yes, n.no = n.side(true), n.side(false)
	return pv.graft(pv.graft(open, n.yes, like.Yes), n.no, like.No)
}

// taken is the plan that takes whole day plans; nil where it leaves out what is forced in or what is asked for everyone.
func (pv *prover) taken(n *treeNode, v []float64) *state {
	l, f := pv.lp, pv.forced
	s := newState(pv.m)
	for q := l.first; q < len(v); q++ { // day plans that came since are not in v
		c := l.pool[q-l.first]
		if v[q] < 0.5 {
			continue
		}
		if !s.apart(c.fortnight) || !c.fits(n.splits[c.fortnight]) || slices.ContainsFunc(c.tours, func(j int32) bool { return !s.free(int(j)) }) {
			return nil
		}
		s.takeDay(c)
	}
	if f.offer != none && s.usedBy[f.offer] == none || f.day != none && s.day[pv.m.fort[f.day]] != int32(f.day) ||
		f.team != none && s.cover[f.team*pv.m.themesN+f.theme] == 0 {
		return nil
	}
	if !pv.m.grants(s.score) {
		return nil
	}
	for f := range pv.m.fortnights {
		if s.day[f] == none && pv.pr.required(f, n.splits[f]) {
			return nil
		}
	}
	return s
}
