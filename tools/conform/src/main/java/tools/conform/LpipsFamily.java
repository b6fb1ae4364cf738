package tools.conform;

import static engine.op.reduce.Reduce.mean;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.op.layout.Layout;
import engine.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import medsora.perceptual.Lpips;
import medsora.perceptual.TrunkKind;
import nn.Module;

/**
 * {@code lpips_KIND_formula} of a trunk, such as {@code lpips_alex_formula}: the distance of two
 * pairs, what each layer adds, and the gradient of the mean distance for the first pictures.
 */
final class LpipsFamily implements Family {
  static final Limits LIMITS = Limits.noise(6e-6);

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    Lpips lpips = new Lpips(kind(file));
    FormulaWeights.of(file).fill(new Published(lpips));
    Tensor b = file.tensor("in.b");
    try (Tape tape = Tape.open()) {
      Tensor a = file.tensor("in.a").asParameter();
      List<Tensor> layers = lpips.layers(a, b);
      Tensor value = lpips.distances(a, b);
      check.floats("out.value", value);
      check.floats("out.per_layer", rows(layers));
      Gradients g = tape.backward(mean(value));
      check.floats("grad.mean.in.a", g.of(a));
    }
  }

  private static TrunkKind kind(FixtureFile file) {
    String name = file.path().getFileName().toString();
    for (TrunkKind kind : TrunkKind.values()) {
      if (name.startsWith("lpips_" + kind.name().toLowerCase(Locale.ROOT))) {
        return kind;
      }
    }
    throw new UnfitException(name + " names none of " + List.of(TrunkKind.values()));
  }

  private static Tensor rows(List<Tensor> layers) {
    return Layout.concat(0, layers.stream().map(t -> Layout.reshape(t, 1, t.dim(0))).toList());
  }

  /** The order of the published state dict, where heads stand a second time. */
  private static final class Published extends Module {
    Published(Lpips lpips) {
      child("scaling_layer", new Constants());
      child("net", lpips.trunk());
      child("", lpips.heads());
      child("lins", lpips.heads());
    }
  }

  /** Two constants that the formula leaves alone. */
  private static final class Constants extends Module {
    Constants() {
      buffer("shift", Tensor.scalar(0f));
      buffer("scale", Tensor.scalar(1f));
    }
  }
}
