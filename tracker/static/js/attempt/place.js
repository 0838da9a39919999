// The place that is shown: an item or the review.

import { known } from "./known.js";

export const attempt = document.getElementById("attempt");

export const item = () => document.getElementById("item");
export const answerForm = () => item().querySelector("form[data-answer]");
export const shownSeq = () => Number(item().dataset.seq);
export const shownPosition = () => Number(item().dataset.position);
export const isAdaptive = "adaptive" in attempt.dataset;
export const url = (name = "") => attempt.dataset.url + name;

// Shows another place, or the same anew: then what has this id has the focus again.
export function showPlace(fresh, focusedId) {
  const isSamePlace = fresh.dataset.position === item().dataset.position;
  item().replaceWith(fresh);
  lock(false);
  const heading = fresh.querySelector("h1");
  document.title = `${heading.textContent.trim()} · Skillmark`;
  if (!isSamePlace) scrollTo(0, 0);
  ((isSamePlace && document.getElementById(focusedId)) || heading).focus({ preventScroll: true });
  document.dispatchEvent(new CustomEvent("place-shown"));
}

// Lets nothing be changed at the place, or again while there is time for it; it can still be read.
export function lock(isOn = true) {
  const isShut = isOn || known.isTimeOver || known.isHalted;
  item().toggleAttribute("data-locked", isShut);
  for (const form of item().querySelectorAll("form")) form.inert = isShut;
}

export const isLocked = () => "locked" in item().dataset;

// Tells the forms the newest number, so that they are right also without this script.
export function noteSeq(seq) {
  item().dataset.seq = seq;
  for (const field of item().querySelectorAll("input[name=seq]")) field.value = seq;
}

// Marks the shown place in the list of places as answered or open.
export function noteAnswered(isAnswered) {
  const shown = item().querySelector("[aria-current]");
  if (!shown) return;
  shown.toggleAttribute("data-answered", isAnswered);
  shown.querySelector("[data-state]").textContent = isAnswered ? "answered" : "open";
}

// Fetches the page's words about the end of the time anew.
export async function showDeadline() {
  const text = await fetch(url()).then((response) => response.text()).catch(() => "");
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("time");
  if (fresh) document.getElementById("time").replaceWith(fresh);
}
