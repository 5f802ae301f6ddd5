import type { Nation, PlanRule, WhyVisitQuery } from "@/gql/graphql";
import { capital, day, nationWord, short, spokenDay, words } from "@/lib/format";
import { apart, openDays, slotDays, weekOf, windowWords, type Frame, type Offer, type Visit, type Week } from "./board";

/* A visit on the move: where it could go, what breaks there, and the words for it. Pure. */

export type Alternative = NonNullable<NonNullable<WhyVisitQuery["visit"]>["explain"]>["alternatives"][number];

/** A broken rule, as far as it is known where it is shown. */
export interface Break {
  rule: PlanRule;
  text: string;
  on?: string | null;
  holiday?: { name: string; nation: Nation } | null;
  namesBy?: string | null;
  limit?: number | null;
  actual?: number | null;
  people?: readonly { id: string; person: { name: string } }[] | null;
}

/** A place on the board. */
export interface Slot {
  on: string;
  group: string;
}

/** What would follow from a place: known from the server (`sure`), or so far only from what is on this screen. */
export interface Verdict {
  state: "now" | "fine" | "breaks" | "unknown";
  broken: Break[];
  moreMiss: number | null;
  sure: boolean;
}

/** What the dry run said about a place. */
export interface Tried {
  broken: Break[];
}

/** Everything that is known while a visit is lifted. */
export interface Lifted {
  visit: Visit;
  offer: Offer | undefined;
  alternatives: readonly Alternative[];
  tried: ReadonlyMap<string, Tried>;
}

export const slotKey = (s: Slot): string => `${s.on} ${s.group}`;

/** Rules that the screen itself can see broken, before the server has been asked. */
function seen(frame: Frame, lifted: Lifted, on: string): Break[] {
  const out: Break[] = [];
  const nation = lifted.visit.offer.site.station.nation;
  const week = weekOf(frame.programme.weeks, on);
  if (!week) out.push({ rule: "OUTSIDE_PROGRAMME", text: "Outside the programme" });
  const holiday = week?.bankHolidays.find((h) => h.date === on && h.nation === nation);
  if (holiday) out.push({ rule: "BANK_HOLIDAY", text: `Bank holiday in ${nationWord[nation]}: ${holiday.name}`, holiday });
  if (lifted.offer) {
    if (lifted.offer.blackoutDates.includes(on)) out.push({ rule: "BLACKOUT", text: "The host is closed that day" });
    else if (!openDays(lifted.offer).includes(on)) out.push({ rule: "NO_WINDOW", text: "The host has no window that day" });
  }
  return out;
}

/** What would follow if the lifted visit went there. */
export function verdictAt(frame: Frame, lifted: Lifted, slot: Slot): Verdict {
  const { visit } = lifted;
  const alternative = lifted.alternatives.find((a) => a.on === slot.on && a.group === slot.group);
  const tried = lifted.tried.get(slotKey(slot));
  if (slot.on === visit.on && slot.group === visit.group.name) {
    return { state: "now", broken: [...visit.broken], moreMiss: 0, sure: true };
  }
  if (tried) {
    return {
      state: tried.broken.length ? "breaks" : "fine",
      broken: tried.broken,
      moreMiss: alternative?.moreMiss ?? null,
      sure: true,
    };
  }
  if (alternative) {
    return {
      state: alternative.broken.length ? "breaks" : "fine",
      broken: [...alternative.broken],
      moreMiss: alternative.moreMiss ?? null,
      sure: true,
    };
  }
  const broken = seen(frame, lifted, slot.on);
  return { state: broken.length ? "breaks" : "unknown", broken, moreMiss: null, sure: false };
}

/** A broken rule in the few words that fit a slot. */
export function briefly(b: Break): string {
  switch (b.rule) {
    case "OUTSIDE_PROGRAMME": return "outside the programme";
    case "BLACKOUT": return "host is closed";
    case "BANK_HOLIDAY": return b.holiday ? `${b.holiday.name}, ${nationWord[b.holiday.nation]}` : "bank holiday";
    case "LEAD_TIME": return b.namesBy ? `names were due ${short(b.namesBy)}` : "names too late";
    case "NO_WINDOW": return "host has no window";
    case "WINDOW_TOO_SHORT": return "window too short";
    case "GROUP_TOO_SMALL": return b.limit != null ? `host wants ${b.limit}, not ${b.actual ?? "so few"}` : "group too small";
    case "GROUP_TOO_LARGE": return b.limit != null ? `host takes ${b.limit}, not ${b.actual ?? "so many"}` : "group too large";
    case "TWO_PLACES": return "two places at once";
    case "AWAY": return b.people?.length ? `${words(b.people.length)} away` : "somebody away";
    case "TOO_FAR": return b.people?.length ? `too far for ${words(b.people.length)}` : "too far";
    case "NOT_STEP_FREE": return "not step-free";
    case "TOO_CLOSE": return "too close to another day";
    case "TOO_MANY_DAYS": return b.limit != null ? `more than ${b.limit} visit days` : "too many visit days";
    case "OFFER_USED": return "used already";
    case "TOO_TIGHT": return b.limit != null ? `${b.limit} minutes between its hosts needed` : "no time between its hosts";
    default: return b.text;
  }
}

