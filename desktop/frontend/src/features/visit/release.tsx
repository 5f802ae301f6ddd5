import { useEffect, useState, type ReactNode } from "react";
import type { ImpactLineFragment } from "@/gql/graphql";
import { capital, count, list, words } from "@/lib/format";
import { copyText } from "@/lib/platform";
import { announce } from "@/lib/keys";
import { useChange, usePreview, type Refusal } from "@/lib/server";
import { Button, Dialog } from "@/ui/controls";
import { PairCount } from "@/ui/marks";
import { Refusals, TroubleNote } from "@/ui/state";
import { hostOf, type Board } from "./board";
import { Release } from "./documents";
import { ruleAndFact } from "./moving";

const effectWord = { CREATED: "new", CHANGED: "changed", REMOVED: "stood down", AT_RISK: "at risk", LATE: "late" } as const;

/** Who a group of an impact is, in a few words. */
export function whoOf(i: ImpactLineFragment): string {
  const names = i.subjects.flatMap((s) =>
    s.__typename === "Site" ? [hostOf(s)] : s.__typename === "HostOffer" ? [hostOf(s.site)] : s.__typename === "Visit" ? [hostOf(s.offer.site)] : s.__typename === "VisitPlan" ? [`plan ${s.number}`] : s.__typename === "Enrolment" ? [s.person.name] : [],
  );
  const people = i.subjects.some((s) => s.__typename === "Enrolment");
  if (names.length === 0) return people ? count(i.count, "person", "people") : count(i.count, "thing");
  if (people && (i.count > 3 || names.length < i.count)) return count(i.count, "person", "people");
  if (names.length > 3) return `${names.slice(0, 2).join(", ")} and ${words(i.count - 2)} more`;
  return list([...new Set(names)]);
}

const sectorsOf = (i: ImpactLineFragment): { public: number; private: number } | null => {
  const of = (s: "PUBLIC" | "PRIVATE") => i.subjects.filter((x) => x.__typename === "Enrolment" && x.sectorAtEnrolment === s).length;
  const pair = { public: of("PUBLIC"), private: of("PRIVATE") };
  return pair.public + pair.private > 0 && pair.public + pair.private === i.count ? pair : null;
};

/** Entries that somebody has to be told of, and the rest. */
export const toldOf = (impact: readonly ImpactLineFragment[]) => ({
  told: impact.filter((i) => i.notice),
  rest: impact.filter((i) => !i.notice),
});

/** How many people must be told something; hosts are not counted. */
export function peopleTold(impact: readonly ImpactLineFragment[]): number {
  const ids = new Set<string>();
  let unseen = 0;
  for (const i of impact) {
    if (!i.notice) continue;
    const people = i.subjects.flatMap((s) => (s.__typename === "Enrolment" ? [s.id] : []));
    for (const p of people) ids.add(p);
    if (people.length > 0) unseen += Math.max(0, i.count - people.length);
  }
  return ids.size + unseen;
}

/** All drafted messages as one text, to be pasted where they are sent from. */
export const messagesText = (impact: readonly ImpactLineFragment[], ticked: ReadonlySet<number>): string =>
  toldOf(impact)
    .told.flatMap((i, n) => (ticked.has(n) ? [`To: ${whoOf(i)}\nSubject: ${i.notice!.title}\n\n${i.notice!.text}`] : []))
    .join("\n\n----\n\n");

/** Who must be told, each with the message that was drafted. */
export function TellList({ impact, ticked, onTick }: { impact: readonly ImpactLineFragment[]; ticked: ReadonlySet<number>; onTick: (n: number, on: boolean) => void }) {
  const { told, rest } = toldOf(impact);
  return (
    <>
      <ul className="pl-tell">
        {told.map((i, n) => {
          const who = whoOf(i);
          const pair = sectorsOf(i);
          return (
            <li key={n}>
              <input type="checkbox" id={`tell-${n}`} checked={ticked.has(n)} onChange={(e) => onTick(n, e.target.checked)} aria-label={`${who}: in the list to send`} />
              <b>{who}</b>
              <span className={i.effect === "LATE" || i.effect === "AT_RISK" ? "sig" : "dim"}>{pair ? <PairCount {...pair} /> : effectWord[i.effect]}</span>
              <div>
                <p>{i.because}</p>
                <details>
                  <summary>Read the draft<span className="vh"> for {who}</span></summary>
                  <p className="pl-subj">{i.notice!.title}</p>
                  <pre className="pl-msg">{i.notice!.text}</pre>
                </details>
              </div>
            </li>
          );
        })}
        {told.length === 0 && <li><span /><p className="mid">Nobody has to be told anything.</p></li>}
      </ul>
      {rest.length > 0 && (
        <>
          <h3 className="pl-gap">Also touched</h3>
          <ul className="pl-lines">{rest.map((i, n) => <li key={n} className={i.effect === "LATE" || i.effect === "AT_RISK" ? "sig" : undefined}><b>{capital(whoOf(i))}.</b> {i.because}</li>)}</ul>
        </>
      )}
    </>
  );
}

