package medsora.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The kinds of still pictures that are read. What a file is, its first bytes say, not its name. */
enum PictureKind {
  PNG(Set.of("png", "apng"), "\u0089PNG\r\n\u001a\n"),
  JPEG(Set.of("jpg", "jpeg", "jpe", "jfif"), "\u00ff\u00d8\u00ff"),
  // Version 42, and 43 of files beyond 4 GiB, in either byte order.
  TIFF(Set.of("tif", "tiff"), "II*\0", "MM\0*", "II+\0", "MM\0+"),
  BMP(Set.of("bmp", "dib"), "BM"),
  WEBP(Set.of("webp"), "RIFF????WEBP"),
  PNM(Set.of("ppm", "pgm", "pnm"), "P2", "P3", "P5", "P6");

  /** The longest first bytes that any kind is known by. */
  static final int HEAD = 12;

  private static final Set<String> ENDINGS =
      Arrays.stream(values())
          .flatMap(kind -> kind.endings.stream())
          .collect(Collectors.toUnmodifiableSet());

  private final Set<String> endings;
  private final List<String> heads;

  PictureKind(Set<String> endings, String... heads) {
    this.endings = endings;
    this.heads = List.of(heads);
  }

  /** All kinds in words, for messages. */
  static String all() {
    return "png, jpeg, tiff, bmp, webp, ppm, pgm";
  }

  /** Whether a file's name ends as that of a picture. */
  static boolean isPictureName(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  /** The kind of a file by its first {@value #HEAD} bytes; empty where it is no such picture. */
  static Optional<PictureKind> of(byte[] head) {
    String text = new String(head, StandardCharsets.ISO_8859_1);
    return Arrays.stream(values())
        .filter(kind -> kind.heads.stream().anyMatch(h -> begins(text, h)))
        .findFirst();
  }

  /** The kind of a file. */
  static Optional<PictureKind> of(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return of(in.readNBytes(HEAD));
    }
  }

  private static boolean begins(String text, String head) {
    if (text.length() < head.length()) {
      return false;
    }
    for (int i = 0; i < head.length(); i++) {
      if (head.charAt(i) != '?' && head.charAt(i) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The kind in words, as plug-ins are named too. */
  String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a reader of javax.imageio that calls its format so reads this kind. */
  boolean isFormat(String name) {
    String plain = name.toLowerCase(Locale.ROOT);
    return endings.contains(plain) || (this == TIFF && plain.equals("bigtiff"));
  }
}
