package app

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/visit"
)

// Job is a job, whatever its kind, for those who may see it.
func (a *App) Job(ctx context.Context, id string) (domain.Job, error) {
	n, err := a.Node(ctx, id)
	if err != nil {
		return nil, err
	}
	if j, ok := n.(domain.Job); ok {
		return j, nil
	}
	return nil, domain.NotFound("job")
}

// Planning is one planning, for coordinators of all its cohorts.
func (a *App) Planning(ctx context.Context, id string) (*domain.VisitPlanning, error) {
	j, err := nouns[domain.VisitPlanning](a.view(ctx)).get(ctx, id)
	if err != nil || j == nil {
		return nil, orMissing(err, "planning")
	}
	for _, c := range j.CohortIDs {
		if !may(ctx, domain.SeePlans, domain.Place{Programme: j.ProgrammeID, Cohort: c}) {
			return nil, domain.NotFound("planning")
		}
	}
	return j, nil
}

// PlansOf is the drafts of a planning, by cohort.
func (a *App) PlansOf(ctx context.Context, j *domain.VisitPlanning) ([]*domain.VisitPlan, error) {
	return all(ctx, nouns[domain.VisitPlan](a.view(ctx)), j.PlanIDs)
}

// StepBound is a step's bound, told as a plan's is.
func (a *App) StepBound(x *domain.PlanningStep) *domain.PlanBound {
	return boundOf(domain.PlanRules{Order: x.Order}.Levels(), x.Score, x.Bound)
}

// JobProgressed gives a job as it stands at once and then each time that it moves, until it is over or the asker is gone.
func (a *App) JobProgressed(ctx context.Context, id string) (<-chan domain.Job, error) {
	wake := a.jobs.moves(id) // before the read, so that a move between the two is not slept through
	job, err := a.Job(ctx, id)
	if err != nil {
		return nil, err
	}
	out := make(chan domain.Job)
	go func() {
		defer close(out)
		last := ""
		for {
			if now, over := standing(job); now != last {
				select {
				case out <- job:
				case <-ctx.Done():
					return
				}
				if last = now; over {
					return
				}
			}
			if !a.sleep(ctx, wake) {
				return
			}
			wake = a.jobs.moves(id)
			a.renew(ctx, nil)
			if job, err = a.Job(ctx, id); err != nil {
				return
			}
		}
	}()
	return out, nil
}

// standing is what a job shows of how far it has come, and whether it is over.
func standing(job any) (string, bool) {
	switch j := job.(type) {
	case *domain.VisitPlanning:
		progress := 0.0
		set(&progress, j.Progress)
		return fmt.Sprint(j.State, progress, len(j.Steps), len(j.Clashes)), j.State.Over()
	case *domain.Import:
		return fmt.Sprint(j.State, j.Version), j.State.Over()
	case *domain.VoiceAnalysis:
		progress := 0.0
		set(&progress, j.Progress)
		return fmt.Sprint(j.State, progress), j.State.Over()
	}
	return "", true
}

// usualSeed is the seed that plans a cohort where nobody names one.
func usualSeed(cohort string) int {
	h := fnv.New32a()
	h.Write([]byte(cohort))
	return int(h.Sum32() >> 1)
}

// PlanVisits plans visits as a job: one new draft a cohort, better until the work is done, the time is up or somebody stops
// it. Coordinators, or scope VISIT_WRITE. What is pinned in the plan that it starts from stays; so does what is agreed with
// a host or over.
func (a *App) PlanVisits(ctx context.Context, in PlanVisitsInput) (*domain.Reply[domain.VisitPlanning], error) {
	var cohorts []*domain.Cohort
	for _, id := range in.CohortIds {
		c, err := a.Cohort(ctx, id)
		if err != nil {
			return nil, err
		}
		if err := must(ctx, domain.PlanVisits, placeOfCohort(c)); err != nil {
			return nil, err
		}
		cohorts = append(cohorts, c)
	}
	if len(cohorts) == 0 {
		if err := must(ctx, domain.PlanVisits, domain.Place{}); err != nil && !actor(ctx).MayAnywhere(domain.PlanVisits) {
			return nil, err
		}
	}
	reply, err := change(ctx, a, "planVisits", in.Command, in, func(tx *storage.Tx) (*domain.VisitPlanning, []*domain.Impact, error) {
		return a.beginPlanning(ctx, tx, cohorts, in)
	})
	if err == nil && !in.DryRun && !reply.Repeated && len(reply.UserErrors) == 0 {
		job := *reply.Object
		stop := a.jobs.begin(job.ID)
		go a.runPlanning(stop, actor(ctx), &job)
	}
	return reply, err
}

