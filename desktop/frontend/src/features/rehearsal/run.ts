import type { RunEventKind, Sector } from "@/gql/graphql";

/* A run as it is made: what each key writes into its log, and what the log says. Pure, so that a reload reads the same run. */

/** Something that happened in a run; never changed afterwards. */
export interface RunEvent {
  /** From 1 without gaps. */
  sequence: number;
  kind: RunEventKind;
  /** Milliseconds since the start, pauses included, and never less than the event before. */
  atMilliseconds: number;
  sectionId: string | null;
  /** Counted from 1. */
  slide: number | null;
}

export interface Speaker {
  id: string;
  name: string;
  sector: Sector;
}

/** A section as the stage needs it. */
export interface StageSection {
  id: string;
  title: string;
  speaker: Speaker | null;
  targetMilliseconds: number;
  /** Counted from 1; both null without slides. */
  firstSlide: number | null;
  lastSlide: number | null;
  script: string;
}

/** What is rehearsed. */
export interface Plan {
  slotMilliseconds: number;
  sections: readonly StageSection[];
  /** Of the deck; 0 without one. */
  slides: number;
}

/** One press further: a slide of a section, or a section that has none. */
export interface Step {
  section: number;
  slide: number | null;
}

/** What the presenter goes through, in order. Slides of the deck that no section has are reached by the overview alone. */
export function stepsOf({ sections, slides }: Plan): Step[] {
  return sections.flatMap(({ firstSlide, lastSlide }, section): Step[] => {
    if (firstSlide === null || slides === 0) return [{ section, slide: null }];
    const last = Math.max(firstSlide, Math.min(lastSlide ?? firstSlide, slides));
    return Array.from({ length: last - firstSlide + 1 }, (_, i) => ({ section, slide: firstSlide + i }));
  });
}

/** Events that no UNDO took back, without the UNDOs. START and CLICK always count. */
export function counting(events: readonly RunEvent[]): RunEvent[] {
  const left: RunEvent[] = [];
  for (const e of events) {
    if (e.kind !== "UNDO") {
      left.push(e);
      continue;
    }
    const at = left.map((x) => x.kind !== "START" && x.kind !== "CLICK").lastIndexOf(true);
    if (at >= 0) left.splice(at, 1);
  }
  return left;
}

/** Where a run stands. */
export interface Standing {
  /** The stage is open, and the clock waits for the first press. */
  waiting: boolean;
  ended: boolean;
  paused: boolean;
  /** The pause is for a question. */
  asked: boolean;
  /** The place of the section in the pitch, from 0. */
  section: number;
  /** 0 before the first. */
  slide: number;
  /** Since when the section runs, in milliseconds of the run. */
  since: number;
  /** Time without pauses by section, up to `mark`. */
  spoken: readonly number[];
  mark: number;
  /** How often somebody noted a filler or a question. */
  fillers: number;
  questions: number;
}

/** Reads a run from its log, as `internal/pitch` does. */
export function standingOf(sections: readonly StageSection[], events: readonly RunEvent[]): Standing {
  const spoken = sections.map(() => 0);
  const s = { ended: false, paused: false, asked: false, section: 0, slide: 0, since: 0, mark: 0, fillers: 0, questions: 0 };
  const pass = (at: number) => {
    if (!s.paused && !s.ended && spoken[s.section] !== undefined) spoken[s.section]! += at - s.mark;
    s.mark = at;
  };
  const counted = counting(events);
  for (const e of counted) {
    switch (e.kind) {
      case "SECTION": {
        const next = sections.findIndex((x) => x.id === e.sectionId);
        if (next < 0 || next === s.section) break;
        pass(e.atMilliseconds);
        s.section = next;
        s.since = e.atMilliseconds;
        break;
      }
      case "SLIDE":
        s.slide = e.slide ?? s.slide;
        break;
      case "PAUSE":
        if (!s.paused) {
          pass(e.atMilliseconds);
          s.paused = true;
          s.asked = false;
        }
        break;
      case "RESUME":
        if (s.paused) {
          pass(e.atMilliseconds);
          s.paused = s.asked = false;
        }
        break;
      case "QUESTION":
        s.questions++;
        s.asked = s.paused;
        break;
      case "FILLER":
        s.fillers++;
        break;
      case "END":
        pass(e.atMilliseconds);
        s.ended = true;
        break;
    }
  }
  const waiting = s.paused && counted.every((e) => e.atMilliseconds === 0 || e.kind === "CLICK");
  return { ...s, waiting, spoken };
}

