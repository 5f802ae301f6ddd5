package sample

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tandem/internal/app"
	"tandem/internal/domain"
)

// Ended is the day on which the sample's last brief is released, after its twelve weeks.
const Ended = domain.Date("2019-05-03")

// surveyed are the skills that everybody rates: before, and at the end twice.
var surveyed = []string{"Agile working", "Team dynamics and collaboration", "User research methods", "Prototyping", "Communicating between the technical and non-technical", "Data analysis and synthesis"}

// play is the sample's twelve weeks under way. Nothing in it is chance: who misses a day, and what a visit teaches, follows
// from places in lists.
type play struct {
	context.Context
	app     *app.App
	open    func(time.Time) *app.App
	cohort  *domain.Cohort
	teams   []*domain.Team
	members map[string][]*domain.Enrolment // by team
	people  []*domain.Enrolment
	step    int
}

// at moves the sample's clock to a day and an hour, and reads everything afresh.
func (p *play) at(day domain.Date, hour int) error {
	d := day.Time()
	p.app = p.open(time.Date(d.Year(), d.Month(), d.Day(), hour, 0, 0, 0, time.UTC))
	p.Context = app.As(p.Context, domain.LocalOwner())
	var err error
	if p.cohort, err = p.app.Cohort(p, p.cohort.ID); err != nil {
		return err
	}
	teams, err := p.app.Teams(p, p.cohort, domain.Page{})
	if err != nil {
		return err
	}
	p.teams, p.members, p.people = teams.Nodes, map[string][]*domain.Enrolment{}, nil
	for _, t := range p.teams {
		if p.members[t.ID], err = p.app.Members(p, t); err != nil {
			return err
		}
		p.people = append(p.people, p.members[t.ID]...)
	}
	return nil
}

// key is what makes a second play of the same step no step.
func (p *play) key() domain.Command {
	p.step++
	return domain.Command{IdempotencyKey: fmt.Sprintf("the sample, step %d", p.step)}
}

// did is nil where a change was kept.
func did[T any](r *domain.Reply[T], err error) error {
	if err == nil && len(r.UserErrors) > 0 {
		return domain.Refusal(r.UserErrors)
	}
	return err
}

// Tell releases the first brief of a cohort on the sample's opening day, when it tells who takes part and little else.
func Tell(ctx context.Context, a *app.App, cohort *domain.Cohort) error {
	p := &play{Context: ctx, app: a, cohort: cohort}
	return p.brief(app.UpdateBriefInput{
		Headline: text("All seats are taken in both sectors; teams and challenges are set, and the first visits are being planned"),
		Summary:  text("{ENROLLED} people take part, {RETAINED/TAKING_PART/PUBLIC} from the public and {RETAINED/TAKING_PART/PRIVATE} from the private sector. Visits begin at the end of February; nothing has been tested yet, and the figures say so."),
		Rating: &app.RatingInput{Goal: "Every team pitches a prototype that was tested with its users, on {2019-04-29}", Level: domain.RatingEven,
			Because: "The programme begins today. Hosts have offered enough places, and no team has evidence yet."},
		WentBadly: []string{"Several hosts need names far ahead, so that the first fortnight has no visit."},
		Decisions: []*app.DecisionInput{{Text: "Who of your office sits on the panel of pitch day", By: "2019-03-01"}},
	})
}

func text(s string) *string { return &s }

// brief drafts, writes and releases a brief.
func (p *play) brief(words app.UpdateBriefInput) error {
	drafted, err := p.app.DraftBrief(p, app.DraftBriefInput{CohortID: p.cohort.ID, Command: p.key()})
	if err := did(drafted, err); err != nil {
		return fmt.Errorf("draft a brief: %w", err)
	}
	words.BriefID, words.ExpectedVersion, words.Command = drafted.Object.ID, drafted.Object.Version, p.key()
	written, err := p.app.UpdateBrief(p, words)
	if err := did(written, err); err != nil {
		return fmt.Errorf("write brief %d: %w", drafted.Object.Number, err)
	}
	released, err := p.app.ReleaseBrief(p, app.ReleaseBriefInput{BriefID: written.Object.ID, ExpectedVersion: written.Object.Version, Command: p.key()})
	if err := did(released, err); err != nil {
		return fmt.Errorf("release brief %d: %w", drafted.Object.Number, err)
	}
	return nil
}

