import { GraphiQL } from "graphiql";
import { useMemo, useState, useSyncExternalStore } from "react";
import { setToken, token } from "@/lib/graphql";
import { useTheme } from "@/lib/theme";
import { fetcherWith } from "./fetcher";

const first = `# Ctrl Enter asks.
query WhoAmI {
  viewer {
    name
    grants { role on { id } mutations }
  }
}
`;

const dark = matchMedia("(prefers-color-scheme: dark)");
const watchDark = (w: () => void) => {
  dark.addEventListener("change", w);
  return () => dark.removeEventListener("change", w);
};

/** GraphiQL on this server's graph, with the token that the screens use. What is typed is kept for this tab alone. */
export function Explore() {
  const [secret, setSecret] = useState(token);
  const [theme] = useTheme();
  const system = useSyncExternalStore(watchDark, () => (dark.matches ? "dark" : "light"));
  const fetcher = useMemo(() => fetcherWith(secret), [secret]); // a new one reads the schema again
  return (
    <>
      <header>
        <h1>Explore</h1>
        <a href="/schema">Schema</a>
        <label htmlFor="token">Token</label>
        <input
          id="token"
          type="password"
          autoComplete="off"
          placeholder="tandem_…"
          defaultValue={secret ?? ""}
          onChange={(e) => {
            const given = e.target.value.trim() || null;
            setToken(given);
            setSecret(given);
          }}
        />
      </header>
      <main>
        <GraphiQL
          fetcher={fetcher}
          storage={sessionStorage}
          defaultQuery={first}
          isHeadersEditorEnabled={false}
          schemaDescription
          inputValueDeprecation
          forcedTheme={theme === "system" ? system : theme}
        >
          <GraphiQL.Logo>{" "}</GraphiQL.Logo>
        </GraphiQL>
      </main>
    </>
  );
}
