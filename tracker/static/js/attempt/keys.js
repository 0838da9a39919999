// Keys: numbers and letters choose, Enter saves and goes on, others move, flag, tell the time and help. They can be turned
// off, and none does anything while somebody types.

import { isTimeOver, sayTime } from "./clock.js";
import { answerForm, isLocked, item } from "./place.js";
import { hasHalted } from "./work.js";

const STORED = "skillmark-keys";
const FIELDS = "select, textarea, input:not([type=radio], [type=checkbox])";
const BUTTONS = "a, button, summary";
const COMMANDS = { n: "[data-next]", p: "[data-back]", f: "[data-flag]" };

const help = document.getElementById("keys-help");
let areOn = stored() !== "off";

export function startKeys() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("place-shown", showKeys);
  document.addEventListener("click", ({ target }) => {
    if (target.matches(".keys .link-button")) toggle();
    if (target.matches("[data-help]")) help.showModal();
  });
  showKeys();
}

function stored() {
  try { return localStorage.getItem(STORED); } catch { return null; }
}

function toggle() {
  areOn = !areOn;
  try { localStorage.setItem(STORED, areOn ? "on" : "off"); } catch { /* storage is closed: it lasts for this page */ }
  showKeys();
}

function showKeys() {
  const line = item().querySelector(".keys");
  if (!line) return;
  line.hidden = false;
  item().querySelector("[data-help]").hidden = false;
  line.querySelector("span").hidden = !areOn;
  line.querySelector(".link-button").textContent = areOn ? "Turn keys off" : "Turn keys on";
}

function onKey(event) {
  if (!areOn || !isOfItem(event.target) || !isFree() || event.altKey || event.metaKey || event.repeat) return;
  const isTyping = event.target.matches(FIELDS);
  if (event.key === "Enter") onEnter(event, isTyping);
  else if (!isTyping && !event.ctrlKey && onCharacter(event.key.toLowerCase())) event.preventDefault();
}

const isOfItem = (target) => target === document.body || item().contains(target);

const isFree = () => !isLocked() && !isTimeOver() && !hasHalted() && !document.querySelector("dialog[open]");

// Enter alone where it means nothing else, with Ctrl also from the controls of the answer.
function onEnter(event, isTyping) {
  const isMeant = isTyping || event.target.closest(BUTTONS);
  const isOurs = !event.target.closest(BUTTONS) || answerForm()?.contains(event.target);
  if (!answerForm() || (event.ctrlKey ? !isOurs : isMeant)) return;
  event.preventDefault();
  answerForm().querySelector("[type=submit]").click();
}

function onCharacter(key) {
  if (key === "?") help.showModal();
  else if (key === "t") sayTime();
  else if (item().querySelector(COMMANDS[key] ?? "none")) item().querySelector(COMMANDS[key]).click();
  else return choose(/^[1-9]$/.test(key) ? key - 1 : "abcdefghi".indexOf(key));
  return true;
}

function choose(index) {
  const choice = answerForm()?.querySelectorAll("input[type=radio], input[type=checkbox]")[index];
  choice?.click();
  choice?.focus();
  return Boolean(choice);
}
