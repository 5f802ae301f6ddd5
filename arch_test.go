package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// source is one Go file of the house: the folder it is in ("internal/app"), and what it brings in.
type source struct {
	folder, name string
	test         bool
	imports      []string
	tree         *ast.File
}

// room is the folder's own name without what lies beneath: "internal/visit" of "internal/visit/check".
func (s source) room() string {
	parts := strings.SplitN(s.folder, "/", 3)
	if parts[0] == "internal" && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}

func (s source) String() string { return filepath.Join(s.folder, s.name) }

func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "dist" || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		s, err := read(path, string(text))
		if err == nil {
			all = append(all, s)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("only %d Go files found: the walk is broken", len(all))
	}
	return all
}

func read(path, text string) (source, error) {
	tree, err := parser.ParseFile(token.NewFileSet(), path, text, parser.SkipObjectResolution)
	if err != nil {
		return source{}, err
	}
	s := source{folder: filepath.ToSlash(filepath.Dir(path)), name: filepath.Base(path), test: strings.HasSuffix(path, "_test.go"), tree: tree}
	for _, i := range tree.Imports {
		s.imports = append(s.imports, strings.Trim(i.Path.Value, `"`))
	}
	return s, nil
}

// standard reports whether an import is of Go's own library.
func standard(i string) bool { return !strings.Contains(strings.SplitN(i, "/", 2)[0], ".") && !ours(i) }

func ours(i string) bool { return i == "tandem" || strings.HasPrefix(i, "tandem/") }

// within reports whether an import is a package or lies beneath it.
func within(i, pkg string) bool { return i == pkg || strings.HasPrefix(i, pkg+"/") }

// mayImport are the rooms of the house that each room knows. A room that is not named here knows none.
var mayImport = map[string][]string{
	".":                    {"tandem/internal/app", "tandem/internal/domain", "tandem/internal/door", "tandem/desktop/frontend", "tandem/internal/visit", "tandem/internal/travel", "tandem/internal/speech", "tandem/internal/recogniser", "tandem/internal/sponsor"},
	"desktop":              {"tandem/internal/domain", "tandem/internal/door", "tandem/desktop/frontend", "tandem/internal/speech", "tandem/internal/tape"},
	"scripts":              {"tandem/internal/visit", "tandem/internal/travel"},
	"graph":                {"tandem/internal/app", "tandem/internal/domain", "tandem/internal/sponsor", "tandem/graph"},
	"sample":               {"tandem/internal/app", "tandem/internal/domain", "tandem/internal/table", "tandem/internal/travel", "tandem/internal/capability", "tandem/internal/pitch", "tandem/internal/speech"},
	"internal/door":        {"tandem/internal/app", "tandem/internal/domain", "tandem/internal/storage", "tandem/internal/web", "tandem/graph", "tandem/desktop/frontend", "tandem/sample"},
	"internal/web":         {"tandem/internal/app", "tandem/internal/domain", "tandem/internal/sponsor", "tandem/internal/press"},
	"internal/app":         {"tandem/internal/domain", "tandem/internal/storage", "tandem/internal/visit", "tandem/internal/pitch", "tandem/internal/slides", "tandem/internal/office", "tandem/internal/speech", "tandem/internal/recogniser", "tandem/internal/transcriber", "tandem/internal/travel", "tandem/internal/calendar", "tandem/internal/table", "tandem/internal/capability", "tandem/internal/sponsor", "tandem/internal/press"},
	"internal/storage":     {"tandem/internal/domain", "tandem/internal/storage"},
	"internal/visit":       {"tandem/internal/visit", "tandem/internal/domain"},
	"internal/pitch":       {},
	"internal/slides":      {},
	"internal/office":      {},
	"internal/tape":        {},
	"internal/speech":      {},
	"internal/sponsor":     {"tandem/internal/sponsor", "tandem/internal/domain"},
	"internal/press":       {"tandem/internal/sponsor", "tandem/internal/table", "tandem/internal/domain"},
	"internal/recogniser":  {"tandem/internal/speech"},
	"internal/transcriber": {"tandem/internal/speech"},
	"internal/travel":      {"tandem/internal/domain"},
	"internal/calendar":    {"tandem/internal/domain"},
	"internal/table":       {"tandem/internal/domain"},
	"internal/capability":  {"tandem/internal/domain"},
	"internal/domain":      {},
}

