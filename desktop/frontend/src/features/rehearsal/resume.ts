import type { RunEventsQuery, StageQuery } from "@/gql/graphql";
import { ask, newKey } from "@/lib/graphql";
import { RunEvents } from "./documents";
import { keepRun, keptRuns, type KeptRun } from "./outbox";
import type { Plan, RunEvent, StageSection } from "./run";

export type StageTeam = Extract<NonNullable<StageQuery["node"]>, { __typename: "Team" }>;
type StagePitch = NonNullable<StageTeam["pitch"]>;
type PlannedSection = StagePitch["sections"][number];

const sectionOf = (s: PlannedSection): StageSection => ({
  id: s.id,
  title: s.title,
  speaker: s.presenter ? { id: s.presenter.id, name: s.presenter.person.name, sector: s.presenter.sectorAtEnrolment } : null,
  targetMilliseconds: s.targetSeconds * 1000,
  firstSlide: s.firstSlide ?? null,
  lastSlide: s.lastSlide ?? null,
  script: s.script,
});

/** A pitch as the stage needs it. */
export const planOf = (pitch: StagePitch): Plan => ({ slotMilliseconds: pitch.slotSeconds * 1000, slides: pitch.deck?.slides ?? 0, sections: pitch.sections.map(sectionOf) });

const eventOf = (e: NonNullable<RunEventsQuery["rehearsal"]>["events"][number]): RunEvent => ({ sequence: e.sequence, kind: e.kind, atMilliseconds: e.atMilliseconds, sectionId: e.section?.id ?? null, slide: e.slide ?? null });

/** Brings a run that was broken off from the server onto this device, so that it goes on here. */
export async function adopt(rehearsal: string): Promise<KeptRun> {
  const here = (await keptRuns()).find((r) => r.rehearsal === rehearsal);
  if (here) return here;
  const { rehearsal: r } = await ask(RunEvents, { run: rehearsal, after: 0 });
  if (!r) throw new Error("This run is not there, or not yours to see.");
  if (r.state !== "RUNNING") throw new Error("This run came to its end. Begin another one.");
  const startedAt = Date.parse(r.startedAt);
  const events = r.events.map(eventOf);
  const run: KeptRun = {
    key: newKey(),
    pitch: r.pitch.id,
    team: r.pitch.team.id,
    plan: { slotMilliseconds: r.pitch.slotSeconds * 1000, slides: r.pitch.deck?.slides ?? 0, sections: r.plan.map(sectionOf) },
    startedAt,
    finishAt: null,
    seenAt: startedAt + (events[events.length - 1]?.atMilliseconds ?? 0),
    rehearsal,
    sent: r.lastSequence,
    batch: null,
    ended: false,
    sound: null,
    windowSound: null,
    refused: null,
  };
  await keepRun(run, events);
  return run;
}
