package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/storage"
)

func insightsOfVisits(v *view) *batch[[]*domain.Insight] {
	return list(v, "insights of visits", func(ctx context.Context, visits []string) (map[string][]*domain.Insight, error) {
		found, err := v.store.InsightsOfVisits(ctx, visits)
		return byKey(visits, mine(v, found), func(i *domain.Insight) string { return i.VisitID }), err
	})
}

func placeOfInsight(i *domain.Insight) domain.Place {
	return domain.Place{Programme: i.ProgrammeID, Cohort: i.CohortID, Person: i.AuthorID}
}

// Insight is one insight.
func (a *App) Insight(ctx context.Context, id string) (*domain.Insight, error) {
	return seen(ctx, a, "insight", id, domain.SeeInsights, placeOfInsight)
}

// Insights is a page of what a visit taught, newest first; nil for those who may not see it.
func (a *App) Insights(ctx context.Context, v *domain.Visit, pg domain.Page) (*domain.Paged[domain.Insight], error) {
	if !may(ctx, domain.SeeInsights, v.Place()) {
		return nil, nil
	}
	found, err := insightsOfVisits(a.view(ctx)).get(ctx, v.ID)
	if err != nil {
		return nil, err
	}
	return domain.Slice("insights", found, func(i *domain.Insight) string { return i.ID }, pg)
}

// InsightsAbout is a page of what visits taught about a challenge, newest first: those that the asker may see; nil for
// those who may see none.
func (a *App) InsightsAbout(ctx context.Context, c *domain.Challenge, pg domain.Page) (*domain.Paged[domain.Insight], error) {
	if !actor(ctx).MayAnywhere(domain.SeeInsights) {
		return nil, nil
	}
	v := a.view(ctx)
	about := list(v, "insights about challenges", func(ctx context.Context, challenges []string) (map[string][]*domain.Insight, error) {
		found, err := v.store.InsightsAbout(ctx, challenges)
		out := byKey(challenges, nil, func(*domain.Insight) string { return "" })
		for _, i := range mine(v, found) {
			for _, id := range i.ChallengeIDs {
				if list, asked := out[id]; asked {
					out[id] = append(list, i)
				}
			}
		}
		return out, err
	})
	about.want(idsOf(held[domain.Challenge](v))...)
	found, err := about.get(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(slices.Clone(found), func(i *domain.Insight) bool { return !may(ctx, domain.SeeInsights, placeOfInsight(i)) })
	return domain.Slice("insights", found, func(i *domain.Insight) string { return i.ID }, pg)
}

// CaptureInsight writes down what a visit taught its author. Members, about visits of their cohort.
func (a *App) CaptureInsight(ctx context.Context, in CaptureInsightInput) (*domain.Reply[domain.Insight], error) {
	v, err := a.Visit(ctx, in.VisitID)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.CaptureInsight, v.Place()); err != nil {
		return nil, err
	}
	author := actor(ctx).PersonID
	if author == "" {
		return nil, domain.Forbidden("An insight is its author's: only a person of the cohort writes one.")
	}
	return change(ctx, a, "captureInsight", in.Command, in, func(tx *storage.Tx) (*domain.Insight, []*domain.Impact, error) {
		_, v, err := released(ctx, tx, in.VisitID)
		if err != nil {
			return nil, nil, err
		}
		i := &domain.Insight{ID: newID("insight"), VisitID: v.ID, CohortID: v.CohortID, ProgrammeID: v.ProgrammeID, AuthorID: author, Text: strings.TrimSpace(in.Text), ChallengeIDs: []string{}, UsedByTeamIDs: []string{}}
		var wrong domain.Refusal
		if i.Text == "" {
			wrong = append(wrong, domain.Problem(domain.CodeRequired, "text", "There is nothing to keep.", "Say what you saw."))
		}
		if len([]rune(i.Text)) > 10_000 {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, "text", "An insight has at most 10,000 characters.", "Make two of it."))
		}
		known, err := byIDs[domain.Challenge](ctx, tx.Reader, in.ChallengeIds)
		if err != nil {
			return nil, nil, err
		}
		for n, id := range in.ChallengeIds {
			if c := known[id]; c == nil || c.ProgrammeID != v.ProgrammeID {
				wrong = append(wrong, domain.Problem(domain.CodeNotFound, fmt.Sprintf("challengeIds.%d", n), "The programme has no such challenge.", "Choose one of its challenges."))
			} else if !slices.Contains(i.ChallengeIDs, id) {
				i.ChallengeIDs = append(i.ChallengeIDs, id)
			}
		}
		if wrong != nil {
			return nil, nil, wrong
		}
		impact := []*domain.Impact{domain.Touch(domain.EffectCreated, "The insight is kept.", i.ID)}
		if len(i.ChallengeIDs) > 0 {
			impact = append(impact, domain.Touch(domain.EffectChanged, "It bears on them.", i.ChallengeIDs...))
		}
		return i, impact, storage.Put(tx, i)
	})
}
