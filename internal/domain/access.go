package domain

import (
	"slices"
	"time"
)

// Role is what somebody is to a programme.
type Role string

const (
	Owner       Role = "OWNER"
	Coordinator Role = "COORDINATOR"
	Member      Role = "MEMBER"
	Judge       Role = "JUDGE"
	Sponsor     Role = "SPONSOR"
	Integrator  Role = "INTEGRATOR"
)

// Scope is what an integrator's token may reach.
type Scope string

const (
	ChangesRead    Scope = "CHANGES_READ"
	CohortRead     Scope = "COHORT_READ"
	CohortWrite    Scope = "COHORT_WRITE"
	NeedsRead      Scope = "NEEDS_READ"
	ChallengeRead  Scope = "CHALLENGE_READ"
	ChallengeWrite Scope = "CHALLENGE_WRITE"
	VisitRead      Scope = "VISIT_READ"
	VisitWrite     Scope = "VISIT_WRITE"
	ManifestRead   Scope = "MANIFEST_READ"
	SponsorRead    Scope = "SPONSOR_READ"
)

// Place is where a thing lives, from the widest to the narrowest; empty parts are not known or do not apply. Person is
// whom it is about.
type Place struct {
	Programme, Cohort, Team, Person string
}

// Grant is a role on something and everything inside it: a programme, cohort or team by its id, or all where On is empty.
// Within is the programme that On is part of, whose common things (its days, challenges, offers) the role reads as well.
type Grant struct {
	Role   Role
	On     string
	Within string
}

// Covers reports whether a grant reaches a place. A place that names nothing is the whole database, and only a grant on
// all reaches it.
func (g Grant) Covers(p Place) bool {
	return g.On == "" || g.On == p.Programme || g.On == p.Cohort || g.On == p.Team
}

// Actor is who acts: a name for the audit, what was granted, and for a member the person behind it.
type Actor struct {
	ID       string
	Name     string
	PersonID string
	TokenID  string
	Grants   []Grant
	Scopes   []Scope
	AtHome   bool // sits at the computer that holds the database, and so acts for its teams as well
}

// LocalOwner is who uses the embedded desktop on their own machine.
func LocalOwner() *Actor {
	return &Actor{ID: "owner", Name: "Owner of this computer", Grants: []Grant{{Role: Owner}}, AtHome: true}
}

// Nobody is a caller without a token: everything is denied.
func Nobody() *Actor { return &Actor{} }

// SignedIn reports whether the actor is anybody at all.
func (a *Actor) SignedIn() bool { return len(a.Grants) > 0 }

// Permission names something that may be granted.
type Permission string

const (
	SeeProgramme     Permission = "see a programme"
	SeeBalance       Permission = "see a balance"
	SeePeople        Permission = "see people"
	SeeTeams         Permission = "see teams"
	SeeContact       Permission = "see contact details"
	SeeAway          Permission = "see days away"
	SeeNeeds         Permission = "see needs"
	SeeIdentity      Permission = "see identity documents"
	SeeSkills        Permission = "see skill ratings"
	SeeOrganisations Permission = "see organisations"
	SeeChallenges    Permission = "see challenges"
	SeeOffers        Permission = "see offers"
	SeeOfferTerms    Permission = "see what hosts ask for"
	SeeReleased      Permission = "see released visits"
	SeePlans         Permission = "see drafts, bounds and exposures"
	SeeManifests     Permission = "see manifests"
	SeeInsights      Permission = "see insights"
	SeeEditors       Permission = "see who saved last"
	SeeImports       Permission = "see imports"
	SeeChanges       Permission = "see the change feed"
	SeeProgress      Permission = "see attendance and costs"
	SeeBriefs        Permission = "see released briefs"
	SeeDraftBriefs   Permission = "see briefs being written and their links"

	RunDatabase    Permission = "run the database"
	RunProgramme   Permission = "run a programme"
	ManagePeople   Permission = "manage people"
	EditOwn        Permission = "edit one's own enrolment"
	KeepIdentity   Permission = "keep an identity document"
	LoadTables     Permission = "load tables"
	EditChallenges Permission = "edit challenges"
	EditOffers     Permission = "edit offers"
	PlanVisits     Permission = "plan visits"
	EditPlan       Permission = "edit a plan"
	SealManifests  Permission = "seal manifests"
	CaptureInsight Permission = "capture insights"
	RateSkills     Permission = "rate skills"
	RecordProgress Permission = "record what came of it"
	WriteBriefs    Permission = "write briefs"
	Rehearse       Permission = "reach a team's rehearsals"
	MakeTokens     Permission = "make tokens"
)

// rule says who holds a permission: roles anywhere inside their grant, the person whom the place is about, and the scope
// by which an integrator holds it. The owner holds every one that is not private.
type rule struct {
	roles   []Role
	self    bool
	common  bool // belongs to the whole programme: a grant on a part of it is enough
	private bool // stays with those whom it is about: an owner holds it only at home
	scope   Scope
}

