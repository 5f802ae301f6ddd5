package app

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tandem/internal/domain"
	"tandem/internal/travel"
	"tandem/internal/visit"
)

// pair is a cohort of two in London, in a programme of TechConnect's days, and hosts to be added.
type pair struct {
	*material
}

func newPair(office domain.Nation) *pair {
	p := &domain.Programme{ID: "programme_1", Name: "TechConnect 2019", StartsOn: "2019-02-07", EndsOn: "2019-04-29", TimeZone: "Europe/London", OfficeNation: office}
	m := &material{programme: p, cohorts: []*domain.Cohort{{ID: "cohort_1", ProgrammeID: p.ID, Name: "One"}, {ID: "cohort_2", ProgrammeID: p.ID, Name: "Two"}},
		challenges: map[string]*domain.Challenge{}, sites: map[string]*domain.Site{}, owners: map[string]*domain.Organisation{},
		inForce: map[string]*domain.VisitPlan{}, people: map[string][]*domain.Enrolment{}, entered: map[wayKey]*domain.Leg{}}
	home := "EUS"
	for _, id := range []string{"enrolment_a", "enrolment_b"} {
		m.people["cohort_1"] = append(m.people["cohort_1"], &domain.Enrolment{ID: id, PersonID: "person_" + id, CohortID: "cohort_1", ProgrammeID: p.ID,
			Stored: domain.Accepted, HomeStationCode: &home})
	}
	return &pair{m}
}

// host adds an offer near a station, open on days from 10 to 16 o'clock.
func (w *pair) host(station string, lead int, days ...domain.Date) *domain.HostOffer {
	n := len(w.offers)
	site := &domain.Site{ID: fmt.Sprint("site_", n), OrganisationID: "organisation_" + station, Name: "Gate", StationCode: station, StepFree: true}
	o := &domain.HostOffer{ID: fmt.Sprint("offer_", n), ProgrammeID: w.programme.ID, SiteID: site.ID, State: domain.OfferOpen, MinGroup: 1, MaxGroup: 9, DurationMinutes: 180, LeadTimeWorkingDays: lead}
	for _, d := range days {
		day := d.Time()
		from := time.Date(day.Year(), day.Month(), day.Day(), 10, 0, 0, 0, w.programme.Location())
		o.Windows = append(o.Windows, &domain.OfferWindow{StartsAt: from, EndsAt: from.Add(6 * time.Hour)})
	}
	w.sites[site.ID], w.owners[site.OrganisationID] = site, &domain.Organisation{ID: site.OrganisationID, Name: "Host of " + station}
	w.offers = append(w.offers, o)
	return o
}

func (w *pair) lay(today domain.Date, used ...*domain.Visit) *setting {
	return newSetting(w.material, []string{"cohort_1"}, usualRules(w.programme), today, nil, used)
}

// left is the days of an offer that are left, as dates.
func (s *setting) leftDays(o *domain.HostOffer) []domain.Date {
	days := []domain.Date{}
	for _, d := range s.problem.Offers[s.hostOf[o.ID]].Days {
		days = append(days, s.days[d])
	}
	return days
}

func (s *setting) ruleOn(o *domain.HostOffer, on domain.Date) visit.Rule {
	for _, d := range s.problem.Offers[s.hostOf[o.ID]].Offered {
		if d.Date == string(on) {
			return d.Rule
		}
	}
	return ""
}

func TestProgrammeLaidOutInDaysAndFortnights(t *testing.T) {
	s := newPair(domain.England).lay("2019-02-07")
	if len(s.days) != 58 || s.days[0] != "2019-02-07" || s.days[57] != "2019-04-29" || slices.Contains(s.days, "2019-02-09") {
		t.Errorf("days: %d, %v", len(s.days), s.days)
	}
	if !slices.Contains(s.days, "2019-04-22") {
		t.Error("a bank holiday of one nation is a day for hosts in another")
	}
	for day, want := range map[domain.Date]int{"2019-02-07": 0, "2019-02-20": 0, "2019-02-21": 1, "2019-04-29": 5} {
		if got := s.problem.FortnightOfDay[s.dayOf[day]]; got != want {
			t.Errorf("%s is in fortnight %d, not %d", day, got, want)
		}
	}
	if s.problem.Fortnights != 6 || s.rules.VisitDaysMax != 6 || s.rules.OneWayMinutesMax != 240 {
		t.Errorf("%d fortnights, %+v", s.problem.Fortnights, s.rules)
	}
	if err := s.problem.Validate(); err != nil {
		t.Error(err)
	}
}

