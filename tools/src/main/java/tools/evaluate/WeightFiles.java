package tools.evaluate;

import engine.io.ShardedTensors;
import engine.io.TensorSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import tools.program.FileHash;

/** What files of weights are called by. */
public final class WeightFiles {
  private static final Pattern SHARD = Pattern.compile(".*-\\d+-of-\\d+\\.\\w+");

  private WeightFiles() {}

  /**
   * SHA-256 of weights, in hex: of the file; of several files, or a folder with an index of them,
   * that of lines {@code SHA-256 name} in the order of the names, as sha256sum prints them.
   *
   * @throws IOException where it cannot be read, or is a folder without an index
   */
  public static String sha256(Path weights) throws IOException {
    Path file = TensorSource.file(weights);
    Path index = Files.isDirectory(file) ? ShardedTensors.index(file) : file;
    if (!index.toString().endsWith(TensorSource.INDEX)) {
      return ofFile(file);
    }
    StringBuilder lines = new StringBuilder();
    for (Path each : ShardedTensors.files(index)) {
      lines.append(ofFile(each)).append("  ").append(each.getFileName()).append('\n');
    }
    byte[] text = lines.toString().getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(sha().digest(text));
  }

  /** SHA-256 of one file, in hex. */
  static String ofFile(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException("[weights] " + file + " is not a regular file");
    }
    return FileHash.sha256(file);
  }

  private static MessageDigest sha() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** What to do where names are missing from a file that is one of several; else empty. */
  static String hint(Path file) {
    return SHARD.matcher(file.toString()).matches()
        ? "; its name says that it is one of several files: give their index (*.index.json), or the"
            + " folder that it is in"
        : "";
  }
}
