import { useState } from "react";
import { graphql } from "@/gql";
import { useCohort } from "@/lib/cohort";
import { sectorWord } from "@/lib/format";
import { ChangeDialog } from "@/ui/change";
import { Field } from "@/ui/controls";
import { SectorMark } from "@/ui/marks";
import { OrganisationBox, type OrganisationChoice } from "@/ui/organisation";
import { StationBox } from "@/ui/station";

const Enrol = graphql(`
  mutation AddPerson($input: EnrolPersonInput!) {
    enrolPerson(input: $input) {
      enrolment { id version state }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);
/** One person by hand; many come by a file. */
export function AddPerson({ onClose }: { onClose: () => void }) {
  const frame = useCohort();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [employer, setEmployer] = useState<OrganisationChoice | null>(null);
  const [station, setStation] = useState<{ code: string; name: string } | null>(null);
  const badEmail = email !== "" && !/^\S+@\S+\.\S+$/.test(email);
  return (
    <ChangeDialog
      title="Add a person"
      lede="Where their sector’s seats are taken they join its waiting list."
      verb="Add"
      document={Enrol}
      intent={{ cohortId: frame.id, name: name.trim(), email: email.trim() || null, employerId: employer?.id ?? "", homeStation: station?.code ?? null }}
      ready={name.trim().length > 1 && employer !== null && !badEmail}
      pick={(d) => d.enrolPerson}
      onClose={onClose}
    >
      <div className="grid2">
        <Field label="Name" value={name} onChange={setName} autoFocus required />
        <Field label="E-mail" type="email" value={email} onChange={setEmail} error={badEmail ? "An address has an @ and a dot." : undefined} />
        <div>
          <OrganisationBox label="Employer" value={employer} onChange={setEmployer} />
          {employer && <p className="cap"><SectorMark sector={employer.sector} /> Their sector will be {sectorWord[employer.sector]}.</p>}
        </div>
        <StationBox label="Home station" value={station} onChange={setStation} />
      </div>
    </ChangeDialog>
  );
}
