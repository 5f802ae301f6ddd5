import { useRef, useState, type ReactNode } from "react";
import { graphql } from "@/gql";
import type { FigureKey, RatingLevel, UpdateBriefInput } from "@/gql/graphql";
import { useCohort } from "@/lib/cohort";
import { day } from "@/lib/format";
import { useSettled } from "@/lib/debounce";
import { useChange, usePreview, type Intent } from "@/lib/server";
import { announce } from "@/lib/keys";
import { ChangeDialog } from "@/ui/change";
import { Button, Choice, Dialog, Field } from "@/ui/controls";
import { DayField } from "@/ui/dates";
import { Notice, Refusals, TroubleNote } from "@/ui/state";
import { Sheet, type BriefView } from ".";

const Write = graphql(`
  mutation WriteBrief($input: UpdateBriefInput!) {
    updateBrief(input: $input) {
      brief { id version updatedBy page wrongWords { field message fix } }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);
const Release = graphql(`
  mutation ReleaseBrief($input: ReleaseBriefInput!) {
    releaseBrief(input: $input) { brief { id state } impact { ...ImpactParts } userErrors { field message code fix } }
  }
`);

const levels: readonly { id: RatingLevel | "NONE"; name: string; means: string }[] = [
  { id: "NONE", name: "Not rated yet", means: "" },
  { id: "UNLIKELY", name: "Unlikely", means: "the evidence speaks against it" },
  { id: "EVEN", name: "Even", means: "the evidence speaks for and against" },
  { id: "LIKELY", name: "Likely", means: "the evidence supports it, and no single open risk can change it" },
  { id: "NEARLY_CERTAIN", name: "Nearly certain", means: "only something unheard of can change it" },
];

interface Words {
  headline: string;
  summary: string;
  goal: string;
  level: RatingLevel | "NONE";
  ratingBecause: string;
  wentBadly: string[];
  decisions: { text: string; by: string | null }[];
  because: { key: FigureKey; because: string }[];
}
type Written = NonNullable<BriefView["written"]>;

const wordsOf = (w: Written): Words => ({ headline: w.headline, summary: w.summary, goal: w.goal, level: w.level ?? "NONE", ratingBecause: w.ratingBecause, wentBadly: [...w.wentBadly], decisions: w.decisions.map((d) => ({ ...d })), because: w.because.map((b) => ({ ...b })) });
const changesOf = (w: Words): Pick<UpdateBriefInput, "headline" | "summary" | "rating" | "wentBadly" | "decisions" | "because"> => ({
  headline: w.headline.trim(),
  summary: w.summary.trim(),
  rating: w.level === "NONE" ? null : { goal: w.goal.trim(), level: w.level, because: w.ratingBecause.trim() },
  wentBadly: w.wentBadly.map((x) => x.trim()).filter(Boolean),
  decisions: w.decisions.filter((d) => d.text.trim() && d.by).map((d) => ({ text: d.text.trim(), by: d.by! })),
  because: w.because.map((b) => ({ key: b.key, because: b.because.trim() })).filter((b) => b.because),
});

/** Where a text is among the words. */
interface Place {
  get: (w: Words) => string;
  put: (w: Words, text: string) => Words;
}
const at = (key: "headline" | "summary" | "goal" | "ratingBecause"): Place => ({ get: (w) => w[key], put: (w, text) => ({ ...w, [key]: text }) });
const headline = at("headline");
const line = (i: number): Place => ({ get: (w) => w.wentBadly[i] ?? "", put: (w, text) => ({ ...w, wentBadly: w.wentBadly.map((y, j) => (j === i ? text : y)) }) });
const decision = (i: number): Place => ({ get: (w) => w.decisions[i]?.text ?? "", put: (w, text) => ({ ...w, decisions: w.decisions.map((y, j) => (j === i ? { ...y, text } : y)) }) });
const reason = (i: number): Place => ({ get: (w) => w.because[i]?.because ?? "", put: (w, because) => ({ ...w, because: w.because.map((y, j) => (j === i ? { ...y, because } : y)) }) });

/** A draft: its words beside its figures, and the page as it would be, before anything is kept. */
export function Draft({ brief: b, written, changes, before }: { brief: BriefView; written: Written; changes: ReactNode; before: string | null }) {
  const { programme } = useCohort();
  const [based, setBased] = useState({ version: b.version, words: wordsOf(written) });
  const [w, setWords] = useState(based.words);
  const [doing, setDoing] = useState<"release" | "anew" | "drop" | "stale" | null>(null);
  const last = useRef<Place>(headline);
  const set = (part: Partial<Words>) => setWords((now) => ({ ...now, ...part }));
  const dirty = JSON.stringify(changesOf(w)) !== JSON.stringify(changesOf(based.words));
  const intent = { briefId: b.id, expectedVersion: based.version, anew: false, ...changesOf(w) };
  const settled = useSettled(JSON.stringify(intent), 400);
  const preview = usePreview(Write, dirty ? (JSON.parse(settled) as Omit<Intent<UpdateBriefInput>, "dryRun">) : null);
  const would = dirty ? preview.data?.updateBrief : null;
  const wrong = (dirty ? would?.brief?.wrongWords : b.wrongWords) ?? [];
  const change = useChange(Write, `Brief ${b.number}`);
  const save = async () => {
    const { updateBrief: u } = await change.make({ ...intent, dryRun: false });
    if (u.userErrors.some((e) => e.code === "STALE")) return setDoing("stale");
    if (u.userErrors.length > 0 || !u.brief) return;
    setBased({ version: u.brief.version, words: w });
    announce("Saved");
  };
  // Whoever changes the draft by a dialog of this screen goes on from what that gave.
  const went = (version: number | undefined) => version !== undefined && setBased({ version, words: based.words });
  const text = (label: string, place: Place, options: { lines?: number; hint?: string } = {}) => (
    <div onFocus={() => { last.current = place; }}>
      <Field label={label} value={place.get(w)} onChange={(v) => setWords((now) => place.put(now, v))} {...options} />
    </div>
  );
  const insert = (token: string) => setWords((now) => {
    const text = last.current.get(now);
    return last.current.put(now, `${text}${text && !text.endsWith(" ") ? " " : ""}{${token}}`);
  });
  const level = levels.find((l) => l.id === w.level)!;
  return (
    <div className="br-w">
      <section className="br-f" aria-label="The words">
        <div className="stack">
          <p className="mid">Numbers are names of figures in braces, so that each can be recomputed: choose one at “Figures” and it is put where you wrote last. Days are written as {"{2019-04-29}"}.</p>
          {text("Headline", headline, { lines: 2, hint: "The state in one line" })}
          {text("Summary", at("summary"), { lines: 4 })}
          {text("The goal", at("goal"), { lines: 2 })}
          <Choice label="How likely it is to be met" value={w.level} onChange={(l) => set({ level: l })} items={levels.map(({ id, name }) => ({ id, name }))} width="16em" />
          {level.means && <p className="cap">{level.name} means: {level.means}.</p>}
          {w.level !== "NONE" && text("What evidence that rests on, and what changed it", at("ratingBecause"), { lines: 3 })}
          <fieldset className="br-g">
            <legend>What went badly, most serious first</legend>
            {w.wentBadly.map((_, i) => <div key={i} className="br-r">{text(`Went badly ${i + 1}`, line(i), { lines: 2 })}<Button kind="bare" size="sm" aria-label={`Take “went badly ${i + 1}” out`} onPress={() => set({ wentBadly: w.wentBadly.filter((_, j) => j !== i) })}>Take out</Button></div>)}
            <Button size="sm" isDisabled={w.wentBadly.length >= 8} onPress={() => set({ wentBadly: [...w.wentBadly, ""] })}>Add what went badly</Button>
          </fieldset>
          <fieldset className="br-g">
            <legend>Decisions asked of the sponsor</legend>
            {w.decisions.map((d, i) => {
              const put = (part: Partial<(typeof w.decisions)[number]>) => set({ decisions: w.decisions.map((y, j) => (j === i ? { ...y, ...part } : y)) });
              return <div key={i} className="br-r br-3">{text(`Decision ${i + 1}`, decision(i), { lines: 2 })}<DayField label={`Decision ${i + 1} by`} value={d.by} onChange={(by) => put({ by })} near={programme.today} /><Button kind="bare" size="sm" aria-label={`Take decision ${i + 1} out`} onPress={() => set({ decisions: w.decisions.filter((_, j) => j !== i) })}>Take out</Button></div>;
            })}
            <Button size="sm" isDisabled={w.decisions.length >= 8} onPress={() => set({ decisions: [...w.decisions, { text: "", by: programme.today }] })}>Add a decision</Button>
          </fieldset>
          {before && (
            <fieldset className="br-g">
              <legend>Why figures differ from the brief before</legend>
              {w.because.map((x, i) => <div key={x.key} className="br-r">{text(b.figures.find((f) => f.key === x.key)?.label ?? x.key, reason(i))}<Button kind="bare" size="sm" aria-label={`Take the reason of ${x.key} out`} onPress={() => set({ because: w.because.filter((_, j) => j !== i) })}>Take out</Button></div>)}
              <Choice<FigureKey | "NONE"> label="Give a reason for" value="NONE" onChange={(key) => key !== "NONE" && set({ because: [...w.because, { key, because: "" }] })} items={[{ id: "NONE", name: "Choose a figure" }, ...b.figures.filter((f) => !w.because.some((x) => x.key === f.key)).map((f) => ({ id: f.key, name: f.label }))]} width="20em" />
            </fieldset>
          )}
        </div>
        <div className="foot">
          <Button kind="go" isDisabled={!dirty || change.busy} onPress={() => void save()}>{dirty ? "Save the draft" : "Saved"}</Button>
          <Button isDisabled={dirty} onPress={() => setDoing("release")}>Release…</Button>
          <Button isDisabled={dirty} onPress={() => setDoing("anew")}>Freeze anew…</Button>
          <Button isDisabled={dirty} onPress={() => setDoing("drop")}>Tell less…</Button>
        </div>
      </section>
      <section className="br-l" aria-label="The page as it would be">
        {would && would.userErrors.length > 0 && <Refusals errors={would.userErrors} />}
        {preview.error && preview.error.kind !== "unreachable" && <TroubleNote trouble={preview.error} />}
        {change.trouble && change.trouble.kind !== "unreachable" && <TroubleNote trouble={change.trouble} />}
        {wrong.length > 0 && <Notice><b>Not ready to be released:</b><ul className="br-x">{wrong.map((e, i) => <li key={i}><b>{e.field.slice(1).join(" ")}</b>: {e.message}</li>)}</ul></Notice>}
        <Sheet html={would?.brief?.page ?? b.page} title={`Brief ${b.number}, the page as it would be`} />
      </section>
      <aside className="pane" aria-label="Figures" data-panel>
        <section>
          <h3>Figures <span>as of {day(b.asOf.slice(0, 10))}</span></h3>
          <ul className="br-v">
            {b.figures.map((f) => (
              <li key={f.key}>
                <span>{f.label}</span><Button kind="bare" size="sm" aria-label={`Put ${f.label}, ${f.value.text}, into the words`} onPress={() => insert(f.key)}>{f.value.text}</Button>
                {f.cells.length > 0 && <details><summary>By row</summary><ul>{f.cells.slice(0, 60).map((c) => <li key={c.id}><span>{c.row}, {c.column}</span><Button kind="bare" size="sm" aria-label={`Put ${f.label}, ${c.row}, ${c.column}, into the words`} onPress={() => insert(c.id)}>{c.value.text}</Button></li>)}</ul></details>}
              </li>
            ))}
          </ul>
        </section>
        {changes}
      </aside>
      {doing === "release" && <ChangeDialog title={`Release brief ${b.number}`} lede="Nothing changes it afterwards; the next one says what changed. An attacker who has every released brief is set on it first." verb="Release it" document={Release} intent={{ briefId: b.id, expectedVersion: based.version }} pick={(d) => d.releaseBrief} onClose={() => setDoing(null)} />}
      {doing === "anew" && <ChangeDialog title="Freeze the facts anew" lede={`The draft then tells of ${day(programme.today)}. Its words stay.`} verb="Freeze them" document={Write} intent={{ briefId: b.id, expectedVersion: based.version, anew: true }} pick={(d) => d.updateBrief} onDone={(d) => went(d.updateBrief.brief?.version)} onClose={() => setDoing(null)} />}
      {doing === "drop" && <DropDialog brief={b} version={based.version} onDone={went} onClose={() => setDoing(null)} />}
      {doing === "stale" && <Dialog title="Somebody changed the draft meanwhile" lede="Copy what you wrote, look at what is there now, and write it again." onClose={() => setDoing(null)} foot={<Button kind="go" onPress={() => { setBased({ version: b.version, words: wordsOf(written) }); setWords(wordsOf(written)); setDoing(null); }}>Show what is there</Button>} />}
    </div>
  );
}

/** Tells a figure no more, in this and later briefs: the way out where the gate refuses. */
function DropDialog({ brief, version, onDone, onClose }: { brief: BriefView; version: number; onDone: (version: number | undefined) => void; onClose: () => void }) {
  const [key, setKey] = useState<FigureKey>("SKILL_LEVEL");
  return (
    <ChangeDialog title="Tell a figure no more" lede="In this brief and all later ones; released ones stay. Where the release names a family, tell none of it." verb="Tell it no more" document={Write} intent={{ briefId: brief.id, expectedVersion: version, anew: true, dropped: [key] }} pick={(d) => d.updateBrief} onDone={(d) => onDone(d.updateBrief.brief?.version)} onClose={onClose}>
      <Choice<FigureKey> label="Which" value={key} onChange={setKey} items={brief.figures.map((f) => ({ id: f.key, name: f.label }))} />
    </ChangeDialog>
  );
}
