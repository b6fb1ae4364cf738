package medsora.metric.protocol;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import medsora.media.Clip;

/** SHA-256 of what is judged. */
public final class ClipHash {
  private ClipHash() {}

  /** Of a clip's length, height and width and the bytes of all frames, in hex. */
  public static String of(Clip clip) {
    MessageDigest digest = sha();
    digest.update(
        ByteBuffer.allocate(12)
            .putInt(clip.length())
            .putInt(clip.height())
            .putInt(clip.width())
            .array());
    clip.frames().forEach(digest::update);
    return hex(digest);
  }

  /** Of each frame of a clip alone, in their order. */
  public static List<String> ofFrames(Clip clip) {
    return IntStream.range(0, clip.length()).mapToObj(t -> of(clip.pick(t))).toList();
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  static String of(byte[] bytes) {
    return HexFormat.of().formatHex(sha().digest(bytes));
  }

  static MessageDigest sha() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