// Play goes through the sample's twelve weeks by the product's own doors: the plan released, visit days with who was there and
// what they taught, steps and outcomes of teams, skills, costs, and two more briefs. open gives the app at a moment.
func Play(ctx context.Context, open func(time.Time) *app.App, cohort *domain.Cohort) error {
	p := &play{Context: ctx, open: open, cohort: cohort, step: 100}
	for _, part := range []struct {
		on   domain.Date
		hour int
		do   func() error
	}{
		{"2019-02-08", 9, p.rateBefore}, {"2019-02-11", 9, p.releasePlan}, {"2019-02-11", 10, p.costs},
		{"2019-02-22", 9, p.reach(domain.StepFramed, 7)}, {"2019-03-14", 17, p.reach(domain.StepEvidence, 7)}, {"2019-03-20", 9, p.leaves},
		{"2019-03-28", 9, p.visitsSoFar}, {"2019-03-28", 17, p.reach(domain.StepPrototype, 4)}, {"2019-03-29", 9, p.midterm},
		{"2019-04-12", 9, p.reach(domain.StepPrototype, 7)}, {"2019-04-18", 9, p.reach(domain.StepDraftPitch, 7)}, {"2019-04-24", 18, p.visitsSoFar},
		{"2019-04-26", 9, p.reach(domain.StepTested, 5)}, {"2019-04-30", 9, p.rateAfter}, {"2019-05-02", 17, p.close}, {Ended, 9, p.outcomes}, {Ended, 10, p.last},
	} {
		if err := p.at(part.on, part.hour); err != nil {
			return err
		}
		if err := part.do(); err != nil {
			return fmt.Errorf("%s: %w", part.on, err)
		}
	}
	return nil
}

// rate records levels of the surveyed skills for everybody, each by their place and the skill's.
func (p *play) rate(kind domain.SkillRatingKind, level func(person, skill int) (int, bool)) error {
	all, err := p.app.Skills(p)
	if err != nil {
		return err
	}
	for i, e := range p.people {
		var ratings []*app.SkillRatingInput
		for s, name := range surveyed {
			at := slices.IndexFunc(all, func(x *domain.Skill) bool { return x.Name == name })
			if at < 0 {
				return fmt.Errorf("the framework has no skill called %s", name)
			}
			if l, rated := level(i, s); rated {
				ratings = append(ratings, &app.SkillRatingInput{SkillID: all[at].ID, Level: l})
			}
		}
		if len(ratings) == 0 {
			continue
		}
		now, err := p.app.Enrolment(p, e.ID)
		if err != nil {
			return err
		}
		if err := did(p.app.RateSkills(p, app.RateSkillsInput{EnrolmentID: e.ID, Kind: kind, Ratings: ratings, ExpectedVersion: now.Version, Command: p.key()})); err != nil {
			return err
		}
	}
	return nil
}

func (p *play) rateBefore() error {
	return p.rate(domain.SelfPre, func(i, s int) (int, bool) { return (i*5+s*3)%3 + i%2, true })
}

// rateAfter is the survey at the end: two people in the list do not answer. People look back on less than they had said.
func (p *play) rateAfter() error {
	answers := func(i int) bool { return i != 11 && i != 26 }
	if err := p.rate(domain.ThenPre, func(i, s int) (int, bool) { return max(0, (i*5+s*3)%3+i%2-(i+s)%2), answers(i) }); err != nil {
		return err
	}
	return p.rate(domain.SelfPost, func(i, s int) (int, bool) {
		return min(4, (i*5+s*3)%3+i%2+[]int{1, 1, 0, 2, 1, 1}[(i+s)%6]), answers(i)
	})
}

func (p *play) close() error {
	return did(p.app.CloseRatings(p, app.CloseRatingsInput{CohortID: p.cohort.ID, ExpectedVersion: p.cohort.Version, Command: p.key()}))
}

func (p *play) releasePlan() error {
	plans, err := p.app.VisitPlans(p, p.cohort, nil, domain.Page{})
	if err != nil {
		return err
	}
	if len(plans.Nodes) == 0 {
		return fmt.Errorf("nothing is planned for %s", p.cohort.Name)
	}
	plan := plans.Nodes[len(plans.Nodes)-1]
	return did(p.app.ReleaseVisitPlan(p, app.ReleaseVisitPlanInput{PlanID: plan.ID, ExpectedVersion: plan.Version, Command: p.key()}))
}

