import { useState } from "react";
import { day } from "@/lib/format";
import { Button, Field } from "./controls";

/** A list of days that can be added to and taken from. */
export function Dates({ label, value, onChange, min, max }: { label: string; value: readonly string[]; onChange: (days: string[]) => void; min?: string; max?: string }) {
  const [next, setNext] = useState("");
  const outside = next !== "" && ((min !== undefined && next < min) || (max !== undefined && next > max));
  return (
    <fieldset className="dates">
      <legend>{label}</legend>
      {value.length > 0 ? (
        <ul>{[...value].sort().map((d) => <li key={d}>{day(d)} <Button kind="bare" size="sm" aria-label={`Take ${day(d)} out`} onPress={() => onChange(value.filter((x) => x !== d))}>Take out</Button></li>)}</ul>
      ) : <p className="dim">None</p>}
      <div className="dates-a">
        <Field label="Another day" type="date" value={next} onChange={setNext} width="11em" error={outside ? "Outside the programme." : undefined} />
        <Button isDisabled={!/^\d{4}-\d\d-\d\d$/.test(next) || value.includes(next)} onPress={() => { onChange([...value, next].sort()); setNext(""); }}>Add the day</Button>
      </div>
    </fieldset>
  );
}
