package medsora.metric.network;

import static engine.op.layout.Layout.concat;

import engine.tensor.Tensor;
import java.util.Collection;
import java.util.List;
import nn.Module;
import nn.layer.BatchNorm;
import org.jspecify.annotations.Nullable;

/**
 * A convolution and the evaluation of the batch norm behind it as one convolution, or several of
 * one input side by side: folded at each use, or once and for all by {@link #fix}.
 */
abstract class FoldedUnit extends Module {
  private BatchNorm.@Nullable Folded fixed;

  /** Of the weights as they are now. */
  abstract BatchNorm.Folded fold();

  /** Weight and bias. */
  final BatchNorm.Folded folded() {
    return fixed == null ? fold() : fixed;
  }

  /** The units that {@link #fix} folds by themselves: all that this one's own fold leaves out. */
  Collection<? extends Module> below() {
    return children().values();
  }

  /** Convolutions of one input as one, their channels behind each other. */
  static BatchNorm.Folded join(List<? extends FoldedUnit> units) {
    List<BatchNorm.Folded> folded = units.stream().map(FoldedUnit::folded).toList();
    return new BatchNorm.Folded(
        concat(0, folded.stream().map(BatchNorm.Folded::weight).toList()),
        concat(0, folded.stream().map(BatchNorm.Folded::bias).toList()));
  }

  /**
   * Folds all units below a module, at the price of a second copy of their weights and of a third
   * in the form that kernels read. Later changes of the weights are not seen.
   */
  static void fix(Module module) {
    if (module instanceof FoldedUnit unit) {
      BatchNorm.Folded now = unit.fold();
      unit.fixed = new BatchNorm.Folded(kept(now.weight()), kept(now.bias()));
      unit.below().forEach(FoldedUnit::fix);
    } else {
      module.children().values().forEach(FoldedUnit::fix);
    }
  }

  /** In memory that no tape recycles. */
  private static Tensor kept(Tensor x) {
    return Tensor.constant(x.shape(), x.toArray());
  }
}
