package medsora.metric.protocol;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import medsora.metric.distance.FeatureRows;

/** SHA-256 of sets of features. */
final class RowsHash {
  private RowsHash() {}

  /** Of the numbers of samples and features of each set, and of all rows, in hex. */
  static String of(FeatureRows... sets) {
    MessageDigest digest = ClipHash.sha();
    for (FeatureRows rows : sets) {
      digest.update(ByteBuffer.allocate(8).putInt(rows.count()).putInt(rows.dimensions()).array());
      ByteBuffer row = ByteBuffer.allocate(Float.BYTES * rows.dimensions());
      for (int i = 0; i < rows.count(); i++) {
        row.asFloatBuffer().put(rows.row(i));
        digest.update(row.array());
      }
    }
    return ClipHash.hex(digest);
  }
}
