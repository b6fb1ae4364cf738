// Station 6: gates, modulation by the diffusion step, motion, alignment.

const PARTS = ["attention", "spatial Mamba", "temporal Mamba"];
const ROLES = ["shift", "scale", "gate"];

function gates(root, facts, data) {
  element(root, "h3", {}, "Gates between width and height");
  const values = data.array(facts.gates);
  const bar = controls(root);
  const block = choice(bar, "gates-block", "Block", numbers(values.shape[0]), show);
  const frame = slider(bar, "gates-frame", "Latent frame", values.shape[2] - 1, show);
  const said = element(root, "output", { id: "gates-said", for: "gates-block gates-frame" });
  const row = figures(root);
  const width = canvasFigure(row, "width", "");
  const height = canvasFigure(row, "height", "");
  const curve = element(row, "figure");
  const role = choice(controls(root), "gates-role", "What t modulates", ROLES, show);
  motion(root, facts.flow, data);
  alignment(root, facts.alignment, data);
  show();

  function show() {
    const of = at(values, block.value);
    const both = [at(at(of, 0), frame.value), at(at(of, 1), frame.value)];
    heat(width.canvas, both[0], { signed: false, most: 1 });
    width.say("How far the gate of the width scan is open, mean of all channels, 0 dark to 1 light");
    heat(height.canvas, both[1], { signed: false, most: 1 });
    height.say("The same of the height scan");
    const mean = (v) => v.reduce((s, x) => s + x, 0) / v.length;
    said.textContent = `Block ${block.value}, latent frame ${frame.value}: the gate of the width scan is ` +
      `${shown(mean(both[0]))} open, that of the height scan ${shown(mean(both[1]))}.`;
    const m = at(data.array(facts.modulation), block.value);
    lines(curve, `${ROLES[role.value]}s of block ${block.value} against t, root mean square of all channels`,
      PARTS.map((name, i) => ({ name, x: facts.steps, y: at(m, 3 * i + role.value) })));
  }
}

function motion(root, flow, data) {
  element(root, "h3", {}, "Motion");
  const pair = slider(controls(root), "gates-pair", "Frames", flow.length - 1, show,
    (i) => `${flow[i].frame} and ${flow[i].frame + 1}`);
  const row = figures(root);
  const frames = canvasFigure(row, "frames");
  const exact = canvasFigure(row, "exact");
  const estimated = canvasFigure(row, "estimated");
  const said = element(root, "output", { id: "gates-flow", for: "gates-pair" });
  for (const figure of [exact, estimated]) pickOn(figure.canvas, tell);
  show();

  function show() {
    const f = flow[pair.value];
    pictures(frames.canvas, data.array(f.picture));
    frames.say("The two frames");
    pictures(exact.canvas, data.array(f.exactColours));
    exact.say("Their motion as the phantom knows it: the hue is the direction, the brightness the length");
    pictures(estimated.canvas, data.array(f.estimatedColours));
    estimated.say("The same as TV-L1 estimates it from the frames");
    tell(Math.floor(exact.canvas.height / 2), Math.floor(exact.canvas.width / 2));
  }

  function tell(y, x) {
    const f = flow[pair.value];
    const read = (node) => {
      const v = data.array(node);
      const i = y * v.shape[2] + x;
      return `(${shown(v[i])}, ${shown(v[v.shape[1] * v.shape[2] + i])})`;
    };
    said.textContent = `Pixel (${x}, ${y}) moves by ${read(f.exact)} pixels to the right and down; estimated ` +
      `${read(f.estimated)}.`;
  }
}

function alignment(root, facts, data) {
  element(root, "h3", {}, "Alignment");
  if (!facts) {
    element(root, "p", { id: "gates-alignment" },
      "This page was written without features. With --features FILE, such as what ./run pretrain-dino writes, " +
      "it shows them, their correlation with the blocks by channel, and the loss against t.");
    return;
  }
  const row = figures(root);
  const features = canvasFigure(row, "Features of four pictures of flow, the first two principal axes as orange and blue", "large");
  const points = data.array(facts.features);
  const [n, tokens] = points.shape;
  const side = facts.featureGrid;
  const most = largest(points) || 1;
  paint(features.canvas, n * side, side, (x, y) => {
    const i = ((Math.floor(x / side) * tokens) + y * side + (x % side)) * 2;
    const tone = (v) => 128 + 127 * (v / most);
    return [tone(points[i]), 128, tone(points[i + 1])];
  });
  const pair = choice(controls(root), "gates-layer", "Block and layer of the features",
    facts.pairs.map((p) => `block ${p.block}, layer ${p.layer}`), show);
  const more = figures(root);
  const histogram = element(more, "figure", { class: "large" });
  const curve = element(more, "figure", { class: "large" });
  lines(curve, `g(t) times the distance, and what the margin ${facts.margin} leaves, against log10(t + 1)`, [
    { name: "g(t) r", x: facts.losses.map((l) => Math.log10(l.t + 1)), y: facts.losses.map((l) => l.weighted) },
    { name: "loss", x: facts.losses.map((l) => Math.log10(l.t + 1)), y: facts.losses.map((l) => l.loss) },
  ]);
  show();

  function show() {
    const r = data.array(facts.pairs[pair.value].distance);
    const counts = new Array(21).fill(0);
    for (const v of r) counts[Math.min(20, Math.max(0, Math.round(v * 10)))]++;
    bars(histogram, "Channels by their distance r = 1 - correlation, in tenths from 0 to 2", [{ name: "channels", y: counts }]);
  }
}
