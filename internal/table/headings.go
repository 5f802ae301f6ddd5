package table

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Target is something that a column can be loaded as, with the headings that people give it.
type Target struct {
	Name   string   // the caller's name of it, a heading too
	Labels []string // other headings, in any case, spacing and punctuation
}

// Guess says which target each column holds, by column counted from 1; a column that fits none is left out. No target
// is given twice. A heading fits a label that is the same letter for letter (case, accents, spaces and punctuation
// apart), or has the same words in another order, or is one slip of the keyboard away; the closest fit goes first, and
// a slip that fits two targets fits none.
func Guess(columns []string, targets []Target) map[int]string {
	type heading struct {
		plain, sorted string
	}
	read := func(s string) heading {
		words := splitWords(s)
		plain := strings.Join(words, "")
		slices.Sort(words)
		return heading{plain, strings.Join(words, " ")}
	}
	labels := make([][]heading, len(targets))
	for i, t := range targets {
		for _, label := range append([]string{t.Name}, t.Labels...) {
			if h := read(label); h.plain != "" {
				labels[i] = append(labels[i], h)
			}
		}
	}
	headings := make([]heading, len(columns))
	for i, c := range columns {
		if len(c) <= 200 { // a heading is no essay
			headings[i] = read(c)
		}
	}

	guessed, given := map[int]string{}, make([]bool, len(targets))
	for _, fits := range []func(a, b heading) bool{
		func(a, b heading) bool { return a.plain == b.plain },
		func(a, b heading) bool { return a.sorted == b.sorted },
		func(a, b heading) bool { return len(b.plain) >= 5 && oneSlip(a.plain, b.plain) },
	} {
		for c, h := range headings {
			if _, done := guessed[c+1]; done || h.plain == "" {
				continue
			}
			only, count := -1, 0
			for t := range targets {
				if !given[t] && slices.ContainsFunc(labels[t], func(l heading) bool { return fits(h, l) }) {
					only, count = t, count+1
				}
			}
			if count == 1 {
				guessed[c+1], given[only] = targets[only].Name, true
			}
		}
	}
	return guessed
}

// splitWords cuts a heading into lower-case words of letters and digits without accents; "homeStation" is two.
func splitWords(s string) []string {
	var words []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			words = append(words, word.String())
			word.Reset()
		}
	}
	lower := false
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’':
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			lower = false
		default:
			if unicode.IsUpper(r) && lower {
				end()
			}
			lower = unicode.IsLower(r)
			word.WriteRune(unicode.ToLower(r))
		}
	}
	end()
	return words
}

// oneSlip says whether one letter more, less, other, or a swap of two neighbours makes a of b.
func oneSlip(a, b string) bool {
	x, y := []rune(a), []rune(b)
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	swapped := len(x) == 2 && len(y) == 2 && x[0] == y[1] && x[1] == y[0]
	return len(x) <= 1 && len(y) <= 1 || swapped
}
