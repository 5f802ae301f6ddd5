import { useState } from "react";
import { count, day } from "@/lib/format";
import { Button, Check, Choice, Dialog, Field } from "@/ui/controls";
import { freshKey, type Draft, type DraftClaim } from "./draft";

interface InsightRow {
  id: string;
  text: string;
  author: { name: string };
  visit: { on: string };
}

/** What the pitch says is true, and what each of it rests on. */
export function ClaimsPart({ draft, insights, onChange }: { draft: Draft; insights: readonly InsightRow[]; onChange: (claims: DraftClaim[]) => void }) {
  const [open, setOpen] = useState<DraftClaim | null>(null);
  const put = (c: DraftClaim) => onChange(draft.claims.some((x) => x.key === c.key) ? draft.claims.map((x) => (x.key === c.key ? c : x)) : [...draft.claims, c]);
  const unsupported = draft.claims.filter((c) => c.evidence.length + c.insightIds.length === 0).length;
  return (
    <section className="rh-claims">
      <h2>What it claims</h2>
      {draft.claims.length === 0
        ? <p className="mid">Nothing written down yet. A claim with what it rests on is a question answered before it is asked.</p>
        : <p className="mid">{unsupported === 0 ? "Every claim rests on something." : <span className="sig">{count(unsupported, "claim")} {unsupported === 1 ? "rests" : "rest"} on nothing.</span>}</p>}
      <ul>
        {draft.claims.map((c) => (
          <li key={c.key}>
            <span><b>{c.text || "No words yet"}</b><span className="cap">{draft.sections.find((s) => s.key === c.section)?.title ?? "said nowhere yet"}; {c.evidence.length + c.insightIds.length === 0 ? "rests on nothing" : [c.evidence.length && count(c.evidence.length, "piece of evidence", "pieces of evidence"), c.insightIds.length && count(c.insightIds.length, "insight")].filter(Boolean).join(", ")}</span></span>
            <Button size="sm" aria-label={`Change the claim: ${c.text}`} onPress={() => setOpen(c)}>Change…</Button>
            <Button size="sm" kind="bare" aria-label={`Remove the claim: ${c.text}`} onPress={() => onChange(draft.claims.filter((x) => x.key !== c.key))}>Remove</Button>
          </li>
        ))}
      </ul>
      <p><Button onPress={() => setOpen({ id: null, key: freshKey(), text: "", section: null, evidence: [], insightIds: [] })}>Add a claim…</Button></p>
      {open && <ClaimDialog key={open.key} claim={open} draft={draft} insights={insights} onClose={() => setOpen(null)} onPut={(c) => { put(c); setOpen(null); }} />}
    </section>
  );
}

function ClaimDialog({ claim, draft, insights, onClose, onPut }: { claim: DraftClaim; draft: Draft; insights: readonly InsightRow[]; onClose: () => void; onPut: (c: DraftClaim) => void }) {
  const [now, setNow] = useState(claim);
  const set = (change: Partial<DraftClaim>) => setNow((c) => ({ ...c, ...change }));
  const rows = [...now.evidence, { text: "", source: "" }];
  return (
    <Dialog
      wide
      title={claim.text ? "Change the claim" : "Add a claim"}
      lede="It is kept with the pitch when that is saved."
      onClose={onClose}
      foot={<><Button kind="go" isDisabled={!now.text.trim()} onPress={() => onPut({ ...now, evidence: now.evidence.filter((e) => e.text.trim()) })}>Keep it</Button><Button onPress={onClose}>Leave as it is</Button></>}
    >
      <div className="stack">
        <Field label="What is claimed" value={now.text} onChange={(text) => set({ text })} lines={2} autoFocus />
        <Choice label="Where it is said" value={now.section ?? ""} onChange={(k) => set({ section: k || null })} items={[{ id: "", name: "Nowhere yet" }, ...draft.sections.map((s, i) => ({ id: s.key, name: s.title || `Section ${i + 1}` }))]} />
        <fieldset className="rh-evid">
          <legend>Evidence</legend>
          {rows.map((e, i) => (
            <div className="grid2" key={i}>
              <Field label={i === now.evidence.length ? "What was found" : `What was found, ${i + 1}`} value={e.text} onChange={(text) => set({ evidence: [...now.evidence.slice(0, i), { ...e, text }, ...now.evidence.slice(i + 1)] })} />
              <Field label="Where it is from" value={e.source} onChange={(source) => set({ evidence: [...now.evidence.slice(0, i), { ...e, source }, ...now.evidence.slice(i + 1)] })} error={e.text.trim() && !e.source.trim() ? "In words that others can check." : undefined} />
            </div>
          ))}
        </fieldset>
        <fieldset className="rh-evid">
          <legend>Insights of visits</legend>
          {insights.length === 0 && <p className="mid">No visit has taught anything about this challenge yet, or none was written down.</p>}
          {insights.map((x) => <Check key={x.id} label={`${x.text} (${x.author.name}, ${day(x.visit.on)})`} value={now.insightIds.includes(x.id)} onChange={(on) => set({ insightIds: on ? [...now.insightIds, x.id] : now.insightIds.filter((id) => id !== x.id) })} />)}
        </fieldset>
      </div>
    </Dialog>
  );
}
