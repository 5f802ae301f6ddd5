package pitch_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tandem/internal/pitch"
)

func sentence(words int, text string) pitch.Sentence { return pitch.Sentence{Text: text, Words: words} }

// rehearsed is a run whose sections take so many seconds each, with hand-overs at their borders.
func rehearsed(sections []pitch.Section, seconds ...int) pitch.Run {
	at := 0
	events := []pitch.Event{ev(pitch.Start, 0)}
	for i, s := range seconds {
		if i > 0 {
			events = append(events, begin(sections[i].ID, at))
		}
		at += s * 1000
	}
	return pitch.Run{Timeline: pitch.Replay(sections, log(append(events, ev(pitch.End, at))...))}
}

func TestGaps(t *testing.T) {
	at := func(ms int) []pitch.HandedOver { return []pitch.HandedOver{{At: ms}} }
	speech := []pitch.Span{{From: 1000, To: 20_000}, {From: 21_800, To: 40_000}, {From: 40_500, To: 60_000}}
	heard := pitch.Span{From: 0, To: 61_000}
	for _, c := range []struct {
		name string
		at   int
		gap  *pitch.Span
	}{
		{"pressed in the silence", 20_500, &pitch.Span{From: 20_000, To: 21_800}},
		{"pressed before the last word", 19_000, &pitch.Span{From: 20_000, To: 21_800}},
		{"pressed late", 23_000, &pitch.Span{From: 20_000, To: 21_800}},
		{"the nearer of two", 39_500, &pitch.Span{From: 40_000, To: 40_500}},
		{"no silence near: at once, or together", 30_000, nil},
		{"the recording had ended", 70_000, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := pitch.Gaps(at(c.at), speech, heard)[0].Gap
			if (got == nil) != (c.gap == nil) || got != nil && *got != *c.gap {
				t.Errorf("%v, not %v", got, c.gap)
			}
		})
	}
}

func TestDiff(t *testing.T) {
	said := func(section, text string, at int) pitch.Said {
		s := pitch.Said{Section: section, Sentence: sentence(3, text)}
		if at >= 0 {
			s.At = &at
		}
		return s
	}
	sections := five()
	before, after := rehearsed(sections, 66, 99, 134), rehearsed(sections[:2], 64, 101)
	before.Said = []pitch.Said{said("a", "It rains.", 0), said("a", "It pours.", 9), said("b", "We went.", 70_000)}
	after.Said = []pitch.Said{said("a", "It rains.", 0), said("a", "It pours.", -1), said("b", "We went.", 70_000), said("b", "We saw.", 80_000)}
	d := pitch.Diff(before, after)
	if len(d) != 3 || *d[0].Before != 66_000 || *d[0].After != 64_000 || d[2].After != nil || *d[2].Before != 134_000 {
		t.Fatalf("%+v", d)
	}
	if !slices.Equal(d[0].Dropped, []string{"It pours."}) || !slices.Equal(d[1].Added, []string{"We saw."}) || len(d[0].Added)+len(d[1].Dropped) > 0 {
		t.Errorf("%+v", d)
	}
	after.Said = nil
	if d = pitch.Diff(before, after); len(d[0].Dropped) > 0 {
		t.Error("a sentence was dropped in a run that nobody heard")
	}
}

func TestBudgets(t *testing.T) {
	sections := five()
	sections[0].Script = []pitch.Sentence{sentence(150, "One."), sentence(30, "Two.")}
	sections[2].Speaker = sections[0].Speaker
	at := 0
	run := rehearsed(sections, 90, 90) // 180 words in a minute and a half: 120 a minute
	b := pitch.Budgets(sections, []pitch.Run{run})
	if b[0] == nil || *b[0] != 120 || b[2] == nil || *b[2] != 220 {
		t.Errorf("%v", b)
	}
	if b[1] != nil || b[3] != nil {
		t.Error("a budget without a script, or without a run")
	}
	run.Said = []pitch.Said{{Section: "a", Sentence: sections[0].Script[0], At: &at}, {Section: "a", Sentence: sections[0].Script[1]}}
	if b := pitch.Budgets(sections, []pitch.Run{run}); *b[0] != 100 {
		t.Errorf("with a sentence skipped %d words, not 100", *b[0])
	}
	if b := pitch.Budgets(sections, []pitch.Run{rehearsed(sections, 20, 5)}); b[0] != nil {
		t.Error("a budget from twenty seconds")
	}
}

