package medsora.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.testing.Fixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import medsora.data.ClipCutter;
import medsora.data.ClipDataset;
import medsora.data.ClipSampler;
import medsora.data.Sampling;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Every file of a folder is used or named with the reason, and no file ends the others. */
@DisabledOnOs(OS.WINDOWS)
class HostileFolderTest {
  private static final ClipDataset.Options OPTIONS =
      new ClipDataset.Options(
          16, new ClipSampler(Sampling.PAPER, 2), 0.1, 1 << 20, ReadOptions.DEFAULT);

  @TempDir Path root;

  private Path data;

  private Path data() throws IOException {
    data = Files.createDirectories(root.resolve("data"));
    return data;
  }

  private Path write(String name, byte[] bytes) throws IOException {
    Path file = data.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  private void strip(Path file, int clip) throws IOException {
    PngWriter.strip(file, Phantom.render(1, clip, 9, 16));
  }

  private static byte[] gif(int width, int height) {
    ByteBuffer b = ByteBuffer.allocate(64).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    b.put("GIF89a".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    return b.putShort((short) width).putShort((short) height).array();
  }

  private static byte[] png(int width, int height) {
    ByteBuffer b = ByteBuffer.allocate(64);
    b.putLong(0x89504e470d0a1a0aL).putInt(13).putInt(0x49484452).putInt(width).putInt(height);
    b.put(new byte[] {8, 2, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(b.array(), 12, 17);
    return b.putInt((int) crc.getValue()).array();
  }

  private static String reasonFor(Map<String, String> dropped, String name) {
    assertTrue(dropped.containsKey(name), () -> name + " is not in " + dropped);
    return dropped.get(name);
  }

  @Test
  void everyBadFileIsNamedAndTheOthersAreUsed() throws IOException {
    data();
    strip(data.resolve("good one.png"), 0);
    strip(data.resolve("gut-\u00fc\u4e2d.png"), 1);
    strip(data.resolve("line\nbreak.png"), 2);
    byte[] mp4 = Files.readAllBytes(Fixtures.testdata().resolve("video").resolve("bframes.mp4"));
    write("empty.mp4", new byte[0]);
    write("text.mp4", "this is no video, only words".getBytes());
    write("cut.mp4", Arrays.copyOf(mp4, mp4.length / 2));
    write("huge.gif", gif(65535, 65535));
    write("none.gif", gif(0, 0));
    write("huge.png", png(100_000, 100_000));
    write("cut.png", Arrays.copyOf(png(16, 160), 20));
    write("bomb.png", png(16, 16 * 60_000));
    write("folder.mp4/notes.txt", new byte[1]);
    write("notes.txt", new byte[1]);
    write("bad\u001b[31mname.mov", new byte[0]);
    Files.createSymbolicLink(data.resolve("broken.mp4"), root.resolve("nowhere"));
    Path secret = Files.write(root.resolve("secret.mp4"), mp4);
    Files.createSymbolicLink(data.resolve("out.mp4"), secret);
    Files.createSymbolicLink(data.resolve("linked"), root);
    strip(root.resolve("outside.png"), 5);
    Files.createSymbolicLink(data.resolve("outside.png"), root.resolve("outside.png"));

    ClipDataset set = ClipDataset.open(data, OPTIONS);
    assertEquals(3, set.train().videos() + set.heldOut().videos());
    Map<String, String> dropped =
        set.dropped().stream()
            .collect(
                Collectors.toMap(
                    VideoFolder.Dropped::what,
                    VideoFolder.Dropped::reason,
                    (a, b) -> a + b,
                    TreeMap::new));
    Map<String, String> wanted = new TreeMap<>();
    wanted.put("empty.mp4", "is empty (0 bytes)");
    wanted.put("text.mp4", "ffmpeg");
    wanted.put("cut.mp4", "");
    wanted.put("huge.gif", "65535x65535 pixels per frame exceed");
    wanted.put("none.gif", "impossible frame size 0x0");
    // Pictures beside each other are one video.
    wanted.put("data", "none of its 3 pictures can be read: bomb.png: damaged or unsupported");
    wanted.put("folder.mp4", "a folder, not a video file");
    wanted.put("folder.mp4/notes.txt", "not a video file");
    wanted.put("notes.txt", "not a video file");
    wanted.put("bad\\u001b[31mname.mov", "is empty");
    wanted.put("broken.mp4", "broken link");
    wanted.put("out.mp4", "link that leaves the folder");
    wanted.put("outside.png", "link that leaves the folder");
    wanted.put("linked", "link to a folder");
    wanted.forEach((name, reason) ->
        assertTrue(reasonFor(dropped, name).contains(reason), () -> name + ": " + dropped));
    assertEquals(wanted.keySet(), dropped.keySet());

    assertTrue(dropped.get("data").contains("cut.png: damaged or unsupported"), "" + dropped);
    assertTrue(dropped.get("data").contains("huge.png: 100000x100000 pixels per frame exceed"));
    String summary = String.join("\n", set.report());
    assertTrue(summary.contains("3 videos kept") && summary.contains("14 dropped"), summary);
    assertEquals(18, summary.split("\n").length, summary);
  }

  @Test
  void nothingUsableIsAnErrorWithTheReasons() throws IOException {
    data();
    for (int i = 0; i < 60; i++) {
      write("v%02d.mp4".formatted(i), new byte[0]);
    }
    String said =
        assertThrows(VideoException.class, () -> ClipDataset.open(data, OPTIONS)).getMessage();
    assertTrue(said.contains("no usable video, 60 dropped:"), said);
    assertTrue(said.contains("v00.mp4: is empty") && said.endsWith("and 20 more"), said);
    ClipCutter.Options cut = ClipCutter.Options.of(16);
    String none =
        assertThrows(
                VideoException.class, () -> ClipCutter.cut(data, root.resolve("o"), cut, s -> {}))
            .getMessage();
    assertTrue(none.contains("no clip could be cut") && none.contains("v00.mp4"), none);
  }

  @Test
  void oneClipIsOneClip() throws IOException {
    data();
    strip(data.resolve("a.png"), 0);
    java.util.List<String> said = new java.util.ArrayList<>();
    ClipCutter.Options cut =
        new ClipCutter.Options(
            5, 2, 16, ClipCutter.Format.STRIP, 0, 0, ClipCutter.Black.KEEP, ReadOptions.DEFAULT);
    ClipCutter.cut(data, root.resolve("o"), cut, said::add);
    assertEquals(List.of("a.png: 1 clip"), said);
  }

  @Test
  void picturesThatLeaveTheirFolderAreNoFrames() throws IOException {
    data();
    for (int i = 0; i < 4; i++) {
      VideoReaderTest.picture(
          Files.createDirectories(data.resolve("frames")).resolve(i + ".png"), 5, 7, i);
    }
    VideoReaderTest.picture(root.resolve("secret.png"), 5, 7, 200);
    Files.createSymbolicLink(data.resolve("frames/9.png"), root.resolve("secret.png"));
    Files.createSymbolicLink(data.resolve("frames/4.png"), data.resolve("frames/3.png"));
    Files.copy(root.resolve("secret.png"), data.resolve("frames/._0.png"));
    assertEquals(5, VideoReader.read(data.resolve("frames")).length());
    List<VideoFolder.Dropped> ignored = VideoFolder.list(data).ignored();
    String all = ignored.toString();
    assertEquals(2, ignored.size(), all);
    assertTrue(all.contains("frames/9.png, reason=link that leaves the folder"), all);
    assertTrue(all.contains("frames/._0.png, reason=hidden file"), all);
  }

  @Test
  void aDataFolderMayItselfBeALink() throws IOException {
    data();
    strip(data.resolve("a.png"), 0);
    Path link = Files.createSymbolicLink(root.resolve("link"), data);
    assertEquals(1, VideoFolder.list(link).videos().size());
  }

  @Test
  void aBadStripDoesNotMakeAVideoOfTheOthers() throws IOException {
    data();
    strip(data.resolve("a.png"), 0);
    strip(data.resolve("b.png"), 1);
    write("c.strip7.png", Files.readAllBytes(data.resolve("a.png")));
    ClipDataset set = ClipDataset.open(data, OPTIONS);
    assertEquals(2, set.train().videos() + set.heldOut().videos());
    assertEquals(1, set.dropped().size());
    assertTrue(set.dropped().getFirst().reason().contains("wants 7 frames along an edge of 144"));
  }

  @Test
  void listsThatLeaveTheirFolderAreRefusedByName() throws IOException {
    data();
    strip(data.resolve("a.png"), 0);
    strip(data.resolve("b.png"), 1);
    for (String clip : List.of("../secret.png", "/etc/passwd", "x/../../y.png", "", "..")) {
      String list = "clip\tsource\tfirst_frame\na.png\tv\t0\n" + clip + "\tv\t3\n";
      Files.writeString(data.resolve(ClipList.NAME), list);
      ClipDataset set = ClipDataset.open(data, OPTIONS);
      String report = String.join("\n", set.report());
      String wanted = "clips.tsv ignored: line 3 names a clip outside the list's folder: '" + clip;
      assertTrue(report.contains(wanted), report);
      assertEquals(2, set.train().videos() + set.heldOut().videos());
    }
    for (String bad : List.of("\t".repeat(100_000), "x".repeat(1 << 20), "clip\tclip\n")) {
      Files.writeString(data.resolve(ClipList.NAME), bad);
      String report = String.join("\n", ClipDataset.open(data, OPTIONS).report());
      assertTrue(report.contains("clips.tsv ignored: "), report);
    }
  }

  @Test
  void pipesAndDevicesAreNoVideos() throws Exception {
    data();
    strip(data.resolve("a.png"), 0);
    Path pipe = data.resolve("pipe.mp4");
    assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
    VideoFolder list = VideoFolder.list(data);
    assertEquals("[Dropped[what=pipe.mp4, reason=not a regular file]]", "" + list.ignored());
    String said = assertThrows(VideoException.class, () -> VideoReader.read(pipe)).getMessage();
    assertTrue(said.contains("is no regular file"), said);
  }

  @Test
  void anFfmpegThatHangsIsEnded() throws IOException {
    data();
    Path video = write("v.mkv", new byte[100]);
    Path hangs = script("#!/bin/sh\nsleep 600\n");
    Path answers =
        script("#!/bin/sh\necho streams.stream.0.index=0\necho streams.stream.0.pix_fmt=yuv420p\n");
    ReadLimits soon = new ReadLimits(1 << 20, 100, 1 << 20, 1);
    FfmpegProgram silent = new FfmpegProgram(hangs, hangs, 6, 0);
    String said =
        assertThrows(
                VideoException.class,
                () -> VideoReader.open(video, soon, () -> Optional.of(silent)))
            .getMessage();
    assertTrue(said.startsWith("[video] " + video), said);
    assertTrue(said.endsWith("gave no answer in 1 s and was ended"), said);

    FfmpegProgram mute = new FfmpegProgram(hangs, answers, 6, 0);
    String late =
        assertThrows(
                VideoException.class, () -> VideoReader.open(video, soon, () -> Optional.of(mute)))
            .getMessage();
    assertTrue(late.contains("ffmpeg delivered nothing for 1 s and was ended"), late);

    Path begins =
        script(
            "#!/bin/sh\necho '[Parsed_showinfo_2 @ 0x1] [info] n:   0 pts:      0 pts_time:0      "
                + " fmt:yuv420p sar:0/1 s:8x8 i:P iskey:1' >&2\n"
                + "echo '[Parsed_showinfo_2 @ 0x1] [info] color_range:tv color_space:bt709' >&2\n"
                + "sleep 600\n");
    FfmpegProgram stalls = new FfmpegProgram(begins, answers, 6, 0);
    try (FrameSource source = VideoReader.open(video, soon, () -> Optional.of(stalls))) {
      assertEquals(8 * 8 * 3, source.frameBytes());
      byte[] frame = new byte[source.frameBytes()];
      String never = assertThrows(VideoException.class, () -> source.next(frame)).getMessage();
      assertTrue(never.contains("ffmpeg delivered nothing for 1 s and was ended"), never);
    }
    assertTrue(ProcessHandle.current().descendants().noneMatch(ProcessHandle::isAlive));
  }

  private Path script(String text) throws IOException {
    Path file = Files.createTempFile(root, "program", ".sh");
    Files.writeString(file, text);
    assumeTrue(file.toFile().setExecutable(true));
    return file;
  }

  @Test
  void playlistsDoNotReachOtherFiles() throws IOException {
    assumeTrue(FfmpegPlaces.find().isPresent(), "there is no ffmpeg for this platform");
    data();
    Path clip = root.resolve("secret.mp4");
    Mp4Writer.write(clip, Phantom.render(1, 0, 9, 16).at(6));
    Files.copy(clip, data.resolve("inside.ts"));
    String concat = "ffconcat version 1.0\nfile 'inside.ts'\n";
    String hls = "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:1,\n" + clip + "\n#EXT-X-ENDLIST\n";
    for (String text : List.of(concat, hls)) {
      Path list = write("list.mp4", text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      String said = assertThrows(VideoException.class, () -> VideoReader.read(list)).getMessage();
      assertFalse(said.contains("secret"), said);
    }
  }

  @Test
  void whatTheMemoryDoesNotHoldIsRefusedBefore() {
    long heap = Runtime.getRuntime().maxMemory();
    String said =
        assertThrows(VideoException.class, () -> ReadLimits.DEFAULT.checkMemory("x.gif", heap))
            .getMessage();
    assertTrue(said.contains("x.gif") && said.contains("JAVA_OPTS=-Xmx"), said);
  }

  @Test
  void whateverADecoderThrowsNamesTheFile() {
    List<Throwable> all =
        List.of(
            new ArrayIndexOutOfBoundsException("7"),
            new StackOverflowError(),
            new OutOfMemoryError("made up"));
    for (Throwable t : all) {
      String said =
          assertThrows(
                  VideoException.class,
                  () ->
                      Contained.open(
                          "x.mp4",
                          () -> {
                            if (t instanceof Error e) {
                              throw e;
                            }
                            throw (RuntimeException) t;
                          }))
              .getMessage();
      assertTrue(said.startsWith("[video] x.mp4: "), said);
    }
  }
}
