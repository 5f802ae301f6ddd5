package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/travel"
)

// EnrolPerson enrols somebody, known by the source's key or their e-mail address, or new. They are invited while their
// sector has a free seat, else they wait. Coordinators of the cohort, or scope COHORT_WRITE.
func (a *App) EnrolPerson(ctx context.Context, in EnrolPersonInput) (*domain.Reply[domain.Enrolment], error) {
	c, err := a.Cohort(ctx, in.CohortID)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.ManagePeople, placeOfCohort(c)); err != nil {
		return nil, err
	}
	return change(ctx, a, "enrolPerson", in.Command, in, func(tx *storage.Tx) (*domain.Enrolment, []*domain.Impact, error) {
		programme, err := storage.One[domain.Programme](ctx, tx.Reader, c.ProgrammeID)
		if err != nil {
			return nil, nil, err
		}
		person, employer, err := a.enrolee(ctx, tx, in)
		if err != nil {
			return nil, nil, err
		}
		others, err := tx.EnrolmentsOf(ctx, []string{c.ID})
		if err != nil {
			return nil, nil, err
		}
		if slices.ContainsFunc(others, func(e *domain.Enrolment) bool { return e.PersonID == person.ID }) {
			return nil, nil, domain.Refuse(domain.CodeTaken, "externalKey", person.Name+" has a place in this cohort already.", "Find their enrolment and change that.")
		}
		e := &domain.Enrolment{ID: newID("enrolment"), PersonID: person.ID, CohortID: c.ID, ProgrammeID: c.ProgrammeID, Stored: domain.Invited,
			SectorAtEnrolment: employer.Sector, EmployerAtEnrolmentID: employer.ID, HomeStationCode: stationCode(in.HomeStation)}
		because := "They are invited to take part."
		b := balance(programme, others)
		if b.Taken.Of(employer.Sector) >= b.Seats.Of(employer.Sector) {
			e.Stored, because = domain.Waitlisted, "The seats of their sector are taken, so they wait."
		}
		return e, []*domain.Impact{domain.Touch(domain.EffectCreated, because, e.ID)}, storage.Put(tx, e)
	})
}

// enrolee finds or makes the person and finds the employer, refusing what is wrong field by field.
func (a *App) enrolee(ctx context.Context, tx *storage.Tx, in EnrolPersonInput) (*domain.Person, *domain.Organisation, error) {
	var wrong domain.Refusal
	if strings.TrimSpace(in.Name) == "" {
		wrong = append(wrong, domain.Problem(domain.CodeRequired, "name", "A person needs a name.", "Give it."))
	}
	if in.HomeStation != nil && stationCode(in.HomeStation) == nil && *in.HomeStation != "" {
		wrong = append(wrong, noStation("homeStation", *in.HomeStation))
	}
	employer, err := storage.Get[domain.Organisation](ctx, tx.Reader, in.EmployerID)
	if err != nil {
		return nil, nil, err
	}
	if len(employer) == 0 {
		wrong = append(wrong, domain.Problem(domain.CodeNotFound, "employerId", "There is no such organisation.", "Add the employer first."))
	}
	if wrong != nil {
		return nil, nil, wrong
	}
	email := strings.ToLower(strings.TrimSpace(deref(in.Email)))
	person, err := tx.PersonByKey(ctx, deref(in.ExternalKey), email)
	if err != nil {
		return nil, nil, err
	}
	if person == nil {
		person = &domain.Person{ID: newID("person"), Name: strings.TrimSpace(in.Name), ExternalKey: in.ExternalKey}
		if email != "" {
			person.Email = &email
		}
	}
	if !slices.ContainsFunc(person.Affiliations, func(f *domain.Affiliation) bool { return f.OrganisationID == employer[0].ID && f.To == nil }) {
		person.Affiliations = append([]*domain.Affiliation{{OrganisationID: employer[0].ID}}, person.Affiliations...)
		if err := storage.Put(tx, person); err != nil {
			return nil, nil, err
		}
	}
	return person, employer[0], nil
}

// stationCode is the code of a station that exists; nil else.
func stationCode(code *string) *string {
	s, ok := travel.Find(strings.ToUpper(strings.TrimSpace(deref(code))))
	if !ok {
		return nil
	}
	return &s.Code
}

func noStation(field, code string) *domain.UserError {
	return domain.Problem(domain.CodeNotFound, field, fmt.Sprintf("There is no station with the code %q.", code), "Look the code up with `stations`.")
}

