import type { Board } from "./board";

/*
 * Undo and redo of the planner. A step is kept as the plan's layout before and after; going back is the same mutations
 * with the values before. Since a removed visit comes back under another id and with other people, the way from one
 * layout to another is found in rounds: first what is visited and when, then who goes.
 */

/** A visit as far as undo must restore it. */
export interface Place {
  visitId: string;
  offerId: string;
  on: string;
  startsAt: string;
  group: string;
  groupId: string;
  pinned: boolean;
  people: string[];
  /** Why a rule may be broken here; null where none is. */
  reason: string | null;
}

/** Everything of a draft that can be edited by hand. */
export interface Layout {
  visits: Place[];
  exclusions: { offerId: string; reason: string }[];
}

export const layoutOf = (board: Board): Layout => ({
  visits: board.visits.nodes.map((v) => ({
    visitId: v.id,
    offerId: v.offer.id,
    on: v.on,
    startsAt: v.startsAt,
    group: v.group.name,
    groupId: v.group.id,
    pinned: v.pinned,
    people: (v.group.members ?? []).map((m) => m.id).sort(),
    reason: v.broken.length ? (v.broken.find((b) => b.overrideReason)?.overrideReason ?? "As it was before") : null,
  })),
  exclusions: board.rules.exclusions.map((e) => ({ offerId: e.offer.id, reason: e.reason })),
});

/** One edit, in the terms of the mutations. */
export type Deed =
  | { do: "remove"; visitId: string }
  | { do: "move"; visitId: string; startsAt: string; group: string; reason: string | null; alone?: boolean }
  | { do: "add"; offerId: string; startsAt: string; reason: string | null; groupId?: string }
  | { do: "people"; enrolmentIds: string[]; on: string; toGroupId: string | null; reason: string | null }
  | { do: "pin"; visitId: string; pinned: boolean }
  | { do: "exclude"; offerId: string; reason: string | null };

/** Which visit of one layout is which of the other: by id, else by offer. */
function pairs(now: Layout, wanted: Layout): Map<Place, Place> {
  const out = new Map<Place, Place>();
  const taken = new Set<Place>();
  const match = (same: (a: Place, b: Place) => boolean) => {
    for (const w of wanted.visits) {
      if (out.has(w)) continue;
      const n = now.visits.find((v) => !taken.has(v) && same(v, w));
      if (n) {
        out.set(w, n);
        taken.add(n);
      }
    }
  };
  match((a, b) => a.visitId === b.visitId);
  match((a, b) => a.offerId === b.offerId && a.startsAt === b.startsAt);
  match((a, b) => a.offerId === b.offerId);
  return out;
}

/** The other visit of a group's day. */
const partnerIn = (l: Layout, v: Place): Place | undefined => l.visits.find((x) => x !== v && x.on === v.on && x.groupId === v.groupId);

/** The next edits on the way from one layout to another; none when they are alike. */
export function nextDeeds(now: Layout, wanted: Layout): Deed[] {
  const pair = pairs(now, wanted);
  const kept = new Set(pair.values());
  const deeds: Deed[] = [];

  const excludedNow = new Map(now.exclusions.map((e) => [e.offerId, e.reason]));
  const excludedThen = new Map(wanted.exclusions.map((e) => [e.offerId, e.reason]));
  for (const [offerId] of excludedNow) if (!excludedThen.has(offerId)) deeds.push({ do: "exclude", offerId, reason: null });

  for (const n of now.visits) if (!kept.has(n)) deeds.push({ do: "remove", visitId: n.visitId });
  const begun = new Set<string>(); // groups to which a visit is added in this round
  for (const w of wanted.visits) {
    const n = pair.get(w);
    const with_ = partnerIn(wanted, w);
    const there = with_ && pair.get(with_);
    if (!n) {
      // Two hosts of one group: the second joins once the first is there.
      if (with_ && !there && begun.has(w.groupId)) continue;
      begun.add(w.groupId);
      const groupId = there?.on === w.on ? there.groupId : undefined;
      deeds.push({ do: "add", offerId: w.offerId, startsAt: w.startsAt, reason: w.reason, ...(groupId && { groupId }) });
    } else if (with_ && there && there.groupId !== n.groupId) {
      // It left its group: it comes back as the visit of that group.
      if (begun.has(w.groupId)) continue;
      begun.add(w.groupId);
      deeds.push({ do: "remove", visitId: n.visitId });
    } else if (n.startsAt !== w.startsAt || n.group !== w.group) {
      const leaves = partnerIn(now, n) !== undefined && !with_;
      if (leaves && n.on === w.on) deeds.push({ do: "remove", visitId: n.visitId });
      else deeds.push({ do: "move", visitId: n.visitId, startsAt: w.startsAt, group: w.group, reason: w.reason, ...(leaves && { alone: true }) });
    }
  }
  for (const [offerId, reason] of excludedThen) {
    if (excludedNow.get(offerId) !== reason) deeds.push({ do: "exclude", offerId, reason });
  }
  if (deeds.length) return deeds;

  // Where everything stands where it stood, people go back to their groups.
  const placed = new Map<string, string>(); // "day person" → wanted group
  const groupNow = new Map<string, string>();
  const reasons = new Map<string, string | null>();
  for (const w of wanted.visits) {
    const n = pair.get(w)!;
    for (const p of w.people) placed.set(`${w.on} ${p}`, n.groupId);
    reasons.set(n.groupId, w.reason);
  }
  for (const n of now.visits) for (const p of n.people) groupNow.set(`${n.on} ${p}`, n.groupId);
  const moves = new Map<string, Extract<Deed, { do: "people" }>>();
  const send = (key: string, toGroupId: string | null) => {
    const on = key.slice(0, 10);
    const to = `${on} ${toGroupId ?? ""}`;
    const deed = moves.get(to) ?? { do: "people", enrolmentIds: [], on, toGroupId, reason: toGroupId ? (reasons.get(toGroupId) ?? null) : null };
    deed.enrolmentIds.push(key.slice(11));
    moves.set(to, deed);
  };
  for (const key of groupNow.keys()) if (!placed.has(key)) send(key, null);
  for (const [key, group] of placed) if (groupNow.get(key) !== group) send(key, group);
  for (const deed of moves.values()) {
    deed.enrolmentIds.sort();
    deeds.push(deed);
  }
  if (deeds.length) return deeds;

  for (const w of wanted.visits) {
    const n = pair.get(w)!;
    if (n.pinned !== w.pinned) deeds.push({ do: "pin", visitId: n.visitId, pinned: w.pinned });
  }
  return deeds;
}
