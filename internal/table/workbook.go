package table

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"

	"tandem/internal/domain"
)

// readWorkbook reads an XLSX workbook (ECMA-376, strict or transitional) as a stream: no part is held whole but the
// shared strings, nothing is written to disk, and the bytes really unzipped are counted, whatever the archive claims.
func readWorkbook(name string, data []byte, opts Options) (Table, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return Table{}, refuse("%q is a damaged workbook or archive. Save it again as XLSX or CSV.", name)
	}
	b := &workbook{name: name, parts: map[string]*zip.File{}, left: MaxUnzipped}
	var claimed uint64
	for _, f := range archive.File {
		b.parts[strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))] = f
		size := f.UncompressedSize64
		bomb := size > 8<<20 && size/max(1, f.CompressedSize64) > 250 // real sheets pack 5 to 50 times
		if claimed += size; bomb || size > MaxUnzipped || claimed > MaxUnzipped {
			return Table{}, b.tooBig()
		}
	}
	if what := b.foreign(); what != "" {
		return Table{}, refuse("%q looks like %s. Save it as XLSX or CSV and choose it again.", name, what)
	}
	t, err := b.read(opts)
	switch {
	case errors.Is(err, errTooBig):
		return Table{}, b.tooBig()
	case err != nil && !errors.Is(err, domain.ErrInvalid): // the bytes are in memory: nothing but damage can fail
		return Table{}, refuse("%q is a damaged workbook. Save it again as XLSX or CSV.", name)
	}
	return t, err
}

var (
	errTooBig  = errors.New("unzips to too much")
	errDamaged = errors.New("damaged")
)

type workbook struct {
	name    string
	parts   map[string]*zip.File
	left    int64 // bytes that may still be unzipped
	strings []string
	formats []numberFormat // by cell style
	is1904  bool
}

func (b *workbook) tooBig() error {
	return refuse("%q unzips to more than %d MB. Delete the pictures and sheets that are not needed, or save the sheet as CSV.", b.name, MaxUnzipped>>20)
}

// foreign names what else a zip archive is; "" for a workbook.
func (b *workbook) foreign() string {
	switch {
	case b.parts["xl/workbook.bin"] != nil:
		return "a binary workbook (XLSB)"
	case b.parts["word/document.xml"] != nil:
		return "a Word document"
	case b.parts["ppt/presentation.xml"] != nil:
		return "a presentation"
	case b.parts["content.xml"] != nil && b.parts["mimetype"] != nil:
		return "an OpenDocument file (such as ODS)"
	case b.parts["[content_types].xml"] == nil:
		return "a zip archive"
	}
	return ""
}

func (b *workbook) read(opts Options) (Table, error) {
	at, err := b.related("", "officeDocument")
	if err != nil {
		return Table{}, err
	}
	if len(at) != 1 {
		return Table{}, errDamaged
	}
	book := at[0].target
	sheets, err := b.sheets(book)
	if err != nil {
		return Table{}, err
	}
	if err := b.readStyles(book); err != nil {
		return Table{}, err
	}
	if err := b.readStrings(book); err != nil {
		return Table{}, err
	}

	var shown []string
	for _, s := range sheets {
		if !s.hidden {
			shown = append(shown, s.name)
		}
	}
	best, bestHits, chosen := grid{}, -1, ""
	for _, s := range sheets {
		asked := opts.Sheet != "" && strings.EqualFold(strings.TrimSpace(opts.Sheet), strings.TrimSpace(s.name))
		if !asked && (opts.Sheet != "" || s.hidden) {
			continue
		}
		g, err := b.sheet(s.part)
		if err != nil {
			return Table{}, err
		}
		_, hits := headingRow(g.rows, opts.Known)
		if asked || len(g.rows) > 0 && hits > bestHits {
			best, bestHits, chosen = g, hits, s.name
		}
		if asked || hits == 0 && len(opts.Known) == 0 && chosen != "" {
			break
		}
	}
	if chosen == "" && opts.Sheet != "" {
		return Table{}, refuse("%q has no sheet %q. It has: %s.", b.name, opts.Sheet, strings.Join(shown, ", "))
	}
	return best.table(b.name, Reading{Sheet: chosen, Sheets: shown}, opts.Known)
}

// part opens a part as tokens; a missing part is damage.
func (b *workbook) part(name string) (*xml.Decoder, io.Closer, error) {
	f := b.parts[strings.ToLower(name)]
	if f == nil {
		return nil, nil, errDamaged
	}
	r, err := f.Open()
	if err != nil {
		return nil, nil, err
	}
	return xml.NewDecoder(&meter{from: r, left: &b.left}), r, nil
}

// meter stops a part that unzips to more than is left for the workbook, or that holds a run of text which no cell can,
// before the decoder gathers it.
type meter struct {
	from io.Reader
	left *int64
	run  int
}

