package app

import (
	"context"
	"reflect"
	"sync"

	"tandem/internal/domain"
	"tandem/internal/storage"
)

// batch answers single look-ups with few statements. Whoever reads a list says with want which of its references will be
// asked for; the first get then loads all that are wanted in one statement. So the number of statements depends on the
// shape of a request alone, never on its rows or on timing.
type batch[V any] struct {
	load    func(ctx context.Context, keys []string) (map[string]V, error)
	loading sync.Mutex // one load at a time; held while reading, when mu must be free for others' wishes
	mu      sync.Mutex
	wanted  []string
	have    map[string]V
}

func newBatch[V any](load func(context.Context, []string) (map[string]V, error)) *batch[V] {
	return &batch[V]{have: map[string]V{}, load: load}
}

func (b *batch[V]) want(keys ...string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wanted = append(b.wanted, keys...)
}

func (b *batch[V]) put(key string, v V) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.have[key] = v
}

func (b *batch[V]) known(key string) (V, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	v, ok := b.have[key]
	return v, ok
}

// get gives the value of a key, the zero value where there is none.
func (b *batch[V]) get(ctx context.Context, key string) (V, error) {
	if v, ok := b.known(key); ok {
		return v, nil
	}
	b.loading.Lock()
	defer b.loading.Unlock()
	if v, ok := b.known(key); ok {
		return v, nil
	}
	keys := b.open(key)
	found, err := b.load(ctx, keys)
	if err != nil {
		var none V
		return none, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, k := range keys {
		b.have[k] = found[k]
	}
	return found[key], nil
}

// open takes the keys that are wanted and not there.
func (b *batch[V]) open(key string) []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	seen := map[string]bool{"": true}
	var keys []string
	for _, k := range append(b.wanted, key) {
		if _, known := b.have[k]; !known && !seen[k] {
			seen[k] = true
			keys = append(keys, k)
		}
	}
	b.wanted = nil
	return keys
}

// all gives the values of keys in their order, leaving out what is not there.
func all[V any](ctx context.Context, b *batch[*V], keys []string) ([]*V, error) {
	b.want(keys...)
	out := make([]*V, 0, len(keys))
	for _, k := range keys {
		v, err := b.get(ctx, k)
		if err != nil {
			return nil, err
		}
		if v != nil {
			out = append(out, v)
		}
	}
	return out, nil
}

// view is what one request has read so far: every noun once. A mutation ends it, and a new one begins with what the
// mutation wrote.
type view struct {
	mu      sync.Mutex
	store   storage.Reader
	nouns   map[reflect.Type]any // *batch[*D] by D
	lists   map[string]any       // *batch of a list by its name
	derived map[string]any       // whatever was worked out, by its name
}

type viewKey struct{}

type viewHolder struct {
	mu   sync.Mutex
	view *view
}

