package domain

import (
	"fmt"
	"time"
)

// Date is a calendar day without time or zone, written as ISO 8601 ("2019-04-23"), so that text order is day order.
// The empty Date is "not known".
type Date string

const isoDay = "2006-01-02"

// ParseDate reads an ISO 8601 day, and refuses days that do not exist.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(isoDay, s)
	if err != nil {
		return "", fmt.Errorf("%q is no day of the form 2019-04-23", s)
	}
	return DateOf(t), nil
}

// DateOf is the day of t in t's own location.
func DateOf(t time.Time) Date { return Date(t.Format(isoDay)) }

// Time is the day's midnight in UTC; the zero time for a Date that is none.
func (d Date) Time() time.Time {
	t, _ := time.Parse(isoDay, string(d))
	return t
}

// AddDays is the day n days later, or earlier where n is negative.
func (d Date) AddDays(n int) Date { return DateOf(d.Time().AddDate(0, 0, n)) }

// DaysUntil is the number of days from d to e; negative where e is earlier.
func (d Date) DaysUntil(e Date) int { return int(e.Time().Sub(d.Time()).Hours() / 24) }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.Time().Weekday() }

// String is the day as people read it, such as "Tue 23 Apr".
func (d Date) String() string { return d.Time().Format("Mon 2 Jan") }
