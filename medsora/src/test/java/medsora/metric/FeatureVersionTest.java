package medsora.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import medsora.metric.network.Clip;
import medsora.metric.network.ClipConfig;
import medsora.metric.network.ClipFeatures;
import medsora.metric.network.FeatureNetwork;
import medsora.metric.network.I3d;
import medsora.metric.network.I3dFeatures;
import medsora.metric.network.Inception;
import medsora.metric.network.InceptionFeatures;
import medsora.metric.network.Thumbnails;
import medsora.metric.network.VideoMae;
import medsora.metric.network.VideoMaeConfig;
import medsora.metric.network.VideoMaeFeatures;
import medsora.metric.phantom.PhantomFeatures;
import medsora.metric.protocol.FeatureCache;
import nn.Module;
import org.junit.jupiter.api.Test;

/**
 * The bits of all features that are kept in folders. Where a change of the program changes one of
 * these hashes, {@link FeatureCache#VERSION} is to be raised too, or folders of features that were
 * computed before would be taken for new ones; not so where the version of the numeric contract
 * rises, which such a folder carries beside it.
 */
class FeatureVersionTest {
  private static <M extends Module> M filled(M network) {
    network.initialize(3);
    network.setTrainable(false);
    return network;
  }

  private static String hash(FeatureNetwork network, int side) throws NoSuchAlgorithmException {
    return hash(network.features(bytes(network.frames(), side)));
  }

  private static Tensor bytes(int frames, int side) {
    return Tensor.generate(Shape.of(1, 3, frames, side, side), i -> (i * 7919L + i / 97) % 256);
  }

  private static String hash(Tensor features) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (float f : features.toArray()) {
      digest.update(ByteBuffer.allocate(Float.BYTES).putFloat(f).array());
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
  }

  /** Its features are logits: beside a bias that is drawn, what untrained layers give is lost. */
  private static I3d i3d() {
    I3d network = filled(new I3d(I3d.EPS));
    network.stateDict().get("logits.conv3d.bias").write(new float[I3d.CLASSES]);
    return network;
  }

  /** A row that hardly depends on the clip would pin a constant. */
  @Test
  void theFeaturesOfI3dAreThoseOfTheClip() {
    I3dFeatures network = new I3dFeatures(i3d(), I3dFeatures.Variant.TENSORFLOW);
    float[] first = network.features(bytes(network.frames(), 20)).toArray();
    float[] second = network.features(bytes(network.frames(), 28)).toArray();
    int apart = 0;
    for (int i = 0; i < first.length; i++) {
      apart += Math.abs(first[i] - second[i]) > 1e-4 * Math.abs(first[i]) ? 1 : 0;
    }
    assertTrue(apart > first.length / 2, apart + " of " + first.length);
  }

  @Test
  void theBitsAreThoseOfTheVersion() throws NoSuchAlgorithmException {
    Map<String, String> found = new LinkedHashMap<>();
    found.put("version", FeatureCache.VERSION + "");
    found.put("thumbnails", hash(new Thumbnails(16), 20));
    found.put("phantom frames", hash(PhantomFeatures.frames(4), 40));
    found.put("phantom motion", hash(PhantomFeatures.motion(4), 40));
    I3d i3d = i3d();
    for (I3dFeatures.Variant variant :
        List.of(I3dFeatures.Variant.STYLEGAN_V, I3dFeatures.Variant.TENSORFLOW)) {
      found.put("i3d " + variant, hash(new I3dFeatures(i3d, variant), 20));
    }
    Inception inception = filled(new Inception());
    for (InceptionFeatures.Variant variant : InceptionFeatures.Variant.values()) {
      found.put("inception " + variant, hash(new InceptionFeatures(inception, variant), 20));
    }
    Clip clip = filled(new Clip(new ClipConfig(32, 2, 64, 2, 16)));
    found.put("clip", hash(new ClipFeatures(clip), 40));
    VideoMae videoMae = filled(new VideoMae(new VideoMaeConfig(32, 4, 2, 48, 28, 42)));
    Tensor seen = VideoMaeFeatures.prepared(bytes(16, 20), 28, 42);
    try (Tape scope = Tape.noGrad()) {
      found.put("videomae", hash(videoMae.forward(seen, (place, x) -> {})));
    }
    assertEquals(
        """
        version 2
        thumbnails 89e7683375afbdd9
        phantom frames 795a49ebc8683815
        phantom motion 8ff75d5d33f601a2
        i3d STYLEGAN_V 3337a70b5011feb0
        i3d TENSORFLOW 038c6841c5d5d373
        inception TENSORFLOW 0f7c82992c989dbf
        inception PYTORCH_FID b8cbca90ea59ca87
        clip 699f46760afc2495
        videomae a057aaf9574e2a6a
        """,
        found.entrySet().stream()
            .map(e -> e.getKey() + " " + e.getValue() + "\n")
            .reduce("", String::concat));
  }
}
