package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tandem/internal/calendar"
	"tandem/internal/domain"
)

// Rows of a manifest are kept so many working days after the visit, and numbers are confirmed the day before it.
const (
	purgeAfterDays = 7
	confirmBefore  = 1
)

// duty is something to be done about a visit, so many working days from it: after where positive, before where negative.
type duty struct {
	kind   domain.DeadlineKind
	days   int
	fields []domain.ManifestField
}

// duties is what must be done about a visit of an offer.
func duties(o *domain.HostOffer) []duty {
	list := []duty{}
	names := duty{kind: domain.DeadlineNames, days: -o.LeadTimeWorkingDays}
	needs := duty{kind: domain.DeadlineNeeds}
	for _, f := range o.RequiredFields {
		switch f.Field {
		case domain.FieldIdentity:
			list = append(list, duty{domain.DeadlineIdentity, -f.LeadTimeWorkingDays, []domain.ManifestField{f.Field}})
		case domain.FieldDiet, domain.FieldAccess:
			if needs.fields == nil || -f.LeadTimeWorkingDays < needs.days {
				needs.days = -f.LeadTimeWorkingDays
			}
			needs.fields = append(needs.fields, f.Field)
		default:
			names.fields = append(names.fields, f.Field)
			names.days = min(names.days, -f.LeadTimeWorkingDays)
		}
	}
	list = append(list, names)
	if needs.fields != nil {
		list = append(list, needs)
	}
	return append(list, duty{kind: domain.DeadlineConfirm, days: -confirmBefore}, duty{kind: domain.DeadlinePurge, days: purgeAfterDays})
}

// ruler counts a deadline's days and tells how.
func (s *setting) ruler(o *domain.HostOffer, on domain.Date, days int) (domain.Date, *domain.DeadlineExplanation) {
	nations := s.nationsOf(o)
	x := &domain.DeadlineExplanation{From: on, WorkingDays: days, Nations: nations, Days: []*domain.CountedDay{}}
	var names []string
	stops := map[string][]domain.Nation{}
	for _, d := range calendar.Explain(on, days, nations...) {
		day := &domain.CountedDay{On: d.On, Counts: d.Counts, Holidays: []*domain.BankHoliday{}}
		for _, h := range d.Holidays {
			day.Holidays = append(day.Holidays, bankHoliday(h))
			if d.On != on {
				if stops[h.Name] == nil {
					names = append(names, h.Name)
				}
				stops[h.Name] = append(stops[h.Name], h.Nation)
			}
		}
		x.Days = append(x.Days, day)
	}
	var skipped []string
	for _, name := range names {
		if len(stops[name]) < len(nations) { // where it is none in one of them, say where it is
			name += " in " + stops[name][0].String()
		}
		skipped = append(skipped, name)
	}
	due := calendar.Forward(on, days, nations...)
	where := nations[0].String()
	if len(nations) > 1 {
		where = nations[0].String() + " and " + nations[1].String()
	}
	switch {
	case days < 0:
		x.Text = fmt.Sprintf("%s before %s in %s.", count(-days, "working day", "working days"), on, where)
	case days > 0:
		x.Text = fmt.Sprintf("%s after %s in %s.", count(days, "working day", "working days"), on, where)
	default:
		x.Text = fmt.Sprintf("On the day of the visit, %s.", on)
	}
	if len(skipped) > 0 {
		verb := " does not count."
		if len(skipped) > 1 {
			verb = " do not count."
		}
		x.Text += " " + enumerate(skipped) + verb
	}
	return due, x
}

// deadline is how one duty of a visit stands on a day. The manifest is the visit's newest, nil where none was sealed.
func (s *setting) deadline(p *domain.VisitPlan, v *domain.Visit, d duty, m *domain.Manifest, asOf domain.Date) *domain.Deadline {
	o := s.hosts[s.hostOf[v.OfferID]]
	out := &domain.Deadline{Kind: d.kind, About: v, MissingIDs: []string{}}
	out.DueOn, out.Explain = s.ruler(o, v.On, d.days)
	out.WorkingDaysLeft = calendar.WorkingDaysBetween(asOf, out.DueOn, s.nationsOf(o)...)
	members := s.membersOf(p, v)
	out.Of = len(members)
	met := false
	switch d.kind {
	case domain.DeadlinePurge:
		met = m != nil && m.State == domain.ManifestPurged || m == nil && asOf > v.On
		if m != nil {
			out.Of = m.People
		}
		if met {
			out.Ready = out.Of
		}
	case domain.DeadlineConfirm:
		met = v.Stored == domain.VisitConfirmed
		s.sort(out, members, func(e *domain.Enrolment) bool { return !slices.Contains(e.AwayOn, v.On) })
	default:
		met = m != nil && m.State != domain.ManifestSealed && tells(m, members)
		s.sort(out, members, func(e *domain.Enrolment) bool { return met || s.ready(e, d.fields) })
	}
	switch {
	case met:
		out.State = domain.DeadlineMet
	case out.DueOn < asOf:
		out.State = domain.DeadlineLate
		if out.WorkingDaysLeft == 0 { // past a day that does not count
			out.WorkingDaysLeft = -1
		}
	default:
		out.State = domain.DeadlineDue
	}
	return out
}

