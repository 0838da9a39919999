// The answer in a form: read as it is sent, put back as it was, and said in words.

const LONGEST_WORDS = 160;

export function readAnswer(form) {
  const answer = new FormData(form).getAll("answer");
  return form.querySelector(".lines") ? answer.sort() : answer; // a line says its place itself
}

// The answer that the server put into the form, whatever has been chosen since.
export function readRendered(form) {
  const rendered = form.cloneNode(true);
  rendered.reset();
  return readAnswer(rendered);
}

export function restoreAnswer(form, answer) {
  form.querySelectorAll("[name=answer]").forEach((control, index) => restore(control, answer, index));
}

function restore(control, answer, index) {
  if (control.type === "radio" || control.type === "checkbox") control.checked = answer.includes(control.value);
  else if (control.closest(".lines")) control.value = answer.find((value) => value && hasOption(control, value)) ?? "";
  else control.value = answer[index] ?? "";
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

const hasOption = (select, value) => [...select.options].some((option) => option.value === value);

export const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

export const isEmpty = (answer) => !answer.some(Boolean);

export function inWords(form) {
  const words = wordsOf(form).map((text) => text.trim().replace(/\s+/g, " ")).filter(Boolean).join(" · ");
  return words.length > LONGEST_WORDS ? `${words.slice(0, LONGEST_WORDS)}…` : words;
}

function wordsOf(form) {
  if (form.querySelector(".lines")) return linesOf(form);
  return [...form.querySelectorAll("[name=answer]")].map((control) => {
    if (control.type === "radio" || control.type === "checkbox") {
      return control.checked ? control.closest("label").querySelector(".choice-text").textContent : "";
    }
    if (control.matches("select")) return control.value && control.selectedOptions[0].textContent;
    return control.value;
  });
}

function linesOf(form) {
  const placed = [...form.querySelectorAll(".lines select")].filter((select) => select.selectedIndex > 0);
  placed.sort((one, other) => one.selectedIndex - other.selectedIndex);
  return placed.map((select) => select.labels[0].textContent);
}
