package press

import (
	"html/template"
	"io"
	"time"

	"tandem/internal/domain"
	"tandem/internal/sponsor"
)

var page = template.Must(template.New("brief.html").Funcs(template.FuncMap{
	"day":    func(d domain.Date) string { return d.Time().Format("Mon 2 Jan 2006") },
	"short":  func(d domain.Date) string { return d.String() },
	"moment": func(t time.Time) string { return t.Format("2 Jan 2006, 15:04") },
}).ParseFS(files, "web/brief.html"))

// Page writes a brief as an HTML page that needs no script and works under Policy.
func Page(w io.Writer, b sponsor.Brief, l Links) error {
	return page.Execute(w, struct {
		*sheet
		Links Links
	}{lay(b), l})
}
