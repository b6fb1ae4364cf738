package tools.evaluate;

import java.util.ArrayList;
import java.util.List;
import medsora.metric.distance.ClipLooks;
import medsora.metric.distance.ClipMotion;
import medsora.metric.distance.Copying;
import medsora.metric.protocol.CopySearch;
import medsora.metric.protocol.Extraction.Extracted;

/**
 * What looking at the clips of an evaluation gave, without any weights.
 *
 * @param real thumbnails of the real clips, and their hashes
 * @param generated the same of the generated ones
 * @param looksOfReal how the real clips look
 * @param looksOfGenerated how the others look
 * @param motion how the pixels of some clips of both sets move, or null
 * @param copies what was found of the generated clips in the real videos
 */
public record Seen(
    Extracted real,
    Extracted generated,
    ClipLooks looksOfReal,
    ClipLooks looksOfGenerated,
    Motions motion,
    Copies copies) {
  /** The motion of some clips of both sets. */
  public record Motions(ClipMotion real, ClipMotion generated) {}

  /**
   * Whether generated clips are in the real videos.
   *
   * @param copying by their thumbnails
   * @param features name of the thumbnails
   * @param remarks on clips that are there byte for byte
   */
  public record Copies(Copying copying, String features, List<String> remarks) {
    public Copies {
      remarks = List.copyOf(remarks);
    }

    static Copies of(
        List<CopySearch.Found> generated,
        List<CopySearch.Found> reference,
        boolean leaveOneOut,
        String features) {
      Copying copying = Copying.of(nears(generated), nears(reference), leaveOneOut);
      List<String> remarks = new ArrayList<>(said(generated));
      long leaked = leaveOneOut ? 0 : reference.stream().filter(CopySearch.Found::equal).count();
      if (leaked > 0) {
        remarks.add(
            "%d of %d held-out clips are byte for byte clips of real videos: they are not held out"
                .formatted(leaked, reference.size()));
      }
      return new Copies(copying, features, remarks);
    }

    private static List<Copying.Near> nears(List<CopySearch.Found> found) {
      return found.stream().map(CopySearch.Found::near).toList();
    }

    private static List<String> said(List<CopySearch.Found> generated) {
      List<String> remarks = new ArrayList<>();
      int n = generated.size();
      long equal = generated.stream().filter(CopySearch.Found::equal).count();
      long known = generated.stream().filter(f -> f.known() && !f.equal()).count();
      if (equal > 0) {
        remarks.add("%d of %d generated clips are byte for byte real ones".formatted(equal, n));
      }
      if (known > 0) {
        remarks.add(
            "%d of %d generated clips are made of frames of real videos, byte for byte, in another order or spacing"
                .formatted(known, n));
      }
      if (equal + known == n) {
        remarks.add(
            "the generated set is the real one under other names: no number here is a model's");
      }
      return remarks;
    }
  }
}
