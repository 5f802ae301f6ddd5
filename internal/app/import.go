package app

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/table"
)

func init() {
	nodes["import"] = finder((*App).Import)
	nodes["upload"] = finder((*App).Upload)
}

const importMax = 64 << 20

func placeOfImport(i *domain.Import) domain.Place {
	return domain.Place{Programme: i.ProgrammeID, Cohort: i.CohortID}
}

func targetsOf(kind domain.ImportKind) []target {
	switch kind {
	case domain.ImportProgrammes:
		return programmeTargets
	case domain.ImportPeople:
		return peopleTargets
	case domain.ImportChallenges:
		return challengeTargets
	default:
		return offerTargets
	}
}

// Import is one import, its counts as they are now.
func (a *App) Import(ctx context.Context, id string) (*domain.Import, error) {
	imp, err := seen(ctx, a, "import", id, domain.SeeImports, placeOfImport)
	if err != nil || imp.State != domain.JobWaiting {
		return imp, err
	}
	p, err := a.previewed(ctx, imp)
	if err != nil {
		return nil, err
	}
	imp.Counts = p.counts
	return imp, nil
}

// Imports is a page of a programme's imports, newest first, with their counts as last saved; nil for those who may not see
// them.
func (a *App) Imports(ctx context.Context, p *domain.Programme, pg domain.Page) (*domain.Paged[domain.Import], error) {
	if !may(ctx, domain.SeeImports, domain.Place{Programme: p.ID}) {
		return nil, nil
	}
	found, err := a.read().Imports(ctx, p.ID, pg)
	if err == nil {
		keepAll(a.view(ctx), found.Nodes)
	}
	return found, err
}

// ImportReading is how an import's file was read.
func (a *App) ImportReading(ctx context.Context, imp *domain.Import) (*domain.ImportReading, error) {
	t, err := a.tableOf(ctx, imp)
	if err != nil {
		return nil, err
	}
	zone, err := a.zoneOf(ctx, a.read(), imp)
	if err != nil {
		return nil, err
	}
	some := func(s string) *string {
		if s == "" {
			return nil
		}
		return &s
	}
	r := t.Reading
	return &domain.ImportReading{Encoding: some(r.Encoding), Delimiter: some(r.Delimiter), Sheet: some(r.Sheet), HeaderRow: r.HeaderRow,
		DateOrder: dateOrder(zone).String(), FormulaCells: r.FormulaCells}, nil
}

// ImportColumns is the file's columns and what each fills.
func (a *App) ImportColumns(ctx context.Context, imp *domain.Import) ([]*domain.ImportColumn, error) {
	t, err := a.tableOf(ctx, imp)
	if err != nil {
		return nil, err
	}
	s := newSheet(t, targetsOf(imp.Kind), imp, time.UTC, a.clock())
	out := make([]*domain.ImportColumn, len(t.Columns))
	for i, h := range t.Columns {
		out[i] = &domain.ImportColumn{Number: i + 1, Header: h}
		if name := s.filled[i+1]; name != "" {
			out[i].Target = &name
		}
	}
	return out, nil
}

// ImportTargets is the columns of Tandem that an import's kind can fill.
func (a *App) ImportTargets(imp *domain.Import) []*domain.ImportTarget {
	var out []*domain.ImportTarget
	for _, t := range targetsOf(imp.Kind) {
		out = append(out, &domain.ImportTarget{Name: t.name, Label: t.label, Required: t.required})
	}
	return out
}

// ImportRows is a page of an import's rows in the order of the file, of those alone with a problem or an outcome where
// that is asked for. Of an import that is loaded, the rows say what loading them again would do.
func (a *App) ImportRows(ctx context.Context, imp *domain.Import, problemsOnly bool, outcomes []domain.ImportOutcome, pg domain.Page) (*domain.Paged[domain.ImportRow], error) {
	p, err := a.previewed(ctx, imp)
	if err != nil {
		return nil, err
	}
	rows := slices.DeleteFunc(slices.Clone(p.rows), func(r *domain.ImportRow) bool {
		return problemsOnly && len(r.Problems) == 0 || outcomes != nil && !slices.Contains(outcomes, r.Outcome)
	})
	page, err := domain.Slice(fmt.Sprint("rows ", problemsOnly, outcomes), rows, func(r *domain.ImportRow) string { return strconv.Itoa(r.Number) }, pg)
	if err == nil {
		p.show(page.Nodes)
	}
	return page, err
}

