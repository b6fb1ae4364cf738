// Station 1: the stops of a clip's way.

function way(root, facts, data) {
  const names = facts.stops.map((s) => `${s.part}: ${s.name}, ${s.shape}`);
  const bar = controls(root);
  const stop = slider(bar, "way-stop", "Stop", facts.stops.length - 1, show, (i) => names[i]);
  player(bar, "way", stop, show, 700);
  const said = element(root, "output", { id: "way-said", for: "way-stop" });
  const row = figures(root);
  const clip = canvasFigure(row, "Frames 0, 5, 10 and 15 of the clip");
  pictures(clip.canvas, data.array(facts.frames));
  const values = canvasFigure(row, "values");
  element(root, "p", { id: "way-loss" },
    `At t = ${facts.step}, z_t is ${shown(facts.share)} of z_0 plus ${shown(facts.noise)} of noise; the ` +
    `loss, the mean of the squared error, is ${shown(facts.loss)}.`);
  show();

  function show() {
    const s = facts.stops[stop.value];
    const plane = data.array(s.plane);
    heat(values.canvas, plane);
    values.say(`${s.name}: the first plane, ${plane.shape.join(" x ")} values, blue below zero, orange above, ` +
      `up to ${shown(largest(plane))}`);
    said.textContent = `${s.name}: shape ${s.shape}; mean ${shown(s.mean)}, deviation ${shown(s.deviation)}, ` +
      `from ${shown(s.min)} to ${shown(s.max)}. ${s.equation ? s.equation + ", " : ""}computed in ${s.method}. ` +
      `First values: ${Array.from(plane.subarray(0, 6), shown).join(", ")}`;
  }
}
