package visit

import (
	"cmp"
	"context"
	"encoding/binary"
	"math"
	"slices"
)

// prover proves plans best, level by level: branch and price (Barnhart, Johnson, Nemhauser, Savelsbergh, Vance 1998)
// with one column for a whole day plan. Its clock is work, as that of the search: a unit is a transport, a pivot or
// two, or sixteen sets of tours looked at.
type prover struct {
	m    *model
	x    *search
	pr   *pricer
	ctx  context.Context
	seen []bool // [team*themesN+theme]: somebody could see it

	pool  []*column
	known map[string]*column
	cuts  []*cut // come upon so far

	used  int // work before the level at hand
	limit int
	level Level
	lp    *master
	open  []*treeNode
	// asked is the score that the prices of the levels before speak of; asking says that it is not all plans that are
	// spoken of, forced what is forced in.
	asked  Score
	asking bool
	forced forced
	// still says that the plan is to stay as it is: what is found on the way is not kept.
	still bool
	// found is called when the plan or the bound got better.
	found  func()
	counts *bounds
	levels []provedLevel
}

// provedLevel is the proof of a level, of plans as good as score before it.
type provedLevel struct {
	LevelProof
	score Score
	least int64
}

// treeNode is a node of the tree of one level: open, or branched into yes and no.
type treeNode struct {
	splits [][]split // by fortnight
	depth  int
	bound  int64
	prices *Prices
	least  []int64 // what the prices prove of each fortnight; nil before there are any
	branch *Branch
	yes    *treeNode
	no     *treeNode
}

func newProver(ctx context.Context, x *search, b *bounds) *prover {
	m := x.m
	pv := &prover{m: m, x: x, pr: newPricer(m, x.hold), ctx: ctx, seen: make([]bool, m.teams*m.themesN), known: map[string]*column{}, counts: b, forced: unforced}
	if m.cohorts != 1 {
		return pv
	}
	for team, themes := range m.problem.TeamThemes {
		for _, theme := range themes {
			pv.seen[team*m.themesN+theme] = m.couldSee(team, theme)
		}
	}
	return pv
}

// PeopleMax bounds the cohorts that are proved.
const PeopleMax = 120

// Crowded says whether some day has so many tours open that the exact method may not look through them.
func (p *Problem) Crowded() bool {
	tours := make([]int, p.WorkingDays)
	for _, o := range p.Offers {
		for _, d := range o.Days {
			if o.Excluded != nil || d >= p.WorkingDays {
				continue
			}
			if tours[d]++; tours[d] > ToursMax {
				return true
			}
		}
	}
	return false
}

// able says whether the problem is one that can be proved.
func (pv *prover) able() bool {
	return pv.m.cohorts == 1 && pv.m.people > 0 && pv.m.people <= PeopleMax && !pv.pr.dense()
}

// of gives the bound on each level for plans that equal the score on the levels before.
func (pv *prover) of(s Score) Score {
	bound := pv.counts.of(s)
	for i := range pv.levels {
		pv.levels[i].raise(pv.pr, s, &bound)
	}
	return bound
}

// raise adds what is proved to the bound. A proof speaks of the levels before as they were; where they have got better
// since, it holds all the same, but is worth something else.
func (l *provedLevel) raise(pr *pricer, s Score, bound *Score) {
	o := pr.m.order
	before, _ := o.Against(s, l.score)
	if before != 0 && (o.before(before, l.Level) || before == l.Level && l.Level == LevelMaxShortfall) {
		if l.Tree == nil {
			return // being made
		}
		l.score, l.least = s, pr.tree(l.Level, s, l.Tree, make([][]split, pr.m.fortnights))
	}
	bound.proves(l.Level, s, l.least)
}

// certificate holds the proofs of what the bound has beyond counting; nil if that is nothing.
func (pv *prover) certificate(s Score) *Certificate {
	c := &Certificate{}
	bound := pv.counts.of(s)
	for i := range pv.levels {
		before := bound
		if pv.levels[i].raise(pv.pr, s, &bound); bound != before {
			c.Levels = append(c.Levels, pv.levels[i].LevelProof)
		}
	}
	if len(c.Levels) == 0 {
		return nil
	}
	slices.SortFunc(c.Levels, func(a, b LevelProof) int { return cmp.Compare(a.Level, b.Level) })
	return c
}

