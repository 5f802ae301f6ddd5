//go:build desktop

package main

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/gen2brain/malgo"
	"github.com/wailsapp/wails/v2/pkg/runtime"

	"tandem/internal/speech"
	"tandem/internal/tape"
)

const (
	recordRate = 22_050 // samples a second: a voice whole, and half of what a disc takes
	levelEvery = recordRate / 10
	pieceMost  = 128 << 10
	late       = 250 // pieces that may wait for the disk: five seconds

	longestBreak = time.Hour
)

// Recorder keeps the sound of rehearsals, which a browser in a window cannot. A run's file is named by the run's id and lies in a folder that no
// caller chooses; the screens read it in pieces and send it over the graph as a browser sends its own.
type Recorder struct {
	folder string
	tell   func(event string, data any)

	mu    sync.Mutex
	audio *malgo.AllocatedContext
	take  *take
}

// Microphone is a device that hears.
type Microphone struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Usual bool   `json:"usual"`
}

// Level is how loud a tenth of a second was, from 0 to 1.
type Level struct {
	Peak    float64 `json:"peak"`
	Loud    float64 `json:"loud"`
	Clipped bool    `json:"clipped"`
}

// Recording is a finished file.
type Recording struct {
	Run          string `json:"run"`
	Name         string `json:"name"`
	Bytes        int    `json:"bytes"`
	SHA256       string `json:"sha256"`
	Milliseconds int    `json:"milliseconds"`
}

// Began says what a recording is made with.
type Began struct {
	Rate int `json:"rate"`
}

// take is one go of the microphone: a sound check, or the recording of a run.
type take struct {
	device *malgo.Device
	run    string // "" for a sound check
	kept   *tape.Tape
	pieces chan []byte
	done   chan error
	ending atomic.Bool // by us, so that it is no loss
}

var (
	errNoMicrophone = errors.New("no microphone was found; plug one in, or go on without a recording")
	runID           = regexp.MustCompile(`^[A-Za-z0-9_-]{8,80}$`)
)

func newRecorder(folder string) *Recorder { return &Recorder{folder: folder} }

func (r *Recorder) start(ctx context.Context) {
	r.tell = func(event string, data any) { runtime.EventsEmit(ctx, event, data) }
}

// Microphones are what there is to hear with; none is no error.
func (r *Recorder) Microphones() ([]Microphone, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	all := []Microphone{}
	devices, err := r.devices()
	if errors.Is(err, errNoMicrophone) {
		return all, nil
	}
	for _, d := range devices {
		all = append(all, Microphone{ID: d.ID.String(), Name: d.Name(), Usual: d.IsDefault != 0})
	}
	return all, err
}

func (r *Recorder) devices() ([]malgo.DeviceInfo, error) {
	if r.audio == nil {
		// Not the library's null device: it would record a run of silence.
		audio, err := malgo.InitContext([]malgo.Backend{malgo.BackendWasapi, malgo.BackendCoreaudio, malgo.BackendPulseaudio, malgo.BackendAlsa}, malgo.ContextConfig{}, nil)
		if err != nil {
			return nil, errNoMicrophone
		}
		r.audio = audio
	}
	devices, err := r.audio.Devices(malgo.Capture)
	if err != nil || len(devices) == 0 {
		r.silence() // it is asked anew the next time, when a device may be there
		return nil, errNoMicrophone
	}
	return devices, nil
}

func (r *Recorder) silence() {
	_ = r.audio.Uninit()
	r.audio.Free()
	r.audio = nil
}

// Listen begins a sound check with a microphone, "" for the usual one: its levels are told, nothing is kept.
func (r *Recorder) Listen(microphone string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.take != nil && r.take.run != "" {
		return errors.New("a run is being recorded; its levels are shown already")
	}
	if _, err := r.end(); err != nil {
		return err
	}
	return r.begin(microphone, "", nil)
}

// Record begins to keep the sound of a run, in which every speaker has agreed to it. One that is being kept goes on; one that a crash broke
// off, or that was stopped too early, goes on after as much silence as the break was long, so that times stay true.
func (r *Recorder) Record(run, microphone string) (Began, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !runID.MatchString(run) {
		return Began{}, errors.New("a recording belongs to a run: start the rehearsal first")
	}
	if r.take != nil && r.take.run != "" {
		if r.take.run == run {
			return Began{Rate: recordRate}, nil
		}
		return Began{}, errors.New("another run is being recorded; stop that first")
	}
	if _, err := r.end(); err != nil {
		return Began{}, err
	}
	if err := os.MkdirAll(r.folder, 0o700); err != nil {
		return Began{}, err
	}
	kept, fresh, err := r.tape(run)
	if err != nil {
		return Began{}, err
	}
	if err := r.begin(microphone, run, kept); err != nil {
		err = errors.Join(err, kept.Close())
		if fresh {
			err = errors.Join(err, os.Remove(r.wav(run)))
		}
		return Began{}, err
	}
	return Began{Rate: recordRate}, nil
}

