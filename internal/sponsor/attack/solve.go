package attack

import "math/bits"

// far is further than any count.
const far = 1 << 20

// patience is how many choices a search may make for one question.
const patience = 20_000

// system is whole numbers, each from lo to hi, and sums of them that lie between bounds.
type system struct {
	lo, hi  []int
	sums    []sum
	in      [][]int // the sums that each number is in
	waiting []bool  // the sums that narrow has yet to look at
	queue   []int
}

type sum struct {
	terms  []term
	lo, hi int
}

type term struct{ factor, x int }

func (s *system) number(lo, hi int) int {
	s.lo, s.hi, s.in = append(s.lo, lo), append(s.hi, hi), append(s.in, nil)
	return len(s.lo) - 1
}

func (s *system) hold(lo, hi int, terms ...term) {
	for _, t := range terms {
		s.in[t.x] = append(s.in[t.x], len(s.sums))
	}
	s.sums = append(s.sums, sum{terms, lo, hi})
}

// box is how far each number can be, as far as known.
type box struct{ lo, hi []int }

func (b box) clone() box {
	n := len(b.lo)
	both := make([]int, 2*n)
	copy(both, b.lo)
	copy(both[n:], b.hi)
	return box{both[:n], both[n:]}
}

// narrow draws bounds from the sums that are touched, until nothing follows; false where a number has no value left.
func (s *system) narrow(b box, touched []int) bool {
	if len(s.waiting) < len(s.sums) {
		s.waiting = make([]bool, len(s.sums))
	}
	clear(s.waiting)
	s.queue = append(s.queue[:0], touched...)
	for _, c := range touched {
		s.waiting[c] = true
	}
	for at := 0; at < len(s.queue); at++ {
		c := s.queue[at]
		s.waiting[c] = false
		least, most := 0, 0
		for _, t := range s.sums[c].terms {
			if t.factor > 0 {
				least, most = least+b.lo[t.x], most+b.hi[t.x]
			} else {
				least, most = least-b.hi[t.x], most-b.lo[t.x]
			}
		}
		for _, t := range s.sums[c].terms {
			lo, hi := b.lo[t.x], b.hi[t.x]
			if t.factor > 0 { // the others take least-lo to most-hi
				lo, hi = max(lo, s.sums[c].lo-(most-hi)), min(hi, s.sums[c].hi-(least-lo))
			} else {
				lo, hi = max(lo, (least+hi)-s.sums[c].hi), min(hi, (most+lo)-s.sums[c].lo)
			}
			if lo > hi {
				return false
			}
			if lo == b.lo[t.x] && hi == b.hi[t.x] {
				continue
			}
			if t.factor > 0 {
				least, most = least+lo-b.lo[t.x], most+hi-b.hi[t.x]
			} else {
				least, most = least-hi+b.hi[t.x], most-lo+b.lo[t.x]
			}
			b.lo[t.x], b.hi[t.x] = lo, hi
			for _, d := range s.in[t.x] {
				if !s.waiting[d] {
					s.waiting[d] = true
					s.queue = append(s.queue, d)
				}
			}
		}
	}
	return true
}

// holds reports whether every sum is kept by these numbers.
func (s *system) holds(numbers []int) bool {
	for _, c := range s.sums {
		total := 0
		for _, t := range c.terms {
			total += t.factor * numbers[t.x]
		}
		if total < c.lo || total > c.hi {
			return false
		}
	}
	return true
}

// solve finds values for all numbers within a narrowed box: all their lowest, or all their highest, where that is a solution,
// else the narrowest number first; nil where there are none. It stops with left below zero.
func (s *system) solve(b box, left *int) *box {
	if *left--; *left < 0 {
		return nil
	}
	if s.holds(b.lo) {
		return &box{b.lo, b.lo}
	}
	if s.holds(b.hi) {
		return &box{b.hi, b.hi}
	}
	x := -1
	for i := range b.lo {
		if w := b.hi[i] - b.lo[i]; w > 0 && (x < 0 || w < b.hi[x]-b.lo[x]) {
			x = i
		}
	}
	if x < 0 {
		return nil
	}
	for v := b.lo[x]; v <= b.hi[x]; v++ {
		next := b.clone()
		next.lo[x], next.hi[x] = v, v
		if s.narrow(next, s.in[x]) {
			if found := s.solve(next, left); found != nil || *left < 0 {
				return found
			}
		}
	}
	return nil
}

// values is what a number can be.
type values struct {
	count, low, high int
	tired            bool
}

// values finds for each of xs which values it has in any solution, up to 64 from its lowest; false where there is no solution.
func (s *system) values(xs []int) ([]values, bool) {
	root := box{append([]int(nil), s.lo...), append([]int(nil), s.hi...)}
	all := make([]int, len(s.sums))
	for i := range all {
		all[i] = i
	}
	if !s.narrow(root, all) {
		return nil, false
	}
	seen := make([]uint64, len(s.lo))
	mark := func(found *box) {
		for _, x := range xs {
			if at := found.lo[x] - root.lo[x]; at < 64 {
				seen[x] |= 1 << at
			}
		}
	}
	left := patience
	out := make([]values, len(xs))
	if first := s.solve(root.clone(), &left); first != nil {
		mark(first)
	} else if left >= 0 {
		return nil, false
	} else {
		for i := range out {
			out[i].tired = true
		}
		return out, true
	}
	for i, x := range xs {
		for v := root.lo[x]; v <= root.hi[x] && v-root.lo[x] < 64; v++ {
			if seen[x]&(1<<(v-root.lo[x])) != 0 {
				continue
			}
			b := root.clone()
			b.lo[x], b.hi[x] = v, v
			if !s.narrow(b, s.in[x]) {
				continue
			}
			left = patience
			if found := s.solve(b, &left); found != nil {
				mark(found)
			} else if left < 0 {
				out[i].tired = true
			}
		}
		out[i].count = bits.OnesCount64(seen[x])
		out[i].low = root.lo[x] + bits.TrailingZeros64(seen[x])
		out[i].high = root.lo[x] + 63 - bits.LeadingZeros64(seen[x])
	}
	return out, true
}
