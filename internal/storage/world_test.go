package storage

import (
	"errors"
	"time"

	"tandem/internal/domain"
)

var rowTypes = []any{&programmeRow{}, &cohortRow{}, &organisationRow{}, &personRow{}, &skillRow{}, &themeRow{}, &challengeRow{}, &teamRow{},
	&enrolmentRow{}, &identityRow{}, &siteRow{}, &hostOfferRow{}, &visitPlanRow{}, &planReasonsRow{}, &visitRow{}, &visitGroupRow{}, &legRow{}, &manifestRow{}, &insightRow{}, &attendanceRow{}, &budgetLineRow{},
	&pitchRow{}, &rehearsalRow{}, &runEventRow{}, &peerFeedbackRow{}, &keptQuestionRow{}, &filePieceRow{}, &recordingRow{}, &voiceAnalysisRow{},
	&sponsorBriefRow{}, &briefFactRow{}, &briefValueRow{}, &briefSealRow{}, &shareLinkRow{},
	&visitPlanningRow{}, &uploadRow{}, &uploadPieceRow{}, &importRow{}, &apiTokenRow{}, &auditRow{}, &changeRow{}, &idempotencyRow{}, &ledgerRow{}}

// world is one of each noun, every field set, no two numbers alike.
type world struct {
	kinds               int
	programme           *domain.Programme
	cohort              *domain.Cohort
	department, company *domain.Organisation
	person              *domain.Person
	skill               *domain.Skill
	theme               *domain.Theme
	challenge           *domain.Challenge
	team                *domain.Team
	enrolment           *domain.Enrolment
	identity            *domain.Identity
	site                *domain.Site
	offer               *domain.HostOffer
	plan                *domain.VisitPlan
	reasons             *domain.PlanReasons
	leg                 *domain.Leg
	manifest            *domain.Manifest
	insight             *domain.Insight
	attendance          *domain.Attendance
	budget              *domain.BudgetLine
	pitch               *domain.Pitch
	rehearsal           *domain.Rehearsal
	feedback            *domain.PeerFeedback
	question            *domain.KeptQuestion
	recording           *domain.Recording
	analysis            *domain.VoiceAnalysis
	brief               *domain.SponsorBrief
	fact                *domain.BriefFact
	value               *domain.BriefValue
	seal                *domain.BriefSeal
	link                *domain.ShareLink
	planning            *domain.VisitPlanning
	upload              *domain.Upload
	imported            *domain.Import
	token               *domain.ApiToken
}

func ptr[T any](v T) *T { return &v }

