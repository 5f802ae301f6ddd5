package domain

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
)

// Page says which stretch of a list is wanted: First items after After, or Last items before Before; 1 to 100.
type Page struct {
	First  *int
	After  *string
	Last   *int
	Before *string
}

// PageMax is the most items that a page holds.
const PageMax = 100

// Span is the page's size and direction; domain.ErrInvalid where the page makes no sense.
func (p Page) Span() (size int, backwards bool, err error) {
	switch {
	case p.First != nil && p.Last != nil:
		return 0, false, Invalid("Ask for `first` or for `last`, not for both.")
	case p.Last != nil:
		size, backwards = *p.Last, true
	case p.First != nil:
		size = *p.First
	default:
		size = PageMax
	}
	if size < 1 || size > PageMax {
		return 0, false, Invalid(fmt.Sprintf("A page holds 1 to %d items; %d were asked for.", PageMax, size))
	}
	return size, backwards, nil
}

// Cursor makes the opaque place of an item in an order.
func Cursor(order string, keys ...string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(order + "\x00" + strings.Join(keys, "\x00")))
}

// ReadCursor gives the keys of a cursor back, and refuses one that was made for another order.
func ReadCursor(order, cursor string) ([]string, error) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	parts := strings.Split(string(raw), "\x00")
	if err != nil || len(parts) < 2 {
		return nil, Invalid("This is no cursor: use one that a page of the same list gave.")
	}
	if parts[0] != order {
		return nil, Invalid("This cursor belongs to another order or list: begin again without it.")
	}
	return parts[1:], nil
}

// Paged is a stretch of a list, with the places of its items.
type Paged[T any] struct {
	Nodes           []*T
	Cursors         []string
	HasNextPage     bool
	HasPreviousPage bool
	Count           func(context.Context) (int, error)
}

// Edge is an item and its place.
type Edge[T any] struct {
	Cursor string
	Node   *T
}

// PageInfo is where a page lies in its list.
type PageInfo struct {
	HasNextPage     bool
	HasPreviousPage bool
	StartCursor     *string
	EndCursor       *string
}

// Edges is the items with their places.
func (p *Paged[T]) Edges() []*Edge[T] {
	out := make([]*Edge[T], len(p.Nodes))
	for i, n := range p.Nodes {
		out[i] = &Edge[T]{p.Cursors[i], n}
	}
	return out
}

// PageInfo is where the page lies.
func (p *Paged[T]) PageInfo() *PageInfo {
	info := &PageInfo{HasNextPage: p.HasNextPage, HasPreviousPage: p.HasPreviousPage}
	if len(p.Cursors) > 0 {
		info.StartCursor, info.EndCursor = &p.Cursors[0], &p.Cursors[len(p.Cursors)-1]
	}
	return info
}

// TotalCount is how many there are in all pages.
func (p *Paged[T]) TotalCount(ctx context.Context) (int, error) { return p.Count(ctx) }

// Slice pages a list that is in memory. The key of an item is its lasting place in the order.
func Slice[T any](order string, items []*T, key func(*T) string, p Page) (*Paged[T], error) {
	size, backwards, err := p.Span()
	if err != nil {
		return nil, err
	}
	from, to := 0, len(items)
	place := func(cursor string) (int, error) {
		keys, err := ReadCursor(order, cursor)
		if err != nil {
			return 0, err
		}
		for i, it := range items {
			if key(it) == keys[0] {
				return i, nil
			}
		}
		return 0, Invalid("The item of this cursor is gone: begin again without it.")
	}
	if p.After != nil {
		i, err := place(*p.After)
		if err != nil {
			return nil, err
		}
		from = i + 1
	}
	if p.Before != nil {
		i, err := place(*p.Before)
		if err != nil {
			return nil, err
		}
		to = max(from, i)
	}
	if backwards {
		from = max(from, to-size)
	} else {
		to = min(to, from+size)
	}
	page := &Paged[T]{Nodes: items[from:to], HasNextPage: to < len(items), HasPreviousPage: from > 0,
		Count: func(context.Context) (int, error) { return len(items), nil }}
	for _, it := range page.Nodes {
		page.Cursors = append(page.Cursors, Cursor(order, key(it)))
	}
	return page, nil
}
