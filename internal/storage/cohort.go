package storage

import (
	"context"
	"strings"
	"time"

	"gorm.io/gorm"

	"tandem/internal/domain"
)

// Programmes is a page of programmes by name; ids nil is all.
func (r Reader) Programmes(ctx context.Context, ids []string, p domain.Page) (*domain.Paged[domain.Programme], error) {
	return page[domain.Programme](ctx, r, ordering{name: "programmes", keys: []string{"LOWER(programmes.name)"}}, p, func(db *gorm.DB) *gorm.DB {
		db = db.Table("programmes")
		if ids != nil {
			db = db.Where("programmes.id IN ?", ids)
		}
		return db
	})
}

// Cohorts is a page of a programme's cohorts by name; ids nil is all.
func (r Reader) Cohorts(ctx context.Context, programme string, ids []string, p domain.Page) (*domain.Paged[domain.Cohort], error) {
	return page[domain.Cohort](ctx, r, ordering{name: "cohorts", keys: []string{"LOWER(cohorts.name)"}}, p, func(db *gorm.DB) *gorm.DB {
		db = db.Table("cohorts").Where("cohorts.programme_id = ?", programme)
		if ids != nil {
			db = db.Where("cohorts.id IN ?", ids)
		}
		return db
	})
}

// CohortsOf is every cohort of a programme, by name.
func (r Reader) CohortsOf(ctx context.Context, programme string) ([]*domain.Cohort, error) {
	return list[domain.Cohort](ctx, r, func(db *gorm.DB) *gorm.DB { return db.Where("programme_id = ?", programme).Order("LOWER(name), id") })
}

// ProgrammeByKey is the programme with an external key; nil where there is none.
func (r Reader) ProgrammeByKey(ctx context.Context, key string) (*domain.Programme, error) {
	return first(list[domain.Programme](ctx, r, func(db *gorm.DB) *gorm.DB { return db.Where("external_key = ?", key) }))
}

// IdentitiesKept is the enrolments of cohorts whose identity document is kept, by id; the documents are not read.
func (r Reader) IdentitiesKept(ctx context.Context, cohorts []string) ([]string, error) {
	if len(cohorts) == 0 {
		return nil, nil
	}
	var ids []string
	err := r.db.WithContext(ctx).Table("identities").Joins("JOIN enrolments ON enrolments.id = identities.id").
		Where("enrolments.cohort_id IN ?", cohorts).Order("identities.id").Pluck("identities.id", &ids).Error
	return ids, err
}

// ProgrammesWithIdentities is the programmes of whose people an identity document is kept.
func (r Reader) ProgrammesWithIdentities(ctx context.Context) ([]*domain.Programme, error) {
	return list[domain.Programme](ctx, r, func(db *gorm.DB) *gorm.DB {
		return db.Where("id IN (SELECT enrolments.programme_id FROM enrolments JOIN identities ON identities.id = enrolments.id)").Order("id")
	})
}

