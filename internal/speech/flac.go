package speech

import (
	"errors"
	"fmt"
	"io"

	"github.com/mewkiz/flac"
)

// readFLAC reads a FLAC file (RFC 9639) from its first byte.
func readFLAC(r io.Reader) (*Sound, error) {
	stream, err := flac.New(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrBroken, err)
	}
	bits := uint(stream.Info.BitsPerSample)
	if bits < 4 || bits > 32 {
		return nil, fmt.Errorf("%w: FLAC of %d bits", ErrFormat, bits)
	}
	whole := float64(uint64(1) << (bits - 1))
	rate := int(stream.Info.SampleRate)
	expect := int(min(stream.Info.NSamples, 1<<40))
	// The header's count is believed for the limit, not for the memory: a broken file may promise much.
	if rate > 0 && expect/rate > MaxSeconds {
		return nil, ErrTooLong
	}
	in, err := newIntake(rate, int(stream.Info.NChannels), 0, (whole-1)/whole)
	if err != nil {
		return nil, err
	}
	samples := make([]float64, in.channels)
	for {
		f, err := stream.ParseNext()
		if errors.Is(err, io.EOF) {
			return in.done()
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %v", ErrBroken, err)
		}
		if len(f.Subframes) != in.channels {
			return nil, fmt.Errorf("%w: a block of %d channels among blocks of %d", ErrBroken, len(f.Subframes), in.channels)
		}
		for i := range f.Subframes[0].Samples {
			for c := range samples {
				samples[c] = float64(f.Subframes[c].Samples[i]) / whole
			}
			if err := in.frame(samples); err != nil {
				return nil, err
			}
		}
	}
}
