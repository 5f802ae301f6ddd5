package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/travel"
)

// journey is a leg of somebody's day, to an offer or back from it, and what its estimate stands on.
type journey struct {
	domain.Leg
	offer        string
	short        bool // it is reckoned as a local journey
	straightLine int  // great-circle metres
}

// trip is a person's day out: from home to an offer, or to two one after the other, and home again. Each leg is as somebody
// entered it, else estimated. Grams are of all legs together; those of a single offer, where all is estimated, are rounded
// once.
type trip struct {
	legs  [3]journey
	n     int
	grams int
	known bool // a home station is known
}

func (t *trip) journeys() []journey { return t.legs[:t.n] }

func (t *trip) minutes() (sum int) {
	for _, j := range t.journeys() {
		sum += j.Minutes
	}
	return sum
}

// farthest is the longest way between home and an offer.
func (t *trip) farthest() int {
	if t.n == 3 {
		return max(t.legs[0].Minutes, t.legs[2].Minutes)
	}
	return t.legs[0].Minutes
}

// trip is how a person gets to an offer, or to two, and back.
func (s *setting) trip(e *domain.Enrolment, hosts ...*domain.HostOffer) (t trip) {
	home := deref(e.HomeStationCode)
	entered, from := false, home
	add := func(o *domain.HostOffer, from string, back bool) bool {
		x := s.estimate(from, s.sites[o.SiteID].StationCode)
		if !x.known {
			return false
		}
		j := &t.legs[t.n]
		*j = journey{Leg: x.leg, offer: o.ID, short: x.short, straightLine: x.straightLine}
		j.Back = back
		if known := s.entered[wayKey{e.ID, o.ID, back, j.HomeStationCode}]; known != nil && known.Entered {
			j.Leg, entered = *known, true
		}
		j.EnrolmentID = e.ID
		t.n++
		t.grams += j.GramsCO2e
		return true
	}
	for _, o := range hosts {
		if !add(o, from, false) {
			return trip{}
		}
		from = s.sites[o.SiteID].StationCode
	}
	if !add(hosts[len(hosts)-1], home, true) {
		return trip{}
	}
	if len(hosts) == 1 && !entered {
		t.grams = s.estimate(home, from).returnGrams
	}
	t.known = true
	return t
}

// estimated is a way between two stations as it is reckoned; not known where one of them is none.
type estimated struct {
	leg          domain.Leg
	returnGrams  int // there and back, rounded once
	known, short bool
	straightLine int
}

// estimate looks an estimate up, or reckons it.
func (s *setting) estimate(from, to string) estimated {
	if x, ok := s.estimates[[2]string{from, to}]; ok {
		return x
	}
	return estimate(from, to)
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
		parts = append(parts, rateName(r))
	}
	return "Prices are estimated at " + enumerate(parts) + "."
}

func rateName(r *domain.TravelRate) string {
	return fmt.Sprintf("%sp a kilometre by %s (%s)", strconv.FormatFloat(r.PencePerKm, 'f', -1, 64), modeWord[r.Mode], yeared(r.Source.Name, deref(r.Year)))
}

// yeared is a source's name with the year that its figure is of, where there is one and the name does not say it.
func yeared(source string, year int) string {
	if year == 0 || strings.Contains(source, strconv.Itoa(year)) {
		return source
	}
	return fmt.Sprintf("%s, %d", source, year)
}

var modeWord = map[domain.TravelMode]string{domain.Rail: "train", domain.Coach: "coach", domain.Bus: "bus", domain.Car: "car", domain.Air: "air", domain.Walk: "foot"}

func estimate(from, to string) estimated {
	home, ok := travel.Find(from)
	site, there := travel.Find(to)
	if !ok || !there {
		return estimated{}
	}
	out := travel.Estimate(home, site)
	leg := domain.Leg{HomeStationCode: home.Code, Mode: out.Mode, Metres: out.Metres, Minutes: out.Minutes, GramsCO2e: out.Grams}
	return estimated{leg: leg, returnGrams: travel.ReturnGrams(home, site), known: true, short: out.Factor.Year == 0, straightLine: out.GreatCircleMetres}
}

