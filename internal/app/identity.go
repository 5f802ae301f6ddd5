package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"tandem/internal/calendar"
	"tandem/internal/domain"
	"tandem/internal/storage"
)

// What people show at a host's gate is the most delicate thing that Tandem holds. It is kept apart from enrolments, told to
// nobody but the coordinator, the person and the manifest of a host that asked for it, and deleted with that manifest.

// keptUntil is the last day on which identity documents of a programme may be kept: as many working days after its last day
// as a manifest after its visit.
func keptUntil(p *domain.Programme) domain.Date {
	return calendar.Forward(p.EndsOn, purgeAfterDays, p.OfficeNation)
}

// identitiesKept is which enrolments of cohorts have an identity document, by cohort and enrolment.
func identitiesKept(v *view) *batch[map[string]bool] {
	return list(v, "identities kept", func(ctx context.Context, cohorts []string) (map[string]map[string]bool, error) {
		ids, err := v.store.IdentitiesKept(ctx, cohorts)
		all, out := setOf(ids), map[string]map[string]bool{} // enrolments belong to one cohort, so all may share one set
		for _, c := range cohorts {
			out[c] = all
		}
		return out, err
	})
}

func setOf(ids []string) map[string]bool {
	out := map[string]bool{}
	for _, id := range ids {
		out[id] = true
	}
	return out
}

// IdentityKept reports whether a person's identity document is kept; nil for those who may not know.
func (a *App) IdentityKept(ctx context.Context, e *domain.Enrolment) (*bool, error) {
	if !may(ctx, domain.SeeIdentity, e.Place()) {
		return nil, nil
	}
	kept, err := identitiesKept(a.view(ctx)).get(ctx, e.CohortID)
	has := kept[e.ID]
	return &has, err
}

// Identity is a person's identity document, one person at a time; nil where none is kept, and for those who may not see it.
func (a *App) Identity(ctx context.Context, enrolment string) (*domain.Identity, error) {
	e, err := a.Enrolment(ctx, enrolment)
	if err != nil {
		return nil, err
	}
	if !may(ctx, domain.SeeIdentity, e.Place()) {
		return nil, nil
	}
	p, err := ref[domain.Programme](ctx, a, e.ProgrammeID)
	if err != nil || a.today(p) > keptUntil(p) {
		return nil, err
	}
	found, err := storage.Get[domain.Identity](ctx, a.read(), e.ID)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// IdentityKeptUntil is the day after which an identity document is deleted at the latest.
func (a *App) IdentityKeptUntil(ctx context.Context, i *domain.Identity) (domain.Date, error) {
	e, err := ref[domain.Enrolment](ctx, a, i.ID)
	if err != nil {
		return "", err
	}
	p, err := ref[domain.Programme](ctx, a, e.ProgrammeID)
	if err != nil {
		return "", err
	}
	return keptUntil(p), nil
}

// RecordIdentity keeps a person's identity document for the hosts that ask for one, with their consent. Coordinators, and
// the person. The version is the document's; 0 where none is kept.
func (a *App) RecordIdentity(ctx context.Context, in RecordIdentityInput) (*domain.Reply[domain.Enrolment], error) {
	told := in
	told.Number = "" // whoever can read the audit or the kept replies could guess a number from its hash
	return a.changeIdentity(ctx, "recordIdentity", in.EnrolmentID, in.ExpectedVersion, in.Command, told, func(tx *storage.Tx, e *domain.Enrolment, kept *domain.Identity) (*domain.Impact, error) {
		p, err := storage.One[domain.Programme](ctx, tx.Reader, e.ProgrammeID)
		if err != nil {
			return nil, err
		}
		number := strings.TrimSpace(in.Number)
		var wrong domain.Refusal
		switch {
		case number == "":
			wrong = append(wrong, domain.Problem(domain.CodeRequired, "number", "An identity document has a number.", "Copy it from the document."))
		case utf8.RuneCountInString(number) > 40:
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, "number", "A number has at most 40 characters.", "Give the number alone."))
		}
		if !in.Consented {
			wrong = append(wrong, domain.Problem(domain.CodeNeedsConsent, "consented", "It is kept only if the person agreed that hosts who ask are told.", "Ask them first; without it the host's own form has to do."))
		}
		if until := keptUntil(p); a.today(p) > until {
			wrong = append(wrong, domain.Problem(domain.CodeWrongState, "enrolmentId", fmt.Sprintf("Identity documents of this programme are kept until %s.", until), ""))
		}
		if wrong != nil {
			return nil, wrong
		}
		i := &domain.Identity{ID: e.ID, Kind: in.Kind, Number: number, ConsentedAt: tx.Now()}
		if kept != nil {
			i.Edit = kept.Edit
		}
		return domain.Touch(domain.EffectChanged, "Their identity document is kept for the hosts that ask for it.", e.ID), storage.Put(tx, i)
	})
}

