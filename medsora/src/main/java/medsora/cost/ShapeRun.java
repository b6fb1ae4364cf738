package medsora.cost;

import engine.autodiff.Tape;
import engine.kernel.Backends;
import engine.tensor.Storage;
import java.util.Map;
import java.util.Set;
import nn.Module;

/**
 * A forward pass on shapes alone: the model's own code runs, its kernels only count.
 *
 * @param costs multiply-adds by module path
 * @param kept floats that the gradients would read, parameters not among them
 */
public record ShapeRun(Map<String, Cost> costs, long kept) {
  /** Under what name, below its block, attention stands among the costs: it has no parameters. */
  public static final String ATTENTION = CountingKernels.ATTENTION;

  /** Runs a forward pass of a module, which may be an outline, as training would record it. */
  public static ShapeRun of(Module module, Runnable forward) {
    CountingKernels counter = new CountingKernels(module);
    return Backends.with(
        counter.kernels(),
        () -> {
          try (Tape tape = Tape.open()) {
            forward.run();
            return new ShapeRun(counter.costs(), kept(module, tape));
          }
        });
  }

  /** Floats that a tape's gradients will read, without those of a module's parameters. */
  private static long kept(Module module, Tape tape) {
    Set<Storage> saved = tape.savedStorages();
    module.parameters().values().forEach(p -> saved.remove(p.value().storage()));
    return saved.stream().mapToLong(Storage::size).sum();
  }

  /** The sum over all modules. */
  public Cost total() {
    return costs.values().stream().reduce(Cost.NONE, Cost::plus);
  }
}
