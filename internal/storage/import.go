package storage

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"gorm.io/gorm"

	"tandem/internal/domain"
)

// Imports is a page of a programme's imports, newest first.
func (r Reader) Imports(ctx context.Context, programme string, p domain.Page) (*domain.Paged[domain.Import], error) {
	return page[domain.Import](ctx, r, ordering{name: "imports", down: true}, p, func(db *gorm.DB) *gorm.DB {
		return db.Table("imports").Where("imports.programme_id = ?", programme)
	})
}

// AllProgrammes is every programme, by name.
func (r Reader) AllProgrammes(ctx context.Context) ([]*domain.Programme, error) {
	return list[domain.Programme](ctx, r, func(db *gorm.DB) *gorm.DB { return db.Order("LOWER(name), id") })
}

// AllCohorts is every cohort.
func (r Reader) AllCohorts(ctx context.Context) ([]*domain.Cohort, error) {
	return list[domain.Cohort](ctx, r, func(db *gorm.DB) *gorm.DB { return db.Order("id") })
}

// ProgrammesWithPlans is the ids of the programmes of which a plan of visits is in force.
func (r Reader) ProgrammesWithPlans(ctx context.Context) ([]string, error) {
	var ids []string
	err := r.db.WithContext(ctx).Model(&visitPlanRow{}).Where("state = ?", domain.PlanReleased).Distinct().Pluck("programme_id", &ids).Error
	return ids, err
}

// UploadOf is the newest upload of an owner's file, known by its name, size and SHA-256; nil where there is none.
func (r Reader) UploadOf(ctx context.Context, owner, name, sha256 string, bytes int) (*domain.Upload, error) {
	return first(list[domain.Upload](ctx, r, func(db *gorm.DB) *gorm.DB {
		return db.Where("owner_id = ? AND name = ? AND sha256 = ? AND bytes = ?", owner, name, sha256, bytes).Order("id DESC").Limit(1)
	}))
}

// UploadsUnused is every upload begun before a moment that no import reads.
func (r Reader) UploadsUnused(ctx context.Context, before time.Time) ([]*domain.Upload, error) {
	return list[domain.Upload](ctx, r, func(db *gorm.DB) *gorm.DB {
		return db.Where("began_at < ? AND NOT EXISTS (SELECT 1 FROM imports WHERE imports.upload_id = uploads.id)", before)
	})
}

// Pieces is the pieces of an upload in order, each in Base64.
func (r Reader) Pieces(ctx context.Context, upload string) ([]string, error) {
	var pieces []string
	err := r.db.WithContext(ctx).Model(&uploadPieceRow{}).Where("upload_id = ?", upload).Order("place").Pluck("data", &pieces).Error
	return pieces, err
}

// AddPiece keeps a piece of an upload; place is that of its first byte.
func (tx *Tx) AddPiece(upload string, place int, data string) error {
	return tx.db.Create(&uploadPieceRow{upload, place, data}).Error
}

// DropUploads forgets uploads and their pieces.
func (tx *Tx) DropUploads(uploads ...*domain.Upload) error {
	for _, u := range uploads {
		if err := tx.db.Where("upload_id = ?", u.ID).Delete(&uploadPieceRow{}).Error; err != nil {
			return err
		}
	}
	return Remove(tx, uploads...)
}

// Dependant is things of one sort that refer to a noun.
type Dependant struct {
	On        string // the noun's id
	One, Many string // what they are, such as "visit" and "visits"
	Count     int
}

// reference is a column that holds ids of a kind of noun: one id, or JSON text with several.
type reference struct {
	one, many, table, column string
	json                     bool
}

var references = map[string][]reference{
	"programme": {{"cohort", "cohorts", "cohorts", "programme_id", false}, {"challenge", "challenges", "challenges", "programme_id", false},
		{"theme", "themes", "themes", "programme_id", false}, {"offer", "offers", "host_offers", "programme_id", false}, {"access token", "access tokens", "api_tokens", "on_id", false}},
	"cohort": {{"person", "people", "enrolments", "cohort_id", false}, {"team", "teams", "teams", "cohort_id", false}, {"plan of visits", "plans of visits", "visit_plans", "cohort_id", false},
		{"access token", "access tokens", "api_tokens", "on_id", false}},
	"organisation": {{"person", "people", "people", "affiliations", true}, {"enrolment", "enrolments", "enrolments", "employer_at_enrolment_id", false},
		{"challenge", "challenges", "challenges", "owner_id", false}, {"site", "sites", "sites", "organisation_id", false}},
	"person": {{"enrolment", "enrolments", "enrolments", "person_id", false}, {"insight", "insights", "insights", "author_id", false}, {"access token", "access tokens", "api_tokens", "person_id", false}},
	"enrolment": {{"group of visits", "groups of visits", "visit_groups", "member_ids", true}, {"plan of visits", "plans of visits", "visit_plans", "attainable", true},
		{"journey", "journeys", "legs", "enrolment_id", false}, {"manifest", "manifests", "manifests", "manifest_rows", true}},
	"team":      {{"person", "people", "enrolments", "team_id", false}, {"access token", "access tokens", "api_tokens", "on_id", false}},
	"challenge": {{"team", "teams", "teams", "challenge_id", false}, {"insight", "insights", "insights", "challenge_ids", true}},
	"theme":     {{"challenge", "challenges", "challenges", "theme_ids", true}, {"offer", "offers", "host_offers", "theme_ids", true}},
	"site":      {{"offer", "offers", "host_offers", "site_id", false}},
	"offer":     {{"visit", "visits", "visits", "offer_id", false}, {"plan of visits", "plans of visits", "visit_plans", "rules", true}},
}

var idsInJSON = regexp.MustCompile(`"([a-z]+_[0-9a-f-]{36})"`)

// Dependants counts what refers to nouns of a kind ("offer", as its ids begin), in the order of the ids.
func (r Reader) Dependants(ctx context.Context, kind string, ids []string) ([]Dependant, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	asked := make(map[string]bool, len(ids))
	for _, id := range ids {
		asked[id] = true
	}
	var out []Dependant
	for _, ref := range references[kind] {
		// A plucked column is read whole: few reads whatever the number of ids, for something done once in a while.
		var values []string
		err := r.db.WithContext(ctx).Table(ref.table).Where(fmt.Sprintf("%s IS NOT NULL", ref.column)).Pluck(ref.column, &values).Error
		if err != nil {
			return nil, err
		}
		counts := map[string]int{}
		for _, v := range values {
			held := []string{v}
			if ref.json {
				held = nil
				for _, m := range idsInJSON.FindAllStringSubmatch(v, -1) {
					held = append(held, m[1])
				}
				slices.Sort(held)
				held = slices.Compact(held)
			}
			for _, id := range held {
				if asked[id] {
					counts[id]++
				}
			}
		}
		for _, id := range ids {
			if counts[id] > 0 {
				out = append(out, Dependant{id, ref.one, ref.many, counts[id]})
			}
		}
	}
	return out, nil
}
