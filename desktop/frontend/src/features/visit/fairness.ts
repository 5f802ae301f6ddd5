import { capital, list, number, words } from "@/lib/format";
import { isThere, middle, presence, type Exposure, type Visit } from "./board";

/* Who sees what: one column a person. Pure. */

export interface Column {
  id: string;
  name: string;
  sector: "PUBLIC" | "PRIVATE";
  team: { number: number; name: string } | null;
  hours: number;
  visits: number;
  attainable: number;
  /** For each visit day, in order, whether the person is on it. */
  there: boolean[];
  exposure: Exposure;
}

/** A column for each person, by team and name, and the visit days in order. */
export function columnsFor(people: readonly Exposure[], visits: readonly Visit[]): { days: string[]; columns: Column[] } {
  const days = presence(visits);
  const columns = people.map((e) => ({
    id: e.enrolment.id,
    name: e.enrolment.person.name,
    sector: e.enrolment.sectorAtEnrolment,
    team: e.enrolment.team ?? null,
    hours: e.minutes / 60,
    visits: e.visits,
    attainable: e.attainable,
    there: [...days].map(([on, day]) => isThere(on, day, e)),
    exposure: e,
  }));
  const order = (c: Column) => c.team?.number ?? Number.MAX_SAFE_INTEGER;
  columns.sort((a, b) => order(a) - order(b) || a.name.localeCompare(b.name, "en-GB"));
  return { days: [...days.keys()], columns };
}

/** The least, middle and most hours. */
export function spread(columns: readonly Column[]): { least: number; middle: number; most: number } {
  const hours = columns.map((c) => c.hours);
  return { least: Math.min(...hours), middle: middle(hours), most: Math.max(...hours) };
}

/** The finding in two sentences: who misses how much, and who travels longest and why. */
export function finding(columns: readonly Column[], days: readonly string[]): string {
  if (columns.length === 0 || days.length === 0) return "";
  const missed = columns.map((c) => days.length - c.there.filter(Boolean).length);
  const some = columns.filter((_, i) => missed[i]! > 0);
  const worst = Math.max(0, ...missed);
  const first =
    some.length === 0
      ? "Nobody misses a day."
      : `${capital(some.length <= 2 ? list(some.map((c) => c.name.split(" ")[0]!)) : `${words(some.length)} people`)} ${some.length === 1 ? "misses" : "miss"} ${worst === 1 ? (some.length === 1 ? "one day" : "one day each") : `up to ${words(worst)} days`}.`;
  const longest = columns.reduce((a, b) => (b.hours > a.hours ? b : a));
  const name = longest.name.split(" ")[0]!;
  const home = longest.exposure.enrolment.homeStation?.name;
  const least = longest.exposure.leastMinutes;
  const second = home
    ? ` ${name} starts from ${home}${least != null ? `; no plan with these visits cuts the hours below ${number(least / 60, 1)}` : ""}.`
    : "";
  return first + second;
}

/** "5 of 5 for 35 people" */
export function fullWords(columns: readonly Column[], days: readonly string[]): string {
  const full = columns.filter((c) => c.there.every(Boolean)).length;
  return `${days.length} of ${days.length} for ${number(full)} ${full === 1 ? "person" : "people"}`;
}
