import { useState } from "react";
import { graphql } from "@/gql";
import type { IdentityKind } from "@/gql/graphql";
import { day } from "@/lib/format";
import { useAsk } from "@/lib/server";
import { ChangeDialog } from "@/ui/change";
import { Button, Check, Choice, Field } from "@/ui/controls";
import { Loading, TroubleNote } from "@/ui/state";
import type { PersonRow } from ".";

// The document is asked for when somebody wants to see or change it, one person at a time; the list knows only that it is there.
const Kept = graphql(`
  query IdentityOf($enrolment: ID!) {
    identity(enrolmentId: $enrolment) { version kind number consentedAt keptUntil }
  }
`);
const Record = graphql(`
  mutation RecordIdentity($input: RecordIdentityInput!) {
    recordIdentity(input: $input) {
      enrolment { id identityKept }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);
const Delete = graphql(`
  mutation DeleteIdentity($input: DeleteIdentityInput!) {
    deleteIdentity(input: $input) {
      enrolment { id identityKept }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);

const kindWord: Record<IdentityKind, string> = { PASSPORT: "Passport", DRIVING_LICENCE: "Driving licence", IDENTITY_CARD: "Identity card", STAFF_PASS: "Staff pass", OTHER: "Other document" };

/** What the person shows at a host's gate: whether it is kept, and, once asked for, what it is. */
export function IdentityPart({ row }: { row: PersonRow }) {
  const [shown, setShown] = useState(false);
  const [doing, setDoing] = useState<"record" | "delete" | null>(null);
  const kept = row.identityKept === true;
  const asked = useAsk(Kept, { enrolment: row.id }, { when: kept && (shown || doing !== null), fresh: true });
  const i = kept ? asked.data?.identity : null;
  const close = () => setDoing(null);
  if (row.identityKept == null) return null;
  return (
    <section>
      <h3>Identity document <span>sealed; for hosts that ask</span></h3>
      {!kept && <p className="mid">None kept.</p>}
      {kept && !shown && <p className="mid">Kept, agreed that hosts who ask are told.</p>}
      {kept && shown && (i ? (
        <dl className="facts">
          <div><dt>{kindWord[i.kind]}</dt><dd>{i.number}</dd></div>
          <div><dt>Agreed</dt><dd>{day(i.consentedAt.slice(0, 10))}</dd></div>
          <div><dt>Deleted after</dt><dd>{day(i.keptUntil)}, or with the last list that needs it</dd></div>
        </dl>
      ) : asked.error ? <TroubleNote trouble={asked.error} /> : <Loading what="the document" />)}
      <p className="p-btns">
        {kept && <Button size="sm" onPress={() => setShown(!shown)}>{shown ? "Hide it" : "Show it"}</Button>}
        {row.state !== "WITHDRAWN" && <Button size="sm" onPress={() => setDoing("record")}>{kept ? "Change it…" : "Record it…"}</Button>}
        {kept && <Button size="sm" onPress={() => setDoing("delete")}>Delete it…</Button>}
      </p>
      {doing === "record" && (!kept || i) && <RecordDialog row={row} now={i ?? null} onClose={close} />}
      {doing === "delete" && i && (
        <ChangeDialog title={`Delete the identity document of ${row.person.name}`} lede="It is gone for ever. Lists that were sealed with it keep it until they are purged." verb="Delete it" stop document={Delete}
          intent={{ enrolmentId: row.id, expectedVersion: i.version }} pick={(d) => d.deleteIdentity} onClose={close} onDone={() => setShown(false)} />
      )}
    </section>
  );
}

function RecordDialog({ row, now, onClose }: { row: PersonRow; now: { version: number; kind: IdentityKind; number: string } | null; onClose: () => void }) {
  const [version] = useState(now?.version ?? 0);
  const [kind, setKind] = useState<IdentityKind>(now?.kind ?? "PASSPORT");
  const [number, setNumber] = useState(now?.number ?? "");
  const [consented, setConsented] = useState(now !== null);
  const tooLong = [...number.trim()].length > 40;
  return (
    <ChangeDialog
      title={`Identity document of ${row.person.name}`}
      lede="You and they alone see it here. It goes on the list of a host that asks for it, and nowhere else; it is deleted with the last such list."
      verb="Keep it"
      document={Record}
      intent={{ enrolmentId: row.id, kind, number: number.trim(), consented, expectedVersion: version }}
      ready={number.trim() !== "" && !tooLong && consented}
      pick={(d) => d.recordIdentity}
      onClose={onClose}
    >
      <div className="stack">
        <div className="grid2">
          <Choice<IdentityKind> label="Document" value={kind} onChange={setKind} items={(Object.keys(kindWord) as IdentityKind[]).map((id) => ({ id, name: kindWord[id] }))} />
          <Field label="Number" value={number} onChange={setNumber} autoFocus required error={tooLong ? "At most 40 characters: the number alone." : undefined} />
        </div>
        <Check label="They agreed that it is kept, and told to hosts that ask" value={consented} onChange={setConsented} />
        {!consented && number.trim() !== "" && <p className="hint">Without their consent it is not kept; the host’s own form has to do.</p>}
      </div>
    </ChangeDialog>
  );
}
