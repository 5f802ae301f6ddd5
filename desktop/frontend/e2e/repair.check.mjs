// Ways out after something went wrong: every cause and state against the stand-in, in both themes; and the whole job by
// keyboard (a host cancels, a way out is chosen, drafted, released) against a running Tandem.
import { expect } from "./kit.mjs";
import { start } from "./planner-fixture.mjs";

export default async function repair(t, { url, token } = {}) {
  const inspector = (page) => page.locator(".pl-insp");
  const cell = (page, name) => page.locator("[data-visit]", { hasText: name });
  const heading = (page, name) => inspector(page).getByRole("heading", { level: 2, name }).waitFor();
  const run = async (mode, name, act, { themes = ["light", "dark"], widths = [1280], plan = "plan:2" } = {}) => {
    for (const theme of themes) {
      for (const width of widths) {
        await t.check(`repair: ${name}, ${theme}, ${width}`, async () => {
          const server = await start({ mode });
          const { page, said, close } = await t.open(`${server.url}/#/c/cohort:1/visits?plan=${plan}`, { theme, width });
          try {
            await page.locator(".pl-grid").waitFor();
            await act(page, server);
            await t.axe(page);
            await t.readable(page);
            await t.shot(page, `repair-${name.replace(/\W+/g, "-")}-${theme}-${width}`);
            t.quiet(said);
          } finally {
            await close();
            await server.stop();
          }
        });
      }
    }
  };
  const ways = (page) => page.getByRole("radiogroup", { name: "Ways out" }).waitFor();

  await run("full", "a host cancels", async (page) => {
    await cell(page, "Usk Robotics").click();
    await inspector(page).getByRole("button", { name: "Host cancelled…" }).click();
    await heading(page, "Usk Robotics cancels");
    await ways(page);
    await page.waitForFunction(() => document.activeElement?.matches("[name=way-out]"));
    await page.keyboard.press("ArrowDown");
    await inspector(page).getByText("1 deadline newly missed").waitFor();
    await inspector(page).getByText("Names for Don Foundry Lab were due").waitFor();
    expect(await cell(page, "Usk Robotics").evaluate((e) => e.classList.contains("off")), "the board does not show what is given up");
  }, { widths: [1280, 1080, 640] });
  await run("full", "a host takes fewer", async (page) => {
    await cell(page, "Calder Loom Works").click();
    await inspector(page).getByRole("button", { name: "Host takes fewer…" }).click();
    await ways(page);
    await inspector(page).getByLabel("People it takes now, at most").fill("9");
    await page.keyboard.press("Tab");
    await ways(page);
    await inspector(page).getByRole("button", { name: /^Note 9 with the offer/ }).waitFor();
  });
  await run("full", "somebody leaves", async (page) => {
    await cell(page, "Usk Robotics").click();
    await page.locator(".pl-mem button").first().click();
    await inspector(page).getByText("Day by day").waitFor();
    await inspector(page).getByRole("button", { name: "Left the cohort…" }).click();
    await heading(page, /leaves the cohort$/);
    await ways(page);
  }, { themes: ["light"] });
  await run("full", "a day is lost", async (page) => {
    await page.locator(".pl-wk", { hasText: "Tue 23 Apr" }).click();
    await inspector(page).getByRole("button", { name: "Nothing possible on this day…" }).click();
    await heading(page, /Nothing is possible on Tue/);
    await ways(page);
  }, { themes: ["light"] });
  await run("stuck", "no way out", async (page, server) => {
    server.world.plans[0].list[1].state = "CONFIRMED";
    await page.reload();
    await cell(page, "Usk Robotics").click();
    await page.keyboard.press("x");
    await inspector(page).getByText("No plan keeps all that has to stay.").waitFor();
    await t.axe(page);
    // The keyboard lets what is agreed move, and there is a way.
    await inspector(page).getByRole("checkbox").focus();
    await page.keyboard.press("Space");
    await ways(page);
    await page.keyboard.press("Space");
    await inspector(page).getByText("No plan keeps all that has to stay.").waitFor();
  });

  if (!url) return;
  const graphql = async (query, variables = {}) => {
    const r = await fetch(`${url}/graphql`, { method: "POST", headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) }, body: JSON.stringify({ query, variables }) });
    const answer = await r.json();
    if (!answer.data) throw new Error(JSON.stringify(answer.errors));
    return answer.data;
  };
  await t.check("real repair: a host cancels, a way out is chosen, drafted and released, by keyboard", async () => {
    const { programmes } = await graphql("query Plans { programmes(first: 3) { nodes { cohorts(first: 3) { nodes { id visitPlan { id } visitPlans(first: 1) { nodes { id version } } } } } } }");
    const cohort = programmes.nodes.flatMap((p) => p.cohorts.nodes)[0];
    if (!cohort.visitPlan) {
      const [draft] = cohort.visitPlans.nodes;
      await graphql("mutation R($input: ReleaseVisitPlanInput!) { releaseVisitPlan(input: $input) { userErrors { message } } }", { input: { planId: draft.id, expectedVersion: draft.version, idempotencyKey: crypto.randomUUID() } });
    }
    const inForce = async () => (await graphql("query F($c: ID!) { cohort(id: $c) { visitPlan { id number visits(first: 100) { nodes { id on offer { id site { organisation { name } } } } } } } }", { c: cohort.id })).cohort.visitPlan;
    const before = await inForce();
    const hit = before.visits.nodes[Math.floor(before.visits.nodes.length / 2)];
    const { page, said, close } = await t.open(token ? `${url}/#token=${encodeURIComponent(token)}` : `${url}/#/`);
    try {
      await page.getByRole("navigation", { name: "Programme" }).or(page.getByRole("heading", { name: "Which cohort?" })).first().waitFor();
      await page.goto(`${url}/#/c/${cohort.id}/visits?plan=${before.id}`);
      await page.reload();
      await page.locator(`[data-visit="${hit.id}"]`).focus();
      await page.keyboard.press("Enter");
      await inspector(page).getByText("If it cannot be held").waitFor();
      await page.keyboard.press("x");
      await page.waitForFunction(() => document.activeElement?.matches("[name=way-out]"));
      await inspector(page).locator(".impacts").waitFor();
      await t.axe(page);
      const promised = Number((await inspector(page).getByText(/places?, people by days/).textContent()).match(/[\d,]+/)[0].replace(",", ""));
      await t.shot(page, "real-repair");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: /^Visits, draft/ }).waitFor();
      await page.keyboard.press("c");
      await page.getByRole("heading", { level: 1, name: /against/ }).waitFor();
      const changed = page.getByText(/places? of people on days differs?\./);
      await changed.waitFor();
      const differs = Number((await changed.textContent()).match(/[\d,]+/)[0].replace(",", ""));
      expect(differs === promised, `${promised} places were announced, the draft differs in ${differs}`);
      await page.keyboard.press("Escape");
      await page.locator(".pl-grid").waitFor();
      await page.keyboard.press("r");
      const release = page.getByRole("button", { name: /^Release as version/ });
      await release.waitFor();
      await page.waitForFunction(() => ![...document.querySelectorAll("[role=dialog] .lede")].some((e) => e.textContent.includes("Counting")));
      await release.focus();
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").getByRole("heading", { name: /is in force/ }).waitFor();
      const after = await inForce();
      expect(after.id !== before.id && !after.visits.nodes.some((v) => v.offer.id === hit.offer.id), "the host who cancelled is still visited");
      t.quiet(said);
    } finally {
      await close();
    }
  });
}
