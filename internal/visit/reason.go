package visit

// Kind is a kind of thing that a plan can leave out.
type Kind string

// The kinds.
const (
	KindOffer     Kind = "OFFER"
	KindPersonDay Kind = "PERSON_DAY"
	KindDay       Kind = "DAY"
	KindTheme     Kind = "THEME"
)

// Subject is what was left out. Only the parts of its kind are set: an offer; a person and a day; a cohort and a day;
// a team and a theme.
type Subject struct {
	Kind   Kind `json:"kind"`
	Offer  *int `json:"offer,omitempty"`
	Person *int `json:"person,omitempty"`
	Cohort *int `json:"cohort,omitempty"`
	Day    *int `json:"day,omitempty"`
	Team   *int `json:"team,omitempty"`
	Theme  *int `json:"theme,omitempty"`
}

// is says whether both are the same thing.
func (s Subject) is(t Subject) bool {
	same := func(a, b *int) bool { return a == b || a != nil && b != nil && *a == *b }
	return s.Kind == t.Kind && same(s.Offer, t.Offer) && same(s.Person, t.Person) && same(s.Cohort, t.Cohort) &&
		same(s.Day, t.Day) && same(s.Team, t.Team) && same(s.Theme, t.Theme)
}

// Reason is why something was left out.
type Reason string

// The reasons, closed.
const (
	NoDayLeft           Reason = "NO_DAY_LEFT"
	TooFewCanGo         Reason = "TOO_FEW_CAN_GO"
	DaysPinnedAway      Reason = "DAYS_PINNED_AWAY"
	ExcludedOffer       Reason = "EXCLUDED"
	WouldCost           Reason = "WOULD_COST"
	EqualAlternative    Reason = "EQUAL_ALTERNATIVE"
	NotDecided          Reason = "NOT_DECIDED"
	PersonAway          Reason = "AWAY"
	PersonTooFar        Reason = "TOO_FAR"
	PersonNotStepFree   Reason = "NOT_STEP_FREE"
	NothingOn           Reason = "NOTHING_ON"
	SeatsGone           Reason = "SEATS_GONE"
	NoOffer             Reason = "NO_OFFER"
	TooFewAnywhere      Reason = "TOO_FEW_ANYWHERE"
	OffersUsedElsewhere Reason = "OFFERS_USED_ELSEWHERE"
	FortnightTaken      Reason = "FORTNIGHT_TAKEN"
	DaysSpent           Reason = "DAYS_SPENT"
	DominatedBy         Reason = "DOMINATED_BY"
	NoOfferWithTheme    Reason = "NO_OFFER_WITH_THEME"
	NobodyCanGo         Reason = "NOBODY_CAN_GO"
	Clash               Reason = "CLASH"
)

// Left is something left out, its reason and the facts that make it true.
type Left struct {
	Subject Subject `json:"subject"`
	Reason  Reason  `json:"reason"`
	Facts   Facts   `json:"facts"`
}

