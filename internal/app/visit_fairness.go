package app

import (
	"context"
	"fmt"

	"tandem/internal/domain"
	"tandem/internal/visit"
)

// Exposures is a page of what a plan gives each person, by team and name; nil for those who may not see it.
func (a *App) Exposures(ctx context.Context, p *domain.VisitPlan, pg domain.Page) (*domain.Paged[domain.Exposure], error) {
	if !may(ctx, domain.SeePlans, p.Place()) {
		return nil, nil
	}
	list, err := a.exposuresOf(ctx, p)
	if err != nil {
		return nil, err
	}
	return domain.Slice("exposures", list, func(e *domain.Exposure) string { return e.EnrolmentID }, pg)
}

func (a *App) exposuresOf(ctx context.Context, p *domain.VisitPlan) ([]*domain.Exposure, error) {
	return once(ctx, a.view(ctx), fmt.Sprintf("exposures of %s at %d", p.ID, p.Version), func(ctx context.Context) ([]*domain.Exposure, error) {
		s, err := a.settingOf(ctx, p)
		if err != nil {
			return nil, err
		}
		list, err := s.exposures(p)
		if err != nil {
			return nil, err
		}
		left, err := a.leftOf(ctx, p)
		if err != nil {
			return nil, err
		}
		missed := map[string][]*domain.LeftOut{}
		for _, l := range left {
			if d, ok := l.Subject.(*domain.PersonDay); ok {
				missed[d.EnrolmentID] = append(missed[d.EnrolmentID], l)
			}
		}
		for _, e := range list {
			e.Missed = present(missed[e.EnrolmentID])
		}
		return list, nil
	})
}

// exposures is what a plan gives each person, without what they miss.
func (s *setting) exposures(p *domain.VisitPlan) ([]*domain.Exposure, error) {
	laid, _ := s.lay(p.Visits, p.Groups)
	found, err := visit.Exposures(s.problem, laid)
	if err != nil {
		return nil, err
	}
	out := make([]*domain.Exposure, len(found))
	for i, x := range found {
		out[i] = &domain.Exposure{EnrolmentID: s.persons[x.Person].ID, Visits: x.Visits, Attainable: x.Attainable, Shortfall: x.Shortfall, Minutes: x.Minutes, Missed: []*domain.LeftOut{}}
		if x.LeastMinutes >= 0 {
			out[i].LeastMinutes = &x.LeastMinutes
		}
	}
	return out, nil
}
