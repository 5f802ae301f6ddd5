import { describe, expect, it } from "vitest";
import { challengeSentence } from "./challenge";
import { grouped, sentence } from "./home";
import { stateOf } from "./import";
import { previewSentence } from "./import/preview";
import { offerSentence } from "./offer";
import { balanceSentence } from "./people";

const plain = (text: string) => text.replace(/\u00a0/g, " ");
const weeks = Array.from({ length: 12 }, (_, i) => ({ number: i + 1, startsOn: new Date(Date.UTC(2019, 1, 7 + i * 7)).toISOString().slice(0, 10), endsOn: new Date(Date.UTC(2019, 1, 13 + i * 7)).toISOString().slice(0, 10), bankHolidays: [] }));
const at = (today: string) => ({ today, startsOn: "2019-02-07", endsOn: "2019-04-29", weeks });
const d = (dueOn: string, state = "DUE") => ({ dueOn, state });

describe("the title of home", () => {
  it("puts what is late first", () => expect(sentence([d("2019-04-05", "LATE"), d("2019-04-08"), d("2019-04-12"), d("2019-04-15")], at("2019-04-08"))).toBe("Week 9: one thing is late, two are due by Friday"));
  it("says what is due where nothing is late", () => expect(sentence([d("2019-04-12")], at("2019-04-08"))).toBe("Week 9: one thing is due by Friday"));
  it("looks ahead where the week is free", () => expect(plain(sentence([d("2019-04-15")], at("2019-04-08")))).toBe("Week 9: nothing is due this week, the next is Mon 15 Apr"));
  it("knows the days before and after", () => {
    expect(sentence([], at("2019-01-01"))).toBe("Before week 1: nothing is due this week");
    expect(sentence([], at("2025-01-01"))).toBe("After the last week: nothing is due this week");
  });
});

describe("what must happen", () => {
  it("stands in groups by the week it is due in, Sunday being its last day", () => {
    const groups = grouped([d("2019-04-22"), d("2019-04-05", "LATE"), d("2019-04-14"), d("2019-04-08"), d("2019-04-15"), d("2019-04-21")], "2019-04-08");
    expect(groups.map((g) => [g.name, g.items.map((i) => i.dueOn)])).toEqual([
      ["Late", ["2019-04-05"]], ["Today, Monday", ["2019-04-08"]], ["This week", ["2019-04-14"]], ["Next week", ["2019-04-15", "2019-04-21"]], ["Later", ["2019-04-22"]],
    ]);
  });
});

describe("the other titles", () => {
  const nobody = { public: 0, private: 0 };
  const nineteen = { public: 19, private: 19 };
  it("balance", () => {
    expect(balanceSentence({ taken: nineteen, seats: nineteen, waiting: { public: 2, private: 1 } })).toBe("19 public, 19 private: level, three wait");
    expect(balanceSentence({ taken: { public: 19, private: 17 }, seats: nineteen, waiting: nobody })).toBe("19 public, 17 private: two apart, two seats free");
    expect(balanceSentence({ taken: { public: 20, private: 19 }, seats: nineteen, waiting: nobody })).toBe("20 public, 19 private: one apart, one over the seats");
  });
  it("challenges", () => {
    expect(challengeSentence(15, [{ challenge: {} }, { challenge: {} }])).toBe("Every team has its challenge");
    expect(challengeSentence(15, [{ challenge: null }, { challenge: {} }])).toBe("One of two teams has no challenge");
    expect(challengeSentence(15, [])).toBe("15 challenges, no team yet");
  });
  it("offers", () => {
    expect(offerSentence(14, 8, "the plan")).toBe("14 offers, eight in the plan");
    expect(offerSentence(1, 0, null)).toBe("One offer, none planned yet");
  });
  it("imports", () => {
    expect(plain(previewSentence({ rows: 38, blocked: 3, leftOut: 0 }))).toBe("3 rows need you");
    expect(plain(previewSentence({ rows: 38, blocked: 0, leftOut: 3 }))).toBe("35 rows are ready, 3 left out");
    const counts = { rows: 38, creates: 35, updates: 0, unchanged: 0, leftOut: 3, blocked: 0 };
    expect(stateOf({ state: "DONE", undoneAt: null, failure: null, counts })).toBe("35 new, 3 left out");
    expect(plain(stateOf({ state: "DONE", undoneAt: "2019-04-08T10:00:00Z", failure: null, counts }))).toBe("Undone Mon 8 Apr");
  });
});
