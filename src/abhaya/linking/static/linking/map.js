/* The map of tiles: arrow keys go to the nearest tile that has something. Without scripts Tab does. */
(() => {
  "use strict";

  const map = document.querySelector("[data-map]");
  if (!map) return;
  const along = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const middle = (tile) => {
    const box = tile.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  map.addEventListener("keydown", (event) => {
    const way = along[event.key];
    const here = event.target.closest("a.tile");
    if (!way || !here || event.ctrlKey || event.metaKey || event.altKey) return;
    const [x, y] = middle(here);
    let best = null;
    let least = Infinity;
    for (const tile of map.querySelectorAll("a.tile")) {
      const [dx, dy] = middle(tile).map((part, axis) => part - [x, y][axis]);
      const ahead = dx * way[0] + dy * way[1];
      const far = ahead + 2 * Math.abs(dx * way[1] + dy * way[0]);
      if (ahead > 4 && far < least) [best, least] = [tile, far];
    }
    if (best) best.focus();
    event.preventDefault();
  });
})();
