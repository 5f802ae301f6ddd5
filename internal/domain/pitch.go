package domain

import "time"

// Pitch is what a team will say and show.
type Pitch struct {
	ID              string
	TeamID          string
	CohortID        string
	ProgrammeID     string
	SlotSeconds     int
	QuestionSeconds int
	Sections        []*Section
	Claims          []*Claim
	Criteria        []string // what it will be judged on, as the team knows it
	Pronunciations  []*Pronunciation
	Deck            *Deck
	Edit
}

// Place is where the pitch lives.
func (p *Pitch) Place() Place {
	return Place{Programme: p.ProgrammeID, Cohort: p.CohortID, Team: p.TeamID}
}

// Section is a part of a pitch; Order counts from 1. It lives in its pitch and, as it then stood, in each run.
type Section struct {
	ID            string
	PitchID       string
	Order         int
	Title         string
	PresenterID   *string
	TargetSeconds int
	Script        string
	FirstSlide    *int
	LastSlide     *int
}

// Claim is something that a pitch says is true.
type Claim struct {
	ID         string
	PitchID    string
	Text       string
	SectionID  *string
	Evidence   []*ClaimEvidence
	InsightIDs []string
}

// ClaimEvidence is what was found, and where, that speaks for a claim.
type ClaimEvidence struct {
	Text, Source string
}

// Pronunciation is how a word is said, its sounds in the notation of the CMU dictionary.
type Pronunciation struct {
	Word, Sounds string
}

// Deck is the slides of a pitch. FileID is the PDF, empty where there is nothing to draw: then Problem says why.
type Deck struct {
	ID      string
	Name    string
	Slides  int
	Notes   []string
	Problem *string
	FileID  string
	Bytes   int
}

// Question is one that the audience may ask.
type Question struct {
	ID        string
	PitchID   string
	Text      string
	Because   QuestionCause
	ClaimID   *string
	Practised int
}

// QuestionCause is why a question is to be expected.
type QuestionCause string

// KeptQuestion is what a team knows of a question: the words of one that was asked, empty for one that follows from the
// pitch, and how often an answer was practised. Key is the question's, whatever it follows from.
type KeptQuestion struct {
	ID        string
	PitchID   string
	Key       string
	Text      string
	Practised int
	AskedAt   time.Time
}
