package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/internal/calendar"
	"tandem/internal/domain"
	"tandem/internal/travel"
)

// CohortCalendar is a cohort's released visits, and for coordinators their deadlines; nil for those who may not see it.
func (a *App) CohortCalendar(ctx context.Context, c *domain.Cohort) (*domain.Calendar, error) {
	if !may(ctx, domain.SeeReleased, placeOfCohort(c)) {
		return nil, nil
	}
	return a.calendar(ctx, c.ID, c.Name, func(string) bool { return true }, may(ctx, domain.SeePlans, placeOfCohort(c)))
}

// TeamCalendar is the released visits of a team's people; nil for those who may not see it.
func (a *App) TeamCalendar(ctx context.Context, t *domain.Team) (*domain.Calendar, error) {
	members, err := membersOfTeams(a.view(ctx)).get(ctx, t.ID)
	if err != nil {
		return nil, err
	}
	own := slices.ContainsFunc(members, func(e *domain.Enrolment) bool { return e.PersonID == actor(ctx).PersonID && e.PersonID != "" })
	if !may(ctx, domain.SeePlans, placeOfTeam(t)) && !(own && may(ctx, domain.SeeReleased, placeOfTeam(t))) {
		return nil, nil
	}
	ids := idsOf(members)
	return a.calendar(ctx, t.CohortID, t.Name, func(id string) bool { return slices.Contains(ids, id) }, false)
}

// PersonCalendar is a person's released visits; nil for those who may not see it.
func (a *App) PersonCalendar(ctx context.Context, e *domain.Enrolment) (*domain.Calendar, error) {
	own := e.PersonID == actor(ctx).PersonID && e.PersonID != ""
	if !may(ctx, domain.SeePlans, e.Place()) && !(own && may(ctx, domain.SeeReleased, e.Place())) {
		return nil, nil
	}
	p, err := ref[domain.Person](ctx, a, e.PersonID)
	if err != nil {
		return nil, err
	}
	return a.calendar(ctx, e.CohortID, p.Name, func(id string) bool { return id == e.ID }, false)
}

// entriesMost is how many entries a calendar tells of.
const entriesMost = 1_000

// calendar is the released visits that some people go on, what was called off for them, and deadlines where asked for.
func (a *App) calendar(ctx context.Context, cohort, name string, goes func(enrolment string) bool, deadlines bool) (*domain.Calendar, error) {
	v := a.view(ctx)
	history, err := list(v, "released plans", func(ctx context.Context, cohorts []string) (map[string][]*domain.VisitPlan, error) {
		found, err := v.store.PlansReleased(ctx, cohorts)
		return byKey(cohorts, mine(v, found), func(p *domain.VisitPlan) string { return p.CohortID }), err
	}).get(ctx, cohort)
	if err != nil {
		return nil, err
	}
	history = withReleased(history, held[domain.VisitPlan](v), cohort)
	c, err := ref[domain.Cohort](ctx, a, cohort)
	if err != nil {
		return nil, err
	}
	m, err := a.materialOf(ctx, c.ProgrammeID, cohort)
	if err != nil {
		return nil, err
	}
	feed := calendar.Calendar{Name: m.programme.Name + ": " + name, TimeZone: m.programme.TimeZone}
	if len(history) > 0 {
		now := history[len(history)-1]
		s := newSetting(m, []string{cohort}, now.Rules, a.asOf(m.programme, now), now.Attainable, now.Visits)
		feed.Entries = s.entries(history, goes)
		if deadlines {
			a.wish(ctx, now.Visits...)
			for _, x := range inOrder(now) {
				manifest, err := a.newestManifest(ctx, x)
				if err != nil {
					return nil, err
				}
				feed.Entries = append(feed.Entries, s.deadlineEntries(now, x, manifest, a.today(m.programme))...)
			}
		}
	}
	slices.SortStableFunc(feed.Entries, func(x, y calendar.Entry) int {
		if c := x.Start.Compare(y.Start); c != 0 {
			return c
		}
		return strings.Compare(x.UID, y.UID)
	})
	feed.Entries = feed.Entries[:min(len(feed.Entries), entriesMost)]
	file, err := calendar.Write(feed)
	if err != nil {
		return nil, err
	}
	out := &domain.Calendar{ICS: string(file), Entries: []*domain.CalendarEntry{}}
	for _, e := range feed.Entries {
		out.Entries = append(out.Entries, entryOf(e, m.programme))
	}
	return out, nil
}

