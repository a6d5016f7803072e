// What has to happen before some pages are there at all: a report in the middle of its questions, an emergency, a conflict of
// interest, a link to choose a password. Gives back who was where.

import assert from "node:assert/strict";
import { begin, involve, today } from "./steps.mjs";

/** More pages of questions than come before the one that asks about everybody. */
const MOST_PAGES = 60;
/** More reports than a demonstration has. */
const MOST_REPORTS = 20;

/** Every address that this visitor comes by from now on. */
export function trail(visitor) {
  const been = new Set();
  visitor.page.on("framenavigated", (frame) => {
    const { pathname, search } = new URL(frame.url());
    been.add(pathname + search);
  });
  return been;
}

/** In the middle of the questions: a child may be in danger, and somebody was blackmailed; who did it is not said yet. */
export async function midway(officer) {
  await begin(officer, { where: "At home", reportedBy: "A parent or carer", name: "Mother Example" });
  await involve(officer, [
    { name: "Mia", age: 14, parts: ["Is in the image", "Made it", "Sent or posted it, or sent sexual messages"] },
    { name: "Noah", age: 16, parts: ["Received it"] },
  ]);
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const last = (await officer.heading()) === "Did anything make it worse?";
    for (const { words, field } of await officer.fields()) if (/^On what day/.test(words)) await field.fill(today());
    for (const { words } of await officer.questions()) {
      await officer.choose(words, /blackmail|hurt|suicide/i.test(words) ? "Yes" : "No");
    }
    if (await officer.page.getByRole("button", { name: "Save and go on" }).count()) await officer.press("Save and go on");
    else if (await officer.page.getByRole("button", { name: "Go on", exact: true }).count()) await officer.press(/^Go on$/);
    else await officer.follow(/^Go on/);
    if (last) return;
  }
  assert.fail(`nobody is asked about everybody at once; last "${await officer.heading()}"`);
}

/** Reports that are closed to an officer are opened because it cannot wait; a supervisor is told of those of the unit, and looks. */
export async function emergencies(officer, supervisor, address) {
  const year = (await officer.reference()).split("-")[1];
  let opened = 0;
  for (let number = 1; number <= MOST_REPORTS; number += 1) {
    const place = `${address}/reports/WM-${year}-${String(number).padStart(6, "0")}`;
    const answer = await officer.page.context().request.get(place);
    if (answer.status() !== 403 || !/in an emergency/.test(await answer.text())) continue;
    await officer.open(place);
    await officer.press("Open it in an emergency");
    await officer.choose("Why can it not wait?", /./);
    await officer.write(/^What/, "A child may come to harm tonight; nobody of the other unit answers.");
    await officer.press("Open it for one hour");
    opened += 1;
    // Nobody opens a further one while two of theirs wait for a review.
    if (opened === 2) break;
  }
  await supervisor.open(address);
  await supervisor.follow(/^Review the opening/);
}

/** Two children of two reports may be one: the officer looks. */
export async function compare(officer) {
  await officer.follow("Find a person");
  await officer.write("Family name", "Specimen");
  await officer.write("Given name", "Casey");
  await officer.choose("Why are you looking?", "They are in a report that I work on");
  await officer.press("Find");
  await officer.follow(/^WM-/);
  await officer.follow("Who and what is involved");
  await officer.follow("Earlier involvement of Casey Specimen");
  await officer.follow(/^Compare, and say/);
}

/** A colleague has an interest in a report that is restricted, and is shut out of it. */
export async function conflict(supervisor, colleague) {
  await supervisor.follow("Reports");
  await supervisor.follow(/^Other reports you may open/);
  await supervisor.follow(/^WM-/);
  await supervisor.choose(/Why are you opening/, "To supervise the work on it");
  await supervisor.press("Open the report");
  await supervisor.follow("Who may see this report");
  await supervisor.follow("Say that somebody has a conflict of interest");
  await supervisor.write(/^Who has it/, colleague);
  await supervisor.write(/^What is their interest/, "A cousin of one of the children");
  await supervisor.press("Close the report to them");
}

/** A call that is still with the control room can be passed on; in most others there is nobody left to pass it to. */
export async function taken(callHandler, address) {
  const year = new Date().getFullYear();
  for (let number = 1; number <= MOST_REPORTS; number += 1) {
    await callHandler.open(`${address}/reports/WM-${year}-${String(number).padStart(6, "0")}/pass`);
    if (await callHandler.page.locator('main form[action$="/pass"]').count()) return;
  }
  assert.fail("no call can be passed on");
}

/** A report that is closed can be opened again from the page that closed it. */
export async function closed(supervisor) {
  await supervisor.follow("Reports");
  await supervisor.follow(/^Closed/);
  await supervisor.follow(/^WM-/);
  await supervisor.choose(/Why are you opening/, "To supervise the work on it");
  await supervisor.press("Open the report");
  await supervisor.follow(/^How it was closed/);
  await supervisor.follow("Open the report again");
}

/** A link with which somebody chooses a password. */
export async function passwordLink(supervisor) {
  await supervisor.follow("People");
  await supervisor.follow("Author Example One");
  await supervisor.press("Make a link");
  return (await supervisor.page.locator("main").innerText()).match(/http\S+\/password\/\S+/)[0];
}
