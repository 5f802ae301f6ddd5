package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/storage"
)

// Rules that no reason can override: what they forbid cannot be done.
var unbendable = []domain.PlanRule{domain.RuleOutsideProgramme, domain.RuleTwoPlaces, domain.RuleOfferUsed}

// ReleaseVisitPlan makes a draft the plan in force under its number; the one before is superseded. Coordinators, or scope
// VISIT_WRITE. It refuses with one problem for each visit that breaks a hard rule without a reason, or one that no reason
// can override. The impact says who must be told, messages drafted.
func (a *App) ReleaseVisitPlan(ctx context.Context, in ReleaseVisitPlanInput) (*domain.Reply[domain.VisitPlan], error) {
	p, err := a.VisitPlan(ctx, in.PlanID)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.PlanVisits, p.Place()); err != nil {
		return nil, err
	}
	return change(ctx, a, "releaseVisitPlan", in.Command, in, func(tx *storage.Tx) (*domain.VisitPlan, []*domain.Impact, error) {
		p, err := storage.One[domain.VisitPlan](ctx, tx.Reader, in.PlanID)
		if err != nil {
			return nil, nil, err
		}
		if err := fresh(p.Edit, in.ExpectedVersion); err != nil {
			return p, nil, err
		}
		if p.State != domain.PlanDraft {
			return p, nil, domain.Refuse(domain.CodeWrongState, "planId", "Only a draft can be released; this plan is "+stateNames[p.State]+".", "Make a draft from it.")
		}
		m, err := gather(ctx, tx.Reader, p.ProgrammeID, []string{p.CohortID})
		if err != nil {
			return nil, nil, err
		}
		today := a.today(m.programme)
		s := newSetting(m, []string{p.CohortID}, p.Rules, today, p.Attainable, p.Visits)
		if err := s.releasable(p); err != nil {
			return p, nil, err
		}
		history, err := tx.PlansReleased(ctx, []string{p.CohortID})
		if err != nil {
			return nil, nil, err
		}
		before := &domain.VisitPlan{CohortID: p.CohortID, ProgrammeID: p.ProgrammeID}
		if len(history) > 0 && history[len(history)-1].State == domain.PlanReleased {
			before = history[len(history)-1]
		}
		was := newSetting(m, []string{p.CohortID}, p.Rules, today, p.Attainable, append(slices.Clone(before.Visits), p.Visits...))
		s.carryOn(p, livesOf(history), before)
		impact := was.toTell(was.slotsOf(before), was.slotsOf(p), today)
		if before.ID != "" {
			before.State = domain.PlanSuperseded
			if err := storage.Put(tx, before); err != nil {
				return nil, nil, err
			}
		}
		now := tx.Now()
		p.State, p.ReleasedAt = domain.PlanReleased, &now
		if err := storage.Put(tx, p); err != nil {
			return nil, nil, err
		}
		impact = append([]*domain.Impact{domain.Touch(domain.EffectChanged, fmt.Sprintf("Version %d is in force, and calendars follow it.", p.Number), p.ID)}, impact...)
		return p, impact, handDown(ctx, tx, before, p)
	})
}

// releasable refuses a plan that breaks hard rules without a reason, visit by visit.
func (s *setting) releasable(p *domain.VisitPlan) error {
	var wrong domain.Refusal
	broken := s.broken(p)
	for _, v := range inOrder(p) {
		var texts []string
		for _, r := range broken.by[v.ID] {
			if r.OverrideReason == nil || slices.Contains(unbendable, r.Rule) {
				texts = append(texts, r.Text)
			}
		}
		if texts != nil {
			wrong = append(wrong, domain.Problem(domain.CodeRuleBroken, "planId", fmt.Sprintf("%s, %s: %s", s.visited(v), v.On, strings.Join(texts, " ")), "Move the visit or its people, or give a reason where the rule allows one."))
		}
	}
	if wrong != nil {
		return wrong
	}
	return nil
}

// visited is the host of a visit, whether its offer still stands or not.
func (s *setting) visited(v *domain.Visit) string {
	for _, o := range s.offers {
		if o.ID == v.OfferID {
			return s.hostName(o)
		}
	}
	return "A host"
}

// life is an offer's visit through a cohort's released plans: the last of it, and whether the plan in force still has it.
type life struct {
	uid      string
	sequence int
	last     *domain.Visit
	members  []string
	gone     bool
}

