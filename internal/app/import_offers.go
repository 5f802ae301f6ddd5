package app

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/table"
	"tandem/internal/travel"
)

var offerTargets = []target{
	{"host", "Host", true, []string{"Host organisation", "Organisation", "Organization", "Company"}},
	{"key", "External key", false, []string{"Key", "Id", "Offer", "Reference", "Ref"}},
	{"hostKind", "Host kind", false, []string{"Kind", "Organisation kind", "Host type"}},
	{"sector", "Sector", false, []string{"Public or private"}},
	{"site", "Site", false, []string{"Site name", "Place", "Location", "Venue"}},
	{"station", "Station", true, []string{"Nearest station", "Nearest stn", "Station code"}},
	{"stepFree", "Step-free", false, []string{"Step free access", "Wheelchair access", "Level access"}},
	{"accessNotes", "Access notes", false, []string{"Access", "Getting in", "How to get in"}},
	{"themes", "Themes", false, []string{"Theme", "Topics", "Shows"}},
	{"minGroup", "Smallest group", true, []string{"Min group", "Minimum", "Min", "Group min", "From people"}},
	{"maxGroup", "Largest group", true, []string{"Max group", "Maximum", "Max", "Group max", "To people"}},
	{"duration", "Duration", true, []string{"Length", "Takes", "Duration minutes", "Hours"}},
	{"windows", "Open", true, []string{"Windows", "Open times", "Dates", "Days offered", "When", "Availability"}},
	{"closed", "Closed", false, []string{"Closed dates", "Blackout", "Blackout dates", "Not on", "Closed on"}},
	{"leadTime", "Names needed, working days before", true, []string{"Lead time", "Lead time working days", "Notice", "Notice working days", "Names by"}},
	{"fields", "Asks for", false, []string{"Required fields", "Needs to know", "Fields", "Manifest fields"}},
}

// readOffers reads rows as host offers of a programme. One is known again by its external key, else by host and site.
func (a *App) readOffers(ctx context.Context, r storage.Reader, s *sheet, programme *domain.Programme) (*intake, error) {
	in := newIntake()
	if err := in.knowOrganisations(ctx, r); err != nil {
		return nil, err
	}
	if err := in.knowThemes(ctx, r, programme.ID); err != nil {
		return nil, err
	}
	organisations := make([]string, 0, len(in.organisations.drafts))
	for _, d := range in.organisations.drafts {
		organisations = append(organisations, d.noun.ID)
	}
	sites, err := r.SitesOf(ctx, organisations)
	if err != nil {
		return nil, err
	}
	in.sites.know(sites, func(s *domain.Site) []string { return []string{s.OrganisationID + " " + word(s.Name)} })
	offers, err := r.OffersOf(ctx, programme.ID)
	if err != nil {
		return nil, err
	}
	atSite := map[string]int{}
	for _, o := range offers {
		atSite[o.SiteID]++
	}
	in.offers.know(offers, func(o *domain.HostOffer) []string {
		names := []string{}
		if o.ExternalKey != "" {
			names = append(names, "key "+o.ExternalKey)
		}
		if atSite[o.SiteID] == 1 {
			names = append(names, "at "+o.SiteID)
		}
		return names
	})
	o := &offerReader{intake: in, programme: programme, atSite: atSite, rowOf: map[*draft[domain.HostOffer]]int{}, siteRow: map[*draft[domain.Site]]int{}, stations: map[*draft[domain.Site]]string{}}
	for row := range s.each() {
		o.read(row)
	}
	return in, nil
}

type offerReader struct {
	*intake
	programme *domain.Programme
	atSite    map[string]int // offers by site
	rowOf     map[*draft[domain.HostOffer]]int
	siteRow   map[*draft[domain.Site]]int
	stations  map[*draft[domain.Site]]string
}

