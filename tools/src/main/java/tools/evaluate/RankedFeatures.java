package tools.evaluate;

import engine.ranks.Ranks;
import engine.ranks.Transport;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import medsora.media.Clip;
import medsora.metric.network.FeatureNetwork;
import medsora.metric.phantom.PhantomFeatures;
import medsora.metric.protocol.FeaturesOfClips;

/**
 * Features that ranks compute for rank 0, which alone reads videos, keeps features and writes: it
 * sends each rank a clip and the name of a network, and gets features back.
 */
public final class RankedFeatures implements FeaturesOfClips {
  private static final int TAG = 5;

  /** The longest name of a network, and a clip's length, height and width. */
  private static final int NAME = 1000;

  private static final int HEAD = NAME + (4 * Integer.BYTES);

  private final Ranks ranks;

  /** For rank 0. */
  public RankedFeatures(Ranks ranks) {
    this.ranks = ranks;
  }

  @Override
  public int atOnce() {
    return ranks.count();
  }

  @Override
  public List<float[]> of(FeatureNetwork network, List<Clip> clips) {
    Arena arena = Arena.ofAuto();
    List<Transport.Pending> sent = new ArrayList<>();
    for (int rank = 1; rank < clips.size(); rank++) {
      Clip clip = clips.get(rank);
      sent.add(send(rank, head(network.name(), clip), arena));
      sent.add(send(rank, bytes(clip), arena));
    }
    List<float[]> features = new ArrayList<>();
    if (!clips.isEmpty()) {
      features.add(FeaturesOfClips.here(network, clips.getFirst()));
    }
    for (int rank = 1; rank < clips.size(); rank++) {
      long size = (long) network.dimensions() * Float.BYTES;
      MemorySegment answer = arena.allocate(size, Float.BYTES);
      ranks.await(ranks.transport().receive(answer, rank, TAG));
      features.add(answer.toArray(ValueLayout.JAVA_FLOAT));
    }
    sent.forEach(ranks::await);
    return features;
  }

  /** Lets the other ranks go. */
  public void end() {
    Arena arena = Arena.ofAuto();
    for (int rank = 1; rank < ranks.count(); rank++) {
      ranks.await(send(rank, new byte[HEAD], arena));
    }
  }

  private Transport.Pending send(int to, byte[] bytes, Arena arena) {
    MemorySegment memory = arena.allocate(bytes.length);
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return ranks.transport().send(memory, to, TAG);
  }

  private static byte[] head(String network, Clip clip) {
    byte[] name = network.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(HEAD)
        .putInt(name.length)
        .putInt(clip.length())
        .putInt(clip.height())
        .putInt(clip.width())
        .put(name)
        .array();
  }

  private static byte[] bytes(Clip clip) {
    ByteBuffer all = ByteBuffer.allocate(3 * clip.length() * clip.height() * clip.width());
    clip.frames().forEach(all::put);
    return all.array();
  }

  /**
   * What another rank does: computes what rank 0 asks for until that lets it go.
   *
   * @param networks those whose weights were given
   */
  public static void serve(Ranks ranks, List<FeatureNetwork> networks) {
    Map<String, FeatureNetwork> byName = new HashMap<>();
    networks.forEach(n -> byName.put(n.name(), n));
    while (true) {
      ByteBuffer head = ByteBuffer.wrap(received(ranks, HEAD));
      byte[] name = new byte[head.getInt()];
      if (name.length == 0) {
        return;
      }
      int length = head.getInt();
      int height = head.getInt();
      int width = head.getInt();
      head.get(name);
      byte[] bytes = received(ranks, 3 * length * height * width);
      Clip clip = clip(bytes, length, height, width);
      String wanted = new String(name, StandardCharsets.UTF_8);
      answer(ranks, FeaturesOfClips.here(network(wanted, length, byName), clip));
    }
  }

  private static Clip clip(byte[] bytes, int length, int height, int width) {
    List<byte[]> frames = new ArrayList<>();
    for (int t = 0; t < length; t++) {
      int size = bytes.length / length;
      frames.add(java.util.Arrays.copyOfRange(bytes, t * size, (t + 1) * size));
    }
    return Clip.of("a clip of rank 0", height, width, frames);
  }

  /** One that was given, or one that comes with the program. */
  private static FeatureNetwork network(
      String name, int length, Map<String, FeatureNetwork> byName) {
    if (!byName.containsKey(name)) {
      FeatureNetwork frames = PhantomFeatures.frames(length);
      byName.put(frames.name(), frames);
      if (length > 1) {
        FeatureNetwork motion = PhantomFeatures.motion(length);
        byName.put(motion.name(), motion);
      }
    }
    FeatureNetwork found = byName.get(name);
    if (found == null) {
      throw new IllegalStateException("[evaluate] this rank has no network " + name);
    }
    return found;
  }

  private static byte[] received(Ranks ranks, int size) {
    MemorySegment memory = Arena.ofAuto().allocate(size);
    ranks.idle(ranks.transport().receive(memory, 0, TAG));
    return memory.toArray(ValueLayout.JAVA_BYTE);
  }

  private static void answer(Ranks ranks, float[] features) {
    MemorySegment memory =
        Arena.ofAuto().allocate((long) features.length * Float.BYTES, Float.BYTES);
    MemorySegment.copy(features, 0, memory, ValueLayout.JAVA_FLOAT, 0, features.length);
    ranks.await(ranks.transport().send(memory, 0, TAG));
  }
}
