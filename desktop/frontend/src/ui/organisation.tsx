import { useState } from "react";
import { ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Text } from "react-aria-components";
import { graphql } from "@/gql";
import type { OrganisationKind, Sector } from "@/gql/graphql";
import { sectorWord } from "@/lib/format";
import { useSettled } from "@/lib/debounce";
import { useAsk, useChange, type Refusal } from "@/lib/server";
import { Button, Choice } from "./controls";
import { SectorMark } from "./marks";
import { Refusals, TroubleNote } from "./state";

const Organisations = graphql(`
  query Organisations($name: String) {
    organisations(name: $name, first: 20) { totalCount nodes { id name kind sector } }
  }
`);
const AddOrganisation = graphql(`
  mutation AddOrganisation($input: CreateOrganisationInput!) {
    createOrganisation(input: $input) {
      organisation { id name kind sector }
      userErrors { field message code fix }
    }
  }
`);

export interface OrganisationChoice {
  id: string;
  name: string;
  sector: Sector;
}
const kindWord: Record<OrganisationKind, string> = { DEPARTMENT: "Department", COMPANY: "Company", TRADE_BODY: "Trade body" };

/** An organisation by part of its name; one that is not known yet is added here. */
export function OrganisationBox({ label, value, onChange, autoFocus = false }: { label: string; value: OrganisationChoice | null; onChange: (o: OrganisationChoice | null) => void; autoFocus?: boolean }) {
  const [text, setText] = useState(value?.name ?? "");
  const [kind, setKind] = useState<OrganisationKind>("COMPANY");
  const [sector, setSector] = useState<Sector>("PRIVATE");
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const add = useChange(AddOrganisation, "A new organisation");
  const name = text.trim();
  const settled = useSettled(name, 200);
  const found = useAsk(Organisations, { name: settled || null });
  const items = found.data?.organisations?.nodes ?? [];
  const known = items.some((o) => o.name.toLowerCase() === name.toLowerCase());
  const isNew = name.length > 1 && !value && settled === name && found.data !== undefined && !found.isPlaceholderData && !known;
  const choose = (o: OrganisationChoice) => {
    setText(o.name);
    onChange(o);
  };
  const make = async () => {
    setRefused([]);
    const data = await add.make({ name, kind, sector, dryRun: false }).catch(() => null);
    const a = data?.createOrganisation;
    if (a?.userErrors.length) return setRefused(a.userErrors);
    if (a?.organisation) choose(a.organisation);
  };
  return (
    <div className="org">
      <ComboBox
        className="field"
        items={items}
        inputValue={text}
        onInputChange={(t) => { setText(t); if (t !== value?.name) onChange(null); }}
        onSelectionChange={(k) => { const o = items.find((x) => x.id === k); if (o) choose(o); }}
        allowsEmptyCollection={false}
        menuTrigger="focus"
        allowsCustomValue
        autoFocus={autoFocus}
      >
        <Label>{label}</Label>
        <Input className="inp" />
        <Text slot="description" className="hint">{value ? `${sectorWord[value.sector]} sector` : "Part of its name, or the name of a new one."}</Text>
        <Popover className="pop">
          <ListBox className="lb">
            {(o: (typeof items)[number]) => <ListBoxItem id={o.id} textValue={o.name} className="lbi plain"><SectorMark sector={o.sector} /> {o.name}</ListBoxItem>}
          </ListBox>
        </Popover>
      </ComboBox>
      {isNew && (
        <fieldset className="org-n">
          <legend>“{name}” is not known yet</legend>
          <Choice<OrganisationKind> label="It is a" value={kind} onChange={(k) => { setKind(k); setSector(k === "DEPARTMENT" ? "PUBLIC" : "PRIVATE"); }} items={(Object.keys(kindWord) as OrganisationKind[]).map((id) => ({ id, name: kindWord[id] }))} />
          <Choice<Sector> label="Sector" value={sector} onChange={setSector} items={[{ id: "PUBLIC", name: "Public" }, { id: "PRIVATE", name: "Private" }]} />
          <Button isDisabled={add.busy} onPress={() => void make()}>Add it</Button>
          <Refusals errors={refused} />
          {add.trouble && <TroubleNote trouble={add.trouble} />}
        </fieldset>
      )}
    </div>
  );
}
