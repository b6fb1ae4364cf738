package tools.evaluate;

import java.util.List;
import medsora.metric.distance.ClipLooks;
import medsora.metric.distance.ClipMotion;
import medsora.metric.distance.Copying;
import medsora.metric.protocol.Extraction.Extracted;

/**
 * What looking at the clips of an evaluation gave, without any weights.
 *
 * @param real thumbnails of the real clips, and their hashes
 * @param generated the same of the generated ones
 * @param looksOfReal how the real clips look
 * @param looksOfGenerated how the others look
 * @param motion how the pixels of some clips of both sets move, or null
 * @param copying whether generated clips are copies, by their thumbnails
 * @param features name of the thumbnails
 */
public record Seen(
    Extracted real,
    Extracted generated,
    ClipLooks looksOfReal,
    ClipLooks looksOfGenerated,
    Motions motion,
    Copying copying,
    String features) {
  /** The motion of some clips of both sets. */
  public record Motions(ClipMotion real, ClipMotion generated) {}

  /** How many generated clips are byte for byte real ones. */
  public long equal() {
    List<String> hashes = real.hashes();
    return generated.hashes().stream().filter(hashes::contains).count();
  }
}
