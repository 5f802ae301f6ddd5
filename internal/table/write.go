package table

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
)

// WriteCSV writes rows under headings as UTF-8 with a byte-order mark, so that spreadsheets read every letter, with
// commas and CRLF. A cell that a spreadsheet would run as a formula is guarded by an apostrophe, which Read takes off
// again; numbers stay numbers.
func WriteCSV(columns []string, rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\xef\xbb\xbf")
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	for i, row := range append([][]string{columns}, rows...) {
		if len(row) != len(columns) {
			return nil, fmt.Errorf("row %d has %d cells under %d headings", i, len(row), len(columns))
		}
		guarded := make([]string, len(row))
		for j, cell := range row {
			guarded[j] = guard(cell)
		}
		if err := w.Write(guarded); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// WriteXLSX writes rows under headings as a workbook of one sheet. Every cell is text, so no cell can be a formula and
// no code loses its zeros.
func WriteXLSX(sheet string, columns []string, rows [][]string) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return nil, err
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	w, err := f.NewStreamWriter(sheet)
	if err != nil {
		return nil, err
	}
	for i, column := range columns {
		if err := w.SetColWidth(i+1, i+1, float64(min(40, max(12, utf8.RuneCountInString(column)+2)))); err != nil {
			return nil, err
		}
	}
	if err := w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	for i, row := range append([][]string{columns}, rows...) {
		if len(row) != len(columns) {
			return nil, fmt.Errorf("row %d has %d cells under %d headings", i, len(row), len(columns))
		}
		cells := make([]any, len(row))
		for j, cell := range row {
			if n := len(utf16.Encode([]rune(cell))); n > excelize.TotalCellChars { // the library would cut it short in silence
				return nil, fmt.Errorf("row %d, column %s: a workbook's cell holds %d characters, not %d", i, columnLetters(j+1), excelize.TotalCellChars, n)
			}
			cells[j] = excelize.Cell{Value: cell}
			if i == 0 {
				cells[j] = excelize.Cell{Value: cell, StyleID: bold}
			}
		}
		if err := w.SetRow(fmt.Sprintf("A%d", i+1), cells); err != nil {
			return nil, err
		}
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

var number = regexp.MustCompile(`^[+-]?\d+([.,]\d+)?$`)

// dangerous says whether a cell, behind any apostrophes, begins as a formula does.
func dangerous(cell string) bool {
	behind := strings.TrimLeft(cell, "'")
	return behind != "" && strings.ContainsAny(behind[:1], "=+-@\t\r\n") || hasWideSign(behind)
}

func hasWideSign(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return strings.ContainsRune("＝＋－＠", r)
}

func guard(cell string) string {
	if dangerous(cell) && !number.MatchString(cell) {
		return "'" + cell
	}
	return cell
}

func unguard(cell string) string {
	if strings.HasPrefix(cell, "'") && dangerous(cell) {
		return cell[1:]
	}
	return cell
}