// tape is a run's new one, or the one that there is.
func (r *Recorder) tape(run string) (kept *tape.Tape, fresh bool, err error) {
	if err := r.unpack(run); err != nil {
		return nil, false, err
	}
	before, err := os.Stat(r.wav(run))
	if errors.Is(err, os.ErrNotExist) {
		kept, err = tape.Create(r.wav(run), recordRate)
		return kept, true, err
	}
	if err != nil {
		return nil, false, err
	}
	away := max(0, time.Since(before.ModTime())) // it was written to until it broke off
	if away > longestBreak {
		return nil, false, errors.New("this run's recording was broken off too long ago to go on with; what there is of it is kept")
	}
	kept, err = tape.Resume(r.wav(run), recordRate, away)
	return kept, false, err
}

func (r *Recorder) begin(microphone, run string, kept *tape.Tape) error {
	devices, err := r.devices()
	if err != nil {
		return err
	}
	c := malgo.DefaultDeviceConfig(malgo.Capture)
	c.Capture.Format, c.Capture.Channels, c.SampleRate, c.PeriodSizeInMilliseconds, c.Alsa.NoMMap = malgo.FormatS16, 1, recordRate, 20, 1
	if microphone != "" {
		i := slices.IndexFunc(devices, func(d malgo.DeviceInfo) bool { return d.ID.String() == microphone })
		if i < 0 {
			return errors.New("this microphone is not there any more; choose another")
		}
		c.Capture.DeviceID = unsafe.Pointer(devices[i].ID.Pointer())
	}
	t := &take{run: run, kept: kept, pieces: make(chan []byte, late), done: make(chan error, 1)}
	missed := 0
	t.device, err = malgo.InitDevice(r.audio.Context, c, malgo.DeviceCallbacks{
		Data: func(_, in []byte, _ uint32) { // of the sound system's own thread: it must not wait
			piece := slices.Concat(make([]byte, missed), in) // silence for what the disk was too slow for, so that times stay true
			select {
			case t.pieces <- piece:
				missed = 0
			default:
				missed += len(in)
			}
		},
		Stop: func() {
			if !t.ending.Load() {
				r.tell("recorder:lost", "The microphone stopped. What was recorded until now is kept.")
			}
		},
	})
	if err != nil {
		return fmt.Errorf("the microphone does not open: %w", err)
	}
	go func() { t.done <- t.keep(r.tell) }()
	if err := t.device.Start(); err != nil {
		t.device.Uninit()
		close(t.pieces)
		return fmt.Errorf("the microphone does not start: %w", errors.Join(err, <-t.done))
	}
	r.take = t
	return nil
}

// keep writes what comes and tells its level, until there is no more.
func (t *take) keep(tell func(string, any)) (err error) {
	var l Level
	n, squares := 0, 0.0
	for piece := range t.pieces {
		if t.kept != nil && err == nil {
			if _, err = t.kept.Write(piece); err != nil {
				tell("recorder:lost", "The recording cannot be written: "+err.Error())
			}
		}
		for ; len(piece) >= 2; piece = piece[2:] {
			x := math.Abs(float64(int16(binary.LittleEndian.Uint16(piece)))) / (1 << 15)
			l.Peak, squares, n = max(l.Peak, x), squares+x*x, n+1
			if n == levelEvery {
				l.Loud, l.Clipped = math.Sqrt(squares/levelEvery), l.Peak >= 1-1./(1<<15)
				tell("recorder:level", l)
				l, n, squares = Level{}, 0, 0
			}
		}
	}
	return err
}

// Stop ends a sound check, which leaves nothing, or a recording, which it gives.
func (r *Recorder) Stop() (*Recording, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	run, err := r.end()
	if err != nil || run == "" {
		return nil, err
	}
	return r.finish(run)
}

// end lets go of the microphone and closes the tape.
func (r *Recorder) end() (run string, err error) {
	t := r.take
	if t == nil {
		return "", nil
	}
	r.take = nil
	t.ending.Store(true)
	t.device.Uninit()
	close(t.pieces)
	err = <-t.done
	if t.kept != nil {
		err = errors.Join(err, t.kept.Close())
	}
	return t.run, err
}

// close is for when the window goes.
func (r *Recorder) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, _ = r.end()
	if r.audio != nil {
		r.silence()
	}
}

