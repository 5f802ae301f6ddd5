package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/sponsor"
	"tandem/internal/sponsor/catalogue"
	"tandem/internal/storage"
)

// DraftBrief begins a brief from the facts as they are now; goal and rating are carried over from the one before. A cohort has
// one draft at a time. Coordinators only.
func (a *App) DraftBrief(ctx context.Context, in DraftBriefInput) (*domain.Reply[domain.SponsorBrief], error) {
	c, err := a.Cohort(ctx, in.CohortID)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.WriteBriefs, placeOfCohort(c)); err != nil {
		return nil, err
	}
	return change(ctx, a, "draftBrief", in.Command, in, func(tx *storage.Tx) (*domain.SponsorBrief, []*domain.Impact, error) {
		all, err := tx.BriefsOf(ctx, []string{c.ID})
		if err != nil {
			return nil, nil, err
		}
		b := &domain.SponsorBrief{ID: newID("brief"), CohortID: c.ID, ProgrammeID: c.ProgrammeID, Number: 1, State: domain.BriefDraft,
			WentBadly: []string{}, Decisions: []*domain.Decision{}, Because: []*domain.FigureBecause{}, Unequal: []string{}}
		if len(all) > 0 {
			last := all[0]
			if last.State == domain.BriefDraft {
				return last, nil, domain.Refuse(domain.CodeTaken, "cohortId", fmt.Sprintf("Brief %d is being written already.", last.Number), "Write that one.")
			}
			b.Number, b.Goal, b.Level, b.RatingBecause = last.Number+1, last.Goal, last.Level, last.RatingBecause
		}
		if _, err := a.freeze(ctx, tx, b, nil); err != nil {
			return nil, nil, err
		}
		impact, err := a.notRecorded(ctx, tx, b)
		return b, append([]*domain.Impact{domain.Touch(domain.EffectCreated, "A brief begins, with the facts of today.", b.ID)}, impact...), err
	})
}

// notRecorded warns of visit days that are over and of which nobody recorded who was there: no attendance is told of them.
func (a *App) notRecorded(ctx context.Context, tx *storage.Tx, b *domain.SponsorBrief) ([]*domain.Impact, error) {
	facts, err := tx.FactsOf(ctx, []string{b.ID})
	if err != nil {
		return nil, err
	}
	data, err := readFacts(facts)
	if err != nil {
		return nil, err
	}
	var days []string
	for _, d := range data.Days {
		if d.Held && !slices.ContainsFunc(data.Attendance, func(x sponsor.Attendance) bool { return x.On == d.On }) {
			days = append(days, d.On.String())
		}
	}
	if days == nil {
		return nil, nil
	}
	return []*domain.Impact{domain.Touch(domain.EffectAtRisk, "Nobody has recorded who was there on "+strings.Join(days, ", ")+": the brief tells no attendance of it.", b.ID)}, nil
}

// writing runs an edit of a draft.
func (a *App) writing(ctx context.Context, action string, c domain.Command, in any, id string, expected int, work func(*storage.Tx, *domain.SponsorBrief) ([]*domain.Impact, error)) (*domain.Reply[domain.SponsorBrief], error) {
	b, err := a.SponsorBrief(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.WriteBriefs, b.Place()); err != nil {
		return nil, err
	}
	return change(ctx, a, action, c, in, func(tx *storage.Tx) (*domain.SponsorBrief, []*domain.Impact, error) {
		b, err := storage.One[domain.SponsorBrief](ctx, tx.Reader, id)
		if err != nil {
			return nil, nil, err
		}
		if err := fresh(b.Edit, expected); err != nil {
			return b, nil, err
		}
		if b.State != domain.BriefDraft {
			return b, nil, domain.Refuse(domain.CodeWrongState, "briefId", fmt.Sprintf("Brief %d is released; nothing of it changes any more.", b.Number), "Draft the next one.")
		}
		impact, err := work(tx, b)
		return b, impact, err
	})
}

