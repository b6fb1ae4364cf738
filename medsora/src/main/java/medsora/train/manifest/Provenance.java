package medsora.train.manifest;

import engine.numeric.NumericContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import medsora.config.CanonicalJson;
import medsora.config.ConfigException;
import medsora.media.Clip;
import medsora.media.Label;

/**
 * What a drawn clip's files say of it: that it is synthetic, of which model and settings, which
 * number, and the hash of its frames. As text it is JSON on one line; the kind of source is named
 * by the term of IPTC that C2PA's manifests use.
 *
 * @param contract version of the numeric contract that it was drawn under
 * @param generator name and version of the program
 * @param framesSha256 see {@link #framesSha256(Clip)}
 */
public record Provenance(
    DrawRecord.Model model,
    DrawRecord.Settings settings,
    int contract,
    String generator,
    long sample,
    String framesSha256) {
  private static final String SOURCE_TYPE =
      "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

  /** Of a clip that this process drew. */
  public static Provenance of(
      DrawRecord.Model model, DrawRecord.Settings settings, long sample, Clip clip) {
    return new Provenance(
        model,
        settings,
        NumericContract.VERSION,
        "medsora " + Build.describe().get("version"),
        sample,
        framesSha256(clip));
  }

  /**
   * SHA-256 over the numbers of frames, rows and columns, each of 32 bits with the big end first,
   * and the RGB bytes of all frames.
   */
  public static String framesSha256(Clip clip) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer sizes = ByteBuffer.allocate(3 * Integer.BYTES);
      digest.update(sizes.putInt(clip.length()).putInt(clip.height()).putInt(clip.width()).array());
      clip.frames().forEach(digest::update);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As a file carries it. */
  public Label label() {
    Map<String, Object> tree = new LinkedHashMap<>(settings.tree());
    tree.put("synthetic", true);
    tree.put("digital_source_type", SOURCE_TYPE);
    tree.put("generator", generator);
    tree.put("numeric_contract", contract);
    tree.put("model_sha256", model.sha256());
    tree.put("denoiser_sha256", model.denoiserSha256());
    tree.put("vae_sha256", model.vaeSha256());
    tree.put("weights", model.weights());
    model.putSize(tree);
    tree.put("sample", sample);
    tree.put("frames_sha256", framesSha256);
    return new Label(CanonicalJson.line(tree));
  }

  /**
   * Reads what a file carries.
   *
   * @throws IOException where that is not what this program writes
   */
  public static Provenance read(String file, Label label) throws IOException {
    Map<String, Object> tree;
    try {
      byte[] bytes = label.text().getBytes(StandardCharsets.UTF_8);
      tree = CanonicalJson.read(file, bytes, Label.LONGEST);
    } catch (ConfigException e) {
      throw new IOException("[whence] the provenance in " + e.getMessage(), e);
    }
    Fields f = new Fields(file, "provenance", tree);
    if (!f.flag("synthetic")) {
      throw new IOException("[whence] " + file + " says that it is not synthetic, and how it was");
    }
    Provenance read =
        new Provenance(
            DrawRecord.Model.read(f),
            DrawRecord.Settings.read(f),
            f.count("numeric_contract"),
            f.text("generator"),
            f.step("sample"),
            f.hash("frames_sha256"));
    if (!read.model.sha256().equals(f.hash("model_sha256"))) {
      throw new IOException(
          "[whence] the provenance in " + file + " contradicts itself: model_sha256 is of others");
    }
    return read;
  }
}
