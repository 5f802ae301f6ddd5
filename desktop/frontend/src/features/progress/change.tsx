import { useState } from "react";
import { graphql } from "@/gql";
import type { OutcomeKind, TeamStep } from "@/gql/graphql";
import { useCohort } from "@/lib/cohort";
import { day, money, number, readNumber } from "@/lib/format";
import { ChangeDialog } from "@/ui/change";
import { Button, Check, Choice, Field } from "@/ui/controls";
import { DayField } from "@/ui/dates";
import { SectorMark } from "@/ui/marks";
import { outcomeWord, steps, type Insight, type Line, type Team, type VisitDay } from ".";

const Step = graphql(`
  mutation RecordMilestone($input: RecordMilestoneInput!) {
    recordMilestone(input: $input) { team { id version } impact { ...ImpactParts } userErrors { field message code fix } }
  }
`);
const Outcomes = graphql(`
  mutation RecordOutcomes($input: RecordOutcomesInput!) {
    recordOutcomes(input: $input) { team { id version } impact { ...ImpactParts } userErrors { field message code fix } }
  }
`);
const Attendance = graphql(`
  mutation RecordAttendance($input: RecordAttendanceInput!) {
    recordAttendance(input: $input) { attendance { id version } impact { ...ImpactParts } userErrors { field message code fix } }
  }
`);
const Use = graphql(`
  mutation UseInsight($input: UseInsightInput!) {
    useInsight(input: $input) { insight { id version usedBy { id } } impact { ...ImpactParts } userErrors { field message code fix } }
  }
`);
const SaveLine = graphql(`
  mutation SaveBudgetLine($input: SaveBudgetLineInput!) {
    saveBudgetLine(input: $input) { line { id version } impact { ...ImpactParts } userErrors { field message code fix } }
  }
`);
const Remove = graphql(`
  mutation RemoveBudgetLine($input: RemoveBudgetLineInput!) {
    removeBudgetLine(input: $input) { line { id } impact { ...ImpactParts } userErrors { field message code fix } }
  }
`);
const Close = graphql(`
  mutation CloseRatings($input: CloseRatingsInput!) {
    closeRatings(input: $input) { cohort { id ratingsClosedOn } impact { ...ImpactParts } userErrors { field message code fix } }
  }
`);

export function StepDialog({ team, step, onClose }: { team: Team; step: TeamStep; onClose: () => void }) {
  const { programme } = useCohort();
  const [was] = useState(team.milestones?.find((m) => m.step === step)?.reachedOn ?? null);
  const [on, setOn] = useState<string | null>(was ?? programme.today);
  const [reached, setReached] = useState(true);
  const ahead = !!on && on > programme.today;
  return (
    <ChangeDialog title={`Team ${team.number}, ${team.name}: ${steps.find(([s]) => s === step)![1]}`} verb="Save" document={Step} intent={{ teamId: team.id, step, reachedOn: reached ? on : null, expectedVersion: team.version }}
      ready={reached ? !!on && !ahead && on !== was : was !== null} pick={(d) => d.recordMilestone} onClose={onClose}>
      <div className="stack">
        {was !== null && <Check label="The step is reached" value={reached} onChange={setReached} />}
        {reached && <DayField label="Reached on" value={on} onChange={setOn} near={programme.today} error={ahead ? "The day has not come." : undefined} autoFocus />}
      </div>
    </ChangeDialog>
  );
}

export function OutcomesDialog({ team, onClose }: { team: Team; onClose: () => void }) {
  const { programme } = useCohort();
  const [outcomes, setOutcomes] = useState<{ kind: OutcomeKind; text: string; on: string | null }[]>((team.outcomes ?? []).map((o) => ({ ...o })));
  const put = (i: number, part: Partial<(typeof outcomes)[number]>) => setOutcomes(outcomes.map((o, j) => (j === i ? { ...o, ...part } : o)));
  return (
    <ChangeDialog wide title={`What came of team ${team.number}’s work`} lede="A sponsor may read it: no names of people." verb="Save" document={Outcomes}
      intent={{ teamId: team.id, expectedVersion: team.version, outcomes: outcomes.map((o) => ({ kind: o.kind, text: o.text.trim(), on: o.on ?? "" })) }}
      ready={outcomes.every((o) => o.text.trim() !== "" && !!o.on && o.on <= programme.today)} pick={(d) => d.recordOutcomes} onClose={onClose}>
      <div className="stack">
        {outcomes.map((o, i) => (
          <fieldset key={i} className="pro-f">
            <legend>Outcome {i + 1}</legend>
            <Choice<OutcomeKind> label="Sort" value={o.kind} onChange={(kind) => put(i, { kind })} items={(Object.keys(outcomeWord) as OutcomeKind[]).map((id) => ({ id, name: outcomeWord[id] }))} />
            <Field label="What" value={o.text} onChange={(text) => put(i, { text })} />
            <DayField label="On" value={o.on} onChange={(on) => put(i, { on })} near={programme.today} error={o.on && o.on > programme.today ? "The day has not come." : undefined} />
            <Button kind="bare" size="sm" aria-label={`Take outcome ${i + 1} out`} onPress={() => setOutcomes(outcomes.filter((_, j) => j !== i))}>Take out</Button>
          </fieldset>
        ))}
        <div><Button size="sm" onPress={() => setOutcomes([...outcomes, { kind: "TAKEN_UP", text: "", on: programme.today }])}>Add an outcome</Button></div>
      </div>
    </ChangeDialog>
  );
}

