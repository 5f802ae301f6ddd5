package app

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"tandem/internal/domain"
	"tandem/internal/storage"
	"tandem/internal/visit"
)

// upset is a plan after something went wrong with it: as the engine sees it, and what the ways out are looked for with.
type upset struct {
	*setting
	plan      *domain.VisitPlan
	today     domain.Date
	over      func(*domain.Visit) bool
	manifests map[string]*domain.Manifest // the newest, by visit

	loose      map[string]bool // visits that need not stay where they are
	left       int             // the person who left, or -1
	gone       string          // the visit whose host cancelled
	lost       domain.Date     // the day that is lost; empty where none is
	fortnights []int
	problem    visit.Problem
	before     visit.Assignment
}

// wayOut is a repair, and the plan as it would leave it.
type wayOut struct {
	*domain.Repair
	plan *domain.VisitPlan
}

// wayHandle is what a repair's id holds: the plan and what went wrong, and which of the ways out it is. Looking again
// finds the same ways as long as nothing changed.
type wayHandle struct {
	Plan    string      `json:"p"`
	Version int         `json:"v"`
	Cause   RepairCause `json:"c"`
	Free    []string    `json:"f,omitempty"`
	Way     string      `json:"w"`
}

const wayPrefix = "repair_"

func (h wayHandle) id() string {
	body, _ := json.Marshal(h) // of strings and numbers alone
	return wayPrefix + base64.RawURLEncoding.EncodeToString(body)
}

func readWay(id string) (h wayHandle, ok bool) {
	text, ok := strings.CutPrefix(id, wayPrefix)
	if !ok {
		return h, false
	}
	body, err := base64.RawURLEncoding.DecodeString(text)
	return h, err == nil && json.Unmarshal(body, &h) == nil
}

// Repairs is the ways out after something went wrong with a plan, the fewest changed places first; nil for those who may
// not see it. What is agreed with a host, pinned or over stays, unless freed.
func (a *App) Repairs(ctx context.Context, p *domain.VisitPlan, cause RepairCause, free []string) ([]*domain.Repair, error) {
	if !may(ctx, domain.EditPlan, p.Place()) {
		return nil, nil
	}
	m, err := a.materialOf(ctx, p.ProgrammeID, p.CohortID)
	if err != nil {
		return nil, err
	}
	manifests := map[string]*domain.Manifest{}
	for _, v := range p.Visits {
		if manifests[v.ID], err = a.newestManifest(ctx, v); err != nil {
			return nil, err
		}
	}
	ways, err := a.waysOut(m, p, cause, free, manifests)
	out := make([]*domain.Repair, len(ways))
	for i, w := range ways {
		out[i] = w.Repair
		for _, c := range w.Changes {
			nouns[domain.HostOffer](a.view(ctx)).want(c.OfferID)
		}
	}
	return out, err
}

// waysOut looks for the ways out of what went wrong; none where nothing keeps what has to stay.
func (a *App) waysOut(m *material, p *domain.VisitPlan, cause RepairCause, free []string, manifests map[string]*domain.Manifest) ([]*wayOut, error) {
	if p.State == domain.PlanPlanning {
		return nil, domain.Invalid("The plan is still being made: wait until it is done, or stop it.")
	}
	today := a.today(m.programme)
	u := &upset{setting: newSetting(m, []string{p.CohortID}, p.Rules, today, p.Attainable, p.Visits), plan: p, today: today, over: a.isOver, manifests: manifests, loose: map[string]bool{}, left: -1}
	for _, id := range free {
		v := findVisit(p, id)
		if v == nil {
			return nil, domain.Invalid("freeVisitIds: the plan has no such visit.")
		}
		u.loose[id] = !u.over(v)
	}
	if err := u.happen(cause); err != nil {
		return nil, err
	}
	if err := u.problem.Validate(); err != nil {
		if len(u.problem.Pins) > 0 { // what has to stay cannot all stay
			return nil, nil
		}
		return nil, fmt.Errorf("repairs: %w", err)
	}
	engine := visit.Upset{Fortnights: u.fortnights, Missed: u.missed}
	if u.left >= 0 {
		engine.Left = []int{u.left}
	}
	found, err := visit.Repairs(u.problem, u.before, engine)
	if err != nil {
		return nil, fmt.Errorf("repairs: %w", err)
	}
	ways := make([]*wayOut, len(found))
	for i, r := range found {
		h := wayHandle{Plan: p.ID, Version: p.Version, Cause: cause, Free: free, Way: u.print(r.Visits)}
		ways[i] = u.announce(r, m)
		ways[i].ID = h.id()
	}
	return ways, nil
}

