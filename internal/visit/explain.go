package visit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
)

// explainer finds the reason of everything that a plan leaves out. Hard facts and pins are looked up; what they do
// not settle becomes a question: a short search with the thing forced in. Its best plan is the witness.
type explainer struct {
	m     *model
	x     *search
	pins  *hold
	plan  Assignment
	index []int32 // [tour]: visit of the plan, or none
	left  []Left

	seed  uint64
	pv    *prover // finds what things cost; nil: nothing does
	spare int     // units it may take
	each  int     // units a question may take
	limit int     // units all may take; counted in x.work
	open  []undecided
	// better is a witness that beats the plan, if a question came upon one.
	better Assignment
	ctx    context.Context
}

// undecided is a reason that more work might decide.
type undecided struct {
	at   int // in left
	what forced
}

// Explaining says how to explain an assignment.
type Explaining struct {
	// Seed chooses among equal ways; the same problem, assignment, seed and budgets give the same reasons, byte for byte.
	Seed uint64
	// Work is the budget for witnesses, in Plan's units; 0 stands for half of DefaultWork, less than 0 for none. ProofWork
	// is that for proving what things would cost; 0 stands for 96 times Work, less than 0 for none.
	Work      int
	ProofWork int
	// Only asks for one thing left out; nil asks for all. What is said of it is the same, as long as budgets last.
	Only *Subject
	// Progress is given each reason as it is found, in the calling goroutine; it may be nil.
	Progress func(Left)
}

// Explain gives the reasons for an assignment that breaks no rule, made by hand for instance, with its score and what is
// proved of it: everything left out, in the order offers, days, person-days, themes. Costs are against this assignment,
// best or not. When budgets are spent or the context ends, what is left says NOT_DECIDED. Where the assignment does not have
// what the problem asks for everyone or of themes, reasons are given as if it were not asked.
func Explain(ctx context.Context, p Problem, a Assignment, o Explaining) (Result, error) {
	m, err := newModel(&p)
	if err != nil {
		return Result{}, err
	}
	if broken := Check(p, a); len(broken) > 0 {
		return Result{}, fmt.Errorf("explain: the assignment breaks %s and so has no reasons yet", broken[0].Rule)
	}
	if o.Work == 0 {
		o.Work = DefaultWork(p) / 2
	}
	o.Work = max(0, o.Work)
	if o.ProofWork == 0 {
		o.ProofWork = 96 * o.Work
	}
	x := newSearch(m, newHold(m), o.Seed)
	a = slices.Clone(a)
	a.sort()
	if x.s.load(a); !m.grants(x.s.score) {
		p.EveryoneAtLeast, p.CoverEveryTheme = 0, false
		return Explain(ctx, p, a, o)
	}
	pv := newProver(ctx, x, newBounds(m))
	e := newExplainer(ctx, x, a, o.Seed, o.Work)
	if o.ProofWork > 0 && pv.able() {
		e.pv, e.spare = pv, o.ProofWork
		pv.still, pv.found = true, func() {}
		for _, level := range m.order[:len(m.order)-1] {
			pv.prove(level, o.ProofWork/4)
		}
	}
	subjects := e.leftOut()
	if o.Only != nil {
		if subjects = slices.DeleteFunc(subjects, func(s Subject) bool { return !s.is(*o.Only) }); len(subjects) == 0 {
			return Result{}, errors.New("explain: what is asked for is not left out")
		}
	}
	for _, s := range subjects {
		e.explain(s)
		if o.Progress != nil {
			o.Progress(e.left[len(e.left)-1])
		}
	}
	e.decide()
	r := Result{Seed: o.Seed, Score: x.s.score, Visits: a, Left: e.left, Work: x.work + pv.work(), Cancelled: ctx.Err() != nil}
	r.Bound, r.Certificate = pv.of(r.Score), pv.certificate(r.Score)
	r.ProvedLevels = m.order.Proved(r.Score, r.Bound)
	return r, nil
}

func newExplainer(ctx context.Context, x *search, plan Assignment, seed uint64, work int) *explainer {
	e := &explainer{m: x.m, x: x, pins: x.hold, plan: plan, index: make([]int32, x.m.tours), ctx: ctx, seed: seed, left: []Left{}}
	for i := range e.index {
		e.index[i] = none
	}
	for i, v := range plan {
		e.index[x.m.tourOf(v.Offers)] = int32(i)
	}
	e.limit = x.work + work
	e.each = max(60, min(600, work/max(1, e.questions())))
	return e
}

