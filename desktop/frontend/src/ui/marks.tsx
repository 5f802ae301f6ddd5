import type { Sector } from "@/gql/graphql";
import { initials as initialsOf, number } from "@/lib/format";

/* The marks of the two sectors: public is a solid square and stands first, private a hollow ring and stands second. */

interface Pair {
  public: number;
  private: number;
}

const spoken = (p: Pair) => `${number(p.public)} public, ${number(p.private)} private`;

/** The product's own mark. */
export function Mark() {
  return (
    <svg className="mark" width="34" height="16" viewBox="0 0 34 16" aria-hidden="true">
      <path className="mk" d="M14 8h6" />
      <rect className="g-pub" x="0" y="1" width="14" height="14" />
      <circle className="g-pri g-mk" cx="26.5" cy="8" r="5.9" />
    </svg>
  );
}

/** One person's sector, 9 px. */
export function SectorMark({ sector, word = false }: { sector: Sector; word?: boolean }) {
  return (
    <>
      <svg className="gl" width="9" height="9" viewBox="0 0 9 9" role={word ? undefined : "img"} aria-hidden={word || undefined} aria-label={word ? undefined : sector === "PUBLIC" ? "public" : "private"}>
        {sector === "PUBLIC" ? <rect className="g-pub" x="0.5" y="0.5" width="8" height="8" /> : <circle className="g-pri" cx="4.5" cy="4.5" r="3.65" />}
      </svg>
      {word && <span> {sector === "PUBLIC" ? "public" : "private"}</span>}
    </>
  );
}

/**
 * One mark a person, a thin pivot between. `size` is the side of a mark in px; `pitch` the distance from one to the
 * next; `of` draws the seats that are still free as faint places.
 */
export function Tally({ of: seats, size = 7, pitch = size + 2.15, ...pair }: Pair & { size?: number; pitch?: number; of?: Pair }) {
  const left = Math.max(pair.public, seats?.public ?? 0);
  const right = Math.max(pair.private, seats?.private ?? 0);
  const pivot = left * pitch + 2;
  const start = pivot + 4;
  const width = start + right * pitch;
  const h = size + 4;
  const says = `${spoken(pair)}${pair.public === pair.private ? ": level" : ""}${seats ? `, of ${seats.public} and ${seats.private} seats` : ""}`;
  return (
    <svg className="tally" width={width} height={h} viewBox={`0 0 ${width} ${h}`} role="img" aria-label={says}>
      {Array.from({ length: left }, (_, i) =>
        // Public marks stand against the pivot, so that a missing one is missed at the outer end.
        i < left - pair.public ? <rect key={i} className="g-free" x={i * pitch + 0.5} y={2.5} width={size - 1} height={size - 1} /> : <rect key={i} className="g-pub" x={i * pitch} y={2} width={size} height={size} />,
      )}
      <path className="g-piv" d={`M${pivot} 0v${h}`} />
      {Array.from({ length: right }, (_, i) => (
        <circle key={i} className={i < pair.private ? "g-pri" : "g-free"} cx={start + size / 2 + i * pitch} cy={h / 2} r={size / 2 - 0.85} />
      ))}
    </svg>
  );
}

/** "9 ■|○ 10", where there is no room for a tally. */
export function PairCount(pair: Pair) {
  return (
    <span className="pair" role="img" aria-label={spoken(pair)}>
      <b>{number(pair.public)}</b>
      <svg width="22" height="9" viewBox="0 0 22 9" aria-hidden="true">
        <rect className="g-pub" x="0" y="0.5" width="8" height="8" />
        <path className="g-piv" d="M11 0v9" />
        <circle className="g-pri" cx="17.5" cy="4.5" r="3.65" />
      </svg>
      <b>{number(pair.private)}</b>
    </span>
  );
}

/** A person as initials: a filled square or a ringed lozenge. */
export function Initials({ name, sector }: { name: string; sector: Sector }) {
  return (
    <span className={`who ${sector === "PUBLIC" ? "pub" : "pri"}`} role="img" aria-label={`${name}, ${sector === "PUBLIC" ? "public" : "private"}`} title={name}>
      {initialsOf(name)}
    </span>
  );
}

/**
 * Best so far and best possible, closing on each other; touching means proved. `gap` is in percent of the bound: null
 * when proved, undefined when no bound is known.
 */
export function Bound({ gap, width = 150 }: { gap: number | null | undefined; width?: number }) {
  const right = width - 6;
  // The gap is drawn on a scale that a percent can be seen on: 10 % and more take the whole second half.
  const left = gap === undefined ? right * 0.5 : gap === null ? right : right - Math.max(6, Math.min(right / 2, (Math.log1p(gap) / Math.log1p(10)) * (right / 2)));
  return (
    <svg className="bound" width={width} height={16} viewBox={`0 0 ${width} 16`} aria-hidden="true">
      <path d={`M0 8H${left}`} className="b-line" />
      <path d={`M${left} 1v14`} className="b-cap" />
      {gap !== null && gap !== undefined && <path d={`M${left} 8H${right}`} className="b-gap" />}
      {gap !== undefined && <path d={`M${right} 1v14`} className="b-cap" />}
    </svg>
  );
}

/** A cross: broken, or not allowed. Always beside a word. */
export const Cross = () => (
  <svg className="ic" viewBox="0 0 14 14" aria-hidden="true"><path d="M3 3l8 8M11 3l-8 8" fill="none" stroke="currentColor" strokeWidth="1.8" /></svg>
);
/** A tick: holds. Always beside a word. */
export const Tick = () => (
  <svg className="ic" viewBox="0 0 14 14" aria-hidden="true"><path d="M2.5 7.5l3 3 6-7" fill="none" stroke="currentColor" strokeWidth="1.8" /></svg>
);
/** The arrow of a control that opens a list. */
export const Down = () => (
  <svg width="9" height="6" viewBox="0 0 9 6" aria-hidden="true"><path d="M1 1l3.5 3.5L8 1" fill="none" stroke="currentColor" strokeWidth="1.5" /></svg>
);
