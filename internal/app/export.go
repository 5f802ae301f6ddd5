package app

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/table"
	"tandem/internal/travel"
)

// Table is a cohort's people, or its programme's offers or challenges, as a CSV table that an import reads back; nil for
// those who do not run the cohort.
func (a *App) Table(ctx context.Context, c *domain.Cohort, kind domain.ImportKind) (*string, error) {
	if !may(ctx, domain.RunProgramme, placeOfCohort(c)) {
		return nil, nil
	}
	data, err := a.Export(ctx, c, kind, "csv")
	if err != nil {
		return nil, err
	}
	text := string(data)
	return &text, nil
}

// Export is a cohort's people, or its programme's offers or challenges, as a file that an import reads back: "csv" or
// "xlsx". Coordinators only.
func (a *App) Export(ctx context.Context, c *domain.Cohort, kind domain.ImportKind, format string) ([]byte, error) {
	if err := must(ctx, domain.RunProgramme, placeOfCohort(c)); err != nil {
		return nil, err
	}
	programme, err := a.ProgrammeOf(ctx, c.ProgrammeID)
	if err != nil {
		return nil, err
	}
	var rows []map[string]string
	sheet := ""
	switch kind {
	case domain.ImportPeople:
		sheet = "People"
		rows, err = a.peopleRows(ctx, programme, c)
	case domain.ImportChallenges:
		sheet = "Challenges"
		rows, err = a.challengeRows(ctx, programme)
	case domain.ImportOffers:
		sheet = "Offers"
		rows, err = a.offerRows(ctx, programme)
	default:
		return nil, domain.Invalid("Programmes are not exported: ask for PEOPLE, CHALLENGES or OFFERS.")
	}
	if err != nil {
		return nil, err
	}
	targets := targetsOf(kind)
	columns := make([]string, len(targets))
	cells := make([][]string, len(rows))
	for i, t := range targets {
		columns[i] = t.label
	}
	for i, row := range rows {
		cells[i] = make([]string, len(targets))
		for j, t := range targets {
			cells[i][j] = row[t.name]
		}
	}
	return written(format, sheet, columns, cells)
}

func written(format, sheet string, columns []string, cells [][]string) ([]byte, error) {
	switch format {
	case "csv":
		return table.WriteCSV(columns, cells)
	case "xlsx":
		return table.WriteXLSX(sheet, columns, cells)
	}
	return nil, domain.Invalid(fmt.Sprintf("There is no format %q: use csv or xlsx.", format))
}

// JourneyTable is each journey of a plan as a CSV table; nil for those who do not run the cohort.
func (a *App) JourneyTable(ctx context.Context, p *domain.VisitPlan) (*string, error) {
	if !may(ctx, domain.RunProgramme, p.Place()) {
		return nil, nil
	}
	data, err := a.ExportJourneys(ctx, p, "csv")
	if err != nil {
		return nil, err
	}
	text := string(data)
	return &text, nil
}

var journeyColumns = []string{"Person", "Team", "Day", "Host", "Way", "From", "To", "By", "Kilometres", "Minutes", "Price (pence)", "CO2e (grams)", "Figures", "Source of the price", "Source of the CO2e"}

// ExportJourneys is each journey of a plan's visits by day and person, as a file: "csv" or "xlsx". An amount is in the unit
// that its heading names; a price that is not known is left empty. Coordinators only.
func (a *App) ExportJourneys(ctx context.Context, p *domain.VisitPlan, format string) ([]byte, error) {
	if err := must(ctx, domain.RunProgramme, p.Place()); err != nil {
		return nil, err
	}
	s, err := a.settingOf(ctx, p)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(s.persons))
	for i, e := range s.persons {
		ids[i] = e.PersonID
	}
	people, err := byIDs[domain.Person](ctx, a.read(), ids)
	if err != nil {
		return nil, err
	}
	visits := slices.DeleteFunc(slices.Clone(p.Visits), func(v *domain.Visit) bool { return v.Stored == domain.VisitCancelled })
	slices.SortFunc(visits, inTurn)
	cells := [][]string{}
	for _, v := range visits {
		hosts := s.hostsWith(p, v)
		if hosts == nil {
			continue
		}
		site := s.sites[hosts[slices.IndexFunc(hosts, func(o *domain.HostOffer) bool { return o.ID == v.OfferID })].SiteID]
		for _, e := range s.membersOf(p, v) {
			w := s.trip(e, hosts...)
			for i, j := range w.journeys() {
				if j.offer != v.OfferID {
					continue
				}
				l := &j.Leg
				price(s.programme, l)
				way, from, to := "there", stationName(l.HomeStationCode), stationName(site.StationCode)
				switch {
				case l.Back:
					way, from, to = "back", to, from
				case i > 0:
					way = "between hosts"
				}
				pence, paid := "", "not known"
				if l.Pence != nil {
					pence = strconv.Itoa(*l.Pence)
					paid = sourceOfPrice(s.programme, l)
				}
				cells = append(cells, []string{people[e.PersonID].Name, s.teamName(e), string(v.On), s.owners[site.OrganisationID].Name, way, from, to, modeWord[l.Mode],
					strconv.FormatFloat(float64(l.Metres)/1000, 'f', 1, 64), strconv.Itoa(l.Minutes), pence, strconv.Itoa(l.GramsCO2e),
					figuresText(l), paid, sourceOfCO2e(travelFactor(l.Mode, j.short && !l.Entered))})
			}
		}
	}
	return written(format, "Journeys", journeyColumns, cells)
}