// withReleased is a cohort's released plans in the order of their release, those included that a mutation wrote.
func withReleased(history, held []*domain.VisitPlan, cohort string) []*domain.VisitPlan {
	out := slices.Clone(history)
	for _, p := range held {
		if p.CohortID == cohort && p.ReleasedAt != nil && !slices.ContainsFunc(out, func(x *domain.VisitPlan) bool { return x.ID == p.ID }) {
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(x, y *domain.VisitPlan) int { return x.ReleasedAt.Compare(*y.ReleasedAt) })
	return out
}

func entryOf(e calendar.Entry, p *domain.Programme) *domain.CalendarEntry {
	x := &domain.CalendarEntry{UID: e.UID, Sequence: e.Sequence, Kind: domain.CalendarEntryKind(e.Kind), Cancelled: e.Cancelled, Title: e.Title, StartsAt: e.Start.UTC(), EndsAt: e.End.UTC(), AllDay: e.AllDay}
	if e.AllDay {
		day := domain.DateOf(e.Start).Time()
		x.StartsAt = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, p.Location()).UTC()
		x.EndsAt = time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, p.Location()).UTC()
	}
	if e.Place != "" {
		x.Place = &e.Place
	}
	return x
}

// entries is the visits that some people go on by the plan in force, the last of history, and as called off those that an
// earlier plan in force gave them.
func (s *setting) entries(history []*domain.VisitPlan, goes func(string) bool) []calendar.Entry {
	now := history[len(history)-1]
	lives := livesOf(history)
	theirs := func(p *domain.VisitPlan, v *domain.Visit) bool {
		return slices.ContainsFunc(groupOf(p, v.GroupID).MemberIDs, goes)
	}
	var out []calendar.Entry
	seen := map[string]bool{}
	for _, v := range inOrder(now) {
		if !theirs(now, v) {
			continue
		}
		seen[v.OfferID] = true
		e := s.entry(v)
		e.Stamp = *now.ReleasedAt
		if v.Stored == domain.VisitCancelled {
			e.Cancelled, e.Stamp = true, v.SavedAt
			e.Description = deref(v.CancelReason)
			out = append(out, calendar.CancellationOf(e))
		}
		out = append(out, e)
	}
	for i := len(history) - 2; i >= 0; i-- {
		for _, v := range inOrder(history[i]) {
			if seen[v.OfferID] || !theirs(history[i], v) {
				continue
			}
			seen[v.OfferID] = true
			l := lives[v.OfferID]
			e := s.entry(v)
			e.UID, e.Sequence, e.Cancelled, e.Stamp = l.uid, l.sequence, true, *history[i+1].ReleasedAt
			e.Description = "The plan changed."
			if v.Stored == domain.VisitCancelled {
				e.Stamp, e.Description = v.SavedAt, deref(v.CancelReason)
			}
			out = append(out, e, calendar.CancellationOf(e))
		}
	}
	return out
}

// entry is a visit as a calendar shows it.
func (s *setting) entry(v *domain.Visit) calendar.Entry {
	e := calendar.Entry{UID: v.UID, Sequence: v.Sequence, Kind: calendar.Visit, Title: "Visit: " + s.visited(v), Start: v.StartsAt, End: v.EndsAt}
	for _, o := range s.offers {
		if o.ID == v.OfferID {
			site := s.sites[o.SiteID]
			e.Place = site.Name
			if station, ok := travel.Find(site.StationCode); ok {
				e.Place += ", near " + station.Name
			}
		}
	}
	return e
}

// deadlineEntries is what must be done about a visit, as days in a calendar. What is done stays, so that it is not taken
// for forgotten.
func (s *setting) deadlineEntries(p *domain.VisitPlan, v *domain.Visit, m *domain.Manifest, today domain.Date) []calendar.Entry {
	var out []calendar.Entry
	host, ok := s.hostOf[v.OfferID]
	if !ok {
		return nil
	}
	for _, d := range duties(s.hosts[host]) {
		x := s.deadline(p, v, d, m, today)
		title := map[domain.DeadlineKind]string{
			domain.DeadlineIdentity: "Send identity details to %s", domain.DeadlineNames: "Send names to %s", domain.DeadlineNeeds: "Send diet and access needs to %s",
			domain.DeadlineConfirm: "Confirm the number with %s", domain.DeadlinePurge: "Purge the list for %s",
		}[d.kind]
		out = append(out, calendar.Entry{UID: strings.ToLower(string(d.kind)) + "-" + v.UID, Sequence: v.Sequence, Kind: calendar.Deadline,
			Cancelled: v.Stored == domain.VisitCancelled, Title: fmt.Sprintf(title, s.visited(v)), Description: x.Explain.Text, Start: x.DueOn.Time(), AllDay: true, Stamp: *p.ReleasedAt})
	}
	return out
}
