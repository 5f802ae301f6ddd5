import { describe, expect, it } from "vitest";
import { faultsOf, inputOf, lengthOf, newSection, readSeconds, readSlides, shareSlides, wordsIn, type Draft } from "./draft";

describe("a pitch that is written", () => {
  it("reads lengths and slides as people write them", () => {
    expect(["1:30", "90", "90 s", "2 min", "0:05"].map(readSeconds)).toEqual([90, 90, 90, 120, 5]);
    expect(["", "1:75", "soon"].map(readSeconds)).toEqual([null, null, null]);
    expect(lengthOf(425)).toBe("7:05");
    expect(readSlides("3–5")).toEqual({ first: 3, last: 5 });
    expect(readSlides("4")).toEqual({ first: 4, last: 4 });
    expect(readSlides(" ")).toBeNull();
    expect([readSlides("5-3"), readSlides("0"), readSlides("all")]).toEqual([undefined, undefined, undefined]);
  });
  it("counts the words that are spoken", () => expect(wordsIn("We asked – [look up] twelve tenants.")).toBe(4));
  it("shares a deck out by targets, each slide once", () => {
    const shared = shareSlides(["1:00", "1:30", "1:50", "1:30", "1:10"].map((target) => ({ ...newSection(), target })), 11);
    expect(shared.map((s) => s.slides)).toEqual(["1–2", "3–4", "5–7", "8–9", "10–11"]);
    expect(shareSlides(["10:00", "0:10", "0:10"].map((target) => ({ ...newSection(), target })), 3).map((s) => s.slides)).toEqual(["1", "2", "3"]);
    expect(shareSlides([newSection(), newSection()], 1).map((s) => s.slides)).toEqual(["1", ""]);
  });
  const draft: Draft = { slot: "7:00", questions: "5:00", criteria: "Value\n\nRisk ", pronunciations: "HMRC: EY CH EH M AA R S IY", sections: [{ ...newSection(), key: "s1", title: "Problem", slides: "1–2" }], claims: [{ id: null, key: "c1", text: "It works", section: "s1", evidence: [{ text: "12 homes", source: "Trial" }, { text: " ", source: "" }], insightIds: [] }] };
  it("goes to the graph whole", () => {
    expect(inputOf(draft, "team:1", 4)).toMatchObject({ slotSeconds: 420, criteria: ["Value", "Risk"], pronunciations: [{ word: "HMRC", sounds: "EY CH EH M AA R S IY" }], sections: [{ firstSlide: 1, lastSlide: 2 }], claims: [{ sectionOrder: 1, evidence: [{ text: "12 homes" }] }], expectedVersion: 4 });
  });
  it("names what is wrong with it, field by field", () => {
    expect(faultsOf(draft, 11).size).toBe(0);
    expect([...faultsOf({ ...draft, slot: "x", sections: [{ ...draft.sections[0]!, title: "", slides: "9–12" }] }, 11).keys()]).toEqual(["slot", "s1 title", "s1 slides"]);
  });
});
