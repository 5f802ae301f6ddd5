//go:build window

package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"tandem/internal/speech"
)

// microphone gives the windows of this test a sound system of their own, whose one microphone hears what is played by the command that it
// returns.
func microphone(t *testing.T) (play func(file string) *exec.Cmd) {
	t.Helper()
	for _, program := range []string{"pulseaudio", "paplay", "pactl", "flite"} {
		if _, err := exec.LookPath(program); err != nil {
			if os.Getenv("TANDEM_REQUIRE") != "" {
				t.Fatalf("%v: make .tools/stamps/sound", err)
			}
			t.Skipf("%v: make .tools/stamps/sound", err)
		}
	}
	folder, err := os.MkdirTemp("", "tandem-sound-") // a short name: a socket's may not be long
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	socket := filepath.Join(folder, "pulse")
	t.Setenv("PULSE_SERVER", "unix:"+socket)
	t.Setenv("PULSE_RUNTIME_PATH", folder)
	t.Setenv("PULSE_STATE_PATH", folder)
	t.Setenv("PULSE_COOKIE", filepath.Join(folder, "cookie"))
	daemon := exec.Command("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--disallow-exit", "--use-pid-file=no", "--realtime=no", "--high-priority=no",
		"-L", "module-native-protocol-unix auth-anonymous=1 socket="+socket,
		"-L", "module-null-sink sink_name=room rate=48000 channels=1",
		"-L", "module-remap-source master=room.monitor source_name=microphone source_properties=device.description=Rehearsal")
	log, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		t.Fatal(err)
	}
	daemon.Stdout, daemon.Stderr = log, log
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		daemon.Process.Kill()
		daemon.Wait()
		if said, err := os.ReadFile(log.Name()); err == nil && t.Failed() {
			t.Logf("the sound system said:\n%s", said)
		}
	})
	out, err := exec.Command("sh", "-c", "until pactl set-default-source microphone; do kill -0 $0 || exit 1; done", strconv.Itoa(daemon.Process.Pid)).CombinedOutput()
	if err != nil {
		t.Fatalf("no microphone: %v\n%s", err, out)
	}
	return func(file string) *exec.Cmd { return exec.Command("paplay", "--device=room", file) }
}

// heard and kept are what the recorder tells of a microphone and of a finished file.
type (
	heard struct {
		ID, Name string
		Usual    bool
	}
	kept struct {
		Run                 string
		Bytes, Milliseconds int
	}
)

// recorder asks a method of the desktop's recorder.
func recorder[T any](d *driven, method string, args ...any) (out T) {
	d.t.Helper()
	if args == nil {
		args = []any{}
	}
	var answer struct {
		Is    json.RawMessage
		Error string
	}
	d.ask(http.MethodPost, "/execute/async", map[string]any{"args": []any{method, args}, "script": `const done = arguments[arguments.length - 1];
		window.go.main.Recorder[arguments[0]](...arguments[1]).then((is) => done({ is }), (error) => done({ error: String(error) }));`}, &answer)
	if answer.Error != "" {
		d.t.Fatalf("%s: %s", method, answer.Error)
	}
	if err := json.Unmarshal(answer.Is, &out); err != nil && answer.Is != nil {
		d.t.Fatal(err)
	}
	return out
}

