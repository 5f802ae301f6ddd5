// A stand-in for the server behind the planner, for what a real one is hard to bring into: an edit that comes second,
// a planning that takes its time, 2,000 people, no plan at all. It answers from the contract itself. People and hosts are
// invented; stations are real, their places to about 1 km.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSchema, execute, parse, subscribe, validate } from "graphql";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../../..");
const source = [join(root, "schema.graphqls"), ...readdirSync(join(root, "graph/schema")).sort().map((f) => join(root, "graph/schema", f))];
const schema = buildSchema(source.map((f) => readFileSync(f, "utf8")).join("\n"));

const stations = [
  ["London Euston", "ENGLAND", 51.53, -0.13], ["Leeds", "ENGLAND", 53.79, -1.55], ["Manchester Piccadilly", "ENGLAND", 53.48, -2.23], ["Birmingham New Street", "ENGLAND", 52.48, -1.9],
  ["Bristol Temple Meads", "ENGLAND", 51.45, -2.58], ["York", "ENGLAND", 53.96, -1.09], ["Newport (South Wales)", "WALES", 51.59, -3], ["Glasgow Central", "SCOTLAND", 55.86, -4.26],
  ["Hull", "ENGLAND", 53.74, -0.35], ["Reading", "ENGLAND", 51.46, -0.97], ["Sheffield", "ENGLAND", 53.38, -1.46], ["Edinburgh", "SCOTLAND", 55.95, -3.19],
  ["Dundee", "SCOTLAND", 56.46, -2.97], ["Swansea", "WALES", 51.63, -3.94], ["Cardiff Central", "WALES", 51.48, -3.18],
].map(([name, nation, latitude, longitude]) => ({ code: name.slice(0, 3).toUpperCase(), name, nation, latitude, longitude }));
const at = (name) => stations.find((s) => s.name.startsWith(name));
const publicNames = "Catrin Rees,Amara Okafor,Farah Siddiqui,Gareth Pugh,Hannah Lowe,Kofi Boateng,Oliver Stroud,Rhys Madoc,Priya Nair,Ben Hallam,Dev Mistry,Ellie Marsh,Jess Tully,Nia Beynon,Olu Sowande,Sara Quill,Tom Wren,Lena Hart,Mark Ossian".split(",");
const privateNames = "Adaeze Nwosu,Bethan Voyle,Isaac Mbeki,Mei Chen,Dina Farouk,Freya Lindqvist,Sophie Lam,Yusuf Demir,Paul Adeyemi,Leo Marchetti,George Tan,Holly Cartwright,Nathan Frost,Orla Quinn,Callum Reid,Ewan Baird,Isla Munro,Karim Bell,Rosa Imber".split(",");
const teamsOf = [["Waste chain", ["tracking", "data"]], ["Rural isolation", ["isolation", "care"]], ["Border goods", ["border", "tracking"]], ["Care sequence", ["care", "service design"]], ["Housing sensors", ["housing", "sensors"]], ["Audit data", ["audit", "data"]], ["Protected land", ["land", "sensors"]]];
// name, station, themes, least, most, days, lead time in working days
const hosts = [
  ["Euston Service Lab", "London", ["service design", "care"], 12, 40, ["2019-02-26", "2019-02-27"], 5], ["Calder Loom Works", "Leeds", ["sensors", "housing"], 8, 24, ["2019-03-12", "2019-03-13"], 5],
  ["Irwell Data Hall", "Manchester", ["data", "audit"], 10, 24, ["2019-03-12", "2019-03-13"], 8], ["Midland Control Room", "Birmingham", ["tracking", "border"], 8, 22, ["2019-03-27", "2019-03-28"], 10],
  ["Temple Quay Studio", "Bristol", ["isolation", "care"], 8, 24, ["2019-03-27", "2019-03-28"], 5], ["Foss Field Station", "York", ["land", "sensors"], 12, 40, ["2019-04-09"], 5],
  ["Usk Robotics", "Newport", ["care", "tracking"], 12, 24, ["2019-04-23", "2019-04-24", "2019-04-25"], 5], ["Kelvin Signal Lab", "Glasgow", ["sensors", "data"], 8, 24, ["2019-04-23"], 5],
  ["Humber Port Twin", "Hull", ["data", "audit"], 10, 30, ["2019-03-12"], 10], ["Thames Fibre Centre", "Reading", ["isolation"], 8, 30, ["2019-03-05", "2019-03-06", "2019-03-07"], 5],
  ["Don Foundry Lab", "Sheffield", ["sensors"], 4, 8, ["2019-04-10"], 5], ["Forth Sensor Yard", "Edinburgh", ["sensors", "land"], 8, 24, ["2019-03-06"], 20],
  ["Tay Bioscience Park", "Dundee", ["land"], 8, 24, ["2019-04-02"], 5], ["Tawe Tide Centre for Marine Energy and Coastal Resilience", "Swansea", ["land", "sensors"], 8, 24, ["2019-04-22"], 5],
];
const nations = { ENGLAND: "England", WALES: "Wales", SCOTLAND: "Scotland" };
const holidays = [["2019-04-19", "Good Friday", ["ENGLAND", "WALES", "SCOTLAND"]], ["2019-04-22", "Easter Monday", ["ENGLAND", "WALES"]]];
const add = (d, n) => new Date(Date.parse(`${d}T00:00:00Z`) + n * 864e5).toISOString().slice(0, 10);
const weekday = (d) => new Date(`${d}T00:00:00Z`).getUTCDay();
const said = (d) => `${["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][weekday(d)]} ${Number(d.slice(8))} ${["", "Jan", "Feb", "Mar", "Apr", "May"][Number(d.slice(5, 7))]}`;
const holiday = (d, n) => holidays.find(([on, , all]) => on === d && n.some((x) => all.includes(x)));
const works = (d, n) => weekday(d) % 6 !== 0 && !holiday(d, n);
const back = (d, n, by) => { let k = by; let on = d; while (k > 0) { on = add(on, -1); if (works(on, n)) k--; } return on; };
const rad = Math.PI / 180;
const metres = (a, b) => { const h = Math.sin(((b.latitude - a.latitude) * rad) / 2) ** 2 + Math.cos(a.latitude * rad) * Math.cos(b.latitude * rad) * Math.sin(((b.longitude - a.longitude) * rad) / 2) ** 2; return Math.round(2 * 6371008 * Math.asin(Math.sqrt(h))); };
const minutes = (a, b) => 24 + Math.round((metres(a, b) * 1.2) / 1000 / 1.9);
const grams = (a, b) => Math.round((metres(a, b) * 1.2 * 2 * 0.04115));
const page = (nodes) => ({ first = 100, after } = {}) => {
  const from = after ? Number(after) + 1 : 0;
  const some = nodes.slice(from, from + Math.min(first ?? 100, 100));
  return { nodes: some, edges: [], totalCount: nodes.length, pageInfo: { hasNextPage: from + some.length < nodes.length, hasPreviousPage: from > 0, startCursor: null, endCursor: some.length ? String(from + some.length - 1) : null } };
};
const today = "2019-02-14";
const limit = 330;
const rate = { mode: "RAIL", pencePerKm: 15.2, year: 2019, own: false, note: null, source: { name: "Office of Rail and Road", url: null, licence: "OGL-3.0", publishedOn: null } };
const factor = { mode: "RAIL", circuity: 1.2, gramsPerPassengerKm: 41.15, year: 2019, source: { name: "UK government conversion factors", url: null, licence: "OGL-3.0", publishedOn: null } };

