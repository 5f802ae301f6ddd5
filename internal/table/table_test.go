package table

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"tandem/internal/domain"
)

var people = []Target{
	{"name", []string{"Full name", "Person"}},
	{"email", []string{"E-mail address", "Mail"}},
	{"homeStation", []string{"Home station", "Station"}},
	{"startsOn", []string{"Start date", "From"}},
}

func read(t *testing.T, data string, opts Options) Table {
	t.Helper()
	got, err := Read("people.csv", []byte(data), opts)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func refused(t *testing.T, data []byte, opts Options, words ...string) {
	t.Helper()
	_, err := Read("people.csv", data, opts)
	if !errors.Is(err, domain.ErrInvalid) {
		t.Fatalf("got error %v, want a refusal", err)
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the refusal does not say %q: %s", word, err)
		}
	}
}

func rowsOf(t Table) (cells [][]string) {
	for _, r := range t.Rows {
		cells = append(cells, r.Cells)
	}
	return cells
}

func numbersOf(t Table) (numbers []int) {
	for _, r := range t.Rows {
		numbers = append(numbers, r.Number)
	}
	return numbers
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func TestEncodingsAndDelimiters(t *testing.T) {
	const text = "Full name;E-mail;Home station\r\nZoë Müller;zoe@example.org;Łódź\r\nÉmile, jr;e@example.org;York\r\n"
	narrow := strings.ReplaceAll(text, "Łódź", "Café €")
	encoded := func(e interface{ Bytes([]byte) ([]byte, error) }, s string) string {
		b, err := e.Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for _, c := range []struct{ data, encoding, place string }{
		{text, "UTF-8", "Łódź"},
		{"\xef\xbb\xbf" + text, "UTF-8 with BOM", "Łódź"},
		{encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder(), text), "UTF-16", "Łódź"},
		{encoded(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder(), text), "UTF-16", "Łódź"},
		{encoded(charmap.Windows1252.NewEncoder(), narrow), "Windows-1252", "Café €"},
	} {
		got := read(t, c.data, Options{})
		same(t, c.encoding, got.Reading.Encoding, c.encoding)
		same(t, "delimiter", got.Reading.Delimiter, ";")
		same(t, "columns", got.Columns, []string{"Full name", "E-mail", "Home station"})
		same(t, "rows", rowsOf(got), [][]string{{"Zoë Müller", "zoe@example.org", c.place}, {"Émile, jr", "e@example.org", "York"}})
	}
	for _, delimiter := range []string{",", ";", "\t", "|"} {
		text := strings.ReplaceAll("name^email\nAnna^a@example.org\nBen^b@example.org\n", "^", delimiter)
		got := read(t, text, Options{})
		same(t, "delimiter", got.Reading.Delimiter, delimiter)
		same(t, "rows", rowsOf(got), [][]string{{"Anna", "a@example.org"}, {"Ben", "b@example.org"}})
	}
	hinted := read(t, "sep=|\r\nname|days\r\nAnna|1;2;3\r\n", Options{})
	same(t, "hinted", []any{hinted.Reading.Delimiter, hinted.Columns, numbersOf(hinted)}, []any{"|", []string{"name", "days"}, []int{3}})
	known := read(t, "name,start date\n\"1;2\",3;4\n\"1;2\",3;4\n\"1;2\",3;4\n", Options{Known: people})
	same(t, "the known headings decide", known.Reading.Delimiter, ",")
}

func TestQuotesAndLineBreaks(t *testing.T) {
	got := read(t, "name,note\n\"Smith, Anna\",\"first\nsecond \"\"third\"\"\"\n\nBen,5\" pipe\nCal, \"a,b\" \n\"D\"x,y", Options{})
	same(t, "rows", rowsOf(got), [][]string{{"Smith, Anna", "first\nsecond \"third\""}, {"Ben", `5" pipe`}, {"Cal", "a,b"}, {"Dx", "y"}})
	same(t, "row numbers count blank rows, and a quoted line break as none", numbersOf(got), []int{2, 4, 5, 6})
	for _, end := range []string{"\n", "\r\n", "\r"} {
		got := read(t, strings.Join([]string{"a,b", "1,2", "3,4"}, end), Options{})
		same(t, fmt.Sprintf("lines end with %q", end), rowsOf(got), [][]string{{"1", "2"}, {"3", "4"}})
	}
	refused(t, []byte("name,note\nAnna,\"never closed\nBen,x\n"), Options{}, "row 2", "never closes")
}

func TestHeadingsBelowTitles(t *testing.T) {
	text := "TechConnect 2019,,,,\n\nParticipants as of,7 Feb 2019,,,\n,Full name,E-mail adress,Station,\n,Anna,a@example.org,York,\n,Ben,b@example.org\n,Cal,c@example.org,Leeds,,late\n,,,,\n,,,,\n"
	for _, known := range [][]Target{people, nil} {
		got := read(t, text, Options{Known: known})
		same(t, "heading row", got.Reading.HeaderRow, 4)
		same(t, "columns", got.Columns, []string{"Column A", "Full name", "E-mail adress", "Station", "Column E", "Column F"})
		same(t, "rows", rowsOf(got), [][]string{
			{"", "Anna", "a@example.org", "York", "", ""},
			{"", "Ben", "b@example.org", "", "", ""},
			{"", "Cal", "c@example.org", "Leeds", "", "late"},
		})
		same(t, "numbers", numbersOf(got), []int{5, 6, 7})
	}
	twins := read(t, "Name,name,NAME (2),\nA,B,C,D\n", Options{})
	same(t, "twins", twins.Columns, []string{"Name", "name (2)", "NAME (2) (2)", "Column D"})
	same(t, "only headings", len(read(t, "name,email\n", Options{}).Rows), 0)
	one := read(t, "Name\nAnna\nBen\n", Options{})
	same(t, "one column", []any{one.Columns, rowsOf(one)}, []any{[]string{"Name"}, [][]string{{"Anna"}, {"Ben"}}})
}

func TestFilesThatAreNoTable(t *testing.T) {
	zipped := func(names ...string) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, n := range names {
			part, _ := w.Create(n)
			_, _ = part.Write([]byte("<x/>"))
		}
		w.Close()
		return b.Bytes()
	}
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	for _, c := range []struct {
		data []byte
		says string
	}{
		{[]byte(ole + "Workbook"), "XLS"},
		{[]byte(ole + string(utf16LE("EncryptedPackage"))), "password"},
		{[]byte("%PDF-1.7\n"), "PDF"},
		{[]byte("\x89PNG\r\n\x1a\n"), "PNG"},
		{[]byte("\xff\xd8\xff\xe0"), "JPEG"},
		{[]byte("\n <!DOCTYPE html><html><table>"), "HTML"},
		{[]byte("\xef\xbb\xbf<html><body>"), "HTML"},
		{[]byte(`<?xml version="1.0"?><a/>`), "XML"},
		{[]byte(`[{"name": "Anna"}]`), "JSON"},
		{zipped("word/document.xml", "[Content_Types].xml"), "Word"},
		{zipped("xl/workbook.bin", "[Content_Types].xml"), "XLSB"},
		{zipped("mimetype", "content.xml"), "OpenDocument"},
		{zipped("readme.txt"), "zip archive"},
		{zipped("[Content_Types].xml"), "damaged"},
		{[]byte("PK\x03\x04 and then nothing"), "damaged"},
	} {
		refused(t, c.data, Options{}, c.says, "CSV")
	}
	refused(t, nil, Options{}, "no rows")
	refused(t, []byte(" \n,,\n"), Options{}, "no rows")
	refused(t, []byte("name\nAn\x00na\n"), Options{}, "NUL", "line 2")
	same(t, "a bracket is no JSON", rowsOf(read(t, "[name],x\n{Anna},y\n", Options{})), [][]string{{"{Anna}", "y"}})
}

