package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"tandem/internal/calendar"
	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/table"
	"tandem/internal/travel"
)

func manifestsOfVisits(v *view) *batch[[]*domain.Manifest] {
	return list(v, "manifests of visits", func(ctx context.Context, visits []string) (map[string][]*domain.Manifest, error) {
		found, err := v.store.ManifestsOf(ctx, visits)
		return byKey(visits, mine(v, found), func(m *domain.Manifest) string { return m.VisitID }), err
	})
}

// newestManifest is a visit's manifest; nil before one is sealed.
func (a *App) newestManifest(ctx context.Context, v *domain.Visit) (*domain.Manifest, error) {
	view := a.view(ctx)
	found, err := manifestsOfVisits(view).get(ctx, v.ID)
	if err != nil {
		return nil, err
	}
	var newest *domain.Manifest
	for _, m := range append(slices.Clone(found), held[domain.Manifest](view)...) {
		if m.VisitID == v.ID && (newest == nil || m.Number > newest.Number) {
			newest = m
		}
	}
	return newest, nil
}

// ManifestOf is a visit's manifest; nil before one is sealed, and for those who may not see it.
func (a *App) ManifestOf(ctx context.Context, v *domain.Visit) (*domain.Manifest, error) {
	if !may(ctx, domain.SeeManifests, v.Place()) {
		return nil, nil
	}
	return a.newestManifest(ctx, v)
}

func placeOfManifest(m *domain.Manifest) domain.Place {
	return domain.Place{Programme: m.ProgrammeID, Cohort: m.CohortID}
}

// Manifest is one manifest.
func (a *App) Manifest(ctx context.Context, id string) (*domain.Manifest, error) {
	return seen(ctx, a, "manifest", id, domain.SeeManifests, placeOfManifest)
}

// ManifestCSV is a manifest as the file that goes to the host; nil once purged.
func (a *App) ManifestCSV(m *domain.Manifest) (*string, error) {
	if m.State == domain.ManifestPurged {
		return nil, nil
	}
	csv, err := manifestCSV(m)
	return &csv, err
}

var fieldNames = map[domain.ManifestField]string{
	domain.FieldName: "Name", domain.FieldEmployer: "Employer", domain.FieldEmail: "E-mail", domain.FieldIdentity: "Identity document",
	domain.FieldDiet: "Diet", domain.FieldAccess: "Access",
}

func manifestCSV(m *domain.Manifest) (string, error) {
	headings := make([]string, len(m.Fields))
	for i, f := range m.Fields {
		headings[i] = fieldNames[f]
	}
	rows := make([][]string, len(m.Rows))
	for i, r := range m.Rows {
		rows[i] = make([]string, len(r.Values))
		for j, value := range r.Values {
			rows[i][j] = deref(value)
		}
	}
	file, err := table.WriteCSV(headings, rows)
	return string(file), err
}

// SealManifest fixes the list for a released visit's host: exactly the fields that it asked for, of the people who go.
// Coordinators only. Earlier lists of the visit that were never sent lose their rows.
func (a *App) SealManifest(ctx context.Context, in SealManifestInput) (*domain.Reply[domain.Manifest], error) {
	v, err := a.Visit(ctx, in.VisitID)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.SealManifests, v.Place()); err != nil {
		return nil, err
	}
	return a.withRows(ctx)(change(ctx, a, "sealManifest", in.Command, in, func(tx *storage.Tx) (*domain.Manifest, []*domain.Impact, error) {
		p, v, err := released(ctx, tx, in.VisitID)
		if err != nil {
			return nil, nil, err
		}
		if err := fresh(v.Edit, in.ExpectedVersion); err != nil {
			return nil, nil, err
		}
		if v.Stored == domain.VisitCancelled {
			return nil, nil, domain.Refuse(domain.CodeWrongState, "visitId", "The visit was called off.", "")
		}
		m, people, err := a.list(ctx, tx, p, v)
		if err != nil {
			return nil, nil, err
		}
		earlier, err := tx.ManifestsOf(ctx, []string{v.ID})
		if err != nil {
			return nil, nil, err
		}
		impact := []*domain.Impact{domain.Touch(domain.EffectCreated, "The list is fixed and can be sent.", v.ID)}
		for _, old := range earlier {
			m.Number = old.Number + 1
			if old.State == domain.ManifestSealed {
				purge(old)
				if err := storage.Put(tx, old); err != nil {
					return nil, nil, err
				}
				impact = append(impact, domain.Touch(domain.EffectRemoved, "An earlier list that was never sent loses its rows.", v.ID))
			}
		}
		if len(people) > 0 {
			impact = append(impact, domain.Touch(domain.EffectChanged, "They are on the list for the host.", people...))
		}
		return m, impact, storage.Put(tx, m)
	}))
}

