import type {
  PlannerBoardQuery,
  PlannerExposuresQuery,
  PlannerOffersQuery,
  PlannerPlansQuery,
} from "@/gql/graphql";
import type { CohortFrame } from "@/lib/cohort";
import { addDays, capital, dateIn, day, daysBetween, isWeekend, list, time, words } from "@/lib/format";

/* The board as rows and cells, and the facts that can be told without asking the server again. Pure. */

export type Board = NonNullable<PlannerBoardQuery["visitPlan"]>;
export type Visit = Board["visits"]["nodes"][number];
export type LeftOut = Board["left"]["nodes"][number];
/** The calendar that the board stands on. */
export type Frame = Pick<CohortFrame, "programme">;
type Plans = NonNullable<PlannerPlansQuery["cohort"]>;
export type PlanHead = NonNullable<Plans["visitPlans"]>["nodes"][number];
export type TeamHead = NonNullable<Plans["teams"]>["nodes"][number];
type OfferAnswer = NonNullable<NonNullable<PlannerOffersQuery["programme"]>["offers"]>["nodes"][number];
/** An offer with the days on which its host is open, by the programme's clocks; blackout days are left out. */
export type Offer = OfferAnswer & { open: { on: string; from: string; to: string }[] };
export type Exposure = NonNullable<NonNullable<PlannerExposuresQuery["visitPlan"]>["exposures"]>["nodes"][number];
export type Week = Frame["programme"]["weeks"][number];

/** An offer that the plan does not use, with the letter by which the board names it. */
export interface Unused {
  letter: string;
  offerId: string;
  name: string;
  reason: LeftOut["reason"];
}

/** A week without a visit day: one thin line. */
export interface ThinRow {
  kind: "thin";
  key: string;
  week: Week;
  note: string;
  /** The letter of the unused offer that the note is about. */
  letter?: string;
}
/** A day with visits. A cell holds the visits of one group, in order. */
export interface DayRow {
  kind: "day";
  key: string;
  week: Week | null;
  on: string;
  note: string;
  /** The board's columns where there are two; otherwise the day's own groups, each with an equal share. */
  cells: { group: string; visits: Visit[] }[];
}
export type Row = ThinRow | DayRow;

/** "a" to "z", then "aa". */
export const letterOf = (n: number): string =>
  n < 26 ? String.fromCharCode(97 + n) : letterOf(Math.floor(n / 26) - 1) + letterOf(n % 26);

/** The unused offers in the order in which the server gives them. */
export function unusedOf(board: Board): Unused[] {
  const out: Unused[] = [];
  for (const { subject, reason } of board.left.nodes) {
    if (subject.__typename === "HostOffer") {
      out.push({ letter: letterOf(out.length), offerId: subject.id, name: hostOf(subject.site), reason });
    }
  }
  return out;
}

/** Why this day has no visit, where the server says so. */
export const dayReason = (board: Board, on: string): LeftOut["reason"] | undefined =>
  board.left.nodes.find((n) => n.subject.__typename === "PlanDay" && n.subject.on === on)?.reason;

/** Who one visits, by name: the host, not the street. */
export const hostOf = (site: { name: string; organisation: { name: string } }): string => site.organisation.name || site.name;

/** The other host that a visit's group sees on the same day; none where it sees one. */
export const otherOf = <V extends Pick<Visit, "id" | "on"> & { group: { id: string } }>(visits: readonly V[], v: V): V | undefined =>
  visits.find((x) => x.id !== v.id && x.on === v.on && x.group.id === v.group.id);

/** The letters of all groups, in order; at least one. */
export const columnsOf = (visits: readonly Visit[]): string[] => {
  const all = [...new Set(visits.map((v) => v.group.name))].sort();
  return all.length ? all : ["A"];
};

export const weekOf = (weeks: readonly Week[], on: string): Week | undefined =>
  weeks.find((w) => w.startsOn <= on && on <= w.endsOn);

