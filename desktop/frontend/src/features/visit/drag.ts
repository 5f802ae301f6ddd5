import { useCallback, useEffect, useRef, useState, type PointerEvent as ReactPointerEvent, type RefObject } from "react";

/** What a drag is told as it goes. */
export interface DragHandlers<T> {
  /** The pointer went far enough to mean it; false refuses the drag. */
  start: (what: T) => boolean;
  /** The element under the pointer. */
  over: (what: T, under: Element | null) => void;
  drop: (what: T, under: Element | null) => void;
  cancel: (what: T) => void;
}

/**
 * Dragging with a pointer, by hand: the thing follows within the frame because only its own style changes. Everything
 * that it can do has a key, so nothing here is needed to use the screen.
 */
export function useDrag<T>(handlers: DragHandlers<T>) {
  const latest = useRef(handlers);
  latest.current = handlers;
  const ghost = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<T | null>(null);
  const stop = useRef<(() => void) | null>(null);
  const justDragged = useRef(false);
  const last = useRef({ x: 0, y: 0 });

  const follow = () => {
    if (ghost.current) ghost.current.style.transform = `translate(${last.current.x + 14}px,${last.current.y + 10}px)`;
  };

  const begin = useCallback((event: ReactPointerEvent, what: T) => {
    if (event.button !== 0 || event.pointerType === "touch") return;
    const from = { x: event.clientX, y: event.clientY };
    let going = false;
    const under = () => document.elementFromPoint(last.current.x, last.current.y);
    const move = (e: PointerEvent) => {
      last.current = { x: e.clientX, y: e.clientY };
      if (!going) {
        if (Math.hypot(e.clientX - from.x, e.clientY - from.y) < 6) return;
        if (!latest.current.start(what)) return end();
        going = true;
        document.body.classList.add("dragging");
        setDragged(what);
      }
      follow();
      latest.current.over(what, under());
    };
    const up = () => {
      if (going) {
        justDragged.current = true;
        setTimeout(() => (justDragged.current = false));
        latest.current.drop(what, under());
      }
      end();
    };
    const key = (e: KeyboardEvent) => {
      if (e.key !== "Escape" || !going) return;
      e.preventDefault();
      e.stopPropagation();
      latest.current.cancel(what);
      end();
    };
    const lost = () => {
      if (going) latest.current.cancel(what);
      end();
    };
    function end() {
      window.removeEventListener("pointermove", move);
      window.removeEventListener("pointerup", up);
      window.removeEventListener("pointercancel", lost);
      window.removeEventListener("keydown", key, true);
      document.body.classList.remove("dragging");
      stop.current = null;
      setDragged(null);
    }
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", up);
    window.addEventListener("pointercancel", lost);
    window.addEventListener("keydown", key, true);
    stop.current = end;
  }, []);

  useEffect(() => () => stop.current?.(), []);
  useEffect(follow, [dragged]);

  return {
    begin,
    dragged,
    ghost: ghost as RefObject<HTMLDivElement>,
    /** Whether a click is only the end of a drag. */
    wasDrag: () => justDragged.current,
  };
}
export type Drag<T> = ReturnType<typeof useDrag<T>>;
