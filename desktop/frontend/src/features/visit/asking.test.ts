import { describe, expect, it } from "vitest";
import { changesIn, differences, orderWarns, shifted, type Rules } from "./asking";

const usual: Rules = { visitDaysMax: 6, daysBetweenMin: null, hostsPerDayMax: 0, oneWayMinutesMax: 240, everyoneAtLeast: 0, coverEveryTheme: false, mentorSeats: 0, levels: ["UNCOVERED", "MAX_SHORTFALL", "SQUARED_SHORTFALL", "MINUTES", "GRAMS_CO2E"], lostDays: [] };

describe("what is asked", () => {
  it("says what differs, and nothing where nothing does", () => {
    expect(differences(usual, { ...usual, daysBetweenMin: 0 })).toEqual([]);
    expect(differences(usual, { ...usual, visitDaysMax: 4, daysBetweenMin: 17, mentorSeats: 1 })).toEqual([
      { name: "Visit days", was: "6 at most", is: "4 at most" },
      { name: "Between visit days", was: "one visit day a fortnight", is: "17\u00a0days at least" },
      { name: "Kept free for mentors", was: "no seat", is: "1\u00a0seat in each group" },
    ]);
  });
  it("sends along what differs alone, and 0 to go back to fortnights", () => {
    expect(changesIn(usual, usual)).toEqual({});
    expect(changesIn({ ...usual, daysBetweenMin: 17 }, usual)).toEqual({ daysBetweenMin: 0 });
    expect(changesIn(usual, { ...usual, hostsPerDayMax: 2 })).toEqual({ hostsPerDayMax: 2 });
  });
  it("warns of an order that keeps people at home, and of no other", () => {
    expect(orderWarns(usual.levels)).toBeNull();
    expect(orderWarns(shifted(usual.levels, "GRAMS_CO2E", -1))).toBeNull();
    expect(orderWarns(["MINUTES", "UNCOVERED", "MAX_SHORTFALL", "SQUARED_SHORTFALL", "GRAMS_CO2E"])).toContain("staying at home");
    expect(orderWarns(shifted(usual.levels, "MINUTES", -1))).toContain("every theme seen and nobody far behind");
  });
  it("moves a level by one, and not beyond the ends", () => {
    expect(shifted(usual.levels, "MINUTES", -1).indexOf("MINUTES")).toBe(2);
    expect(shifted(usual.levels, "UNCOVERED", -1)).toEqual(usual.levels);
    expect(shifted(usual.levels, "GRAMS_CO2E", 1)).toEqual(usual.levels);
  });
});
