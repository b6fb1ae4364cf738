package engine.kernel.scalar;

import engine.kernel.SsdArgs;
import engine.kernel.scalar.ScanLoops.View;

/**
 * One head of one sequence on its way from chunk to chunk, with its working memory. States are kept
 * transposed, [state, headDim], so that the head's dimension is innermost in every product. The
 * formulas are those of {@link ScalarSsdScan}.
 */
final class SsdHead {
  private final ScanLoops loops;
  final SsdArgs args;
  final SsdArrays in;

  /** The chunk of x, [q, headDim]: a head's steps lie far apart, which caches dislike. */
  final float[] x;

  /** dt_i, cs_i, grow_i = exp(cs_i), fade_i = exp(cs_last - cs_i), fadeDt_i = fade_i * dt_i. */
  final float[] dt;

  final float[] cs;
  final float[] grow;
  final float[] fade;
  final float[] fadeDt;

  /** decay [q,q], pairDecay = CB^T * decay, mix = pairDecay * dt: the columns behind i are +0. */
  final float[] decay;

  final float[] pairDecay;
  final float[] mix;

  /** x_j * fadeDt_j, [q, headDim]. */
  final float[] faded;

  /** C_i times the incoming state, [q, headDim]. */
  final float[] read;

  /** The incoming state, transposed. */
  final float[] state;

  boolean hasState;
  int sample;
  int head;
  int first;
  int q;

  private final float[] added;

  SsdHead(ScanLoops loops, SsdArgs args, SsdArrays in) {
    int longest = args.longest();
    this.loops = loops;
    this.args = args;
    this.in = in;
    x = new float[longest * args.headDim()];
    dt = new float[longest];
    cs = new float[longest];
    grow = new float[longest];
    fade = new float[longest];
    fadeDt = new float[longest];
    decay = new float[longest * longest];
    pairDecay = new float[longest * longest];
    mix = new float[longest * longest];
    faded = new float[longest * args.headDim()];
    read = new float[longest * args.headDim()];
    state = new float[args.headDim() * args.state()];
    added = new float[args.headDim() * args.state()];
  }

  /** Turns to the first step of a head; {@code index} counts heads of all sequences. */
  void begin(int index) {
    sample = index / args.heads();
    head = index % args.heads();
    hasState = in.initial() != null;
    if (hasState) {
      transpose(in.initial(), index * state.length, args.headDim(), args.state(), state, 0);
    }
  }

  /** Loads a chunk: dt, the cumulative sums and what follows from them alone. */
  void chunk(int index) {
    first = index * args.chunk();
    q = args.steps(index);
    float sum = 0f;
    for (int i = 0; i < q; i++) {
      dt[i] = in.dt()[args.dtAt(sample, first + i, head)];
      sum += dt[i] * in.a()[head];
      cs[i] = sum;
      grow[i] = sum;
    }
    gather(ofX(in.x()), x);
    for (int i = 0; i < q; i++) {
      fade[i] = cs[q - 1] - cs[i];
    }
    loops.exp(grow, 0, q);
    loops.exp(fade, 0, q);
    for (int i = 0; i < q; i++) {
      fadeDt[i] = fade[i] * dt[i];
    }
  }

  /** decay, pairDecay and mix of the chunk from its products C_i B_j, [q,q] at {@code pairsAt}. */
  void segsum(float[] pairs, int pairsAt) {
    for (int i = 0; i < q; i++) {
      int row = i * q;
      for (int j = 0; j <= i; j++) {
        decay[row + j] = cs[i] - cs[j];
      }
      loops.exp(decay, row, row + i + 1);
      loops.multiply(pairs, pairsAt + row, decay, row, pairDecay, row, i + 1);
      loops.multiply(pairDecay, row, dt, 0, mix, row, i + 1);
      for (int j = i + 1; j < q; j++) {
        mix[row + j] = 0f;
      }
    }
  }

  /** y of the chunk, into y as laid out like x. */
  void chunkScan(float[] y) {
    loops.product(q, args.headDim(), q, View.rows(mix, 0, q), View.rows(x, 0, n()), ofY(y));
    if (hasState) {
      readState();
    }
    int n = args.headDim();
    for (int i = 0; i < q; i++) {
      int at = args.yAt(sample, first + i, head);
      if (hasState) {
        loops.addScaled(grow[i], read, i * n, y, at, n);
      }
      if (in.d() != null) {
        loops.addScaled(in.d()[head], x, i * n, y, at, n);
      }
    }
  }

  /** read = C state. */
  void readState() {
    loops.product(q, args.headDim(), args.state(), c(), stateRows(state), View.rows(read, 0, n()));
  }

  /** faded = x * fadeDt. */
  void fade() {
    for (int j = 0; j < q; j++) {
      loops.scale(fadeDt[j], x, j * n(), faded, j * n(), n());
    }
  }

  /** The state behind the chunk: what it adds (chunk state), and what it leaves of the old one. */
  void statePassing() {
    fade();
    View steps = View.rows(faded, 0, n());
    float[] target = hasState ? added : state;
    loops.product(args.state(), n(), q, b().transposed(), steps, stateRows(target));
    if (hasState) {
      loops.addScaled(grow[q - 1], state, 0, added, 0, state.length);
      System.arraycopy(added, 0, state, 0, state.length);
    }
    hasState = true;
  }

  /** Writes the state as [headDim, state]; zeros where there was neither a state nor a step. */
  void writeState(float[] target, int at) {
    if (!hasState) {
      java.util.Arrays.fill(target, at, at + state.length, 0f);
    } else {
      transpose(state, 0, args.state(), n(), target, at);
    }
  }

  /** Steps of this chunk and head in an array laid out like x. */
  View ofX(float[] data) {
    return View.rows(data, args.xAt(sample, first, head), args.xRow());
  }

  /** Steps of this chunk and head in an array laid out like y. */
  View ofY(float[] data) {
    return View.rows(data, args.yAt(sample, first, head), args.yRow());
  }

  /** The chunk's rows of a view, one behind the other. */
  void gather(View steps, float[] rows) {
    for (int i = 0; i < q; i++) {
      System.arraycopy(steps.data(), steps.at() + i * steps.row(), rows, i * n(), n());
    }
  }

  View b() {
    int at = args.bAt(sample, first, args.group(head));
    return View.rows(in.b(), at, args.bcRow());
  }

  View c() {
    int at = args.cAt(sample, first, args.group(head));
    return View.rows(in.c(), at, args.bcRow());
  }

  View stateRows(float[] data) {
    return View.rows(data, 0, n());
  }

  private int n() {
    return args.headDim();
  }

  /** target [cols, rows] = source [rows, cols] transposed. */
  static void transpose(float[] source, int from, int rows, int cols, float[] target, int to) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < cols; c++) {
        target[to + c * rows + r] = source[from + r * cols + c];
      }
    }
  }
}
