import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import type { RepairCause, WaysOutQuery } from "@/gql/graphql";
import { useSettled } from "@/lib/debounce";
import { useCohort } from "@/lib/cohort";
import { capital, count, dateIn, day, list, mass, number, signed, time } from "@/lib/format";
import { announce } from "@/lib/keys";
import { useAsk, useChange, usePreview, type Refusal } from "@/lib/server";
import { ChangeDialog, Impacts } from "@/ui/change";
import { Button, Field, NumberBox } from "@/ui/controls";
import { Cross } from "@/ui/marks";
import { Loading, Refusals, TroubleNote } from "@/ui/state";
import { hostOf, type Board, type Visit } from "./board";
import { CancelVisit, DraftRepair, LimitGroup, WaysOut } from "./documents";
import { Part } from "./panels";

/* Ways out after something went wrong: up to five, the fewest changed places first; one becomes a draft. */

export type Way = NonNullable<NonNullable<WaysOutQuery["visitPlan"]>["repairs"]>[number];

/** What went wrong, and how to say so. */
export type Upset =
  | { what: "cancelled"; visit: Visit }
  | { what: "shrunk"; visit: Visit }
  | { what: "left"; id: string; name: string }
  | { what: "joined"; id: string; name: string }
  | { what: "lost"; on: string };

export const upsetTitle = (u: Upset): string =>
  u.what === "cancelled" ? `${hostOf(u.visit.offer.site)} cancels`
  : u.what === "shrunk" ? `${hostOf(u.visit.offer.site)} takes fewer`
  : u.what === "left" ? `${u.name} leaves the cohort`
  : u.what === "joined" ? `${u.name} joins the cohort`
  : `Nothing is possible on ${day(u.on)}`;

/** The offers whose visits a way changes, and those that it gives up. */
export interface Touched {
  changed: ReadonlySet<string>;
  gone: ReadonlySet<string>;
}
export const untouched: Touched = { changed: new Set(), gone: new Set() };

const sizeOf = (v: Visit): number => (v.group.sectors ? v.group.sectors.public + v.group.sectors.private : (v.group.members?.length ?? 0));

const causeOf = (u: Upset, most: number): RepairCause =>
  (u.what === "cancelled" ? { visitCancelled: u.visit.id }
  : u.what === "shrunk" ? { visitShrunk: { visitId: u.visit.id, maxGroup: most } }
  : u.what === "left" ? { personLeft: u.id }
  : u.what === "joined" ? { personJoined: u.id }
  : { dayLost: u.on }) as RepairCause;

/** A way out in a few words: what comes in the place of what is lost. */
export function wayTitle(way: Pick<Way, "changes">, zone: string): string {
  const of = (kind: Way["changes"][number]["kind"]) => way.changes.filter((c) => c.kind === kind);
  const on = (c: Way["changes"][number]) => dateIn((c.after ?? c.before)!.startsAt, zone);
  const [added, removed, moved, regrouped] = [of("ADDED"), of("REMOVED"), of("MOVED"), of("REGROUPED")];
  const names = (all: Way["changes"]) => list([...new Set(all.map((c) => hostOf(c.offer.site)))]);
  const lost = new Set(removed.map(on));
  if (added.length > 0) {
    const days = [...new Set(added.map(on))];
    const when = days.every((d) => lost.has(d)) ? "the same day" : `on ${list(days.map(day))}`;
    return `${names(added)} instead, ${when}`;
  }
  if (moved.length > 0) return `${names(moved)} on ${list([...new Set(moved.map(on))].map(day))}`;
  if (removed.length > 0 && regrouped.length > 0) return `Its people join ${names(regrouped)}`;
  if (removed.length > 0) return removed.length > 1 ? `Do without ${names(removed)}` : "Do without it";
  if (regrouped.length > 0) return `${names(regrouped)}: other groups`;
  return "The plan can stay as it is";
}

const reach = ["", "in that fortnight", "another fortnight too", "the whole plan"];

/** What a way out costs the plan, level by level, in words; what stays the same is left out. */
export function costOf(way: Pick<Way, "score">, now: Board["score"]): { worse: string[]; better: string[] } {
  const worse: string[] = [];
  const better: string[] = [];
  const say = (d: number, more: string, less: string) => void (d > 0 ? worse.push(more) : d < 0 && better.push(less));
  const s = way.score;
  const themes = s.uncovered - now.uncovered;
  say(themes, `${count(themes, "team theme")} unseen`, `${count(-themes, "team theme")} more seen`);
  const most = s.maxShortfall - now.maxShortfall;
  say(most, `somebody misses ${number(s.maxShortfall)} of their visits`, `nobody misses more than ${number(s.maxShortfall)}`);
  say(s.squaredShortfall - now.squaredShortfall, "less fair", "fairer");
  const minutes = s.minutes - now.minutes;
  const hours = `${number(Math.abs(minutes) / 60, Math.abs(minutes) < 600 ? 1 : 0)} h`;
  say(minutes, `${hours} more on the way`, `${hours} less on the way`);
  return { worse, better };
}