// onlyIn are the technologies that one room alone knows.
var onlyIn = map[string][]string{
	"gorm.io":                       {"internal/storage"},
	"github.com/mattn/go-sqlite3":   {"internal/storage"},
	"github.com/jackc/pgx":          {"internal/storage"},
	"github.com/pressly/goose":      {"internal/storage"},
	"github.com/wailsapp":           {"desktop"},
	"github.com/99designs/gqlgen":   {"graph", "internal/web"},
	"github.com/vektah/gqlparser":   {"graph", "internal/web"},
	"github.com/alecthomas/kong":    {".", "desktop"},
	"github.com/xuri/excelize":      {"internal/table"},
	"github.com/arran4/golang-ical": {"internal/calendar"},
	"github.com/emersion/go-ical":   {"internal/calendar"},
	"github.com/mewkiz/flac":        {"internal/speech"},
	"codeberg.org/go-pdf/fpdf":      {"internal/press"},
	"github.com/pdfcpu/pdfcpu":      {"internal/press", "internal/slides"},
	"github.com/gen2brain/malgo":    {"desktop"},
}

// pure are the engines: what they import may not reach a clock, a disk, a network or chance of the machine's own.
var pure = []string{"internal/visit", "internal/pitch", "internal/slides", "internal/speech", "internal/sponsor", "internal/domain"}

// decoders turn bytes into numbers and do nothing else: an engine may use them.
var decoders = []string{"github.com/mewkiz/flac", "github.com/pdfcpu/pdfcpu"}

var impure = []string{"os", "net", "net/http", "math/rand", "crypto/rand", "log", "log/slog", "io/ioutil", "database/sql", "syscall"}

// rules are the floor plan. Each says what is wrong with a file, "" for nothing; breaking is a file that it must catch.
var rules = []struct {
	name     string
	wrong    func(source) string
	breaking [2]string // path, text
}{
	{
		"a room knows only the rooms beneath it",
		func(s source) string {
			if s.test { // a test may stand on more of the house than the room does
				return ""
			}
			allowed, known := mayImport[s.room()]
			if !known {
				return "is in a room that the plan does not have"
			}
			for _, i := range s.imports {
				if ours(i) && !slices.ContainsFunc(allowed, func(a string) bool { return within(i, a) }) {
					return "imports " + i
				}
			}
			return ""
		},
		[2]string{"graph/visit.go", "package graph\nimport _ \"tandem/internal/storage\""},
	},
	{
		"the domain needs Go's own library only",
		func(s source) string {
			for _, i := range s.imports {
				if s.room() == "internal/domain" && !s.test && !standard(i) {
					return "imports " + i
				}
			}
			return ""
		},
		[2]string{"internal/domain/x.go", "package domain\nimport _ \"github.com/google/uuid\""},
	},
	{
		"engines think, and do nothing else",
		func(s source) string {
			if s.test || !slices.Contains(pure, s.room()) {
				return ""
			}
			for _, i := range s.imports {
				if slices.Contains(impure, i) || !standard(i) && !ours(i) && !slices.ContainsFunc(decoders, func(d string) bool { return within(i, d) }) {
					return "imports " + i
				}
			}
			found := ""
			ast.Inspect(s.tree, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok {
					x, ok := sel.X.(*ast.Ident)
					if !ok {
						return true
					}
					clock := x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "After", "Sleep", "NewTimer", "NewTicker", "Tick"}, sel.Sel.Name)
					chance := x.Name == "rand" && !slices.Contains([]string{"New", "NewPCG", "Rand", "PCG", "Source"}, sel.Sel.Name) // a seeded one is no chance
					if clock || chance {
						found = "asks " + x.Name + "." + sel.Sel.Name
					}
				}
				return true
			})
			return found
		},
		[2]string{"internal/visit/x.go", "package visit\nimport \"time\"\nvar now = time.Now()"},
	},
	{
		"the checker shares no code with the engine that it checks",
		func(s source) string {
			for _, i := range s.imports {
				if s.folder == "internal/visit/check" && !s.test && ours(i) {
					return "imports " + i
				}
			}
			return ""
		},
		[2]string{"internal/visit/check/x.go", "package check\nimport _ \"tandem/internal/visit\""},
	},
	{
		"the attacker knows the catalogue, and nothing else of what releases figures",
		func(s source) string {
			for _, i := range s.imports {
				if s.folder == "internal/sponsor/attack" && !s.test && ours(i) && i != "tandem/internal/sponsor/catalogue" {
					return "imports " + i
				}
			}
			return ""
		},
		[2]string{"internal/sponsor/attack/x.go", "package attack\nimport _ \"tandem/internal/sponsor\""},
	},
	{
		"each technology stays in its room",
		func(s source) string {
			for _, i := range s.imports {
				for pkg, rooms := range onlyIn {
					if s.test && pkg != "gorm.io" { // a test may make the files, or hold the other end, of what it tests
						continue
					}
					if within(i, pkg) && !slices.Contains(rooms, s.room()) {
						return "imports " + i
					}
				}
			}
			return ""
		},
		[2]string{"internal/app/x.go", "package app\nimport _ \"gorm.io/gorm\""},
	},
	{
		"only change writes, and what keeps a job's state",
		func(s source) string {
			if s.test || s.room() == "internal/storage" || slices.Contains(writers, s.String()) {
				return ""
			}
			found := ""
			ast.Inspect(s.tree, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					if write, ok := call.Fun.(*ast.SelectorExpr); ok && write.Sel.Name == "Write" {
						if of, ok := write.X.(*ast.SelectorExpr); ok && of.Sel.Name == "store" {
							found = "writes to the store"
						}
						if of, ok := write.X.(*ast.Ident); ok && of.Name == "store" {
							found = "writes to the store"
						}
					}
				}
				return true
			})
			return found
		},
		[2]string{"internal/app/visit.go", "package app\nfunc (a *App) x() { a.store.Write(nil, nil, nil, nil) }"},
	},
	{
		"names say what a thing is",
		func(s source) string {
			for _, word := range []string{"util", "utils", "helper", "helpers", "manager", "common", "misc"} {
				if s.tree.Name.Name == word || strings.TrimSuffix(s.name, ".go") == word {
					return "is named " + word
				}
			}
			found := ""
			if s.folder != "graph/generated" {
				ast.Inspect(s.tree, func(n ast.Node) bool {
					if t, ok := n.(*ast.TypeSpec); ok && (strings.HasSuffix(t.Name.Name, "Impl") || strings.HasSuffix(t.Name.Name, "Manager") || strings.HasSuffix(t.Name.Name, "Helper")) {
						found = "has a type " + t.Name.Name
					}
					return true
				})
			}
			return found
		},
		[2]string{"internal/app/x.go", "package app\ntype planImpl struct{}"},
	},
}

