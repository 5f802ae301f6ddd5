// A team of a running Tandem's sample rehearses: its pitch is written, run on stage and read on the run's page, by keyboard.
import { expect } from "./kit.mjs";
import { voice, wavOf } from "./rehearsal.check.mjs";
import { deckOf } from "./rehearsal-fixture.mjs";

export default async function team(t, { url, token }) {
  const graphql = async (query, variables = {}, secret = token) => {
    const r = await fetch(`${url}/graphql`, { method: "POST", headers: { "content-type": "application/json", authorization: `Bearer ${secret}` }, body: JSON.stringify({ query, variables }) });
    const answer = await r.json();
    if (!answer.data) throw new Error(JSON.stringify(answer.errors));
    return answer.data;
  };
  await t.check("team: a pitch is written, rehearsed and read, by its team alone", async () => {
    const { programmes } = await graphql("{ programmes(first: 1) { nodes { cohorts(first: 1) { nodes { id teams(first: 20) { nodes { id number members { id person { name } } } } } } } } }");
    const cohort = programmes.nodes[0].cohorts.nodes[0];
    const mine = cohort.teams.nodes[0];
    const { createApiToken } = await graphql("mutation T($input: CreateApiTokenInput!) { createApiToken(input: $input) { secret userErrors { message } } }", { input: { role: "MEMBER", onId: mine.members[0].id, label: "a member", expiresAt: new Date(Date.now() + 864e5).toISOString(), idempotencyKey: crypto.randomUUID() } });
    expect(createApiToken.secret, JSON.stringify(createApiToken.userErrors));
    const { page, said, close } = await t.open(`${url}/#token=${encodeURIComponent(createApiToken.secret)}`, { theme: "light" });
    const says = (text) => page.getByText(text).first().waitFor();
    try {
      await page.getByRole("navigation", { name: "Programme" }).or(page.getByRole("heading", { name: "Which cohort?" })).first().waitFor();
      await page.goto(`${url}/#/c/${cohort.id}/rehearse`);
      await page.locator(".rh-teams a").first().waitFor();
      expect((await page.locator(".rh-teams a").count()) === 1, "a member is shown other teams' pitches");
      await page.locator(".rh-teams a").focus();
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Begin with five" }).click();
      const said = ["Damp is found too late.", "We saw vans that pass each home.", "A sensor tells us in four days.", "It did so in twelve homes.", "Give us three streets."];
      for (const [i, words] of said.entries()) {
        await page.locator(".rh-section textarea").nth(i).fill(words);
        await page.getByRole("button", { name: /Speaker/ }).nth(i).click();
        await page.getByRole("option", { name: mine.members[i % mine.members.length].person.name }).click();
      }
      await page.keyboard.press("Control+s");
      await page.getByRole("button", { name: "Saved" }).waitFor();
      await t.axe(page);
      await t.shot(page, "team-pitch");
      await page.getByRole("button", { name: /^Rehearse/ }).click();
      await page.getByRole("heading", { level: 1, name: "Before the run" }).waitFor();
      await page.getByRole("button", { name: /^On stage/ }).press("Enter");
      await says("Space starts the clock");
      await page.keyboard.press("Space");
      await page.keyboard.press("PageDown");
      await says(`${mine.members[1].person.name.split(" ")[0]} speaks`);
      await t.axe(page);
      await t.shot(page, "team-stage");
      await page.reload();
      await says("What we saw");
      await page.keyboard.press("p");
      await says("A question: P goes on, targets stay");
      await page.keyboard.press("p");
      for (let i = 0; i < 3; i++) await page.keyboard.press("h");
      await page.locator(".st-sec.on", { hasText: "Ask" }).waitFor();
      await page.keyboard.press("PageDown");
      await says("That was the last one. End the run?");
      await page.keyboard.press("PageDown");
      await says("Everything is kept.");
      await page.locator(".st-done .go:focus").waitFor();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: /run 1$/ }).waitFor();
      await says("The first run: the next one shows what changed.");
      await t.axe(page);
      await t.readable(page);
      await t.shot(page, "team-run");
      const { node } = await graphql("query P($id: ID!) { node(id: $id) { ... on Team { pitch { id } } } }", { id: mine.id });
      expect(node.pitch === null, "the owner of a served Tandem reads a team's pitch");
    } finally {
      await close();
    }
    t.quiet(said);
  });

  await t.check("team: slides are shown, and a run's sound is brought and analysed", async () => {
    const { programmes } = await graphql("{ programmes(first: 1) { nodes { cohorts(first: 1) { nodes { id teams(first: 20) { nodes { id members { id person { name } } } } } } } } }");
    const cohort = programmes.nodes[0].cohorts.nodes[0];
    const mine = cohort.teams.nodes[1];
    const me = mine.members[0];
    const { createApiToken } = await graphql("mutation T($input: CreateApiTokenInput!) { createApiToken(input: $input) { secret userErrors { message } } }", { input: { role: "MEMBER", onId: me.id, label: "a member alone", expiresAt: new Date(Date.now() + 864e5).toISOString(), idempotencyKey: crypto.randomUUID() } });
    const secret = createApiToken.secret;
    const change = async (name, fields, input) => {
      const d = await graphql(`mutation M($input: ${name[0].toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${fields} userErrors { message fix } } }`, { input: { idempotencyKey: crypto.randomUUID(), ...input } }, secret);
      if (d[name].userErrors.length) throw new Error(JSON.stringify(d[name].userErrors));
      return d[name];
    };
    const { pitch } = await change("savePitch", "pitch { id version }", { teamId: mine.id, slotSeconds: 60, criteria: ["Value"], sections: [{ title: "Problem", presenterId: me.id, targetSeconds: 20, firstSlide: 1, lastSlide: 1, script: "Damp is found too late." }, { title: "Idea", presenterId: me.id, targetSeconds: 40, firstSlide: 2, lastSlide: 3, script: "A sensor tells us.\n\nNobody rings." }] });
    const { page, said, close } = await t.open(`${url}/#token=${encodeURIComponent(secret)}`, { theme: "dark" });
    const says = (text) => page.getByText(text).first().waitFor();
    try {
      await page.getByRole("navigation", { name: "Programme" }).or(page.getByRole("heading", { name: "Which cohort?" })).first().waitFor();
      await page.goto(`${url}/#/c/${cohort.id}/rehearse/${mine.id}`);
      await page.locator("input[type=file]").setInputFiles({ name: "deck.pdf", mimeType: "application/pdf", buffer: deckOf(["Damp is found too late", "A sensor tells us", "Nobody rings"]) });
      await page.locator(".rh-first[data-slide='1']").waitFor();
      await page.keyboard.press("r");
      await page.getByRole("button", { name: "On stage without sound" }).press("Enter");
      await page.locator(".st-cur[data-slide='1']").waitFor();
      await page.keyboard.press("Space");
      await page.keyboard.press("PageDown");
      await page.locator(".st-cur[data-slide='2']").waitFor();
      await t.axe(page);
      await t.shot(page, "team-stage-slides");
      await page.keyboard.press("PageDown");
      await page.locator(".st-cur[data-slide='3']").waitFor();
      await page.keyboard.press("PageDown");
      await page.keyboard.press("PageDown");
      await says("Everything is kept.");
      await page.locator(".st-done .go:focus").waitFor();
      await page.keyboard.press("Enter");
      await says("This run was not recorded.");
      await page.getByRole("checkbox").first().check({ force: true });
      await page.locator("input[type=file]").setInputFiles({ name: "room.wav", mimeType: "audio/wav", buffer: wavOf(voice, 16000) });
      await page.getByRole("button", { name: "Analyse the voices" }).click();
      await page.getByText("All figures by speaker, as a table").click();
      await says("Loudness");
      await page.getByRole("button", { name: "Play", exact: true }).click();
      await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
      await t.axe(page);
      await t.shot(page, "team-run-sound");
      await page.getByText("One speaker agreed to this recording").click();
      await page.getByRole("button", { name: /yes back…$/ }).click();
      await page.getByRole("button", { name: "Remove the sound" }).click();
      await says("the sound of this run is gone everywhere");
      const left = await graphql("query P($id: ID!) { pitch(id: $id) { rehearsals(first: 1) { nodes { recording { id } analysis { id } } } } }", { id: pitch.id }, secret);
      expect(JSON.stringify(left.pitch.rehearsals.nodes) === '[{"recording":null,"analysis":null}]', JSON.stringify(left));
    } finally {
      await close();
    }
    t.quiet(said);
  });
}
