package app

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"tandem/internal/capability"
	"tandem/internal/domain"
	"tandem/internal/storage"
)

// draft is a noun as loading would leave it. before is nil for one that loading makes.
type draft[D any] struct {
	noun    *D
	before  *D
	changed bool
}

// stock is the nouns of one kind that a table may touch, by the names under which rows know them.
type stock[D any] struct {
	drafts []*draft[D]
	by     map[string]*draft[D]
}

func newStock[D any]() *stock[D] { return &stock[D]{by: map[string]*draft[D]{}} }

// know takes nouns in as they are. A part of a noun that is a slice is replaced, never written into.
func (s *stock[D]) know(nouns []*D, names func(*D) []string) {
	for _, n := range nouns {
		copied := *n
		d := &draft[D]{noun: &copied, before: n}
		s.drafts = append(s.drafts, d)
		s.name(d, names(n)...)
	}
}

// name lets rows find a draft; an earlier one of the same name stays.
func (s *stock[D]) name(d *draft[D], names ...string) {
	for _, n := range names {
		if _, taken := s.by[n]; n != "" && !taken {
			s.by[n] = d
		}
	}
}

// add takes in a noun that loading makes.
func (s *stock[D]) add(n *D, names ...string) *draft[D] {
	d := &draft[D]{noun: n, changed: true}
	s.drafts = append(s.drafts, d)
	s.name(d, names...)
	return d
}

// fill sets a part of a noun, and reports whether that changed it.
func fill[D any, T comparable](d *draft[D], part *T, value T) bool {
	return fillBy(d, part, value, *part == value)
}

func fillBy[D, T any](d *draft[D], part *T, value T, same bool) bool {
	if same {
		return false
	}
	*part = value
	d.changed = true
	return true
}

// samePointed compares what two pointers hold.
func samePointed[T comparable](a, b *T) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// intake is everything that loading a table would write.
type intake struct {
	programmes    *stock[domain.Programme]
	cohorts       *stock[domain.Cohort]
	organisations *stock[domain.Organisation]
	skills        *stock[domain.Skill]
	themes        *stock[domain.Theme]
	challenges    *stock[domain.Challenge]
	teams         *stock[domain.Team]
	people        *stock[domain.Person]
	enrolments    *stock[domain.Enrolment]
	sites         *stock[domain.Site]
	offers        *stock[domain.HostOffer]
	waiting       []string            // enrolments that found no seat
	seats         *domain.SectorCount // people seated once loaded; nil unless people are loaded
}

func newIntake() *intake {
	return &intake{programmes: newStock[domain.Programme](), cohorts: newStock[domain.Cohort](), organisations: newStock[domain.Organisation](), skills: newStock[domain.Skill](),
		themes: newStock[domain.Theme](), challenges: newStock[domain.Challenge](), teams: newStock[domain.Team](), people: newStock[domain.Person](),
		enrolments: newStock[domain.Enrolment](), sites: newStock[domain.Site](), offers: newStock[domain.HostOffer]()}
}

// knowOrganisations takes in every organisation, by name.
func (in *intake) knowOrganisations(ctx context.Context, r storage.Reader) error {
	found, err := r.AllOrganisations(ctx)
	in.organisations.know(found, func(o *domain.Organisation) []string { return []string{word(o.Name)} })
	return err
}

// knowSkills takes in every skill: those that are kept, and the framework's that are not yet.
func (in *intake) knowSkills(ctx context.Context, r storage.Reader) error {
	found, err := r.Skills(ctx)
	in.skills.know(found, func(s *domain.Skill) []string { return []string{word(s.Name)} })
	for _, name := range capability.Skills() {
		if in.skills.by[word(name)] == nil {
			in.skills.add(&domain.Skill{ID: skillID(name), Name: name}, word(name))
		}
	}
	return err
}

// skillID gives a published skill the same id everywhere.
func skillID(name string) string {
	return "skill_" + uuid.NewSHA1(uuid.NameSpaceURL, []byte("capability-framework/"+name)).String()
}

