import { useState, type ReactNode } from "react";
import { capital, day, dayYear, length, mass, number, percent, short, signed, words } from "@/lib/format";
import { useCohort } from "@/lib/cohort";
import { Button, Check, Field } from "@/ui/controls";
import { Cross, SectorMark } from "@/ui/marks";
import { Refusals } from "@/ui/state";
import { hostOf, type Board, type Exposure } from "./board";
import type { Edits } from "./edits";
import type { Lift } from "./lift";
import { missWords, ruleAndFact, verdictAt, verdictSentence, type Slot } from "./moving";
import { Part } from "./panels";
import type { PeopleLift } from "./people-lift";

/** now | if moved | change, for what a move would cost. */
function CostRow({ name, now, then, change, strong }: { name: string; now: string; then: string; change: string; strong: boolean }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{now}</td>
      <td>{then}</td>
      <td className={change === "same" ? "dim" : undefined}>{strong ? <b>{change}</b> : change}</td>
    </tr>
  );
}
const change = (d: number, text: string): string => (d === 0 ? "same" : text);

/** Asks why a broken rule is kept in the draft; the reason stays with it. */
function KeepWithReason({ onKeep, onBack, autoFocus }: { onKeep: (reason: string) => void; onBack: () => void; autoFocus: boolean }) {
  const [open, setOpen] = useState(autoFocus);
  const [reason, setReason] = useState("");
  return open ? (
    <form className="pl-reason" onSubmit={(e) => { e.preventDefault(); if (reason.trim()) onKeep(reason.trim()); }}>
      <Field label="Why keep it although a rule breaks" value={reason} onChange={setReason} autoFocus hint="Kept with the draft. Such a draft cannot be released as it is." />
      <div className="pl-btns">
        <Button kind="go" onPress={onBack} press="Esc">Put back</Button>
        <Button type="submit" isDisabled={!reason.trim()}>Keep with this reason</Button>
      </div>
    </form>
  ) : (
    <>
      <Button kind="go" onPress={onBack} press="Esc">Put back</Button>
      <Button onPress={() => setOpen(true)}>Keep with a reason…</Button>
    </>
  );
}