func TestDaysThatAreNotLeftSayWhy(t *testing.T) {
	easterMonday, tuesday := domain.Date("2019-04-22"), domain.Date("2019-04-23")
	w := newPair(domain.England)
	wales, scotland := w.host("NWP", 0, easterMonday, tuesday), w.host("GLC", 0, easterMonday, tuesday)
	closed := w.host("LDS", 0, "2019-03-12", "2019-03-13")
	closed.BlackoutDates = []domain.Date{"2019-03-13"}
	weekend := w.host("YRK", 0, "2019-03-16", "2019-05-07", "2019-03-18")
	short := w.host("BRI", 0, "2019-03-12", "2019-03-13")
	short.Windows[1].EndsAt = short.Windows[1].StartsAt.Add(2 * time.Hour)
	gone := w.host("MAN", 0, "2019-03-12")
	gone.State = domain.OfferCancelled
	s := w.lay("2019-02-07")

	for _, c := range []struct {
		offer *domain.HostOffer
		left  []domain.Date
		on    domain.Date
		rule  visit.Rule
	}{
		{wales, []domain.Date{tuesday}, easterMonday, visit.BankHoliday},
		{scotland, []domain.Date{easterMonday, tuesday}, easterMonday, ""}, // no bank holiday there, whatever the office does
		{closed, []domain.Date{"2019-03-12"}, "2019-03-13", visit.Blackout},
		{weekend, []domain.Date{"2019-03-18"}, "2019-03-16", visit.OutsideProgramme},
		{weekend, []domain.Date{"2019-03-18"}, "2019-05-07", visit.OutsideProgramme},
		{short, []domain.Date{"2019-03-12"}, "2019-03-13", visit.WindowTooShort},
	} {
		if got := s.leftDays(c.offer); !slices.Equal(got, c.left) {
			t.Errorf("%s: left %v, want %v", s.hostName(c.offer), got, c.left)
		}
		if got := s.ruleOn(c.offer, c.on); got != c.rule {
			t.Errorf("%s on %s: %q, want %q", s.hostName(c.offer), c.on, got, c.rule)
		}
	}
	if _, there := s.hostOf[gone.ID]; there {
		t.Error("an offer that was taken back is planned")
	}
	r := s.lostDay(wales, s.problem.Offers[s.hostOf[wales.ID]].Offered[0])
	if r.Text != "Bank holiday in Wales: Easter Monday, Mon 22 Apr." || r.Holiday == nil || r.Holiday.Nation != domain.Wales {
		t.Errorf("%+v", r)
	}
}

func TestLeadTimeCountsFromTodayOverBothCalendars(t *testing.T) {
	tuesday := domain.Date("2019-04-23")
	for _, c := range []struct {
		station string
		office  domain.Nation
		namesBy domain.Date // five working days before the Tuesday after Easter
	}{
		{"NWP", domain.England, "2019-04-12"},
		{"EUS", domain.England, "2019-04-12"},
		{"GLC", domain.Scotland, "2019-04-15"}, // Easter Monday is no Scottish bank holiday
		{"GLC", domain.England, "2019-04-12"},  // but the office does not work
		{"EUS", domain.Scotland, "2019-04-12"},
	} {
		w := newPair(c.office)
		o := w.host(c.station, 5, tuesday)
		in, out := w.lay(c.namesBy), w.lay(c.namesBy.AddDays(1))
		if got := in.leftDays(o); len(got) != 1 {
			t.Errorf("%s, office in %s: on %s names can still go, and the day is not left", c.station, c.office, c.namesBy)
		}
		if got := out.ruleOn(o, tuesday); got != visit.LeadTime {
			t.Errorf("%s, office in %s: a day after %s the rule is %q", c.station, c.office, c.namesBy, got)
			continue
		}
		lost := out.lostDay(o, out.problem.Offers[0].Offered[0])
		if lost.NamesBy == nil || *lost.NamesBy != c.namesBy {
			t.Errorf("%s, office in %s: names by %v, want %s", c.station, c.office, lost.NamesBy, c.namesBy)
		}
	}
}

