// Station 1: the stops of a clip's way, and a block from inside.

/** Rows and columns of a stop's values that are written out. */
const WRITTEN = 8;

function way(root, facts, data) {
  const names = facts.stops.map((s) => `${s.part}: ${s.what}, ${s.shape}`);
  const bar = controls(root);
  const stop = slider(bar, "way-stop", "Stop", facts.stops.length - 1, show, (i) => names[i]);
  player(bar, "way", stop, show, 700);
  const said = element(root, "output", { id: "way-said", for: "way-stop" });
  const row = figures(root);
  const clip = canvasFigure(row, "Frames 0, 5, 10 and 15 of the clip");
  pictures(clip.canvas, data.array(facts.frames));
  const values = mapFigure(row, "values", { across: counted("column", 1), down: counted("row", 1) });
  const opened = element(root, "details", { id: "way-values" });
  element(opened, "summary", {}, "The first values of this stop as numbers");
  const numbers = table(opened, "the first values of the stop");
  opened.addEventListener("toggle", write);
  element(root, "p", { id: "way-size" },
    `The clip is ${facts.pixels} numbers as pixels (channels x frames x rows x columns) and ${facts.latents} as latents, ${shown(facts.pixels / facts.latents)} times ` +
    `fewer; ${facts.images ? `${facts.images} latent frames of images stand behind its ${facts.videoFrames} own. ` : ""}` +
    `A latent frame is cut into ${facts.tokens} tokens of ${facts.patch} x ${facts.patch} place${facts.patch > 1 ? "s" : ""}, ` +
    `each a list of ${facts.width} numbers.`);
  element(root, "p", { id: "way-loss" },
    `At t = ${facts.step}, z_t is ${shown(facts.share)} of z_0 plus ${shown(facts.noise)} of noise; the ` +
    `loss, the mean of the squared error, is ${shown(facts.loss)}. A network that always answered 0 would have ` +
    "a loss of about 1.");
  inside(root, facts.block);
  show();

  function show() {
    const s = facts.stops[stop.value];
    const plane = data.array(s.plane);
    heat(values.canvas, plane);
    values.say(`${s.what}: the first plane, ${plane.shape.join(" x ")} values, blue below zero, orange above, ` +
      `the largest ${shown(largest(plane))} away from zero`,
      { across: counted(s.across, plane.shape[1]), down: counted(s.down, plane.shape[0]) });
    said.textContent = `${s.what}: shape ${s.shape}; mean ${shown(s.mean)}, deviation ${shown(s.deviation)}, ` +
      `from ${shown(s.min)} to ${shown(s.max)}. ${s.equation ? `Eq. ${s.equation}, c` : "C"}omputed by ` +
      `${s.member} in ${s.file}.`;
    write();
  }

  /** The numbers themselves, where they are looked at. */
  function write() {
    if (!opened.open) return;
    const s = facts.stops[stop.value];
    const plane = data.array(s.plane);
    const columns = Math.min(WRITTEN, plane.shape[1]);
    const rows = Array.from({ length: Math.min(WRITTEN, plane.shape[0]) }, (_, r) =>
      [String(r), ...Array.from(plane.subarray(r * plane.shape[1], r * plane.shape[1] + columns), shown)]);
    numbers([`${s.down}, ${s.across}`, ...Array.from({ length: columns }, (_, c) => String(c))], rows);
  }
}
