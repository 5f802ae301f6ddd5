package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"sync"
	"time"

	"tandem/internal/domain"
	"tandem/internal/storage"
)

// Viewer is who is asking.
type Viewer struct {
	ID   string
	Name string
}

// IsNode makes the viewer a node.
func (Viewer) IsNode() {}

// ViewerGrant is a role on something, and the mutations that it allows there.
type ViewerGrant struct {
	Role      domain.Role
	OnID      string
	Mutations []string
}

// RateLimit is the viewer's bucket of cost points.
type RateLimit struct {
	Requested, Limit, Remaining, RestoredPerSecond int
}

// ChangeFeed is a stretch of the change feed.
type ChangeFeed struct {
	Changes []*domain.Change
	Until   int64
	HasMore bool
}

// NewToken is a token just made, with its secret, which is shown this once and never kept.
type NewToken struct {
	Token  *domain.ApiToken
	Secret *string `json:"-"`
}

// mutations names what each permission lets one do, for programs that ask what they may.
var mutations = []struct {
	permission domain.Permission
	names      []string
}{
	{domain.MakeTokens, []string{"createApiToken", "revokeApiToken"}},
	{domain.RunDatabase, []string{"createProgramme"}},
	{domain.RunProgramme, []string{"updateProgramme", "createCohort", "createOrganisation", "assignChallenge"}},
	{domain.ManagePeople, []string{"enrolPerson", "acceptEnrolment", "withdrawEnrolment"}},
	{domain.EditOwn, []string{"updateEnrolment"}},
	{domain.KeepIdentity, []string{"recordIdentity", "deleteIdentity"}},
	{domain.LoadTables, []string{"startUpload", "appendUpload", "startImport", "correctImport", "loadImport", "undoImport"}},
	{domain.EditChallenges, []string{"createChallenge", "updateChallenge"}},
	{domain.EditOffers, []string{"createSite", "saveHostOffer"}},
	{domain.PlanVisits, []string{"planVisits", "cancelJob", "releaseVisitPlan"}},
	{domain.EditPlan, []string{"draftVisitPlan", "addVisit", "moveVisit", "moveVisitors", "removeVisit", "pinVisit", "excludeOffer", "confirmVisit", "cancelVisit", "enterLeg"}},
	{domain.SealManifests, []string{"sealManifest", "submitManifest", "purgeManifest"}},
	{domain.CaptureInsight, []string{"captureInsight", "useInsight"}},
	{domain.RateSkills, []string{"rateSkills"}},
	{domain.RecordProgress, []string{"recordMilestone", "recordOutcomes", "recordAttendance", "useInsight", "saveBudgetLine", "removeBudgetLine", "closeRatings"}},
	{domain.WriteBriefs, []string{"draftBrief", "updateBrief", "releaseBrief", "checkBrief", "createShareLink", "revokeShareLink"}},
	{domain.Rehearse, []string{"startUpload", "appendUpload", "savePitch", "attachDeck", "startRehearsal", "attachRecording", "analyseRehearsal", "cancelJob", "appendRunEvents", "setRecordingConsent", "giveFeedback", "keepQuestion", "practiseQuestion"}},
}

// Viewer is who is asking; UNAUTHENTICATED for nobody.
func (a *App) Viewer(ctx context.Context) (*Viewer, error) {
	who := actor(ctx)
	if !who.SignedIn() {
		return nil, must(ctx, domain.SeeProgramme, domain.Place{})
	}
	return &Viewer{ID: "viewer_" + who.ID, Name: who.Name}, nil
}

// Grants is what the asker may do, and on what.
func (a *App) Grants(ctx context.Context) []*ViewerGrant {
	who := actor(ctx)
	out := make([]*ViewerGrant, len(who.Grants))
	for i, g := range who.Grants {
		out[i] = &ViewerGrant{Role: g.Role, OnID: g.On, Mutations: []string{}}
		alone := &domain.Actor{PersonID: who.PersonID, Grants: []domain.Grant{g}, Scopes: who.Scopes, AtHome: who.AtHome}
		for _, m := range mutations {
			if alone.MayAnywhere(m.permission) {
				out[i].Mutations = append(out[i].Mutations, m.names...)
			}
		}
		slices.Sort(out[i].Mutations)
		out[i].Mutations = slices.Compact(out[i].Mutations)
	}
	return out
}

