// A stand-in for the server, for states that a real one is hard to bring into: no programme, 2,000 people, an answer
// that never comes, an edit that comes second. It answers from the contract itself, so that it cannot know a field that
// the contract has not. People, employers and hosts are invented; stations are real, their places to about 1 km.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { readFileSync, readdirSync, existsSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { rehearse } from "./rehearsal-fixture.mjs";
import { buildSchema, execute, parse, subscribe, validate } from "graphql";

const here = fileURLToPath(new URL(".", import.meta.url));
const root = join(here, "../../..");
const source = [join(root, "schema.graphqls"), ...readdirSync(join(root, "graph/schema")).sort().map((f) => join(root, "graph/schema", f))];
const schema = buildSchema(source.map((f) => readFileSync(f, "utf8")).join("\n"));

const stations = Object.fromEntries(
  [
    ["EUS", "London Euston", "ENGLAND", 51.53, -0.13], ["LDS", "Leeds", "ENGLAND", 53.79, -1.55], ["CDF", "Cardiff Central", "WALES", 51.48, -3.18],
    ["BHM", "Birmingham New Street", "ENGLAND", 52.48, -1.9], ["MAN", "Manchester Piccadilly", "ENGLAND", 53.48, -2.23], ["NCL", "Newcastle", "ENGLAND", 54.97, -1.62],
    ["BRI", "Bristol Temple Meads", "ENGLAND", 51.45, -2.58], ["YRK", "York", "ENGLAND", 53.96, -1.09], ["EDB", "Edinburgh", "SCOTLAND", 55.95, -3.19],
    ["GLC", "Glasgow Central", "SCOTLAND", 55.86, -4.26], ["RDG", "Reading", "ENGLAND", 51.46, -0.97], ["SHF", "Sheffield", "ENGLAND", 53.38, -1.46],
    ["NWP", "Newport (South Wales)", "WALES", 51.59, -3], ["SWA", "Swansea", "WALES", 51.63, -3.94], ["LIV", "Liverpool Lime Street", "ENGLAND", 53.41, -2.98],
    ["HUL", "Hull", "ENGLAND", 53.74, -0.35], ["DEE", "Dundee", "SCOTLAND", 56.46, -2.97],
  ].map(([code, name, nation, latitude, longitude]) => [code, { code, name, nation, latitude, longitude }]),
);
const publicNames = "Amara Okafor,Ben Hallam,Catrin Rees,Dev Mistry,Ellie Marsh,Farah Siddiqui,Gareth Pugh,Hannah Lowe,Imran Aziz,Jess Tully,Kofi Mensah,Lena Hart,Mark Ossian,Nia Beynon,Olu Sowande,Priya Nair,Rhys Madoc,Sara Quill,Tom Wren".split(",");
const privateNames = "Adaeze Nwosu,Bethan Voyle,Callum Reid,Dina Farouk,Ewan Baird,Fleur Lister,Grace Onen,Hugo Stride,Isla Munro,Jonah Peake,Karim Bell,Lucy Maddox,Mei Chen,Noor Rahman,Owen Strand,Petra Vane,Quentin Ashe,Rosa Imber,Sophie Lam".split(",");
const departments = ["Revenue", "Transport", "Justice", "Health", "Home", "Work & Pensions"];
const companies = ["Arden Systems", "Gable Networks", "Corrie Data", "Tallis Works", "Ness Analytics", "Pell & Rowe", "Oakum Labs", "Sable Cloud", "Brae Software", "Lyle Digital"];
const challenges = [
  ["How might we help councils find fly-tipping before it is reported?", "Waste", ["sensors", "tracking"]],
  ["How might we bring people in rural places to the services they need?", "Rural transport", ["service design"]],
  ["How might we know what crosses a border without stopping it?", "Border", ["border", "tracking"]],
  ["How might we help people stay at home for longer?", "Care", ["care", "isolation"]],
  ["How might we see damp before tenants do?", "Housing", ["housing", "sensors"]],
  ["How might we audit a million records a night?", "Audit", ["data", "audit"]],
  ["How might we measure what a field takes up?", "Land", ["land", "sensors"]],
  ["How might we cut waiting at the courts?", "Courts", ["service design", "data"]],
];
const hosts = [
  ["Euston Service Lab", "EUS", ["service design", "care"], 12, 40, ["2019-02-26"]], ["Calder Loom Works", "LDS", ["sensors", "housing"], 8, 24, ["2019-03-12"]],
  ["Irwell Data Hall", "MAN", ["data", "audit"], 10, 24, ["2019-03-12", "2019-03-13"]], ["Midland Control Room", "BHM", ["tracking", "border"], 8, 20, ["2019-03-27"]],
  ["Temple Quay Studio", "BRI", ["isolation", "care"], 8, 20, ["2019-03-27", "2019-03-28"]], ["Foss Field Station", "YRK", ["land", "sensors"], 12, 40, ["2019-04-09"]],
  ["Usk Robotics", "NWP", ["care", "tracking"], 12, 24, ["2019-04-23", "2019-04-24"]], ["Kelvin Signal Lab", "GLC", ["sensors", "data"], 8, 24, ["2019-04-23"]],
  ["Humber Port Twin", "HUL", ["data", "audit"], 10, 30, ["2019-03-12"]], ["Thames Fibre Centre", "RDG", ["isolation"], 8, 30, ["2019-03-05", "2019-03-06", "2019-03-07"]],
  ["Don Foundry Lab", "SHF", ["sensors"], 4, 8, ["2019-04-10"]], ["Forth Sensor Yard", "EDB", ["sensors", "land"], 8, 24, ["2019-03-06"]],
  ["Tay Bioscience Park", "DEE", ["land"], 8, 24, ["2019-04-02"]], ["Tawe Tide Centre", "SWA", ["land", "sensors"], 8, 24, ["2019-04-22"]],
];