const levelRows: { name: string; of: (s: Board["score"]) => number; show: (n: number) => string; change: (n: number) => string }[] = [
  { name: "Team themes unseen", of: (s) => s.uncovered, show: number, change: signed },
  { name: "Largest shortfall, visits", of: (s) => s.maxShortfall, show: number, change: signed },
  { name: "Shortfalls, squared sum", of: (s) => s.squaredShortfall, show: number, change: signed },
  { name: "Hours travelled, everyone", of: (s) => s.minutes / 60, show: (n) => number(n), change: (n) => `${signed(n)} h` },
  { name: "CO2e, estimate", of: (s) => s.gramsCo2e, show: mass, change: (n) => `${n > 0 ? "+" : "−"}${mass(Math.abs(n))}` },
];

export function RepairPanel({ upset, board, onBack, onTouched, onDraft }: {
  upset: Upset;
  board: Board;
  onBack: () => void;
  /** The offers whose visits the way looked at would change, or give up, for the board. */
  onTouched: (t: Touched) => void;
  onDraft: (planId: string, number: number, offers: ReadonlySet<string>) => void;
}) {
  const { programme } = useCohort();
  const zone = programme.timeZone;
  const [most, setMost] = useState(upset.what === "shrunk" ? Math.max(1, sizeOf(upset.visit) - 1) : 0);
  const [free, setFree] = useState<readonly string[]>([]);
  const settled = useSettled(most, 300);
  const ways = useAsk(WaysOut, { plan: board.id, cause: causeOf(upset, settled), free: [...free] }, { fresh: true });
  const found = ways.data?.visitPlan?.repairs;
  const [at, setAt] = useState(0);
  const way = found?.[Math.min(at, found.length - 1)];
  const would = usePreview(DraftRepair, way && way.changes.length > 0 ? { repairId: way.id } : null);
  const draft = useChange(DraftRepair, "A way out");
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const [recording, setRecording] = useState<"cancel" | "limit" | null>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const options = useRef<HTMLDivElement>(null);

  useEffect(() => title.current?.focus(), []);
  // Once the ways are there, the first is under the hand.
  const n = found?.length ?? -1;
  useEffect(() => {
    if (n < 0) return;
    announce(n === 0 ? "No way out was found." : `${capital(count(n, "way"))} out.`);
    if (document.activeElement === title.current) options.current?.querySelector<HTMLInputElement>("input")?.focus();
  }, [n]);
  useEffect(() => {
    const of = (gone: boolean) => new Set(way?.changes.filter((c) => (c.kind === "REMOVED") === gone).map((c) => c.offer.id));
    onTouched({ changed: of(false), gone: of(true) });
    return () => onTouched(untouched);
  }, [way, onTouched]);

  const take = async () => {
    if (!way || way.changes.length === 0 || draft.busy) return;
    setRefused([]);
    try {
      const { draftRepair: a } = await draft.make({ repairId: way.id, dryRun: false });
      if (a.userErrors.length > 0) return setRefused(a.userErrors);
      if (a.plan) onDraft(a.plan.id, a.plan.number, new Set(way.changes.map((c) => c.offer.id)));
    } catch {
      // The trouble is shown below.
    }
  };
  const onKey = (e: KeyboardEvent) => {
    if (e.key === "Enter" && e.target instanceof HTMLInputElement && e.target.type === "radio") {
      e.preventDefault();
      void take();
    }
  };

  const agreed = board.visits.nodes.filter((v) => (v.state === "CONFIRMED" || v.state === "AT_RISK" || v.pinned) && !("visit" in upset && upset.visit.id === v.id));
  return (
    <>
      <div className="pl-scroll" onKeyDown={onKey}>
        <Part>
          <p className="cap">Ways out. Nothing changes before you release a draft.</p>
          <h2 ref={title} tabIndex={-1}>{upsetTitle(upset)}</h2>
          <p className="mid">{about(upset, zone)}</p>
          {upset.what === "shrunk" && <div className="pl-gap"><NumberBox label="People it takes now, at most" value={most} min={1} max={upset.visit.offer.maxGroup} onChange={(v) => { setMost(v); setAt(0); }} /></div>}
        </Part>
        {ways.error && <Part><TroubleNote trouble={ways.error} /></Part>}
        {!found && !ways.error && <Loading what="the ways out" />}
        {found && found.length === 0 && (
          <Part title="No way out">
            <p className="pl-why">No plan keeps all that has to stay.</p>
            <p className="mid">{agreed.length > 0 ? "What is agreed with a host, pinned or over is left where it is. Let one of those below move, or call the visit off and tell its people." : "Nothing is agreed or pinned that could give way: call the visit off and tell its people, or change what is asked of the plan."}</p>
          </Part>
        )}
        {found && found.length > 0 && (
          <Part title={capital(count(found.length, "way"))} aside="fewest changed places first">
            <div className="pl-ways-out" ref={options} role="radiogroup" aria-label="Ways out">
              {found.map((w, i) => <WayOption key={w.id} way={w} now={board.score} zone={zone} on={w === way} onChoose={() => setAt(i)} />)}
            </div>
          </Part>
        )}
        {way && (
          <>
            {way.changes.length > 0 && <Part title="What changes" aside={`${number(way.placesChanged)} ${way.placesChanged === 1 ? "place" : "places"}, people by days`}><Changes way={way} zone={zone} /></Part>}
            <Part title="What it costs" aside="plan, then, change">
              <table className="pl-tab">
                <tbody>
                  {levelRows.map((l) => {
                    const [was, is] = [l.of(board.score), l.of(way.score)];
                    return <tr key={l.name}><th scope="row">{l.name}</th><td className="dim">{l.show(was)}</td><td>{l.show(is)}</td><td>{was === is ? <span className="dim">same</span> : <b>{l.change(is - was)}</b>}</td></tr>;
                  })}
                </tbody>
              </table>
            </Part>
            {way.changes.length > 0 && (
              <Part title="Who is touched" aside="messages drafted, none sent" grow>
                {would.data ? <Impacts impact={would.data.draftRepair.impact.slice(1)} /> : would.error ? <TroubleNote trouble={would.error} /> : <Loading what="who is touched" />}
              </Part>
            )}
          </>
        )}
        {agreed.length > 0 && (
          <Part title="Stays where it is" aside="unless you let it move">
            <ul className="pl-lines">
              {agreed.map((v) => (
                <li key={v.id}>
                  <label className="pl-free">
                    <input type="checkbox" checked={free.includes(v.id)} onChange={(e) => { setAt(0); setFree(e.target.checked ? [...free, v.id] : free.filter((id) => id !== v.id)); }} />
                    <span>{hostOf(v.offer.site)}, {day(v.on)}{v.pinned ? ", pinned" : ", agreed"} <span className="dim">may move</span></span>
                  </label>
                </li>
              ))}
            </ul>
          </Part>
        )}
        {board.state === "RELEASED" && <Record upset={upset} most={most} onRecord={setRecording} />}
      </div>
      <div className="pl-foot">
        <Refusals errors={refused} />
        {draft.trouble && draft.trouble.kind !== "unreachable" && <TroubleNote trouble={draft.trouble} />}
        <Button kind="go" press="Enter" isDisabled={!way || way.changes.length === 0 || draft.busy} onPress={() => void take()}>{draft.waiting ? "Waits for the server" : "Draft this way out"}</Button>
        <Button press="Esc" onPress={onBack}>Back</Button>
      </div>
      {recording === "cancel" && "visit" in upset && <CallOff visit={upset.visit} version={upset.visit.version} onClose={() => setRecording(null)} />}
      {recording === "limit" && "visit" in upset && <Limit visit={upset.visit} most={most} onClose={() => setRecording(null)} />}
    </>
  );
}

