// On the result's page: sends what an earlier page could not send in time, so that it is kept as late.

import { Outbox } from "./outbox.js";
import { isAcknowledged, sendAnswer } from "./server.js";

const SECONDS = 5;
const UNFIT = [400, 404, 413, 422];

const note = document.getElementById("kept");
const outbox = await Outbox.of(note.dataset.attemptId);

let isNews = false;

async function send() {
  while (outbox.first) {
    const entry = outbox.first;
    const reply = await sendAnswer(note.dataset.url, entry);
    if (reply.data?.error === "outdated-page") return tell(`${answerTo(entry)} is kept in this browser. Reload this page to send it.`);
    const isUnfit = UNFIT.includes(reply.status);
    const isTaken = reply.status === 409 || isAcknowledged(reply, entry);
    if (!isUnfit && !isTaken) return setTimeout(send, 1000 * (reply.retryAfter || SECONDS));
    if (isUnfit) tell(`${answerTo(entry)} did not fit, so it could not be kept: ${entry.words}`);
    isNews ||= Boolean(reply.data.is_kept);
    await outbox.drop(entry);
  }
  if (isNews && note.hidden) location.reload(); // the server says what it keeps
}

const answerTo = (entry) => `Your answer to question ${entry.position + 1}`;

function tell(sentence) {
  const line = document.createElement("p");
  line.textContent = sentence;
  note.append(line);
  note.hidden = false;
}

send();