// Facts make a reason true; each reason sets its own and leaves the others out.
type Facts struct {
	// Days: NO_DAY_LEFT, each offered day and the rule against it, as far as the problem tells.
	Days []LostDay `json:"days,omitempty"`
	// Exclusion: EXCLUDED.
	Exclusion *Exclusion `json:"exclusion,omitempty"`
	// Counts: TOO_FEW_CAN_GO (the best day of each entry that has the offer) and TOO_FEW_ANYWHERE (each entry open
	// that day).
	Counts []Count `json:"counts,omitempty"`
	// HeldBy: DAYS_PINNED_AWAY, OFFERS_USED_ELSEWHERE, FORTNIGHT_TAKEN and DAYS_SPENT, what holds the place.
	HeldBy []Held `json:"heldBy,omitempty"`
	// VisitDaysMax: DAYS_SPENT, and DAYS_PINNED_AWAY where pins spend all days.
	VisitDaysMax int `json:"visitDaysMax,omitempty"`
	// Dominating: DOMINATED_BY, the better day.
	Dominating *int `json:"dominating,omitempty"`
	// Offers: TOO_FAR and NOT_STEP_FREE, the entries of Offers held that day; NOBODY_CAN_GO, those with the theme.
	Offers []int `json:"offers,omitempty"`
	// LeastMinutes: TOO_FAR, the shortest return way to one of them, 0 where not known; LimitMinutes is the limit, one
	// way.
	LeastMinutes int `json:"leastMinutes,omitempty"`
	LimitMinutes int `json:"limitMinutes,omitempty"`
	// Members: NOBODY_CAN_GO, the people of the team.
	Members []int `json:"members,omitempty"`
	// Groups: SEATS_GONE, the visits (by index) they could join, each full or fixed; Swaps, what putting them in each
	// member's place does.
	Groups []int  `json:"groups,omitempty"`
	Swaps  []Swap `json:"swaps,omitempty"`
	// Swap: behind FORTNIGHT_TAKEN, OFFERS_USED_ELSEWHERE and DAYS_SPENT, WOULD_COST, EQUAL_ALTERNATIVE or NOT_DECIDED for
	// the day put in all the same; left out where pins hold the place.
	Swap Reason `json:"swap,omitempty"`
	// Witness: EQUAL_ALTERNATIVE, and NOT_DECIDED where one was found: a plan with the thing in.
	Witness *Witness `json:"witness,omitempty"`
	// Level and Loss: WOULD_COST, or behind a day: every plan with the thing in is worse than the plan at Level by Loss at
	// least, and none is better on the levels before. A loss of 1,000 squares, 10,000 minutes or 1,000,000 grams stands for
	// that much or more; one of more unseen pairs than there are means that no plan has the thing in.
	Level Level `json:"level,omitempty"`
	Loss  int   `json:"loss,omitempty"`
	// Bound: WOULD_COST and NOT_DECIDED, what no plan with the thing in can beat, level by level, where it equals the plan
	// on the levels before; after Level nothing is known. Proof is a certificate of plans with the thing in, for what
	// Bound has beyond the bound of all plans.
	Bound *Score       `json:"bound,omitempty"`
	Proof *Certificate `json:"proof,omitempty"`
	// Work is the units spent on the question.
	Work int `json:"work,omitempty"`
}

// Count tells how many of a cohort could go to an offer on a day.
type Count struct {
	Offer  int `json:"offer"`
	Day    int `json:"day"`
	Cohort int `json:"cohort"`
	// Free are those not away; StepFree those of them who can get in; WithinLimit those of them within the limit.
	Free        int `json:"free"`
	StepFree    int `json:"stepFree"`
	WithinLimit int `json:"withinLimit"`
	Min         int `json:"min"`
}

// Held is a place that something else holds.
type Held struct {
	// Cohort and Day are the place.
	Cohort int `json:"cohort"`
	Day    int `json:"day"`
	// HeldBy is the day that holds its fortnight, or on which Offer is used; -1 where all visit days are spent.
	HeldBy int `json:"heldBy"`
	// Offer is the offer that is used, for OFFERS_USED_ELSEWHERE, or the pinned half of a pair.
	Offer *int `json:"offer,omitempty"`
	// Pinned says that a pin holds it.
	Pinned bool `json:"pinned,omitempty"`
}

// Swap is what happens when the person takes a member's seat: the first level that gets worse, and by how much.
type Swap struct {
	Person int   `json:"person"`
	Level  Level `json:"level,omitempty"`
	Loss   int   `json:"loss,omitempty"`
	// Pinned says that the group is fixed; Short, that the member would have fewer visits than everyone is to have. Then
	// there is no level.
	Pinned bool `json:"pinned,omitempty"`
	Short  bool `json:"short,omitempty"`
}

// Witness is a plan that is not kept but proves a point: the plan at hand without some visits and with others.
type Witness struct {
	Score Score `json:"score"`
	// Without are indices of the plan's visits, With visits in their stead.
	Without []int      `json:"without"`
	With    Assignment `json:"with"`
}
