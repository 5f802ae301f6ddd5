package speech

import "math"

// Reference pressure squared of 0 dB, for samples taken as pascals, as phonetics does: 20 micropascals.
const hearing = 4e-10

// silentDB stands where there is no sound at all.
const silentDB = -300

// intensities is the level in dB at each frame: the mean square under a Kaiser window of 6.4 periods of the lowest
// pitch, the mean under it taken off. Frame i lies at first + i*step seconds.
func intensities(s *Sound, lowest, step, first float64, frames int) []float32 {
	rate := float64(s.Rate)
	reach := 3.2 / lowest
	half := int(reach * rate)
	window := make([]float64, 2*half+1)
	for i := range window {
		x := float64(i-half) / (reach * rate)
		if root := 1 - x*x; root > 0 {
			window[i] = bessel((2*math.Pi*math.Pi + 0.5) * math.Sqrt(root))
		}
	}
	db := make([]float32, frames)
	for i := range db {
		centre := int(math.Round((first+float64(i)*step)*rate - 0.5))
		low, high := max(0, centre-half), min(len(s.Samples)-1, centre+half)
		mean := 0.0
		for _, x := range s.Samples[low : high+1] {
			mean += float64(x)
		}
		mean /= float64(high - low + 1)
		var power, weight float64
		for at := low; at <= high; at++ {
			w := window[at-centre+half]
			x := float64(s.Samples[at]) - mean
			power += w * x * x
			weight += w
		}
		if db[i] = silentDB; power > 0 {
			db[i] = float32(max(silentDB, 10*math.Log10(power/weight/hearing)))
		}
	}
	return db
}

// bessel is the modified Bessel function of order 0, by its power series.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-17; k++ {
		term *= x / (2 * k) * x / (2 * k)
		sum += term
	}
	return sum
}
