package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/storage"
)

// What came of it: skills, attendance, the steps and outcomes of teams, insights that were put to use, and what it costs.
// The sponsor's brief is computed from these, and shows none of them person by person.

func init() {
	nodes["attendance"] = finder((*App).Attendance)
	nodes["budget"] = finder((*App).BudgetLine)
	prime[domain.Attendance]()
	prime[domain.BudgetLine]()
}

// RateSkills records levels of a person's skills; each replaces an earlier one of the same kind. Coordinators, and the
// person for what they say of themself.
func (a *App) RateSkills(ctx context.Context, in RateSkillsInput) (*domain.Reply[domain.Enrolment], error) {
	return a.editing(ctx, "rateSkills", in.Command, in, in.EnrolmentID, in.ExpectedVersion, domain.RateSkills, func(tx *storage.Tx, e *domain.Enrolment) ([]*domain.Impact, error) {
		if (in.Kind == domain.Peer || in.Kind == domain.Mentor) && !may(ctx, domain.RecordProgress, e.Place()) {
			return nil, domain.Forbidden("What others say of a person's skills is recorded by the coordinator.")
		}
		if e.Stored != domain.Accepted {
			return nil, domain.Refuse(domain.CodeWrongState, "enrolmentId", "Only somebody with a seat is rated.", "Accept them first.")
		}
		switch closed, err := ratingsClosed(ctx, tx, e, in.Kind); {
		case err != nil:
			return nil, err
		case closed:
			return nil, domain.Refuse(domain.CodeWrongState, "kind", "Ratings are closed: what people said of themselves then is what briefs tell.", "")
		}
		known, err := byIDs[domain.Skill](ctx, tx.Reader, skillIDs(in.Ratings))
		if err != nil {
			return nil, err
		}
		var wrong domain.Refusal
		seen := map[string]bool{}
		for i, r := range in.Ratings {
			field := fmt.Sprintf("ratings.%d.", i)
			switch {
			case known[r.SkillID] == nil:
				wrong = append(wrong, domain.Problem(domain.CodeNotFound, field+"skillId", "There is no such skill.", "Choose one of the framework's."))
			case r.Level < 0 || r.Level > 4:
				wrong = append(wrong, domain.Problem(domain.CodeInvalid, field+"level", "A level lies between 0, none, and 4, expert.", "Give 0, 1, 2, 3 or 4."))
			case seen[r.SkillID]:
				wrong = append(wrong, domain.Problem(domain.CodeTaken, field+"skillId", "The skill is rated twice.", "Give one level a skill."))
			}
			seen[r.SkillID] = true
		}
		if len(in.Ratings) == 0 {
			wrong = append(wrong, domain.Problem(domain.CodeRequired, "ratings", "There is no level to record.", "Give one level at least."))
		}
		if wrong != nil {
			return nil, wrong
		}
		e.SkillRatings = slices.DeleteFunc(e.SkillRatings, func(r *domain.SkillRating) bool { return r.Kind == in.Kind && seen[r.SkillID] })
		for _, r := range in.Ratings {
			e.SkillRatings = append(e.SkillRatings, &domain.SkillRating{SkillID: r.SkillID, Level: r.Level, Kind: in.Kind})
		}
		return []*domain.Impact{domain.Touch(domain.EffectChanged, "Their skills are rated; a brief tells of them in ranges only.", e.ID)}, nil
	})
}

// ratingsClosed reports whether what people say of themselves has been counted for briefs already.
func ratingsClosed(ctx context.Context, tx *storage.Tx, e *domain.Enrolment, kind domain.SkillRatingKind) (bool, error) {
	if kind == domain.Peer || kind == domain.Mentor {
		return false, nil
	}
	c, err := storage.One[domain.Cohort](ctx, tx.Reader, e.CohortID)
	return err == nil && c.RatingsClosedOn != nil, err
}

