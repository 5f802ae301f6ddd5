import { useState } from "react";
import { graphql } from "@/gql";
import type { NeedKind, UpdateEnrolmentInput, EditPersonMutation } from "@/gql/graphql";
import { useCohort } from "@/lib/cohort";
import { clock, day, enrolmentWord, list, sectorWord } from "@/lib/format";
import { newKey, ask } from "@/lib/graphql";
import { useUndo } from "@/lib/keys";
import { client, type Intent } from "@/lib/server";
import { ChangeDialog } from "@/ui/change";
import { ConflictDialog, type Differing } from "@/ui/conflict";
import { Button, Check, Choice, Dialog, Field } from "@/ui/controls";
import { Dates } from "@/ui/dates";
import { SectorMark } from "@/ui/marks";
import { StationBox } from "@/ui/station";
import { Notice } from "@/ui/state";
import { needWord, type PersonRow } from ".";
import { IdentityPart } from "./identity";
import { SkillsPart } from "./skills";

const Accept = graphql(`
  mutation AcceptPerson($input: AcceptEnrolmentInput!) {
    acceptEnrolment(input: $input) {
      enrolment { id version state }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);
const Withdraw = graphql(`
  mutation WithdrawPerson($input: WithdrawEnrolmentInput!) {
    withdrawEnrolment(input: $input) {
      enrolment { id version state }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);
const Edit = graphql(`
  mutation EditPerson($input: UpdateEnrolmentInput!) {
    updateEnrolment(input: $input) {
      enrolment { id version updatedAt updatedBy homeStation { code name } awayOn needs { kind text consentedAt } }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);

interface Facts {
  station: { code: string; name: string } | null;
  away: string[];
  needs: { kind: NeedKind; text: string; consented: boolean }[];
}
type Server = NonNullable<EditPersonMutation["updateEnrolment"]["enrolment"]>;

const factsOf = (r: Pick<PersonRow, "homeStation" | "awayOn" | "needs">): Facts => ({
  station: r.homeStation ? { code: r.homeStation.code, name: r.homeStation.name } : null,
  away: [...(r.awayOn ?? [])],
  needs: (r.needs ?? []).map((n) => ({ kind: n.kind, text: n.text ?? "", consented: n.consentedAt !== null })),
});
const inputOf = (f: Facts) => ({
  homeStation: f.station?.code ?? null,
  awayOn: f.away,
  needs: f.needs.map((n) => ({ kind: n.kind, text: n.kind === "STEP_FREE" ? null : n.text, consented: n.consented })),
});
const say = {
  station: (f: Facts) => f.station?.name ?? "not known",
  away: (f: Facts) => (f.away.length ? list(f.away.map(day)) : "no day"),
  needs: (f: Facts) => (f.needs.length ? list(f.needs.map((n) => `${needWord[n.kind]}${n.text ? ` (${n.text})` : ""}${n.consented ? "" : ", not to be told"}`)) : "none"),
};
const fields = [["station", "Home station"], ["away", "Days away"], ["needs", "Needs"]] as const;

/** What is known of a person, and what can be done about it. */
export function PersonPanel({ row, onClose }: { row: PersonRow; onClose: () => void }) {
  const [doing, setDoing] = useState<"accept" | "withdraw" | "edit" | null>(null);
  const waiting = row.state === "INVITED" || row.state === "WAITLISTED";
  const facts = factsOf(row);
  const first = row.person.name.split(" ")[0];
  return (
    <>
      <section>
        <p className="p-top"><span><SectorMark sector={row.sectorAtEnrolment} word />, {enrolmentWord[row.state]}</span><Button kind="bare" size="sm" onPress={onClose}>Balance</Button></p>
        <h2>{row.person.name}</h2>
        <p className="mid">{row.employerAtEnrolment.name}{row.team && <> · team {row.team.number}, {row.team.name}</>}</p>
      </section>
      <section>
        <h3>Journeys and days</h3>
        <dl className="facts">
          <dt>Home station</dt><dd className={facts.station ? undefined : "sig"}>{facts.station ? `${facts.station.name} (${facts.station.code})` : "Not known: no visit can be planned for them"}</dd>
          <dt>Days away</dt><dd>{facts.away.length ? list(facts.away.map(day)) : "None"}</dd>
        </dl>
      </section>
      <section>
        <h3>Needs <span>sealed; hosts see what was agreed</span></h3>
        {facts.needs.length === 0 ? <p className="mid">None recorded.</p> : (
          <dl className="facts">{facts.needs.map((n, i) => <div key={i}><dt>{needWord[n.kind]}</dt><dd>{n.text || "yes"}{!n.consented && <span className="sig"> · not agreed that hosts are told</span>}</dd></div>)}</dl>
        )}
      </section>
      <IdentityPart key={row.id} row={row} />
      <SkillsPart key={`skills ${row.id}`} row={row} />
      <section>
        <h3>Reach</h3>
        <dl className="facts">
          <dt>E-mail</dt><dd>{row.person.email ?? <span className="dim">none known</span>}</dd>
          <dt>Key of source</dt><dd>{row.person.externalKey ?? <span className="dim">none</span>}</dd>
        </dl>
        <p className="cap">Saved {day(row.updatedAt.slice(0, 10))}{row.updatedBy && ` by ${row.updatedBy}`}; edit {row.version}.</p>
      </section>
      <div className="foot">
        {waiting && <Button kind="go" onPress={() => setDoing("accept")}>Accept {first}…</Button>}
        {row.state !== "WITHDRAWN" && <Button onPress={() => setDoing("edit")}>Change…</Button>}
        {row.state !== "WITHDRAWN" && <Button onPress={() => setDoing("withdraw")}>Take out…</Button>}
      </div>
      {doing === "accept" && (
        <ChangeDialog title={`Accept ${row.person.name}`} lede={`A ${sectorWord[row.sectorAtEnrolment]} seat; sector and employer (${row.employerAtEnrolment.name}) freeze.`} verb="Accept" document={Accept} intent={{ enrolmentId: row.id, expectedVersion: row.version }} pick={(d) => d.acceptEnrolment} onClose={() => setDoing(null)} />
      )}
      {doing === "withdraw" && <TakeOut row={row} onClose={() => setDoing(null)} />}
      {doing === "edit" && <EditPerson row={row} onClose={() => setDoing(null)} />}
    </>
  );
}

function TakeOut({ row, onClose }: { row: PersonRow; onClose: () => void }) {
  const [reason, setReason] = useState("");
  return (
    <ChangeDialog title={`Take ${row.person.name} out`} lede={`Their ${sectorWord[row.sectorAtEnrolment]} seat goes to the next of the same sector who waits.`} verb="Take out" stop document={Withdraw} intent={{ enrolmentId: row.id, expectedVersion: row.version, reason: reason.trim() }} ready={reason.trim().length > 2} pick={(d) => d.withdrawEnrolment} onClose={onClose}>
      <Field label="Why" value={reason} onChange={setReason} autoFocus hint="Kept in the audit alone." />
    </ChangeDialog>
  );
}

function EditPerson({ row: given, onClose }: { row: PersonRow; onClose: () => void }) {
  // The edit is based on what was on screen when it began; what others save meanwhile must not slip under it.
  const [row] = useState(given);
  const { programme } = useCohort();
  const { did } = useUndo();
  const before = factsOf(row);
  const [facts, setFacts] = useState(before);
  const [server, setServer] = useState<Server | null>(null);
  const [clash, setClash] = useState<string | null>(null);
  const set = (part: Partial<Facts>) => setFacts({ ...facts, ...part });
  const changed = JSON.stringify(facts) !== JSON.stringify(before);
  const intentOf = (f: Facts, version: number): Intent<UpdateEnrolmentInput> => ({ enrolmentId: row.id, expectedVersion: version, dryRun: false, ...inputOf(f) });
  // Undo sends the facts as they were, on top of the version that the change made.
  const put = async (f: Facts, version: number): Promise<number> => {
    const { updateEnrolment: u } = await ask(Edit, { input: { ...intentOf(f, version), idempotencyKey: newKey() } });
    if (u.userErrors[0]) throw new Error(u.userErrors[0].message);
    void client.invalidateQueries();
    return u.enrolment!.version;
  };
  const remember = (after: Facts, version: number) => {
    let at = version;
    did({
      says: `${row.person.name} changed`,
      undo: async () => void (at = await put(before, at)),
      redo: async () => void (at = await put(after, at)),
    });
  };
  const theirs = server ? factsOf(server) : null;
  if (server && theirs) {
    const differing: Differing[] = fields.filter(([k]) => say[k](facts) !== say[k](theirs)).map(([k, name]) => ({ key: k, name, yours: say[k](facts), theirs: say[k](theirs) }));
    const merged = (mine: ReadonlySet<string>): Facts => ({ station: mine.has("station") ? facts.station : theirs.station, away: mine.has("away") ? facts.away : theirs.away, needs: mine.has("needs") ? facts.needs : theirs.needs });
    return (
      <>
        <ConflictDialog
          what={row.person.name}
          who={server.updatedBy ?? null}
          when={`${day(server.updatedAt.slice(0, 10))} ${clock(new Date(server.updatedAt))}`}
          differing={differing}
          changed={new Set(fields.map(([k]) => k).filter((k) => say[k](facts) !== say[k](before)))}
          total={fields.length}
          result={(mine) => { const m = merged(mine); return `With these choices: from ${say.station(m)}, away on ${say.away(m)}, needs: ${say.needs(m)}.`; }}
          onKeep={(mine) => void put(merged(mine), server.version).then((v) => { remember(merged(mine), v); onClose(); }, (e: Error) => setClash(e.message))}
          onTheirs={() => { void client.invalidateQueries(); onClose(); }}
          onLater={() => { void client.invalidateQueries(); onClose(); }}
        />
        {clash && <Dialog title="It changed once more" onClose={onClose}><Notice tone="signal"><b>{clash}</b></Notice></Dialog>}
      </>
    );
  }
  return (
    <ChangeDialog
      wide
      title={`Change ${row.person.name}`}
      lede="Visits that no longer fit become at risk; nothing is moved by itself."
      verb="Save"
      document={Edit}
      intent={intentOf(facts, row.version)}
      ready={changed}
      pick={(d) => d.updateEnrolment}
      onClose={onClose}
      onDone={(d) => d.updateEnrolment.enrolment && remember(facts, d.updateEnrolment.enrolment.version)}
      onStale={(d) => { if (d.updateEnrolment.enrolment) setServer(d.updateEnrolment.enrolment); }}
      none="No visit is touched."
    >
      <div className="grid2">
        <StationBox label="Home station" value={facts.station} onChange={(station) => set({ station })} />
        <Dates label="Days away" value={facts.away} onChange={(away) => set({ away })} min={programme.startsOn} max={programme.endsOn} />
      </div>
      <fieldset className="needs">
        <legend>Needs</legend>
        {facts.needs.map((n, i) => {
          const put = (part: Partial<Facts["needs"][number]>) => set({ needs: facts.needs.map((x, j) => (j === i ? { ...x, ...part } : x)) });
          return (
            <div key={i} className="need">
              <Choice label="Sort" value={n.kind} onChange={(kind) => put({ kind })} items={[{ id: "DIET", name: "Diet" }, { id: "STEP_FREE", name: "Step-free" }, { id: "ACCESS", name: "Other access" }]} />
              {n.kind !== "STEP_FREE" ? <Field label="In their words" value={n.text} onChange={(text) => put({ text })} /> : <span />}
              <Check label="Hosts may be told" value={n.consented} onChange={(consented) => put({ consented })} />
              <Button kind="bare" size="sm" aria-label={`Take need ${i + 1} out`} onPress={() => set({ needs: facts.needs.filter((_, j) => j !== i) })}>Take out</Button>
            </div>
          );
        })}
        <Button size="sm" onPress={() => set({ needs: [...facts.needs, { kind: "DIET", text: "", consented: false }] })}>Add a need</Button>
      </fieldset>
    </ChangeDialog>
  );
}
