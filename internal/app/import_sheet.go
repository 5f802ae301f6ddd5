package app

import (
	"cmp"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"tandem/internal/domain"
	"tandem/internal/table"
	"tandem/internal/travel"
)

// target is a column of Tandem that a table can fill.
type target struct {
	name, label string
	required    bool
	also        []string // other headings that people give it
}

// sheet is a table with the corrections of its import: what its rows say, and what is wrong with them. An empty cell
// leaves what is known as it is; "none" empties it.
type sheet struct {
	table   table.Table
	targets []target
	filled  map[int]string // target by column, counted from 1
	column  map[string]int
	order   table.DateOrder
	zone    *time.Location
	today   domain.Date
	now     time.Time
	cells   map[[2]int]string // by row and column, as a person set them
	leftOut map[int]bool
	unread  map[[2]int]table.Problem
	rows    []*domain.ImportRow
	fixes   map[*domain.ImportProblem]func() []fix // worked out only for rows that are shown
	same    map[int]map[string]int
}

// fix is a correction to choose.
type fix struct{ label, value string }

// headings is what the table reader knows targets by.
func headings(targets []target) []table.Target {
	out := make([]table.Target, len(targets))
	for i, t := range targets {
		out[i] = table.Target{Name: t.name, Labels: append([]string{t.label}, t.also...)}
	}
	return out
}

func newSheet(t table.Table, targets []target, imp *domain.Import, zone *time.Location, now time.Time) *sheet {
	s := &sheet{table: t, targets: targets, column: map[string]int{}, order: dateOrder(zone), zone: zone, now: now, today: domain.DateOf(now.In(zone)),
		cells: map[[2]int]string{}, leftOut: map[int]bool{}, unread: map[[2]int]table.Problem{},
		fixes: map[*domain.ImportProblem]func() []fix{}, same: map[int]map[string]int{}}
	s.filled = table.Guess(t.Columns, headings(targets))
	for c, name := range imp.Columns {
		if name == "" {
			delete(s.filled, c)
		} else {
			s.filled[c] = name
		}
	}
	for c, name := range s.filled {
		s.column[name] = c
	}
	for _, c := range imp.Cells {
		s.cells[[2]int{c.Row, c.Column}] = c.Value
	}
	for _, n := range imp.LeftOut {
		s.leftOut[n] = true
	}
	for _, p := range t.Problems {
		s.unread[[2]int{p.Row, p.Column}] = p
	}
	return s
}

// dateOrder is how a programme's locale writes a day in figures, by its time zone.
func dateOrder(zone *time.Location) table.DateOrder {
	name := zone.String()
	switch {
	case slices.Contains([]string{"Asia/Tokyo", "Asia/Shanghai", "Asia/Seoul", "Asia/Taipei", "Asia/Ulaanbaatar"}, name):
		return table.YearMonthDay
	case strings.HasPrefix(name, "US/") || americanZone.MatchString(name) || name == "Pacific/Honolulu" || name == "Asia/Manila":
		return table.MonthDayYear
	}
	return table.DayMonthYear
}

var americanZone = regexp.MustCompile(`^America/(New_York|Chicago|Denver|Los_Angeles|Phoenix|Anchorage|Boise|Detroit|Juneau|Sitka|Nome|Adak|Metlakatla|Yakutat|Menominee|Indiana/.*|Kentucky/.*|North_Dakota/.*)$`)

// each gives the rows that are not left out, and keeps what is said of them.
func (s *sheet) each() iter.Seq[*rowIn] {
	return func(yield func(*rowIn) bool) {
		s.rows = make([]*domain.ImportRow, 0, len(s.table.Rows))
		for _, row := range s.table.Rows {
			out := &domain.ImportRow{Number: row.Number, Cells: row.Cells, Outcome: domain.RowUnchanged, Problems: []*domain.ImportProblem{}}
			if len(s.cells) > 0 {
				out.Cells = slices.Clone(row.Cells)
				for c := range out.Cells {
					if v, ok := s.cells[[2]int{row.Number, c + 1}]; ok {
						out.Cells[c] = v
					}
				}
			}
			s.rows = append(s.rows, out)
			if s.leftOut[row.Number] {
				out.Outcome = domain.RowLeftOut
				continue
			}
			in := &rowIn{sheet: s, out: out}
			in.readable()
			if !yield(in) {
				return
			}
			switch {
			case in.bad():
				out.Outcome = domain.RowBlocked
			case in.created:
				out.Outcome = domain.RowCreates
			case in.changed:
				out.Outcome = domain.RowUpdates
			}
		}
	}
}

