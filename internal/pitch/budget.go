package pitch

import "math"

// Rate is how many words a minute a speaker says: the words of the sections that they presented in the runs over the unpaused time
// that those took. Where a run has a verdict only the words said count, else the script's: then it is an estimate. False before there is
// a minute of either.
func Rate(speaker string, runs []Run) (wordsPerMinute float64, ok bool) {
	words, ms := 0, 0
	for _, r := range runs {
		for _, s := range r.Timeline.Sections {
			if s.Section.Speaker != speaker || speaker == "" {
				continue
			}
			n := s.Section.Words()
			if r.Said != nil {
				n = 0
				for _, said := range r.Said {
					if said.Section == s.Section.ID && said.At != nil {
						n += said.Words
					}
				}
			}
			if n > 0 {
				words, ms = words+n, ms+s.Milliseconds
			}
		}
	}
	if ms < 60_000 {
		return 0, false
	}
	return float64(words) / float64(ms) * 60_000, true
}

// Budgets are how many words fit each section's target at its speaker's own rate, in the order of the sections; nil before there is
// one.
func Budgets(sections []Section, runs []Run) []*int {
	out := make([]*int, len(sections))
	for i, s := range sections {
		if rate, ok := Rate(s.Speaker, runs); ok {
			n := int(math.Floor(rate * float64(s.TargetMilliseconds) / 60_000))
			out[i] = &n
		}
	}
	return out
}