func TestAWorkbookCalledCSVIsRead(t *testing.T) {
	data, err := WriteXLSX("People", []string{"name"}, [][]string{{"Anna"}})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "rows", rowsOf(read(t, string(data), Options{})), [][]string{{"Anna"}})
}

func TestUnreadableCharactersAreFlagged(t *testing.T) {
	got := read(t, "name,note\nAn\x01na,fine\nB\x81\xe9n,fine\n", Options{})
	if len(got.Problems) < 2 || got.Problems[0].Row != 2 || got.Problems[0].Column != 1 || got.Problems[0].Kind != UnreadableCharacter || got.Problems[1].Row != 3 {
		t.Errorf("problems: %+v", got.Problems)
	}
}

func TestLimits(t *testing.T) {
	refused(t, []byte("a"+strings.Repeat(",a", MaxColumns)), Options{}, "100 columns", "CW")
	refused(t, []byte("a\n"+strings.Repeat("1\n", MaxRows+1)), Options{}, "100000 rows")
	same(t, "as many rows as may be", len(read(t, "a\n"+strings.Repeat("1\n", MaxRows), Options{}).Rows), MaxRows)
	refused(t, []byte("a,b\n1,"+strings.Repeat("x", MaxCell+1)), Options{}, "row 2", "column B", "32 KiB")
	same(t, "trailing delimiters are no columns", read(t, "a,b"+strings.Repeat(",", 300)+"\n1,2\n", Options{}).Columns, []string{"a", "b"})
}