// values is what a target's column holds, without empty cells, as it would be read with line.
func (s *sheet) values(name string) []string {
	var out []string
	c := s.column[name]
	for _, row := range s.table.Rows {
		if c == 0 || s.leftOut[row.Number] {
			continue
		}
		v, set := s.cells[[2]int{row.Number, c}]
		if !set {
			v = row.Cells[c-1]
		}
		if v = strings.Join(strings.Fields(v), " "); v != "" {
			out = append(out, v)
		}
	}
	return out
}

// sameIn is how many rows hold a value in a column.
func (s *sheet) sameIn(column int, value string) int {
	if s.same[column] == nil {
		counts := map[string]int{}
		for _, r := range s.rows {
			if r.Outcome != domain.RowLeftOut {
				counts[r.Cells[column-1]]++
			}
		}
		s.same[column] = counts
	}
	return s.same[column][value]
}

// show works out the fixes of the rows that are to be shown.
func (s *sheet) show(rows []*domain.ImportRow) {
	for _, r := range rows {
		for _, p := range r.Problems {
			if p.Fixes != nil {
				continue
			}
			p.Fixes = []*domain.ImportFix{}
			if find := s.fixes[p]; find != nil {
				for _, f := range find() {
					if len(p.Fixes) < 3 && f.value != p.Value {
						p.Fixes = append(p.Fixes, &domain.ImportFix{Label: f.label, Value: f.value, SameInColumn: s.sameIn(p.Column, p.Value)})
					}
				}
			}
		}
	}
}

// rowIn is a row while it is read.
type rowIn struct {
	*sheet
	out              *domain.ImportRow
	created, changed bool
}

func (r *rowIn) bad() bool { return len(r.out.Problems) > 0 }

// readable says of each cell that fills something whether it could be read at all.
func (r *rowIn) readable() {
	for c := range r.out.Cells {
		at := [2]int{r.out.Number, c + 1}
		p, ok := r.unread[at]
		if name := r.filled[c+1]; ok && name != "" {
			if _, set := r.cells[at]; !set {
				r.wrong(name, domain.CodeInvalid, p.Message, nil)
			}
		}
	}
}

// has says whether a column fills the target.
func (r *rowIn) has(name string) bool { return r.column[name] > 0 }

// cell is what the row says for a target, with its spaces evened out within lines.
func (r *rowIn) cell(name string) string {
	c := r.column[name]
	if c == 0 {
		return ""
	}
	return strings.TrimSpace(r.out.Cells[c-1])
}

// line is a cell in one line.
func (r *rowIn) line(name string) string { return strings.Join(strings.Fields(r.cell(name)), " ") }

// need is line where there must be something.
func (r *rowIn) need(name string) string {
	v := r.line(name)
	if v == "" && !r.unreadable(name) {
		r.missing(name)
	}
	return v
}

func (r *rowIn) unreadable(name string) bool {
	_, ok := r.unread[[2]int{r.out.Number, r.column[name]}]
	_, set := r.cells[[2]int{r.out.Number, r.column[name]}]
	return ok && !set
}

func (r *rowIn) missing(name string) {
	if !r.has(name) {
		r.wrong(name, domain.CodeRequired, "no column holds it. Choose which column does.", nil)
		return
	}
	r.wrong(name, domain.CodeRequired, "the cell is empty. Fill it, or leave the row out.", nil)
}

// wrong notes a problem of a target's cell. Where no column fills the target, it is noted at the first column that fills
// nothing, which is likely to be the one that was meant.
func (r *rowIn) wrong(name string, code domain.UserErrorCode, what string, fixes func() []fix) {
	label := name
	for _, t := range r.targets {
		if t.name == name {
			label = t.label
		}
	}
	p := &domain.ImportProblem{Column: r.column[name], Code: code}
	if p.Column > 0 {
		p.Value = r.out.Cells[p.Column-1]
	} else {
		for p.Column = 1; p.Column < len(r.out.Cells) && r.filled[p.Column] != ""; p.Column++ {
		}
	}
	p.Message = fmt.Sprintf("%s, row %d%s: %s", label, r.out.Number, r.inSheet(), what)
	r.out.Problems = append(r.out.Problems, p)
	if fixes != nil {
		r.fixes[p] = fixes
	}
}