// released is a visit of a plan in force, as a transaction sees it.
func released(ctx context.Context, tx *storage.Tx, id string) (*domain.VisitPlan, *domain.Visit, error) {
	v, err := storage.One[domain.Visit](ctx, tx.Reader, id)
	if err != nil {
		return nil, nil, err
	}
	p, err := storage.One[domain.VisitPlan](ctx, tx.Reader, v.PlanID)
	if err != nil {
		return nil, nil, err
	}
	if p.State != domain.PlanReleased {
		return nil, nil, domain.Refuse(domain.CodeWrongState, "visitId", "The visit is not in the plan in force.", "Release its plan first.")
	}
	for _, x := range p.Visits {
		if x.ID == id {
			return p, x, nil
		}
	}
	return nil, nil, domain.ErrNotFound
}

// list makes a visit's manifest: one row a person, by name. A need and an identity document are told only with their
// person's consent; documents are read only where the host asks for them.
func (a *App) list(ctx context.Context, tx *storage.Tx, p *domain.VisitPlan, v *domain.Visit) (*domain.Manifest, []string, error) {
	o, err := storage.One[domain.HostOffer](ctx, tx.Reader, v.OfferID)
	if err != nil {
		return nil, nil, err
	}
	site, err := storage.One[domain.Site](ctx, tx.Reader, o.SiteID)
	if err != nil {
		return nil, nil, err
	}
	programme, err := storage.One[domain.Programme](ctx, tx.Reader, p.ProgrammeID)
	if err != nil {
		return nil, nil, err
	}
	station, _ := travel.Find(site.StationCode)
	m := &domain.Manifest{ID: newID("manifest"), VisitID: v.ID, CohortID: v.CohortID, ProgrammeID: v.ProgrammeID, OfferID: v.OfferID, Number: 1, State: domain.ManifestSealed,
		Fields: fieldsOf(o), PurgeAfter: calendar.Forward(v.On, purgeAfterDays, station.Nation, programme.OfficeNation), Rows: []*domain.ManifestRow{}}
	everyone, err := storage.Get[domain.Enrolment](ctx, tx.Reader, groupOf(p, v.GroupID).MemberIDs...)
	if err != nil {
		return nil, nil, err
	}
	everyone = slices.DeleteFunc(everyone, func(e *domain.Enrolment) bool { return !e.Seated() })
	var people, employers []string
	for _, e := range everyone {
		people, employers = append(people, e.PersonID), append(employers, e.EmployerAtEnrolmentID)
	}
	persons, err := byIDs[domain.Person](ctx, tx.Reader, people)
	if err != nil {
		return nil, nil, err
	}
	organisations, err := byIDs[domain.Organisation](ctx, tx.Reader, employers)
	if err != nil {
		return nil, nil, err
	}
	documents := map[string]*domain.Identity{}
	if slices.Contains(m.Fields, domain.FieldIdentity) && a.today(programme) <= keptUntil(programme) {
		if documents, err = byIDs[domain.Identity](ctx, tx.Reader, idsOf(everyone)); err != nil {
			return nil, nil, err
		}
	}
	slices.SortFunc(everyone, func(x, y *domain.Enrolment) int {
		if c := strings.Compare(strings.ToLower(persons[x.PersonID].Name), strings.ToLower(persons[y.PersonID].Name)); c != 0 {
			return c
		}
		return strings.Compare(x.ID, y.ID)
	})
	for _, e := range everyone {
		row := &domain.ManifestRow{EnrolmentID: e.ID, Values: make([]*string, len(m.Fields))}
		for i, f := range m.Fields {
			row.Values[i] = told(f, e, persons[e.PersonID], organisations[e.EmployerAtEnrolmentID], documents[e.ID])
		}
		m.Rows = append(m.Rows, row)
	}
	m.People = len(m.Rows)
	csv, err := manifestCSV(m)
	if err != nil {
		return nil, nil, err
	}
	sum := sha256.Sum256([]byte(csv))
	m.SealedHash = hex.EncodeToString(sum[:])
	return m, idsOf(everyone), nil
}

// fieldsOf is what a host asks for, in the order of the contract; where it named nothing, the names that its lead time is for.
func fieldsOf(o *domain.HostOffer) []domain.ManifestField {
	asked := []domain.ManifestField{}
	for _, f := range []domain.ManifestField{domain.FieldName, domain.FieldEmployer, domain.FieldEmail, domain.FieldIdentity, domain.FieldDiet, domain.FieldAccess} {
		if slices.ContainsFunc(o.RequiredFields, func(r *domain.RequiredField) bool { return r.Field == f }) {
			asked = append(asked, f)
		}
	}
	if len(asked) == 0 {
		asked = append(asked, domain.FieldName)
	}
	return asked
}

