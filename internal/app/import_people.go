package app

import (
	"context"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/capability"
	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/table"
)

var peopleTargets = []target{
	{"name", "Name", true, []string{"Full name", "Participant", "Person", "Employee name"}},
	{"key", "External key", false, []string{"Key", "Id", "Staff no", "Staff number", "Employee number", "Employee id", "Reference", "Ref"}},
	{"email", "E-mail", false, []string{"Email", "Mail", "Email address", "Work email"}},
	{"employer", "Employer", true, []string{"Org", "Organisation", "Organization", "Company", "Department", "Nominated by"}},
	{"employerKind", "Employer kind", false, []string{"Kind", "Organisation kind", "Organisation type", "Employer type"}},
	{"sector", "Sector", false, []string{"Public or private", "Side"}},
	{"homeStation", "Home station", false, []string{"Nearest stn", "Nearest station", "Station", "Home stn", "Travels from"}},
	{"team", "Team", false, []string{"Team number", "Team no", "Team name"}},
	{"challenge", "Team's challenge", false, []string{"Challenge"}},
	{"away", "Days away", false, []string{"Unavailable", "Can't do", "Away", "Away on", "Not available", "Leave"}},
	{"diet", "Dietary need", false, []string{"Diet", "Dietary needs", "Dietary", "Dietary requirements", "Food"}},
	{"stepFree", "Step-free", false, []string{"Step free access", "Needs step-free access", "Wheelchair"}},
	{"access", "Access need", false, []string{"Access", "Access needs", "Accessibility", "Access requirements"}},
	{"consent", "Hosts may be told", false, []string{"Consent", "Needs consent", "Consent given", "Consented"}},
	{"skills", "Skills", false, []string{"Skill levels", "Self-assessment"}},
	{"state", "State", false, []string{"Status"}},
}

// readPeople reads rows as people with their places in a cohort and their teams. A person is known again by the external
// key, then by e-mail address, then by name and employer within the cohort.
func (a *App) readPeople(ctx context.Context, r storage.Reader, s *sheet, programme *domain.Programme, cohort *domain.Cohort) (*intake, error) {
	p := &peopleReader{intake: newIntake(), programme: programme, cohort: cohort, rowOf: map[string]int{}, places: map[string]*draft[domain.Enrolment]{}}
	if err := p.know(ctx, r, s); err != nil {
		return nil, err
	}
	for row := range s.each() {
		p.read(row)
	}
	p.seats = &p.taken
	return p.intake, nil
}

type peopleReader struct {
	*intake
	programme *domain.Programme
	cohort    *domain.Cohort
	rowOf     map[string]int // the first row that names a person so
	places    map[string]*draft[domain.Enrolment]
	taken     domain.SectorCount
	lastTeam  int
}

func (p *peopleReader) know(ctx context.Context, r storage.Reader, s *sheet) error {
	if err := p.knowOrganisations(ctx, r); err != nil {
		return err
	}
	if err := p.knowSkills(ctx, r); err != nil {
		return err
	}
	challenges, err := r.ChallengesOf(ctx, p.programme.ID)
	if err != nil {
		return err
	}
	p.challenges.know(challenges, namesOfChallenge)
	teams, err := r.TeamsOf(ctx, []string{p.cohort.ID})
	if err != nil {
		return err
	}
	p.teams.know(teams, func(t *domain.Team) []string {
		p.lastTeam = max(p.lastTeam, t.Number)
		return []string{strconv.Itoa(t.Number), word(t.Name)}
	})
	enrolments, err := r.EnrolmentsOf(ctx, []string{p.cohort.ID})
	if err != nil {
		return err
	}
	p.enrolments.know(enrolments, func(e *domain.Enrolment) []string { return []string{e.PersonID} })
	inCohort := map[string]*domain.Enrolment{}
	var people []string
	for _, e := range enrolments {
		inCohort[e.PersonID] = e
		people = append(people, e.PersonID)
		if e.Seated() {
			p.taken.Add(e.SectorAtEnrolment, 1)
		}
	}
	keys, emails := s.values("key"), s.values("email")
	for i, e := range emails {
		emails[i] = strings.ToLower(e)
	}
	known, err := storage.Get[domain.Person](ctx, r, people...)
	if err != nil {
		return err
	}
	named, err := r.PeopleByKeys(ctx, keys, emails)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	known = slices.DeleteFunc(append(known, named...), func(d *domain.Person) bool {
		again := seen[d.ID]
		seen[d.ID] = true
		return again
	})
	p.people.know(known, func(d *domain.Person) []string {
		names := []string{"key " + deref(d.ExternalKey), "mail " + deref(d.Email)}
		for i, n := range names {
			if strings.HasSuffix(n, " ") {
				names[i] = ""
			}
		}
		if e := inCohort[d.ID]; e != nil {
			names = append(names, nameAndEmployer(d.Name, employerOf(d, e)))
		}
		return names
	})
	return nil
}