/** Time without pauses by section, at a moment of the run. */
export function spokenAt(s: Standing, now: number): readonly number[] {
  if (s.paused || s.ended) return s.spoken;
  return s.spoken.map((ms, i) => (i === s.section ? ms + Math.max(0, now - s.mark) : ms));
}

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** What a key can mean. */
export type Move = "next" | "back" | "handover" | "pause" | "filler" | "click" | "undo" | "end" | { slide: number };

type Happened = Pick<RunEvent, "kind"> & Partial<Pick<RunEvent, "sectionId" | "slide">>;

const number = (events: readonly RunEvent[], at: number, happened: readonly Happened[]): RunEvent[] =>
  happened.map((h, i) => ({ sequence: events.length + i + 1, atMilliseconds: at, sectionId: null, slide: null, ...h }));

/** The first events of a run: its start, its first slide, and a clock that waits for the first press. */
export function opening(plan: Plan): RunEvent[] {
  const slide = stepsOf(plan)[0]?.slide;
  return number([], 0, [{ kind: "START" }, ...(slide ? [{ kind: "SLIDE" as const, slide }] : []), { kind: "PAUSE" }]);
}

/**
 * What a key writes into the log; nothing where it means nothing. All events of one key have one time, which no other key
 * has, so that "undo" takes back a key whole, also after a reload.
 */
export function press(plan: Plan, events: readonly RunEvent[], move: Move, now: number): RunEvent[] {
  const s = standingOf(plan.sections, events);
  const last = events[events.length - 1]?.atMilliseconds ?? 0;
  const write = (...happened: Happened[]) => number(events, Math.max(Math.round(now), last + 1), happened);
  const to = (step: Step): Happened[] => [
    ...(step.section === s.section ? [] : [{ kind: "SECTION" as const, sectionId: plan.sections[step.section]!.id }]),
    ...(step.slide === null || step.slide === s.slide ? [] : [{ kind: "SLIDE" as const, slide: step.slide }]),
  ];
  if (move === "click") return write({ kind: "CLICK" });
  if (move === "undo") {
    const undone = counting(events).filter((e) => e.kind !== "CLICK");
    const at = undone[undone.length - 1]?.atMilliseconds ?? 0;
    return at === 0 ? [] : write(...undone.filter((e) => e.atMilliseconds === at).map(() => ({ kind: "UNDO" as const })));
  }
  if (s.ended) return [];
  const steps = stepsOf(plan);
  switch (move) {
    case "next": {
      if (s.waiting) return write({ kind: "RESUME" });
      const next = steps[placeOf(steps, s) + 1];
      return next ? write(...to(next)) : [];
    }
    case "back": {
      const before = s.waiting ? undefined : steps[placeOf(steps, s) - 1];
      return before ? write(...to(before)) : [];
    }
    case "handover": {
      const next = s.waiting ? undefined : steps.find((x) => x.section === s.section + 1);
      return next ? write({ kind: "HANDOVER" }, ...to(next)) : [];
    }
    case "pause":
      return s.waiting ? [] : s.paused ? write({ kind: "RESUME" }) : write({ kind: "PAUSE" }, { kind: "QUESTION" });
    case "filler":
      return s.waiting || s.paused ? [] : write({ kind: "FILLER" });
    case "end":
      return s.waiting ? [] : write({ kind: "END" });
    default: {
      const owner = plan.sections.findIndex((x) => x.firstSlide !== null && x.firstSlide <= move.slide && move.slide <= (x.lastSlide ?? x.firstSlide));
      const happened = to({ section: owner < 0 ? s.section : owner, slide: move.slide });
      return happened.length === 0 ? [] : write(...happened);
    }
  }
}

