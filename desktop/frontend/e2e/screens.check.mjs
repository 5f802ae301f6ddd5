// The screens of a running Tandem with its sample, in light and dark, at the size they are drawn for and at the smallest.
import { expect } from "./kit.mjs";

async function graphql(url, token, query, variables = {}) {
  const r = await fetch(`${url}/graphql`, { method: "POST", headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) }, body: JSON.stringify({ query, variables }) });
  const answer = await r.json();
  if (!answer.data) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

export default async function screens(t, { url, token }) {
  const { programmes } = await graphql(url, token, "query Cohorts { programmes(first: 100) { nodes { name cohorts(first: 100) { nodes { id name } } } } }");
  const cohort = programmes.nodes.flatMap((p) => p.cohorts.nodes)[0];
  const entry = (path) => `${url}/#${path}`;
  // The token is taken from the address as a person would bring it; the screen is opened after that.
  const open = async (path, options) => {
    const o = await t.open(token ? `${url}/#token=${encodeURIComponent(token)}` : entry("/"), options);
    await o.page.getByRole("navigation", { name: "Programme" }).or(o.page.getByRole("heading", { name: "Which cohort?" })).first().waitFor();
    await o.page.goto(entry(path));
    await o.page.reload(); // so that nothing of the first screen is taken for this one
    return o;
  };
  const names = ["home", "people", "challenges", "offers", "progress", "brief", "import"];
  for (const theme of ["light", "dark"]) {
    for (const width of [1280, 1080]) {
      for (const name of names) {
        await t.check(`real ${name}, ${theme}, ${width}`, async () => {
          const { page, said, close } = await open(`/c/${cohort.id}/${name}`, { theme, width });
          try {
            const h1 = page.getByRole("heading", { level: 1 }).or(page.locator(".empty h2"));
            // Each screen's title says its state, once it is read.
            await h1.filter({ hasText: /.{9,}/ }).first().waitFor();
            await page.waitForLoadState("domcontentloaded");
            await t.axe(page);
            await t.readable(page);
            await t.shot(page, `real-${name}-${theme}-${width}`);
            t.quiet(said);
          } finally {
            await close();
          }
        });
      }
    }
  }

  await t.check("real: the balance on screen is the balance of the graph", async () => {
    const { cohort: c } = await graphql(url, token, "query B($id: ID!) { cohort(id: $id) { balance { taken { public private } } } }", { id: cohort.id });
    const { page, said, close } = await open(`/c/${cohort.id}/people`);
    try {
      await page.getByRole("heading", { level: 1, name: new RegExp(`^${c.balance.taken.public} public, ${c.balance.taken.private} private`) }).waitFor();
      t.quiet(said);
    } finally {
      await close();
    }
  });

  await t.check("real: a day away is saved, undone and redone, by keyboard", async () => {
    const { page, said, close } = await open(`/c/${cohort.id}/people`);
    try {
      const row = page.locator('[role=row][tabindex="0"]');
      await row.waitFor();
      await row.focus();
      await page.keyboard.press("Enter");
      const pane = page.getByRole("complementary");
      const before = await pane.locator("dd").nth(1).textContent();
      await pane.getByRole("button", { name: "Change…" }).click();
      await page.getByLabel("Another day").fill("1 Mar");
      await page.getByLabel("Another day").press("Enter");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await pane.getByText("Fri 1 Mar").waitFor();
      await page.keyboard.press("Control+z");
      await pane.getByText(before, { exact: true }).first().waitFor();
      t.quiet(said);
    } finally {
      await close();
    }
  });

  await t.check("real: what an import writes an import reads, and one undo takes it back", async () => {
    const { cohort: c } = await graphql(url, token, "query T($id: ID!) { cohort(id: $id) { table(kind: PEOPLE) } }", { id: cohort.id });
    const lines = c.table.trimEnd().split(/\r?\n/);
    const { page, said, close } = await open(`/c/${cohort.id}/import`);
    try {
      await page.locator("input[type=file]").first().setInputFiles({ name: "people again.csv", mimeType: "text/csv", buffer: Buffer.from(c.table) });
      await page.getByRole("heading", { level: 1, name: "people again.csv" }).waitFor();
      await page.getByText(`${lines.length - 1}\u00a0rows`).first().waitFor();
      await t.axe(page);
      await t.shot(page, "real-import-preview-light-1280");
      await page.getByRole("button", { name: /^Load .*rows…/ }).click();
      await page.getByRole("button", { name: "Load", exact: true }).click();
      await page.getByText("people again.csv is loaded").waitFor();
      await page.getByRole("button", { name: "Another file…" }).click();
      await page.getByRole("listitem").filter({ hasText: "people again.csv" }).getByRole("button", { name: "Undo the whole file…" }).click();
      await page.getByRole("button", { name: "Undo the whole file", exact: true }).click();
      await page.getByText(/^Undone/).first().waitFor();
      t.quiet(said);
    } finally {
      await close();
    }
  });

  await t.check("real: wrong cells are named with row and column, and nothing is loaded", async () => {
    const { page, said, close } = await open(`/c/${cohort.id}/import`);
    try {
      const table = "Name;Sector;Employer;Home station\nVera Stone;PUBLIC;Ministry of Tests;Leeds\nWinston Abara;Priv;Ministry of Tests;Nowhere Junction\n";
      await page.locator("input[type=file]").first().setInputFiles({ name: "wrong.csv", mimeType: "text/csv", buffer: Buffer.from(table) });
      await page.getByText(/rows? needs? you/).first().waitFor();
      await page.keyboard.press("n");
      expect(await page.evaluate(() => !!document.activeElement?.closest("[data-problem]")), "N does not lead to the problem");
      await t.axe(page);
      await t.shot(page, "real-import-wrong-light-1280");
      await page.getByRole("button", { name: "Leave the row out" }).first().click();
      await page.getByText(/1.row is ready, 1 left out/).first().waitFor();
      await page.getByRole("button", { name: "Show only the 1 left out" }).click();
      await page.getByRole("row").filter({ hasText: "Vera Stone" }).waitFor({ state: "detached" });
      await t.axe(page);
      await t.shot(page, "real-import-left-out-light-1280");
      await page.getByRole("button", { name: "Take row 3 in again" }).click();
      await page.getByText("No row is left out.").waitFor();
      await page.keyboard.press("Control+z");
      await page.getByRole("row").filter({ hasText: "Winston Abara" }).waitFor();
      await page.keyboard.press("Control+Shift+z");
      await page.getByText("No row is left out.").waitFor();
      await page.getByRole("button", { name: "Show every row" }).click();
      await page.getByRole("row").filter({ hasText: "Vera Stone" }).waitFor();
      await page.getByText(/row needs you/).first().waitFor();
      t.quiet(said);
    } finally {
      await close();
    }
  });

  await t.check("real: a wrong token is answered by the token screen", async () => {
    if (!token) return;
    const { page, close } = await t.open(`${url}/#token=wrong`, { allow: [/401/] });
    try {
      await page.getByRole("heading", { name: "A token is needed" }).waitFor();
      await page.getByLabel("Token").fill(token);
      await page.keyboard.press("Enter");
      await page.getByRole("navigation", { name: "Programme" }).or(page.getByRole("heading", { name: "Which cohort?" })).first().waitFor();
    } finally {
      await close();
    }
  });
}

