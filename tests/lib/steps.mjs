// What officers do, step by step, in the words of the pages.

import assert from "node:assert/strict";

/** More questions than this would never end. */
const MOST_QUESTIONS = 80;

/** The steps of the full record of an outcome. */
const STEPS = ["What you know, and from where", "Threat and risk", "Powers and policy", "The options you considered", /^What you do, and when/];

/** Starts a report from the first page. */
export async function begin(officer, said) {
  await officer.press("Start a report");
  await officer.sees("Do not view, copy, screenshot, forward or film the image");
  await tell(officer, said);
}

/** Fills in the page that starts a report, and sends it. */
export async function tell(officer, { where, reportedBy, name }) {
  await officer.choose("Is anybody in immediate danger?", "No");
  await officer.write("Where is the child now?", where);
  await officer.choose("Is it safe for them to talk?", "Yes");
  await officer.write("Who is with them?", "A teacher they chose");
  await officer.write("A safe number to call back", "01632 960123");
  await officer.choose("Who reports this?", reportedBy);
  await officer.write("Name of the person reporting", name);
  await officer.unfold(/^More about the call/);
  await officer.write("Incident log reference", "LOG-1001");
  await officer.press("Start the report");
}

/** Adds everybody who is in it. */
export async function involve(officer, people) {
  for (const [at, person] of people.entries()) {
    for (const part of person.parts) await officer.choose("What part does this person have in this?", part);
    if (typeof person.age === "number") await officer.write(/How old was this person/, String(person.age));
    else await officer.choose("Or, if the age itself is not known", person.age);
    await officer.choose("Do we know who this person is?", person.known ?? "Yes, it is known who this is");
    await officer.write("Known as", person.name);
    await officer.press(at + 1 < people.length ? "Save and add another person" : "Save and go on");
  }
}

/** Past the page that says what an answer changed, if it is there. */
async function goOn(officer) {
  const offered = await officer.offers(/^Go on with the questions/);
  if (offered) await officer.follow(/^Go on with the questions/);
  else if (await officer.page.getByRole("button", { name: "Go on", exact: true }).count()) await officer.press(/^Go on$/);
  else return false;
  return true;
}

/**
 * Answers whatever is asked until nothing is. `answers` says what to answer to which question; to
 * everything else the answer is no.
 */
export async function answer(officer, answers) {
  const asked = [];
  for (let count = 0; count < MOST_QUESTIONS; count += 1) {
    const day = (await officer.fields()).find(({ words }) => /^On what day did it happen/.test(words));
    if (day) {
      asked.push(day.words);
      await day.field.fill(today());
      await officer.press("Save and go on");
      continue;
    }
    const groups = await officer.questions();
    if (groups.length === 0) {
      if (!(await goOn(officer))) return asked;
      continue;
    }
    for (const { words } of groups) {
      asked.push(words);
      await officer.choose(words, say(answers, words) ?? "No");
    }
    await officer.press("Save and go on");
  }
  assert.fail(`still asked after ${MOST_QUESTIONS} pages: ${asked.slice(-3).join(" ")}`);
}

/** What is said where a task asks something and the journey does not say it otherwise. */
const USUAL = [
  [/^When (was|is|did)|^When\?/, "Just now"],
  [/^Was it looked up/, "Yes"],
  [/^(Has it been done|Was the advice given)/, "Yes"],
  [/^What was done\?$/, "It was referred"],
  [/^How(\?| was it sent)/, "In person"],
  [/leaflet/, "Yes"],
  [/^Does this follow/, "Yes"],
  [/^Has a crime been recorded/, "Yes"],
  [/^Class as recorded/, /^86\/2/],
  [/^Your judgement/, /^No concern/],
];

/** What is written where the journey does not say it otherwise and not just any words will do. */
const LIKE = [[/^Which day/, today()], [/^Crime number/, "EX/1001/26"]];

/** Fields that stay empty: what they are about does not happen on these journeys. */
const LEFT = [/optional/i, /if (there is|any|you have|it is another|known|one is)/i, /^Why (not yet|is no crime)/, /^(Day|Time)$/];

function say(answers, words) {
  return answers.find(([pattern]) => pattern.test(words))?.[1];
}

/** Today by the clock in Britain, as an officer types it: 24/11/2026. */
export function today() {
  return new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/London" }).format(new Date());
}

