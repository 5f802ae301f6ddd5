package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/travel"
)

func placeOfOffer(o *domain.HostOffer) domain.Place { return domain.Place{Programme: o.ProgrammeID} }

// Offer is one offer.
func (a *App) Offer(ctx context.Context, id string) (*domain.HostOffer, error) {
	return seen(ctx, a, "offer", id, domain.SeeOffers, placeOfOffer)
}

// OfferOf is the offer that a noun names.
func (a *App) OfferOf(ctx context.Context, id string) (*domain.HostOffer, error) {
	return ref[domain.HostOffer](ctx, a, id)
}

// OffersNamed is the offers that a noun names, those that the asker may see.
func (a *App) OffersNamed(ctx context.Context, ids []string) ([]*domain.HostOffer, error) {
	found, err := all(ctx, nouns[domain.HostOffer](a.view(ctx)), ids)
	return slices.DeleteFunc(found, func(o *domain.HostOffer) bool { return !may(ctx, domain.SeeOffers, placeOfOffer(o)) }), err
}

// Offers is a page of what hosts offer a programme; nil for those who may not see it.
func (a *App) Offers(ctx context.Context, p *domain.Programme, f *domain.HostOfferFilter, order domain.HostOfferOrder, pg domain.Page) (*domain.Paged[domain.HostOffer], error) {
	if !may(ctx, domain.SeeOffers, domain.Place{Programme: p.ID}) {
		return nil, nil
	}
	filter := domain.HostOfferFilter{}
	if f != nil {
		filter = *f
	}
	if filter.Nation != nil {
		filter.Stations = []string{}
		for _, s := range travel.All() {
			if s.Nation == *filter.Nation {
				filter.Stations = append(filter.Stations, s.Code)
			}
		}
	}
	found, err := a.read().Offers(ctx, p.ID, filter, order, pg)
	if err == nil {
		keepAll(a.view(ctx), found.Nodes)
	}
	return found, err
}

// RequiredFields is what a host asks for; nil for those who may not see its terms.
func (a *App) RequiredFields(ctx context.Context, o *domain.HostOffer) []*domain.RequiredField {
	if !may(ctx, domain.SeeOfferTerms, placeOfOffer(o)) {
		return nil
	}
	return present(o.RequiredFields)
}

// Site is one site, for those who may see what hosts offer somewhere.
func (a *App) Site(ctx context.Context, id string) (*domain.Site, error) {
	if !actor(ctx).MayAnywhere(domain.SeeOffers) {
		return nil, domain.NotFound("site")
	}
	s, err := nouns[domain.Site](a.view(ctx)).get(ctx, id)
	if err != nil || s == nil {
		return nil, orMissing(err, "site")
	}
	return s, nil
}

// SiteOf is the site that a noun names.
func (a *App) SiteOf(ctx context.Context, id string) (*domain.Site, error) {
	return ref[domain.Site](ctx, a, id)
}

// OwnerOf is who is at a site. Sites' owners are read by themselves, together, so that how many statements that takes does
// not hang on when other organisations are asked for.
func (a *App) OwnerOf(ctx context.Context, s *domain.Site) (*domain.Organisation, error) {
	v := a.view(ctx)
	owners := list(v, "owners of sites", func(ctx context.Context, ids []string) (map[string]*domain.Organisation, error) {
		return byIDs[domain.Organisation](ctx, v.store, ids)
	})
	for _, x := range held[domain.Site](v) {
		owners.want(x.OrganisationID)
	}
	o, err := owners.get(ctx, s.OrganisationID)
	if err != nil || o == nil {
		return nil, orMissing(err, "organisation")
	}
	return asSeen(v, []*domain.Organisation{o})[0], nil
}

// SitesNamed is the sites that a noun names.
func (a *App) SitesNamed(ctx context.Context, ids []string) ([]*domain.Site, error) {
	return all(ctx, nouns[domain.Site](a.view(ctx)), ids)
}

