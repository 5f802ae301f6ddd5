package press

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"

	"codeberg.org/go-pdf/fpdf"

	"tandem/internal/sponsor"
)

// style is how words look; sizes are in CSS pixels, as on the page.
type style struct {
	font       string
	size, line float64
	colour     string
}

var (
	display  = style{"newsreader-display", 42, 44, "ink"}
	standing = style{"newsreader-text", 20, 28, "ink-2"}
	heading  = style{"newsreader-head", 19, 24, "ink"}
	large    = style{"newsreader-display", 32, 36, "ink"}
	small    = style{"archivo-regular", 13, 18, "ink"}
	strong   = style{"archivo-semibold", 13, 18, "ink"}
	caption  = style{"archivo-regular", 12, 16, "ink-3"}
	label    = style{"archivo-regular", 12, 16, "ink"}
	mention  = style{"archivo-semibold", 12, 16, "ink"}
	agate    = style{"archivo-regular", 10.6, 13.4, "ink"}
	agateHot = style{"archivo-semibold", 10.6, 13.4, "ink"}
	agateDim = style{"archivo-regular", 10, 13.4, "ink-3"}
)

// paper is the light theme's colours.
var colours = map[string][3]int{
	"ink": {0x14, 0x18, 0x1b}, "ink-2": {0x3f, 0x46, 0x4b}, "ink-3": {0x59, 0x60, 0x67}, "rule": {0xd3, 0xd6, 0xd1}, "rule-2": {0xa9, 0xaf, 0xa9},
	"sheet": {0xff, 0xff, 0xff}, "public": {0x23, 0x47, 0xb5}, "private": {0xcf, 0x5f, 0x08},
}

// fonts are read once.
var fonts = sync.OnceValue(func() map[string][]byte {
	all := map[string][]byte{}
	for _, name := range []string{"newsreader-display", "newsreader-text", "newsreader-head", "archivo-regular", "archivo-semibold"} {
		ttf, err := fs.ReadFile(files, "fonts/"+name+".ttf")
		if err != nil {
			panic(err) // embedded
		}
		all[name] = ttf
	}
	return all
})

// The sheet's measures: A4 in points, and a point for each pixel of a page 772 wide.
const (
	paperWide, paperHigh = 595.28, 841.89
	across, down         = 39.6, 28.0
	wide                 = 772.0
	scale                = (paperWide - 2*across) / wide
	high                 = (paperHigh - 2*down) / scale
)

// paper draws on A4 sheets in the pixels of the page, and notes for each mark what it is.
type paper struct {
	f     *fpdf.Fpdf
	dense float64 // what words and gaps are taken times
	root  *tag
	open  []*tag
	marks []int // on each page
}

// tag is an element of the structure that a screen reader follows.
type tag struct {
	kind, alt, scope string
	kids             []*tag
	marks            []place
}

// place is a marked stretch of a page, both counted from 0.
type place struct{ page, mark int }

func newPaper(b sponsor.Brief, title string, dense float64) *paper {
	f := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: paperWide, Ht: paperHigh}})
	f.SetAutoPageBreak(false, 0)
	f.SetTitle(title, true)
	f.SetCreationDate(b.FrozenAt)
	f.SetModificationDate(b.FrozenAt)
	for _, name := range []string{"newsreader-display", "newsreader-text", "newsreader-head", "archivo-regular", "archivo-semibold"} {
		f.AddUTF8FontFromBytes(name, "", bytes.Clone(fonts()[name]))
	}
	p := &paper{f: f, dense: dense, root: &tag{kind: "Document"}}
	p.open = []*tag{p.root}
	p.page()
	return p
}

func (p *paper) page() {
	p.f.AddPage()
	p.marks = append(p.marks, 0)
}

// within draws what belongs to a new element; Alt and scope may be "".
func (p *paper) within(kind, alt, scope string, draw func()) {
	t := &tag{kind: kind, alt: alt, scope: scope}
	last := p.open[len(p.open)-1]
	last.kids = append(last.kids, t)
	p.open = append(p.open, t)
	draw()
	p.open = p.open[:len(p.open)-1]
}

