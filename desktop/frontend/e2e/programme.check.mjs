// What a coordinator does by hand against a running Tandem: journeys, identity documents, programme, hosts, challenges, tokens.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
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

  const choose = async (page, dialog, label, beginning, name) => {
    await dialog.getByLabel(label).fill(beginning);
    await page.getByRole("option", { name }).first().click();
  };
  const press = (where, name) => where.getByRole("button", { name, exact: true }).click();

  await check("the programme is set up: facts, rules, rates", `/c/${cohort}/programme`, async (page, theme) => {
    const dialog = page.getByRole("dialog");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await look(page, `by-hand-programme-${theme}`);
    const part = (name) => page.getByRole("region", { name: new RegExp(name) });
    await press(part("The programme"), "Change…");
    await dialog.getByLabel("Name").fill("");
    await dialog.getByText("A programme needs a name.").waitFor();
    await dialog.getByLabel("Name").fill("TechConnect 2019");
    await dialog.getByLabel("Last day").fill("1 Jan 2019");
    await dialog.getByText("Before the first day.").waitFor();
    await dialog.getByLabel("Last day").fill("29 Apr 2019");
    await dialog.getByLabel("Another milestone").fill(`Showcase ${theme}`);
    await dialog.getByLabel("Its day").fill("26 Apr");
    await dialog.getByLabel("Its day").press("Enter");
    await dialog.getByText("The programme changes.").waitFor();
    await look(page, `by-hand-programme-facts-${theme}`);
    await press(dialog, "Save");
    await part("The programme").getByText(`Showcase ${theme}`).waitFor();
    await press(part("What plans are asked for"), "Change…");
    await dialog.getByText("Four hours from door to door").click();
    await dialog.getByLabel("Longest way, door to door").fill("230");
    await dialog.getByLabel("Longest way, door to door").press("Tab");
    await dialog.getByText("The programme changes.").waitFor();
    await look(page, `by-hand-programme-rules-${theme}`);
    await press(dialog, "Save");
    await part("What plans are asked for").getByText(/3.h.50/).waitFor();
    await press(part("What plans are asked for"), "Change…");
    await dialog.getByText("Four hours from door to door").click();
    await press(dialog, "Save");
    await part("What plans are asked for").getByText(/the usual/).waitFor();
    await press(part("What a kilometre costs"), "Change…");
    await press(dialog, "Coach");
    await dialog.getByLabel("Pence a km").fill("a lot");
    await dialog.getByText("Pence, such as 15.2, up to 1,000.").waitFor();
    await dialog.getByLabel("Pence a km").fill("8.5");
    await dialog.getByLabel("Where it is from").fill("Assumed by the office, from its last coach bill.");
    await dialog.getByText("The programme changes.").waitFor();
    await look(page, `by-hand-programme-rates-${theme}`);
    await press(dialog, "Save");
    await part("What a kilometre costs").getByText("Assumed by the office").waitFor();
    await press(part("What a kilometre costs"), "Change…");
    await dialog.getByRole("button", { name: "Take the rate by coach out" }).click();
    await press(dialog, "Save");
    await part("What a kilometre costs").getByText("Assumed by the office").waitFor({ state: "detached" });
  }, { themes: ["light", "dark"] });

  await check("a token is made, shown once, ended", `/c/${cohort}/programme`, async (page, theme) => {
    const dialog = page.getByRole("dialog");
    const access = page.getByRole("region", { name: /Access/ });
    await access.getByRole("table").waitFor();
    await press(access, "Make a token…");
    const label = `Nightly copy, ${theme}`;
    await dialog.getByLabel("What it is for").fill(label);
    expect(await dialog.getByRole("button", { name: "Make it" }).isDisabled(), "a program without scopes may be made");
    await dialog.getByText("Hear of changes").click();
    await dialog.getByText("Read offers, plans and visits").click();
    await dialog.getByText("A token is made.").waitFor();
    await look(page, `by-hand-token-${theme}`);
    await press(dialog, "Make it");
    await dialog.getByText("it is shown this once").waitFor();
    const secret = await dialog.locator(".prg-s").textContent();
    await look(page, `by-hand-token-secret-${theme}`);
    await press(dialog, "I have it");
    const { viewer } = await graphql(url, secret, "{ viewer { grants { role } token { label scopes } } }");
    expect(viewer.grants[0].role === "INTEGRATOR" && viewer.token.label === label && viewer.token.scopes.join() === "CHANGES_READ,VISIT_READ", JSON.stringify(viewer));
    expect(!(await page.content()).includes(secret), "the secret is still on screen");
    await access.getByRole("button", { name: `End the token for ${label}` }).click();
    await dialog.getByText("The token opens nothing any more.").waitFor();
    await press(dialog, "End it");
    await access.getByRole("row").filter({ hasText: label }).getByText(/^ended/).waitFor();
    const dead = await fetch(`${url}/graphql`, { method: "POST", headers: { "content-type": "application/json", authorization: `Bearer ${secret}` }, body: JSON.stringify({ query: "{ viewer { name } }" }) });
    expect(dead.status === 401 || (await dead.json()).errors, "the token still opens something");
  }, { themes: ["light", "dark"] });

  await check("a host, its site and its offer are made", `/c/${cohort}/offers`, async (page, theme) => {
    const dialog = page.getByRole("dialog");
    const name = `Wye Valley Foundry for Recycled Composites and Other Very Long Names, ${theme}`;
    await press(page, "Add an offer…");
    await dialog.getByLabel("Host").fill(name);
    await dialog.getByText("is not known yet").waitFor();
    await look(page, `by-hand-host-${theme}`);
    await press(dialog, "Add it");
    await dialog.getByText("private sector").waitFor();
    await choose(page, dialog, "Nearest station", "Heref", /Hereford/);
    await look(page, `by-hand-site-${theme}`);
    await press(dialog, "Next");
    await dialog.getByText("Give it a day at least").waitFor();
    await dialog.getByLabel("Another day").first().fill("19 Mar");
    await dialog.getByLabel("Another day").first().press("Enter");
    await dialog.getByLabel("Shows").fill("composites");
    await dialog.getByLabel("Smallest group").fill("30");
    await dialog.getByLabel("Smallest group").press("Tab");
    await dialog.getByText("Larger than the largest.").waitFor();
    await dialog.getByLabel("Smallest group").fill("4");
    await dialog.getByLabel("Smallest group").press("Tab");
    await press(dialog, "identity document");
    await dialog.getByText("The offer is added.").waitFor();
    await look(page, `by-hand-offer-${theme}`);
    await press(dialog, "Add the offer");
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: new RegExp(name) }).waitFor();
  }, { themes: ["light", "dark"] });

  await check("a challenge is framed by hand", `/c/${cohort}/challenges`, async (page, theme) => {
    const dialog = page.getByRole("dialog");
    const title = `How might we hear of leaks from those who walk past them, ${theme}?`;
    await press(page, "Add a challenge…");
    await choose(page, dialog, "Whose it is", "HM Rev", /HM Revenue/);
    await dialog.getByText("Begins with “How might we”, and asks something.").waitFor();
    await dialog.getByLabel("The question").fill(title);
    await dialog.getByLabel("Themes").fill("composites, data");
    await dialog.getByText("The challenge is framed.").waitFor();
    await look(page, `by-hand-challenge-${theme}`);
    await press(dialog, "Add");
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: new RegExp(title.replace("?", ".")) }).first().waitFor();
  }, { themes: ["light", "dark"] });

  const fromNothing = async (page) => {
    const dialog = page.getByRole("dialog");
    const to = (screen) => page.getByRole("navigation", { name: "Programme" }).getByRole("link", { name: screen }).click();
    const done = () => dialog.waitFor({ state: "detached" });
    await press(page, "Begin a programme…");
    await dialog.getByLabel("Name").fill("Harbour 2019");
    await dialog.getByLabel("First day").fill("7 Feb 2019");
    await dialog.getByLabel("Last day").fill("29 Apr 2019");
    await press(dialog, "Begin");
    await page.getByRole("heading", { name: "Files loaded before" }).waitFor();
    await look(page, "by-hand-nothing-loaded");

    await to("People");
    await press(page, "add one person");
    const people = [["Amara Okafor", "Harbour Office", "Department", "Euston"], ["Callum Reid", "Quay Systems", "Company", "Euston"], ["Ben Hallam", "Harbour Office", "", "Leeds"], ["Dina Farouk", "Quay Systems", "", "York"]];
    for (const [name, employer, kind, station] of people) {
      if (name !== people[0][0]) await press(page, "Add a person…");
      await dialog.getByLabel("Name").fill(name);
      if (kind) {
        await dialog.getByLabel("Employer").fill(employer);
        await dialog.getByText("is not known yet").waitFor();
        if (kind === "Department") {
          await dialog.getByRole("button", { name: /It is a/ }).click();
          await page.getByRole("option", { name: "Department" }).click();
        }
        await press(dialog, "Add it");
      } else await choose(page, dialog, "Employer", employer.slice(0, 4), employer);
      await dialog.getByText(/Their sector will be/).waitFor();
      await choose(page, dialog, "Home station", station, new RegExp(station));
      await dialog.getByText("They are invited to take part.").waitFor();
      await press(dialog, "Add");
      await done();
      await page.getByRole("row", { name: new RegExp(name) }).click();
      await press(page.getByRole("complementary"), `Accept ${name.split(" ")[0]}…`);
      await dialog.getByText("They have a seat").waitFor();
      await press(dialog, "Accept");
      await done();
    }
    await page.getByRole("heading", { level: 1, name: /^2 public, 2 private/ }).waitFor();

    await to("Challenges");
    await press(page, "add one challenge");
    await choose(page, dialog, "Whose it is", "Harb", /Harbour Office/);
    await dialog.getByLabel("The question").fill("How might we see a full berth before a ship does?");
    await dialog.getByLabel("Themes").fill("sensors");
    await dialog.getByText("The challenge is framed.").waitFor();
    await press(dialog, "Add");
    await done();

    await to("Offers");
    for (const [host, station, day] of [["Tide Sensor Yard", "Hull", "12 Mar"], ["Dock Data Hall", "Liverpool L", "9 Apr"]]) {
      await press(page, host === "Tide Sensor Yard" ? "add one offer" : "Add an offer…");
      await dialog.getByLabel("Host").fill(host);
      await press(dialog, "Add it");
      await choose(page, dialog, "Nearest station", station, new RegExp(station));
      await press(dialog, "Next");
      await dialog.getByLabel("Another day").first().fill(day);
      await dialog.getByLabel("Another day").first().press("Enter");
      await dialog.getByLabel("Shows").fill("sensors");
      await dialog.getByText("The offer is added.").waitFor();
      await press(dialog, "Add the offer");
      await done();
    }
    await look(page, "by-hand-nothing-offers");

    await to("Visits");
    await page.getByRole("button", { name: "Plan visits" }).click();
    await page.locator("[data-visit]", { hasText: "Tide Sensor Yard" }).waitFor();
    await page.locator("[data-visit]", { hasText: "Dock Data Hall" }).waitFor();
    const release = page.locator(".bar").getByRole("button", { name: /^Release/ });
    await release.waitFor();
    await look(page, "by-hand-nothing-plan");
    await release.click();
    await dialog.getByRole("button", { name: "Release as version 1" }).click();
    await dialog.getByRole("heading", { name: "Version 1 is in force" }).waitFor();
    await page.keyboard.press("Escape");
    await done();
  };

  await t.check("by hand: from nothing to a released plan, by screens alone", async () => {
    const house = await emptyHouse();
    try {
      const { page, said, close } = await t.open(`${house.url}/#token=${encodeURIComponent(house.owner)}`);
      try {
        await fromNothing(page);
        t.quiet(said);
      } finally {
        await close();
      }
    } finally {
      await house.stop();
    }
  });
}

/** A Tandem of its own that holds nothing, and its owner's token. */
async function emptyHouse() {
  const binary = process.env.TANDEM ?? join(fileURLToPath(new URL(".", import.meta.url)), "../../../tandem");
  if (!existsSync(binary)) throw new Error("tandem is not built: make tandem");
  const data = mkdtempSync(join(tmpdir(), "tandem-empty-"));
  const server = spawn(binary, ["serve", "--data", data, "--listen", "127.0.0.1:0", "--today", "2019-01-28"], { stdio: ["ignore", "pipe", "ignore"] });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  const url = await new Promise((resolve, reject) => {
    let said = "";
    server.stdout.on("data", (b) => {
      const at = /http:\/\/[0-9.:]+/.exec((said += b));
      if (at) resolve(at[0]);
    });
    void ended.then(() => reject(new Error(`it did not start: ${said}`)));
  });
  const owner = execFileSync(binary, ["token", "create", "--role", "owner", "--label", "first run", "--data", data], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim().split("\n").at(-1);
  return { url, owner, stop: async () => { server.kill(); await ended; rmSync(data, { recursive: true, force: true }); } };
}
