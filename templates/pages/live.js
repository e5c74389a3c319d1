// Comfort only; every page works without it. Keeps what is typed, tells when somebody else changed the handoff, and
// lights up all parts of the words that a link leads to.
(() => {
  "use strict";
  const IDLE = 5 * 60 * 1000;
  const form = document.querySelector("form[data-draft]");
  const state = document.querySelector("[data-state]");
  const say = (text) => { if (state && state.textContent !== text) state.textContent = text; };

  // Drafts: kept a moment after the last letter, and when the page is left.
  let timer = 0;
  let dirty = false;
  let sent = false;
  let running = null;
  const keep = async (leaving) => {
    clearTimeout(timer);
    if (!dirty || sent) return;
    dirty = false;
    running = new AbortController();
    const body = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body, headers: { "X-Draft": "1" }, keepalive: leaving, signal: running.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      say("What you typed is kept.");
    } catch (error) {
      if (error.name === "AbortError") return;
      dirty = true;
      say(navigator.onLine ? "What you typed could not be kept; it is tried again." : "No connection. What you typed is kept as soon as it is back.");
      timer = setTimeout(keep, 5000);
    }
  };
  // Whoever types an answer chooses to answer.
  document.addEventListener("input", (event) => {
    const panel = event.target.closest(".panel");
    const choice = panel && panel.previousElementSibling;
    const radio = choice && choice.querySelector("input[type=radio]");
    if (radio && event.target.value) radio.checked = true;
  });
  if (form) {
    form.addEventListener("input", () => {
      dirty = true;
      clearTimeout(timer);
      timer = setTimeout(keep, 400);
    });
    form.addEventListener("submit", () => {
      sent = true;
      clearTimeout(timer);
      if (running) running.abort();
    });
    addEventListener("pageshow", () => { sent = false; });
    addEventListener("online", () => keep());
    addEventListener("pagehide", () => keep(true));
    document.addEventListener("visibilitychange", () => { if (document.hidden) keep(true); });
  }

  // Changes by others: asked for as long as somebody is here, so that a page left open keeps no session alive.
  const news = document.querySelector("[data-version]");
  let active = Date.now();
  for (const kind of ["input", "pointerdown", "keydown", "scroll"]) {
    addEventListener(kind, () => { active = Date.now(); }, { passive: true });
  }
  const look = async () => {
    if (document.hidden || Date.now() - active > IDLE) return;
    try {
      const answer = await fetch(news.dataset.where);
      if (!answer.ok) return;
      const version = (await answer.text()).trim();
      if (version !== news.dataset.version) news.hidden = false;
    } catch { /* the next look tells */ }
  };
  if (news) {
    setInterval(look, Number(news.dataset.every) || 10000);
    document.addEventListener("visibilitychange", look);
  }

  // Words that are marked in several parts.
  const light = () => {
    for (const mark of document.querySelectorAll("mark.lit")) mark.classList.remove("lit");
    const id = location.hash.slice(1);
    if (/^q\d+$/.test(id)) for (const mark of document.querySelectorAll(`mark.${id}`)) mark.classList.add("lit");
  };
  addEventListener("hashchange", light);
  const lit = document.querySelector("mark.lit");
  if (location.hash) light();
  else if (lit) lit.scrollIntoView({ block: "center" });
})();
