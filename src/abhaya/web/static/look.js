/* A picture on the screen leaves it at once: on Esc, on Space, after its seconds, and when one turns to another page. The
   server is told, so that the officer's own meter stops. Without scripts the button does the same. */
(() => {
  "use strict";

  const stage = document.querySelector("[data-stage]");
  const form = document.querySelector("form[data-hide]");
  const picture = stage?.querySelector("img");
  if (!stage || !form || !picture) return;

  let shown = true;
  const hide = () => {
    if (!shown) return;
    shown = false;
    picture.removeAttribute("src");
    picture.remove();
    stage.classList.add("is-hidden");
    document.querySelector("[data-still]")?.remove();
    form.querySelector("button").disabled = true;
    const told = new FormData(form);
    told.append("beacon", "1");
    navigator.sendBeacon(form.action, told);
  };

  form.addEventListener("submit", (event) => { event.preventDefault(); hide(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" && !(event.key === " " && !event.target.closest("input, textarea, select, button, a"))) return;
    event.preventDefault();
    hide();
  }, true);
  document.addEventListener("visibilitychange", () => { if (document.hidden) hide(); });
  window.addEventListener("pagehide", hide);
  picture.addEventListener("load", () => { setTimeout(hide, 1000 * Number(stage.dataset.hideAfter)); });
  picture.addEventListener("error", () => { if (shown) window.location.replace(window.location.href); });
  for (const event of ["contextmenu", "dragstart"]) picture.addEventListener(event, (happened) => happened.preventDefault());
})();
