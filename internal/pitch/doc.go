// Package pitch reckons with rehearsed pitches: what a run's events say of its times, whether a speaker is ahead or behind, what
// differs from an earlier run, how long the day will take, what to cut, what to change first, and what will be asked. It is a pure
// function of its input: the same runs and seed give the same numbers. Times are whole milliseconds; ids are the caller's own.
//
// Accept takes new events of a run, Replay reads its times from them; Forecast, Fix, Diff, Budgets and Drill stand on those.
package pitch

// Section is a part of a pitch as it stands, or as it stood when a run began.
type Section struct {
	ID, Title string
	// Speaker is the id of who presents it, "" until chosen; Name is what they are called.
	Speaker, Name      string
	TargetMilliseconds int
	// Slides are the first and the last, counted from 1; both 0 without slides.
	FirstSlide, LastSlide int
	// Script is what is said, sentence by sentence.
	Script []Sentence
}

// Sentence is a sentence of a script and its spoken words.
type Sentence struct {
	Text  string
	Words int
}

// Words are the words of the section's script.
func (s Section) Words() (n int) {
	for _, sentence := range s.Script {
		n += sentence.Words
	}
	return n
}

// slides is how many slides the section has, 1 where it has none: then it is one picture from its beginning to its end.
func (s Section) slides() int {
	if s.FirstSlide < 1 {
		return 1
	}
	return max(1, s.LastSlide-s.FirstSlide+1)
}

// Span is a stretch of a run, in milliseconds from its start.
type Span struct{ From, To int }

// Milliseconds is the span's length.
func (s Span) Milliseconds() int { return s.To - s.From }

// shared is how long two spans run beside each other.
func (s Span) shared(o Span) int { return max(0, min(s.To, o.To)-max(s.From, o.From)) }