// workbookWith makes a workbook with excelize, whose code shares nothing with the reader.
func workbookWith(t *testing.T, fill func(f *excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	fill(f)
	b, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestWorkbookValues(t *testing.T) {
	data := workbookWith(t, func(f *excelize.File) {
		style := func(s excelize.Style) int {
			id, err := f.NewStyle(&s)
			must(t, err)
			return id
		}
		own := func(code string) int { return style(excelize.Style{CustomNumFmt: &code}) }
		for i, c := range []struct {
			value any
			style int
		}{
			{43503, style(excelize.Style{NumFmt: 14})},
			{43503, own(`dddd\, d mmmm yyyy`)},
			{43503.395833333336, style(excelize.Style{NumFmt: 22})},
			{0.395833333336, style(excelize.Style{NumFmt: 20})},
			{43503, own(`[$-809]dd/mm/yy;@`)},
			{43503, own(`[Red]0" days"`)},
			{43503, 0},
			{0.1 + 0.2, 0},
			{123456789012345.0, 0},
			{1e-7, 0},
			{42, own("00000")},
			{true, 0},
			{"  trimmed\r\nhere ", 0},
			{"=1+1", 0},
			{1.5, own("[h]:mm")},
			{60, style(excelize.Style{NumFmt: 14})},
			{59, style(excelize.Style{NumFmt: 14})},
			{"_x0041_", 0},
		} {
			cell := fmt.Sprintf("B%d", i+2)
			must(t, f.SetCellValue("Sheet1", cell, c.value), f.SetCellStyle("Sheet1", cell, cell, c.style),
				f.SetCellValue("Sheet1", fmt.Sprintf("A%d", i+2), "row"))
		}
		must(t, f.SetCellValue("Sheet1", "A1", "kind"), f.SetCellValue("Sheet1", "B1", "value"))
	})
	got := read(t, string(data), Options{})
	var values []string
	for _, r := range got.Rows {
		values = append(values, r.Cells[1])
	}
	same(t, "values", values, []string{
		"2019-02-07", "2019-02-07", "2019-02-07 09:30", "09:30", "2019-02-07", "43503", "43503", "0.3", "123456789012345", "0.0000001",
		"00042", "TRUE", "trimmed\nhere", "=1+1", "1900-01-01 12:00", "60", "1900-02-28", "A",
	})
	same(t, "problems", got.Problems, []Problem{{17, 2, NoSuchDay, "60 is formatted as a date and is no day. Type the date again."}})
	same(t, "reading", got.Reading, Reading{Sheet: "Sheet1", Sheets: []string{"Sheet1"}, HeaderRow: 1})
}

func TestWorkbookOf1904(t *testing.T) {
	yes := true
	data := workbookWith(t, func(f *excelize.File) {
		must(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}))
		date, err := f.NewStyle(&excelize.Style{NumFmt: 14})
		must(t, err, f.SetCellValue("Sheet1", "A1", "day"), f.SetCellValue("Sheet1", "A2", 43503-1462), f.SetCellStyle("Sheet1", "A2", "A2", date))
	})
	same(t, "rows", rowsOf(read(t, string(data), Options{})), [][]string{{"2019-02-07"}})
}

