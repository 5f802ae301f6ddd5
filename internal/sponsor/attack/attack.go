// Package attack is somebody who wants to know what a brief does not tell. It reads all released versions, knows how ranges are
// made and everything but the secret, knows who left between two versions, and is one of the people counted. It finds, for each
// printed range, which counts can be behind it; one alone is a leak. Of what releases figures it knows the catalogue only.
package attack

import (
	"slices"
	"strings"

	"tandem/internal/sponsor/catalogue"
)

// Cell is what a surface prints of a count: Low to High of Of, both ends included. Of is -1 where no total is printed. State
// is SHOWN, RANGE, or anything else for a cell that holds no number. AsOf is the day that its facts are of.
type Cell struct {
	ID    string
	State string
	Low   int
	High  int
	Of    int
	AsOf  string
}

// Version is all cells of a released brief, and the ISO day that it tells of.
type Version struct {
	AsOf  string
	Cells []Cell
}

// Method is how the attacker knows ranges to be made. The first two are the catalogue's; the others describe weaker ways, which
// an attacker must be able to break to be worth asking.
type Method struct {
	Step   int
	Places int
	// PerFigure says that every figure has a secret start of its own, in place of one a population.
	PerFigure bool
	// OwnTotals says that totals are labelled by themselves, in place of being sums of what is printed.
	OwnTotals bool
	// Start is the start of a population, where the secret has become known.
	Start map[string]int
	// Hidden says that a cell without a number is a count from 1 to Step-1.
	Hidden bool
}

// Known is what the attacker knows besides: how many first took the seats, how many named people left between each two
// versions (the first is between versions 1 and 2), and whether one who is counted helps: somebody rated, below level 3 in
// every skill, never away.
type Known struct {
	Sizes   map[string]int
	Leavers []map[string]Leavers
	Insider bool
}

// Leavers are people of one sector known to have left: as many, or, where others may have left with them, at least as many.
type Leavers struct {
	Count   int
	AtLeast bool
}

// Finding is what can be behind a printed cell. Version counts from 0. Tired says that the search gave up before it knew, so
// that Values is what it had found.
type Finding struct {
	Version int
	ID      string
	Values  int
	Low     int // of the count, from the side of those who are missing
	High    int
	Tired   bool
}

// Attack finds what can be behind each range of all versions. Where an insider contradicts what is printed there is none.
func Attack(m Method, versions []Version, k Known) []Finding {
	if k.Insider {
		if found := lay(m, versions, k).find(); found != nil {
			return found
		}
		k.Insider = false
	}
	return lay(m, versions, k).find()
}

// reading is what the attacker has set out: the system, and which of its numbers each cell is.
type reading struct {
	system
	method Method
	cells  []read
	starts map[string]int
	same   map[Cell]int
}

type read struct {
	version int
	Cell
	key, row, column string
	x                int  // its count, from the side of the missing
	base             int  // how many of the missing are public, and so not in x
	ranged           bool // a range of its own, not a sum and not exact
}

func parts(id string) (key catalogue.Key, row, column string) {
	first, last := strings.IndexByte(id, '/'), strings.LastIndexByte(id, '/')
	if first < 0 || last == first {
		return catalogue.Key(id), "", ""
	}
	return catalogue.Key(id[:first]), id[first+1 : last], id[last+1:]
}

// lay sets out all that is known as numbers and what holds between them.
func lay(m Method, versions []Version, k Known) *reading {
	r := &reading{method: m, starts: map[string]int{}, same: map[Cell]int{}}
	for v, version := range versions {
		apart := map[string]bool{} // rows that are told by sector
		for _, c := range version.Cells {
			if key, row, column := parts(c.ID); column != catalogue.All && c.State == "RANGE" {
				apart[string(key)+"/"+row] = true
			}
		}
		for _, c := range version.Cells {
			key, row, column := parts(c.ID)
			if e := catalogue.Of(key); e != nil && (e.Kind == catalogue.Count || e.Kind == catalogue.Works) && column != "" {
				r.read(v, c, e, string(key), row, column, k, apart[string(key)+"/"+row])
			}
		}
	}
	r.add()
	r.nest(versions, k)
	return r
}

// read makes a number of a cell. A total that stands beside its parts has no label of its own, unless totals do.
func (r *reading) read(v int, c Cell, e *catalogue.Entry, key, row, column string, k Known, apart bool) {
	at := read{version: v, Cell: c, key: key, row: row, column: column, x: -1}
	size, counted := k.Sizes[column]
	if column == catalogue.All {
		size = k.Sizes[catalogue.Public] + k.Sizes[catalogue.Private]
	}
	low, high := c.Low, c.High
	switch {
	case c.State != "SHOWN" && c.State != "RANGE":
		if !r.method.Hidden {
			return
		}
		low, high = 1, r.method.Step-1
		at.ranged = true
	case e.Kind == catalogue.Count:
		low, high = c.Of-c.High, c.Of-c.Low
		at.base = size - c.Of
	}
	labelled := c.State == "RANGE" && (counted || e.Kind == catalogue.Works || !apart || r.method.OwnTotals)
	if x, seen := r.same[once(c)]; seen && key != string(catalogue.Retained) { // the same facts printed again
		at.x, at.ranged = x, false
		r.cells = append(r.cells, at)
		return
	}
	at.x = r.number(low, high)
	r.same[once(c)] = at.x
	if labelled {
		at.ranged = true
		population := column
		if e.Kind == catalogue.Works {
			population = "TEAM"
		}
		if r.method.PerFigure {
			population += "|" + c.ID
		}
		u := r.start(population)
		p := high - r.method.Step + 1
		top := e.Kind == catalogue.Count && high == c.Of
		if top {
			p = r.method.Step * ((c.Of + r.method.Places - r.method.Step) / r.method.Step)
			r.hold(p, far, term{1, at.x}, term{1, u})
		} else {
			r.hold(p, p+r.method.Step-1, term{1, at.x}, term{1, u})
		}
	}
	r.cells = append(r.cells, at)
}