func nameAndEmployer(name, employer string) string { return "name " + word(name) + " at " + employer }

// employerOf is where a person works now, as far as is known.
func employerOf(d *domain.Person, e *domain.Enrolment) string {
	for _, f := range d.Affiliations {
		if f.To == nil {
			return f.OrganisationID
		}
	}
	if e != nil {
		return e.EmployerAtEnrolmentID
	}
	return ""
}

func (p *peopleReader) read(row *rowIn) {
	name, key, email := row.need("name"), row.line("key"), strings.ToLower(row.line("email"))
	if none(key) {
		key = ""
	}
	if none(email) {
		email = ""
	}
	if email != "" {
		if at, err := mail.ParseAddress(email); err != nil || at.Address != email {
			row.wrong("email", domain.CodeInvalid, fmt.Sprintf("“%s” is no e-mail address.", email), func() []fix { return []fix{leaveEmpty} })
		}
	}
	p.first(row, "key", key, "key "+key)
	p.first(row, "email", email, "mail "+email)
	employer := row.organisation(p.intake, "employer", "employerKind", "sector", "")
	home := row.station("homeStation")
	away := row.dates("away")
	team := p.team(row)
	levels := row.skillLevels(p.intake)
	state := row.enrolmentState()
	stepFree, stepFreeGiven := row.yes("stepFree")

	byKey, byMail := p.people.by["key "+key], p.people.by["mail "+email]
	if key == "" {
		byKey = nil
	}
	if email == "" {
		byMail = nil
	}
	known := byKey
	switch {
	case byKey != nil && byMail != nil && byKey != byMail:
		row.wrong("email", domain.CodeTaken, fmt.Sprintf("this is the address of %s, and the key is that of %s.", byMail.noun.Name, byKey.noun.Name), func() []fix {
			return []fix{{"Keep the address that is known", deref(byKey.noun.Email)}, leaveEmpty}
		})
	case byKey == nil && byMail != nil && key != "" && byMail.noun.ExternalKey != nil:
		old := *byMail.noun.ExternalKey
		row.wrong("key", domain.CodeTaken, fmt.Sprintf("%s with this e-mail address has the key %s already.", byMail.noun.Name, old), func() []fix {
			return []fix{{"Use " + old, old}, leaveEmpty}
		})
	case byKey == nil:
		known = byMail
	}
	if employer != nil && name != "" && key == "" && email == "" {
		as := nameAndEmployer(name, employer.id())
		p.first(row, "name", name, as)
		known = p.people.by[as]
	}
	var place *draft[domain.Enrolment]
	if known != nil {
		if !row.bad() {
			p.first(row, "name", name, known.noun.ID)
		}
		place = p.enrolments.by[known.noun.ID]
	}
	switch {
	case place != nil && state != "":
		p.checkState(row, place.noun, state, known.noun.Name)
	case place == nil && state == domain.Withdrawn:
		row.wrong("state", domain.CodeWrongState, name+" has no place to leave. Leave the row out.", func() []fix { return []fix{leaveEmpty} })
	}
	var needs []*domain.Need
	if place != nil {
		needs = place.noun.Needs
	}
	needs = row.needs(needs, stepFree, stepFreeGiven)
	if row.bad() {
		return
	}

	works := employer.take(p.intake)
	if known == nil {
		known = p.people.add(&domain.Person{ID: newID("person"), Affiliations: []*domain.Affiliation{}})
	}
	d := known.noun
	p.rowOf[d.ID] = row.out.Number
	p.people.name(known, nameAndEmployer(name, works.ID))
	if key != "" {
		p.people.name(known, "key "+key)
	}
	if email != "" {
		p.people.name(known, "mail "+email)
	}
	person := fill(known, &d.Name, name)
	if key != "" {
		person = fillBy(known, &d.ExternalKey, &key, samePointed(d.ExternalKey, &key)) || person
	}
	if email != "" {
		person = fillBy(known, &d.Email, &email, samePointed(d.Email, &email)) || person
	}
	var standing *domain.Enrolment
	if place != nil {
		standing = place.noun
	}
	if was := employerOf(d, standing); was != works.ID {
		person = fillBy(known, &d.Affiliations, moved(d.Affiliations, works.ID, row.today), false) || person
	}
	row.changed = person

	if place == nil {
		row.created = true
		e := &domain.Enrolment{ID: newID("enrolment"), PersonID: d.ID, CohortID: p.cohort.ID, ProgrammeID: p.programme.ID,
			Stored: domain.Invited, AwayOn: []domain.Date{}, Needs: []*domain.Need{}, SkillRatings: []*domain.SkillRating{}}
		place = p.enrolments.add(e, d.ID)
		if state == "" {
			state = domain.Accepted
		}
	}
	e := place.noun
	if !e.Seated() && e.Stored != domain.Withdrawn {
		row.changed = fill(place, &e.EmployerAtEnrolmentID, works.ID) || row.changed
		row.changed = fill(place, &e.SectorAtEnrolment, works.Sector) || row.changed
	}
	if home != "" {
		row.changed = fillBy(place, &e.HomeStationCode, &home, samePointed(e.HomeStationCode, &home)) || row.changed
	} else if none(row.cell("homeStation")) {
		row.changed = fillBy(place, &e.HomeStationCode, nil, e.HomeStationCode == nil) || row.changed
	}
	if row.cell("away") != "" {
		row.changed = fillBy(place, &e.AwayOn, away, slices.Equal(e.AwayOn, away)) || row.changed
	}
	row.changed = fillBy(place, &e.Needs, needs, sameNeeds(e.Needs, needs)) || row.changed
	if levels != nil {
		ratings := rated(e.SkillRatings, levels)
		row.changed = fillBy(place, &e.SkillRatings, ratings, sameRatings(e.SkillRatings, ratings)) || row.changed
	}
	row.changed = p.seat(row, place, state) || row.changed
	if row.cell("team") != "" {
		var id *string
		if team != nil {
			id = &p.join(row, team).noun.ID
		}
		row.changed = fillBy(place, &e.TeamID, id, samePointed(e.TeamID, id)) || row.changed
	}
}

