package speech

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// wav writes a WAV file by hand: n samples a channel, from sample.
func wav(kind, bits, channels, rate, n int, sample func(i, channel int) float64) []byte {
	var data bytes.Buffer
	for i := range n {
		for c := range channels {
			x := sample(i, c)
			switch {
			case kind == wavFloat && bits == 64:
				_ = binary.Write(&data, binary.LittleEndian, x)
			case kind == wavFloat:
				_ = binary.Write(&data, binary.LittleEndian, float32(x))
			case bits == 8:
				data.WriteByte(byte(128 + math.Round(x*127)))
			default:
				v := uint32(int32(math.Round(x * (math.Pow(2, float64(bits-1)) - 1))))
				data.Write(binary.LittleEndian.AppendUint32(nil, v)[:bits/8])
			}
		}
	}
	var file bytes.Buffer
	file.WriteString("RIFF")
	_ = binary.Write(&file, binary.LittleEndian, uint32(36+data.Len()))
	file.WriteString("WAVEfmt ")
	_ = binary.Write(&file, binary.LittleEndian, uint32(16))
	for _, v := range []any{uint16(kind), uint16(channels), uint32(rate), uint32(rate * channels * bits / 8), uint16(channels * bits / 8), uint16(bits)} {
		_ = binary.Write(&file, binary.LittleEndian, v)
	}
	file.WriteString("data")
	_ = binary.Write(&file, binary.LittleEndian, uint32(data.Len()))
	file.Write(data.Bytes())
	return file.Bytes()
}

func tone(rate int, hz, size float64) func(i, c int) float64 {
	return func(i, _ int) float64 { return size * math.Sin(2*math.Pi*hz*float64(i)/float64(rate)) }
}

func TestReadingWAV(t *testing.T) {
	for _, f := range []struct{ kind, bits, channels, rate int }{
		{wavPCM, 8, 1, 8000}, {wavPCM, 16, 1, 16000}, {wavPCM, 24, 2, 44100}, {wavPCM, 32, 1, 48000}, {wavFloat, 32, 2, 22050}, {wavFloat, 64, 1, 96000},
		{wavPCM, 16, 1, 192000},
	} {
		s, err := Read(bytes.NewReader(wav(f.kind, f.bits, f.channels, f.rate, f.rate, tone(f.rate, 200, 0.5))))
		if err != nil {
			t.Errorf("%+v: %v", f, err)
			continue
		}
		if math.Abs(s.Seconds()-1) > 0.001 || math.Abs(s.Peak-0.5) > 0.01 || s.Channels != f.channels || s.Rate > 96000 {
			t.Errorf("%+v: %.3f s, peak %.3f, %d channels at %d", f, s.Seconds(), s.Peak, s.Channels, s.Rate)
		}
		for i := s.Rate / 2; i < s.Rate/2+100; i++ {
			want := 0.5 * math.Sin(2*math.Pi*200*float64(i)/float64(s.Rate))
			// The filter that halves a rate comes 8 samples late.
			if f.rate <= 96000 && math.Abs(float64(s.Samples[i])-want) > 0.02 {
				t.Errorf("%+v: sample %d is %.3f, not %.3f", f, i, s.Samples[i], want)
				break
			}
		}
		if h := Analyse(s, Options{}).F0; h == nil || math.Abs(h.MedianHz-200) > 1 {
			t.Errorf("%+v: the tone of 200 Hz is heard as %+v", f, h)
		}
	}
}

