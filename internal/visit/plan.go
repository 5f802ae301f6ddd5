package visit

import "context"

// Options say how to plan.
type Options struct {
	// Seed chooses among equal ways; the same problem, seed and work give the same plan, byte for byte.
	Seed uint64
	// Work is the budget in units, each a transport or a look for a better exchange of seats: some 100,000 a second
	// at 38 people. 0 stands for DefaultWork.
	Work int
	// ReasonWork is the budget for witnesses of what is left out, in the same units; 0 stands for Work/2, less than 0
	// for none.
	ReasonWork int
	// CostWork is the budget for proving what those things would cost; 0 stands for 12 times ReasonWork, less than 0 for
	// none, and where no proof is wanted there is none.
	CostWork int
	// ProofWork is the budget for proving the plan best, in the same units; 0 stands for 20 times Work, less than 0 for
	// none. Several cohorts are each proved on their own; one with days of more than 40 tours only by counting.
	ProofWork int
	// Conflicts is how many conflicts are looked for where there is no plan; 0 stands for 1. Conflict is called with each
	// when it is known, in the calling goroutine; it may be nil.
	Conflicts int
	Conflict  func(Conflict)
	// Progress is called now and then with the best so far, in the calling goroutine; it may be nil.
	Progress func(Progress)
}

// Progress is how far planning has come: Score falls and Bound rises, level by level, until they meet or the budget
// is spent.
type Progress struct {
	Score  Score
	Bound  Score
	Work   int
	Limit  int
	Visits Assignment
}

// Result is a plan: what the JSON object of docs/planning.md holds.
type Result struct {
	Score Score `json:"score"`
	// Bound holds, level by level, what no plan that equals Score on the levels before can beat.
	Bound Score `json:"bound"`
	// ProvedLevels counts the leading levels at which Score equals Bound.
	ProvedLevels int        `json:"provedLevels"`
	Visits       Assignment `json:"visits"`
	Left         []Left     `json:"left"`
	Seed         uint64     `json:"seed"`
	Work         int        `json:"work"`
	// Cancelled says that the context ended the planning before its work was done.
	Cancelled bool `json:"cancelled"`
	// Certificate proves what Bound has beyond counting; nil where that is nothing.
	Certificate *Certificate `json:"certificate,omitempty"`
	// Cohorts has a part for each cohort with people where there are several and proofs were wanted.
	Cohorts []CohortResult `json:"cohorts,omitempty"`
}

// DefaultWork is the budget that Plan takes for a problem where none is given.
func DefaultWork(p Problem) int {
	cohorts := 1
	for _, person := range p.People {
		cohorts = max(cohorts, person.Cohort+1)
	}
	return 100_000 + 20_000*(cohorts-1)
}

// Plan makes a plan that breaks no hard rule and looks for the best: a first plan and a large neighbourhood search;
// for one cohort then branch and price, level by level, with more search in between; for several, which the search has
// allotted their offers, the same for each on its own, side by side. It ends when the plan is proved best or the budget
// is spent. A context that ends earlier means the best so far and what was proved of it, Cancelled.
// Errors are those of Validate, and *Infeasible where no plan has what is asked.
func Plan(ctx context.Context, p Problem, o Options) (Result, error) {
	m, err := newModel(&p)
	if err != nil {
		return Result{}, err
	}
	if o.Work == 0 {
		o.Work = DefaultWork(p)
	}
	x := newSearch(m, newHold(m), o.Seed)
	q := newInquiry(ctx, m, o.Seed, questionWork*o.Work)
	if built := x.build(); !built || p.asks() {
		switch a := q.ask(q.whole()); {
		case a.verdict == infeasible || !built:
			return Result{}, q.report(o)
		case a.verdict == feasible:
			x.s = newState(m)
			x.s.load(a.plan)
		}
	}
	b := newBounds(m)
	x.unseen = b.uncovered
	pv, co := newProver(ctx, x, b), newCohorts(ctx, x, o.Seed)
	switch {
	case o.ProofWork < 0 || m.cohorts == 1 && !pv.able():
		o.ProofWork = 0
	case o.ProofWork == 0:
		o.ProofWork = 20 * o.Work
	}
	var told struct{ score, bound Score }
	report := func() {
		told.score, told.bound = x.s.score, pv.of(x.s.score)
		if o.Progress != nil {
			o.Progress(Progress{
				Score: told.score, Bound: told.bound, Work: x.work + pv.work() + co.work, Limit: o.Work + o.ProofWork, Visits: x.s.assignment(),
			})
		}
	}
	report()
	pv.found = func() {
		if told.score != x.s.score || told.bound != pv.of(x.s.score) {
			report()
		}
	}
	next := 0
	run := func(limit int) {
		x.limit = limit
		x.run(ctx, func() {
			if x.work >= next {
				report()
				next = x.work + o.Work/100
			}
		})
	}
	switch {
	case o.ProofWork == 0:
		run(o.Work)
	case m.cohorts == 1:
		pv.all(o.Work, o.ProofWork, run)
	default:
		run(o.Work)
		co.all(o.ProofWork, report)
	}
	if o.ReasonWork == 0 {
		o.ReasonWork = o.Work / 2
	}
	if o.CostWork == 0 {
		o.CostWork = 12 * o.ReasonWork
	}
	var left []Left
	for round := 0; ; round++ {
		e := newExplainer(ctx, x, x.s.assignment(), o.Seed, max(0, o.ReasonWork))
		if o.ProofWork > 0 && m.cohorts == 1 {
			e.pv, e.spare = pv, o.CostWork
		}
		e.all(round < explainRounds)
		left = e.left
		if e.better == nil || round == explainRounds {
			break
		}
		// A question came upon a better plan: that is the plan then, after a little more search from there.
		x.s = newState(m)
		x.s.load(e.better)
		run(x.work + o.Work/20)
		if o.ProofWork > 0 && m.cohorts > 1 {
			co.changed()
			co.all(o.ProofWork/20, report)
		}
	}
	if !m.grants(x.s.score) {
		return Result{}, q.report(o)
	}
	r := Result{Seed: o.Seed, Score: x.s.score, Visits: x.s.assignment(), Left: left, Cancelled: ctx.Err() != nil}
	if o.ProofWork > 0 && m.cohorts > 1 {
		r.Cohorts = co.results()
	}
	r.Work = q.work + x.work + pv.work() + co.work
	r.Bound = pv.of(r.Score)
	r.Certificate = pv.certificate(r.Score)
	r.ProvedLevels = proved(r.Score, r.Bound)
	report()
	return r, nil
}

// questionWork is how many times Work goes at most into the question whether a request has a plan.
const questionWork = 4

// explainRounds bounds how often a plan is improved by what its questions found.
const explainRounds = 20

func proved(score, bound Score) int {
	s, b := score.Levels(), bound.Levels()
	for i := range s {
		if s[i] != b[i] {
			return i
		}
	}
	return len(s)
}
