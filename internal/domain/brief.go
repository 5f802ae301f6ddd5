package domain

import "time"

// BriefState is how far a brief has come.
type BriefState string

const (
	BriefDraft    BriefState = "DRAFT"
	BriefReleased BriefState = "RELEASED"
)

// RatingLevel is how likely a goal is to be met.
type RatingLevel string

const (
	RatingUnlikely      RatingLevel = "UNLIKELY"
	RatingEven          RatingLevel = "EVEN"
	RatingLikely        RatingLevel = "LIKELY"
	RatingNearlyCertain RatingLevel = "NEARLY_CERTAIN"
)

// SponsorBrief is what a sponsor is told about a cohort: a draft, then a version that never changes but for its last check.
// Figures are kept apart, a row each; see BriefValue. FactsHash is the SHA-256 of the facts that they were computed from.
type SponsorBrief struct {
	ID            string
	CohortID      string
	ProgrammeID   string
	Number        int
	State         BriefState
	AsOf          Date
	FrozenAt      time.Time
	DataVersion   int64
	FactsHash     string
	Terms         string // the engine's, as JSON
	Headline      string
	Summary       string
	Goal          string
	Level         RatingLevel // empty until it is rated
	RatingBecause string
	WentBadly     []string
	Decisions     []*Decision
	Because       []*FigureBecause
	Beside        []string // newest released briefs of the programme's other cohorts, frozen with this one
	ReleasedAt    *time.Time
	CheckedAt     *time.Time
	Unequal       []string // keys of figures that came out otherwise at the last check
	Edit
}

// Place is where the brief lives.
func (b *SponsorBrief) Place() Place { return Place{Programme: b.ProgrammeID, Cohort: b.CohortID} }

// Decision is something that a sponsor is asked to decide.
type Decision struct {
	Text string
	By   Date
}

// FigureBecause is why a figure differs from the brief before, by the figure's key.
type FigureBecause struct {
	Key     string
	Because string
}

// BriefFact is a frozen fact of a brief: which list of the engine's data it is of, its place there, and itself as JSON. Its
// ID is the brief's with Place, the fact's place among all.
type BriefFact struct {
	ID        string
	BriefID   string
	Place     int
	Part      string
	PartPlace int
	Fact      string
}

// BriefValue is a line of the ledger: what every surface tells of a figure (Cell empty) or of a cell of its table. P names the
// step of a range in the ledger, nil where the value is none of its own. Told is the figure or the cell as JSON. Hash is the
// SHA-256 of all the rest.
type BriefValue struct {
	ID          string
	BriefID     string
	Place       int
	Figure      string
	Cell        string
	State       string
	P           *int
	Low         float64
	High        float64
	Reason      string
	DataVersion int64
	Told        string
	Hash        string
}

// BriefSeal is what a cohort's ranges begin by, the same for life: 32 bytes made once, and whom the briefs count, which is
// settled with the first. It is in no list, no export, no reply and no feed. Its ID is the cohort's.
type BriefSeal struct {
	ID     string
	Secret []byte
	People []string // enrolments that first took the seats; empty until a brief is released
}

// ShareLink opens one released brief without an account, stored hashed.
type ShareLink struct {
	ID           string
	BriefID      string
	CohortID     string
	ProgrammeID  string
	Label        string
	Hash         string
	MadeAt       time.Time
	ExpiresAt    time.Time
	RevokedAt    *time.Time
	Opens        int
	LastOpenedAt *time.Time
}

// Place is where the link lives.
func (l *ShareLink) Place() Place { return Place{Programme: l.ProgrammeID, Cohort: l.CohortID} }

// Works reports whether the link opens anything at a moment.
func (l *ShareLink) Works(now time.Time) bool { return l.RevokedAt == nil && now.Before(l.ExpiresAt) }

func (ShareLink) IsNode() {}
