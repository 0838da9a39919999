// Buttons that copy the text of a field. The old command also works without TLS, where navigator.clipboard is missing.

function copy(button) {
  const field = document.getElementById(button.dataset.copies);
  field.select();
  const isCopied = document.execCommand("copy");
  button.parentElement.querySelector("[role=status]").textContent = isCopied ? "Copied." : "Press Ctrl+C to copy it.";
}

for (const button of document.querySelectorAll("[data-copies]")) {
  button.addEventListener("click", () => copy(button));
  button.hidden = false;
}
