package app

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/internal/domain"
	"tandem/internal/sponsor"
	"tandem/internal/sponsor/catalogue"
)

// BriefFigure is a figure of a brief, as it was decided.
type BriefFigure struct {
	Brief *domain.SponsorBrief
	sponsor.Figure
}

// IsNode makes the figure a node.
func (BriefFigure) IsNode() {}

// ID is the brief's own with the figure's key.
func (f *BriefFigure) ID() string {
	return "figure_" + strings.TrimPrefix(f.Brief.ID, "brief_") + "." + string(f.Key)
}

// Against is what the figure is compared with; nil where with nothing.
func (f *BriefFigure) Against() *string {
	if f.Basis == "" {
		return nil
	}
	return &f.Basis
}

// Told is the figure's own value.
func (f *BriefFigure) Told() FigureValue { return valueOf(f.Value) }

// Table is the cells behind the figure's chart.
func (f *BriefFigure) Table() []*FigureCell {
	out := make([]*FigureCell, len(f.Cells))
	for i, c := range f.Cells {
		out[i] = &FigureCell{c.ID, c.Row, c.Column, valueOf(c.Value)}
	}
	return out
}

// FigureCell is a cell of a figure's table.
type FigureCell struct {
	ID, Row, Column string
	Value           FigureValue
}

// FigureValue is a *Shown, *Suppressed or *NotYet.
type FigureValue interface{ isFigureValue() }

// Shown is a value that may be shown; To is the high end of a range, nil where it is exact.
type Shown struct {
	Value float64
	Text  string
	To    *float64
	N, P  *int
}

// Suppressed is a value that is shown on no surface.
type Suppressed struct{ Text string }

// NotYet is a value of which nothing has been counted so far.
type NotYet struct{ Text string }

func (*Shown) isFigureValue()      {}
func (*Suppressed) isFigureValue() {}
func (*NotYet) isFigureValue()     {}

// SuppressionRule is why a value is not shown: one word for a small count and for one that would give it away.
type SuppressionRule string

// SmallGroup is the one rule.
const SmallGroup SuppressionRule = "SMALL_GROUP"

// Rule is which rule hides the value.
func (*Suppressed) Rule() SuppressionRule { return SmallGroup }

func valueOf(v sponsor.Value) FigureValue {
	switch v.State {
	case sponsor.NotYet:
		return &NotYet{v.Text}
	case sponsor.NotShown:
		return &Suppressed{fmt.Sprintf("Not shown: a group under %d, or it would give one away.", catalogue.Fewest)}
	}
	s := &Shown{Value: v.Low, Text: v.Text, N: v.N, P: v.P}
	if v.State == sponsor.Ranged {
		s.To = &v.High
	}
	return s
}

// Receipt is where a figure comes from, and whether it still comes out the same.
type Receipt struct {
	Query       string
	DataVersion int64
	AsOf        time.Time
	Explain     *FigureExplanation
	Check       *ReceiptCheck
}

// FigureExplanation is how a figure is computed.
type FigureExplanation struct {
	Text    string
	Method  string
	Sources []*domain.Source
}

// Sentence is the explanation as one sentence.
func (x FigureExplanation) Sentence() string { return x.Text }

// ReceiptCheck is a recomputation.
type ReceiptCheck struct {
	At    time.Time
	Equal bool
}

// Receipt is the figure's receipt.
func (f *BriefFigure) Receipt() *Receipt {
	x := &FigureExplanation{Text: f.Explain, Method: f.Method, Sources: []*domain.Source{}}
	for _, s := range f.Sources {
		x.Sources = append(x.Sources, &domain.Source{Name: s})
	}
	r := &Receipt{Query: f.query(), DataVersion: f.Brief.DataVersion, AsOf: f.Brief.FrozenAt, Explain: x}
	if at := f.Brief.CheckedAt; at != nil {
		r.Check = &ReceiptCheck{At: *at, Equal: !slices.Contains(f.Brief.Unequal, string(f.Key))}
	}
	return r
}

// query is the GraphQL request that recomputes the figure; it runs as it stands.
func (f *BriefFigure) query() string {
	return fmt.Sprintf(`query Receipt {
  recomputedFigure(id: %q) {
    key
    value { ...Value }
    cells { id row column value { ...Value } }
  }
}
fragment Value on FigureValue {
  ... on Shown { value to n p text }
  ... on Suppressed { rule text }
  ... on NotYet { text }
}`, f.ID())
}

// BriefWords is a brief's words as they were written, with the names of figures in braces.
type BriefWords struct{ *domain.SponsorBrief }

// Rated is how likely the goal is; nil until it is rated.
func (w *BriefWords) Rated() *domain.RatingLevel {
	if w.Level == "" {
		return nil
	}
	return &w.Level
}

// Reasons is why figures differ from the brief before.
func (w *BriefWords) Reasons() []*FigureBecauseInput {
	out := make([]*FigureBecauseInput, len(w.Because))
	for i, b := range w.Because {
		out[i] = &FigureBecauseInput{catalogue.Key(b.Key), b.Because}
	}
	return out
}

// Rating is how likely the goal is to be met, by a published definition.
type Rating struct {
	Goal       string
	Level      domain.RatingLevel
	Definition string
	Because    string
}