export function AttendanceDialog({ day: given, onClose }: { day: VisitDay; onClose: () => void }) {
  const { id } = useCohort();
  const [d] = useState(given);
  const [absent, setAbsent] = useState<ReadonlySet<string>>(new Set(d.attendance?.absent.map((e) => e.id) ?? []));
  const present = d.going.filter((e) => !absent.has(e.id));
  const toggle = (who: string, there: boolean) => {
    const next = new Set(absent);
    if (there) next.delete(who);
    else next.add(who);
    setAbsent(next);
  };
  return (
    <ChangeDialog wide title={`Who was there on ${day(d.on)}`} lede="Everybody who was to go is ticked; take out who was not there. Why is not asked." verb={`Save: ${number(present.length)} of ${number(d.going.length)} were there`} document={Attendance}
      intent={{ cohortId: id, on: d.on, presentIds: present.map((e) => e.id), absentIds: d.going.filter((e) => absent.has(e.id)).map((e) => e.id), expectedVersion: d.attendance?.version ?? 0 }} pick={(x) => x.recordAttendance} onClose={onClose}>
      <ul className="pro-a">
        {d.going.map((e) => (
          <li key={e.id}><Check label={e.person.name} value={!absent.has(e.id)} onChange={(v) => toggle(e.id, v)} /><span className="cap"><SectorMark sector={e.sectorAtEnrolment} /> {e.team ? `team ${e.team.number}` : ""}</span></li>
        ))}
      </ul>
    </ChangeDialog>
  );
}

export function UseDialog({ insight: given, teams, onClose }: { insight: Insight; teams: readonly Team[]; onClose: () => void }) {
  const [insight] = useState(given);
  const [team, setTeam] = useState(insight.usedBy[0]?.id ?? teams.find((t) => insight.challenges.some((c) => c.id === t.challenge?.id))?.id ?? teams[0]?.id ?? "");
  const uses = insight.usedBy.some((t) => t.id === team);
  return (
    <ChangeDialog title="Which team builds on it" lede={insight.text} verb={uses ? "The team does not use it" : "The team uses it"} document={Use} intent={{ insightId: insight.id, teamId: team, used: !uses, expectedVersion: insight.version }} ready={team !== ""} pick={(d) => d.useInsight} onClose={onClose}>
      <Choice label="Team" value={team} onChange={setTeam} items={teams.map((t) => ({ id: t.id, name: `${t.number} ${t.name}${insight.usedBy.some((u) => u.id === t.id) ? ", uses it" : ""}` }))} />
    </ChangeDialog>
  );
}

export function BudgetDialog({ line: given, onClose }: { line: Line | null; onClose: () => void }) {
  const { id } = useCohort();
  const [line] = useState(given);
  const [text, setText] = useState(line?.text ?? "");
  const [pounds, setPounds] = useState(line ? number(line.pence / 100, 2).replace(/,/g, "") : "");
  const [basis, setBasis] = useState(line?.basis ?? "");
  const read = readNumber(pounds, 2);
  const pence = read === null ? null : Math.round(read * 100);
  return (
    <ChangeDialog title={line ? `Change ${line.text}` : "Add what is contracted"} lede="No staff time, and no travel: that is counted from the plan." verb="Save" document={SaveLine}
      intent={{ lineId: line?.id ?? null, cohortId: id, text: text.trim(), pence: pence ?? 0, basis: basis.trim(), expectedVersion: line?.version ?? null }} ready={text.trim() !== "" && basis.trim() !== "" && pence !== null && pence >= 0} pick={(d) => d.saveBudgetLine} onClose={onClose}>
      <div className="stack">
        <Field label="For" value={text} onChange={setText} autoFocus required />
        <Field label="Pounds" value={pounds} onChange={setPounds} width="10em" hint={pence === null ? "Such as 1250 or 1250.50" : `Read as ${money(pence)}`} error={pounds.trim() && pence === null ? "No such sum." : undefined} />
        <Field label="Where the figure is from" value={basis} onChange={setBasis} hint="Such as a contract or an estimate" required />
      </div>
    </ChangeDialog>
  );
}

export const RemoveLine = ({ line, onClose }: { line: Line; onClose: () => void }) => (
  <ChangeDialog title={`Take ${line.text} away`} lede={`${money(line.pence)} leaves the costs of later briefs; released ones stay.`} verb="Take away" stop document={Remove} intent={{ lineId: line.id, expectedVersion: line.version }} pick={(d) => d.removeBudgetLine} onClose={onClose} />
);

export function CloseRatings({ version, onClose }: { version: number; onClose: () => void }) {
  const { id } = useCohort();
  return <ChangeDialog title="Close the ratings" lede="What people said of their own skills is settled: nobody changes it afterwards, and briefs tell it once, in ranges." verb="Close the ratings" document={Close} intent={{ cohortId: id, expectedVersion: version }} pick={(d) => d.closeRatings} onClose={onClose} />;
}

