package app

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"pgregory.net/rapid"

	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/storage/storagetest"
)

// importing is a fresh database with one programme and cohort, as the local owner sees it on 7 February 2019.
type importing struct {
	context.Context
	t         *testing.T
	app       *App
	store     *storage.Store
	programme string
	cohort    string
}

func importingNow() time.Time { return time.Date(2019, 2, 7, 9, 0, 0, 0, time.UTC) }

func newImporting(t *testing.T) *importing {
	t.Helper()
	return newImportingIn(t, t.TempDir(), 19)
}

// eachImporting runs a test on both databases. What is about reading files alone runs on one.
func eachImporting(t *testing.T, test func(t *testing.T, w *importing)) {
	storagetest.Each(t, func(t *testing.T, where string) { test(t, newImportingIn(t, where, 19)) })
}

func newImportingIn(t *testing.T, where string, seats int) *importing {
	t.Helper()
	store, err := storage.Open(t.Context(), where)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	w := &importing{t: t, store: store, app: New(store, importingNow, slog.New(slog.NewTextHandler(io.Discard, nil)))}
	w.Context = As(t.Context(), domain.LocalOwner())
	imp := w.loaded(domain.ImportProgrammes, "", "p.csv", fmt.Sprintf("Key,Name,First day,Last day,Office nation,Public seats,Private seats,Cohorts\nP1,Pilot,7/2/2019,29/4/2019,England,%d,%d,One\n", seats, seats))
	if imp.Counts.Creates != 1 {
		t.Fatalf("%+v", imp.Counts)
	}
	p, err := w.app.ProgrammeKeyed(w, "P1")
	if err != nil {
		t.Fatal(err)
	}
	cohorts, err := store.Read().CohortsOf(w, p.ID)
	if err != nil || len(cohorts) != 1 {
		t.Fatal(err, len(cohorts))
	}
	w.programme, w.cohort = p.ID, cohorts[0].ID
	return w
}

func (w *importing) into(kind domain.ImportKind) string {
	switch kind {
	case domain.ImportProgrammes:
		return ""
	case domain.ImportPeople:
		return w.cohort
	}
	return w.programme
}

// loaded loads a file that has no problem.
func (w *importing) loaded(kind domain.ImportKind, into, name, text string) *domain.Import {
	w.t.Helper()
	imp, wrong, err := w.app.ImportFile(w, kind, into, name, []byte(text), false)
	if err != nil {
		w.t.Fatal(err)
	}
	if len(wrong) > 0 {
		w.t.Fatalf("row %d: %s", wrong[0].Number, wrong[0].Problems[0].Message)
	}
	return imp
}

func (w *importing) people(text string) *domain.Import {
	w.t.Helper()
	return w.loaded(domain.ImportPeople, w.cohort, "people.csv", text)
}

// previewed starts an import, and gives its rows with all their fixes.
func (w *importing) previewed(kind domain.ImportKind, name string, data []byte) (*domain.Import, []*domain.ImportRow) {
	w.t.Helper()
	imp, err := accepted(w.start(kind, name, data))
	if err != nil {
		w.t.Fatal(err)
	}
	return imp, w.rows(imp)
}

func (w *importing) rows(imp *domain.Import) []*domain.ImportRow {
	w.t.Helper()
	page, err := w.app.ImportRows(w, imp, false, nil, domain.Page{})
	if err != nil {
		w.t.Fatal(err)
	}
	return page.Nodes
}

func (w *importing) command() domain.Command {
	return domain.Command{IdempotencyKey: uuid.NewString()}
}

func (w *importing) upload(name string, data []byte) *domain.Upload {
	w.t.Helper()
	sum := sha256.Sum256(data)
	u, err := accepted(w.app.StartUpload(w, StartUploadInput{Name: name, Bytes: len(data), Sha256: hex.EncodeToString(sum[:]), Command: w.command()}))
	if err != nil {
		w.t.Fatal(err)
	}
	for at := 0; at < len(data); at += pieceMax {
		piece := base64.StdEncoding.EncodeToString(data[at:min(at+pieceMax, len(data))])
		if u, err = accepted(w.app.AppendUpload(w, AppendUploadInput{UploadID: u.ID, Offset: at, Data: piece, Command: w.command()})); err != nil {
			w.t.Fatal(err)
		}
	}
	return u
}

func (w *importing) start(kind domain.ImportKind, name string, data []byte) (*domain.Reply[domain.Import], error) {
	w.t.Helper()
	in := StartImportInput{UploadID: w.upload(name, data).ID, Kind: kind, Command: w.command()}
	if into := w.into(kind); into != "" {
		in.IntoID = &into
	}
	return w.app.StartImport(w, in)
}

func (w *importing) load(imp *domain.Import) (*domain.Reply[domain.Import], error) {
	return w.app.LoadImport(w, LoadImportInput{ImportID: imp.ID, ExpectedVersion: imp.Version, Command: w.command()})
}

func (w *importing) undo(imp *domain.Import) (*domain.Reply[domain.Import], error) {
	return w.app.UndoImport(w, UndoImportInput{ImportID: imp.ID, ExpectedVersion: imp.Version, Command: w.command()})
}

func (w *importing) correct(imp *domain.Import, in CorrectImportInput) *domain.Import {
	w.t.Helper()
	in.ImportID, in.ExpectedVersion, in.Command = imp.ID, imp.Version, w.command()
	out, err := accepted(w.app.CorrectImport(w, in))
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *importing) enrolled() []*domain.Enrolment {
	w.t.Helper()
	found, err := w.store.Read().EnrolmentsOf(w, []string{w.cohort})
	if err != nil {
		w.t.Fatal(err)
	}
	return found
}

func (w *importing) personCalled(name string) (*domain.Person, *domain.Enrolment) {
	w.t.Helper()
	for _, e := range w.enrolled() {
		p, err := storage.One[domain.Person](w, w.store.Read(), e.PersonID)
		if err != nil {
			w.t.Fatal(err)
		}
		if p.Name == name {
			return p, e
		}
	}
	w.t.Fatalf("nobody is called %s", name)
	return nil, nil
}

const twoPeople = "Key,Name,Email,Employer,Sector,Home station\n1,Amara Okafor,amara@a.example,Revenue,PUBLIC,London Euston\n2,Mei Chen,mei@g.example,Gable Networks,PRIVATE,RDG\n"