// editing runs an edit of one enrolment that the asker may see, holding a permission there.
func (a *App) editing(ctx context.Context, action string, c domain.Command, in any, id string, expected int, p domain.Permission,
	work func(*storage.Tx, *domain.Enrolment) ([]*domain.Impact, error)) (*domain.Reply[domain.Enrolment], error) {
	e, err := a.Enrolment(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, p, e.Place()); err != nil {
		return nil, err
	}
	return change(ctx, a, action, c, in, func(tx *storage.Tx) (*domain.Enrolment, []*domain.Impact, error) {
		e, err := storage.One[domain.Enrolment](ctx, tx.Reader, id)
		if err != nil {
			return nil, nil, err
		}
		if err := fresh(e.Edit, expected); err != nil {
			return e, nil, err
		}
		impact, err := work(tx, e)
		if err != nil {
			return e, nil, err
		}
		return e, impact, storage.Put(tx, e)
	})
}

// AcceptEnrolment gives an invited or waiting person a seat, and freezes sector and employer. More people than seats is
// RULE_BROKEN; a step that leaves the sectors further apart than one needs an override with a reason. Coordinators, or
// scope COHORT_WRITE.
func (a *App) AcceptEnrolment(ctx context.Context, in AcceptEnrolmentInput) (*domain.Reply[domain.Enrolment], error) {
	return a.editing(ctx, "acceptEnrolment", in.Command, in, in.EnrolmentID, in.ExpectedVersion, domain.ManagePeople, func(tx *storage.Tx, e *domain.Enrolment) ([]*domain.Impact, error) {
		if e.Stored != domain.Invited && e.Stored != domain.Waitlisted {
			return nil, domain.Refuse(domain.CodeWrongState, "enrolmentId", "Only somebody invited or waiting can be accepted.", "")
		}
		p, others, err := a.cohortOf(ctx, tx, e)
		if err != nil {
			return nil, err
		}
		before := balance(p, others)
		if before.Taken.Of(e.SectorAtEnrolment) >= p.Seats.Of(e.SectorAtEnrolment) {
			return nil, domain.Refuse(domain.CodeRuleBroken, "enrolmentId", fmt.Sprintf("All %d seats of their sector are taken.", p.Seats.Of(e.SectorAtEnrolment)), "Wait until one leaves, or raise the programme's seats.")
		}
		after := before.Taken
		after.Add(e.SectorAtEnrolment, 1)
		if apart(after, p.Seats) > max(1, apart(before.Taken, p.Seats)) {
			if deref(in.OverrideReason) == "" {
				return nil, domain.Refuse(domain.CodeNeedsOverride, "overrideReason", "This leaves the sectors further from balance.", "Accept somebody of the other sector first, or say why it must be.")
			}
			e.Overridden = true
		}
		today := a.today(p)
		e.Stored, e.AcceptedOn = domain.Accepted, &today
		i := domain.Touch(domain.EffectChanged, "They have a seat; sector and employer are frozen.", e.ID)
		i.Notice = &domain.Notice{Title: p.Name + ": your place", Text: "You have a place in " + p.Name + ", which begins on " + p.StartsOn.String() + "."}
		return []*domain.Impact{i}, nil
	})
}

// apart is how far the sectors are from balance, in seats: the difference between what is free on either side.
func apart(taken, seats domain.SectorCount) int {
	d := (seats.Public - taken.Public) - (seats.Private - taken.Private)
	return max(d, -d)
}

func (a *App) cohortOf(ctx context.Context, tx *storage.Tx, e *domain.Enrolment) (*domain.Programme, []*domain.Enrolment, error) {
	p, err := storage.One[domain.Programme](ctx, tx.Reader, e.ProgrammeID)
	if err != nil {
		return nil, nil, err
	}
	others, err := tx.EnrolmentsOf(ctx, []string{e.CohortID})
	return p, others, err
}

// UpdateEnrolment changes home station, days away or needs. Coordinators, the person, or scope COHORT_WRITE. The impact
// names the visits in force that no longer fit.
func (a *App) UpdateEnrolment(ctx context.Context, in UpdateEnrolmentInput) (*domain.Reply[domain.Enrolment], error) {
	return a.editing(ctx, "updateEnrolment", in.Command, in, in.EnrolmentID, in.ExpectedVersion, domain.EditOwn, func(tx *storage.Tx, e *domain.Enrolment) ([]*domain.Impact, error) {
		var wrong domain.Refusal
		if in.HomeStation != nil {
			if e.HomeStationCode = stationCode(in.HomeStation); e.HomeStationCode == nil && *in.HomeStation != "" {
				wrong = append(wrong, noStation("homeStation", *in.HomeStation))
			}
		}
		if in.AwayOn != nil {
			e.AwayOn = slices.Compact(slices.Sorted(slices.Values(in.AwayOn)))
		}
		if in.Needs != nil {
			e.Needs = []*domain.Need{}
			for i, n := range in.Needs {
				need := &domain.Need{Kind: n.Kind, Text: n.Text}
				if n.Consented {
					now := tx.Now()
					need.ConsentedAt = &now
				}
				if n.Kind != domain.NeedStepFree && strings.TrimSpace(deref(n.Text)) == "" {
					wrong = append(wrong, domain.Problem(domain.CodeRequired, fmt.Sprintf("needs.%d.text", i), "A need says what it is.", "Write it in the person's words."))
				}
				e.Needs = append(e.Needs, need)
			}
		}
		if wrong != nil {
			return nil, wrong
		}
		impact := []*domain.Impact{domain.Touch(domain.EffectChanged, "The enrolment changes.", e.ID)}
		plans, err := tx.PlanInForce(ctx, []string{e.CohortID})
		if err != nil {
			return nil, err
		}
		var atRisk []string
		for _, v := range visitsWith(plans, e.ID) {
			if slices.Contains(e.AwayOn, v.On) {
				atRisk = append(atRisk, v.ID)
			}
		}
		if atRisk != nil {
			impact = append(impact, domain.Touch(domain.EffectAtRisk, "They are away on the day of a visit that they are booked on.", atRisk...))
		}
		return impact, nil
	})
}

