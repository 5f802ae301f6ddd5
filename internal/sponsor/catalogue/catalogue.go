// Package catalogue is the fixed list of what a sponsor's brief may tell: which figures there are, how each is counted, which
// family it belongs to, and how the counts behind them contain one another. Everything that releases figures and everything
// that attacks them reads this list, and nothing else in common.
package catalogue

import "slices"

// Version is the catalogue's own; a cohort's briefs keep to the one that they began with.
const Version = 1

// Key names a figure.
type Key string

// The figures, in the order of the page.
const (
	Enrolled      Key = "ENROLLED"
	Retained      Key = "RETAINED"
	VisitDays     Key = "VISIT_DAYS"
	Attended      Key = "ATTENDED"
	MixedPairs    Key = "MIXED_PAIRS"
	Milestones    Key = "MILESTONES"
	InsightsUsed  Key = "INSIGHTS_USED"
	SkillsRated   Key = "SKILLS_RATED"
	SkillLevel    Key = "SKILL_LEVEL"
	SkillGrowth   Key = "SKILL_GROWTH"
	CostPerHead   Key = "COST_PER_HEAD"
	CarbonPerHead Key = "CARBON_PER_HEAD"
	Results       Key = "RESULTS"
	Outcomes      Key = "OUTCOMES"
)

// Family says how far a figure may be told.
type Family string

const (
	// Management information is exact, unless a programme moved it to the protected family before its first brief.
	Management Family = "MANAGEMENT"
	// Protected figures are told as ranges that nobody can narrow to a value, always.
	Protected Family = "PROTECTED"
)

// Never is what no brief tells in any form, in the words of the notice that people accept when they enrol.
var Never = []string{
	"needs of diet and access",
	"why somebody left or was away",
	"rehearsals, recordings and what people in a team said to one another about them",
	"the marks of a single judge",
	"what a person wrote in their own words",
	"anything by employer",
}

// Kind is what a figure's cells are.
type Kind string

const (
	Fact      Kind = "FACT"      // public as it stands: a day, a step, a place
	Count     Kind = "COUNT"     // people, counted from the side of those who are missing
	Works     Kind = "WORKS"     // work products of a team
	Mean      Kind = "MEAN"      // an average over people
	Magnitude Kind = "MAGNITUDE" // money or carbon, a head of the seats
	Share     Kind = "SHARE"     // whole percent
)

// Entry is a figure's line of the catalogue.
type Entry struct {
	Key    Key
	Label  string
	Unit   string
	Basis  string // what it is compared with, or counted against; "" where with nothing
	Family Family
	Kind   Kind
	// Together names the figures that are dropped together where one can be worked out; "" for those that cannot be.
	Together string
	// Within are the figures whose missing people are among this one's: who left is absent on a later day.
	Within []Key
	// With are the figures that are protected as soon as this one is, since their exact counts would bound it.
	With []Key
	// Method is one sentence for the receipt.
	Method string
}

// Entries are the figures in the order of the page: the first is number 1.
var Entries = []Entry{
	{Key: Enrolled, Label: "People enrolled", Unit: "people", Family: Management, Kind: Fact,
		Method: "Everybody who took a seat, by the sector they had when they enrolled."},
	{Key: Retained, Label: "Still taking part", Unit: "people", Basis: "of those who first took a seat", Family: Management, Kind: Count, Together: "retention and attendance", With: []Key{Attended},
		Method: "Those who first took the seats, less those who ever left; who takes a seat that fell free is not counted."},
	{Key: VisitDays, Label: "Visit days done", Unit: "days", Basis: "of those in the released plan", Family: Management, Kind: Fact,
		Method: "Days of the released plan on which a visit was held."},
	{Key: Attended, Label: "Seats filled on visit days", Unit: "percent", Basis: "of the seats on every day held", Family: Management, Kind: Count, Together: "retention and attendance", Within: []Key{Retained},
		Method: "On each day held, those who first took the seats less those who were not there; the percentage is over all days held."},
	{Key: MixedPairs, Label: "Pairs who travelled together, one of each sector", Unit: "percent", Basis: "by chance, as a random split of the same people gives", Family: Management, Kind: Share,
		Method: "All pairs within each group of the released plan, over all days, in whole percent; it counts the plan, not who came."},
	{Key: Milestones, Label: "Team milestones met", Unit: "steps", Basis: "of five steps a team", Family: Management, Kind: Fact,
		Method: "Steps that each team has reached: framed, evidence, prototype, draft pitch, tested. Rehearsals are never counted."},
	{Key: InsightsUsed, Label: "Insights used by a team", Unit: "insights", Basis: "of those captured on visits", Family: Management, Kind: Works, Together: "insights",
		Method: "Insights captured on visits, by the team whose challenge they serve, and how many of them a team put to use."},
	{Key: SkillsRated, Label: "Rated all three times", Unit: "people", Basis: "of those taking part when the ratings closed", Family: Protected, Kind: Count, Together: "skill ratings", Within: []Key{Retained},
		Method: "People with a rating before, looking back, and after; counted once, when the ratings closed."},
	{Key: SkillLevel, Label: "At level 3 or above now", Unit: "people", Basis: "of those taking part when the ratings closed", Family: Protected, Kind: Count, Together: "skill ratings", Within: []Key{Retained, SkillsRated},
		Method: "People rated all three times who now put themselves at level 3 (practitioner) or 4; counted once, when the ratings closed."},
	{Key: SkillGrowth, Label: "Skill level, now against looking back", Unit: "levels", Basis: "self-rated, 0 to 4, average; looking back is how people now see where they began", Family: Protected, Kind: Mean, Together: "skill ratings",
		Method: "The average over people rated all three times, rounded by how many they are at least; growth is the difference of the printed averages. Counted once, when the ratings closed."},
	{Key: CostPerHead, Label: "Cost a head", Unit: "pounds a head", Basis: "travel and what the organiser contracted, over the seats; no staff time", Family: Management, Kind: Magnitude,
		Method: "Journeys of the released plan, entered or estimated, and contracted costs, divided by the seats."},
	{Key: CarbonPerHead, Label: "Travel, CO2e a head", Unit: "kg CO2e a head", Basis: "over the seats, estimate", Family: Management, Kind: Magnitude,
		Method: "Journeys of the released plan by the factors of their year, divided by the seats; it counts the plan, not who came."},
	{Key: Results, Label: "Results of pitch day", Unit: "teams", Family: Management, Kind: Fact,
		Method: "The published result."},
	{Key: Outcomes, Label: "What came of it", Unit: "outcomes", Family: Management, Kind: Fact,
		Method: "Outcomes recorded after pitch day."},
}

// Of is a figure's line; nil for a key that is not in the catalogue.
func Of(k Key) *Entry {
	if i := Number(k) - 1; i >= 0 {
		return &Entries[i]
	}
	return nil
}

// Number is a figure's number on the page; 0 for a key that is not in the catalogue.
func Number(k Key) int {
	return slices.IndexFunc(Entries, func(e Entry) bool { return e.Key == k }) + 1
}

// Columns that more than one figure has. People are counted by sector, with both together in All.
const (
	Public  = "PUBLIC"
	Private = "PRIVATE"
	All     = "ALL"
	Used    = "USED"
	Unused  = "UNUSED"
)

// Fewest is the size under which a group is no population: nothing is counted in it.
const Fewest = 10

// Populations are those in which people are counted, by public sizes alone: the sectors, or both together where one is too
// small, or none.
func Populations(public, private int) []string {
	switch {
	case public >= Fewest && private >= Fewest:
		return []string{Public, Private}
	case public+private >= Fewest:
		return []string{All}
	}
	return nil
}
