package app

import (
	"context"
	"sync"
)

// jobs is what works in the background: how to stop it, and who watches.
type jobs struct {
	mu      sync.Mutex
	stop    map[string]context.CancelFunc
	moved   map[string]chan struct{}
	running sync.WaitGroup
	closed  bool
}

// begin notes a job as running and gives the context in which it works until it is stopped.
func (j *jobs) begin(id string) context.Context {
	j.mu.Lock()
	defer j.mu.Unlock()
	ctx, cancel := context.WithCancel(context.Background())
	if j.stop == nil {
		j.stop = map[string]context.CancelFunc{}
	}
	if j.closed {
		cancel()
	}
	j.stop[id] = cancel
	j.running.Add(1)
	return ctx
}

// end notes a job as over.
func (j *jobs) end(id string) {
	j.mu.Lock()
	cancel := j.stop[id]
	delete(j.stop, id)
	j.mu.Unlock()
	cancel()
	j.move(id)
	j.running.Done()
}

// cancel stops a job, which keeps its best so far; false where it does not run here.
func (j *jobs) cancel(id string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	cancel, ok := j.stop[id]
	if ok {
		cancel()
	}
	return ok
}

// moves is closed the next time that a job moves.
func (j *jobs) moves(id string) <-chan struct{} {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.next(id)
}

// working is closed the next time that one of the jobs that run moves; nil where none runs.
func (j *jobs) working() <-chan struct{} {
	j.mu.Lock()
	defer j.mu.Unlock()
	for id := range j.stop {
		return j.next(id)
	}
	return nil
}

func (j *jobs) next(id string) chan struct{} {
	if j.moved == nil {
		j.moved = map[string]chan struct{}{}
	}
	if j.moved[id] == nil {
		j.moved[id] = make(chan struct{})
	}
	return j.moved[id]
}

// move wakes those who watch a job.
func (j *jobs) move(id string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if c := j.moved[id]; c != nil {
		close(c)
		delete(j.moved, id)
	}
}

// Close stops every job and waits until each has kept what it has.
func (a *App) Close() {
	a.jobs.mu.Lock()
	a.jobs.closed = true
	for _, cancel := range a.jobs.stop {
		cancel()
	}
	a.jobs.mu.Unlock()
	a.jobs.running.Wait()
	a.keepOpenings()
}
