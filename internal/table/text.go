package table

import (
	"bytes"
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func readText(name string, data []byte, opts Options) (Table, error) {
	text, encoding, err := decode(name, data)
	if err != nil {
		return Table{}, err
	}
	delimiter, first := byte(0), 1
	// Excel's own hint on the first line.
	if rest, found := strings.CutPrefix(text, "sep="); found && len(rest) > 1 && (rest[1] == '\r' || rest[1] == '\n') {
		delimiter, first = rest[0], 2
		text = strings.TrimPrefix(strings.TrimPrefix(rest[1:], "\r"), "\n")
	}
	if delimiter == 0 {
		delimiter = guessDelimiter(text, opts.Known)
	}
	var g grid
	unclosed, err := eachRecord(text, delimiter, func(number int, cells []string) error {
		for i := range cells {
			cells[i] = unguard(strings.TrimSpace(cells[i]))
		}
		return g.add(name, Row{number + first - 1, cells})
	})
	if err != nil {
		return Table{}, err
	}
	if unclosed > 0 {
		return Table{}, refuse("%q: a quotation mark in row %d never closes. Close it, or delete it.", name, unclosed+first-1)
	}
	return g.table(name, Reading{Encoding: encoding, Delimiter: string(rune(delimiter))}, opts.Known)
}

// decode makes UTF-8 of a file's bytes. Without a byte-order mark it is UTF-8 where every byte fits, else Windows-1252:
// text in that encoding with a letter outside ASCII is hardly ever valid UTF-8 too.
func decode(name string, data []byte) (text, encoding string, err error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		text, encoding = string(data[3:]), "UTF-8 with BOM"
		if !utf8.ValidString(text) {
			text = strings.ToValidUTF8(text, "\uFFFD")
		}
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		wide, err := unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", "", refuse("%q begins as UTF-16 text and does not go on so. Save it as CSV UTF-8.", name)
		}
		text, encoding = string(wide), "UTF-16"
	case utf8.Valid(data):
		text, encoding = string(data), "UTF-8"
	default:
		narrow, err := charmap.Windows1252.NewDecoder().Bytes(data)
		if err != nil {
			return "", "", refuse("%q is no text. Save it as CSV UTF-8 or XLSX.", name)
		}
		text, encoding = string(narrow), "Windows-1252"
	}
	if at := strings.IndexByte(text, 0); at >= 0 {
		return "", "", refuse("%q holds a NUL character in line %d, so it is damaged or no text. Save it again as CSV UTF-8 or XLSX.",
			name, 1+strings.Count(text[:at], "\n"))
	}
	return text, encoding, nil
}

// guessDelimiter picks the delimiter under which most headings are known; of equals, the one under which most rows have
// the same number of cells, then the one that gives more cells.
func guessDelimiter(text string, known []Target) byte {
	type fit struct{ hits, same, width int }
	const sampleBytes, sampleRows = 64 << 10, 200
	whole := len(text) <= sampleBytes
	if !whole {
		text = strings.ToValidUTF8(text[:sampleBytes], "")
	}
	best, bestFit := byte(','), fit{}
	for _, delimiter := range []byte{',', ';', '\t', '|'} {
		var rows []Row
		_, _ = eachRecord(text, delimiter, func(number int, cells []string) error {
			if strings.TrimSpace(strings.Join(cells, "")) == "" {
				return nil
			}
			if rows = append(rows, Row{number, cells}); len(rows) > sampleRows {
				return errEnough
			}
			return nil
		})
		if !whole && len(rows) > 1 {
			rows = rows[:len(rows)-1] // cut off somewhere
		}
		var f fit
		counts := map[int]int{}
		for _, row := range rows {
			width := len(row.Cells)
			if width < 2 {
				continue
			}
			counts[width]++
			if n := counts[width]; n > f.same || (n == f.same && width > f.width) {
				f.same, f.width = n, width
			}
		}
		_, f.hits = headingRow(rows, known)
		if f.hits > bestFit.hits ||
			f.hits == bestFit.hits && (f.same > bestFit.same || f.same == bestFit.same && f.width > bestFit.width) {
			best, bestFit = delimiter, f
		}
	}
	return best
}

var errEnough = errors.New("enough rows to judge by")

// eachRecord calls do for each record of delimited text, numbered from 1, blank ones included: the number that a
// spreadsheet shows. A cell that begins with a quotation mark may hold delimiters, line breaks and doubled marks; what
// follows its closing mark is taken as it stands, and so is a mark inside a bare cell. A line ends with LF, CRLF or CR.
// It stops at do's error; unclosed is the record whose quotation mark never closes, else 0.
func eachRecord(text string, delimiter byte, do func(number int, cells []string) error) (unclosed int, err error) {
	for number := 1; text != ""; number++ {
		var cells []string
		for ended := false; !ended; {
			var cell string
			quoted := false
			if marked := strings.TrimLeft(text, " "); strings.HasPrefix(marked, `"`) {
				var closed bool
				if cell, text, closed = cutQuoted(marked[1:]); !closed {
					return number, nil
				}
				quoted = true
			}
			end := strings.IndexFunc(text, func(r rune) bool { return r == rune(delimiter) || r == '\n' || r == '\r' })
			if end < 0 {
				end = len(text)
			}
			bare := text[:end]
			if quoted && strings.TrimSpace(bare) == "" {
				bare = ""
			}
			cell += bare
			text = text[end:]
			cells = append(cells, cell)
			switch {
			case text == "":
				ended = true
			case text[0] == delimiter:
				text = text[1:]
				if text == "" { // a delimiter at the very end opens one more, empty cell
					cells, ended = append(cells, ""), true
				}
			default:
				text = strings.TrimPrefix(strings.TrimPrefix(text, "\r"), "\n")
				ended = true
			}
		}
		if err := do(number, cells); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// cutQuoted reads up to the closing quotation mark, and returns what follows it.
func cutQuoted(text string) (cell, rest string, closed bool) {
	var b strings.Builder
	for {
		end := strings.IndexByte(text, '"')
		if end < 0 {
			return "", "", false
		}
		b.WriteString(text[:end])
		if text = text[end+1:]; !strings.HasPrefix(text, `"`) {
			return b.String(), text, true
		}
		b.WriteByte('"')
		text = text[1:]
	}
}
