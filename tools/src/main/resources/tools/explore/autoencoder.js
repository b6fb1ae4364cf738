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
  focalWeights(root, facts, data);
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

/** The weights of Eq. 16, one of them written out. */
function focalWeights(root, facts, data) {
  const weights = data.array(facts.focal);
  const [h, w] = weights.shape;
  element(root, "h3", {}, "Focal frequency loss");
  element(root, "p", { id: "autoencoder-equation" },
    `Eq. 16 is L_VAE = L_VQ-GAN + lambda FFL, with lambda ${shown(facts.lambda)} in this model's training; L_VQ-GAN compares pixels, ` +
    "and FFL compares frequencies. F(u, v) is the spectrum of x - x', clip less rebuilt clip, of one colour of one frame, at u waves down and v across it; its " +
    "weight is w(u, v) = |F(u, v)| / max |F|, and FFL is the mean of w(u, v) |F(u, v)|^2 over all frequencies. So what is " +
    "still wrong weighs most, and what is right has weight 0 and drops out. The weights are taken as given: no gradient " +
    "goes through them.");
  const bar = controls(root);
  const u = slider(bar, "autoencoder-u", "u, waves down", h - 1, show, (i) => waves(i, h));
  const v = slider(bar, "autoencoder-v", "v, waves across", w - 1, show, (i) => waves(i, w));
  // The heaviest but the mean, which has no waves.
  const first = weights.indexOf(largest(weights.subarray(1)), 1);
  u.set(Math.floor(first / w));
  v.set(first % w);
  const map = mapFigure(figures(root), "Weights w(u, v) for the first frame's green, dark 0 to light 1; the lowest " +
    "frequencies are at the corners, the highest in the middle. Point at one, or move the sliders", {
    across: counted("v, waves across", w), down: counted("u, waves down", h) });
  const said = element(root, "output", { id: "autoencoder-focal", for: "autoencoder-u autoencoder-v" });
  heat(map.canvas, weights, { signed: false });
  pickOn(map.canvas, (row, column) => {
    u.set(row);
    v.set(column);
    show();
  });
  show();

  function show() {
    const weight = weights[u.value * w + v.value];
    const size = weight * facts.focalLargest;
    map.mark(u.value, v.value);
    said.textContent = `w(${u.value}, ${v.value}) = |F| / max |F| = ${shown(size)} / ${shown(facts.focalLargest)} = ${shown(weight)}; ` +
      `it adds w |F|^2 / (${h} x ${w}) = ${shown((weight * size * size) / (h * w))} to FFL, which is ${shown(facts.focalLoss)} in all.`;
  }
}

/** Behind the middle a spectrum goes on with the waves that run the other way. */
function waves(i, count) {
  return 2 * i > count ? `${i}, that is ${i - count}` : String(i);
}
