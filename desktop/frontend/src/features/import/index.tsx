import { useEffect, useRef, useState, type DragEvent } from "react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { graphql } from "@/gql";
import type { ImportKind, ImportsQuery } from "@/gql/graphql";
import { useCohort } from "@/lib/cohort";
import { clock, count, day, number } from "@/lib/format";
import { ask, newKey, Trouble } from "@/lib/graphql";
import { saveText } from "@/lib/platform";
import { client, useAsk, type Refusal } from "@/lib/server";
import { upload } from "@/lib/upload";
import { ChangeDialog } from "@/ui/change";
import { Button, Choice } from "@/ui/controls";
import { Answer, Refusals } from "@/ui/state";
import { Preview } from "./preview";
import "./import.css";

const Imports = graphql(`
  query Imports($cohort: ID!) {
    cohort(id: $cohort) {
      id
      name
      people: enrolments(first: 1) { totalCount }
      programme {
        id
        offers(first: 1) { totalCount }
        challenges(first: 1) { totalCount }
        imports(first: 50) {
          totalCount
          nodes { id version name kind state startedAt undoneAt failure updatedBy counts { rows creates updates unchanged leftOut blocked } }
        }
      }
    }
  }
`);
const Start = graphql(`
  mutation StartImport($input: StartImportInput!) {
    startImport(input: $input) {
      import { id version state }
      userErrors { field message code fix }
    }
  }
`);
const Undo = graphql(`
  mutation UndoImport($input: UndoImportInput!) {
    undoImport(input: $input) {
      import { id version undoneAt }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);
const EmptyTable = graphql(`
  query EmptyTable($cohort: ID!, $kind: ImportKind!) {
    cohort(id: $cohort) { id table(kind: $kind) }
  }
`);

type ImportRow = NonNullable<NonNullable<ImportsQuery["cohort"]>["programme"]["imports"]>["nodes"][number];
type Kind = Extract<ImportKind, "PEOPLE" | "OFFERS" | "CHALLENGES">;

const kindWord: Record<Kind, string> = { PEOPLE: "People", OFFERS: "Host offers", CHALLENGES: "Challenges" };
const brings: Record<Kind, string> = {
  PEOPLE: "A row a person: name, sector, employer, home station. Other columns are welcome and can be mapped.",
  OFFERS: "A row an offer: host, station, days it can, smallest and largest group, how early it needs names.",
  CHALLENGES: "A row a challenge: the question, its owner, its themes, and where its text was published.",
};

export function ImportScreen() {
  const search = useSearch({ strict: false }) as { id?: string; kind?: string };
  return search.id ? <Preview key={search.id} id={search.id} /> : <Choose kind={search.kind === "OFFERS" || search.kind === "CHALLENGES" ? search.kind : "PEOPLE"} />;
}

function Choose({ kind: first }: { kind: Kind }) {
  const frame = useCohort();
  const go = useNavigate();
  const imports = useAsk(Imports, { cohort: frame.id });
  const [sending, setSending] = useState<{ name: string; part: number } | null>(null);
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const [over, setOver] = useState(false);
  const [dropped, setDropped] = useState<File[]>([]);
  const [undoing, setUndoing] = useState<ImportRow | null>(null);

  const load = async (file: File, kind: Kind) => {
    setRefused([]);
    setSending({ name: file.name, part: 0 });
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const sent = await upload({ name: file.name, bytes }, (part) => setSending({ name: file.name, part }));
      if ("refused" in sent) return setRefused([sent.refused]);
      const { startImport } = await ask(Start, { input: { uploadId: sent.id, kind, intoId: kind === "PEOPLE" ? frame.id : frame.programme.id, idempotencyKey: newKey(), dryRun: false } });
      if (startImport.userErrors.length > 0) return setRefused(startImport.userErrors);
      setDropped((d) => d.filter((f) => f !== file));
      void go({ to: `/c/${frame.id}/import?id=${encodeURIComponent(startImport.import!.id)}` });
    } catch (e) {
      setRefused([{ field: [], code: "", message: e instanceof Trouble ? e.message : "The file could not be read.", fix: e instanceof Trouble && e.kind === "unreachable" ? "Nothing was loaded; try it again when the server answers." : null }]);
    } finally {
      setSending(null);
    }
  };
  const take = (files: FileList | null, kind?: Kind) => {
    const all = [...(files ?? [])];
    if (all.length === 1 && kind) return void load(all[0]!, kind);
    setDropped(all);
  };
  const drop = (e: DragEvent) => {
    e.preventDefault();
    setOver(false);
    take(e.dataTransfer.files);
  };
  const template = async (kind: Kind) => {
    const { cohort } = await ask(EmptyTable, { cohort: frame.id, kind });
    // The headings alone: the first line, which no heading breaks.
    if (cohort?.table) await saveText(`${kindWord[kind].toLowerCase()} template.csv`, `${cohort.table.split(/\r?\n/)[0]}\n`);
  };

  return (
    <Answer of={imports} what="the imports">
      {(d) => {
        const c = d.cohort;
        const have: Record<Kind, number> = { PEOPLE: c?.people?.totalCount ?? 0, OFFERS: c?.programme.offers?.totalCount ?? 0, CHALLENGES: c?.programme.challenges?.totalCount ?? 0 };
        const empty = (Object.keys(kindWord) as Kind[]).find((k) => have[k] === 0);
        const next = empty && have[first] > 0 ? empty : first;
        const all = c?.programme.imports?.nodes ?? [];
        return (
          <div className={over ? "load over" : "load"} onDragOver={(e) => { e.preventDefault(); setOver(true); }} onDragLeave={() => setOver(false)} onDrop={drop}>
            <section className="load-m" data-panel aria-label="Load a file">
              <h1>{have.PEOPLE + have.OFFERS === 0 ? "Two spreadsheets make a plan." : "Load a file"}</h1>
              <p className="lede">CSV or XLSX, as it is: headings are matched, every row is checked, and nothing is loaded before you have seen what it does. One undo takes a whole file back.</p>
              <Refusals errors={refused} />
              {sending && <p className="note" role="status">{sending.part < 1 ? `Sending ${sending.name}: ${Math.round(sending.part * 100)} %` : `Reading ${sending.name}…`}</p>}
              {dropped.length > 0 && (
                <ul className="drops">
                  {dropped.map((f) => <Dropped key={f.name} file={f} onLoad={(k) => void load(f, k)} busy={!!sending} />)}
                </ul>
              )}
              <ol className="kinds">
                {(Object.keys(kindWord) as Kind[]).map((k) => (
                  <li key={k}>
                    <div>
                      <h2>{kindWord[k]} <span>{have[k] > 0 ? `${number(have[k])} loaded` : "none yet"}</span></h2>
                      <p>{brings[k]}</p>
                    </div>
                    <FileButton label={`Choose ${kindWord[k].toLowerCase()} file…`} filled={k === next} disabled={!!sending} onFiles={(f) => take(f, k)} />
                  </li>
                ))}
              </ol>
              <p className="cap">A few can be added by hand: <Link to={`/c/${frame.id}/people`}>people</Link>, <Link to={`/c/${frame.id}/offers`}>host offers</Link>, <Link to={`/c/${frame.id}/challenges`}>challenges</Link>.</p>
              <p className="cap">Or drop files anywhere here. Empty templates: {(Object.keys(kindWord) as Kind[]).map((k) => <Button key={k} kind="bare" size="sm" onPress={() => void template(k)}>{kindWord[k]}</Button>)}</p>
            </section>
            <aside className="load-h" data-panel aria-label="Files loaded before">
              <h2>Files loaded before</h2>
              {all.length === 0 ? <p className="mid">None. Each file that is loaded stands here, with its undo.</p> : (
                <ul>
                  {all.map((i) => (
                    <li key={i.id}>
                      <b>{i.name}</b>
                      <p className="mid">{kindWord[i.kind as Kind] ?? "Programmes"}, {day(i.startedAt.slice(0, 10))} {clock(new Date(i.startedAt))}{i.updatedBy && `, ${i.updatedBy}`}</p>
                      <p className={i.state === "FAILED" ? "sig" : undefined}>{stateOf(i)}</p>
                      {i.state === "WAITING" && <p><Button size="sm" onPress={() => void go({ to: `/c/${frame.id}/import?id=${encodeURIComponent(i.id)}` })}>Go on with it</Button></p>}
                      {i.state === "DONE" && !i.undoneAt && <p><Button size="sm" onPress={() => setUndoing(i)}>Undo the whole file…</Button></p>}
                    </li>
                  ))}
                </ul>
              )}
            </aside>
            {undoing && (
              <ChangeDialog title={`Undo ${undoing.name}`} lede="Everything that this file made or changed goes back to what it was, unless something since depends on it." verb="Undo the whole file" stop document={Undo} intent={{ importId: undoing.id, expectedVersion: undoing.version }} pick={(x) => x.undoImport} onClose={() => setUndoing(null)} onDone={() => void client.invalidateQueries()} />
            )}
          </div>
        );
      }}
    </Answer>
  );
}

/** "35 new, 2 changed, 3 left out" */
export function stateOf(i: Pick<ImportRow, "state" | "undoneAt" | "failure" | "counts">): string {
  const { counts: n } = i;
  if (i.undoneAt) return `Undone ${day(i.undoneAt.slice(0, 10))}`;
  if (i.state === "FAILED") return i.failure ?? "Failed";
  if (i.state === "CANCELLED") return "Stopped; nothing was loaded";
  if (i.state === "WAITING") return n.blocked > 0 ? `Waits: ${count(n.blocked, "row needs", "rows need")} you` : `Waits: ${count(n.rows, "row is", "rows are")} ready`;
  if (i.state !== "DONE") return "Is being read";
  return [n.creates && `${number(n.creates)} new`, n.updates && `${number(n.updates)} changed`, n.unchanged && `${number(n.unchanged)} as they were`, n.leftOut && `${number(n.leftOut)} left out`].filter(Boolean).join(", ") || "Nothing to load";
}

function Dropped({ file, onLoad, busy }: { file: File; onLoad: (k: Kind) => void; busy: boolean }) {
  const guess: Kind = /offer|host/i.test(file.name) ? "OFFERS" : /challenge/i.test(file.name) ? "CHALLENGES" : "PEOPLE";
  const [kind, setKind] = useState<Kind>(guess);
  return (
    <li>
      <b>{file.name}</b>
      <Choice bare label={`What the rows of ${file.name} are`} value={kind} onChange={setKind} items={(Object.keys(kindWord) as Kind[]).map((k) => ({ id: k, name: kindWord[k] }))} />
      <Button isDisabled={busy} onPress={() => onLoad(kind)}>Read it</Button>
    </li>
  );
}

function FileButton({ label, filled, disabled, onFiles }: { label: string; filled: boolean; disabled: boolean; onFiles: (f: FileList | null) => void }) {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current) input.current.value = "";
  }, [disabled]);
  return (
    <>
      <input ref={input} className="vh" type="file" tabIndex={-1} aria-hidden="true" accept=".csv,.tsv,.txt,.xlsx,.xlsm" onChange={(e) => onFiles(e.target.files)} />
      <Button kind={filled ? "go" : "plain"} isDisabled={disabled} onPress={() => input.current?.click()}>{label}</Button>
    </>
  );
}
