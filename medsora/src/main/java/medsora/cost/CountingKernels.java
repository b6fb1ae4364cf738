package medsora.cost;

import engine.kernel.AdamState;
import engine.kernel.AttentionArgs;
import engine.kernel.CausalConv1dArgs;
import engine.kernel.Conv3dArgs;
import engine.kernel.InterceptedKernels;
import engine.kernel.Kernels;
import engine.kernel.MatmulArgs;
import engine.kernel.NormGradients;
import engine.kernel.NormInputs;
import engine.kernel.NormSaved;
import engine.kernel.RmsNormGradients;
import engine.kernel.RmsNormInputs;
import engine.kernel.SsdArgs;
import engine.kernel.UpsampleConvArgs;
import engine.kernel.WinogradArgs;
import engine.tensor.Shape;
import engine.tensor.Storage;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import nn.Module;
import org.jspecify.annotations.Nullable;

/**
 * Kernels that compute nothing and count what they would. A kernel belongs to the module whose
 * parameter it reads; one that reads none to the module that wrote its first input.
 */
final class CountingKernels implements InterceptedKernels.Handler {
  /** Under what name the attention of a block stands; it has no parameters of its own. */
  static final String ATTENTION = "(attention)";

  private final Map<Storage, String> owners = new IdentityHashMap<>();
  private final Map<String, Cost> costs = new LinkedHashMap<>();

  CountingKernels(Module module) {
    module
        .parameters()
        .forEach((name, p) ->
            owners.put(p.value().storage(), name.substring(0, Math.max(0, name.lastIndexOf('.')))));
  }

  Kernels kernels() {
    return InterceptedKernels.of(this);
  }

  /** Costs by the path of the module. */
  Map<String, Cost> costs() {
    return costs;
  }

  @Override
  public @Nullable Object answer(InterceptedKernels.Call call) {
    return switch (call.name()) {
      case "name" -> "shapes";
      case "finish", "close" -> null;
      case "allocate" -> ShapeStorage.allocate((int) call.arguments()[0]);
      default -> {
        count(call);
        yield null;
      }
    };
  }

  private void count(InterceptedKernels.Call call) {
    List<Storage> touched = new ArrayList<>();
    for (Object argument : call.arguments()) {
      touched.addAll(storages(argument));
    }
    String owner = owner(touched);
    Cost cost = cost(call.name(), call.arguments());
    if (!cost.equals(Cost.NONE)) {
      String path = Objects.requireNonNullElse(owner, "");
      String at = cost.attention() > 0 ? parent(path) + ATTENTION : path;
      costs.merge(at, cost, Cost::plus);
    }
    for (Storage s : touched) {
      if (s instanceof ShapeStorage shapes) {
        shapes.writtenBy(owner);
      }
    }
  }

  private static String parent(String path) {
    return path.substring(0, path.lastIndexOf('.') + 1);
  }

  /** Of an argument: itself, or those of a record; not where the gradients of a scan go. */
  private static List<Storage> storages(Object argument) {
    return switch (argument) {
      case Storage s -> List.of(s);
      case SsdArgs.Inputs in ->
          present(in.d(), in.x(), in.dt(), in.a(), in.b(), in.c(), in.initial());
      case NormInputs in -> present(in.x(), in.weight(), in.bias());
      case NormSaved in -> present(in.x(), in.weight(), in.mean(), in.spread());
      case NormGradients out -> present(out.x(), out.weight(), out.bias());
      case RmsNormInputs in -> present(in.x(), in.z(), in.weight());
      case RmsNormGradients out -> present(out.x(), out.z(), out.weightTerms());
      case AdamState in -> present(in.p(), in.gradient(), in.m(), in.v());
      case null, default -> List.of();
    };
  }

  private static List<Storage> present(@Nullable Storage... some) {
    return Stream.of(some).filter(Objects::nonNull).toList();
  }

  /** Null where no module has anything to do with it. */
  private @Nullable String owner(List<Storage> touched) {
    for (Storage s : touched) {
      if (owners.containsKey(s)) {
        return owners.get(s);
      }
    }
    for (Storage s : touched) {
      if (s instanceof ShapeStorage shapes && shapes.writer() != null) {
        return shapes.writer();
      }
    }
    return null;
  }

  /**
   * The formulas; every tap counts, those that meet padding too. The gradient of a convolution for
   * its input, and that for its weight, each have the products of the convolution.
   */
  private static Cost cost(String kernel, Object... arguments) {
    return switch (arguments[0]) {
      case Conv3dArgs a ->
          Cost.ofProducts(
              (long) a.n() * a.co() * a.groupIn() * a.taps() * a.positions(),
              Shape.of(a.n(), a.co(), a.to(), a.ho(), a.wo()));
      case WinogradArgs a ->
          Cost.ofProducts(direct(a), Shape.of(a.n(), a.co(), a.to(), a.ho(), a.wo()));
      case UpsampleConvArgs a ->
          Cost.ofProducts(
              (long) a.n() * a.co() * a.ci() * UpsampleConvArgs.TAPS * a.t() * 4 * a.h() * a.w(),
              Shape.of(a.n(), a.co(), a.t(), 2 * a.h(), 2 * a.w()));
      case MatmulArgs a ->
          Cost.ofProducts((long) a.batch() * a.m() * a.n() * a.k(), Shape.of(a.m(), a.n()));
      // The sums that this kernel needs were counted when the forward pass made them.
      case CausalConv1dArgs a when kernel.equals("gradSums") -> Cost.NONE;
      case CausalConv1dArgs a -> Cost.ofScan((long) a.rows() * a.channels() * a.kernel());
      // Each product of the scan has two factors, so its gradient is two products.
      case SsdArgs a when kernel.equals("gradient") -> Cost.ofScan(2 * scan(a));
      case SsdArgs a -> Cost.ofScan(scan(a));
      case AttentionArgs a -> Cost.ofAttention(pairs(a) * a.batch() * a.heads() * a.dim());
      default -> Cost.NONE;
    };
  }

  /** What the convolution has without the transform; a gradient counts like its convolution. */
  private static long direct(WinogradArgs a) {
    long positions = a.mirrored() ? (long) a.t() * a.h() * a.w() : (long) a.to() * a.ho() * a.wo();
    return positions * a.n() * a.co() * a.ci() * a.kt() * WinogradArgs.TAPS;
  }

  /**
   * The chunked scan: in each chunk of q steps C B^T below the diagonal and its product with x;
   * what chunks hand on and read, where there are several.
   */
  private static long scan(SsdArgs a) {
    long sum = 0;
    for (int i = 0; i < a.chunks(); i++) {
      long q = a.steps(i);
      long pairs = q * (q + 1) / 2;
      long states = (long) (i > 0 ? 1 : 0) + (i < a.chunks() - 1 ? 1 : 0);
      sum += pairs * a.groups() * a.state();
      sum += (pairs + states * q * a.state()) * a.heads() * a.headDim();
    }
    return sum * a.batch();
  }

  /** Pairs of a query and a key that it sees, in one head of one sequence. */
  private static long pairs(AttentionArgs a) {
    long sum = 0;
    for (int i = 0; i < a.length(); i++) {
      sum += a.endKey(i) - a.firstKey(i);
    }
    return sum;
  }
}
