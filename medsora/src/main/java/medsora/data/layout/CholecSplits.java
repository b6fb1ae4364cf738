package medsora.data.layout;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import medsora.media.VideoException;

/**
 * The official splits of CholecT45 and CholecT50 by the numbers of their videos (Nwoye and Padoy,
 * arXiv 2204.05235; the data loader of CAMMA-public/cholect50). A cross-validation tests on one
 * fold, trains on the others in their order and validates on the last five videos of those.
 */
final class CholecSplits {
  private static final List<List<Integer>> FOLDS =
      List.of(
          List.of(79, 2, 51, 6, 25, 14, 66, 23, 50, 111),
          List.of(80, 32, 5, 15, 40, 47, 26, 48, 70, 96),
          List.of(31, 57, 36, 18, 52, 68, 10, 8, 73, 103),
          List.of(42, 29, 60, 27, 65, 75, 22, 49, 12, 110),
          List.of(78, 43, 62, 35, 74, 1, 56, 4, 13, 92));

  /** Videos of CholecT50 that are not in CholecT45: the last of each fold. */
  private static final Set<Integer> OF_50_ALONE = Set.of(92, 96, 103, 110, 111);

  private static final int VALIDATION = 5;

  private static final Set<Integer> RENDEZVOUS_VALIDATION = Set.of(8, 12, 29, 50, 78);
  private static final Set<Integer> RENDEZVOUS_TEST =
      Set.of(6, 51, 10, 73, 14, 74, 32, 80, 42, 111);

  private static final Set<Integer> CHALLENGE_VALIDATION = Set.of(5, 18, 36, 65, 74);

  private static final String RENDEZVOUS = "rendezvous";
  private static final String CHALLENGE = "challenge";

  private CholecSplits() {}

  static List<String> names() {
    return Stream.concat(
            IntStream.rangeClosed(1, FOLDS.size()).mapToObj(i -> "crossval-" + i),
            Stream.of(RENDEZVOUS, CHALLENGE))
        .toList();
  }

  /**
   * The side of a video.
   *
   * @param of45 the set is CholecT45
   * @throws VideoException for a video that the split does not know
   */
  static String side(String split, boolean of45, int video) throws VideoException {
    if (FOLDS.stream().noneMatch(f -> f.contains(video))) {
      throw new VideoException(
          "VID%02d".formatted(video), "is no video of CholecT45 or CholecT50: --split none");
    }
    return switch (split) {
      case RENDEZVOUS -> side(video, RENDEZVOUS_VALIDATION, RENDEZVOUS_TEST);
      case CHALLENGE -> side(video, CHALLENGE_VALIDATION, OF_50_ALONE);
      default -> crossed(split.charAt(split.length() - 1) - '1', of45, video);
    };
  }

  private static String crossed(int test, boolean of45, int video) {
    List<Integer> others = new ArrayList<>();
    for (int i = 0; i < FOLDS.size(); i++) {
      if (i != test) {
        FOLDS.get(i).stream().filter(v -> !of45 || !OF_50_ALONE.contains(v)).forEach(others::add);
      }
    }
    List<Integer> last = others.subList(others.size() - VALIDATION, others.size());
    return side(video, new HashSet<>(last), Set.copyOf(FOLDS.get(test)));
  }

  private static String side(int video, Set<Integer> validation, Set<Integer> test) {
    if (test.contains(video)) {
      return "test";
    }
    return validation.contains(video) ? "val" : "train";
  }
}
