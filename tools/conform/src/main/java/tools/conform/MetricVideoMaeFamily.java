package tools.conform;

import engine.autodiff.Tape;
import engine.reference.Formula;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import medsora.metric.network.VideoMae;
import medsora.metric.network.VideoMaeConfig;
import medsora.metric.network.VideoMaeFeatures;

/**
 * {@code metric_videomae_*_formula}: VideoMAE in the size of the metadata {@code config} on clips
 * {@code in.NAME.video}.
 */
final class MetricVideoMaeFamily implements Family {
  static final Limits LIMITS = Limits.noise(9e-7);

  private static final String VIDEO = ".video";

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    VideoMae network = new VideoMae(config(Sizes.of(file, "config")));
    FormulaWeights.fill(network, FormulaWeights.seed(file), MetricVideoMaeFamily::range);
    check.floats("out.pos_table_sub", table(network));
    for (String in : file.namesUnder("in.")) {
      if (in.endsWith(VIDEO)) {
        video(check, network, in.substring(0, in.length() - VIDEO.length()));
      }
    }
  }

  private static VideoMaeConfig config(Sizes sizes) {
    UnfitException.unless(
        sizes.of("all_frames") == VideoMaeConfig.FRAMES
            && sizes.of("tubelet_size") == 2
            && sizes.of("patch_size") == 14,
        "clips of other than 16 frames, or patches of other than 2x14x14: %s",
        sizes);
    int width = sizes.of("embed_dim");
    int hidden = (int) (width * sizes.fraction("mlp_ratio"));
    return new VideoMaeConfig(
        width,
        sizes.of("num_heads"),
        sizes.of("depth"),
        hidden,
        sizes.of("img_size", 0),
        sizes.of("img_size", 1));
  }

  private static Formula.Range range(String name, long... shape) {
    boolean bias = name.endsWith(".q_bias") || name.endsWith(".v_bias");
    return bias ? new Formula.Range(0, 0.1) : Formula.range(name, shape);
  }

  private static Tensor table(VideoMae network) {
    return Sub.every(Sub.every(network.positions(), 0, 13), 1, 11);
  }

  private static void video(Check check, VideoMae network, String name) {
    String out = "out." + name + ".";
    String last = "block" + (network.config().depth() - 1);
    List<Statistics> rows = new ArrayList<>();
    try (Tape scope = Tape.noGrad()) {
      Tensor bytes = check.file().tensor("in." + name + VIDEO);
      VideoMaeConfig c = network.config();
      Tensor x = VideoMaeFeatures.prepared(bytes, c.height(), c.wide());
      check.floats(out + "input_sub", Sub.every(Sub.every(Sub.every(x, 2, 5), 3, 9), 4, 11));
      Tensor features =
          network.forward(
              x,
              (place, y) -> {
                if (!place.equals("patch")) {
                  rows.add(Statistics.of(y.toArray()));
                }
                held(check, out + place + "_sub", y);
                if (place.equals(last)) {
                  held(check, out + "block_last_sub", y);
                }
              });
      check.statistics("stats." + name + ".blocks", rows);
      check.floats(out + "features", features);
    }
  }

  private static void held(Check check, String name, Tensor tokens) {
    if (check.file().contains(name)) {
      check.floats(name, Sub.every(Sub.every(tokens, 1, 17), 2, 16));
    }
  }
}
