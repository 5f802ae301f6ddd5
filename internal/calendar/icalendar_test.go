package calendar

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"
	"pgregory.net/rapid"
)

var released = time.Date(2019, 2, 1, 12, 0, 0, 0, time.UTC)

// summerTime is an hour before UTC's, as in London in April.
var summerTime = time.FixedZone("BST", 3600)

func entry() Entry {
	return Entry{
		UID: "visit-1@tandem", Sequence: 3, Kind: Visit, Title: "Visit, with \"quotes\"; and a \\ in Łódź",
		Description: "First line\nsecond, line; " + strings.Repeat("Zażółć gęślą jaźń ", 20) + "\r\nlast: done",
		Place:       "1 High Street, York; back door",
		Start:       time.Date(2019, 4, 23, 10, 0, 0, 0, summerTime), End: time.Date(2019, 4, 23, 15, 30, 0, 0, summerTime), Stamp: released,
	}
}

// parse reads a calendar by code that shares nothing with the writer.
func parse(t interface{ Fatalf(string, ...any) }, data []byte) []ical.Event {
	c, err := ical.NewDecoder(bytes.NewReader(data)).Decode()
	if err != nil {
		t.Fatalf("a second parser refuses the calendar: %v\n%s", err, data)
	}
	if c.Props.Get("METHOD").Value != "PUBLISH" || c.Props.Get("VERSION").Value != "2.0" {
		t.Fatalf("method or version: %v", c.Props)
	}
	return c.Events()
}

func text(t interface{ Fatalf(string, ...any) }, e ical.Event, name string) string {
	s, err := e.Props.Text(name)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return s
}

func wellFormed(t interface{ Fatalf(string, ...any) }, data []byte) {
	if !utf8.Valid(data) || !bytes.HasSuffix(data, []byte("END:VCALENDAR\r\n")) {
		t.Fatalf("not UTF-8, or cut short:\n%q", data)
	}
	for _, line := range bytes.Split(data, []byte("\r\n")) {
		if len(line) > 75 || bytes.ContainsAny(line, "\r\n") || !utf8.Valid(line) {
			t.Fatalf("a line of %d octets, or with a bare line break or half a letter: %q", len(line), line)
		}
	}
}

func TestWriteIsReadBySecondParser(t *testing.T) {
	visit := entry()
	called := entry()
	called.UID, called.Cancelled, called.Sequence = "visit-2@tandem", true, 4
	due := Entry{UID: "due-1@tandem", Kind: Deadline, Title: "Names by", AllDay: true, Stamp: released,
		Start: time.Date(2019, 4, 12, 0, 0, 0, 0, summerTime)}
	data, err := Write(Calendar{Name: "Cohort, 2019", TimeZone: "Europe/London", Entries: []Entry{visit, called, CancellationOf(called), due}})
	if err != nil {
		t.Fatal(err)
	}
	wellFormed(t, data)
	events := parse(t, data)
	if len(events) != 4 {
		t.Fatalf("%d events", len(events))
	}
	for i, want := range []struct{ uid, sequence, status, kind, busy string }{
		{"visit-1@tandem", "3", "CONFIRMED", "VISIT", "OPAQUE"},
		{"visit-2@tandem", "4", "CANCELLED", "VISIT", "TRANSPARENT"},
		{"cancelled-visit-2@tandem", "4", "CONFIRMED", "NOTICE", "TRANSPARENT"},
		{"due-1@tandem", "0", "CONFIRMED", "DEADLINE", "TRANSPARENT"},
	} {
		e := events[i]
		got := []string{text(t, e, "UID"), e.Props.Get("SEQUENCE").Value, text(t, e, "STATUS"), text(t, e, "CATEGORIES"), text(t, e, "TRANSP")}
		if strings.Join(got, " ") != strings.Join([]string{want.uid, want.sequence, want.status, want.kind, want.busy}, " ") {
			t.Errorf("event %d: got %v, want %v", i, got, want)
		}
	}
	if got := text(t, events[0], "SUMMARY"); got != visit.Title {
		t.Errorf("title %q, want %q", got, visit.Title)
	}
	if got, want := text(t, events[0], "DESCRIPTION"), strings.ReplaceAll(visit.Description, "\r\n", "\n"); got != want {
		t.Errorf("description %q, want %q", got, want)
	}
	if got := text(t, events[0], "LOCATION"); got != visit.Place {
		t.Errorf("place %q, want %q", got, visit.Place)
	}
	if got := text(t, events[2], "SUMMARY"); got != "Called off: "+called.Title {
		t.Errorf("notice %q", got)
	}
	start, startErr := events[0].DateTimeStart(time.UTC)
	end, endErr := events[0].DateTimeEnd(time.UTC)
	if startErr != nil || endErr != nil || !start.Equal(visit.Start) || !end.Equal(visit.End) {
		t.Errorf("from %v to %v (%v, %v)", start, end, startErr, endErr)
	}
	for name, want := range map[string]string{"DTSTART": "20190412", "DTEND": "20190413"} {
		if p := events[3].Props.Get(name); p.Value != want || p.Params.Get("VALUE") != "DATE" {
			t.Errorf("%s of the deadline: %v", name, p)
		}
	}
}