// knowThemes takes in the themes of a programme, by name.
func (in *intake) knowThemes(ctx context.Context, r storage.Reader, programme string) error {
	found, err := r.ThemesOf(ctx, programme)
	in.themes.know(found, func(t *domain.Theme) []string { return []string{strings.ToLower(t.Name)} })
	return err
}

// themesNamed finds or makes themes.
func (in *intake) themesNamed(programme string, names []string) []string {
	ids := []string{}
	for _, n := range names {
		d := in.themes.by[strings.ToLower(n)]
		if d == nil {
			d = in.themes.add(&domain.Theme{ID: newID("theme"), ProgrammeID: programme, Name: n}, strings.ToLower(n))
		}
		if !slices.Contains(ids, d.noun.ID) {
			ids = append(ids, d.noun.ID)
		}
	}
	return ids
}

// trace is what taking a change back needs: the noun's id, a mark of what it held once loaded, and how it was before; nil
// where loading made it.
type trace[D any] struct {
	ID     string
	Mark   string
	Before *D `json:",omitempty"`
}

// markOf tells whether a noun holds what it held, however often it was saved: what was edited and taken back is as it was.
func markOf[D any](noun *D) (string, error) {
	held := *noun
	if e, ok := any(&held).(edited); ok {
		*e.Edited() = domain.Edit{}
	}
	body, err := json.Marshal(held)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(body)
	return base64.RawStdEncoding.EncodeToString(sum[:9]), nil
}

// footprint is the traces of a whole import.
type footprint struct {
	Programmes    []trace[domain.Programme]    `json:",omitempty"`
	Cohorts       []trace[domain.Cohort]       `json:",omitempty"`
	Organisations []trace[domain.Organisation] `json:",omitempty"`
	Themes        []trace[domain.Theme]        `json:",omitempty"`
	Challenges    []trace[domain.Challenge]    `json:",omitempty"`
	Teams         []trace[domain.Team]         `json:",omitempty"`
	People        []trace[domain.Person]       `json:",omitempty"`
	Enrolments    []trace[domain.Enrolment]    `json:",omitempty"`
	Sites         []trace[domain.Site]         `json:",omitempty"`
	Offers        []trace[domain.HostOffer]    `json:",omitempty"`
}

func (f footprint) pack() ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if err := json.NewEncoder(w).Encode(f); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

func unpack(packed []byte) (f footprint, err error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return f, err
	}
	err = json.NewDecoder(r).Decode(&f)
	return f, err
}

// write saves what a table changes, in an order in which everything that a noun names is there before it, and says what
// undoing needs and what was touched.
func (in *intake) write(tx *storage.Tx) (footprint, []*domain.Impact, error) {
	var f footprint
	var impact []*domain.Impact
	var made []*domain.Skill // the framework is the product's own, and stays
	for _, d := range in.skills.drafts {
		if d.before == nil {
			made = append(made, d.noun)
		}
	}
	err := storage.Put(tx, made...)
	for _, write := range []func() error{
		func() error {
			return put(tx, in.organisations, &f.Organisations, &impact, "organisation", "organisations")
		},
		func() error { return put(tx, in.programmes, &f.Programmes, &impact, "programme", "programmes") },
		func() error { return put(tx, in.cohorts, &f.Cohorts, &impact, "cohort", "cohorts") },
		func() error { return put(tx, in.themes, &f.Themes, &impact, "theme", "themes") },
		func() error { return put(tx, in.challenges, &f.Challenges, &impact, "challenge", "challenges") },
		func() error { return put(tx, in.teams, &f.Teams, &impact, "team", "teams") },
		func() error { return put(tx, in.people, &f.People, &impact, "person", "people") },
		func() error { return put(tx, in.enrolments, &f.Enrolments, &impact, "enrolment", "enrolments") },
		func() error { return put(tx, in.sites, &f.Sites, &impact, "site", "sites") },
		func() error { return put(tx, in.offers, &f.Offers, &impact, "offer", "offers") },
	} {
		if err != nil {
			return f, nil, err
		}
		err = write()
	}
	if len(in.waiting) > 0 {
		because := "They join the waiting list: the seats of their sector are taken."
		impact = append(impact, domain.Touch(domain.EffectCreated, because, in.waiting...))
	}
	return f, impact, err
}

