// Package check is the independent judge of plans. It reads a problem and a plan as the files they are, shares no code
// with the planner, and names the first thing that is not so: a rule broken, a figure off by one, a bound that does not
// hold, a reason that is not true, something left out in silence.
package check
