package sample

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"tandem/internal/app"
	"tandem/internal/domain"
)

// rehearsing is the number of the team that has rehearsed already.
const rehearsing = 5

// criteria are what the team means to be judged on: ours, and no organiser's.
var criteria = []string{"Does it serve the people who live there", "Could it be tried within a year", "Is the evidence honest"}

// Rehearse gives a team of the sample its pitch and its three rehearsals, through the product's own doors and as whoever is asked at the
// team's own computer. What is there stays, so that a load which was broken off goes on.
func Rehearse(ctx context.Context, a *app.App, c *domain.Cohort) error {
	t, err := team(ctx, a, c)
	if err != nil {
		return err
	}
	p, err := write(ctx, a, t)
	if err != nil {
		return err
	}
	runs, err := a.Rehearsals(ctx, p, domain.Page{})
	if err != nil {
		return err
	}
	all := Rehearsals()
	if len(runs.Nodes) >= len(all) && !slices.ContainsFunc(runs.Nodes, func(r *domain.Rehearsal) bool { return r.State != domain.RehearsalFinished }) {
		return nil
	}
	for n, performance := range all {
		if err := performance.keep(ctx, a, p, n); err != nil {
			return fmt.Errorf("rehearsal %d: %w", n+1, err)
		}
	}
	return nil
}

// team is the one that has rehearsed already.
func team(ctx context.Context, a *app.App, c *domain.Cohort) (*domain.Team, error) {
	teams, err := a.Teams(ctx, c, domain.Page{})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(teams.Nodes, func(t *domain.Team) bool { return t.Number == rehearsing })
	if i < 0 {
		return nil, fmt.Errorf("the sample has no team %d", rehearsing)
	}
	return teams.Nodes[i], nil
}

// script is the part as a text.
func (p Part) script() string {
	var all []string
	for _, s := range p.Script {
		all = append(all, s.Text)
	}
	return strings.Join(all, " ")
}

// step is the key of a step of the sample's rehearsals: a second time it is no step.
func step(format string, values ...any) domain.Command {
	return domain.Command{IdempotencyKey: "the sample's rehearsals, " + fmt.Sprintf(format, values...)}
}

// write saves the pitch, once.
func write(ctx context.Context, a *app.App, t *domain.Team) (*domain.Pitch, error) {
	if p, err := a.PitchOf(ctx, t); err != nil || p != nil {
		return p, err
	}
	members, err := a.Members(ctx, t)
	if err != nil {
		return nil, err
	}
	slot, questions := Slot, 120
	in := app.SavePitchInput{TeamID: t.ID, SlotSeconds: &slot, QuestionSeconds: &questions, Criteria: criteria, Command: step("pitch")}
	for _, part := range Parts {
		s := &app.SectionInput{Title: part.Title, TargetSeconds: part.TargetSeconds, Script: part.script(), FirstSlide: &part.FirstSlide, LastSlide: &part.LastSlide}
		for _, m := range members {
			person, err := a.PersonOf(ctx, m.PersonID)
			if err != nil {
				return nil, err
			}
			if key, err := a.ExternalKey(ctx, person); err != nil {
				return nil, err
			} else if key != nil && *key == part.Presenter {
				s.PresenterID = &m.ID
			}
		}
		if s.PresenterID == nil {
			return nil, fmt.Errorf("%s is not of the team", part.Presenter)
		}
		in.Sections = append(in.Sections, s)
	}
	saw, proof := 2, 4
	in.Claims = []*app.ClaimInput{
		{Text: "Every one of our homes had a wet night that nobody had noticed.", SectionOrder: &saw,
			Evidence: []*app.ClaimEvidenceInput{{Text: "Ten sensors in five homes, eleven days", Source: "our own readings (invented, as the team is)"}}},
		{Text: "Two of three alarms were true.", SectionOrder: &proof,
			Evidence: []*app.ClaimEvidenceInput{{Text: "Three alarms, looked at one by one", Source: "our own readings (invented, as the team is)"}}},
		{Text: "The battery lasts five years.", SectionOrder: &proof},
		{Text: "A sensor costs as much as a dinner for two.", SectionOrder: &proof},
	}
	if err := did(a.SavePitch(ctx, in)); err != nil {
		return nil, err
	}
	return a.PitchOf(ctx, t)
}

// begun are when the rehearsals began: on the opening morning, before the sample is looked at.
func begun(n int) time.Time { return Now().Add(time.Duration(n-3) * 18 * time.Minute) }

// keep gives the pitch a run with what happened in it.
func (performed *Performance) keep(ctx context.Context, a *app.App, p *domain.Pitch, n int) error {
	started, err := a.StartRehearsal(ctx, app.StartRehearsalInput{PitchID: p.ID, StartedAt: begun(n), Command: step("run %d", n+1)})
	if err := did(started, err); err != nil {
		return err
	}
	run := started.Object.RehearsalID
	log := app.AppendRunEventsInput{RehearsalID: run, Command: step("run %d, events", n+1)}
	for _, e := range performed.Events {
		event := &app.RunEventInput{Sequence: e.Sequence, Kind: domain.RunEventKind(e.Kind), AtMilliseconds: e.At}
		if e.Section != "" {
			i := slices.IndexFunc(p.Sections, func(s *domain.Section) bool { return s.Title == e.Section })
			event.SectionID = &p.Sections[i].ID
		}
		if e.Slide > 0 {
			event.Slide = &e.Slide
		}
		log.Events = append(log.Events, event)
	}
	return did(a.AppendRunEvents(ctx, log))
}
