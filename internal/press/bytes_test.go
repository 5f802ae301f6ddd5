package press

import (
	"bytes"
	"encoding/csv"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"tandem/internal/sponsor"
	"tandem/internal/sponsor/attack"
	"tandem/internal/sponsor/catalogue"
	"tandem/internal/sponsor/sponsortest"
)

// printed is what a reader of one surface copies down: the words in each cell of each figure's table, by figure, row and
// column as they are printed.
type printed map[[3]string]string

var blanks = regexp.MustCompile(`[\s\p{Zs}]+`)

func tidy(s string) string { return strings.TrimSpace(blanks.ReplaceAllString(s, " ")) }

// table copies down one table; caption is "8 Rated all three times", heads begin with the empty one over the rows' names.
func (p printed) table(caption string, heads []string, rows [][]string) {
	_, figure, _ := strings.Cut(tidy(caption), " ")
	for _, row := range rows {
		for c := 1; c < len(row); c++ {
			p[[3]string{figure, tidy(row[0]), tidy(heads[c])}] = tidy(row[c])
		}
	}
}

func fromHTML(t testing.TB, page []byte) printed {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var text func(n *html.Node) string
	text = func(n *html.Node) string {
		if n.Type == html.TextNode {
			return n.Data
		}
		all := ""
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			all += text(c)
		}
		return all
	}
	found := func(n *html.Node, tags ...string) (all []*html.Node) {
		for d := range n.Descendants() {
			if slices.Contains(tags, d.Data) && d.Type == html.ElementNode {
				all = append(all, d)
			}
		}
		return all
	}
	p := printed{}
	for _, table := range found(root, "table") {
		captions := found(table, "caption")
		if len(captions) == 0 {
			continue
		}
		var lines [][]string
		for _, tr := range found(table, "tr") {
			var line []string
			for _, cell := range found(tr, "th", "td") {
				line = append(line, text(cell))
			}
			lines = append(lines, line)
		}
		p.table(text(captions[0]), lines[0], lines[1:])
	}
	return p
}

// structured is the structure of a PDF as poppler tells it: one element a line, indented, its text beneath it in quotes.
func structured(t testing.TB, pdf []byte) string {
	t.Helper()
	if _, err := exec.LookPath("pdfinfo"); err != nil {
		if os.Getenv("TANDEM_REQUIRE") != "" {
			t.Fatal("missing: apt-get install poppler-utils")
		}
		t.Skip("missing: apt-get install poppler-utils")
	}
	file := filepath.Join(t.TempDir(), "brief.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdfinfo", "-struct-text", file).CombinedOutput()
	if err != nil {
		t.Fatalf("pdfinfo: %v\n%s", err, out)
	}
	return string(out)
}

func fromPDF(t testing.TB, pdf []byte) printed {
	p := printed{}
	caption, in := "", ""
	var lines [][]string
	end := func() {
		if caption != "" && len(lines) > 1 {
			p.table(caption, lines[0], lines[1:])
		}
		caption, lines = "", nil
	}
	for _, line := range strings.Split(structured(t, pdf), "\n") {
		line = strings.TrimSpace(line)
		switch kind := strings.TrimRight(strings.Fields(line + " .")[0], ":"); {
		case kind == "Table":
			end()
			in = kind
		case kind == "Caption":
			in = kind
		case kind == "TR":
			lines, in = append(lines, nil), kind
		case kind == "TH" || kind == "TD":
			lines[len(lines)-1], in = append(lines[len(lines)-1], ""), kind
		case strings.HasPrefix(line, `"`):
			words := strings.Trim(line, `"`)
			switch in {
			case "Caption":
				caption += words
			case "TH", "TD":
				last := lines[len(lines)-1]
				last[len(last)-1] = tidy(last[len(last)-1] + " " + words)
			}
		case kind == "P" || strings.HasPrefix(kind, "H") || kind == "Figure":
			end()
			in = kind
		}
	}
	end()
	return p
}

func fromCSV(t testing.TB, text []byte) printed {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	p := printed{}
	for _, row := range rows[1:] {
		if row[3] != "" {
			p[[3]string{row[2], tidy(row[3]), tidy(row[4])}] = tidy(strings.TrimPrefix(row[9], "'"))
		}
	}
	return p
}

var (
	ranged = regexp.MustCompile(`^([\d,]+) to ([\d,]+)(?: of ([\d,]+))?$`)
	exact  = regexp.MustCompile(`^([\d,]+)(?: of ([\d,]+))?$`)
)

