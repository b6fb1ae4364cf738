package medsora.media.dicom;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import medsora.media.dicom.PixelLayout.Colour;

/**
 * Which of 256 greys each stored value of a monochrome picture is shown in (C.11.1, C.11.2): the
 * values of the modality, by a table or slope and intercept, then the first window or, without one,
 * the first table of the file; without either the smallest to the largest value.
 */
final class GreyScale {
  private final DataSet data;
  private final PixelLayout layout;

  GreyScale(DataSet data, PixelLayout layout) {
    this.data = data;
    this.layout = layout;
  }

  /** What a user should know: nothing, or that no window was given. */
  List<String> remarks() {
    boolean shown =
        layout.stored() <= 8
            || data.has(Tags.SMALLEST)
            || voi(0).has(Tags.WINDOW_CENTER)
            || !data.items(Tags.VOI_LUT).isEmpty();
    return shown
        ? List.of()
        : List.of(
            "gives no window: all values of its %d bits are shown".formatted(layout.stored()));
  }

  /** Greys of a frame by stored value. */
  byte[] table(int frame) {
    double[] values = modality(frame);
    byte[] out = new byte[values.length];
    Voi voi = voiOf(frame, values);
    boolean inverse = layout.colour() == Colour.MONOCHROME1;
    for (int i = 0; i < out.length; i++) {
      double grey = Math.floor(255 * Math.clamp(voi.share(values[i]), 0.0, 1.0) + 0.5);
      out[i] = (byte) (inverse ? 255 - grey : grey);
    }
    return out;
  }

  /** Whether frames differ in it. */
  boolean perFrame() {
    return !data.items(Tags.PER_FRAME_GROUPS).isEmpty();
  }

  /** From a value to its place between black (0) and white (1). */
  private interface Voi {
    double share(double value);
  }

  private int value(int stored) {
    int sign = 1 << (layout.stored() - 1);
    return layout.signed() && (stored & sign) != 0 ? stored - 2 * sign : stored;
  }

  private double[] modality(int frame) {
    double[] out = new double[1 << layout.stored()];
    Optional<Lut> lut = data.first(Tags.MODALITY_LUT).flatMap(l -> Lut.of(l, layout.signed()));
    DataSet rescale = group(Tags.FRAME_RESCALE, frame);
    double slope = rescale.number(Tags.SLOPE).orElse(1);
    double intercept = rescale.number(Tags.INTERCEPT).orElse(0);
    for (int i = 0; i < out.length; i++) {
      int v = value(i);
      out[i] = lut.isPresent() ? lut.get().at(v) : slope * v + intercept;
    }
    return out;
  }

  private DataSet voi(int frame) {
    return group(Tags.FRAME_VOI, frame);
  }

  /** A frame's own item of an enhanced object, or what all share, or the file itself. */
  private DataSet group(int tag, int frame) {
    List<DataSet> each = data.items(Tags.PER_FRAME_GROUPS);
    Optional<DataSet> own = frame < each.size() ? each.get(frame).first(tag) : Optional.empty();
    Optional<DataSet> shared = data.first(Tags.SHARED_GROUPS).flatMap(s -> s.first(tag));
    return own.or(() -> shared).orElse(data);
  }

  private Voi voiOf(int frame, double[] values) {
    DataSet voi = voi(frame);
    OptionalDouble center = voi.number(Tags.WINDOW_CENTER);
    OptionalDouble width = voi.number(Tags.WINDOW_WIDTH);
    if (center.isPresent() && width.isPresent() && width.getAsDouble() > 0) {
      return window(center.getAsDouble(), width.getAsDouble(), voi.text(Tags.WINDOW_FUNCTION));
    }
    Optional<Lut> lut = data.first(Tags.VOI_LUT).flatMap(l -> Lut.of(l, layout.signed()));
    if (lut.isPresent()) {
      double largest = lut.get().largest();
      return v -> lut.get().at(v) / largest;
    }
    return range(values);
  }

  /** C.11.2.1.2 and C.11.2.1.3. */
  private static Voi window(double c, double w, String function) {
    return switch (function) {
      case "SIGMOID" -> v -> 1 / (1 + StrictMath.exp(-4 * (v - c) / w));
      case "LINEAR_EXACT" -> v -> (v - c) / w + 0.5;
      default -> w > 1 ? v -> (v - (c - 0.5)) / (w - 1) + 0.5 : v -> v > c - 0.5 ? 1 : 0;
    };
  }

  private Voi range(double[] values) {
    int mask = (1 << layout.stored()) - 1;
    int sign = layout.signed() ? 1 << (layout.stored() - 1) : 0;
    boolean stated = data.has(Tags.SMALLEST) && data.has(Tags.LARGEST);
    double a = values[stated ? data.unsigned(Tags.SMALLEST, 0) & mask : sign];
    double b = values[stated ? data.unsigned(Tags.LARGEST, mask) & mask : mask ^ sign];
    double low = Math.min(a, b);
    double span = Math.max(a, b) - low;
    return v -> span > 0 ? (v - low) / span : 0;
  }
}
