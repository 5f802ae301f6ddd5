// Every check of the screens in a real browser: against a running Tandem (TANDEM_URL, TANDEM_TOKEN), and against the
// stand-in for states that a real one is hard to bring into. Prints "N passed, N failed".
import { existsSync } from "node:fs";
import { kit } from "./kit.mjs";
import brief from "./brief.check.mjs";
import byHand from "./programme.check.mjs";
import explore from "./explore.check.mjs";
import pairs from "./pairs.check.mjs";
import rehearsal from "./rehearsal.check.mjs";
import repair from "./repair.check.mjs";
import team from "./team.check.mjs";
import states from "./states.check.mjs";
import screens from "./screens.check.mjs";

const url = process.env.TANDEM_URL?.replace(/\/$/, "");
const token = process.env.TANDEM_TOKEN;
if (!existsSync(new URL("../dist/index.html", import.meta.url))) {
  console.error("The screens are not built: npm run build");
  process.exit(1);
}
const t = await kit();
await states(t);
await rehearsal(t);
if (url) {
  await screens(t, { url, token });
  await explore(t, { url, token });
  await byHand(t, { url, token });
  await brief(t, { url, token });
  await team(t, { url, token });
} else await t.check("the screens of a running Tandem", () => { throw new Error("TANDEM_URL names none: go run . serve --sample, then TANDEM_URL=… TANDEM_TOKEN=… npm run e2e"); });
const more = new URL("./planner.check.mjs", import.meta.url);
if (existsSync(more)) await (await import(more.href)).default(t, { url, token });
await repair(t, { url, token });
if (url) await pairs(t, { url, token }); // last: it adds a host
process.exit(await t.done());
