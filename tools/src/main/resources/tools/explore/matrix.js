// Station 4: the matrix M of a scan, an entry of it written out; then the two other ways to y = M x.

const WALK_NAMES = ["along the width", "along the width, back", "along the height", "along the height, back"];

function matrix(root, facts, data) {
  const depth = facts.scans.length / WALK_NAMES.length;
  const bar = controls(root);
  const block = choice(bar, "matrix-block", "Block", numbers(depth), show);
  const walk = choice(bar, "matrix-walk", "Walk", WALK_NAMES, show);
  const head = choice(bar, "matrix-head", "Head", numbers(facts.heads), show);
  const more = controls(root);
  const row = slider(more, "matrix-row", "Row i, output", facts.steps - 1, entry);
  const column = slider(more, "matrix-column", "Column j, input", facts.steps - 1, entry);
  row.set(Math.floor(facts.steps / 2));
  column.set(Math.floor(facts.steps / 2) - 2);
  const parts = figures(root);
  const map = mapFigure(parts, "M", {
    across: counted("input position j", facts.steps), down: counted("output position i", facts.steps), kind: "large" });
  const c = mapFigure(parts, "C", {
    across: counted("number n of the state", facts.state), down: { names: ["C_i", "B_j", "product"] } });
  const said = element(root, "output", { id: "matrix-said", for: "matrix-row matrix-column matrix-head" });
  const opened = element(root, "details", { id: "matrix-products" });
  element(opened, "summary", {}, `The ${facts.state} products of C_i . B_j as numbers`);
  const products = table(opened, "the products of C and B, one for each number of the state");
  opened.addEventListener("toggle", entry);
  pickOn(map.canvas, (i, j) => {
    row.set(i);
    column.set(j);
    entry();
  });
  const view = {
    scan: () => facts.scans[block.value * WALK_NAMES.length + walk.value],
    of: (name) => at(data.array(view.scan()[name]), head.value),
    array: (name) => data.array(view.scan()[name]),
    get head() { return head.value; },
    get name() { return [block.value, walk.value, head.value].join(); },
  };
  const recurred = recurrence(root, facts, view);
  const chunked = chunks(root, facts, view);
  const sums = element(root, "output", { id: "matrix-sum", for: "matrix-row matrix-head" });
  show();

  function show() {
    entry();
    recurred();
    chunked();
  }

  function entry() {
    const m = view.of("m");
    const i = row.value;
    const j = column.value;
    heat(map.canvas, m, { lower: true });
    map.mark(i, j);
    map.say(`M of head ${head.value}, ${facts.steps} x ${facts.steps}: a row is an output, at position i of the walk ` +
      "(often called t), a column an input, at position j (often called s). Blue is below zero, orange above, the " +
      `strongest ${shown(largest(m))}; grey, above the diagonal, nothing: the input comes later than the output. ` +
      `Row ${i}, column ${j} and the entry where they meet have an edge. Point at another, or move the sliders.`,
      { across: counted(`input position j = ${j}`, facts.steps), down: counted(`output position i = ${i}`, facts.steps) });
    const one = entryOf(view, facts.heads, i, j);
    factors(one, i, j);
    said.textContent = i < j
      ? `M[${i}, ${j}] = 0: output ${i} comes before input ${j}.`
      : `M[${i}, ${j}] = C_i . B_j ${shown(one.product)} x decay ${shown(one.decay)} x dt_j ${shown(one.width)} = ` +
        `${shown(one.product * one.decay * one.width)}; the model's scan has ${shown(m[i * facts.steps + j])}. ` +
        (i === j ? "The decay is 1: nothing lies in between." :
          `The decay is exp(A x sum of dt from ${j + 1} to ${i}) = exp(${shown(one.rate)} x ${shown(one.time)}).`);
    sums.textContent = `First channel of head ${head.value}, output ${i}: M x = ${shown(rowSum(i))}; recurrence ` +
      `C_i . h_i = ${shown(fromState(i))}; chunks ${shown(view.of("sum")[i])}; with D x_i, ` +
      `what the layer passes by the scan, added ${shown(rowSum(i) + skip(i))}, and the model's own y is ${shown(view.of("y")[i])}.`;
  }

  /** C, B and their products as colours, and where they are looked at as numbers. */
  function factors(one, i, j) {
    const rows = new Float32Array(3 * facts.state);
    [one.c, one.b, one.products].forEach((values, k) => rows.set(values, k * facts.state));
    heat(c.canvas, Object.assign(rows, { shape: [3, facts.state] }));
    c.say(`C of output ${i}, B of input ${j}, and their ${facts.state} products, whose sum is C_i . B_j = ` +
      `${shown(one.product)}: blue below zero, orange above, the strongest ${shown(largest(rows))}. They are common to ` +
      `all heads; A of this head is ${shown(one.rate)}.`);
    if (!opened.open) return;
    products(["n", "C_i", "B_j", "C_i B_j"], [
      ...Array.from(one.products, (p, n) => [String(n), shown(one.c[n]), shown(one.b[n]), shown(p)]),
      ["sum", "", "", shown(one.product)]]);
  }

  function rowSum(i) {
    const m = view.of("m");
    const x = view.of("x");
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += m[i * facts.steps + j] * x[j];
    return sum;
  }

  function fromState(i) {
    const h = at(view.of("states"), i);
    return at(view.array("c"), i).reduce((sum, v, k) => sum + v * h[k], 0);
  }

  function skip(i) {
    return view.array("d")[head.value] * view.of("x")[i];
  }
}

/** The factors of M[i, j]. */
function entryOf(view, heads, i, j) {
  const dt = view.array("dt");
  const rate = view.array("a")[view.head];
  const b = at(view.array("b"), j);
  const c = at(view.array("c"), i);
  const products = c.map((v, k) => v * b[k]);
  const product = c.reduce((sum, v, k) => sum + v * b[k], 0);
  let time = 0;
  for (let t = j + 1; t <= i; t++) time += dt[t * heads + view.head];
  return { b, c, products, product, rate, time, decay: Math.exp(rate * time), width: dt[j * heads + view.head] };
}

function numbers(count) {
  return Array.from({ length: count }, (_, i) => String(i));
}