// ImportProgress is the part of an import that is done: all of it, as an answer waits until reading or loading is over.
func (a *App) ImportProgress(imp *domain.Import) *float64 {
	whole := 1.0
	return &whole
}

// tableOf reads an import's file, once in a request.
func (a *App) tableOf(ctx context.Context, imp *domain.Import) (table.Table, error) {
	return once(ctx, a.view(ctx), "table of "+imp.ID, func(ctx context.Context) (table.Table, error) {
		if t, ok := a.previews.table(imp.ID); ok {
			return t, nil
		}
		u, err := storage.One[domain.Upload](ctx, a.read(), imp.UploadID)
		if err != nil {
			return table.Table{}, err
		}
		return a.readTable(ctx, u, imp.Kind, deref(imp.Sheet))
	})
}

func (a *App) readTable(ctx context.Context, u *domain.Upload, kind domain.ImportKind, sheet string) (table.Table, error) {
	data, err := fileOf(ctx, a.read(), u)
	if err != nil {
		return table.Table{}, err
	}
	return table.Read(u.Name, data, table.Options{Sheet: sheet, Known: headings(targetsOf(kind))})
}

// mustLoad is nil where the asker may load a table of a kind at a place.
func mustLoad(ctx context.Context, kind domain.ImportKind, at domain.Place) error {
	if kind == domain.ImportProgrammes {
		return must(ctx, domain.RunDatabase, domain.Place{})
	}
	return must(ctx, domain.LoadTables, at)
}

// importPlace is where an import of a kind loads into, which the asker must be able to see.
func (a *App) importPlace(ctx context.Context, kind domain.ImportKind, into *string) (domain.Place, error) {
	switch {
	case kind == domain.ImportProgrammes:
		return domain.Place{}, nil
	case deref(into) == "":
		return domain.Place{}, domain.Refuse(domain.CodeRequired, "intoId", "A table is loaded into something.", "Name the cohort for people, the programme for offers and challenges.")
	case kind == domain.ImportPeople:
		if !strings.HasPrefix(*into, "cohort_") {
			return domain.Place{}, domain.Refuse(domain.CodeInvalid, "intoId", "People are loaded into a cohort.", "Give the id of a cohort.")
		}
		c, err := a.Cohort(ctx, *into)
		if err != nil {
			return domain.Place{}, err
		}
		return placeOfCohort(c), nil
	}
	if !strings.HasPrefix(*into, "programme_") {
		return domain.Place{}, domain.Refuse(domain.CodeInvalid, "intoId", "Offers and challenges are loaded into a programme.", "Give the id of a programme.")
	}
	p, err := a.Programme(ctx, *into)
	if err != nil {
		return domain.Place{}, err
	}
	return domain.Place{Programme: p.ID}, nil
}

