package table

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tandem/internal/domain"
)

// DateOrder is the order of the parts of a date in figures, by the programme's locale.
type DateOrder string

const (
	DayMonthYear DateOrder = "DAY_MONTH_YEAR"
	MonthDayYear DateOrder = "MONTH_DAY_YEAR"
	YearMonthDay DateOrder = "YEAR_MONTH_DAY"
)

// String is the order in words, such as "day month year".
func (o DateOrder) String() string { return strings.ToLower(strings.ReplaceAll(string(o), "_", " ")) }

var (
	inFigures   = regexp.MustCompile(`^(\d{1,4})\s*[-/. ]\s*(\d{1,2})\s*[-/. ]\s*(\d{1,4})$`)
	isoDateTime = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s?(Z|[+-]\d{2}:?\d{2})?$`)
	compactISO  = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})$`)
	serial      = regexp.MustCompile(`^(\d{5})(\.\d+)?$`)
	ordinal     = regexp.MustCompile(`^(\d{1,2})(st|nd|rd|th)?$`)
)

// ParseDate reads a day as people write it: 7/2/2019, 07.02.19, 2019-02-07, 20190207, 7 Feb 2019, Thu 7th February
// 2019, Feb 7, 2019, or the serial number of a spreadsheet (1900 system). Figures alone are read in the given order, but
// for a year of four figures, which says itself where it stands; a year of two is 1970–2069. A time after an ISO day
// is left off. It never tries another order: an impossible day is an error that says why.
func ParseDate(cell string, order DateOrder) (domain.Date, error) {
	s := strings.TrimSpace(cell)
	if m := isoDateTime.FindStringSubmatch(s); m != nil {
		s = m[1]
	}
	if m := compactISO.FindStringSubmatch(s); m != nil {
		return day(cell, m[1], m[2], m[3])
	}
	if m := serial.FindStringSubmatch(s); m != nil {
		n, _ := strconv.Atoi(m[1])
		return domain.Date("1899-12-30").AddDays(n), nil
	}
	if m := inFigures.FindStringSubmatch(s); m != nil {
		return figures(cell, m[1:], order)
	}
	return inWords(cell, s)
}

func figures(cell string, p []string, order DateOrder) (domain.Date, error) {
	year, month, dayOf := p[2], p[1], p[0]
	switch {
	case len(p[0]) > 2 || order == YearMonthDay && len(p[2]) <= 2:
		year, month, dayOf = p[0], p[1], p[2]
	case order == MonthDayYear:
		month, dayOf = p[0], p[1]
	}
	if len(dayOf) > 2 || len(year) == 3 || len(year) == 1 {
		return "", fmt.Errorf("%q is no date. Write it as 2019-02-07", cell)
	}
	d, err := day(cell, year, month, dayOf)
	if err != nil && len(p[0]) <= 2 {
		if other, otherErr := day(cell, year, dayOf, month); otherErr == nil {
			return "", fmt.Errorf("%w; read as %s. If %s was meant, write %s", err, order, other.Time().Format("2 January 2006"), string(other))
		}
	}
	return d, err
}

func inWords(cell, s string) (domain.Date, error) {
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,-/.\t\u00a0", r) })
	var year, dayOf string
	var month time.Month
	weekday := time.Weekday(-1)
	for _, p := range parts {
		lower := strings.ToLower(p)
		m, isMonth := monthNamed(lower)
		w, isWeekday := weekdayNamed(lower)
		number := ordinal.FindStringSubmatch(lower)
		switch {
		case isMonth && month == 0:
			month = m
		case isWeekday && weekday < 0:
			weekday = w
		case number != nil && dayOf == "":
			dayOf = number[1]
		case year == "" && (len(p) == 4 || len(p) == 2) && allDigits(p):
			year = p
		case lower == "of" || lower == "the":
		default:
			return "", fmt.Errorf("%q is no date. Write it as 2019-02-07 or 7 Feb 2019", cell)
		}
	}
	switch {
	case month == 0 || dayOf == "":
		return "", fmt.Errorf("%q is no date. Write it as 2019-02-07 or 7 Feb 2019", cell)
	case year == "":
		return "", fmt.Errorf("%q has no year. Write it as %s %s 2019, with its year", cell, dayOf, month.String()[:3])
	}
	d, err := day(cell, year, strconv.Itoa(int(month)), dayOf)
	if err == nil && weekday >= 0 && d.Weekday() != weekday {
		return "", fmt.Errorf("%q: %s is a %s, not a %s", cell, d.Time().Format("2 January 2006"), d.Weekday(), weekday)
	}
	return d, err
}

