package domain

import "errors"

// The kinds of failure that end a request. Anything else is a fault of ours: it is logged, and masked from the caller.
var (
	ErrNotFound        = errors.New("not found")
	ErrForbidden       = errors.New("forbidden")
	ErrUnauthenticated = errors.New("unauthenticated")
	ErrConflict        = errors.New("conflict")
	ErrInvalid         = errors.New("invalid")
	ErrUnavailable     = errors.New("unavailable")
)

// Fault is a failure of one of the kinds with a sentence for the caller.
type Fault struct {
	Kind    error
	Message string
}

func (f *Fault) Error() string { return f.Message }
func (f *Fault) Unwrap() error { return f.Kind }

// NotFound says that what was asked for does not exist, or is not the viewer's to see.
func NotFound(what string) error {
	return &Fault{ErrNotFound, "There is no " + what + " with this id, or you may not see it."}
}

// Forbidden says that the viewer may see the thing and not do this with it.
func Forbidden(message string) error { return &Fault{ErrForbidden, message} }

// Invalid says that a request makes no sense as it stands.
func Invalid(message string) error { return &Fault{ErrInvalid, message} }
