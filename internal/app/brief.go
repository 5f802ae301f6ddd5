package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/sponsor"
	"tandem/internal/sponsor/catalogue"
	"tandem/internal/storage"
)

// A brief's figures are decided once, when its facts are frozen, and kept as rows. Everything that shows one reads those rows;
// a receipt computes it anew from the frozen facts and is held against them.

func init() {
	nodes["brief"] = finder((*App).SponsorBrief)
	nodes["figure"] = finder((*App).figureNode)
	nodes["share"] = finder((*App).ShareLink)
	prime[domain.SponsorBrief]()
	prime[domain.ShareLink]()
}

// toSeeBrief is what one must hold to see a brief: sponsors see what is released, coordinators everything.
func toSeeBrief(b *domain.SponsorBrief) domain.Permission {
	if b.State == domain.BriefReleased {
		return domain.SeeBriefs
	}
	return domain.SeeDraftBriefs
}

// SponsorBrief is one brief.
func (a *App) SponsorBrief(ctx context.Context, id string) (*domain.SponsorBrief, error) {
	if !actor(ctx).SignedIn() {
		return nil, must(ctx, domain.SeeBriefs, domain.Place{})
	}
	b, err := nouns[domain.SponsorBrief](a.view(ctx)).get(ctx, id)
	if err != nil {
		return nil, err
	}
	if b == nil || !may(ctx, toSeeBrief(b), b.Place()) {
		return nil, domain.NotFound("brief")
	}
	return b, nil
}

func briefsOf(v *view) *batch[[]*domain.SponsorBrief] {
	return list(v, "briefs of cohorts", func(ctx context.Context, cohorts []string) (map[string][]*domain.SponsorBrief, error) {
		found, err := v.store.BriefsOf(ctx, cohorts)
		return byKey(cohorts, mine(v, found), func(b *domain.SponsorBrief) string { return b.CohortID }), err
	})
}

// visibleBriefs is a cohort's briefs that the asker may see, newest first.
func (a *App) visibleBriefs(ctx context.Context, cohort string) ([]*domain.SponsorBrief, error) {
	found, err := briefsOf(a.view(ctx)).get(ctx, cohort)
	return slices.DeleteFunc(slices.Clone(found), func(b *domain.SponsorBrief) bool { return !may(ctx, toSeeBrief(b), b.Place()) }), err
}

// NewestBrief is a cohort's newest released brief; nil before the first, and for those who may not read it.
func (a *App) NewestBrief(ctx context.Context, c *domain.Cohort) (*domain.SponsorBrief, error) {
	found, err := a.visibleBriefs(ctx, c.ID)
	return newestReleased(found), err
}

// newestReleased is the first released of briefs that are sorted by number, the newest first; nil where none is.
func newestReleased(briefs []*domain.SponsorBrief) *domain.SponsorBrief {
	if i := slices.IndexFunc(briefs, func(b *domain.SponsorBrief) bool { return b.State == domain.BriefReleased }); i >= 0 {
		return briefs[i]
	}
	return nil
}

