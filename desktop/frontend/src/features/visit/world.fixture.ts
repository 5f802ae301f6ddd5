import type { Board, Exposure, Frame, Offer, Visit } from "./board";

/* A small programme for the tests of the planner: three weeks around Easter 2019, four people, three hosts. */

const week = (number: number, startsOn: string, endsOn: string, holidays: Frame["programme"]["weeks"][number]["bankHolidays"] = []) => ({ number, startsOn, endsOn, bankHolidays: holidays });

export const frame: Frame = {
  programme: {
    id: "programme", name: "Spring", today: "2019-04-01", startsOn: "2019-04-11", endsOn: "2019-05-01", timeZone: "Europe/London", officeNation: "ENGLAND", seats: { public: 2, private: 2 },
    weeks: [
      week(1, "2019-04-11", "2019-04-17"),
      week(2, "2019-04-18", "2019-04-24", [
        { date: "2019-04-19", name: "Good Friday", nation: "WALES" }, { date: "2019-04-19", name: "Good Friday", nation: "SCOTLAND" },
        { date: "2019-04-22", name: "Easter Monday", nation: "WALES" }, { date: "2019-04-22", name: "Easter Monday", nation: "ENGLAND" },
      ]),
      week(3, "2019-04-25", "2019-05-01"),
    ],
    milestones: [{ name: "Pitch day", on: "2019-04-29" }],
  },
};

const site = (name: string, nation: "ENGLAND" | "WALES" | "SCOTLAND") => ({ name, stepFree: true, organisation: { name }, station: { name: `${name} Central`, nation, latitude: 52, longitude: -2 } });

export const offer = (id: string, nation: "ENGLAND" | "WALES" | "SCOTLAND", days: string[], more: Partial<Offer> = {}): Offer => ({
  id, site: site(id, nation), themes: [{ id: `t-${id}`, name: `theme ${id}` }], minGroup: 1, maxGroup: 3, durationMinutes: 270, leadTimeWorkingDays: 5, windows: [], blackoutDates: [],
  open: days.map((on) => ({ on, from: "09:30", to: "16:00" })), ...more,
});
export const usk = offer("Usk", "WALES", ["2019-04-23", "2019-04-24", "2019-04-25"]);
export const kelvin = offer("Kelvin", "SCOTLAND", ["2019-04-23"]);
export const forth = offer("Forth", "SCOTLAND", ["2019-04-15"]);
export const offers: ReadonlyMap<string, Offer> = new Map([usk, kelvin, forth].map((o) => [o.id, o]));

export const visit = (o: Offer, on: string, group: string, people: string[], more: Partial<Visit> = {}): Visit => ({
  id: `visit-${o.id}`, version: 1, on, startsAt: `${on}T09:30:00Z`, endsAt: `${on}T14:00:00Z`, state: "PLANNED", pinned: false,
  offer: { id: o.id, site: { name: o.site.name, organisation: o.site.organisation, station: o.site.station }, themes: o.themes, minGroup: o.minGroup, maxGroup: o.maxGroup, version: 1 },
  group: { id: `group-${o.id}`, name: group, sectors: { public: 1, private: 1 }, members: people.map((id) => ({ id })) },
  deadlines: [{ kind: "NAMES", dueOn: "2019-04-12", state: "DUE" }], travel: { leastMinutes: 20, middleMinutes: 60, mostMinutes: 90, gramsCo2e: 1000, pence: null, penceAHead: null }, broken: [], ...more,
});

export const person = (id: string, name: string, team: number | null, minutes: number, missed: Exposure["missed"] = []): Exposure => ({
  enrolment: { id, person: { name }, sectorAtEnrolment: id < "c" ? "PUBLIC" : "PRIVATE", employerAtEnrolment: { name: "Somewhere" }, homeStation: { name: "Leeds", latitude: 53.8, longitude: -1.5 }, team: team === null ? null : { id: `team-${team}`, number: team, name: `Team ${team}` } },
  visits: 1, attainable: 1, shortfall: 0, minutes, leastMinutes: null, missed,
});
export const people = [person("a", "Ann Lee", 1, 120), person("b", "Bo Reid", 1, 300), person("c", "Cal Moss", 2, 180), person("d", "Di Hart", 2, 240)];

export const board = (visits: Visit[], more: Partial<Board> = {}): Board => ({
  id: "plan", version: 7, number: 3, state: "DRAFT", seed: 1, cancelled: false, updatedAt: "2019-04-01T09:00:00Z", updatedBy: null, releasedAt: null,
  rules: { visitDaysMax: 5, daysBetweenMin: null, hostsPerDayMax: 0, oneWayMinutesMax: 330, everyoneAtLeast: 0, coverEveryTheme: false, mentorSeats: 0, levels: ["UNCOVERED", "MAX_SHORTFALL", "SQUARED_SHORTFALL", "MINUTES", "GRAMS_CO2E"], lostDays: [], exclusions: [] },
  score: { uncovered: 0, maxShortfall: 0, squaredShortfall: 0, minutes: 600, gramsCo2e: 2000 }, bound: null, provedLevels: 0, broken: [],
  travel: { journeys: 4, leastMinutes: 20, middleMinutes: 60, mostMinutes: 90, gramsCo2e: 2000, pence: null, penceAHead: null, explain: { text: "", pricesEstimated: 0, pricesMissing: 0, factors: [] } },
  cohort: { id: "cohort" }, visits: { nodes: visits },
  left: { totalCount: 1, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [{ subject: { __typename: "HostOffer", id: "Forth", site: { name: "Forth", organisation: { name: "Forth" } } }, reason: { __typename: "DaysReason", code: "NO_DAY_LEFT", text: "Names too late.", remedy: "Ask for a later day." } as Board["left"]["nodes"][number]["reason"] }] },
  ...more,
});
export const usual = (): Board => board([visit(usk, "2019-04-23", "A", ["a", "b"]), visit(kelvin, "2019-04-23", "B", ["c", "d"])]);
