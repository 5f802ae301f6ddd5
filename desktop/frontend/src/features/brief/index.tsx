import { useRef, useState } from "react";
import { graphql } from "@/gql";
import type { BriefQuery } from "@/gql/graphql";
import { useCohort } from "@/lib/cohort";
import { capital, count, day, dayYear, list, words } from "@/lib/format";
import { ask } from "@/lib/graphql";
import { copyText, inWindow, saveBytes, saveText } from "@/lib/platform";
import { useAsk } from "@/lib/server";
import { Bar } from "@/ui/bar";
import { ChangeDialog } from "@/ui/change";
import { Button, Dialog, Field } from "@/ui/controls";
import { DayField } from "@/ui/dates";
import { Answer, EmptyState, Loading, Notice, TroubleNote } from "@/ui/state";
import { Draft } from "./draft";
import "./brief.css";

const Briefs = graphql(`
  query Briefs($cohort: ID!) {
    cohort(id: $cohort) {
      id
      sponsorBriefs(first: 100) { nodes { id number state asOf } }
    }
    viewer { grants { mutations } }
  }
`);
const Brief = graphql(`
  query Brief($brief: ID!) {
    sponsorBrief(id: $brief) {
      id
      version
      number
      state
      asOf
      dataVersion
      checkedAt
      intact
      updatedAt
      updatedBy
      headline
      figures {
        id
        key
        number
        label
        value { ...Told }
        cells { id row column value { ...Told } }
        receipt { query check { equal } }
      }
      written { headline summary goal level ratingBecause wentBadly decisions { text by } because { key because } }
      wrongWords { field message fix }
      page
      shareLinks { id label expiresAt revokedAt opens lastOpenedAt }
    }
  }
  fragment Told on FigureValue {
    __typename
    ... on Shown { text }
    ... on Suppressed { text }
    ... on NotYet { text }
  }
`);
const Changes = graphql(`
  query BriefChanges($brief: ID!, $before: ID!) {
    sponsorBrief(id: $brief) {
      id
      diffTo(briefId: $before) { figures { key because before { label value { ...Told } } after { label value { ...Told } } } }
    }
  }
`);
const Sheets = graphql(`
  query BriefSheets($brief: ID!, $pdf: Boolean!, $csv: Boolean!) {
    sponsorBrief(id: $brief) { id pdf @include(if: $pdf) csv @include(if: $csv) }
  }
`);
const Begin = graphql(`
  mutation DraftBrief($input: DraftBriefInput!) {
    draftBrief(input: $input) { brief { id number } impact { ...ImpactParts } userErrors { field message code fix } }
  }
`);
const Check = graphql(`
  mutation CheckBrief($input: CheckBriefInput!) {
    checkBrief(input: $input) { brief { id checkedAt } impact { ...ImpactParts } userErrors { field message code fix } }
  }
`);
const Share = graphql(`
  mutation ShareBrief($input: CreateShareLinkInput!) {
    createShareLink(input: $input) { link { id label } path impact { ...ImpactParts } userErrors { field message code fix } }
  }
`);
const Revoke = graphql(`
  mutation RevokeShareLink($input: RevokeShareLinkInput!) {
    revokeShareLink(input: $input) { link { id revokedAt } impact { ...ImpactParts } userErrors { field message code fix } }
  }
`);

export type BriefView = NonNullable<BriefQuery["sponsorBrief"]>;
type Link = NonNullable<BriefView["shareLinks"]>[number];

/** What the sponsor is told: the briefs, the one that is written, its page as they will see it, and the links to it. */
export function BriefScreen() {
  const frame = useCohort();
  const found = useAsk(Briefs, { cohort: frame.id });
  const [chosen, setChosen] = useState<string | null>(null);
  const [beginning, setBeginning] = useState(false);
  return (
    <Answer of={found} what="the briefs">
      {(d) => {
        const briefs = d.cohort?.sponsorBriefs?.nodes;
        if (!briefs) return <EmptyState title="Briefs are not shown to this role" />;
        const may = d.viewer.grants.some((g) => g.mutations.includes("draftBrief"));
        const drafting = briefs.some((b) => b.state === "DRAFT");
        const begin = may && !drafting && <Button kind={briefs.length === 0 ? "go" : "plain"} onPress={() => setBeginning(true)}>{briefs.length === 0 ? "Draft the first brief…" : "Draft the next…"}</Button>;
        const at = briefs.find((b) => b.id === chosen) ?? briefs[0];
        const dialog = beginning && (
          <ChangeDialog title="Draft a brief" lede="The facts are frozen as they are now, and its figures computed. Nobody but coordinators sees it before it is released." verb="Draft it" document={Begin} intent={{ cohortId: frame.id }} pick={(x) => x.draftBrief}
            onDone={(x) => x.draftBrief.brief && setChosen(x.draftBrief.brief.id)} onClose={() => setBeginning(false)} />
        );
        if (!at) return <><EmptyState title="The sponsor has no brief yet" action={begin || undefined}><p>One page that is true: every figure computed, each with its receipt, and nothing that gives a person away.</p></EmptyState>{dialog}</>;
        return (
          <>
            <Bar title={at.state === "DRAFT" ? `Brief ${at.number} is being written` : `Brief ${at.number} for the sponsor`} figures={[{ value: capital(words(briefs.filter((b) => b.state === "RELEASED").length)), basis: "released" }, { value: day(at.asOf.slice(0, 10)), basis: "facts as of" }]}>
              <nav aria-label="Briefs" className="br-n">{briefs.map((b) => <Button key={b.id} size="sm" {...(b.id === at.id ? { "aria-current": "true" as const } : {})} onPress={() => setChosen(b.id)}>{b.state === "DRAFT" ? `Draft of ${b.number}` : `Brief ${b.number}`}</Button>)}</nav>
              {begin}
            </Bar>
            <One key={at.id} id={at.id} before={briefs.find((b) => b.state === "RELEASED" && b.number < at.number)?.id ?? null} may={may} />
            {dialog}
          </>
        );
      }}
    </Answer>
  );
}

