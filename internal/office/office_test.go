package office

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestWithoutLibreOfficeItSaysTheWayOut(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Find(); !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "save them as PDF") {
		t.Error(err)
	}
}

// TestAProgramThatMakesNoPDF: what LibreOffice says of a file that it cannot draw is what the person reads.
func TestAProgramThatMakesNoPDF(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "soffice"), []byte("#!/bin/sh\necho 'source file could not be loaded'\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	l, err := Find()
	if err != nil {
		t.Fatal(err)
	}
	if _, err = l.PDF(context.Background(), []byte("PK")); err == nil || !strings.Contains(err.Error(), "could not be loaded") {
		t.Error(err)
	}
}

// TestPDF draws a text with LibreOffice itself, which reads by content and not by name.
func TestPDF(t *testing.T) {
	if _, err := exec.LookPath("soffice"); err != nil {
		t.Skip("LibreOffice is not installed: apt-get install libreoffice-impress")
	}
	l, err := Find()
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := l.PDF(context.Background(), []byte("<html><body>One slide</body></html>"))
	if err != nil || !strings.HasPrefix(string(pdf), "%PDF-") {
		t.Error(len(pdf), err)
	}
}