const page = (nodes) => ({ first = 100, after }) => {
  const from = after ? Number(after) + 1 : 0;
  const some = nodes.slice(from, from + Math.min(first ?? 100, 100));
  return {
    nodes: some,
    edges: some.map((node, i) => ({ cursor: String(from + i), node })),
    totalCount: nodes.length,
    pageInfo: { hasNextPage: from + some.length < nodes.length, hasPreviousPage: from > 0, startCursor: some.length ? String(from) : null, endCursor: some.length ? String(from + some.length - 1) : null },
  };
};
const edited = { version: 3, updatedAt: "2019-04-07T09:24:00Z", updatedBy: "Hannah Lowe" };

function world({ people: wanted = 38, late = true } = {}) {
  const organisation = (name, sector) => ({ __typename: "Organisation", id: `org:${name}`, name, sector, kind: sector === "PUBLIC" ? "DEPARTMENT" : "COMPANY", ...edited });
  const orgs = [...departments.map((d) => organisation(d, "PUBLIC")), ...companies.map((c) => organisation(c, "PRIVATE"))];
  const themes = [...new Set([...hosts.flatMap((h) => h[2]), ...challenges.flatMap((c) => c[2])])].sort().map((name) => ({ __typename: "Theme", id: `theme:${name}`, name }));
  const theme = (name) => themes.find((t) => t.name === name);
  const programme = { __typename: "Programme", id: "programme:1", name: "TechConnect 2019", startsOn: "2019-02-07", endsOn: "2019-04-29", timeZone: "Europe/London", officeNation: "ENGLAND", state: "RUNNING", today: "2019-04-08", seats: { public: wanted / 2, private: wanted / 2 }, ...edited };
  const add = (d, n) => new Date(Date.parse(`${d}T00:00:00Z`) + n * 864e5).toISOString().slice(0, 10);
  const holidays = [["2019-04-19", "Good Friday", "ENGLAND"], ["2019-04-19", "Good Friday", "WALES"], ["2019-04-19", "Good Friday", "SCOTLAND"], ["2019-04-22", "Easter Monday", "ENGLAND"], ["2019-04-22", "Easter Monday", "WALES"]].map(([date, name, nation]) => ({ date, name, nation }));
  programme.weeks = Array.from({ length: 12 }, (_, i) => ({ number: i + 1, startsOn: add(programme.startsOn, i * 7), endsOn: add(programme.startsOn, i * 7 + 6), bankHolidays: holidays.filter((h) => h.date >= add(programme.startsOn, i * 7) && h.date <= add(programme.startsOn, i * 7 + 6)) }));
  programme.milestones = [["Opening day", "2019-02-07"], ["Pitch day", "2019-04-29"]].map(([name, on], i) => ({ __typename: "Milestone", id: `m:${i}`, name, on }));
  const cohort = { __typename: "Cohort", id: "cohort:1", name: "TechConnect 2019", programme, ...edited };
  const teams = challenges.slice(0, 7).map((c, i) => ({ __typename: "Team", id: `team:${i + 1}`, number: i + 1, name: c[1], cohort, members: [], ...edited }));
  const codes = Object.keys(stations);
  const enrolments = Array.from({ length: wanted }, (_, i) => {
    const sector = i < wanted / 2 ? "PUBLIC" : "PRIVATE";
    const k = i % (wanted / 2);
    const pool = sector === "PUBLIC" ? publicNames : privateNames;
    const name = pool[k % 19] + (k >= 19 ? ` ${Math.floor(k / 19) + 1}` : "");
    const team = teams[i % 7];
    const e = {
      __typename: "Enrolment", id: `enrolment:${i}`, ...edited, cohort, state: "ACTIVE", sectorAtEnrolment: sector,
      person: { __typename: "Person", id: `person:${i}`, ...edited, name, email: `${name.toLowerCase().replace(/[^a-z]+/g, ".")}@example.org`, externalKey: `S${1000 + i}`, affiliations: [] },
      employerAtEnrolment: sector === "PUBLIC" ? orgs[k % 6] : orgs[6 + (Math.floor(k / 2) % 10)],
      homeStation: stations[codes[(i * 5) % codes.length]], awayOn: i % 9 === 3 ? ["2019-03-12"] : [], needs: i % 11 === 4 ? [{ kind: "DIET", text: "no nuts", consentedAt: edited.updatedAt }] : i % 17 === 6 ? [{ kind: "STEP_FREE", text: null, consentedAt: edited.updatedAt }] : [], skillRatings: [], team,
    };
    team.members.push(e);
    return e;
  });
  for (const [i, name] of ["Vera Stone", "Winston Abara", "Yusuf Demir"].entries()) {
    const sector = i < 2 ? "PUBLIC" : "PRIVATE";
    enrolments.push({ ...enrolments[0], id: `enrolment:w${i}`, state: i === 0 ? "INVITED" : "WAITLISTED", sectorAtEnrolment: sector, person: { ...enrolments[0].person, id: `person:w${i}`, name }, employerAtEnrolment: orgs[sector === "PUBLIC" ? 1 : 8], team: null, needs: [], awayOn: [] });
  }
  for (const t of teams) t.sectors = { public: t.members.filter((m) => m.sectorAtEnrolment === "PUBLIC").length, private: t.members.filter((m) => m.sectorAtEnrolment === "PRIVATE").length };
  const theChallenges = challenges.map(([title, short, names], i) => ({ __typename: "Challenge", id: `challenge:${i}`, ...edited, title, owner: orgs[i % 6], problem: `Today nobody sees it early enough; what is known comes from ${short.toLowerCase()} reports, weeks late.`, users: "Residents, and the officers who answer them.", need: "To know on the day.", constraints: "No personal data leaves the council.", successMeasures: "Half the time from first sign to action.", stage: i < 7 ? "EXPLORING" : "FRAMED", themes: names.map(theme), neededSkills: [{ __typename: "Skill", id: "skill:1", name: "User focus" }], source: { name: "GovTech Catalyst", url: "https://www.gov.uk/government/collections/govtech-catalyst-information", licence: "OGL-3.0", publishedOn: "2018-11-01" }, teams: i < 7 ? [teams[i]] : [] }));
  teams.forEach((t, i) => (t.challenge = theChallenges[i]));
  const offers = hosts.map(([name, code, names, minGroup, maxGroup, on], i) => ({ __typename: "HostOffer", id: `offer:${i}`, ...edited, state: "OPEN", site: { __typename: "Site", id: `site:${i}`, ...edited, name, organisation: organisation(name, "PRIVATE"), station: stations[code], stepFree: i % 5 !== 2, accessNotes: null }, themes: names.map(theme), minGroup, maxGroup, durationMinutes: 270, windows: on.map((d) => ({ startsAt: `${d}T09:30:00Z`, endsAt: `${d}T16:00:00Z` })), blackoutDates: i % 4 === 1 ? ["2019-03-14"] : [], leadTimeWorkingDays: 5 + (i % 3) * 2, requiredFields: [{ field: "NAME", leadTimeWorkingDays: 5 }, { field: "IDENTITY", leadTimeWorkingDays: 8 }, { field: "DIET", leadTimeWorkingDays: 3 }] }));
  const plan = { __typename: "VisitPlan", id: "plan:4", ...edited, cohort, number: 4, state: "RELEASED", releasedAt: "2019-03-25T10:00:00Z", provedLevels: 3, bound: { uncovered: 0, maxShortfall: 1, squaredShortfall: 3, minutes: 48600, gramsCo2e: 3300000, firstUnproved: "MINUTES", gapPercent: 0.8 }, score: { uncovered: 0, maxShortfall: 1, squaredShortfall: 3, minutes: 49000, gramsCo2e: 3400000 }, broken: [], cancelled: false };
  const active = enrolments.filter((e) => e.state === "ACTIVE");
  const visits = [[0, "2019-02-26", "A", active], [1, "2019-03-12", "A", active.filter((_, i) => i % 2)], [2, "2019-03-12", "B", active.filter((_, i) => !(i % 2))], [3, "2019-03-27", "A", active.filter((_, i) => i % 2)], [4, "2019-03-27", "B", active.filter((_, i) => !(i % 2))], [5, "2019-04-09", "A", active.slice(1)], [6, "2019-04-23", "A", active.filter((_, i) => i % 2)], [7, "2019-04-23", "B", active.filter((_, i) => !(i % 2))]].map(([o, on, letter, members], i) => ({
    __typename: "Visit", id: `visit:${i}`, ...edited, plan, offer: offers[o], on, startsAt: `${on}T10:00:00Z`, endsAt: `${on}T14:30:00Z`, state: on < programme.today ? "DONE" : on === "2019-04-09" ? "CONFIRMED" : "PLANNED", pinned: false, broken: [], manifest: null,
    group: { __typename: "VisitGroup", id: `group:${i}`, name: letter, members: members.slice(0, 100), sectors: { public: members.filter((m) => m.sectorAtEnrolment === "PUBLIC").length, private: members.filter((m) => m.sectorAtEnrolment === "PRIVATE").length } },
    travel: { journeys: members.length, leastMinutes: 20, middleMinutes: 126, mostMinutes: 194, gramsCo2e: 262000, pence: null, explain: { text: "Great circle by 1.2, rail, estimate.", estimated: 38, entered: 0, greatCircleMetres: 1, factors: [], pricesEstimated: 76, pricesEntered: 0, pricesMissing: 0, rates: [] } },
    legs: page(members.slice(0, 100).flatMap((m, j) => [false, true].map((back) => ({ __typename: "Leg", id: `leg:${i}:${j}:${back}`, ...edited, enrolment: m, back, between: false, homeStation: m.homeStation, mode: "RAIL", metres: 120000, minutes: 40 + ((j * 37) % 190), pence: null, gramsCo2e: 6900, entered: false, figures: [] })))),
  }));
  plan.visits = page(visits);
  const ruler = (from, to, nations) => { const out = []; for (let d = from; d <= to; d = add(d, 1)) { const w = new Date(`${d}T00:00Z`).getUTCDay(); const h = holidays.filter((x) => x.date === d && nations.includes(x.nation)); out.push({ on: d, counts: w % 6 !== 0 && h.length === 0, holidays: h.slice(0, 1) }); } return out; };
  const deadline = (kind, visit, dueOn, left, ready, of, missing, state, text) => ({ kind, about: visits[visit], dueOn, state, workingDaysLeft: left, ready, of, missing, explain: { text, from: visits[visit].on, workingDays: -5, nations: ["ENGLAND", "WALES"], days: ruler(dueOn < visits[visit].on ? dueOn : visits[visit].on, dueOn < visits[visit].on ? visits[visit].on : dueOn, ["ENGLAND", "WALES"]) } });
  const deadlines = [
    ...(late ? [deadline("PURGE", 4, "2019-04-05", -1, 0, 18, [], "LATE", "Kept seven working days after Wed 27 Mar; the hash and the counts stay.")] : []),
    deadline("CONFIRM", 5, "2019-04-08", 0, 37, 37, [], "DUE", "One working day before Tue 9 Apr in England."),
    deadline("IDENTITY", 6, "2019-04-09", 1, 17, 19, active.slice(16, 18), "DUE", "Eight working days before Tue 23 Apr in Wales; Good Friday and Easter Monday do not count."),
    deadline("NAMES", 6, "2019-04-12", 4, 19, 19, [], "DUE", "Five working days before Tue 23 Apr in Wales; Good Friday and Easter Monday do not count."),
    deadline("NAMES", 7, "2019-04-15", 5, 19, 19, [], "DUE", "Five working days before Tue 23 Apr in Scotland, which works on Easter Monday; the office does not."),
    deadline("NEEDS", 6, "2019-04-16", 6, 36, 38, active.slice(3, 5), "DUE", "Three working days before Tue 23 Apr in Wales."),
  ];
  const inState = (f) => enrolments.filter((e) => (f?.states ?? ["INVITED", "WAITLISTED", "ACCEPTED", "ACTIVE", "COMPLETED"]).includes(e.state) && (!f?.sector || e.sectorAtEnrolment === f.sector) && (!f?.name || e.person.name.toLowerCase().includes(f.name.toLowerCase())) && (!f?.teamId || e.team?.id === f.teamId) && (!f?.employerId || e.employerAtEnrolment.id === f.employerId));
  const of = (sector, ...states) => enrolments.filter((e) => e.sectorAtEnrolment === sector && states.includes(e.state)).length;
  cohort.balance = () => ({ taken: { public: of("PUBLIC", "ACTIVE", "ACCEPTED"), private: of("PRIVATE", "ACTIVE", "ACCEPTED") }, seats: programme.seats, waiting: { public: of("PUBLIC", "WAITLISTED"), private: of("PRIVATE", "WAITLISTED") }, explain: { text: "One left in each sector, and both seats were filled from the same sector.", levelSince: "2019-02-07", left: { public: 1, private: 1 }, refilled: { public: 1, private: 1 } } });
  cohort.enrolments = ({ filter, orderBy, ...a }) => page(inState(filter).sort((x, y) => orderBy === "TEAM" ? (x.team?.number ?? 99) - (y.team?.number ?? 99) : orderBy === "EMPLOYER" ? x.employerAtEnrolment.name.localeCompare(y.employerAtEnrolment.name) : x.person.name.localeCompare(y.person.name)))(a);
  cohort.teams = page(teams);
  cohort.visitPlan = plan;
  cohort.visitPlans = ({ states, ...a }) => page([plan].filter((p) => !states || states.includes(p.state)))(a);
  cohort.deadlines = ({ states, ...a }) => page(deadlines.filter((d) => (states ?? ["LATE", "DUE"]).includes(d.state)))(a);
  cohort.table = ({ kind }) => `kind\n${kind}\n`;
  cohort.calendar = { ics: "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", entries: [] };
  programme.cohorts = page([cohort]);
  programme.themes = themes;
  programme.challenges = ({ filter, orderBy, ...a }) => page(theChallenges.filter((c) => (!filter?.title || c.title.toLowerCase().includes(filter.title.toLowerCase())) && (!filter?.themeId || c.themes.some((t) => t.id === filter.themeId))))(a);
  programme.offers = ({ filter, orderBy, ...a }) => page(offers.filter((o) => (filter?.states ?? ["OPEN"]).includes(o.state) && (!filter?.host || o.site.name.toLowerCase().includes(filter.host.toLowerCase())) && (!filter?.nation || o.site.station.nation === filter.nation) && (!filter?.themeId || o.themes.some((t) => t.id === filter.themeId)) && (!filter?.on || o.windows.some((w) => w.startsAt.startsWith(filter.on)))))(a);
  const imports = [];
  programme.imports = ({ ...a }) => page(imports)(a);
  return { programme, cohort, orgs, enrolments, teams, offers, visits, plan, challenges: theChallenges, themes, imports, uploads: new Map() };
}

