import { createContext, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode } from "react";

/** One key of a screen: what it is called on the key help, and what it does. */
export interface Key {
  /** As `KeyboardEvent.key` says it, with "Ctrl+" and "Shift+" before it: "n", "Shift+N", "Ctrl+k", "ArrowDown". */
  press: string;
  /** What it does, in words: "Next problem". */
  says: string;
  /** Does it; returning false lets the key go on to the browser. */
  act: (event: KeyboardEvent) => void | false;
}

const lettersName = "tandem.letters";
const layers: { current: Key[] }[] = [];
const watchers = new Set<() => void>();
let shown: Key[] = [];
const settle = () => {
  shown = layers.flatMap((l) => l.current);
  watchers.forEach((w) => w());
};

const nameOf = (e: KeyboardEvent): string =>
  `${e.ctrlKey || e.metaKey ? "Ctrl+" : ""}${e.altKey ? "Alt+" : ""}${e.shiftKey && (e.key.length > 1 || /[a-z]/i.test(e.key)) ? "Shift+" : ""}${e.key.length === 1 && (e.ctrlKey || e.metaKey) ? e.key.toLowerCase() : e.key}`;

const writing = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  !(target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type));

/** Whether single letters act; some people's speech software types them by chance. */
export const useLetters = (): [boolean, (on: boolean) => void] => {
  const on = useSyncExternalStore(
    (w) => (watchers.add(w), () => void watchers.delete(w)),
    () => localStorage.getItem(lettersName) !== "off",
  );
  return [on, (next) => (localStorage.setItem(lettersName, next ? "on" : "off"), settle())];
};

/** Gives this screen its keys while it is there. Letters act outside text fields and outside dialogs alone. */
export function useKeys(keys: Key[], when = true): void {
  const mine = useRef<Key[]>([]);
  mine.current = when ? keys : [];
  const says = keys.map((k) => k.press + k.says).join("|") + String(when);
  useEffect(() => {
    layers.push(mine);
    settle();
    return () => {
      layers.splice(layers.indexOf(mine), 1);
      settle();
    };
  }, [says]);
}

/** All keys that act now, the screen's before the window's. */
export const useShownKeys = (): Key[] => useSyncExternalStore((w) => (watchers.add(w), () => void watchers.delete(w)), () => shown);

/** Hears the keyboard for the whole window; mounted once. */
export function KeyListener(): null {
  useEffect(() => {
    const hear = (e: KeyboardEvent) => {
      if (e.defaultPrevented || e.isComposing) return;
      const name = nameOf(e);
      const letter = e.key.length === 1 && !e.ctrlKey && !e.metaKey;
      if (letter && (writing(e.target) || localStorage.getItem(lettersName) === "off")) return;
      if (!letter && writing(e.target) && !name.startsWith("Ctrl+") && e.key !== "F6" && e.key !== "Escape") return;
      if (writing(e.target) && /^Ctrl\+(Shift\+)?z$/i.test(name)) return;
      const inDialog = e.target instanceof Element && e.target.closest('[role="dialog"],[role="alertdialog"],[role="listbox"],[role="menu"]');
      if (inDialog) return;
      for (let i = layers.length - 1; i >= 0; i--) {
        for (const key of layers[i]!.current) {
          if (key.press === name || (letter && key.press.toLowerCase() === name.toLowerCase())) {
            if (key.act(e) !== false) {
              e.preventDefault();
              return;
            }
          }
        }
      }
    };
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, []);
  return null;
}

/** A thing that "find or do" can find. */
export interface Finding {
  /** What it is, as it is searched and shown. */
  title: string;
  /** A word on where or what: "Person", "Go to". */
  hint: string;
  act: () => void;
}

const FindContext = createContext<{ add: (f: () => Finding[]) => () => void; all: () => Finding[] } | null>(null);

export function FindProvider({ children }: { children: ReactNode }) {
  const sources = useRef(new Set<() => Finding[]>());
  const value = useMemo(
    () => ({
      add: (f: () => Finding[]) => (sources.current.add(f), () => void sources.current.delete(f)),
      all: () => [...sources.current].flatMap((f) => f()),
    }),
    [],
  );
  return <FindContext.Provider value={value}>{children}</FindContext.Provider>;
}

/** Lets "find or do" find what is on this screen, while it is there. */
export function useFindings(findings: Finding[]): void {
  const find = useContext(FindContext);
  const latest = useRef(findings);
  latest.current = findings;
  useEffect(() => find?.add(() => latest.current), [find]);
}

/** Everything that can be found now. */
export const useAllFindings = (): (() => Finding[]) => useContext(FindContext)?.all ?? (() => []);

/** One step that can be taken back. */
export interface Step {
  /** What was done: "Moved Usk Robotics". */
  says: string;
  undo: () => Promise<unknown> | void;
  redo: () => Promise<unknown> | void;
}

const UndoContext = createContext<{ did: (s: Step) => void; undo: () => Promise<string | null>; redo: () => Promise<string | null>; back: Step | undefined; forth: Step | undefined } | null>(null);

/** Keeps what was done in this window, so that it can be undone in turn. Quick presses wait for each other. */
export function UndoProvider({ children }: { children: ReactNode }) {
  const [stacks, setStacks] = useState<{ past: Step[]; future: Step[] }>({ past: [], future: [] });
  const now = useRef(stacks);
  const last = useRef<Promise<unknown>>(Promise.resolve());
  const value = useMemo(() => {
    const put = (next: { past: Step[]; future: Step[] }) => setStacks((now.current = next));
    const inTurn = <T,>(act: () => Promise<T>): Promise<T> => {
      const next = last.current.then(act);
      last.current = next.catch(() => undefined);
      return next;
    };
    return {
      did: (s: Step) => put({ past: [...now.current.past.slice(-99), s], future: [] }),
      undo: () =>
        inTurn(async () => {
          const s = now.current.past[now.current.past.length - 1];
          if (!s) return null;
          await s.undo();
          put({ past: now.current.past.slice(0, -1), future: [...now.current.future, s] });
          return s.says;
        }),
      redo: () =>
        inTurn(async () => {
          const s = now.current.future[now.current.future.length - 1];
          if (!s) return null;
          await s.redo();
          put({ past: [...now.current.past, s], future: now.current.future.slice(0, -1) });
          return s.says;
        }),
      back: stacks.past[stacks.past.length - 1],
      forth: stacks.future[stacks.future.length - 1],
    };
  }, [stacks]);
  return <UndoContext.Provider value={value}>{children}</UndoContext.Provider>;
}

/** The window's undo: `did` remembers a step; `back` and `forth` are what Ctrl Z and Ctrl Shift Z would do. */
export function useUndo() {
  const undo = useContext(UndoContext);
  if (!undo) throw new Error("useUndo is for screens inside UndoProvider.");
  return undo;
}

let sayAloud: (text: string) => void = () => undefined;
/** Says a sentence to a screen reader, politely. */
export const announce = (text: string): void => sayAloud(text);

/** Where `announce` is heard; mounted once. */
export function LiveRegion() {
  const [text, setText] = useState("");
  useEffect(() => {
    sayAloud = (t) => setText((old) => (old === t ? `${t}\u00a0` : t));
    return () => void (sayAloud = () => undefined);
  }, []);
  return <div className="vh" role="status" aria-live="polite">{text}</div>;
}
