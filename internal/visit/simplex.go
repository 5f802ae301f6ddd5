package visit

import (
	"cmp"
	"math"
	"slices"
)

// simplex is a linear programme, minimised by the revised simplex method (Dantzig and Orchard-Hays 1954) with bounded
// variables and a dense inverse: some hundred rows, columns and rows that may be added between runs. It never proves anything:
// its duals are rounded and what they prove is evaluated in integers.
//
// Products that are summed are converted to float64 at once: fused, they would differ between processors.
type simplex struct {
	rows  int
	rhs   []float64
	sense []float64 // 1: at most; -1: at least
	cols  []simplexCol
	at    []place
	basis []int32
	inv   [][]float64 // [column][row]
	x     []float64   // of the basis
	y     []float64   // duals
	alpha []float64
	rho   []float64
	ripe  []int32 // columns that lately promised most
	next  int     // where the next look for others begins
	since int     // pivots since the inverse was made
	// pivots counts all; work, some ten microseconds of pivots and looks.
	pivots, work int
}

// simplexCol is a variable from 0 to upper; slacks come first, one a row.
type simplexCol struct {
	index []int32
	value []float64
	cost  float64
	upper float64
}

type place uint8

const (
	atLower place = iota
	atUpper
	inBasis
)

const (
	ripeMax    = 24
	lookLeast  = 400
	stale      = 40 // pivots after which an end is looked at afresh
	priceSlack = 1e-7
	pivotLeast = 1e-8
	afresh     = 120
)

// add appends a variable at its lower bound.
func (l *simplex) add(cost, upper float64, index []int32, value []float64) int {
	l.cols = append(l.cols, simplexCol{index, value, cost, upper})
	l.at = append(l.at, atLower)
	return len(l.cols) - 1
}

// row appends a row with its slack; all rows come before the first other variable.
func (l *simplex) row(sense, rhs float64) int {
	i := l.rows
	l.rows++
	l.rhs, l.sense = append(l.rhs, rhs), append(l.sense, sense)
	l.add(0, math.Inf(1), []int32{int32(i)}, []float64{sense})
	return i
}

// insert makes room for a variable at place q, at its lower bound; those from there on move up.
func (l *simplex) insert(q int, c simplexCol) {
	l.cols, l.at = slices.Insert(l.cols, q, c), slices.Insert(l.at, q, atLower)
	for r, b := range l.basis {
		if int(b) >= q {
			l.basis[r]++
		}
	}
	l.ripe, l.next = l.ripe[:0], 0
}

// join adds a row, at least rhs, to a programme that stands. By variable, value is what it has in the row, and stopgap the one
// that makes up for what the row lacks as things are. The row's slack comes after the other slacks: what was there moves up.
func (l *simplex) join(rhs float64, value []float64, stopgap int) {
	n := l.rows
	lack := rhs
	for q, x := range l.values() {
		lack -= float64(value[q] * x)
	}
	for q, v := range value {
		if v != 0 {
			c := &l.cols[q]
			c.index, c.value = append(c.index, int32(n)), append(c.value, v)
		}
	}
	for k, col := range l.inv {
		sum := 0.0
		for r, a := range col {
			sum += float64(a * value[l.basis[r]])
		}
		l.inv[k] = append(col, -sum)
	}
	l.inv = append(l.inv, make([]float64, n+1))
	l.inv[n][n] = 1
	l.rows++
	l.rhs, l.sense = append(l.rhs, rhs), append(l.sense, -1)
	l.x, l.y = append(l.x, lack), append(l.y, 0)
	l.alpha, l.rho = append(l.alpha, 0), append(l.rho, 0)
	l.basis, l.at[stopgap] = append(l.basis, int32(stopgap)), inBasis
	l.insert(n, simplexCol{[]int32{int32(n)}, []float64{-1}, 0, math.Inf(1)})
	l.work += 1 + n/8
}

// start makes the slacks the basis; variables that stand at their upper bound stay there, and together they must keep
// every row. Right hand sides are loosened by hairs of different length against cycling.
func (l *simplex) start() {
	l.basis, l.x, l.y = make([]int32, l.rows), make([]float64, l.rows), make([]float64, l.rows)
	l.alpha, l.rho = make([]float64, l.rows), make([]float64, l.rows)
	l.inv = make([][]float64, l.rows)
	for i := range l.rows {
		l.rhs[i] += float64(l.sense[i] * 1e-8 * float64(1+(i*7919)%97))
		l.inv[i] = make([]float64, l.rows)
		l.inv[i][i] = l.sense[i]
		l.basis[i], l.at[i] = int32(i), inBasis
	}
	l.refresh()
}

