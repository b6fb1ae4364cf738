package tools.conform;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.metric.resample.Bilinear;
import medsora.metric.resample.Filter;
import medsora.metric.resample.Loaders;
import medsora.metric.resample.Pillow;

/**
 * {@code metric_resize}: pictures {@code in.NAME.image} resized to HxW by each rule, {@code
 * out.NAME.HxW.RULE} and {@code u8.NAME.HxW.pil_FILTER}, and the loaders' chains. Bytes are exact.
 */
final class MetricResizeFamily implements Family {
  static final Limits LIMITS = Limits.noise(1.3e-6).except(name -> name.startsWith("u8."), 0);

  private static final Pattern RESULT =
      Pattern.compile("(?:out|u8)\\.([^.]+)\\.(?:(\\d+)x(\\d+)\\.)?(\\w+)");
  private static final Pattern SIZE = Pattern.compile("const\\.([^.]+)\\.resized_hw");

  @Override
  public void check(Check check) {
    try (Tape scope = Tape.noGrad()) {
      for (String name : check.file().names()) {
        Matcher result = RESULT.matcher(name);
        Matcher size = SIZE.matcher(name);
        if (result.matches()) {
          check.floats(name, result(check.file(), name, result));
        } else if (size.matches()) {
          check.integers(name, resized(check.file(), size.group(1)));
        }
      }
    }
  }

  private static Tensor result(FixtureFile file, String name, Matcher m) {
    Tensor x = file.tensor("in." + m.group(1) + ".image");
    Shape wanted = file.shape(name, 3);
    if (m.group(2) == null) {
      return chain(m.group(4), x, wanted.dim(1));
    }
    return resized(m.group(4), x, Integer.parseInt(m.group(2)), Integer.parseInt(m.group(3)));
  }

  private static Tensor resized(String rule, Tensor x, int h, int w) {
    return switch (rule) {
      case "torch_bilinear" -> Bilinear.torch(x, h, w);
      case "tf1_bilinear" -> Bilinear.tensorFlow1(x, h, w);
      case "corner_bilinear" -> Bilinear.corners(x, h, w);
      case "torch_bilinear_antialias" -> Bilinear.antialiased(x, h, w);
      case "pil_float_bicubic" -> Pillow.floats(x, h, w, Filter.BICUBIC);
      case "pil_bilinear" -> Pillow.bytes(x, h, w, Filter.BILINEAR);
      case "pil_bicubic" -> Pillow.bytes(x, h, w, Filter.BICUBIC);
      case "pil_lanczos" -> Pillow.bytes(x, h, w, Filter.LANCZOS);
      default -> throw new UnfitException("no resizing of ours is called '" + rule + "'");
    };
  }

  private static Tensor chain(String rule, Tensor x, int n) {
    return switch (rule) {
      case "clip_input" -> Loaders.clip(x, n);
      case "lanczos_crop" -> Loaders.lanczosCrop(x, n);
      case "cdfvd_loader" -> Loaders.contentDebiased(x, n);
      default -> throw new UnfitException("no loader of ours is called '" + rule + "'");
    };
  }

  /** The size before the middle is cut out, whose side the picture's other results have. */
  private static int[] resized(FixtureFile file, String image) {
    Shape x = file.shape("in." + image + ".image", 3);
    int n = file.shape("u8." + image + ".lanczos_crop", 3).dim(1);
    return Loaders.shortSide(x.dim(1), x.dim(2), n);
  }
}
