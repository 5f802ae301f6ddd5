import type { Nation, Sector } from "@/gql/graphql";

/* Words, dates and figures as the product writes them: "Tue 23 Apr", "2 h 06", "1.2 %", "−3". */

const nb = "\u00a0";
const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const longDays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const longMonths = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** A calendar date as a moment at 00:00 UTC, for counting only. */
export const dateOf = (date: string): Date => new Date(`${date.slice(0, 10)}T00:00:00Z`);
/** The date that a moment of `dateOf` stands for. */
export const isoOf = (moment: Date): string => moment.toISOString().slice(0, 10);
/** The date that lies so many days later. */
export const addDays = (date: string, n: number): string => isoOf(new Date(dateOf(date).getTime() + n * 86_400_000));
/** Days from one date to another. */
export const daysBetween = (from: string, to: string): number => Math.round((dateOf(to).getTime() - dateOf(from).getTime()) / 86_400_000);

/** "23 Apr" */
export const short = (date: string): string => `${dateOf(date).getUTCDate()}${nb}${months[dateOf(date).getUTCMonth()]}`;
/** "Tue 23 Apr" */
export const day = (date: string): string => `${days[dateOf(date).getUTCDay()]}${nb}${short(date)}`;
/** "Tue 23 Apr 2019" */
export const dayYear = (date: string): string => `${day(date)}${nb}${dateOf(date).getUTCFullYear()}`;
/** "Tuesday 23 April", for a voice */
export const spokenDay = (date: string): string =>
  `${longDays[dateOf(date).getUTCDay()]} ${dateOf(date).getUTCDate()} ${longMonths[dateOf(date).getUTCMonth()]}`;
/** "Tue" */
export const weekday = (date: string): string => days[dateOf(date).getUTCDay()]!;
/** "Monday" */
export const longWeekday = (date: string): string => longDays[dateOf(date).getUTCDay()]!;
export const isWeekend = (date: string): boolean => dateOf(date).getUTCDay() % 6 === 0;

/**
 * The date that somebody wrote: "23 Apr", "23/4", "23.4.2019", "Tue 23 April", "2019-04-23"; day before month. Where the
 * year is left out it is the one that lies nearest to `near`. Null where no such day exists.
 */
export function readDay(text: string, near: string): string | null {
  const made = (y: number, m: number, d: number): string | null => {
    const at = new Date(Date.UTC(y, m - 1, d));
    return at.getUTCMonth() === m - 1 && at.getUTCDate() === d ? isoOf(at) : null;
  };
  const iso = /^\s*(\d{4})-(\d{1,2})-(\d{1,2})\s*$/.exec(text);
  if (iso) return made(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const said = /^\s*(?:[a-z]+,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s./-]+(\d{1,2}|[a-z]{3,9})(?:[\s./,-]+(\d{4}|\d{2}))?\s*$/i.exec(text);
  if (!said) return null;
  const word = said[2]!;
  const month = /^\d/.test(word) ? Number(word) : longMonths.findIndex((m) => m.toLowerCase().startsWith(word.toLowerCase())) + 1;
  if (month < 1 || month > 12) return null;
  if (said[3]) return made(said[3].length === 2 ? 2000 + Number(said[3]) : Number(said[3]), month, Number(said[1]));
  const year = dateOf(near).getUTCFullYear();
  const all = [year - 1, year, year + 1].map((y) => made(y, month, Number(said[1]))).filter((d): d is string => d !== null);
  return all.sort((a, b) => Math.abs(daysBetween(near, a)) - Math.abs(daysBetween(near, b)))[0] ?? null;
}

const partsOf = (moment: string, zone: string) =>
  Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", { timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" })
      .formatToParts(new Date(moment))
      .map((p) => [p.type, p.value]),
  );
/** "10:30" in a time zone */
export const time = (moment: string, zone: string): string => {
  const p = partsOf(moment, zone);
  return `${p.hour}:${p.minute}`;
};
/** The date of a moment in a time zone, as 2019-04-23. */
export const dateIn = (moment: string, zone: string): string => {
  const p = partsOf(moment, zone);
  return `${p.year}-${p.month}-${p.day}`;
};
/** The moment at which a zone's clocks show this date and time, as an RFC 3339 string in UTC. */
export function momentIn(date: string, clock: string, zone: string): string {
  const wanted = Date.parse(`${date}T${clock}:00Z`);
  const shown = (at: number) => {
    const p = partsOf(new Date(at).toISOString(), zone);
    return Date.parse(`${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}:00Z`);
  };
  const once = wanted - (shown(wanted) - wanted);
  return new Date(once - (shown(once) - wanted)).toISOString().replace(".000Z", "Z");
}
/** "10:30–15:00" */
export const times = (from: string, to: string, zone: string): string => `${time(from, zone)}–${time(to, zone)}`;
/** "09:12" by this computer's clock */
export const clock = (at: Date): string => `${String(at.getHours()).padStart(2, "0")}:${String(at.getMinutes()).padStart(2, "0")}`;