func TestWhatIsInForceKeepsItsDayAndUsesItsOffer(t *testing.T) {
	w := newPair(domain.England)
	o := w.host("LDS", 5, "2019-03-12")
	held := &domain.Visit{ID: "visit_1", OfferID: o.ID, CohortID: "cohort_1", On: "2019-03-12", Stored: domain.VisitPlanned}
	late := domain.Date("2019-03-11")
	if got := w.lay(late).leftDays(o); len(got) != 0 {
		t.Fatal("control: names are too late for a new visit, and the day is left")
	}
	w.inForce["cohort_1"] = &domain.VisitPlan{CohortID: "cohort_1", State: domain.PlanReleased, Visits: []*domain.Visit{held}}
	if got := w.lay(late).leftDays(o); len(got) != 1 {
		t.Error("the day of a visit in force is lost by the passing of its lead time")
	}
	delete(w.inForce, "cohort_1")
	held.CohortID = "cohort_2"
	w.inForce["cohort_2"] = &domain.VisitPlan{CohortID: "cohort_2", State: domain.PlanReleased, Visits: []*domain.Visit{held}}
	s := w.lay("2019-02-07")
	if got := s.leftDays(o); len(got) != 0 || s.elsewhere[o.ID] != held {
		t.Error("an offer that another cohort uses is planned again")
	}
	held.Stored = domain.VisitCancelled
	if got := w.lay("2019-02-07").leftDays(o); len(got) != 1 {
		t.Error("a visit that was called off still uses its offer")
	}
}

func TestWaysEnteredWinOverEstimates(t *testing.T) {
	w := newPair(domain.England)
	o := w.host("GLC", 0, "2019-03-12")
	e := w.people["cohort_1"][0]
	before := w.lay("2019-02-07")
	estimate := before.problem.ReturnMinutes[0][0]
	home, _ := travel.Find("EUS")
	site, _ := travel.Find("GLC")
	if one := travel.Estimate(home, site).Minutes; one <= 240 || estimate != -2*one {
		t.Fatalf("Glasgow is %d minutes away, and the problem says %d", one, estimate)
	}
	for _, back := range []bool{false, true} {
		w.entered[wayKey{e.ID, o.ID, back, "EUS"}] = &domain.Leg{EnrolmentID: e.ID, HomeStationCode: "EUS", Back: back, Mode: domain.Air, Minutes: 200, GramsCO2e: 90_000, Entered: true}
	}
	after := w.lay("2019-02-07")
	if got, grams := after.problem.ReturnMinutes[0][0], after.problem.GramsCO2e[0][0]; got != 400 || grams != 180_000 {
		t.Errorf("entered 200 minutes and 90 kg each way, the problem says %d and %d", got, grams)
	}
	if got := after.problem.ReturnMinutes[1][0]; got != estimate {
		t.Errorf("another's way became %d", got)
	}
	moved := "LDS"
	e.HomeStationCode = &moved
	if got := w.lay("2019-02-07").problem.ReturnMinutes[0][0]; got == 400 {
		t.Error("a way from a former home still counts")
	}
}

