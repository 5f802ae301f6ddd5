package app

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/visit"
)

// edit is a draft under the hand: as it was, as it becomes, and whom that touches.
type edit struct {
	ctx    context.Context
	tx     *storage.Tx
	plan   *domain.VisitPlan
	before *domain.VisitPlan
	*setting
	impact []*domain.Impact
	told   []string // people whom the impact names already
}

// editPlan is the one way to edit a draft: by coordinators, based on its version, scored anew. A hard rule that it newly
// breaks needs a reason (NEEDS_OVERRIDE), and a day outside the programme is refused whatever the reason.
func editPlan[T any](ctx context.Context, a *App, action, planID string, expected int, c domain.Command, in any, reason *string, work func(*edit) error, answer func(*domain.VisitPlan) *T) (*domain.Reply[T], error) {
	p, err := a.planNode(ctx, planID)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.EditPlan, p.Place()); err != nil {
		return nil, err
	}
	var made *edit
	reply, err := change(ctx, a, action, c, in, func(tx *storage.Tx) (*T, []*domain.Impact, error) {
		p, err := storage.One[domain.VisitPlan](ctx, tx.Reader, planID)
		if err != nil {
			return nil, nil, err
		}
		if err := fresh(p.Edit, expected); err != nil {
			return answer(p), nil, err
		}
		if p.State != domain.PlanDraft {
			return answer(p), nil, domain.Refuse(domain.CodeWrongState, "", "Only a draft can be edited; this plan is "+stateNames[p.State]+".", "Make a draft from it.")
		}
		m, err := a.drafts.gather(ctx, tx, p.ProgrammeID, p.CohortID)
		if err != nil {
			return nil, nil, err
		}
		on := a.asOf(m.programme, p)
		layOut := func() *setting { return newSetting(m, []string{p.CohortID}, p.Rules, on, p.Attainable, p.Visits) }
		e := &edit{ctx: ctx, tx: tx, plan: p, before: clonePlan(p), setting: a.drafts.setting(tx, p, on, layOut)}
		made = e
		had := e.broken(p)
		if err := work(e); err != nil {
			return answer(e.before), nil, err
		}
		if !reflect.DeepEqual(basisOf(p), basisOf(e.before)) {
			e.setting = layOut()
		}
		if err := e.judge(had, reason); err != nil {
			return answer(e.before), nil, err
		}
		if err := e.setScore(p); err != nil {
			return nil, nil, err
		}
		if len(e.changes(e.slotsOf(e.before), e.slotsOf(p))) > 0 {
			p.Seed = nil // no seed gives this plan
		}
		impact := append(e.impact, e.touched()...)
		if len(impact) == 0 {
			impact = []*domain.Impact{domain.Touch(domain.EffectChanged, "The draft changes.", p.ID)}
		}
		return answer(p), impact, storage.Put(tx, p)
	})
	if made != nil {
		made.hand(a.view(ctx))
	}
	return reply, err
}

// basis is what of a plan its setting is laid out by: whose visits and people move changes none of it.
type basis struct {
	rules      domain.PlanRules
	attainable map[string]int
	offers     []string    // of its visits
	cancelled  []bool      // the visits
	together   [][2]string // offers that one group sees on a day
}

func basisOf(p *domain.VisitPlan) basis {
	b := basis{rules: p.Rules, attainable: p.Attainable}
	for i, v := range p.Visits {
		b.offers = append(b.offers, v.OfferID)
		b.cancelled = append(b.cancelled, v.Stored == domain.VisitCancelled)
		for _, x := range p.Visits[:i] {
			if x.GroupID == v.GroupID && x.On == v.On {
				b.together = append(b.together, [2]string{x.OfferID, v.OfferID})
			}
		}
	}
	return b
}

