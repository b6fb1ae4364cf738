package medsora.diffusion;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.scale;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A walk by a multistep solver: it remembers the last estimates of x_0 and, where it corrects, the
 * state that it came from. Coefficients are rounded to float32 where they meet tensors (N14), and
 * sums run from x to the oldest estimate.
 */
final class MultistepWalk {
  private final MultistepTable table;
  private final int order;
  private final boolean corrects;
  private final Tensor z;
  private final Deque<Tensor> starts = new ArrayDeque<>();
  private @Nullable Tensor from;
  private int lastOrder;

  private MultistepWalk(Schedule schedule, Tensor z, int order, boolean corrects) {
    this.table = MultistepTable.of(schedule);
    this.z = z;
    this.order = order;
    this.corrects = corrects;
  }

  /**
   * By DPM-Solver++(2M).
   *
   * @param z where it begins, the caller's
   */
  static MultistepWalk dpmSolver(Schedule schedule, Tensor z) {
    return new MultistepWalk(schedule, z, 2, false);
  }

  /**
   * By UniPC.
   *
   * @param z where it begins, the caller's
   */
  static MultistepWalk uniPc(Schedule schedule, Tensor z, int order) {
    return new MultistepWalk(schedule, z, order, true);
  }

  /**
   * From step i to the next.
   *
   * @param start the estimate of x_0 at step i
   * @param scope that ends with the step, and from which is kept what is remembered
   */
  Tensor next(int i, Tensor x, Tensor start, Tape scope) {
    Tensor at = from == null ? x : corrected(i, from, start);
    starts.addFirst(scope.keep(start));
    if (starts.size() > order) {
      release(starts.removeLast());
    }
    // The last moves have fewer steps before them than the order wants, as published.
    lastOrder = Math.min(Math.min(order, starts.size()), i + 1);
    if (!corrects) {
      return apply(table.dpmSolver(i, starts.size()), at, List.copyOf(starts));
    }
    if (from != null) {
      release(from);
    }
    from = scope.keep(at);
    return apply(table.predictor(i, lastOrder), at, List.copyOf(starts));
  }

  private Tensor corrected(int i, Tensor from, Tensor start) {
    List<Tensor> estimates = new ArrayList<>(starts);
    estimates.addFirst(start);
    return apply(table.corrector(i, lastOrder), from, estimates);
  }

  private static Tensor apply(MultistepTable.Move move, Tensor x, List<Tensor> starts) {
    Tensor sum = scale(x, (float) move.sample());
    for (int k = 0; k < move.starts().length; k++) {
      sum = add(sum, scale(starts.get(k), (float) move.starts()[k]));
    }
    return sum;
  }

  /** What is not asked for any more goes back to the pool at once. */
  private void release(Tensor tensor) {
    if (tensor != z) {
      tensor.storage().release();
    }
  }

  /** Gives back what is remembered. */
  void end() {
    starts.forEach(this::release);
    starts.clear();
    if (from != null) {
      release(from);
      from = null;
    }
  }
}
