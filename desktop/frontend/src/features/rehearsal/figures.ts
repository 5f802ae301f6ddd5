import type { MetricName } from "@/gql/graphql";
import { count, number, percent } from "@/lib/format";
import type { RunView } from "./documents";

/* The figures of a run in words. */

export type MetricRow = NonNullable<RunView["analysis"]>["metrics"][number];
type OtherRun = RunView["pitch"]["rehearsals"]["nodes"][number];

/** The finished run before this one, and the one that came closest to the slot without going over it, else over it least. */
export function comparedWith(runs: readonly OtherRun[], number: number, slotMilliseconds: number): { last: OtherRun | null; best: OtherRun | null } {
  const others = runs.filter((r) => r.number < number && r.milliseconds != null).sort((a, b) => b.number - a.number);
  const over = (r: OtherRun) => Math.max(0, r.milliseconds! - slotMilliseconds);
  const best = [...others].sort((a, b) => over(a) - over(b) || Math.abs(a.milliseconds! - slotMilliseconds) - Math.abs(b.milliseconds! - slotMilliseconds))[0] ?? null;
  return { last: others[0] ?? null, best };
}

/** What is measured, its unit, and how many decimals are worth reading. */
export const metricWords: Record<MetricName, { name: string; unit: string; places: number }> = {
  WORDS_PER_MINUTE: { name: "Pace", unit: "words a minute", places: 0 },
  SYLLABLES_PER_SECOND: { name: "Syllables", unit: "a second of speech", places: 1 },
  PAUSES_PER_MINUTE: { name: "Pauses", unit: "a minute", places: 1 },
  LOUDNESS_LUFS: { name: "Loudness", unit: "LUFS", places: 1 },
  PITCH_HERTZ: { name: "Middle pitch", unit: "Hz", places: 0 },
  PITCH_RANGE_SEMITONES: { name: "Pitch range", unit: "semitones", places: 1 },
  SNR_DECIBELS: { name: "Speech over noise", unit: "dB", places: 0 },
  FILLERS_PER_MINUTE: { name: "Fillers", unit: "a minute", places: 1 },
  SCRIPT_COVERAGE: { name: "Of the script", unit: "", places: 0 },
  VERBATIM_SHARE: { name: "Word for word", unit: "", places: 0 },
};

const share = (name: MetricName) => name === "SCRIPT_COVERAGE" || name === "VERBATIM_SHARE";

/** "146", "92 %", "−23.1" */
export const valueWords = (name: MetricName, value: number): string => (share(name) ? percent(Math.round(value * 100)) : number(value, metricWords[name].places));

/** "estimate, error about 5 %, n 812": how far to trust a figure. */
export const basisWords = (v: { confidence: "MEASURED" | "ESTIMATED"; errorPercent?: number | null; n: number; method: string }): string =>
  [v.confidence === "MEASURED" ? "measured" : "estimate", v.errorPercent == null ? "error never measured" : `error about ${percent(v.errorPercent)}`].join(", ");

/** The metric of the whole run, or of a speaker. */
export const metricOf = (metrics: readonly MetricRow[], name: MetricName, speaker: string | null): MetricRow | undefined =>
  metrics.find((m) => m.name === name && (m.speaker?.id ?? null) === speaker && !m.section);

type PauseRow = NonNullable<RunView["analysis"]>["pauses"][number];

/** "2 long, 11 of breath or emphasis" */
export function pauseWords(pauses: readonly PauseRow[]): string {
  const of = (...kinds: PauseRow["kind"][]) => pauses.filter((p) => kinds.includes(p.kind)).length;
  const parts = [
    [of("LONG"), "long"],
    [of("HANDOVER"), "between speakers"],
    [of("BREATH", "EMPHASIS"), "of breath or emphasis"],
  ] as const;
  return parts.filter(([n]) => n > 0).map(([n, w]) => `${n} ${w}`).join(", ") || "of 0.3 s or more";
}

/** A hand-over's silence that is no breath any more. */
export const longGap = 2500;

/** What a hand-over was like; one microphone does not tell more. */
export const gapWords = (gap: number | null | undefined, recorded: boolean): { text: string; signal: boolean } =>
  gap == null
    ? { text: recorded ? "at once, or together" : "not recorded", signal: false }
    : gap > longGap ? { text: "a long silence", signal: true } : { text: "good", signal: false };

/** "+4 s", "−1 s", "on target" */
export const differenceWords = (milliseconds: number): string => {
  const s = Math.round(milliseconds / 1000);
  return s === 0 ? "on target" : `${s > 0 ? "+" : "−"}${number(Math.abs(s))} s`;
};

/** "40 of 50 days over": what a forecast counts. */
export const daysOver = (seconds: readonly number[], slot: number): number => seconds.filter((s) => s > slot).length;

/** "forecast from six runs" */
export const fromRuns = (runs: number): string => `forecast from ${runs === 1 ? "one run" : count(runs, "run")}`;