func newWorld() *world {
	london, _ := time.LoadLocation("Europe/London")
	w := &world{kinds: 36}
	w.programme = &domain.Programme{ID: id("programme"), ExternalKey: "TC2019", Name: "TechConnect 2019", StartsOn: "2019-02-07", EndsOn: "2019-04-29",
		TimeZone: "Europe/London", OfficeNation: domain.England, Seats: domain.SectorCount{Public: 19, Private: 20},
		Milestones: []*domain.Milestone{{ID: id("milestone"), Name: "Pitch day", On: "2019-04-29"}},
		OwnRates:   []*domain.TravelRate{{Mode: domain.Coach, PencePerKm: 7.25, Year: ptr(2018), Source: &domain.Source{Name: "Our contract"}, Own: true}}, VisitDaysMax: ptr(4), OneWayMinutesMax: ptr(200)}
	w.cohort = &domain.Cohort{RatingsClosedOn: ptr(domain.Date("2019-05-02")), ID: id("cohort"), ProgrammeID: w.programme.ID, ExternalKey: "c1", Name: "Spring"}
	w.department = &domain.Organisation{ID: id("organisation"), ExternalKey: "d1", Name: "Department of Łódź & Ýr — “quoted”", Kind: domain.Department, Sector: domain.Public}
	w.company = &domain.Organisation{ID: id("organisation"), ExternalKey: "k1", Name: "Calder Loom Works", Kind: domain.Company, Sector: domain.Private}
	w.person = &domain.Person{ID: id("person"), Name: "Zoë O'Hara", Email: ptr("zoe@example.org"), ExternalKey: ptr("P-01"),
		Affiliations: []*domain.Affiliation{{OrganisationID: w.department.ID, From: ptr(domain.Date("2016-01-04")), To: nil}}}
	w.skill = &domain.Skill{ID: id("skill"), Name: "Prototyping"}
	w.theme = &domain.Theme{ID: id("theme"), ProgrammeID: w.programme.ID, Name: "sensors"}
	w.challenge = &domain.Challenge{ID: id("challenge"), ProgrammeID: w.programme.ID, ExternalKey: "ch1", Title: "How might we see damp before tenants do?",
		OwnerID: &w.department.ID, Problem: "p", Users: "u", Need: "n", Constraints: "c", SuccessMeasures: "s", Stage: domain.Framed,
		ThemeIDs: []string{w.theme.ID}, NeededSkillIDs: []string{w.skill.ID}, Source: &domain.Source{Name: "A challenge fund", URL: ptr("https://example.org/1"), Licence: "OGL-UK-3.0", PublishedOn: ptr(domain.Date("2018-11-05"))}}
	w.team = &domain.Team{ID: id("team"), CohortID: w.cohort.ID, ProgrammeID: w.programme.ID, Number: 3, Name: "Team 3", ChallengeID: &w.challenge.ID,
		Milestones: []*domain.TeamMilestone{{Step: domain.StepFramed, ReachedOn: ptr(domain.Date("2019-02-20"))}}, Outcomes: []*domain.Outcome{{Kind: domain.OutcomePrize, Text: "First, jointly.", On: "2019-04-29"}}}
	w.enrolment = &domain.Enrolment{ID: id("enrolment"), PersonID: w.person.ID, CohortID: w.cohort.ID, ProgrammeID: w.programme.ID, TeamID: &w.team.ID,
		Stored: domain.Accepted, SectorAtEnrolment: domain.Public, EmployerAtEnrolmentID: w.department.ID, HomeStationCode: ptr("LDS"),
		AwayOn: []domain.Date{"2019-03-01", "2019-03-04"}, Needs: []*domain.Need{{Kind: domain.NeedDiet, Text: ptr("vegan"), ConsentedAt: ptr(now)}, {Kind: domain.NeedStepFree}},
		SkillRatings: []*domain.SkillRating{{SkillID: w.skill.ID, Level: 4, Kind: domain.SelfPre}}, AcceptedOn: ptr(domain.Date("2019-01-10")),
		LeftOn: ptr(domain.Date("2019-04-01")), Overridden: true}
	w.identity = &domain.Identity{ID: w.enrolment.ID, Kind: domain.Passport, Number: "533000001", ConsentedAt: now}
	w.site = &domain.Site{ID: id("site"), OrganisationID: w.company.ID, Name: "Mill 3", StationCode: "LDS", StepFree: true, AccessNotes: ptr("Ramp in the yard.")}
	opens := time.Date(2019, 3, 12, 9, 0, 0, 0, london)
	w.offer = &domain.HostOffer{ID: id("offer"), ProgrammeID: w.programme.ID, SiteID: w.site.ID, ExternalKey: "o1", SearchName: "calder loom works mill 3",
		State: domain.OfferOpen, ThemeIDs: []string{w.theme.ID}, MinGroup: 4, MaxGroup: 12, DurationMinutes: 150,
		Windows: []*domain.OfferWindow{{StartsAt: opens, EndsAt: opens.Add(6 * time.Hour)}}, FirstOpenAt: &opens,
		BlackoutDates: []domain.Date{"2019-03-13"}, LeadTimeWorkingDays: 7,
		RequiredFields: []*domain.RequiredField{{Field: domain.FieldIdentity, LeadTimeWorkingDays: 10}}}
	w.plan = &domain.VisitPlan{ID: id("plan"), CohortID: w.cohort.ID, ProgrammeID: w.programme.ID, Number: 1, State: domain.PlanReleased, ReleasedAt: ptr(now),
		Rules: domain.PlanRules{VisitDaysMax: 5, OneWayMinutesMax: 300, Exclusions: []*domain.Exclusion{{OfferID: w.offer.ID, Reason: "closed", By: "me", At: now}}},
		Score: domain.PlanScore{Uncovered: 1, MaxShortfall: 2, SquaredShortfall: 3, Minutes: 4, GramsCO2e: 5}, Bound: &domain.PlanScore{Minutes: 3},
		ProvedLevels: 2, Seed: ptr(1 << 40), Work: 1 << 41, Cancelled: true, Attainable: map[string]int{w.enrolment.ID: 4}}
	w.plan.Groups = []*domain.VisitGroup{{ID: id("group"), PlanID: w.plan.ID, On: "2019-03-12", Name: "A", MemberIDs: []string{w.enrolment.ID}}}
	w.plan.Visits = []*domain.Visit{{ID: id("visit"), PlanID: w.plan.ID, CohortID: w.cohort.ID, ProgrammeID: w.programme.ID, OfferID: w.offer.ID,
		GroupID: w.plan.Groups[0].ID, On: "2019-03-12", StartsAt: opens, EndsAt: opens.Add(150 * time.Minute), Stored: domain.VisitConfirmed, Pinned: true,
		OverrideReason: ptr("agreed"), CancelReason: ptr("flood"), UID: "uid-1", Sequence: 6}}
	w.reasons = &domain.PlanReasons{ID: w.plan.ID, CohortID: w.cohort.ID, ProgrammeID: w.programme.ID, Digest: "9f", Whole: true, Result: `{"left":[]}`}
	w.leg = &domain.Leg{ID: id("leg"), VisitID: w.plan.Visits[0].ID, EnrolmentID: w.enrolment.ID, Back: true, HomeStationCode: "YRK", Mode: domain.Rail,
		Metres: 41_000, Minutes: 61, Pence: ptr(1290), GramsCO2e: 1730, Entered: true, Figures: []domain.LegFigure{domain.LegMinutes, domain.LegPence}}
	w.manifest = &domain.Manifest{ID: id("manifest"), VisitID: w.plan.Visits[0].ID, CohortID: w.cohort.ID, ProgrammeID: w.programme.ID, OfferID: w.offer.ID,
		Number: 7, State: domain.ManifestSubmitted, Fields: []domain.ManifestField{domain.FieldName, domain.FieldDiet}, People: 1, SealedHash: "ab12",
		SubmittedAt: ptr(now), PurgeAfter: "2019-05-12", Rows: []*domain.ManifestRow{{EnrolmentID: w.enrolment.ID, Values: []*string{ptr("Zoë"), nil}}}}
	w.insight = &domain.Insight{ID: id("insight"), VisitID: w.plan.Visits[0].ID, CohortID: w.cohort.ID, ProgrammeID: w.programme.ID, AuthorID: w.person.ID,
		Text: "Sensors fail wet.", ChallengeIDs: []string{w.challenge.ID}, UsedByTeamIDs: []string{w.team.ID}}
	w.attendance = &domain.Attendance{ID: id("attendance"), CohortID: w.cohort.ID, ProgrammeID: w.programme.ID, On: "2019-03-12", PresentIDs: []string{w.enrolment.ID}, AbsentIDs: []string{}}
	w.budget = &domain.BudgetLine{ID: id("budget"), CohortID: w.cohort.ID, ProgrammeID: w.programme.ID, Text: "Coach hire", Pence: 1 << 33, Basis: "contract 7"}
	section := &domain.Section{ID: id("section"), PitchID: "pitch", Order: 1, Title: "Problem", PresenterID: &w.enrolment.ID, TargetSeconds: 60, Script: "It is slow.", FirstSlide: ptr(1), LastSlide: ptr(2)}
	w.pitch = &domain.Pitch{ID: id("pitch"), TeamID: w.team.ID, CohortID: w.cohort.ID, ProgrammeID: w.programme.ID, SlotSeconds: 300, QuestionSeconds: 120, Sections: []*domain.Section{section},
		Claims:   []*domain.Claim{{ID: id("claim"), PitchID: "pitch", Text: "Slow", SectionID: &section.ID, Evidence: []*domain.ClaimEvidence{{Text: "12 minutes", Source: "own count"}}, InsightIDs: []string{w.insight.ID}}},
		Criteria: []string{"Benefit"}, Pronunciations: []*domain.Pronunciation{{Word: "tandem", Sounds: "T AE N D AH M"}},
		Deck: &domain.Deck{ID: id("deck"), Name: "pitch.pdf", Slides: 2, Notes: []string{"one", ""}, Problem: ptr("none"), FileID: "file", Bytes: 9}}
	w.rehearsal = &domain.Rehearsal{ID: id("rehearsal"), PitchID: w.pitch.ID, TeamID: w.team.ID, CohortID: w.cohort.ID, ProgrammeID: w.programme.ID, Number: 2, State: domain.RehearsalFinished, StartedAt: now,
		Milliseconds: ptr(299_000), LastSequence: 7, Plan: []*domain.Section{section},
		Consents: []*domain.RecordingConsent{{EnrolmentID: w.enrolment.ID, GivenAt: ptr(now), WithdrawnAt: ptr(now), SendAgreedAt: ptr(now), WrittenBy: ptr("Ada")}}}
	w.feedback = &domain.PeerFeedback{ID: id("feedback"), RehearsalID: w.rehearsal.ID, AuthorID: &w.enrolment.ID, SectionID: &section.ID, Criterion: ptr("Benefit"), Level: ptr(4), Text: "Slower.", At: now}
	w.recording = &domain.Recording{ID: id("recording"), RehearsalID: w.rehearsal.ID, Milliseconds: 61_000, OffsetMilliseconds: -40, SampleRate: 48_000, Bytes: 777, MediaType: "audio/flac", Peaks: []float64{0, 0.125}}
	w.analysis = &domain.VoiceAnalysis{ID: id("analysis"), RehearsalID: w.rehearsal.ID, State: domain.JobDone, Progress: ptr(1.0), StartedAt: now, EndedAt: ptr(now), Failure: ptr("none"), Level: domain.AnalyseLocalWords,
		Heard: &domain.Heard{Metrics: []*domain.Metric{{RehearsalID: w.rehearsal.ID, Name: domain.PitchHertz, SpeakerID: &w.enrolment.ID, SectionID: &section.ID, Measured: &domain.Measured{Value: 121.5, Method: "m", N: 9, Confidence: domain.Estimated, ErrorPercent: ptr(1.0)},
			Evidence: []*domain.Span{{FromMilliseconds: 1, ToMilliseconds: 2}}}}, Pauses: []*domain.Pause{{Span: &domain.Span{FromMilliseconds: 3, ToMilliseconds: 4}, Kind: domain.PauseHandover}},
			Pace: []*domain.PacePoint{{AtMilliseconds: 5_000, WordsPerMinute: 140}}, Alignment: &domain.Alignment{Sentences: []*domain.AlignedSentence{{RehearsalID: w.rehearsal.ID, Text: "It is slow.", Words: 3, SectionID: section.ID, StartMilliseconds: ptr(9)}}},
			UnknownWords: []string{"tandem"}, Warnings: []string{"Quiet."}, Speech: []*domain.Span{{FromMilliseconds: 1, ToMilliseconds: 2}}}}
	w.question = &domain.KeptQuestion{ID: id("question"), PitchID: w.pitch.ID, Key: "ASKED_BEFORE:who pays", Text: "Who pays?", Practised: 3, AskedAt: now}
	w.brief = &domain.SponsorBrief{ID: id("brief"), CohortID: w.cohort.ID, ProgrammeID: w.programme.ID, Number: 3, State: domain.BriefReleased, AsOf: "2019-04-12",
		FrozenAt: now, DataVersion: 1 << 40, FactsHash: "ef56", Terms: `{"Step":5}`, Headline: "On course", Summary: "It goes well.", Goal: "Expand it", Level: domain.RatingLikely,
		RatingBecause: "Three prototypes", WentBadly: []string{"A host cancelled."}, Decisions: []*domain.Decision{{Text: "Expand?", By: "2019-05-01"}},
		Because: []*domain.FigureBecause{{Key: "RETAINED", Because: "One left."}}, Beside: []string{"brief_other"}, ReleasedAt: ptr(now), CheckedAt: ptr(now.Add(time.Minute)), Unequal: []string{"RETAINED"}}
	w.fact = &domain.BriefFact{ID: w.brief.ID + ".f1", BriefID: w.brief.ID, Place: 11, Part: "team", PartPlace: 12, Fact: `{"Key":"T1"}`}
	w.value = &domain.BriefValue{ID: w.brief.ID + ".v1", BriefID: w.brief.ID, Place: 13, Figure: "RETAINED", Cell: "RETAINED/TAKING_PART/ALL", State: "RANGE", P: ptr(14), Low: 15.5,
		High: 16.25, Reason: "none", DataVersion: 1 << 41, Told: `{}`, Hash: "0a1b"}
	w.seal = &domain.BriefSeal{ID: w.cohort.ID, Secret: []byte("\x00 thirty-two bytes"), People: []string{w.enrolment.ID}}
	w.link = &domain.ShareLink{ID: id("share"), BriefID: w.brief.ID, CohortID: w.cohort.ID, ProgrammeID: w.programme.ID, Label: "the board", Hash: id("hash"), MadeAt: now,
		ExpiresAt: now.AddDate(0, 1, 0), RevokedAt: ptr(now), Opens: 17, LastOpenedAt: ptr(now)}
	w.planning = &domain.VisitPlanning{ID: id("planning"), ProgrammeID: w.programme.ID, CohortIDs: []string{w.cohort.ID}, PlanIDs: []string{w.plan.ID},
		State: domain.JobDone, Progress: ptr(0.25), StartedAt: now, EndedAt: ptr(now.Add(time.Second)), Failure: ptr("none"), Seed: 1 << 33, SecondsMax: 20,
		Steps: []*domain.PlanningStep{{PlanID: w.plan.ID, Milliseconds: 12, Score: domain.PlanScore{Minutes: 9}, Bound: &domain.PlanScore{Minutes: 8}}}}
	w.upload = &domain.Upload{ID: id("upload"), OwnerID: "owner", Name: "people.csv", Bytes: 12, SHA256: "cd34", Received: 5, BeganAt: now}
	w.imported = &domain.Import{ID: id("import"), UploadID: w.upload.ID, ProgrammeID: w.programme.ID, CohortID: w.cohort.ID, Name: "people.csv",
		Kind: domain.ImportPeople, Sheet: ptr("People"), State: domain.JobWaiting, StartedAt: now, EndedAt: ptr(now), Failure: ptr("f"),
		Columns: map[int]string{1: "name", 2: ""}, Cells: []*domain.ImportCell{{Row: 3, Column: 2, Value: "LDS"}}, LeftOut: []int{9},
		Counts: &domain.ImportCounts{Rows: 1, Creates: 2, Updates: 3, Unchanged: 4, LeftOut: 5, Blocked: 6, Sectors: &domain.SectorCount{Public: 1}},
		Undo:   []byte("undo \x00 bytes"), UndoneAt: ptr(now)}
	w.token = &domain.ApiToken{ID: id("token"), Label: "nightly", Role: domain.Integrator, OnID: w.cohort.ID, WithinID: w.programme.ID, PersonID: w.person.ID,
		Scopes: []domain.Scope{domain.CohortRead}, Hash: id("hash"), MadeByID: "owner", MadeAt: now, ExpiresAt: now.AddDate(0, 1, 0), RevokedAt: ptr(now), LastUsedAt: ptr(now)}
	return w
}

func (w *world) put(tx *Tx) error {
	return errors.Join(Put(tx, w.programme), Put(tx, w.cohort), Put(tx, w.department, w.company), Put(tx, w.person), Put(tx, w.skill), Put(tx, w.theme),
		Put(tx, w.challenge), Put(tx, w.team), Put(tx, w.enrolment), Put(tx, w.identity), Put(tx, w.site), Put(tx, w.offer), Put(tx, w.plan), Put(tx, w.reasons), Put(tx, w.leg),
		Put(tx, w.manifest), Put(tx, w.insight), Put(tx, w.attendance), Put(tx, w.budget), Put(tx, w.brief), Put(tx, w.fact), Put(tx, w.value), Put(tx, w.seal), Put(tx, w.link), Put(tx, w.pitch), Put(tx, w.rehearsal), Put(tx, w.feedback), Put(tx, w.question), Put(tx, w.recording), Put(tx, w.analysis), Put(tx, w.planning), Put(tx, w.upload), Put(tx, w.imported), Put(tx, w.token))
}
