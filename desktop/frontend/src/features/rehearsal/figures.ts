import { count, number } from "@/lib/format";
import type { RunView } from "./documents";

/* The figures of a run in words. */

type OtherRun = RunView["pitch"]["rehearsals"]["nodes"][number];

/** The finished run before this one, and the one that came closest to the slot without going over it, else over it least. */
export function comparedWith(runs: readonly OtherRun[], number: number, slotMilliseconds: number): { last: OtherRun | null; best: OtherRun | null } {
  const others = runs.filter((r) => r.number < number && r.milliseconds != null).sort((a, b) => b.number - a.number);
  const over = (r: OtherRun) => Math.max(0, r.milliseconds! - slotMilliseconds);
  const best = [...others].sort((a, b) => over(a) - over(b) || Math.abs(a.milliseconds! - slotMilliseconds) - Math.abs(b.milliseconds! - slotMilliseconds))[0] ?? null;
  return { last: others[0] ?? null, best };
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
