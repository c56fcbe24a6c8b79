/* The link chart: draws what the page was given, by key and by pointer. The table below it says the same without it. */
(() => {
  "use strict";

  const section = document.querySelector("[data-chart]");
  if (!section || typeof cytoscape !== "function") return;

  const data = JSON.parse(document.getElementById(section.dataset.chart).textContent);
  const words = section.querySelector("[data-words]").dataset;
  const told = section.querySelector(".chart-told");
  const canvas = section.querySelector(".chart-canvas");
  const tools = section.querySelector(".chart-tools");
  const button = (name) => tools.querySelector(`[data-do="${name}"]`);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const quick = window.matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 180;
  tools.hidden = false;

  let things = new Map();
  let opened = new Set(data.opened);
  const pinned = new Set(data.pinned);
  const hidden = new Set(data.hidden);
  const groups = new Map(Object.entries(data.groups).map(([name, ids]) => [name, new Set(ids)]));

  const style = () => [
    { selector: "node", style: {
      shape: "round-rectangle", width: 210, height: 38, label: "data(text)", "font-size": 13, "font-family": "Noto Sans, system-ui, sans-serif",
      "text-valign": "center", "text-wrap": "ellipsis", "text-max-width": 196, color: colour("--ink"), "background-color": colour("--sheet"),
      "border-width": 1, "border-color": colour("--edge") } },
    { selector: "node[kind = 'report']", style: { "background-color": colour("--sunk"), shape: "rectangle" } },
    { selector: "node[kind = 'account']", style: { "background-color": colour("--accent-soft"), "border-color": colour("--accent") } },
    { selector: "node[?watched]", style: { "border-width": 3, "border-color": colour("--accent") } },
    { selector: "node[?masked]", style: { "border-style": "dashed", "font-style": "italic", color: colour("--quiet") } },
    { selector: "node.pinned", style: { "border-style": "double", "border-width": 4 } },
    { selector: "node:parent", style: { "background-opacity": 0.35, "background-color": colour("--sunk"), "text-valign": "top", "font-weight": "bold", label: "data(text)", padding: 18, shape: "round-rectangle" } },
    { selector: "edge", style: { width: "mapData(weight, 1, 6, 1.2, 4)", "line-color": colour("--edge"), "curve-style": "straight", opacity: 0.75 } },
    { selector: ".far", style: { opacity: 0.18 } },
    { selector: "node:selected", style: { "border-width": 4, "border-color": colour("--warn"), "background-color": colour("--warn-soft") } },
    { selector: "edge.near", style: { "line-color": colour("--warn"), opacity: 1 } },
  ];

  const cy = cytoscape({ container: canvas, style: style(), layout: { name: "preset" }, minZoom: 0.08, maxZoom: 3, boxSelectionEnabled: true, selectionType: "single" });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => cy.style(style()));

  const groupOf = (id) => [...groups].find(([, ids]) => ids.has(id))?.[0];
  const draw = (from, keepPlaces) => {
    const places = new Map(keepPlaces ? cy.nodes().map((node) => [node.id(), { ...node.position() }]) : []);
    things = new Map(from.things.map((thing) => [thing.id, thing]));
    opened = new Set(from.opened);
    cy.batch(() => {
      cy.elements().remove();
      for (const name of groups.keys()) cy.add({ group: "nodes", data: { id: `group:${name}`, text: name, kind: "group" }, selectable: false });
      for (const thing of from.things) {
        const name = groupOf(thing.id);
        const node = cy.add({
          group: "nodes",
          data: { id: thing.id, kind: thing.kind, text: thing.label, watched: thing.watched, masked: thing.masked, parent: name ? `group:${name}` : undefined },
          position: places.get(thing.id) ?? { x: thing.place[0], y: thing.place[1] },
        });
        if (pinned.has(thing.id)) node.addClass("pinned").lock();
        if (hidden.has(thing.id)) node.style("display", "none");
      }
      for (const line of from.lines) cy.add({ group: "edges", data: { id: line.id, source: line.a, target: line.b, weight: line.sources.length, line } });
      cy.nodes(":parent").forEach((parent) => { if (!parent.children().length) parent.remove(); });
    });
    button("unhide").hidden = hidden.size === 0;
  };

  const whole = () => {
    cy.fit(undefined, 24);
    if (cy.zoom() > 1.1) { cy.zoom(1.1); cy.center(); }
  };
  const chosen = () => cy.nodes(":selected").filter((node) => things.has(node.id()));
  const line = (tag, text, parent, name) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (name) made.className = name;
    parent.append(made);
    return made;
  };

  const tell = () => {
    const nodes = chosen();
    for (const name of ["expand", "hide", "pin", "group"]) button(name).disabled = nodes.length === 0;
    cy.elements().removeClass("far near");
    if (nodes.length !== 1) return;
    const node = nodes[0];
    const thing = things.get(node.id());
    const near = node.closedNeighborhood();
    cy.elements().not(near).not(near.parents()).addClass("far");
    node.connectedEdges().addClass("near");
    button("expand").disabled = thing.kind === "report" || thing.masked || !thing.elsewhere;
    button("pin").firstChild.textContent = `${pinned.has(thing.id) ? words.unpin : words.pin} `;
    told.replaceChildren();
    line("h3", thing.label, told, "value");
    line("p", thing.kindName, told, "why");
    if (thing.masked) line("p", words.masked, told);
    else if (thing.kind !== "report") line("p", thing.elsewhere ? `${words.elsewhere} ${thing.elsewhere}` : words.none, told, "why");
    if (thing.href) line("a", words.open, told).href = thing.href;
    const list = line("ul", "", told, "plain");
    node.connectedEdges().forEach((edge) => {
      const other = things.get(edge.source().id() === node.id() ? edge.target().id() : edge.source().id());
      const item = line("li", "", list);
      line("span", `${other.kindName}: `, item, "why");
      line("b", other.label, item);
      for (const source of edge.data("line").sources) {
        const place = line("div", "", item, "why");
        line("a", source.report, place, "mono").href = source.href;
        place.append(` ${[source.role, source.at, source.locator].filter(Boolean).join(" · ")}`);
      }
    });
  };
  cy.on("select unselect", "node", () => queueMicrotask(tell));

  const choose = (node) => {
    cy.nodes(":selected").unselect();
    node.select();
    const here = node.renderedBoundingBox();
    const isInView = here.x1 >= 0 && here.y1 >= 0 && here.x2 <= cy.width() && here.y2 <= cy.height();
    if (!isInView) cy.animate({ center: { eles: node }, duration: quick });
  };

  const after = {
    ArrowLeft: (here, there) => here.x - there.x, ArrowRight: (here, there) => there.x - here.x,
    ArrowUp: (here, there) => here.y - there.y, ArrowDown: (here, there) => there.y - here.y,
  };
  const walk = (key) => {
    const from = chosen()[0];
    const all = cy.nodes(":visible").filter((node) => things.has(node.id()));
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

  const fetchMore = async () => {
    const node = chosen()[0];
    if (!node || button("expand").disabled) return;
    button("expand").disabled = true;
    const address = new URL(section.dataset.more, window.location.href);
    address.searchParams.set("of", node.id());
    address.searchParams.set("with", [...opened].join(","));
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const before = cy.nodes().length;
      draw(await answer.json(), true);
      if (cy.nodes().length === before) line("p", words.nothing, told, "why");
      else whole();
      const again = cy.getElementById(node.id());
      if (again.length) choose(again);
    } catch {
      line("p", words.failed, told, "tag warn");
      button("expand").disabled = false;
    }
  };

  const acts = {
    expand: fetchMore,
    hide: () => { chosen().forEach((node) => { hidden.add(node.id()); node.style("display", "none"); node.unselect(); }); button("unhide").hidden = false; },
    unhide: () => { cy.nodes().forEach((node) => node.style("display", "element")); hidden.clear(); button("unhide").hidden = true; },
    pin: () => chosen().forEach((node) => {
      const is = pinned.has(node.id());
      if (is) { pinned.delete(node.id()); node.removeClass("pinned").unlock(); } else { pinned.add(node.id()); node.addClass("pinned").lock(); }
      tell();
    }),
    group: () => {
      const nodes = chosen();
      if (!nodes.length) return;
      const name = (window.prompt(words.group) ?? "").trim().slice(0, 60);
      for (const ids of groups.values()) nodes.forEach((node) => ids.delete(node.id()));
      if (name) groups.set(name, new Set([...(groups.get(name) ?? []), ...nodes.map((node) => node.id())]));
      for (const [each, ids] of groups) if (!ids.size) groups.delete(each);
      draw({ things: [...things.values()], lines: cy.edges().map((edge) => edge.data("line")), opened: [...opened] }, true);
    },
    in: () => cy.zoom({ level: cy.zoom() * 1.25, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } }),
    out: () => cy.zoom({ level: cy.zoom() / 1.25, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } }),
    fit: () => whole(),
    picture: () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(cy.png({ output: "blob", full: true, scale: 2, maxWidth: 8000, maxHeight: 8000, bg: colour("--sheet") }));
      link.download = "chart.png";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    },
  };
  tools.addEventListener("click", (event) => {
    const name = event.target.closest("[data-do]")?.dataset.do;
    if (name) acts[name]();
  });
  const keys = { e: "expand", h: "hide", p: "pin", g: "group", "+": "in", "-": "out", 0: "fit" };
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in after) walk(event.key);
    else if (event.key === "Enter") { told.tabIndex = -1; told.focus(); }
    else if (event.key === "Escape") cy.nodes(":selected").unselect();
    else if (event.key in keys) acts[keys[event.key]]();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  // Choosing a line of the table or of the timeline chooses the thing on the chart.
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-thing]");
    if (!row || event.target.closest("a, button")) return;
    const node = cy.getElementById(row.dataset.thing);
    if (node.length) { choose(node); section.scrollIntoView({ block: "nearest" }); }
  });

  document.querySelector("form[data-keep]")?.addEventListener("submit", (event) => {
    const at = Object.fromEntries(cy.nodes().filter((node) => things.has(node.id())).map((node) => [node.id(), [Math.round(node.position().x), Math.round(node.position().y)]]));
    event.target.elements.arranged.value = JSON.stringify({
      at, pinned: [...pinned], hidden: [...hidden], opened: [...opened],
      groups: Object.fromEntries([...groups].map(([name, ids]) => [name, [...ids]])),
    });
  });
  document.querySelector("form[data-export]")?.addEventListener("submit", (event) => { event.target.elements.with.value = [...opened].join(","); });

  draw(data, false);
  whole();
  section.dataset.drawn = String(cy.nodes().length);
})();
