// Station 7: reconstruction, spectra, focal weights, causal chunks.

function autoencoder(root, facts, data) {
  const bar = controls(root);
  const chosen = choice(bar, "autoencoder-clip", "Clip", facts.clips.map((c) => c.name), show);
  chosen.value = Math.min(1, facts.clips.length - 1);
  const said = element(root, "output", { id: "autoencoder-said", for: "autoencoder-clip" });
  const row = figures(root);
  const truth = canvasFigure(row, "The clip: frames 0, 5, 10 and 15", "large");
  pictures(truth.canvas, data.array(facts.clips[0].frames));
  const frames = canvasFigure(row, "frames", "large");
  const off = canvasFigure(row, "difference", "large");
  const lower = figures(root);
  const spectra = element(lower, "figure", { class: "large" });
  lines(spectra, "Power of detail by octave, logarithmic: octave 0 is the finest, 1/4 to 1/2 cycles per pixel, and each " +
    "next one has half of its frequencies", ["octave, fine to coarse", "power"],
    facts.clips.map((c) => ({ name: c.name, x: c.octaves.map((_, i) => i), y: c.octaves })), { log: true });
  const focal = canvasFigure(lower, "Weights of the focal frequency loss (Eq. 16) for the first frame's green, dark 0 to " +
    `light 1: bright frequencies are the ones that are still wrong and weigh most; one that is right has weight 0 and drops out of the loss. The lowest frequency is at the corners; the loss is ` +
    shown(facts.focalLoss));
  heat(focal.canvas, data.array(facts.focal), { signed: false });
  element(root, "p", { id: "autoencoder-chunks" },
    `Causal chunks: the first 8 frames encoded alone differ from the same in the whole clip by at most ` +
    `${shown(facts.firstDiffers)}, for nothing looks ahead; the last 8 alone by up to ${shown(facts.secondDiffers)}, ` +
    `for they lack the memory of the frames before. So a long clip can be encoded piece by piece, where each piece is given the memory of the one before it.`);
  root.querySelector("#autoencoder-form").textContent = facts.compensation === "COSINE" ?
    "In place of those convolutions this model's frequency compensation is a cosine path: one matrix beside the encoder and one beside the decoder, which begin as a cosine transform." : "";
  show();

  function show() {
    const c = facts.clips[chosen.value];
    const own = data.array(c.frames);
    const clip = data.array(facts.clips[0].frames);
    pictures(frames.canvas, own);
    frames.say(`${c.name}: frames 0, 5, 10 and 15`);
    const away = Uint8Array.from(own, (v, i) => Math.min(255, 4 * Math.abs(v - clip[i])));
    pictures(off.canvas, Object.assign(away, { shape: own.shape }));
    off.say("Four times how far it is off the clip; black is exact");
    const all = facts.clips.slice(1).map((k) => `${k.name} ${shown(k.psnr)} dB`).join(", ");
    said.textContent = `Against the clip (PSNR; more is nearer, 6 dB are half the error): ${all}.`;
  }
}
