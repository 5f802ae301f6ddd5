import { useState } from "react";
import { graphql } from "@/gql";
import type { EditChallengeMutation, UpdateChallengeInput } from "@/gql/graphql";
import { useCohort } from "@/lib/cohort";
import { clock, day } from "@/lib/format";
import { ask, newKey } from "@/lib/graphql";
import { useUndo } from "@/lib/keys";
import { client, type Intent } from "@/lib/server";
import { ChangeDialog } from "@/ui/change";
import { ConflictDialog, type Differing } from "@/ui/conflict";
import { Choice, Field } from "@/ui/controls";
import { OrganisationBox, type OrganisationChoice } from "@/ui/organisation";
import type { ChallengeRow, TeamRow } from ".";

const Assign = graphql(`
  mutation AssignChallenge($input: AssignChallengeInput!) {
    assignChallenge(input: $input) {
      team { id version challenge { id title } }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);
const Edit = graphql(`
  mutation EditChallenge($input: UpdateChallengeInput!) {
    updateChallenge(input: $input) {
      challenge { id version updatedAt updatedBy title problem users need constraints successMeasures themes { name } }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);

/** Gives a team its challenge, or takes it away where `challenge` is null. */
export function AssignDialog({ challenge, from, teams, onClose }: { challenge: ChallengeRow | null; from?: ChallengeRow; teams: TeamRow[]; onClose: () => void }) {
  const { did } = useUndo();
  const [teamId, setTeamId] = useState((teams.find((t) => !t.challenge) ?? teams[0])?.id ?? "");
  const team = teams.find((t) => t.id === teamId);
  if (!team) return null;
  const put = async (challengeId: string | null, version: number): Promise<number> => {
    const { assignChallenge: a } = await ask(Assign, { input: { teamId, challengeId, expectedVersion: version, idempotencyKey: newKey(), dryRun: false } });
    if (a.userErrors[0]) throw new Error(a.userErrors[0].message);
    void client.invalidateQueries();
    return a.team!.version;
  };
  return (
    <ChangeDialog
      title={challenge ? "Give it to a team" : `Take the challenge from team ${team.number}`}
      lede={challenge?.title ?? from?.title}
      verb={challenge ? `Give it to team ${team.number}` : "Take it away"}
      document={Assign}
      intent={{ teamId, challengeId: challenge?.id ?? null, expectedVersion: team.version }}
      pick={(d) => d.assignChallenge}
      onClose={onClose}
      onDone={(d) => {
        const before = team.challenge?.id ?? null;
        let at = d.assignChallenge.team?.version ?? team.version;
        did({ says: `Team ${team.number} and its challenge`, undo: async () => void (at = await put(before, at)), redo: async () => void (at = await put(challenge?.id ?? null, at)) });
      }}
    >
      {challenge && (
        <>
          <Choice label="Team" value={teamId} onChange={setTeamId} items={teams.map((t) => ({ id: t.id, name: `${t.number} ${t.name}${t.challenge ? "" : ", has none"}` }))} />
          {team.challenge && team.challenge.id !== challenge.id && <p className="mid was">Now works on “{team.challenge.title}”.</p>}
        </>
      )}
    </ChangeDialog>
  );
}

const Add = graphql(`
  mutation AddChallenge($input: CreateChallengeInput!) {
    createChallenge(input: $input) {
      challenge { id version }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);

/** A challenge by hand: whose it is, the question, and as much of its framing as is known. */
export function AddChallenge({ onClose }: { onClose: () => void }) {
  const { programme } = useCohort();
  const [owner, setOwner] = useState<OrganisationChoice | null>(null);
  const [now, setNow] = useState<Framing>({ title: "How might we ", problem: "", users: "", need: "", constraints: "", successMeasures: "", themes: "" });
  return (
    <ChangeDialog
      wide
      title="Add a challenge"
      lede="Its themes decide which hosts its team must see. What is not known yet can stay empty."
      verb="Add"
      document={Add}
      intent={{ programmeId: programme.id, title: now.title.trim(), ownerId: owner?.id ?? "", framing: framingInput(now) }}
      ready={owner !== null && asks(now.title)}
      pick={(d) => d.createChallenge}
      onClose={onClose}
    >
      <div className="stack">
        <OrganisationBox label="Whose it is" value={owner} onChange={setOwner} />
        <FramingFields now={now} onChange={setNow} />
      </div>
    </ChangeDialog>
  );
}

/** Whether a title asks something: published titles begin so as well. */
const asks = (title: string) => /^how might we\s+\S+/i.test(title.trim());
const framingInput = (f: Framing) => ({ problem: f.problem, users: f.users, need: f.need, constraints: f.constraints, successMeasures: f.successMeasures, themes: f.themes.split(",").map((t) => t.trim()).filter(Boolean) });

function FramingFields({ now, onChange }: { now: Framing; onChange: (f: Framing) => void }) {
  return parts.map(([k, name]) => (
    <Field key={k} label={name} value={now[k]} onChange={(v) => onChange({ ...now, [k]: v })} lines={k === "title" || k === "themes" ? 1 : 2} error={k === "title" && !asks(now.title) ? "Begins with “How might we”, and asks something." : undefined} hint={k === "themes" ? "By name, with commas between; a new name makes a theme." : undefined} />
  ));
}

const parts = [["title", "The question"], ["problem", "What is wrong today"], ["users", "Who is affected"], ["need", "What they need"], ["constraints", "What a solution must respect"], ["successMeasures", "How success will be seen"], ["themes", "Themes"]] as const;
type Part = (typeof parts)[number][0];
type Framing = Record<Part, string>;
type Server = NonNullable<EditChallengeMutation["updateChallenge"]["challenge"]>;
const framingOf = (c: Omit<Framing, "themes"> & { themes: readonly { name: string }[] }): Framing => ({ title: c.title, problem: c.problem, users: c.users, need: c.need, constraints: c.constraints, successMeasures: c.successMeasures, themes: c.themes.map((t) => t.name).join(", ") });

export function EditChallenge({ row: given, onClose }: { row: ChallengeRow; onClose: () => void }) {
  // The edit is based on what was on screen when it began; what others save meanwhile must not slip under it.
  const [row] = useState(given);
  const before = framingOf(row);
  const [now, setNow] = useState(before);
  const [server, setServer] = useState<Server | null>(null);
  const changed = parts.some(([k]) => now[k] !== before[k]);
  const intentOf = (f: Framing, version: number): Omit<Intent<UpdateChallengeInput>, "dryRun"> => ({
    challengeId: row.id,
    expectedVersion: version,
    title: f.title.trim(),
    framing: framingInput(f),
  });
  if (server) {
    const theirs = framingOf(server);
    const differing: Differing[] = parts.filter(([k]) => now[k] !== theirs[k]).map(([k, name]) => ({ key: k, name, yours: now[k], theirs: theirs[k] }));
    return (
      <ConflictDialog
        what="this challenge"
        who={server.updatedBy ?? null}
        when={`${day(server.updatedAt.slice(0, 10))} ${clock(new Date(server.updatedAt))}`}
        differing={differing}
        changed={new Set(parts.map(([k]) => k as string).filter((k) => now[k as Part] !== before[k as Part]))}
        total={parts.length}
        result={(mine) => `With these choices: ${mine.size} of yours, ${differing.length - mine.size} of theirs.`}
        onKeep={(mine) => {
          const merged = { ...theirs };
          for (const k of mine) merged[k as Part] = now[k as Part];
          setNow(merged);
          void ask(Edit, { input: { ...intentOf(merged, server.version), idempotencyKey: newKey(), dryRun: false } }).then(() => client.invalidateQueries()).then(onClose);
        }}
        onTheirs={() => { void client.invalidateQueries(); onClose(); }}
        onLater={() => { void client.invalidateQueries(); onClose(); }}
      />
    );
  }
  return (
    <ChangeDialog
      wide
      title="Change the challenge"
      verb="Save"
      document={Edit}
      intent={intentOf(now, row.version)}
      ready={changed && asks(now.title)}
      pick={(d) => d.updateChallenge}
      onClose={onClose}
      onStale={(d) => d.updateChallenge.challenge && setServer(d.updateChallenge.challenge)}
    >
      <div className="stack">
        <FramingFields now={now} onChange={setNow} />
      </div>
    </ChangeDialog>
  );
}
