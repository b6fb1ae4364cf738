package medsora.data.layout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.data.VideoToCut;
import medsora.data.VideosToCut;

/**
 * Videos {@code labelled_videos/ID.mp4} and {@code unlabelled_videos/ID.mp4}, with {@code
 * metadata.csv} and {@code official_splits}. Each video is a group; a clip's label is the findings
 * of its frames. The pictures of {@code labelled_images} are frames of the same videos and are left
 * out.
 */
final class KvasirCapsule implements Layout.Reader {
  private static final Pattern VIDEO =
      Pattern.compile(
          "(?:(.*)/)?((?:un)?labell?ed_videos)/([0-9a-f]{16})\\.[a-z0-9]{2,4}",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern ANNOTATIONS =
      Pattern.compile("(.*/)?(metadata|(official_splits/)?split_[01])\\.csv");

  private static final String WANTED =
      "labelled_videos/ID.mp4 or unlabelled_videos/ID.mp4, ID being sixteen hexadecimal digits";

  @Override
  public List<String> splits() {
    return List.of("0", "1");
  }

  @Override
  public Pattern annotations() {
    return ANNOTATIONS;
  }

  @Override
  public VideosToCut read(Contents contents, String split) throws IOException {
    Path set = set(contents);
    Map<String, LabelSpans> labels = new HashMap<>();
    KvasirSplits sides =
        split.equals(Layout.NO_SPLIT)
            ? KvasirSplits.NONE
            : KvasirSplits.read(contents, set, Integer.parseInt(split), labels);
    Optional<Path> metadata = Contents.file(set.resolve("metadata.csv"));
    if (metadata.isPresent()) {
      // The splits name fewer findings, some of them by other names.
      labels.clear();
      for (KvasirFrame frame : KvasirFrame.metadata(metadata.get())) {
        labels
            .computeIfAbsent(frame.video(), v -> new LabelSpans())
            .add(frame.number(), frame.label());
      }
    }
    return contents.pick(
        VIDEO,
        WANTED,
        sides.notes(videos(contents)),
        (path, name, match) -> {
          String id = match.group(3).toLowerCase(Locale.ROOT);
          SortedMap<String, String> about = new TreeMap<>();
          about.put(VideoToCut.GROUP, id);
          if (!split.equals(Layout.NO_SPLIT)) {
            about.put(VideoToCut.SPLIT, sides.side(id));
          }
          VideoToCut.FrameLabels known = labels.get(id);
          return new VideoToCut(path, name, about, known == null ? VideoToCut.UNLABELLED : known);
        });
  }

  private static Set<String> videos(Contents contents) {
    Set<String> out = new HashSet<>();
    for (Path video : contents.folder().videos()) {
      Matcher m = VIDEO.matcher(contents.folder().name(video));
      if (m.matches()) {
        out.add(m.group(3).toLowerCase(Locale.ROOT));
      }
    }
    return out;
  }

  /** The folder that holds the folders of videos. */
  private static Path set(Contents contents) throws IOException {
    for (Path video : contents.folder().videos()) {
      Matcher m = VIDEO.matcher(contents.folder().name(video));
      if (m.matches()) {
        return Contents.set(video);
      }
    }
    throw contents.missing(WANTED);
  }
}