func TestImportReadsEveryEncodingAndDelimiter(t *testing.T) {
	narrow, err := charmap.Windows1252.NewEncoder().String("Staff no;Full name;Org;Public or private;Nearest stn\n1;Zoë Café;Revenue;PUBLIC;Leeds\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ text, encoding, delimiter, called string }{
		"windows-1252, semicolons": {narrow, "Windows-1252", ";", "Zoë Café"},
		"BOM, commas":              {"\xef\xbb\xbfStaff no,Full name,Org,Sector\n1,Zoë Café,Revenue,PUBLIC\n", "UTF-8 with BOM", ",", "Zoë Café"},
		"tabs":                     {"Staff no\tFull name\tOrg\tSector\n1\tZoë Café\tRevenue\tPUBLIC\n", "UTF-8", "\t", "Zoë Café"},
		"quoted newline":           {"Key,Name,Employer,Sector\n1,\"Zoë\nCafé\",Revenue,PUBLIC\n", "UTF-8", ",", "Zoë Café"},
		"titles above":             {"People of the pilot,,,\n,,,\nKey,Name,Employer,Sector\n1,Zoë Café,Revenue,PUBLIC\n", "UTF-8", ",", "Zoë Café"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newImporting(t)
			imp := w.people(c.text)
			w.personCalled(c.called)
			reading, err := w.app.ImportReading(w, imp)
			if err != nil {
				t.Fatal(err)
			}
			if *reading.Encoding != c.encoding || *reading.Delimiter != c.delimiter || reading.DateOrder != "day month year" {
				t.Errorf("read as %s by %q, dates as %s", *reading.Encoding, *reading.Delimiter, reading.DateOrder)
			}
		})
	}
}

func TestImportRefusesWhatIsNoTable(t *testing.T) {
	bomb := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, name := range []string{"[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"} {
			f, _ := z.Create(name)
			f.Write(bytes.Repeat([]byte{' '}, 100<<20))
		}
		z.Close()
		return b.Bytes()
	}
	for name, data := range map[string][]byte{
		"people.csv":  []byte("%PDF-1.7 not a table"),
		"people.xlsx": bomb(),
		"empty.csv":   []byte("\n\n"),
		"nul.csv":     []byte("Name,Employer\nA\x00B,C\n"),
		"open.csv":    []byte("Name,Employer\n\"never closed,C\n"),
	} {
		t.Run(name, func(t *testing.T) {
			w := newImporting(t)
			reply, err := w.start(domain.ImportPeople, name, data)
			if err != nil {
				t.Fatal(err)
			}
			if len(reply.UserErrors) != 1 || reply.Object != nil || !strings.Contains(reply.UserErrors[0].Message, name) {
				t.Fatalf("%+v", reply)
			}
			if len(w.enrolled()) != 0 {
				t.Error("something was loaded")
			}
		})
	}
}

func TestImportReadsDatesAndFormulasOfAWorkbook(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		f := excelize.NewFile()
		date, _ := f.NewStyle(&excelize.Style{NumFmt: 14})
		for cell, v := range map[string]any{"A1": "The cohort", "A3": "Key", "B3": "Name", "C3": "Employer", "D3": "Sector", "E3": "Can't do", "F3": "Nearest stn",
			"A4": 1, "B4": "Amara Okafor", "C4": "Revenue", "D4": "PUBLIC", "E4": time.Date(2019, 3, 12, 0, 0, 0, 0, time.UTC), "F4": "Leeds",
			"A5": 2, "B5": "Mei Chen", "C5": "Gable Networks", "D5": "PRIVATE", "E5": "7/2/2019", "F5": "Leeds"} {
			if err := f.SetCellValue("Sheet1", cell, v); err != nil {
				t.Fatal(err)
			}
		}
		f.SetCellStyle("Sheet1", "E4", "E4", date)
		f.MergeCell("Sheet1", "A1", "F1")
		f.SetCellFormula("Sheet1", "F5", `"Lee"&"ds"`) // the value stored before stays beside it
		b, err := f.WriteToBuffer()
		if err != nil {
			t.Fatal(err)
		}
		imp, rows := w.previewed(domain.ImportPeople, "people.xlsx", b.Bytes())
		reading, err := w.app.ImportReading(w, imp)
		if err != nil {
			t.Fatal(err)
		}
		if reading.HeaderRow != 3 || reading.FormulaCells != 1 || *reading.Sheet != "Sheet1" || reading.Encoding != nil {
			t.Errorf("%+v", reading)
		}
		for _, r := range rows {
			for _, p := range r.Problems {
				if !strings.Contains(p.Message, "row 5 of sheet Sheet1") {
					t.Errorf("row %d: %s", r.Number, p.Message)
				}
			}
		}
		imp = w.correct(imp, CorrectImportInput{Cells: []*ImportCellInput{{Row: 5, Column: 6, Value: "Leeds"}}})
		if _, err := accepted(w.load(imp)); err != nil {
			t.Fatal(err)
		}
		for name, day := range map[string]domain.Date{"Amara Okafor": "2019-03-12", "Mei Chen": "2019-02-07"} {
			if _, e := w.personCalled(name); !slices.Equal(e.AwayOn, []domain.Date{day}) {
				t.Errorf("%s is away on %v", name, e.AwayOn)
			}
		}
	})
}

// Every wrong cell says where it is, what it holds, and what would be right.
func TestImportNamesEachProblem(t *testing.T) {
	for _, c := range []struct {
		name, head, row, column string
		message, fix            string
		code                    domain.UserErrorCode
	}{
		{"ambiguous station", "Home station", "Birmingham", "Home station", "Home station, row 2: “Birmingham” is more than three stations.", "Birmingham International", domain.CodeNotFound},
		{"misspelt station", "Home station", "Manchestr Piccadilly", "Home station", "Home station, row 2: “Manchestr Piccadilly” is no station.", "Manchester Piccadilly", domain.CodeNotFound},
		{"impossible month", "Days away", "27/13/2019", "Days away", "Days away, row 2: \"27/13/2019\": there is no month 13. Dates are read as day month year.", "2019-03-27", domain.CodeInvalid},
		{"month first", "Days away", "3/27/2019", "Days away", "there is no month 27", "2019-03-27", domain.CodeInvalid},
		{"yes or no", "Step-free", "perhaps", "Step-free", "Step-free, row 2: “perhaps” is neither yes nor no.", "yes", domain.CodeInvalid},
		{"skill", "Skills", "Prototypng: 2", "Skills", "“Prototypng” is no skill of the capability framework.", "Prototyping: 2", domain.CodeNotFound},
		{"level", "Skills", "Prototyping: 5", "Skills", "“5” is no level", "", domain.CodeInvalid},
		{"consent", "Hosts may be told", "perhaps", "Hosts may be told", "neither yes nor no", "yes", domain.CodeInvalid},
		{"challenge of a team", "Team's challenge", "Nothing", "Team's challenge", "names no team", "", domain.CodeInvalid},
		{"state", "State", "happy", "State", "“happy” is none of accepted, invited and waitlisted.", "accepted", domain.CodeInvalid},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newImporting(t)
			imp, rows := w.previewed(domain.ImportPeople, "people.csv", []byte("Name,Employer,Sector,"+c.head+"\nAmara Okafor,Revenue,PUBLIC,"+c.row+"\n"))
			if len(rows) != 1 || rows[0].Outcome != domain.RowBlocked || len(rows[0].Problems) != 1 {
				t.Fatalf("%+v", rows[0])
			}
			p := rows[0].Problems[0]
			if p.Column != 4 || p.Value != c.row || p.Code != c.code || !strings.Contains(p.Message, c.message) || !strings.HasPrefix(p.Message, c.column+", row 2: ") {
				t.Errorf("column %d, %q, %s: %s", p.Column, p.Value, p.Code, p.Message)
			}
			if c.fix != "" && (len(p.Fixes) == 0 || p.Fixes[0].Value != c.fix) {
				t.Errorf("fixes %v", fixValues(p))
			}
			if reply, err := w.load(imp); err != nil || len(reply.UserErrors) != 1 || !strings.Contains(reply.UserErrors[0].Message, p.Message) || len(w.enrolled()) != 0 {
				t.Errorf("a blocked row was loaded: %v %+v", err, reply)
			}
			if len(p.Fixes) == 0 {
				return
			}
			imp = w.correct(imp, CorrectImportInput{Cells: []*ImportCellInput{{Row: 2, Column: 4, Value: p.Fixes[0].Value}}})
			if imp.Counts.Blocked != 0 || imp.Counts.Creates != 1 {
				t.Errorf("the first fix %q does not help: %+v", p.Fixes[0].Value, w.rows(imp)[0].Problems)
			}
		})
	}
}