// refresh computes the basis's values and the duals anew.
func (l *simplex) refresh() {
	b := slices.Clone(l.rhs)
	for q := range l.cols {
		if l.at[q] == atUpper {
			c := &l.cols[q]
			for k, i := range c.index {
				b[i] -= float64(c.value[k] * c.upper)
			}
		}
	}
	clear(l.x)
	for k, v := range b {
		if v != 0 {
			for i, a := range l.inv[k] {
				l.x[i] += float64(a * v)
			}
		}
	}
	for k := range l.y {
		sum := 0.0
		for i, a := range l.inv[k] {
			if a != 0 {
				sum += float64(a * l.cols[l.basis[i]].cost)
			}
		}
		l.y[k] = sum
	}
}

func (l *simplex) reduced(q int) float64 {
	c := &l.cols[q]
	d := c.cost
	for k, i := range c.index {
		d -= float64(l.y[i] * c.value[k])
	}
	return d
}

// promise is how much a unit of the variable gains, 0 if nothing.
func (l *simplex) promise(q int) float64 {
	gain := 0.0
	switch l.at[q] {
	case atLower:
		gain = -l.reduced(q)
	case atUpper:
		gain = l.reduced(q)
	}
	if gain <= priceSlack {
		return 0
	}
	return gain / math.Sqrt(float64(1+len(l.cols[q].index)))
}

// enter chooses a variable that gains: among those that lately promised most, else from all.
func (l *simplex) enter() int {
	best, most := none, 0.0
	for _, q := range l.ripe {
		if g := l.promise(int(q)); g > most {
			best, most = int(q), g
		}
	}
	if best != none {
		return best
	}
	type gain struct {
		q int32
		g float64
	}
	var all []gain
	looked := 0
	for ; looked < len(l.cols) && (looked < lookLeast || len(all) < ripeMax); looked++ {
		q := l.next
		if l.next++; l.next == len(l.cols) {
			l.next = 0
		}
		if g := l.promise(q); g > 0 {
			all = append(all, gain{int32(q), g})
		}
	}
	l.work += 1 + looked/150
	slices.SortFunc(all, func(a, b gain) int { return cmp.Or(cmp.Compare(b.g, a.g), cmp.Compare(a.q, b.q)) })
	l.ripe = l.ripe[:0]
	for _, c := range all[:min(len(all), ripeMax)] {
		l.ripe = append(l.ripe, c.q)
	}
	if len(all) == 0 {
		return none
	}
	return int(all[0].q)
}

// solve pivots until nothing gains, at most so often; it reports whether it came to an end.
func (l *simplex) solve(most int) bool {
	for end := l.pivots + most; l.pivots < end; {
		q := l.enter()
		if q == none {
			if l.since < stale {
				return true
			}
			l.invert() // the end is believed of fresh numbers only
			if q = l.enter(); q == none {
				return true
			}
		}
		if l.since >= afresh {
			l.invert()
			continue
		}
		if !l.pivot(q) {
			l.ripe = slices.DeleteFunc(l.ripe, func(r int32) bool { return int(r) == q })
			l.invert()
			l.pivots++
			l.work++
		}
	}
	return false
}