// GrantedOn is what a grant holds for; nil for the whole database.
func (a *App) GrantedOn(ctx context.Context, g *ViewerGrant) (domain.Node, error) {
	if g.OnID == "" {
		return nil, nil
	}
	n, err := a.Node(ctx, g.OnID)
	if isMissing(err) {
		return nil, nil
	}
	return n, err
}

// ViewerToken is the token in use; nil for the owner of an embedded database.
func (a *App) ViewerToken(ctx context.Context) (*domain.ApiToken, error) {
	if actor(ctx).TokenID == "" {
		return nil, nil
	}
	return ref[domain.ApiToken](ctx, a, actor(ctx).TokenID)
}

// ViewerPerson is the person behind the asker; nil for programs and for the owner of an embedded database.
func (a *App) ViewerPerson(ctx context.Context) (*domain.Person, error) {
	id := actor(ctx).PersonID
	return optional[domain.Person](ctx, a, &id)
}

// Tokens is a page of the tokens that the asker may revoke, newest first.
func (a *App) Tokens(ctx context.Context, p domain.Page) (*domain.Paged[domain.ApiToken], error) {
	found, err := a.read().Tokens(ctx)
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(t *domain.ApiToken) bool { return a.mustRevoke(ctx, t) != nil })
	return domain.Slice("tokens", found, func(t *domain.ApiToken) string { return t.ID }, p)
}

// Token is one token, for those who may revoke it.
func (a *App) Token(ctx context.Context, id string) (*domain.ApiToken, error) {
	t, err := nouns[domain.ApiToken](a.view(ctx)).get(ctx, id)
	if err != nil {
		return nil, err
	}
	if t == nil || a.mustRevoke(ctx, t) != nil {
		return nil, domain.NotFound("token")
	}
	return t, nil
}

func (a *App) mustRevoke(ctx context.Context, t *domain.ApiToken) error {
	who := actor(ctx)
	if who.TokenID == t.ID || who.TokenID != "" && who.TokenID == t.MadeByID {
		return nil
	}
	return must(ctx, domain.RunDatabase, domain.Place{})
}

// Secrets begin alike, so that one that leaked is recognised as what it is.
const secretPrefix = "tandem_"

func hashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Authenticate gives the actor behind a secret; ErrUnauthenticated where no working token has it. Nothing is cached, so
// that a revoked token is dead at once.
func (a *App) Authenticate(ctx context.Context, secret string) (*domain.Actor, error) {
	refused := &domain.Fault{Kind: domain.ErrUnauthenticated, Message: "This token does not work: it is unknown, revoked or past its end."}
	if !strings.HasPrefix(secret, secretPrefix) {
		return nil, refused
	}
	t, err := a.read().TokenByHash(ctx, hashSecret(secret))
	if err != nil {
		return nil, err
	}
	now := time.Now() // a token ends by the real clock, whatever day a sample lives in
	if t == nil || !t.Works(now) {
		return nil, refused
	}
	a.noteUse(t, now)
	return t.Actor(), nil
}

// uses is the last minute in which each token is known to have been used.
type uses struct {
	mu    sync.Mutex
	noted map[string]time.Time
}

// first reports whether a use is the token's first in its minute.
func (u *uses) first(token string, minute time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.noted == nil {
		u.noted = map[string]time.Time{}
	}
	if !u.noted[token].Before(minute) {
		return false
	}
	u.noted[token] = minute
	return true
}

// noteUse remembers that a token was used, to the minute. Whoever used it does not wait.
func (a *App) noteUse(t *domain.ApiToken, now time.Time) {
	minute := now.UTC().Truncate(time.Minute)
	if t.LastUsedAt != nil && !t.LastUsedAt.Before(minute) || !a.uses.first(t.ID, minute) {
		return
	}
	job := "use of " + t.ID + " at " + minute.Format(time.RFC3339)
	ctx := a.jobs.begin(job)
	go func() {
		defer a.jobs.end(job)
		if err := a.store.NoteUse(ctx, t.ID, minute); err != nil && ctx.Err() == nil {
			a.log.Error("when a token was used could not be kept", "token", t.ID, "error", err)
		}
	}()
}

