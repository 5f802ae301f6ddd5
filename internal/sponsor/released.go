package sponsor

import (
	"reflect"
	"slices"
	"time"

	"tandem/internal/domain"
)

// Brief is all that the surfaces of a brief are made from: its words, and the figures as they were decided once. Draft says
// that it is a preview. Queries are the GraphQL requests that recompute the figures, by key; Checked is when they were last
// recomputed, nil for never, and Unequal names the figures that came out otherwise.
type Brief struct {
	Programme   string
	Cohort      string
	Number      int
	Draft       bool
	AsOf        domain.Date
	FrozenAt    time.Time // in the programme's own zone
	DataVersion int64
	Words       Words
	Figures     []Figure
	Changes     []Change   // against the brief before, empty for the first
	Beside      []Compared // other cohorts of the programme, by their newest released briefs
	Queries     map[string]string
	Checked     *time.Time
	Unequal     []string
	Notes       []string // sources and what else stands at the foot
}

// Change is a figure that differs from the brief before. Before or After is nil where there was none.
type Change struct {
	Before  *Figure
	After   *Figure
	Because string
}

// Compared is another cohort's released brief.
type Compared struct {
	Cohort  string
	Number  int
	AsOf    domain.Date
	Figures []Figure
}

// Differ is the figures whose value or table differs, in the catalogue's order, before any reason is written.
func Differ(before, after []Figure) []Change {
	var changes []Change
	for i := range after {
		was := Find(before, after[i].Key)
		if was == nil || !reflect.DeepEqual(was.Value, after[i].Value) || !reflect.DeepEqual(was.Cells, after[i].Cells) {
			changes = append(changes, Change{Before: was, After: &after[i]})
		}
	}
	for i := range before {
		if Find(after, before[i].Key) == nil {
			changes = append(changes, Change{Before: &before[i]})
		}
	}
	slices.SortStableFunc(changes, func(a, b Change) int { return a.number() - b.number() })
	return changes
}

func (c Change) number() int {
	if c.After != nil {
		return c.After.Number
	}
	return c.Before.Number
}
