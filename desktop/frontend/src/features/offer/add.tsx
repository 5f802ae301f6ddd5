import { useState } from "react";
import { graphql } from "@/gql";
import { useCohort } from "@/lib/cohort";
import { useAsk, useChange, type Refusal } from "@/lib/server";
import { ChangeDialog } from "@/ui/change";
import { Button, Check, Choice, Dialog, Field } from "@/ui/controls";
import { OrganisationBox, type OrganisationChoice } from "@/ui/organisation";
import { Refusals, TroubleNote } from "@/ui/state";
import { StationBox } from "@/ui/station";
import { inputOf, Save, TermsForm, wrongIn, type Terms } from "./edit";

const Sites = graphql(`
  query SitesOf($organisation: ID!) {
    node(id: $organisation) { ... on Organisation { id sites { id name station { name } } } }
  }
`);
const AddSite = graphql(`
  mutation AddSite($input: CreateSiteInput!) {
    createSite(input: $input) {
      site { id name station { name } }
      userErrors { field message code fix }
    }
  }
`);

interface Place {
  id: string;
  host: string;
}

/** An offer by hand: first where it is, then on what terms. */
export function AddOffer({ onClose }: { onClose: () => void }) {
  const [place, setPlace] = useState<Place | null>(null);
  return place ? <NewTerms place={place} onClose={onClose} /> : <WhereDialog onPlace={setPlace} onClose={onClose} />;
}

function WhereDialog({ onPlace, onClose }: { onPlace: (p: Place) => void; onClose: () => void }) {
  const [host, setHost] = useState<OrganisationChoice | null>(null);
  const [chosen, setChosen] = useState("");
  const [name, setName] = useState("");
  const [station, setStation] = useState<{ code: string; name: string } | null>(null);
  const [stepFree, setStepFree] = useState(true);
  const [notes, setNotes] = useState("");
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const add = useChange(AddSite, "A new site");
  const found = useAsk(Sites, { organisation: host?.id ?? "" }, { when: host !== null, fresh: true });
  const node = found.data?.node;
  const sites = host && node && "sites" in node ? (node.sites ?? []) : [];
  const site = sites.find((s) => s.id === chosen) ?? (chosen === "new" ? undefined : sites[0]);
  const siteName = name.trim() || host?.name || "";
  const go = async () => {
    if (!host) return;
    if (site) return onPlace({ id: site.id, host: host.name });
    setRefused([]);
    const data = await add.make({ organisationId: host.id, name: siteName, station: station!.code, stepFree, accessNotes: notes.trim() || null, dryRun: false }).catch(() => null);
    const a = data?.createSite;
    if (a?.userErrors.length) return setRefused(a.userErrors);
    if (a?.site) onPlace({ id: a.site.id, host: host.name });
  };
  const ready = host !== null && found.data !== undefined && (site !== undefined || station !== null);
  return (
    <Dialog
      title="Add a host’s offer"
      lede="First where it is; days and group come next."
      onClose={onClose}
      foot={<><Button kind="go" isDisabled={!ready || add.busy} onPress={() => void go()}>Next</Button><Button onPress={onClose}>Not now</Button></>}
    >
      <Refusals errors={refused} />
      {add.trouble && <TroubleNote trouble={add.trouble} />}
      <div className="stack">
        <OrganisationBox label="Host" value={host} onChange={(o) => { setHost(o); setChosen(""); }} autoFocus />
        {sites.length > 0 && (
          <Choice label="Site" value={site?.id ?? "new"} onChange={setChosen} items={[...sites.map((s) => ({ id: s.id, name: `${s.name}, ${s.station.name}` })), { id: "new", name: "Another site…" }]} />
        )}
        {host && found.data && !site && (
          <>
            <div className="grid2">
              <Field label="Name of the site" value={name} onChange={setName} hint={name.trim() ? undefined : `Empty: ${host.name}`} />
              <StationBox label="Nearest station" value={station} onChange={setStation} />
            </div>
            <Check label="One gets in without steps" value={stepFree} onChange={setStepFree} />
            <Field label="How to get in" value={notes} onChange={setNotes} lines={2} hint="For those who visit." />
          </>
        )}
      </div>
    </Dialog>
  );
}

const usual: Terms = { state: "OPEN", themes: "", minGroup: 4, maxGroup: 20, durationMinutes: 180, leadTimeWorkingDays: 5, windows: [], blackoutDates: [], requiredFields: [{ field: "NAME", leadTimeWorkingDays: 5 }] };

function NewTerms({ place, onClose }: { place: Place; onClose: () => void }) {
  const { programme } = useCohort();
  const [terms, setTerms] = useState(usual);
  const wrong = wrongIn(terms);
  return (
    <ChangeDialog
      wide
      title={`What ${place.host} offers`}
      lede={terms.windows.length === 0 ? "Give it a day at least, or no visit can be planned." : undefined}
      verb="Add the offer"
      document={Save}
      intent={{ programmeId: programme.id, siteId: place.id, ...inputOf(terms, programme.timeZone) }}
      ready={terms.windows.length > 0 && !wrong.group && !wrong.window}
      pick={(d) => d.saveHostOffer}
      onClose={onClose}
      none="No visit is touched."
    >
      <TermsForm terms={terms} set={(part) => setTerms({ ...terms, ...part })} />
    </ChangeDialog>
  );
}
