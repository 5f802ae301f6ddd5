package pitch

import "strings"

// Cut is something to leave out: a sentence, or several that follow one another.
type Cut struct {
	Section Section
	Text    string
	Words   int
	// Saves is what it saves on the day in the mean, in milliseconds.
	Saves int
	// OverrunAfter is the chance to exceed the slot with this and the cuts before it.
	OverrunAfter float64
}

// cut finds the fewest words to leave out so that Overrun falls under Bearable: for each number of words the sentences of that many
// which save most time in the mean, of those the fewest (a knapsack, solved exactly), and of these sets the first that does. A section keeps
// its first sentence. False where all that may go would not do.
func (f Forecast) cut(sections []Section) ([]Cut, bool) {
	type item struct {
		section, place, words int
		saves                 float64
	}
	var items []item
	pace := make([]float64, len(sections)) // of the day, in milliseconds a word, in the mean
	most := 0
	for s, section := range sections {
		n := section.Words()
		if n == 0 {
			continue
		}
		for _, d := range f.days {
			pace[s] += d.said[s] / float64(n) / float64(len(f.days))
		}
		for i, sentence := range section.Script {
			if i > 0 && sentence.Words > 0 {
				items = append(items, item{s, i, sentence.Words, pace[s] * float64(sentence.Words)})
				most += sentence.Words
			}
		}
	}
	// Saved by words, and in how many sentences; a little is taken off for each, so that of equal sets the one of fewer wins.
	const each = 1e-6
	best := make([]float64, most+1)
	taken := make([][]bool, len(items))
	for w := 1; w <= most; w++ {
		best[w] = -1
	}
	for k, it := range items {
		taken[k] = make([]bool, most+1)
		for w := most; w >= it.words; w-- {
			if before := best[w-it.words]; before >= 0 && before+it.saves-each > best[w] {
				best[w], taken[k][w] = before+it.saves-each, true
			}
		}
	}
	for w := 1; w <= most; w++ {
		if best[w] < 0 {
			continue
		}
		gone := make([][]bool, len(sections))
		for s := range sections {
			gone[s] = make([]bool, len(sections[s].Script))
		}
		for k, left := len(items)-1, w; k >= 0; k-- {
			if taken[k][left] {
				gone[items[k].section][items[k].place] = true
				left -= items[k].words
			}
		}
		if f.without(sections, gone) < Bearable {
			return f.list(sections, gone, pace), true
		}
	}
	return nil, false
}

// without is the chance to exceed the slot without these sentences.
func (f Forecast) without(sections []Section, gone [][]bool) float64 {
	share := make([]float64, len(sections))
	for s, section := range sections {
		for i, sentence := range section.Script {
			if gone[s][i] {
				share[s] += float64(sentence.Words) / float64(section.Words())
			}
		}
	}
	over := 0
	for _, d := range f.days {
		total := d.total
		for s, part := range share {
			total -= part * d.said[s]
		}
		if total > float64(f.slot) {
			over++
		}
	}
	return float64(over) / float64(len(f.days))
}

// list names the cuts, those that follow one another as one.
func (f Forecast) list(sections []Section, gone [][]bool, pace []float64) (cuts []Cut) {
	so := make([][]bool, len(sections))
	for s, section := range sections {
		so[s] = make([]bool, len(section.Script))
	}
	for s, section := range sections {
		for i := 0; i < len(section.Script); i++ {
			if !gone[s][i] {
				continue
			}
			c := Cut{Section: section}
			var texts []string
			for ; i < len(section.Script) && gone[s][i]; i++ {
				so[s][i] = true
				texts = append(texts, section.Script[i].Text)
				c.Words += section.Script[i].Words
			}
			c.Text, c.Saves = strings.Join(texts, " "), int(pace[s]*float64(c.Words)+0.5)
			c.OverrunAfter = f.without(sections, so)
			cuts = append(cuts, c)
		}
	}
	return cuts
}