// all proves one level after the other, each with a share of the budget, and searches in between: a plan found for one
// level says little of the next.
func (pv *prover) all(work, proofWork int, run func(limit int)) {
	end := pv.work() + proofWork
	share := func(part int) int { return min(proofWork/part, end-pv.work()) }
	most, last := pv.m.order[:len(pv.m.order)-1], pv.m.order[len(pv.m.order)-1]
	run(work / 20)
	for round := range 2 {
		for _, level := range most {
			part := 4
			if level == LevelMinutes || round > 0 {
				part = 1
			}
			before := pv.x.s.score
			pv.prove(level, share(part)*9/10)
			if level != LevelMinutes && (pv.x.s.score != before || level == LevelSquaredShortfall) {
				run(min(work, pv.x.work+work/30))
			}
		}
		before := pv.x.s.score
		done := pv.m.order.Proved(before, pv.of(before))
		if done >= len(most) {
			break
		}
		run(work)
		if pv.x.s.score == before && done == len(most)-1 {
			break // the last level's tree had all there was
		}
	}
	run(min(work, pv.x.work+work/20))
	pv.prove(last, share(20))
}

// pooled gives the day plan's only copy.
func (pv *prover) pooled(c *column) (one *column, fresh bool) {
	key := c.key()
	if old := pv.known[key]; old != nil {
		return old, false
	}
	pv.known[key] = c
	pv.pool = append(pv.pool, c)
	return c, true
}

// key tells day plans apart.
func (c *column) key() string {
	key := make([]byte, 0, 2*len(c.places)+2)
	key = binary.LittleEndian.AppendUint16(key, uint16(c.day))
	for _, t := range c.places {
		key = binary.LittleEndian.AppendUint16(key, uint16(t))
	}
	return string(key)
}

// columns are the day plans of the search's state.
func (pv *prover) columns() (now []*column) {
	s := pv.x.s
	for f, d := range s.day {
		if d == none {
			continue
		}
		c := &column{fortnight: f, day: int(d), tours: slices.Clone(s.held[f]), places: make([]int32, pv.m.people)}
		slices.Sort(c.tours)
		for p := range c.places {
			c.places[p] = s.at[p*pv.m.fortnights+f]
		}
		one, _ := pv.pooled(c)
		now = append(now, one)
	}
	return now
}

func (pv *prover) work() int {
	n := pv.used + pv.pr.work
	if pv.lp != nil {
		n += pv.lp.work
	}
	return n
}

func (pv *prover) over() bool { return pv.work() >= pv.limit || pv.ctx.Err() != nil }

// target is what a bound must reach, in the level's own figure, to close a node.
func (pv *prover) target() int {
	s := pv.x.s.score
	if pv.level == LevelMaxShortfall {
		return min(1, s.MaxShortfall)
	}
	return s.Levels()[pv.level-1]
}

// prove works on one level until its plan is proved best or limit units are done.
func (pv *prover) prove(level Level, limit int) {
	pv.level, pv.limit = level, pv.work()+limit
	if pv.lp != nil {
		pv.used += pv.lp.work
		pv.lp = nil
	}
	for {
		before := pv.x.s.score
		if pv.of(before).Levels()[level-1] >= before.Levels()[level-1] || pv.over() {
			return
		}
		pv.grow()
		pv.found()
		// A smaller largest shortfall asks for a proof of its own, and so does all after an earlier level got better.
		if l, _ := pv.m.order.Against(pv.x.s.score, before); l == 0 || pv.m.order.before(level, l) || l == level && level != LevelMaxShortfall {
			return
		}
	}
}

func (n *treeNode) proves() int64 {
	if n.branch == nil {
		return n.bound
	}
	return min(n.yes.proves(), n.no.proves())
}

func (n *treeNode) proof() *ProofNode {
	if n.branch == nil {
		return &ProofNode{Prices: n.prices}
	}
	return &ProofNode{Branch: n.branch, Yes: n.yes.proof(), No: n.no.proof()}
}