func TestWorkbookSheetsTitlesAndGaps(t *testing.T) {
	data := workbookWith(t, func(f *excelize.File) {
		must(t, f.SetSheetName("Sheet1", "Read me"), f.SetCellValue("Read me", "A1", "How to fill this in"))
		for _, name := range []string{"People", "Old", "Empty"} {
			_, err := f.NewSheet(name)
			must(t, err)
		}
		must(t, f.SetSheetVisible("Old", false),
			f.SetCellValue("Old", "A1", "Full name"), f.SetCellValue("Old", "A2", "Nobody"),
			f.SetCellValue("People", "B2", "Participants 2019"), f.MergeCell("People", "B2", "E2"),
			f.SetSheetRow("People", "B4", &[]any{"Full name", "E-mail", "Home station"}),
			f.SetSheetRow("People", "B5", &[]any{"Anna", "a@example.org", "York"}),
			f.SetSheetRow("People", "B9", &[]any{"Ben", nil, "Leeds"}))
	})
	got := read(t, string(data), Options{Known: people})
	same(t, "reading", got.Reading, Reading{Sheet: "People", Sheets: []string{"Read me", "People", "Empty"}, HeaderRow: 4})
	same(t, "rows", rowsOf(got), [][]string{{"", "Anna", "a@example.org", "York"}, {"", "Ben", "", "Leeds"}})
	same(t, "numbers", numbersOf(got), []int{5, 9})
	same(t, "the first with rows where nothing is known", read(t, string(data), Options{}).Reading.Sheet, "Read me")
	same(t, "a sheet asked for", read(t, string(data), Options{Sheet: "old"}).Reading.Sheet, "Old")
	refused(t, data, Options{Sheet: "Persons"}, `no sheet "Persons"`, "Read me, People")
	refused(t, data, Options{Sheet: "Empty"}, "no rows")
}

func TestWorkbookFormulas(t *testing.T) {
	sheet := `<worksheet><sheetData>
		<row r="1"><c r="A1" t="inlineStr"><is><t>n</t></is></c><c r="B1" t="inlineStr"><is><r><t>va</t></r><r><t>lue</t></r><rPh><t>no</t></rPh></is></c></row>
		<row r="2"><c r="A2"><v>1</v></c><c r="B2"><f>A2*2</f><v>2</v></c></row>
		<row r="3"><c r="A3"><v>2</v></c><c r="B3"><f>A3*2</f></c></row>
		<row r="4"><c r="A4"><v>3</v></c><c r="B4" t="str"><f>""</f><v></v></c></row>
		<row r="5"><c r="A5"><v>4</v></c><c r="B5" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>
		<row><c><v>5</v></c><c t="str"><f>"x"</f><v>x_x000D__x000A_y</v></c></row>
		<row><c><v>6</v></c><c><f>A7*2</f><v/></c></row>
		<row><c><v>7</v></c><c t="b"><f>A8=7</f><v></v></c></row>
	</sheetData></worksheet>`
	got := read(t, string(rawWorkbook(sheet)), Options{})
	same(t, "columns", got.Columns, []string{"n", "value"})
	same(t, "rows", rowsOf(got), [][]string{{"1", "2"}, {"2", ""}, {"3", ""}, {"4", ""}, {"5", "x\ny"}, {"6", ""}, {"7", ""}})
	same(t, "formulas", got.Reading.FormulaCells, 7)
	if len(got.Problems) != 4 ||
		got.Problems[0].Row != 3 || got.Problems[0].Column != 2 || got.Problems[0].Kind != FormulaWithoutValue ||
		got.Problems[1].Row != 5 || got.Problems[1].Kind != ErrorValue || !strings.Contains(got.Problems[1].Message, "#DIV/0!") ||
		got.Problems[2].Row != 7 || got.Problems[2].Kind != FormulaWithoutValue ||
		got.Problems[3].Row != 8 || got.Problems[3].Kind != FormulaWithoutValue {
		t.Errorf("problems: %+v", got.Problems)
	}
}

