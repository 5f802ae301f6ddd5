package app

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/travel"
)

// way is a person's journey to an offer and back, entered where somebody did, else estimated. Grams are of both ways
// together, rounded once.
type way struct {
	there, back  domain.Leg
	grams        int
	known        bool // a home station is known
	short        bool // it is reckoned as a local journey
	straightLine int  // great-circle metres one way
}

// way is how a person gets to an offer.
func (s *setting) way(e *domain.Enrolment, o *domain.HostOffer) way {
	w, ok := s.estimates[[2]string{deref(e.HomeStationCode), s.sites[o.SiteID].StationCode}]
	if !ok {
		w = estimate(deref(e.HomeStationCode), s.sites[o.SiteID].StationCode)
	}
	if !w.known {
		return w
	}
	home := w.there.HomeStationCode
	w.there.EnrolmentID, w.back.EnrolmentID = e.ID, e.ID
	for _, leg := range []*domain.Leg{&w.there, &w.back} {
		known := s.entered[wayKey{e.ID, o.ID, leg.Back}]
		if known == nil || known.HomeStationCode != home || !known.Entered {
			continue
		}
		w.grams += known.GramsCO2e - w.grams/2
		if leg.Back && w.there.Entered {
			w.grams = w.there.GramsCO2e + known.GramsCO2e
		}
		*leg = *known
	}
	for _, leg := range []*domain.Leg{&w.there, &w.back} {
		price(s.programme, leg)
	}
	return w
}

// rateOf is what a kilometre by a mode costs in a programme: its own rate, else the published one; nil where there is none.
func rateOf(p *domain.Programme, mode domain.TravelMode) *domain.TravelRate {
	for _, r := range p.OwnRates {
		if r.Mode == mode {
			return r
		}
	}
	if r, ok := travel.RateOf(mode); ok {
		return r
	}
	return nil
}

// TravelRates is what a kilometre costs in a programme, by mode.
func (a *App) TravelRates(p *domain.Programme) []*domain.TravelRate {
	rates := []*domain.TravelRate{}
	for _, mode := range domain.TravelModes {
		if r := rateOf(p, mode); r != nil {
			rates = append(rates, r)
		}
	}
	return rates
}

// price estimates a leg's price where nobody entered it and a rate is known.
func price(p *domain.Programme, l *domain.Leg) {
	if r := rateOf(p, l.Mode); l.Pence == nil && r != nil {
		pence := travel.Pence(l.Metres, r.PencePerKm)
		l.Pence = &pence
	}
}

// rateText names the rates by which prices were estimated.
func rateText(rates []*domain.TravelRate) string {
	if len(rates) == 0 {
		return ""
	}
	var parts []string
	for _, r := range rates {
		source := r.Source.Name
		if r.Year != nil && !strings.Contains(source, strconv.Itoa(*r.Year)) {
			source += fmt.Sprintf(", %d", *r.Year)
		}
		parts = append(parts, fmt.Sprintf("%sp a kilometre by %s (%s)", strconv.FormatFloat(r.PencePerKm, 'f', -1, 64), modeWord[r.Mode], source))
	}
	return "Prices are estimated at " + enumerate(parts) + "."
}

var modeWord = map[domain.TravelMode]string{domain.Rail: "train", domain.Coach: "coach", domain.Bus: "bus", domain.Car: "car", domain.Air: "air", domain.Walk: "foot"}

// estimate is the way between two stations, there and back; not known where one of them is none.
func estimate(from, to string) way {
	home, ok := travel.Find(from)
	site, there := travel.Find(to)
	if !ok || !there {
		return way{}
	}
	out := travel.Estimate(home, site)
	w := way{known: true, grams: travel.ReturnGrams(home, site), straightLine: out.GreatCircleMetres, short: out.Factor.Year == 0}
	w.there = domain.Leg{HomeStationCode: home.Code, Mode: out.Mode, Metres: out.Metres, Minutes: out.Minutes, GramsCO2e: out.Grams}
	w.back = w.there
	w.back.Back = true
	return w
}

// Where a journey's figures come from: the text for estimates, which names every assumption.
const estimated = "Estimated: rail, 1.2 times the great circle; 15 minutes and 2 a kilometre under 30 km, else 45 minutes and 0.54 a kilometre."

