import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCohort } from "@/lib/cohort";
import { number } from "@/lib/format";
import { useAsk } from "@/lib/server";
import { Bar } from "@/ui/bar";
import { Choice } from "@/ui/controls";
import { Answer, EmptyState } from "@/ui/state";
import { Pitch, RunDiff } from "./documents";
import { differenceWords } from "./figures";
import { minutes } from "./run";
import { firstName } from "./stage-view";
import "./rehearsal.css";

/** Two runs of a pitch, section by section. */
export function CompareRunsScreen() {
  const { team } = useParams({ strict: false }) as { team: string };
  const search = useSearch({ strict: false }) as { before?: string; after?: string };
  const frame = useCohort();
  const go = useNavigate();
  const pitch = useAsk(Pitch, { team });
  const node = pitch.data?.node?.__typename === "Team" ? pitch.data.node : null;
  const runs = node?.pitch?.rehearsals.nodes.filter((r) => r.milliseconds != null) ?? [];
  const after = search.after ?? runs[0]?.id ?? "";
  const before = search.before ?? runs.find((r) => r.id !== after)?.id ?? "";
  const diff = useAsk(RunDiff, { after, before }, { when: after !== "" && before !== "" });
  const home = `/c/${frame.id}/rehearse/${team}`;
  const choose = (next: { before: string; after: string }) => void go({ to: `${home}/compare`, search: next, replace: true } as never);
  const items = runs.map((r) => ({ id: r.id, name: `Run ${r.number}, ${minutes(r.milliseconds ?? 0)}` }));
  if (pitch.data && runs.length < 2) return <EmptyState title="Two finished runs are needed"><p><Link to={home}>Back to the pitch</Link>.</p></EmptyState>;
  return (
    <Answer of={diff} what="the two runs">
      {(d) => {
        const x = d.rehearsal?.diffTo;
        if (!x) return <EmptyState title="One of the two runs is not there."><p><Link to={home}>Back to the pitch</Link>.</p></EmptyState>;
        const change = (x.after.milliseconds ?? 0) - (x.before.milliseconds ?? 0);
        const moved = [...x.sections].filter((s) => s.beforeMilliseconds != null && s.afterMilliseconds != null).sort((a, b) => Math.abs(b.afterMilliseconds! - b.beforeMilliseconds!) - Math.abs(a.afterMilliseconds! - a.beforeMilliseconds!))[0];
        return (
          <>
            <Bar
              title={`Run ${x.after.number} took ${Math.abs(change) < 500 ? "as long as" : `${number(Math.round(Math.abs(change) / 1000))} s ${change > 0 ? "longer than" : "less than"}`} run ${x.before.number}`}
              figures={[{ value: `${minutes(x.before.milliseconds ?? 0)} to ${minutes(x.after.milliseconds ?? 0)}`, basis: "the whole run" }, ...(moved ? [{ value: `${moved.section.title} ${differenceWords(moved.afterMilliseconds! - moved.beforeMilliseconds!)}`.replace("on target", "the same"), basis: "moved most" }] : [])]}
            >
              <Choice label="Before" bare size="sm" width="11rem" value={before} onChange={(b) => choose({ before: b, after })} items={items.filter((i) => i.id !== after)} />
              <Choice label="After" bare size="sm" width="11rem" value={after} onChange={(a) => choose({ before, after: a })} items={items.filter((i) => i.id !== before)} />
              <Link className="btn" to={`${home}/run/${after}`}>Run {x.after.number}’s page</Link>
            </Bar>
            <div className="rdiff">
              <section>
                <h2>Section by section</h2>
                <table className="tb">
                  <thead><tr><th scope="col">Section</th><th scope="col">run {x.before.number}</th><th scope="col">run {x.after.number}</th><th scope="col">change</th><th scope="col" className="l">words dropped and added</th></tr></thead>
                  <tbody>
                    {x.sections.map((s) => {
                      const by = s.beforeMilliseconds != null && s.afterMilliseconds != null ? s.afterMilliseconds - s.beforeMilliseconds : null;
                      return (
                        <tr key={s.section.id}>
                          <td>{s.section.title}{s.section.presenter && <span className="dim">, {firstName(s.section.presenter.person.name)}</span>}</td>
                          <td>{s.beforeMilliseconds == null ? "not there" : minutes(s.beforeMilliseconds)}</td>
                          <td>{s.afterMilliseconds == null ? "not there" : minutes(s.afterMilliseconds)}</td>
                          <td>{by === null ? "–" : Math.abs(by) >= 10_000 ? <b>{differenceWords(by)}</b> : differenceWords(by).replace("on target", "the same")}</td>
                          <td className="l">
                            {s.dropped.map((t, i) => <p key={`d${i}`}>Dropped: <span className="lost">“{t}”</span></p>)}
                            {s.added.map((t, i) => <p key={`a${i}`}>Added: “{t}”</p>)}
                          </td>
                        </tr>
                      );
                    })}
                  </tbody>
                </table>
                <p className="cap">Words are known where both runs were recorded and their words found in the script.</p>
              </section>
              {d.rehearsal!.handovers.length > 0 && (
                <section>
                  <h2>Hand-overs</h2>
                  <table className="tb">
                    <thead><tr><th scope="col">Pair</th><th scope="col">run {x.before.number}</th><th scope="col">run {x.after.number}</th></tr></thead>
                    <tbody>{d.rehearsal!.handovers.map((h, i) => { const was = x.before.handovers.find((o) => o.from.id === h.from.id && o.to.id === h.to.id)?.gapMilliseconds; return <tr key={i}><td>{h.from.person.name} to {h.to.person.name}</td><td>{was == null ? "–" : `${number(was / 1000, 1)} s`}</td><td>{h.gapMilliseconds == null ? "–" : `${number(h.gapMilliseconds / 1000, 1)} s`}</td></tr>; })}</tbody>
                  </table>
                </section>
              )}
            </div>
          </>
        );
      }}
    </Answer>
  );
}
