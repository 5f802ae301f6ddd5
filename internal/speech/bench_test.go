package speech

import (
	"fmt"
	"runtime"
	"testing"
)

// BenchmarkReport analyses ten minutes of a tone with gaps and noise, at the rates of a headset and of a recorder.
func BenchmarkReport(b *testing.B) {
	for _, rate := range []int{16000, 44100, 48000} {
		b.Run(fmt.Sprint(rate), func(b *testing.B) {
			s := &Sound{Rate: rate, Channels: 1, Samples: make([]float32, 600*rate)}
			state := uint32(1)
			for i := range s.Samples {
				state = state*1664525 + 1013904223
				s.Samples[i] = float32(int32(state)) / (1 << 31) * 0.004
				if at := float64(i) / float64(rate); int(at*2)%5 != 0 {
					period := rate / (110 + 60*(int(at*3)%3))
					s.Samples[i] += 0.3 * float32(i%period) / float32(period) * float32(i*7%period) / float32(period)
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				Analyse(s, Options{Frames: true})
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.HeapSys)/1e6, "MB-heap")
		})
	}
}
