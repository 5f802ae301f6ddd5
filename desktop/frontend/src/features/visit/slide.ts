import { useLayoutEffect, useRef, type RefObject } from "react";

/**
 * Lets a visit that has another place slide there, so that the eye can follow it. With reduced motion it changes at
 * once and keeps an outline until the next action.
 */
export function useSlide(board: RefObject<HTMLElement | null>, layout: unknown, when: boolean): void {
  const before = useRef(new Map<string, { x: number; y: number; where: string }>());
  useLayoutEffect(() => {
    const root = board.current;
    // While something is lifted the places before it was lifted are the ones to slide from.
    if (!root || !when) return;
    const frame = root.getBoundingClientRect();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const now = new Map<string, { x: number; y: number; where: string }>();
    for (const cell of root.querySelectorAll<HTMLElement>("[data-visit]")) {
      const box = cell.getBoundingClientRect();
      const id = cell.dataset.visit!;
      const place = { x: box.x - frame.x + root.scrollLeft, y: box.y - frame.y + root.scrollTop, where: cell.dataset.where ?? "" };
      now.set(id, place);
      const was = before.current.get(id);
      cell.classList.remove("was-moved");
      if (!was || was.where === place.where) continue;
      if (still) cell.classList.add("was-moved");
      else cell.animate?.([{ transform: `translate(${was.x - place.x}px,${was.y - place.y}px)` }, { transform: "none" }], { duration: 200, easing: "cubic-bezier(.2,0,0,1)" });
    }
    if (now.size > 0) before.current = now;
  }, [board, layout, when]);
}
