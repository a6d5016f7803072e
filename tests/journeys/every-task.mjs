// Every task that the guidance asks for is done by somebody, first badly and then well: what was typed stays, and the task ends.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { before, test } from "node:test";
import { WAYS } from "../lib/browser.mjs";
import { site } from "../lib/site.mjs";
import { addDevice, addPlace, answer, begin, doTasks, involve } from "../lib/steps.mjs";

// Without JavaScript: what stands in the forms is kept by nobody but the server. How each kind of task looks, every-page.mjs sees.
const [, BARE] = WAYS;
const FULL = ["The full record", "Why it is lawful and proportionate"];
const HOW = [
  [/on all police systems/, [[/^Was nothing found/, [/^All were looked up/]], [/^If you have looked up all/, "S-9 at 9:30"]]],
  [/advice and support/, [[/services did you offer/, [/^Childline/]]]],
  [/^Record the crime/, [[/^Class as recorded/, /^(86\/2|71\/17)/]]],
  [/what happens to/i, [[/What did you decide/, /^Seize it/], [/Under which power/, /s\.19/]], FULL],
  [/Achieving Best Evidence/, [[/What did you decide/, /^Achieving Best Evidence interview/]]],
  [/are not told/, [[/What did you decide/, /^They are not told/]]],
  [/repeated conduct/, [[/What did you decide/, /^Outcome 21 is still right/]]],
  [/between Outcome 10 and Outcome 21/, [[/What did you decide/, /^Outcome 21/]]],
];
/** Done in another journey: the interview of a child in aggravated.mjs, review and what follows an outcome in experimental.mjs. */
const ELSEWHERE = ["interview-decision", "supervisor-review", "outcome-explained", "deletion-advice"];

const MIA = { name: "Mia", age: 14, parts: ["Is in the image", "Made it", "Sent or posted it, or sent sexual messages"] };
/** Reports that together raise everything. */
const REPORTS = [
  {
    what: "an adult who works with children, an account that nobody knows, and parents who must not be told",
    people: [
      MIA,
      { name: "Sam", age: 34, parts: ["Received it", "Asked for it"] },
      { name: "account example_2", age: "Not known yet", known: /^No/, parts: ["Received it"] },
    ],
    answers: [
      [/^Is there any concern that (Mia|Sam) has hurt/, "Yes"],
      [/put Mia in danger if parents/, "Yes"],
      [/^Is there an image|online now|work with children|^Did (Sam|anybody) groom/, "Yes"],
      [/^Why did/, /other/i],
    ],
    device: ["Black phone", ["Sam"]],
  },
  {
    what: "two friends, one of whom did it before, and evidence enough",
    people: [MIA, { name: "Ben", age: 15, parts: ["Received it"] }],
    answers: [
      [/^Is there an image|know that the image was made|willing for the image to be made|conduct like this|already sufficient/, "Yes"],
      [/^Why did/, /attention/i],
      [/age appropriate/, /^Yes/],
    ],
    outcome: "Is the evidence already sufficient for formal action?",
  },
];

/** What stands in the form when too little of it is filled in. */
const WRITTEN = "Written before it was complete";

const { server, force } = await site();
let officer;
/** Everything that was recorded, by the name of the task. */
const done = new Set();

before(async () => {
  officer = await force.visitor("officer", BARE, "every-task");
});

/** What there is to do, in the words of the guidance. */
const text = readFileSync(new URL("../../guidance/cheshire/v1/duties.toml", import.meta.url), "utf8");
const duties = [...text.matchAll(/^id = "([^"]+)"$[^]*?^title = "([^"]+)"$/gm)].map(([, id, title]) => ({
  id,
  fits: new RegExp(`^${title.replaceAll(/[()]/g, "\\$&").replaceAll(/\{\w+\}/g, "(?!the (?!person behind )).+")}$`),
}));

/** Half of what is asked is not enough, and stays where it was written. */
async function badly() {
  const where = await officer.heading();
  // A form of the pack is filled in from the report, and may be filed as it is.
  if (/VPA|screening tool/.test(where)) return;
  const fields = (await officer.fields()).filter(({ words, kind, value }) => kind === "text" && value === "" && !/day|time|when/i.test(words));
  const one = fields.length + (await officer.questions()).length > 1 ? fields[0] : null;
  if (one) await one.field.fill(WRITTEN);
  await officer.press(/^Record/);
  assert.notEqual(await officer.mistakes(), "", `"${where}" took half of what it asks for`);
  const kept = (await officer.fields()).some(({ words, value }) => words === one?.words && value === WRITTEN);
  assert.ok(kept || !one, `"${where}" lost what was written under "${one?.words}"`);
}

for (const report of REPORTS) {
  test(`${report.what}: every task is refused half done, and ends when it is done`, async () => {
    await officer.open(server.address);
    await begin(officer, { where: "At home", reportedBy: "A parent or carer", name: "Mother Example" });
    await involve(officer, report.people);
    await answer(officer, report.answers);
    if (report.outcome) {
      await officer.report();
      await officer.follow("Outcomes");
      if (await officer.offers(report.outcome)) {
        await officer.follow(report.outcome);
        await officer.choose(report.outcome, "Yes");
        await officer.press("Save and go on");
      }
    }
    await addPlace(officer, "2 Example Close");
    if (report.device) await addDevice(officer, ...report.device);
    // What was done in the report before is the same here.
    const before = duties.filter(({ fits }) => [...done].some((name) => fits.test(name))).map(({ fits }) => fits);
    const recorded = await doTasks(officer, HOW, [/supervisor review/, ...before], badly);
    recorded.forEach((name) => done.add(name));
    await officer.report();
    await officer.unfold(/^Done/);
    const states = new Map((await officer.tasks()).map(({ name, state }) => [name, state]));
    for (const name of recorded) assert.match(states.get(name) ?? "not there", /Done/, name);
  });
}

test("no task of the guidance was left out", () => {
  assert.ok(duties.length > 20, `${duties.length} duties could be read`);
  assert.deepEqual(duties.filter(({ fits }) => ![...done].some((name) => fits.test(name))).map(({ id }) => id), ELSEWHERE);
});