const longestRun = 1 << 20

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.from.Read(p)
	if *m.left -= int64(n); *m.left < 0 {
		return 0, errTooBig
	}
	if at := bytes.LastIndexByte(p[:n], '<'); at >= 0 {
		m.run = n - at
	} else {
		m.run += n
	}
	if m.run > longestRun {
		return 0, errTooBig
	}
	return n, err
}

type relation struct{ id, target string }

// related lists the parts of one kind that a part refers to; "" is the package itself.
func (b *workbook) related(to, kind string) ([]relation, error) {
	dir, file := path.Split(to)
	tokens, closer, err := b.part(dir + "_rels/" + file + ".rels")
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	var list []relation
	err = eachStart(tokens, func(e xml.StartElement) error {
		if e.Name.Local == "Relationship" && path.Base(attr(e, "Type")) == kind && attr(e, "TargetMode") != "External" {
			target := attr(e, "Target")
			if !strings.HasPrefix(target, "/") {
				target = path.Join(dir, target)
			}
			list = append(list, relation{attr(e, "Id"), strings.TrimPrefix(target, "/")})
		}
		return nil
	})
	return list, err
}

type sheet struct {
	name, part string
	hidden     bool
}

func (b *workbook) sheets(book string) ([]sheet, error) {
	worksheets, err := b.related(book, "worksheet")
	if err != nil {
		return nil, err
	}
	parts := map[string]string{}
	for _, r := range worksheets {
		parts[r.id] = r.target
	}
	tokens, closer, err := b.part(book)
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	var list []sheet
	err = eachStart(tokens, func(e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			b.is1904 = isTrue(attr(e, "date1904"))
		case "sheet":
			var id string
			for _, a := range e.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" {
					id = a.Value
				}
			}
			if part := parts[id]; part != "" { // a chart sheet has none
				state := attr(e, "state")
				list = append(list, sheet{attr(e, "name"), part, state == "hidden" || state == "veryHidden"})
			}
		}
		return nil
	})
	return list, err
}

func (b *workbook) readStyles(book string) error {
	at, err := b.related(book, "styles")
	if err != nil || len(at) == 0 {
		return err
	}
	tokens, closer, err := b.part(at[0].target)
	if err != nil {
		return err
	}
	defer closer.Close()
	own := map[int]string{}
	depth := 0 // inside cellXfs, which cells refer to; cellStyleXfs has elements of the same name
	for {
		token, err := tokens.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch {
			case e.Name.Local == "numFmt":
				if id, err := strconv.Atoi(attr(e, "numFmtId")); err == nil {
					own[id] = attr(e, "formatCode")
				}
			case e.Name.Local == "cellXfs":
				depth = 1
			case e.Name.Local == "xf" && depth == 1:
				id, _ := strconv.Atoi(attr(e, "numFmtId"))
				b.formats = append(b.formats, formatOf(id, own[id]))
			}
		case xml.EndElement:
			if e.Name.Local == "cellXfs" {
				depth = 0
			}
		}
	}
}

func (b *workbook) readStrings(book string) error {
	at, err := b.related(book, "sharedStrings")
	if err != nil || len(at) == 0 {
		return err
	}
	tokens, closer, err := b.part(at[0].target)
	if err != nil {
		return err
	}
	defer closer.Close()
	for {
		token, err := tokens.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "si" {
			text, err := richText(tokens)
			if err != nil {
				return err
			}
			if b.strings = append(b.strings, text); len(b.strings) > MaxCells {
				return errTooBig
			}
		}
	}
}

// richText gathers the text of the element that was just opened, to its end, without phonetic readings.
func richText(tokens *xml.Decoder) (string, error) {
	var text strings.Builder
	depth, inText, phonetic := 1, false, 0
	for depth > 0 {
		token, err := tokens.Token()
		if err != nil {
			return "", unexpected(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			depth++
			inText = e.Name.Local == "t"
			if e.Name.Local == "rPh" {
				phonetic = depth
			}
		case xml.EndElement:
			if depth == phonetic {
				phonetic = 0
			}
			depth--
			inText = false
		case xml.CharData:
			if inText && phonetic == 0 {
				text.Write(e)
			}
		}
	}
	return unescape(text.String()), nil
}

// unexpected turns the end of a part inside an element into damage.
func unexpected(err error) error {
	if err == io.EOF {
		return errDamaged
	}
	return err
}

var escaped = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescape reads the workbook's own escapes of characters that XML cannot hold, such as _x000D_.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escaped.ReplaceAllStringFunc(s, func(e string) string {
		code, _ := strconv.ParseUint(e[2:6], 16, 16)
		return string(rune(code))
	})
}

