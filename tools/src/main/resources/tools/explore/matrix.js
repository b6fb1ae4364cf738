// Station 4: the matrix M of a scan, an entry of it written out, and the two other ways to y = M x.

const WALK_NAMES = ["along the width", "along the width, back", "along the height", "along the height, back"];

function matrix(root, facts, data) {
  const depth = facts.scans.length / WALK_NAMES.length;
  const chunks = Math.ceil(facts.steps / facts.chunk);
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
  element(root, "p", {}, `Here the ${facts.steps} steps are cut into ${chunks} chunks of ${facts.chunk} (the model's own ` +
    `have ${facts.modelChunk}, longer than this sequence). Move on, and the numbers flow: from each chunk into a state, ` +
    "from state to state, and from there to the outputs. Of the state's numbers the table has the one that is largest " +
    "before the last chunk.");
  const lowerBar = controls(root);
  const kind = choice(lowerBar, "matrix-stage", "Way", STAGES.map((s) => s.name), () => {
    if (kind.value > 0) flow.set(kind.value * chunks - 1);
    stages();
  });
  const flow = slider(lowerBar, "matrix-flow", "Where the numbers are", (STAGES.length - 1) * chunks - 1, flowed,
    (p) => `step ${Math.floor(p / chunks) + 1} of 5, chunk ${(p % chunks) + 1} of ${chunks}`);
  player(lowerBar, "matrix", flow, flowed, 700);
  const told = element(root, "p", { id: "matrix-stage-said" });
  const numbersOf = table(root, "the five steps with their numbers, chunk by chunk");
  const lower = figures(root);
  const blocks = canvasFigure(lower, "the part of M");
  const states = canvasFigure(lower, "states");
  const curve = element(lower, "figure");
  const sums = element(root, "output", { id: "matrix-sum", for: "matrix-row matrix-head" });
  let drawn = "";
  kind.value = STAGES.length - 1;
  flow.set(flow.most);
  show();

  function scan() {
    return facts.scans[block.value * WALK_NAMES.length + walk.value];
  }

  function of(name) {
    return at(data.array(scan()[name]), head.value);
  }

  function show() {
    map.say(`M of head ${head.value}, ${facts.steps} x ${facts.steps}, blue below zero, orange above, up to ` +
      `${shown(largest(of("m")))}: row i is output, column j is input; nothing above the diagonal. Point at an entry, or ` +
      "use the sliders; its row and column are lit.");
    entry();
    stages();
  }

  function entry() {
    const s = scan();
    const i = row.value;
    const j = column.value;
    const found = of("m")[i * facts.steps + j];
    heat(map.canvas, of("m"), { cross: [i, j] });
    const one = entryOf(s, data, head.value, facts.heads, i, j);
    const ci = at(data.array(s.c), i);
    const bj = at(data.array(s.b), j);
    const rows = new Float32Array(3 * facts.state);
    rows.set(ci, 0);
    rows.set(bj, facts.state);
    rows.set(ci.map((v, k) => v * bj[k]), 2 * facts.state);
    heat(c.canvas, Object.assign(rows, { shape: [3, facts.state] }));
    c.say(`First row: C of output ${i}; second: B of input ${j}; third: their products, whose sum is C_i . B_j = ` +
      `${shown(one.product)}. ${facts.state} numbers each, common to all heads; A of this head is ${shown(one.rate)}`);
    said.textContent = i < j
      ? `M[${i}, ${j}] = 0: output ${i} comes before input ${j}.`
      : `M[${i}, ${j}] = C_i . B_j ${shown(one.product)} x decay ${shown(one.decay)} x dt_j ${shown(one.width)} = ` +
        `${shown(one.product * one.decay * one.width)}; the model's scan has ${shown(found)}. ` +
        (i === j ? "The decay is 1: nothing lies in between." :
          `The decay is exp(A x sum of dt from ${j + 1} to ${i}) = exp(${shown(one.rate)} x ${shown(one.time)}).`);
    sums.textContent = `First channel of head ${head.value}, output ${i}: M x = ${shown(rowSum(i))}; recurrence ` +
      `C_i . h_i = ${shown(fromState(s, i))}; chunks ${shown(of("sum")[i])}; with D x_i, ` +
      `what the layer passes by the scan, added ${shown(rowSum(i) + skip(s, i))}, and the model's own y is ${shown(of("y")[i])}.`;
  }

  function rowSum(i) {
    const m = of("m");
    const x = of("x");
    let sum = 0;
    for (let j = 0; j <= i; j++) sum += m[i * facts.steps + j] * x[j];
    return sum;
  }

  function fromState(s, i) {
    const h = at(of("states"), i);
    return at(data.array(s.c), i).reduce((sum, v, k) => sum + v * h[k], 0);
  }

  function skip(s, i) {
    return data.array(s.d)[head.value] * of("x")[i];
  }

  function flowed() {
    kind.value = Math.floor(flow.value / chunks) + 1;
    stages();
  }

  function stages() {
    const stage = STAGES[kind.value];
    told.textContent = stage.words;
    written();
    part();
    const name = [block.value, walk.value, head.value, kind.value].join();
    if (name === drawn) return;
    drawn = name;
    const state = of(stage.state);
    heat(states.canvas, state);
    states.say(`${stage.stateWords}: ${state.shape.join(" x ")} numbers of the first channel of head ${head.value}, a row each`);
    const steps = Array.from({ length: facts.steps }, (_, i) => i);
    lines(curve, `Outputs of the first channel: ${stage.outputs.map((o) => o.words).join(", ")}`, ["step", "y"],
      stage.outputs.map((o) => ({ name: o.words, x: steps, y: of(o.name) })));
  }

  /** The part of M that this way has come to. */
  function part() {
    const m = of("m");
    const unit = 1 / (largest(m) || 1);
    const n = facts.steps;
    const now = flow.value % chunks;
    const chunkOf = (t) => Math.floor(t / facts.chunk);
    const isPart = (i, j) => {
      const same = chunkOf(i) === chunkOf(j);
      if (kind.value === 1) return same && chunkOf(i) <= now;
      if (kind.value === 4) return !same && chunkOf(i) <= now;
      return kind.value === 0 || kind.value === 5 || same;
    };
    paint(blocks.canvas, n, n, (pixels) => {
      for (let i = 0, p = 0; i < n; i++) {
        for (let j = 0; j < n; j++, p++) {
          pixels[p] = j <= i && isPart(i, j) ? tone(BOTH_SIDES, (m[p] * unit + 1) / 2) : GREY;
        }
      }
    });
    blocks.say(`The part of M that ${STAGES[kind.value].part}; the rest grey`);
  }

  /** The five steps, each with its numbers as far as they have come. */
  function written() {
    const passed = of("passed");
    const added = of("added");
    const n = widest(passed);
    const s = scan();
    const cell = (stage, k) => {
      const last = Math.min(facts.steps, (k + 1) * facts.chunk) - 1;
      const own = shown(of("diagonal")[last]);
      const older = shown(of("offDiagonal")[last]);
      const before = (j) => shown(at(passed, j)[n]);
      if (stage === 0) return own;
      if (stage === 1) return shown(at(added, k)[n]);
      if (stage === 2) {
        return k === 0 ? "0" : `${shown(decayOf(s, k - 1))} x ${before(k - 1)} + ${shown(at(added, k - 1)[n])} = ${before(k)}`;
      }
      return stage === 3 ? older : `${own} + ${older} = ${shown(of("sum")[last])}`;
    };
    const words = ["1: y of the chunk by itself, at its last step", `2: what it adds to number ${n} of the state`,
      `3: number ${n} of the state before it: decay x the one before + what was added`,
      "4: y from the state before it, at its last step", "5: both added: y at its last step"];
    numbersOf(["Step", ...Array.from({ length: chunks }, (_, k) => `chunk ${k + 1}`)],
      words.map((name, stage) => [name, ...Array.from({ length: chunks }, (_, k) =>
        kind.value > 0 && stage * chunks + k <= flow.value ? cell(stage, k) : "")]),
      kind.value > 0 ? [Math.floor(flow.value / chunks), 1 + (flow.value % chunks)] : []);
  }

  /** The decay over a whole chunk. */
  function decayOf(s, k) {
    const dt = data.array(s.dt);
    let time = 0;
    for (let t = k * facts.chunk; t < Math.min(facts.steps, (k + 1) * facts.chunk); t++) time += dt[t * facts.heads + head.value];
    return Math.exp(data.array(s.a)[head.value] * time);
  }

  /** The number of the state that is largest before the last chunk. */
  function widest(passed) {
    const last = at(passed, chunks - 1);
    return last.reduce((best, v, n) => (Math.abs(v) > Math.abs(last[best]) ? n : best), 0);
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
  return { product, rate, time, decay: Math.exp(rate * time), width: dt[j * heads + head] };
}

function numbers(count) {
  return Array.from({ length: count }, (_, i) => String(i));
}

const DIAGONAL = { name: "diagonal", words: "from within the chunk" };
const BELOW = { name: "offDiagonal", words: "from the state before it" };
const SUM = { name: "sum", words: "sum" };

const STAGES = [
  { name: "recurrence", state: "states", stateWords: "The state behind every step", outputs: [SUM],
    part: "the recurrence goes through, a row at each step",
    words: "Step by step: h_t = exp(dt A) h_(t-1) + dt x_t B_t, y_t = C_t . h_t. One row of numbers, the state h, is all that is remembered." },
  { name: "chunks, 1: each by itself", state: "added", stateWords: "What each chunk adds", outputs: [DIAGONAL],
    part: "this step computes: the blocks on the diagonal",
    words: "1. Each chunk by itself: the blocks of M on the diagonal are made whole and multiplied with x, which machines do fast." },
  { name: "chunks, 2: the state of each", state: "added", stateWords: "What each chunk adds to the state", outputs: [DIAGONAL],
    part: "is done so far",
    words: "2. What each chunk alone, from nothing, leaves behind: a state of a fixed number of values, however long the chunk is." },
  { name: "chunks, 3: from chunk to chunk", state: "passed", stateWords: "The state before each chunk", outputs: [DIAGONAL],
    part: "is done so far",
    words: "3. The recurrence, but in strides of a chunk: the state decays over the chunk, and what the chunk adds is added." },
  { name: "chunks, 4: from states to outputs", state: "passed", stateWords: "The state before each chunk", outputs: [BELOW],
    part: "this step computes: all blocks below the diagonal",
    words: "4. What the state before its chunk gives to each output: all blocks of M below the diagonal at once." },
  { name: "chunks, 5: the sum", state: "passed", stateWords: "The state before each chunk", outputs: [DIAGONAL, BELOW, SUM],
    part: "all steps together are",
    words: "5. Steps 1 and 4 added: y = M x." },
];
