package speech

import (
	"cmp"
	"math"
	"slices"
)

// Span is a part of the recording, in seconds from its start.
type Span struct {
	Start float64 `json:"start"`
	End   float64 `json:"end"`
}

// Seconds is its length.
func (s Span) Seconds() float64 { return s.End - s.Start }

// How speech is told from what lies around it. Levels are of what is above 200 Hz, where bumps against a table are not, in
// windows of 10 ms.
const (
	lookStep    = 0.005 // seconds from look to look
	floorReach  = 4.0   // seconds to each side over which the floor is looked for
	floorPart   = 0.1   // the quietest part that is taken for the floor
	burst       = 0.15  // seconds below which a noise must carry a voice to be speech
	nearBy      = 0.12  // seconds from speech within which a short noise belongs to it: a stop's release, a fricative
	traceLeast  = 0.03  // seconds of a trace too faint to open, which belongs to the speech that it is near
	breathBelow = 17    // dB below the loud, where without a voice nothing is said
	bumpLow     = 10    // dB by which all below 200 Hz exceeds what is above, from which a short noise is a bump
	voicedLeast = 3     // frames of voice that make a short noise speech
)

// activity is where speech is. Clicks are times at which a key was heard by the machine itself; what is heard within
// 60 ms of one and is no longer than a burst is no speech.
//
// A look is loud where it exceeds the floor, the quietest tenth of the eight seconds about it, by a threshold that grows with
// the room between floor and voice: speech opens at the higher threshold and reaches out to the lower one (hysteresis). Short
// noises without a voice, and traces that never open, are left out unless they lie by speech.
func activity(s *Sound, voice []float32, p *pitch, clicks []float64) []Span {
	levels, low, loud := looks(s)
	if len(levels) == 0 {
		return nil
	}
	floor, top := around(levels, floorPart), around(levels, 0.95)
	smooth := smoothed(levels)
	var speech []Span
	var spans []Span
	var sure []bool
	for i := 0; i < len(levels); i++ {
		if _, hold := thresholds(floor[i], top[i]); smooth[i] < hold {
			continue
		}
		span, opened, bump := Span{Start: float64(i) * lookStep}, false, 0.0
		first := i
		for ; i < len(levels); i++ {
			open, hold := thresholds(floor[i], top[i])
			if smooth[i] < hold {
				break
			}
			opened = opened || levels[i] >= open
			bump += low[i]
		}
		span.End = float64(i+1) * lookStep
		clicked := slices.ContainsFunc(clicks, func(at float64) bool { return at > span.Start-0.06 && at < span.End+0.06 })
		heard := p.voiced(voice, span)
		short := span.Seconds() < 2*burst
		if !opened && span.Seconds() < traceLeast || clicked && heard == 0 && span.Seconds() < burst || short && bump > bumpLow*float64(i-first) {
			continue
		}
		spans = append(spans, span)
		sure = append(sure, opened && (span.Seconds() >= burst && heard > 0 || heard >= voicedLeast && !clicked || !short))
	}
	for i, span := range spans {
		if sure[i] || beside(spans, sure, i) {
			speech = append(speech, span)
		}
	}
	return withoutBreath(joined(speech, PauseLeast), loud, voice, p)
}

// withoutBreath parts speech where a speaker only breathes, or the room rings: a pause's length without a voice, far below
// the loud about it.
func withoutBreath(speech []Span, loud []float64, voice []float32, p *pitch) (parted []Span) {
	top := around(loud, 0.95)
	for _, span := range speech {
		quiet := 0
		first, last := int(span.Start/lookStep), min(len(loud), int(span.End/lookStep))
		for i := first; i <= last; i++ {
			if i < last && loud[i] < top[i]-breathBelow && !voiced(voice, p, (float64(i)+0.5)*lookStep) {
				quiet++
				continue
			}
			if at := float64(i) * lookStep; float64(quiet)*lookStep >= PauseLeast && i < last {
				if start := at - float64(quiet)*lookStep; start > span.Start {
					parted = append(parted, Span{span.Start, start})
				}
				span.Start = at
			}
			quiet = 0
		}
		parted = append(parted, span)
	}
	return parted
}