// beginPlanning writes the job down with its drafts, which hold what stays.
func (a *App) beginPlanning(ctx context.Context, tx *storage.Tx, cohorts []*domain.Cohort, in PlanVisitsInput) (*domain.VisitPlanning, []*domain.Impact, error) {
	if err := checkPlanning(cohorts, in); err != nil {
		return nil, nil, err
	}
	programme, err := storage.One[domain.Programme](ctx, tx.Reader, cohorts[0].ProgrammeID)
	if err != nil {
		return nil, nil, err
	}
	rules := usualRules(programme)
	var from *domain.VisitPlan
	if in.FromPlanID != nil {
		if from, err = planToCopy(ctx, tx, cohorts[0].ID, *in.FromPlanID); err != nil {
			return nil, nil, err
		}
		rules = from.Rules
	}
	if in.Rules != nil {
		if err := in.Rules.change(&rules); err != nil {
			return nil, nil, err
		}
	}
	if err := checkRules(rules); err != nil {
		return nil, nil, err
	}
	m, err := gather(ctx, tx.Reader, programme.ID, idsOf(cohorts))
	if err != nil {
		return nil, nil, err
	}
	progress := 0.0
	job := &domain.VisitPlanning{ID: newID("planning"), ProgrammeID: programme.ID, CohortIDs: idsOf(cohorts), PlanIDs: []string{}, State: domain.JobRunning,
		Progress: &progress, StartedAt: tx.Now(), Seed: usualSeed(cohorts[0].ID), SecondsMax: in.SecondsMax, Steps: []*domain.PlanningStep{}, Clashes: []*domain.Clash{}}
	set(&job.Seed, in.Seed)
	var plans []*domain.VisitPlan
	for _, c := range cohorts {
		p, err := nextPlan(ctx, tx, c, rules)
		if err != nil {
			return nil, nil, err
		}
		source := from
		if source == nil {
			source = m.inForce[c.ID]
		}
		if source != nil {
			kept := clonePlan(source)
			kept.Visits = slices.DeleteFunc(kept.Visits, func(v *domain.Visit) bool {
				return !v.Pinned && v.Stored != domain.VisitConfirmed && !a.isOver(v)
			})
			copyPlan(p, kept)
			p.Bound, p.ProvedLevels, p.Seed = nil, 0, nil
		}
		p.Rules, p.State = rules, domain.PlanPlanning
		job.PlanIDs = append(job.PlanIDs, p.ID)
		plans = append(plans, p)
	}
	s, q := a.joint(m, plans, rules)
	if err := q.Validate(); err != nil {
		return nil, nil, unplannable(s, q, err)
	}
	for _, p := range plans {
		alone := newSetting(m, []string{p.CohortID}, rules, a.today(programme), nil, p.Visits)
		alone.freeze(p)
		if err := alone.setScore(p); err != nil {
			return nil, nil, err
		}
	}
	impact := []*domain.Impact{domain.Touch(domain.EffectCreated, "A new draft is planned; people and offers stay as they are.", job.PlanIDs...)}
	if err := storage.Put(tx, plans...); err != nil {
		return nil, nil, err
	}
	return job, impact, storage.Put(tx, job)
}

