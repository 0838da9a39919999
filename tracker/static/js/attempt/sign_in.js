// Signing in again without leaving the page: the form of the sign-in page, in a dialog. What was typed stays below.

import { beat } from "./pulse.js";
import { work } from "./work.js";

const dialog = document.getElementById("sign-in");

export function startSignIn() {
  document.addEventListener("click", ({ target }) => { if (target.matches("[data-sign-in]")) open(); });
  dialog.addEventListener("submit", onSubmit);
}

async function open() {
  const page = await load(dialog.dataset.url);
  if (page.form) show(page.form);
  else work(); // cannot be reached, or is signed in by now
}

function show(form) {
  dialog.querySelector("[data-form]").replaceChildren(form);
  showProblem(false);
  if (!dialog.open) dialog.showModal();
  form.querySelector("[aria-invalid], input:not([type=hidden])").focus();
}

async function onSubmit(event) {
  const form = event.target;
  if (form.method === "dialog") return;
  event.preventDefault();
  const page = await load(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (page.form) return show(page.form);
  if (!page.hasGoneOn) return showProblem(true);
  const next = await load(dialog.dataset.codeUrl); // where a code is asked for too; without a form for who needs none
  if (next.form) return show(next.form);
  dialog.close();
  work();
  beat();
}

function showProblem(isThere) {
  dialog.querySelector("[data-problem]").hidden = !isThere;
}

// The sign-in form in what comes back; there is none once somebody is signed in, or when the server cannot be reached.
async function load(url, options = {}) {
  try {
    const response = await fetch(url, { ...options, redirect: "manual" });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return { form: page.querySelector("main form"), hasGoneOn: response.type === "opaqueredirect" };
  } catch {
    return { form: null, hasGoneOn: false };
  }
}
