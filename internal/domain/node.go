package domain

import "time"

// Node is a thing with an identity of its own.
type Node interface{ IsNode() }

// Versioned is a thing that people edit.
type Versioned interface {
	Node
	UpdatedAt() time.Time
}

// Job is work that takes longer than an answer may.
type Job interface {
	Node
	Stands() JobState
}

// Explanation is why a derived value is what it is.
type Explanation interface{ Sentence() string }

// Reason is why something was left out, whatever its facts.
type Reason interface {
	Explanation
	Why() Because
}

// Everything that people edit is a node, and so are these.

func (Edit) IsNode()          {}
func (Milestone) IsNode()     {}
func (Skill) IsNode()         {}
func (Theme) IsNode()         {}
func (VisitGroup) IsNode()    {}
func (VisitPlanning) IsNode() {}
func (Upload) IsNode()        {}
func (ApiToken) IsNode()      {}
