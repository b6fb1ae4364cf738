package medsora.media;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Whether an mp4 says that its pictures are encrypted: a sample entry {@code encv} with its scheme
 * in {@code sinf} (ISO/IEC 14496-12, Common Encryption), or iTunes' {@code drmi}. ffmpeg decodes
 * what is encrypted as if it were not, and then says that it is broken.
 */
final class Mp4Encryption {
  private Mp4Encryption() {}

  /** Whether it is so; false for whatever is no mp4 or is cut off before it could say. */
  static boolean of(Path file) throws IOException {
    String text = new String(Mp4Movie.of(file).array(), StandardCharsets.ISO_8859_1);
    return text.contains("sinf") && (text.contains("encv") || text.contains("drmi"));
  }
}
