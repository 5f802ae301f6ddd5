import type { PlanLevel } from "@/gql/graphql";
import { count, day, length, list } from "@/lib/format";
import type { Board } from "./board";

/* What is asked of a plan, and how two plans were asked differently, in words. Pure. */

/** What is asked of a plan. Days between: null or 0 for one visit day in each fortnight; hosts: 0 for as many as there are. */
export type Rules = Pick<Board["rules"], "visitDaysMax" | "daysBetweenMin" | "hostsPerDayMax" | "oneWayMinutesMax" | "everyoneAtLeast" | "coverEveryTheme" | "mentorSeats" | "levels" | "lostDays">;

/** What is asked of the next planning: rules that are not named stay as they are. */
export interface Wish {
  rules: Partial<Rules>;
  secondsMax: number;
  seed: number | null;
}

/** What counts, in words: what is better, and how it is counted. */
export const levelSays: Record<PlanLevel, { name: string; says: string }> = {
  UNCOVERED: { name: "Every theme seen", says: "themes of a challenge that nobody of its team sees" },
  MAX_SHORTFALL: { name: "Nobody far behind", says: "visits missed by the one who misses most" },
  SQUARED_SHORTFALL: { name: "Visits shared fairly", says: "visits missed by everyone, many by one counting more" },
  MINUTES: { name: "Less travel", says: "hours on the way, everyone’s together" },
  GRAMS_CO2E: { name: "Less CO2e", says: "grams, everyone’s together, an estimate" },
};

/** A rule that differs: its name, how it was and how it is. */
export interface Difference {
  name: string;
  was: string;
  is: string;
}

const rows: { name: string; of: (r: Rules) => string }[] = [
  { name: "Visit days", of: (r) => `${r.visitDaysMax} at most` },
  { name: "Between visit days", of: (r) => (r.daysBetweenMin ? `${count(r.daysBetweenMin, "day")} at least` : "one visit day a fortnight") },
  { name: "Hosts on one day", of: (r) => (r.hostsPerDayMax ? `${r.hostsPerDayMax} at most` : "as many as there are") },
  { name: "Kept free for mentors", of: (r) => (r.mentorSeats ? `${count(r.mentorSeats, "seat")} in each group` : "no seat") },
  { name: "One way", of: (r) => `${length(r.oneWayMinutesMax)} at most` },
  { name: "Everyone", of: (r) => (r.everyoneAtLeast ? `${count(r.everyoneAtLeast, "visit")} at least` : "as fairness has it") },
  { name: "Every theme of every team", of: (r) => (r.coverEveryTheme ? "must be seen" : "seen where it can be") },
  { name: "Days that are lost", of: (r) => (r.lostDays.length ? list(r.lostDays.map(day)) : "none") },
  { name: "What counts, in this order", of: (r) => list(r.levels.map((l) => levelSays[l].name.toLowerCase().replace("co2e", "CO2e"))) },
];

/** How one set of rules differs from another. */
export const differences = (was: Rules, is: Rules): Difference[] =>
  rows.flatMap((r) => (r.of(was) === r.of(is) ? [] : [{ name: r.name, was: r.of(was), is: r.of(is) }]));

/** The rules that are not as they were: what is sent along. */
export function changesIn(was: Rules, is: Rules): Partial<Rules> {
  return {
    ...(is.visitDaysMax !== was.visitDaysMax && { visitDaysMax: is.visitDaysMax }),
    ...((is.daysBetweenMin ?? 0) !== (was.daysBetweenMin ?? 0) && { daysBetweenMin: is.daysBetweenMin ?? 0 }),
    ...(is.hostsPerDayMax !== was.hostsPerDayMax && { hostsPerDayMax: is.hostsPerDayMax }),
    ...(is.oneWayMinutesMax !== was.oneWayMinutesMax && { oneWayMinutesMax: is.oneWayMinutesMax }),
    ...(is.mentorSeats !== was.mentorSeats && { mentorSeats: is.mentorSeats }),
    ...(is.everyoneAtLeast !== was.everyoneAtLeast && { everyoneAtLeast: is.everyoneAtLeast }),
    ...(is.coverEveryTheme !== was.coverEveryTheme && { coverEveryTheme: is.coverEveryTheme }),
    ...(is.lostDays.join() !== was.lostDays.join() && { lostDays: is.lostDays }),
    ...(is.levels.join() !== was.levels.join() && { levels: is.levels }),
  };
}

/** What an order means that puts travel before visits; null where it does not. */
export function orderWarns(levels: readonly PlanLevel[]): string | null {
  const travel = levels.findIndex((l) => l === "MINUTES" || l === "GRAMS_CO2E");
  const fair = levels.indexOf("SQUARED_SHORTFALL");
  if (travel > fair) return null;
  if (travel === 0) return "With less travel first, staying at home is best: only what is pinned, agreed or over will be in the plan.";
  return `Less travel comes before visits for everyone: only visits that “${list(levels.slice(0, travel).map((l) => levelSays[l].name.toLowerCase()))}” asks for will be in the plan.`;
}

/** The order with a level one place earlier or later. */
export function shifted(levels: readonly PlanLevel[], level: PlanLevel, by: -1 | 1): PlanLevel[] {
  const next = [...levels];
  const at = next.indexOf(level);
  const to = at + by;
  if (to < 0 || to >= next.length) return next;
  next.splice(at, 1);
  next.splice(to, 0, level);
  return next;
}