func travelFactor(mode domain.TravelMode, local bool) *domain.TravelFactor {
	f, ok := travel.FactorOf(mode)
	if local {
		f = travel.Estimate(kingsCross, kingsCross).Factor
	}
	if !ok {
		return nil
	}
	source := &domain.Source{Name: f.Source, Licence: f.Licence}
	if f.Source == "" {
		source.Name = f.Note
	}
	return &domain.TravelFactor{Mode: mode, Circuity: f.Circuity, GramsPerPassengerKm: f.GramsPerPassengerKm, Year: f.Year, Source: source}
}

// kingsCross stands for any place that is near itself: it yields the factor of local journeys.
var kingsCross, _ = travel.Find("KGX")

// TravelOf is a visit's journeys together.
func (a *App) TravelOf(ctx context.Context, v *domain.Visit) (*domain.Travel, error) {
	s, p, err := a.settingOfVisit(ctx, v)
	if err != nil {
		return nil, err
	}
	return s.travel(p, []*domain.Visit{v}), nil
}

// PlanTravel is all journeys of a plan together.
func (a *App) PlanTravel(ctx context.Context, p *domain.VisitPlan) (*domain.Travel, error) {
	s, err := a.settingOf(ctx, p)
	if err != nil {
		return nil, err
	}
	return s.travel(p, slices.DeleteFunc(slices.Clone(p.Visits), func(v *domain.Visit) bool { return v.Stored == domain.VisitCancelled })), nil
}

func (a *App) settingOfVisit(ctx context.Context, v *domain.Visit) (*setting, *domain.VisitPlan, error) {
	p, err := ref[domain.VisitPlan](ctx, a, v.PlanID)
	if err != nil {
		return nil, nil, err
	}
	s, err := a.settingOf(ctx, p)
	return s, p, err
}

// travel adds journeys up.
func (s *setting) travel(p *domain.VisitPlan, visits []*domain.Visit) *domain.Travel {
	t := &domain.Travel{Explain: &domain.TravelExplanation{Factors: []*domain.TravelFactor{}, Rates: []*domain.TravelRate{}}}
	var minutes []int
	pence, homeless := 0, 0
	used, heads := map[string]bool{}, map[string]bool{}
	for _, v := range visits {
		host, ok := s.hostOf[v.OfferID]
		if !ok {
			continue
		}
		for _, e := range s.membersOf(p, v) {
			w := s.way(e, s.hosts[host])
			if !w.known {
				homeless++
				continue
			}
			minutes = append(minutes, w.there.Minutes)
			heads[e.ID] = true
			t.GramsCO2e += w.grams
			for _, leg := range []*domain.Leg{&w.there, &w.back} {
				local := w.short && !leg.Entered
				if key := fmt.Sprint(leg.Mode, local); !used[key] {
					used[key] = true
					t.Explain.Factors = append(t.Explain.Factors, travelFactor(leg.Mode, local))
				}
				pence += tally(t.Explain, s.programme, leg)
				if leg.Entered {
					t.Explain.Entered++
				} else {
					t.Explain.Estimated++
					t.Explain.GreatCircleMetres += w.straightLine
				}
			}
		}
	}
	t.Journeys = len(minutes)
	if len(minutes) > 0 {
		slices.Sort(minutes)
		t.LeastMinutes, t.MiddleMinutes, t.MostMinutes = minutes[0], minutes[len(minutes)/2], minutes[len(minutes)-1]
		if t.Explain.PricesMissing == 0 {
			ahead := (pence + len(heads)/2) / len(heads)
			t.Pence, t.PenceAHead = &pence, &ahead
		}
	}
	slices.SortFunc(t.Explain.Rates, func(x, y *domain.TravelRate) int { return strings.Compare(string(x.Mode), string(y.Mode)) })
	slices.SortFunc(t.Explain.Factors, func(x, y *domain.TravelFactor) int {
		if c := strings.Compare(string(x.Mode), string(y.Mode)); c != 0 {
			return c
		}
		return y.Year - x.Year
	})
	t.Explain.Text = travelText(t.Explain, homeless)
	return t
}