// StartImport reads an uploaded table into a preview, and loads nothing yet. Coordinators, or scope COHORT_WRITE; the owner
// alone for PROGRAMMES. A file that cannot be read is refused with what to do.
func (a *App) StartImport(ctx context.Context, in StartImportInput) (*domain.Reply[domain.Import], error) {
	at, err := a.importPlace(ctx, in.Kind, in.IntoID)
	var refused domain.Refusal
	if errors.As(err, &refused) && actor(ctx).MayAnywhere(domain.LoadTables) {
		return &domain.Reply[domain.Import]{Impact: []*domain.Impact{}, UserErrors: refused}, nil
	}
	if refused == nil && err != nil {
		return nil, err
	}
	if err := mustLoad(ctx, in.Kind, at); err != nil {
		return nil, err
	}
	u, err := a.Upload(ctx, in.UploadID)
	if err != nil {
		return nil, err
	}
	t, unread := a.firstRead(ctx, u, in)
	if unread != nil && !errors.As(unread, &refused) {
		return nil, unread
	}
	var now *preview
	var of previewOf
	reply, err := change(ctx, a, "startImport", in.Command, in, func(tx *storage.Tx) (*domain.Import, []*domain.Impact, error) {
		if unread != nil {
			return nil, nil, unread
		}
		imp := &domain.Import{ID: newID("import"), UploadID: u.ID, ProgrammeID: at.Programme, CohortID: at.Cohort, Name: u.Name, Kind: in.Kind, Sheet: in.Sheet,
			State: domain.JobWaiting, StartedAt: tx.Now(), Columns: map[int]string{}, Cells: []*domain.ImportCell{}, LeftOut: []int{}, Undo: []byte{}}
		p, err := a.preview(ctx, tx.Reader, imp, t)
		if err != nil {
			return nil, nil, err
		}
		imp.Counts = p.counts
		err = storage.Put(tx, imp)
		now, of = p, previewOf{imp.ID, imp.Version, tx.Version()}
		return imp, nil, err
	})
	if kept(reply, err, in.Command) && now != nil {
		a.previews.keep(of, now)
	}
	return reply, err
}

// kept reports whether a command was done, and was no dry run.
func kept[T any](r *domain.Reply[T], err error, c domain.Command) bool {
	return err == nil && !c.DryRun && len(r.UserErrors) == 0
}

// firstRead reads a file before anything is written; a refusal says why it cannot be.
func (a *App) firstRead(ctx context.Context, u *domain.Upload, in StartImportInput) (table.Table, error) {
	switch {
	case u.Received < u.Bytes:
		return table.Table{}, domain.Refuse(domain.CodeWrongState, "uploadId", fmt.Sprintf("The file is there up to byte %d of %d.", u.Received, u.Bytes), fmt.Sprintf("Go on with the upload from %d.", u.Received))
	case u.Bytes > importMax:
		return table.Table{}, domain.Refuse(domain.CodeInvalid, "uploadId", fmt.Sprintf("A table of more than %d MiB is not read.", importMax>>20), "Split it into several files.")
	}
	t, err := a.readTable(ctx, u, in.Kind, deref(in.Sheet))
	var fault *domain.Fault
	if errors.As(err, &fault) && fault.Kind == domain.ErrInvalid {
		return t, domain.Refuse(domain.CodeInvalid, "uploadId", fault.Message, "")
	}
	return t, err
}

// editImport runs an edit of an import that waits, by whoever may load it. Work gives the preview that the edit leaves, nil
// where it leaves none.
func (a *App) editImport(ctx context.Context, action string, c domain.Command, in any, id string, expected int, state domain.JobState,
	work func(*storage.Tx, *domain.Import, table.Table) (*preview, []*domain.Impact, error)) (*domain.Reply[domain.Import], error) {
	imp, err := seen(ctx, a, "import", id, domain.SeeImports, placeOfImport)
	if err != nil {
		return nil, err
	}
	if err := mustLoad(ctx, imp.Kind, placeOfImport(imp)); err != nil {
		return nil, err
	}
	t, err := a.tableOf(ctx, imp)
	if err != nil {
		return nil, err
	}
	defer a.jobs.move(id)
	var now *preview
	var of previewOf
	reply, err := change(ctx, a, action, c, in, func(tx *storage.Tx) (*domain.Import, []*domain.Impact, error) {
		imp, err := storage.One[domain.Import](ctx, tx.Reader, id)
		if err != nil {
			return nil, nil, err
		}
		if err := fresh(imp.Edit, expected); err != nil {
			return imp, nil, err
		}
		switch {
		case imp.UndoneAt != nil:
			return imp, nil, domain.Refuse(domain.CodeWrongState, "importId", "The import was undone.", "Start a new one.")
		case imp.State != state && state == domain.JobWaiting:
			return imp, nil, domain.Refuse(domain.CodeWrongState, "importId", "The import is loaded.", "Start a new one, or undo this one.")
		case imp.State != state:
			return imp, nil, domain.Refuse(domain.CodeWrongState, "importId", "The import is not loaded, so there is nothing to undo.", "")
		}
		p, impact, err := work(tx, imp, t)
		if err != nil {
			return imp, nil, err
		}
		err = storage.Put(tx, imp)
		now, of = p, previewOf{imp.ID, imp.Version, tx.Version()}
		return imp, impact, err
	})
	switch {
	case !kept(reply, err, c):
	case now != nil:
		a.previews.keep(of, now)
	default:
		a.previews.forget(id)
	}
	return reply, err
}

