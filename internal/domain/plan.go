package domain

// PlanRule is a hard rule of planning.
type PlanRule string

const (
	RuleOutsideProgramme PlanRule = "OUTSIDE_PROGRAMME"
	RuleBlackout         PlanRule = "BLACKOUT"
	RuleBankHoliday      PlanRule = "BANK_HOLIDAY"
	RuleLeadTime         PlanRule = "LEAD_TIME"
	RuleNoWindow         PlanRule = "NO_WINDOW"
	RuleWindowTooShort   PlanRule = "WINDOW_TOO_SHORT"
	RuleGroupTooSmall    PlanRule = "GROUP_TOO_SMALL"
	RuleGroupTooLarge    PlanRule = "GROUP_TOO_LARGE"
	RuleTwoPlaces        PlanRule = "TWO_PLACES"
	RuleAway             PlanRule = "AWAY"
	RuleTooFar           PlanRule = "TOO_FAR"
	RuleNotStepFree      PlanRule = "NOT_STEP_FREE"
	RuleTooClose         PlanRule = "TOO_CLOSE"
	RuleTooManyDays      PlanRule = "TOO_MANY_DAYS"
	RuleOfferUsed        PlanRule = "OFFER_USED"
	RuleTooTight         PlanRule = "TOO_TIGHT"
)

// RuleBreak is a hard rule, and the facts by which it is broken. Limit and Actual are in people, minutes or days.
type RuleBreak struct {
	Rule           PlanRule
	Text           string
	On             *Date
	Holiday        *BankHoliday
	NamesBy        *Date
	Limit          *int
	Actual         *int
	PeopleIDs      []string
	OverrideReason *string
	Place          Place
}

// PlanBound is the least that any plan under the same rules can reach. GapPercent is how far the first unproved level
// may be from the best, in percent of the bound.
type PlanBound struct {
	PlanScore
	FirstUnproved *PlanLevel
	GapPercent    *float64
}

// PlanReasons is what the engine says of a plan, under the plan's id. Digest is of the problem and the visits that it
// speaks of; Whole, whether nothing more is being found out; Result the engine's own JSON, with its proofs.
type PlanReasons struct {
	ID          string
	CohortID    string
	ProgrammeID string
	Digest      string
	Whole       bool
	Result      string
}

// LeftOut is something that a plan leaves out, and why. Subject is a *HostOffer, *PersonDay, *PlanDay or *TeamTheme;
// Reason is one of the …Reason types below.
type LeftOut struct {
	Key     string // its place in the list, the same as long as the plan stays
	Subject any
	Reason  Reason
}

// PersonDay is a person on a visit day.
type PersonDay struct {
	EnrolmentID string
	On          Date
}

// PlanDay is a day that could have been a visit day.
type PlanDay struct {
	On Date
}

// TeamTheme is a theme of a team's challenge.
type TeamTheme struct {
	TeamID, ThemeID string
}

// LeftOutKind is a kind of thing left out.
type LeftOutKind string

const (
	LeftOffer     LeftOutKind = "OFFER"
	LeftPersonDay LeftOutKind = "PERSON_DAY"
	LeftDay       LeftOutKind = "DAY"
	LeftTheme     LeftOutKind = "THEME"
)

// LeftOutFilter says which of the things left out; every given part must hold.
type LeftOutFilter struct {
	Kinds   []LeftOutKind
	Reasons []ReasonCode
	AboutID *string
	On      *Date
}

// ReasonCode is every reason there is.
type ReasonCode string

