import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { clock, count, words } from "@/lib/format";
import { announce, useLetters } from "@/lib/keys";
import { inWindow } from "@/lib/platform";
import { useAsk } from "@/lib/server";
import { EmptyState, Loading, Notice, TroubleNote } from "@/ui/state";
import { tellAudience } from "./audience";
import { Slide, useSlides } from "./deck";
import { Stage } from "./documents";
import type { Level } from "./listening";
import { openMicrophone, type Microphone } from "./microphone";
import { keepEvents, keepRun, keptEvents, keptRuns, amendRun, type KeptRun } from "./outbox";
import { Preflight } from "./preflight";
import { adopt, planOf } from "./resume";
import { brokenOff, cueAt, minutes, opening, placeOf, press, spokenAt, standingOf, stepsOf, sum, type Move, type RunEvent } from "./run";
import { ClockView, CueView, firstName, HandoverView, Meter, Overview, Prompter, SectionBars } from "./stage-view";
import { openRun, recordConsents, send, useSending } from "./sending";
import type { Tape } from "./tape";
import { openWindowMicrophone } from "./window-recorder";
import "./stage.css";

/** What was settled before the run. */
export interface Settled {
  finishAt: number | null;
  /** An open microphone, and that every speaker agreed; null for a run without sound. */
  microphone: Microphone | null;
}

interface OnStage {
  run: KeptRun;
  events: readonly RunEvent[];
  microphone: Microphone | null;
}

/** The stage of a team: first what has to be settled, then the presenter. */
export function StageScreen() {
  const { cohort, team: id } = useParams({ strict: false }) as { cohort: string; team: string };
  const search = useSearch({ strict: false }) as { run?: string };
  const go = useNavigate();
  const found = useAsk(Stage, { team: id });
  const [on, setOn] = useState<OnStage | null>(null);
  const [broken, setBroken] = useState<readonly KeptRun[] | null>(null);
  const [trouble, setTrouble] = useState("");
  useEffect(() => {
    void keptRuns().then(
      (all) => setBroken(all.filter((r) => r.team === id && !r.ended)),
      () => {
        setBroken([]);
        setTrouble("This browser keeps nothing on this device, so that a reload would lose the run. Open an ordinary window, not a private one.");
      },
    );
  }, [id]);
  const resume = useCallback(async (run: KeptRun) => {
    const events = await keptEvents(run.key);
    // A reload goes on at once; after a longer break the clock stood since it was last seen.
    const gone = Date.now() - run.seenAt > 30_000 && !standingOf(run.plan.sections, events).paused;
    const pause = gone ? brokenOff(events, run.seenAt - run.startedAt) : [];
    if (gone) await keepEvents(run.key, pause);
    // The speakers agreed to this run's recording: it goes on as a new stretch.
    const microphone = run.windowSound ? await openWindowMicrophone("", true) : run.sound ? await openMicrophone().catch(() => null) : null;
    setOn({ run, events: [...events, ...pause], microphone });
  }, []);
  // A reload in the middle of a run is no question: it goes on.
  const recent = broken?.find((r) => Date.now() - r.seenAt <= 30_000);
  useEffect(() => {
    if (recent && !on) void resume(recent);
  }, [recent, on, resume]);
  useEffect(() => {
    if (!search.run || !broken || broken.some((r) => r.rehearsal === search.run)) return;
    void adopt(search.run).then(resume, (e: Error) => setTrouble(e.message));
  }, [search.run, broken, resume]);

  const team = found.data?.node?.__typename === "Team" ? found.data.node : null;
  if (on) return <Presenter cohort={cohort} team={id} {...on} lastRuns={team?.pitch?.rehearsals.nodes ?? []} deck={team?.pitch?.deck ?? null} />;
  if (recent || !broken || search.run) return trouble ? <div className="st-page pad"><Notice tone="signal"><b>{trouble}</b></Notice></div> : <Loading what="the run" />;
  if (!found.data) return found.error ? <div className="st-page pad"><TroubleNote trouble={found.error} /></div> : <Loading what="the pitch" />;
  if (!team?.pitch) return <main className="st-page"><EmptyState title="This pitch is its team's alone"><p>Rehearsals never leave the team. <a href={`#/c/${cohort}/rehearse`}>Back to the programme</a>.</p></EmptyState></main>;
  if (team.pitch.sections.length === 0) return <main className="st-page"><EmptyState title="No section yet"><p>A pitch needs one section before it can be rehearsed. <a href={`#/c/${cohort}/rehearse/${id}`}>Write the first one</a>.</p></EmptyState></main>;
  const pitch = team.pitch;
  const begin = async ({ finishAt, microphone }: Settled) => {
    const plan = planOf(pitch);
    const key = crypto.randomUUID();
    const now = Date.now();
    const run: KeptRun = { key, pitch: pitch.id, team: id, plan, startedAt: now, finishAt, seenAt: now, rehearsal: null, sent: 0, batch: null, ended: false, sound: null, windowSound: null, refused: null };
    const events = opening(plan);
    await keepRun(run, events);
    if (microphone) {
      // Each yes is on the server before the first byte of sound is kept.
      const speakers = [...new Set(plan.sections.flatMap((s) => (s.speaker ? [s.speaker.id] : [])))];
      run.rehearsal = await openRun(key);
      await recordConsents(run.rehearsal, speakers);
    }
    setOn({ run, events, microphone });
  };
  return (
    <Preflight
      team={team}
      broken={broken}
      trouble={trouble}
      back={() => void go({ to: `/c/${cohort}/rehearse/${id}` })}
      onResume={(r) => void resume(r)}
      onBegin={begin}
    />
  );
}

