package storage

import (
	"time"

	"tandem/internal/domain"
)

// Rows mirror the domain's nouns field by field, so that a plain conversion carries one into the other and drift breaks
// the build; only the tags belong to this room.

type programmeRow struct {
	ID           string
	ExternalKey  string
	Name         string
	StartsOn     domain.Date
	EndsOn       domain.Date
	TimeZone     string
	OfficeNation domain.Nation
	Seats        domain.SectorCount   `gorm:"embedded;embeddedPrefix:seats_"`
	Milestones   []*domain.Milestone  `gorm:"serializer:json;not null"`
	OwnRates     []*domain.TravelRate `gorm:"serializer:json;not null"`

	VisitDaysMax     *int
	OneWayMinutesMax *int
	domain.Edit
}

type cohortRow struct {
	ID              string
	ProgrammeID     string
	ExternalKey     string
	Name            string
	RatingsClosedOn *domain.Date
	domain.Edit
}

type organisationRow struct {
	ID          string
	ExternalKey string
	Name        string
	Kind        domain.OrganisationKind
	Sector      domain.Sector
	domain.Edit
}

type personRow struct {
	ID           string
	Name         string
	Email        *string
	ExternalKey  *string
	Affiliations []*domain.Affiliation `gorm:"serializer:json;not null"`
	domain.Edit
}

type skillRow struct {
	ID   string
	Name string
}

type themeRow struct {
	ID          string
	ProgrammeID string
	Name        string
}

type challengeRow struct {
	ID              string
	ProgrammeID     string
	ExternalKey     string
	Title           string
	OwnerID         *string
	Problem         string
	Users           string
	Need            string
	Constraints     string
	SuccessMeasures string
	Stage           domain.ChallengeStage
	ThemeIDs        []string       `gorm:"column:theme_ids;serializer:json;not null"`
	NeededSkillIDs  []string       `gorm:"column:needed_skill_ids;serializer:json;not null"`
	Source          *domain.Source `gorm:"serializer:json"`
	domain.Edit
}

type teamRow struct {
	ID          string
	CohortID    string
	ProgrammeID string
	Number      int
	Name        string
	ChallengeID *string
	Milestones  []*domain.TeamMilestone `gorm:"serializer:json;not null"`
	Outcomes    []*domain.Outcome       `gorm:"serializer:json;not null"`
	domain.Edit
}

type enrolmentRow struct {
	ID                    string
	PersonID              string
	CohortID              string
	ProgrammeID           string
	TeamID                *string
	Stored                domain.EnrolmentState
	SectorAtEnrolment     domain.Sector
	EmployerAtEnrolmentID string
	HomeStationCode       *string
	AwayOn                []domain.Date         `gorm:"serializer:json;not null"`
	Needs                 []*domain.Need        `gorm:"serializer:json;not null"`
	SkillRatings          []*domain.SkillRating `gorm:"serializer:json;not null"`
	AcceptedOn            *domain.Date
	LeftOn                *domain.Date
	Overridden            bool
	domain.Edit
}

type identityRow struct {
	ID          string
	Kind        domain.IdentityKind
	Number      string
	ConsentedAt time.Time
	domain.Edit
}

type siteRow struct {
	ID             string
	OrganisationID string
	Name           string
	StationCode    string
	StepFree       bool
	AccessNotes    *string
	domain.Edit
}

type hostOfferRow struct {
	ID                  string
	ProgrammeID         string
	SiteID              string
	ExternalKey         string
	SearchName          string
	State               domain.HostOfferState
	ThemeIDs            []string `gorm:"column:theme_ids;serializer:json;not null"`
	MinGroup            int
	MaxGroup            int
	DurationMinutes     int
	Windows             []*domain.OfferWindow `gorm:"serializer:json;not null"`
	FirstOpenAt         *time.Time
	BlackoutDates       []domain.Date `gorm:"serializer:json;not null"`
	LeadTimeWorkingDays int
	RequiredFields      []*domain.RequiredField `gorm:"serializer:json;not null"`
	domain.Edit
}

