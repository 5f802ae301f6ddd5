package speech

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// drawn is a sound of 16 bits: a wandering tone, noise, silence and full scale.
func drawn(chance *rand.Rand, n int) *Sound {
	s := &Sound{Rate: 22050, Channels: 1}
	phase := 0.0
	for i := range n {
		phase += 0.02 + 0.01*math.Sin(float64(i)/3000)
		x := 0.6*math.Sin(phase) + 0.01*chance.NormFloat64()
		switch i / 5000 % 4 {
		case 2:
			x = 0
		case 3:
			x *= 4
		}
		s.Samples = append(s.Samples, float32(math.Round(max(-1, min(x, 1-1./(1<<15)))*(1<<15))/(1<<15)))
	}
	return s
}

func TestWriteFLAC(t *testing.T) {
	chance := rand.New(rand.NewPCG(*seed, 3))
	for _, n := range []int{1, 15, 4095, 4096, 4097, 50_001} {
		s := drawn(chance, n)
		var out bytes.Buffer
		if err := WriteFLAC(&out, s); err != nil {
			t.Fatal(err)
		}
		if n > 50_000 && out.Len() > 2*n {
			t.Errorf("%d samples are %d bytes", n, out.Len())
		}
		back, err := Read(&out)
		if err != nil {
			t.Fatalf("%d samples: %v", n, err)
		}
		if back.Rate != s.Rate || !slices.Equal(back.Samples, s.Samples) {
			t.Errorf("%d samples do not come back to the bit", n)
		}
	}
	if err := WriteFLAC(&bytes.Buffer{}, &Sound{Rate: 22050}); err == nil {
		t.Error("nothing became a file")
	}
}

// TestFFmpegReadsOurFLAC: to the bit, another program's reading of the file is the sound.
func TestFFmpegReadsOurFLAC(t *testing.T) {
	ffmpeg := component(t, "ffmpeg")
	s := drawn(rand.New(rand.NewPCG(*seed, 4)), 50_001)
	file := filepath.Join(t.TempDir(), "run.flac")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteFLAC(f, s); err != nil {
		t.Fatal(err)
	}
	f.Close()
	raw, err := exec.Command(ffmpeg, "-v", "error", "-xerror", "-i", file, "-f", "s16le", "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	var want []byte
	for _, x := range s.Samples {
		want = binary.LittleEndian.AppendUint16(want, uint16(int16(x*(1<<15))))
	}
	if md5.Sum(raw) != md5.Sum(want) {
		t.Errorf("%d bytes where %d were written, or others", len(raw), len(want))
	}
}
