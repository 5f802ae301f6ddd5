package speech

import (
	"errors"
	"fmt"
	"io"
	"math"
)

// Sound is a recording in memory: one channel, the mean of its channels.
type Sound struct {
	// Rate is in samples a second.
	Rate int
	// Samples run from -1 to 1.
	Samples []float32
	// Channels is how many the file has, 1 or 2.
	Channels int
	// Clipped counts samples that lie in a run of three or more at full scale, in any channel.
	Clipped int
	// Peak is the greatest absolute sample of any channel.
	Peak float64
	// LUFS is the integrated loudness of all channels (ITU-R BS.1770-4); -Inf where nothing passes its gate.
	LUFS float64
}

// Seconds is the sound's duration.
func (s *Sound) Seconds() float64 { return float64(len(s.Samples)) / float64(s.Rate) }

// The longest and the fastest sound that is read: a rehearsal, not an archive.
const (
	MaxSeconds = 2 * 60 * 60
	MaxRate    = 192000
	MinRate    = 8000
)

// Errors of Read; each is wrapped with what was found.
var (
	ErrNotSound = errors.New("neither a WAV nor a FLAC file")
	ErrBroken   = errors.New("the file is damaged")
	ErrFormat   = errors.New("this kind of sound cannot be read")
	ErrEmpty    = errors.New("the file holds no sound")
	ErrTooLong  = fmt.Errorf("longer than %d minutes", MaxSeconds/60)
)

// Read reads WAV (PCM of 8 to 32 bits, floats of 32 and 64) or FLAC, of 8 to 192 kHz, with one or two channels. A WAV file
// that a crash left without its length is read to its end. Above 96 kHz every second or fourth sample is kept after a filter,
// so that memory stays that of a voice.
func Read(r io.Reader) (*Sound, error) {
	head := make([]byte, 12)
	switch n, err := io.ReadFull(r, head); {
	case n == 0 && errors.Is(err, io.EOF):
		return nil, ErrEmpty
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, err
	case n >= 4 && string(head[:4]) == "fLaC":
		return readFLAC(io.MultiReader(bytesOf(head[:n]), r))
	case n == 12 && string(head[:4]) == "RIFF" && string(head[8:]) == "WAVE":
		return readWAV(r)
	case n >= 4 && string(head[:4]) == "RIFF":
		return nil, fmt.Errorf("%w: its header ends too early", ErrBroken)
	}
	return nil, ErrNotSound
}

// intake turns samples of all channels, as a decoder gives them, into a Sound.
type intake struct {
	sound    Sound
	channels int
	limit    int
	loud     *loudness
	full     float64
	run      []int
	thin     *halver
}

func newIntake(rate, channels, expect int, full float64) (*intake, error) {
	if channels < 1 || channels > 2 {
		return nil, fmt.Errorf("%w: %d channels, where 1 or 2 can be read", ErrFormat, channels)
	}
	if rate < MinRate || rate > MaxRate {
		return nil, fmt.Errorf("%w: %d samples a second, where %d to %d can be read", ErrFormat, rate, MinRate, MaxRate)
	}
	in := &intake{channels: channels, limit: rate * MaxSeconds, loud: newLoudness(rate, channels), full: full, run: make([]int, channels)}
	in.sound = Sound{Rate: rate, Channels: channels}
	for in.sound.Rate > 96000 {
		in.sound.Rate /= 2
		in.thin = &halver{next: in.thin}
	}
	if expect > in.limit {
		return nil, ErrTooLong
	}
	// A header may lie: what it promises is given room for up to ten minutes, the rest as it comes.
	in.sound.Samples = make([]float32, 0, min(expect, rate*600)*in.sound.Rate/rate)
	return in, nil
}

// frame takes one sample of each channel.
func (in *intake) frame(samples []float64) error {
	if in.limit--; in.limit < 0 {
		return ErrTooLong
	}
	mean := 0.0
	for c, x := range samples {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Errorf("%w: a sample is not a number", ErrBroken)
		}
		size := math.Abs(x)
		in.sound.Peak = max(in.sound.Peak, size)
		if size < in.full {
			in.run[c] = 0
		} else if in.run[c]++; in.run[c] == 3 {
			in.sound.Clipped += 3
		} else if in.run[c] > 3 {
			in.sound.Clipped++
		}
		mean += x
	}
	in.loud.frame(samples)
	mean /= float64(in.channels)
	if in.thin == nil {
		in.sound.Samples = append(in.sound.Samples, float32(mean))
	} else if kept, ok := in.thin.put(mean); ok {
		in.sound.Samples = append(in.sound.Samples, float32(kept))
	}
	return nil
}

func (in *intake) done() (*Sound, error) {
	if len(in.sound.Samples) == 0 {
		return nil, ErrEmpty
	}
	in.sound.LUFS = in.loud.integrated()
	return &in.sound, nil
}

// halver halves a rate: a half-band filter (Hann-windowed sinc, 31 taps), then every second sample.
type halver struct {
	past [31]float64
	at   int
	odd  bool
	next *halver
}

var halfBand = func() (taps [31]float64) {
	sum := 0.0
	for i := range taps {
		x := float64(i-15) / 2
		taps[i] = (0.5 + 0.5*math.Cos(math.Pi*float64(i-15)/16)) * sinc(x)
		sum += taps[i]
	}
	for i := range taps {
		taps[i] /= sum
	}
	return taps
}()

func (h *halver) put(x float64) (float64, bool) {
	h.past[h.at] = x
	h.at = (h.at + 1) % len(h.past)
	if h.odd = !h.odd; h.odd {
		return 0, false
	}
	y := 0.0
	for i, tap := range halfBand {
		y += tap * h.past[(h.at+i)%len(h.past)]
	}
	if h.next == nil {
		return y, true
	}
	return h.next.put(y)
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}
