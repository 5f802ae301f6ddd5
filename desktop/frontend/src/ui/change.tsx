import { useState, type ReactNode } from "react";
import type { TypedDocumentString } from "@/gql/graphql";
import { graphql } from "@/gql";
import { count, day, hostName, list, number } from "@/lib/format";
import { announce } from "@/lib/keys";
import { useChange, usePreview, type Intent, type Refusal } from "@/lib/server";
import { useSettled } from "@/lib/debounce";
import { Button, Dialog, Field } from "./controls";
import { Initials } from "./marks";
import { Refusals, TroubleNote } from "./state";

/** What a screen reads of an impact. */
export const ImpactParts = graphql(`
  fragment ImpactParts on Impact {
    effect
    count
    because
    subjects(first: 12) {
      __typename
      ... on Enrolment { id sectorAtEnrolment person { name } }
      ... on Visit { id on offer { site { name organisation { name } } } }
      ... on Team { id number teamName: name }
      ... on Site { id siteName: name }
      ... on HostOffer { id site { name organisation { name } } }
    }
    notice { title text }
  }
`);

interface Subject {
  __typename?: string;
  id?: string;
  sectorAtEnrolment?: "PUBLIC" | "PRIVATE";
  person?: { name: string };
  on?: string;
  offer?: { site: { name: string; organisation: { name: string } } };
  number?: number;
  teamName?: string;
  siteName?: string;
  site?: { name: string; organisation: { name: string } };
}

export interface ImpactView {
  effect: string;
  count: number;
  because: string;
  subjects: readonly object[];
  notice?: { title: string; text: string } | null;
}

const effectWord: Record<string, string> = { CREATED: "New", CHANGED: "Changed", REMOVED: "Taken away", AT_RISK: "At risk", LATE: "Late" };

