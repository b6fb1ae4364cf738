// Station 3: orders of scans over the tokens, and how far apart neighbours end up.

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
  const slice = element(row, "figure");
  const distances = element(figures(root), "figure", { class: "large" });
  const compared = table(root, "mean distances of all orders");
  compared(["Order", "right", "below", "next frame", "steps of a sequence"],
    facts.variants.map((v) => [v.name, ...v.means.map(shown), String(v.length)]));
  begin();

  function begin() {
    const v = facts.variants[variant.value];
    const chosen = v.walks.length > walk.value ? walk.value : 0;
    const select = root.querySelector("#scans-walk");
    select.replaceChildren();
    v.walks.forEach((name, i) => element(select, "option", { value: i }, name));
    walk.value = chosen;
    const d = data.array(v.distances);
    bars(distances, `${v.name}: how many neighbours are 1, 2, ... steps apart on the nearest walk (0: never on one)`, [
      { name: "to the right", y: Array.from(at(d, 0)) },
      { name: "below", y: Array.from(at(d, 1)) },
      { name: "in the next frame", y: Array.from(at(d, 2)) },
    ]);
    show();
  }

  function show() {
    const v = facts.variants[variant.value];
    const order = at(data.array(v.order), walk.value);
    const count = facts.grid * facts.grid;
    const seen = new Float32Array(order.length).fill(-0.15);
    const sequence = Math.floor(step.value / v.length);
    for (let i = sequence * v.length; i <= step.value; i++) {
      seen[order[i]] = 0.2 + (0.8 * (i - sequence * v.length + 1)) / v.length;
    }
    // Frames side by side, a line between them.
    paint(frames.canvas, facts.frames * (facts.grid + 1) - 1, facts.grid, (x, y) => {
      const column = x % (facts.grid + 1);
      if (column === facts.grid) return [128, 128, 128];
      const token = Math.floor(x / (facts.grid + 1)) * count + y * facts.grid + column;
      return token === order[step.value] ? [255, 255, 255] : mixed(DARK_TO_LIGHT, Math.max(0, seen[token]));
    });
    const token = order[step.value];
    const place = [Math.floor(token / count), Math.floor((token % count) / facts.grid), token % facts.grid];
    frames.say(`The ${facts.frames} latent frames; lighter is later in this sequence, white is now`);
    said.textContent = `Sequence ${sequence + 1}, step ${(step.value % v.length) + 1} of ${v.length}: frame ` +
      `${place[0]}, row ${place[1]}, column ${place[2]}. Mean distance of neighbours: to the right ` +
      `${shown(v.means[0])}, below ${shown(v.means[1])}, in the next frame ${shown(v.means[2])} steps.`;
    path(v, order, sequence);
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
    const svg = chart(slice, "The walk so far: frames from left to right, places of the slice from top to bottom");
    element(svg, "polyline", { class: "line s0", points: points.join(" ") });
  }
}