func TestFix(t *testing.T) {
	sections := five()
	for i := range sections {
		sections[i].Script = []pitch.Sentence{sentence(60, "We begin here."), sentence(40, "The second example is about the depot.")}
	}
	at := 0
	whole := func(r pitch.Run, skipped ...string) pitch.Run {
		for _, s := range sections {
			for i, line := range s.Script {
				said := pitch.Said{Section: s.ID, Sentence: line}
				if i == 0 || !slices.Contains(skipped, s.ID) {
					said.At = &at
				}
				r.Said = append(r.Said, said)
			}
		}
		return r
	}
	good := func() pitch.Run { return whole(rehearsed(sections, 58, 88, 108, 88, 68)) }
	long := func() pitch.Run { return whole(rehearsed(sections, 64, 101, 131, 86, 69)) }
	gapped := func(r pitch.Run, hand, ms int) pitch.Run {
		h := &r.Timeline.HandOvers[hand]
		h.Gap = &pitch.Span{From: h.At - ms, To: h.At}
		return r
	}
	forecast := func(r pitch.Run) *pitch.Forecast {
		f, ok := pitch.Day{SlotMilliseconds: 420_000, Sections: sections, Runs: []pitch.Run{r, r, r}, LiveDriftPercent: 8, Seed: 1}.Forecast()
		if !ok {
			t.Fatal("no forecast")
		}
		return &f
	}
	for _, c := range []struct {
		name          string
		review        pitch.Review
		trouble       pitch.Trouble
		section, text string
	}{
		{"a section too long, no forecast yet", pitch.Review{Run: long(), SlotMilliseconds: 420_000}, pitch.Over, "c", "Cleo, leave out “The second example is about the depot.” in Idea."},
		{"a section too long, without a script", pitch.Review{Run: rehearsed(five(), 64, 101, 131, 86, 69), SlotMilliseconds: 420_000}, pitch.Over, "c", "Cleo, bring Idea back to 1:50."},
		{"a section too long, and what that does to the day", pitch.Review{Run: long(), SlotMilliseconds: 420_000, Forecast: forecast(long())}, pitch.Over, "c", "Cleo, leave out “The second example is about the depot.” in Idea."},
		{"a thread lost for longer than any section is over", pitch.Review{Run: long(), SlotMilliseconds: 420_000, Silences: []pitch.Span{{From: 200_000, To: 230_000}}}, pitch.LostThread, "c", "practise the passage of Idea at 3:20"},
		{"a hand-over that is slower than any section is over", pitch.Review{Run: gapped(long(), 1, 25_000), SlotMilliseconds: 420_000}, pitch.SlowHand, "c", "Bob, pass to Cleo"},
		{"in time, with a sentence skipped", pitch.Review{Run: whole(rehearsed(sections, 58, 88, 108, 88, 68), "b"), SlotMilliseconds: 480_000}, pitch.Skipped, "b", "Bob, say “The second example is about the depot.”"},
		{"in time, with a thread lost", pitch.Review{Run: good(), SlotMilliseconds: 480_000, Silences: []pitch.Span{{From: 10_000, To: 15_000}}}, pitch.LostThread, "a", "Ann, practise"},
		{"in time, and a question left", pitch.Review{Run: good(), SlotMilliseconds: 480_000, Questions: []pitch.Question{{Text: "What does it cost?"}}}, pitch.Unasked, "a", "What does it cost?"},
		{"in time, and every question practised", pitch.Review{Run: good(), SlotMilliseconds: 480_000, Questions: []pitch.Question{{Practised: 1}}}, pitch.Nothing, "a", "once more"},
		{"a pause for a question is no lost thread", pitch.Review{Run: pitch.Run{Timeline: pitch.Replay(sections, log(ev(pitch.Start, 0), ev(pitch.Pause, 10_000), ev(pitch.Resume, 30_000), ev(pitch.End, 60_000)))},
			SlotMilliseconds: 480_000, Silences: []pitch.Span{{From: 11_000, To: 29_000}}}, pitch.Nothing, "a", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, ok := pitch.Fix(c.review)
			if !ok || f.Trouble != c.trouble || f.Section.ID != c.section || !strings.Contains(f.Text, c.text) || f.Because == "" {
				t.Errorf("%+v", f)
			}
			if c.review.Forecast != nil && (f.OverrunAfter == nil || *f.OverrunAfter >= c.review.Forecast.Overrun) {
				t.Errorf("the chance to overrun does not fall: %v of %v", *f.OverrunAfter, c.review.Forecast.Overrun)
			}
			if c.review.Silences == nil && len(f.Evidence) > 0 {
				t.Error("somewhere to listen, without a recording")
			}
		})
	}
}

