// Package table reads the CSV files and XLSX workbooks that people really have into rows under headings, and writes
// files that it reads back the same. What a file is, it learns from its bytes and never from its name; a file that it
// cannot read rightly, it refuses with a sentence that says what to do. It is pure, and safe on hostile input.
package table

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"tandem/internal/domain"
)

// What a file may hold at most; beyond, Read refuses it.
const (
	MaxRows     = 100_000
	MaxColumns  = 100
	MaxCell     = 32 << 10  // bytes of UTF-8
	MaxCells    = 2_000_000 // cells that are not empty
	MaxUnzipped = 128 << 20 // bytes of all parts of a workbook together
)

// Options say what to look for in a file.
type Options struct {
	Sheet string   // of a workbook, in either case; "" is the sheet whose headings are known best, the first of equals
	Known []Target // the headings that tell the heading row, the delimiter and the sheet; none is allowed
}

// Table is what a file holds: rows under headings.
type Table struct {
	Reading  Reading
	Columns  []string // never empty and no two alike: a blank heading becomes "Column C", a second Name "Name (2)"
	Rows     []Row    // below the headings and not blank, in the file's order
	Problems []Problem
}

// Reading is how a file was understood.
type Reading struct {
	Encoding     string   // "UTF-8", "UTF-8 with BOM", "UTF-16" or "Windows-1252"; "" for a workbook
	Delimiter    string   // "" for a workbook
	Sheet        string   // "" for a text file
	Sheets       []string // the workbook's visible sheets, in its order
	HeaderRow    int      // counted from 1, as a spreadsheet shows it
	FormulaCells int      // cells with a formula, of which the last value was taken
}

// Row is one row of the file, with as many cells as the table has columns, trimmed; "" is an empty cell.
type Row struct {
	Number int // counted from 1, as a spreadsheet shows it; blank and heading rows count
	Cells  []string
}

// Problem is a cell that could not be read rightly. Row and Column are counted from 1.
type Problem struct {
	Row, Column int
	Kind        ProblemKind
	Message     string // what is wrong and what to do, for a person
}

// ProblemKind is what is wrong with a cell.
type ProblemKind string

const (
	FormulaWithoutValue ProblemKind = "FORMULA_WITHOUT_VALUE" // the cell reads as empty
	ErrorValue          ProblemKind = "ERROR_VALUE"           // such as #N/A; the cell reads as empty
	UnreadableCharacter ProblemKind = "UNREADABLE_CHARACTER"  // replaced
	NoSuchDay           ProblemKind = "NO_SUCH_DAY"           // a date serial that is no day; the cell holds the number
)

// Read reads a file. The name serves messages only. The error is a domain fault of kind invalid whose message tells a
// person what the file looks like and what to do; nothing is half-read.
func Read(name string, data []byte, opts Options) (Table, error) {
	if what := foreign(data); what != "" {
		return Table{}, refuse("%q looks like %s. Save it as CSV or XLSX and choose it again.", name, what)
	}
	if isZip(data) {
		return readWorkbook(name, data, opts)
	}
	return readText(name, data, opts)
}

func refuse(format string, args ...any) error { return domain.Invalid(fmt.Sprintf(format, args...)) }

// grid is a sheet before anyone knows where its headings are: rows that are not blank, ragged.
type grid struct {
	rows     []Row
	problems []Problem
	formulas int
	cells    int
}

// add takes a row in if it is not blank, and refuses what is over a limit.
func (g *grid) add(name string, row Row) error {
	last := 0
	for i := range row.Cells {
		text, unreadable := clean(row.Cells[i])
		if unreadable {
			g.problems = append(g.problems, Problem{row.Number, i + 1, UnreadableCharacter,
				"A character could not be read. Type it again, or save the file as CSV UTF-8."})
		}
		row.Cells[i] = text
		if text == "" {
			continue
		}
		last = i + 1
		if g.cells++; g.cells > MaxCells {
			return refuse("%q has more than %d filled cells. Split it into several files.", name, MaxCells)
		}
		if len(text) > MaxCell {
			return refuse("%q: the cell in row %d, column %s is longer than %d KiB. Shorten it, or look for a quotation mark that never closes.",
				name, row.Number, columnLetters(i+1), MaxCell>>10)
		}
	}
	if last == 0 {
		return nil
	}
	if last > MaxColumns {
		return refuse("%q has more than %d columns: row %d reaches column %s. Delete the columns that are not needed.",
			name, MaxColumns, row.Number, columnLetters(last))
	}
	row.Cells = row.Cells[:last]
	// Headings and titles come on top of the rows that a file may have.
	if len(g.rows) >= MaxRows+headingRowsSearched {
		return tooManyRows(name)
	}
	g.rows = append(g.rows, row)
	return nil
}

