//go:build desktop

package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"net/http"
	"os"
	"strconv"

	"github.com/wailsapp/wails/v2/pkg/runtime"
)

// Window is what the screens may ask of the desktop: only what a browser cannot do. Nothing here takes a path, an address
// or a query, so that a script that got into a screen reaches no more than the screen does.
type Window struct {
	ctx context.Context
}

// SaveText lets the person choose where a text is kept, and writes it there; false where they chose nowhere. The name is
// only proposed.
func (w *Window) SaveText(name, text string) (bool, error) {
	file, err := runtime.SaveFileDialog(w.ctx, runtime.SaveDialogOptions{Title: "Save", DefaultFilename: proposed(name), CanCreateDirectories: true})
	if err != nil || file == "" {
		return false, err
	}
	return true, os.WriteFile(file, []byte(text), 0o644)
}

// SaveBytes is SaveText for what is no text, in base64.
func (w *Window) SaveBytes(name, base64Text string) (bool, error) {
	data, err := base64.StdEncoding.DecodeString(base64Text)
	if err != nil {
		return false, err
	}
	return w.SaveText(name, string(data))
}

// Print opens the print dialog for what is on screen.
func (w *Window) Print() { runtime.WindowPrint(w.ctx) }

// proposed is a file's name without what could lead out of the folder that the person is in.
func proposed(name string) string {
	out := []rune{}
	for _, r := range name {
		switch {
		case r < ' ', r == '/', r == '\\', r == ':', r == 0x7f:
			out = append(out, '-')
		default:
			out = append(out, r)
		}
	}
	for len(out) > 0 && out[0] == '.' {
		out = out[1:]
	}
	if len(out) == 0 {
		return "tandem.txt"
	}
	return string(out[:min(len(out), 120)])
}

// opening is the screens with a first screen: where the address names none, they open on path. The place is set by a
// script of its own, before the screens' script runs, because the content policy allows no script inside the page.
func opening(screens http.Handler, path string) http.Handler {
	if path == "" {
		return screens
	}
	script := []byte("if (!location.hash) location.hash = " + strconv.Quote("#"+path) + ";\n")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodGet && r.URL.Path == "/opening.js":
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			w.Write(script)
		case r.Method == http.MethodGet && (r.URL.Path == "/" || r.URL.Path == "/index.html"):
			page := &kept{header: w.Header(), code: http.StatusOK}
			screens.ServeHTTP(page, r)
			body := bytes.Replace(page.body.Bytes(), []byte("<head>"), []byte(`<head><script src="/opening.js"></script>`), 1)
			w.Header().Del("Content-Length")
			w.WriteHeader(page.code)
			w.Write(body)
		default:
			screens.ServeHTTP(w, r)
		}
	})
}

// kept is an answer held back so that it can be changed.
type kept struct {
	header http.Header
	code   int
	body   bytes.Buffer
}

func (k *kept) Header() http.Header         { return k.header }
func (k *kept) WriteHeader(code int)        { k.code = code }
func (k *kept) Write(b []byte) (int, error) { return k.body.Write(b) }
