import { geoPath, geoTransverseMercator } from "d3-geo";
import { textScale } from "./size";
import coast from "./coast.json";

/** A place on the map, in degrees. */
export interface Place {
  latitude: number;
  longitude: number;
}

const wide = 120;
const tall = 190;
const land = { type: "MultiPolygon" as const, coordinates: coast.rings.map((r) => [r.map(([x, y]) => [x!, y!])]) };
const projection = geoTransverseMercator().rotate([3.5, 0]).fitExtent([[1, 1], [wide - 1, tall - 1]], {
  type: "MultiPoint",
  coordinates: [[-10.3, 51.6], [1.8, 52.6], [-6.3, 49.9], [-1.2, 60.7]],
});
const outline = geoPath(projection).digits(1)(land) ?? "";

/** Where a place lies on the sheet of 120 × 190 units. */
export const onSheet = (p: Place): [number, number] => projection([p.longitude, p.latitude]) ?? [0, 0];

interface Site extends Place {
  /** Drawn stronger than the rest. */
  on?: boolean;
  /** Drawn fainter: filtered out, or not used. */
  off?: boolean;
  key?: string;
  /** Written beside the dot. */
  name?: string;
}

/** Finds each name a place right, left, under or over its dot that touches no dot and no other name; else leaves it out. */
function placeNames(sites: readonly Site[], unit: number, box: { x: number; y: number; w: number; h: number }) {
  const taken = sites.map((s) => {
    const [x, y] = onSheet(s);
    return { x0: x - 5 * unit, x1: x + 5 * unit, y0: y - 5 * unit, y1: y + 5 * unit };
  });
  const placed: { text: string; x: number; y: number; anchor: "start" | "middle" | "end"; off: boolean }[] = [];
  for (const s of [...sites].sort((a, b) => Number(a.off ?? false) - Number(b.off ?? false))) {
    if (!s.name) continue;
    const [x, y] = onSheet(s);
    const w = s.name.length * 6.1 * unit;
    const spots = [
      { x: x + 8 * unit, y: y + 4 * unit, anchor: "start" as const, x0: x + 8 * unit },
      { x: x - 8 * unit, y: y + 4 * unit, anchor: "end" as const, x0: x - 8 * unit - w },
      { x, y: y + 17 * unit, anchor: "middle" as const, x0: x - w / 2 },
      { x, y: y - 8 * unit, anchor: "middle" as const, x0: x - w / 2 },
    ];
    for (const p of spots) {
      const area = { x0: p.x0, x1: p.x0 + w, y0: p.y - 10 * unit, y1: p.y + 3 * unit };
      if (area.x0 < box.x || area.x1 > box.x + box.w || taken.some((t) => area.x0 < t.x1 && t.x0 < area.x1 && area.y0 < t.y1 && t.y0 < area.y1)) continue;
      taken.push(area);
      placed.push({ text: s.name, x: p.x, y: p.y, anchor: p.anchor, off: s.off ?? false });
      break;
    }
  }
  return placed;
}

/**
 * The coast with dots and hair lines: no tiles, no network. `label` says the finding, not the shape. `fit` frames the
 * places instead of the whole of Great Britain and Ireland. Whatever it shows is also in a list beside it.
 */
export function CoastMap({
  width,
  height,
  label,
  sites = [],
  ways = [],
  fit = false,
  onPick,
}: {
  width: number;
  height: number;
  label: string;
  sites?: readonly Site[];
  ways?: readonly { from: Place; to: Place }[];
  fit?: boolean;
  onPick?: (key: string) => void;
}) {
  const points = [...sites, ...ways.flatMap((w) => [w.from, w.to])].map(onSheet);
  let box = { x: 8, y: 22, w: 112, h: 166 };
  if (fit && points.length > 0) {
    const xs = points.map((p) => p[0]);
    const ys = points.map((p) => p[1]);
    const margin = 12;
    box = { x: Math.min(...xs) - margin, y: Math.min(...ys) - margin, w: 0, h: 0 };
    box.w = Math.max(60, Math.max(...xs) + margin - box.x);
    box.h = Math.max(60, Math.max(...ys) + margin - box.y);
  }
  // A dot is as large on screen whatever the scale.
  const unit = Math.max(box.w / width, box.h / height);
  const scale = textScale();
  const names = placeNames(sites, unit * scale, box);
  return (
    <svg className="mini" width={width} height={height} viewBox={`${box.x} ${box.y} ${box.w} ${box.h}`} preserveAspectRatio="xMidYMid meet" role="img" aria-label={label}>
      <path className="m-land" d={outline} />
      {ways.map((w, i) => {
        const [x1, y1] = onSheet(w.from);
        const [x2, y2] = onSheet(w.to);
        return <path key={i} className="m-leg" d={`M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${y2.toFixed(1)}`} strokeWidth={0.9 * unit} />;
      })}
      {[...sites]
        .sort((a, b) => Number(a.on ?? false) - Number(b.on ?? false))
        .map((s, i) => {
          const [x, y] = onSheet(s);
          const key = s.key;
          return (
            <g key={key ?? i} className={onPick && key ? "m-pick" : undefined} onClick={onPick && key ? () => onPick(key) : undefined}>
              {onPick && <circle cx={x} cy={y} r={12 * unit} fill="transparent" />}
              <circle className={s.on ? "m-site m-on" : s.off ? "m-site m-off" : "m-site"} cx={x} cy={y} r={(s.on ? 6 : 4.2) * unit} strokeWidth={1.6 * unit} />
            </g>
          );
        })}
      {names.map((n) => (
        <text key={n.text} className={n.off ? "m-name m-dim" : "m-name"} x={n.x} y={n.y} textAnchor={n.anchor} fontSize={12 * unit * scale} strokeWidth={3 * unit}>
          {n.text}
        </text>
      ))}
    </svg>
  );
}
