package tools.conform;

import static engine.op.layout.Layout.concat;
import static engine.op.layout.Layout.gather;
import static engine.op.layout.Layout.slice;

import engine.autodiff.Tape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.baseline.mostganv.WordsConfig;
import medsora.baseline.styleganv.FrameTimes;
import medsora.baseline.styleganv.Generator;
import nn.Entry;

/**
 * {@code styleganv_small}, {@code _full}, {@code mostganv_small} and {@code _full}: clips from z,
 * noise of moments and times, with what is computed on the way. MoStGAN-V's are computed twice: as
 * in float32, and as layers of float16 normalise, {@code out.prenorm.*}.
 */
final class GanFamily implements Family {
  private static final String PRINTED = "stats.info.";
  private static final String PRENORM = "prenorm.";
  private static final Pattern NUMBER = Pattern.compile("-?[\\d.]+");

  /** Ten times the noise; a byte more or less where a value is about a whole number. */
  static Limits limits(double noise) {
    return Limits.noise(noise).except(name -> name.startsWith("u8."), 1.0 / 255);
  }

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    // What a program printed of forms that nobody trained with.
    file.namesUnder(PRINTED).forEach(name -> file.use(PRINTED + name));
    compare(check, "", run(check, WordsConfig.Form.FLOAT32));
    if (GanSizes.hasWords(file)) {
      compare(check, PRENORM, run(check, WordsConfig.Form.PUBLISHED));
    }
  }

  /** All clips of the file; what is seen of each is put one behind the other. */
  private static Map<String, Tensor> run(Check check, WordsConfig.Form form) {
    FixtureFile file = check.file();
    Generator generator = GanSizes.generator(file, form);
    constants(check, generator);
    Tensor z = FormulaInput.of(file, "z", 2).tensor();
    Tensor noise = FormulaInput.of(file, "motion_z", 3).tensor();
    float[] t = times(file);
    int clips = z.dim(0);
    UnfitException.unless(
        noise.dim(0) == clips && t.length % clips == 0 && t.length > 0,
        "%d clips, noise of %s, %d times",
        clips,
        noise.shape(),
        t.length);
    float psi = (float) file.decimal("truncation_psi");
    Map<String, List<Tensor>> seen = new LinkedHashMap<>();
    for (int i = 0; i < clips; i++) {
      float[] own = new float[t.length / clips];
      System.arraycopy(t, i * own.length, own, 0, own.length);
      FrameTimes frames = new FrameTimes(own, generator.config().motion().distance());
      clip(generator, slice(z, 0, i, i + 1), slice(noise, 0, i, i + 1), frames, psi, seen);
    }
    Map<String, Tensor> joined = new LinkedHashMap<>();
    seen.forEach((place, parts) -> joined.put(place, concat(0, parts)));
    return joined;
  }

  /** The waves' constants, which the weights' formula leaves as they are. */
  private static void constants(Check check, Generator generator) {
    FixtureFile file = check.file();
    for (String name : List.of("freqs", "phase_scales")) {
      if (file.contains("param." + name)) {
        String entry = "synthesis.motion_encoder.time_encoder." + name;
        Entry own = generator.stateDict().get(entry);
        if (file.shape("param." + name).size() == own.shape().size()) {
          check.floats("param." + name, own.value());
          own.write(file.floats("param." + name));
        }
      }
    }
  }

  private static void clip(
      Generator generator,
      Tensor z,
      Tensor noise,
      FrameTimes frames,
      float psi,
      Map<String, List<Tensor>> seen) {
    try (Tape scope = Tape.noGrad()) {
      Watching watch = new Watching(seen);
      watch.keep("motion.t_left", frames.left());
      watch.keep("motion.t_right", frames.right());
      watch.keep("motion.interp_weights", frames.way());
      watch.keep("left_index", Tensor.generate(frames.left().shape(), i -> frames.leftIndex()[i]));
      Tensor w = generator.mapping().truncated(generator.mapping().forward(z, watch::keep), psi);
      watch.keep("mapping.truncated", w);
      Tensor v = generator.synthesis().motion().forward(frames, noise, 0, watch::keep);
      int[] same = new int[frames.count()];
      Tensor each = gather(w, 0, same);
      generator.synthesis().forward(each, v, watch::keep);
    }
  }

  /** Keeps copies, for what is seen is gone when the pass is over. */
  private record Watching(Map<String, List<Tensor>> seen) {
    void keep(String place, Tensor x) {
      seen.computeIfAbsent(place, p -> new ArrayList<>()).add(Tensor.of(x.shape(), x.toArray()));
    }
  }

  private static float[] times(FixtureFile file) {
    if (file.contains("in.t")) {
      return file.floats("in.t");
    }
    List<Float> t = new ArrayList<>();
    Matcher m = NUMBER.matcher(file.metadata("t").orElse(""));
    while (m.find()) {
      t.add(Float.parseFloat(m.group()));
    }
    float[] out = new float[t.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = t.get(i);
    }
    return out;
  }

  private static void compare(Check check, String form, Map<String, Tensor> seen) {
    FixtureFile file = check.file();
    seen.forEach((place, x) -> {
      String whole = "out." + form + place;
      if (file.contains(whole)) {
        check.floats(
            whole, place.equals("b4.input") ? slice(x, 0, 0, file.shape(whole).dim(0)) : x);
      }
      if (file.contains(whole + "_sub")) {
        check.floats(whole + "_sub", GanParts.held(file, whole + "_sub", x));
      }
    });
    if (form.isEmpty() && file.contains("const.left_index")) {
      check.integers("const.left_index", GanParts.whole(seen.get("left_index")));
    }
    Tensor picture = seen.get("img");
    if (file.contains("u8." + form + "img")) {
      check.floats("u8." + form + "img", GanParts.bytes(picture));
    }
    String rows = "stats." + form + "layers";
    if (file.contains(rows)) {
      check.statistics(rows, GanParts.layers(file, seen));
    }
    String frames = "stats.out." + form + "img";
    if (file.contains(frames)) {
      check.statistics(frames, GanParts.rows(picture));
    }
  }
}
