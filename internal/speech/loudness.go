package speech

import "math"

// loudness measures integrated loudness by ITU-R BS.1770-4: K-weighting, blocks of 400 ms overlapping by three quarters, an
// absolute gate at -70 LUFS and a relative one 10 LU below the mean of what passes. Both channels weigh 1.
type loudness struct {
	filters []kWeight
	hop     int
	filled  int
	quarter float64
	past    [3]float64
	blocks  []float32
	hops    int
}

func newLoudness(rate, channels int) *loudness {
	l := &loudness{hop: rate / 10}
	for range channels {
		l.filters = append(l.filters, newKWeight(float64(rate)))
	}
	return l
}

func (l *loudness) frame(samples []float64) {
	for c, x := range samples {
		y := l.filters[c].put(x)
		l.quarter += y * y
	}
	if l.filled++; l.filled < l.hop {
		return
	}
	if l.hops++; l.hops >= 4 {
		l.blocks = append(l.blocks, float32((l.past[0]+l.past[1]+l.past[2]+l.quarter)/float64(4*l.hop)))
	}
	l.past[0], l.past[1], l.past[2] = l.past[1], l.past[2], l.quarter
	l.quarter, l.filled = 0, 0
}

func (l *loudness) integrated() float64 {
	absolute := math.Pow(10, (-70+0.691)/10)
	relative := mean(l.blocks, absolute) * 0.1
	return -0.691 + 10*math.Log10(mean(l.blocks, max(absolute, relative)))
}

// mean is the mean of those above the least, 0 where there is none.
func mean(powers []float32, least float64) float64 {
	sum, n := 0.0, 0
	for _, p := range powers {
		if float64(p) > least {
			sum += float64(p)
			n++
		}
	}
	return sum / float64(max(n, 1))
}

// kWeight is BS.1770's filter before the measurement: a shelf for the head, then a high pass.
type kWeight struct{ shelf, pass biquad }

// newKWeight makes the standard's two filters for any rate, from the analogue prototypes behind its 48 kHz coefficients.
func newKWeight(rate float64) kWeight {
	k := math.Tan(math.Pi * 1681.974450955533 / rate)
	q, vh := 0.7071752369554196, math.Pow(10, 3.999843853973347/20)
	vb := math.Pow(vh, 0.4996667741545416)
	a0 := 1 + k/q + k*k
	shelf := biquad{b0: (vh + vb*k/q + k*k) / a0, b1: 2 * (k*k - vh) / a0, b2: (vh - vb*k/q + k*k) / a0, a1: 2 * (k*k - 1) / a0, a2: (1 - k/q + k*k) / a0}
	k, q = math.Tan(math.Pi*38.13547087602444/rate), 0.5003270373238773
	a0 = 1 + k/q + k*k
	return kWeight{shelf, biquad{b0: 1, b1: -2, b2: 1, a1: 2 * (k*k - 1) / a0, a2: (1 - k/q + k*k) / a0}}
}

func (k *kWeight) put(x float64) float64 { return k.pass.put(k.shelf.put(x)) }

// biquad is a filter of second order, transposed direct form II.
type biquad struct{ b0, b1, b2, a1, a2, z1, z2 float64 }

func (f *biquad) put(x float64) float64 {
	y := f.b0*x + f.z1
	f.z1 = f.b1*x - f.a1*y + f.z2
	f.z2 = f.b2*x - f.a2*y
	return y
}