// unplannable says why a problem cannot be planned at all.
func unplannable(s *setting, q visit.Problem, err error) error {
	switch {
	case len(s.days) == 0:
		return domain.Refuse(domain.CodeWrongState, "cohortIds", "The programme has no Monday to Friday.", "Change its days first.")
	case len(q.Pins) > 0:
		return domain.Refuse(domain.CodeRuleBroken, "fromPlanId", "What is pinned, agreed or over cannot all stay: two of its days are too near each other, a day has more hosts, or there are more days, than asked for.", "Let a visit go, or ask for more days, hosts a day, or fewer days between.")
	}
	return fmt.Errorf("plan visits: %w", err)
}

func checkPlanning(cohorts []*domain.Cohort, in PlanVisitsInput) error {
	var wrong domain.Refusal
	refuse := func(code domain.UserErrorCode, field, message, fix string) {
		wrong = append(wrong, domain.Problem(code, field, message, fix))
	}
	if len(cohorts) == 0 || len(cohorts) > 100 {
		refuse(domain.CodeInvalid, "cohortIds", "One to 100 cohorts are planned together.", "Name one at least.")
	}
	for i, c := range cohorts {
		if c.ProgrammeID != cohorts[0].ProgrammeID {
			refuse(domain.CodeInvalid, fmt.Sprintf("cohortIds.%d", i), "It belongs to another programme than the first.", "Plan one programme at a time.")
		}
		if slices.ContainsFunc(cohorts[:i], func(o *domain.Cohort) bool { return o.ID == c.ID }) {
			refuse(domain.CodeInvalid, fmt.Sprintf("cohortIds.%d", i), "This cohort is named twice.", "Name it once.")
		}
	}
	if in.FromPlanID != nil && len(cohorts) > 1 {
		refuse(domain.CodeInvalid, "fromPlanId", "A plan to start from is for one cohort.", "Name one cohort, or leave it out.")
	}
	if in.SecondsMax < 1 || in.SecondsMax > 3600 {
		refuse(domain.CodeInvalid, "secondsMax", "A planning lasts 1 to 3,600 seconds.", "Give a number in that range.")
	}
	if in.Seed != nil && *in.Seed < 0 {
		refuse(domain.CodeInvalid, "seed", "A seed is 0 or more.", "Give such a number, or leave it out.")
	}
	if wrong != nil {
		return wrong
	}
	return nil
}

// change puts what is given in the place of what was asked.
func (in PlanRulesInput) change(r *domain.PlanRules) error {
	set(&r.VisitDaysMax, in.VisitDaysMax)
	set(&r.HostsPerDayMax, in.HostsPerDayMax)
	set(&r.OneWayMinutesMax, in.OneWayMinutesMax)
	set(&r.EveryoneAtLeast, in.EveryoneAtLeast)
	set(&r.CoverEveryTheme, in.CoverEveryTheme)
	set(&r.MentorSeats, in.MentorSeats)
	if in.DaysBetweenMin != nil {
		if r.DaysBetweenMin = in.DaysBetweenMin; *in.DaysBetweenMin == 0 {
			r.DaysBetweenMin = nil
		}
	}
	if in.LostDays != nil {
		r.LostDays = slices.Clone(in.LostDays)
		slices.Sort(r.LostDays)
		r.LostDays = slices.Compact(r.LostDays)
	}
	if in.Levels != nil {
		sorted := slices.Clone(in.Levels)
		slices.SortFunc(sorted, func(a, b domain.PlanLevel) int {
			return slices.Index(domain.Levels, a) - slices.Index(domain.Levels, b)
		})
		if !slices.Equal(sorted, domain.Levels) {
			return domain.Refuse(domain.CodeInvalid, "rules.levels", "Every level has its place in the order, once.", "Name all five, the most important first.")
		}
		if r.Order = in.Levels; slices.Equal(in.Levels, domain.Levels) {
			r.Order = nil
		}
	}
	return nil
}

