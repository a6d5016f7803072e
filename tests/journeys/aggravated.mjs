// An aggravated report, from the first call over referral, interview decision and review to charge and closing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { WAYS } from "../lib/browser.mjs";
import { site } from "../lib/site.mjs";
import { addDevice, addPlace, agree, answer, askForReview, begin, close, decide, doTasks, involve } from "../lib/steps.mjs";

const FULL = ["The full record", "Why it is lawful and proportionate"];

/** What the officer decides and says where a task asks more than the usual. */
const HOW = [
  [/advice and support/, [[/services did you offer/, [/^Childline/]]]],
  [/what happens to/i, [[/What did you decide/, /^Seize it/], [/Under which power/, /s\.19/]], FULL],
  [/how .* is to be interviewed/, [[/What did you decide/, /^Voluntary interview/]], FULL],
  [/Achieving Best Evidence/, [[/What did you decide/, /^Achieving Best Evidence interview/]]],
];

const { force } = await site();

for (const way of WAYS) {
  test(`blackmailed after sending, to referral, interview, charge and closed: ${way.name}`, async () => {
    const officer = await force.visitor("officer", way, "aggravated");
    await begin(officer, { where: "At home, with her mother", reportedBy: "A parent or carer", name: "Mother Example" });
    await involve(officer, [
      { name: "Mia", age: 14, parts: ["Is in the image", "Made it", "Sent or posted it, or sent sexual messages"] },
      { name: "Noah", age: 16, parts: ["Received it", "Asked for it"] },
    ]);
    const asked = await answer(officer, [
      [/^Is there an image/, "Yes"],
      [/know that the image was made/, "Yes"],
      [/willing for the image to be made/, "No"],
      // Somebody did, and it was Noah; Mia had it done to her.
      [/^Did Mia /, "No"],
      [/^Did Noah blackmail/, "Yes"],
      [/blackmail/, "Yes"],
      [/^Did Noah /, "No"],
      [/^Why did/, /other/i],
      [/age appropriate/, /^Yes/],
      // Nothing but an outcome waits for it. It is known later.
      [/already sufficient/, "Not known yet"],
    ]);
    assert.ok(asked.some((words) => /already sufficient/.test(words)), "what only an outcome waits for is asked too");
    assert.ok(asked.length < 60, "only what can still matter is asked");
    await officer.sees("Aggravated");
    // Of Mia: what she did herself, and that something was done to her.
    await officer.sees("Nothing aggravating. Counts as harmed");
    await addPlace(officer, "Home of Mia, 2 Example Close");
    await addDevice(officer, "Black phone", ["Noah"]);

    const done = await doTasks(officer, HOW, [/supervisor review/]);
    for (const wanted of [/Refer Mia to children's social care/, /Refer Noah to children's social care/, /interviewed/, /Achieving Best Evidence/]) {
      assert.ok(done.some((task) => wanted.test(task)), `${wanted} is not among ${done.join("; ")}`);
    }
    await officer.report();
    await officer.follow("Outcomes");
    await officer.follow("Is the evidence already sufficient for formal action?");
    await officer.choose("Is the evidence already sufficient for formal action?", "Yes");
    await officer.press("Save and go on");

    const reference = await officer.reference();
    await askForReview(officer);
    const supervisor = await force.visitor("supervisor", way, "aggravated");
    await agree(supervisor, reference);
    await supervisor.leave();

    // For Mia nothing is decided: it was done to her. A charge stays with Noah, so a line is not enough.
    await decide(officer, "1", ["The report as a whole", "Noah"], true);
    await officer.sees("The report, Noah: Outcome 1, Charge or summons");
    await officer.sees("No outcome is decided for a child who was harmed in an aggravated report");
    await officer.follow("See what stands in the way of closing the report");
    const told = ["Explain the outcome to Mia and to any parents or carers who are told", "Explain the outcome to Noah and to any parents or carers who are told"];
    for (const task of told) await officer.sees(task);
    await officer.misses(/is not decided/);
    assert.deepEqual(await doTasks(officer, HOW), told, "what is due after the outcome");
    await close(officer);
    await officer.sees("Outcome 1, Charge or summons");
    await officer.follow("Read the timeline");
    await officer.sees("Outcome 1, Charge or summons decided for the report");
    await officer.sees("Outcome 1, Charge or summons decided for Noah");
    await officer.leave();
  });
}
