package visit

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

func planned(t testing.TB, name string, work int) (Problem, Assignment) {
	t.Helper()
	p := instance(t, name)
	r, err := Plan(context.Background(), p, Options{Seed: 1, Work: work, ReasonWork: -1})
	if err != nil {
		t.Fatal(err)
	}
	return p, r.Visits
}

func TestBoardScoresEveryMove(t *testing.T) {
	for seed := range uint64(60) {
		p := programme(seed, shape{people: 14, teams: 3, cohorts: 2, offers: 8, days: 12, fortnights: 3, themes: 5})
		r, err := Plan(context.Background(), p, Options{Seed: seed, Work: 300, ReasonWork: -1})
		if err != nil {
			t.Fatal(err)
		}
		b, err := NewBoard(p, r.Visits)
		if err != nil {
			t.Fatal(err)
		}
		if b.Visits() == 0 {
			continue
		}
		rng := rand.New(rand.NewPCG(seed, 3))
		before := b.Assignment()
		for range 40 {
			v := rng.IntN(b.Visits())
			switch person := rng.IntN(len(p.People)); rng.IntN(3) {
			case 0:
				b.Shift(v, rng.IntN(p.WorkingDays))
			case 1:
				b.Join(v, person)
			default:
				b.Leave(v, person)
			}
			if score, err := ScoreOf(p, b.Assignment()); err != nil || score != b.Score() {
				t.Fatalf("seed %d: the board says %v, from scratch %v, %v", seed, b.Score(), score, err)
			}
			agree(t, p, b)
		}
		b.Undo(0)
		if b.Score() != r.Score || !slices.EqualFunc(before, b.Assignment(), sameVisit) {
			t.Fatalf("seed %d: undoing everything gives %v, was %v", seed, b.Score(), r.Score)
		}
	}
}

func sameVisit(a, b Visit) bool {
	return a.Day == b.Day && a.Cohort == b.Cohort && slices.Equal(a.Offers, b.Offers) && slices.Equal(a.People, b.People)
}

// agree holds the board's rules against Check's: the same rules are broken, in the sense that each sees some visit
// break them (Check books a rule about two visits with one of them, the board with both).
func agree(t *testing.T, p Problem, b *Board) {
	t.Helper()
	byCheck, byBoard := map[Rule]bool{}, map[Rule]bool{}
	for _, v := range Check(p, b.Assignment()) {
		byCheck[v.Rule] = v.Rule != Pinned
	}
	for v := range b.Visits() {
		for _, r := range b.Broken(v) {
			byBoard[r.Rule] = true
		}
	}
	delete(byCheck, Pinned)
	for r, yes := range byCheck {
		if yes && !byBoard[r] {
			t.Fatalf("Check finds %s broken, the board does not", r)
		}
	}
	for r := range byBoard {
		if !byCheck[r] {
			t.Fatalf("the board finds %s broken, Check does not", r)
		}
	}
}

func TestBoardMovesWithoutAllocation(t *testing.T) {
	for _, name := range []string{"c38-o14-s1", "c2000-o300-s1"} {
		p, a := planned(t, name, 1_000)
		b, err := NewBoard(p, a)
		if err != nil {
			t.Fatal(err)
		}
		person, day := a[0].People[0], a[0].Day
		n := testing.AllocsPerRun(100, func() {
			mark := b.Mark()
			b.Leave(0, person)
			b.Join(1, person)
			b.Shift(0, (day+20)%p.WorkingDays)
			b.Broken(0)
			b.Undo(mark)
		})
		if n != 0 {
			t.Errorf("%s: %v allocations a move", name, n)
		}
	}
}

func BenchmarkMovePerson(b *testing.B) {
	for _, name := range []string{"c38-o14-s1", "c2000-o300-s1"} {
		b.Run(name, func(b *testing.B) {
			p, a := planned(b, name, 1_000)
			board, err := NewBoard(p, a)
			if err != nil {
				b.Fatal(err)
			}
			person := a[0].People[0]
			b.ReportAllocs()
			onProcessor(b, func() {
				mark := board.Mark()
				board.Leave(0, person)
				board.Join(1, person)
				if board.Score().Uncovered < 0 {
					b.Fatal()
				}
				board.Undo(mark)
			})
		})
	}
}

func BenchmarkDragVisit(b *testing.B) {
	for _, name := range []string{"c38-o14-s1", "c2000-o300-s1"} {
		b.Run(name, func(b *testing.B) {
			p, a := planned(b, name, 1_000)
			board, err := NewBoard(p, a)
			if err != nil {
				b.Fatal(err)
			}
			day := (a[0].Day + 20) % p.WorkingDays
			b.ReportAllocs()
			onProcessor(b, func() {
				mark := board.Mark()
				board.Shift(0, day)
				board.Broken(0)
				board.Undo(mark)
			})
		})
	}
}