// grow makes the tree of the level.
func (pv *prover) grow() {
	m := pv.m
	pv.asked = pv.x.s.score
	pv.lay()
	root := m.rootNode()
	pv.open = append(pv.open[:0], root)
	before := pv.x.s.score
	pv.levels = slices.DeleteFunc(pv.levels, func(l provedLevel) bool { return l.Level == pv.level })
	pv.levels = append(pv.levels, provedLevel{LevelProof{Level: pv.level}, before, -noPlan})
	proof := &pv.levels[len(pv.levels)-1]
	defer func() { proof.Tree, proof.least = root.proof(), root.proves() }()
	for len(pv.open) > 0 && !pv.over() {
		best := next(pv.open)
		n := pv.open[best]
		if n.bound > proof.least {
			proof.least = n.bound
			pv.found()
		}
		pv.open = slices.Delete(pv.open, best, best+1)
		if pv.closes(n) {
			continue
		}
		if !pv.visit(n) {
			continue
		}
		if l, d := m.order.Against(pv.x.s.score, before); d < 0 && m.order.before(l, pv.level) || d < 0 && pv.level == LevelMaxShortfall && l == pv.level {
			n.branch = nil // this tree asks a question of the past
			break
		}
		n.yes, n.no = n.side(true), n.side(false)
		pv.open = append(pv.open, n.yes, n.no)
	}
}

// lay lays the level's programme out at the plan there is.
func (pv *prover) lay() {
	if pv.lp != nil {
		pv.used += pv.lp.work
	}
	pv.lp = newMaster(pv.m, pv.seen, pv.level, pv.x.s, pv.asked.MaxShortfall, pv.forced, pv.pool, pv.columns(), pv.cuts)
}

// next is the place of the node to look at: of the least bound, and of these the deepest.
func next(open []*treeNode) (best int) {
	for i, n := range open {
		o := open[best]
		if n.bound < o.bound || n.bound == o.bound && n.depth > o.depth {
			best = i
		}
	}
	return best
}

func (m *model) rootNode() *treeNode {
	root := &treeNode{splits: make([][]split, m.fortnights), bound: -noPlan}
	root.prices = &Prices{Offers: make([]int64, m.tours), People: make([]int64, m.people), Themes: []int64{}}
	for _, themes := range m.problem.TeamThemes {
		for range themes {
			root.prices.Themes = append(root.prices.Themes, 0)
		}
	}
	return root
}

// side is what a branch makes of a node.
func (n *treeNode) side(must bool) *treeNode {
	f := n.branch.Fortnight
	c := &treeNode{splits: slices.Clone(n.splits), depth: n.depth + 1, bound: n.bound, prices: n.prices, least: n.least}
	c.splits[f] = append(slices.Clone(c.splits[f]), split{*n.branch, must})
	return c
}

func (pv *prover) closes(n *treeNode) bool {
	return n.bound > math.MinInt64 && whole(n.bound) >= pv.target()
}

// visit prices a node until its bound closes it or can rise no more; then it is branched, and visit says so.
func (pv *prover) visit(n *treeNode) bool {
	pv.asked = pv.x.s.score
	v := pv.reach(n, pv.target())
	if v == nil {
		return false
	}
	if !pv.still {
		pv.round(n, v)
	}
	if pv.closes(n) {
		return false
	}
	n.branch = pv.branch(n, v) // nil: whole but for numbers gone astray, and the leaf stays open with what is proved of it
	return n.branch != nil
}

// branch finds what divides a node; nil where what is taken is whole.
func (pv *prover) branch(n *treeNode, v []float64) *Branch {
	b := pv.choose(v)
	if b == nil || slices.ContainsFunc(n.splits[b.Fortnight], func(s split) bool { return s.Branch == *b }) {
		return nil
	}
	return b
}

// cutRounds is how often cuts are looked for at a node.
const cutRounds = 8

// reach prices a node until its bound reaches the target or can rise no more, cuts included. It returns what is taken then,
// or nil where the target is reached or the budget spent.
func (pv *prover) reach(n *treeNode, target int) []float64 {
	for round := 0; ; round++ {
		v := pv.climb(n, target)
		if v == nil || round == cutRounds {
			return v
		}
		cuts := pv.missing(v)
		if len(cuts) == 0 {
			return v
		}
		for _, c := range cuts {
			pv.lp.cutOff(c)
		}
		pv.cuts = append(pv.cuts, cuts...)
	}
}

