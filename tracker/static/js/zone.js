// Fills in the browser's time zone on the sign-up form; the server checks it and falls back to UTC.
document.querySelector("input[name=zone]").value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