// smoothed is the mean of each look and its neighbours.
func smoothed(levels []float64) []float64 {
	smooth := make([]float64, len(levels))
	for i := range levels {
		low, high := max(0, i-1), min(len(levels)-1, i+1)
		for _, l := range levels[low : high+1] {
			smooth[i] += l / float64(high-low+1)
		}
	}
	return smooth
}

// thresholds are the levels at which speech opens, and down to which it is held.
func thresholds(floor, top float64) (open, hold float64) {
	room := top - floor
	return floor + max(5, min(12, 0.35*room)), floor + max(2.2, min(5, 0.12*room-1.2))
}

// beside says whether a short noise lies by sure speech.
func beside(spans []Span, sure []bool, i int) bool {
	return i > 0 && sure[i-1] && spans[i].Start-spans[i-1].End < nearBy || i+1 < len(spans) && sure[i+1] && spans[i+1].Start-spans[i].End < nearBy
}

// bandEdges part what is listened to, in Hz, by octaves.
var bandEdges = []float64{200, 500, 1000, 2000, 4000, 8000}

// faintest is the power of a band below which nothing is told from silence: -90 dB of full scale.
const faintest = 1e-9

// looks is, every lookStep seconds, by how many dB the 10 ms from there exceed the room's noise: the mean over bands of the
// power over that band's floor, so that a fricative counts in noise that is mostly low. low is by how many dB the whole
// exceeds what is above 200 Hz, and loud the level of that in dB of full scale.
func looks(s *Sound) (levels, low, loud []float64) {
	rate := float64(s.Rate)
	first, second := highPass(200, rate, 0.5412), highPass(200, rate, 1.3066)
	var bands [][]float64
	var filters [][2]biquad
	for i := 1; i < len(bandEdges) && bandEdges[i-1] < 0.4*rate; i++ {
		high := biquad{b0: 1}
		if bandEdges[i] < 0.45*rate {
			high = lowPass(bandEdges[i], rate, math.Sqrt2/2)
		}
		filters = append(filters, [2]biquad{highPass(bandEdges[i-1], rate, math.Sqrt2/2), high})
		bands = append(bands, nil)
	}
	sums := make([]float64, len(bands))
	var whole, above float64
	n := 0
	for i, x := range s.Samples {
		y := second.put(first.put(float64(x)))
		whole, above = whole+float64(x)*float64(x), above+y*y
		for b := range filters {
			z := filters[b][1].put(filters[b][0].put(y))
			sums[b] += z * z
		}
		// The step is no whole number of samples at every rate: each look ends at its own time.
		if n++; i+1 >= int(float64(len(bands[0])+1)*lookStep*rate) {
			for b := range bands {
				bands[b] = append(bands[b], sums[b]/float64(n))
				sums[b] = 0
			}
			low = append(low, 10*math.Log10((whole+faintest)/(above+faintest)))
			loud = append(loud, 10*math.Log10(above/float64(n)+faintest))
			whole, above, n = 0, 0, 0
		}
	}
	levels = make([]float64, max(0, len(bands[0])-1))
	if len(levels) == 0 {
		return nil, nil, nil
	}
	for _, powers := range bands {
		for i := range levels {
			powers[i] = (powers[i]+powers[i+1])/2 + faintest
		}
		floor := around(powers[:len(levels)], floorPart)
		for i := range levels {
			levels[i] += powers[i] / floor[i] / float64(len(bands))
		}
	}
	for i, l := range levels {
		levels[i] = 10 * math.Log10(l)
	}
	return levels, low, loud
}

// highPass and lowPass are Butterworth sections of second order.
func highPass(hz, rate, q float64) biquad {
	k := math.Tan(math.Pi * hz / rate)
	a0 := 1 + k/q + k*k
	return biquad{b0: 1 / a0, b1: -2 / a0, b2: 1 / a0, a1: 2 * (k*k - 1) / a0, a2: (1 - k/q + k*k) / a0}
}