// pivot moves variable q as far as the basis allows.
func (l *simplex) pivot(q int) bool {
	c := &l.cols[q]
	clear(l.alpha)
	for k, i := range c.index {
		v := c.value[k]
		for r, a := range l.inv[i] {
			l.alpha[r] += float64(a * v)
		}
	}
	dir := 1.0
	if l.at[q] == atUpper {
		dir = -1
	}
	const slack = 1e-9
	reach := math.Inf(1)
	for r, a := range l.alpha { // the first look allows a hair too far, the second takes the surest pivot within
		switch delta := dir * a; {
		case delta > pivotLeast:
			reach = min(reach, (l.x[r]+slack)/delta)
		case delta < -pivotLeast:
			if u := l.cols[l.basis[r]].upper; !math.IsInf(u, 1) {
				reach = min(reach, (u-l.x[r]+slack)/-delta)
			}
		}
	}
	if c.upper <= reach {
		if math.IsInf(c.upper, 1) {
			return false // no end: numbers have gone astray
		}
		for r, a := range l.alpha {
			l.x[r] -= float64(dir * float64(a*c.upper))
		}
		l.at[q] = atUpper - l.at[q]
		l.pivots++
		l.work++
		return true
	}
	row, surest, step := none, 0.0, 0.0
	for r, a := range l.alpha {
		delta, t := dir*a, 0.0
		switch {
		case delta > pivotLeast:
			t = l.x[r] / delta
		case delta < -pivotLeast:
			u := l.cols[l.basis[r]].upper
			if math.IsInf(u, 1) {
				continue
			}
			t = (u - l.x[r]) / -delta
		default:
			continue
		}
		if t <= reach && math.Abs(delta) > surest {
			row, surest, step = r, math.Abs(delta), max(0, t)
		}
	}
	if row == none {
		return false
	}
	l.pivots++
	l.work += 1 + l.rows/64
	l.since++
	gain := l.reduced(q)
	leaves := l.basis[row]
	l.at[leaves] = atLower
	if dir*l.alpha[row] < 0 {
		l.at[leaves] = atUpper
	}
	for r, a := range l.alpha {
		l.x[r] -= float64(dir * float64(a*step))
	}
	if l.at[q] == atUpper {
		l.x[row] = c.upper - step
	} else {
		l.x[row] = step
	}
	l.basis[row], l.at[q] = int32(q), inBasis
	by := 1 / l.alpha[row]
	for k, col := range l.inv {
		t := float64(col[row] * by)
		if t == 0 {
			continue
		}
		for r, a := range l.alpha {
			col[r] -= float64(a * t)
		}
		col[row] = t
		l.y[k] += float64(gain * t)
	}
	return true
}

// invert makes the inverse anew from the basis (Gauss and Jordan, the largest pivot of each column first come).
func (l *simplex) invert() {
	l.since = 0
	n := l.rows
	l.work += n / 2
	for k := range l.inv {
		clear(l.inv[k])
	}
	// Slacks of the basis that stand in their own row need no elimination.
	taken := make([]bool, n)
	order := make([]int32, 0, n)
	for _, q := range l.basis {
		if int(q) < n {
			taken[q] = true
		} else {
			order = append(order, q)
		}
	}
	for i := range n {
		l.inv[i][i] = 1
		if taken[i] {
			l.inv[i][i] = l.sense[i]
		}
	}
	basis := make([]int32, n)
	for i, yes := range taken {
		if yes {
			basis[i] = int32(i)
		}
	}
	var lost []int32
	for _, q := range order {
		c := &l.cols[q]
		clear(l.alpha)
		for k, i := range c.index {
			v := c.value[k]
			for r, a := range l.inv[i] {
				l.alpha[r] += float64(a * v)
			}
		}
		row, most := none, 1e-9
		for r, a := range l.alpha {
			if !taken[r] && math.Abs(a) > most {
				row, most = r, math.Abs(a)
			}
		}
		if row == none {
			lost = append(lost, q)
			continue
		}
		taken[row] = true
		basis[row] = q
		by := 1 / l.alpha[row]
		for _, col := range l.inv {
			t := float64(col[row] * by)
			if t == 0 {
				continue
			}
			for r, a := range l.alpha {
				col[r] -= float64(a * t)
			}
			col[row] = t
		}
	}
	for _, q := range lost {
		l.at[q] = atLower
	}
	for i, yes := range taken {
		if !yes { // a column of the basis leant on others: the row's slack stands in
			basis[i], l.at[i] = int32(i), inBasis
			for _, col := range l.inv {
				col[i] *= l.sense[i]
			}
		}
	}
	l.basis = basis
	l.refresh()
}

// values is how much of each variable is taken.
func (l *simplex) values() []float64 {
	v := make([]float64, len(l.cols))
	for q := range v {
		if l.at[q] == atUpper {
			v[q] = l.cols[q].upper
		}
	}
	for r, q := range l.basis {
		v[q] = l.x[r]
	}
	return v
}

func (l *simplex) objective() (sum float64) {
	for q, v := range l.values() {
		sum += float64(l.cols[q].cost * v)
	}
	return sum
}