const columnsOf = { PEOPLE: [["Full name", "name"], ["Sector", "sector"], ["Org", "employer"], ["Nearest stn", "homeStation"], ["Can’t do", "awayOn"], ["Staff no", "externalKey"], ["Notes", null]] };
const targetsOf = [["name", "Name", true], ["sector", "Sector", true], ["employer", "Employer", true], ["homeStation", "Home station", false], ["awayOn", "Unavailable", false], ["externalKey", "External key", false]].map(([name, label, required]) => ({ name, label, required }));

function importOf(w, name, kind) {
  const rows = w.enrolments.slice(0, 38).map((e, i) => ({ number: i + 2, cells: [e.person.name, e.sectorAtEnrolment, e.employerAtEnrolment.name, e.homeStation.name, e.awayOn[0] ?? "", `S${1000 + i}`, ""], outcome: "CREATES", problems: [] }));
  const wrong = (i, column, value, message, fixes) => { rows[i].cells[column - 1] = value; rows[i].outcome = "BLOCKED"; rows[i].problems = [{ column, value, message, code: "INVALID", fixes }]; };
  wrong(3, 4, "Birmingham", "Home station, row 5. “Birmingham” is three stations.", ["New Street", "Moor Street", "Snow Hill"].map((l) => ({ label: l, value: `Birmingham ${l}`, sameInColumn: 1 })));
  wrong(6, 2, "Priv", "Sector, row 8. “Priv” is neither PUBLIC nor PRIVATE.", [{ label: "Use PRIVATE", value: "PRIVATE", sameInColumn: 4 }]);
  wrong(9, 5, "27/13/2019", "Unavailable, row 11. “27/13/2019” has no month 13. Dates are read as day, month, year.", [{ label: "27 Mar 2019", value: "2019-03-27", sameInColumn: 1 }, { label: "Leave empty", value: "", sameInColumn: 1 }]);
  const one = { __typename: "Import", id: `import:${w.imports.length + 1}`, version: 1, updatedAt: edited.updatedAt, updatedBy: "You", state: "WAITING", progress: 1, startedAt: edited.updatedAt, endedAt: null, failure: null, name, kind, undoneAt: null, reading: { encoding: "windows-1252", delimiter: ";", sheet: null, headerRow: 1, dateOrder: "day month year", formulaCells: 2 }, columns: columnsOf.PEOPLE.map(([header, target], i) => ({ number: i + 1, header, target })), targets: targetsOf, all: rows };
  one.rows = ({ problemsOnly, ...a }) => page(problemsOnly ? rows.filter((r) => r.problems.length) : rows)(a);
  one.counts = () => ({ rows: rows.length, creates: rows.filter((r) => r.outcome === "CREATES").length, updates: 0, unchanged: 0, leftOut: rows.filter((r) => r.outcome === "LEFT_OUT").length, blocked: rows.filter((r) => r.outcome === "BLOCKED").length, sectors: { public: 19, private: 18 } });
  w.imports.unshift(one);
  return one;
}

