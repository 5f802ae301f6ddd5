package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"tandem/internal/domain"
	"tandem/internal/sponsor"
	"tandem/internal/storage"
)

// SharePath is where links are opened; what follows is the secret.
const SharePath = "/b/"

// NewShareLink is a link just made, with its path, which is shown this once and never kept.
type NewShareLink struct {
	Link *domain.ShareLink
	Path *string `json:"-"`
}

// Made is the link; nil where none was made.
func (n *NewShareLink) Made() *domain.ShareLink {
	if n == nil {
		return nil
	}
	return n.Link
}

// Shown is the path; nil where the link was not made just now.
func (n *NewShareLink) Shown() *string {
	if n == nil {
		return nil
	}
	return n.Path
}

// ShareLink is one link. Coordinators only.
func (a *App) ShareLink(ctx context.Context, id string) (*domain.ShareLink, error) {
	return seen(ctx, a, "link", id, domain.SeeDraftBriefs, (*domain.ShareLink).Place)
}

// ShareLinks is the links to a brief, newest first, as often as they were opened so far; nil for those who may not see them.
func (a *App) ShareLinks(ctx context.Context, b *domain.SponsorBrief) ([]*domain.ShareLink, error) {
	if !may(ctx, domain.SeeDraftBriefs, b.Place()) {
		return nil, nil
	}
	v := a.view(ctx)
	return list(v, "links to briefs", func(ctx context.Context, briefs []string) (map[string][]*domain.ShareLink, error) {
		found, err := v.store.LinksOf(ctx, briefs)
		return byKey(briefs, mine(v, found), func(l *domain.ShareLink) string { return l.BriefID }), err
	}).get(ctx, b.ID)
}

// CreateShareLink makes a link to one released brief. Coordinators only. The path is in the reply once, and nowhere else.
func (a *App) CreateShareLink(ctx context.Context, in CreateShareLinkInput) (*domain.Reply[NewShareLink], error) {
	b, err := a.SponsorBrief(ctx, in.BriefID)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.WriteBriefs, b.Place()); err != nil {
		return nil, err
	}
	return change(ctx, a, "createShareLink", in.Command, in, func(tx *storage.Tx) (*NewShareLink, []*domain.Impact, error) {
		now := time.Now().UTC().Truncate(time.Second) // links end by the real clock, whatever day a sample lives in
		var wrong domain.Refusal
		if b.State != domain.BriefReleased {
			wrong = append(wrong, domain.Problem(domain.CodeWrongState, "briefId", "Only a released brief is shared.", "Release it first."))
		}
		label := strings.TrimSpace(in.Label)
		if label == "" || len([]rune(label)) > 100 {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, "label", "A link says for whom it is, in 1 to 100 characters.", "Name the reader."))
		}
		if !in.ExpiresAt.After(now) || in.ExpiresAt.After(now.AddDate(0, 0, 366)) {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, "expiresAt", "A link ends between now and 366 days ahead.", "Choose a moment in the next year."))
		}
		links, err := tx.LinksOf(ctx, []string{b.ID})
		if err != nil {
			return nil, nil, err
		}
		if len(links) >= domain.PageMax {
			wrong = append(wrong, domain.Problem(domain.CodeRuleBroken, "briefId", "A brief has at most 100 links.", "Use one of them."))
		}
		if wrong != nil {
			return nil, nil, wrong
		}
		raw := make([]byte, 32)
		rand.Read(raw)
		secret := base64.RawURLEncoding.EncodeToString(raw)
		l := &domain.ShareLink{ID: newID("share"), BriefID: b.ID, CohortID: b.CohortID, ProgrammeID: b.ProgrammeID, Label: label, Hash: hashSecret(secret),
			MadeAt: now, ExpiresAt: in.ExpiresAt.UTC().Truncate(time.Second)}
		made := &NewShareLink{Link: l}
		if !in.DryRun {
			path := SharePath + secret
			made.Path = &path
		}
		return made, []*domain.Impact{domain.Touch(domain.EffectCreated, "Whoever has the link reads this brief, and no other.", l.ID)}, storage.Put(tx, l)
	})
}

