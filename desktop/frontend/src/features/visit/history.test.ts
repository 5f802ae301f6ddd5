import { describe, expect, it } from "vitest";
import { nextDeeds, type Deed, type Layout, type Place } from "./history";

/* A server in small: it does each deed as the real one says it does, new ids and "the best people" included. */

let ids = 0;
function act(now: Layout, deed: Deed): void {
  const find = (id: string) => now.visits.find((v) => v.visitId === id)!;
  switch (deed.do) {
    case "remove": now.visits = now.visits.filter((v) => v.visitId !== deed.visitId); break;
    case "move": {
      const v = find(deed.visitId);
      const on = deed.startsAt.slice(0, 10);
      const other = now.visits.find((x) => x !== v && x.on === v.on && x.groupId === v.groupId);
      if (other && on !== v.on) {
        if (deed.alone) v.groupId = `newg-${++ids}`;
        else Object.assign(other, { startsAt: `${on}T20:00:00Z`, on, group: deed.group }); // comes along, at a time of the server's
      }
      Object.assign(v, { startsAt: deed.startsAt, on, group: deed.group });
      break;
    }
    case "add": {
      ids++;
      const on = deed.startsAt.slice(0, 10);
      const joined = now.visits.find((v) => v.groupId === deed.groupId);
      if (joined) {
        now.visits.push({ ...joined, visitId: `new-${ids}`, offerId: deed.offerId, startsAt: deed.startsAt, people: [...joined.people] });
        break;
      }
      const taken = new Set(now.visits.filter((v) => v.on === on).flatMap((v) => v.people));
      now.visits.push({ visitId: `new-${ids}`, offerId: deed.offerId, on, startsAt: deed.startsAt, group: "ABCDEFGH".split("").find((g) => !now.visits.some((v) => v.on === on && v.group === g))!, groupId: `newg-${ids}`, pinned: false, people: everybody.filter((p) => !taken.has(p)).slice(0, 3), reason: null });
      break;
    }
    case "people":
      for (const v of now.visits) if (v.on === deed.on) v.people = v.people.filter((p) => !deed.enrolmentIds.includes(p)).concat(v.groupId === deed.toGroupId ? deed.enrolmentIds : []).sort();
      break;
    case "pin": find(deed.visitId).pinned = deed.pinned; break;
    case "exclude":
      now.exclusions = now.exclusions.filter((e) => e.offerId !== deed.offerId);
      if (deed.reason !== null) now.exclusions.push({ offerId: deed.offerId, reason: deed.reason });
      break;
  }
}
const everybody = ["p1", "p2", "p3", "p4", "p5", "p6"];
const copy = (l: Layout): Layout => structuredClone(l);
const place = (offerId: string, on: string, group: string, people: string[]): Place => ({ visitId: `v-${offerId}`, offerId, on, startsAt: `${on}T10:00:00Z`, group, groupId: `g-${offerId}`, pinned: false, people, reason: null });
const start = (): Layout => ({ visits: [place("o1", "2019-04-09", "A", ["p1", "p2", "p3"]), place("o2", "2019-04-09", "B", ["p4", "p5", "p6"]), place("o3", "2019-04-23", "A", [...everybody])], exclusions: [] });

/** Goes from one layout to another as the planner does: in rounds, until nothing is left to do. */
function travel(from: Layout, to: Layout, rounds = 6): Layout {
  const now = copy(from);
  for (let i = 0; i < rounds; i++) {
    const deeds = nextDeeds(now, to);
    if (deeds.length === 0) break;
    for (const d of deeds) act(now, d);
  }
  return now;
}
/** A layout without what a round trip may change: ids. */
const plain = (l: Layout) => ({
  visits: l.visits.map(({ offerId, startsAt, group, pinned, people }) => ({ offerId, startsAt, group, pinned, people: [...people].sort() })).sort((a, b) => (a.offerId < b.offerId ? -1 : 1)),
  exclusions: [...l.exclusions].sort((a, b) => (a.offerId < b.offerId ? -1 : 1)),
});

