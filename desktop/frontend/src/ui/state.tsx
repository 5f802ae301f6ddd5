import { useEffect, useState, type ReactNode } from "react";
import type { Trouble } from "@/lib/graphql";
import type { Refusal } from "@/lib/server";
import type { UseQueryResult } from "@tanstack/react-query";
import { clock } from "@/lib/format";

/** After 400 ms, a line of text; never a spinner, never grey bars. */
export function Loading({ what }: { what: string }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const t = setTimeout(() => setLate(true), 400);
    return () => clearTimeout(t);
  }, []);
  return <p className="loading" role="status">{late ? `Reading ${what}…` : ""}</p>;
}

/** What will be here, what to bring, and at most one button. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children && <div className="empty-t">{children}</div>}
      {action && <p className="empty-a">{action}</p>}
    </div>
  );
}

/** A sentence that must be seen; `tone` signal means broken, late or over. */
export function Notice({ tone = "plain", children }: { tone?: "plain" | "signal"; children: ReactNode }) {
  return <div className={tone === "signal" ? "note sig" : "note"} role={tone === "signal" ? "alert" : undefined}>{children}</div>;
}

/** Why the server refused, in its words, each with its way out. */
export function Refusals({ errors }: { errors: readonly Refusal[] }) {
  if (errors.length === 0) return null;
  return (
    <div className="refusals" role="alert">
      {errors.map((e, i) => (
        <p key={i}>
          <b>{e.message}</b>
          {e.fix && <> {e.fix}</>}
        </p>
      ))}
    </div>
  );
}

/** What went wrong with a question as a whole. */
export function TroubleNote({ trouble }: { trouble: Trouble }) {
  if (trouble.kind === "unreachable") return <Notice tone="signal"><b>The server does not answer.</b> What is on screen is what was last read.</Notice>;
  if (trouble.kind === "token") return <Notice tone="signal"><b>A token is needed.</b> The one in use has ended or was revoked.</Notice>;
  return <Notice tone="signal"><b>{trouble.message}</b>{trouble.code === "FORBIDDEN" && " Your role does not allow it."}</Notice>;
}

/**
 * Shows an answer as soon as one is there, the last known one with its time while the server does not answer, and
 * otherwise why there is none.
 */
export function Answer<T>({ of: result, what, children }: { of: UseQueryResult<T, Trouble>; what: string; children: (data: T) => ReactNode }) {
  if (result.data !== undefined) {
    return (
      <>
        {result.error && result.error.kind === "refused" && <TroubleNote trouble={result.error} />}
        {children(result.data)}
      </>
    );
  }
  if (result.error) return <div className="pad"><TroubleNote trouble={result.error} /></div>;
  if (result.fetchStatus === "paused") return <div className="pad"><Notice tone="signal"><b>The server does not answer, and {what} was not read before.</b> It is asked again every two seconds.</Notice></div>;
  return <Loading what={what} />;
}

/** "as of 09:12", shown while what is on screen may be old. */
export const asOf = (at: number): string => `as of ${clock(new Date(at))}`;
