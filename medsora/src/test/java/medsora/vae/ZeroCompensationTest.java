package medsora.vae;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Gradients;
import engine.autodiff.Tape;
import engine.op.elementwise.Elementwise;
import engine.op.reduce.Reduce;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import medsora.paper.Doubles;
import medsora.vae.VaeConfig.Compensation;
import nn.Entry;
import nn.Mode;
import org.junit.jupiter.api.Test;

/** {@code compensation: zero}: the released modules, beginning as the identity. */
class ZeroCompensationTest {
  private static final Shape CLIP = Shape.of(1, 3, 16, 16, 16);

  private static Vae vae(Compensation compensation, long seed) {
    Vae vae = new Vae(new VaeConfig(List.of(4, 4, 8, 8), 1, 2, 2, compensation, 0.2f));
    vae.initialize(seed);
    return vae;
  }

  private static void copy(Vae from, Vae to) {
    Map<String, Entry> target = to.stateDict();
    from.stateDict().forEach((name, e) -> target.get(name).write(e.value().toArray()));
  }

  private static int[] bits(Tensor t) {
    float[] values = t.toArray();
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  private static Tensor clip() {
    return Tensor.of(CLIP, Doubles.normal(CLIP.size(), 3));
  }

  @Test
  void namesAreThoseOfTheReleasedCode() {
    Map<String, Entry> released = vae(Compensation.RELEASED, 1).stateDict();
    Map<String, Entry> zero = vae(Compensation.ZERO, 1).stateDict();
    assertEquals(List.copyOf(released.keySet()), List.copyOf(zero.keySet()));
    released.forEach((name, e) -> assertEquals(e.shape(), zero.get(name).shape(), name));
  }

  @Test
  void beginsAsTheIdentity() {
    Vae plain = vae(Compensation.NONE, 1);
    Vae zero = vae(Compensation.ZERO, 2);
    copy(plain, zero);
    try (Tape scope = Tape.noGrad()) {
      Moments wanted = plain.encode(clip(), Mode.EVAL);
      Moments found = zero.encode(clip(), Mode.EVAL);
      assertArrayEquals(bits(wanted.mean()), bits(found.mean()));
      assertArrayEquals(bits(wanted.logVariance()), bits(found.logVariance()));
      assertArrayEquals(
          bits(plain.decode(wanted.mean(), Mode.EVAL)),
          bits(zero.decode(wanted.mean(), Mode.EVAL)));
    }
  }

  /** Nothing is dead: a gradient reaches the last convolution of every module. */
  @Test
  void learnsFromTheFirstStep() {
    Vae zero = vae(Compensation.ZERO, 2);
    List<String> dead = new ArrayList<>();
    try (Tape tape = Tape.open()) {
      Tensor z = zero.encode(clip(), Mode.EVAL).mean();
      Tensor y = zero.decode(z, Mode.EVAL);
      Gradients g = tape.backward(Reduce.sum(Elementwise.mul(y, y)));
      zero.parameters()
          .forEach((name, p) -> {
            if (Vae.isCompensation(name) && name.matches(".*\\.[23]\\.weight")) {
              Tensor found = g.find(p.value());
              boolean alive = false;
              for (float v : found == null ? new float[0] : found.toArray()) {
                alive |= v != 0;
              }
              if (!alive) {
                dead.add(name);
              }
            }
          });
    }
    assertTrue(dead.isEmpty(), dead.toString());
  }

  /** Trained weights compute the same where they are loaded as {@code released}. */
  @Test
  void otherWeightsComputeWhatTheReleasedModulesCompute() {
    Vae zero = vae(Compensation.ZERO, 2);
    Vae released = vae(Compensation.RELEASED, 4);
    copy(released, zero);
    try (Tape scope = Tape.noGrad()) {
      Tensor z = released.encode(clip(), Mode.EVAL).mean();
      assertArrayEquals(bits(z), bits(zero.encode(clip(), Mode.EVAL).mean()));
      assertArrayEquals(bits(released.decode(z, Mode.EVAL)), bits(zero.decode(z, Mode.EVAL)));
    }
  }
}
