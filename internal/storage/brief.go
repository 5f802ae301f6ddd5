package storage

import (
	"context"
	"time"

	"gorm.io/gorm"

	"tandem/internal/domain"
)

// BriefsOf is every brief of cohorts, newest first.
func (r Reader) BriefsOf(ctx context.Context, cohorts []string) ([]*domain.SponsorBrief, error) {
	return listOf[domain.SponsorBrief](ctx, r, cohorts, func(db *gorm.DB) *gorm.DB {
		return db.Where("cohort_id IN ?", cohorts).Order("cohort_id, number DESC")
	})
}

// FactsOf is the frozen facts of briefs, in their order.
func (r Reader) FactsOf(ctx context.Context, briefs []string) ([]*domain.BriefFact, error) {
	return listOf[domain.BriefFact](ctx, r, briefs, func(db *gorm.DB) *gorm.DB {
		return db.Where("brief_id IN ?", briefs).Order("brief_id, place")
	})
}

// ValuesOf is the ledger of briefs, in its order.
func (r Reader) ValuesOf(ctx context.Context, briefs []string) ([]*domain.BriefValue, error) {
	return listOf[domain.BriefValue](ctx, r, briefs, func(db *gorm.DB) *gorm.DB {
		return db.Where("brief_id IN ?", briefs).Order("brief_id, place")
	})
}

// LinksOf is every link to briefs, newest first.
func (r Reader) LinksOf(ctx context.Context, briefs []string) ([]*domain.ShareLink, error) {
	return listOf[domain.ShareLink](ctx, r, briefs, func(db *gorm.DB) *gorm.DB {
		return db.Where("brief_id IN ?", briefs).Order("id DESC")
	})
}

// Opened counts a link's openings; its row is touched by nothing else, and nobody who follows the feed is told.
func (tx *Tx) Opened(link string, more int, at time.Time) error {
	return tx.db.Model(&shareLinkRow{}).Where("id = ?", link).
		Updates(map[string]any{"opens": gorm.Expr("opens + ?", more), "last_opened_at": at}).Error
}

// Shared is the link whose secret hashes to this, and the brief that it opens; nil where there is none.
func (r Reader) Shared(ctx context.Context, hash string) (*domain.ShareLink, *domain.SponsorBrief, error) {
	l, err := first(list[domain.ShareLink](ctx, r, func(db *gorm.DB) *gorm.DB { return db.Where("hash = ?", hash) }))
	if l == nil || err != nil {
		return nil, nil, err
	}
	b, err := One[domain.SponsorBrief](ctx, r, l.BriefID)
	return l, b, err
}
