import { useState } from "react";
import type { PlanningProgressSubscription } from "@/gql/graphql";
import { capital, count, length, list, words } from "@/lib/format";
import { announce, useKeys } from "@/lib/keys";
import { Bar } from "@/ui/bar";
import { Button } from "@/ui/controls";
import { hostOf } from "./board";

type Job = Extract<PlanningProgressSubscription["jobProgressed"], { __typename: "VisitPlanning" }>;
type Clash = Job["clashes"][number];
type Rule = Clash["rules"][number];
export type Relaxation = NonNullable<Rule["relaxation"]>;

/** No plan can be all that was asked: which rules clash, and what the least of each would be that ends it. */
export function ClashView({ job, cohort, from, onPlan, onAsk, onBack, onStop }: {
  job: Pick<Job, "clashes" | "clashesComplete" | "state">;
  cohort: string;
  /** What it was planned from, where there is a plan to go back to. */
  from: string | null;
  onPlan: (r: NonNullable<Relaxation["rules"]>) => void;
  onAsk: (() => void) | null;
  onBack: () => void;
  /** While others are looked for. */
  onStop: (() => void) | null;
}) {
  const [at, setAt] = useState(0);
  const { clashes } = job;
  const clash = clashes[Math.min(at, clashes.length - 1)]!;
  const others = clashes.length > 1;
  const next = () => {
    if (!others) return;
    const to = (at + 1) % clashes.length;
    setAt(to);
    announce(`Clash ${to + 1} of ${clashes.length}: ${clashes[to]!.rules.map((r) => r.text).join(" ")}`);
  };
  useKeys([
    { press: "Escape", says: onStop ? "Stop looking for other clashes" : "Back to the board", act: () => (onStop ?? onBack)() },
    { press: "n", says: "Another clash", act: next },
  ]);
  const n = clash.rules.length;
  return (
    <div className="planner pl-clash">
      <Bar title="No plan can be all of this" figures={clash.proved ? [
        { value: count(n, "rule"), basis: n === 1 ? "cannot hold whatever else is given up" : "cannot all hold" },
        { value: others ? `${at + 1} of ${clashes.length}` : "1", basis: onStop ? "clashes so far" : job.clashesComplete ? "clashes, and no more" : "clashes found" },
      ] : []}>
        {others && <Button press="N" onPress={next}>Another clash</Button>}
        {onAsk && <Button onPress={onAsk}>Ask for something else</Button>}
        {onStop ? <Button press="Esc" onPress={onStop}>Stop looking for others</Button> : <Button kind="bare" press="Esc" onPress={onBack}>{from ? `Back to ${from}` : "Back"}</Button>}
      </Bar>
      <div className="pl-clash-b">
        <p className="lede">{says(clash)} {from ? `${capital(from)} stays as it is.` : "Nothing has changed."}</p>
        <ol className="pl-clash-l">
          {clash.rules.map((r) => <RuleRow key={r.group} rule={r} clash={clash} cohort={cohort} onPlan={onPlan} />)}
        </ol>
        <p className="cap">{foot(job, onStop !== null)}</p>
      </div>
    </div>
  );
}

function says(c: Clash): string {
  const n = c.rules.length;
  if (!c.proved) return "No plan with all of it was found in the time there was, and nothing is proved: there may be one. More time can find it; a little less asked certainly helps.";
  if (n === 1) return "This cannot be had whatever other rule is given up: there is not enough of something. That is proved.";
  if (c.minimal) return `These ${words(n)} rules cannot all hold. Without any one of them the others can: both are proved. Give way on one of them, the first touches the fewest people.`;
  return `These ${words(n)} rules cannot all hold; that is proved. Whether fewer of them already clash is not known.`;
}

function foot(job: Pick<Job, "clashes" | "clashesComplete">, looking: boolean): string {
  if (!job.clashes[0]?.proved) return "";
  if (looking) return "Other clashes are being looked for.";
  if (job.clashesComplete) return job.clashes.length === 1 ? "There is no other clash; that is proved." : "There are no other clashes; that is proved. A plan needs a way out of each.";
  return "There may be other clashes, which were not found in the time there was.";
}

/** A rule as asked, and the way out of it: the change, whom it touches, the plan that it allows, and who must agree. */
function RuleRow({ rule, clash, cohort, onPlan }: { rule: Rule; clash: Clash; cohort: string; onPlan: (r: NonNullable<Relaxation["rules"]>) => void }) {
  const x = rule.relaxation;
  return (
    <li>
      <h2>{rule.text}</h2>
      {x ? (
        <div className="pl-clash-w">
          <div>
            <p><b>{x.text}</b> {x.smallest ? "Nothing less is enough." : "Less may be enough; that is not known."}</p>
            <p className="mid">{x.peopleTouched === 0 ? "Nobody is touched by it." : `It touches ${count(x.peopleTouched, "person", "people")}.`} The plan that it allows: {planOf(x)}.</p>
            {(x.people ?? []).length > 0 && <p className="mid">To ask: {list((x.people ?? []).map((e) => e.person.name))}.</p>}
          </div>
          <div className="pl-clash-a">
            {x.rules ? <Button onPress={() => onPlan(x.rules!)} aria-label={`Plan with this change: ${x.text}`}>Plan with this change</Button>
              : rule.group === "AWAY" ? <a className="btn" href={`#/c/${cohort}/people`}>Open the people</a>
              : rule.group === "PINS" || rule.group === "VISIT_DAYS" ? <span className="cap">{rule.group === "PINS" ? "Let it go on the board, then plan again." : "Ask for days apart instead of fortnights."}</span>
              : <a className="btn" href={`#/c/${cohort}/offers`} aria-label={`Open the offers of ${list(x.offers.map((o) => hostOf(o.site)))}`}>{x.offers.length === 1 ? `Open ${hostOf(x.offers[0]!.site)}` : "Open the offers"}</a>}
          </div>
        </div>
      ) : (
        <p className="mid">{rule.hopeless
          ? clash.rules.length === 1 ? "No change of this rule is enough." : "No change of this rule alone is enough: another clash would be left. That is proved."
          : "No change of this rule alone was found that is enough; whether there is one is not known."}</p>
      )}
    </li>
  );
}

const planOf = ({ witness: { score } }: Relaxation): string =>
  list([
    score.uncovered === 0 ? "every theme seen" : `${count(score.uncovered, "theme of a team", "themes of teams")} not seen`,
    score.maxShortfall === 0 ? "nobody short of what they could have" : `nobody more than ${count(score.maxShortfall, "visit")} short of what they could have`,
    `${length(score.minutes)} of travel, everyone’s together`,
  ]);

