package storage

import (
	"context"
	"reflect"

	"gorm.io/gorm"

	"tandem/internal/domain"
)

// planTable keeps a plan with its visits and groups as one thing: read in three statements whatever their number, and
// saved whole, with only those visits touched that differ.
type planTable struct {
	table[domain.VisitPlan, visitPlanRow]
}

func keepPlans(t table[domain.VisitPlan, visitPlanRow]) planTable {
	p := planTable{t}
	tables[reflect.TypeFor[domain.VisitPlan]()] = anyTable[domain.VisitPlan](p)
	return p
}

func (t planTable) find(db *gorm.DB) ([]*domain.VisitPlan, error) {
	plans, err := t.table.find(db)
	if err != nil || len(plans) == 0 {
		return plans, err
	}
	return plans, fillPlans(db.Session(&gorm.Session{NewDB: true}), plans)
}

func (t planTable) byIDs(db *gorm.DB, ids []string) ([]*domain.VisitPlan, error) {
	return t.find(db.Where("id IN ?", ids))
}

func fillPlans(db *gorm.DB, plans []*domain.VisitPlan) error {
	byID := map[string]*domain.VisitPlan{}
	ids := make([]string, len(plans))
	for i, p := range plans {
		byID[p.ID], ids[i] = p, p.ID
	}
	groups, err := tableOf[domain.VisitGroup]().find(db.Where("plan_id IN ?", ids).Order("on_day, name, id"))
	if err != nil {
		return err
	}
	for _, g := range groups {
		byID[g.PlanID].Groups = append(byID[g.PlanID].Groups, g)
	}
	visits, err := tableOf[domain.Visit]().find(db.Where("plan_id IN ?", ids).Order("starts_at, uid, id"))
	if err != nil {
		return err
	}
	for _, v := range visits {
		byID[v.PlanID].Visits = append(byID[v.PlanID].Visits, v)
	}
	return nil
}

func (t planTable) put(tx *Tx, plans []*domain.VisitPlan) error {
	if err := t.table.put(tx, plans); err != nil {
		return err
	}
	for _, p := range plans {
		before := &domain.VisitPlan{ID: p.ID}
		if err := fillPlans(tx.db, []*domain.VisitPlan{before}); err != nil {
			return err
		}
		old := map[string]*domain.Visit{}
		for _, v := range before.Visits {
			old[v.ID] = v
		}
		var changed []*domain.Visit
		for _, v := range p.Visits {
			v.PlanID, v.CohortID, v.ProgrammeID = p.ID, p.CohortID, p.ProgrammeID
			was, known := old[v.ID]
			delete(old, v.ID)
			if known {
				v.Edit = was.Edit
				if sameVisit(*was, *v) {
					continue
				}
			}
			changed = append(changed, v)
		}
		var gone []*domain.Visit
		for _, v := range before.Visits {
			if old[v.ID] != nil {
				gone = append(gone, v)
			}
		}
		if err := Remove(tx, gone...); err != nil {
			return err
		}
		for _, g := range p.Groups {
			g.PlanID = p.ID
		}
		if err := Put(tx, p.Groups...); err != nil {
			return err
		}
		if err := Put(tx, changed...); err != nil {
			return err
		}
		kept := map[string]bool{}
		for _, g := range p.Groups {
			kept[g.ID] = true
		}
		var empty []*domain.VisitGroup
		for _, g := range before.Groups {
			if !kept[g.ID] {
				empty = append(empty, g)
			}
		}
		if err := Remove(tx, empty...); err != nil {
			return err
		}
	}
	return nil
}

func sameVisit(a, b domain.Visit) bool {
	a.StartsAt, a.EndsAt = a.StartsAt.UTC(), a.EndsAt.UTC()
	b.StartsAt, b.EndsAt = b.StartsAt.UTC(), b.EndsAt.UTC()
	return reflect.DeepEqual(a, b)
}

// PlanInForce is the released plan of each cohort that has one.
func (r Reader) PlanInForce(ctx context.Context, cohorts []string) ([]*domain.VisitPlan, error) {
	return listOf[domain.VisitPlan](ctx, r, cohorts, func(db *gorm.DB) *gorm.DB {
		return db.Where("cohort_id IN ? AND state = ?", cohorts, domain.PlanReleased)
	})
}

// Plans is every plan of cohorts, newest first.
func (r Reader) Plans(ctx context.Context, cohorts []string) ([]*domain.VisitPlan, error) {
	return listOf[domain.VisitPlan](ctx, r, cohorts, func(db *gorm.DB) *gorm.DB {
		return db.Where("cohort_id IN ?", cohorts).Order("number DESC")
	})
}

// OffersOf is every offer of a programme, by its place in the list of offers.
func (r Reader) OffersOf(ctx context.Context, programme string) ([]*domain.HostOffer, error) {
	return list[domain.HostOffer](ctx, r, func(db *gorm.DB) *gorm.DB {
		return db.Where("programme_id = ?", programme).Order("search_name, id")
	})
}