func checkRules(r domain.PlanRules) error {
	var wrong domain.Refusal
	if r.VisitDaysMax < 1 || r.VisitDaysMax > 100 {
		wrong = append(wrong, domain.Problem(domain.CodeInvalid, "rules.visitDaysMax", "A plan has 1 to 100 visit days.", "Give a number in that range."))
	}
	if r.DaysBetweenMin != nil && (*r.DaysBetweenMin < 1 || *r.DaysBetweenMin > 100) {
		wrong = append(wrong, domain.Problem(domain.CodeInvalid, "rules.daysBetweenMin", "Visit days are a day to 100 days apart.", "Give 1 to 100, or 0 for one in each fortnight."))
	}
	if r.HostsPerDayMax < 0 || r.HostsPerDayMax > 100 {
		wrong = append(wrong, domain.Problem(domain.CodeInvalid, "rules.hostsPerDayMax", "A day has up to 100 hosts.", "Give 1 to 100, or 0 for as many as there are."))
	}
	if r.MentorSeats < 0 || r.MentorSeats > 100 {
		wrong = append(wrong, domain.Problem(domain.CodeInvalid, "rules.mentorSeats", "Up to 100 seats are kept free in a group.", "Give 0 to 100."))
	}
	if r.OneWayMinutesMax < 1 || r.OneWayMinutesMax > 1_440 {
		wrong = append(wrong, domain.Problem(domain.CodeInvalid, "rules.oneWayMinutesMax", "The longest way takes a minute to a day.", "Give 1 to 1,440 minutes."))
	}
	if len(r.LostDays) > 366 {
		wrong = append(wrong, domain.Problem(domain.CodeInvalid, "rules.lostDays", "Up to 366 days can be lost.", "Name fewer."))
	}
	if r.EveryoneAtLeast < 0 || r.EveryoneAtLeast > 100 {
		wrong = append(wrong, domain.Problem(domain.CodeInvalid, "rules.everyoneAtLeast", "Everyone can be promised 0 to 100 visits.", "Give a number in that range; 0 leaves it to fairness."))
	}
	if wrong != nil {
		return wrong
	}
	return nil
}

// joint is one problem for all drafts of a planning: hosts are shared between them.
func (a *App) joint(m *material, plans []*domain.VisitPlan, rules domain.PlanRules) (*setting, visit.Problem) {
	whole := &domain.VisitPlan{Rules: rules}
	var cohorts []string
	for _, p := range plans {
		cohorts = append(cohorts, p.CohortID)
		whole.Visits, whole.Groups = append(whole.Visits, p.Visits...), append(whole.Groups, p.Groups...)
	}
	s := newSetting(m, cohorts, rules, a.today(m.programme), nil, whole.Visits)
	q := s.asking(whole, a.isOver)
	q.Attainable = attainable(&q)
	return s, q
}

// planningRun is a planning at work.
type planningRun struct {
	*setting
	app      *App
	who      *domain.Actor
	job      *domain.VisitPlanning
	material *material
	asked    visit.Problem
	before   words // the drafts as they were begun
	frozen   map[string]int
	began    time.Time
	saved    time.Time
}

// Saves come no closer than this: a planning that gets better by the millisecond is not to keep the database busy.
const saveEvery = 250 * time.Millisecond

// runPlanning plans until done, out of time or stopped, and keeps the best so far as it goes.
func (a *App) runPlanning(stop context.Context, who *domain.Actor, job *domain.VisitPlanning) {
	defer a.jobs.end(job.ID)
	r := &planningRun{app: a, who: who, job: job, began: time.Now(), frozen: map[string]int{}}
	defer func() {
		if broken := recover(); broken != nil {
			a.log.Error("planning broke", "job", job.ID, "panic", broken)
			r.fail("Tandem itself failed while it planned; the drafts hold what was found so far.")
		}
	}()
	timed, done := context.WithTimeout(stop, time.Duration(job.SecondsMax)*time.Second)
	defer done()
	result, err := r.plan(timed)
	var none *visit.Infeasible
	switch {
	case errors.As(err, &none):
		r.clashed(none, stop.Err() != nil)
	case err != nil:
		a.log.Error("planning failed", "job", job.ID, "error", err)
		r.fail("Tandem itself failed while it planned; the drafts hold what was found so far.")
	default:
		state := domain.JobDone
		if stop.Err() != nil {
			state = domain.JobCancelled
		}
		r.finish(result, state)
		for _, id := range slices.Backward(job.PlanIDs) { // the first of them first
			a.decide(id)
		}
	}
}