func (o *offerReader) read(row *rowIn) {
	key := row.line("key")
	if none(key) {
		key = ""
	}
	host := row.organisation(o.intake, "host", "hostKind", "sector", "")
	station := row.station("station")
	if row.line("station") == "" {
		row.missing("station")
	}
	siteName := row.line("site")
	if siteName == "" || none(siteName) {
		if s, ok := travel.Find(station); ok {
			siteName = s.Name
		}
	}
	stepFree, stepFreeGiven := row.yes("stepFree")
	least, leastGiven := row.required("minGroup", 1)
	most, mostGiven := row.required("maxGroup", 1)
	if leastGiven && mostGiven && least > most {
		row.wrong("maxGroup", domain.CodeInvalid, fmt.Sprintf("the largest group, %d, is smaller than the smallest, %d.", most, least), func() []fix {
			return []fix{{strconv.Itoa(least), strconv.Itoa(least)}}
		})
	}
	minutes := row.duration("duration")
	windows := row.windows("windows")
	closed := row.dates("closed")
	lead, _ := row.required("leadTime", 0)
	fields := row.manifestFields("fields", lead)

	var site *draft[domain.Site]
	if host != nil && host.known != nil {
		site = o.sites.by[host.known.noun.ID+" "+word(siteName)]
	}
	known := o.offers.by["key "+key]
	if key == "" {
		known = nil
	}
	if known == nil && site != nil {
		if found := o.offers.by["at "+site.noun.ID]; found != nil && (key == "" || found.noun.ExternalKey == "") {
			known = found
		}
	}
	if n := o.rowOf[known]; known != nil && n > 0 {
		at, what := "key", fmt.Sprintf("the offer is in row %d too. Leave one of the two rows out, or give each its own key.", n)
		row.wrong(at, domain.CodeTaken, what, nil)
	} else if known == nil && key == "" && site != nil && o.atSite[site.noun.ID] > 0 {
		row.wrong("key", domain.CodeRequired, fmt.Sprintf("%s makes several offers at %s, so each needs a key.", host.name, siteName), nil)
	}
	if site != nil && o.siteRow[site] > 0 && station != "" && o.stations[site] != station {
		was, _ := travel.Find(o.stations[site])
		row.wrong("station", domain.CodeInvalid, fmt.Sprintf("row %d puts %s near %s.", o.siteRow[site], siteName, was.Name), func() []fix { return []fix{{was.Name, was.Name}} })
	}
	if row.bad() {
		return
	}

	organisation := host.take(o.intake)
	if site == nil {
		site = o.sites.add(&domain.Site{ID: newID("site"), OrganisationID: organisation.ID, Name: siteName}, organisation.ID+" "+word(siteName))
	}
	o.siteRow[site], o.stations[site] = row.out.Number, station
	row.changed = fill(site, &site.noun.StationCode, station) || row.changed
	if stepFreeGiven {
		row.changed = fill(site, &site.noun.StepFree, stepFree) || row.changed
	}
	switch notes := row.cell("accessNotes"); {
	case none(notes):
		row.changed = fillBy(site, &site.noun.AccessNotes, nil, site.noun.AccessNotes == nil) || row.changed
	case notes != "":
		row.changed = fillBy(site, &site.noun.AccessNotes, &notes, samePointed(site.noun.AccessNotes, &notes)) || row.changed
	}
	if known == nil {
		row.created = true
		known = o.offers.add(&domain.HostOffer{ID: newID("offer"), ProgrammeID: o.programme.ID, State: domain.OfferOpen, ThemeIDs: []string{},
			Windows: []*domain.OfferWindow{}, BlackoutDates: []domain.Date{}, RequiredFields: []*domain.RequiredField{}})
		if key != "" {
			o.offers.name(known, "key "+key)
		}
		o.atSite[site.noun.ID]++
	}
	o.rowOf[known] = row.out.Number
	n := known.noun
	changed := fill(known, &n.SiteID, site.noun.ID)
	if key != "" {
		changed = fill(known, &n.ExternalKey, key) || changed
	}
	changed = fill(known, &n.SearchName, strings.ToLower(organisation.Name+" "+site.noun.Name)) || changed
	changed = fill(known, &n.MinGroup, least) || changed
	changed = fill(known, &n.MaxGroup, most) || changed
	changed = fill(known, &n.DurationMinutes, minutes) || changed
	changed = fill(known, &n.LeadTimeWorkingDays, lead) || changed
	if fillBy(known, &n.Windows, windows, slices.EqualFunc(n.Windows, windows, sameWindow)) {
		changed = true
		first := windows[0].StartsAt.UTC()
		n.FirstOpenAt = &first
	}
	if row.cell("closed") != "" {
		changed = fillBy(known, &n.BlackoutDates, closed, slices.Equal(n.BlackoutDates, closed)) || changed
	}
	if cell := row.cell("themes"); cell != "" {
		themes := o.themesNamed(o.programme.ID, items(cell))
		changed = fillBy(known, &n.ThemeIDs, themes, sameSet(n.ThemeIDs, themes)) || changed
	}
	if row.cell("fields") != "" {
		changed = fillBy(known, &n.RequiredFields, fields, sameFields(n.RequiredFields, fields)) || changed
	}
	row.changed = changed || row.changed
}

func sameWindow(a, b *domain.OfferWindow) bool {
	return a.StartsAt.Equal(b.StartsAt) && a.EndsAt.Equal(b.EndsAt)
}

