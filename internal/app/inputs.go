package app

import (
	"time"

	"tandem/internal/domain"
	"tandem/internal/sponsor/catalogue"
)

// What can be asked: the schema's inputs, field by field. A pointer or slice that is nil was left out.

// AcceptEnrolmentInput is which enrolment to accept.
type AcceptEnrolmentInput struct {
	EnrolmentID     string  // The enrolment.
	OverrideReason  *string // Why, where it leaves the balance worse.
	ExpectedVersion int     // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// AddVisitInput is what to put into a draft, and when.
type AddVisitInput struct {
	PlanID          string    // The draft, whose version counts.
	OfferID         string    // The offer.
	StartsAt        time.Time // When it begins.
	GroupID         *string   // The group of that day that sees this host as well; left out, a group of its own.
	OverrideReason  *string   // Why, where a hard rule is broken; such a draft cannot be released as it is.
	ExpectedVersion int       // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// AnalyseRehearsalInput is which run to analyse, and how.
type AnalyseRehearsalInput struct {
	RehearsalID string               // The run.
	Level       domain.AnalysisLevel // What does it; REMOTE_WORDS needs a yes of every speaker in this run.
	domain.Command
}

// AppendRunEventsInput is what happened in a run.
type AppendRunEventsInput struct {
	RehearsalID string           // The run.
	Events      []*RunEventInput // The events by sequence, at most 500; the first must follow what is there, or be there.
	domain.Command
}

// AppendUploadInput is the next piece of a file.
type AppendUploadInput struct {
	UploadID string // The upload.
	Offset   int    // The place of its first byte; `received` of the last answer.
	Data     string // The piece, at most 128 KiB before encoding.
	domain.Command
}

// AssignChallengeInput is which challenge, to whom.
type AssignChallengeInput struct {
	TeamID          string  // The team.
	ChallengeID     *string // The challenge; null takes it away.
	ExpectedVersion int     // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// AttachDeckInput is slides to attach.
type AttachDeckInput struct {
	PitchID         string // The pitch.
	UploadID        string // The finished upload.
	ExpectedVersion int    // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// AttachRecordingInput is sound to attach.
type AttachRecordingInput struct {
	RehearsalID        string // The run.
	UploadID           string // The finished upload, begun for the run.
	OffsetMilliseconds int    // Milliseconds from the run's start to the first sample.
	domain.Command
}

// CancelJobInput is which job to stop.
type CancelJobInput struct {
	JobID string // The job.
	domain.Command
}

// CancelVisitInput is which visit to call off, and why.
type CancelVisitInput struct {
	VisitID         string // The visit.
	Reason          string // Why, in words that may be told.
	ExpectedVersion int    // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// CaptureInsightInput is what a visit taught.
type CaptureInsightInput struct {
	VisitID      string   // The visit.
	Text         string   // What was seen.
	ChallengeIds []string // Challenges it bears on.
	domain.Command
}

// ChallengeFraming is a framing, whole or in part.
type ChallengeFraming struct {
	Problem         *string  // What is wrong today.
	Users           *string  // Who is affected.
	Need            *string  // What they need.
	Constraints     *string  // What a solution must respect.
	SuccessMeasures *string  // How success will be seen.
	Themes          []string // All its themes by name; a new name makes a theme.
	NeededSkillIds  []string // All the skills it needs.
}

// ClaimEvidenceInput is evidence to write.
type ClaimEvidenceInput struct {
	Text   string // What was found.
	Source string // Where it is from, in words that others can check.
}

// ClaimInput is a claim to write.
type ClaimInput struct {
	ID           *string               // The claim; left out, a new one.
	Text         string                // What is claimed.
	SectionOrder *int                  // The place of its section in `sections`, counted from 1.
	Evidence     []*ClaimEvidenceInput // The evidence it rests on.
	InsightIds   []string              // The insights it rests on.
}

// CheckBriefInput is which released brief to check.
type CheckBriefInput struct {
	BriefID string // The brief.
	domain.Command
}

// CloseRatingsInput is of which cohort to close the ratings.
type CloseRatingsInput struct {
	CohortID        string // The cohort.
	ExpectedVersion int    // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// ConfirmVisitInput is which visit the host agreed to.
type ConfirmVisitInput struct {
	VisitID         string  // The visit.
	OverrideReason  *string // Why, where names were due before today.
	ExpectedVersion int     // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// CorrectImportInput is what to correct in a preview.
type CorrectImportInput struct {
	ImportID        string               // The import.
	Columns         []*ImportColumnInput // Columns to map anew.
	Cells           []*ImportCellInput   // Cells to set.
	LeaveOut        []int                // Rows to leave out, by number.
	TakeIn          []int                // Rows left out to take in again, by number.
	LeaveOutBlocked bool                 // Whether to leave out every row that has a problem.
	ExpectedVersion int                  // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// CreateApiTokenInput is what to make.
type CreateApiTokenInput struct {
	Label     string         // What it is for.
	Role      domain.Role    // The role it acts as.
	OnID      *string        // What it holds for; left out, the whole database. Role: owner.
	Scopes    []domain.Scope // What an integrator may reach.
	ExpiresAt time.Time      // When it ends by itself, at most 366 days ahead.
	domain.Command
}

// CreateChallengeInput is a new challenge.
type CreateChallengeInput struct {
	ProgrammeID string            // The programme.
	Title       string            // The question.
	OwnerID     string            // Who owns it.
	Framing     *ChallengeFraming // Its framing so far.
	domain.Command
}

// CreateCohortInput is a cohort to begin.
type CreateCohortInput struct {
	ProgrammeID string // The programme.
	Name        string // Its name.
	domain.Command
}

// CreateOrganisationInput is an organisation to add.
type CreateOrganisationInput struct {
	Name   string                  // Its name.
	Kind   domain.OrganisationKind // What sort it is.
	Sector domain.Sector           // Its side of the programme.
	domain.Command
}

// CreateProgrammeInput is a programme to begin.
type CreateProgrammeInput struct {
	Name         string              // Its name.
	StartsOn     domain.Date         // Its first day.
	EndsOn       domain.Date         // Its last day.
	TimeZone     string              // The IANA time zone in which its days are read.
	OfficeNation domain.Nation       // The nation of its office.
	Seats        *domain.SectorCount // Seats a cohort has by sector.
	Milestones   []*MilestoneInput   // Its milestones.
	domain.Command
}

// CreateShareLinkInput is to which brief to make a link.
type CreateShareLinkInput struct {
	BriefID   string    // The released brief.
	Label     string    // For whom.
	ExpiresAt time.Time // When it ends by itself, at most 366 days ahead.
	domain.Command
}

// CreateSiteInput is a place to add.
type CreateSiteInput struct {
	OrganisationID string  // Who is there.
	Name           string  // Its name.
	Station        string  // The code of the nearest station, which gives its nation.
	StepFree       bool    // Whether one gets in without steps.
	AccessNotes    *string // How to get in.
	domain.Command
}

// DecisionInput is something to decide.
type DecisionInput struct {
	Text string      // What.
	By   domain.Date // By when.
}

// DeleteIdentityInput is whose identity document to delete.
type DeleteIdentityInput struct {
	EnrolmentID     string // Whose.
	ExpectedVersion int    // The document's `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// DraftBriefInput is of which cohort to begin a brief.
type DraftBriefInput struct {
	CohortID string // The cohort.
	domain.Command
}

// DraftRepairInput is which way out to draft.
type DraftRepairInput struct {
	RepairID string // The repair's handle.
	domain.Command
}

// DraftVisitPlanInput is from which plan to make a draft.
type DraftVisitPlanInput struct {
	CohortID   string  // The cohort.
	FromPlanID *string // The plan to copy; left out, the draft is empty.
	domain.Command
}

// EnrolPersonInput is whom to enrol, and where.
type EnrolPersonInput struct {
	CohortID    string  // The cohort.
	Name        string  // The person's name.
	Email       *string // The person's e-mail address.
	ExternalKey *string // The key of the source system, by which a known person is found.
	EmployerID  string  // The employer, whose sector is theirs.
	HomeStation *string // The code of the station where their journeys begin.
	domain.Command
}

// EnterLegInput is what is known of a journey.
type EnterLegInput struct {
	LegID           string            // The leg.
	Mode            domain.TravelMode // By what.
	Metres          *int              // Its length in metres; null to estimate.
	Minutes         *int              // Its time door to door, in minutes; null to estimate.
	Pence           *int              // Its price in pence sterling; null to estimate.
	OtherWayVersion *int              // The `version` of the same person's other way, back or there, for which the same is entered; left out, that stays.
	ExpectedVersion int               // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// ExcludeOfferInput is which offer to exclude, and why.
type ExcludeOfferInput struct {
	PlanID          string  // The draft, whose version counts.
	OfferID         string  // The offer.
	Reason          *string // Why; null lets it in again.
	ExpectedVersion int     // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// GiveFeedbackInput is something to say about a run.
type GiveFeedbackInput struct {
	RehearsalID string  // The run.
	SectionID   *string // The section it is about.
	Criterion   *string // The criterion it is about, one of the pitch's.
	Level       *int    // How well the run met the criterion, 1 not yet to 5 fully.
	Text        string  // What to say; may be empty beside a level.
	domain.Command
}

// FigureBecauseInput is why a figure differs from the brief before.
type FigureBecauseInput struct {
	Key     catalogue.Key // Which figure.
	Because string        // Why, one sentence.
}

// ImportCellInput is a cell to set.
type ImportCellInput struct {
	Row       int    // The row's number in the file.
	Column    int    // The column's place, counted from 1.
	Value     string // The new value.
	EverySame bool   // Whether to set every cell of the column that holds the same wrong value.
}

// ImportColumnInput is a column to map.
type ImportColumnInput struct {
	Column int     // The column's place, counted from 1.
	Target *string // The target's name; null to load nothing from it.
}

// KeepQuestionInput is a question that was asked.
type KeepQuestionInput struct {
	PitchID string // The pitch.
	Text    string // The question.
	domain.Command
}

// LoadImportInput is which preview to load.
type LoadImportInput struct {
	ImportID        string // The import; no row of it may be BLOCKED.
	ExpectedVersion int    // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// MilestoneInput is a date that the whole programme works towards.
type MilestoneInput struct {
	Name string      // Its name.
	On   domain.Date // Its date.
}

// MoveVisitInput is which visit to move, and where to.
type MoveVisitInput struct {
	VisitID         string    // The visit, whose plan's version counts.
	StartsAt        time.Time // When it begins.
	Group           *string   // The letter of the group that goes; left out, the same.
	Alone           bool      // Whether it leaves the other host of its day behind.
	OverrideReason  *string   // Why, where a hard rule is broken; such a draft cannot be released as it is.
	ExpectedVersion int       // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// MoveVisitorsInput is whom to move, and where to.
type MoveVisitorsInput struct {
	PlanID          string      // The draft, whose version counts.
	EnrolmentIds    []string    // The people.
	On              domain.Date // The day.
	ToGroupID       *string     // The group to join; null takes them off the day.
	OverrideReason  *string     // Why, where a hard rule is broken; such a draft cannot be released as it is.
	ExpectedVersion int         // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// NeedInput is a need to record.
type NeedInput struct {
	Kind      domain.NeedKind // What sort it is.
	Text      *string         // In the person's words.
	Consented bool            // Whether they agreed that hosts may be told.
}

// OutcomeInput is something that came of a team's work.
type OutcomeInput struct {
	Kind domain.OutcomeKind // What sort it is.
	Text string             // What, in a sentence that a sponsor may read.
	On   domain.Date        // When.
}

// PinVisitInput is which visit to pin or let go.
type PinVisitInput struct {
	VisitID         string // The visit, whose plan's version counts.
	Pinned          bool   // Whether planning must leave it.
	ExpectedVersion int    // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// PlanRulesInput is what is asked of a plan; a part left out stays as it was.
type PlanRulesInput struct {
	VisitDaysMax     *int               // The most visit days in all.
	DaysBetweenMin   *int               // The fewest days from one visit day to the next; 0 for at most one in each fortnight of the programme.
	HostsPerDayMax   *int               // The most hosts on one day; 0 for as many as there are.
	OneWayMinutesMax *int               // The longest way to a visit, door to door, in minutes.
	EveryoneAtLeast  *int               // The fewest visits for everyone; 0 leaves it to fairness.
	CoverEveryTheme  *bool              // Whether every theme of every team must be seen.
	MentorSeats      *int               // Seats kept free in each group for mentors.
	Levels           []domain.PlanLevel // What counts, the most important first; all five.
	LostDays         []domain.Date      // Days on which nothing can be held, all of them.
}

// PlanVisitsInput is for whom to plan, and how.
type PlanVisitsInput struct {
	CohortIds  []string        // The cohorts, planned together, at most 100 of one programme.
	Rules      *PlanRulesInput // What is asked; a part left out is taken from `fromPlanId`, else from the programme's usual.
	FromPlanID *string         // A plan to start from, with its pins; for one cohort only.
	Seed       *int            // The seed; left out, the cohort's usual.
	SecondsMax int             // Seconds after which it stops with the best so far, 1 to 3,600.
	domain.Command
}

// PractiseQuestionInput is a question that was practised.
type PractiseQuestionInput struct {
	PitchID    string // The pitch.
	QuestionID string // The question, one that the pitch expects.
	domain.Command
}

// PronunciationInput is a pronunciation to write.
type PronunciationInput struct {
	Word   string // The word.
	Sounds string // Its sounds in the notation of the CMU dictionary.
}

// PurgeManifestInput is which manifest to purge.
type PurgeManifestInput struct {
	ManifestID      string // The manifest.
	ExpectedVersion int    // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// RateSkillsInput is whose skills, and the levels.
type RateSkillsInput struct {
	EnrolmentID     string                 // The enrolment.
	Kind            domain.SkillRatingKind // Who rates, and when in the programme.
	Ratings         []*SkillRatingInput    // The levels, one a skill; each replaces an earlier one of the same kind.
	ExpectedVersion int                    // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// RatingInput is how likely the goal is to be met.
type RatingInput struct {
	Goal    string             // The goal, one sentence.
	Level   domain.RatingLevel // How likely.
	Because string             // What evidence it rests on, and what changed it.
}

// RecordAttendanceInput is who was there on which day.
type RecordAttendanceInput struct {
	CohortID        string      // The cohort.
	On              domain.Date // The visit day.
	PresentIds      []string    // Enrolments of those who were there.
	AbsentIds       []string    // Enrolments of those who were not.
	ExpectedVersion int         // The attendance's `version` that the edit was based on, 0 where none is kept; another one is answered STALE.
	domain.Command
}

// RecordIdentityInput is whose identity document to keep, and which it is.
type RecordIdentityInput struct {
	EnrolmentID     string              // Whose.
	Kind            domain.IdentityKind // What sort it is.
	Number          string              // Its number, up to 40 characters.
	Consented       bool                // Whether the person agreed that it is kept, and told to hosts that ask.
	ExpectedVersion int                 // The document's `version` that the edit was based on, 0 where none is kept; another one is answered STALE.
	domain.Command
}

// RecordMilestoneInput is which team reached which step.
type RecordMilestoneInput struct {
	TeamID          string          // The team.
	Step            domain.TeamStep // The step.
	ReachedOn       *domain.Date    // When; null takes it back.
	ExpectedVersion int             // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// RecordOutcomesInput is what came of which team's work.
type RecordOutcomesInput struct {
	TeamID          string          // The team.
	Outcomes        []*OutcomeInput // All that came of its work.
	ExpectedVersion int             // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// ReleaseBriefInput is which draft to release.
type ReleaseBriefInput struct {
	BriefID         string // The draft.
	ExpectedVersion int    // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// ReleaseVisitPlanInput is which draft to release.
type ReleaseVisitPlanInput struct {
	PlanID          string // The draft.
	ExpectedVersion int    // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// RemoveBudgetLineInput is which line to take away.
type RemoveBudgetLineInput struct {
	LineID          string // The line.
	ExpectedVersion int    // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// RemoveVisitInput is which visit to take out.
type RemoveVisitInput struct {
	VisitID         string // The visit, whose plan's version counts.
	ExpectedVersion int    // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// RepairCause is what went wrong with a plan: one of these.
type RepairCause struct {
	VisitCancelled *string      `json:",omitempty"` // This visit's host cancels.
	VisitShrunk    *VisitShrunk `json:",omitempty"` // This visit's host takes fewer.
	PersonLeft     *string      `json:",omitempty"` // This enrolment is withdrawn.
	PersonJoined   *string      `json:",omitempty"` // This enrolment is new.
	DayLost        *domain.Date `json:",omitempty"` // Nothing can be held on this day.
}

// RevokeApiTokenInput is what to end.
type RevokeApiTokenInput struct {
	TokenID string // The token.
	domain.Command
}

// RunEventInput is something that happened.
type RunEventInput struct {
	Sequence       int                 // Its number in the run, from 1 without gaps.
	Kind           domain.RunEventKind // What.
	AtMilliseconds int                 // Milliseconds since the start.
	SectionID      *string             // The section that begins; needed by SECTION.
	Slide          *int                // The slide that is shown, counted from 1; needed by SLIDE.
}

// RevokeShareLinkInput is which link to end.
type RevokeShareLinkInput struct {
	LinkID string // The link.
	domain.Command
}

// SaveBudgetLineInput is a line of what the organiser contracts.
type SaveBudgetLineInput struct {
	LineID          *string // The line; left out, a new one.
	CohortID        string  // The cohort.
	Text            string  // What it is for.
	Pence           int     // What it costs, in pence.
	Basis           string  // Where the figure is from, such as a contract or an estimate.
	ExpectedVersion *int    // The `version` that the edit was based on; required with `lineId`.
	domain.Command
}

// SaveHostOfferInput is an offer to add or change.
type SaveHostOfferInput struct {
	OfferID             *string                 // The offer; left out, a new one.
	ProgrammeID         *string                 // The programme of a new offer; left out, the only one that is running.
	SiteID              *string                 // The site of a new offer.
	State               *domain.HostOfferState  // Whether it stands.
	Themes              []string                // All its themes by name; a new name makes a theme.
	MinGroup            *int                    // The fewest people of a group.
	MaxGroup            *int                    // The most people of a group.
	DurationMinutes     *int                    // How long a visit takes, in minutes.
	Windows             []*domain.OfferWindow   // All times it is open.
	BlackoutDates       []domain.Date           // All days when it is closed.
	LeadTimeWorkingDays *int                    // Working days before a visit by which it needs names.
	RequiredFields      []*domain.RequiredField // All that it asks to know.
	ExpectedVersion     *int                    // The `version` that the edit was based on; required with `offerId`.
	domain.Command
}

// SavePitchInput is a pitch to write; a part left out stays.
type SavePitchInput struct {
	TeamID          string                // The team, whose pitch it is.
	SlotSeconds     *int                  // The length of the slot, in seconds.
	QuestionSeconds *int                  // The time for questions, in seconds.
	Sections        []*SectionInput       // All its sections, in order.
	Claims          []*ClaimInput         // All its claims.
	Criteria        []string              // All that it is judged on.
	Pronunciations  []*PronunciationInput // All its pronunciations.
	ExpectedVersion *int                  // The pitch's `version` that the edit was based on; left out where there is no pitch yet.
	domain.Command
}

// SealManifestInput is for which visit to seal a list.
type SealManifestInput struct {
	VisitID         string // The released visit, whose version counts.
	ExpectedVersion int    // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// SectionInput is a section to write.
type SectionInput struct {
	ID            *string // The section; left out, a new one.
	Title         string  // Its name.
	PresenterID   *string // Who speaks.
	TargetSeconds int     // How long it should take, in seconds.
	Script        string  // What is said.
	FirstSlide    *int    // Its first slide, counted from 1.
	LastSlide     *int    // Its last slide, counted from 1.
}

// SetRecordingConsentInput is a speaker's word.
type SetRecordingConsentInput struct {
	RehearsalID string  // The run.
	EnrolmentID *string // The speaker; left out, the viewer. Only at the team's own computer may it be somebody who stands beside.
	Agreed      bool    // Whether they agree.
	Send        bool    // Whether they agree as well that the sound leaves this computer for the team's own engine for words.
	domain.Command
}

// SkillRatingInput is a level of a skill.
type SkillRatingInput struct {
	SkillID string // The skill.
	Level   int    // 0 none, 1 awareness, 2 working, 3 practitioner, 4 expert.
}

// StartImportInput is which table, and what it holds.
type StartImportInput struct {
	UploadID string            // The finished upload: CSV or XLSX.
	Kind     domain.ImportKind // What its rows are.
	IntoID   *string           // The programme (OFFERS, CHALLENGES) or cohort (PEOPLE) to load into; left out for PROGRAMMES.
	Sheet    *string           // The sheet; left out, the first.
	domain.Command
}

// StartRehearsalInput is of which pitch to open a run.
type StartRehearsalInput struct {
	PitchID   string    // The pitch.
	StartedAt time.Time // When the run began, by the clock of the device.
	domain.Command
}

// StartUploadInput is which file is to come.
type StartUploadInput struct {
	Name   string // Its name, for people only.
	Bytes  int    // Its whole size in bytes, at most 512 MiB.
	Sha256 string // The SHA-256 of the whole, 64 hexadecimal digits, checked at the end.

	RehearsalID *string // The run that it is the sound of; needed for one.
	domain.Command
}

// SubmitManifestInput is which manifest was sent.
type SubmitManifestInput struct {
	ManifestID      string // The manifest.
	ExpectedVersion int    // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// TravelRateInput is what a kilometre by a mode costs in a programme.
type TravelRateInput struct {
	Mode       domain.TravelMode // The mode.
	PencePerKm float64           // Pence sterling for a person and a kilometre, 0 to 1,000.
	Year       *int              // The year of the figure.
	Source     string            // Where it is from, in words that others can check; an assumption says so.
}

// UndoImportInput is which import to take back.
type UndoImportInput struct {
	ImportID        string // The import.
	ExpectedVersion int    // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// UpdateBriefInput is which draft, and its words; a part left out stays.
type UpdateBriefInput struct {
	BriefID         string                // The draft.
	Headline        *string               // The state in one line.
	Summary         *string               // The state in a few sentences.
	Rating          *RatingInput          // How likely the goal is to be met.
	WentBadly       []string              // All that went badly, most serious first.
	Decisions       []*DecisionInput      // All that the sponsor is asked to decide.
	Because         []*FigureBecauseInput // Why figures differ from the brief before.
	Anew            bool                  // Whether to freeze the facts as they are now.
	Dropped         []catalogue.Key       // Figures that are told no more, in this and later briefs.
	ExpectedVersion int                   // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// UpdateChallengeInput is what to change; a part left out stays.
type UpdateChallengeInput struct {
	ChallengeID     string                 // The challenge.
	Title           *string                // The question.
	Stage           *domain.ChallengeStage // How far the work has come.
	Framing         *ChallengeFraming      // The parts of its framing to change.
	ExpectedVersion int                    // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// UpdateEnrolmentInput is what to change; a part left out stays, null clears it.
type UpdateEnrolmentInput struct {
	EnrolmentID     string        // The enrolment.
	HomeStation     *string       // The code of the station where their journeys begin.
	AwayOn          []domain.Date // All days they cannot attend.
	Needs           []*NeedInput  // All their needs. Role: coordinator, the person.
	ExpectedVersion int           // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// UpdateProgrammeInput is what to change of a programme; a part left out stays.
type UpdateProgrammeInput struct {
	ProgrammeID      string              // The programme.
	Name             *string             // Its name.
	StartsOn         *domain.Date        // Its first day.
	EndsOn           *domain.Date        // Its last day.
	Seats            *domain.SectorCount // Seats a cohort has by sector.
	Milestones       []*MilestoneInput   // All its milestones.
	OfficeNation     *domain.Nation      // The nation of its office.
	TravelRates      []*TravelRateInput  // All its own rates; a mode left out goes by the published rate, if there is one.
	VisitDaysMax     *int                // The most visit days that its plans are asked for, 1 to 100; 0 is one in each fortnight.
	OneWayMinutesMax *int                // The longest way to a visit that its plans are asked for, door to door in minutes, 1 to 1,440; 0 is four hours.
	ExpectedVersion  int                 // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// UseInsightInput is which team builds on which insight.
type UseInsightInput struct {
	InsightID       string // The insight.
	TeamID          string // The team.
	Used            bool   // Whether it builds on it.
	ExpectedVersion int    // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}

// VisitShrunk is a visit whose host takes fewer.
type VisitShrunk struct {
	VisitID  string // The visit.
	MaxGroup int    // The most people now.
}

// WithdrawEnrolmentInput is which enrolment to end, and why.
type WithdrawEnrolmentInput struct {
	EnrolmentID     string  // The enrolment.
	Reason          string  // Why; kept in the audit alone.
	OverrideReason  *string // Why, where nobody of the same sector waits and the balance gets worse.
	ExpectedVersion int     // The `version` that the edit was based on; another one is answered STALE.
	domain.Command
}