// put saves the drafts that are new or changed.
func put[D any](tx *storage.Tx, s *stock[D], traces *[]trace[D], impact *[]*domain.Impact, one, many string) error {
	var nouns []*D // copies, which saving stamps: a preview that was run dry is written once more
	var made, changed []string
	for _, d := range s.drafts {
		switch {
		case !d.changed:
			continue
		case d.before == nil:
			made = append(made, idOf(d.noun))
		default:
			changed = append(changed, idOf(d.noun))
		}
		saved := *d.noun
		nouns = append(nouns, &saved)
	}
	if err := storage.Put(tx, nouns...); err != nil {
		return err
	}
	for _, d := range s.drafts {
		if d.changed {
			mark, err := markOf(d.noun)
			if err != nil {
				return err
			}
			*traces = append(*traces, trace[D]{idOf(d.noun), mark, d.before})
		}
	}
	if made != nil {
		*impact = append(*impact, domain.Touch(domain.EffectCreated, count(len(made), one, many)+" from the file.", made...))
	}
	if changed != nil {
		*impact = append(*impact, domain.Touch(domain.EffectChanged, count(len(changed), one, many)+" updated from the file.", changed...))
	}
	return nil
}

// edited is a noun that people edit.
type edited interface{ Edited() *domain.Edit }

// takeBack restores what was changed and removes what was made, in the opposite order of write. It refuses, naming each
// noun, where one was edited since or where something that came later needs it.
func (f footprint) takeBack(ctx context.Context, tx *storage.Tx) ([]*domain.Impact, error) {
	var wrong domain.Refusal
	var impact []*domain.Impact
	name := func(d any) string { return nameOf(ctx, tx, d) }
	for _, restore := range []func() error{
		func() error { return restore(ctx, tx, f.Organisations, name, &wrong, &impact) },
		func() error { return restore(ctx, tx, f.Programmes, name, &wrong, &impact) },
		func() error { return restore(ctx, tx, f.Cohorts, name, &wrong, &impact) },
		func() error { return restore(ctx, tx, f.Challenges, name, &wrong, &impact) },
		func() error { return restore(ctx, tx, f.Teams, name, &wrong, &impact) },
		func() error { return restore(ctx, tx, f.People, name, &wrong, &impact) },
		func() error { return restore(ctx, tx, f.Enrolments, name, &wrong, &impact) },
		func() error { return restore(ctx, tx, f.Sites, name, &wrong, &impact) },
		func() error { return restore(ctx, tx, f.Offers, name, &wrong, &impact) },
		func() error { return remove(ctx, tx, f.Offers, "offer", name, &wrong, &impact) },
		func() error { return remove(ctx, tx, f.Sites, "site", name, &wrong, &impact) },
		func() error { return remove(ctx, tx, f.Enrolments, "enrolment", name, &wrong, &impact) },
		func() error { return remove(ctx, tx, f.People, "person", name, &wrong, &impact) },
		func() error { return remove(ctx, tx, f.Teams, "team", name, &wrong, &impact) },
		func() error { return remove(ctx, tx, f.Challenges, "challenge", name, &wrong, &impact) },
		func() error { return remove(ctx, tx, f.Themes, "theme", name, &wrong, &impact) },
		func() error { return remove(ctx, tx, f.Cohorts, "cohort", name, &wrong, &impact) },
		func() error { return remove(ctx, tx, f.Programmes, "programme", name, &wrong, &impact) },
		func() error { return remove(ctx, tx, f.Organisations, "organisation", name, &wrong, &impact) },
	} {
		if err := restore(); err != nil {
			return nil, err
		}
		if len(wrong) > 0 { // what else stands in the way would be named half right
			return nil, wrong
		}
	}
	return impact, nil
}

const problemsNamed = 10

func ids[D any](traces []trace[D]) []string {
	out := make([]string, len(traces))
	for i, t := range traces {
		out[i] = t.ID
	}
	return out
}

