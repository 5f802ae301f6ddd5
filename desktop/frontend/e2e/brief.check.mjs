// The brief to a sponsor against a running Tandem: what came of it entered, a brief written and released by keyboard, and the
// page that its link opens, without script.
import { expect } from "./kit.mjs";

async function graphql(url, token, query, variables = {}) {
  const r = await fetch(`${url}/graphql`, { method: "POST", headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) }, body: JSON.stringify({ query, variables }) });
  const answer = await r.json();
  if (!answer.data) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

export default async function brief(t, { url, token }) {
  const { programmes } = await graphql(url, token, "query Cohorts { programmes(first: 100) { nodes { id cohorts(first: 100) { nodes { id } } } } }");
  const cohort = programmes.nodes.flatMap((p) => p.cohorts.nodes)[0].id;
  const open = async (path, options) => {
    const o = await t.open(token ? `${url}/#token=${encodeURIComponent(token)}` : `${url}/#/`, options);
    await o.page.getByRole("navigation", { name: "Programme" }).or(o.page.getByRole("heading", { name: "Which cohort?" })).first().waitFor();
    await o.page.goto(`${url}/#${path}`);
    await o.page.reload();
    return o;
  };
  const press = async (button) => {
    await button.focus();
    await button.page().keyboard.press("Enter");
  };
  const look = async (page, name) => {
    await t.axe(page);
    await t.readable(page);
    await t.shot(page, name);
  };

  for (const theme of ["light", "dark"]) {
    await t.check(`brief: a step of a team and a cost are recorded by keyboard, ${theme}`, async () => {
      const { page, said, close } = await open(`/c/${cohort}/progress`, { theme });
      try {
        await press(page.getByRole("button", { name: /^Team 1, framed/ }));
        const dialog = page.getByRole("dialog");
        await dialog.getByText("Read as").waitFor();
        if (theme === "light") {
          await dialog.getByText("The team has reached a step.").waitFor();
          await look(page, `brief-step-${theme}`);
          await press(dialog.getByRole("button", { name: "Save" }));
          await dialog.waitFor({ state: "detached" });
          await page.getByRole("button", { name: "Team 1, framed: Thu 7 Feb" }).waitFor();
        } else await page.keyboard.press("Escape");
        await press(page.getByRole("button", { name: "Add a line…" }));
        await dialog.getByLabel("For", { exact: true }).fill(`Rooms, ${theme}`);
        await dialog.getByLabel("Pounds").fill("1250.50");
        await dialog.getByLabel("Where the figure is from").fill("an estimate");
        await dialog.getByText("The line is added.").waitFor();
        await look(page, `brief-cost-${theme}`);
        await press(dialog.getByRole("button", { name: "Save" }));
        await dialog.waitFor({ state: "detached" });
        await page.getByRole("row", { name: new RegExp(`Rooms, ${theme}`) }).waitFor();
        await look(page, `brief-progress-${theme}`);
        t.quiet(said);
      } finally {
        await close();
      }
    });
  }

  await t.check("brief: a draft is written with its figures, refused for a bare number, released and shared, by keyboard", async () => {
    const { page, said, close } = await open(`/c/${cohort}/brief`);
    try {
      await press(page.getByRole("button", { name: "Draft the next…" }));
      const dialog = page.getByRole("dialog");
      await dialog.getByText("A brief begins, with the facts of today.").waitFor();
      await press(dialog.getByRole("button", { name: "Draft it" }));
      await page.getByRole("heading", { level: 1, name: "Brief 2 is being written" }).waitFor();
      await page.getByLabel("Headline").fill("All 38 are in");
      await page.getByText("a number in words is a token").waitFor();
      await look(page, "brief-draft-wrong-light");
      await page.getByLabel("Headline").fill("Everybody is in:");
      await press(page.getByRole("button", { name: /^Put Still taking part, 38 of 38/ }));
      expect((await page.getByLabel("Headline").inputValue()) === "Everybody is in: {RETAINED}", await page.getByLabel("Headline").inputValue());
      await page.frameLocator("iframe").getByText("Everybody is in: 38 of 38").waitFor();
      await page.getByLabel("Summary").fill("The first week went as planned.");
      await look(page, "brief-draft-light");
      await press(page.getByRole("button", { name: "Save the draft" }));
      await page.getByRole("button", { name: "Saved", exact: true }).waitFor();
      await press(page.getByRole("button", { name: "Release…" }));
      await dialog.getByText("Brief 2 is released; nothing changes it afterwards.").waitFor();
      await press(dialog.getByRole("button", { name: "Release it" }));
      await page.getByRole("heading", { level: 1, name: "Brief 2 for the sponsor" }).waitFor();
      await page.getByText("since brief 1").waitFor();
      await press(page.getByRole("button", { name: "Make a link…" }));
      await dialog.getByLabel("For whom").fill("The director’s office");
      await dialog.getByText("Whoever has the link reads this brief, and no other.").waitFor();
      await press(dialog.getByRole("button", { name: "Make the link" }));
      await page.getByRole("dialog", { name: "The link, shown this once" }).waitFor();
      const link = (await page.getByText(`${url}/b/`).textContent()).trim();
      await look(page, "brief-link-light");
      await press(page.getByRole("button", { name: "Done" }));
      await page.getByText("never opened").waitFor();
      await look(page, "brief-released-light");
      await reads(link);
      await press(page.getByRole("button", { name: "Revoke the link for The director’s office" }));
      await press(dialog.getByRole("button", { name: "Revoke it" }));
      await page.getByText(/revoked .*opened/).waitFor();
      const gone = await fetch(link);
      expect(gone.status === 404, `a revoked link answers ${gone.status}`);
      t.quiet(said);
    } finally {
      await close();
    }
  });

  await t.check("brief: the screen in the dark", async () => {
    const { page, said, close } = await open(`/c/${cohort}/brief`, { theme: "dark" });
    try {
      await page.frameLocator("iframe").getByRole("heading").first().waitFor();
      await look(page, "brief-released-dark");
      t.quiet(said);
    } finally {
      await close();
    }
  });

  /** What a link opens, with JavaScript off, on a desk and on a phone, in both themes. */
  async function reads(link) {
    for (const [theme, width] of [["light", 1280], ["dark", 1280], ["light", 390], ["dark", 390]]) {
      for (const javaScriptEnabled of [false, true]) {
        const { page, said, close } = await t.open(link, { theme, width, context: { javaScriptEnabled } });
        try {
          await page.getByText("Everybody is in: 38 of 38").first().waitFor();
          await t.readable(page);
          if (javaScriptEnabled) await t.axe(page); // axe itself is a script
          else await t.shot(page, `brief-page-${theme}-${width}`);
          t.quiet(said);
        } finally {
          await close();
        }
      }
    }
  }
}
