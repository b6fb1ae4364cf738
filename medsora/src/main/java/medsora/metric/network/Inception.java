package medsora.metric.network;

import static engine.op.reduce.Reduce.mean;

import engine.op.linalg.Linalg;
import engine.op.resample.Resample;
import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import nn.Module;
import nn.Parameter;
import nn.init.Init;
import nn.layer.Kernel2;
import nn.layer.ParameterGroup;

/**
 * The Inception network of FID and IS, TensorFlow's of 2015-12-05, under the names of torchvision.
 * It differs from torchvision's graph: average pools divide by the pixels that there are, the pool
 * of Mixed_7c takes the largest, there are 1008 outputs and no second head. Evaluation only.
 */
public final class Inception extends Module {
  /** Length of the features. */
  public static final int WIDTH = 2048;

  /** Outputs of the graph. */
  public static final int CLASSES = 1008;

  /** Side of the pictures. */
  public static final int SIDE = 299;

  private final Stages stages = new Stages();
  private final Parameter weight;
  private final Parameter bias;

  public Inception() {
    unit("Conv2d_1a_3x3", 3, 32, Kernel2.of(3).stride(2));
    unit("Conv2d_2a_3x3", 32, 32, Kernel2.of(3));
    unit("Conv2d_2b_3x3", 32, 64, Kernel2.same(3));
    pool("MaxPool_1");
    unit("Conv2d_3b_1x1", 64, 80, Kernel2.of(1));
    unit("Conv2d_4a_3x3", 80, 192, Kernel2.of(3));
    pool("MaxPool_2");
    block("Mixed_5b", InceptionBlock.of5(192, 32));
    block("Mixed_5c", InceptionBlock.of5(256, 64));
    block("Mixed_5d", InceptionBlock.of5(288, 64));
    block("Mixed_6a", InceptionBlock.of6a(288));
    block("Mixed_6b", InceptionBlock.of6(768, 128));
    block("Mixed_6c", InceptionBlock.of6(768, 160));
    block("Mixed_6d", InceptionBlock.of6(768, 160));
    block("Mixed_6e", InceptionBlock.of6(768, 192));
    block("Mixed_7a", InceptionBlock.of7a(768));
    block("Mixed_7b", InceptionBlock.of7(1280, false));
    block("Mixed_7c", InceptionBlock.of7(WIDTH, true));
    ParameterGroup fc = child("fc", new ParameterGroup());
    this.weight = fc.add("weight", Shape.of(CLASSES, WIDTH), Init.fanInUniform());
    this.bias = fc.add("bias", Shape.of(CLASSES), Init.zeros());
  }

  private void unit(String name, int in, int out, Kernel2 kernel) {
    InceptionUnit unit = child(name, new InceptionUnit(in, out, kernel));
    stages.add(name, unit::forward);
  }

  private void block(String name, InceptionBlock block) {
    child(name, block);
    stages.add(name, block::forward);
  }

  private void pool(String name) {
    stages.add(name, x -> Resample.maxPool2d(x, 3, 2));
  }

  /**
   * The features.
   *
   * @param pictures [n, 3, 299, 299], scaled to about -1..1
   * @param observer sees what each block gives
   * @return [n, 2048]
   */
  public Tensor forward(Tensor pictures, Observer observer) {
    ShapeException.require(
        pictures.shape().rank() == 4
            && pictures.dim(1) == 3
            && pictures.dim(2) == SIDE
            && pictures.dim(3) == SIDE,
        "inception",
        "wants pictures [n,3,299,299], got %s",
        pictures.shape());
    return mean(stages.run(pictures, observer), 2, 4);
  }

  /**
   * Folds norms into convolutions and orders weights for products once and for all, where else each
   * pass does it anew: faster, for two more copies of the weights. Later changes of the weights are
   * not seen.
   */
  public void fix() {
    FoldedUnit.fix(this);
  }

  /**
   * The outputs before the softmax.
   *
   * @param features [n, 2048]
   * @param biased whether the bias is added; the inception score leaves it out
   * @return [n, 1008]
   */
  public Tensor logits(Tensor features, boolean biased) {
    return Linalg.linear(features, weight.value(), biased ? bias.value() : null);
  }
}