function world({ people: wanted, empty, stuck }) {
  let ids = 0;
  const id = (k) => `${k}:${++ids}`;
  const stamp = { version: 1, updatedAt: "2019-02-14T09:41:00Z", updatedBy: "Dana Roe" };
  const programme = { __typename: "Programme", id: "programme:1", ...stamp, name: "TechConnect 2019", startsOn: "2019-02-07", endsOn: "2019-05-01", timeZone: "Europe/London", officeNation: "ENGLAND", state: "RUNNING", today, seats: { public: wanted / 2, private: wanted / 2 } };
  programme.weeks = Array.from({ length: 12 }, (_, i) => ({ number: i + 1, startsOn: add("2019-02-07", i * 7), endsOn: add("2019-02-07", i * 7 + 6), bankHolidays: holidays.flatMap(([date, name, all]) => (date >= add("2019-02-07", i * 7) && date <= add("2019-02-07", i * 7 + 6) ? all.map((nation) => ({ date, name, nation })) : [])) }));
  programme.milestones = [{ __typename: "Milestone", id: "m1", name: "Opening day", on: "2019-02-07" }, { __typename: "Milestone", id: "m2", name: "Pitch day", on: "2019-04-29" }];
  const themeNames = [...new Set(hosts.flatMap((h) => h[2]))];
  const themes = themeNames.map((name, i) => ({ __typename: "Theme", id: `theme:${i}`, name }));
  const theme = (n) => themes[themeNames.indexOf(n)];
  const cohort = { __typename: "Cohort", id: "cohort:1", ...stamp, name: "TechConnect 2019", programme };
  const teams = teamsOf.map(([name, t], i) => ({ __typename: "Team", id: `team:${i + 1}`, ...stamp, number: i + 1, name, themes: t, members: [], cohort, sectors: { public: 3, private: 2 }, calendar: () => ics(`team ${i + 1}`) }));
  const half = wanted / 2;
  const enrolments = Array.from({ length: wanted }, (_, i) => {
    const sector = i < half ? "PUBLIC" : "PRIVATE";
    const k = i % half;
    const name = (sector === "PUBLIC" ? publicNames : privateNames)[k % 19] + (k >= 19 ? ` ${Math.floor(k / 19) + 1}` : "");
    const home = name.startsWith("Callum") ? at("Edinburgh") : stations[[0, 0, 3, 4, 6, 2, 9, 14, 0, 3, 1, 10][(i * 5 + 2) % 12]];
    const team = teams[i % 7];
    const e = { __typename: "Enrolment", id: `enrolment:${i}`, ...stamp, cohort, state: "ACTIVE", sectorAtEnrolment: sector, person: { __typename: "Person", id: `person:${i}`, ...stamp, name, email: null, externalKey: null, affiliations: [] }, employerAtEnrolment: { __typename: "Organisation", id: `org:${k % 8}`, ...stamp, name: ["Revenue", "Transport", "Justice", "Health", "Arden Systems", "Gable Networks", "Corvane", "Inverleith"][(i < half ? 0 : 4) + (k % 4)], kind: "DEPARTMENT", sector }, homeStation: home, awayOn: { "Kofi Boateng": ["2019-03-12"], "Mei Chen": ["2019-03-27"], "Gareth Pugh": ["2019-04-09"], "Catrin Rees": ["2019-04-22"], "Rhys Madoc": ["2019-04-22"], "Sophie Lam": ["2019-04-22", "2019-04-24"], "Yusuf Demir": ["2019-04-22", "2019-04-24"] }[name] ?? [], team, calendar: () => ics(name) };
    team.members.push(e);
    return e;
  });
  const offers = hosts.map(([name, st, names, minGroup, maxGroup, days, lead], i) => ({ __typename: "HostOffer", id: `offer:${i}`, ...stamp, state: "OPEN", site: { __typename: "Site", id: `site:${i}`, ...stamp, name, organisation: { __typename: "Organisation", id: `host:${i}`, ...stamp, name, kind: "COMPANY", sector: "PRIVATE" }, station: at(st), stepFree: i % 5 !== 2, accessNotes: null }, themes: names.map(theme), names, minGroup, maxGroup: wanted > 100 ? maxGroup * 50 : maxGroup, durationMinutes: 270, windows: days.map((d) => ({ startsAt: `${d}T${d < "2019-03-31" ? "09" : "08"}:30:00Z`, endsAt: `${d}T${d < "2019-03-31" ? "16" : "15"}:00:00Z` })), days, blackoutDates: [], leadTimeWorkingDays: lead, requiredFields: [] }));

  const plans = [];
  const entries = () => plans.find((p) => p.state === "RELEASED");
  function ics(what) {
    const p = entries();
    if (!p) return null;
    return { entries: [], ics: ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tandem//stand-in//EN", `X-WR-CALNAME:${what}`, ...p.list.flatMap((v) => ["BEGIN:VEVENT", `UID:${v.id}@tandem`, `DTSTAMP:${today.replaceAll("-", "")}T000000Z`, `DTSTART:${v.startsAt.replace(/[-:]/g, "")}`, `SUMMARY:${v.offer.site.name}`, "END:VEVENT"]), "END:VCALENDAR", ""].join("\r\n") };
  }

  const groupOf = (letter, members) => ({ __typename: "VisitGroup", id: id("group"), name: letter, people: members });
  function visitOf(plan, offer, startsAt, letter, members) {
    const v = { __typename: "Visit", id: id("visit"), plan, offer, startsAt, pinned: false, state: "PLANNED", reason: null, manifest: null, group: groupOf(letter, members) };
    return v;
  }
  /** What the contract derives of a visit. */
  const shown = (v) => {
    const on = v.startsAt.slice(0, 10);
    const ways = v.group.people.map((e) => minutes(e.homeStation, v.offer.site.station)).sort((a, b) => a - b);
    const travel = { journeys: ways.length, leastMinutes: ways[0] ?? 0, middleMinutes: ways[Math.floor((ways.length - 1) / 2)] ?? 0, mostMinutes: ways.at(-1) ?? 0, gramsCo2e: v.group.people.reduce((n, e) => n + grams(e.homeStation, v.offer.site.station), 0), pence: ways.length * 4200, penceAHead: 4200, explain: { text: "Great circle by 1.2, by rail, an estimate.", estimated: ways.length, entered: 0, greatCircleMetres: 0, factors: [factor], pricesEstimated: ways.length, pricesEntered: 0, pricesMissing: 0, rates: [rate] } };
    const around = [v.offer.site.station.nation, "ENGLAND"];
    const deadline = (kind, by) => {
      const dueOn = back(on, around, by);
      const days = [];
      for (let d = dueOn; d <= on; d = add(d, 1)) days.push({ on: d, counts: works(d, around), holidays: holiday(d, around) ? [{ date: d, name: holiday(d, around)[1], nation: around[0] }] : [] });
      return { kind, about: v, dueOn, state: dueOn < today ? "LATE" : "DUE", workingDaysLeft: 5, ready: ways.length, of: ways.length, missing: [], explain: { text: `${by} working days before ${said(on)} in ${nations[around[0]]} and at the office in England.`, from: on, workingDays: -by, nations: [...new Set(around)], days } };
    };
    const { leadTimeWorkingDays: lead } = v.offer;
    return {
      ...v, version: v.plan.version, updatedAt: v.plan.updatedAt, updatedBy: v.plan.updatedBy, on, endsAt: new Date(Date.parse(v.startsAt) + 270 * 6e4).toISOString().replace(".000Z", "Z"),
      group: { ...v.group, visits: [], members: v.group.people.slice(0, 100), sectors: { public: v.group.people.filter((e) => e.sectorAtEnrolment === "PUBLIC").length, private: v.group.people.filter((e) => e.sectorAtEnrolment === "PRIVATE").length } },
      deadlines: () => [deadline("IDENTITY", lead + 3), deadline("NAMES", lead), deadline("NEEDS", 3)], broken: brokenOf(v.plan, v), travel,
      legs: page(v.group.people.flatMap((e) => [false, true].map((b) => ({ __typename: "Leg", id: `leg:${v.id}:${e.id}:${b}`, ...stamp, enrolment: e, back: b, between: false, homeStation: e.homeStation, mode: "RAIL", metres: metres(e.homeStation, v.offer.site.station), minutes: minutes(e.homeStation, v.offer.site.station), pence: null, gramsCo2e: grams(e.homeStation, v.offer.site.station), entered: false, figures: [] })))),
      explain: () => explainOf(v), plan: () => planView(v.plan),
    };
  };
  function brokenOf(plan, v) {
    const on = v.startsAt.slice(0, 10);
    const { offer } = v;
    const { nation } = offer.site.station;
    const out = [];
    const rule = (rule_, text, more = {}) => out.push({ rule: rule_, text, on, holiday: null, namesBy: null, limit: null, actual: null, people: [], overrideReason: v.reason, ...more });
    if (on < programme.startsOn || on > programme.endsOn) rule("OUTSIDE_PROGRAMME", `${said(on)} is outside the programme.`);
    const h = holiday(on, [nation]);
    if (h) rule("BANK_HOLIDAY", `Bank holiday in ${nations[nation]}: ${h[1]}.`, { holiday: { date: on, name: h[1], nation } });
    if (!offer.days.includes(on)) rule("NO_WINDOW", `${offer.site.name} offered ${offer.days.map(said).join(", ")}.`);
    const by = back(on, [nation, "ENGLAND"], offer.leadTimeWorkingDays);
    if (by < today) rule("LEAD_TIME", `Names were due ${said(by)}, before today.`, { namesBy: by });
    const n = v.group.people.length;
    if (n > offer.maxGroup) rule("GROUP_TOO_LARGE", `${offer.site.name} takes ${offer.maxGroup}, not ${n}.`, { limit: offer.maxGroup, actual: n });
    if (n < offer.minGroup) rule("GROUP_TOO_SMALL", `${offer.site.name} wants ${offer.minGroup}, not ${n}.`, { limit: offer.minGroup, actual: n });
    const away = v.group.people.filter((e) => e.awayOn.includes(on));
    if (away.length) rule("AWAY", `${away.map((e) => e.person.name).join(", ")} ${away.length === 1 ? "is" : "are"} away ${said(on)}.`, { people: away });
    const other = plan.list.find((x) => { const gap = Math.abs(Date.parse(x.startsAt.slice(0, 10)) - Date.parse(on)) / 864e5; return x !== v && gap > 1 && gap < 6; });
    if (other) rule("TOO_CLOSE", `${said(other.startsAt.slice(0, 10))} is too close.`);
    return out;
  }
  const scoreOf = (plan) => {
    let uncovered = 0;
    for (const t of teams) for (const name of t.themes) if (!plan.list.some((v) => v.offer.names.includes(name) && v.group.people.some((e) => e.team === t))) uncovered++;
    const short = enrolments.map((e) => 5 - plan.list.filter((v) => v.group.people.includes(e)).length);
    const total = (f) => plan.list.reduce((n, v) => n + v.group.people.reduce((m, e) => m + f(e.homeStation, v.offer.site.station), 0), 0);
    return { uncovered, maxShortfall: Math.max(0, ...short), squaredShortfall: short.reduce((n, s) => n + s * s, 0), minutes: total((a, b) => 2 * minutes(a, b)), gramsCo2e: total(grams) };
  };
  const boundOf = (plan) => { const s = scoreOf(plan); const least = plan.least ?? s.minutes * 0.988; return { uncovered: 0, maxShortfall: Math.min(1, s.maxShortfall), squaredShortfall: Math.min(3, s.squaredShortfall), minutes: Math.floor(least), gramsCo2e: Math.floor(s.gramsCo2e * 0.9), firstUnproved: "MINUTES", gapPercent: Math.max(0, Math.round((s.minutes / least - 1) * 1000) / 10) }; };
  function alternatives(v) {
    const on = v.startsAt.slice(0, 10);
    const days = [...new Set([...v.offer.days, add(on, -5), add(on, -4), add(on, -1), add(on, 1)])].filter((d) => d !== on && weekday(d) % 6 !== 0).sort();
    return days.map((d) => {
      const trial = { ...v, startsAt: `${d}T${v.startsAt.slice(11)}` };
      const plan = { ...v.plan, list: v.plan.list.map((x) => (x === v ? trial : x)) };
      const broken = brokenOf(plan, trial).filter((b) => b.rule !== "AWAY");
      const miss = v.group.people.filter((e) => e.awayOn.includes(d)).length;
      return { on: d, group: v.group.name, broken, moreMiss: broken.length ? null : miss, score: broken.length ? null : scoreOf(plan) };
    });
  }
  const explainOf = (v) => ({
    text: `Nearest open host for the middle traveller of ${said(v.startsAt.slice(0, 10))}'s hosts.`,
    onlyHere: teams.flatMap((t) => v.offer.names.filter((n) => t.themes.includes(n) && v.plan.list.filter((x) => x.offer.names.includes(n)).length === 1).map((n) => ({ team: t, theme: theme(n) }))),
    alternatives: alternatives(v),
  });
  // With a thing in, the best plan known has the last visit elsewhere and 40 minutes more.
  const dear = (text) => ({ __typename: "CostReason", code: "WOULD_COST", text, remedy: null, work: 5200, level: "MINUTES", leastLoss: 25,
    bound: () => { const s = scoreOf(plans.at(-1)); return { ...s, minutes: s.minutes + 25, gramsCo2e: 0, firstUnproved: "MINUTES", gapPercent: 0.1 }; },
    witness: () => { const p = plans.at(-1); const s = scoreOf(p); const v = p.list.at(-1); return { score: { ...s, minutes: s.minutes + 40 }, changes: [{ kind: "REMOVED", offer: v.offer, before: slot(v), after: null, people: v.group.people }, { kind: "ADDED", offer: offers[12], before: null, after: slot(v), people: v.group.people }] }; } });
  const reasons = {
    8: { __typename: "CostReason", code: "EQUAL_ALTERNATIVE", text: "Equal alternative: with it instead of Irwell Data Hall another plan is exactly as good.", remedy: "Swap it in: the plan stays as good.", work: 12400, witness: () => ({ score: scoreOf(plans.at(-1)), changes: [] }) },
    9: { __typename: "HeldReason", code: "DAYS_PINNED_AWAY", text: "Fortnight taken: open 5–7 Mar only; Tue 12 Mar is too close.", remedy: "Free if Tue 12 Mar moves.", heldBy: () => plans.at(-1).list.filter((v) => v.startsAt.startsWith("2019-03-12")).map(shown) },
    10: { __typename: "CountReason", code: "TOO_FEW_CAN_GO", text: "Group too large: it takes 8; the smallest group in a two-way split is 18.", remedy: "Fits a five-way split.", counts: () => [{ offer: offers[10], on: "2019-04-10", free: 38, stepFree: 37, withinLimit: 36, minGroup: 4 }] },
    11: { __typename: "DaysReason", code: "NO_DAY_LEFT", text: "Names too late: Wed 6 Mar needs names 20 working days before, Wed 6 Feb.", remedy: "Ask for a later day.", days: [{ rule: "LEAD_TIME", text: "Names were due Wed 6 Feb, before today.", on: "2019-03-06", holiday: null, namesBy: "2019-02-06", limit: null, actual: null, people: [], overrideReason: null }] },
    12: dear("Putting it in costs at least 25 minutes of travel, proved; the best plan known that has it costs 40 minutes of travel."),
    13: { __typename: "DaysReason", code: "NO_DAY_LEFT", text: "Bank holiday: its only day, Mon 22 Apr, is Easter Monday in Wales.", remedy: "Ask for another day.", days: [] },
  };
  const leftOf = (plan) => {
    const used = new Set(plan.list.map((v) => v.offer.id));
    const days = new Set(plan.list.map((v) => v.startsAt.slice(0, 10)));
    const out = offers.flatMap((o, i) => {
      const x = plan.exclusions.find((e) => e.offer === o);
      if (used.has(o.id)) return [];
      return [{ subject: o, reason: x ? { __typename: "ExcludedReason", code: "EXCLUDED", text: `Excluded: ${x.reason}`, remedy: "Let it in again.", exclusion: x } : (reasons[i] ?? { __typename: "CostReason", code: "NOT_DECIDED", text: "Not decided: the time ended before it was known.", remedy: "Plan again for longer.", work: 9000, witness: null }) }];
    });
    for (let d = programme.startsOn; d <= programme.endsOn; d = add(d, 1)) {
      if (weekday(d) % 6 === 0 || days.has(d)) continue;
      const open = offers.filter((o) => o.days.includes(d));
      out.push({ subject: { __typename: "PlanDay", on: d }, reason: open.length ? { __typename: "HeldReason", code: "FORTNIGHT_TAKEN", text: "Another day holds its fortnight.", remedy: null, heldBy: [], swap: dear("Putting this day in costs at least 25 minutes of travel, proved; the best plan known that has it costs 40 minutes of travel.") } : { __typename: "CountReason", code: "NO_OFFER", text: "No offer is open.", remedy: null, counts: [] } });
    }
    return out;
  };
  const exposuresOf = (plan) =>
    enrolments.map((e) => {
      const mine = plan.list.filter((v) => v.group.people.includes(e));
      const days = [...new Set(plan.list.map((v) => v.startsAt.slice(0, 10)))];
      const on = new Set(mine.map((v) => v.startsAt.slice(0, 10)));
      const m = mine.reduce((n, v) => n + 2 * minutes(e.homeStation, v.offer.site.station), 0);
      return { enrolment: e, visits: mine.length, attainable: 5, shortfall: Math.max(0, 5 - mine.length), minutes: m, leastMinutes: Math.round(m * 0.97), missed: days.filter((d) => !on.has(d)).map((d) => ({ subject: { __typename: "PersonDay", enrolment: e, on: d }, reason: { __typename: "PersonReason", code: e.awayOn.includes(d) ? "AWAY" : "NOTHING_ON", text: e.awayOn.includes(d) ? `Away ${said(d)}.` : "Taken off by hand.", remedy: e.awayOn.includes(d) ? "Another day in that fortnight." : null, sites: [], leastMinutes: null, limitMinutes: null } })) };
    });
  const planView = (p) => {
    const ways = p.list.flatMap((v) => v.group.people.map((e) => minutes(e.homeStation, v.offer.site.station))).sort((a, b) => a - b);
    return {
      __typename: "VisitPlan", id: p.id, version: p.version, updatedAt: p.updatedAt, updatedBy: p.updatedBy, cohort, number: p.number, state: p.state, releasedAt: p.releasedAt, seed: p.seed, cancelled: p.cancelled,
      rules: { visitDaysMax: 5, daysBetweenMin: null, hostsPerDayMax: 0, oneWayMinutesMax: limit, everyoneAtLeast: 0, coverEveryTheme: false, mentorSeats: 0, levels: ["UNCOVERED", "MAX_SHORTFALL", "SQUARED_SHORTFALL", "MINUTES", "GRAMS_CO2E"], lostDays: [], ...p.rules, exclusions: p.exclusions },
      journeyTable: () => ["Person,Team,Day,Host,Way,From,To", ...p.list.flatMap((v) => ["out", "back"].map((way) => `Everybody,${v.group.name},${v.on},${v.offer.site.name},${way},London Euston,${v.offer.site.name}`)), ""].join("\r\n"),
      score: () => scoreOf(p), bound: () => boundOf(p), provedLevels: 3, visits: page([...p.list].sort((a, b) => (a.startsAt + a.group.name < b.startsAt + b.group.name ? -1 : 1)).map(shown)),
      left: ({ filter, ...a }) => page([...leftOf(p), ...exposuresOf(p).flatMap((e) => e.missed)].filter((l) => {
        const kind = { HostOffer: "OFFER", PlanDay: "DAY", PersonDay: "PERSON_DAY" }[l.subject.__typename];
        return (!filter?.kinds || filter.kinds.includes(kind)) && (!filter?.aboutId || (l.subject.id ?? l.subject.enrolment?.id) === filter.aboutId) && (!filter?.on || l.subject.on === filter.on);
      }))(a),
      broken: () => p.list.flatMap((v) => brokenOf(p, v)), exposures: page(exposuresOf(p)),
      travel: { journeys: ways.length, leastMinutes: ways[0] ?? 0, middleMinutes: ways[Math.floor((ways.length - 1) / 2)] ?? 0, mostMinutes: ways.at(-1) ?? 0, gramsCo2e: scoreOf(p).gramsCo2e, pence: ways.length * 4200, penceAHead: 4200, explain: { text: "Great circle by 1.2, by rail, an estimate.", estimated: ways.length, entered: 0, greatCircleMetres: 0, factors: [factor], pricesEstimated: ways.length, pricesEntered: 0, pricesMissing: 0, rates: [rate] } },
      diffTo: ({ planId }) => diffOf(plans.find((x) => x.id === planId), p),
      repairs: ({ cause, freeVisitIds }) => waysOut(p, cause, freeVisitIds).map((way) => ({ ...way, score: scoreOf(way.plan) })),
    };
  };
  // Two ways out: without what is hit, and with Humber Port Twin, else another host, in its place. Stuck, nothing but what is freed may go.
  const ways = new Map();
  function waysOut(p, cause, free) {
    if (stuck && free.length === 0) return [];
    const named = cause.visitCancelled ?? cause.visitShrunk?.visitId;
    const gone = (v) => v.id === named || v.startsAt.slice(0, 10) === cause.dayLost;
    const who = cause.personLeft;
    const without = p.list.filter((v) => !gone(v)).map((v) => ({ ...v, group: { ...v.group, people: v.group.people.filter((e) => e.id !== who) } }));
    const hit = p.list.find(gone);
    const spare = hit && [8, 10, 9].map((i) => offers[i]).find((o) => !p.list.some((v) => v.offer === o));
    const lists = [without, ...(spare ? [[...without, { ...hit, id: id("visit"), offer: spare }]] : [])];
    return lists.map((list, i) => {
      const plan = { ...p, list };
      const { changes, placesChanged, impact } = diffOf(p, plan);
      const late = i ? [{ effect: "LATE", count: 1, subjects: () => [spare.site], because: `Names for ${spare.site.name} were due ${said(add(today, -2))}.`, notice: null }] : [];
      const way = { id: `way:${p.id}:${ways.size}`, ring: 1, placesChanged: placesChanged + (i ? 0 : (hit?.group.people.length ?? 0)), changes, impact: [...impact, ...late], plan };
      ways.set(way.id, way);
      return way;
    });
  }
  const slot = (v) => ({ startsAt: v.startsAt, group: v.group.name, sectors: shown(v).group.sectors });
  function diffOf(b, a) {
    const changes = [];
    for (const v of a.list) {
      const w = b.list.find((x) => x.offer === v.offer);
      const moved = (w?.group.people ?? []).filter((e) => !v.group.people.includes(e)).concat(v.group.people.filter((e) => !(w?.group.people ?? []).includes(e)));
      if (!w) changes.push({ kind: "ADDED", offer: v.offer, before: null, after: slot(v), people: v.group.people });
      else if (w.startsAt !== v.startsAt || w.group.name !== v.group.name) changes.push({ kind: "MOVED", offer: v.offer, before: slot(w), after: slot(v), people: v.group.people });
      else if (moved.length) changes.push({ kind: "REGROUPED", offer: v.offer, before: slot(w), after: slot(v), people: moved });
    }
    for (const w of b.list) if (!a.list.some((x) => x.offer === w.offer)) changes.push({ kind: "REMOVED", offer: w.offer, before: slot(w), after: null, people: [] });
    const eb = exposuresOf(b);
    return { before: planView(b), after: planView(a), changes, placesChanged: changes.reduce((n, c) => n + c.people.length, 0), people: exposuresOf(a).map((e, i) => ({ enrolment: e.enrolment, visits: e.visits - eb[i].visits, minutes: e.minutes - eb[i].minutes })), impact: impactOf(changes) };
  }
  function impactOf(changes) {
    const out = changes.map((c) => ({ effect: { ADDED: "CREATED", REMOVED: "REMOVED", MOVED: "CHANGED", REGROUPED: "CHANGED" }[c.kind], count: 1, subjects: () => [c.offer.site], because: { ADDED: `Request for ${said((c.after ?? c.before).startsAt.slice(0, 10))}, ${c.people.length} people; names to follow.`, REMOVED: "Thanks and reason. No names had been sent.", MOVED: `${c.after && said(c.after.startsAt.slice(0, 10))} instead of ${c.before && said(c.before.startsAt.slice(0, 10))}.`, REGROUPED: "The number of visitors changes." }[c.kind], notice: { title: `TechConnect visit to ${c.offer.site.name}`, text: `Dear ${c.offer.site.name},\n\nOur plan has changed: see the new day and number below.\n\nKind regards` } }));
    const people = [...new Set(changes.flatMap((c) => c.people))];
    if (people.length) out.push({ effect: "CHANGED", count: people.length, subjects: ({ first }) => people.slice(0, first), because: "New date or other group. Calendar entries update by themselves; a notice says so.", notice: { title: "Your visit days", text: "Your visit days have changed. Your calendar has the new ones." } });
    return out;
  }

  // The first plans: version 2 in force, draft 3 open.
  const split = (k) => enrolments.filter((e, i) => (i + k + (e.homeStation.latitude > 53 ? 0 : 1)) % 2 === 0);
  const rest = (some) => enrolments.filter((e) => !some.includes(e));
  const here_ = (on, all) => all.filter((e) => !e.awayOn.includes(on));
  const make = (number, state, list, more = {}) => {
    const p = { id: `plan:${number}`, number, state, version: 1, updatedAt: `2019-02-${state === "RELEASED" ? "08" : "14"}T09:41:00Z`, updatedBy: "Dana Roe", releasedAt: state === "RELEASED" ? "2019-02-08T10:00:00Z" : null, seed: 2019, cancelled: false, exclusions: [], ...more };
    p.list = list.map(([o, on, clock, letter, members]) => visitOf(p, offers[o], `${on}T${clock}:00Z`, letter, here_(on, members)));
    plans.push(p);
    return p;
  };
  if (!empty) {
    const a = split(0);
    const b = split(1).filter((_, i) => i % 2).concat(a.filter((_, i) => i % 2));
    make(2, "RELEASED", [[0, "2019-02-26", "10:00", "A", enrolments], [1, "2019-03-12", "10:30", "A", a], [8, "2019-03-12", "10:30", "B", rest(a)], [3, "2019-03-27", "10:00", "A", b], [4, "2019-03-27", "10:30", "B", rest(b)], [5, "2019-04-09", "10:00", "A", enrolments], [6, "2019-04-23", "09:30", "A", a], [7, "2019-04-23", "10:30", "B", rest(a)]]);
    const c = a.slice(3).concat(rest(a).slice(0, 3));
    make(3, "DRAFT", [[0, "2019-02-26", "10:00", "A", enrolments], [1, "2019-03-12", "10:30", "A", a], [2, "2019-03-12", "10:30", "B", rest(a)], [3, "2019-03-27", "10:00", "A", b], [4, "2019-03-27", "10:30", "B", rest(b)], [5, "2019-04-09", "10:00", "A", enrolments], [6, "2019-04-23", "09:30", "A", c], [7, "2019-04-23", "10:30", "B", rest(c)]]);
  }
  cohort.visitPlan = () => { const p = entries(); return p ? planView(p) : null; };
  cohort.visitPlans = (args) => page([...plans].reverse().map(planView))(args);
  cohort.teams = page(teams);
  cohort.calendar = () => ics("TechConnect");
  programme.cohorts = page([cohort]);
  programme.offers = ({ filter: _f, orderBy: _o, ...args }) => page(offers)(args);
  return { programme, cohort, plans, ways, offers, enrolments, teams, visitOf, planView, shown, brokenOf, scoreOf, boundOf, diffOf, impactOf, nextNumber: () => Math.max(0, ...plans.map((p) => p.number)) + 1, make, split, rest, here: here_ };
}

function resolvers(w, { mode, pace }) {
  let staleOnce = mode === "stale";
  const jobs = new Map();
  const planOf = (id) => w.plans.find((p) => p.id === id);
  const visitIn = (id) => w.plans.flatMap((p) => p.list).find((v) => v.id === id);
  const refuse = (code, message, fix = null) => ({ impact: [], userErrors: [{ code, message, field: [], fix }] });
  const clone = (p, number, state) => { const q = { ...p, id: `plan:${number}`, number, state, version: 1, releasedAt: null, exclusions: [...p.exclusions] }; q.list = p.list.map((v) => ({ ...v, id: `visit:${number}:${v.offer.id}`, plan: q, state: "PLANNED", group: { ...v.group, id: `group:${number}:${v.group.id}`, people: [...v.group.people] } })); w.plans.push(q); return q; };
  /** One rule for every edit of a draft: an old version is STALE, a dry run keeps nothing, a broken rule asks why. */
  function edit(plan, input, change) {
    if (!plan) return refuse("NOT_FOUND", "It is not there.");
    if (plan.state !== "DRAFT") return { ...refuse("WRONG_STATE", "A released plan is not edited.", "Make a draft of it."), plan: () => w.planView(plan) };
    if (staleOnce && !input.dryRun) {
      staleOnce = false;
      plan.version++;
      plan.updatedBy = "Hannah Lowe";
      plan.list.find((v) => v.offer.id === "offer:1").pinned = true;
    }
    if (input.expectedVersion !== plan.version) return { ...refuse("STALE", `${plan.updatedBy} saved since you read this.`), plan: () => w.planView(plan) };
    const before = { list: plan.list, exclusions: [...plan.exclusions], groups: plan.list.map((v) => ({ v, ...v, group: { ...v.group, people: [...v.group.people] } })) };
    const result = change() ?? {};
    const target = result.visit ?? null;
    const broken = target ? w.brokenOf(plan, target) : [];
    const answer = { impact: [], userErrors: [], plan: JSON.parse(JSON.stringify({ ...frozen(plan), version: plan.version + (input.dryRun ? 0 : 1) })), ...(target ? { visit: { ...w.shown(target), deadlines: w.shown(target).deadlines(), broken } } : {}) };
    if (broken.length && !input.overrideReason) {
      Object.assign(answer, { userErrors: broken.map((b) => ({ code: "NEEDS_OVERRIDE", message: b.text, field: ["input", "overrideReason"], fix: "Give a reason." })) });
    }
    if (input.dryRun || answer.userErrors.length) {
      plan.list = before.list;
      plan.exclusions = before.exclusions;
      for (const g of before.groups) { Object.assign(g.v, { startsAt: g.startsAt, pinned: g.pinned, reason: g.reason }); Object.assign(g.v.group, g.group); }
    } else {
      plan.version++;
      plan.updatedBy = "You";
      plan.seed = null;
      answer.plan = w.planView(plan);
      if (target) answer.visit = w.shown(target);
    }
    return answer;
  }
  const frozen = (p) => ({ __typename: "VisitPlan", id: p.id, updatedAt: p.updatedAt, updatedBy: p.updatedBy, score: w.scoreOf(p), bound: w.boundOf(p), broken: p.list.flatMap((v) => w.brokenOf(p, v)).map(({ rule, text }) => ({ rule, text, overrideReason: null })) });
  return {
    viewer: { __typename: "Viewer", id: "viewer", name: "Coordinator", grants: [], token: null, person: null },
    node: ({ id }) => w.teams.find((t) => t.id === id) ?? w.enrolments.find((e) => e.id === id) ?? null,
    programmes: page([w.programme]), programme: () => w.programme, cohort: () => w.cohort,
    visitPlan: ({ id }) => (planOf(id) ? w.planView(planOf(id)) : null), visit: ({ id }) => (visitIn(id) ? w.shown(visitIn(id)) : null),
    moveVisit: ({ input }) => { const v = visitIn(input.visitId); return edit(v?.plan, input, () => { v.startsAt = input.startsAt; v.reason = input.overrideReason ?? null; if (input.group && input.group !== v.group.name) { const o = v.plan.list.find((x) => x !== v && x.startsAt.slice(0, 10) === v.startsAt.slice(0, 10) && x.group.name === input.group); if (o) o.group.name = v.group.name; v.group.name = input.group; } return { visit: v }; }); },
    moveVisitors: ({ input }) => { const p = planOf(input.planId); return edit(p, input, () => { const all = w.enrolments.filter((e) => input.enrolmentIds.includes(e.id)); let to = null; for (const v of p.list) { if (v.startsAt.slice(0, 10) !== input.on) continue; v.group.people = v.group.people.filter((e) => !all.includes(e)); if (v.group.id === input.toGroupId) { v.group.people.push(...all); to = v; } } return to && w.brokenOf(p, to).length ? { visit: to } : {}; }); },
    addVisit: ({ input }) => { const p = planOf(input.planId); return edit(p, input, () => { const on = input.startsAt.slice(0, 10); const o = w.offers.find((x) => x.id === input.offerId); const taken = new Set(p.list.filter((v) => v.startsAt.slice(0, 10) === on).flatMap((v) => v.group.people)); const letters = p.list.filter((v) => v.startsAt.slice(0, 10) === on).map((v) => v.group.name); const v = w.visitOf(p, o, input.startsAt, "ABCDEF".split("").find((l) => !letters.includes(l)), w.here(on, w.enrolments).filter((e) => !taken.has(e)).slice(0, o.maxGroup)); v.reason = input.overrideReason ?? null; p.list = [...p.list, v]; return { visit: v }; }); },
    removeVisit: ({ input }) => { const v = visitIn(input.visitId); return edit(v?.plan, input, () => { v.plan.list = v.plan.list.filter((x) => x !== v); }); },
    pinVisit: ({ input }) => { const v = visitIn(input.visitId); const a = edit(v?.plan, input, () => { v.pinned = input.pinned; }); return { ...a, visit: w.shown(v) }; },
    excludeOffer: ({ input }) => { const p = planOf(input.planId); return edit(p, input, () => { const offer = w.offers.find((o) => o.id === input.offerId); p.exclusions = p.exclusions.filter((e) => e.offer !== offer); if (input.reason) p.exclusions.push({ offer, reason: input.reason, by: "You", at: "2019-02-14T10:00:00Z" }); }); },
    draftVisitPlan: ({ input }) => ({ plan: w.planView(clone(planOf(input.fromPlanId), w.nextNumber(), "DRAFT")), impact: [], userErrors: [] }),
    draftRepair: ({ input }) => {
      const way = w.ways.get(input.repairId);
      const impact = [{ effect: "CREATED", count: 1, subjects: [], because: "A draft holds the way out.", notice: null }, ...way.impact];
      if (input.dryRun) return { plan: w.planView(way.plan), impact, userErrors: [] };
      return { plan: w.planView(clone(way.plan, w.nextNumber(), "DRAFT")), impact, userErrors: [] };
    },
    releaseVisitPlan: ({ input }) => {
      const p = planOf(input.planId);
      if (input.expectedVersion !== p.version) return { ...refuse("STALE", "Somebody saved since you read this."), plan: w.planView(p) };
      const broken = p.list.flatMap((v) => w.brokenOf(p, v));
      if (broken.length) return { ...refuse("RULE_BROKEN", `${broken.length} rules are broken.`, "Move what breaks them."), plan: w.planView(p) };
      const old = w.plans.find((x) => x.state === "RELEASED");
      const impact = old ? w.diffOf(old, p).impact : w.impactOf(p.list.map((v) => ({ kind: "ADDED", offer: v.offer, before: null, after: { startsAt: v.startsAt }, people: v.group.people })));
      if (!input.dryRun) { if (old) old.state = "SUPERSEDED"; p.state = "RELEASED"; p.releasedAt = "2019-02-14T11:00:00Z"; p.version++; }
      return { plan: w.planView(p), impact, userErrors: [] };
    },
    sealManifest: ({ input }) => { const v = visitIn(input.visitId); const m = { __typename: "Manifest", id: `manifest:${v.id}`, version: 1, updatedAt: "2019-02-14T11:00:00Z", updatedBy: "You", visit: v, number: 1, state: "SEALED", fields: ["NAME", "EMPLOYER"], people: v.group.people.length, sealedHash: "9f2c".repeat(16), submittedAt: null, purgeAfter: "2019-05-03", rows: v.group.people.map((e) => ({ enrolment: e, values: [e.person.name, e.employerAtEnrolment.name] })), csv: "name,employer\n" + v.group.people.map((e) => `${e.person.name},${e.employerAtEnrolment.name}`).join("\n") }; if (!input.dryRun) v.manifest = m; return { manifest: m, impact: [{ effect: "CREATED", count: 1, because: `${m.people} people, name and employer; gone after Fri 3 May.`, subjects: [], notice: null }], userErrors: [] }; },
    confirmVisit: ({ input }) => { const v = visitIn(input.visitId); if (!input.dryRun) v.state = "CONFIRMED"; return { visit: w.shown(v), impact: [], userErrors: [] }; },
    planVisits: ({ input }) => {
      const number = w.nextNumber();
      const from = input.fromPlanId && planOf(input.fromPlanId);
      const all = w.enrolments;
      const a = w.split(0);
      const p = from ? clone(from, number, "PLANNING") : w.make(number, "PLANNING", [[0, "2019-02-26", "10:00", "A", all], [1, "2019-03-12", "10:30", "A", a], [2, "2019-03-12", "10:30", "B", w.rest(a)], [3, "2019-03-27", "10:00", "A", a], [4, "2019-03-27", "10:30", "B", w.rest(a)], [5, "2019-04-09", "10:00", "A", all], [6, "2019-04-23", "09:30", "A", a], [7, "2019-04-23", "10:30", "B", w.rest(a)]]);
      p.seed = 2019;
      p.rules = { ...p.rules, ...input.rules, ...(input.rules?.daysBetweenMin === 0 && { daysBetweenMin: null }) };
      const job = { __typename: "VisitPlanning", id: `job:${number}`, state: "RUNNING", progress: 0, startedAt: "2019-02-14T10:00:00Z", endedAt: null, failure: null, raw: p, plans: () => [w.planView(p)], list: [], steps: () => job.list };
      job.clashes = ({ first }) => (job.clashing ?? []).slice(0, first);
      job.clashesComplete = false;
      jobs.set(job.id, job);
      return { job, impact: [], userErrors: [] };
    },
    cancelJob: ({ input }) => { const j = jobs.get(input.jobId); if (!input.dryRun) j.stop = true; return { job: j, impact: [], userErrors: [] }; },
    jobProgressed: async function* ({ id }) {
      const j = jobs.get(id);
      const p = j.raw;
      if (mode.startsWith("clash") && !w.eased) {
        w.eased = true;
        w.plans.splice(w.plans.indexOf(p), 1);
        j.clashing = mode === "clash-unknown" ? [unknownClash(w)] : clashesOf(w);
        j.clashesComplete = mode !== "clash-unknown";
        j.state = "FAILED";
        j.failure = "No plan can be all that was asked: some of its rules clash.";
        j.plans = () => [];
        yield { jobProgressed: { ...j, steps: [] } };
        return;
      }
      const start = w.scoreOf(p).minutes;
      for (let n = 0; n < 24 && !j.stop; n++) {
        // Two people of a split day change places where that saves minutes.
        for (const day of ["2019-03-12", "2019-03-27", "2019-04-23"]) {
          const [x, y] = p.list.filter((v) => v.startsAt.startsWith(day));
          if (!x || !y || n % 3 !== ["2019-03-12", "2019-03-27", "2019-04-23"].indexOf(day)) continue;
          let best = null;
          for (const e of x.group.people) for (const f of y.group.people) { const gain = minutes(e.homeStation, x.offer.site.station) + minutes(f.homeStation, y.offer.site.station) - minutes(f.homeStation, x.offer.site.station) - minutes(e.homeStation, y.offer.site.station); if (!best || gain > best.gain) best = { gain, e, f }; }
          if (best?.gain > 0) { x.group.people = x.group.people.map((e) => (e === best.e ? best.f : e)); y.group.people = y.group.people.map((f) => (f === best.f ? best.e : f)); }
        }
        const s = w.scoreOf(p);
        p.least = Math.min(s.minutes * 0.995, start * (0.72 + 0.01 * n));
        p.version++;
        j.progress = n / 24;
        j.list.push({ plan: w.planView(p), milliseconds: Math.round((n + 1) * (pace || 300)), score: s, bound: w.boundOf(p) });
        yield { jobProgressed: { ...j, steps: [...j.list] } };
        await new Promise((r) => setTimeout(r, pace));
      }
      p.state = "DRAFT";
      p.cancelled = !!j.stop;
      j.state = j.stop ? "CANCELLED" : "DONE";
      yield { jobProgressed: { ...j, steps: [...j.list] } };
    },
    changed: async function* () { await new Promise(() => undefined); },
  };
}

// What a planning says where no plan can be all that was asked: two clashes, one of a rule by itself.
function clashesOf(w) {
  const rules = { visitDaysMax: 5, oneWayMinutesMax: 330, everyoneAtLeast: 5, coverEveryTheme: true, levels: ["UNCOVERED", "MAX_SHORTFALL", "SQUARED_SHORTFALL", "MINUTES", "GRAMS_CO2E"], lostDays: [], exclusions: [] };
  const witness = (uncovered, maxShortfall, minutes_) => ({ score: { uncovered, maxShortfall, squaredShortfall: 9, minutes: minutes_, gramsCo2e: 90_000 }, changes: [] });
  const way = (text, touched, more) => ({ text, from: null, to: null, smallest: true, peopleTouched: touched, offers: [], people: [], rules: null, witness: witness(0, 1, 21_340), ...more });
  return [
    { proved: true, minimal: true, rules: [
      { group: "AWAY", text: "Nobody has a visit on a day away.", hopeless: false, relaxation: way("1 person comes on a day away: Tue 12 Mar 2019.", 1, { people: [w.enrolments[3]] }) },
      { group: "EVERYONE_AT_LEAST", text: "Everyone has at least 5 visits.", hopeless: false, relaxation: way("Everyone has at least 4 visits.", 2, { rules: { ...rules, everyoneAtLeast: 4 }, witness: witness(0, 1, 20_110) }) },
      { group: "MAX_GROUP", text: "No group is larger than its host takes.", hopeless: false, relaxation: way(`Hosts take up to 3 people more: ${w.offers[0].site.organisation.name} and ${w.offers[3].site.organisation.name}.`, 26, { smallest: false, offers: [w.offers[0], w.offers[3]] }) },
      { group: "WINDOWS", text: "Hosts are visited on the days that they offer.", hopeless: true, relaxation: null },
    ] },
    { proved: true, minimal: true, rules: [
      { group: "COVER_EVERY_THEME", text: "Every team sees every theme of its challenge.", hopeless: false, relaxation: way("Teams see 20 of the 21 themes of their challenges.", 6, { rules: { ...rules, coverEveryTheme: false }, witness: witness(1, 1, 20_480) }) },
    ] },
  ];
}

function unknownClash() {
  return { proved: false, minimal: false, rules: [{ group: "EVERYONE_AT_LEAST", text: "Everyone has at least 5 visits.", hopeless: false, relaxation: null }] };
}

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2" };

/** Starts the stand-in on a free port. `mode`: full, empty, big, stale, stuck, clash, clash-unknown; `pace` is the time between steps of a planning. */
export async function start({ mode = "full", port = 0, pace = 250 } = {}) {
  const w = world({ people: mode === "big" ? 2000 : 38, empty: mode === "empty", stuck: mode === "stuck" });
  const rootValue = resolvers(w, { mode, pace });
  const dist = join(here, "../dist");
  const server = createServer((req, res) => {
    if (req.url !== "/graphql") {
      const path = join(dist, decodeURIComponent(new URL(req.url, "http://x").pathname));
      const file = existsSync(path) && extname(path) ? path : join(dist, "index.html");
      res.writeHead(200, { "content-type": types[extname(file)] ?? "application/octet-stream", "content-security-policy": "default-src 'self'; style-src 'self' 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='" });
      res.end(readFileSync(file));
      return;
    }
    let body = "";
    req.on("data", (b) => (body += b));
    req.on("end", async () => {
      const { query, variables } = JSON.parse(body);
      const document = parse(query);
      const errors = validate(schema, document);
      const typeResolver = (v) => v.__typename;
      if (errors.length) { console.error(errors.map((e) => e.message).join("\n")); res.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ errors })); return; }
      if (document.definitions.find((d) => d.kind === "OperationDefinition").operation === "subscription") {
        res.writeHead(200, { "content-type": "text/event-stream" });
        res.write(":\n\n");
        const stream = await subscribe({ schema, document, rootValue, variableValues: variables, typeResolver });
        if (!stream[Symbol.asyncIterator]) { res.end(`event: next\ndata: ${JSON.stringify(stream)}\n\nevent: complete\ndata:\n\n`); return; }
        for await (const value of stream) { for (const e of value.errors ?? []) console.error(e.message, e.path?.join(".")); res.write(`event: next\ndata: ${JSON.stringify(value)}\n\n`); }
        res.end("event: complete\ndata:\n\n");
        return;
      }
      const answer = await execute({ schema, document, rootValue, variableValues: variables, typeResolver });
      for (const e of answer.errors ?? []) console.error(e.message, e.path?.join("."));
      res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  });
  await new Promise((r) => server.listen(port, "127.0.0.1", r));
  return { url: `http://127.0.0.1:${server.address().port}`, world: w, stop: () => new Promise((r) => { server.closeAllConnections(); server.close(r); }) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log((await start({ mode: process.argv[2] ?? "full", port: Number(process.argv[3] ?? 4174) })).url);
