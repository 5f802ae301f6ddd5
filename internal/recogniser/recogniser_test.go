package recogniser

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tandem/internal/speech"
)

var seed = flag.Uint64("seed", 1, "the seed of what is left out and of the noise")

const script = `Every day four thousand people ring the tax office. They all ask the same simple question.
Where is the letter that you promised me? Nobody at the desk can tell them. So we went to see a sorting centre in the north.
We learned that every letter carries a number. The number is read eleven times on its way. It is thrown away when the
machine is done. Our team asked what happens if we keep it. The answer is a small service with a large effect.
It costs nine pence for each letter. It saves eleven minutes of every call. Three departments want to try it next year.
We tested it with forty families in Leeds. Most of them understood it at once. Two of them found a mistake that we had made.
The risk is small and we can name it. A machine may read the wrong number. Then a person looks at the letter again.
We would like your help with the next step. Thank you for listening.`

func find(t *testing.T) Sphinx {
	t.Helper()
	sphinx, err := Find()
	if err == nil {
		_, err = exec.LookPath("flite")
	}
	if err != nil {
		if os.Getenv("TANDEM_REQUIRE") != "" {
			t.Fatalf("%v: make .tools/stamps/speech", err)
		}
		t.Skipf("%v: make .tools/stamps/speech", err)
	}
	return sphinx
}

