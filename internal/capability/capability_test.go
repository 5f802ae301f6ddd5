package capability

import (
	"slices"
	"strings"
	"testing"
)

func TestSkillsAreThePublishedNames(t *testing.T) {
	names := Skills()
	if len(names) < 150 {
		t.Fatalf("%d skills", len(names))
	}
	if !slices.Contains(names, "User research methods") || !slices.Contains(names, "Applied maths, statistics and scientific practices") {
		t.Fatal("a published name is missing")
	}
	seen := map[string]bool{}
	for _, n := range names {
		if n != strings.TrimSpace(n) || n == "" || seen[strings.ToLower(n)] {
			t.Errorf("%q is blank, padded or there twice", n)
		}
		seen[strings.ToLower(n)] = true
	}
}