func lowPass(hz, rate, q float64) biquad {
	k := math.Tan(math.Pi * hz / rate)
	a0 := 1 + k/q + k*k
	return biquad{b0: k * k / a0, b1: 2 * k * k / a0, b2: k * k / a0, a1: 2 * (k*k - 1) / a0, a2: (1 - k/q + k*k) / a0}
}

// around is, for each look, a quantile of the looks within reach, found once a second and drawn out between.
func around(looks []float64, part float64) []float64 {
	reach, step := int(floorReach/lookStep), int(1/lookStep)
	var found []float64
	for at := 0; at < len(looks)+step; at += step {
		at := min(at, len(looks))
		found = append(found, quantile(sortedCopy(looks[max(0, at-reach):min(len(looks), at+reach)]), part))
	}
	all := make([]float64, len(looks))
	for i := range all {
		k, part := i/step, float64(i%step)/float64(step)
		all[i] = found[k] + part*(found[k+1]-found[k])
	}
	return all
}

// PauseKind is what a pause is for, by its length.
type PauseKind string

// Lengths are conventions of this report, not of nature: below 0.7 s a speaker breathes, up to 2 s a pause is heard as meant,
// beyond that as long.
const (
	Breath   PauseKind = "breath"
	Emphasis PauseKind = "emphasis"
	Long     PauseKind = "long"

	PauseLeast    = 0.3
	emphasisLeast = 0.7
	longLeast     = 2.0
)

// Pause is silence within speech, PauseLeast seconds long or longer.
type Pause struct {
	Span
	Kind PauseKind `json:"kind"`
}

// pauses lie between stretches of speech; what comes before the first word and after the last is none.
func pauses(speech []Span) []Pause {
	between := []Pause{}
	for i := 1; i < len(speech); i++ {
		gap := Span{speech[i-1].End, speech[i].Start}
		if gap.Seconds() < PauseLeast {
			continue
		}
		kind := Breath
		if gap.Seconds() >= longLeast {
			kind = Long
		} else if gap.Seconds() >= emphasisLeast {
			kind = Emphasis
		}
		between = append(between, Pause{gap, kind})
	}
	return between
}

// noise is the ratio of voice to noise in dB: the power of speech less that of the pauses about it, over that of the pauses,
// which is the median of their 20 ms pieces, so that a key or a breath does not count. ok is false where there is no speech or
// less than a tenth of a second of pause.
func noise(s *Sound, speech []Span) (db float64, ok bool) {
	const edge = 0.05 // seconds about speech that count for neither
	piece := max(1, s.Rate/50)
	var in float64
	var ins, at int
	var out []float64
	for i := 0; i+piece <= len(s.Samples); i += piece {
		now := Span{float64(i) / float64(s.Rate), float64(i+piece) / float64(s.Rate)}
		for at < len(speech) && speech[at].End+edge < now.Start {
			at++
		}
		power := 0.0
		for _, x := range s.Samples[i : i+piece] {
			power += float64(x) * float64(x) / float64(piece)
		}
		switch {
		case at < len(speech) && now.Start >= speech[at].Start && now.End <= speech[at].End:
			in, ins = in+power, ins+1
		case at == len(speech) || now.End < speech[at].Start-edge:
			out = append(out, power)
		}
	}
	if ins == 0 || len(out) < 5 {
		return 0, false
	}
	in /= float64(ins)
	quiet := quantile(sortedCopy(out), 0.5)
	if in <= quiet {
		return 0, true
	}
	return min(bestSNR, 10*math.Log10((in-quiet)/max(quiet, 1e-30))), true
}

// bestSNR is the most that is said of a recording without noise: what 16 bits can hold.
const bestSNR = 96

// joined are spans that lie closer than a gap, made one.
func joined(spans []Span, gap float64) (all []Span) {
	slices.SortFunc(spans, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	for _, s := range spans {
		if n := len(all); n > 0 && s.Start-all[n-1].End < gap {
			all[n-1].End = max(all[n-1].End, s.End)
		} else {
			all = append(all, s)
		}
	}
	return all
}
