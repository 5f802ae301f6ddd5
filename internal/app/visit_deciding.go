package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/visit"
)

// deciding finds out in the background, one plan after the other, what things left out would cost. The plan that was
// looked at last comes first.
type deciding struct {
	mu   sync.Mutex
	next []string
	busy bool
}

// decide has the reasons of plans found out. What is known already costs a look.
func (a *App) decide(plans ...string) {
	d := &a.deciding
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, id := range plans {
		d.next = append(slices.DeleteFunc(d.next, func(x string) bool { return x == id }), id)
	}
	if !d.busy && len(d.next) > 0 {
		d.busy = true
		go a.decideAll(a.jobs.begin(reasonsJob))
	}
}

// reasonsJob is the name of the one job that is nobody's.
const reasonsJob = "reasons"

func (a *App) decideAll(stop context.Context) {
	d := &a.deciding
	for {
		d.mu.Lock()
		if len(d.next) == 0 || stop.Err() != nil {
			a.jobs.end(reasonsJob)
			d.busy, d.next = false, nil
			d.mu.Unlock()
			return
		}
		id := d.next[len(d.next)-1]
		d.next = d.next[:len(d.next)-1]
		d.mu.Unlock()
		if err := a.decidePlan(stop, id); err != nil && stop.Err() == nil {
			a.log.Error("the reasons of a plan could not be found out", "plan", id, "error", err)
		}
	}
}

// Settle waits until nothing works in the background, or ctx ends.
func (a *App) Settle(ctx context.Context) {
	for working := a.jobs.working(); working != nil; working = a.jobs.working() {
		select {
		case <-working:
		case <-ctx.Done():
			return
		}
	}
}

// system is Tandem itself, for what it does of its own accord.
func system() *domain.Actor {
	return &domain.Actor{ID: "tandem", Name: "Tandem", Grants: []domain.Grant{{Role: domain.Owner}}}
}

// What is found out is kept now and then, so that a large plan shows its reasons as they come.
const keepReasonsEvery = time.Second

// decidePlan finds out what is not known of a plan as it now is, and keeps it.
func (a *App) decidePlan(stop context.Context, id string) (err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("panic: %v", broken)
		}
	}()
	ctx := As(stop, system())
	p, err := a.VisitPlan(ctx, id)
	if errors.Is(err, domain.ErrNotFound) || err == nil && p.State == domain.PlanPlanning {
		return nil
	}
	if err != nil {
		return err
	}
	x, err := a.explaining(ctx, p)
	if err != nil {
		return err
	}
	if _, whole, err := a.known(ctx, x); whole || err != nil {
		return err
	}
	_, err = a.findOut(stop, x)
	return err
}

// findOut asks the engine for all that it can say of a plan, and keeps it.
func (a *App) findOut(stop context.Context, x *explaining) (visit.Result, error) {
	kept := time.Now()
	var partial visit.Result
	o := visit.Explaining{Seed: 1, Work: askWork(x.problem), Progress: func(l visit.Left) {
		partial.Left = append(partial.Left, l)
		if time.Since(kept) >= keepReasonsEvery {
			kept = time.Now()
			if err := a.keepReasons(x, partial, false); err != nil {
				a.log.Warn("reasons could not be kept", "plan", x.plan.ID, "error", err)
			}
		}
	}}
	r, err := visit.Explain(stop, x.problem, x.sound, o)
	if err != nil || stop.Err() != nil {
		return r, errors.Join(err, stop.Err())
	}
	return r, a.keepReasons(x, r, true)
}

// PlanFile is a plan as docs/planning.md writes one down, every reason with its facts and proofs, and the problem that it
// answers: what `tandem plan --check` takes. What breaks a hard rule is left out of both. What is not known yet is found
// out first. For those who may see the plan's drafts.
func (a *App) PlanFile(ctx context.Context, id string) (visit.Problem, visit.Result, error) {
	p, err := a.VisitPlan(ctx, id)
	if err != nil {
		return visit.Problem{}, visit.Result{}, err
	}
	if err := must(ctx, domain.SeePlans, p.Place()); err != nil {
		return visit.Problem{}, visit.Result{}, err
	}
	if p.State == domain.PlanPlanning {
		return visit.Problem{}, visit.Result{}, domain.Invalid("The plan is still being planned: wait until it is done.")
	}
	x, err := a.explaining(ctx, p)
	if err != nil {
		return visit.Problem{}, visit.Result{}, err
	}
	r, whole, err := a.known(ctx, x)
	if err == nil && !whole {
		r, err = a.findOut(ctx, x)
	}
	return x.problem, r, err
}