func (r *planningRun) plan(ctx context.Context) (visit.Result, error) {
	background := context.Background()
	m, err := gather(background, r.app.read(), r.job.ProgrammeID, r.job.CohortIDs)
	if err != nil {
		return visit.Result{}, err
	}
	plans, err := r.plans(background, r.app.read())
	if err != nil {
		return visit.Result{}, err
	}
	s, q := r.app.joint(m, plans, plans[0].Rules)
	r.setting, r.material, r.asked = s, m, q
	whole := &domain.VisitPlan{}
	for _, p := range plans {
		whole.Visits, whole.Groups = append(whole.Visits, p.Visits...), append(whole.Groups, p.Groups...)
	}
	laid, at := s.lay(whole.Visits, whole.Groups)
	r.before = words{setting: s, plan: whole, laid: laid, at: at}
	for i, e := range s.persons {
		r.frozen[e.ID] = q.Attainable[i]
	}
	// What things cost is found out once the plan is there.
	return visit.Plan(ctx, q, visit.Options{Seed: uint64(r.job.Seed), CostWork: -1, Progress: r.progress, Conflicts: clashesMost, Conflict: r.clash})
}

// plans is the drafts of the job in the order of its cohorts.
func (r *planningRun) plans(ctx context.Context, from storage.Reader) ([]*domain.VisitPlan, error) {
	found, err := storage.Get[domain.VisitPlan](ctx, from, r.job.PlanIDs...)
	if err != nil {
		return nil, err
	}
	if len(found) != len(r.job.PlanIDs) {
		return nil, fmt.Errorf("planning %s: %d of its %d drafts are left", r.job.ID, len(found), len(r.job.PlanIDs))
	}
	slices.SortFunc(found, func(x, y *domain.VisitPlan) int {
		return slices.Index(r.job.PlanIDs, x.ID) - slices.Index(r.job.PlanIDs, y.ID)
	})
	return found, nil
}

// stepsMost is how many steps a job tells of.
const stepsMost = 1_000

// progress notes how far the planning has come, and keeps it now and then.
func (r *planningRun) progress(now visit.Progress) {
	part := min(1, float64(now.Work)/float64(max(1, now.Limit)))
	r.job.Progress = &part
	score, bound := scoreOf(now.Score), scoreOf(now.Bound)
	steps := r.job.Steps
	better := len(steps) == 0 || steps[len(steps)-1].Score != score || *steps[len(steps)-1].Bound != bound
	if better && len(steps) < stepsMost {
		r.job.Steps = append(steps, &domain.PlanningStep{PlanID: r.job.PlanIDs[0], Milliseconds: int(time.Since(r.began).Milliseconds()), Score: score, Bound: &bound, Order: r.rules.Order})
	}
	if time.Since(r.saved) < saveEvery {
		return
	}
	r.saved = time.Now()
	if err := r.keep(func(tx *storage.Tx, plans []*domain.VisitPlan) error {
		return r.fill(plans, now.Visits, r.alone(bound))
	}); err != nil {
		r.app.log.Warn("planning could not keep its best so far", "job", r.job.ID, "error", err)
	}
}

// keep writes drafts and job in one transaction of their own. A draft that the job no longer names goes.
func (r *planningRun) keep(work func(*storage.Tx, []*domain.VisitPlan) error) error {
	ctx := context.Background()
	_, err := r.app.store.Write(ctx, r.who, r.app.clock(), func(tx *storage.Tx) error {
		plans, err := r.plans(ctx, tx.Reader)
		if err != nil {
			return err
		}
		if err := work(tx, plans); err != nil {
			return err
		}
		named := func(p *domain.VisitPlan) bool { return slices.Contains(r.job.PlanIDs, p.ID) }
		if err := storage.Remove(tx, slices.DeleteFunc(slices.Clone(plans), named)...); err != nil {
			return err
		}
		plans = slices.DeleteFunc(plans, func(p *domain.VisitPlan) bool { return !named(p) })
		if err := storage.Put(tx, plans...); err != nil {
			return err
		}
		return storage.Put(tx, r.job)
	})
	if err == nil {
		r.app.feed.committed()
		r.app.jobs.move(r.job.ID)
	}
	return err
}

