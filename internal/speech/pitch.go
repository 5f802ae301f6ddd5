package speech

import (
	"math"
	"slices"
)

// How pitch is heard: the usual settings for speech of Boersma's method.
const (
	pitchStep    = 0.01 // seconds from frame to frame
	pitchFloor   = 75.0 // Hz
	pitchCeiling = 600.0
	pitchPeriods = 3 // of the floor, in one frame
	pitchTries   = 15
	silenceAt    = 0.03 // of the greatest amplitude
	octaveCost   = 0.01
)

// path are the costs by which one candidate for each frame is chosen.
type path struct{ voicing, jump, change float64 }

// usual is the path of F0; lenient finds more voice, for syllables.
var (
	usual   = path{voicing: 0.45, jump: 0.35, change: 0.14}
	lenient = path{voicing: 0.25, jump: 0.35, change: 0.25}
)

// pitch holds what was heard in each frame: several candidates, of which a path chooses one. Frame i lies at
// first + i*pitchStep seconds.
type pitch struct {
	first float64
	// level is each frame's greatest amplitude as a part of the whole sound's.
	level []float32
	// heard lists candidates frame after frame; frame i has those from start[i] to start[i+1].
	heard []candidate
	start []int32
}

type candidate struct{ hz, strength float32 }

// hear finds candidates for F0 by the autocorrelation of windowed frames divided by that of the window (P. Boersma 1993,
// "Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio of a sampled sound", IFA
// Proceedings 17). Two frames share one transform: the correlations of a and b are the parts of that of a + ib.
func hear(s *Sound) *pitch {
	rate := float64(s.Rate)
	half := int(pitchPeriods/pitchFloor*rate)/2 - 1
	window, period := 2*half, int(rate/pitchFloor)
	frames := int((s.Seconds()-pitchPeriods/pitchFloor)/pitchStep) + 1
	p := &pitch{start: []int32{0}}
	if s.Seconds() < pitchPeriods/pitchFloor || frames < 1 {
		return p
	}
	p.first = (s.Seconds() - float64(frames-1)*pitchStep) / 2
	l := newListener(rate, window)
	var sum, peak float64
	for _, x := range s.Samples {
		sum += float64(x)
	}
	middle := sum / float64(len(s.Samples))
	for _, x := range s.Samples {
		peak = max(peak, math.Abs(float64(x)-middle))
	}
	for i := 0; i < frames; i += 2 {
		clear(l.buffer)
		pair := min(2, frames-i)
		for k := range pair {
			right := int((p.first+float64(i+k)*pitchStep)*rate-0.5) + 1
			mean := 0.0
			for _, x := range s.Samples[max(0, right-period):min(len(s.Samples), right+period)] {
				mean += float64(x)
			}
			mean /= float64(2 * period)
			greatest := 0.0
			for j := range window {
				at := right - half + j
				if at < 0 || at >= len(s.Samples) {
					continue
				}
				x := (float64(s.Samples[at]) - mean) * l.window[j]
				if k == 0 {
					l.buffer[j] = complex(x, 0)
				} else {
					l.buffer[j] += complex(0, x)
				}
				if j >= half-period/2-1 && j <= half+period/2 {
					greatest = max(greatest, math.Abs(x))
				}
			}
			level := 0.0
			if peak > 0 {
				level = min(1, greatest/peak)
			}
			p.level = append(p.level, float32(level))
		}
		l.correlate()
		for k := range pair {
			if p.level[i+k] > 0 {
				p.heard = l.candidates(l.of[k], p.heard)
			}
			p.start = append(p.start, int32(len(p.heard)))
		}
	}
	return p
}

// listener holds what each pair of frames needs.
type listener struct {
	rate     float64
	window   []float64
	own      []float64 // the window's autocorrelation
	fourier  *fourier
	buffer   []complex128
	of       [2][]float64 // the correlation of each of two frames at lags from 0
	best     []candidate
	longest  int
	shortest int
}

