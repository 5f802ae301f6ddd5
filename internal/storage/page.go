package storage

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"tandem/internal/domain"
)

// ordering is an order of a list: expressions that give text, then the id. down turns all of it round.
type ordering struct {
	name string
	keys []string
	down bool
}

// page reads a keyset page: first the ids and keys in order, compared as one row value, then the nouns by id.
func page[D any](ctx context.Context, r Reader, o ordering, p domain.Page, from func(*gorm.DB) *gorm.DB) (*domain.Paged[D], error) {
	size, backwards, err := p.Span()
	if err != nil {
		return nil, err
	}
	base := func() *gorm.DB { return from(r.db.WithContext(ctx)) }
	table := base().Statement.Table
	keys := append(slices.Clone(o.keys), table+".id")
	row := "(" + strings.Join(keys, ", ") + ")"
	marks := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(keys)), ", ") + ")"
	q := base()
	for _, limit := range []struct {
		cursor *string
		sign   string
	}{{p.After, ">"}, {p.Before, "<"}} {
		if limit.cursor == nil {
			continue
		}
		values, err := domain.ReadCursor(o.name, *limit.cursor)
		if err != nil {
			return nil, err
		}
		if len(values) != len(keys) {
			return nil, domain.Invalid("This is no cursor: use one that a page of the same list gave.")
		}
		sign := limit.sign
		if o.down {
			sign = map[string]string{">": "<", "<": ">"}[sign]
		}
		args := make([]any, len(values))
		for i, v := range values {
			args[i] = v
		}
		q = q.Where(row+" "+sign+" "+marks, args...)
	}
	direction := ""
	if o.down != backwards {
		direction = " DESC"
	}
	selects := make([]string, len(keys))
	orders := make([]string, len(keys))
	for i, k := range keys {
		selects[i] = fmt.Sprintf("%s AS k%d", k, i)
		orders[i] = k + direction
	}
	rows, err := q.Select(strings.Join(selects, ", ")).Order(strings.Join(orders, ", ")).Limit(size + 1).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var ids, cursors []string
	for rows.Next() {
		values := make([]string, len(keys))
		into := make([]any, len(keys))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		ids = append(ids, values[len(values)-1])
		cursors = append(cursors, domain.Cursor(o.name, values...))
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	rows.Close()
	more := len(ids) > size
	if more {
		ids, cursors = ids[:size], cursors[:size]
	}
	if backwards {
		slices.Reverse(ids)
		slices.Reverse(cursors)
	}
	found, err := Get[D](ctx, r, ids...)
	if err != nil {
		return nil, err
	}
	t := tableOf[D]()
	byID := map[string]*D{}
	for _, d := range found {
		byID[t.idOf(d)] = d
	}
	out := &domain.Paged[D]{Cursors: cursors, HasNextPage: more, HasPreviousPage: p.After != nil,
		Count: func(ctx context.Context) (int, error) {
			var n int64
			err := from(r.db.WithContext(ctx)).Count(&n).Error
			return int(n), err
		}}
	if backwards {
		out.HasNextPage, out.HasPreviousPage = p.Before != nil, more
	}
	for _, id := range ids {
		out.Nodes = append(out.Nodes, byID[id])
	}
	return out, nil
}

// like is a pattern for a part of a text in lower case, its own wildcards escaped with "!".
func like(part string) string {
	return "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(strings.ToLower(part)) + "%"
}

// likeJSON is a pattern for a whole text inside a JSON list.
func likeJSON(item string) string {
	return `%"` + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_", `"`, `\"`).Replace(item) + `"%`
}
