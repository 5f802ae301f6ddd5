import { Link, useBlocker, useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useCohort } from "@/lib/cohort";
import { capital, clock, count, dateIn, day, number, percent, words } from "@/lib/format";
import { announce, useFindings, useKeys } from "@/lib/keys";
import { client, useAsk, useChange, type Refusal } from "@/lib/server";
import { Bar } from "@/ui/bar";
import { ConflictDialog, type Differing } from "@/ui/conflict";
import { ActionMenu, Button, Choice, Dialog, Field } from "@/ui/controls";
import { Answer, EmptyState, Notice, Refusals } from "@/ui/state";
import { ClaimsPart } from "./claims";
import { DeckPart } from "./deck-part";
import { Pitch, SavePitch, type PitchView, type TeamPitch } from "./documents";
import { draftOf, faultsOf, inputOf, newSection, readSeconds, shareSlides, wordsIn, type Draft, type DraftSection } from "./draft";
import { QuestionsPart } from "./questions";
import { minutes } from "./run";
import { giveUp, useKeptRuns } from "./sending";
import "./rehearsal.css";

/** A team's pitch: what is said, by whom, how long, on which slides, and what it rests on. */
export function PitchScreen() {
  const { team } = useParams({ strict: false }) as { team: string };
  const found = useAsk(Pitch, { team });
  return (
    <Answer of={found} what="the pitch">
      {(d) => {
        const node = d.node?.__typename === "Team" ? d.node : null;
        return node ? <Editor key={node.id} team={node} /> : <EmptyState title="This team is not there, or not yours to see." />;
      }}
    </Answer>
  );
}

