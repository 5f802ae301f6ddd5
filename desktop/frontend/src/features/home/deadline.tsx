import { useState } from "react";
import { Link } from "@tanstack/react-router";
import { graphql } from "@/gql";
import { useCohort } from "@/lib/cohort";
import { count, day, hostName, list } from "@/lib/format";
import { copyText, saveText } from "@/lib/platform";
import { ChangeDialog } from "@/ui/change";
import { Button, Dialog } from "@/ui/controls";
import type { HomeDeadline } from ".";

const Confirm = graphql(`
  mutation HomeConfirmVisit($input: ConfirmVisitInput!) {
    confirmVisit(input: $input) {
      visit { id version state }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);
const Seal = graphql(`
  mutation HomeSealManifest($input: SealManifestInput!) {
    sealManifest(input: $input) {
      manifest { id version number state fields people sealedHash purgeAfter csv }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);
const Submit = graphql(`
  mutation HomeSubmitManifest($input: SubmitManifestInput!) {
    submitManifest(input: $input) {
      manifest { id version state submittedAt }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);
const Purge = graphql(`
  mutation HomePurgeManifest($input: PurgeManifestInput!) {
    purgeManifest(input: $input) {
      manifest { id version state people sealedHash }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);

const hostOf = (d: HomeDeadline): string => ("offer" in d.about ? hostName(d.about.offer.site) : "the host");
const manifestOf = (d: HomeDeadline) => ("manifest" in d.about ? d.about.manifest : null);

/** What a deadline asks for, as a title and the word on its button. */
export function actionOf(d: HomeDeadline): { title: string; verb: string } {
  const host = hostOf(d);
  const remind = d.missing.length > 0;
  switch (d.kind) {
    case "IDENTITY":
      return { title: `Send identity details to ${host}`, verb: remind ? `Remind ${d.missing.length}` : "Send" };
    case "NEEDS":
      return { title: `Send diet and access needs to ${host}`, verb: remind ? `Remind ${d.missing.length}` : "Send" };
    case "NAMES":
      return { title: `Send names to ${host}`, verb: manifestOf(d)?.state === "SEALED" ? "Record as sent" : remind ? `Remind ${d.missing.length}` : "Seal and send" };
    case "CONFIRM":
      return { title: `Confirm ${count(d.of, "person", "people")} with ${host}`, verb: "Confirm" };
    case "PURGE":
      return { title: `Purge the ${host} manifest`, verb: "Purge now" };
  }
}

/** Does what a deadline asks for, each by its own change, shown before it is made. */
export function DeadlineDialog({ deadline: d, onClose }: { deadline: HomeDeadline; onClose: () => void }) {
  const frame = useCohort();
  const { title } = actionOf(d);
  const [without, setWithout] = useState(false);
  const visit = "id" in d.about ? d.about : null;
  const manifest = manifestOf(d);
  if (!visit) return null;
  const lede = `${d.explain.text} Due ${day(d.dueOn)}.`;
  if (d.missing.length > 0 && d.kind !== "CONFIRM" && d.kind !== "PURGE" && !without) {
    return <Remind deadline={d} onClose={onClose} onWithout={manifest ? null : () => setWithout(true)} />;
  }
  if (d.kind === "CONFIRM") {
    return <ChangeDialog title={title} lede={lede} verb="The host agreed" document={Confirm} intent={{ visitId: visit.id, expectedVersion: visit.version }} pick={(x) => x.confirmVisit} onClose={onClose} />;
  }
  if (d.kind === "PURGE" && manifest) {
    return <ChangeDialog title={title} lede={`${count(manifest.people, "row")} end for ever; the hash and the count stay.`} verb={`Purge ${count(manifest.people, "row")}`} stop document={Purge} intent={{ manifestId: manifest.id, expectedVersion: manifest.version }} pick={(x) => x.purgeManifest} onClose={onClose} />;
  }
  if (manifest?.state === "SEALED") {
    return (
      <ChangeDialog title={`Send the list to ${hostOf(d)}`} lede={`${count(manifest.people, "person", "people")}, sealed: ${list(manifest.fields.map((f) => fieldWord[f] ?? f))}. Tandem sends nothing by itself: save the list, send it, then record it.`} verb="Record as sent" document={Submit} intent={{ manifestId: manifest.id, expectedVersion: manifest.version }} pick={(x) => x.submitManifest} onClose={onClose}>
        {manifest.csv && <p><Button onPress={() => void saveText(`${hostOf(d)}.csv`, manifest.csv!)}>Save the list as CSV…</Button></p>}
      </ChangeDialog>
    );
  }
  if (!manifest || manifest.state === "PURGED") {
    return (
      <ChangeDialog title={title} lede={`${lede} Sealing fixes the list: only the fields that the host asked for, of the people who go.`} verb={`Seal the list of ${d.of}`} document={Seal} intent={{ visitId: visit.id, expectedVersion: visit.version }} pick={(x) => x.sealManifest} onClose={onClose}
        onDone={(x) => { const csv = x.sealManifest.manifest?.csv; if (csv) void saveText(`${hostOf(d)}.csv`, csv); }} />
    );
  }
  return (
    <Dialog title={title} lede={lede} onClose={onClose} foot={<Link className="btn go" to={`/c/${frame.id}/visits`}>Open the plan</Link>}>
      <p>The list is with the host since it was sent. What came later is sent by a new list, sealed from the visit.</p>
    </Dialog>
  );
}

const fieldWord: Record<string, string> = { NAME: "name", EMPLOYER: "employer", EMAIL: "e-mail address", IDENTITY: "identity document", DIET: "food", ACCESS: "access" };
const asked: Record<string, string> = {
  IDENTITY: "The host asks for the kind and number of an identity document, and yours is still to come.",
  NEEDS: "You told us of a diet or access need. We may tell the host only if you agree, and we do not know yet whether you do.",
  NAMES: "The host asks for the names of its visitors, and yours is still to come as it should appear on the list.",
};

/** The message to those who are missing: drafted here, sent by a person. */
function Remind({ deadline: d, onClose, onWithout }: { deadline: HomeDeadline; onClose: () => void; onWithout: (() => void) | null }) {
  const [copied, setCopied] = useState<"text" | "addresses" | "failed" | null>(null);
  const visitDay = "on" in d.about ? day(d.about.on) : "";
  const text = `We visit ${hostOf(d)} on ${visitDay}. ${asked[d.kind] ?? ""} ${d.state === "LATE" ? `It was due on ${day(d.dueOn)}` : `It is due on ${day(d.dueOn)}`}: a line in reply is enough.`;
  const addresses = d.missing.map((m) => m.person.email).filter((e): e is string => !!e);
  const copy = async (what: "text" | "addresses", value: string) => setCopied((await copyText(value)) ? what : "failed");
  return (
    <Dialog
      title={`Remind ${d.missing.length === 1 ? d.missing[0]!.person.name : `${d.missing.length} people`}`}
      lede="Tandem drafts, you send: copy the text and the addresses into a message."
      onClose={onClose}
      foot={
        <>
          <Button kind="go" onPress={() => void copy("text", text)}>Copy the text</Button>
          <Button isDisabled={addresses.length === 0} onPress={() => void copy("addresses", addresses.join("; "))}>Copy {count(addresses.length, "address", "addresses")}</Button>
          {onWithout && <Button onPress={onWithout}>Seal without them…</Button>}
          <span className="far mid" role="status">{copied === "failed" ? "The clipboard is closed to this page; select the text." : copied ? "Copied." : ""}</span>
        </>
      }
    >
      <pre className="msg">{text}</pre>
      <ul className="dl-list">{d.missing.map((m) => <li key={m.id}><span>{m.person.name}</span><span className="mid">{m.person.email ?? "no address known"}</span></li>)}</ul>
    </Dialog>
  );
}
