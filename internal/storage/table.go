package storage

import (
	"context"
	"fmt"
	"reflect"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"tandem/internal/domain"
)

// table knows how one noun is kept: its name in the change feed ("" keeps it out of the feed), its row, and where it lives.
type table[D, R any] struct {
	kind  string
	row   func(D) R
	noun  func(R) D
	id    func(*D) string
	edit  func(*D) *domain.Edit // nil where people do not edit it
	place func(*D) domain.Place
}

var tables = map[reflect.Type]any{}

func keep[D, R any](t table[D, R]) table[D, R] {
	tables[reflect.TypeFor[D]()] = anyTable[D](t)
	return t
}

// anyTable is a table of D whatever its row.
type anyTable[D any] interface {
	byIDs(db *gorm.DB, ids []string) ([]*D, error)
	find(db *gorm.DB) ([]*D, error)
	put(tx *Tx, nouns []*D) error
	remove(tx *Tx, nouns []*D) error
	idOf(noun *D) string
}

func tableOf[D any]() anyTable[D] {
	t, ok := tables[reflect.TypeFor[D]()].(anyTable[D])
	if !ok {
		panic(fmt.Sprintf("storage keeps no %v", reflect.TypeFor[D]()))
	}
	return t
}

func (t table[D, R]) idOf(noun *D) string { return t.id(noun) }

func (t table[D, R]) nouns(rows []R) []*D {
	out := make([]*D, len(rows))
	for i, r := range rows {
		d := t.noun(r)
		out[i] = &d
	}
	return out
}

func (t table[D, R]) find(db *gorm.DB) ([]*D, error) {
	var rows []R
	if err := db.Find(&rows).Error; err != nil {
		return nil, err
	}
	return t.nouns(rows), nil
}

func (t table[D, R]) byIDs(db *gorm.DB, ids []string) ([]*D, error) {
	var out []*D
	for len(ids) > 0 { // engines limit the parameters of a statement
		n := min(len(ids), 10_000)
		some, err := t.find(db.Where("id IN ?", ids[:n]))
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
		ids = ids[n:]
	}
	return out, nil
}

func (t table[D, R]) put(tx *Tx, nouns []*D) error {
	rows := make([]R, len(nouns))
	for i, d := range nouns {
		if t.edit != nil {
			e := t.edit(d)
			e.Version++
			e.SavedAt, e.SavedBy = tx.now, tx.actor.Name
		}
		rows[i] = t.row(*d)
		tx.changed(t.kind, t.id(d), false, t.place(d))
		tx.Written = append(tx.Written, d)
	}
	if len(rows) == 0 {
		return nil
	}
	return tx.db.Clauses(clause.OnConflict{UpdateAll: true}).CreateInBatches(rows, 200).Error
}

func (t table[D, R]) remove(tx *Tx, nouns []*D) error {
	ids := make([]string, len(nouns))
	for i, d := range nouns {
		ids[i] = t.id(d)
		tx.changed(t.kind, ids[i], true, t.place(d))
	}
	for len(ids) > 0 {
		n := min(len(ids), 10_000)
		if err := tx.db.Where("id IN ?", ids[:n]).Delete(new(R)).Error; err != nil {
			return err
		}
		ids = ids[n:]
	}
	return nil
}

// Get reads nouns by id, in no order; ids that are not there are left out.
func Get[D any](ctx context.Context, r Reader, ids ...string) ([]*D, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return tableOf[D]().byIDs(r.db.WithContext(ctx), ids)
}

// One reads one noun by id; domain.ErrNotFound where it is not there.
func One[D any](ctx context.Context, r Reader, id string) (*D, error) {
	found, err := Get[D](ctx, r, id)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, domain.ErrNotFound
	}
	return found[0], nil
}

// listOf is list for nouns that belong to others; none of those, and nothing is asked.
func listOf[D any](ctx context.Context, r Reader, owners []string, where func(*gorm.DB) *gorm.DB) ([]*D, error) {
	if len(owners) == 0 {
		return nil, nil
	}
	return list[D](ctx, r, where)
}

// list reads nouns by a condition of this room's own making.
func list[D any](ctx context.Context, r Reader, where func(*gorm.DB) *gorm.DB) ([]*D, error) {
	return tableOf[D]().find(where(r.db.WithContext(ctx)))
}