// say reads a line aloud.
func say(t *testing.T, dir, voice, line string) *speech.Sound {
	t.Helper()
	file := filepath.Join(dir, "line.wav")
	if out, err := exec.Command("flite", "-voice", voice, "-t", line, "-o", file).CombinedOutput(); err != nil {
		t.Fatalf("flite: %v\n%s", err, out)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, err := speech.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	low, high := 0, len(s.Samples)
	for low < high && math.Abs(float64(s.Samples[low])) < 0.01*s.Peak {
		low++
	}
	for high > low && math.Abs(float64(s.Samples[high-1])) < 0.01*s.Peak {
		high--
	}
	s.Samples = s.Samples[low:high]
	return s
}

// told is a script read aloud with some sentences skipped: when each began, or -1.
func told(t *testing.T, voice string, skip []int, snr float64) (*speech.Sound, []float64) {
	t.Helper()
	r := rand.New(rand.NewPCG(*seed, 5))
	dir := t.TempDir()
	var all []float32
	var starts []float64
	var power, n float64
	rate := 16000
	for i, line := range speech.ParseScript(script).Sentences {
		if slices.Contains(skip, i) {
			starts = append(starts, -1)
			continue
		}
		s := say(t, dir, voice, line.Text)
		rate = s.Rate
		all = append(all, make([]float32, int((0.3+r.Float64())*float64(rate)))...)
		starts = append(starts, float64(len(all))/float64(rate))
		for _, x := range s.Samples {
			power += float64(x) * float64(x)
			n++
		}
		all = append(all, s.Samples...)
	}
	all = append(all, make([]float32, rate)...)
	level := math.Sqrt(power / n * math.Pow(10, -snr/10))
	for i := range all {
		all[i] += float32(level * r.NormFloat64())
	}
	return &speech.Sound{Rate: rate, Channels: 1, Samples: all}, starts
}

// faults are what an alignment says wrongly: starts further off than 250 ms or missing, skipped sentences that it heard.
func faults(a *speech.Alignment, starts []float64) (wrong []string) {
	for i, s := range a.Sentences {
		switch {
		case starts[i] < 0 && s.Start != nil:
			wrong = append(wrong, fmt.Sprintf("%q was skipped and is said to start at %.2f", s.Text, *s.Start))
		case starts[i] >= 0 && s.Start == nil:
			wrong = append(wrong, fmt.Sprintf("%q was said at %.2f and is said to be skipped", s.Text, starts[i]))
		case starts[i] >= 0 && math.Abs(*s.Start-starts[i]) > 0.25:
			wrong = append(wrong, fmt.Sprintf("%q started at %.2f, not %.2f", s.Text, starts[i], *s.Start))
		}
	}
	return wrong
}

func TestAlignmentFindsEverySentenceAndWhatWasSkipped(t *testing.T) {
	sphinx := find(t)
	s := speech.ParseScript(script)
	for k, voice := range []string{"slt", "rms", "awb"} {
		r := rand.New(rand.NewPCG(*seed, uint64(k)))
		skip := []int{r.IntN(7), 7 + r.IntN(7), 14 + r.IntN(6)}
		for _, snr := range []float64{42, 20} {
			sound, starts := told(t, voice, skip, snr)
			report := speech.Analyse(sound, speech.Options{})
			a, err := sphinx.Align(t.Context(), sound, report, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			if a.Verdict != speech.Aligned {
				t.Errorf("%s at %g dB: %s (%.1f dB)", voice, snr, a.Verdict, *report.SNRDB)
				continue
			}
			for _, w := range faults(a, starts) {
				t.Errorf("%s at %g dB: %s", voice, snr, w)
			}
			t.Logf("%s at %g dB: coverage %.3f", voice, snr, a.Coverage)
			// The control: another sentence skipped than is said to be.
			other := slices.Clone(starts)
			other[skip[0]], other[(skip[0]+1)%len(other)] = 1, -1
			if len(faults(a, other)) == 0 {
				t.Errorf("%s: a sentence skipped and one said, changed about, count as right", voice)
			}
		}
	}
}

func TestNoVerdictBelowTheGates(t *testing.T) {
	sphinx := find(t)
	sound, _ := told(t, "rms", nil, 6)
	report := speech.Analyse(sound, speech.Options{})
	if a, err := sphinx.Align(t.Context(), sound, report, speech.ParseScript(script), nil); err != nil || a.Verdict != speech.TooNoisy || a.Sentences[0].Start != nil {
		t.Errorf("at 6 dB: %+v, %v", a, err)
	}
	clear, _ := told(t, "rms", nil, 42)
	report = speech.Analyse(clear, speech.Options{})
	strange := speech.ParseScript("Zorblatt quinxify the flumtastic wibbledrome. Grelkins and snorvals.")
	a, err := sphinx.Align(t.Context(), clear, report, strange, nil)
	if err != nil || a.Verdict != speech.UnknownWords || len(a.Unknown) < 5 {
		t.Errorf("words that nobody knows: %+v, %v", a, err)
	}
	own := map[string]string{}
	for _, w := range a.Unknown {
		own[w] = "Z AO R B L AE T"
	}
	if a, err := sphinx.Align(t.Context(), clear, report, strange, own); err != nil || a.Verdict == speech.UnknownWords {
		t.Errorf("words that the user told: %+v, %v", a, err)
	}
}

// TestWhereTheGateBelongs measures at which SNR alignment begins to be wrong; docs/rehearsal.md has its table. It runs when
// asked: go test ./internal/recogniser -run Gate -gate.
var gate = flag.Bool("gate", false, "measure alignment from 6 to 24 dB")

func TestWhereTheGateBelongs(t *testing.T) {
	if !*gate {
		t.Skip("asked for with -gate")
	}
	sphinx := find(t)
	s := speech.ParseScript(script)
	for snr := 24.0; snr >= 6; snr -= 3 {
		wrong, n := 0, 0
		var line []string
		for k, voice := range []string{"slt", "rms", "awb", "kal16"} {
			r := rand.New(rand.NewPCG(*seed, uint64(k)))
			sound, starts := told(t, voice, []int{r.IntN(7), 7 + r.IntN(7), 14 + r.IntN(6)}, snr)
			report := speech.Analyse(sound, speech.Options{})
			loud := *report.SNRDB
			report.SNRDB = ptr(99.0)
			a, err := sphinx.Align(t.Context(), sound, report, s, nil)
			if err != nil {
				t.Fatal(err)
			}
			f := faults(a, starts)
			wrong, n = wrong+len(f), n+len(starts)
			line = append(line, fmt.Sprintf("%s %d (heard %s dB)", voice, len(f), strconv.FormatFloat(loud, 'f', 1, 64)))
		}
		t.Logf("%2.0f dB: %d of %d wrong: %s", snr, wrong, n, strings.Join(line, ", "))
	}
}

func ptr[T any](x T) *T { return &x }
