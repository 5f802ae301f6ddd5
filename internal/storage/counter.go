package storage

import (
	"context"
	"sync/atomic"

	"gorm.io/gorm"
)

// counter counts the statements of a request, so that a test can show that their number does not grow with the rows.
type counter struct{}

func newCounter() *counter { return &counter{} }

type countKey struct{}

// Counted gives a context in which statements are counted, and the count.
func Counted(ctx context.Context) (context.Context, *atomic.Int64) {
	n := new(atomic.Int64)
	return context.WithValue(ctx, countKey{}, n), n
}

func (counter) Name() string { return "tandem:counter" }

func (counter) Initialize(db *gorm.DB) error {
	count := func(db *gorm.DB) {
		if n, ok := db.Statement.Context.Value(countKey{}).(*atomic.Int64); ok {
			n.Add(1)
		}
	}
	c := db.Callback()
	for _, err := range []error{
		c.Query().Before("gorm:query").Register("tandem:count_query", count),
		c.Row().Before("gorm:row").Register("tandem:count_row", count),
		c.Raw().Before("gorm:raw").Register("tandem:count_raw", count),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}
