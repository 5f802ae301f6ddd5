package speech

import (
	"crypto/md5"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/mewkiz/flac"
	"github.com/mewkiz/flac/frame"
	"github.com/mewkiz/flac/meta"
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

// flacBlock is how many samples a block of a file that we write has; the last may have fewer.
const flacBlock = 4096

// WriteFLAC writes a sound as FLAC (RFC 9639): one channel of 16 bits, at its rate. What was read from 16 bits and one channel comes back to
// the bit; of more bits or two channels it is the nearest.
func WriteFLAC(w io.Writer, s *Sound) error {
	all := make([]int32, len(s.Samples))
	raw := make([]byte, 0, 2*len(all))
	for i, x := range s.Samples {
		all[i] = int32(max(math.MinInt16, min(math.MaxInt16, math.RoundToEven(float64(x)*(1<<15)))))
		raw = binary.LittleEndian.AppendUint16(raw, uint16(all[i]))
	}
	if len(all) == 0 {
		return ErrEmpty
	}
	// The head is whole before the first block, so that it need not be written twice: the library would count the last block as the least.
	info := &meta.StreamInfo{BlockSizeMin: flacBlock, BlockSizeMax: flacBlock, SampleRate: uint32(s.Rate), NChannels: 1, BitsPerSample: 16,
		NSamples: uint64(len(all)), MD5sum: md5.Sum(raw)}
	out, err := flac.NewEncoder(struct{ io.Writer }{w}, info)
	if err != nil {
		return err
	}
	for len(all) > 0 {
		n := min(len(all), flacBlock)
		head := frame.Header{HasFixedBlockSize: true, BlockSize: uint16(n), SampleRate: info.SampleRate, Channels: frame.ChannelsMono, BitsPerSample: 16}
		block := &frame.Subframe{SubHeader: frame.SubHeader{Pred: frame.PredVerbatim}, Samples: all[:n], NSamples: n}
		if err := out.WriteFrame(&frame.Frame{Header: head, Subframes: []*frame.Subframe{block}}); err != nil {
			return err
		}
		all = all[n:]
	}
	return nil
}
