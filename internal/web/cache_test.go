package web

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tandem/internal/domain"
)

func TestAnswersAreKeptForOneStateOfTheData(t *testing.T) {
	s, g, _ := serveToy(t)
	now := time.Date(2019, 4, 22, 22, 50, 0, 0, time.UTC)
	s.clock = func() time.Time { return now }
	var version int64
	s.version = func(context.Context) (int64, error) { return version, nil }
	runs := func(what string, want int64, query string) {
		t.Helper()
		before := g.runs.Load()
		if w := answer(s, post(query)); code(t, w) != "" || decode(t, w).Data == nil {
			t.Errorf("%s: %s", what, w.Body)
		}
		if got := g.runs.Load() - before; got != want {
			t.Errorf("%s: %d resolvers ran, want %d", what, got, want)
		}
	}
	runs("the first", 1, "{ count }")
	runs("again", 0, "{ count }")
	runs("another request", 1, "{ c: count }")
	version++
	runs("after a commit", 1, "{ count }")
	runs("again", 0, "{ count }")
	now = now.Add(10 * time.Minute) // London's midnight, by summer time
	runs("on another day", 1, "{ count }")
	runs("what a bucket holds", 1, "{ rateLimit { remaining } }")
	runs("what a bucket holds, again", 1, "{ rateLimit { remaining } }")
	runs("how a job moves", 1, "{ job { ... on Planning { progress } } }")
	runs("how a job moves, again", 1, "{ job { ... on Planning { progress } } }")
	runs("a mutation", 1, "mutation { touch }")
	runs("a mutation, again", 1, "mutation { touch }")
	for range 2 {
		if got := code(t, answer(s, post("{ failing }"))); got != codeInternal {
			t.Errorf("a failure: %q", got)
		}
	}
	if n := g.runs.Load(); n != 12 {
		t.Errorf("%d resolvers ran in all, failures included", n)
	}
	// While it ran, the data moved: the answer is not kept under either state.
	s.version = func(context.Context) (int64, error) { version++; return version, nil }
	runs("in the middle of a commit", 1, "{ self { count } }")
	at := version - 1
	s.version = func(context.Context) (int64, error) { return at, nil }
	runs("the state before", 1, "{ self { count } }")
}

func TestAnswersAreKeptForOneCaller(t *testing.T) {
	a := &ask{raw: []byte("{ count }")}
	now := time.Now()
	base := domain.Actor{ID: "t1", Grants: []domain.Grant{{Role: domain.Member, On: "cohort_1", Within: "programme_1"}}, PersonID: "person_1"}
	seen := map[[32]byte]string{answerKey(&base, a, 1, now): "base"}
	for name, change := range map[string]func(*domain.Actor){
		"another token": func(a *domain.Actor) { a.ID, a.TokenID = "t2", "t2" },
		"another role": func(a *domain.Actor) {
			a.Grants = []domain.Grant{{Role: domain.Judge, On: "cohort_1", Within: "programme_1"}}
		},
		"another cohort": func(a *domain.Actor) {
			a.Grants = []domain.Grant{{Role: domain.Member, On: "cohort_2", Within: "programme_1"}}
		},
		"another programme": func(a *domain.Actor) {
			a.Grants = []domain.Grant{{Role: domain.Member, On: "cohort_1", Within: "programme_2"}}
		},
		"another person": func(a *domain.Actor) { a.PersonID = "person_2" },
		"another scope":  func(a *domain.Actor) { a.Scopes = []domain.Scope{"NEEDS_READ"} },
	} {
		who := base
		change(&who)
		key := answerKey(&who, a, 1, now)
		if other, ok := seen[key]; ok {
			t.Errorf("%s and %s share answers", name, other)
		}
		seen[key] = name
	}
	same := base
	if _, ok := seen[answerKey(&same, &ask{raw: []byte("{ count }")}, 1, now)]; !ok {
		t.Error("the same caller gets nothing back")
	}
}

// Readers race a writer: nobody may read a value older than one that was acknowledged before they asked.
func TestAnswersAreNeverStale(t *testing.T) {
	race := func(t *testing.T, versioned bool) (stale int64) {
		s, g, _ := serveToy(t)
		var version, acknowledged, found atomic.Int64
		s.version = func(context.Context) (int64, error) {
			if !versioned {
				return 0, nil
			}
			return version.Load(), nil
		}
		stop := make(chan struct{})
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					least := acknowledged.Load()
					if got := decode(t, answer(s, post("{ count }"))).Data["count"].(float64); int64(got) < least {
						found.Add(1)
					}
				}
			})
		}
		for n := range int64(300) {
			g.value.Store(n + 1) // one commit: the value, and then the version, by which it can be seen at the latest
			version.Add(1)
			acknowledged.Store(n + 1)
			if got := decode(t, answer(s, post("{ count }"))).Data["count"].(float64); int64(got) < n+1 {
				found.Add(1)
			}
		}
		close(stop)
		readers.Wait()
		return found.Load()
	}
	if n := race(t, true); n != 0 {
		t.Errorf("%d stale answers", n)
	}
	if n := race(t, false); n == 0 {
		t.Error("the control, which forgets the version, is not caught")
	}
}

func TestRoomForAnswersIsBounded(t *testing.T) {
	c := newLRU[int, string](80)
	for i := range 20 {
		c.put(i, "x", 10)
		c.get(0)
	}
	if c.size > 80 || len(c.entries) != 8 || c.order.Len() != 8 {
		t.Errorf("%d bytes in %d entries", c.size, len(c.entries))
	}
	if _, ok := c.get(0); !ok {
		t.Error("what is used most was dropped")
	}
	if _, ok := c.get(5); ok {
		t.Error("what nobody used was kept")
	}
	if c.put(99, "large", 11); len(c.entries) != 8 {
		t.Error("one answer takes more than its share")
	}
	if c.put(0, "new", 5); c.size != 75 {
		t.Errorf("replaced: %d bytes", c.size)
	}
}
