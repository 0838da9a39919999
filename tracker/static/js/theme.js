// Sets the reader's choice of colours before the first paint. A classic script, so that the page waits for it.
(function () {
  const KEY = "skillmark-theme";
  const root = document.documentElement;

  function apply(choice) {
    if (choice === "light" || choice === "dark") root.setAttribute("data-bs-theme", choice);
    else root.removeAttribute("data-bs-theme");
  }

  function stored() {
    try { return localStorage.getItem(KEY); } catch { return null; }
  }

  function store(choice) {
    try { localStorage.setItem(KEY, choice); } catch { /* storage is closed: the choice lasts for this page */ }
  }

  apply(stored());
  document.addEventListener("DOMContentLoaded", () => {
    const theme = document.querySelector(".theme-switch");
    if (!theme) return;
    const chosen = theme.querySelector(`input[value="${stored()}"]`) || theme.querySelector("input");
    chosen.checked = true;
    theme.hidden = false;
    theme.addEventListener("change", (event) => { apply(event.target.value); store(event.target.value); });
  });
})();