function resolvers(w, { mode, pitch }) {
  const r = rehearse(w, pitch);
  const all = () => [w.programme, w.cohort, ...w.enrolments, ...w.teams, ...w.offers, ...w.visits, ...w.challenges, ...w.imports, ...w.orgs, ...r.nodes];
  const find = (id) => all().find((n) => n.id === id) ?? null;
  const refuse = (code, message, field = [], fix = null) => ({ impact: [], userErrors: [{ code, message, field, fix }] });
  // One rule for every change: an old version is answered STALE with what is there, a dry run keeps nothing.
  const edit = (field, id, { input }, change, impact = []) => {
    const node = find(id);
    if (!node) return refuse("NOT_FOUND", "It is not there.");
    if (input.expectedVersion !== undefined && input.expectedVersion !== node.version) return { ...refuse("STALE", `${node.updatedBy} saved since you read this.`), [field]: node };
    if (!input.dryRun) { change(node); node.version++; }
    return { [field]: node, impact, userErrors: [] };
  };
  const touch = (effect, count, because, subjects = []) => ({ effect, count, because, notice: null, subjects: () => subjects });
  return {
    viewer: { __typename: "Viewer", id: "viewer", name: "Coordinator", grants: [{ role: "COORDINATOR", on: null, mutations: [] }, { role: "MEMBER", on: w.teams[4], mutations: ["savePitch"] }], token: null, person: null },
    node: ({ id }) => find(id), nodes: ({ ids }) => ids.map(find), rateLimit: null,
    programmes: (a) => page(mode === "empty" ? [] : [w.programme])(a),
    programme: ({ id }) => find(id), cohort: ({ id }) => (id === w.cohort.id ? w.cohort : null), challenge: ({ id }) => find(id),
    visitPlan: () => w.plan, visit: ({ id }) => find(id),
    organisations: ({ name, ...a }) => page(w.orgs.filter((o) => !name || o.name.toLowerCase().includes(name.toLowerCase())))(a),
    stations: ({ beginning }) => Object.values(stations).filter((s) => s.name.toLowerCase().startsWith(beginning.toLowerCase()) || s.code === beginning.toUpperCase()).slice(0, 20),
    skills: [],
    acceptEnrolment: (a) => {
      const e = find(a.input.enrolmentId), b = w.cohort.balance();
      const side = e.sectorAtEnrolment === "PUBLIC" ? "public" : "private";
      if (b.taken[side] >= b.seats[side] && !a.input.overrideReason) return { ...refuse("NEEDS_OVERRIDE", `All ${b.seats[side]} ${side} seats are taken.`, ["input", "overrideReason"], "Give a reason, or wait until a seat is free."), enrolment: e };
      return edit("enrolment", a.input.enrolmentId, a, (n) => (n.state = "ACCEPTED"), [touch("CHANGED", 1, "Has a seat; sector and employer freeze.", [e])]);
    },
    withdrawEnrolment: (a) => edit("enrolment", a.input.enrolmentId, a, (n) => (n.state = "WITHDRAWN"), [touch("REMOVED", 3, "No longer goes on three visits to come.", w.visits.slice(5, 8)), touch("CHANGED", 1, "Is offered the seat: first of the same sector on the waiting list.", [w.enrolments.find((e) => e.state === "WAITLISTED")].filter(Boolean))]),
    updateEnrolment: (a) => {
      const e = find(a.input.enrolmentId);
      if (mode === "stale" && !a.input.dryRun && e.version === 3) { e.version = 4; e.homeStation = stations.SHF; e.updatedBy = "Hannah Lowe"; }
      return edit("enrolment", a.input.enrolmentId, a, (n) => { if (a.input.homeStation !== undefined) n.homeStation = stations[a.input.homeStation] ?? null; if (a.input.awayOn) n.awayOn = a.input.awayOn; if (a.input.needs) n.needs = a.input.needs.map((x) => ({ ...x, consentedAt: x.consented ? edited.updatedAt : null })); }, a.input.awayOn?.includes("2019-04-23") ? [touch("AT_RISK", 1, "Would be away on Tue 23 Apr.", [w.visits[6]])] : []);
    },
    enrolPerson: ({ input }) => {
      const org = find(input.employerId);
      if (w.enrolments.some((e) => e.person.email === input.email && input.email)) return refuse("TAKEN", "Somebody with this e-mail address is in the cohort already.", ["input", "email"]);
      const e = { ...w.enrolments[0], ...edited, id: `enrolment:n${w.enrolments.length}`, state: "INVITED", sectorAtEnrolment: org?.sector, employerAtEnrolment: org, person: { ...w.enrolments[0].person, id: `person:n${w.enrolments.length}`, name: input.name, email: input.email }, homeStation: stations[input.homeStation] ?? null, awayOn: [], needs: [], team: null };
      if (!input.dryRun) w.enrolments.push(e);
      return { enrolment: e, impact: [touch("CREATED", 1, "Is invited.", [e])], userErrors: [] };
    },
    saveHostOffer: (a) => edit("offer", a.input.offerId, a, (n) => { for (const k of ["minGroup", "maxGroup", "durationMinutes", "windows", "blackoutDates", "leadTimeWorkingDays", "requiredFields", "state"]) if (a.input[k] != null) n[k] = a.input[k]; }, a.input.maxGroup < 19 ? [touch("AT_RISK", 1, "The group of 19 is larger than the host would take.", [w.visits[6]])] : []),
    assignChallenge: (a) => edit("team", a.input.teamId, { input: { ...a.input, expectedVersion: a.input.expectedVersion } }, (n) => { for (const c of w.challenges) c.teams = c.teams.filter((t) => t !== n); n.challenge = a.input.challengeId ? find(a.input.challengeId) : null; n.challenge?.teams.push(n); }, [touch("CHANGED", 1, "Works on another challenge; the themes of its visits follow.", [find(a.input.teamId)])]),
    updateChallenge: (a) => edit("challenge", a.input.challengeId, a, (n) => Object.assign(n, a.input.title ? { title: a.input.title } : {})),
    createProgramme: () => ({ programme: w.programme, impact: [], userErrors: [] }),
    createCohort: () => ({ cohort: w.cohort, impact: [], userErrors: [] }),
    startUpload: ({ input }) => { const u = { __typename: "Upload", id: `upload:${input.sha256}`, name: input.name, bytes: input.bytes, received: 0, sha256: input.sha256, hash: createHash("sha256") }; w.uploads.set(u.id, u); return { upload: u, impact: [], userErrors: [] }; },
    appendUpload: ({ input }) => { const u = w.uploads.get(input.uploadId); const b = Buffer.from(input.data, "base64"); if (b.length > 131072) return refuse("INVALID", "A piece is at most 128 KiB."); u.received += b.length; u.hash.update(b); if (u.received === u.bytes && u.hash.digest("hex") !== u.sha256) return refuse("INVALID", "The file that arrived is not the one announced."); return { upload: u, impact: [], userErrors: [] }; },
    startImport: ({ input }) => ({ import: importOf(w, w.uploads.get(input.uploadId).name, input.kind), impact: [], userErrors: [] }),
    correctImport: (a) => edit("import", a.input.importId, a, (n) => {
      for (const c of a.input.cells ?? []) { const r = n.all.find((x) => x.number === c.row); r.cells[c.column - 1] = c.value; r.problems = r.problems.filter((p) => p.column !== c.column); if (!r.problems.length) r.outcome = "CREATES"; }
      for (const c of a.input.columns ?? []) n.columns.find((x) => x.number === c.column).target = c.target ?? null;
      if (a.input.leaveOutBlocked) for (const r of n.all) if (r.outcome === "BLOCKED") { r.outcome = "LEFT_OUT"; r.problems = []; }
      for (const k of a.input.leaveOut ?? []) { const r = n.all.find((x) => x.number === k); r.outcome = "LEFT_OUT"; r.problems = []; }
    }),
    loadImport: (a) => edit("import", a.input.importId, a, (n) => { n.state = "DONE"; n.endedAt = edited.updatedAt; }, [touch("CREATED", 35, "Are invited to the cohort.")]),
    undoImport: (a) => edit("import", a.input.importId, a, (n) => { n.undoneAt = edited.updatedAt; }, [touch("REMOVED", 35, "Were loaded by this file.")]),
    sealManifest: (a) => edit("visit", a.input.visitId, a, () => undefined), purgeManifest: () => refuse("WRONG_STATE", "It was purged already."), confirmVisit: (a) => edit("visit", a.input.visitId, a, (n) => (n.state = "CONFIRMED")),
    jobProgressed: async function* ({ id }) { yield { jobProgressed: r.analysis(id) ?? find(id) }; },
    ...r.resolvers,
    changed: async function* () { await new Promise(() => undefined); },
  };
}

