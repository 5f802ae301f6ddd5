package visit

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const tiny = `{"doorToDoorLimitMinutes":60,"workingDays":2,"fortnights":1,"fortnightOfDay":[0,0],"visitDaysMax":1,
"teamThemes":[[0]],"people":[{"team":0,"cohort":0,"home":"EUS"}],
"offers":[{"site":"MAN","themes":[0],"min":1,"max":2,"halfHours":4,"days":[0,1],"stepFree":true},
{"site":"LIV","themes":[0],"min":1,"max":2,"halfHours":4,"days":[1],"stepFree":true}],
"returnMinutes":[[100,90]],"gramsCO2e":[[10,20]],"seed":3}`

func TestReadNamesTheFieldThatIsWrong(t *testing.T) {
	if _, err := Read(strings.NewReader(tiny)); err != nil {
		t.Fatal(err)
	}
	cases := []struct{ name, old, new, want string }{
		{"no JSON", `{`, `[`, "problem:"},
		{"something after", `"seed":3}`, `"seed":3} {}`, "follows"},
		{"a word for a number", `"workingDays":2`, `"workingDays":"two"`, "workingDays"},
		{"a field nobody knows", `"seed":3`, `"sead":3`, "sead"},
		{"days and fortnights", `[0,0]`, `[0]`, "fortnightOfDay"},
		{"a fortnight out of range", `[0,0]`, `[0,1]`, "fortnightOfDay[1]"},
		{"a fortnight that goes back", `"fortnights":1,"fortnightOfDay":[0,0]`, `"fortnights":2,"fortnightOfDay":[1,0]`, "fortnightOfDay[1]"},
		{"a team out of range", `"team":0`, `"team":1`, "people[0].team"},
		{"a day out of range", `"days":[0,1]`, `"days":[0,2]`, "offers[0].days[1]"},
		{"days out of order", `"days":[0,1]`, `"days":[1,0]`, "offers[0].days[1]"},
		{"the greatest under the least", `"min":1,"max":2,"halfHours":4,"days":[1]`, `"min":3,"max":2,"halfHours":4,"days":[1]`, "offers[1].max"},
		{"no group", `"min":1,"max":2,"halfHours":4,"days":[1]`, `"min":0,"max":2,"halfHours":4,"days":[1]`, "offers[1].min"},
		{"seats for mentors", `"seed":3`, `"mentorSeats":2`, "offers[0].max"},
		{"a row too short", `[[100,90]]`, `[[100]]`, "returnMinutes[0]"},
		{"a row too few", `[[100,90]]`, `[]`, "returnMinutes"},
		{"grams missing", `[[10,20]]`, `[[10,-1]]`, "gramsCO2e[0][1]"},
		{"a pair of one", `"days":[1],"stepFree":true`, `"days":[1],"stepFree":true,"pairOf":[0]`, "offers[1].pairOf"},
		{"a pair with itself", `"days":[1],"stepFree":true`, `"days":[1],"stepFree":true,"pairOf":[0,1]`, "offers[1].pairOf"},
		{"attainable too short", `"seed":3`, `"attainable":[1,1]`, "attainable"},
		{"a rule for a day that is none", `"halfHours":4,"days":[1]`, `"offered":[{"date":"2019-04-19","day":0,"rule":"RAIN"}],"days":[1]`, "offers[1].offered[0].rule"},
		{"a pin on no offer", `"seed":3`, `"pins":[{"offer":5,"day":0}]`, "pins[0].offer"},
		{"two pins, one fortnight", `"seed":3`, `"pins":[{"offer":0,"day":0},{"offer":1,"day":1}]`, "pins[1].day"},
		{"a pinned group too large", `"seed":3`, `"pins":[{"offer":0,"day":0,"people":[0,0,0]}]`, "pins[0].people"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(tiny, c.old, c.new, 1)
			if text == tiny {
				t.Fatal("nothing was changed")
			}
			if _, err := Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v does not name %s", err, c.want)
			}
		})
	}
}

func TestFill(t *testing.T) {
	text := strings.Replace(tiny, `"returnMinutes":[[100,90]],"gramsCO2e":[[10,20]],`, "", 1)
	text = strings.Replace(text, `"people":[`, `"people":[{"team":0,"cohort":0,"home":"EDB","stepFree":true},`, 1)
	text = strings.Replace(text, `"days":[1],"stepFree":true}`, `"days":[1],"stepFree":false},{"themes":[0],"min":1,"max":2,"days":[1],"stepFree":false,"pairOf":[0,1]}`, 1)
	p, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Validate(); !errors.Is(err, ErrNoTravel) {
		t.Errorf("without matrices: %v", err)
	}
	ways := map[string][2]int{"EDB MAN": {61, 5000}, "EDB LIV": {59, 4000}, "EUS MAN": {40, 1500}, "EUS LIV": {50, 2000}, "MAN LIV": {15, 250}}
	if err := p.Fill(func(a, b string) (int, int, bool) {
		w, ok := ways[a+" "+b]
		return w[0], w[1], ok
	}); err != nil {
		t.Fatal(err)
	}
	// EDB is over the limit to MAN, and cannot get in at LIV nor at the pair; the ways stay known.
	want := [][]int{{-122, -118, -135}, {80, 100, 40 + 15 + 50}}
	grams := [][]int{{10, 8, 9}, {3, 4, 4}}
	for i := range want {
		for j := range want[i] {
			if p.ReturnMinutes[i][j] != want[i][j] || p.GramsCO2e[i][j] != grams[i][j] {
				t.Errorf("person %d, offer %d: %d minutes, %d grams; want %d, %d", i, j, p.ReturnMinutes[i][j], p.GramsCO2e[i][j], want[i][j], grams[i][j])
			}
		}
	}
	delete(ways, "MAN LIV")
	if err := p.Fill(func(a, b string) (int, int, bool) { w, ok := ways[a+" "+b]; return w[0], w[1], ok }); err == nil {
		t.Error("a missing way is passed over")
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(tiny))
	for _, name := range []string{"c38-o14-s1", "c38-o30p-s1"} {
		data, err := os.ReadFile(filepath.Join("testdata", name+".json"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Read(bytes.NewReader(data))
		if err != nil {
			return
		}
		out, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read(bytes.NewReader(out)); err != nil {
			t.Fatalf("what was read is refused when written: %v", err)
		}
		if len(p.People)*len(p.Offers)*p.WorkingDays > 1_000 || p.Fortnights > 8 || p.ReturnMinutes == nil {
			return
		}
		if _, err := newModel(&p); err != nil {
			t.Fatalf("what was read cannot be laid out: %v", err)
		}
	})
}
