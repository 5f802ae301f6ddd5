package visit

// Visit is one group's visit day at one host, or at the two hosts of a pair in their order.
type Visit struct {
	Day    int   `json:"day"`
	Offers []int `json:"offers"`
	// People are in ascending order.
	People []int `json:"people"`
	Cohort int   `json:"cohort,omitempty"`
}

// Assignment is who goes where and when: by day, then cohort, then first offer.
type Assignment []Visit

// Score is what a plan achieves, most important first; less is better in each.
type Score struct {
	// Uncovered counts pairs of a team and a theme of its challenge that nobody of the team sees.
	Uncovered int `json:"uncovered"`
	// MaxShortfall is the largest number of visits that a person lacks to those attainable for them.
	MaxShortfall int `json:"maxShortfall"`
	// SquaredShortfall sums the squares of everyone's shortfall.
	SquaredShortfall int `json:"squaredShortfall"`
	// Minutes is travel there and back, of all.
	Minutes int `json:"minutes"`
	// Grams is CO2e, of all.
	Grams int `json:"grams"`
	// missing counts the visits lacking to what is asked for everyone: before all levels, and none in a plan that holds.
	missing int
}

// Level is one of a score's five figures, 1 to 5 in their order.
type Level int

// The five levels.
const (
	LevelUncovered Level = 1 + iota
	LevelMaxShortfall
	LevelSquaredShortfall
	LevelMinutes
	LevelGrams
)

// Levels returns the five figures in their order.
func (s Score) Levels() [5]int {
	return [5]int{s.Uncovered, s.MaxShortfall, s.SquaredShortfall, s.Minutes, s.Grams}
}

// Less reports whether s is better than t: at the first level where they differ, s is smaller.
func (s Score) Less(t Score) bool {
	if s.missing != t.missing {
		return s.missing < t.missing
	}
	a, b := s.Levels(), t.Levels()
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

// Against names the first level at which s differs from t, and by how much s is larger; 0, 0 where they are equal.
func (s Score) Against(t Score) (Level, int) {
	a, b := s.Levels(), t.Levels()
	for i := range a {
		if a[i] != b[i] {
			return Level(i + 1), a[i] - b[i]
		}
	}
	return 0, 0
}

// Rule is a hard rule of planning.
type Rule string

// The hard rules.
const (
	OutsideProgramme Rule = "OUTSIDE_PROGRAMME"
	Blackout         Rule = "BLACKOUT"
	BankHoliday      Rule = "BANK_HOLIDAY"
	LeadTime         Rule = "LEAD_TIME"
	NoWindow         Rule = "NO_WINDOW"
	WindowTooShort   Rule = "WINDOW_TOO_SHORT"
	GroupTooSmall    Rule = "GROUP_TOO_SMALL"
	GroupTooLarge    Rule = "GROUP_TOO_LARGE"
	TwoPlaces        Rule = "TWO_PLACES"
	Away             Rule = "AWAY"
	TooFar           Rule = "TOO_FAR"
	NotStepFree      Rule = "NOT_STEP_FREE"
	TooClose         Rule = "TOO_CLOSE"
	TooManyDays      Rule = "TOO_MANY_DAYS"
	TooManyHosts     Rule = "TOO_MANY_HOSTS"
	OfferUsed        Rule = "OFFER_USED"
	Excluded         Rule = "EXCLUDED"
	Pinned           Rule = "PINNED"
	OtherCohort      Rule = "OTHER_COHORT"
	Unknown          Rule = "UNKNOWN"
)

// Violation is a hard rule that an assignment breaks, with the facts.
type Violation struct {
	Rule Rule `json:"rule"`
	// Visit is the index of the visit, or -1 where the rule is about none.
	Visit int `json:"visit"`
	// Day is the day, or -1.
	Day int `json:"day"`
	// Offer is the offer, or -1.
	Offer int `json:"offer"`
	// People are those concerned, ascending; empty where nobody in person.
	People []int `json:"people,omitempty"`
	// Limit is what the rule allows and Actual what is there, in people, days, hosts, times or minutes; 0 where it
	// counts nothing.
	Limit  int `json:"limit,omitempty"`
	Actual int `json:"actual,omitempty"`
	// Lost is what stands against the day, where the problem says so.
	Lost *LostDay `json:"lost,omitempty"`
}
