// Puts lines of code in order with buttons. The selects of the plain form stay, unseen, and hold the answer:
// this file only moves lines about and keeps each select's place in step.

const announcer = document.getElementById("announcer");

const OUT = "Leave out";
const BACK = "Put back";

const linesOf = (order) => [...order.querySelectorAll(".line")];
const selectOf = (line) => line.querySelector("select");
const placeOf = (line) => selectOf(line).selectedIndex; // 0 is "no place"
const isUsed = (line) => !("out" in line.dataset);

function enhance(order) {
  order.dataset.enhanced = "";
  order.querySelector(".field-help").textContent = "Move the lines with the buttons. Your order counts from the first move.";
  for (const line of linesOf(order)) {
    const code = line.querySelector(".line-code").id;
    const actions = document.createElement("div");
    actions.className = "line-actions";
    actions.append(...["Move up", "Move down", OUT].map((name, index) => button(name, `${code}-${index}`, code)));
    line.append(actions);
  }
  show(order);
}

function button(name, id, code) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", id, className: "btn btn-quiet", textContent: name });
  made.setAttribute("aria-labelledby", `${id} ${code}`);
  return made;
}

// Draws what the selects say: placed lines in their order, then those left out. While none has a place, all are used.
function show(order) {
  const lines = linesOf(order);
  const isFresh = lines.every((line) => !placeOf(line));
  const used = isFresh ? lines : lines.filter(placeOf).sort((one, other) => placeOf(one) - placeOf(other));
  const unused = lines.filter((line) => !used.includes(line));
  const sorted = [...used, ...unused];
  if (sorted.some((line, index) => line !== lines[index])) order.querySelector("ol").append(...sorted);
  sorted.forEach((line, index) => {
    const [up, down, out] = line.querySelectorAll("button");
    line.toggleAttribute("data-out", index >= used.length);
    out.textContent = index < used.length ? OUT : BACK;
    up.setAttribute("aria-disabled", index === 0 || index >= used.length);
    down.setAttribute("aria-disabled", index >= used.length - 1);
  });
}

function onPress(pressed) {
  const order = pressed.closest(".lines");
  const line = pressed.closest(".line");
  if (pressed.getAttribute("aria-disabled") === "true") return;
  const used = linesOf(order).filter(isUsed);
  const at = used.indexOf(line);
  if (pressed.textContent === BACK) used.push(line);
  else used.splice(at, 1);
  if (pressed.textContent === "Move up") used.splice(at - 1, 0, line);
  if (pressed.textContent === "Move down") used.splice(at + 1, 0, line);
  for (const each of linesOf(order)) selectOf(each).selectedIndex = used.indexOf(each) + 1;
  show(order);
  pressed.focus();
  pressed.scrollIntoView({ block: "nearest" }); // focus() does not, where it finds a part of the button in sight
  const place = used.indexOf(line) + 1;
  const without = used.length ? "Left out." : "No line is placed any more: all are open again.";
  announcer.textContent = place ? `Place ${place} of ${used.length}.` : without;
  order.dispatchEvent(new Event("input", { bubbles: true }));
}

function enhanceAll() {
  document.querySelectorAll(".lines:not([data-enhanced])").forEach(enhance);
}

document.addEventListener("click", (event) => {
  const pressed = event.target.closest(".line-actions button");
  if (pressed) onPress(pressed);
});
document.addEventListener("change", (event) => { // attempt/answer.js restored an answer
  const order = event.target.closest(".lines");
  if (order) show(order);
});
document.addEventListener("place-shown", enhanceAll);
enhanceAll();
