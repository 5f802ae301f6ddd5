package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/internal/domain"
)

// slot is a visit as plans are compared by: of one offer, when, by which group and whom.
type slot struct {
	offer    string
	on       domain.Date
	startsAt time.Time
	group    string
	people   []string
}

// slotAt is where a visit of a plan is.
func (w words) slotAt(v *domain.Visit, people []int) slot {
	return slot{v.OfferID, v.On, v.StartsAt, groupOf(w.plan, v.GroupID).Name, w.names(people)}
}

// slotsOf is where a plan's visits are, those called off left out, by start.
func (s *setting) slotsOf(p *domain.VisitPlan) []slot {
	out := []slot{}
	for _, v := range inOrder(p) {
		if v.Stored == domain.VisitCancelled {
			continue
		}
		people := []string{}
		for _, e := range s.membersOf(p, v) {
			people = append(people, e.ID)
		}
		out = append(out, slot{v.OfferID, v.On, v.StartsAt, groupOf(p, v.GroupID).Name, people})
	}
	return out
}

// letter is the first group's letter that is not taken.
func letter(taken []string) string {
	for i := 0; ; i++ {
		name := ""
		for n := i + 1; n > 0; n = (n - 1) / 26 {
			name = string(rune('A'+(n-1)%26)) + name
		}
		if !slices.Contains(taken, name) {
			return name
		}
	}
}

// opens is when a visit of an offer begins on a day: with the window; at nine where there is none.
func (s *setting) opens(o *domain.HostOffer, on domain.Date) time.Time {
	for _, d := range s.openings(o) {
		if d.on == on {
			return d.window.StartsAt
		}
	}
	day := on.Time()
	return time.Date(day.Year(), day.Month(), day.Day(), 9, 0, 0, 0, s.programme.Location())
}

// changes is what differs from one list of visits to another, by day. Visits of the same offer are the same visit.
func (s *setting) changes(before, after []slot) []*domain.VisitChange {
	out := []*domain.VisitChange{}
	place := domain.Place{Programme: s.programme.ID}
	if len(s.cohortIDs) == 1 {
		place.Cohort = s.cohortIDs[0]
	}
	used := make([]bool, len(before))
	for _, a := range after {
		i := slices.IndexFunc(before, func(b slot) bool { return b.offer == a.offer })
		if i < 0 {
			out = append(out, &domain.VisitChange{Kind: domain.VisitAdded, OfferID: a.offer, After: s.at(a), PeopleIDs: a.people, Place: place})
			continue
		}
		b := before[i]
		used[i] = true
		moved := !b.startsAt.Equal(a.startsAt)
		others := differing(b.people, a.people)
		switch {
		case moved:
			out = append(out, &domain.VisitChange{Kind: domain.VisitMoved, OfferID: a.offer, Before: s.at(b), After: s.at(a), PeopleIDs: either(b.people, a.people), Place: place})
		case len(others) > 0:
			out = append(out, &domain.VisitChange{Kind: domain.VisitRegrouped, OfferID: a.offer, Before: s.at(b), After: s.at(a), PeopleIDs: others, Place: place})
		}
	}
	for i, b := range before {
		if !used[i] {
			out = append(out, &domain.VisitChange{Kind: domain.VisitRemoved, OfferID: b.offer, Before: s.at(b), PeopleIDs: b.people, Place: place})
		}
	}
	slices.SortStableFunc(out, func(x, y *domain.VisitChange) int { return startOf(x).Compare(startOf(y)) })
	return out
}

func startOf(c *domain.VisitChange) time.Time {
	if c.After != nil {
		return c.After.StartsAt
	}
	return c.Before.StartsAt
}

func (s *setting) at(x slot) *domain.VisitSlot {
	people := []*domain.Enrolment{}
	for _, id := range x.people {
		if i, ok := s.personOf[id]; ok {
			people = append(people, s.persons[i])
		}
	}
	return &domain.VisitSlot{StartsAt: x.startsAt, Group: x.group, Sectors: sectorsOf(people)}
}

// differing is what is in one list and not in the other; either is what is in one of them at least.
func differing(x, y []string) []string { return append(without(x, y), without(y, x)...) }

func either(x, y []string) []string { return append(slices.Clone(x), without(y, x)...) }

func without(x, y []string) []string {
	return slices.DeleteFunc(slices.Clone(x), func(id string) bool { return slices.Contains(y, id) })
}

// DiffTo is what differs in a plan from another of its cohort, and who would have to be told; nil for those who may not
// see it.
func (a *App) DiffTo(ctx context.Context, after *domain.VisitPlan, beforeID string) (*domain.PlanDiff, error) {
	if !may(ctx, domain.SeePlans, after.Place()) {
		return nil, nil
	}
	before, err := a.VisitPlan(ctx, beforeID)
	if err != nil {
		return nil, err
	}
	if before.CohortID != after.CohortID {
		return nil, domain.Invalid("Compare plans of the same cohort.")
	}
	was, err := a.settingOf(ctx, before)
	if err != nil {
		return nil, err
	}
	is, err := a.settingOf(ctx, after)
	if err != nil {
		return nil, err
	}
	return compare(was, is, before, after, a.today(is.programme))
}

