import { useRef, useState } from "react";
import type { ManifestCardFragment, ManifestField, WhyVisitQuery } from "@/gql/graphql";
import { useCohort } from "@/lib/cohort";
import { count, day, dayYear, list } from "@/lib/format";
import { saveText } from "@/lib/platform";
import { useAsk } from "@/lib/server";
import { Button, Field } from "@/ui/controls";
import { ChangeDialog } from "@/ui/change";
import { hostOf, type Visit } from "./board";
import { CancelVisit, ConfirmVisit, PurgeManifest, SealManifest, SubmitManifest, WhyVisit } from "./documents";
import { Part } from "./panels";
import { fileName, printAlone } from "./save";

const fieldWord: Record<ManifestField, string> = { NAME: "name", EMPLOYER: "employer", EMAIL: "e-mail", IDENTITY: "identity document", DIET: "diet", ACCESS: "access" };

type Explained = NonNullable<WhyVisitQuery["visit"]>;

/** What a released visit needs: the host's yes, the list for the host, calling it off. */
export function Released({ visit }: { visit: Visit }) {
  const why = useAsk(WhyVisit, { visit: visit.id });
  const x: Explained | null | undefined = why.data?.visit;
  const [open, setOpen] = useState<"confirm" | "cancel" | "seal" | "submit" | "purge" | null>(null);
  const [reason, setReason] = useState("");
  if (!x) return null;
  const version = x.version;
  const manifest = x.manifest;
  const close = () => setOpen(null);
  const name = `${hostOf(visit.offer.site)}, ${day(visit.on)}`;
  return (
    <>
      <ManifestPart visit={visit} manifest={manifest ?? null} onSeal={() => setOpen("seal")} onSubmit={() => setOpen("submit")} onPurge={() => setOpen("purge")} />
      <Part title="The host">
        <p className="mid">
          {visit.state === "CONFIRMED" ? "The host has agreed." : visit.state === "AT_RISK" ? "Agreed, but a rule or a deadline now speaks against it." : visit.state === "CANCELLED" ? "Called off. It stays in calendars as cancelled." : visit.state === "DONE" ? "Over." : "Not agreed yet."}
        </p>
        {visit.state !== "CANCELLED" && visit.state !== "DONE" && (
          <div className="pl-btns">
            {visit.state === "PLANNED" && <Button onPress={() => setOpen("confirm")}>Host agreed</Button>}
            <Button kind="bare" onPress={() => setOpen("cancel")}>Call it off…</Button>
          </div>
        )}
      </Part>
      {open === "confirm" && (
        <ChangeDialog title={`The host agreed: ${name}`} verb="Record it" document={ConfirmVisit} intent={{ visitId: visit.id, expectedVersion: version }} pick={(d) => d.confirmVisit} onClose={close} />
      )}
      {open === "cancel" && (
        <ChangeDialog title={`Call off ${name}`} verb="Call it off" stop document={CancelVisit} intent={{ visitId: visit.id, reason: reason.trim(), expectedVersion: version }} ready={reason.trim() !== ""} pick={(d) => d.cancelVisit} onClose={close}>
          <Field label="Why, in words that may be told" value={reason} onChange={setReason} autoFocus />
        </ChangeDialog>
      )}
      {open === "seal" && (
        <ChangeDialog title={`Seal the list for ${hostOf(visit.offer.site)}`} lede="Exactly the fields that the host asked for, of the people who go. Sealing fixes it and notes its hash; a later change needs a new list." verb="Seal it" document={SealManifest} intent={{ visitId: visit.id, expectedVersion: version }} pick={(d) => d.sealManifest} onClose={close} />
      )}
      {open === "submit" && manifest && (
        <ChangeDialog title={`You sent the list to ${hostOf(visit.offer.site)}`} lede="Tandem sends nothing. This records that you did." verb="Record it" document={SubmitManifest} intent={{ manifestId: manifest.id, expectedVersion: manifest.version }} pick={(d) => d.submitManifest} onClose={close} />
      )}
      {open === "purge" && manifest && (
        <ChangeDialog title="Purge the list" lede="Its rows are deleted for ever. The hash and the count stay, so that it can be shown that a list was kept and is gone." verb="Purge it" stop document={PurgeManifest} intent={{ manifestId: manifest.id, expectedVersion: manifest.version }} pick={(d) => d.purgeManifest} onClose={close} />
      )}
    </>
  );
}

function ManifestPart({ visit, manifest, onSeal, onSubmit, onPurge }: { visit: Visit; manifest: ManifestCardFragment | null; onSeal: () => void; onSubmit: () => void; onPurge: () => void }) {
  const { programme } = useCohort();
  const sheet = useRef<HTMLDivElement>(null);
  if (!manifest) {
    return (
      <Part title="List for the host" aside="not sealed">
        <p className="mid">The host gets only what it asked for.</p>
        {visit.state !== "CANCELLED" && <div className="pl-btns"><Button onPress={onSeal}>Seal it…</Button></div>}
      </Part>
    );
  }
  const name = fileName(`${programme.name} ${hostOf(visit.offer.site)} ${visit.on} list ${manifest.number}`);
  return (
    <Part title={`List ${manifest.number} for the host`} aside={manifest.state === "PURGED" ? "purged" : manifest.state === "SUBMITTED" ? `sent ${manifest.submittedAt ? day(manifest.submittedAt) : ""}` : "sealed, not sent"}>
      <p className="mid">{count(manifest.people, "person", "people")}: {list(manifest.fields.map((f) => fieldWord[f]))}.</p>
      <p className="cap">SHA-256 <span className="pl-hash">{manifest.sealedHash}</span></p>
      <p className="cap">{manifest.state === "PURGED" ? "Rows purged; hash and count stay." : `Rows are gone after ${dayYear(manifest.purgeAfter)}.`}</p>
      <div className="pl-btns">
        {manifest.csv && <Button onPress={() => void saveText(`${name}.csv`, manifest.csv!, "text/csv")}>CSV</Button>}
        {manifest.rows && <Button onPress={() => printAlone(sheet.current)}>Print</Button>}
        {manifest.state === "SEALED" && <Button onPress={onSubmit}>I have sent it…</Button>}
        {manifest.state !== "PURGED" && <Button kind="bare" onPress={onSeal}>Seal anew…</Button>}
        {manifest.state !== "PURGED" && <Button kind="bare" onPress={onPurge}>Purge…</Button>}
      </div>
      {manifest.rows && (
        <div className="pl-sheet" ref={sheet}>
          <h1>{hostOf(visit.offer.site)}, {dayYear(visit.on)}</h1>
          <p>{programme.name}. {count(manifest.people, "visitor")}. To be destroyed after {dayYear(manifest.purgeAfter)}.</p>
          <table><thead><tr>{manifest.fields.map((f) => <th key={f}>{fieldWord[f]}</th>)}</tr></thead>
            <tbody>{manifest.rows.map((r, i) => <tr key={i}>{r.values.map((v, j) => <td key={j}>{v ?? ""}</td>)}</tr>)}</tbody></table>
          <p>SHA-256 {manifest.sealedHash}</p>
        </div>
      )}
    </Part>
  );
}
