package web

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"path"
	"strings"

	"tandem/internal/app"
	"tandem/internal/domain"
	"tandem/internal/press"
	"tandem/internal/sponsor"
)

// sheets are the surfaces of a shared brief, by what follows the link's secret: how it is made, and what it is.
var sheets = map[string]struct {
	media string
	save  string // the name under which it is saved; "" where it is read
	write func(w io.Writer, b sponsor.Brief) error
}{
	"": {media[".html"], "", func(w io.Writer, b sponsor.Brief) error {
		return press.Page(w, b, press.Links{Assets: pressFolder, PDF: "?as=pdf", CSV: "?as=csv"})
	}},
	"pdf": {"application/pdf", "brief.pdf", press.PDF},
	"csv": {"text/csv; charset=utf-8", "figures.csv", press.CSV},
}

// pressFolder is where the page's style sheet and fonts are.
const pressFolder = "/press/"

// sheetKey is everything that a sheet depends on: the brief, the version of its row, which counts up in the transaction of
// whatever changes how it reads, and which sheet it is.
type sheetKey struct {
	brief   string
	version int
	as      string
}

// brief serves what a link opens to whoever has it, without an account and without script. The link is looked up at each
// request, so that one that is revoked is dead at once; the sheet is set once a version.
func (s *Server) brief(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", press.Policy)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
	if !reads(w, r) {
		return
	}
	as := r.URL.Query().Get("as")
	sheet, known := sheets[as]
	var shared *app.SharedBrief
	err := domain.NotFound("brief")
	if known {
		shared, err = s.app.OpenShareLink(r.Context(), strings.TrimPrefix(r.URL.Path, app.SharePath))
	}
	switch {
	case errors.Is(err, domain.ErrNotFound):
		http.Error(w, "This link opens nothing: it is mistyped, revoked, or past its end. Ask whoever gave it to you for another.", http.StatusNotFound)
		return
	case err != nil:
		s.log.Error("a shared brief cannot be read", "error", err)
		http.Error(w, "The brief cannot be read at the moment. Try again in a minute.", http.StatusServiceUnavailable)
		return
	}
	body, err := s.sheet(r.Context(), shared, as)
	if err != nil {
		s.log.Error("a shared brief cannot be set", "error", err)
		http.Error(w, "The brief cannot be shown at the moment. Try again in a minute.", http.StatusServiceUnavailable)
		return
	}
	h.Set("Content-Type", sheet.media)
	if sheet.save != "" {
		h.Set("Content-Disposition", `inline; filename="`+sheet.save+`"`)
	}
	w.Write(body)
}

// sheet is a surface of a brief as bytes, set now if this version of it was not.
func (s *Server) sheet(ctx context.Context, shared *app.SharedBrief, as string) ([]byte, error) {
	key := sheetKey{shared.ID, shared.Version, as}
	if body, ok := s.sheets.get(key); ok {
		return body, nil
	}
	b, err := s.app.Told(ctx, shared)
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	if err := sheets[as].write(&body, *b); err != nil {
		return nil, err
	}
	s.sheets.put(key, body.Bytes(), body.Len())
	return body.Bytes(), nil
}

// pressFiles serves the style sheet and the fonts of briefs.
func pressFiles() http.Handler {
	files := http.StripPrefix(pressFolder, http.FileServerFS(press.Assets()))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !reads(w, r) {
			return
		}
		if strings.HasSuffix(r.URL.Path, "/") { // no listing
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("Content-Type", media[path.Ext(r.URL.Path)])
		files.ServeHTTP(w, r)
	})
}