// print tells an assignment from others.
func (u *upset) print(a visit.Assignment) string {
	h := sha256.New()
	for _, v := range a {
		for _, o := range u.hostsOf(u.entryOf(v)) {
			fmt.Fprintln(h, u.days[v.Day], o.ID)
		}
		for _, p := range v.People {
			fmt.Fprintln(h, u.persons[p].ID)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// happen makes the problem what it is after what went wrong.
func (u *upset) happen(cause RepairCause) error {
	given := 0
	for _, yes := range []bool{cause.VisitCancelled != nil, cause.VisitShrunk != nil, cause.PersonLeft != nil, cause.PersonJoined != nil, cause.DayLost != nil} {
		if yes {
			given++
		}
	}
	if given != 1 {
		return domain.Invalid("cause: say one thing that went wrong.")
	}
	var change func(*visit.Problem)
	var err error
	switch {
	case cause.VisitCancelled != nil:
		change, err = u.hostCancels(*cause.VisitCancelled)
	case cause.VisitShrunk != nil:
		change, err = u.hostTakesFewer(*cause.VisitShrunk)
	case cause.PersonLeft != nil:
		change, err = u.personLeft(*cause.PersonLeft)
	case cause.PersonJoined != nil:
		change, err = u.personJoined(*cause.PersonJoined)
	default:
		change, err = u.dayLost(*cause.DayLost)
	}
	if err != nil {
		return err
	}
	u.problem = u.asking(u.bound(), func(*domain.Visit) bool { return false })
	change(&u.problem)
	u.before, _ = u.lay(u.plan.Visits, u.plan.Groups)
	for i, v := range u.before {
		u.before[i].People = slices.DeleteFunc(v.People, func(p int) bool { return p == u.left && u.days[v.Day] >= u.today })
	}
	return nil
}

// stays says whether a visit has to stay as it is.
func (u *upset) stays(v *domain.Visit) bool {
	return !u.loose[v.ID] && (v.Pinned || v.Stored == domain.VisitConfirmed || v.OverrideReason != nil || u.over(v))
}

// bound is the plan with what has to stay pinned, what was called off away, and without the one who left.
func (u *upset) bound() *domain.VisitPlan {
	p := clonePlan(u.plan)
	p.Visits = slices.DeleteFunc(p.Visits, func(v *domain.Visit) bool { return v.Stored == domain.VisitCancelled || v.ID == u.gone })
	for _, v := range p.Visits {
		v.Pinned, v.Stored = u.stays(v), domain.VisitPlanned
		if u.left >= 0 && !u.over(v) {
			g := groupOf(p, v.GroupID)
			g.MemberIDs = without(g.MemberIDs, []string{u.persons[u.left].ID})
		}
	}
	return p
}

func (u *upset) fortnightOf(on domain.Date) int { return u.setting.problem.FortnightOfDay[u.dayOf[on]] }

// visitNamed is a visit that lies ahead; what went wrong frees it.
func (u *upset) visitNamed(id string) (*domain.Visit, error) {
	v := findVisit(u.plan, id)
	switch {
	case v == nil:
		return nil, domain.Invalid("cause: the plan has no such visit.")
	case u.over(v):
		return nil, domain.Invalid("cause: that visit is over.")
	}
	u.loose[id] = true
	if _, works := u.dayOf[v.On]; works {
		u.fortnights = append(u.fortnights, u.fortnightOf(v.On))
	}
	return v, nil
}

func (u *upset) hostCancels(id string) (func(*visit.Problem), error) {
	v, err := u.visitNamed(id)
	u.gone = id
	return func(q *visit.Problem) {
		if host, ok := u.hostOf[v.OfferID]; ok {
			q.Offers[host].Excluded = &visit.Exclusion{On: string(u.today), Why: "the host cancelled"}
		}
	}, err
}

func (u *upset) hostTakesFewer(fewer VisitShrunk) (func(*visit.Problem), error) {
	v, err := u.visitNamed(fewer.VisitID)
	if err != nil {
		return nil, err
	}
	if fewer.MaxGroup < 1 {
		return nil, domain.Invalid("cause.visitShrunk.maxGroup: a host that takes nobody has cancelled; say so.")
	}
	keep := u.loosen(v)
	return func(q *visit.Problem) {
		host, ok := u.hostOf[v.OfferID]
		if !ok {
			return
		}
		o := &q.Offers[host]
		o.Max = fewer.MaxGroup
		if o.Min = min(o.Min, o.Max-q.MentorSeats); o.Min < 1 {
			o.Min, o.Max = 1, q.MentorSeats+1
			o.Excluded = &visit.Exclusion{On: string(u.today), Why: "no seat is left beside the mentors'"}
		}
		for i := range q.Offers { // pairs take whom both their hosts take
			if pair := &q.Offers[i]; slices.Contains(pair.PairOf, host) {
				pair.Max = min(q.Offers[pair.PairOf[0]].Max, q.Offers[pair.PairOf[1]].Max)
				pair.Min = max(q.Offers[pair.PairOf[0]].Min, q.Offers[pair.PairOf[1]].Min)
				if pair.Max-q.MentorSeats < pair.Min {
					pair.Min = max(1, pair.Max-q.MentorSeats)
					pair.Excluded = &visit.Exclusion{On: string(u.today), Why: "no number of people suits both hosts"}
				}
			}
		}
		keep(q)
	}, nil
}

// loosen frees the other host of a visit's day as well, where that has to stay, and keeps it on its day: with the visit, in
// one group still, where some number of people suits both, else by itself.
func (u *upset) loosen(v *domain.Visit) (keep func(*visit.Problem)) {
	turn := together(u.plan, v)
	for _, x := range turn {
		if x.ID == v.ID || !u.stays(x) || u.over(x) {
			continue
		}
		u.loose[x.ID] = true
		return func(q *visit.Problem) {
			a, known := u.hostOf[turn[0].OfferID]
			b, also := u.hostOf[turn[1].OfferID]
			entry, paired := u.pairOf[[2]int{a, b}]
			if !known || !also || !paired || q.Offers[entry].Excluded != nil || q.Offers[a].Excluded != nil || q.Offers[b].Excluded != nil {
				entry = u.hostOf[x.OfferID]
			}
			q.Pins = append(q.Pins, visit.Pin{Offer: entry, Day: u.dayOf[x.On]})
		}
	}
	return func(*visit.Problem) {}
}

// personLeft takes a person away from today on. A visit agreed with its host whose group gets too small by that may be
// joined by others.
func (u *upset) personLeft(id string) (func(*visit.Problem), error) {
	seated, known := u.personOf[id]
	if known {
		u.left = seated
	}
	was := 0
	var smaller []int
	var days []int
	for _, v := range u.plan.Visits {
		if v.Stored == domain.VisitCancelled || !slices.Contains(groupOf(u.plan, v.GroupID).MemberIDs, id) {
			continue
		}
		if u.over(v) {
			was++
			continue
		}
		if _, works := u.dayOf[v.On]; works {
			u.fortnights = append(u.fortnights, u.fortnightOf(v.On))
		}
		host, ok := u.hostOf[v.OfferID]
		rest := len(u.membersOf(u.plan, v))
		if known {
			rest--
		}
		if ok && u.stays(v) && rest < u.setting.problem.Offers[host].Min {
			turn := together(u.plan, v)
			for _, x := range turn {
				u.loose[x.ID] = true // in whom it takes; its day is kept below
			}
			if len(turn) == 2 {
				host = u.pairOf[[2]int{u.hostOf[turn[0].OfferID], u.hostOf[turn[1].OfferID]}]
			}
			if !slices.Contains(smaller, host) {
				smaller, days = append(smaller, host), append(days, u.dayOf[v.On])
			}
		}
	}
	if !known && was == 0 && u.fortnights == nil {
		return nil, domain.Invalid("cause: no visit of the plan has that person.")
	}
	return func(q *visit.Problem) {
		for i, entry := range smaller {
			q.Pins = append(q.Pins, visit.Pin{Offer: entry, Day: days[i]})
		}
		if !known {
			return
		}
		q.People, q.Attainable = slices.Clone(q.People), slices.Clone(q.Attainable)
		q.Attainable[seated] = was
		q.People[seated].Unavailable = slices.Clone(q.People[seated].Unavailable)
		for d, on := range u.days {
			if on >= u.today && !slices.Contains(q.People[seated].Unavailable, d) {
				q.People[seated].Unavailable = append(q.People[seated].Unavailable, d)
			}
		}
		slices.Sort(q.People[seated].Unavailable)
	}, nil
}

func (u *upset) personJoined(id string) (func(*visit.Problem), error) {
	if _, ok := u.personOf[id]; !ok {
		return nil, domain.Invalid("cause: the cohort has no such person with a seat.")
	}
	for _, v := range u.plan.Visits {
		if _, works := u.dayOf[v.On]; works && v.Stored != domain.VisitCancelled && !u.stays(v) {
			u.fortnights = append(u.fortnights, u.fortnightOf(v.On))
		}
	}
	return func(*visit.Problem) {}, nil
}

func (u *upset) dayLost(on domain.Date) (func(*visit.Problem), error) {
	day, works := u.dayOf[on]
	switch {
	case !works:
		return nil, domain.Invalid(fmt.Sprintf("cause.dayLost: %s is none of the programme's Mondays to Fridays.", on))
	case on < u.today:
		return nil, domain.Invalid(fmt.Sprintf("cause.dayLost: %s is past.", on))
	}
	u.lost = on
	u.fortnights = append(u.fortnights, u.fortnightOf(on))
	for _, v := range u.plan.Visits {
		if v.On == on && !u.over(v) {
			u.loose[v.ID] = true
		}
	}
	return func(q *visit.Problem) {
		for i := range q.Offers {
			o := &q.Offers[i]
			if o.Days = slices.DeleteFunc(slices.Clone(o.Days), func(d int) bool { return d == day }); len(o.Days) == 0 {
				o.Days = []int{}
			}
		}
	}, nil
}

// missed counts the deadlines that a visit newly misses: all that were due before today where it is new on that day, and
// where it stands already those that were met, once somebody joins.
func (u *upset) missed(offer, day int) int {
	o, on := u.hosts[offer], u.days[day]
	for _, v := range u.plan.Visits {
		if v.OfferID == o.ID && v.On == on && v.Stored != domain.VisitCancelled {
			if m := u.manifests[v.ID]; m == nil || m.State == domain.ManifestSealed || !tells(m, u.membersOf(u.plan, v)) {
				return 0
			}
		}
	}
	return len(u.due(o, on))
}

// due is what a host was to be told before today about a visit on a day.
func (u *upset) due(o *domain.HostOffer, on domain.Date) (all []duty) {
	for _, d := range duties(o) {
		if due, _ := u.ruler(o, on, d.days); d.days < 0 && d.kind != domain.DeadlineConfirm && due < u.today {
			all = append(all, d)
		}
	}
	return all
}

// announce tells of a repair all that the draft of it will show.
func (u *upset) announce(r visit.Repair, m *material) *wayOut {
	after := u.bound()
	u.put(after, 0, r.Visits, u.stays)
	for _, v := range after.Visits { // what was agreed holds where nothing changed
		was := findVisit(u.plan, v.ID)
		if was == nil {
			continue
		}
		v.Pinned = was.Pinned
		if v.StartsAt.Equal(was.StartsAt) {
			v.Stored = was.Stored
		}
	}
	s := newSetting(m, u.cohortIDs, u.plan.Rules, u.today, u.plan.Attainable, append(slices.Clone(u.plan.Visits), after.Visits...))
	from, to := s.slotsOf(u.plan), s.slotsOf(after)
	way := &wayOut{plan: after, Repair: &domain.Repair{Ring: r.Ring, PlacesChanged: placesChanged(from, to), Score: scoreOf(r.Score), Changes: s.changes(from, to)}}
	way.Impact = append(u.short(r.Visits), append(s.toTell(from, to, u.today), u.joinedLate(s, from, to)...)...)
	if u.lost != "" && !slices.Contains(after.Rules.LostDays, u.lost) {
		after.Rules.LostDays = append(slices.Clone(after.Rules.LostDays), u.lost)
		slices.Sort(after.Rules.LostDays)
		way.Impact = append(way.Impact, domain.Touch(domain.EffectChanged, fmt.Sprintf("Nothing is planned on %s any more, in this draft and in what is planned from it.", u.lost), u.plan.ID))
	}
	return way
}

// short is who would lack what was asked for everyone: ways out that grant it come alone, where there are any.
func (u *upset) short(a visit.Assignment) []*domain.Impact {
	visits := make([]int, len(u.persons))
	seen := map[[2]int]bool{}
	for _, v := range a {
		for _, p := range v.People {
			visits[p] += len(v.Offers)
			for _, theme := range u.problem.Offers[u.entryOf(v)].Themes {
				seen[[2]int{u.problem.People[p].Team, theme}] = true
			}
		}
	}
	var fewer, unseen []string
	for p, e := range u.persons {
		if p == u.left {
			continue
		}
		if visits[p] < u.problem.EveryoneAtLeast {
			fewer = append(fewer, e.ID)
		}
		team := u.problem.People[p].Team
		if u.problem.CoverEveryTheme && slices.ContainsFunc(u.problem.TeamThemes[team], func(theme int) bool { return !seen[[2]int{team, theme}] }) {
			unseen = append(unseen, e.ID)
		}
	}
	var out []*domain.Impact
	if len(fewer) > 0 {
		out = append(out, domain.Touch(domain.EffectRemoved, fmt.Sprintf("Everyone was to have at least %s, and these have fewer.", count(u.problem.EveryoneAtLeast, "visit", "visits")), fewer...))
	}
	if len(unseen) > 0 {
		out = append(out, domain.Touch(domain.EffectRemoved, "Every team was to see all themes of its challenge, and theirs misses one.", unseen...))
	}
	return out
}

// joinedLate is the deadlines that visits miss because somebody joins them after the host was told who comes.
func (u *upset) joinedLate(s *setting, before, after []slot) []*domain.Impact {
	var out []*domain.Impact
	for _, c := range s.changes(before, after) {
		if c.Kind != domain.VisitRegrouped {
			continue
		}
		o := s.hosts[s.hostOf[c.OfferID]]
		on := domain.DateOf(c.After.StartsAt.In(s.programme.Location()))
		to := after[slices.IndexFunc(after, func(x slot) bool { return x.offer == c.OfferID })]
		from := before[slices.IndexFunc(before, func(x slot) bool { return x.offer == c.OfferID })]
		joined := without(to.people, from.people)
		if len(joined) == 0 || u.missed(u.hostOf[c.OfferID], u.dayOf[on]) == 0 {
			continue
		}
		for _, d := range u.due(o, on) {
			due, _ := u.ruler(o, on, d.days)
			out = append(out, domain.Touch(domain.EffectLate, fmt.Sprintf("%s for %s on %s went by %s, and these people join after that.", dutyNames[d.kind], s.hostName(o), on, due), joined...))
		}
	}
	return out
}

// DraftRepair turns a way out into a new draft, exactly as it was announced. Coordinators only. Where the plan or what it
// is made of changed since, the way is no more, and it says so.
func (a *App) DraftRepair(ctx context.Context, in DraftRepairInput) (*domain.Reply[domain.VisitPlan], error) {
	h, ok := readWay(in.RepairID)
	if !ok {
		return nil, domain.NotFound("repair")
	}
	p, err := a.VisitPlan(ctx, h.Plan)
	if err != nil {
		return nil, err
	}
	if err := must(ctx, domain.EditPlan, p.Place()); err != nil {
		return nil, err
	}
	return change(ctx, a, "draftRepair", in.Command, in, func(tx *storage.Tx) (*domain.VisitPlan, []*domain.Impact, error) {
		m, way, err := a.wayAgain(ctx, tx, h)
		if err != nil {
			return nil, nil, err
		}
		draft, err := nextPlan(ctx, tx, &domain.Cohort{ID: p.CohortID, ProgrammeID: p.ProgrammeID}, p.Rules)
		if err != nil {
			return nil, nil, err
		}
		copyPlan(draft, way.plan)
		draft.Bound, draft.ProvedLevels, draft.Seed, draft.Work = nil, 0, nil, 0
		s := newSetting(m, []string{p.CohortID}, draft.Rules, a.today(m.programme), draft.Attainable, draft.Visits)
		s.freeze(draft)
		if err := s.setScore(draft); err != nil {
			return nil, nil, err
		}
		impact := []*domain.Impact{domain.Touch(domain.EffectCreated, fmt.Sprintf("Draft %d holds the way out; nothing is in force before it is released.", draft.Number), draft.ID)}
		return draft, append(impact, way.Impact...), storage.Put(tx, draft)
	})
}

// wayAgain looks for the ways out once more, and gives the one that was chosen.
func (a *App) wayAgain(ctx context.Context, tx *storage.Tx, h wayHandle) (*material, *wayOut, error) {
	p, err := storage.One[domain.VisitPlan](ctx, tx.Reader, h.Plan)
	if err != nil {
		return nil, nil, err
	}
	gone := domain.Refuse(domain.CodeStale, "repairId", "The plan, its people or its hosts changed since these ways out were looked for.", "Look for the ways out again.")
	if p.Version != h.Version {
		return nil, nil, gone
	}
	m, err := gather(ctx, tx.Reader, p.ProgrammeID, []string{p.CohortID})
	if err != nil {
		return nil, nil, err
	}
	sent, err := tx.ManifestsOf(ctx, idsOf(p.Visits))
	if err != nil {
		return nil, nil, err
	}
	manifests := map[string]*domain.Manifest{}
	for _, x := range sent { // the newest of a visit is the last
		manifests[x.VisitID] = x
	}
	ways, err := a.waysOut(m, p, h.Cause, h.Free, manifests)
	if err != nil {
		return nil, nil, err
	}
	i := slices.IndexFunc(ways, func(w *wayOut) bool { return w.ID == h.id() })
	if i < 0 {
		return nil, nil, gone
	}
	return m, ways[i], nil
}