/** The heading of a broken rule. */
export const ruleWord: Record<PlanRule, string> = {
  OUTSIDE_PROGRAMME: "Outside the programme",
  BLACKOUT: "Host is closed",
  BANK_HOLIDAY: "Bank holiday",
  LEAD_TIME: "Names too late",
  NO_WINDOW: "Host has no window",
  WINDOW_TOO_SHORT: "Window too short",
  GROUP_TOO_SMALL: "Group too small",
  GROUP_TOO_LARGE: "Group too large",
  TWO_PLACES: "Two places at once",
  AWAY: "Somebody is away",
  TOO_FAR: "Too far",
  NOT_STEP_FREE: "Not step-free",
  TOO_CLOSE: "Visit days too close",
  TOO_MANY_DAYS: "Too many visit days",
  OFFER_USED: "Offer used already",
  TOO_TIGHT: "No time between two hosts",
};

/** A broken rule's sentence as the rule and the fact: "One visit day a fortnight" and "Another day … has a visit already." */
export function ruleAndFact(b: Pick<Break, "rule" | "text">): [string, string] {
  const at = b.text.indexOf(": ");
  return at > 0 && at < 64 ? [b.text.slice(0, at), capital(b.text.slice(at + 2))] : [ruleWord[b.rule], b.text];
}

/** "2 rules break", "bank holiday, Wales", "breaks nothing; 2 more miss it". */
export function verdictWords(v: Verdict): string {
  switch (v.state) {
    case "now": return "now";
    case "unknown": return "asking…";
    case "fine": return v.moreMiss ? `breaks nothing; ${missWords(v.moreMiss)}` : "breaks nothing";
    case "breaks": return v.broken.length === 1 ? briefly(v.broken[0]!) : `${v.broken.length} rules break`;
  }
}
export const missWords = (n: number): string =>
  n === 0 ? "nobody more misses it" : n > 0 ? `${n} more ${n === 1 ? "misses" : "miss"} it` : `${-n} fewer ${n === -1 ? "misses" : "miss"} it`;

/** What a screen reader hears: "Monday 22 April: 2 rules break, Easter Monday in Wales, host has no window." */
export function spoken(v: Verdict, slot: Slot, own: string): string {
  const where = `${spokenDay(slot.on)}${slot.group === own ? "" : `, group ${slot.group}`}`;
  switch (v.state) {
    case "now": return `${where}: where it is now.`;
    case "unknown": return `${where}: not known yet.`;
    case "fine": return `${where}: breaks nothing${v.moreMiss ? `, ${missWords(v.moreMiss)}` : ""}.`;
    case "breaks":
      return `${where}: ${v.broken.length === 1 ? "1 rule breaks" : `${v.broken.length} rules break`}, ${[...new Set(v.broken.map(briefly))].join(", ")}.`;
  }
}

/** A week in one line while a visit is lifted: the best of its days, or what speaks against all of them. */
export function weekVerdict(frame: Frame, lifted: Lifted, week: Week, group: string): Verdict & { words: string } {
  const extra = new Set(openDays(lifted.offer));
  const all = slotDays(week, extra).map((on) => ({ on, v: verdictAt(frame, lifted, { on, group }) }));
  const good = all.filter((d) => d.v.state === "fine" || d.v.state === "now");
  if (good.length) {
    const best = good.reduce((a, b) => ((b.v.moreMiss ?? 99) < (a.v.moreMiss ?? 99) ? b : a));
    const words = best.v.state === "now" ? `${day(best.on)}: now` : `${day(best.on)}: ${verdictWords(best.v)}`;
    return { ...best.v, words };
  }
  const open = all.find((d) => d.v.state === "unknown");
  if (open) return { ...open.v, words: `${day(open.on)}: not asked yet` };
  const closed = windowWords(lifted.offer, week.startsOn, week.endsOn);
  const worst = all[0]?.v ?? { state: "breaks" as const, broken: [], moreMiss: null, sure: false };
  if (closed) return { ...worst, words: closed };
  const late = all.map((d) => d.v.broken.find((b) => b.rule === "LEAD_TIME")).find(Boolean);
  if (late) return { ...worst, words: briefly(late) };
  // What speaks against the day nearest to possible says most.
  const least = all.reduce((a, b) => (b.v.broken.length < a.v.broken.length ? b : a), all[0]!);
  return { ...worst, words: least ? `${day(least.on)}: ${[...new Set(least.v.broken.map(briefly))].join(", ")}` : "no working day" };
}

