// Sets how the reader wants to read - text size, contrast, colours - before the first paint, and keeps it in this browser.
// A classic script, so that the page waits for it. Without it the device's own settings hold.
(function () {
  const ATTRIBUTES = { text: "data-text", contrast: "data-contrast", theme: "data-bs-theme" };
  const root = document.documentElement;

  function stored(name) {
    try { return localStorage.getItem(`skillmark-${name}`); } catch { return null; }
  }

  function store(name, choice) {
    try { localStorage.setItem(`skillmark-${name}`, choice); } catch { /* storage is closed: it lasts for this page */ }
  }

  function apply(name, choice) {
    if (choice && choice !== "system") root.setAttribute(ATTRIBUTES[name], choice);
    else root.removeAttribute(ATTRIBUTES[name]);
  }

  root.dataset.scripted = "";
  for (const name of Object.keys(ATTRIBUTES)) apply(name, stored(name));
  document.addEventListener("DOMContentLoaded", () => {
    const preferences = document.querySelector(".preferences");
    if (!preferences) return;
    for (const name of Object.keys(ATTRIBUTES)) {
      const chosen = [...preferences.elements[name]].find((radio) => radio.value === stored(name));
      if (chosen) chosen.checked = true;
    }
    preferences.addEventListener("change", ({ target: { name, value } }) => { apply(name, value); store(name, value); });
  });
})();
