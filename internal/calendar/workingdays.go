package calendar

import (
	"slices"

	"tandem/internal/domain"
)

// CountedDay is a day on the ruler of a deadline.
type CountedDay struct {
	On       domain.Date
	Counts   bool      // it is one of the working days counted
	Holidays []Holiday // the bank holidays for which it is not; none on a plain weekend
}

// WorkingDay says whether a day is a Monday to Friday and a bank holiday in none of the nations. A deadline over two
// calendars, such as the host's and the office's, names both nations.
func WorkingDay(day domain.Date, nations ...domain.Nation) bool {
	return day != "" && !isWeekend(day) && len(stopping(day, nations)) == 0
}

// Back is the nth working day before a day: with n = 1, the last one before it. Zero is the day itself, working or
// not; a negative n counts forward. The unknown day stays unknown.
func Back(day domain.Date, n int, nations ...domain.Nation) domain.Date {
	return count(day, -n, nations)
}

// Forward is the nth working day after a day; the mirror of Back.
func Forward(day domain.Date, n int, nations ...domain.Nation) domain.Date {
	return count(day, n, nations)
}

func count(day domain.Date, n int, nations []domain.Nation) domain.Date {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for day != "" && n > 0 {
		day = day.AddDays(step)
		if WorkingDay(day, nations...) {
			n--
		}
	}
	return day
}

// Explain shows how a deadline was counted: every day between the day counted from and the nth working day after it
// (before it where n is negative), both ends included, in calendar order. Exactly |n| days count, and the day counted
// from never does.
func Explain(from domain.Date, n int, nations ...domain.Nation) []CountedDay {
	if from == "" {
		return nil
	}
	first, last := from, count(from, n, nations)
	if last < first {
		first, last = last, first
	}
	var days []CountedDay
	for day := first; day <= last; day = day.AddDays(1) {
		stops := stopping(day, nations)
		days = append(days, CountedDay{day, day != from && !isWeekend(day) && len(stops) == 0, stops})
	}
	return days
}

// WorkingDaysBetween counts the working days after one day up to and including another: 0 on the day itself, and
// negative where to is earlier. So Forward(from, n) is n working days from from, and Back the same with a minus.
func WorkingDaysBetween(from, to domain.Date, nations ...domain.Nation) int {
	if from == "" || to == "" {
		return 0
	}
	n := 0
	for day := from; day < to; {
		day = day.AddDays(1)
		if WorkingDay(day, nations...) {
			n++
		}
	}
	for day := from; day > to; {
		day = day.AddDays(-1)
		if WorkingDay(day, nations...) {
			n--
		}
	}
	return n
}

// stopping lists the bank holidays of a day, once a nation, in the order that the nations were given.
func stopping(day domain.Date, nations []domain.Nation) []Holiday {
	if day == "" {
		return nil
	}
	var stops []Holiday
	for i, n := range nations {
		if slices.Contains(nations[:i], n) {
			continue
		}
		for _, h := range ofYear(n, day.Time().Year()) {
			if h.Date == day {
				stops = append(stops, h)
			}
		}
	}
	return stops
}