/** While a visit is lifted: which rules break where it is held, and what it would cost. */
export function MovingPanel({ lift, board, people, nearest, edits, asking, onKeep, onBack, onNearest, onLeave }: {
  lift: Lift; board: Board; people: ReadonlyMap<string, Exposure>; nearest: (Slot & { moreMiss: number }) | null; edits: Edits; asking: boolean;
  onKeep: (reason: string | null) => void; onBack: () => void; onNearest: () => void; onLeave: (behind: boolean) => void;
}) {
  const frame = useCohort();
  const { visit, at, preview, lifted } = lift;
  const verdict = verdictAt(frame, lifted, at);
  const then = preview?.plan ?? null;
  const alternative = lifted.alternatives.find((a) => a.on === at.on && a.group === at.group);
  const score = then?.score ?? alternative?.score ?? null;
  const gone = preview?.visit?.broken.flatMap((b) => (b.rule === "AWAY" || b.rule === "TOO_FAR" || b.rule === "NOT_STEP_FREE" ? (b.people ?? []) : [])) ?? [];
  const missing = [...new Map(gone.map((p) => [p.id, p])).values()];
  const lost = missing.length > 0 ? missing.length : Math.max(0, verdict.moreMiss ?? 0);
  const names = (d: readonly { kind: string; dueOn: string }[] | null | undefined) => d?.find((x) => x.kind === "NAMES")?.dueOn;
  const namesNow = names(visit.deadlines);
  const namesThen = names(preview?.visit?.deadlines);
  const home = verdict.state === "now";
  const best = nearest ? lifted.alternatives.find((a) => a.on === nearest.on && a.group === nearest.group) : undefined;
  return (
    <>
      <div className="pl-scroll">
        <Part>
          <p className="cap">{home ? `${hostOf(visit.offer.site)}, group ${visit.group.name}` : `If ${hostOf(visit.offer.site)}, group ${visit.group.name}, moves to`}</p>
          <h2>{dayYear(at.on)}{at.group !== visit.group.name && `, group ${at.group}`}</h2>
          <p className={verdict.state === "breaks" ? "pl-sent sig" : "pl-sent"}>{verdictSentence(verdict)}</p>
          {lift.other && <Check label={`Leave ${hostOf(lift.other.offer.site)} where it is: the same group sees both that day, and it comes along`} value={lift.alone} onChange={onLeave} />}
        </Part>
        {preview && preview.userErrors.length > 0 && <Part><Refusals errors={preview.userErrors} /></Part>}
        <Refusals errors={edits.errors} />
        {verdict.broken.length > 0 && !home && (
          <Part>
            <ul className="pl-brks">
              {verdict.broken.map((b, i) => (
                <li key={i}>
                  <Cross />
                  <span>
                    <b>{ruleAndFact(b)[0]}</b>
                    {ruleAndFact(b)[1]}
                  </span>
                </li>
              ))}
            </ul>
          </Part>
        )}
        {!home && score && (
          <Part title="What it costs">
            <table className="pl-cmp">
              <thead><tr><th><span className="vh">What</span></th><th className="r">now</th><th className="r">if moved</th><th className="r">change</th></tr></thead>
              <tbody>
                <CostRow name="People who miss it" now="0" then={String(lost)} change={change(lost, signed(lost))} strong={lost > 0} />
                <CostRow name="Team themes unseen" now={number(board.score.uncovered)} then={number(score.uncovered)} change={change(score.uncovered - board.score.uncovered, signed(score.uncovered - board.score.uncovered))} strong={score.uncovered > board.score.uncovered} />
                <CostRow name="Shortfalls, squared" now={number(board.score.squaredShortfall)} then={number(score.squaredShortfall)} change={change(score.squaredShortfall - board.score.squaredShortfall, signed(score.squaredShortfall - board.score.squaredShortfall))} strong={score.squaredShortfall > board.score.squaredShortfall} />
                <CostRow name="Hours, everyone" now={number(board.score.minutes / 60, 1)} then={number(score.minutes / 60, 1)} change={change(score.minutes - board.score.minutes, `${signed((score.minutes - board.score.minutes) / 60, 1)} h`)} strong={false} />
                {preview?.visit && <CostRow name="Journey, middle" now={length(visit.travel.middleMinutes)} then={length(preview.visit.travel.middleMinutes)} change={change(preview.visit.travel.middleMinutes - visit.travel.middleMinutes, `${signed(preview.visit.travel.middleMinutes - visit.travel.middleMinutes)} min`)} strong={false} />}
                <CostRow name="CO2e, all" now={mass(board.score.gramsCo2e)} then={mass(score.gramsCo2e)} change={change(score.gramsCo2e - board.score.gramsCo2e, `${score.gramsCo2e > board.score.gramsCo2e ? "+" : "−"}${mass(Math.abs(score.gramsCo2e - board.score.gramsCo2e))}`)} strong={false} />
                {namesNow && namesThen && <CostRow name="Names by" now={short(namesNow)} then={short(namesThen)} change={change(Number(namesNow !== namesThen), namesThen < namesNow ? "earlier" : "later")} strong={false} />}
                {then?.bound?.gapPercent != null && board.bound?.gapPercent != null && <CostRow name="Within best" now={percent(board.bound.gapPercent)} then={percent(then.bound.gapPercent)} change={change(then.bound.gapPercent - board.bound.gapPercent, signed(then.bound.gapPercent - board.bound.gapPercent, 1))} strong={then.bound.gapPercent > board.bound.gapPercent} />}
              </tbody>
            </table>
          </Part>
        )}
        {missing.length > 0 && (
          <Part title="Whom it concerns" aside={String(missing.length)}>
            <p className="pl-who">{missing.slice(0, 40).map((p) => <span key={p.id}><SectorMark sector={p.sectorAtEnrolment} /> {people.get(p.id)?.enrolment.person.name ?? p.person.name}</span>)}</p>
          </Part>
        )}
        {nearest && (
          <Part title="Nearest day that breaks nothing">
            <p>
              {day(nearest.on)}{nearest.group !== visit.group.name && `, group ${nearest.group}`}: {missWords(nearest.moreMiss)}
              {best?.score && `, ${best.score.minutes === board.score.minutes ? "as many hours" : `${signed((best.score.minutes - board.score.minutes) / 60, 1)} h for everyone`}`}.
            </p>
            <p className="pl-gap"><Button onPress={onNearest} press="W">Use {day(nearest.on)}{nearest.group !== visit.group.name && `, group ${nearest.group}`}</Button></p>
          </Part>
        )}
        {!nearest && lifted.alternatives.length > 0 && <Part title="Nearest day that breaks nothing"><p>None: every other day the server looked at breaks a rule.</p></Part>}
      </div>
      <div className="pl-foot">
        {verdict.state === "breaks" && !home ? (
          <KeepWithReason key={`${at.on}${at.group}${asking}`} autoFocus={asking} onKeep={onKeep} onBack={onBack} />
        ) : home ? (
          <Button kind="go" onPress={onBack} press="Esc">Put back</Button>
        ) : (
          <>
            <Button kind="go" onPress={() => onKeep(null)} press="Enter">Keep it here</Button>
            <Button onPress={onBack} press="Esc">Put back</Button>
          </>
        )}
      </div>
    </>
  );
}

