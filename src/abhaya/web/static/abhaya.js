/* What the pages do beyond plain HTML: keys, dialogs, local times. Everything works without it. */
(() => {
  "use strict";

  const typing = (target) => target.closest("input, textarea, select, [contenteditable]");
  const visible = (element) => element.getClientRects().length > 0 && !element.disabled;

  // j and k move along the rows of the page's list; focus is real, so Enter and the screen reader follow.
  const rows = () => [...document.querySelectorAll("[data-rows] [data-row]")].filter(visible);
  const move = (step) => {
    const all = rows();
    if (!all.length) return;
    const here = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[Math.min(all.length - 1, Math.max(0, here < 0 ? 0 : here + step))];
    const link = next.querySelector("a[href]");
    if (link) {
      link.focus();
      next.scrollIntoView({ block: "nearest" });
    }
  };

  // A key presses the first visible element that carries it: <button data-key="a">.
  const press = (key) => {
    const element = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(visible);
    if (!element) return false;
    if (element.matches("input, textarea, select")) element.focus();
    else element.click();
    return true;
  };

  // Menus are <details class="opens">: they close when one clicks or tabs elsewhere, and on Escape.
  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.opens[open]")) if (menu !== except) menu.open = false;
  };
  document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.opens")));

  const openDialog = (id) => {
    const dialog = document.getElementById(id);
    if (!(dialog instanceof HTMLDialogElement)) return false;
    closeMenus();
    if (!dialog.open) dialog.showModal();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = document.querySelector("details.opens[open]");
      closeMenus();
      menu?.querySelector("summary").focus();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const acted =
      event.key === "j" ? (move(1), true)
      : event.key === "k" ? (move(-1), true)
      : event.key === "?" ? openDialog("keys")
      : event.key.length === 1 && press(event.key);
    if (acted) event.preventDefault();
  });

  // <a data-dialog="id" href="…">: the dialog where there is one, the page behind the address otherwise.
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.opens"));
    const opener = event.target.closest("[data-dialog]");
    if (opener && openDialog(opener.dataset.dialog)) event.preventDefault();
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog")?.close();
    if (event.target instanceof HTMLDialogElement) event.target.close(); // the backdrop
  });

  // Whoever reads in another zone than the unit finds their own time in the title.
  const localTimes = (root) => {
    for (const time of root.querySelectorAll("time[datetime]:not([data-local])")) {
      const at = new Date(time.dateTime);
      if (Number.isNaN(at.getTime())) continue;
      time.dataset.local = "";
      time.title += ` · ${at.toLocaleString(document.documentElement.lang)} (${Intl.DateTimeFormat().resolvedOptions().timeZone})`;
    }
  };
  // A form is sent once, however often the button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post") || "again" in form.dataset) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", (event) => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
    if (event.persisted) window.location.reload();
  });

  document.addEventListener("DOMContentLoaded", () => localTimes(document));
  document.addEventListener("htmx:load", (event) => localTimes(event.target));
  if (document.readyState !== "loading") localTimes(document);
})();
