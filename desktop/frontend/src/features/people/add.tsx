import { useState } from "react";
import { graphql } from "@/gql";
import { useCohort } from "@/lib/cohort";
import { useSettled } from "@/lib/debounce";
import { sectorWord } from "@/lib/format";
import { useAsk } from "@/lib/server";
import { ChangeDialog } from "@/ui/change";
import { Choice, Field } from "@/ui/controls";
import { SectorMark } from "@/ui/marks";
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
const Employers = graphql(`
  query Employers($name: String) {
    organisations(name: $name, first: 100) { totalCount nodes { id name sector } }
  }
`);

/** One person by hand; many come by a file. */
export function AddPerson({ onClose }: { onClose: () => void }) {
  const frame = useCohort();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [employer, setEmployer] = useState("");
  const [part, setPart] = useState("");
  const [station, setStation] = useState<{ code: string; name: string } | null>(null);
  const settled = useSettled(part.trim());
  const employers = useAsk(Employers, { name: settled || null });
  const all = employers.data?.organisations?.nodes ?? [];
  const many = (employers.data?.organisations?.totalCount ?? 0) > 20 || part !== "";
  const chosen = all.find((o) => o.id === employer);
  const badEmail = email !== "" && !/^\S+@\S+\.\S+$/.test(email);
  return (
    <ChangeDialog
      title="Add a person"
      lede="Where their sector’s seats are taken they join its waiting list."
      verb="Add"
      document={Enrol}
      intent={{ cohortId: frame.id, name: name.trim(), email: email.trim() || null, employerId: employer, homeStation: station?.code ?? null }}
      ready={name.trim().length > 1 && employer !== "" && !badEmail}
      pick={(d) => d.enrolPerson}
      onClose={onClose}
    >
      <div className="grid2">
        <Field label="Name" value={name} onChange={setName} autoFocus required />
        <Field label="E-mail" type="email" value={email} onChange={setEmail} error={badEmail ? "An address has an @ and a dot." : undefined} />
        {many && <Field label="Find an employer" type="search" value={part} onChange={setPart} hint="Part of its name." />}
        <div>
          <Choice label="Employer" value={employer} onChange={setEmployer} items={[...(employer ? [] : [{ id: "", name: "Choose…" }]), ...all.map((o) => ({ id: o.id, name: o.name }))]} />
          {chosen && <p className="cap"><SectorMark sector={chosen.sector} /> Their sector will be {sectorWord[chosen.sector]}.</p>}
        </div>
        <StationBox label="Home station" value={station} onChange={setStation} />
      </div>
    </ChangeDialog>
  );
}