/** The days of a week that can be chosen: its working days, and other days on which something is or could be. */
export function slotDays(week: Week, extra: ReadonlySet<string> = new Set()): string[] {
  const days: string[] = [];
  for (let d = week.startsOn; d <= week.endsOn; d = addDays(d, 1)) if (!isWeekend(d) || extra.has(d)) days.push(d);
  return days;
}

/** Who is on a visit day. Whoever may not see people is not told who they are; then `whole` is false. */
export interface Presence {
  ids: Set<string>;
  whole: boolean;
}

/** Everybody's visit days, in order. */
export function presence(visits: readonly Visit[]): Map<string, Presence> {
  const out = new Map<string, Presence>();
  for (const v of visits) {
    const on = out.get(v.on) ?? { ids: new Set<string>(), whole: true };
    const members = v.group.members ?? [];
    for (const m of members) on.ids.add(m.id);
    if (v.group.sectors && v.group.sectors.public + v.group.sectors.private > members.length) on.whole = false;
    out.set(v.on, on);
  }
  return new Map([...out].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether a person is on a visit day: as its groups say, or, where those do not name everybody, unless they miss it. */
export const isThere = (on: string, day: Presence, p: Exposure): boolean =>
  day.ids.has(p.enrolment.id) || (!day.whole && !p.missed.some((m) => "on" in m.subject && m.subject.on === on));

/** "everyone", "Kofi away", "3 people miss it": who is not there, in a few words. */
export function absence(on: string, there: Presence, people: readonly Exposure[]): string {
  if (people.length === 0) return "";
  const missing = people.filter((p) => !isThere(on, there, p));
  if (missing.length === 0) return "everyone";
  if (missing.length > 2) return `${missing.length} people miss it`;
  const first = missing.map((p) => p.enrolment.person.name.split(" ")[0]!);
  const away = missing.every((p) => p.missed.some((m) => "on" in m.subject && m.subject.on === on && m.reason.code === "AWAY"));
  return `${list(first)} ${away ? "away" : missing.length === 1 ? "misses it" : "miss it"}`;
}

function thinNote(frame: Frame, week: Week, unused: readonly Unused[], offers: ReadonlyMap<string, Offer>): Pick<ThinRow, "note" | "letter"> {
  const inside = (d: string) => week.startsOn <= d && d <= week.endsOn;
  const parts = frame.programme.milestones.filter((m) => inside(m.on)).map((m) => `${m.name} ${day(m.on)}`);
  if (parts.length) return { note: parts.join(", ") };
  for (const u of unused) {
    const days = openDays(offers.get(u.offerId));
    if (days.length > 0 && days.every(inside)) {
      return {
        note: days.length === 1 ? `${u.name}: its only day, ${day(days[0]!)}` : `${u.name}: all its days fall here`,
        letter: u.letter,
      };
    }
  }
  return { note: `from ${day(week.startsOn)}` };
}

/** An offer of the answer with its open days worked out. */
export const offerOf = (o: OfferAnswer, zone: string): Offer => ({
  ...o,
  open: o.windows
    .map((w) => ({ on: dateIn(w.startsAt, zone), from: time(w.startsAt, zone), to: time(w.endsAt, zone) }))
    .filter((d) => !o.blackoutDates.includes(d.on))
    .sort((a, b) => (a.on + a.from < b.on + b.from ? -1 : 1)),
});

/** The days on which a host is open, in order. */
export const openDays = (offer: Offer | undefined): string[] => [...new Set(offer?.open.map((d) => d.on) ?? [])];

/** All rows of the board: a thin one for each empty week, one for each visit day. */
export function rowsOf(
  frame: Frame,
  visits: readonly Visit[],
  people: readonly Exposure[],
  unused: readonly Unused[],
  offers: ReadonlyMap<string, Offer>,
): Row[] {
  const columns = columnsOf(visits);
  const there = presence(visits);
  const days = [...there.keys()];
  const dayRow = (on: string, week: Week | null): DayRow => {
    const todays = visits.filter((v) => v.on === on);
    const groups = [...new Set(todays.map((v) => v.group.name))].sort();
    // With two columns a half day keeps its place under its letter; a day of its own kind is split as it is.
    const mine = groups.length === 1 || columns.length > 2 ? groups : columns;
    return {
      kind: "day",
      key: on,
      week,
      on,
      note: absence(on, there.get(on)!, people),
      cells: mine.map((group) => ({
        group,
        visits: todays.filter((v) => v.group.name === group).sort((a, b) => (a.startsAt < b.startsAt ? -1 : 1)),
      })),
    };
  };
  const rows: Row[] = [];
  const placed = new Set<string>();
  for (const week of frame.programme.weeks) {
    const mine = days.filter((d) => week.startsOn <= d && d <= week.endsOn);
    for (const d of mine) placed.add(d);
    if (mine.length) rows.push(...mine.map((d) => dayRow(d, week)));
    else rows.push({ kind: "thin", key: `week-${week.number}`, week, ...thinNote(frame, week, unused, offers) });
  }
  // A day outside the programme breaks a rule, and is shown all the same.
  for (const d of days) if (!placed.has(d)) rows.push(dayRow(d, null));
  return rows;
}

/** "within 1.2 % of the best possible", or what is proved, in a few words. */
export function boundWords(plan: Pick<Board, "bound" | "provedLevels" | "state" | "cancelled">): string {
  const { bound, provedLevels } = plan;
  if (provedLevels >= 5) return "proved best";
  if (provedLevels >= 4) return "proved best to minutes";
  if (bound?.gapPercent != null && bound.firstUnproved) {
    return bound.gapPercent === 0
      ? `best to ${levelWord[bound.firstUnproved]}, not proved`
      : `within ${gap(bound.gapPercent)} on ${levelWord[bound.firstUnproved]}`;
  }
  if (provedLevels > 0) return `proved on ${levelShort[provedLevels - 1]}, not beyond`;
  return "not proved";
}
const gap = (p: number): string => `${p < 10 ? p.toFixed(1).replace(/\.0$/, "") : Math.round(p)}\u00a0%`;

export const levelWord = {
  UNCOVERED: "themes",
  MAX_SHORTFALL: "the largest shortfall",
  SQUARED_SHORTFALL: "fairness",
  MINUTES: "minutes",
  GRAMS_CO2E: "CO2e",
} as const;
const levelShort = ["themes", "the largest shortfall", "fairness", "minutes", "CO2e"];

/** What the bar says of the plan's themes. */
export const themeWords = (board: Board): string => {
  const seen = new Set(board.visits.nodes.flatMap((v) => v.offer.themes.map((t) => t.id))).size;
  const n = board.score.uncovered;
  return n === 0 ? `${seen} themes, no team lacks one` : `${capital(words(n))} team ${n === 1 ? "theme" : "themes"} unseen`;
};

/** The middle value of numbers, the lower of the two in the middle of an even count. */
export const middle = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
};

/** What kind of days a host offers around this one: "host opens Tue 23 Apr", or null where it is open then. */
export function windowWords(offer: Offer | undefined, from: string, to: string): string | null {
  const days = openDays(offer);
  if (!offer) return null;
  if (days.length === 0) return "host has no day";
  if (days.some((d) => from <= d && d <= to)) return null;
  if (days[0]! > to) return `host opens ${day(days[0]!)}`;
  if (days[days.length - 1]! < from) return `host's last day was ${day(days[days.length - 1]!)}`;
  return "host has no window";
}

/** Days between two dates, whichever is first. */
export const apart = (a: string, b: string): number => Math.abs(daysBetween(a, b));

/** "Manchester" of "Manchester Piccadilly": the town, where a cell has no room for the station. */
export const townOf = (station: string): string =>
  station.replace(/ (\(.*\)|Central|Piccadilly|New Street|Temple Meads|Euston|Lime Street|Waverley|Queen Street|Kings? Cross|Paddington|St Pancras.*|Victoria)$/, "");
