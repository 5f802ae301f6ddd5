import type { PDFDocumentProxy } from "pdfjs-dist";
import { useEffect, useRef, type ReactNode } from "react";
import { number } from "@/lib/format";
import { SectorMark } from "@/ui/marks";
import { Slide } from "./deck";
import type { Level } from "./listening";
import { minutes, promptOf, sentences, urgent, type Cue, type Plan, type Speaker, type Standing } from "./run";

/** "Niamh" of "Niamh Doyle" */
export const firstName = (name: string): string => name.split(" ")[0] ?? name;

/** The one cue: behind left, ahead right, a grey band in which nothing need be said. `instead` takes its words' place while the clock stands. */
export function CueView({ cue, instead }: { cue: Cue; instead: string }) {
  const seconds = Math.round(Math.abs(cue.ahead) / 1000);
  const words = instead || (cue.beyond ? `${seconds < 60 ? `${seconds} s` : minutes(seconds * 1000)} ${cue.ahead < 0 ? "behind" : "ahead"}` : "");
  const reach = Math.max(26_000, cue.band * 1.6);
  const at = 180 + (Math.max(-reach, Math.min(reach, cue.ahead)) / reach) * 130;
  const band = (cue.band / reach) * 130;
  const signal = !instead && Math.abs(cue.ahead) > Math.max(urgent, cue.band);
  return (
    <div className={signal ? "st-cue sig" : "st-cue"}>
      <svg width="360" height="26" viewBox="0 0 360 26" role="img" aria-label={cue.beyond && !instead ? `${words} of plan` : "On plan"}>
        <text x="0" y="17" className="ax">behind</text>
        <text x="360" y="17" textAnchor="end" className="ax">ahead</text>
        <path className="st-line" d="M52 13H312" />
        <rect className="st-band" x={180 - band} y="7" width={2 * band} height="12" />
        <path className="st-zero" d="M180 4v18" />
        <path className="st-off" d={`M${at} 13H180`} />
        <rect className="st-mark" x={at - 7} y="5" width="14" height="16" />
      </svg>
      <p>{words || "\u00a0"}</p>
    </div>
  );
}

/** How loud it is, as thirty bars over 60 dB. */
export function Meter({ level, label }: { level: Level | null; label: string }) {
  const lit = level === null ? 0 : Math.max(0, Math.min(30, Math.round((level.peak + 60) / 2)));
  return (
    <svg className="st-meter" width="180" height="10" viewBox="0 0 180 10" role="img" aria-label={label}>
      {Array.from({ length: 30 }, (_, i) => <rect key={i} className={i < lit ? (i > 28 ? "lit over" : "lit") : undefined} x={i * 6} y="1" width="4" height="8" />)}
    </svg>
  );
}

const Who = ({ speaker }: { speaker: Speaker | null }) => (speaker ? <SectorMark sector={speaker.sector} /> : null);

/** Each section's target and time, along the foot. */
export function SectionBars({ plan, standing, spoken }: { plan: Plan; standing: Standing; spoken: readonly number[] }) {
  return (
    <footer className="st-secs">
      {plan.sections.map((s, i) => {
        const took = spoken[i] ?? 0;
        const on = i === standing.section && !standing.ended;
        const gone = i < standing.section || standing.ended || (i !== standing.section && took > 0);
        const over = took - s.targetMilliseconds;
        return (
          <div key={s.id} className={on ? "st-sec on" : "st-sec"} style={{ flexGrow: Math.max(1, s.targetMilliseconds / 1000) }} aria-current={on || undefined}>
            <div className="tr"><i style={{ width: `${Math.min(100, s.targetMilliseconds > 0 ? (took / s.targetMilliseconds) * 100 : 0)}%` }} /></div>
            <span className="st-name"><Who speaker={s.speaker} /> {s.speaker && <b>{firstName(s.speaker.name)}</b>} {s.title}</span>
            <span className="num">
              {gone || on ? `${minutes(took)} of ${minutes(s.targetMilliseconds)}` : minutes(s.targetMilliseconds)}
              {gone && !on && Math.abs(over) >= 1000 ? `, ${over > 0 ? "+" : "−"}${number(Math.round(Math.abs(over) / 1000))} s` : ""}
            </span>
          </div>
        );
      })}
    </footer>
  );
}

/** Words for the speaker alone stand in square brackets. */
const aside = (text: string): ReactNode[] => text.split(/(\[[^\]]*\])/).map((part, i) => (part.startsWith("[") ? <i key={i}>{part.slice(1, -1)}</i> : part));

