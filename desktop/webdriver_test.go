//go:build window

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	_ "image/png"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// driven is the real window under WebDriver.
type driven struct {
	t       *testing.T
	session string // its address
}

// drive starts the window's program, which works in a folder, and takes it in hand. It needs a display, WebKitWebDriver, and a build with the tag e2e
// whose path TANDEM_WINDOW gives; scripts/window sees to all three.
func drive(t *testing.T, folder string, args ...string) *driven {
	t.Helper()
	program := os.Getenv("TANDEM_WINDOW")
	if program == "" || os.Getenv("DISPLAY") == "" {
		if os.Getenv("TANDEM_REQUIRE") != "" {
			t.Fatal("no window to drive: run scripts/window")
		}
		t.Skip("no window to drive: run scripts/window")
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	_, port, _ := net.SplitHostPort(address)
	log, err := os.Create(filepath.Join(t.TempDir(), "window.log"))
	if err != nil {
		t.Fatal(err)
	}
	driver := exec.Command("WebKitWebDriver", "--host=127.0.0.1", "--port="+port)
	driver.Stdout, driver.Stderr = log, log
	if err := driver.Start(); err != nil {
		t.Fatalf("%v: apt-get install webkit2gtk-driver", err)
	}
	d := &driven{t: t}
	t.Cleanup(func() {
		if t.Failed() {
			d.picture("failed-" + t.Name())
			if said, err := os.ReadFile(log.Name()); err == nil {
				t.Logf("the window said:\n%s", said)
			}
		}
		if d.session != "" { // it ends as when somebody closes it, and lets its folder go
			request(http.MethodPost, d.session+"/execute/sync", map[string]any{"script": "window.runtime.Quit()", "args": []any{}}, nil)
			if lock, err := os.Open(filepath.Join(folder, "lock")); err == nil {
				syscall.Flock(int(lock.Fd()), syscall.LOCK_EX)
				lock.Close()
			}
		}
		driver.Process.Kill()
		driver.Wait()
	})
	ask := map[string]any{"capabilities": map[string]any{"alwaysMatch": map[string]any{
		"webkitgtk:browserOptions": map[string]any{"binary": program, "args": args},
		"timeouts":                 map[string]int{"script": 90_000},
	}}}
	var answer struct{ SessionID string }
	deadline := time.Now().Add(time.Minute)
	for { // until the driver listens
		if err = request(http.MethodPost, "http://"+address+"/session", ask, &answer); err == nil {
			break
		}
		if _, refused := err.(net.Error); !refused || time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	d.session = "http://" + address + "/session/" + answer.SessionID
	return d
}

// request asks the driver, and gives what its answer's value holds.
func request(method, url string, body, into any) error {
	var send io.Reader
	if method == http.MethodPost {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		send = bytes.NewReader(text)
	}
	r, err := http.NewRequest(method, url, send)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var envelope struct{ Value json.RawMessage }
	if err := json.NewDecoder(answer.Body).Decode(&envelope); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", url, envelope.Value)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(envelope.Value, into)
}

func (d *driven) ask(method, path string, body, into any) {
	d.t.Helper()
	if err := request(method, d.session+path, body, into); err != nil {
		d.t.Error(err)
	}
}

// run runs a script in the page and gives what it returns.
func run[T any](d *driven, script string, args ...any) T {
	d.t.Helper()
	var out T
	if args == nil {
		args = []any{}
	}
	d.ask(http.MethodPost, "/execute/sync", map[string]any{"script": script, "args": args}, &out)
	return out
}

// until waits in the page until an expression is true, and fails with what is on screen where it does not come true.
func (d *driven) until(what, expression string) {
	d.t.Helper()
	script := `const done = arguments[arguments.length - 1], end = Date.now() + 60000;
		const look = () => { let is = false; try { is = !!(` + expression + `); } catch (e) {} if (is || Date.now() > end) done(is); else setTimeout(look, 50); };
		look();`
	var came bool
	d.ask(http.MethodPost, "/execute/async", map[string]any{"script": script, "args": []any{}}, &came)
	if !came {
		d.t.Fatalf("%s did not come. On screen:\n%s", what, run[string](d, "return location.href + '\\n' + document.body.innerText"))
	}
}

// heading waits for the screen's heading.
func (d *driven) heading(text string) {
	d.t.Helper()
	d.until("the heading "+text, `[...document.querySelectorAll("h1")].some((h) => h.textContent.trim() === `+quoted(text)+`)`)
}

// press types keys one after the other, as a keyboard does.
func (d *driven) press(keys ...string) {
	d.t.Helper()
	actions := []map[string]string{}
	for _, k := range keys {
		with, held := strings.CutPrefix(k, "Ctrl+")
		if held {
			actions = append(actions, map[string]string{"type": "keyDown", "value": "\ue009"})
			k = with
		}
		if named, ok := map[string]string{"Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004", "Left": "\ue012", "Up": "\ue013", "Right": "\ue014", "Down": "\ue015"}[k]; ok {
			k = named
		}
		actions = append(actions, map[string]string{"type": "keyDown", "value": k}, map[string]string{"type": "keyUp", "value": k})
		if held {
			actions = append(actions, map[string]string{"type": "keyUp", "value": "\ue009"})
		}
	}
	d.ask(http.MethodPost, "/actions", map[string]any{"actions": []any{map[string]any{"type": "key", "id": "keys", "actions": actions}}}, nil)
}

// focus puts the focus on the first thing that is visible, matches and holds a text.
func (d *driven) focus(selector, text string) {
	d.t.Helper()
	if !run[bool](d, `const found = [...document.querySelectorAll(arguments[0])].find((e) => e.offsetParent !== null && (e.textContent + " " + (e.getAttribute("aria-label") ?? "")).includes(arguments[1]));
		found?.focus(); return !!found && document.activeElement === found;`, selector, text) {
		d.t.Fatalf("nothing to focus: %s with %q. On screen:\n%s", selector, text, run[string](d, "return document.body.innerText"))
	}
}

// graph asks the same /graphql as the screens, and gives data.
func graph[T any](d *driven, query string, variables any) T {
	d.t.Helper()
	var answer struct {
		Data   T
		Errors []struct{ Message string }
	}
	d.ask(http.MethodPost, "/execute/async", map[string]any{"args": []any{query, variables}, "script": `const done = arguments[arguments.length - 1];
		fetch("/graphql", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ query: arguments[0], variables: arguments[1] }) }).then((r) => r.json()).then(done);`}, &answer)
	if len(answer.Errors) > 0 {
		d.t.Fatalf("%s: %s", query, answer.Errors[0].Message)
	}
	return answer.Data
}

// picture takes the whole display as it is, into TANDEM_SHOTS or away again, and gives it.
func (d *driven) picture(name string) image.Image {
	d.t.Helper()
	folder := os.Getenv("TANDEM_SHOTS")
	if folder == "" {
		folder = d.t.TempDir()
	}
	file := filepath.Join(folder, strings.ReplaceAll(name, "/", "-")+".png")
	if out, err := exec.Command("import", "-window", "root", file).CombinedOutput(); err != nil {
		d.t.Errorf("import: %v: %s", err, out)
		return nil
	}
	f, err := os.Open(file)
	if err != nil {
		d.t.Error(err)
		return nil
	}
	defer f.Close()
	picture, _, err := image.Decode(f)
	if err != nil {
		d.t.Error(err)
	}
	return picture
}

// painted counts the colours in the middle of a picture: a blank window has one or a few.
func painted(picture image.Image) int {
	seen := map[string]bool{}
	b := picture.Bounds()
	for y := b.Min.Y + b.Dy()/5; y < b.Max.Y-b.Dy()/5; y += 2 {
		for x := b.Min.X + b.Dx()/10; x < b.Max.X-b.Dx()/10; x += 2 {
			r, g, bl, _ := picture.At(x, y).RGBA()
			seen[fmt.Sprint(r>>8, g>>8, bl>>8)] = true
		}
	}
	return len(seen)
}

func quoted(s string) string {
	text, _ := json.Marshal(s)
	return string(text)
}
