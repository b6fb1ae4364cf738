// Station 4, the third way to y: in chunks, of which only a state is passed on.

/** What it gives back shows another scan. */
function chunks(root, facts, view) {
  const count = Math.ceil(facts.steps / facts.chunk);
  element(root, "h3", {}, "The same in chunks");
  element(root, "p", {}, `Here the ${facts.steps} steps are cut into ${count} chunks of ${facts.chunk} (the model's own ` +
    `have ${facts.modelChunk}, longer than this sequence). Move on, and the numbers flow: from each chunk into a state, ` +
    "from state to state, and from there to the outputs. Of the state's numbers the table has the one that is largest " +
    "before the last chunk.");
  const bar = controls(root);
  const kind = choice(bar, "matrix-stage", "Step", STAGES.map((s) => s.name), () => {
    flow.set((kind.value + 1) * count - 1);
    stages();
  });
  const flow = slider(bar, "matrix-flow", "Where the numbers are", STAGES.length * count - 1, () => {
    kind.value = Math.floor(flow.value / count);
    stages();
  }, (p) => `step ${Math.floor(p / count) + 1} of ${STAGES.length}, chunk ${(p % count) + 1} of ${count}`);
  player(bar, "matrix", flow, () => {
    kind.value = Math.floor(flow.value / count);
    stages();
  }, 700);
  const told = element(root, "p", { id: "matrix-stage-said" });
  const numbersOf = table(root, "the five steps with their numbers, chunk by chunk");
  const lower = figures(root);
  const part = mapFigure(lower, "the part of M", {
    across: counted("input position j", facts.steps), down: counted("output position i", facts.steps) });
  const states = mapFigure(lower, "states", {
    across: counted("number n of the state", facts.state), down: counted("chunk", count) });
  const curve = element(lower, "figure");
  let drawn = "";
  kind.value = STAGES.length - 1;
  flow.set(flow.most);
  return stages;

  function stages() {
    const stage = STAGES[kind.value];
    told.textContent = stage.words;
    written();
    ofMatrix();
    const name = `${view.name},${kind.value}`;
    if (name === drawn) return;
    drawn = name;
    const state = view.of(stage.state);
    heat(states.canvas, state);
    states.say(`${stage.stateWords}: ${state.shape.join(" x ")} numbers of the first channel of head ${view.head}, a row each, ` +
      `blue below zero, orange above, the strongest ${shown(largest(state))}`);
    const steps = Array.from({ length: facts.steps }, (_, i) => i);
    lines(curve, `Outputs of the first channel: ${stage.outputs.map((o) => o.words).join(", ")}`, ["step", "y"],
      stage.outputs.map((o) => ({ name: o.words, x: steps, y: view.of(o.name) })));
  }

  /** The part of M that this step has come to. */
  function ofMatrix() {
    const m = view.of("m");
    const unit = 1 / (largest(m) || 1);
    const n = facts.steps;
    const now = flow.value % count;
    const chunkOf = (t) => Math.floor(t / facts.chunk);
    const isPart = (i, j) => {
      const same = chunkOf(i) === chunkOf(j);
      if (kind.value === 0) return same && chunkOf(i) <= now;
      if (kind.value === 3) return !same && chunkOf(i) <= now;
      return kind.value === 4 || same;
    };
    paint(part.canvas, n, n, (pixels) => {
      for (let i = 0, p = 0; i < n; i++) {
        for (let j = 0; j < n; j++, p++) {
          pixels[p] = j <= i && isPart(i, j) ? tone(BOTH_SIDES, (m[p] * unit + 1) / 2) : GREY;
        }
      }
    });
    part.say(`The part of M that ${STAGES[kind.value].part}; the rest grey`);
  }

  /** The five steps, each with its numbers as far as they have come. */
  function written() {
    const passed = view.of("passed");
    const added = view.of("added");
    const n = widest(passed);
    const cell = (stage, k) => {
      const last = Math.min(facts.steps, (k + 1) * facts.chunk) - 1;
      const own = shown(view.of("diagonal")[last]);
      const older = shown(view.of("offDiagonal")[last]);
      const before = (j) => shown(at(passed, j)[n]);
      if (stage === 0) return own;
      if (stage === 1) return shown(at(added, k)[n]);
      if (stage === 2) {
        return k === 0 ? "0" : `${shown(decayOf(k - 1))} x ${before(k - 1)} + ${shown(at(added, k - 1)[n])} = ${before(k)}`;
      }
      return stage === 3 ? older : `${own} + ${older} = ${shown(view.of("sum")[last])}`;
    };
    const words = ["1: y of the chunk by itself, at its last step", `2: what it adds to number ${n} of the state`,
      `3: number ${n} of the state before it: decay x the one before + what was added`,
      "4: y from the state before it, at its last step", "5: both added: y at its last step"];
    numbersOf(["Step", ...Array.from({ length: count }, (_, k) => `chunk ${k + 1}`)],
      words.map((name, stage) => [name, ...Array.from({ length: count }, (_, k) =>
        stage * count + k <= flow.value ? cell(stage, k) : "to come")]),
      [Math.floor(flow.value / count), 1 + (flow.value % count)]);
  }

  /** The decay over a whole chunk. */
  function decayOf(k) {
    const dt = view.array("dt");
    let time = 0;
    for (let t = k * facts.chunk; t < Math.min(facts.steps, (k + 1) * facts.chunk); t++) time += dt[t * facts.heads + view.head];
    return Math.exp(view.array("a")[view.head] * time);
  }

  /** The number of the state that is largest before the last chunk. */
  function widest(passed) {
    const last = at(passed, count - 1);
    return last.reduce((best, v, n) => (Math.abs(v) > Math.abs(last[best]) ? n : best), 0);
  }
}

const DIAGONAL = { name: "diagonal", words: "from within the chunk" };
const BELOW = { name: "offDiagonal", words: "from the state before it" };
const SUM = { name: "sum", words: "sum" };

const STAGES = [
  { name: "1: each chunk by itself", state: "added", stateWords: "What each chunk adds", outputs: [DIAGONAL],
    part: "this step computes: the blocks on the diagonal",
    words: "1. Each chunk by itself: the blocks of M on the diagonal are made whole and multiplied with x, which machines do fast." },
  { name: "2: the state of each", state: "added", stateWords: "What each chunk adds to the state", outputs: [DIAGONAL],
    part: "is done so far",
    words: "2. What each chunk alone, from nothing, leaves behind: a state of a fixed number of values, however long the chunk is." },
  { name: "3: from chunk to chunk", state: "passed", stateWords: "The state before each chunk", outputs: [DIAGONAL],
    part: "is done so far",
    words: "3. The recurrence, but in strides of a chunk: the state decays over the chunk, and what the chunk adds is added." },
  { name: "4: from states to outputs", state: "passed", stateWords: "The state before each chunk", outputs: [BELOW],
    part: "this step computes: all blocks below the diagonal",
    words: "4. What the state before its chunk gives to each output: all blocks of M below the diagonal at once." },
  { name: "5: the sum", state: "passed", stateWords: "The state before each chunk", outputs: [DIAGONAL, BELOW, SUM],
    part: "all steps together are",
    words: "5. Steps 1 and 4 added: y = M x." },
];
