package slides

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// IsPDF is whether a file says that it is one, within its first kilobyte as readers allow.
func IsPDF(data []byte) bool { return bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) }

func init() { model.ConfigPath = "disable" } // else the library writes a folder of its own

// Pages counts the pages of a PDF.
func Pages(data []byte) (n int, err error) {
	if !IsPDF(data) {
		return 0, ErrNotDeck
	}
	defer func() {
		if r := recover(); r != nil { // a library that reads anybody's bytes
			n, err = 0, ErrDamaged
		}
	}()
	c := model.NewDefaultConfiguration()
	c.ValidationMode = model.ValidationRelaxed
	c.Offline = true
	n, err = api.PageCount(bytes.NewReader(data), c)
	switch {
	case errors.Is(err, pdfcpu.ErrWrongPassword):
		return 0, ErrLocked
	case err != nil || n < 1:
		return 0, ErrDamaged
	case n > MaxSlides:
		return 0, fmt.Errorf("%w: %d pages, where %d can be shown", ErrTooBig, n, MaxSlides)
	}
	return n, nil
}