// questions guesses how many there will be.
func (e *explainer) questions() int {
	n := 0
	for o := range e.m.tours {
		if e.x.s.usedBy[o] == none {
			n++
		}
	}
	for _, days := range e.m.live {
		n += len(days)
	}
	return n + e.m.people
}

// all explains everything; with stop, it ends as soon as a better plan turned up.
func (e *explainer) all(stop bool) {
	for _, s := range e.leftOut() {
		if stop && e.better != nil {
			return
		}
		e.explain(s)
	}
	e.decide()
}

// leftOut lists all that the plan leaves out.
func (e *explainer) leftOut() (all []Subject) {
	m := e.m
	for o := range m.tours {
		if m.weight[o] == 1 && e.x.s.usedBy[o] == none {
			all = append(all, Subject{Kind: KindOffer, Offer: &o})
		}
	}
	for c := range m.cohorts {
		for d := range m.days {
			if len(m.peopleOf[c]) > 0 && e.x.s.day[m.slot(c, int(m.fort[d]))] != int32(d) {
				all = append(all, Subject{Kind: KindDay, Cohort: &c, Day: &d})
			}
		}
	}
	for p := range m.people {
		for f := range m.fortnights {
			day := int(e.x.s.day[m.slot(int(m.cohort[p]), f)])
			if day != none && e.x.s.at[p*m.fortnights+f] == none {
				all = append(all, Subject{Kind: KindPersonDay, Person: &p, Day: &day})
			}
		}
	}
	for team, themes := range m.problem.TeamThemes {
		for _, theme := range themes {
			if e.x.s.cover[team*m.themesN+theme] == 0 {
				all = append(all, Subject{Kind: KindTheme, Team: &team, Theme: &theme})
			}
		}
	}
	return all
}

func (e *explainer) explain(s Subject) {
	switch s.Kind {
	case KindOffer:
		e.offer(*s.Offer)
	case KindDay:
		e.day(*s.Cohort, *s.Day)
	case KindPersonDay:
		e.personDay(*s.Person, *s.Day)
	case KindTheme:
		e.theme(*s.Team, *s.Theme)
	}
}

func (e *explainer) say(s Subject, r Reason, f Facts) { e.left = append(e.left, Left{s, r, f}) }

// question is something forced into the plan: a day, perhaps a tour on it, perhaps a person on that or any tour.
type question struct {
	cohort, day, tour, person int
}

func (q question) seed() uint64 {
	return uint64(q.cohort)<<48 ^ uint64(q.day)<<32 ^ uint64(q.tour+1)<<16 ^ uint64(q.person+1)
}

func (e *explainer) offer(o int) {
	m, p := e.m, e.m.problem
	subject := Subject{Kind: KindOffer, Offer: &o}
	if p.Offers[o].Excluded != nil {
		e.say(subject, ExcludedOffer, Facts{Exclusion: p.Offers[o].Excluded})
		return
	}
	if len(p.Offers[o].Days) == 0 {
		e.say(subject, NoDayLeft, Facts{Days: p.Offers[o].Offered})
		return
	}
	var open []question
	var held []Held
	for _, j := range m.within[o] {
		for c := range m.cohorts {
			for _, d := range p.Offers[j].Days {
				if !m.couldHold(c, j, d) {
					continue
				}
				if by, pinned := e.pinnedAway(c, j, d); pinned {
					held = append(held, by)
				} else if slices.Contains(m.live[m.slot(c, int(m.fort[d]))], d) || m.pinnedDay[m.slot(c, int(m.fort[d]))] == int32(d) {
					open = append(open, question{c, d, j, none})
				}
			}
		}
	}
	switch {
	case len(open) > 0:
		reason, facts := e.ask(open)
		what := unforced
		what.offer = o
		reason, facts = e.cost(what, reason, facts)
		e.say(subject, reason, facts)
	case len(held) > 0:
		facts := Facts{HeldBy: held}
		for _, h := range held {
			if h.HeldBy == none {
				facts.VisitDaysMax = m.maxDays
			}
		}
		e.say(subject, DaysPinnedAway, facts)
	default:
		facts := Facts{}
		for _, j := range m.within[o] {
			if !m.excluded[j] && len(p.Offers[j].Days) > 0 && m.people > 0 {
				facts.Counts = append(facts.Counts, e.bestCount(j))
			}
		}
		e.say(subject, TooFewCanGo, facts)
	}
}

