package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"tandem/internal/domain"
)

// Answered is what a mutation replied the first time that its key was used; Payload is the hash of what was asked.
type Answered struct {
	Action, Payload, Reply string
}

// Answered looks a key of the actor up; nil where it is new.
func (r Reader) Answered(ctx context.Context, actor *domain.Actor, key string) (*Answered, error) {
	var row idempotencyRow
	err := r.db.WithContext(ctx).Take(&row, "actor_id = ? AND key = ?", actor.ID, key).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return &Answered{row.Action, row.Payload, row.Reply}, nil
}

// Answer keeps the first reply to a key.
func (tx *Tx) Answer(key string, a Answered) error {
	return tx.db.Create(&idempotencyRow{ActorID: tx.actor.ID, Key: key, Action: a.Action, Payload: a.Payload, Reply: a.Reply, At: tx.now}).Error
}

// Audit chains a row to the audit: who did what, with which payload and which impact. Its hash covers the row and the
// hash before it (SHA-256 over JSON), so that a row changed or taken out afterwards is found by Verify.
func (tx *Tx) Audit(action, payload string, impact []*domain.Impact) error {
	touched, err := json.Marshal(impact)
	if err != nil {
		return err
	}
	var last auditRow
	if err := tx.db.Order("seq DESC").Limit(1).Find(&last).Error; err != nil {
		return err
	}
	row := auditRow{Seq: last.Seq + 1, At: tx.now, ActorID: tx.actor.ID, ActorName: tx.actor.Name, Action: action,
		Payload: payload, Impact: string(touched), PreviousHash: tx.ledger.AuditHash}
	row.Hash = row.digest()
	tx.ledger.AuditHash = row.Hash
	return tx.db.Create(&row).Error
}

func (a auditRow) digest() string {
	body, _ := json.Marshal([]any{a.Seq, a.At.UTC().Format(time.RFC3339Nano), a.ActorID, a.ActorName, a.Action, a.Payload, a.Impact, a.PreviousHash})
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// VerifyAudit walks the audit chain and reports the first row that does not hold.
func (r Reader) VerifyAudit(ctx context.Context) error {
	var ledger ledgerRow
	if err := r.db.WithContext(ctx).Take(&ledger, 1).Error; err != nil {
		return err
	}
	previous, seq := "", int64(0)
	for {
		var rows []auditRow
		if err := r.db.WithContext(ctx).Order("seq").Where("seq > ?", seq).Limit(1000).Find(&rows).Error; err != nil {
			return err
		}
		if len(rows) == 0 {
			break
		}
		for _, row := range rows {
			if row.Seq != seq+1 || row.PreviousHash != previous || row.digest() != row.Hash {
				return fmt.Errorf("the audit does not hold at row %d", seq+1)
			}
			seq, previous = row.Seq, row.Hash
		}
	}
	if previous != ledger.AuditHash {
		return fmt.Errorf("the audit ends at row %d, and the ledger knows of more", seq)
	}
	return nil
}

// Changes reads the feed after a version, oldest first, one entry for each node: only its last in the stretch of first
// rows. until is where the stretch ends; more says whether rows follow. The filter sees every row before it counts.
func (r Reader) Changes(ctx context.Context, since int64, types []string, first int) (changes []*domain.Change, until int64, more bool, err error) {
	latest, err := r.DataVersion(ctx)
	if err != nil {
		return nil, 0, false, err
	}
	q := r.db.WithContext(ctx).Where("version > ? AND version <= ?", since, latest).Order("version").Limit(first + 1)
	if types != nil {
		q = q.Where("type IN ?", types)
	}
	var rows []changeRow
	if err := q.Find(&rows).Error; err != nil {
		return nil, 0, false, err
	}
	until = latest
	if more = len(rows) > first; more {
		rows = rows[:first]
		until = rows[first-1].Version
	}
	last := map[string]int64{}
	for _, row := range rows {
		last[row.NodeID] = row.Version
	}
	for _, row := range rows {
		if last[row.NodeID] != row.Version {
			continue
		}
		changes = append(changes, &domain.Change{Version: row.Version, At: row.At, Type: row.Type, NodeID: row.NodeID, Gone: row.Gone,
			Place: domain.Place{Programme: row.ProgrammeID, Cohort: row.CohortID, Team: row.TeamID, Person: row.PersonID}})
	}
	return changes, until, more, nil
}
