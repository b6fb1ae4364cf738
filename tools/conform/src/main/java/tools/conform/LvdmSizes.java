package tools.conform;

import engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import medsora.baseline.lvdm.LvdmConfig;
import medsora.baseline.lvdm.LvdmVaeConfig;

/** The sizes of LVDM's networks as the metadata of a file say them. */
final class LvdmSizes {
  private static final int MOST = 1 << 10;

  private LvdmSizes() {}

  /**
   * The denoiser.
   *
   * @param x its input [b, C, T, H, W]
   */
  static LvdmConfig denoiser(FixtureFile file, Shape x) {
    return new LvdmConfig(
        file.number("in_out_channels", x.dim(1)),
        x.dim(3),
        file.number("temporal_length", x.dim(2)),
        file.number("model_channels"),
        list(file, "channel_mult"),
        file.number("num_res_blocks"),
        list(file, "attention_resolutions"),
        file.number("num_heads"));
  }

  static LvdmVaeConfig vae(FixtureFile file) {
    List<Integer> down = list(file, "downsample");
    UnfitException.unless(
        down.size() == 3 && down.get(1).equals(down.get(2)),
        "downsample %s: time, height and width, the last two alike",
        down);
    int channels = file.number("z_channels");
    UnfitException.unless(
        channels == file.number("embed_dim", channels), "z_channels and embed_dim differ");
    return new LvdmVaeConfig(file.number("n_hiddens"), down.get(0), down.get(1), channels);
  }

  /** A list of whole numbers, {@code [1, 2]}. */
  private static List<Integer> list(FixtureFile file, String key) {
    String text = file.metadata(key).orElse("");
    UnfitException.unless(
        text.matches("\\[\\s*\\d{1,4}(\\s*,\\s*\\d{1,4}){0,15}\\s*]"),
        "metadata %s='%s' is no list of numbers",
        key,
        text);
    List<Integer> numbers =
        Arrays.stream(text.replaceAll("[\\[\\]\\s]", "").split(",")).map(Integer::valueOf).toList();
    UnfitException.unless(
        numbers.stream().allMatch(n -> n > 0 && n <= MOST), "metadata %s='%s'", key, text);
    return numbers;
  }
}
