package tools.conform;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.unary;

import engine.kernel.EmaArgs;
import engine.kernel.Unary;
import engine.reference.Formula;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.baseline.lvdm.LvdmProcess;
import medsora.diffusion.NoiseLoss;
import medsora.diffusion.Sampler;
import medsora.diffusion.Schedule;
import medsora.vae.LatentStatistics;
import nn.io.Weights;
import nn.optim.Ema;

/**
 * {@code lvdm_process}: LVDM's schedule, noising, loss, scaled latents, ancestral steps one by one
 * and as a whole chain, bytes and moving average, with a network that is a formula.
 */
final class LvdmProcessFamily implements Family {
  static final Limits LIMITS = Limits.noise(2.1e-6).except(name -> name.endsWith(".f64"), 1e-12);

  private static final Pattern STEP = Pattern.compile("out\\.step(\\d{1,3})\\.x0");
  private static final Pattern AFTER = Pattern.compile("out\\.chain\\.after(\\d{1,3})");
  private static final String TABLE = "out.table.";
  private static final String DOUBLE = ".f64";
  private static final double DECAY = 0.9999;

  private static final Pattern DRAWS =
      Pattern.compile("inp\\(seed=(\\d{1,9}), k=(\\d{1,9})\\+i, shape, amp=([\\d.]+)\\)");

  @Override
  public void check(Check check) {
    new Run(check).compare();
  }

  /** One file: its schedule and how it scales latents, as its metadata say. */
  private static final class Run {
    private final Check check;
    private final FixtureFile file;
    private final Schedule schedule;
    private final Sampler sampler;

    Run(Check check) {
      this.check = check;
      this.file = check.file();
      UnfitException.unless(
          file.number("timesteps", Schedule.ORIGINAL_STEPS) == Schedule.ORIGINAL_STEPS,
          "the process has %d steps",
          Schedule.ORIGINAL_STEPS);
      this.schedule = Schedule.rootLinear(file.decimal("linear_start"), file.decimal("linear_end"));
      this.sampler = new Sampler(schedule, new Sampler.Method.Ddpm(), Sampler.UNBOUND);
    }

    void compare() {
      file.namesUnder(TABLE).forEach(this::table);
      noised();
      latents();
      for (String name : file.names()) {
        Matcher step = STEP.matcher(name);
        if (step.matches()) {
          step(Integer.parseInt(step.group(1)));
        }
      }
      chain();
      bytes();
      average();
    }

    private void latents() {
      LatentStatistics statistics =
          new LatentStatistics(
              (float) -file.decimal("shift_factor"), (float) file.decimal("scale_factor"));
      check.floats("out.latent", statistics.unit(file.tensor("in.z")));
      check.floats("out.unlatent", statistics.latents(file.tensor("in.z")));
    }

    private void table(String name) {
      boolean wide = name.endsWith(DOUBLE);
      String stem = wide ? name.substring(0, name.length() - DOUBLE.length()) : name;
      Map<String, IntToDoubleFunction> tables =
          new LinkedHashMap<>(ScheduleFamily.tables(schedule));
      tables.put("posterior_log_variance_clipped", i -> LvdmProcess.logVariance(schedule, i));
      IntToDoubleFunction value = tables.get(stem);
      UnfitException.unless(value != null, "%s%s: no table of ours has this name", TABLE, name);
      double[] values = new double[schedule.steps()];
      Arrays.setAll(values, value);
      if (wide) {
        check.doubles(TABLE + name, values);
      } else {
        float[] rounded = new float[values.length];
        for (int i = 0; i < rounded.length; i++) {
          rounded[i] = (float) values[i];
        }
        check.floats(TABLE + name, rounded);
      }
    }

    private void noised() {
      NoiseLoss loss = new NoiseLoss(schedule, LvdmProcess.PRACTICE.error());
      Tensor start = file.tensor("in.x_start");
      Tensor noise = file.tensor("in.noise");
      int[] t = file.ints("in.t");
      Tensor noised = loss.noised(start, noise, t);
      check.floats("out.q_sample", noised);
      Tensor predicted = toy(noised, file.steps("in.t"));
      check.floats("out.toy_loss", loss.terms(predicted, start, noise, t).total());
    }

    private void step(int t) {
      Tensor x = file.tensor("in.step.x");
      String out = "out.step" + t + ".";
      Sampler.Observer observer = (i, next, start) -> check.floats(out + "x0", start);
      Tensor noise = file.tensor("in.step.noise");
      Tensor sample = sampler.step(LvdmProcessFamily::toy, x, t, (i, shape) -> noise, observer);
      check.floats(out + "sample", sample);
      Tensor mean =
          sampler.step(
              LvdmProcessFamily::toy, x, t, (i, shape) -> Tensor.zeros(shape), (i, n, s) -> {});
      check.floats(out + "mean", mean);
    }

    private void chain() {
      Tensor begin = file.tensor("in.chain.start");
      sampler.sample(
          LvdmProcessFamily::toy,
          begin,
          draws(),
          (i, x, start) -> {
            String held = "out.chain.after" + i;
            if (AFTER.matcher(held).matches() && file.contains(held)) {
              check.floats(held, x);
            }
          });
    }

    private Sampler.Noise draws() {
      String text = file.metadata("chain").orElse("");
      Matcher m = DRAWS.matcher(text);
      UnfitException.unless(m.find(), "metadata chain='%s' names no draws", text);
      long seed = Long.parseLong(m.group(1));
      long first = Long.parseLong(m.group(2));
      double amplitude = Double.parseDouble(m.group(3));
      return (i, shape) ->
          Tensor.of(shape, Formula.input(seed, first + i, Weights.extents(shape), amplitude, 0));
    }

    private void bytes() {
      float[] pixels = file.floats("in.pixels");
      long[] bytes = new long[pixels.length];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = LvdmProcess.toByte(pixels[i]) & 0xff;
      }
      check.integers("const.u8", bytes);
    }

    private void average() {
      Tensor all = file.tensor("in.ema.weights");
      int size = all.size() / all.dim(0);
      float[] values = all.toArray();
      Tensor p = Tensor.of(Shape.of(size), Arrays.copyOfRange(values, 0, size));
      Ema ema =
          new Ema(
              List.of(p),
              new Ema.Settings(EmaArgs.Form.INCREMENTAL, DECAY, LvdmProcess.PRACTICE.warmUp()));
      float[] after = new float[values.length - size];
      for (int i = 1; i < all.dim(0); i++) {
        p.storage().write(Arrays.copyOfRange(values, i * size, (i + 1) * size));
        ema.update();
        System.arraycopy(ema.averages().getFirst().toArray(), 0, after, (i - 1) * size, size);
      }
      check.floats("out.ema.after", after);
    }
  }

  /** With tau = t / 1000 of each sample: 0.8 x cos(tau) + 0.3 sin(2x + tau). */
  private static Tensor toy(Tensor x, float... t) {
    int[] ones = new int[x.shape().rank()];
    Arrays.fill(ones, 1);
    ones[0] = t.length;
    Tensor tau = Tensor.generate(Shape.of(ones), i -> t[i] / 1000f);
    Tensor cosine = Tensor.generate(Shape.of(ones), i -> StrictMath.cos(t[i] / 1000f));
    Tensor second = unary(Unary.SIN, add(scale(x, 2f), tau));
    return add(scale(mul(x, cosine), 0.8f), scale(second, 0.3f));
  }
}
