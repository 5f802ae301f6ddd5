package domain

// TeamStep is a step that every team takes; none tells of rehearsals.
type TeamStep string

const (
	StepFramed     TeamStep = "FRAMED"
	StepEvidence   TeamStep = "EVIDENCE"
	StepPrototype  TeamStep = "PROTOTYPE"
	StepDraftPitch TeamStep = "DRAFT_PITCH"
	StepTested     TeamStep = "TESTED"
)

// TeamSteps is every step, in the order in which teams take them.
var TeamSteps = []TeamStep{StepFramed, StepEvidence, StepPrototype, StepDraftPitch, StepTested}

// TeamMilestone is a step of a team; ReachedOn nil is not yet. A team keeps those it has reached, in order.
type TeamMilestone struct {
	Step      TeamStep
	ReachedOn *Date
}

// OutcomeKind is what sort of thing came of a team's work.
type OutcomeKind string

const (
	OutcomePrize   OutcomeKind = "PRIZE"
	OutcomeTakenUp OutcomeKind = "TAKEN_UP"
	OutcomeStopped OutcomeKind = "STOPPED"
)

// Outcome is what came of a team's work, and when.
type Outcome struct {
	Kind OutcomeKind
	Text string
	On   Date
}

// Attendance is who was there on a visit day of a cohort, and who was not: enrolments. Who is in neither list is not
// known. A day has one.
type Attendance struct {
	ID          string
	CohortID    string
	ProgrammeID string
	On          Date
	PresentIDs  []string
	AbsentIDs   []string
	Edit
}

// Place is where the attendance lives.
func (a *Attendance) Place() Place { return Place{Programme: a.ProgrammeID, Cohort: a.CohortID} }

// VisitDay is a day on which a cohort visits hosts, by the plan in force. Held says that it has come.
type VisitDay struct {
	On         Date
	Held       bool
	CohortID   string
	VisitIDs   []string
	GoingIDs   []string // enrolments, by team and name
	Attendance *Attendance
}

// BudgetLine is what the organiser itself contracts for a cohort. Basis says where the figure is from.
type BudgetLine struct {
	ID          string
	CohortID    string
	ProgrammeID string
	Text        string
	Pence       int
	Basis       string
	Edit
}

// Place is where the line lives.
func (l *BudgetLine) Place() Place { return Place{Programme: l.ProgrammeID, Cohort: l.CohortID} }