func tooManyRows(name string) error {
	return refuse("%q has more than %d rows. Split it into several files.", name, MaxRows)
}

// clean trims a cell and gives every line break one form. Control characters become spaces.
func clean(s string) (text string, unreadable bool) {
	if strings.Contains(s, "\r") {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	control := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
	if strings.IndexFunc(s, control) >= 0 {
		unreadable = true
		s = strings.Map(func(r rune) rune {
			if control(r) {
				return ' '
			}
			return r
		}, s)
	}
	return strings.TrimSpace(s), unreadable || strings.ContainsRune(s, utf8.RuneError)
}

// table finds the headings of a grid and lays its rows under them.
func (g *grid) table(name string, reading Reading, known []Target) (Table, error) {
	if len(g.rows) == 0 {
		return Table{}, refuse("%q holds no rows.", name)
	}
	at, _ := headingRow(g.rows, known)
	headings, rows := g.rows[at], g.rows[at+1:]
	if len(rows) > MaxRows {
		return Table{}, tooManyRows(name)
	}
	width := len(headings.Cells)
	for _, row := range rows {
		width = max(width, len(row.Cells))
	}
	reading.HeaderRow, reading.FormulaCells = headings.Number, g.formulas
	t := Table{Reading: reading, Columns: columnNames(headings.Cells, width), Rows: rows}
	for i := range rows {
		if short := width - len(rows[i].Cells); short > 0 {
			rows[i].Cells = append(slices.Clip(rows[i].Cells), make([]string, short)...)
		}
	}
	for _, p := range g.problems {
		if p.Row > headings.Number {
			t.Problems = append(t.Problems, p)
		}
	}
	return t, nil
}

const headingRowsSearched = 50

// headingRow is the index of the row that holds the headings, and how many of them are known. It is the row of which
// most is known; where nothing is, the first of words that are all different and nearly as many as any row has cells.
func headingRow(rows []Row, known []Target) (at, hits int) {
	rows = rows[:min(len(rows), headingRowsSearched)]
	fullest := 0
	for i, row := range rows {
		if n := len(Guess(row.Cells, known)); n > hits {
			at, hits = i, n
		}
		fullest = max(fullest, filled(row.Cells))
	}
	if hits > 0 {
		return at, hits
	}
	for i, row := range rows {
		if 5*words(row.Cells) >= 3*fullest {
			return i, 0
		}
	}
	return 0, 0
}

func filled(cells []string) int {
	n := 0
	for _, cell := range cells {
		if cell != "" {
			n++
		}
	}
	return n
}

// words counts the cells of a row that could be headings: 0 where one is a number, a day, or the same as another.
func words(cells []string) int {
	n := 0
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		if _, err := strconv.ParseFloat(cell, 64); err == nil || slices.Contains(cells[:i], cell) {
			return 0
		}
		if _, err := ParseDate(cell, DayMonthYear); err == nil {
			return 0
		}
		n++
	}
	return n
}

func columnNames(headings []string, width int) []string {
	names, seen := make([]string, width), map[string]bool{}
	for i := range names {
		name := "Column " + columnLetters(i+1)
		if i < len(headings) && headings[i] != "" {
			name = strings.Join(strings.Fields(headings[i]), " ")
		}
		unique := name
		for n := 2; seen[strings.ToLower(unique)]; n++ {
			unique = fmt.Sprintf("%s (%d)", name, n)
		}
		seen[strings.ToLower(unique)] = true
		names[i] = unique
	}
	return names
}

// columnLetters names a column, counted from 1, as a spreadsheet does: A, B, … Z, AA.
func columnLetters(n int) string {
	var letters string
	for ; n > 0; n = (n - 1) / 26 {
		letters = string(rune('A'+(n-1)%26)) + letters
	}
	return letters
}