// limits of a brief's texts, in characters; one page holds what they allow.
const (
	headlineMax = 160
	textMax     = 900
	lineMax     = 300
	linesMax    = 8
)

// UpdateBrief writes the words of a draft; figures are computed, never written. Anew freezes the facts as they are now;
// Dropped are figures that are told no more, in this and later briefs. Coordinators only.
func (a *App) UpdateBrief(ctx context.Context, in UpdateBriefInput) (*domain.Reply[domain.SponsorBrief], error) {
	return a.writing(ctx, "updateBrief", in.Command, in, in.BriefID, in.ExpectedVersion, func(tx *storage.Tx, b *domain.SponsorBrief) ([]*domain.Impact, error) {
		was := *b
		set(&b.Headline, in.Headline)
		set(&b.Summary, in.Summary)
		if r := in.Rating; r != nil {
			b.Goal, b.Level, b.RatingBecause = r.Goal, r.Level, r.Because
		}
		if in.WentBadly != nil {
			b.WentBadly = in.WentBadly
		}
		if in.Decisions != nil {
			b.Decisions = []*domain.Decision{}
			for _, d := range in.Decisions {
				b.Decisions = append(b.Decisions, &domain.Decision{Text: d.Text, By: d.By})
			}
			slices.SortStableFunc(b.Decisions, func(x, y *domain.Decision) int { return strings.Compare(string(x.By), string(y.By)) })
		}
		if in.Because != nil {
			b.Because = []*domain.FigureBecause{}
			for _, x := range in.Because {
				b.Because = append(b.Because, &domain.FigureBecause{Key: string(x.Key), Because: x.Because})
			}
		}
		if wrong := tooMuchOf(b); wrong != nil {
			*b = was
			return nil, wrong
		}
		if !in.Anew && len(in.Dropped) == 0 {
			return []*domain.Impact{domain.Touch(domain.EffectChanged, "The draft changes; no sponsor sees it yet.", b.ID)}, storage.Put(tx, b)
		}
		if _, err := a.freeze(ctx, tx, b, in.Dropped); err != nil {
			return nil, err
		}
		impact, err := a.notRecorded(ctx, tx, b)
		return append([]*domain.Impact{domain.Touch(domain.EffectChanged, "The facts are frozen anew; no sponsor sees the draft yet.", b.ID)}, impact...), err
	})
}

// prose is every text of a brief with the field of the input that it came by and its limit.
func prose(b *domain.SponsorBrief) (out []struct {
	field, text string
	most        int
}) {
	add := func(field, text string, most int) {
		out = append(out, struct {
			field, text string
			most        int
		}{field, text, most})
	}
	add("headline", b.Headline, headlineMax)
	add("summary", b.Summary, textMax)
	add("rating.goal", b.Goal, lineMax)
	add("rating.because", b.RatingBecause, textMax)
	for i, t := range b.WentBadly {
		add(fmt.Sprintf("wentBadly.%d", i), t, lineMax)
	}
	for i, d := range b.Decisions {
		add(fmt.Sprintf("decisions.%d.text", i), d.Text, lineMax)
	}
	for i, x := range b.Because {
		add(fmt.Sprintf("because.%d.because", i), x.Because, lineMax)
	}
	return out
}

func tooMuchOf(b *domain.SponsorBrief) (wrong domain.Refusal) {
	for _, p := range prose(b) {
		if n := len([]rune(p.text)); n > p.most {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, p.field, fmt.Sprintf("It has %d characters, and the page has room for %d.", n, p.most), "Say it shorter."))
		}
	}
	for field, n := range map[string]int{"wentBadly": len(b.WentBadly), "decisions": len(b.Decisions)} {
		if n > linesMax {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, field, fmt.Sprintf("The page has room for %d.", linesMax), "Keep the most serious."))
		}
	}
	slices.SortFunc(wrong, func(x, y *domain.UserError) int {
		return strings.Compare(strings.Join(x.Field, "."), strings.Join(y.Field, "."))
	})
	return wrong
}