// visitsWith is the visits of plans that an enrolment is on, cancelled ones left out.
func visitsWith(plans []*domain.VisitPlan, enrolment string) []*domain.Visit {
	var out []*domain.Visit
	for _, p := range plans {
		in := map[string]bool{}
		for _, g := range p.Groups {
			in[g.ID] = slices.Contains(g.MemberIDs, enrolment)
		}
		for _, v := range p.Visits {
			if in[v.GroupID] && v.Stored != domain.VisitCancelled {
				out = append(out, v)
			}
		}
	}
	return out
}

// WithdrawEnrolment takes a person out. The next of the same sector who waits is offered the seat; where nobody waits and
// the balance gets worse, an override with a reason is needed. Coordinators, or scope COHORT_WRITE.
func (a *App) WithdrawEnrolment(ctx context.Context, in WithdrawEnrolmentInput) (*domain.Reply[domain.Enrolment], error) {
	return a.editing(ctx, "withdrawEnrolment", in.Command, in, in.EnrolmentID, in.ExpectedVersion, domain.ManagePeople, func(tx *storage.Tx, e *domain.Enrolment) ([]*domain.Impact, error) {
		if e.Stored == domain.Withdrawn {
			return nil, domain.Refuse(domain.CodeWrongState, "enrolmentId", "They have left already.", "")
		}
		if strings.TrimSpace(in.Reason) == "" {
			return nil, domain.Refuse(domain.CodeRequired, "reason", "The audit keeps why somebody left.", "Say why.")
		}
		p, others, err := a.cohortOf(ctx, tx, e)
		if err != nil {
			return nil, err
		}
		impact := []*domain.Impact{domain.Touch(domain.EffectRemoved, "They leave the cohort.", e.ID)}
		if e.Seated() {
			more, err := a.refill(ctx, tx, p, others, e, deref(in.OverrideReason))
			if err != nil {
				return nil, err
			}
			impact = append(impact, more...)
		}
		today := a.today(p)
		e.Stored, e.LeftOn = domain.Withdrawn, &today
		return impact, nil
	})
}

// refill offers the seat of one who leaves to the next of the same sector, and names the visits that lose a person.
func (a *App) refill(ctx context.Context, tx *storage.Tx, p *domain.Programme, others []*domain.Enrolment, leaver *domain.Enrolment, override string) ([]*domain.Impact, error) {
	var next *domain.Enrolment
	for _, o := range others {
		if o.Stored == domain.Waitlisted && o.SectorAtEnrolment == leaver.SectorAtEnrolment && (next == nil || o.ID < next.ID) {
			next = o
		}
	}
	var impact []*domain.Impact
	if next != nil {
		next.Stored = domain.Invited
		if err := storage.Put(tx, next); err != nil {
			return nil, err
		}
		i := domain.Touch(domain.EffectChanged, "The free seat is offered to the next of the same sector.", next.ID)
		i.Notice = &domain.Notice{Title: p.Name + ": a place for you", Text: "A place in " + p.Name + " has become free, and it is offered to you. Say whether you take it."}
		impact = append(impact, i)
	} else {
		before := balance(p, others)
		after := before.Taken
		after.Add(leaver.SectorAtEnrolment, -1)
		if apart(after, p.Seats) > apart(before.Taken, p.Seats) {
			if override == "" {
				return nil, domain.Refuse(domain.CodeNeedsOverride, "overrideReason", "Nobody of the same sector waits, and the balance gets worse.", "Enrol somebody of that sector first, or say why it must be.")
			}
			leaver.Overridden = true
		}
	}
	plans, err := tx.PlanInForce(ctx, []string{leaver.CohortID})
	if err != nil {
		return nil, err
	}
	var visits []string
	for _, v := range visitsWith(plans, leaver.ID) {
		if v.On >= a.today(p) {
			visits = append(visits, v.ID)
		}
	}
	if visits != nil {
		impact = append(impact, domain.Touch(domain.EffectAtRisk, "A person less goes on these visits.", visits...))
	}
	return impact, nil
}
