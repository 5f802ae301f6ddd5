import type { Level } from "./listening";
import tape from "./tape.worklet.js?url";

/** A tenth of a second from a microphone, 16-bit samples of one channel. */
export interface Frame extends Level {
  pcm: Int16Array<ArrayBuffer>;
}

/** A microphone that is open. Nothing is kept by it. */
export interface Microphone {
  sampleRate: number;
  name: string;
  /** Hears every frame from now on, instead of who heard before. */
  hear: (listener: (frame: Frame) => void) => void;
  close: () => void;
}

/** Why there is no microphone, as a sentence with the way out. */
export class NoMicrophone extends Error {}

const decibels = (x: number): number => 20 * Math.log10(x);

/** The microphones that can be chosen; names are there only once one was allowed. */
export async function microphones(): Promise<{ id: string; name: string }[]> {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return all.filter((d) => d.kind === "audioinput" && d.deviceId).map((d, i) => ({ id: d.deviceId, name: d.label || `Microphone ${i + 1}` }));
}

/** Opens a microphone as it is: no echo cancelling, noise removal or gain, which would change what is measured. */
export async function openMicrophone(id?: string): Promise<Microphone> {
  if (!navigator.mediaDevices?.getUserMedia || typeof AudioWorkletNode === "undefined") {
    throw new NoMicrophone("No sound can be recorded here: a browser allows it on https and on this computer's own address alone. Everything else works; a WAV or FLAC file can be added afterwards.");
  }
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { ...(id ? { deviceId: { exact: id } } : {}), channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
  } catch (e) {
    const kind = e instanceof DOMException ? e.name : "";
    if (kind === "NotAllowedError") throw new NoMicrophone("The microphone is not allowed here. Allow it in the browser's address bar and try again; everything else works without.");
    if (kind === "NotFoundError" || kind === "OverconstrainedError") throw new NoMicrophone("No microphone is connected. Connect one and try again; everything else works without.");
    throw new NoMicrophone("The microphone does not answer; another program may hold it. Everything else works without.");
  }
  // 16 kHz holds all that is measured; a browser that cannot change the rate keeps its own.
  let context: AudioContext;
  let source: MediaStreamAudioSourceNode;
  try {
    context = new AudioContext({ sampleRate: 16_000 });
    source = context.createMediaStreamSource(stream);
  } catch {
    context = new AudioContext();
    source = context.createMediaStreamSource(stream);
  }
  await context.audioWorklet.addModule(tape);
  const node = new AudioWorkletNode(context, "tandem-tape", { numberOfInputs: 1, numberOfOutputs: 1, channelCount: 1, channelCountMode: "explicit" });
  let listener: (frame: Frame) => void = () => undefined;
  node.port.onmessage = ({ data }: MessageEvent<{ pcm: Int16Array<ArrayBuffer>; rms: number; peak: number }>) => listener({ pcm: data.pcm, rms: decibels(data.rms), peak: decibels(data.peak) });
  source.connect(node);
  node.connect(context.destination); // it puts out silence; without an end nothing runs
  if (context.state === "suspended") await context.resume();
  return {
    sampleRate: context.sampleRate,
    name: stream.getAudioTracks()[0]?.label ?? "",
    hear: (next) => void (listener = next),
    close: () => {
      stream.getTracks().forEach((t) => t.stop());
      void context.close();
    },
  };
}