// unfit is what keeps a draft's words from being released: texts that are missing, numbers that are no tokens, tokens that
// name nothing.
func unfit(b *domain.SponsorBrief, figures []sponsor.Figure, names []string) (wrong domain.Refusal) {
	for _, p := range prose(b) {
		if strings.TrimSpace(p.text) == "" {
			wrong = append(wrong, domain.Problem(domain.CodeRequired, p.field, "This text is empty.", "Write it, or take it out."))
		}
		for _, w := range sponsor.Lint(p.text, figures, names) {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, p.field, fmt.Sprintf("“%s”: %s.", w.Text, w.Why), "Name the figure in braces."))
		}
	}
	if b.Level == "" {
		wrong = append(wrong, domain.Problem(domain.CodeRequired, "rating", "Nobody has said how likely the goal is.", "Rate it by the published definitions."))
	}
	return wrong
}

// WrongWords is what keeps a draft from being released as it is written.
func (a *App) WrongWords(ctx context.Context, b *domain.SponsorBrief) ([]*domain.UserError, error) {
	if b.State != domain.BriefDraft || !may(ctx, domain.WriteBriefs, b.Place()) {
		return nil, nil
	}
	figures, err := a.figuresOf(ctx, b)
	if err != nil {
		return nil, err
	}
	facts, err := a.read().FactsOf(ctx, []string{b.ID})
	if err != nil {
		return nil, err
	}
	data, err := readFacts(facts)
	return present(unfit(b, figures, namesIn(data))), err
}

// namesIn is the names in which digits are part of a name.
func namesIn(d sponsor.Data) []string {
	names := []string{d.Cohort.Programme, d.Cohort.Name}
	for _, t := range d.Teams {
		names = append(names, t.Name, t.Challenge)
	}
	for _, s := range d.Skills {
		names = append(names, s.Name)
	}
	return names
}

// ReleaseBrief freezes a draft for ever. It is refused where its words cannot be released, and where an attacker who has all
// released briefs could work a protected figure out: the answer names the family, which is dropped whole or waits. Coordinators
// only.
func (a *App) ReleaseBrief(ctx context.Context, in ReleaseBriefInput) (*domain.Reply[domain.SponsorBrief], error) {
	return a.writing(ctx, "releaseBrief", in.Command, in, in.BriefID, in.ExpectedVersion, func(tx *storage.Tx, b *domain.SponsorBrief) ([]*domain.Impact, error) {
		versions, data, terms, err := a.versionsWith(ctx, tx, b)
		if err != nil {
			return nil, err
		}
		figures := versions[len(versions)-1].Figures
		if wrong := unfit(b, figures, namesIn(data)); wrong != nil {
			return nil, wrong
		}
		if err := sponsor.Gate(terms, versions); err != nil {
			if refused, ok := errors.AsType[*sponsor.Refused](err); ok {
				return nil, domain.Refuse(domain.CodeRuleBroken, "briefId", fmt.Sprintf("Somebody who knows who left could work figures of the family “%s” out exactly.", refused.Family),
					fmt.Sprintf("Drop %s from this and later briefs, or wait for another version.", keyList(refused.Keys)))
			}
			return nil, err
		}
		seal, err := sealOf(ctx, tx, b.CohortID)
		if err != nil {
			return nil, err
		}
		if len(seal.People) == 0 {
			people, err := tx.EnrolmentsOf(ctx, []string{b.CohortID})
			if err != nil {
				return nil, err
			}
			programme, err := storage.One[domain.Programme](ctx, tx.Reader, b.ProgrammeID)
			if err != nil {
				return nil, err
			}
			first := firstSeated(seal, programme, everSeated(people))
			for _, e := range everSeated(people) {
				if first[e.ID] {
					seal.People = append(seal.People, e.ID)
				}
			}
			if len(seal.People) != terms.Public+terms.Private {
				return nil, domain.Refuse(domain.CodeWrongState, "briefId", "Since the facts were frozen other people have taken seats, and the first brief settles whom all of them count.", "Freeze the facts anew, look at the draft, then release it.")
			}
			if err := storage.Put(tx, seal); err != nil {
				return nil, err
			}
		}
		wrong, err := unequal(ctx, tx.Reader, b)
		if err != nil {
			return nil, err
		}
		if len(wrong) > 0 {
			return nil, domain.Refuse(domain.CodeWrongState, "briefId", "These figures do not come out of the frozen facts as they stand: "+strings.Join(wrong, ", ")+".", "Freeze the facts anew.")
		}
		now := tx.Now()
		b.State, b.ReleasedAt, b.CheckedAt, b.Unequal = domain.BriefReleased, &now, &now, []string{}
		return []*domain.Impact{domain.Touch(domain.EffectChanged, fmt.Sprintf("Brief %d is released; nothing changes it afterwards.", b.Number), b.ID)}, storage.Put(tx, b)
	})
}

