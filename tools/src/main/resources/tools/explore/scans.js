// Station 3: orders of scans over the tokens, and how far apart neighbours end up.

/** What stands beside the chosen order at first: the plainest one. */
const PLAIN = "raster";

function scans(root, facts, data) {
  const bar = controls(root);
  const names = facts.variants.map((v) => v.name + (v.id === facts.runs ? " (this model)" : ""));
  const variant = choice(bar, "scans-variant", "Order", names, begin);
  const other = choice(bar, "scans-beside", "Beside it", names, show);
  other.value = facts.variants.findIndex((v) => v.id === PLAIN);
  const walk = choice(bar, "scans-walk", "Walk", facts.variants[0].walks, show);
  const step = slider(bar, "scans-step", "Token", facts.frames * facts.grid * facts.grid - 1, show,
    (i) => `${i + 1} of ${facts.frames * facts.grid * facts.grid}`);
  player(bar, "scans", step, show, 60);
  const said = element(root, "output", { id: "scans-said", for: "scans-variant scans-beside scans-walk scans-step" });
  const row = figures(root);
  const axes = {
    across: { name: `column 0 to ${facts.grid - 1}, in each`, first: "frame 0", last: `frame ${facts.frames - 1}` },
    down: counted("row", facts.grid), kind: "large" };
  const frames = mapFigure(row, "frames", axes);
  const beside = mapFigure(row, "another order", axes);
  const more = figures(root);
  const own = walkFigure(more, "Its walk so far");
  const plain = walkFigure(more, "The walk of the order beside it so far");
  const distances = element(figures(root), "figure", { class: "large" });
  const compared = table(root, "distances of all orders in steps of the sequence: means, and the largest of each kind");
  compared(["Order", "right", "below", "next frame", "at most", "steps of a sequence"],
    facts.variants.map((v) => [v.name, ...v.means.map(shown),
      farthest(data.array(v.distances)).map(String).join(", "), String(v.length)]));
  root.querySelector("#scans-temporal").textContent =
    `${facts.grid * facts.grid} sequences of ${facts.frames} tokens`;
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
    const b = facts.variants[other.value];
    const besideWalk = Math.min(walk.value, b.walks.length - 1);
    drawn(beside.canvas, b, besideWalk);
    own.show(path(v, walk.value));
    plain.show(path(b, besideWalk));
    beside.say(`Beside it, at the same token: ${b.name}, ${b.walks[besideWalk]}`);
    const place = placeOf(order[step.value]);
    frames.say(`${v.name}, ${v.walks[walk.value]}: the ${facts.frames} latent frames; lighter is later in this sequence, white is now`);
    said.textContent = `Sequence ${sequence + 1}, step ${(step.value % v.length) + 1} of ${v.length}: frame ` +
      `${place[0]}, row ${place[1]}, column ${place[2]}. Mean distance of neighbours: to the right ` +
      `${shown(v.means[0])}, below ${shown(v.means[1])}, in the next frame ${shown(v.means[2])} steps.`;
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

  /** The places of a walk's sequence up to this token: [frame, place of the slice], of so many places. */
  function path(v, w) {
    const order = at(data.array(v.order), w);
    const whole = v.length > facts.frames * facts.grid;
    const places = [];
    for (let i = Math.floor(step.value / v.length) * v.length; i <= step.value; i++) {
      const [frame, y, x] = placeOf(order[i]);
      places.push([frame, whole ? y * facts.grid + x : w < 2 ? x : y]);
    }
    return { places, frames: facts.frames, down: whole ? facts.grid * facts.grid : facts.grid };
  }
}

/** A walk as a line: frames from left to right, places from top to bottom, the last with a dot. */
function walkFigure(parent, words) {
  const svg = chart(element(parent, "figure"), `${words}: frames from left to right, the places of a slice (of a whole ` +
    "frame, where the order does not cut it) from top to bottom; the dot is now");
  const across = element(svg, "text", { x: 160, y: 180, "text-anchor": "middle" });
  element(svg, "text", { x: 18, y: 19, "text-anchor": "end" }, "0");
  element(svg, "text", { x: 8, y: 87, "text-anchor": "middle", transform: "rotate(90 8 87)" }, "place");
  const last = element(svg, "text", { x: 18, y: 159, "text-anchor": "end" });
  const line = element(svg, "polyline", { class: "line s0" });
  const now = element(svg, "circle", { class: "b1", r: 4 });
  return {
    show({ places, frames, down }) {
      across.textContent = `frame, 0 to ${frames - 1}`;
      last.textContent = String(down - 1);
      const points = places.map(([frame, y]) => [34 + (270 * frame) / (frames - 1 || 1), 15 + (140 * y) / (down - 1 || 1)]);
      line.setAttribute("points", points.map((p) => p.join(",")).join(" "));
      const [x, y] = points[points.length - 1];
      now.setAttribute("cx", x);
      now.setAttribute("cy", y);
    },
  };
}

/** The largest distance of each kind of neighbours that meet on a walk. */
function farthest(distances) {
  return [0, 1, 2].map((kind) => at(distances, kind).reduce((most, pairs, steps) => (pairs > 0 ? steps : most), 0));
}