/** A pause written afterwards for a run that was broken off: the clock stood from then on. */
export const brokenOff = (events: readonly RunEvent[], at: number): RunEvent[] =>
  number(events, Math.max(Math.round(at), (events[events.length - 1]?.atMilliseconds ?? 0) + 1), [{ kind: "PAUSE" }]);

/** The place among the steps: where the slide is the section's own, that one, else the nearest of the section. */
export function placeOf(steps: readonly Step[], s: Pick<Standing, "section" | "slide">): number {
  const own = steps.flatMap((x, i) => (x.section === s.section ? [i] : []));
  const exact = own.find((i) => steps[i]!.slide === s.slide);
  if (exact !== undefined) return exact;
  const before = own.filter((i) => (steps[i]!.slide ?? 0) < s.slide);
  return before[before.length - 1] ?? own[0] ?? 0;
}

/** The least lead or lag, in milliseconds, of which a speaker is told. */
export const steady = 10_000;
/** From here on, in milliseconds, it is a signal. */
export const urgent = 30_000;

/** The one thing that a speaker is shown of their pace. */
export interface Cue {
  /** When the middle of this slide is due, in milliseconds without pauses. */
  expected: number;
  /** How long before it the run is; negative when behind. */
  ahead: number;
  /** How far ahead or behind nothing need be said. */
  band: number;
  /** `ahead` lies outside the band. */
  beyond: boolean;
}

/**
 * The pace at a slide of a section, after so many milliseconds without pauses: targets of the sections before it and
 * target × (slide − 0.5) / slides of its own, as `internal/pitch` reckons.
 */
export function cueAt(sections: readonly StageSection[], section: number, slide: number, unpaused: number): Cue {
  const own = sections[section];
  if (!own) return { expected: unpaused, ahead: 0, band: steady, beyond: false };
  const due = sum(sections.slice(0, section).map((x) => x.targetMilliseconds));
  const slides = own.firstSlide === null ? 1 : Math.max(1, (own.lastSlide ?? own.firstSlide) - own.firstSlide + 1);
  const k = own.firstSlide === null ? 1 : Math.min(Math.max(slide - own.firstSlide + 1, 1), slides);
  const expected = due + Math.floor((own.targetMilliseconds * (2 * k - 1)) / (2 * slides));
  const ahead = expected - unpaused;
  const band = Math.max(steady, Math.floor(own.targetMilliseconds / (2 * slides)));
  return { expected, ahead, band, beyond: Math.abs(ahead) > band };
}

/** The paragraphs of a script: a blank line begins the words of the next slide. */
export const paragraphs = (script: string): string[] => script.split(/\n\s*\n/).map((p) => p.trim()).filter(Boolean);

/** A script as the prompter shows it at one of the section's slides. */
export interface Prompt {
  past: string;
  now: string;
  next: string;
}

/** What is said at the slide, the words before it and those after it. `slide` counts from 0 among the section's `slides`. */
export function promptOf(script: string, slide: number, slides: number): Prompt {
  const all = paragraphs(script);
  const from = Math.floor((slide * all.length) / slides);
  const to = Math.max(from + 1, Math.floor(((slide + 1) * all.length) / slides));
  return { past: all.slice(0, from).join(" "), now: all.slice(from, to).join(" "), next: all.slice(to).join(" ") };
}

/** The sentences of a text. */
export const sentences = (text: string): string[] => text.match(/[^.!?…]+(?:[.!?…]+["”’)]*|$)\s*/gu)?.map((s) => s.trim()).filter(Boolean) ?? [];

/** "4:02", "−0:07": minutes and seconds; what remains of a second counts up where time is left, down where it is spent. */
export function minutes(milliseconds: number, round: (x: number) => number = Math.floor): string {
  const seconds = round(milliseconds / 1000);
  const whole = Math.abs(seconds);
  return `${seconds < 0 ? "−" : ""}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}
