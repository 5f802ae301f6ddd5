package pitch_test

import (
	"errors"
	"flag"
	"math/rand/v2"
	"strings"
	"testing"

	"tandem/internal/pitch"
)

var seed = flag.Uint64("seed", 1, "seed of everything that is drawn")

// five is a pitch of five sections, as many speakers and eleven slides.
func five() []pitch.Section {
	var all []pitch.Section
	slide := 1
	for i, title := range []string{"Problem", "What we saw", "Idea", "Proof", "Ask"} {
		n := []int{2, 2, 3, 3, 1}[i]
		s := pitch.Section{ID: string(rune('a' + i)), Title: title, Speaker: "p" + string(rune('a'+i)), Name: []string{"Ann", "Bob", "Cleo", "Dev", "Eve"}[i],
			TargetMilliseconds: []int{60, 90, 110, 90, 70}[i] * 1000, FirstSlide: slide, LastSlide: slide + n - 1}
		slide += n
		all = append(all, s)
	}
	return all
}

// log numbers events.
func log(events ...pitch.Event) []pitch.Event {
	for i := range events {
		events[i].Sequence = i + 1
	}
	return events
}

func ev(kind pitch.Kind, at int) pitch.Event { return pitch.Event{Kind: kind, At: at} }
func begin(section string, at int) pitch.Event {
	return pitch.Event{Kind: pitch.Begin, At: at, Section: section}
}
func show(slide, at int) pitch.Event { return pitch.Event{Kind: pitch.Slide, At: at, Slide: slide} }
func took(t pitch.Timeline, section string) (ms int) {
	for _, s := range t.Sections {
		if s.Section.ID == section {
			return s.Milliseconds
		}
	}
	return -1
}

func TestReplay(t *testing.T) {
	for _, c := range []struct {
		name   string
		events []pitch.Event
		see    func(pitch.Timeline) bool
	}{
		{"a run through two sections", log(ev(pitch.Start, 0), begin("b", 60_000), ev(pitch.End, 150_000)),
			func(l pitch.Timeline) bool {
				return l.Finished && took(l, "a") == 60_000 && took(l, "b") == 90_000 && took(l, "c") == -1 && l.Milliseconds == 150_000
			}},
		{"a pause is no section's", log(ev(pitch.Start, 0), ev(pitch.Pause, 10_000), ev(pitch.Resume, 40_000), begin("b", 50_000), ev(pitch.End, 60_000)),
			func(l pitch.Timeline) bool {
				return took(l, "a") == 20_000 && took(l, "b") == 10_000 && l.Milliseconds == 30_000 && l.Elapsed == 60_000
			}},
		{"a pause survives going through slides and sections", log(ev(pitch.Start, 0), ev(pitch.Pause, 10_000), show(4, 12_000), begin("b", 20_000), show(3, 25_000), ev(pitch.Resume, 40_000), ev(pitch.End, 60_000)),
			func(l pitch.Timeline) bool {
				return took(l, "a") == 10_000 && took(l, "b") == 20_000 && len(l.Pauses) == 1 && l.Pauses[0] == pitch.Span{From: 10_000, To: 40_000}
			}},
		{"a slip does not count", log(ev(pitch.Start, 0), begin("b", 30_000), ev(pitch.Undo, 33_000), ev(pitch.End, 60_000)),
			func(l pitch.Timeline) bool {
				return took(l, "a") == 60_000 && took(l, "b") == -1 && len(l.HandOvers) == 0
			}},
		{"two slips are taken back one by one", log(ev(pitch.Start, 0), show(2, 5_000), begin("b", 30_000), ev(pitch.Undo, 33_000), ev(pitch.Undo, 34_000), ev(pitch.End, 60_000)),
			func(l pitch.Timeline) bool { return took(l, "b") == -1 && l.Slide == 0 }},
		{"a click was heard, whatever is taken back", log(ev(pitch.Start, 0), begin("b", 30_000), ev(pitch.Click, 30_000), ev(pitch.Undo, 33_000), ev(pitch.End, 60_000)),
			func(l pitch.Timeline) bool { return took(l, "b") == -1 && len(l.Clicks) == 1 }},
		{"a stray end", log(ev(pitch.Start, 0), ev(pitch.End, 30_000), ev(pitch.Undo, 35_000), begin("b", 60_000), ev(pitch.End, 70_000)),
			func(l pitch.Timeline) bool { return l.Finished && took(l, "a") == 60_000 && l.Elapsed == 70_000 }},
		{"broken off", log(ev(pitch.Start, 0), begin("b", 30_000), show(3, 41_000)),
			func(l pitch.Timeline) bool {
				return !l.Finished && l.Section == "b" && l.Slide == 3 && took(l, "b") == 11_000
			}},
		{"back and forth", log(ev(pitch.Start, 0), begin("b", 30_000), begin("a", 40_000), begin("b", 45_000), ev(pitch.End, 60_000)),
			func(l pitch.Timeline) bool {
				return took(l, "a") == 35_000 && took(l, "b") == 25_000 && len(l.Sections[1].Visits) == 2
			}},
		{"a hand-over is when it was pressed", log(ev(pitch.Start, 0), ev(pitch.HandOver, 29_000), begin("b", 30_000), begin("c", 50_000), ev(pitch.End, 60_000)),
			func(l pitch.Timeline) bool {
				return len(l.HandOvers) == 2 && l.HandOvers[0].At == 29_000 && l.HandOvers[0].From == "pa" && l.HandOvers[0].To == "pb" && l.HandOvers[1].At == 50_000
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if fresh, err := pitch.Accept(five(), nil, c.events); err != nil || len(fresh) != len(c.events) {
				t.Fatal(err)
			}
			if l := pitch.Replay(five(), c.events); !c.see(l) {
				t.Errorf("%+v", l)
			}
		})
	}
}

