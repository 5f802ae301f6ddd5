import { useState } from "react";
import { ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Text } from "react-aria-components";
import { graphql } from "@/gql";
import { nationWord } from "@/lib/format";
import { useSettled } from "@/lib/debounce";
import { useAsk } from "@/lib/server";

const Stations = graphql(`
  query Stations($beginning: String!) {
    stations(beginning: $beginning) { code name nation }
  }
`);

/** A station by the first letters of its name, or its code. */
export function StationBox({ label, value, onChange }: { label: string; value: { code: string; name: string } | null; onChange: (s: { code: string; name: string } | null) => void }) {
  const [text, setText] = useState(value?.name ?? "");
  const beginning = useSettled(text.trim(), 200);
  const found = useAsk(Stations, { beginning }, { when: beginning.length >= 2 });
  const items = beginning.length >= 2 ? (found.data?.stations ?? []) : [];
  return (
    <ComboBox
      className="field"
      items={items}
      inputValue={text}
      onInputChange={(t) => { setText(t); if (t === "") onChange(null); }}
      onSelectionChange={(k) => { const s = items.find((x) => x.code === k); if (s) { setText(s.name); onChange({ code: s.code, name: s.name }); } }}
      allowsEmptyCollection={text.trim().length >= 2}
      menuTrigger="input"
      allowsCustomValue
    >
      <Label>{label}</Label>
      <Input className="inp" />
      <Text slot="description" className="hint">Two letters or more of a station’s name, or its code.</Text>
      <Popover className="pop">
        <ListBox className="lb" renderEmptyState={() => <span className="lbi plain dim">{found.isFetching ? "Looking…" : "No station begins like that."}</span>}>
          {(s: (typeof items)[number]) => <ListBoxItem id={s.code} textValue={s.name} className="lbi plain">{s.name} <span className="dim">{s.code}, {nationWord[s.nation]}</span></ListBoxItem>}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
