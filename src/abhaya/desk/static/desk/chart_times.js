/* The timeline under a link chart: every instant as wide as it is uncertain, and a period to look at. */
window.chartTimes = (section, words, onPeriod) => {
  "use strict";

  const NS = "http://www.w3.org/2000/svg";
  const DAY = 86400000, HEAD = 8, FOOT = 24, SIDE = 14, GUTTER = 110, NARROW = 600, DOT = 4, STEPS = 100;
  const place = section.querySelector("[data-line-drawn]");
  const fields = Object.fromEntries([...section.querySelectorAll("[data-time]")].map((field) => [field.dataset.time, field]));
  const language = document.documentElement.lang;
  let moments = [], names = new Map(), domain = [0, 1], period = null, svg = null;

  const make = (tag, attributes, parent) => {
    const made = document.createElementNS(NS, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    parent?.append(made);
    return made;
  };
  const said = (at, options = { dateStyle: "medium" }) => new Intl.DateTimeFormat(language, { timeZone: words.zone, ...options }).format(new Date(at));
  const width = () => Math.max(240, place.clientWidth);
  const isNarrow = () => width() < NARROW; // names of lanes stand above their marks, not beside them
  const left0 = () => (isNarrow() ? SIDE : GUTTER);
  const room = () => width() - left0() - SIDE;
  const x = (at) => left0() + ((at - domain[0]) / (domain[1] - domain[0])) * room();
  const at = (left) => domain[0] + Math.min(1, Math.max(0, (left - left0()) / room())) * (domain[1] - domain[0]);
  const whole = () => {
    const first = Math.min(...moments.map((one) => one.span[0])), last = Math.max(...moments.map((one) => one.span[1]));
    const more = Math.max((last - first) * 0.03, 3600000);
    return [first - more, last + more];
  };
  const isIn = (one) => !period || (one.span[3] >= period[0] && one.span[2] <= period[1]);

  // Midnights of the unit's own zone, far enough apart to be read.
  const ticks = () => {
    const span = domain[1] - domain[0], most = Math.max(2, Math.floor(width() / 110));
    const steps = [3600000, 6 * 3600000, DAY, 2 * DAY, 7 * DAY, 30 * DAY, 91 * DAY, 365 * DAY, 5 * 365 * DAY, 25 * 365 * DAY, 100 * 365 * DAY];
    const step = steps.find((each) => span / each <= most) ?? span / most;
    const shift = zoneShift(domain[0]);
    const found = [];
    for (let each = Math.ceil((domain[0] + shift) / step) * step - shift; each <= domain[1]; each += step) found.push(each);
    return { found, options: step < DAY ? { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" } : step < 28 * DAY ? { day: "numeric", month: "short", year: "2-digit" } : step < 365 * DAY ? { month: "short", year: "numeric" } : { year: "numeric" } };
  };
  const zoneShift = (when) => {
    const parts = Object.fromEntries(new Intl.DateTimeFormat("en-GB", { timeZone: words.zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" }).formatToParts(new Date(when)).map((part) => [part.type, Number(part.value)]));
    return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute) - Math.floor(when / 60000) * 60000;
  };

  const handle = (side, height) => {
    const made = make("g", { class: "handle", role: "slider", tabindex: "0", "aria-label": side ? words.until : words.from, "aria-valuemin": Math.round(domain[0]), "aria-valuemax": Math.round(domain[1]), "aria-orientation": "horizontal" }, svg);
    make("rect", { class: "grip", x: -6, y: 0, width: 12, height }, made);
    make("line", { x1: 0, x2: 0, y1: 0, y2: height }, made);
    made.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
      const now = period ?? [...domain];
      const to = event.key === "Home" ? domain[0] : event.key === "End" ? domain[1] : step === undefined ? null : now[side] + (step * (domain[1] - domain[0])) / STEPS;
      if (event.key === "Escape") set(null);
      else if (to === null) return;
      else {
        now[side] = Math.min(domain[1], Math.max(domain[0], to));
        if (now[0] > now[1]) now[1 - side] = now[side];
        set(now);
      }
      event.preventDefault();
      event.stopPropagation();
    });
    return made;
  };

  const draw = () => {
    const lanes = [...new Set(moments.map((one) => one.kind))];
    const LANE = isNarrow() ? 30 : 22;
    const height = HEAD + lanes.length * LANE + FOOT, bottom = height - FOOT;
    svg = make("svg", { width: width(), height, viewBox: `0 0 ${width()} ${height}`, role: "group", "aria-label": words.timeline });
    const { found, options } = ticks();
    for (const each of found) {
      make("line", { class: "tick", x1: x(each), x2: x(each), y1: HEAD, y2: bottom }, svg);
      make("text", { class: "when", x: x(each), y: height - 7, "text-anchor": "middle" }, svg).textContent = said(each, options);
    }
    make("rect", { class: "period", "data-part": "period", x: 0, y: 0, width: 0, height: bottom, visibility: "hidden" }, svg);
    lanes.forEach((kind, row) => make("text", { class: "lane", x: 2, y: HEAD + row * LANE + (isNarrow() ? 9 : LANE / 2 + 5) }, svg).textContent = names.get(kind));
    moments.forEach((one, number) => {
      const [first, last, earliest, latest] = one.span.map((each) => Math.max(left0() - SIDE / 2, x(each)));
      if (x(one.span[3]) < left0() || earliest > width()) return;
      const y = HEAD + lanes.indexOf(one.kind) * LANE + (isNarrow() ? LANE - 10 : LANE / 2 + 1);
      const mark = make("g", { class: `mark kind-${one.kind}${earliest < first ? " loose" : ""}`, "data-number": number }, svg);
      if (earliest < first) make("line", { x1: earliest, x2: latest, y1: y, y2: y }, mark);
      if (last - first > 2 * DOT) make("rect", { x: first, y: y - DOT, width: last - first, height: 2 * DOT, rx: 2 }, mark);
      else make("circle", { cx: (first + last) / 2, cy: y, r: DOT }, mark);
      make("title", {}, mark).textContent = `${one.label} · ${one.text}`;
    });
    svg.handles = [handle(0, bottom), handle(1, bottom)];
    place.replaceChildren(svg);
    svg.addEventListener("pointerdown", drag);
    show();
  };

  const show = () => {
    const ends = period ?? domain;
    const box = svg.querySelector("[data-part=period]");
    box.setAttribute("visibility", period ? "visible" : "hidden");
    const left = Math.max(left0(), x(ends[0])), right = Math.min(width() - SIDE, x(ends[1]));
    box.setAttribute("x", left);
    box.setAttribute("width", Math.max(0, right - left));
    svg.handles.forEach((one, side) => {
      one.setAttribute("transform", `translate(${side ? right : left} 0)`);
      one.setAttribute("aria-valuenow", Math.round(ends[side]));
      one.setAttribute("aria-valuetext", said(ends[side], { dateStyle: "medium", timeStyle: "short" }));
    });
    for (const mark of svg.querySelectorAll(".mark")) mark.classList.toggle("outside", !isIn(moments[mark.dataset.number]));
    fields.nearer.disabled = !period;
    fields.whole.disabled = !period && domain.join() === whole().join();
  };

  const day = (when) => new Date(Math.floor((when + zoneShift(when)) / DAY) * DAY).toISOString().slice(0, 10);
  const set = (next) => {
    period = next;
    fields.from.value = period ? day(period[0]) : "";
    fields.until.value = period ? day(period[1]) : "";
    show();
    tell();
  };
  const tell = () => onPeriod(period ? moments.map(isIn) : null, fields.only.checked);

  // Drag over a period, or one of its ends. A press without a drag chooses what is there.
  const drag = (event) => {
    if (event.button !== 0) return;
    const rect = svg.getBoundingClientRect(), from = event.clientX - rect.left;
    const side = event.target.closest(".handle") ? svg.handles.indexOf(event.target.closest(".handle")) : -1;
    const fixed = side >= 0 ? (period ?? domain)[1 - side] : at(from);
    let isDragged = false;
    const move = (later) => {
      const left = later.clientX - rect.left;
      if (!isDragged && Math.abs(left - from) < 4) return;
      isDragged = true;
      period = [fixed, at(left)].sort((one, other) => one - other);
      show();
    };
    const end = () => {
      svg.removeEventListener("pointermove", move);
      if (isDragged) { set(period); return; }
      const mark = event.target.closest(".mark");
      if (mark) section.dispatchEvent(new CustomEvent("chart:choose", { detail: moments[mark.dataset.number].thing }));
      else if (side < 0) set(null);
    };
    svg.setPointerCapture(event.pointerId);
    svg.addEventListener("pointermove", move);
    svg.addEventListener("pointerup", end, { once: true });
  };

  const fromFields = () => {
    const [first, last] = [fields.from.value, fields.until.value].map((text) => (text ? Date.parse(`${text}T00:00Z`) : null));
    if (first === null && last === null) return set(null);
    period = [first === null ? domain[0] : first - zoneShift(first), last === null ? domain[1] : last - zoneShift(last) + DAY - 1];
    if (period[0] > period[1]) period[1] = period[0] + DAY - 1;
    show();
    tell();
  };
  fields.from.addEventListener("change", fromFields);
  fields.until.addEventListener("change", fromFields);
  fields.only.addEventListener("change", tell);
  fields.nearer.addEventListener("click", () => { domain = [...period]; draw(); });
  fields.whole.addEventListener("click", () => { domain = whole(); draw(); set(null); });
  let before = 0;
  new ResizeObserver(() => { if (moments.length && before !== width()) { before = width(); draw(); } }).observe(place);

  return {
    again: () => { if (moments.length) tell(); },
    set(data) {
      const labels = new Map(data.things.map((thing) => [thing.id, thing.label]));
      names = new Map(data.things.map((thing) => [thing.kind, thing.kindName]));
      moments = data.moments.filter((one) => labels.has(one.thing)).map((one) => ({ ...one, label: labels.get(one.thing) }));
      section.querySelector(".chart-times").hidden = moments.length === 0;
      if (!moments.length) return;
      domain = whole();
      before = width();
      draw();
    },
  };
};
