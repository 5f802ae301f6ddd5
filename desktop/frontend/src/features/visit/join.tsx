import { useState } from "react";
import { useCohort } from "@/lib/cohort";
import { useSettled } from "@/lib/debounce";
import { day, length, signed, time, momentIn } from "@/lib/format";
import { usePreview } from "@/lib/server";
import { Button, Choice, Dialog, Field } from "@/ui/controls";
import { Cross } from "@/ui/marks";
import { Loading, Refusals, TroubleNote } from "@/ui/state";
import { hostOf, otherOf, unusedOf, type Board, type Offer, type Visit } from "./board";
import { AddVisit } from "./documents";
import { ruleAndFact } from "./moving";

/* A second host for a visit's group on the same day: which, when, and what that does. */

const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
const clockOf = (m: number): string => `${String(Math.floor(m / 60)).padStart(2, "0")}:${String(m % 60).padStart(2, "0")}`;

/** Time for the way between two close hosts, until the way itself is known. */
const wayBetween = 30;

/** Offers that are not used and open on a visit's day, with the hours that they have. */
export function secondHosts(board: Board, visit: Visit, offers: ReadonlyMap<string, Offer>): { offer: Offer; from: string; to: string }[] {
  return unusedOf(board).flatMap((u) => {
    const offer = offers.get(u.offerId);
    const open = offer?.open.find((d) => d.on === visit.on);
    return offer && open ? [{ offer, from: open.from, to: open.to }] : [];
  });
}

/** When a second host is seen best: soon after the first where it is open long enough then, else before it, else as it opens. */
export function secondStart(first: { from: string; to: string }, second: { from: string; to: string; minutes: number }): string {
  const after = Math.max(Math.ceil((minutes(first.to) + wayBetween) / 5) * 5, minutes(second.from));
  if (after + second.minutes <= minutes(second.to)) return clockOf(after);
  const before = Math.floor((minutes(first.from) - wayBetween - second.minutes) / 5) * 5;
  return before >= minutes(second.from) && before >= 0 ? clockOf(before) : second.from;
}

/** Whether a visit's group can see a second host: it sees one so far. */
export const joinable = (board: Board, visit: Visit): boolean => visit.state !== "CANCELLED" && !otherOf(board.visits.nodes, visit);

export function JoinDialog({ visit, board, offers, onJoin, onClose }: {
  visit: Visit; board: Board; offers: ReadonlyMap<string, Offer>; onJoin: (offer: Offer, startsAt: string) => void; onClose: () => void;
}) {
  const { programme } = useCohort();
  const zone = programme.timeZone;
  const hosts = secondHosts(board, visit, offers);
  const first = { from: time(visit.startsAt, zone), to: time(visit.endsAt, zone) };
  const startOf = (id: string) => {
    const h = hosts.find((x) => x.offer.id === id);
    return h ? secondStart(first, { from: h.from, to: h.to, minutes: h.offer.durationMinutes }) : "";
  };
  const [id, setId] = useState(hosts[0]?.offer.id ?? "");
  const [start, setStart] = useState(startOf(id));
  const host = hosts.find((h) => h.offer.id === id);
  const clock = /^([01]?\d|2[0-3]):[0-5]\d$/.test(start.trim()) ? start.trim().padStart(5, "0") : null;
  const startsAt = clock ? momentIn(visit.on, clock, zone) : null;
  const settled = useSettled(JSON.stringify({ id, startsAt }), 200);
  const asked = JSON.parse(settled) as { id: string; startsAt: string | null };
  const would = usePreview(AddVisit, asked.id && asked.startsAt
    ? { planId: board.id, offerId: asked.id, startsAt: asked.startsAt, groupId: visit.group.id, overrideReason: "Tried on the board", expectedVersion: board.version }
    : null);
  const answer = would.data?.addVisit;
  const broken = answer?.visit?.broken ?? [];
  const current = asked.id === id && asked.startsAt === startsAt;
  return (
    <Dialog
      title={`A second host for group ${visit.group.name}`}
      lede={`On ${day(visit.on)} the group sees ${hostOf(visit.offer.site)}, ${first.from}–${first.to}. The same people see both, one after the other.`}
      onClose={onClose}
      foot={
        <>
          <Button kind="go" onPress={() => host && startsAt && onJoin(host.offer, startsAt)} isDisabled={!host || !startsAt || !current || !answer || answer.userErrors.length > 0}>Join them</Button>
          <Button onPress={onClose}>Not now</Button>
        </>
      }
    >
      {!host ? (
        <p>No host that is not used is open on that day. One that another group sees then can be joined once its visit is taken out.</p>
      ) : (
        <>
          <Choice<string> label="Second host" value={id} onChange={(next) => { setId(next); setStart(startOf(next)); }} items={hosts.map((h) => ({ id: h.offer.id, name: `${hostOf(h.offer.site)}, open ${h.from}–${h.to}` }))} />
          <Field label="Begins at" value={start} onChange={setStart} width="8em" hint={`It takes ${length(host.offer.durationMinutes)} and ${host.offer.minGroup} to ${host.offer.maxGroup} people.`} error={clock ? undefined : "A time is like 14:30."} />
          <section aria-live="polite">
            {would.error ? <TroubleNote trouble={would.error} /> : !answer || !current ? (clock ? <Loading what="what that does" /> : null) : (
              <>
                <Refusals errors={answer.userErrors} />
                {broken.length > 0 ? (
                  <ul className="pl-brks">
                    {broken.map((b) => <li key={b.rule + b.text}><Cross /><span><b>{ruleAndFact(b)[0]}</b>{ruleAndFact(b)[1]}</span></li>)}
                  </ul>
                ) : answer.userErrors.length === 0 && <p>It breaks no rule.</p>}
                {answer.plan && <p className="mid">{[
                  answer.plan.score.minutes === board.score.minutes ? "As many hours on the way" : `${signed((answer.plan.score.minutes - board.score.minutes) / 60, 1)} h on the way for everyone`,
                  answer.plan.score.squaredShortfall === board.score.squaredShortfall ? "visits shared as they are" : `shortfalls, squared, ${board.score.squaredShortfall} to ${answer.plan.score.squaredShortfall}`,
                  answer.plan.score.uncovered === board.score.uncovered ? null : `themes unseen, ${board.score.uncovered} to ${answer.plan.score.uncovered}`,
                ].filter(Boolean).join("; ")}.</p>}
              </>
            )}
          </section>
        </>
      )}
    </Dialog>
  );
}
