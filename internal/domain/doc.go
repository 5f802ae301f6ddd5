// Package domain holds the nouns of a public/private innovation cohort, what must always hold of them, who may do what,
// and the kinds of error. It knows the standard library only.
package domain
