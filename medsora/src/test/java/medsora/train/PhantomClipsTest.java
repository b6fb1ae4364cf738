package medsora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import medsora.media.Clip;
import medsora.phantom.Phantom;
import medsora.train.PhantomClips.Settings;
import org.junit.jupiter.api.Test;

class PhantomClipsTest {
  private static final Settings SETTINGS = new Settings(7, 16, 8, 4, 3, 1_000_000, 5);

  private static void same(Clip a, Clip b) {
    assertEquals(a.length(), b.length());
    for (int i = 0; i < a.length(); i++) {
      assertArrayEquals(a.frames().get(i), b.frames().get(i), "frame " + i);
    }
  }

  /** Every third frame of the clip of that number, whatever was asked for before. */
  @Test
  void aClipIsAFunctionOfItsNumber() {
    PhantomClips clips = new PhantomClips(SETTINGS);
    for (int number : new int[] {999_999, 0, 1_000_004, 0}) {
      Clip clip = clips.video(number, 0, false, 9);
      Phantom phantom = new Phantom(7, number, 100);
      for (int i = 0; i < 9; i++) {
        assertArrayEquals(phantom.frame(3 * i, 16), clip.frames().get(i), number + ", " + i);
      }
      same(clip.first(8).mirrored(), clips.video(number, 0, true));
    }
    assertEquals(1_000_000, clips.trainingClips());
    assertEquals(5, clips.heldOutClips());
    assertThrows(IllegalArgumentException.class, () -> clips.video(0, 1, false));
  }

  @Test
  void imagesAreFunctionsOfTheirWindow() {
    Clip first = new PhantomClips(SETTINGS).images(2);
    PhantomClips other = new PhantomClips(SETTINGS);
    Clip before = other.images(0);
    same(first, other.images(2));
    assertEquals(4, first.length());
    assertNotEquals(
        java.util.Arrays.hashCode(before.frames().getFirst()),
        java.util.Arrays.hashCode(first.frames().getFirst()));
  }

  @Test
  void theHashTellsDataApart() {
    String hash = new PhantomClips(SETTINGS).sha256();
    assertEquals(hash, new PhantomClips(SETTINGS).sha256());
    for (Settings other :
        new Settings[] {
          new Settings(8, 16, 8, 4, 3, 1_000_000, 5),
          new Settings(7, 24, 8, 4, 3, 1_000_000, 5),
          new Settings(7, 16, 16, 4, 3, 1_000_000, 5),
          new Settings(7, 16, 8, 4, 3, 1_000_001, 5)
        }) {
      assertNotEquals(hash, new PhantomClips(other).sha256(), other.toString());
    }
  }

  @Test
  void noClipsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Settings(7, 16, 8, 4, 3, 0, 0));
  }
}
