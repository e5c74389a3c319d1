
// Comfort only: shows which link leads to the lit words, and Escape goes back to it.
(() => {
  "use strict";
  let last = null;
  const show = () => {
    for (const link of document.querySelectorAll("main a[href^='#q']")) {
      if (link.hash === location.hash) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("main a[href^='#']");
    if (link) last = link;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !last) return;
    last.focus({ preventScroll: true });
    last.scrollIntoView({ block: "nearest" });
  });
  addEventListener("hashchange", show);
  show();
})();