// alone is the bound of all as that of each draft: none where there are several.
func (r *planningRun) alone(bound domain.PlanScore) []*domain.PlanScore {
	bounds := make([]*domain.PlanScore, len(r.job.PlanIDs))
	if len(bounds) == 1 {
		bounds[0] = &bound
	}
	return bounds
}

// fill gives drafts what was planned, with the bound of each.
func (r *planningRun) fill(plans []*domain.VisitPlan, planned visit.Assignment, bounds []*domain.PlanScore) error {
	for c, p := range plans {
		r.put(p, c, planned, func(v *domain.Visit) bool { return v.Pinned || v.Stored == domain.VisitConfirmed || r.app.isOver(v) })
		p.Attainable = map[string]int{}
		for _, e := range r.people[p.CohortID] {
			if n, ok := r.frozen[e.ID]; ok {
				p.Attainable[e.ID] = n
			}
		}
		alone := newSetting(r.material, []string{p.CohortID}, p.Rules, r.today, p.Attainable, p.Visits)
		laid, _ := alone.lay(p.Visits, p.Groups)
		score, err := alone.score(laid)
		if err != nil {
			return err
		}
		if p.Score, p.Bound, p.ProvedLevels = score, bounds[c], 0; p.Bound != nil {
			p.ProvedLevels = provedLevels(p.Rules.Levels(), score, *p.Bound)
		}
	}
	return nil
}

// finish ends the job with its result.
func (r *planningRun) finish(result visit.Result, state domain.JobState) {
	r.end(state, nil, func(plans []*domain.VisitPlan) error {
		bounds := r.alone(scoreOf(result.Bound))
		for _, own := range result.Cohorts {
			bound := scoreOf(own.Bound)
			bounds[own.Cohort] = &bound
		}
		for _, p := range plans {
			seed := r.job.Seed
			p.Seed, p.Work, p.Cancelled = &seed, result.Work, result.Cancelled
		}
		return r.fill(plans, result.Visits, bounds)
	})
}

// fail ends the job with the reason; its drafts keep what was found so far.
func (r *planningRun) fail(why string) {
	r.end(domain.JobFailed, &why, func([]*domain.VisitPlan) error { return nil })
}

func (r *planningRun) end(state domain.JobState, failure *string, work func([]*domain.VisitPlan) error) {
	r.job.State, r.job.Failure = state, failure
	now := r.app.clock().UTC()
	r.job.EndedAt = &now
	if state == domain.JobDone {
		whole := 1.0
		r.job.Progress = &whole
	}
	err := r.keep(func(tx *storage.Tx, plans []*domain.VisitPlan) error {
		if err := work(plans); err != nil {
			return err
		}
		for _, p := range plans {
			p.State = domain.PlanDraft
		}
		return tx.Audit("planVisits ended", r.job.ID, []*domain.Impact{domain.Touch(domain.EffectChanged, "The drafts are open to edits.", r.job.PlanIDs...)})
	})
	if err != nil { // the next start finds it unfinished, and says so
		r.app.log.Error("planning could not keep its end", "job", r.job.ID, "error", err)
	}
}

// JobReply names the job that a mutation was about.
type JobReply struct{ JobID string }

// RepliedJob is the job of a reply as it now stands; nil where there is none.
func (a *App) RepliedJob(ctx context.Context, r *domain.Reply[JobReply]) (domain.Job, error) {
	if r.Object == nil {
		return nil, nil
	}
	return a.Job(ctx, r.Object.JobID)
}

