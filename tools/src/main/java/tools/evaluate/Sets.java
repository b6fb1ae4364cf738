package tools.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import medsora.metric.protocol.ClipRule;
import medsora.metric.protocol.ClipSet;
import medsora.metric.protocol.Protocol;
import medsora.metric.protocol.SetFolders;
import tools.program.Output;

/**
 * The clips of an evaluation.
 *
 * @param heldOut real clips that were not trained on, or null
 * @param seed of the draws
 */
public record Sets(Protocol protocol, ClipSet real, ClipSet generated, ClipSet heldOut, long seed) {
  /**
   * Where clips are and how they are drawn otherwise than the protocol says.
   *
   * @param heldOut or null
   * @param spacing of the real frames, or null
   * @param clips of each set at most, or null
   */
  public record Wish(Path real, Path generated, Path heldOut, Integer spacing, Integer clips) {
    /** Before anything is decoded, which takes its time. */
    private void requireApart() throws IOException {
      SetFolders.requireApart("real", real, "generated", generated);
      if (heldOut != null) {
        SetFolders.requireApart("real", real, "held-out", heldOut);
        SetFolders.requireApart("generated", generated, "held-out", heldOut);
      }
    }

    private ClipRule rule(ClipRule ofProtocol, boolean forReal) {
      ClipRule rule = clips == null ? ofProtocol : ofProtocol.atMost(clips);
      return spacing == null || !forReal ? rule : rule.every(spacing);
    }
  }

  /**
   * Looks through the folders, and says what is left out.
   *
   * @throws IOException naming the video that cannot be used
   * @throws IllegalArgumentException where two sets share a folder or differ in size
   */
  public static Sets open(Protocol protocol, Wish wish, long seed) throws IOException {
    ClipRule ofReal = wish.rule(protocol.sampling().real(), true);
    ClipRule ofGenerated = wish.rule(protocol.sampling().generated(), false);
    wish.requireApart();
    ClipSet real = open(protocol, "real", wish.real, ofReal, seed);
    ClipSet generated = open(protocol, "generated", wish.generated, ofGenerated, seed);
    real.requireComparable(generated);
    ClipSet heldOut = null;
    if (wish.heldOut != null) {
      heldOut = open(protocol, "held-out", wish.heldOut, ofReal, seed);
      real.requireComparable(heldOut);
      generated.requireComparable(heldOut);
    }
    return new Sets(protocol, real, generated, heldOut, seed);
  }

  private static ClipSet open(Protocol protocol, String role, Path folder, ClipRule rule, long seed)
      throws IOException {
    boolean strict = role.equals("generated");
    ClipSet set = ClipSet.open(role, folder, rule, protocol.sampling().loading(), strict, seed);
    set.dropped().forEach(d -> Output.say(role + ": left out " + d.what() + ": " + d.reason()));
    return set;
  }
}
