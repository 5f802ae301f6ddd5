// One group at two close hosts of a day, in a running Tandem: planned, looked at, moved by keyboard, parted and united again.
import { createHash, randomUUID } from "node:crypto";
import { expect } from "./kit.mjs";

const table = "Key,Host,Host kind,Site,Station,Step-free,Themes,Smallest group,Largest group,Duration,Open,Lead time (working days)\n"
  + "H17,Pancras Records Hall,company,Pancras Road,London Kings Cross,yes,Tracking; Border,20,40,2 h,26 Feb 2019 14:30-18:00,5\n";

export default async function pairs(t, { url, token }) {
  const ask = async (query, variables = {}) => {
    const r = await fetch(`${url}/graphql`, { method: "POST", headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) }, body: JSON.stringify({ query, variables }) });
    const { data, errors } = await r.json();
    if (!data) throw new Error(JSON.stringify(errors));
    return data;
  };
  const once = () => ({ idempotencyKey: randomUUID() });
  const { programmes } = await ask("query Cohorts { programmes(first: 100) { nodes { id cohorts(first: 100) { nodes { id } } } } }");
  const programme = programmes.nodes[0];
  const cohort = programme.cohorts.nodes[0].id;

  await t.check("real: a group sees two close hosts in a day, moves with both or parts, and comes back", async () => {
    const file = Buffer.from(table);
    const sent = await ask("mutation A($i: StartUploadInput!) { startUpload(input: $i) { upload { id } } }", { i: { name: "near.csv", bytes: file.length, sha256: createHash("sha256").update(file).digest("hex"), ...once() } });
    const upload = sent.startUpload.upload.id;
    await ask("mutation B($i: AppendUploadInput!) { appendUpload(input: $i) { upload { received } } }", { i: { uploadId: upload, offset: 0, data: file.toString("base64"), ...once() } });
    const { startImport: { import: read } } = await ask("mutation C($i: StartImportInput!) { startImport(input: $i) { import { id version } } }", { i: { uploadId: upload, kind: "OFFERS", intoId: programme.id, ...once() } });
    await ask("mutation D($i: LoadImportInput!) { loadImport(input: $i) { import { id } userErrors { message } } }", { i: { importId: read.id, expectedVersion: read.version, ...once() } });
    const { planVisits: { job } } = await ask("mutation E($i: PlanVisitsInput!) { planVisits(input: $i) { job { id plans { id } } userErrors { message } } }", { i: { cohortIds: [cohort], secondsMax: 60, ...once() } });
    for (let state = "RUNNING"; state === "RUNNING"; await new Promise((r) => setTimeout(r, 100))) {
      state = (await ask("query F($id: ID!) { node(id: $id) { ... on VisitPlanning { state } } }", { id: job.id })).node.state;
    }
    const plan = job.plans[0].id;
    const { page, said, close } = await t.open(token ? `${url}/#token=${encodeURIComponent(token)}` : `${url}/#/`, { width: 1280 });
    try {
      await page.getByRole("navigation", { name: "Programme" }).or(page.getByRole("heading", { name: "Which cohort?" })).first().waitFor();
      await page.goto(`${url}/#/c/${cohort}/visits?plan=${encodeURIComponent(JSON.stringify(plan))}`);
      await page.reload();
      const cell = (host) => page.locator("[data-visit]").filter({ hasText: host });
      await cell("Pancras Records Hall").waitFor();
      expect((await cell("Pancras Records Hall").getAttribute("data-group")) === (await cell("Euston Service Lab").getAttribute("data-group")), "the two hosts have two groups");
      await cell("Euston Service Lab").focus();
      await page.keyboard.press("Enter");
      const pane = page.getByRole("complementary", { name: "Visit" });
      await pane.getByText("goes on to").first().waitFor();
      await t.axe(page);
      await t.shot(page, "real-pair-light-1280");
      await pane.getByRole("button", { name: "Journeys one by one…" }).click();
      await page.getByRole("heading", { name: /Journeys to Euston Service Lab/ }).waitFor();
      await page.keyboard.press("Escape");
      await pane.getByRole("button", { name: "Pancras Records Hall" }).click();
      await pane.getByText("comes from").first().waitFor();

      // Lifted, the other comes along, unless it is left behind.
      await cell("Pancras Records Hall").focus();
      await page.keyboard.press("m");
      await page.keyboard.press("ArrowRight");
      const leave = page.getByRole("checkbox", { name: /^Leave Euston Service Lab where it is/ });
      await leave.waitFor();
      await t.axe(page);
      await t.shot(page, "real-pair-moving-light-1280");
      await leave.focus();
      await page.keyboard.press("Space");
      expect(await leave.isChecked(), "the other cannot be left behind by keyboard");
      await page.keyboard.press("Escape");

      // Taken out and undone, the two are one group again.
      await cell("Pancras Records Hall").focus();
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Take out" }).click();
      await cell("Pancras Records Hall").waitFor({ state: "detached" });
      await page.keyboard.press("Control+z");
      await cell("Pancras Records Hall").waitFor();
      await page.waitForFunction(() => {
        const of = (name) => [...document.querySelectorAll("[data-visit]")].find((x) => x.textContent?.includes(name))?.dataset.group;
        return of("Pancras Records Hall") !== undefined && of("Pancras Records Hall") === of("Euston Service Lab");
      });

      // Taken out for good, and joined again by hand: which host, when, and what that does, by keyboard alone.
      await cell("Pancras Records Hall").focus();
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Take out" }).click();
      await cell("Pancras Records Hall").waitFor({ state: "detached" });
      await cell("Euston Service Lab").focus();
      await page.keyboard.press("Enter");
      await page.getByRole("complementary", { name: "Visit" }).getByText("Why here").waitFor();
      await page.keyboard.press("j");
      const dialog = page.getByRole("dialog", { name: /^A second host for group/ });
      await dialog.getByText(/It breaks no rule\.|Enough time/).first().waitFor();
      expect((await dialog.getByRole("textbox", { name: "Begins at" }).inputValue()) === "15:00", await dialog.getByRole("textbox", { name: "Begins at" }).inputValue());
      await t.axe(page);
      await t.shot(page, "real-pair-join-light-1280");
      await dialog.getByRole("textbox", { name: "Begins at" }).fill("14:30"); // on the dot: no time for the way
      await dialog.locator(".pl-brks li").first().waitFor();
      await dialog.getByRole("textbox", { name: "Begins at" }).fill("14:50");
      await dialog.getByText("It breaks no rule.").waitFor();
      await dialog.getByRole("button", { name: "Join them" }).focus();
      await page.keyboard.press("Enter");
      await cell("Pancras Records Hall").waitFor();
      await page.waitForFunction(() => {
        const of = (name) => [...document.querySelectorAll("[data-visit]")].find((x) => x.textContent?.includes(name))?.dataset.group;
        return of("Pancras Records Hall") !== undefined && of("Pancras Records Hall") === of("Euston Service Lab");
      });
      t.quiet(said);
    } finally {
      await close();
    }
  });
}