const (
	NoDayLeft           ReasonCode = "NO_DAY_LEFT"
	TooFewCanGo         ReasonCode = "TOO_FEW_CAN_GO"
	DaysPinnedAway      ReasonCode = "DAYS_PINNED_AWAY"
	Excluded            ReasonCode = "EXCLUDED"
	WouldCost           ReasonCode = "WOULD_COST"
	EqualAlternative    ReasonCode = "EQUAL_ALTERNATIVE"
	NotDecided          ReasonCode = "NOT_DECIDED"
	PersonAway          ReasonCode = "AWAY"
	TooFar              ReasonCode = "TOO_FAR"
	NotStepFree         ReasonCode = "NOT_STEP_FREE"
	NothingOn           ReasonCode = "NOTHING_ON"
	SeatsGone           ReasonCode = "SEATS_GONE"
	NoOffer             ReasonCode = "NO_OFFER"
	TooFewAnywhere      ReasonCode = "TOO_FEW_ANYWHERE"
	OffersUsedElsewhere ReasonCode = "OFFERS_USED_ELSEWHERE"
	FortnightTaken      ReasonCode = "FORTNIGHT_TAKEN"
	DaysSpent           ReasonCode = "DAYS_SPENT"
	DominatedBy         ReasonCode = "DOMINATED_BY"
	NoOfferWithTheme    ReasonCode = "NO_OFFER_WITH_THEME"
	NobodyCanGo         ReasonCode = "NOBODY_CAN_GO"
)

// Because is what every reason says: its code, the facts as a sentence, and what would change it (nil where nothing would).
type Because struct {
	Text   string
	Code   ReasonCode
	Remedy *string
}

// Why is the reason whatever its facts.
func (b Because) Why() Because { return b }

// An explanation is told in a sentence.

func (b Because) Sentence() string             { return b.Text }
func (x BalanceExplanation) Sentence() string  { return x.Text }
func (x VisitExplanation) Sentence() string    { return x.Text }
func (x TravelExplanation) Sentence() string   { return x.Text }
func (x DeadlineExplanation) Sentence() string { return x.Text }

// DaysReason is NO_DAY_LEFT, with every offered day.
type DaysReason struct {
	Because
	Days []*RuleBreak
}

// CountReason is TOO_FEW_CAN_GO, TOO_FEW_ANYWHERE or NO_OFFER, with the counts.
type CountReason struct {
	Because
	Counts []*OfferCount
}

// OfferCount is how many people could go to an offer on a day.
type OfferCount struct {
	OfferID     string
	On          Date
	Free        int
	StepFree    int
	WithinLimit int
	MinGroup    int
}

// HeldReason is DAYS_PINNED_AWAY, OFFERS_USED_ELSEWHERE, FORTNIGHT_TAKEN or DAYS_SPENT, with the visits that hold the place.
// Swap is what swapping the day in would do, nil where a hard fact settles it.
type HeldReason struct {
	Because
	HeldBy []*Visit
	Swap   Reason
}

// ExcludedReason is EXCLUDED, with who did it and why.
type ExcludedReason struct {
	Because
	Exclusion *Exclusion
}

// CostReason is WOULD_COST, EQUAL_ALTERNATIVE or NOT_DECIDED, with the best plan known that has the thing in. Level and
// LeastLoss are of WOULD_COST, nil where no plan has the thing in; Bound is what no plan with it in can beat, as far as is
// known.
type CostReason struct {
	Because
	Level     *PlanLevel
	LeastLoss *int
	Bound     *PlanBound
	Witness   *Witness
	Work      int
}

// PersonReason is AWAY, TOO_FAR, NOT_STEP_FREE or NOTHING_ON, with the day's hosts. Minutes are one way.
type PersonReason struct {
	Because
	SiteIDs      []string
	LeastMinutes *int
	LimitMinutes *int
}

// SeatsReason is SEATS_GONE, with the groups and what each swap would do.
type SeatsReason struct {
	Because
	Groups []*VisitGroup
	Swaps  []*SwapCost
}

// SwapCost is what swapping somebody out for the person would do.
type SwapCost struct {
	EnrolmentID string
	Level       PlanLevel
	Loss        int
}

// DominatedReason is DOMINATED_BY, with the better day.
type DominatedReason struct {
	Because
	By Date
}

// ThemeReason is NO_OFFER_WITH_THEME or NOBODY_CAN_GO, with who was looked at.
type ThemeReason struct {
	Because
	OfferIDs  []string
	MemberIDs []string
}

// Witness is a plan that is not kept but proves a point: its score, and how to get there from the plan at hand.
type Witness struct {
	Score   PlanScore
	Changes []*VisitChange
}

// VisitChangeKind is what sort of difference between two plans.
type VisitChangeKind string

