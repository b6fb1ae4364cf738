// Station 8: one of the runs of a grid.

function whatif(root, facts, data) {
  const bar = controls(root);
  const network = choice(bar, "whatif-network", "Network", facts.networks, show);
  const sampler = choice(bar, "whatif-sampler", "Sampler", facts.samplers, show);
  const steps = choice(bar, "whatif-steps", "Steps", facts.steps, show);
  const seed = choice(bar, "whatif-seed", "Seed", facts.seeds, show);
  const said = element(root, "output", { id: "whatif-said", for: "whatif-network whatif-sampler whatif-steps whatif-seed" });
  const row = figures(root);
  const chosen = canvasFigure(row, "chosen", "large");
  const reference = canvasFigure(row, "reference", "large");
  const rows = table(root, "the figures of all runs of the seed");
  show();

  function find(n, s, k) {
    return facts.runs.find((r) => r.network === n && r.sampler === s && r.steps === k && r.seed === facts.seeds[seed.value]);
  }

  function show() {
    const run = find(facts.networks[network.value], facts.samplers[sampler.value], facts.steps[steps.value]);
    const most = find(facts.networks[0], facts.samplers[0], facts.steps[facts.steps.length - 1]);
    pictures(chosen.canvas, data.array(run.frames));
    chosen.say(`Chosen: ${run.network}, ${run.sampler}, ${run.steps} steps, seed ${run.seed}: the first and the last frame`);
    pictures(reference.canvas, data.array(most.frames));
    reference.say(`To compare, of the same noise: ${most.network}, ${most.sampler}, ${most.steps} steps`);
    said.textContent = `Off the clip to compare by ${shown(run.difference)} (root mean square of pixels from 0 to 255); ` +
      `sharpness ${shown(run.sharpness)} of the real clip's; change from frame to frame ${shown(run.motion)} (likewise), ` +
      `that of the real clip is ${shown(facts.clipMotion)}.`;
    const all = facts.runs.filter((r) => r.seed === run.seed);
    rows(["Network", "Sampler", "Steps", "Difference", "Sharpness", "Change"],
      [["the real clip", "none", "none", "none", "1", shown(facts.clipMotion)],
        ...all.map((r) => [r.network, r.sampler, String(r.steps), shown(r.difference), shown(r.sharpness), shown(r.motion)])],
      [1 + all.indexOf(run)]);
  }
}
