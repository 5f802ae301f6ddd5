import { useState } from "react";
import { day, dayYear, readDay } from "@/lib/format";
import { Button, Field } from "./controls";

/** A day as people write it, read back beside the field; `near` settles the year where none is written. */
export function DayField({ label, value, onChange, near, error, autoFocus }: { label: string; value: string | null; onChange: (day: string | null) => void; near: string; error?: string | undefined; autoFocus?: boolean }) {
  const [text, setText] = useState(value ? dayYear(value).replace(/\u00a0/g, " ") : "");
  const read = text.trim() ? readDay(text, near) : null;
  return (
    <Field
      label={label}
      value={text}
      onChange={(t) => { setText(t); onChange(t.trim() ? readDay(t, near) : null); }}
      hint={read ? `Read as ${dayYear(read)}` : "Such as 23 Apr 2019"}
      error={error ?? (text.trim().length > 4 && !read ? "No such day." : undefined)}
      autoFocus={autoFocus ?? false}
    />
  );
}

/** A list of days that can be added to and taken from. */
export function Dates({ label, value, onChange, min, max }: { label: string; value: readonly string[]; onChange: (days: string[]) => void; min: string; max: string }) {
  const [text, setText] = useState("");
  const read = text.trim() ? readDay(text, min) : null;
  const outside = read !== null && (read < min || read > max);
  const add = () => {
    if (!read || outside || value.includes(read)) return;
    onChange([...value, read].sort());
    setText("");
  };
  return (
    <fieldset className="dates">
      <legend>{label}</legend>
      {value.length > 0 ? (
        <ul>{[...value].sort().map((d) => <li key={d}>{day(d)} <Button kind="bare" size="sm" aria-label={`Take ${day(d)} out`} onPress={() => onChange(value.filter((x) => x !== d))}>Take out</Button></li>)}</ul>
      ) : <p className="dim">None</p>}
      <div className="dates-a" onKeyDown={(e) => { if (e.key === "Enter") { e.preventDefault(); add(); } }}>
        <Field label="Another day" value={text} onChange={setText} width="11em" hint={read ? `Read as ${dayYear(read)}` : "Such as 23 Apr"} error={outside ? "Outside the programme." : text.trim().length > 4 && !read ? "No such day." : undefined} />
        <Button isDisabled={!read || outside || value.includes(read)} onPress={add}>Add the day</Button>
      </div>
    </fieldset>
  );
}
