// Package press sets a sponsor's brief: a page that needs no script, a tagged PDF, and a CSV of its figures. It reads the figures
// as they were decided and nothing else, so that every surface tells the same; the charts are drawn once, for screen and paper.
package press

import (
	"embed"
	"io/fs"
)

// Policy is the Content-Security-Policy under which the page works.
const Policy = "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

//go:embed web fonts
var files embed.FS

// Assets are the style sheet and the fonts that the page asks for, by name: brief.css and two woff2 files.
func Assets() fs.FS {
	web, err := fs.Sub(files, "web")
	if err != nil {
		panic(err) // embedded
	}
	return web
}

// Links are where a page's neighbours are; one that is empty is not offered. Assets is the folder of Assets, with its slash.
type Links struct {
	Assets string
	PDF    string
	CSV    string
}
