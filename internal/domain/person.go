package domain

import "time"

// OrganisationKind is what sort an organisation is.
type OrganisationKind string

const (
	Department OrganisationKind = "DEPARTMENT"
	Company    OrganisationKind = "COMPANY"
	TradeBody  OrganisationKind = "TRADE_BODY"
)

// Organisation is a department, company or trade body.
type Organisation struct {
	ID          string
	ExternalKey string
	Name        string
	Kind        OrganisationKind
	Sector      Sector
	Edit
}

// Person is somebody, once, however many programmes they join.
type Person struct {
	ID           string
	Name         string
	Email        *string
	ExternalKey  *string
	Affiliations []*Affiliation
	Edit
}

// Affiliation is time that a person spent with an organisation; From nil is not known, To nil is to this day.
type Affiliation struct {
	OrganisationID string
	From, To       *Date
}

// EnrolmentState is how far an enrolment has come.
type EnrolmentState string

const (
	Invited    EnrolmentState = "INVITED"
	Waitlisted EnrolmentState = "WAITLISTED"
	Accepted   EnrolmentState = "ACCEPTED"
	Active     EnrolmentState = "ACTIVE"
	Completed  EnrolmentState = "COMPLETED"
	Withdrawn  EnrolmentState = "WITHDRAWN"
)

// Enrolment is a person's place in a cohort. Sector and employer are frozen on acceptance. Stored states are INVITED,
// WAITLISTED, ACCEPTED and WITHDRAWN; ACTIVE and COMPLETED follow the programme's dates, see StateOn.
type Enrolment struct {
	ID                    string
	PersonID              string
	CohortID              string
	ProgrammeID           string
	TeamID                *string
	Stored                EnrolmentState
	SectorAtEnrolment     Sector
	EmployerAtEnrolmentID string
	HomeStationCode       *string
	AwayOn                []Date
	Needs                 []*Need
	SkillRatings          []*SkillRating
	AcceptedOn            *Date
	LeftOn                *Date
	Overridden            bool
	Edit
}

// Seated reports whether the enrolment takes a seat.
func (e *Enrolment) Seated() bool { return e.Stored == Accepted }

// StateOn is the state on a day of its programme.
func (e *Enrolment) StateOn(p *Programme, d Date) EnrolmentState {
	if e.Stored != Accepted {
		return e.Stored
	}
	switch p.StateOn(d) {
	case Running:
		return Active
	case Ended:
		return Completed
	}
	return Accepted
}

// StepFree reports whether the person needs a way in without steps.
func (e *Enrolment) StepFree() bool {
	for _, n := range e.Needs {
		if n.Kind == NeedStepFree {
			return true
		}
	}
	return false
}

// NeedKind is what sort of need.
type NeedKind string

const (
	NeedDiet     NeedKind = "DIET"
	NeedStepFree NeedKind = "STEP_FREE"
	NeedAccess   NeedKind = "ACCESS"
)

// Need is a diet or access need; ConsentedAt is when the person agreed that hosts may be told, nil if they did not.
type Need struct {
	Kind        NeedKind
	Text        *string
	ConsentedAt *time.Time
}

// IdentityKind is what sort an identity document is.
type IdentityKind string

const (
	Passport       IdentityKind = "PASSPORT"
	DrivingLicence IdentityKind = "DRIVING_LICENCE"
	IdentityCard   IdentityKind = "IDENTITY_CARD"
	StaffPass      IdentityKind = "STAFF_PASS"
	OtherDocument  IdentityKind = "OTHER"
)

// String is the kind in words.
func (k IdentityKind) String() string {
	switch k {
	case Passport:
		return "Passport"
	case DrivingLicence:
		return "Driving licence"
	case IdentityCard:
		return "Identity card"
	case StaffPass:
		return "Staff pass"
	}
	return "Other document"
}

// Identity is what a person shows at a host's gate, kept with their consent for the hosts that ask for it. Its ID is the
// enrolment's.
type Identity struct {
	ID          string
	Kind        IdentityKind
	Number      string
	ConsentedAt time.Time
	Edit
}

// Skill is a skill of the government's digital and data capability framework.
type Skill struct {
	ID   string
	Name string
}

// SkillRatingKind is who rated a skill, and when in the programme.
type SkillRatingKind string

const (
	SelfPre  SkillRatingKind = "SELF_PRE"
	SelfPost SkillRatingKind = "SELF_POST"
	ThenPre  SkillRatingKind = "THEN_PRE"
	Peer     SkillRatingKind = "PEER"
	Mentor   SkillRatingKind = "MENTOR"
)

// SkillRating is a level, 0 none to 4 expert, that somebody gave for a person's skill.
type SkillRating struct {
	SkillID string
	Level   int
	Kind    SkillRatingKind
}

// Team is people who solve a challenge together, as released.
type Team struct {
	ID          string
	CohortID    string
	ProgrammeID string
	Number      int
	Name        string
	ChallengeID *string
	Milestones  []*TeamMilestone // those reached, in the order of the steps
	Outcomes    []*Outcome       // by date
	Edit
}

// Station is a railway station, where journeys begin and end. Degrees are WGS 84.
type Station struct {
	Code      string
	Name      string
	Nation    Nation
	Latitude  float64
	Longitude float64
}

// EnrolmentFilter says which enrolments; every given part must hold. States nil is all but WITHDRAWN.
type EnrolmentFilter struct {
	Name       *string
	States     []EnrolmentState
	Sector     *Sector
	EmployerID *string
	TeamID     *string
}

// EnrolmentOrder is an order of enrolments.
type EnrolmentOrder string

const (
	EnrolmentsByName     EnrolmentOrder = "NAME"
	EnrolmentsByEmployer EnrolmentOrder = "EMPLOYER"
	EnrolmentsByTeam     EnrolmentOrder = "TEAM"
	EnrolmentsNewest     EnrolmentOrder = "NEWEST"
)

// Place is where the enrolment lives.
func (e *Enrolment) Place() Place {
	p := Place{Programme: e.ProgrammeID, Cohort: e.CohortID, Person: e.PersonID}
	if e.TeamID != nil {
		p.Team = *e.TeamID
	}
	return p
}
