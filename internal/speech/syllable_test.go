package speech

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"
)

// nucleiScript states the method of de Jong and Wempe 2009 for Praat, and prints how many nuclei it finds.
const nucleiScript = mono + `
sound = selected()
length = Get total duration
intensity = To Intensity: 50, 0, "yes"
loudest = Get quantile: 0, 0, 0.99
least = loudest - 25
quietest = Get minimum: 0, 0, "Parabolic"
if least < quietest
  least = quietest
endif
matrix = Down to Matrix
curve = To Sound (slice): 1
peaks = To PointProcess (extrema): 1, "yes", "no", "Sinc70"
count = Get number of points
high = 0
for i to count
  selectObject: peaks
  t = Get time from index: i
  selectObject: curve
  v = Get value at time: 1, t, "Cubic"
  if v > least
    high = high + 1
    at[high] = t
    level[high] = v
  endif
endfor
selectObject: sound
pitch = To Pitch (ac): 0.02, 30, 4, "no", 0.03, 0.25, 0.01, 0.35, 0.25, 450
nuclei = 0
for i to high
  if i < high
    upto = at[i + 1]
  else
    upto = length
  endif
  selectObject: intensity
  dip = Get minimum: at[i], upto, "None"
  selectObject: pitch
  f = Get value at time: at[i], "Hertz", "Linear"
  if level[i] - dip > 2 and f <> undefined
    nuclei = nuclei + 1
  endif
endfor
appendInfoLine: nuclei
`

func TestSyllablesAgreeWithPraat(t *testing.T) {
	text := strings.Repeat(pitchText+" ", 6)
	files := []string{"/usr/share/codec2/wav/ve9qrp.wav"} // two minutes of a person on the radio
	for i, voice := range voices {
		file := filepath.Join(t.TempDir(), fmt.Sprintf("%d.wav", i))
		speak(t, file, voice, 130+20*i, text)
		files = append(files, file)
	}
	for _, file := range files {
		s := open(t, file)
		if s.Seconds() < 90 {
			t.Fatalf("%s is %.0f s long", file, s.Seconds())
		}
		theirs := numbers(t, praat(t, nucleiScript, file))[0]
		r := Analyse(s, Options{})
		off := float64(r.Syllables)/theirs - 1
		t.Logf("%s: %d, Praat %g: %+.1f %%", filepath.Base(file), r.Syllables, theirs, 100*off)
		if math.Abs(off) > 0.05 {
			t.Errorf("%s: %d syllables, Praat's script finds %g", file, r.Syllables, theirs)
		}
		// The control: whatever peak of intensity, voice or none.
		peaks := 0
		level := intensities(s, nucleusLowest, nucleusStep, 0.064, int(s.Seconds()/nucleusStep)-8)
		for i := 1; i+1 < len(level); i++ {
			if level[i] > level[i-1] && level[i] >= level[i+1] {
				peaks++
			}
		}
		if math.Abs(float64(peaks)/theirs-1) <= 0.05 {
			t.Errorf("%s: %d peaks of any kind count as right beside %g", file, peaks, theirs)
		}
	}
}
