package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tandem/internal/domain"
	"tandem/internal/visit"
)

// alternativesMost is how many other places of a visit are tried.
const alternativesMost = 20

// ExplainVisit is why a visit is where it is, and what would follow elsewhere; nil for those who may not see it. Elsewhere
// counts from today, whenever the plan was released.
func (a *App) ExplainVisit(ctx context.Context, v *domain.Visit) (*domain.VisitExplanation, error) {
	if !may(ctx, domain.SeePlans, v.Place()) {
		return nil, nil
	}
	p, err := ref[domain.VisitPlan](ctx, a, v.PlanID)
	if err != nil {
		return nil, err
	}
	m, err := a.materialOf(ctx, p.ProgrammeID, p.CohortID)
	if err != nil {
		return nil, err
	}
	s := newSetting(m, []string{p.CohortID}, p.Rules, a.today(m.programme), p.Attainable, p.Visits)
	a.wantNamed(ctx, s)
	x := &domain.VisitExplanation{OnlyHere: []*domain.TeamTheme{}, Alternatives: []*domain.VisitAlternative{}}
	laid, at := s.layApart(p.Visits, p.Groups) // the hosts of a pair each have their own themes
	if i := slices.IndexFunc(at, func(x *domain.Visit) bool { return x.ID == v.ID }); i >= 0 {
		pairs, err := visit.OnlyHere(s.problem, laid, i)
		if err != nil {
			return nil, err
		}
		for _, pair := range pairs {
			if team := s.groups[pair[0]]; team != nil {
				x.OnlyHere = append(x.OnlyHere, &domain.TeamTheme{TeamID: team.ID, ThemeID: s.themes[pair[1]].ID})
			}
		}
		if x.Alternatives, err = s.alternatives(p, v); err != nil {
			return nil, err
		}
	}
	x.Text = s.whyHere(p, v, x)
	return x, nil
}

func (s *setting) whyHere(p *domain.VisitPlan, v *domain.Visit, x *domain.VisitExplanation) string {
	if v.Stored == domain.VisitCancelled {
		return "It was called off."
	}
	if _, ok := s.hostOf[v.OfferID]; !ok {
		return "Its offer is no more."
	}
	text := "Other visits of the plan show its themes to the same teams."
	if len(x.OnlyHere) > 0 {
		var themes, teams []string
		for _, t := range x.OnlyHere {
			for _, g := range s.groups {
				if g != nil && g.ID == t.TeamID && !slices.Contains(teams, fmt.Sprint(g.Number)) {
					teams = append(teams, fmt.Sprint(g.Number))
				}
			}
			if name := s.themes[s.themeOf[t.ThemeID]].Name; !slices.Contains(themes, name) {
				themes = append(themes, name)
			}
		}
		word := "team "
		if len(teams) > 1 {
			word = "teams "
		}
		text = fmt.Sprintf("The only visit that shows %s to %s%s.", enumerate(themes), word, enumerate(teams))
	}
	for _, x := range together(p, v) {
		switch {
		case x == v:
		case inTurn(x, v) < 0:
			text += fmt.Sprintf(" Its group comes from %s.", s.visited(x))
		default:
			text += fmt.Sprintf(" Its group goes on to %s.", s.visited(x))
		}
	}
	if v.Pinned {
		text += " It is pinned."
	}
	allowed := 0
	for _, alt := range x.Alternatives {
		if len(alt.Broken) == 0 {
			allowed++
		}
	}
	switch n := len(x.Alternatives); {
	case n == 0:
		return text
	case allowed == 0:
		return text + fmt.Sprintf(" Each of %s breaks a rule.", count(n, "other place", "other places"))
	default:
		return text + fmt.Sprintf(" Of %s %s no rule.", count(n, "other place", "other places"), count(allowed, "breaks", "break"))
	}
}

// alternatives tries a visit elsewhere: on the days that its host named and the working days about its own, and on its own
// day with each other group. Whoever cannot come along then misses it, as in a move.
func (s *setting) alternatives(p *domain.VisitPlan, v *domain.Visit) ([]*domain.VisitAlternative, error) {
	o := s.hosts[s.hostOf[v.OfferID]]
	own := groupOf(p, v.GroupID)
	days := []domain.Date{}
	add := func(d domain.Date) {
		if _, works := s.dayOf[d]; works && d != v.On && !slices.Contains(days, d) && len(days) < alternativesMost {
			days = append(days, d)
		}
	}
	turn, hosts := together(p, v), s.hostsWith(p, v)
	place := slices.Index(turn, v)
	if len(hosts) == 2 {
		for _, d := range s.days { // first where its group could see both
			if _, ok := s.timesOn(hosts[0], hosts[1], d); ok {
				add(d)
			}
		}
	}
	for _, d := range s.problem.Offers[s.hostOf[o.ID]].Days {
		add(s.days[d])
	}
	for _, d := range s.openings(o) {
		add(d.on)
	}
	if here, ok := s.dayOf[v.On]; ok {
		for _, by := range []int{-1, 1, -2, 2} {
			if d := here + by; d >= 0 && d < len(s.days) {
				add(s.days[d])
			}
		}
	}
	var others []string
	for _, g := range p.Groups {
		if g.On == v.On && g.ID != own.ID {
			others = append(others, g.Name)
		}
	}
	days = days[:min(len(days), alternativesMost-min(len(others), alternativesMost))]
	slices.Sort(days)
	out := []*domain.VisitAlternative{}
	had := s.broken(p)
	try := func(on domain.Date, group string) error {
		draft := clonePlan(p)
		moved := findVisit(draft, v.ID)
		startsAt := s.opensAt(o, on, v)
		if len(hosts) == 2 && on != v.On {
			if t, ok := s.timesOn(hosts[0], hosts[1], on); ok {
				startsAt = []time.Time{t.first, t.second}[place]
			}
		}
		missing := s.move(draft, moved, startsAt, &group, false)
		broken := s.broken(draft)
		alt := &domain.VisitAlternative{On: on, Group: groupOf(draft, moved.GroupID).Name, Broken: []*domain.RuleBreak{}}
		for _, x := range inOrder(draft) { // its own, and what its going there makes others break
			for _, r := range broken.by[x.ID] {
				r.OverrideReason = nil
				if x.ID == v.ID || !slices.ContainsFunc(had.by[x.ID], func(b *domain.RuleBreak) bool { return sameBreak(b, r) }) {
					alt.Broken = append(alt.Broken, r)
				}
			}
		}
		if len(alt.Broken) == 0 {
			laid, _ := s.lay(draft.Visits, draft.Groups)
			score, err := s.score(laid)
			if err != nil {
				return err
			}
			more := len(missing)
			alt.Score, alt.MoreMiss = &score, &more
		}
		out = append(out, alt)
		return nil
	}
	for _, d := range days {
		if err := try(d, own.Name); err != nil {
			return nil, err
		}
	}
	for _, g := range others {
		if err := try(v.On, g); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(out, func(x, y *domain.VisitAlternative) int { return x.On.DaysUntil(y.On) * -1 })
	return out, nil
}