func TestDeadlinesAreCountedAndTold(t *testing.T) {
	w := newPair(domain.England)
	o := w.host("NWP", 5, "2019-04-23")
	o.RequiredFields = []*domain.RequiredField{{Field: domain.FieldIdentity, LeadTimeWorkingDays: 8}, {Field: domain.FieldName, LeadTimeWorkingDays: 5}, {Field: domain.FieldDiet, LeadTimeWorkingDays: 3}}
	consent := time.Date(2019, 2, 1, 0, 0, 0, 0, time.UTC)
	vegan := "Vegan"
	w.people["cohort_1"][0].Needs = []*domain.Need{{Kind: domain.NeedDiet, Text: &vegan, ConsentedAt: &consent}}
	w.people["cohort_1"][1].Needs = []*domain.Need{{Kind: domain.NeedDiet, Text: &vegan}}
	p := &domain.VisitPlan{ID: "plan_1", CohortID: "cohort_1", Groups: []*domain.VisitGroup{{ID: "group_1", On: "2019-04-23", Name: "A", MemberIDs: []string{"enrolment_a", "enrolment_b"}}}}
	v := &domain.Visit{ID: "visit_1", OfferID: o.ID, GroupID: "group_1", CohortID: "cohort_1", On: "2019-04-23", StartsAt: o.Windows[0].StartsAt, EndsAt: o.Windows[0].EndsAt, Stored: domain.VisitPlanned}
	p.Visits = []*domain.Visit{v}
	s := w.lay("2019-02-07", v)
	type row struct {
		kind      domain.DeadlineKind
		due       domain.Date
		state     domain.DeadlineState
		left      int
		ready, of int
	}
	rows := func(m *domain.Manifest, asOf domain.Date) []row {
		var out []row
		for _, d := range s.deadlines(p, v, m, asOf) {
			out = append(out, row{d.Kind, d.DueOn, d.State, d.WorkingDaysLeft, d.Ready, d.Of})
		}
		return out
	}
	want := []row{
		{domain.DeadlineIdentity, "2019-04-09", domain.DeadlineLate, -1, 0, 2},
		{domain.DeadlineNames, "2019-04-12", domain.DeadlineDue, 2, 2, 2},
		{domain.DeadlineNeeds, "2019-04-16", domain.DeadlineDue, 4, 1, 2}, // one need without consent
		{domain.DeadlineConfirm, "2019-04-18", domain.DeadlineDue, 6, 2, 2},
		{domain.DeadlinePurge, "2019-05-02", domain.DeadlineDue, 14, 0, 2},
	}
	if got := rows(nil, "2019-04-10"); !slices.Equal(got, want) {
		t.Errorf("on 10 April:\n got %v\nwant %v", got, want)
	}
	sent := &domain.Manifest{VisitID: v.ID, State: domain.ManifestSubmitted, People: 2, Rows: []*domain.ManifestRow{{EnrolmentID: "enrolment_a"}, {EnrolmentID: "enrolment_b"}}}
	for _, r := range rows(sent, "2019-04-30") {
		met := r.kind != domain.DeadlinePurge && r.kind != domain.DeadlineConfirm
		if (r.state == domain.DeadlineMet) != met {
			t.Errorf("with the list sent, %s is %s", r.kind, r.state)
		}
	}
	sent.Rows = sent.Rows[:1]
	if got := rows(sent, "2019-04-10")[1].state; got == domain.DeadlineMet {
		t.Error("a list without one who goes meets the deadline for names")
	}
	_, x := s.ruler(o, v.On, -5)
	if x.Text != "5 working days before Tue 23 Apr in Wales and England. Good Friday and Easter Monday do not count." {
		t.Error(x.Text)
	}
	counted := 0
	for _, d := range x.Days {
		if d.Counts {
			counted++
		}
	}
	if counted != 5 || x.Days[0].On != "2019-04-12" || x.Days[len(x.Days)-1].On != "2019-04-23" {
		t.Errorf("%d days count from %s to %s", counted, x.Days[0].On, x.Days[len(x.Days)-1].On)
	}
}

func TestLettersOfGroups(t *testing.T) {
	var taken []string
	for range 28 {
		taken = append(taken, letter(taken))
	}
	if taken[0] != "A" || taken[25] != "Z" || taken[26] != "AA" || taken[27] != "AB" {
		t.Error(taken)
	}
}

// pairsOn is the pairs that the planner gets for a day, by the stations of their hosts.
func (s *setting) pairsOn(on domain.Date) []string {
	out := []string{}
	for i, pair := range s.pairs {
		if slices.Contains(s.problem.Offers[len(s.hosts)+i].Days, s.dayOf[on]) {
			out = append(out, s.sites[s.hosts[pair[0]].SiteID].StationCode+"–"+s.sites[s.hosts[pair[1]].SiteID].StationCode)
		}
	}
	return out
}

