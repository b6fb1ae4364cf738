package engine.kernel.opencl;

import engine.kernel.ReduceArgs;
import engine.kernel.SsdArgs;
import engine.tensor.Storage;
import java.util.ArrayList;
import java.util.List;
import org.jocl.cl_mem;

/**
 * One call of the state space scan or of its gradient, as a row of kernels, each over all heads and
 * chunks: the formulas and the order of every sum are those of {@code
 * engine.kernel.scalar.ScalarSsdScan}, {@code SsdHead} and {@code SsdHeadGrad}.
 */
final class OpenClSsdRun extends OpenClFamily {
  /** States that one work-item takes where a factor is shared. */
  static final int MANY = 8;

  private final SsdArgs args;
  private final SsdArgs.Inputs in;
  private final int[] sizes;
  private final int[] rows;
  private final int heads;
  private final int steps;
  private final int tables;
  private final int states;
  private final List<OpenClStorage> scratch = new ArrayList<>();

  private final cl_mem grow;
  private final cl_mem fade;
  private final cl_mem fadeDt;
  private final cl_mem state;
  private cl_mem decays;
  private cl_mem pairDecay;
  private cl_mem mix;
  private final cl_mem cs;

  /** Steps and what each chunk adds; the rest is asked for. */
  OpenClSsdRun(OpenClContext context, SsdArgs args, SsdArgs.Inputs in) {
    super(context, "ssd_scan");
    this.args = args;
    this.in = in;
    this.heads = args.batch() * args.heads();
    this.steps = heads * args.length();
    this.tables = steps * args.longest();
    this.states = heads * args.chunks() * args.state() * args.headDim();
    this.sizes =
        new int[] {
          args.batch(),
          args.length(),
          args.heads(),
          args.headDim(),
          args.groups(),
          args.state(),
          args.chunk(),
          args.longest()
        };
    this.rows = new int[] {args.xRow(), args.bcRow(), args.bAt(0, 0, 0), args.cAt(0, 0, 0)};
    this.cs = take(steps);
    this.grow = take(steps);
    this.fade = take(steps);
    this.fadeDt = take(steps);
    this.state = take(states);
    int chunks = heads * args.chunks();
    run("ssd_steps", chunks, sizes, in(in.dt()), in(in.a()), cs, grow, fade, fadeDt);
    run(
        "ssd_chunk_states",
        states / args.state() * blocks(),
        sizes,
        rows,
        in(in.x()),
        in(in.b()),
        fadeDt,
        state);
  }

  private cl_mem take(int size) {
    OpenClStorage storage = scratch(size);
    scratch.add(storage);
    return storage.memory();
  }

  private void zero(cl_mem steps) {
    context().run("elementwise", "fill", this.steps, 0f, steps);
  }

  /** Gives the scratch memory back. */
  void close() {
    scratch.forEach(OpenClStorage::release);
  }

  /** Blocks of states, each of one work-item. */
  private int blocks() {
    return Math.ceilDiv(args.state(), MANY);
  }

  private int initial() {
    return flag(in.initial());
  }

  /** Turns what chunks add into what comes into them; the final state too where it is wanted. */
  private void pass(Storage last) {
    int items = heads * args.state() * args.headDim();
    run("ssd_pass", items, sizes, initial(), flag(last), grow, in(in.initial()), state, out(last));
  }

  private void tables() {
    int pairs = args.batch() * args.groups() * args.length() * args.longest();
    cl_mem products = take(pairs);
    decays = take(tables);
    pairDecay = take(tables);
    mix = take(tables);
    run("ssd_pairs", pairs, sizes, rows, in(in.b()), in(in.c()), products);
    run("ssd_mix", tables, sizes, products, cs, in(in.dt()), decays, pairDecay, mix);
  }

  /** y of the scan. */
  void scan(Storage y) {
    pass(null);
    tables();
    run(
        "ssd_scan",
        steps * args.headDim(),
        sizes,
        rows,
        initial(),
        flag(in.d()),
        in(in.x()),
        in(in.c()),
        in(in.d()),
        grow,
        mix,
        state,
        out(y));
  }

  /** The state behind the last step. */
  void finalState(Storage last) {
    pass(last);
  }

