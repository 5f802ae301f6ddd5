package domain

import "time"

// Site is a place that can be visited.
type Site struct {
	ID             string
	OrganisationID string
	Name           string
	StationCode    string
	StepFree       bool
	AccessNotes    *string
	Edit
}

// HostOfferState is whether an offer stands.
type HostOfferState string

const (
	OfferOpen      HostOfferState = "OPEN"
	OfferCancelled HostOfferState = "CANCELLED"
)

// HostOffer is what a host offers, and on what terms. SearchName is "host site" in lower case, for finding it.
type HostOffer struct {
	ID                  string
	ProgrammeID         string
	SiteID              string
	ExternalKey         string
	SearchName          string
	State               HostOfferState
	ThemeIDs            []string
	MinGroup            int
	MaxGroup            int
	DurationMinutes     int
	Windows             []*OfferWindow
	FirstOpenAt         *time.Time // the first window's start, for ordering
	BlackoutDates       []Date
	LeadTimeWorkingDays int
	RequiredFields      []*RequiredField
	Edit
}

// OfferWindow is a time on one day when a host is open.
type OfferWindow struct {
	StartsAt, EndsAt time.Time
}

// ManifestField is what a host may ask to know of a visitor.
type ManifestField string

const (
	FieldName     ManifestField = "NAME"
	FieldEmployer ManifestField = "EMPLOYER"
	FieldEmail    ManifestField = "EMAIL"
	FieldIdentity ManifestField = "IDENTITY"
	FieldDiet     ManifestField = "DIET"
	FieldAccess   ManifestField = "ACCESS"
)

// RequiredField is a field that a host asks for, and how many working days before the visit it must have it.
type RequiredField struct {
	Field               ManifestField
	LeadTimeWorkingDays int
}

// HostOfferFilter says which offers; every given part must hold. States nil is OPEN.
type HostOfferFilter struct {
	Host    *string
	Nation  *Nation
	ThemeID *string
	On      *Date
	States  []HostOfferState
	// Stations is the nation's station codes, which the app fills in for storage.
	Stations []string
}

// HostOfferOrder is an order of offers.
type HostOfferOrder string

const (
	OffersByHost        HostOfferOrder = "HOST"
	OffersByFirstWindow HostOfferOrder = "FIRST_WINDOW"
)
