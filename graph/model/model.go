// Package model names the Go types of the contract: domain structs, pages, replies and scalars.
package model

import (
	"tandem/internal/app"
	"tandem/internal/domain"
)

// LeftOutSubject is what can be left out: a *HostOffer, *PersonDay, *PlanDay or *TeamTheme.
type LeftOutSubject any

// Pages of lists.
type (
	ApiTokenConnection     = domain.Paged[domain.ApiToken]
	ApiTokenEdge           = domain.Edge[domain.ApiToken]
	ChallengeConnection    = domain.Paged[domain.Challenge]
	ChallengeEdge          = domain.Edge[domain.Challenge]
	ProgrammeConnection    = domain.Paged[domain.Programme]
	ProgrammeEdge          = domain.Edge[domain.Programme]
	CohortConnection       = domain.Paged[domain.Cohort]
	CohortEdge             = domain.Edge[domain.Cohort]
	OrganisationConnection = domain.Paged[domain.Organisation]
	OrganisationEdge       = domain.Edge[domain.Organisation]
	EnrolmentConnection    = domain.Paged[domain.Enrolment]
	EnrolmentEdge          = domain.Edge[domain.Enrolment]
	TeamConnection         = domain.Paged[domain.Team]
	TeamEdge               = domain.Edge[domain.Team]
	ImportConnection       = domain.Paged[domain.Import]
	ImportEdge             = domain.Edge[domain.Import]
	ImportRowConnection    = domain.Paged[domain.ImportRow]
	ImportRowEdge          = domain.Edge[domain.ImportRow]
	HostOfferConnection    = domain.Paged[domain.HostOffer]
	HostOfferEdge          = domain.Edge[domain.HostOffer]
	VisitPlanConnection    = domain.Paged[domain.VisitPlan]
	VisitPlanEdge          = domain.Edge[domain.VisitPlan]
	VisitConnection        = domain.Paged[domain.Visit]
	VisitEdge              = domain.Edge[domain.Visit]
	ExposureConnection     = domain.Paged[domain.Exposure]
	ExposureEdge           = domain.Edge[domain.Exposure]
	LegConnection          = domain.Paged[domain.Leg]
	LegEdge                = domain.Edge[domain.Leg]
	DeadlineConnection     = domain.Paged[domain.Deadline]
	DeadlineEdge           = domain.Edge[domain.Deadline]
	LeftOutConnection      = domain.Paged[domain.LeftOut]
	LeftOutEdge            = domain.Edge[domain.LeftOut]
	InsightConnection      = domain.Paged[domain.Insight]
	InsightEdge            = domain.Edge[domain.Insight]
)

// What mutations answer.
type (
	RevokeApiTokenPayload     = domain.Reply[domain.ApiToken]
	CreateChallengePayload    = domain.Reply[domain.Challenge]
	UpdateChallengePayload    = domain.Reply[domain.Challenge]
	AssignChallengePayload    = domain.Reply[domain.Team]
	CreateProgrammePayload    = domain.Reply[domain.Programme]
	UpdateProgrammePayload    = domain.Reply[domain.Programme]
	CreateCohortPayload       = domain.Reply[domain.Cohort]
	CreateOrganisationPayload = domain.Reply[domain.Organisation]
	EnrolPersonPayload        = domain.Reply[domain.Enrolment]
	AcceptEnrolmentPayload    = domain.Reply[domain.Enrolment]
	UpdateEnrolmentPayload    = domain.Reply[domain.Enrolment]
	RecordIdentityPayload     = domain.Reply[domain.Enrolment]
	DeleteIdentityPayload     = domain.Reply[domain.Enrolment]
	WithdrawEnrolmentPayload  = domain.Reply[domain.Enrolment]
	StartUploadPayload        = domain.Reply[domain.Upload]
	AppendUploadPayload       = domain.Reply[domain.Upload]
	StartImportPayload        = domain.Reply[domain.Import]
	CorrectImportPayload      = domain.Reply[domain.Import]
	LoadImportPayload         = domain.Reply[domain.Import]
	UndoImportPayload         = domain.Reply[domain.Import]
	CancelJobPayload          = domain.Reply[domain.VisitPlanning]
	CreateSitePayload         = domain.Reply[domain.Site]
	SaveHostOfferPayload      = domain.Reply[domain.HostOffer]
	PlanVisitsPayload         = domain.Reply[domain.VisitPlanning]
	DraftRepairPayload        = domain.Reply[domain.VisitPlan]
	DraftVisitPlanPayload     = domain.Reply[domain.VisitPlan]
	MoveVisitorsPayload       = domain.Reply[domain.VisitPlan]
	RemoveVisitPayload        = domain.Reply[domain.VisitPlan]
	PinVisitPayload           = domain.Reply[domain.Visit]
	ExcludeOfferPayload       = domain.Reply[domain.VisitPlan]
	ReleaseVisitPlanPayload   = domain.Reply[domain.VisitPlan]
	ConfirmVisitPayload       = domain.Reply[domain.Visit]
	CancelVisitPayload        = domain.Reply[domain.Visit]
	EnterLegPayload           = domain.Reply[domain.Leg]
	SealManifestPayload       = domain.Reply[domain.Manifest]
	SubmitManifestPayload     = domain.Reply[domain.Manifest]
	PurgeManifestPayload      = domain.Reply[domain.Manifest]
	CaptureInsightPayload     = domain.Reply[domain.Insight]
	CreateApiTokenPayload     = domain.Reply[app.NewToken]
	AddVisitPayload           = domain.Reply[app.PlacedVisit]
	MoveVisitPayload          = domain.Reply[app.PlacedVisit]
)
