import type { PlanLevel } from "@/gql/graphql";
import { mass, number } from "@/lib/format";
import type { Board } from "./board";

/* The five figures by which plans are judged, in words. Pure. */

export type Score = Pick<Board["score"], "uncovered" | "maxShortfall" | "squaredShortfall" | "minutes" | "gramsCo2e">;

export const figures: Record<PlanLevel, { name: string; value: (s: Score) => number; of: (s: Score) => string }> = {
  UNCOVERED: { name: "Team themes unseen", value: (s) => s.uncovered, of: (s) => number(s.uncovered) },
  MAX_SHORTFALL: { name: "Largest shortfall, visits", value: (s) => s.maxShortfall, of: (s) => number(s.maxShortfall) },
  SQUARED_SHORTFALL: { name: "Shortfalls, squared sum", value: (s) => s.squaredShortfall, of: (s) => number(s.squaredShortfall) },
  MINUTES: { name: "Hours travelled, everyone", value: (s) => s.minutes, of: (s) => number(s.minutes / 60) },
  GRAMS_CO2E: { name: "CO2e, estimate", value: (s) => s.gramsCo2e, of: (s) => mass(s.gramsCo2e) },
};

/** Whether anything is known of a level: nobody travels nowhere, so a bound of nothing on ways says nothing. */
export const bounded = (level: PlanLevel, b: Score): boolean => (level === "MINUTES" || level === "GRAMS_CO2E" ? figures[level].value(b) > 0 : true);

/** Whether the plan is proved best at a level, given those before it. */
export const provedAt = (plan: { provedLevels: number; rules: { levels: readonly PlanLevel[] } }, level: PlanLevel): boolean => plan.rules.levels.indexOf(level) < plan.provedLevels;