// compare puts two plans side by side. The people are those of the cohort now.
func compare(was, is *setting, before, after *domain.VisitPlan, today domain.Date) (*domain.PlanDiff, error) {
	from, to := was.slotsOf(before), is.slotsOf(after)
	d := &domain.PlanDiff{Before: before, After: after, Changes: is.changes(from, to), People: []*domain.ExposureChange{}}
	d.PlacesChanged = placesChanged(from, to)
	had, err := was.exposures(before)
	if err != nil {
		return nil, err
	}
	has, err := is.exposures(after)
	if err != nil {
		return nil, err
	}
	for i, x := range has {
		if i < len(had) && had[i].EnrolmentID == x.EnrolmentID {
			d.People = append(d.People, &domain.ExposureChange{EnrolmentID: x.EnrolmentID, Visits: x.Visits - had[i].Visits, Minutes: x.Minutes - had[i].Minutes})
		}
	}
	d.Impact = is.toTell(from, to, today)
	return d, nil
}

// personDay is a person on a day.
type personDay struct {
	person string
	on     domain.Date
}

// places is where everyone is on each day.
func places(slots []slot) map[personDay]string {
	at := map[personDay]string{}
	for _, s := range slots {
		for _, id := range s.people {
			at[personDay{id, s.on}] += s.offer + s.startsAt.UTC().Format(time.RFC3339)
		}
	}
	return at
}

// placesChanged counts the days of people on which they are somewhere else, or at another time.
func placesChanged(before, after []slot) int {
	was, is := places(before), places(after)
	n := 0
	for k, v := range is {
		if was[k] != v {
			n++
		}
	}
	for k := range was {
		if _, still := is[k]; !still {
			n++
		}
	}
	return n
}

// toTell is who and what is touched by going from one plan's visits to another's, messages drafted: hosts that are new,
// stood down, or have another day or group; people whose days or places change, those alike together; and deadlines that
// are missed from the start.
func (s *setting) toTell(before, after []slot, today domain.Date) []*domain.Impact {
	var out []*domain.Impact
	for _, c := range s.changes(before, after) {
		out = append(out, s.tellHost(c))
	}
	out = append(out, s.tellPeople(before, after)...)
	return present(append(out, s.lateFrom(before, after, today)...))
}

// lateFrom is the deadlines that new and moved visits miss from the start.
func (s *setting) lateFrom(before, after []slot, today domain.Date) []*domain.Impact {
	var out []*domain.Impact
	for _, c := range s.changes(before, after) {
		if _, known := s.hostOf[c.OfferID]; !known || c.After == nil || c.Kind == domain.VisitRegrouped {
			continue
		}
		o := s.hosts[s.hostOf[c.OfferID]]
		on := domain.DateOf(c.After.StartsAt.In(s.programme.Location()))
		for _, d := range duties(o) {
			due, x := s.ruler(o, on, d.days)
			if d.days < 0 && due < today && d.kind != domain.DeadlineConfirm {
				out = append(out, domain.Touch(domain.EffectLate, fmt.Sprintf("%s for %s on %s were due %s: %s", dutyNames[d.kind], s.hostName(o), on, due, lowerFirst(x.Text)), o.SiteID))
			}
		}
	}
	return out
}