// first complains where an earlier row of the file names the same person.
func (p *peopleReader) first(row *rowIn, target, value, as string) {
	if value == "" {
		return
	}
	if n, again := p.rowOf[as]; again {
		row.wrong(target, domain.CodeTaken, fmt.Sprintf("“%s” is in row %d too. Leave one of the two rows out, or correct it.", value, n), func() []fix {
			if target == "name" {
				return nil
			}
			return []fix{leaveEmpty}
		})
		return
	}
	p.rowOf[as] = row.out.Number
}

// moved ends what lasts and begins time with another employer.
func moved(old []*domain.Affiliation, to string, today domain.Date) []*domain.Affiliation {
	next := &domain.Affiliation{OrganisationID: to}
	out := []*domain.Affiliation{next}
	for _, f := range old {
		ended := *f
		if ended.To == nil {
			ended.To, next.From = &today, &today
		}
		out = append(out, &ended)
	}
	return out
}

// seat brings an enrolment into the state that a row asks for: a seat while the sector has one, else the waiting list.
func (p *peopleReader) seat(row *rowIn, place *draft[domain.Enrolment], state domain.EnrolmentState) bool {
	e := place.noun
	if state == "" || e.Stored == state {
		return false
	}
	if state == domain.Accepted {
		if p.taken.Of(e.SectorAtEnrolment) >= p.programme.Seats.Of(e.SectorAtEnrolment) {
			if place.before == nil {
				p.waiting = append(p.waiting, e.ID)
			}
			return fill(place, &e.Stored, domain.Waitlisted)
		}
		p.taken.Add(e.SectorAtEnrolment, 1)
		fillBy(place, &e.AcceptedOn, &row.today, false)
	}
	return fill(place, &e.Stored, state)
}

var enrolmentStates = map[string]domain.EnrolmentState{
	"accepted": domain.Accepted, "active": domain.Accepted, "completed": domain.Accepted, "confirmed": domain.Accepted,
	"invited": domain.Invited, "offered": domain.Invited,
	"waitlisted": domain.Waitlisted, "waiting": domain.Waitlisted, "waitinglist": domain.Waitlisted, "waitlist": domain.Waitlisted,
	"withdrawn": domain.Withdrawn, "left": domain.Withdrawn,
}