// mark draws content of the element that is open.
func (p *paper) mark(draw func()) {
	t, page := p.open[len(p.open)-1], len(p.marks)-1
	t.marks = append(t.marks, place{page, p.marks[page]})
	p.f.RawWriteStr(fmt.Sprintf("/%s <</MCID %d>> BDC", t.kind, p.marks[page]))
	p.marks[page]++
	draw()
	p.f.RawWriteStr("EMC")
}

// decoration draws what no reader needs to hear of.
func (p *paper) decoration(draw func()) {
	p.f.RawWriteStr("/Artifact BMC")
	draw()
	p.f.RawWriteStr("EMC")
}

func at(x float64) float64 { return across + x*scale }
func to(y float64) float64 { return down + y*scale }

func (p *paper) use(s style) {
	p.f.SetFont(s.font, "", s.size*p.dense*scale)
	c := colours[s.colour]
	p.f.SetTextColor(c[0], c[1], c[2])
}

func (p *paper) width(text string, s style) float64 {
	p.use(s)
	return p.f.GetStringWidth(text) / scale
}

func (p *paper) rule(x, y, w float64, colour string, thick float64) {
	p.decoration(func() { p.stroke(x, y, x+w, y, colour, thick) })
}

func (p *paper) stroke(x, y, x2, y2 float64, colour string, thick float64) {
	c := colours[colour]
	p.f.SetDrawColor(c[0], c[1], c[2])
	p.f.SetLineWidth(thick * scale)
	p.f.Line(at(x), to(y), at(x2), to(y2))
}

// hatch is what a value stands on that is not shown.
func (p *paper) hatch(x, y, w, h float64) {
	p.decoration(func() {
		for i := x; i+h*0.6 <= x+w; i += 5 {
			p.stroke(i, y+h, i+h*0.6, y, "rule-2", 0.7)
		}
		p.f.SetFillColor(255, 255, 255)
		p.f.Rect(at(x+7), to(y), (w-14)*scale, h*scale, "F")
	})
}

// piece is a word of prose with what comes before it.
type piece struct {
	text    string
	space   bool
	receipt bool
	hatched bool
	w       float64
}

func (p *paper) pieces(runs prose, s style) (all []piece) {
	for _, r := range runs {
		words := strings.Split(r.Text, " ")
		if r.Hatched {
			words = []string{r.Text}
		}
		for i, word := range words {
			if word == "" && i < len(words)-1 {
				if len(all) > 0 && i > 0 {
					all[len(all)-1].space = true
				}
				continue
			}
			space := i > 0 || strings.HasPrefix(r.Text, " ")
			if word != "" {
				q := piece{text: word, space: space, hatched: r.Hatched, w: p.width(word, s)}
				if r.Hatched {
					q.w += 22
				}
				all = append(all, q)
			}
		}
		if r.Receipt > 0 {
			n := fmt.Sprint(r.Receipt)
			all = append(all, piece{text: n, receipt: true, w: p.width(n, p.raised(s)) + 8})
		}
		if strings.HasSuffix(r.Text, " ") {
			all = append(all, piece{space: true})
		}
	}
	return all
}

// raised is the style of a receipt's number beside s.
func (p *paper) raised(s style) style {
	return style{"archivo-semibold", min(11, s.size*0.8), 0, "ink-2"}
}

// words sets prose in lines no wider than w from the top y, as content of the open element, and gives where it ends.
func (p *paper) words(x, y, w float64, s style, runs ...run) float64 {
	type line struct {
		from, to int
	}
	all := p.pieces(runs, s)
	gap := p.width(" ", s)
	var lines []line
	used := 0.0
	for i, q := range all {
		space := 0.0
		if q.space {
			space = gap
		}
		if len(lines) == 0 || used+space+q.w > w && q.text != "" && !q.receipt && used > 0 {
			lines = append(lines, line{i, i})
			used = 0
		}
		if used > 0 {
			used += space
		}
		used += q.w
		lines[len(lines)-1].to = i + 1
	}
	high := s.line * p.dense
	for n, l := range lines {
		base := y + float64(n)*high + high/2 + s.size*p.dense*0.34
		cx := x
		for i := l.from; i < l.to; i++ { // what lies beneath
			q := all[i]
			if q.space && i > l.from {
				cx += gap
			}
			if q.hatched {
				p.hatch(cx, base-s.size*p.dense*0.8, q.w, s.size*p.dense)
			}
			cx += q.w
		}
		p.mark(func() {
			cx := x
			text, from := "", x
			flush := func() {
				if text != "" {
					p.use(s)
					p.f.Text(at(from), to(base), text)
				}
				text = ""
			}
			for i := l.from; i < l.to; i++ {
				q := all[i]
				if q.space && i > l.from {
					cx += gap
					if text != "" || i > l.from {
						if text == "" {
							from = cx - gap
						}
						text += " "
					}
				}
				switch {
				case q.receipt:
					flush()
					up := s.size * 0.3 * p.dense
					p.use(p.raised(s))
					p.f.Text(at(cx+3), to(base-up), " "+q.text)
				case q.hatched:
					flush()
					p.use(s)
					p.f.Text(at(cx+11), to(base), q.text)
				case q.text != "":
					if text == "" {
						from = cx
					}
					text += q.text
				}
				cx += q.w
			}
			flush()
		})
	}
	return y + float64(len(lines))*high
}

