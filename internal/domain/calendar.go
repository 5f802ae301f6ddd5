package domain

import "time"

// CalendarEntryKind is what a calendar entry is.
type CalendarEntryKind string

const (
	EntryVisit    CalendarEntryKind = "VISIT"
	EntryDeadline CalendarEntryKind = "DEADLINE"
	EntryNotice   CalendarEntryKind = "NOTICE"
)

// Calendar is a calendar as it stands: the iCalendar file, and the same entries one by one.
type Calendar struct {
	ICS     string
	Entries []*CalendarEntry
}

// CalendarEntry is an entry of a calendar. UID is the same for life; Sequence rises with each released change.
type CalendarEntry struct {
	UID       string
	Sequence  int
	Kind      CalendarEntryKind
	Cancelled bool
	Title     string
	StartsAt  time.Time
	EndsAt    time.Time
	AllDay    bool
	Place     *string
}
