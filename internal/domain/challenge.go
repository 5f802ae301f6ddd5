package domain

// Theme is a subject that a challenge needs and a host shows; its name is unique within the programme.
type Theme struct {
	ID          string
	ProgrammeID string
	Name        string
}

// ChallengeStage is how far the work on a challenge has come.
type ChallengeStage string

const (
	Proposed   ChallengeStage = "PROPOSED"
	Framed     ChallengeStage = "FRAMED"
	Exploring  ChallengeStage = "EXPLORING"
	Prototyped ChallengeStage = "PROTOTYPED"
	Pitched    ChallengeStage = "PITCHED"
)

// Challenge is a real problem, framed as a question.
type Challenge struct {
	ID              string
	ProgrammeID     string
	ExternalKey     string
	Title           string
	OwnerID         *string
	Problem         string
	Users           string
	Need            string
	Constraints     string
	SuccessMeasures string
	Stage           ChallengeStage
	ThemeIDs        []string
	NeededSkillIDs  []string
	Source          *Source
	Edit
}

// FramingFilled reports whether all five parts of the framing are there.
func (c *Challenge) FramingFilled() bool {
	return c.Problem != "" && c.Users != "" && c.Need != "" && c.Constraints != "" && c.SuccessMeasures != ""
}

// Source is where a published text or figure comes from.
type Source struct {
	Name        string
	URL         *string
	Licence     string
	PublishedOn *Date
}

// ChallengeFilter says which challenges; every given part must hold.
type ChallengeFilter struct {
	Title    *string
	OwnerID  *string
	Stages   []ChallengeStage
	ThemeID  *string
	Assigned *bool
}

// ChallengeOrder is an order of challenges.
type ChallengeOrder string

const (
	ChallengesByTitle ChallengeOrder = "TITLE"
	ChallengesByOwner ChallengeOrder = "OWNER"
	ChallengesByStage ChallengeOrder = "STAGE"
)
