package tools.compare;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import engine.io.WholeFile;
import engine.numeric.NumericContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import medsora.metric.FrameQuality;
import medsora.metric.protocol.MeanInterval;

/** Likenesses of pairs as a table and as JSON, and their means over the pairs with intervals. */
final class LikenessTable {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private static final String ROW = "%-24s %6s %9s %8s %8s %9s %9s";

  private final List<Likeness> pairs;
  private final Map<String, MeanInterval> means = new LinkedHashMap<>();

  LikenessTable(List<Likeness> pairs) {
    this.pairs = List.copyOf(pairs);
    mean("psnr", Likeness::psnr);
    mean("ssim", Likeness::ssim);
    if (pairs.getFirst().lpips() != null) {
      mean("lpips", Likeness::lpips);
    }
    mean("warp_error_original", Likeness::warpErrorOriginal);
    mean("warp_error_other", Likeness::warpErrorOther);
    mean("still_error_original", Likeness::stillErrorOriginal);
    mean("still_error_other", Likeness::stillErrorOther);
  }

  /** Equal videos have no finite PSNR: they are left out of its mean. */
  private void mean(String name, ToDoubleFunction<Likeness> value) {
    List<Double> values =
        pairs.stream().mapToDouble(value).filter(Double::isFinite).boxed().toList();
    if (!values.isEmpty()) {
      means.put(name, MeanInterval.of(values, 0));
    }
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        ROW.formatted("pair", "frames", "PSNR, dB", "SSIM", "LPIPS", "warp err.", "original"));
    for (Likeness p : pairs) {
      lines.add(
          ROW.formatted(
              p.name(),
              p.frames(),
              Double.isFinite(p.psnr()) ? figure("%.3f", p.psnr()) : "equal",
              figure("%.5f", p.ssim()),
              p.lpips() == null ? "-" : figure("%.5f", p.lpips()),
              figure("%.5f", p.warpErrorOther()),
              figure("%.5f", p.warpErrorOriginal())));
    }
    lines.add("mean over %d pairs, 95 %% of 1000 draws of the pairs:".formatted(pairs.size()));
    means.forEach((name, mean) ->
        lines.add(
            "  %-22s %s (%s to %s)"
                .formatted(
                    name,
                    figure("%.5g", mean.mean()),
                    figure("%.5g", mean.low()),
                    figure("%.5g", mean.high()))));
    lines.add("PSNR of the mean squared error of all pairs: " + figure("%.3f dB", pooled()));
    return lines;
  }

  private double pooled() {
    return FrameQuality.psnr(
        pairs.stream().mapToDouble(Likeness::squaredError).reduce(0, Double::sum) / pairs.size());
  }

  private static String figure(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  /**
   * Writes the JSON.
   *
   * @param settings what was compared and how, in words, by name
   */
  void write(Path file, Map<String, String> settings) throws IOException {
    ObjectNode root = MAPPER.createObjectNode();
    settings.forEach(root::put);
    root.put("numeric_contract", NumericContract.VERSION);
    ArrayNode list = root.putArray("pairs");
    for (Likeness p : pairs) {
      ObjectNode node = list.addObject();
      node.put("name", p.name());
      node.put("frames", p.frames());
      node.put("squared_error", p.squaredError());
      node.put("psnr", Double.isFinite(p.psnr()) ? (Double) p.psnr() : null);
      node.put("ssim", p.ssim());
      node.put("lpips", p.lpips());
      node.put("warp_error_original", p.warpErrorOriginal());
      node.put("warp_error_other", p.warpErrorOther());
      node.put("still_error_original", p.stillErrorOriginal());
      node.put("still_error_other", p.stillErrorOther());
    }
    ObjectNode ofMeans = root.putObject("means");
    means.forEach((name, mean) ->
        ofMeans
            .putObject(name)
            .put("mean", mean.mean())
            .put("low", mean.low())
            .put("high", mean.high()));
    WholeFile.write(file, MAPPER.writeValueAsBytes(root));
  }
}
