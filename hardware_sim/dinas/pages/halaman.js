// The little that the pages do by themselves: copy a code, show a picture large, and look for news.
"use strict";

function copy(button) {
  const done = () => {
    button.textContent = "Kode tersalin";
    setTimeout(() => { button.textContent = button.dataset.label; }, 2500);
  };
  navigator.clipboard.writeText(button.dataset.copy).then(done, () => { button.textContent = button.dataset.copy; });
}

document.addEventListener("click", (event) => {
  const copying = event.target.closest("[data-copy]");
  if (copying) copy(copying);
  const opening = event.target.closest("[data-open]");
  if (opening) document.getElementById(opening.dataset.open).showModal();
  if (event.target.closest("[data-close]")) event.target.closest("dialog").close();
});

// A form goes once: the second press of an impatient finger does nothing.
document.addEventListener("submit", (event) => {
  if (event.target.method === "dialog") return;
  setTimeout(() => event.target.querySelectorAll("button").forEach((button) => { button.disabled = true; }), 0);
});

// Parts marked data-live are looked for again every two seconds and put in when they differ.
async function refresh() {
  const parts = [...document.querySelectorAll("[data-live]")];
  if (!parts.length || document.hidden || document.querySelector("dialog[open]")) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of parts) {
    const other = fresh.getElementById(part.id);
    if (other && other.dataset.live !== part.dataset.live) {
      const inside = part.contains(document.activeElement);
      part.innerHTML = other.innerHTML;
      part.dataset.live = other.dataset.live;
      part.scrollTop = part.scrollHeight;
      if (inside) part.focus();  // what had the focus is gone
    }
  }
}
setInterval(() => refresh().catch(() => {}), 2000);
document.querySelectorAll("[data-live]").forEach((part) => { part.scrollTop = part.scrollHeight; });