// Ten in the morning is nine in UTC in summer and ten in winter.
func TestSummerTime(t *testing.T) {
	london, err := time.LoadLocation("Europe/London")
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[int]string{29: "20190329T100000Z", 31: "20190331T090000Z"} {
		e := entry()
		e.Start = time.Date(2019, 3, day, 10, 0, 0, 0, london)
		e.End = e.Start.Add(time.Hour)
		data, err := Write(Calendar{Entries: []Entry{e}})
		if err != nil {
			t.Fatal(err)
		}
		if got := parse(t, data)[0].Props.Get("DTSTART").Value; got != want {
			t.Errorf("10:00 on %d March: %s, want %s", day, got, want)
		}
	}
}

func TestWriteIsDeterministic(t *testing.T) {
	c := Calendar{Name: "C", Entries: []Entry{entry(), CancellationOf(entry())}}
	first, err := Write(c)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if again, _ := Write(c); !bytes.Equal(first, again) {
			t.Fatal("the same calendar gave other bytes")
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	for what, spoil := range map[string]func(*Entry){
		"no UID":            func(e *Entry) { e.UID = "" },
		"a UID of two":      func(e *Entry) { e.UID = "a\r\nSTATUS:CANCELLED" },
		"no title":          func(e *Entry) { e.Title = "" },
		"no start":          func(e *Entry) { e.Start = time.Time{} },
		"no stamp":          func(e *Entry) { e.Stamp = time.Time{} },
		"an end too early":  func(e *Entry) { e.End = e.Start.Add(-time.Minute) },
		"no kind":           func(e *Entry) { e.Kind = "" },
		"negative sequence": func(e *Entry) { e.Sequence = -1 },
	} {
		e := entry()
		spoil(&e)
		if _, err := Write(Calendar{Entries: []Entry{e}}); err == nil {
			t.Errorf("an entry with %s was written", what)
		}
	}
	if _, err := Write(Calendar{Entries: []Entry{entry(), entry()}}); err == nil {
		t.Error("two entries with one UID were written")
	}
}

// Whatever people type, the second parser reads it back, and no text becomes a property.
func TestAnyTextIsReadBack(t *testing.T) {
	typed := rapid.StringOfN(rapid.RuneFrom([]rune("ab ,;:\\\"'\nŁ€😀\x01=()")), 0, 200, -1)
	rapid.Check(t, func(t *rapid.T) {
		e := entry()
		e.Title, e.Description, e.Place = "x"+typed.Draw(t, "title"), typed.Draw(t, "description"), typed.Draw(t, "place")
		data, err := Write(Calendar{Name: e.Place, Entries: []Entry{e}})
		if err != nil {
			t.Fatal(err)
		}
		wellFormed(t, data)
		events := parse(t, data)
		if len(events) != 1 {
			t.Fatalf("%d events", len(events))
		}
		for name, want := range map[string]string{"SUMMARY": e.Title, "DESCRIPTION": e.Description, "LOCATION": e.Place} {
			if want = strings.ReplaceAll(want, "\x01", ""); want != "" && text(t, events[0], name) != want {
				t.Fatalf("%s: wrote %q, read %q", name, want, text(t, events[0], name))
			}
		}
	})
}

// The controls: bare line breaks, a line that is not folded and a letter cut in two must each be caught.
func TestWellFormedCatches(t *testing.T) {
	good, err := Write(Calendar{Entries: []Entry{entry()}})
	if err != nil {
		t.Fatal(err)
	}
	for what, bad := range map[string][]byte{
		"bare line breaks": bytes.ReplaceAll(good, []byte("\r\n"), []byte("\n")),
		"no folds":         bytes.ReplaceAll(good, []byte("\r\n "), nil),
		"half a letter":    bytes.Replace(good, []byte("ż"), []byte("\xc5\r\n \xbc"), 1),
	} {
		var c catcher
		if wellFormed(&c, bad); c == 0 {
			t.Errorf("%s went unseen", what)
		}
	}
}

type catcher int

func (c *catcher) Fatalf(string, ...any) { *c++ }
