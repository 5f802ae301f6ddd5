//go:build linux

// Command window times how long Tandem's window takes to show something, and writes lines as `go test -bench` does:
//
//	window TIMES PROGRAM ARGUMENT…
//
// It starts a virtual display of its own, whose picture is a file that it maps, so that looking costs the display nothing,
// and a window manager. Each start is timed from just before the program is executed to three pictures: "shown", the middle
// of the display has changed; "painted", the middle has at least 20 colours, which neither an empty window nor its background
// has (the window's test draws the same line); "settled", the last change before a second without any. {} in an argument is
// one folder, which is fresh at the first start and kept for the others. It wants a session bus: run it in dbus-run-session.
package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	if err := measure(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "window:", err)
		os.Exit(1)
	}
}

const (
	look    = 4 * time.Millisecond
	patient = 2 * time.Minute
	still   = time.Second
	colours = 20
)

func measure(args []string) error {
	if len(args) < 2 {
		return errors.New("usage: window TIMES PROGRAM ARGUMENT…")
	}
	times, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "tandem-window")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	screen, end, err := display(dir)
	if err != nil {
		return err
	}
	defer end()
	for i := range times {
		var argv []string
		for _, a := range args[2:] {
			argv = append(argv, strings.ReplaceAll(a, "{}", filepath.Join(dir, "data")))
		}
		kind := "again"
		if i == 0 {
			kind = "fresh"
		}
		seen, err := start(screen, exec.Command(args[1], argv...))
		if err != nil {
			return err
		}
		fmt.Printf("BenchmarkWindow/%s 1 %d ns/op %d shown-ns %d settled-ns\n", kind, seen.painted, seen.shown, seen.settled)
	}
	return nil
}

// picture is a display's pixels, as X writes them to a file (XWD, 32 bits a pixel).
type picture struct {
	file                 []byte
	at, line, wide, high int
	seed                 maphash.Seed
}

// display starts Xvfb and openbox, and gives the display's picture.
func display(dir string) (*picture, func(), error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, nil, err
	}
	x := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1280x840x24", "-fbdir", dir, "-nolisten", "tcp", "-noreset")
	x.ExtraFiles = []*os.File{w}
	if err := x.Start(); err != nil {
		return nil, nil, err
	}
	w.Close()
	var wm *exec.Cmd
	end := func() {
		for _, c := range []*exec.Cmd{wm, x} {
			if c != nil && c.Process != nil {
				c.Process.Signal(syscall.SIGTERM)
				c.Wait()
			}
		}
	}
	var number int
	if _, err := fmt.Fscan(r, &number); err != nil {
		end()
		return nil, nil, fmt.Errorf("Xvfb did not start: %w", err)
	}
	os.Setenv("DISPLAY", fmt.Sprintf(":%d", number))
	wm = exec.Command("openbox")
	if err := wm.Start(); err != nil {
		end()
		return nil, nil, err
	}
	// The pointer is part of the picture: it is moved out of the middle.
	if out, err := exec.Command("xdotool", "mousemove", "--sync", "1", "1").CombinedOutput(); err != nil {
		end()
		return nil, nil, fmt.Errorf("xdotool: %w: %s", err, out)
	}
	f, err := os.Open(filepath.Join(dir, "Xvfb_screen0"))
	if err != nil {
		end()
		return nil, nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		end()
		return nil, nil, err
	}
	file, err := syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		end()
		return nil, nil, err
	}
	head := func(i int) int { return int(binary.BigEndian.Uint32(file[4*i:])) }
	p := &picture{file: file, wide: head(4), high: head(5), line: head(12), at: head(0) + 12*head(19), seed: maphash.MakeSeed()}
	if head(11) != 32 || p.at+p.line*p.high > len(file) {
		end()
		return nil, nil, fmt.Errorf("the display has %d bits a pixel, and 32 are read", head(11))
	}
	return p, end, nil
}

// middle gives every third pixel of the display's middle, as the window's test looks at it: how many colours, and a hash.
func (p *picture) middle() (colours int, hash uint64) {
	seen := map[uint32]bool{}
	var h maphash.Hash
	h.SetSeed(p.seed)
	last := ^uint32(0)
	for y := p.high / 5; y < p.high-p.high/5; y += 3 {
		for x := p.wide / 10; x < p.wide-p.wide/10; x += 3 {
			pixel := p.file[p.at+y*p.line+4*x:][:4]
			h.Write(pixel)
			if c := binary.LittleEndian.Uint32(pixel) & 0xffffff; c != last {
				seen[c], last = true, c
			}
		}
	}
	return len(seen), h.Sum64()
}

type moments struct{ shown, painted, settled time.Duration }

// start runs a program until its window has settled, ends it, and waits until the display is empty again.
func start(p *picture, c *exec.Cmd) (moments, error) {
	var m moments
	said, err := os.CreateTemp("", "tandem-window")
	if err != nil {
		return m, err
	}
	defer os.Remove(said.Name())
	defer said.Close()
	c.Stdout, c.Stderr = said, said
	empty, before := p.middle()
	if empty > 2 {
		return m, fmt.Errorf("the display is not empty: %d colours", empty)
	}
	began := time.Now()
	if err := c.Start(); err != nil {
		return m, err
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	last := before
	for m.painted == 0 || time.Since(began)-m.settled < still {
		select {
		case err := <-ended:
			text, _ := os.ReadFile(said.Name())
			return m, fmt.Errorf("the window closed: %v\n%s", err, text)
		case <-time.After(look):
		}
		n, now := p.middle()
		at := time.Since(began)
		if now != last {
			last, m.settled = now, at
			if m.shown == 0 {
				m.shown = at
			}
		}
		if m.painted == 0 && n >= colours {
			m.painted = at
		}
		if at > patient {
			c.Process.Kill()
			<-ended
			return m, fmt.Errorf("nothing was painted in %s: %d colours", patient, n)
		}
	}
	c.Process.Signal(syscall.SIGTERM)
	<-ended
	for gone := time.Now(); ; time.Sleep(look) {
		if n, _ := p.middle(); n <= 2 {
			return m, nil
		}
		if time.Since(gone) > patient {
			return m, errors.New("the window does not go")
		}
	}
}