// cost proves what the thing would cost where nothing else is known of it; what that does not decide is noted for decide.
func (e *explainer) cost(f forced, reason Reason, facts Facts) (Reason, Facts) {
	if reason != NotDecided || e.pv == nil {
		return reason, facts
	}
	if reason, facts = e.prove(f, facts, costEach); reason == NotDecided {
		e.open = append(e.open, undecided{len(e.left), f})
	}
	return reason, facts
}

// decide gives what is still undecided more work, now that everything had some.
func (e *explainer) decide() {
	for _, q := range e.open {
		l := &e.left[q.at]
		reason, facts := e.prove(q.what, l.Facts, costMost)
		if facts.Swap != "" {
			facts.Swap = reason
		} else {
			l.Reason = reason
		}
		l.Facts = facts
	}
}

// prove is cost, in so many units at most.
func (e *explainer) prove(f forced, facts Facts, limit int) (Reason, Facts) {
	plan := e.x.s.score
	var known *Score
	if facts.Witness != nil {
		known = &facts.Witness.Score
	}
	if e.spare <= 0 || e.ctx.Err() != nil || known != nil && e.m.order.Less(*known, plan) {
		return NotDecided, facts
	}
	begun := e.pv.work()
	c := e.pv.costs(f, known, min(e.spare, limit))
	facts.Work += e.pv.work() - begun
	e.spare -= e.pv.work() - begun
	if c.with != nil && (facts.Witness == nil || e.m.order.Less(c.with.score, facts.Witness.Score)) {
		facts.Witness = e.witness(c.with)
		if c.with.score == plan {
			return EqualAlternative, facts
		}
		if e.m.order.Less(c.with.score, plan) {
			e.adopt(facts.Witness)
		}
	}
	bound := Score{Uncovered: c.bound[0], MaxShortfall: c.bound[1], SquaredShortfall: c.bound[2], Minutes: c.bound[3], Grams: c.bound[4]}
	facts.Bound, facts.Level, facts.Loss = &bound, c.level, c.loss
	if len(c.proof) > 0 {
		slices.SortFunc(c.proof, func(a, b LevelProof) int { return cmp.Compare(a.Level, b.Level) })
		facts.Proof = &Certificate{c.proof}
	}
	if c.level > 0 {
		return WouldCost, facts
	}
	return NotDecided, facts
}

// costEach bounds the units that one such proof takes at first, costMost those where it did not do.
const (
	costEach = 40_000
	costMost = 10 * costEach
)

// pinnedAway says whether pins alone keep tour j from day d, and which.
func (e *explainer) pinnedAway(c, j, d int) (Held, bool) {
	m := e.m
	h := Held{Cohort: c, Day: d, Pinned: true}
	for _, o := range m.parts[j] {
		for i := range m.pins {
			if slices.Contains(m.parts[m.pins[i].Offer], o) && m.pins[i].Offer != j {
				part := o
				h.HeldBy, h.Offer = m.pins[i].Day, &part
				return h, true
			}
		}
	}
	if days := m.pinnedNear(c, d); len(days) > 0 {
		h.HeldBy = days[0]
		return h, true
	}
	if m.pinnedDay[m.slot(c, int(m.fort[d]))] == int32(d) {
		return h, false
	}
	h.HeldBy = none
	return h, e.pinnedDays(c) >= m.maxDays
}

func (e *explainer) pinnedDays(c int) (n int) {
	for f := range e.m.fortnights {
		if e.m.pinnedDay[e.m.slot(c, f)] != none {
			n++
		}
	}
	return n
}

func (e *explainer) count(c, j, d int) Count {
	m, p := e.m, e.m.problem
	n := Count{Offer: j, Day: d, Cohort: c, Min: p.Offers[j].Min}
	for _, person := range m.peopleOf[c] {
		q := int(person)
		if m.away[q*m.days+d] {
			continue
		}
		n.Free++
		if p.People[q].StepFree && !p.Offers[j].StepFree {
			continue
		}
		n.StepFree++
		if m.canGo(q, j) {
			n.WithinLimit++
		}
	}
	return n
}

func (e *explainer) bestCount(j int) (best Count) {
	first := true
	for c := range e.m.cohorts {
		if len(e.m.peopleOf[c]) == 0 {
			continue
		}
		for _, d := range e.m.problem.Offers[j].Days {
			if n := e.count(c, j, d); first || n.WithinLimit > best.WithinLimit {
				best, first = n, false
			}
		}
	}
	return best
}

