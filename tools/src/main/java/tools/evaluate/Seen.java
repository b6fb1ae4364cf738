package tools.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import medsora.metric.distance.ClipLooks;
import medsora.metric.distance.ClipMotion;
import medsora.metric.distance.Copying;
import medsora.metric.protocol.ClipSet;
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
   * @param generated of each generated clip what was found
   * @param spacing of the frames of the real clips that were searched
   * @param remarks on clips that are there byte for byte
   */
  public record Copies(
      Copying copying,
      String features,
      List<CopySearch.Found> generated,
      int spacing,
      List<String> remarks) {
    /** Names of clips that a remark gives. */
    private static final int NAMED = 8;

    public Copies {
      generated = List.copyOf(generated);
      remarks = List.copyOf(remarks);
    }

    /** What a generated clip is byte for byte, in words; empty for nothing. */
    public String what(int clip) {
      CopySearch.Found found = generated.get(clip);
      if (found.equal()) {
        return "byte for byte a real clip";
      }
      return found.known() ? "made of frames of real videos" : "";
    }

    /** Which real clips a generated one was held against. */
    public String searched() {
      return "every begin of every real video, frames %d apart".formatted(spacing);
    }

    /** How clips of frames that lie otherwise in a video are looked for. */
    public String notSearched() {
      return "copies were looked for among real frames that are %d apart alone: one of frames that lie otherwise,"
              .formatted(spacing)
          + " coded anew, is not found; --spacing N looks N apart";
    }

    static Copies of(
        List<CopySearch.Found> generated,
        List<CopySearch.Found> reference,
        boolean leaveOneOut,
        String features,
        ClipSet real,
        ClipSet clips) {
      Copying copying = Copying.of(nears(generated), nears(reference), leaveOneOut);
      List<String> remarks = new ArrayList<>(said(generated, clips));
      long leaked = leaveOneOut ? 0 : reference.stream().filter(CopySearch.Found::equal).count();
      if (leaked > 0) {
        remarks.add(
            "%d of %d held-out clips are byte for byte clips of real videos: they are not held out"
                .formatted(leaked, reference.size()));
      }
      return new Copies(copying, features, generated, real.rule().spacing(), remarks);
    }

    private static List<Copying.Near> nears(List<CopySearch.Found> found) {
      return found.stream().map(CopySearch.Found::near).toList();
    }

    private static List<String> names(
        List<CopySearch.Found> generated, ClipSet clips, Predicate<CopySearch.Found> which) {
      return IntStream.range(0, generated.size())
          .filter(i -> which.test(generated.get(i)))
          .mapToObj(clips::name)
          .toList();
    }

    private static String some(List<String> names) {
      String first = names.stream().limit(NAMED).collect(Collectors.joining(", "));
      return names.size() > NAMED ? first + " and " + (names.size() - NAMED) + " more" : first;
    }

    private static List<String> said(List<CopySearch.Found> generated, ClipSet clips) {
      List<String> remarks = new ArrayList<>();
      int n = generated.size();
      List<String> equal = names(generated, clips, CopySearch.Found::equal);
      List<String> known = names(generated, clips, f -> f.known() && !f.equal());
      if (!equal.isEmpty()) {
        remarks.add(
            "%d of %d generated clips are byte for byte real ones: %s"
                .formatted(equal.size(), n, some(equal)));
      }
      if (!known.isEmpty()) {
        remarks.add(
            "%d of %d generated clips are made of frames of real videos, byte for byte, in another order or spacing: %s"
                .formatted(known.size(), n, some(known)));
      }
      if (equal.size() + known.size() == n) {
        remarks.add(
            "the generated set is the real one under other names: no number here is a model's");
      }
      return remarks;
    }
  }
}
