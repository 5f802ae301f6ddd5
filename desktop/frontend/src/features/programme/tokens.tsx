import { useRef, useState } from "react";
import { graphql } from "@/gql";
import type { Role, Scope, TokensQuery } from "@/gql/graphql";
import { useCohort } from "@/lib/cohort";
import { addDays, count, dayYear } from "@/lib/format";
import { announce } from "@/lib/keys";
import { useSettled } from "@/lib/debounce";
import { useAsk } from "@/lib/server";
import { ChangeDialog } from "@/ui/change";
import { Button, Check, Choice, Dialog, Field } from "@/ui/controls";
import { DayField } from "@/ui/dates";
import { Loading, TroubleNote } from "@/ui/state";
import type { Programme } from ".";

const TokenList = graphql(`
  query Tokens($after: String) {
    viewer {
      token { id }
      grants { role mutations }
      tokens(first: 100, after: $after) {
        totalCount
        nodes { id label role scopes expiresAt revokedAt }
      }
    }
  }
`);
const Make = graphql(`
  mutation MakeToken($input: CreateApiTokenInput!) {
    createApiToken(input: $input) {
      token { id label }
      secret
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);
const Revoke = graphql(`
  mutation RevokeToken($input: RevokeApiTokenInput!) {
    revokeApiToken(input: $input) {
      token { id revokedAt }
      impact { ...ImpactParts }
      userErrors { field message code fix }
    }
  }
`);
const Whom = graphql(`
  query TokenPeople($cohort: ID!, $name: String) {
    cohort(id: $cohort) { enrolments(filter: { name: $name }, first: 20) { totalCount nodes { id person { name } } } }
  }
`);

type Token = TokensQuery["viewer"]["tokens"]["nodes"][number];
const roleWord: Record<Role, string> = { OWNER: "Owner", COORDINATOR: "Coordinator", MEMBER: "Member", JUDGE: "Judge", SPONSOR: "Sponsor", INTEGRATOR: "Program" };
const roleDoes: Record<Role, string> = {
  OWNER: "Runs the whole database.",
  COORDINATOR: "Runs programmes.",
  MEMBER: "Takes part: sees the cohort and what is theirs.",
  JUDGE: "Scores pitches.",
  SPONSOR: "Reads released briefs.",
  INTEGRATOR: "A program, which reaches what you tick below and nothing else.",
};
const scopeWord: Record<Scope, string> = {
  CHANGES_READ: "Hear of changes", COHORT_READ: "Read cohorts and people", COHORT_WRITE: "Enrol and import people", NEEDS_READ: "Read diet and access needs",
  CHALLENGE_READ: "Read challenges", CHALLENGE_WRITE: "Change challenges", VISIT_READ: "Read offers, plans and visits", VISIT_WRITE: "Change offers, plan and release", MANIFEST_READ: "Read hosts’ lists until they are purged", SPONSOR_READ: "Read released briefs to sponsors",
};

/** The tokens that one may end, and making one. */
export function Tokens({ programme }: { programme: Programme }) {
  const found = useAsk(TokenList, { after: null });
  const [making, setMaking] = useState(false);
  const [ending, setEnding] = useState<Token | null>(null);
  const viewer = found.data?.viewer;
  const all = viewer?.tokens.nodes ?? [];
  const now = Date.now();
  const state = (t: Token) => (t.revokedAt ? `ended ${dayYear(t.revokedAt.slice(0, 10))}` : new Date(t.expiresAt).getTime() < now ? `ran out ${dayYear(t.expiresAt.slice(0, 10))}` : `until ${dayYear(t.expiresAt.slice(0, 10))}`);
  return (
    <section aria-labelledby="prg-tokens">
      <header><h2 id="prg-tokens">Access</h2><Button size="sm" onPress={() => setMaking(true)}>Make a token…</Button></header>
      <p className="mid">A token lets a person or a program in from elsewhere, in one role, until a day. Its secret is shown once.</p>
      {found.error && <TroubleNote trouble={found.error} />}
      {!viewer && !found.error && <Loading what="the tokens" />}
      {viewer && all.length === 0 && <p className="mid">None that you may end.</p>}
      {all.length > 0 && (
        <table className="prg-t">
          <thead><tr><th>For</th><th>As</th><th>Works</th><th><span className="vh">End it</span></th></tr></thead>
          <tbody>
            {all.map((t) => {
              const works = !t.revokedAt && new Date(t.expiresAt).getTime() >= now;
              return (
                <tr key={t.id} className={works ? undefined : "dim"}>
                  <th scope="row">{t.label}{viewer?.token?.id === t.id && <span className="dim"> (this one)</span>}</th>
                  <td>{roleWord[t.role]}{t.scopes.length > 0 && <span className="cap prg-n">{t.scopes.map((s) => scopeWord[s].toLowerCase()).join(", ")}</span>}</td>
                  <td>{state(t)}</td>
                  <td className="r">{works && <Button kind="bare" size="sm" aria-label={`End the token for ${t.label}`} onPress={() => setEnding(t)}>End it…</Button>}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {viewer && viewer.tokens.totalCount > all.length && <p className="cap">The newest {all.length} of {viewer.tokens.totalCount}.</p>}
      {making && <MakeToken programme={programme} owner={viewer?.grants.some((g) => g.role === "OWNER") ?? false} onClose={() => setMaking(false)} />}
      {ending && (
        <ChangeDialog title={`End the token for ${ending.label}`} lede={viewer?.token?.id === ending.id ? "It is the one that you use now: you will need another to come back." : "Whoever uses it is out within five seconds."} verb="End it" stop document={Revoke} intent={{ tokenId: ending.id }} pick={(d) => d.revokeApiToken} onClose={() => setEnding(null)} />
      )}
    </section>
  );
}

function MakeToken({ programme, owner, onClose }: { programme: Programme; owner: boolean; onClose: () => void }) {
  const frame = useCohort();
  const today = new Date().toISOString().slice(0, 10); // a token ends by the real clock, whatever day a sample lives in
  const [label, setLabel] = useState("");
  const [role, setRole] = useState<Role>("INTEGRATOR");
  const [on, setOn] = useState<"all" | "programme" | "cohort">("programme");
  const [scopes, setScopes] = useState<readonly Scope[]>([]);
  const [until, setUntil] = useState<string | null>(addDays(today, 90));
  const [find, setFind] = useState("");
  const [person, setPerson] = useState("");
  const [secret, setSecret] = useState<string | null>(null);
  const made = useRef(false);
  const settled = useSettled(find.trim());
  const people = useAsk(Whom, { cohort: frame.id, name: settled || null }, { when: role === "MEMBER" }).data?.cohort?.enrolments;
  const roles: Role[] = owner ? ["INTEGRATOR", "MEMBER", "JUDGE", "SPONSOR", "COORDINATOR", "OWNER"] : ["INTEGRATOR", "MEMBER", "JUDGE", "SPONSOR"];
  const far = until !== null && (until <= today || until > addDays(today, 365));
  const onId = role === "MEMBER" ? person || null : role === "OWNER" || on === "all" ? null : on === "cohort" ? frame.id : programme.id;
  if (secret !== null) return <Secret label={label} secret={secret} onClose={onClose} />;
  return (
    <ChangeDialog
      wide
      title={label.trim() ? `A token for ${label.trim()}` : "Make a token"}
      lede="It opens what you say here and nothing else."
      verb="Make it"
      document={Make}
      ready={label.trim() !== "" && until !== null && !far && (role !== "INTEGRATOR" || scopes.length > 0) && (role !== "MEMBER" || person !== "")}
      intent={{ label: label.trim(), role, onId, scopes: role === "INTEGRATOR" ? [...scopes] : [], expiresAt: `${until ?? today}T23:00:00Z` }}
      pick={(d) => d.createApiToken}
      onDone={(d) => { made.current = true; setSecret(d.createApiToken.secret ?? ""); }}
      onClose={() => { if (!made.current) onClose(); }} // the secret is still to be shown
    >
      <div className="stack">
        <div className="grid2">
          <Field label="What it is for" value={label} onChange={setLabel} autoFocus required hint="Such as Nightly copy to the data platform" />
          <DayField label="Works until" value={until} onChange={setUntil} near={today} error={far ? "Between tomorrow and a year ahead." : undefined} />
          <Choice<Role> label="It acts as" value={role} onChange={setRole} items={roles.map((id) => ({ id, name: roleWord[id] }))} />
          {role !== "MEMBER" && role !== "OWNER" && (
            <Choice<"all" | "programme" | "cohort"> label="It holds for" value={owner || on !== "all" ? on : "programme"} onChange={setOn} items={[{ id: "programme", name: programme.name }, { id: "cohort", name: `Cohort ${frame.name}` }, ...(owner ? [{ id: "all" as const, name: "Every programme" }] : [])]} />
          )}
        </div>
        <p className="cap">{roleDoes[role]}</p>
        {role === "MEMBER" && (
          <div className="grid2">
            <Field label="Find the person" type="search" value={find} onChange={setFind} />
            <Choice label="Whose it is" value={person} onChange={setPerson} items={[...(person && people?.nodes.some((e) => e.id === person) ? [] : [{ id: person, name: "Choose…" }]), ...(people?.nodes ?? []).map((e) => ({ id: e.id, name: e.person.name }))]} error={people && people.nodes.length === 0 ? "Nobody is called that." : undefined} />
          </div>
        )}
        {role === "INTEGRATOR" && (
          <fieldset className="prg-sc">
            <legend>It may {scopes.length > 0 && <span className="dim">({count(scopes.length, "thing")})</span>}</legend>
            {(Object.keys(scopeWord) as Scope[]).map((s) => <Check key={s} label={scopeWord[s]} value={scopes.includes(s)} onChange={(v) => setScopes(v ? [...scopes, s] : scopes.filter((x) => x !== s))} />)}
          </fieldset>
        )}
      </div>
    </ChangeDialog>
  );
}

function Secret({ label, secret, onClose }: { label: string; secret: string; onClose: () => void }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(secret);
    setCopied(true);
    announce("Copied");
  };
  return (
    <Dialog title={`The token for ${label.trim()}`} lede="Copy it now: it is shown this once, and kept nowhere." onClose={onClose}
      foot={<><Button kind="go" onPress={() => void copy().catch(() => undefined)}>{copied ? "Copied" : "Copy it"}</Button><Button onPress={onClose}>I have it</Button></>}>
      <p className="prg-s" tabIndex={0}>{secret}</p>
      <p className="cap">Programs send it as Authorization: Bearer; a person pastes it where Tandem asks for a token.</p>
    </Dialog>
  );
}
