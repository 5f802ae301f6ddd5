package sample

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"

	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/internal/speech"
)

const pieceBytes = 96 << 10

// Record gives the sample's pitch its deck and its rehearsals their sound, which it synthesises, and has each listened to. It takes some
// seconds of the processor. ErrNoVoice where there is nothing to speak with. What is there stays.
func Record(ctx context.Context, a *app.App, c *domain.Cohort) error {
	t, err := team(ctx, a, c)
	if err != nil {
		return err
	}
	p, err := a.PitchOf(ctx, t)
	if err != nil || p == nil {
		return err
	}
	if p.Deck == nil {
		deck, err := File("pitch/deck.pdf")
		if err != nil {
			return err
		}
		upload, err := send(ctx, a, "deck.pdf", deck, nil)
		if err != nil {
			return err
		}
		if err := did(a.AttachDeck(ctx, app.AttachDeckInput{PitchID: p.ID, UploadID: upload, ExpectedVersion: p.Version, Command: step("deck")})); err != nil {
			return err
		}
	}
	runs, err := a.Rehearsals(ctx, p, domain.Page{})
	if err != nil {
		return err
	}
	slices.Reverse(runs.Nodes)
	if len(runs.Nodes) < len(Rehearsals()) {
		return nil
	}
	var sounds []*speech.Sound
	for n := range Rehearsals() {
		run := runs.Nodes[n]
		if had, err := a.Recording(ctx, run); err != nil || had != nil || withdrawn(run) {
			if err != nil {
				return err
			}
			continue
		}
		if sounds == nil {
			if sounds, err = Speak(Rehearsals()...); err != nil {
				return err
			}
		}
		if err := hear(ctx, a, run, n, sounds[n]); err != nil {
			return fmt.Errorf("rehearsal %d: %w", n+1, err)
		}
	}
	return nil
}

// withdrawn is whether a speaker took their yes back: then the sound is gone for good.
func withdrawn(r *domain.Rehearsal) bool {
	return slices.ContainsFunc(r.Consents, func(c *domain.RecordingConsent) bool { return c.WithdrawnAt != nil })
}

// hear attaches a run's sound, once everybody has agreed, and listens to it.
func hear(ctx context.Context, a *app.App, run *domain.Rehearsal, n int, sound *speech.Sound) error {
	for _, id := range run.Speakers() {
		if err := did(a.SetRecordingConsent(ctx, app.SetRecordingConsentInput{RehearsalID: run.ID, EnrolmentID: &id, Agreed: true, Command: step("run %d, %s agrees", n+1, id)})); err != nil {
			return err
		}
	}
	var flac bytes.Buffer
	if err := speech.WriteFLAC(&flac, sound); err != nil {
		return err
	}
	upload, err := send(ctx, a, fmt.Sprintf("rehearsal-%d.flac", n+1), flac.Bytes(), &run.ID)
	if err != nil {
		return err
	}
	if err := did(a.AttachRecording(ctx, app.AttachRecordingInput{RehearsalID: run.ID, UploadID: upload, Command: step("run %d, sound", n+1)})); err != nil {
		return err
	}
	begun, err := a.AnalyseRehearsal(ctx, app.AnalyseRehearsalInput{RehearsalID: run.ID, Level: domain.AnalyseSignal, Command: step("run %d, analysis", n+1)})
	if err := did(begun, err); err != nil {
		return err
	}
	told, err := a.JobProgressed(ctx, begun.Object.AnalysisID)
	if err != nil {
		return err
	}
	for range told { // until it is over
	}
	return ctx.Err()
}

// send uploads a file in pieces; its id is the upload's.
func send(ctx context.Context, a *app.App, name string, data []byte, run *string) (string, error) {
	sum := sha256.Sum256(data)
	upload, err := a.StartUpload(ctx, app.StartUploadInput{Name: name, Bytes: len(data), Sha256: hex.EncodeToString(sum[:]), RehearsalID: run, Command: step("%s", name)})
	if err := did(upload, err); err != nil {
		return "", err
	}
	for at := upload.Object.Received; at < len(data); at += pieceBytes {
		piece := base64.StdEncoding.EncodeToString(data[at:min(at+pieceBytes, len(data))])
		if err := did(a.AppendUpload(ctx, app.AppendUploadInput{UploadID: upload.Object.ID, Offset: at, Data: piece, Command: step("%s, from %d", name, at)})); err != nil {
			return "", err
		}
	}
	return upload.Object.ID, nil
}