// CloseRatings settles what people said of their own skills: it is counted once, for this and all later briefs. Coordinators
// only.
func (a *App) CloseRatings(ctx context.Context, in CloseRatingsInput) (*domain.Reply[domain.Cohort], error) {
	c, err := a.Cohort(ctx, in.CohortID)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.RecordProgress, placeOfCohort(c)); err != nil {
		return nil, err
	}
	return change(ctx, a, "closeRatings", in.Command, in, func(tx *storage.Tx) (*domain.Cohort, []*domain.Impact, error) {
		c, err := storage.One[domain.Cohort](ctx, tx.Reader, in.CohortID)
		if err != nil {
			return nil, nil, err
		}
		if err := fresh(c.Edit, in.ExpectedVersion); err != nil {
			return c, nil, err
		}
		if c.RatingsClosedOn != nil {
			return c, nil, domain.Refuse(domain.CodeWrongState, "cohortId", "The ratings are closed already.", "")
		}
		p, err := storage.One[domain.Programme](ctx, tx.Reader, c.ProgrammeID)
		if err != nil {
			return nil, nil, err
		}
		today := a.today(p)
		c.RatingsClosedOn = &today
		return c, []*domain.Impact{domain.Touch(domain.EffectChanged, "What people say of their own skills is settled; briefs count it once.", c.ID)}, storage.Put(tx, c)
	})
}

func skillIDs(ratings []*SkillRatingInput) []string {
	ids := make([]string, len(ratings))
	for i, r := range ratings {
		ids[i] = r.SkillID
	}
	return ids
}

// TeamMilestones is every step with the day on which a team reached it; nil for those who may not see teams there.
func (a *App) TeamMilestones(ctx context.Context, t *domain.Team) []*domain.TeamMilestone {
	if !may(ctx, domain.SeeTeams, placeOfTeam(t)) {
		return nil
	}
	out := make([]*domain.TeamMilestone, len(domain.TeamSteps))
	for i, s := range domain.TeamSteps {
		out[i] = &domain.TeamMilestone{Step: s}
		for _, m := range t.Milestones {
			if m.Step == s {
				out[i] = m
			}
		}
	}
	return out
}

// TeamOutcomes is what came of a team's work, by date; nil for those who may not see teams there.
func (a *App) TeamOutcomes(ctx context.Context, t *domain.Team) []*domain.Outcome {
	if !may(ctx, domain.SeeTeams, placeOfTeam(t)) {
		return nil
	}
	return present(t.Outcomes)
}

// editingTeam runs an edit of what a team has reached. Coordinators only.
func (a *App) editingTeam(ctx context.Context, action string, c domain.Command, in any, id string, expected int, work func(*domain.Team, domain.Date) (*domain.Impact, error)) (*domain.Reply[domain.Team], error) {
	t, err := a.Team(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.RecordProgress, placeOfTeam(t)); err != nil {
		return nil, err
	}
	return change(ctx, a, action, c, in, func(tx *storage.Tx) (*domain.Team, []*domain.Impact, error) {
		t, err := storage.One[domain.Team](ctx, tx.Reader, id)
		if err != nil {
			return nil, nil, err
		}
		if err := fresh(t.Edit, expected); err != nil {
			return t, nil, err
		}
		p, err := storage.One[domain.Programme](ctx, tx.Reader, t.ProgrammeID)
		if err != nil {
			return nil, nil, err
		}
		impact, err := work(t, a.today(p))
		if err != nil {
			return t, nil, err
		}
		return t, []*domain.Impact{impact}, storage.Put(tx, t)
	})
}

// notAhead is nil for a day that has come.
func notAhead(field string, on, today domain.Date) *domain.UserError {
	if on > today {
		return domain.Problem(domain.CodeInvalid, field, "The day has not come: today is "+string(today)+".", "Record it on the day or afterwards.")
	}
	return nil
}

