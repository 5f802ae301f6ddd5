package tape

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"tandem/internal/speech"
)

var seed = flag.Uint64("seed", 1, "when the power goes and when the process is killed")

const rate = 24000

// chunk is a fiftieth of a second whose samples count on from n, so that each says where it belongs.
func chunk(n int) []byte {
	out := make([]byte, 0, rate/50*2)
	for i := range rate / 50 {
		out = binary.LittleEndian.AppendUint16(out, uint16(n+i))
	}
	return out
}

// read gives how many samples a file holds in their order.
func read(t *testing.T, path string) int {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, err := speech.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	for i, x := range s.Samples {
		if int(x*(1<<15)) != int(int16(i)) {
			t.Fatalf("sample %d is %v", i, x*(1<<15))
		}
	}
	return len(s.Samples)
}

// mains is a disk that keeps after a power cut what was forced to it, and the bytes of its cache in whatever part it pleases.
type mains struct {
	cached, kept []byte
	deaf         bool // to Sync
}

func (m *mains) Write(p []byte) (int, error) { m.cached = append(m.cached, p...); return len(p), nil }
func (m *mains) WriteAt(p []byte, at int64) (int, error) {
	return copy(m.cached[at:], p), nil
}
func (m *mains) Close() error { return nil }
func (m *mains) Sync() error {
	if !m.deaf || m.kept == nil {
		m.kept = bytes.Clone(m.cached)
	}
	return nil
}

// TestAPowerCutLosesTwoSecondsAtMost. A disk that is never asked to keep anything must be noticed.
func TestAPowerCutLosesTwoSecondsAtMost(t *testing.T) {
	chance := rand.New(rand.NewPCG(*seed, 1))
	lost := func(deaf bool) int {
		m := &mains{deaf: deaf}
		tape, err := begin(m, rate)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for range 150 + chance.IntN(500) {
			part := chunk(n)[:2*(1+chance.IntN(rate/50))]
			if _, err := tape.Write(part); err != nil {
				t.Fatal(err)
			}
			n += len(part) / 2
		}
		file := filepath.Join(t.TempDir(), "cut.wav")
		if err := os.WriteFile(file, append(m.kept, 7), 0o600); err != nil { // and half a sample that reached the disk by itself
			t.Fatal(err)
		}
		if err := Mend(file); err != nil {
			t.Fatal(err)
		}
		info, _ := os.Stat(file)
		return n - int(info.Size()-Header)/2
	}
	for range 50 {
		if n := lost(false); n > 2*rate {
			t.Fatalf("%.2f s are lost", float64(n)/rate)
		}
	}
	if n := lost(true); n <= 2*rate {
		t.Errorf("control: without forcing anything to the disk %.2f s are lost", float64(n)/rate)
	}
}

// TestMain is also the program that is killed: with TAPE it records until it dies, and says after each piece how much it was given.
func TestMain(m *testing.M) {
	path := os.Getenv("TAPE")
	if path == "" {
		flag.Parse()
		os.Exit(m.Run())
	}
	tape, err := Create(path, rate)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var into io.Writer = tape
	if os.Getenv("HELD") != "" { // the broken variant holds ten seconds back
		into = bufio.NewWriterSize(tape, 10*2*rate)
	}
	for n := 0; ; n += rate / 50 {
		if _, err := into.Write(chunk(n)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(n + rate/50)
	}
}

// TestAKilledRecorderLosesTwoSecondsAtMost kills the process itself with SIGKILL at a moment that the seed says; no less than what it
// said before, less two seconds, must be there. One that holds its sound back must be noticed.
func TestAKilledRecorderLosesTwoSecondsAtMost(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	chance := rand.New(rand.NewPCG(*seed, 2))
	killed := func(held string) (lost int) {
		file := filepath.Join(t.TempDir(), "run.wav")
		recorder := exec.Command(program)
		recorder.Env = append(os.Environ(), "TAPE="+file, "HELD="+held)
		recorder.Stderr = os.Stderr
		out, err := recorder.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := recorder.Start(); err != nil {
			t.Fatal(err)
		}
		given := 0
		lines := bufio.NewScanner(out)
		for range 150 + chance.IntN(150) {
			if !lines.Scan() {
				t.Fatal("it died by itself")
			}
			fmt.Sscan(lines.Text(), &given)
		}
		if err := recorder.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what it said before it died
			fmt.Sscan(lines.Text(), &given)
		}
		recorder.Wait()
		if err := Mend(file); err != nil {
			t.Fatal(err)
		}
		if info, _ := os.Stat(file); info.Size() == Header {
			return given
		}
		return given - read(t, file)
	}
	for range 5 {
		if n := killed(""); n > 2*rate {
			t.Errorf("%.2f s are lost", float64(n)/rate)
		}
	}
	worst := 0
	for range 5 {
		worst = max(worst, killed("yes"))
	}
	if worst <= 2*rate {
		t.Errorf("control: a recorder that holds ten seconds back loses %.2f s", float64(worst)/rate)
	}
}

func TestATapeIsAWavFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "run.wav")
	tape, err := Create(file, rate)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 100 {
		if _, err := tape.Write(chunk(n * rate / 50)); err != nil {
			t.Fatal(err)
		}
	}
	if tape.Milliseconds() != 2000 {
		t.Errorf("%d ms", tape.Milliseconds())
	}
	if err := tape.Close(); err != nil {
		t.Fatal(err)
	}
	if n := read(t, file); n != 2*rate {
		t.Errorf("%d samples", n)
	}
	if _, err := Create(file, rate); err == nil {
		t.Error("a tape was written over")
	}
	if tape, err = Resume(file, rate, 1500*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if _, err := tape.Write(chunk(0)); err != nil || tape.Milliseconds() != 3520 {
		t.Errorf("gone on after a second and a half it is %d ms, %v", tape.Milliseconds(), err)
	}
	if err := tape.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s, err := speech.Read(f)
	if err != nil || len(s.Samples) != rate*352/100 || s.Samples[2*rate-1] == 0 || s.Samples[2*rate] != 0 || s.Samples[rate*7/2+1] == 0 {
		t.Errorf("%v: %d samples", err, len(s.Samples))
	}
	other := filepath.Join(t.TempDir(), "other.wav")
	os.WriteFile(other, make([]byte, 100), 0o600)
	if Mend(other) == nil || Mend(other+"x") == nil {
		t.Error("what is no tape was mended")
	}
}