// AccessNotes is how to get in: for coordinators, and for those whose released plan goes there; nil for others.
func (a *App) AccessNotes(ctx context.Context, s *domain.Site) (*string, error) {
	if s.AccessNotes == nil || actor(ctx).MayAnywhere(domain.SeeOfferTerms) {
		return s.AccessNotes, nil
	}
	person := actor(ctx).PersonID
	if person == "" {
		return nil, nil
	}
	enrolments, err := a.enrolmentsOf(ctx, person)
	if err != nil {
		return nil, err
	}
	for _, e := range enrolments {
		plansInForce(a.view(ctx)).want(e.CohortID)
	}
	for _, e := range enrolments {
		visits, err := a.VisitsOf(ctx, e)
		if err != nil {
			return nil, err
		}
		for _, v := range visits {
			o, err := ref[domain.HostOffer](ctx, a, v.OfferID)
			if err != nil {
				return nil, err
			}
			if o.SiteID == s.ID && v.Stored != domain.VisitCancelled {
				return s.AccessNotes, nil
			}
		}
	}
	return nil, nil
}

// EditorAnywhere is who saved last what belongs to no programme, a site or an organisation; nil for those who may not know.
func (a *App) EditorAnywhere(ctx context.Context, e domain.Edit) *string {
	if e.SavedBy == "" || !actor(ctx).MayAnywhere(domain.SeeEditors) {
		return nil
	}
	return &e.SavedBy
}

// SitesOf is an organisation's places that can be visited, by name; nil for those who may not see what hosts offer anywhere.
func (a *App) SitesOf(ctx context.Context, o *domain.Organisation) ([]*domain.Site, error) {
	if !actor(ctx).MayAnywhere(domain.SeeOfferTerms) {
		return nil, nil
	}
	v := a.view(ctx)
	sites := list(v, "sites of organisations", func(ctx context.Context, organisations []string) (map[string][]*domain.Site, error) {
		found, err := v.store.SitesOf(ctx, organisations)
		return byKey(organisations, mine(v, found), func(s *domain.Site) string { return s.OrganisationID }), err
	})
	for _, x := range held[domain.Organisation](v) {
		sites.want(x.ID)
	}
	found, err := sites.get(ctx, o.ID)
	return present(found), err
}

// CreateSite adds a place that can be visited. Coordinators, or scope VISIT_WRITE.
func (a *App) CreateSite(ctx context.Context, in CreateSiteInput) (*domain.Reply[domain.Site], error) {
	if !actor(ctx).MayAnywhere(domain.EditOffers) {
		return nil, must(ctx, domain.EditOffers, domain.Place{})
	}
	return change(ctx, a, "createSite", in.Command, in, func(tx *storage.Tx) (*domain.Site, []*domain.Impact, error) {
		s := &domain.Site{ID: newID("site"), OrganisationID: in.OrganisationID, Name: strings.TrimSpace(in.Name), StepFree: in.StepFree, AccessNotes: in.AccessNotes}
		var wrong domain.Refusal
		if s.Name == "" {
			wrong = append(wrong, domain.Problem(domain.CodeRequired, "name", "A site needs a name.", "Give it one."))
		}
		if station, ok := travel.Find(in.Station); ok {
			s.StationCode = station.Code
		} else {
			wrong = append(wrong, domain.Problem(domain.CodeNotFound, "station", fmt.Sprintf("There is no station %q.", in.Station), "Give the three letters of the nearest station, such as EUS."))
		}
		owner, err := storage.Get[domain.Organisation](ctx, tx.Reader, in.OrganisationID)
		if err != nil {
			return nil, nil, err
		}
		if len(owner) == 0 {
			wrong = append(wrong, domain.Problem(domain.CodeNotFound, "organisationId", "There is no such organisation.", "Add the organisation first."))
		}
		if wrong != nil {
			return nil, nil, wrong
		}
		others, err := tx.SitesOf(ctx, []string{s.OrganisationID})
		if err != nil {
			return nil, nil, err
		}
		for _, o := range others {
			if strings.EqualFold(o.Name, s.Name) {
				return o, nil, domain.Refuse(domain.CodeTaken, "name", "The organisation has a site of this name.", "Use that one, or choose another name.")
			}
		}
		return s, []*domain.Impact{domain.Touch(domain.EffectCreated, "The site is added.", s.ID)}, storage.Put(tx, s)
	})
}