// RecordMilestone records that a team reached a step, or takes that back. Coordinators only.
func (a *App) RecordMilestone(ctx context.Context, in RecordMilestoneInput) (*domain.Reply[domain.Team], error) {
	return a.editingTeam(ctx, "recordMilestone", in.Command, in, in.TeamID, in.ExpectedVersion, func(t *domain.Team, today domain.Date) (*domain.Impact, error) {
		if in.ReachedOn != nil {
			if wrong := notAhead("reachedOn", *in.ReachedOn, today); wrong != nil {
				return nil, domain.Refusal{wrong}
			}
		}
		because := "The step is taken back."
		t.Milestones = slices.DeleteFunc(t.Milestones, func(m *domain.TeamMilestone) bool { return m.Step == in.Step })
		if in.ReachedOn != nil {
			because = "The team has reached a step."
			t.Milestones = append(t.Milestones, &domain.TeamMilestone{Step: in.Step, ReachedOn: in.ReachedOn})
			slices.SortFunc(t.Milestones, func(x, y *domain.TeamMilestone) int {
				return slices.Index(domain.TeamSteps, x.Step) - slices.Index(domain.TeamSteps, y.Step)
			})
		}
		return domain.Touch(domain.EffectChanged, because, t.ID), nil
	})
}

// RecordOutcomes records all that came of a team's work. Coordinators only.
func (a *App) RecordOutcomes(ctx context.Context, in RecordOutcomesInput) (*domain.Reply[domain.Team], error) {
	return a.editingTeam(ctx, "recordOutcomes", in.Command, in, in.TeamID, in.ExpectedVersion, func(t *domain.Team, today domain.Date) (*domain.Impact, error) {
		var wrong domain.Refusal
		outcomes := []*domain.Outcome{}
		for i, o := range in.Outcomes {
			field := fmt.Sprintf("outcomes.%d.", i)
			text := strings.TrimSpace(o.Text)
			if text == "" || len([]rune(text)) > 300 {
				wrong = append(wrong, domain.Problem(domain.CodeInvalid, field+"text", "An outcome is told in 1 to 300 characters.", "Say what came of it in a sentence."))
			}
			if ahead := notAhead(field+"on", o.On, today); ahead != nil {
				wrong = append(wrong, ahead)
			}
			outcomes = append(outcomes, &domain.Outcome{Kind: o.Kind, Text: text, On: o.On})
		}
		if len(in.Outcomes) > 20 {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, "outcomes", "A team has at most 20 outcomes.", "Leave some out."))
		}
		if wrong != nil {
			return nil, wrong
		}
		slices.SortStableFunc(outcomes, func(x, y *domain.Outcome) int { return strings.Compare(string(x.On), string(y.On)) })
		t.Outcomes = outcomes
		return domain.Touch(domain.EffectChanged, "What came of the team's work changes.", t.ID), nil
	})
}

// InsightUsers is the teams that build on an insight.
func (a *App) InsightUsers(ctx context.Context, i *domain.Insight) ([]*domain.Team, error) {
	return all(ctx, nouns[domain.Team](a.view(ctx)), i.UsedByTeamIDs)
}

// UseInsight says that a team builds on an insight, or no longer does. Coordinators, and members of the team.
func (a *App) UseInsight(ctx context.Context, in UseInsightInput) (*domain.Reply[domain.Insight], error) {
	i, err := a.Insight(ctx, in.InsightID)
	if err != nil {
		return nil, err
	}
	t, err := a.Team(ctx, in.TeamID)
	if err != nil {
		return nil, err
	}
	if err := a.mustSpeakFor(ctx, t); err != nil {
		return nil, err
	}
	return change(ctx, a, "useInsight", in.Command, in, func(tx *storage.Tx) (*domain.Insight, []*domain.Impact, error) {
		i, err := storage.One[domain.Insight](ctx, tx.Reader, i.ID)
		if err != nil {
			return nil, nil, err
		}
		if err := fresh(i.Edit, in.ExpectedVersion); err != nil {
			return i, nil, err
		}
		if t.CohortID != i.CohortID {
			return i, nil, domain.Refuse(domain.CodeNotFound, "teamId", "The insight is of another cohort than the team.", "Choose a team of its cohort.")
		}
		because := "The team does not build on it."
		i.UsedByTeamIDs = slices.DeleteFunc(i.UsedByTeamIDs, func(id string) bool { return id == t.ID })
		if in.Used {
			because = "The team builds on it."
			i.UsedByTeamIDs = append(i.UsedByTeamIDs, t.ID)
		}
		return i, []*domain.Impact{domain.Touch(domain.EffectChanged, because, i.ID)}, storage.Put(tx, i)
	})
}

