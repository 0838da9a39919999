// On the result's page: sends what an earlier page could not send in time, so that it is kept as late.

import { Outbox } from "./outbox.js";
import { isAcknowledged, sendAnswer } from "./server.js";

const SECONDS = 5;

const note = document.getElementById("kept");
const outbox = await Outbox.of(note.dataset.attemptId);

async function send() {
  let isNews = false;
  while (outbox.first) {
    const entry = outbox.first;
    const reply = await sendAnswer(note.dataset.url, entry);
    const isRefused = [400, 404, 409, 422].includes(reply.status) && reply.data.error !== "outdated-page";
    if (!isRefused && !isAcknowledged(reply, entry)) return setTimeout(send, 1000 * (reply.retryAfter || SECONDS));
    isNews ||= Boolean(reply.data.is_kept);
    await outbox.drop(entry);
  }
  if (isNews) location.reload(); // the server says what it keeps
}

send();
