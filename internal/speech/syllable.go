package speech

// The settings of the method.
const (
	nucleusLowest = 50.0 // Hz, for the intensity's window
	nucleusStep   = 0.8 / nucleusLowest
	nucleusBelow  = 25.0 // dB below the loud, within which a nucleus lies
	nucleusDip    = 2.0  // dB that intensity falls after one
)

// nuclei are the times of syllables' nuclei: voiced peaks of intensity within 25 dB of its 99th percentile, each followed by a
// dip of 2 dB at least (N. de Jong and T. Wempe 2009, "Praat script to detect syllable nuclei and measure speech rate
// automatically", Behavior Research Methods 41). No words are heard by it: over a minute and a half of speech it is an estimate,
// over a sentence it is not.
func nuclei(s *Sound, voice []float32, p *pitch) (times []float64) {
	frames := int((s.Seconds()-6.4/nucleusLowest)/nucleusStep) + 1
	if s.Seconds() < 6.4/nucleusLowest || frames < 3 {
		return nil
	}
	first := (s.Seconds() - float64(frames-1)*nucleusStep) / 2
	level := intensities(s, nucleusLowest, nucleusStep, first, frames)
	least := float32(quantile(sortedWide(level), 0.99) - nucleusBelow)
	var peaks []int
	for i := 1; i+1 < frames; i++ {
		if level[i] > least && level[i] > level[i-1] && level[i] >= level[i+1] {
			peaks = append(peaks, i)
		}
	}
	for k, peak := range peaks {
		until := frames - 1
		if k+1 < len(peaks) {
			until = peaks[k+1]
		}
		dip := level[peak]
		for _, l := range level[peak : until+1] {
			dip = min(dip, l)
		}
		at := first + float64(peak)*nucleusStep
		if level[peak]-dip > nucleusDip && voiced(voice, p, at) {
			times = append(times, at)
		}
	}
	return times
}

// voiced says whether there is voice in the frame about a time.
func voiced(voice []float32, p *pitch, at float64) bool {
	i := int((at-p.first)/pitchStep + 0.5)
	return i >= 0 && i < len(voice) && voice[i] > 0
}

func sortedWide(line []float32) []float64 {
	all := make([]float64, len(line))
	for i, x := range line {
		all[i] = float64(x)
	}
	return sortedCopy(all)
}
