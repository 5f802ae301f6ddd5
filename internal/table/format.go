package table

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// numberFormat is what a workbook's number format makes of a number, as far as it matters to a reader of values.
type numberFormat struct {
	day, clock bool
	zeros      int // at least so many digits, as in the codes 00123
}

// formatOf reads a number format by its id (ECMA-376 part 1, 18.8.30) or, where the workbook defines it, by its code.
func formatOf(id int, code string) numberFormat {
	if code == "" {
		switch {
		case id == 22:
			return numberFormat{day: true, clock: true}
		case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 58:
			return numberFormat{day: true}
		case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47:
			return numberFormat{clock: true}
		}
		return numberFormat{}
	}
	letters := formatLetters(code)
	if letters != "" && strings.Trim(letters, "0") == "" {
		return numberFormat{zeros: len(letters)}
	}
	f := numberFormat{day: strings.ContainsAny(letters, "yd"), clock: strings.ContainsAny(letters, "hs")}
	if strings.Contains(letters, "m") && !f.clock {
		f.day = true
	}
	return f
}

// formatLetters keeps the first section of a format code without literals, colours and conditions; what counts time in
// brackets, such as [h], stays. The words General and Standard are no letters of a format.
func formatLetters(code string) string {
	var kept strings.Builder
	runes := []rune(strings.ToLower(code))
	for i := 0; i < len(runes); i++ {
		switch runes[i] {
		case ';':
			i = len(runes)
		case '\\', '_', '*':
			i++
		case '"':
			for i++; i < len(runes) && runes[i] != '"'; i++ {
			}
		case '[':
			start := i + 1
			for i < len(runes) && runes[i] != ']' {
				i++
			}
			if inside := string(runes[min(start, i):i]); inside != "" && strings.Trim(inside, "hms") == "" {
				kept.WriteString(inside)
			}
		default:
			kept.WriteRune(runes[i])
		}
	}
	s := kept.String()
	if s == "general" || s == "standard" {
		return ""
	}
	return s
}

// text is a number as a person would type it: a day as 2019-02-07, with a time as 2019-02-07 09:30, a time as 09:30,
// any other number in plain figures of at most 15 digits, as a spreadsheet keeps them. It is false, with plain figures,
// for a date that is no day.
func (f numberFormat) text(x float64, is1904 bool) (string, bool) {
	if f.day || f.clock {
		return f.moment(x, is1904)
	}
	s := plain(x)
	if f.zeros > 0 && x >= 0 && !strings.Contains(s, ".") && len(s) < f.zeros {
		s = strings.Repeat("0", f.zeros-len(s)) + s
	}
	return s, true
}

func (f numberFormat) moment(x float64, is1904 bool) (string, bool) {
	if math.IsNaN(x) || x < 0 || x >= 2958466 { // 10000-01-01
		return plain(x), false
	}
	seconds := int64(math.Round(x * 86400))
	days, rest := seconds/86400, seconds%86400
	if days == 0 && !f.day || f.clock && days == 0 && rest > 0 {
		return clockText(rest), true
	}
	// Day 60 of the 1900 system is 29 February 1900, which never was; days before it count from one day later.
	start := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case is1904:
		start = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case days == 60 || days == 0:
		return plain(x), false
	case days < 60:
		start = start.AddDate(0, 0, 1)
	}
	s := start.AddDate(0, 0, int(days)).Format("2006-01-02")
	if rest > 0 {
		s += " " + clockText(rest)
	}
	return s, true
}

func clockText(seconds int64) string {
	t := time.Unix(seconds, 0).UTC()
	if seconds%60 != 0 {
		return t.Format("15:04:05")
	}
	return t.Format("15:04")
}

// plain writes a number without exponent, and without the noise beyond the 15 digits that a spreadsheet keeps.
func plain(x float64) string {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return ""
	}
	kept, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 15, 64), 64)
	return strconv.FormatFloat(kept, 'f', -1, 64)
}