function One({ id, before, may }: { id: string; before: string | null; may: boolean }) {
  const found = useAsk(Brief, { brief: id });
  if (!found.data) return found.error ? <TroubleNote trouble={found.error} /> : <Loading what="the brief" />;
  const b = found.data.sponsorBrief;
  if (!b) return <EmptyState title="This brief is not shown to this role" />;
  if (b.state === "DRAFT" && b.written) return <Draft brief={b} written={b.written} changes={before && <Differences brief={b} before={before} />} before={before} />;
  return <Released brief={b} before={before} may={may} />;
}

/** A brief as its readers see it. It needs no script, and the policy of these screens, which it inherits, lets none of its own in. Its main part is named, as the screen has one too. */
export function Sheet({ html, title, onPage }: { html: string; title: string; onPage?: (frame: HTMLIFrameElement | null) => void }) {
  return <iframe className="br-p" ref={onPage ?? null} title={title} srcDoc={html.replace("<main", `<main aria-label="The brief"`)} />;
}

function Released({ brief: b, before, may }: { brief: BriefView; before: string | null; may: boolean }) {
  const { programme } = useCohort();
  const page = useRef<HTMLIFrameElement | null>(null);
  const [checking, setChecking] = useState(false);
  const name = `${programme.name} brief ${b.number}`;
  const save = async (what: "pdf" | "csv") => {
    const { sponsorBrief } = await ask(Sheets, { brief: b.id, pdf: what === "pdf", csv: what === "csv" });
    if (sponsorBrief?.pdf) await saveBytes(`${name}.pdf`, sponsorBrief.pdf, "application/pdf");
    if (sponsorBrief?.csv) await saveText(`${name} figures.csv`, sponsorBrief.csv);
  };
  const wrong = b.figures.filter((f) => f.receipt.check?.equal === false);
  return (
    <div className="pgrid br">
      <section className="br-l" aria-label={`Brief ${b.number} as its readers see it`}><Sheet html={b.page} title={`Brief ${b.number}, the page`} onPage={(f) => { page.current = f; }} /></section>
      <aside className="pane" aria-label="About this brief" data-panel>
        <section>
          <h3>On paper and in tables</h3>
          <p className="br-b"><Button onPress={() => void save("pdf")}>PDF…</Button><Button onPress={() => void save("csv")}>Figures as CSV…</Button><Button onPress={() => page.current?.contentWindow?.print()}>Print…</Button></p>
        </section>
        <section>
          <h3>Receipts <span>data version {b.dataVersion}</span></h3>
          {!b.intact && <Notice tone="signal"><b>Rows of this brief were altered after it was released.</b></Notice>}
          <p className={wrong.length ? "sig" : "mid"}>{b.checkedAt ? wrong.length ? `Not equal: ${list(wrong.map((f) => f.label))}.` : `${capital(words(b.figures.length))} of ${words(b.figures.length)} figures came out equal on ${dayYear(b.checkedAt.slice(0, 10))}.` : "Not recomputed yet."}</p>
          {may && <p className="br-b"><Button size="sm" onPress={() => setChecking(true)}>Recompute now…</Button></p>}
        </section>
        {before && <Differences brief={b} before={before} />}
        {b.shareLinks && <Links brief={b} links={b.shareLinks} />}
      </aside>
      {checking && <ChangeDialog title={`Recompute brief ${b.number}`} lede="Every figure is computed afresh from the facts frozen with the brief." verb="Keep the result" document={Check} intent={{ briefId: b.id }} pick={(d) => d.checkBrief} onClose={() => setChecking(false)} />}
    </div>
  );
}

