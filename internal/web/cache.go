package web

import (
	"container/list"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"hash"
	"sync"
	"time"

	"tandem/internal/domain"
)

// lru keeps what was used last, up to a size in bytes.
type lru[K comparable, V any] struct {
	mu          sync.Mutex
	limit, size int
	order       list.List // the latest first
	entries     map[K]*list.Element
}

type kept[K comparable, V any] struct {
	key   K
	value V
	bytes int
}

func newLRU[K comparable, V any](limit int) *lru[K, V] {
	return &lru[K, V]{limit: limit, entries: map[K]*list.Element{}}
}

func (c *lru[K, V]) get(key K) (v V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[key]
	if !ok {
		return v, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*kept[K, V]).value, true
}

// put keeps a value of a size; one that would take more than an eighth of the room is not kept.
func (c *lru[K, V]) put(key K, value V, bytes int) {
	if bytes > c.limit/8 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if e, ok := c.entries[key]; ok {
		c.drop(e)
	}
	c.entries[key] = c.order.PushFront(&kept[K, V]{key, value, bytes})
	c.size += bytes
	for c.size > c.limit {
		c.drop(c.order.Back())
	}
}

func (c *lru[K, V]) drop(e *list.Element) {
	k := c.order.Remove(e).(*kept[K, V])
	delete(c.entries, k.key)
	c.size -= k.bytes
}

// answerKey is everything that an answer depends on: who asks and what they may see, what they ask, the state of the data,
// and the day. Days begin at a quarter of an hour in every time zone of the world, so a quarter stands for all their days.
func answerKey(who *domain.Actor, a *ask, version int64, now time.Time) (key [32]byte) {
	h := sha256.New()
	actor, err := json.Marshal(who)
	if err != nil {
		panic(err) // texts only
	}
	part(h, actor)
	part(h, a.raw)
	part(h, binary.BigEndian.AppendUint64(nil, uint64(version)))
	part(h, binary.BigEndian.AppendUint64(nil, uint64(now.Unix()/(15*60))))
	h.Sum(key[:0])
	return key
}

// part adds to a hash so that no two lists of parts look alike.
func part(h hash.Hash, b []byte) {
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(b))))
	h.Write(b)
}
