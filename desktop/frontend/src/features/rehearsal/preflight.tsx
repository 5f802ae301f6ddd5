import { useState } from "react";
import { useParams } from "@tanstack/react-router";
import { Button, Field } from "@/ui/controls";
import { SectorMark } from "@/ui/marks";
import { Notice } from "@/ui/state";
import type { KeptRun } from "./outbox";
import { planOf, type StageTeam } from "./resume";
import { minutes, standingOf, sum } from "./run";
import type { Settled } from "./stage";

/** What has to be settled before a run: who speaks, when it must end. */
export function Preflight({ team, broken, trouble, back, onResume, onBegin }: {
  team: StageTeam;
  broken: readonly KeptRun[];
  trouble: string;
  back: () => void;
  onResume: (run: KeptRun) => void;
  onBegin: (settled: Settled) => Promise<void>;
}) {
  const { cohort } = useParams({ strict: false }) as { cohort: string };
  const pitch = team.pitch!;
  const plan = planOf(pitch);
  const [finish, setFinish] = useState("");
  const [said, setSaid] = useState(trouble);
  const [busy, setBusy] = useState(false);
  const targets = sum(plan.sections.map((s) => s.targetMilliseconds));
  const finishAt = finishOf(finish, new Date());
  const begin = async () => {
    setBusy(true);
    setSaid("");
    try {
      await onBegin({ finishAt: finishAt ?? null });
    } catch (e) {
      setSaid((e as Error).message);
      setBusy(false);
    }
  };
  return (
    <main className="st-page pf">
      <header>
        <p className="cap"><a href={`#/c/${cohort}/rehearse/${team.id}`} onClick={(e) => { e.preventDefault(); back(); }}>Team {team.number}, {team.name}</a></p>
        <h1>Before the run</h1>
      </header>
      {said && <Notice tone="signal"><b>{said}</b></Notice>}
      {broken.map((r) => (
        <div className="note" key={r.key}>
          <b>A run of {new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" }).format(r.startedAt)} was broken off</b> at {minutes(sum(standingOf(r.plan.sections, []).spoken) || r.seenAt - r.startedAt)} by its clock. <Button size="sm" onPress={() => onResume(r)}>Go on with it</Button>
        </div>
      ))}
      <div className="pf-grid">
        <section>
          <h2>Who speaks</h2>
          <ol className="pf-secs">
            {plan.sections.map((s) => <li key={s.id}><b>{s.title}</b><span>{s.speaker ? <><SectorMark sector={s.speaker.sector} /> {s.speaker.name}</> : "nobody yet"}</span><span className="num">{minutes(s.targetMilliseconds)}</span></li>)}
            <li className="pf-sum"><b>All</b><span>{targets > plan.slotMilliseconds ? <span className="sig">{minutes(targets - plan.slotMilliseconds)} more than the slot</span> : ""}</span><span className="num">{minutes(targets)} of {minutes(plan.slotMilliseconds)}</span></li>
          </ol>
          <Field label="We must have finished at" value={finish} onChange={setFinish} width="14rem" hint={finishAt ? `Counts down to ${finish.trim()}, pauses included.` : "Left empty, the slot’s length counts down, and a question stops it."} error={finishAt === undefined ? "A time of day, such as 17:45." : undefined} />
        </section>
      </div>
      <footer className="pf-foot">
        <Button kind="go" autoFocus isDisabled={busy || finishAt === undefined || !!trouble} onPress={() => void begin()}>On stage</Button>
        <span className="cap">The clock waits for the first press of Space, or of a clicker.</span>
      </footer>
    </main>
  );
}

/** The moment of a time of day that was written, the next one from now; null where none was, undefined where it is no time. */
export function finishOf(text: string, now: Date): number | null | undefined {
  if (!text.trim()) return null;
  const said = /^\s*([01]?\d|2[0-3])[:.]([0-5]\d)\s*$/.exec(text);
  if (!said) return undefined;
  const at = new Date(now);
  at.setHours(Number(said[1]), Number(said[2]), 0, 0);
  if (at <= now) at.setDate(at.getDate() + 1);
  return at.getTime();
}