func fixValues(p *domain.ImportProblem) []string {
	var out []string
	for _, f := range p.Fixes {
		out = append(out, f.Value)
	}
	return out
}

func TestImportSectorOfANewEmployer(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		imp, rows := w.previewed(domain.ImportPeople, "people.csv", []byte("Name,Org,Sector\nAdaeze Nwosu,Arden Systems,Priv\nBen Hallam,Arden Systems,Priv\nMei Chen,Gable Networks,\n"))
		p := rows[0].Problems[0]
		if p.Message != "Sector, row 2: “Priv” is neither PUBLIC nor PRIVATE." || p.Fixes[0].Value != "PRIVATE" || p.Fixes[0].SameInColumn != 2 {
			t.Errorf("%s %v", p.Message, p.Fixes[0])
		}
		if p := rows[2].Problems[0]; p.Code != domain.CodeRequired || !strings.Contains(p.Message, "Gable Networks is new") {
			t.Errorf("%s", p.Message)
		}
		imp = w.correct(imp, CorrectImportInput{Cells: []*ImportCellInput{{Row: 2, Column: 3, Value: "PRIVATE", EverySame: true}, {Row: 4, Column: 3, Value: "industry"}}})
		if imp.Counts.Creates != 3 || *imp.Counts.Sectors != (domain.SectorCount{Private: 3}) {
			t.Errorf("%+v", imp.Counts)
		}
	})
}

func TestImportMapsColumns(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		imp, rows := w.previewed(domain.ImportPeople, "people.csv", []byte("Who,Org,Sector,Notes\nAmara Okafor,Revenue,PUBLIC,x\n"))
		if p := rows[0].Problems[0]; p.Column != 1 || p.Code != domain.CodeRequired || !strings.Contains(p.Message, "no column holds it") {
			t.Fatalf("%+v", p)
		}
		columns, err := w.app.ImportColumns(w, imp)
		if err != nil || columns[0].Target != nil || *columns[1].Target != "employer" || columns[3].Target != nil {
			t.Fatalf("%v %+v", err, columns)
		}
		name := "name"
		imp = w.correct(imp, CorrectImportInput{Columns: []*ImportColumnInput{{Column: 1, Target: &name}}})
		if imp.Counts.Creates != 1 {
			t.Fatalf("%+v", imp.Counts)
		}
		imp = w.correct(imp, CorrectImportInput{Columns: []*ImportColumnInput{{Column: 4, Target: &name}}})
		if columns, _ = w.app.ImportColumns(w, imp); columns[0].Target != nil || *columns[3].Target != "name" {
			t.Errorf("a target is filled twice: %+v", columns)
		}
		nothing := "nothing"
		reply, err := w.app.CorrectImport(w, CorrectImportInput{ImportID: imp.ID, ExpectedVersion: imp.Version, Command: w.command(),
			Columns: []*ImportColumnInput{{Column: 9, Target: &name}, {Column: 1, Target: &nothing}}, LeaveOut: []int{77}, Cells: []*ImportCellInput{{Row: 1, Column: 1}}})
		if err != nil || len(reply.UserErrors) != 4 {
			t.Errorf("%v %+v", err, reply.UserErrors)
		}
		if reply, err = w.app.CorrectImport(w, CorrectImportInput{ImportID: imp.ID, ExpectedVersion: 1, Command: w.command()}); err != nil || reply.UserErrors[0].Code != domain.CodeStale {
			t.Errorf("an edit of an old preview: %v %+v", err, reply.UserErrors)
		}
	})
}

func TestImportSeesDuplicatePeople(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		imp, rows := w.previewed(domain.ImportPeople, "people.csv", []byte("Key,Name,Email,Employer,Sector\n1,Ada Lane,ada@a.example,Revenue,PUBLIC\n1,Ada B Lane,other@a.example,Revenue,PUBLIC\n2,Ada Lane,ADA@a.example,Revenue,PUBLIC\n,Bo Ek,,Revenue,PUBLIC\n,Bo Ek,,Revenue,PUBLIC\n"))
		want := map[int]string{3: "“1” is in row 2 too", 4: "“ada@a.example” is in row 2 too", 6: "“Bo Ek” is in row 5 too"}
		for _, r := range rows {
			switch message, wrong := want[r.Number]; {
			case wrong && (r.Outcome != domain.RowBlocked || !strings.Contains(r.Problems[0].Message, message)):
				t.Errorf("row %d: %s %+v", r.Number, r.Outcome, r.Problems)
			case !wrong && r.Outcome != domain.RowCreates:
				t.Errorf("row %d: %s %+v", r.Number, r.Outcome, r.Problems)
			}
		}
		imp = w.correct(imp, CorrectImportInput{LeaveOutBlocked: true})
		if imp.Counts.LeftOut != 3 || imp.Counts.Creates != 2 {
			t.Fatalf("%+v", imp.Counts)
		}
		if _, err := accepted(w.load(imp)); err != nil || len(w.enrolled()) != 2 {
			t.Errorf("%v, %d enrolled", err, len(w.enrolled()))
		}
	})
}

