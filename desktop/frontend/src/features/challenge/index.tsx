import { useRef, useState } from "react";
import { Link } from "@tanstack/react-router";
import { graphql } from "@/gql";
import type { ChallengeOrder, ChallengesQuery } from "@/gql/graphql";
import { useCohort } from "@/lib/cohort";
import { useSettled } from "@/lib/debounce";
import { capital, count, dayYear, words } from "@/lib/format";
import { useFindings, useKeys } from "@/lib/keys";
import { saveText } from "@/lib/platform";
import { ask } from "@/lib/graphql";
import { useAsk } from "@/lib/server";
import { Bar } from "@/ui/bar";
import { Button, Choice, Field } from "@/ui/controls";
import { PairCount } from "@/ui/marks";
import { Answer, EmptyState } from "@/ui/state";
import { AddChallenge, AssignDialog, EditChallenge } from "./change";
import "./challenge.css";

const Challenges = graphql(`
  query Challenges($cohort: ID!, $filter: ChallengeFilter, $order: ChallengeOrder!, $after: String) {
    cohort(id: $cohort) {
      id
      programme {
        id
        themes { id name }
        challenges(filter: $filter, orderBy: $order, first: 100, after: $after) {
          totalCount
          nodes {
            id
            version
            updatedAt
            updatedBy
            title
            owner { id name }
            problem
            users
            need
            constraints
            successMeasures
            stage
            themes { id name }
            neededSkills { id name }
            source { name url licence publishedOn }
            teams { id version number name sectors { public private } }
          }
          pageInfo { hasNextPage endCursor }
        }
      }
      teams(first: 100) { nodes { id version number name challenge { id title } } }
    }
  }
`);
const ChallengeTable = graphql(`
  query ChallengeTable($cohort: ID!) {
    cohort(id: $cohort) { id name table(kind: CHALLENGES) }
  }
`);

type Data = NonNullable<ChallengesQuery["cohort"]>;
export type ChallengeRow = NonNullable<Data["programme"]["challenges"]>["nodes"][number];
export type TeamRow = NonNullable<Data["teams"]>["nodes"][number];

export const stageWord: Record<string, string> = { PROPOSED: "proposed", FRAMED: "framed", EXPLORING: "a team works on it", PROTOTYPED: "prototyped", PITCHED: "pitched" };

/** "Seven of seven teams have a challenge, eight are free" */
export function challengeSentence(challenges: number, teams: readonly { challenge?: unknown }[]): string {
  const without = teams.filter((t) => !t.challenge).length;
  if (teams.length === 0) return `${capital(words(challenges))} ${challenges === 1 ? "challenge" : "challenges"}, no team yet`;
  if (without === 0) return `Every team has its challenge`;
  return `${capital(words(without))} of ${words(teams.length)} teams ${without === 1 ? "has" : "have"} no challenge`;
}

export function ChallengesScreen() {
  const frame = useCohort();
  const [title, setTitle] = useState("");
  const [theme, setTheme] = useState("ALL");
  const [free, setFree] = useState<"ALL" | "YES" | "NO">("ALL");
  const [order, setOrder] = useState<ChallengeOrder>("TITLE");
  const [adding, setAdding] = useState(false);
  const settled = useSettled(title.trim());
  const filter = { ...(settled ? { title: settled } : {}), ...(theme !== "ALL" ? { themeId: theme } : {}), ...(free !== "ALL" ? { assigned: free === "YES" } : {}) };
  const found = useAsk(Challenges, { cohort: frame.id, filter, order, after: null });
  const filtered = Object.keys(filter).length > 0;
  const save = async () => {
    const { cohort } = await ask(ChallengeTable, { cohort: frame.id });
    if (cohort?.table) await saveText(`${cohort.name} challenges.csv`, cohort.table);
  };
  useKeys([{ press: "n", says: "Add a challenge", act: () => setAdding(true) }]);
  return (
    <Answer of={found} what="the challenges">
      {(d) => {
        const all = d.cohort?.programme.challenges;
        if (!d.cohort || !all) return <EmptyState title="Challenges are not shown to this role" />;
        if (all.totalCount === 0 && !filtered) {
          return (
            <>
              <EmptyState title="No challenge yet" action={<Link className="btn go" to={`/c/${frame.id}/import?kind=CHALLENGES`}>Load a challenges file</Link>}>
                <p>A challenge is a real problem of an owner, framed as a question that begins with “How might we”. Its themes decide which hosts its team must see. Or <Button kind="bare" size="sm" onPress={() => setAdding(true)}>add one challenge</Button> by hand.</p>
              </EmptyState>
              {adding && <AddChallenge onClose={() => setAdding(false)} />}
            </>
          );
        }
        return (
          <>
            <Bar title={challengeSentence(all.totalCount, d.cohort.teams?.nodes ?? [])} figures={[{ value: String(all.totalCount), basis: filtered ? "are like that" : all.totalCount === 1 ? "challenge" : "challenges" }, { value: String(d.cohort.programme.themes.length), basis: "themes, with the offers’" }]}>
              <Button onPress={() => void save()}>Save as CSV…</Button>
              <Link className="btn" to={`/c/${frame.id}/import?kind=CHALLENGES`}>Load a file…</Link>
              <Button onPress={() => setAdding(true)} press="N">Add a challenge…</Button>
            </Bar>
            {adding && <AddChallenge onClose={() => setAdding(false)} />}
            <div className="pgrid cgrid">
              <section className="plist" data-panel aria-label="Challenges">
                <div className="filters">
                  <div className="p-search"><Field label="Title" type="search" value={title} onChange={setTitle} /></div>
                  <Choice label="Theme" value={theme} onChange={setTheme} items={[{ id: "ALL", name: "All" }, ...d.cohort.programme.themes.map((t) => ({ id: t.id, name: t.name }))]} />
                  <Choice label="Team" value={free} onChange={setFree} items={[{ id: "ALL", name: "With and without" }, { id: "YES", name: "With a team" }, { id: "NO", name: "Free" }]} />
                  <Choice label="Order" value={order} onChange={setOrder} items={[{ id: "TITLE", name: "Title" }, { id: "OWNER", name: "Owner" }, { id: "STAGE", name: "Stage" }]} />
                </div>
                {all.nodes.length === 0 ? <p className="pad mid none">No challenge is like that.</p> : null}
                <Body rows={all.nodes} teams={d.cohort.teams?.nodes ?? []} total={all.totalCount} />
              </section>
            </div>
          </>
        );
      }}
    </Answer>
  );
}