// balanced is the least width, from half of w, in which text takes no more lines than in w.
func (p *paper) balanced(w float64, s style, text string) float64 {
	lines := func(w float64) int {
		n, used := 1, 0.0
		for i, word := range strings.Fields(text) {
			if i > 0 {
				word = " " + word
			}
			if next := p.width(word, s); used+next > w && used > 0 {
				n, used = n+1, next
			} else {
				used += next
			}
		}
		return n
	}
	least := w
	for try := w; try > w/2; try -= 10 {
		if lines(try) > lines(w) {
			break
		}
		least = try
	}
	return least + 10
}

// put sets one line that ends at x.
func (p *paper) put(x, y float64, s style, r run) {
	w := p.width(r.Text, s)
	if r.Hatched {
		p.words(x-w-22, y, w+40, s, r)
		return
	}
	p.words(x-w-0.01, y, w+20, s, run{Text: r.Text})
}

// draw sets a chart with its top left at x, y, as large as k times its pixels.
func (p *paper) draw(x, y, k float64, d *drawing) {
	p.within("Figure", d.Alt, "", func() {
		p.mark(func() {
			for _, m := range d.Marks {
				if m.Stroke != "" {
					c := colours[m.Stroke]
					p.f.SetDrawColor(c[0], c[1], c[2])
					p.f.SetLineWidth(m.Wide * k * scale)
				}
				how := ""
				if m.Fill != "" && m.Shape != "text" {
					c := colours[m.Fill]
					p.f.SetFillColor(c[0], c[1], c[2])
					how += "F"
				}
				if m.Stroke != "" {
					how += "D"
				}
				mx, my := at(x+m.X*k), to(y+m.Y*k)
				switch m.Shape {
				case "rect":
					p.f.Rect(mx, my, m.W*k*scale, m.H*k*scale, how)
				case "circle":
					p.f.Circle(mx, my, m.R*k*scale, how)
				case "line":
					if m.Dashed {
						p.f.SetDashPattern([]float64{2 * k * scale, 3 * k * scale}, 0)
					}
					p.f.Line(mx, my, at(x+(m.X+m.W)*k), to(y+(m.Y+m.H)*k))
					if m.Dashed {
						p.f.SetDashPattern(nil, 0)
					}
				case "text":
					s := style{"archivo-regular", 12 * k / p.dense, 0, m.Fill}
					if m.Bold {
						s.font = "archivo-semibold"
					}
					w := p.width(m.Text, s) * scale
					switch m.Anchor {
					case "middle":
						mx -= w / 2
					case "end":
						mx -= w
					}
					p.use(s)
					p.f.Text(mx, my, m.Text)
				}
			}
		})
	})
}

// densities are how closely words may be set, the airiest that fits first.
var densities = []float64{1, 0.94, 0.88, 0.82, 0.76, 0.7}

// PDF writes a brief as a tagged PDF: one sheet, then the data on another, or on more where it is long. It says its title and language, and its fonts are in it.
func PDF(w io.Writer, b sponsor.Brief) error {
	s := lay(b)
	airy := 0
	for ; airy < len(densities)-1 && newPaper(b, s.Title, densities[airy]).front(s) > high; airy++ {
	}
	var p *paper
	for _, dense := range densities[:4] {
		p = newPaper(b, s.Title, densities[airy])
		p.front(s)
		p.page()
		p.data(s, dense)
		if len(p.marks) == 2 {
			break
		}
	}
	var plain bytes.Buffer
	if err := p.f.Output(&plain); err != nil {
		return fmt.Errorf("set the PDF: %w", err)
	}
	return tagged(w, plain.Bytes(), p.root, len(p.marks), s.Title)
}