func newListener(rate float64, window int) *listener {
	n := 1
	for n < window*3/2 {
		n *= 2
	}
	l := &listener{rate: rate, fourier: newFourier(n), buffer: make([]complex128, n), longest: window/pitchPeriods + 2}
	for i := range window {
		l.window = append(l.window, 0.5-0.5*math.Cos(2*math.Pi*float64(i+1)/float64(window+1)))
		l.buffer[i] = complex(l.window[i], 0)
	}
	for k := range l.of {
		l.of[k] = make([]float64, window/2)
	}
	l.own = make([]float64, window/2)
	l.fourier.forward(l.buffer)
	for i, x := range l.buffer {
		l.buffer[i] = complex(real(x)*real(x)+imag(x)*imag(x), 0)
	}
	l.fourier.forward(l.buffer)
	for i := range l.own {
		l.own[i] = real(l.buffer[i]) / real(l.buffer[0])
	}
	return l
}

// correlate turns the two frames in the buffer into their normalised autocorrelations.
func (l *listener) correlate() {
	n := len(l.buffer)
	l.fourier.forward(l.buffer)
	for i := 0; i <= n/2; i++ {
		x, y := l.buffer[i], l.buffer[(n-i)%n]
		a, b := complex(real(x)+real(y), imag(x)-imag(y)), complex(imag(x)+imag(y), real(y)-real(x))
		power := complex(real(a)*real(a)+imag(a)*imag(a), real(b)*real(b)+imag(b)*imag(b))
		l.buffer[i], l.buffer[(n-i)%n] = power, power
	}
	l.fourier.forward(l.buffer)
	a, b := real(l.buffer[0]), imag(l.buffer[0])
	for i, own := range l.own {
		l.of[0][i], l.of[1][i] = 0, 0
		if a > 0 {
			l.of[0][i] = real(l.buffer[i]) / (a * own)
		}
		if b > 0 {
			l.of[1][i] = imag(l.buffer[i]) / (b * own)
		}
	}
}

// candidates appends the frame's best candidates to heard: the peaks of its correlation, the strongest where there are too
// many, low ones given a little less.
func (l *listener) candidates(r []float64, heard []candidate) []candidate {
	l.best = l.best[:0]
	for i := 2; i < min(l.longest, len(r)-1); i++ {
		if r[i] <= 0.5*usualFloor || r[i] <= r[i-1] || r[i] < r[i+1] {
			continue
		}
		slope, bend := (r[i+1]-r[i-1])/2, 2*r[i]-r[i-1]-r[i+1]
		lag := float64(i) + slope/bend
		found := candidate{float32(l.rate / lag), float32(folded(between(r, lag, 30)))}
		if len(l.best) < pitchTries-1 {
			l.best = append(l.best, found)
			continue
		}
		weakest := 0
		for k := range l.best {
			if rank(l.best[k]) < rank(l.best[weakest]) {
				weakest = k
			}
		}
		if rank(found) > rank(l.best[weakest]) {
			l.best[weakest] = found
		}
	}
	for k, c := range l.best {
		lag, strength := summit(r, l.rate/float64(c.hz))
		l.best[k] = candidate{float32(l.rate / lag), float32(folded(strength))}
	}
	return append(heard, l.best...)
}

// usualFloor is the voicing threshold by which peaks are worth noting.
const usualFloor = 0.45

func rank(c candidate) float64 {
	return float64(c.strength) - octaveCost*math.Log2(pitchFloor/float64(c.hz))
}

// folded is a correlation, whose interpolation may exceed 1, brought back below it.
func folded(r float64) float64 {
	if r > 1 {
		return 1 / r
	}
	return r
}

// between is r, even about 0, at a lag between samples: sinc interpolation under a Hann window.
func between(r []float64, lag float64, depth int) float64 {
	whole := int(math.Floor(lag))
	part := lag - float64(whole)
	if part < 1e-9 {
		return r[min(whole, len(r)-1)]
	}
	depth = min(depth, len(r)-2-whole)
	if depth < 1 {
		return r[whole] + part*(r[min(whole+1, len(r)-1)]-r[whole])
	}
	sum, sine := 0.0, math.Sin(math.Pi*part)/math.Pi
	// Leftwards from the sample below and rightwards from the one above: the sine turns sign at each step, and the window's
	// cosine comes by rotation.
	for _, side := range [2]struct {
		at, step int
		far      float64
	}{{whole, -1, part}, {whole + 1, 1, 1 - part}} {
		turn := math.Pi / (side.far + float64(depth))
		cos, sin := math.Cos(turn*side.far), math.Sin(turn*side.far)
		dcos, dsin := math.Cos(turn), math.Sin(turn)
		sign, at, far := sine, side.at, side.far
		for range depth {
			sum += r[max(at, -at)] * sign / far * (0.5 + 0.5*cos)
			cos, sin = cos*dcos-sin*dsin, sin*dcos+cos*dsin
			at, far, sign = at+side.step, far+1, -sign
		}
	}
	return sum
}

