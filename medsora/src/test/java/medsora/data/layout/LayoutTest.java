package medsora.data.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import medsora.data.ClipCutter;
import medsora.data.ClipDataset;
import medsora.data.ClipSampler;
import medsora.data.Sampling;
import medsora.data.VideoToCut;
import medsora.data.VideosToCut;
import medsora.media.Clip;
import medsora.media.ClipList;
import medsora.media.Mp4Writer;
import medsora.media.PngWriter;
import medsora.media.ReadOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Small made-up folders of the form of each published data set. */
class LayoutTest {
  private static final int SIDE = 16;
  private static final String A = "0728084c8da942d9";
  private static final String B = "7ad22d50ebaf4596";
  private static final String C = "04a78ef00c5245e0";

  @TempDir Path temporary;
  private Path root;
  private int made;

  @BeforeEach
  void below() {
    root = temporary.resolve("data");
  }

  /** Pictures that differ from each other and from those of other videos. */
  private List<byte[]> frames(int count) {
    int seed = 31 * ++made;
    List<byte[]> out = new ArrayList<>();
    for (int t = 0; t < count; t++) {
      byte[] frame = new byte[3 * SIDE * SIDE];
      for (int i = 0; i < frame.length; i++) {
        frame[i] = (byte) (60 + (i / 3 % SIDE / 4 * 30 + 3 * t + seed) % 150);
      }
      out.add(frame);
    }
    return out;
  }