// head sets a section's rule and heading, and gives where its content begins.
func (p *paper) head(x, y, w float64, title string, receipt int) float64 {
	y += 20 * p.dense
	p.rule(x, y, w, "ink", 1)
	p.within("H2", "", "", func() { y = p.words(x, y+6*p.dense, w, heading, run{Text: title, Receipt: receipt}) })
	return y + 4*p.dense
}

func (p *paper) para(x, y, w float64, s style, runs ...run) float64 {
	if len(runs) == 0 {
		return y
	}
	p.within("P", "", "", func() { y = p.words(x, y, w, s, runs...) })
	return y
}

func (p *paper) panel(x, y, w float64, n panel) float64 {
	y = p.head(x, y, w, n.Title, 0)
	if n.Big.Text != "" {
		y = p.para(x, y, w, large, n.Big) + 4*p.dense
	}
	y = p.para(x, y, w, small, n.Under...)
	if n.Chart != nil {
		k := min(1, w/n.Chart.Width)
		p.draw(x, y+6, k, n.Chart)
		y += n.Chart.Height*k + 12
	}
	return p.para(x, y, w, small, n.Caption...)
}

// front sets the sheet that is read, and gives how far down it goes.
func (p *paper) front(s *sheet) float64 {
	name := s.Programme
	if s.Cohort != s.Programme {
		name += ", " + s.Cohort
	}
	p.decoration(func() {
		for _, m := range []mark{{Shape: "rect"}, {Shape: "line"}, {Shape: "circle"}} {
			c := colours["public"]
			switch m.Shape {
			case "rect":
				p.f.SetFillColor(c[0], c[1], c[2])
				p.f.Rect(at(0), to(3), 12*scale, 12*scale, "F")
			case "line":
				p.stroke(12, 9, 18, 9, "ink", 1.5)
			default:
				c = colours["private"]
				p.f.SetDrawColor(c[0], c[1], c[2])
				p.f.SetLineWidth(2.2 * scale)
				p.f.Circle(at(23), to(9), 5*scale, "D")
			}
		}
	})
	title := style{"archivo-semibold", 15, 20, "ink"}
	p.within("P", "", "", func() { p.words(38, 0, 380, title, say(name)) })
	p.within("P", "", "", func() {
		p.put(wide, 1, small, say(s.Edition+" · as of "+s.AsOf.Time().Format("Mon 2 Jan 2006")))
	})
	p.rule(0, 26, wide, "ink", 2)
	y := 26 + 16*p.dense
	headline := s.Headline
	if headline == "" {
		headline = "No headline has been written yet"
	}
	p.within("H1", "", "", func() { y = p.words(0, y, p.balanced(700, display, headline), display, say(headline)) })
	y = p.para(0, y+8*p.dense, 680, standing, sayIf(s.Summary)...)
	if s.Goal != "" {
		y += 16 * p.dense
		p.rule(0, y, wide, "rule-2", 1)
		top := y + 8*p.dense
		left := p.para(0, top, 200, caption, say("Confidence that "+s.Goal))
		left = p.para(0, left, 200, large, say(s.Level))
		right := p.para(220, top+6*p.dense, wide-220, small, say(fmt.Sprintf("%s means: %s. %s", s.Level, s.Words.Rating.Level.Definition(), s.Because)))
		y = max(left, right) + 8*p.dense
		p.rule(0, y, wide, "rule-2", 1)
	}
	const third = (wide - 2*32) / 3
	bottom := y
	for i, n := range s.Panels {
		bottom = max(bottom, p.panel(float64(i)*(third+32), y, third, n))
	}
	y = p.teams(s, bottom)
	const half = (wide - 32) / 2
	if s.Skills == nil {
		y = p.head(0, y, wide, "What people can do now", 0)
		y = p.para(0, y, wide, small, say("Not yet: people rate themselves looking back and now at the end, and it is counted once, when those ratings close."))
	} else {
		y = p.head(0, y, wide, "What people can do now", s.Skills.Receipt)
		k := p.dense
		left := p.para(0, y, half, caption, say(s.Skills.Caption)) + 6
		p.draw(0, left, k, s.Skills.Growth)
		bottom = left + s.Skills.Growth.Height*k
		if s.Skills.Level != nil {
			right := y
			p.within("H3", "", "", func() {
				right = p.words(half+32, y, half, strong, run{Text: "At level 3 or above now", Receipt: s.Skills.LevelReceipt})
			})
			right = p.para(half+32, right, half, caption, say("Practitioner or expert, by their own rating: at least and at most so many")) + 6
			p.draw(half+32, right, k, s.Skills.Level)
			bottom = max(bottom, right+s.Skills.Level.Height*k)
		}
		y = bottom
	}
	left := p.head(0, y, half, "What went badly", 0)
	if len(s.WentBadly) == 0 {
		left = p.para(0, left, half, small, say("Nothing was reported."))
	}
	for _, text := range s.WentBadly {
		left = p.para(0, left, half, small, say(text)) + 6*p.dense
	}
	right := p.head(half+32, y, half, "What it takes", 0)
	if len(s.Heads) == 0 {
		right = p.para(half+32, right, half, small, say("No plan has been released, so that nothing can be costed yet."))
	}
	bottom = right
	for i, n := range s.Heads {
		x := half + 32 + float64(i)*(half+20)/2
		under := p.para(x, right, (half-20)/2, large, n.Big)
		bottom = max(bottom, p.para(x, under, (half-20)/2, caption, n.Caption...))
	}
	y = max(left, bottom)
	for i, n := range s.After {
		bottom = max(bottom, p.panel(float64(i%2)*(half+32), y, half, n))
	}
	y = max(y, bottom)
	if len(s.Decisions) > 0 {
		y = p.head(0, y, wide, "Decisions we ask of you", 0)
		p.within("Table", "", "", func() {
			for _, d := range s.Decisions {
				p.rule(0, y, wide, "rule", 1)
				p.within("TR", "", "", func() {
					next := y
					p.within("TH", "", "Row", func() { next = p.words(0, y+4, wide-140, small, say(d.Text)) + 4 })
					p.within("TD", "", "", func() { p.put(wide, y+4, strong, say("by "+d.By.String())) })
					y = next
				})
			}
		})
	}
	return y
}