// CorrectImport corrects a preview: columns, cells, rows left out or taken in again. Whoever may load it. A column that takes
// a target over frees the one that had it.
func (a *App) CorrectImport(ctx context.Context, in CorrectImportInput) (*domain.Reply[domain.Import], error) {
	return a.editImport(ctx, "correctImport", in.Command, in, in.ImportID, in.ExpectedVersion, domain.JobWaiting, func(tx *storage.Tx, imp *domain.Import, t table.Table) (*preview, []*domain.Impact, error) {
		var wrong domain.Refusal
		for i, c := range in.Columns {
			field := fmt.Sprintf("columns.%d.", i)
			switch name := deref(c.Target); {
			case c.Column < 1 || c.Column > len(t.Columns):
				wrong = append(wrong, domain.Problem(domain.CodeNotFound, field+"column", fmt.Sprintf("The file has no column %d.", c.Column), fmt.Sprintf("Its columns are 1 to %d.", len(t.Columns))))
			case name != "" && !slices.ContainsFunc(targetsOf(imp.Kind), func(t target) bool { return t.name == name }):
				wrong = append(wrong, domain.Problem(domain.CodeNotFound, field+"target", fmt.Sprintf("There is no target %q.", name), "Use a `name` of the import's targets."))
			default:
				for other, held := range newSheet(t, targetsOf(imp.Kind), imp, time.UTC, a.clock()).filled {
					if held == name {
						imp.Columns[other] = ""
					}
				}
				imp.Columns[c.Column] = name
			}
		}
		wrong = append(wrong, correctCells(imp, t, in.Cells)...)
		rows := map[int]bool{}
		for _, r := range t.Rows {
			rows[r.Number] = true
		}
		for i, n := range in.LeaveOut {
			if !rows[n] {
				wrong = append(wrong, domain.Problem(domain.CodeNotFound, fmt.Sprintf("leaveOut.%d", i), fmt.Sprintf("The table has no row %d.", n), "Use a row's `number`."))
			}
		}
		for i, n := range in.TakeIn {
			field := fmt.Sprintf("takeIn.%d", i)
			switch {
			case slices.Contains(in.LeaveOut, n):
				wrong = append(wrong, domain.Problem(domain.CodeInvalid, field, fmt.Sprintf("Row %d is named to leave out as well.", n), "Name it once."))
			case !slices.Contains(imp.LeftOut, n):
				wrong = append(wrong, domain.Problem(domain.CodeNotFound, field, fmt.Sprintf("Row %d is not left out.", n), "Use the `number` of a row that is LEFT_OUT."))
			}
		}
		if wrong != nil {
			return nil, nil, wrong
		}
		imp.LeftOut = append(slices.DeleteFunc(imp.LeftOut, func(n int) bool { return slices.Contains(in.TakeIn, n) }), in.LeaveOut...)
		p, err := a.preview(ctx, tx.Reader, imp, t)
		if err != nil {
			return nil, nil, err
		}
		if in.LeaveOutBlocked && p.counts.Blocked > 0 {
			for _, r := range p.rows {
				if r.Outcome == domain.RowBlocked {
					imp.LeftOut = append(imp.LeftOut, r.Number)
				}
			}
			if p, err = a.preview(ctx, tx.Reader, imp, t); err != nil { // others may have hung on what is left out
				return nil, nil, err
			}
		}
		slices.Sort(imp.LeftOut)
		imp.LeftOut = slices.Compact(imp.LeftOut)
		imp.Counts = p.counts
		return p, nil, nil
	})
}

