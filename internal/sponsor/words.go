package sponsor

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"tandem/internal/domain"
)

// Words are what people write around the figures. A number stands in them as a token in braces that names a figure or one of
// its cells, such as {RETAINED} or {RETAINED/TAKING_PART/PUBLIC}, and a day as {2019-04-29}.
type Words struct {
	Headline  string
	Summary   string
	Rating    Rating
	WentBadly []string // most serious first
	Decisions []Decision
}

// Rating is how likely the goal is to be met, and what evidence that rests on.
type Rating struct {
	Goal    string
	Level   Level
	Because string
}

// Level is how likely something is.
type Level string

// The levels, from the least.
const (
	Unlikely      Level = "UNLIKELY"
	Even          Level = "EVEN"
	Likely        Level = "LIKELY"
	NearlyCertain Level = "NEARLY_CERTAIN"
)

// Levels are all of them, from the least.
var Levels = []Level{Unlikely, Even, Likely, NearlyCertain}

// String is the level in words.
func (l Level) String() string {
	switch l {
	case Unlikely:
		return "Unlikely"
	case Even:
		return "Even"
	case Likely:
		return "Likely"
	case NearlyCertain:
		return "Nearly certain"
	}
	return "Not rated"
}

// Definition is what the level means, as published on every brief.
func (l Level) Definition() string {
	switch l {
	case Unlikely:
		return "the evidence speaks against it"
	case Even:
		return "the evidence speaks for and against"
	case Likely:
		return "the evidence supports it, and no single open risk can change it"
	case NearlyCertain:
		return "only something unheard of can change it"
	}
	return "nobody has rated it yet"
}

// Decision is something that the sponsor is asked to decide.
type Decision struct {
	Text string
	By   domain.Date
}

// Wrong is a place in a text that cannot be released. At is its byte; Text is what stands there.
type Wrong struct {
	At   int
	Text string
	Why  string
}

var (
	token = regexp.MustCompile(`\{([^{}]*)\}`)
	digit = regexp.MustCompile(`\p{Nd}[\p{Nd}.,:/-]*\p{Nd}|\p{Nd}`)
)

// Lint finds what a text may not hold: a number that is no token, since nothing recomputes it, and a token that names nothing.
// Names are those in which digits are part of a name, such as the programme's and the teams'.
func Lint(text string, figures []Figure, names []string) []Wrong {
	var wrong []Wrong
	rest := []byte(text)
	blank := func(from, to int) {
		for i := from; i < to; i++ {
			rest[i] = ' '
		}
	}
	for _, at := range token.FindAllStringSubmatchIndex(text, -1) {
		if _, err := fill(text[at[2]:at[3]], figures); err != nil {
			wrong = append(wrong, Wrong{at[0], text[at[0]:at[1]], err.Error()})
		}
		blank(at[0], at[1])
	}
	longest := slices.Clone(names)
	slices.SortFunc(longest, func(a, b string) int { return len(b) - len(a) })
	for _, name := range longest {
		for from := 0; name != ""; {
			i := strings.Index(string(rest[from:]), name)
			if i < 0 {
				break
			}
			if end := from + i + len(name); end == len(rest) || rest[end] < '0' || rest[end] > '9' {
				blank(from+i, end)
			}
			from += i + len(name)
		}
	}
	for _, at := range digit.FindAllIndex(rest, -1) {
		wrong = append(wrong, Wrong{at[0], text[at[0]:at[1]],
			"a number in words is a token, so that it can be recomputed: {RETAINED} for a figure, {2019-04-29} for a day"})
	}
	slices.SortFunc(wrong, func(a, b Wrong) int { return a.At - b.At })
	return wrong
}

// Fill puts what each token names in its place. A token that names nothing stays; Lint finds it.
func Fill(text string, figures []Figure) string {
	return token.ReplaceAllStringFunc(text, func(t string) string {
		if words, err := fill(t[1:len(t)-1], figures); err == nil {
			return words
		}
		return t
	})
}

func fill(name string, figures []Figure) (string, error) {
	if d, err := domain.ParseDate(name); err == nil {
		return d.Time().Format("2 January"), nil
	}
	for _, f := range figures {
		if name == string(f.Key) {
			return f.Value.Text, nil
		}
		for _, c := range f.Cells {
			if name == c.ID {
				return c.Value.Text, nil
			}
		}
	}
	return "", fmt.Errorf("no figure of this brief and no day is called %s", name)
}
