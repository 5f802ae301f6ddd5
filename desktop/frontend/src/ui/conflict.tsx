import { useState, type ReactNode } from "react";
import { Radio, RadioGroup } from "react-aria-components";
import { Button, Dialog } from "./controls";
import { count } from "@/lib/format";

/** A field that two people changed. */
export interface Differing {
  key: string;
  name: string;
  yours: ReactNode;
  theirs: ReactNode;
}

/**
 * Two edits of the same thing, field by field: yours left, theirs right, only what differs. `result` puts the choice in
 * words before the button. The version that is not kept stays in the history.
 */
export function ConflictDialog({ what, who, when, differing, changed, total, result, onKeep, onTheirs, onLater }: {
  /** "this offer", "Amara Okafor" */
  what: string;
  who: string | null;
  /** "today 09:24" */
  when: string;
  differing: readonly Differing[];
  /** The fields that you changed yourself: yours is chosen for those, theirs for the others. */
  changed: ReadonlySet<string>;
  /** How many fields there are in all. */
  total: number;
  result: (mine: ReadonlySet<string>) => ReactNode;
  onKeep: (mine: ReadonlySet<string>) => void;
  onTheirs: () => void;
  onLater: () => void;
}) {
  const [mine, setMine] = useState<ReadonlySet<string>>(new Set(differing.map((d) => d.key).filter((k) => changed.has(k))));
  const name = who ?? "Somebody";
  return (
    <Dialog
      wide
      title={`${name} changed ${what} meanwhile`}
      lede={`${count(differing.length, "field")} of ${total} ${differing.length === 1 ? "differs" : "differ"}. Nothing is lost: the version you do not keep stays in the history.`}
      onClose={onLater}
      foot={
        <>
          <Button kind="go" onPress={() => onKeep(mine)}>Keep these choices</Button>
          <Button onPress={onTheirs}>{who ? `All of ${who.split(" ")[0]}’s` : "All of theirs"}</Button>
          <span className="far"><Button kind="bare" onPress={onLater}>Decide later</Button></span>
        </>
      }
    >
      <div className="conf">
        <div className="conf-h" aria-hidden="true"><span /><div><b>Yours</b><span>now, not saved</span></div><div><b>On the server</b><span>{name}, {when}</span></div></div>
        {differing.map((d) => (
          <RadioGroup key={d.key} aria-label={d.name} className="conf-r" value={mine.has(d.key) ? "mine" : "theirs"} onChange={(v) => { const next = new Set(mine); if (v === "mine") next.add(d.key); else next.delete(d.key); setMine(next); }}>
            <span>{d.name}</span>
            <Radio value="mine" className="rad"><i aria-hidden="true" /><span><span className="vh">Yours: </span>{d.yours}</span></Radio>
            <Radio value="theirs" className="rad"><i aria-hidden="true" /><span><span className="vh">{name}: </span>{d.theirs}</span></Radio>
          </RadioGroup>
        ))}
      </div>
      <p className="conf-w" aria-live="polite">{result(mine)}</p>
    </Dialog>
  );
}
