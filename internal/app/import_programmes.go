package app

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/table"
)

var programmeTargets = []target{
	{"name", "Name", true, []string{"Programme", "Title"}},
	{"key", "External key", false, []string{"Key", "Id", "Reference", "Ref"}},
	{"starts", "First day", true, []string{"Starts", "Starts on", "Start", "Start date", "From"}},
	{"ends", "Last day", true, []string{"Ends", "Ends on", "End", "End date", "To"}},
	{"timeZone", "Time zone", false, []string{"Timezone", "TZ"}},
	{"nation", "Office nation", true, []string{"Nation", "Office", "Office in"}},
	{"public", "Public seats", true, []string{"Public", "Seats public", "Public sector seats"}},
	{"private", "Private seats", true, []string{"Private", "Seats private", "Private sector seats"}},
	{"milestones", "Milestones", false, []string{"Milestone", "Key dates"}},
	{"cohorts", "Cohorts", false, []string{"Cohort", "Groups"}},
}

var nations = map[string]domain.Nation{"england": domain.England, "wales": domain.Wales, "scotland": domain.Scotland, "northernireland": domain.NorthernIreland}

// readProgrammes reads rows as programmes with their milestones and cohorts. One is known again by its external key, else
// by its name; cohorts by name. Cohorts that a row does not name stay.
func (a *App) readProgrammes(ctx context.Context, r storage.Reader, s *sheet) (*intake, error) {
	in := newIntake()
	known, err := r.AllProgrammes(ctx)
	if err != nil {
		return nil, err
	}
	in.programmes.know(known, func(p *domain.Programme) []string {
		names := []string{word(p.Name)}
		if p.ExternalKey != "" {
			names = append(names, "key "+p.ExternalKey)
		}
		return names
	})
	cohorts, err := r.AllCohorts(ctx)
	if err != nil {
		return nil, err
	}
	in.cohorts.know(cohorts, func(c *domain.Cohort) []string { return []string{c.ProgrammeID + " " + word(c.Name)} })
	inForce, err := r.ProgrammesWithPlans(ctx)
	if err != nil {
		return nil, err
	}
	released := map[string]bool{}
	for _, id := range inForce {
		released[id] = true
	}
	rowOf := map[*draft[domain.Programme]]int{}
	for row := range s.each() {
		in.programme(row, rowOf, released)
	}
	return in, nil
}

