package web

import (
	"bytes"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// contentPolicy lets a page load what this server has and nothing else. The one hash is the style element that
// react-aria-components 1.22.1 adds for touch-action.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='; " +
	"img-src 'self'; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// explorerPolicy is what GraphiQL needs on top, for its own page alone: its editor places lines by style attributes, writes its
// theme into a style element, and draws the lines under mistakes as data: images. Scripts, workers and requests stay as they are.
var explorerPolicy = strings.NewReplacer(
	"style-src 'self' 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='", "style-src 'self' 'unsafe-inline'",
	"img-src 'self'", "img-src 'self' data:",
).Replace(contentPolicy)

// media is what the screens' files are. An operating system's own table may say otherwise, and nosniff would then refuse them.
var media = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
	".mjs": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".ttf": "font/ttf", ".json": "application/json", ".txt": "text/plain; charset=utf-8",
}

func notSupported(err error) bool { return errors.Is(err, http.ErrNotSupported) }

// screens serves the built screens: files by their names, and index.html for every address that the screens make themselves.
func screens(files fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !reads(w, r) {
			return
		}
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if files == nil {
			http.NotFound(w, r)
			return
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			if strings.HasPrefix(name, "assets/") || path.Ext(name) != "" {
				http.NotFound(w, r)
				return
			}
			name = "index.html"
			if body, err = fs.ReadFile(files, name); err != nil {
				http.Error(w, "The screens are not built.", http.StatusNotFound)
				return
			}
		}
		keep := "no-cache"
		if strings.HasPrefix(name, "assets/") { // their names change with what they hold
			keep = "public, max-age=31536000, immutable"
		}
		w.Header().Set("Cache-Control", keep)
		if media, ok := media[path.Ext(name)]; ok {
			w.Header().Set("Content-Type", media)
		}
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body))
	})
}

// explorer serves GraphiQL, which is built beside the screens.
func explorer(files fs.FS) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !reads(w, r) {
			return
		}
		if files == nil {
			http.NotFound(w, r)
			return
		}
		body, err := fs.ReadFile(files, "explore.html")
		if err != nil {
			http.Error(w, "The explorer is not built.", http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Security-Policy", explorerPolicy)
		html(body).ServeHTTP(w, r)
	})
}