// Briefs is a page of a cohort's briefs, newest first: those that the asker may see; nil for those who may see none.
func (a *App) Briefs(ctx context.Context, c *domain.Cohort, p domain.Page) (*domain.Paged[domain.SponsorBrief], error) {
	if !may(ctx, domain.SeeBriefs, placeOfCohort(c)) {
		return nil, nil
	}
	found, err := a.visibleBriefs(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	return domain.Slice("briefs", found, func(b *domain.SponsorBrief) string { return b.ID }, p)
}

// ledgers is the ledger of briefs, a line each value.
func ledgers(v *view) *batch[[]*domain.BriefValue] {
	return list(v, "ledgers of briefs", func(ctx context.Context, briefs []string) (map[string][]*domain.BriefValue, error) {
		found, err := v.store.ValuesOf(ctx, briefs)
		return byKey(briefs, found, func(l *domain.BriefValue) string { return l.BriefID }), err
	})
}

// figuresOf is a brief's figures as they were decided.
func (a *App) figuresOf(ctx context.Context, b *domain.SponsorBrief) ([]sponsor.Figure, error) {
	rows, err := ledgers(a.view(ctx)).get(ctx, b.ID)
	if err != nil {
		return nil, err
	}
	return readLedger(rows)
}

// BriefFigures is a brief's figures by number; of some keys where any are named.
func (a *App) BriefFigures(ctx context.Context, b *domain.SponsorBrief, keys []catalogue.Key) ([]*BriefFigure, error) {
	figures, err := a.figuresOf(ctx, b)
	out := []*BriefFigure{}
	for _, f := range figures {
		if keys == nil || slices.Contains(keys, f.Key) {
			out = append(out, &BriefFigure{b, f})
		}
	}
	return out, err
}

// briefOfFigure is the brief that a figure's id names, for those who may read it, and the figure's key.
func (a *App) briefOfFigure(ctx context.Context, id string) (*domain.SponsorBrief, catalogue.Key, error) {
	brief, key, _ := strings.Cut(strings.TrimPrefix(id, "figure_"), ".")
	b, err := a.SponsorBrief(ctx, "brief_"+brief)
	if isMissing(err) || err == nil && catalogue.Of(catalogue.Key(key)) == nil {
		err = domain.NotFound("figure")
	}
	return b, catalogue.Key(key), err
}

func (a *App) figureNode(ctx context.Context, id string) (*BriefFigure, error) {
	b, key, err := a.briefOfFigure(ctx, id)
	if err != nil {
		return nil, err
	}
	figures, err := a.BriefFigures(ctx, b, []catalogue.Key{key})
	if err == nil && len(figures) == 0 {
		err = domain.NotFound("figure")
	}
	if err != nil {
		return nil, err
	}
	return figures[0], nil
}

// RecomputedFigure computes a figure afresh from its brief's frozen facts, under the brief's own terms and secret. Nobody
// learns more from it than from the brief.
func (a *App) RecomputedFigure(ctx context.Context, id string) (*BriefFigure, error) {
	b, key, err := a.briefOfFigure(ctx, id)
	if err != nil {
		return nil, err
	}
	figures, err := once(ctx, a.view(ctx), "figures anew of "+b.ID, func(ctx context.Context) ([]sponsor.Figure, error) {
		return recompute(ctx, a.read(), b)
	})
	if err != nil {
		return nil, &domain.Fault{Kind: domain.ErrConflict, Message: "The brief's frozen facts cannot be computed any more: " + err.Error() + "."}
	}
	return &BriefFigure{b, *sponsor.Find(figures, key)}, nil
}

// recompute computes a brief's figures from its frozen facts.
func recompute(ctx context.Context, r storage.Reader, b *domain.SponsorBrief) ([]sponsor.Figure, error) {
	facts, err := r.FactsOf(ctx, []string{b.ID})
	if err != nil {
		return nil, err
	}
	data, err := readFacts(facts)
	if err != nil {
		return nil, err
	}
	var terms sponsor.Terms
	if err := json.Unmarshal([]byte(b.Terms), &terms); err != nil {
		return nil, err
	}
	seal, err := storage.One[domain.BriefSeal](ctx, r, b.CohortID)
	if err != nil {
		return nil, err
	}
	before, err := figuresBefore(ctx, r, b)
	if err != nil {
		return nil, err
	}
	return sponsor.Compute(data, terms, seal.Secret, before)
}

// figuresBefore is the figures of the brief released last before one; nil for the first.
func figuresBefore(ctx context.Context, r storage.Reader, b *domain.SponsorBrief) ([]sponsor.Figure, error) {
	all, err := r.BriefsOf(ctx, []string{b.CohortID})
	if err != nil {
		return nil, err
	}
	before := newestReleased(slices.DeleteFunc(all, func(x *domain.SponsorBrief) bool { return x.Number >= b.Number }))
	if before == nil {
		return nil, nil
	}
	rows, err := r.ValuesOf(ctx, []string{before.ID})
	if err != nil {
		return nil, err
	}
	return readLedger(rows)
}

// unequal names the figures of a brief that do not come out of its frozen facts as they were told, and those whose lines in
// the ledger were altered. Facts that were altered make every figure doubtful only where it differs.
func unequal(ctx context.Context, r storage.Reader, b *domain.SponsorBrief) ([]string, error) {
	rows, err := r.ValuesOf(ctx, []string{b.ID})
	if err != nil {
		return nil, err
	}
	wrong := []string{}
	blame := func(key string) {
		if !slices.Contains(wrong, key) {
			wrong = append(wrong, key)
		}
	}
	for _, l := range rows {
		if l.Hash != hashOf(*l) {
			blame(l.Figure)
		}
	}
	told, err := readLedger(rows)
	if err != nil {
		return nil, err
	}
	anew, err := recompute(ctx, r, b)
	if err != nil {
		return nil, err
	}
	for _, e := range catalogue.Entries {
		if !SameFigure(sponsor.Find(told, e.Key), sponsor.Find(anew, e.Key)) {
			blame(string(e.Key))
		}
	}
	return wrong, nil
}

// Intact reports whether a brief's frozen facts and its ledger have the hashes that they were kept with.
func (a *App) Intact(ctx context.Context, b *domain.SponsorBrief) (bool, error) {
	facts, err := a.read().FactsOf(ctx, []string{b.ID})
	if err != nil {
		return false, err
	}
	rows, err := ledgers(a.view(ctx)).get(ctx, b.ID)
	return digestOf(facts) == b.FactsHash && !slices.ContainsFunc(rows, func(l *domain.BriefValue) bool { return l.Hash != hashOf(*l) }), err
}

// ReleasedBriefs is every released brief that the asker may see, by programme and cohort, the oldest first.
func (a *App) ReleasedBriefs(ctx context.Context) ([]string, error) {
	var ids []string
	programmes, err := a.Programmes(ctx, domain.Page{})
	if err != nil {
		return nil, err
	}
	for _, p := range programmes.Nodes {
		cohorts, err := a.Cohorts(ctx, p, domain.Page{})
		if err != nil {
			return nil, err
		}
		for _, c := range cohorts.Nodes {
			briefs, err := a.visibleBriefs(ctx, c.ID)
			if err != nil {
				return nil, err
			}
			for _, b := range slices.Backward(briefs) {
				if b.State == domain.BriefReleased {
					ids = append(ids, b.ID)
				}
			}
		}
	}
	return ids, nil
}

// SameFigure reports whether two figures tell the same, cell by cell.
func SameFigure(a, b *sponsor.Figure) bool {
	if a == nil || b == nil {
		return a == b
	}
	return reflect.DeepEqual(a.Value, b.Value) && slices.EqualFunc(a.Cells, b.Cells, func(x, y sponsor.Cell) bool { return reflect.DeepEqual(x, y) })
}

// writeLedger is the ledger of figures.
func writeLedger(b *domain.SponsorBrief, figures []sponsor.Figure) []*domain.BriefValue {
	var rows []*domain.BriefValue
	line := func(f sponsor.Figure, cell string, v sponsor.Value, told any) {
		text, err := json.Marshal(told)
		if err != nil {
			panic(err) // plain structs of texts and numbers
		}
		l := &domain.BriefValue{ID: fmt.Sprintf("%s.v%05d", b.ID, len(rows)), BriefID: b.ID, Place: len(rows), Figure: string(f.Key), Cell: cell,
			State: string(v.State), P: v.P, Low: v.Low, High: v.High, DataVersion: b.DataVersion, Told: string(text)}
		if v.State == sponsor.NotShown {
			l.Reason = "SMALL_GROUP"
		}
		l.Hash = hashOf(*l)
		rows = append(rows, l)
	}
	for _, f := range figures {
		cells := f.Cells
		f.Cells = nil
		line(f, "", f.Value, f)
		for _, c := range cells {
			line(f, c.ID, c.Value, c)
		}
	}
	return rows
}

// hashOf is the SHA-256 of a line of the ledger without its hash, in hexadecimal.
func hashOf(l domain.BriefValue) string {
	l.Hash = ""
	return digestOf(l)
}

func digestOf(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain structs of texts and numbers
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// readLedger is the figures that a ledger's lines tell.
func readLedger(rows []*domain.BriefValue) ([]sponsor.Figure, error) {
	var figures []sponsor.Figure
	for _, l := range rows {
		if l.Cell == "" {
			var f sponsor.Figure
			if err := json.Unmarshal([]byte(l.Told), &f); err != nil {
				return nil, fmt.Errorf("line %d of a brief's ledger: %w", l.Place, err)
			}
			figures = append(figures, f)
			continue
		}
		var c sponsor.Cell
		if err := json.Unmarshal([]byte(l.Told), &c); err != nil {
			return nil, fmt.Errorf("line %d of a brief's ledger: %w", l.Place, err)
		}
		if len(figures) == 0 {
			return nil, errors.New("a brief's ledger begins with a cell")
		}
		f := &figures[len(figures)-1]
		f.Cells = append(f.Cells, c)
	}
	return figures, nil
}

func writeFacts(b *domain.SponsorBrief, d sponsor.Data) []*domain.BriefFact {
	var rows []*domain.BriefFact
	for i, r := range d.Rows() {
		rows = append(rows, &domain.BriefFact{ID: fmt.Sprintf("%s.f%05d", b.ID, i), BriefID: b.ID, Place: i, Part: r.Part, PartPlace: r.Place, Fact: r.Fact})
	}
	return rows
}

func readFacts(rows []*domain.BriefFact) (sponsor.Data, error) {
	out := make([]sponsor.Row, len(rows))
	for i, r := range rows {
		out[i] = sponsor.Row{Part: r.Part, Place: r.PartPlace, Fact: r.Fact}
	}
	return sponsor.FromRows(out)
}

// told is what the surfaces of a brief are made from.
func (a *App) told(ctx context.Context, b *domain.SponsorBrief) (*sponsor.Brief, error) {
	cohort, err := ref[domain.Cohort](ctx, a, b.CohortID)
	if err != nil {
		return nil, err
	}
	programme, err := ref[domain.Programme](ctx, a, b.ProgrammeID)
	if err != nil {
		return nil, err
	}
	figures, err := a.figuresOf(ctx, b)
	if err != nil {
		return nil, err
	}
	out := &sponsor.Brief{Programme: programme.Name, Cohort: cohort.Name, Number: b.Number, Draft: b.State == domain.BriefDraft, AsOf: b.AsOf,
		FrozenAt: b.FrozenAt.In(programme.Location()), DataVersion: b.DataVersion, Words: wordsOf(b), Figures: figures, Queries: map[string]string{}, Unequal: b.Unequal}
	if b.CheckedAt != nil {
		at := b.CheckedAt.In(programme.Location())
		out.Checked = &at
	}
	for _, f := range figures {
		out.Queries[string(f.Key)] = (&BriefFigure{b, f}).query()
	}
	before, err := a.before(ctx, b)
	if err != nil {
		return nil, err
	}
	if before != nil {
		if out.Changes, err = a.changesBetween(ctx, before, b); err != nil {
			return nil, err
		}
	}
	for _, id := range b.Beside {
		other, err := ref[domain.SponsorBrief](ctx, a, id)
		if err != nil {
			return nil, err
		}
		of, err := ref[domain.Cohort](ctx, a, other.CohortID)
		if err != nil {
			return nil, err
		}
		figures, err := a.figuresOf(ctx, other)
		if err != nil {
			return nil, err
		}
		out.Beside = append(out.Beside, sponsor.Compared{Cohort: of.Name, Number: other.Number, AsOf: other.AsOf, Figures: figures})
	}
	return out, nil
}

// before is the brief released last before one; nil for the first.
func (a *App) before(ctx context.Context, b *domain.SponsorBrief) (*domain.SponsorBrief, error) {
	all, err := briefsOf(a.view(ctx)).get(ctx, b.CohortID)
	return newestReleased(slices.DeleteFunc(slices.Clone(all), func(x *domain.SponsorBrief) bool { return x.Number >= b.Number })), err
}

// changesBetween is what differs between two briefs, with the reasons written in the later.
func (a *App) changesBetween(ctx context.Context, before, after *domain.SponsorBrief) ([]sponsor.Change, error) {
	was, err := a.figuresOf(ctx, before)
	if err != nil {
		return nil, err
	}
	is, err := a.figuresOf(ctx, after)
	if err != nil {
		return nil, err
	}
	changes := sponsor.Differ(was, is)
	for i, c := range changes {
		f := c.After
		if f == nil {
			f = c.Before
		}
		for _, b := range after.Because {
			if b.Key == string(f.Key) {
				changes[i].Because = sponsor.Fill(b.Because, is)
			}
		}
	}
	return changes, nil
}

func wordsOf(b *domain.SponsorBrief) sponsor.Words {
	w := sponsor.Words{Headline: b.Headline, Summary: b.Summary, Rating: sponsor.Rating{Goal: b.Goal, Level: sponsor.Level(b.Level), Because: b.RatingBecause}, WentBadly: b.WentBadly}
	for _, d := range b.Decisions {
		w.Decisions = append(w.Decisions, sponsor.Decision{Text: d.Text, By: d.By})
	}
	return w
}

// Filled is texts of a brief with what their tokens name in the tokens' places.
func (a *App) Filled(ctx context.Context, b *domain.SponsorBrief, texts []string) ([]string, error) {
	figures, err := a.figuresOf(ctx, b)
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = sponsor.Fill(t, figures)
	}
	return out, err
}

// FilledText is one text of a brief with what its tokens name in their places.
func (a *App) FilledText(ctx context.Context, b *domain.SponsorBrief, text string) (string, error) {
	out, err := a.Filled(ctx, b, []string{text})
	return out[0], err
}

// RatingOf is how likely a brief's goal is to be met; nil until it is rated.
func (a *App) RatingOf(ctx context.Context, b *domain.SponsorBrief) (*Rating, error) {
	if b.Level == "" {
		return nil, nil
	}
	out, err := a.Filled(ctx, b, []string{b.Goal, b.RatingBecause})
	return &Rating{Goal: out[0], Level: b.Level, Definition: sponsor.Level(b.Level).Definition(), Because: out[1]}, err
}

// DecisionsOf is what the sponsor is asked to decide, the earliest first.
func (a *App) DecisionsOf(ctx context.Context, b *domain.SponsorBrief) ([]*domain.Decision, error) {
	figures, err := a.figuresOf(ctx, b)
	out := make([]*domain.Decision, len(b.Decisions))
	for i, d := range b.Decisions {
		out[i] = &domain.Decision{Text: sponsor.Fill(d.Text, figures), By: d.By}
	}
	return out, err
}

// BriefWritten is a brief's words as they were written; nil for those who may not write it.
func (a *App) BriefWritten(ctx context.Context, b *domain.SponsorBrief) *BriefWords {
	if !may(ctx, domain.WriteBriefs, b.Place()) {
		return nil
	}
	return &BriefWords{b}
}

// RatingsClosedOn is the day on which what people said of their skills was settled; nil until then, and for those who may not
// know.
func (a *App) RatingsClosedOn(ctx context.Context, c *domain.Cohort) *domain.Date {
	if !may(ctx, domain.SeeProgress, placeOfCohort(c)) {
		return nil
	}
	return c.RatingsClosedOn
}

// BriefDiff is two briefs of a cohort, side by side.
type BriefDiff struct {
	Before, After *domain.SponsorBrief
	Figures       []*FigureDiff
}

// FigureDiff is a figure in two briefs; nil where it was not there.
type FigureDiff struct {
	Key           catalogue.Key
	Before, After *BriefFigure
	Because       *string
}

// DiffBriefs is what differs from another brief of the cohort, which counts as before, and why.
func (a *App) DiffBriefs(ctx context.Context, after *domain.SponsorBrief, id string) (*BriefDiff, error) {
	before, err := a.SponsorBrief(ctx, id)
	if err != nil {
		return nil, err
	}
	if before.CohortID != after.CohortID {
		return nil, domain.Invalid("Two briefs of one cohort are compared.")
	}
	changes, err := a.changesBetween(ctx, before, after)
	if err != nil {
		return nil, err
	}
	d := &BriefDiff{Before: before, After: after, Figures: []*FigureDiff{}}
	for _, c := range changes {
		f := &FigureDiff{}
		if c.Before != nil {
			f.Key, f.Before = c.Before.Key, &BriefFigure{before, *c.Before}
		}
		if c.After != nil {
			f.Key, f.After = c.After.Key, &BriefFigure{after, *c.After}
		}
		if c.Because != "" {
			f.Because = &c.Because
		}
		d.Figures = append(d.Figures, f)
	}
	return d, nil
}