// correctCells keeps the cells that a person set; everySame spreads one over every cell that held the same.
func correctCells(imp *domain.Import, t table.Table, cells []*ImportCellInput) domain.Refusal {
	var wrong domain.Refusal
	set := map[[2]int]string{}
	for _, c := range imp.Cells {
		set[[2]int{c.Row, c.Column}] = c.Value
	}
	place := map[int]int{}
	for i, r := range t.Rows {
		place[r.Number] = i
	}
	value := func(row, column int) string {
		if v, ok := set[[2]int{row, column}]; ok {
			return v
		}
		return t.Rows[place[row]].Cells[column-1]
	}
	for i, c := range cells {
		_, there := place[c.Row]
		switch {
		case !there:
			wrong = append(wrong, domain.Problem(domain.CodeNotFound, fmt.Sprintf("cells.%d.row", i), fmt.Sprintf("The table has no row %d.", c.Row), "Use a row's `number`."))
			continue
		case c.Column < 1 || c.Column > len(t.Columns):
			wrong = append(wrong, domain.Problem(domain.CodeNotFound, fmt.Sprintf("cells.%d.column", i), fmt.Sprintf("The file has no column %d.", c.Column), fmt.Sprintf("Its columns are 1 to %d.", len(t.Columns))))
			continue
		case strings.ContainsRune(c.Value, 0):
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, fmt.Sprintf("cells.%d.value", i), "A cell holds text, and no NUL character.", "Type it again."))
			continue
		case len(c.Value) > table.MaxCell:
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, fmt.Sprintf("cells.%d.value", i), fmt.Sprintf("A cell holds at most %d KiB.", table.MaxCell>>10), "Shorten it."))
			continue
		}
		was := value(c.Row, c.Column)
		set[[2]int{c.Row, c.Column}] = c.Value
		if c.EverySame {
			for _, r := range t.Rows {
				if value(r.Number, c.Column) == was {
					set[[2]int{r.Number, c.Column}] = c.Value
				}
			}
		}
	}
	imp.Cells = make([]*domain.ImportCell, 0, len(set))
	for at, v := range set {
		imp.Cells = append(imp.Cells, &domain.ImportCell{Row: at[0], Column: at[1], Value: v})
	}
	slices.SortFunc(imp.Cells, func(a, b *domain.ImportCell) int {
		if a.Row != b.Row {
			return a.Row - b.Row
		}
		return a.Column - b.Column
	})
	return wrong
}

// LoadImport loads a preview whole or not at all. Coordinators, or scope COHORT_WRITE. A row that is BLOCKED refuses it
// (RULE_BROKEN). People are seated while their sector has seats; the others wait, and the impact says so.
func (a *App) LoadImport(ctx context.Context, in LoadImportInput) (*domain.Reply[domain.Import], error) {
	return a.editImport(ctx, "loadImport", in.Command, in, in.ImportID, in.ExpectedVersion, domain.JobWaiting, func(tx *storage.Tx, imp *domain.Import, t table.Table) (*preview, []*domain.Impact, error) {
		p := a.previews.get(previewOf{imp.ID, imp.Version, tx.Version()}, a.clock())
		if p == nil {
			var err error
			if p, err = a.preview(ctx, tx.Reader, imp, t); err != nil {
				return nil, nil, err
			}
		}
		imp.Counts = p.counts
		if p.counts.Blocked > 0 {
			first := p.rows[slices.IndexFunc(p.rows, func(r *domain.ImportRow) bool { return r.Outcome == domain.RowBlocked })]
			return nil, nil, domain.Refuse(domain.CodeRuleBroken, "importId", fmt.Sprintf("%s a problem, the first: %s", count(p.counts.Blocked, "row has", "rows have"), first.Problems[0].Message),
				"Correct the rows that have a problem, or leave them out.")
		}
		f, impact, err := p.write(tx)
		if err != nil {
			return nil, nil, err
		}
		if imp.Undo, err = f.pack(); err != nil {
			return nil, nil, err
		}
		now := tx.Now()
		imp.State, imp.EndedAt = domain.JobDone, &now
		return nil, impact, nil
	})
}

