package medsora.data.layout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import medsora.data.VideosToCut;
import medsora.media.ReadOptions;

/** A published data set. */
public enum Layout {
  /** Mesejo et al. 2016: 76 lesions, each in white light and narrow band. */
  COLONOSCOPIC {
    @Override
    Reader reader() {
      return new Colonoscopic();
    }
  },
  /** Nwoye et al. 2022: CholecT45 and CholecT50, laparoscopies with action triplets. */
  CHOLECTRIPLET {
    @Override
    Reader reader() {
      return new CholecTriplet();
    }
  },
  /** Smedsrud et al. 2021: 43 labelled and 74 unlabelled videos of capsules. */
  KVASIR_CAPSULE {
    @Override
    Reader reader() {
      return new KvasirCapsule();
    }
  };

  /** Frames of a clip of the paper. */
  public static final int FRAMES = 16;

  /** The paper takes every third frame. */
  public static final int STRIDE = 3;

  /** The split that leaves the column out. */
  public static final String NO_SPLIT = "none";

  /** How one data set is read. */
  interface Reader {
    /** Names of its official splits, the one that is taken first; none where there is none. */
    List<String> splits();

    /** Paths below the data set's folder, with slashes, of files that say something of videos. */
    Pattern annotations();

    /**
     * Its videos.
     *
     * @param split one of {@link #splits}, or {@link #NO_SPLIT}
     */
    VideosToCut read(Contents contents, String split) throws IOException;
  }

  abstract Reader reader();

  /** What it is called on the command line, such as {@code kvasir-capsule}. */
  public String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Names of its official splits, the default first; none where none was published. */
  public List<String> splits() {
    return reader().splits();
  }

  /**
   * The layout of a name.
   *
   * @throws IllegalArgumentException naming all
   */
  public static Layout named(String title) {
    return Arrays.stream(values())
        .filter(l -> l.title().equals(title))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no layout is called '%s'; there are %s"
                    .formatted(
                        title,
                        Arrays.stream(values())
                            .map(Layout::title)
                            .collect(Collectors.joining(", ")))));
  }

  /**
   * Reads a data set's folder.
   *
   * @param split name of an official split, {@link #NO_SPLIT}, or empty for the default
   * @throws IOException naming what was looked for and what is there
   * @throws IllegalArgumentException naming the splits there are
   */
  public VideosToCut read(Path root, String split, ReadOptions options) throws IOException {
    Reader reader = reader();
    List<String> splits = reader.splits();
    String chosen = split;
    if (split.isEmpty()) {
      chosen = splits.isEmpty() ? NO_SPLIT : splits.getFirst();
    }
    if (!chosen.equals(NO_SPLIT) && !splits.contains(chosen)) {
      throw new IllegalArgumentException(
          "%s has no split '%s'; there are %s%s"
              .formatted(
                  title(),
                  split,
                  splits.stream().map(s -> s + ", ").collect(Collectors.joining()),
                  NO_SPLIT));
    }
    return reader.read(Contents.of(this, root, options), chosen);
  }
}