func TestAcceptRefuses(t *testing.T) {
	kept := log(ev(pitch.Start, 0), show(2, 5_000), ev(pitch.Pause, 9_000))
	numbered := func(n int, e pitch.Event) []pitch.Event { e.Sequence = n; return []pitch.Event{e} }
	for _, c := range []struct {
		name        string
		kept, batch []pitch.Event
		field, text string
	}{
		{"a gap", kept, numbered(5, ev(pitch.Resume, 10_000)), "sequence", "next number is 4"},
		{"number nought", kept, numbered(0, ev(pitch.Resume, 10_000)), "sequence", "next number is 4"},
		{"going back", kept, numbered(4, ev(pitch.Resume, 8_999)), "atMilliseconds", "before the event before it"},
		{"another event under the same number", kept, numbered(2, show(3, 5_000)), "sequence", "another event"},
		{"no START", nil, log(show(1, 0)), "kind", "begins with START"},
		{"START twice", kept, numbered(4, ev(pitch.Start, 9_000)), "kind", "begun already"},
		{"START late", nil, log(ev(pitch.Start, 5)), "atMilliseconds", "START is at 0"},
		{"an unknown section", kept, numbered(4, begin("z", 9_000)), "sectionId", "no section"},
		{"a section without a name", kept, numbered(4, begin("", 9_000)), "sectionId", "no section"},
		{"slide nought", kept, numbered(4, show(0, 9_000)), "slide", "count from 1"},
		{"a slide of a pause", kept, numbered(4, pitch.Event{Kind: pitch.Pause, At: 9_000, Slide: 3}), "slide", "only SLIDE"},
		{"a section of a pause", kept, numbered(4, pitch.Event{Kind: pitch.Pause, At: 9_000, Section: "a"}), "sectionId", "only SECTION"},
		{"an unknown kind", kept, numbered(4, ev("SNEEZE", 9_000)), "kind", "no kind"},
		{"after the end", log(ev(pitch.Start, 0), ev(pitch.End, 9_000)), numbered(3, show(1, 10_000)), "kind", "has ended"},
	} {
		t.Run(c.name, func(t *testing.T) {
			fresh, err := pitch.Accept(five(), c.kept, c.batch)
			var r *pitch.Refusal
			if !errors.As(err, &r) || r.Field != c.field || !strings.Contains(r.Text, c.text) || fresh != nil {
				t.Errorf("%v, %v", fresh, err)
			}
		})
	}
}

