package domain

import "time"

// JobState is how far a job has come.
type JobState string

const (
	JobQueued    JobState = "QUEUED"
	JobRunning   JobState = "RUNNING"
	JobWaiting   JobState = "WAITING"
	JobDone      JobState = "DONE"
	JobCancelled JobState = "CANCELLED"
	JobFailed    JobState = "FAILED"
)

// Over reports whether a job will not move any more.
func (s JobState) Over() bool { return s == JobDone || s == JobCancelled || s == JobFailed }

// VisitPlanning is a planning: one draft for each cohort, improving until it ends. Rules, Seed and SecondsMax are what
// was asked, so that it can be told again.
type VisitPlanning struct {
	ID          string
	ProgrammeID string
	CohortIDs   []string
	PlanIDs     []string
	State       JobState
	Progress    *float64
	StartedAt   time.Time
	EndedAt     *time.Time
	Failure     *string
	Seed        int
	SecondsMax  int
	Steps       []*PlanningStep
	// Clashes are rules that cannot all hold, as far as they are known; ClashesComplete says that there are no others.
	Clashes         []*Clash
	ClashesComplete bool
}

// PlanningStep is a moment at which a planning got better; Milliseconds count from its start.
type PlanningStep struct {
	PlanID       string
	Milliseconds int
	Score        PlanScore
	Bound        *PlanScore
	Order        []PlanLevel // of the plan's levels; nil for the usual one
}

// Stands is how far the job has come.
func (p VisitPlanning) Stands() JobState { return p.State }

// Stands is how far the job has come.
func (i Import) Stands() JobState { return i.State }

// Upload is a file on its way in. Received counts the bytes that came without a gap.
type Upload struct {
	ID       string
	OwnerID  string
	Name     string
	Bytes    int
	SHA256   string
	Received int
	BeganAt  time.Time
	// RehearsalID is the run that the file is the sound of; empty for others.
	RehearsalID string
}

// ImportKind is what an import's rows are.
type ImportKind string

const (
	ImportProgrammes ImportKind = "PROGRAMMES"
	ImportPeople     ImportKind = "PEOPLE"
	ImportChallenges ImportKind = "CHALLENGES"
	ImportOffers     ImportKind = "OFFERS"
)

// Import is a table read from a file: first a preview, then loaded rows. The preview is derived from the upload and the
// corrections; Columns and Cells hold what a person corrected.
type Import struct {
	ID          string
	UploadID    string
	ProgrammeID string
	CohortID    string
	Name        string
	Kind        ImportKind
	Sheet       *string
	State       JobState
	StartedAt   time.Time
	EndedAt     *time.Time
	Failure     *string
	Columns     map[int]string // target by column, counted from 1; "" loads nothing from it
	Cells       []*ImportCell
	LeftOut     []int
	Counts      *ImportCounts // frozen once loaded
	Undo        []byte        // what undoing needs: the nouns as they were
	UndoneAt    *time.Time
	Edit
}

// ImportCell is a cell that a person set.
type ImportCell struct {
	Row, Column int
	Value       string
}

// ImportCounts is how many rows do what.
type ImportCounts struct {
	Rows, Creates, Updates, Unchanged, LeftOut, Blocked int
	Sectors                                             *SectorCount
}

// ImportReading is how a file was read, so that a wrong guess is seen.
type ImportReading struct {
	Encoding     *string
	Delimiter    *string
	Sheet        *string
	HeaderRow    int
	DateOrder    string
	FormulaCells int
}

// ImportColumn is a column of a file; Target nil means that it is not loaded.
type ImportColumn struct {
	Number int
	Header string
	Target *string
}

// ImportTarget is a column of Tandem.
type ImportTarget struct {
	Name     string
	Label    string
	Required bool
}

// ImportOutcome is what loading a row would do.
type ImportOutcome string

const (
	RowCreates   ImportOutcome = "CREATES"
	RowUpdates   ImportOutcome = "UPDATES"
	RowUnchanged ImportOutcome = "UNCHANGED"
	RowLeftOut   ImportOutcome = "LEFT_OUT"
	RowBlocked   ImportOutcome = "BLOCKED"
)

// ImportRow is a row of a file; Number counts from 1 as spreadsheets do.
type ImportRow struct {
	Number   int
	Cells    []string
	Outcome  ImportOutcome
	Problems []*ImportProblem
}

// ImportProblem is what is wrong with a cell.
type ImportProblem struct {
	Column  int
	Value   string
	Message string
	Code    UserErrorCode
	Fixes   []*ImportFix
}

// ImportFix is a correction to choose.
type ImportFix struct {
	Label        string
	Value        string
	SameInColumn int
}