// tally counts a leg's price as entered, estimated or missing, and gives it in pence.
func tally(x *domain.TravelExplanation, p *domain.Programme, l *domain.Leg) int {
	switch {
	case l.Pence == nil:
		x.PricesMissing++
		return 0
	case slices.Contains(l.Figures, domain.LegPence):
		x.PricesEntered++
	default:
		x.PricesEstimated++
		if r := rateOf(p, l.Mode); !slices.ContainsFunc(x.Rates, func(known *domain.TravelRate) bool { return known.Mode == r.Mode }) {
			x.Rates = append(x.Rates, r)
		}
	}
	return *l.Pence
}

func travelText(x *domain.TravelExplanation, homeless int) string {
	var parts []string
	switch {
	case x.Estimated == 0 && x.Entered == 0:
		parts = append(parts, "There are no journeys.")
	case x.Estimated == 0:
		parts = append(parts, "Every way was entered by a person.")
	default:
		parts = append(parts, estimated)
		if x.Entered > 0 {
			parts = append(parts, count(x.Entered, "way was", "ways were")+" entered by a person and count as they are.")
		}
	}
	if x.PricesEstimated > 0 {
		parts = append(parts, rateText(x.Rates))
	}
	if x.PricesMissing > 0 {
		parts = append(parts, count(x.PricesMissing, "way has", "ways have")+" no price, for no rate of its mode is known.")
	}
	if homeless > 0 {
		parts = append(parts, count(homeless, "journey is", "journeys are")+" not counted, for no home station is known.")
	}
	return strings.Join(parts, " ")
}

// membersOf is the seated people of a visit's group, by team and name.
func (s *setting) membersOf(p *domain.VisitPlan, v *domain.Visit) []*domain.Enrolment {
	g := groupOf(p, v.GroupID)
	if g == nil {
		return nil
	}
	var numbers []int
	for _, id := range g.MemberIDs {
		if i, ok := s.personOf[id]; ok {
			numbers = append(numbers, i)
		}
	}
	slices.Sort(numbers)
	out := make([]*domain.Enrolment, len(numbers))
	for i, n := range numbers {
		out[i] = s.persons[n]
	}
	return out
}

func groupOf(p *domain.VisitPlan, id string) *domain.VisitGroup {
	for _, g := range p.Groups {
		if g.ID == id {
			return g
		}
	}
	return nil
}

// A leg's id is made of its visit's, its person's and its direction.
func legID(visit, enrolment string, back bool) string {
	direction := "there"
	if back {
		direction = "back"
	}
	return "leg_" + strings.TrimPrefix(visit, "visit_") + "_" + strings.TrimPrefix(enrolment, "enrolment_") + "_" + direction
}

func readLegID(id string) (visit, enrolment string, back, ok bool) {
	parts := strings.Split(id, "_")
	if len(parts) != 4 || parts[0] != "leg" || parts[3] != "there" && parts[3] != "back" {
		return "", "", false, false
	}
	return "visit_" + parts[1], "enrolment_" + parts[2], parts[3] == "back", true
}

// legs is the two ways of a person to a visit, with their ids.
func (s *setting) legs(v *domain.Visit, e *domain.Enrolment) []*domain.Leg {
	host, ok := s.hostOf[v.OfferID]
	if !ok {
		return nil
	}
	w := s.way(e, s.hosts[host])
	if !w.known {
		return nil
	}
	out := []*domain.Leg{&w.there, &w.back}
	for _, l := range out {
		l.Edit = s.editOfWay(e, v, l.Back)
		l.ID, l.VisitID, l.EnrolmentID = legID(v.ID, e.ID, l.Back), v.ID, e.ID
	}
	return out
}

// editOfWay is the last edit of a person's way, in whatever plan it was entered; the visit's where nobody entered it.
func (m *material) editOfWay(e *domain.Enrolment, v *domain.Visit, back bool) domain.Edit {
	if known := m.entered[wayKey{e.ID, v.OfferID, back}]; known != nil {
		return known.Edit
	}
	return domain.Edit{SavedAt: v.SavedAt, SavedBy: v.SavedBy}
}

