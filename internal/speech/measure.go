package speech

import (
	"cmp"
	"slices"
)

// What makes a figure less than it seems.
const (
	trustedSNR   = 12.0  // dB, the lowest at which pauses were measured
	clearSNR     = 20.0  // dB, the lowest at which their edges were
	faintLUFS    = -58.0 // 35 LU below -23
	shortSpeech  = 90.0  // seconds
	clippedLeast = 12    // samples: a few at full scale are no fault
)

func (r *Report) warn() {
	r.Warnings = []Warning{}
	add := func(w Warning, when bool) {
		if when {
			r.Warnings = append(r.Warnings, w)
		}
	}
	add(NoSpeech, len(r.Speech) == 0)
	add(Clipping, r.Clipped >= clippedLeast)
	add(Noisy, r.SNRDB != nil && *r.SNRDB < trustedSNR)
	add(Short, len(r.Speech) > 0 && r.SpeechSeconds < shortSpeech)
	add(Faint, r.LoudnessLUFS != nil && *r.LoudnessLUFS < faintLUFS)
}

// measure lists the figures, each with its method and how far it is to be trusted.
func (r *Report) measure() {
	r.Metrics = []Metric{}
	clear := High
	if r.SNRDB == nil || *r.SNRDB < trustedSNR {
		clear = Low
	} else if *r.SNRDB < clearSNR {
		clear = Medium
	}
	if r.SNRDB != nil {
		r.add("snr", *r.SNRDB, "dB", "power of speech less that of the pauses, over that of the pauses", High, len(r.Pauses), nil)
	}
	if r.LoudnessLUFS != nil {
		r.add("loudness", *r.LoudnessLUFS, "LUFS", "ITU-R BS.1770-4, integrated", High, 1, nil)
	}
	if len(r.Speech) == 0 {
		return
	}
	longest := slices.Clone(r.Pauses)
	slices.SortStableFunc(longest, func(a, b Pause) int { return cmp.Compare(b.Seconds(), a.Seconds()) })
	var evidence []Span
	total := 0.0
	for i, p := range longest {
		total += p.Seconds()
		if i < 10 {
			evidence = append(evidence, p.Span)
		}
	}
	r.add("pauses", float64(len(r.Pauses)), "", "level above 200 Hz over an adaptive floor, 0.3 s and longer", clear, len(r.Pauses), evidence)
	r.add("pausedShare", total/(total+r.SpeechSeconds), "", "time of pauses from the first word to the last", clear, len(r.Pauses), nil)
	rate := Medium
	if r.SpeechSeconds < shortSpeech {
		rate = Low
	}
	r.add("syllableRate", *r.SyllablesPerSecond, "1/s", "syllable nuclei, de Jong and Wempe 2009: an estimate", rate, r.Syllables, nil)
	if r.F0 != nil {
		r.add("pitchRange", r.F0.RangeSemitones, "semitones", "10th to 90th percentile of F0, Boersma 1993", clear, len(r.Speech), nil)
	}
}

func (r *Report) add(name string, value float64, unit, method string, confidence Confidence, n int, evidence []Span) {
	r.Metrics = append(r.Metrics, Metric{name, value, unit, method, confidence, n, evidence})
}