  private void video(String name, int frames) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Mp4Writer.write(file, Clip.of(name, SIDE, SIDE, frames(frames)).at(25));
  }

  private void pictures(String folder, int count) throws IOException {
    List<byte[]> frames = frames(count);
    for (int i = 0; i < count; i++) {
      PngWriter.write(
          root.resolve(folder).resolve("%06d.png".formatted(i)), frames.get(i), SIDE, SIDE);
    }
  }

  private void text(String name, String text) throws IOException {
    Files.createDirectories(root.resolve(name).getParent());
    Files.writeString(root.resolve(name), text);
  }

  private VideosToCut read(Layout layout, String split) throws IOException {
    return layout.read(root, split, ReadOptions.DEFAULT);
  }

  private static Map<String, VideoToCut> byName(VideosToCut videos) {
    return videos.videos().stream().collect(Collectors.toMap(VideoToCut::name, v -> v));
  }

  /** Cuts with the paper's 16 frames, every third, and gives what the list says of each clip. */
  private Map<String, ClipList.Origin> cut(VideosToCut videos) throws IOException {
    ClipCutter.Options paper =
        new ClipCutter.Options(
            Layout.FRAMES,
            Layout.STRIDE,
            8,
            ClipCutter.Format.STRIP,
            0,
            0,
            ClipCutter.Black.KEEP,
            ReadOptions.DEFAULT);
    Path out = temporary.resolve("clips");
    ClipCutter.cut(videos, out, paper, line -> {});
    return ClipList.read(out.resolve(ClipList.NAME)).origins();
  }

  @Test
  void lesionsAreGroupsAndBothLightsOfOneStandTogether() throws IOException {
    for (String name :
        List.of("Adenoma/adenoma_01", "Adenoma/adenoma_02", "Serrated/serrated_01")) {
      video(name + "/videos/WL.mp4", 46);
      video(name + "/videos/NBI.mp4", 46);
    }
    text("Adenoma/adenoma_01/info.xml", "<x/>");
    video("other.mp4", 3);
    VideosToCut videos = read(Layout.COLONOSCOPIC, "");
    Map<String, ClipList.Origin> clips = cut(videos);
    assertEquals(6, clips.size());
    clips
        .values()
        .forEach(o -> {
          String lesion = o.source().split("/")[1];
          assertEquals(lesion, o.further().get("group"));
          assertEquals(lesion.substring(0, lesion.length() - 3), o.further().get("label"));
          assertTrue(o.source().contains(o.further().get("light")));
          assertFalse(o.further().containsKey("split"));
        });
    assertTrue(videos.ignored().toString().contains("other.mp4, reason=no part of the layout"));
    assertTrue(videos.ignored().toString().contains("info.xml"));
    ClipDataset.Options options =
        new ClipDataset.Options(
            8, new ClipSampler(Sampling.PAPER, 16), 0.4, 1L << 24, ReadOptions.DEFAULT);
    ClipDataset set = ClipDataset.open(temporary.resolve("clips"), options);
    Set<String> held = groups(clips, set.heldOut());
    assertEquals(1, held.size());
    assertTrue(groups(clips, set.train()).stream().noneMatch(held::contains));
  }

  private static Set<String> groups(Map<String, ClipList.Origin> clips, ClipDataset.Split split) {
    return IntStream.range(0, split.videos())
        .mapToObj(i -> clips.get(split.entry(i).name()).further().get("group"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void cholecT50HasTripletsPhasesAndItsFolds() throws IOException {
    pictures("videos/VID79", 46);
    pictures("videos/VID78", 46);
    pictures("videos/VID92", 46);
    String instance = "[%d, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, %d]";
    text(
        "labels/VID79.json",
        """
        {"video": 79, "fps": 1, "num_frames": 46,
         "categories": {"triplet": {"0": "grasper,dissect,cystic_plate", "17": "hook,dissect,gallbladder"},
          "phase": {"1": "calot-triangle-dissection"}},
         "annotations": {"0": [%s, %s], "1": [[-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1]],
          "4": [%s], "45": [%s]}}
        """
            .formatted(
                instance.formatted(17, 1),
                instance.formatted(0, 1),
                instance.formatted(60, 1),
                instance.formatted(17, 2)));
    Map<String, VideoToCut> videos = byName(read(Layout.CHOLECTRIPLET, "crossval-1"));
    assertEquals("test", videos.get("videos/VID79").about().get("split"));
    // The last five of the folds 2 to 5: 1, 56, 4, 13, 92.
    assertEquals("val", videos.get("videos/VID92").about().get("split"));
    assertEquals("train", videos.get("videos/VID78").about().get("split"));
    Map<String, ClipList.Origin> clips = cut(read(Layout.CHOLECTRIPLET, "crossval-1"));
    assertEquals(3, clips.size());
    Map<String, String> about =
        clips.values().stream()
            .filter(o -> o.source().endsWith("79"))
            .findFirst()
            .orElseThrow()
            .further();
    // Frames 0, 3, ..., 45; frame 4 is not one of them.
    assertEquals("grasper,dissect,cystic_plate;hook,dissect,gallbladder", about.get("label"));
    assertEquals("calot-triangle-dissection;phase 2", about.get("phase"));
    assertEquals("VID79", about.get("group"));
  }

  @Test
  void cholecT45HasTablesAndNoVideoOfTheOtherFive() throws IOException {
    pictures("CholecT45/data/VID01", 46);
    pictures("CholecT45/data/VID79", 46);
    StringBuilder row = new StringBuilder("3");
    for (int i = 0; i < 100; i++) {
      row.append(i == 7 || i == 99 ? ",1" : ",0");
    }
    text("CholecT45/triplet/VID01.txt", row + "\n");
    text("CholecT45/dict/triplet.txt", "7:grasper,grasp,omentum\n");
    Map<String, VideoToCut> videos = byName(read(Layout.CHOLECTRIPLET, ""));
    VideoToCut one = videos.get("CholecT45/data/VID01");
    assertEquals("val", one.about().get("split"));
    assertEquals("test", videos.get("CholecT45/data/VID79").about().get("split"));
    assertEquals(Map.of("label", "grasper,grasp,omentum;triplet 99"), one.labels().of(0, 3, 16));
    assertEquals(Map.of(), one.labels().of(4, 3, 14));
  }

  /** Each fold is tested once; sides are disjoint and whole; sizes are those of the paper. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theOfficialFoldsCoverAllVideos(boolean of45) throws IOException {
    List<Integer> all = new ArrayList<>();
    for (int v = 1; v <= 111; v++) {
      try {
        CholecSplits.side("crossval-1", false, v);
        all.add(v);
      } catch (IOException e) {
        assertTrue(e.getMessage().contains("is no video of CholecT45"));
      }
    }
    assertEquals(50, all.size());
    all.removeIf(v -> of45 && Set.of(92, 96, 103, 110, 111).contains(v));
    Map<Integer, Integer> tested = new HashMap<>();
    for (int fold = 1; fold <= 5; fold++) {
      Map<String, Integer> sizes = new HashMap<>();
      for (int v : all) {
        String side = CholecSplits.side("crossval-" + fold, of45, v);
        sizes.merge(side, 1, Integer::sum);
        tested.merge(v, side.equals("test") ? 1 : 0, Integer::sum);
      }
      assertEquals(Map.of("test", of45 ? 9 : 10, "val", 5, "train", of45 ? 31 : 35), sizes);
    }
    assertTrue(tested.values().stream().allMatch(n -> n == 1));
    Map<String, Long> rendezvous = new HashMap<>();
    Map<String, Long> challenge = new HashMap<>();
    for (int v : all) {
      rendezvous.merge(CholecSplits.side("rendezvous", of45, v), 1L, Long::sum);
      challenge.merge(CholecSplits.side("challenge", of45, v), 1L, Long::sum);
    }
    if (!of45) {
      assertEquals(Map.of("train", 35L, "val", 5L, "test", 10L), rendezvous);
      assertEquals(Map.of("train", 40L, "val", 5L, "test", 5L), challenge);
    }
  }

  private void kvasir() throws IOException {
    video("labelled_videos/" + A + ".mp4", 46);
    video("labelled_videos/" + B + ".mp4", 94);
    video("unlabelled_videos/" + C + ".mp4", 46);
    text(
        "official_splits/split_0.csv",
        "filename,label\n%s_3.jpg,Erosion\n%s_3.jpg,Normal\n".formatted(A, B));
    text(
        "official_splits/split_1.csv",
        "filename,label\n%s_50.jpg,Ulcer\n%s_51.jpg,Ulcer\n".formatted(B, B));
  }

  @Test
  void capsuleVideosStandOnOneSideEvenWhereTheirPicturesDoNot() throws IOException {
    kvasir();
    PngWriter.write(
        root.resolve("labelled_images/Ulcer/" + B + "_50.png"), frames(1).getFirst(), SIDE, SIDE);
    VideosToCut videos = read(Layout.KVASIR_CAPSULE, "");
    assertEquals(
        List.of(B + " has pictures in both official folds (1 and 2): the whole video is in test"),
        videos.notes());
    assertTrue(videos.ignored().toString().contains("labelled_images/Ulcer"));
    Map<String, VideoToCut> byName = byName(videos);
    assertEquals("train", byName.get("labelled_videos/" + A + ".mp4").about().get("split"));
    assertEquals("test", byName.get("labelled_videos/" + B + ".mp4").about().get("split"));
    assertEquals("train", byName.get("unlabelled_videos/" + C + ".mp4").about().get("split"));
    assertEquals(
        "test",
        byName(read(Layout.KVASIR_CAPSULE, "1"))
            .get("labelled_videos/" + A + ".mp4")
            .about()
            .get("split"));
    Map<String, ClipList.Origin> clips = cut(videos);
    Map<Long, String> labels =
        clips.values().stream()
            .filter(o -> o.source().contains(B))
            .collect(
                Collectors.toMap(
                    ClipList.Origin::firstFrame, o -> o.further().getOrDefault("label", "")));
    assertEquals(Map.of(0L, "Normal", 48L, "Ulcer"), labels);
  }

  @Test
  void metadataGoesBeforeTheNamesOfTheSplits() throws IOException {
    kvasir();
    text(
        "metadata.csv",
        """
        filename;video_id;frame_number;finding_category;finding_class;x1;y1;x2;y2;x3;y3;x4;y4
        %s_3.jpg;%s;3;Luminal;Normal clean mucosa;;;;;;;;
        %s_40.jpg;%s;40;Luminal;Blood - fresh;1;2;3;4;5;6;7;8
        """
            .formatted(B, B, B, B));
    assertEquals(List.of(), read(Layout.KVASIR_CAPSULE, "").ignored());
    VideoToCut video =
        byName(read(Layout.KVASIR_CAPSULE, "none")).get("labelled_videos/" + B + ".mp4");
    assertEquals(Map.of("label", "Blood - fresh;Normal clean mucosa"), video.labels().of(0, 3, 16));
    assertEquals(Map.of("group", B), video.about());
  }

  @Test
  void whatIsNotThereIsNamedWithWhatIs() throws IOException {
    video("00001.mp4", 3);
    for (Layout layout : Layout.values()) {
      String said = assertThrows(IOException.class, () -> read(layout, "none")).getMessage();
      assertTrue(said.contains("is no " + layout.title() + ": looked for"), said);
      assertTrue(said.contains("found 00001.mp4"), said);
    }
    kvasir();
    Files.delete(root.resolve("official_splits/split_1.csv"));
    String said =
        assertThrows(IOException.class, () -> read(Layout.KVASIR_CAPSULE, "")).getMessage();
    assertTrue(said.contains("official_splits/split_1.csv (or --split none)"), said);
  }

  @Test
  void brokenAnnotationsNameTheirLine() throws IOException {
    kvasir();
    text("official_splits/split_0.csv", "filename,label\nno picture,Ulcer\n");
    String said =
        assertThrows(IOException.class, () -> read(Layout.KVASIR_CAPSULE, "")).getMessage();
    assertTrue(said.contains("split_0.csv") && said.contains("line 2: names no picture"), said);
    pictures("videos/VID01", 2);
    text("labels/VID01.json", "[1, 2");
    said = assertThrows(IOException.class, () -> read(Layout.CHOLECTRIPLET, "")).getMessage();
    assertTrue(said.contains("VID01.json") && said.contains("another form"), said);
  }

  @Test
  void namesOfLayoutsAndSplits() {
    assertEquals(Layout.KVASIR_CAPSULE, Layout.named("kvasir-capsule"));
    String said =
        assertThrows(IllegalArgumentException.class, () -> Layout.named("cholec80")).getMessage();
    assertTrue(said.contains("colonoscopic, cholectriplet, kvasir-capsule"), said);
    said =
        assertThrows(IllegalArgumentException.class, () -> read(Layout.CHOLECTRIPLET, "crossval-6"))
            .getMessage();
    assertTrue(said.contains("no split 'crossval-6'") && said.contains("challenge, none"), said);
  }
}
