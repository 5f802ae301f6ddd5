package app

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"math"

	"tandem/internal/domain"
	"tandem/internal/speech"
	"tandem/internal/storage"
)

func recordingsOfRuns(v *view) *batch[*domain.Recording] {
	return list(v, "recordings of runs", func(ctx context.Context, runs []string) (map[string]*domain.Recording, error) {
		found, err := v.store.RecordingsOf(ctx, runs)
		out := map[string]*domain.Recording{}
		for _, r := range withWritten(v, found) {
			out[r.RehearsalID] = r
		}
		return out, err
	})
}

// Recording is the sound of a run; nil if there is none.
func (a *App) Recording(ctx context.Context, r *domain.Rehearsal) (*domain.Recording, error) {
	return recordingsOfRuns(a.view(ctx)).get(ctx, r.ID)
}

const peaksMax = 4_000

// Waveform is a recording's outline for drawing, in so many peaks; fewer where it has not so many.
func (a *App) Waveform(r *domain.Recording, points int) ([]float64, error) {
	if points < 1 || points > peaksMax {
		return nil, domain.Invalid(fmt.Sprintf("Ask for 1 to %d peaks.", peaksMax))
	}
	return r.Waveform(points), nil
}

// FileData is a piece of a kept file in Base64; nil beyond its end.
func (a *App) FileData(ctx context.Context, id string, offset, most int) (*string, error) {
	if offset < 0 || most < 1 || most > pieceMax {
		return nil, domain.Invalid(fmt.Sprintf("Ask for 1 to %d bytes from 0 on.", pieceMax))
	}
	data, err := a.read().File(ctx, id, offset, most)
	if err != nil || len(data) == 0 {
		return nil, err
	}
	text := base64.StdEncoding.EncodeToString(data)
	return &text, nil
}

// unagreed says which word of a speaker is missing before a run may be recorded; nil where none is.
func unagreed(r *domain.Rehearsal, field string) domain.Refusal {
	var wrong domain.Refusal
	for _, s := range r.Plan {
		if s.PresenterID == nil {
			wrong = append(wrong, domain.Problem(domain.CodeNeedsConsent, field, fmt.Sprintf("Nobody was chosen to present %s, so nobody can agree for it.", s.Title), "Choose who presents it, and begin another run."))
		}
	}
	missing := 0
	for _, id := range r.Speakers() {
		if !r.Consent(id).Stands() {
			missing++
		}
	}
	if missing > 0 {
		wrong = append(wrong, domain.Problem(domain.CodeNeedsConsent, field, fmt.Sprintf("%d of %d speakers have not agreed to be recorded.", missing, len(r.Speakers())), "Ask each of them; without all of them the run goes on unrecorded."))
	}
	return wrong
}

// wholeUpload is the bytes of an asker's finished upload; a refusal names what is wrong with it.
func (a *App) wholeUpload(ctx context.Context, id string) (*domain.Upload, []byte, error) {
	u, err := a.Upload(ctx, id)
	if isMissing(err) {
		return nil, nil, domain.Refuse(domain.CodeNotFound, "uploadId", "There is no such upload of yours, or it was used already.", "Upload the file anew.")
	}
	if err != nil {
		return nil, nil, err
	}
	if u.Received < u.Bytes {
		return nil, nil, domain.Refuse(domain.CodeWrongState, "uploadId", fmt.Sprintf("%d of %d bytes are there.", u.Received, u.Bytes), fmt.Sprintf("Go on from %d.", u.Received))
	}
	data, err := fileOf(ctx, a.read(), u)
	return u, data, err
}

// soundProblem tells in words of a file that cannot be heard.
func soundProblem(err error) error {
	for _, known := range []error{speech.ErrNotSound, speech.ErrBroken, speech.ErrFormat, speech.ErrEmpty, speech.ErrTooLong} {
		if errors.Is(err, known) {
			return domain.Refuse(domain.CodeInvalid, "uploadId", "The recording cannot be used: "+err.Error()+".", "Give a WAV or FLAC file of one or two channels.")
		}
	}
	return err
}

