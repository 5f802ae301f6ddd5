// What every check of the screens uses: Debian's Chromium, a page whose console is watched, axe, pictures, a count.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";

const flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(" ");

/** Starts the browser and returns the kit; `shots` is where pictures go, none without it. */
export async function kit({ shots = process.env.TANDEM_SHOTS } = {}) {
  if (shots) mkdirSync(shots, { recursive: true });
  const launch = (...more) => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: [...flags, ...more] });
  const browser = await launch();
  let largeOne = null;
  const hearing = new Map();
  let passed = 0;
  const failures = [];

  // `npm run e2e -- offline` runs the checks whose names say so.
  const only = process.argv[2] ? new RegExp(process.argv[2]) : null;

  /** Runs one check; what it throws is its failure. */
  const check = async (name, run) => {
    if (only && !only.test(name)) return;
    try {
      await run();
      passed++;
      console.log(`ok    ${name}`);
    } catch (e) {
      failures.push(name);
      console.log(`FAIL  ${name}\n      ${String(e?.message ?? e).split("\n").slice(0, 12).join("\n      ")}`);
    }
  };

  /** Opens a page of its own. `allow` are console lines that the check is about, such as a refused connection. */
  const open = async (url, { theme = "light", width = 1280, height = 800, allow = [], context: more = {}, large = false, microphone = null } = {}) => {
    // Text at twice its size is a setting of the browser, so it takes a browser of its own.
    if (large) largeOne ??= await launch("--blink-settings=defaultFontSize=32");
    // A microphone that plays a file is a setting of the browser, too.
    if (microphone && !hearing.has(microphone)) hearing.set(microphone, await launch("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", `--use-file-for-fake-audio-capture=${microphone}`));
    const context = await (hearing.get(microphone) ?? (large ? largeOne : browser)).newContext({ viewport: { width, height }, colorScheme: theme, locale: "en-GB", acceptDownloads: true, ...more });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const said = [];
    page.on("console", (m) => ["error", "warning"].includes(m.type()) && !allow.some((a) => a.test(m.text())) && said.push(`${m.type()}: ${m.text()}`));
    page.on("pageerror", (e) => said.push(`uncaught: ${e.message}`));
    await page.goto(url);
    return { page, said, close: () => context.close() };
  };

  /** No violation of WCAG A to 2.2 AA, nor of axe's best practices. */
  const axe = async (page) => {
    const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]).analyze();
    if (violations.length) throw new Error(violations.map((v) => `${v.id}: ${v.nodes.length} × ${v.nodes[0].html.slice(0, 200)}`).join("\n"));
  };

  /** No text under 12 px, and nothing that scrolls sideways by mistake. */
  const readable = async (page) => {
    const wrong = await page.evaluate(() => {
      const out = [];
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let n = walk.nextNode(); n; n = walk.nextNode()) {
        const e = n.parentElement;
        if (!n.textContent.trim() || !e || e.closest("svg,.vh,script,style")) continue;
        if (parseFloat(getComputedStyle(e).fontSize) < 12) out.push(`small: ${n.textContent.trim().slice(0, 40)}`);
      }
      if (document.documentElement.scrollWidth > document.documentElement.clientWidth + 1) out.push("the page scrolls sideways");
      return out.slice(0, 5);
    });
    if (wrong.length) throw new Error(wrong.join("\n"));
  };

  const quiet = (said) => {
    if (said.length) throw new Error(said.join("\n"));
  };
  const shot = async (page, name) => {
    if (shots) await page.screenshot({ path: join(shots, `${name}.png`) });
  };
  const done = async () => {
    await browser.close();
    await largeOne?.close();
    for (const b of hearing.values()) await b.close();
    console.log(`${passed} passed, ${failures.length} failed`);
    return failures.length === 0 ? 0 : 1;
  };
  return { browser, check, open, axe, readable, quiet, shot, done };
}

/** That something holds, with a word on what was found instead. */
export function expect(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}

/** Presses Tab until the focus is on what the selector names; fails after so many. */
export async function tabTo(page, selector, most = 60) {
  for (let i = 0; i < most; i++) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector)) return;
  }
  throw new Error(`${selector} is not reached by ${most} Tabs`);
}
