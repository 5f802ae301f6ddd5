import type { Level } from "./listening";
import { record, type Frame, type Tape } from "./tape";
import tape from "./tape.worklet.js?url";
import { openWindowMicrophone, windowMicrophones, windowRecorder } from "./window-recorder";

/** A run whose sound is to be kept. */
export interface Recorded {
  key: string;
  startedAt: number;
  /** Its id on the server, where each speaker's yes is. */
  rehearsal: string;
}

/** A microphone that is open: the browser's, or in Tandem's window the computer's. */
export interface Microphone {
  /** Hears the level of each tenth of a second from now on, instead of who heard before. */
  hear: (listener: (level: Level) => void) => void;
  /** Keeps what it hears from now on. Only after every speaker agreed. `lost` hears that no more can be kept, and why. */
  record: (run: Recorded, lost: (why: string) => void) => Promise<Tape>;
  close: () => void;
}

const decibels = (x: number): number => 20 * Math.log10(x);

/** The microphones that can be chosen; in a browser they have names only once one was allowed. */
export async function microphones(): Promise<{ id: string; name: string }[]> {
  if (windowRecorder()) return windowMicrophones();
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return all.filter((d) => d.kind === "audioinput" && d.deviceId).map((d, i) => ({ id: d.deviceId, name: d.label || `Microphone ${i + 1}` }));
}

/** Opens a microphone, or says in a sentence why there is none. It is taken as it is: no echo cancelling, noise removal or gain, which would change what is measured. */
export async function openMicrophone(id?: string): Promise<Microphone> {
  if (windowRecorder()) return openWindowMicrophone(id ?? "");
  if (!navigator.mediaDevices?.getUserMedia || typeof AudioWorkletNode === "undefined") {
    throw new Error("No sound can be recorded here: a browser allows it on https and on this computer's own address alone. Everything else works; a WAV or FLAC file can be added afterwards.");
  }
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: { ...(id ? { deviceId: { exact: id } } : {}), channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
  } catch (e) {
    const kind = e instanceof DOMException ? e.name : "";
    if (kind === "NotAllowedError") throw new Error("The microphone is not allowed here. Allow it in the browser's address bar and try again; everything else works without.");
    if (kind === "NotFoundError" || kind === "OverconstrainedError") throw new Error("No microphone is connected. Connect one and try again; everything else works without.");
    throw new Error("The microphone does not answer; another program may hold it. Everything else works without.");
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
  let listener: (level: Level) => void = () => undefined;
  let taken: (frame: Frame) => void = () => undefined;
  node.port.onmessage = ({ data }: MessageEvent<{ pcm: Int16Array<ArrayBuffer>; rms: number; peak: number }>) => {
    listener({ rms: decibels(data.rms), peak: decibels(data.peak) });
    taken(data.pcm);
  };
  source.connect(node);
  node.connect(context.destination); // it puts out silence; without an end nothing runs
  void context.resume();
  return {
    hear: (next) => void (listener = next),
    record: (run, lost) => record(run, context.sampleRate, (next) => void (taken = next), lost),
    close: () => {
      stream.getTracks().forEach((t) => t.stop());
      void context.close();
    },
  };
}
