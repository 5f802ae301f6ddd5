import { describe, expect, it } from "vitest";
import { absence, boundWords, columnsOf, letterOf, offerOf, presence, rowsOf, slotDays, townOf, unusedOf, windowWords } from "./board";
import { board, forth, frame, kelvin, offers, people, person, usk, usual, visit } from "./world.fixture";

const all = (...ids: string[]) => ({ ids: new Set(ids), whole: true });

describe("the board", () => {
  it("gives every week a row: thin where it is empty, tall where it has a visit day", () => {
    const b = usual();
    const rows = rowsOf(frame, b.visits.nodes, people, unusedOf(b), offers);
    expect(rows.map((r) => [r.kind, r.week?.number])).toEqual([["thin", 1], ["day", 2], ["thin", 3]]);
    const day = rows[1]!;
    expect(day.kind === "day" && day.cells.map((c) => [c.group, c.visits.map((v) => v.offer.id)])).toEqual([["A", ["Usk"]], ["B", ["Kelvin"]]]);
  });

  it("says in an empty week what is in it: a milestone before an unused host's only day", () => {
    const b = usual();
    const [first, , third] = rowsOf(frame, b.visits.nodes, people, unusedOf(b), offers);
    expect(first).toMatchObject({ note: "Forth: its only day, Mon\u00a015\u00a0Apr", letter: "a" });
    expect(third).toMatchObject({ note: "Pitch day Mon\u00a029\u00a0Apr" });
  });

  it("lets one group have the whole width, and shows a day outside the programme", () => {
    const b = board([visit(usk, "2019-04-23", "A", ["a"]), visit(kelvin, "2019-04-23", "B", ["c"]), visit(forth, "2019-05-07", "A", ["b"])]);
    const rows = rowsOf(frame, b.visits.nodes, people, [], offers);
    const last = rows[rows.length - 1]!;
    expect(last).toMatchObject({ kind: "day", on: "2019-05-07", week: null, cells: [{ group: "A" }] });
  });

  it("names who is not there, and why, in a few words", () => {
    const away = person("d", "Di Hart", 2, 0, [{ subject: { __typename: "PersonDay", on: "2019-04-23" }, reason: { __typename: "PersonReason", code: "AWAY", text: "Away.", remedy: null } }] as never);
    expect(absence("2019-04-23", all("a", "b", "c", "d"), people)).toBe("everyone");
    expect(absence("2019-04-23", all("a", "b", "c"), [...people.slice(0, 3), away])).toBe("Di away");
    expect(absence("2019-04-23", all("a", "b", "c"), people)).toBe("Di misses it");
    expect(absence("2019-04-23", all("a"), people)).toBe("3 people miss it");
  });

  it("does not take people for absent whom a large group has no room to name", () => {
    const large = visit(usk, "2019-04-23", "A", ["a"], { group: { id: "g", name: "A", sectors: { public: 2, private: 2 }, members: [{ id: "a" }] } });
    const there = presence([large]).get("2019-04-23")!;
    const away = person("d", "Di Hart", 2, 0, [{ subject: { __typename: "PersonDay", on: "2019-04-23" }, reason: { __typename: "PersonReason", code: "AWAY", text: "Away.", remedy: null } }] as never);
    expect(absence("2019-04-23", there, people)).toBe("everyone");
    expect(absence("2019-04-23", there, [...people.slice(0, 3), away])).toBe("Di away");
  });

  it("names offers a to z and then aa, and knows its columns", () => {
    expect([0, 25, 26, 27, 701, 702].map(letterOf)).toEqual(["a", "z", "aa", "ab", "zz", "aaa"]);
    expect(columnsOf(usual().visits.nodes)).toEqual(["A", "B"]);
    expect(columnsOf([])).toEqual(["A"]);
    expect([...presence(usual().visits.nodes).get("2019-04-23")!.ids].sort()).toEqual(["a", "b", "c", "d"]);
  });

  it("offers the working days of a week, and a weekend only where a host is open on it", () => {
    const week = frame.programme.weeks[1]!;
    expect(slotDays(week)).toEqual(["2019-04-18", "2019-04-19", "2019-04-22", "2019-04-23", "2019-04-24"]);
    expect(slotDays(week, new Set(["2019-04-20"]))).toContain("2019-04-20");
  });

  it("counts a host's days by the programme's clocks, without those on which it is closed", () => {
    const late = offerOf({ ...usk, windows: [{ startsAt: "2019-04-22T23:30:00Z", endsAt: "2019-04-23T15:00:00Z" }, { startsAt: "2019-04-24T08:30:00Z", endsAt: "2019-04-24T15:00:00Z" }], blackoutDates: ["2019-04-24"] }, "Europe/London");
    expect(late.open).toEqual([{ on: "2019-04-23", from: "00:30", to: "16:00" }]);
    expect(windowWords(usk, "2019-04-11", "2019-04-17")).toBe("host opens Tue\u00a023\u00a0Apr");
    expect(windowWords(usk, "2019-04-18", "2019-04-24")).toBeNull();
  });

  it("says how certain the plan is, and never more", () => {
    const bound = { uncovered: 0, maxShortfall: 0, squaredShortfall: 0, minutes: 1, gramsCo2e: 1 };
    expect(boundWords(usual())).toBe("not proved");
    expect(boundWords({ ...usual(), provedLevels: 4, bound: { ...bound, firstUnproved: "GRAMS_CO2E", gapPercent: 3 } })).toBe("proved best to minutes");
    expect(boundWords({ ...usual(), provedLevels: 5 })).toBe("proved best");
    expect(boundWords({ ...usual(), provedLevels: 3, bound: { ...bound, firstUnproved: "MINUTES", gapPercent: 1.24 } })).toBe("within 1.2\u00a0% on minutes");
    expect(boundWords({ ...usual(), provedLevels: 1, bound: { ...bound, firstUnproved: "MAX_SHORTFALL", gapPercent: null } })).not.toContain("proved best");
  });

  it("shortens a station to its town only where the rest is a station's word", () => {
    expect(["Manchester Piccadilly", "Newport (South Wales)", "Milton Keynes Central", "York", "Bath Spa"].map(townOf)).toEqual(["Manchester", "Newport", "Milton Keynes", "York", "Bath Spa"]);
  });
});
