package attack

import (
	"bytes"
	"fmt"
)

// Ranged are the cells that Attack is asked about, in its order, and Programme is everything known as a mixed-integer linear
// programme in CPLEX's LP format that asks for the least, or the most, of one of them.
func Ranged(m Method, versions []Version, k Known) (ids []string, programme func(i int, most bool) []byte) {
	r := lay(m, versions, k)
	var xs []int
	for _, c := range r.cells {
		if c.ranged {
			ids, xs = append(ids, fmt.Sprintf("%d %s", c.version, c.ID)), append(xs, c.x)
		}
	}
	return ids, func(i int, most bool) []byte {
		var b bytes.Buffer
		fmt.Fprintf(&b, "%s\n v: x%d\nSubject To\n", map[bool]string{true: "Maximize", false: "Minimize"}[most], xs[i])
		for n, s := range r.sums {
			row := ""
			for _, t := range s.terms {
				row += fmt.Sprintf(" %+d x%d", t.factor, t.x)
			}
			if s.lo > -far/2 {
				fmt.Fprintf(&b, " l%d:%s >= %d\n", n, row, s.lo)
			}
			if s.hi < far/2 {
				fmt.Fprintf(&b, " h%d:%s <= %d\n", n, row, s.hi)
			}
		}
		b.WriteString("Bounds\n")
		for x := range r.lo {
			fmt.Fprintf(&b, " %d <= x%d <= %d\n", r.lo[x], x, r.hi[x])
		}
		b.WriteString("Generals\n")
		for x := range r.lo {
			fmt.Fprintf(&b, " x%d\n", x)
		}
		b.WriteString("End\n")
		return b.Bytes()
	}
}
