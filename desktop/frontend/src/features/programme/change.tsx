import { useState } from "react";
import { useNavigate } from "@tanstack/react-router";
import { graphql } from "@/gql";
import type { Nation, TravelMode, UpdateProgrammeInput } from "@/gql/graphql";
import { capital, day, nationWord, readDay, readNumber } from "@/lib/format";
import { client, type Intent } from "@/lib/server";
import { ChangeDialog } from "@/ui/change";
import { Button, Check, Choice, Dialog, Field, NumberBox } from "@/ui/controls";
import { DayField } from "@/ui/dates";
import { modeWord } from "../visit/journeys";
import type { Programme } from ".";

const Edit = graphql(`
  mutation EditProgramme($input: UpdateProgrammeInput!) {
    updateProgramme(input: $input) {
      programme { id version updatedBy }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);
const Begin = graphql(`
  mutation BeginAnotherCohort($input: CreateCohortInput!) {
    createCohort(input: $input) {
      cohort { id name }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);

type Changes = Omit<Intent<UpdateProgrammeInput>, "dryRun" | "programmeId" | "expectedVersion">;

/** One change of the programme; where somebody saved meanwhile it says so, and nothing of theirs is lost. */
function EditDialog({ programme, title, lede, changes, ready, onClose, children }: { programme: Programme; title: string; lede?: string; changes: Changes; ready: boolean; onClose: () => void; children: React.ReactNode }) {
  const [{ id, version }] = useState(programme);
  const [theirs, setTheirs] = useState<string | null>(null);
  if (theirs !== null) {
    return <Dialog title="Somebody changed the programme meanwhile" lede={`${theirs} saved it while you wrote. Look at what is there now, then change what is still to be changed.`} onClose={onClose} foot={<Button kind="go" onPress={onClose}>Show the programme</Button>} />;
  }
  return (
    <ChangeDialog wide title={title} lede={lede} verb="Save" document={Edit} intent={{ programmeId: id, expectedVersion: version, ...changes }} ready={ready} pick={(d) => d.updateProgramme} onClose={onClose}
      onStale={(d) => { void client.invalidateQueries(); setTheirs(d.updateProgramme.programme?.updatedBy ?? "Somebody"); }}>
      {children}
    </ChangeDialog>
  );
}

export function EditFacts({ programme, onClose }: { programme: Programme; onClose: () => void }) {
  const [p] = useState(programme);
  const [name, setName] = useState(p.name);
  const [from, setFrom] = useState<string | null>(p.startsOn);
  const [to, setTo] = useState<string | null>(p.endsOn);
  const [nation, setNation] = useState<Nation>(p.officeNation);
  const [seats, setSeats] = useState({ public: p.seats.public, private: p.seats.private });
  const [milestones, setMilestones] = useState(p.milestones.map((m) => ({ name: m.name, on: m.on })));
  const backwards = !!from && !!to && to < from;
  // Only what differs is sent, so that days that must stay are not asked for.
  const changes: Changes = {
    ...(name.trim() !== p.name ? { name: name.trim() } : {}),
    ...(from && from !== p.startsOn ? { startsOn: from } : {}),
    ...(to && to !== p.endsOn ? { endsOn: to } : {}),
    ...(nation !== p.officeNation ? { officeNation: nation } : {}),
    ...(seats.public !== p.seats.public || seats.private !== p.seats.private ? { seats } : {}),
    ...(JSON.stringify(milestones) !== JSON.stringify(p.milestones.map((m) => ({ name: m.name, on: m.on }))) ? { milestones } : {}),
  };
  return (
    <EditDialog programme={programme} title="Change the programme" lede="Once a plan is released its days stay." changes={changes} onClose={onClose}
      ready={Object.keys(changes).length > 0 && name.trim() !== "" && !!from && !!to && !backwards && milestones.every((m) => m.name.trim() !== "")}>
      <div className="stack">
        <Field label="Name" value={name} onChange={setName} autoFocus required error={name.trim() === "" ? "A programme needs a name." : undefined} />
        <div className="grid2">
          <DayField label="First day" value={from} onChange={setFrom} near={p.startsOn} />
          <DayField label="Last day" value={to} onChange={setTo} near={p.endsOn} error={backwards ? "Before the first day." : undefined} />
        </div>
        <div className="prg-row">
          <NumberBox label="Public seats" value={seats.public} onChange={(n) => setSeats({ ...seats, public: n })} />
          <NumberBox label="Private seats" value={seats.private} onChange={(n) => setSeats({ ...seats, private: n })} />
          <Choice<Nation> label="The office is in" value={nation} onChange={setNation} items={(Object.keys(nationWord) as Nation[]).map((n) => ({ id: n, name: nationWord[n] }))} width="13em" />
        </div>
        <Milestones value={milestones} onChange={setMilestones} near={p.startsOn} />
      </div>
    </EditDialog>
  );
}

function Milestones({ value, onChange, near }: { value: { name: string; on: string }[]; onChange: (m: { name: string; on: string }[]) => void; near: string }) {
  const [name, setName] = useState("");
  const [text, setText] = useState("");
  const read = text.trim() ? readDay(text, near) : null;
  const add = () => {
    if (!read || !name.trim()) return;
    onChange([...value, { name: name.trim(), on: read }].sort((a, b) => a.on.localeCompare(b.on)));
    setName("");
    setText("");
  };
  return (
    <fieldset className="dates">
      <legend>Milestones</legend>
      {value.length === 0 ? <p className="dim">None</p> : (
        <ul>{value.map((m, i) => <li key={m.on + m.name}>{day(m.on)}: {m.name} <Button kind="bare" size="sm" aria-label={`Take ${m.name} out`} onPress={() => onChange(value.filter((_, j) => j !== i))}>Take out</Button></li>)}</ul>
      )}
      <div className="prg-row" onKeyDown={(e) => { if (e.key === "Enter") { e.preventDefault(); add(); } }}>
        <Field label="Another milestone" value={name} onChange={setName} width="16em" hint="Such as Pitch day" />
        <Field label="Its day" value={text} onChange={setText} width="10em" hint={read ? `Read as ${day(read)}` : "Such as 23 Apr"} error={text.trim().length > 4 && !read ? "No such day." : undefined} />
        <span className="prg-add"><Button isDisabled={!read || !name.trim()} onPress={add}>Add it</Button></span>
      </div>
    </fieldset>
  );
}

export function EditRules({ programme, onClose }: { programme: Programme; onClose: () => void }) {
  const [p] = useState(programme);
  const [usualDays, setUsualDays] = useState(p.visitDaysMax == null);
  const [usualWay, setUsualWay] = useState(p.oneWayMinutesMax == null);
  const [days, setDays] = useState(p.visitDaysMax ?? 5);
  const [minutes, setMinutes] = useState(p.oneWayMinutesMax ?? 240);
  const visitDaysMax = usualDays ? 0 : days;
  const oneWayMinutesMax = usualWay ? 0 : minutes;
  const ready = visitDaysMax !== (p.visitDaysMax ?? 0) || oneWayMinutesMax !== (p.oneWayMinutesMax ?? 0);
  return (
    <EditDialog programme={programme} title="What plans are asked for" lede="Where nobody asks for something else when planning." changes={{ visitDaysMax, oneWayMinutesMax }} ready={ready} onClose={onClose}>
      <div className="stack">
        <Check label="One visit day in each fortnight" value={usualDays} onChange={setUsualDays} />
        {!usualDays && <NumberBox label="Visit days at most" value={days} onChange={setDays} min={1} max={100} unit="days in all" />}
        <Check label="Four hours from door to door" value={usualWay} onChange={setUsualWay} />
        {!usualWay && <NumberBox label="Longest way, door to door" value={minutes} onChange={setMinutes} min={1} max={1440} unit="minutes" />}
      </div>
    </EditDialog>
  );
}

interface Rate {
  mode: TravelMode;
  pence: string;
  year: string;
  source: string;
}

export function EditRates({ programme, onClose }: { programme: Programme; onClose: () => void }) {
  const [p] = useState(programme);
  const before: Rate[] = p.travelRates.filter((r) => r.own).map((r) => ({ mode: r.mode, pence: String(r.pencePerKm), year: r.year ? String(r.year) : "", source: r.source.name }));
  const [rates, setRates] = useState(before);
  const free = (Object.keys(modeWord) as TravelMode[]).filter((m) => !rates.some((r) => r.mode === m));
  const put = (i: number, part: Partial<Rate>) => setRates(rates.map((r, j) => (j === i ? { ...r, ...part } : r)));
  const wrong = (r: Rate) => {
    const pence = readNumber(r.pence, 2);
    return {
      pence: r.pence.trim() !== "" && (pence === null || pence > 1000) ? "Pence, such as 15.2, up to 1,000." : undefined,
      year: r.year.trim() !== "" && !/^(19|20)\d\d$/.test(r.year.trim()) ? "Four digits." : undefined,
      missing: pence === null || r.source.trim() === "",
    };
  };
  return (
    <EditDialog
      programme={programme}
      title="What a kilometre costs"
      lede="A rate of your own counts before a published one. It says where it is from; where it is an assumption, say that."
      changes={{ travelRates: rates.map((r) => ({ mode: r.mode, pencePerKm: readNumber(r.pence, 2) ?? 0, year: r.year.trim() ? Number(r.year) : null, source: r.source.trim() })) }}
      ready={JSON.stringify(rates) !== JSON.stringify(before) && rates.every((r) => { const w = wrong(r); return !w.pence && !w.year && !w.missing; })}
      onClose={onClose}
    >
      <div className="stack">
        {rates.length === 0 && <p className="mid">No rate of its own: published ones count where there are any.</p>}
        {rates.map((r, i) => {
          const w = wrong(r);
          return (
            <fieldset key={r.mode} className="prg-rate">
              <legend>{capital(modeWord[r.mode])}</legend>
              <Field label="Pence a km" value={r.pence} onChange={(pence) => put(i, { pence })} error={w.pence} width="7em" />
              <Field label="Year" value={r.year} onChange={(year) => put(i, { year })} error={w.year} width="6em" />
              <Field label="Where it is from" value={r.source} onChange={(source) => put(i, { source })} required />
              <Button kind="bare" size="sm" aria-label={`Take the rate by ${modeWord[r.mode]} out`} onPress={() => setRates(rates.filter((_, j) => j !== i))}>Take out</Button>
            </fieldset>
          );
        })}
        {free.length > 0 && <p className="prg-btns">Set a rate for {free.map((m) => <Button key={m} size="sm" onPress={() => setRates([...rates, { mode: m, pence: "", year: "", source: "" }])}>{capital(modeWord[m])}</Button>)}</p>}
      </div>
    </EditDialog>
  );
}

export function NewCohort({ programme, onClose }: { programme: Programme; onClose: () => void }) {
  const go = useNavigate();
  const [name, setName] = useState("");
  return (
    <ChangeDialog title="Begin another cohort" lede="It shares the programme’s days, hosts and challenges, and has people and teams of its own." verb="Begin" document={Begin} intent={{ programmeId: programme.id, name: name.trim() }} ready={name.trim() !== ""} pick={(d) => d.createCohort} onClose={onClose}
      onDone={(d) => d.createCohort.cohort && void go({ to: `/c/${d.createCohort.cohort.id}/import` })}>
      <Field label="Name" value={name} onChange={setName} autoFocus required />
    </ChangeDialog>
  );
}
