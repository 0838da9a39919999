// The one line of work: whatever is to be sent is sent one after the other, again and again until the server has spoken.

import { known } from "./known.js";

export const DONE = "done"; // go on from the first step
export const IDLE = "idle"; // nothing to do in this step
export const WAIT = "wait"; // for time, for the network or for the learner

const LONGEST_PAUSE = 15;

let steps = [];
let timer = null;
let failures = 0;
let isAskedToWait = false;

export function setSteps(list) {
  steps = list;
}

export async function work() {
  if (known.isSending || known.isHalted || isAskedToWait) return;
  known.isSending = true;
  clearTimeout(timer);
  timer = null;
  try {
    await takeSteps();
  } catch (error) {
    pause({}); // a fault of ours must not end the sending
    throw error;
  } finally {
    known.isSending = false;
  }
}

async function takeSteps() {
  let at = 0;
  while (at < steps.length) {
    const outcome = await steps[at]();
    if (outcome === WAIT) return;
    at = outcome === DONE ? 0 : at + 1;
  }
}

// Tries again in a while: as long as the server asks for, and then not before; else longer each time.
export function pause(reply, seconds = 0) {
  failures += 1;
  clearTimeout(timer);
  isAskedToWait = Boolean(reply.retryAfter);
  timer = setTimeout(resume, 1000 * (reply.retryAfter || seconds || Math.min(2 ** failures, LONGEST_PAUSE)));
  return WAIT;
}

function resume() {
  isAskedToWait = false;
  work();
}

// Tries again now what waits for its next try.
export function hurry() {
  if (timer) work();
}

export function noteSuccess() {
  failures = 0;
}

// Sends nothing more from this page.
export function halt() {
  known.isHalted = true;
  return WAIT;
}

export const hasHalted = () => known.isHalted;
