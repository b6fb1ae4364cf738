// Station 2: a sample, step by step.

function denoising(root, facts, data) {
  const bar = controls(root);
  const run = choice(bar, "denoising-run", "Sampler", facts.runs.map((r) => `${r.name}, ${r.steps.length} steps`), begin);
  const step = slider(bar, "denoising-step", "Step", facts.runs[0].steps.length - 1, show, (i) => {
    return `${i + 1}`;
  });
  player(bar, "denoising", step, show);
  const said = element(root, "output", { id: "denoising-said", for: "denoising-run denoising-step" });
  const row = figures(root);
  const start = canvasFigure(row, "predicted x_0", "large");
  const end = canvasFigure(row, "the sample", "large");
  const parts = figures(root);
  const x = canvasFigure(parts, "x_t");
  const noise = canvasFigure(parts, "predicted noise");
  const curve = element(parts, "figure");
  begin();

  function begin() {
    const steps = facts.runs[run.value].steps;
    step.set(0, steps.length - 1);
    pictures(end.canvas, data.array(steps[steps.length - 1].start));
    end.say(`Where this walk ends: ./run sample --sampler ${facts.runs[run.value].option} --steps ${steps.length} ` +
      `--seed ${facts.seed} --count 1, frames 0, 5, 10 and 15`);
    lines(curve, "alpha and sigma against the number of the step", [
      { name: "alpha", x: steps.map((s, i) => i + 1), y: steps.map((s) => s.alpha) },
      { name: "sigma", x: steps.map((s, i) => i + 1), y: steps.map((s) => s.sigma) },
    ]);
    show();
  }

  function show() {
    const s = facts.runs[run.value].steps[step.value];
    pictures(start.canvas, data.array(s.start));
    start.say(`x_0 as it is predicted at t = ${s.t}, decoded: frames 0, 5, 10 and 15`);
    tiles(x.canvas, data.array(s.x));
    x.say(`x_t, the first channels of the first latent frame; deviation of all ${shown(s.deviation)}`);
    tiles(noise.canvas, data.array(s.noise));
    noise.say(`The predicted noise, likewise; deviation of all ${shown(s.noiseDeviation)}`);
    said.textContent = `t = ${s.t}: alpha ${shown(s.alpha)}, sigma ${shown(s.sigma)}, ` +
      `log(alpha / sigma) ${shown(s.lambda)}. x_0 = (x_t - ${shown(s.sigma)} noise) / ${shown(s.alpha)}`;
  }
}

/** Planes [n, h, w] side by side. */
function tiles(canvas, planes) {
  const [n, h, w] = planes.shape;
  const wide = new Float32Array(n * h * w);
  for (let k = 0; k < n; k++) {
    for (let y = 0; y < h; y++) {
      wide.set(planes.subarray((k * h + y) * w, (k * h + y + 1) * w), (y * n + k) * w);
    }
  }
  heat(canvas, Object.assign(wide, { shape: [h, n * w] }), { most: 3 });
}
