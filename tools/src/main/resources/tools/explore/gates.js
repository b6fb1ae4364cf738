// Station 6: gates, modulation by the diffusion step, motion, alignment.

const PARTS = ["attention", "spatial Mamba", "temporal Mamba"];
const ROLES = ["shift", "scale", "gate"];

function gates(root, facts, data) {
  gatesOf(root, facts, data);
  modulation(root, facts, data);
  motion(root, facts.flow, data);
  alignment(root, facts.alignment, data);
}

function gatesOf(root, facts, data) {
  element(root, "h3", {}, "Gates between width and height");
  const values = data.array(facts.gates);
  const bar = controls(root);
  const block = choice(bar, "gates-block", "Block", numbers(values.shape[0]), show);
  const frame = slider(bar, "gates-frame", "Latent frame", values.shape[2] - 1, show);
  const said = element(root, "output", { id: "gates-said", for: "gates-block gates-frame" });
  const row = figures(root);
  const width = canvasFigure(row, "width");
  const height = canvasFigure(row, "height");
  show();

  function show() {
    const of = at(values, block.value);
    const both = [at(at(of, 0), frame.value), at(at(of, 1), frame.value)];
    heat(width.canvas, both[0], { signed: false, most: 1 });
    width.say("How far the gate of the width scan is open at each token, mean of all channels, 0 dark to 1 light");
    heat(height.canvas, both[1], { signed: false, most: 1 });
    height.say("The same of the height scan");
    const mean = (v) => v.reduce((s, x) => s + x, 0) / v.length;
    said.textContent = `Block ${block.value}, latent frame ${frame.value}: the gate of the width scan is ` +
      `${shown(mean(both[0]))} open, that of the height scan ${shown(mean(both[1]))}.`;
  }
}

function modulation(root, facts, data) {
  element(root, "h3", {}, "Modulation by t");
  element(root, "p", {}, "What each part of a block is given is scaled and shifted by numbers that t decides, and what " +
    "it answers is multiplied by a third number of t. So one network does coarse work at large t and fine work at small t.");
  const bar = controls(root);
  const block = choice(bar, "modulation-block", "Block", numbers(facts.modulation.shape[0]), show);
  const role = choice(bar, "gates-role", "What t modulates", ROLES, show);
  const curve = element(figures(root), "figure", { class: "large" });
  show();

  function show() {
    const m = at(data.array(facts.modulation), block.value);
    lines(curve, `${ROLES[role.value]}s of block ${block.value} against t, root mean square of all channels`,
      ["t", ROLES[role.value]], PARTS.map((name, i) => ({ name, x: facts.steps, y: at(m, 3 * i + role.value) })));
  }
}

function motion(root, flow, data) {
  element(root, "h3", {}, "Motion");
  element(root, "p", {}, "Optical flow says of each pixel where it is in the next frame. As colours: the hue is the " +
    "direction (red right, cyan left, about a wheel), the brightness the length, black no motion. The phantom knows its " +
    "flow exactly; from real clips it has to be estimated.");
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
    exact.say("Their motion as the phantom knows it (Eq. 5), in the colours of Eq. 13; point at a pixel");
    pictures(estimated.canvas, data.array(f.estimatedColours));
    estimated.say("The same as TV-L1, which looks for the smoothest motion that explains the brightness, estimates it from the frames (Eq. 12)");
    tell(Math.floor(exact.canvas.height / 2), Math.floor(exact.canvas.width / 2));
  }

  function tell(y, x) {
    const f = flow[pair.value];
    const read = (node) => {
      const v = data.array(node);
      const i = y * v.shape[2] + x;
      return `(${shown(v[i])}, ${shown(v[v.shape[1] * v.shape[2] + i])})`;
    };
    said.textContent = `Pixel (${x}, ${y}) moves by ${read(f.exact)} pixels (right, down; negative is left, up); estimated ` +
      `${read(f.estimated)}.`;
  }
}

