package medsora.train;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Losses as bytes, from rank to rank: a double keeps its bits. */
final class LossBytes {
  private LossBytes() {}

  /** Losses by leaf and name, the names in their order. */
  static byte[] of(SortedMap<Integer, Map<String, Double>> losses) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(losses.size());
      for (Map.Entry<Integer, Map<String, Double>> leaf : losses.entrySet()) {
        out.writeInt(leaf.getKey());
        out.writeInt(leaf.getValue().size());
        for (Map.Entry<String, Double> loss : leaf.getValue().entrySet()) {
          out.writeUTF(loss.getKey());
          out.writeDouble(loss.getValue());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** What {@link #of} made of the losses of several, together. */
  static SortedMap<Integer, Map<String, Double>> join(List<byte[]> all) {
    SortedMap<Integer, Map<String, Double>> losses = new TreeMap<>();
    for (byte[] each : all) {
      try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(each))) {
        int leaves = in.readInt();
        for (int i = 0; i < leaves; i++) {
          losses.put(in.readInt(), named(in));
        }
      } catch (IOException e) {
        throw new UncheckedIOException("[ranks] losses that are none", e);
      }
    }
    return losses;
  }

  private static Map<String, Double> named(DataInputStream in) throws IOException {
    Map<String, Double> named = new LinkedHashMap<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      named.put(in.readUTF(), in.readDouble());
    }
    return named;
  }

  static byte[] of(double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
    bytes.asDoubleBuffer().put(values);
    return bytes.array();
  }

  static double[] doubles(byte[] bytes) {
    double[] values = new double[bytes.length / Double.BYTES];
    ByteBuffer.wrap(bytes).asDoubleBuffer().get(values);
    return values;
  }
}
