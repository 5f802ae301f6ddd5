import type { SavePitchInput } from "@/gql/graphql";
import type { PitchView } from "./documents";

/* A pitch while it is being written. */

export interface DraftSection {
  /** Null for a new one. */
  id: string | null;
  /** Stays the same while the screen is open. */
  key: string;
  title: string;
  presenterId: string | null;
  /** As it was written: "1:30". */
  target: string;
  /** As it was written: "3–5", "4", or empty. */
  slides: string;
  script: string;
  wordBudget: number | null;
}

export interface DraftClaim {
  id: string | null;
  key: string;
  text: string;
  /** The key of its section; null for nowhere. */
  section: string | null;
  evidence: { text: string; source: string }[];
  insightIds: string[];
}

export interface Draft {
  slot: string;
  questions: string;
  sections: DraftSection[];
  claims: DraftClaim[];
  /** One a line. */
  criteria: string;
  /** "word: S AH N D", one a line. */
  pronunciations: string;
}

/** "1:30" of 90 */
export const lengthOf = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

/** The seconds that somebody wrote: "1:30", "90", "90 s", "2 min"; null where it is none. */
export function readSeconds(text: string): number | null {
  const said = /^\s*(?:(\d{1,3}):([0-5]\d)|(\d{1,4})\s*(s|sec|seconds)?|(\d{1,3})\s*(m|min|minutes))\s*$/i.exec(text);
  if (!said) return null;
  if (said[1]) return Number(said[1]) * 60 + Number(said[2]);
  return said[5] ? Number(said[5]) * 60 : Number(said[3]);
}

/** The first and the last slide that somebody wrote, null for none; undefined where it is neither. */
export function readSlides(text: string): { first: number; last: number } | null | undefined {
  if (!text.trim()) return null;
  const said = /^\s*(\d{1,4})\s*(?:[–—-]\s*(\d{1,4}))?\s*$/.exec(text);
  if (!said) return undefined;
  const first = Number(said[1]);
  const last = Number(said[2] ?? said[1]);
  return first < 1 || last < first ? undefined : { first, last };
}

/** The words of a script that are spoken: what stands in square brackets is for the speaker alone. */
export const wordsIn = (script: string): number => script.replace(/\[[^\]]*\]/g, " ").split(/\s+/).filter((w) => /[\p{L}\p{N}]/u.test(w)).length;

let made = 0;
/** A key of its own for something new on this screen. */
export const freshKey = (): string => `new ${++made}`;

export const newSection = (): DraftSection => ({ id: null, key: freshKey(), title: "", presenterId: null, target: "1:00", slides: "", script: "", wordBudget: null });

/** What is saved, as it is edited. */
export const draftOf = (p: PitchView | null): Draft => ({
  slot: lengthOf(p?.slotSeconds ?? 420),
  questions: lengthOf(p?.questionSeconds ?? 300),
  sections: (p?.sections ?? []).map((s) => ({
    id: s.id, key: s.id, title: s.title, presenterId: s.presenter?.id ?? null, target: lengthOf(s.targetSeconds), script: s.script, wordBudget: s.wordBudget ?? null,
    slides: s.firstSlide == null ? "" : s.lastSlide == null || s.lastSlide === s.firstSlide ? String(s.firstSlide) : `${s.firstSlide}–${s.lastSlide}`,
  })),
  claims: (p?.claims ?? []).map((c) => ({ id: c.id, key: c.id, text: c.text, section: c.section?.id ?? null, evidence: c.evidence.map(({ text, source }) => ({ text, source })), insightIds: c.insights.map((i) => i.id) })),
  criteria: (p?.criteria ?? []).join("\n"),
  pronunciations: (p?.pronunciations ?? []).map((x) => `${x.word}: ${x.sounds}`).join("\n"),
});

const lines = (text: string): string[] => text.split("\n").map((l) => l.trim()).filter(Boolean);

/** What is wrong with a draft, by the field's own name; empty when it can be saved. */
export function faultsOf(d: Draft, slides: number): Map<string, string> {
  const faults = new Map<string, string>();
  const length = (name: string, text: string) => readSeconds(text) === null && faults.set(name, "Minutes and seconds, such as 1:30.");
  length("slot", d.slot);
  length("questions", d.questions);
  for (const s of d.sections) {
    if (!s.title.trim()) faults.set(`${s.key} title`, "A section needs a name.");
    length(`${s.key} target`, s.target);
    const range = readSlides(s.slides);
    if (range === undefined) faults.set(`${s.key} slides`, "A slide or a range, such as 3–5.");
    else if (range && slides > 0 && range.last > slides) faults.set(`${s.key} slides`, `The deck has ${slides} slides.`);
  }
  for (const c of d.claims) if (!c.text.trim()) faults.set(`${c.key} text`, "A claim needs its words.");
  for (const l of lines(d.pronunciations)) if (!/^[^:]+:\s*[A-Z0-9 ]+$/.test(l)) faults.set("pronunciations", `“${l}” is not “word: S AH N D”.`);
  return faults;
}

/** A draft as the graph takes it; only when it has no fault. */
export const inputOf = (d: Draft, teamId: string, version: number | null): Omit<SavePitchInput, "idempotencyKey" | "dryRun"> => ({
  teamId,
  slotSeconds: readSeconds(d.slot),
  questionSeconds: readSeconds(d.questions),
  sections: d.sections.map((s) => {
    const range = readSlides(s.slides);
    return { id: s.id, title: s.title.trim(), presenterId: s.presenterId, targetSeconds: readSeconds(s.target) ?? 0, script: s.script, firstSlide: range?.first ?? null, lastSlide: range?.last ?? null };
  }),
  claims: d.claims.map((c) => {
    const at = d.sections.findIndex((s) => s.key === c.section);
    return { id: c.id, text: c.text.trim(), sectionOrder: at < 0 ? null : at + 1, evidence: c.evidence.filter((e) => e.text.trim()).map((e) => ({ text: e.text.trim(), source: e.source.trim() })), insightIds: c.insightIds };
  }),
  criteria: lines(d.criteria),
  pronunciations: lines(d.pronunciations).map((l) => ({ word: l.slice(0, l.indexOf(":")).trim(), sounds: l.slice(l.indexOf(":") + 1).trim() })),
  expectedVersion: version,
});

/** Gives every section its share of a deck's slides, by its target; each gets one at least while there are enough. */
export function shareSlides(sections: readonly DraftSection[], slides: number): DraftSection[] {
  const targets = sections.map((s) => Math.max(1, readSeconds(s.target) ?? 1));
  const all = targets.reduce((a, b) => a + b, 0);
  let first = 1;
  let told = 0;
  return sections.map((s, i) => {
    told += targets[i]!;
    const rest = sections.length - i - 1;
    const last = i === sections.length - 1 ? slides : Math.max(first, Math.min(slides - rest, Math.round((told / all) * slides)));
    if (first > slides) return { ...s, slides: "" };
    const range = first === last ? String(first) : `${first}–${last}`;
    first = last + 1;
    return { ...s, slides: range };
  });
}
