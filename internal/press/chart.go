package press

import (
	"fmt"
	"html/template"
	"strings"

	"tandem/internal/sponsor"
	"tandem/internal/sponsor/catalogue"
)

// drawing is a chart in CSS pixels, the same on screen and on paper. Alt says what it finds.
type drawing struct {
	Width, Height float64
	Alt           string
	Marks         []mark
}

// mark is a shape or a word. Fill and Stroke are names of colours: ink, ink-2, ink-3, rule, rule-2, sheet, public, private, or
// "" for none.
type mark struct {
	Shape        string // rect, circle, line or text
	X, Y         float64
	W, H         float64 // of a rect; of a line, where it ends from where it begins
	R            float64
	Fill, Stroke string
	Wide         float64 // of the stroke
	Dashed       bool
	Text         string
	Anchor       string // start, middle or end
	Bold         bool
}

// SVG is the drawing for a page. Only words come from people, and they are escaped.
func (d *drawing) SVG() template.HTML {
	var b strings.Builder
	or := func(colour string) string {
		if colour == "" {
			return "none"
		}
		return colour
	}
	fmt.Fprintf(&b, `<svg width="%.5g" height="%.5g" viewBox="0 0 %.5g %.5g" role="img" aria-label="%s">`, d.Width, d.Height, d.Width, d.Height, template.HTMLEscapeString(d.Alt))
	for _, m := range d.Marks {
		switch m.Shape {
		case "rect":
			fmt.Fprintf(&b, `<rect x="%.5g" y="%.5g" width="%.5g" height="%.5g" class="f-%s s-%s" stroke-width="%.3g"/>`, m.X, m.Y, m.W, m.H, or(m.Fill), or(m.Stroke), m.Wide)
		case "circle":
			fmt.Fprintf(&b, `<circle cx="%.5g" cy="%.5g" r="%.5g" class="f-%s s-%s" stroke-width="%.3g"/>`, m.X, m.Y, m.R, or(m.Fill), or(m.Stroke), m.Wide)
		case "line":
			dashes := ""
			if m.Dashed {
				dashes = ` stroke-dasharray="2 3"`
			}
			fmt.Fprintf(&b, `<line x1="%.5g" y1="%.5g" x2="%.5g" y2="%.5g" class="s-%s" stroke-width="%.3g"%s/>`, m.X, m.Y, m.X+m.W, m.Y+m.H, m.Stroke, m.Wide, dashes)
		default:
			weight := ""
			if m.Bold {
				weight = " b"
			}
			fmt.Fprintf(&b, `<text x="%.5g" y="%.5g" text-anchor="%s" class="f-%s%s">%s</text>`, m.X, m.Y, m.Anchor, m.Fill, weight, template.HTMLEscapeString(m.Text))
		}
	}
	b.WriteString("</svg>")
	return template.HTML(b.String())
}

func (d *drawing) rect(x, y, w, h float64, fill, stroke string) {
	d.Marks = append(d.Marks, mark{Shape: "rect", X: x, Y: y, W: w, H: h, Fill: fill, Stroke: stroke, Wide: 1})
}

func (d *drawing) circle(x, y, r float64, fill, stroke string, wide float64) {
	d.Marks = append(d.Marks, mark{Shape: "circle", X: x, Y: y, R: r, Fill: fill, Stroke: stroke, Wide: wide})
}

func (d *drawing) line(x, y, w, h float64, stroke string, wide float64) {
	d.Marks = append(d.Marks, mark{Shape: "line", X: x, Y: y, W: w, H: h, Stroke: stroke, Wide: wide})
}

func (d *drawing) text(x, y float64, anchor, fill, text string) {
	d.Marks = append(d.Marks, mark{Shape: "text", X: x, Y: y, Anchor: anchor, Fill: fill, Text: text})
}

func (d *drawing) bold(x, y float64, anchor, text string) {
	d.Marks = append(d.Marks, mark{Shape: "text", X: x, Y: y, Anchor: anchor, Fill: "ink", Text: text, Bold: true})
}

// hatch fills a box with the sign for what is not shown.
func (d *drawing) hatch(x, y, w, h float64) {
	for at := x; at+h <= x+w; at += 7 {
		d.line(at, y+h, h, -h, "rule-2", 1)
	}
}