func TestImportTakesARowInAgain(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		imp, rows := w.previewed(domain.ImportPeople, "people.csv", []byte(twoPeople))
		first, second := rows[0].Number, rows[1].Number
		imp = w.correct(imp, CorrectImportInput{LeaveOut: []int{first, second}})
		if imp.Counts.LeftOut != 2 {
			t.Fatalf("%+v", imp.Counts)
		}
		imp = w.correct(imp, CorrectImportInput{TakeIn: []int{second}})
		if c := imp.Counts; c.LeftOut != 1 || c.Creates != 1 {
			t.Fatalf("%+v", c)
		}
		out, err := w.app.ImportRows(w, imp, false, []domain.ImportOutcome{domain.RowLeftOut}, domain.Page{})
		if err != nil || len(out.Nodes) != 1 || out.Nodes[0].Number != first {
			t.Errorf("left out: %v %+v", err, out)
		}
		wrong := CorrectImportInput{ImportID: imp.ID, ExpectedVersion: imp.Version, Command: w.command(), LeaveOut: []int{second}, TakeIn: []int{first, second, 77}}
		reply, err := w.app.CorrectImport(w, wrong)
		if err != nil || len(reply.UserErrors) != 2 || !slices.Equal(reply.UserErrors[0].Field, []string{"input", "takeIn", "1"}) || !slices.Equal(reply.UserErrors[1].Field, []string{"input", "takeIn", "2"}) {
			t.Errorf("%v %+v", err, reply.UserErrors)
		}
		if _, err := accepted(w.load(imp)); err != nil || len(w.enrolled()) != 1 {
			t.Fatalf("%v, %d enrolled", err, len(w.enrolled()))
		}
		w.personCalled("Mei Chen")
	})
}

// A preview that was worked out is loaded as it stands, and never once anything that it follows from has changed.
func TestImportPreviewIsWorkedOutOnce(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		request := func() { w.Context = As(t.Context(), domain.LocalOwner()) }
		statements := func(work func()) int64 {
			counted, n := storage.Counted(As(t.Context(), domain.LocalOwner()))
			w.Context = counted
			work()
			return n.Load()
		}
		counts := func(imp *domain.Import) *domain.ImportCounts {
			dry, err := accepted(w.app.LoadImport(w, LoadImportInput{ImportID: imp.ID, ExpectedVersion: imp.Version, Command: domain.Command{IdempotencyKey: uuid.NewString(), DryRun: true}}))
			if err != nil {
				t.Fatal(err)
			}
			return dry.Counts
		}
		first, _ := w.previewed(domain.ImportPeople, "people.csv", []byte(twoPeople))
		kept := statements(func() { counts(first) })
		w.app.previews.forget(first.ID)
		if anew := statements(func() { counts(first) }); kept >= anew {
			t.Errorf("with what was worked out %d statements, anew %d", kept, anew)
		}
		first = w.correct(first, CorrectImportInput{})
		again := w.app.previews.preview
		if c := counts(first); c.Creates != 2 || again != w.app.previews.preview {
			t.Fatalf("%+v", c)
		}

		w.loaded(domain.ImportPeople, w.cohort, "same.csv", twoPeople) // another one brings the same people
		request()
		if c := counts(first); c.Unchanged != 2 {
			t.Errorf("after others brought them: %+v", c)
		}
		if again.counts.Creates != 2 {
			t.Errorf("control: what was worked out before would not have brought them twice: %+v", again.counts)
		}
		if _, err := accepted(w.load(first)); err != nil || len(w.enrolled()) != 2 {
			t.Errorf("%v, %d enrolled", err, len(w.enrolled()))
		}

		second, _ := w.previewed(domain.ImportPeople, "more.csv", []byte("Key,Name,Employer,Sector\n3,Bo Ek,Revenue,PUBLIC\n"))
		yesterday := w.app.previews.preview
		tomorrow := New(w.store, func() time.Time { return importingNow().AddDate(0, 0, 1) }, slog.New(slog.NewTextHandler(io.Discard, nil)))
		tomorrow.previews.keep(w.app.previews.of, yesterday)
		w.app = tomorrow
		request()
		if _, err := accepted(w.load(second)); err != nil {
			t.Fatal(err)
		}
		if _, e := w.personCalled("Bo Ek"); e.AcceptedOn == nil || *e.AcceptedOn != "2019-02-08" {
			t.Errorf("accepted on %v", e.AcceptedOn)
		}
		for _, d := range yesterday.enrolments.drafts {
			if d.before == nil && *d.noun.AcceptedOn != "2019-02-07" {
				t.Errorf("control: yesterday's preview says %s", *d.noun.AcceptedOn)
			}
		}
	})
}

func TestImportKnowsPeopleAgain(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		w.people(twoPeople)
		again := w.people(twoPeople)
		if c := again.Counts; c.Unchanged != 2 || c.Creates+c.Updates != 0 {
			t.Errorf("the same file again: %+v", c)
		}
		byMail := w.people("Name,Email,Employer\nMei Chen-Li,MEI@g.example,Gable Networks\n")
		if c := byMail.Counts; c.Updates != 1 {
			t.Errorf("%+v", c)
		}
		if p, _ := w.personCalled("Mei Chen-Li"); *p.ExternalKey != "2" || len(w.enrolled()) != 2 {
			t.Errorf("%+v", p)
		}
		_, rows := w.previewed(domain.ImportPeople, "people.csv", []byte("Key,Name,Email,Employer\n1,Amara Okafor,mei@g.example,Revenue\n9,Mei Chen-Li,mei@g.example,Gable Networks\n"))
		if len(rows[0].Problems) == 0 || !strings.Contains(rows[0].Problems[0].Message, "the address of Mei Chen-Li") {
			t.Errorf("%+v", rows[0])
		}
		if !slices.ContainsFunc(rows[1].Problems, func(p *domain.ImportProblem) bool { return strings.Contains(p.Message, "has the key 2 already") }) {
			t.Errorf("%+v", rows[1])
		}
	})
}

func TestImportFreezesTheEmployerOfWhoHasASeat(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		w.people(twoPeople)
		if c := w.people("Key,Name,Employer,Sector\n2,Mei Chen,Arden Systems,PRIVATE\n").Counts; c.Updates != 1 {
			t.Fatalf("%+v", c)
		}
		p, e := w.personCalled("Mei Chen")
		was, _ := storage.One[domain.Organisation](w, w.store.Read(), e.EmployerAtEnrolmentID)
		is, _ := storage.One[domain.Organisation](w, w.store.Read(), p.Affiliations[0].OrganisationID)
		if was.Name != "Gable Networks" || is.Name != "Arden Systems" || len(p.Affiliations) != 2 || *p.Affiliations[1].To != "2019-02-07" {
			t.Errorf("enrolled from %s, works at %s: %+v", was.Name, is.Name, p.Affiliations)
		}
		if c := w.people("Key,Name,Employer,Sector\n2,Mei Chen,Arden Systems,PRIVATE\n").Counts; c.Unchanged != 1 {
			t.Errorf("%+v", c)
		}
	})
}