// CreateApiToken makes a token. Owners any; coordinators for lesser roles inside what they run. The secret is in the reply
// once, and nowhere else.
func (a *App) CreateApiToken(ctx context.Context, in CreateApiTokenInput) (*domain.Reply[NewToken], error) {
	place, person, err := a.tokenPlace(ctx, in)
	if err != nil {
		return nil, err
	}
	permission := domain.MakeTokens
	if in.Role == domain.Owner || in.Role == domain.Coordinator || place.Programme == "" {
		permission = domain.RunDatabase
	}
	if err := must(ctx, permission, place); err != nil {
		return nil, err
	}
	return change(ctx, a, "createApiToken", in.Command, in, func(tx *storage.Tx) (*NewToken, []*domain.Impact, error) {
		now := time.Now().UTC().Truncate(time.Second)
		var wrong domain.Refusal
		if strings.TrimSpace(in.Label) == "" {
			wrong = append(wrong, domain.Problem(domain.CodeRequired, "label", "A token needs to say what it is for.", "Give it a label."))
		}
		if !in.ExpiresAt.After(now) || in.ExpiresAt.After(now.AddDate(0, 0, 366)) {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, "expiresAt", "A token ends between now and 366 days ahead.", "Choose a moment in the next year."))
		}
		if in.Role == domain.Member && person == "" {
			wrong = append(wrong, domain.Problem(domain.CodeRequired, "onId", "A member's token holds for their enrolment.", "Give the enrolment's id."))
		}
		if in.Role == domain.Integrator && len(in.Scopes) == 0 {
			wrong = append(wrong, domain.Problem(domain.CodeRequired, "scopes", "An integrator reaches only what its scopes name.", "Name one scope at least."))
		}
		if in.Role != domain.Integrator && len(in.Scopes) > 0 {
			wrong = append(wrong, domain.Problem(domain.CodeInvalid, "scopes", "Only an integrator has scopes.", "Leave them out."))
		}
		if wrong != nil {
			return nil, nil, wrong
		}
		raw := make([]byte, 32)
		rand.Read(raw)
		secret := secretPrefix + base64.RawURLEncoding.EncodeToString(raw)
		on := place.Cohort
		switch {
		case place.Team != "" && in.Role != domain.Member:
			on = place.Team
		case on == "":
			on = place.Programme
		}
		t := &domain.ApiToken{ID: newID("token"), Label: strings.TrimSpace(in.Label), Role: in.Role, OnID: on, WithinID: place.Programme, PersonID: person,
			Scopes: in.Scopes, Hash: hashSecret(secret), MadeByID: actor(ctx).ID, MadeAt: now, ExpiresAt: in.ExpiresAt.UTC().Truncate(time.Second)}
		made := &NewToken{Token: t}
		if !in.DryRun {
			made.Secret = &secret
		}
		return made, []*domain.Impact{domain.Touch(domain.EffectCreated, "A token is made.", t.ID)}, storage.Put(tx, t)
	})
}

// tokenPlace is what a token is to hold for, and for an enrolment the person.
func (a *App) tokenPlace(ctx context.Context, in CreateApiTokenInput) (domain.Place, string, error) {
	if in.OnID == nil || *in.OnID == "" {
		return domain.Place{}, "", nil
	}
	n, err := a.Node(ctx, *in.OnID)
	if err != nil {
		return domain.Place{}, "", err
	}
	switch n := n.(type) {
	case *domain.Programme:
		return domain.Place{Programme: n.ID}, "", nil
	case *domain.Cohort:
		return placeOfCohort(n), "", nil
	case *domain.Team:
		return placeOfTeam(n), "", nil
	case *domain.Enrolment:
		return n.Place(), n.PersonID, nil
	}
	return domain.Place{}, "", domain.Invalid("A token holds for a programme, cohort, team or enrolment.")
}

// RevokeApiToken ends a token at once. Owners, whoever made it, or the token itself.
func (a *App) RevokeApiToken(ctx context.Context, in RevokeApiTokenInput) (*domain.Reply[domain.ApiToken], error) {
	if _, err := a.Token(ctx, in.TokenID); err != nil {
		return nil, err
	}
	return change(ctx, a, "revokeApiToken", in.Command, in, func(tx *storage.Tx) (*domain.ApiToken, []*domain.Impact, error) {
		t, err := storage.One[domain.ApiToken](ctx, tx.Reader, in.TokenID)
		if err != nil {
			return nil, nil, err
		}
		if t.RevokedAt == nil {
			now := time.Now().UTC().Truncate(time.Second)
			t.RevokedAt = &now
		}
		return t, []*domain.Impact{domain.Touch(domain.EffectRemoved, "The token opens nothing any more.", t.ID)}, storage.Put(tx, t)
	})
}

