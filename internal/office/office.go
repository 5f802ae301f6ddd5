// Package office makes PDF of PowerPoint files with LibreOffice, where it is installed. It runs as a program of its own, offline, with a
// profile that is thrown away.
package office

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
)

// ErrMissing says that LibreOffice is not installed.
var ErrMissing = errors.New("slides of a PowerPoint file can be drawn only where LibreOffice is installed (apt-get install libreoffice-impress); " +
	"save them as PDF in PowerPoint, and give the notes as they are")

// LibreOffice is the program.
type LibreOffice struct{ program string }

// Find looks for LibreOffice; without it, ErrMissing.
func Find() (LibreOffice, error) {
	program, err := exec.LookPath("soffice")
	if err != nil {
		return LibreOffice{}, ErrMissing
	}
	return LibreOffice{program}, nil
}

// PDF draws a PPTX file. It takes some seconds; the context may end it.
func (l LibreOffice) PDF(ctx context.Context, pptx []byte) ([]byte, error) {
	dir, err := os.MkdirTemp("", "tandem-slides-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	deck := filepath.Join(dir, "deck.pptx")
	if err := os.WriteFile(deck, pptx, 0o600); err != nil {
		return nil, err
	}
	profile := url.URL{Scheme: "file", Path: filepath.Join(dir, "profile")}
	command := exec.CommandContext(ctx, l.program, "-env:UserInstallation="+profile.String(), "--headless", "--norestore", "--convert-to", "pdf", "--outdir", dir, deck)
	said, err := command.CombinedOutput()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	pdf, missing := os.ReadFile(filepath.Join(dir, "deck.pdf"))
	if err != nil || missing != nil || !bytes.HasPrefix(pdf, []byte("%PDF-")) {
		return nil, fmt.Errorf("LibreOffice made no PDF of the file: %s", bytes.TrimSpace(said[max(0, len(said)-300):]))
	}
	return pdf, nil
}
