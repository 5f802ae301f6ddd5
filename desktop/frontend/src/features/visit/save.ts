/** A name that every file system takes. */
export const fileName = (text: string): string =>
  text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60) || "tandem";

/** Prints a part of the screen alone; the style sheet shows only what is marked. */
export function printAlone(element: HTMLElement | null): void {
  if (!element) return;
  const root = document.documentElement;
  const copy = document.createElement("div");
  copy.className = "pl-print";
  copy.append(element.cloneNode(true));
  document.body.append(copy);
  root.dataset.printing = "";
  const done = () => {
    copy.remove();
    delete root.dataset.printing;
    window.removeEventListener("afterprint", done);
  };
  window.addEventListener("afterprint", done);
  window.print();
}