// untouched reads the nouns of traces, and complains of each that was edited since.
func untouched[D any](ctx context.Context, tx *storage.Tx, traces []trace[D], name func(any) string, wrong *domain.Refusal) (map[string]*D, error) {
	found, err := storage.Get[D](ctx, tx.Reader, ids(traces)...)
	if err != nil {
		return nil, err
	}
	now := make(map[string]*D, len(found))
	for _, d := range found {
		now[idOf(d)] = d
	}
	for _, t := range traces {
		d := now[t.ID]
		if d == nil || len(*wrong) >= problemsNamed {
			continue
		}
		mark, err := markOf(d)
		if err != nil {
			return nil, err
		}
		if mark == t.Mark {
			continue
		}
		by := any(d).(edited).Edited().SavedBy
		*wrong = append(*wrong, domain.Problem(domain.CodeWrongState, "importId", fmt.Sprintf("%s was edited since, by %s.", name(d), by), "Change it back by hand; this import stays."))
	}
	return now, nil
}

func restore[D any](ctx context.Context, tx *storage.Tx, traces []trace[D], name func(any) string, wrong *domain.Refusal, impact *[]*domain.Impact) error {
	now, err := untouched(ctx, tx, traces, name, wrong)
	if err != nil || len(*wrong) > 0 {
		return err
	}
	var back []*D
	var touched []string
	for _, t := range traces {
		if t.Before == nil || now[t.ID] == nil {
			continue
		}
		*any(t.Before).(edited).Edited() = *any(now[t.ID]).(edited).Edited()
		back = append(back, t.Before)
		touched = append(touched, t.ID)
	}
	if touched != nil {
		*impact = append(*impact, domain.Touch(domain.EffectChanged, "They are as they were before the import.", touched...))
	}
	return storage.Put(tx, back...)
}

func remove[D any](ctx context.Context, tx *storage.Tx, traces []trace[D], kind string, name func(any) string, wrong *domain.Refusal, impact *[]*domain.Impact) error {
	made := slices.DeleteFunc(slices.Clone(traces), func(t trace[D]) bool { return t.Before != nil })
	found, err := storage.Get[D](ctx, tx.Reader, ids(made)...)
	if err != nil || len(found) == 0 {
		return err
	}
	needed, err := tx.Dependants(ctx, kind, ids(made))
	if err != nil {
		return err
	}
	for _, n := range needed {
		if len(*wrong) >= problemsNamed {
			break
		}
		what := kind
		if i := slices.IndexFunc(found, func(d *D) bool { return idOf(d) == n.On }); i >= 0 {
			what = name(found[i])
		}
		*wrong = append(*wrong, domain.Problem(domain.CodeWrongState, "importId",
			fmt.Sprintf("%s is needed by %s that came since.", what, count(n.Count, n.One, n.Many)), "Take those away first."))
	}
	if len(*wrong) > 0 {
		return nil
	}
	*impact = append(*impact, domain.Touch(domain.EffectRemoved, "The import made them.", ids(made)...))
	return storage.Remove(tx, found...)
}

// nameOf says a noun to a person.
func nameOf(ctx context.Context, tx *storage.Tx, noun any) string {
	switch n := noun.(type) {
	case *domain.Programme:
		return n.Name
	case *domain.Cohort:
		return n.Name
	case *domain.Organisation:
		return n.Name
	case *domain.Theme:
		return "The theme “" + n.Name + "”"
	case *domain.Challenge:
		return "“" + n.Title + "”"
	case *domain.Team:
		return n.Name
	case *domain.Person:
		return n.Name
	case *domain.Enrolment:
		if p, err := storage.One[domain.Person](ctx, tx.Reader, n.PersonID); err == nil {
			return "The place of " + p.Name
		}
	case *domain.Site:
		return n.Name
	case *domain.HostOffer:
		if s, err := storage.One[domain.Site](ctx, tx.Reader, n.SiteID); err == nil {
			return "The offer at " + s.Name
		}
	}
	return "Something"
}
