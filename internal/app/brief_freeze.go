package app

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/sponsor"
	"tandem/internal/sponsor/catalogue"
	"tandem/internal/storage"
)

// freeze writes the facts as they are now under a brief, and decides its figures: by the terms of the brief released last, or
// the usual ones for the first. dropped are the figures that are told no more.
func (a *App) freeze(ctx context.Context, tx *storage.Tx, b *domain.SponsorBrief, dropped []catalogue.Key) ([]sponsor.Figure, error) {
	seal, err := sealOf(ctx, tx, b.CohortID)
	if err != nil {
		return nil, err
	}
	data, err := a.factsNow(ctx, tx, b, seal)
	if err != nil {
		return nil, err
	}
	all, err := tx.BriefsOf(ctx, []string{b.CohortID})
	if err != nil {
		return nil, err
	}
	terms := sponsor.FirstTerms(data)
	if last := newestReleased(all); last != nil {
		if err := json.Unmarshal([]byte(last.Terms), &terms); err != nil {
			return nil, err
		}
	}
	for _, k := range dropped {
		if !slices.Contains(terms.Dropped, k) {
			terms.Dropped = append(terms.Dropped, k)
		}
	}
	before, err := figuresBefore(ctx, tx.Reader, b)
	if err != nil {
		return nil, err
	}
	figures, err := sponsor.Compute(data, terms, seal.Secret, before)
	if err != nil {
		return nil, domain.Refuse(domain.CodeRuleBroken, "", "The facts as they are cannot be told under the terms of this cohort's briefs: "+err.Error()+".", "Correct the facts, then draft again.")
	}
	text, err := json.Marshal(terms)
	if err != nil {
		return nil, err
	}
	facts := writeFacts(b, data)
	b.Terms, b.FrozenAt, b.AsOf, b.DataVersion, b.FactsHash = string(text), tx.Now(), data.Cohort.AsOf, tx.Began(), digestOf(facts)
	b.Beside = []string{}
	cohorts, err := tx.CohortsOf(ctx, b.ProgrammeID)
	if err != nil {
		return nil, err
	}
	for _, c := range cohorts {
		others, err := tx.BriefsOf(ctx, []string{c.ID})
		if err != nil {
			return nil, err
		}
		if other := newestReleased(others); other != nil && c.ID != b.CohortID {
			b.Beside = append(b.Beside, other.ID)
		}
	}
	was, err := tx.FactsOf(ctx, []string{b.ID})
	if err != nil {
		return nil, err
	}
	told, err := tx.ValuesOf(ctx, []string{b.ID})
	if err != nil {
		return nil, err
	}
	for _, step := range []func() error{
		func() error { return storage.Remove(tx, was...) }, func() error { return storage.Remove(tx, told...) },
		func() error { return storage.Put(tx, b) },
		func() error { return storage.Put(tx, facts...) }, func() error { return storage.Put(tx, writeLedger(b, figures)...) },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return figures, nil
}

// sealOf is a cohort's seal, made now if it was not.
func sealOf(ctx context.Context, tx *storage.Tx, cohort string) (*domain.BriefSeal, error) {
	found, err := storage.Get[domain.BriefSeal](ctx, tx.Reader, cohort)
	if err != nil || len(found) > 0 {
		return append(found, nil)[0], err
	}
	s := &domain.BriefSeal{ID: cohort, Secret: make([]byte, 32), People: []string{}}
	rand.Read(s.Secret)
	return s, storage.Put(tx, s)
}

// firstSeated is who first took the seats of a cohort: until a brief is released those who were accepted first, as many of
// each sector as it has seats.
func firstSeated(seal *domain.BriefSeal, p *domain.Programme, seated []*domain.Enrolment) map[string]bool {
	if len(seal.People) > 0 {
		return setOf(seal.People)
	}
	first, taken := map[string]bool{}, domain.SectorCount{}
	for _, e := range seated {
		if taken.Of(e.SectorAtEnrolment) < p.Seats.Of(e.SectorAtEnrolment) {
			taken.Add(e.SectorAtEnrolment, 1)
			first[e.ID] = true
		}
	}
	return first
}

// everSeated is who ever took a seat, in the order of it.
func everSeated(people []*domain.Enrolment) []*domain.Enrolment {
	seated := slices.DeleteFunc(slices.Clone(people), func(e *domain.Enrolment) bool { return e.AcceptedOn == nil })
	slices.SortFunc(seated, func(x, y *domain.Enrolment) int {
		if c := strings.Compare(string(*x.AcceptedOn), string(*y.AcceptedOn)); c != 0 {
			return c
		}
		return strings.Compare(x.ID, y.ID)
	})
	return seated
}

var stageWord = map[domain.ChallengeStage]string{domain.Proposed: "proposed", domain.Framed: "framed", domain.Exploring: "exploring", domain.Prototyped: "prototyped", domain.Pitched: "pitched"}

// factsNow reads everything that a brief is computed from, people under keys that only this cohort's secret gives.
func (a *App) factsNow(ctx context.Context, tx *storage.Tx, b *domain.SponsorBrief, seal *domain.BriefSeal) (d sponsor.Data, err error) {
	m, err := gather(ctx, tx.Reader, b.ProgrammeID, []string{b.CohortID})
	if err != nil {
		return d, err
	}
	cohort, err := storage.One[domain.Cohort](ctx, tx.Reader, b.CohortID)
	if err != nil {
		return d, err
	}
	p := m.programme
	today := a.today(p)
	d.Cohort = sponsor.Cohort{Programme: p.Name, Name: cohort.Name, AsOf: today, StartsOn: p.StartsOn, EndsOn: p.EndsOn, Public: p.Seats.Public, Private: p.Seats.Private}
	if cohort.RatingsClosedOn != nil {
		d.Cohort.RatingsClosedOn = *cohort.RatingsClosedOn
	}
	key := func(enrolment string) string {
		h := hmac.New(sha256.New, seal.Secret)
		h.Write([]byte("person/1|" + enrolment))
		return hex.EncodeToString(h.Sum(nil)[:12])
	}
	seated := everSeated(m.people[b.CohortID])
	first := firstSeated(seal, p, seated)
	for _, e := range seated {
		one := sponsor.Enrolment{Person: key(e.ID), Sector: e.SectorAtEnrolment, Completed: e.StateOn(p, today) == domain.Completed, Refill: !first[e.ID]}
		if e.LeftOn != nil {
			one.LeftOn = *e.LeftOn
		}
		d.Enrolments = append(d.Enrolments, one)
	}
	if err := a.visitFacts(ctx, tx, &d, m, b.CohortID, key); err != nil {
		return d, err
	}
	if err := teamFacts(ctx, tx, &d, m, b.CohortID); err != nil {
		return d, err
	}
	if err := skillFacts(ctx, tx, &d, seated, key); err != nil {
		return d, err
	}
	lines, err := tx.BudgetOf(ctx, []string{b.CohortID})
	for _, l := range lines {
		d.Costs = append(d.Costs, sponsor.Cost{Name: l.Text, Pence: l.Pence})
	}
	return d, err
}

// visitFacts is the days of the plan in force, its groups, who was there, and the ways.
func (a *App) visitFacts(ctx context.Context, tx *storage.Tx, d *sponsor.Data, m *material, cohort string, key func(string) string) error {
	plan := m.inForce[cohort]
	if plan == nil {
		return nil
	}
	sectors := map[string]domain.Sector{}
	for _, e := range m.people[cohort] {
		sectors[e.ID] = e.SectorAtEnrolment
	}
	for _, day := range visitDays(plan, nil, "") {
		held := false
		for _, v := range plan.Visits {
			held = held || v.On == day.On && v.Stored != domain.VisitCancelled && a.isOver(v)
		}
		d.Days = append(d.Days, sponsor.VisitDay{On: day.On, Held: held, Hosts: len(day.VisitIDs)})
		for _, g := range plan.Groups {
			if g.On != day.On {
				continue
			}
			n := domain.SectorCount{}
			for _, id := range g.MemberIDs {
				n.Add(sectors[id], 1)
			}
			d.Groups = append(d.Groups, sponsor.Group{On: day.On, Name: g.Name, Public: n.Public, Private: n.Private})
		}
	}
	kept, err := tx.AttendancesOf(ctx, []string{cohort})
	if err != nil {
		return err
	}
	for _, k := range kept {
		for _, id := range k.PresentIDs {
			d.Attendance = append(d.Attendance, sponsor.Attendance{On: k.On, Person: key(id), Present: true})
		}
		for _, id := range k.AbsentIDs {
			d.Attendance = append(d.Attendance, sponsor.Attendance{On: k.On, Person: key(id)})
		}
	}
	s := newSetting(m, []string{cohort}, plan.Rules, a.asOf(m.programme, plan), plan.Attainable, plan.Visits)
	d.Legs = s.legsByMode(plan)
	return nil
}

// legsByMode is all ways of a plan's visits that stand, by mode of travel.
func (s *setting) legsByMode(p *domain.VisitPlan) []sponsor.Leg {
	type personDay struct {
		person string
		on     domain.Date
	}
	legs, days := map[domain.TravelMode]*sponsor.Leg{}, map[domain.TravelMode]map[personDay]int{}
	for _, v := range inOrder(p) {
		if v.Stored == domain.VisitCancelled {
			continue
		}
		for _, e := range s.membersOf(p, v) {
			for _, l := range s.legs(p, v, e) {
				sum := legs[l.Mode]
				if sum == nil {
					sum = &sponsor.Leg{Mode: l.Mode, Source: factorText(l.Mode)}
					legs[l.Mode], days[l.Mode] = sum, map[personDay]int{}
				}
				sum.Minutes += l.Minutes
				sum.Grams += l.GramsCO2e
				if l.Pence != nil {
					pence := *l.Pence
					if sum.Pence != nil {
						pence += *sum.Pence
					}
					sum.Pence = &pence
				}
				day := personDay{e.ID, v.On}
				days[l.Mode][day] += l.GramsCO2e
				sum.Longest = max(sum.Longest, days[l.Mode][day])
			}
		}
	}
	var out []sponsor.Leg
	for _, mode := range domain.TravelModes {
		if l := legs[mode]; l != nil {
			out = append(out, *l)
		}
	}
	return out
}

// factorText is where a mode's grams are from, as people read it.
func factorText(mode domain.TravelMode) string {
	f := travelFactor(mode, false)
	if f == nil {
		return ""
	}
	return fmt.Sprintf("By %s: %s", modeWord[mode], f.Source.Name)
}

// teamFacts is teams with what they reached, what visits taught them, and what came of their work.
func teamFacts(ctx context.Context, tx *storage.Tx, d *sponsor.Data, m *material, cohort string) error {
	keys := map[string]string{}
	for _, t := range m.teams {
		k := fmt.Sprintf("T%d", t.Number)
		keys[t.ID] = k
		one := sponsor.Team{Key: k, Name: t.Name}
		if c := m.challenges[deref(t.ChallengeID)]; c != nil {
			one.Challenge, one.Stage = c.Title, stageWord[c.Stage]
		}
		d.Teams = append(d.Teams, one)
		for _, s := range t.Milestones {
			d.Milestones = append(d.Milestones, sponsor.Milestone{Team: k, Step: sponsor.Step(s.Step), On: *s.ReachedOn})
		}
		for _, o := range t.Outcomes {
			if o.Kind == domain.OutcomePrize {
				d.Results = append(d.Results, sponsor.Result{Team: k, Place: 1})
			} else {
				d.Outcomes = append(d.Outcomes, sponsor.Outcome{On: o.On, Text: t.Name + ": " + o.Text})
			}
		}
	}
	slices.SortStableFunc(d.Outcomes, func(x, y sponsor.Outcome) int { return strings.Compare(string(x.On), string(y.On)) })
	insights, err := tx.InsightsOfCohorts(ctx, []string{cohort})
	if err != nil {
		return err
	}
	for n, i := range insights {
		one := sponsor.Insight{Key: fmt.Sprintf("I%d", n+1), Used: len(i.UsedByTeamIDs) > 0}
		for _, t := range m.teams { // by number: the first whose challenge it bears on, unless another builds on it
			if slices.Contains(i.UsedByTeamIDs, t.ID) {
				one.Team = keys[t.ID]
				break
			}
			if one.Team == "" && t.ChallengeID != nil && slices.Contains(i.ChallengeIDs, *t.ChallengeID) {
				one.Team = keys[t.ID]
			}
		}
		d.Insights = append(d.Insights, one)
	}
	return nil
}

// skillFacts is what people said of their own skills: of those that were asked again at the end, which is the organiser's
// choice and no secret.
func skillFacts(ctx context.Context, tx *storage.Tx, d *sponsor.Data, seated []*domain.Enrolment, key func(string) string) error {
	skills, err := tx.Skills(ctx)
	if err != nil {
		return err
	}
	keys, surveyed := map[string]string{}, map[string]bool{}
	for _, e := range seated {
		for _, r := range e.SkillRatings {
			surveyed[r.SkillID] = surveyed[r.SkillID] || r.Kind == domain.ThenPre || r.Kind == domain.SelfPost
		}
	}
	for _, s := range skills {
		if surveyed[s.ID] {
			keys[s.ID] = fmt.Sprintf("S%d", len(keys)+1)
			d.Skills = append(d.Skills, sponsor.Skill{Key: keys[s.ID], Name: s.Name})
		}
	}
	for _, e := range seated {
		for _, r := range e.SkillRatings {
			if keys[r.SkillID] != "" && (r.Kind == domain.SelfPre || r.Kind == domain.ThenPre || r.Kind == domain.SelfPost) {
				d.Ratings = append(d.Ratings, sponsor.SkillRating{Person: key(e.ID), Skill: keys[r.SkillID], Kind: r.Kind, Level: r.Level})
			}
		}
	}
	return nil
}
