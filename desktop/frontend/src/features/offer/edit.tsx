import { useState } from "react";
import { graphql } from "@/gql";
import type { EditOfferMutation, HostOfferState, ManifestField, SaveHostOfferInput } from "@/gql/graphql";
import { useCohort } from "@/lib/cohort";
import { clock, count, dateIn, day, hostName, length, list, momentIn, readDay, time } from "@/lib/format";
import { ask, newKey } from "@/lib/graphql";
import { useUndo } from "@/lib/keys";
import { client, type Intent } from "@/lib/server";
import { ChangeDialog } from "@/ui/change";
import { ConflictDialog, type Differing } from "@/ui/conflict";
import { Button, Choice, Field, NumberBox } from "@/ui/controls";
import { Dates } from "@/ui/dates";
import type { OfferRow } from ".";

export const Save = graphql(`
  mutation EditOffer($input: SaveHostOfferInput!) {
    saveHostOffer(input: $input) {
      offer { id version updatedAt updatedBy state themes { name } minGroup maxGroup durationMinutes windows { startsAt endsAt } blackoutDates leadTimeWorkingDays requiredFields { field leadTimeWorkingDays } }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);

export const fieldWord: Record<ManifestField, string> = { NAME: "name", EMPLOYER: "employer", EMAIL: "e-mail", IDENTITY: "identity document", DIET: "diet", ACCESS: "access" };

export interface Terms {
  state: HostOfferState;
  themes: string;
  minGroup: number;
  maxGroup: number;
  durationMinutes: number;
  leadTimeWorkingDays: number;
  windows: { on: string; from: string; to: string }[];
  blackoutDates: string[];
  requiredFields: { field: ManifestField; leadTimeWorkingDays: number }[];
}
type Server = NonNullable<EditOfferMutation["saveHostOffer"]["offer"]>;

const termsOf = (o: Pick<OfferRow, "state" | "minGroup" | "maxGroup" | "durationMinutes" | "leadTimeWorkingDays" | "windows" | "blackoutDates" | "requiredFields"> & { themes: readonly { name: string }[] }, zone: string): Terms => ({
  state: o.state,
  themes: o.themes.map((t) => t.name).join(", "),
  minGroup: o.minGroup,
  maxGroup: o.maxGroup,
  durationMinutes: o.durationMinutes,
  leadTimeWorkingDays: o.leadTimeWorkingDays,
  windows: o.windows.map((w) => ({ on: dateIn(w.startsAt, zone), from: time(w.startsAt, zone), to: time(w.endsAt, zone) })),
  blackoutDates: [...o.blackoutDates],
  requiredFields: (o.requiredFields ?? []).map((f) => ({ field: f.field, leadTimeWorkingDays: f.leadTimeWorkingDays })),
});

/** The terms as the graph takes them. */
export const inputOf = (t: Terms, zone: string) => ({
  state: t.state,
  themes: t.themes.split(",").map((x) => x.trim()).filter(Boolean),
  minGroup: t.minGroup,
  maxGroup: t.maxGroup,
  durationMinutes: t.durationMinutes,
  leadTimeWorkingDays: t.leadTimeWorkingDays,
  windows: t.windows.filter((w) => w.from < w.to).map((w) => ({ startsAt: momentIn(w.on, w.from, zone), endsAt: momentIn(w.on, w.to, zone) })),
  blackoutDates: t.blackoutDates,
  requiredFields: t.requiredFields,
});

const fields: [keyof Terms, string, (t: Terms) => string][] = [
  ["state", "State", (t) => (t.state === "OPEN" ? "open" : "taken back")],
  ["themes", "Shows", (t) => t.themes || "no theme"],
  ["minGroup", "Smallest group", (t) => count(t.minGroup, "person", "people")],
  ["maxGroup", "Largest group", (t) => count(t.maxGroup, "person", "people")],
  ["durationMinutes", "Length", (t) => length(t.durationMinutes)],
  ["leadTimeWorkingDays", "Names", (t) => `${count(t.leadTimeWorkingDays, "working day")} before`],
  ["windows", "Open", (t) => list(t.windows.map((w) => `${day(w.on)} ${w.from}–${w.to}`)) || "no day"],
  ["blackoutDates", "Closed", (t) => list(t.blackoutDates.map(day)) || "no day"],
  ["requiredFields", "Asks for", (t) => list(t.requiredFields.map((f) => `${fieldWord[f.field]} ${f.leadTimeWorkingDays} days before`)) || "nothing"],
];

/** Changes what a host offers; what it does to visits is shown before it is saved. */
export function EditOffer({ offer: given, onClose }: { offer: OfferRow; onClose: () => void }) {
  // The edit is based on what was on screen when it began; what others save meanwhile must not slip under it.
  const [offer] = useState(given);
  const { programme } = useCohort();
  const zone = programme.timeZone;
  const { did } = useUndo();
  const before = termsOf(offer, zone);
  const [terms, setTerms] = useState(before);
  const [server, setServer] = useState<Server | null>(null);
  const set = (part: Partial<Terms>) => setTerms({ ...terms, ...part });
  const changed = JSON.stringify(terms) !== JSON.stringify(before);
  const wrong = wrongIn(terms);
  const intentOf = (t: Terms, version: number): Omit<Intent<SaveHostOfferInput>, "dryRun"> => ({ offerId: offer.id, expectedVersion: version, ...inputOf(t, zone) });
  const put = async (t: Terms, version: number): Promise<number> => {
    const { saveHostOffer: s } = await ask(Save, { input: { ...intentOf(t, version), idempotencyKey: newKey(), dryRun: false } });
    if (s.userErrors[0]) throw new Error(s.userErrors[0].message);
    void client.invalidateQueries();
    return s.offer!.version;
  };
  const remember = (after: Terms, version: number) => {
    let at = version;
    did({ says: `${hostName(offer.site)} changed`, undo: async () => void (at = await put(before, at)), redo: async () => void (at = await put(after, at)) });
  };
  if (server) {
    const theirs = termsOf(server, zone);
    const differing: Differing[] = fields.filter(([, , say]) => say(terms) !== say(theirs)).map(([key, name, say]) => ({ key, name, yours: say(terms), theirs: say(theirs) }));
    const merged = (mine: ReadonlySet<string>): Terms => Object.fromEntries(fields.map(([k]) => [k, mine.has(k) ? terms[k] : theirs[k]])) as unknown as Terms;
    return (
      <ConflictDialog
        what={`the offer of ${hostName(offer.site)}`}
        who={server.updatedBy ?? null}
        when={`${day(server.updatedAt.slice(0, 10))} ${clock(new Date(server.updatedAt))}`}
        differing={differing}
        changed={new Set(fields.filter(([, , say]) => say(terms) !== say(before)).map(([k]) => k as string))}
        total={fields.length}
        result={(mine) => { const m = merged(mine); return `With these choices: ${m.minGroup} to ${m.maxGroup} people, ${length(m.durationMinutes)}, names ${m.leadTimeWorkingDays} working days before, open on ${count(m.windows.length, "day")}.`; }}
        onKeep={(mine) => void put(merged(mine), server.version).then((v) => { remember(merged(mine), v); onClose(); }, () => onClose())}
        onTheirs={() => { void client.invalidateQueries(); onClose(); }}
        onLater={() => { void client.invalidateQueries(); onClose(); }}
      />
    );
  }
  return (
    <ChangeDialog
      wide
      title={`Change the offer of ${hostName(offer.site)}`}
      lede="Visits that no longer fit become at risk; nothing is moved by itself."
      verb="Save"
      document={Save}
      intent={intentOf(terms, offer.version)}
      ready={changed && !wrong.group && !wrong.window}
      pick={(d) => d.saveHostOffer}
      onClose={onClose}
      onDone={(d) => d.saveHostOffer.offer && remember(terms, d.saveHostOffer.offer.version)}
      onStale={(d) => d.saveHostOffer.offer && setServer(d.saveHostOffer.offer)}
      none="No visit is touched."
    >
      <TermsForm terms={terms} set={set} />
    </ChangeDialog>
  );
}

/** What of the terms makes no sense as it stands. */
export const wrongIn = (t: Terms) => ({
  group: t.minGroup > t.maxGroup,
  window: t.windows.find((w) => !/^\d\d:\d\d$/.test(w.from) || !/^\d\d:\d\d$/.test(w.to) || w.from >= w.to),
});

/** What a host offers, field by field. */
export function TermsForm({ terms, set }: { terms: Terms; set: (part: Partial<Terms>) => void }) {
  const { programme } = useCohort();
  const wrong = wrongIn(terms);
  return (
      <div className="stack">
        <div className="o-nums">
          <Choice label="State" value={terms.state} onChange={(state) => set({ state })} items={[{ id: "OPEN", name: "Open" }, { id: "CANCELLED", name: "Taken back" }]} />
          <NumberBox label="Smallest group" value={terms.minGroup} onChange={(minGroup) => set({ minGroup })} min={1} error={wrong.group ? "Larger than the largest." : undefined} />
          <NumberBox label="Largest group" value={terms.maxGroup} onChange={(maxGroup) => set({ maxGroup })} min={1} />
          <NumberBox label="Length" value={terms.durationMinutes} onChange={(durationMinutes) => set({ durationMinutes })} min={15} unit="min" />
          <NumberBox label="Names before" value={terms.leadTimeWorkingDays} onChange={(leadTimeWorkingDays) => set({ leadTimeWorkingDays })} unit="working days" />
        </div>
        <Field label="Shows" value={terms.themes} onChange={(themes) => set({ themes })} hint="Themes by name, with commas between." />
        <div className="grid2">
          <Windows value={terms.windows} onChange={(windows) => set({ windows })} near={programme.startsOn} bad={wrong.window?.on} />
          <div className="stack">
            <Dates label="Closed on" value={terms.blackoutDates} onChange={(blackoutDates) => set({ blackoutDates })} min={programme.startsOn} max={programme.endsOn} />
            <Required value={terms.requiredFields} onChange={(requiredFields) => set({ requiredFields })} />
          </div>
        </div>
      </div>
  );
}

function Windows({ value, onChange, near, bad }: { value: Terms["windows"]; onChange: (w: Terms["windows"]) => void; near: string; bad: string | undefined }) {
  const [text, setText] = useState("");
  const read = text.trim() ? readDay(text, near) : null;
  const put = (i: number, part: Partial<Terms["windows"][number]>) => onChange(value.map((w, j) => (j === i ? { ...w, ...part } : w)));
  const add = () => {
    if (!read || value.some((w) => w.on === read)) return;
    onChange([...value, { on: read, from: value[0]?.from ?? "10:00", to: value[0]?.to ?? "16:00" }].sort((a, b) => a.on.localeCompare(b.on)));
    setText("");
  };
  return (
    <fieldset className="dates wins">
      <legend>Open on</legend>
      {value.length === 0 && <p className="dim">No day</p>}
      <div className="wins-l">
        {value.map((w, i) => (
          <div key={w.on} className="win">
            <span>{day(w.on)}</span>
            <input className="inp" aria-label={`${day(w.on)}, from`} value={w.from} onChange={(e) => put(i, { from: e.target.value })} />
            <span aria-hidden="true">–</span>
            <input className="inp" aria-label={`${day(w.on)}, until`} value={w.to} onChange={(e) => put(i, { to: e.target.value })} />
            <Button kind="bare" size="sm" aria-label={`Take ${day(w.on)} out`} onPress={() => onChange(value.filter((_, j) => j !== i))}>Take out</Button>
          </div>
        ))}
      </div>
      {bad && <p className="err">{day(bad)}: times are like 10:30, the first before the second.</p>}
      <div className="dates-a" onKeyDown={(e) => { if (e.key === "Enter") { e.preventDefault(); add(); } }}>
        <Field label="Another day" value={text} onChange={setText} width="11em" hint={read ? `Read as ${day(read)}` : "Such as 23 Apr"} error={text.trim().length > 4 && !read ? "No such day." : undefined} />
        <Button isDisabled={!read || value.some((w) => w.on === read)} onPress={add}>Add the day</Button>
      </div>
    </fieldset>
  );
}

function Required({ value, onChange }: { value: Terms["requiredFields"]; onChange: (f: Terms["requiredFields"]) => void }) {
  const free = (Object.keys(fieldWord) as ManifestField[]).filter((f) => !value.some((v) => v.field === f));
  return (
    <fieldset className="dates">
      <legend>Asks to know of each visitor</legend>
      {value.map((v) => (
        <div key={v.field} className="req">
          <span>{fieldWord[v.field]}</span>
          <input className="inp" type="number" min={0} aria-label={`${fieldWord[v.field]}: working days before`} value={v.leadTimeWorkingDays} onChange={(e) => onChange(value.map((x) => (x.field === v.field ? { ...x, leadTimeWorkingDays: Math.max(0, Number(e.target.value)) } : x)))} />
          <span className="dim">days before</span>
          <Button kind="bare" size="sm" aria-label={`Ask for ${fieldWord[v.field]} no more`} onPress={() => onChange(value.filter((x) => x.field !== v.field))}>Take out</Button>
        </div>
      ))}
      <p className="req-a">{free.map((f) => <Button key={f} size="sm" onPress={() => onChange([...value, { field: f, leadTimeWorkingDays: 5 }])}>{fieldWord[f]}</Button>)}</p>
    </fieldset>
  );
}