// version is what an attacker makes of a surface: the counts, by the catalogue's names.
func (p printed) version(t testing.TB, asOf, ratings string) attack.Version {
	t.Helper()
	v := attack.Version{AsOf: asOf}
	number := func(s string) int {
		n, err := strconv.Atoi(strings.ReplaceAll(s, ",", ""))
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	columns := map[string]string{"public": "PUBLIC", "private": "PRIVATE", "both": "ALL", "used": "USED", "not used": "UNUSED"}
	for _, at := range slices.SortedFunc(maps.Keys(p), func(a, b [3]string) int { return strings.Compare(a[0]+a[1]+a[2], b[0]+b[1]+b[2]) }) {
		i := slices.IndexFunc(catalogue.Entries, func(e catalogue.Entry) bool { return e.Label == at[0] })
		column, counted := columns[at[2]]
		if i < 0 || !counted {
			continue
		}
		e, row, day := catalogue.Entries[i], at[1], asOf
		if e.Key == catalogue.Attended {
			when, err := time.Parse("Mon 2 Jan 2006", row+" 2019")
			if err != nil {
				t.Fatal(err)
			}
			row = when.Format("2006-01-02")
		}
		if e.Together == "skill ratings" {
			day = ratings
		}
		c := attack.Cell{ID: string(e.Key) + "/" + row + "/" + column, AsOf: day, State: "SHOWN", Of: -1}
		words := p[at]
		if m := ranged.FindStringSubmatch(words); m != nil {
			c.State, c.Low, c.High = "RANGE", number(m[1]), number(m[2])
			if m[3] != "" {
				c.Of = number(m[3])
			}
		} else if m := exact.FindStringSubmatch(words); m != nil {
			c.Low, c.High = number(m[1]), number(m[1])
			if m[2] != "" {
				c.Of = number(m[2])
			}
		} else {
			c.State = "NOT_SHOWN"
		}
		v.Cells = append(v.Cells, c)
	}
	return v
}

// surfaces sets a brief on every surface and reads each one back; the PDF only with paper, since its reader takes seconds.
func surfaces(t testing.TB, b sponsor.Brief, paper bool) map[string]printed {
	t.Helper()
	var page, pdf, figures bytes.Buffer
	for _, set := range []error{Page(&page, b, Links{}), PDF(&pdf, b), CSV(&figures, b)} {
		if set != nil {
			t.Fatal(set)
		}
	}
	decided := printed{}
	for _, f := range b.Figures {
		for _, c := range f.Cells {
			decided[[3]string{f.Label, tidy(c.Row), tidy(c.Column)}] = tidy(c.Value.Text)
		}
	}
	all := map[string]printed{"decision": decided, "page": fromHTML(t, page.Bytes()), "CSV": fromCSV(t, figures.Bytes())}
	if paper {
		all["PDF"] = fromPDF(t, pdf.Bytes())
	}
	return all
}

// TestEverySurfaceTellsTheSame reads page, PDF and CSV of drawn briefs and finds the same words in each; then the attacker, who
// has read each surface's bytes over all versions and nothing else, recovers nothing.
func TestEverySurfaceTellsTheSame(t *testing.T) {
	for seed := range uint64(15) {
		split := sponsortest.Splits[int(seed)%len(sponsortest.Splits)]
		read := map[string][]attack.Version{}
		for versions := 1; versions <= 3; versions++ {
			b := edition(t, seed, versions, split)
			ratings := string(sponsor.Find(b.Figures, catalogue.SkillsRated).AsOf)
			all := surfaces(t, b, seed == 4) // the split that protects most
			decided := all["decision"]
			if len(decided) < 40 {
				t.Fatalf("only %d cells were decided", len(decided))
			}
			for surface := range all {
				if !maps.Equal(all[surface], decided) {
					for at, want := range decided {
						if got := all[surface][at]; got != want {
							t.Errorf("cohort %d, version %d: the %s tells %q of %s, not %q", seed, versions, surface, got, at, want)
						}
					}
					for at, got := range all[surface] {
						if _, there := decided[at]; !there {
							t.Errorf("cohort %d, version %d: the %s tells %q of %s, which was not decided", seed, versions, surface, got, at)
						}
					}
				}
				read[surface] = append(read[surface], all[surface].version(t, string(b.AsOf), ratings))
			}
		}
		// One named person leaves between each two versions, of a sector that the attacker tries both ways.
		for surface, versions := range read {
			for _, sector := range []string{catalogue.Public, catalogue.Private} {
				known := attack.Known{Sizes: map[string]int{catalogue.Public: 19, catalogue.Private: 19}, Insider: true,
					Leavers: []map[string]attack.Leavers{{sector: {Count: 1}}, {}}}
				found := attack.Attack(attack.Method{Step: 5, Places: 3}, versions, known)
				for _, f := range found {
					if f.Values < 2 || f.Tired {
						t.Errorf("cohort %d: the %s gives %s away in version %d", seed, surface, f.ID, f.Version+1)
					}
				}
			}
		}
	}
}

// TestADifferentSurfaceIsNoticed is the control: a number that one surface alone tells.
func TestADifferentSurfaceIsNoticed(t *testing.T) {
	b := edition(t, 3, 2, nil)
	var page bytes.Buffer
	if err := Page(&page, b, Links{}); err != nil {
		t.Fatal(err)
	}
	level := sponsor.Find(b.Figures, catalogue.SkillLevel)
	told := level.Cells[0].Value.Text
	table := strings.LastIndex(page.String(), "At level 3 or above now</caption>")
	altered := page.String()[:table] + strings.Replace(page.String()[table:], told, "16 of 18", 1)
	if maps.Equal(fromHTML(t, []byte(altered)), surfaces(t, b, false)["decision"]) {
		t.Error("an exact count on the page alone is not noticed")
	}
}

// elements counts the kinds of element in a PDF's structure.
func elements(structure string) map[string]int {
	n := map[string]int{}
	for _, line := range strings.Split(structure, "\n") {
		if kind := strings.TrimRight(strings.Fields(line + " .")[0], ":"); !strings.HasPrefix(kind, `"`) {
			n[kind]++
		}
	}
	return n
}

// TestThePDFHasTags reads the PDF as a screen reader does: headings in order, tables with heads and scopes, a sentence for every
// chart, a title and a language; the same PDF before it was tagged is the control.
func TestThePDFHasTags(t *testing.T) {
	b := edition(t, 3, 3, nil)
	b.Words.Headline = "Łódź, Ź and naïve — £ with “quotes” & <angles>"
	var pdf bytes.Buffer
	if err := PDF(&pdf, b); err != nil {
		t.Fatal(err)
	}
	tree := structured(t, pdf.Bytes())
	n := elements(tree)
	s := lay(b)
	if n["H1"] != 1 || n["Table"] != 2+1+len(s.Tables) || n["Figure"] != 4+len(s.Teams)+1 {
		t.Errorf("the structure has %d headlines, %d tables and %d figures", n["H1"], n["Table"], n["Figure"])
	}
	if !strings.Contains(tree, "Łódź, Ź and naïve — £") || !strings.Contains(tree, "“quotes” & <angles>") {
		t.Errorf("the headline is not in the text:\n%.600s", tree)
	}
	for _, row := range regexp.MustCompile(`(?s)TH:?\s+/Scope /(\w+)`).FindAllStringSubmatch(tree, -1) {
		n["scope "+row[1]]++
	}
	if n["TH"] != n["scope Row"]+n["scope Column"] || n["scope Row"] < 50 || n["scope Column"] < 20 {
		t.Errorf("%d heads have %d rows and %d columns", n["TH"], n["scope Row"], n["scope Column"])
	}
	file := filepath.Join(t.TempDir(), "brief.pdf")
	if err := os.WriteFile(file, pdf.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("pdfinfo", file).Output(); err != nil || !tells(string(out), s.Title) {
		t.Errorf("pdfinfo says %v:\n%s", err, out)
	}
	if !bytes.Contains(pdf.Bytes(), []byte("/Lang")) && !strings.Contains(inflated(t, file), "/Lang (en-GB)") {
		t.Error("the PDF does not say its language")
	}
	if alts := strings.Count(inflated(t, file), "/Alt "); alts != n["Figure"] {
		t.Errorf("%d charts have %d sentences", n["Figure"], alts)
	}

	p := newPaper(b, s.Title, 1)
	p.front(s)
	var plain bytes.Buffer
	if err := p.f.Output(&plain); err != nil {
		t.Fatal(err)
	}
	if n := elements(structured(t, plain.Bytes())); n["H1"] > 0 || n["Table"] > 0 {
		t.Error("control: a PDF without tags passes")
	}
}

// tells reports whether pdfinfo speaks of two A4 sheets with tags and a title.
func tells(said, title string) bool {
	for _, want := range []string{`Title:\s+` + regexp.QuoteMeta(title), `Tagged:\s+yes`, `Pages:\s+2\b`, `\(A4\)`} {
		if !regexp.MustCompile(want).MatchString(said) {
			return false
		}
	}
	return true
}

// inflated is a PDF with its streams as text, checked on the way.
func inflated(t testing.TB, file string) string {
	t.Helper()
	if _, err := exec.LookPath("qpdf"); err != nil {
		if os.Getenv("TANDEM_REQUIRE") != "" {
			t.Fatal("missing: apt-get install qpdf")
		}
		t.Skip("missing: apt-get install qpdf")
	}
	if out, err := exec.Command("qpdf", "--check", file).CombinedOutput(); err != nil {
		t.Fatalf("qpdf: %v\n%s", err, out)
	}
	out, err := exec.Command("qpdf", "--qdf", "--object-streams=disable", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// TestThePageNeedsNothing looks for what the policy would block, and what a reader without script would miss.
func TestThePageNeedsNothing(t *testing.T) {
	wrong := func(page string) (found []string) {
		for _, not := range []string{"<script", " style=", "<style", "javascript:", " onclick", "http://", "https://"} {
			if strings.Contains(page, not) {
				found = append(found, not)
			}
		}
		for _, must := range []string{`<html lang="en-GB">`, "<title>Brief 3, TechConnect 2019</title>", "noindex", "no-referrer", "<main"} {
			if !strings.Contains(page, must) {
				found = append(found, "no "+must)
			}
		}
		ids := regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(page, -1)
		for _, to := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(page, -1) {
			if !slices.ContainsFunc(ids, func(id []string) bool { return id[1] == to[1] }) {
				found = append(found, "nothing at #"+to[1])
			}
		}
		return found
	}
	b := edition(t, 3, 3, nil)
	b.Words.Summary = `<script>alert("x")</script> & more`
	var page bytes.Buffer
	if err := Page(&page, b, Links{Assets: "/press/"}); err != nil {
		t.Fatal(err)
	}
	if found := wrong(page.String()); found != nil {
		t.Errorf("the page has %q", found)
	}
	if wrong(page.String()+`<a href="#r99" style="color:red">`) == nil {
		t.Error("control: a style and a dead link are not noticed")
	}
}

// TestABriefWithNothingYet sets a cohort of which nothing is known but its seats, on every surface.
func TestABriefWithNothingYet(t *testing.T) {
	d := sponsortest.Cohort(1, 1)[0]
	d = sponsor.Data{Cohort: d.Cohort, Enrolments: d.Enrolments[:9]}
	terms, secret := sponsortest.Terms(1, d, []catalogue.Key{catalogue.Retained, catalogue.Attended})
	figures, err := sponsor.Compute(d, terms, secret, nil)
	if err != nil {
		t.Fatal(err)
	}
	b := sponsor.Brief{Programme: "Small", Cohort: "Small", Number: 1, Draft: true, AsOf: d.Cohort.AsOf, FrozenAt: time.Date(2019, 2, 7, 9, 0, 0, 0, time.UTC), Figures: figures}
	for surface, p := range surfaces(t, b, true) {
		if got := p[[3]string{"Still taking part", "taking part", "both"}]; got != "not shown" {
			t.Errorf("the %s tells %q of nine people", surface, got)
		}
	}
	var page bytes.Buffer
	if err := Page(&page, b, Links{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"No plan has been released yet.", "No teams have been formed yet.", "not released"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// BenchmarkSurfaces measures setting each surface of one brief.
func BenchmarkSurfaces(b *testing.B) {
	brief := edition(b, 3, 3, nil)
	for _, surface := range []struct {
		name string
		set  func(*bytes.Buffer) error
	}{
		{"page", func(w *bytes.Buffer) error { return Page(w, brief, Links{}) }},
		{"PDF", func(w *bytes.Buffer) error { return PDF(w, brief) }},
		{"CSV", func(w *bytes.Buffer) error { return CSV(w, brief) }},
	} {
		b.Run(surface.name, func(b *testing.B) {
			for b.Loop() {
				var w bytes.Buffer
				if err := surface.set(&w); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