// summit climbs from a lag near a peak of r to the peak: parabolas through three points, drawn closer.
func summit(r []float64, lag float64) (at, height float64) {
	const depth = 70
	at, height = lag, between(r, lag, depth)
	for width := 0.25; width > 0.004; width /= 4 {
		left, right := between(r, at-width, depth), between(r, at+width, depth)
		bend := 2*height - left - right
		if bend <= 0 {
			break
		}
		next := at + max(-1, min(1, (right-left)/(2*bend)))*width
		if top := between(r, next, depth); top > height {
			at, height = next, top
		}
	}
	return at, height
}

// choose is one F0 for each frame, 0 where there is no voice: the cheapest path through the candidates (Viterbi), by
// strength, by octaves jumped and by changes between voice and none.
func (p *pitch) choose(by path) []float32 {
	frames := len(p.level)
	f0 := make([]float32, frames)
	if frames == 0 {
		return f0
	}
	const width = pitchTries // none, and the candidates
	from := make([][width]int8, frames)
	var score, next [width]float64
	var before []candidate
	for i := range frames {
		now := p.heard[p.start[i]:p.start[i+1]]
		for k := 0; k <= len(now); k++ {
			own := by.voicing + max(0, 2-float64(p.level[i])/(silenceAt/(1+by.voicing)))
			if k > 0 && now[k-1].hz <= pitchCeiling {
				own = float64(now[k-1].strength) - octaveCost*math.Log2(pitchCeiling/float64(now[k-1].hz))
			}
			best, came := 0.0, int8(0)
			if i > 0 {
				best = math.Inf(-1)
				for j := 0; j <= len(before); j++ {
					if s := score[j] - by.step(before, j, now, k); s > best {
						best, came = s, int8(j)
					}
				}
			}
			next[k], from[i][k] = best+own, came
		}
		score, before = next, now
	}
	at := 0
	for k := 1; k <= len(before); k++ {
		if score[k] > score[at] {
			at = k
		}
	}
	for i := frames - 1; i >= 0; i-- {
		if at > 0 {
			if hz := p.heard[int(p.start[i])+at-1].hz; hz <= pitchCeiling {
				f0[i] = hz
			}
		}
		at = int(from[i][at])
	}
	return f0
}

// step is the cost of going from one frame's candidate to the next's; 0 is no voice, and so is what lies above the ceiling.
func (by path) step(before []candidate, j int, now []candidate, k int) float64 {
	was, is := j > 0 && before[j-1].hz <= pitchCeiling, k > 0 && now[k-1].hz <= pitchCeiling
	switch {
	case was && is:
		return by.jump * math.Abs(math.Log2(float64(before[j-1].hz/now[k-1].hz)))
	case was != is:
		return by.change
	}
	return 0
}

// voiced counts the frames of voice within a span.
func (p *pitch) voiced(voice []float32, within Span) (n int) {
	for k := max(0, int(math.Ceil((within.Start-p.first)/pitchStep))); k < len(voice) && p.first+float64(k)*pitchStep <= within.End; k++ {
		if voice[k] > 0 {
			n++
		}
	}
	return n
}

// quantile is the value below which a part of the sorted values lies, between neighbours in proportion.
func quantile(sorted []float64, part float64) float64 {
	at := part * float64(len(sorted)-1)
	low := int(at)
	if low+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[low] + (at-float64(low))*(sorted[low+1]-sorted[low])
}

func sortedCopy(values []float64) []float64 {
	return slices.Sorted(slices.Values(values))
}