type visitPlanRow struct {
	ID           string
	CohortID     string
	ProgrammeID  string
	Number       int
	State        domain.VisitPlanState
	ReleasedAt   *time.Time
	Rules        domain.PlanRules  `gorm:"serializer:json;not null"`
	Score        domain.PlanScore  `gorm:"serializer:json;not null"`
	Bound        *domain.PlanScore `gorm:"serializer:json"`
	ProvedLevels int
	Seed         *int
	Work         int
	Cancelled    bool
	Attainable   map[string]int       `gorm:"serializer:json;not null"`
	Visits       []*domain.Visit      `gorm:"-"`
	Groups       []*domain.VisitGroup `gorm:"-"`
	domain.Edit
}

type planReasonsRow struct {
	ID          string
	CohortID    string
	ProgrammeID string
	Digest      string
	Whole       bool
	Result      string
}

type visitRow struct {
	ID             string
	PlanID         string
	CohortID       string
	ProgrammeID    string
	OfferID        string
	GroupID        string
	On             domain.Date `gorm:"column:on_day"`
	StartsAt       time.Time
	EndsAt         time.Time
	Stored         domain.VisitState
	Pinned         bool
	OverrideReason *string
	CancelReason   *string
	UID            string
	Sequence       int
	domain.Edit
}

type visitGroupRow struct {
	ID        string
	PlanID    string
	On        domain.Date `gorm:"column:on_day"`
	Name      string
	MemberIDs []string `gorm:"column:member_ids;serializer:json;not null"`
}

type legRow struct {
	ID              string
	VisitID         string
	EnrolmentID     string
	Back            bool
	HomeStationCode string
	Mode            domain.TravelMode
	Metres          int
	Minutes         int
	Pence           *int
	GramsCO2e       int `gorm:"column:grams_co2e"`
	Entered         bool
	Figures         []domain.LegFigure `gorm:"serializer:json;not null"`
	domain.Edit
}

type manifestRow struct {
	ID          string
	VisitID     string
	CohortID    string
	ProgrammeID string
	OfferID     string
	Number      int
	State       domain.ManifestState
	Fields      []domain.ManifestField `gorm:"serializer:json;not null"`
	People      int
	SealedHash  string
	SubmittedAt *time.Time
	PurgeAfter  domain.Date
	Rows        []*domain.ManifestRow `gorm:"column:manifest_rows;serializer:json;not null"`
	domain.Edit
}

type insightRow struct {
	ID            string
	VisitID       string
	CohortID      string
	ProgrammeID   string
	AuthorID      string
	Text          string
	ChallengeIDs  []string `gorm:"column:challenge_ids;serializer:json;not null"`
	UsedByTeamIDs []string `gorm:"column:used_by_team_ids;serializer:json;not null"`
	domain.Edit
}

type attendanceRow struct {
	ID          string
	CohortID    string
	ProgrammeID string
	On          domain.Date `gorm:"column:on_day"`
	PresentIDs  []string    `gorm:"column:present_ids;serializer:json;not null"`
	AbsentIDs   []string    `gorm:"column:absent_ids;serializer:json;not null"`
	domain.Edit
}

type budgetLineRow struct {
	ID          string
	CohortID    string
	ProgrammeID string
	Text        string
	Pence       int
	Basis       string
	domain.Edit
}

type pitchRow struct {
	ID              string
	TeamID          string
	CohortID        string
	ProgrammeID     string
	SlotSeconds     int
	QuestionSeconds int
	Sections        []*domain.Section       `gorm:"serializer:json;not null"`
	Claims          []*domain.Claim         `gorm:"serializer:json;not null"`
	Criteria        []string                `gorm:"serializer:json;not null"`
	Pronunciations  []*domain.Pronunciation `gorm:"serializer:json;not null"`
	Deck            *domain.Deck            `gorm:"serializer:json"`
	domain.Edit
}

type rehearsalRow struct {
	ID           string
	PitchID      string
	TeamID       string
	CohortID     string
	ProgrammeID  string
	Number       int
	State        domain.RehearsalState
	StartedAt    time.Time
	Milliseconds *int
	LastSequence int
	Plan         []*domain.Section          `gorm:"serializer:json;not null"`
	Consents     []*domain.RecordingConsent `gorm:"serializer:json;not null"`
	domain.Edit
}

type runEventRow struct {
	RehearsalID    string `gorm:"primaryKey"`
	Sequence       int    `gorm:"primaryKey;autoIncrement:false"`
	Kind           domain.RunEventKind
	AtMilliseconds int
	SectionID      *string
	Slide          *int
}

