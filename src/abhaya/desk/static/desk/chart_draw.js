/* The drawing of a link chart: what each thing looks like, which box it stands in, and where. */
window.chartDraw = (() => {
  "use strict";

  const WIDTH = 230, ROW = 58, GAP = 70, RATIO = 1.6, MANY = 150, LETTERS = 27, MARGIN = 40, ZOOM_MAX = 1.1;
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // Cut by letters: the drawing library measures a label again for each letter that it leaves out.
  const short = (text) => (text.length > LETTERS ? `${text.slice(0, LETTERS - 1)}…` : text);

  const style = () => [
    { selector: "node", style: {
      shape: "round-rectangle", width: 210, height: 38, label: "data(text)", "font-size": 13, "font-family": "Noto Sans, system-ui, sans-serif",
      "text-valign": "center", "min-zoomed-font-size": 5, color: colour("--ink"),
      "background-color": colour("--sheet"), "border-width": 1, "border-color": colour("--edge") } },
    { selector: "node[kind = 'report']", style: { "background-color": colour("--sunk"), shape: "rectangle" } },
    { selector: "node[kind = 'account']", style: { "background-color": colour("--accent-soft"), "border-color": colour("--accent") } },
    { selector: "node[kind = 'ip']", style: { shape: "cut-rectangle", color: colour("--quiet") } },
    { selector: "node[?watched]", style: { "border-width": 3, "border-color": colour("--accent") } },
    { selector: "node[?masked]", style: { "border-style": "dashed", "font-style": "italic", color: colour("--quiet") } },
    { selector: "node.pinned", style: { "border-style": "double", "border-width": 4 } },
    { selector: "node[kind = 'box']", style: {
      "background-opacity": 0.35, "background-color": colour("--sunk"), "text-valign": "top", "font-weight": "bold",
      padding: 12, shape: "round-rectangle", "border-color": colour("--edge"), "border-style": "solid" } },
    { selector: "node[kind = 'box'][?person]", style: { "background-color": colour("--accent-soft"), "border-color": colour("--accent"), "font-size": 11 } },
    { selector: "node[kind = 'period']", style: { "background-opacity": 0, "border-width": 0, "font-weight": "bold", color: colour("--quiet"), events: "no" } },
    { selector: "edge", style: { width: "data(width)", "line-color": colour("--edge"), "curve-style": "haystack", "haystack-radius": 0, opacity: 0.75 } },
    { selector: "edge[?tie]", style: {
      "curve-style": "unbundled-bezier", "control-point-distances": [-46], "control-point-weights": [0.5], width: 2.5, "text-wrap": "wrap", "text-max-width": 90, label: "data(text)",
      "font-size": 11, "font-family": "Noto Sans, system-ui, sans-serif", "min-zoomed-font-size": 7, color: colour("--ink"), "text-background-color": colour("--paper"),
      "text-background-opacity": 0.9, "text-background-padding": 2, opacity: 1 } },
    { selector: "edge.beside", style: { "source-endpoint": "-50% 0", "target-endpoint": "-50% 0", "edge-distances": "endpoints", "control-point-distances": "data(bow)" } },
    { selector: "edge[tie = 'same']", style: { "line-color": colour("--accent") } },
    { selector: "edge[tie = 'review']", style: { "line-color": colour("--warn"), "line-style": "dashed" } },
    { selector: "edge[tie = 'different']", style: { "line-color": colour("--danger"), "line-style": "dotted" } },
    { selector: "edge[tie = 'unsure']", style: { "line-color": colour("--quiet"), "line-style": "dotted" } },
    { selector: ".far", style: { opacity: 0.18 } },
    { selector: "edge.near, edge:selected", style: { "line-color": colour("--warn"), opacity: 1 } },
    { selector: ".out", style: { opacity: 0.12 } },
    { selector: "node:selected", style: { "border-width": 4, "border-color": colour("--warn"), "background-color": colour("--warn-soft"), opacity: 1 } },
    { selector: ".hidden, .gone", style: { display: "none" } },
  ];

  // A large chart is moved as a picture of itself, and drawn again where it comes to rest.
  const start = (canvas, things) => {
    const cy = cytoscape({
      container: canvas, style: style(), layout: { name: "preset" }, minZoom: 0.05, maxZoom: 3, boxSelectionEnabled: true, selectionType: "single",
      textureOnViewport: things > MANY, hideEdgesOnViewport: false, pixelRatio: things > MANY ? 1 : "auto",
    });
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => cy.style(style()));
    return cy;
  };

  /* Which unit each thing belongs to: a report to who works on it, what hangs on it to the same where only one does. */
  const unitsOf = (data) => {
    const units = new Map(data.things.map((thing) => [thing.id, new Set(thing.unit ? [thing.unit] : [])]));
    for (const pass of ["report", "account"]) {
      for (const line of data.lines) if (line.a.startsWith(`${pass}:`)) for (const unit of units.get(line.a)) units.get(line.b).add(unit);
    }
    return units;
  };

  /* thing -> box, and the boxes. The officer's own groups come first. */
  const boxes = (data, state, words) => {
    const parent = new Map();
    const made = new Map();
    const box = (id, text, more = {}) => { made.set(id, { group: "nodes", data: { id, text, kind: "box", ...more }, selectable: false, grabbable: true }); return id; };
    const on = new Set(data.things.map((thing) => thing.id));
    for (const [name, ids] of state.groups) for (const id of ids) if (on.has(id)) parent.set(id, box(`group:${name}`, name));
    if (state.by === "person") {
      data.together.forEach((accounts, number) => {
        const own = new Set(accounts.map((id) => parent.get(id)));
        const free = own.size === 1 ? accounts : accounts.filter((id) => !parent.has(id));
        if (free.length < 2) return;
        const inside = own.size === 1 ? [...own][0] : undefined;
        box(`person:${number}`, `${words.person} · ${accounts.length}`, { person: true, parent: inside });
        for (const id of free) parent.set(id, `person:${number}`);
      });
    } else if (state.by === "kind" || state.by === "unit") {
      const units = state.by === "unit" ? unitsOf(data) : null;
      for (const thing of data.things) {
        const names = units ? units.get(thing.id) : new Set([thing.kindName]);
        if (!parent.has(thing.id) && names.size === 1) parent.set(thing.id, box(`${state.by}:${[...names][0]}`, [...names][0]));
      }
    }
    return { parent, made: [...made.values()] };
  };

  /* Boxes beside each other, each as wide as it needs. */
  const inBlocks = (data, parent) => {
    const blocks = new Map();
    for (const thing of data.things) {
      const name = parent.get(thing.id) ?? "";
      blocks.set(name, [...(blocks.get(name) ?? []), thing.id]);
    }
    const sizes = [...blocks.values()].map((ids) => { const across = Math.ceil(Math.sqrt(ids.length * ROW * RATIO / WIDTH)); return { ids, across, width: across * WIDTH + GAP, height: Math.ceil(ids.length / across) * ROW + GAP }; });
    const widest = Math.max(...sizes.map((one) => one.width), Math.sqrt(RATIO * sizes.reduce((sum, one) => sum + one.width * one.height, 0)));
    const places = new Map();
    let left = 0, top = 0, tall = 0;
    for (const one of sizes) {
      if (left && left + one.width > widest) { left = 0; top += tall; tall = 0; }
      one.ids.forEach((id, at) => places.set(id, [left + (at % one.across) * WIDTH, top + Math.floor(at / one.across) * ROW]));
      left += one.width;
      tall = Math.max(tall, one.height);
    }
    return places;
  };

  /* Where each thing stands: where it was put, else where the layout has it, and nothing on top of another. */
  const places = (data, state, parent) => {
    const blocks = state.layout === "kind" && (state.by === "kind" || state.by === "unit") ? inBlocks(data, parent) : null;
    const laid = (thing) => blocks?.get(thing.id) ?? (state.layout === "time" ? thing.inTime : thing.byKind);
    const found = new Map();
    const cell = (x, y) => `${Math.round(x / WIDTH)} ${Math.round(y / ROW)}`;
    const taken = new Set();
    for (const thing of data.things) {
      const at = state.at.get(thing.id);
      if (at) { found.set(thing.id, at); taken.add(cell(...at)); }
    }
    const isFree = taken.size === 0; // the layout itself puts nothing on another
    for (const thing of data.things) {
      if (found.has(thing.id)) continue;
      let [x, y] = laid(thing);
      while (!isFree && taken.has(cell(x, y))) y += ROW;
      taken.add(cell(x, y));
      found.set(thing.id, [x, y]);
    }
    return found;
  };

  const elements = (data, state, words) => {
    const { parent, made } = boxes(data, state, words);
    const at = places(data, state, parent);
    const all = [...made];
    if (state.layout === "time") {
      for (const [x, text] of data.periods) all.push({ group: "nodes", data: { id: `period:${x}`, text, kind: "period" }, position: { x, y: 0 }, selectable: false, grabbable: false });
    }
    for (const thing of data.things) {
      const [x, y] = at.get(thing.id);
      const classes = [state.pinned.has(thing.id) && "pinned", state.hidden.has(thing.id) && "hidden"].filter(Boolean);
      all.push({
        group: "nodes", classes, position: { x, y }, locked: state.pinned.has(thing.id),
        data: { id: thing.id, kind: thing.kind, text: short(thing.label), watched: thing.watched, masked: thing.masked, parent: parent.get(thing.id) },
      });
    }
    for (const line of data.lines) all.push({ group: "edges", data: { id: line.id, source: line.a, target: line.b, width: Math.min(4, 0.7 + 0.5 * line.sources.length), line } });
    const isColumn = state.layout === "kind" && (state.by === "person" || state.by === "");
    for (const tie of data.ties) {
      const [one, other] = [tie.a, tie.b].sort((a, b) => at.get(a)[1] - at.get(b)[1]);
      const far = Math.abs(at.get(other)[1] - at.get(one)[1]) / ROW;
      all.push({ group: "edges", classes: isColumn ? "beside" : "", data: { id: tie.id, source: one, target: other, tie: tie.word, text: tie.short, said: tie, bow: 40 + 10 * Math.min(6, far) } });
    }
    return all;
  };

  /* Everything in view, by where things stand: to ask the library would measure every label first. */
  const whole = (cy) => {
    const at = cy.nodes().filter((node) => !node.isParent() && !node.hasClass("hidden") && !node.hasClass("gone")).map((node) => node.position());
    if (!at.length) return;
    const [left, right] = [Math.min(...at.map((one) => one.x)) - WIDTH / 2, Math.max(...at.map((one) => one.x)) + WIDTH / 2];
    const [top, bottom] = [Math.min(...at.map((one) => one.y)) - ROW, Math.max(...at.map((one) => one.y)) + ROW];
    const zoom = Math.min(ZOOM_MAX, (cy.width() - MARGIN) / (right - left), (cy.height() - MARGIN) / (bottom - top));
    cy.viewport({ zoom, pan: { x: cy.width() / 2 - (zoom * (left + right)) / 2, y: cy.height() / 2 - (zoom * (top + bottom)) / 2 } });
  };

  const picture = (cy) => cy.png({ output: "blob", full: true, scale: 2, maxWidth: 8000, maxHeight: 8000, bg: colour("--sheet") });

  return { start, elements, whole, picture };
})();
