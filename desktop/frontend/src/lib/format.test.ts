import { describe, expect, it } from "vitest";
import { addDays, count, day, dayYear, daysBetween, initials, isWeekend, length, list, mass, momentIn, money, number, percent, readDay, readMinutes, readNumber, short, signed, time, times, words } from "./format";

const plain = (text: string) => text.replace(/\u00a0/g, " ");

describe("dates", () => {
  it.each([["2019-04-23", "Tue 23 Apr"], ["2019-02-07", "Thu 7 Feb"], ["2020-02-29", "Sat 29 Feb"]])("%s is %s", (d, said) => expect(plain(day(d))).toBe(said));
  it("names the year once asked", () => expect(plain(dayYear("2019-04-29"))).toBe("Mon 29 Apr 2019"));
  it("never breaks between day and month", () => expect(short("2019-04-12")).toBe("12\u00a0Apr"));
  it("counts over the clocks' change", () => {
    expect(addDays("2019-03-30", 2)).toBe("2019-04-01");
    expect(daysBetween("2019-03-30", "2019-04-01")).toBe(2);
  });
  it("knows weekends", () => expect(["2019-04-20", "2019-04-21", "2019-04-22"].map(isWeekend)).toEqual([true, true, false]));

  it.each([
    ["23 Apr", "2019-04-23"], ["23/4/2019", "2019-04-23"], ["7/2/2019", "2019-02-07"], ["Tue 23 April 2019", "2019-04-23"], ["23.4.19", "2019-04-23"],
    ["2019-04-23", "2019-04-23"], ["1st may", "2019-05-01"], ["30 Dec", "2018-12-30"],
  ])("reads %s as %s", (text, date) => expect(readDay(text, "2019-02-07")).toBe(date));
  it.each(["27/13/2019", "31 Apr", "29 Feb 2019", "soon", "23", "2019-02-30"])("does not make a day of %s", (text) => expect(readDay(text, "2019-02-07")).toBeNull());
});

describe("times", () => {
  it("shows a moment in the programme's zone, summer and winter", () => {
    expect(time("2019-04-23T09:30:00Z", "Europe/London")).toBe("10:30");
    expect(time("2019-02-26T10:00:00Z", "Europe/London")).toBe("10:00");
    expect(times("2019-04-23T09:30:00Z", "2019-04-23T14:00:00Z", "Europe/London")).toBe("10:30–15:00");
  });
  it.each([["2019-04-23", "10:30"], ["2019-02-26", "10:30"], ["2019-03-31", "09:00"], ["2019-10-27", "09:00"], ["2019-01-01", "00:00"]])("writes %s %s so that it reads back", (d, c) => {
    expect(time(momentIn(d, c, "Europe/London"), "Europe/London")).toBe(c);
  });
});

describe("figures", () => {
  it.each([[126, "2 h 06"], [45, "45 min"], [60, "1 h"], [0, "0 min"], [-15, "−15 min"]])("%d minutes are %s", (m, said) => expect(plain(length(m))).toBe(said));
  it.each([[262_000, "262 kg"], [3_400_000, "3.4 t"], [940, "940 g"], [6_900, "6.9 kg"]])("%d grams are %s", (g, said) => expect(plain(mass(g))).toBe(said));
  it.each([[4723, "£47.23"], [0, "£0.00"], [9_999, "£99.99"], [999_374, "£9,994"]])("%d pence are %s", (p, said) => expect(plain(money(p))).toBe(said));
  it.each<[string, number | null]>([["155", 155], ["2:35", 155], ["2 h 35", 155], ["2h", 120], ["45 min", 45], ["2:75", null], ["", null], ["soon", null]])("the time %s is read as %s", (text, m) => expect(readMinutes(text)).toBe(m));
  it.each<[string, number, number | null]>([["47.20", 2, 47.2], ["£1,200", 2, 1200], ["310 km", 3, 310], ["1.234", 2, null], ["1,20", 2, null], ["-3", 2, null], ["", 2, null]])("the figure %s with %d decimals is read as %s", (text, places, n) => expect(readNumber(text, places)).toBe(n));
  it("writes minus, thousands and percent as the product does", () => {
    expect(number(2000)).toBe("2,000");
    expect(number(-3)).toBe("−3");
    expect(signed(3)).toBe("+3");
    expect(percent(1.2)).toBe("1.2\u00a0%");
    expect(percent(2)).toBe("2\u00a0%");
  });
  it("puts words where words are due", () => {
    expect(words(0)).toBe("none");
    expect(words(12)).toBe("twelve");
    expect(words(13)).toBe("13");
    expect(plain(count(1, "person", "people"))).toBe("1 person");
    expect(list(["a", "b", "c"])).toBe("a, b and c");
    expect(list(["a"])).toBe("a");
    expect(initials("Amara van Okafor")).toBe("AO");
  });
});
