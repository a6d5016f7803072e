// A report that a call handler begins is taken on. Half a form is put aside, found begun in the list of what to do, and finished by a colleague.

import assert from "node:assert/strict";
import { test } from "node:test";
import { WAYS } from "../lib/browser.mjs";
import { site } from "../lib/site.mjs";
import { begin, fulfil, involve } from "../lib/steps.mjs";

const VPA = "Submit a Vulnerable Person Assessment (VPA) for Asha";
const LATER = "Save and come back later";

const { force } = await site();

/** Looks a report up by its reference and says why it is opened. */
async function find(visitor, reference, why) {
  await visitor.follow("Reports");
  await visitor.write("Find a report by its reference", reference);
  await visitor.press("Find");
  await visitor.sees("Why are you opening it?");
  await visitor.choose(/Why are you opening/, why);
  await visitor.press("Open the report");
}

for (const way of WAYS) {
  test(`half a form, finished by somebody else: ${way.name}`, async () => {
    // Whoever answers the call begins it. It is nobody's until somebody takes it on.
    const handler = await force.visitor("handler", way, "later");
    await begin(handler, { where: "At school", reportedBy: "A school or college", name: "Teacher Example" });
    await involve(handler, [{ name: "Asha", age: 14, parts: ["Is in the image", "Made it", "Sent or posted it, or sent sexual messages"] }]);
    await handler.report();
    const reference = await handler.reference();
    await handler.sees("No officer yet");
    await handler.follow("Pass it to another unit");
    await handler.choose("Which unit?", "Example Response Team");
    await handler.write("Why is it passed on, and what must they know first?", "A child at school; nobody has spoken to her yet");
    await handler.press("Pass it on");
    await handler.leave();

    const officer = await force.visitor("officer", way, "later");
    await find(officer, reference, /To see whether I take it on/);
    await officer.sees("nobody has spoken to her yet");
    await officer.follow("Take this report on");
    await officer.press("Take it on");
    await officer.report();
    await officer.sees("Being worked on");
    assert.ok(!(await officer.offers("Take this report on")), "it is taken on");
    await officer.follow(VPA);
    const [first] = (await officer.fields()).filter(({ kind, value }) => kind === "text" && value === "");
    await first.field.fill("Written between two calls");
    await officer.press(LATER);
    await officer.sees("Saved for later");
    const begun = (await officer.tasks()).find(({ name }) => name === VPA);
    assert.equal(begun.state, "In progress", "it is begun, and not done");
    await officer.sees(/Begun by Officer Example One.*not recorded yet/);

    const supervisor = await force.visitor("supervisor", way, "later");
    await supervisor.follow("Immediate concern");
    await supervisor.sees("Which report is it about?");
    await find(supervisor, reference, "To supervise the work on it");
    await supervisor.follow(VPA);
    await supervisor.sees(/Begun by Officer Example One.*not recorded yet/);
    const kept = (await supervisor.fields()).find(({ value }) => value === "Written between two calls");
    assert.ok(kept, "what was entered is there");
    await fulfil(supervisor);
    await supervisor.sees("VPA-");
    await supervisor.report();
    const filed = (await supervisor.tasks()).find(({ name }) => name === VPA);
    assert.equal(filed?.state, "Waiting for receipt", "it is filed, and nobody has said yet that it arrived");
    await supervisor.leave();
    await officer.leave();
  });
}