/** The words, those of this slide in front; ↑ and ↓ move them where they are more than the place holds. */
export function Prompter({ plan, standing, notes, size }: { plan: Plan; standing: Standing; notes: readonly string[]; size: number }) {
  const box = useRef<HTMLDivElement>(null);
  const now = useRef<HTMLElement>(null);
  const s = plan.sections[standing.section];
  const slides = s?.firstSlide ? Math.max(1, (s.lastSlide ?? s.firstSlide) - s.firstSlide + 1) : 1;
  const at = s?.firstSlide ? Math.min(slides - 1, Math.max(0, standing.slide - s.firstSlide)) : 0;
  const prompt = s?.script ? promptOf(s.script, at, slides) : { past: "", now: notes[standing.slide - 1] ?? "", next: "" };
  useEffect(() => {
    if (box.current && now.current) box.current.scrollTop = Math.max(0, now.current.offsetTop - box.current.offsetTop - (prompt.past ? size * 1.4 : 0));
  }, [prompt.now, prompt.past, size]);
  return (
    <div className="st-prompt" ref={box} style={{ fontSize: `${size / 16}rem` }} data-prompter>
      {prompt.past && <span className="past">{aside(prompt.past)} </span>}
      <b ref={now}>{aside(prompt.now)}</b>
      {prompt.next && <span className="next"> {aside(prompt.next)}</span>}
      {!prompt.past && !prompt.now && !prompt.next && <span className="past">No words for this slide.</span>}
    </div>
  );
}

/** Who speaks next, when, and the words that pass it on. */
export function HandoverView({ plan, standing, spoken, lastGap }: { plan: Plan; standing: Standing; spoken: readonly number[]; lastGap: number | null }) {
  const own = plan.sections[standing.section];
  const next = plan.sections[standing.section + 1];
  if (!own) return null;
  const left = own.targetMilliseconds - (spoken[standing.section] ?? 0);
  const due = left >= 0 ? `in ${minutes(left, Math.ceil)}` : `now, ${minutes(-left)} over`;
  const after = plan.slides > 0 && own.lastSlide ? `, after slide ${own.lastSlide}` : "";
  const words = sentences(own.script.replace(/\[[^\]]*\]/g, " ")).pop();
  if (!next) {
    return (
      <div className="st-hand">
        <p className="cap">The end {due}{after}</p>
        {words && <p className="mid">“{words.replace(/^[“"]|[”"]$/g, "")}”</p>}
      </div>
    );
  }
  const passes = own.speaker && next.speaker && own.speaker.id !== next.speaker.id;
  return (
    <div className="st-hand">
      <p className="cap">{passes ? "Hand-over" : "Next section"} {due}{after}</p>
      <p className="st-big">
        {passes ? <><Who speaker={own.speaker} /> {firstName(own.speaker!.name)} to <Who speaker={next.speaker} /> {firstName(next.speaker!.name)}</> : next.title}
      </p>
      {words && <p className="mid">“{words.replace(/^[“"]|[”"]$/g, "")}”</p>}
      {passes && lastGap !== null && <p className="mid">Last run: a gap of {number(lastGap / 1000, 1)} s.</p>}
    </div>
  );
}

/** All slides, one in front; the arrows move, Enter shows it. */
export function Overview({ pdf, plan, at }: { pdf: PDFDocumentProxy | null; plan: Plan; at: number }) {
  const mine = useRef<HTMLLIElement>(null);
  useEffect(() => {
    void mine.current?.scrollIntoView({ block: "nearest" });
  }, [at]);
  return (
    <div className="st-over" role="dialog" aria-label="All slides" tabIndex={0}>
      <p className="cap"><kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd> choose <kbd>Enter</kbd> show it <kbd>O</kbd> or <kbd>Esc</kbd> back</p>
      <ul>
        {Array.from({ length: plan.slides }, (_, i) => {
          const s = plan.sections.find((x) => x.firstSlide !== null && x.firstSlide <= i + 1 && i + 1 <= (x.lastSlide ?? x.firstSlide));
          return (
            <li key={i} ref={i + 1 === at ? mine : null} className={i + 1 === at ? "at" : undefined} aria-current={i + 1 === at || undefined}>
              {pdf && <Slide pdf={pdf} slide={i + 1} of={plan.slides} className="st-thumb" />}
              <span><b>{i + 1}</b> {s?.title ?? "in no section"}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** "on plan" in the clock's terms: what is left, and when the speakers finish if they keep to it. */
export function ClockView({ left, slot, finishAt, paused, waiting, zone }: { left: number; slot: number; finishAt: number; paused: boolean; waiting: boolean; zone: (at: number) => string }) {
  return (
    <div className="st-clock">
      <b className={left < 0 ? "num sig" : "num"} role="timer" aria-label={`${minutes(left, Math.ceil)} left`}>{minutes(left, Math.ceil)}</b>
      <span>
        {left < 0 ? `over ${minutes(slot)}` : `left of ${minutes(slot)}`}
        <br />
        {waiting ? "the clock waits" : paused ? "the clock stands" : `finish at ${zone(finishAt)}`}
      </span>
    </div>
  );
}

