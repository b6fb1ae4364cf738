package medsora.dino;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.affine;
import static engine.op.elementwise.Elementwise.div;
import static engine.op.elementwise.Elementwise.exp;
import static engine.op.elementwise.Elementwise.gelu;
import static engine.op.elementwise.Elementwise.log;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.sqrt;
import static engine.op.elementwise.Elementwise.square;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.layout.Layout.reshape;
import static engine.op.reduce.Reduce.mean;
import static engine.op.reduce.Reduce.sum;

import engine.op.attention.Attention;
import engine.op.linalg.Linalg;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import nn.Module;
import nn.Parameter;
import nn.init.Init;
import nn.layer.Linear;

/**
 * From a class token to its likeness with prototypes: a perceptron, length 1, and the cosine with
 * each of the prototypes, which also have length 1 (upstream: a weight-normalised last layer whose
 * gain stays 1). It keeps the centre that the teacher's outputs are taken from.
 */
public final class DinoHead extends Module {
  private static final float EPS = 1e-12f;

  private final Linear first;
  private final Linear second;
  private final Linear third;
  private final Parameter prototypes;
  private final Tensor centre;
  private final float temperature;

  public DinoHead(int width, Distillation d) {
    this.first = child("mlp.0", new Linear(width, d.hidden(), true, Vit.INIT));
    this.second = child("mlp.2", new Linear(d.hidden(), d.hidden(), true, Vit.INIT));
    this.third = child("mlp.4", new Linear(d.hidden(), d.bottleneck(), true, Vit.INIT));
    this.prototypes =
        parameter(
            "last_layer.weight_v", Shape.of(d.prototypes(), d.bottleneck()), Init.fanInUniform());
    this.temperature = (float) d.teacher();
    this.centre = buffer("center", Tensor.zeros(Shape.of(d.prototypes())));
  }

  /** Cosines [N, prototypes] of class tokens [N, width]. */
  public Tensor forward(Tensor tokens) {
    Tensor x = gelu(first.forward(tokens));
    x = third.forward(gelu(second.forward(x)));
    return Linalg.linear(unit(x), unit(prototypes.value()), null);
  }

  /** Rows over their length. */
  private static Tensor unit(Tensor x) {
    Tensor squares = reshape(sum(square(x), 1, 2), x.dim(0), 1);
    return div(x, sqrt(affine(squares, 1f, EPS)));
  }

  /** The teacher's distributions of its cosines, both [N, prototypes]: centred and sharpened. */
  public Tensor sharpened(Tensor cosines) {
    return Attention.softmax(scale(sub(cosines, centre), 1f / temperature));
  }

  /** Moves the centre towards the mean of the teacher's cosines [N, prototypes] of a step. */
  public void follow(Tensor cosines) {
    Tensor mean = mean(cosines, 0, 1);
    float keep = Distillation.CENTRE;
    centre.storage().write(add(scale(centre, keep), scale(mean, 1 - keep)).toArray());
  }

  /**
   * The mean cross entropy of the student's distributions under the teacher's, one element [].
   *
   * @param teacher what {@link #sharpened} gave, [N, prototypes]
   * @param studentCosines [N, prototypes]
   */
  public static Tensor crossEntropy(Tensor teacher, Tensor studentCosines) {
    Tensor logits = scale(studentCosines, 1f / Distillation.STUDENT);
    // Cosines over the temperature are within 10, so that the exponentials need no shift.
    Tensor whole = reshape(log(sum(exp(logits), 1, 2)), logits.dim(0), 1);
    Tensor each = sum(mul(teacher, sub(whole, logits)), 1, 2);
    return mean(each);
  }
}
