package calendar

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	ics "github.com/arran4/golang-ical"

	"tandem/internal/domain"
)

// Kind is what a calendar entry is.
type Kind string

const (
	Visit    Kind = "VISIT"
	Deadline Kind = "DEADLINE" // takes no time: it leaves the reader free
	Notice   Kind = "NOTICE"   // word of a change, for calendars that hide cancelled entries; takes no time
)

// Calendar is a feed of entries, for a person, a team or a cohort.
type Calendar struct {
	Name     string
	TimeZone string // IANA name, such as "Europe/London", in which readers may show it; "" says none
	Entries  []Entry
}

// Entry is one thing in a calendar.
type Entry struct {
	UID         string // the same for life, and no other entry's
	Sequence    int    // rises with each released change
	Kind        Kind
	Cancelled   bool // it stays in the feed, as cancelled
	Title       string
	Description string
	Place       string
	// Start and End are moments. Of an all-day entry they are days, as their own location reads them, and End is the
	// last day itself; a zero End is the end of Start's day there, and for others a moment without length.
	Start, End time.Time
	AllDay     bool
	Stamp      time.Time // when this version was released
}

// CancellationOf is the visible word that an entry was called off, on the entry's own day: some calendars show nothing
// of what is cancelled. Its UID follows from the entry's, so it too is stable for life.
func CancellationOf(e Entry) Entry {
	return Entry{
		UID: "cancelled-" + e.UID, Sequence: e.Sequence, Kind: Notice, Title: "Called off: " + e.Title, Description: e.Description,
		Place: e.Place, Start: e.Start, End: e.End, AllDay: e.AllDay, Stamp: e.Stamp,
	}
}

// Write gives a calendar as an iCalendar file (RFC 5545) to publish: CRLF, lines of at most 75 octets, moments in UTC, so
// that no reader needs a time-zone table, and days without a zone. The same calendar gives the same bytes. It refuses
// entries without UID, title, start or stamp, that end before they start, or that share a UID.
func Write(c Calendar) ([]byte, error) {
	out := ics.NewCalendarFor("Tandem")
	out.SetProductId("-//Tandem//Tandem//EN")
	out.SetCalscale("GREGORIAN")
	out.SetMethod(ics.MethodPublish)
	out.SetXWRCalName(plainText(c.Name))
	if c.TimeZone != "" {
		out.SetXWRTimezone(plainText(c.TimeZone))
	}
	seen := map[string]bool{}
	for i, e := range c.Entries {
		if err := check(e); err != nil {
			return nil, fmt.Errorf("calendar entry %d (%q): %w", i+1, e.Title, err)
		}
		if seen[e.UID] {
			return nil, fmt.Errorf("calendar entry %d (%q): its UID %s is another's too", i+1, e.Title, e.UID)
		}
		seen[e.UID] = true
		add(out.AddEvent(e.UID), e)
	}
	return []byte(out.Serialize(ics.WithNewLineWindows)), nil
}

func check(e Entry) error {
	switch {
	case e.UID == "" || strings.ContainsFunc(e.UID, unicode.IsControl):
		return errors.New("it needs a UID of one line")
	case e.Title == "":
		return errors.New("it needs a title")
	case e.Sequence < 0:
		return errors.New("its sequence is negative")
	case e.Start.IsZero() || e.Stamp.IsZero():
		return errors.New("it needs a start and a stamp")
	case !e.End.IsZero() && e.End.Before(e.Start):
		return errors.New("it ends before it starts")
	case e.Kind != Visit && e.Kind != Deadline && e.Kind != Notice:
		return fmt.Errorf("%q is no kind of entry", e.Kind)
	}
	return nil
}

func add(event *ics.VEvent, e Entry) {
	event.SetDtStampTime(e.Stamp)
	event.SetModifiedAt(e.Stamp)
	event.SetSequence(e.Sequence)
	event.SetSummary(plainText(e.Title))
	if e.Description != "" {
		event.SetDescription(plainText(e.Description))
	}
	if e.Place != "" {
		event.SetLocation(plainText(e.Place))
	}
	event.AddCategory(string(e.Kind))
	event.SetStatus(ics.ObjectStatusConfirmed)
	if e.Cancelled {
		event.SetStatus(ics.ObjectStatusCancelled)
	}
	event.SetTimeTransparency(ics.TransparencyOpaque)
	if e.Cancelled || e.Kind != Visit {
		event.SetTimeTransparency(ics.TransparencyTransparent)
	}
	if !e.AllDay {
		event.SetStartAt(e.Start)
		if e.End.After(e.Start) {
			event.SetEndAt(e.End)
		}
		return
	}
	first, last := domain.DateOf(e.Start), domain.DateOf(e.Start)
	if !e.End.IsZero() {
		last = domain.DateOf(e.End)
	}
	event.SetAllDayStartAt(first.Time())
	event.SetAllDayEndAt(last.AddDays(1).Time()) // the first day that is no longer part of it
}

// plainText leaves out the control characters that a content line may not hold, and keeps line breaks as LF, which the
// format escapes.
func plainText(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}