/** Which of a list are ticked: all, until somebody unticks one. */
export function useTicks(n: number): [ReadonlySet<number>, (i: number, on: boolean) => void] {
  const [off, setOff] = useState<ReadonlySet<number>>(new Set());
  useEffect(() => setOff(new Set()), [n]);
  const ticked = new Set(Array.from({ length: n }, (_, i) => i).filter((i) => !off.has(i)));
  return [ticked, (i, on) => setOff((o) => { const s = new Set(o); if (on) s.delete(i); else s.add(i); return s; })];
}

export function CopyButton({ text, children }: { text: () => string; children: ReactNode }) {
  const [said, setSaid] = useState("");
  return (
    <Button
      onPress={() => void copyText(text()).then((ok) => { setSaid(ok ? "Copied" : "Copying is not allowed here"); announce(ok ? "Copied" : "Copying is not allowed here"); })}
    >
      {said || children}
    </Button>
  );
}

/** What a release does, before it is done: who must be told, with their messages; nothing is sent. */
export function ReleaseDialog({ board, onClose, onReleased, onStale }: { board: Board; onClose: () => void; onReleased: () => void; onStale: () => void }) {
  const intent = { planId: board.id, expectedVersion: board.version };
  const preview = usePreview(Release, intent);
  const release = useChange(Release);
  const [done, setDone] = useState<{ impact: readonly ImpactLineFragment[]; number: number } | null>(null);
  const [errors, setErrors] = useState<readonly Refusal[]>([]);
  const would = preview.data?.releaseVisitPlan;
  const impact = done?.impact ?? would?.impact ?? [];
  const refused = errors.length > 0 ? errors : (would?.userErrors ?? []);
  const [ticked, tick] = useTicks(toldOf(impact).told.length);
  const stale = refused.some((e) => e.code === "STALE");
  const blocked = refused.length > 0;

  const act = async () => {
    setErrors([]);
    try {
      const { releaseVisitPlan: a } = await release.make({ ...intent, dryRun: false });
      if (a.userErrors.some((e) => e.code === "STALE")) return onStale();
      if (a.userErrors.length > 0) return setErrors(a.userErrors);
      setDone({ impact: a.impact, number: a.plan?.number ?? board.number });
      announce(`Released as version ${a.plan?.number ?? board.number}. Calendars have changed; nothing was sent.`);
      onReleased();
    } catch {
      // The trouble is shown below.
    }
  };

  if (done) {
    return (
      <Dialog key="done" title={`Version ${done.number} is in force`} wide onClose={onClose} lede="Calendars have changed. Nothing was sent: these are the messages for you to send."
        foot={<><CopyButton text={() => messagesText(done.impact, ticked)}>Copy the messages</CopyButton><span className="far"><Button onPress={onClose}>Close</Button></span></>}>
        <TellList impact={done.impact} ticked={ticked} onTick={tick} />
      </Dialog>
    );
  }
  const n = toldOf(impact).told.length;
  return (
    <Dialog
      title={`Release draft ${board.number} as version ${board.number}`}
      wide
      onClose={onClose}
      lede={would ? (blocked ? "It cannot be released as it is." : `${n === 0 ? "Nobody has to be told anything" : `${capital(count(n, "message"))} ${n === 1 ? "is" : "are"} drafted`}. Calendars change when you release; nothing is sent by Tandem.`) : "Counting who must be told…"}
      foot={
        <>
          <Button kind="go" isDisabled={!would || blocked || release.busy} onPress={() => void act()}>{release.waiting ? "Waits for the server" : `Release as version ${board.number}`}</Button>
          <Button onPress={onClose}>Not yet</Button>
          {n > 0 && !blocked && <span className="far"><CopyButton text={() => messagesText(impact, ticked)}>Copy the messages</CopyButton></span>}
        </>
      }
    >
      {stale ? (
        <div className="refusals" role="alert"><p><b>Somebody saved this draft meanwhile.</b> Look at it as it now is, then release.</p><p><Button onPress={onStale}>Show it as it now is</Button></p></div>
      ) : (
        <Refusals errors={refused} />
      )}
      {blocked && board.broken.length > 0 && <ul className="pl-lines">{board.broken.map((b, i) => <li key={i}><b>{ruleAndFact(b)[0]}.</b> {ruleAndFact(b)[1]}</li>)}</ul>}
      {preview.error && preview.error.kind !== "unreachable" && <TroubleNote trouble={preview.error} />}
      {release.trouble && release.trouble.kind !== "unreachable" && <TroubleNote trouble={release.trouble} />}
      {would && !blocked && <TellList impact={impact} ticked={ticked} onTick={tick} />}
    </Dialog>
  );
}