var dutyNames = map[domain.DeadlineKind]string{
	domain.DeadlineIdentity: "Identity details", domain.DeadlineNames: "Names", domain.DeadlineNeeds: "Diet and access needs",
	domain.DeadlineConfirm: "The number", domain.DeadlinePurge: "Purging the list",
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

func (s *setting) when(t time.Time) string {
	local := t.In(s.programme.Location())
	return domain.DateOf(local).String() + " at " + local.Format("15:04")
}

// tellHost is what a change means for a host. The impact is on its site, which has the name that people know.
func (s *setting) tellHost(c *domain.VisitChange) *domain.Impact {
	host, known := s.hostOf[c.OfferID]
	if !known {
		return domain.Touch(domain.EffectRemoved, "An offer that is no more loses its visit.", c.OfferID)
	}
	o := s.hosts[host]
	name := s.hostName(o)
	people := func(x *domain.VisitSlot) string {
		return count(x.Sectors.Public+x.Sectors.Private, "person", "people")
	}
	switch c.Kind {
	case domain.VisitAdded:
		on := domain.DateOf(c.After.StartsAt.In(s.programme.Location()))
		i := domain.Touch(domain.EffectCreated, fmt.Sprintf("%s gets a visit on %s.", name, on), o.SiteID)
		i.Notice = &domain.Notice{Title: fmt.Sprintf("%s: a visit on %s", s.programme.Name, on),
			Text: fmt.Sprintf("We would like to visit %s on %s with %s. Please tell us whether this suits you. Names will follow by %s.", name, s.when(c.After.StartsAt), people(c.After), s.before(o, on, o.LeadTimeWorkingDays))}
		return i
	case domain.VisitRemoved:
		i := domain.Touch(domain.EffectRemoved, fmt.Sprintf("%s is stood down: no visit on %s.", name, domain.DateOf(c.Before.StartsAt.In(s.programme.Location()))), o.SiteID)
		i.Notice = &domain.Notice{Title: fmt.Sprintf("%s: no visit on %s", s.programme.Name, domain.DateOf(c.Before.StartsAt.In(s.programme.Location()))),
			Text: fmt.Sprintf("Our plan has changed, and we shall not come to %s on %s. Thank you for keeping the day; we are sorry for the trouble.", name, s.when(c.Before.StartsAt))}
		return i
	case domain.VisitMoved:
		on := domain.DateOf(c.After.StartsAt.In(s.programme.Location()))
		i := domain.Touch(domain.EffectChanged, fmt.Sprintf("%s moves from %s to %s.", name, s.when(c.Before.StartsAt), s.when(c.After.StartsAt)), o.SiteID)
		i.Notice = &domain.Notice{Title: fmt.Sprintf("%s: a new time for our visit, %s", s.programme.Name, on),
			Text: fmt.Sprintf("We would like to come to %s on %s instead of %s, with %s. Please tell us whether this suits you. Names will follow by %s.", name, s.when(c.After.StartsAt), s.when(c.Before.StartsAt), people(c.After), s.before(o, on, o.LeadTimeWorkingDays))}
		return i
	}
	i := domain.Touch(domain.EffectChanged, fmt.Sprintf("%s has other visitors on %s.", name, domain.DateOf(c.After.StartsAt.In(s.programme.Location()))), o.SiteID)
	i.Notice = &domain.Notice{Title: fmt.Sprintf("%s: other people on %s", s.programme.Name, domain.DateOf(c.After.StartsAt.In(s.programme.Location()))),
		Text: fmt.Sprintf("The group that comes to %s on %s has changed; it is now %s. A new list will follow.", name, s.when(c.After.StartsAt), people(c.After))}
	return i
}

// tellPeople groups the people whose days or places change by what they must be told.
func (s *setting) tellPeople(before, after []slot) []*domain.Impact {
	lines := map[string][]string{}
	add := func(people []string, line string) {
		for _, id := range people {
			lines[id] = append(lines[id], line)
		}
	}
	for _, a := range after {
		name := "a host"
		if i, ok := s.hostOf[a.offer]; ok {
			name = s.hostName(s.hosts[i])
		}
		i := slices.IndexFunc(before, func(b slot) bool { return b.offer == a.offer })
		if len(before) == 0 {
			add(a.people, fmt.Sprintf("%s, %s.", name, s.when(a.startsAt)))
			continue
		}
		if i < 0 {
			add(a.people, fmt.Sprintf("New: %s, %s.", name, s.when(a.startsAt)))
			continue
		}
		b := before[i]
		if !b.startsAt.Equal(a.startsAt) {
			add(without(a.people, without(a.people, b.people)), fmt.Sprintf("%s is on %s instead of %s.", name, s.when(a.startsAt), s.when(b.startsAt)))
		}
		add(without(a.people, b.people), fmt.Sprintf("New: %s, %s.", name, s.when(a.startsAt)))
		add(without(b.people, a.people), fmt.Sprintf("No longer for you: %s on %s.", name, s.when(b.startsAt)))
	}
	for _, b := range before {
		if slices.ContainsFunc(after, func(a slot) bool { return a.offer == b.offer }) {
			continue
		}
		name := "a host"
		if i, ok := s.hostOf[b.offer]; ok {
			name = s.hostName(s.hosts[i])
		}
		add(b.people, fmt.Sprintf("Called off: %s on %s.", name, s.when(b.startsAt)))
	}
	alike := map[string][]string{}
	var texts []string
	for _, e := range s.persons {
		if l := lines[e.ID]; l != nil {
			text := strings.Join(l, "\n")
			if alike[text] == nil {
				texts = append(texts, text)
			}
			alike[text] = append(alike[text], e.ID)
		}
	}
	slices.SortStableFunc(texts, func(x, y string) int { return len(alike[y]) - len(alike[x]) })
	title := "your visits have changed"
	if len(before) == 0 {
		title = "your visits"
	}
	out := []*domain.Impact{}
	for _, text := range texts {
		i := domain.Touch(domain.EffectChanged, strings.ReplaceAll(text, "\n", " "), alike[text]...)
		i.Notice = &domain.Notice{Title: s.programme.Name + ": " + title, Text: text + "\n\nYour calendar updates by itself."}
		out = append(out, i)
	}
	return out
}

// ChangedPeople is the people whose place a difference changes; nil for those who may not see it.
func (a *App) ChangedPeople(ctx context.Context, c *domain.VisitChange) ([]*domain.Enrolment, error) {
	if !may(ctx, domain.SeePlans, c.Place) {
		return nil, nil
	}
	return a.EnrolmentsNamed(ctx, c.PeopleIDs)
}