func (p *play) costs() error {
	for _, l := range []app.SaveBudgetLineInput{
		{Text: "Rooms and meals of visit days", Pence: 486_000, Basis: "quotation, synthetic"},
		{Text: "Pitch day", Pence: 612_500, Basis: "contract, synthetic"},
		{Text: "Prototyping materials", Pence: 175_000, Basis: "limit a team, synthetic"},
	} {
		l.CohortID, l.Command = p.cohort.ID, p.key()
		if err := did(p.app.SaveBudgetLine(p, l)); err != nil {
			return err
		}
	}
	return nil
}

// reach records a step for the first so many teams that have not reached it.
func (p *play) reach(step domain.TeamStep, teams int) func() error {
	return func() error {
		for i, t := range p.teams {
			if i >= teams || slices.ContainsFunc(t.Milestones, func(m *domain.TeamMilestone) bool { return m.Step == step }) {
				continue
			}
			on := p.app.Today(&domain.Programme{TimeZone: "Europe/London"}).AddDays(-(i % 3))
			if err := did(p.app.RecordMilestone(p, app.RecordMilestoneInput{TeamID: t.ID, Step: step, ReachedOn: &on, ExpectedVersion: t.Version, Command: p.key()})); err != nil {
				return err
			}
		}
		return nil
	}
}

// leaves takes one person out; nobody waits, so that the balance gets worse by override.
func (p *play) leaves() error {
	e := p.people[17]
	return did(p.app.WithdrawEnrolment(p, app.WithdrawEnrolmentInput{EnrolmentID: e.ID, Reason: "A new post elsewhere", OverrideReason: text("Nobody waits, six weeks before the end."), ExpectedVersion: e.Version, Command: p.key()}))
}

// learnt are sentences that a visit could teach.
var learnt = []string{
	"Readings are taken by hand on Fridays, so that figures of the week are known on Monday at the earliest.",
	"Two systems hold the same address and neither knows which is newer.",
	"People on the floor trust a printed list more than the screen beside it.",
	"A supplier's interface is free of charge up to a limit that a pilot would not reach.",
	"Whoever approves is on site two days a week; the other days work waits.",
	"The rule that everybody quotes was repealed; the habit stayed.",
}

// visitsSoFar records, for each visit day that is over, who was there, what it taught, and which team builds on it.
func (p *play) visitsSoFar() error {
	days, err := p.app.VisitDays(p, p.cohort)
	if err != nil {
		return err
	}
	for n, d := range days {
		if !d.Held || d.Attendance != nil {
			continue
		}
		in := app.RecordAttendanceInput{CohortID: p.cohort.ID, On: d.On, Command: p.key()}
		for i, id := range d.GoingIDs {
			if (i+7*n)%17 == 5 {
				in.AbsentIds = append(in.AbsentIds, id)
			} else {
				in.PresentIds = append(in.PresentIds, id)
			}
		}
		if err := did(p.app.RecordAttendance(p, in)); err != nil {
			return err
		}
		visits, err := p.app.VisitsOn(p, d)
		if err != nil {
			return err
		}
		for i, id := range in.PresentIds {
			if (i+n)%3 > 0 {
				continue
			}
			if err := p.teaches(id, visits, i+n); err != nil {
				return err
			}
		}
	}
	return nil
}

// teaches keeps what a visit taught one person, and three times of five lets their team build on it.
func (p *play) teaches(enrolment string, visits []*domain.Visit, n int) error {
	e, err := p.app.Enrolment(p, enrolment)
	if err != nil {
		return err
	}
	t, err := p.app.TeamIf(p, e.TeamID)
	if err != nil || t == nil || t.ChallengeID == nil {
		return err
	}
	mine, err := p.app.VisitsOf(p, e)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(visits, func(v *domain.Visit) bool {
		return slices.ContainsFunc(mine, func(x *domain.Visit) bool { return x.ID == v.ID })
	})
	if at < 0 {
		return nil
	}
	self := app.As(p.Context, &domain.Actor{ID: "sample member", Name: "A member", PersonID: e.PersonID, Grants: []domain.Grant{{Role: domain.Member, On: e.CohortID, Within: e.ProgrammeID}}})
	kept, err := p.app.CaptureInsight(self, app.CaptureInsightInput{VisitID: visits[at].ID, Text: learnt[n%len(learnt)], ChallengeIds: []string{*t.ChallengeID}, Command: p.key()})
	if err := did(kept, err); err != nil {
		return err
	}
	if n%5 > 2 {
		return nil
	}
	return did(p.app.UseInsight(self, app.UseInsightInput{InsightID: kept.Object.ID, TeamID: t.ID, Used: true, ExpectedVersion: kept.Object.Version, Command: p.key()}))
}

