// Package recogniser hears the words of a script in a recording with PocketSphinx, where Debian's package of it is installed. It
// runs as a program of its own, offline; nothing of it is linked.
package recogniser

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"tandem/internal/speech"
)

// ErrMissing says that PocketSphinx or its English model is not installed.
var ErrMissing = errors.New("pocketsphinx is not installed: apt-get install pocketsphinx pocketsphinx-en-us")

// Sphinx is PocketSphinx and the folder of its English model.
type Sphinx struct{ program, model string }

// Find looks for PocketSphinx; without it, ErrMissing.
func Find() (Sphinx, error) {
	program, err := exec.LookPath("pocketsphinx_batch")
	model := "/usr/share/pocketsphinx/model/en-us"
	if err != nil {
		return Sphinx{}, ErrMissing
	}
	if _, err := os.Stat(filepath.Join(model, "cmudict-en-us.dict")); err != nil {
		return Sphinx{}, ErrMissing
	}
	return Sphinx{program, model}, nil
}

const (
	rate    = 16000
	frames  = 100  // a second, in the recogniser's times
	edge    = 0.15 // seconds of the room about each stretch of speech, so that the recogniser hears its level
	stretch = 12.0 // seconds, beyond which stretches are not joined: long ones are heard slowly
)

// Align hears a script in a sound and sets both side by side. Pronunciations are the user's own, a word each with its sounds in
// the model's notation ("gov.uk" is parted at the stop). The report is the sound's own, for its SNR and its stretches of
// speech. Below the gates of package speech it does not listen and says why.
func (sphinx Sphinx) Align(ctx context.Context, s *speech.Sound, r *speech.Report, script speech.Script, pronunciations map[string]string) (*speech.Alignment, error) {
	known, unknown, err := sphinx.dictionary(script.Words(), pronunciations)
	if err != nil {
		return nil, err
	}
	switch missing := 0; {
	case len(r.Speech) == 0:
		return speech.Silent(script, speech.NothingHeard, unknown), nil
	case r.SNRDB == nil || *r.SNRDB < speech.AlignSNR:
		return speech.Silent(script, speech.TooNoisy, unknown), nil
	default:
		for _, w := range script.Words() {
			if _, ok := known[w]; !ok {
				missing++
			}
		}
		if float64(missing) > speech.UnknownShare*float64(len(script.Words())) {
			return speech.Silent(script, speech.UnknownWords, unknown), nil
		}
	}
	heard, err := sphinx.words(ctx, s, r.Speech, script, known)
	if err != nil {
		return nil, err
	}
	a := speech.Align(script, heard, r.Speech)
	a.Unknown = unknown
	return a, nil
}

// dictionary finds the ways in which the words are said, and names those without one.
func (sphinx Sphinx) dictionary(words []string, own map[string]string) (known map[string][]string, unknown []string, err error) {
	known = map[string][]string{}
	wanted := map[string]bool{}
	for _, w := range words {
		wanted[w] = true
	}
	f, err := os.Open(filepath.Join(sphinx.model, "cmudict-en-us.dict"))
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		word, sounds, _ := strings.Cut(lines.Text(), " ")
		if i := strings.IndexByte(word, '('); i > 0 {
			word = word[:i]
		}
		if wanted[word] {
			known[word] = append(known[word], sounds)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, nil, err
	}
	for word, sounds := range own {
		if wanted[strings.ToLower(word)] {
			known[strings.ToLower(word)] = append(known[strings.ToLower(word)], strings.ToUpper(sounds))
		}
	}
	for _, w := range words {
		if _, ok := known[w]; !ok && wanted[w] {
			unknown = append(unknown, w)
			wanted[w] = false
		}
	}
	return known, unknown, nil
}

// words are heard stretch by stretch: pauses between them are known better than a recogniser would find them.
func (sphinx Sphinx) words(ctx context.Context, s *speech.Sound, stretches []speech.Span, script speech.Script, known map[string][]string) ([]speech.Word, error) {
	dir, err := os.MkdirTemp("", "tandem-hears-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	var dictionary, control strings.Builder
	for word, ways := range known {
		for i, sounds := range ways {
			if i == 0 {
				fmt.Fprintf(&dictionary, "%s %s\n", word, sounds)
			} else {
				fmt.Fprintf(&dictionary, "%s(%d) %s\n", word, i+1, sounds)
			}
		}
	}
	var starts []float64
	for _, span := range joined(stretches) {
		span.Start, span.End = max(0, span.Start-edge), min(s.Seconds(), span.End+edge)
		name := fmt.Sprintf("%06d", len(starts))
		var raw []byte
		for _, x := range speech.Resampled(s, rate, span) {
			raw = binary.LittleEndian.AppendUint16(raw, uint16(x))
		}
		if err := os.WriteFile(filepath.Join(dir, name+".raw"), raw, 0o600); err != nil {
			return nil, err
		}
		fmt.Fprintln(&control, name)
		starts = append(starts, span.Start)
	}
	for name, text := range map[string]string{"script.dict": dictionary.String(), "script.lm": script.LanguageModel(), "control": control.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	out := filepath.Join(dir, "heard")
	command := exec.CommandContext(ctx, sphinx.program, "-hmm", filepath.Join(sphinx.model, "en-us"), "-lm", filepath.Join(dir, "script.lm"),
		"-dict", filepath.Join(dir, "script.dict"), "-ctl", filepath.Join(dir, "control"), "-cepdir", dir, "-cepext", ".raw", "-adcin", "yes",
		"-samprate", strconv.Itoa(rate), "-frate", strconv.Itoa(frames), "-remove_silence", "no", "-hypseg", out)
	if log, err := command.CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		tail := log[max(0, len(log)-500):]
		return nil, fmt.Errorf("pocketsphinx: %w: %s", err, tail)
	}
	lines, err := os.ReadFile(out)
	if err != nil {
		return nil, err
	}
	return read(string(lines), starts)
}

// joined are stretches that lie close made one, up to a length.
func joined(stretches []speech.Span) (all []speech.Span) {
	for _, s := range stretches {
		if n := len(all); n > 0 && s.Start-all[n-1].End < 1 && s.End-all[n-1].Start < stretch {
			all[n-1].End = s.End
		} else {
			all = append(all, s)
		}
	}
	return all
}

// read reads the recogniser's segmentation, a line a stretch: its name, four scores with a letter each, then for each word its
// first frame, two scores and the word; and the last frame.
func read(lines string, starts []float64) (words []speech.Word, err error) {
	for line := range strings.Lines(lines) {
		fields := strings.Fields(line)
		if len(fields) < 10 {
			continue // nothing was heard there
		}
		stretch, err := strconv.Atoi(fields[0])
		if err != nil || stretch < 0 || stretch >= len(starts) {
			return nil, fmt.Errorf("pocketsphinx answers %q", line)
		}
		for rest := fields[9:]; len(rest) >= 5; rest = rest[4:] {
			from, errFrom := strconv.Atoi(rest[0])
			until, errUntil := strconv.Atoi(rest[4])
			if errFrom != nil || errUntil != nil {
				return nil, fmt.Errorf("pocketsphinx answers %q", line)
			}
			if word := rest[3]; !strings.HasPrefix(word, "<") && !strings.HasPrefix(word, "[") {
				at := starts[stretch]
				words = append(words, speech.Word{Text: word, Span: speech.Span{Start: at + float64(from)/frames, End: at + float64(until)/frames}})
			}
		}
	}
	return words, nil
}