describe("undo of a group with two hosts", () => {
  const pair = (): Layout => {
    const all = start();
    all.visits.push({ ...place("o4", "2019-04-23", "A", [...everybody]), startsAt: "2019-04-23T15:00:00Z", groupId: "g-o3" });
    return all;
  };
  const groups = (l: Layout) => l.visits.filter((v) => v.offerId === "o3" || v.offerId === "o4").map((v) => v.groupId);
  it("takes both back where both moved", () => {
    const after = pair();
    act(after, { do: "move", visitId: "v-o3", startsAt: "2019-04-24T10:00:00Z", group: "A", reason: null });
    const back = travel(after, pair());
    expect(plain(back)).toEqual(plain(pair()));
  });
  it("unites them again where one went alone or was taken out, and parts them where they were apart", () => {
    for (const deed of [
      { do: "move", visitId: "v-o4", startsAt: "2019-04-24T10:00:00Z", group: "A", reason: null, alone: true },
      { do: "remove", visitId: "v-o4" },
      { do: "remove", visitId: "v-o3" },
    ] as Deed[]) {
      const after = pair();
      act(after, deed);
      const back = travel(after, pair());
      expect(plain(back)).toEqual(plain(pair()));
      expect(new Set(groups(back)).size).toBe(1);
      const again = travel(back, after);
      expect(plain(again)).toEqual(plain(after));
    }
  });
  it("brings both back where both were taken out", () => {
    const after = pair();
    act(after, { do: "remove", visitId: "v-o3" });
    act(after, { do: "remove", visitId: "v-o4" });
    const back = travel(after, pair());
    expect(plain(back)).toEqual(plain(pair()));
    expect(new Set(groups(back)).size).toBe(1);
  });
});

describe("undo", () => {
  it("does nothing where nothing differs", () => {
    expect(nextDeeds(start(), start())).toEqual([]);
  });
  it("moves a visit back with one mutation, with the values before", () => {
    const after = start();
    act(after, { do: "move", visitId: "v-o3", startsAt: "2019-04-24T10:00:00Z", group: "A", reason: null });
    expect(nextDeeds(after, start())).toEqual([{ do: "move", visitId: "v-o3", startsAt: "2019-04-23T10:00:00Z", group: "A", reason: null }]);
  });
  it("puts a person back into their group", () => {
    const after = start();
    act(after, { do: "people", enrolmentIds: ["p1"], on: "2019-04-09", toGroupId: "g-o2", reason: null });
    expect(nextDeeds(after, start())).toEqual([{ do: "people", enrolmentIds: ["p1"], on: "2019-04-09", toGroupId: "g-o1", reason: null }]);
  });
  it("brings a removed visit back with the people it had, though it has another id", () => {
    const after = start();
    act(after, { do: "remove", visitId: "v-o3" });
    const back = travel(after, start());
    expect(plain(back)).toEqual(plain(start()));
    expect(back.visits.find((v) => v.offerId === "o3")!.visitId).not.toBe("v-o3");
    // The control: one round alone leaves it with the server's people, so the rounds are needed.
    expect(plain(travel(after, start(), 1))).not.toEqual(plain(start()));
  });
  it("comes back from any few edits, and forth again", () => {
    // A fixed series of pseudo-random edits, so that a failure can be read again.
    let seed = 7;
    const pick = (n: number) => ((seed = (seed * 1103515245 + 12345) % 2147483648) >> 8) % n;
    for (let round = 0; round < 300; round++) {
      const before = start();
      const after = start();
      for (let k = 0; k <= pick(4); k++) {
        const v = after.visits[pick(after.visits.length)];
        // No person in two places at once: `moveVisitors` could not put them back there.
        const on = Array.from({ length: 15 }, (_, i) => `2019-04-${10 + ((i + round) % 15)}`).find((d) => !after.visits.some((x) => x.on === d))!;
        const deeds: Deed[] = [
          ...(v ? [
            { do: "move", visitId: v.visitId, startsAt: `${on}T10:00:00Z`, group: v.group, reason: null } as Deed,
            { do: "pin", visitId: v.visitId, pinned: pick(2) === 0 } as Deed,
            { do: "people", enrolmentIds: [everybody[pick(6)]!], on: v.on, toGroupId: pick(3) === 0 ? null : v.groupId, reason: null } as Deed,
            { do: "remove", visitId: v.visitId } as Deed,
          ] : []),
          { do: "exclude", offerId: `x${pick(2)}`, reason: pick(2) ? "No" : null },
          ...(after.visits.some((x) => x.offerId === "o4") ? [] : [{ do: "add", offerId: "o4", startsAt: `2019-04-${10 + pick(15)}T10:00:00Z`, reason: null } as Deed]),
        ];
        act(after, deeds[pick(deeds.length)]!);
      }
      const undone = travel(after, before);
      expect(plain(undone), `round ${round}, undo`).toEqual(plain(before));
      expect(plain(travel(undone, after)), `round ${round}, redo`).toEqual(plain(after));
    }
  });
});
