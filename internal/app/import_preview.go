package app

import (
	"context"
	"fmt"
	"sync"
	"time"

	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/table"
)

// preview is what an import's rows would do: derived from the file, the corrections and what is known now.
type preview struct {
	*sheet
	*intake
	counts  *domain.ImportCounts
	showing sync.Mutex // requests share a preview, and some of it is worked out only once it is shown
}

// show works out the fixes of the rows that are to be shown.
func (p *preview) show(rows []*domain.ImportRow) {
	p.showing.Lock()
	defer p.showing.Unlock()
	p.sheet.show(rows)
}

// lastPreview is the preview that was worked out last, and what it followed from: a file that did not change, over data
// that did not change either, is not read and compared again.
type lastPreview struct {
	mu      sync.Mutex
	of      previewOf
	preview *preview
}

// previewOf is what a preview follows from, besides the day: the import as corrected, and the point in history of all else.
type previewOf struct {
	id          string
	version     int
	dataVersion int64
}

func (l *lastPreview) keep(of previewOf, p *preview) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.of, l.preview = of, p
}

// get is the preview; nil where another one was worked out since, or what it follows from has changed.
func (l *lastPreview) get(of previewOf, now time.Time) *preview {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.preview == nil || l.of != of || l.preview.today != domain.DateOf(now.In(l.preview.zone)) {
		return nil
	}
	return l.preview
}

// table is an import's file as it was read, whatever was corrected or has changed since.
func (l *lastPreview) table(id string) (table.Table, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.preview == nil || l.of.id != id {
		return table.Table{}, false
	}
	return l.preview.sheet.table, true
}

// forget lets an import's preview go.
func (l *lastPreview) forget(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of.id == id {
		l.of, l.preview = previewOf{}, nil
	}
}

func (a *App) zoneOf(ctx context.Context, r storage.Reader, imp *domain.Import) (*time.Location, error) {
	if imp.ProgrammeID == "" {
		return time.LoadLocation("Europe/London")
	}
	p, err := storage.One[domain.Programme](ctx, r, imp.ProgrammeID)
	if err != nil {
		return nil, err
	}
	return p.Location(), nil
}

// previewed is the preview of what is committed, once in a request.
func (a *App) previewed(ctx context.Context, imp *domain.Import) (*preview, error) {
	return once(ctx, a.view(ctx), fmt.Sprintf("preview of %s %d", imp.ID, imp.Version), func(ctx context.Context) (*preview, error) {
		before, err := a.DataVersion(ctx)
		if err != nil {
			return nil, err
		}
		of := previewOf{imp.ID, imp.Version, before}
		if p := a.previews.get(of, a.clock()); p != nil {
			return p, nil
		}
		t, err := a.tableOf(ctx, imp)
		if err != nil {
			return nil, err
		}
		p, err := a.preview(ctx, a.read(), imp, t)
		if err != nil {
			return nil, err
		}
		if after, err := a.DataVersion(ctx); err == nil && after == before {
			a.previews.keep(of, p)
		}
		return p, nil
	})
}

func (a *App) preview(ctx context.Context, r storage.Reader, imp *domain.Import, t table.Table) (*preview, error) {
	var programme *domain.Programme
	zone, err := a.zoneOf(ctx, r, imp)
	if err != nil {
		return nil, err
	}
	if imp.ProgrammeID != "" {
		if programme, err = storage.One[domain.Programme](ctx, r, imp.ProgrammeID); err != nil {
			return nil, err
		}
	}
	s := newSheet(t, targetsOf(imp.Kind), imp, zone, a.clock())
	var in *intake
	switch imp.Kind {
	case domain.ImportProgrammes:
		in, err = a.readProgrammes(ctx, r, s)
	case domain.ImportPeople:
		cohort, failed := storage.One[domain.Cohort](ctx, r, imp.CohortID)
		if failed != nil {
			return nil, failed
		}
		in, err = a.readPeople(ctx, r, s, programme, cohort)
	case domain.ImportChallenges:
		in, err = a.readChallenges(ctx, r, s, programme)
	default:
		in, err = a.readOffers(ctx, r, s, programme)
	}
	if err != nil {
		return nil, err
	}
	c := &domain.ImportCounts{Rows: len(s.rows), Sectors: in.seats}
	for _, row := range s.rows {
		switch row.Outcome {
		case domain.RowCreates:
			c.Creates++
		case domain.RowUpdates:
			c.Updates++
		case domain.RowUnchanged:
			c.Unchanged++
		case domain.RowLeftOut:
			c.LeftOut++
		case domain.RowBlocked:
			c.Blocked++
		}
	}
	return &preview{sheet: s, intake: in, counts: c}, nil
}