func (p *play) midterm() error {
	return p.brief(app.UpdateBriefInput{
		Headline: text("Every team has evidence after three visit days; prototypes are late in three of them"),
		Summary:  text("{RETAINED} of those who began take part. {VISIT_DAYS} visit days are done and filled {ATTENDED} of their seats. Teams have met {MILESTONES} steps and build on {INSIGHTS_USED} insights."),
		Rating: &app.RatingInput{Goal: "Every team pitches a prototype that was tested with its users, on {2019-04-29}", Level: domain.RatingEven,
			Because: "All teams have evidence from visits, which was open before. Against it: three have no prototype, and tests with users take a fortnight."},
		WentBadly: []string{"One person of the public sector left, and nobody waited for the seat.", "Three teams lost a fortnight because a data owner did not answer."},
		Decisions: []*app.DecisionInput{{Text: "Whether your office asks the data owners for an answer", By: "2019-04-05"}, {Text: "Whether the pilot's second cohort may be announced on pitch day", By: "2019-04-24"}},
		Because: []*app.FigureBecauseInput{{Key: "RETAINED", Because: "One person took a post elsewhere."}, {Key: "VISIT_DAYS", Because: "The plan was released, and its first days were held."},
			{Key: "MILESTONES", Because: "Framing and evidence were due, and are there."}},
	})
}

// outcomes is what came of pitch day: first prize to two teams together, as on the day that the sample follows.
func (p *play) outcomes() error {
	for _, o := range []struct {
		team int
		came app.OutcomeInput
	}{
		{1, app.OutcomeInput{Kind: domain.OutcomePrize, Text: "First prize, jointly.", On: "2019-04-29"}},
		{2, app.OutcomeInput{Kind: domain.OutcomeTakenUp, Text: "the department takes the prototype into its own discovery", On: "2019-05-02"}},
		{4, app.OutcomeInput{Kind: domain.OutcomePrize, Text: "First prize, jointly.", On: "2019-04-29"}},
	} {
		t := p.teams[o.team]
		if err := did(p.app.RecordOutcomes(p, app.RecordOutcomesInput{TeamID: t.ID, Outcomes: []*app.OutcomeInput{&o.came}, ExpectedVersion: t.Version, Command: p.key()})); err != nil {
			return err
		}
	}
	return nil
}

func (p *play) last() error {
	return p.brief(app.UpdateBriefInput{
		Headline: text("All seven teams pitched; five had tested their prototype with users, and one challenge goes on"),
		Summary:  text("{RETAINED} of those who began finished. Visit days filled {ATTENDED} of their seats; teams built on {INSIGHTS_USED} insights. People put their skills {SKILL_GROWTH} levels above where they now see that they began. A head cost {COST_PER_HEAD} and {CARBON_PER_HEAD} of travel."),
		Rating: &app.RatingInput{Goal: "A second cohort reaches the same, with every prototype tested before pitch day", Level: domain.RatingLikely,
			Because: "Five teams tested although data came late, and hosts offer more than was used. What would still speak against it, late data, can be asked for before the start."},
		WentBadly: []string{"Two teams pitched prototypes that no user had tried.", "Data owners answered late in three challenges.", "One seat stayed empty from the middle on."},
		Decisions: []*app.DecisionInput{{Text: "Whether a second cohort begins in the autumn", By: "2019-06-14"}, {Text: "Who owns what the joint winners made", By: "2019-06-28"}},
		Because:   []*app.FigureBecauseInput{{Key: "MILESTONES", Because: "The last steps fell due, and two tests were not done."}, {Key: "SKILL_GROWTH", Because: "The ratings closed on {2019-05-02}; they are told once."}},
	})
}