// Legs is a page of a visit's journeys, by person: all for coordinators, their own for others; nil for those who may see
// none.
func (a *App) Legs(ctx context.Context, v *domain.Visit, enrolment *string, pg domain.Page) (*domain.Paged[domain.Leg], error) {
	s, p, err := a.settingOfVisit(ctx, v)
	if err != nil {
		return nil, err
	}
	everyone := may(ctx, domain.SeePlans, v.Place())
	if !everyone && actor(ctx).PersonID == "" {
		return nil, nil
	}
	legs := []*domain.Leg{}
	for _, e := range s.membersOf(p, v) {
		if (everyone || e.PersonID == actor(ctx).PersonID) && (enrolment == nil || *enrolment == e.ID) {
			legs = append(legs, s.legs(v, e)...)
		}
	}
	return domain.Slice("legs", legs, func(l *domain.Leg) string { return l.ID }, pg)
}

// Leg is one journey, for coordinators and the person.
func (a *App) Leg(ctx context.Context, id string) (*domain.Leg, error) {
	visitID, enrolmentID, back, ok := readLegID(id)
	if !ok {
		return nil, domain.NotFound("leg")
	}
	v, err := a.Visit(ctx, visitID)
	if err != nil {
		return nil, err
	}
	page, err := a.Legs(ctx, v, &enrolmentID, domain.Page{})
	if err != nil {
		return nil, err
	}
	if page != nil {
		for _, l := range page.Nodes {
			if l.Back == back {
				return l, nil
			}
		}
	}
	return nil, domain.NotFound("leg")
}

// ExplainLeg is where a leg's figures come from.
func (a *App) ExplainLeg(ctx context.Context, l *domain.Leg) (*domain.TravelExplanation, error) {
	v, err := ref[domain.Visit](ctx, a, l.VisitID)
	if err != nil {
		return nil, err
	}
	p, err := ref[domain.Programme](ctx, a, v.ProgrammeID)
	if err != nil {
		return nil, err
	}
	x := &domain.TravelExplanation{Factors: []*domain.TravelFactor{}, Rates: []*domain.TravelRate{}}
	tally(x, p, l)
	if l.Entered {
		x.Entered, x.Text = 1, enteredText(l)
		x.Factors = append(x.Factors, travelFactor(l.Mode, false))
	} else {
		o, err := ref[domain.HostOffer](ctx, a, v.OfferID)
		if err != nil {
			return nil, err
		}
		site, err := ref[domain.Site](ctx, a, o.SiteID)
		if err != nil {
			return nil, err
		}
		home, _ := travel.Find(l.HomeStationCode)
		to, _ := travel.Find(site.StationCode)
		e := travel.Estimate(home, to)
		x.Estimated, x.Text, x.GreatCircleMetres = 1, estimated, e.GreatCircleMetres
		x.Factors = append(x.Factors, travelFactor(l.Mode, e.Factor.Year == 0))
	}
	if x.PricesEstimated > 0 {
		x.Text += " " + rateText(x.Rates)
	}
	return x, nil
}

// enteredText says which of a leg's figures were entered.
func enteredText(l *domain.Leg) string {
	words := map[domain.LegFigure]string{domain.LegMetres: "length", domain.LegMinutes: "time", domain.LegPence: "price"}
	parts := []string{"the mode"}
	for _, f := range l.Figures {
		parts = append(parts, "the "+words[f])
	}
	text := enumerate(parts)
	text = strings.ToUpper(text[:1]) + text[1:] + " as a person entered them."
	if len(parts) == 1 {
		text = "The mode as a person entered it."
	}
	if len(parts) < 4 {
		text += " The rest is estimated."
	}
	return text
}

// EditorOfLeg is who entered a leg; nil for those who may not know.
func (a *App) EditorOfLeg(ctx context.Context, l *domain.Leg) (*string, error) {
	e, err := ref[domain.Enrolment](ctx, a, l.EnrolmentID)
	if err != nil {
		return nil, err
	}
	return a.Editor(ctx, l.Edit, e.Place()), nil
}

