package tools.inspect;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Figure 6 of the paper by counting: six models side by side, and what the paper says of them. */
public final class ModelComparison {
  private static final double GIGA = 1e9;
  private static final double MEGA = 1e6;

  private final Map<PaperModel, PaperModel.Counts> counts = new EnumMap<>(PaperModel.class);

  private ModelComparison() {}

  /** Counts all six. */
  public static ModelComparison counted() {
    ModelComparison all = new ModelComparison();
    for (PaperModel model : PaperModel.values()) {
      all.counts.put(model, model.counts());
    }
    return all;
  }

  /** Of one of the models. */
  public PaperModel.Counts of(PaperModel model) {
    return counts.get(model);
  }

  /** The table and the paper's claims. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "The denoisers of Figure 6 on one clip of 128x128, by counting: multiply-adds in G, a step"
            + " without recomputation.");
    lines.add(
        "%-12s%14s%12s%10s%14s%10s%12s"
            .formatted("", "parameters", "prediction", "step", "16 frames", "step", "holds, MB"));
    counts.forEach((model, c) ->
        lines.add(
            String.format(
                Locale.ROOT,
                "%-12s%14s%12.2f%10.2f%14.2f%10.2f%12.0f",
                model.shown(),
                String.format(Locale.ROOT, "%,d", c.parameters()),
                c.prediction() / GIGA,
                c.step() / GIGA,
                c.videoPrediction() / GIGA,
                c.videoStep() / GIGA,
                c.bytes() / MEGA)));
    lines.add("prediction and step: of 16 frames and 8 images, as both are trained");
    lines.add("16 frames: without the images");
    lines.add(
        "holds: the most tensors of that step with its images, weights, moments and moving average"
            + " among them; the autoencoders and Endora's prior are not");
    lines.add("");
    lines.addAll(claims());
    return lines;
  }

  /** What section 4.6 says, and whether what is counted says it too. */
  private List<String> claims() {
    PaperModel.Counts b = of(PaperModel.MEDSORA_B);
    PaperModel.Counts l = of(PaperModel.MEDSORA_L);
    PaperModel.Counts endora = of(PaperModel.ENDORA_B);
    return List.of(
        "The paper's claims (section 4.6; it compares with Endora of base size):",
        claim(
            "MedSora-B has fewer parameters than Endora",
            b.parameters() / MEGA,
            endora.parameters() / MEGA,
            "million",
            b.parameters() < endora.parameters()),
        claim(
            "MedSora-B takes less memory in training than Endora",
            b.bytes() / MEGA,
            endora.bytes() / MEGA,
            "MB",
            b.bytes() < endora.bytes()),
        claim(
            "MedSora-L has more parameters than Endora (slightly, the paper says)",
            l.parameters() / MEGA,
            endora.parameters() / MEGA,
            "million",
            l.parameters() > endora.parameters()),
        claim(
            "MedSora-L needs fewer operations than Endora (significantly)",
            l.prediction() / GIGA,
            endora.prediction() / GIGA,
            "G a prediction",
            l.prediction() < endora.prediction()),
        "Memory is that of this program. A bare step, without optimiser, of the released MedSora-B"
            + " was seen to hold no less than that of the released Endora-B on a processor (2.91 and"
            + " 2.45 GB); the figure's own is of kernels for graphics cards.");
  }

  private static String claim(String words, double own, double other, String unit, boolean holds) {
    return String.format(
        Locale.ROOT,
        "  %s: %.2f against %.2f %s, %.2f times: %s",
        words,
        own,
        other,
        unit,
        own / other,
        holds ? "holds" : "does not hold");
  }
}
