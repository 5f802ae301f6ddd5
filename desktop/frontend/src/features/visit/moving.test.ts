import { describe, expect, it } from "vitest";
import { brokenBy } from "./lift";
import { allDays, briefly, clockAt, groupsAt, nearestFine, ruleAndFact, slotKey, spoken, stepDay, stepGroup, stepWeek, verdictAt, verdictWords, weekVerdict, type Alternative, type Lifted } from "./moving";
import { frame, kelvin, usk, usual } from "./world.fixture";

const b = usual();
const [lifted, other] = b.visits.nodes as [(typeof b.visits.nodes)[number], (typeof b.visits.nodes)[number]];
const score = { uncovered: 0, maxShortfall: 0, squaredShortfall: 0, minutes: 640, gramsCo2e: 1 };
const alternative = (on: string, more: Partial<Alternative> = {}): Alternative => ({ on, group: "A", moreMiss: 0, broken: [], score, ...more });
const up = (more: Partial<Lifted> = {}): Lifted => ({ visit: lifted, offer: usk, alternatives: [], tried: new Map(), ...more });

describe("a lifted visit", () => {
  it("sees at once what breaks, and says that it is not sure", () => {
    const v = verdictAt(frame, up(), { on: "2019-04-22", group: "A" });
    expect(v).toMatchObject({ state: "breaks", sure: false });
    expect(v.broken.map((x) => x.rule)).toEqual(["BANK_HOLIDAY", "NO_WINDOW"]);
  });

  it("counts the holiday of the site's nation alone: Easter Monday is none in Scotland", () => {
    const scots = up({ visit: other, offer: { ...kelvin, open: [{ on: "2019-04-22", from: "09:00", to: "17:00" }] } });
    expect(verdictAt(frame, scots, { on: "2019-04-22", group: "B" }).state).toBe("unknown");
    // The control: the same day for a host in Wales.
    expect(verdictAt(frame, up({ offer: { ...usk, open: [{ on: "2019-04-22", from: "09:00", to: "17:00" }] } }), { on: "2019-04-22", group: "A" }).state).toBe("breaks");
  });

  it("believes the server's alternatives over itself, and a dry run over both", () => {
    const alternatives = [alternative("2019-04-24", { moreMiss: 2 })];
    expect(verdictWords(verdictAt(frame, up({ alternatives }), { on: "2019-04-24", group: "A" }))).toBe("breaks nothing; 2 more miss it");
    const tried = new Map([[slotKey({ on: "2019-04-24", group: "A" }), { broken: [{ rule: "GROUP_TOO_SMALL" as const, text: "Too small.", limit: 12, actual: 9 }] }]]);
    expect(verdictWords(verdictAt(frame, up({ alternatives, tried }), { on: "2019-04-24", group: "A" }))).toBe("host wants 12, not 9");
  });

  it("never calls a day fine that nobody asked about", () => {
    expect(verdictAt(frame, up(), { on: "2019-04-24", group: "A" }).state).toBe("unknown");
  });

  it("speaks as the design says", () => {
    const slot = { on: "2019-04-22", group: "A" };
    expect(spoken(verdictAt(frame, up(), slot), slot, "A")).toBe("Monday 22 April: 2 rules break, Easter Monday, Wales, host has no window.");
    const home = { on: "2019-04-23", group: "A" };
    expect(spoken(verdictAt(frame, up(), home), home, "A")).toBe("Tuesday 23 April: where it is now.");
    expect(briefly({ rule: "LEAD_TIME", text: "", namesBy: "2019-04-12" })).toBe("names were due 12\u00a0Apr");
  });

  it("sums a week up in a line: its best day, or what speaks against it", () => {
    expect(weekVerdict(frame, up(), frame.programme.weeks[0]!, "A").words).toBe("host opens Tue\u00a023\u00a0Apr");
    const alternatives = [alternative("2019-04-25", { moreMiss: 3 }), alternative("2019-04-26", { moreMiss: 1 })];
    expect(weekVerdict(frame, up({ alternatives }), frame.programme.weeks[2]!, "A").words).toBe("Fri\u00a026\u00a0Apr: breaks nothing; 1 more misses it");
  });

  it("finds the nearest day that breaks nothing, by days and then by who misses it", () => {
    const alternatives = [alternative("2019-04-25", { moreMiss: 0 }), alternative("2019-04-22", { broken: [{ rule: "BANK_HOLIDAY", text: "", on: null, holiday: null, namesBy: null, limit: null, actual: null }], moreMiss: null, score: null }), alternative("2019-04-24", { moreMiss: 2 })];
    expect(nearestFine(up({ alternatives }))).toEqual({ on: "2019-04-24", group: "A", moreMiss: 2 });
    // What a dry run refused is not offered again.
    const tried = new Map([["2019-04-24 A", { broken: [{ rule: "TOO_CLOSE" as const, text: "" }] }]]);
    expect(nearestFine(up({ alternatives, tried }))?.on).toBe("2019-04-25");
    expect(nearestFine(up())).toBeNull();
    // What a dry run found fine is offered, and another day before another group of the same day.
    const found = new Map([["2019-04-30 A", { broken: [] }]]);
    expect(nearestFine(up({ alternatives: [alternative("2019-04-23", { group: "B" })], tried: found }))?.on).toBe("2019-04-30");
    expect(nearestFine(up({ alternatives: [alternative("2019-04-23", { group: "B" })] }))).toEqual({ on: "2019-04-23", group: "B", moreMiss: 0 });
  });
});

