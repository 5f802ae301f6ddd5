package pitch

import (
	"fmt"
	"slices"
)

// Kind is what can happen in a run.
type Kind string

// The kinds of event. START begins the run in the first section; SECTION begins the one that it names, and nothing else moves from
// one to another. HANDOVER is the moment at which a speaker passes on. PAUSE and RESUME stop and start the clock; the one that is
// already so has no effect. UNDO takes back the last event before it that still counts; START and CLICK always count, the one
// because a run without it is none, the other because the noise was made. After END only UNDO may follow, and then the run goes on.
const (
	Start    Kind = "START"
	Begin    Kind = "SECTION"
	Slide    Kind = "SLIDE"
	HandOver Kind = "HANDOVER"
	Pause    Kind = "PAUSE"
	Resume   Kind = "RESUME"
	Filler   Kind = "FILLER"
	Asked    Kind = "QUESTION"
	Click    Kind = "CLICK"
	Undo     Kind = "UNDO"
	End      Kind = "END"
)

var kinds = []Kind{Start, Begin, Slide, HandOver, Pause, Resume, Filler, Asked, Click, Undo, End}

// MaxEvents is how long a run's log may grow.
const MaxEvents = 10_000

// Event is something that happened in a run. It is never changed afterwards.
type Event struct {
	// Sequence counts from 1 without gaps.
	Sequence int
	Kind     Kind
	// At is in milliseconds since the start, pauses included, and never less than the event before.
	At int
	// Section is the id of the section that begins; "" unless SECTION. Slide is counted from 1; 0 unless SLIDE.
	Section string
	Slide   int
}

// Refusal says which event of a batch cannot be taken, and why.
type Refusal struct {
	// Index is its place in the batch, from 0; Field the part of it that is wrong: "sequence", "kind", "atMilliseconds",
	// "sectionId" or "slide".
	Index    int
	Sequence int
	Field    string
	Text     string
	// Conflict is whether what is kept says otherwise: somebody else wrote into the same run.
	Conflict bool
}

func (r *Refusal) Error() string { return fmt.Sprintf("event %d: %s", r.Sequence, r.Text) }

// Accept sets a batch beside the events that are kept and gives those that are new, in order. An event that is there already is
// passed over, so that a batch may come late, twice, or overlapping the one before. The error is a *Refusal, and then nothing is to
// be kept.
func Accept(sections []Section, kept, batch []Event) (fresh []Event, err error) {
	all := slices.Clone(kept)
	ended := false
	for _, e := range counting(all) {
		ended = ended || e.Kind == End
	}
	for i, e := range batch {
		refuse := func(field, format string, values ...any) error {
			return &Refusal{Index: i, Sequence: e.Sequence, Field: field, Text: fmt.Sprintf(format, values...)}
		}
		if e.Sequence >= 1 && e.Sequence <= len(all) {
			if all[e.Sequence-1] != e {
				return nil, &Refusal{Index: i, Sequence: e.Sequence, Field: "sequence", Conflict: true,
					Text: fmt.Sprintf("another event is kept under this number, a %s at %d ms; begin a run of its own", all[e.Sequence-1].Kind, all[e.Sequence-1].At)}
			}
			continue
		}
		if e.Sequence != len(all)+1 {
			return nil, refuse("sequence", "the next number is %d; send the events between first", len(all)+1)
		}
		if len(all) == MaxEvents {
			return nil, refuse("sequence", "a run has at most %d events; begin another run", MaxEvents)
		}
		before := 0
		if len(all) > 0 {
			before = all[len(all)-1].At
		}
		known := slices.ContainsFunc(sections, func(s Section) bool { return s.ID == e.Section })
		switch {
		case !slices.Contains(kinds, e.Kind):
			return nil, refuse("kind", "%q is no kind of event", e.Kind)
		case len(all) == 0 && e.Kind != Start:
			return nil, refuse("kind", "a run begins with START")
		case len(all) > 0 && e.Kind == Start:
			return nil, refuse("kind", "the run has begun already; leave this START out")
		case e.Kind == Start && e.At != 0:
			return nil, refuse("atMilliseconds", "START is at 0: times count from it")
		case e.At < before:
			return nil, refuse("atMilliseconds", "%d ms lies before the event before it, at %d ms", e.At, before)
		case ended && e.Kind != Undo && e.Kind != Click:
			return nil, refuse("kind", "the run has ended; take its END back with UNDO, or begin another run")
		case e.Kind == Begin && !known:
			return nil, refuse("sectionId", "%q is no section of this run", e.Section)
		case e.Kind != Begin && e.Section != "":
			return nil, refuse("sectionId", "only SECTION names a section")
		case e.Kind == Slide && e.Slide < 1:
			return nil, refuse("slide", "slides count from 1")
		case e.Kind != Slide && e.Slide != 0:
			return nil, refuse("slide", "only SLIDE names a slide")
		}
		all, fresh = append(all, e), append(fresh, e)
		switch e.Kind {
		case End:
			ended = true
		case Undo:
			ended = slices.ContainsFunc(counting(all), func(e Event) bool { return e.Kind == End })
		}
	}
	return fresh, nil
}

