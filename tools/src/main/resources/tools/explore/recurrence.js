// Station 4, the second way to y: step by step, with nothing remembered but a state.

/** Numbers of the state that are written out. */
const FOLLOWED = 6;

/** What it gives back shows another scan. */
function recurrence(root, facts, view) {
  element(root, "h3", {}, "The same as a recurrence");
  element(root, "p", {}, "Step by step: h_t = exp(dt A) h_(t-1) + dt x_t B_t, y_t = C_t . h_t (Eq. 3); here t counts the " +
    "steps of the walk. What is left of the state fades, what the new token writes is added, and the output is read " +
    `from it. One row of ${facts.state} numbers, the state h, is all that is remembered. Play, or move on step by step.`);
  const bar = controls(root);
  const step = slider(bar, "recurrence-step", "Step", facts.steps - 1, move, (t) => `${t + 1} of ${facts.steps}`);
  player(bar, "recurrence", step, move, 300);
  step.set(Math.floor(facts.steps / 2));
  const said = element(root, "output", { id: "recurrence-said", for: "recurrence-step" });
  const rows = table(root, "the state before and behind the step, number by number");
  const row = figures(root);
  const states = mapFigure(row, "states", {
    across: counted("number n of the state", facts.state), down: counted("step t", facts.steps) });
  const curve = element(row, "figure");
  let followed = [];
  let mark = () => {};
  return show;

  function show() {
    followed = strongest();
    mark = lines(curve, `The output y of the first channel of head ${view.head}, step by step; the line is the step at hand`,
      ["step t", "y"], [{ name: "y", x: Array.from({ length: facts.steps }, (_, t) => t), y: view.of("sum") }]);
    move();
  }

  function move() {
    const t = step.value;
    const h = view.of("states");
    const now = at(h, t);
    const c = at(view.array("c"), t);
    const b = at(view.array("b"), t);
    const dt = view.array("dt")[t * facts.heads + view.head];
    const decay = Math.exp(view.array("a")[view.head] * dt);
    const x = view.of("x")[t];
    const before = (n) => (t === 0 ? 0 : at(h, t - 1)[n]);
    const given = Array.from(c, (v, n) => v * now[n]);
    const y = given.reduce((sum, v) => sum + v, 0);
    said.textContent = `Step ${t + 1} of ${facts.steps} (t = ${t}), first channel of head ${view.head}: exp(dt A) = ${shown(decay)} of the state ` +
      `is kept; x_t = ${shown(x)} is written with dt = ${shown(dt)}; y_t = C_t . h_t = ${shown(y)}.`;
    const rest = given.reduce((sum, v, n) => sum + (followed.includes(n) ? 0 : v), 0);
    rows(["number n", `h_(t-1), before`, "kept, x exp(dt A)", "written, dt x_t B_t", "h_t, behind", "C_t", "C_t h_t"], [
      ...followed.map((n) => [String(n), shown(before(n)), shown(before(n) * decay), shown(dt * x * b[n]), shown(now[n]),
        shown(c[n]), shown(given[n])]),
      [`the other ${facts.state - followed.length}`, "", "", "", "", "", shown(rest)],
      ["sum, y_t", "", "", "", "", "", shown(y)]]);
    mark(t);
    drawn(h, t);
  }

  /** The states up to this step; those to come are grey. */
  function drawn(h, t) {
    heat(states.canvas, h, { upTo: t });
    states.mark(t, -1);
    states.say(`The state behind every step so far, ${facts.state} numbers in a row each, blue below zero, orange above, ` +
      `the strongest ${shown(largest(h))}; the row with an edge is step ${t + 1} of ${facts.steps}, grey is still to come`);
  }

  /** The numbers of the state that give most to the outputs of the whole walk. */
  function strongest() {
    const given = new Float64Array(facts.state);
    for (let t = 0; t < facts.steps; t++) {
      const h = at(view.of("states"), t);
      at(view.array("c"), t).forEach((v, n) => (given[n] += Math.abs(v * h[n])));
    }
    return Array.from(given.keys()).sort((a, b) => given[b] - given[a]).slice(0, FOLLOWED).sort((a, b) => a - b);
  }
}
