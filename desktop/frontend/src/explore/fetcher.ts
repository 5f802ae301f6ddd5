import type { GraphiQLProps } from "graphiql";
import { getOperationAST } from "graphql";
import { createClient } from "graphql-sse";

const url = "/graphql";

/** Asks the graph with a token, or with none: a subscription as one streamed answer, everything else as one request. */
export function fetcherWith(token: string | null): GraphiQLProps["fetcher"] {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const streams = createClient({ url, headers, retryAttempts: 0 });
  return async (request, options) => {
    const { query, variables, operationName } = request;
    const operation = options?.documentAST && getOperationAST(options.documentAST, operationName);
    if (operation?.operation === "subscription") return streams.iterate({ query, variables, ...(operationName ? { operationName } : {}) });
    const response = await fetch(url, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json", accept: "application/graphql-response+json" },
      body: JSON.stringify({ query, variables, operationName }),
    });
    return response.json();
  };
}
