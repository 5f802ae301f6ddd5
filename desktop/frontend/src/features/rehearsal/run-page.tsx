import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { useCohort } from "@/lib/cohort";
import { capital, count, dateIn, day, number, percent, words } from "@/lib/format";
import { useFindings, useKeys } from "@/lib/keys";
import { useAsk } from "@/lib/server";
import { Bar, type Figure } from "@/ui/bar";
import { Button, NumberBox } from "@/ui/controls";
import { Answer, EmptyState, Notice } from "@/ui/state";
import { RunForecast, RunPage, type RunView } from "./documents";
import { FeedbackPart } from "./feedback";
import { basisWords, comparedWith, daysOver, fromRuns, gapWords, metricOf, pauseWords, valueWords } from "./figures";
import { usePlayer } from "./player";
import { minutes } from "./run";
import { Days, PitchRange, TimeBySection, type RangeRow, type SectionBar } from "./run-charts";
import { AnalysisPart, BringSound, ConsentsPart, unknownWords } from "./sound-part";
import { firstName } from "./stage-view";
import { AlignmentPart, VoiceTable, Waveform } from "./voice";
import "./rehearsal.css";

/** The page of a run: what to fix next, and everything that says so. */
export function RunScreen() {
  const { run, team } = useParams({ strict: false }) as { run: string; team: string };
  const frame = useCohort();
  const found = useAsk(RunPage, { run });
  return (
    <Answer of={found} what="the run">
      {(d) => {
        const r = d.rehearsal;
        if (!r) return <EmptyState title="This run is not there, or not yours to see."><p>A rehearsal belongs to its team alone. <Link to={`/c/${frame.id}/rehearse`}>Back</Link>.</p></EmptyState>;
        if (r.state === "RUNNING") return <EmptyState title={`Run ${r.number} has not ended`} action={<Link className="btn go" to={`/stage/${frame.id}/${team}`} search={{ run: r.id } as never}>Go on with it</Link>}><p>It was broken off, and nothing of it is lost.</p></EmptyState>;
        return <Run key={r.id} run={r} cohort={frame.id} team={team} zone={frame.programme.timeZone} />;
      }}
    </Answer>
  );
}

