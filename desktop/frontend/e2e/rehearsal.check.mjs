// A team's pitch, its stage and the page of a run, against the stand-in: every state, the keyboard alone, a reload and a crash
// in the middle of a run, a server that goes away, a microphone.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { start } from "./fixture.mjs";
import { expect } from "./kit.mjs";

/** A WAV of 16-bit samples. */
export const wavOf = (samples, rate) => {
  const b = Buffer.alloc(44 + samples.length * 2);
  b.write("RIFF", 0); b.writeUInt32LE(36 + samples.length * 2, 4); b.write("WAVEfmt ", 8); b.writeUInt32LE(16, 16); b.writeUInt16LE(1, 20); b.writeUInt16LE(1, 22);
  b.writeUInt32LE(rate, 24); b.writeUInt32LE(rate * 2, 28); b.writeUInt16LE(2, 32); b.writeUInt16LE(16, 34); b.write("data", 36); b.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((x, i) => b.writeInt16LE(Math.round(x * 32767), 44 + i * 2));
  return b;
};
// Half a second of tone, half a second of a quiet room, again and again: what stands out as a voice does.
const rate = 16_000;
export const voice = Array.from({ length: rate * 4 }, (_, i) => ((i / rate) % 1 < 0.5 ? 0.3 : 0.0004) * Math.sin((i / rate) * 2 * Math.PI * 180));

