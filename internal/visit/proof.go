package visit

import (
	"slices"
)

// Certificate proves Result.Bound beyond what counting proves: for each level that it speaks of, a tree whose leaves
// together cover every plan, and prices at each leaf from which the bound follows in whole numbers.
type Certificate struct {
	Levels []LevelProof `json:"levels"`
}

// LevelProof is the proof of one level, of plans that equal the score on the levels before.
type LevelProof struct {
	Level Level      `json:"level"`
	Tree  *ProofNode `json:"tree"`
}

// ProofNode is a branch with both its sides, or a leaf with prices.
type ProofNode struct {
	Branch *Branch    `json:"branch,omitempty"`
	Yes    *ProofNode `json:"yes,omitempty"`
	No     *ProofNode `json:"no,omitempty"`
	Prices *Prices    `json:"prices,omitempty"`
}

// Branch divides all plans in two: those that have something in a fortnight, and those that have not.
type Branch struct {
	Kind BranchKind `json:"kind"`
	// Fortnight is the block of days spoken of: a fortnight, or where the problem asks for days between a day.
	Fortnight int `json:"fortnight"`
	// Day is the visit day, for DAY; Offer the entry of offers held, for OFFER and SEAT; Person its visitor, for SEAT, or
	// the visitor of any, for PLACE.
	Day    int `json:"day,omitempty"`
	Offer  int `json:"offer,omitempty"`
	Person int `json:"person,omitempty"`
}

// BranchKind is a kind of branch.
type BranchKind string

// The kinds: the fortnight's visit day is this one; this entry is held in it; this person sees it there; this person has
// a place in it, whichever.
const (
	BranchDay   BranchKind = "DAY"
	BranchOffer BranchKind = "OFFER"
	BranchSeat  BranchKind = "SEAT"
	BranchPlace BranchKind = "PLACE"
)

// noPlan stands for the cost of a day plan where there is none.
const noPlan = int64(1) << 52

// constant is what the prices prove of a level apart from the fortnights' part, in 1/unit. A price on a figure counts
// where its level is settled before this one.
func (pr *pricer) constant(level Level, s Score, p *Prices, f forced) (total int64) {
	m := pr.m
	for _, v := range p.Offers {
		total -= v
	}
	open, square := int64(0), int64(0)
	switch {
	case level == LevelUncovered:
		open = unit
	case m.order.before(LevelUncovered, level):
		open = p.Uncovered
		total -= p.Uncovered * int64(s.Uncovered)
	}
	k := 0
	for team, themes := range m.problem.TeamThemes {
		for _, theme := range themes {
			v := p.Themes[k]
			if k++; team != f.team || theme != f.theme {
				v = min(v, open)
			}
			total += v
		}
	}
	switch {
	case level == LevelSquaredShortfall:
		square = unit
	case m.order.before(LevelSquaredShortfall, level):
		square = p.Squares
		total -= p.Squares * int64(s.SquaredShortfall)
	}
	if m.order.before(LevelMinutes, level) {
		total -= p.Minutes * int64(s.Minutes)
	}
	if m.order.before(LevelGrams, level) {
		total -= perGram(s.Grams, p.Grams)
	}
	for i, v := range p.People {
		short := make([]int64, m.attain[i]+1)
		for k := range short {
			if short[k] = noPlan; k <= m.lackMost(level, s, i) {
				short[k] = square * int64(k*k)
			}
			if level == LevelMaxShortfall {
				short[k] += unit * int64(max(0, k-s.MaxShortfall+1))
			}
		}
		least := noPlan
		if pr.valued[i] {
			least = pr.visits(i, v, short)
		} else {
			for k, c := range short {
				least = min(least, c+v*int64(len(short)-1-k))
			}
		}
		if total += least; least == noPlan {
			return noPlan
		}
	}
	return total
}

// lackMost is the largest shortfall that a person may have at a level.
func (m *model) lackMost(level Level, s Score, person int) int {
	if m.order.before(LevelMaxShortfall, level) {
		return min(int(m.attain[person]), s.MaxShortfall)
	}
	return int(m.attain[person])
}

// perGram is what so many grams cost at a price for 1,024 of them, rounded up.
func perGram(grams int, price int64) int64 { return (int64(grams)*price + 1023) >> 10 }

// leaf evaluates prices under splits, in 1/unit.
func (pr *pricer) leaf(level Level, s Score, p *Prices, f forced, splits [][]split) int64 {
	m := pr.m
	pr.set(level, p)
	least, required := make([]int64, m.fortnights), pr.requirements(splits)
	for i := range least {
		limit := int64(0)
		if required[i] {
			limit = noPlan
		} else if m.ruledOut(i, required) {
			continue
		}
		if least[i] = pr.fortnight(i, splits[i], limit, nil); least[i] >= noPlan {
			return noPlan
		}
	}
	return min(noPlan, pr.constant(level, s, p, f)+m.together(least, required))
}

// tree gives the least of a tree's leaves, in 1/unit.
func (pr *pricer) tree(level Level, s Score, n *ProofNode, splits [][]split) int64 {
	if n.Branch == nil {
		return pr.leaf(level, s, n.Prices, unforced, splits)
	}
	f := n.Branch.Fortnight
	before := splits[f]
	splits[f] = append(slices.Clone(before), split{*n.Branch, true})
	yes := pr.tree(level, s, n.Yes, splits)
	splits[f] = append(slices.Clone(before), split{*n.Branch, false})
	no := pr.tree(level, s, n.No, splits)
	splits[f] = before
	return min(yes, no)
}

// whole rounds a figure in 1/unit up: figures of plans are whole.
func whole(v int64) int { return int(-(-v >> 16)) }

// proves raises a bound by what a tree proves of plans that equal the score on the levels before.
func (bound *Score) proves(level Level, s Score, v int64) {
	n := whole(v)
	switch level {
	case LevelUncovered:
		bound.Uncovered = max(bound.Uncovered, min(n, s.Uncovered))
	case LevelMaxShortfall:
		if n >= 1 {
			bound.MaxShortfall = s.MaxShortfall
		}
	case LevelSquaredShortfall:
		bound.SquaredShortfall = max(bound.SquaredShortfall, min(n, s.SquaredShortfall))
	case LevelMinutes:
		bound.Minutes = max(bound.Minutes, min(n, s.Minutes))
	case LevelGrams:
		bound.Grams = max(bound.Grams, min(n, s.Grams))
	}
}
