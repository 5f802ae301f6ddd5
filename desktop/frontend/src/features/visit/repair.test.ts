import { describe, expect, it } from "vitest";
import { costOf, wayTitle, type Way } from "./repair";

type Change = Way["changes"][number];
const site = (name: string) => ({ id: name, site: { name, organisation: { name } } });
const at = (on: string) => ({ startsAt: `${on}T10:00:00Z`, group: "A" });
const change = (kind: Change["kind"], name: string, before: string | null, after: string | null): Change => ({ kind, offer: site(name), before: before ? at(before) : null, after: after ? at(after) : null, people: [] });
const title = (...changes: Change[]) => wayTitle({ changes }, "Europe/London");

describe("a way out in a few words", () => {
  const gone = change("REMOVED", "Usk", "2019-04-23", null);
  it("names who comes in the place of what is lost", () => {
    expect(title(gone, change("ADDED", "Kelvin", null, "2019-04-23"))).toBe("Kelvin instead, the same day");
    expect(title(gone, change("ADDED", "Kelvin", null, "2019-04-24"))).toBe("Kelvin instead, on Wed\u00a024\u00a0Apr");
  });
  it("says what moves, who joins whom, and that nothing comes", () => {
    expect(title(change("MOVED", "Usk", "2019-04-23", "2019-04-24"))).toBe("Usk on Wed\u00a024\u00a0Apr");
    expect(title(gone, change("REGROUPED", "Forth", "2019-04-23", "2019-04-23"))).toBe("Its people join Forth");
    expect(title(gone)).toBe("Do without it");
    expect(title()).toBe("The plan can stay as it is");
  });
});

describe("what a way out costs", () => {
  const now = { uncovered: 0, maxShortfall: 1, squaredShortfall: 5, minutes: 6000, gramsCo2e: 1 };
  const cost = (more: Partial<typeof now>) => costOf({ score: { ...now, ...more } }, now);
  it("tells each level that gets worse, and what gets better apart", () => {
    expect(cost({ uncovered: 1, squaredShortfall: 9, minutes: 5280 })).toEqual({ worse: ["1\u00a0team theme unseen", "less fair"], better: ["12 h less on the way"] });
    expect(cost({ maxShortfall: 2, minutes: 6090 })).toEqual({ worse: ["somebody misses 2 of their visits", "1.5 h more on the way"], better: [] });
    expect(cost({})).toEqual({ worse: [], better: [] });
  });
});