// hand gives the view that follows an edit what it was based on, which need not be read or laid out again: all of it where
// the edit changed neither rules nor offers, else what it read.
func (e *edit) hand(v *view) {
	e.material.hand(v, e.plan.CohortID)
	sameOffers := slices.EqualFunc(e.before.Visits, e.plan.Visits, func(x, y *domain.Visit) bool { return x.OfferID == y.OfferID && x.Stored == y.Stored })
	if sameOffers && reflect.DeepEqual(e.before.Rules, e.plan.Rules) {
		derive(v, settingName(e.plan), e.setting)
	}
}

var stateNames = map[domain.VisitPlanState]string{
	domain.PlanPlanning: "being planned", domain.PlanDraft: "a draft", domain.PlanReleased: "in force", domain.PlanSuperseded: "replaced by a later one",
}

// judge refuses what newly breaks a hard rule without a reason, and keeps the reason with the visits that it is for.
func (e *edit) judge(had *breaks, reason *string) error {
	has := e.check(e.plan.Visits, e.plan.Groups)
	if reason != nil && strings.TrimSpace(*reason) == "" {
		reason = nil
	}
	var texts []string
	for _, v := range e.plan.Visits {
		rules := has.by[v.ID]
		if len(rules) == 0 {
			v.OverrideReason = nil
			continue
		}
		for _, r := range rules {
			if slices.ContainsFunc(had.by[v.ID], func(x *domain.RuleBreak) bool { return sameBreak(x, r) }) {
				continue
			}
			if r.Rule == domain.RuleOutsideProgramme {
				return domain.Refuse(domain.CodeRuleBroken, "startsAt", r.Text, "Choose a Monday to Friday of the programme.")
			}
			if reason != nil {
				v.OverrideReason = reason
			}
			texts = append(texts, r.Text)
		}
	}
	if len(texts) > 0 && reason == nil {
		return domain.Refuse(domain.CodeNeedsOverride, "overrideReason", strings.Join(texts, " "), "Choose another place, or say why it may be all the same.")
	}
	return nil
}

// sameBreak reports whether a rule was broken in the same way, or worse, before.
func sameBreak(before, now *domain.RuleBreak) bool {
	return before.Rule == now.Rule && *before.On == *now.On && len(without(now.PeopleIDs, before.PeopleIDs)) == 0
}

// setScore scores a plan anew. The bound stays as far as it follows from the same figures before it: a bound on travel
// holds for plans that are as fair, and where that changed nothing is known of it but that it is not below nothing.
func (s *setting) setScore(p *domain.VisitPlan) error {
	laid, _ := s.lay(p.Visits, p.Groups)
	score, err := s.score(laid)
	if err != nil {
		return err
	}
	if p.Bound != nil {
		// What was proved of a level speaks of plans that are as good on those before.
		bound, same, order := *p.Bound, true, p.Rules.Levels()
		for _, l := range order {
			if !same {
				*figure(&bound, l) = 0
			}
			same = same && *figure(&p.Score, l) == *figure(&score, l)
		}
		p.Bound, p.ProvedLevels = &bound, provedLevels(order, score, bound)
	}
	if score != p.Score {
		p.Seed = nil
	}
	p.Score = score
	return nil
}

// touched is the people whose places an edit changes, those told of already left out. Nobody is written to about a draft.
func (e *edit) touched() []*domain.Impact {
	var out []*domain.Impact
	before, after := e.slotsOf(e.before), e.slotsOf(e.plan)
	for _, i := range e.tellPeople(before, after) {
		if ids := without(i.SubjectIDs, e.told); len(ids) > 0 {
			out = append(out, domain.Touch(i.Effect, i.Because, ids...))
		}
	}
	return append(out, e.lateFrom(before, after, e.today)...)
}

