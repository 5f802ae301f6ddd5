// States that people remember: none yet, very many, late and calm, the server gone and back, a second editor, a file with
// three wrong cells, no token. Each against the stand-in, which answers from the contract.
import { start } from "./fixture.mjs";
import { expect, tabTo } from "./kit.mjs";

export default async function states(t) {
  const run = async (mode, name, path, act, options = {}) => {
    for (const theme of options.themes ?? ["light", "dark"]) {
      for (const width of options.widths ?? [1280]) {
        await t.check(`${name}, ${theme}, ${width}`, async () => {
          const server = await start({ mode, ...(options.server ?? {}) });
          const { page, said, close } = await t.open(`${server.url}/#${path}`, { theme, width, allow: options.allow ?? [], context: options.context ?? {}, large: options.large ?? false });

          try {
            await act(page, server);
            await page.mouse.move(0, 0);
            await t.axe(page);
            await t.readable(page);
            await t.shot(page, `${name.replace(/\W+/g, "-")}-${theme}-${width}`);
            t.quiet(said);
          } finally {
            await close();
            await server.stop();
          }
        });
      }
    }
  };
  const c = "/c/cohort:1";
  const says = (page, text) => page.getByText(text).first().waitFor();
  const title = (page, text) => page.getByRole("heading", { level: 1, name: text }).waitFor();

  await run("empty", "first run", "/", async (page) => {
    await title(page, "Two spreadsheets make a plan.");
    await page.getByRole("button", { name: "Begin a programme…" }).click();
    await page.getByLabel("Name").fill("Spring 2020");
    await page.getByLabel("First day").fill("6 Feb 2020");
    await page.getByLabel("Last day").fill("4 May");
    await says(page, "Read as Mon 4 May 2020");
  }, { widths: [1280, 1080] });
  await run("full", "home", `${c}/home`, (page) => title(page, "Week 9: one thing is late, three are due by Friday"), { widths: [1280, 1080] });
  await run("calm", "home when nothing is late", `${c}/home`, (page) => title(page, "Week 9: three things are due by Friday"), { themes: ["light"] });
  await run("full", "home explains a date", `${c}/home`, async (page) => {
    await title(page, /Week 9/);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("e");
    await says(page, "Boxes count, hatched boxes are bank holidays");
  });
  await run("full", "people", `${c}/people`, (page) => title(page, "19 public, 19 private: level, two wait"), { widths: [1280, 1080] });
  await run("big", "two thousand people", `${c}/people`, async (page) => {
    await title(page, /1,000 public, 1,000 private/);
    const rows = page.getByRole("row");
    expect((await rows.count()) < 80, `a list of 2,000 draws ${await rows.count()} rows at once`);
    await page.locator('[role=row][tabindex="0"]').focus();
    await page.keyboard.press("End");
    await page.locator('[data-row="99"]').waitFor();
    await says(page, "200 read");
  });
  await run("full", "find a person", `${c}/people`, async (page) => {
    await title(page, /19 public/);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("mei");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 2, name: "Mei Chen" }).waitFor();
  }, { themes: ["light"] });
  await run("full", "accepting needs a reason", `${c}/people`, async (page) => {
    await page.getByRole("searchbox", { name: "Name" }).fill("yusuf");
    await page.getByText("Yusuf Demir").click();
    await page.getByRole("button", { name: "Accept Yusuf…" }).click();
    await says(page, "All 19 private seats are taken.");
    expect(await page.getByRole("button", { name: "Accept", exact: true }).isDisabled(), "it can be pressed without a reason");
    await page.getByLabel("Why it is done all the same").fill("A second seat was agreed");
    await says(page, "Has a seat; sector and employer freeze.");
    expect(!(await page.getByRole("button", { name: "Accept", exact: true }).isDisabled()), "a reason does not open it");
  });
  await run("stale", "two edits of one person", `${c}/people`, async (page) => {
    await page.getByText("Mei Chen").click();
    await page.getByRole("button", { name: "Change…" }).click();
    await page.getByLabel("Another day").fill("23 Apr");
    await page.getByRole("button", { name: "Add the day" }).click();
    await says(page, "Would be away on Tue 23 Apr.");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("heading", { name: "Hannah Lowe changed Mei Chen meanwhile" }).waitFor();
    await says(page, "2 fields of 3 differ");
    await says(page, "With these choices: from Sheffield, away on Tue 23 Apr, needs: none.");
  });
  await run("full", "undo and redo", `${c}/people`, async (page) => {
    await page.getByText("Mei Chen").click();
    await page.getByRole("button", { name: "Change…" }).click();
    await page.getByLabel("Another day").fill("3 Apr");
    await page.getByLabel("Another day").press("Enter");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const pane = page.getByRole("complementary", { name: "Mei Chen" });
    await pane.getByText("Wed 3 Apr").waitFor();
    await page.keyboard.press("Control+z");
    await pane.getByText("None", { exact: true }).waitFor();
    await page.keyboard.press("Control+Shift+z");
    await pane.getByText("Wed 3 Apr").waitFor();
  }, { themes: ["light"] });
  await run("full", "challenges", `${c}/challenges`, (page) => title(page, "Every team has its challenge"), { widths: [1280, 1080] });
  await run("full", "giving a challenge", `${c}/challenges`, async (page) => {
    await page.getByRole("button", { name: /cut waiting at the courts/ }).click();
    await page.getByRole("button", { name: "Give it to a team…" }).click();
    await says(page, "Works on another challenge; the themes of its visits follow.");
  });
  await run("full", "offers", `${c}/offers`, (page) => title(page, "14 offers, eight in the plan"), { widths: [1280, 1080] });
  await run("full", "an offer and what a change does", `${c}/offers`, async (page) => {
    await page.getByRole("button", { name: /Usk Robotics/ }).click();
    await page.keyboard.press("c");
    await page.getByLabel("Largest group").fill("18");
    await page.getByLabel("Largest group").press("Tab");
    await says(page, "The group of 19 is larger than the host would take.");
  });
  await run("full", "load a file", `${c}/import`, (page) => title(page, "Load a file"), { widths: [1280, 1080] });
  const table = { name: "people.csv", mimeType: "text/csv", buffer: Buffer.from("name;sector\n".repeat(30_000)) };
  await run("full", "import with three wrong cells", `${c}/import`, async (page) => {
    await title(page, "Load a file");
    await page.locator("input[type=file]").first().setInputFiles(table);
    await title(page, "people.csv");
    await says(page, "3 rows need you");
    await page.keyboard.press("n");
    expect(await page.evaluate(() => document.activeElement?.textContent === "New Street"), "N does not go to the first fix");
  }, { widths: [1280, 1080] });
  await run("full", "import corrected and loaded by keys", `${c}/import`, async (page) => {
    await title(page, "Load a file");
    await page.locator("input[type=file]").first().setInputFiles(table);
    await says(page, "3 rows need you");
    await page.keyboard.press("n");
    await page.keyboard.press("1");
    await says(page, "2 rows need you");
    await page.getByRole("button", { name: "Leave out 2, load 36" }).click();
    await page.getByRole("heading", { name: /Load 36 rows of people.csv/ }).waitFor();
    await page.getByRole("button", { name: "Load", exact: true }).click();
    await says(page, "people.csv is loaded");
    await page.getByRole("button", { name: "Another file…" }).click();
    await page.getByRole("button", { name: "Undo the whole file…" }).click();
    await says(page, "Were loaded by this file.");
  }, { themes: ["light"] });
  await run("full", "keys and looks", `${c}/home`, async (page) => {
    await title(page, /Week 9/);
    await page.keyboard.press("?");
    await page.getByRole("heading", { name: "Keys and looks" }).waitFor();
    await says(page, "Explain the date");
  });
  await run("full", "no token", "/", (page) => title(page, "A token is needed"), { server: { token: "right" }, allow: [/401/] });
  await run("full", "a token from the address is taken once", "/token=right", async (page, server) => {
    await page.goto(`${server.url}/#token=right`);
    await page.reload();
    await title(page, /Week 9/);
    expect(!page.url().includes("right"), `the address still says ${page.url()}`);
  }, { themes: ["light"], server: { token: "right" }, allow: [/401/] });

  // The server goes and comes back: what was read stays, a change waits, and it is sent once.
  const gone = [/ERR_CONNECTION_REFUSED/, /ERR_INCOMPLETE/, /ERR_EMPTY_RESPONSE/, /ERR_CONNECTION_RESET/, /ERR_INTERNET_DISCONNECTED/, /ERR_FAILED/];
  await run("full", "offline", `${c}/people`, async (page) => {
    await page.getByText("Mei Chen").click();
    await page.context().setOffline(true);
    await page.getByRole("button", { name: "Change…" }).click();
    await page.getByLabel("Another day").fill("3 Apr");
    await page.getByLabel("Another day").press("Enter");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await says(page, /Offline since/);
    await page.getByRole("button", { name: "Close, let it wait" }).click();
    await says(page, /1.change waits in this window/);
  }, { allow: gone });
  await run("full", "back from offline", `${c}/people`, async (page) => {
    await page.getByText("Mei Chen").click();
    await page.context().setOffline(true);
    await page.getByRole("button", { name: "Change…" }).click();
    await page.getByLabel("Another day").fill("3 Apr");
    await page.getByLabel("Another day").press("Enter");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("button", { name: "Close, let it wait" }).click();
    await says(page, /Offline since/);
    await page.context().setOffline(false);
    await page.getByText(/Offline since/).waitFor({ state: "detached" });
    await page.getByRole("complementary", { name: "Mei Chen" }).getByText("Wed 3 Apr").waitFor();
  }, { themes: ["light"], allow: gone });

  await run("stale", "a change that waited and came second", `${c}/people`, async (page) => {
    await page.getByText("Mei Chen").click();
    await page.context().setOffline(true);
    await page.getByRole("button", { name: "Change…" }).click();
    await page.getByLabel("Another day").fill("3 Apr");
    await page.getByLabel("Another day").press("Enter");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("button", { name: "Close, let it wait" }).click();
    await says(page, /Offline since/);
    await page.context().setOffline(false);
    await says(page, "“Change Mei Chen” was not kept: Hannah Lowe saved since you read this.");
  }, { allow: gone });

  // Whatever the screen: the system's own colours, one column at 640 px, text at twice its size.
  for (const [name, head] of [["home", /Week 9/], ["people", /19 public/], ["challenges", /Every team/], ["offers", /14 offers/], ["import", "Load a file"]]) {
    await run("full", `${name} in forced colours`, `${c}/${name}`, (page) => title(page, head), { themes: ["light"], context: { forcedColors: "active" } });
    await run("full", `${name} in one column`, `${c}/${name}`, (page) => title(page, head), { themes: ["light"], widths: [640] });
    await run("full", `${name} with text at 200 %`, `${c}/${name}`, (page) => title(page, head), { themes: ["light"], widths: [1600], large: true });
  }

  await t.check("a control: axe and the console watch see what is wrong", async () => {
    const server = await start({});
    const { page, said, close } = await t.open(`${server.url}/#${c}/home`);
    try {
      await title(page, /Week 9/);
      await page.evaluate(() => {
        document.querySelector("main").insertAdjacentHTML("beforeend", '<img src="/mark.svg">');
        console.error("broken");
      });
      let seen = false;
      await t.axe(page).catch(() => (seen = true));
      expect(seen, "an image without a name passes");
      expect(said.some((s) => s.includes("broken")), "an error on the console passes");
    } finally {
      await close();
      await server.stop();
    }
  });
  await t.check("by keyboard alone from the address to a saved change", async () => {
    const server = await start({});
    const { page, said, close } = await t.open(`${server.url}/#${c}/home`);
    try {
      await title(page, /Week 9/);
      await tabTo(page, 'nav a[href$="/people"]');
      await page.keyboard.press("Enter");
      await title(page, /19 public/);
      await tabTo(page, '[role=row][tabindex="0"]');
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 2, name: "Amara Okafor" }).waitFor();
      await page.keyboard.press("F6");
      await tabTo(page, ".foot button");
      await page.keyboard.press("Enter");
      await page.getByRole("dialog").waitFor();
      await page.getByLabel("Another day").focus();
      await page.keyboard.type("3 Apr");
      await page.keyboard.press("Enter");
      await tabTo(page, ".dlg .foot .go");
      await page.keyboard.press("Enter");
      await page.getByRole("complementary", { name: "Amara Okafor" }).getByText("Wed 3 Apr").waitFor();
      t.quiet(said);
    } finally {
      await close();
      await server.stop();
    }
  });
}
