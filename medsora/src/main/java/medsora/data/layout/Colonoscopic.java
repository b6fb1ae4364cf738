package medsora.data.layout;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import medsora.data.VideoToCut;
import medsora.data.VideosToCut;

/**
 * Videos {@code Adenoma/adenoma_01/videos/NBI.mp4} and so on, or {@code adenoma_01_NBI.mp4}: the
 * class of the lesion, its number, the light. The two lights of a lesion are one group. No split
 * was published.
 */
final class Colonoscopic implements Layout.Reader {
  /** No text matches it. */
  private static final Pattern NONE = Pattern.compile("[^\\s\\S]");

  private static final Pattern VIDEO =
      Pattern.compile(
          "(?:.*/)?(hyperplasic|serrated|adenoma)_(\\d{1,3})(?:/videos/|/|_)(WL|NBI)\\.[a-z0-9]{2,4}",
          Pattern.CASE_INSENSITIVE);

  private static final String WANTED =
      "videos CLASS_NN/videos/WL.mp4 and NBI.mp4, CLASS being hyperplasic, serrated or adenoma"
          + " (clips such as 00001.mp4, as others prepared them, do not say which lesion they show:"
          + " prepare those without --layout)";

  @Override
  public List<String> splits() {
    return List.of();
  }

  @Override
  public Pattern annotations() {
    return NONE;
  }

  @Override
  public VideosToCut read(Contents contents, String split) throws IOException {
    return contents.pick(
        VIDEO,
        WANTED,
        List.of(),
        (path, name, match) -> {
          String lesion = match.group(1).toLowerCase(Locale.ROOT);
          int number = Integer.parseInt(match.group(2));
          Map<String, String> about =
              Map.of(
                  VideoToCut.LABEL,
                  lesion,
                  VideoToCut.GROUP,
                  "%s_%02d".formatted(lesion, number),
                  "light",
                  match.group(3).toUpperCase(Locale.ROOT));
          return new VideoToCut(path, name, new TreeMap<>(about), VideoToCut.UNLABELLED);
        });
  }
}
