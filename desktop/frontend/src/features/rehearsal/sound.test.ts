import { describe, expect, it } from "vitest";
import { heard, type Level } from "./listening";
import { wav } from "./wav";

describe("a WAV file", () => {
  it("has every stretch at its moment, and silence between", () => {
    const made = wav(1000, [{ offsetMilliseconds: 200, samples: Int16Array.of(1, -2) }, { offsetMilliseconds: 205, samples: Int16Array.of(32767) }]);
    expect(made?.offsetMilliseconds).toBe(200);
    const view = new DataView(made!.bytes.buffer);
    expect(String.fromCharCode(...made!.bytes.subarray(0, 4))).toBe("RIFF");
    expect(view.getUint32(4, true)).toBe(made!.bytes.length - 8);
    expect(view.getUint32(40, true)).toBe(12);
    expect(Array.from({ length: 6 }, (_, i) => view.getInt16(44 + 2 * i, true))).toEqual([1, -2, 0, 0, 0, 32767]);
  });
  it("is none without a sample", () => expect(wav(16_000, [{ offsetMilliseconds: 0, samples: new Int16Array() }])).toBeNull());
});

describe("a sound check", () => {
  const steady = (rms: number, n = 50): Level[] => Array.from({ length: n }, () => ({ rms, peak: rms + 10 }));
  const voice = Array.from({ length: 50 }, (_, i) => (i % 5 < 3 ? { rms: -26, peak: -12 } : { rms: -60, peak: -50 }));
  it("hears a voice", () => expect(heard(voice).verdict).toBe("heard"));
  it("hears no voice in noise, however loud", () => expect(heard(steady(-30)).verdict).toBe("quiet"));
  it("notices a muted microphone", () => expect(heard(steady(-Infinity)).verdict).toBe("silent"));
  it("notices one that breaks up", () => expect(heard(voice.map((l) => ({ ...l, peak: l.rms > -40 ? 0 : l.peak }))).verdict).toBe("loud"));
  it("waits before it judges", () => expect(heard(steady(-Infinity, 10)).verdict).toBe("listening"));
});
