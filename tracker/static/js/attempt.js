// The page that takes an attempt: counts down, chooses by key, and says truthfully what is saved.
// The server decides about time and answers; without this file the forms work all the same.

const attempt = document.getElementById("attempt");
const countdown = document.getElementById("countdown");
const announcer = document.getElementById("announcer");
const saveState = document.getElementById("save-state");
const problem = document.getElementById("problem");

const item = () => document.getElementById("item");
const form = () => item().querySelector("form[hx-post]");

// ---- Time ----

const GRACE_SECONDS = 7; // by then the server finishes what ran out
const DRIFT_SECONDS = 2; // the two clocks part this far only when the device slept or was set anew

let endsAt; // in performance.now(), which setting the device's clock does not move
let marks; // what is still to be announced, in seconds
let drift;
let isOver = false;

function setClock(shown, since = performance.now()) {
  const { remainingSeconds, limitSeconds } = shown.dataset;
  endsAt = since + remainingSeconds * 1000;
  drift = Date.now() - performance.now();
  marks ??= [limitSeconds / 2, 300, 60].filter((mark) => mark < remainingSeconds);
}

function tick() {
  if (Math.abs(Date.now() - performance.now() - drift) > DRIFT_SECONDS * 1000) askForTime();
  const seconds = Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));
  countdown.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  countdown.toggleAttribute("data-near", seconds <= 60);
  if (marks.some((mark) => seconds <= mark)) {
    marks = marks.filter((mark) => seconds > mark);
    const minutes = Math.round(seconds / 60);
    announcer.textContent = minutes === 1 ? "1 minute left." : `${minutes} minutes left.`;
  }
  if (seconds === 0 && !isOver) timeIsUp();
}

async function askForTime() {
  drift = Date.now() - performance.now();
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("item");
  if (fresh) setClock(fresh);
  else location.reload();
}

function timeIsUp() {
  isOver = true;
  if (saveState.dataset.state === "changed") {
    submitter = form().querySelector("[type=submit]");
    submitter.value = form().elements.position.value; // stay: an item served now would count as left out
    send();
  }
  item().inert = true;
  say("time-up");
  setTimeout(() => location.reload(), GRACE_SECONDS * 1000);
}

// ---- Saving ----

const STATES = {
  changed: "Not saved yet",
  saving: "Saving…",
  saved: "Saved",
  failed: "Not saved",
};
const draftKey = `skillmark-draft-${attempt.dataset.attemptId}`;

let failures = 0;
let retry = null;
let submitter = null;

function setState(state) {
  saveState.dataset.state = state;
  saveState.textContent = STATES[state];
}

function say(templateId) {
  problem.replaceChildren(document.getElementById(templateId).content.cloneNode(true));
}

function send() {
  clearTimeout(retry);
  retry = null;
  const button = submitter?.isConnected ? submitter : form().querySelector("[type=submit]");
  button.click(); // not requestSubmit: htmx sends a button's value only when it was clicked
}

function onSaved() {
  failures = 0;
  sessionStorage.removeItem(draftKey);
  if (!isOver) problem.replaceChildren();
  setState("saved");
}

function onNotSaved(xhr, sent) {
  failures += 1;
  setState("failed");
  const isWorthRetrying = xhr.status === 0 || xhr.status === 429 || xhr.status >= 500;
  if (isWorthRetrying || xhr.responseText.includes("data-resend")) keepDraft(sent);
  if (!isWorthRetrying) return;
  if (xhr.status !== 429 && !problem.hasChildNodes()) say("connection-lost");
  const seconds = Number(xhr.getResponseHeader("Retry-After")) || Math.min(2 ** failures, 15);
  retry = setTimeout(send, seconds * 1000);
}

// What could not be sent waits in this tab, also through signing in again.
function keepDraft(sent) {
  const { seq } = item().dataset;
  sessionStorage.setItem(draftKey, JSON.stringify({ seq, then: sent.get("then"), answer: sent.getAll("answer") }));
}

function sendDraft() {
  const draft = JSON.parse(sessionStorage.getItem(draftKey));
  sessionStorage.removeItem(draftKey);
  if (draft?.seq !== item().dataset.seq || !form()) return;
  form().querySelectorAll("[name=answer]").forEach((control, index) => restore(control, draft.answer, index));
  submitter = [...form().elements].find((button) => button.name === "then" && button.value === draft.then);
  send();
}

function restore(control, answer, index) {
  if (control.type === "radio" || control.type === "checkbox") control.checked = answer.includes(control.value);
  else if (control.closest(".lines")) control.value = answer.find((value) => value && hasOption(control, value)) ?? "";
  else control.value = answer[index] ?? "";
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

const hasOption = (select, value) => [...select.options].some((option) => option.value === value);

// ---- Keys ----

const keysKey = "skillmark-keys";
let areKeysOn = localStorage.getItem(keysKey) !== "off";

function showKeys() {
  const line = item().querySelector(".keys");
  if (!line) return;
  line.hidden = false;
  line.querySelector("span").hidden = !areKeysOn;
  line.querySelector("button").textContent = areKeysOn ? "Turn keys off" : "Turn keys on";
}

function onKey(event) {
  if (!areKeysOn || !form() || event.altKey || event.metaKey || event.repeat || isOver) return;
  const control = event.target.closest("a, button, summary, select, textarea, input[type=text]");
  const isFree = !control && !event.ctrlKey;
  const isSaving = event.key === "Enter" && (isFree || (event.ctrlKey && (!control || form().contains(control))));
  if (isSaving) {
    event.preventDefault();
    submitter = null;
    send();
  } else if (isFree && /^[1-9]$/.test(event.key)) {
    const choice = form().querySelectorAll("input[type=radio], input[type=checkbox]")[event.key - 1];
    choice?.click();
    choice?.focus();
  }
}

// ---- Wiring ----

function onItemShown() {
  setClock(item());
  item().inert = isOver;
  showKeys();
  const heading = item().querySelector("h1");
  heading.focus({ preventScroll: true });
  document.title = `${heading.textContent.trim()} · Skillmark`;
}

document.addEventListener("keydown", onKey);
document.addEventListener("input", (event) => { if (form()?.contains(event.target)) setState("changed"); });
document.addEventListener("focusin", ({ target }) => { // browsers show no more of a text area than its first line
  if (target.matches("textarea")) target.scrollIntoView({ block: "nearest" });
});
document.addEventListener("submit", (event) => { submitter = event.submitter; });
document.addEventListener("click", (event) => {
  if (event.target.matches("[data-retry]")) send();
  if (event.target.matches(".keys button")) {
    areKeysOn = !areKeysOn;
    localStorage.setItem(keysKey, areKeysOn ? "on" : "off");
    showKeys();
  }
});
document.addEventListener("htmx:beforeRequest", () => setState("saving"));
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful) onSaved();
  else onNotSaved(detail.xhr, detail.requestConfig.formData);
});
document.addEventListener("htmx:afterSettle", ({ detail }) => { if (detail.target.id !== "problem") onItemShown(); });
addEventListener("online", () => { if (retry) send(); });
addEventListener("beforeunload", (event) => { if (retry) event.preventDefault(); });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

setClock(item(), performance.getEntriesByType("navigation")[0]?.responseStart);
showKeys();
document.addEventListener("DOMContentLoaded", sendDraft); // after htmx, which listens for it too
tick();
setInterval(tick, 250);
