// Station 7: reconstruction, spectra, focal weights, causal chunks.

function autoencoder(root, facts, data) {
  const bar = controls(root);
  const chosen = choice(bar, "autoencoder-clip", "Clip", facts.clips.map((c) => c.name), show);
  const said = element(root, "output", { id: "autoencoder-said", for: "autoencoder-clip" });
  const row = figures(root);
  const frames = canvasFigure(row, "frames", "large");
  const off = canvasFigure(row, "difference", "large");
  const lower = figures(root);
  const spectra = element(lower, "figure", { class: "large" });
  lines(spectra, "Power of detail, by octave: 0 is 1/4 to 1/2 cycles per pixel, each next one half of that; logarithmic",
    facts.clips.map((c) => ({ name: c.name, x: c.octaves.map((_, i) => i), y: c.octaves })), { log: true });
  const focal = canvasFigure(lower, `Weights of the focal frequency loss (Eq. 16) for the first frame's green, lowest ` +
    `frequency at the corners; the loss is ${shown(facts.focalLoss)}`);
  heat(focal.canvas, data.array(facts.focal), { signed: false });
  element(root, "p", { id: "autoencoder-chunks" },
    `Causal chunks: the first 8 frames encoded alone differ from the same in the whole clip by at most ` +
    `${shown(facts.firstDiffers)}, for nothing looks ahead; the last 8 alone by up to ${shown(facts.secondDiffers)}, ` +
    `for they lack the memory of the frames before.`);
  show();

  function show() {
    const c = facts.clips[chosen.value];
    const own = data.array(c.frames);
    const truth = data.array(facts.clips[0].frames);
    pictures(frames.canvas, own);
    frames.say(`${c.name}: frames 0, 5, 10 and 15`);
    const away = Uint8Array.from(own, (v, i) => Math.min(255, 4 * Math.abs(v - truth[i])));
    pictures(off.canvas, Object.assign(away, { shape: own.shape }));
    off.say("Four times how far it is off the clip");
    said.textContent = c.psnr === undefined ? "The clip itself." : `${c.name}: ${shown(c.psnr)} dB against the clip.`;
  }
}