// livesOf follows every offer's visit through released plans, oldest first. A visit that a plan dropped has changed once
// more by that.
func livesOf(history []*domain.VisitPlan) map[string]*life {
	lives := map[string]*life{}
	for _, p := range history {
		for _, l := range lives {
			if !slices.ContainsFunc(p.Visits, func(v *domain.Visit) bool { return v.OfferID == l.last.OfferID }) && !l.gone {
				l.gone = true
				if l.last.Stored != domain.VisitCancelled {
					l.sequence++
				}
			}
		}
		for _, v := range p.Visits {
			l := lives[v.OfferID]
			if l == nil {
				l = &life{}
				lives[v.OfferID] = l
			}
			*l = life{uid: v.UID, sequence: v.Sequence, last: v, members: groupOf(p, v.GroupID).MemberIDs}
		}
	}
	return lives
}

// carryOn gives the visits of a plan about to be released the lives that they go on with: the same UID for the same offer,
// a higher sequence where something changed, and the host's word where nothing did.
func (s *setting) carryOn(p *domain.VisitPlan, lives map[string]*life, before *domain.VisitPlan) {
	for _, v := range p.Visits {
		l := lives[v.OfferID]
		if l == nil {
			if v.Stored == domain.VisitConfirmed { // agreed in a plan that never was in force
				v.Stored = domain.VisitPlanned
			}
			continue
		}
		v.UID, v.Sequence = l.uid, l.sequence
		sameTime := v.StartsAt.Equal(l.last.StartsAt) && v.EndsAt.Equal(l.last.EndsAt)
		if l.gone || l.last.Stored == domain.VisitCancelled || !sameTime || len(differing(groupOf(p, v.GroupID).MemberIDs, l.members)) > 0 {
			v.Sequence++
		}
		v.Stored = domain.VisitPlanned
		if sameTime && !l.gone && l.last.Stored == domain.VisitConfirmed {
			v.Stored = domain.VisitConfirmed
			if v.OverrideReason == nil {
				v.OverrideReason = l.last.OverrideReason
			}
		}
	}
}

// handDown gives what belongs to the visits of the plan before to the same visits of the plan now in force: lists for hosts
// where the day is the same, and insights.
func handDown(ctx context.Context, tx *storage.Tx, before, after *domain.VisitPlan) error {
	if before.ID == "" {
		return nil
	}
	next, sameDay := map[string]string{}, map[string]bool{}
	for _, b := range before.Visits {
		for _, v := range after.Visits {
			if v.OfferID == b.OfferID {
				next[b.ID], sameDay[b.ID] = v.ID, v.On == b.On
			}
		}
	}
	ids := idsOf(before.Visits)
	manifests, err := tx.ManifestsOf(ctx, ids)
	if err != nil {
		return err
	}
	for _, m := range manifests {
		if sameDay[m.VisitID] {
			m.VisitID = next[m.VisitID]
			if err := storage.Put(tx, m); err != nil {
				return err
			}
		}
	}
	insights, err := tx.InsightsOfVisits(ctx, ids)
	if err != nil {
		return err
	}
	for _, i := range insights {
		if to := next[i.VisitID]; to != "" {
			i.VisitID = to
			if err := storage.Put(tx, i); err != nil {
				return err
			}
		}
	}
	return nil
}

// changeVisit changes a visit of the plan in force, based on the visit's version. The calendar follows where work says so.
func (a *App) changeVisit(ctx context.Context, action, id string, expected int, c domain.Command, in any, work func(*setting, *domain.VisitPlan, *domain.Visit) ([]*domain.Impact, error)) (*domain.Reply[domain.Visit], error) {
	v, err := a.Visit(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.EditPlan, v.Place()); err != nil {
		return nil, err
	}
	return change(ctx, a, action, c, in, func(tx *storage.Tx) (*domain.Visit, []*domain.Impact, error) {
		p, v, err := released(ctx, tx, id)
		if err != nil {
			return nil, nil, err
		}
		if err := fresh(v.Edit, expected); err != nil {
			return v, nil, err
		}
		m, err := gather(ctx, tx.Reader, p.ProgrammeID, []string{p.CohortID})
		if err != nil {
			return nil, nil, err
		}
		was := *v
		s := newSetting(m, []string{p.CohortID}, p.Rules, a.asOf(m.programme, p), p.Attainable, p.Visits)
		impact, err := work(s, p, v)
		if err != nil {
			return &was, nil, err
		}
		if err := s.setScore(p); err != nil {
			return nil, nil, err
		}
		return v, impact, storage.Put(tx, p)
	})
}

