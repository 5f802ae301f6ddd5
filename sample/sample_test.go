package sample

import (
	"context"
	"encoding/csv"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"tandem/internal/app"
	"tandem/internal/calendar"
	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/travel"
)

// world is a fresh database as the local owner sees it.
type world struct {
	context.Context
	app   *app.App
	store *storage.Store
}

func opened(t *testing.T) world {
	t.Helper()
	store, err := storage.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	a := app.New(store, Now, slog.New(slog.NewTextHandler(io.Discard, nil)))
	return world{app.As(t.Context(), domain.LocalOwner()), a, store}
}

func loaded(t *testing.T) world {
	t.Helper()
	w := opened(t)
	if err := Load(w, w.app); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w world) programme(t *testing.T) (*domain.Programme, *domain.Cohort) {
	t.Helper()
	p := must[*domain.Programme](t)(w.app.ProgrammeKeyed(w, ProgrammeKey))
	cohorts := must[[]*domain.Cohort](t)(w.store.Read().CohortsOf(w, p.ID))
	if len(cohorts) != 1 {
		t.Fatalf("%d cohorts", len(cohorts))
	}
	return p, cohorts[0]
}

func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func TestTheProgrammeIsTheOneOnRecord(t *testing.T) {
	w := loaded(t)
	p, _ := w.programme(t)
	if p.StartsOn != "2019-02-07" || p.EndsOn != "2019-04-29" || p.TimeZone != "Europe/London" || p.OfficeNation != domain.England || p.Seats != (domain.SectorCount{Public: 19, Private: 19}) {
		t.Errorf("%+v", p)
	}
	if len(w.app.Weeks(p)) != 12 {
		t.Errorf("%d weeks", len(w.app.Weeks(p)))
	}
	if len(p.Milestones) != 2 || p.Milestones[0].On != "2019-02-07" || p.Milestones[1].On != "2019-04-29" {
		t.Errorf("milestones %+v", p.Milestones)
	}
}

func TestPeopleAndTeams(t *testing.T) {
	w := loaded(t)
	p, cohort := w.programme(t)
	r := w.store.Read()
	people := must[[]*domain.Enrolment](t)(r.EnrolmentsOf(w, []string{cohort.ID}))
	employers := map[string]*domain.Organisation{}
	for _, o := range must[[]*domain.Organisation](t)(r.AllOrganisations(w)) {
		employers[o.ID] = o
	}
	sectors := map[domain.Sector]int{}
	nominated := map[string]int{}
	inTeam := map[string]map[domain.Sector]int{}
	met := map[string]int{}
	needs, consented, away, homes := 0, 0, 0, map[domain.Nation]bool{}
	for _, e := range people {
		if e.StateOn(p, "2019-02-07") != domain.Active {
			t.Errorf("%s is %s", e.ID, e.Stored)
		}
		employer := employers[e.EmployerAtEnrolmentID]
		sectors[e.SectorAtEnrolment]++
		if employer.Kind == domain.Company {
			nominated[employer.Name]++
		}
		if (employer.Kind == domain.Company) != (employer.Sector == domain.Private) || employer.Sector != e.SectorAtEnrolment {
			t.Errorf("%s is a %s of sector %s", employer.Name, employer.Kind, employer.Sector)
		}
		if inTeam[*e.TeamID] == nil {
			inTeam[*e.TeamID] = map[domain.Sector]int{}
		}
		inTeam[*e.TeamID][e.SectorAtEnrolment]++
		if met[*e.TeamID+employer.ID]++; met[*e.TeamID+employer.ID] > 1 {
			t.Errorf("two of %s meet in a team", employer.Name)
		}
		for _, n := range e.Needs {
			needs++
			if n.ConsentedAt != nil {
				consented++
			}
		}
		if len(e.AwayOn) > 0 {
			away++
		}
		if len(e.SkillRatings) != 4 {
			t.Errorf("%d skills", len(e.SkillRatings))
		}
		s, _ := travel.Find(*e.HomeStationCode)
		homes[s.Nation] = true
	}
	if len(people) != 38 || sectors[domain.Public] != 19 || sectors[domain.Private] != 19 {
		t.Errorf("%d people, %v", len(people), sectors)
	}
	one := 0
	for _, n := range nominated {
		if n == 1 {
			one++
		} else if n != 2 {
			t.Errorf("a company nominated %d", n)
		}
	}
	if len(nominated) != 10 || one != 1 {
		t.Errorf("companies %v", nominated)
	}
	if needs < 6 || consented == 0 || consented == needs || away < 4 || len(homes) != 3 {
		t.Errorf("%d needs, %d with consent, %d away, homes in %v", needs, consented, away, homes)
	}
	var got []string
	challenges := map[string]bool{}
	for _, team := range must[[]*domain.Team](t)(r.TeamsOf(w, []string{cohort.ID})) {
		s := inTeam[team.ID]
		got = append(got, string(rune('0'+s[domain.Public]))+"/"+string(rune('0'+s[domain.Private])))
		challenges[*team.ChallengeID] = true
	}
	if strings.Join(got, " ") != "3/3 3/3 3/3 3/2 3/2 2/3 2/3" || len(challenges) != 7 {
		t.Errorf("teams %v, %d challenges", got, len(challenges))
	}
}

