/* The link chart: what can be done with it, by key and by pointer. The tables below it say the same without it. */
(() => {
  "use strict";

  const section = document.querySelector("[data-chart]");
  if (!section || typeof cytoscape !== "function") return;

  let data = JSON.parse(document.getElementById(section.dataset.chart).textContent);
  const words = section.querySelector("[data-words]").dataset;
  const told = section.querySelector(".chart-told");
  const nothingChosen = told.firstElementChild;
  const canvas = section.querySelector(".chart-canvas");
  const button = (name) => section.querySelector(`[data-do="${name}"]`);
  const views = Object.fromEntries([...section.querySelectorAll("[data-view]")].map((field) => [field.dataset.view, field]));
  const quick = window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 180;
  const STEP = 20, UNDO_MAX = 50;
  for (const tools of section.querySelectorAll(".chart-tools")) tools.hidden = false;

  let things = new Map();
  let state = {
    pinned: new Set(data.pinned), hidden: new Set(data.hidden), layout: data.layout, by: data.by, addresses: data.addresses,
    groups: new Map(Object.entries(data.groups).map(([name, ids]) => [name, new Set(ids)])),
    at: new Map(data.things.filter((thing) => thing.place).map((thing) => [thing.id, thing.place])),
  };
  const undoable = [];
  const cy = chartDraw.start(canvas, data.things.length);

  const isThing = (node) => things.has(node.id());
  const copied = () => ({ ...state, pinned: new Set(state.pinned), hidden: new Set(state.hidden), groups: new Map([...state.groups].map(([name, ids]) => [name, new Set(ids)])), at: new Map(state.at) });
  const remember = () => {
    undoable.push(copied());
    if (undoable.length > UNDO_MAX) undoable.shift();
    button("undo").disabled = false;
  };
  const standing = () => new Map(cy.nodes().filter(isThing).map((node) => [node.id(), [Math.round(node.position().x), Math.round(node.position().y)]]));
  const draw = () => {
    const chosenBefore = chosen().map((node) => node.id());
    things = new Map(data.things.map((thing) => [thing.id, thing]));
    cy.batch(() => {
      cy.elements().remove();
      cy.add(chartDraw.elements(data, state, words));
    });
    for (const [name, field] of Object.entries(views)) if (field.type === "checkbox") field.checked = state[name]; else field.value = state[name];
    button("unhide").hidden = state.hidden.size === 0;
    for (const id of chosenBefore) cy.getElementById(id).select();
    times.again();
  };

  const whole = () => chartDraw.whole(cy);
  const chosen = () => cy.nodes(":selected").filter(isThing);
  const line = (tag, text, parent, name) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (name) made.className = name;
    parent.append(made);
    return made;
  };
  const link = (text, href, parent) => { line("a", text, parent).href = href; };
  const chooser = (thing, parent) => {
    const made = line("button", thing.label, parent, "link");
    made.type = "button";
    made.dataset.thing = thing.id;
  };

  const tellSources = (sources, parent) => {
    for (const source of sources) {
      const place = line("div", "", parent, "why");
      line("a", source.report, place, "mono").href = source.href;
      place.append(` ${[source.role, source.at, source.locator, source.grade].filter(Boolean).join(" · ")}`);
    }
  };
  const tellTie = (tie, parent) => {
    const place = line("div", "", parent, `tie-${tie.word}`);
    line("b", tie.text, place);
    if (tie.by) line("span", ` ${tie.by}, ${tie.at}`, place, "why");
    const row = line("div", "", parent);
    link(words.why, tie.why, row);
    if (tie.judgement) { row.append(" · "); link(words.judgement, tie.judgement, row); }
  };
  const tellThing = (node) => {
    const thing = things.get(node.id());
    const near = node.closedNeighborhood();
    cy.elements().not(near).not(near.parents()).not("[kind = 'period']").addClass("far");
    node.connectedEdges().addClass("near");
    button("expand").disabled = thing.kind === "report" || thing.kind === "ip" || thing.masked || !thing.elsewhere;
    button("pin").firstChild.textContent = `${state.pinned.has(thing.id) ? words.unpin : words.pin} `;
    line("h3", thing.label, told, "value");
    line("p", [thing.kindName, thing.unit, thing.grade].filter(Boolean).join(" · "), told, "why");
    for (const doubt of thing.doubts) line("p", doubt, told, "doubt");
    if (thing.masked) line("p", words.masked, told);
    else if (thing.kind !== "report" && thing.kind !== "ip") line("p", thing.elsewhere ? `${words.elsewhere} ${thing.elsewhere}` : words.none, told, "why");
    if (thing.href) link(thing.kind === "report" ? words.open : words.subject, thing.href, told);
    const list = line("ul", "", told, "plain");
    node.connectedEdges().forEach((edge) => {
      const other = things.get(edge.source().id() === node.id() ? edge.target().id() : edge.source().id());
      const item = line("li", "", list);
      line("span", `${other.kindName}: `, item, "why");
      chooser(other, item);
      if (edge.data("said")) tellTie(edge.data("said"), item);
      else tellSources(edge.data("line").sources, item);
    });
  };
  const tellEdge = (edge) => {
    for (const end of [edge.source(), edge.target()]) chooser(things.get(end.id()), line("p", `${things.get(end.id()).kindName}: `, told, "why"));
    if (edge.data("said")) { tellTie(edge.data("said"), told); line("p", words.lead, told, "why"); return; }
    line("h3", words.line, told);
    tellSources(edge.data("line").sources, told);
    for (const doubt of things.get(edge.target().id()).doubts) line("p", doubt, told, "doubt");
  };
  const tellHidden = () => {
    const hidden = [...state.hidden].map((id) => things.get(id)).filter(Boolean);
    if (!hidden.length) return;
    line("h3", words.hidden, told);
    const list = line("ul", "", told, "plain");
    for (const thing of hidden) {
      const made = line("button", thing.label, line("li", `${thing.kindName}: `, list, "why"), "link");
      made.type = "button";
      made.dataset.show = thing.id;
    }
  };
  const tell = () => {
    const nodes = chosen(), edges = cy.edges(":selected");
    for (const name of ["expand", "hide", "pin", "group"]) button(name).disabled = nodes.length === 0;
    cy.elements().removeClass("far near");
    told.replaceChildren();
    if (nodes.length === 1) tellThing(nodes[0]);
    else if (nodes.length > 1) {
      line("h3", words.chosen.replace("{some}", nodes.length), told);
      const list = line("ul", "", told, "plain");
      nodes.forEach((node) => { line("li", things.get(node.id()).label, list, "value"); });
    } else if (edges.length) tellEdge(edges[0]);
    else { told.append(nothingChosen); tellHidden(); }
  };
  let isToTell = false;
  cy.on("select unselect", () => {
    if (isToTell) return;
    isToTell = true;
    queueMicrotask(() => { isToTell = false; tell(); });
  });

  let cursor = null; // where the arrow keys are; those chosen with the space bar stay chosen beside it
  const kept = new Set();
  const choose = (node) => {
    cy.elements(":selected").filter((each) => !kept.has(each.id())).unselect();
    cursor = node.id();
    node.select();
    const here = node.renderedBoundingBox();
    const isInView = here.x1 >= 0 && here.y1 >= 0 && here.x2 <= cy.width() && here.y2 <= cy.height();
    if (!isInView) cy.animate({ center: { eles: node }, duration: quick });
  };
  cy.on("tap", (event) => { kept.clear(); if (event.target !== cy && event.target.isNode()) cursor = event.target.id(); });

  const after = {
    ArrowLeft: (here, there) => here.x - there.x, ArrowRight: (here, there) => there.x - here.x,
    ArrowUp: (here, there) => here.y - there.y, ArrowDown: (here, there) => there.y - here.y,
  };
  const walk = (key) => {
    const all = cy.nodes(":visible").filter(isThing);
    const from = cursor && cy.getElementById(cursor).nonempty() ? cy.getElementById(cursor) : chosen()[0];
    if (!from) { if (all.length) choose(all[0]); return; }
    const here = from.position();
    let best = null;
    let least = Infinity;
    all.forEach((node) => {
      const along = after[key](here, node.position());
      if (node.id() === from.id() || along <= 1) return;
      const aside = key === "ArrowLeft" || key === "ArrowRight" ? Math.abs(node.position().y - here.y) : Math.abs(node.position().x - here.x);
      const far = along + 3 * aside;
      if (far < least) { least = far; best = node; }
    });
    if (best) choose(best);
  };
  const push = (key) => {
    const nodes = chosen().filter((node) => !node.locked());
    if (!nodes.length) return;
    remember();
    const [x, y] = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }[key];
    nodes.shift({ x, y });
    nodes.forEach((node) => { state.at.set(node.id(), [node.position().x, node.position().y]); });
  };
  cy.on("grab", "node", remember);
  cy.on("free", "node", (event) => {
    const moved = event.target.isParent() ? event.target.descendants().filter(isThing) : cy.nodes(":grabbed, :selected").union(event.target).filter(isThing);
    moved.forEach((node) => { state.at.set(node.id(), [node.position().x, node.position().y]); });
  });

  /* Reads the chart anew: with what else has an identifier, or with internet addresses. */
  const read = async (of) => {
    const address = new URL(section.dataset.more, window.location.href);
    if (of) address.searchParams.set("of", of);
    if (state.addresses) address.searchParams.set("addresses", "1");
    address.searchParams.set("with", data.opened.join(","));
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const before = data.things.length;
      data = await answer.json();
      document.querySelector("[data-tables]").innerHTML = data.tables;
      times.set(data);
      draw();
      if (data.things.length === before) line("p", words.nothing, told, "why");
      else whole();
      return true;
    } catch {
      line("p", words.failed, told, "tag warn");
      return false;
    }
  };
  const fetchMore = async () => {
    const node = chosen()[0];
    if (!node || button("expand").disabled) return;
    button("expand").disabled = true;
    const id = node.id();
    if (!(await read(id))) button("expand").disabled = false;
    else if (cy.getElementById(id).nonempty()) choose(cy.getElementById(id));
  };

  const acts = {
    expand: fetchMore,
    hide: () => {
      if (!chosen().length) return;
      remember();
      chosen().forEach((node) => { state.hidden.add(node.id()); node.addClass("hidden").unselect(); });
      button("unhide").hidden = false;
      tell();
    },
    unhide: () => { remember(); state.hidden.clear(); draw(); tell(); },
    pin: () => {
      if (!chosen().length) return;
      remember();
      chosen().forEach((node) => {
        const id = node.id();
        if (state.pinned.delete(id)) node.removeClass("pinned").unlock();
        else { state.pinned.add(id); state.at.set(id, [node.position().x, node.position().y]); node.addClass("pinned").lock(); }
      });
      tell();
    },
    group: () => {
      const ids = chosen().map((node) => node.id());
      if (!ids.length) return;
      const given = window.prompt(words.group);
      if (given === null) return;
      remember();
      const name = given.trim().slice(0, 60);
      for (const held of state.groups.values()) ids.forEach((id) => held.delete(id));
      if (name) state.groups.set(name, new Set([...(state.groups.get(name) ?? []), ...ids]));
      for (const [each, held] of state.groups) if (!held.size) state.groups.delete(each);
      state.at = standing();
      draw();
    },
    undo: () => {
      const before = undoable.pop();
      if (!before) return;
      const isOther = before.addresses !== state.addresses;
      const back = [...state.hidden].filter((id) => !before.hidden.has(id));
      state = before;
      button("undo").disabled = undoable.length === 0;
      if (isOther) { read(); return; }
      draw();
      for (const id of back) cy.getElementById(id).select();
      tell();
    },
    in: () => cy.zoom({ level: cy.zoom() * 1.25, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } }),
    out: () => cy.zoom({ level: cy.zoom() / 1.25, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } }),
    fit: () => whole(),
  };
  section.addEventListener("click", (event) => {
    const name = event.target.closest("[data-do]")?.dataset.do;
    if (name) acts[name]();
    const shown = event.target.closest("[data-show]")?.dataset.show;
    if (shown) { remember(); state.hidden.delete(shown); draw(); choose(cy.getElementById(shown)); }
  });
  section.addEventListener("change", (event) => {
    const name = event.target.dataset.view;
    if (!name) return;
    remember();
    state[name] = event.target.type === "checkbox" ? event.target.checked : event.target.value;
    if (name === "addresses") { read(); return; }
    for (const id of state.at.keys()) if (!state.pinned.has(id)) state.at.delete(id); // laid out anew; what is pinned stays
    draw();
    whole();
  });
  const keys = { e: "expand", h: "hide", p: "pin", g: "group", u: "undo", "+": "in", "-": "out", 0: "fit" };
  canvas.addEventListener("keydown", (event) => {
    if (event.metaKey || event.altKey) return;
    if (event.ctrlKey) { if (event.key !== "z") return; acts.undo(); }
    else if (event.key in after) (event.shiftKey ? push : walk)(event.key);
    else if (event.key === " ") { if (cursor && !kept.delete(cursor)) kept.add(cursor); }
    else if (event.key === "Enter") { told.tabIndex = -1; told.focus(); }
    else if (event.key === "Escape") { kept.clear(); cy.elements(":selected").unselect(); }
    else if (event.key in keys) acts[keys[event.key]]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  // Choosing a thing in a table, in the panel or on the timeline chooses it on the chart.
  const chooseById = (id) => {
    const node = cy.getElementById(id);
    if (node.empty()) return;
    kept.clear();
    choose(node);
    section.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("click", (event) => { const id = event.target.closest("[data-thing]")?.dataset.thing; if (id) chooseById(id); });
  section.addEventListener("chart:choose", (event) => chooseById(event.detail));

  const onPeriod = (inside, only) => {
    const rows = document.querySelectorAll("[data-moment]"), lines = document.querySelectorAll("tr[data-line]"), said = document.querySelector("[data-period-told]");
    cy.batch(() => {
      cy.elements().removeClass("out gone");
      if (!inside) return;
      const on = new Set(data.moments.flatMap((one, number) => (inside[number] ? [one.thing, one.line] : [])));
      const ends = new Set(data.lines.flatMap((each) => (on.has(each.id) ? [each.a, each.b] : [])));
      cy.elements().filter((each) => each.data("kind") !== "box" && each.data("kind") !== "period" && !on.has(each.id()) && !ends.has(each.id())).addClass(only ? "gone" : "out");
    });
    for (const row of rows) row.hidden = Boolean(inside) && !inside[row.dataset.moment];
    const on = new Set(data.moments.flatMap((one, number) => (!inside || inside[number] ? [one.line] : [])));
    for (const row of lines) row.hidden = Boolean(inside) && !on.has(row.dataset.line);
    if (!said) return;
    said.hidden = !inside;
    if (inside) said.textContent = words.period.replace("{some}", inside.filter(Boolean).length).replace("{all}", inside.length);
  };
  const times = chartTimes(section, words, onPeriod);

  const arranged = () => JSON.stringify({
    at: Object.fromEntries(standing()), pinned: [...state.pinned], hidden: [...state.hidden], opened: data.opened,
    groups: Object.fromEntries([...state.groups].map(([name, ids]) => [name, [...ids]])), layout: state.layout, by: state.by, addresses: state.addresses,
  });
  document.querySelector("form[data-keep]")?.addEventListener("submit", (event) => { event.target.elements.arranged.value = arranged(); });
  const save = (blob) => {
    const made = document.createElement("a");
    made.href = URL.createObjectURL(blob);
    made.download = "chart.png";
    made.click();
    setTimeout(() => URL.revokeObjectURL(made.href), 10000);
  };
  const exporting = document.querySelector("form[data-export]");
  exporting?.querySelector("[data-picture]").removeAttribute("hidden");
  exporting?.addEventListener("submit", async (event) => {
    exporting.elements.arranged.value = arranged();
    if (!event.submitter?.matches("[data-picture]")) return;
    event.preventDefault(); // the drawing is here: it is saved once the server has written down what it is for
    const body = new FormData(exporting);
    body.set("form", event.submitter.value);
    const answer = await fetch(exporting.action, { method: "POST", body });
    if (answer.status === 204) save(chartDraw.picture(cy));
    else window.location.reload();
  });

  cy.one("render", () => performance.mark("chart-drawn")); // what benchmarks/chart.py asks for
  times.set(data);
  draw();
  whole();
  section.dataset.drawn = String(cy.nodes().length);
  section.chart = cy;
})();
