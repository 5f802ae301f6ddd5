package travel

import (
	"math"
	"testing"

	"tandem/internal/domain"
)

func TestPublishedRatesFollowFromTheirSources(t *testing.T) {
	for mode, want := range map[domain.TravelMode]float64{
		domain.Rail: 10.3e9 * 100 / 67.7e9, // revenue in pence over passenger-km
		domain.Car:  45 / 1.609344,         // pence a mile
		domain.Walk: 0,
	} {
		r, ok := RateOf(mode)
		if !ok || r.Mode != mode || math.Abs(r.PencePerKm-want) > 0.05 {
			t.Errorf("%s: %+v, want %.2f", mode, r, want)
			continue
		}
		if mode != domain.Walk && (r.Year == nil || r.Source.Name == "" || r.Source.URL == nil || r.Source.Licence == "" || r.Note == nil || r.Own) {
			t.Errorf("%s does not say where it is from: %+v", mode, r)
		}
	}
	for _, mode := range []domain.TravelMode{domain.Coach, domain.Bus, domain.Air} {
		if r, ok := RateOf(mode); ok {
			t.Errorf("%s has a rate of no source: %+v", mode, r)
		}
	}
}

func TestPenceAreRounded(t *testing.T) {
	if got := Pence(310_728, 15.2); got != 4_723 { // 4723.07
		t.Errorf("Euston to Manchester is %d pence", got)
	}
	if got := Pence(1_500, 27.96); got != 42 { // 41.94
		t.Errorf("a mile's car is %d pence", got)
	}
}