func sayIf(text string) prose {
	if text == "" {
		return nil
	}
	return prose{say(text)}
}

func (p *paper) teams(s *sheet, y float64) float64 {
	y = p.head(0, y, wide, s.TeamsTitle, 0)
	across := min(8, max(1, len(s.Teams)))
	w := (wide - 14*float64(across-1)) / float64(across)
	for i := 0; i < len(s.Teams); i += across {
		row := s.Teams[i:min(len(s.Teams), i+across)]
		top := y
		names := make([]float64, len(row))
		for j, t := range row { // as high as the longest name
			x := float64(j) * (w + 14)
			p.within("H3", "", "", func() { names[j] = p.words(x, top, w, strong, say(t.Name)) })
			names[j] = p.para(x, names[j], w, style{"archivo-regular", 12, 16, "ink-2"}, sayIf(t.Challenge)...)
			y = max(y, names[j])
		}
		for j, t := range row {
			x := float64(j) * (w + 14)
			k := min(p.dense, w/t.Steps.Width)
			p.draw(x, y+4, k, t.Steps)
			if t.Insights.Text != "" {
				p.para(x, y+4+t.Steps.Height*k+2, w+14, caption, t.Insights)
			}
		}
		y += 4 + 30*p.dense + 2 + 16*p.dense
	}
	return p.para(0, y+4*p.dense, wide, caption, s.TeamsFoot...)
}