const (
	VisitAdded     VisitChangeKind = "ADDED"
	VisitRemoved   VisitChangeKind = "REMOVED"
	VisitMoved     VisitChangeKind = "MOVED"
	VisitRegrouped VisitChangeKind = "REGROUPED"
)

// VisitChange is one difference between two plans; Before is nil for ADDED, After for REMOVED.
type VisitChange struct {
	Kind      VisitChangeKind
	OfferID   string
	Before    *VisitSlot
	After     *VisitSlot
	PeopleIDs []string
	Place     Place
}

// Exposure is what a plan gives a person, in visits and in minutes there and back.
type Exposure struct {
	EnrolmentID  string
	Visits       int
	Attainable   int
	Shortfall    int
	Minutes      int
	LeastMinutes *int
	Missed       []*LeftOut
}

// PlanDiff is two plans of a cohort, side by side.
type PlanDiff struct {
	Before, After *VisitPlan
	Changes       []*VisitChange
	PlacesChanged int
	People        []*ExposureChange
	Impact        []*Impact
}

// ExposureChange is what a difference means for a person: visits and minutes more, or fewer where negative.
type ExposureChange struct {
	EnrolmentID string
	Visits      int
	Minutes     int
}

// VisitExplanation is why a visit is where it is.
type VisitExplanation struct {
	Text         string
	OnlyHere     []*TeamTheme
	Alternatives []*VisitAlternative
}

// VisitAlternative is a visit somewhere else in the plan; Score and MoreMiss are nil where a rule forbids it.
type VisitAlternative struct {
	On       Date
	Group    string
	Broken   []*RuleBreak
	Score    *PlanScore
	MoreMiss *int
}

// Travel is journeys together. Minutes are one way; grams and pence there and back, pence nil where a price is missing.
// PenceAHead is all of one person's journeys, on average.
type Travel struct {
	Journeys      int
	LeastMinutes  int
	MiddleMinutes int
	MostMinutes   int
	GramsCO2e     int
	Pence         *int
	PenceAHead    *int
	Explain       *TravelExplanation
}

// TravelExplanation is where journeys' figures come from.
type TravelExplanation struct {
	Text              string
	Estimated         int
	Entered           int
	GreatCircleMetres int
	Factors           []*TravelFactor
	PricesEstimated   int
	PricesEntered     int
	PricesMissing     int
	Rates             []*TravelRate
}

// TravelFactor is how a mode's figures are estimated.
type TravelFactor struct {
	Mode                TravelMode
	Circuity            float64
	GramsPerPassengerKm float64
	Year                int
	Source              *Source
}

// DeadlineKind is what must be done.
type DeadlineKind string

const (
	DeadlineIdentity DeadlineKind = "IDENTITY"
	DeadlineNames    DeadlineKind = "NAMES"
	DeadlineNeeds    DeadlineKind = "NEEDS"
	DeadlineConfirm  DeadlineKind = "CONFIRM"
	DeadlinePurge    DeadlineKind = "PURGE"
)

// DeadlineState is how a deadline stands.
type DeadlineState string

const (
	DeadlineLate DeadlineState = "LATE"
	DeadlineDue  DeadlineState = "DUE"
	DeadlineMet  DeadlineState = "MET"
)

// Deadline is a day by which something must be done about a visit. WorkingDaysLeft counts the due day, and is negative
// when late.
type Deadline struct {
	Kind            DeadlineKind
	About           *Visit
	DueOn           Date
	State           DeadlineState
	WorkingDaysLeft int
	Ready           int
	Of              int
	MissingIDs      []string
	Explain         *DeadlineExplanation
}

// DeadlineExplanation is how a deadline's day was counted.
type DeadlineExplanation struct {
	Text        string
	From        Date
	WorkingDays int
	Nations     []Nation
	Days        []*CountedDay
}

// CountedDay is a day on the ruler.
type CountedDay struct {
	On       Date
	Counts   bool
	Holidays []*BankHoliday
}

// Repair is a way out after something went wrong with a plan. Ring is how far it reaches: 1 the fortnight, 2 another too,
// 3 the whole plan.
type Repair struct {
	ID            string
	Ring          int
	PlacesChanged int
	Score         PlanScore
	Changes       []*VisitChange
	Impact        []*Impact
}