// mustCancel is nil where the asker may stop a job: coordinators and scope VISIT_WRITE a planning, a team its analysis.
func (a *App) mustCancel(ctx context.Context, job domain.Job) (because string, err error) {
	switch j := job.(type) {
	case *domain.VisitPlanning:
		for _, c := range j.CohortIDs {
			if err := must(ctx, domain.PlanVisits, domain.Place{Programme: j.ProgrammeID, Cohort: c}); err != nil {
				return "", err
			}
		}
		return "The planning stops; its drafts keep the best so far.", nil
	case *domain.VoiceAnalysis: // whoever reads it is of the team
		return "The analysis stops.", nil
	}
	return "", domain.NotFound("job")
}

// CancelJob stops a job: a planning keeps its best so far. The reply names it as it ended.
func (a *App) CancelJob(ctx context.Context, in CancelJobInput) (*domain.Reply[JobReply], error) {
	job, err := a.Job(ctx, in.JobID)
	if err != nil {
		return nil, err
	}
	because, err := a.mustCancel(ctx, job)
	if err != nil {
		return nil, err
	}
	reply, err := change(ctx, a, "cancelJob", in.Command, in, func(tx *storage.Tx) (*JobReply, []*domain.Impact, error) {
		reply := &JobReply{in.JobID}
		subjects := []string{in.JobID}
		if j, ok := job.(*domain.VisitPlanning); ok {
			subjects = j.PlanIDs
		}
		if job.Stands().Over() {
			return reply, nil, domain.Refuse(domain.CodeWrongState, "jobId", "It is over already.", "")
		}
		return reply, []*domain.Impact{domain.Touch(domain.EffectChanged, because, subjects...)}, nil
	})
	if err != nil || in.DryRun || reply.Repeated || len(reply.UserErrors) > 0 {
		return reply, err
	}
	wake := a.jobs.moves(in.JobID)
	for running := a.jobs.cancel(in.JobID); running; wake = a.jobs.moves(in.JobID) {
		a.renew(ctx, nil)
		if job, err = a.Job(ctx, in.JobID); err != nil || job.Stands().Over() || !a.sleep(ctx, wake) {
			return reply, err
		}
	}
	return reply, nil
}

// Recover ends what was running when the program last died: its plannings failed, and say so; their drafts keep what they
// hold, and those that hold nothing go.
func (a *App) Recover(ctx context.Context) error {
	if err := a.recoverAnalyses(ctx); err != nil {
		return err
	}
	left, err := a.read().PlanningsUnfinished(ctx)
	if err != nil || len(left) == 0 {
		return err
	}
	_, err = a.store.Write(ctx, system(), a.clock(), func(tx *storage.Tx) error {
		for _, j := range left {
			why := "Tandem was stopped while it planned; the draft holds the best it had found."
			now := tx.Now()
			j.State, j.EndedAt, j.Failure = domain.JobFailed, &now, &why
			plans, err := storage.Get[domain.VisitPlan](ctx, tx.Reader, j.PlanIDs...)
			if err != nil {
				return err
			}
			for _, p := range plans {
				if p.State != domain.PlanPlanning {
					continue
				}
				if len(p.Visits) == 0 {
					if err := storage.Remove(tx, p); err != nil {
						return err
					}
					continue
				}
				p.State, p.Cancelled = domain.PlanDraft, true
				if err := storage.Put(tx, p); err != nil {
					return err
				}
			}
			if err := storage.Put(tx, j); err != nil {
				return err
			}
			if err := tx.Audit("planVisits recovered", j.ID, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		a.feed.committed()
	}
	return err
}

// PlanningProblem is what the planner would be asked for a cohort today, under the usual rules and with nothing pinned: the
// documented problem, for a planner or a checker of one's own. For those who may see the cohort's drafts.
func (a *App) PlanningProblem(ctx context.Context, c *domain.Cohort) (visit.Problem, error) {
	if err := must(ctx, domain.SeePlans, placeOfCohort(c)); err != nil {
		return visit.Problem{}, err
	}
	m, err := gather(ctx, a.read(), c.ProgrammeID, []string{c.ID})
	if err != nil {
		return visit.Problem{}, err
	}
	_, q := a.joint(m, []*domain.VisitPlan{{CohortID: c.ID}}, usualRules(m.programme))
	return q, nil
}
