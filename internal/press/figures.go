package press

import (
	"io"
	"strconv"

	"tandem/internal/sponsor"
	"tandem/internal/table"
)

// Columns are the headings of CSV.
var Columns = []string{"number", "key", "figure", "row", "column", "state", "low", "high", "n", "value", "unit", "as of", "data version"}

// CSV writes the figures of a brief, each followed by the cells of its table. Low and high are empty where nothing is shown, n
// where it is not public.
func CSV(w io.Writer, b sponsor.Brief) error {
	var rows [][]string
	for _, f := range b.Figures {
		line := func(row, column string, v sponsor.Value) {
			low, high, n := "", "", ""
			if v.State == sponsor.Shown || v.State == sponsor.Ranged {
				low, high = strconv.FormatFloat(v.Low, 'f', -1, 64), strconv.FormatFloat(v.High, 'f', -1, 64)
			}
			if v.N != nil {
				n = strconv.Itoa(*v.N)
			}
			rows = append(rows, []string{strconv.Itoa(f.Number), string(f.Key), f.Label, row, column, string(v.State), low, high, n, v.Text, f.Unit, string(f.AsOf), strconv.FormatInt(b.DataVersion, 10)})
		}
		line("", "", f.Value)
		for _, c := range f.Cells {
			line(c.Row, c.Column, c.Value)
		}
	}
	text, err := table.WriteCSV(Columns, rows)
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}
