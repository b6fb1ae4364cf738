// Station 6: gates, modulation by the diffusion step, motion; then the alignment.

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
  const side = values.shape[3];
  const axes = { across: counted("column of tokens", side), down: counted("row of tokens", side) };
  const width = mapFigure(row, "width", axes);
  const height = mapFigure(row, "height", axes);
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
  const [, high, wide] = flow[0].exact.shape;
  const axes = { across: counted("column x", wide), down: counted("row y", high) };
  const exact = mapFigure(row, "exact", axes);
  const estimated = mapFigure(row, "estimated", axes);
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