func TestPairsOfCloseHosts(t *testing.T) {
	const on = domain.Date("2019-03-12")
	w := newPair(domain.England)
	at := func(o *domain.HostOffer, from, length int) *domain.HostOffer {
		o.DurationMinutes = 120
		o.Windows[0].StartsAt = o.Windows[0].StartsAt.Add(time.Duration(from-10) * time.Hour)
		o.Windows[0].EndsAt = o.Windows[0].StartsAt.Add(time.Duration(length) * time.Hour)
		return o
	}
	late := at(w.host("KGX", 0, on), 14, 4)
	at(w.host("EUS", 0, on), 9, 4)
	if got := w.lay("2019-02-07").pairsOn(on); !slices.Equal(got, []string{"EUS–KGX"}) {
		t.Errorf("the order that the windows leave: %v", got)
	}
	late.MinGroup = 10
	late.MaxGroup = 12
	if got := w.lay("2019-02-07").pairsOn(on); len(got) > 0 {
		t.Errorf("no number of people suits both hosts: %v", got)
	}
	late.MinGroup = 1
	late.BlackoutDates = []domain.Date{on}
	if got := w.lay("2019-02-07").pairsOn(on); len(got) > 0 {
		t.Errorf("one host is closed: %v", got)
	}
	late.BlackoutDates = nil
	if late.Windows[0].EndsAt = late.Windows[0].StartsAt.Add(time.Hour); len(w.lay("2019-02-07").pairsOn(on)) > 0 {
		t.Error("one window is too short")
	}
	at(late, 14, 4)
	at(w.host("RDG", 0, on), 14, 4) // Reading: more than 45 minutes from London
	s := w.lay("2019-02-07")
	if got := s.pairsOn(on); !slices.Equal(got, []string{"EUS–KGX"}) {
		t.Errorf("far hosts are paired: %v", got)
	}
	entry := s.problem.Offers[len(s.hosts)]
	if trip := s.trip(s.persons[0], s.hosts[1], s.hosts[0]); trip.minutes() != s.problem.ReturnMinutes[0][len(s.hosts)] || trip.n != 3 {
		t.Errorf("%d minutes of %d legs, the problem says %d", trip.minutes(), trip.n, s.problem.ReturnMinutes[0][len(s.hosts)])
	}
	if entry.Max != 9 || entry.HalfHours != 8 || s.problem.Validate() != nil {
		t.Errorf("%+v, %v", entry, s.problem.Validate())
	}
	for range 3 {
		at(w.host("STP", 0, on), 9, 9)
	}
	if got := w.lay("2019-02-07").pairsOn(on); len(got) != pairsADayMost {
		t.Errorf("%d pairs on one day", len(got))
	}
	for hosts := len(w.offers); hosts < withHostsMost; hosts++ {
		at(w.host("STP", 0, on), 9, 9)
		if got := w.lay("2019-02-07").pairsOn(on); len(got) != min(pairsADayMost, withHostsMost-hosts-1) {
			t.Errorf("%d pairs on a day with %d hosts", len(got), hosts+1)
		}
	}
}

// Two windows of a day hold both visits exactly where some beginnings do, and then in the shortest day.
func TestPairsMakeTheShortestDay(t *testing.T) {
	w := newPair(domain.England)
	first, second := w.host("EUS", 0, "2019-03-12"), w.host("KGX", 0, "2019-03-12")
	s := w.lay("2019-02-07")
	day := first.Windows[0].StartsAt
	fits := 0
	rapid.Check(t, func(rt *rapid.T) {
		quarter := func(name string, least, most int) time.Duration {
			return time.Duration(rapid.IntRange(least, most).Draw(rt, name)) * 15 * time.Minute
		}
		a, b := &domain.OfferWindow{StartsAt: day.Add(quarter("first from", 0, 20))}, &domain.OfferWindow{StartsAt: day.Add(quarter("second from", 0, 30))}
		a.EndsAt, b.EndsAt = a.StartsAt.Add(quarter("first for", 1, 20)), b.StartsAt.Add(quarter("second for", 1, 20))
		first.DurationMinutes, second.DurationMinutes = int(quarter("first takes", 1, 16).Minutes()), int(quarter("second takes", 1, 16).Minutes())
		best := time.Duration(-1)
		for x := a.StartsAt; !x.Add(minutes(first.DurationMinutes)).After(a.EndsAt); x = x.Add(time.Minute) {
			y := x.Add(minutes(first.DurationMinutes + s.between(first, second)))
			if y.Before(b.StartsAt) {
				y = b.StartsAt
			}
			if end := y.Add(minutes(second.DurationMinutes)); !end.After(b.EndsAt) && (best < 0 || end.Sub(x) < best) {
				best = end.Sub(x)
			}
		}
		got, ok := s.inOneDay(first, second, a, b)
		if ok != (best >= 0) || ok && got.length != best {
			rt.Fatalf("%v of %s, and the best is %s", ok, got.length, best)
		}
		if ok {
			fits++
		}
	})
	if fits == 0 {
		t.Error("control: no two windows ever fitted")
	}
}
