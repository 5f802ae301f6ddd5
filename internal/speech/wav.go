package speech

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

func bytesOf(b []byte) io.Reader { return bytes.NewReader(b) }

// Formats of a WAV file's samples, as its header numbers them.
const (
	wavPCM        = 1
	wavFloat      = 3
	wavExtensible = 0xFFFE
)

// readWAV reads a RIFF WAVE file (Microsoft and IBM 1991, extensible form of 2001) after its first twelve bytes.
func readWAV(r io.Reader) (*Sound, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	var format []byte
	for {
		var head [8]byte
		if _, err := io.ReadFull(in, head[:]); err != nil {
			if errors.Is(err, io.EOF) && format != nil {
				return nil, ErrEmpty
			}
			return nil, fmt.Errorf("%w: it has no samples", ErrBroken)
		}
		size := int64(binary.LittleEndian.Uint32(head[4:]))
		switch string(head[:4]) {
		case "fmt ":
			if size < 16 || size > 1<<12 {
				return nil, fmt.Errorf("%w: its format is %d bytes long", ErrBroken, size)
			}
			format = make([]byte, size)
			if _, err := io.ReadFull(in, format); err != nil {
				return nil, fmt.Errorf("%w: it ends within its format", ErrBroken)
			}
		case "data":
			if format == nil {
				return nil, fmt.Errorf("%w: samples come before their format", ErrBroken)
			}
			return readSamples(in, format, size)
		default:
			if _, err := io.CopyN(io.Discard, in, size); err != nil {
				return nil, fmt.Errorf("%w: it ends before its samples", ErrBroken)
			}
		}
		if size%2 == 1 {
			_, _ = in.Discard(1)
		}
	}
}

func readSamples(r io.Reader, format []byte, size int64) (*Sound, error) {
	kind := int(binary.LittleEndian.Uint16(format))
	channels := int(binary.LittleEndian.Uint16(format[2:]))
	rate := int(binary.LittleEndian.Uint32(format[4:]))
	bits := int(binary.LittleEndian.Uint16(format[14:]))
	if kind == wavExtensible && len(format) >= 26 {
		kind = int(binary.LittleEndian.Uint16(format[24:]))
	}
	decode, full, err := decoder(kind, bits)
	if err != nil {
		return nil, err
	}
	width := bits / 8
	// A crash leaves 0 or the greatest number as the length: then the file's end is the end.
	unknown := size == 0 || size >= math.MaxUint32-1
	expect := 0
	if !unknown && channels > 0 {
		expect = int(size) / (width * channels)
	}
	in, err := newIntake(rate, channels, expect, full)
	if err != nil {
		return nil, err
	}
	if !unknown {
		r = io.LimitReader(r, size)
	}
	raw, samples := make([]byte, width*channels), make([]float64, channels)
	for {
		if _, err := io.ReadFull(r, raw); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return in.done()
			}
			return nil, err
		}
		for c := range samples {
			samples[c] = decode(raw[c*width:])
		}
		if err := in.frame(samples); err != nil {
			return nil, err
		}
	}
}

// decoder reads one sample, and says what counts as full scale.
func decoder(kind, bits int) (func([]byte) float64, float64, error) {
	switch {
	case kind == wavPCM && bits == 8:
		return func(b []byte) float64 { return (float64(b[0]) - 128) / 128 }, 127. / 128, nil
	case kind == wavPCM && bits == 16:
		return func(b []byte) float64 { return float64(int16(binary.LittleEndian.Uint16(b))) / (1 << 15) }, 1 - 1./(1<<15), nil
	case kind == wavPCM && bits == 24:
		return func(b []byte) float64 {
			return float64(int32(uint32(b[0])<<8|uint32(b[1])<<16|uint32(b[2])<<24)) / (1 << 31)
		}, 1 - 1./(1<<23), nil
	case kind == wavPCM && bits == 32:
		return func(b []byte) float64 { return float64(int32(binary.LittleEndian.Uint32(b))) / (1 << 31) }, 1 - 1./(1<<23), nil
	case kind == wavFloat && bits == 32:
		return func(b []byte) float64 { return float64(math.Float32frombits(binary.LittleEndian.Uint32(b))) }, 1, nil
	case kind == wavFloat && bits == 64:
		return func(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }, 1, nil
	}
	return nil, 0, fmt.Errorf("%w: WAV format %d of %d bits, where PCM (8, 16, 24, 32) and floats (32, 64) can be read", ErrFormat, kind, bits)
}