func (a *App) view(ctx context.Context) *view {
	h, ok := ctx.Value(viewKey{}).(*viewHolder)
	if !ok {
		h = &viewHolder{}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.view == nil {
		h.view = a.newView()
	}
	return h.view
}

func (a *App) newView() *view {
	return &view{store: a.store.Read(), nouns: map[reflect.Type]any{}, lists: map[string]any{}, derived: map[string]any{}}
}

// renew ends a request's view and begins the next with nouns as they were written.
func (a *App) renew(ctx context.Context, written []any) {
	h, ok := ctx.Value(viewKey{}).(*viewHolder)
	if !ok {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.view = a.newView()
	for _, w := range written {
		if p, ok := primers[reflect.TypeOf(w)]; ok {
			p(h.view, w)
		}
	}
}

var primers = map[reflect.Type]func(*view, any){}

// nouns is the view's batch of one kind of noun, by id.
func nouns[D any](v *view) *batch[*D] {
	v.mu.Lock()
	defer v.mu.Unlock()
	key := reflect.TypeFor[D]()
	if b, ok := v.nouns[key]; ok {
		return b.(*batch[*D])
	}
	b := newBatch(func(ctx context.Context, ids []string) (map[string]*D, error) {
		found, err := storage.Get[D](ctx, v.store, ids...)
		if err != nil {
			return nil, err
		}
		out := make(map[string]*D, len(found))
		for _, d := range found {
			note(v, d)
			out[idOf(d)] = d
		}
		return out, nil
	})
	v.nouns[key] = b
	return b
}

// list is the view's batch of a list that belongs to another noun, such as the members of teams.
func list[V any](v *view, name string, load func(context.Context, []string) (map[string]V, error)) *batch[V] {
	v.mu.Lock()
	defer v.mu.Unlock()
	if b, ok := v.lists[name]; ok {
		return b.(*batch[V])
	}
	b := newBatch(load)
	v.lists[name] = b
	return b
}

// once works something out once in a request.
func once[V any](ctx context.Context, v *view, name string, work func(context.Context) (V, error)) (V, error) {
	v.mu.Lock()
	slot, ok := v.derived[name].(*onceSlot[V])
	if !ok {
		slot = &onceSlot[V]{}
		v.derived[name] = slot
	}
	v.mu.Unlock()
	slot.mu.Lock()
	defer slot.mu.Unlock()
	if !slot.done {
		slot.value, slot.err = work(ctx)
		slot.done = true
	}
	return slot.value, slot.err
}

// derive notes what would be worked out, where it is known already.
func derive[V any](v *view, name string, value V) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.derived[name] = &onceSlot[V]{done: true, value: value}
}

type onceSlot[V any] struct {
	mu    sync.Mutex
	done  bool
	value V
	err   error
}

// keepAll puts nouns that a list gave into the view, and says which of their references will be asked for. What the view
// holds already stays: a mutation, perhaps a dry one, may have written it.
func keepAll[D any](v *view, found []*D) {
	b := nouns[D](v)
	for _, d := range found {
		if held, ok := b.known(idOf(d)); ok && held != nil {
			continue
		}
		b.put(idOf(d), d)
		note(v, d)
	}
}

// idOf is a noun's id.
func idOf(noun any) string { return reflect.ValueOf(noun).Elem().FieldByName("ID").String() }

func deref[V any](p *V) (v V) {
	if p != nil {
		v = *p
	}
	return v
}

// note says which references of a noun will be asked for, if any are.
func note(v *view, noun any) {
	switch n := noun.(type) {
	case *domain.Cohort:
		nouns[domain.Programme](v).want(n.ProgrammeID)
	case *domain.Enrolment:
		nouns[domain.Person](v).want(n.PersonID)
		nouns[domain.Cohort](v).want(n.CohortID)
		nouns[domain.Programme](v).want(n.ProgrammeID)
		nouns[domain.Organisation](v).want(n.EmployerAtEnrolmentID)
		nouns[domain.Team](v).want(deref(n.TeamID))
		for _, s := range n.SkillRatings {
			nouns[domain.Skill](v).want(s.SkillID)
		}
	case *domain.Team:
		nouns[domain.Cohort](v).want(n.CohortID)
		nouns[domain.Challenge](v).want(deref(n.ChallengeID))
		wantMembers(v, n.ID)
	case *domain.Person:
		for _, a := range n.Affiliations {
			nouns[domain.Organisation](v).want(a.OrganisationID)
		}
		wantEnrolments(v, n.ID)
	case *domain.Challenge:
		nouns[domain.Organisation](v).want(deref(n.OwnerID))
		nouns[domain.Skill](v).want(n.NeededSkillIDs...)
		wantTeamsOf(v, n.ID)
	case *domain.Site:
		nouns[domain.Organisation](v).want(n.OrganisationID)
	case *domain.HostOffer:
		nouns[domain.Site](v).want(n.SiteID)
	case *domain.VisitPlan:
		nouns[domain.Cohort](v).want(n.CohortID)
		keepAll(v, n.Visits)
		keepAll(v, n.Groups)
	case *domain.Visit:
		nouns[domain.HostOffer](v).want(n.OfferID)
		nouns[domain.VisitPlan](v).want(n.PlanID)
		nouns[domain.VisitGroup](v).want(n.GroupID)
	case *domain.VisitGroup:
		nouns[domain.Enrolment](v).want(n.MemberIDs...)
	case *domain.Manifest:
		nouns[domain.Visit](v).want(n.VisitID)
	case *domain.Pitch:
		nouns[domain.Team](v).want(n.TeamID)
		pitchesOfTeams(v).put(n.TeamID, n)
		rehearsalsOfPitches(v).want(n.ID)
		questionsOfPitches(v).want(n.ID)
		for _, s := range n.Sections {
			nouns[domain.Enrolment](v).want(deref(s.PresenterID))
		}
		for _, c := range n.Claims {
			nouns[domain.Insight](v).want(c.InsightIDs...)
		}
	case *domain.Rehearsal:
		nouns[domain.Pitch](v).want(n.PitchID)
		logsOfRuns(v).want(n.ID)
		feedbackOfRuns(v).want(n.ID)
		recordingsOfRuns(v).want(n.ID)
		analysesOfRuns(v).want(n.ID)
		nouns[domain.Enrolment](v).want(n.Speakers()...)
	case *domain.PeerFeedback:
		nouns[domain.Enrolment](v).want(deref(n.AuthorID))
	case *domain.Insight:
		nouns[domain.Visit](v).want(n.VisitID)
		nouns[domain.Person](v).want(n.AuthorID)
		nouns[domain.Challenge](v).want(n.ChallengeIDs...)
		nouns[domain.Team](v).want(n.UsedByTeamIDs...)
	case *domain.SponsorBrief:
		nouns[domain.Cohort](v).want(n.CohortID)
		ledgers(v).want(n.ID)
	case *domain.Attendance:
		nouns[domain.Enrolment](v).want(n.PresentIDs...)
		nouns[domain.Enrolment](v).want(n.AbsentIDs...)
	}
}

func prime[D any]() {
	primers[reflect.TypeFor[*D]()] = func(v *view, noun any) { keepAll(v, []*D{noun.(*D)}) }
}

func init() {
	prime[domain.Programme]()
	prime[domain.Cohort]()
	prime[domain.Organisation]()
	prime[domain.Person]()
	prime[domain.Theme]()
	prime[domain.Challenge]()
	prime[domain.Team]()
	prime[domain.Enrolment]()
	prime[domain.Site]()
	prime[domain.HostOffer]()
	prime[domain.VisitPlan]()
	prime[domain.Visit]()
	prime[domain.VisitGroup]()
	prime[domain.Leg]()
	prime[domain.Manifest]()
	prime[domain.Insight]()
	prime[domain.Pitch]()
	prime[domain.Rehearsal]()
	prime[domain.PeerFeedback]()
	prime[domain.Recording]()
	prime[domain.VoiceAnalysis]()
	prime[domain.KeptQuestion]()
	prime[domain.Import]()
	prime[domain.ApiToken]()
}
