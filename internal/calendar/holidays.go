// Package calendar counts working days over the bank holidays of the United Kingdom's nations, and writes iCalendar
// files. It is pure: the same question has the same answer, whatever the clock, the machine or the place.
package calendar

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"sort"
	"strings"
	"time"

	"tandem/internal/domain"
)

// Source says where the published bank holidays are from, as it should be shown beside them.
const (
	Source  = "GOV.UK bank holidays, 2019–2028"
	Licence = "Open Government Licence v3.0"
)

// Holiday is a bank holiday of one nation.
type Holiday struct {
	domain.BankHoliday
	Substitute bool // it stands in for a day that fell on a weekend
	Computed   bool // it follows from a rule and was not published; a proclamation may still change it
}

//go:embed bank_holidays.csv
var publishedCSV string

var published, firstPublished, lastPublished = readPublished(publishedCSV)

var names = map[string]string{
	"new_year":            "New Year's Day",
	"2nd_january":         "2 January",
	"st_patrick":          "St Patrick's Day",
	"good_friday":         "Good Friday",
	"easter_monday":       "Easter Monday",
	"early_may":           "Early May bank holiday",
	"early_may_ve":        "Early May bank holiday (VE Day)",
	"spring":              "Spring bank holiday",
	"queen_platinum":      "Platinum Jubilee bank holiday",
	"queens_bank_holiday": "State Funeral of Queen Elizabeth II",
	"kings_coronation":    "Coronation of King Charles III",
	"world_cup":           "World Cup bank holiday",
	"battle_boyne":        "Battle of the Boyne (Orangemen's Day)",
	"summer":              "Summer bank holiday",
	"late_august":         "Summer bank holiday",
	"st_andrew":           "St Andrew's Day",
	"christmas":           "Christmas Day",
	"boxing_day":          "Boxing Day",
}

type nationYear struct {
	nation domain.Nation
	year   int
}

func readPublished(table string) (byYear map[nationYear][]Holiday, first, last int) {
	rows, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		panic(fmt.Sprintf("bank_holidays.csv: %v", err))
	}
	divisions := map[string][]domain.Nation{
		"england-and-wales": {domain.England, domain.Wales},
		"scotland":          {domain.Scotland},
		"northern-ireland":  {domain.NorthernIreland},
	}
	byYear = map[nationYear][]Holiday{}
	for _, row := range rows[1:] {
		day, err := domain.ParseDate(row[1])
		nations, name := divisions[row[0]], names[row[2]]
		if err != nil || nations == nil || name == "" {
			panic(fmt.Sprintf("bank_holidays.csv: cannot read %q", row))
		}
		year := day.Time().Year()
		for _, n := range nations {
			byYear[nationYear{n, year}] = append(byYear[nationYear{n, year}], holiday(n, day, name, row[3] == "yes", false))
		}
		if first == 0 || year < first {
			first = year
		}
		last = max(last, year)
	}
	return byYear, first, last
}

func holiday(n domain.Nation, day domain.Date, name string, substitute, computed bool) Holiday {
	if substitute {
		name += " (substitute day)"
	}
	return Holiday{domain.BankHoliday{Date: day, Name: name, Nation: n}, substitute, computed}
}

// HolidaysOf lists the bank holidays of a nation from one day to another, both included, by day. Years that are not in
// the published table are computed and marked so. What is no nation of the United Kingdom has none.
func HolidaysOf(nation domain.Nation, from, to domain.Date) []Holiday {
	if from == "" || to == "" {
		return nil
	}
	var found []Holiday
	for year := from.Time().Year(); year <= to.Time().Year(); year++ {
		for _, h := range ofYear(nation, year) {
			if from <= h.Date && h.Date <= to {
				found = append(found, h)
			}
		}
	}
	return found
}

func ofYear(nation domain.Nation, year int) []Holiday {
	if firstPublished <= year && year <= lastPublished {
		return published[nationYear{nation, year}]
	}
	return computed(nation, year)
}

// computed gives a year's bank holidays by the standing rules of the Banking and Financial Dealings Act 1971, the
// proclamations that repeat each year, and the St Andrew's Day Bank Holiday (Scotland) Act 2007.
func computed(nation domain.Nation, year int) []Holiday {
	var list []Holiday
	taken := map[domain.Date]bool{}
	add := func(name string, day domain.Date, substitute bool) {
		taken[day] = true
		list = append(list, holiday(nation, day, names[name], substitute, true))
	}
	// A day on a weekend moves to the next weekday that is free.
	observed := func(name string, month time.Month, dayOfMonth int) {
		own := date(year, month, dayOfMonth)
		day := own
		for isWeekend(day) || taken[day] {
			day = day.AddDays(1)
		}
		add(name, day, day != own)
	}
	easter := easterSunday(year)
	scotland, northernIreland := nation == domain.Scotland, nation == domain.NorthernIreland
	if !scotland && !northernIreland && nation != domain.England && nation != domain.Wales {
		return nil
	}

	observed("new_year", time.January, 1)
	if scotland {
		observed("2nd_january", time.January, 2)
	}
	if northernIreland {
		observed("st_patrick", time.March, 17)
	}
	add("good_friday", easter.AddDays(-2), false)
	if !scotland {
		add("easter_monday", easter.AddDays(1), false)
	}
	add("early_may", mondayFrom(date(year, time.May, 1)), false)
	add("spring", mondayFrom(date(year, time.May, 25)), false)
	if northernIreland {
		observed("battle_boyne", time.July, 12)
	}
	if scotland {
		add("summer", mondayFrom(date(year, time.August, 1)), false)
		observed("st_andrew", time.November, 30)
	} else {
		add("late_august", mondayFrom(date(year, time.August, 25)), false)
	}
	// Boxing Day on a Monday stays there, and it is Christmas that moves past it; the other way round Christmas
	// moves first.
	if date(year, time.December, 25).Weekday() == time.Sunday {
		observed("boxing_day", time.December, 26)
		observed("christmas", time.December, 25)
	} else {
		observed("christmas", time.December, 25)
		observed("boxing_day", time.December, 26)
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].Date < list[j].Date })
	return list
}

// easterSunday is Easter in the Gregorian calendar, by the anonymous computus first printed in Nature (20 April 1876)
// and given in J. Meeus, Astronomical Algorithms, chapter 8.
func easterSunday(year int) domain.Date {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return date(year, time.Month(n/31), n%31+1)
}

func date(year int, month time.Month, day int) domain.Date {
	return domain.DateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// mondayFrom is the first Monday on or after a day. The last Monday of a month of 31 days is the first from the 25th.
func mondayFrom(day domain.Date) domain.Date {
	return day.AddDays((int(time.Monday) - int(day.Weekday()) + 7) % 7)
}

func isWeekend(day domain.Date) bool {
	return day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
}
