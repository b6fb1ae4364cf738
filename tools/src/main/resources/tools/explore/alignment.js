// Station 6, its last part: features of the motion, and the loss that pulls the blocks towards them.

function alignment(root, facts, data) {
  element(root, "h3", {}, "Alignment");
  element(root, "p", { id: "gates-alignment" },
    `A feature network that knows nothing of diffusion looks at the pictures of the flow; here it is ${facts.source}. ` +
    "In training the blocks are pulled towards its features, so that they come to know about motion. " +
    (facts.trained ? "This model was trained so." : "This model was not."));
  if (!facts.trained) {
    element(root, "p", { id: "gates-untrained" }, "It was trained without alignment (alignment.enabled is false in its " +
      "configuration): nobody asked for features, and its blocks know nothing of them. What stands here is what the loss " +
      "would find in it: the flow as colours, the features of it, and how far the blocks are from them. A distance of " +
      "about 1, no correlation, is what is to be expected; of a model that was pulled towards the features it would be " +
      "smaller. Such a model comes of ./run demo, which aligns unless it is told --no-align, or of ./run train --features " +
      "FILE, with a file of DINO's or of ./run pretrain-dino; ./run explore --checkpoint DIR shows it.");
  }
  const row = figures(root);
  const seen = canvasFigure(row, `Pictures of the flow from frames ${facts.frames.join(", ")} to the next`, "large");
  pictures(seen.canvas, data.array(facts.pictures));
  const side = facts.featureGrid;
  const features = mapFigure(row,
    `Their features, ${facts.width} numbers a patch, on their three principal axes: the first as red ` +
    `(${percent(facts.shares[0])} of the spread), the second as green (${percent(facts.shares[1])}), the third as blue ` +
    `(${percent(facts.shares[2])}). Patches of one colour are alike to the network.`, {
      across: { name: `column of patches 0 to ${side - 1}, in each`, first: `frame ${facts.frames[0]}`,
        last: `frame ${facts.frames[facts.frames.length - 1]}` },
      down: counted("row", side), kind: "large" });
  principal(features.canvas, data.array(facts.features), side);
  const bar = controls(root);
  const pair = choice(bar, "gates-layer", "Block and layer of the features",
    facts.pairs.map((p) => `block ${p.block}, layer ${p.layer}`), show);
  const time = slider(bar, "gates-time", "t", facts.losses.length - 1, tell, (i) => String(facts.losses[i].t));
  const said = element(root, "output", { id: "gates-loss", for: "gates-layer gates-time" });
  const more = figures(root);
  const histogram = element(more, "figure", { class: "large" });
  const curve = element(more, "figure", { class: "large" });
  const t = facts.losses.map((l) => Math.log10(l.t + 1));
  const mark = lines(curve, `g(t) r, what the margin ${facts.margin} leaves of it (loss), g(t) and the margin, against log10(t + 1); with r near 1 the first three lie on each other`,
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
