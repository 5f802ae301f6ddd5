import { number } from "@/lib/format";

/** A tenth of a second of sound: its strength and its peak, in decibels below full scale; −∞ for silence. */
export interface Level {
  rms: number;
  peak: number;
}

/** What a sound check says. */
export interface Heard {
  verdict: "listening" | "silent" | "quiet" | "loud" | "heard";
  text: string;
}

const share = (sorted: readonly number[], part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? -Infinity;

/**
 * Judges the last five seconds of a microphone. A voice stands out from its own pauses by 12 dB and is above −45 dB; a
 * muted microphone sends silence, which no room does.
 */
export function heard(levels: readonly Level[]): Heard {
  const last = levels.slice(-50);
  if (last.length < 15) return { verdict: "listening", text: "Listening. Say a sentence." };
  if (last.every((l) => l.peak < -80)) return { verdict: "silent", text: "Silence. The microphone is muted or another one is chosen: its switch, the computer's sound settings, or another microphone here." };
  if (last.filter((l) => l.peak > -0.5).length >= 3) return { verdict: "loud", text: "Too loud: it breaks up. Move back from the microphone, or turn it down." };
  const sorted = last.map((l) => l.rms).sort((a, b) => a - b);
  const high = share(sorted, 0.9);
  if (high > -45 && high - share(sorted, 0.1) >= 12) return { verdict: "heard", text: "I can hear you." };
  if (last.length < 40) return { verdict: "listening", text: "Listening. Say a sentence." };
  return { verdict: "quiet", text: `No voice stands out yet, ${number(Math.max(-99, Math.round(high)))} dB at most. Say a sentence, or move closer.` };
}
