package app

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/office"
	"tandem/internal/slides"
	"tandem/internal/storage"
)

// AttachDeck gives a pitch its slides from an upload: a PDF, a PowerPoint file (its notes, and its slides as PDF where
// LibreOffice is installed), or .pdfpc notes for the slides that are there. The pitch's team; the upload is used up.
func (a *App) AttachDeck(ctx context.Context, in AttachDeckInput) (*domain.Reply[PitchReply], error) {
	p, err := a.Pitch(ctx, in.PitchID)
	if err != nil {
		return nil, err
	}
	made, err := a.deck(ctx, p, in.UploadID)
	if err != nil && !isRefusal(err) {
		return nil, err
	}
	return change(ctx, a, "attachDeck", in.Command, in, func(tx *storage.Tx) (*PitchReply, []*domain.Impact, error) {
		p, stored := made.pitch, err // what was read belongs to the version that it was read for
		now, err := storage.One[domain.Pitch](ctx, tx.Reader, in.PitchID)
		if err != nil {
			return nil, nil, err
		}
		reply := &PitchReply{now.ID}
		if err := fresh(now.Edit, in.ExpectedVersion); err != nil {
			return reply, nil, err
		}
		if stored != nil {
			return reply, nil, stored
		}
		if p.Version != now.Version {
			return reply, nil, stale(now.Edit)
		}
		if made.pdf != nil {
			if now.Deck != nil {
				if err := tx.DropFile(now.Deck.FileID); err != nil {
					return nil, nil, err
				}
			}
			if err := tx.KeepFile(made.deck.FileID, made.pdf); err != nil {
				return nil, nil, err
			}
		}
		now.Deck = made.deck
		if err := tx.DropUploads(&domain.Upload{ID: in.UploadID}); err != nil {
			return nil, nil, err
		}
		return reply, []*domain.Impact{domain.Touch(domain.EffectChanged, "The pitch has its slides.", now.ID)}, storage.Put(tx, now)
	})
}

// madeDeck is a deck as it was read for a pitch; pdf is nil where the file that is there stays, or where there is none.
type madeDeck struct {
	pitch *domain.Pitch
	deck  *domain.Deck
	pdf   []byte
}

func (a *App) deck(ctx context.Context, p *domain.Pitch, upload string) (madeDeck, error) {
	made := madeDeck{pitch: p}
	u, data, err := a.wholeUpload(ctx, upload)
	if err != nil {
		return made, err
	}
	refuse := func(err error, fix string) error {
		return domain.Refuse(domain.CodeInvalid, "uploadId", capitalised(err.Error()), fix)
	}
	made.deck = &domain.Deck{ID: newID("deck"), Name: u.Name, FileID: newID("file")}
	switch {
	case slides.IsPDF(data):
		pages, err := slides.Pages(data)
		if err != nil {
			return made, refuse(err, "Save the slides as PDF again, without a password.")
		}
		if pages > slides.MaxSlides {
			return made, domain.Refuse(domain.CodeInvalid, "uploadId", fmt.Sprintf("A deck has at most %d slides; this has %d.", slides.MaxSlides, pages), "Part it.")
		}
		made.deck.Slides, made.deck.Bytes, made.pdf = pages, len(data), data
		made.deck.Notes = make([]string, pages)
		if p.Deck != nil && len(p.Deck.Notes) == pages { // a PDF saved anew keeps the notes that were there
			copy(made.deck.Notes, p.Deck.Notes)
		}
	case strings.EqualFold(path.Ext(u.Name), ".pdfpc"):
		if p.Deck == nil {
			return made, domain.Refuse(domain.CodeWrongState, "uploadId", "Notes of a .pdfpc file belong to slides, and the pitch has none.", "Attach the slides first.")
		}
		notes, err := slides.ReadPDFPC(data, p.Deck.Slides)
		if err != nil {
			return made, refuse(err, "Give a .pdfpc file of format 2, as pdfpc 4.5 and later write it.")
		}
		kept := *p.Deck
		kept.Notes = notes
		made.deck = &kept
	default:
		notes, err := slides.PowerPoint(data)
		if err != nil {
			return made, refuse(err, "Give a PDF, a PowerPoint file (.pptx), or a .pdfpc file for slides that are there.")
		}
		made.deck.Slides, made.deck.Notes = len(notes), notes
		return made, made.draw(ctx, data)
	}
	return made, nil
}

// draw makes a PDF of a PowerPoint file where that can be done; else the deck says why not, and everything but its slides works.
func (m *madeDeck) draw(ctx context.Context, pptx []byte) error {
	var problem string
	program, err := office.Find()
	if err == nil {
		m.pdf, err = program.PDF(ctx, pptx)
	}
	switch {
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		problem = "LibreOffice took too long to draw the slides; save them as PDF in PowerPoint, and attach that."
	case err != nil:
		problem = capitalised(err.Error())
	}
	if err == nil {
		if pages, err := slides.Pages(m.pdf); err != nil || pages != m.deck.Slides {
			m.pdf, problem = nil, fmt.Sprintf("LibreOffice drew %d pages for %d slides; save them as PDF in PowerPoint, and attach that.", pages, m.deck.Slides)
		}
	}
	if m.pdf == nil {
		m.deck.Problem, m.deck.FileID = &problem, ""
	}
	m.deck.Bytes = len(m.pdf)
	return nil
}

// DeckNotes is a deck's notes as a .pdfpc file.
func (a *App) DeckNotes(d *domain.Deck) string { return string(slides.WritePDFPC(d.Notes, 0)) }