const sizes = [18, 20, 22, 24, 28, 32, 36, 40, 48];
const sizeName = "tandem.prompter";

function Presenter({ cohort, team, run, events: first, microphone, lastRuns, deck }: OnStage & { cohort: string; team: string; lastRuns: readonly { handovers: readonly { from: { id: string }; to: { id: string }; gapMilliseconds?: number | null }[] }[]; deck: { id: string; bytes: number; notes: readonly string[]; problem?: string | null } | null }) {
  const { plan, startedAt } = run;
  const [log, setLog] = useState(first);
  const latest = useRef(first);
  const inTurn = useRef<Promise<void>>(Promise.resolve());
  const [now, setNow] = useState(Date.now() - startedAt);
  const [size, setSize] = useState(() => Number(localStorage.getItem(sizeName)) || 24);
  const [black, setBlack] = useState(false);
  const [over, setOver] = useState<number | null>(null);
  const [ending, setEnding] = useState(false);
  const [trouble, setTrouble] = useState("");
  const [level, setLevel] = useState<Level | null>(null);
  const [silent, setSilent] = useState(false);
  const [letters] = useLetters();
  const tape = useRef<Tape | null>(null);
  const slides = useSlides(run.pitch, deck);
  const standing = useMemo(() => standingOf(plan.sections, log), [plan, log]);
  const spoken = spokenAt(standing, now);
  const steps = useMemo(() => stepsOf(plan), [plan]);
  const sending = useSending(run.key);
  const speakers = new Set(plan.sections.flatMap((s) => (s.speaker ? [s.speaker.id] : [])));

  const act = useCallback(
    (move: Move) => {
      const at = Date.now() - startedAt;
      inTurn.current = inTurn.current.then(async () => {
        const happened = press(plan, latest.current, move, at);
        if (happened.length === 0) return;
        // On the disk first, on the screen after.
        await keepEvents(run.key, happened);
        const before = standingOf(plan.sections, latest.current);
        latest.current = [...latest.current, ...happened];
        const after = standingOf(plan.sections, latest.current);
        setLog(latest.current);
        setNow(Date.now() - startedAt);
        const speaker = plan.sections[after.section]?.speaker;
        if (after.section !== before.section) announce(`${speaker ? `${firstName(speaker.name)}: ` : ""}${plan.sections[after.section]!.title}`);
        else if (after.paused !== before.paused) announce(after.paused ? "A question. The clock stands; targets stay." : "The clock goes on.");
        if (after.ended) {
          await tape.current?.stop();
          microphone?.close();
          await amendRun(run.key, () => ({ ended: true }));
        }
        void send(run.key);
      }).catch((e: Error) => setTrouble(`This key was not kept, and nothing moved: ${e.message}`));
    },
    [plan, run.key, startedAt, microphone],
  );

  useEffect(() => {
    void send(run.key);
    const tick = setInterval(() => setNow(Date.now() - startedAt), 250);
    const seen = setInterval(() => void amendRun(run.key, () => ({ seenAt: Date.now() })).catch(() => undefined), 5000);
    return () => {
      clearInterval(tick);
      clearInterval(seen);
    };
  }, [run.key, startedAt]);

  useEffect(() => {
    const rehearsal = run.rehearsal;
    if (!microphone || !rehearsal || latest.current.some((e) => e.kind === "END")) return;
    let quiet = 0;
    microphone.hear((l) => {
      setLevel(l);
      quiet = l.peak < -80 ? quiet + 1 : 0;
      setSilent(quiet > 30);
    });
    microphone.record({ key: run.key, startedAt, rehearsal }, setTrouble).then((t) => (tape.current = t), (e: Error) => setTrouble(`Nothing is recorded: ${e.message}`));
  }, [microphone, run.key, run.rehearsal, startedAt]);

  // The audience sees the slide, and black when it should.
  const shown = useRef({ slide: standing.slide, black });
  shown.current = { slide: standing.slide, black };
  const audience = useRef<ReturnType<typeof tellAudience> | null>(null);
  useEffect(() => {
    audience.current = tellAudience(run.pitch, () => shown.current);
    return () => audience.current?.stop();
  }, [run.pitch]);
  useEffect(() => audience.current?.now(), [standing.slide, black]);

  const state = useRef({ over, ending, standing });
  state.current = { over, ending, standing };
  useEffect(() => {
    const grow = (by: number) =>
      setSize((s) => {
        const next = sizes[Math.max(0, Math.min(sizes.length - 1, sizes.findIndex((x) => x >= s) + by))]!;
        localStorage.setItem(sizeName, String(next));
        return next;
      });
    const hear = (e: KeyboardEvent) => {
      if (e.ctrlKey || e.metaKey || e.altKey) return;
      const { over, ending, standing } = state.current;
      if (standing.ended) return;
      const letter = e.key.length === 1 && /[a-z]/i.test(e.key);
      if (letter && !letters) return;
      const key = letter ? e.key.toLowerCase() : e.key;
      const done = () => e.preventDefault();
      const next = key === " " || key === "PageDown" || key === "ArrowRight" || key === "Enter";
      const back = key === "PageUp" || key === "ArrowLeft";
      if (key === "F5") return done(); // a clicker's "begin"; a reload is no part of a run
      if (over !== null) {
        done();
        if (key === "Escape" || key === "o") return setOver(null);
        if (next && key !== "ArrowRight") {
          act({ slide: over });
          return setOver(null);
        }
        const by = { ArrowRight: 1, ArrowLeft: -1, PageUp: -1, ArrowDown: 4, ArrowUp: -4 }[key] ?? 0;
        return setOver(Math.max(1, Math.min(plan.slides, over + by)));
      }
      if (ending) {
        done();
        setEnding(false);
        if (next) act("end");
        return;
      }
      if (next) {
        done();
        if (e.repeat) return; // a key held down is one key
        if (!standing.waiting && placeOf(steps, standing) === steps.length - 1) return setEnding(true);
        return act("next");
      }
      if (back) return done(), e.repeat ? undefined : act("back");
      switch (key) {
        case "h": done(); return e.repeat ? undefined : act("handover");
        case "p": done(); return e.repeat ? undefined : act("pause");
        case "f": done(); return act("filler");
        case "b":
        case ".": done(); act("click"); return setBlack((b) => !b);
        case "o": done(); act("click"); return plan.slides > 0 ? setOver(Math.max(1, standing.slide)) : undefined;
        case "+":
        case "=": done(); return grow(1);
        case "-": done(); return grow(-1);
        case "Backspace": done(); return e.repeat ? undefined : act("undo");
        case "Escape": done(); return standing.waiting ? void (location.hash = `#/c/${cohort}/rehearse/${team}`) : setEnding(true);
        case "ArrowDown":
        case "ArrowUp": {
          done();
          const box = document.querySelector("[data-prompter]");
          box?.scrollBy({ top: (key === "ArrowDown" ? 1 : -1) * box.clientHeight * 0.6 });
          return;
        }
        case "a": done(); return void openAudience(cohort, team, setTrouble);
      }
    };
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, [act, cohort, letters, plan.slides, steps, team]);

  const total = sum(spoken);
  const left = run.finishAt !== null ? run.finishAt - (startedAt + now) : plan.slotMilliseconds - total;
  const cue = cueAt(plan.sections, standing.section, standing.slide, total);
  const section = plan.sections[standing.section];
  const next = steps[placeOf(steps, standing) + 1];
  const after = plan.sections[standing.section + 1];
  const lastGap = useMemo(() => {
    const [from, to] = [section?.speaker?.id, after?.speaker?.id];
    return lastRuns.flatMap((r) => r.handovers).find((h) => h.from.id === from && h.to.id === to && h.gapMilliseconds != null)?.gapMilliseconds ?? null;
  }, [lastRuns, section, after]);

  if (standing.ended) return <Ended cohort={cohort} team={team} run={run} total={total} waiting={sending} />;
  const fresh = !standing.waiting && standing.since > 0 && now - standing.since < 4000;
  const nextIsSlide = next?.slide != null;
  return (
    <main className="stage" data-theme="dark" aria-label={`On stage: ${section?.title ?? ""}`}>
      <h1 className="vh">Rehearsal</h1>
      <header className="st-top">
        <ClockView left={left} slot={run.finishAt !== null ? run.finishAt - startedAt : plan.slotMilliseconds} finishAt={startedAt + now + left} paused={standing.paused} waiting={standing.waiting} zone={(at) => clock(new Date(at))} />
        <CueView cue={standing.waiting ? { ...cue, ahead: 0, beyond: false } : cue} instead={standing.waiting ? "Space starts the clock" : standing.paused ? (standing.asked ? "A question: P goes on, targets stay" : "The clock stands: P goes on") : ""} />
        <div className={silent ? "st-rec sig" : "st-rec"}>
          {microphone && run.rehearsal ? (silent ? "The microphone sends silence" : `Recording, all ${words(speakers.size)} agreed`) : run.sound ? "Recording ended with the reload" : "Not recorded"}
          <br />
          {microphone ? <Meter level={level} label={silent ? "No level" : "The microphone's level"} /> : <span className="cap">{sending.away ? "Kept on this device; the server is away" : "Times are kept"}</span>}
        </div>
      </header>
      {(trouble || sending.refused) && <p className="st-trouble" role="alert">{trouble || sending.refused}</p>}
      <div className="st-mid">
        <div className="st-left">
          {slides.pdf && standing.slide > 0
            ? <div className="st-show"><Slide pdf={slides.pdf} slide={standing.slide} of={plan.slides} className="st-cur" /></div>
            : <div className="st-noslide"><p className="cap">{section?.speaker ? firstName(section.speaker.name) : "Section"} {standing.section + 1} of {plan.sections.length}</p><p>{section?.title}</p>{slides.trouble && <p className="cap">{slides.trouble}</p>}</div>}
          <Prompter plan={plan} standing={standing} notes={deck?.notes ?? []} size={size} />
        </div>
        <div className="st-right">
          <p className="cap">{next ? (nextIsSlide ? `Next: slide ${next.slide} of ${plan.slides}` : `Next: ${plan.sections[next.section]!.title}`) : "The last one"}</p>
          {slides.pdf && nextIsSlide && <Slide pdf={slides.pdf} slide={next.slide!} of={plan.slides} className="st-nxt" />}
          <HandoverView plan={plan} standing={standing} spoken={spoken} lastGap={lastGap} />
          <p className="st-keys">
            <span><kbd>Space</kbd> next</span> <span><kbd>←</kbd> back</span> <span><kbd>H</kbd> hand over</span> <span><kbd>P</kbd> question</span> <span><kbd>B</kbd> black</span> {plan.slides > 0 && <span><kbd>O</kbd> all slides</span>} <span><kbd>+</kbd> <kbd>−</kbd> text size</span> <span><kbd>A</kbd> audience’s window</span> <span><kbd>F</kbd> heard a filler</span> <span><kbd>Backspace</kbd> undo a stray key</span> <span><kbd>Esc</kbd> end</span>
          </p>
        </div>
        {fresh && section?.speaker && <p className="st-now">{firstName(section.speaker.name)} speaks <span>{section.title}</span></p>}
        {black && <p className="st-black">The audience sees black. <kbd>B</kbd> shows the slide again</p>}
        {over !== null && <Overview pdf={slides.pdf} plan={plan} at={over} />}
        {ending && (
          <div className="st-end" role="alertdialog" aria-label="End the run?">
            <h2>{placeOf(steps, standing) === steps.length - 1 ? "That was the last one. End the run?" : "End the run here?"}</h2>
            <p>{minutes(total)} so far. <kbd>Space</kbd> ends it. <kbd>Esc</kbd> or <kbd>←</kbd> goes on; the clock has not stopped.</p>
          </div>
        )}
      </div>
      <SectionBars plan={plan} standing={standing} spoken={spoken} />
    </main>
  );
}

/** Opens the audience's window, or says how else the audience sees the slide. */
export function openAudience(cohort: string, team: string, say: (text: string) => void): void {
  const opened = window.open(`#/stage/${cohort}/${team}/audience`, "tandem-audience", "popup,width=960,height=540");
  if (!opened) say(inWindow() ? "Tandem’s window cannot open a second one. In a browser, `tandem serve` shows the slide on a second screen; here, mirror this one." : "The browser did not open a second window. Allow pop-ups for this page, and press A again.");
}

function Ended({ cohort, team, run, total, waiting }: { cohort: string; team: string; run: KeptRun; total: number; waiting: ReturnType<typeof useSending> }) {
  const go = useNavigate();
  const id = waiting.rehearsal ?? run.rehearsal;
  const over = total - run.plan.slotMilliseconds;
  const gone = !waiting.away && waiting.part === null && !waiting.refused;
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => link.current?.focus(), [id]);
  return (
    <main className="stage st-done" data-theme="dark">
      <div>
        <h1>{minutes(total)}</h1>
        <p className={over > 0 ? "sig" : undefined}>{over > 0 ? `${count(Math.round(over / 1000), "second")} over the ${minutes(run.plan.slotMilliseconds)} slot` : `within the ${minutes(run.plan.slotMilliseconds)} slot, ${count(Math.round(-over / 1000), "second")} to spare`}</p>
        <p role="status">
          {waiting.refused ?? (waiting.away ? "All of it is kept on this device and is sent when the server answers." : waiting.part !== null ? `The sound is being sent, ${Math.round(waiting.part * 100)} %. It is kept here until then.` : "Everything is kept.")}
        </p>
        <p className="st-acts">
          {id && <a className="btn go" ref={link} href={`#/c/${cohort}/rehearse/${team}/run/${id}`} onClick={(e) => { e.preventDefault(); void go({ to: `/c/${cohort}/rehearse/${team}/run/${id}` }); }}>To the run’s page</a>}
          <a className="btn" href={`#/c/${cohort}/rehearse/${team}`}>Back to the pitch</a>
          {gone ? null : <button className="btn" onClick={() => void send(run.key)}>Send now</button>}
        </p>
      </div>
    </main>
  );
}
