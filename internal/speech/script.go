package speech

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"
)

// Script is what a speaker means to say, sentence by sentence.
type Script struct{ Sentences []Line }

// Line is a sentence as written, and its words as a recogniser knows them: small letters, numbers in words.
type Line struct {
	Text  string
	Words []string
}

// ParseScript parts a text at full stops, question and exclamation marks and empty lines. What is in square brackets is for
// the speaker and not said.
func ParseScript(text string) Script {
	var s Script
	var line strings.Builder
	bracket := 0
	finish := func() {
		text := strings.Join(strings.Fields(line.String()), " ")
		line.Reset()
		if words := spokenWords(text); len(words) > 0 {
			s.Sentences = append(s.Sentences, Line{text, words})
		}
	}
	runes := []rune(text)
	for i, r := range runes {
		switch r {
		case '[':
			bracket++
			continue
		case ']':
			bracket = max(0, bracket-1)
			continue
		}
		if bracket > 0 {
			continue
		}
		line.WriteRune(r)
		next := ' '
		if i+1 < len(runes) {
			next = runes[i+1]
		}
		if strings.ContainsRune(".?!", r) && unicode.IsSpace(next) || r == '\n' && next == '\n' {
			finish()
		}
	}
	finish()
	return s
}

// Words are all words of the script in order.
func (s Script) Words() (words []string) {
	for _, l := range s.Sentences {
		words = append(words, l.Words...)
	}
	return words
}

func spokenWords(text string) (words []string) {
	fields := strings.FieldsFunc(strings.ToLower(strings.ReplaceAll(text, "’", "'")), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '%' && r != '&' && r != ',' && r != '.'
	})
	for _, f := range fields {
		f = strings.Trim(f, "'.,")
		if number, ok := wholeNumber(strings.ReplaceAll(f, ",", "")); ok {
			words = append(words, inWords(number)...)
			continue
		}
		for _, part := range strings.FieldsFunc(f, func(r rune) bool { return r == ',' || r == '.' }) {
			percent := strings.HasSuffix(part, "%")
			part = strings.TrimSuffix(part, "%")
			switch number, ok := wholeNumber(part); {
			case ok:
				words = append(words, inWords(number)...)
			case part == "&":
				words = append(words, "and")
			case part != "":
				words = append(words, part)
			}
			if percent {
				words = append(words, "percent")
			}
		}
	}
	return words
}

func wholeNumber(s string) (n int, ok bool) {
	if s == "" || len(s) > 9 {
		return 0, false
	}
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0, false
		}
		n = 10*n + int(r-'0')
	}
	return n, true
}

var small = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
var tens = strings.Fields("- - twenty thirty forty fifty sixty seventy eighty ninety")

// inWords reads a number as English speakers do; four digits between 1100 and 2099 as a year.
func inWords(n int) []string {
	switch {
	case n < 20:
		return small[n : n+1]
	case n < 100 && n%10 == 0:
		return tens[n/10 : n/10+1]
	case n < 100:
		return []string{tens[n/10], small[n%10]}
	case n >= 1100 && n < 2000 && n%100 != 0, n >= 2010 && n < 2100:
		if n%100 < 10 {
			return append(inWords(n/100), "oh", small[n%100])
		}
		return append(inWords(n/100), inWords(n%100)...)
	}
	for _, unit := range []struct {
		size int
		name string
	}{{1_000_000, "million"}, {1000, "thousand"}, {100, "hundred"}} {
		if n >= unit.size {
			words := append(slices.Clone(inWords(n/unit.size)), unit.name)
			if rest := n % unit.size; rest > 0 {
				if rest < 100 {
					words = append(words, "and")
				}
				words = append(words, inWords(rest)...)
			}
			return words
		}
	}
	return nil
}

// LanguageModel is a trigram model of the script in ARPA form, for a recogniser that is to hear this script: every sentence may
// come after any other, and may be broken off (absolute discounting, Ney, Essen and Kneser 1994).
func (s Script) LanguageModel() string {
	const discount, start, end = 0.3, "<s>", "</s>"
	counts := [3]map[string]float64{{}, {}, {}}
	for _, l := range s.Sentences {
		words := append(append([]string{start}, l.Words...), end)
		for i := range words {
			if i > 0 {
				counts[0][words[i]]++
				counts[1][strings.Join(words[i-1:i+1], " ")]++
			}
			if i > 1 {
				counts[2][strings.Join(words[i-2:i+1], " ")]++
			}
		}
	}
	// A pitch is one stream to a recogniser: what follows a sentence's end is the next one's start.
	counts[0][start] = 0
	total := 0.0
	for _, n := range counts[0] {
		total += n
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\\data\\\nngram 1=%d\nngram 2=%d\nngram 3=%d\n", len(counts[0]), len(counts[1]), len(counts[2]))
	followers := [2]map[string]int{{}, {}}
	sums := [2]map[string]float64{{}, {}}
	for k := range 2 {
		for gram, n := range counts[k+1] {
			head := gram[:strings.LastIndexByte(gram, ' ')]
			followers[k][head]++
			sums[k][head] += n
		}
	}
	probability := func(k int, gram string) float64 {
		if k == 0 {
			return max(counts[0][gram], 0.1) / (total + 0.1)
		}
		head := gram[:strings.LastIndexByte(gram, ' ')]
		return (counts[k][gram] - discount) / sums[k-1][head]
	}
	for k := range 3 {
		fmt.Fprintf(&b, "\n\\%d-grams:\n", k+1)
		for _, gram := range slices.Sorted(maps.Keys(counts[k])) {
			fmt.Fprintf(&b, "%.4f %s", math.Log10(probability(k, gram)), gram)
			if k < 2 {
				back := 0.0
				if n := sums[k][gram]; n > 0 {
					back = backOff(gram, k, counts, probability, discount*float64(followers[k][gram])/n)
				}
				fmt.Fprintf(&b, " %.4f", back)
			}
			b.WriteByte('\n')
		}
	}
	b.WriteString("\n\\end\\\n")
	return b.String()
}

// backOff is the weight of shorter grams after this one, so that all that may follow adds up to one.
func backOff(head string, k int, counts [3]map[string]float64, probability func(int, string) float64, left float64) float64 {
	seen := 0.0
	for _, gram := range slices.Sorted(maps.Keys(counts[k+1])) {
		if strings.HasPrefix(gram, head+" ") {
			tail := gram[strings.IndexByte(gram, ' ')+1:]
			seen += probability(k, tail)
		}
	}
	return math.Log10(left / max(1e-6, 1-seen))
}
