package speech

import (
	"fmt"
	"runtime/debug"
	"syscall"
	"testing"
)

// used is the processor's time in nanoseconds, and the most memory that this process had at once, in MB (as Linux counts).
func used() (cpu, most float64) {
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return float64(r.Utime.Nano() + r.Stime.Nano()), float64(r.Maxrss) * 1024 / 1e6
}

// BenchmarkReport analyses ten minutes of a tone with gaps and noise, at the rates of a headset, of the window's recorder and of others. The
// most memory is that of the process so far, so that each rate is measured in a process of its own; it collects as `tandem speech` does.
func BenchmarkReport(b *testing.B) {
	for _, rate := range []int{16000, 22050, 44100, 48000} {
		b.Run(fmt.Sprint(rate), func(b *testing.B) {
			defer debug.SetGCPercent(debug.SetGCPercent(25))
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
			before, _ := used()
			for b.Loop() {
				Analyse(s, Options{Frames: true})
			}
			cpu, most := used()
			b.ReportMetric((cpu-before)/float64(b.N), "cpu-ns/op")
			b.ReportMetric(most, "MB-most")
		})
	}
}
