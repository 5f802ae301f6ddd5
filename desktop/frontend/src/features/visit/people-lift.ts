import { useCallback, useEffect, useRef, useState } from "react";
import type { MoveVisitorsMutation } from "@/gql/graphql";
import { spokenDay } from "@/lib/format";
import { ask, newKey } from "@/lib/graphql";
import { announce } from "@/lib/keys";
import { hostOf, presence, type Board, type Visit } from "./board";
import { MoveVisitors } from "./documents";

/** Where a person could be on a day: with a group, or off it. */
export interface Seat {
  on: string;
  groupId: string | null;
}
export interface PeopleVerdict {
  breaks: boolean;
  /** Why, a sentence each. */
  why: string[];
  /** What the whole plan would be worth; null where it was refused. */
  plan: NonNullable<MoveVisitorsMutation["moveVisitors"]["plan"]> | null;
}
export interface PeopleLift {
  id: string;
  name: string;
  from: Seat;
  at: Seat;
  byPointer: boolean;
  /** Whether that is where they are. */
  home: boolean;
  verdict: PeopleVerdict | null;
  words: string;
}

const seatKey = (s: Seat): string => `${s.on} ${s.groupId ?? ""}`;
/** The groups of a day in order, each once. */
export const groupsOn = (visits: readonly Visit[], on: string): Visit["group"][] => {
  const out = new Map(visits.filter((v) => v.on === on).map((v) => [v.group.id, v.group]));
  return [...out.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
};

/** Reads what a dry run said about a person's new place: rules that it breaks which were not broken before. */
export function peopleVerdict(answer: MoveVisitorsMutation["moveVisitors"], board: Board): PeopleVerdict {
  const before = new Set(board.broken.map((b) => `${b.rule} ${b.text}`));
  const fresh = (answer.plan?.broken ?? []).filter((b) => !before.has(`${b.rule} ${b.text}`)).map((b) => b.text);
  const why = [...answer.userErrors.map((e) => e.message), ...fresh];
  return { breaks: why.length > 0, why, plan: answer.plan ?? null };
}

/** Lifting a person off a visit and putting them with another group, on another day, or off the day. */
export function usePeopleLift(board: Board | null) {
  const [held, setHeld] = useState<Omit<PeopleLift, "verdict" | "words" | "home"> | null>(null);
  const [tried, setTried] = useState<ReadonlyMap<string, PeopleVerdict>>(new Map());
  const asked = useRef(new Set<string>());
  const visits = board?.visits.nodes ?? [];
  const days = [...presence(visits).keys()];

  const lift = useCallback(
    (id: string, name: string, on: string, byPointer = false) => {
      const mine = (board?.visits.nodes ?? []).find((v) => v.on === on && v.group.members?.some((m) => m.id === id));
      const from = { on, groupId: mine?.group.id ?? null };
      asked.current = new Set();
      setTried(new Map());
      setHeld({ id, name, from, at: from, byPointer });
      announce(`${name} lifted. Up and down choose a visit day, Tab or left and right a group, Enter keeps it, Escape puts them back.`);
    },
    [board],
  );

  const at = held?.at;
  useEffect(() => {
    if (!held || !board) return;
    const run = asked.current;
    const seats: Seat[] = [held.at, ...groupsOn(visits, held.at.on).map((g) => ({ on: held.at.on, groupId: g.id }))];
    for (const seat of seats) {
      const key = seatKey(seat);
      if (seat.groupId === seatNow(held.id, seat.on) || run.has(key)) continue;
      run.add(key);
      void ask(MoveVisitors, {
        input: { planId: board.id, enrolmentIds: [held.id], on: seat.on, toGroupId: seat.groupId, overrideReason: "Tried on the board", expectedVersion: board.version, dryRun: true, idempotencyKey: newKey() },
      })
        .then((d) => run === asked.current && setTried((t) => new Map(t).set(key, peopleVerdict(d.moveVisitors, board))))
        .catch(() => undefined);
    }
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [at?.on, at?.groupId, held?.id]);

  /** Where the person is on a day, as the plan stands. */
  const seatNow = (id: string, on: string): string | null =>
    visits.find((v) => v.on === on && v.group.members?.some((m) => m.id === id))?.group.id ?? null;
  const verdict = held ? (tried.get(seatKey(held.at)) ?? null) : null;
  const home = held !== null && held.at.groupId === seatNow(held.id, held.at.on);
  const words = !held ? "" : home ? "where they are now" : verdict ? (verdict.breaks ? verdict.why[0]! : "breaks nothing") : "asking…";

  const place = (seat: Seat) => {
    if (!held || seatKey(seat) === seatKey(held.at)) return;
    setHeld({ ...held, at: seat });
    const group = visits.find((v) => v.group.id === seat.groupId);
    announce(`${spokenDay(seat.on)}: ${group ? `group ${group.group.name}, ${hostOf(group.offer.site)}` : "off this day"}.`);
  };
  const seatsOf = (on: string): Seat[] => [...groupsOn(visits, on).map((g) => ({ on, groupId: g.id as string | null })), { on, groupId: null }];

  // What a place means is said as soon as it is known.
  const said = useRef("");
  useEffect(() => {
    if (!held || !verdict) return;
    const text = `${held.name}: ${verdict.breaks ? verdict.why.join(", ") : "breaks nothing"}.`;
    if (text !== said.current) announce((said.current = text));
  }, [held, verdict]);

  return {
    now: held ? ({ ...held, home, verdict, words } satisfies PeopleLift) : null,
    lift,
    place,
    drop: () => setHeld(null),
    hold: () => setHeld((h) => (h ? { ...h, byPointer: false } : h)),
    group: (by: 1 | -1) => {
      if (!held) return;
      const seats = seatsOf(held.at.on);
      const i = seats.findIndex((s) => s.groupId === held.at.groupId);
      place(seats[(i + by + seats.length) % seats.length]!);
    },
    day: (by: 1 | -1) => {
      if (!held) return;
      const on = days[days.indexOf(held.at.on) + by];
      if (!on) return;
      place({ on, groupId: seatNow(held.id, on) ?? seatsOf(on)[0]!.groupId });
    },
  };
}
export type PeopleLifting = ReturnType<typeof usePeopleLift>;