// climb is reach with the cuts there are.
func (pv *prover) climb(n *treeNode, target int) []float64 {
	l := pv.lp
	dear := max(8, float64(target)*l.per/4)
	l.bar(pv.pr, n.splits, dear)
	pv.used += 20 + len(l.pool)/20
	for {
		if pv.over() {
			return nil
		}
		l.solve(20_000)
		fresh := pv.price(n)
		if whole(n.bound) >= target {
			return nil
		}
		v := l.values()
		barred := l.barred(v, pv.pr, n.splits)
		if !barred && n.bound > -noPlan {
			// Rounded up, the bound can rise no more.
			if top := math.Ceil(l.objective()/l.per - 1e-4); float64(whole(n.bound)-l.fixed) >= top {
				return v
			}
		}
		if fresh > 0 {
			continue
		}
		if !barred || dear > dearMax*l.per {
			return v
		}
		dear *= 2
		l.bar(pv.pr, n.splits, dear)
	}
}

// price evaluates prices exactly and adds the day plans that they miss; it returns how many. The duals jump about from
// pivot to pivot, so that a point between them and the best prices so far is tried first (Wentges 1997); where that
// brings no new day plan, the duals themselves.
func (pv *prover) price(n *treeNode) (fresh int) {
	p := pv.lp.prices()
	if n.least != nil {
		if fresh = pv.evaluate(n, n.prices.towards(p), centred); fresh > 0 {
			return fresh
		}
	}
	return pv.evaluate(n, p, 0)
}

// centred is the share, in eighths, of the best prices so far in those that are tried.
const centred = 5

// towards mixes prices with those of the duals.
func (p *Prices) towards(q *Prices) *Prices {
	mix := func(a, b int64) int64 { return (centred*a + (8-centred)*b) / 8 }
	all := func(a, b []int64) []int64 {
		list := make([]int64, len(a))
		for i := range a {
			list[i] = mix(a[i], b[i])
		}
		return list
	}
	return &Prices{
		Offers: all(p.Offers, q.Offers), People: all(p.People, q.People), Themes: all(p.Themes, q.Themes),
		Places:    mixed(p.Places, q.Places, mix),
		Uncovered: mix(p.Uncovered, q.Uncovered), Squares: mix(p.Squares, q.Squares), Minutes: mix(p.Minutes, q.Minutes), Grams: mix(p.Grams, q.Grams),
	}
}

// evaluate finds what prices prove and the day plans that gain under the duals, of which they hold share eighths of the
// node's best.
func (pv *prover) evaluate(n *treeNode, p *Prices, share int64) (fresh int) {
	l, pr, m := pv.lp, pv.pr, pv.m
	pr.set(pv.level, p)
	least, required := make([]int64, m.fortnights), pr.requirements(n.splits)
	for f := range least {
		if m.ruledOut(f, required) {
			continue
		}
		dual := 0.0
		for _, i := range l.apart[f] {
			dual += l.y[i]
		}
		if l.days != none {
			dual += l.y[l.days]
		}
		limit := int64(min(max(math.Round(dual/l.per*unit), -limitMax), limitMax))
		if share > 0 {
			limit = (share*n.least[f] + (8-share)*limit) / 8
		}
		if !required[f] {
			limit = min(limit, 0)
		}
		least[f] = pr.fortnight(f, n.splits[f], limit, func(b *dayPlan) {
			if share == 0 && b.cost > limit-unit/256 {
				return
			}
			c := &column{fortnight: f, day: b.day, tours: slices.Clone(b.tours), places: make([]int32, m.people)}
			for i := range c.places {
				c.places[i] = none
			}
			for i, person := range b.people {
				c.places[person] = b.places[i]
			}
			slices.Sort(c.tours)
			if one, isNew := pv.pooled(c); isNew {
				q := l.take(one)
				if l.reduced(q) < -priceSlack {
					l.ripe = append(l.ripe, int32(q))
					fresh++
				}
			}
		})
	}
	v := min(noPlan, pr.constant(pv.level, pv.asked, p, pv.forced)+m.together(least, required))
	if v > n.bound {
		n.bound, n.prices, n.least = v, p, least
		if n.depth == 0 && !pv.asking {
			pv.levels[len(pv.levels)-1].least = v
			pv.found()
		}
	}
	return fresh
}

