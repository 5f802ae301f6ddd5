package web

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"tandem/internal/domain"
)

// stream answers an operation as server-sent events, one connection for one operation: `next` with each answer, `complete`
// after the last. It ends when the caller goes, when a write fails, when the token ends or when the server does.
func (s *Server) stream(ctx context.Context, q *inquiry, op *operation, who *domain.Actor) {
	select {
	case <-s.drained:
		q.refuse(http.StatusServiceUnavailable, q.fail(codeUnavailable, "The server is about to end: come back."))
		return
	default:
	}
	if !s.streams.begin(principal(who)) {
		q.refuse(http.StatusTooManyRequests, q.fail(codeRateLimited, "Too many subscriptions are open: end one first."))
		return
	}
	defer s.streams.end(principal(who))
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	next, ctx, errs := s.begin(ctx, op) // before the stream is open, so that a caller who sees it open misses nothing
	e := s.open(ctx, cancel, q)
	defer e.close()
	if errs != nil {
		e.next(&graphql.Response{Errors: errs})
		e.send("event: complete\ndata:\n\n")
		return
	}
	for {
		answer := next(ctx)
		if answer == nil {
			break
		}
		if !e.next(answer) {
			return
		}
		q.spent = nil // told once: it was paid at the beginning
	}
	if ctx.Err() == nil {
		e.send("event: complete\ndata:\n\n")
	}
}

// tell answers a caller that takes nothing but events with errors alone.
func (s *Server) tell(q *inquiry, r *http.Request, errs gqlerror.List) {
	ctx, cancel := context.WithCancel(r.Context())
	e := s.open(ctx, cancel, q)
	defer e.close()
	e.next(&graphql.Response{Errors: errs})
	e.send("event: complete\ndata:\n\n")
}

// events is an open stream of events. A web view may tell nobody that its page is gone, so it is asked by writing: a ping in
// each silence, and the first write that fails ends the stream's context.
type events struct {
	q       *inquiry
	control *http.ResponseController
	cancel  context.CancelFunc
	mu      sync.Mutex
	pings   sync.WaitGroup
}

func (s *Server) open(ctx context.Context, cancel context.CancelFunc, q *inquiry) *events {
	e := &events{q: q, control: http.NewResponseController(q.w), cancel: cancel}
	e.control.SetReadDeadline(time.Time{}) // the time limit on requests is not one on answers
	h := q.w.Header()
	h.Set("Content-Type", typeStream+"; charset=utf-8")
	h.Set("X-Accel-Buffering", "no")
	q.w.WriteHeader(http.StatusOK)
	e.send(":\n\n")
	tick, stop := s.ticker()
	e.pings.Go(func() {
		defer stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-s.drained:
				cancel()
				return
			case <-tick:
				e.send(": ping\n\n")
			}
		}
	})
	return e
}

func (e *events) close() {
	e.cancel()
	e.pings.Wait()
}

func (e *events) next(a *graphql.Response) bool {
	return e.send("event: next\ndata: " + string(e.q.body(a)) + "\n\n")
}

// send writes and flushes; a writer that cannot flush, as in a window, passes on what it gets.
func (e *events) send(text string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.control.SetWriteDeadline(time.Now().Add(sendWithin))
	if _, err := io.WriteString(e.q.w, text); err != nil {
		e.cancel()
		return false
	}
	if err := e.control.Flush(); err != nil && !notSupported(err) {
		e.cancel()
		return false
	}
	return true
}
