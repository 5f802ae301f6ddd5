import type { Microphone, Recorded } from "./microphone";
import { amendRun } from "./outbox";

/* The recorder of Tandem's own window: the sound is kept by its Go side, since the window's browser is given no microphone. */

/** A finished recording that the window keeps until it is given up. */
interface Kept {
  run: string;
  name: string;
  bytes: number;
}

interface Recorder {
  Microphones: () => Promise<{ id: string; name: string; usual: boolean }[] | null>;
  Listen: (microphone: string) => Promise<void>;
  Record: (run: string, microphone: string) => Promise<{ rate: number }>;
  Stop: () => Promise<Kept | null>;
  Kept: () => Promise<Kept[] | null>;
  Read: (run: string, offset: number, bytes: number) => Promise<string>;
  Discard: (run: string) => Promise<void>;
}

interface WindowSide {
  go?: { main?: { Recorder?: Recorder } };
  runtime?: { EventsOn?: (name: string, hear: (data: never) => void) => () => void };
}

const side = (): WindowSide => window as unknown as WindowSide;
/** The window's recorder; undefined in a browser. */
export const windowRecorder = (): Recorder | undefined => side().go?.main?.Recorder;
const on = <T>(name: string, hear: (data: T) => void): (() => void) => side().runtime?.EventsOn?.(name, hear as (data: never) => void) ?? (() => undefined);

// One call after the other: what is closed is closed before the next is opened.
let last: Promise<unknown> = Promise.resolve();
const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
  const next = last.then(act);
  last = next.catch(() => undefined);
  return next.catch((e: unknown) => Promise.reject(e instanceof Error ? e : new Error(String(e))));
};

const decibels = (x: number): number => 20 * Math.log10(x);

/** The computer's microphones, the usual one first. */
export const windowMicrophones = async (): Promise<{ id: string; name: string }[]> =>
  [...((await windowRecorder()!.Microphones()) ?? [])].sort((a, b) => Number(b.usual) - Number(a.usual)).map(({ id, name }) => ({ id, name }));

/** Opens one of the computer's microphones; "" is the usual one. `under` goes on with a recording that a reload left running. */
export async function openWindowMicrophone(id: string, under = false): Promise<Microphone> {
  const recorder = windowRecorder()!;
  if (!under) {
    if (((await recorder.Microphones()) ?? []).length === 0) throw new Error("No microphone was found. Plug one in and try again; everything else works without.");
    await inTurn(() => recorder.Listen(id));
  }
  let stopLevels = () => undefined as void;
  let stopLost = () => undefined as void;
  let recording = under;
  const tape = { stop: async () => { recording = false; await inTurn(() => recorder.Stop()); } };
  return {
    hear: (listener) => {
      stopLevels();
      stopLevels = on<{ peak: number; loud: number }>("recorder:level", (l) => listener({ rms: decibels(l.loud), peak: decibels(l.peak) }));
    },
    record: async (run: Recorded, lost) => {
      stopLost();
      stopLost = on<string>("recorder:lost", lost);
      if (recording) return tape;
      await inTurn(() => recorder.Record(run.rehearsal, id));
      recording = true;
      await amendRun(run.key, () => ({ windowSound: { offsetMilliseconds: Date.now() - run.startedAt } }));
      return tape;
    },
    close: () => {
      stopLevels();
      stopLost();
      if (!recording) void inTurn(() => recorder.Stop()).catch(() => undefined);
    },
  };
}

/** What the window recorded of a run, whole; null where it has nothing. */
export async function readWindowSound(rehearsal: string): Promise<{ name: string; pieces: (offset: number) => Promise<string>; bytes: number } | null> {
  const recorder = windowRecorder();
  const kept = ((await recorder?.Kept()) ?? []).find((k) => k.run === rehearsal);
  return kept && recorder ? { name: kept.name, bytes: kept.bytes, pieces: (offset) => recorder.Read(rehearsal, offset, 128 * 1024) } : null;
}

/** Gives up what the window recorded of a run. */
export const discardWindowSound = async (rehearsal: string): Promise<void> => windowRecorder()?.Discard(rehearsal);