// Offers is a page of a programme's offers. Days are read in the time zone of the window's own text, so On is given as the
// moments between which the day lies.
func (r Reader) Offers(ctx context.Context, programme string, f domain.HostOfferFilter, order domain.HostOfferOrder, p domain.Page) (*domain.Paged[domain.HostOffer], error) {
	o := ordering{name: "offers/" + string(order), keys: []string{"host_offers.search_name"}}
	if order == domain.OffersByFirstWindow {
		o.keys = []string{"COALESCE(CAST(host_offers.first_open_at AS TEXT), '9')", "host_offers.search_name"}
	}
	return page[domain.HostOffer](ctx, r, o, p, func(db *gorm.DB) *gorm.DB {
		db = db.Table("host_offers").Where("host_offers.programme_id = ?", programme)
		states := f.States
		if states == nil {
			states = []domain.HostOfferState{domain.OfferOpen}
		}
		db = db.Where("host_offers.state IN ?", states)
		if f.Host != nil {
			db = db.Where("host_offers.search_name LIKE ? ESCAPE '!'", like(*f.Host))
		}
		if f.ThemeID != nil {
			db = db.Where("host_offers.theme_ids LIKE ? ESCAPE '!'", likeJSON(*f.ThemeID))
		}
		if f.Nation != nil {
			db = db.Joins("JOIN sites ON sites.id = host_offers.site_id").Where("sites.station_code IN ?", f.Stations)
		}
		if f.On != nil {
			db = db.Where("host_offers.windows LIKE ? ESCAPE '!'", "%"+string(*f.On)+"T%").
				Where("host_offers.blackout_dates NOT LIKE ? ESCAPE '!'", likeJSON(string(*f.On)))
		}
		return db
	})
}

// PlansReleased is every plan of cohorts that is or was in force, in the order of their release.
func (r Reader) PlansReleased(ctx context.Context, cohorts []string) ([]*domain.VisitPlan, error) {
	return listOf[domain.VisitPlan](ctx, r, cohorts, func(db *gorm.DB) *gorm.DB {
		return db.Where("cohort_id IN ? AND state IN ?", cohorts, []domain.VisitPlanState{domain.PlanReleased, domain.PlanSuperseded}).
			Order("cohort_id, released_at, number")
	})
}

// LegsEntered is what was entered of the journeys to visits of cohorts, in whatever plan, the last entered last.
func (r Reader) LegsEntered(ctx context.Context, cohorts []string) ([]*domain.Leg, error) {
	return listOf[domain.Leg](ctx, r, cohorts, func(db *gorm.DB) *gorm.DB {
		return db.Select("legs.*").Joins("JOIN visits ON visits.id = legs.visit_id").
			Where("visits.cohort_id IN ?", cohorts).Order("legs.saved_at, legs.id")
	})
}

// ManifestsOf is every manifest of visits, the newest of a visit last.
func (r Reader) ManifestsOf(ctx context.Context, visits []string) ([]*domain.Manifest, error) {
	return listOf[domain.Manifest](ctx, r, visits, func(db *gorm.DB) *gorm.DB {
		return db.Where("visit_id IN ?", visits).Order("visit_id, number")
	})
}

// InsightsOfVisits is what visits taught, newest first.
func (r Reader) InsightsOfVisits(ctx context.Context, visits []string) ([]*domain.Insight, error) {
	return listOf[domain.Insight](ctx, r, visits, func(db *gorm.DB) *gorm.DB {
		return db.Where("visit_id IN ?", visits).Order("id DESC")
	})
}

// InsightsOfCohorts is what visits taught cohorts, oldest first.
func (r Reader) InsightsOfCohorts(ctx context.Context, cohorts []string) ([]*domain.Insight, error) {
	return listOf[domain.Insight](ctx, r, cohorts, func(db *gorm.DB) *gorm.DB {
		return db.Where("cohort_id IN ?", cohorts).Order("id")
	})
}

// InsightsAbout is what visits taught about any of some challenges, newest first.
func (r Reader) InsightsAbout(ctx context.Context, challenges []string) ([]*domain.Insight, error) {
	return listOf[domain.Insight](ctx, r, challenges, func(db *gorm.DB) *gorm.DB {
		any := db.Session(&gorm.Session{NewDB: true}).Where("1 = 0")
		for _, id := range challenges {
			any = any.Or("challenge_ids LIKE ? ESCAPE '!'", likeJSON(id))
		}
		return db.Where(any).Order("id DESC")
	})
}

// PlanningsUnfinished is every planning that has not ended.
func (r Reader) PlanningsUnfinished(ctx context.Context) ([]*domain.VisitPlanning, error) {
	return list[domain.VisitPlanning](ctx, r, func(db *gorm.DB) *gorm.DB {
		return db.Where("state IN ?", []domain.JobState{domain.JobQueued, domain.JobRunning})
	})
}

// SitesOf is every site of organisations.
func (r Reader) SitesOf(ctx context.Context, organisations []string) ([]*domain.Site, error) {
	return listOf[domain.Site](ctx, r, organisations, func(db *gorm.DB) *gorm.DB {
		return db.Where("organisation_id IN ?", organisations).Order("LOWER(name), id")
	})
}