func TestImportSeatsWithinTheSeatsAndSaysWhoWaits(t *testing.T) {
	w := newImportingIn(t, t.TempDir(), 2)
	var b strings.Builder
	b.WriteString("Key,Name,Employer,Sector\n")
	for i := range 3 {
		fmt.Fprintf(&b, "a%d,Public %d,Revenue,PUBLIC\nb%d,Private %d,Arden Systems,PRIVATE\n", i, i, i, i)
	}
	imp, _ := w.previewed(domain.ImportPeople, "people.csv", []byte(b.String()))
	if *imp.Counts.Sectors != (domain.SectorCount{Public: 2, Private: 2}) {
		t.Errorf("%+v", imp.Counts.Sectors)
	}
	reply, err := w.load(imp)
	if err != nil {
		t.Fatal(err)
	}
	waits := slices.IndexFunc(reply.Impact, func(i *domain.Impact) bool { return strings.Contains(i.Because, "waiting list") })
	if waits < 0 || reply.Impact[waits].Count != 2 {
		t.Fatalf("nobody said who waits: %+v", reply.Impact)
	}
	states := map[domain.EnrolmentState]int{}
	for _, e := range w.enrolled() {
		states[e.Stored]++
		if slices.Contains(reply.Impact[waits].SubjectIDs, e.ID) != (e.Stored == domain.Waitlisted) {
			t.Errorf("%s is %s", e.ID, e.Stored)
		}
	}
	if states[domain.Accepted] != 4 || states[domain.Waitlisted] != 2 {
		t.Errorf("%v", states)
	}
	if c := w.people(b.String()).Counts; c.Unchanged != 6 {
		t.Errorf("again: %+v", c)
	}
}

func TestImportReadsNeedsAndConsent(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		file := "Key,Name,Employer,Sector,Diet,Step-free,Access,Consent\n1,A B,Revenue,PUBLIC,Vegan,yes,,1/2/2019\n2,C D,Revenue,PUBLIC,Halal,,Hearing loop,no\n3,E F,Revenue,PUBLIC,none,no,,\n4,G H,Revenue,PUBLIC,Kosher,yes,,diet 3/2/2019\n"
		w.people(file)
		if c := w.people(file).Counts; c.Unchanged != 4 {
			t.Errorf("again: %+v", c)
		}
		_, a := w.personCalled("A B")
		if len(a.Needs) != 2 || *a.Needs[0].Text != "Vegan" || !a.StepFree() || a.Needs[0].ConsentedAt == nil || a.Needs[0].ConsentedAt.UTC().Format(time.RFC3339) != "2019-02-01T00:00:00Z" {
			t.Errorf("%+v", a.Needs)
		}
		_, c := w.personCalled("C D")
		if len(c.Needs) != 2 || c.Needs[0].ConsentedAt != nil || c.Needs[1].ConsentedAt != nil {
			t.Errorf("%+v", c.Needs)
		}
		if _, e := w.personCalled("E F"); len(e.Needs) != 0 {
			t.Errorf("%+v", e.Needs)
		}
		if _, g := w.personCalled("G H"); g.Needs[0].ConsentedAt == nil || g.Needs[1].ConsentedAt != nil {
			t.Errorf("%+v", g.Needs)
		}
		// An empty cell leaves what is known; "none" empties it.
		w.people("Key,Name,Employer,Diet\n1,A B,Revenue,\n2,C D,Revenue,none\n")
		if _, a := w.personCalled("A B"); len(a.Needs) != 2 {
			t.Errorf("an empty cell took a need away: %+v", a.Needs)
		}
		if _, c := w.personCalled("C D"); len(c.Needs) != 1 || c.Needs[0].Kind != domain.NeedAccess {
			t.Errorf("%+v", c.Needs)
		}
	})
}

const oneOffer = "Key,Host,Kind,Site,Station,Step-free,Themes,Min group,Max group,Duration,Windows,Closed,Lead time,Required fields\n" +
	"H1,Usk Robotics,company,Usk Way,Newport (South Wales),yes,Care; Tracking,12,24,4 h 30,\"26 Feb 2019 10:00-15:30; 4–8 Mar 2019 10:00–16:00 Tue, Wed; 22/4/2019..24/4/2019 09:30-15:00\",23/4/2019,5,names 5; id 8; diet 3\n"

func TestImportReadsOffers(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		w.loaded(domain.ImportOffers, w.programme, "offers.csv", oneOffer)
		offers, err := w.store.Read().OffersOf(w, w.programme)
		if err != nil || len(offers) != 1 {
			t.Fatal(err, len(offers))
		}
		o := offers[0]
		london := (&domain.Programme{TimeZone: "Europe/London"}).Location()
		if got := windowsCell(o.Windows, london); got != "2019-02-26 10:00-15:30; 2019-03-05 10:00-16:00; 2019-03-06 10:00-16:00; 2019-04-22 09:30-15:00; 2019-04-23 09:30-15:00; 2019-04-24 09:30-15:00" {
			t.Errorf("open %s", got)
		}
		if !o.Windows[3].StartsAt.Equal(time.Date(2019, 4, 22, 8, 30, 0, 0, time.UTC)) {
			t.Errorf("half past nine in British summer time was read as %s", o.Windows[3].StartsAt)
		}
		if o.MinGroup != 12 || o.MaxGroup != 24 || o.DurationMinutes != 270 || o.LeadTimeWorkingDays != 5 || !slices.Equal(o.BlackoutDates, []domain.Date{"2019-04-23"}) || len(o.ThemeIDs) != 2 {
			t.Errorf("%+v", o)
		}
		if got := fieldsCell(o.RequiredFields); got != "names 5; id 8; diet 3" {
			t.Errorf("asks for %s", got)
		}
		if c := w.loaded(domain.ImportOffers, w.programme, "offers.csv", oneOffer).Counts; c.Unchanged != 1 {
			t.Errorf("again: %+v", c)
		}
		if c := w.loaded(domain.ImportOffers, w.programme, "offers.csv", strings.Replace(oneOffer, ",24,", ",20,", 1)).Counts; c.Updates != 1 {
			t.Errorf("changed: %+v", c)
		}
		for wrong, message := range map[string]string{
			strings.Replace(oneOffer, ",12,24,", ",25,24,", 1):             "smaller than the smallest",
			strings.Replace(oneOffer, "names 5", "shoe size 5", 1):         "“shoe size” is nothing that a host may ask for",
			strings.Replace(oneOffer, "4 h 30", "a while", 1):              "is no duration",
			strings.Replace(oneOffer, " 10:00-15:30", "", 1):               "names no time of day",
			strings.Replace(oneOffer, "10:00-15:30", "15:30-10:00", 1):     "opens and closes at no time",
			strings.Replace(oneOffer, "Tue, Wed", "Tue, Mittwoch", 1):      "no day of the week",
			strings.Replace(oneOffer, "26 Feb 2019", "30 Feb 2019", 1):     "has no day 30",
			strings.Replace(oneOffer, "Newport (South Wales)", "Nowhr", 1): "is no station",
		} {
			_, rows := w.previewed(domain.ImportOffers, "offers.csv", []byte(wrong))
			if len(rows[0].Problems) != 1 || !strings.Contains(rows[0].Problems[0].Message, message) {
				t.Errorf("%s: %+v", message, rows[0].Problems)
			}
		}
	})
}

