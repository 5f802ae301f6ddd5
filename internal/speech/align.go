package speech

import (
	"math"
	"strings"
)

// Verdict is whether anything can be said of a recording beside its script.
type Verdict string

// The verdicts: what is heard is set beside the script; or it is not, with the reason.
const (
	Aligned      Verdict = "ALIGNED"
	TooNoisy     Verdict = "TOO_NOISY"
	UnknownWords Verdict = "UNKNOWN_WORDS"
	NothingHeard Verdict = "NOTHING_HEARD"
	NoRecogniser Verdict = "NO_RECOGNISER"
)

// Gates below and above which no verdict is given; docs/rehearsal.md has the measurement behind the first.
const (
	AlignSNR     = 19.0 // dB
	UnknownShare = 0.15 // of the script's words, without a pronunciation
)

// Word is a word as heard.
type Word struct {
	Text string
	Span
}

// Alignment is the script beside what was heard. Coverage is the part of the script's words that was said; without a
// verdict of ALIGNED it is 0, and sentences have no start.
type Alignment struct {
	Verdict   Verdict    `json:"verdict"`
	Coverage  float64    `json:"coverage"`
	Sentences []Sentence `json:"sentences"`
	// Unknown are words of the script without a pronunciation: product names, mostly. The user can add them.
	Unknown []string `json:"unknown,omitempty"`
}

// Sentence is one of the script's, and when it began; null where it was not said.
type Sentence struct {
	Text  string   `json:"text"`
	Start *float64 `json:"start"`
	// Coverage is the part of its words that was said.
	Coverage float64 `json:"coverage"`
}

// Silent is an alignment that says nothing but why.
func Silent(s Script, v Verdict, unknown []string) *Alignment {
	a := &Alignment{Verdict: v, Unknown: unknown, Sentences: []Sentence{}}
	for _, l := range s.Sentences {
		a.Sentences = append(a.Sentences, Sentence{Text: l.Text})
	}
	return a
}

// saidLeast is the part of a sentence's words that must be heard in place for it to count as said.
const saidLeast = 0.4

// Align sets the words heard, in order, beside the script's by the heaviest common subsequence, long words weighing more
// since short ones are heard anywhere. A sentence starts with its first word; where that was misheard, at the beginning of
// the stretch of speech it lies in, if no word of another sentence lies between, else at the first word heard.
func Align(s Script, heard []Word, speech []Span) *Alignment {
	if len(heard) == 0 {
		return Silent(s, NothingHeard, nil)
	}
	script := s.Words()
	match := common(script, heard)
	a := &Alignment{Verdict: Aligned, Sentences: []Sentence{}}
	all, at := 0, 0
	before := math.Inf(-1) // the end of the last word matched so far
	for _, l := range s.Sentences {
		said, first, firstAt := 0, -1, 0
		last := before
		for k := range l.Words {
			if h := match[at+k]; h >= 0 {
				said++
				if first < 0 {
					first, firstAt = h, k
				}
				last = heard[h].End
			}
		}
		sentence := Sentence{Text: l.Text, Coverage: float64(said) / float64(len(l.Words))}
		if sentence.Coverage >= saidLeast {
			start := heard[first].Start
			if firstAt > 0 {
				start = begin(start, before, speech)
			}
			sentence.Start = &start
			before = last
		}
		all += said
		at += len(l.Words)
		a.Sentences = append(a.Sentences, sentence)
	}
	a.Coverage = float64(all) / float64(len(script))
	return a
}

// begin is where the stretch of speech about a time begins, but not before.
func begin(at, before float64, speech []Span) float64 {
	for _, s := range speech {
		if s.Start <= at && at <= s.End && s.Start >= before-0.05 {
			return s.Start
		}
	}
	return at
}

// common gives for each word of the script the word heard for it, or -1.
func common(script []string, heard []Word) []int {
	m := len(heard)
	best := make([]float32, (len(script)+1)*(m+1))
	row := func(i int) []float32 { return best[i*(m+1) : (i+1)*(m+1)] }
	for i := len(script) - 1; i >= 0; i-- {
		now, below := row(i), row(i+1)
		for j := m - 1; j >= 0; j-- {
			now[j] = max(below[j], now[j+1])
			if same(script[i], heard[j].Text) {
				now[j] = max(now[j], below[j+1]+weight(script[i]))
			}
		}
	}
	match := make([]int, len(script))
	j := 0
	for i := range script {
		match[i] = -1
		now, below := row(i), row(i+1)
		for j < m && now[j] == now[j+1] && now[j] > below[j] {
			j++
		}
		if j < m && same(script[i], heard[j].Text) && now[j] == below[j+1]+weight(script[i]) {
			match[i] = j
			j++
		}
	}
	return match
}

func weight(word string) float32 { return 1 + 0.25*float32(min(8, len(word))) }

// same takes a recogniser's second pronunciations, "the(2)", for the word.
func same(script, heard string) bool {
	if i := strings.IndexByte(heard, '('); i > 0 {
		heard = heard[:i]
	}
	return script == heard
}

// Resampled is the sound at another rate, 16 bits, for a recogniser: sinc interpolation under a Hann window, nothing above
// half the lower rate.
func Resampled(s *Sound, rate int, within Span) []int16 {
	ratio := float64(s.Rate) / float64(rate)
	stretch := max(1, ratio)
	reach := int(16 * stretch)
	first, last := int(within.Start*float64(rate)), int(within.End*float64(rate))
	out := make([]int16, 0, max(0, last-first))
	for i := first; i < last; i++ {
		at := float64(i) * ratio
		centre := int(at)
		sum := 0.0
		for k := max(0, centre-reach+1); k <= min(len(s.Samples)-1, centre+reach); k++ {
			x := (at - float64(k)) / stretch
			sum += float64(s.Samples[k]) * sinc(x) * (0.5 + 0.5*math.Cos(math.Pi*x/16.5)) / stretch
		}
		out = append(out, int16(max(-32768, min(32767, math.Round(sum*32767)))))
	}
	return out
}