// told is what a host is told of a person in one field; nil where there is nothing, or no consent.
func told(f domain.ManifestField, e *domain.Enrolment, p *domain.Person, employer *domain.Organisation, document *domain.Identity) *string {
	switch f {
	case domain.FieldName:
		return &p.Name
	case domain.FieldEmployer:
		return &employer.Name
	case domain.FieldEmail:
		return p.Email
	case domain.FieldIdentity:
		if document != nil {
			text := document.Kind.String() + " " + document.Number
			return &text
		}
	case domain.FieldDiet, domain.FieldAccess:
		var needs []string
		for _, n := range e.Needs {
			if fieldOf(n.Kind) != f || n.ConsentedAt == nil {
				continue
			}
			switch text := deref(n.Text); {
			case n.Kind == domain.NeedStepFree && text == "":
				needs = append(needs, "Step-free access")
			case n.Kind == domain.NeedStepFree:
				needs = append(needs, "Step-free access: "+text)
			case text != "":
				needs = append(needs, text)
			}
		}
		if needs != nil {
			all := strings.Join(needs, "; ")
			return &all
		}
	}
	return nil
}

func purge(m *domain.Manifest) { m.State, m.Rows = domain.ManifestPurged, []*domain.ManifestRow{} }

// SubmitManifest records that a person sent a manifest to its host. Coordinators only.
func (a *App) SubmitManifest(ctx context.Context, in SubmitManifestInput) (*domain.Reply[domain.Manifest], error) {
	return a.changeManifest(ctx, "submitManifest", in.ManifestID, in.ExpectedVersion, in.Command, in, func(m *domain.Manifest, tx *storage.Tx) ([]*domain.Impact, error) {
		if m.State != domain.ManifestSealed {
			return nil, domain.Refuse(domain.CodeWrongState, "manifestId", "Only a sealed list can be sent; this one was sent or purged.", "Seal the list anew if it changed.")
		}
		now := tx.Now()
		m.State, m.SubmittedAt = domain.ManifestSubmitted, &now
		return []*domain.Impact{domain.Touch(domain.EffectChanged, "The list is with the host.", m.VisitID)}, nil
	})
}

// PurgeManifest deletes a manifest's rows for ever; hash and count remain. Identity documents that no other host is still
// to be told go with it. Coordinators only.
func (a *App) PurgeManifest(ctx context.Context, in PurgeManifestInput) (*domain.Reply[domain.Manifest], error) {
	return a.changeManifest(ctx, "purgeManifest", in.ManifestID, in.ExpectedVersion, in.Command, in, func(m *domain.Manifest, tx *storage.Tx) ([]*domain.Impact, error) {
		if m.State == domain.ManifestPurged {
			return nil, domain.Refuse(domain.CodeWrongState, "manifestId", "Its rows are gone already.", "")
		}
		forgotten, err := a.forgetIdentities(ctx, tx, m)
		if err != nil {
			return nil, err
		}
		purge(m)
		impact := []*domain.Impact{domain.Touch(domain.EffectRemoved, fmt.Sprintf("The rows of %s are gone; hash and count remain.", count(m.People, "person", "people")), m.VisitID)}
		if len(forgotten) > 0 {
			impact = append(impact, domain.Touch(domain.EffectRemoved, "Their identity documents are deleted, for no other host is still to be told.", forgotten...))
		}
		return impact, nil
	})
}

func (a *App) changeManifest(ctx context.Context, action, id string, expected int, c domain.Command, in any, work func(*domain.Manifest, *storage.Tx) ([]*domain.Impact, error)) (*domain.Reply[domain.Manifest], error) {
	m, err := a.Manifest(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.SealManifests, placeOfManifest(m)); err != nil {
		return nil, err
	}
	return a.withRows(ctx)(change(ctx, a, action, c, in, func(tx *storage.Tx) (*domain.Manifest, []*domain.Impact, error) {
		m, err := storage.One[domain.Manifest](ctx, tx.Reader, id)
		if err != nil {
			return nil, nil, err
		}
		if err := fresh(m.Edit, expected); err != nil {
			return m, nil, err
		}
		impact, err := work(m, tx)
		if err != nil {
			return m, nil, err
		}
		return m, impact, storage.Put(tx, m)
	}))
}

// withRows gives a repeated reply the rows that its manifest has now: kept replies have none, so that what is purged is in
// no second place.
func (a *App) withRows(ctx context.Context) func(*domain.Reply[domain.Manifest], error) (*domain.Reply[domain.Manifest], error) {
	return func(r *domain.Reply[domain.Manifest], err error) (*domain.Reply[domain.Manifest], error) {
		if err != nil || !r.Repeated || r.Object == nil {
			return r, err
		}
		m, err := storage.One[domain.Manifest](ctx, a.read(), r.Object.ID)
		if err != nil {
			return nil, err
		}
		r.Object.Rows = m.Rows
		return r, nil
	}
}
