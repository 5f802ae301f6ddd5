package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/storage"
)

func placeOfChallenge(c *domain.Challenge) domain.Place {
	return domain.Place{Programme: c.ProgrammeID}
}

// Challenge is one challenge.
func (a *App) Challenge(ctx context.Context, id string) (*domain.Challenge, error) {
	return seen(ctx, a, "challenge", id, domain.SeeChallenges, placeOfChallenge)
}

// ChallengeIf is the challenge that a noun may name, for those who may see challenges.
func (a *App) ChallengeIf(ctx context.Context, id *string) (*domain.Challenge, error) {
	c, err := optional[domain.Challenge](ctx, a, id)
	if c == nil || err != nil || !may(ctx, domain.SeeChallenges, placeOfChallenge(c)) {
		return nil, err
	}
	return c, nil
}

// ChallengesNamed is the challenges that a noun names, those that the asker may see.
func (a *App) ChallengesNamed(ctx context.Context, ids []string) ([]*domain.Challenge, error) {
	found, err := all(ctx, nouns[domain.Challenge](a.view(ctx)), ids)
	return slices.DeleteFunc(found, func(c *domain.Challenge) bool { return !may(ctx, domain.SeeChallenges, placeOfChallenge(c)) }), err
}

// Challenges is a page of a programme's challenges; nil for those who may not see them.
func (a *App) Challenges(ctx context.Context, p *domain.Programme, f *domain.ChallengeFilter, order domain.ChallengeOrder, pg domain.Page) (*domain.Paged[domain.Challenge], error) {
	if !may(ctx, domain.SeeChallenges, domain.Place{Programme: p.ID}) {
		return nil, nil
	}
	filter := domain.ChallengeFilter{}
	if f != nil {
		filter = *f
	}
	found, err := a.read().Challenges(ctx, p.ID, filter, order, pg)
	if err == nil {
		keepAll(a.view(ctx), found.Nodes)
	}
	return found, err
}

// Theme is one theme.
func (a *App) Theme(ctx context.Context, id string) (*domain.Theme, error) {
	return seen(ctx, a, "theme", id, domain.SeeProgramme, func(t *domain.Theme) domain.Place { return domain.Place{Programme: t.ProgrammeID} })
}

// ThemeOf is the theme that a noun names.
func (a *App) ThemeOf(ctx context.Context, id string) (*domain.Theme, error) {
	return ref[domain.Theme](ctx, a, id)
}

// ThemesNamed is the themes that a noun of a programme names, by name. They are read with all themes of the programme, once
// in a request, whoever asks first.
func (a *App) ThemesNamed(ctx context.Context, programme string, ids []string) ([]*domain.Theme, error) {
	v := a.view(ctx)
	themes, err := list(v, "themes of programmes", func(ctx context.Context, programmes []string) (map[string][]*domain.Theme, error) {
		out := map[string][]*domain.Theme{}
		for _, p := range programmes {
			found, err := v.store.ThemesOf(ctx, p)
			if err != nil {
				return nil, err
			}
			out[p] = found
		}
		return out, nil
	}).get(ctx, programme)
	named := []*domain.Theme{}
	for _, t := range append(slices.Clone(themes), held[domain.Theme](v)...) {
		if slices.Contains(ids, t.ID) && !slices.ContainsFunc(named, func(x *domain.Theme) bool { return x.ID == t.ID }) {
			named = append(named, t)
		}
	}
	slices.SortFunc(named, func(x, y *domain.Theme) int { return strings.Compare(x.Name, y.Name) })
	return named, err
}

// SkillsNamed is the skills that a noun names, by name.
func (a *App) SkillsNamed(ctx context.Context, ids []string) ([]*domain.Skill, error) {
	found, err := all(ctx, nouns[domain.Skill](a.view(ctx)), ids)
	slices.SortFunc(found, func(x, y *domain.Skill) int { return strings.Compare(x.Name, y.Name) })
	return found, err
}

// SkillOf is the skill that a noun names.
func (a *App) SkillOf(ctx context.Context, id string) (*domain.Skill, error) {
	return ref[domain.Skill](ctx, a, id)
}

// Themes is the themes of a programme, by name.
func (a *App) Themes(ctx context.Context, p *domain.Programme) ([]*domain.Theme, error) {
	themes, err := a.read().ThemesOf(ctx, p.ID)
	return themes[:min(len(themes), 100)], err
}

func wantTeamsOf(v *view, challenge string) { teamsOfChallenges(v).want(challenge) }

func teamsOfChallenges(v *view) *batch[[]*domain.Team] {
	return list(v, "teams of challenges", func(ctx context.Context, challenges []string) (map[string][]*domain.Team, error) {
		found, err := v.store.TeamsWith(ctx, challenges)
		keepAll(v, found)
		return byKey(challenges, found, func(t *domain.Team) string { return deref(t.ChallengeID) }), err
	})
}

