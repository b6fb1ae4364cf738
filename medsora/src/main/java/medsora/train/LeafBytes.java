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

/** What leaves give beside gradients as bytes, from rank to rank: a double keeps its bits. */
final class LeafBytes {
  private LeafBytes() {}

  /** By leaf, the names of losses in their order. */
  static byte[] of(SortedMap<Integer, Reducer.Beside> leaves) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(leaves.size());
      for (Map.Entry<Integer, Reducer.Beside> leaf : leaves.entrySet()) {
        out.writeInt(leaf.getKey());
        out.writeInt(leaf.getValue().losses().size());
        for (Map.Entry<String, Double> loss : leaf.getValue().losses().entrySet()) {
          out.writeUTF(loss.getKey());
          out.writeDouble(loss.getValue());
        }
        out.writeInt(leaf.getValue().moves().length);
        out.write(leaf.getValue().moves());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** What {@link #of} made of the leaves of several, together. */
  static SortedMap<Integer, Reducer.Beside> join(List<byte[]> all) {
    SortedMap<Integer, Reducer.Beside> leaves = new TreeMap<>();
    for (byte[] each : all) {
      try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(each))) {
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
          leaves.put(in.readInt(), leaf(in));
        }
      } catch (IOException e) {
        throw new UncheckedIOException("[ranks] losses that are none", e);
      }
    }
    return leaves;
  }

  private static Reducer.Beside leaf(DataInputStream in) throws IOException {
    Map<String, Double> losses = new LinkedHashMap<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      losses.put(in.readUTF(), in.readDouble());
    }
    return new Reducer.Beside(losses, in.readNBytes(in.readInt()));
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
