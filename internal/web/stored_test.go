package web

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

// contract is the product's schema, read from where it is written.
func contract(t testing.TB) *ast.Schema {
	t.Helper()
	files, _ := filepath.Glob("../../graph/schema/*.graphqls")
	var sources []*ast.Source
	for _, file := range append([]string{"../../schema.graphqls"}, files...) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, &ast.Source{Name: file, Input: string(text)})
	}
	return gqlparser.MustLoadSchema(sources...)
}

func TestStoredOperationsFitTheLimits(t *testing.T) {
	schema := contract(t)
	files, err := filepath.Glob("../../graph/operations/*.graphql")
	if err != nil || len(files) < 10 {
		t.Fatal(len(files), "operations", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: string(text)}, maxTokens/5)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		for _, op := range doc.Operations {
			e, _ := measure(schema, doc, op, nil)
			t.Logf("%-22s fields %4d, aliases %2d, depth %2d, cost %6d", strings.TrimSuffix(filepath.Base(file), ".graphql"), e.fields, e.aliases, e.depth, e.cost(listSize))
			if e.fields > maxFields/5 || e.aliases > maxAliases/5 || e.depth > maxDepth/2 || e.cost(listSize) > maxCost/2 {
				t.Errorf("%s comes near a limit", file)
			}
		}
	}
}
