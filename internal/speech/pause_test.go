package speech

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"
)

// seed makes other pitches than the usual: go test ./internal/speech -seed 7.
var seed = flag.Uint64("seed", 1, "the seed of the synthesised recordings")

// phrases have no mark inside, at which a voice would pause by itself.
var phrases = []string{
	"four thousand people ring us every day", "they all ask the same question", "where is my letter", "nobody could tell them",
	"so we went to see a sorting centre", "we learned that the letter knows its own way", "our prototype reads the code on it",
	"it costs nine pence", "it saves eleven minutes of each call", "three departments have asked for it already",
	"we would like your help with the fourth", "imagine the same for passports", "the risk is small and we can name it",
	"our team built this in twelve weeks", "thank you for listening", "there are two things left to decide",
	"who owns the data once it is shared", "and what happens when a sensor fails", "we tried it with forty families in Leeds",
	"most of them understood it at once",
}

// truth is a synthesised pitch and what was built into it.
type truth struct {
	sound  *Sound
	pauses []Span
}

// build strings phrases together with pauses of 0.35 to 2.5 s, some joins shorter than a pause, and adds noise at an SNR.
// Clicks are that many short noises: half keys, half bumps against a table.
func build(t *testing.T, seed uint64, voice string, rate int, seconds, snr float64, clicks int) (truth, []float64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 3))
	dir := t.TempDir()
	var parts []*Sound
	for i, phrase := range phrases {
		file := filepath.Join(dir, fmt.Sprintf("%d.wav", i))
		speak(t, file, voice, rate, phrase)
		parts = append(parts, trimmed(open(t, file)))
	}
	hz := parts[0].Rate
	all := make([]float32, hz/2)
	var made truth
	var talk, n float64
	for float64(len(all)) < seconds*float64(hz) {
		part := parts[r.IntN(len(parts))]
		for _, x := range part.Samples {
			talk += float64(x) * float64(x)
			n++
		}
		all = append(all, part.Samples...)
		start := float64(len(all)) / float64(hz)
		gap := 0.35 + 2.15*r.Float64()*r.Float64()
		if r.IntN(4) == 0 {
			gap = 0.05 + 0.1*r.Float64()
		}
		all = append(all, make([]float32, int(gap*float64(hz)))...)
		if gap >= PauseLeast {
			made.pauses = append(made.pauses, Span{start, float64(len(all)) / float64(hz)})
		}
	}
	// What follows the last phrase is no pause.
	if n := len(made.pauses); n > 0 && int(made.pauses[n-1].End*float64(hz)+0.5) >= len(all) {
		made.pauses = made.pauses[:n-1]
	}
	all = append(all, make([]float32, hz/2)...)
	var logged []float64
	for i := range clicks {
		at := r.IntN(len(all) - hz/2)
		if i%4 > 1 { // half of them where they hurt
			p := made.pauses[r.IntN(len(made.pauses))]
			at = int((p.Start + (0.2+0.6*r.Float64())*p.Seconds()) * float64(hz))
		}
		if i%2 == 0 {
			logged = append(logged, float64(at)/float64(hz))
			for k := range hz / 50 { // a key: 20 ms of noise that dies out
				all[at+k] += float32(0.25 * r.NormFloat64() * math.Exp(-float64(k)/float64(hz)*200))
			}
			continue
		}
		tone := 60 + 80*r.Float64()
		for k := range hz / 8 { // a bump: a low tone that dies out
			all[at+k] += float32(0.4 * math.Sin(2*math.Pi*tone*float64(k)/float64(hz)) * math.Exp(-float64(k)/float64(hz)*25))
		}
	}
	level := math.Sqrt(talk / n * math.Pow(10, -snr/10))
	var low float64
	for i := range all { // noise of a room: more of it low
		low = 0.7*low + r.NormFloat64()
		all[i] += float32(level * 0.714 * low)
	}
	made.sound = &Sound{Rate: hz, Samples: all, Channels: 1}
	return made, logged
}

