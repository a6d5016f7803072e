// The only script. Every page works without it.
// 1. A page that comes back with mistakes puts the reader at the list of them.
const summary = document.querySelector(".govuk-error-summary");
if (summary) summary.focus();
// 2. A second tap on a button that changes something is dropped for a second.
let last = 0;
document.addEventListener("submit", (event) => {
  const now = Date.now();
  if (now - last < 1000) event.preventDefault();
  else last = now;
});
// 3. Whoever leaves a page is asked first when what they wrote there would be lost.
let written = null;
document.addEventListener("input", (event) => {
  if (event.target.form?.method === "post") written = event.target.form;
});
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented && event.target === written) written = null;
});
window.addEventListener("beforeunload", (event) => {
  if (written) event.preventDefault();
});
// 4. A link that looks like a button and is called one is pressed with the space bar as well.
document.addEventListener("keydown", (event) => {
  if (event.key !== " " || !event.target.matches("a[role=button]")) return;
  event.preventDefault();
  event.target.click();
});
// 5. Before a session ends the page says so in time and lets one stay. What is being written stays as it is.
const stay = document.querySelector("[data-ends]");
if (stay) {
  const WARN_MS = 120_000;
  const words = stay.querySelector("p");
  const form = stay.querySelector("form");
  let ends = Date.now() + 1000 * Number(stay.dataset.ends);
  let shown = "";
  let closed = false;
  const say = (text, button) => {
    // Said once, not at every tick: it is read aloud.
    if (text !== shown) words.textContent = text;
    shown = text;
    form.hidden = !button;
    stay.hidden = closed || text === "";
  };
  const clock = () =>
    new Date(ends).toLocaleTimeString("en-GB", { hour: "numeric", minute: "2-digit", hour12: true, timeZone: "Europe/London" });
  const tick = () => {
    const left = ends - Date.now();
    if (left > WARN_MS) say("", false);
    else if (left > 0) say(`You will be signed out at ${clock()}. What you are writing is kept.`, true);
    else say("You are signed out now, unless you used another page meanwhile. What you wrote is still here: send it, and you only sign in first.", false);
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" }).catch(() => null);
    const left = answer?.ok ? Number(await answer.text()) : Number.NaN;
    if (left > 0) ends = Date.now() + 1000 * left;
    else if (answer) ends = Date.now();
    // What ends whatever is done is put out of the way when asked.
    closed = left > 0 && 1000 * left <= WARN_MS;
    tick();
  });
  setInterval(tick, 1000);
  tick();
}
