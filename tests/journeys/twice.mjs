// A report that should not be there: its form is sent a second time, and it is ended without an outcome once a supervisor agrees.

import assert from "node:assert/strict";
import { test } from "node:test";
import { WAYS } from "../lib/browser.mjs";
import { site } from "../lib/site.mjs";
import { tell } from "../lib/steps.mjs";

const SAID = { where: "At school", reportedBy: "A school or college", name: "Teacher Example" };

const { force } = await site();

/** What makes the page that starts a report this page and no other. */
const once = (visitor) => visitor.page.locator("main input[name=once]");

for (const way of WAYS) {
  test(`begun twice by mistake, and ended: ${way.name}`, async () => {
    const officer = await force.visitor("officer", way, "twice");
    await officer.press("Start a report");
    const form = await once(officer).inputValue();
    await tell(officer, SAID);
    const reference = await officer.reference();

    // The very same form, with other words in it: as a page that was still open in another tab sends it.
    await officer.follow("Home");
    await officer.press("Start a report");
    await officer.sees(`You started ${reference}`);
    await once(officer).evaluate((it, form) => (it.value = form), form);
    await tell(officer, { ...SAID, where: "At the home of her aunt" });
    assert.equal(await officer.heading(), "You already started this report");
    await officer.sees("At the home of her aunt");
    await officer.press("Save these first answers to the report");
    await officer.follow(new RegExp(`^${reference}`));
    await officer.sees("At the home of her aunt");

    // An older page of the first questions: as one that was open while somebody else saved it.
    await officer.follow(/^Change\s*: Where the child is/);
    await officer.page.locator("main input[name=seen]").evaluate((it) => (it.value = "1"));
    await officer.write("Where is the child now?", "At a hospital");
    await officer.press("Save");
    await officer.sees("Two answers to the same");
    await officer.sees("At the home of her aunt");
    await officer.press("Save");
    await officer.sees("At a hospital");

    await officer.follow("Close the report");
    await officer.follow("Ask to end it without an outcome");
    await officer.press("Ask a supervisor to end it");
    assert.notEqual(await officer.mistakes(), "", "a reason is asked for");
    await officer.choose("Why should it be ended?", "It was begun by mistake");
    await officer.write(/^How it came to be begun/, "A colleague was shown the pages, and nothing was reported");
    await officer.press("Ask a supervisor to end it");
    await officer.follow(new RegExp(`^${reference}`));
    await officer.sees(/asked on .* to end this report/);
    await officer.sees("A colleague was shown the pages");

    await officer.follow("Withdraw what you asked, if it was not right");
    await officer.press("Withdraw what you asked");
    await officer.sees("This report goes on as before");
    await officer.follow("Close the report");
    await officer.follow("Ask to end it without an outcome");
    await officer.choose("Why should it be ended?", "It was begun by mistake");
    await officer.write(/^How it came to be begun/, "A colleague was shown the pages, and nothing was reported");
    await officer.press("Ask a supervisor to end it");
    await officer.follow(new RegExp(`^${reference}`));

    const supervisor = await force.visitor("supervisor", way, "twice");
    await supervisor.follow("Reports");
    await supervisor.write("Find a report by its reference", reference);
    await supervisor.press("Find");
    await supervisor.follow("Read it and say whether you agree");
    await supervisor.sees("A colleague was shown the pages");
    await supervisor.choose("Do you agree to end this report?", "Agree");
    await supervisor.write("Why", "I spoke to both; no child is in it");
    await supervisor.press("Record the review");
    await supervisor.sees("closed without an outcome");
    await supervisor.leave();

    await officer.follow(new RegExp(`^${reference}`));
    await officer.follow("Timeline");
    await officer.sees("Without an outcome");
    await officer.sees("A colleague was shown the pages");
    await officer.leave();
  });
}
