package speech

import (
	"math"
	"math/bits"
	"math/cmplx"
)

// fourier transforms n numbers, n a power of two (Cooley and Tukey 1965), in place.
type fourier struct {
	turn    []complex128
	reverse []int
}

func newFourier(n int) *fourier {
	f := &fourier{turn: make([]complex128, n/2), reverse: make([]int, n)}
	for i := range f.turn {
		f.turn[i] = cmplx.Exp(complex(0, -2*math.Pi*float64(i)/float64(n)))
	}
	shift := bits.LeadingZeros64(uint64(n)) + 1
	for i := range f.reverse {
		f.reverse[i] = int(bits.Reverse64(uint64(i)) >> shift)
	}
	return f
}

// forward takes time to frequency. The way back of a spectrum that is real and even is the same but for a factor.
func (f *fourier) forward(x []complex128) {
	n := len(f.reverse)
	for i, j := range f.reverse {
		if i < j {
			x[i], x[j] = x[j], x[i]
		}
	}
	for half := 1; half < n; half *= 2 {
		stride := n / (2 * half)
		for start := 0; start < n; start += 2 * half {
			low, high := x[start:start+half], x[start+half:start+2*half]
			for k := range low {
				t := f.turn[k*stride] * high[k]
				high[k] = low[k] - t
				low[k] += t
			}
		}
	}
}
