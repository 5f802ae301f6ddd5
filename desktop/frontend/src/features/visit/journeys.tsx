import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { EnterLegInput, TravelMode, VisitLegsQuery, WayFragment } from "@/gql/graphql";
import { useSettled } from "@/lib/debounce";
import { capital, day, length, mass, money, number, readMinutes, readNumber } from "@/lib/format";
import { ask, newKey } from "@/lib/graphql";
import { useUndo } from "@/lib/keys";
import { client, usePreview, type Intent } from "@/lib/server";
import { ChangeDialog } from "@/ui/change";
import { Button, Check, Choice, Dialog, Field } from "@/ui/controls";
import { SectorMark } from "@/ui/marks";
import { Loading, TroubleNote } from "@/ui/state";
import { hostOf, type Visit } from "./board";
import { EnterWay, VisitLegs } from "./documents";

/* The journeys of a visit one by one: what is estimated, what somebody entered, and entering it. */

export const modeWord: Record<TravelMode, string> = { RAIL: "train", COACH: "coach", BUS: "bus", CAR: "car", AIR: "flight", WALK: "on foot" };

/** All ways of a visit, there and back. */
export function useLegs(visit: string) {
  return useQuery({
    queryKey: ["VisitLegs", visit],
    queryFn: async ({ signal }) => {
      const all: WayFragment[] = [];
      for (let after: string | null = null; ; ) {
        const data: VisitLegsQuery = await ask(VisitLegs, { visit, after }, signal);
        const page = data.visit?.legs;
        all.push(...(page?.nodes ?? []));
        if (!page?.pageInfo.hasNextPage) return all;
        after = page.pageInfo.endCursor ?? null;
      }
    },
  });
}

/** A way and, where it is the same way back, the same person's other way: not on a day with two hosts. */
interface Pair {
  way: WayFragment;
  other: WayFragment | null;
}
const figuresOf = (w: WayFragment) => [w.mode, w.metres, w.minutes, w.pence, w.entered, [...w.figures].sort().join()].join();
const alike = (p: Pair) => p.other !== null && figuresOf(p.way) === figuresOf(p.other);
const wayWord = (p: Pair) => (alike(p) ? "each way" : p.way.back ? "back" : p.way.between ? "between hosts" : "there");
const basis = (w: WayFragment) => (!w.entered ? "estimate" : w.figures.includes("PENCE") && w.figures.includes("MINUTES") ? "entered" : "partly entered");

function pairsOf(legs: readonly WayFragment[]): Pair[] {
  return legs.flatMap((way) => {
    const other = legs.find((l) => l.enrolment.id === way.enrolment.id && l.back !== way.back && !l.between && !way.between) ?? null;
    const pair = { way, other };
    return way.back && alike(pair) ? [] : [pair];
  });
}

