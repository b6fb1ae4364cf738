package medsora.perceptual;

import java.util.List;

/** The three classifiers whose features LPIPS compares, as torchvision publishes them. */
public enum TrunkKind {
  /** AlexNet. */
  ALEX(
      List.of(64, 192, 384, 256, 256),
      List.of(
          new Layer.Convolution(0, 3, 64, 11, 4, 2),
          new Layer.Tap(),
          new Layer.Pool(3, false),
          new Layer.Convolution(3, 64, 192, 5, 1, 2),
          new Layer.Tap(),
          new Layer.Pool(3, false),
          new Layer.Convolution(6, 192, 384, 3, 1, 1),
          new Layer.Tap(),
          new Layer.Convolution(8, 384, 256, 3, 1, 1),
          new Layer.Tap(),
          new Layer.Convolution(10, 256, 256, 3, 1, 1),
          new Layer.Tap())),

  /** VGG-16 without batch norm. */
  VGG(
      List.of(64, 128, 256, 512, 512),
      List.of(
          vgg(0, 3, 64),
          vgg(2, 64, 64),
          new Layer.Tap(),
          new Layer.Pool(2, false),
          vgg(5, 64, 128),
          vgg(7, 128, 128),
          new Layer.Tap(),
          new Layer.Pool(2, false),
          vgg(10, 128, 256),
          vgg(12, 256, 256),
          vgg(14, 256, 256),
          new Layer.Tap(),
          new Layer.Pool(2, false),
          vgg(17, 256, 512),
          vgg(19, 512, 512),
          vgg(21, 512, 512),
          new Layer.Tap(),
          new Layer.Pool(2, false),
          vgg(24, 512, 512),
          vgg(26, 512, 512),
          vgg(28, 512, 512),
          new Layer.Tap())),

  /** SqueezeNet 1.1. */
  SQUEEZE(
      List.of(64, 128, 256, 384, 384, 512, 512),
      List.of(
          new Layer.Convolution(0, 3, 64, 3, 2, 0),
          new Layer.Tap(),
          new Layer.Pool(3, true),
          new Layer.Fire(3, 64, 16, 64),
          new Layer.Fire(4, 128, 16, 64),
          new Layer.Tap(),
          new Layer.Pool(3, true),
          new Layer.Fire(6, 128, 32, 128),
          new Layer.Fire(7, 256, 32, 128),
          new Layer.Tap(),
          new Layer.Pool(3, true),
          new Layer.Fire(9, 256, 48, 192),
          new Layer.Tap(),
          new Layer.Fire(10, 384, 48, 192),
          new Layer.Tap(),
          new Layer.Fire(11, 384, 64, 256),
          new Layer.Tap(),
          new Layer.Fire(12, 512, 64, 256),
          new Layer.Tap()));

  /** A part of the trunk; a rectification follows each convolution. */
  sealed interface Layer {
    /**
     * @param index of the layer in torchvision's {@code features}
     */
    record Convolution(int index, int in, int out, int kernel, int stride, int padding)
        implements Layer {}

    /** Squeeze by 1x1, then expand by 1x1 and by 3x3, side by side. */
    record Fire(int index, int in, int squeezed, int expanded) implements Layer {}

    /** The largest of windows, one every second pixel. */
    record Pool(int kernel, boolean ceil) implements Layer {}

    /** What is here is compared. */
    record Tap() implements Layer {}
  }

  private final List<Integer> channels;
  private final List<Layer> layers;

  TrunkKind(List<Integer> channels, List<Layer> layers) {
    this.channels = channels;
    this.layers = layers;
  }

  private static Layer vgg(int index, int in, int out) {
    return new Layer.Convolution(index, in, out, 3, 1, 1);
  }

  /** Of the features that are compared. */
  public List<Integer> channels() {
    return channels;
  }

  List<Layer> layers() {
    return layers;
  }
}
