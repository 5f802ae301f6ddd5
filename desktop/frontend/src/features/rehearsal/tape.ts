import { amendRun, keepSound } from "./outbox";
import type { Frame, Microphone } from "./microphone";

/** A recording under way: every second of it is on this device's disk before the next begins. */
export interface Tape {
  /** Writes what remains, and returns when it is kept. */
  stop: () => Promise<void>;
}

/**
 * Keeps what a microphone hears as a new stretch of a run. `level` hears each tenth of a second, `lost` that the device
 * takes no more. Only after every speaker agreed.
 */
export async function record(key: string, startedAt: number, microphone: Microphone, level: (frame: Frame) => void, lost: () => void): Promise<Tape> {
  let stretch = 0;
  await amendRun(key, ({ sound }) => {
    const before = sound?.stretches ?? [];
    stretch = before.length;
    return { sound: { sampleRate: microphone.sampleRate, stretches: [...before, { offsetMilliseconds: Date.now() - startedAt }] } };
  });
  let held: Int16Array<ArrayBuffer>[] = [];
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
    return (writing = writing.then(() => keepSound(key, stretch, mine, samples)).catch(lost));
  };
  microphone.hear((frame) => {
    level(frame);
    held.push(frame.pcm);
    if (held.length >= 10) void put();
  });
  return {
    stop: async () => {
      microphone.hear(() => undefined);
      await put();
    },
  };
}