// misses notes that people lose their place, and why.
func (e *edit) misses(missing map[string][]string) {
	for _, why := range sortedKeys(missing) {
		e.impact = append(e.impact, domain.Touch(domain.EffectRemoved, why, missing[why]...))
		e.told = append(e.told, missing[why]...)
	}
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func clonePlan(p *domain.VisitPlan) *domain.VisitPlan {
	q := *p
	q.Rules.Exclusions = slices.Clone(p.Rules.Exclusions)
	q.Visits, q.Groups = make([]*domain.Visit, len(p.Visits)), make([]*domain.VisitGroup, len(p.Groups))
	for i, v := range p.Visits {
		x := *v
		q.Visits[i] = &x
	}
	for i, g := range p.Groups {
		x := *g
		x.MemberIDs = slices.Clone(g.MemberIDs)
		q.Groups[i] = &x
	}
	return &q
}

func findVisit(p *domain.VisitPlan, id string) *domain.Visit {
	for _, v := range p.Visits {
		if v.ID == id {
			return v
		}
	}
	return nil
}

// lettersOn is the letters of a day's groups, one group left out.
func lettersOn(p *domain.VisitPlan, on domain.Date, except string) []string {
	var out []string
	for _, g := range p.Groups {
		if g.On == on && g.ID != except {
			out = append(out, g.Name)
		}
	}
	return out
}

func newUID() string { return uuid.Must(uuid.NewV7()).String() + "@tandem" }

// newVisit makes a visit of an offer with its group, and puts both into a plan.
func (s *setting) newVisit(p *domain.VisitPlan, o *domain.HostOffer, startsAt time.Time, people []string) *domain.Visit {
	v := s.visitTo(p, o, startsAt)
	g := &domain.VisitGroup{ID: newID("group"), PlanID: p.ID, On: v.On, Name: letter(lettersOn(p, v.On, "")), MemberIDs: people}
	v.GroupID = g.ID
	p.Groups, p.Visits = append(p.Groups, g), append(p.Visits, v)
	return v
}

// visitTo makes a visit of an offer, with no group yet.
func (s *setting) visitTo(p *domain.VisitPlan, o *domain.HostOffer, startsAt time.Time) *domain.Visit {
	return &domain.Visit{ID: newID("visit"), PlanID: p.ID, CohortID: p.CohortID, ProgrammeID: p.ProgrammeID, OfferID: o.ID, On: domain.DateOf(startsAt.In(s.programme.Location())),
		StartsAt: startsAt.UTC(), EndsAt: startsAt.UTC().Add(minutes(o.DurationMinutes)), Stored: domain.VisitPlanned, UID: newUID()}
}

// put writes a cohort's part of an assignment into its draft. A visit to the same offer stays the same visit; one that
// stays is left as it is, whatever rule was overridden for it.
func (s *setting) put(p *domain.VisitPlan, cohort int, planned visit.Assignment, stays func(*domain.Visit) bool) {
	was := clonePlan(p)
	p.Visits, p.Groups = []*domain.Visit{}, []*domain.VisitGroup{}
	for _, x := range planned {
		if x.Cohort == cohort {
			s.hold(p, was, x, stays)
		}
	}
}

// opensAt is when a visit would begin on a day: with the host's window, else at its own time of day.
func (s *setting) opensAt(o *domain.HostOffer, on domain.Date, v *domain.Visit) time.Time {
	for _, d := range s.openings(o) {
		if d.on == on {
			return d.window.StartsAt
		}
	}
	clock, day := v.StartsAt.In(s.programme.Location()), on.Time()
	return time.Date(day.Year(), day.Month(), day.Day(), clock.Hour(), clock.Minute(), 0, 0, s.programme.Location())
}

// move puts a visit at another moment, or gives it to the group of a letter. On its own day its group changes hosts with the
// group of that letter; on another day its group comes along under its letter, or the next that is free there, without those
// who are away or with another group that day: who they are is answered, by reason. The other host that a group sees comes
// along as well, unless the visit goes alone.
func (s *setting) move(p *domain.VisitPlan, v *domain.Visit, startsAt time.Time, group *string, alone bool) map[string][]string {
	on := domain.DateOf(startsAt.In(s.programme.Location()))
	own := groupOf(p, v.GroupID)
	wanted := own.Name
	set(&wanted, group)
	from, turn := v.On, together(p, v)
	s.startAt(v, startsAt)
	if on == from {
		other := slices.IndexFunc(p.Groups, func(g *domain.VisitGroup) bool { return g.On == on && g.Name == wanted && g.ID != own.ID })
		if other < 0 {
			own.Name = wanted
			return nil
		}
		theirs := p.Groups[other].ID
		for _, x := range p.Visits {
			switch x.GroupID {
			case theirs:
				x.GroupID = own.ID
			case own.ID:
				x.GroupID = theirs
			}
		}
		return nil
	}
	for i, x := range turn {
		switch {
		case x == v:
		case !alone:
			s.follow(v, x, i > 0)
		case v.GroupID == own.ID:
			own = &domain.VisitGroup{ID: newID("group"), PlanID: p.ID, MemberIDs: slices.Clone(own.MemberIDs)}
			p.Groups = append(p.Groups, own)
			v.GroupID = own.ID
		}
	}
	own.On = on
	own.Name = wanted
	if taken := lettersOn(p, on, own.ID); slices.Contains(taken, wanted) {
		own.Name = letter(taken)
	}
	missing := map[string][]string{}
	day, works := s.dayOf[on]
	own.MemberIDs = slices.DeleteFunc(slices.Clone(own.MemberIDs), func(id string) bool {
		i, known := s.personOf[id]
		why := ""
		switch {
		case known && works && slices.Contains(s.problem.People[i].Unavailable, day):
			why = fmt.Sprintf("They are away on %s.", on)
		case slices.ContainsFunc(p.Groups, func(g *domain.VisitGroup) bool {
			return g.On == on && g.ID != own.ID && slices.Contains(g.MemberIDs, id)
		}):
			why = fmt.Sprintf("They are with another group on %s.", on)
		default:
			return false
		}
		missing[why] = append(missing[why], id)
		return true
	})
	return missing
}

// startAt sets when a visit begins, and with it when it ends.
func (s *setting) startAt(v *domain.Visit, startsAt time.Time) {
	length := v.EndsAt.Sub(v.StartsAt)
	if i, ok := s.hostOf[v.OfferID]; ok {
		length = minutes(s.hosts[i].DurationMinutes)
	}
	v.On, v.StartsAt, v.EndsAt = domain.DateOf(startsAt.In(s.programme.Location())), startsAt.UTC(), startsAt.UTC().Add(length)
}

// follow moves the other visit of a group to the day of the one that moved: after it or before it, with the way between
// them, and within its host's window where that lets it.
func (s *setting) follow(moved, v *domain.Visit, after bool) {
	length, way := v.EndsAt.Sub(v.StartsAt), time.Duration(0)
	i, known := s.hostOf[v.OfferID]
	k, also := s.hostOf[moved.OfferID]
	var open *domain.OfferWindow
	if known && also {
		length, way = minutes(s.hosts[i].DurationMinutes), minutes(s.between(s.hosts[k], s.hosts[i]))
		open = s.windowOn(s.hosts[i], moved.On)
	}
	startsAt := moved.EndsAt.Add(way)
	if after && open != nil && open.StartsAt.After(startsAt) {
		startsAt = open.StartsAt
	}
	if !after {
		startsAt = moved.StartsAt.Add(-way - length)
		if open != nil && open.EndsAt.Before(startsAt.Add(length)) {
			startsAt = open.EndsAt.Add(-length)
		}
	}
	s.startAt(v, startsAt)
}

func (e *edit) visitNamed(id string) (*domain.Visit, error) {
	v := findVisit(e.plan, id)
	if v == nil {
		return nil, domain.Refuse(domain.CodeNotFound, "visitId", "The draft has no such visit.", "Read the draft again.")
	}
	return v, nil
}

// offerNamed is an open offer that the input names.
func (e *edit) offerNamed(id string) (*domain.HostOffer, error) {
	for _, o := range e.offers {
		if o.ID == id {
			return o, nil
		}
	}
	return nil, domain.Refuse(domain.CodeNotFound, "offerId", "The programme has no such offer.", "Choose one of its offers.")
}

// AddVisit puts an unused offer into a draft, with the best people for it that are free that day. Coordinators only.
func (a *App) AddVisit(ctx context.Context, in AddVisitInput) (*domain.Reply[PlacedVisit], error) {
	var added string
	return editPlan(ctx, a, "addVisit", in.PlanID, in.ExpectedVersion, in.Command, in, in.OverrideReason, func(e *edit) error {
		o, err := e.offerNamed(in.OfferID)
		if err != nil {
			return err
		}
		if _, ok := e.hostOf[o.ID]; !ok {
			return domain.Refuse(domain.CodeWrongState, "offerId", "The host took this offer back.", "Choose another offer.")
		}
		on := domain.DateOf(in.StartsAt.In(e.programme.Location()))
		day, works := e.dayOf[on]
		if !works {
			return domain.Refuse(domain.CodeRuleBroken, "startsAt", fmt.Sprintf("%s is none of the programme's Mondays to Fridays.", on), "Choose one of them.")
		}
		if in.GroupID != nil {
			added, err = e.join(o, in.StartsAt, *in.GroupID)
			return err
		}
		laid, _ := e.lay(e.plan.Visits, e.plan.Groups)
		added = e.newVisit(e.plan, o, in.StartsAt, e.bestGroup(laid, e.hostOf[o.ID], day)).ID
		return nil
	}, func(p *domain.VisitPlan) *PlacedVisit { return placed(p, added) })
}

// join lets a group see one more host on its day, and gives the visit's id.
func (e *edit) join(o *domain.HostOffer, startsAt time.Time, group string) (string, error) {
	v := e.visitTo(e.plan, o, startsAt)
	g := groupOf(e.plan, group)
	if g == nil || g.On != v.On {
		return "", domain.Refuse(domain.CodeNotFound, "groupId", fmt.Sprintf("There is no such group on %s.", v.On), "Choose a group of that day, or leave it out.")
	}
	held := slices.DeleteFunc(slices.Clone(e.plan.Visits), func(x *domain.Visit) bool { return x.GroupID != group || x.Stored == domain.VisitCancelled })
	if len(held) > 1 {
		return "", domain.Refuse(domain.CodeRuleBroken, "groupId", "A group sees two hosts a day at most.", "Choose another group, or take one of its visits out.")
	}
	v.GroupID = group
	e.plan.Visits = append(e.plan.Visits, v)
	return v.ID, nil
}

// bestGroup is the best people for one more visit; whoever is free and can go, where they are fewer than the host wants.
func (s *setting) bestGroup(laid visit.Assignment, host, day int) []string {
	people := []int{}
	if best, _, err := visit.BestGroup(s.problem, laid, []int{host}, day, 0); err == nil {
		people = best.People
	} else {
		for i := range s.persons {
			busy := slices.ContainsFunc(laid, func(v visit.Visit) bool { return v.Day == day && slices.Contains(v.People, i) })
			if !busy && len(s.canBe(visit.Visit{Day: day, Offers: []int{host}, People: []int{i}})) == 1 && len(people) < s.problem.Offers[host].Max {
				people = append(people, i)
			}
		}
	}
	ids := make([]string, len(people))
	for i, n := range people {
		ids[i] = s.persons[n].ID
	}
	return ids
}

// planOfVisit is the plan of a visit that the asker may see.
func (a *App) planOfVisit(ctx context.Context, id string) (string, error) {
	v, err := a.visitNode(ctx, id)
	if err != nil {
		return "", err
	}
	return v.PlanID, nil
}

// MoveVisit moves a visit within a draft. Run dry, it is the preview of a drag. Coordinators only.
func (a *App) MoveVisit(ctx context.Context, in MoveVisitInput) (*domain.Reply[PlacedVisit], error) {
	plan, err := a.planOfVisit(ctx, in.VisitID)
	if err != nil {
		return nil, err
	}
	return editPlan(ctx, a, "moveVisit", plan, in.ExpectedVersion, in.Command, in, in.OverrideReason, func(e *edit) error {
		v, err := e.visitNamed(in.VisitID)
		if err != nil {
			return err
		}
		if in.Group != nil && (strings.TrimSpace(*in.Group) == "" || len(*in.Group) > 3) {
			return domain.Refuse(domain.CodeInvalid, "group", "A group's name is a letter.", "Give a letter, such as A.")
		}
		if in.Alone && domain.DateOf(in.StartsAt.In(e.programme.Location())) == v.On && len(together(e.plan, v)) > 1 {
			return domain.Refuse(domain.CodeInvalid, "alone", "On its own day a group sees both its hosts.", "Take the visit out and add it with a group of its own.")
		}
		e.misses(e.move(e.plan, v, in.StartsAt, in.Group, in.Alone))
		for _, x := range together(e.plan, v) {
			if was := findVisit(e.before, x.ID); x.Stored == domain.VisitConfirmed && !x.StartsAt.Equal(was.StartsAt) {
				x.Stored = domain.VisitPlanned
				e.impact = append(e.impact, domain.Touch(domain.EffectChanged, "The host agreed to another time, and has to agree to this one.", x.ID))
			}
		}
		return nil
	}, func(p *domain.VisitPlan) *PlacedVisit { return placed(p, in.VisitID) })
}

// MoveVisitors moves people within a day of a draft, or takes them off it. Coordinators only.
func (a *App) MoveVisitors(ctx context.Context, in MoveVisitorsInput) (*domain.Reply[domain.VisitPlan], error) {
	return editPlan(ctx, a, "moveVisitors", in.PlanID, in.ExpectedVersion, in.Command, in, in.OverrideReason, func(e *edit) error {
		var to *domain.VisitGroup
		if in.ToGroupID != nil {
			if to = groupOf(e.plan, *in.ToGroupID); to == nil || to.On != in.On {
				return domain.Refuse(domain.CodeNotFound, "toGroupId", fmt.Sprintf("There is no such group on %s.", in.On), "Choose a group of that day.")
			}
		}
		if len(in.EnrolmentIds) == 0 {
			return domain.Refuse(domain.CodeRequired, "enrolmentIds", "Nobody is named.", "Name one person at least.")
		}
		for i, id := range in.EnrolmentIds {
			if _, ok := e.personOf[id]; !ok {
				return domain.Refuse(domain.CodeNotFound, fmt.Sprintf("enrolmentIds.%d", i), "The cohort has no such person.", "Choose somebody with a seat in it.")
			}
		}
		for _, g := range e.plan.Groups {
			if g.On == in.On {
				g.MemberIDs = without(g.MemberIDs, in.EnrolmentIds)
			}
		}
		if to != nil {
			to.MemberIDs = append(to.MemberIDs, slices.Compact(slices.Sorted(slices.Values(in.EnrolmentIds)))...)
		}
		return nil
	}, same)
}

func same(p *domain.VisitPlan) *domain.VisitPlan { return p }

// RemoveVisit takes a visit out of a draft. Coordinators only.
func (a *App) RemoveVisit(ctx context.Context, in RemoveVisitInput) (*domain.Reply[domain.VisitPlan], error) {
	plan, err := a.planOfVisit(ctx, in.VisitID)
	if err != nil {
		return nil, err
	}
	return editPlan(ctx, a, "removeVisit", plan, in.ExpectedVersion, in.Command, in, nil, func(e *edit) error {
		v, err := e.visitNamed(in.VisitID)
		if err != nil {
			return err
		}
		dropVisit(e.plan, v)
		return nil
	}, same)
}

// dropVisit takes a visit out of a plan, and its group where that goes nowhere else.
func dropVisit(p *domain.VisitPlan, v *domain.Visit) {
	p.Visits = slices.DeleteFunc(p.Visits, func(x *domain.Visit) bool { return x.ID == v.ID })
	if !slices.ContainsFunc(p.Visits, func(x *domain.Visit) bool { return x.GroupID == v.GroupID }) {
		p.Groups = slices.DeleteFunc(p.Groups, func(g *domain.VisitGroup) bool { return g.ID == v.GroupID })
	}
}

// PinVisit pins a visit of a draft, so that planning leaves it, or lets it go. Coordinators only.
func (a *App) PinVisit(ctx context.Context, in PinVisitInput) (*domain.Reply[domain.Visit], error) {
	plan, err := a.planOfVisit(ctx, in.VisitID)
	if err != nil {
		return nil, err
	}
	return editPlan(ctx, a, "pinVisit", plan, in.ExpectedVersion, in.Command, in, nil, func(e *edit) error {
		v, err := e.visitNamed(in.VisitID)
		if err != nil {
			return err
		}
		because := "Planning may move it again."
		if in.Pinned {
			because = "Planning leaves it where it is."
		}
		for _, x := range together(e.plan, v) { // a group's two hosts stay together
			x.Pinned = in.Pinned
			e.impact = append(e.impact, domain.Touch(domain.EffectChanged, because, x.ID))
		}
		return nil
	}, func(p *domain.VisitPlan) *domain.Visit { return findVisit(p, in.VisitID) })
}

// ExcludeOffer keeps an offer out of planning a draft on, or lets it in again. What the draft holds of it stays until it is
// planned again. Coordinators only.
func (a *App) ExcludeOffer(ctx context.Context, in ExcludeOfferInput) (*domain.Reply[domain.VisitPlan], error) {
	return editPlan(ctx, a, "excludeOffer", in.PlanID, in.ExpectedVersion, in.Command, in, nil, func(e *edit) error {
		o, err := e.offerNamed(in.OfferID)
		if err != nil {
			return err
		}
		e.plan.Rules.Exclusions = slices.DeleteFunc(e.plan.Rules.Exclusions, func(x *domain.Exclusion) bool { return x.OfferID == o.ID })
		if in.Reason == nil {
			e.impact = append(e.impact, domain.Touch(domain.EffectChanged, "It may be planned again.", o.ID))
			return nil
		}
		if strings.TrimSpace(*in.Reason) == "" {
			return domain.Refuse(domain.CodeRequired, "reason", "An exclusion says why.", "Give a reason, or null to let the offer in.")
		}
		because := "Planning leaves it out."
		for _, v := range e.plan.Visits {
			if v.OfferID != o.ID {
				continue
			}
			if v.Pinned {
				return domain.Refuse(domain.CodeWrongState, "offerId", "A visit to it is pinned in this draft.", "Let the visit go first.")
			}
			because = "Planning leaves it out; its visit stays in this draft until it is planned again."
		}
		e.plan.Rules.Exclusions = append(e.plan.Rules.Exclusions, &domain.Exclusion{OfferID: o.ID, Reason: strings.TrimSpace(*in.Reason), By: actor(e.ctx).Name, At: e.tx.Now()})
		e.impact = append(e.impact, domain.Touch(domain.EffectRemoved, because, o.ID))
		return nil
	}, same)
}

// DraftVisitPlan copies a plan into a new draft, or begins an empty one. Coordinators only.
func (a *App) DraftVisitPlan(ctx context.Context, in DraftVisitPlanInput) (*domain.Reply[domain.VisitPlan], error) {
	c, err := a.Cohort(ctx, in.CohortID)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.EditPlan, placeOfCohort(c)); err != nil {
		return nil, err
	}
	return change(ctx, a, "draftVisitPlan", in.Command, in, func(tx *storage.Tx) (*domain.VisitPlan, []*domain.Impact, error) {
		m, err := gather(ctx, tx.Reader, c.ProgrammeID, []string{c.ID})
		if err != nil {
			return nil, nil, err
		}
		p, err := nextPlan(ctx, tx, c, usualRules(m.programme))
		if err != nil {
			return nil, nil, err
		}
		if in.FromPlanID != nil {
			from, err := planToCopy(ctx, tx, c.ID, *in.FromPlanID)
			if err != nil {
				return nil, nil, err
			}
			copyPlan(p, from)
		}
		s := newSetting(m, []string{c.ID}, p.Rules, a.today(m.programme), p.Attainable, p.Visits)
		s.freeze(p)
		if err := s.setScore(p); err != nil {
			return nil, nil, err
		}
		return p, []*domain.Impact{domain.Touch(domain.EffectCreated, fmt.Sprintf("Draft %d begins.", p.Number), p.ID)}, storage.Put(tx, p)
	})
}