func TestChallengesCarryOwnerAndSource(t *testing.T) {
	w := loaded(t)
	p, _ := w.programme(t)
	challenges := must[[]*domain.Challenge](t)(w.store.Read().ChallengesOf(w, p.ID))
	unowned := 0
	for _, c := range challenges {
		if c.OwnerID == nil {
			unowned++
		}
		if c.Source == nil || c.Source.Licence != "Open Government Licence v3.0" || len(c.ThemeIDs) == 0 {
			t.Errorf("%s: %+v", c.Title, c.Source)
		}
		if c.Problem+c.Users+c.Need+c.Constraints+c.SuccessMeasures != "" {
			t.Errorf("%s says what nobody published", c.Title)
		}
	}
	if len(challenges) != 15 || unowned != 1 {
		t.Errorf("%d challenges, %d without an owner on record", len(challenges), unowned)
	}
}

func TestOffersBite(t *testing.T) {
	w := loaded(t)
	p, _ := w.programme(t)
	offers := map[string]*domain.HostOffer{}
	station := map[string]domain.Station{}
	nations := map[domain.Nation]int{}
	for _, o := range must[[]*domain.HostOffer](t)(w.store.Read().OffersOf(w, p.ID)) {
		site := must[*domain.Site](t)(storage.One[domain.Site](w, w.store.Read(), o.SiteID))
		s, ok := travel.Find(site.StationCode)
		if !ok {
			t.Fatalf("no station %s", site.StationCode)
		}
		offers[o.ExternalKey], station[o.ExternalKey] = o, s
		nations[s.Nation]++
	}
	if len(offers) != 16 || nations[domain.England] == 0 || nations[domain.Scotland] == 0 || nations[domain.Wales] == 0 {
		t.Fatalf("%d offers in %v", len(offers), nations)
	}
	days := func(key string) []domain.Date {
		var out []domain.Date
		for _, win := range offers[key].Windows {
			out = append(out, domain.DateOf(win.StartsAt.In(p.Location())))
		}
		return out
	}
	if tawe := days("H14"); len(tawe) != 1 || calendar.WorkingDay(tawe[0], station["H14"].Nation) {
		t.Errorf("Tawe's only day is no bank holiday in Wales: %v", tawe)
	}
	if kelvin := days("H08"); !slices.Contains(kelvin, "2019-04-22") || !calendar.WorkingDay("2019-04-22", station["H08"].Nation) {
		t.Errorf("Kelvin is not open on a Scottish working day, 22 April: %v", kelvin)
	}
	if cam := days("H15"); !slices.Contains(cam, "2019-04-19") || calendar.WorkingDay("2019-04-19", station["H15"].Nation) {
		t.Errorf("Cam is not open on Good Friday: %v", cam)
	}
	forth := days("H12")
	if len(forth) != 1 || calendar.Back(forth[0], offers["H12"].LeadTimeWorkingDays, station["H12"].Nation) >= domain.DateOf(Now()) {
		t.Errorf("Forth's only day is not too early: %v", forth)
	}
	if by := calendar.Back("2019-04-23", offers["H07"].LeadTimeWorkingDays, station["H07"].Nation); by != "2019-04-12" || !slices.Contains(days("H07"), "2019-04-23") {
		t.Errorf("Usk's names are due by %s", by)
	}
	for key, o := range offers {
		for _, win := range o.Windows {
			if int(win.EndsAt.Sub(win.StartsAt).Minutes()) < o.DurationMinutes {
				t.Errorf("%s does not fit its own window", key)
			}
		}
		if len(o.RequiredFields) == 0 || len(o.ThemeIDs) == 0 {
			t.Errorf("%s asks for nothing, or shows nothing", key)
		}
	}
}