function about(u: Upset, zone: string): ReactNode {
  if (u.what === "cancelled" || u.what === "shrunk") return `${day(u.visit.on)}, ${time(u.visit.startsAt, zone)}, group ${u.visit.group.name}, ${count(sizeOf(u.visit), "person", "people")}. ${u.what === "shrunk" ? `It takes ${u.visit.offer.minGroup} to ${u.visit.offer.maxGroup} so far.` : "It is not visited in any of these ways."}`;
  if (u.what === "left") return "Their seats become free from today on; groups that get too small are filled or given up.";
  if (u.what === "joined") return "Seats are found for them; what they could have attended counts from now.";
  return "No host is visited that day in any of these ways.";
}

/** One way out, to be chosen. */
function WayOption({ way, now, zone, on, onChoose }: { way: Way; now: Board["score"]; zone: string; on: boolean; onChoose: () => void }) {
  const { worse, better } = costOf(way, now);
  const late = way.impact.filter((i) => i.effect === "LATE").length;
  const told = way.impact.filter((i) => i.notice).length;
  return (
    <label className={on ? "on" : undefined}>
      <input type="radio" name="way-out" checked={on} onChange={onChoose} />
      <b>{wayTitle(way, zone)}</b>
      <span>{way.placesChanged === 0 ? "nobody moves" : `${count(way.placesChanged, "place")} ${way.placesChanged === 1 ? "changes" : "change"}`}, {reach[way.ring]}</span>
      <span>{worse.length === 0 ? (better.length === 0 ? "as good as before" : capital(list(better))) : capital(list(worse))}{worse.length > 0 && better.length > 0 && <span className="dim">; {list(better)}</span>}</span>
      <span>{late > 0 && <span className="sig"><Cross /> {count(late, "deadline")} newly missed. </span>}{told > 0 && <span className="dim">{count(told, "message")} drafted</span>}</span>
    </label>
  );
}