function alignment(root, facts, data) {
  element(root, "h3", {}, "Alignment");
  if (!facts) {
    element(root, "p", { id: "gates-alignment" },
      "This page was written of a model without alignment, and without features. With ./run explore --features FILE " +
      "it shows them, their correlation with the blocks by channel, and the loss against t.");
    return;
  }
  element(root, "p", { id: "gates-alignment" },
    `A feature network that knows nothing of diffusion looks at the pictures of the flow; here it is ${facts.source}. ` +
    "In training the blocks are pulled towards its features, so that they come to know about motion. " +
    (facts.trained
      ? "This model was trained so."
      : "This model was trained without that, so a distance of about 1, no correlation, is what is to be expected."));
  const row = figures(root);
  const seen = canvasFigure(row, `Pictures of the flow from frames ${facts.frames.join(", ")} to the next`, "large");
  pictures(seen.canvas, data.array(facts.pictures));
  const features = canvasFigure(row,
    `Their features, ${facts.width} numbers a patch, on their three principal axes: the first as red ` +
    `(${percent(facts.shares[0])} of the spread), the second as green (${percent(facts.shares[1])}), the third as blue ` +
    `(${percent(facts.shares[2])}). Patches of one colour are alike to the network.`, "large");
  principal(features.canvas, data.array(facts.features), facts.featureGrid);
  const bar = controls(root);
  const pair = choice(bar, "gates-layer", "Block and layer of the features",
    facts.pairs.map((p) => `block ${p.block}, layer ${p.layer}`), show);
  const time = slider(bar, "gates-time", "t", facts.losses.length - 1, tell, (i) => String(facts.losses[i].t));
  const said = element(root, "output", { id: "gates-loss", for: "gates-layer gates-time" });
  const more = figures(root);
  const histogram = element(more, "figure", { class: "large" });
  const curve = element(more, "figure", { class: "large" });
  const t = facts.losses.map((l) => Math.log10(l.t + 1));
  const mark = lines(curve, `g(t) r, r without g(t), and what the margin ${facts.margin} leaves of g(t) r, against log10(t + 1)`,
    ["log10(t + 1)", "loss"], [
      { name: "g(t) r", x: t, y: facts.losses.map((l) => l.weighted) },
      { name: "loss, above the margin", x: t, y: facts.losses.map((l) => l.loss) },
      { name: "g(t) = 1 / (t + 1)", x: t, y: facts.losses.map((l) => 1 / (l.t + 1)) },
      { name: "margin", x: t, y: facts.losses.map(() => facts.margin) },
    ]);
  show();

  function show() {
    const r = data.array(facts.pairs[pair.value].distance);
    const counts = new Array(21).fill(0);
    for (const v of r) counts[Math.min(20, Math.max(0, Math.round(v * 10)))]++;
    bars(histogram, "Channels by their distance r = 1 - correlation (Eq. 14): 0 the same, 1 nothing in common, 2 opposite",
      ["r", "channels"], [{ name: "channels", y: counts }], 2);
    tell();
  }

  function tell() {
    const l = facts.losses[time.value];
    const r = data.array(facts.pairs[pair.value].distance);
    mark(Math.log10(l.t + 1));
    said.textContent = `Mean distance of block ${facts.pairs[pair.value].block} ` +
      `${shown(r.reduce((s, v) => s + v, 0) / r.length)}, of all blocks ${shown(l.weighted * (l.t + 1))}. At t = ${l.t}: ` +
      `g(t) = ${shown(1 / (l.t + 1))}, g(t) r = ${shown(l.weighted)}, less the margin ${facts.margin}: ${shown(l.loss)}` +
      (l.loss === 0 ? ", so that noisy steps are left alone." : ".");
  }
}

/** Points on three axes [n, tokens, 3] as red, green and blue, each stretched to what there is of it. */
function principal(canvas, points, side) {
  const [n, tokens] = points.shape;
  const ranges = [0, 1, 2].map((axis) => {
    const all = points.filter((_, i) => i % 3 === axis);
    return [Math.min(...all), Math.max(...all)];
  });
  const pixels = Uint8Array.from(points, (v, i) => {
    const [low, high] = ranges[i % 3];
    return Math.round((255 * (v - low)) / (high - low || 1));
  });
  pictures(canvas, Object.assign(pixels, { shape: [n, side, tokens / side, 3] }));
}

function percent(share) {
  return `${(100 * share).toFixed(0)} %`;
}
