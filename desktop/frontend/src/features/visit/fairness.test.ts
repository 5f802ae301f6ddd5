import { describe, expect, it } from "vitest";
import { columnsFor, finding, fullWords, spread } from "./fairness";
import { people, usual, visit, board, usk, kelvin } from "./world.fixture";

describe("who sees what", () => {
  it("has a column a person, by team and name, with the days they are there", () => {
    const { days, columns } = columnsFor([...people].reverse(), usual().visits.nodes);
    expect(days).toEqual(["2019-04-23"]);
    expect(columns.map((c) => c.name)).toEqual(["Ann Lee", "Bo Reid", "Cal Moss", "Di Hart"]);
    expect(columns.every((c) => c.there[0])).toBe(true);
    expect(spread(columns)).toEqual({ least: 2, middle: 3, most: 5 });
    expect(fullWords(columns, days)).toBe("1 of 1 for 4 people");
  });
  it("finds who misses a day, and who travels longest and from where", () => {
    const b = board([visit(usk, "2019-04-23", "A", ["a", "b"]), visit(kelvin, "2019-04-24", "A", ["a", "c", "d"])]);
    const { days, columns } = columnsFor(people, b.visits.nodes);
    expect(finding(columns, days)).toBe("Three people miss one day each. Bo starts from Leeds.");
    const all = columnsFor(people, usual().visits.nodes);
    expect(finding(all.columns, all.days)).toMatch(/^Nobody misses a day\./);
  });
});
