package engine.kernel.scalar;

import engine.kernel.ReduceArgs;
import engine.kernel.SsdArgs;
import engine.kernel.Workers;
import engine.kernel.scalar.ScanLoops.View;
import engine.tensor.HeapStorage;
import engine.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * The gradient of {@link ScalarSsdScan}, given that of y, of the final state, or of both. What the
 * forward computed is computed anew. First every head of every sequence on its own ({@link
 * SsdHeadGrad}); then, per group and chunk,
 *
 * <pre>
 *   gradPairs = sum of the heads' gradPairs from +0, heads ascending
 *   gradC_i   = sum_j gradPairs_ij B_j  [+ the sum of the heads' state parts from +0, ascending]
 *   gradB_j   = sum_i gradPairs_ij C_i  [+ the sum of the heads' state parts from +0, ascending]
 * </pre>
 *
 * and the sums over sequences of gradA and gradD by N5. Sums over i and j are products by N1 over
 * all steps of the chunk, masked pairs being +0.
 */
final class ScalarSsdScanGrad {
  private final Workers workers;
  private final ScanLoops loops;
  private final SsdArgs args;
  private final SsdArrays in;
  private final SsdArrays out;
  private final boolean ofY;
  private final boolean ofState;

  /** Of y, of the final state, or of both; out says which gradients are wanted. */
  ScalarSsdScanGrad(
      Workers workers,
      ScanLoops loops,
      SsdArgs args,
      SsdArrays in,
      SsdArrays out,
      boolean ofY,
      boolean ofState) {
    this.workers = workers;
    this.loops = loops;
    this.args = args;
    this.in = in;
    this.out = out;
    this.ofY = ofY;
    this.ofState = ofState;
  }

  /**
   * @param gradY [batch,length,heads,headDim] or null
   * @param gradState [batch,heads,headDim,state] or null
   */
  void run(float @Nullable [] gradY, float @Nullable [] gradState) {
    int heads = args.batch() * args.heads();
    HeapStorage pairs = ofY ? ScalarSsdScan.pairs(workers, loops, args, in) : null;
    HeapStorage gradPairs = ofY ? scratch(args.longest()) : null;
    boolean passes = args.chunks() > 1;
    HeapStorage headB = scratch(passes || ofState ? args.state() : 0);
    HeapStorage headC = scratch(passes || in.initial() != null ? args.state() : 0);
    float[] headA = new float[heads];
    float[] headD = new float[heads];
    SsdHeadGrad.Parts parts =
        new SsdHeadGrad.Parts(
            HeapArrays.orNull(pairs),
            HeapArrays.orNull(gradPairs),
            HeapStorage.array(headB),
            HeapStorage.array(headC),
            headA,
            headD);
    workers.ranges(
        heads,
        1,
        (from, to) -> {
          SsdHeadGrad head = new SsdHeadGrad(loops, args, in, out, parts, gradY, gradState);
          for (int i = from; i < to; i++) {
            head.run(i);
          }
        });
    joinGroups(parts);
    joinSequences(headA, out.a());
    joinSequences(headD, out.d());
    headB.release();
    headC.release();
    if (ofY) {
      pairs.release();
      gradPairs.release();
    }
  }

  /** Rows of {@code width} for every step of every head. */
  private HeapStorage scratch(int width) {
    return HeapStorage.allocate(Shape.of(args.batch(), args.heads(), args.length(), width).size());
  }

  private void joinSequences(float[] parts, float[] sum) {
    if (sum != null) {
      ScalarReduce.sum(workers, new ReduceArgs(1, args.batch(), args.heads()), parts, sum);
    }
  }

  private void joinGroups(SsdHeadGrad.Parts parts) {
    int chunks = args.chunks();
    workers.ranges(
        args.batch() * args.groups() * chunks,
        1,
        (from, to) -> {
          float[] pairs = new float[args.longest() * args.longest()];
          float[] sum = new float[args.longest() * args.state()];
          for (int i = from; i < to; i++) {
            int sample = i / (args.groups() * chunks);
            int group = i / chunks % args.groups();
            join(parts, sample, group, i % chunks, pairs, sum);
          }
        });
  }

  private void join(
      SsdHeadGrad.Parts parts, int sample, int group, int chunk, float[] pairs, float[] sum) {
    int q = args.steps(chunk);
    int n = args.state();
    if (ofY) {
      sumHeads(parts.gradPairs(), args.longest(), q * q, sample, group, chunk, pairs);
    }
    View all = View.rows(pairs, 0, q);
    boolean passedOn = ofState || (ofY && chunk + 1 < args.chunks());
    boolean cameIn = ofY && (chunk > 0 || in.initial() != null);
    if (out.c() != null) {
      View target = ScalarSsdScan.c(args, out.c(), sample, group, chunk);
      loops.product(q, n, q, all, ScalarSsdScan.b(args, in.b(), sample, group, chunk), target);
      if (cameIn) {
        sumHeads(parts.headC(), n, q * n, sample, group, chunk, sum);
        add(sum, q, n, target);
      }
    }
    if (out.b() != null) {
      View target = ScalarSsdScan.b(args, out.b(), sample, group, chunk);
      if (ofY) {
        View c = ScalarSsdScan.c(args, in.c(), sample, group, chunk);
        loops.product(q, n, q, all.transposed(), c, target);
      } else {
        clear(q, n, target);
      }
      if (passedOn) {
        sumHeads(parts.headB(), n, q * n, sample, group, chunk, sum);
        add(sum, q, n, target);
      }
    }
  }

  /** The heads' parts of one chunk, added up from +0 with heads ascending. */
  private void sumHeads(
      float[] parts, int width, int size, int sample, int group, int chunk, float[] sum) {
    java.util.Arrays.fill(sum, 0, size, 0f);
    int per = args.headsPerGroup();
    for (int h = group * per; h < (group + 1) * per; h++) {
      int at = SsdHeadGrad.partAt(args, sample, h, chunk, width);
      for (int i = 0; i < size; i++) {
        sum[i] += parts[at + i];
      }
    }
  }

  private static void add(float[] part, int rows, int n, View target) {
    for (int i = 0; i < rows; i++) {
      int at = target.at() + i * target.row();
      for (int j = 0; j < n; j++) {
        target.data()[at + j] += part[i * n + j];
      }
    }
  }

  private static void clear(int rows, int n, View target) {
    for (int i = 0; i < rows; i++) {
      int at = target.at() + i * target.row();
      java.util.Arrays.fill(target.data(), at, at + n, 0f);
    }
  }
}