// Where a journey's figures come from: the text for estimates, which names every assumption.
const howEstimated = "Estimated: rail, 1.2 times the great circle; 15 minutes and 2 a kilometre under 30 km, else 45 minutes and 0.54 a kilometre."

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
		hosts := s.hostsWith(p, v)
		if hosts == nil {
			continue
		}
		for _, e := range s.membersOf(p, v) {
			w := s.trip(e, hosts...)
			if !w.known {
				homeless++
				continue
			}
			heads[e.ID] = true
			if len(hosts) == 1 {
				t.GramsCO2e += w.grams
			}
			for _, j := range w.journeys() {
				if j.offer != v.OfferID {
					continue
				}
				leg := &j.Leg
				price(s.programme, leg)
				if !leg.Back {
					minutes = append(minutes, leg.Minutes)
				}
				if len(hosts) > 1 {
					t.GramsCO2e += leg.GramsCO2e
				}
				local := j.short && !leg.Entered
				if key := fmt.Sprint(leg.Mode, local); !used[key] {
					used[key] = true
					t.Explain.Factors = append(t.Explain.Factors, travelFactor(leg.Mode, local))
				}
				pence += tally(t.Explain, s.programme, leg)
				if leg.Entered {
					t.Explain.Entered++
				} else {
					t.Explain.Estimated++
					t.Explain.GreatCircleMetres += j.straightLine
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
		parts = append(parts, howEstimated)
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

// legs is the ways of a person to a visit and back, with their ids: of two hosts in turn the first has no way back, and the
// way to the second begins at the first.
func (s *setting) legs(p *domain.VisitPlan, v *domain.Visit, e *domain.Enrolment) []*domain.Leg {
	hosts := s.hostsWith(p, v)
	if hosts == nil {
		return nil
	}
	var out []*domain.Leg
	t := s.trip(e, hosts...)
	for _, j := range t.journeys() {
		if j.offer != v.OfferID {
			continue
		}
		l := j.Leg
		price(s.programme, &l)
		l.Edit = s.editOfWay(v, &l)
		l.ID, l.VisitID = legID(v.ID, e.ID, l.Back), v.ID
		out = append(out, &l)
	}
	return out
}

// editOfWay is the last edit of a person's way, in whatever plan it was entered; the visit's where nobody entered it.
func (m *material) editOfWay(v *domain.Visit, l *domain.Leg) domain.Edit {
	if known := m.entered[wayKey{l.EnrolmentID, v.OfferID, l.Back, l.HomeStationCode}]; known != nil {
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
			legs = append(legs, s.legs(p, v, e)...)
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

// LegBetween reports whether a leg leads from another host of the day.
func (a *App) LegBetween(ctx context.Context, l *domain.Leg) (bool, error) {
	v, err := ref[domain.Visit](ctx, a, l.VisitID)
	if err != nil {
		return false, err
	}
	p, err := ref[domain.VisitPlan](ctx, a, v.PlanID)
	if err != nil {
		return false, err
	}
	return !l.Back && together(p, v)[0].ID != v.ID, nil
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
		x.Estimated, x.Text, x.GreatCircleMetres = 1, howEstimated, e.GreatCircleMetres
		x.Factors = append(x.Factors, travelFactor(l.Mode, e.Factor.Year == 0))
	}
	if x.PricesEstimated > 0 {
		x.Text += " " + rateText(x.Rates)
	}
	return x, nil
}

// enteredText says which of a leg's figures were entered.
func enteredText(l *domain.Leg) string {
	text := enteredFigures(l)
	text = strings.ToUpper(text[:1]) + text[1:] + " as a person entered them."
	if len(l.Figures) == 0 {
		text = "The mode as a person entered it."
	}
	if len(l.Figures) < 3 {
		text += " The rest is estimated."
	}
	return text
}

// enteredFigures enumerates what of a leg was entered.
func enteredFigures(l *domain.Leg) string {
	words := map[domain.LegFigure]string{domain.LegMetres: "length", domain.LegMinutes: "time", domain.LegPence: "price"}
	parts := []string{"the mode"}
	for _, f := range l.Figures {
		parts = append(parts, "the "+words[f])
	}
	return enumerate(parts)
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
	var other *domain.Leg
	if in.OtherWayVersion != nil {
		if other, err = a.Leg(ctx, legID(v.ID, e.ID, !leg.Back)); err != nil && !errors.Is(err, domain.ErrNotFound) {
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
		switch {
		case in.OtherWayVersion == nil:
		case other == nil || other.HomeStationCode != l.HomeStationCode:
			return &l, nil, domain.Refuse(domain.CodeInvalid, "otherWayVersion", "Their group sees two hosts that day: the way there and the way back are not the same.", "Enter each way by itself.")
		default:
			same := *other
			ways = append(ways, &same)
		}
		for i, way := range ways {
			way.Edit = m.editOfWay(v, way)
			expected := in.ExpectedVersion
			if i == 1 {
				expected = *in.OtherWayVersion
			}
			if err := fresh(way.Edit, expected); err != nil {
				return &l, nil, err
			}
			if err := enterWay(m, way, v, in); err != nil {
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
func enterWay(m *material, l *domain.Leg, v *domain.Visit, in EnterLegInput) error {
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
	home, _ := travel.Find(l.HomeStationCode)
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
