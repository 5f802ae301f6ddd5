import { useState } from "react";
import { graphql } from "@/gql";
import type { SkillRatingKind, SkillsOfQuery } from "@/gql/graphql";
import { useAsk } from "@/lib/server";
import { ChangeDialog } from "@/ui/change";
import { Button, Choice } from "@/ui/controls";
import { Loading, TroubleNote } from "@/ui/state";
import type { PersonRow } from ".";

// Skills are asked for one person at a time, as what they say of themself is theirs.
const Skills = graphql(`
  query SkillsOf($enrolment: ID!) {
    node(id: $enrolment) { ... on Enrolment { id version skillRatings { kind level skill { id name } } cohort { id ratingsClosedOn } } }
    skills { id name }
  }
`);
const Rate = graphql(`
  mutation RateSkills($input: RateSkillsInput!) {
    rateSkills(input: $input) { enrolment { id version } impact { ...ImpactParts } userErrors { field message code fix } }
  }
`);

type Person = Extract<NonNullable<SkillsOfQuery["node"]>, { skillRatings?: unknown }>;
type Rating = NonNullable<Person["skillRatings"]>[number];

const kinds: readonly { id: SkillRatingKind; name: string; short: string }[] = [
  { id: "SELF_PRE", name: "Themself, before", short: "before" },
  { id: "THEN_PRE", name: "Themself, looking back at before", short: "looking back" },
  { id: "SELF_POST", name: "Themself, after", short: "after" },
  { id: "PEER", name: "A peer", short: "a peer" },
  { id: "MENTOR", name: "A mentor", short: "a mentor" },
];
const levels = ["0 none", "1 awareness", "2 working", "3 practitioner", "4 expert"];

/** A person's skills with the levels that were given, and giving some. */
export function SkillsPart({ row }: { row: PersonRow }) {
  const found = useAsk(Skills, { enrolment: row.id });
  const [rating, setRating] = useState(false);
  const person = found.data?.node as Person | null | undefined;
  if (found.error) return <section><h3>Skills</h3><TroubleNote trouble={found.error} /></section>;
  if (!person) return <section><h3>Skills</h3><Loading what="their skills" /></section>;
  if (person.skillRatings == null) return null;
  const names = [...new Map(person.skillRatings.map((r) => [r.skill.id, r.skill.name])).entries()].sort((x, y) => x[1].localeCompare(y[1]));
  return (
    <section>
      <h3>Skills <span>a brief tells ranges only</span></h3>
      {names.length === 0 ? <p className="mid">None rated.</p> : (
        <dl className="facts p-sk">{names.map(([id, name]) => <div key={id}><dt>{name}</dt><dd>{kinds.flatMap((k) => person.skillRatings!.filter((r) => r.skill.id === id && r.kind === k.id).map((r) => `${r.level} ${k.short}`)).join(", ")}</dd></div>)}</dl>
      )}
      {(row.state === "ACCEPTED" || row.state === "ACTIVE" || row.state === "COMPLETED") && <p className="p-btns"><Button size="sm" onPress={() => setRating(true)}>Rate their skills…</Button></p>}
      {rating && <RateDialog row={row} version={person.version} ratings={person.skillRatings} all={found.data!.skills} closed={person.cohort.ratingsClosedOn != null} onClose={() => setRating(false)} />}
    </section>
  );
}

function RateDialog({ row, version, ratings, all, closed, onClose }: { row: PersonRow; version: number; ratings: readonly Rating[]; all: readonly { id: string; name: string }[]; closed: boolean; onClose: () => void }) {
  const [kind, setKind] = useState<SkillRatingKind>(closed ? "PEER" : "SELF_POST");
  const [skills, setSkills] = useState(() => [...new Map(ratings.map((r) => [r.skill.id, r.skill])).values()].sort((x, y) => x.name.localeCompare(y.name)));
  const [given, setGiven] = useState<ReadonlyMap<string, number>>(new Map());
  const known = (skill: string) => ratings.find((r) => r.skill.id === skill && r.kind === kind)?.level;
  const put = (skill: string, level: string) => {
    const next = new Map(given);
    if (level === "NONE") next.delete(skill);
    else next.set(skill, Number(level));
    setGiven(next);
  };
  return (
    <ChangeDialog wide title={`Skills of ${row.person.name}`} lede="Levels replace earlier ones of the same kind; a skill left out stays as it is." verb="Save" document={Rate}
      intent={{ enrolmentId: row.id, kind, ratings: [...given].map(([skillId, level]) => ({ skillId, level })), expectedVersion: version }} ready={given.size > 0} pick={(d) => d.rateSkills} onClose={onClose}>
      <div className="stack">
        <Choice<SkillRatingKind> label="Who rates" value={kind} onChange={(k) => { setKind(k); setGiven(new Map()); }} items={kinds.filter((k) => !closed || k.id === "PEER" || k.id === "MENTOR").map(({ id, name }) => ({ id, name }))} width="20em" />
        <div className="grid2">
          {skills.map((s) => <Choice key={s.id} label={s.name} value={given.has(s.id) ? String(given.get(s.id)) : "NONE"} onChange={(l) => put(s.id, l)} items={[{ id: "NONE", name: known(s.id) === undefined ? "not rated" : `${levels[known(s.id)!]}, stays` }, ...levels.map((name, i) => ({ id: String(i), name }))]} />)}
          <Choice label="Another skill" value="NONE" onChange={(id) => { const s = all.find((x) => x.id === id); if (s) setSkills([...skills, s]); }} items={[{ id: "NONE", name: "Choose one" }, ...all.filter((x) => !skills.some((s) => s.id === x.id)).map((x) => ({ id: x.id, name: x.name }))]} />
        </div>
      </div>
    </ChangeDialog>
  );
}