// mustSpeakFor is nil for those who may say what a team does: coordinators, and its members.
func (a *App) mustSpeakFor(ctx context.Context, t *domain.Team) error {
	err := must(ctx, domain.RecordProgress, placeOfTeam(t))
	if err == nil || actor(ctx).PersonID == "" {
		return err
	}
	members, failed := membersOfTeams(a.view(ctx)).get(ctx, t.ID)
	if failed != nil {
		return failed
	}
	if slices.ContainsFunc(members, func(e *domain.Enrolment) bool { return e.PersonID == actor(ctx).PersonID }) {
		return nil
	}
	return err
}

// Attendance is who was there on one visit day. Coordinators only.
func (a *App) Attendance(ctx context.Context, id string) (*domain.Attendance, error) {
	return seen(ctx, a, "attendance", id, domain.SeeProgress, (*domain.Attendance).Place)
}

func attendancesOf(v *view) *batch[[]*domain.Attendance] {
	return list(v, "attendances of cohorts", func(ctx context.Context, cohorts []string) (map[string][]*domain.Attendance, error) {
		found, err := v.store.AttendancesOf(ctx, cohorts)
		return byKey(cohorts, mine(v, found), func(d *domain.Attendance) string { return d.CohortID }), err
	})
}

// VisitDays is the visit days of a cohort's plan in force, in order; nil for those who may not see attendance.
func (a *App) VisitDays(ctx context.Context, c *domain.Cohort) ([]*domain.VisitDay, error) {
	if !may(ctx, domain.SeeProgress, placeOfCohort(c)) {
		return nil, nil
	}
	programme, err := ref[domain.Programme](ctx, a, c.ProgrammeID)
	if err != nil {
		return nil, err
	}
	plan, err := a.planInForce(ctx, c.ID)
	if err != nil || plan == nil {
		return []*domain.VisitDay{}, err
	}
	people, err := a.cohortPeople(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	kept, err := attendancesOf(a.view(ctx)).get(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	days := visitDays(plan, people, a.today(programme))
	for _, d := range days {
		for _, k := range kept {
			if k.On == d.On {
				d.Attendance = k
			}
		}
	}
	return days, nil
}

// visitDays is the days of a plan on which a visit stands, in order, with who is to go. People are in the order wanted.
func visitDays(p *domain.VisitPlan, people []*domain.Enrolment, today domain.Date) []*domain.VisitDay {
	out := []*domain.VisitDay{}
	groups := map[string]*domain.VisitGroup{}
	for _, g := range p.Groups {
		groups[g.ID] = g
	}
	going := map[domain.Date]map[string]bool{}
	for _, v := range inOrder(p) {
		if v.Stored == domain.VisitCancelled {
			continue
		}
		if going[v.On] == nil {
			going[v.On] = map[string]bool{}
			out = append(out, &domain.VisitDay{On: v.On, Held: v.On <= today, CohortID: p.CohortID, GoingIDs: []string{}})
		}
		d := out[slices.IndexFunc(out, func(d *domain.VisitDay) bool { return d.On == v.On })]
		d.VisitIDs = append(d.VisitIDs, v.ID)
		for _, id := range groups[v.GroupID].MemberIDs {
			going[v.On][id] = true
		}
	}
	for _, d := range out {
		for _, e := range people {
			if going[d.On][e.ID] {
				d.GoingIDs = append(d.GoingIDs, e.ID)
			}
		}
	}
	slices.SortFunc(out, func(x, y *domain.VisitDay) int { return strings.Compare(string(x.On), string(y.On)) })
	return out
}

// VisitsOn is the visits of a visit day.
func (a *App) VisitsOn(ctx context.Context, d *domain.VisitDay) ([]*domain.Visit, error) {
	found, err := all(ctx, nouns[domain.Visit](a.view(ctx)), d.VisitIDs)
	a.wish(ctx, found...)
	return found, err
}

// RecordAttendance records who was there on a visit day, and who was not; who is named in neither is not known.
// Coordinators only. The version is the day's; 0 where none is kept.
func (a *App) RecordAttendance(ctx context.Context, in RecordAttendanceInput) (*domain.Reply[domain.Attendance], error) {
	c, err := a.Cohort(ctx, in.CohortID)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.RecordProgress, placeOfCohort(c)); err != nil {
		return nil, err
	}
	return change(ctx, a, "recordAttendance", in.Command, in, func(tx *storage.Tx) (*domain.Attendance, []*domain.Impact, error) {
		kept, err := tx.AttendancesOf(ctx, []string{c.ID})
		if err != nil {
			return nil, nil, err
		}
		d := &domain.Attendance{ID: newID("attendance"), CohortID: c.ID, ProgrammeID: c.ProgrammeID, On: in.On}
		for _, k := range kept {
			if k.On == in.On {
				d = k
			}
		}
		if err := fresh(d.Edit, in.ExpectedVersion); err != nil {
			return known(d), nil, err
		}
		programme, err := storage.One[domain.Programme](ctx, tx.Reader, c.ProgrammeID)
		if err != nil {
			return nil, nil, err
		}
		people, err := tx.EnrolmentsOf(ctx, []string{c.ID})
		if err != nil {
			return nil, nil, err
		}
		plans, err := tx.PlanInForce(ctx, []string{c.ID})
		if err != nil {
			return nil, nil, err
		}
		var wrong domain.Refusal
		if ahead := notAhead("on", in.On, a.today(programme)); ahead != nil {
			wrong = append(wrong, ahead)
		}
		if !slices.ContainsFunc(plans, func(p *domain.VisitPlan) bool {
			return slices.ContainsFunc(visitDays(p, nil, ""), func(v *domain.VisitDay) bool { return v.On == in.On })
		}) {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, "on", "The plan in force has no visit on that day.", "Choose one of its visit days."))
		}
		named := map[string]bool{}
		for _, list := range []struct {
			field string
			ids   []string
		}{{"presentIds", in.PresentIds}, {"absentIds", in.AbsentIds}} {
			for i, id := range list.ids {
				field := fmt.Sprintf("%s.%d", list.field, i)
				switch {
				case !slices.ContainsFunc(people, func(e *domain.Enrolment) bool { return e.ID == id && e.AcceptedOn != nil }):
					wrong = append(wrong, domain.Problem(domain.CodeNotFound, field, "Nobody with a seat in the cohort has this id.", "Name its people by their enrolments."))
				case named[id]:
					wrong = append(wrong, domain.Problem(domain.CodeTaken, field, "They are named twice.", "Name everybody once."))
				}
				named[id] = true
			}
		}
		if wrong != nil {
			return known(d), nil, wrong
		}
		d.PresentIDs, d.AbsentIDs = present(in.PresentIds), present(in.AbsentIds)
		return d, []*domain.Impact{domain.Touch(domain.EffectChanged, "Who was there is recorded.", d.ID)}, storage.Put(tx, d)
	})
}