// SaveHostOffer adds or changes what a host offers. Coordinators, or scope VISIT_WRITE. Released visits that no longer fit
// are named in the impact.
func (a *App) SaveHostOffer(ctx context.Context, in SaveHostOfferInput) (*domain.Reply[domain.HostOffer], error) {
	programme, err := a.programmeOfOffer(ctx, in)
	if err != nil {
		return nil, err
	}
	return change(ctx, a, "saveHostOffer", in.Command, in, func(tx *storage.Tx) (*domain.HostOffer, []*domain.Impact, error) {
		o := &domain.HostOffer{ID: newID("offer"), ProgrammeID: programme, State: domain.OfferOpen, ThemeIDs: []string{}, Windows: []*domain.OfferWindow{},
			BlackoutDates: []domain.Date{}, RequiredFields: []*domain.RequiredField{}}
		effect, because := domain.EffectCreated, "The offer is added."
		if in.OfferID != nil {
			var err error
			if o, err = storage.One[domain.HostOffer](ctx, tx.Reader, *in.OfferID); err != nil {
				return nil, nil, err
			}
			if in.ExpectedVersion == nil {
				return o, nil, domain.Refuse(domain.CodeRequired, "expectedVersion", "An edit says which version it was based on.", "Send the offer's version.")
			}
			if err := fresh(o.Edit, *in.ExpectedVersion); err != nil {
				return o, nil, err
			}
			effect, because = domain.EffectChanged, "The offer changes."
		} else if programme == "" {
			return nil, nil, domain.Refuse(domain.CodeInvalid, "siteId", "Which programme the offer is for cannot be told: several are running.", "Name the programme.")
		}
		if err := a.fillOffer(ctx, tx, o, in); err != nil {
			return nil, nil, err
		}
		before, err := a.brokenByOffer(ctx, tx, o)
		if err != nil {
			return nil, nil, err
		}
		if err := storage.Put(tx, o); err != nil {
			return nil, nil, err
		}
		after, err := a.brokenByOffer(ctx, tx, o)
		if err != nil {
			return nil, nil, err
		}
		impact := []*domain.Impact{domain.Touch(effect, because, o.ID)}
		return o, append(impact, newlyBroken(before, after)...), nil
	})
}

// programmeOfOffer is the programme that an offer belongs to or, for a new one, is to: the one named, the one that the
// asker's role is about, else the only one that has not ended; empty where that cannot be told. Access is decided on the way.
func (a *App) programmeOfOffer(ctx context.Context, in SaveHostOfferInput) (string, error) {
	if in.OfferID != nil {
		o, err := a.Offer(ctx, *in.OfferID)
		if err != nil {
			return "", err
		}
		return o.ProgrammeID, must(ctx, domain.EditOffers, placeOfOffer(o))
	}
	if in.ProgrammeID != nil {
		p, err := a.Programme(ctx, *in.ProgrammeID)
		if err != nil {
			return "", err
		}
		return p.ID, must(ctx, domain.EditOffers, domain.Place{Programme: p.ID})
	}
	if !actor(ctx).MayAnywhere(domain.EditOffers) {
		return "", must(ctx, domain.EditOffers, domain.Place{})
	}
	page, err := a.Programmes(ctx, domain.Page{})
	if err != nil {
		return "", err
	}
	var all, running []string
	for _, p := range page.Nodes {
		if !may(ctx, domain.EditOffers, domain.Place{Programme: p.ID}) {
			continue
		}
		all = append(all, p.ID)
		if p.EndsOn >= a.today(p) {
			running = append(running, p.ID)
		}
	}
	switch {
	case len(all) == 1:
		return all[0], nil
	case len(running) == 1:
		return running[0], nil
	}
	return "", nil
}

