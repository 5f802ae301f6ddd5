/** What the audience's window is told. */
export interface Shown {
  slide: number;
  black: boolean;
}

/** The line between a stage and its audience's windows in this browser. */
const line = (pitch: string) => new BroadcastChannel(`tandem-stage ${pitch}`);

/** Tells every audience's window what to show, also one that opens later. Returns how to stop. */
export function tellAudience(pitch: string, shown: () => Shown): { now: () => void; stop: () => void } {
  const channel = line(pitch);
  channel.onmessage = ({ data }) => data === "hello" && channel.postMessage(shown());
  return { now: () => channel.postMessage(shown()), stop: () => channel.close() };
}

/** Hears what to show. Returns how to stop. */
export function hearStage(pitch: string, hear: (shown: Shown) => void): () => void {
  const channel = line(pitch);
  channel.onmessage = ({ data }: MessageEvent<Shown | "hello">) => data !== "hello" && hear(data);
  channel.postMessage("hello");
  return () => channel.close();
}
