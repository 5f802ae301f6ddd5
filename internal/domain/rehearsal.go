package domain

import "time"

// RehearsalState is how far a run has come.
type RehearsalState string

const (
	RehearsalRunning  RehearsalState = "RUNNING"
	RehearsalFinished RehearsalState = "FINISHED"
)

// Rehearsal is one run of a pitch. Plan is the pitch's sections as they stood when it began; its events are kept apart and
// never change. Milliseconds is its length without paused time, nil while it runs.
type Rehearsal struct {
	ID           string
	PitchID      string
	TeamID       string
	CohortID     string
	ProgrammeID  string
	Number       int
	State        RehearsalState
	StartedAt    time.Time
	Milliseconds *int
	LastSequence int
	Plan         []*Section
	Consents     []*RecordingConsent
	Edit
}

// Place is where the run lives.
func (r *Rehearsal) Place() Place {
	return Place{Programme: r.ProgrammeID, Cohort: r.CohortID, Team: r.TeamID}
}

// Section is the section of the run's plan with an id; nil where it has none.
func (r *Rehearsal) Section(id string) *Section {
	for _, s := range r.Plan {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// Speakers is the enrolments that present a section of the run, in their order.
func (r *Rehearsal) Speakers() []string {
	ids, seen := []string{}, map[string]bool{}
	for _, s := range r.Plan {
		if s.PresenterID != nil && !seen[*s.PresenterID] {
			seen[*s.PresenterID] = true
			ids = append(ids, *s.PresenterID)
		}
	}
	return ids
}

// Consent is a speaker's word; nil before they said anything.
func (r *Rehearsal) Consent(enrolment string) *RecordingConsent {
	for _, c := range r.Consents {
		if c.EnrolmentID == enrolment {
			return c
		}
	}
	return nil
}

// RunEventKind is what can happen in a run.
type RunEventKind string

// RunEvent is something that happened in a run.
type RunEvent struct {
	RehearsalID    string
	Sequence       int
	Kind           RunEventKind
	AtMilliseconds int
	SectionID      *string
	Slide          *int
}

// RunLog is all the events of a run, in order.
type RunLog struct {
	RehearsalID string
	Events      []*RunEvent
}

// RecordingConsent is a speaker's word on being recorded in a run. GivenAt nil: no yes stands.
type RecordingConsent struct {
	EnrolmentID  string
	GivenAt      *time.Time
	WithdrawnAt  *time.Time
	SendAgreedAt *time.Time
	WrittenBy    *string
}

// Stands reports whether the speaker agrees to be recorded.
func (c *RecordingConsent) Stands() bool { return c != nil && c.GivenAt != nil && c.WithdrawnAt == nil }

// SectionTime is how long a section took in a run, without paused time.
type SectionTime struct {
	Section            *Section
	FromMilliseconds   int
	Milliseconds       int
	TargetMilliseconds int
}

// Handover is how one speaker passed to the next. GapMilliseconds nil: not known.
type Handover struct {
	FromID, ToID    string
	AtMilliseconds  int
	GapMilliseconds *int
}

// RehearsalDiff is two runs of a pitch, side by side.
type RehearsalDiff struct {
	Before, After *Rehearsal
	Sections      []*SectionDiff
}

// SectionDiff is a section in two runs.
type SectionDiff struct {
	Section            *Section
	BeforeMilliseconds *int
	AfterMilliseconds  *int
	Dropped, Added     []string
}

// FixNext is the one thing to change before the next run.
type FixNext struct {
	Text    string
	Explain *FixExplanation
}

// FixExplanation is why a thing to change comes first.
type FixExplanation struct {
	Text              string
	Section           *Section
	SavesMilliseconds int
	OverrunAfter      *float64
	Evidence          []*Span
}

// Sentence is the explanation in words.
func (e *FixExplanation) Sentence() string { return e.Text }

// Span is a stretch of a run, in milliseconds from its start.
type Span struct {
	FromMilliseconds, ToMilliseconds int
}

// Forecast is how long a pitch will take on the day.
type Forecast struct {
	Runs                 int
	EquallyLikelySeconds []int
	P10Seconds           int
	MiddleSeconds        int
	P90Seconds           int
	Overrun              float64
	Cuts                 []*Cut
	CutsSuffice          bool
	Explain              *ForecastExplanation
}

// Cut is words to leave out.
type Cut struct {
	Section      *Section
	Text         string
	Words        int
	SavesSeconds int
	OverrunAfter float64
}

// ForecastExplanation is where a forecast comes from.
type ForecastExplanation struct {
	Text             string
	RehearsalIDs     []string
	LiveDriftPercent float64
	Seed             int
}

// Sentence is the explanation in words.
func (e *ForecastExplanation) Sentence() string { return e.Text }

// PeerFeedback is what a teammate said about a run. AuthorID is an enrolment, nil where it was written at the team's own
// computer; Level is 1 to 5.
type PeerFeedback struct {
	ID          string
	RehearsalID string
	AuthorID    *string
	SectionID   *string
	Criterion   *string
	Level       *int
	Text        string
	At          time.Time
}
