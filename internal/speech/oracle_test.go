package speech

import (
	"bufio"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// component finds a program of Debian's that a test compares with; without it the test is left out, or fails where all must
// be there.
func component(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	if os.Getenv("TANDEM_REQUIRE") != "" {
		t.Fatalf("%s is not installed: make .tools/stamps/speech", program)
	}
	t.Skipf("%s is not installed: make .tools/stamps/speech", program)
	return ""
}

// praat runs a script of Praat's on a file and returns the lines that it printed.
func praat(t *testing.T, script string, arguments ...string) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "script.praat")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(component(t, "praat"), append([]string{"--run", file}, arguments...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("praat: %v\n%s", err, out)
	}
	var lines []string
	scan := bufio.NewScanner(strings.NewReader(string(out)))
	for scan.Scan() {
		lines = append(lines, scan.Text())
	}
	return lines
}

func numbers(t *testing.T, lines []string) []float64 {
	t.Helper()
	var all []float64
	for _, line := range lines {
		x, err := strconv.ParseFloat(strings.TrimSpace(line), 64)
		if err != nil {
			x = math.NaN()
		}
		all = append(all, x)
	}
	return all
}

// spoken are recordings to compare on: people from Debian's packages, voices synthesised here, some with noise.
func spoken(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, pattern := range []string{"/usr/share/pocketsphinx/test/data/librivox/*.wav", "/usr/share/pocketsphinx/test/data/cards/00*.wav", "/usr/share/codec2/wav/*.wav"} {
		found, _ := filepath.Glob(pattern)
		for _, f := range found {
			if in, err := os.Open(f); err == nil {
				if _, err := Read(in); !errors.Is(err, ErrFormat) {
					files[filepath.Base(f)] = f
				}
				in.Close()
			}
		}
	}
	dir := t.TempDir()
	for i, voice := range []string{"en-gb", "en-us+f3", "en-gb-scotland+m4"} {
		file := filepath.Join(dir, fmt.Sprintf("espeak-%d.wav", i))
		speak(t, file, voice, 130+25*i, pitchText)
		files[filepath.Base(file)] = file
	}
	return files
}

const pitchText = `Every day four thousand people ring the tax office to ask one question. Where is my letter? We visited a sorting
centre, and we learned that nobody there can answer it either! So we asked what would happen if the letter itself could tell.
Our prototype does that. It costs nine pence for each letter, and it saves eleven minutes of a call.`

// speak synthesises a text.
func speak(t *testing.T, file, voice string, rate int, text string) {
	t.Helper()
	out, err := exec.Command(component(t, "espeak-ng"), "-v", voice, "-s", strconv.Itoa(rate), "-w", file, text).CombinedOutput()
	if err != nil {
		t.Fatalf("espeak-ng: %v\n%s", err, out)
	}
}

func open(t testing.TB, file string) *Sound {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, err := Read(f)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return s
}

// agreement is how two lines of F0 differ.
type agreement struct{ both, within, gross, voicing, frames int }

func (a *agreement) add(ours, theirs []float64) {
	for i, hz := range theirs {
		a.frames++
		switch {
		case hz > 0 && ours[i] > 0:
			a.both++
			off := math.Abs(ours[i]/hz - 1)
			if off <= 0.01 {
				a.within++
			}
			if off > 0.2 {
				a.gross++
			}
		case hz > 0 != (ours[i] > 0):
			a.voicing++
		}
	}
}

func (a agreement) fault() string {
	part := func(n, of int) float64 { return float64(n) / float64(max(1, of)) }
	if a.both == 0 || part(a.within, a.both) < 0.995 || part(a.gross, a.both) > 0.005 || part(a.voicing, a.frames) > 0.02 {
		return fmt.Sprintf("of %d frames voiced in both %.2f %% within 1 %%, %.2f %% gross; voicing differs in %.2f %% of %d",
			a.both, 100*part(a.within, a.both), 100*part(a.gross, a.both), 100*part(a.voicing, a.frames), a.frames)
	}
	return ""
}