// counting are the events that no UNDO took back, without the UNDOs.
func counting(events []Event) []Event {
	var left []Event
	for _, e := range events {
		if e.Kind != Undo {
			left = append(left, e)
			continue
		}
		for i := len(left) - 1; i >= 0; i-- {
			if left[i].Kind != Start && left[i].Kind != Click {
				left = slices.Delete(left, i, i+1)
				break
			}
		}
	}
	return left
}

// Timeline is what a run's events say. What its sections took and what was paused make Elapsed together, to the millisecond.
type Timeline struct {
	// Finished is whether it came to its end; until then it runs, or was broken off and can go on.
	Finished bool
	// Elapsed is from START to END, or to the last event while there is none; Milliseconds is that without the pauses.
	Elapsed, Milliseconds int
	// Sections are those that began, in the order of the pitch.
	Sections  []SectionTime
	HandOvers []HandedOver
	Pauses    []Span
	// Fillers, Questions and Clicks are when.
	Fillers, Questions, Clicks []int
	// Section, Slide and Paused are where the run stands: with these it goes on after a break. Slide is 0 before the first.
	Section string
	Slide   int
	Paused  bool
}

// SectionTime is how long a section took.
type SectionTime struct {
	Section Section
	// From is when it began first.
	From int
	// Milliseconds is its length without pauses, over all its visits.
	Milliseconds int
	// Visits are its stretches, pauses included: more than one where somebody jumped back.
	Visits []Span
}

// HandedOver is how one speaker passed to the next.
type HandedOver struct {
	// From and To are speakers; FromSection and ToSection their sections.
	From, To, FromSection, ToSection string
	// At is when HANDOVER was pressed in the section that ended, else when the next began.
	At int
	// Gap is the silence between them; nil without a recording, and where none can be told (see Gaps).
	Gap *Span
}

// Replay reads a run's times from its accepted events. The sections are the pitch's, as they stood when it began.
func Replay(sections []Section, events []Event) Timeline {
	var t Timeline
	if len(sections) == 0 || len(events) == 0 {
		return t
	}
	t.Elapsed = events[len(events)-1].At
	spoken, visits := make([]int, len(sections)), make([][]Span, len(sections))
	now, since, mark := 0, 0, 0 // the section, when it began, and up to when time is shared out
	handed := -1
	pass := func(at int) {
		if !t.Paused {
			spoken[now] += at - mark
		}
		mark = at
	}
	for _, e := range counting(events) {
		switch e.Kind {
		case Begin:
			next := slices.IndexFunc(sections, func(s Section) bool { return s.ID == e.Section })
			if next < 0 || next == now {
				continue
			}
			pass(e.At)
			visits[now] = append(visits[now], Span{since, e.At})
			if from, to := sections[now], sections[next]; from.Speaker != to.Speaker && from.Speaker != "" && to.Speaker != "" {
				at := e.At
				if handed >= 0 {
					at = handed
				}
				t.HandOvers = append(t.HandOvers, HandedOver{From: from.Speaker, To: to.Speaker, FromSection: from.ID, ToSection: to.ID, At: at})
			}
			now, since, handed = next, e.At, -1
		case HandOver:
			handed = e.At
		case Slide:
			t.Slide = e.Slide
		case Pause:
			if !t.Paused {
				pass(e.At)
				t.Pauses = append(t.Pauses, Span{e.At, e.At})
				t.Paused = true
			}
		case Resume:
			if t.Paused {
				pass(e.At)
				t.Pauses[len(t.Pauses)-1].To = e.At
				t.Paused = false
			}
		case Filler:
			t.Fillers = append(t.Fillers, e.At)
		case Asked:
			t.Questions = append(t.Questions, e.At)
		case Click:
			t.Clicks = append(t.Clicks, e.At)
		case End:
			t.Finished, t.Elapsed = true, e.At
		}
	}
	pass(t.Elapsed)
	if t.Paused {
		t.Pauses[len(t.Pauses)-1].To = t.Elapsed
	}
	visits[now] = append(visits[now], Span{since, t.Elapsed})
	t.Section = sections[now].ID
	for i, s := range sections {
		if len(visits[i]) > 0 {
			t.Sections = append(t.Sections, SectionTime{Section: s, From: visits[i][0].From, Milliseconds: spoken[i], Visits: visits[i]})
		}
		t.Milliseconds += spoken[i]
	}
	return t
}

// At is the section that a moment lies in; nil outside the run.
func (t Timeline) At(at int) *SectionTime {
	for i, s := range t.Sections {
		for _, v := range s.Visits {
			if v.From <= at && at < v.To {
				return &t.Sections[i]
			}
		}
	}
	return nil
}

// paused is how much of a span the clock stood.
func (t Timeline) paused(s Span) (ms int) {
	for _, p := range t.Pauses {
		ms += p.shared(s)
	}
	return ms
}
