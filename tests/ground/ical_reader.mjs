// Reads a JSON list of calendars with one event each from standard input; prints the instants of all its dates as [start, end] seconds, by ical.js.
import { readFileSync } from "node:fs";
import ICAL from "../../node_modules/ical.js/dist/ical.js";

const MOST = 1000;

function dates(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const event = new ICAL.Event(calendar.getFirstSubcomponent("vevent"));
  const walk = event.iterator();
  const found = [];
  for (let next = walk.next(); next && found.length < MOST; next = walk.next()) {
    const { startDate, endDate } = event.getOccurrenceDetails(next);
    found.push([startDate.toUnixTime(), endDate.toUnixTime()]);
  }
  return found;
}

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(dates)));
