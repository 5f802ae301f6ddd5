import { useEffect, useState } from "react";
import type { AnalysisLevel } from "@/gql/graphql";
import { capital, count, list, percent, words } from "@/lib/format";
import { ask, listen, newKey, Trouble } from "@/lib/graphql";
import { announce } from "@/lib/keys";
import { client, useChange, type Refusal } from "@/lib/server";
import { upload } from "@/lib/upload";
import { Button, Check, Choice, Dialog } from "@/ui/controls";
import { Notice, Refusals } from "@/ui/state";
import { AnalyseRehearsal, AnalysisProgress, AttachRecording, SetRecordingConsent, StopAnalysis, type RunView } from "./documents";
import { FilePick } from "./file-pick";
import { recordConsents } from "./sending";
import { firstName } from "./stage-view";

const levelWords: Record<AnalysisLevel, string> = {
  SIGNAL: "Sound alone, on this computer",
  LOCAL_WORDS: "Sound and words, on this computer",
  REMOTE_WORDS: "Sound and words, by your own engine",
};

/** A run without sound: a file brought afterwards, each speaker's yes first. */
export function BringSound({ run, speakers }: { run: RunView; speakers: readonly { id: string; name: string }[] }) {
  const given = new Set(run.consents.filter((c) => c.givenAt && !c.withdrawnAt).map((c) => c.enrolment.id));
  const [agreed, setAgreed] = useState<ReadonlySet<string>>(given);
  const [part, setPart] = useState<number | null>(null);
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const all = speakers.every((s) => agreed.has(s.id));
  const bring = async (file: File) => {
    setRefused([]);
    setPart(0);
    try {
      await recordConsents(run.id, speakers.map((s) => s.id).filter((id) => !given.has(id)));
      const sent = await upload({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()), rehearsalId: run.id }, setPart);
      if ("refused" in sent) return setRefused([sent.refused]);
      const { attachRecording } = await ask(AttachRecording, { input: { rehearsalId: run.id, uploadId: sent.id, offsetMilliseconds: 0, idempotencyKey: newKey(), dryRun: false } });
      setRefused(attachRecording.userErrors);
      await client.invalidateQueries();
    } catch (e) {
      setRefused([{ field: [], code: "", message: e instanceof Trouble ? e.message : (e as Error).message, fix: e instanceof Trouble && e.kind === "unreachable" ? "Choose the file again when the server answers; what was sent is not sent twice." : null }]);
    } finally {
      setPart(null);
    }
  };
  return (
    <div className="stack">
      <p className="mid">This run was not recorded. Times and hand-overs are its events’; voices, pauses and pace need a sound. A recording of a phone or a room will do, as WAV or FLAC, from the run’s start.</p>
      <fieldset className="rh-evid">
        <legend>Each speaker says so themselves</legend>
        {speakers.map((s) => <Check key={s.id} label={`${s.name} agrees to this recording`} value={agreed.has(s.id)} onChange={(on) => setAgreed((was) => { const next = new Set(was); if (on) next.add(s.id); else next.delete(s.id); return next; })} />)}
      </fieldset>
      <p><FilePick label="Add a WAV or FLAC file" accept=".wav,.flac,audio/wav,audio/flac,audio/x-wav" disabled={!all || part !== null} onFile={(f) => void bring(f)} /></p>
      {part !== null && <p role="status">Sending, {percent(Math.round(part * 100))}</p>}
      <Refusals errors={refused} />
    </div>
  );
}

