package medsora.train.manifest;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import medsora.config.ConfigTree;

/**
 * Clips that were drawn from a model, as a manifest has them: all that they depend on, and hashes
 * of them.
 */
public record DrawRecord(Made made, Model model, Settings settings, List<Drawn> clips) {
  public DrawRecord {
    clips = List.copyOf(clips);
  }

  /**
   * The weights.
   *
   * @param checkpoint where the denoiser lay, as the user gave it
   * @param autoencoder the same of an autoencoder that was given by itself; else empty
   * @param denoiserSha256 of its weights as they were used
   * @param vaeSha256 of the autoencoder's
   * @param weights {@code ema} or {@code raw}
   * @param size side of the frames, 0 for that of the training
   */
  public record Model(
      String checkpoint,
      String autoencoder,
      String denoiserSha256,
      String vaeSha256,
      String weights,
      int size) {
    /** One hash for both networks: of the line {@code denoiser HASH vae HASH}. */
    public String sha256() {
      return ConfigTree.sha256("denoiser " + denoiserSha256 + " vae " + vaeSha256 + "\n");
    }

    Map<String, Object> tree() {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("checkpoint", checkpoint);
      tree.put("autoencoder", autoencoder);
      tree.put("sha256", sha256());
      tree.put("denoiser_sha256", denoiserSha256);
      tree.put("vae_sha256", vaeSha256);
      tree.put("weights", weights);
      putSize(tree);
      return tree;
    }

    void putSize(Map<String, Object> tree) {
      if (size != 0) {
        tree.put("size", size);
      }
    }

    static Model read(Fields f) throws IOException {
      return new Model(
          f.text("checkpoint", ""),
          f.text("autoencoder", ""),
          f.hash("denoiser_sha256"),
          f.hash("vae_sha256"),
          f.text("weights"),
          f.has("size") ? f.count("size") : 0);
    }
  }

  /**
   * How they were drawn.
   *
   * @param sampler {@code ddim}, {@code ddpm}, {@code dpmpp} or {@code unipc}
   * @param eta noise of ddim
   * @param steps of the diffusion
   * @param tile side of the tiles that frames were decoded in, in latent pixels; 0 for whole frames
   * @param overlap of the tiles, in latent pixels
   * @param fps frames per second of the files
   * @param condition what the clips show, how they begin and how long they are
   */
  public record Settings(
      long seed,
      String sampler,
      double eta,
      int steps,
      int tile,
      int overlap,
      double fps,
      Condition condition) {
    Map<String, Object> tree() {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("seed", seed);
      tree.put("sampler", sampler);
      tree.put("eta", eta);
      tree.put("steps", steps);
      tree.put("tile", tile);
      tree.put("overlap", overlap);
      tree.put("fps", fps);
      if (!condition.equals(Condition.NONE)) {
        tree.put("condition", condition.tree());
      }
      return tree;
    }

    static Settings read(Fields f) throws IOException {
      return new Settings(
          f.number("seed"),
          f.text("sampler"),
          f.real("eta"),
          f.count("steps"),
          f.count("tile"),
          f.count("overlap"),
          f.real("fps"),
          f.has("condition") ? Condition.read(f.object("condition")) : Condition.NONE);
    }
  }

  /**
   * What is asked of clips beside the model.
   *
   * @param label of the model's labels, or empty
   * @param guidance weight of the label, 1 without one
   * @param frames of a clip, 0 for as many as the model was trained on
   * @param start the file whose frames clips begin with, as the user gave it, or empty
   * @param startSha256 of its frames, cut to the model's squares ({@link Provenance#framesSha256}),
   *     or empty
   */
  public record Condition(
      String label, double guidance, int frames, String start, String startSha256) {
    /** Nothing is asked. */
    public static final Condition NONE = new Condition("", 1, 0, "", "");

    Map<String, Object> tree() {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("label", label);
      tree.put("guidance", guidance);
      tree.put("frames", frames);
      tree.put("start", start);
      if (!startSha256.isEmpty()) {
        tree.put("start_sha256", startSha256);
      }
      return tree;
    }

    static Condition read(Fields f) throws IOException {
      return new Condition(
          f.text("label"),
          f.real("guidance"),
          f.count("frames"),
          f.text("start"),
          f.optionalHash("start_sha256"));
    }
  }

  /**
   * A clip.
   *
   * @param framesSha256 of its frames ({@link Provenance#framesSha256})
   * @param files SHA-256 of each file that it was written to, by the file's name
   */
  public record Drawn(long number, String framesSha256, SortedMap<String, String> files) {
    Map<String, Object> tree() {
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("number", number);
      tree.put("frames_sha256", framesSha256);
      tree.put("files", files);
      return tree;
    }

    static Drawn read(Fields f) throws IOException {
      return new Drawn(f.step("number"), f.hash("frames_sha256"), f.fileHashes("files"));
    }
  }

  /** The clips whose files are not among those of another set, which have replaced them. */
  DrawRecord without(DrawRecord newer) {
    List<Drawn> left =
        clips.stream()
            .filter(c ->
                newer.clips.stream()
                    .noneMatch(n -> n.files.keySet().stream().anyMatch(c.files::containsKey)))
            .toList();
    return new DrawRecord(made, model, settings, left);
  }

  Map<String, Object> tree() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("made", made.tree());
    tree.put("synthetic", true);
    tree.put("model", model.tree());
    tree.put("settings", settings.tree());
    tree.put("clips", clips.stream().map(Drawn::tree).toList());
    return tree;
  }

  static DrawRecord read(Fields f) throws IOException {
    return new DrawRecord(
        Made.read(f.object("made")),
        Model.read(f.object("model")),
        Settings.read(f.object("settings")),
        f.list("clips", Drawn::read));
  }
}