func sameFields(a, b []*domain.RequiredField) bool {
	plain := func(list []*domain.RequiredField) []string {
		out := make([]string, len(list))
		for i, f := range list {
			out[i] = fmt.Sprint(f.Field, f.LeadTimeWorkingDays)
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(plain(a), plain(b))
}

// required is number where there must be one.
func (r *rowIn) required(name string, least int) (int, bool) {
	if r.line(name) == "" && !r.unreadable(name) {
		r.missing(name)
		return 0, false
	}
	return r.number(name, least)
}

var (
	plainMinutes = regexp.MustCompile(`^(\d{1,4})(?:\.0+)?\s*(?:min|mins|minutes|m)?$`)
	hoursMinutes = regexp.MustCompile(`^(\d{1,2})\s*(?:h|hr|hrs|hour|hours|:)\s*(?:(\d{1,2})\s*(?:min|mins|minutes|m)?)?(?::00)?$`)
	halfHours    = regexp.MustCompile(`^(\d{1,2})[.,](\d{1,2})\s*(?:h|hr|hrs|hours)$`)
)

// duration reads minutes ("270"), or hours and minutes ("4 h 30", "4:30", "4.5 hours").
func (r *rowIn) duration(name string) int {
	cell := strings.ToLower(r.need(name))
	if cell == "" {
		return 0
	}
	minutes := 0
	if m := plainMinutes.FindStringSubmatch(cell); m != nil {
		minutes, _ = strconv.Atoi(m[1])
	} else if m := hoursMinutes.FindStringSubmatch(cell); m != nil {
		h, _ := strconv.Atoi(m[1])
		rest, _ := strconv.Atoi("0" + m[2])
		minutes = 60*h + rest
	} else if m := halfHours.FindStringSubmatch(cell); m != nil {
		hours, _ := strconv.ParseFloat(m[1]+"."+m[2], 64)
		minutes = int(hours*60 + 0.5)
	}
	if minutes < 1 || minutes > 24*60 {
		r.wrong(name, domain.CodeInvalid, fmt.Sprintf("“%s” is no duration. Write minutes, such as 270, or 4 h 30.", r.line(name)), nil)
		return 0
	}
	return minutes
}

var (
	clockTimes = regexp.MustCompile(`(\d{1,2})[:.](\d{2})\s*(?:-|–|—|to|until)\s*(\d{1,2})[:.](\d{2})`)
	weekdays   = map[string]time.Weekday{"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 0}
	weekRange  = regexp.MustCompile(`(?i)^([a-z]+)\s*[-–]\s*([a-z]+)$`)
)

// windows reads times at which a host is open: days or ranges of days, a time of day, and the days of the week that count
// ("26 Feb 2019 10:00-15:30; 4-8 Mar 2019 10:00-16:00 Tue, Wed"). A range that names none means Monday to Friday. The
// times are the programme's.
func (r *rowIn) windows(name string) []*domain.OfferWindow {
	cell := r.cell(name)
	if cell == "" {
		if !r.unreadable(name) {
			r.missing(name)
		}
		return nil
	}
	var out []*domain.OfferWindow
	for _, piece := range strings.FieldsFunc(cell, func(c rune) bool { return c == ';' || c == '\n' }) {
		if piece = strings.TrimSpace(piece); piece == "" {
			continue
		}
		some, err := r.window(piece)
		if err != nil {
			r.wrong(name, domain.CodeInvalid, strings.TrimSuffix(err.Error(), ".")+".", nil)
			return nil
		}
		out = append(out, some...)
	}
	if len(out) == 0 {
		r.wrong(name, domain.CodeRequired, "an offer is open at least once.", nil)
		return nil
	}
	slices.SortFunc(out, func(a, b *domain.OfferWindow) int {
		return cmp.Or(a.StartsAt.Compare(b.StartsAt), a.EndsAt.Compare(b.EndsAt))
	})
	return slices.CompactFunc(out, sameWindow)
}

func (r *rowIn) window(piece string) ([]*domain.OfferWindow, error) {
	at := clockTimes.FindStringSubmatchIndex(piece)
	if at == nil {
		return nil, fmt.Errorf("“%s” names no time of day. Write it as 26 Feb 2019 10:00-15:30", piece)
	}
	part := func(i int) int {
		n, _ := strconv.Atoi(piece[at[2*i]:at[2*i+1]])
		return n
	}
	from, to := 60*part(1)+part(2), 60*part(3)+part(4)
	if part(1) > 23 || part(2) > 59 || part(3) > 23 || part(4) > 59 || from >= to {
		return nil, fmt.Errorf("“%s” opens and closes at no time of one day", piece)
	}
	listed := strings.Trim(piece[:at[0]], " ,")
	days, err := table.ParseDates(listed, r.order)
	if err != nil {
		return nil, err
	}
	if len(days) == 0 {
		return nil, fmt.Errorf("“%s” names no day. Write it as 26 Feb 2019 10:00-15:30", piece)
	}
	allowed, err := daysOfWeek(piece[at[1]:])
	if err != nil {
		return nil, err
	}
	if allowed == nil && len(days) > 1+strings.Count(listed, ",") { // more days than are listed one by one
		allowed = map[time.Weekday]bool{1: true, 2: true, 3: true, 4: true, 5: true}
	}
	var out []*domain.OfferWindow
	for _, d := range days {
		if allowed != nil && !allowed[d.Weekday()] {
			continue
		}
		t := d.Time()
		moment := func(m int) time.Time {
			return time.Date(t.Year(), t.Month(), t.Day(), m/60, m%60, 0, 0, r.zone)
		}
		out = append(out, &domain.OfferWindow{StartsAt: moment(from), EndsAt: moment(to)})
	}
	return out, nil
}

// daysOfWeek reads "Tue, Wed" or "Mon-Thu"; nil where nothing is named.
func daysOfWeek(s string) (map[time.Weekday]bool, error) {
	day := func(w string) (time.Weekday, error) {
		w = strings.ToLower(strings.TrimSpace(w))
		if len(w) >= 3 {
			if d, ok := weekdays[w[:3]]; ok {
				return d, nil
			}
		}
		return 0, fmt.Errorf("“%s” is no day of the week", w)
	}
	var out map[time.Weekday]bool
	for _, item := range strings.FieldsFunc(s, func(c rune) bool { return c == ',' || c == '/' || c == '&' }) {
		for _, w := range weekdayWords(strings.TrimSpace(item)) {
			if out == nil {
				out = map[time.Weekday]bool{}
			}
			if m := weekRange.FindStringSubmatch(w); m != nil {
				first, err := day(m[1])
				if err != nil {
					return nil, err
				}
				last, err := day(m[2])
				if err != nil {
					return nil, err
				}
				for d := first; ; d = (d + 1) % 7 {
					out[d] = true
					if d == last {
						break
					}
				}
				continue
			}
			d, err := day(w)
			if err != nil {
				return nil, err
			}
			out[d] = true
		}
	}
	return out, nil
}

// weekdayWords parts "Tue and Wed" or "Tue Wed", and leaves "Mon - Thu" whole.
func weekdayWords(item string) []string {
	if item == "" || weekRange.MatchString(item) {
		return strings.Fields(strings.ReplaceAll(item, " ", ""))
	}
	return slices.DeleteFunc(strings.Fields(item), func(w string) bool { return strings.EqualFold(w, "and") || strings.EqualFold(w, "only") })
}

var fieldWords = map[string]domain.ManifestField{
	"name": domain.FieldName, "names": domain.FieldName, "employer": domain.FieldEmployer, "organisation": domain.FieldEmployer, "company": domain.FieldEmployer,
	"email": domain.FieldEmail, "emails": domain.FieldEmail, "id": domain.FieldIdentity, "identity": domain.FieldIdentity, "photoid": domain.FieldIdentity,
	"diet": domain.FieldDiet, "dietary": domain.FieldDiet, "food": domain.FieldDiet, "access": domain.FieldAccess, "accessneeds": domain.FieldAccess,
}

var fieldItem = regexp.MustCompile(`^(.*?)[\s:]*(\d{1,3})?$`)

// manifestFields reads what a host asks to know, each with its own lead in working days ("names 5; id 8; diet 3"); one
// without a number has the offer's own.
func (r *rowIn) manifestFields(name string, lead int) []*domain.RequiredField {
	out := []*domain.RequiredField{}
	for _, item := range items(r.cell(name)) {
		m := fieldItem.FindStringSubmatch(item)
		field, ok := fieldWords[word(m[1])]
		if !ok {
			r.wrong(name, domain.CodeInvalid, fmt.Sprintf("“%s” is nothing that a host may ask for: names, employer, email, id, diet, access.", m[1]), nil)
			return nil
		}
		days := lead
		if m[2] != "" {
			days, _ = strconv.Atoi(m[2])
		}
		if i := slices.IndexFunc(out, func(f *domain.RequiredField) bool { return f.Field == field }); i >= 0 {
			out[i].LeadTimeWorkingDays = max(out[i].LeadTimeWorkingDays, days)
			continue
		}
		out = append(out, &domain.RequiredField{Field: field, LeadTimeWorkingDays: days})
	}
	return out
}
