package medsora.media;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What ffprobe says of a file's stream of moving pictures: the one marked as default, else the
 * first.
 *
 * @param index number of the stream in the file
 * @param codec name of the codec
 * @param profile its profile, or {@code unknown}
 * @param pixelFormat how the decoder stores pixels
 * @param colours matrix and range, as far as the head of the file says
 * @param frames number of frames that the container promises, or 0
 * @param rate frames per second
 * @param orientation how the container wants it shown; empty for an angle that is no right one
 * @param fields ffmpeg's word for the order of the fields, {@code tff} or {@code bff}, where only
 *     the container says that frames hold two
 * @param gaps when its container shows nothing between two frames
 * @param moving how many such streams the file has
 */
record FfmpegStream(
    int index,
    String codec,
    String profile,
    String pixelFormat,
    Colours colours,
    long frames,
    OptionalDouble rate,
    Optional<Orientation> orientation,
    Optional<String> fields,
    List<Mp4Edits.Gap> gaps,
    int moving) {
  /**
   * Containers and bare streams of video by ffmpeg's names. Not among them are those that name
   * further files to read, such as playlists: a data folder's file may not reach out of it.
   */
  static final String FORMATS =
      "mov,matroska,webm,avi,mpeg,mpegts,mpegvideo,asf,flv,live_flv,ogg,gif,h261,h263,h264,hevc,vvc,"
          + "m4v,ivf,obu,mxf,gxf,dv,yuv4mpegpipe,nut,vc1,vc1test,dirac,cavsvideo,"
          + "avs2,avs3,rm,wtv,pva,nsv,smjpeg,mjpeg,swf,dhav";

  private static final Pattern LINE = Pattern.compile("streams\\.stream\\.(\\d{1,5})\\.(.*?)=(.*)");
  private static final Pattern MATRIX_ROW =
      Pattern.compile("[0-9a-f]{8}: +(-?\\d{1,11}) +(-?\\d{1,11}) +(-?\\d{1,11})");

  /** Codecs whose every frame says whether it holds fields; some containers say so of all. */
  private static final Set<String> MARKING =
      Set.of(
          "h264",
          "hevc",
          "vvc",
          "mpeg1video",
          "mpeg2video",
          "mpeg4",
          "vc1",
          "wmv3",
          "dvvideo",
          "prores",
          "dnxhd",
          "mjpeg",
          "utvideo",
          "ffv1",
          "cavs");

  private static final double MOST_FRAMES_PER_SECOND = 10_000;

  /**
   * Matrix and range by ffmpeg's names.
   *
   * @param space such as {@code bt709}
   * @param range {@code tv} or {@code pc}
   */
  record Colours(String space, String range) {}

  /** Asks ffprobe. */
  static FfmpegStream of(Path file, FfmpegProgram program, ReadLimits limits) throws IOException {
    FfmpegProgram.Answer answer;
    try {
      answer = program.ask(question(file, program), limits.stallSeconds());
    } catch (IOException e) {
      throw new VideoException(file.toString(), Pictures.reason(e), e);
    }
    List<Map<String, String>> streams = streams(answer.text());
    List<Map<String, String>> moving = streams.stream().filter(s -> !isPicture(s)).toList();
    if (answer.exit() != 0 || streams.isEmpty()) {
      throw new VideoException(
          file.toString(),
          "ffmpeg finds no video stream in it"
              + FfmpegLog.said(FfmpegLog.errors(answer.errors()), file));
    }
    if (moving.isEmpty()) {
      throw new VideoException(
          file.toString(), "holds no video: its only picture stream is a cover");
    }
    Map<String, String> chosen =
        moving.stream().filter(FfmpegStream::isDefault).findFirst().orElse(moving.getFirst());
    int index = (int) number(chosen.get("index"));
    return stream(chosen, Mp4Edits.gaps(file, index), moving.size());
  }

  private static List<String> question(Path file, FfmpegProgram program) {
    List<String> command =
        new ArrayList<>(List.of(program.ffprobe().toString(), "-v", "level+error"));
    command.addAll(List.of("-protocol_whitelist", "file", "-format_whitelist", FORMATS));
    // All that it says of them, since versions differ in how parts are asked for.
    command.addAll(List.of("-select_streams", "v", "-show_streams", "-of", "flat"));
    command.add(FfmpegProgram.input(file));
    return command;
  }

  /** Each stream's answers, in the order of the file; quotes are taken off. */
  private static List<Map<String, String>> streams(String text) {
    Map<Integer, Map<String, String>> streams = new TreeMap<>();
    for (String line : text.split("\r?\n")) {
      Matcher m = LINE.matcher(line);
      if (m.matches()) {
        String value = m.group(3);
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        streams
            .computeIfAbsent(Integer.parseInt(m.group(1)), key -> new TreeMap<>())
            .putIfAbsent(m.group(2), quoted ? value.substring(1, value.length() - 1) : value);
      }
    }
    return streams.values().stream().filter(s -> s.containsKey("index")).toList();
  }

  /** What players show where there are several. */
  private static boolean isDefault(Map<String, String> stream) {
    return "1".equals(stream.get("disposition.default"));
  }

  /** A cover or a row of thumbnails, which is no video. */
  private static boolean isPicture(Map<String, String> stream) {
    return "1".equals(stream.get("disposition.attached_pic"))
        || "1".equals(stream.get("disposition.timed_thumbnails"));
  }

  private static FfmpegStream stream(
      Map<String, String> values, List<Mp4Edits.Gap> gaps, int moving) {
    return new FfmpegStream(
        (int) number(values.get("index")),
        values.getOrDefault("codec_name", "unknown"),
        values.getOrDefault("profile", "unknown"),
        values.getOrDefault("pix_fmt", "unknown"),
        new Colours(
            values.getOrDefault("color_space", "unknown"),
            values.getOrDefault("color_range", "unknown")),
        number(values.get("nb_frames")),
        rate(values.get("avg_frame_rate"), values.get("r_frame_rate")),
        orientation(values),
        fields(values),
        gaps,
        moving);
  }

  /** Which field of a frame is shown first, for a codec whose frames do not say. */
  private static Optional<String> fields(Map<String, String> values) {
    if (MARKING.contains(values.getOrDefault("codec_name", ""))) {
      return Optional.empty();
    }
    // The second letter is of the field that is shown first, where both are known.
    return switch (values.getOrDefault("field_order", "")) {
      case "tt", "bt" -> Optional.of("tff");
      case "bb", "tb" -> Optional.of("bff");
      default -> Optional.empty();
    };
  }

  private static Optional<Orientation> orientation(Map<String, String> values) {
    String text =
        values.entrySet().stream()
            .filter(e -> e.getKey().endsWith(".displaymatrix"))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse("");
    Matcher m = MATRIX_ROW.matcher(text);
    if (!m.find()) {
      return Optional.of(Orientation.UPRIGHT);
    }
    long a = number(m.group(1));
    long b = number(m.group(2));
    return m.find()
        ? Orientation.of(a, b, number(m.group(1)), number(m.group(2)))
        : Optional.empty();
  }

  /** The first of some fractions that is a rate. */
  private static OptionalDouble rate(@Nullable String... fractions) {
    for (String text : fractions) {
      String[] parts = (text == null ? "" : text).split("/");
      double rate = parts.length == 2 ? number(parts[0]) / (double) number(parts[1]) : 0;
      if (rate > 0 && rate <= MOST_FRAMES_PER_SECOND) {
        return OptionalDouble.of(rate);
      }
    }
    return OptionalDouble.empty();
  }

  private static long number(@Nullable String text) {
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