// sort parts people into those for whom a deadline is ready and those for whom it is not.
func (s *setting) sort(d *domain.Deadline, members []*domain.Enrolment, isReady func(*domain.Enrolment) bool) {
	for _, e := range members {
		if isReady(e) {
			d.Ready++
		} else if len(d.MissingIDs) < domain.PageMax {
			d.MissingIDs = append(d.MissingIDs, e.ID)
		}
	}
}

// tells reports whether what went to the host is about everyone who goes. Once purged, that is not known any more, and
// no longer asked.
func tells(m *domain.Manifest, members []*domain.Enrolment) bool {
	if m.State == domain.ManifestPurged {
		return true
	}
	for _, e := range members {
		if !slices.ContainsFunc(m.Rows, func(r *domain.ManifestRow) bool { return r.EnrolmentID == e.ID }) {
			return false
		}
	}
	return true
}

// ready reports whether what a host asks of a person can be sent: an identity document is kept with consent or not at all,
// and a need is sent only with consent.
func (m *material) ready(e *domain.Enrolment, fields []domain.ManifestField) bool {
	for _, f := range fields {
		if f == domain.FieldIdentity && !m.identified[e.ID] {
			return false
		}
		for _, n := range e.Needs {
			if fieldOf(n.Kind) == f && n.ConsentedAt == nil {
				return false
			}
		}
	}
	return true
}

func fieldOf(k domain.NeedKind) domain.ManifestField {
	if k == domain.NeedDiet {
		return domain.FieldDiet
	}
	return domain.FieldAccess
}

// VisitDeadlines is what must happen about a visit, the earliest first; nil for those who may not see it.
func (a *App) VisitDeadlines(ctx context.Context, v *domain.Visit, asOf *domain.Date) ([]*domain.Deadline, error) {
	if !may(ctx, domain.SeePlans, v.Place()) {
		return nil, nil
	}
	return a.deadlinesOf(ctx, v, asOf)
}

func (a *App) deadlinesOf(ctx context.Context, v *domain.Visit, asOf *domain.Date) ([]*domain.Deadline, error) {
	s, p, err := a.settingOfVisit(ctx, v)
	if err != nil {
		return nil, err
	}
	m, err := a.newestManifest(ctx, v)
	if err != nil {
		return nil, err
	}
	on := a.today(s.programme)
	set(&on, asOf)
	return s.deadlines(p, v, m, on), nil
}

// deadlines is how all duties of a visit stand. Of a visit that was called off only the rows that were sent remain to purge.
func (s *setting) deadlines(p *domain.VisitPlan, v *domain.Visit, m *domain.Manifest, asOf domain.Date) []*domain.Deadline {
	list := []*domain.Deadline{}
	host, ok := s.hostOf[v.OfferID]
	if !ok {
		return list
	}
	for _, d := range duties(s.hosts[host]) {
		if v.Stored == domain.VisitCancelled && (d.kind != domain.DeadlinePurge || m == nil) {
			continue
		}
		list = append(list, s.deadline(p, v, d, m, asOf))
	}
	slices.SortStableFunc(list, byDue)
	return list
}

func byDue(x, y *domain.Deadline) int { return strings.Compare(string(x.DueOn), string(y.DueOn)) }

// Deadlines is a page of what must happen for a cohort's released visits, the earliest first: LATE and DUE where no state
// is named. What was to be done before a visit is no longer asked once its day is past. Nil for those who may not see it.
func (a *App) Deadlines(ctx context.Context, c *domain.Cohort, asOf *domain.Date, states []domain.DeadlineState, dueBy *domain.Date, pg domain.Page) (*domain.Paged[domain.Deadline], error) {
	if !may(ctx, domain.SeePlans, placeOfCohort(c)) {
		return nil, nil
	}
	p, err := a.planInForce(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	found := []*domain.Deadline{}
	if p != nil {
		if found, err = a.openDeadlines(ctx, p, asOf); err != nil {
			return nil, err
		}
	}
	if states == nil {
		states = []domain.DeadlineState{domain.DeadlineLate, domain.DeadlineDue}
	}
	found = slices.DeleteFunc(found, func(d *domain.Deadline) bool {
		return !slices.Contains(states, d.State) || dueBy != nil && d.DueOn > *dueBy
	})
	return domain.Slice("deadlines", found, func(d *domain.Deadline) string { return string(d.Kind) + "/" + d.About.ID }, pg)
}

func (a *App) openDeadlines(ctx context.Context, p *domain.VisitPlan, asOf *domain.Date) ([]*domain.Deadline, error) {
	a.wish(ctx, p.Visits...)
	programme, err := ref[domain.Programme](ctx, a, p.ProgrammeID)
	if err != nil {
		return nil, err
	}
	on := a.today(programme)
	set(&on, asOf)
	found := []*domain.Deadline{}
	for _, v := range inOrder(p) {
		list, err := a.deadlinesOf(ctx, v, &on)
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			if d.Kind == domain.DeadlinePurge || v.On >= on {
				found = append(found, d)
			}
		}
	}
	slices.SortStableFunc(found, byDue)
	return found, nil
}

// DeadlineMissing is the people for whom a deadline is not ready.
func (a *App) DeadlineMissing(ctx context.Context, d *domain.Deadline) ([]*domain.Enrolment, error) {
	return a.EnrolmentsNamed(ctx, d.MissingIDs)
}
