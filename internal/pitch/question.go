package pitch

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Cause is why a question is to be expected.
type Cause string

// The causes, the sharpest first.
const (
	UnsupportedClaim  Cause = "UNSUPPORTED_CLAIM"
	UnservedCriterion Cause = "UNSERVED_CRITERION"
	AskedBefore       Cause = "ASKED_BEFORE"
)

// Question is one to practise an answer to.
type Question struct {
	// Key is the same as long as the question is about the same thing: its cause, and the claim, the part or the words.
	Key     string
	Text    string
	Because Cause
	// Claim is the id of the claim that it is about, "" for others.
	Claim string
	// Practised is how often the team has practised an answer.
	Practised int
}

// Claim is something that a pitch says is true.
type Claim struct {
	ID, Text string
	// Supported is whether it rests on evidence or an insight.
	Supported bool
}

// Part is something of the challenge, or a criterion of the judges, that a pitch should answer to.
type Part struct{ ID, Text string }

// Preparation is what the questions are found in.
type Preparation struct {
	Sections []Section
	Claims   []Claim
	Parts    []Part
	// Asked are the questions of earlier runs, as they were written down.
	Asked []string
	// Practised counts by the key of a question.
	Practised map[string]int
}

// MaxQuestions is how many questions are put.
const MaxQuestions = 50

// Drill are the questions to expect, the least practised first, then the sharper cause, then the order of claims, parts and asking; and
// Coverage, the part of all of them that was practised at least once, 1 where there are none.
func Drill(p Preparation) (questions []Question, coverage float64) {
	add := func(cause Cause, subject, claim, text string) {
		q := Question{Key: string(cause) + ":" + subject, Text: text, Because: cause, Claim: claim}
		q.Practised = p.Practised[q.Key]
		if !slices.ContainsFunc(questions, func(o Question) bool { return o.Key == q.Key }) {
			questions = append(questions, q)
		}
	}
	for _, c := range p.Claims {
		if !c.Supported {
			add(UnsupportedClaim, c.ID, c.ID, fmt.Sprintf("How do you know that %s?", quoted(c.Text)))
		}
	}
	for _, part := range p.Parts {
		if !p.serves(part) {
			add(UnservedCriterion, part.ID, "", fmt.Sprintf("What do you offer for %s?", quoted(part.Text)))
		}
	}
	for _, text := range p.Asked {
		if text = strings.TrimSpace(text); text != "" {
			add(AskedBefore, strings.Join(terms(text, nil), " "), "", text)
		}
	}
	done := 0
	for _, q := range questions {
		if q.Practised > 0 {
			done++
		}
	}
	coverage = 1
	if len(questions) > 0 {
		coverage = float64(done) / float64(len(questions))
	}
	slices.SortStableFunc(questions, func(a, b Question) int { return a.Practised - b.Practised })
	return questions[:min(len(questions), MaxQuestions)], coverage
}

func quoted(text string) string {
	return "“" + strings.TrimRight(strings.TrimSpace(text), ".!?") + "”"
}

// Serving is the part of a criterion's own words that one section must say to serve it. It is an estimate by words: a section that
// means it in others is asked about once too often, which a drill can bear.
const Serving = 0.5

// serves is whether a section says enough of a part's words.
func (p Preparation) serves(part Part) bool {
	wanted := terms(part.Text, common)
	if len(wanted) == 0 {
		return true
	}
	for _, s := range p.Sections {
		var said []string
		for _, sentence := range s.Script {
			said = append(said, terms(sentence.Text, nil)...)
		}
		found := 0
		for _, w := range wanted {
			if slices.Contains(said, w) {
				found++
			}
		}
		if float64(found) >= Serving*float64(len(wanted)) {
			return true
		}
	}
	return false
}

// common are words that every script has, and that tell nothing of what it is about.
var common = strings.Fields("a an and any are as at be been being but by can could do does for from had has have how if in into is it its " +
	"may might must no nor not of on or our shall should so such than that the their them then there these they this those to too up us was we were " +
	"what when where which while who whom why will with would you your")

// terms are a text's words without endings, each once, less those to leave out.
func terms(text string, leave []string) (all []string) {
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if slices.Contains(leave, w) {
			continue
		}
		for _, ending := range []string{"ing", "ed", "es", "s", "e"} {
			if stem := strings.TrimSuffix(w, ending); stem != w && len(stem) >= 4 {
				w = stem
				break
			}
		}
		if !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all
}