func (r *rowIn) enrolmentState() domain.EnrolmentState {
	cell := r.line("state")
	if cell == "" {
		return ""
	}
	state, ok := enrolmentStates[word(cell)]
	if !ok {
		r.wrong("state", domain.CodeInvalid, fmt.Sprintf("“%s” is none of accepted, invited and waitlisted.", cell), func() []fix {
			return named([]string{"accepted", "invited", "waitlisted"})
		})
	}
	return state
}

// checkState complains of steps that a table must not take for somebody who has a place.
func (p *peopleReader) checkState(row *rowIn, e *domain.Enrolment, state domain.EnrolmentState, who string) {
	what := ""
	switch {
	case state == e.Stored:
	case state == domain.Withdrawn:
		what = who + " has a place. Withdraw them in Tandem, where the reason is asked for."
	case e.Stored == domain.Withdrawn:
		what = who + " left the cohort. Enrol them again in Tandem, or leave the cell empty."
	case e.Stored == domain.Accepted:
		what = who + " has a seat already, which a table does not take away."
	}
	if what != "" {
		row.wrong("state", domain.CodeWrongState, what, func() []fix { return []fix{leaveEmpty} })
	}
}

// wantedTeam is the team that a row names.
type wantedTeam struct {
	number    int
	name      string // "" where the row gives a number alone
	known     *draft[domain.Team]
	challenge *string
}

var numberedTeam = regexp.MustCompile(`(?i)^(?:team\s*)?(\d{1,4})(?:\s*[-:.–]?\s+(\S.*))?$`)

// team reads which team a row names, by number ("3"), number and name ("3 Border") or name, and its challenge.
func (p *peopleReader) team(row *rowIn) *wantedTeam {
	cell, asked := row.line("team"), row.line("challenge")
	if cell == "" || none(cell) {
		if asked != "" && !none(asked) {
			row.wrong("challenge", domain.CodeInvalid, "a challenge is a team's, and the row names no team.", func() []fix { return []fix{leaveEmpty} })
		}
		return nil
	}
	w := &wantedTeam{}
	if m := numberedTeam.FindStringSubmatch(cell); m != nil {
		w.number, _ = strconv.Atoi(m[1])
		w.name = m[2]
		w.known = p.teams.by[m[1]]
		if w.number == 0 {
			row.wrong("team", domain.CodeInvalid, "teams are numbered from 1.", func() []fix { return []fix{leaveEmpty} })
		}
	} else {
		w.name, w.known = cell, p.teams.by[word(cell)]
	}
	if asked == "" || none(asked) {
		return w
	}
	c := p.challenges.by[word(asked)]
	if c == nil {
		row.wrong("challenge", domain.CodeNotFound, fmt.Sprintf("the programme has no challenge “%s”.", asked), func() []fix {
			var titles []string
			for _, d := range p.challenges.drafts {
				titles = append(titles, d.noun.Title)
			}
			return append(named(closest(asked, titles)), leaveEmpty)
		})
		return w
	}
	w.challenge = &c.noun.ID
	if w.known != nil && w.known.changed && w.known.noun.ChallengeID != nil && *w.known.noun.ChallengeID != *w.challenge {
		other := p.challenges.byID(*w.known.noun.ChallengeID).Title
		row.wrong("challenge", domain.CodeTaken, fmt.Sprintf("an earlier row gives %s the challenge “%s”.", w.known.noun.Name, other), func() []fix { return []fix{{other, other}, leaveEmpty} })
	}
	return w
}

func (s *stock[D]) byID(id string) *D {
	for _, d := range s.drafts {
		if idOf(d.noun) == id {
			return d.noun
		}
	}
	return new(D)
}

// join finds or makes a team and gives it the name and challenge that the row does.
func (p *peopleReader) join(row *rowIn, w *wantedTeam) *draft[domain.Team] {
	d := w.known
	if d == nil {
		if w.number == 0 {
			w.number = p.lastTeam + 1
		}
		p.lastTeam = max(p.lastTeam, w.number)
		d = p.teams.add(&domain.Team{ID: newID("team"), CohortID: p.cohort.ID, ProgrammeID: p.programme.ID, Number: w.number, Name: fmt.Sprintf("Team %d", w.number), Milestones: []*domain.TeamMilestone{}, Outcomes: []*domain.Outcome{}},
			strconv.Itoa(w.number), word(w.name))
	}
	if w.name != "" {
		row.changed = fill(d, &d.noun.Name, w.name) || row.changed
	}
	if w.challenge != nil {
		row.changed = fillBy(d, &d.noun.ChallengeID, w.challenge, samePointed(d.noun.ChallengeID, w.challenge)) || row.changed
	}
	return d
}

