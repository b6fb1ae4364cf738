// Station 3: orders of scans over the tokens, and how far apart neighbours end up.

/** The orders that are drawn beside the chosen one. */
const BESIDE = ["spiral", "released-0", "raster"];

function scans(root, facts, data) {
  const bar = controls(root);
  const names = facts.variants.map((v) => v.name + (v.id === facts.runs ? " (this model)" : ""));
  const variant = choice(bar, "scans-variant", "Order", names, begin);
  const walk = choice(bar, "scans-walk", "Walk", facts.variants[0].walks, show);
  const step = slider(bar, "scans-step", "Token", facts.frames * facts.grid * facts.grid - 1, show, (i) => `${i + 1}`);
  player(bar, "scans", step, show, 60);
  const said = element(root, "output", { id: "scans-said", for: "scans-variant scans-walk scans-step" });
  const row = figures(root);
  const frames = canvasFigure(row, "frames", "large");
  const slice = chart(element(row, "figure"),
    "The walk so far: frames from left to right, places of the slice from top to bottom");
  const line = element(slice, "polyline", { class: "line s0" });
  const others = figures(root);
  const beside = BESIDE.map(() => canvasFigure(others, "another order"));
  const distances = element(figures(root), "figure", { class: "large" });
  const compared = table(root, "distances of all orders in steps of the sequence: means, and the largest of each kind");
  compared(["Order", "right", "below", "next frame", "at most", "steps of a sequence"],
    facts.variants.map((v) => [v.name, ...v.means.map(shown),
      farthest(data.array(v.distances)).map(String).join(", "), String(v.length)]));
  // In the middle of the first sequence there is something to see of every order.
  step.set(Math.floor(facts.variants[0].length / 2));
  begin();

  function begin() {
    const v = facts.variants[variant.value];
    const chosen = v.walks.length > walk.value ? walk.value : 0;
    const select = root.querySelector("#scans-walk");
    select.replaceChildren();
    v.walks.forEach((name, i) => element(select, "option", { value: i }, name));
    walk.value = chosen;
    const d = data.array(v.distances);
    bars(distances, `${v.name}: how many pairs of neighbours are 1, 2, ... steps apart on the walk that brings ` +
      "them nearest (0: never on one walk)", ["steps apart", "pairs"], [
      { name: "to the right", y: Array.from(at(d, 0)) },
      { name: "below", y: Array.from(at(d, 1)) },
      { name: "in the next frame", y: Array.from(at(d, 2)) },
    ]);
    show();
  }

  function show() {
    const v = facts.variants[variant.value];
    const order = at(data.array(v.order), walk.value);
    const sequence = Math.floor(step.value / v.length);
    drawn(frames.canvas, v, walk.value);
    BESIDE.forEach((id, i) => {
      const other = facts.variants.find((o) => o.id === id);
      drawn(beside[i].canvas, other, Math.min(walk.value, other.walks.length - 1));
      beside[i].say(`To compare, at the same token: ${other.name}`);
    });
    const place = placeOf(order[step.value]);
    frames.say(`${v.name}: the ${facts.frames} latent frames; lighter is later in this sequence, white is now`);
    said.textContent = `Sequence ${sequence + 1}, step ${(step.value % v.length) + 1} of ${v.length}: frame ` +
      `${place[0]}, row ${place[1]}, column ${place[2]}. Mean distance of neighbours: to the right ` +
      `${shown(v.means[0])}, below ${shown(v.means[1])}, in the next frame ${shown(v.means[2])} steps.`;
    path(v, order, sequence);
  }

  /** The frames side by side, a line between them; a step's colour says how late it is. */
  function drawn(canvas, v, w) {
    const order = at(data.array(v.order), w);
    const first = Math.floor(step.value / v.length) * v.length;
    const wide = facts.frames * (facts.grid + 1) - 1;
    paint(canvas, wide, facts.grid, (pixels) => {
      pixels.fill(tone(DARK_TO_LIGHT, 0));
      for (let y = 0; y < facts.grid; y++) {
        for (let f = 1; f < facts.frames; f++) pixels[y * wide + f * (facts.grid + 1) - 1] = GREY;
      }
      for (let i = first; i <= step.value; i++) {
        const [frame, y, x] = placeOf(order[i]);
        const late = 0.2 + (0.8 * (i - first + 1)) / v.length;
        pixels[y * wide + frame * (facts.grid + 1) + x] = i === step.value ? WHITE : tone(DARK_TO_LIGHT, late);
      }
    });
  }

  /** Frame, row and column of a token. */
  function placeOf(token) {
    const count = facts.grid * facts.grid;
    return [Math.floor(token / count), Math.floor((token % count) / facts.grid), token % facts.grid];
  }

  /** The walk as a line: across are the frames, down the places of the slice. */
  function path(v, order, sequence) {
    const whole = v.length > facts.frames * facts.grid;
    const down = whole ? facts.grid * facts.grid : facts.grid;
    const points = [];
    for (let i = sequence * v.length; i <= step.value; i++) {
      const place = order[i] % (facts.grid * facts.grid);
      const y = whole ? place : walk.value < 2 ? place % facts.grid : Math.floor(place / facts.grid);
      const frame = Math.floor(order[i] / (facts.grid * facts.grid));
      points.push(`${30 + (260 * frame) / (facts.frames - 1 || 1)},${15 + (140 * y) / (down - 1 || 1)}`);
    }
    line.setAttribute("points", points.join(" "));
  }
}

/** The largest distance of each kind of neighbours that meet on a walk. */
function farthest(distances) {
  return [0, 1, 2].map((kind) => at(distances, kind).reduce((most, pairs, steps) => (pairs > 0 ? steps : most), 0));
}
