import { useEffect, useRef, useState } from "react";
import { useParams } from "@tanstack/react-router";
import { list, number, words } from "@/lib/format";
import { Button, Check, Choice, Field } from "@/ui/controls";
import { SectorMark } from "@/ui/marks";
import { Notice } from "@/ui/state";
import { heard, type Heard, type Level } from "./listening";
import { microphones, openMicrophone, type Microphone } from "./microphone";
import type { KeptRun } from "./outbox";
import { planOf, type StageTeam } from "./resume";
import { minutes, standingOf, sum } from "./run";
import { openAudience, type Settled } from "./stage";
import { firstName, Meter } from "./stage-view";

const listening: Heard = { verdict: "listening", text: "Listening. Say a sentence." };

/** Listens for a moment before the run; keeps nothing. The microphone is closed with it, unless it was taken on stage. */
function SoundCheck({ fate, onReady }: { fate: { taken: boolean }; onReady: (microphone: Microphone | null) => void }) {
  const [asked, setAsked] = useState<string | null>(null); // a device's id, "" for the usual one
  const [devices, setDevices] = useState<{ id: string; name: string }[]>([]);
  const [level, setLevel] = useState<Level | null>(null);
  const [verdict, setVerdict] = useState<Heard>(listening);
  const [trouble, setTrouble] = useState("");
  const ready = useRef(onReady);
  ready.current = onReady;
  useEffect(() => {
    if (asked === null) return;
    let here = true;
    let opened: Microphone | null = null;
    const levels: Level[] = [];
    setTrouble("");
    setVerdict(listening);
    openMicrophone(asked || undefined).then(
      (open) => {
        if (!here) return open.close();
        opened = open;
        ready.current(open);
        open.hear((now) => {
          levels.push(now);
          setLevel(now);
          setVerdict((before) => {
            const next = heard(levels);
            // Once a voice was heard, a pause for breath does not take that back; a mute does.
            return before.verdict === "heard" && (next.verdict === "quiet" || next.verdict === "listening") ? before : next;
          });
        });
        void microphones().then(setDevices);
      },
      (e: Error) => {
        if (!here) return;
        ready.current(null);
        setTrouble(e.message);
      },
    );
    return () => {
      here = false;
      if (fate.taken) return;
      opened?.close();
      ready.current(null);
    };
  }, [asked, fate]);
  if (asked === null) return <Button onPress={() => setAsked("")}>Check the sound</Button>;
  if (trouble) return <><Notice tone="signal"><b>No microphone.</b> {trouble}</Notice><p><Button size="sm" onPress={() => { setAsked(null); setTimeout(() => setAsked("")); }}>Try again</Button></p></>;
  return (
    <div className="pf-sound">
      <Meter level={level} label={level ? `Level ${number(Math.max(-99, Math.round(level.peak)))} decibels` : "No level yet"} />
      <p role="status" className={verdict.verdict === "silent" || verdict.verdict === "loud" ? "sig" : undefined}><b>{verdict.text}</b></p>
      {devices.length > 1 && <Choice label="Microphone" bare size="sm" width="18rem" value={asked} onChange={setAsked} items={[{ id: "", name: "The usual one" }, ...devices]} />}
      <p className="cap">Nothing is kept while it is checked.</p>
    </div>
  );
}

/** What has to be settled before a run: who speaks, whether it is recorded, when it must end. */
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
  const speakers = [...new Map(plan.sections.flatMap((s) => (s.speaker ? [[s.speaker.id, s.speaker] as const] : []))).values()];
  const [agreed, setAgreed] = useState<ReadonlySet<string>>(new Set());
  const [microphone, setMicrophone] = useState<Microphone | null>(null);
  const [finish, setFinish] = useState("");
  const [said, setSaid] = useState(trouble);
  const [busy, setBusy] = useState(false);
  const [fate] = useState({ taken: false });
  const targets = sum(plan.sections.map((s) => s.targetMilliseconds));
  const unspoken = plan.sections.filter((s) => !s.speaker).map((s) => s.title);
  const all = speakers.length > 0 && speakers.every((s) => agreed.has(s.id)) && unspoken.length === 0;
  const finishAt = finishOf(finish, new Date());
  const missing = speakers.filter((s) => !agreed.has(s.id)).map((s) => firstName(s.name));
  const begin = async (withSound: boolean) => {
    setBusy(true);
    setSaid("");
    fate.taken = withSound;
    try {
      await onBegin({ finishAt: finishAt ?? null, microphone: withSound ? microphone : null });
    } catch (e) {
      fate.taken = false;
      setSaid(withSound ? `Recording cannot begin: ${(e as Error).message} The run can go ahead without sound.` : (e as Error).message);
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
          <p><Button size="sm" onPress={() => openAudience(cohort, team.id, setSaid)}>Open the audience’s window</Button> <span className="cap">on the second screen; it shows the slide alone</span></p>
        </section>
        <section>
          <h2>Record it?</h2>
          <p className="mid">The sound stays with the team. It is analysed where it lies, and gone everywhere as soon as one speaker takes their yes back. Without it times, hand-overs and the forecast work all the same.</p>
          <fieldset className="pf-yes">
            <legend>Each speaker says so themselves</legend>
            {speakers.map((s) => <Check key={s.id} label={`${s.name} agrees to be recorded`} value={agreed.has(s.id)} onChange={(on) => setAgreed((was) => { const next = new Set(was); if (on) next.add(s.id); else next.delete(s.id); return next; })} />)}
            {unspoken.length > 0 && <p className="cap">{list(unspoken)} {unspoken.length === 1 ? "has" : "have"} no speaker; whoever speaks there must be named before they can agree.</p>}
          </fieldset>
          {all ? <SoundCheck fate={fate} onReady={setMicrophone} /> : <p className="cap">{missing.length > 0 && missing.length < speakers.length ? `${list(missing)} ${missing.length === 1 ? "has" : "have"} not agreed: nothing is recorded.` : `The sound check begins once ${speakers.length > 1 ? `all ${words(speakers.length)}` : "the speaker"} agreed.`}</p>}
        </section>
      </div>
      <footer className="pf-foot">
        {microphone && all
          ? <><Button kind="go" isDisabled={busy || finishAt === undefined} onPress={() => void begin(true)}>On stage, recorded</Button><Button isDisabled={busy || finishAt === undefined} onPress={() => void begin(false)}>On stage without sound</Button></>
          : <Button kind="go" autoFocus isDisabled={busy || finishAt === undefined || !!trouble} onPress={() => void begin(false)}>On stage without sound</Button>}
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
