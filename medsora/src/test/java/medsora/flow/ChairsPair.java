package medsora.flow;

import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.testing.SharedData;
import java.io.IOException;
import medsora.media.PictureReader;
import medsora.media.ReadLimits;

/** A pair of FlyingChairs (512x384) with its exact flow. */
public record ChairsPair(Tensor first, Tensor second, Tensor truth) {
  /** Pair 0 or 1; the test is skipped where the pictures are not there. */
  public static ChairsPair of(int number) throws IOException {
    FlowFile.Flow flow = FlowFile.read(SharedData.file("flow/flyingchairs/" + number + "flow.flo"));
    Tensor truth = Tensor.of(Shape.of(1, 2, flow.height(), flow.width()), flow.uv());
    return new ChairsPair(picture(number + "img0"), picture(number + "img1"), truth);
  }

  private static Tensor picture(String name) throws IOException {
    return FlowPictures.of(
        PictureReader.read(
            SharedData.file("flow/flyingchairs/" + name + ".ppm"), ReadLimits.DEFAULT),
        0,
        1);
  }

  /** The mean end-point error of an estimator, in pixels. */
  public double error(FlowEstimator estimator) {
    return EndPointError.mean(estimator.flow(first, second), truth);
  }
}