// RevokeShareLink ends a link at once. Coordinators only.
func (a *App) RevokeShareLink(ctx context.Context, in RevokeShareLinkInput) (*domain.Reply[domain.ShareLink], error) {
	l, err := a.ShareLink(ctx, in.LinkID)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.WriteBriefs, l.Place()); err != nil {
		return nil, err
	}
	return change(ctx, a, "revokeShareLink", in.Command, in, func(tx *storage.Tx) (*domain.ShareLink, []*domain.Impact, error) {
		l, err := storage.One[domain.ShareLink](ctx, tx.Reader, in.LinkID)
		if err != nil {
			return nil, nil, err
		}
		if l.RevokedAt == nil {
			now := time.Now().UTC().Truncate(time.Second)
			l.RevokedAt = &now
		}
		return l, []*domain.Impact{domain.Touch(domain.EffectRemoved, "The link opens nothing any more.", l.ID)}, storage.Put(tx, l)
	})
}

// SharedBrief is what a link opens: which brief, and the version of its row, which counts up in the transaction of whatever
// changes how it reads.
type SharedBrief struct {
	ID      string
	Version int
	brief   *domain.SponsorBrief
}

// OpenShareLink gives what a link's secret opens; ErrNotFound where it opens nothing, whatever the reason. Nothing is cached,
// so that a revoked link is dead at once. The opening is counted.
func (a *App) OpenShareLink(ctx context.Context, secret string) (*SharedBrief, error) {
	l, b, err := a.read().Shared(ctx, hashSecret(secret))
	if err != nil {
		return nil, err
	}
	now := time.Now()
	if l == nil || !l.Works(now) || b.State != domain.BriefReleased {
		return nil, domain.NotFound("brief")
	}
	a.openings.count(l.ID, now.UTC().Truncate(time.Second), a.keepOpenings)
	return &SharedBrief{ID: b.ID, Version: b.Version, brief: b}, nil
}

// Told is what the surfaces of a shared brief are made from.
func (a *App) Told(ctx context.Context, s *SharedBrief) (*sponsor.Brief, error) {
	return a.told(As(ctx, system()), s.brief)
}

// TellBrief is what the surfaces of a brief are made from, for those who may read it.
func (a *App) TellBrief(ctx context.Context, b *domain.SponsorBrief) (*sponsor.Brief, error) {
	return once(ctx, a.view(ctx), "brief told "+b.ID, func(ctx context.Context) (*sponsor.Brief, error) { return a.told(ctx, b) })
}

// openings counts how often links are opened until that is written down, a second later for all together: reading a page
// waits for no writer.
type openings struct {
	writing sync.Mutex // held while they are written down, so that whoever closes the app waits
	mu      sync.Mutex
	waiting map[string]readings
	timer   *time.Timer
}

type readings struct {
	times int
	last  time.Time
}

const keepOpeningsAfter = time.Second

func (o *openings) count(link string, at time.Time, keep func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.waiting == nil {
		o.waiting = map[string]readings{}
	}
	o.waiting[link] = readings{o.waiting[link].times + 1, at}
	if o.timer == nil {
		o.timer = time.AfterFunc(keepOpeningsAfter, keep)
	}
}

func (o *openings) take() map[string]readings {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.timer != nil {
		o.timer.Stop()
	}
	waiting := o.waiting
	o.waiting, o.timer = nil, nil
	return waiting
}

// keepOpenings writes down, as Tandem itself, how often links were opened.
func (a *App) keepOpenings() {
	a.openings.writing.Lock()
	defer a.openings.writing.Unlock()
	waiting := a.openings.take()
	if len(waiting) == 0 {
		return
	}
	ctx := As(context.Background(), system())
	_, err := change(ctx, a, "openShareLinks", domain.Command{IdempotencyKey: uuid.NewString()}, nil, func(tx *storage.Tx) (*domain.ShareLink, []*domain.Impact, error) {
		var impact []*domain.Impact
		for _, id := range sortedKeys(waiting) {
			if err := tx.Opened(id, waiting[id].times, waiting[id].last); err != nil {
				return nil, nil, err
			}
			impact = append(impact, domain.Touch(domain.EffectChanged, "Opened "+count(waiting[id].times, "time", "times")+".", id))
		}
		return nil, impact, nil
	})
	if err != nil {
		a.log.Error("openings of links are not written down", "error", err)
	}
}
