package medsora.media;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Masks and labels that data sets keep beside their frames, told by a word of their names: {@code
 * frame_80_mask.png}, {@code 12.seg.png}, a folder {@code labels}. They are no frames; where all
 * pictures of a folder carry such a word, it says nothing, and they are.
 */
final class MaskNames {
  private static final String WORDS =
      "(?:masks?|seg|segm|segmentations?|labels?|labelmaps?|lbl|gt|ground[ _-]?truths?"
          + "|annotations?)";

  private static final Pattern FILE = words("(?:.*[^a-z])?" + WORDS + "(?:[^a-z].*)?");
  private static final Pattern FOLDER = words(WORDS + "(?:[^a-z].*)?");

  private MaskNames() {}

  private static Pattern words(String pattern) {
    return Pattern.compile(pattern, Pattern.CASE_INSENSITIVE);
  }

  /** Those of a folder's pictures that are masks or labels of the others; often none. */
  static List<Path> among(Collection<Path> pictures) {
    List<Path> masks = pictures.stream().filter(MaskNames::isMask).toList();
    return masks.size() == pictures.size() ? List.of() : masks;
  }

  private static boolean isMask(Path file) {
    return FILE.matcher(text(file)).matches();
  }

  /** Whether a folder is called as one of masks or labels. */
  static boolean isMaskFolder(Path folder) {
    return FOLDER.matcher(text(folder)).matches();
  }

  private static String text(Path file) {
    return file.getFileName().toString();
  }
}
