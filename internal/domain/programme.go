package domain

import "time"

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