// once is a cell as it is recognised in a later version: the same facts, printed alike.
func once(c Cell) Cell {
	if key, _, _ := parts(c.ID); key == catalogue.Attended {
		c.AsOf = "" // its row is its day
	}
	return c
}

func (r *reading) start(population string) int {
	if u, there := r.starts[population]; there {
		return u
	}
	lo, hi := 0, r.method.Places-1
	if known, there := r.method.Start[population]; there {
		lo, hi = known, known
	}
	u := r.number(lo, hi)
	r.starts[population] = u
	return u
}

// find looks up a cell of a version.
func (r *reading) cell(version int, key, row, column string) *read {
	for i := range r.cells {
		if c := &r.cells[i]; c.version == version && c.key == key && c.row == row && c.column == column {
			return c
		}
	}
	return nil
}

// add holds every total to its parts, where what is printed of it says more than the parts do.
func (r *reading) add() {
	for i := range r.cells {
		all := &r.cells[i]
		if all.column != catalogue.All {
			continue
		}
		for _, pair := range [][2]string{{catalogue.Public, catalogue.Private}, {catalogue.Used, catalogue.Unused}} {
			one, other := r.cell(all.version, all.key, all.row, pair[0]), r.cell(all.version, all.key, all.row, pair[1])
			if one != nil && other != nil && (all.ranged || r.lo[all.x] > r.lo[one.x]+r.lo[other.x] || r.hi[all.x] < r.hi[one.x]+r.hi[other.x]) {
				r.hold(0, 0, term{1, one.x}, term{1, other.x}, term{-1, all.x})
			}
		}
	}
}

// nest holds what contains what, what only rises, who is known to have left, and what the insider knows.
func (r *reading) nest(versions []Version, k Known) {
	for i := range r.cells {
		outer := &r.cells[i]
		if outer.column == catalogue.All && len(r.in[outer.x]) == 0 { // a sum of what is printed
			continue
		}
		for _, within := range catalogue.Of(catalogue.Key(outer.key)).Within {
			for j := range r.cells {
				inner := &r.cells[j]
				if inner.key != string(within) || inner.column != outer.column || inner.column == catalogue.All && len(r.in[inner.x]) == 0 {
					continue
				}
				switch within {
				case catalogue.Retained: // whoever left by then is among the missing
					day := outer.AsOf
					if outer.key == string(catalogue.Attended) {
						day = outer.row
					}
					if versions[inner.version].AsOf <= day {
						r.hold(inner.base-outer.base-far, outer.base-inner.base, term{1, inner.x}, term{-1, outer.x})
					}
				default: // of the same people in the same version
					if inner.version == outer.version && inner.row == outer.row && inner.base == outer.base {
						step := 0
						if k.Insider && outer.key == string(catalogue.SkillLevel) && outer.column != catalogue.All {
							step = 1
						}
						r.hold(-far, -step, term{1, inner.x}, term{-1, outer.x})
					}
				}
			}
		}
		if outer.key == string(catalogue.Retained) {
			r.leave(outer, k)
		}
		if k.Insider && outer.column != catalogue.All && catalogue.Of(catalogue.Key(outer.key)).Kind == catalogue.Count && outer.key != string(catalogue.SkillLevel) && outer.Of > 0 {
			r.hold(0, outer.Of-1, term{1, outer.x})
		}
	}
}

// leave holds a count of those who left against the version after.
func (r *reading) leave(was *read, k Known) {
	is := r.cell(was.version+1, was.key, was.row, was.column)
	if is == nil {
		return
	}
	lo, hi := 0, far
	if was.version < len(k.Leavers) {
		if l, there := k.Leavers[was.version][was.column]; there {
			lo = l.Count
			if !l.AtLeast {
				hi = l.Count
			}
		}
	}
	r.hold(lo, hi, term{1, is.x}, term{-1, was.x})
}

// find counts what can be behind each range; nil where nothing can be behind all of them together.
func (r *reading) find() []Finding {
	found := []Finding{}
	var xs []int
	for _, c := range r.cells {
		if c.ranged && !slices.Contains(xs, c.x) {
			xs = append(xs, c.x)
		}
	}
	ranges, possible := r.values(xs)
	if !possible {
		return nil
	}
	for _, c := range r.cells {
		if i := slices.Index(xs, c.x); c.ranged {
			v := ranges[i]
			found = append(found, Finding{Version: c.version, ID: c.ID, Values: v.count, Low: v.low, High: v.high, Tired: v.tired})
		}
	}
	return found
}
