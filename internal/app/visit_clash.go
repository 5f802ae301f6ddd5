package app

import (
	"context"
	"fmt"

	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/visit"
)

// clashesMost is how many clashes a planning looks for.
const clashesMost = 10

// Clashes is the first clashes of a planning.
func (a *App) Clashes(ctx context.Context, j *domain.VisitPlanning, first int) ([]*domain.Clash, error) {
	if first < 1 || first > clashesMost {
		return nil, domain.Invalid(fmt.Sprintf("Ask for 1 to %d clashes.", clashesMost))
	}
	clashes := j.Clashes[:min(first, len(j.Clashes))]
	offers, people := nouns[domain.HostOffer](a.view(ctx)), nouns[domain.Enrolment](a.view(ctx))
	for _, c := range clashes {
		for _, r := range c.Rules {
			x := r.Relaxation
			if x == nil {
				continue
			}
			offers.want(x.OfferIDs...)
			people.want(x.PeopleIDs...)
			if x.Witness == nil {
				continue
			}
			for _, c := range x.Witness.Changes {
				offers.want(c.OfferID)
				people.want(c.PeopleIDs...)
			}
		}
	}
	return clashes, nil
}

// PeopleOfRelaxation is the people who would have to agree to a change; nil for those who may not see it.
func (a *App) PeopleOfRelaxation(ctx context.Context, r *domain.Relaxation) ([]*domain.Enrolment, error) {
	if !may(ctx, domain.SeePlans, r.Place) {
		return nil, nil
	}
	return a.EnrolmentsNamed(ctx, r.PeopleIDs)
}

// clash notes a clash as soon as it is known.
func (r *planningRun) clash(c visit.Conflict) {
	r.job.Clashes = append(r.job.Clashes, r.told(c))
	if err := r.keep(func(*storage.Tx, []*domain.VisitPlan) error { return nil }); err != nil {
		r.app.log.Warn("planning could not keep a clash", "job", r.job.ID, "error", err)
	}
}

// clashed ends the job without a plan: its clashes are kept, and drafts that hold nothing go. Somebody who stopped it
// before anything was proved has stopped it.
func (r *planningRun) clashed(none *visit.Infeasible, stopped bool) {
	r.job.ClashesComplete = none.AllClashes
	state := domain.JobFailed
	why := "No plan can be all that was asked: some of its rules clash."
	failure := &why
	switch {
	case stopped && !none.Clash.Proved:
		state, failure = domain.JobCancelled, nil
	case !none.Clash.Proved:
		why = "No plan that is all that was asked was found in the time there was, and it is not proved that there is none."
	}
	r.end(state, failure, func(plans []*domain.VisitPlan) error {
		for _, p := range plans {
			if len(p.Visits) == 0 {
				r.job.PlanIDs = without(r.job.PlanIDs, []string{p.ID})
			}
		}
		return nil
	})
}

// told puts a clash into words.
func (r *planningRun) told(c visit.Conflict) *domain.Clash {
	out := &domain.Clash{Proved: c.Proved, Minimal: c.Minimal, Rules: []*domain.ClashRule{}}
	for _, rule := range c.Rules {
		told := &domain.ClashRule{Group: domain.RuleGroup(rule.Group), Text: r.rule(rule.Group), Hopeless: rule.Hopeless != nil}
		if rule.Relaxation != nil {
			told.Relaxation = r.relaxation(rule.Group, rule.Relaxation)
		}
		out.Rules = append(out.Rules, told)
	}
	return out
}

// rule is a rule as it was asked.
func (r *planningRun) rule(g visit.RuleGroup) string {
	switch g {
	case visit.AllThemes:
		return "Every team sees every theme of its challenge."
	case visit.AtLeast:
		return fmt.Sprintf("Everyone has at least %s.", count(r.rules.EveryoneAtLeast, "visit", "visits"))
	case visit.TravelLimit:
		return fmt.Sprintf("Nobody travels longer than %s to a visit.", hours(r.rules.OneWayMinutesMax))
	case visit.StepFreeWays:
		return "Whoever needs a way in without steps has one."
	case visit.HostWindows:
		return "Hosts are visited on the days that they offer."
	case visit.MaxGroup:
		return "No group is larger than its host takes."
	case visit.MinGroup:
		return "No group is smaller than its host asks for."
	case visit.DaysAway:
		return "Nobody has a visit on a day away."
	case visit.VisitDays:
		apart := "each in a fortnight of its own"
		if r.rules.DaysBetweenMin != nil {
			apart = fmt.Sprintf("%s apart at least", count(*r.rules.DaysBetweenMin, "day", "days"))
		}
		return fmt.Sprintf("There are at most %s, %s.", count(r.rules.VisitDaysMax, "visit day", "visit days"), apart)
	}
	return "What is pinned, agreed or over stays as it is."
}

