package medsora.metric.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import medsora.media.Clip;
import medsora.media.PngWriter;
import medsora.metric.distance.FeatureRows;
import medsora.metric.network.Thumbnails;
import medsora.metric.protocol.ClipRule.Begin;
import medsora.metric.protocol.ClipRule.Drawn;
import medsora.metric.protocol.ClipRule.Which;
import medsora.metric.protocol.CopySearch.Found;
import medsora.metric.protocol.CopySearch.Wanted;
import medsora.phantom.Phantom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clips of three frames, every second, in three videos of which two alone are drawn. */
class CopySearchTest {
  private static final int SIZE = 11;
  private static final ClipRule RULE = new ClipRule(3, 2, 2, Which.FIRST, Begin.ZERO);
  private static final Thumbnails THUMBNAILS = new Thumbnails(3);

  @TempDir Path folder;
  private ClipSet set;

  @BeforeEach
  void videos() throws IOException {
    for (int v = 0; v < 3; v++) {
      PngWriter.strip(folder.resolve("v" + v + ".png"), Phantom.render(4, v, 17 + v, SIZE));
    }
    set = ClipSet.open("real", folder, RULE, Loading.AS_THEY_ARE, false, 1);
  }

  private static Wanted wanted(List<Clip> clips, int own) {
    List<float[]> rows = new ArrayList<>();
    for (Clip clip : clips) {
      rows.add(THUMBNAILS.features(Extraction.bytes(clip)).toArray());
    }
    return new Wanted(
        FeatureRows.of("clips", rows),
        clips.stream().map(ClipHash::ofFrames).toList(),
        clips.stream().map(c -> own).toList());
  }

  private List<Found> found(List<Clip> clips, int own) throws IOException {
    return CopySearch.in(set, wanted(clips, own), () -> false, n -> {});
  }

  @Test
  void aCopyIsFoundAtAnyBeginAndInVideosThatWereNotDrawn() throws IOException {
    List<Clip> clips = new ArrayList<>();
    List<Drawn> places = new ArrayList<>();
    for (int v = 0; v < 3; v++) {
      for (int begin = 0; begin + 4 < 17 + v; begin++) {
        places.add(new Drawn(v, begin));
        clips.add(set.clip(places.getLast()));
      }
    }
    List<Found> found = found(clips, -1);
    for (int i = 0; i < clips.size(); i++) {
      assertEquals(0, found.get(i).near().distance());
      assertTrue(found.get(i).equal() && found.get(i).known());
      Clip there = set.clip(CopySearch.place(found.get(i).near()));
      assertEquals(ClipHash.of(clips.get(i)), ClipHash.of(there), places.get(i).toString());
    }
    assertEquals(places, found.stream().map(f -> CopySearch.place(f.near())).toList());
  }

  /** A pixel more than a copy: near, and the nearest of all, and no copy. */
  @Test
  void whatIsNearlyACopyIsNearAndNotEqual() throws IOException {
    Clip clip = set.clip(new Drawn(2, 7));
    byte[] changed = clip.frames().get(1).clone();
    changed[40] ^= 8;
    Clip near =
        Clip.of("near", SIZE, SIZE, List.of(clip.frames().get(0), changed, clip.frames().get(2)));
    Found found = found(List.of(near), -1).getFirst();
    assertEquals(new Drawn(2, 7), CopySearch.place(found.near()));
    assertTrue(found.near().distance() > 0 && found.near().distance() < 10, found.toString());
    assertFalse(found.equal() || found.known());
  }

  @Test
  void framesInAnotherOrderAreKnownAndNoClip() throws IOException {
    Clip clip = set.clip(new Drawn(1, 3)).pick(2, 0, 1);
    Found found = found(List.of(clip), -1).getFirst();
    assertTrue(found.known());
    assertFalse(found.equal());
  }

  @Test
  void theOwnVideoIsLeftOutAndAStopIsHeard() throws IOException {
    List<Clip> clips = List.of(set.clip(new Drawn(1, 3)));
    Found found = found(clips, 1).getFirst();
    assertTrue(found.near().video() != 1 && found.near().distance() > 0, found.toString());
    assertFalse(found.equal());
    assertThrows(
        Extraction.Stopped.class, () -> CopySearch.in(set, wanted(clips, 1), () -> true, n -> {}));
  }
}