// Put saves nouns, new or known by their id: counts their edit up, and writes down that they changed.
func Put[D any](tx *Tx, nouns ...*D) error { return tableOf[D]().put(tx, nouns) }

// Remove deletes nouns, leaving a tombstone in the change feed.
func Remove[D any](tx *Tx, nouns ...*D) error { return tableOf[D]().remove(tx, nouns) }

var (
	_ = keep(table[domain.Programme, programmeRow]{
		kind: "Programme", row: func(d domain.Programme) programmeRow { return programmeRow(d) }, noun: func(r programmeRow) domain.Programme { return domain.Programme(r) },
		id: func(d *domain.Programme) string { return d.ID }, edit: func(d *domain.Programme) *domain.Edit { return &d.Edit },
		place: func(d *domain.Programme) domain.Place { return domain.Place{Programme: d.ID} },
	})
	_ = keep(table[domain.Cohort, cohortRow]{
		kind: "Cohort", row: func(d domain.Cohort) cohortRow { return cohortRow(d) }, noun: func(r cohortRow) domain.Cohort { return domain.Cohort(r) },
		id: func(d *domain.Cohort) string { return d.ID }, edit: func(d *domain.Cohort) *domain.Edit { return &d.Edit },
		place: func(d *domain.Cohort) domain.Place { return domain.Place{Programme: d.ProgrammeID, Cohort: d.ID} },
	})
	_ = keep(table[domain.Organisation, organisationRow]{
		kind: "Organisation", row: func(d domain.Organisation) organisationRow { return organisationRow(d) }, noun: func(r organisationRow) domain.Organisation { return domain.Organisation(r) },
		id: func(d *domain.Organisation) string { return d.ID }, edit: func(d *domain.Organisation) *domain.Edit { return &d.Edit },
		place: func(*domain.Organisation) domain.Place { return domain.Place{} },
	})
	_ = keep(table[domain.Person, personRow]{
		kind: "Person", row: func(d domain.Person) personRow { return personRow(d) }, noun: func(r personRow) domain.Person { return domain.Person(r) },
		id: func(d *domain.Person) string { return d.ID }, edit: func(d *domain.Person) *domain.Edit { return &d.Edit },
		place: func(d *domain.Person) domain.Place { return domain.Place{Person: d.ID} },
	})
	_ = keep(table[domain.Skill, skillRow]{
		row: func(d domain.Skill) skillRow { return skillRow(d) }, noun: func(r skillRow) domain.Skill { return domain.Skill(r) },
		id: func(d *domain.Skill) string { return d.ID }, place: func(*domain.Skill) domain.Place { return domain.Place{} },
	})
	_ = keep(table[domain.Theme, themeRow]{
		kind: "Theme", row: func(d domain.Theme) themeRow { return themeRow(d) }, noun: func(r themeRow) domain.Theme { return domain.Theme(r) },
		id: func(d *domain.Theme) string { return d.ID }, place: func(d *domain.Theme) domain.Place { return domain.Place{Programme: d.ProgrammeID} },
	})
	_ = keep(table[domain.Challenge, challengeRow]{
		kind: "Challenge", row: func(d domain.Challenge) challengeRow { return challengeRow(d) }, noun: func(r challengeRow) domain.Challenge { return domain.Challenge(r) },
		id: func(d *domain.Challenge) string { return d.ID }, edit: func(d *domain.Challenge) *domain.Edit { return &d.Edit },
		place: func(d *domain.Challenge) domain.Place { return domain.Place{Programme: d.ProgrammeID} },
	})
	_ = keep(table[domain.Team, teamRow]{
		kind: "Team", row: func(d domain.Team) teamRow { return teamRow(d) }, noun: func(r teamRow) domain.Team { return domain.Team(r) },
		id: func(d *domain.Team) string { return d.ID }, edit: func(d *domain.Team) *domain.Edit { return &d.Edit },
		place: func(d *domain.Team) domain.Place {
			return domain.Place{Programme: d.ProgrammeID, Cohort: d.CohortID, Team: d.ID}
		},
	})
	_ = keep(table[domain.Enrolment, enrolmentRow]{
		kind: "Enrolment", row: func(d domain.Enrolment) enrolmentRow { return enrolmentRow(d) }, noun: func(r enrolmentRow) domain.Enrolment { return domain.Enrolment(r) },
		id: func(d *domain.Enrolment) string { return d.ID }, edit: func(d *domain.Enrolment) *domain.Edit { return &d.Edit },
		place: func(d *domain.Enrolment) domain.Place { return d.Place() },
	})
	_ = keep(table[domain.Identity, identityRow]{ // out of the feed, which is to hold nothing of it; see Touch
		row: func(d domain.Identity) identityRow { return identityRow(d) }, noun: func(r identityRow) domain.Identity { return domain.Identity(r) },
		id: func(d *domain.Identity) string { return d.ID }, edit: func(d *domain.Identity) *domain.Edit { return &d.Edit },
		place: func(*domain.Identity) domain.Place { return domain.Place{} },
	})
	_ = keep(table[domain.Site, siteRow]{
		kind: "Site", row: func(d domain.Site) siteRow { return siteRow(d) }, noun: func(r siteRow) domain.Site { return domain.Site(r) },
		id: func(d *domain.Site) string { return d.ID }, edit: func(d *domain.Site) *domain.Edit { return &d.Edit },
		place: func(*domain.Site) domain.Place { return domain.Place{} },
	})
	_ = keep(table[domain.HostOffer, hostOfferRow]{
		kind: "HostOffer", row: func(d domain.HostOffer) hostOfferRow { return hostOfferRow(d) }, noun: func(r hostOfferRow) domain.HostOffer { return domain.HostOffer(r) },
		id: func(d *domain.HostOffer) string { return d.ID }, edit: func(d *domain.HostOffer) *domain.Edit { return &d.Edit },
		place: func(d *domain.HostOffer) domain.Place { return domain.Place{Programme: d.ProgrammeID} },
	})
	_ = keepPlans(table[domain.VisitPlan, visitPlanRow]{
		kind: "VisitPlan", row: func(d domain.VisitPlan) visitPlanRow { return visitPlanRow(d) }, noun: func(r visitPlanRow) domain.VisitPlan { return domain.VisitPlan(r) },
		id: func(d *domain.VisitPlan) string { return d.ID }, edit: func(d *domain.VisitPlan) *domain.Edit { return &d.Edit },
		place: func(d *domain.VisitPlan) domain.Place { return d.Place() },
	})
	// A plan's reasons are under its id: whoever follows the feed hears of the plan.
	_ = keep(table[domain.PlanReasons, planReasonsRow]{
		kind: "VisitPlan", row: func(d domain.PlanReasons) planReasonsRow { return planReasonsRow(d) }, noun: func(r planReasonsRow) domain.PlanReasons { return domain.PlanReasons(r) },
		id: func(d *domain.PlanReasons) string { return d.ID }, place: func(d *domain.PlanReasons) domain.Place {
			return domain.Place{Programme: d.ProgrammeID, Cohort: d.CohortID}
		},
	})
	_ = keep(table[domain.Visit, visitRow]{
		kind: "Visit", row: func(d domain.Visit) visitRow { return visitRow(d) }, noun: func(r visitRow) domain.Visit { return domain.Visit(r) },
		id: func(d *domain.Visit) string { return d.ID }, edit: func(d *domain.Visit) *domain.Edit { return &d.Edit },
		place: func(d *domain.Visit) domain.Place { return d.Place() },
	})
	_ = keep(table[domain.VisitGroup, visitGroupRow]{
		row: func(d domain.VisitGroup) visitGroupRow { return visitGroupRow(d) }, noun: func(r visitGroupRow) domain.VisitGroup { return domain.VisitGroup(r) },
		id: func(d *domain.VisitGroup) string { return d.ID }, place: func(*domain.VisitGroup) domain.Place { return domain.Place{} },
	})
	_ = keep(table[domain.Leg, legRow]{
		kind: "Leg", row: func(d domain.Leg) legRow { return legRow(d) }, noun: func(r legRow) domain.Leg { return domain.Leg(r) },
		id: func(d *domain.Leg) string { return d.ID }, edit: func(d *domain.Leg) *domain.Edit { return &d.Edit },
		place: func(*domain.Leg) domain.Place { return domain.Place{} },
	})
	_ = keep(table[domain.Manifest, manifestRow]{
		kind: "Manifest", row: func(d domain.Manifest) manifestRow { return manifestRow(d) }, noun: func(r manifestRow) domain.Manifest { return domain.Manifest(r) },
		id: func(d *domain.Manifest) string { return d.ID }, edit: func(d *domain.Manifest) *domain.Edit { return &d.Edit },
		place: func(d *domain.Manifest) domain.Place {
			return domain.Place{Programme: d.ProgrammeID, Cohort: d.CohortID}
		},
	})
	_ = keep(table[domain.Insight, insightRow]{
		kind: "Insight", row: func(d domain.Insight) insightRow { return insightRow(d) }, noun: func(r insightRow) domain.Insight { return domain.Insight(r) },
		id: func(d *domain.Insight) string { return d.ID }, edit: func(d *domain.Insight) *domain.Edit { return &d.Edit },
		place: func(d *domain.Insight) domain.Place {
			return domain.Place{Programme: d.ProgrammeID, Cohort: d.CohortID, Person: d.AuthorID}
		},
	})
	// A team's own work is out of the feed, which everybody of a cohort may follow.
	_ = keep(table[domain.Pitch, pitchRow]{
		row: func(d domain.Pitch) pitchRow { return pitchRow(d) }, noun: func(r pitchRow) domain.Pitch { return domain.Pitch(r) },
		id: func(d *domain.Pitch) string { return d.ID }, edit: func(d *domain.Pitch) *domain.Edit { return &d.Edit }, place: (*domain.Pitch).Place,
	})
	_ = keep(table[domain.Rehearsal, rehearsalRow]{
		row: func(d domain.Rehearsal) rehearsalRow { return rehearsalRow(d) }, noun: func(r rehearsalRow) domain.Rehearsal { return domain.Rehearsal(r) },
		id: func(d *domain.Rehearsal) string { return d.ID }, edit: func(d *domain.Rehearsal) *domain.Edit { return &d.Edit }, place: (*domain.Rehearsal).Place,
	})
	_ = keep(table[domain.PeerFeedback, peerFeedbackRow]{
		row: func(d domain.PeerFeedback) peerFeedbackRow { return peerFeedbackRow(d) }, noun: func(r peerFeedbackRow) domain.PeerFeedback { return domain.PeerFeedback(r) },
		id: func(d *domain.PeerFeedback) string { return d.ID }, place: func(*domain.PeerFeedback) domain.Place { return domain.Place{} },
	})
	_ = keep(table[domain.Recording, recordingRow]{
		row: func(d domain.Recording) recordingRow { return recordingRow(d) }, noun: func(r recordingRow) domain.Recording { return domain.Recording(r) },
		id: func(d *domain.Recording) string { return d.ID }, place: func(*domain.Recording) domain.Place { return domain.Place{} },
	})
	_ = keep(table[domain.VoiceAnalysis, voiceAnalysisRow]{
		row: func(d domain.VoiceAnalysis) voiceAnalysisRow { return voiceAnalysisRow(d) }, noun: func(r voiceAnalysisRow) domain.VoiceAnalysis { return domain.VoiceAnalysis(r) },
		id: func(d *domain.VoiceAnalysis) string { return d.ID }, place: func(*domain.VoiceAnalysis) domain.Place { return domain.Place{} },
	})
	_ = keep(table[domain.KeptQuestion, keptQuestionRow]{
		row: func(d domain.KeptQuestion) keptQuestionRow { return keptQuestionRow(d) }, noun: func(r keptQuestionRow) domain.KeptQuestion { return domain.KeptQuestion(r) },
		id: func(d *domain.KeptQuestion) string { return d.ID }, place: func(*domain.KeptQuestion) domain.Place { return domain.Place{} },
	})
	_ = keep(table[domain.Attendance, attendanceRow]{
		kind: "Attendance", row: func(d domain.Attendance) attendanceRow { return attendanceRow(d) }, noun: func(r attendanceRow) domain.Attendance { return domain.Attendance(r) },
		id: func(d *domain.Attendance) string { return d.ID }, edit: func(d *domain.Attendance) *domain.Edit { return &d.Edit },
		place: func(d *domain.Attendance) domain.Place { return d.Place() },
	})
	_ = keep(table[domain.BudgetLine, budgetLineRow]{
		kind: "BudgetLine", row: func(d domain.BudgetLine) budgetLineRow { return budgetLineRow(d) }, noun: func(r budgetLineRow) domain.BudgetLine { return domain.BudgetLine(r) },
		id: func(d *domain.BudgetLine) string { return d.ID }, edit: func(d *domain.BudgetLine) *domain.Edit { return &d.Edit },
		place: func(d *domain.BudgetLine) domain.Place { return d.Place() },
	})
	_ = keep(table[domain.SponsorBrief, sponsorBriefRow]{
		kind: "SponsorBrief", row: func(d domain.SponsorBrief) sponsorBriefRow { return sponsorBriefRow(d) }, noun: func(r sponsorBriefRow) domain.SponsorBrief { return domain.SponsorBrief(r) },
		id: func(d *domain.SponsorBrief) string { return d.ID }, edit: func(d *domain.SponsorBrief) *domain.Edit { return &d.Edit },
		place: func(d *domain.SponsorBrief) domain.Place { return d.Place() },
	})
	_ = keep(table[domain.BriefFact, briefFactRow]{
		row: func(d domain.BriefFact) briefFactRow { return briefFactRow(d) }, noun: func(r briefFactRow) domain.BriefFact { return domain.BriefFact(r) },
		id: func(d *domain.BriefFact) string { return d.ID }, place: func(*domain.BriefFact) domain.Place { return domain.Place{} },
	})
	_ = keep(table[domain.BriefValue, briefValueRow]{
		row: func(d domain.BriefValue) briefValueRow { return briefValueRow(d) }, noun: func(r briefValueRow) domain.BriefValue { return domain.BriefValue(r) },
		id: func(d *domain.BriefValue) string { return d.ID }, place: func(*domain.BriefValue) domain.Place { return domain.Place{} },
	})
	_ = keep(table[domain.BriefSeal, briefSealRow]{ // out of the feed, which is to hold nothing of it
		row: func(d domain.BriefSeal) briefSealRow { return briefSealRow(d) }, noun: func(r briefSealRow) domain.BriefSeal { return domain.BriefSeal(r) },
		id: func(d *domain.BriefSeal) string { return d.ID }, place: func(*domain.BriefSeal) domain.Place { return domain.Place{} },
	})
	_ = keep(table[domain.ShareLink, shareLinkRow]{
		kind: "ShareLink", row: func(d domain.ShareLink) shareLinkRow { return shareLinkRow(d) }, noun: func(r shareLinkRow) domain.ShareLink { return domain.ShareLink(r) },
		id: func(d *domain.ShareLink) string { return d.ID }, place: func(d *domain.ShareLink) domain.Place { return d.Place() },
	})
	_ = keep(table[domain.VisitPlanning, visitPlanningRow]{
		row: func(d domain.VisitPlanning) visitPlanningRow { return visitPlanningRow(d) }, noun: func(r visitPlanningRow) domain.VisitPlanning { return domain.VisitPlanning(r) },
		id: func(d *domain.VisitPlanning) string { return d.ID }, place: func(d *domain.VisitPlanning) domain.Place { return domain.Place{Programme: d.ProgrammeID} },
	})
	_ = keep(table[domain.Upload, uploadRow]{
		row: func(d domain.Upload) uploadRow { return uploadRow(d) }, noun: func(r uploadRow) domain.Upload { return domain.Upload(r) },
		id: func(d *domain.Upload) string { return d.ID }, place: func(*domain.Upload) domain.Place { return domain.Place{} },
	})
	_ = keep(table[domain.Import, importRow]{
		kind: "Import", row: func(d domain.Import) importRow { return importRow(d) }, noun: func(r importRow) domain.Import { return domain.Import(r) },
		id: func(d *domain.Import) string { return d.ID }, edit: func(d *domain.Import) *domain.Edit { return &d.Edit },
		place: func(d *domain.Import) domain.Place {
			return domain.Place{Programme: d.ProgrammeID, Cohort: d.CohortID}
		},
	})
	_ = keep(table[domain.ApiToken, apiTokenRow]{
		kind: "ApiToken", row: func(d domain.ApiToken) apiTokenRow { return apiTokenRow(d) }, noun: func(r apiTokenRow) domain.ApiToken { return domain.ApiToken(r) },
		id: func(d *domain.ApiToken) string { return d.ID }, place: func(*domain.ApiToken) domain.Place { return domain.Place{} },
	})
)
