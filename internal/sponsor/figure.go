package sponsor

import (
	"slices"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/sponsor/catalogue"
)

// State is how a value stands.
type State string

// The states of a value.
const (
	Shown    State = "SHOWN"     // one number
	Ranged   State = "RANGE"     // all from Low to High, both included
	NotShown State = "NOT_SHOWN" // a group under ten
	NotYet   State = "NOT_YET"   // nothing has been counted so far
)

// Value is what every surface tells of a number. Text is how people read it; Low and High are the number itself where it is
// shown as one. N is the public number of people or things that it is out of, nil where it is out of nothing public. P is the
// step's name in the ledger, nil where the value is no label of its own.
type Value struct {
	State State
	Low   float64
	High  float64
	N     *int
	P     *int
	Text  string
}

// Cell is a value of a figure's table. ID is KEY/row/column, the same in every brief of the cohort; Row and Column are for
// people.
type Cell struct {
	ID     string
	Row    string
	Column string
	Value  Value
}

// Figure is a figure of a brief. AsOf is the day whose facts it tells, which for ratings is the day on which they closed.
type Figure struct {
	Key     catalogue.Key
	Number  int
	Label   string
	Unit    string
	Basis   string
	Method  string
	Explain string   // the facts as one plain sentence, from what is printed alone
	Sources []string // of factors from outside
	AsOf    domain.Date
	Value   Value
	Cells   []Cell
}

// Cell is the cell of a row and a column, by their keys; nil where there is none.
func (f *Figure) Cell(row, column string) *Cell {
	id := string(f.Key) + "/" + row + "/" + column
	if i := slices.IndexFunc(f.Cells, func(c Cell) bool { return c.ID == id }); i >= 0 {
		return &f.Cells[i]
	}
	return nil
}

// Rows are the keys of the table's rows, in order.
func (f *Figure) Rows() []string {
	var rows []string
	for _, c := range f.Cells {
		if r := c.row(); !slices.Contains(rows, r) {
			rows = append(rows, r)
		}
	}
	return rows
}

// Columns are the keys of the table's columns, in order.
func (f *Figure) Columns() []string {
	var columns []string
	for _, c := range f.Cells {
		if k := c.column(); !slices.Contains(columns, k) {
			columns = append(columns, k)
		}
	}
	return columns
}

func (c Cell) row() string {
	row, _ := strings.CutSuffix(c.ID, "/"+c.column())
	_, row, _ = strings.Cut(row, "/")
	return row
}

func (c Cell) column() string { return c.ID[strings.LastIndexByte(c.ID, '/')+1:] }

// Find is a brief's figure of a key; nil where it has none.
func Find(figures []Figure, k catalogue.Key) *Figure {
	if i := slices.IndexFunc(figures, func(f Figure) bool { return f.Key == k }); i >= 0 {
		return &figures[i]
	}
	return nil
}