func (r *rowIn) inSheet() string {
	if r.table.Reading.Sheet == "" {
		return ""
	}
	return " of sheet " + r.table.Reading.Sheet
}

// none says whether a cell says that there is nothing, which empties what is known.
func none(cell string) bool {
	switch strings.ToLower(strings.TrimSpace(cell)) {
	case "none", "-", "–", "—", "n/a", "nil":
		return true
	}
	return false
}

var leaveEmpty = fix{"Leave empty", ""}

// yes reads yes or no; given is false where the cell is empty or wrong.
func (r *rowIn) yes(name string) (yes, given bool) {
	switch cell := r.line(name); strings.ToLower(cell) {
	case "":
		return false, false
	case "yes", "y", "true", "1", "x", "✓", "ja", "oui":
		return true, true
	case "no", "n", "false", "0", "none", "-", "–", "n/a":
		return false, true
	default:
		r.wrong(name, domain.CodeInvalid, fmt.Sprintf("“%s” is neither yes nor no.", cell), func() []fix {
			out := []fix{{"Yes", "yes"}, {"No", "no"}}
			if strings.HasPrefix(strings.ToLower(cell), "n") {
				slices.Reverse(out)
			}
			return append(out, leaveEmpty)
		})
		return false, false
	}
}

var leadingNumber = regexp.MustCompile(`^(\d{1,9})(?:\.0+)?(?:\s*(?:people|persons|seats|working days|wd|days))?$`)

// number reads a whole number from least on; given is false where the cell is empty or wrong.
func (r *rowIn) number(name string, least int) (n int, given bool) {
	cell := r.line(name)
	if cell == "" {
		return 0, false
	}
	m := leadingNumber.FindStringSubmatch(strings.ToLower(cell))
	if m == nil {
		r.wrong(name, domain.CodeInvalid, fmt.Sprintf("“%s” is no whole number.", cell), func() []fix {
			if d := firstDigits.FindString(cell); d != "" {
				return []fix{{d, d}}
			}
			return nil
		})
		return 0, false
	}
	n, _ = strconv.Atoi(m[1])
	if n < least {
		r.wrong(name, domain.CodeInvalid, fmt.Sprintf("%d is fewer than %d.", n, least), func() []fix { return []fix{{strconv.Itoa(least), strconv.Itoa(least)}} })
		return 0, false
	}
	return n, true
}

var firstDigits = regexp.MustCompile(`\d+`)

// date reads a day by the programme's locale; empty where the cell is empty or wrong.
func (r *rowIn) date(name string) domain.Date {
	cell := r.line(name)
	if cell == "" || none(cell) {
		return ""
	}
	d, err := table.ParseDate(cell, r.order)
	if err != nil {
		r.badDate(name, cell, err)
	}
	return d
}

// dates reads a list of days and ranges.
func (r *rowIn) dates(name string) []domain.Date {
	cell := r.cell(name)
	if cell == "" || none(cell) {
		return []domain.Date{}
	}
	found, err := table.ParseDates(cell, r.order)
	if err != nil {
		r.badDate(name, cell, err)
	}
	return found
}

var threeFigures = regexp.MustCompile(`(\d{1,2})([-/.])(\d{1,2})([-/.])(\d{2,4})`)

func (r *rowIn) badDate(name, cell string, err error) {
	what := strings.TrimSuffix(err.Error(), ".") + "."
	if threeFigures.MatchString(cell) {
		what += " Dates are read as " + r.order.String() + "."
	}
	r.wrong(name, domain.CodeInvalid, what, func() []fix {
		var out []fix
		if m := threeFigures.FindStringSubmatchIndex(cell); m != nil {
			part := func(i int) string { return cell[m[2*i]:m[2*i+1]] }
			tries := []string{part(3) + "/" + part(1) + "/" + part(5)}
			if n, _ := strconv.Atoi(part(3)); n > 12 && r.order == table.DayMonthYear { // a slip of the first figure: 13 for 03
				tries = append(tries, part(1)+"/"+strconv.Itoa(n%10)+"/"+part(5))
			}
			for _, t := range tries {
				if d, err := table.ParseDate(t, r.order); err == nil {
					out = append(out, fix{d.Time().Format("2 Jan 2006"), cell[:m[0]] + string(d) + cell[m[1]:]})
				}
			}
		}
		if !r.isRequired(name) {
			out = append(out, leaveEmpty)
		}
		return out
	})
}

