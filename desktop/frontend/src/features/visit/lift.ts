import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { MoveVisitMutation } from "@/gql/graphql";
import { useCohort } from "@/lib/cohort";
import { momentIn, time } from "@/lib/format";
import { ask, newKey } from "@/lib/graphql";
import { announce } from "@/lib/keys";
import { client, keyOf } from "@/lib/server";
import { hostOf, otherOf, weekOf, slotDays, type Board, type Offer, type Visit } from "./board";
import { MoveVisit, WhyVisit } from "./documents";
import { allDays, clockAt, nearestFine, slotKey, spoken, stepDay, stepGroup, stepWeek, verdictAt, type Alternative, type Break, type Lifted, type Slot, type Tried } from "./moving";

export type Preview = MoveVisitMutation["moveVisit"];

/** A visit that has been lifted and not yet put down. */
export interface Lift {
  visit: Visit;
  at: Slot;
  lifted: Lifted;
  /** What the dry run said of the place under it; null until it has answered. */
  preview: Preview | null;
  byPointer: boolean;
  /** The other host that its group sees that day, and whether that stays behind. */
  other: Visit | null;
  alone: boolean;
}

/** Where a visit would begin on another day, as a moment. */
export function momentAt(visit: Visit, offer: Offer | undefined, on: string, zone: string): string {
  const minutes = Math.round((Date.parse(visit.endsAt) - Date.parse(visit.startsAt)) / 60_000);
  if (on === visit.on) return visit.startsAt;
  return momentIn(on, clockAt(offer, on, time(visit.startsAt, zone), minutes), zone);
}

/** What a tried move breaks: the visit's own rules, and those of the whole plan that were not broken before it. */
export function brokenBy(preview: Pick<Preview, "visit" | "plan">, before: readonly { rule: string; text: string }[]): Break[] {
  const own = [...(preview.visit?.broken ?? [])];
  const known = new Set([...before, ...own].map((b) => `${b.rule} ${b.text}`));
  return [...own, ...(preview.plan?.broken ?? []).filter((b) => !known.has(`${b.rule} ${b.text}`))];
}

/**
 * Lifting a visit: its alternatives are read once, so that each place answers within a frame; the exact effect of the
 * place under it follows from a dry run of the move itself.
 */
export function useLift(board: Board | null, offers: ReadonlyMap<string, Offer>) {
  const frame = useCohort();
  const zone = frame.programme.timeZone;
  const [held, setHeld] = useState<{ visit: Visit; at: Slot; byPointer: boolean } | null>(null);
  const [alone, setAlone] = useState(false);
  const [alternatives, setAlternatives] = useState<readonly Alternative[]>([]);
  const [previews, setPreviews] = useState<ReadonlyMap<string, Preview>>(new Map());
  const asked = useRef(new Set<string>());
  const version = board?.version ?? 0;
  const offer = held ? offers.get(held.visit.offer.id) : undefined;

  const lift = useCallback(
    (visit: Visit, byPointer = false) => {
      asked.current = new Set();
      setPreviews(new Map());
      setAlternatives([]);
      setAlone(false);
      setHeld({ visit, at: { on: visit.on, group: visit.group.name }, byPointer });
      announce(`${hostOf(visit.offer.site)}, group ${visit.group.name}, lifted. Arrows choose a day and a week, Tab the group, Enter keeps it, Escape puts it back.`);
      void client
        .fetchQuery({ queryKey: keyOf(WhyVisit, { visit: visit.id }), queryFn: ({ signal }) => ask(WhyVisit, { visit: visit.id }, signal), staleTime: 5_000 })
        .then((data) => setAlternatives(data.visit?.explain?.alternatives ?? []))
        .catch(() => undefined);
    },
    [],
  );
  const drop = useCallback(() => setHeld(null), []);

  const tried = useMemo<ReadonlyMap<string, Tried>>(
    () => new Map([...previews].flatMap(([k, p]) => (p.visit ? [[k, { broken: brokenBy(p, board?.broken ?? []) }] as const] : []))),
    [previews, board],
  );
  const lifted = useMemo<Lifted | null>(
    // What the server said of other places is for a group's two hosts together.
    () => (held ? { visit: held.visit, offer, alternatives: alone ? [] : alternatives, tried } : null),
    [held, offer, alternatives, alone, tried],
  );

  const tryAt = useCallback(
    async (visit: Visit, slot: Slot) => {
      const key = slotKey(slot);
      if (asked.current.has(key)) return;
      asked.current.add(key);
      const run = asked.current;
      const data = await ask(MoveVisit, {
        input: {
          visitId: visit.id,
          startsAt: momentAt(visit, offers.get(visit.offer.id), slot.on, zone),
          group: slot.group,
          alone: alone && slot.on !== visit.on,
          // A preview shows what breaks, so it must not be refused for it.
          overrideReason: "Tried on the board",
          expectedVersion: version,
          dryRun: true,
          idempotencyKey: newKey(),
        },
      }).catch(() => null);
      if (data && run === asked.current) setPreviews((p) => new Map(p).set(key, data.moveVisit));
    },
    [offers, zone, version, alone],
  );

  // The place under the visit is asked at once; then the other days of its week that nobody knows yet.
  const at = held?.at;
  useEffect(() => {
    if (!held || !at || !lifted) return;
    const own = at.on === held.visit.on && at.group === held.visit.group.name;
    if (!own) void tryAt(held.visit, at);
    const week = weekOf(frame.programme.weeks, at.on);
    if (!week) return;
    for (const on of slotDays(week, new Set(offer?.open.map((d) => d.on)))) {
      const slot = { on, group: at.group };
      if (verdictAt(frame, lifted, slot).state === "unknown") void tryAt(held.visit, slot);
    }
    // Only a new place or new knowledge asks again.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [at?.on, at?.group, held?.visit.id, alternatives, alone]);

  const place = useCallback(
    (slot: Slot) => {
      if (!held || !lifted) return;
      if (slot.on === held.at.on && slot.group === held.at.group) return;
      setHeld({ ...held, at: slot });
      announce(spoken(verdictAt(frame, lifted, slot), slot, held.visit.group.name));
    },
    [held, lifted, frame],
  );

  const visits = useMemo(() => board?.visits.nodes ?? [], [board]);
  const days = useMemo(() => (held ? allDays(frame, offer, visits) : []), [held, frame, offer, visits]);
  const nearest = useMemo(() => (lifted ? nearestFine(lifted) : null), [lifted]);

  return {
    now: held && lifted ? ({ ...held, lifted, preview: previews.get(slotKey(held.at)) ?? null, other: otherOf(visits, held.visit) ?? null, alone } satisfies Lift) : null,
    nearest,
    lift,
    drop,
    place,
    /** Whether the other host of its day stays behind; each place is tried anew. */
    leave: (behind: boolean) => {
      asked.current = new Set();
      setPreviews(new Map());
      setAlone(behind);
    },
    /** The pointer let go where it cannot be kept without a word: from here on keys and buttons decide. */
    hold: () => setHeld((h) => (h ? { ...h, byPointer: false } : h)),
    day: (by: 1 | -1) => held && place(stepDay(days, held.at, by)),
    week: (by: 1 | -1) => held && place(stepWeek(frame, days, held.at, by)),
    group: (by: 1 | -1) => held && place(stepGroup(visits, held.visit, held.at, by)),
    /** Where it would begin, for the mutation. */
    moment: () => (held ? momentAt(held.visit, offer, held.at.on, zone) : ""),
  };
}
export type Lifting = ReturnType<typeof useLift>;
