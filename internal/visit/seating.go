package visit

import "slices"

// seating places people on the tours of one day or of several, at least cost: each person at most once a day, each
// tour between its least and greatest group. What a visit is worth to a person falls with those they have already, so
// that all days together are one flow of least cost (Busacker and Gowen 1960): seat by seat along the cheapest path, a
// path being who takes the seat of whom, on the same day or on another. With tours that count two visits it is good
// and not always the best.
type seating struct {
	people, nodes, days int
	dayOf               []int // [node]
	lo, hi, weight      []int32
	cost                []int64 // [person*nodes+node]: what the seat costs besides the visit, or forbidden
	// worth is what so many visits of a person cost, [person*(visitsMost+1)+visits], falling and convex.
	worth []int64
	must  []bool // [person*days+day]: they must have a seat
	wish  []int64

	at    []int32 // [person*days+day]: node, or none
	size  []int32
	count []int32 // visits of each person

	dist    []int64
	hops    []int32
	from    []int32 // node before, or none where the path begins
	via     []int32 // who moves onto the node
	arc     []int64
	mover   []int32
	best    []int64
	entrant []int32
	seen    []int32
}

// visitsMost is the most visits of two days.
const visitsMost = 4

// reset prepares for n people and tours on so many days; the caller fills dayOf, lo, hi, weight, cost, worth and must.
func (z *seating) reset(n, nodes, days int) {
	z.people, z.nodes, z.days = n, nodes, days
	z.dayOf = sized(z.dayOf, nodes)
	z.lo, z.hi, z.weight, z.size = sized(z.lo, nodes), sized(z.hi, nodes), sized(z.weight, nodes), sized(z.size, nodes)
	z.cost = sized(z.cost, n*nodes)
	z.worth, z.count = sized(z.worth, n*(visitsMost+1)), sized(z.count, n)
	z.must, z.at = sized(z.must, n*days), sized(z.at, n*days)
	z.dist, z.hops, z.from, z.via = sized(z.dist, nodes), sized(z.hops, nodes), sized(z.from, nodes), sized(z.via, nodes)
	z.arc, z.mover = sized(z.arc, nodes*nodes), sized(z.mover, nodes*nodes)
	z.best, z.entrant = sized(z.best, nodes), sized(z.entrant, nodes)
	clear(z.must)
}

// solve leaves everyone's places in at and returns what all of it costs; ok is false where a least group cannot be
// filled or someone who must have a seat has none.
func (z *seating) solve() (total int64, ok bool) {
	for i := range z.at {
		z.at[i] = none
	}
	clear(z.size)
	clear(z.count)
	z.want()
	for z.augment() {
	}
	clear(z.size)
	for p := range z.people {
		total += z.worth[p*(visitsMost+1)+int(z.count[p])]
		for d := range z.days {
			switch j := z.at[p*z.days+d]; {
			case j != none:
				total += z.cost[p*z.nodes+int(j)]
				z.size[j]++
			case z.must[p*z.days+d]:
				return 0, false
			}
		}
	}
	for j, n := range z.size {
		if n < z.lo[j] || n > z.hi[j] {
			return 0, false
		}
	}
	return total, true
}

// want sets wish to what each seat costs, those of people who must have one far less.
func (z *seating) want() {
	z.wish = sized(z.wish, z.people*z.nodes)
	copy(z.wish, z.cost)
	for p := range z.people {
		for j := range z.nodes {
			if at := p*z.nodes + j; z.must[p*z.days+z.dayOf[j]] && z.wish[at] < forbidden {
				z.wish[at] -= mustSit
			}
		}
	}
}

// augment takes the cheapest path for one seat more, if it pays.
func (z *seating) augment() bool {
	end, pays := z.path(true)
	if pays && !z.simple(end) { // exchanges between tours of one and of two visits can go round in circles
		end, pays = z.path(false)
	}
	if !pays {
		return false
	}
	z.size[end]++
	for node := end; ; {
		p, back := int(z.via[node]), int(z.from[node])
		z.at[p*z.days+z.dayOf[node]] = int32(node)
		z.count[p] += z.weight[node]
		if back == none {
			return true
		}
		z.count[p] -= z.weight[back]
		if z.dayOf[back] != z.dayOf[node] {
			z.at[p*z.days+z.dayOf[back]] = none
		}
		node = back
	}
}

// simple says whether the path to a node has an end and nobody on it twice.
func (z *seating) simple(end int) bool {
	z.seen = z.seen[:0]
	for node := end; node != none; node = int(z.from[node]) {
		if slices.Contains(z.seen, z.via[node]) { // a circle comes back to somebody as well
			return false
		}
		z.seen = append(z.seen, z.via[node])
	}
	return true
}

// path looks for the cheapest; mixed lets people change between tours of one and of two visits.
func (z *seating) path(mixed bool) (end int, pays bool) {
	k := z.nodes
	for j := range k {
		z.best[j] = forbidden
	}
	for i := range z.arc[:k*k] {
		z.arc[i] = forbidden
	}
	for p := range z.people {
		n, row := z.count[p], z.worth[p*(visitsMost+1):(p+1)*(visitsMost+1)]
		wish, at := z.wish[p*k:(p+1)*k], z.at[p*z.days:(p+1)*z.days]
		for j, c := range wish {
			if c < forbidden && at[z.dayOf[j]] == none {
				if c += row[n+z.weight[j]] - row[n]; c < z.best[j] {
					z.best[j], z.entrant[j] = c, int32(p)
				}
			}
		}
		for d, seat := range at {
			if seat == none {
				continue
			}
			stays, left := wish[seat], n-z.weight[seat]
			arc, mover := z.arc[int(seat)*k:(int(seat)+1)*k], z.mover[int(seat)*k:(int(seat)+1)*k]
			for j, c := range wish {
				if c >= forbidden || j == int(seat) || z.dayOf[j] != d && at[z.dayOf[j]] != none {
					continue
				}
				if w := z.weight[j]; w != z.weight[seat] {
					if !mixed {
						continue
					}
					c += row[left+w] - row[n]
				}
				if c -= stays; c < arc[j] {
					arc[j], mover[j] = c, int32(p)
				}
			}
		}
	}
	for j := range k {
		z.dist[j], z.hops[j], z.from[j], z.via[j] = z.best[j], 0, none, z.entrant[j]
	}
	for pass, changed := 0, true; changed && pass < k; pass++ {
		changed = false
		for i := range k {
			if z.dist[i] >= forbidden {
				continue
			}
			for j := range k {
				w := z.arc[i*k+j]
				if w >= forbidden {
					continue
				}
				// Of equal paths the shorter: a longer one could have somebody move twice.
				if d := z.dist[i] + w; d < z.dist[j] || d == z.dist[j] && z.hops[i]+1 < z.hops[j] {
					z.dist[j], z.hops[j], z.from[j], z.via[j], changed = d, z.hops[i]+1, int32(i), z.mover[i*k+j], true
				}
			}
		}
	}
	end, least := none, int64(0)
	for j := range k {
		d := z.dist[j]
		if d >= forbidden || z.size[j] >= z.hi[j] {
			continue
		}
		if z.size[j] < z.lo[j] {
			d -= fillsMin
		}
		if d < least {
			end, least = j, d
		}
	}
	return end, end != none
}