func TestReadingWhatIsWrong(t *testing.T) {
	good := wav(wavPCM, 16, 1, 16000, 1600, tone(16000, 200, 0.5))
	change := func(at int, to ...byte) []byte {
		b := bytes.Clone(good)
		copy(b[at:], to)
		return b
	}
	for name, f := range map[string]struct {
		file []byte
		want error
	}{
		"nothing":              {nil, ErrEmpty},
		"a text":               {[]byte("How might we answer every letter?"), ErrNotSound},
		"half a header":        {good[:9], ErrBroken},
		"no samples chunk":     {good[:36], ErrEmpty},
		"a cut format":         {good[:20], ErrBroken},
		"no samples":           {wav(wavPCM, 16, 1, 16000, 0, nil), ErrEmpty},
		"six channels":         {change(22, 6), ErrFormat},
		"no channel":           {change(22, 0), ErrFormat},
		"4,000 a second":       {change(24, 0xa0, 0x0f), ErrFormat},
		"µ-law":                {change(20, 7), ErrFormat},
		"a broken FLAC":        {[]byte("fLaC and then nothing of it"), ErrBroken},
		"a float that is none": {wav(wavFloat, 32, 1, 16000, 100, func(int, int) float64 { return math.NaN() }), ErrBroken},
	} {
		if _, err := Read(bytes.NewReader(f.file)); !errors.Is(err, f.want) {
			t.Errorf("%s: %v, not %v", name, err, f.want)
		}
	}
	// What a crash leaves, a length of 0, is read to the end; so is a file that is cut.
	for name, b := range map[string][]byte{"no length": change(40, 0, 0, 0, 0), "cut": good[:len(good)-801]} {
		if s, err := Read(bytes.NewReader(b)); err != nil || len(s.Samples) < 1100 {
			t.Errorf("%s: %v", name, err)
		}
	}
	long := bytes.Clone(good)
	binary.LittleEndian.PutUint32(long[24:], 8000)
	binary.LittleEndian.PutUint32(long[40:], 8000*2*(MaxSeconds+1))
	if _, err := Read(bytes.NewReader(long)); !errors.Is(err, ErrTooLong) {
		t.Errorf("more than two hours: %v", err)
	}
}

func TestFLACIsTheSameSound(t *testing.T) {
	dir := t.TempDir()
	plain, packed := filepath.Join(dir, "a.wav"), filepath.Join(dir, "a.flac")
	speak(t, plain, "en-gb", 150, pitchText)
	if out, err := exec.Command(component(t, "ffmpeg"), "-v", "error", "-i", plain, packed).CombinedOutput(); err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, out)
	}
	a, b := open(t, plain), open(t, packed)
	if len(a.Samples) != len(b.Samples) || a.Rate != b.Rate || a.LUFS != b.LUFS {
		t.Fatalf("%d samples at %d, %.2f LUFS; as FLAC %d at %d, %.2f", len(a.Samples), a.Rate, a.LUFS, len(b.Samples), b.Rate, b.LUFS)
	}
	for i := range a.Samples {
		if a.Samples[i] != b.Samples[i] {
			t.Fatalf("sample %d differs", i)
		}
	}
	whole, err := os.ReadFile(packed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Read(bytes.NewReader(whole[:len(whole)/2])); !errors.Is(err, ErrBroken) {
		t.Errorf("half a FLAC file: %v", err)
	}
}

func TestWarnings(t *testing.T) {
	has := func(r *Report, w Warning) bool {
		for _, x := range r.Warnings {
			if x == w {
				return true
			}
		}
		return false
	}
	silent, err := Read(bytes.NewReader(wav(wavPCM, 16, 1, 16000, 32000, func(int, int) float64 { return 0 })))
	if err != nil {
		t.Fatal(err)
	}
	r := Analyse(silent, Options{Frames: true})
	if !has(r, NoSpeech) || r.LoudnessLUFS != nil || r.SNRDB != nil || r.F0 != nil || r.Syllables != 0 || len(r.Pauses) != 0 || r.PeakDBFS != nil {
		t.Errorf("silence: %+v", r)
	}
	loud, err := Read(bytes.NewReader(wav(wavPCM, 16, 1, 16000, 32000, func(i, c int) float64 { return max(-1, min(1, tone(16000, 150, 4)(i, c))) })))
	if err != nil {
		t.Fatal(err)
	}
	if r := Analyse(loud, Options{}); !has(r, Clipping) || r.Clipped < 1000 {
		t.Errorf("a clipped tone: %+v", r)
	}
	made, _ := build(t, *seed, voices[0], 150, 30, 42, 0)
	if r := Analyse(made.sound, Options{}); has(r, NoSpeech) || has(r, Clipping) || has(r, Noisy) || !has(r, Short) {
		t.Errorf("half a minute of speech: %v", r.Warnings)
	}
	hiss, _ := build(t, *seed, voices[0], 150, 30, 6, 0)
	if r := Analyse(hiss.sound, Options{}); !has(r, Noisy) {
		t.Errorf("half a minute in noise: %v, %v", r.Warnings, r.SNRDB)
	}
	for n := range 60 {
		if s, err := Read(bytes.NewReader(wav(wavPCM, 16, 1, 16000, 1+n*40, tone(16000, 200, 0.5)))); err != nil {
			t.Errorf("%d samples: %v", 1+n*40, err)
		} else {
			Analyse(s, Options{Frames: true})
		}
	}
}