// fillOffer fills the parts that are given, and refuses what makes no sense, field by field.
func (a *App) fillOffer(ctx context.Context, tx *storage.Tx, o *domain.HostOffer, in SaveHostOfferInput) error {
	var wrong domain.Refusal
	refuse := func(code domain.UserErrorCode, field, message, fix string) {
		wrong = append(wrong, domain.Problem(code, field, message, fix))
	}
	if in.OfferID == nil {
		for _, part := range []struct {
			field string
			given bool
			fix   string
		}{
			{"siteId", in.SiteID != nil, "Say where it is."}, {"minGroup", in.MinGroup != nil, "Say how few may come."}, {"maxGroup", in.MaxGroup != nil, "Say how many may come."},
			{"durationMinutes", in.DurationMinutes != nil, "Say how long it takes."}, {"leadTimeWorkingDays", in.LeadTimeWorkingDays != nil, "Say how many working days before it the host needs names; 0 if on the day."},
		} {
			if !part.given {
				refuse(domain.CodeRequired, part.field, "A new offer needs this.", part.fix)
			}
		}
	}
	if in.SiteID != nil && in.OfferID == nil {
		o.SiteID = *in.SiteID
	}
	set(&o.State, in.State)
	set(&o.MinGroup, in.MinGroup)
	set(&o.MaxGroup, in.MaxGroup)
	set(&o.DurationMinutes, in.DurationMinutes)
	set(&o.LeadTimeWorkingDays, in.LeadTimeWorkingDays)
	if o.MinGroup < 1 && in.MinGroup != nil {
		refuse(domain.CodeInvalid, "minGroup", "A group has one person at least.", "Give 1 or more.")
	}
	if o.MaxGroup < o.MinGroup && (in.MaxGroup != nil || in.OfferID != nil) {
		refuse(domain.CodeInvalid, "maxGroup", fmt.Sprintf("The most people, %d, is fewer than the fewest, %d.", o.MaxGroup, o.MinGroup), "Give at least as many.")
	}
	if in.DurationMinutes != nil && (o.DurationMinutes < 1 || o.DurationMinutes > 24*60) {
		refuse(domain.CodeInvalid, "durationMinutes", "A visit takes between a minute and a day.", "Give 1 to 1,440 minutes.")
	}
	if o.LeadTimeWorkingDays < 0 || o.LeadTimeWorkingDays > 260 {
		refuse(domain.CodeInvalid, "leadTimeWorkingDays", "Working days before a visit lie between 0 and 260.", "Give a number in that range.")
	}
	p, err := storage.One[domain.Programme](ctx, tx.Reader, o.ProgrammeID)
	if err != nil {
		return err
	}
	if in.Windows != nil {
		wrong = append(wrong, setWindows(o, in.Windows, p)...)
	}
	if in.BlackoutDates != nil {
		o.BlackoutDates = slices.Compact(sortedDates(in.BlackoutDates))
	}
	if in.RequiredFields != nil {
		wrong = append(wrong, setFields(o, in.RequiredFields)...)
	}
	if o.SiteID != "" {
		if err := a.nameOffer(ctx, tx, o, &wrong); err != nil {
			return err
		}
	}
	if wrong != nil {
		return wrong
	}
	if in.Themes != nil {
		o.ThemeIDs, err = a.themes(ctx, tx, o.ProgrammeID, in.Themes)
	}
	return err
}

// nameOffer gives an offer the words by which it is found.
func (a *App) nameOffer(ctx context.Context, tx *storage.Tx, o *domain.HostOffer, wrong *domain.Refusal) error {
	site, err := storage.Get[domain.Site](ctx, tx.Reader, o.SiteID)
	if err != nil {
		return err
	}
	if len(site) == 0 {
		*wrong = append(*wrong, domain.Problem(domain.CodeNotFound, "siteId", "There is no such site.", "Add the site first."))
		return nil
	}
	host, err := storage.One[domain.Organisation](ctx, tx.Reader, site[0].OrganisationID)
	if err != nil {
		return err
	}
	o.SearchName = strings.ToLower(host.Name + " " + site[0].Name)
	return nil
}

func sortedDates(days []domain.Date) []domain.Date {
	out := slices.Clone(days)
	slices.Sort(out)
	return out
}

