import { useState } from "react";
import { Navigate, useNavigate } from "@tanstack/react-router";
import { graphql } from "@/gql";
import type { Nation } from "@/gql/graphql";
import { dayYear, daysBetween, count, nationWord } from "@/lib/format";
import { Trouble } from "@/lib/graphql";
import { inWindow } from "@/lib/platform";
import { useAsk, useChange, useNeedsToken, type Refusal } from "@/lib/server";
import { Button, Choice, Dialog, Field, NumberBox } from "@/ui/controls";
import { DayField } from "@/ui/dates";
import { Mark, Tally } from "@/ui/marks";
import { Loading, Refusals, TroubleNote } from "@/ui/state";
import { KeyHelp, useWindowKeys } from "./overlays";
import { TokenScreen } from "./token";
import "./start.css";

const Programmes = graphql(`
  query Programmes {
    programmes(first: 100) {
      totalCount
      nodes { id name startsOn endsOn state seats { public private } cohorts(first: 100) { totalCount nodes { id name } } }
    }
  }
`);
const Begin = graphql(`
  mutation BeginProgramme($input: CreateProgrammeInput!) {
    createProgramme(input: $input) {
      programme { id name }
      userErrors { field message code fix }
    }
  }
`);
const BeginCohort = graphql(`
  mutation BeginCohort($input: CreateCohortInput!) {
    createCohort(input: $input) {
      cohort { id name }
      userErrors { field message code fix }
    }
  }
`);

/** Opens the only cohort, lets one choose among several, and begins a programme where there is none. */
export function Start() {
  const found = useAsk(Programmes, {});
  const needsToken = useNeedsToken();
  // Whoever begins here is on the way to the first file, even where the new cohort is heard of before.
  const [begun, setBegun] = useState(false);
  if (needsToken) return <TokenScreen />;
  const programmes = found.data?.programmes.nodes ?? [];
  const cohorts = programmes.flatMap((p) => p.cohorts.nodes);
  if (cohorts.length === 1 && !begun) return <Navigate to={`/c/${cohorts[0]!.id}/home`} replace />;
  if (!found.data) {
    return (
      <div className="shell">
        <header className="mast"><span className="brand"><Mark /><span>Tandem</span></span></header>
        <main className="screen">{found.error ? <div className="pad"><TroubleNote trouble={found.error} /></div> : found.fetchStatus === "paused" ? <div className="pad"><TroubleNote trouble={new Trouble("unreachable", "")} /></div> : <Loading what="the programmes" />}</main>
      </div>
    );
  }
  return cohorts.length > 1 ? <Several programmes={programmes} /> : <FirstRun known={programmes[0] ?? null} onBegin={() => setBegun(true)} />;
}

type Programme = { id: string; name: string; startsOn: string; endsOn: string; seats: { public: number; private: number }; cohorts: { nodes: { id: string; name: string }[] } };

function Frame({ when, children }: { when: string; children: React.ReactNode }) {
  const [keys, setKeys] = useState(false);
  useWindowKeys((what) => what === "keys" && setKeys(true));
  return (
    <div className="shell">
      <header className="mast"><span className="brand"><Mark /><span>Tandem</span></span><span className="when">{when}</span></header>
      {children}
      {keys && <KeyHelp onClose={() => setKeys(false)} />}
    </div>
  );
}

function Several({ programmes }: { programmes: Programme[] }) {
  const n = programmes.reduce((a, p) => a + p.cohorts.nodes.length, 0);
  return (
    <Frame when={count(n, "cohort")}>
      <main className="screen several">
        <h1>Which cohort?</h1>
        {programmes.map((p) => (
          <section key={p.id}>
            <h2>{p.name} <span>{dayYear(p.startsOn)} to {dayYear(p.endsOn)}</span></h2>
            <ul>{p.cohorts.nodes.map((c) => <li key={c.id}><a href={`#/c/${c.id}/home`}>{c.name}</a></li>)}</ul>
          </section>
        ))}
      </main>
    </Frame>
  );
}

