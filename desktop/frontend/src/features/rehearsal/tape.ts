import type { Recorded } from "./microphone";
import { amendRun, keepSound } from "./outbox";

/** A tenth of a second of sound, 16-bit samples of one channel. */
export type Frame = Int16Array<ArrayBuffer>;

/** A recording under way. */
export interface Tape {
  /** Writes what remains, and returns when it is kept. */
  stop: () => Promise<void>;
}

/** Keeps frames as a new stretch of a run: every second of it is on this device's disk before the next is. */
export async function record(run: Recorded, sampleRate: number, take: (frame: (pcm: Frame) => void) => void, lost: (why: string) => void): Promise<Tape> {
  let stretch = 0;
  await amendRun(run.key, ({ sound }) => {
    const before = sound?.stretches ?? [];
    stretch = before.length;
    return { sound: { sampleRate, stretches: [...before, { offsetMilliseconds: Date.now() - run.startedAt }] } };
  });
  let held: Frame[] = [];
  let index = 0;
  let writing = Promise.resolve();
  const put = () => {
    const samples = new Int16Array(held.reduce((n, f) => n + f.length, 0));
    let at = 0;
    for (const f of held) {
      samples.set(f, at);
      at += f.length;
    }
    held = [];
    if (samples.length === 0) return writing;
    const mine = index++;
    return (writing = writing.then(() => keepSound(run.key, stretch, mine, samples)).catch(() => lost("This device takes no more sound. The run goes on without.")));
  };
  take((pcm) => {
    held.push(pcm);
    if (held.length >= 10) void put();
  });
  return {
    stop: async () => {
      take(() => undefined);
      await put();
    },
  };
}
