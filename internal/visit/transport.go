package visit

// Costs are packed so that one integer compares in the order of the levels, as far as one day or one exchange of
// seats can differ: grams, then minutes, then squared shortfall, then people beyond the shortfall aimed at, then
// pairs covered. A plan is accepted by its score, never by these.
const (
	gramsBits = 11
	perMinute = int64(1) << 16
	perSquare = perMinute << 17
	perBeyond = perSquare << 9
	perPair   = perBeyond << 6
	fillsMin  = perPair << 7
	mustSit   = fillsMin << 2
	forbidden = int64(1) << 61
)

// transport places people onto the tours of one day at least cost, each tour between its least and greatest group,
// or at home: successive shortest paths over the tours (a tour is a node, a person who would move an arc), so that
// adding a person costs a few steps whatever the number of people.
type transport struct {
	people, nodes int     // nodes: the tours, then home
	cost          []int64 // [person*nodes+node]
	lo, hi        []int32
	at            []int32
	members       [][]int32
	arc           []int64 // [node*nodes+node]: the cheapest move of a member
	mover         []int32
	dist          []int64
	from          []int32
}

// reset prepares for n people and k tours; the caller fills cost, lo and hi.
func (t *transport) reset(n, k int) {
	t.people, t.nodes = n, k+1
	t.cost = sized(t.cost, n*(k+1))
	t.lo, t.hi = sized(t.lo, k+1), sized(t.hi, k+1)
	t.at = sized(t.at, n)
	t.arc, t.mover = sized(t.arc, (k+1)*(k+1)), sized(t.mover, (k+1)*(k+1))
	t.dist, t.from = sized(t.dist, k+1), sized(t.from, k+1)
	for len(t.members) < k+1 {
		t.members = append(t.members, nil)
	}
	t.lo[k], t.hi[k] = 0, int32(n)
}

func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	return s[:n]
}

// solve leaves every person's node in at, and returns the total cost; ok is false where a least group cannot be
// filled, or someone who must have a seat has none.
func (t *transport) solve() (total int64, ok bool) {
	for i := range t.nodes {
		t.members[i] = t.members[i][:0]
	}
	for i := range t.arc {
		t.arc[i] = forbidden
	}
	for p := range t.people {
		if !t.insert(p) {
			return 0, false
		}
	}
	home := t.nodes - 1
	for i := range home {
		if int32(len(t.members[i])) < t.lo[i] {
			return 0, false
		}
	}
	for p := range t.people {
		c := t.cost[p*t.nodes+int(t.at[p])]
		if int(t.at[p]) == home && c >= mustSit {
			return 0, false
		}
		total += c
	}
	return total, true
}

func (t *transport) insert(p int) bool {
	n := t.nodes
	copy(t.dist, t.cost[p*n:(p+1)*n])
	for i := range n {
		t.from[i] = none
	}
	for changed := true; changed; {
		changed = false
		for i := range n {
			if t.dist[i] >= forbidden || len(t.members[i]) == 0 {
				continue
			}
			arcs := t.arc[i*n : (i+1)*n]
			for j, w := range arcs {
				if w < forbidden && t.dist[i]+w < t.dist[j] {
					t.dist[j], t.from[j], changed = t.dist[i]+w, int32(i), true
				}
			}
		}
	}
	best, end := forbidden, none
	for i := range n {
		d := t.dist[i]
		size := int32(len(t.members[i]))
		if d >= forbidden || size >= t.hi[i] {
			continue
		}
		if size < t.lo[i] {
			d -= fillsMin
		}
		if d < best {
			best, end = d, i
		}
	}
	if end == none {
		return false
	}
	for node := end; ; {
		back := int(t.from[node])
		if back == none {
			t.sit(p, node)
			return true
		}
		q := int(t.mover[back*n+node])
		t.stand(q, back)
		t.sit(q, node)
		node = back
	}
}

func (t *transport) sit(p, node int) {
	n := t.nodes
	t.at[p] = int32(node)
	t.members[node] = append(t.members[node], int32(p))
	t.offerMoves(p, node, t.cost[p*n:(p+1)*n])
}

func (t *transport) offerMoves(p, node int, costs []int64) {
	n := t.nodes
	for j, c := range costs {
		if j != node && c < forbidden && c-costs[node] < t.arc[node*n+j] {
			t.arc[node*n+j], t.mover[node*n+j] = c-costs[node], int32(p)
		}
	}
}

func (t *transport) stand(p, node int) {
	n := t.nodes
	list := t.members[node]
	for i, q := range list {
		if int(q) == p {
			list[i] = list[len(list)-1]
			t.members[node] = list[:len(list)-1]
			break
		}
	}
	for j := range n {
		t.arc[node*n+j] = forbidden
	}
	for _, q := range t.members[node] {
		t.offerMoves(int(q), node, t.cost[int(q)*n:(int(q)+1)*n])
	}
}
