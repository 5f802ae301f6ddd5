// What a coordinator does by hand against a running Tandem: journeys, identity documents, programme, hosts, challenges, tokens.
import { expect } from "./kit.mjs";

async function graphql(url, token, query, variables = {}) {
  const r = await fetch(`${url}/graphql`, { method: "POST", headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) }, body: JSON.stringify({ query, variables }) });
  const answer = await r.json();
  if (!answer.data) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

export default async function byHand(t, { url, token }) {
  const { programmes } = await graphql(url, token, "query Cohorts { programmes(first: 100) { nodes { id cohorts(first: 100) { nodes { id } } } } }");
  const cohort = programmes.nodes.flatMap((p) => p.cohorts.nodes)[0].id;
  const open = async (path, options) => {
    const o = await t.open(token ? `${url}/#token=${encodeURIComponent(token)}` : `${url}/#/`, options);
    await o.page.getByRole("navigation", { name: "Programme" }).or(o.page.getByRole("heading", { name: "Which cohort?" })).first().waitFor();
    await o.page.goto(`${url}/#${path}`);
    await o.page.reload();
    return o;
  };
  const check = async (name, path, act, { themes = ["light"], ...options } = {}) => {
    for (const theme of themes) {
      await t.check(`by hand: ${name}, ${theme}`, async () => {
        const { page, said, close } = await open(path, { theme, ...options });
        try {
          await act(page, theme);
          t.quiet(said);
        } finally {
          await close();
        }
      });
    }
  };
  const look = async (page, name) => {
    await t.axe(page);
    await t.readable(page);
    await t.shot(page, name);
  };

  await check("a journey is entered, wins, and goes back to the estimate, by keyboard", `/c/${cohort}/visits`, async (page, theme) => {
    const inspector = page.locator(".pl-insp");
    await page.locator("[data-visit]", { hasText: "Usk Robotics" }).first().click();
    const way = inspector.getByRole("button", { name: "Journeys one by one…" });
    await way.waitFor();
    await look(page, `by-hand-journey-inspector-${theme}`);
    await way.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("row").nth(1).waitFor();
    await look(page, `by-hand-journeys-${theme}`);
    const who = await dialog.getByRole("row").nth(2).getByRole("rowheader").textContent();
    const row = () => dialog.getByRole("row").filter({ hasText: who.trim() });
    await row().getByRole("button").focus();
    await page.keyboard.press("Enter");
    await dialog.getByLabel("Time, door to door").fill("half an hour");
    await dialog.getByText("A time is like 2:35, or 155 minutes.").waitFor();
    await dialog.getByLabel("Time, door to door").fill("2:05");
    await dialog.getByLabel("Price, pounds").fill("18.40");
    await dialog.getByText("Their way is as entered, no estimate.").waitFor();
    await look(page, `by-hand-journey-${theme}`);
    await dialog.getByRole("button", { name: "Save" }).focus();
    await page.keyboard.press("Enter");
    await row().getByText("£18.40").waitFor();
    expect((await row().textContent()).includes("each way") && (await row().textContent()).includes("entered"), await row().textContent());
    await look(page, `by-hand-journeys-entered-${theme}`);
    await row().getByRole("button").focus();
    await page.keyboard.press("Enter");
    await dialog.getByRole("button", { name: "Back to the estimate" }).focus();
    await page.keyboard.press("Enter");
    await dialog.getByText("Their way is estimated again.").waitFor();
    await dialog.getByRole("button", { name: "Save" }).focus();
    await page.keyboard.press("Enter");
    await row().getByText("estimate", { exact: true }).waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  }, { themes: ["light", "dark"] });

  await check("an identity document is kept with consent, shown on demand, deleted", `/c/${cohort}/people`, async (page, theme) => {
    const row = page.locator('[role=row][tabindex="0"]');
    await row.waitFor();
    await row.focus();
    await page.keyboard.press("Enter");
    const pane = page.getByRole("complementary");
    const dialog = page.getByRole("dialog");
    await pane.getByRole("button", { name: "Record it…" }).click();
    await dialog.getByLabel("Number").fill("533 000 017");
    await dialog.getByText("Without their consent it is not kept").waitFor();
    expect(await dialog.getByRole("button", { name: "Keep it" }).isDisabled(), "it may be kept without consent");
    await dialog.getByText("They agreed that it is kept").click();
    await dialog.getByText("Their identity document is kept for the hosts that ask for it.").waitFor();
    await look(page, `by-hand-identity-${theme}`);
    await dialog.getByRole("button", { name: "Keep it" }).click();
    await pane.getByText("Kept, agreed that hosts who ask are told.").waitFor();
    expect(!(await pane.textContent()).includes("533 000 017"), "the number is on screen unasked");
    await pane.getByRole("button", { name: "Show it" }).click();
    await pane.getByText("533 000 017").waitFor();
    await look(page, `by-hand-identity-shown-${theme}`);
    await pane.getByRole("button", { name: "Delete it…" }).click();
    await dialog.getByText("Their identity document is deleted.").waitFor();
    await dialog.getByRole("button", { name: "Delete it" }).click();
    await pane.getByText("None kept.").waitFor();
  }, { themes: ["light", "dark"] });
}