  /** All gradients from those of y and of the final state. */
  void gradient(Storage gradY, Storage gradState, SsdArgs.Gradients out) {
    pass(null);
    int ofY = flag(gradY);
    int ofState = flag(gradState);
    int chunks = heads * args.chunks();
    int rowsOfHeads = steps * args.headDim();
    cl_mem gradStep = take(steps);
    cl_mem gradDt = take(steps);
    cl_mem gradPairs = take(ofY == 1 ? tables : 1);
    cl_mem grown = take(ofY == 1 ? rowsOfHeads : 1);
    cl_mem headB = take(steps * args.state());
    cl_mem headC = take(steps * args.state());
    cl_mem back = take(states);
    cl_mem pull = take(rowsOfHeads);
    cl_mem faded = take(rowsOfHeads);
    cl_mem g = in(gradY);
    if (ofY == 1) {
      throughMix(g, gradPairs, gradDt, gradStep);
      throughRead(g, grown, headC, gradStep);
    } else {
      zero(gradDt);
      zero(gradStep);
      mix = take(1);
    }
    run(
        "ssd_grad_back",
        heads * args.state() * args.headDim(),
        sizes,
        rows,
        ofY,
        ofState,
        initial(),
        flag(out.initial()),
        in(in.c()),
        grow,
        grown,
        in(gradState),
        back,
        out(out.initial()));
    cl_mem whole = take(chunks);
    cl_mem rowSums = take(chunks * args.state());
    run("ssd_grad_whole", chunks, sizes, initial(), grow, state, back, rowSums, whole);
    run(
        "ssd_grad_pull",
        rowsOfHeads,
        sizes,
        rows,
        in(in.x()),
        in(in.b()),
        fadeDt,
        back,
        pull,
        faded);
    run("ssd_grad_parts", steps * blocks(), sizes, faded, back, headB);
    run(
        "ssd_grad_through_state",
        chunks,
        sizes,
        rows,
        ofState,
        initial(),
        in(in.x()),
        fade,
        fadeDt,
        pull,
        whole,
        gradDt,
        gradStep);
    run(
        "ssd_grad_x",
        rowsOfHeads,
        sizes,
        rows,
        ofY,
        ofState,
        flag(in.d()),
        g,
        in(in.d()),
        mix,
        fadeDt,
        pull,
        out(out.x()));
    run("ssd_grad_dt", steps, sizes, in(in.a()), gradDt, gradStep, out(out.dt()));
    ofHeads(g, gradStep, out);
    ofGroups(ofY, ofState, gradPairs, headB, headC, out);
  }

  private void throughMix(cl_mem g, cl_mem gradPairs, cl_mem gradDt, cl_mem gradStep) {
    tables();
    cl_mem gradMix = take(tables);
    run(
        "ssd_grad_mix",
        tables,
        sizes,
        rows,
        in(in.x()),
        g,
        in(in.dt()),
        decays,
        gradMix,
        gradPairs);
    run("ssd_grad_columns", steps, sizes, pairDecay, mix, gradMix, gradDt);
    run("ssd_grad_steps", steps, sizes, gradMix, gradStep);
  }

  private void throughRead(cl_mem g, cl_mem grown, cl_mem headC, cl_mem gradStep) {
    cl_mem read = take(steps * args.headDim());
    cl_mem shares = take(steps);
    run(
        "ssd_grad_read",
        steps,
        sizes,
        rows,
        initial(),
        in(in.c()),
        g,
        grow,
        state,
        grown,
        read,
        shares);
    run("ssd_grad_later", heads * args.chunks(), sizes, initial(), grow, shares, gradStep);
    run("ssd_grad_parts", steps * blocks(), sizes, grown, state, headC);
  }

  /** Gradients of A and D: shares of each head of each sequence, added over the sequences. */
  private void ofHeads(cl_mem g, cl_mem gradStep, SsdArgs.Gradients out) {
    OpenClStorage ofA = scratch(heads);
    OpenClStorage ofD = scratch(heads);
    run(
        "ssd_grad_heads",
        heads,
        sizes,
        rows,
        flag(out.d()),
        in(in.x()),
        in(in.dt()),
        g,
        gradStep,
        take(heads * args.headDim()),
        ofA.memory(),
        ofD.memory());
    OpenClReduce sums = new OpenClReduce(context());
    ReduceArgs overBatch = new ReduceArgs(1, args.batch(), args.heads());
    if (out.a() != null) {
      sums.sum(overBatch, ofA, out.a());
    }
    if (out.d() != null) {
      sums.sum(overBatch, ofD, out.d());
    }
    ofA.release();
    ofD.release();
  }

  private void ofGroups(
      int ofY, int ofState, cl_mem gradPairs, cl_mem headB, cl_mem headC, SsdArgs.Gradients out) {
    if (out.b() == null && out.c() == null) {
      return;
    }
    int pairs = args.batch() * args.groups() * args.length() * args.longest();
    cl_mem all = take(pairs);
    run("ssd_grad_join", pairs, sizes, ofY, gradPairs, all);
    run(
        "ssd_grad_bc",
        args.batch() * args.length() * args.groups() * args.state(),
        sizes,
        rows,
        ofY,
        ofState,
        initial(),
        flag(out.b()),
        flag(out.c()),
        in(in.b()),
        in(in.c()),
        all,
        headB,
        headC,
        out(out.b()),
        out(out.c()));
  }
}