// What is forbidden costs dearMax at most, in the level's unit; limitMax keeps sums of fortnights from the end of 64
// bits.
const (
	dearMax  = 1 << 20
	limitMax = 1 << 50
)

// fraction is what a share must be away from none and all to count as neither.
const fraction = 1e-4

// round makes a plan of the day plans that the master takes most of, and keeps it if it is better.
func (pv *prover) round(n *treeNode, v []float64) {
	l, m, x := pv.lp, pv.m, pv.x
	var order []int
	for k := range l.pool {
		if v[l.first+k] > fraction && l.pool[k].fits(n.splits[l.pool[k].fortnight]) {
			order = append(order, k)
		}
	}
	first := func(k int) int { // days that must be come before the days are spent
		if x.hold.day[l.pool[k].fortnight] != none {
			return 0
		}
		return 1
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(first(a), first(b)), cmp.Compare(v[l.first+b], v[l.first+a]), cmp.Compare(a, b))
	})
	was := x.s
	s := newState(m)
	x.s = s
	for _, k := range order {
		c := l.pool[k]
		if !s.apart(c.fortnight) || int(s.daysOf[0]) >= m.maxDays {
			continue
		}
		if slices.ContainsFunc(c.tours, func(j int32) bool { return !s.free(int(j)) }) {
			continue
		}
		s.takeDay(c)
	}
	bare := s.clone()
	for f, d := range x.hold.day {
		if d != none && s.day[f] == none {
			bare = was
		}
	}
	x.aim, x.limit = x.patience(), math.MaxInt-2000
	ok, before := true, x.work
	for _, must := range []bool{true, false} {
		for f := range m.fortnights {
			if s.apart(f) && (x.hold.day[f] != none) == must {
				ok = x.fill(f, 0) && ok
			}
		}
	}
	ok = ok && int(s.daysOf[0]) <= m.maxDays
	if ok {
		x.polish(0)
	}
	pv.used += x.work - before
	x.work = before
	if !ok || m.order.Less(bare.score, s.score) { // in some orders more visits, or other ways, are no gain
		s = bare
	}
	if !m.order.Less(s.score, was.score) {
		x.s = was
		return
	}
	x.s = s
	s.journal = s.journal[:0]
	pv.improved()
}

// takeDay puts a day plan into an empty fortnight.
func (s *state) takeDay(c *column) {
	s.chooseDay(c.fortnight, c.day)
	for _, j := range c.tours {
		s.open(int(j), c.fortnight)
	}
	for p, j := range c.places {
		if j != none {
			s.seat(p, int(j))
		}
	}
}

// improved notes a better plan.
func (pv *prover) improved() {
	for _, c := range pv.columns() {
		if !slices.Contains(pv.lp.pool, c) {
			pv.lp.take(c)
		}
	}
	pv.found()
}

// choose finds what to branch on: the day, then the tour, then the seat nearest to half; nil if all is whole.
func (pv *prover) choose(v []float64) *Branch {
	l, m := pv.lp, pv.m
	days := make([]float64, m.days)
	tours, seats := make([]float64, m.fortnights*m.tours), make([]float64, m.people*m.fortnights*m.tours)
	for q := l.first; q < len(v); q++ { // plans that came since are not in v
		w, c := v[q], l.pool[q-l.first]
		if w < 1e-9 {
			continue
		}
		days[c.day] += w
		for _, j := range c.tours {
			tours[c.fortnight*m.tours+int(j)] += w
		}
		for p, j := range c.places {
			if j != none {
				seats[(p*m.fortnights+c.fortnight)*m.tours+int(j)] += w
			}
		}
	}
	widest := func(list []float64) int {
		best, most := none, fraction
		for i, w := range list {
			if frac := min(w, 1-w); frac > most+1e-9 {
				best, most = i, frac
			}
		}
		return best
	}
	if d := widest(days); d != none {
		return &Branch{Kind: BranchDay, Fortnight: int(m.fort[d]), Day: d}
	}
	if i := widest(tours); i != none {
		return &Branch{Kind: BranchOffer, Fortnight: i / m.tours, Offer: i % m.tours}
	}
	if i := widest(seats); i != none {
		return &Branch{Kind: BranchSeat, Person: i / m.tours / m.fortnights, Fortnight: i / m.tours % m.fortnights, Offer: i % m.tours}
	}
	return nil
}
