// Station 2: a sample, step by step, by two samplers side by side.

function denoising(root, facts, data) {
  element(root, "p", { id: "denoising-model" }).textContent = asked() + kept();
  const bar = controls(root);
  const run = choice(bar, "denoising-run", "Sampler", facts.runs.map((r) => `${r.name}, ${r.steps.length} steps`), begin);
  const step = slider(bar, "denoising-step", "Step", facts.runs[0].steps.length - 1, show, (i) => {
    const steps = facts.runs[run.value].steps;
    return `${i + 1} of ${steps.length}, t = ${steps[Math.min(i, steps.length - 1)].t}`;
  });
  player(bar, "denoising", step, show);
  const said = element(root, "output", { id: "denoising-said", for: "denoising-run denoising-step" });
  const row = figures(root);
  const start = canvasFigure(row, "predicted x_0", "large");
  const beside = canvasFigure(row, "predicted x_0 of the other sampler", "large");
  const parts = figures(root);
  const [channels, h, w] = facts.runs[0].steps[0].x.shape;
  const axes = { across: { name: `column 0 to ${w - 1}, in each`, first: "channel 0", last: `channel ${channels - 1}` },
    down: counted("row", h) };
  const x = mapFigure(parts, "x_t", axes);
  const noise = mapFigure(parts, "predicted noise", axes);
  const curve = element(parts, "figure");
  const end = canvasFigure(figures(root), "the sample", "large");
  let mark = () => {};
  begin();

  // What this model's last layer gives, where that is not the noise itself.
  function asked() {
    return facts.velocity
      ? "The last layer of this model gives v = alpha noise - sigma x_0, and the noise is read from it: noise = sigma x_t + " +
        "alpha v. An error of v reaches x_0 = alpha x_t - sigma v as it is; one of the noise itself would reach it times sigma " +
        "/ alpha, 157 at t = 999. "
      : "The last layer of this model gives the noise itself, as the paper has it. ";
  }

  function kept() {
    const less = facts.tilt === 0 ? "" : `, less by ${shown(facts.tilt)} for each doubling of a channel's deviation^evenness`;
    const gain = facts.gain === 1 && less === "" ? "" : `multiplied by ${shown(facts.gain)}${less}, as samples vary less than clips, `;
    const bound = facts.bound === 0 ? "" : `kept within ${shown(facts.bound)} deviations of the latents, `;
    const start = gain + bound === "" ? "" : `Each x_0 is ${gain}${bound}before a step goes by it. `;
    return start + (facts.skipWeight === 0 ? "" : `The noise is led away, ${shown(facts.skipWeight)} times its distance, from what ` +
      `it would be without the temporal part of block ${facts.skipBlock}.`);
  }

  function begin() {
    const steps = facts.runs[run.value].steps;
    step.set(0, steps.length - 1);
    pictures(end.canvas, data.array(steps[steps.length - 1].start));
    end.say(`Where this walk ends, frames 0, 5, 10 and 15; the same clip comes from ./run sample --sampler ` +
      `${facts.runs[run.value].option} --steps ${steps.length} --seed ${facts.seed} --count 1`);
    mark = lines(curve, "How much of x_t is x_0 (alpha) and noise (sigma), against the number of the step",
      ["step", "share"], [
        { name: "alpha", x: steps.map((s, i) => i + 1), y: steps.map((s) => s.alpha) },
        { name: "sigma", x: steps.map((s, i) => i + 1), y: steps.map((s) => s.sigma) },
      ]);
    show();
  }

  function show() {
    const own = facts.runs[run.value];
    const s = own.steps[step.value];
    estimate(start, own, s);
    const other = facts.runs[1 - run.value];
    estimate(beside, other, other.steps.reduce((a, b) => (Math.abs(b.t - s.t) < Math.abs(a.t - s.t) ? b : a)));
    tiles(x.canvas, data.array(s.x), 3);
    x.say(`x_t, the first channels of the first latent frame, blue below zero, orange above; deviation of all ` +
      shown(s.deviation));
    tiles(noise.canvas, data.array(s.noise), 3);
    noise.say(`The noise that the network sees in it, likewise; deviation of all ${shown(s.noiseDeviation)}`);
    mark(step.value + 1);
    said.textContent = `t = ${s.t}: alpha ${shown(s.alpha)}, sigma ${shown(s.sigma)}, log(alpha / sigma) ` +
      `${shown(s.lambda)}. Estimate: x_0 = (x_t - ${shown(s.sigma)} noise) / ${shown(s.alpha)}. ` + next(own, s);
  }

  function estimate(figure, from, s) {
    pictures(figure.canvas, data.array(s.start));
    figure.say(`${from.name}: x_0 as it is predicted at t = ${s.t}, step ${from.steps.indexOf(s) + 1} of ` +
      `${from.steps.length}, decoded: frames 0, 5, 10 and 15`);
  }

  /** How the step leads to the next one, with its factors. */
  function next(from, s) {
    const i = from.steps.indexOf(s);
    if (i === from.steps.length - 1) return "This is the last step: x_0 is the sample.";
    const [a, b, c] = s.factors;
    const before = c === 0 ? "" : ` ${c < 0 ? "-" : "+"} ${shown(Math.abs(c))} x_0 of the step before`;
    return `The next x, at t = ${from.steps[i + 1].t}, is ${shown(a)} x_t + ${shown(b)} x_0${before}.`;
  }
}
