package medsora.baseline.endora;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.reduce.Reduce.sum;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.kernel.Backends;
import engine.kernel.Workers;
import engine.kernel.scalar.ScalarKernels;
import engine.op.layout.Layout;
import engine.random.RandomKey;
import engine.reference.Formula;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import medsora.config.Config;
import nn.Entry;
import nn.Mode;
import nn.Outline;
import nn.init.Init;
import nn.io.Weights;
import nn.layer.Conv2d;
import nn.layer.Kernel2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Endora's network: names, order and counts as published, and its gradients. */
class EndoraTest {
  private static final EndoraConfig SMALL =
      new EndoraConfig(2, 4, 2, 8, 4, 2, 3, 2, new EndoraConfig.Prior(0.5, List.of(1), List.of(0)));

  private static final float[] STEPS = {3, 700};

  private static EndoraConfig config(String size) {
    return (EndoraConfig) Config.builtin("endora-" + size).denoiser();
  }

  private static EndoraConfig withoutImages(EndoraConfig c) {
    int video = c.videoFrames();
    return new EndoraConfig(
        c.inChannels(),
        c.inputSize(),
        c.patch(),
        c.hidden(),
        c.depth(),
        c.heads(),
        video,
        video,
        c.prior());
  }

  /** The published classes with and without images. */
  @ParameterizedTest
  @CsvSource({
    "s, 36495008, 34725536, 136",
    "b, 133592096, 131822624, 136",
    "l, 460881184, 459111712, 256",
    "xl, 677757344, 675987872, 296"
  })
  void countsAreThoseOfThePublishedClasses(String size, long images, long video, int entries) {
    Endora both = Outline.of(config(size)::network);
    assertEquals(images, both.parameterCount());
    assertEquals(entries + 1, both.stateDict().size());
    Endora alone = Outline.of(withoutImages(config(size))::network);
    assertEquals(video, alone.parameterCount());
    assertEquals(entries, alone.stateDict().size());
    assertNull(alone.target());
  }

  @Test
  void namesStandInPublishedOrder() {
    Map<String, Entry> all = Outline.of(config("b")::network).stateDict();
    List<String> names = List.copyOf(all.keySet());
    List<String> wanted =
        List.of(
            "pos_embed",
            "temp_embed",
            "x_embedder.proj.weight",
            "x_embedder.proj.bias",
            "t_embedder.mlp.0.weight",
            "t_embedder.mlp.0.bias",
            "t_embedder.mlp.2.weight",
            "t_embedder.mlp.2.bias",
            "linear.weight",
            "linear.bias",
            "linear_2.weight",
            "linear_2.bias",
            "cov.weight",
            "blocks.0.attn.qkv.weight",
            "blocks.0.attn.qkv.bias",
            "blocks.0.attn.proj.weight",
            "blocks.0.attn.proj.bias",
            "blocks.0.mlp.fc1.weight",
            "blocks.0.mlp.fc1.bias",
            "blocks.0.mlp.fc2.weight",
            "blocks.0.mlp.fc2.bias",
            "blocks.0.adaLN_modulation.1.weight",
            "blocks.0.adaLN_modulation.1.bias",
            "blocks.1.attn.qkv.weight");
    assertEquals(wanted, names.subList(0, wanted.size()));
    assertEquals("final_layer.linear.weight", names.get(names.size() - 4));
    assertEquals("final_layer.adaLN_modulation.1.bias", names.getLast());
    assertEquals(Shape.of(1, 16, 768), Objects.requireNonNull(all.get("temp_embed")).shape());
  }

  /** With weights of the formula, but for those that only the prior has. */
  private static Endora network(EndoraConfig config) {
    Endora network = config.network();
    int p = 0;
    for (Map.Entry<String, Entry> e : network.stateDict().entrySet()) {
      long[] shape = Weights.extents(e.getValue().shape());
      if (!isOfPrior(e.getKey())) {
        e.getValue().write(Formula.value(e.getKey(), shape, 5, p));
      }
      p++;
    }
    return network;
  }

  private static boolean isOfPrior(String name) {
    return name.startsWith("linear") || name.startsWith("cov.");
  }

  private static Tensor input(int k, int... dims) {
    Shape shape = Shape.of(dims);
    return Tensor.of(shape, Formula.input(9, k, Weights.extents(shape), 1, 0));
  }

  private static Tensor latents() {
    return input(0, STEPS.length, 3, 2, 4, 4);
  }

  /** Of the prediction and of a state inside, with weights of the formula. */
  private static Tensor loss(Endora network, Tensor x) {
    Endora.Output y = network.forward(x, STEPS, Mode.training(0, 0));
    Tensor weighted = sum(mul(y.prediction(), input(1, STEPS.length, 3, 4, 4, 4)));
    return add(weighted, sum(mul(y.spatial().get(1), input(2, STEPS.length, 12, 8))));
  }

  /** Along a random direction in every parameter and in the latents. */
  @Test
  void gradientsAreThoseOfDifferences() {
    Backends.with(
        new ScalarKernels(new Workers(1)),
        () -> {
          compareAll(network(SMALL));
          return null;
        });
  }

