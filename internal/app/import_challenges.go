package app

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"tandem/internal/capability"
	"tandem/internal/domain"
	"tandem/internal/storage"
)

var challengeTargets = []target{
	{"title", "Title", true, []string{"Challenge", "Question", "Name", "How might we"}},
	{"key", "External key", false, []string{"Key", "Id", "Reference", "Ref"}},
	{"owner", "Owner", false, []string{"Owner organisation", "Challenge owner", "Department", "Organisation"}},
	{"problem", "Problem", false, []string{"What is wrong today"}},
	{"users", "Users", false, []string{"Who is affected"}},
	{"need", "Need", false, []string{"User need", "What they need"}},
	{"constraints", "Constraints", false, nil},
	{"successMeasures", "Success measures", false, []string{"Success", "Measures"}},
	{"themes", "Themes", false, []string{"Theme", "Tags", "Themes (ours)"}},
	{"skills", "Needed skills", false, []string{"Skills"}},
	{"sourceName", "Source", false, []string{"Source name", "Published by"}},
	{"sourceURL", "Source address", false, []string{"Source URL", "URL", "Link", "Address"}},
	{"licence", "Licence", false, []string{"License"}},
	{"published", "Published", false, []string{"Published on", "Announced"}},
}

func namesOfChallenge(c *domain.Challenge) []string {
	names := []string{word(c.Title)}
	if c.ExternalKey != "" {
		names = append(names, "key "+c.ExternalKey, word(c.ExternalKey))
	}
	return names
}

// readChallenges reads rows as challenges of a programme. One is known again by its external key, then by its title.
func (a *App) readChallenges(ctx context.Context, r storage.Reader, s *sheet, programme *domain.Programme) (*intake, error) {
	in := newIntake()
	if err := in.knowOrganisations(ctx, r); err != nil {
		return nil, err
	}
	if err := in.knowSkills(ctx, r); err != nil {
		return nil, err
	}
	if err := in.knowThemes(ctx, r, programme.ID); err != nil {
		return nil, err
	}
	known, err := r.ChallengesOf(ctx, programme.ID)
	if err != nil {
		return nil, err
	}
	in.challenges.know(known, namesOfChallenge)
	rowOf := map[*draft[domain.Challenge]]int{}
	for row := range s.each() {
		in.challenge(row, programme, rowOf)
	}
	return in, nil
}

func (in *intake) challenge(row *rowIn, programme *domain.Programme, rowOf map[*draft[domain.Challenge]]int) {
	title, key := row.need("title"), row.line("key")
	var owner *wantedOrganisation
	if row.line("owner") != "" && !none(row.line("owner")) {
		owner = row.organisation(in, "owner", "", "", domain.Department)
	}
	skills := row.skillsNeeded(in)
	source := row.source()
	byKey, byTitle := in.challenges.by["key "+key], in.challenges.by[word(title)]
	known := byTitle
	if key != "" {
		switch {
		case byKey != nil:
			known = byKey
			if byTitle != nil && byTitle != byKey {
				row.wrong("title", domain.CodeTaken, fmt.Sprintf("another challenge of the programme has the title “%s”.", title), nil)
			}
		case byTitle != nil && byTitle.noun.ExternalKey != "" && byTitle.before != nil:
			old := byTitle.noun.ExternalKey
			row.wrong("key", domain.CodeTaken, fmt.Sprintf("“%s” has the key %s already.", title, old), func() []fix { return []fix{{"Use " + old, old}, leaveEmpty} })
		}
	}
	if n := rowOf[known]; known != nil && n > 0 {
		row.wrong("title", domain.CodeTaken, fmt.Sprintf("the challenge is in row %d too. Leave one of the two rows out.", n), nil)
	}
	if row.bad() {
		return
	}
	if known == nil {
		row.created = true
		known = in.challenges.add(&domain.Challenge{ID: newID("challenge"), ProgrammeID: programme.ID, Stage: domain.Proposed, ThemeIDs: []string{}, NeededSkillIDs: []string{}}, word(title), "key "+key)
	}
	rowOf[known] = row.out.Number
	c := known.noun
	row.changed = fill(known, &c.Title, title)
	if key != "" {
		row.changed = fill(known, &c.ExternalKey, key) || row.changed
	}
	if owner != nil {
		id := owner.take(in).ID
		row.changed = fillBy(known, &c.OwnerID, &id, samePointed(c.OwnerID, &id)) || row.changed
	}
	for _, part := range []struct {
		target string
		part   *string
	}{{"problem", &c.Problem}, {"users", &c.Users}, {"need", &c.Need}, {"constraints", &c.Constraints}, {"successMeasures", &c.SuccessMeasures}} {
		switch cell := row.cell(part.target); {
		case none(cell):
			row.changed = fill(known, part.part, "") || row.changed
		case cell != "":
			row.changed = fill(known, part.part, cell) || row.changed
		}
	}
	if cell := row.cell("themes"); cell != "" {
		themes := in.themesNamed(programme.ID, items(cell))
		row.changed = fillBy(known, &c.ThemeIDs, themes, sameSet(c.ThemeIDs, themes)) || row.changed
	}
	if skills != nil {
		row.changed = fillBy(known, &c.NeededSkillIDs, skills, sameSet(c.NeededSkillIDs, skills)) || row.changed
	}
	if source != nil {
		row.changed = fillBy(known, &c.Source, source, c.Source != nil && sameSource(*c.Source, *source)) || row.changed
	}
	if c.Stage == domain.Proposed && c.FramingFilled() {
		row.changed = fill(known, &c.Stage, domain.Framed) || row.changed
	}
}

// sameSet compares lists whose order means nothing.
func sameSet(a, b []string) bool {
	x, y := slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(x, y)
}

func sameSource(a, b domain.Source) bool {
	return a.Name == b.Name && a.Licence == b.Licence && samePointed(a.URL, b.URL) && samePointed(a.PublishedOn, b.PublishedOn)
}

// skillsNeeded reads a list of skills of the framework; nil where the cell is empty.
func (r *rowIn) skillsNeeded(in *intake) []string {
	cell := r.cell("skills")
	if cell == "" {
		return nil
	}
	ids := []string{}
	for _, name := range skillItems(cell) {
		if d := in.skills.by[word(name)]; d != nil {
			ids = append(ids, d.noun.ID)
			continue
		}
		r.unknownSkill("skills", cell, name)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// source reads where a published text is from; nil where no column says anything.
func (r *rowIn) source() *domain.Source {
	name, address, licence, published := r.line("sourceName"), r.line("sourceURL"), r.line("licence"), r.date("published")
	if name == "" && address == "" && licence == "" && published == "" {
		return nil
	}
	s := &domain.Source{Name: name, Licence: licence}
	if name == "" {
		r.wrong("sourceName", domain.CodeRequired, "what is published has a source. Name it, or empty the cells of address, licence and day.", nil)
	}
	if licence == "" {
		r.wrong("licence", domain.CodeRequired, "what is published has a licence. Name it.", func() []fix { return []fix{{capability.Licence, capability.Licence}} })
	}
	if address != "" {
		if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			r.wrong("sourceURL", domain.CodeInvalid, fmt.Sprintf("“%s” is no web address.", address), func() []fix {
				if guess, err := url.Parse("https://" + address); err == nil && strings.Contains(guess.Host, ".") {
					return []fix{{"https://" + address, "https://" + address}, leaveEmpty}
				}
				return []fix{leaveEmpty}
			})
		}
		s.URL = &address
	}
	if published != "" {
		s.PublishedOn = &published
	}
	return s
}
