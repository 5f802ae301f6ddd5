import { useCallback, useEffect, useRef, useState } from "react";
import { ask } from "@/lib/graphql";
import { readWhole } from "./deck";
import { RecordingPiece } from "./documents";

/** Plays a run's sound; times are milliseconds of the run. */
export interface Player {
  position: number;
  playing: boolean;
  /** "Reading the sound…", or why it cannot be played; empty otherwise. */
  says: string;
  /** Plays from a moment, up to another where one is given. */
  play: (from: number, to?: number) => void;
  pause: () => void;
  seek: (to: number) => void;
}

/** The sound is read once, when it is first played. */
export function usePlayer(run: string, recording: { id: string; bytes: number; milliseconds: number; offsetMilliseconds: number } | null | undefined): Player {
  const [position, setPosition] = useState(recording?.offsetMilliseconds ?? 0);
  const [playing, setPlaying] = useState(false);
  const [says, setSays] = useState("");
  const context = useRef<AudioContext | null>(null);
  const buffer = useRef<Promise<AudioBuffer> | null>(null);
  const source = useRef<AudioBufferSourceNode | null>(null);
  const ticking = useRef<ReturnType<typeof setInterval> | undefined>(undefined);
  const offset = recording?.offsetMilliseconds ?? 0;
  const end = offset + (recording?.milliseconds ?? 0);
  const bytes = recording?.bytes ?? 0;
  const id = recording?.id;

  const pause = useCallback(() => {
    clearInterval(ticking.current);
    if (source.current) {
      source.current.onended = null;
      source.current.stop();
      source.current = null;
    }
    setPlaying(false);
  }, []);
  useEffect(() => {
    buffer.current = null;
    return () => {
      pause();
      void context.current?.close();
      context.current = null;
    };
  }, [id, pause]);

  const play = useCallback(
    (from: number, to?: number) => {
      if (!id) return;
      pause();
      const start = Math.max(offset, Math.min(from, end));
      setPosition(start);
      setPlaying(true);
      const audio = (context.current ??= new AudioContext());
      if (!buffer.current) setSays("Reading the sound…");
      buffer.current ??= readWhole(bytes, async (at) => (await ask(RecordingPiece, { run, offset: at })).rehearsal?.recording?.data).then((whole) => audio.decodeAudioData(whole.buffer));
      buffer.current.then(
        (sound) => {
          setSays("");
          if (context.current !== audio || source.current) return;
          const node = audio.createBufferSource();
          node.buffer = sound;
          node.connect(audio.destination);
          source.current = node;
          const began = audio.currentTime;
          const until = Math.min(to ?? end, end);
          node.start(0, (start - offset) / 1000, Math.max(0.05, (until - start) / 1000));
          node.onended = () => {
            clearInterval(ticking.current);
            source.current = null;
            setPosition(until);
            setPlaying(false);
          };
          ticking.current = setInterval(() => setPosition(Math.min(until, start + (audio.currentTime - began) * 1000)), 100);
        },
        () => {
          buffer.current = null;
          setPlaying(false);
          setSays("The sound cannot be played here.");
        },
      );
    },
    [id, run, bytes, offset, end, pause],
  );
  const seek = useCallback(
    (to: number) => {
      const at = Math.max(offset, Math.min(to, end));
      if (playing) play(at);
      else setPosition(at);
    },
    [playing, play, offset, end],
  );
  return { position, playing, says, play, pause, seek };
}