// tally is one mark a person: squares for the public sector, rings for the private, a pivot between.
func tally(public, private int) *drawing {
	const width = 236
	step := min(6, (width-8)/float64(max(1, public+private)))
	side := step * 0.74
	d := &drawing{Width: width, Height: 12, Alt: fmt.Sprintf("%d from the public sector, %d from the private", public, private)}
	x := 0.0
	for range public {
		d.rect(x, 6-side/2, side, side, "public", "")
		x += step
	}
	d.line(x+1, 1, 0, 10, "ink", 1)
	x += 4
	for range private {
		d.circle(x+side/2, 6, side/2-0.5, "", "private", 1.3)
		x += step
	}
	return d
}

// line is the visit days in order: done, then planned.
func days(f *sponsor.Figure) *drawing {
	d := &drawing{Width: 236, Height: 52}
	rows := f.Rows()
	done := 0
	at := func(i int) float64 { return 20 + 196*float64(i)/float64(max(1, len(rows)-1)) }
	for i, row := range rows {
		held := f.Cell(row, "STATE").Value.Low > 0
		if held {
			done++
		}
		if i > 0 {
			d.line(at(i-1), 20, at(i)-at(i-1), 0, map[bool]string{true: "ink", false: "ink-3"}[held], 2.4)
			d.Marks[len(d.Marks)-1].Dashed = !held
		}
	}
	for i, row := range rows {
		c := f.Cell(row, "STATE")
		fill, stroke := "sheet", "ink-3"
		if c.Value.Low > 0 {
			fill, stroke = "ink", "ink"
		}
		d.circle(at(i), 20, 6, fill, stroke, 2)
		y := 44.0
		if len(rows) > 5 && i%2 == 1 { // room for the words
			y = 8
		}
		anchor := "middle"
		if i == 0 {
			anchor = "start"
		} else if i == len(rows)-1 {
			anchor = "end"
		}
		x := at(i)
		if anchor == "start" {
			x = 4
		} else if anchor == "end" {
			x = 236
		}
		d.text(x, y, anchor, "ink-2", strings.TrimLeft(c.Row[4:], " "))
	}
	d.Alt = fmt.Sprintf("%d of %d visit days done", done, len(rows))
	return d
}

// pairs is who travels with whom, as bars with a line at what chance gives.
func pairs(f *sponsor.Figure) *drawing {
	d := &drawing{Width: 236, Height: 92}
	most := 1.0
	for _, c := range f.Cells {
		most = max(most, c.Value.High)
	}
	var found []string
	for i, row := range f.Rows() {
		y := 14 + 24*float64(i)
		for j, sector := range []struct{ public bool }{{row != "BOTH_PRIVATE"}, {row == "BOTH_PUBLIC"}} {
			x := 6 + 34*float64(j)
			if sector.public {
				d.rect(x-4.5, y-4.5, 9, 9, "public", "")
			} else {
				d.circle(x, y, 3.7, "", "private", 1.8)
			}
		}
		d.text(23, y+4, "middle", "ink-2", "+")
		seen, chance := f.Cell(row, "SEEN"), f.Cell(row, "CHANCE")
		w := 112 * seen.Value.Low / most
		d.rect(74, y-5, w, 10, "ink-2", "")
		by := 74 + 112*chance.Value.Low/most
		d.line(by, y-9, 0, 18, "ink", 2)
		d.bold(max(by, 74+w)+7, y+4, "start", seen.Value.Text)
		found = append(found, fmt.Sprintf("%s %s, by chance %s", seen.Row, seen.Value.Text, chance.Value.Text))
	}
	d.line(84, 80, 0, 12, "ink", 2)
	d.text(92, 90, "start", "ink-2", "if mixed by chance")
	d.Alt = "Pairs who travel together: " + strings.Join(found, "; ")
	return d
}

// steps is a team's five milestones, each higher than the one before, filled where it is reached.
func steps(f *sponsor.Figure, team string) *drawing {
	d := &drawing{Width: 92, Height: 30, Alt: f.Cell(team, "MET").Value.Text + " milestones met"}
	for i, s := range sponsor.Steps {
		h := 6 + 5*float64(i)
		fill, stroke := "", "rule-2"
		if f.Cell(team, string(s)).Value.Low > 0 {
			fill, stroke = "ink", "ink"
		}
		d.rect(1+18*float64(i), 28-h, 15, h, fill, stroke)
	}
	return d
}