func TestImportReadsChallenges(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		file := "Key,Title,Owner,Problem,Users,Need,Constraints,Success measures,Themes,Skills,Source,URL,Licence,Published\n" +
			"C1,Track waste,Department for Environment,p,u,n,c,s,Tracking; Data,Prototyping,GovTech,https://www.gov.uk,OGL,6 Sep 2018\nC2,Cut traffic,,,,,,,,,,,,\n"
		w.loaded(domain.ImportChallenges, w.programme, "c.csv", file)
		found, err := w.store.Read().ChallengesOf(w, w.programme)
		if err != nil || len(found) != 2 {
			t.Fatal(err, len(found))
		}
		c := found[1]
		if c.Stage != domain.Framed || len(c.ThemeIDs) != 2 || len(c.NeededSkillIDs) != 1 || *c.Source.PublishedOn != "2018-09-06" || c.OwnerID == nil {
			t.Errorf("%+v", c)
		}
		if found[0].Stage != domain.Proposed || found[0].OwnerID != nil || found[0].Source != nil {
			t.Errorf("%+v", found[0])
		}
		if counts := w.loaded(domain.ImportChallenges, w.programme, "c.csv", file).Counts; counts.Unchanged != 2 {
			t.Errorf("again: %+v", counts)
		}
		// The whole framework is there once a table needed it.
		skills, err := w.app.Skills(w)
		if err != nil || len(skills) < 150 {
			t.Errorf("%v, %d skills", err, len(skills))
		}
	})
}

func TestImportFormsTeams(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		w.loaded(domain.ImportChallenges, w.programme, "c.csv", "Title,Owner\nTrack waste,Defra\nCut traffic,\n")
		w.people("Key,Name,Employer,Sector,Team,Team's challenge\n1,A B,Revenue,PUBLIC,1 Waste,Track waste\n2,C D,Arden,PRIVATE,1,\n3,E F,Arden,PRIVATE,Blue,\n4,G H,Arden,PRIVATE,,\n")
		teams, err := w.store.Read().TeamsOf(w, []string{w.cohort})
		if err != nil || len(teams) != 2 || teams[0].Name != "Waste" || teams[0].ChallengeID == nil || teams[1].Number != 2 || teams[1].Name != "Blue" {
			t.Fatalf("%v %+v", err, teams)
		}
		_, a := w.personCalled("A B")
		_, c := w.personCalled("C D")
		_, g := w.personCalled("G H")
		if *a.TeamID != teams[0].ID || *c.TeamID != teams[0].ID || g.TeamID != nil {
			t.Error("somebody is in the wrong team")
		}
		_, rows := w.previewed(domain.ImportPeople, "p.csv", []byte("Key,Name,Employer,Team,Team's challenge\n1,A B,Revenue,1,Cut traffic\n2,C D,Arden,1,Track waste\n3,E F,Arden,2,Track wste\n"))
		if rows[0].Outcome != domain.RowUpdates || !strings.Contains(rows[1].Problems[0].Message, "an earlier row gives Waste the challenge “Cut traffic”") {
			t.Errorf("%+v %+v", rows[0], rows[1].Problems)
		}
		if p := rows[2].Problems[0]; p.Fixes[0].Value != "Track waste" {
			t.Errorf("%+v", fixValues(p))
		}
	})
}

func TestImportUndo(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		before := dump(t, w)
		first := w.people(twoPeople)
		second := w.people("Key,Name,Email,Employer,Sector,Home station,Team\n1,Amara Okafor-Bell,amara@a.example,Revenue,PUBLIC,Leeds,1\n3,New One,new@a.example,Tern Analytics,PRIVATE,York,1\n")
		if reply, err := w.undo(first); err != nil || len(reply.UserErrors) == 0 || reply.UserErrors[0].Code != domain.CodeWrongState || !strings.Contains(reply.UserErrors[0].Message, "was edited since") {
			t.Fatalf("undone under the feet of a later import: %v %+v", err, reply)
		}
		if len(w.enrolled()) != 3 {
			t.Fatal("a refused undo took something away")
		}
		undone, err := accepted(w.undo(second))
		if err != nil || undone.UndoneAt == nil {
			t.Fatal(err)
		}
		p, e := w.personCalled("Amara Okafor")
		if *e.HomeStationCode != "EUS" || e.TeamID != nil || *p.ExternalKey != "1" {
			t.Errorf("not as it was: %+v %+v", p, e)
		}
		if len(w.enrolled()) != 2 {
			t.Errorf("%d enrolled", len(w.enrolled()))
		}
		if reply, err := w.undo(undone); err != nil || len(reply.UserErrors) == 0 {
			t.Errorf("undone twice: %v %+v", err, reply)
		}
		// The first is as it left things, however often they were saved since, so it can go too.
		if _, err := accepted(w.undo(first)); err != nil {
			t.Fatal(err)
		}
		if after := dump(t, w); after != before {
			t.Errorf("undo left something:\n%s\nnot\n%s", after, before)
		}
	})
}

func TestImportUndoStopsAtWhatCameLater(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		challenges := w.loaded(domain.ImportChallenges, w.programme, "c.csv", "Title,Owner,Themes\nTrack waste,Defra,Tracking\n")
		people := w.people("Key,Name,Employer,Sector,Team,Team's challenge\n1,A B,Revenue,PUBLIC,1,Track waste\n")
		reply, err := w.undo(challenges)
		if err != nil || len(reply.UserErrors) != 1 || reply.UserErrors[0].Message != "“Track waste” is needed by 1 team that came since." {
			t.Fatalf("%v %+v", err, reply.UserErrors)
		}
		offers := w.loaded(domain.ImportOffers, w.programme, "o.csv", strings.Replace(oneOffer, "Care; Tracking", "Tracking", 1))
		if _, err := accepted(w.undo(people)); err != nil {
			t.Fatal(err)
		}
		if reply, err = w.undo(challenges); err != nil || len(reply.UserErrors) != 1 || !strings.Contains(reply.UserErrors[0].Message, "The theme “Tracking” is needed by 1 offer") {
			t.Fatalf("%v %+v", err, reply.UserErrors)
		}
		changed := w.loaded(domain.ImportOffers, w.programme, "o.csv", strings.Replace(strings.Replace(oneOffer, "Care; Tracking", "Tracking", 1), "10:00-15:30", "09:00-15:30", 1))
		for _, imp := range []*domain.Import{changed, offers, challenges} {
			if _, err := accepted(w.undo(imp)); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// dump is every noun that an import can write, by name.
func dump(t *testing.T, w *importing) string {
	t.Helper()
	r := w.store.Read()
	var out []string
	say := func(kind string, n int, err error) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprintf("%s %d", kind, n))
	}
	organisations, err := r.AllOrganisations(w)
	say("organisations", len(organisations), err)
	people, err := r.PeopleByKeys(w, []string{"1", "2", "3"}, nil)
	say("people", len(people), err)
	enrolments, err := r.EnrolmentsOf(w, []string{w.cohort})
	say("enrolments", len(enrolments), err)
	teams, err := r.TeamsOf(w, []string{w.cohort})
	say("teams", len(teams), err)
	themes, err := r.ThemesOf(w, w.programme)
	say("themes", len(themes), err)
	challenges, err := r.ChallengesOf(w, w.programme)
	say("challenges", len(challenges), err)
	offers, err := r.OffersOf(w, w.programme)
	say("offers", len(offers), err)
	return strings.Join(out, ", ")
}

