// @vitest-environment jsdom
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it } from "vitest";
import { Bound, PairCount, Tally } from "./marks";

afterEach(cleanup);

describe("the two sectors", () => {
  it("are one mark a person, squares left of the pivot and rings right of it", () => {
    const { container } = render(<Tally public={3} private={2} />);
    const pivot = Number(/M([\d.]+)/.exec(container.querySelector(".g-piv")!.getAttribute("d")!)![1]);
    const squares = [...container.querySelectorAll("rect.g-pub")];
    const rings = [...container.querySelectorAll("circle.g-pri")];
    expect([squares.length, rings.length]).toEqual([3, 2]);
    expect(squares.every((s) => Number(s.getAttribute("x")) + 7 <= pivot)).toBe(true);
    expect(rings.every((r) => Number(r.getAttribute("cx")) > pivot)).toBe(true);
  });
  it("show free seats beside those taken", () => {
    const { container } = render(<Tally public={2} private={3} of={{ public: 4, private: 3 }} />);
    expect(container.querySelectorAll(".g-free").length).toBe(2);
    expect(screen.getByRole("img").getAttribute("aria-label")).toBe("2 public, 3 private, of 4 and 3 seats");
  });
  it("are said in words", () => {
    render(<PairCount public={9} private={10} />);
    expect(screen.getByRole("img", { name: "9 public, 10 private" })).toBeTruthy();
  });
});

describe("the bound", () => {
  const caps = (gap: number | null | undefined) => [...render(<Bound gap={gap} />).container.querySelectorAll(".b-cap")].map((p) => Number(/M([\d.]+)/.exec(p.getAttribute("d")!)![1]));
  it("touches where it is proved, and never where it is not", () => {
    const [a, b] = caps(null);
    expect(a).toBe(b);
    const [c, e] = caps(0.1);
    expect(e! - c!).toBeGreaterThan(5);
  });
  it("is wider for a wider gap", () => {
    const width = (g: number) => { const [a, b] = caps(g); return b! - a!; };
    expect(width(8)).toBeGreaterThan(width(1));
  });
  it("has no second bar where none is known", () => expect(caps(undefined).length).toBe(1));
});