// EnterLeg keeps what is known of a journey, which wins over the estimate; a train of which nothing is known is the
// estimate again. Coordinators, and the person. The version is the way's: the same person's to the same offer, in
// whatever plan.
func (a *App) EnterLeg(ctx context.Context, in EnterLegInput) (*domain.Reply[domain.Leg], error) {
	leg, err := a.Leg(ctx, in.LegID)
	if err != nil {
		return nil, err
	}
	v, err := ref[domain.Visit](ctx, a, leg.VisitID)
	if err != nil {
		return nil, err
	}
	e, err := ref[domain.Enrolment](ctx, a, leg.EnrolmentID)
	if err != nil {
		return nil, err
	}
	if actor(ctx).PersonID != e.PersonID || e.PersonID == "" {
		if err := must(ctx, domain.EditPlan, v.Place()); err != nil {
			return nil, err
		}
	}
	return change(ctx, a, "enterLeg", in.Command, in, func(tx *storage.Tx) (*domain.Leg, []*domain.Impact, error) {
		m, err := gather(ctx, tx.Reader, v.ProgrammeID, []string{v.CohortID})
		if err != nil {
			return nil, nil, err
		}
		l := *leg
		ways := []*domain.Leg{&l}
		if in.OtherWayVersion != nil {
			ways = append(ways, &domain.Leg{ID: legID(v.ID, e.ID, !l.Back), VisitID: v.ID, EnrolmentID: e.ID, Back: !l.Back})
		}
		for i, way := range ways {
			way.Edit = m.editOfWay(e, v, way.Back)
			expected := in.ExpectedVersion
			if i == 1 {
				expected = *in.OtherWayVersion
			}
			if err := fresh(way.Edit, expected); err != nil {
				return &l, nil, err
			}
			if err := enterWay(m, way, v, e, in); err != nil {
				return &l, nil, err
			}
		}
		because := "Their way is as entered, no estimate."
		if !l.Entered {
			because = "Their way is estimated again."
		}
		impact := []*domain.Impact{domain.Touch(domain.EffectChanged, because, e.ID)}
		if err := storage.Put(tx, ways...); err != nil {
			return nil, nil, err
		}
		price(m.programme, &l)
		touched, err := a.rescore(ctx, tx, v.PlanID)
		return &l, append(impact, touched...), err
	})
}

// enterWay fills a leg with what was entered, and estimates what was left out, all but the price.
func enterWay(m *material, l *domain.Leg, v *domain.Visit, e *domain.Enrolment, in EnterLegInput) error {
	var wrong domain.Refusal
	for _, n := range []struct {
		field string
		value *int
		most  int
	}{{"metres", in.Metres, 3_000_000}, {"minutes", in.Minutes, 2_000}, {"pence", in.Pence, 1_000_000}} {
		if n.value != nil && (*n.value < 0 || *n.value > n.most) {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, n.field, fmt.Sprintf("It lies between 0 and %d.", n.most), "Check the figure."))
		}
	}
	if in.Minutes == nil && in.Mode != domain.Rail {
		wrong = append(wrong, domain.Problem(domain.CodeRequired, "minutes", "Only journeys by train are estimated in time.", "Enter the minutes from door to door."))
	}
	if wrong != nil {
		return wrong
	}
	i := slices.IndexFunc(m.offers, func(o *domain.HostOffer) bool { return o.ID == v.OfferID })
	home, _ := travel.Find(deref(e.HomeStationCode))
	site, _ := travel.Find(m.sites[m.offers[i].SiteID].StationCode)
	estimate := travel.Estimate(home, site)
	f, _ := travel.FactorOf(in.Mode)
	l.Mode, l.Pence, l.HomeStationCode, l.Figures = in.Mode, in.Pence, home.Code, []domain.LegFigure{}
	for _, known := range []struct {
		figure domain.LegFigure
		value  *int
	}{{domain.LegMetres, in.Metres}, {domain.LegMinutes, in.Minutes}, {domain.LegPence, in.Pence}} {
		if known.value != nil {
			l.Figures = append(l.Figures, known.figure)
		}
	}
	l.Entered = in.Mode != domain.Rail || len(l.Figures) > 0
	l.Metres = int(f.Circuity * float64(estimate.GreatCircleMetres))
	l.Minutes = estimate.Minutes
	set(&l.Metres, in.Metres)
	set(&l.Minutes, in.Minutes)
	l.GramsCO2e = travel.Grams(in.Mode, l.Metres)
	if in.Metres == nil && in.Mode == domain.Rail {
		l.Metres, l.GramsCO2e = estimate.Metres, estimate.Grams
	}
	return nil
}