// TeamsOn is the teams that work on a challenge, at most 100; nil for those who may not see teams.
func (a *App) TeamsOn(ctx context.Context, c *domain.Challenge) ([]*domain.Team, error) {
	if !actor(ctx).MayAnywhere(domain.SeeTeams) {
		return nil, nil
	}
	teams, err := teamsOfChallenges(a.view(ctx)).get(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	visible := []*domain.Team{}
	for _, t := range teams {
		if may(ctx, domain.SeeTeams, placeOfTeam(t)) && len(visible) < 100 {
			visible = append(visible, t)
		}
	}
	return visible, nil
}

// CreateChallenge frames a new challenge. Coordinators of the programme, or scope CHALLENGE_WRITE.
func (a *App) CreateChallenge(ctx context.Context, in CreateChallengeInput) (*domain.Reply[domain.Challenge], error) {
	if _, err := a.Programme(ctx, in.ProgrammeID); err != nil {
		return nil, err
	}
	if err := must(ctx, domain.EditChallenges, domain.Place{Programme: in.ProgrammeID}); err != nil {
		return nil, err
	}
	return change(ctx, a, "createChallenge", in.Command, in, func(tx *storage.Tx) (*domain.Challenge, []*domain.Impact, error) {
		c := &domain.Challenge{ID: newID("challenge"), ProgrammeID: in.ProgrammeID, Title: strings.TrimSpace(in.Title), OwnerID: &in.OwnerID, Stage: domain.Proposed}
		if owner, err := storage.Get[domain.Organisation](ctx, tx.Reader, in.OwnerID); err != nil {
			return nil, nil, err
		} else if len(owner) == 0 {
			return nil, nil, domain.Refuse(domain.CodeNotFound, "ownerId", "There is no such organisation.", "Add the organisation first.")
		}
		if err := a.frame(ctx, tx, c, in.Framing); err != nil {
			return nil, nil, err
		}
		if c.FramingFilled() {
			c.Stage = domain.Framed
		}
		return c, []*domain.Impact{domain.Touch(domain.EffectCreated, "The challenge is framed.", c.ID)}, storage.Put(tx, c)
	})
}

// frame fills the parts of a challenge that are given, and refuses a title that is missing or taken.
func (a *App) frame(ctx context.Context, tx *storage.Tx, c *domain.Challenge, f *ChallengeFraming) error {
	if c.Title == "" {
		return domain.Refuse(domain.CodeRequired, "title", "A challenge needs its question.", "Begin with How might we.")
	}
	others, err := tx.ChallengesOf(ctx, c.ProgrammeID)
	if err != nil {
		return err
	}
	for _, o := range others {
		if o.ID != c.ID && strings.EqualFold(o.Title, c.Title) {
			return domain.Refuse(domain.CodeTaken, "title", "The programme has a challenge of this title.", "Choose another title, or change that one.")
		}
	}
	if f == nil {
		return nil
	}
	set(&c.Problem, f.Problem)
	set(&c.Users, f.Users)
	set(&c.Need, f.Need)
	set(&c.Constraints, f.Constraints)
	set(&c.SuccessMeasures, f.SuccessMeasures)
	if f.Themes != nil {
		if c.ThemeIDs, err = a.themes(ctx, tx, c.ProgrammeID, f.Themes); err != nil {
			return err
		}
	}
	if f.NeededSkillIds != nil {
		known, err := storage.Get[domain.Skill](ctx, tx.Reader, f.NeededSkillIds...)
		if err != nil {
			return err
		}
		for i, id := range f.NeededSkillIds {
			if !slices.ContainsFunc(known, func(s *domain.Skill) bool { return s.ID == id }) {
				return domain.Refuse(domain.CodeNotFound, fmt.Sprintf("framing.neededSkillIds.%d", i), "There is no such skill.", "Choose one of the framework's.")
			}
		}
		c.NeededSkillIDs = f.NeededSkillIds
	}
	return nil
}

// themes finds themes of a programme by name, whatever the case, and makes those that are new.
func (a *App) themes(ctx context.Context, tx *storage.Tx, programme string, names []string) ([]string, error) {
	known, err := tx.ThemesOf(ctx, programme)
	if err != nil {
		return nil, err
	}
	byName := map[string]string{}
	for _, t := range known {
		byName[strings.ToLower(t.Name)] = t.ID
	}
	ids := []string{}
	for _, n := range names {
		n = strings.TrimSpace(n)
		if n == "" {
			continue
		}
		id, ok := byName[strings.ToLower(n)]
		if !ok {
			t := &domain.Theme{ID: newID("theme"), ProgrammeID: programme, Name: n}
			if err := storage.Put(tx, t); err != nil {
				return nil, err
			}
			id = t.ID
			byName[strings.ToLower(n)] = id
		}
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// UpdateChallenge changes a framing or a stage. Coordinators, members of the teams that work on it, or CHALLENGE_WRITE.
// FRAMED and later need all parts of the framing (RULE_BROKEN).
func (a *App) UpdateChallenge(ctx context.Context, in UpdateChallengeInput) (*domain.Reply[domain.Challenge], error) {
	c, err := a.Challenge(ctx, in.ChallengeID)
	if err != nil {
		return nil, err
	}
	if err := a.mustEditChallenge(ctx, c); err != nil {
		return nil, err
	}
	return change(ctx, a, "updateChallenge", in.Command, in, func(tx *storage.Tx) (*domain.Challenge, []*domain.Impact, error) {
		c, err := storage.One[domain.Challenge](ctx, tx.Reader, in.ChallengeID)
		if err != nil {
			return nil, nil, err
		}
		if err := fresh(c.Edit, in.ExpectedVersion); err != nil {
			return c, nil, err
		}
		if in.Title != nil {
			c.Title = strings.TrimSpace(*in.Title)
		}
		if err := a.frame(ctx, tx, c, in.Framing); err != nil {
			return c, nil, err
		}
		if in.Stage != nil {
			if *in.Stage != domain.Proposed && !c.FramingFilled() {
				return c, nil, domain.Refuse(domain.CodeRuleBroken, "stage", "A challenge is framed once problem, users, need, constraints and success measures are all filled.", "Fill the empty parts first.")
			}
			c.Stage = *in.Stage
		}
		impact := []*domain.Impact{domain.Touch(domain.EffectChanged, "The challenge changes.", c.ID)}
		teams, err := tx.TeamsWith(ctx, []string{c.ID})
		if err != nil {
			return nil, nil, err
		}
		if len(teams) > 0 {
			ids := make([]string, len(teams))
			for i, t := range teams {
				ids[i] = t.ID
			}
			impact = append(impact, domain.Touch(domain.EffectChanged, "The teams work on it.", ids...))
		}
		return c, impact, storage.Put(tx, c)
	})
}

func (a *App) mustEditChallenge(ctx context.Context, c *domain.Challenge) error {
	err := must(ctx, domain.EditChallenges, placeOfChallenge(c))
	if err == nil || actor(ctx).PersonID == "" {
		return err
	}
	enrolments, failed := a.enrolmentsOf(ctx, actor(ctx).PersonID)
	if failed != nil {
		return failed
	}
	teams, failed := teamsOfChallenges(a.view(ctx)).get(ctx, c.ID)
	if failed != nil {
		return failed
	}
	for _, e := range enrolments {
		if e.Seated() && slices.ContainsFunc(teams, func(t *domain.Team) bool { return e.TeamID != nil && t.ID == *e.TeamID }) {
			return nil
		}
	}
	return err
}

// AssignChallenge gives a team its challenge, or takes it away. Coordinators only.
func (a *App) AssignChallenge(ctx context.Context, in AssignChallengeInput) (*domain.Reply[domain.Team], error) {
	t, err := a.Team(ctx, in.TeamID)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.RunProgramme, placeOfTeam(t)); err != nil {
		return nil, err
	}
	return change(ctx, a, "assignChallenge", in.Command, in, func(tx *storage.Tx) (*domain.Team, []*domain.Impact, error) {
		t, err := storage.One[domain.Team](ctx, tx.Reader, in.TeamID)
		if err != nil {
			return nil, nil, err
		}
		if err := fresh(t.Edit, in.ExpectedVersion); err != nil {
			return t, nil, err
		}
		if in.ChallengeID != nil {
			c, err := storage.Get[domain.Challenge](ctx, tx.Reader, *in.ChallengeID)
			if err != nil {
				return nil, nil, err
			}
			if len(c) == 0 || c[0].ProgrammeID != t.ProgrammeID {
				return t, nil, domain.Refuse(domain.CodeNotFound, "challengeId", "The programme has no such challenge.", "Choose one of its challenges.")
			}
		}
		t.ChallengeID = in.ChallengeID
		members, err := tx.Members(ctx, []string{t.ID})
		if err != nil {
			return nil, nil, err
		}
		ids := make([]string, len(members))
		for i, m := range members {
			ids[i] = m.ID
		}
		impact := []*domain.Impact{domain.Touch(domain.EffectChanged, "The team has another challenge.", t.ID)}
		if len(ids) > 0 {
			touched := domain.Touch(domain.EffectChanged, "The themes of their visits follow the challenge.", ids...)
			touched.Notice = &domain.Notice{Title: t.Name + ": your challenge", Text: "Your team's challenge has changed. The planning of visits follows its themes from now on."}
			impact = append(impact, touched)
		}
		return t, impact, storage.Put(tx, t)
	})
}