/** What a way out changes, day by day. */
function Changes({ way, zone }: { way: Way; zone: string }) {
  const slot = (s: NonNullable<Way["changes"][number]["after"]>) => `${day(dateIn(s.startsAt, zone))}, ${time(s.startsAt, zone)}`;
  return (
    <table className="pl-wn"><tbody>
      {way.changes.map((c) => {
        const n = c.people?.length ?? 0;
        return (
          <tr key={c.offer.id}>
            <th scope="row">{day(dateIn((c.after ?? c.before)!.startsAt, zone))}</th>
            <td>
              <span className={c.kind === "REMOVED" ? "pl-gone" : undefined}>{hostOf(c.offer.site)}</span>{" "}
              <span className="dim">{c.kind === "ADDED" ? "new" : c.kind === "REMOVED" ? "no visit" : c.kind === "MOVED" ? `instead of ${slot(c.before!)}` : "other people"}</span>
            </td>
            <td className="r">{n > 0 && count(n, "person", "people")}</td>
          </tr>
        );
      })}
    </tbody></table>
  );
}

/** Noting down what went wrong, so that people and calendars know before a way out is released. */
function Record({ upset, most, onRecord }: { upset: Upset; most: number; onRecord: (what: "cancel" | "limit") => void }) {
  const { id } = useCohort();
  if (upset.what === "cancelled") {
    return upset.visit.state === "CANCELLED" ? null : (
      <Part title="Until then">
        <p className="mid">People and calendars still expect the visit.</p>
        <div className="pl-btns"><Button onPress={() => onRecord("cancel")}>Call it off now…</Button></div>
      </Part>
    );
  }
  if (upset.what === "shrunk") {
    return (
      <Part title="For later plans">
        <p className="mid">The offer still says {upset.visit.offer.minGroup} to {upset.visit.offer.maxGroup}.</p>
        <div className="pl-btns"><Button onPress={() => onRecord("limit")}>Note {number(most)} with the offer…</Button></div>
      </Part>
    );
  }
  if (upset.what === "left") return <Part title="Until then"><p className="mid">Whoever leaves is withdrawn in <a href={`#/c/${id}/people`}>People</a>; their seat is offered to the next.</p></Part>;
  return null;
}

function CallOff({ visit, version, onClose }: { visit: Visit; version: number; onClose: () => void }) {
  const [reason, setReason] = useState("The host cancelled.");
  return (
    <ChangeDialog title={`Call off ${hostOf(visit.offer.site)}, ${day(visit.on)}`} verb="Call it off" stop document={CancelVisit} intent={{ visitId: visit.id, reason: reason.trim(), expectedVersion: version }} ready={reason.trim() !== ""} pick={(d) => d.cancelVisit} onClose={onClose}>
      <Field label="Why, in words that may be told" value={reason} onChange={setReason} autoFocus />
    </ChangeDialog>
  );
}

function Limit({ visit, most, onClose }: { visit: Visit; most: number; onClose: () => void }) {
  const { offer } = visit;
  return (
    <ChangeDialog title={`${hostOf(offer.site)} takes ${number(most)} at most`} lede="Later plans keep to it. A visit that no longer fits is at risk until a way out is released." verb="Note it" document={LimitGroup} intent={{ offerId: offer.id, maxGroup: most, ...(most < offer.minGroup ? { minGroup: most } : {}), expectedVersion: offer.version }} pick={(d) => d.saveHostOffer} onClose={onClose} />
  );
}

/** What can be done when a visit cannot be held as it is. */
export function VisitUpset({ visit, onUpset }: { visit: Visit; onUpset: (u: Upset) => void }) {
  if (visit.state === "DONE") return null;
  return (
    <Part title="If it cannot be held">
      <div className="pl-btns">
        <Button press="X" onPress={() => onUpset({ what: "cancelled", visit })}>{visit.state === "CANCELLED" ? "Ways out…" : "Host cancelled…"}</Button>
        {visit.state !== "CANCELLED" && <Button kind="bare" onPress={() => onUpset({ what: "shrunk", visit })}>Host takes fewer…</Button>}
      </div>
    </Part>
  );
}
