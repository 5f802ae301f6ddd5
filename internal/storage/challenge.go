package storage

import (
	"context"

	"gorm.io/gorm"

	"tandem/internal/domain"
)

// stageRank gives each stage a text whose order is the order of the work, the furthest first.
const stageRank = `CASE challenges.stage WHEN 'PITCHED' THEN '1' WHEN 'PROTOTYPED' THEN '2' WHEN 'EXPLORING' THEN '3' WHEN 'FRAMED' THEN '4' ELSE '5' END`

// Challenges is a page of a programme's challenges.
func (r Reader) Challenges(ctx context.Context, programme string, f domain.ChallengeFilter, order domain.ChallengeOrder, p domain.Page) (*domain.Paged[domain.Challenge], error) {
	title := "LOWER(challenges.title)"
	o := ordering{name: "challenges/" + string(order), keys: []string{title}}
	switch order {
	case domain.ChallengesByOwner:
		o.keys = []string{"LOWER(COALESCE(organisations.name, ''))", title}
	case domain.ChallengesByStage:
		o.keys = []string{stageRank, title}
	}
	return page[domain.Challenge](ctx, r, o, p, func(db *gorm.DB) *gorm.DB {
		db = db.Table("challenges").Where("challenges.programme_id = ?", programme).
			Joins("LEFT JOIN organisations ON organisations.id = challenges.owner_id")
		if f.Title != nil {
			db = db.Where("LOWER(challenges.title) LIKE ? ESCAPE '!'", like(*f.Title))
		}
		if f.OwnerID != nil {
			db = db.Where("challenges.owner_id = ?", *f.OwnerID)
		}
		if f.Stages != nil {
			db = db.Where("challenges.stage IN ?", f.Stages)
		}
		if f.ThemeID != nil {
			db = db.Where("challenges.theme_ids LIKE ? ESCAPE '!'", likeJSON(*f.ThemeID))
		}
		if f.Assigned != nil {
			exists := "EXISTS (SELECT 1 FROM teams WHERE teams.challenge_id = challenges.id)"
			if !*f.Assigned {
				exists = "NOT " + exists
			}
			db = db.Where(exists)
		}
		return db
	})
}

// ChallengesOf is every challenge of a programme, by title.
func (r Reader) ChallengesOf(ctx context.Context, programme string) ([]*domain.Challenge, error) {
	return list[domain.Challenge](ctx, r, func(db *gorm.DB) *gorm.DB {
		return db.Where("programme_id = ?", programme).Order("LOWER(title), id")
	})
}

// ThemesOf is every theme of a programme, by name.
func (r Reader) ThemesOf(ctx context.Context, programme string) ([]*domain.Theme, error) {
	return list[domain.Theme](ctx, r, func(db *gorm.DB) *gorm.DB {
		return db.Where("programme_id = ?", programme).Order("LOWER(name), id")
	})
}

// TeamsWith is every team that works on one of the challenges, by number.
func (r Reader) TeamsWith(ctx context.Context, challenges []string) ([]*domain.Team, error) {
	return listOf[domain.Team](ctx, r, challenges, func(db *gorm.DB) *gorm.DB {
		return db.Where("challenge_id IN ?", challenges).Order("challenge_id, number")
	})
}
