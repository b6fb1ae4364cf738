package engine.kernel.scalar;

import static engine.kernel.scalar.HeapArrays.readOnlyOrNull;
import static engine.tensor.HeapStorage.array;

import engine.kernel.SsdArgs;
import engine.kernel.SsdScanKernels;
import engine.kernel.Workers;
import engine.kernel.scalar.ScanLoops.View;
import engine.tensor.HeapStorage;
import engine.tensor.Shape;
import engine.tensor.Storage;

/**
 * The state space scan of Mamba-2 in chunks (Dao and Gu 2024, listing 1): h_t = exp(dt_t A) h_{t-1}
 * + dt_t x_t B_t^T, y_t = C_t h_t + D x_t, the recurrence of Eq. 3, computed as blocks of the
 * matrix of Eq. 4. For each chunk of q steps of a head:
 *
 * <ol>
 *   <li>cs: one ascending chain of sums from +0 of dt_i * A, each product rounded;
 *   <li>segsum: decay_ij = exp(cs_i - cs_j) for j &lt;= i; nothing is computed for j &gt; i;
 *   <li>pairs: G_ij = sum_n C_in B_jn, once for all heads of a group; mix_ij = (G_ij * decay_ij) *
 *       dt_j, and +0 for j &gt; i;
 *   <li>chunk scan: y_ip = sum_j mix_ij x_jp over all j of the chunk; where a state S comes in, +
 *       exp(cs_i) * (sum_n C_in S_pn); where there is D, + D * x_ip;
 *   <li>chunk state: sum_j (x_jp * (exp(cs_last - cs_j) * dt_j)) B_jn;
 *   <li>state passing: S' = S * exp(cs_last) + chunk state, or the chunk state alone where none
 *       came in. Without an initial state none comes into the first chunk.
 * </ol>
 *
 * Sums over n and j are products by N1; every written operation is rounded once, in the order
 * written. The gradient is in {@link ScalarSsdScanGrad}. The listing itself, in double precision
 * and without a thought of speed, is {@link engine.reference.SsdListing}: the oracle of this class.
 */
public class ScalarSsdScan implements SsdScanKernels {
  private final Workers workers;
  private final ScanLoops loops;

  public ScalarSsdScan(Workers workers, ScanLoops loops) {
    this.workers = workers;
    this.loops = loops;
  }

  @Override
  public void forward(SsdArgs args, SsdArgs.Inputs inputs, Storage output) {
    SsdArrays in = SsdArrays.of(inputs);
    float[] y = array(output);
    HeapStorage pairs = pairs(workers, loops, args, in);
    float[] pairArray = HeapStorage.array(pairs);
    workers.ranges(
        args.batch() * args.heads(),
        1,
        (from, to) -> {
          SsdHead head = new SsdHead(loops, args, in);
          for (int i = from; i < to; i++) {
            head.begin(i);
            for (int c = 0; c < args.chunks(); c++) {
              head.chunk(c);
              head.segsum(pairArray, pairsAt(args, head.sample, args.group(head.head), c));
              head.chunkScan(y);
              if (c + 1 < args.chunks()) {
                head.statePassing();
              }
            }
          }
        });
    pairs.release();
  }

  @Override
  public void finalState(SsdArgs args, SsdArgs.Inputs inputs, Storage output) {
    SsdArrays in = SsdArrays.of(inputs);
    float[] state = array(output);
    int size = args.headDim() * args.state();
    workers.ranges(
        args.batch() * args.heads(),
        1,
        (from, to) -> {
          SsdHead head = new SsdHead(loops, args, in);
          for (int i = from; i < to; i++) {
            head.begin(i);
            for (int c = 0; c < args.chunks(); c++) {
              head.chunk(c);
              head.statePassing();
            }
            head.writeState(state, i * size);
          }
        });
  }

  @Override
  public void gradient(
      SsdArgs args, SsdArgs.Inputs in, Storage gradY, Storage gradState, SsdArgs.Gradients out) {
    boolean ofY = gradY != null;
    boolean ofState = gradState != null;
    new ScalarSsdScanGrad(workers, loops, args, SsdArrays.of(in), SsdArrays.of(out), ofY, ofState)
        .run(readOnlyOrNull(gradY), readOnlyOrNull(gradState));
  }

  /** The products C_i B_j of every chunk, [q,q] at {@link #pairsAt}. */
  static HeapStorage pairs(Workers workers, ScanLoops loops, SsdArgs args, SsdArrays in) {
    int chunks = args.chunks();
    HeapStorage pairs =
        HeapStorage.allocate(
            Shape.of(args.batch(), args.groups(), args.length(), args.longest()).size());
    float[] data = HeapStorage.array(pairs);
    workers.ranges(
        args.batch() * args.groups() * chunks,
        1,
        (from, to) -> {
          float[] packed = new float[args.longest() * args.state()];
          for (int i = from; i < to; i++) {
            int sample = i / (args.groups() * chunks);
            int group = i / chunks % args.groups();
            int chunk = i % chunks;
            int q = args.steps(chunk);
            View c = c(args, in.c(), sample, group, chunk);
            pack(b(args, in.b(), sample, group, chunk), q, args.state(), packed);
            int at = pairsAt(args, sample, group, chunk);
            loops.product(q, q, args.state(), c, View.rows(packed, 0, q), View.rows(data, at, q));
          }
        });
    return pairs;
  }

  /** The steps of one chunk and group in an array laid out like B. */
  static View b(SsdArgs args, float[] data, int sample, int group, int chunk) {
    return View.rows(data, args.bAt(sample, chunk * args.chunk(), group), args.bcRow());
  }

  /** The steps of one chunk and group in an array laid out like C. */
  static View c(SsdArgs args, float[] data, int sample, int group, int chunk) {
    return View.rows(data, args.cAt(sample, chunk * args.chunk(), group), args.bcRow());
  }

  /** packed [n, steps] = the first {@code steps} rows of a view, transposed. */
  static void pack(View view, int steps, int n, float[] packed) {
    for (int j = 0; j < steps; j++) {
      int at = view.at() + j * view.row();
      for (int i = 0; i < n; i++) {
        packed[i * steps + j] = view.data()[at + i];
      }
    }
  }

  /** Where the [q,q] products of a chunk are. */
  static int pairsAt(SsdArgs args, int sample, int group, int chunk) {
    return ((sample * args.groups() + group) * args.length() + chunk * args.chunk())
        * args.longest();
  }
}
