import { useState } from "react";
import { graphql } from "@/gql";
import type { ProgrammeSettingsQuery } from "@/gql/graphql";
import { useCohort } from "@/lib/cohort";
import { count, day, dayYear, length, nationWord, number } from "@/lib/format";
import { useAsk } from "@/lib/server";
import { Bar } from "@/ui/bar";
import { Button } from "@/ui/controls";
import { Answer, EmptyState } from "@/ui/state";
import { modeWord } from "../visit/journeys";
import { EditFacts, EditRates, EditRules, NewCohort } from "./change";
import { Tokens } from "./tokens";
import "./programme.css";

const Settings = graphql(`
  query ProgrammeSettings($programme: ID!) {
    programme(id: $programme) {
      id
      version
      updatedAt
      updatedBy
      name
      startsOn
      endsOn
      timeZone
      officeNation
      seats { public private }
      milestones { name on }
      visitDaysMax
      oneWayMinutesMax
      travelRates { mode pencePerKm year own note source { name url licence } }
      cohorts(first: 100) { nodes { id name } }
    }
    viewer { grants { role mutations } }
  }
`);

export type Programme = NonNullable<ProgrammeSettingsQuery["programme"]>;

/** The programme itself: what it is, what its plans are asked for, what a kilometre costs, its cohorts, and who has access. */
export function ProgrammeScreen() {
  const frame = useCohort();
  const found = useAsk(Settings, { programme: frame.programme.id });
  const [doing, setDoing] = useState<"facts" | "rules" | "rates" | "cohort" | null>(null);
  const close = () => setDoing(null);
  return (
    <Answer of={found} what="the programme">
      {(d) => {
        const p = d.programme;
        if (!p) return <EmptyState title="The programme is not shown to this role" />;
        const may = d.viewer.grants.some((g) => g.mutations.includes("updateProgramme"));
        const owner = d.viewer.grants.some((g) => g.role === "OWNER" || g.role === "COORDINATOR");
        const change = (what: "facts" | "rules" | "rates" | "cohort", says: string) => may && <Button size="sm" onPress={() => setDoing(what)}>{says}</Button>;
        return (
          <>
            <Bar title={p.name} figures={[{ value: `${number(p.seats.public)} and ${number(p.seats.private)}`, basis: "seats of a cohort" }, { value: count(frame.programme.weeks.length, "week"), basis: `${day(p.startsOn)} to ${dayYear(p.endsOn)}` }]} />
            <div className="prg">
              <section aria-labelledby="prg-facts">
                <header><h2 id="prg-facts">The programme</h2>{change("facts", "Change…")}</header>
                <dl className="facts">
                  <div><dt>Name</dt><dd>{p.name}</dd></div>
                  <div><dt>Days</dt><dd>{dayYear(p.startsOn)} to {dayYear(p.endsOn)}, read in {p.timeZone}</dd></div>
                  <div><dt>Office</dt><dd>{nationWord[p.officeNation]}: its bank holidays are the office’s</dd></div>
                  <div><dt>Seats</dt><dd>{count(p.seats.public, "public seat")} and {count(p.seats.private, "private seat")} a cohort</dd></div>
                  <div><dt>Milestones</dt><dd>{p.milestones.length === 0 ? "None" : <ul>{p.milestones.map((m) => <li key={m.name + m.on}>{day(m.on)}: {m.name}</li>)}</ul>}</dd></div>
                </dl>
                <p className="cap">Saved {day(p.updatedAt.slice(0, 10))}{p.updatedBy && ` by ${p.updatedBy}`}; edit {p.version}.</p>
              </section>
              <section aria-labelledby="prg-rules">
                <header><h2 id="prg-rules">What plans are asked for</h2>{change("rules", "Change…")}</header>
                <dl className="facts">
                  <div><dt>Visit days</dt><dd>{p.visitDaysMax ? `${count(p.visitDaysMax, "day")} at most` : "One in each fortnight"}</dd></div>
                  <div><dt>Longest way</dt><dd>{p.oneWayMinutesMax ? `${length(p.oneWayMinutesMax)} from door to door` : "4 h from door to door, the usual"}</dd></div>
                </dl>
                <p className="cap">For plans from now on; a plan that is there keeps what it was asked for.</p>
              </section>
              <section aria-labelledby="prg-rates">
                <header><h2 id="prg-rates">What a kilometre costs</h2>{change("rates", "Change…")}</header>
                <table className="prg-t">
                  <thead><tr><th>By</th><th className="r">Pence</th><th>From</th></tr></thead>
                  <tbody>
                    {(Object.keys(modeWord) as (keyof typeof modeWord)[]).map((mode) => {
                      const r = p.travelRates.find((x) => x.mode === mode);
                      return (
                        <tr key={mode}>
                          <th scope="row">{modeWord[mode]}</th>
                          <td className="r">{r ? number(r.pencePerKm, r.pencePerKm % 1 ? 2 : 0) : <span className="dim">not known</span>}</td>
                          <td>{r ? <>{r.own ? <b>Own rate. </b> : null}{r.source.url ? <a href={r.source.url} target="_blank" rel="noreferrer">{r.source.name}</a> : r.source.name}{r.year && !r.source.name.includes(String(r.year)) ? `, ${r.year}` : ""}{r.source.licence && <span className="dim">, {r.source.licence}</span>}{r.note && <span className="cap prg-n">{r.note}</span>}</> : <span className="dim">A price by it stays unknown until somebody enters it, or a rate is set here.</span>}</td>
                        </tr>
                      );
                    })}
                  </tbody>
                </table>
              </section>
              <section aria-labelledby="prg-cohorts">
                <header><h2 id="prg-cohorts">Cohorts</h2>{change("cohort", "Begin another…")}</header>
                <ul className="prg-c">{p.cohorts.nodes.map((c) => <li key={c.id}>{c.id === frame.id ? <b>{c.name}</b> : <a href={`#/c/${c.id}/programme`}>{c.name}</a>}</li>)}</ul>
              </section>
              {owner && <Tokens programme={p} />}
            </div>
            {doing === "facts" && <EditFacts programme={p} onClose={close} />}
            {doing === "rules" && <EditRules programme={p} onClose={close} />}
            {doing === "rates" && <EditRates programme={p} onClose={close} />}
            {doing === "cohort" && <NewCohort programme={p} onClose={close} />}
          </>
        );
      }}
    </Answer>
  );
}
