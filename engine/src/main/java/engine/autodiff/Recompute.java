package engine.autodiff;

import engine.kernel.Kernels;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Activation recomputation (PyTorch: checkpoint): runs a function without recording its inside and
 * runs it again during backward. It trades one more forward for the memory of all intermediates.
 * The function must be pure: the same inputs give the same bits, random draws included, which holds
 * for counter-based draws whose keys it captures (numeric contract N10). The gradients that arise
 * inside are added to the same sums in the same order as without recomputation, so the bits agree.
 * A function that meets nothing a gradient leads to is not run again.
 */
public final class Recompute {
  private static final ThreadLocal<Integer> AGAIN = ThreadLocal.withInitial(() -> 0);

  private Recompute() {}

  /**
   * Whether a function runs on this thread for the second time, during backward. What changes state
   * beside its results (running statistics) must leave it alone then.
   */
  public static boolean isRunningAgain() {
    return AGAIN.get() > 0;
  }

  public static Tensor checkpoint(Function<List<Tensor>, Tensor> function, Tensor... inputs) {
    return checkpointAll(in -> List.of(function.apply(in)), inputs).get(0);
  }

  /** The form for functions with several results. */
  public static List<Tensor> checkpointAll(
      Function<List<Tensor>, List<Tensor>> function, Tensor... inputs) {
    Tape outer = Tape.current();
    List<Tensor> in = List.of(inputs);
    if (outer == null || !outer.isRecording()) {
      return function.apply(in);
    }
    List<Tensor> out;
    boolean again;
    List<Object> leaves = new ArrayList<>();
    try (Tape pause = Tape.watching(outer)) {
      List<Tensor> results = function.apply(in);
      again = pause.wasTouched(results);
      in.forEach(pause::meet);
      leaves.addAll(pause.metLeaves());
      out = results.stream().map(t -> pause.keep(t).view(t.shape())).toList();
    }
    if (!again) {
      return out;
    }
    List<Storage> reads = in.stream().map(Tensor::storage).toList();
    outer.record(out, new Again(outer, function, in), reads, leaves);
    return out;
  }

  private record Again(
      Tape outer, Function<List<Tensor>, List<Tensor>> function, List<Tensor> inputs)
      implements Tape.Backward {
    @Override
    public void run(Kernels kernels, List<Tensor> gradOutputs, Accumulator sink) {
      try (Tape inner = Tape.inside(outer)) {
        List<Tensor> out = again();
        Accumulator sums = inner.accumulator(sink);
        for (int i = out.size() - 1; i >= 0; i--) {
          if (gradOutputs.get(i) != null) {
            sums.add(inner.target(out.get(i)), gradOutputs.get(i));
          }
        }
        sums.walk(inner.nodes());
      }
    }

    private List<Tensor> again() {
      AGAIN.set(AGAIN.get() + 1);
      try {
        return function.apply(inputs);
      } finally {
        AGAIN.set(AGAIN.get() - 1);
      }
    }
  }
}
