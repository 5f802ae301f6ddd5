// Package sponsor computes the figures of a sponsor's brief from facts frozen with it, and decides once what of each may be
// told. Management information is exact; what people said of themselves is told as ranges that overlap on purpose, so that one
// person more or less cannot be read from them. It is a pure function of its input: the same Data, Terms and secret give the
// same figures, which is what a receipt checks.
//
// Compute makes the figures, Gate refuses those that its own attacker can narrow to a value, Lint reads the words around them.
package sponsor