// AttachRecording gives a run its sound from an upload that was begun for it. The run's team; every speaker must have agreed.
// It is kept as FLAC of one channel, and the upload is used up.
func (a *App) AttachRecording(ctx context.Context, in AttachRecordingInput) (*domain.Reply[RehearsalReply], error) {
	r, err := a.Rehearsal(ctx, in.RehearsalID)
	if err != nil {
		return nil, err
	}
	made, err := a.recording(ctx, r, in) // outside the transaction; a refusal is told from within, so that a key answers alike
	if err != nil && !isRefusal(err) {
		return nil, err
	}
	return change(ctx, a, "attachRecording", in.Command, in, func(tx *storage.Tx) (*RehearsalReply, []*domain.Impact, error) {
		reply := &RehearsalReply{RehearsalID: r.ID}
		if err != nil {
			return reply, nil, err
		}
		now, err := storage.One[domain.Rehearsal](ctx, tx.Reader, r.ID)
		if err != nil {
			return nil, nil, err
		}
		if wrong := unagreed(now, "rehearsalId"); wrong != nil { // one may have been taken back meanwhile
			return reply, nil, wrong
		}
		if err := silence(ctx, tx, r.ID); err != nil {
			return nil, nil, err
		}
		if err := tx.KeepFile(made.ID, made.data); err != nil {
			return nil, nil, err
		}
		return reply, []*domain.Impact{domain.Touch(domain.EffectChanged, "The run has its sound.", r.ID)}, storage.Put(tx, &made.Recording)
	})
}

func isRefusal(err error) bool {
	_, ok := errors.AsType[domain.Refusal](err)
	return ok
}

// madeRecording is a recording with the bytes of its file.
type madeRecording struct {
	domain.Recording
	data []byte
}

// recording reads an upload as the sound of a run, and makes what is kept of it.
func (a *App) recording(ctx context.Context, r *domain.Rehearsal, in AttachRecordingInput) (*madeRecording, error) {
	if wrong := unagreed(r, "rehearsalId"); wrong != nil {
		return nil, wrong
	}
	u, data, err := a.wholeUpload(ctx, in.UploadID)
	if err != nil {
		return nil, err
	}
	if u.RehearsalID != r.ID {
		return nil, domain.Refuse(domain.CodeInvalid, "uploadId", "The upload was not begun as the sound of this run.", "Start it with the run's id as rehearsalId.")
	}
	if in.OffsetMilliseconds < -60_000 || in.OffsetMilliseconds > 24*60*60*1000 {
		return nil, domain.Refuse(domain.CodeInvalid, "offsetMilliseconds", "A recording begins at most a minute before its run, and at most a day after.", "Count from the run's start.")
	}
	sound, err := speech.Read(bytes.NewReader(data))
	if err != nil {
		return nil, soundProblem(err)
	}
	var out bytes.Buffer
	if err := speech.WriteFLAC(&out, sound); err != nil {
		return nil, err
	}
	return &madeRecording{domain.Recording{ID: newID("recording"), RehearsalID: r.ID, Milliseconds: int(1000 * sound.Seconds()), OffsetMilliseconds: in.OffsetMilliseconds,
		SampleRate: sound.Rate, Bytes: out.Len(), MediaType: "audio/flac", Peaks: outline(sound.Samples)}, out.Bytes()}, nil
}

// outline is the greatest sample of each of evenly spaced stretches, to a thousandth.
func outline(samples []float32) []float64 {
	peaks := make([]float64, min(peaksMax, len(samples)))
	for i := range peaks {
		for _, x := range samples[i*len(samples)/len(peaks) : (i+1)*len(samples)/len(peaks)] {
			peaks[i] = max(peaks[i], math.Abs(float64(x)))
		}
		peaks[i] = math.Round(1000*min(1, peaks[i])) / 1000
	}
	return peaks
}

// silence takes all sound of a run away, what was found in it, and what was still to come.
func silence(ctx context.Context, tx *storage.Tx, run string) error {
	recordings, err := tx.RecordingsOf(ctx, []string{run})
	if err != nil {
		return err
	}
	for _, r := range recordings {
		if err := tx.DropFile(r.ID); err != nil {
			return err
		}
	}
	if err := storage.Remove(tx, recordings...); err != nil {
		return err
	}
	analyses, err := tx.AnalysesOf(ctx, []string{run})
	if err != nil {
		return err
	}
	if err := storage.Remove(tx, analyses...); err != nil {
		return err
	}
	uploads, err := tx.UploadsFor(ctx, run)
	if err != nil {
		return err
	}
	return tx.DropUploads(uploads...)
}

// hush stops whoever listens to a run whose sound is gone, and has the database forget it on disk.
func (a *App) hush(ctx context.Context, analyses []string) {
	for _, id := range analyses {
		a.jobs.cancel(id)
	}
	if err := a.store.Scrub(ctx); err != nil {
		a.log.Warn("the sound of a run is deleted, and the database's log may hold some of it until Tandem ends", "error", err)
	}
}

// startsSound says what speaks against an upload as the sound of a run: who has not agreed to it. No run, and nothing does.
func (a *App) startsSound(ctx context.Context, run *string) (domain.Refusal, error) {
	if run == nil {
		return nil, nil
	}
	r, err := a.Rehearsal(ctx, *run)
	if err != nil {
		return nil, err
	}
	return unagreed(r, "rehearsalId"), nil
}