// ConfirmVisit records that the host agreed to a released visit. Coordinators only. Where a rule speaks against it, or names
// were due before today and have not gone, it needs a reason.
func (a *App) ConfirmVisit(ctx context.Context, in ConfirmVisitInput) (*domain.Reply[domain.Visit], error) {
	sent, err := a.namesSent(ctx, in.VisitID)
	if err != nil {
		return nil, err
	}
	return a.changeVisit(ctx, "confirmVisit", in.VisitID, in.ExpectedVersion, in.Command, in, func(s *setting, p *domain.VisitPlan, v *domain.Visit) ([]*domain.Impact, error) {
		if v.Stored != domain.VisitPlanned {
			return nil, domain.Refuse(domain.CodeWrongState, "visitId", "It is agreed or called off already.", "")
		}
		if a.isOver(v) {
			return nil, domain.Refuse(domain.CodeWrongState, "visitId", "It is over.", "")
		}
		var against []string
		for _, r := range s.broken(p).by[v.ID] {
			if r.OverrideReason == nil {
				against = append(against, r.Text)
			}
		}
		if host, ok := s.hostOf[v.OfferID]; ok && !sent {
			due, x := s.ruler(s.hosts[host], v.On, -s.hosts[host].LeadTimeWorkingDays)
			if due < a.today(s.programme) {
				against = append(against, fmt.Sprintf("Names were due %s: %s", due, lowerFirst(x.Text)))
			}
		}
		if reason := strings.TrimSpace(deref(in.OverrideReason)); len(against) > 0 && reason == "" {
			return nil, domain.Refuse(domain.CodeNeedsOverride, "overrideReason", strings.Join(against, " "), "Say why it may be all the same.")
		} else if len(against) > 0 {
			v.OverrideReason = &reason
		}
		v.Stored = domain.VisitConfirmed
		return []*domain.Impact{domain.Touch(domain.EffectChanged, "The host agreed; planning leaves it where it is.", v.ID)}, nil
	})
}

// namesSent reports whether a list of the people who go is with the host.
func (a *App) namesSent(ctx context.Context, visit string) (bool, error) {
	v, err := a.Visit(ctx, visit)
	if err != nil {
		return false, err
	}
	s, p, err := a.settingOfVisit(ctx, v)
	if err != nil {
		return false, err
	}
	m, err := a.newestManifest(ctx, v)
	return m != nil && m.State != domain.ManifestSealed && tells(m, s.membersOf(p, v)), err
}

// CancelVisit calls a released visit off; it stays in calendars as cancelled. Coordinators only.
func (a *App) CancelVisit(ctx context.Context, in CancelVisitInput) (*domain.Reply[domain.Visit], error) {
	return a.changeVisit(ctx, "cancelVisit", in.VisitID, in.ExpectedVersion, in.Command, in, func(s *setting, p *domain.VisitPlan, v *domain.Visit) ([]*domain.Impact, error) {
		reason := strings.TrimSpace(in.Reason)
		switch {
		case reason == "":
			return nil, domain.Refuse(domain.CodeRequired, "reason", "People ask why.", "Say it in words that may be told.")
		case v.Stored == domain.VisitCancelled:
			return nil, domain.Refuse(domain.CodeWrongState, "visitId", "It was called off already.", "")
		case a.isOver(v):
			return nil, domain.Refuse(domain.CodeWrongState, "visitId", "It is over.", "")
		}
		before := s.slotsOf(p)
		v.Stored, v.CancelReason = domain.VisitCancelled, &reason
		v.Sequence++
		impact := []*domain.Impact{domain.Touch(domain.EffectRemoved, "It stays in calendars as called off.", v.ID)}
		for _, i := range s.toTell(before, s.slotsOf(p), a.today(s.programme)) {
			if i.Notice != nil {
				i.Notice.Text += "\n\n" + sentence(reason)
			}
			impact = append(impact, i)
		}
		return impact, nil
	})
}