func keyList(keys []catalogue.Key) string {
	words := make([]string, len(keys))
	for i, k := range keys {
		words[i] = string(k)
	}
	return strings.Join(words, ", ")
}

// versionsWith is every released brief of a draft's cohort and the draft itself, the oldest first, for the gate; with the
// draft's facts and terms.
func (a *App) versionsWith(ctx context.Context, tx *storage.Tx, draft *domain.SponsorBrief) (versions []sponsor.Version, data sponsor.Data, terms sponsor.Terms, err error) {
	if err = json.Unmarshal([]byte(draft.Terms), &terms); err != nil {
		return nil, data, terms, err
	}
	all, err := tx.BriefsOf(ctx, []string{draft.CohortID})
	if err != nil {
		return nil, data, terms, err
	}
	slices.Reverse(all)
	for _, b := range all {
		if b.State != domain.BriefReleased && b.ID != draft.ID {
			continue
		}
		facts, err := tx.FactsOf(ctx, []string{b.ID})
		if err != nil {
			return nil, data, terms, err
		}
		if data, err = readFacts(facts); err != nil {
			return nil, data, terms, err
		}
		rows, err := tx.ValuesOf(ctx, []string{b.ID})
		if err != nil {
			return nil, data, terms, err
		}
		figures, err := readLedger(rows)
		if err != nil {
			return nil, data, terms, err
		}
		versions = append(versions, data.Version(figures))
	}
	return versions, data, terms, nil
}

// CheckBrief recomputes every figure of a released brief from its frozen facts and keeps which came out otherwise.
// Coordinators only.
func (a *App) CheckBrief(ctx context.Context, in CheckBriefInput) (*domain.Reply[domain.SponsorBrief], error) {
	b, err := a.SponsorBrief(ctx, in.BriefID)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.WriteBriefs, b.Place()); err != nil {
		return nil, err
	}
	return change(ctx, a, "checkBrief", in.Command, in, func(tx *storage.Tx) (*domain.SponsorBrief, []*domain.Impact, error) {
		b, err := storage.One[domain.SponsorBrief](ctx, tx.Reader, in.BriefID)
		if err != nil {
			return nil, nil, err
		}
		if b.State != domain.BriefReleased {
			return b, nil, domain.Refuse(domain.CodeWrongState, "briefId", "A draft is checked when it is released.", "")
		}
		if b.Unequal, err = unequal(ctx, tx.Reader, b); err != nil {
			return nil, nil, err
		}
		now, because := tx.Now(), "Every figure comes out as it was told."
		b.CheckedAt = &now
		if len(b.Unequal) > 0 {
			because = "These figures come out otherwise: " + strings.Join(b.Unequal, ", ") + "."
		}
		return b, []*domain.Impact{domain.Touch(domain.EffectChanged, because, b.ID)}, storage.Put(tx, b)
	})
}