func TestImportDryRunKeepsNothing(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		imp, _, err := w.app.ImportFile(w, domain.ImportPeople, w.cohort, "people.csv", []byte(twoPeople), true)
		if err != nil || imp.State != domain.JobDone || imp.Counts.Creates != 2 {
			t.Fatalf("%v %+v", err, imp)
		}
		if len(w.enrolled()) != 0 {
			t.Error("a dry run loaded something")
		}
		later := *w // the same request would see what the dry run did
		later.Context = As(t.Context(), domain.LocalOwner())
		kept, err := w.app.Import(later, imp.ID)
		if err != nil || kept.State != domain.JobWaiting {
			t.Fatalf("%v %+v", err, kept)
		}
		if _, err := accepted(later.load(kept)); err != nil || len(later.enrolled()) != 2 {
			t.Error(err, len(later.enrolled()))
		}
	})
}

// A table with a wrong row anywhere leaves nothing; without it, it is loaded whole.
func TestImportIsNeverHalfLoaded(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newImporting(t)
		rows := rapid.IntRange(1, 30).Draw(rt, "rows")
		bad := rapid.IntRange(0, rows).Draw(rt, "bad row; the number of rows is none")
		var b strings.Builder
		b.WriteString("Key,Name,Employer,Sector,Home station,Days away\n")
		for i := range rows {
			home, away := "Leeds", "12/3/2019"
			if i == bad {
				switch rapid.IntRange(0, 2).Draw(rt, "how") {
				case 0:
					home = "Nowhere at all"
				case 1:
					away = "31/2/2019"
				default:
					home, away = "Bham", "soon"
				}
			}
			fmt.Fprintf(&b, "k%d,Person %d,Firm %d,PRIVATE,%s,%s\n", i, i, i%7, home, away)
		}
		imp, wrong, err := w.app.ImportFile(w, domain.ImportPeople, w.cohort, "people.csv", []byte(b.String()), false)
		if err != nil {
			rt.Fatal(err)
		}
		organisations, _ := w.store.Read().AllOrganisations(w)
		if bad < rows {
			if len(wrong) != 1 || wrong[0].Number != bad+2 || imp.State != domain.JobWaiting || len(w.enrolled()) != 0 || len(organisations) != 0 {
				rt.Fatalf("%d rows wrong, %d enrolled, %d organisations", len(wrong), len(w.enrolled()), len(organisations))
			}
			if reply, err := w.load(imp); err != nil || len(reply.UserErrors) == 0 || len(w.enrolled()) != 0 {
				rt.Fatalf("loaded all the same: %v", err)
			}
			// The control: what is asked to be left out is a load in part, and seen as such.
			imp = w.correct(imp, CorrectImportInput{LeaveOutBlocked: true})
			if _, err := accepted(w.load(imp)); err != nil || len(w.enrolled()) != rows-1 {
				rt.Fatalf("%v, %d of %d enrolled", err, len(w.enrolled()), rows-1)
			}
		} else if len(w.enrolled()) != rows || imp.State != domain.JobDone {
			rt.Fatalf("%d of %d enrolled", len(w.enrolled()), rows)
		}
	})
}

func TestImportOfTenThousandPeople(t *testing.T) {
	w := newImportingIn(t, t.TempDir(), 6000)
	var b strings.Builder
	b.WriteString("Key,Name,Email,Employer,Sector,Home station,Team,Days away,Diet,Skills\n")
	for i := range 10_000 {
		sector := []string{"PUBLIC", "PRIVATE"}[i%2]
		fmt.Fprintf(&b, "k%05d,Person %d,p%d@a.example,Organisation %s %d,%s,Leeds,%d,12/3/2019,Vegan,Prototyping: %d; Testing: 2\n", i, i, i, sector, i%200, sector, 1+i/10, i%5)
	}
	imp := w.people(b.String())
	if c := imp.Counts; c.Creates != 10_000 || *c.Sectors != (domain.SectorCount{Public: 5000, Private: 5000}) {
		t.Fatalf("%+v", c)
	}
	if len(w.enrolled()) != 10_000 {
		t.Fatalf("%d enrolled", len(w.enrolled()))
	}
	if c := w.people(b.String()).Counts; c.Unchanged != 10_000 {
		t.Errorf("again: %+v", c)
	}
	if _, err := accepted(w.undo(imp)); err != nil || len(w.enrolled()) != 0 {
		t.Errorf("%v, %d enrolled", err, len(w.enrolled()))
	}
}

func TestExportWritesWhatImportReads(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		w.loaded(domain.ImportChallenges, w.programme, "c.csv", "Key,Title,Owner,Problem,Themes,Skills,Source,Licence,Published\nC1,Track waste,Defra,\"a, \"\"b\"\"\nc\",Tracking; Data,Prototyping,GovTech,OGL,6 Sep 2018\n,=Cut traffic,,,,,,,\n")
		w.loaded(domain.ImportOffers, w.programme, "o.csv", oneOffer)
		w.people("Key,Name,Email,Employer,Sector,Home station,Team,Team's challenge,Days away,Diet,Step-free,Access,Consent,Skills,State\n" +
			"1,Zoë Okafor,amara@a.example,Revenue,PUBLIC,London Euston,1 Waste,Track waste,12–14 Mar 2019,Vegan,yes,,1/2/2019,\"Applied maths, statistics and scientific practices: 3\",\n" +
			"2,Mei Chen,,Gable Networks,PRIVATE,Reading,2,,,Halal,,Loop,diet,,waitlisted\n,Bo Ek,,Gable Networks,PRIVATE,,,,,,,,,,invited\n")
		cohort, err := w.app.Cohort(w, w.cohort)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range []domain.ImportKind{domain.ImportPeople, domain.ImportChallenges, domain.ImportOffers} {
			for _, format := range []string{"csv", "xlsx"} {
				data, err := w.app.Export(w, cohort, kind, format)
				if err != nil {
					t.Fatal(err)
				}
				imp, rows, err := w.app.ImportFile(w, kind, w.into(kind), "back."+format, data, false)
				if err != nil || len(rows) > 0 {
					t.Fatalf("%s %s: %v %+v", kind, format, err, rows)
				}
				if c := imp.Counts; c.Rows == 0 || c.Unchanged != c.Rows {
					t.Errorf("%s as %s is not what it was: %+v", kind, format, c)
				}
			}
		}
		// The control: what differs is seen.
		data, _ := w.app.Export(w, cohort, domain.ImportPeople, "csv")
		if c := w.people(strings.Replace(string(data), "Vegan", "Vegetarian", 1)).Counts; c.Updates != 1 {
			t.Errorf("%+v", c)
		}
		if table, err := w.app.Table(As(w, domain.Nobody()), cohort, domain.ImportPeople); table != nil || err != nil {
			t.Errorf("a table for nobody: %v", err)
		}
		if _, err := w.app.Export(w, cohort, domain.ImportProgrammes, "csv"); !errors.Is(err, domain.ErrInvalid) {
			t.Errorf("%v", err)
		}
	})
}

