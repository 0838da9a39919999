// Keeps every change at once, sends it, and leaves a place only when all that was chosen there is saved.

import { inWords, isEmpty, readAnswer } from "./answer.js";
import { setClock } from "./clock.js";
import { known, newKey } from "./known.js";
import { hideNotice, isShown, showState } from "./notices.js";
import { answerForm, attempt, isAdaptive, item, lock, noteAnswered, noteSeq, shownPosition, shownSeq, showPlace, url } from "./place.js";
import { ask, isAcknowledged, sendAnswer } from "./server.js";
import { goneElsewhere, onSuccess, onTrouble, showKept } from "./trouble.js";
import { DONE, IDLE, halt, work } from "./work.js";

const GROWING_PAUSE_MS = 1000;

let pause = null;

// ---- Keeping ----

// Keeps what is chosen or typed now, and sends it: at once, or, while it grows, when that pauses.
export function keep({ isGrowing = false } = {}) {
  const form = answerForm();
  const fresh = { id: newKey(), attemptId: attempt.dataset.attemptId, position: shownPosition(), isTried: false };
  const entry = isUnsent(known.outbox.last) ? known.outbox.last : fresh;
  Object.assign(entry, {
    key: newKey(),
    seq: known.seq,
    item: form.elements.namedItem("item").value,
    answer: readAnswer(form),
    words: inWords(form),
    base: known.answer,
    isRefused: false,
  });
  known.outbox.put(entry);
  if (isShown("refused")) hideNotice();
  showKept();
  clearTimeout(pause);
  pause = setTimeout(work, isGrowing ? GROWING_PAUSE_MS : 0);
}

const isUnsent = (entry) => entry && !entry.isTried && entry.position === shownPosition();

// Sends now what waited for a pause.
export function sendKept() {
  clearTimeout(pause);
  work();
}

// Sends a form of the page, other than an answer that stays, as soon as everything is saved.
export function leave(form, button) {
  if (known.leaving) return;
  if (isShown("refused")) hideNotice();
  known.leaving = { form, button, fields: null, focusedId: document.activeElement.id };
  if (known.outbox?.first) known.outbox.first.isRefused = false;
  sendKept();
}

// ---- Steps of the work ----

export async function saveStep() {
  const entry = known.outbox.first;
  if (!entry || entry.isRefused) return IDLE;
  if (!entry.isTried) {
    Object.assign(entry, { isTried: true, seq: known.seq });
    await known.outbox.put(entry);
  }
  showState("saving");
  const reply = await sendAnswer(url("/responses"), entry);
  if (!isAcknowledged(reply, entry)) return onTrouble(reply, entry);
  await acknowledge(entry);
  known.seq = entry.seq + 1;
  known.answer = entry.answer;
  noteSeq(known.seq);
  noteAnswered(!isEmpty(entry.answer));
  setClock(reply);
  if (!known.outbox.first) showState("saved");
  return reply.data.seq > known.seq ? goneElsewhere() : DONE;
}

export async function leaveStep() {
  const { leaving } = known;
  if (!leaving || known.outbox.first) return IDLE;
  leaving.fields ??= fieldsOf(leaving);
  lock();
  const reply = await ask(addressOf(leaving), leaving.fields, { isPlace: true });
  if (reply.goTo || reply.isRedirect) {
    location.assign(reply.goTo ?? url("/result"));
    return halt();
  }
  if (!reply.place) return onTrouble(reply);
  onSuccess();
  enter(reply.place, leaving.focusedId);
  return DONE;
}

// ---- What is sent ----

// Forgets what is saved; what was chosen after it is based on it.
export async function acknowledge(entry) {
  for (const later of known.outbox.entries) {
    if (!later.isTried) Object.assign(later, { seq: entry.seq + 1, base: entry.answer });
  }
  await known.outbox.drop(entry);
  onSuccess();
}

// In a fixed form the answer is saved by now, so the form only moves, and names no item that an answer could be for; an
// adaptive one needs the answer to choose what follows.
function fieldsOf({ form, button }) {
  const fields = new FormData(form, button);
  fields.delete("csrf_token"); // the request's header has today's
  fields.set("seq", known.seq);
  if (isAdaptive) fields.set("key", newKey());
  else for (const name of ["item", "answer"]) fields.delete(name);
  return fields;
}

function addressOf({ form, button }) {
  if (button?.hasAttribute("formaction")) return button.formAction;
  return form.matches("[data-answer]") && !isAdaptive ? url("/moves") : form.action;
}

// Shows a place that came from the server and knows what is saved there. A form of the place before is sent no more.
export function enter(place, focusedId = "") {
  known.leaving = null;
  showPlace(place, focusedId);
  known.seq = shownSeq();
  known.answer = answerForm() ? readAnswer(answerForm()) : [];
  setClock({ shown: item() });
}
