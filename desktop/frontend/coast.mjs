// Cuts the coast of Great Britain, Ireland and the Isle of Man out of world-atlas (ISC; Natural Earth, public domain)
// into src/ui/coast.json. Run by hand with `npm run coast`; the result is kept in the repository.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature } from "topojson-client";

const atlas = JSON.parse(readFileSync(createRequire(import.meta.url).resolve("world-atlas/countries-50m.json"), "utf8"));
const wanted = new Set(["826", "372", "833"]);
const lands = feature(atlas, atlas.objects.countries).features.filter((f) => wanted.has(f.id));
const rings = lands
  .flatMap((f) => (f.geometry.type === "Polygon" ? [f.geometry.coordinates] : f.geometry.coordinates))
  .map((polygon) => polygon[0])
  // Far islands would shrink the rest; Shetland and Orkney stay.
  .filter((ring) => ring.every(([, lat]) => lat > 49))
  .map((ring) => ring.map(([lon, lat]) => [Math.round(lon * 1000) / 1000, Math.round(lat * 1000) / 1000]));

writeFileSync(
  new URL("./src/ui/coast.json", import.meta.url),
  JSON.stringify({
    source: "Natural Earth 1:50m (public domain), by way of world-atlas 2.0.2 (ISC): outlines of 826, 372 and 833, outer rings, rounded to 0.001°",
    rings,
  }) + "\n",
);
