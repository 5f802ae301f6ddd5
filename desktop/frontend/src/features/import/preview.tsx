import { Fragment, useEffect, useMemo, useRef, useState } from "react";
import { useNavigate } from "@tanstack/react-router";
import { useInfiniteQuery } from "@tanstack/react-query";
import { graphql } from "@/gql";
import type { CorrectImportInput, ImportPreviewQuery } from "@/gql/graphql";
import { useCohort } from "@/lib/cohort";
import { count, number } from "@/lib/format";
import { ask, listen, type Trouble } from "@/lib/graphql";
import { announce, useKeys, useUndo } from "@/lib/keys";
import { client, keyOf, useChange, type Intent, type Refusal } from "@/lib/server";
import { Bar } from "@/ui/bar";
import { ChangeDialog } from "@/ui/change";
import { Button, Choice, Dialog, Field } from "@/ui/controls";
import { PairCount, SectorMark } from "@/ui/marks";
import { EmptyState, Loading, Refusals, TroubleNote } from "@/ui/state";

const ImportPreview = graphql(`
  query ImportPreview($import: ID!, $problemsOnly: Boolean! = false, $outcomes: [ImportOutcome!], $after: String) {
    node(id: $import) {
      __typename
      ... on Import {
        id
        version
        name
        kind
        state
        progress
        failure
        undoneAt
        reading { encoding delimiter sheet headerRow dateOrder formulaCells }
        columns { number header target }
        targets { name label required }
        counts { rows creates updates unchanged leftOut blocked sectors { public private } }
        rows(problemsOnly: $problemsOnly, outcomes: $outcomes, first: 100, after: $after) {
          totalCount
          nodes { number cells outcome problems { column value message code fixes { label value sameInColumn } } }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }
`);
const Correct = graphql(`
  mutation CorrectImport($input: CorrectImportInput!) {
    correctImport(input: $input) {
      import { id version }
      userErrors { field message code fix }
    }
  }
`);
const Load = graphql(`
  mutation LoadImport($input: LoadImportInput!) {
    loadImport(input: $input) {
      import { id version state counts { creates updates leftOut } }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);
const Cancel = graphql(`
  mutation CancelImport($input: CancelJobInput!) {
    cancelJob(input: $input) {
      job { id state }
      userErrors { field message code fix }
    }
  }
`);
const Moved = graphql(`
  subscription ImportMoved($id: ID!) {
    jobProgressed(id: $id) { id state progress failure }
  }
`);

type Import = Extract<NonNullable<ImportPreviewQuery["node"]>, { __typename: "Import" }>;
type Row = Import["rows"]["nodes"][number];
type Fix = Row["problems"][number]["fixes"][number];
/** Which rows are shown. */
type Only = "all" | "problems" | "left out";

const outcomeWord: Record<string, string> = { CREATES: "new", UPDATES: "changes", UNCHANGED: "as it is", LEFT_OUT: "left out", BLOCKED: "needs you" };

/** "38 rows are ready", "Three of 38 rows need you" */
export function previewSentence(n: { rows: number; blocked: number; leftOut: number }): string {
  if (n.blocked > 0) return `${count(n.blocked, "row needs", "rows need")} you`;
  if (n.leftOut > 0) return `${count(n.rows - n.leftOut, "row is", "rows are")} ready, ${number(n.leftOut)} left out`;
  return `${count(n.rows, "row is", "rows are")} ready`;
}

const cells = (width: number): string => (width > 26 ? String.fromCharCode(64 + Math.floor((width - 1) / 26)) : "") + String.fromCharCode(65 + ((width - 1) % 26));

export function Preview({ id }: { id: string }) {
  const frame = useCohort();
  const go = useNavigate();
  const [only, setOnly] = useState<Only>("all");
  const variables = { import: id, problemsOnly: only === "problems", outcomes: only === "left out" ? (["LEFT_OUT"] as const).slice() : null };
  const pages = useInfiniteQuery({
    queryKey: keyOf(ImportPreview, variables),
    queryFn: ({ pageParam, signal }) => ask(ImportPreview, { ...variables, after: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => (last.node?.__typename === "Import" && last.node.rows.pageInfo.hasNextPage ? last.node.rows.pageInfo.endCursor ?? null : null),
  });
  const node = pages.data?.pages[0]?.node;
  const one = node?.__typename === "Import" ? node : null;
  const running = one?.state === "QUEUED" || one?.state === "RUNNING";
  const [progress, setProgress] = useState<number | null>(null);
  useEffect(() => {
    if (!running) return;
    // While it reads or loads, the job tells how far it is; once it ends the answer is asked again.
    const stop = listen(Moved, { id }, {
      next: ({ jobProgressed: j }) => {
        setProgress(j.progress ?? null);
        if (j.state !== "RUNNING" && j.state !== "QUEUED") void client.invalidateQueries();
      },
      complete: () => void client.invalidateQueries(),
      error: () => void client.invalidateQueries(),
    });
    const timer = setInterval(() => void client.invalidateQueries(), 2000);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [running, id]);

  const back = () => void go({ to: `/c/${frame.id}/import` });
  if (pages.error && !pages.data) return <div className="pad"><TroubleNote trouble={pages.error as Trouble} /></div>;
  if (!pages.data) return <Loading what="the preview" />;
  if (!one) return <EmptyState title="This import is not there" action={<Button onPress={back}>Other files</Button>}><p>A preview is kept for a day.</p></EmptyState>;
  if (running) {
    return (
      <EmptyState title={`${one.name} is being read`}>
        <p>{progress !== null ? `${Math.round(progress * 100)} % done. ` : ""}You can go on elsewhere: it stands under the files loaded before.</p>
        <Stop id={id} />
      </EmptyState>
    );
  }
  if (one.state === "FAILED" || one.state === "CANCELLED") {
    return <EmptyState title={one.state === "FAILED" ? `${one.name} could not be read` : `${one.name} was stopped`} action={<Button kind="go" onPress={back}>Another file…</Button>}><p>{one.failure ?? "Nothing was loaded."}</p></EmptyState>;
  }
  if (one.state === "DONE") {
    const n = one.counts;
    const screen = one.kind === "PEOPLE" ? "people" : one.kind === "OFFERS" ? "offers" : "challenges";
    return (
      <EmptyState title={one.undoneAt ? `${one.name} was undone` : `${one.name} is loaded`} action={<><Button kind="go" onPress={() => void go({ to: `/c/${frame.id}/${screen}` })}>See the {screen}</Button> <Button onPress={back}>Another file…</Button></>}>
        <p>{number(n.creates)} new, {number(n.updates)} changed, {number(n.unchanged)} as they were, {number(n.leftOut)} left out. One undo takes it all back: it stands under the files loaded before.</p>
      </EmptyState>
    );
  }
  const rows = pages.data.pages.flatMap((p) => (p.node?.__typename === "Import" ? p.node.rows.nodes : []));
  return <Ready one={one} rows={rows} only={only} onOnly={setOnly} more={pages.hasNextPage ? () => void pages.fetchNextPage() : null} onBack={back} />;
}

function Stop({ id }: { id: string }) {
  const stop = useChange(Cancel);
  return <p className="empty-a"><Button isDisabled={stop.busy} onPress={() => void stop.make({ jobId: id, dryRun: false })}>Stop</Button></p>;
}

function Ready({ one, rows, only, onOnly, more, onBack }: { one: Import; rows: Row[]; only: Only; onOnly: (o: Only) => void; more: (() => void) | null; onBack: () => void }) {
  const { did } = useUndo();
  const correct = useChange(Correct);
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const [doing, setDoing] = useState<"load" | "columns" | null>(null);
  const [editing, setEditing] = useState<{ row: Row; column: number } | null>(null);
  const [at, setAt] = useState(-1);
  const box = useRef<HTMLDivElement>(null);
  const n = one.counts;
  const targets = new Map(one.targets.map((t) => [t.name, t.label]));
  const used = one.columns.filter((c) => c.target);
  // Columns that are not loaded are still shown where one of their cells has a problem.
  const shown = one.columns.filter((c) => c.target || rows.some((r) => r.problems.some((p) => p.column === c.number)));
  const problems = useMemo(() => rows.flatMap((r) => r.problems.map((p) => ({ row: r, problem: p }))), [rows]);
  const missing = one.targets.filter((t) => t.required && !used.some((c) => c.target === t.name));

  const send = async (intent: Omit<Intent<CorrectImportInput>, "dryRun" | "importId" | "expectedVersion">, back?: typeof intent, says?: string) => {
    setRefused([]);
    const answer = await correct.make({ importId: one.id, expectedVersion: one.version, dryRun: false, ...intent }).catch(() => null);
    if (!answer) return;
    const { userErrors, import: now } = answer.correctImport;
    if (userErrors.length > 0) return setRefused(userErrors);
    if (back && says && now) {
      let version = now.version;
      const again = async (i: typeof intent) => {
        const a = await correct.make({ importId: one.id, expectedVersion: version, dryRun: false, ...i });
        if (a.correctImport.userErrors[0]) throw new Error(a.correctImport.userErrors[0].message);
        version = a.correctImport.import!.version;
      };
      did({ says, undo: () => again(back), redo: () => again(intent) });
    }
    announce("Corrected");
  };
  const cell = (row: number, column: number, value: string, everySame: boolean, was: string) =>
    void send({ cells: [{ row, column, value, everySame }] }, everySame ? undefined : { cells: [{ row, column, value: was, everySame: false }] }, `Row ${row} corrected`);
  const leave = (row: number, out: boolean) =>
    void send(out ? { leaveOut: [row] } : { takeIn: [row] }, out ? { takeIn: [row] } : { leaveOut: [row] }, out ? `Row ${row} left out` : `Row ${row} taken in again`);
  const take = (f: Fix, row: number, column: number, was: string, every: boolean) => cell(row, column, f.value, every, was);

  const show = (i: number) => {
    if (problems.length === 0) return false;
    const next = ((i % problems.length) + problems.length) % problems.length;
    setAt(next);
    const { row, problem } = problems[next]!;
    const line = box.current?.querySelector<HTMLElement>(`[data-problem="${row.number}-${problem.column}"]`);
    line?.scrollIntoView({ block: "center" });
    line?.querySelector<HTMLElement>("button")?.focus();
    announce(problem.message);
    return undefined;
  };
  const takeNth = (i: number) => {
    const p = problems[Math.max(0, at)];
    const f = p?.problem.fixes[i];
    if (!p || !f) return false;
    take(f, p.row.number, p.problem.column, p.problem.value, false);
    return undefined;
  };
  useKeys([
    { press: "n", says: "Next problem", act: () => show(at + 1) },
    { press: "Shift+N", says: "Problem before", act: () => show(at - 1) },
    { press: "1", says: "Take the first fix", act: () => takeNth(0) },
    { press: "2", says: "Take the second fix", act: () => takeNth(1) },
    { press: "3", says: "Take the third fix", act: () => takeNth(2) },
  ]);

  const r = one.reading;
  return (
    <>
      <Bar
        title={one.name}
        figures={[
          { value: count(n.rows, "row"), basis: r ? `${r.sheet ? `sheet ${r.sheet}` : "text"}, headings in row ${r.headerRow}` : "read" },
          { value: previewSentence(n), basis: n.blocked > 0 ? `${number(n.rows - n.blocked - n.leftOut)} ${n.rows - n.blocked - n.leftOut === 1 ? "is" : "are"} ready` : `${number(n.creates)} new, ${number(n.updates)} change`, signal: n.blocked > 0 },
          ...(n.sectors ? [{ value: <PairCount {...n.sectors} />, basis: n.sectors.public === n.sectors.private ? "level once loaded" : "once loaded" }] : []),
          { value: `${number(n.unchanged + n.updates)} known already`, basis: "matched by key or name" },
        ]}
      >
        {only !== "all" && <Button onPress={() => onOnly("all")}>Show every row</Button>}
        {n.blocked > 0 && only !== "problems" && <Button onPress={() => onOnly("problems")}>{`Show only the ${number(n.blocked)} that ${n.blocked === 1 ? "needs" : "need"} you`}</Button>}
        {n.leftOut > 0 && only !== "left out" && <Button onPress={() => onOnly("left out")}>{`Show only the ${number(n.leftOut)} left out`}</Button>}
        <Button onPress={onBack}>Another file…</Button>
      </Bar>
      <div className="imp">
        <aside className="map" data-panel aria-label="Columns">
          <h2>Columns</h2>
          <table>
            <thead><tr><th>In your file</th><th>In Tandem</th></tr></thead>
            <tbody>
              {one.columns.map((c) => <tr key={c.number}><th scope="row">{c.header || <i className="dim">column {cells(c.number)}</i>}</th><td>{c.target ? <b>{targets.get(c.target) ?? c.target}</b> : <span className="dim">not loaded</span>}</td></tr>)}
            </tbody>
          </table>
          {missing.length > 0 && <p className="sig miss"><b>No column for {missing.map((t) => t.label.toLowerCase()).join(", ")}.</b> A row cannot do without.</p>}
          {r && (
            <p className="cap">
              {r.encoding ? `Read as ${r.encoding}${r.delimiter ? `, split at ${r.delimiter === "\t" ? "tabs" : `“${r.delimiter}”`}` : ""}. ` : ""}Dates: {r.dateOrder}.{r.formulaCells > 0 && ` ${count(r.formulaCells, "cell holds a formula: its", "cells hold formulas: their")} last value is used.`}
            </p>
          )}
          <Button size="sm" onPress={() => setDoing("columns")}>Change columns…</Button>
        </aside>
        <section className="tbl" data-panel aria-label="Rows" ref={box} tabIndex={0}>
          <Refusals errors={refused} />
          {correct.trouble && <TroubleNote trouble={correct.trouble} />}
          <table>
            <thead><tr><th className="n">row</th>{shown.map((c) => <th key={c.number}>{c.target ? (targets.get(c.target) ?? c.target) : c.header}</th>)}<th>Does</th></tr></thead>
            <tbody>
              {rows.map((row) => (
                <Fragment key={row.number}>
                  <tr className={row.outcome === "BLOCKED" ? "bad" : row.outcome === "LEFT_OUT" ? "out" : undefined}>
                    <td className="n">{row.number}</td>
                    {shown.map((c) => {
                      const wrong = row.problems.some((p) => p.column === c.number);
                      const value = row.cells[c.number - 1] ?? "";
                      const sector = c.target === "sector" && (value === "PUBLIC" || value === "PRIVATE") ? value : null;
                      return (
                        <td key={c.number} className={wrong ? "cell" : undefined}>
                          {wrong ? <button className="cellb" onClick={() => setEditing({ row, column: c.number })} aria-label={`${value || "empty"}: type another value`}>{value || "empty"}</button> : sector ? <><SectorMark sector={sector} /> {value}</> : value || <span className="dim">–</span>}
                        </td>
                      );
                    })}
                    <td className="mid">{outcomeWord[row.outcome]}{row.outcome === "LEFT_OUT" && <> <Button size="sm" kind="bare" aria-label={`Take row ${row.number} in again`} isDisabled={correct.busy} onPress={() => leave(row.number, false)}>Take it in again</Button></>}</td>
                  </tr>
                  {row.problems.map((p) => (
                    <tr className="fixr" key={p.column} data-problem={`${row.number}-${p.column}`}>
                      <td />
                      <td colSpan={shown.length + 1}>
                        <div className="fx">
                          <p><Message text={p.message} /></p>
                          <span className="fx-b">
                            {p.fixes.map((f) => <Button key={f.label} size="sm" isDisabled={correct.busy} onPress={() => take(f, row.number, p.column, p.value, false)}>{f.label}</Button>)}
                            {p.fixes.filter((f) => f.sameInColumn > 1).slice(0, 1).map((f) => <Button key="all" size="sm" isDisabled={correct.busy} onPress={() => take(f, row.number, p.column, p.value, true)}>{f.label} for all {f.sameInColumn} “{p.value}”</Button>)}
                            {p.fixes.length === 0 && <Button size="sm" onPress={() => setEditing({ row, column: p.column })}>Type it…</Button>}
                            <Button size="sm" kind="bare" isDisabled={correct.busy} onPress={() => leave(row.number, true)}>Leave the row out</Button>
                          </span>
                        </div>
                      </td>
                    </tr>
                  ))}
                </Fragment>
              ))}
            </tbody>
          </table>
          {rows.length === 0 && <p className="pad mid">{only === "problems" ? "No row has a problem." : only === "left out" ? "No row is left out." : "No row under the headings."}</p>}
          {more && <p className="pad"><Button onPress={more}>Read the next 100 of {number(one.rows.totalCount)}</Button></p>}
        </section>
        <footer className="ft">
          {n.blocked > 0 ? (
            <>
              <Button isDisabled>{`Load ${count(n.rows, "row")}`}</Button>
              <Button isDisabled={correct.busy} onPress={() => void send({ leaveOutBlocked: true }).then(() => setDoing("load"))}>{`Leave out ${number(n.blocked)}, load ${number(n.rows - n.blocked - n.leftOut)}`}</Button>
            </>
          ) : (
            <Button kind="go" isDisabled={missing.length > 0 || n.rows - n.leftOut === 0} onPress={() => setDoing("load")}>{`Load ${count(n.rows - n.leftOut, "row")}…`}</Button>
          )}
          <span className="mid">All or nothing: if a row fails while loading, none is loaded. One undo takes it all back.</span>
          {problems.length > 0 && <span className="far cap">Next problem <kbd>N</kbd> before <kbd>Shift N</kbd> fixes <kbd>1</kbd>–<kbd>3</kbd></span>}
        </footer>
      </div>
      {doing === "load" && <ChangeDialog title={`Load ${count(n.rows - n.leftOut - n.blocked, "row")} of ${one.name}`} lede={`${number(n.creates)} new, ${number(n.updates)} changed, ${number(n.unchanged)} as they are, ${number(n.leftOut)} left out.`} verb="Load" document={Load} intent={{ importId: one.id, expectedVersion: one.version }} pick={(d) => d.loadImport} onClose={() => setDoing(null)} />}
      {doing === "columns" && <Columns one={one} onClose={() => setDoing(null)} onSave={(columns) => { setDoing(null); void send({ columns }, { columns: columns.map((c) => ({ column: c.column, target: one.columns.find((x) => x.number === c.column)?.target ?? null })) }, "Columns mapped anew"); }} />}
      {editing && <TypeIt key={`${editing.row.number}-${editing.column}`} row={editing.row} column={editing.column} label={targets.get(one.columns.find((c) => c.number === editing.column)?.target ?? "") ?? "Value"} onClose={() => setEditing(null)} onSave={(v) => { cell(editing.row.number, editing.column, v, false, editing.row.cells[editing.column - 1] ?? ""); setEditing(null); }} />}
    </>
  );
}

/** The place in bold, then what is wrong: "Home station, row 5. …" */
function Message({ text }: { text: string }) {
  const cut = /[.:] /.exec(text)?.index ?? -1;
  return cut > 0 && cut < 60 ? <><b>{text.slice(0, cut + 1)}</b> {text.slice(cut + 2)}</> : <b>{text}</b>;
}

function Columns({ one, onClose, onSave }: { one: Import; onClose: () => void; onSave: (c: { column: number; target: string | null }[]) => void }) {
  const [map, setMap] = useState<Record<number, string>>(Object.fromEntries(one.columns.map((c) => [c.number, c.target ?? ""])));
  const counts = Object.values(map).filter(Boolean);
  const twice = one.targets.find((t) => counts.filter((c) => c === t.name).length > 1);
  const changed = one.columns.filter((c) => (c.target ?? "") !== map[c.number]).map((c) => ({ column: c.number, target: map[c.number] || null }));
  return (
    <Dialog
      title="Which column is what"
      lede="Headings were matched by name. What is not loaded is not kept."
      onClose={onClose}
      foot={<><Button kind="go" isDisabled={changed.length === 0 || !!twice} onPress={() => onSave(changed)}>Read again so</Button><Button onPress={onClose}>Leave as it is</Button>{twice && <span className="sig">Two columns are {twice.label.toLowerCase()}.</span>}</>}
    >
      <ul className="cols">
        {one.columns.map((c) => (
          <li key={c.number}>
            <span>{c.header || `Column ${cells(c.number)}`}</span>
            <Choice bare label={`${c.header || `Column ${cells(c.number)}`} is`} value={map[c.number] ?? ""} onChange={(k) => setMap({ ...map, [c.number]: k })} items={[{ id: "", name: "not loaded" }, ...one.targets.map((t) => ({ id: t.name, name: t.required ? `${t.label}, needed` : t.label }))]} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function TypeIt({ row, column, label, onClose, onSave }: { row: Row; column: number; label: string; onClose: () => void; onSave: (v: string) => void }) {
  const [value, setValue] = useState(row.cells[column - 1] ?? "");
  return (
    <Dialog title={`${label}, row ${row.number}`} lede={row.problems.find((p) => p.column === column)?.message} onClose={onClose} foot={<><Button kind="go" onPress={() => onSave(value)}>Use it</Button><Button onPress={onClose}>Leave as it is</Button></>}>
      <form onSubmit={(e) => { e.preventDefault(); onSave(value); }}><Field label={label} value={value} onChange={setValue} autoFocus /></form>
    </Dialog>
  );
}