/** Every day on which the lifted visit can be shown, in order. */
export const allDays = (frame: Frame, offer: Offer | undefined, visits: readonly Visit[]): string[] => {
  const extra = new Set([...openDays(offer), ...visits.map((v) => v.on)]);
  return frame.programme.weeks.flatMap((w) => slotDays(w, extra));
};

/** A day earlier or later; the same place at the end of the programme. */
export function stepDay(days: readonly string[], slot: Slot, by: 1 | -1): Slot {
  const i = days.indexOf(slot.on);
  const on = i < 0 ? days.find((d) => (by > 0 ? d > slot.on : d < slot.on)) : days[i + by];
  return on ? { ...slot, on } : slot;
}

/** A week earlier or later, on the day nearest to seven days away. */
export function stepWeek(frame: Frame, days: readonly string[], slot: Slot, by: 1 | -1): Slot {
  const weeks = frame.programme.weeks;
  const i = weeks.findIndex((w) => w.startsOn <= slot.on && slot.on <= w.endsOn);
  const next = weeks[i + by];
  if (i < 0 || !next) return slot;
  const offset = apart(weeks[i]!.startsOn, slot.on);
  const inside = days.filter((d) => next.startsOn <= d && d <= next.endsOn);
  const on = inside.reduce<string | undefined>(
    (a, b) => (a === undefined || Math.abs(apart(next.startsOn, b) - offset) < Math.abs(apart(next.startsOn, a) - offset) ? b : a),
    undefined,
  );
  return on ? { ...slot, on } : slot;
}

/** The groups that a visit could be given on a day: its own letter, and those of the day's other visits. */
export const groupsAt = (visits: readonly Visit[], moving: Visit, on: string): string[] =>
  [...new Set([moving.group.name, ...visits.filter((v) => v.on === on && v.id !== moving.id).map((v) => v.group.name)])].sort();

export function stepGroup(visits: readonly Visit[], moving: Visit, slot: Slot, by: 1 | -1): Slot {
  const all = groupsAt(visits, moving, slot.on);
  const i = all.indexOf(slot.group);
  return { ...slot, group: all[(i + by + all.length) % all.length] ?? slot.group };
}

/**
 * The nearest day that breaks nothing, by days and then by who would miss it: of the server's alternatives, and of what
 * was tried. Another group on the same day only where no other day is left; never the place it has.
 */
export function nearestFine(lifted: Lifted): (Slot & { moreMiss: number }) | null {
  const own = lifted.visit.group.name;
  const fine = new Map<string, Slot & { moreMiss: number }>();
  for (const a of lifted.alternatives) if (a.broken.length === 0) fine.set(slotKey(a), { on: a.on, group: a.group, moreMiss: a.moreMiss ?? 0 });
  for (const [key, t] of lifted.tried) {
    if (t.broken.length > 0) fine.delete(key);
    else if (!fine.has(key)) fine.set(key, { on: key.slice(0, 10), group: key.slice(11), moreMiss: 0 });
  }
  fine.delete(slotKey({ on: lifted.visit.on, group: own }));
  return (
    [...fine.values()].sort(
      (a, b) =>
        Number(a.on === lifted.visit.on) - Number(b.on === lifted.visit.on) ||
        apart(a.on, lifted.visit.on) - apart(b.on, lifted.visit.on) ||
        a.moreMiss - b.moreMiss ||
        Number(a.group !== own) - Number(b.group !== own) ||
        (a.on < b.on ? -1 : 1),
    )[0] ?? null
  );
}

/** The time of day at which the visit would begin there: its own where the host is open then, else the host's opening. */
export function clockAt(offer: Offer | undefined, on: string, own: string, minutes: number): string {
  const open = (offer?.open ?? []).filter((d) => d.on === on);
  const mins = (c: string) => Number(c.slice(0, 2)) * 60 + Number(c.slice(3, 5));
  if (open.some((d) => mins(d.from) <= mins(own) && mins(own) + minutes <= mins(d.to))) return own;
  return open[0]?.from ?? own;
}

/** "Two rules break. It cannot be released like this." */
export const verdictSentence = (v: Verdict): string => {
  switch (v.state) {
    case "now": return "This is where it is.";
    case "unknown": return "The server is being asked.";
    case "fine": return v.moreMiss ? `Breaks nothing; ${missWords(v.moreMiss)}.` : "Breaks nothing.";
    case "breaks":
      return v.broken.length === 1 ? "One rule breaks. It cannot be released like this." : `${capital(words(v.broken.length))} rules break. It cannot be released like this.`;
  }
};