// trimmed is a sound without what lies 35 dB below its peak at either end: there it falls into noise of 20 dB.
func trimmed(s *Sound) *Sound {
	low, high := 0, len(s.Samples)
	for low < high && math.Abs(float64(s.Samples[low])) < s.Peak*0.0178 {
		low++
	}
	for high > low && math.Abs(float64(s.Samples[high-1])) < s.Peak*0.0178 {
		high--
	}
	return &Sound{Rate: s.Rate, Samples: s.Samples[low:high]}
}

// heard compares pauses as found with those built in.
type heardPauses struct {
	truth, found, false_ int
	edges                []float64
}

func (h *heardPauses) add(truth []Span, found []Pause) {
	used := make([]bool, len(found))
	for _, want := range truth {
		h.truth++
		for i, f := range found {
			if !used[i] && math.Min(f.End, want.End)-math.Max(f.Start, want.Start) > want.Seconds()/2 {
				used[i] = true
				h.found++
				h.edges = append(h.edges, math.Abs(f.Start-want.Start), math.Abs(f.End-want.End))
				break
			}
		}
	}
	for i, f := range found {
		inside := false
		for _, want := range truth {
			inside = inside || math.Min(f.End, want.End) > math.Max(f.Start, want.Start)
		}
		if !used[i] && !inside {
			h.false_++
		}
	}
}

func (h *heardPauses) String() string {
	return fmt.Sprintf("%d of %d, edges %.1f ms in the median, %.1f %% within 50 ms, %d false", h.found, h.truth,
		1000*quantile(sortedCopy(h.edges), 0.5), 100*h.near(), h.false_)
}

// share of edges that lie within 50 ms of where they were built.
func (h *heardPauses) near() float64 {
	near := 0
	for _, e := range h.edges {
		if e <= 0.05 {
			near++
		}
	}
	return float64(near) / float64(max(1, len(h.edges)))
}

func (h *heardPauses) recall() float64 { return float64(h.found) / float64(max(1, h.truth)) }

var voices = []string{"en-gb", "en-us+f3", "en-gb-scotland+m4", "en-us+m2"}

func TestPausesAreWhereTheyWereBuilt(t *testing.T) {
	const seconds = 90
	for _, snr := range []float64{42, 20, 12} {
		var h, early heardPauses
		for k, voice := range voices {
			made, _ := build(t, *seed+uint64(k), voice, 130+20*k, seconds, snr, 0)
			r := Analyse(made.sound, Options{})
			h.add(made.pauses, r.Pauses)
			if r.SNRDB == nil || math.Abs(*r.SNRDB-snr) > 3 {
				t.Errorf("%s: heard at %v dB, built at %g", voice, r.SNRDB, snr)
			}
			for i := range r.Pauses {
				r.Pauses[i].Start -= 0.1
			}
			early.add(made.pauses, r.Pauses)
		}
		t.Logf("at %.0f dB: %v", snr, &h)
		if snr < clearSNR {
			if h.recall() < 0.95 {
				t.Errorf("at %.0f dB: %v", snr, &h)
			}
			continue
		}
		if h.recall() < 0.98 || quantile(sortedCopy(h.edges), 0.5) > 0.015 || h.near() < 0.9 || h.false_ > 6*len(voices)*seconds/180 {
			t.Errorf("at %.0f dB: %v", snr, &h)
		}
		if early.near() >= 0.9 {
			t.Errorf("at %.0f dB: edges 100 ms early count as right", snr)
		}
	}
}

func TestPausesAmongClicksAndBumps(t *testing.T) {
	var h, deaf heardPauses
	for k, voice := range voices {
		made, logged := build(t, *seed+uint64(k), voice, 140+10*k, 180, 42, 85)
		h.add(made.pauses, Analyse(made.sound, Options{Clicks: logged}).Pauses)
		// The control: whatever is loud is speech.
		levels, _, _ := looks(made.sound)
		var loud []Span
		for i, l := range levels {
			if l > 8 {
				loud = append(loud, Span{float64(i) * lookStep, float64(i+2) * lookStep})
			}
		}
		deaf.add(made.pauses, pauses(joined(loud, PauseLeast)))
	}
	t.Logf("%v; loudness alone: %v", &h, &deaf)
	if h.recall() < 0.9 {
		t.Errorf("%v", &h)
	}
	if deaf.recall() >= 0.9 {
		t.Errorf("loudness alone finds them too: %v", &deaf)
	}
}
