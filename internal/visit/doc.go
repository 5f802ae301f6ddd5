// Package visit plans who visits which host on which day. It is a pure function of its Problem: the same problem, seed
// and work give the same plan, byte for byte; a plan breaks no hard rule, says what it cannot beat, and everything it
// leaves out carries a reason that separate code can check (package check).
//
// Problem and objective are those of docs/planning.md. Plan searches by large neighbourhood search with exact
// transport of people; Board re-scores moves by hand at pointer speed; Check names the rules an assignment breaks.
package visit
