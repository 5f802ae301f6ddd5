package main

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
)

// TestVerifyBriefNamesWhatWasAltered re-runs the receipts of the sample's briefs. Untouched, all are equal; with one stored row
// altered, the figure that it belongs to is named and the command ends with 1.
func TestVerifyBriefNamesWhatWasAltered(t *testing.T) {
	folder := t.TempDir()
	if out, said, code := tandem(t, "verify-brief", "--sample", "--data", folder); code != 0 || strings.Count(out, "  equal") != 3*14 {
		t.Fatalf("control: untouched it ends with %d\n%s%s", code, out, said)
	}
	db, err := sql.Open("sqlite3", filepath.Join(folder, "tandem.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, c := range []struct{ name, change, back, says string }{
		{"a frozen fact", `UPDATE brief_facts SET fact = replace(fact, 'FRAMED', 'TESTED') WHERE id = (SELECT MIN(id) FROM brief_facts WHERE part = 'milestone' AND brief_id = (SELECT id FROM sponsor_briefs WHERE number = 2))`,
			`UPDATE brief_facts SET fact = replace(fact, 'TESTED', 'FRAMED') WHERE part = 'milestone' AND brief_id = (SELECT id FROM sponsor_briefs WHERE number = 2)`, "MILESTONES of brief 2"},
		{"a line of the ledger", `UPDATE brief_values SET told = replace(told, '37 of 38', '38 of 38') WHERE figure = 'RETAINED' AND cell = '' AND brief_id = (SELECT id FROM sponsor_briefs WHERE number = 3)`,
			`UPDATE brief_values SET told = replace(told, '38 of 38', '37 of 38') WHERE figure = 'RETAINED' AND cell = '' AND brief_id = (SELECT id FROM sponsor_briefs WHERE number = 3)`, "RETAINED of brief 3"},
		{"a rating behind a range", `UPDATE brief_facts SET fact = replace(fact, '"Level":1', '"Level":0') WHERE id = (SELECT MIN(id) FROM brief_facts WHERE part = 'rating' AND fact LIKE '%SELF_PRE%"Level":1%' AND brief_id = (SELECT id FROM sponsor_briefs WHERE number = 3))`,
			"", "the rows of brief 3"},
	} {
		if r, err := db.Exec(c.change); err != nil {
			t.Fatal(err)
		} else if n, _ := r.RowsAffected(); n != 1 {
			t.Fatalf("%s: %d rows altered", c.name, n)
		}
		out, said, code := tandem(t, "verify-brief", "--data", folder)
		if code != 1 || !strings.Contains(said, c.says) {
			t.Errorf("%s altered: it ends with %d and says %s\n%s", c.name, code, said, out)
		}
		if strings.Count(out, "  equal") < 3*14-1 {
			t.Errorf("%s altered: other figures are blamed too\n%s", c.name, out)
		}
		if _, err := db.Exec(c.back); err != nil {
			t.Fatal(err)
		}
	}
}
