package pitch

import "slices"

// Run is a finished run: its times, and what was said of its script.
type Run struct {
	ID       string
	Timeline Timeline
	// Said are the script's sentences as they were set beside the recording, in order; nil without a verdict.
	Said []Said
}

// Said is a sentence of a run's script.
type Said struct {
	Section string
	Sentence
	// At is when it was begun, in milliseconds from the run's start; nil where it was left out.
	At *int
}

// SectionDiff is a section in two runs.
type SectionDiff struct {
	Section Section
	// Before and After are its lengths; nil where it was not there.
	Before, After *int
	// Dropped were said before and not after, Added after and not before; both empty where either run has no verdict.
	Dropped, Added []string
}

// Diff sets two runs side by side: the sections of the later in their order, then those that only the earlier had.
func Diff(before, after Run) []SectionDiff {
	var all []SectionDiff
	for _, s := range after.Timeline.Sections {
		all = append(all, SectionDiff{Section: s.Section, After: &s.Milliseconds})
	}
	for _, s := range before.Timeline.Sections {
		i := slices.IndexFunc(all, func(d SectionDiff) bool { return d.Section.ID == s.Section.ID })
		if i < 0 {
			all = append(all, SectionDiff{Section: s.Section})
			i = len(all) - 1
		}
		all[i].Before = &s.Milliseconds
	}
	if before.Said == nil || after.Said == nil {
		return all
	}
	for i := range all {
		old, new := before.said(all[i].Section.ID), after.said(all[i].Section.ID)
		all[i].Dropped, all[i].Added = without(old, new), without(new, old)
	}
	return all
}

func (r Run) said(section string) (texts []string) {
	for _, s := range r.Said {
		if s.Section == section && s.At != nil {
			texts = append(texts, s.Text)
		}
	}
	return texts
}

// without are the texts that the others lack; one said twice must be there twice.
func without(texts, others []string) (left []string) {
	others = slices.Clone(others)
	for _, t := range texts {
		if i := slices.Index(others, t); i >= 0 {
			others = slices.Delete(others, i, i+1)
		} else {
			left = append(left, t)
		}
	}
	return left
}