func (e *explainer) day(c, d int) {
	m := e.m
	subject := Subject{Kind: KindDay, Cohort: &c, Day: &d}
	if len(m.openOn[d]) == 0 {
		e.say(subject, NoOffer, Facts{})
		return
	}
	var could []int
	var counts []Count
	for _, j := range m.openOn[d] {
		counts = append(counts, e.count(c, j, d))
		if m.couldHold(c, j, d) {
			could = append(could, j)
		}
	}
	if len(could) == 0 {
		e.say(subject, TooFewAnywhere, Facts{Counts: counts})
		return
	}
	slot := m.slot(c, int(m.fort[d]))
	taken, facts := e.taken(c, d)
	if len(m.pinnedNear(c, d)) > 0 {
		e.say(subject, taken, facts)
		return
	}
	if e.pinnedDays(c) >= m.maxDays {
		e.say(subject, DaysSpent, Facts{HeldBy: e.spent(c, d), VisitDaysMax: m.maxDays})
		return
	}
	if by := e.dominating(c, d); by != none {
		e.say(subject, DominatedBy, Facts{Dominating: &by})
		return
	}
	held := facts
	swap, facts := e.ask([]question{{c, d, none, none}})
	what := unforced
	what.day = d
	swap, facts = e.cost(what, swap, facts)
	switch {
	case !e.x.s.apart(slot):
		facts.Swap, facts.HeldBy, facts.DaysBetweenMin = swap, held.HeldBy, held.DaysBetweenMin
		e.say(subject, taken, facts)
	case int(e.x.s.daysOf[c]) >= m.maxDays:
		facts.Swap, facts.HeldBy, facts.VisitDaysMax = swap, e.spent(c, d), m.maxDays
		e.say(subject, DaysSpent, facts)
	case !slices.ContainsFunc(could, func(j int) bool { return e.x.s.free(j) }):
		facts.Swap = swap
		for _, j := range could {
			for _, o := range m.parts[j] {
				if by := e.x.s.usedBy[o]; by != none {
					offer := o
					facts.HeldBy = append(facts.HeldBy, Held{Cohort: c, Day: d, HeldBy: e.plan[e.index[by]].Day, Offer: &offer})
				}
			}
		}
		e.say(subject, OffersUsedElsewhere, facts)
	default:
		e.say(subject, swap, facts)
	}
}

// taken tells which visit days keep the cohort from having one on d.
func (e *explainer) taken(c, d int) (Reason, Facts) {
	m, facts := e.m, Facts{DaysBetweenMin: e.m.problem.DaysBetweenMin}
	near := m.near[m.fort[d]]
	for f := near[0]; f < near[1]; f++ {
		if slot := m.slot(c, f); e.x.s.day[slot] != none {
			facts.HeldBy = append(facts.HeldBy, Held{Cohort: c, Day: d, HeldBy: int(e.x.s.day[slot]), Pinned: m.pinnedDay[slot] != none})
		}
	}
	if m.spaced() {
		return TooNear, facts
	}
	return FortnightTaken, facts
}

func (e *explainer) spent(c, d int) (held []Held) {
	for f := range e.m.fortnights {
		slot := e.m.slot(c, f)
		if by := e.x.s.day[slot]; by != none {
			held = append(held, Held{Cohort: c, Day: d, HeldBy: int(by), Pinned: e.m.pinnedDay[slot] != none})
		}
	}
	return held
}

// dominating finds the day of the fortnight that has all of d: the visit day if it is one, else the first that is not
// dominated itself, none if there is none.
func (e *explainer) dominating(c, d int) int {
	m := e.m
	slot := m.slot(c, int(m.fort[d]))
	if by := int(e.x.s.day[slot]); by != none && m.dominates(c, by, d) {
		return by
	}
	for _, by := range m.live[slot] {
		if by != d && m.dominates(c, by, d) {
			return by
		}
	}
	return none
}

