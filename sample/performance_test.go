package sample

import (
	"context"
	"errors"
	"os"
	"testing"

	"tandem/internal/pitch"
	"tandem/internal/recogniser"
	"tandem/internal/speech"
)

// spoken is the sound of the rehearsals.
func spoken(t *testing.T) []*speech.Sound {
	t.Helper()
	all, err := Speak(Rehearsals()...)
	if errors.Is(err, ErrNoVoice) {
		if os.Getenv("TANDEM_REQUIRE") != "" {
			t.Fatalf("%v: make .tools/stamps/speech", err)
		}
		t.Skipf("%v: make .tools/stamps/speech", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// sections are the pitch as the engine takes it.
func sections() (all []pitch.Section) {
	for _, p := range Parts {
		s := pitch.Section{ID: p.Title, Title: p.Title, Speaker: p.Presenter, Name: p.Presenter, TargetMilliseconds: p.TargetSeconds * 1000, FirstSlide: p.FirstSlide, LastSlide: p.LastSlide}
		for _, said := range p.Script {
			s.Script = append(s.Script, pitch.Sentence{Text: said.Text, Words: len(speech.ParseScript(said.Text).Words())})
		}
		all = append(all, s)
	}
	return all
}

func TestRehearsalsWithoutAVoice(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Speak(Rehearsals()...); !errors.Is(err, ErrNoVoice) {
		t.Error(err)
	}
}

// TestTheSampleTellsTheTruth hears the synthesised rehearsals with the product's own ear and engine, and sets what they say beside what
// was built in: lengths, hand-overs, the lost threads, the skipped sentence, the section that is too long.
func TestTheSampleTellsTheTruth(t *testing.T) {
	total := 0
	for _, p := range Parts {
		total += p.TargetSeconds
	}
	if total != Slot {
		t.Errorf("targets are %d s of %d", total, Slot)
	}
	sphinx, missing := recogniser.Find()
	var runs []pitch.Run
	sounds := spoken(t)
	for n, p := range Rehearsals() {
		sound := sounds[n]
		if _, err := pitch.Accept(sections(), nil, p.Events); err != nil {
			t.Fatal(err)
		}
		run := pitch.Run{Timeline: pitch.Replay(sections(), p.Events)}
		l := &run.Timeline
		if !l.Finished || len(l.Sections) != 5 || len(l.HandOvers) != 4 {
			t.Fatalf("%+v", l)
		}
		if l.Elapsed-l.Milliseconds != p.AskedMS {
			t.Errorf("run %d: paused for %d ms, not %d", n+1, l.Elapsed-l.Milliseconds, p.AskedMS)
		}
		report := speech.Analyse(sound, speech.Options{})
		if report.SNRDB == nil || *report.SNRDB < 25 {
			t.Errorf("run %d: SNR %v", n+1, report.SNRDB)
		}
		var spoken, silent []pitch.Span
		for _, s := range report.Speech {
			spoken = append(spoken, pitch.Span{From: int(s.Start * 1000), To: int(s.End * 1000)})
		}
		for _, s := range report.Pauses {
			silent = append(silent, pitch.Span{From: int(s.Start * 1000), To: int(s.End * 1000)})
		}
		l.HandOvers = pitch.Gaps(l.HandOvers, spoken, pitch.Span{To: int(sound.Seconds() * 1000)})
		for i, h := range l.HandOvers {
			if h.Gap == nil || off(h.Gap.Milliseconds(), p.Gaps[i]) > 120 {
				t.Errorf("run %d: hand-over %d is %v, built in were %d ms", n+1, i+1, h.Gap, p.Gaps[i])
			}
		}
		if p.LostMS > 0 {
			found := false
			for _, s := range silent {
				found = found || off(s.Milliseconds(), p.LostMS) < 120 && s.Milliseconds() >= pitch.Lost
			}
			if !found {
				t.Errorf("run %d: a silence of %d ms was not heard among %v", n+1, p.LostMS, silent)
			}
		}
		if idea := l.Sections[2]; idea.Milliseconds < idea.Section.TargetMilliseconds+8000 {
			t.Errorf("run %d: Idea takes %d ms, which is not too long", n+1, idea.Milliseconds)
		}
		if missing == nil && p.Skipped != "" {
			var script string
			for _, part := range Parts {
				for _, s := range part.Script {
					script += s.Text + " "
				}
			}
			a, err := sphinx.Align(context.Background(), sound, report, speech.ParseScript(script), nil)
			if err != nil || a.Verdict != speech.Aligned {
				t.Fatalf("run %d: %v, %+v", n+1, err, a)
			}
			k := 0
			for _, s := range a.Sentences {
				if s.Text == p.Skipped {
					if s.Start != nil {
						t.Errorf("run %d: %q was heard, though nobody said it", n+1, s.Text)
					}
					continue
				}
				if s.Start == nil || off(int(*s.Start*1000), p.Said[k].From) > 250 {
					t.Errorf("run %d: %q begins at %v, not at %d ms", n+1, s.Text, s.Start, p.Said[k].From)
				}
				k++
			}
		}
		runs = append([]pitch.Run{run}, runs...)
		f, _ := pitch.Day{SlotMilliseconds: Slot * 1000, Sections: sections(), Runs: runs, LiveDriftPercent: 8, Seed: 1}.Forecast()
		fix, _ := pitch.Fix(pitch.Review{Run: run, SlotMilliseconds: Slot * 1000, Silences: silent, Forecast: &f})
		t.Logf("run %d: %d ms of %d, middle %d, overrun %.2f, cuts %d; %s %s", n+1, l.Milliseconds, Slot*1000, f.Middle, f.Overrun, len(f.Cuts), fix.Text, fix.Because)
		for _, s := range l.Sections {
			t.Logf("  %s %d of %d", s.Section.Title, s.Milliseconds, s.Section.TargetMilliseconds)
		}
		if fix.Trouble != pitch.Over || fix.Section.Title != "Idea" {
			t.Errorf("run %d: %+v", n+1, fix)
		}
	}
	if missing != nil {
		t.Logf("the script was not set beside the sound: %v", missing)
	}
}

func off(a, b int) int { return max(a-b, b-a) }
