import { useSyncExternalStore } from "react";

/** How the window looks: as the system does, or always light or dark. */
export type Theme = "system" | "light" | "dark";

const name = "tandem.theme";
const watchers = new Set<() => void>();
const dark = () => matchMedia("(prefers-color-scheme: dark)");

const chosen = (): Theme => {
  const t = localStorage.getItem(name);
  return t === "light" || t === "dark" ? t : "system";
};

const show = () => {
  const t = chosen();
  document.documentElement.dataset.theme = t === "system" ? (dark().matches ? "dark" : "light") : t;
};

/** Puts the theme on the page and follows the system from then on. */
export function startTheme(): void {
  show();
  dark().addEventListener("change", show);
}

/** The choice, and how to make it. */
export function useTheme(): [Theme, (next: Theme) => void] {
  const theme = useSyncExternalStore((w) => (watchers.add(w), () => void watchers.delete(w)), chosen);
  return [
    theme,
    (next) => {
      if (next === "system") localStorage.removeItem(name);
      else localStorage.setItem(name, next);
      show();
      watchers.forEach((w) => w());
    },
  ];
}