const types = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2", ".txt": "text/plain" };

/** Starts the stand-in on a free port. `mode`: full, empty, big, calm, stale; `pitch`: as rehearsal-fixture.mjs has it; `token` asks for one. */
export async function start({ mode = "full", pitch = "full", token = null, port = 0 } = {}) {
  const w = world({ people: mode === "big" ? 2000 : 38, late: mode !== "calm" });
  const rootValue = resolvers(w, { mode, pitch });
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
      if (token && req.headers.authorization !== `Bearer ${token}`) { res.writeHead(401).end("{}"); return; }
      const { query, variables } = JSON.parse(body);
      const document = parse(query);
      const errors = validate(schema, document);
      if (errors.length) { res.writeHead(400, { "content-type": "application/json" }).end(JSON.stringify({ errors })); return; }
      const operation = document.definitions.find((d) => d.kind === "OperationDefinition");
      if (operation.operation === "subscription") {
        res.writeHead(200, { "content-type": "text/event-stream" });
        res.write(":\n\n");
        const stream = await subscribe({ schema, document, rootValue, variableValues: variables });
        if (!stream[Symbol.asyncIterator]) { res.end(`event: next\ndata: ${JSON.stringify(stream)}\n\nevent: complete\ndata:\n\n`); return; }
        req.on("close", () => stream.return?.());
        for await (const value of stream) res.write(`event: next\ndata: ${JSON.stringify(value)}\n\n`);
        res.end("event: complete\ndata:\n\n");
        return;
      }
      const answer = await execute({ schema, document, rootValue, variableValues: variables, typeResolver: (v) => v.__typename });
      for (const e of answer.errors ?? []) console.error(e.message, e.path?.join("."));
      res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  });
  await new Promise((r) => server.listen(port, "127.0.0.1", r));
  return { url: `http://127.0.0.1:${server.address().port}`, world: w, stop: () => new Promise((r) => { server.closeAllConnections(); server.close(r); }) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log((await start({ mode: process.argv[2] ?? "full", port: Number(process.argv[3] ?? 4173) })).url);