// setWindows sets all windows of an offer: in order, each on one day, one a day.
func setWindows(o *domain.HostOffer, windows []*domain.OfferWindow, p *domain.Programme) (wrong domain.Refusal) {
	o.Windows = make([]*domain.OfferWindow, len(windows))
	for i, w := range windows {
		o.Windows[i] = &domain.OfferWindow{StartsAt: w.StartsAt.In(p.Location()), EndsAt: w.EndsAt.In(p.Location())}
	}
	seen := map[domain.Date]bool{}
	for i, w := range o.Windows {
		on := domain.DateOf(w.StartsAt)
		switch {
		case !w.EndsAt.After(w.StartsAt):
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, fmt.Sprintf("windows.%d.endsAt", i), "It ends before it starts.", "Give a later moment."))
		case domain.DateOf(w.EndsAt) != on:
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, fmt.Sprintf("windows.%d.endsAt", i), "It ends on another day.", "Give a window for each day."))
		case seen[on]:
			wrong = append(wrong, domain.Problem(domain.CodeTaken, fmt.Sprintf("windows.%d.startsAt", i), fmt.Sprintf("%s has a window already.", on), "Give one window a day."))
		}
		seen[on] = true
	}
	slices.SortStableFunc(o.Windows, func(x, y *domain.OfferWindow) int { return x.StartsAt.Compare(y.StartsAt) })
	o.FirstOpenAt = nil
	if len(o.Windows) > 0 {
		first := o.Windows[0].StartsAt.UTC()
		o.FirstOpenAt = &first
	}
	return wrong
}

func setFields(o *domain.HostOffer, fields []*domain.RequiredField) (wrong domain.Refusal) {
	o.RequiredFields = []*domain.RequiredField{}
	for i, f := range fields {
		switch {
		case f.LeadTimeWorkingDays < 0 || f.LeadTimeWorkingDays > 260:
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, fmt.Sprintf("requiredFields.%d.leadTimeWorkingDays", i), "Working days before a visit lie between 0 and 260.", "Give a number in that range."))
		case slices.ContainsFunc(o.RequiredFields, func(x *domain.RequiredField) bool { return x.Field == f.Field }):
			wrong = append(wrong, domain.Problem(domain.CodeTaken, fmt.Sprintf("requiredFields.%d.field", i), "This field is asked for already.", "Name each field once."))
		default:
			o.RequiredFields = append(o.RequiredFields, f)
		}
	}
	return wrong
}

// offerBreak is a released visit and what an offer makes it break.
type offerBreak struct {
	visit  *domain.Visit
	people []string
	rules  []*domain.RuleBreak
}

// brokenByOffer is the released visits of an offer with what they break, as the transaction stands.
func (a *App) brokenByOffer(ctx context.Context, tx *storage.Tx, o *domain.HostOffer) ([]offerBreak, error) {
	cohorts, err := tx.CohortsOf(ctx, o.ProgrammeID)
	if err != nil {
		return nil, err
	}
	plans, err := tx.PlanInForce(ctx, idsOf(cohorts))
	if err != nil {
		return nil, err
	}
	var out []offerBreak
	for _, p := range plans {
		if !slices.ContainsFunc(p.Visits, func(v *domain.Visit) bool { return v.OfferID == o.ID }) {
			continue
		}
		m, err := gather(ctx, tx.Reader, p.ProgrammeID, []string{p.CohortID})
		if err != nil {
			return nil, err
		}
		b := newSetting(m, []string{p.CohortID}, p.Rules, a.asOf(m.programme, p), p.Attainable, p.Visits).broken(p)
		for _, v := range p.Visits {
			if v.OfferID == o.ID && v.Stored != domain.VisitCancelled {
				out = append(out, offerBreak{v, groupOf(p, v.GroupID).MemberIDs, b.by[v.ID]})
			}
		}
	}
	return out, nil
}

// newlyBroken is what a change of an offer does to released visits.
func newlyBroken(before, after []offerBreak) []*domain.Impact {
	var out []*domain.Impact
	for i, b := range after {
		for _, r := range b.rules {
			if slices.ContainsFunc(before[i].rules, func(x *domain.RuleBreak) bool { return x.Rule == r.Rule }) {
				continue
			}
			out = append(out, domain.Touch(domain.EffectAtRisk, r.Text, b.visit.ID))
			if len(b.people) > 0 {
				told := domain.Touch(domain.EffectAtRisk, fmt.Sprintf("Their visit of %s no longer fits what the host offers.", b.visit.On), b.people...)
				told.Notice = &domain.Notice{Title: fmt.Sprintf("Your visit on %s may change", b.visit.On),
					Text: fmt.Sprintf("The host changed its offer, and the visit on %s no longer fits it. We are looking for the best way out and will write again as soon as it is settled. Please keep the day free until then.", b.visit.On)}
				out = append(out, told)
			}
			break
		}
	}
	return out
}