type peerFeedbackRow struct {
	ID          string
	RehearsalID string
	AuthorID    *string
	SectionID   *string
	Criterion   *string
	Level       *int
	Text        string
	At          time.Time
}

type filePieceRow struct {
	FileID string `gorm:"primaryKey"`
	Place  int    `gorm:"primaryKey;autoIncrement:false"`
	Data   []byte
}

type recordingRow struct {
	ID                 string
	RehearsalID        string
	Milliseconds       int
	OffsetMilliseconds int
	SampleRate         int
	Bytes              int
	MediaType          string
	Peaks              []float64 `gorm:"serializer:json;not null"`
}

type voiceAnalysisRow struct {
	ID          string
	RehearsalID string
	State       domain.JobState
	Progress    *float64
	StartedAt   time.Time
	EndedAt     *time.Time
	Failure     *string
	Level       domain.AnalysisLevel
	Heard       *domain.Heard `gorm:"serializer:json"`
}

type keptQuestionRow struct {
	ID        string
	PitchID   string
	Key       string
	Text      string
	Practised int
	AskedAt   time.Time
}

type sponsorBriefRow struct {
	ID            string
	CohortID      string
	ProgrammeID   string
	Number        int
	State         domain.BriefState
	AsOf          domain.Date
	FrozenAt      time.Time
	DataVersion   int64
	FactsHash     string
	Terms         string
	Headline      string
	Summary       string
	Goal          string
	Level         domain.RatingLevel
	RatingBecause string
	WentBadly     []string                `gorm:"serializer:json;not null"`
	Decisions     []*domain.Decision      `gorm:"serializer:json;not null"`
	Because       []*domain.FigureBecause `gorm:"serializer:json;not null"`
	Beside        []string                `gorm:"serializer:json;not null"`
	ReleasedAt    *time.Time
	CheckedAt     *time.Time
	Unequal       []string `gorm:"serializer:json;not null"`
	domain.Edit
}

type briefFactRow struct {
	ID        string
	BriefID   string
	Place     int
	Part      string
	PartPlace int
	Fact      string
}

type briefValueRow struct {
	ID          string
	BriefID     string
	Place       int
	Figure      string
	Cell        string
	State       string
	P           *int
	Low         float64
	High        float64
	Reason      string
	DataVersion int64
	Told        string
	Hash        string
}

type briefSealRow struct {
	ID     string
	Secret []byte   `gorm:"serializer:json;not null"`
	People []string `gorm:"serializer:json;not null"`
}

type shareLinkRow struct {
	ID           string
	BriefID      string
	CohortID     string
	ProgrammeID  string
	Label        string
	Hash         string
	MadeAt       time.Time
	ExpiresAt    time.Time
	RevokedAt    *time.Time
	Opens        int
	LastOpenedAt *time.Time
}

type visitPlanningRow struct {
	ID          string
	ProgrammeID string
	CohortIDs   []string `gorm:"column:cohort_ids;serializer:json;not null"`
	PlanIDs     []string `gorm:"column:plan_ids;serializer:json;not null"`
	State       domain.JobState
	Progress    *float64
	StartedAt   time.Time
	EndedAt     *time.Time
	Failure     *string
	Seed        int
	SecondsMax  int
	Steps       []*domain.PlanningStep `gorm:"serializer:json;not null"`
	Clashes     []*domain.Clash        `gorm:"serializer:json;not null"`

	ClashesComplete bool
}

type uploadRow struct {
	ID       string
	OwnerID  string
	Name     string
	Bytes    int
	SHA256   string `gorm:"column:sha256"`
	Received int
	BeganAt  time.Time

	RehearsalID string
}

type uploadPieceRow struct {
	UploadID string `gorm:"primaryKey"`
	Place    int    `gorm:"primaryKey;autoIncrement:false"`
	Data     string
}

