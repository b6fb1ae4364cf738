package medsora.media;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A picture's name, taken apart: text, number, text and so on; {@code seqA2_007.png} is {@code
 * seqA}, 2, {@code _}, 7, {@code .png}. Runs of digits beyond any counter are text.
 *
 * @param file the picture
 * @param form the name with {@code #} in place of each number
 * @param numbers in their order
 */
record FrameName(Path file, String form, List<Long> numbers) {
  private static final Pattern NUMBER = Pattern.compile("(?<![0-9])[0-9]{1,18}(?![0-9])");

  FrameName {
    numbers = List.copyOf(numbers);
  }

  static FrameName of(Path file) {
    String name = file.getFileName().toString();
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    String stem = name.substring(0, name.length() - ending.length());
    List<Long> numbers = new ArrayList<>();
    Matcher digits = NUMBER.matcher(stem);
    while (digits.find()) {
      numbers.add(Long.parseLong(digits.group()));
    }
    // One sequence may end in both spellings.
    String same = ending.replace("jpeg", "jpg").replace("tiff", "tif");
    return new FrameName(file, digits.replaceAll("#") + same, numbers);
  }
}