func (b *workbook) sheet(part string) (grid, error) {
	tokens, closer, err := b.part(part)
	if err != nil {
		return grid{}, err
	}
	defer closer.Close()
	var g grid
	row := Row{}
	for {
		token, err := tokens.Token()
		if err == io.EOF {
			return g, nil
		}
		if err != nil {
			return grid{}, err
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "row":
				row = Row{Number: row.Number + 1}
				if r := attr(e, "r"); r != "" {
					if row.Number, err = strconv.Atoi(r); err != nil {
						return grid{}, errDamaged
					}
				}
			case "c":
				column := len(row.Cells) + 1
				if r := attr(e, "r"); r != "" {
					if column = columnOf(r); column < 1 {
						return grid{}, errDamaged
					}
				}
				value, err := b.cell(tokens, e, row.Number, column, &g)
				if err != nil {
					return grid{}, err
				}
				// Beyond the limit only what is filled matters: styled empty cells reach far to the right.
				if column > MaxColumns && value == "" {
					continue
				}
				if column > MaxColumns {
					return grid{}, refuse("%q has more than %d columns: row %d reaches column %s. Delete the columns that are not needed.",
						b.name, MaxColumns, row.Number, columnLetters(column))
				}
				for len(row.Cells) < column {
					row.Cells = append(row.Cells, "")
				}
				row.Cells[column-1] = value
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "row":
				if err := g.add(b.name, row); err != nil {
					return grid{}, err
				}
				row.Cells = nil
			case "sheetData":
				return g, nil
			}
		}
	}
}

// cell reads a cell that was just opened, to its end.
func (b *workbook) cell(tokens *xml.Decoder, c xml.StartElement, row, column int, g *grid) (string, error) {
	var value strings.Builder
	inline, inValue, hasValue, formula := "", false, false, false
	for ended := false; !ended; {
		token, err := tokens.Token()
		if err != nil {
			return "", unexpected(err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "f":
				formula = true
			case "v":
				inValue, hasValue = true, true
			case "is":
				if inline, err = richText(tokens); err != nil {
					return "", err
				}
				hasValue = true
			}
		case xml.EndElement:
			inValue = false
			ended = e.Name.Local == "c"
		case xml.CharData:
			if inValue {
				value.Write(e)
			}
		}
	}
	problem := func(kind ProblemKind, message string) {
		g.problems = append(g.problems, Problem{row, column, kind, message})
	}
	raw := value.String()
	if formula {
		g.formulas++
		// Programs that compute nothing leave the value out or empty; an empty text is a value, and says so by its type.
		if !hasValue || raw == "" && inline == "" && attr(c, "t") != "str" {
			problem(FormulaWithoutValue, "The formula has no value stored. Open the file in a spreadsheet, save it, and choose it again; or type the value.")
			return "", nil
		}
	}
	switch attr(c, "t") {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(raw))
		if err != nil || i < 0 || i >= len(b.strings) {
			return "", errDamaged
		}
		return b.strings[i], nil
	case "inlineStr":
		return inline, nil
	case "str":
		return unescape(raw), nil
	case "b":
		if isTrue(strings.TrimSpace(raw)) {
			return "TRUE", nil
		}
		return "FALSE", nil
	case "e":
		problem(ErrorValue, fmt.Sprintf("The formula gives the error %s. Mend it, or type the value.", raw))
		return "", nil
	case "d":
		return strings.TrimSuffix(strings.TrimSuffix(raw, "T00:00:00.000"), "T00:00:00"), nil
	}
	if raw == "" {
		return "", nil
	}
	number, err := strconv.ParseFloat(strings.TrimSpace(raw), 64)
	if err != nil {
		return "", errDamaged
	}
	var format numberFormat
	if s, err := strconv.Atoi(attr(c, "s")); err == nil && s >= 0 && s < len(b.formats) {
		format = b.formats[s]
	}
	text, ok := format.text(number, b.is1904)
	if !ok {
		problem(NoSuchDay, fmt.Sprintf("%s is formatted as a date and is no day. Type the date again.", text))
	}
	return text, nil
}

// columnOf is the column, counted from 1, of a reference such as AB12; 0 where it is none.
func columnOf(reference string) int {
	n := 0
	for i, r := range reference {
		switch {
		case r >= 'a' && r <= 'z':
			r -= 'a' - 'A'
			fallthrough
		case r >= 'A' && r <= 'Z':
			if n = n*26 + int(r-'A') + 1; n > 1<<14 {
				return 0
			}
		case r >= '0' && r <= '9' && i > 0:
			return n
		default:
			return 0
		}
	}
	return n
}

func eachStart(tokens *xml.Decoder, do func(xml.StartElement) error) error {
	for {
		token, err := tokens.Token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := token.(xml.StartElement); ok {
			if err := do(e); err != nil {
				return err
			}
		}
	}
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func isTrue(s string) bool { return s == "1" || s == "true" || s == "on" }
