package tools.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import engine.io.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import tools.bench.harness.Measurement;

/** Measurements as a JSON list of objects with the fields of {@link Item}. */
public final class JsonList {
  private JsonList() {}

  /**
   * @param name of the row
   * @param seconds median of one repetition
   * @param work of one repetition, by formula
   * @param unit "multiply-adds" or "bytes"
   * @param ceiling work per second that was possible meanwhile
   * @param fraction of the ceiling that was reached
   * @param cold whether it was measured before its times agreed
   * @param peakBytes the most resident memory of the row's process
   * @param peerSeconds median of the peer, or null
   */
  public record Item(
      String name,
      double seconds,
      long work,
      String unit,
      double ceiling,
      double fraction,
      boolean cold,
      long peakBytes,
      Double peerSeconds) {
    static Item of(Measurement m) {
      return new Item(
          m.row().name(),
          m.seconds().median(),
          m.work().amount(),
          m.work().unit().words(),
          m.ceiling(),
          m.fraction(),
          m.cold(),
          m.peakBytes(),
          m.peerSeconds());
    }
  }

  /** The file's bytes. */
  static byte[] bytes(List<Measurement> all) throws JsonProcessingException {
    return new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValueAsBytes(all.stream().map(Item::of).toList());
  }

  /** Writes a file. */
  public static void write(Path file, List<Measurement> all) throws IOException {
    WholeFile.write(file, bytes(all));
  }
}