function Editor({ team }: { team: TeamPitch }) {
  const frame = useCohort();
  const go = useNavigate();
  const saved = team.pitch ?? null;
  const [base, setBase] = useState({ version: saved?.version ?? null, draft: draftOf(saved) });
  const [draft, setDraft] = useState(base.draft);
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const [theirs, setTheirs] = useState<PitchView | null>(null);
  const [tried, setTried] = useState(false);
  const [asking, setAsking] = useState<((go: boolean) => void) | null>(null);
  const change = useChange(SavePitch, "The pitch");
  const kept = useKeptRuns(team.id);
  const dirty = JSON.stringify(draft) !== JSON.stringify(base.draft);
  const slides = saved?.deck?.slides ?? 0;
  const faults = faultsOf(draft, slides);
  const fault = (name: string) => (tried || name.endsWith("slides") ? faults.get(name) : undefined);
  // What others save is taken over while nothing is being written here.
  const version = saved?.version ?? null;
  useEffect(() => {
    if (version === base.version || dirty) return;
    const next = draftOf(saved);
    setBase({ version, draft: next });
    setDraft(next);
  }, [version, base.version, dirty, saved]);
  useBlocker({ shouldBlockFn: () => (dirty ? new Promise<boolean>((resolve) => setAsking(() => (leave: boolean) => resolve(!leave))) : false), enableBeforeUnload: () => dirty });

  const save = async (d: Draft = draft, at: number | null = base.version): Promise<boolean> => {
    setTried(true);
    if (faultsOf(d, slides).size > 0) {
      requestAnimationFrame(() => document.querySelector<HTMLElement>(".rh-pitch [data-invalid] input, .rh-pitch input[data-invalid], .rh-pitch textarea[data-invalid]")?.focus());
      return false;
    }
    setRefused([]);
    const { savePitch: s } = await change.make({ ...inputOf(d, team.id, at), dryRun: false });
    if (s.userErrors.some((e) => e.code === "STALE") && s.pitch) {
      setTheirs(s.pitch as PitchView);
      return false;
    }
    if (s.userErrors.length > 0 || !s.pitch) {
      setRefused(s.userErrors);
      return false;
    }
    const next = draftOf({ ...saved, ...s.pitch } as PitchView);
    setBase({ version: s.pitch.version, draft: next });
    setDraft(next);
    setTried(false);
    announce("Saved");
    return true;
  };
  const stage = async () => {
    if (dirty && !(await save())) return;
    void go({ to: `/stage/${frame.id}/${team.id}`, ignoreBlocker: true });
  };
  useKeys([
    { press: "r", says: "Rehearse", act: () => void stage() },
    { press: "Ctrl+s", says: "Save the pitch", act: () => void save() },
    { press: "n", says: "Add a section", act: () => add() },
  ]);
  useFindings([{ title: "Rehearse this pitch", hint: "R", act: () => void stage() }]);

  const set = (change: Partial<Draft>) => setDraft((d) => ({ ...d, ...change }));
  const setSection = (key: string, change: Partial<DraftSection>) => set({ sections: draft.sections.map((s) => (s.key === key ? { ...s, ...change } : s)) });
  const add = () => {
    const s = newSection();
    set({ sections: [...draft.sections, s] });
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-section="${s.key}"] input`)?.focus());
  };
  const move = (at: number, by: number) => {
    const next = [...draft.sections];
    const [s] = next.splice(at, 1);
    next.splice(at + by, 0, s!);
    set({ sections: next });
  };
  const sum = draft.sections.reduce((n, s) => n + (readSeconds(s.target) ?? 0), 0);
  const slot = readSeconds(draft.slot) ?? 0;
  const runs = saved?.rehearsals;
  const title = draft.sections.length === 0
    ? `Team ${team.number}: no section yet`
    : sum > slot ? `Team ${team.number}: ${minutes((sum - slot) * 1000)} more planned than the slot` : sum === slot ? `Team ${team.number}: the slot is planned in full` : `Team ${team.number}: ${minutes((slot - sum) * 1000)} of the slot left`;
  const forecast = saved?.forecast;
  return (
    <>
      <Bar
        title={title}
        figures={[
          { value: `${minutes(sum * 1000)} of ${minutes(slot * 1000)}`, basis: "planned, of the slot", signal: sum > slot },
          { value: runs?.totalCount ? count(runs.totalCount, "run") : "No run yet", basis: runs?.nodes[0]?.milliseconds != null ? `the last took ${minutes(runs.nodes[0].milliseconds)}` : "the first gives a forecast" },
          ...(forecast ? [{ value: `${percent(Math.round(forecast.overrun * 100))} to overrun`, basis: `${minutes(forecast.p10Seconds * 1000)}–${minutes(forecast.p90Seconds * 1000)} on eight days of ten`, signal: forecast.overrun > 0.2 }] : []),
        ]}
      >
        <Button isDisabled={!dirty || change.busy} onPress={() => void save()}>{change.waiting ? "Waits for the server" : dirty ? "Save" : "Saved"}</Button>
        <Button kind="go" press="R" isDisabled={draft.sections.length === 0} onPress={() => void stage()}>Rehearse</Button>
      </Bar>
      <div className="rh-pitch">
        <div className="rh-main">
          <Refusals errors={refused} />
          {kept.filter((r) => r.ended || r.refused).map((r) => (
            <Notice key={r.key} tone={r.refused ? "signal" : "plain"}>
              <b>{r.refused ? `A run of ${clock(new Date(r.startedAt))} is on this device and was not taken: ` : `A run of ${clock(new Date(r.startedAt))} is on this device and is being sent.`}</b>{r.refused} {r.refused && <Button size="sm" onPress={() => void giveUp(r.key)}>Give it up</Button>}
            </Notice>
          ))}
          <div className="rh-times">
            <Field label="Slot" value={draft.slot} onChange={(v) => set({ slot: v })} error={fault("slot")} width="7rem" />
            <Field label="Questions" value={draft.questions} onChange={(v) => set({ questions: v })} error={fault("questions")} width="7rem" />
            <p className="cap">Minutes and seconds. {slides > 0 ? "A blank line in a script begins the words of the next slide" : "What a section says"}; what stands in [square brackets] is for the speaker alone.</p>
          </div>
          {draft.sections.length === 0 && (
            <EmptyState title="A pitch is made of sections" action={<Button onPress={() => set({ sections: ["Problem", "What we saw", "Idea", "Proof", "Ask"].map((t) => ({ ...newSection(), title: t, target: `${Math.floor(slot / 5 / 60)}:${String(Math.floor(slot / 5) % 60).padStart(2, "0")}` })) })}>Begin with five</Button>}>
              <p>Each has a speaker, a length, its slides and its words. “Begin with five” makes Problem, What we saw, Idea, Proof and Ask, a fifth of the slot each; or <Button kind="bare" size="sm" onPress={add}>add one</Button>.</p>
            </EmptyState>
          )}
          <ol className="rh-sections">
            {draft.sections.map((s, i) => <SectionRow key={s.key} section={s} at={i} of={draft.sections.length} team={team} slides={slides} fault={(f) => fault(`${s.key} ${f}`)} onChange={(c) => setSection(s.key, c)} onMove={(by) => move(i, by)} onRemove={() => set({ sections: draft.sections.filter((x) => x.key !== s.key) })} />)}
          </ol>
          {draft.sections.length > 0 && <p className="rh-add"><Button press="N" onPress={add}>Add a section</Button>{slides > 0 && <Button kind="bare" onPress={() => set({ sections: shareSlides(draft.sections, slides) })}>Share {count(slides, "slide")} out by targets</Button>}</p>}
          <ClaimsPart draft={draft} insights={team.challenge?.insights?.nodes ?? []} onChange={(claims) => set({ claims })} />
          <section className="rh-crit">
            <h2>What it is judged on</h2>
            <Field label="Criteria, one a line" value={draft.criteria} onChange={(v) => set({ criteria: v })} lines={3} hint="As the team knows them. Questions to expect and peer feedback go by these." />
            <details>
              <summary>How words are said</summary>
              <Field label="One a line, word: sounds" value={draft.pronunciations} onChange={(v) => set({ pronunciations: v })} lines={3} error={faults.get("pronunciations")} hint="For names that an engine for words cannot know, in the notation of the CMU dictionary: tandem: T AE N D AH M" />
            </details>
          </section>
        </div>
        <aside className="pane rh-side" aria-label="Deck, runs, questions">
          <DeckPart saved={saved} dirty={dirty} />
          <RunsPart team={team} zone={frame.programme.timeZone} />
          {saved && <QuestionsPart pitch={saved} />}
        </aside>
      </div>
      {theirs && <Stale team={team} theirs={theirs} mine={draft} base={base.draft} onClose={() => setTheirs(null)} onKeep={(d) => { setTheirs(null); setDraft(d); setBase({ version: theirs.version, draft: draftOf(theirs) }); void save(d, theirs.version); }} />}
      {asking && (
        <Dialog
          title="The pitch is not saved"
          lede="What was changed here since it was last saved would be lost."
          onClose={() => { asking(false); setAsking(null); }}
          foot={<><Button kind="go" onPress={() => { const leave = asking; setAsking(null); void save().then((done) => leave(done)); }}>Save and leave</Button><Button onPress={() => { asking(false); setAsking(null); }}>Stay here</Button><span className="far"><Button kind="bare" onPress={() => { asking(true); setAsking(null); }}>Leave without it</Button></span></>}
        />
      )}
    </>
  );
}

function SectionRow({ section: s, at, of, team, slides, fault, onChange, onMove, onRemove }: {
  section: DraftSection;
  at: number;
  of: number;
  team: TeamPitch;
  slides: number;
  fault: (field: string) => string | undefined;
  onChange: (change: Partial<DraftSection>) => void;
  onMove: (by: number) => void;
  onRemove: () => void;
}) {
  const said = wordsIn(s.script);
  const speaker = team.members?.find((m) => m.id === s.presenterId);
  const name = s.title.trim() || `Section ${at + 1}`;
  return (
    <li className="rh-section" data-section={s.key}>
      <span className="rh-no" aria-hidden="true">{at + 1}</span>
      <div className="rh-fields">
        <Field label="Section" value={s.title} onChange={(title) => onChange({ title })} error={fault("title")} />
        <Choice label="Speaker" value={s.presenterId ?? ""} onChange={(id) => onChange({ presenterId: id || null })} items={[{ id: "", name: "Nobody yet" }, ...(team.members ?? []).map((m) => ({ id: m.id, name: m.person.name }))]} />
        <Field label="Target" value={s.target} onChange={(target) => onChange({ target })} error={fault("target")} />
        <Field label="Slides" value={s.slides} onChange={(v) => onChange({ slides: v })} error={fault("slides")} hint={slides === 0 ? "no deck yet" : undefined} />
        <ActionMenu label={`${name}: move or remove`} items={[{ id: "up", name: "Move up", act: () => onMove(-1), disabled: at === 0 }, { id: "down", name: "Move down", act: () => onMove(1), disabled: at === of - 1 }, { id: "remove", name: "Remove it", act: onRemove }]}>Move</ActionMenu>
      </div>
      <Field label={`What ${speaker ? speaker.person.name.split(" ")[0] : "is"} ${speaker ? "says" : "said"} in ${name}`} value={s.script} onChange={(script) => onChange({ script })} lines={Math.min(10, Math.max(3, Math.ceil(s.script.length / 95) + s.script.split("\n").length - 1))} />
      <p className={s.wordBudget !== null && said > s.wordBudget ? "cap sig" : "cap"}>
        {said === 0 ? "No words yet." : `${count(said, "word")}.`} {s.wordBudget !== null ? `${number(s.wordBudget)} fit the target at ${speaker ? `${speaker.person.name.split(" ")[0]}’s` : "the speaker’s"} own measured pace${said > s.wordBudget ? `: ${count(said - s.wordBudget, "word")} too many` : ""}.` : "How many fit is known after a recorded run."}
      </p>
    </li>
  );
}

function RunsPart({ team, zone }: { team: TeamPitch; zone: string }) {
  const frame = useCohort();
  const runs = team.pitch?.rehearsals.nodes ?? [];
  const finished = runs.filter((r) => r.milliseconds != null);
  const slot = (team.pitch?.slotSeconds ?? 0) * 1000;
  return (
    <section>
      <h3>Runs <span>{runs.length > 0 && `${capital(words(runs.length))}, newest first`}</span></h3>
      {runs.length === 0 ? <p className="mid">Each run gets a page that says what to fix next. The first gives a forecast, the second shows what changed.</p> : (
        <table className="kvt rh-runs">
          <thead><tr><th scope="col">Run</th><th scope="col">length</th><th scope="col">sound</th></tr></thead>
          <tbody>
            {runs.map((r) => (
              <tr key={r.id}>
                <th scope="row"><Link to={r.state === "RUNNING" ? `/stage/${frame.id}/${team.id}` : `/c/${frame.id}/rehearse/${team.id}/run/${r.id}`} {...(r.state === "RUNNING" ? { search: { run: r.id } as never } : {})}>Run {r.number}, {day(dateIn(r.startedAt, zone))}</Link></th>
                <td className={r.milliseconds != null && r.milliseconds > slot ? "sig" : undefined}>{r.state === "RUNNING" ? "go on" : r.milliseconds != null ? minutes(r.milliseconds) : "–"}</td>
                <td>{r.recording ? (r.analysis?.state === "DONE" ? "analysed" : "recorded") : "none"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {finished.length > 1 && <p className="cap"><Link to={`/c/${frame.id}/rehearse/${team.id}/compare`} search={{ before: finished[1]!.id, after: finished[0]!.id } as never}>Compare the last two</Link></p>}
    </section>
  );
}

const partNames = { times: "Slot and questions", sections: "Sections", claims: "Claims", criteria: "Criteria and pronunciations" } as const;
type PartName = keyof typeof partNames;
const part = (d: Draft, k: PartName): unknown => ({ times: [d.slot, d.questions], sections: d.sections.map(({ key: _k, wordBudget: _w, ...s }) => s), claims: d.claims.map(({ key: _k, ...c }) => c), criteria: [d.criteria, d.pronunciations] })[k];
const say = (d: Draft, k: PartName): string => ({ times: `${d.slot}, ${d.questions}`, sections: d.sections.map((s) => `${s.title} ${s.target}, ${count(wordsIn(s.script), "word")}`).join("; "), claims: d.claims.map((c) => c.text).join("; "), criteria: d.criteria.split("\n").join("; ") })[k] || "none";

function Stale({ theirs, mine, base, onClose, onKeep }: { team: TeamPitch; theirs: PitchView; mine: Draft; base: Draft; onClose: () => void; onKeep: (d: Draft) => void }) {
  const other = draftOf(theirs);
  const names = Object.keys(partNames) as PartName[];
  const same = (a: Draft, b: Draft, k: PartName) => JSON.stringify(part(a, k)) === JSON.stringify(part(b, k));
  const differing: Differing[] = names.filter((k) => !same(mine, other, k)).map((k) => ({ key: k, name: partNames[k], yours: say(mine, k), theirs: say(other, k) }));
  const merged = (chosen: ReadonlySet<string>): Draft => ({
    slot: chosen.has("times") ? mine.slot : other.slot,
    questions: chosen.has("times") ? mine.questions : other.questions,
    sections: chosen.has("sections") ? mine.sections.map((s) => ({ ...s, id: other.sections.some((o) => o.id === s.id) ? s.id : null })) : other.sections,
    claims: chosen.has("claims") ? mine.claims.map((c) => ({ ...c, id: other.claims.some((o) => o.id === c.id) ? c.id : null })) : other.claims,
    criteria: chosen.has("criteria") ? mine.criteria : other.criteria,
    pronunciations: chosen.has("criteria") ? mine.pronunciations : other.pronunciations,
  });
  return (
    <ConflictDialog
      what="this pitch"
      who={theirs.updatedBy ?? null}
      when={`${day(theirs.updatedAt.slice(0, 10))} ${clock(new Date(theirs.updatedAt))}`}
      differing={differing}
      changed={new Set(names.filter((k) => !same(mine, base, k)))}
      total={names.length}
      result={(chosen) => `With these choices: ${chosen.size} of yours, ${differing.length - chosen.size} of theirs.`}
      onKeep={(chosen) => onKeep(merged(chosen))}
      onTheirs={() => onKeep(other)}
      onLater={() => { void client.invalidateQueries(); onClose(); }}
    />
  );
}