// UndoImport takes a loaded import back whole. Whoever may load it. It is refused (WRONG_STATE), saying what stands in the
// way, where something that it brought was edited since or is needed by what came later.
func (a *App) UndoImport(ctx context.Context, in UndoImportInput) (*domain.Reply[domain.Import], error) {
	return a.editImport(ctx, "undoImport", in.Command, in, in.ImportID, in.ExpectedVersion, domain.JobDone, func(tx *storage.Tx, imp *domain.Import, _ table.Table) (*preview, []*domain.Impact, error) {
		f, err := unpack(imp.Undo)
		if err != nil {
			return nil, nil, err
		}
		impact, err := f.takeBack(ctx, tx)
		if err != nil {
			return nil, nil, err
		}
		now := tx.Now()
		imp.UndoneAt, imp.Undo = &now, []byte{}
		return nil, impact, nil
	})
}

// ImportFile uploads a file, reads it as a kind into a programme or cohort (empty for PROGRAMMES) and loads it, as the
// mutations do. Where rows have problems nothing is loaded: the import waits with its preview, and the rows are given. A
// dry run loads nothing and says what loading would do.
func (a *App) ImportFile(ctx context.Context, kind domain.ImportKind, into, name string, data []byte, dryRun bool) (*domain.Import, []*domain.ImportRow, error) {
	sum := sha256.Sum256(data)
	once := func() domain.Command { return domain.Command{IdempotencyKey: uuid.NewString()} }
	upload, err := accepted(a.StartUpload(ctx, StartUploadInput{Name: name, Bytes: len(data), Sha256: hex.EncodeToString(sum[:]), Command: once()}))
	if err != nil {
		return nil, nil, err
	}
	for at := upload.Received; at < len(data); at += pieceMax {
		piece := data[at:min(at+pieceMax, len(data))]
		if _, err := accepted(a.AppendUpload(ctx, AppendUploadInput{UploadID: upload.ID, Offset: at, Data: base64.StdEncoding.EncodeToString(piece), Command: once()})); err != nil {
			return nil, nil, err
		}
	}
	start := StartImportInput{UploadID: upload.ID, Kind: kind, Command: once()}
	if into != "" {
		start.IntoID = &into
	}
	imp, err := accepted(a.StartImport(ctx, start))
	if err != nil {
		return nil, nil, err
	}
	if imp.Counts.Blocked > 0 {
		p, err := a.previewed(ctx, imp)
		if err != nil {
			return nil, nil, err
		}
		rows := slices.DeleteFunc(slices.Clone(p.rows), func(r *domain.ImportRow) bool { return len(r.Problems) == 0 })
		p.show(rows)
		return imp, rows, nil
	}
	load := LoadImportInput{ImportID: imp.ID, ExpectedVersion: imp.Version, Command: once()}
	load.DryRun = dryRun
	imp, err = accepted(a.LoadImport(ctx, load))
	return imp, nil, err
}

// accepted is a reply's object, or its refusal as an error.
func accepted[T any](r *domain.Reply[T], err error) (*T, error) {
	if err != nil {
		return nil, err
	}
	if len(r.UserErrors) > 0 {
		return nil, domain.Refusal(r.UserErrors)
	}
	return r.Object, nil
}

// ProgrammeKeyed is the programme that a source system knows by a key.
func (a *App) ProgrammeKeyed(ctx context.Context, key string) (*domain.Programme, error) {
	p, err := a.read().ProgrammeByKey(ctx, key)
	if err != nil {
		return nil, err
	}
	if p == nil || key == "" {
		return nil, domain.NotFound("programme")
	}
	return a.Programme(ctx, p.ID)
}