// nextPlan begins a cohort's next draft.
func nextPlan(ctx context.Context, tx *storage.Tx, c *domain.Cohort, rules domain.PlanRules) (*domain.VisitPlan, error) {
	plans, err := tx.Plans(ctx, []string{c.ID})
	if err != nil {
		return nil, err
	}
	p := &domain.VisitPlan{ID: newID("plan"), CohortID: c.ID, ProgrammeID: c.ProgrammeID, Number: 1, State: domain.PlanDraft, Rules: rules,
		Attainable: map[string]int{}, Visits: []*domain.Visit{}, Groups: []*domain.VisitGroup{}}
	if len(plans) > 0 {
		p.Number = plans[0].Number + 1
	}
	return p, nil
}

func planToCopy(ctx context.Context, tx *storage.Tx, cohort, id string) (*domain.VisitPlan, error) {
	found, err := storage.Get[domain.VisitPlan](ctx, tx.Reader, id)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 || found[0].CohortID != cohort {
		return nil, domain.Refuse(domain.CodeNotFound, "fromPlanId", "The cohort has no such plan.", "Choose one of its plans.")
	}
	if found[0].State == domain.PlanPlanning {
		return nil, domain.Refuse(domain.CodeWrongState, "fromPlanId", "It is still being planned.", "Wait until it is done, or stop it.")
	}
	return found[0], nil
}