// TestTheRecorder makes a sound check, records, and kills the window's program with SIGKILL; opened again, it has all but two seconds at
// most of what had been heard, and it is what was played.
func TestTheRecorder(t *testing.T) {
	play := microphone(t)
	folder := t.TempDir()
	spoken := filepath.Join(folder, "spoken.wav")
	if out, err := exec.Command("flite", "-voice", "slt", "-t", "Damp in a home starts small. It sits behind a wardrobe, or above a window. Nobody looks there in the winter.", "-o", spoken).CombinedOutput(); err != nil {
		t.Fatalf("flite: %v\n%s", err, out)
	}
	data := filepath.Join(folder, "data")
	d := drive(t, data, "--sample", "--data", data)
	d.heading("Visits, draft 1")
	found := recorder[[]heard](d, "Microphones")
	usual := ""
	for _, m := range found {
		if m.Name == "Rehearsal" && m.Usual {
			usual = m.ID
		}
	}
	if usual == "" {
		t.Fatalf("microphones: %+v", found)
	}
	run[bool](d, `window.levels = []; window.runtime.EventsOn("recorder:level", (l) => window.levels.push(l)); return true`)

	t.Log("a sound check in a silent room, and in one where somebody speaks")
	recorder[any](d, "Listen", "")
	d.until("ten levels", `window.levels.length >= 10`)
	if run[float64](d, `return Math.max(...window.levels.map((l) => l.peak))`) > 0.001 {
		t.Error("something was heard in a silent room")
	}
	voice := play(spoken)
	if err := voice.Start(); err != nil {
		t.Fatal(err)
	}
	d.until("a voice", `Math.max(...window.levels.map((l) => l.peak)) > 0.1`)
	voice.Wait()
	recorder[any](d, "Stop")

	t.Log("no recording without a run, and none beside another")
	for _, wrong := range []string{"", "../../x", "a b"} {
		var refused string
		d.ask(http.MethodPost, "/execute/async", map[string]any{"args": []any{wrong}, "script": `const done = arguments[arguments.length - 1];
			window.go.main.Recorder.Record(arguments[0], "").then(() => done("it records"), (e) => done(String(e)));`}, &refused)
		if !strings.Contains(refused, "belongs to a run") {
			t.Errorf("%q: %s", wrong, refused)
		}
	}

	t.Log("recording, and the program is killed")
	const id = "rehearsal_0123456789"
	recorder[any](d, "Record", id, usual)
	run[bool](d, `window.levels = []; return true`)
	if voice = play(spoken); voice.Run() != nil {
		t.Fatal("nothing was played")
	}
	d.until("what was played is heard", `window.levels.length >= 60`)
	tenths := run[int](d, `return window.levels.length`) // tenths of a second
	killWindow(t, data)
	d.session = "" // gone

	d = drive(t, data, "--data", data)
	d.until("the window again", `window.go?.main?.Recorder && document.querySelector("h1")`)
	all := recorder[[]kept](d, "Kept")
	if len(all) != 1 || all[0].Run != id || all[0].Milliseconds < 100*tenths-2000 {
		t.Fatalf("%+v, where %d ms were heard", all, 100*tenths)
	}
	t.Logf("%d ms kept of at least %d heard before the kill", all[0].Milliseconds, 100*tenths)
	t.Log("another recording is broken off, and goes on once the window is there again")
	const other = "rehearsal_abcdefghij"
	run[bool](d, `window.levels = []; window.runtime.EventsOn("recorder:level", (l) => window.levels.push(l)); return true`)
	recorder[any](d, "Record", other, "")
	d.until("a second of it", `window.levels.length >= 10`)
	began := time.Now()
	killWindow(t, data)
	d.session = ""
	d = drive(t, data, "--data", data)
	d.until("the window again", `window.go?.main?.Recorder && document.querySelector("h1")`)
	if all := recorder[[]kept](d, "Kept"); len(all) != 2 { // which packs it
		t.Fatalf("%+v", all)
	}
	recorder[any](d, "Record", other, "")
	away := time.Since(began)
	recorder[any](d, "Record", other, "") // a second time it is the same
	run[bool](d, `window.levels = []; window.runtime.EventsOn("recorder:level", (l) => window.levels.push(l)); return true`)
	d.until("another second", `window.levels.length >= 10`)
	whole := recorder[kept](d, "Stop")
	if least, most := 2000+int(away.Milliseconds())-2000, int(time.Since(began).Milliseconds())+3000; whole.Milliseconds < least || whole.Milliseconds > most {
		t.Errorf("gone on after %v it is %d ms long, not %d to %d", away, whole.Milliseconds, least, most)
	}
	recorder[any](d, "Discard", other)

	var file []byte
	for len(file) < all[0].Bytes {
		piece, err := base64.StdEncoding.DecodeString(recorder[string](d, "Read", id, len(file), 100_000))
		if err != nil || len(piece) == 0 {
			t.Fatal(len(file), err)
		}
		file = append(file, piece...)
	}
	sound, err := speech.Read(strings.NewReader(string(file)))
	if err != nil {
		t.Fatal(err)
	}
	if r := speech.Analyse(sound, speech.Options{}); r.SpeechSeconds < 3 || r.SNRDB == nil || *r.SNRDB < 20 {
		t.Errorf("%.1f s of speech, SNR %v", r.SpeechSeconds, r.SNRDB)
	}
	recorder[any](d, "Discard", id)
	if left, _ := filepath.Glob(filepath.Join(data, "recordings", "*")); len(left) > 0 || len(recorder[[]kept](d, "Kept")) > 0 {
		t.Errorf("discarded, and still there: %v", left)
	}
}

// killWindow ends the window's program that works in a folder with SIGKILL, and waits until it is gone.
func killWindow(t *testing.T, data string) {
	t.Helper()
	out, err := exec.Command("pgrep", "-f", fmt.Sprintf("^%s .*--data %s", os.Getenv("TANDEM_WINDOW"), data)).Output()
	if err != nil {
		t.Fatalf("the window's program is not found: %v", err)
	}
	pid, err := strconv.Atoi(strings.Fields(string(out))[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	lock, err := os.Open(filepath.Join(data, "lock"))
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil { // free once its holder is gone
		t.Fatal(err)
	}
}
