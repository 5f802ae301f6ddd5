import { useState } from "react";
import { Autocomplete, Dialog as AriaDialog, Input, ListBox, ListBoxItem, Modal, ModalOverlay, SearchField } from "react-aria-components";
import { useAllFindings, useKeys, useLetters, useShownKeys, useUndo, announce } from "@/lib/keys";
import { tellLost } from "@/lib/server";
import { useTheme, type Theme } from "@/lib/theme";
import { Check, Choice, Dialog } from "@/ui/controls";

/** "Find or do": everything on this screen and every place to go, by a few letters. */
export function Find({ onClose }: { onClose: () => void }) {
  const all = useAllFindings();
  const [text, setText] = useState("");
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = all()
    .map((f, i) => ({ ...f, id: String(i) }))
    .filter((f) => wanted.every((w) => `${f.title} ${f.hint}`.toLowerCase().includes(w)))
    .slice(0, 60);
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && onClose()} className="scrim find-s">
      <Modal className="modal find-d">
        <AriaDialog className="dlg" aria-label="Find or do">
          <Autocomplete inputValue={text} onInputChange={setText}>
            <SearchField aria-label="Find or do" autoFocus>
              <Input className="find-in" placeholder="A person, a host, a screen, an action" />
            </SearchField>
            <ListBox aria-label="Found" className="lb" items={found} renderEmptyState={() => <p className="pad mid">Nothing here has those letters.</p>} onAction={(k) => { onClose(); found.find((f) => f.id === k)?.act(); }}>
              {(f) => <ListBoxItem id={f.id} textValue={f.title} className="lbi">{f.title}<span>{f.hint}</span></ListBoxItem>}
            </ListBox>
          </Autocomplete>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

const pretty = (press: string): string[] =>
  press.split("+").map((p) => ({ ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", " ": "Space", Escape: "Esc" })[p] ?? (p.length === 1 ? p.toUpperCase() : p));

/** The keys that act now, how the window looks, and whether letters act. */
export function KeyHelp({ onClose }: { onClose: () => void }) {
  const keys = useShownKeys();
  const [letters, setLetters] = useLetters();
  const [theme, setTheme] = useTheme();
  return (
    <Dialog title="Keys and looks" onClose={onClose}>
      <dl className="keys">
        {keys.map((k) => (
          <div key={k.press + k.says} className="keys-r">
            <dt>{pretty(k.press).map((p) => <kbd key={p}>{p}</kbd>)}</dt>
            <dd>{k.says}</dd>
          </div>
        ))}
      </dl>
      <div className="stack keys-o">
        <Check label="Single letters act outside text fields" value={letters} onChange={setLetters} />
        <Choice<Theme> label="Light or dark" value={theme} onChange={setTheme} width="14em" items={[{ id: "system", name: "As this computer" }, { id: "light", name: "Light" }, { id: "dark", name: "Dark" }]} />
      </div>
    </Dialog>
  );
}

/** Undo and redo that say what they did, or why they could not. */
export function useUndoing() {
  const { undo, redo, back, forth } = useUndo();
  const run = (act: () => Promise<string | null>, done: string, nothing: string) => () =>
    void act().then(
      (what) => announce(what ? `${done}: ${what}` : nothing),
      (e: Error) => tellLost(`Not ${done.toLowerCase()}: ${e.message}`),
    );
  return { undo: run(undo, "Undone", "Nothing to undo"), redo: run(redo, "Done again", "Nothing to do again"), back, forth };
}

/** What the whole window can do, whatever the screen: find, keys, undo, next panel. */
export function useWindowKeys(open: (what: "find" | "keys") => void): void {
  const { undo, redo } = useUndoing();
  useKeys([
    { press: "Ctrl+k", says: "Find or do", act: () => open("find") },
    { press: "?", says: "Keys of this screen", act: () => open("keys") },
    { press: "Ctrl+z", says: "Undo", act: undo },
    { press: "Ctrl+Shift+z", says: "Redo", act: redo },
    { press: "F6", says: "Next panel", act: nextPanel },
  ]);
}

// Panels are the landmarks and labelled regions on screen, in their order.
function nextPanel(): void {
  const panels = [...document.querySelectorAll<HTMLElement>("main, aside, [data-panel]")].filter((p) => p.offsetParent !== null);
  const at = panels.findIndex((p) => p.contains(document.activeElement));
  const next = panels[(at + 1) % panels.length];
  if (!next) return;
  const inside = next.querySelector<HTMLElement>('a[href], button:not([disabled]), input, [tabindex="0"]');
  if (!inside) next.tabIndex = -1;
  (inside ?? next).focus();
}
