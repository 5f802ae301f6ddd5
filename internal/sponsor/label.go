package sponsor

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"

	"tandem/internal/domain"
	"tandem/internal/sponsor/catalogue"
)

// Terms are what is settled before a cohort's first brief and holds for all of them, but for what is Dropped. Public and Private are how many first
// took the seats of each sector: the people who are counted.
type Terms struct {
	Catalogue int
	Step      int             // a printed count may lie in a step of so many
	Places    int             // and the steps begin at one of so many places, which is secret
	Protected []catalogue.Key // management figures that this programme protects
	Dropped   []catalogue.Key // figures that are told no more; it may grow from brief to brief
	Public    int
	Private   int
	PenceStep int // the most that one person may add to the cost between two briefs
	GramsStep int // at least five times the longest journey of one person
}

// FirstTerms are the usual ones for a cohort whose first brief is computed from d.
func FirstTerms(d Data) Terms {
	longest := 0
	for _, l := range d.Legs {
		longest += l.Longest
	}
	first := d.first()
	return Terms{
		Catalogue: catalogue.Version, Step: 5, Places: 3, Public: first.Public, Private: first.Private,
		PenceStep: 100_00, GramsStep: max(100_000, 5*longest),
	}
}

// Check says which of the terms cannot hold, and what would.
func (t Terms) Check() error {
	if t.Catalogue != catalogue.Version {
		return fmt.Errorf("catalogue %d is not known to this program, which has %d", t.Catalogue, catalogue.Version)
	}
	if t.Places < 2 || t.Step < t.Places {
		return fmt.Errorf("steps of %d that begin at one of %d places hide nothing: 5 and 3 do", t.Step, t.Places)
	}
	for _, k := range t.Protected {
		e := catalogue.Of(k)
		if e == nil || e.Kind == catalogue.Fact || e.Kind == catalogue.Share {
			return fmt.Errorf("%s cannot be protected: only counts of people, insights, cost and carbon can", k)
		}
		for _, with := range e.With {
			if !t.protects(with) {
				return fmt.Errorf("%s is protected only together with %s, whose exact counts would bound it", k, with)
			}
		}
	}
	if t.protects(catalogue.CostPerHead) && t.PenceStep < 1 || t.protects(catalogue.CarbonPerHead) && t.GramsStep < 1 {
		return errors.New("cost and carbon are protected by a step of their own, which is missing")
	}
	return nil
}

// protects reports whether a figure is told as ranges.
func (t Terms) protects(k catalogue.Key) bool {
	return slices.Contains(t.Protected, k) || catalogue.Of(k).Family == catalogue.Protected
}

// drops reports whether a figure is told no more.
func (t Terms) drops(k catalogue.Key) bool { return slices.Contains(t.Dropped, k) }

// offset is the secret place, from 0 to places-1, at which the steps of a population begin.
func offset(secret []byte, population string, places int) int {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte("offset/1|" + population))
	return int(binary.BigEndian.Uint64(h.Sum(nil)) % uint64(places))
}

// label is what is printed of a count c that may be up to size, or of any size where that is negative. P names the step; every
// count from lo to hi could be behind it, whatever the secret place u.
func label(c, u, step, places, size int) (p, lo, hi int) {
	p = step * ((c + u) / step)
	lo, hi = 0, p+step-1
	if top := step * ((size + places - step) / step); size >= 0 && p >= top {
		p, hi = top, size
	}
	return p, max(lo, p-places+1), hi
}

// populations are those that hold people in this count, by the sizes which are public.
func populations(sizes domain.SectorCount) []string {
	return catalogue.Populations(sizes.Public, sizes.Private)
}
