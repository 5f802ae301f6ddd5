// The explorer: writes a request, shows its answer, and reads the schema. It keeps nothing but the request and, for this tab
// alone, the token, under the name that the screens use.
const at = (id) => document.getElementById(id);
const [query, variables, operation, run, stop, status, answer, docs, find, token] =
  ["query", "variables", "operation", "run", "stop", "status", "answer", "docs", "find", "token"].map(at);

const tokenName = "tandem.token";
token.value = sessionStorage.getItem(tokenName) ?? "";
query.value = sessionStorage.getItem("tandem.explore.query") ?? "# Ctrl Enter asks.\nquery WhoAmI {\n  viewer {\n    name\n    grants { role on { id } mutations }\n  }\n}\n";
variables.value = sessionStorage.getItem("tandem.explore.variables") ?? "";

const headers = (accept) => {
  const h = { "content-type": "application/json", accept };
  if (token.value) h.authorization = `Bearer ${token.value}`;
  return h;
};

/** The named operations of the text, found as the explorer needs them: comments and strings are left aside. */
function operations() {
  const bare = query.value.replace(/"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*/g, " ");
  return [...bare.matchAll(/(?:^|})\s*(query|mutation|subscription)\s+([_A-Za-z]\w*)/g)].map(([, kind, name]) => ({ kind, name }));
}

function listOperations() {
  const was = operation.value;
  operation.replaceChildren(...operations().map(({ kind, name }) => new Option(`${kind} ${name}`, name)));
  if (operations().some(({ name }) => name === was)) operation.value = was;
  operation.disabled = operation.options.length < 2;
}

let going = null;

async function ask() {
  going?.abort();
  const mine = (going = new AbortController());
  sessionStorage.setItem("tandem.explore.query", query.value);
  sessionStorage.setItem("tandem.explore.variables", variables.value);
  const say = (text, wrong = false) => { if (going === mine) { status.textContent = text; status.className = wrong ? "bad" : ""; } };
  let values;
  try {
    values = variables.value.trim() ? JSON.parse(variables.value) : undefined;
  } catch (e) {
    say(`The variables are no JSON: ${e.message}`, true);
    return;
  }
  answer.textContent = "";
  stop.disabled = false;
  say("Asking…");
  const began = performance.now();
  try {
    const response = await fetch("/graphql", {
      method: "POST",
      headers: headers("application/graphql-response+json, text/event-stream;q=0.5"),
      body: JSON.stringify({ query: query.value, variables: values, operationName: operation.value || undefined }),
      signal: mine.signal,
    });
    if (response.headers.get("content-type")?.startsWith("text/event-stream")) await follow(response, say);
    else {
      const text = await response.text();
      answer.textContent = pretty(text);
      say(`${response.status} in ${Math.round(performance.now() - began)} ms, ${text.length.toLocaleString("en-GB")} characters`, !response.ok);
    }
  } catch (e) {
    say(mine.signal.aborted ? "Stopped." : `No answer: ${e.message}`, !mine.signal.aborted);
  }
  if (going === mine) stop.disabled = true;
}

async function follow(response, say) {
  let rest = "", n = 0;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  say("Listening…");
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    rest += piece.value;
    for (let end = rest.indexOf("\n\n"); end >= 0; end = rest.indexOf("\n\n")) {
      const event = rest.slice(0, end);
      rest = rest.slice(end + 2);
      const data = /^data: ?(.+)$/m.exec(event)?.[1];
      if (event.startsWith("event: complete")) return say(`Complete after ${n} answers.`);
      if (!data) continue;
      answer.textContent = `${pretty(data)}\n\n${answer.textContent}`.slice(0, 200_000);
      say(`Listening, ${++n} answers.`);
    }
  }
  say(`The stream ended after ${n} answers.`);
}

function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

