package pitch

import (
	"fmt"
	"slices"
)

// Trouble is what sort of thing is to be changed.
type Trouble string

// The troubles. The first three cost time; Nothing is the answer where none is found.
const (
	Over       Trouble = "OVER"        // a section runs over its target
	LostThread Trouble = "LOST_THREAD" // a silence of Lost or more within a section
	SlowHand   Trouble = "HANDOVER"    // a hand-over of Slow or more
	Skipped    Trouble = "SKIPPED"     // sentences of the script were left out
	Unasked    Trouble = "UNPRACTISED" // a question was never practised
	Nothing    Trouble = "NOTHING"
)

// Thresholds in milliseconds: conventions, chosen so that what a listener notices counts.
const (
	Lost      = 4000 // a silence that is no emphasis any more
	Slow      = 2000 // a hand-over that is heard as a gap
	Settled   = 1000 // what a silence is taken to come down to
	Tolerable = 5000 // over a target
)

// Review is what a finished run is judged by.
type Review struct {
	Run              Run
	SlotMilliseconds int
	// Silences are the recording's, in the run's milliseconds; nil without one. Those of hand-overs are told apart by the run's own.
	Silences []Span
	// Forecast is nil before there is one.
	Forecast *Forecast
	// Questions are the drill's, least practised first.
	Questions []Question
}

// FixNext is the one thing to change before the next run, and why.
type FixNext struct {
	Trouble Trouble
	// Section is where; the first where the whole pitch is meant.
	Section Section
	// Text says what to do, Because the facts; a sentence or two each.
	Text, Because string
	// Saves is what it would save in a rehearsal, in milliseconds.
	Saves int
	// OverrunAfter is the chance to exceed the slot once it is done; nil before a forecast.
	OverrunAfter *float64
	// Evidence is where to listen; empty without a recording.
	Evidence []Span

	costs int // what the trouble costs; the change may save more
}

// Fix chooses the one thing to change. While the run exceeds the slot, or the day is likelier to than Bearable, it is what costs most
// time: a section over its target, a lost thread, a slow hand-over; among equals the earlier. Otherwise time is no trouble, and it
// is the first of: the section with most words left out, the longest lost thread, the slowest hand-over, the question never practised, the
// section furthest over its target. A run without any of these gets Nothing. False for a run without sections.
func Fix(r Review) (FixNext, bool) {
	t := r.Run.Timeline
	if len(t.Sections) == 0 {
		return FixNext{}, false
	}
	pressed := t.Milliseconds > r.SlotMilliseconds || r.Forecast != nil && r.Forecast.Overrun >= Bearable
	over, lost, slow, skipped := r.over(), r.lost(), r.slow(), r.skipped()
	best := FixNext{Trouble: Nothing, Section: t.Sections[0].Section, Text: "Run it once more just like this.",
		Because: fmt.Sprintf("It took %s of %s, no section is far over its target, and nothing was lost.", clock(t.Milliseconds), clock(r.SlotMilliseconds))}
	if pressed {
		most := 0
		for _, f := range []FixNext{over, lost, slow} {
			if f.costs > most {
				best, most = f, f.costs
			}
		}
	} else {
		for _, f := range []FixNext{skipped, lost, slow, r.unasked(), over} {
			if f.Trouble != "" {
				best = f
				break
			}
		}
	}
	if r.Forecast != nil {
		after := r.Forecast.OverrunAfter(best.Saves)
		best.OverrunAfter = &after
	}
	return best, true
}

// over is the section that is furthest over its target, with the shortest passage that brings it back.
func (r Review) over() (f FixNext) {
	all := 0
	for _, s := range r.Run.Timeline.Sections {
		by := s.Milliseconds - s.Section.TargetMilliseconds
		all += max(0, by)
		if by < Tolerable || by <= f.costs {
			continue
		}
		f = FixNext{Trouble: Over, Section: s.Section, Saves: by, costs: by, Evidence: r.evidence(s.Visits...),
			Text: fmt.Sprintf("%s bring %s back to %s.", s.Section.called(), s.Section.Title, clock(s.Section.TargetMilliseconds))}
	}
	if f.Trouble == "" {
		return f
	}
	f.Because = fmt.Sprintf("%s ran %s over its target", f.Section.Title, seconds(f.Saves))
	switch {
	case f.Saves == all:
		f.Because += ", and no other section did."
	case 2*f.Saves > all:
		f.Because += ", more than half of all that sections were over."
	default:
		f.Because += ", more than any other section."
	}
	took := r.Run.Timeline.took(f.Section.ID)
	if passage, words := lighter(f.Section, float64(f.Section.Words())*float64(f.Saves)/float64(took)); words > 0 {
		f.Text = fmt.Sprintf("%s leave out %s in %s.", f.Section.called(), short(passage[0].Text), f.Section.Title)
		if n := len(passage); n > 1 {
			f.Text = fmt.Sprintf("%s leave out %s in %s, from %s to %s.", f.Section.called(), counted(n, "sentence"), f.Section.Title, short(passage[0].Text), short(passage[n-1].Text))
		}
		f.Saves = words * took / f.Section.Words()
		f.Because += fmt.Sprintf(" Without that (%s) it takes %s less.", counted(words, "word"), seconds(f.Saves))
	}
	return f
}

