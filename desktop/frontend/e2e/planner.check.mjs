// The planner: every state in both themes and at 1080, the keyboard alone, the pointer, a second editor, 2,000 people;
// and the whole job (plan, move, undo, compare, release, export) against the stand-in and against a running Tandem.
import { readFile } from "node:fs/promises";
import { expect, tabTo } from "./kit.mjs";
import { start } from "./planner-fixture.mjs";

export default async function planner(t, { url, token } = {}) {
  const run = async (mode, name, act, { themes = ["light", "dark"], widths = [1280], path = "visits", context = {}, pace, height = 800 } = {}) => {
    for (const theme of themes) {
      for (const width of widths) {
        await t.check(`planner: ${name}, ${theme}, ${width}`, async () => {
          const server = await start({ mode, ...(pace ? { pace } : {}) });
          const { page, said, close } = await t.open(`${server.url}/#/c/cohort:1/${path}`, { theme, width, height, context });
          try {
            await act(page, server);
            await page.mouse.move(0, 0);
            await t.axe(page);
            await t.readable(page);
            await t.shot(page, `planner-${name.replace(/\W+/g, "-")}-${theme}-${width}`);
            t.quiet(said);
          } finally {
            await close();
            await server.stop();
          }
        });
      }
    }
  };
  const grid = (page) => page.locator(".pl-grid").waitFor();
  const cell = (page, name) => page.locator("[data-visit]", { hasText: name });
  const inspector = (page) => page.locator(".pl-insp");
  const heading = (page, text) => inspector(page).getByRole("heading", { level: 2, name: text }).waitFor();
  const where = async (page, name) => cell(page, name).getAttribute("data-where");
  const whereIs = (page, name, place) => page.waitForFunction(([n, p]) => [...document.querySelectorAll("[data-visit]")].some((e) => e.textContent.includes(n) && e.dataset.where === p), [name, place]);
  const heard = (page, text) => page.waitForFunction((x) => [...document.querySelectorAll("[role=status]")].some((e) => e.textContent.includes(x)), text);
  const look = async (page, name) => { await grid(page); await cell(page, name).click(); await heading(page, name); };
  const lift = async (page, name) => {
    await look(page, name);
    await inspector(page).getByText("Why not then").waitFor();
    await cell(page, name).focus();
    await page.keyboard.press("m");
    await page.locator(".pl-slots").waitFor();
  };

  await run("full", "board", async (page) => {
    await look(page, "Usk Robotics");
    await inspector(page).getByText("Why not then").waitFor();
    await inspector(page).getByText("Journey, one way").waitFor();
  }, { widths: [1280, 1080] });
  await run("full", "forced colours", (page) => look(page, "Usk Robotics"), { themes: ["light"], context: { forcedColors: "active" } });
  await run("full", "text at 200 %", async (page) => { await grid(page); await page.evaluate(() => (document.documentElement.style.fontSize = "32px")); await page.waitForFunction(() => document.querySelector(".pl-nm").getBoundingClientRect().height > 30); }, { themes: ["light"], widths: [2560] });
  await run("full", "one column", (page) => look(page, "Usk Robotics"), { themes: ["light"], widths: [640] });
  await run("full", "an offer, a person, a day, a week", async (page) => {
    await grid(page);
    await page.locator(".pl-off button", { hasText: "Forth Sensor Yard" }).click();
    await inspector(page).getByText("What would change it.").waitFor();
    await t.axe(page);
    await cell(page, "Usk Robotics").click();
    await page.locator(".pl-mem button").first().click();
    await inspector(page).getByText("Day by day").waitFor();
    await t.axe(page);
    await page.locator(".pl-wk", { hasText: "Tue 12 Mar" }).click();
    await inspector(page).getByText("Who is not there").waitFor();
    await inspector(page).getByText("Kofi Boateng").waitFor();
    await t.axe(page);
    await page.locator(".pl-note", { hasText: "from Thu 14 Mar" }).click();
    await inspector(page).getByText("Why none of its days").waitFor();
  });
  await run("full", "what an offer and a day would cost", async (page) => {
    await grid(page);
    await page.locator(".pl-off button", { hasText: "Tay Bioscience Park" }).click();
    await heading(page, "Tay Bioscience Park");
    await inspector(page).getByRole("columnheader", { name: "best known" }).waitFor();
    await t.axe(page);
    await page.locator(".pl-note", { hasText: "Forth Sensor Yard" }).first().click();
    await inspector(page).getByText("Why none of its days").waitFor();
    await inspector(page).getByRole("button", { name: /^Tue 5 Mar: why not/ }).focus();
    await page.keyboard.press("Enter");
    await inspector(page).getByRole("columnheader", { name: "best known" }).waitFor();
    await inspector(page).getByRole("button", { name: /^See the best known/ }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByText("Who it touches").waitFor();
    await t.axe(page);
    await page.getByRole("dialog").getByRole("button", { name: "Outline it on the board" }).press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.locator(".pl-vis.changed").first().waitFor();
    await inspector(page).getByRole("button", { name: /^See the best known/ }).press("Enter");
    await page.getByRole("dialog").getByText("Who it touches").waitFor();
  });
  await run("full", "who sees what as a table", async (page) => {
    await grid(page);
    await page.getByRole("button", { name: "As a table" }).click();
    await page.getByRole("dialog").getByText("Mei Chen").waitFor();
  });
  await run("full", "moving with keys", async (page) => {
    await lift(page, "Usk Robotics");
    await page.keyboard.press("ArrowLeft");
    await heard(page, "Monday 22 April: ");
    await heading(page, /Mon 22 Apr 2019/);
    await inspector(page).getByText("It cannot be released like this.").waitFor();
    await inspector(page).getByText("Bank holiday in Wales", { exact: true }).waitFor();
    await inspector(page).getByText("What it costs").waitFor();
  }, { widths: [1280, 1080] });
  await run("full", "moving a person with keys", async (page) => {
    await look(page, "Usk Robotics");
    const chip = page.locator(".pl-mem button").nth(3);
    const name = (await chip.getAttribute("aria-label")).split(",")[0];
    await chip.focus();
    await page.keyboard.press("m");
    await heard(page, `${name} lifted`);
    await page.keyboard.press("Tab");
    await heading(page, "Kelvin Signal Lab, group B");
    await inspector(page).getByText("What it costs").waitFor();
    await t.axe(page);
    await page.keyboard.press("Enter");
    await page.locator(".pl-undo", { hasText: `Moved ${name} to Kelvin Signal Lab` }).waitFor();
    await page.keyboard.press("Control+z");
    await page.locator(".pl-undo", { hasText: "Undone: Moved" }).waitFor();
    await cell(page, "Usk Robotics").click();
    await page.locator(`.pl-mem button[aria-label^="${name}"]`).waitFor();
  }, { themes: ["light"] });
  await run("full", "comparing", async (page) => {
    await grid(page);
    await page.keyboard.press("c");
    await page.getByRole("heading", { level: 1, name: "Draft 3 against version 2" }).waitFor();
    await page.getByText("Humber Port Twin").first().waitFor();
    await page.getByText("Hours travelled, change for each of 38").first().waitFor();
    await page.getByText("Visits missed, of those each could have").waitFor();
    const levels = page.locator(".pl-lev tbody tr");
    expect((await levels.count()) === 5, "not all five levels are compared");
    await levels.nth(3).getByText(/not below|proved best/).first().waitFor();
    await page.getByText("The same of both.").waitFor();
    // The other way round, by its key.
    await page.keyboard.press("x");
    await page.getByRole("heading", { level: 1, name: "Version 2 against draft 3" }).waitFor();
    await page.keyboard.press("x");
    await page.getByRole("heading", { level: 1, name: "Draft 3 against version 2" }).waitFor();
  }, { widths: [1280, 1080] });
  await run("full", "comparing, lower half", async (page) => {
    await grid(page);
    await page.keyboard.press("c");
    await page.getByText("Visits missed, of those each could have").waitFor();
    await page.locator(".pl-tot").scrollIntoViewIfNeeded();
  }, { widths: [1280, 1080, 640], height: 1250 });
  await run("full", "asking for another plan", async (page) => {
    await grid(page);
    await page.keyboard.press("a");
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Nothing is asked differently").waitFor();
    await t.axe(page);
    // By the keyboard alone: CO2e to the top, hosts a day, days between.
    await tabTo(page, '[aria-label="Less CO2e: one place earlier"]');
    for (let place = 4; place > 0; place--) {
      await page.keyboard.press("Enter");
      await page.waitForFunction((n) => document.querySelector(`.pl-order li:nth-child(${n})`)?.textContent.includes("Less CO2e"), place);
      expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")?.startsWith("Less CO2e")), "the focus did not go along");
    }
    await heard(page, "Less CO2e: place 1 of 5.");
    await dialog.getByText("staying at home is best").waitFor();
    await page.keyboard.press("Alt+ArrowDown");
    await dialog.getByText("Less travel comes before visits for everyone").waitFor();
    await page.keyboard.press("Alt+ArrowDown");
    await page.keyboard.press("Alt+ArrowDown");
    await page.waitForFunction(() => !document.querySelector(".pl-ask-w"));
    await dialog.getByLabel("Hosts on one day at most").fill("1");
    await dialog.getByLabel("Seats free in each group").fill("2");
    await dialog.getByRole("button", { name: /Visit days keep apart/ }).click();
    await page.getByRole("option", { name: "By a number of days" }).click();
    await dialog.getByLabel("Days from one to the next, at least").fill("17");
    await page.keyboard.press("Tab");
    await dialog.locator(".pl-ask-c").getByText("17 days at least").waitFor();
    await dialog.locator(".pl-ask-c").getByText("was: one visit day a fortnight").waitFor();
  }, { widths: [1280, 640], height: 900 });
  await run("full", "planning with other rules, and comparing them", async (page) => {
    await grid(page);
    await page.keyboard.press("a");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Hosts on one day at most").fill("1");
    await page.keyboard.press("Tab");
    await dialog.locator(".pl-ask-c").getByText("1 at most").waitFor();
    await dialog.getByRole("button", { name: "Plan", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Visits, draft 4" }).waitFor();
    await page.keyboard.press("c");
    await page.getByRole("heading", { level: 1, name: /Draft 4 against/ }).waitFor();
    const asked = page.locator(".pl-asked");
    await asked.getByText("as many as there are").waitFor();
    await asked.getByText("1 at most").waitFor();
  }, { themes: ["light"], pace: 5 });
  await run("clash", "rules that clash", async (page) => {
    await grid(page);
    await page.keyboard.press("p");
    await page.getByRole("heading", { level: 1, name: "No plan can be all of this" }).waitFor();
    await page.getByRole("heading", { level: 2, name: "Everyone has at least 5 visits." }).waitFor();
    await heard(page, "No plan can be all that was asked");
    await page.getByText("another clash would be left").waitFor();
    // The other clash and back, by its key.
    await page.keyboard.press("n");
    await page.getByRole("heading", { level: 2, name: "Every team sees every theme of its challenge." }).waitFor();
    await t.axe(page);
    await page.keyboard.press("n");
    await page.getByRole("heading", { level: 2, name: "Everyone has at least 5 visits." }).waitFor();
  }, { widths: [1280, 640] });
  await run("clash", "a plan with a rule relaxed, by keyboard", async (page) => {
    await grid(page);
    await page.keyboard.press("p");
    await page.getByRole("heading", { level: 1, name: "No plan can be all of this" }).waitFor();
    await tabTo(page, '[aria-label="Plan with this change: Everyone has at least 4 visits."]');
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Visits, draft 4" }).waitFor();
  }, { themes: ["light"], pace: 5 });
  await run("clash-unknown", "nothing proved", async (page) => {
    await grid(page);
    await page.keyboard.press("p");
    await page.getByText("nothing is proved: there may be one").waitFor();
    await t.axe(page);
    await page.keyboard.press("Escape");
    await grid(page);
    await page.keyboard.press("p");
    await page.getByRole("heading", { level: 1, name: "Visits, draft 4" }).waitFor();
  }, { themes: ["light"], pace: 5 });
  await run("full", "releasing", async (page) => {
    await grid(page);
    await page.keyboard.press("r");
    await page.getByRole("dialog").getByText("Irwell Data Hall", { exact: true }).waitFor();
    await page.getByRole("dialog").getByText("Read the draft").first().click();
    await page.getByRole("dialog").getByText("Our plan has changed").first().waitFor();
  });
  await run("full", "planning", async (page) => {
    await grid(page);
    await page.keyboard.press("p");
    await page.getByRole("button", { name: "Stop and keep the best so far" }).waitFor();
    await inspector(page).getByText("best plan so far").waitFor();
    await page.waitForFunction(() => document.querySelectorAll(".pl-insp .pl-wn tr").length > 2);
  }, { pace: 400 });
  await run("empty", "no plan yet", async (page) => {
    await page.getByRole("heading", { name: "No plan of visits yet" }).waitFor();
    await page.getByRole("button", { name: "Plan visits" }).waitFor();
  });
  await run("empty", "the first plan", async (page) => {
    await page.getByRole("button", { name: "Plan visits" }).click();
    await grid(page);
    await page.getByRole("heading", { level: 1, name: "Visits, draft 1" }).waitFor();
  }, { themes: ["light"], pace: 5 });
  await run("big", "two thousand people", async (page) => {
    await grid(page);
    await page.waitForFunction(() => document.querySelectorAll(".pl-col").length === 2000, null, { timeout: 30_000 });
    await page.getByRole("button", { name: "As a table" }).click();
    await page.getByRole("dialog").getByRole("row").nth(5).waitFor();
    const rows = await page.getByRole("dialog").getByRole("row").count();
    expect(rows < 90, `a table of 2,000 draws ${rows} rows at once`);
  }, { themes: ["light"] });

  await run("full", "the keyboard alone", async (page) => {
    await grid(page);
    await tabTo(page, "[data-spot]");
    const spot = () => page.evaluate(() => document.activeElement?.getAttribute("data-spot"));
    const first = await spot();
    await page.keyboard.press("ArrowDown");
    await page.waitForFunction((f) => document.activeElement?.getAttribute("data-spot") !== f, first);
    // One tab stop: the next Tab leaves the board.
    await page.keyboard.press("Tab");
    expect(!(await page.evaluate(() => document.activeElement?.closest(".pl-grid"))), "a second Tab stays in the board");
    await cell(page, "Calder Loom Works").focus();
    await page.keyboard.press("Enter");
    await heading(page, "Calder Loom Works");
    await page.keyboard.press("l");
    await cell(page, "Calder Loom Works").getByText("pinned").waitFor();
    await page.keyboard.press("m");
    await page.locator(".pl-slots").waitFor();
    await page.keyboard.press("ArrowRight");
    await heading(page, /Wed 13 Mar 2019/);
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.activeElement?.matches("[data-visit]"));
    expect((await where(page, "Calder Loom Works")) === "2019-03-12 A", "Escape did not put it back");
  }, { themes: ["light"] });

  await run("full", "dragging", async (page) => {
    await look(page, "Temple Quay Studio");
    await inspector(page).getByText("Why not then").waitFor();
    const from = await cell(page, "Temple Quay Studio").boundingBox();
    await page.mouse.move(from.x + 60, from.y + 20);
    await page.mouse.down();
    await page.mouse.move(from.x + 90, from.y + 24, { steps: 3 });
    await page.locator(".pl-ghost").waitFor();
    const week = await page.locator('[data-week="8"]').boundingBox();
    await page.mouse.move(week.x + 200, week.y + 12, { steps: 5 });
    const slot = page.locator('[data-slot="2019-03-28"]');
    await slot.waitFor();
    const to = await slot.boundingBox();
    await page.mouse.move(to.x + 40, to.y + 40, { steps: 5 });
    await heading(page, /Thu 28 Mar 2019/);
    await inspector(page).getByText("What it costs").waitFor();
    await page.mouse.up();
    await whereIs(page, "Temple Quay Studio", "2019-03-28 B");
    await page.keyboard.press("Control+z");
    await whereIs(page, "Temple Quay Studio", "2019-03-27 B");
    // At once: a redo waits for the undo before it.
    await page.keyboard.press("Control+Shift+z");
    await whereIs(page, "Temple Quay Studio", "2019-03-28 B");
  }, { themes: ["light"] });
  await run("full", "a drop beside the board puts it back", async (page) => {
    await grid(page);
    const from = await cell(page, "Usk Robotics").boundingBox();
    await page.mouse.move(from.x + 60, from.y + 20);
    await page.mouse.down();
    await page.mouse.move(from.x + 90, from.y + 24, { steps: 3 });
    await page.locator(".pl-ghost").waitFor();
    await page.mouse.move(1200, 300, { steps: 3 });
    await page.mouse.up();
    await page.locator(".pl-ghost").waitFor({ state: "detached" });
    expect((await where(page, "Usk Robotics")) === "2019-04-23 A", "it moved");
  }, { themes: ["light"] });
  await run("full", "a broken rule is kept with a reason only", async (page) => {
    await lift(page, "Usk Robotics");
    await page.keyboard.press("ArrowLeft");
    await heading(page, /Mon 22 Apr 2019/);
    await page.keyboard.press("Enter");
    await page.getByLabel("Why keep it although a rule breaks").fill("The host asked for it");
    await page.getByRole("button", { name: "Keep with this reason" }).click();
    await whereIs(page, "Usk Robotics", "2019-04-22 A");
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Release" }).click();
    await page.getByRole("dialog").getByText("It cannot be released as it is.").waitFor();
    expect(await page.getByRole("button", { name: "Release as version 3" }).isDisabled(), "a plan that breaks a rule can be released");
  }, { themes: ["light"] });
  await run("full", "adding, taking out, leaving out of planning, and undoing it all", async (page) => {
    await grid(page);
    await page.locator(".pl-off button", { hasText: "Don Foundry Lab" }).click();
    await page.getByRole("button", { name: "Exclude…" }).click();
    await page.getByLabel("Reason, kept with the plan").fill("Seen last year");
    await page.getByRole("button", { name: "Exclude it" }).click();
    await page.locator(".pl-off", { hasText: "Excluded. Seen last year" }).waitFor();
    await cell(page, "Foss Field Station").click();
    const people = await page.locator(".pl-mem button").count();
    await page.getByRole("button", { name: "Take out" }).click();
    await cell(page, "Foss Field Station").waitFor({ state: "detached" });
    await page.keyboard.press("Control+z");
    await cell(page, "Foss Field Station").waitFor();
    await cell(page, "Foss Field Station").click();
    await page.waitForFunction((n) => document.querySelectorAll(".pl-mem button").length === n, people);
    await page.keyboard.press("Control+z");
    await page.locator(".pl-off", { hasText: "Group too large" }).waitFor();
  }, { themes: ["light"] });
  await run("stale", "a second editor", async (page) => {
    await lift(page, "Usk Robotics");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    if (await page.getByLabel("Why keep it although a rule breaks").count()) { await page.getByLabel("Why keep it although a rule breaks").fill("It must"); await page.getByRole("button", { name: "Keep with this reason" }).click(); }
    const dialog = page.getByRole("dialog");
    await dialog.getByText("Hannah Lowe saved this draft meanwhile").waitFor();
    await dialog.getByText("pinned").waitFor();
    await t.axe(page);
    await dialog.getByRole("button", { name: "Do mine on top of theirs" }).click();
    await page.waitForFunction(() => [...document.querySelectorAll("[data-visit]")].some((e) => e.textContent.includes("Usk") && e.dataset.where !== "2019-04-23 A"));
    await cell(page, "Calder Loom Works").getByText("pinned").waitFor();
  }, { themes: ["light"] });
  await run("full", "nothing slides with reduced motion", async (page) => {
    await look(page, "Temple Quay Studio");
    await page.evaluate(() => { window.slides = 0; const animate = Element.prototype.animate; Element.prototype.animate = function (...a) { window.slides++; return animate.apply(this, a); }; });
    await lift(page, "Temple Quay Studio");
    await page.keyboard.press("ArrowRight");
    await heading(page, /Thu 28 Mar 2019/);
    await inspector(page).getByText("What it costs").waitFor();
    await page.keyboard.press("Enter");
    await whereIs(page, "Temple Quay Studio", "2019-03-28 B");
    await page.locator(".was-moved").waitFor();
    expect((await page.evaluate(() => window.slides)) === 0, "something slid");
  }, { themes: ["light"], context: { reducedMotion: "reduce" } });

  await run("full", "the whole job", async (page) => {
    await grid(page);
    await job(page, t);
  }, { themes: ["light"], pace: 20 });

  if (url) {
    await t.check("planner: other rules in a running Tandem", async () => {
      const { page, said, close } = await t.open(`${url}/#token=${encodeURIComponent(token ?? "")}`, {});
      try {
        await page.getByRole("link", { name: "Visits", exact: true }).click();
        await grid(page);
        const was = await page.getByRole("heading", { level: 1 }).textContent();
        await page.keyboard.press("a");
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("button", { name: /Visit days keep apart/ }).click();
        await page.getByRole("option", { name: "By a number of days" }).click();
        await dialog.getByLabel("Days from one to the next, at least").fill("17");
        await dialog.getByLabel("Hosts on one day at most").fill("1");
        await dialog.getByRole("button", { name: "Less CO2e: one place earlier" }).click();
        await dialog.locator(".pl-ask-c").getByText("17 days at least").waitFor();
        await dialog.getByRole("button", { name: "Plan", exact: true }).click();
        await page.waitForFunction((h) => { const now = document.querySelector("h1").textContent; return now !== h && now.startsWith("Visits, draft"); }, was, { timeout: 60_000 });
        const days = await page.locator("[data-visit]").evaluateAll((all) => all.map((e) => e.dataset.on).sort());
        expect(days.length > 1 && new Set(days).size === days.length, `visit days ${days}: two hosts on one day, or no plan`);
        for (let i = 1; i < days.length; i++) expect((Date.parse(days[i]) - Date.parse(days[i - 1])) / 86_400_000 >= 17, `${days[i]} is too near ${days[i - 1]}`);
        await page.keyboard.press("c");
        await page.locator(".pl-asked").getByText("17 days at least").waitFor();
        await page.locator(".pl-lev thead").getByText(/in the order of/).waitFor();
        await t.axe(page);
        t.quiet(said);
      } finally {
        await close();
      }
    });
    await t.check("planner: the whole job in a running Tandem", async () => {
      const { page, said, close } = await t.open(`${url}/#token=${encodeURIComponent(token ?? "")}`, {});
      try {
        await page.getByRole("link", { name: "Visits", exact: true }).click();
        await page.locator(".pl-grid, .empty").first().waitFor();
        await job(page, t, true);
        t.quiet(said);
      } finally {
        await close();
      }
    });
  }
}

/** What an unused offer would cost is found out while one looks on, and the best plan that has it is shown. */
async function costs(page, t, shot) {
  const inspector = page.locator(".pl-insp");
  const offer = page.locator(".pl-off button", { hasText: "Putting it in costs" }).first();
  await offer.waitFor({ timeout: 60_000 });
  await offer.click();
  await inspector.getByRole("columnheader", { name: "best known" }).waitFor();
  await shot("cost");
  await inspector.getByRole("button", { name: /^See the best known/ }).click();
  await page.getByRole("dialog").getByText("Who it touches").waitFor();
  await t.axe(page);
  await shot("cost-beside");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
}

/** Plan, move with keys and with the pointer, undo, compare, release, export. Knows no host by name. */
export async function job(page, t, pictures = false) {
  const shot = (name) => (pictures ? t.shot(page, `tandem-planner-${name}`) : undefined);
  const inspector = page.locator(".pl-insp");
  const planButton = page.getByRole("button", { name: /^Plan (again|visits)/ });
  await planButton.click();
  await page.getByRole("button", { name: "Stop and keep the best so far" }).waitFor();
  await page.locator(".pl-grid").waitFor();
  await shot("planning");
  await page.getByRole("button", { name: "Release", exact: true }).waitFor({ timeout: 90_000 });
  await page.locator("[data-visit]").first().waitFor();
  await shot("board");
  const board = () => page.evaluate(() => [...document.querySelectorAll("[data-visit]")].map((e) => `${e.dataset.visit} ${e.dataset.where}`).sort().join("\n"));
  // While a visit is lifted it is not on the board, so that the board is looked at when nothing is.
  const becomes = (text, same = true) => page.waitForFunction(([b, s]) => !document.querySelector(".pl-slots") && ([...document.querySelectorAll("[data-visit]")].map((e) => `${e.dataset.visit} ${e.dataset.where}`).sort().join("\n") === b) === s, [text, same]);
  const planned = await board();
  if (pictures) await costs(page, t, shot);

  // With keys: the first visit that has another day which breaks nothing goes there.
  const ids = await page.evaluate(() => [...document.querySelectorAll("[data-visit]")].map((e) => e.dataset.visit));
  let moved = null;
  for (const id of ids) {
    const cell = page.locator(`[data-visit="${id}"]`);
    await cell.click();
    await inspector.getByText("Journey, one way").waitFor();
    await inspector.getByText("Why here").waitFor();
    await cell.focus();
    await page.keyboard.press("m");
    await page.locator(".pl-slots").waitFor();
    if (moved === null) await shot("lifted");
    if (await inspector.getByRole("button", { name: /^Use / }).count()) {
      await page.keyboard.press("w");
      await inspector.getByRole("button", { name: /^(Keep it here|Keep with a reason…)/ }).waitFor();
      await inspector.getByText("What it costs").waitFor();
      await shot("moving");
      if (await inspector.getByRole("button", { name: /^Keep it here/ }).count()) {
        await page.keyboard.press("Enter");
        await becomes(planned, false);
        moved = id;
        break;
      }
    }
    await page.keyboard.press("Escape");
    await page.locator(".pl-slots").waitFor({ state: "detached" });
  }
  if (moved === null) {
    // No day is free of breaks: it is kept on another one with a reason.
    moved = ids[ids.length - 1];
    await page.locator(`[data-visit="${moved}"]`).focus();
    await page.keyboard.press("m");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.getByLabel("Why keep it although a rule breaks").fill("Tried out");
    await page.getByRole("button", { name: "Keep with this reason" }).click();
    await becomes(planned, false);
  }
  const once = await board();
  await page.keyboard.press("Control+z");
  await becomes(planned);
  await page.keyboard.press("Control+Shift+z");
  await becomes(once);
  await page.keyboard.press("Control+z");
  await becomes(planned);

  // With the pointer: the last visit one slot on, kept with a reason where a rule breaks, and back again.
  const last = page.locator(`[data-visit="${ids[ids.length - 1]}"]`);
  await last.scrollIntoViewIfNeeded();
  const from = await last.boundingBox();
  await page.mouse.move(from.x + 60, from.y + 16);
  await page.mouse.down();
  await page.mouse.move(from.x + 80, from.y + 20, { steps: 3 });
  const slot = page.locator(".pl-slot:not(.from)").last();
  await slot.waitFor();
  const to = await slot.boundingBox();
  await page.mouse.move(to.x + 20, to.y + 30, { steps: 6 });
  await page.locator(".pl-slot.at:not(.from)").waitFor();
  await page.waitForFunction(() => !document.querySelector(".pl-slot.at")?.textContent.includes("asking"));
  await shot("dragging");
  await page.mouse.up();
  await page.waitForFunction((b) => document.querySelector(".pl-reason") || [...document.querySelectorAll("[data-visit]")].map((e) => `${e.dataset.visit} ${e.dataset.where}`).sort().join("\n") !== b && !document.querySelector(".pl-slots"), planned);
  if (await page.locator(".pl-reason").count()) {
    await page.getByLabel("Why keep it although a rule breaks").fill("Tried out");
    await page.getByRole("button", { name: "Keep with this reason" }).click();
    await becomes(planned, false);
  }
  await page.keyboard.press("Control+z");
  await becomes(planned);

  // A person too, when a day has two groups.
  const chip = page.locator(".pl-mem button").first();
  if (await chip.count()) {
    await chip.focus();
    await page.keyboard.press("m");
    await page.keyboard.press("Tab");
    await page.locator(".pl-insp .pl-sent").waitFor();
    await page.waitForFunction(() => !document.querySelector(".pl-sent")?.textContent.includes("being asked"));
    await shot("person");
    await page.keyboard.press("Escape");
  }
  await t.axe(page);

  // Compare where there is something to compare with, then release.
  const compare = page.getByRole("button", { name: /^Compare with/ });
  if (await compare.count()) {
    await compare.click();
    await page.getByRole("heading", { level: 1, name: /against/ }).waitFor();
    await page.getByText(/What counts|The two plans are the same/).first().waitFor();
    await shot("compare");
    await t.axe(page);
    await page.getByRole("button", { name: "Back to the board" }).click();
    await page.locator(".pl-grid").waitFor();
  }
  await page.getByRole("button", { name: "Release", exact: true }).click();
  const release = page.getByRole("button", { name: /^Release as version/ });
  await release.waitFor();
  await page.waitForFunction(() => ![...document.querySelectorAll("[role=dialog] .lede")].some((e) => e.textContent.includes("Counting")));
  await shot("release");
  expect(await release.isEnabled(), `it cannot be released: ${await page.locator(".refusals").allTextContents()}`);
  await release.click();
  await page.getByRole("dialog").getByRole("heading", { name: /is in force/ }).waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.getByRole("heading", { level: 1, name: /^Visits, version/ }).waitFor();

  // Calendars: the cohort's, and a person's.
  await page.keyboard.press("Escape");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Whole cohort" }).click()]);
  const text = await readFile(await file.path(), "utf8");
  expect(/^BEGIN:VCALENDAR\r\n/.test(text) && /END:VCALENDAR\r\n$/.test(text), "the calendar file is none");
  const visits = new Set(planned.split("\n")).size;
  expect((text.match(/BEGIN:VEVENT/g) ?? []).length >= visits, "the calendar has fewer entries than the board has visits");
  expect(file.suggestedFilename().endsWith(".ics"), file.suggestedFilename());
  const [ways] = await Promise.all([page.waitForEvent("download"), page.locator(".pl-part", { has: page.getByRole("heading", { name: /^Journeys/ }) }).getByRole("button", { name: "Save as CSV…" }).click()]);
  const table = (await readFile(await ways.path(), "utf8")).trim().split("\r\n");
  expect(table[0].includes("Person,Team,Day,Host,Way,From,To") && table.length > visits, `the journeys are ${table.length} lines under ${table[0]}`);
  await shot("released");

  // The list for a host: sealed, and saved as CSV.
  await page.locator("[data-visit]").last().click();
  await inspector.getByText("List for the host").waitFor();
  await page.getByRole("button", { name: "Seal it…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Seal it" }).click();
  await inspector.locator(".pl-hash").waitFor();
  const [csv] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV" }).click()]);
  expect((await readFile(await csv.path(), "utf8")).trim().split("\n").length > 1, "the list is empty");
  await shot("manifest");
}
