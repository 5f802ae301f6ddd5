import { useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import type { MetricName } from "@/gql/graphql";
import { count, number } from "@/lib/format";
import { Button } from "@/ui/controls";
import { SectorMark } from "@/ui/marks";
import { useSize } from "@/ui/size";
import type { RunView } from "./documents";
import { basisWords, metricWords, valueWords, type MetricRow } from "./figures";
import type { Player } from "./player";
import { minutes } from "./run";

type Analysis = NonNullable<RunView["analysis"]>;
type SpanView = { fromMilliseconds: number; toMilliseconds: number };

/** The sound's outline with sections, pauses and pace; it is also where a stretch is chosen and heard. */
export function Waveform({ run, end, analysis, player }: { run: RunView; end: number; analysis: Analysis | null; player: Player }) {
  const [ref, width] = useSize(1248);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const from = useRef<number | null>(null);
  const recording = run.recording!;
  const x = (ms: number) => (ms / Math.max(1, end)) * width;
  const at = (e: PointerEvent) => {
    const box = e.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(end, ((e.clientX - box.left) / box.width) * end));
  };
  const wave = useMemo(() => {
    const peaks = recording.waveform;
    const step = recording.milliseconds / Math.max(1, peaks.length);
    const columns = new Map<number, number>();
    peaks.forEach((p, i) => {
      const px = Math.round((((recording.offsetMilliseconds + i * step) / Math.max(1, end)) * width) / 2) * 2;
      columns.set(px, Math.max(columns.get(px) ?? 0, p));
    });
    const loudest = Math.max(0.05, ...columns.values());
    return [...columns].map(([px, p]) => `M${px} ${(48 - (p / loudest) * 28 - 0.9).toFixed(1)}V${(48 + (p / loudest) * 28 + 0.9).toFixed(1)}`).join("");
  }, [recording, end, width]);
  const pauses = analysis?.pauses ?? [];
  const stands = (p: (typeof pauses)[number]) => p.kind === "LONG" || (p.kind === "HANDOVER" && p.span.toMilliseconds - p.span.fromMilliseconds > 2500);
  const named = [...pauses].filter(stands).sort((a, b) => b.span.toMilliseconds - b.span.fromMilliseconds - (a.span.toMilliseconds - a.span.fromMilliseconds)).slice(0, 3);
  const pace = analysis?.pace ?? [];
  const low = Math.min(90, ...pace.map((p) => p.wordsPerMinute));
  const high = Math.max(180, ...pace.map((p) => p.wordsPerMinute));
  const y = (v: number) => 196 - ((v - low) / Math.max(1, high - low)) * 66;
  const whole = analysis?.metrics.find((m) => m.name === "WORDS_PER_MINUTE" && !m.speaker && !m.section)?.value;
  const usual = whole?.__typename === "Measured" ? whole.usual : null;
  const section = [...run.sections].reverse().find((s) => s.fromMilliseconds <= player.position);
  const step = (by: number) => {
    const starts = run.sections.map((s) => s.fromMilliseconds);
    player.seek(by > 0 ? (starts.find((s) => s > player.position + 50) ?? end) : ([...starts].reverse().find((s) => s < player.position - 1500) ?? 0));
  };
  const keys = (e: KeyboardEvent) => {
    const act = { ArrowLeft: () => player.seek(player.position - 5000), ArrowRight: () => player.seek(player.position + 5000), Home: () => player.seek(0), End: () => player.seek(end), PageUp: () => step(-1), PageDown: () => step(1) }[e.key];
    if (!act) return;
    e.preventDefault();
    e.stopPropagation();
    act();
  };
  let lastEnd = -99;
  return (
    <div ref={ref}>
      <div
        className="rv-box"
        role="slider"
        tabIndex={0}
        aria-label="Place in the sound"
        aria-valuemin={0}
        aria-valuemax={Math.round(end / 1000)}
        aria-valuenow={Math.round(player.position / 1000)}
        aria-valuetext={`${minutes(player.position)}${section ? `, ${section.section.title}` : ""}`}
        onKeyDown={keys}
        onPointerDown={(e) => { from.current = at(e); e.currentTarget.setPointerCapture(e.pointerId); }}
        onPointerMove={(e) => from.current !== null && Math.abs(at(e) - from.current) > end * 0.004 && setDrag({ from: Math.min(from.current, at(e)), to: Math.max(from.current, at(e)) })}
        onPointerUp={(e) => {
          if (drag) player.play(drag.from, drag.to);
          else if (from.current !== null) player.play(at(e));
          from.current = null;
        }}
      >
        <svg width={width} height={pace.length > 0 ? 206 : 116} viewBox={`0 0 ${width} ${pace.length > 0 ? 206 : 116}`} aria-hidden="true">
          {drag && <rect className="rv-span" x={x(drag.from)} y="16" width={Math.max(2, x(drag.to) - x(drag.from))} height="64" />}
          {run.sections.map((s) => {
            const px = x(s.fromMilliseconds);
            const shown = px - lastEnd > 8;
            if (shown) lastEnd = px + s.section.title.length * 6.8 + 10;
            return (
              <g key={s.section.id}>
                <path className="rv-edge" d={`M${Math.max(0.5, px)} 0V${pace.length > 0 ? 206 : 116}`} />
                {shown && <text x={px + 5} y="11" className="ax k">{s.section.title}</text>}
              </g>
            );
          })}
          <path className="rv-wave" d={wave} />
          {pauses.map((p, i) => <rect key={i} className={stands(p) ? "rv-long" : "rv-pause"} x={x(p.span.fromMilliseconds)} y="84" width={Math.max(3, x(p.span.toMilliseconds) - x(p.span.fromMilliseconds))} height={stands(p) ? 10 : 6} />)}
          {analysis && pauses.length > 0 && named.every((p) => x(p.span.fromMilliseconds) > 190) && <text x="5" y="108" className="ax">pauses of 0.3 s or more</text>}
          {named.map((p, i) => {
            const text = `${number((p.span.toMilliseconds - p.span.fromMilliseconds) / 1000, 1)} s ${p.kind === "HANDOVER" ? "hand-over" : "silence"}`;
            const right = x(p.span.fromMilliseconds) + text.length * 6.6 > width;
            const clash = named.slice(0, i).some((o) => Math.abs(x(o.span.fromMilliseconds) - x(p.span.fromMilliseconds)) < 130);
            return clash ? null : <text key={i} x={right ? width : x(p.span.fromMilliseconds)} y="108" textAnchor={right ? "end" : "start"} className="ax s">{text}</text>;
          })}
          {pace.length > 0 && (
            <>
              {usual && <><rect className="rv-band" x="0" y={y(usual.high)} width={width} height={Math.max(2, y(usual.low) - y(usual.high))} /><text x={width} y={y(usual.high) - 4} textAnchor="end" className="ax">band: own earlier runs</text></>}
              {[Math.ceil(low / 50) * 50, Math.floor(high / 50) * 50].map((v, i) => <g key={v}>{!usual && <path className="tick" d={`M0 ${y(v)}H${width}`} />}<text x="4" y={y(v) - 3} className="ax">{v}{i === 1 ? " words a minute" : ""}</text></g>)}
              <path className="inkl" d={pace.map((p, i) => `${i === 0 ? "M" : "L"}${x(p.atMilliseconds).toFixed(1)} ${y(p.wordsPerMinute).toFixed(1)}`).join("")} />
            </>
          )}
          <path className="rv-play" d={`M${x(player.position)} 14V${pace.length > 0 ? 206 : 100}`} />
        </svg>
      </div>
      <div className="rv-play-r">
        <Button size="sm" onPress={() => (player.playing ? player.pause() : player.play(player.position >= end - 50 ? 0 : player.position))}>{player.playing ? "Pause" : "Play"}</Button>
        <span className="num">{minutes(player.position)} of {minutes(end)}{section ? `, ${section.section.title}` : ""}</span>
        {drag && <Button size="sm" kind="bare" onPress={() => player.play(drag.from, drag.to)}>Play {minutes(drag.from)}–{minutes(drag.to)} again</Button>}
        <span className="cap"><kbd>Space</kbd> play, pause <kbd>←</kbd> <kbd>→</kbd> 5 s <kbd>[</kbd> <kbd>]</kbd> section</span>
        {player.says && <span role="status">{player.says}</span>}
      </div>
    </div>
  );
}