function Body({ rows, teams, total }: { rows: ChallengeRow[]; teams: TeamRow[]; total: number }) {
  const [picked, setPicked] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  const one = rows.find((r) => r.id === picked) ?? rows[0];
  const step = (by: number) => {
    if (!one) return false;
    const at = rows.indexOf(one);
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))]!;
    setPicked(next.id);
    requestAnimationFrame(() => list.current?.querySelector<HTMLElement>('[aria-current="true"]')?.focus());
    return undefined;
  };
  useKeys([
    { press: "ArrowDown", says: "Next challenge", act: () => step(1) },
    { press: "ArrowUp", says: "Challenge before", act: () => step(-1) },
  ], rows.length > 0);
  useFindings(rows.map((r) => ({ title: r.title, hint: `Challenge, ${r.owner?.name ?? "No owner known"}`, act: () => setPicked(r.id) })));
  return (
    <div className="cbody">
      <div className="clist">
        <ul ref={list}>
          {rows.map((r) => (
            <li key={r.id}>
              <button className="crow" aria-current={r === one} onClick={() => setPicked(r.id)}>
                <b>{r.title}</b>
                <span>{r.owner?.name ?? "No owner known"}<i>{r.themes.map((t) => t.name).join(", ")}</i></span>
                <span className="cteam">{r.teams?.length ? r.teams.map((t) => <em key={t.id}>{t.number}</em>) : <span className="dim">free</span>}</span>
              </button>
            </li>
          ))}
        </ul>
        {total > rows.length && <p className="cap pad">The first {rows.length} of {total}; narrow the list to see others.</p>}
      </div>
      {one && <Detail key={one.id} row={one} teams={teams} />}
    </div>
  );
}

function Detail({ row: c, teams }: { row: ChallengeRow; teams: TeamRow[] }) {
  const [doing, setDoing] = useState<"assign" | "edit" | null>(null);
  const [leaving, setLeaving] = useState<TeamRow | null>(null);
  const parts: [string, string][] = [["What is wrong today", c.problem], ["Who is affected", c.users], ["What they need", c.need], ["What a solution must respect", c.constraints], ["How success will be seen", c.successMeasures]];
  const missing = parts.filter(([, text]) => !text.trim());
  return (
    <aside className="cdetail" tabIndex={0} data-panel aria-label={c.title}>
      <p className="mid">{c.owner?.name ?? "No owner known"} · {stageWord[c.stage]}</p>
      <h2>{c.title}</h2>
      <p className="cthemes"><b>Themes</b> {c.themes.map((t) => t.name).join(", ") || "none: no host can be chosen for it"}{c.neededSkills.length > 0 && <> · <b>Skills</b> {c.neededSkills.map((s) => s.name).join(", ")}</>}</p>
      <dl className="frame">
        {parts.filter(([, text]) => text.trim()).map(([name, text]) => <div key={name}><dt>{name}</dt><dd>{text}</dd></div>)}
      </dl>
      {missing.length > 0 && <p className="mid unframed">Not framed yet: {missing.map(([n]) => n.toLowerCase()).join("; ")}.</p>}
      <section>
        <h3>Teams that work on it</h3>
        {c.teams?.length ? (
          <ul className="cteams">
            {c.teams.map((t) => (
              <li key={t.id}><span><b>{t.number}</b> {t.name}</span>{t.sectors && <PairCount {...t.sectors} />}<Button kind="bare" size="sm" aria-label={`Take it from team ${t.number}`} onPress={() => setLeaving(teams.find((x) => x.id === t.id) ?? null)}>Take it away…</Button></li>
            ))}
          </ul>
        ) : <p className="mid">None.{teams.some((t) => !t.challenge) && ` ${count(teams.filter((t) => !t.challenge).length, "team has", "teams have")} no challenge.`}</p>}
      </section>
      <section className="csource">
        {c.source ? (
          <p className="cap">Text: {c.source.url ? <a href={c.source.url} target="_blank" rel="noreferrer">{c.source.name}</a> : c.source.name}, {c.source.licence}{c.source.publishedOn && `, published ${dayYear(c.source.publishedOn)}`}.</p>
        ) : <p className="cap">Written here.</p>}
      </section>
      <div className="foot">
        {teams.length > 0 && <Button kind="go" onPress={() => setDoing("assign")}>Give it to a team…</Button>}
        <Button onPress={() => setDoing("edit")}>Change…</Button>
      </div>
      {doing === "assign" && <AssignDialog challenge={c} teams={teams} onClose={() => setDoing(null)} />}
      {leaving && <AssignDialog challenge={null} from={c} teams={[leaving]} onClose={() => setLeaving(null)} />}
      {doing === "edit" && <EditChallenge row={c} onClose={() => setDoing(null)} />}
    </aside>
  );
}
