package domain

import (
	"fmt"
	"strings"
	"time"
)

// Command is what every mutation carries besides its business: the caller's key for this one intent, and whether to answer
// as if done and keep nothing.
type Command struct {
	IdempotencyKey string
	DryRun         bool
}

// UserErrorCode is why a mutation was refused, for a program.
type UserErrorCode string

const (
	CodeInvalid       UserErrorCode = "INVALID"
	CodeRequired      UserErrorCode = "REQUIRED"
	CodeNotFound      UserErrorCode = "NOT_FOUND"
	CodeTaken         UserErrorCode = "TAKEN"
	CodeStale         UserErrorCode = "STALE"
	CodeWrongState    UserErrorCode = "WRONG_STATE"
	CodeRuleBroken    UserErrorCode = "RULE_BROKEN"
	CodeNeedsOverride UserErrorCode = "NEEDS_OVERRIDE"
	CodeNeedsConsent  UserErrorCode = "NEEDS_CONSENT"
)

// UserError is one reason why a mutation was refused. Field is the path into the input, empty where it is the whole.
type UserError struct {
	Field   []string
	Message string
	Code    UserErrorCode
	Fix     *string
}

// Refusal is a business "no": nothing was kept, and each problem names its field and the way out.
type Refusal []*UserError

func (r Refusal) Error() string {
	var b strings.Builder
	for i, e := range r {
		if i > 0 {
			b.WriteString("; ")
		}
		fmt.Fprintf(&b, "%s: %s", strings.Join(e.Field, "."), e.Message)
	}
	return b.String()
}

// Refuse makes a refusal of one problem. The field is a dotted path below the input ("windows.0.endsAt"), fix is empty
// where nothing can be done.
func Refuse(code UserErrorCode, field, message, fix string) Refusal {
	return Refusal{Problem(code, field, message, fix)}
}

// Problem is one entry of a refusal, for those that collect several.
func Problem(code UserErrorCode, field, message, fix string) *UserError {
	e := &UserError{Field: []string{}, Message: message, Code: code}
	if field != "" {
		e.Field = append([]string{"input"}, strings.Split(field, ".")...)
	}
	if fix != "" {
		e.Fix = &fix
	}
	return e
}

// ImpactEffect is what a change does to a thing.
type ImpactEffect string

const (
	EffectCreated ImpactEffect = "CREATED"
	EffectChanged ImpactEffect = "CHANGED"
	EffectRemoved ImpactEffect = "REMOVED"
	EffectAtRisk  ImpactEffect = "AT_RISK"
	EffectLate    ImpactEffect = "LATE"
)

// Impact is people or things that a change touches alike, and why. SubjectIDs holds at most 100 of Count.
type Impact struct {
	Effect     ImpactEffect
	Count      int
	SubjectIDs []string
	Because    string
	Notice     *Notice
}

// Touch makes an impact on subjects.
func Touch(effect ImpactEffect, because string, ids ...string) *Impact {
	i := &Impact{Effect: effect, Count: len(ids), SubjectIDs: ids, Because: because}
	if len(ids) > 100 {
		i.SubjectIDs = ids[:100]
	}
	return i
}

// Notice is a message drafted by Tandem; a person sends it.
type Notice struct {
	Title, Text string
}

// Reply is what a mutation answers: the object as it now is (as it would be, in a dry run; as it stands, where refused),
// everything touched, and why it was refused. Repeated is set where the key had been answered before.
type Reply[T any] struct {
	Object     *T
	Impact     []*Impact
	UserErrors []*UserError
	Repeated   bool
}

// Change is an object that changed: its last change in a stretch of the feed.
type Change struct {
	Version int64
	At      time.Time
	Type    string
	NodeID  string
	Gone    bool
	Place   Place
}