// known is a noun that is kept already; nil for one that was only begun.
func known(d *domain.Attendance) *domain.Attendance {
	if d.Version == 0 {
		return nil
	}
	return d
}

// BudgetLine is one line of what is contracted. Coordinators only.
func (a *App) BudgetLine(ctx context.Context, id string) (*domain.BudgetLine, error) {
	return seen(ctx, a, "budget line", id, domain.SeeProgress, (*domain.BudgetLine).Place)
}

// Budget is what is contracted for a cohort, in the order of entry; nil for those who may not see it.
func (a *App) Budget(ctx context.Context, c *domain.Cohort) ([]*domain.BudgetLine, error) {
	if !may(ctx, domain.SeeProgress, placeOfCohort(c)) {
		return nil, nil
	}
	v := a.view(ctx)
	return list(v, "budget of cohorts", func(ctx context.Context, cohorts []string) (map[string][]*domain.BudgetLine, error) {
		found, err := v.store.BudgetOf(ctx, cohorts)
		return byKey(cohorts, mine(v, found), func(l *domain.BudgetLine) string { return l.CohortID }), err
	}).get(ctx, c.ID)
}

// SaveBudgetLine adds a line of what the organiser contracts for a cohort, or changes one. Coordinators only.
func (a *App) SaveBudgetLine(ctx context.Context, in SaveBudgetLineInput) (*domain.Reply[domain.BudgetLine], error) {
	c, err := a.Cohort(ctx, in.CohortID)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.RecordProgress, placeOfCohort(c)); err != nil {
		return nil, err
	}
	return change(ctx, a, "saveBudgetLine", in.Command, in, func(tx *storage.Tx) (*domain.BudgetLine, []*domain.Impact, error) {
		kept, err := tx.BudgetOf(ctx, []string{c.ID})
		if err != nil {
			return nil, nil, err
		}
		l := &domain.BudgetLine{ID: newID("budget"), CohortID: c.ID, ProgrammeID: c.ProgrammeID}
		effect, because := domain.EffectCreated, "The line is added."
		if in.LineID != nil {
			i := slices.IndexFunc(kept, func(k *domain.BudgetLine) bool { return k.ID == *in.LineID })
			if i < 0 {
				return nil, nil, domain.Refuse(domain.CodeNotFound, "lineId", "The cohort has no such line.", "Read its lines again.")
			}
			l, effect, because = kept[i], domain.EffectChanged, "The line changes."
			if in.ExpectedVersion == nil {
				return l, nil, domain.Refuse(domain.CodeRequired, "expectedVersion", "An edit says which version it was based on.", "Send the line's version.")
			}
			if err := fresh(l.Edit, *in.ExpectedVersion); err != nil {
				return l, nil, err
			}
		} else if len(kept) >= domain.PageMax {
			return nil, nil, domain.Refuse(domain.CodeRuleBroken, "cohortId", "A cohort has at most 100 lines.", "Put several into one.")
		}
		l.Text, l.Basis, l.Pence = strings.TrimSpace(in.Text), strings.TrimSpace(in.Basis), in.Pence
		var wrong domain.Refusal
		if l.Text == "" || len([]rune(l.Text)) > 200 {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, "text", "A line says what it is for, in 1 to 200 characters.", "Name it."))
		}
		if l.Basis == "" || len([]rune(l.Basis)) > 200 {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, "basis", "A figure says where it is from, in 1 to 200 characters.", "Name the contract, the invoice, or the estimate."))
		}
		if l.Pence < 0 || l.Pence > 1_000_000_000 {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, "pence", "A line lies between nothing and ten million pounds.", "Check the figure; it is in pence."))
		}
		if wrong != nil {
			return nil, nil, wrong
		}
		return l, []*domain.Impact{domain.Touch(effect, because, l.ID)}, storage.Put(tx, l)
	})
}

// RemoveBudgetLine takes a line away. Coordinators only.
func (a *App) RemoveBudgetLine(ctx context.Context, in RemoveBudgetLineInput) (*domain.Reply[domain.BudgetLine], error) {
	l, err := a.BudgetLine(ctx, in.LineID)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.RecordProgress, l.Place()); err != nil {
		return nil, err
	}
	return change(ctx, a, "removeBudgetLine", in.Command, in, func(tx *storage.Tx) (*domain.BudgetLine, []*domain.Impact, error) {
		l, err := storage.One[domain.BudgetLine](ctx, tx.Reader, in.LineID)
		if err != nil {
			return nil, nil, err
		}
		if err := fresh(l.Edit, in.ExpectedVersion); err != nil {
			return l, nil, err
		}
		return nil, []*domain.Impact{domain.Touch(domain.EffectRemoved, "The line is taken away.", l.ID)}, storage.Remove(tx, l)
	})
}
