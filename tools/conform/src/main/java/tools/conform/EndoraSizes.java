package tools.conform;

import engine.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.baseline.endora.EndoraConfig;

/** The sizes of Endora that a file's metadata say, by the name of a model or one by one. */
final class EndoraSizes {
  private static final Pattern MODEL = Pattern.compile("EnDora(?:IMG)?-(XL|[SBL])/(\\d)");

  /** Depth, width and heads. */
  private static final Map<String, int[]> NAMED =
      Map.of(
          "S", new int[] {12, 384, 6},
          "B", new int[] {12, 768, 12},
          "L", new int[] {24, 1024, 16},
          "XL", new int[] {28, 1152, 16});

  private EndoraSizes() {}

  /**
   * The configuration.
   *
   * @param x a tensor of latents, [b, F, C, S, S]
   */
  static EndoraConfig of(FixtureFile file, String x) {
    Shape latents = file.shape(x, 5);
    String model = file.metadata("model").orElse("");
    Matcher m = MODEL.matcher(model);
    boolean named = m.matches();
    UnfitException.unless(model.isEmpty() || named, "metadata model='%s' is none of ours", model);
    int[] sizes =
        named
            ? NAMED.get(m.group(1))
            : new int[] {file.number("depth"), file.number("hidden"), file.number("heads")};
    int patch = named ? Integer.parseInt(m.group(2)) : file.number("patch");
    int video = file.number("num_frames");
    int images = file.number("use_image_num");
    UnfitException.unless(
        video + images == latents.dim(1), "%s is %s, frames %d + %d", x, latents, video, images);
    try {
      return new EndoraConfig(
          latents.dim(2),
          latents.dim(3),
          patch,
          sizes[1],
          sizes[0],
          sizes[2],
          latents.dim(1),
          video,
          new EndoraConfig.Prior(0.5, List.of(0), List.of(0)));
    } catch (IllegalArgumentException e) {
      throw new UnfitException(e.getMessage());
    }
  }
}
