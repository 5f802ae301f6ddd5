package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"tandem/internal/domain"
	"tandem/internal/storage"
)

// stale is the refusal of an edit that was based on an older state. The reply then holds the object as it now is.
func stale(e domain.Edit) error {
	by := e.SavedBy
	if by == "" {
		by = "Somebody"
	}
	return domain.Refuse(domain.CodeStale, "expectedVersion", by+" saved this since you read it.", "Read it again, compare, and send the edit with its new version.")
}

// fresh is nil where an edit was based on the state at hand.
func fresh(e domain.Edit, expected int) error {
	if e.Version != expected {
		return stale(e)
	}
	return nil
}

// change is the one place where a mutation's promises live. It runs work in one transaction with its audit row, change
// rows, version bump and idempotency record. The same key gives the first reply again, and CONFLICT with another payload;
// a dry run does all of it and keeps nothing; a domain.Refusal from work keeps nothing and is answered as user errors,
// beside the object as work left it. input is the whole input of the mutation, which its payload's hash covers.
func change[T any](ctx context.Context, a *App, action string, c domain.Command, input any, work func(*storage.Tx) (*T, []*domain.Impact, error)) (*domain.Reply[T], error) {
	payload, err := digest(input)
	if err != nil {
		return nil, err
	}
	reply := &domain.Reply[T]{Impact: []*domain.Impact{}, UserErrors: []*domain.UserError{}}
	who := actor(ctx)
	var written []any
	_, err = a.store.Write(ctx, who, a.clock(), func(tx *storage.Tx) error {
		first, err := tx.Answered(ctx, who, c.IdempotencyKey)
		if err != nil {
			return err
		}
		if first != nil {
			if first.Action != action || first.Payload != payload {
				return &domain.Fault{Kind: domain.ErrConflict, Message: "This idempotency key was used for something else: make a new one for each intent."}
			}
			if err := json.Unmarshal([]byte(first.Reply), reply); err != nil {
				return err
			}
			reply.Repeated = true
			return storage.ErrDry
		}
		object, impact, err := work(tx)
		reply.Object, written = object, tx.Written
		if err != nil {
			return err
		}
		if impact != nil {
			reply.Impact = impact
		}
		if err := tx.Audit(action, payload, impact); err != nil {
			return err
		}
		if c.DryRun {
			return storage.ErrDry
		}
		kept, err := json.Marshal(reply)
		if err != nil {
			return err
		}
		return tx.Answer(c.IdempotencyKey, storage.Answered{Action: action, Payload: payload, Reply: string(kept)})
	})
	a.renew(ctx, written) // whatever is read from here on sees what the transaction did, or would have done
	var refusal domain.Refusal
	switch {
	case errors.As(err, &refusal):
		reply.UserErrors = refusal
		a.renew(ctx, nil)
		return reply, nil
	case errors.Is(err, storage.ErrDry):
		return reply, nil
	case err != nil:
		return nil, err
	}
	a.feed.committed()
	return reply, nil
}

// digest is the hash of a mutation's input without its key. A dry run has another digest than the real one, and is never
// kept, so the two may share a key.
func digest(input any) (string, error) {
	body, err := json.Marshal(input)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:]), nil
}