/** Who or what a change touches, grouped by effect, the worst first. */
export function Impacts({ impact, none = "Nothing else is touched." }: { impact: readonly ImpactView[]; none?: string }) {
  if (impact.length === 0) return <p className="mid">{none}</p>;
  const worst = ["LATE", "AT_RISK", "REMOVED", "CHANGED", "CREATED"];
  return (
    <ul className="impacts">
      {[...impact].sort((a, b) => worst.indexOf(a.effect) - worst.indexOf(b.effect)).map((i, n) => {
        const subjects = i.subjects as Subject[];
        const things = subjects.filter((s) => !s.person).map((s) => s.offer ? `${hostName(s.offer.site)}, ${day(s.on ?? "")}` : s.teamName ? `Team ${s.number}, ${s.teamName}` : (s.siteName ?? (s.site ? hostName(s.site) : ""))).filter(Boolean);
        const people = subjects.filter((s) => s.person);
        const more = i.count - people.length - things.length;
        return (
          <li key={n}>
            <b className={i.effect === "AT_RISK" || i.effect === "LATE" ? "sig" : undefined}>{effectWord[i.effect] ?? i.effect}</b>
            <div>
              <p>{i.because}</p>
              {people.length > 0 && people.length <= 6 && <p className="mid">{list(people.map((p) => p.person!.name))}{more > 0 && ` and ${count(more, "more", "more")}`}</p>}
              {people.length > 6 && <p className="inits">{people.map((p) => <Initials key={p.id} name={p.person!.name} sector={p.sectorAtEnrolment!} />)}{more > 0 && <span className="dim">and {number(more)} more</span>}</p>}
              {things.length > 0 && <p className="mid">{list(things)}</p>}
              {people.length + things.length === 0 && i.count > 1 && <p className="dim">{number(i.count)} in all</p>}
              {i.notice && <details><summary>Message drafted: {i.notice.title}</summary><pre className="msg">{i.notice.text}</pre></details>}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

interface Payload {
  impact: readonly ImpactView[];
  userErrors: readonly Refusal[];
}

/**
 * A dialog for one change. It asks the change itself, run dry, and shows what it would do before the button is pressed;
 * where a rule asks for a reason it asks for one; where somebody saved meanwhile it hands over to `onStale`.
 */
export function ChangeDialog<T, I extends { idempotencyKey: string; dryRun?: boolean | null }>({
  title, lede, verb, document, intent, pick, onClose, onDone, onStale, children, wide = false, ready = true, stop = false, none,
}: {
  title: string;
  lede?: ReactNode;
  /** What the button says. */
  verb: string;
  document: TypedDocumentString<T, { input: I }>;
  intent: Omit<Intent<I>, "dryRun">;
  pick: (data: T) => Payload;
  onClose: () => void;
  /** Called with the payload once it is kept; the dialog closes by itself. */
  onDone?: (data: T) => void;
  onStale?: (data: T) => void;
  children?: ReactNode;
  wide?: boolean;
  /** Whether all that the form needs is there. */
  ready?: boolean;
  stop?: boolean;
  /** What to say where nothing else is touched. */
  none?: string;
}) {
  const [reason, setReason] = useState("");
  const withReason = (reason.trim() ? { ...intent, overrideReason: reason.trim() } : intent) as Omit<Intent<I>, "dryRun">;
  const settled = useSettled(JSON.stringify(withReason), 200);
  const preview = usePreview(document, ready ? (JSON.parse(settled) as Omit<Intent<I>, "dryRun">) : null);
  const change = useChange(document, `“${title}”`);
  const [refused, setRefused] = useState<readonly Refusal[]>([]);
  const would = preview.data ? pick(preview.data) : null;
  const errors = refused.length > 0 ? refused : (would?.userErrors ?? []);
  const override = errors.find((e) => e.code === "NEEDS_OVERRIDE") ?? (reason ? { message: "" } : undefined);
  const others = errors.filter((e) => e.code !== "NEEDS_OVERRIDE");
  const needsReason = errors.some((e) => e.code === "NEEDS_OVERRIDE") && !reason.trim();

  const act = async () => {
    setRefused([]);
    try {
      const data = await change.make({ ...withReason, dryRun: false } as unknown as Intent<I>);
      const payload = pick(data);
      if (payload.userErrors.some((e) => e.code === "STALE") && onStale) return onStale(data);
      if (payload.userErrors.length > 0) return setRefused(payload.userErrors);
      announce("Saved");
      onDone?.(data);
      onClose();
    } catch {
      // The trouble is in `change.trouble`, and is shown.
    }
  };

  return (
    <Dialog
      title={title}
      lede={lede}
      wide={wide}
      onClose={onClose}
      foot={
        <>
          <Button kind={stop ? "stop" : "go"} onPress={() => void act()} isDisabled={!ready || change.busy || needsReason || others.some((e) => e.code !== "STALE")}>
            {change.waiting ? "Waits for the server" : verb}
          </Button>
          <Button onPress={onClose}>{change.waiting ? "Close, let it wait" : "Leave as it is"}</Button>
        </>
      }
    >
      {children}
      <Refusals errors={others.filter((e) => e.code !== "STALE" || !onStale)} />
      {override && (
        <div className="over">
          {override.message && <p><b className="sig">{override.message}</b> {"fix" in override ? override.fix : ""}</p>}
          <Field label="Why it is done all the same" value={reason} onChange={setReason} hint="Kept with the change, for whoever asks later." />
        </div>
      )}
      {change.trouble && change.trouble.kind !== "unreachable" && <TroubleNote trouble={change.trouble} />}
      {ready && others.length === 0 && !needsReason && (
        <section className="would" aria-live="polite">
          <h3>What it does</h3>
          {would ? <Impacts impact={would.impact} {...(none ? { none } : {})} /> : preview.error && preview.error.kind !== "unreachable" ? <TroubleNote trouble={preview.error} /> : <p className="dim">{preview.fetchStatus === "paused" ? "Not known while the server is away." : "Counting…"}</p>}
        </section>
      )}
    </Dialog>
  );
}