func (r *rowIn) isRequired(name string) bool {
	return slices.ContainsFunc(r.targets, func(t target) bool { return t.name == name && t.required })
}

// items is a cell's list: parted by semicolons or line breaks, else by commas.
func items(cell string) []string {
	if none(cell) {
		return nil
	}
	parts := strings.FieldsFunc(cell, func(c rune) bool { return c == ';' || c == '\n' })
	if len(parts) == 1 {
		parts = strings.Split(cell, ",")
	}
	out := []string{}
	for _, p := range parts {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// stationsByWord finds a station's code by its name as it is compared, or by its code.
var stationsByWord = sync.OnceValue(func() map[string]string {
	codes := map[string]string{}
	for _, s := range travel.All() {
		codes[word(s.Code)] = s.Code
	}
	for _, s := range travel.All() {
		codes[word(s.Name)] = s.Code
	}
	return codes
})

func stationNamed(written string) (code string, ok bool) {
	w := word(written)
	for _, ending := range []string{"", "railwaystation", "station"} {
		if code, ok = stationsByWord()[strings.TrimSuffix(w, ending)]; ok {
			return code, true
		}
	}
	return "", false
}

func stationNames() []string {
	var names []string
	for _, s := range travel.All() {
		names = append(names, s.Name)
	}
	return names
}

// station reads a station by its code or name; empty after a problem or where the cell is.
func (r *rowIn) station(name string) string {
	cell := r.line(name)
	if cell == "" || none(cell) {
		return ""
	}
	code, ok := stationNamed(cell)
	if ok {
		return code
	}
	begins := travel.Search(cell, 4)
	what := fmt.Sprintf("“%s” is no station.", cell)
	switch {
	case len(begins) == 4:
		what = fmt.Sprintf("“%s” is more than three stations.", cell)
	case len(begins) > 1:
		what = fmt.Sprintf("“%s” is %s stations.", cell, map[int]string{2: "two", 3: "three"}[len(begins)])
	}
	r.wrong(name, domain.CodeNotFound, what, func() []fix {
		var out []fix
		for _, s := range begins {
			out = append(out, fix{s.Name, s.Name})
		}
		if len(out) == 0 {
			for _, n := range closest(cell, stationNames()) {
				out = append(out, fix{n, n})
			}
		}
		if len(out) == 0 && !r.isRequired(name) {
			out = append(out, leaveEmpty)
		}
		return out
	})
	return ""
}

// closest is the names that are most like what was written, at most three: those that begin so first, then those a few
// slips of the keyboard away.
func closest(written string, names []string) []string {
	type near struct {
		name string
		far  int
	}
	w := strings.ToLower(written)
	var found []near
	for _, n := range names {
		l := strings.ToLower(n)
		far := 0
		switch {
		case strings.HasPrefix(l, w) && len(w) > 1:
		case strings.Contains(l, " "+w) && len(w) > 2, strings.HasPrefix(w, l) && len(l) > 3:
			far = 1
		default:
			limit := max(2, len(w)/4)
			if far = slips(w, l, limit); far > limit {
				continue
			}
			far++
		}
		found = append(found, near{n, far})
	}
	slices.SortStableFunc(found, func(a, b near) int { return cmp.Compare(a.far, b.far) })
	out := []string{}
	for _, f := range found[:min(3, len(found))] {
		out = append(out, f.name)
	}
	return out
}

// slips is how many letters must be added, dropped or changed to make one word of another; above the limit it stops
// counting.
func slips(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d > limit || -d > limit {
		return limit + 1
	}
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		diagonal, least := row[0], i+1
		row[0] = i + 1
		for j := range y {
			cost := diagonal
			if x[i] != y[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
			least = min(least, row[j+1])
		}
		if least > limit {
			return limit + 1
		}
	}
	return row[len(y)]
}

// named are fixes that put a name in.
func named(names []string) []fix {
	out := make([]fix, len(names))
	for i, n := range names {
		out[i] = fix{n, n}
	}
	return out
}

// word is a name as it is compared: lower case, letters and digits alone.
func word(s string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c > 127:
			return c
		}
		return -1
	}, strings.ToLower(s))
}
