// Practice by key: numbers choose, Enter checks the answer or goes on. Without this file the pages work all the same.

const form = document.querySelector(".item form");
const next = document.querySelector("[data-next]");
const line = document.querySelector(".keys");

const keysKey = "skillmark-keys";
let areKeysOn = localStorage.getItem(keysKey) !== "off";

function showKeys() {
  if (!line) return;
  line.hidden = false;
  line.querySelector("span").hidden = !areKeysOn;
  line.querySelector("button").textContent = areKeysOn ? "Turn keys off" : "Turn keys on";
}

function onKey(event) {
  if (!areKeysOn || event.altKey || event.metaKey || event.repeat) return;
  const control = event.target.closest("a, button, summary, select, textarea, input[type=text]");
  const isFree = !control && !event.ctrlKey;
  if (event.key === "Enter" && (isFree || (event.ctrlKey && (!control || form?.contains(control))))) {
    event.preventDefault();
    if (next) next.click();
    else form?.requestSubmit(form.querySelector("[type=submit]"));
  } else if (isFree && /^[1-9]$/.test(event.key)) {
    const choice = form?.querySelectorAll("input[type=radio], input[type=checkbox]")[event.key - 1];
    choice?.click();
    choice?.focus();
  }
}

document.addEventListener("keydown", onKey);
line?.querySelector("button").addEventListener("click", () => {
  areKeysOn = !areKeysOn;
  localStorage.setItem(keysKey, areKeysOn ? "on" : "off");
  showKeys();
});
showKeys();