func (in *intake) programme(row *rowIn, rowOf map[*draft[domain.Programme]]int, released map[string]bool) {
	name, key := row.need("name"), row.line("key")
	zone := row.line("timeZone")
	if zone == "" {
		zone = "Europe/London"
	}
	location, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" {
		row.wrong("timeZone", domain.CodeInvalid, fmt.Sprintf("“%s” is no IANA time zone.", zone), func() []fix { return []fix{{"Europe/London", "Europe/London"}} })
		location = time.UTC
	}
	read := *row.sheet // each programme's days are read by its own locale
	read.order = dateOrder(location)
	local := *row
	local.sheet = &read
	starts, ends := local.date("starts"), local.date("ends")
	for _, t := range []string{"starts", "ends"} {
		if row.line(t) == "" && !row.unreadable(t) {
			row.missing(t)
		}
	}
	nation, ok := nations[word(row.line("nation"))]
	switch cell := row.line("nation"); {
	case cell == "":
		row.missing("nation")
	case !ok:
		row.wrong("nation", domain.CodeInvalid, fmt.Sprintf("“%s” is none of England, Wales, Scotland and Northern Ireland.", cell), func() []fix {
			return named(closest(cell, []string{"England", "Wales", "Scotland", "Northern Ireland"}))
		})
	}
	public, _ := row.required("public", 0)
	private, _ := row.required("private", 0)
	milestones := local.milestones("milestones")
	if starts != "" && ends != "" {
		switch {
		case ends < starts:
			row.wrong("ends", domain.CodeInvalid, fmt.Sprintf("the last day, %s, lies before the first, %s.", ends, starts), nil)
		case starts.DaysUntil(ends) > 53*7:
			row.wrong("ends", domain.CodeInvalid, "a programme has at most 53 weeks.", nil)
		}
	}
	known := in.programmes.by["key "+key]
	if byName := in.programmes.by[word(name)]; key == "" {
		known = byName
	} else if known == nil && byName != nil && byName.noun.ExternalKey == "" {
		known = byName
	}
	if n := rowOf[known]; known != nil && n > 0 {
		row.wrong("name", domain.CodeTaken, fmt.Sprintf("the programme is in row %d too. Leave one of the two rows out, or give each its own key.", n), nil)
	}
	if known != nil && released[known.noun.ID] && starts != "" && ends != "" && (known.noun.StartsOn != starts || known.noun.EndsOn != ends) {
		row.wrong("starts", domain.CodeWrongState, fmt.Sprintf("a plan of visits is released, so the days stay: %s to %s.", known.noun.StartsOn, known.noun.EndsOn), nil)
	}
	if row.bad() {
		return
	}
	if known == nil {
		row.created = true
		known = in.programmes.add(&domain.Programme{ID: newID("programme"), Milestones: []*domain.Milestone{}}, word(name))
		if key != "" {
			in.programmes.name(known, "key "+key)
		}
	}
	rowOf[known] = row.out.Number
	p := known.noun
	changed := fill(known, &p.Name, name)
	if key != "" {
		changed = fill(known, &p.ExternalKey, key) || changed
	}
	changed = fill(known, &p.StartsOn, starts) || changed
	changed = fill(known, &p.EndsOn, ends) || changed
	changed = fill(known, &p.TimeZone, zone) || changed
	changed = fill(known, &p.OfficeNation, nation) || changed
	changed = fill(known, &p.Seats, domain.SectorCount{Public: public, Private: private}) || changed
	if row.cell("milestones") != "" {
		for _, m := range milestones {
			if i := slices.IndexFunc(p.Milestones, func(o *domain.Milestone) bool { return word(o.Name) == word(m.Name) }); i >= 0 {
				m.ID = p.Milestones[i].ID
			}
		}
		same := slices.EqualFunc(p.Milestones, milestones, func(x, y *domain.Milestone) bool { return *x == *y })
		changed = fillBy(known, &p.Milestones, milestones, same) || changed
	}
	for _, c := range items(row.cell("cohorts")) {
		if in.cohorts.by[p.ID+" "+word(c)] == nil {
			in.cohorts.add(&domain.Cohort{ID: newID("cohort"), ProgrammeID: p.ID, Name: c}, p.ID+" "+word(c))
			changed = true
		}
	}
	row.changed = changed
}

// milestones reads "Opening day: 7 Feb 2019; Pitch day: 29 Apr 2019", in order of their days.
func (r *rowIn) milestones(name string) []*domain.Milestone {
	out := []*domain.Milestone{}
	for _, item := range skillItems(r.cell(name)) {
		i := strings.LastIndex(item, ":")
		if i < 0 {
			r.wrong(name, domain.CodeInvalid, fmt.Sprintf("“%s” has no day. Write a milestone as Pitch day: 29 Apr 2019.", item), nil)
			return nil
		}
		d, err := table.ParseDate(item[i+1:], r.order)
		if err != nil {
			r.badDate(name, r.line(name), err)
			return nil
		}
		out = append(out, &domain.Milestone{ID: newID("milestone"), Name: strings.TrimSpace(item[:i]), On: d})
	}
	if len(out) > 100 {
		r.wrong(name, domain.CodeInvalid, "a programme has at most 100 milestones.", nil)
	}
	slices.SortStableFunc(out, func(a, b *domain.Milestone) int { return strings.Compare(string(a.On), string(b.On)) })
	return out
}
