package domain

import (
	"slices"
	"time"
)

// VisitPlanState is how far a plan has come.
type VisitPlanState string

const (
	PlanPlanning   VisitPlanState = "PLANNING"
	PlanDraft      VisitPlanState = "DRAFT"
	PlanReleased   VisitPlanState = "RELEASED"
	PlanSuperseded VisitPlanState = "SUPERSEDED"
)

// PlanLevel is what a plan is judged by.
type PlanLevel string

const (
	LevelUncovered        PlanLevel = "UNCOVERED"
	LevelMaxShortfall     PlanLevel = "MAX_SHORTFALL"
	LevelSquaredShortfall PlanLevel = "SQUARED_SHORTFALL"
	LevelMinutes          PlanLevel = "MINUTES"
	LevelGramsCO2e        PlanLevel = "GRAMS_CO2E"
)

// Levels is the order in which plans are usually judged: each level is settled before the next.
var Levels = []PlanLevel{LevelUncovered, LevelMaxShortfall, LevelSquaredShortfall, LevelMinutes, LevelGramsCO2e}

// PlanScore is what a plan achieves; less is better in each. Shortfall counts visits.
type PlanScore struct {
	Uncovered        int
	MaxShortfall     int
	SquaredShortfall int
	Minutes          int
	GramsCO2e        int
}

// PlanRules is what is asked of a plan. Without DaysBetweenMin there is one visit day at most in each fortnight of the
// programme; HostsPerDayMax 0 sets no limit.
type PlanRules struct {
	VisitDaysMax     int
	DaysBetweenMin   *int
	HostsPerDayMax   int
	OneWayMinutesMax int
	EveryoneAtLeast  int
	CoverEveryTheme  bool
	MentorSeats      int
	Order            []PlanLevel // nil for the usual one
	LostDays         []Date      // on which nothing can be held, ascending
	Exclusions       []*Exclusion
}

// Levels is what counts, the most important first. Where every theme must be seen, that comes first.
func (r PlanRules) Levels() []PlanLevel {
	if len(r.Order) == 0 {
		return Levels
	}
	if r.CoverEveryTheme {
		return append([]PlanLevel{LevelUncovered}, slices.DeleteFunc(slices.Clone(r.Order), func(l PlanLevel) bool { return l == LevelUncovered })...)
	}
	return r.Order
}

// Exclusion is an offer that a person took out of planning.
type Exclusion struct {
	OfferID string
	Reason  string
	By      string
	At      time.Time
}

// VisitPlan is a plan of visits for a cohort: a draft, then a version; its Number stays. Visits and groups are part of it
// and are saved with it.
type VisitPlan struct {
	ID           string
	CohortID     string
	ProgrammeID  string
	Number       int
	State        VisitPlanState
	ReleasedAt   *time.Time
	Rules        PlanRules
	Score        PlanScore
	Bound        *PlanScore
	ProvedLevels int
	Seed         *int
	Work         int
	Cancelled    bool
	Attainable   map[string]int // by enrolment, frozen with the plan
	Visits       []*Visit
	Groups       []*VisitGroup
	Edit
}

// VisitState is how firm a visit is.
type VisitState string

const (
	VisitPlanned   VisitState = "PLANNED"
	VisitConfirmed VisitState = "CONFIRMED"
	VisitAtRisk    VisitState = "AT_RISK"
	VisitDone      VisitState = "DONE"
	VisitCancelled VisitState = "CANCELLED"
)

// Visit is a group of people at one host. UID and Sequence are its life in calendars: a visit of the same offer keeps
// its UID from one released plan to the next, and Sequence rises with each released change.
type Visit struct {
	ID             string
	PlanID         string
	CohortID       string
	ProgrammeID    string
	OfferID        string
	GroupID        string
	On             Date
	StartsAt       time.Time
	EndsAt         time.Time
	Stored         VisitState
	Pinned         bool
	OverrideReason *string
	CancelReason   *string
	UID            string
	Sequence       int
	Edit
}

// VisitGroup is people who spend a visit day together.
type VisitGroup struct {
	ID        string
	PlanID    string
	On        Date
	Name      string
	MemberIDs []string // enrolments
}

// TravelMode is how people travel.
type TravelMode string

const (
	Rail  TravelMode = "RAIL"
	Coach TravelMode = "COACH"
	Bus   TravelMode = "BUS"
	Car   TravelMode = "CAR"
	Air   TravelMode = "AIR"
	Walk  TravelMode = "WALK"
)

// TravelModes is every mode, in the order of the contract.
var TravelModes = []TravelMode{Rail, Coach, Bus, Car, Air, Walk}

// LegFigure is a figure of a journey that a person may enter.
type LegFigure string

const (
	LegMetres  LegFigure = "METRES"
	LegMinutes LegFigure = "MINUTES"
	LegPence   LegFigure = "PENCE"
)

// TravelRate is what a kilometre by a mode costs a person, in pence. Year is nil where none is known; Own says that the
// programme set it, in the words of Source.
type TravelRate struct {
	Mode       TravelMode
	PencePerKm float64
	Year       *int
	Source     *Source
	Note       *string
	Own        bool
}

// Leg is a way of one person to a visit or back. HomeStationCode is its other end: at home, or, where a group comes from
// another host of its day, that host's station. Its ID is made of visit, enrolment and direction; it is stored only
// once somebody entered what is known of it. Figures is what they entered; the others are estimates, and Pence is nil
// where none can be made.
type Leg struct {
	ID              string
	VisitID         string
	EnrolmentID     string
	Back            bool
	HomeStationCode string
	Mode            TravelMode
	Metres          int
	Minutes         int
	Pence           *int
	GramsCO2e       int
	Entered         bool
	Figures         []LegFigure
	Edit
}

// ManifestState is how far a manifest has come.
type ManifestState string

const (
	ManifestSealed    ManifestState = "SEALED"
	ManifestSubmitted ManifestState = "SUBMITTED"
	ManifestPurged    ManifestState = "PURGED"
)

// Manifest is what a host is told about its visitors: only the fields that it asked for. SealedHash is the SHA-256 of
// its CSV in hexadecimal; hash and count outlive the purge.
type Manifest struct {
	ID          string
	VisitID     string
	CohortID    string
	ProgrammeID string
	OfferID     string
	Number      int
	State       ManifestState
	Fields      []ManifestField
	People      int
	SealedHash  string
	SubmittedAt *time.Time
	PurgeAfter  Date
	Rows        []*ManifestRow `json:"-"` // no kept reply holds them, so that they can be purged
	Edit
}

// ManifestRow is a visitor on a manifest; Values are in the order of the manifest's fields, nil where there is none or
// no consent.
type ManifestRow struct {
	EnrolmentID string
	Values      []*string
}

// Insight is what a person took away from a visit.
type Insight struct {
	ID            string
	VisitID       string
	CohortID      string
	ProgrammeID   string
	AuthorID      string
	Text          string
	ChallengeIDs  []string
	UsedByTeamIDs []string // teams that build on it
	Edit
}

// Place is where the plan lives.
func (p *VisitPlan) Place() Place { return Place{Programme: p.ProgrammeID, Cohort: p.CohortID} }

// Place is where the visit lives.
func (v *Visit) Place() Place { return Place{Programme: v.ProgrammeID, Cohort: v.CohortID} }

// VisitSlot is a place in a plan: when, which group, and how many go by sector.
type VisitSlot struct {
	StartsAt time.Time
	Group    string
	Sectors  *SectorCount
}