function FirstRun({ known, onBegin }: { known: Programme | null; onBegin: () => void }) {
  const [begin, setBegin] = useState(false);
  return (
    <Frame when={known ? known.name : "No programme yet"}>
      <main className="screen first-run">
        <div className="fr-m">
          <h1>Two spreadsheets make a plan.</h1>
          <p className="lede">Tandem reads your people and your host offers, then plans the visits and says why. {inWindow() ? "Nothing leaves this computer." : "Nothing leaves this server."}</p>
          <ol>
            <li className="stp">
              <span className="n"><svg width="30" height="30" aria-hidden="true"><path d="M15 4v22M4 15h22" className="inkl" /></svg></span>
              <div><h2>{known ? "A cohort" : "A programme"}</h2><p>{known ? `${known.name} is there; give it the cohort that the people join.` : "Its name, its first and last day, and how many seats each sector has."}</p></div>
              <Button kind="go" onPress={() => setBegin(true)}>{known ? "Begin a cohort…" : "Begin a programme…"}</Button>
            </li>
            <li className="stp">
              <span className="n"><svg width="30" height="30" aria-hidden="true"><rect className="g-pub" x="4" y="4" width="22" height="22" /></svg></span>
              <div><h2>People</h2><p>A row a person: name, sector, employer, home station. Other columns are welcome and can be mapped.</p></div>
            </li>
            <li className="stp">
              <span className="n"><svg width="30" height="30" aria-hidden="true"><circle className="g-pri g-mk" cx="15" cy="15" r="10.5" /></svg></span>
              <div><h2>Host offers</h2><p>A row an offer: host, station, days it can, smallest and largest group, how early it needs names.</p></div>
            </li>
            <li className="stp last">
              <span className="n"><svg width="30" height="30" aria-hidden="true"><path d="M2 15h11M13 8v14M17 8v14M17 15h11" className="inkl" /></svg></span>
              <div><h2>Plan</h2><p>Ready when both files are in.</p></div>
            </li>
          </ol>
        </div>
        <aside className="fr-a">
          <h2>Look around first</h2>
          <p>TechConnect 2019 is a complete sample: 38 invented people, invented hosts at real stations, 15 published challenges.</p>
          <p className="fr-t"><Tally public={19} private={19} size={6} pitch={8.2} /></p>
          <p>Start Tandem with <code>--sample</code> to open it. It stays apart from your own programme.</p>
        </aside>
      </main>
      {begin && (known ? <NewCohort programme={known} onBegin={onBegin} onClose={() => setBegin(false)} /> : <NewProgramme onBegin={onBegin} onClose={() => setBegin(false)} />)}
    </Frame>
  );
}

function NewProgramme({ onBegin, onClose }: { onBegin: () => void; onClose: () => void }) {
  const go = useNavigate();
  const today = new Date().toISOString().slice(0, 10);
  const [name, setName] = useState("");
  const [from, setFrom] = useState<string | null>(null);
  const [to, setTo] = useState<string | null>(null);
  const [nation, setNation] = useState<Nation>("ENGLAND");
  const [pub, setPub] = useState(19);
  const [pri, setPri] = useState(19);
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const programme = useChange(Begin);
  const cohort = useChange(BeginCohort);
  const backwards = from && to && to <= from;
  const ready = name.trim() && from && to && !backwards;
  const act = async () => {
    setRefused([]);
    try {
      onBegin();
      const p = await programme.make({ name: name.trim(), startsOn: from!, endsOn: to!, timeZone: "Europe/London", officeNation: nation, seats: { public: pub, private: pri }, milestones: [], dryRun: false });
      if (p.createProgramme.userErrors.length) return setRefused(p.createProgramme.userErrors);
      const c = await cohort.make({ programmeId: p.createProgramme.programme!.id, name: name.trim(), dryRun: false });
      if (c.createCohort.userErrors.length) return setRefused(c.createCohort.userErrors);
      void go({ to: `/c/${c.createCohort.cohort!.id}/import` });
    } catch {
      // Shown below, from the changes themselves.
    }
  };
  const trouble = programme.trouble ?? cohort.trouble;
  return (
    <Dialog title="Begin a programme" lede="All but its days can be changed later." onClose={onClose} foot={<><Button kind="go" isDisabled={!ready || programme.busy || cohort.busy} onPress={() => void act()}>Begin</Button><Button onPress={onClose}>Not now</Button></>}>
      <Refusals errors={refused} />
      {trouble && <TroubleNote trouble={trouble} />}
      <div className="stack">
        <Field label="Name" value={name} onChange={setName} autoFocus hint="Such as TechConnect 2019" />
        <div className="grid2">
          <DayField label="First day" value={from} onChange={setFrom} near={today} />
          <DayField label="Last day" value={to} onChange={setTo} near={from ?? today} error={backwards ? "Before the first day." : undefined} />
        </div>
        {from && to && !backwards && <p className="cap">{count(Math.ceil((daysBetween(from, to) + 1) / 7), "week")}.</p>}
        <div className="fr-n">
          <NumberBox label="Public seats" value={pub} onChange={setPub} />
          <NumberBox label="Private seats" value={pri} onChange={setPri} />
          <Choice<Nation> label="The office is in" value={nation} onChange={setNation} items={(Object.keys(nationWord) as Nation[]).map((n) => ({ id: n, name: nationWord[n] }))} width="11em" />
        </div>
      </div>
    </Dialog>
  );
}

function NewCohort({ programme, onBegin, onClose }: { programme: Programme; onBegin: () => void; onClose: () => void }) {
  const go = useNavigate();
  const [name, setName] = useState(programme.name);
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const cohort = useChange(BeginCohort);
  const act = async () => {
    onBegin();
    const c = await cohort.make({ programmeId: programme.id, name: name.trim(), dryRun: false }).catch(() => null);
    if (!c) return;
    if (c.createCohort.userErrors.length) return setRefused(c.createCohort.userErrors);
    void go({ to: `/c/${c.createCohort.cohort!.id}/import` });
  };
  return (
    <Dialog title="Begin a cohort" onClose={onClose} foot={<><Button kind="go" isDisabled={!name.trim() || cohort.busy} onPress={() => void act()}>Begin</Button><Button onPress={onClose}>Not now</Button></>}>
      <Refusals errors={refused} />
      {cohort.trouble && <TroubleNote trouble={cohort.trouble} />}
      <Field label="Name" value={name} onChange={setName} autoFocus />
    </Dialog>
  );
}