/** "2 h 06", "45 min" */
export function length(minutes: number): string {
  const m = Math.abs(Math.round(minutes));
  const text = m < 60 ? `${m}${nb}min` : m % 60 === 0 ? `${Math.floor(m / 60)}${nb}h` : `${Math.floor(m / 60)}${nb}h${nb}${String(m % 60).padStart(2, "0")}`;
  return minutes < 0 ? `−${text}` : text;
}
/** "262 kg", "3.4 t", "940 g" */
export function mass(grams: number): string {
  if (Math.abs(grams) >= 1_000_000) return `${number(grams / 1_000_000, 1)}${nb}t`;
  if (Math.abs(grams) >= 10_000) return `${number(grams / 1000)}${nb}kg`;
  if (Math.abs(grams) >= 1000) return `${number(grams / 1000, 1)}${nb}kg`;
  return `${number(grams)}${nb}g`;
}
/** "£47.23", "£9,994": pence from a hundred pounds on are not worth reading */
export const money = (pence: number): string => `£${Math.abs(pence) >= 10_000 ? number(Math.round(pence / 100)) : number(pence / 100, 2)}`;
/** The minutes that somebody wrote: "155", "2:35", "2 h 35", "45 min"; null where it is none. */
export function readMinutes(text: string): number | null {
  const said = /^\s*(?:(\d{1,2})\s*(?::|h(?:ours?)?)\s*)?(?:(\d{1,4})\s*(?:m|min|minutes)?)?\s*$/i.exec(text);
  if (!said || (!said[1] && !said[2]) || (said[1] && said[2] && Number(said[2]) > 59)) return null;
  return Number(said[1] ?? 0) * 60 + Number(said[2] ?? 0);
}
/** The number that somebody wrote, with at most so many decimals: "47.20", "£1,200", "310 km"; null where it is none. */
export function readNumber(text: string, places: number): number | null {
  const said = /^\s*£?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?\s*(?:km|p)?\s*$/.exec(text);
  if (!said || (said[2] ?? "").length > places) return null;
  return Number(`${said[1]!.replaceAll(",", "")}.${said[2] ?? "0"}`);
}
/** "2,000", "−3", "1.2" */
export const number = (value: number, places = 0): string =>
  value.toLocaleString("en-GB", { minimumFractionDigits: places, maximumFractionDigits: places }).replace("-", "−");
/** "+3", "−3", "0" */
export const signed = (value: number, places = 0): string => (value > 0 ? `+${number(value, places)}` : number(value, places));
/** "1.2 %" */
export const percent = (value: number): string => `${number(value, value < 10 && value % 1 !== 0 ? 1 : 0)}${nb}%`;

const small = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
/** "two", "13": words up to twelve */
export const words = (n: number): string => small[n] ?? number(n);
/** "Two" at the head of a sentence */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
/** "1 person", "38 people" */
export const count = (n: number, one: string, many = `${one}s`): string => `${number(n)}${nb}${n === 1 ? one : many}`;
/** "a, b and c" */
export const list = (items: readonly string[]): string =>
  items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;

/** "AO" of "Amara Okafor" */
export function initials(name: string): string {
  const parts = name.trim().split(/\s+/);
  const first = parts[0]?.[0] ?? "";
  const last = parts.length > 1 ? (parts[parts.length - 1]?.[0] ?? "") : "";
  return (first + last).toUpperCase();
}

/** What a host is called: the organisation that receives, else its site. */
export const hostName = (site: { name: string; organisation: { name: string } }): string => site.organisation.name || site.name;

export const sectorWord: Record<Sector, string> = { PUBLIC: "public", PRIVATE: "private" };
export const nationWord: Record<Nation, string> = { ENGLAND: "England", WALES: "Wales", SCOTLAND: "Scotland", NORTHERN_IRELAND: "Northern Ireland" };
export const enrolmentWord: Record<string, string> = {
  INVITED: "invited",
  WAITLISTED: "waiting",
  ACCEPTED: "accepted",
  ACTIVE: "taking part",
  COMPLETED: "completed",
  WITHDRAWN: "left",
};
