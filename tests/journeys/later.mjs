// Half a form is put aside, found begun in the list of what to do, and finished by a colleague.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { WAYS, browser } from "../lib/browser.mjs";
import { start } from "../lib/server.mjs";
import { begin, fulfil, involve } from "../lib/steps.mjs";
import { Force } from "../lib/visitor.mjs";

const VPA = "Submit a Vulnerable Person Assessment (VPA) for Asha";
const LATER = "Save and come back later";

let server;
let chromium;
let force;

before(async () => {
  [server, chromium] = await Promise.all([start(), browser()]);
  force = new Force(server, chromium);
});
after(async () => {
  await chromium?.close();
  await server?.stop();
});

for (const way of WAYS) {
  test(`half a form, finished by somebody else: ${way.name}`, async () => {
    const officer = await force.visitor("officer", way, "later");
    await begin(officer, { where: "At school", reportedBy: "A school or college", name: "Teacher Example" });
    await involve(officer, [{ name: "Asha", age: 14, parts: ["Is in the image", "Made it", "Sent or posted it, or sent sexual messages"] }]);
    await officer.report();
    const reference = await officer.reference();
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
    await supervisor.follow("Reports");
    await supervisor.write("Find a report by its reference", reference);
    await supervisor.press("Find");
    await supervisor.sees("Why are you opening it?");
    await supervisor.choose(/Why are you opening/, "To supervise the work on it");
    await supervisor.press("Open the report");
    await supervisor.follow(VPA);
    await supervisor.sees(/Begun by Officer Example One.*not recorded yet/);
    const kept = (await supervisor.fields()).find(({ value }) => value === "Written between two calls");
    assert.ok(kept, "what was entered is there");
    await fulfil(supervisor);
    await supervisor.sees("VPA-");
    await supervisor.report();
    const done = (await supervisor.tasks()).find(({ name }) => name === VPA);
    assert.equal(done, undefined, "it is among what is done, folded away");
    await supervisor.leave();
    await officer.leave();
  });
}
