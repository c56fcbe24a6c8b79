/* The large drawing of a network. Places come from the server; this draws them, finds, walks and opens. What is drawn stands in
   the table below it too. Drawn by hand on a plain canvas: without a graphics processor, as on most desks, WebGL draws a few
   pictures a second at this size (docs/decisions/0023). */
(() => {
  "use strict";

  const section = document.querySelector("[data-network]");
  if (!section) return;
  const data = JSON.parse(document.getElementById(section.dataset.network).textContent);
  const words = section.querySelector("[data-words]").dataset;
  const canvas = section.querySelector("canvas");
  const told = section.querySelector(".net-told");
  const legend = section.querySelector(".net-legend");
  const tools = section.querySelector(".net-tools");
  const pen = canvas.getContext("2d");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const KINDS = 7;  // countries or parts with a shape and a colour of their own; the rest is drawn alike
  const [OTHER, UNKNOWN] = [KINDS, KINDS + 1];
  const AT_ONCE = 300;  // lines in one stroke: one long path is slower
  const WIDTHS = [1, 2, 4, 7];  // pixels, for 1, up to 3, up to 7 and more shared actors
  const widthOf = (shared) => WIDTHS[Math.min(3, Math.floor(Math.log2(shared)))];
  const SHOWN = 30;  // found or neighbours listed
  tools.hidden = false;

  const uuid = (short) => {
    const bytes = atob(short.replaceAll("-", "+").replaceAll("_", "/"));
    const hex = [...bytes].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };
  const groups = data.groups.map(([id, name, what, actors, without, x, y, radius, part]) => ({ id, name, what, actors, without, x, y, radius, part, near: [], isGroup: true, size: Math.min(16, 5 + Math.sqrt(actors)) }));
  const people = data.people.map(([id, name, country, doubt, runs, acts, x, y, part, joined]) => ({ id, name, country, doubt, runs, acts, x, y, part, near: joined.map((at) => groups[at]), size: 4.4 }));
  for (const person of people) for (const group of person.near) group.near.push(person);
  const lines = people.filter((person) => person.near.length > 1).flatMap((person) => person.near.map((group) => [person, group, 1]));
  for (const [a, b, shared] of data.overlaps) {
    lines.push([groups[a], groups[b], shared]);
    groups[a].near.push(groups[b]);
    groups[b].near.push(groups[a]);
  }
  const things = [...groups, ...people];
  const rank = new Map(things.map((thing, at) => [thing, at]));

  // ---- what stands for what: a shape and a colour together, never a colour alone
  const colour = (name) => getComputedStyle(section).getPropertyValue(name).trim();
  let paint = {};
  const repaint = () => {
    paint = Object.fromEntries(["ink", "quiet", "line", "edge", "accent", "accent-soft", "sheet", "paper", "warn"].map((name) => [name, colour(`--${name}`)]));
    paint.kinds = [...Array(KINDS).keys()].map((at) => colour(`--kind-${at}`)).concat(paint.quiet, paint.quiet);
  };
  let by = "country";
  let lit = null;  // the kind that the legend holds up
  const kindOf = (thing) => {
    if (by === "part") return thing.part < KINDS ? thing.part : OTHER;
    return thing.country < 0 ? UNKNOWN : Math.min(thing.country, OTHER);
  };
  const corners = (path, x, y, r, count, turn) => {
    for (let at = 0; at < count; at += 1) {
      const angle = turn + (at * 2 * Math.PI) / count;
      path[at ? "lineTo" : "moveTo"](x + r * Math.cos(angle), y + r * Math.sin(angle));
    }
    path.closePath();
  };
  const shapes = [
    (path, x, y, r) => { path.moveTo(x + r, y); path.arc(x, y, r, 0, 7); },
    (path, x, y, r) => path.rect(x - r * .88, y - r * .88, r * 1.76, r * 1.76),
    (path, x, y, r) => corners(path, x, y + r * .2, r * 1.25, 3, -Math.PI / 2),
    (path, x, y, r) => corners(path, x, y, r * 1.2, 4, 0),
    (path, x, y, r) => corners(path, x, y - r * .2, r * 1.25, 3, Math.PI / 2),
    (path, x, y, r) => { path.rect(x - r * 1.1, y - r * .4, r * 2.2, r * .8); path.rect(x - r * .4, y - r * 1.1, r * .8, r * .7); path.rect(x - r * .4, y + r * .4, r * .8, r * .7); },
    (path, x, y, r) => corners(path, x, y, r * 1.1, 5, -Math.PI / 2),
    (path, x, y, r) => { path.moveTo(x + r, y); path.arc(x, y, r, 0, 7); path.moveTo(x + r * .5, y); path.arc(x, y, r * .5, 7, 0, true); },
    (path, x, y, r) => { path.moveTo(x + r * .55, y); path.arc(x, y, r * .55, 0, 7); },
  ];

  // ---- the eye: what of the sheet stands where on the screen
  let wide = 0;
  let high = 0;
  let eye = { x: 0, y: 0, zoom: 1 };
  let asked = 0;
  let chosen = null;
  let found = new Set();
  const bounds = things.reduce((box, { x, y, radius = 6 }) => ({ left: Math.min(box.left, x - radius), top: Math.min(box.top, y - radius), right: Math.max(box.right, x + radius), low: Math.max(box.low, y + radius) }), { left: Infinity, top: Infinity, right: -Infinity, low: -Infinity });
  const whole = () => {
    const zoom = Math.min(1.4, .94 * Math.min(wide / (bounds.right - bounds.left), high / (bounds.low - bounds.top)));
    return { x: (bounds.left + bounds.right) / 2, y: (bounds.top + bounds.low) / 2, zoom };
  };
  const soon = () => { asked ||= requestAnimationFrame(() => { asked = 0; draw(); }); };
  const go = (to) => {
    if (still.matches) { eye = to; soon(); return; }
    const from = eye;
    const began = performance.now();
    const step = (now) => {
      const part = Math.min(1, Math.max(0, (now - began) / 200));
      const eased = part * (2 - part);
      eye = { x: from.x + (to.x - from.x) * eased, y: from.y + (to.y - from.y) * eased, zoom: from.zoom * (to.zoom / from.zoom) ** eased };
      draw();
      if (part < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  };
  const zoomBy = (factor, x = wide / 2, y = high / 2) => {
    const zoom = Math.min(8, Math.max(.02, eye.zoom * factor));
    const change = 1 / eye.zoom - 1 / zoom;
    eye = { x: eye.x + (x - wide / 2) * change, y: eye.y + (y - high / 2) * change, zoom };
    soon();
  };
  const screen = (thing) => [(thing.x - eye.x) * eye.zoom + wide / 2, (thing.y - eye.y) * eye.zoom + high / 2];
  const sizeOf = (thing) => (thing.isGroup ? thing.size * Math.max(.4, Math.min(1.5, Math.sqrt(eye.zoom))) : thing.size * Math.max(.24, Math.min(1.6, eye.zoom * 1.15)));
  const sees = (x, y, more) => x > -more && y > -more && x < wide + more && y < high + more;

  const strokes = (list, style, width) => {
    pen.strokeStyle = style;
    pen.lineWidth = width;
    for (let at = 0; at < list.length; at += AT_ONCE) {
      pen.beginPath();
      for (const [a, b] of list.slice(at, at + AT_ONCE)) {
        const [[ax, ay], [bx, by_]] = [screen(a), screen(b)];
        if (Math.max(ax, bx) < 0 || Math.min(ax, bx) > wide || Math.max(ay, by_) < 0 || Math.min(ay, by_) > high) continue;
        pen.moveTo(ax, ay);
        pen.lineTo(bx, by_);
      }
      pen.stroke();
    }
  };
  const draw = () => {
    const ratio = window.devicePixelRatio || 1;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.fillStyle = paint.paper;
    pen.fillRect(0, 0, wide, high);
    const near = chosen ? new Set([chosen, ...chosen.near]) : null;
    const isQuiet = (thing) => (near ? !near.has(thing) : (lit !== null && kindOf(thing) !== lit) || (found.size > 0 && !found.has(thing)));
    pen.beginPath();
    for (const group of groups) {
      const [x, y] = screen(group);
      const radius = group.radius * eye.zoom;
      if (!data.overlaps.length && sees(x, y, radius)) { pen.moveTo(x + radius, y); pen.arc(x, y, radius, 0, 7); }
    }
    pen.fillStyle = paint.sheet;
    pen.fill();
    pen.strokeStyle = paint.line;
    pen.lineWidth = 1;
    pen.stroke();
    pen.globalAlpha = near || lit !== null ? .2 : .45;
    if (data.overlaps.length) for (const width of WIDTHS) strokes(lines.filter((line) => widthOf(line[2]) === width), paint.edge, width);
    else strokes(lines, paint.edge, .7);
    pen.globalAlpha = 1;
    // Whoever is in no other group stands in its circle anyway.
    if (chosen) strokes(chosen.near.filter((other) => other.isGroup || other.near.length > 1).map((other) => [chosen, other]), paint.warn, 1.6);
    dots(isQuiet);
    labels(near, isQuiet);
    if (chosen) {
      const [x, y] = screen(chosen);
      pen.beginPath();
      pen.arc(x, y, sizeOf(chosen) + 6, 0, 7);
      pen.strokeStyle = paint.warn;
      pen.lineWidth = 3;
      pen.stroke();
    }
  };
  const dots = (isQuiet) => {
    const piles = new Map();
    for (const thing of things) {
      const [x, y] = screen(thing);
      if (!sees(x, y, 20)) continue;
      const key = `${thing.isGroup ? "g" : kindOf(thing)} ${isQuiet(thing) ? "q" : ""}`;
      if (!piles.has(key)) piles.set(key, []);
      piles.get(key).push([x, y, sizeOf(thing)]);
    }
    for (const [key, pile] of [...piles].sort(([a]) => (a.startsWith("g") ? 1 : -1))) {
      const [kind, quiet] = key.split(" ");
      pen.globalAlpha = quiet ? .16 : 1;
      pen.beginPath();
      if (kind === "g") for (const [x, y, r] of pile) pen.roundRect(x - r, y - r * .8, r * 2, r * 1.6, 3);
      else for (const [x, y, r] of pile) (r < 2.6 ? shapes[1] : shapes[kind])(pen, x, y, r);
      pen.fillStyle = kind === "g" ? paint["accent-soft"] : paint.kinds[kind];
      pen.fill();
      if (kind === "g") {
        pen.strokeStyle = paint.accent;
        pen.lineWidth = 1.5;
        pen.stroke();
      }
    }
    pen.globalAlpha = 1;
  };
  const widths = new Map();
  const labels = (near, isQuiet) => {
    const taken = [];
    pen.textAlign = "center";
    pen.lineJoin = "round";
    const write = (thing, strong) => {
      const text = thing.name.length > 34 ? `${thing.name.slice(0, 33)}…` : thing.name;
      const [x, y0] = screen(thing);
      const y = y0 + sizeOf(thing) * .8 + 13;
      if (!text || !sees(x, y, 0)) return;
      pen.font = `${strong ? "600 " : ""}12px "Noto Sans", system-ui, sans-serif`;
      if (!widths.has(text)) widths.set(text, pen.measureText(text).width);
      const half = widths.get(text) / 2 + 4;
      const box = [x - half, y - 12, x + half, y + 4];
      if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) return;
      taken.push(box);
      pen.strokeStyle = paint.paper;
      pen.lineWidth = 3.5;
      pen.strokeText(text, x, y);
      pen.fillStyle = paint.ink;
      pen.fillText(text, x, y);
    };
    if (chosen) write(chosen, true);
    if (near) for (const thing of [...near].slice(0, SHOWN)) write(thing, thing.isGroup);
    for (const thing of [...found].slice(0, SHOWN)) write(thing, thing.isGroup);
    for (const group of groups) if (taken.length < 70 && !(near && !near.has(group)) && (group.radius * eye.zoom > 16 || data.overlaps.length || eye.zoom > .7)) write(group, true);
    const least = eye.zoom > 2.2 ? 1 : eye.zoom > 1.1 ? 2 : Infinity;
    if (least < Infinity) for (const person of people) if (taken.length < 160 && person.near.length >= least && !isQuiet(person)) write(person, false);
  };

  // ---- saying what is chosen
  const made = (tag, text, parent, name) => {
    const element = document.createElement(tag);
    element.textContent = text;
    if (name) element.className = name;
    parent.append(element);
    return element;
  };
  const address = (thing) => (thing.isGroup ? `${data.base}/${uuid(thing.id)}` : `${data.base}/${uuid(thing.near[0].id)}/${uuid(thing.id)}`);
  const listed = (all, title) => {
    if (title) made("p", title, told, "why");
    const list = made("ul", "", told, "plain");
    for (const thing of all.slice(0, SHOWN)) {
      const button = made("button", thing.name || thing.what || "–", made("li", "", list), "link");
      button.type = "button";
      button.addEventListener("click", () => { choose(thing); canvas.focus(); });
    }
    if (all.length > SHOWN) made("p", `${words.more} ${number.format(all.length - SHOWN)}`, told, "why");
  };
  const tell = () => {
    told.replaceChildren();
    if (!chosen) { made("p", words.choose, told, "why"); return; }
    made("h3", chosen.name || chosen.what || "–", told, "value");
    if (chosen.isGroup) {
      made("p", chosen.what, told, "why");
      made("p", `${words.acted} ${number.format(chosen.actors)} · ${words.without} ${number.format(chosen.without)}`, told);
    } else {
      const place = chosen.country < 0 ? words.unknown : data.countries[chosen.country];
      made("p", [place, data.doubts[chosen.doubt], chosen.runs ? words.runs : ""].filter(Boolean).join(" · "), told, "why");
      made("p", `${words.acts} ${number.format(chosen.acts)}`, told);
    }
    const row = made("p", "", told, "row");
    made("a", words.open, row, "button").href = address(chosen);
    if (chosen.isGroup) made("a", words.around, row, "button quiet").href = `?around=${uuid(chosen.id)}`;
    listed(chosen.near, chosen.near.length ? (chosen.isGroup ? words.has : words.joined) : "");
  };
  const choose = (thing, follow = true) => {
    chosen = thing;
    tell();
    if (thing && follow) {
      const [x, y] = screen(thing);
      const zoom = Math.max(eye.zoom, thing.isGroup ? Math.min(1.4, (.8 * Math.min(wide, high)) / (2 * thing.radius)) : 1.1);
      if (!sees(x, y, -40) || zoom > eye.zoom) { go({ x: thing.x, y: thing.y, zoom }); return; }
    }
    soon();
  };

  // ---- keys: to a neighbour in that direction, else to whatever stands there
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const walk = ([wx, wy]) => {
    if (!chosen) { choose(groups[0] ?? null); return; }
    const best = (all) => {
      let least = Infinity;
      let nearest = null;
      for (const thing of all) {
        const [dx, dy] = [thing.x - chosen.x, thing.y - chosen.y];
        const ahead = dx * wx + dy * wy;
        const aside = Math.abs(dx * wy + dy * wx);
        if (thing === chosen || ahead <= aside * .5) continue;
        if (ahead + 2 * aside < least) { least = ahead + 2 * aside; nearest = thing; }
      }
      return nearest;
    };
    const next = best(chosen.near) ?? best(groups) ?? best(people);
    if (next) choose(next);
  };
  const step = (by_) => choose(things[((chosen ? rank.get(chosen) + by_ : 0) + things.length) % things.length]);
  const acts = { in: () => zoomBy(1.3), out: () => zoomBy(1 / 1.3), fit: () => go(whole()) };
  const keys = { "+": acts.in, "=": acts.in, "-": acts.out, 0: acts.fit, n: () => step(1), p: () => step(-1) };
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in ways) walk(ways[event.key]);
    else if (event.key === "Enter" && chosen) window.location.assign(address(chosen));
    else if (event.key === "Escape" && (chosen || found.size || lit !== null)) { found = new Set(); lit = null; mark(); choose(null); }
    else if (event.key in keys) keys[event.key]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  tools.addEventListener("click", (event) => acts[event.target.closest("[data-do]")?.dataset.do]?.());
  // ---- finding, and the legend
  const field = tools.querySelector("input[type=search]");
  const find = () => {
    const text = field.value.trim().toLowerCase();
    const all = text.length < 2 ? [] : things.filter((thing) => thing.name.toLowerCase().includes(text));
    found = new Set(all);
    chosen = null;
    told.replaceChildren();
    if (text.length < 2) tell();
    else listed(all, `${words.found} ${number.format(all.length)}`);
    soon();
  };
  field.addEventListener("input", find);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !found.size) return;
    event.preventDefault();
    choose([...found][0]);
    canvas.focus();
  });
  const mark = () => { for (const button of legend.querySelectorAll("button")) button.setAttribute("aria-pressed", String(lit === Number(button.dataset.kind))); };
  const explain = () => {
    const counts = Array(KINDS + 2).fill(0);
    for (const thing of by === "part" ? things : people) counts[kindOf(thing)] += 1;
    legend.replaceChildren();
    counts.forEach((count, kind) => {
      if (!count) return;
      const name = kind === UNKNOWN ? words.unknown : kind === OTHER ? words.other : by === "part" ? `${words.part} ${kind + 1}` : data.countries[kind];
      const button = made("button", "", made("li", "", legend));
      button.type = "button";
      button.dataset.kind = kind;
      const swatch = made("canvas", "", button);
      [swatch.width, swatch.height] = [28, 28];
      const small = swatch.getContext("2d");
      small.beginPath();
      shapes[kind](small, 14, 14, kind === UNKNOWN ? 13 : 9);
      small.fillStyle = paint.kinds[kind];
      small.fill();
      button.append(`${name} ${number.format(count)}`);
      button.addEventListener("click", () => { lit = lit === kind ? null : kind; mark(); soon(); });
    });
    mark();
  };
  tools.querySelector("select")?.addEventListener("change", (event) => { by = event.target.value; lit = null; explain(); soon(); });

  // ---- pointer: drag, wheel, two fingers
  const held = new Map();
  let travelled = 0;
  const at = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.x, event.clientY - box.y]; };
  const under = ([x, y]) => {
    let least = 14;
    let nearest = null;
    for (const thing of things) {
      const [tx, ty] = screen(thing);
      const far = Math.hypot(tx - x, ty - y) - sizeOf(thing);
      if (far < least) { least = far; nearest = thing; }
    }
    return nearest;
  };
  canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); held.set(event.pointerId, at(event)); travelled = 0; });
  canvas.addEventListener("pointermove", (event) => {
    const before = held.get(event.pointerId);
    const now = at(event);
    if (!before) { canvas.classList.toggle("over", under(now) !== null); return; }
    const [other] = [...held].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    held.set(event.pointerId, now);
    travelled += Math.hypot(now[0] - before[0], now[1] - before[1]);
    if (other) {
      const gap = (place) => Math.hypot(place[0] - other[0], place[1] - other[1]) || 1;
      zoomBy(gap(now) / gap(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
    } else {
      eye = { ...eye, x: eye.x - (now[0] - before[0]) / eye.zoom, y: eye.y - (now[1] - before[1]) / eye.zoom };
      soon();
    }
  });
  const released = (event) => {
    const was = held.delete(event.pointerId);
    if (was && event.type === "pointerup" && travelled < 5) choose(under(at(event)), false);
  };
  canvas.addEventListener("pointerup", released);
  canvas.addEventListener("pointercancel", released);
  canvas.addEventListener("dblclick", () => { if (chosen) window.location.assign(address(chosen)); });
  canvas.addEventListener("wheel", (event) => { event.preventDefault(); zoomBy(Math.exp(-event.deltaY / 500), ...at(event)); }, { passive: false });

  // Choosing a row of the table chooses the thing on the drawing.
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-thing]");
    if (!row || event.target.closest("a, button")) return;
    const thing = things.find((one) => uuid(one.id) === row.dataset.thing);
    if (thing) { choose(thing); section.scrollIntoView({ block: "nearest" }); }
  });

  const size = () => {
    const box = canvas.getBoundingClientRect();
    const ratio = window.devicePixelRatio || 1;
    [wide, high] = [box.width, box.height];
    [canvas.width, canvas.height] = [Math.round(wide * ratio), Math.round(high * ratio)];
  };
  new ResizeObserver(() => { size(); draw(); }).observe(canvas);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { repaint(); explain(); draw(); });
  repaint();
  explain();
  size();
  eye = whole();
  draw();
  section.dataset.drawn = String(things.length);
})();
