package medsora.train;

import engine.io.Printable;
import engine.io.SafeTensors;
import engine.io.SafeTensorsWriter;
import engine.kernel.Backends;
import engine.kernel.Kernels;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import medsora.train.store.Checkpoint;
import medsora.train.store.Stored;
import nn.Module;
import nn.io.Weights;
import nn.optim.Ema;
import nn.optim.GradientNorm;
import org.jspecify.annotations.Nullable;

/**
 * All that changes from step to step: the weights of a module, the optimiser's moments, the moving
 * average, and the count of steps. Written to and read from one safetensors file under the prefixes
 * {@code model.}, {@code ema.}, {@code adam.m.} and {@code adam.v.}. A second module that is
 * trained with the first and is no part of it stands under a prefix of its own.
 */
public final class TrainState implements Stored {
  private static final String MODEL = "model.";
  private static final String EMA = "ema.";
  private static final List<String> MOMENTS = List.of("adam.m.", "adam.v.");

  private final Module module;

  /** Null where nothing is. */
  private final @Nullable Beside beside;

  private final List<String> names = new ArrayList<>();
  private final List<Tensor> parameters = new ArrayList<>();
  private final Map<Tensor, Integer> numbers = new IdentityHashMap<>();
  private final Descent descent;
  private final Ema ema;
  private long step;

  /**
   * What is trained with a module without being a part of it.
   *
   * @param prefix of its names, with the dot
   */
  public record Beside(String prefix, Module module) {}

  /** The state before the first step, all of it here. */
  public TrainState(Objective.Trained trained) {
    this(trained, new LocalReducer());
  }

  /**
   * The state before the first step.
   *
   * @param reducer says which part of the optimiser's state is here
   */
  TrainState(Objective.Trained trained, Reducer reducer) {
    this.module = trained.module();
    this.beside = trained.beside();
    collect("", module);
    if (beside != null) {
      collect(beside.prefix, beside.module);
    }
    for (int i = 0; i < parameters.size(); i++) {
      numbers.put(parameters.get(i), i);
    }
    this.descent = Descent.of(parameters, trained.optimiser(), reducer.shards(shapes()));
    this.ema = new Ema(parameters, trained.ema());
  }

  private void collect(String prefix, Module from) {
    from.parameters()
        .forEach((name, p) -> {
          if (p.isTrainable()) {
            names.add(prefix + name);
            parameters.add(p.value());
          }
        });
  }

  public long step() {
    return step;
  }

  @Override
  public Module module() {
    return module;
  }

  public Ema ema() {
    return ema;
  }

  /** Of the parameters, in their order. */
  List<Shape> shapes() {
    return parameters.stream().map(Tensor::shape).toList();
  }

  /** The number of a parameter, or -1 where it is none of these. */
  int number(Tensor parameter) {
    return numbers.getOrDefault(parameter, -1);
  }

  /** A parameter in words. */
  String parameter(int number) {
    return names.get(number);
  }

  /** What a leaf gives whose losses do not reach a parameter. */
  Tensor zeroGradient(int number) {
    Tensor p = parameters.get(number);
    Kernels k = Backends.current();
    Tensor zeros = new Tensor(p.shape(), k.allocate(p.size()));
    k.copies().fill(zeros.storage(), 0f, p.size());
    return zeros;
  }

  /**
   * One optimiser step; gives the gradients back to the pool.
   *
   * @param gradScale what the gradients are multiplied by beside clipping (1 / micro-batches)
   * @param maxNorm clipping bound, or 0 for none
   * @return the norm of the scaled gradient before clipping
   */
  double apply(List<Tensor> gradients, double gradScale, double learningRate, double maxNorm) {
    double norm = descent.norm(gradients) * gradScale;
    double clip = maxNorm > 0 ? GradientNorm.clip(norm, maxNorm) : 1;
    descent.step(gradients, learningRate, gradScale * clip, ema);
    step++;
    return norm;
  }

  /** Brings together what {@link #write} writes on rank 0; done by all ranks. */
  void collect() {
    descent.collect();
  }

  @Override
  public long bytes() {
    long model = size(module) + (beside == null ? 0 : size(beside.module));
    long trained = parameters.stream().mapToLong(Tensor::size).sum();
    return 4 * (model + (3 * trained));
  }

  private static long size(Module m) {
    return m.stateDict().values().stream().mapToLong(e -> e.value().size()).sum();
  }

  @Override
  public void write(SafeTensorsWriter writer) {
    Weights.add(writer, MODEL, module.stateDict());
    if (beside != null) {
      Weights.add(writer, beside.prefix, beside.module.stateDict());
    }
    add(writer, EMA, ema.averages());
    List<List<Tensor>> moments = descent.moments();
    for (int m = 0; m < MOMENTS.size(); m++) {
      add(writer, MOMENTS.get(m), moments.get(m));
    }
  }

  private void add(SafeTensorsWriter writer, String prefix, List<Tensor> values) {
    for (int i = 0; i < names.size(); i++) {
      Tensor t = values.get(i);
      writer.floats(prefix + names.get(i), Weights.extents(t.shape()), Weights.values(t));
    }
  }

  @Override
  public void read(SafeTensors file, long stepsDone) throws IOException {
    Weights.load(file, MODEL, module);
    if (beside != null) {
      Weights.load(file, beside.prefix, beside.module);
    }
    read(file, EMA, (i, values) -> ema.averages().get(i).storage().write(values));
    for (int m = 0; m < MOMENTS.size(); m++) {
      int moment = m;
      read(file, MOMENTS.get(m), (i, values) -> descent.moment(moment, i, values));
    }
    descent.resume(stepsDone);
    ema.resume(stepsDone);
    step = stepsDone;
  }

  /** Takes the values of one parameter. */
  private interface Taker {
    void take(int parameter, float[] values);
  }

  private void read(SafeTensors file, String prefix, Taker taker) throws IOException {
    List<String> faults = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = prefix + names.get(i);
      long[] wanted = Weights.extents(parameters.get(i).shape());
      if (!file.contains(name)
          || !Arrays.equals(file.shape(name), wanted)
          || !file.dtype(name).isFloating()) {
        faults.add(name + " " + Arrays.toString(wanted));
      }
    }
    if (!faults.isEmpty()) {
      throw new IOException(
          "[checkpoint] "
              + file.path()
              + " lacks, or has in another shape or type, "
              + faults.size()
              + " tensors:"
              + Printable.list(faults)
              + "\n"
              + Checkpoint.REMEDY);
    }
    for (int i = 0; i < names.size(); i++) {
      taker.take(i, file.floats(prefix + names.get(i)));
    }
  }
}
