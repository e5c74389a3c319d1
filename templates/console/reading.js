// Comfort only; the page works without it. Shows how far a reading is, and loads the page again when it is done.
(() => {
  "use strict";
  const place = document.querySelector("[data-follow]");
  if (!place || !window.EventSource) return;
  const part = place.querySelector("[data-part]");
  const fields = place.querySelector("[data-fields]");
  const source = new EventSource(place.dataset.follow);
  source.addEventListener("part", (event) => { part.textContent = event.data; });
  source.addEventListener("field", (event) => {
    const line = document.createElement("li");
    line.textContent = event.data;
    fields.append(line);
  });
  source.addEventListener("read", () => {
    source.close();
    location.reload();
  });
  addEventListener("pagehide", () => source.close());
})();
