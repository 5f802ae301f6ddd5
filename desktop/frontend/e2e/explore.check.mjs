// GraphiQL at /explore of a running Tandem: it asks, listens, checks and documents, under the content policy and with no
// other host.
import AxeBuilder from "@axe-core/playwright";
import { expect } from "./kit.mjs";

export default async function explore(t, { url, token }) {
  // `elsewhere` is what the page or its workers asked of another host.
  const open = async (act, { bring = token, ...options } = {}) => {
    const { page, said, close } = await t.open("about:blank", options);
    const elsewhere = [];
    page.context().on("request", (r) => {
      if (!r.url().startsWith(`${url}/`) && !r.url().startsWith("data:")) elsewhere.push(r.url());
    });
    try {
      await page.goto(`${url}/explore${bring ? `#token=${encodeURIComponent(bring)}` : ""}`);
      await page.locator(".graphiql-query-editor .view-line").first().waitFor();
      await act(page, said, elsewhere);
      t.quiet(said);
      expect(elsewhere.length === 0, `asked elsewhere: ${elsewhere}`);
    } finally {
      await close();
    }
  };
  const write = async (page, query) => {
    await page.locator(".graphiql-query-editor .monaco-editor").click();
    await page.keyboard.press("Control+A");
    await page.keyboard.insertText(query);
  };
  // Runs a request once GraphiQL has read its name.
  const run = async (page, name, query) => {
    await write(page, query);
    await page.getByRole("tab", { name }).waitFor();
    await page.getByRole("button", { name: /^Execute query/ }).click();
  };
  const answer = (page, text) => page.locator(".graphiql-response .view-lines", { hasText: text }).waitFor();
  const read = async (page) => {
    await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
    await page.getByRole("link", { name: "Mutation", exact: true }).waitFor();
  };

  for (const theme of ["light", "dark"]) {
    await t.check(`explorer asks and documents, ${theme}`, () => open(async (page) => {
      expect(!page.url().includes("token"), "the token stays in the address");
      await run(page, "HowMany", "query HowMany { programmes(first: 1) { totalCount } }");
      await answer(page, /"totalCount"/);
      await read(page);
      await t.shot(page, `explore-${theme}`);
      // GraphiQL's tabs hold a button each, which is not ours to mend.
      const { violations } = await new AxeBuilder({ page }).exclude(".graphiql-tabs").withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
      expect(violations.length === 0, violations.map((v) => `${v.id}: ${v.nodes.length} × ${v.nodes[0].html.slice(0, 200)}`).join("\n"));
    }, { theme }));
  }

  await t.check("explorer listens until it is stopped", () => open(async (page) => {
    await run(page, "Hear", 'subscription Hear { changed(since: "0") { version type } }');
    await answer(page, /"changed"/);
    await page.getByRole("button", { name: /^Stop query/ }).click();
    await page.getByRole("button", { name: /^Execute query/ }).waitFor();
  }));

  await t.check("explorer marks what the schema does not have, and prettifies", () => open(async (page) => {
    await read(page);
    await write(page, "query Typo { programmez }");
    await page.locator(".graphiql-query-editor .squiggly-error").first().waitFor();
    await write(page, "query Tidy { programmes { totalCount } }");
    await page.getByRole("button", { name: /^Prettify query/ }).click();
    await page.locator(".graphiql-query-editor .view-line").nth(4).waitFor();
    await page.locator(".graphiql-query-editor .squiggly-error").waitFor({ state: "detached" });
  }));

  await t.check("explorer takes a token, and keeps it for the tab", () => open(async (page) => {
    await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
    await page.getByText("Error fetching schema").waitFor();
    await page.getByLabel("Token").fill(token);
    await page.getByRole("link", { name: "Mutation", exact: true }).waitFor();
    await page.reload();
    await page.getByRole("link", { name: "Mutation", exact: true }).waitFor();
    const kept = await page.evaluate(() => Object.entries(localStorage).flat().join(" "));
    expect(!kept.includes("tandem_") && !kept.includes("query"), `kept beyond the tab: ${kept}`);
  }, { bring: null, allow: [/401/] }));

  // The control of every check above: asking elsewhere is refused by the policy, and is seen.
  await t.check("explorer cannot ask another host, nor run a text", () => open(async (page, said) => {
    const refused = await page.evaluate(() => fetch("https://elsewhere.invalid/").then(() => false, () => true));
    const inert = await page.evaluate(() => {
      const s = document.createElement("script");
      s.textContent = "globalThis.ran = true";
      document.head.append(s);
      return globalThis.ran === undefined;
    });
    expect(refused && inert, "the policy lets through");
    expect(said.some((s) => s.includes("elsewhere.invalid")) && said.some((s) => /inline script/i.test(s)), `the console says ${said}`);
    said.length = 0;
  }));
}