/* The schema. */
const typeParts = "kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";
const introspection = `query Schema { __schema { queryType { name } mutationType { name } subscriptionType { name } types { kind name description
  fields(includeDeprecated: true) { name description isDeprecated deprecationReason type { ${typeParts} } args { name description defaultValue type { ${typeParts} } } }
  inputFields { name description defaultValue type { ${typeParts} } } enumValues(includeDeprecated: true) { name description }
  interfaces { name } possibleTypes { name } } } }`;
let types = new Map(), roots = [];

async function readSchema() {
  const response = await fetch("/graphql", { method: "POST", headers: headers("application/graphql-response+json"), body: JSON.stringify({ query: introspection }) });
  const { data, errors } = await response.json();
  if (!data) {
    docs.replaceChildren(make("p", errors?.[0]?.message ?? "The schema cannot be read."));
    return;
  }
  types = new Map(data.__schema.types.map((t) => [t.name, t]));
  roots = [data.__schema.queryType, data.__schema.mutationType, data.__schema.subscriptionType].filter(Boolean).map((t) => t.name);
  showRoots();
}

function make(tag, ...inside) {
  const e = document.createElement(tag);
  e.append(...inside.filter((x) => x != null));
  return e;
}
const written = (t) => (t.kind === "NON_NULL" ? `${written(t.ofType)}!` : t.kind === "LIST" ? `[${written(t.ofType)}]` : t.name);
const named = (t) => (t.ofType ? named(t.ofType) : t.name);
function link(name, text = name) {
  const b = make("button", text);
  b.type = "button";
  b.addEventListener("click", () => { find.value = ""; show(name); docs.focus(); });
  return b;
}
const typed = (f) => make("dt", make("code", `${f.name}: `, link(named(f.type), written(f.type)), f.defaultValue ? ` = ${f.defaultValue}` : null));
const list = (items) => (items?.length ? make("dl", ...items.flatMap((f) => [f.type ? typed(f) : make("dt", make("code", f.name)),
  make("dd", f.isDeprecated ? make("strong", `Deprecated: ${f.deprecationReason ?? ""} `) : null, f.description ?? "", list(f.args))])) : null);
const names = (label, items) => (items?.length ? make("p", `${label} `, ...items.map((i) => link(i.name))) : null);

function showRoots() {
  docs.replaceChildren(make("h2", "Roots"), ...roots.map((r) => make("p", link(r))));
}
function show(name) {
  const t = types.get(name);
  if (!t) return showRoots();
  docs.replaceChildren(...[make("p", link("", "Roots")), make("h2", t.name), make("p", t.description ?? ""), names("Is a", t.interfaces), names("Is one of", t.possibleTypes),
    list(t.fields), list(t.inputFields), list(t.enumValues)].filter(Boolean));
}
function search() {
  const text = find.value.trim().toLowerCase();
  if (!text) return showRoots();
  const hits = [];
  for (const t of types.values()) {
    if (t.name.startsWith("__")) continue;
    if (t.name.toLowerCase().includes(text)) hits.push(make("p", link(t.name)));
    for (const f of t.fields ?? t.inputFields ?? []) if (f.name.toLowerCase().includes(text)) hits.push(make("p", link(t.name, `${t.name}.${f.name}`)));
  }
  docs.replaceChildren(make("p", hits.length ? `${hits.length} found` : "Nothing is called that."), ...hits.slice(0, 100));
}

run.addEventListener("click", ask);
stop.addEventListener("click", () => going?.abort());
query.addEventListener("input", listOperations);
find.addEventListener("input", search);
token.addEventListener("change", () => {
  if (token.value) sessionStorage.setItem(tokenName, token.value);
  else sessionStorage.removeItem(tokenName);
  readSchema();
});
addEventListener("keydown", (e) => {
  if ((e.ctrlKey || e.metaKey) && e.key === "Enter") { e.preventDefault(); ask(); }
});
listOperations();
readSchema().catch(() => docs.replaceChildren(make("p", "The server does not answer.")));
