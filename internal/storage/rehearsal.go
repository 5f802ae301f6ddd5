package storage

import (
	"context"

	"gorm.io/gorm"

	"tandem/internal/domain"
)

// PitchesOf is the pitch of each team that has one.
func (r Reader) PitchesOf(ctx context.Context, teams []string) ([]*domain.Pitch, error) {
	return listOf[domain.Pitch](ctx, r, teams, func(db *gorm.DB) *gorm.DB { return db.Where("team_id IN ?", teams) })
}

// Rehearsals is every run of pitches, newest first.
func (r Reader) Rehearsals(ctx context.Context, pitches []string) ([]*domain.Rehearsal, error) {
	return listOf[domain.Rehearsal](ctx, r, pitches, func(db *gorm.DB) *gorm.DB {
		return db.Where("pitch_id IN ?", pitches).Order("number DESC")
	})
}

// RunEvents is every event of runs, in order.
func (r Reader) RunEvents(ctx context.Context, rehearsals []string) ([]*domain.RunEvent, error) {
	if len(rehearsals) == 0 {
		return nil, nil
	}
	var rows []runEventRow
	if err := r.db.WithContext(ctx).Where("rehearsal_id IN ?", rehearsals).Order("rehearsal_id, sequence").Find(&rows).Error; err != nil {
		return nil, err
	}
	events := make([]*domain.RunEvent, len(rows))
	for i, row := range rows {
		e := domain.RunEvent(row)
		events[i] = &e
	}
	return events, nil
}

// AddRunEvents keeps the last fresh events of a run's log; no event that is there already is touched.
func (tx *Tx) AddRunEvents(log *domain.RunLog, fresh int) error {
	tx.Written = append(tx.Written, log)
	if fresh == 0 {
		return nil
	}
	rows := make([]runEventRow, 0, fresh)
	for _, e := range log.Events[len(log.Events)-fresh:] {
		rows = append(rows, runEventRow(*e))
	}
	return tx.db.CreateInBatches(rows, 200).Error
}

// FeedbackOf is what was said about runs, oldest first.
func (r Reader) FeedbackOf(ctx context.Context, rehearsals []string) ([]*domain.PeerFeedback, error) {
	return listOf[domain.PeerFeedback](ctx, r, rehearsals, func(db *gorm.DB) *gorm.DB {
		return db.Where("rehearsal_id IN ?", rehearsals).Order("at, id")
	})
}

// KeptQuestions is what teams know of the questions to pitches, as they were asked.
func (r Reader) KeptQuestions(ctx context.Context, pitches []string) ([]*domain.KeptQuestion, error) {
	return listOf[domain.KeptQuestion](ctx, r, pitches, func(db *gorm.DB) *gorm.DB {
		return db.Where("pitch_id IN ?", pitches).Order("asked_at, id")
	})
}
