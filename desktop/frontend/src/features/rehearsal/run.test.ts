import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { brokenOff, counting, cueAt, minutes, opening, paragraphs, press, promptOf, sentences, spokenAt, standingOf, stepsOf, sum, type Move, type Plan, type RunEvent } from "./run";

const who = (name: string) => ({ id: name, name, sector: "PUBLIC" as const });
const section = (id: string, target: number, firstSlide: number | null, lastSlide: number | null, speaker: string) => ({ id, title: id, speaker: who(speaker), targetMilliseconds: target * 1000, firstSlide, lastSlide, script: "" });
const plan: Plan = { slotMilliseconds: 420_000, slides: 11, sections: [section("problem", 60, 1, 2, "Marcus"), section("saw", 90, 3, 5, "Holly"), section("idea", 110, 6, 8, "Niamh"), section("proof", 90, 9, 10, "Ruth"), section("ask", 70, null, null, "Oliver")] };

/** Presses keys at their times and returns the log. */
const run = (...keys: [Move, number][]): RunEvent[] => keys.reduce<RunEvent[]>((log, [move, at]) => [...log, ...press(plan, log, move, at)], opening(plan));
const at = (log: readonly RunEvent[], now: number) => spokenAt(standingOf(plan.sections, log), now);

describe("a run", () => {
  it("opens with a clock that waits, and the first press starts it", () => {
    const open = opening(plan);
    expect(open.map((e) => e.kind)).toEqual(["START", "SLIDE", "PAUSE"]);
    expect(standingOf(plan.sections, open)).toMatchObject({ waiting: true, section: 0, slide: 1 });
    const going = run(["next", 4000]);
    expect(standingOf(plan.sections, going)).toMatchObject({ waiting: false, paused: false, slide: 1 });
    expect(at(going, 9000)[0]).toBe(5000);
  });

  it("goes through every slide and section once, and then no further", () => {
    const keys = Array.from({ length: 20 }, (_, i): [Move, number] => ["next", 1000 * (i + 1)]);
    const log = run(...keys);
    expect(log.filter((e) => e.kind === "SLIDE").map((e) => e.slide)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(log.filter((e) => e.kind === "SECTION").map((e) => e.sectionId)).toEqual(["saw", "idea", "proof", "ask"]);
    expect(standingOf(plan.sections, log).section).toBe(4);
    expect(stepsOf(plan).length).toBe(11);
  });

  it("counts a question's time for nobody, and keeps the pause while slides are turned", () => {
    const log = run(["next", 1000], ["pause", 11_000], ["next", 15_000], ["back", 16_000], ["next", 17_000], ["next", 18_000]);
    expect(standingOf(plan.sections, log)).toMatchObject({ paused: true, asked: true, section: 1, slide: 3, questions: 1 });
    expect(sum(at(log, 50_000))).toBe(10_000);
    const on = [...log, ...press(plan, log, "pause", 60_000)];
    expect(standingOf(plan.sections, on)).toMatchObject({ paused: false, asked: false });
    expect(at(on, 65_000).slice(0, 2)).toEqual([10_000, 5000]);
  });

  it("takes a stray key back whole, and its time goes to whom it belongs", () => {
    const before = run(["next", 1000], ["next", 11_000]);
    const stray = [...before, ...press(plan, before, "handover", 20_000)];
    expect(standingOf(plan.sections, stray)).toMatchObject({ section: 1, slide: 3 });
    const undo = press(plan, stray, "undo", 25_000);
    expect(undo.map((e) => e.kind)).toEqual(["UNDO", "UNDO", "UNDO"]);
    const back = [...stray, ...undo];
    expect(standingOf(plan.sections, back)).toMatchObject({ section: 0, slide: 2 });
    expect(at(back, 31_000)[0]).toBe(30_000);
    expect(counting(back)).toEqual(before);
  });

  it("undoes key by key down to the start, and not the start", () => {
    let log = run(["next", 1000], ["pause", 2000], ["click", 2500]);
    for (let i = 0; i < 5; i++) log = [...log, ...press(plan, log, "undo", 3000 + i)];
    expect(standingOf(plan.sections, log).waiting).toBe(true);
    expect(counting(log).map((e) => e.kind)).toEqual(["START", "SLIDE", "PAUSE", "CLICK"]);
  });

  it("is numbered without gaps and never goes back in time, whatever the clock says", () => {
    const log = run(["next", 9000], ["next", 4000], ["next", 4000], ["undo", 1], ["end", 0], ["next", 99_000]);
    log.forEach((e, i) => expect(e.sequence).toBe(i + 1));
    log.slice(1).forEach((e, i) => expect(e.atMilliseconds).toBeGreaterThanOrEqual(log[i]!.atMilliseconds));
    expect(log[log.length - 1]!.kind).toBe("END");
  });

  it("shares its whole length out between sections and pauses, whatever is pressed", () => {
    // A plain congruential sequence, so that a failure comes again.
    let seed = 20190207;
    const random = (n: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
    const moves: Move[] = ["next", "next", "next", "back", "handover", "pause", "undo", "filler", "click", { slide: 7 }, { slide: 11 }];
    const shared = (log: readonly RunEvent[], now: number, counted: (l: readonly RunEvent[]) => readonly RunEvent[]) => {
      let paused = 0;
      let since: number | null = null;
      for (const e of counted(log)) {
        if (e.kind === "PAUSE" && since === null) since = e.atMilliseconds;
        if (e.kind === "RESUME" && since !== null) {
          paused += e.atMilliseconds - since;
          since = null;
        }
      }
      return sum(at(log, now)) + paused + (since === null ? 0 : now - since);
    };
    let caught = 0;
    for (let i = 0; i < 300; i++) {
      let log = opening(plan);
      let now = 0;
      for (let k = 0; k < 40; k++) log = [...log, ...press(plan, log, moves[random(moves.length)]!, (now += 1 + random(9000)))];
      expect(shared(log, now + 500, counting)).toBe(now + 500);
      // Reckoning pauses with what was taken back is wrong, and must be seen.
      if (shared(log, now + 500, (l) => l) !== now + 500) caught++;
    }
    expect(caught).toBeGreaterThan(0);
  });

  it("that was broken off stands from when it was last seen, and goes on", () => {
    const log = run(["next", 1000], ["next", 8000]);
    const off = [...log, ...brokenOff(log, 12_000)];
    expect(sum(at(off, 900_000))).toBe(11_000);
    const on = [...off, ...press(plan, off, "pause", 900_000)];
    expect(sum(at(on, 905_000))).toBe(16_000);
  });
});

describe("the cue", () => {
  // The same vectors that internal/pitch is held to.
  const golden = JSON.parse(readFileSync("../../internal/pitch/testdata/cue.json", "utf8")) as {
    sections: { targetMilliseconds: number; firstSlide: number; lastSlide: number }[];
    cues: { section: number; slide: number; unpaused: number; expected: number; ahead: number; band: number; beyond: boolean }[];
  };
  const sections = golden.sections.map((s, i) => section(`s${i}`, s.targetMilliseconds / 1000, s.firstSlide || null, s.lastSlide || null, "Marcus"));
  const differing = (reckon: typeof cueAt) => golden.cues.filter(({ section: at, slide, unpaused, ...told }) => JSON.stringify(told) !== JSON.stringify(reckon(sections, at, slide, unpaused)));
  it("is the engine's own, on every golden vector", () => expect(differing(cueAt)).toEqual([]));
  it("would be caught if it were a second late", () => {
    expect(differing((all, at, slide, unpaused) => cueAt(all, at, slide, unpaused + 1000)).length).toBeGreaterThan(0);
    expect(golden.cues.length).toBeGreaterThan(10);
  });
});

describe("the prompter", () => {
  it("has the words of the slide, those before and those after", () => {
    const script = "One. Two.\n\nThree.\n\nFour. Five.";
    expect(paragraphs(script)).toHaveLength(3);
    expect(promptOf(script, 1, 3)).toEqual({ past: "One. Two.", now: "Three.", next: "Four. Five." });
    expect(promptOf(script, 0, 1)).toEqual({ past: "", now: "One. Two. Three. Four. Five.", next: "" });
    expect(promptOf("Only one.", 2, 3)).toEqual({ past: "", now: "Only one.", next: "" });
    expect(promptOf("", 0, 2)).toEqual({ past: "", now: "", next: "" });
  });
  it("knows a sentence's end", () => expect(sentences("We asked twelve. “They rang?” Yes! No")).toEqual(["We asked twelve.", "“They rang?”", "Yes!", "No"]));
});

it("writes minutes and seconds", () => {
  expect(minutes(242_000)).toBe("4:02");
  expect(minutes(-6400)).toBe("−0:07");
  expect(minutes(59_999)).toBe("0:59");
  expect(minutes(1, Math.ceil)).toBe("0:01");
});
