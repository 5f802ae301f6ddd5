package app

import (
	"fmt"
	"strings"

	"tandem/internal/domain"
)

// wantedOrganisation is an organisation that a row names: one that is known, or what a new one would be.
type wantedOrganisation struct {
	known  *draft[domain.Organisation]
	name   string
	kind   domain.OrganisationKind
	sector domain.Sector
}

// id tells one wanted organisation from another before it is made.
func (w *wantedOrganisation) id() string {
	if w.known != nil {
		return w.known.noun.ID
	}
	return word(w.name)
}

// take is the organisation, made if it is new.
func (w *wantedOrganisation) take(in *intake) *domain.Organisation {
	if w.known == nil {
		w.known = in.organisations.add(&domain.Organisation{ID: newID("organisation"), Name: w.name, Kind: w.kind, Sector: w.sector}, word(w.name))
	}
	return w.known.noun
}

var organisationKinds = map[string]domain.OrganisationKind{
	"department": domain.Department, "agency": domain.Department, "governmentdepartment": domain.Department, "council": domain.Department, "publicbody": domain.Department,
	"company": domain.Company, "firm": domain.Company, "business": domain.Company, "university": domain.Company,
	"tradebody": domain.TradeBody, "tradeassociation": domain.TradeBody, "association": domain.TradeBody,
}

var sectors = map[string]domain.Sector{
	"public": domain.Public, "publicsector": domain.Public, "government": domain.Public, "civilservice": domain.Public, "gov": domain.Public,
	"private": domain.Private, "privatesector": domain.Private, "industry": domain.Private,
}

// organisation reads the organisation that a row names, with its kind and sector where columns give them; nil after a
// problem. A new one needs its sector, or a kind from which it follows, or fallback, the kind that a column's
// organisations always have.
func (r *rowIn) organisation(in *intake, target, kindTarget, sectorTarget string, fallback domain.OrganisationKind) *wantedOrganisation {
	name := r.need(target)
	if name == "" {
		return nil
	}
	w := &wantedOrganisation{name: name, known: in.organisations.by[word(name)]}
	kindCell, sectorCell := r.line(kindTarget), r.line(sectorTarget)
	ok := true
	if kindCell != "" {
		if w.kind, ok = organisationKinds[word(kindCell)]; !ok {
			r.wrong(kindTarget, domain.CodeInvalid, fmt.Sprintf("“%s” is none of department, company and trade body.", kindCell), func() []fix {
				return []fix{{"Department", "department"}, {"Company", "company"}, {"Trade body", "trade body"}}
			})
			return nil
		}
	}
	if sectorCell != "" {
		if w.sector, ok = sectors[word(sectorCell)]; !ok {
			r.wrong(sectorTarget, domain.CodeInvalid, r.noSector(w, sectorCell), func() []fix { return useSectors(w, sectorCell) })
			return nil
		}
	}
	if w.known != nil {
		o := w.known.noun
		switch {
		case w.sector != "" && w.sector != o.Sector:
			r.wrong(sectorTarget, domain.CodeInvalid, fmt.Sprintf("%s is %s, not %s.", o.Name, o.Sector, w.sector), func() []fix { return []fix{{"Use " + string(o.Sector), string(o.Sector)}} })
			return nil
		case w.kind != "" && w.kind != o.Kind:
			r.wrong(kindTarget, domain.CodeInvalid, fmt.Sprintf("%s is known as a %s, not a %s.", o.Name, kindWord(o.Kind), kindWord(w.kind)), func() []fix { return []fix{{"Use " + kindWord(o.Kind), kindWord(o.Kind)}} })
			return nil
		}
		return w
	}
	if w.kind == "" {
		w.kind = fallback
	}
	switch {
	case w.sector == "" && w.kind == domain.Department:
		w.sector = domain.Public
	case w.sector == "" && w.kind != "":
		w.sector = domain.Private
	case w.kind == "" && w.sector == domain.Public:
		w.kind = domain.Department
	case w.kind == "" && w.sector == domain.Private:
		w.kind = domain.Company
	}
	if w.sector == "" {
		at, what := sectorTarget, fmt.Sprintf("%s is new, so say whether it is PUBLIC or PRIVATE.", name)
		if !r.has(at) {
			at, what = target, what+" No column holds the sector."
		}
		r.wrong(at, domain.CodeRequired, what, func() []fix {
			if at == sectorTarget {
				return useSectors(w, "")
			}
			var names []string
			for _, d := range in.organisations.drafts {
				names = append(names, d.noun.Name)
			}
			return named(closest(name, names))
		})
		return nil
	}
	return w
}

func (r *rowIn) noSector(w *wantedOrganisation, cell string) string {
	s := fmt.Sprintf("“%s” is neither PUBLIC nor PRIVATE.", cell)
	if w.known != nil {
		s += fmt.Sprintf(" %s is a %s.", w.known.noun.Name, kindWord(w.known.noun.Kind))
	}
	return s
}

// useSectors offers both sectors, the likelier first: what is known of the organisation, else what the cell begins like.
func useSectors(w *wantedOrganisation, cell string) []fix {
	public, private := fix{"Use PUBLIC", string(domain.Public)}, fix{"Use PRIVATE", string(domain.Private)}
	switch {
	case w.known != nil && w.known.noun.Sector == domain.Public:
		return []fix{public}
	case w.known != nil:
		return []fix{private}
	case strings.HasPrefix(strings.ToLower(cell), "pr"), w.kind == domain.Company, w.kind == domain.TradeBody:
		return []fix{private, public}
	}
	return []fix{public, private}
}

func kindWord(k domain.OrganisationKind) string {
	return strings.ToLower(strings.ReplaceAll(string(k), "_", " "))
}
