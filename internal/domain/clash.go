package domain

// RuleGroup is a rule of planning in the size in which people speak of it.
type RuleGroup string

const (
	GroupCoverEveryTheme RuleGroup = "COVER_EVERY_THEME"
	GroupEveryoneAtLeast RuleGroup = "EVERYONE_AT_LEAST"
	GroupTravelLimit     RuleGroup = "TRAVEL_LIMIT"
	GroupStepFree        RuleGroup = "STEP_FREE"
	GroupWindows         RuleGroup = "WINDOWS"
	GroupMaxGroup        RuleGroup = "MAX_GROUP"
	GroupMinGroup        RuleGroup = "MIN_GROUP"
	GroupAway            RuleGroup = "AWAY"
	GroupVisitDays       RuleGroup = "VISIT_DAYS"
	GroupPins            RuleGroup = "PINS"
)

// Clash is rules that cannot all hold, the one that is the easiest to give up first. Where it is not Proved, no plan was
// found and no more is known. Minimal says that without any one of them the rest can hold.
type Clash struct {
	Rules   []*ClashRule
	Proved  bool
	Minimal bool
}

// ClashRule is a rule of a clash. Relaxation is nil where no change of this rule alone is enough (Hopeless: that is
// proved), or none was found.
type ClashRule struct {
	Group      RuleGroup
	Text       string
	Relaxation *Relaxation
	Hopeless   bool
}

// Relaxation is a change of one rule that ends a clash, and the plan that it allows. From and To are nil for a rule
// without a number. OfferIDs and PeopleIDs are those who would have to agree; Rules, what to plan with, nil where somebody
// else must agree first.
type Relaxation struct {
	Text          string
	From, To      *int
	Smallest      bool
	PeopleTouched int
	OfferIDs      []string
	PeopleIDs     []string
	Rules         *PlanRules
	Witness       *Witness
	Place         Place
}
