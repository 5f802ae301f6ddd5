package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"tandem/internal/recogniser"
	"tandem/internal/speech"
)

// hear prints what is heard in a recording.
type hear struct {
	File   string            `arg:"" type:"existingfile" help:"The recording: WAV or FLAC, one or two channels."`
	Script string            `placeholder:"FILE" type:"existingfile" help:"The script as text: says which sentences were said, and when (English, with PocketSphinx installed)."`
	Say    map[string]string `placeholder:"WORD=SOUNDS" help:"How a word of the script is said, such as tandem='T AE N D AH M'; may be repeated."`
	Frames bool              `help:"Add F0 and intensity for every hundredth of a second."`
	Clicks []float64         `placeholder:"S" help:"Seconds at which a key or clicker was pressed, so that it is not taken for speech."`
	JSON   bool              `name:"json" help:"Write the report as one JSON object, as docs/speech.schema.json describes it."`
}

func (hear) Help() string {
	return `Nothing leaves this computer. docs/rehearsal.md says what each figure means and how far it is off.

Example: tandem speech rehearsal.flac --script pitch.txt --json`
}

func (l hear) Run(ctx context.Context) error {
	debug.SetGCPercent(25) // beside a whole sound in memory there is little to collect, and what there is need not wait until it is as large
	f, err := os.Open(l.File)
	if err != nil {
		return err
	}
	defer f.Close()
	sound, err := speech.Read(f)
	if err != nil {
		return fmt.Errorf("%s: %w", l.File, err)
	}
	r := speech.Analyse(sound, speech.Options{Frames: l.Frames, Clicks: l.Clicks})
	if l.Script != "" {
		if r.Alignment, err = l.align(ctx, sound, r); err != nil {
			return err
		}
	}
	if l.JSON {
		return json.NewEncoder(os.Stdout).Encode(r)
	}
	fmt.Printf("%.1f s, %.1f s of it speech\n", r.DurationSeconds, r.SpeechSeconds)
	for _, m := range r.Metrics {
		fmt.Printf("  %-13s %8.2f %-9s  %s (n = %d, %s)\n", m.Name, m.Value, m.Unit, m.Method, m.N, strings.ToLower(string(m.Confidence)))
	}
	if r.F0 != nil {
		fmt.Printf("  F0            %8.0f Hz         from %.0f to %.0f for most of the time\n", r.F0.MedianHz, r.F0.P10Hz, r.F0.P90Hz)
	}
	for _, w := range r.Warnings {
		fmt.Println("  note:", w)
	}
	if a := r.Alignment; a != nil {
		fmt.Printf("script: %s, %.0f %% of its words\n", a.Verdict, 100*a.Coverage)
		for _, s := range a.Sentences {
			at := "      –"
			if s.Start != nil {
				at = fmt.Sprintf("%7.2f", *s.Start)
			}
			fmt.Println(at, s.Text)
		}
	}
	return nil
}

// align sets the recording beside the script; without a recogniser the report says so and stands as it is.
func (l hear) align(ctx context.Context, sound *speech.Sound, r *speech.Report) (*speech.Alignment, error) {
	text, err := os.ReadFile(l.Script)
	if err != nil {
		return nil, err
	}
	script := speech.ParseScript(string(text))
	if len(script.Sentences) == 0 {
		return nil, fmt.Errorf("%s: no sentence in it", l.Script)
	}
	sphinx, err := recogniser.Find()
	if errors.Is(err, recogniser.ErrMissing) {
		fmt.Fprintln(os.Stderr, "tandem:", err)
		return speech.Silent(script, speech.NoRecogniser, nil), nil
	}
	if err != nil {
		return nil, err
	}
	return sphinx.Align(ctx, sound, r, script, l.Say)
}