// copyPlan fills a draft with what a plan holds; visits that were called off stay behind.
func copyPlan(p, from *domain.VisitPlan) {
	p.Rules, p.Score, p.Bound, p.ProvedLevels, p.Seed, p.Work, p.Attainable = from.Rules, from.Score, from.Bound, from.ProvedLevels, from.Seed, from.Work, from.Attainable
	p.Rules.Exclusions = slices.Clone(from.Rules.Exclusions)
	groups := map[string]string{}
	for _, v := range from.Visits {
		if v.Stored == domain.VisitCancelled {
			continue
		}
		x := *v
		x.ID, x.PlanID, x.Edit, x.UID, x.Sequence = newID("visit"), p.ID, domain.Edit{}, newUID(), 0
		if groups[v.GroupID] == "" {
			g := *groupOf(from, v.GroupID)
			g.ID, g.PlanID, g.MemberIDs = newID("group"), p.ID, slices.Clone(g.MemberIDs)
			groups[v.GroupID] = g.ID
			p.Groups = append(p.Groups, &g)
		}
		x.GroupID = groups[v.GroupID]
		p.Visits = append(p.Visits, &x)
	}
}

// freeze keeps with a plan what everyone could attain.
func (s *setting) freeze(p *domain.VisitPlan) {
	kept := map[string]int{}
	for i, e := range s.persons {
		kept[e.ID] = s.problem.Attainable[i]
	}
	p.Attainable = kept
}

// rescore scores a plan anew after something outside it changed, such as a way that somebody entered.
func (a *App) rescore(ctx context.Context, tx *storage.Tx, plan string) ([]*domain.Impact, error) {
	p, err := storage.One[domain.VisitPlan](ctx, tx.Reader, plan)
	if err != nil {
		return nil, err
	}
	m, err := gather(ctx, tx.Reader, p.ProgrammeID, []string{p.CohortID})
	if err != nil {
		return nil, err
	}
	was := p.Score
	if p.Bound != nil { // it was a bound for other ways
		p.Bound.Minutes, p.Bound.GramsCO2e = 0, 0
	}
	if err := newSetting(m, []string{p.CohortID}, p.Rules, a.asOf(m.programme, p), p.Attainable, p.Visits).setScore(p); err != nil || p.Score == was {
		return nil, err
	}
	return []*domain.Impact{domain.Touch(domain.EffectChanged, "The plan's journeys count anew.", p.ID)}, storage.Put(tx, p)
}