/** Fills in whatever the page of a task asks, and records it. */
export async function fulfil(officer, answers = [], unfold = []) {
  const where = await officer.heading();
  for (const words of unfold) await officer.unfold(words);
  for (const { words, group, answered } of await officer.questions()) {
    const given = say(answers, words) ?? (answered ? null : (say(USUAL, words) ?? "No"));
    if (given) await officer.choose(group, given);
  }
  for (const [words, option] of answers.filter(([, option]) => Array.isArray(option))) {
    for (const one of option) await officer.choose(words, one);
  }
  for (const { words, field, value } of await officer.fields()) {
    const given = say(answers, words) ?? say(LIKE, words);
    const left = value !== "" || LEFT.some((pattern) => pattern.test(words));
    if (given === undefined && left) continue;
    await field.fill(given ?? "As noted on the day");
  }
  await officer.press(/^(Record|File|Save|Submit)/);
  assert.equal(await officer.mistakes(), "", `on "${where}"`);
}

/** Does every task that is to be done now; `how` says what to answer in which, and what to unfold. Gives back their names. */
export async function doTasks(officer, how, leave = [], before = async () => {}) {
  const done = [];
  for (let count = 0; count < MOST_QUESTIONS; count += 1) {
    await officer.report();
    const due = (await officer.tasks()).filter(({ state }) => !/Done|Later|May be needed|Departed/.test(state));
    const next = due.find(({ name }) => !leave.some((pattern) => pattern.test(name)));
    if (!next) return done;
    assert.ok(done.filter((name) => name === next.name).length < 3, `"${next.name}" is still ${next.state} after it was recorded`);
    done.push(next.name);
    await officer.follow(next.name);
    await before();
    const [, answers, unfold] = how.find(([pattern]) => pattern.test(next.name)) ?? [];
    await fulfil(officer, answers, unfold);
    if (await officer.offers("Record that it arrived")) {
      // A referral has arrived when the other side has said so.
      await officer.follow("Record that it arrived");
      await fulfil(officer);
    }
  }
  return assert.fail(`tasks never end: ${done.slice(-3).join("; ")}`);
}

/** Adds a place, so that it can be checked. */
export async function addPlace(officer, address) {
  await officer.report();
  await officer.follow("Who and what is involved");
  await officer.follow("Add a place");
  await officer.write("Address, or which place it is", address);
  await officer.write("Why it matters", "It happened there");
  await officer.press(/^(Add|Save)/);
}

/** Adds a device and says who uses it. */
export async function addDevice(officer, label, users) {
  await officer.report();
  await officer.follow("Who and what is involved");
  await officer.follow("Add a device");
  await officer.write("What is it?", label);
  await officer.write("Where is it now, and who has it?", "With its owner");
  for (const user of users) await officer.choose("Who uses or owns it?", user);
  await officer.press(/^(Add|Save)/);
}

/** Has the answers checked and asks a supervisor to look. */
export async function askForReview(officer) {
  await officer.report();
  await officer.follow("Check the answers");
  await officer.press("Ask for a review");
  await officer.press("Ask for a review");
  assert.equal(await officer.mistakes(), "");
}

/** A supervisor finds the report in the list, reads it and agrees. */
export async function agree(supervisor, reference) {
  await supervisor.follow("Reports");
  await supervisor.follow(reference);
  await supervisor.report();
  await supervisor.follow("Review by a supervisor");
  await supervisor.choose("Do you agree with the record?", "Agree");
  await supervisor.write("Why", "Read in full; proportionate and complete.");
  await supervisor.press("Record the review");
  assert.equal(await supervisor.mistakes(), "");
}

/** Decides an outcome for the report and for these people; `inFull` where a line is not enough for it. */
export async function decide(officer, code, whom, inFull = false) {
  await officer.report();
  await officer.follow("Outcomes");
  await officer.follow(new RegExp(`^Decide Outcome ${code}\\b`));
  for (const one of whom) await officer.choose("What is it decided for?", one);
  await officer.write("Why this outcome", "Discussed with the safeguarding unit; proportionate for each child.");
  if (inFull) {
    await officer.press("Record this outcome");
    assert.match(await officer.mistakes(), /stays with somebody, so it needs the full record/);
    for (const step of STEPS) await officer.write(step, "As discussed with the safeguarding unit and the prosecutor.");
  }
  await officer.press("Record this outcome");
  assert.equal(await officer.mistakes(), "");
}

/** Closes the report once nothing stands in the way. */
export async function close(officer) {
  await officer.report();
  await officer.follow("Close the report");
  await officer.press("Close the report");
  await officer.sees("This report is closed");
}
