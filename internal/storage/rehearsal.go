package storage

import (
	"context"
	"errors"

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

// pieceMax is the most bytes of a kept file that one row holds.
const pieceMax = 128 << 10

// KeepFile keeps a file's bytes under an id.
func (tx *Tx) KeepFile(id string, data []byte) error {
	var rows []filePieceRow
	for place := 0; place < len(data); place += pieceMax {
		rows = append(rows, filePieceRow{id, place, data[place:min(place+pieceMax, len(data))]})
	}
	if len(rows) == 0 {
		return nil
	}
	return tx.db.CreateInBatches(rows, 20).Error
}

// DropFile forgets a kept file.
func (tx *Tx) DropFile(id string) error {
	return tx.db.Where("file_id = ?", id).Delete(&filePieceRow{}).Error
}

// File is the bytes of a kept file from a place on, at most so many; fewer at its end.
func (r Reader) File(ctx context.Context, id string, from, most int) ([]byte, error) {
	if from < 0 || most <= 0 {
		return nil, nil
	}
	var rows []filePieceRow
	err := r.db.WithContext(ctx).Where("file_id = ? AND place > ? AND place < ?", id, from-pieceMax, from+most).Order("place").Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	var all []byte
	for _, row := range rows {
		all = append(all, row.Data...)
	}
	begin := min(max(0, from-rows[0].Place), len(all))
	return all[begin:min(begin+most, len(all))], nil
}

// RecordingsOf is the recording of each run that has one.
func (r Reader) RecordingsOf(ctx context.Context, rehearsals []string) ([]*domain.Recording, error) {
	return listOf[domain.Recording](ctx, r, rehearsals, func(db *gorm.DB) *gorm.DB { return db.Where("rehearsal_id IN ?", rehearsals) })
}

// AnalysesOf is every analysis of runs, newest first.
func (r Reader) AnalysesOf(ctx context.Context, rehearsals []string) ([]*domain.VoiceAnalysis, error) {
	return listOf[domain.VoiceAnalysis](ctx, r, rehearsals, func(db *gorm.DB) *gorm.DB {
		return db.Where("rehearsal_id IN ?", rehearsals).Order("id DESC")
	})
}

// AnalysesUnfinished is every analysis that says that it works.
func (r Reader) AnalysesUnfinished(ctx context.Context) ([]*domain.VoiceAnalysis, error) {
	return list[domain.VoiceAnalysis](ctx, r, func(db *gorm.DB) *gorm.DB { return db.Where("state = ?", domain.JobRunning) })
}

// UploadsFor is the uploads that were begun as the sound of a run.
func (r Reader) UploadsFor(ctx context.Context, rehearsal string) ([]*domain.Upload, error) {
	return list[domain.Upload](ctx, r, func(db *gorm.DB) *gorm.DB { return db.Where("rehearsal_id = ?", rehearsal) })
}

// Scrub takes what was deleted out of the files of an embedded database, its log included; pages that are free hold zeros
// already. A PostgreSQL server keeps what was deleted in its files and logs as long as its keeper has it.
func (s *Store) Scrub(ctx context.Context) error {
	if s.path == "" {
		return nil
	}
	var answer struct{ Busy, Log, Checkpointed int }
	if err := s.writer.WithContext(ctx).Raw("PRAGMA wal_checkpoint(TRUNCATE)").Scan(&answer).Error; err != nil {
		return err
	}
	if answer.Busy != 0 {
		return errors.New("the log could not be emptied: somebody reads it")
	}
	return nil
}
