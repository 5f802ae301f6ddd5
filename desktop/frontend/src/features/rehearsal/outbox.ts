import type { Plan, RunEvent } from "./run";

/*
 * What a run leaves on this device until the server has it: its events, and its sound a second at a time. It lies in
 * IndexedDB and is written through to the disk before the screen moves, so that a reload or a crash loses nothing that was
 * seen to happen.
 */

/** A run on this device. */
export interface KeptRun {
  /** The run's own key; it opens the run on the server, once. */
  key: string;
  pitch: string;
  team: string;
  /** The pitch as it stood, so that the run goes on without the server. */
  plan: Plan;
  /** By this device's clock, in milliseconds of the epoch. */
  startedAt: number;
  /** When the speakers must have finished, in milliseconds of the epoch; null for the slot's length. */
  finishAt: number | null;
  /** When the stage last showed a moving clock. */
  seenAt: number;
  /** The run's id on the server; null until it was opened there. */
  rehearsal: string | null;
  /** How many events the server has. */
  sent: number;
  /** The batch under way and its key, so that the same events go under the same key again. */
  batch: { key: string; to: number } | null;
  ended: boolean;
  /** The sound on this device; null without any. A stretch begins anew after a reload. */
  sound: { sampleRate: number; stretches: { offsetMilliseconds: number }[] } | null;
  /** The sound is kept by Tandem's window, from this moment of the run on; null without any. */
  windowSound: { offsetMilliseconds: number } | null;
  /** Why the server will not have it, with the way out; null while nothing was refused. */
  refused: string | null;
}

const name = "tandem-rehearsal";
const whole = (...key: (string | number)[]) => IDBKeyRange.bound(key, [...key, []]);

let opened: Promise<IDBDatabase> | null = null;
const database = (): Promise<IDBDatabase> =>
  (opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(name, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("runs", { keyPath: "key" });
      asked.result.createObjectStore("events", { keyPath: ["run", "sequence"] });
      asked.result.createObjectStore("sound", { keyPath: ["run", "stretch", "index"] });
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("This device keeps nothing."));
  }));

const result = <T>(asked: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error ?? new Error("This device keeps nothing."));
  });

const stores = ["runs", "events", "sound"] as const;

/** Writes in one transaction, and returns when it is on the disk. */
async function write(act: (store: (name: (typeof stores)[number]) => IDBObjectStore) => void): Promise<void> {
  const db = await database();
  const transaction = db.transaction(stores, "readwrite", { durability: "strict" });
  await new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error("This device keeps nothing."));
    act((n) => transaction.objectStore(n));
  });
}

const read = async (store: (typeof stores)[number]): Promise<IDBObjectStore> => (await database()).transaction(store).objectStore(store);

/** Every run on this device. */
export const keptRuns = async (): Promise<KeptRun[]> => result((await read("runs")).getAll() as IDBRequest<KeptRun[]>);
export const keptRun = async (key: string): Promise<KeptRun | undefined> => result((await read("runs")).get(key) as IDBRequest<KeptRun | undefined>);

/** The events of a run, in order. */
export async function keptEvents(key: string): Promise<RunEvent[]> {
  const rows = await result((await read("events")).getAll(whole(key)) as IDBRequest<(RunEvent & { run: string })[]>);
  return rows.map(({ run: _run, ...event }) => event);
}

/** Opens a run on this device, with its first events. */
export const keepRun = (run: KeptRun, events: readonly RunEvent[]): Promise<void> =>
  write((store) => {
    store("runs").put(run);
    for (const e of events) store("events").put({ run: run.key, ...e });
  });

/** Adds events. It returns when they are on the disk; an event under a number that is taken is refused, and none is kept. */
export const keepEvents = (key: string, events: readonly RunEvent[]): Promise<void> =>
  write((store) => events.forEach((e) => store("events").add({ run: key, ...e })));

/** Changes what is kept about a run, by what it says now; a run that is gone stays so. */
export const amendRun = (key: string, change: (run: KeptRun) => Partial<KeptRun>): Promise<void> =>
  write((store) => {
    const asked = store("runs").get(key) as IDBRequest<KeptRun | undefined>;
    asked.onsuccess = () => asked.result && store("runs").put({ ...asked.result, ...change(asked.result) });
  });

/** Adds a piece of sound, 16-bit samples of one channel. */
export const keepSound = (key: string, stretch: number, index: number, pcm: Int16Array<ArrayBuffer>): Promise<void> =>
  write((store) => void store("sound").add({ run: key, stretch, index, pcm: pcm.buffer }));

/** The sound of a run, a list of samples for each stretch. */
export async function keptSound(key: string, stretches: number): Promise<Int16Array[]> {
  const all: Int16Array[] = [];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const rows = await result((await read("sound")).getAll(whole(key, stretch)) as IDBRequest<{ pcm: ArrayBuffer }[]>);
    const samples = new Int16Array(rows.reduce((n, r) => n + r.pcm.byteLength / 2, 0));
    let at = 0;
    for (const r of rows) {
      samples.set(new Int16Array(r.pcm), at);
      at += r.pcm.byteLength / 2;
    }
    all.push(samples);
  }
  return all;
}

/** Removes the sound of a run from this device. */
export const forgetSound = (key: string): Promise<void> =>
  write((store) => {
    store("sound").delete(whole(key));
    const asked = store("runs").get(key) as IDBRequest<KeptRun | undefined>;
    asked.onsuccess = () => asked.result && store("runs").put({ ...asked.result, sound: null, windowSound: null });
  });

/** Removes a run from this device. */
export const forgetRun = (key: string): Promise<void> =>
  write((store) => {
    store("runs").delete(key);
    store("events").delete(whole(key));
    store("sound").delete(whole(key));
  });
