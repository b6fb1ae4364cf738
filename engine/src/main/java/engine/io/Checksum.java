package engine.io;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * SHA-256 over all that a safetensors file says: its metadata (but this sum), the name, type and
 * shape of each tensor in the order of the file, and all data. Kept in the metadata under {@link
 * #KEY}, it tells a file with a flipped bit from a whole one.
 */
final class Checksum {
  static final String KEY = "sha256";

  private final MessageDigest digest;

  Checksum(Map<String, String> metadata) {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    new TreeMap<>(metadata)
        .forEach((key, value) -> {
          if (!key.equals(KEY)) {
            text(key);
            text(value);
          }
        });
  }

  Checksum tensor(String name, Dtype dtype, long[] shape) {
    text(name);
    text(dtype.name());
    text(Arrays.toString(shape));
    return this;
  }

  void data(ByteBuffer bytes) {
    digest.update(bytes);
  }

  String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** With its length, so that no two sequences of texts are alike. */
  private void text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
    digest.update(bytes);
  }
}
