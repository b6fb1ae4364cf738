// Station 4: the matrix M of a scan, an entry of it written out, and the two other ways to y = M x.

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
  const map = canvasFigure(parts, "M", "large");
  const c = canvasFigure(parts, "C");
  const said = element(root, "output", { id: "matrix-said", for: "matrix-row matrix-column matrix-head" });
  pickOn(map.canvas, (i, j) => {
    row.set(i);
    column.set(j);
    entry();
  });
  element(root, "h3", {}, "The same as a recurrence and in chunks");
  const kind = choice(controls(root), "matrix-stage", "Stage", STAGES.map((s) => s.name), stages);
  const told = element(root, "p", { id: "matrix-stage-said" });
  const lower = figures(root);
  const states = canvasFigure(lower, "states", "large");
  const curve = element(lower, "figure", { class: "large" });
  const sums = element(root, "output", { id: "matrix-sum", for: "matrix-row matrix-head" });
  show();

  function scan() {
    return facts.scans[block.value * WALK_NAMES.length + walk.value];
  }

  function show() {
    const m = at(data.array(scan().m), head.value);
    heat(map.canvas, m);
    map.say(`M of head ${head.value}, ${facts.steps} x ${facts.steps}, up to ${shown(largest(m))}: row i is output, ` +
      "column j is input; nothing above the diagonal. Point at an entry, or use the sliders.");
    entry();
    stages();
  }

  function entry() {
    const s = scan();
    const i = row.value;
    const j = column.value;
    const found = at(data.array(s.m), head.value)[i * facts.steps + j];
    const one = entryOf(s, data, head.value, facts.heads, i, j);
    const rows = new Float32Array(2 * facts.state);
    rows.set(at(data.array(s.c), i), 0);
    rows.set(at(data.array(s.b), j), facts.state);
    heat(c.canvas, Object.assign(rows, { shape: [2, facts.state] }));
    c.say(`Above C of output ${i}, below B of input ${j}: ${facts.state} numbers each, common to all heads`);
    said.textContent = i < j
      ? `M[${i}, ${j}] = 0: output ${i} comes before input ${j}.`
      : `M[${i}, ${j}] = C_i . B_j ${shown(one.product)} x decay ${shown(one.decay)} x dt_j ${shown(one.width)} = ` +
        `${shown(one.product * one.decay * one.width)}; the model's scan has ${shown(found)}. ` +
        `The decay is exp(A x sum of dt from ${j + 1} to ${i}), A = ${shown(one.rate)}.`;
    const y = at(data.array(s.y), head.value)[i];
    sums.textContent = `First channel of head ${head.value}, output ${i}: M x = ${shown(rowSum(s, i))}; recurrence ` +
      `C_i . h_i = ${shown(fromState(s, i))}; chunks ${shown(at(data.array(s.sum), head.value)[i])}; with D x_i ` +
      `added ${shown(rowSum(s, i) + skip(s, i))}, and the model's own y is ${shown(y)}.`;
  }

  function rowSum(s, i) {
    const m = at(data.array(s.m), head.value);
    const x = at(data.array(s.x), head.value);
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += m[i * facts.steps + j] * x[j];
    return sum;
  }

  function fromState(s, i) {
    const h = at(at(data.array(s.states), head.value), i);
    const c = at(data.array(s.c), i);
    return c.reduce((sum, v, k) => sum + v * h[k], 0);
  }

  function skip(s, i) {
    return data.array(s.d)[head.value] * at(data.array(s.x), head.value)[i];
  }

  function stages() {
    const stage = STAGES[kind.value];
    const s = scan();
    told.textContent = stage.words.replace("CHUNK", facts.chunk).replace("MODEL", facts.modelChunk);
    const state = at(data.array(s[stage.state]), head.value);
    heat(states.canvas, state);
    states.say(`${stage.stateWords}: ${state.shape.join(" x ")} numbers of the first channel of head ${head.value}`);
    const steps = Array.from({ length: facts.steps }, (_, i) => i);
    const series = stage.outputs.map((name) => ({ name, x: steps, y: at(data.array(s[name]), head.value) }));
    lines(curve, `Outputs of the first channel against the step: ${stage.outputs.join(", ")}`, series);
  }
}

/** The factors of M[i, j]. */
function entryOf(scan, data, head, heads, i, j) {
  const dt = data.array(scan.dt);
  const rate = data.array(scan.a)[head];
  const b = at(data.array(scan.b), j);
  const product = at(data.array(scan.c), i).reduce((sum, v, k) => sum + v * b[k], 0);
  let time = 0;
  for (let t = j + 1; t <= i; t++) time += dt[t * heads + head];
  return { product, rate, decay: Math.exp(rate * time), width: dt[j * heads + head] };
}

function numbers(count) {
  return Array.from({ length: count }, (_, i) => String(i));
}

const STAGES = [
  { name: "recurrence", state: "states", stateWords: "The state behind every step", outputs: ["sum"],
    words: "Step by step: h_t = exp(dt A) h_(t-1) + dt x_t B_t, y_t = C_t . h_t. One row of numbers is all that is remembered." },
  { name: "1: each chunk by itself", state: "added", stateWords: "What each chunk adds", outputs: ["diagonal"],
    words: "Chunks of CHUNK steps for the eye (the model's own have MODEL): the blocks of M on the diagonal, as small attentions." },
  { name: "2: the state of each chunk", state: "added", stateWords: "What each chunk adds to the state", outputs: ["diagonal"],
    words: "What each chunk alone, from nothing, leaves behind: a state, however long the chunk is." },
  { name: "3: from chunk to chunk", state: "passed", stateWords: "The state before each chunk", outputs: ["diagonal"],
    words: "The recurrence, in strides of a chunk: the state decays over the chunk, and the chunk's own is added." },
  { name: "4: from states to outputs", state: "passed", stateWords: "The state before each chunk", outputs: ["offDiagonal"],
    words: "What the state before its chunk gives to each output: all blocks of M below the diagonal at once." },
  { name: "5: the sum", state: "passed", stateWords: "The state before each chunk", outputs: ["diagonal", "offDiagonal", "sum"],
    words: "Steps 1 and 4 added: y = M x." },
];
