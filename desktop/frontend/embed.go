// Package frontend holds the built screens, which the window and `tandem serve` show alike.
package frontend

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Screens is the folder that the build wrote, index.html at its root. Before the first build it holds one note only.
func Screens() fs.FS {
	screens, err := fs.Sub(dist, "dist")
	if err != nil {
		panic(err) // the name is valid whatever the folder holds
	}
	return screens
}

// Built reports whether the screens were built into this program.
func Built() bool {
	_, err := fs.Stat(dist, "dist/index.html")
	return err == nil
}
