package slides

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// pdfpc is a file of the presenter console pdfpc, in its format 2 (pdfpc 4.5 and later): JSON, pages counted from 0.
type pdfpc struct {
	Format   int         `json:"pdfpcFormat"`
	Duration int         `json:"duration,omitempty"` // minutes
	Pages    []pdfpcPage `json:"pages"`
}

type pdfpcPage struct {
	Index   int    `json:"idx"`
	Label   string `json:"label"`
	Overlay int    `json:"overlay"`
	Note    string `json:"note,omitempty"`
}

// ReadPDFPC gives the notes of a .pdfpc file for a deck of so many slides; "" where a slide has none.
func ReadPDFPC(data []byte, slides int) ([]string, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		return nil, fmt.Errorf("%w: it is a .pdfpc file of an old pdfpc; open it with pdfpc 4.5 or later, which writes it anew", ErrDamaged)
	}
	var f pdfpc
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("%w: no .pdfpc file", ErrDamaged)
	}
	if f.Format != 2 {
		return nil, fmt.Errorf("%w: a .pdfpc file of format %d, where 2 can be read", ErrDamaged, f.Format)
	}
	notes := make([]string, slides)
	for _, p := range f.Pages {
		if p.Index < 0 || p.Index >= slides {
			return nil, fmt.Errorf("%w: it has notes for page %d, and the deck %d pages", ErrDamaged, p.Index+1, slides)
		}
		notes[p.Index] = short(p.Note)
	}
	return notes, nil
}

// WritePDFPC makes a .pdfpc file of notes by slide, for a slot of so many minutes (0: none is set).
func WritePDFPC(notes []string, minutes int) []byte {
	f := pdfpc{Format: 2, Duration: minutes, Pages: []pdfpcPage{}}
	for i, n := range notes {
		f.Pages = append(f.Pages, pdfpcPage{Index: i, Label: fmt.Sprint(i + 1), Note: n})
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	_ = e.Encode(f) // strings and numbers always encode
	return out.Bytes()
}