/** Begins an analysis, follows it, stops it. */
export function AnalysisPart({ run }: { run: RunView }) {
  const a = run.analysis;
  const begin = useChange(AnalyseRehearsal, "The analysis");
  const cancel = useChange(StopAnalysis, "Stopping the analysis");
  const analysers = run.pitch.analysers;
  const there = analysers.filter((x) => !x.problem).map((x) => x.level);
  const [level, setLevel] = useState<AnalysisLevel>(there.includes("LOCAL_WORDS") ? "LOCAL_WORDS" : "SIGNAL");
  const [progress, setProgress] = useState<number | null>(a?.progress ?? null);
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const running = a && (a.state === "QUEUED" || a.state === "RUNNING");
  const id = running ? a.id : null;
  useEffect(() => {
    if (!id) return;
    return listen(AnalysisProgress, { job: id }, {
      next: ({ jobProgressed: j }) => {
        setProgress(j.progress ?? null);
        if (j.state === "DONE" || j.state === "FAILED" || j.state === "CANCELLED") {
          announce(j.state === "DONE" ? "The analysis is there." : (j.failure ?? "The analysis was stopped."));
          void client.invalidateQueries();
        }
      },
      error: () => void client.invalidateQueries(),
    });
  }, [id]);
  const start = async () => {
    setRefused([]);
    const { analyseRehearsal } = await begin.make({ rehearsalId: run.id, level, dryRun: false });
    setRefused(analyseRehearsal.userErrors);
  };
  const sends = analysers.find((x) => x.level === level)?.sendsTo;
  if (running) {
    return (
      <p className="rv-play-r" role="status">
        <progress value={progress ?? undefined} max={1} aria-label="Analysis" /> {progress === null ? "Analysing…" : `Analysing, ${percent(Math.round(progress * 100))}`} <span className="cap">{levelWords[a.level].toLowerCase()}; you can go on reading.</span>
        <Button size="sm" isDisabled={cancel.busy} onPress={() => void cancel.make({ jobId: a.id, dryRun: false })}>Stop</Button>
      </p>
    );
  }
  const missing = analysers.filter((x) => x.problem);
  return (
    <div className="stack">
      {a?.state === "FAILED" && <Notice tone="signal"><b>The analysis failed.</b> {a.failure}</Notice>}
      {a?.state === "CANCELLED" && <p className="mid">The analysis was stopped.</p>}
      <div className="rv-play-r">
        {there.length > 1 && <Choice label="How" bare size="sm" width="19rem" value={level} onChange={setLevel} items={there.map((l) => ({ id: l, name: levelWords[l] }))} />}
        <Button isDisabled={begin.busy} onPress={() => void start()}>{a ? "Analyse again" : "Analyse the voices"}</Button>
        {sends && <b className="sig">The sound leaves this computer: it is sent to {sends}.</b>}
      </div>
      {missing.map((x) => <p key={x.level} className="cap">{levelWords[x.level]}: {x.problem}</p>)}
      <Refusals errors={refused} />
    </div>
  );
}

/** Who agreed to be recorded, and how to take it back. */
export function ConsentsPart({ run }: { run: RunView }) {
  const [back, setBack] = useState<RunView["consents"][number] | null>(null);
  const change = useChange(SetRecordingConsent, "Taking the yes back");
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const gave = run.consents.filter((c) => c.givenAt && !c.withdrawnAt);
  const took = run.consents.filter((c) => c.withdrawnAt);
  const first = back ? firstName(back.enrolment.person.name) : "";
  const take = async () => {
    const { setRecordingConsent } = await change.make({ rehearsalId: run.id, enrolmentId: back!.enrolment.id, agreed: false, dryRun: false });
    setRefused(setRecordingConsent.userErrors);
    if (setRecordingConsent.userErrors.length === 0) setBack(null);
  };
  return (
    <>
      {took.length > 0 && <p className="mid">{list(took.map((c) => c.enrolment.person.name))} took {took.length === 1 ? "their" : "their"} yes back; the sound of this run is gone everywhere.</p>}
      {gave.length > 0 && (
        <details>
          <summary>{capital(words(gave.length))} {gave.length === 1 ? "speaker" : "speakers"} agreed to this recording</summary>
          <ul className="rc-list">{gave.map((c) => <li key={c.enrolment.id}><span>{c.enrolment.person.name}{c.writtenBy && c.writtenBy !== c.enrolment.person.name ? `, written down by ${c.writtenBy}` : ""}</span><Button size="sm" kind="bare" onPress={() => { setRefused([]); setBack(c); }}>Take {firstName(c.enrolment.person.name)}’s yes back…</Button></li>)}</ul>
        </details>
      )}
      {back && (
        <Dialog
          title={`Take ${first}’s yes back`}
          lede="The sound of this run, its outline and its analysis are removed everywhere, for good. Times, hand-overs and feedback stay."
          onClose={() => setBack(null)}
          foot={<><Button kind="stop" isDisabled={change.busy} onPress={() => void take()}>Remove the sound</Button><Button onPress={() => setBack(null)}>Leave it as it is</Button></>}
        >
          <Refusals errors={refused} />
        </Dialog>
      )}
    </>
  );
}

/** Whether the voices were analysed with words that nobody knows the sound of. */
export const unknownWords = (all: readonly string[]): string => (all.length === 0 ? "" : `The engine knows no sound of ${count(all.length, "word")}: ${list(all.slice(0, 6))}${all.length > 6 ? "…" : ""}. The pitch can say how they are said.`);