// skillLevels reads "User research methods: 3; Prototyping: working" into levels by skill; nil where the cell is empty.
func (r *rowIn) skillLevels(in *intake) map[string]int {
	cell := r.cell("skills")
	if cell == "" {
		return nil
	}
	levels := map[string]int{}
	for _, item := range skillItems(cell) {
		i := strings.LastIndexAny(item, ":=")
		if i < 0 {
			r.wrong("skills", domain.CodeRequired, fmt.Sprintf("“%s” has no level. Write one from 0 (none) to 4 (expert) behind it, such as “%s: 2”.", item, item), nil)
			continue
		}
		name, said := strings.TrimSpace(item[:i]), strings.TrimSpace(item[i+1:])
		level := slices.IndexFunc(capability.Levels[:], func(l string) bool { return strings.EqualFold(l, said) })
		if n, err := strconv.Atoi(said); err == nil {
			level = n
		}
		if level < 0 || level > 4 {
			r.wrong("skills", domain.CodeInvalid, fmt.Sprintf("“%s” is no level from 0 (none) to 4 (expert).", said), nil)
			continue
		}
		if d := in.skills.by[word(name)]; d != nil {
			levels[d.noun.ID] = level
			continue
		}
		r.unknownSkill("skills", cell, name)
	}
	return levels
}

// skillItems parts a list at semicolons and line breaks only: published names hold commas.
func skillItems(cell string) []string {
	if none(cell) {
		return nil
	}
	var out []string
	for _, p := range strings.FieldsFunc(cell, func(c rune) bool { return c == ';' || c == '\n' }) {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			out = append(out, p)
		}
	}
	return out
}

func (r *rowIn) unknownSkill(target, cell, name string) {
	r.wrong(target, domain.CodeNotFound, fmt.Sprintf("“%s” is no skill of the capability framework.", name), func() []fix {
		var out []fix
		for _, n := range closest(name, capability.Skills()) {
			out = append(out, fix{n, strings.Replace(cell, name, n, 1)})
		}
		if len(out) == 0 {
			out = append(out, leaveEmpty)
		}
		return out
	})
}

// rated replaces the person's own first ratings, and keeps all others.
func rated(old []*domain.SkillRating, levels map[string]int) []*domain.SkillRating {
	out := slices.DeleteFunc(slices.Clone(old), func(s *domain.SkillRating) bool { return s.Kind == domain.SelfPre })
	skills := make([]string, 0, len(levels))
	for id := range levels {
		skills = append(skills, id)
	}
	slices.Sort(skills)
	for _, id := range skills {
		out = append(out, &domain.SkillRating{SkillID: id, Level: levels[id], Kind: domain.SelfPre})
	}
	return out
}

func sameRatings(a, b []*domain.SkillRating) bool {
	plain := func(list []*domain.SkillRating) []string {
		out := make([]string, len(list))
		for i, s := range list {
			out[i] = fmt.Sprint(s.SkillID, s.Kind, s.Level)
		}
		slices.Sort(out)
		return out
	}
	return slices.Equal(plain(a), plain(b))
}

// needs reads what a row says of needs and of consent to tell hosts, on top of what is known.
func (r *rowIn) needs(known []*domain.Need, stepFree, stepFreeGiven bool) []*domain.Need {
	out := slices.Clone(known)
	say := func(kind domain.NeedKind, target string) {
		cell := strings.Join(strings.Fields(r.cell(target)), " ")
		if cell == "" || cell == needText(known, kind) {
			return
		}
		of := func(n *domain.Need) bool { return n.Kind == kind }
		var consented *time.Time
		if i := slices.IndexFunc(out, of); i >= 0 {
			consented = out[i].ConsentedAt
		}
		out = slices.DeleteFunc(out, of)
		if !none(cell) && !strings.EqualFold(cell, "no") {
			out = append(out, &domain.Need{Kind: kind, Text: &cell, ConsentedAt: consented})
		}
	}
	say(domain.NeedDiet, "diet")
	if has := slices.ContainsFunc(out, isStepFree); stepFreeGiven && stepFree != has {
		out = slices.DeleteFunc(out, isStepFree)
		if stepFree {
			out = append(out, &domain.Need{Kind: domain.NeedStepFree})
		}
	}
	say(domain.NeedAccess, "access")
	slices.SortStableFunc(out, func(a, b *domain.Need) int { return needRank(a.Kind) - needRank(b.Kind) })
	if cell := r.line("consent"); cell != "" && cell != consentCell(out, r.zone) {
		return r.consent(cell, out)
	}
	return out
}

