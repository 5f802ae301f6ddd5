package sponsor

import (
	"encoding/json"
	"fmt"

	"tandem/internal/domain"
)

// Data is the facts of one cohort that a brief is computed from, as they stood on AsOf. The order of each list is kept: days
// by date, teams and skills as the programme has them.
type Data struct {
	Cohort     Cohort
	Enrolments []Enrolment
	Days       []VisitDay
	Groups     []Group
	Attendance []Attendance
	Teams      []Team
	Milestones []Milestone
	Insights   []Insight
	Skills     []Skill
	Ratings    []SkillRating
	Legs       []Leg
	Costs      []Cost
	Results    []Result
	Outcomes   []Outcome
}

// Cohort is whose facts they are. RatingsClosedOn is the day on which the last rating after the programme was taken; empty
// until then.
type Cohort struct {
	Programme       string
	Name            string
	AsOf            domain.Date
	StartsOn        domain.Date
	EndsOn          domain.Date
	Public          int // seats
	Private         int
	RatingsClosedOn domain.Date
}

// Enrolment is a person who took a seat; Person is an opaque key. LeftOn is empty for who never left. Refill says that the
// seat had fallen free before: such a person is enrolled, and in no other count.
type Enrolment struct {
	Person    string
	Sector    domain.Sector
	Completed bool
	LeftOn    domain.Date
	Refill    bool
}

// VisitDay is a day of the released plan.
type VisitDay struct {
	On    domain.Date
	Held  bool
	Hosts int
}

// Group is people who travel together on a day of the released plan.
type Group struct {
	On      domain.Date
	Name    string
	Public  int
	Private int
}

// Attendance is whether a person was there on a day held; whoever has none was not.
type Attendance struct {
	On      domain.Date
	Person  string
	Present bool
}

// Team is a team of the released formation, with its challenge in a few words ("" without one) and how far the work on that
// has come, as people read it.
type Team struct {
	Key       string
	Name      string
	Challenge string
	Stage     string
}

// Step is a milestone that every team takes.
type Step string

// Steps are a team's milestones in order.
var Steps = []Step{"FRAMED", "EVIDENCE", "PROTOTYPE", "DRAFT_PITCH", "TESTED"}

// String is the step as people read it.
func (s Step) String() string {
	switch s {
	case "FRAMED":
		return "framed"
	case "EVIDENCE":
		return "evidence"
	case "PROTOTYPE":
		return "prototype"
	case "DRAFT_PITCH":
		return "draft pitch"
	case "TESTED":
		return "tested"
	}
	return string(s)
}

// Milestone is a step that a team reached.
type Milestone struct {
	Team string // its key
	Step Step
	On   domain.Date
}

// Insight is something learnt on a visit. Team is the key of the team whose challenge it serves, "" for none; a used one
// changed what a team does.
type Insight struct {
	Key  string
	Team string
	Used bool
}

// Skill is one that people rate themselves on.
type Skill struct {
	Key  string
	Name string
}

// SkillRating is a level from 0 to 4 that a person gave themself. Only SELF_PRE, THEN_PRE and SELF_POST are counted.
type SkillRating struct {
	Person string
	Skill  string // its key
	Kind   domain.SkillRatingKind
	Level  int
}

// Leg is all ways of the released plan by one mode of travel. Longest is the most grams that one person's visit day takes by
// it. Pence is nil where none of it has a known price.
type Leg struct {
	Mode    domain.TravelMode
	Minutes int
	Pence   *int
	Grams   int
	Longest int
	Source  string // factors and their year, as people read them
}

// Cost is a line of what the organiser contracted.
type Cost struct {
	Name  string
	Pence int
}

// Result is a team's place on pitch day; joint winners share a place.
type Result struct {
	Team  string // its key
	Place int
}

// Outcome is something that came of the programme afterwards.
type Outcome struct {
	On   domain.Date
	Text string
}

// Row is a fact as text, to be kept in a table and read back: which list it is of, its place in it, and itself as JSON.
type Row struct {
	Part  string
	Place int
	Fact  string
}

// parts are the lists of the data, each under the name that it has in a row.
func (d *Data) parts() []part {
	return []part{
		list("enrolment", &d.Enrolments), list("visit day", &d.Days), list("group", &d.Groups), list("attendance", &d.Attendance),
		list("team", &d.Teams), list("milestone", &d.Milestones), list("insight", &d.Insights), list("skill", &d.Skills),
		list("rating", &d.Ratings), list("leg", &d.Legs), list("cost", &d.Costs), list("result", &d.Results), list("outcome", &d.Outcomes),
	}
}

type part struct {
	name string
	rows func() []any
	add  func(fact string) error
}

func list[T any](name string, of *[]T) part {
	return part{name,
		func() []any {
			var all []any
			for _, x := range *of {
				all = append(all, x)
			}
			return all
		},
		func(fact string) error {
			var x T
			if err := json.Unmarshal([]byte(fact), &x); err != nil {
				return err
			}
			*of = append(*of, x)
			return nil
		},
	}
}

// Rows is the data as rows, the cohort first; FromRows reads them back.
func (d Data) Rows() []Row {
	rows := []Row{row("cohort", 0, d.Cohort)}
	for _, p := range d.parts() {
		for i, x := range p.rows() {
			rows = append(rows, row(p.name, i, x))
		}
	}
	return rows
}

func row(part string, place int, fact any) Row {
	text, err := json.Marshal(fact)
	if err != nil {
		panic(err) // plain structs of text, numbers and flags
	}
	return Row{part, place, string(text)}
}

// FromRows is the data that Rows wrote. Rows come in their order; an unknown part or text that is no such fact is an error
// that names it.
func FromRows(rows []Row) (Data, error) {
	var d Data
	parts := d.parts()
	add := map[string]func(string) error{"cohort": func(fact string) error { return json.Unmarshal([]byte(fact), &d.Cohort) }}
	for _, p := range parts {
		add[p.name] = p.add
	}
	for _, r := range rows {
		take, known := add[r.Part]
		if !known {
			return Data{}, fmt.Errorf("%q is no part of a brief's data", r.Part)
		}
		if err := take(r.Fact); err != nil {
			return Data{}, fmt.Errorf("%s %d of a brief's data: %w", r.Part, r.Place, err)
		}
	}
	return d, nil
}