func first[D any](found []*D, err error) (*D, error) {
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// Organisations is a page of organisations by name.
func (r Reader) Organisations(ctx context.Context, name *string, p domain.Page) (*domain.Paged[domain.Organisation], error) {
	return page[domain.Organisation](ctx, r, ordering{name: "organisations", keys: []string{"LOWER(organisations.name)"}}, p, func(db *gorm.DB) *gorm.DB {
		db = db.Table("organisations")
		if name != nil {
			db = db.Where("LOWER(organisations.name) LIKE ? ESCAPE '!'", like(*name))
		}
		return db
	})
}

// AllOrganisations is every organisation.
func (r Reader) AllOrganisations(ctx context.Context) ([]*domain.Organisation, error) {
	return list[domain.Organisation](ctx, r, func(db *gorm.DB) *gorm.DB { return db.Order("name") })
}

// Skills is every skill, by name.
func (r Reader) Skills(ctx context.Context) ([]*domain.Skill, error) {
	return list[domain.Skill](ctx, r, func(db *gorm.DB) *gorm.DB { return db.Order("LOWER(name)") })
}

// Enrolments is a page of a cohort's enrolments.
func (r Reader) Enrolments(ctx context.Context, cohort string, f domain.EnrolmentFilter, order domain.EnrolmentOrder, p domain.Page) (*domain.Paged[domain.Enrolment], error) {
	name := "LOWER(people.name)"
	o := ordering{name: "enrolments/" + string(order), keys: []string{name}}
	switch order {
	case domain.EnrolmentsByEmployer:
		o.keys = []string{"LOWER(organisations.name)", name}
	case domain.EnrolmentsByTeam:
		o.keys = []string{"CAST(100000 + COALESCE(teams.number, 99999) AS TEXT)", name}
	case domain.EnrolmentsNewest:
		o.keys, o.down = nil, true
	}
	return page[domain.Enrolment](ctx, r, o, p, func(db *gorm.DB) *gorm.DB {
		db = db.Table("enrolments").Where("enrolments.cohort_id = ?", cohort).
			Joins("JOIN people ON people.id = enrolments.person_id").
			Joins("JOIN organisations ON organisations.id = enrolments.employer_at_enrolment_id").
			Joins("LEFT JOIN teams ON teams.id = enrolments.team_id")
		if f.States == nil {
			db = db.Where("enrolments.stored <> ?", domain.Withdrawn)
		} else {
			db = db.Where("enrolments.stored IN ?", f.States)
		}
		if f.Name != nil {
			db = db.Where("LOWER(people.name) LIKE ? ESCAPE '!'", like(*f.Name))
		}
		if f.Sector != nil {
			db = db.Where("enrolments.sector_at_enrolment = ?", *f.Sector)
		}
		if f.EmployerID != nil {
			db = db.Where("enrolments.employer_at_enrolment_id = ?", *f.EmployerID)
		}
		if f.TeamID != nil {
			db = db.Where("enrolments.team_id = ?", *f.TeamID)
		}
		return db
	})
}

// EnrolmentsOf is every enrolment of cohorts, by team and person's name.
func (r Reader) EnrolmentsOf(ctx context.Context, cohorts []string) ([]*domain.Enrolment, error) {
	return listOf[domain.Enrolment](ctx, r, cohorts, func(db *gorm.DB) *gorm.DB {
		return byTeamAndName(db).Where("enrolments.cohort_id IN ?", cohorts)
	})
}

// Members is every seated enrolment of teams, by name.
func (r Reader) Members(ctx context.Context, teams []string) ([]*domain.Enrolment, error) {
	return listOf[domain.Enrolment](ctx, r, teams, func(db *gorm.DB) *gorm.DB {
		return byTeamAndName(db).Where("enrolments.team_id IN ? AND enrolments.stored = ?", teams, domain.Accepted)
	})
}

func byTeamAndName(db *gorm.DB) *gorm.DB {
	return db.Select("enrolments.*").Joins("JOIN people ON people.id = enrolments.person_id").
		Joins("LEFT JOIN teams ON teams.id = enrolments.team_id").
		Order("COALESCE(teams.number, 99999), LOWER(people.name), enrolments.id")
}

// EnrolmentsOfPeople is every enrolment of people, newest first.
func (r Reader) EnrolmentsOfPeople(ctx context.Context, people []string) ([]*domain.Enrolment, error) {
	return listOf[domain.Enrolment](ctx, r, people, func(db *gorm.DB) *gorm.DB {
		return db.Where("person_id IN ?", people).Order("id DESC")
	})
}

// TeamsOf is every team of cohorts, by number.
func (r Reader) TeamsOf(ctx context.Context, cohorts []string) ([]*domain.Team, error) {
	return listOf[domain.Team](ctx, r, cohorts, func(db *gorm.DB) *gorm.DB {
		return db.Where("cohort_id IN ?", cohorts).Order("cohort_id, number")
	})
}

// PersonByKey finds a person by the source system's key, else by e-mail address; nil where neither is known.
func (r Reader) PersonByKey(ctx context.Context, key, email string) (*domain.Person, error) {
	if key != "" {
		if p, err := first(list[domain.Person](ctx, r, func(db *gorm.DB) *gorm.DB { return db.Where("external_key = ?", key) })); p != nil || err != nil {
			return p, err
		}
	}
	if email == "" {
		return nil, nil
	}
	return first(list[domain.Person](ctx, r, func(db *gorm.DB) *gorm.DB { return db.Where("email = ?", strings.ToLower(email)) }))
}

// PeopleByKeys is every person known by one of the source keys or e-mail addresses.
func (r Reader) PeopleByKeys(ctx context.Context, keys, emails []string) ([]*domain.Person, error) {
	var out []*domain.Person
	for _, by := range []struct {
		column string
		values []string
	}{{"external_key", keys}, {"email", emails}} {
		for at := 0; at < len(by.values); at += 5000 {
			some, err := list[domain.Person](ctx, r, func(db *gorm.DB) *gorm.DB {
				return db.Where(by.column+" IN ?", by.values[at:min(at+5000, len(by.values))])
			})
			if err != nil {
				return nil, err
			}
			out = append(out, some...)
		}
	}
	return out, nil
}

// Tokens is every token, newest first.
func (r Reader) Tokens(ctx context.Context) ([]*domain.ApiToken, error) {
	return list[domain.ApiToken](ctx, r, func(db *gorm.DB) *gorm.DB { return db.Order("id DESC") })
}

// TokenByHash is the token whose secret hashes to this; nil where there is none.
func (r Reader) TokenByHash(ctx context.Context, hash string) (*domain.ApiToken, error) {
	return first(list[domain.ApiToken](ctx, r, func(db *gorm.DB) *gorm.DB { return db.Where("hash = ?", hash) }))
}

// NoteUse remembers that a token was used, where no later use is known. It is nothing that anybody did to the data: no
// version counts it and no audit tells it.
func (s *Store) NoteUse(ctx context.Context, token string, at time.Time) error {
	return s.writer.WithContext(ctx).Model(&apiTokenRow{}).Where("id = ? AND (last_used_at IS NULL OR last_used_at < ?)", token, at).
		UpdateColumn("last_used_at", at).Error
}