func isStepFree(n *domain.Need) bool { return n.Kind == domain.NeedStepFree }

func needRank(k domain.NeedKind) int {
	return slices.Index([]domain.NeedKind{domain.NeedDiet, domain.NeedStepFree, domain.NeedAccess}, k)
}

// needText is what is known of one kind of need, as one cell.
func needText(needs []*domain.Need, kind domain.NeedKind) string {
	var texts []string
	for _, n := range needs {
		if n.Kind == kind {
			texts = append(texts, strings.Join(strings.Fields(deref(n.Text)), " "))
		}
	}
	return strings.Join(texts, "; ")
}

var needWords = map[string]domain.NeedKind{"diet": domain.NeedDiet, "food": domain.NeedDiet, "stepfree": domain.NeedStepFree, "access": domain.NeedAccess}

// consent reads yes, no, the day of consent, or a list of what may be told ("diet; step-free 2019-02-01").
func (r *rowIn) consent(cell string, needs []*domain.Need) []*domain.Need {
	all := []domain.NeedKind{domain.NeedDiet, domain.NeedStepFree, domain.NeedAccess}
	agreed := map[domain.NeedKind]*time.Time{}
	if l := strings.ToLower(cell); slices.Contains([]string{"no", "n", "false", "0"}, l) || none(cell) {
		cell = ""
	}
	for _, item := range items(cell) {
		kinds, at := all, r.now.UTC().Truncate(time.Microsecond)
		yes := slices.Contains([]string{"yes", "y", "true", "1", "x"}, strings.ToLower(item))
		first, rest, _ := strings.Cut(item, " ")
		if kind, ok := needWords[word(first)]; ok {
			kinds, item = []domain.NeedKind{kind}, rest
			yes = rest == ""
		}
		if !yes {
			d, err := table.ParseDate(item, r.order)
			if err != nil {
				r.wrong("consent", domain.CodeInvalid, fmt.Sprintf("“%s” is neither yes nor no, nor the day of consent.", cell), func() []fix { return []fix{{"Yes", "yes"}, {"No", "no"}, leaveEmpty} })
				return needs
			}
			day := d.Time()
			at = time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, r.zone).UTC()
		}
		for _, k := range kinds {
			moment := at
			agreed[k] = &moment
			if yes { // who agreed before has not agreed anew
				if i := slices.IndexFunc(needs, func(n *domain.Need) bool { return n.Kind == k && n.ConsentedAt != nil }); i >= 0 {
					agreed[k] = needs[i].ConsentedAt
				}
			}
		}
	}
	out := make([]*domain.Need, len(needs))
	for i, n := range needs {
		told := *n
		told.ConsentedAt = agreed[n.Kind]
		out[i] = &told
	}
	return out
}

func sameNeeds(a, b []*domain.Need) bool {
	return slices.EqualFunc(a, b, func(x, y *domain.Need) bool {
		return x.Kind == y.Kind && samePointed(x.Text, y.Text) &&
			(x.ConsentedAt == nil) == (y.ConsentedAt == nil) && (x.ConsentedAt == nil || x.ConsentedAt.Equal(*y.ConsentedAt))
	})
}

// consentCell is how a table says which needs hosts may be told: yes or no, else what and since when.
func consentCell(needs []*domain.Need, zone *time.Location) string {
	var told []string
	days := map[domain.Date]bool{}
	for _, n := range needs {
		if n.ConsentedAt == nil {
			continue
		}
		d := domain.DateOf(n.ConsentedAt.In(zone))
		days[d] = true
		told = append(told, strings.ReplaceAll(strings.ToLower(string(n.Kind)), "_", "-")+" "+string(d))
	}
	switch {
	case len(needs) == 0:
		return ""
	case len(told) == 0:
		return "no"
	case len(told) == len(needs) && len(days) == 1:
		_, d, _ := strings.Cut(told[0], " ")
		return d
	}
	return strings.Join(told, "; ")
}
