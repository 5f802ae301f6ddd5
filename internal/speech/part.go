package speech

import "math"

// Part is the report of parts of a sound, such as all that one speaker said, from what was heard in the whole: r is the report of
// s with its frames. Times stay those of the whole. Clipping is the whole's.
func (r *Report) Part(s *Sound, parts []Span) *Report {
	out := &Report{SampleRate: r.SampleRate, Channels: r.Channels, Clipped: r.Clipped, Speech: []Span{}, Pauses: []Pause{}}
	var samples []float32
	var shifted []Span // the speech of the parts, in the time of their samples alone
	for _, part := range parts {
		part.Start, part.End = max(0, part.Start), min(s.Seconds(), part.End)
		if part.Seconds() <= 0 {
			continue
		}
		before := float64(len(samples)) / float64(s.Rate)
		samples = append(samples, s.Samples[int(part.Start*float64(s.Rate)):int(part.End*float64(s.Rate))]...)
		out.DurationSeconds += part.Seconds()
		for _, span := range r.Speech {
			if in := (Span{max(span.Start, part.Start), min(span.End, part.End)}); in.Seconds() > 0 {
				out.Speech = append(out.Speech, in)
				out.SpeechSeconds += in.Seconds()
				shifted = append(shifted, Span{in.Start - part.Start + before, in.End - part.Start + before})
			}
		}
		for _, p := range r.Pauses {
			if middle := (p.Start + p.End) / 2; part.Start <= middle && middle < part.End {
				out.Pauses = append(out.Pauses, p)
			}
		}
		for _, at := range r.nuclei {
			if part.Start <= at && at < part.End {
				out.nuclei = append(out.nuclei, at)
			}
		}
		for _, f := range r.Frames {
			if part.Start <= f.Time && f.Time < part.End {
				out.Frames = append(out.Frames, f)
			}
		}
	}
	alone := &Sound{Rate: s.Rate, Samples: samples, Channels: 1}
	loud := newLoudness(s.Rate, 1)
	peak := 0.0
	for _, x := range samples {
		loud.frame([]float64{float64(x)})
		peak = max(peak, math.Abs(float64(x)))
	}
	if lufs := loud.integrated(); !math.IsInf(lufs, 0) {
		out.LoudnessLUFS = &lufs
	}
	if peak > 0 {
		db := 20 * math.Log10(peak)
		out.PeakDBFS = &db
	}
	if db, ok := noise(alone, shifted); ok {
		out.SNRDB = &db
	}
	voice := make([]float32, len(out.Frames))
	for i, f := range out.Frames {
		if f.F0Hz != nil {
			voice[i] = float32(*f.F0Hz)
		}
	}
	out.F0 = height(voice)
	out.Syllables = len(out.nuclei)
	if out.SpeechSeconds > 0 {
		rate := float64(out.Syllables) / out.SpeechSeconds
		out.SyllablesPerSecond = &rate
	}
	out.Frames = nil
	out.warn()
	out.measure()
	return out
}

// Nuclei is when a syllable was heard within a stretch.
func (r *Report) Nuclei(within Span) (n int) {
	for _, at := range r.nuclei {
		if within.Start <= at && at < within.End {
			n++
		}
	}
	return n
}