describe("a tried move", () => {
  it("breaks what the visit breaks and what the plan newly breaks, and is not blamed for the rest", () => {
    const close = { rule: "TOO_CLOSE" as const, text: "One visit day a fortnight: another day has a visit already." };
    const old = { rule: "AWAY" as const, text: "Ann Lee is away." };
    const preview = { visit: { broken: [] }, plan: { broken: [old, close] } } as unknown as Parameters<typeof brokenBy>[0];
    expect(brokenBy(preview, [old]).map((b) => b.rule)).toEqual(["TOO_CLOSE"]);
    expect(brokenBy(preview, [old, close])).toEqual([]);
    expect(ruleAndFact(close)).toEqual(["One visit day a fortnight", "Another day has a visit already."]);
    expect(ruleAndFact(old)).toEqual(["Somebody is away", "Ann Lee is away."]);
  });
});

describe("steps", () => {
  const days = allDays(frame, usk, b.visits.nodes);
  const at = { on: "2019-04-23", group: "A" };
  it("go a working day, a week and a group, and stop at the ends", () => {
    expect(stepDay(days, at, -1).on).toBe("2019-04-22");
    expect(stepDay(days, { ...at, on: "2019-04-19" }, 1).on).toBe("2019-04-22");
    expect(stepDay(days, { ...at, on: days[0]! }, -1).on).toBe(days[0]);
    expect(stepWeek(frame, days, at, 1).on).toBe("2019-04-30");
    expect(stepWeek(frame, days, at, -1).on).toBe("2019-04-16");
    expect(stepWeek(frame, days, { ...at, on: "2019-04-30" }, 1).on).toBe("2019-04-30");
    expect(groupsAt(b.visits.nodes, lifted, at.on)).toEqual(["A", "B"]);
    expect(stepGroup(b.visits.nodes, lifted, at, 1).group).toBe("B");
    expect(stepGroup(b.visits.nodes, lifted, { ...at, on: "2019-04-24" }, 1).group).toBe("A");
  });
  it("there and back is where it was, for every day", () => {
    for (const on of days.slice(1, -1)) {
      expect(stepDay(days, stepDay(days, { on, group: "A" }, 1), -1).on).toBe(on);
    }
  });
});

describe("the time of day", () => {
  it("stays where the host is open for it, and is the host's opening where not", () => {
    expect(clockAt(usk, "2019-04-24", "10:30", 270)).toBe("10:30");
    expect(clockAt(usk, "2019-04-24", "14:00", 270)).toBe("09:30");
    expect(clockAt(usk, "2019-04-29", "10:30", 270)).toBe("10:30");
  });
});
