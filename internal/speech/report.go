package speech

import "math"

// Report is what is heard in a recording; docs/speech.schema.json describes it as JSON. What could not be heard is null: a
// silent file has no loudness, a file without pauses no SNR.
type Report struct {
	DurationSeconds float64 `json:"durationSeconds"`
	SampleRate      int     `json:"sampleRate"`
	Channels        int     `json:"channels"`
	// SNRDB is the ratio of voice to noise, 96 at most.
	SNRDB *float64 `json:"snrDb"`
	// LoudnessLUFS is integrated loudness by BS.1770-4.
	LoudnessLUFS *float64 `json:"loudnessLUFS"`
	// PeakDBFS is the greatest sample; Clipped how many lie in runs at full scale.
	PeakDBFS *float64 `json:"peakDBFS"`
	Clipped  int      `json:"clippedSamples"`
	// Speech are the stretches of speech; SpeechSeconds is from the first word to the last, less the pauses.
	Speech        []Span  `json:"speech"`
	SpeechSeconds float64 `json:"speechSeconds"`
	Pauses        []Pause `json:"pauses"`
	// Syllables is an estimate, and so is the rate: for each second of speech, pauses left out.
	Syllables          int        `json:"syllables"`
	SyllablesPerSecond *float64   `json:"syllablesPerSecond"`
	F0                 *F0        `json:"f0"`
	Warnings           []Warning  `json:"warnings"`
	Metrics            []Metric   `json:"metrics"`
	Frames             []Frame    `json:"frames,omitempty"`
	Alignment          *Alignment `json:"alignment,omitempty"`

	nuclei []float64 // when each syllable was heard
}

// F0 is how high the voice is, over voiced frames.
type F0 struct {
	MedianHz float64 `json:"medianHz"`
	P10Hz    float64 `json:"p10Hz"`
	P90Hz    float64 `json:"p90Hz"`
	// RangeSemitones is from the 10th to the 90th percentile: a measure of monotony to set beside the same speaker's earlier
	// runs. No threshold holds for all voices.
	RangeSemitones float64 `json:"rangeSemitones"`
}

// Frame is a hundredth of a second.
type Frame struct {
	Time        float64  `json:"time"`
	F0Hz        *float64 `json:"f0Hz"`
	IntensityDB float64  `json:"intensityDb"`
}

// Warning is something that makes the figures less than they seem.
type Warning string

// The warnings.
const (
	NoSpeech Warning = "NO_SPEECH" // silence, or noise alone
	Clipping Warning = "CLIPPED"   // the microphone was too loud
	Noisy    Warning = "NOISY"     // below the SNR at which pauses are trusted
	Short    Warning = "SHORT"     // less than 90 s of speech: the syllable rate is uncertain
	Faint    Warning = "FAINT"     // 35 LU or more below a usual recording
)

// Confidence is how far a figure can be trusted, by what was measured of its error (docs/rehearsal.md).
type Confidence string

// The confidences.
const (
	High   Confidence = "HIGH"
	Medium Confidence = "MEDIUM"
	Low    Confidence = "LOW"
)

// Metric is one figure with all that is needed to judge it.
type Metric struct {
	Name       string     `json:"name"`
	Value      float64    `json:"value"`
	Unit       string     `json:"unit"`
	Method     string     `json:"method"`
	Confidence Confidence `json:"confidence"`
	// N is how many things it was counted or measured on.
	N int `json:"n"`
	// Evidence are parts of the recording to listen to, at most ten.
	Evidence []Span `json:"evidence,omitempty"`
}

// Options say what to do beside the report.
type Options struct {
	// Frames asks for F0 and intensity every hundredth of a second.
	Frames bool
	// Clicks are times in seconds at which a key or a clicker was pressed.
	Clicks []float64
}

// Analyse makes the report of a sound.
func Analyse(s *Sound, o Options) *Report {
	p := hear(s)
	voice := p.choose(usual)
	speech := activity(s, voice, p, o.Clicks)
	r := &Report{DurationSeconds: s.Seconds(), SampleRate: s.Rate, Channels: s.Channels, Clipped: s.Clipped, Speech: speech, Pauses: pauses(speech)}
	for _, span := range speech {
		r.SpeechSeconds += span.Seconds()
	}
	if !math.IsInf(s.LUFS, 0) {
		r.LoudnessLUFS = &s.LUFS
	}
	if s.Peak > 0 {
		peak := 20 * math.Log10(s.Peak)
		r.PeakDBFS = &peak
	}
	if db, ok := noise(s, speech); ok {
		r.SNRDB = &db
	}
	r.F0 = height(voice)
	if len(speech) > 0 {
		times := nuclei(s, p.choose(lenient), p)
		r.Syllables, r.nuclei = len(times), times
		rate := float64(len(times)) / r.SpeechSeconds
		r.SyllablesPerSecond = &rate
	}
	if o.Frames {
		r.Frames = frames(s, voice, p)
	}
	r.warn()
	r.measure()
	return r
}

func height(voice []float32) *F0 {
	var hz []float64
	for _, f := range voice {
		if f > 0 {
			hz = append(hz, float64(f))
		}
	}
	if len(hz) == 0 {
		return nil
	}
	hz = sortedCopy(hz)
	h := &F0{MedianHz: quantile(hz, 0.5), P10Hz: quantile(hz, 0.1), P90Hz: quantile(hz, 0.9)}
	h.RangeSemitones = 12 * math.Log2(h.P90Hz/h.P10Hz)
	return h
}

func frames(s *Sound, voice []float32, p *pitch) []Frame {
	level := intensities(s, pitchFloor, pitchStep, p.first, len(voice))
	all := make([]Frame, len(voice))
	for i := range all {
		all[i] = Frame{Time: p.first + float64(i)*pitchStep, IntensityDB: float64(level[i])}
		if voice[i] > 0 {
			hz := float64(voice[i])
			all[i].F0Hz = &hz
		}
	}
	return all
}
