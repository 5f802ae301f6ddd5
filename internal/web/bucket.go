package web

import (
	"sync"
	"time"
)

// buckets holds each caller's points. A bucket that is not used fills up again.
type buckets struct {
	mu        sync.Mutex
	size      float64
	perSecond float64
	clock     func() time.Time
	of        map[string]*bucket
}

type bucket struct {
	points float64
	at     time.Time
}

// maxBuckets is when full buckets are forgotten, which changes nothing for their owners.
const maxBuckets = 10_000

func newBuckets(size, perSecond int, clock func() time.Time) *buckets {
	return &buckets{size: float64(size), perSecond: float64(perSecond), clock: clock, of: map[string]*bucket{}}
}

// take takes points out of a caller's bucket, and gives what is left; where there are too few it takes none, and says how
// long it will be until there are enough.
func (b *buckets) take(who string, points int) (left int, wait time.Duration, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.clock()
	mine := b.of[who]
	if mine == nil {
		b.forget(now)
		mine = &bucket{points: b.size, at: now}
		b.of[who] = mine
	}
	mine.points, mine.at = b.filled(mine, now), now
	if missing := float64(points) - mine.points; missing > 0 {
		return int(mine.points), time.Duration(missing / b.perSecond * float64(time.Second)), false
	}
	mine.points -= float64(points)
	return int(mine.points), 0, true
}

func (b *buckets) filled(one *bucket, now time.Time) float64 {
	return min(b.size, one.points+max(0, now.Sub(one.at).Seconds())*b.perSecond)
}

func (b *buckets) forget(now time.Time) {
	if len(b.of) < maxBuckets {
		return
	}
	for who, one := range b.of {
		if b.filled(one, now) >= b.size {
			delete(b.of, who)
		}
	}
}

// streams counts the open subscriptions of each caller.
type streams struct {
	mu   sync.Mutex
	open map[string]int
}

func (s *streams) begin(who string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[who] >= maxStreams {
		return false
	}
	s.open[who]++
	return true
}

func (s *streams) end(who string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[who]--; s.open[who] == 0 {
		delete(s.open, who)
	}
}