func TestUploadInPieces(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		data := bytes.Repeat([]byte("0123456789abcdef"), 20<<10)
		sum := sha256.Sum256(data)
		start := func() (*domain.Upload, error) {
			return accepted(w.app.StartUpload(w, StartUploadInput{Name: "big.csv", Bytes: len(data), Sha256: hex.EncodeToString(sum[:]), Command: w.command()}))
		}
		piece := func(u *domain.Upload, from, to int) *domain.Reply[domain.Upload] {
			t.Helper()
			reply, err := w.app.AppendUpload(w, AppendUploadInput{UploadID: u.ID, Offset: from, Data: base64.StdEncoding.EncodeToString(data[from:to]), Command: w.command()})
			if err != nil {
				t.Fatal(err)
			}
			return reply
		}
		u, err := start()
		if err != nil {
			t.Fatal(err)
		}
		if r := piece(u, 0, pieceMax); len(r.UserErrors) > 0 || r.Object.Received != pieceMax {
			t.Fatalf("%+v", r)
		}
		if r := piece(u, 0, pieceMax); len(r.UserErrors) > 0 || r.Object.Received != pieceMax {
			t.Errorf("the same piece again: %+v", r.UserErrors)
		}
		if r := piece(u, 2*pieceMax, len(data)); len(r.UserErrors) != 1 || *r.UserErrors[0].Fix != fmt.Sprintf("Go on from %d.", pieceMax) {
			t.Errorf("a gap: %+v", r.UserErrors)
		}
		if r := piece(u, pieceMax, pieceMax+pieceMax+1); len(r.UserErrors) != 1 {
			t.Errorf("too large a piece was taken")
		}
		again, err := start()
		if err != nil || again.ID != u.ID || again.Received != pieceMax {
			t.Errorf("an unfinished upload does not go on: %v %+v", err, again)
		}
		if reply, err := w.app.StartImport(w, StartImportInput{UploadID: u.ID, Kind: domain.ImportPeople, IntoID: &w.cohort, Command: w.command()}); err != nil || reply.UserErrors[0].Code != domain.CodeWrongState {
			t.Errorf("an unfinished file was read: %v", err)
		}
		other := *w
		other.Context = As(t.Context(), &domain.Actor{ID: "somebody", Name: "Somebody", Grants: []domain.Grant{{Role: domain.Owner}}})
		if _, err := w.app.Upload(other, u.ID); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("somebody else's upload: %v", err)
		}
		piece(u, pieceMax, 2*pieceMax)
		if r := piece(u, 2*pieceMax, len(data)); len(r.UserErrors) > 0 || r.Object.Received != len(data) {
			t.Errorf("%+v", r.UserErrors)
		}
		whole, err := fileOf(w, w.store.Read(), u)
		if err == nil {
			u, err = w.app.Upload(w, u.ID)
		}
		if err != nil || u.Received != len(data) {
			t.Fatal(err)
		}
		if whole, err = fileOf(w, w.store.Read(), u); err != nil || !bytes.Equal(whole, data) {
			t.Errorf("the file is not what was sent: %v, %d bytes", err, len(whole))
		}
	})
}

func TestUploadWithAnotherHashIsThrownAway(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		in := StartUploadInput{Name: "a.csv", Bytes: 4, Sha256: strings.Repeat("0", 64), Command: w.command()}
		u, err := accepted(w.app.StartUpload(w, in))
		if err != nil {
			t.Fatal(err)
		}
		reply, err := w.app.AppendUpload(w, AppendUploadInput{UploadID: u.ID, Data: base64.StdEncoding.EncodeToString([]byte("abcd")), Command: w.command()})
		if err != nil || len(reply.UserErrors) != 1 || !strings.Contains(reply.UserErrors[0].Message, "SHA-256") {
			t.Fatalf("%v %+v", err, reply)
		}
		if _, err := w.app.Upload(w, u.ID); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("a spoiled upload is still there: %v", err)
		}
	})
}

func TestUploadsAreForgottenAfterADay(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		now := importingNow()
		w.app.clock = func() time.Time { return now }
		kept, _ := w.previewed(domain.ImportPeople, "people.csv", []byte(twoPeople))
		unused := w.upload("b.csv", []byte("Name\n"))
		now = now.Add(25 * time.Hour)
		w.upload("c.csv", []byte("Name,Other\n"))
		if _, err := w.app.Upload(w, unused.ID); !errors.Is(err, domain.ErrNotFound) {
			t.Errorf("an upload outlived its day: %v", err)
		}
		if len(w.rows(kept)) != 2 {
			t.Error("the file of a preview is gone")
		}
	})
}

func TestImportRoles(t *testing.T) {
	eachImporting(t, func(t *testing.T, w *importing) {
		imp, _ := w.previewed(domain.ImportPeople, "people.csv", []byte(twoPeople))
		as := func(role domain.Role, on string, scopes ...domain.Scope) *importing {
			other := *w
			other.Context = As(t.Context(), &domain.Actor{ID: string(role), Name: string(role), Grants: []domain.Grant{{Role: role, On: on, Within: w.programme}}, Scopes: scopes})
			return &other
		}
		for name, c := range map[string]struct {
			who  *importing
			kind error
		}{
			"coordinator of the programme": {as(domain.Coordinator, w.programme), nil},
			"coordinator of the cohort":    {as(domain.Coordinator, w.cohort), nil},
			"coordinator of another":       {as(domain.Coordinator, "programme_other"), domain.ErrNotFound},
			"integrator":                   {as(domain.Integrator, w.programme, domain.CohortWrite), nil},
			"integrator without the scope": {as(domain.Integrator, w.programme, domain.CohortRead), domain.ErrNotFound},
			"member":                       {as(domain.Member, w.cohort), domain.ErrNotFound},
			"judge":                        {as(domain.Judge, w.programme), domain.ErrNotFound},
			"sponsor":                      {as(domain.Sponsor, w.programme), domain.ErrNotFound},
		} {
			t.Run(name, func(t *testing.T) {
				if _, err := c.who.app.Import(c.who, imp.ID); !errors.Is(err, c.kind) {
					t.Errorf("reads: %v", err)
				}
				in := LoadImportInput{ImportID: imp.ID, ExpectedVersion: imp.Version, Command: w.command()}
				in.DryRun = true
				if _, err := c.who.app.LoadImport(c.who, in); !errors.Is(err, c.kind) {
					t.Errorf("loads: %v", err)
				}
			})
		}
		coordinator := as(domain.Coordinator, w.programme)
		u := coordinator.upload("p.csv", []byte("Name\nX\n"))
		if _, err := w.app.StartImport(coordinator, StartImportInput{UploadID: u.ID, Kind: domain.ImportProgrammes, Command: w.command()}); !errors.Is(err, domain.ErrForbidden) {
			t.Errorf("a coordinator begins programmes: %v", err)
		}
	})
}
