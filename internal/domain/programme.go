package domain

import (
	"sync"
	"time"
)

// Nation is a nation of the United Kingdom, whose bank holidays count for what happens in it.
type Nation string

const (
	England         Nation = "ENGLAND"
	Wales           Nation = "WALES"
	Scotland        Nation = "SCOTLAND"
	NorthernIreland Nation = "NORTHERN_IRELAND"
)

// String is the nation's name.
func (n Nation) String() string {
	switch n {
	case England:
		return "England"
	case Wales:
		return "Wales"
	case Scotland:
		return "Scotland"
	case NorthernIreland:
		return "Northern Ireland"
	}
	return string(n)
}

// Sector is the side of the programme that a person or an organisation is on.
type Sector string

const (
	Public  Sector = "PUBLIC"
	Private Sector = "PRIVATE"
)

// SectorCount is a number of people, or of seats, by sector.
type SectorCount struct {
	Public, Private int
}

// Of is the count of one sector.
func (c SectorCount) Of(s Sector) int {
	if s == Public {
		return c.Public
	}
	return c.Private
}

// Add counts n more of a sector.
func (c *SectorCount) Add(s Sector, n int) {
	if s == Public {
		c.Public += n
	} else {
		c.Private += n
	}
}

// Edit is what every noun carries that people edit: how often it was saved, when last, and by whom.
type Edit struct {
	Version int
	SavedAt time.Time
	SavedBy string
}

// UpdatedAt is when the noun was last saved.
func (e Edit) UpdatedAt() time.Time { return e.SavedAt }

// Edited gives storage the edit to count up when it saves.
func (e *Edit) Edited() *Edit { return e }

// Programme is a run of weeks with a beginning, an end and a calendar. Its days are read in TimeZone. VisitDaysMax and
// OneWayMinutesMax are what its plans are asked for, nil the usual.
type Programme struct {
	ID           string
	ExternalKey  string
	Name         string
	StartsOn     Date
	EndsOn       Date
	TimeZone     string
	OfficeNation Nation
	Seats        SectorCount
	Milestones   []*Milestone
	OwnRates     []*TravelRate // what a kilometre costs where the programme says so itself

	VisitDaysMax     *int
	OneWayMinutesMax *int
	Edit
}

// ProgrammeState is how far a programme has come.
type ProgrammeState string

const (
	Preparing ProgrammeState = "PREPARING"
	Running   ProgrammeState = "RUNNING"
	Ended     ProgrammeState = "ENDED"
)

// StateOn is how far the programme has come on a day.
func (p *Programme) StateOn(d Date) ProgrammeState {
	switch {
	case d < p.StartsOn:
		return Preparing
	case d > p.EndsOn:
		return Ended
	}
	return Running
}

// Location is the programme's time zone; UTC where the name is unknown to this machine.
func (p *Programme) Location() *time.Location {
	if l, ok := locations.Load(p.TimeZone); ok {
		return l.(*time.Location)
	}
	l, err := time.LoadLocation(p.TimeZone)
	if err != nil {
		return time.UTC
	}
	locations.Store(p.TimeZone, l)
	return l
}

// locations are those read so far, by name: Go reads the table of zones anew each time.
var locations sync.Map

// Milestone is a date that the whole programme works towards, such as pitch day.
type Milestone struct {
	ID   string
	Name string
	On   Date
}

// Week is seven days from the programme's first day on.
type Week struct {
	Number       int
	StartsOn     Date
	EndsOn       Date
	BankHolidays []*BankHoliday
}

// BankHoliday is a bank holiday of one nation.
type BankHoliday struct {
	Date   Date
	Name   string
	Nation Nation
}

// Cohort is the people who go through a programme together.
type Cohort struct {
	ID          string
	ProgrammeID string
	ExternalKey string
	Name        string
	// RatingsClosedOn is the day on which what people say of their own skills was counted for briefs; nil until then.
	RatingsClosedOn *Date
	Edit
}

// Balance is how the sectors of a cohort stand against their seats.
type Balance struct {
	Taken, Seats, Waiting SectorCount
	Explain               *BalanceExplanation
}

// BalanceExplanation is where a balance comes from. LevelSince is empty where a change left it worse by override.
type BalanceExplanation struct {
	Text       string
	LevelSince *Date
	Left       SectorCount
	Refilled   SectorCount
}
