package slides

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

const (
	rels   = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>`
	office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
)

func rel(id, kind, target string) string {
	return fmt.Sprintf(`<Relationship Id="%s" Type="%s/%s" Target="%s"/>`, id, office, kind, target)
}

// notesPage is a page of notes as PowerPoint writes it: the slide's picture, the body, and the slide's number, which is no note.
func notesPage(body string) string {
	shape := func(kind, text string) string {
		return `<p:sp><p:nvSpPr><p:cNvPr id="3" name="x"/><p:nvPr><p:ph type="` + kind + `" idx="1"/></p:nvPr></p:nvSpPr><p:txBody><a:bodyPr/>` + text + `</p:txBody></p:sp>`
	}
	return `<p:notes xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:cSld><p:spTree>` +
		shape("sldImg", "") + shape("body", body) + shape("sldNum", `<a:p><a:fld type="slidenum"><a:t>7</a:t></a:fld></a:p>`) + `</p:spTree></p:cSld></p:notes>`
}

func said(lines ...string) (out string) {
	for _, l := range lines {
		out += `<a:p><a:r><a:t>` + l + `</a:t></a:r></a:p>`
	}
	return out
}

// deck is a presentation of three slides, kept in another order than shown; the second has no notes, and a fourth is hidden.
func deck() map[string]string {
	return map[string]string{
		"_rels/.rels":          fmt.Sprintf(rels, rel("rId1", "officeDocument", "ppt/presentation.xml")),
		"ppt/presentation.xml": `<p:presentation xmlns:p="p" xmlns:r="` + office + `"><p:sldMasterIdLst><p:sldMasterId id="1" r:id="rId9"/></p:sldMasterIdLst><p:sldIdLst><p:sldId id="256" r:id="rId3"/><p:sldId id="257" r:id="rId1"/><p:sldId id="259" r:id="rId4"/><p:sldId id="258" r:id="rId2"/></p:sldIdLst></p:presentation>`,
		"ppt/_rels/presentation.xml.rels": fmt.Sprintf(rels, rel("rId1", "slide", "slides/slide1.xml")+rel("rId2", "slide", "/ppt/slides/slide2.xml")+
			rel("rId3", "slide", "slides/slide3.xml")+rel("rId4", "slide", "slides/slide4.xml")),
		"ppt/slides/slide1.xml":            `<p:sld xmlns:p="p"/>`,
		"ppt/slides/slide2.xml":            `<p:sld xmlns:p="p" show="1"/>`,
		"ppt/slides/slide3.xml":            `<p:sld xmlns:p="p"/>`,
		"ppt/slides/slide4.xml":            `<p:sld xmlns:p="p" show="0"/>`,
		"ppt/slides/_rels/slide2.xml.rels": fmt.Sprintf(rels, rel("rId1", "notesSlide", "../notesSlides/notesSlide1.xml")),
		"ppt/slides/_rels/slide3.xml.rels": fmt.Sprintf(rels, rel("rId1", "notesSlide", "../notesSlides/notesSlide2.xml")),
		"ppt/notesSlides/notesSlide1.xml":  notesPage(said("Ask &amp; stop.", "Łódź £5.")),
		"ppt/notesSlides/notesSlide2.xml":  notesPage(said("Good morning.") + `<a:p><a:r><a:t>One</a:t></a:r><a:br/><a:r><a:t>two.</a:t></a:r></a:p>`),
	}
}

func packed(parts map[string]string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range parts {
		w, _ := z.Create(name)
		w.Write([]byte(text))
	}
	z.Close()
	return out.Bytes()
}

func TestNotesFollowTheOrderOfThePresentation(t *testing.T) {
	notes, err := PowerPoint(packed(deck()))
	want := []string{"Good morning.\nOne\ntwo.", "", "Ask & stop.\nŁódź £5."}
	if err != nil || !slices.Equal(notes, want) {
		t.Fatalf("%q, %v", notes, err)
	}
}

func TestWhatIsNoDeckIsRefused(t *testing.T) {
	with := func(name, text string) []byte {
		d := deck()
		if d[name] = text; text == "" {
			delete(d, name)
		}
		return packed(d)
	}
	var many strings.Builder
	for range MaxSlides + 1 {
		many.WriteString(`<p:sldId r:id="rId1"/>`)
	}
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"nothing":                      {nil, ErrNotDeck},
		"a text":                       {[]byte("Slides"), ErrNotDeck},
		"a workbook":                   {with("_rels/.rels", fmt.Sprintf(rels, rel("rId1", "officeDocument", "xl/workbook.xml"))), ErrNotDeck},
		"a slide that is not there":    {with("ppt/slides/slide1.xml", ""), ErrDamaged},
		"notes that are not there":     {with("ppt/notesSlides/notesSlide1.xml", ""), ErrDamaged},
		"broken notes":                 {with("ppt/notesSlides/notesSlide1.xml", "<p:notes><p"), ErrDamaged},
		"notes packed to a thousandth": {with("ppt/notesSlides/notesSlide1.xml", notesPage(said(strings.Repeat("a", 4<<20)))), ErrTooBig},
		"too many slides":              {with("ppt/presentation.xml", `<p:presentation xmlns:p="p" xmlns:r="`+office+`"><p:sldIdLst>`+many.String()+`</p:sldIdLst></p:presentation>`), ErrTooBig},
		"a way out of the archive":     {with("ppt/slides/_rels/slide2.xml.rels", fmt.Sprintf(rels, rel("rId1", "notesSlide", "../../../../etc/passwd"))), ErrDamaged},
	} {
		if notes, err := PowerPoint(c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: %q, %v", name, notes, err)
		}
	}
}

func TestPDFPC(t *testing.T) {
	notes := []string{"Good morning.", "", "<Ask> & \"stop\"\nŁódź"}
	back, err := ReadPDFPC(WritePDFPC(notes, 7), 3)
	if err != nil || !slices.Equal(back, notes) {
		t.Errorf("%q, %v", back, err)
	}
	// As pdfpc 4.6 writes it, with what we do not need.
	back, err = ReadPDFPC([]byte(`{"pdfpcFormat": 2, "duration": 20, "disableMarkdown": false, "noteFontSize": 20, "defaultTransition": "replace",
		"pages": [{"idx": 1, "label": "2", "overlay": 0, "note": "Second", "hidden": false}]}`), 2)
	if err != nil || !slices.Equal(back, []string{"", "Second"}) {
		t.Errorf("%q, %v", back, err)
	}
	for text, want := range map[string]string{
		"[file]\ndeck.pdf\n[notes]\n### 1\nHello":                    "old pdfpc",
		`{"pdfpcFormat": 3, "pages": []}`:                            "format 3",
		`{"pdfpcFormat": 2, "pages": [{"idx": 2, "note": "third"}]}`: "page 3",
		`{`: "no .pdfpc",
	} {
		if _, err := ReadPDFPC([]byte(text), 2); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// pdf is a file of so many empty pages.
func pdf(pages int) []byte {
	var out bytes.Buffer
	var at []int
	object := func(text string) {
		at = append(at, out.Len())
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", len(at), text)
	}
	out.WriteString("%PDF-1.7\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	kids := ""
	for i := range pages {
		kids += fmt.Sprintf("%d 0 R ", i+3)
	}
	object(fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", kids, pages))
	for range pages {
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 960 540] /Resources << >> >>")
	}
	xref := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, a := range at {
		fmt.Fprintf(&out, "%010d 00000 n \n", a)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, xref)
	return out.Bytes()
}

func TestPages(t *testing.T) {
	for _, n := range []int{1, 11} {
		if got, err := Pages(pdf(n)); got != n || err != nil {
			t.Errorf("%d pages, not %d: %v", got, n, err)
		}
	}
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"nothing": {nil, ErrNotDeck}, "a picture": {[]byte("\x89PNG"), ErrNotDeck}, "half a file": {pdf(3)[:120], ErrDamaged}, "no page": {pdf(0), ErrDamaged},
		"too many": {pdf(MaxSlides + 1), ErrTooBig},
	} {
		if n, err := Pages(c.data); !errors.Is(err, c.want) {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
	if home, err := os.UserConfigDir(); err == nil {
		if _, err := os.Stat(home + "/pdfcpu"); err == nil {
			t.Error("counting pages left a folder behind")
		}
	}
}

func FuzzPowerPoint(f *testing.F) {
	f.Add(packed(deck()))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if notes, err := PowerPoint(data); err == nil && (len(notes) == 0 || len(notes) > MaxSlides) {
			t.Errorf("%d notes", len(notes))
		}
	})
}

// FuzzNotes breaks what is inside the archive, which the checksum of an archive would keep a fuzzer from.
func FuzzNotes(f *testing.F) {
	d := deck()
	f.Add(d["ppt/presentation.xml"], d["ppt/_rels/presentation.xml.rels"], d["ppt/notesSlides/notesSlide1.xml"])
	f.Fuzz(func(t *testing.T, book, related, page string) {
		d := deck()
		d["ppt/presentation.xml"], d["ppt/_rels/presentation.xml.rels"], d["ppt/notesSlides/notesSlide1.xml"] = book, related, page
		notes, err := PowerPoint(packed(d))
		for _, n := range notes {
			if err == nil && len([]rune(n)) > MaxNote {
				t.Errorf("a note of %d bytes", len(n))
			}
		}
	})
}

func FuzzPDFPC(f *testing.F) {
	f.Add(WritePDFPC([]string{"a", "b"}, 7))
	f.Fuzz(func(t *testing.T, data []byte) {
		if notes, err := ReadPDFPC(data, 3); err == nil && len(notes) != 3 {
			t.Errorf("%d notes", len(notes))
		} else if err == nil {
			if again, err := ReadPDFPC(WritePDFPC(notes, 0), 3); err != nil || !slices.Equal(notes, again) {
				t.Errorf("%q comes back as %q, %v", notes, again, err)
			}
		}
	})
}

func FuzzPages(f *testing.F) {
	f.Add(pdf(2))
	f.Fuzz(func(t *testing.T, data []byte) {
		if n, err := Pages(data); err == nil && (n < 1 || n > MaxSlides) {
			t.Errorf("%d pages", n)
		}
	})
}
