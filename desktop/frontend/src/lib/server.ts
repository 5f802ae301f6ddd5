import { TypedDocumentString } from "@/gql/graphql";
import { QueryClient, MutationCache, QueryCache, onlineManager, useMutation, useQuery, keepPreviousData, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { ask, newKey, Trouble } from "./graphql";

/*
 * The rules of the cache, all of them:
 *  1. What is on screen is asked again when something was changed here, or when the server says that something changed.
 *  2. What was shown stays on screen until the new answer is there.
 *  3. While the server does not answer, questions pause and changes wait in order, each with the key of its intent.
 */

let needsToken = false;
let savedAt: Date | null = null;
let away: Date | null = null;
let lostChanges: readonly string[] = [];
const watchers = new Set<() => void>();
const tell = () => watchers.forEach((w) => w());
const watch = (w: () => void) => {
  watchers.add(w);
  return () => void watchers.delete(w);
};

/** Whether the server asked for a token that works. */
export const useNeedsToken = (): boolean => useSyncExternalStore(watch, () => needsToken);
/** When a change was last kept by the server; null if none was in this window. */
export const useSavedAt = (): Date | null => useSyncExternalStore(watch, () => savedAt);
/** Since when the server does not answer; null while it does. */
export const useAwaySince = (): Date | null => useSyncExternalStore(watch, () => away);

/** Changes that were refused after their dialog was gone, each as a sentence; a person puts them away. */
export const useLostChanges = (): readonly string[] => useSyncExternalStore(watch, () => lostChanges);
/** Tells that a change was not kept, where no dialog is left to say so. */
export function tellLost(sentence: string): void {
  lostChanges = [...lostChanges, sentence];
  tell();
}
/** Puts away what was told. */
export function forgetLost(): void {
  lostChanges = [];
  tell();
}

/** Says that a token was given, so that the screens ask again. */
export function tokenGiven(): void {
  needsToken = false;
  tell();
  void client.resetQueries();
}

const ping = new TypedDocumentString<{ __typename: string }, Record<string, never>>("query Ping { __typename }");
let asking = false;

function lost(): void {
  if (!away) away = new Date();
  onlineManager.setOnline(false);
  tell();
  if (asking) return;
  asking = true;
  const again = async () => {
    try {
      await ask(ping);
    } catch (e) {
      if (e instanceof Trouble && e.kind === "unreachable") {
        setTimeout(() => void again(), 2000);
        return;
      }
    }
    asking = false;
    away = null;
    onlineManager.setOnline(true);
    tell();
  };
  setTimeout(() => void again(), 2000);
}

function met(e: unknown): void {
  if (!(e instanceof Trouble)) return;
  if (e.kind === "unreachable") lost();
  if (e.kind === "token" && !needsToken) {
    needsToken = true;
    tell();
  }
}

// The browser's own idea of being online is about a network; what counts here is this server.
onlineManager.setEventListener(() => () => undefined);

const again = (_count: number, e: unknown): boolean => {
  met(e);
  return e instanceof Trouble && e.kind === "unreachable";
};

export const client = new QueryClient({
  queryCache: new QueryCache({ onError: met }),
  mutationCache: new MutationCache({ onError: met }),
  defaultOptions: {
    queries: { retry: again, retryDelay: 50, staleTime: 5_000, refetchOnWindowFocus: true, placeholderData: keepPreviousData },
    mutations: { retry: again, retryDelay: 50 },
  },
});

const nameOf = (document: { toString(): string }): string =>
  /(?:query|mutation|subscription)\s+(\w+)/.exec(document.toString())?.[1] ?? document.toString();

/** The cache key of a question. */
export const keyOf = (document: { toString(): string }, variables: unknown): [string, unknown] => [nameOf(document), variables];

/** Asks a question and keeps its answer current while the component is on screen. `when` false waits. */
export function useAsk<T, V>(
  document: TypedDocumentString<T, V>,
  variables: V,
  options: { when?: boolean; fresh?: boolean } = {},
): UseQueryResult<T, Trouble> {
  return useQuery<T, Trouble>({
    queryKey: keyOf(document, variables),
    queryFn: ({ signal }) => ask(document, variables, signal),
    enabled: options.when ?? true,
    ...(options.fresh ? { placeholderData: undefined } : {}),
  });
}

/** An input without the key that `useChange` makes for it. */
export type Intent<I> = Omit<I, "idempotencyKey">;

/** A refusal by a rule, beside the field it is about. */
export interface Refusal {
  field: string[];
  message: string;
  code: string;
  fix?: string | null;
}

// Every mutation's payload says in `userErrors` why it was refused.
const refusalsOf = (data: unknown): readonly Refusal[] =>
  (Object.values(data as Record<string, { userErrors?: Refusal[] } | null>)[0]?.userErrors ?? []);

/**
 * Makes one kind of change. Every call is one intent with a key of its own, so that it may be sent again after a break
 * and still happens once. Changes wait for each other, and while the server does not answer they wait for it.
 * After one that was kept, everything on screen is asked again. One that is refused after its dialog is gone is told by
 * `says` in the band under the masthead.
 */
export function useChange<T, I extends { idempotencyKey: string; dryRun?: boolean | null }>(
  document: TypedDocumentString<T, { input: I }>,
  says = "A change",
) {
  const here = useRef(true);
  useEffect(() => {
    here.current = true;
    return () => void (here.current = false);
  }, []);
  const mutation = useMutation<T, Trouble, { input: I }>({
    mutationKey: [nameOf(document)],
    scope: { id: "changes" },
    mutationFn: (variables) => ask(document, variables),
    onSuccess: (data, variables) => {
      if (variables.input.dryRun) return;
      const refused = refusalsOf(data);
      if (refused.length > 0) {
        // Whoever saved first is shown: what is on screen is old.
        if (refused.some((r) => r.code === "STALE")) void client.invalidateQueries();
        return;
      }
      savedAt = new Date();
      tell();
      void client.invalidateQueries();
    },
  });
  const withKey = (intent: Intent<I>) => ({ input: { ...intent, idempotencyKey: newKey() } as unknown as I });
  return {
    /** Does it and returns the payload; rejects with a Trouble. */
    make: async (intent: Intent<I>): Promise<T> => {
      try {
        const data = await mutation.mutateAsync(withKey(intent));
        const refused = refusalsOf(data)[0];
        if (refused && !here.current) tellLost(`${says} was not kept: ${refused.message}`);
        return data;
      } catch (e) {
        if (!here.current) tellLost(`${says} was not kept: ${e instanceof Error ? e.message : String(e)}`);
        throw e;
      }
    },
    busy: mutation.isPending,
    /** It waits for the server, and will be sent when that answers. */
    waiting: mutation.isPaused,
    trouble: mutation.error,
    answer: mutation.data,
    reset: mutation.reset,
  };
}

/**
 * The same change run dry: what it would do, refused or not, kept nowhere. Null asks nothing. A preview cannot lie,
 * since it is the change itself.
 */
export function usePreview<T, I extends { idempotencyKey: string; dryRun?: boolean | null }>(
  document: TypedDocumentString<T, { input: I }>,
  intent: Omit<Intent<I>, "dryRun"> | null,
): UseQueryResult<T, Trouble> {
  return useQuery<T, Trouble>({
    queryKey: ["dry", nameOf(document), intent],
    queryFn: ({ signal }) =>
      ask(document, { input: { ...intent, dryRun: true, idempotencyKey: newKey() } as unknown as I }, signal),
    enabled: intent !== null,
    gcTime: 0,
    staleTime: 0,
    refetchOnWindowFocus: false,
  });
}
