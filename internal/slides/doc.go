// Package slides reads what a rehearsal needs of a deck: the notes of a PowerPoint file, those of a .pdfpc file, and how many pages a
// PDF has. It is a pure function of bytes, which come from anybody: what they may unpack to is bounded and counted.
package slides

import "errors"

// Errors, each wrapped with what was found.
var (
	ErrNotDeck = errors.New("neither a PDF nor a PowerPoint file (PPTX)")
	ErrDamaged = errors.New("the file is damaged")
	ErrTooBig  = errors.New("the file unpacks to too much")
	ErrLocked  = errors.New("the file is locked with a password; save it without one")
)

// Bounds of what is read.
const (
	MaxSlides = 1000
	maxParts  = 20_000
	maxPart   = 8 << 20  // unpacked bytes of one part
	maxAll    = 64 << 20 // and of all parts that are read
	maxRatio  = 250      // of a part beyond a megabyte: text packs 5 to 50 times
	MaxNote   = 20_000   // characters; what is beyond is left out
)