// rawWorkbook packs a hand-written sheet into the smallest workbook there is.
func rawWorkbook(sheet string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	const (
		main     = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
		packages = "http://schemas.openxmlformats.org/package/2006/"
		office   = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	)
	sheet = strings.Replace(sheet, "<worksheet>", `<worksheet xmlns="`+main+`">`, 1)
	for _, part := range [][2]string{
		{"[Content_Types].xml", `<Types xmlns="` + packages + `content-types"></Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + packages + `relationships"><Relationship Id="r" Type="` + office + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + packages + `relationships"><Relationship Id="s" Type="` + office + `/worksheet" Target="/xl/worksheets/one.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="` + main + `" xmlns:r="` + office + `"><sheets><sheet name="One" r:id="s"/></sheets></workbook>`},
		{"xl/worksheets/one.xml", sheet},
	} {
		p, _ := w.Create(part[0])
		_, _ = p.Write([]byte(part[1]))
	}
	w.Close()
	return b.Bytes()
}

func TestDamagedWorkbooks(t *testing.T) {
	whole := rawWorkbook(`<worksheet><sheetData><row><c t="inlineStr"><is><t>a</t></is></c></row></sheetData></worksheet>`)
	same(t, "the control is read", read(t, string(whole), Options{}).Columns, []string{"a"})
	for _, sheet := range []string{
		"", "<worksheet><sheetData><row><c>", `<worksheet><sheetData><row><c t="s"><v>7</v></c></row></sheetData></worksheet>`,
		`<worksheet><sheetData><row><c r="1A"><v>1</v></c></row></sheetData></worksheet>`,
		`<worksheet><sheetData><row><c><v>one</v></c></row></sheetData></worksheet>`,
		`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet><sheetData><row><c t="inlineStr"><is><t>&e;</t></is></c></row></sheetData></worksheet>`,
	} {
		_, err := Read("x.xlsx", rawWorkbook(sheet), Options{})
		if !errors.Is(err, domain.ErrInvalid) {
			t.Errorf("%s: %v", sheet, err)
		}
	}
	for i := len("PK\x03\x04"); i < len(whole); i++ {
		if _, err := Read("x.xlsx", whole[:i], Options{}); err == nil {
			t.Errorf("the first %d of %d bytes were read", i, len(whole))
		}
	}
	refused(t, rawWorkbook(`<worksheet><sheetData><row><c r="DA1"><v>1</v></c></row></sheetData></worksheet>`), Options{}, "column DA")
	styled := rawWorkbook(`<worksheet><sheetData><row><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="XFD1" s="3"/></row></sheetData></worksheet>`)
	same(t, "empty cells far right", read(t, string(styled), Options{}).Columns, []string{"a"})
}

// taken is the memory that a call asked for altogether, in MB.
func taken(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return (after.TotalAlloc - before.TotalAlloc) >> 20
}

// Formatted empty cells reach to the last column of many rows in real sheets. The control reads the same with the
// library, which lays out every cell between: where it no longer does, decision 12 may be looked at again.
func TestFormattedRowsCostNoMemory(t *testing.T) {
	sheet := func(rows int) []byte {
		var b strings.Builder
		for i := range rows {
			fmt.Fprintf(&b, `<row r="%[1]d"><c r="A%[1]d"><v>%[1]d</v></c><c r="XFD%[1]d" s="1"/></row>`, i+1)
		}
		return rawWorkbook("<worksheet><sheetData>" + b.String() + "</sheetData></worksheet>")
	}
	const limit = 32
	many, few := sheet(10_000), sheet(30)
	if used := taken(func() { same(t, "rows", len(read(t, string(many), Options{}).Rows), 9_999) }); used > limit {
		t.Errorf("10,000 rows took %d MB", used)
	}
	used := taken(func() {
		f, err := excelize.OpenReader(bytes.NewReader(few))
		must(t, err)
		defer f.Close()
		_, err = f.GetCellType("One", "A1")
		must(t, err)
	})
	if used <= limit {
		t.Errorf("the control took %d MB only for 30 rows", used)
	}
}

func TestZipBombs(t *testing.T) {
	row := `<row><c><v>1</v></c></row>`
	for what, sheet := range map[string]string{
		"many equal rows":  `<worksheet><sheetData>` + strings.Repeat(row, (MaxUnzipped+1)/len(row)) + `</sheetData></worksheet>`,
		"one endless cell": `<worksheet><sheetData><row><c t="inlineStr"><is><t>` + strings.Repeat("x", 7<<20) + `</t></is></c></row></sheetData></worksheet>`,
	} {
		data := rawWorkbook(sheet)
		if used := taken(func() { refused(t, data, Options{}, "unzips to more than") }); used > 32 {
			t.Errorf("%s: refused only after taking %d MB", what, used)
		}
	}

	// An archive that lies about its size is measured while it is read.
	lying := rawWorkbook(`<worksheet><sheetData>` + strings.Repeat("<row></row>", 15<<20) + `</sheetData></worksheet>`)
	r, err := zip.NewReader(bytes.NewReader(lying), int64(len(lying)))
	must(t, err)
	truth := r.File[4].UncompressedSize64
	at := bytes.LastIndex(lying, []byte("PK\x01\x02")) // the last part's entry in the directory
	for i := range 4 {
		lying[at+24+i] = byte(uint32(1000) >> (8 * i))
	}
	if truth < MaxUnzipped {
		t.Fatalf("the bomb unzips to %d bytes only", truth)
	}
	_, err = Read("x.xlsx", lying, Options{})
	if !errors.Is(err, domain.ErrInvalid) {
		t.Errorf("a lying archive: %v", err)
	}
}

func TestTenThousandRows(t *testing.T) {
	var rows [][]string
	for i := range 10_000 {
		rows = append(rows, []string{fmt.Sprintf("Person %d", i), fmt.Sprintf("p%d@example.org", i), "York", "2019-02-07"})
	}
	columns := []string{"Full name", "E-mail", "Home station", "Start date"}
	asCSV, err := WriteCSV(columns, rows)
	must(t, err)
	asXLSX, err := WriteXLSX("People", columns, rows)
	must(t, err)
	for _, data := range [][]byte{asCSV, asXLSX} {
		got := read(t, string(data), Options{Known: people})
		if !reflect.DeepEqual(rowsOf(got), rows) || got.Rows[9_999].Number != 10_001 {
			t.Errorf("%s %s: %d rows differ", got.Reading.Encoding, got.Reading.Sheet, len(got.Rows))
		}
	}
}

func TestGuess(t *testing.T) {
	targets := []Target{
		{"name", []string{"Full name"}}, {"email", []string{"E-mail address"}}, {"homeStation", []string{"Home station"}},
		{"minGroup", []string{"Minimum group", "min group"}}, {"maxGroup", []string{"Maximum group", "max group"}},
	}
	for _, c := range []struct {
		columns []string
		want    map[int]string
	}{
		{[]string{"FULL NAME", "e_mail", "Station, home"}, map[int]string{1: "name", 2: "email", 3: "homeStation"}},
		{[]string{"Fullname", "Email adress", "Home Staiton", "notes"}, map[int]string{1: "name", 2: "email", 3: "homeStation"}},
		{[]string{"name", "Full name"}, map[int]string{1: "name"}},
		{[]string{"max group", "Min group"}, map[int]string{1: "maxGroup", 2: "minGroup"}},
		{[]string{"Mix group"}, map[int]string{}}, // one slip from both
		{[]string{"", "Nàme"}, map[int]string{2: "name"}},
		{nil, map[int]string{}},
	} {
		same(t, fmt.Sprint(c.columns), Guess(c.columns, targets), c.want)
	}
}

func TestParseDate(t *testing.T) {
	for _, c := range []struct {
		cell  string
		order DateOrder
		want  domain.Date
	}{
		{"7/2/2019", DayMonthYear, "2019-02-07"},
		{"7/2/2019", MonthDayYear, "2019-07-02"},
		{"07.02.19", DayMonthYear, "2019-02-07"},
		{"19-02-07", YearMonthDay, "2019-02-07"},
		{"7/2/2019", YearMonthDay, "2019-02-07"},
		{"2019-02-07", MonthDayYear, "2019-02-07"},
		{"2019/2/7", DayMonthYear, "2019-02-07"},
		{"2019-02-07 09:30", DayMonthYear, "2019-02-07"},
		{"2019-02-07T09:30:00Z", DayMonthYear, "2019-02-07"},
		{"20190207", DayMonthYear, "2019-02-07"},
		{"43503", DayMonthYear, "2019-02-07"},
		{"43503.4", MonthDayYear, "2019-02-07"},
		{" 7 Feb 2019 ", DayMonthYear, "2019-02-07"},
		{"Thu 7 Feb 2019", DayMonthYear, "2019-02-07"},
		{"Thursday, 7th of February 2019", DayMonthYear, "2019-02-07"},
		{"Feb 7, 2019", DayMonthYear, "2019-02-07"},
		{"7-Feb-19", MonthDayYear, "2019-02-07"},
		{"1 Sept 2019", DayMonthYear, "2019-09-01"},
		{"29/2/2020", DayMonthYear, "2020-02-29"},
		{"1/1/70", DayMonthYear, "1970-01-01"},
	} {
		if got, err := ParseDate(c.cell, c.order); err != nil || got != c.want {
			t.Errorf("%q in %s: got %s, %v; want %s", c.cell, c.order, string(got), err, string(c.want))
		}
	}
	for _, c := range []struct{ cell, says string }{
		{"29/2/2019", "February 2019 has no day 29"},
		{"31 Apr 2019", "April 2019 has no day 31"},
		{"2/13/2019", "no month 13; read as day month year. If 13 February 2019 was meant"},
		{"Fri 7 Feb 2019", "is a Thursday, not a Friday"},
		{"7 Feb", "no year"},
		{"soon", "no date"},
		{"", "no date"},
		{"7/2", "no date"},
		{"0/1/2019", "no day 0"},
		{"7/2/219", "no date"},
		{"2019-02-07-08", "no date"},
		{"7 Feb 2019 2020", "no date"},
		{"7/2/1066", "too long ago"},
	} {
		if got, err := ParseDate(c.cell, DayMonthYear); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: got %s, %v; want an error that says %q", c.cell, string(got), err, c.says)
		}
	}
}

func TestParseDates(t *testing.T) {
	for _, c := range []struct{ cell, want string }{
		{"", ""},
		{"7/2/2019", "2019-02-07"},
		{"8 Feb 2019; 7/2/2019, 7 Feb 2019\n", "2019-02-07 2019-02-08"},
		{"2019-03-04..2019-03-06", "2019-03-04 2019-03-05 2019-03-06"},
		{"4/3/2019 – 5/3/2019; 1 Mar 2019", "2019-03-01 2019-03-04 2019-03-05"},
		{"2019-03-04 to 2019-03-05", "2019-03-04 2019-03-05"},
		{"4–5 Mar 2019", "2019-03-04 2019-03-05"},
		{"28 Feb - 1 Mar 2019", "2019-02-28 2019-03-01"},
		{"Feb 7, 2019", "2019-02-07"},
	} {
		got, err := ParseDates(c.cell, DayMonthYear)
		var days []string
		for _, d := range got {
			days = append(days, string(d))
		}
		if err != nil || strings.Join(days, " ") != c.want {
			t.Errorf("%q: got %v, %v; want %s", c.cell, days, err, c.want)
		}
	}
	for _, c := range []struct{ cell, says string }{
		{"2019-03-08..2019-03-04", "ends before"},
		{"2019-03-08..2119-03-04", "longer than"},
		{"2019-03-08; soon", `"soon"`},
		{"2019-03-08, 31/4/2019", "no day 31"},
		{"1/1/2019..2/1/2019..3/1/2019", "no date"},
	} {
		if _, err := ParseDates(c.cell, DayMonthYear); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v; want an error that says %q", c.cell, err, c.says)
		}
	}
}

func TestFormulasAreGuarded(t *testing.T) {
	data, err := WriteCSV([]string{"a", "b"}, [][]string{{"=1+1", "+44 20"}, {"-5", "@x"}, {"'=x", "it's"}, {"+3.5", "＝1"}})
	must(t, err)
	same(t, "bytes", string(data), "\xef\xbb\xbfa,b\r\n'=1+1,'+44 20\r\n-5,'@x\r\n''=x,it's\r\n+3.5,'＝1\r\n")
	if _, err := WriteCSV([]string{"a"}, [][]string{{"1", "2"}}); err == nil {
		t.Error("a row longer than its headings was written")
	}
	if _, err := WriteXLSX("S", []string{"a"}, [][]string{{strings.Repeat("😀", 20_000)}}); err == nil {
		t.Error("a cell longer than a workbook holds was written")
	}
	book, err := WriteXLSX("S", []string{"a"}, [][]string{{"=1+1"}, {"_x0041_"}})
	must(t, err)
	same(t, "what looks like an escape", rowsOf(read(t, string(book), Options{})), [][]string{{"=1+1"}, {"_x0041_"}})
	f, err := excelize.OpenReader(bytes.NewReader(book))
	must(t, err)
	defer f.Close()
	formula, _ := f.GetCellFormula("S", "A2")
	value, _ := f.GetCellValue("S", "A2")
	same(t, "a workbook's cell is text", []string{formula, value}, []string{"", "=1+1"})
}

func TestWritersAreDeterministic(t *testing.T) {
	write := func() []byte {
		b, err := WriteXLSX("S", []string{"a"}, [][]string{{"x"}})
		must(t, err)
		return b
	}
	if !bytes.Equal(write(), write()) {
		t.Error("the same rows gave other bytes")
	}
}