var rules = map[Permission]rule{
	SeeProgramme:     {roles: []Role{Coordinator, Member, Judge, Sponsor}, common: true, scope: CohortRead},
	SeeBalance:       {roles: []Role{Coordinator, Member, Judge}, scope: CohortRead},
	SeePeople:        {roles: []Role{Coordinator, Member}, scope: CohortRead},
	SeeTeams:         {roles: []Role{Coordinator, Member, Judge}, scope: CohortRead},
	SeeContact:       {roles: []Role{Coordinator}, self: true, scope: CohortRead},
	SeeAway:          {roles: []Role{Coordinator}, self: true},
	SeeNeeds:         {roles: []Role{Coordinator}, self: true, scope: NeedsRead},
	SeeIdentity:      {roles: []Role{Coordinator}, self: true},
	SeeSkills:        {roles: []Role{Coordinator}, self: true},
	SeeOrganisations: {roles: []Role{Coordinator}, scope: CohortRead},
	SeeChallenges:    {roles: []Role{Coordinator, Member, Judge}, common: true, scope: ChallengeRead},
	SeeOffers:        {roles: []Role{Coordinator, Member}, common: true, scope: VisitRead},
	SeeOfferTerms:    {roles: []Role{Coordinator}, scope: VisitRead},
	SeeReleased:      {roles: []Role{Coordinator, Member}, scope: VisitRead},
	SeePlans:         {roles: []Role{Coordinator}, scope: VisitRead},
	SeeManifests:     {roles: []Role{Coordinator}, scope: ManifestRead},
	SeeInsights:      {roles: []Role{Coordinator, Member}, scope: VisitRead},
	SeeEditors:       {roles: []Role{Coordinator}},
	SeeImports:       {roles: []Role{Coordinator}, scope: CohortWrite},
	SeeChanges:       {roles: []Role{Coordinator, Member, Judge, Sponsor}, scope: ChangesRead},
	SeeProgress:      {roles: []Role{Coordinator}},
	SeeBriefs:        {roles: []Role{Coordinator, Sponsor}, scope: SponsorRead},
	SeeDraftBriefs:   {roles: []Role{Coordinator}},

	RunDatabase:    {},
	RunProgramme:   {roles: []Role{Coordinator}},
	ManagePeople:   {roles: []Role{Coordinator}, scope: CohortWrite},
	EditOwn:        {roles: []Role{Coordinator}, self: true, scope: CohortWrite},
	KeepIdentity:   {roles: []Role{Coordinator}, self: true},
	LoadTables:     {roles: []Role{Coordinator}, scope: CohortWrite},
	EditChallenges: {roles: []Role{Coordinator}, scope: ChallengeWrite},
	EditOffers:     {roles: []Role{Coordinator}, scope: VisitWrite},
	PlanVisits:     {roles: []Role{Coordinator}, scope: VisitWrite},
	EditPlan:       {roles: []Role{Coordinator}},
	SealManifests:  {roles: []Role{Coordinator}},
	CaptureInsight: {roles: []Role{Member}},
	RateSkills:     {roles: []Role{Coordinator}, self: true},
	RecordProgress: {roles: []Role{Coordinator}},
	WriteBriefs:    {roles: []Role{Coordinator}},
	Rehearse:       {self: true, private: true},
	MakeTokens:     {roles: []Role{Coordinator}},
}

// May reports whether the actor holds a permission at a place. What no rule grants is denied.
func (a *Actor) May(p Permission, at Place) bool {
	r, known := rules[p]
	if !known {
		return false
	}
	for _, g := range a.Grants {
		if !g.Covers(at) && !(r.common && g.Within != "" && g.Within == at.Programme) {
			continue
		}
		switch {
		case g.Role == Owner:
			if !r.private || a.AtHome {
				return true
			}
		case g.Role == Integrator:
			if r.scope != "" && slices.Contains(a.Scopes, r.scope) {
				return true
			}
		case slices.Contains(r.roles, g.Role):
			return true
		case r.self && g.Role == Member && a.PersonID != "" && a.PersonID == at.Person:
			return true
		}
	}
	return false
}

// MayAnywhere reports whether some grant of the actor carries the permission, on whatever it is.
func (a *Actor) MayAnywhere(p Permission) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool {
		return a.May(p, Place{Programme: g.On, Cohort: g.On, Team: g.On, Person: a.PersonID})
	})
}

// ApiToken is access for a program or a person, stored hashed. It acts as Role on OnID (empty: the whole database);
// for a member OnID is the
// cohort and PersonID the person. WithinID is the programme of a cohort or team.
type ApiToken struct {
	ID         string
	Label      string
	Role       Role
	OnID       string
	WithinID   string
	PersonID   string
	Scopes     []Scope
	Hash       string
	MadeByID   string
	MadeAt     time.Time
	ExpiresAt  time.Time
	RevokedAt  *time.Time
	LastUsedAt *time.Time
}

// Works reports whether the token opens anything at a moment.
func (t *ApiToken) Works(now time.Time) bool { return t.RevokedAt == nil && now.Before(t.ExpiresAt) }

// Actor is who acts with the token.
func (t *ApiToken) Actor() *Actor {
	return &Actor{ID: t.ID, Name: t.Label, TokenID: t.ID, PersonID: t.PersonID, Grants: []Grant{{t.Role, t.OnID, t.WithinID}}, Scopes: t.Scopes}
}