function Run({ run, cohort, team, zone }: { run: RunView; cohort: string; team: string; zone: string }) {
  const go = useNavigate();
  const { pitch } = run;
  const slot = pitch.slotSeconds * 1000;
  const total = run.milliseconds ?? 0;
  const { last, best } = comparedWith(pitch.rehearsals.nodes, run.number, slot);
  const [drift, setDrift] = useState(8);
  const drifted = useAsk(RunForecast, { pitch: pitch.id, drift }, { when: drift !== 8 });
  const forecast = (drift !== 8 ? drifted.data?.pitch?.forecast : null) ?? pitch.forecast;
  const player = usePlayer(run.id, run.recording);
  const analysis = run.analysis?.state === "DONE" ? run.analysis : null;
  const end = Math.max(run.events[run.events.length - 1]?.atMilliseconds ?? total, (run.recording?.offsetMilliseconds ?? 0) + (run.recording?.milliseconds ?? 0) * (run.recording ? 1 : 0), 1);
  const again = () => void go({ to: `/stage/${cohort}/${team}` });
  const home = `/c/${cohort}/rehearse/${team}`;
  const starts = run.sections.map((s) => s.fromMilliseconds);
  const hasSound = !!run.recording;
  useKeys([
    { press: "r", says: "Rehearse again", act: again },
    ...(hasSound
      ? [
          { press: " ", says: "Play, pause", act: (e: KeyboardEvent) => (e.target instanceof HTMLButtonElement || e.target instanceof HTMLAnchorElement || (e.target as HTMLElement).tagName === "SUMMARY" ? false : player.playing ? player.pause() : player.play(player.position)) as void | false },
          { press: "ArrowLeft", says: "5 s back", act: () => player.seek(player.position - 5000) },
          { press: "ArrowRight", says: "5 s on", act: () => player.seek(player.position + 5000) },
          { press: "[", says: "Section before", act: () => player.seek([...starts].reverse().find((s) => s < player.position - 1500) ?? 0) },
          { press: "]", says: "Next section", act: () => player.seek(starts.find((s) => s > player.position + 50) ?? end) },
        ]
      : []),
  ]);
  const compare = last ? { to: `${home}/compare`, search: { before: last.id, after: run.id } as never } : null;
  useFindings([{ title: "Rehearse again", hint: "R", act: again }, ...(compare ? [{ title: `Compare with run ${last!.number}`, hint: "Run", act: () => void go(compare as never) }] : [])]);

  const lastOf = (id: string) => last?.sections.find((s) => s.section.id === id)?.milliseconds ?? null;
  const bestOf = (id: string) => best?.sections.find((s) => s.section.id === id)?.milliseconds ?? null;
  const bars: SectionBar[] = run.sections.map((s) => ({ id: s.section.id, title: s.section.title, speaker: s.section.presenter ? { name: s.section.presenter.person.name, sector: s.section.presenter.sectorAtEnrolment } : null, target: s.targetMilliseconds, now: s.milliseconds, last: lastOf(s.section.id), best: bestOf(s.section.id) }));
  const targets = bars.reduce((n, b) => n + b.target, 0);
  const speakers = [...new Map(run.sections.flatMap((s) => (s.section.presenter ? [[s.section.presenter.id, s.section.presenter] as const] : []))).values()];
  const pace = analysis && (metricOf(analysis.metrics, "WORDS_PER_MINUTE", null) ?? metricOf(analysis.metrics, "SYLLABLES_PER_SECOND", null));
  const over = total - slot;
  const figures: Figure[] = [
    { value: minutes(total), basis: over > 500 ? `${number(Math.round(over / 1000))} s over the ${minutes(slot)} slot` : `${number(Math.round(-over / 1000))} s within the ${minutes(slot)} slot`, signal: over > 500 },
    ...(analysis ? [{ value: count(analysis.pauses.length, "pause"), basis: pauseWords(analysis.pauses) }] : []),
    ...(pace ? [pace.value.__typename === "Measured" ? { value: `${valueWords(pace.name, pace.value.value)} ${pace.name === "WORDS_PER_MINUTE" ? "words a minute" : "syllables a second"}`, basis: basisWords(pace.value) } : { value: "Pace: no verdict", basis: (pace.value as { text: string }).text }] : []),
    ...(forecast ? [{ value: `${daysOver(forecast.equallyLikelySeconds, pitch.slotSeconds)} of ${forecast.equallyLikelySeconds.length} days over`, basis: fromRuns(forecast.runs), signal: forecast.overrun > 0.5 }] : []),
  ];
  const evidence = run.fixNext?.explain.evidence[0];
  const ranges: RangeRow[] = speakers.map((s) => {
    const v = analysis && metricOf(analysis.metrics, "PITCH_RANGE_SEMITONES", s.id)?.value;
    return { id: s.id, name: firstName(s.person.name), sector: s.sectorAtEnrolment, value: v && v.__typename === "Measured" ? v.value : null, usual: v && v.__typename === "Measured" ? (v.usual ?? null) : null, refused: v && v.__typename === "NoVerdict" ? v.text : null };
  });
  const flat = ranges.filter((r) => r.value !== null && r.usual && r.value < r.usual.low);
  return (
    <>
      <Bar title={<><Link to={home} className="rh-up">Team {pitch.team.number}</Link>, run {run.number}</>} figures={figures}>
        {compare && <Link className="btn" {...(compare as { to: string })}>Compare runs</Link>}
        <Button kind="go" press="R" onPress={again}>Rehearse again</Button>
      </Bar>
      <div className="rgrid">
        <section className="first fix">
          <h2 className="rv-fix">Fix next</h2>
          {run.fixNext ? (
            <>
              <p className="lead">{run.fixNext.text}</p>
              <p className="mid">{run.fixNext.explain.text}{run.fixNext.explain.overrunAfter != null && ` The chance to overrun is ${percent(Math.round(run.fixNext.explain.overrunAfter * 100))} then.`}</p>
              <p className="rh-acts">
                {evidence && hasSound && <Button size="sm" onPress={() => player.play(evidence.fromMilliseconds, evidence.toMilliseconds)}>Play from {minutes(evidence.fromMilliseconds)}</Button>}
                <Link className="btn sm" to={home}>Open the script</Link>
              </p>
            </>
          ) : <p className="mid">Nothing can be said yet: this run has no end.</p>}
        </section>
        <section>
          <h2>Time by section</h2>
          <TimeBySection sections={bars} />
          {!last && <p className="cap">The first run: the next one shows what changed.</p>}
        </section>
        <section>
          <h2>The same, as a table</h2>
          <span className="cap">minutes and seconds{last ? `; last is run ${last.number}` : ""}{best ? `, best is run ${best.number}, closest to the slot` : ""}</span>
          <table className="tb">
            <thead><tr><th scope="col">Section</th><th scope="col">target</th><th scope="col">this</th>{last && <th scope="col">last</th>}{best && <th scope="col">best</th>}</tr></thead>
            <tbody>
              {bars.map((b) => <tr key={b.id}><td>{b.title}</td><td>{minutes(b.target)}</td><td>{b.now - b.target >= Math.max(5000, b.target * 0.1) ? <b>{minutes(b.now)}</b> : minutes(b.now)}</td>{last && <td>{b.last === null ? "–" : minutes(b.last)}</td>}{best && <td>{b.best === null ? "–" : minutes(b.best)}</td>}</tr>)}
              <tr><td>All</td><td>{minutes(targets)}</td><td><b>{minutes(total)}</b></td>{last && <td>{minutes(last.milliseconds ?? 0)}</td>}{best && <td>{minutes(best.milliseconds ?? 0)}</td>}</tr>
            </tbody>
          </table>
        </section>
        <section className="wide">
          <div className="rv-head"><h2>Voice</h2><span className="cap">{analysis?.level === "REMOTE_WORDS" ? "words by the team’s own engine: the sound left this computer for it." : hasSound ? "computed where the sound lies; nothing was sent anywhere. Select a stretch to hear it." : ""}</span></div>
          {hasSound ? (
            <>
              <Waveform run={run} end={end} analysis={analysis} player={player} />
              {analysis?.warnings.map((w) => <Notice key={w}>{w}</Notice>)}
              {!analysis && <AnalysisPart run={run} />}
              {analysis && (
                <div className="stack">
                  <VoiceTable metrics={analysis.metrics} player={player} />
                  {analysis.alignment && <AlignmentPart alignment={analysis.alignment} player={player} />}
                  {analysis.unknownWords.length > 0 && <p className="cap">{unknownWords(analysis.unknownWords)}</p>}
                  <details><summary>Analyse again, another way</summary><AnalysisPart run={run} /></details>
                </div>
              )}
            </>
          ) : <BringSound run={run} speakers={speakers.map((s) => ({ id: s.id, name: s.person.name }))} />}
          <ConsentsPart run={run} />
        </section>
        <section className="first">
          <h2>On the day</h2>
          {forecast ? (
            <>
              <span className="cap">{forecast.equallyLikelySeconds.length} equally likely lengths, with {percent(forecast.explain.liveDriftPercent)} live drift</span>
              <Days seconds={forecast.equallyLikelySeconds} slot={pitch.slotSeconds} />
              <p><b className={forecast.overrun > 0.2 ? "sig" : undefined}>{daysOver(forecast.equallyLikelySeconds, pitch.slotSeconds)} of {forecast.equallyLikelySeconds.length}</b> run over; P(overrun) is {percent(Math.round(forecast.overrun * 100))}. 80 % of days fall between {minutes(forecast.p10Seconds * 1000)} and {minutes(forecast.p90Seconds * 1000)}, the middle one takes {minutes(forecast.middleSeconds * 1000)}.</p>
              <NumberBox label="A live audience makes it longer by" unit="%" value={drift} min={-20} max={50} onChange={setDrift} hint="An assumption of 8 % until the team knows its own." />
              <details><summary>Where it comes from</summary><p className="mid">{forecast.explain.text} Seed {forecast.explain.seed}.</p></details>
            </>
          ) : <p className="mid">A forecast needs one finished run.</p>}
        </section>
        <section>
          <h2>{forecast && forecast.overrun <= 0.2 ? "No cut is needed" : "Smallest cut that brings it under 20 %"}</h2>
          {forecast && forecast.cuts.length > 0 ? (
            <>
              <table className="tb">
                <thead><tr><th scope="col">Cut</th><th scope="col">words</th><th scope="col">saves</th><th scope="col">P(overrun) then</th></tr></thead>
                <tbody>{forecast.cuts.map((c, i) => <tr key={i}><td>{c.section.title}: “{c.text}”</td><td>{c.words}</td><td>{c.savesSeconds} s</td><td>{i === forecast.cuts.length - 1 ? <b>{percent(Math.round(c.overrunAfter * 100))}</b> : percent(Math.round(c.overrunAfter * 100))}</td></tr>)}</tbody>
              </table>
              {!forecast.cutsSuffice && <p className="sig">Even all of these do not bring it under 20 %: the pitch needs a shorter section.</p>}
            </>
          ) : <p className="mid">{!forecast ? "Known after the first finished run." : forecast.overrun <= 0.2 ? `The chance to overrun is ${percent(Math.round(forecast.overrun * 100))}.` : "Cuts come from the script, and the sections have none."}</p>}
          <h2>Hand-overs</h2>
          {run.handovers.length === 0 ? <p className="mid">One speaker, no hand-over.</p> : (
            <table className="tb">
              <thead><tr><th scope="col">Pair</th><th scope="col">gap</th>{last && <th scope="col">last run</th>}<th scope="col"><span className="vh">What it was like</span></th></tr></thead>
              <tbody>
                {run.handovers.map((h, i) => {
                  const w = gapWords(h.gapMilliseconds, !!analysis);
                  const was = last?.handovers.find((x) => x.from.id === h.from.id && x.to.id === h.to.id)?.gapMilliseconds;
                  return <tr key={i}><td>{firstName(h.from.person.name)} to {firstName(h.to.person.name)}</td><td>{h.gapMilliseconds == null ? "–" : w.signal ? <b className="sig">{number(h.gapMilliseconds / 1000, 1)} s</b> : `${number(h.gapMilliseconds / 1000, 1)} s`}</td>{last && <td className="dim">{was == null ? "–" : `${number(was / 1000, 1)} s`}</td>}<td className={w.signal ? undefined : "dim"}>{w.text}</td></tr>;
                })}
              </tbody>
            </table>
          )}
        </section>
        <section>
          <h2>Pitch range</h2>
          <span className="cap">flat is not wrong; compare with yourself</span>
          {analysis ? (
            <>
              <PitchRange rows={ranges} />
              {flat.map((r) => <p key={r.id} className="mid">{r.name} was flatter than in any of {r.usual!.runs} earlier {r.usual!.runs === 1 ? "run" : "runs"}.</p>)}
              {[...new Set(ranges.flatMap((r) => (r.refused ? [r.refused] : [])))].map((t) => <p key={t} className="cap">No verdict: {t}</p>)}
            </>
          ) : <p className="mid">{hasSound ? "Known once the voices are analysed." : "It takes a recording."}</p>}
        </section>
        <section className="wide">
          <div className="rv-head"><h2>What teammates say</h2><span className="cap">{run.feedback.length > 0 ? `${capital(words(run.feedback.length))}, oldest first. ` : ""}{day(dateIn(run.startedAt, zone))}. No coordinator, sponsor or judge can read it.</span></div>
          <FeedbackPart run={run} />
        </section>
      </div>
    </>
  );
}