func TestEveryThemeOfATeamIsShownSomewhere(t *testing.T) {
	w := loaded(t)
	p, cohort := w.programme(t)
	shown := map[string]bool{}
	for _, o := range must[[]*domain.HostOffer](t)(w.store.Read().OffersOf(w, p.ID)) {
		for _, id := range o.ThemeIDs {
			shown[id] = true
		}
	}
	for _, team := range must[[]*domain.Team](t)(w.store.Read().TeamsOf(w, []string{cohort.ID})) {
		c := must[*domain.Challenge](t)(w.app.Challenge(w, *team.ChallengeID))
		for _, id := range c.ThemeIDs {
			if !shown[id] {
				t.Errorf("nobody shows a theme of %s", c.Title)
			}
		}
	}
}

func TestLoadingAgainChangesNothing(t *testing.T) {
	w := loaded(t)
	before := must[int64](t)(w.app.DataVersion(w))
	if err := Load(w, w.app); err != nil {
		t.Fatal(err)
	}
	if after := must[int64](t)(w.app.DataVersion(w)); after != before {
		t.Errorf("the data went from version %d to %d", before, after)
	}
}

func TestTheWorkbookSaysTheSame(t *testing.T) {
	w := loaded(t)
	p, cohort := w.programme(t)
	book := must[[]byte](t)(File("techconnect-2019.xlsx"))
	for kind, into := range map[domain.ImportKind]string{domain.ImportProgrammes: "", domain.ImportChallenges: p.ID, domain.ImportOffers: p.ID, domain.ImportPeople: cohort.ID} {
		imp, wrong, err := w.app.ImportFile(w, kind, into, "techconnect-2019.xlsx", book, true)
		if err != nil || len(wrong) > 0 {
			t.Fatalf("%s: %v, %d rows have problems", kind, err, len(wrong))
		}
		if c := imp.Counts; c.Rows == 0 || c.Unchanged != c.Rows {
			t.Errorf("%s: %+v", kind, c)
		}
		reading := must[*domain.ImportReading](t)(w.app.ImportReading(w, imp))
		if reading.HeaderRow != 4 {
			t.Errorf("%s: the headings were found in row %d", kind, reading.HeaderRow)
		}
	}
	// A positive control: another seat would be seen.
	csvs := must[[]byte](t)(File("programme.csv"))
	rows := must[[][]string](t)(csv.NewReader(strings.NewReader(string(csvs))).ReadAll())
	rows[1][slices.Index(rows[0], "Public seats")] = "20"
	var changed strings.Builder
	out := csv.NewWriter(&changed)
	if err := out.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	imp, _, err := w.app.ImportFile(w, domain.ImportProgrammes, "", "programme.csv", []byte(changed.String()), true)
	if err != nil || imp.Counts.Updates != 1 {
		t.Errorf("%v, %+v", err, imp)
	}
}
