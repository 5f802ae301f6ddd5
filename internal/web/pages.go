package web

import (
	"bytes"
	"embed"
	"html/template"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// pages are what the reference looks like. They need nothing from elsewhere, and no build.
//
//go:embed pages
var pages embed.FS

func pageFiles() http.Handler {
	files := http.FileServerFS(pages)
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

func html(body []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !reads(w, r) {
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	})
}

// reference is the schema as a page to read: what can be asked, done and listened to, then each type by its name.
func reference(schema *ast.Schema) http.Handler {
	t := template.Must(template.New("schema.html").Funcs(template.FuncMap{"own": own}).ParseFS(pages, "pages/schema.html"))
	var b bytes.Buffer
	if err := t.Execute(&b, chapters(schema)); err != nil {
		panic(err) // the schema is compiled in
	}
	return html(b.Bytes())
}

// chapter is the types of one kind.
type chapter struct {
	Title string
	Types []*ast.Definition
}

func chapters(schema *ast.Schema) []chapter {
	roots := chapter{Title: "Roots"}
	for _, root := range []*ast.Definition{schema.Query, schema.Mutation, schema.Subscription} {
		if root != nil {
			roots.Types = append(roots.Types, root)
		}
	}
	out := []chapter{roots}
	for _, kind := range []struct {
		kind  ast.DefinitionKind
		title string
	}{{ast.Interface, "Interfaces"}, {ast.Object, "Types"}, {ast.Union, "Unions"}, {ast.InputObject, "Inputs"}, {ast.Enum, "Enums"}, {ast.Scalar, "Scalars"}} {
		c := chapter{Title: kind.title}
		for _, name := range slices.Sorted(maps.Keys(schema.Types)) {
			if t := schema.Types[name]; t.Kind == kind.kind && !strings.HasPrefix(name, "__") && !slices.Contains(roots.Types, t) {
				c.Types = append(c.Types, t)
			}
		}
		if len(c.Types) > 0 {
			out = append(out, c)
		}
	}
	return out
}

// own is the fields of a type that the schema itself declares.
func own(fields ast.FieldList) (out ast.FieldList) {
	for _, f := range fields {
		if !strings.HasPrefix(f.Name, "__") {
			out = append(out, f)
		}
	}
	return out
}
