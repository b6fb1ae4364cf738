package medsora.data.layout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import medsora.data.VideoToCut;
import medsora.data.VideosToCut;

/**
 * Pictures {@code videos/VID01/000000.png} with {@code labels/VID01.json} (CholecT50), or {@code
 * data/VID01/000000.png} with {@code triplet/VID01.txt} (CholecT45), one a second. Each video, and
 * so each patient, is a group; a clip's label is the triplets of its frames.
 */
final class CholecTriplet implements Layout.Reader {
  private static final Pattern VIDEO = Pattern.compile("(?:(.*)/)?(videos|data)/VID(\\d{1,3})");
  private static final Pattern NUMBER = Pattern.compile("(\\d{1,9})\\.[a-z]{3,4}");

  private static final Pattern ANNOTATIONS =
      Pattern.compile(
          "(.*/)?(labels/VID\\d{1,3}\\.json|triplet/VID\\d{1,3}\\.txt|dict/triplet\\.txt)");

  private static final String WANTED =
      "folders of pictures videos/VID01 (CholecT50) or data/VID01 (CholecT45)";

  @Override
  public List<String> splits() {
    return CholecSplits.names();
  }

  @Override
  public Pattern annotations() {
    return ANNOTATIONS;
  }

  @Override
  public VideosToCut read(Contents contents, String split) throws IOException {
    return contents.pick(
        VIDEO, WANTED, List.of(), (path, name, match) -> video(path, name, match, split));
  }

  private static VideoToCut video(Path path, String name, Matcher match, String split)
      throws IOException {
    Path set = Contents.set(path);
    boolean of45 = match.group(2).equals("data");
    String id = path.getFileName().toString();
    SortedMap<String, String> about = new TreeMap<>();
    about.put(VideoToCut.GROUP, id);
    if (!split.equals(Layout.NO_SPLIT)) {
      int number = Integer.parseInt(match.group(3));
      about.put(VideoToCut.SPLIT, CholecSplits.side(split, of45, number));
    }
    Optional<Triplets> triplets = Triplets.of(set, id);
    VideoToCut.FrameLabels labels = VideoToCut.UNLABELLED;
    if (triplets.isPresent()) {
      long[] frames = frames(path);
      labels = (first, stride, count) -> triplets.get().of(frames, first, stride, count);
    }
    return new VideoToCut(path, name, about, labels);
  }

  /** Numbers of the frames in the order in which pictures are read. */
  private static long[] frames(Path folder) throws IOException {
    List<Long> out = new ArrayList<>();
    try (Stream<Path> list = Files.list(folder)) {
      for (Path file : list.toList()) {
        Matcher m = NUMBER.matcher(file.getFileName().toString());
        if (m.matches()) {
          out.add(Long.parseLong(m.group(1)));
        }
      }
    }
    out.sort(Comparator.naturalOrder());
    return out.stream().mapToLong(Long::longValue).toArray();
  }
}