/** What changed since the brief before, and why. */
function Differences({ brief, before }: { brief: BriefView; before: string }) {
  const found = useAsk(Changes, { brief: brief.id, before });
  const figures = found.data?.sponsorBrief?.diffTo?.figures;
  return (
    <section>
      <h3>What changed <span>since brief {brief.number - 1}</span></h3>
      {!figures ? <Loading what="what changed" /> : figures.length === 0 ? <p className="mid">No figure.</p> : (
        <ul className="br-d">
          {figures.map((f) => <li key={f.key}><b>{f.after?.label ?? f.before?.label}</b><span>{f.before?.value.text ?? "was not there"} → {f.after?.value.text ?? "is gone"}</span><span className="cap">{f.because ?? "No reason written."}</span></li>)}
        </ul>
      )}
    </section>
  );
}

function Links({ brief, links }: { brief: BriefView; links: readonly Link[] }) {
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<Link | null>(null);
  const [made, setMade] = useState<string | null>(null);
  const [now] = useState(() => Date.now());
  const works = (l: Link) => !l.revokedAt && new Date(l.expiresAt).getTime() > now;
  return (
    <section>
      <h3>Links <span>open this brief, and nothing else</span></h3>
      {links.length === 0 && <p className="mid">Nobody has a link yet.</p>}
      <ul className="br-k">
        {links.map((l) => (
          <li key={l.id}>
            <b className={works(l) ? undefined : "mid"}>{l.label}</b>
            {works(l) && <Button kind="bare" size="sm" aria-label={`Revoke the link for ${l.label}`} onPress={() => setEnding(l)}>Revoke…</Button>}
            <span className="cap">{l.revokedAt ? `revoked ${day(l.revokedAt.slice(0, 10))}` : works(l) ? `until ${dayYear(l.expiresAt.slice(0, 10))}` : "past its end"} · {l.opens === 0 ? "never opened" : `opened ${count(l.opens, "time")}${l.lastOpenedAt ? `, last ${day(l.lastOpenedAt.slice(0, 10))}` : ""}`}</span>
          </li>
        ))}
      </ul>
      <p className="br-b"><Button size="sm" onPress={() => setMaking(true)}>Make a link…</Button></p>
      {making && <ShareDialog brief={brief} onMade={setMade} onClose={() => setMaking(false)} />}
      {made && <MadeDialog path={made} onClose={() => setMade(null)} />}
      {ending && <ChangeDialog title={`Revoke the link for ${ending.label}`} lede="It opens nothing from that moment on." verb="Revoke it" stop document={Revoke} intent={{ linkId: ending.id }} pick={(d) => d.revokeShareLink} onClose={() => setEnding(null)} />}
    </section>
  );
}

function ShareDialog({ brief, onMade, onClose }: { brief: BriefView; onMade: (path: string) => void; onClose: () => void }) {
  // Links end by the real clock, whatever day a sample lives in.
  const [today] = useState(() => new Date().toISOString().slice(0, 10));
  const [label, setLabel] = useState("");
  const [until, setUntil] = useState<string | null>(() => new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10));
  return (
    <ChangeDialog title={`A link to brief ${brief.number}`} lede="Whoever has it reads this brief without an account. It is shown once." verb="Make the link" document={Share}
      intent={{ briefId: brief.id, label: label.trim(), expiresAt: `${until ?? today}T23:59:59Z` }} ready={label.trim() !== "" && !!until && until >= today} pick={(d) => d.createShareLink}
      onDone={(d) => d.createShareLink.path && onMade(d.createShareLink.path)} onClose={onClose}>
      <div className="stack">
        <Field label="For whom" value={label} onChange={setLabel} autoFocus required hint="Such as the director’s office" />
        <DayField label="Until" value={until} onChange={setUntil} near={today} error={until && until < today ? "That day is past." : undefined} />
      </div>
    </ChangeDialog>
  );
}

function MadeDialog({ path, onClose }: { path: string; onClose: () => void }) {
  const [copied, setCopied] = useState<boolean | null>(null);
  const link = inWindow() ? path : `${location.origin}${path}`;
  return (
    <Dialog title="The link, shown this once" onClose={onClose} {...(inWindow() ? { lede: "Put your team’s server before it: this window opens no port of its own." } : {})}
      foot={<><Button kind="go" onPress={() => void copyText(link).then(setCopied)}>{copied ? "Copied" : "Copy it"}</Button><Button onPress={onClose}>Done</Button></>}>
      <p className="br-s">{link}</p>
      {copied === false && <p className="sig">The clipboard may not be used here: mark the link and copy it.</p>}
    </Dialog>
  );
}
