package pitch_test

import (
	"encoding/json"
	"flag"
	"os"
	"testing"

	"tandem/internal/pitch"
)

var update = flag.Bool("update", false, "write testdata/cue.json anew")

// golden are cues that the screen must come to as well, which shows them as the clock runs.
type golden struct {
	Sections []struct {
		TargetMilliseconds int `json:"targetMilliseconds"`
		FirstSlide         int `json:"firstSlide"`
		LastSlide          int `json:"lastSlide"`
	} `json:"sections"`
	Cues []cue `json:"cues"`
}

type cue struct {
	Section  int  `json:"section"`
	Slide    int  `json:"slide"`
	Unpaused int  `json:"unpaused"`
	Expected int  `json:"expected"`
	Ahead    int  `json:"ahead"`
	Band     int  `json:"band"`
	Beyond   bool `json:"beyond"`
}

func TestCue(t *testing.T) {
	text, err := os.ReadFile("testdata/cue.json")
	if err != nil {
		t.Fatal(err)
	}
	var g golden
	if err := json.Unmarshal(text, &g); err != nil || len(g.Cues) < 10 {
		t.Fatal(err, len(g.Cues))
	}
	var sections []pitch.Section
	for _, s := range g.Sections {
		sections = append(sections, pitch.Section{TargetMilliseconds: s.TargetMilliseconds, FirstSlide: s.FirstSlide, LastSlide: s.LastSlide})
	}
	for i, c := range g.Cues {
		is := pitch.CueAt(sections, c.Section, c.Slide, c.Unpaused)
		if *update {
			g.Cues[i].Expected, g.Cues[i].Ahead, g.Cues[i].Band, g.Cues[i].Beyond = is.Expected, is.Ahead, is.Band, is.Beyond
		} else if is != (pitch.Cue{Expected: c.Expected, Ahead: c.Ahead, Band: c.Band, Beyond: c.Beyond}) {
			t.Errorf("%+v, not %+v", is, c)
		}
	}
	if *update {
		text, _ := json.MarshalIndent(g, "", "  ")
		if err := os.WriteFile("testdata/cue.json", append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// TestCueByHand: the second of two slides of a minute is due in its middle, at 45 s; the golden file is not its own judge.
func TestCueByHand(t *testing.T) {
	for _, c := range []struct{ section, slide, unpaused, expected, ahead int }{
		{0, 1, 0, 15_000, 15_000},
		{0, 2, 45_000, 45_000, 0},
		{1, 3, 100_000, 82_500, -17_500},
		{2, 6, 200_000, 205_000, 5_000},
	} {
		if is := pitch.CueAt(five(), c.section, c.slide, c.unpaused); is.Expected != c.expected || is.Ahead != c.ahead {
			t.Errorf("section %d slide %d: %+v", c.section, c.slide, is)
		}
	}
}