func (s *setting) teamName(e *domain.Enrolment) string {
	for _, t := range s.teams {
		if t.ID == deref(e.TeamID) {
			return t.Name
		}
	}
	return ""
}

func figuresText(l *domain.Leg) string {
	if !l.Entered {
		return "estimated"
	}
	return "entered: " + enteredFigures(l)
}

func sourceOfPrice(p *domain.Programme, l *domain.Leg) string {
	if slices.Contains(l.Figures, domain.LegPence) {
		return "entered"
	}
	return rateName(rateOf(p, l.Mode))
}

func sourceOfCO2e(f *domain.TravelFactor) string {
	if f == nil {
		return ""
	}
	return fmt.Sprintf("%s g a kilometre (%s)", strconv.FormatFloat(f.GramsPerPassengerKm, 'f', -1, 64), yeared(f.Source.Name, f.Year))
}

func byID[D any](found []*D) map[string]*D {
	out := make(map[string]*D, len(found))
	for _, d := range found {
		out[idOf(d)] = d
	}
	return out
}

func joinDates(days []domain.Date) string {
	out := make([]string, len(days))
	for i, d := range days {
		out[i] = string(d)
	}
	return strings.Join(out, "; ")
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func stationName(code string) string {
	if s, ok := travel.Find(code); ok {
		return s.Name
	}
	return code
}

func (a *App) peopleRows(ctx context.Context, programme *domain.Programme, c *domain.Cohort) ([]map[string]string, error) {
	r := a.read()
	enrolments, err := r.EnrolmentsOf(ctx, []string{c.ID})
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(enrolments))
	for i, e := range enrolments {
		ids[i] = e.PersonID
	}
	found, err := storage.Get[domain.Person](ctx, r, ids...)
	if err != nil {
		return nil, err
	}
	organisations, err := r.AllOrganisations(ctx)
	if err != nil {
		return nil, err
	}
	skills, err := r.Skills(ctx)
	if err != nil {
		return nil, err
	}
	teams, err := r.TeamsOf(ctx, []string{c.ID})
	if err != nil {
		return nil, err
	}
	challenges, err := r.ChallengesOf(ctx, programme.ID)
	if err != nil {
		return nil, err
	}
	people, employers, skillNames, teamsByID, challengesByID := byID(found), byID(organisations), byID(skills), byID(teams), byID(challenges)
	var rows []map[string]string
	for _, e := range enrolments {
		d := people[e.PersonID]
		o := employers[employerOf(d, e)]
		row := map[string]string{"name": d.Name, "key": deref(d.ExternalKey), "email": deref(d.Email), "employer": o.Name, "employerKind": kindWord(o.Kind), "sector": string(o.Sector),
			"away": joinDates(e.AwayOn), "diet": needText(e.Needs, domain.NeedDiet), "access": needText(e.Needs, domain.NeedAccess), "stepFree": yesNo(e.StepFree()),
			"consent": consentCell(e.Needs, programme.Location()), "state": strings.ToLower(string(e.Stored))}
		if e.HomeStationCode != nil {
			row["homeStation"] = stationName(*e.HomeStationCode)
		}
		if t := teamsByID[deref(e.TeamID)]; t != nil {
			row["team"] = strconv.Itoa(t.Number)
			if t.Name != "Team "+row["team"] {
				row["team"] += " " + t.Name
			}
			if ch := challengesByID[deref(t.ChallengeID)]; ch != nil {
				row["challenge"] = ch.Title
			}
		}
		var levels []string
		for _, s := range e.SkillRatings {
			if s.Kind == domain.SelfPre && skillNames[s.SkillID] != nil {
				levels = append(levels, fmt.Sprintf("%s: %d", skillNames[s.SkillID].Name, s.Level))
			}
		}
		slices.Sort(levels)
		row["skills"] = strings.Join(levels, "; ")
		rows = append(rows, row)
	}
	return rows, nil
}

