import { describe, expect, it } from "vitest";
import { comparedWith, daysOver, differenceWords, gapWords, pauseWords, valueWords } from "./figures";

const run = (n: number, seconds: number | null) => ({ id: `r${n}`, number: n, state: "FINISHED" as const, milliseconds: seconds === null ? null : seconds * 1000, startedAt: "2019-04-01T10:00:00Z", sections: [], handovers: [] });

describe("a run beside others", () => {
  it("is set beside the one before and the best of those before", () => {
    const runs = [run(7, 400), run(6, 451), run(5, 467), run(4, 416), run(3, 405), run(2, null), run(1, 460)];
    const { last, best } = comparedWith(runs, 6, 420_000);
    expect([last?.number, best?.number]).toEqual([5, 4]);
    expect(comparedWith(runs, 1, 420_000)).toEqual({ last: null, best: null });
    expect(comparedWith([run(3, 430), run(2, 440), run(1, 425)], 3, 420_000).best?.number).toBe(1);
  });
  it("has its figures in words", () => {
    expect(differenceWords(21_400)).toBe("+21 s");
    expect(differenceWords(-600)).toBe("−1 s");
    expect(differenceWords(400)).toBe("on target");
    expect(gapWords(3100, true)).toEqual({ text: "a long silence", signal: true });
    expect(gapWords(null, true).text).toBe("at once, or together");
    expect(gapWords(null, false).text).toBe("not recorded");
    expect(daysOver([400, 420, 421, 500], 420)).toBe(2);
    expect(valueWords("SCRIPT_COVERAGE", 0.923)).toBe("92\u00a0%");
    const span = { fromMilliseconds: 0, toMilliseconds: 1 };
    expect(pauseWords([{ kind: "LONG", span }, { kind: "BREATH", span }, { kind: "EMPHASIS", span }])).toBe("1 long, 2 of breath or emphasis");
  });
});
