package tools.conform;

import static engine.op.layout.Layout.permute;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import medsora.flow.WheelColours;

/**
 * {@code flow_to_image}: {@code X.flow} [h,w,2] gives {@code X.rgb} [h,w,3] by the colour wheel
 * {@code colorwheel} [55,3].
 */
final class FlowColoursFamily implements Family {
  /** One of 255: colours are rounded down, so the last digit of a float may change one by 1. */
  static final Limits LIMITS = Limits.STANDARD.except(name -> name.endsWith(".rgb"), 1.0 / 255);

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    check.floats("colorwheel", WheelColours.table());
    for (String name : file.names()) {
      if (name.endsWith(".flow")) {
        picture(check, name, name.substring(0, name.length() - ".flow".length()) + ".rgb");
      }
    }
  }

  private static void picture(Check check, String flow, String rgb) {
    Shape s = check.file().shape(flow, 3);
    UnfitException.unless(s.dim(2) == 2, "%s=%s: wanted is [h,w,2]", flow, s);
    try (Tape scope = Tape.noGrad()) {
      Tensor given = Tensor.of(s, check.file().floats(flow));
      Tensor uv = permute(given, 2, 0, 1);
      Tensor planar = Tensor.of(Shape.of(1, 2, s.dim(0), s.dim(1)), uv.toArray());
      Tensor colours = permute(new WheelColours().pictures(planar), 0, 2, 3, 1);
      float[] values = colours.toArray();
      long[] got = new long[values.length];
      for (int i = 0; i < got.length; i++) {
        got[i] = (long) values[i];
      }
      check.integersWithin(rgb, got);
    }
  }
}