const pitchScript = mono + `
To Pitch (ac): 0.01, 75, 15, "no", 0.03, 0.45, 0.01, 0.35, 0.14, 600
n = Get number of frames
for i to n
  f = Get value in frame: i, "Hertz"
  appendInfoLine: f
endfor
`

const mono = `form go
sentence file
endform
Read from file: file$
n = Get number of channels
if n > 1
  Convert to mono
endif
`

// wide is a line of small figures for comparison.
func wide(line []float32) []float64 {
	all := make([]float64, len(line))
	for i, x := range line {
		all[i] = float64(x)
	}
	return all
}

func TestPitchAgreesWithPraat(t *testing.T) {
	var all, shifted agreement
	files := spoken(t)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		theirs := numbers(t, praat(t, pitchScript, files[name]))
		ours := wide(hear(open(t, files[name])).choose(usual))
		if len(ours) != len(theirs) {
			t.Fatalf("%s: %d frames, Praat has %d", name, len(ours), len(theirs))
		}
		var one agreement
		one.add(ours, theirs)
		all.add(ours, theirs)
		t.Logf("%s: %d frames, both voiced %d, within %d, gross %d, voicing %d", name, one.frames, one.both, one.within, one.gross, one.voicing)
		// The control: the same line one frame late.
		shifted.add(append([]float64{0}, ours...), theirs)
	}
	if f := all.fault(); f != "" {
		t.Error(f)
	}
	if shifted.fault() == "" {
		t.Error("a line of F0 that is one frame late counts as right")
	}
}

func TestIntensityAgreesWithPraat(t *testing.T) {
	script := mono + `
To Intensity: 75, 0.01, "yes"
n = Get number of frames
first = Get time from frame number: 1
appendInfoLine: first
for i to n
  x = Get value in frame: i
  appendInfoLine: x
endfor
`
	files := spoken(t)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		theirs := numbers(t, praat(t, script, files[name]))
		first, theirs := theirs[0], theirs[1:]
		s := open(t, files[name])
		far := func(ours []float64) float64 {
			var off []float64
			for i, db := range theirs {
				if !math.IsNaN(db) && db > 0 {
					off = append(off, math.Abs(ours[i]-db))
				}
			}
			return quantile(sortedCopy(off), 0.5)
		}
		if off := far(wide(intensities(s, 75, 0.01, first, len(theirs)))); off > 0.01 {
			t.Errorf("%s: %.4f dB from Praat's in the median", name, off)
		} else {
			t.Logf("%s: %.5f dB", name, off)
		}
		if off := far(wide(intensities(s, 75, 0.01, first+0.005, len(theirs)))); off <= 0.01 {
			t.Errorf("%s: half a frame late counts as right (%.4f dB)", name, off)
		}
	}
}

func TestLoudnessAgreesWithFFmpeg(t *testing.T) {
	files := spoken(t)
	stereo := filepath.Join(t.TempDir(), "stereo.wav")
	first := slices.Sorted(maps.Keys(files))[0]
	if out, err := exec.Command(component(t, "ffmpeg"), "-v", "error", "-i", files[first], "-af", "aresample=44100,pan=stereo|c0=c0|c1=0.4*c0", stereo).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, out)
	}
	files["stereo.wav"] = stereo
	for _, name := range slices.Sorted(maps.Keys(files)) {
		out, err := exec.Command(component(t, "ffmpeg"), "-nostats", "-i", files[name], "-af", "ebur128", "-f", "null", "-").CombinedOutput()
		if err != nil {
			t.Fatalf("ffmpeg: %v\n%s", err, out)
		}
		summary := string(out)[strings.LastIndex(string(out), "Summary:"):]
		theirs := numbers(t, []string{strings.Fields(summary[strings.Index(summary, "I:")+2:])[0]})[0]
		if theirs <= -70 {
			continue // shorter than one block
		}
		// ffmpeg prints one digit, so its own rounding may add half of it.
		if s := open(t, files[name]); math.Abs(s.LUFS-theirs) > 0.1 {
			t.Errorf("%s: %.2f LUFS, ffmpeg says %.1f", name, s.LUFS, theirs)
		} else if math.Abs(s.LUFS+1-theirs) <= 0.1 {
			t.Errorf("%s: a decibel more counts as right", name)
		}
	}
}
