package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"tandem/internal/domain"
	"tandem/internal/storage"
)

const (
	uploadMax  = 512 << 20
	pieceMax   = 128 << 10
	uploadKept = 24 * time.Hour
)

var sha256Hex = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Upload is one upload, for whoever began it.
func (a *App) Upload(ctx context.Context, id string) (*domain.Upload, error) {
	if !actor(ctx).SignedIn() {
		return nil, must(ctx, domain.LoadTables, domain.Place{})
	}
	u, err := nouns[domain.Upload](a.view(ctx)).get(ctx, id)
	if err != nil {
		return nil, err
	}
	if u == nil || u.OwnerID != actor(ctx).ID {
		return nil, domain.NotFound("upload")
	}
	return u, nil
}

// StartUpload begins to receive a file, or goes on with an unfinished one of the same name, size and hash. Whoever may
// load tables somewhere, and teams that rehearse; the sound of a run once every speaker agreed to it. Uploads that nothing
// uses are forgotten after a day.
func (a *App) StartUpload(ctx context.Context, in StartUploadInput) (*domain.Reply[domain.Upload], error) {
	if !actor(ctx).MayAnywhere(domain.LoadTables) && !actor(ctx).MayAnywhere(domain.Rehearse) {
		return nil, must(ctx, domain.LoadTables, domain.Place{})
	}
	unagreed, err := a.startsSound(ctx, in.RehearsalID)
	if err != nil {
		return nil, err
	}
	return change(ctx, a, "startUpload", in.Command, in, func(tx *storage.Tx) (*domain.Upload, []*domain.Impact, error) {
		name, sum := strings.TrimSpace(in.Name), strings.ToLower(in.Sha256)
		wrong := slices.Clone(unagreed)
		if name == "" {
			wrong = append(wrong, domain.Problem(domain.CodeRequired, "name", "A file has a name.", "Give it."))
		}
		if in.Bytes < 1 {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, "bytes", "The file is empty.", "Choose a file that holds something."))
		}
		if in.Bytes > uploadMax {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, "bytes", fmt.Sprintf("The file is larger than %d MiB.", uploadMax>>20), "Choose a smaller file."))
		}
		if !sha256Hex.MatchString(sum) {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, "sha256", "This is no SHA-256.", "Send the hash of the whole file as 64 hexadecimal digits."))
		}
		if wrong != nil {
			return nil, nil, wrong
		}
		old, err := tx.UploadsUnused(ctx, tx.Now().Add(-uploadKept))
		if err != nil {
			return nil, nil, err
		}
		if err := tx.DropUploads(old...); err != nil {
			return nil, nil, err
		}
		if u, err := tx.UploadOf(ctx, actor(ctx).ID, name, sum, in.Bytes); err != nil || u != nil && u.Received < u.Bytes && u.RehearsalID == deref(in.RehearsalID) {
			return u, nil, err
		}
		u := &domain.Upload{ID: newID("upload"), OwnerID: actor(ctx).ID, Name: name, Bytes: in.Bytes, SHA256: sum, BeganAt: tx.Now(), RehearsalID: deref(in.RehearsalID)}
		return u, nil, storage.Put(tx, u)
	})
}

var errSpoiled = domain.Refuse(domain.CodeInvalid, "data", "The whole file does not have the SHA-256 that was announced, so it is thrown away.", "Read the file again, and start a new upload.")

// AppendUpload adds the next piece of a file. Only whoever began it. A piece that is there already is answered as if new;
// after a gap it is refused, with the offset to go on from. The last piece completes the file if its hash is as announced.
func (a *App) AppendUpload(ctx context.Context, in AppendUploadInput) (*domain.Reply[domain.Upload], error) {
	if _, err := a.Upload(ctx, in.UploadID); err != nil {
		return nil, err
	}
	spoiled := false
	reply, err := change(ctx, a, "appendUpload", in.Command, in, func(tx *storage.Tx) (*domain.Upload, []*domain.Impact, error) {
		u, err := storage.One[domain.Upload](ctx, tx.Reader, in.UploadID)
		if err != nil {
			return nil, nil, err
		}
		piece, err := base64.StdEncoding.DecodeString(in.Data)
		end := in.Offset + len(piece)
		switch {
		case err != nil:
			return u, nil, domain.Refuse(domain.CodeInvalid, "data", "The piece is no Base64.", "Encode it with the standard alphabet and padding.")
		case len(piece) == 0 || len(piece) > pieceMax:
			return u, nil, domain.Refuse(domain.CodeInvalid, "data", fmt.Sprintf("A piece holds 1 byte to %d KiB; this one holds %d bytes.", pieceMax>>10, len(piece)), "Send smaller pieces.")
		case in.Offset < 0 || in.Offset > u.Received:
			return u, nil, domain.Refuse(domain.CodeInvalid, "offset", fmt.Sprintf("Bytes are there up to %d, so a piece at %d leaves a gap.", u.Received, in.Offset), fmt.Sprintf("Go on from %d.", u.Received))
		case end > u.Bytes:
			return u, nil, domain.Refuse(domain.CodeInvalid, "data", fmt.Sprintf("The file was announced with %d bytes, and this piece ends at %d.", u.Bytes, end), "Start a new upload with the right size.")
		case end <= u.Received:
			return u, nil, nil
		case in.Offset < u.Received:
			return u, nil, domain.Refuse(domain.CodeInvalid, "offset", fmt.Sprintf("The piece is there in part: bytes are there up to %d.", u.Received), fmt.Sprintf("Go on from %d.", u.Received))
		}
		if err := tx.AddPiece(u.ID, in.Offset, in.Data); err != nil {
			return nil, nil, err
		}
		u.Received = end
		if u.Received == u.Bytes {
			whole, err := fileOf(ctx, tx.Reader, u)
			if err != nil {
				return nil, nil, err
			}
			if sum := sha256.Sum256(whole); hex.EncodeToString(sum[:]) != u.SHA256 {
				spoiled = true
				return nil, nil, errSpoiled
			}
		}
		return u, nil, storage.Put(tx, u)
	})
	if err == nil && spoiled && !in.DryRun { // a refusal keeps nothing, and a spoiled file must not be gone on with
		_, err = change(ctx, a, "dropUpload", domain.Command{IdempotencyKey: uuid.NewString()}, in.UploadID, func(tx *storage.Tx) (*domain.Upload, []*domain.Impact, error) {
			return nil, nil, tx.DropUploads(&domain.Upload{ID: in.UploadID})
		})
	}
	return reply, err
}

// fileOf is what was received of an upload.
func fileOf(ctx context.Context, r storage.Reader, u *domain.Upload) ([]byte, error) {
	pieces, err := r.Pieces(ctx, u.ID)
	if err != nil {
		return nil, err
	}
	var whole bytes.Buffer
	whole.Grow(u.Received)
	for _, p := range pieces {
		piece, err := base64.StdEncoding.DecodeString(p)
		if err != nil {
			return nil, err
		}
		whole.Write(piece)
	}
	return whole.Bytes(), nil
}