// lighter is the passage of a section, its first sentence excepted, with the fewest words that are at least so many; none where that would be
// more than half of the section.
func lighter(s Section, least float64) (passage []Sentence, words int) {
	for from := 1; from < len(s.Script); from++ {
		n := 0
		for to := from; to < len(s.Script); to++ {
			if n += s.Script[to].Words; float64(n) >= least {
				if 2*n <= s.Words() && (words == 0 || n < words) {
					passage, words = s.Script[from:to+1], n
				}
				break
			}
		}
	}
	return passage, words
}

// lost is the longest silence within a section that is neither a pause of the clock nor a hand-over.
func (r Review) lost() (f FixNext) {
	t := r.Run.Timeline
	for _, s := range r.Silences {
		in := t.At((s.From + s.To) / 2)
		if s.Milliseconds() < Lost || s.Milliseconds()-Settled <= f.costs || in == nil || t.paused(s) > 0 {
			continue
		}
		if slices.ContainsFunc(t.HandOvers, func(h HandedOver) bool { return h.Gap != nil && h.Gap.shared(s) > 0 || s.From <= h.At && h.At <= s.To }) {
			continue
		}
		f = FixNext{Trouble: LostThread, Section: in.Section, Saves: s.Milliseconds() - Settled, costs: s.Milliseconds() - Settled, Evidence: r.evidence(s),
			Text:    fmt.Sprintf("%s practise the passage of %s at %s.", in.Section.called(), in.Section.Title, clock(s.From)),
			Because: fmt.Sprintf("Nobody spoke for %s there, longer than anywhere else within a section.", seconds(s.Milliseconds()))}
	}
	return f
}

// slow is the slowest hand-over.
func (r Review) slow() (f FixNext) {
	t := r.Run.Timeline
	for _, h := range t.HandOvers {
		if h.Gap == nil || h.Gap.Milliseconds() < Slow || h.Gap.Milliseconds()-Settled <= f.costs {
			continue
		}
		from, to := t.section(h.FromSection), t.section(h.ToSection)
		f = FixNext{Trouble: SlowHand, Section: to, Saves: h.Gap.Milliseconds() - Settled, costs: h.Gap.Milliseconds() - Settled, Evidence: r.evidence(*h.Gap),
			Text:    fmt.Sprintf("%s pass to %s with a sentence that ends in the name.", from.called(), to.who()),
			Because: fmt.Sprintf("Nobody spoke for %s between %s and %s.", seconds(h.Gap.Milliseconds()), from.Title, to.Title)}
	}
	return f
}

// skipped is the section with most words left out.
func (r Review) skipped() (f FixNext) {
	most := 0
	for _, s := range r.Run.Timeline.Sections {
		words, sentences, first := 0, 0, ""
		for _, said := range r.Run.Said {
			if said.Section == s.Section.ID && said.At == nil {
				if words, sentences = words+said.Words, sentences+1; first == "" {
					first = said.Text
				}
			}
		}
		if words <= most {
			continue
		}
		most = words
		f = FixNext{Trouble: Skipped, Section: s.Section, Evidence: r.evidence(s.Visits...),
			Text:    fmt.Sprintf("%s say %s in %s, or strike it from the script.", s.Section.called(), short(first), s.Section.Title),
			Because: fmt.Sprintf("%s with %s was not heard.", counted(sentences, "sentence"), counted(words, "word"))}
		if sentences > 1 {
			f.Because = fmt.Sprintf("%s with %s were not heard.", counted(sentences, "sentence"), counted(words, "word"))
		}
	}
	return f
}

// unasked is the first question that nobody practised.
func (r Review) unasked() FixNext {
	if len(r.Questions) == 0 || r.Questions[0].Practised > 0 {
		return FixNext{}
	}
	return FixNext{Trouble: Unasked, Section: r.Run.Timeline.Sections[0].Section,
		Text:    "Practise an answer to: " + r.Questions[0].Text,
		Because: "The time is right, and this question was never practised."}
}

// evidence is given where there is something to listen to.
func (r Review) evidence(spans ...Span) []Span {
	if r.Silences == nil {
		return nil
	}
	return spans
}

// took is how long a section took, in milliseconds.
func (t Timeline) took(id string) int {
	for _, s := range t.Sections {
		if s.Section.ID == id {
			return s.Milliseconds
		}
	}
	return 0
}

func (t Timeline) section(id string) Section {
	for _, s := range t.Sections {
		if s.Section.ID == id {
			return s.Section
		}
	}
	return Section{ID: id}
}

func (s Section) who() string {
	if s.Name != "" {
		return s.Name
	}
	return "whoever presents " + s.Title
}

// called addresses who presents a section, in an imperative.
func (s Section) called() string {
	if s.Name != "" {
		return s.Name + ","
	}
	return "Whoever presents " + s.Title + ":"
}

func clock(ms int) string {
	s := (ms + 500) / 1000
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

func seconds(ms int) string {
	if ms < 10_000 {
		return fmt.Sprintf("%.1f s", float64(ms)/1000)
	}
	return fmt.Sprintf("%d s", (ms+500)/1000)
}

func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// short is a text's beginning, in quotation marks.
func short(text string) string {
	const most = 60
	runes := []rune(text)
	if len(runes) <= most {
		return "“" + text + "”"
	}
	cut := most
	for cut > most/2 && runes[cut] != ' ' {
		cut--
	}
	return "“" + string(runes[:cut]) + "…”"
}