func (e *explainer) personDay(p, d int) {
	m, problem := e.m, e.m.problem
	subject := Subject{Kind: KindPersonDay, Person: &p, Day: &d}
	if m.away[p*m.days+d] {
		e.say(subject, PersonAway, Facts{})
		return
	}
	c, f := int(m.cohort[p]), int(m.fort[d])
	held := slices.Clone(e.x.s.held[m.slot(c, f)])
	slices.Sort(held)
	facts := Facts{}
	steps, full := false, true
	var could []int
	for _, tour := range held {
		j := int(tour)
		facts.Offers = append(facts.Offers, j)
		switch {
		case m.canGo(p, j):
			could = append(could, j)
			full = full && (e.pins.only[j] || e.x.s.size[j] >= m.hi[j])
		case problem.People[p].StepFree && !problem.Offers[j].StepFree:
			steps = true
		default:
			if known := -problem.ReturnMinutes[p][j]; known > 1 && (facts.LeastMinutes == 0 || known < facts.LeastMinutes) {
				facts.LeastMinutes = known
			}
		}
	}
	switch {
	case len(could) == 0 && steps:
		e.say(subject, PersonNotStepFree, Facts{Offers: facts.Offers})
	case len(could) == 0:
		facts.LimitMinutes = problem.DoorToDoorLimitMinutes
		e.say(subject, PersonTooFar, facts)
	case full && e.seatsGone(subject, p, could):
	default:
		reason, facts := e.ask([]question{{c, d, none, p}})
		what := unforced
		what.day, what.person = d, p
		reason, facts = e.cost(what, reason, facts)
		e.say(subject, reason, facts)
	}
}

// seatsGone re-scores each swap; unless one is no worse, it says SEATS_GONE.
func (e *explainer) seatsGone(subject Subject, p int, could []int) bool {
	s := e.x.s
	facts := Facts{}
	before := s.score
	for _, j := range could {
		v := int(e.index[j])
		facts.Groups = append(facts.Groups, v)
		for _, q := range e.plan[v].People {
			if e.pins.only[j] {
				facts.Swaps = append(facts.Swaps, Swap{Person: q, Pinned: true})
				continue
			}
			s.leave(q, j)
			s.take(p, j)
			level, loss := e.m.order.Against(s.score, before)
			short := s.score.missing > before.missing
			s.leave(p, j)
			s.take(q, j)
			if short {
				facts.Swaps = append(facts.Swaps, Swap{Person: q, Short: true})
				continue
			}
			if loss <= 0 {
				e.swapped(subject, p, q, v, loss < 0)
				return true
			}
			facts.Swaps = append(facts.Swaps, Swap{Person: q, Level: level, Loss: loss})
		}
	}
	slices.Sort(facts.Groups)
	e.say(subject, SeatsGone, facts)
	return true
}

// swapped tells of a swap that is as good, or better.
func (e *explainer) swapped(subject Subject, p, q, v int, better bool) {
	with := e.plan[v]
	with.People = slices.Clone(with.People)
	with.People[slices.Index(with.People, q)] = p
	slices.Sort(with.People)
	j := e.m.tourOf(with.Offers)
	e.x.s.leave(q, j)
	e.x.s.take(p, j)
	w := &Witness{Score: e.x.s.score, Without: []int{v}, With: Assignment{with}}
	e.x.s.leave(p, j)
	e.x.s.take(q, j)
	if better {
		e.adopt(w)
		e.say(subject, NotDecided, Facts{Witness: w})
		return
	}
	e.say(subject, EqualAlternative, Facts{Witness: w})
}

// adopt keeps a witness that beats the plan.
func (e *explainer) adopt(w *Witness) {
	if e.better != nil {
		return
	}
	for i, v := range e.plan {
		if !slices.Contains(w.Without, i) {
			e.better = append(e.better, v)
		}
	}
	e.better = append(e.better, w.With...)
	e.better.sort()
}

func (e *explainer) theme(team, theme int) {
	m := e.m
	subject := Subject{Kind: KindTheme, Team: &team, Theme: &theme}
	var shown []int
	var open []question
	for j := range m.tours {
		if !slices.Contains(m.themes[j], int32(theme)) {
			continue
		}
		shown = append(shown, j)
		if m.excluded[j] {
			continue
		}
		for _, person := range m.membersOf[team] {
			q := int(person)
			c := int(m.cohort[q])
			for _, d := range m.daysFor(c, j) {
				if m.canGo(q, j) && !m.away[q*m.days+d] && m.holdable(c, j, d) {
					open = append(open, question{c, d, j, q})
				}
			}
		}
	}
	members := []int{}
	for _, q := range m.membersOf[team] {
		members = append(members, int(q))
	}
	switch {
	case len(shown) == 0:
		e.say(subject, NoOfferWithTheme, Facts{})
	case len(open) == 0:
		e.say(subject, NobodyCanGo, Facts{Offers: shown, Members: members})
	default:
		reason, facts := e.ask(open)
		what := unforced
		what.team, what.theme = team, theme
		reason, facts = e.cost(what, reason, facts)
		e.say(subject, reason, facts)
	}
}