// names sets the rows' names at the left, on two lines where one is too short, and gives the middle of each row and the end
// of all. Rows are tall apart.
func (d *drawing) names(rows []string, top, tall float64) (middle []float64, bottom float64) {
	for _, row := range rows {
		lines := wrapped(row, 18)
		high := max(tall, 14*float64(len(lines))+6)
		y := top + high/2
		middle = append(middle, y)
		for i, line := range lines {
			d.bold(0, y+4+14*(float64(i)-float64(len(lines)-1)/2), "start", line)
		}
		top += high
	}
	return middle, top
}

// named are the rows of a figure as people read them.
func named(f *sponsor.Figure) (names []string) {
	columns := f.Columns()
	for _, row := range f.Rows() {
		names = append(names, f.Cell(row, columns[0]).Row)
	}
	return names
}

// growth is each skill's averages on one scale, with how many people it rests on.
func growth(f *sponsor.Figure) *drawing {
	const left, unit, right = 118, 42.0, 358.0
	d := &drawing{Width: right, Alt: "Self-rated levels before, looking back and now, for each skill: " + f.Value.Text + " from looking back to now"}
	at := func(level float64) float64 { return left + unit*level }
	middle, bottom := d.names(named(f), 22, 22)
	for i := range 5 {
		d.line(at(float64(i)), 20, 0, bottom-20, "rule", 1)
		d.text(at(float64(i)), 13, "middle", "ink-2", fmt.Sprint(i))
	}
	d.text(right, 13, "end", "ink-3", "people")
	for i, row := range f.Rows() {
		y, n := middle[i], f.Cell(row, "N").Value
		before, back, now := f.Cell(row, "BEFORE").Value, f.Cell(row, "LOOKING_BACK").Value, f.Cell(row, "NOW").Value
		if now.State == sponsor.NotShown {
			d.hatch(at(0), y-6, unit*4, 12)
			d.rect(at(2)-34, y-8, 68, 16, "sheet", "")
			d.text(at(2), y+4, "middle", "ink-2", now.Text)
			continue
		}
		centre := func(v sponsor.Value) float64 { return at((v.Low + v.High) / 2) }
		from, to := min(centre(before), centre(back), centre(now)), max(centre(before), centre(back), centre(now))
		d.line(from, y, to-from, 0, "ink", 1.6)
		for _, v := range []sponsor.Value{before, back, now} { // an end that is coded is as wide as what it may be
			if v.State == sponsor.Ranged {
				d.line(at(v.Low), y, at(v.High)-at(v.Low), 0, "ink-3", 5)
			}
		}
		d.line(centre(back), y-6, 0, 12, "ink", 1.6)
		d.circle(centre(before), y, 4, "sheet", "ink", 1.6)
		d.circle(centre(now), y, 4.4, "ink", "", 0)
		d.text(right, y+4, "end", "ink-2", fmt.Sprintf("%.0f to %.0f", n.Low, n.High))
	}
	y := bottom + 20
	d.circle(at(0)-8, y-4, 4, "sheet", "ink", 1.6)
	d.text(at(0)+1, y, "start", "ink-2", "before")
	d.line(at(0)+54, y-10, 0, 12, "ink", 1.6)
	d.text(at(0)+60, y, "start", "ink-2", "looking back")
	d.circle(at(0)+148, y-4, 4.4, "ink", "", 0)
	d.text(at(0)+157, y, "start", "ink-2", "now")
	d.Height = y + 6
	return d
}

// wrapped is text in lines of so many letters at most, where words allow.
func wrapped(text string, most int) (lines []string) {
	for _, word := range strings.Fields(text) {
		if n := len(lines); n > 0 && len([]rune(lines[n-1]))+1+len([]rune(word)) <= most {
			lines[n-1] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}

// shares is a count for each skill as a bar from the least to the most that it may be, of all.
func shares(f *sponsor.Figure) *drawing {
	const left, wide, right = 118.0, 130.0, 358.0
	d := &drawing{Width: right, Alt: f.Label + ", for each skill: " + f.Value.Text}
	middle, bottom := d.names(named(f), 2, 20)
	for i, row := range f.Rows() {
		y, v := middle[i], f.Cell(row, catalogue.All).Value
		d.text(right, y+4, "end", "ink-2", v.Text)
		if v.State == sponsor.NotShown || v.N == nil {
			d.hatch(left, y-5, wide, 10)
			continue
		}
		per := wide / float64(*v.N)
		d.line(left, y, wide, 0, "rule-2", 1)
		d.rect(left+per*v.Low, y-4, max(2, per*(v.High-v.Low)), 8, "ink-2", "")
	}
	d.Height = bottom + 4
	return d
}
