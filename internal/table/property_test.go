package table

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tandem/internal/domain"
)

// What is written is read back the same, in both formats, whatever the cells hold but outer space and line breaks of
// another form.
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringOfN(rapid.RuneFrom([]rune("ab1 ,;|\t\"'=+-@\nŁ€_x0041")), 0, 12, -1)
		filled := rapid.Map(cell, func(s string) string { return "x" + s + "x" })
		columns := []string{"first", "second", "third"}
		rows := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) []string {
			return []string{filled.Draw(t, "a"), strings.TrimSpace(cell.Draw(t, "b")), strings.TrimSpace(cell.Draw(t, "c"))}
		}), 1, 8).Draw(t, "rows")
		asCSV, err := WriteCSV(columns, rows)
		if err != nil {
			t.Fatal(err)
		}
		asXLSX, err := WriteXLSX("S", columns, rows)
		if err != nil {
			t.Fatal(err)
		}
		known := []Target{{Name: "first"}, {Name: "second"}, {Name: "third"}}
		for _, data := range [][]byte{asCSV, asXLSX} {
			got, err := Read("f", data, Options{Known: known})
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Rows) != len(rows) {
				t.Fatalf("%d rows became %d", len(rows), len(got.Rows))
			}
			for i, row := range got.Rows {
				if strings.Join(row.Cells, "\x00") != strings.Join(rows[i], "\x00") {
					t.Fatalf("wrote %q, read %q (%q)", rows[i], row.Cells, got.Reading.Encoding)
				}
			}
		}
	})
}

// holds checks what Read promises of any bytes: a table within its limits, or a refusal for a person.
func holds(t *testing.T, data []byte) {
	got, err := Read("file", data, Options{Known: []Target{{Name: "name"}, {Name: "email"}}})
	if err != nil {
		if !errors.Is(err, domain.ErrInvalid) {
			t.Fatalf("no refusal but %v", err)
		}
		return
	}
	seen := map[string]bool{}
	for _, c := range got.Columns {
		if c == "" || seen[strings.ToLower(c)] {
			t.Fatalf("columns %q", got.Columns)
		}
		seen[strings.ToLower(c)] = true
	}
	last := got.Reading.HeaderRow
	for _, row := range got.Rows {
		if len(row.Cells) != len(got.Columns) {
			t.Fatalf("row %d has %d cells under %d columns", row.Number, len(row.Cells), len(got.Columns))
		}
		if len(got.Reading.Sheets) == 0 && row.Number <= last {
			t.Fatalf("row %d comes after row %d", row.Number, last)
		}
		if strings.TrimSpace(strings.Join(row.Cells, "")) == "" {
			t.Fatalf("row %d is blank", row.Number)
		}
		last = row.Number
	}
	if len(got.Columns) > MaxColumns || len(got.Rows) > MaxRows {
		t.Fatalf("%d columns, %d rows", len(got.Columns), len(got.Rows))
	}
}

func FuzzRead(f *testing.F) {
	book, err := WriteXLSX("S", []string{"name", "email"}, [][]string{{"Anna", "a@example.org"}})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		"name,email\nAnna,a@example.org\n", "name;email\r\n\"An\"\"na\";x\r\n", "\xef\xbb\xbfname\temail\n", "\xff\xfen\x00a\x00", "sep=;\na;b",
		"n\xe4me,x\n", "\"", ",\n,", "'=1,'", string(book), string(rawWorkbook("<worksheet><sheetData/></worksheet>")), "PK\x03\x04",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(holds)
}

// FuzzSheet fuzzes what lies inside a workbook, which random bytes never reach through the zip.
func FuzzSheet(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row><row r="9"><c><f>A1</f></c><c s="1"><v>43503.5</v></c></row>`)
	f.Add(`<row><c t="e"><v>#N/A</v></c><c t="b"><v>1</v></c><c t="d"><v>2019-02-07T00:00:00</v></c><c t="s"><v>0</v></c></row>`)
	f.Fuzz(func(t *testing.T, rows string) {
		holds(t, rawWorkbook("<worksheet><sheetData>"+rows+"</sheetData></worksheet>"))
	})
}

func FuzzParseDates(f *testing.F) {
	for _, seed := range []string{"7/2/2019", "Thu 7 Feb 2019", "2019-03-04..2019-03-08", "7–9 Feb 2019; 43503", "Feb 7, 2019"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		for _, order := range []DateOrder{DayMonthYear, MonthDayYear, YearMonthDay} {
			days, err := ParseDates(cell, order)
			if err != nil {
				continue
			}
			for i, d := range days {
				if again, err := domain.ParseDate(string(d)); err != nil || again != d || i > 0 && days[i-1] >= d {
					t.Fatalf("%q gives %v", cell, days)
				}
			}
		}
	})
}