export default async function rehearsal(t) {
  const c = "/c/cohort:1";
  const team = `${c}/rehearse/team:5`;
  const stage = "/stage/cohort:1/team:5";
  const run = async (name, pitch, path, act, { themes = ["light", "dark"], widths = [1280], axe = true, ...more } = {}) => {
    for (const theme of themes) {
      for (const width of widths) {
        await t.check(`rehearsal: ${name}, ${theme}, ${width}`, async () => {
          const server = await start({ pitch });
          const { page, said, close } = await t.open(`${server.url}/#${path}`, { theme, width, ...more });
          try {
            await act(page, server);
            if (axe) {
              await t.axe(page);
              await t.readable(page);
              await t.shot(page, `rehearsal-${name.replace(/\W+/g, "-")}-${theme}-${width}`);
            }
            t.quiet(said);
          } finally {
            await close();
            await server.stop();
          }
        });
      }
    }
  };
  const title = (page, text) => page.getByRole("heading", { level: 1, name: text }).waitFor();
  const says = (page, text) => page.getByText(text).first().waitFor();
  const ask = async (server, query) => (await (await fetch(`${server.url}/graphql`, { method: "POST", body: JSON.stringify({ query }) })).json()).data;
  /** The newest run as the server has it. */
  const newest = async (server) => (await ask(server, `{ pitch(id: "pitch:5") { rehearsals(first: 1) { nodes { id number state lastSequence events { sequence kind atMilliseconds slide } recording { bytes milliseconds } consents { givenAt } } } } }`)).pitch.rehearsals.nodes[0];
  const until = async (what, holds) => {
    const end = Date.now() + 20_000;
    for (;;) {
      const found = await what();
      if (holds(found)) return found;
      if (Date.now() > end) throw new Error(`it stays ${JSON.stringify(found).slice(0, 300)}`);
      await new Promise((r) => setTimeout(r, 100));
    }
  };
  const drawn = (page, slide) => page.locator(`.st-cur[data-slide="${slide}"]`).waitFor();
  const onStage = async (page) => {
    await page.getByRole("button", { name: "On stage without sound" }).click();
    await says(page, "Space starts the clock");
    await drawn(page, 1);
  };
  const allAgree = async (page) => {
    await page.getByRole("checkbox").first().waitFor({ state: "attached" });
    for (const box of await page.getByRole("checkbox").all()) await box.check({ force: true });
    await page.getByRole("button", { name: "Check the sound" }).click();
  };
  /** That a log is whole: numbered from 1 without gaps, never back in time. */
  const whole = (events) => {
    events.forEach((e, i) => expect(e.sequence === i + 1, `event ${i + 1} has number ${e.sequence}`));
    events.slice(1).forEach((e, i) => expect(e.atMilliseconds >= events[i].atMilliseconds, "an event lies before the one before it"));
  };

  await run("teams", "full", `${c}/rehearse`, (page) => title(page, /rehearsed/));
  await run("pitch", "full", team, async (page) => {
    await title(page, "Team 5: the slot is planned in full");
    await page.locator(".rh-first[data-slide]").waitFor();
  }, { widths: [1280, 1080] });
  await run("no pitch yet", "bare", team, (page) => title(page, "Team 5: no section yet"));
  await run("first run without sound", "first", `${team}/run/run:1`, async (page) => {
    await title(page, /Team 5, run 1/);
    await says(page, "The first run: the next one shows what changed.");
    await says(page, "This run was not recorded.");
  });
  await run("run", "full", `${team}/run/run:3`, async (page) => {
    await title(page, /Team 5, run 3/);
    await says(page, "drop the second example in Idea");
    await says(page, "P(overrun) is 76");
    await page.getByText("All figures by speaker, as a table").click();
  }, { widths: [1280, 1080] });
  await run("run in a noisy room", "noisy", `${team}/run/run:3`, async (page) => {
    await title(page, /Team 5, run 3/);
    await says(page, "Pace: no verdict");
    await says(page, "14 dB of speech over noise, 20 are needed.");
  });
  await run("analysis is followed and stopped", "unheard", `${team}/run/run:3`, async (page) => {
    await page.getByRole("button", { name: "Analyse the voices" }).click();
    await says(page, "Analysing, 40");
    await t.axe(page);
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await says(page, "The analysis was stopped.");
  }, { themes: ["light"] });
  await run("two runs beside each other", "full", `${team}/compare`, async (page) => {
    await title(page, "Run 3 took 16 s less than run 2");
    await says(page, "Dropped:");
  });
  await run("a yes is taken back", "full", `${team}/run/run:3`, async (page) => {
    await page.getByText("Five speakers agreed to this recording").click();
    await page.getByRole("button", { name: "Take Ellie’s yes back…" }).click();
    await t.axe(page);
    await page.getByRole("button", { name: "Remove the sound" }).click();
    await says(page, "Ellie Marsh took their yes back; the sound of this run is gone everywhere.");
    await says(page, "This run was not recorded.");
  }, { themes: ["light"] });
  await run("feedback and questions stay with the team", "full", `${team}/run/run:3`, async (page) => {
    await page.getByLabel("What to say").fill("The depot took too long.");
    await page.getByRole("button", { name: "Say it to the team" }).click();
    await page.getByRole("listitem").filter({ hasText: "The depot took too long." }).waitFor();
    await page.goto(page.url().replace(/\/run\/.*/, ""));
    await page.getByLabel("A question that was asked").fill("Who pays after June?");
    await page.keyboard.press("Enter");
    await page.getByRole("listitem").filter({ hasText: "Who pays after June?" }).waitFor();
    await page.getByRole("button", { name: "Drill…" }).click();
    await page.getByRole("heading", { name: /Question 1 of/ }).waitFor();
    await t.axe(page);
    await page.getByRole("button", { name: "Answered, next one" }).click();
    await page.getByRole("heading", { name: /Question 2 of/ }).waitFor();
  }, { themes: ["dark"] });
  await run("a pitch is written and saved", "bare", team, async (page, server) => {
    await page.getByRole("button", { name: "Begin with five" }).click();
    await page.getByLabel("Target").first().fill("soon");
    await page.keyboard.press("Control+s");
    await says(page, "Minutes and seconds, such as 1:30.");
    await t.axe(page);
    await page.getByLabel("Target").first().fill("1:10");
    await page.getByLabel("What is said in Problem").fill("Damp ruins homes.");
    await page.keyboard.press("Control+s");
    await page.getByRole("button", { name: "Saved" }).waitFor();
    const { node } = await ask(server, `{ node(id: "team:5") { ... on Team { pitch { sections { title targetSeconds script } } } } }`);
    expect(node.pitch.sections.length === 5 && node.pitch.sections[0].targetSeconds === 70 && node.pitch.sections[0].script === "Damp ruins homes.", JSON.stringify(node.pitch.sections));
    await page.getByLabel("What is said in Ask").fill("Give us three streets.");
    await page.getByRole("link", { name: "Home" }).click();
    await page.getByRole("heading", { name: "The pitch is not saved" }).waitFor();
    await t.axe(page);
    await page.getByRole("button", { name: "Stay here" }).click();
    await page.locator("input[type=file]").waitFor({ state: "attached" });
  }, { themes: ["light"] });
  await run("slides that cannot be drawn say why", "full", team, async (page) => {
    await page.locator(".rh-first[data-slide]").waitFor();
    await page.locator("input[type=file]").setInputFiles({ name: "deck.pptx", mimeType: "application/octet-stream", buffer: Buffer.from("PK") });
    await says(page, "PowerPoint files are drawn by LibreOffice");
    await page.locator("input[type=file]").setInputFiles({ name: "deck.key", mimeType: "application/octet-stream", buffer: Buffer.from("no") });
    await says(page, "deck.key is neither PDF, PPTX nor pdfpc notes.");
  });
  await run("before the run", "full", stage, async (page) => {
    await title(page, "Before the run");
    await page.getByLabel("We must have finished at").fill("25:99");
    await says(page, "A time of day, such as 17:45.");
    await page.getByLabel("We must have finished at").fill("");
  }, { widths: [1280, 1080] });

  await run("on stage", "full", stage, async (page) => {
    await onStage(page);
    await page.keyboard.press("Space");
    for (let slide = 2; slide <= 6; slide++) {
      await page.keyboard.press("PageDown");
      await drawn(page, slide);
    }
    await says(page, "Tom speaks");
    await says(page, "Next: slide 7 of 11");
    // No click advances.
    await page.locator(".st-cur").click();
    await page.mouse.click(640, 300, { clickCount: 2 });
    await drawn(page, 6);
    await page.keyboard.press("p");
    await says(page, "A question: P goes on, targets stay");
  }, { widths: [1280, 1080] });
  await run("all slides, and the end", "full", stage, async (page) => {
    await onStage(page);
    await page.keyboard.press("Space");
    await page.keyboard.press("o");
    await page.locator(".st-thumb[data-slide='11']").waitFor();
    await t.axe(page);
    for (let i = 0; i < 8; i++) await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await drawn(page, 9);
    await page.keyboard.press("Escape");
    await says(page, "End the run here?");
  }, { themes: ["dark"] });

  await run("a run from the list to its page by keyboard alone", "full", `${c}/rehearse`, async (page, server) => {
    await page.locator(".rh-teams a").first().waitFor();
    await page.locator(".rh-teams a").first().focus();
    await page.keyboard.press("Enter");
    await title(page, "Team 5: the slot is planned in full");
    await page.keyboard.press("r");
    await title(page, "Before the run");
    await page.keyboard.press("Enter"); // the button has the focus
    await says(page, "Space starts the clock");
    await drawn(page, 1);
    await page.keyboard.press("F5"); // a clicker's first key is no reload
    await page.keyboard.press("Space");
    await page.keyboard.press("h");
    await drawn(page, 3);
    await page.keyboard.press("Backspace");
    await drawn(page, 1);
    for (let slide = 2; slide <= 11; slide++) {
      await page.keyboard.press("PageDown");
      await drawn(page, slide);
    }
    await page.keyboard.press(".");
    await says(page, "The audience sees black.");
    await page.keyboard.press(".");
    await page.keyboard.press("PageDown");
    await says(page, "That was the last one. End the run?");
    await page.keyboard.press("PageDown");
    await says(page, "Everything is kept.");
    const kept = await until(() => newest(server), (r) => r.state === "FINISHED");
    whole(kept.events);
    expect(kept.events.map((e) => e.kind).join() === "START,SLIDE,PAUSE,RESUME,HANDOVER,SECTION,SLIDE,UNDO,UNDO,UNDO,SLIDE,SECTION,SLIDE,SLIDE,SLIDE,SECTION,SLIDE,SLIDE,SLIDE,SECTION,SLIDE,SLIDE,SECTION,SLIDE,CLICK,CLICK,END", kept.events.map((e) => e.kind).join());
    await page.locator(".st-done .go:focus").waitFor();
    await page.keyboard.press("Enter"); // to the run's page
    await title(page, /Team 5, run 4/);
  }, { themes: ["light"], axe: false });

  await run("a reload in the middle of a run loses nothing", "full", stage, async (page, server) => {
    await onStage(page);
    await page.keyboard.press("Space");
    for (const slide of [2, 3, 4]) {
      await page.keyboard.press("PageDown");
      await drawn(page, slide);
    }
    await page.reload();
    await drawn(page, 4);
    await page.keyboard.press("PageDown");
    await drawn(page, 5);
    const kept = await until(() => newest(server), (r) => r.events.some((e) => e.slide === 5));
    whole(kept.events);
    expect(kept.number === 4, `a reload began run ${kept.number}`);
    expect(kept.events.filter((e) => e.kind === "START").length === 1 && !kept.events.slice(3).some((e) => e.kind === "PAUSE"), "a reload stopped the clock or began again");
  }, { themes: ["light"], axe: false });

  await run("without the server the run goes on, and is sent once it is back", "full", stage, async (page, server) => {
    await onStage(page);
    await page.keyboard.press("Space");
    await until(() => newest(server), (r) => r.events.length >= 4);
    await page.route("**/graphql", (r) => r.abort());
    for (let slide = 2; slide <= 7; slide++) {
      await page.keyboard.press("PageDown");
      await drawn(page, slide);
    }
    await says(page, "Kept on this device; the server is away");
    expect(!(await newest(server)).events.some((e) => e.slide === 2), "something was sent while the server was away");
    await page.unroute("**/graphql");
    const kept = await until(() => newest(server), (r) => r.events.some((e) => e.slide === 7));
    whole(kept.events);
  }, { themes: ["light"], axe: false, allow: [/Failed to load resource/] });

  await t.check("rehearsal: a crash of the browser loses no key that moved the screen", async () => {
    const server = await start({});
    const profile = mkdtempSync(join(tmpdir(), "tandem-crash-"));
    const open = () => chromium.launchPersistentContext(profile, { executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: "--headless --no-sandbox --disable-gpu --no-first-run".split(" "), viewport: { width: 1280, height: 800 } });
    try {
      const before = await open();
      const page = before.pages()[0] ?? (await before.newPage());
      await page.route("**/graphql", async (r) => (/appendRunEvents|startRehearsal/.test(r.request().postData() ?? "") ? r.abort() : r.continue()));
      await page.goto(`${server.url}/#${stage}`);
      await onStage(page);
      await page.keyboard.press("Space");
      for (let slide = 2; slide <= 6; slide++) {
        await page.keyboard.press("PageDown");
        await drawn(page, slide);
      }
      const gone = new Promise((r) => before.on("close", r));
      await before.newCDPSession(page).then((s) => s.send("Browser.crash")).catch(() => undefined);
      await gone;
      // The disk of this device is the only place that knows the run.
      expect((await newest(server)).number === 3, "the server had the run already");
      const after = await open();
      const again = after.pages()[0] ?? (await after.newPage());
      await again.goto(`${server.url}/#${stage}`);
      await drawn(again, 6);
      const kept = await until(() => newest(server), (r) => r.number === 4 && r.events.some((e) => e.slide === 6));
      whole(kept.events);
      await after.close();
    } finally {
      await server.stop();
      rmSync(profile, { recursive: true, force: true });
    }
  });

  await run("the audience's window shows the slide of the stage", "full", stage, async (page) => {
    await onStage(page);
    const opening = page.context().waitForEvent("page");
    await page.keyboard.press("a");
    const audience = await opening;
    await audience.locator(".au-slide[data-slide='1']").waitFor();
    await page.keyboard.press("Space");
    await page.keyboard.press("PageDown");
    await audience.locator(".au-slide[data-slide='2']").waitFor();
    await t.axe(audience);
    await page.keyboard.press("b");
    await audience.locator(".au-slide").waitFor({ state: "detached" });
  }, { themes: ["light"], axe: false });

  const folder = mkdtempSync(join(tmpdir(), "tandem-sound-"));
  const file = (name, samples) => { const path = join(folder, name); writeFileSync(path, wavOf(samples, rate)); return path; };
  await run("a microphone is heard, recorded through a reload, and sent", "full", stage, async (page, server) => {
    await allAgree(page);
    await says(page, "I can hear you.");
    await t.axe(page);
    await t.shot(page, "rehearsal-sound-check-light");
    expect(!(await newest(server)).consents.every((x) => x.givenAt) || (await newest(server)).number === 3, "a run was opened by a sound check");
    await page.getByRole("button", { name: "On stage, recorded" }).click();
    await says(page, "Recording, all five agreed");
    const opened = await newest(server);
    expect(opened.number === 4 && opened.consents.every((x) => x.givenAt), "recording began before each yes was kept");
    await page.keyboard.press("Space");
    const seconds = () => page.evaluate(() => new Promise((done) => { const o = indexedDB.open("tandem-rehearsal"); o.onsuccess = () => { const r = o.result.transaction("sound").objectStore("sound").count(); r.onsuccess = () => done(r.result); }; }));
    await until(seconds, (n) => n >= 2);
    await page.reload();
    await says(page, "Recording, all five agreed");
    await until(seconds, (n) => n >= 4);
    await t.shot(page, "rehearsal-recording-light");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Space");
    const kept = await until(() => newest(server), (r) => r.recording !== null);
    expect(kept.recording.milliseconds >= 4000, `the recording is ${kept.recording.milliseconds} ms long`);
    expect((await until(seconds, (n) => n === 0)) === 0, "sound stays on this device");
    const sound = server.world.uploads;
    expect([...sound.values()].some((u) => u.name === "run.wav" && u.received === u.bytes), "the sound arrived in part");
  }, { themes: ["light"], axe: false, microphone: file("voice.wav", voice) });
  await run("a muted microphone is noticed before the run", "full", stage, async (page) => {
    await allAgree(page);
    await says(page, "Silence. The microphone is muted");
  }, { themes: ["light"], microphone: file("silence.wav", new Array(rate * 2).fill(0)) });
  await run("no microphone, and everything else works", "full", stage, async (page) => {
    await allAgree(page);
    await says(page, "No microphone.");
    await t.axe(page);
    await onStage(page);
  }, { themes: ["light"], axe: false });
  rmSync(folder, { recursive: true, force: true });
}