// askWork is the budget for the witnesses of one plan. A unit costs more the larger the problem is.
func askWork(p visit.Problem) int {
	size := max(1, len(p.People)*len(p.Offers))
	return max(2_000, min(visit.DefaultWork(p)/2, 40_000_000/size))
}

func (a *App) keepReasons(x *explaining, r visit.Result, whole bool) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	ctx := context.Background()
	_, err = a.store.Write(ctx, system(), a.clock(), func(tx *storage.Tx) error {
		if _, err := storage.One[domain.VisitPlan](ctx, tx.Reader, x.plan.ID); err != nil {
			return err
		}
		return storage.Put(tx, &domain.PlanReasons{ID: x.plan.ID, CohortID: x.plan.CohortID, ProgrammeID: x.plan.ProgrammeID,
			Digest: x.digest(), Whole: whole, Result: string(text)})
	})
	if errors.Is(err, domain.ErrNotFound) { // the plan went meanwhile
		return nil
	}
	if err == nil {
		a.feed.committed()
	}
	return err
}

// digest tells apart what the engine is asked. It begins with a number that counts up when the form of answers changes.
func (x *explaining) digest() string {
	hash := sha256.New()
	if err := gob.NewEncoder(hash).Encode(struct {
		Form       int
		Problem    visit.Problem
		Assignment visit.Assignment
	}{2, x.problem, x.sound}); err != nil {
		panic(err) // numbers and texts: they can be written
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// known is what is kept of a plan as it now is; whole says that nothing more can be found out.
func (a *App) known(ctx context.Context, x *explaining) (r visit.Result, whole bool, err error) {
	digest := x.digest()
	if r, ok := a.decided.get(digest); ok {
		return r, true, nil
	}
	kept, err := nouns[domain.PlanReasons](a.view(ctx)).get(ctx, x.plan.ID)
	if err != nil || kept == nil || kept.Digest != digest {
		return r, false, err
	}
	if err := json.NewDecoder(bytes.NewReader([]byte(kept.Result))).Decode(&r); err != nil {
		return visit.Result{}, false, nil // of an earlier version: found out anew
	}
	if kept.Whole {
		a.decided.put(digest, r)
	}
	return r, kept.Whole, nil
}

// reasonsOf is everything that a plan leaves out and as much of why as is known at once; the rest is found out in the
// background.
func (a *App) reasonsOf(ctx context.Context, x *explaining) (left []visit.Left, whole bool, err error) {
	r, whole, err := a.known(ctx, x)
	if err != nil || whole {
		return r.Left, whole, err
	}
	a.decide(x.plan.ID)
	facts, err := visit.Explain(ctx, x.problem, x.sound, visit.Explaining{Work: -1, ProofWork: -1})
	if err != nil {
		return nil, false, err
	}
	copy(facts.Left, r.Left) // in the same order, as far as it has come
	return facts.Left, false, nil
}

// decided remembers what was found out by what was asked, so that it need not be read again: the last ones only.
type decided struct {
	mu    sync.Mutex
	known map[string]visit.Result
	order []string
}

const decidedMost = 64

func (d *decided) get(digest string) (visit.Result, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	r, ok := d.known[digest]
	return r, ok
}

func (d *decided) put(digest string, r visit.Result) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, ok := d.known[digest]; ok {
		return
	}
	if d.known == nil {
		d.known = map[string]visit.Result{}
	}
	d.known[digest] = r
	if d.order = append(d.order, digest); len(d.order) > decidedMost {
		delete(d.known, d.order[0])
		d.order = d.order[1:]
	}
}
