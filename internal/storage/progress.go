package storage

import (
	"context"

	"gorm.io/gorm"

	"tandem/internal/domain"
)

// AttendancesOf is who was there on visit days of cohorts, by day.
func (r Reader) AttendancesOf(ctx context.Context, cohorts []string) ([]*domain.Attendance, error) {
	return listOf[domain.Attendance](ctx, r, cohorts, func(db *gorm.DB) *gorm.DB {
		return db.Where("cohort_id IN ?", cohorts).Order("on_day, id")
	})
}

// BudgetOf is what is contracted for cohorts, in the order of entry.
func (r Reader) BudgetOf(ctx context.Context, cohorts []string) ([]*domain.BudgetLine, error) {
	return listOf[domain.BudgetLine](ctx, r, cohorts, func(db *gorm.DB) *gorm.DB {
		return db.Where("cohort_id IN ?", cohorts).Order("id")
	})
}
