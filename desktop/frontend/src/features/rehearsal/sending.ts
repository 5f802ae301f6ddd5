import { useEffect, useSyncExternalStore } from "react";
import { ask, newKey, Trouble } from "@/lib/graphql";
import { client, type Refusal } from "@/lib/server";
import { upload } from "@/lib/upload";
import { readWhole } from "./deck";
import { AppendRunEvents, AttachRecording, SetRecordingConsent, StartRehearsal } from "./documents";
import { amendRun, forgetRun, forgetSound, keptEvents, keptRun, keptRuns, keptSound, type KeptRun } from "./outbox";
import { wav } from "./wav";
import { discardWindowSound, readWindowSound } from "./window-recorder";

/* Brings what lies on this device to the server: in order, once, however often it is tried. */

const batchMost = 500;

/** A rule of the server says no; trying again would not help. */
class Refused extends Error {}
const must = (refusals: readonly Refusal[]): void => {
  const first = refusals[0];
  if (first) throw new Refused(`${first.message} ${first.fix ?? ""}`.trim());
};

/** Opens a run on the server where that is still to be done, and gives its id there. */
export async function openRun(key: string): Promise<string> {
  const run = await keptRun(key);
  if (!run) throw new Refused("The run is not on this device any more.");
  if (run.rehearsal) return run.rehearsal;
  const { startRehearsal } = await ask(StartRehearsal, { input: { pitchId: run.pitch, startedAt: new Date(run.startedAt).toISOString(), idempotencyKey: run.key, dryRun: false } });
  must(startRehearsal.userErrors);
  const id = startRehearsal.rehearsal!.id;
  await amendRun(key, () => ({ rehearsal: id }));
  return id;
}

/** Records each speaker's yes. It returns when the server has them all, and only then may a byte of sound be kept. */
export async function recordConsents(rehearsalId: string, speakers: readonly string[]): Promise<void> {
  for (const enrolmentId of speakers) {
    const { setRecordingConsent } = await ask(SetRecordingConsent, { input: { rehearsalId, enrolmentId, agreed: true, idempotencyKey: newKey(), dryRun: false } });
    must(setRecordingConsent.userErrors);
  }
}

async function sendEvents(key: string, rehearsalId: string): Promise<void> {
  for (;;) {
    const run = await keptRun(key);
    if (!run) return;
    const waiting = (await keptEvents(key)).filter((e) => e.sequence > run.sent);
    if (waiting.length === 0) return;
    const batch = run.batch ?? { key: newKey(), to: waiting[Math.min(waiting.length, batchMost) - 1]!.sequence };
    if (!run.batch) await amendRun(key, () => ({ batch }));
    const { appendRunEvents: a } = await ask(AppendRunEvents, { input: { rehearsalId, events: waiting.filter((e) => e.sequence <= batch.to), idempotencyKey: batch.key, dryRun: false } });
    must(a.userErrors);
    await amendRun(key, () => ({ sent: Math.max(a.lastSequence ?? 0, batch.to), batch: null }));
  }
}

async function soundOf(run: KeptRun, rehearsalId: string): Promise<{ name: string; bytes: Uint8Array; offsetMilliseconds: number } | null> {
  if (run.windowSound) {
    const kept = await readWindowSound(rehearsalId);
    return kept && { name: kept.name, bytes: await readWhole(kept.bytes, kept.pieces), ...run.windowSound };
  }
  if (!run.sound) return null;
  const { sampleRate, stretches } = run.sound;
  const made = wav(sampleRate, (await keptSound(run.key, stretches.length)).map((samples, i) => ({ samples, ...stretches[i]! })));
  return made && { name: "run.wav", ...made };
}

async function sendSound(run: KeptRun, rehearsalId: string): Promise<void> {
  const file = await soundOf(run, rehearsalId);
  if (!file) return;
  const sent = await upload({ ...file, rehearsalId }, (part) => say(run.key, { part }));
  const refusals = "refused" in sent
    ? [sent.refused]
    : (await ask(AttachRecording, { input: { rehearsalId, uploadId: sent.id, offsetMilliseconds: Math.round(file.offsetMilliseconds), idempotencyKey: newKey(), dryRun: false } })).attachRecording.userErrors;
  // Somebody took their yes back meanwhile: the sound ends here too.
  if (refusals.some((e) => e.code === "NEEDS_CONSENT")) {
    await forgetSound(run.key);
    await discardWindowSound(rehearsalId);
    throw new Refused("The sound was removed from this device: not every speaker agrees to it any more.");
  }
  must(refusals);
  await discardWindowSound(rehearsalId);
}

async function sendRun(key: string): Promise<void> {
  const rehearsalId = await openRun(key);
  say(key, { rehearsal: rehearsalId });
  await sendEvents(key, rehearsalId);
  const run = await keptRun(key);
  if (!run?.ended || run.sent < (await keptEvents(key)).length) return;
  await sendSound(run, rehearsalId);
  await forgetRun(key);
  await client.invalidateQueries();
}

/** How the sending of a run goes. */
export interface Sending {
  /** The server does not answer; it is tried again. */
  away: boolean;
  /** The part of the sound that is sent, 0 to 1; null while none is. */
  part: number | null;
  refused: string | null;
  /** The run's id on the server, once it has one. */
  rehearsal: string | null;
}

const still: Sending = { away: false, part: null, refused: null, rehearsal: null };
const states = new Map<string, Sending>();
const under = new Map<string, Promise<void>>();
const again = new Set<string>();
const watchers = new Set<() => void>();
let waiting: readonly KeptRun[] = [];
const say = (key: string, change: Partial<Sending>) => {
  states.set(key, { ...(states.get(key) ?? still), ...change });
  watchers.forEach((w) => w());
};
const watch = (w: () => void) => {
  watchers.add(w);
  return () => void watchers.delete(w);
};

/**
 * Sends what a run has on this device. One sending a run at a time; what comes meanwhile goes with the next. While the server
 * is away it tries again by itself.
 */
export function send(key: string): Promise<void> {
  const now = under.get(key);
  if (now) {
    again.add(key);
    return now;
  }
  const next = sendRun(key).then(
    () => say(key, { away: false, part: null, refused: null }),
    async (e: unknown) => {
      const away = e instanceof Trouble && e.kind !== "refused";
      say(key, { away, part: null, refused: away ? null : (e as Error).message });
      if (away) setTimeout(() => void send(key), 2000);
      else await amendRun(key, () => ({ refused: (e as Error).message, batch: null })).catch(() => undefined);
      again.delete(key);
    },
  ).finally(async () => {
    under.delete(key);
    waiting = await keptRuns().catch(() => []);
    watchers.forEach((w) => w());
    if (again.delete(key)) void send(key);
  });
  under.set(key, next);
  return next;
}

/** How the sending of a run goes, kept current. */
export const useSending = (key: string | null): Sending => useSyncExternalStore(watch, () => (key && states.get(key)) || still);

/** Runs of a team that still lie on this device; those that have ended go on being sent. */
export function useKeptRuns(team: string): readonly KeptRun[] {
  const all = useSyncExternalStore(watch, () => waiting);
  useEffect(() => {
    void keptRuns().then(
      (runs) => {
        waiting = runs;
        watchers.forEach((w) => w());
        for (const r of runs) if (r.ended && !r.refused) void send(r.key);
      },
      () => undefined, // a device that keeps nothing has no runs
    );
  }, []);
  return all.filter((r) => r.team === team);
}

/** Gives a run up that the server will not have. */
export async function giveUp(key: string): Promise<void> {
  await forgetRun(key);
  waiting = await keptRuns();
  watchers.forEach((w) => w());
}
