import { createContext, useContext, useState } from "react";
import type { CostFactsFragment, PlanLevel, LeftOutKind } from "@/gql/graphql";
import { useCohort } from "@/lib/cohort";
import { capital, count, dateIn, list, mass, number } from "@/lib/format";
import { useAsk } from "@/lib/server";
import { Button, Dialog } from "@/ui/controls";
import { Loading, TroubleNote } from "@/ui/state";
import { weekOf, type Board } from "./board";
import { ChangeRow, linesOf } from "./compare";
import { WhyDay } from "./documents";
import { ReasonFactsView } from "./panels";

/* What it would cost to have a thing in: what is proved, the best plan known that has it, and that plan beside this one. */

type Score = Board["score"];
const levels: { level: PlanLevel; key: keyof Score & ("uncovered" | "maxShortfall" | "squaredShortfall" | "minutes" | "gramsCo2e"); name: string }[] = [
  { level: "UNCOVERED", key: "uncovered", name: "Team themes unseen" },
  { level: "MAX_SHORTFALL", key: "maxShortfall", name: "Largest shortfall, visits" },
  { level: "SQUARED_SHORTFALL", key: "squaredShortfall", name: "Shortfalls, squared sum" },
  { level: "MINUTES", key: "minutes", name: "Minutes travelled" },
  { level: "GRAMS_CO2E", key: "gramsCo2e", name: "CO2e, estimate" },
];
const figure = (key: string, n: number): string => (key === "gramsCo2e" ? mass(n) : number(n));

/** Outlines visits on the board; null where there is no board to do it on. */
export const ShowOnBoard = createContext<((offerIds: readonly string[], says: string) => void) | null>(null);

/** The figures with the thing in: at least so much, and the best plan known. What nothing is known of is a dash. */
export function CostFacts({ reason, now }: { reason: CostFactsFragment; now: Score }) {
  const [beside, setBeside] = useState(false);
  const w = reason.witness;
  const last = reason.level ?? (reason.bound ? reason.bound.firstUnproved : null);
  const knownTo = last ? levels.findIndex((l) => l.level === last) : reason.bound ? levels.length - 1 : -1;
  if (!w && !reason.bound) return null;
  return (
    <>
      <table className="pl-tab">
        <thead><tr><th>With it in</th><th className="r">this plan</th><th className="r">at least</th><th className="r">best known</th></tr></thead>
        <tbody>
          {levels.map((l, i) => {
            const least = reason.bound && i <= knownTo ? reason.bound[l.key] : null;
            const worst = reason.level === l.level;
            return (
              <tr key={l.level}>
                <th scope="row">{l.name}</th>
                <td className="r">{figure(l.key, now[l.key])}</td>
                <td className="r">{least === null ? <span className="dim">–</span> : worst ? <b>{figure(l.key, least)}</b> : <span className="dim">{figure(l.key, least)}</span>}</td>
                <td className="r">{!w ? <span className="dim">–</span> : w.score[l.key] !== now[l.key] ? <b>{figure(l.key, w.score[l.key])}</b> : figure(l.key, w.score[l.key])}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {w && w.changes.length > 0 && <p><button type="button" className="pl-link" onClick={() => setBeside(true)}>See the best known beside this plan: {count(w.changes.length, "change")}</button></p>}
      {beside && w && <Beside witness={w} now={now} onClose={() => setBeside(false)} />}
    </>
  );
}

/** The best plan known with the thing in, change by change, beside the plan at hand. */
function Beside({ witness, now, onClose }: { witness: NonNullable<CostFactsFragment["witness"]>; now: Score; onClose: () => void }) {
  const { programme } = useCohort();
  const show = useContext(ShowOnBoard);
  const zone = programme.timeZone;
  type Change = (typeof witness.changes)[number];
  const dayOf = (c: Change) => dateIn((c.after ?? c.before)!.startsAt, zone);
  const days = [...new Set(witness.changes.map(dayOf))].sort();
  const worse = levels.filter((l) => witness.score[l.key] !== now[l.key]);
  const week = (d: string) => { const x = weekOf(programme.weeks, d); return x ? `Week ${x.number}` : "Outside"; };
  return (
    <Dialog
      wide
      title="The best plan known with it in"
      lede={worse.length === 0 ? "It is exactly as good as this one." : `${capital(list(worse.map((l) => `${l.key === "gramsCo2e" ? l.name : l.name.charAt(0).toLowerCase() + l.name.slice(1)}: ${figure(l.key, witness.score[l.key])} instead of ${figure(l.key, now[l.key])}`)))}. It is kept nowhere: it shows what the cost is.`}
      onClose={onClose}
      foot={
        <>
          <Button kind="go" onPress={onClose}>Keep this plan</Button>
          {show && <Button onPress={() => { show(witness.changes.map((c) => c.offer.id), `${capital(count(witness.changes.length, "change"))}: what would change is outlined on the board.`); onClose(); }}>Outline it on the board</Button>}
        </>
      }
    >
      <div className="pl-beside">
        <div className="pl-diff pl-dh"><div className="cap">Week</div><div className="cap">This plan</div><div className="cap">With it in</div><div className="cap">Who it touches</div></div>
        {days.map((d) => linesOf(witness.changes.filter((c) => dayOf(c) === d)).map((line, i) => <ChangeRow key={`${d} ${i}`} line={line} on={d} week={i === 0 ? week(d) : ""} zone={zone} />))}
      </div>
    </Dialog>
  );
}

/** The facts of one reason, asked for when they are wanted: a day without a visit, a person without a place. */
export function WhyMore({ plan, on, about, kind, now, label }: { plan: string; on: string; about?: string; kind: LeftOutKind; now: Score; label: string }) {
  const [open, setOpen] = useState(false);
  const why = useAsk(WhyDay, { plan, on, about: about ?? null, kinds: [kind] }, { when: open, fresh: true });
  const reason = why.data?.visitPlan?.left.nodes[0]?.reason;
  return (
    <div className="pl-more">
      <button type="button" className="pl-link" aria-expanded={open} aria-label={`${label}: why not, and what it would cost`} onClick={() => setOpen((o) => !o)}>{open ? "Less" : "Why, and what it would cost"}</button>
      {open && (why.error ? <TroubleNote trouble={why.error} /> : why.isPending ? <Loading what="the reason" /> : reason ? <ReasonFactsView reason={reason} now={now} /> : <p className="cap">There is no reason any more: the plan has it.</p>)}
    </div>
  );
}