// DeleteIdentity deletes a person's identity document for ever. Coordinators, and the person.
func (a *App) DeleteIdentity(ctx context.Context, in DeleteIdentityInput) (*domain.Reply[domain.Enrolment], error) {
	return a.changeIdentity(ctx, "deleteIdentity", in.EnrolmentID, in.ExpectedVersion, in.Command, in, func(tx *storage.Tx, e *domain.Enrolment, kept *domain.Identity) (*domain.Impact, error) {
		if kept == nil {
			return nil, domain.Refuse(domain.CodeWrongState, "enrolmentId", "No identity document of theirs is kept.", "")
		}
		return domain.Touch(domain.EffectRemoved, "Their identity document is deleted.", e.ID), storage.Remove(tx, kept)
	})
}

// changeIdentity is what changes of an identity document share; the enrolment is told to have changed.
func (a *App) changeIdentity(ctx context.Context, action, enrolment string, expected int, c domain.Command, input any, work func(*storage.Tx, *domain.Enrolment, *domain.Identity) (*domain.Impact, error)) (*domain.Reply[domain.Enrolment], error) {
	e, err := a.Enrolment(ctx, enrolment)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.KeepIdentity, e.Place()); err != nil {
		return nil, err
	}
	return change(ctx, a, action, c, input, func(tx *storage.Tx) (*domain.Enrolment, []*domain.Impact, error) {
		found, err := storage.Get[domain.Identity](ctx, tx.Reader, e.ID)
		if err != nil {
			return nil, nil, err
		}
		var kept *domain.Identity
		edit := domain.Edit{}
		if len(found) > 0 {
			kept, edit = found[0], found[0].Edit
		}
		if err := fresh(edit, expected); err != nil {
			return e, nil, err
		}
		impact, err := work(tx, e, kept)
		if err != nil {
			return e, nil, err
		}
		tx.Touch(e)
		return e, []*domain.Impact{impact}, nil
	})
}

// forgetIdentities deletes, with a manifest, the identity documents of its people that no other host is still to be told:
// none that asks for them has a visit of theirs ahead. It gives whose.
func (a *App) forgetIdentities(ctx context.Context, tx *storage.Tx, m *domain.Manifest) ([]string, error) {
	if !slices.Contains(m.Fields, domain.FieldIdentity) {
		return nil, nil
	}
	programme, err := storage.One[domain.Programme](ctx, tx.Reader, m.ProgrammeID)
	if err != nil {
		return nil, err
	}
	plans, err := tx.PlanInForce(ctx, []string{m.CohortID})
	if err != nil {
		return nil, err
	}
	offers, err := tx.OffersOf(ctx, m.ProgrammeID)
	if err != nil {
		return nil, err
	}
	asks := map[string]bool{}
	for _, o := range offers {
		asks[o.ID] = slices.Contains(fieldsOf(o), domain.FieldIdentity)
	}
	today := a.today(programme)
	var people []string
	for _, r := range m.Rows {
		ahead := func(v *domain.Visit) bool { return v.ID != m.VisitID && v.On >= today && asks[v.OfferID] }
		if !slices.ContainsFunc(visitsWith(plans, r.EnrolmentID), ahead) {
			people = append(people, r.EnrolmentID)
		}
	}
	return deleteIdentities(ctx, tx, people)
}

// deleteIdentities deletes the documents of those enrolments that have one, and gives which.
func deleteIdentities(ctx context.Context, tx *storage.Tx, enrolments []string) ([]string, error) {
	found, err := storage.Get[domain.Identity](ctx, tx.Reader, enrolments...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	ids := idsOf(found)
	slices.Sort(ids)
	owners, err := storage.Get[domain.Enrolment](ctx, tx.Reader, ids...)
	if err != nil {
		return nil, err
	}
	tx.Touch(owners...)
	return ids, storage.Remove(tx, found...)
}

// ForgetExpired deletes the identity documents of programmes that ended so long ago that none may be kept. It works as
// Tandem itself, at the start and every hour; nobody sees them from that day on in any case.
func (a *App) ForgetExpired(ctx context.Context) error {
	programmes, err := a.read().ProgrammesWithIdentities(ctx)
	if err != nil {
		return err
	}
	for _, p := range programmes {
		if a.today(p) <= keptUntil(p) {
			continue
		}
		if err := a.forgetProgramme(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func (a *App) forgetProgramme(ctx context.Context, p *domain.Programme) error {
	cohorts, err := a.read().CohortsOf(ctx, p.ID)
	if err != nil {
		return err
	}
	kept, err := a.read().IdentitiesKept(ctx, idsOf(cohorts))
	if err != nil {
		return err
	}
	_, err = change(ctx, a, "forgetExpired", domain.Command{IdempotencyKey: uuid.NewString()}, p.ID, func(tx *storage.Tx) (*domain.Programme, []*domain.Impact, error) {
		gone, err := deleteIdentities(ctx, tx, kept)
		if err != nil {
			return nil, nil, err
		}
		return p, []*domain.Impact{domain.Touch(domain.EffectRemoved, "Their identity documents were kept as long as they may be.", gone...)}, nil
	})
	return err
}