func day(cell, year, month, dayOf string) (domain.Date, error) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(dayOf)
	switch {
	case len(year) == 2 && y < 70:
		y += 2000
	case len(year) == 2:
		y += 1900
	}
	if y < 1900 {
		return "", fmt.Errorf("%q: the year %d is too long ago", cell, y)
	}
	if m < 1 || m > 12 {
		return "", fmt.Errorf("%q: there is no month %d", cell, m)
	}
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if d < 1 || t.Day() != d {
		return "", fmt.Errorf("%q: %s %d has no day %d", cell, time.Month(m), y, d)
	}
	return domain.DateOf(t), nil
}

func monthNamed(s string) (time.Month, bool) {
	if s == "sept" {
		return time.September, true
	}
	for m := time.January; m <= time.December; m++ {
		if full := strings.ToLower(m.String()); s == full || s == full[:3] {
			return m, true
		}
	}
	return 0, false
}

func weekdayNamed(s string) (time.Weekday, bool) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if full := strings.ToLower(d.String()); len(s) >= 2 && len(s) <= len(full) && (s == full || len(s) <= 5 && strings.HasPrefix(full, s)) {
			return d, true
		}
	}
	return 0, false
}

func allDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

const longestRange = 1000 // days; a longer one is a slip

var ranges = regexp.MustCompile(`\s*(?:\.\.+|…|–|—|\s-\s|\sto\s|\suntil\s)\s*`)

// ParseDates reads a list of days and ranges of days, parted by semicolons, commas or line breaks, such as
// "7 Feb 2019; 2019-03-04..2019-03-08; 11–13 Mar 2019". A range holds both its ends, and its beginning may leave out
// what its end says. The days come in order, each once; an empty cell gives none.
func ParseDates(cell string, order DateOrder) ([]domain.Date, error) {
	var days []domain.Date
	for _, piece := range strings.FieldsFunc(cell, func(r rune) bool { return r == ';' || r == '\n' }) {
		found, err := datesOf(piece, order)
		if err != nil && strings.Contains(piece, ",") {
			found, err = nil, nil
			for _, part := range strings.Split(piece, ",") {
				var some []domain.Date
				if some, err = datesOf(part, order); err != nil {
					break
				}
				found = append(found, some...)
			}
		}
		if err != nil {
			return nil, err
		}
		days = append(days, found...)
	}
	slices.Sort(days)
	return slices.Compact(days), nil
}

func datesOf(piece string, order DateOrder) ([]domain.Date, error) {
	piece = strings.TrimSpace(piece)
	if piece == "" {
		return nil, nil
	}
	single, err := ParseDate(piece, order)
	if err == nil {
		return []domain.Date{single}, nil
	}
	ends := ranges.Split(piece, -1)
	if len(ends) != 2 {
		return nil, err
	}
	last, err := ParseDate(ends[1], order)
	if err != nil {
		return nil, err
	}
	first, err := ParseDate(ends[0], order)
	if err != nil {
		// "7–9 Feb 2019" and "7 Feb – 9 Mar 2019" say the rest once, at the end.
		for _, rest := range []string{last.Time().Format(" January 2006"), last.Time().Format(" 2006")} {
			if borrowed, borrowErr := ParseDate(ends[0]+rest, order); borrowErr == nil {
				first, err = borrowed, nil
				break
			}
		}
	}
	switch {
	case err != nil:
		return nil, err
	case first > last:
		return nil, fmt.Errorf("%q: the range ends before it begins", piece)
	case first.DaysUntil(last) >= longestRange:
		return nil, fmt.Errorf("%q: the range is longer than %d days", piece, longestRange)
	}
	var days []domain.Date
	for d := first; d <= last; d = d.AddDays(1) {
		days = append(days, d)
	}
	return days, nil
}