const columns: readonly MetricName[] = ["WORDS_PER_MINUTE", "SYLLABLES_PER_SECOND", "PAUSES_PER_MINUTE", "FILLERS_PER_MINUTE", "LOUDNESS_LUFS", "PITCH_RANGE_SEMITONES", "SNR_DECIBELS", "SCRIPT_COVERAGE", "VERBATIM_SHARE"];

/** Every figure of the voices, whose, how found and how far to trust it; what is refused says why in its place. */
export function VoiceTable({ metrics, player }: { metrics: readonly MetricRow[]; player: Player }) {
  const rows = metrics.filter((m) => !m.section);
  const speakers = [...new Map(rows.flatMap((m) => (m.speaker ? [[m.speaker.id, m.speaker] as const] : []))).values()];
  const shown = columns.filter((c) => rows.some((m) => m.name === c));
  const cell = (name: MetricName, speaker: string | null) => {
    const m = rows.find((r) => r.name === name && (r.speaker?.id ?? null) === speaker);
    if (!m) return "–";
    if (m.value.__typename === "NoVerdict") return <span className="dim">no verdict</span>;
    const v = m.value as Extract<MetricRow["value"], { __typename?: "Measured" }>;
    const low = v.usual && v.value < v.usual.low;
    const high = v.usual && v.value > v.usual.high;
    return <>{low || high ? <b>{valueWords(name, v.value)}</b> : valueWords(name, v.value)}{v.usual && <span className="dim"> {valueWords(name, v.usual.low)}–{valueWords(name, v.usual.high)}</span>}</>;
  };
  const refusals = [...new Set(rows.flatMap((m) => (m.value.__typename === "NoVerdict" ? [m.value.text] : [])))];
  const basis = (name: MetricName) => rows.find((m) => m.name === name && m.value.__typename === "Measured")?.value;
  return (
    <details className="rv-table">
      <summary>All figures by speaker, as a table</summary>
      <table className="tb">
        <thead><tr><th scope="col">Figure</th><th scope="col">all</th>{speakers.map((s) => <th key={s.id} scope="col"><SectorMark sector={s.sectorAtEnrolment} /> {s.person.name}</th>)}<th scope="col" className="l">how found</th></tr></thead>
        <tbody>
          {shown.map((name) => {
            const b = basis(name);
            return (
              <tr key={name}>
                <td>{metricWords[name].name}{metricWords[name].unit && <span className="dim">, {metricWords[name].unit}</span>}</td>
                <td>{cell(name, null)}</td>
                {speakers.map((s) => <td key={s.id}>{cell(name, s.id)}</td>)}
                <td className="l">{b && b.__typename === "Measured" ? <>{b.method}; {basisWords(b)}</> : ""}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="cap">Beside a figure: the speaker’s own earlier runs, from lowest to highest.</p>
      {refusals.map((r) => <p key={r} className="cap">No verdict: {r}</p>)}
      <Evidence metrics={metrics} player={player} />
    </details>
  );
}

/** Where each figure can be heard. */
function Evidence({ metrics, player }: { metrics: readonly MetricRow[]; player: Player }) {
  const heard = metrics.filter((m) => m.evidence.length > 0);
  if (heard.length === 0) return null;
  return (
    <ul className="rc-list">
      {heard.slice(0, 12).map((m, i) => (
        <li key={i}>
          <span>{metricWords[m.name].name}{m.speaker ? `, ${m.speaker.person.name}` : ""}{m.section ? `, ${m.section.title}` : ""}</span>
          <span className="rv-spans">{m.evidence.slice(0, 4).map((s, k) => <SpanButton key={k} span={s} player={player} what={metricWords[m.name].name} />)}</span>
        </li>
      ))}
    </ul>
  );
}

/** Plays one stretch. */
export const SpanButton = ({ span, player, what }: { span: SpanView; player: Player; what: string }) => (
  <Button size="sm" aria-label={`Hear ${what} at ${minutes(span.fromMilliseconds)}`} onPress={() => player.play(span.fromMilliseconds, span.toMilliseconds)}>{minutes(span.fromMilliseconds)}</Button>
);

/** How the words met the script. */
export function AlignmentPart({ alignment, player }: { alignment: NonNullable<Analysis["alignment"]>; player: Player }) {
  if (alignment.refused) return <p className="mid">No verdict on the words: {alignment.refused.text}</p>;
  const skipped = alignment.sentences.filter((s) => s.startMilliseconds == null);
  return (
    <details>
      <summary>{skipped.length === 0 ? "Every sentence of the script was said" : `${count(skipped.length, "sentence")} of the script ${skipped.length === 1 ? "was" : "were"} not said`}</summary>
      <table className="tb">
        <thead><tr><th scope="col">Sentence</th><th scope="col">begins</th></tr></thead>
        <tbody>{alignment.sentences.map((s, i) => <tr key={i}><td>{s.text}</td><td>{s.startMilliseconds == null ? <b className="sig">skipped</b> : <SpanButton span={{ fromMilliseconds: s.startMilliseconds, toMilliseconds: alignment.sentences.slice(i + 1).find((n) => n.startMilliseconds != null)?.startMilliseconds ?? s.startMilliseconds + 6000 }} player={player} what={s.text} />}</td></tr>)}</tbody>
      </table>
    </details>
  );
}
