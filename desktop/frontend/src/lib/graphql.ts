import type { TypedDocumentString } from "@/gql/graphql";
import { createClient } from "graphql-sse";

/** What went wrong with a request as a whole. A refusal by a rule is not trouble: it comes back in `userErrors`. */
export class Trouble extends Error {
  constructor(
    /** unreachable: no answer; token: nobody is signed in; refused: the server answered that it will not. */
    readonly kind: "unreachable" | "token" | "refused",
    message: string,
    /** The server's code, such as FORBIDDEN; empty where it gave none. */
    readonly code = "",
  ) {
    super(message);
    this.name = "Trouble";
  }
}

const endpoint = "/graphql";
const tokenName = "tandem.token";

/**
 * Takes `#token=…` out of the address, once, and keeps it for this tab alone. The fragment never reaches a server,
 * and it is gone from the address before anything else reads it.
 */
export function takeToken(where: Location = location, past: History = history): void {
  const found = /^#token=([^&]+)/.exec(where.hash);
  if (!found?.[1]) return;
  sessionStorage.setItem(tokenName, decodeURIComponent(found[1]));
  past.replaceState(null, "", where.pathname + where.search);
}

/** The token in use; null in the window, whose Go side needs none. */
export const token = (): string | null => sessionStorage.getItem(tokenName);

/** Keeps a token that somebody pasted; null forgets it. */
export function setToken(value: string | null): void {
  if (value) sessionStorage.setItem(tokenName, value);
  else sessionStorage.removeItem(tokenName);
}

const headers = (): Record<string, string> => {
  const secret = token();
  return secret ? { authorization: `Bearer ${secret}` } : {};
};

/**
 * Refuses what must never be posted: a Blob, File or FormData as a body ends the window's process on WebKitGTK.
 * It is put in front of `fetch` once, so that no screen can forget it.
 */
export function guardFetch(scope: { fetch: typeof fetch } = globalThis): void {
  const plain = scope.fetch.bind(scope);
  scope.fetch = (input, init) => {
    const body = init?.body;
    if (body instanceof Blob || (typeof FormData !== "undefined" && body instanceof FormData)) {
      return Promise.reject(new TypeError("A file is sent in pieces by startUpload and appendUpload, never as a body."));
    }
    return plain(input, init);
  };
}

type Variables<V> = V extends Record<string, never> ? [] : [V];

interface Answer<T> {
  data?: T | null;
  errors?: { message: string; extensions?: { code?: string } }[];
}

/**
 * Asks the graph. A field that may be null and is refused comes back as null beside the rest; an answer without any
 * data is a Trouble.
 */
export async function ask<T, V>(
  document: TypedDocumentString<T, V>,
  variables?: V,
  signal?: AbortSignal,
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/graphql-response+json, application/json",
        ...headers(),
      },
      body: JSON.stringify({ query: document.toString(), variables }),
      signal: signal ?? null,
      credentials: "same-origin",
      cache: "no-store",
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Trouble("unreachable", "The server does not answer.");
  }
  if (response.status === 401) throw new Trouble("token", "A token is needed.", "UNAUTHENTICATED");
  if (response.status === 502 || response.status === 503 || response.status === 504) {
    throw new Trouble("unreachable", "The server does not answer.");
  }
  let answer: Answer<T>;
  try {
    answer = (await response.json()) as Answer<T>;
  } catch {
    throw new Trouble("refused", `The server answered ${response.status} without a word that can be read.`);
  }
  const first = answer.errors?.[0];
  const code = first?.extensions?.code ?? "";
  if (code === "UNAUTHENTICATED") throw new Trouble("token", first?.message ?? "A token is needed.", code);
  if (answer.data == null) {
    throw new Trouble("refused", first?.message ?? `The server answered ${response.status} without data.`, code);
  }
  return answer.data;
}

/** A key for one intent: the same key, sent again after a break, gives the first answer again. */
export function newKey(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  // A page on the window's own scheme may count as insecure, where randomUUID is missing but random bytes are not.
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6]! & 0x0f) | 0x40;
  b[8] = (b[8]! & 0x3f) | 0x80;
  const hex = Array.from(b, (x) => x.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** What a listener hears. */
export interface Listener<T> {
  next: (value: T) => void;
  error?: (trouble: Trouble) => void;
  complete?: () => void;
}

/** Listens to a subscription over one streamed answer, and returns how to stop. */
export function listen<T, V>(document: TypedDocumentString<T, V>, variables: V, listener: Listener<T>): () => void {
  const client = createClient({
    url: endpoint,
    singleConnection: false,
    headers,
    credentials: "same-origin",
    retryAttempts: 3,
  });
  const stop = client.subscribe<T>(
    { query: document.toString(), variables: variables as Record<string, unknown> },
    {
      next: (value) => {
        if (value.data) listener.next(value.data);
        else if (value.errors?.[0]) listener.error?.(new Trouble("refused", value.errors[0].message));
      },
      error: () => listener.error?.(new Trouble("unreachable", "The server stopped sending.")),
      complete: () => listener.complete?.(),
    },
  );
  return () => {
    stop();
    client.dispose();
  };
}

export type { Variables };
