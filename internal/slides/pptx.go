package slides

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// PowerPoint gives the notes of a PPTX file (ECMA-376, strict or transitional), one for each slide that is shown, in the order of the
// presentation; "" where a slide has none. Hidden slides are passed over, as they are where LibreOffice makes a PDF.
func PowerPoint(data []byte) (notes []string, err error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, ErrNotDeck
	}
	if len(archive.File) > maxParts {
		return nil, fmt.Errorf("%w: %d parts", ErrTooBig, len(archive.File))
	}
	p := &pack{parts: map[string]*zip.File{}, left: maxAll}
	for _, f := range archive.File {
		p.parts[clean(f.Name)] = f
	}
	root, err := p.related("")
	if err != nil {
		return nil, ErrNotDeck
	}
	book := root.of("officeDocument")
	if !strings.HasPrefix(book, "ppt/") {
		return nil, ErrNotDeck
	}
	ids, err := p.order(book)
	if err != nil {
		return nil, err
	}
	targets, err := p.related(book)
	if err != nil {
		return nil, err
	}
	if len(ids) > MaxSlides {
		return nil, fmt.Errorf("%w: %d slides, where %d can be read", ErrTooBig, len(ids), MaxSlides)
	}
	for i, id := range ids {
		slide := targets.id(id)
		if slide == "" {
			return nil, fmt.Errorf("%w: slide %d is missing", ErrDamaged, i+1)
		}
		hidden, err := p.hidden(slide)
		if err != nil {
			return nil, err
		}
		if hidden {
			continue
		}
		note, err := p.note(slide)
		if err != nil {
			return nil, err
		}
		notes = append(notes, note)
	}
	if len(notes) == 0 {
		return nil, fmt.Errorf("%w: it shows no slide", ErrDamaged)
	}
	return notes, nil
}

// pack is an archive of parts, of which so many bytes may still be read.
type pack struct {
	parts map[string]*zip.File
	left  int64
}

func clean(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/"))
}

// part reads a part; its bytes are counted as they come, whatever the archive claims.
func (p *pack) part(name string) ([]byte, error) {
	f := p.parts[clean(name)]
	if f == nil {
		return nil, fmt.Errorf("%w: %s is missing", ErrDamaged, name)
	}
	if f.UncompressedSize64 > 1<<20 && f.UncompressedSize64/max(1, f.CompressedSize64) > maxRatio {
		return nil, fmt.Errorf("%w: %s", ErrTooBig, name)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrDamaged, name)
	}
	defer r.Close()
	most := min(maxPart, p.left)
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	if int64(len(text)) > most {
		return nil, fmt.Errorf("%w: %s", ErrTooBig, name)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrDamaged, name)
	}
	p.left -= int64(len(text))
	return text, nil
}

// walk goes through a part's elements.
func (p *pack) walk(name string, begin func(xml.StartElement), end func(string), text func([]byte)) error {
	raw, err := p.part(name)
	if err != nil {
		return err
	}
	tokens := xml.NewDecoder(bytes.NewReader(raw))
	for {
		t, err := tokens.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %s", ErrDamaged, name)
		}
		switch t := t.(type) {
		case xml.StartElement:
			begin(t)
		case xml.EndElement:
			end(t.Name.Local)
		case xml.CharData:
			text(t)
		}
	}
}

func ignore(string) {}
func silent([]byte) {}
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// relations are what a part points to, by id, with the last word of the kind.
type relations []struct{ id, kind, target string }

func (all relations) of(kind string) string {
	for _, r := range all {
		if r.kind == kind {
			return r.target
		}
	}
	return ""
}

func (all relations) id(id string) string {
	for _, r := range all {
		if r.id == id {
			return r.target
		}
	}
	return ""
}

// related reads the relations of a part, "" for the archive itself. A part without any has none.
func (p *pack) related(name string) (all relations, err error) {
	folder, file := path.Split(name)
	rels := path.Join(folder, "_rels", file+".rels")
	if name != "" && p.parts[clean(rels)] == nil {
		return nil, nil
	}
	err = p.walk(rels, func(e xml.StartElement) {
		if e.Name.Local != "Relationship" || attribute(e, "TargetMode") == "External" {
			return
		}
		target := attribute(e, "Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/", folder, target)
		}
		all = append(all, struct{ id, kind, target string }{attribute(e, "Id"), path.Base(attribute(e, "Type")), clean(target)})
	}, ignore, silent)
	return all, err
}

// order gives the ids of the slides' relations.
func (p *pack) order(book string) (ids []string, err error) {
	list := false
	err = p.walk(book, func(e xml.StartElement) {
		switch e.Name.Local {
		case "sldIdLst":
			list = true
		case "sldId":
			if !list {
				return
			}
			for _, a := range e.Attr { // it has an id of its own too, without a namespace
				if a.Name.Local == "id" && a.Name.Space != "" {
					ids = append(ids, a.Value)
				}
			}
		}
	}, func(name string) { list = list && name != "sldIdLst" }, silent)
	return ids, err
}

func (p *pack) hidden(slide string) (hidden bool, err error) {
	err = p.walk(slide, func(e xml.StartElement) {
		if show := attribute(e, "show"); e.Name.Local == "sld" && (show == "0" || show == "false") {
			hidden = true
		}
	}, ignore, silent)
	return hidden, err
}

// note is the text of the body placeholder of a slide's notes, a line a paragraph.
func (p *pack) note(slide string) (string, error) {
	all, err := p.related(slide)
	if err != nil {
		return "", err
	}
	page := all.of("notesSlide")
	if page == "" {
		return "", nil
	}
	var out, paragraph strings.Builder
	shape, body, run := 0, false, false
	err = p.walk(page, func(e xml.StartElement) {
		switch e.Name.Local {
		case "sp":
			shape, body = shape+1, false
		case "ph":
			body = body || shape > 0 && attribute(e, "type") == "body"
		case "t":
			run = body
		case "br":
			if body {
				paragraph.WriteByte('\n')
			}
		}
	}, func(name string) {
		switch name {
		case "sp":
			shape, body = shape-1, false
		case "t":
			run = false
		case "p":
			if body {
				out.WriteString(strings.TrimRight(paragraph.String(), " \n"))
				out.WriteByte('\n')
			}
			paragraph.Reset()
		}
	}, func(text []byte) {
		if run {
			paragraph.Write(text)
		}
	})
	return short(out.String()), err
}

func short(note string) string {
	note = strings.TrimSpace(strings.ToValidUTF8(note, ""))
	if runes := []rune(note); len(runes) > MaxNote {
		return string(runes[:MaxNote])
	}
	return note
}
