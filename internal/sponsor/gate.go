package sponsor

import (
	"fmt"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/sponsor/attack"
	"tandem/internal/sponsor/catalogue"
)

// Version is a brief's figures as they were or are to be released, with how many of those who first took a seat had really
// left by then.
type Version struct {
	AsOf    domain.Date
	Figures []Figure
	Left    domain.SectorCount
}

// Version is these figures of d for the gate.
func (d Data) Version(figures []Figure) Version {
	return Version{AsOf: d.Cohort.AsOf, Figures: figures, Left: d.left(d.Cohort.AsOf)}
}

// Refused is a draft that tells too much. Family is what is told no more, all of Keys together, in this and later briefs, if
// the draft is to be released; or it waits for another version.
type Refused struct {
	Family string
	Keys   []catalogue.Key
	Cells  []string // that could be worked out, in words
}

func (r *Refused) Error() string {
	return fmt.Sprintf("the family %q can be worked out exactly by somebody who knows who left (%s): drop %s from this and later briefs, or skip this version",
		r.Family, strings.Join(r.Cells, "; "), strings.Join(words(r.Keys), ", "))
}

func words(keys []catalogue.Key) []string {
	var all []string
	for _, k := range keys {
		all = append(all, string(k))
	}
	return all
}

// named is how many leavers of a sector the attacker is supposed to know by name, over all versions.
const named = 3

// Gate sets the attacker on all versions of a cohort, the draft last, and answers with a Refused where it can narrow a range
// to one value, or could not finish. It supposes that everybody who left since the first version is known by name, up to three
// of a sector, and that one of those counted helps.
func Gate(t Terms, versions []Version) error {
	known := attack.Known{Sizes: map[string]int{catalogue.Public: t.Public, catalogue.Private: t.Private}, Insider: true}
	rest := map[string]int{catalogue.Public: named, catalogue.Private: named, catalogue.All: named}
	for i := 1; i < len(versions); i++ {
		was, is := versions[i-1].Left, versions[i].Left
		leavers := map[string]attack.Leavers{}
		for _, s := range []struct {
			column string
			left   int
		}{{catalogue.Public, is.Public - was.Public}, {catalogue.Private, is.Private - was.Private}, {catalogue.All, is.Public + is.Private - was.Public - was.Private}} {
			n := min(s.left, rest[s.column])
			rest[s.column] -= n
			leavers[s.column] = attack.Leavers{Count: n, AtLeast: n < s.left}
		}
		known.Leavers = append(known.Leavers, leavers)
	}
	var told []attack.Version
	for _, v := range versions {
		told = append(told, attack.Version{AsOf: string(v.AsOf), Cells: Told(v.Figures)})
	}
	var refused *Refused
	for _, f := range attack.Attack(attack.Method{Step: t.Step, Places: t.Places}, told, known) {
		key, _, _ := strings.Cut(f.ID, "/")
		family := catalogue.Of(catalogue.Key(key)).Together
		if f.Values > 1 && !f.Tired || refused != nil && refused.Family != family {
			continue
		}
		if refused == nil {
			refused = &Refused{Family: family}
			for _, e := range catalogue.Entries {
				if e.Together == family {
					refused.Keys = append(refused.Keys, e.Key)
				}
			}
		}
		cell := find(versions[f.Version].Figures, f.ID)
		refused.Cells = append(refused.Cells, fmt.Sprintf("%s, %s, %s in version %d", catalogue.Of(catalogue.Key(key)).Label, cell.Row, cell.Column, f.Version+1))
	}
	if refused != nil {
		return refused
	}
	return nil
}

func find(figures []Figure, id string) *Cell {
	for i := range figures {
		for j := range figures[i].Cells {
			if figures[i].Cells[j].ID == id {
				return &figures[i].Cells[j]
			}
		}
	}
	return nil
}

// Told is the cells of figures as an attacker reads them from any surface.
func Told(figures []Figure) []attack.Cell {
	var cells []attack.Cell
	for _, f := range figures {
		for _, c := range f.Cells {
			of := -1
			if c.Value.N != nil {
				of = *c.Value.N
			}
			cells = append(cells, attack.Cell{ID: c.ID, State: string(c.Value.State), Low: int(c.Value.Low), High: int(c.Value.High), Of: of, AsOf: string(f.AsOf)})
		}
	}
	return cells
}
