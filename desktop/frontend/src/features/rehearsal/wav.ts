/** A stretch of sound, 16-bit samples of one channel. */
export interface Stretch {
  offsetMilliseconds: number;
  samples: Int16Array;
}

/**
 * One WAV file of all stretches, silence where nothing was recorded between them, so that a moment of the file is a moment
 * of the run less `offsetMilliseconds`. Null where there is no sample.
 */
export function wav(sampleRate: number, stretches: readonly Stretch[]): { bytes: Uint8Array; offsetMilliseconds: number } | null {
  const some = stretches.filter((s) => s.samples.length > 0);
  const offsetMilliseconds = some[0]?.offsetMilliseconds;
  if (offsetMilliseconds === undefined) return null;
  const begins = (s: Stretch) => Math.round(((s.offsetMilliseconds - offsetMilliseconds) * sampleRate) / 1000);
  const length = Math.max(...some.map((s) => begins(s) + s.samples.length));
  const bytes = new Uint8Array(44 + length * 2);
  const view = new DataView(bytes.buffer);
  const text = (at: number, t: string) => [...t].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  text(0, "RIFF");
  view.setUint32(4, 36 + length * 2, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true); // PCM
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, length * 2, true);
  for (const s of some) {
    const from = 44 + begins(s) * 2;
    s.samples.forEach((x, i) => view.setInt16(from + i * 2, x, true));
  }
  return { bytes, offsetMilliseconds };
}