// data sets the receipts and the charts as tables, on as many sheets as they need.
func (p *paper) data(s *sheet, dense float64) {
	p.dense = dense
	y := 0.0
	for _, t := range []grid{s.Changes, s.Beside} {
		if len(t.Rows) > 0 {
			y = p.head(0, y-14, wide, t.Caption, 0)
			y = p.table(0, y, wide, t, false)
		}
	}
	y = p.head(0, y-14, wide, "Receipts", 0)
	frozen := fmt.Sprintf("Every figure can be recomputed from data version %d, frozen %s", s.DataVersion, s.FrozenAt.Format("2 Jan 2006, 15:04"))
	if s.Checked != nil {
		frozen += "; last recomputed " + s.Checked.Format("2 Jan 2006, 15:04")
	}
	y = p.para(0, y, wide, agateDim, say(frozen+"."))
	y = p.table(0, y, wide, s.Receipts, false)
	y = p.head(0, y-10, wide, "The charts as tables", 0)
	const half = (wide - 32) / 2
	column := [2]float64{y, y}
	for _, t := range s.Tables {
		need := agate.line * p.dense * float64(len(t.Rows)+3)
		side := 0
		if !t.Wide && column[1] < column[0]-1 {
			side = 1
		}
		top := column[side]
		if t.Wide {
			top = max(column[0], column[1])
		}
		if top+need > high {
			if side == 0 && !t.Wide && column[1]+need <= high {
				side, top = 1, column[1]
			} else {
				p.page()
				column, top, side = [2]float64{}, 0, 0
			}
		}
		if t.Wide {
			end := p.table(0, top, wide, t, true)
			column = [2]float64{end, end}
			continue
		}
		column[side] = p.table(float64(side)*(half+32), top, half, t, true)
	}
	y = max(column[0], column[1]) + 8
	for _, text := range s.Foot {
		if y+3*agate.line*p.dense > high {
			p.page()
			y = 0
		}
		y = p.para(0, y, wide, agateDim, say(text)) + 3
	}
}

// table sets a table with its caption, where titled, and gives where it ends.
func (p *paper) table(x, y, w float64, t grid, titled bool) float64 {
	columns := len(t.Heads)
	widths := make([]float64, columns)
	for c := 1; c < columns; c++ {
		widths[c] = p.width(t.Heads[c], agateDim)
		for _, row := range t.Rows {
			if c < len(row) {
				widths[c] = max(widths[c], p.width(row[c].Text, agate)+map[bool]float64{true: 22}[row[c].Hatched])
			}
		}
		widths[c] += 12
		widths[c] = min(widths[c], w/2)
	}
	first := w
	for _, c := range widths {
		first -= c
	}
	if first > 260 && columns > 1 { // a table no wider than its words want
		for c := range widths {
			if c > 0 {
				widths[c] += (first - 260) / float64(columns-1) * 0.5
			}
		}
	}
	first = w
	for _, c := range widths {
		first -= c
	}
	widths[0] = max(first, 40)
	p.within("Table", "", "", func() {
		if titled {
			y += 6
			p.within("Caption", "", "", func() { y = p.words(x, y, w, agateHot, say(fmt.Sprintf("%d  %s", t.Number, t.Caption))) })
		}
		p.within("TR", "", "", func() {
			right := x
			for c, head := range t.Heads {
				right += widths[c]
				if head == "" {
					p.within("TD", "", "", func() {})
					continue
				}
				p.within("TH", "", "Column", func() {
					if c == 0 {
						p.words(x, y, widths[0], agateDim, say(head))
					} else {
						p.put(right, y, agateDim, say(head))
					}
				})
			}
		})
		y += agate.line * p.dense
		for _, row := range t.Rows {
			p.rule(x, y, w, "rule", 0.7)
			p.within("TR", "", "", func() {
				right, next := x, y
				for c, r := range row {
					right += widths[c]
					kind, scope := "TD", ""
					if c == 0 {
						kind, scope = "TH", "Row"
					}
					p.within(kind, "", scope, func() {
						switch {
						case c == 0 && r.Receipt > 0:
							next = max(next, p.words(x, y, widths[0]-6, agate, say(fmt.Sprintf("%d  %s", r.Receipt, r.Text))))
						case c == 0:
							next = max(next, p.words(x, y, widths[0]-6, agate, r))
						case p.width(r.Text, agate) > widths[c]:
							next = max(next, p.words(right-widths[c]+8, y, widths[c]-8, agate, r))
						case r.Text != "":
							p.put(right, y, agate, r)
						}
					})
				}
				y = max(next, y+agate.line*p.dense)
			})
		}
	})
	return y
}