// drawn is a run of any length that Accept takes.
func drawn(chance *rand.Rand, sections []pitch.Section) []pitch.Event {
	at := 0
	events := []pitch.Event{ev(pitch.Start, 0)}
	kinds := []pitch.Kind{pitch.Begin, pitch.Begin, pitch.Slide, pitch.Slide, pitch.HandOver, pitch.Pause, pitch.Resume, pitch.Filler, pitch.Asked, pitch.Click, pitch.Undo}
	for range chance.IntN(40) {
		at += chance.IntN(20_000)
		e := ev(kinds[chance.IntN(len(kinds))], at)
		switch e.Kind {
		case pitch.Begin:
			e.Section = sections[chance.IntN(len(sections))].ID
		case pitch.Slide:
			e.Slide = 1 + chance.IntN(11)
		}
		events = append(events, e)
	}
	if chance.IntN(3) > 0 {
		events = append(events, ev(pitch.End, at+chance.IntN(20_000)))
	}
	return log(events...)
}

// TestSectionsAndPausesAreTheRun: to the millisecond, whatever happens in it.
func TestSectionsAndPausesAreTheRun(t *testing.T) {
	whole := func(l pitch.Timeline, events []pitch.Event) bool {
		sum, paused := 0, 0
		for _, s := range l.Sections {
			sum += s.Milliseconds
		}
		for _, p := range l.Pauses {
			paused += p.Milliseconds()
		}
		return sum+paused == events[len(events)-1].At && sum == l.Milliseconds && l.Elapsed == events[len(events)-1].At
	}
	chance := rand.New(rand.NewPCG(*seed, 1))
	caught := 0
	for range 2000 {
		events := drawn(chance, five())
		if _, err := pitch.Accept(five(), nil, events); err != nil {
			t.Fatalf("%v: %v", err, events)
		}
		l := pitch.Replay(five(), events)
		if !whole(l, events) {
			t.Fatalf("%+v\nof %v", l, events)
		}
		// The broken variant counts a section by the clock from where it began to where the next did, pauses and all.
		for i := range l.Sections {
			l.Sections[i].Milliseconds = 0
			for _, v := range l.Sections[i].Visits {
				l.Sections[i].Milliseconds += v.Milliseconds()
			}
		}
		if !whole(l, events) {
			caught++
		}
	}
	if caught < 500 {
		t.Errorf("control: sections that count their pauses were noticed %d times", caught)
	}
}

// TestBatchesArriveWhole: any parting of a run into batches, some sent twice and overlapping, keeps the same events.
func TestBatchesArriveWhole(t *testing.T) {
	chance := rand.New(rand.NewPCG(*seed, 2))
	for range 500 {
		events := drawn(chance, five())
		var kept []pitch.Event
		for len(kept) < len(events) {
			from := chance.IntN(len(kept) + 1)
			until := len(kept) + 1 + chance.IntN(len(events)-len(kept))
			fresh, err := pitch.Accept(five(), kept, events[from:until])
			if err != nil {
				t.Fatal(err)
			}
			kept = append(kept, fresh...)
		}
		for i := range events {
			if kept[i] != events[i] {
				t.Fatalf("%v, not %v", kept[i], events[i])
			}
		}
	}
}

// TestAPauseMovesNoTarget: the cue after a pause is the cue before it, whatever slides were shown in between.
func TestAPauseMovesNoTarget(t *testing.T) {
	before := log(ev(pitch.Start, 0), show(2, 30_000), ev(pitch.Asked, 40_000), ev(pitch.Pause, 40_000))
	after := log(append(before, show(9, 50_000), show(2, 55_000), ev(pitch.Resume, 100_000))...)
	a, b := pitch.Replay(five(), before), pitch.Replay(five(), after)
	was, is := pitch.CueAt(five(), 0, a.Slide, a.Milliseconds), pitch.CueAt(five(), 0, b.Slide, b.Milliseconds)
	if was != is {
		t.Errorf("%+v, then %+v", was, is)
	}
	if pitch.CueAt(five(), 0, b.Slide, b.Elapsed) == was {
		t.Error("control: a cue by the clock on the wall is no different")
	}
}
