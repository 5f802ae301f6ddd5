// Package tape keeps a recording safe while it is made: sound is appended to a WAV file as it comes, and each second its header is
// written anew and all of it forced to the disk. Whatever ends the program, at most two seconds are lost, and Mend makes the file whole.
package tape

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// Header is the length of the file's header in bytes: the samples begin there.
const Header = 44

// Tape is a WAV file that is being written: one channel of 16 bits. It is for one goroutine.
type Tape struct {
	on     disk
	rate   int
	frames int // written
	safe   int // forced to the disk
}

// disk is a file, or in tests one that loses power.
type disk interface {
	io.Writer
	io.WriterAt
	io.Closer
	Sync() error
}

// Create begins a tape at a rate in samples a second. A file that exists is not written over.
func Create(path string, rate int) (*Tape, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	return begin(f, rate)
}

func begin(on disk, rate int) (*Tape, error) {
	t := &Tape{on: on, rate: rate}
	if _, err := on.Write(header(rate, 0)); err != nil {
		return nil, errors.Join(err, on.Close())
	}
	return t, on.Sync()
}

// Write appends samples, little-endian as they come from a microphone.
func (t *Tape) Write(samples []byte) (int, error) {
	n, err := t.on.Write(samples)
	if err != nil {
		return n, err
	}
	if t.frames += n / 2; t.frames-t.safe >= t.rate {
		return n, t.sync()
	}
	return n, nil
}

// sync forces the samples to the disk before the header that counts them.
func (t *Tape) sync() error {
	if err := t.on.Sync(); err != nil {
		return err
	}
	if _, err := t.on.WriteAt(header(t.rate, 2*t.frames), 0); err != nil {
		return err
	}
	t.safe = t.frames
	return t.on.Sync()
}

// Milliseconds is how long the tape is.
func (t *Tape) Milliseconds() int { return t.frames * 1000 / t.rate }

// Close ends the tape.
func (t *Tape) Close() error { return errors.Join(t.sync(), t.on.Close()) }

// Resume goes on with a tape that was broken off or closed, in the same rate, after so much silence: the time in which nothing was heard.
func Resume(path string, rate int, silence time.Duration) (*Tape, error) {
	if err := Mend(path); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	t := &Tape{on: f, rate: rate, frames: int(end-Header) / 2}
	t.safe = t.frames
	second := make([]byte, 2*rate)
	for left := int(silence.Seconds() * float64(rate)); left > 0; left -= rate {
		if _, err := t.Write(second[:2*min(left, rate)]); err != nil {
			return nil, errors.Join(err, f.Close())
		}
	}
	return t, nil
}

// Mend makes a tape whole that a crash broke off: its length is what the file holds.
func Mend(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, Header)
	if _, err := io.ReadFull(f, head); err != nil || string(head[:4]) != "RIFF" || string(head[36:40]) != "data" {
		return fmt.Errorf("%s: no tape", path)
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	whole := (info.Size() - Header) / 2 * 2
	if err := f.Truncate(Header + whole); err != nil {
		return err
	}
	if _, err := f.WriteAt(header(int(binary.LittleEndian.Uint32(head[24:])), int(whole)), 0); err != nil {
		return err
	}
	return f.Sync()
}

// header is that of a WAV file (Microsoft and IBM, 1991) with so many bytes of samples.
func header(rate, bytes int) []byte {
	le := binary.LittleEndian
	h := append(make([]byte, 0, Header), "RIFF"...)
	h = le.AppendUint32(h, uint32(Header-8+bytes))
	h = append(h, "WAVEfmt "...)
	h = le.AppendUint32(h, 16)
	h = le.AppendUint16(h, 1) // PCM
	h = le.AppendUint16(h, 1) // one channel
	h = le.AppendUint32(h, uint32(rate))
	h = le.AppendUint32(h, uint32(2*rate))
	h = le.AppendUint16(h, 2)
	h = le.AppendUint16(h, 16)
	h = append(h, "data"...)
	return le.AppendUint32(h, uint32(bytes))
}