/** Everyone's way to a visit and back, each to be entered where more is known of it. */
export function JourneysDialog({ visit, onClose }: { visit: Visit; onClose: () => void }) {
  const legs = useLegs(visit.id);
  const [editing, setEditing] = useState<Pair | null>(null);
  if (editing) return <EnterJourney pair={editing} visit={visit} onClose={() => setEditing(null)} />;
  const pairs = pairsOf(legs.data ?? []);
  const entered = pairs.filter((p) => p.way.entered).length;
  return (
    <Dialog
      wide
      title={`Journeys to ${hostOf(visit.offer.site)}, ${day(visit.on)}`}
      lede="An estimate counts until somebody knows better. What is entered wins, here and in the next planning."
      onClose={onClose}
      foot={<><Button onPress={onClose}>Close</Button><span className="far dim">{entered === 0 ? "Nothing is entered yet." : `${entered} of ${pairs.length} lines entered.`}</span></>}
    >
      {legs.error && <TroubleNote trouble={legs.error as never} />}
      {legs.isPending && <Loading what="the journeys" />}
      {legs.data && pairs.length === 0 && <p>Nobody goes yet, or no home station is known.</p>}
      {pairs.length > 0 && (
        <table className="pl-tab pl-ways">
          <thead><tr><th>Who</th><th>From</th><th>Way</th><th>By</th><th className="r">Time</th><th className="r">Price</th><th className="r">CO2e</th><th>Figures</th><th><span className="vh">Change</span></th></tr></thead>
          <tbody>
            {pairs.map((p) => {
              const w = p.way;
              return (
                <tr key={w.id}>
                  <th scope="row"><SectorMark sector={w.enrolment.sectorAtEnrolment} /> {w.enrolment.person.name}</th>
                  <td>{w.homeStation.name}</td>
                  <td>{wayWord(p)}</td>
                  <td>{modeWord[w.mode]}</td>
                  <td className="r">{length(w.minutes)}</td>
                  <td className="r">{w.pence == null ? <span className="dim">not known</span> : money(w.pence)}</td>
                  <td className="r">{mass(w.gramsCo2e)}</td>
                  <td className={w.entered ? undefined : "dim"}>{basis(w)}</td>
                  <td className="r"><button type="button" className="pl-link" onClick={() => setEditing(p)} aria-label={`Enter the journey of ${w.enrolment.person.name}, ${wayWord(p)}`}>Enter…</button></td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </Dialog>
  );
}

interface Entry {
  mode: TravelMode;
  time: string;
  km: string;
  price: string;
}
const entryOf = (w: WayFragment): Entry => ({
  mode: w.mode,
  time: w.figures.includes("MINUTES") ? `${Math.floor(w.minutes / 60)}:${String(w.minutes % 60).padStart(2, "0")}` : "",
  km: w.figures.includes("METRES") ? String(w.metres / 1000) : "",
  price: w.figures.includes("PENCE") && w.pence != null ? (w.pence / 100).toFixed(2) : "",
});
const estimateOf: Entry = { mode: "RAIL", time: "", km: "", price: "" };

function read(e: Entry) {
  const time = e.time.trim() ? readMinutes(e.time) : null;
  const km = e.km.trim() ? readNumber(e.km, 3) : null;
  const price = e.price.trim() ? readNumber(e.price, 2) : null;
  return {
    minutes: time,
    metres: km === null ? null : Math.round(km * 1000),
    pence: price === null ? null : Math.round(price * 100),
    badTime: e.time.trim() !== "" && (time === null || time > 2000) ? "A time is like 2:35, or 155 minutes." : undefined,
    badKm: e.km.trim() !== "" && (km === null || km > 3000) ? "A length is in kilometres, such as 310, up to 3,000." : undefined,
    badPrice: e.price.trim() !== "" && (price === null || price > 10_000) ? "A price is in pounds, such as 47.20, up to 10,000." : undefined,
  };
}

function EnterJourney({ pair, visit, onClose }: { pair: Pair; visit: Visit; onClose: () => void }) {
  // The edit is based on what was on screen when it began; what others save meanwhile must not slip under it.
  const [{ way, other }] = useState(pair);
  const { did } = useUndo();
  const [entry, setEntry] = useState(() => entryOf(way));
  const [both, setBoth] = useState(alike(pair));
  const [theirs, setTheirs] = useState<string | null>(null);
  const set = (part: Partial<Entry>) => setEntry({ ...entry, ...part });
  const said = read(entry);
  const bad = said.badTime ?? said.badKm ?? said.badPrice;
  const needsTime = entry.mode !== "RAIL" && said.minutes === null;
  const changed = JSON.stringify(entry) !== JSON.stringify(entryOf(way)) || (both && !alike({ way, other }));
  const intent: Omit<Intent<EnterLegInput>, "dryRun"> = {
    legId: way.id, mode: entry.mode, minutes: said.minutes, metres: said.metres, pence: said.pence,
    expectedVersion: way.version, otherWayVersion: both && other ? other.version : null,
  };
  const ready = !bad && !needsTime;
  const settled = useSettled(JSON.stringify(intent), 200);
  const would = usePreview(EnterWay, ready ? (JSON.parse(settled) as typeof intent) : null).data?.enterLeg.leg;

  // Undo enters each way as it was, on top of the version that the change made.
  const put = async (w: WayFragment, e: Entry, version: number): Promise<number> => {
    const r = read(e);
    const { enterLeg: a } = await ask(EnterWay, { input: { legId: w.id, mode: e.mode, minutes: r.minutes, metres: r.metres, pence: r.pence, expectedVersion: version, idempotencyKey: newKey(), dryRun: false } });
    if (a.userErrors[0]) throw new Error(a.userErrors[0].message);
    void client.invalidateQueries();
    return a.leg!.version;
  };
  const remember = () => {
    const ways = both && other ? [way, other] : [way];
    const at = new Map(ways.map((w) => [w.id, w.version + 1]));
    const to = (entryFor: (w: WayFragment) => Entry) => async () => {
      for (const w of ways) at.set(w.id, await put(w, entryFor(w), at.get(w.id)!));
    };
    did({ says: `Journey of ${way.enrolment.person.name} entered`, undo: to(entryOf), redo: to(() => entry) });
  };
  const name = way.enrolment.person.name;
  if (theirs !== null) {
    return (
      <Dialog title="Somebody entered this journey meanwhile" lede={`${theirs} saved it while you wrote. Look at what is there now, then enter yours if it is still better.`} onClose={onClose} foot={<Button kind="go" onPress={onClose}>Show the journeys</Button>} />
    );
  }
  return (
    <ChangeDialog
      title={`${name}, ${both ? "there and back" : way.back ? "back" : "there"}`}
      lede={`${way.back && !both ? `From ${hostOf(visit.offer.site)} to ${way.homeStation.name}` : `From ${way.homeStation.name} to ${hostOf(visit.offer.site)}`}. A figure that is left empty is estimated.`}
      verb="Save"
      document={EnterWay}
      intent={intent}
      ready={ready && changed}
      pick={(d) => d.enterLeg}
      onClose={onClose}
      onDone={remember}
      onStale={(d) => { void client.invalidateQueries(); setTheirs(d.enterLeg.leg?.updatedBy ?? "Somebody"); }}
    >
      <div className="stack">
        <div className="grid2">
          <Choice<TravelMode> label="By" value={entry.mode} onChange={(mode) => set({ mode })} items={(Object.keys(modeWord) as TravelMode[]).map((id) => ({ id, name: capital(modeWord[id]) }))} />
          <Field label="Time, door to door" value={entry.time} onChange={(time) => set({ time })} autoFocus error={said.badTime}
            hint={said.minutes !== null ? length(said.minutes) : needsTime ? "Only trains are estimated in time: say how long it takes." : would ? `Empty: estimated, ${length(would.minutes)}` : "Such as 2:35"} />
          <Field label="Price, pounds" value={entry.price} onChange={(price) => set({ price })} error={said.badPrice}
            hint={said.pence !== null ? "One way, for one person" : would ? (would.pence == null ? "Empty: not known, for there is no rate for it; the programme’s settings can have one" : `Empty: estimated, ${money(would.pence)}`) : "One way, for one person"} />
          <Field label="Length, km" value={entry.km} onChange={(km) => set({ km })} error={said.badKm}
            hint={said.metres !== null ? "One way" : would ? `Empty: estimated, ${number(would.metres / 1000)} km` : "One way"} />
        </div>
        {other && <Check label="The same there and back" value={both} onChange={setBoth} />}
        <p className="cap" aria-live="polite">{would ? `${mass(would.gramsCo2e)} CO2e one way, by its length. ${would.explain.text}` : " "}</p>
        <p className="pl-btns"><Button isDisabled={JSON.stringify(entry) === JSON.stringify(estimateOf)} onPress={() => setEntry(estimateOf)}>Back to the estimate</Button></p>
      </div>
    </ChangeDialog>
  );
}