type importRow struct {
	ID          string
	UploadID    string
	ProgrammeID string
	CohortID    string
	Name        string
	Kind        domain.ImportKind
	Sheet       *string
	State       domain.JobState
	StartedAt   time.Time
	EndedAt     *time.Time
	Failure     *string
	Columns     map[int]string       `gorm:"column:columns_set;serializer:json;not null"`
	Cells       []*domain.ImportCell `gorm:"serializer:json;not null"`
	LeftOut     []int                `gorm:"serializer:json;not null"`
	Counts      *domain.ImportCounts `gorm:"serializer:json"`
	Undo        []byte               `gorm:"serializer:json;not null"`
	UndoneAt    *time.Time
	domain.Edit
}

type apiTokenRow struct {
	ID         string
	Label      string
	Role       domain.Role
	OnID       string
	WithinID   string
	PersonID   string
	Scopes     []domain.Scope `gorm:"serializer:json;not null"`
	Hash       string
	MadeByID   string
	MadeAt     time.Time
	ExpiresAt  time.Time
	RevokedAt  *time.Time
	LastUsedAt *time.Time
}

type auditRow struct {
	Seq          int64 `gorm:"primaryKey;autoIncrement:false"`
	At           time.Time
	ActorID      string
	ActorName    string
	Action       string
	Payload      string
	Impact       string
	PreviousHash string
	Hash         string
}

type changeRow struct {
	Version     int64 `gorm:"primaryKey;autoIncrement:false"`
	At          time.Time
	Type        string
	NodeID      string
	Gone        bool
	ProgrammeID string
	CohortID    string
	TeamID      string
	PersonID    string
}

type idempotencyRow struct {
	ActorID string `gorm:"primaryKey"`
	Key     string `gorm:"primaryKey"`
	Action  string
	Payload string
	Reply   string
	At      time.Time
}

type ledgerRow struct {
	ID          int
	DataVersion int64
	AuditHash   string
}

func (programmeRow) TableName() string     { return "programmes" }
func (cohortRow) TableName() string        { return "cohorts" }
func (organisationRow) TableName() string  { return "organisations" }
func (personRow) TableName() string        { return "people" }
func (skillRow) TableName() string         { return "skills" }
func (themeRow) TableName() string         { return "themes" }
func (challengeRow) TableName() string     { return "challenges" }
func (teamRow) TableName() string          { return "teams" }
func (enrolmentRow) TableName() string     { return "enrolments" }
func (identityRow) TableName() string      { return "identities" }
func (siteRow) TableName() string          { return "sites" }
func (hostOfferRow) TableName() string     { return "host_offers" }
func (visitPlanRow) TableName() string     { return "visit_plans" }
func (planReasonsRow) TableName() string   { return "plan_reasons" }
func (visitRow) TableName() string         { return "visits" }
func (visitGroupRow) TableName() string    { return "visit_groups" }
func (legRow) TableName() string           { return "legs" }
func (manifestRow) TableName() string      { return "manifests" }
func (insightRow) TableName() string       { return "insights" }
func (pitchRow) TableName() string         { return "pitches" }
func (rehearsalRow) TableName() string     { return "rehearsals" }
func (runEventRow) TableName() string      { return "run_events" }
func (peerFeedbackRow) TableName() string  { return "peer_feedback" }
func (keptQuestionRow) TableName() string  { return "kept_questions" }
func (filePieceRow) TableName() string     { return "file_pieces" }
func (recordingRow) TableName() string     { return "recordings" }
func (voiceAnalysisRow) TableName() string { return "voice_analyses" }
func (attendanceRow) TableName() string    { return "attendances" }
func (budgetLineRow) TableName() string    { return "budget_lines" }
func (sponsorBriefRow) TableName() string  { return "sponsor_briefs" }
func (briefFactRow) TableName() string     { return "brief_facts" }
func (briefValueRow) TableName() string    { return "brief_values" }
func (briefSealRow) TableName() string     { return "brief_seals" }
func (shareLinkRow) TableName() string     { return "share_links" }
func (visitPlanningRow) TableName() string { return "visit_plannings" }
func (uploadRow) TableName() string        { return "uploads" }
func (uploadPieceRow) TableName() string   { return "upload_pieces" }
func (importRow) TableName() string        { return "imports" }
func (apiTokenRow) TableName() string      { return "api_tokens" }
func (auditRow) TableName() string         { return "audit_events" }
func (changeRow) TableName() string        { return "changes" }
func (idempotencyRow) TableName() string   { return "idempotency" }
func (ledgerRow) TableName() string        { return "ledger" }