func TestDrill(t *testing.T) {
	sections := five()
	sections[2].Script = []pitch.Sentence{sentence(8, "Sensors tell the landlord of damp before the plaster goes.")}
	p := pitch.Preparation{
		Sections: sections,
		Claims:   []pitch.Claim{{ID: "1", Text: "Damp is reported late."}, {ID: "2", Text: "It costs less.", Supported: true}},
		Parts:    []pitch.Part{{ID: "x", Text: "Tell landlords of damp."}, {ID: "y", Text: "Protect the privacy of tenants."}},
		Asked:    []string{"Who pays for it?", "who pays for it", " "},
	}
	q, coverage := pitch.Drill(p)
	var texts []string
	for _, x := range q {
		texts = append(texts, x.Text)
	}
	want := []string{"How do you know that “Damp is reported late”?", "What do you offer for “Protect the privacy of tenants”?", "Who pays for it?"}
	if !slices.Equal(texts, want) || coverage != 0 {
		t.Fatalf("%q, %v", texts, coverage)
	}
	p.Practised = map[string]int{q[0].Key: 2, q[1].Key: 1}
	q, coverage = pitch.Drill(p)
	if q[0].Text != want[2] || q[1].Text != want[1] || q[2].Practised != 2 || coverage < 0.66 || coverage > 0.67 {
		t.Errorf("%+v, %v", q, coverage)
	}
	if _, coverage = pitch.Drill(pitch.Preparation{}); coverage != 1 {
		t.Error("nothing to practise, and yet not covered")
	}
}

// TestFixLeavesOutTheShortestPassage: beside every passage, through what the advice says that it saves.
func TestFixLeavesOutTheShortestPassage(t *testing.T) {
	chance := rand.New(rand.NewPCG(*seed, 6))
	advised := 0
	for range 300 {
		sections := five()[:1]
		n := 2 + chance.IntN(9)
		for range n {
			sections[0].Script = append(sections[0].Script, sentence(1+chance.IntN(20), "Words."))
		}
		over := 5 + chance.IntN(40)
		run := rehearsed(sections, 60+over)
		all, least := sections[0].Words(), 0
		for from := 1; from < n; from++ {
			for to := from; to < n; to++ {
				words := 0
				for _, s := range sections[0].Script[from : to+1] {
					words += s.Words
				}
				if words*(60+over) >= all*over && 2*words <= all && (least == 0 || words < least) {
					least = words
				}
			}
		}
		f, _ := pitch.Fix(pitch.Review{Run: run, SlotMilliseconds: 60_000})
		if least == 0 {
			if !strings.Contains(f.Text, "bring") {
				t.Errorf("%s, where nothing does", f.Text)
			}
			continue
		}
		advised++
		if f.Saves != least*(60+over)*1000/all {
			t.Errorf("%+v of %d words over by %d s: %s saves %d ms, where %d words do", sections[0].Script, all, over, f.Because, f.Saves, least)
		}
	}
	if advised < 50 {
		t.Errorf("only %d were advised", advised)
	}
}