// Kept are the recordings that were not discarded yet, those that a crash broke off as well.
func (r *Recorder) Kept() ([]*Recording, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	files, err := os.ReadDir(r.folder)
	if errors.Is(err, os.ErrNotExist) {
		return []*Recording{}, nil
	}
	all := []*Recording{}
	for _, f := range files {
		run, kind, _ := strings.Cut(f.Name(), ".")
		if kind != "wav" && kind != "flac" || !runID.MatchString(run) || r.take != nil && r.take.run == run ||
			slices.ContainsFunc(all, func(k *Recording) bool { return k.Run == run }) {
			continue
		}
		k, broken := r.finish(run)
		if errors.Is(broken, speech.ErrEmpty) { // it broke off before the first sound
			continue
		}
		if err = errors.Join(err, broken); broken == nil {
			all = append(all, k)
		}
	}
	return all, err
}

// Read is a piece of a finished recording in base64, at most 131,072 bytes.
func (r *Recorder) Read(run string, offset, bytes int) (string, error) {
	if !runID.MatchString(run) || offset < 0 {
		return "", errors.New("there is no such recording")
	}
	f, err := os.Open(r.flac(run))
	if err != nil {
		return "", errors.New("there is no such recording")
	}
	defer f.Close()
	piece := make([]byte, max(0, min(bytes, pieceMost)))
	n, err := f.ReadAt(piece, int64(offset))
	if n == 0 && err != nil {
		return "", nil
	}
	return base64.StdEncoding.EncodeToString(piece[:n]), nil
}

// Discard removes a run's recording for good.
func (r *Recorder) Discard(run string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !runID.MatchString(run) {
		return errors.New("there is no such recording")
	}
	var err error
	if r.take != nil && r.take.run == run {
		_, err = r.end()
	}
	for _, file := range []string{r.wav(run), r.flac(run), r.flac(run) + ".part"} {
		if gone := os.Remove(file); !errors.Is(gone, os.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}
	return err
}

func (r *Recorder) wav(run string) string  { return filepath.Join(r.folder, run+".wav") }
func (r *Recorder) flac(run string) string { return filepath.Join(r.folder, run+".flac") }

// finish makes FLAC of a run's tape, which goes once that is safe, and describes it.
func (r *Recorder) finish(run string) (*Recording, error) {
	if _, err := os.Stat(r.wav(run)); err == nil {
		if err := r.pack(run); err != nil {
			return nil, err
		}
	}
	text, err := os.ReadFile(r.flac(run))
	if err != nil {
		return nil, err
	}
	sound, err := speech.Read(strings.NewReader(string(text)))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	return &Recording{Run: run, Name: run + ".flac", Bytes: len(text), SHA256: hex.EncodeToString(sum[:]), Milliseconds: int(sound.Seconds() * 1000)}, nil
}

func (r *Recorder) pack(run string) error {
	before, err := os.Stat(r.wav(run))
	if err != nil {
		return err
	}
	if err := tape.Mend(r.wav(run)); err != nil {
		return err
	}
	in, err := os.Open(r.wav(run))
	if err != nil {
		return err
	}
	defer in.Close()
	sound, err := speech.Read(in)
	if err != nil {
		return err
	}
	out, err := os.OpenFile(r.flac(run)+".part", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(speech.WriteFLAC(out, sound), out.Sync(), out.Close()); err != nil {
		return err
	}
	if err := os.Chtimes(r.flac(run)+".part", before.ModTime(), before.ModTime()); err != nil {
		return err
	}
	if err := os.Rename(r.flac(run)+".part", r.flac(run)); err != nil {
		return err
	}
	return os.Remove(r.wav(run))
}

// unpack makes a tape of a run's FLAC again, where there is one, as old as that: it is to go on.
func (r *Recorder) unpack(run string) error {
	before, err := os.Stat(r.flac(run))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	in, err := os.Open(r.flac(run))
	if err != nil {
		return err
	}
	defer in.Close()
	sound, err := speech.Read(in)
	if err != nil {
		return err
	}
	if err := os.Remove(r.wav(run)); err != nil && !errors.Is(err, os.ErrNotExist) { // what an unpacking that broke off has left
		return err
	}
	out, err := tape.Create(r.wav(run), sound.Rate)
	if err != nil {
		return err
	}
	raw := make([]byte, 0, 2*len(sound.Samples))
	for _, x := range sound.Samples {
		raw = binary.LittleEndian.AppendUint16(raw, uint16(int16(x*(1<<15))))
	}
	_, err = out.Write(raw)
	if err := errors.Join(err, out.Close(), os.Chtimes(r.wav(run), before.ModTime(), before.ModTime())); err != nil {
		return err
	}
	return os.Remove(r.flac(run))
}