// writers are the files that may begin a writing transaction.
var writers = []string{"internal/app/change.go", "internal/app/visit_planning.go", "internal/app/visit_deciding.go", "internal/app/listen.go"}

func TestTheHouseFollowsItsPlan(t *testing.T) {
	all := sources(t)
	for _, rule := range rules {
		t.Run(rule.name, func(t *testing.T) {
			for _, s := range all {
				if wrong := rule.wrong(s); wrong != "" {
					t.Errorf("%s %s", s, wrong)
				}
			}
			broken, err := read(rule.breaking[0], rule.breaking[1])
			if err != nil {
				t.Fatal(err)
			}
			if rule.wrong(broken) == "" {
				t.Errorf("control: %s is not caught:\n%s", broken, rule.breaking[1])
			}
		})
	}
}

// TestTheVersionsThatMustNotSlip reads go.mod: a bare tidy would take an older Wails, and the driver's own default is a
// SQLite with the WAL-reset bug.
func TestTheVersionsThatMustNotSlip(t *testing.T) {
	text, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if err := pinned(string(text)); err != nil {
		t.Error(err)
	}
	if pinned(strings.ReplaceAll(string(text), "wails/v2 v2.16.0", "wails/v2 v2.9.2")) == nil {
		t.Error("control: an older Wails is not noticed")
	}
}

func pinned(mod string) error {
	for _, want := range []string{"github.com/wailsapp/wails/v2 v2.16.0", "github.com/mattn/go-sqlite3 v1.14.53", "github.com/99designs/gqlgen v0.17.98"} {
		if !slices.ContainsFunc(strings.Split(mod, "\n"), func(line string) bool {
			return strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(line), "// indirect")) == want
		}) {
			return fmt.Errorf("go.mod does not require %s", want)
		}
	}
	return nil
}