func (r *planningRun) relaxation(g visit.RuleGroup, x *visit.Relaxation) *domain.Relaxation {
	out := &domain.Relaxation{PeopleTouched: len(x.Touched), Smallest: x.Smallest, OfferIDs: []string{}, PeopleIDs: []string{},
		Place: domain.Place{Programme: r.job.ProgrammeID}}
	if len(r.cohortIDs) == 1 {
		out.Place.Cohort = r.cohortIDs[0]
	}
	rules := r.rules
	plan := &rules
	numbered := true
	switch g {
	case visit.AllThemes:
		rules.CoverEveryTheme = false
		out.Text = fmt.Sprintf("Teams see %d of the %d themes of their challenges.", x.To, x.From)
	case visit.AtLeast:
		rules.EveryoneAtLeast = x.To
		out.Text = fmt.Sprintf("Everyone has at least %s.", count(x.To, "visit", "visits"))
		if x.To == 0 {
			out.Text = "Nobody is promised a visit."
		}
	case visit.TravelLimit:
		rules.OneWayMinutesMax = x.To
		out.Text = fmt.Sprintf("A visit may be up to %s away.", hours(x.To))
	case visit.VisitDays:
		rules.VisitDaysMax = x.To
		out.Text = fmt.Sprintf("There may be %s.", count(x.To, "visit day", "visit days"))
		if x.Unspaced {
			neighbours := 1
			rules.DaysBetweenMin = &neighbours
			out.Text = fmt.Sprintf("The %s may lie as near each other as they like.", count(x.To, "visit day", "visit days"))
		}
	case visit.MaxGroup, visit.MinGroup:
		plan, numbered = nil, false
		out.OfferIDs = r.outsized(x)
		out.Text = fmt.Sprintf("Hosts take up to %s more: %s.", count(x.To, "person", "people"), r.hostList(out.OfferIDs))
		if g == visit.MinGroup {
			out.Text = fmt.Sprintf("Hosts make do with up to %s fewer: %s.", count(x.To, "person", "people"), r.hostList(out.OfferIDs))
		}
	case visit.HostWindows:
		plan, numbered = nil, false
		var days []string
		for _, d := range x.Days {
			for _, o := range r.hostsOf(d.Offer) {
				out.OfferIDs = append(out.OfferIDs, o.ID)
				days = append(days, fmt.Sprintf("%s on %s", r.hostName(o), r.days[d.Day]))
			}
		}
		out.Text = fmt.Sprintf("Hosts open on more days: %s.", enumerate(days))
	case visit.StepFreeWays:
		plan, numbered = nil, false
		out.OfferIDs = append(out.OfferIDs, idsOf(r.offersOf(x.Offers))...)
		out.Text = fmt.Sprintf("A way in without steps is found: %s.", r.hostList(out.OfferIDs))
	case visit.DaysAway:
		plan, numbered = nil, false
		var days []string
		for _, a := range x.Away {
			out.PeopleIDs = either(out.PeopleIDs, []string{r.persons[a.Person].ID})
			days = either(days, []string{r.days[a.Day].String()})
		}
		out.Text = fmt.Sprintf("%s on a day away: %s.", count(len(out.PeopleIDs), "person comes", "people come"), enumerate(days))
	case visit.HeldPins:
		plan, numbered = nil, false
		for _, k := range x.Pins {
			out.OfferIDs = append(out.OfferIDs, idsOf(r.hostsOf(r.asked.Pins[k].Offer))...)
		}
		out.Text = fmt.Sprintf("What is fixed there may move: %s.", r.hostList(out.OfferIDs))
	}
	if numbered {
		from, to := x.From, x.To
		out.From, out.To = &from, &to
	}
	out.Rules = plan
	out.Witness = r.before.witness(r.before.instead(x.Score, x.Visits))
	return out
}

// outsized is the offers whose groups in the plan of a relaxation are larger or smaller than their host says.
func (r *planningRun) outsized(x *visit.Relaxation) []string {
	ids := []string{}
	for _, v := range x.Visits {
		for _, host := range v.Offers {
			o := r.asked.Offers[host]
			if n := len(v.People); n < o.Min || n > o.Max-r.asked.MentorSeats {
				ids = append(ids, r.hosts[host].ID)
			}
		}
	}
	return ids
}

func (r *planningRun) hostList(ids []string) string {
	var names []string
	for _, id := range ids {
		names = either(names, []string{r.hostName(r.hosts[r.hostOf[id]])})
	}
	return enumerate(names)
}

// instead is a whole other plan as a witness.
func (w words) instead(score visit.Score, with visit.Assignment) *visit.Witness {
	x := &visit.Witness{Score: score, With: with}
	for i := range w.laid {
		x.Without = append(x.Without, i)
	}
	return x
}