// Changes is a stretch of the change feed: what the asker may see, oldest first. Without since it is empty, and Until is now.
func (a *App) Changes(ctx context.Context, since *int64, types []string, first int) (*ChangeFeed, error) {
	if !actor(ctx).MayAnywhere(domain.SeeChanges) {
		return nil, must(ctx, domain.SeeChanges, domain.Place{})
	}
	if first < 1 || first > 1000 {
		return nil, domain.Invalid("Ask for 1 to 1,000 changes.")
	}
	if since == nil {
		now, err := a.DataVersion(ctx)
		return &ChangeFeed{Changes: []*domain.Change{}, Until: now}, err
	}
	changes, until, more, err := a.read().Changes(ctx, *since, types, first)
	if err != nil {
		return nil, err
	}
	ids := []string{}
	for _, c := range changes {
		if !c.Gone {
			ids = append(ids, c.NodeID)
		}
	}
	a.wantNodes(ctx, ids)
	feed := &ChangeFeed{Changes: []*domain.Change{}, Until: until, HasMore: more}
	for _, c := range changes {
		if !c.Gone {
			_, err := a.Node(ctx, c.NodeID)
			if err != nil && !isMissing(err) {
				return nil, err
			}
			if err != nil { // what one never could see is not told; what one may have seen is gone
				if !covers(ctx, c.Place) {
					continue
				}
				c.Gone = true
			}
		} else if !covers(ctx, c.Place) {
			continue
		}
		feed.Changes = append(feed.Changes, c)
	}
	return feed, nil
}

// covers reports whether the asker may be told that something there is gone. Sponsors are told of nothing but what they can
// read: how often something about people changes would count them.
func covers(ctx context.Context, at domain.Place) bool {
	return slices.ContainsFunc(actor(ctx).Grants, func(g domain.Grant) bool {
		return g.Role != domain.Sponsor && (g.Covers(at) || g.Within != "" && g.Within == at.Programme && at.Cohort == "")
	})
}

// ChangedNode is the object of a change as it is now; nil when gone.
func (a *App) ChangedNode(ctx context.Context, c *domain.Change) (domain.Node, error) {
	if c.Gone {
		return nil, nil
	}
	return a.Node(ctx, c.NodeID)
}

// Changed gives each change as it is committed, from a version on, without gap or repeat, until the context ends.
func (a *App) Changed(ctx context.Context, since *int64, types []string) (<-chan *domain.Change, error) {
	start, err := a.Changes(ctx, since, types, 1000)
	if err != nil {
		return nil, err
	}
	out := make(chan *domain.Change)
	go func() {
		defer close(out)
		for stretch := start; ; {
			for _, c := range stretch.Changes {
				select {
				case out <- c:
				case <-ctx.Done():
					return
				}
			}
			at, more := stretch.Until, stretch.HasMore
			wake := a.feed.next() // before the read, so that a commit between the two is not slept through
			a.renew(ctx, nil)
			if stretch, err = a.Changes(ctx, &at, types, 1000); err != nil {
				return
			}
			if len(stretch.Changes) == 0 && !more && !a.sleep(ctx, wake) {
				return
			}
		}
	}()
	return out, nil
}

// lookAround is how often those who listen look for themselves: at commits of another server of the same database, and
// whether their token still works.
const lookAround = 2 * time.Second

// sleep waits until woken or until it is time to look around; false where the listener is gone or may not listen any more.
func (a *App) sleep(ctx context.Context, wake <-chan struct{}) bool {
	look := time.NewTimer(lookAround)
	defer look.Stop()
	select {
	case <-wake:
	case <-look.C:
	case <-ctx.Done():
		return false
	}
	id := actor(ctx).TokenID
	if id == "" {
		return ctx.Err() == nil
	}
	t, err := storage.One[domain.ApiToken](ctx, a.read(), id)
	return err == nil && t.Works(time.Now())
}

// Made is the token; nil where none was made.
func (n *NewToken) Made() *domain.ApiToken {
	if n == nil {
		return nil
	}
	return n.Token
}

// Shown is the secret; nil where the token was not made just now.
func (n *NewToken) Shown() *string {
	if n == nil {
		return nil
	}
	return n.Secret
}

type chargeKey struct{}

// Charge gives a context that knows what its request costs and what is left.
func Charge(ctx context.Context, l *RateLimit) context.Context {
	return context.WithValue(ctx, chargeKey{}, l)
}

// Charged is what the request costs and what is left; nil for those who are not limited.
func Charged(ctx context.Context) *RateLimit {
	l, _ := ctx.Value(chargeKey{}).(*RateLimit)
	return l
}