  private static void compareAll(Endora network) {
    Tensor x = latents().asParameter();
    List<Tensor> leaves = new ArrayList<>(List.of(x));
    network
        .parameters()
        .forEach((name, p) -> {
          if (p.isTrainable() && !isOfPrior(name)) {
            leaves.add(p.value());
          }
        });
    compareAll(leaves, () -> loss(network, x));
  }

  /** The prior by itself, with a small convolution. */
  @Test
  void gradientsOfThePriorAreThoseOfDifferences() {
    Conv2d target = Conv2d.withoutBias(3, 5, Kernel2.of(2).stride(2), 1, Init.zeros());
    target.weight().storage().write(input(3, 5, 3, 2, 2).toArray());
    FeaturePrior prior = new FeaturePrior(target);
    List<Tensor> features = List.of(input(4, 2, 16, 3), input(5, 2, 16, 3));
    Tensor block = input(6, 2, 8, 4).asParameter();
    Backends.with(
        new ScalarKernels(new Workers(1)),
        () -> {
          compareAll(
              List.of(block, target.weight()), () -> prior.of(features, List.of(block), 2).loss());
          return null;
        });
  }

  private static void compareAll(List<Tensor> leaves, Supplier<Tensor> loss) {
    float[][] gradients = new float[leaves.size()][];
    try (Tape tape = Tape.open()) {
      Gradients g = tape.backward(loss.get());
      for (int i = 0; i < gradients.length; i++) {
        gradients[i] = g.of(leaves.get(i)).toArray();
      }
    }
    for (int i = 0; i < gradients.length; i++) {
      compare(loss, leaves.get(i), gradients[i], i);
    }
  }

  private static void compare(Supplier<Tensor> loss, Tensor leaf, float[] gradient, int i) {
    float[] start = leaf.toArray();
    float[] direction = new float[start.length];
    new RandomKey(1, i, 0).random().normal(direction, 0, direction.length);
    double along = 0;
    double length = 0;
    for (int k = 0; k < direction.length; k++) {
      // Mostly along the gradient, so that the derivative stands out of the rounding.
      direction[k] = (0.2f * direction[k] * norm(gradient)) + gradient[k];
      along += (double) direction[k] * gradient[k];
      length += (double) direction[k] * direction[k];
    }
    double step = 0.004 / Math.sqrt(length);
    double up = moved(loss, leaf, start, direction, step);
    double down = moved(loss, leaf, start, direction, -step);
    leaf.storage().write(start);
    double difference = (up - down) / (2 * step);
    assertEquals(along, difference, (0.02 * Math.abs(along)) + (2e-5 / step), "leaf " + i);
  }

  private static float norm(float[] values) {
    double squares = 0;
    for (float v : values) {
      squares += (double) v * v;
    }
    return (float) Math.sqrt(squares / values.length);
  }

  private static double moved(
      Supplier<Tensor> loss, Tensor leaf, float[] start, float[] direction, double step) {
    float[] at = start.clone();
    for (int k = 0; k < at.length; k++) {
      at[k] += (float) (step * direction[k]);
    }
    leaf.storage().write(at);
    try (Tape scope = Tape.noGrad()) {
      return loss.get().item();
    }
  }

  /** The prior reaches the convolution and the network, and the dead layers stay frozen. */
  @Test
  void onlyWhatTheLossReachesIsTrained() {
    Endora network = network(SMALL);
    List<String> frozen = new ArrayList<>();
    network
        .parameters()
        .forEach((name, p) -> {
          if (!p.isTrainable()) {
            frozen.add(name);
          }
        });
    assertEquals(
        List.of(
            "pos_embed",
            "temp_embed",
            "linear.weight",
            "linear.bias",
            "linear_2.weight",
            "linear_2.bias"),
        frozen);
  }

  /** Recomputation and the tables of steps change no bit; images never meet the video. */
  @Test
  void everyWayGivesTheSameBits() {
    Endora network = network(SMALL);
    float[] whole = prediction(network, latents(), Mode.EVAL);
    assertArrayEquals(whole, prediction(network, latents(), Mode.training(1, 2)));
    network.setRecompute(true);
    assertArrayEquals(gradient(network), gradientAfter(network, false));
    float[] prepared = network.prepared(0, 3, 500, 700).predict(latents(), STEPS).toArray();
    assertArrayEquals(whole, prepared);
    Tensor video = Layout.slice(latents(), 1, 0, 2);
    float[] alone = network.prepared(STEPS).predict(video, STEPS).toArray();
    float[] first = Layout.slice(Tensor.of(Shape.of(2, 3, 4, 4, 4), whole), 1, 0, 2).toArray();
    assertArrayEquals(first, alone);
  }

  private static float[] prediction(Endora network, Tensor x, Mode mode) {
    try (Tape scope = Tape.noGrad()) {
      return network.forward(x, STEPS, mode).prediction().toArray();
    }
  }

  private static float[] gradient(Endora network) {
    Tensor x = latents().asParameter();
    try (Tape tape = Tape.open()) {
      return tape.backward(loss(network, x)).of(x).toArray();
    }
  }

  private static float[] gradientAfter(Endora network, boolean recompute) {
    network.setRecompute(recompute);
    return gradient(network);
  }
}