/** While a person is lifted. */
export function CarryingPanel({ carried, board, edits, asking, onKeep, onBack, place }: {
  carried: PeopleLift; board: Board; edits: Edits; asking: boolean; onKeep: (reason: string | null) => void; onBack: () => void; place: ReactNode;
}) {
  const v = carried.verdict;
  const s = v?.plan?.score;
  const now = board.score;
  const bad = v?.breaks ?? false;
  return (
    <>
      <div className="pl-scroll">
        <Part>
          <p className="cap">If {carried.name}, {day(carried.at.on)}, goes</p>
          <h2>{place}</h2>
          <p className={bad ? "pl-sent sig" : "pl-sent"}>
            {carried.home ? "That is where they are." : !v ? "The server is being asked." : bad ? `${capital(v.why.length === 1 ? "one rule breaks" : `${words(v.why.length)} rules break`)}.` : "Breaks nothing."}
          </p>
        </Part>
        <Refusals errors={edits.errors} />
        {bad && <Part><ul className="pl-brks">{v!.why.map((w) => <li key={w}><Cross /><span>{w}</span></li>)}</ul></Part>}
        {!carried.home && s && (
          <Part title="What it costs">
            <table className="pl-cmp">
              <thead><tr><th><span className="vh">What</span></th><th className="r">now</th><th className="r">if moved</th><th className="r">change</th></tr></thead>
              <tbody>
                <CostRow name="Team themes unseen" now={number(now.uncovered)} then={number(s.uncovered)} change={change(s.uncovered - now.uncovered, signed(s.uncovered - now.uncovered))} strong={s.uncovered > now.uncovered} />
                <CostRow name="Largest shortfall" now={number(now.maxShortfall)} then={number(s.maxShortfall)} change={change(s.maxShortfall - now.maxShortfall, signed(s.maxShortfall - now.maxShortfall))} strong={s.maxShortfall > now.maxShortfall} />
                <CostRow name="Shortfalls, squared" now={number(now.squaredShortfall)} then={number(s.squaredShortfall)} change={change(s.squaredShortfall - now.squaredShortfall, signed(s.squaredShortfall - now.squaredShortfall))} strong={s.squaredShortfall > now.squaredShortfall} />
                <CostRow name="Minutes, everyone" now={number(now.minutes)} then={number(s.minutes)} change={change(s.minutes - now.minutes, signed(s.minutes - now.minutes))} strong={false} />
                <CostRow name="CO2e, all" now={mass(now.gramsCo2e)} then={mass(s.gramsCo2e)} change={change(s.gramsCo2e - now.gramsCo2e, `${s.gramsCo2e > now.gramsCo2e ? "+" : "−"}${mass(Math.abs(s.gramsCo2e - now.gramsCo2e))}`)} strong={false} />
              </tbody>
            </table>
          </Part>
        )}
        <Part><p className="cap">↑ ↓ visit day, Tab or ← → group, Enter keep, Esc put back.</p></Part>
      </div>
      <div className="pl-foot">
        {bad && !carried.home ? (
          <KeepWithReason key={`${carried.at.on}${carried.at.groupId}${asking}`} autoFocus={asking} onKeep={onKeep} onBack={onBack} />
        ) : carried.home ? (
          <Button kind="go" onPress={onBack} press="Esc">Put back</Button>
        ) : (
          <>
            <Button kind="go" onPress={() => onKeep(null)} press="Enter">Keep it</Button>
            <Button onPress={onBack} press="Esc">Put back</Button>
          </>
        )}
      </div>
    </>
  );
}