// themeNames is the names of themes in the order of the alphabet.
func themeNames(ids []string, themes map[string]*domain.Theme) string {
	var names []string
	for _, id := range ids {
		if t := themes[id]; t != nil {
			names = append(names, t.Name)
		}
	}
	slices.Sort(names)
	return strings.Join(names, "; ")
}

func (a *App) challengeRows(ctx context.Context, programme *domain.Programme) ([]map[string]string, error) {
	r := a.read()
	challenges, err := r.ChallengesOf(ctx, programme.ID)
	if err != nil {
		return nil, err
	}
	organisations, err := r.AllOrganisations(ctx)
	if err != nil {
		return nil, err
	}
	skills, err := r.Skills(ctx)
	if err != nil {
		return nil, err
	}
	themes, err := r.ThemesOf(ctx, programme.ID)
	if err != nil {
		return nil, err
	}
	owners, skillNames, themesByID := byID(organisations), byID(skills), byID(themes)
	var rows []map[string]string
	for _, c := range challenges {
		row := map[string]string{"title": c.Title, "key": c.ExternalKey, "problem": c.Problem, "users": c.Users, "need": c.Need, "constraints": c.Constraints,
			"successMeasures": c.SuccessMeasures, "themes": themeNames(c.ThemeIDs, themesByID)}
		if o := owners[deref(c.OwnerID)]; o != nil {
			row["owner"] = o.Name
		}
		var needed []string
		for _, id := range c.NeededSkillIDs {
			if s := skillNames[id]; s != nil {
				needed = append(needed, s.Name)
			}
		}
		slices.Sort(needed)
		row["skills"] = strings.Join(needed, "; ")
		if s := c.Source; s != nil {
			row["sourceName"], row["sourceURL"], row["licence"] = s.Name, deref(s.URL), s.Licence
			if s.PublishedOn != nil {
				row["published"] = string(*s.PublishedOn)
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (a *App) offerRows(ctx context.Context, programme *domain.Programme) ([]map[string]string, error) {
	r := a.read()
	offers, err := r.OffersOf(ctx, programme.ID)
	if err != nil {
		return nil, err
	}
	var siteIDs []string
	for _, o := range offers {
		siteIDs = append(siteIDs, o.SiteID)
	}
	found, err := storage.Get[domain.Site](ctx, r, siteIDs...)
	if err != nil {
		return nil, err
	}
	organisations, err := r.AllOrganisations(ctx)
	if err != nil {
		return nil, err
	}
	themes, err := r.ThemesOf(ctx, programme.ID)
	if err != nil {
		return nil, err
	}
	sites, hosts, themesByID := byID(found), byID(organisations), byID(themes)
	var rows []map[string]string
	for _, o := range offers {
		s := sites[o.SiteID]
		host := hosts[s.OrganisationID]
		rows = append(rows, map[string]string{"host": host.Name, "key": o.ExternalKey, "hostKind": kindWord(host.Kind), "sector": string(host.Sector), "site": s.Name,
			"station": stationName(s.StationCode), "stepFree": yesNo(s.StepFree), "accessNotes": deref(s.AccessNotes), "themes": themeNames(o.ThemeIDs, themesByID),
			"minGroup": strconv.Itoa(o.MinGroup), "maxGroup": strconv.Itoa(o.MaxGroup), "duration": strconv.Itoa(o.DurationMinutes),
			"windows": windowsCell(o.Windows, programme.Location()), "closed": joinDates(o.BlackoutDates), "leadTime": strconv.Itoa(o.LeadTimeWorkingDays),
			"fields": fieldsCell(o.RequiredFields)})
	}
	return rows, nil
}

func windowsCell(windows []*domain.OfferWindow, zone *time.Location) string {
	out := make([]string, len(windows))
	for i, w := range windows {
		out[i] = w.StartsAt.In(zone).Format("2006-01-02 15:04") + "-" + w.EndsAt.In(zone).Format("15:04")
	}
	return strings.Join(out, "; ")
}

var fieldWord = map[domain.ManifestField]string{domain.FieldName: "names", domain.FieldEmployer: "employer", domain.FieldEmail: "email",
	domain.FieldIdentity: "id", domain.FieldDiet: "diet", domain.FieldAccess: "access"}

func fieldsCell(fields []*domain.RequiredField) string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = fmt.Sprintf("%s %d", fieldWord[f.Field], f.LeadTimeWorkingDays)
	}
	return strings.Join(out, "; ")
}
