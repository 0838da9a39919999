// The time that is left, by the server's clock. It counts on performance.now(), which setting the device's clock does not
// move, and is corrected by every reply.

import { known } from "./known.js";
import { showNotice, hideNotice, isShown, tell } from "./notices.js";
import { item, lock, showDeadline } from "./place.js";

const DRIFT_MS = 2000; // the two clocks of the device part this far only when it slept or was set anew
const OFF_MINUTES = 1;

const countdown = document.getElementById("countdown");
const announcer = document.getElementById("announcer");

let endsAt; // in performance.now()
let serverEnd = Date.parse(item().dataset.endsAt);
let creditCount = Number(item().dataset.credits);
let marks = []; // what is still to be announced, in seconds
let drift = 0;
let isTold = false;
let onOver = () => {};
let onDrift = () => {};

export function startClock(whenOver, whenDrifted) {
  onOver = whenOver;
  onDrift = whenDrifted;
  drift = Date.now() - performance.now();
  setClock({ shown: item(), at: performance.getEntriesByType("navigation")[0]?.responseStart });
  setInterval(tick, 250);
}

export const isTimeOver = () => known.isTimeOver;

// Takes the time from a reply, or from the place that was shown.
export function setClock({ data, shown, at = performance.now() }) {
  const secondsBefore = secondsLeft();
  const left = shown ? shown.dataset.remainingSeconds * 1000 : Date.parse(data.ends_at) - Date.parse(data.now);
  const limit = shown ? shown.dataset.limitSeconds : data.limit_seconds;
  endsAt = at + left;
  if (!(secondsLeft() < secondsBefore + 5)) marks = [limit / 2, 300, 60].filter((mark) => mark < secondsLeft());
  if (data) tellNews(data, at);
  if (isTimeOver() && secondsLeft() > 0) goOn();
  tick();
}

const secondsLeft = () => Math.max(0, Math.ceil((endsAt - performance.now()) / 1000));

function tick() {
  if (Math.abs(Date.now() - performance.now() - drift) > DRIFT_MS) {
    drift = Date.now() - performance.now();
    onDrift();
  }
  const seconds = secondsLeft();
  countdown.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  countdown.toggleAttribute("data-near", seconds <= 60);
  if (marks.some((mark) => seconds <= mark)) {
    marks = marks.filter((mark) => seconds > mark);
    announce(`${counted(Math.round(seconds / 60), "minute")} left.`);
  }
  if (seconds === 0 && !isTimeOver()) timeIsUp();
}

function timeIsUp() {
  known.isTimeOver = true;
  onOver();
  lock();
  showNotice("time-up");
}

function goOn() {
  known.isTimeOver = false;
  lock(false);
  if (isShown("time-up")) hideNotice();
}

// Says what became of the time since the last reply: more of it, and why; and that the device's clock is wrong.
function tellNews(data, at) {
  const gained = (Date.parse(data.ends_at) - serverEnd) / 1000;
  const reasons = data.credits.slice(creditCount).map((credit) => credit.reason.replace(/\.$/, ""));
  if (gained >= 1) {
    tell(`You have ${more(gained)}${reasons.length ? `: ${reasons.join("; ")}` : ""}.`);
    showDeadline();
  }
  serverEnd = Date.parse(data.ends_at);
  creditCount = data.credits.length;
  const off = Date.now() - performance.now() + at - Date.parse(data.now);
  const minutes = Math.round(Math.abs(off) / 60_000);
  if (minutes < OFF_MINUTES || isTold) return;
  isTold = true;
  tell(`Your device's clock is ${counted(minutes, "minute")} ${off > 0 ? "fast" : "slow"}. Ours counts, so nothing changes for you.`);
}

const more = (seconds) =>
  seconds < 60 ? counted(Math.round(seconds), "more second") : counted(Math.round(seconds / 60), "more minute");

const counted = (count, noun) => `${count} ${noun}${count === 1 ? "" : "s"}`;

// Says the time to who asks for it.
export function sayTime() {
  const seconds = secondsLeft();
  announce(`${counted(Math.floor(seconds / 60), "minute")} ${counted(seconds % 60, "second")} left.`);
}

function announce(text) {
  announcer.textContent = announcer.textContent === text ? `${text}\u00a0` : text; // the same again is heard again
}
