package tools.conform;

import static engine.op.elementwise.Elementwise.add;
import static engine.op.elementwise.Elementwise.mul;
import static engine.op.elementwise.Elementwise.scale;
import static engine.op.elementwise.Elementwise.sub;
import static engine.op.elementwise.Elementwise.tanh;
import static engine.op.elementwise.Elementwise.unary;

import engine.kernel.Unary;
import engine.op.layout.Layout;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import medsora.diffusion.NoiseLoss;
import medsora.diffusion.Sampler;
import medsora.diffusion.Schedule;

/**
 * {@code sampling_toy}: samplers with a network that is a formula. {@code ddim_etaXpY.*}, {@code
 * ddpm.*} hold the state after every step, {@code ddpm_clip.last} the end of a walk whose estimates
 * of x_0 are clipped, {@code q.*} forward noising.
 */
final class SamplingFamily implements Family {
  static final Limits LIMITS = Limits.STANDARD;

  private static final int CHANNEL = 2;
  private static final Pattern ETA = Pattern.compile("ddim_eta(\\d+)p(\\d+)");

  @Override
  public void check(Check check) {
    FixtureFile file = check.file();
    for (String name : file.names()) {
      int dot = name.lastIndexOf('.');
      String walk = dot < 0 ? name : name.substring(0, dot);
      switch (dot < 0 ? "" : name.substring(dot + 1)) {
        case "samples" -> new Walk(file, walk).compare(check);
        case "last" -> new Walk(file, walk).compareLast(check);
        case "x_t" -> check.floats(name, noised(file, walk));
        default -> {
          // Inputs, and what belongs to the names above; the rest is found below.
        }
      }
    }
    for (String name : file.unused()) {
      check.add(Row.failure(name, check.limit(name), "nothing of ours computes this"));
    }
  }

  private static Tensor noised(FixtureFile file, String prefix) {
    return new NoiseLoss(Schedule.full())
        .noised(
            file.tensor(prefix + ".x_start"),
            file.tensor(prefix + ".noise"),
            file.ints(prefix + ".t"));
  }

  /** One walk from z, by the method that its name says. */
  private static final class Walk {
    private final FixtureFile file;
    private final String name;
    private final Schedule schedule;
    private final Tensor z;

    Walk(FixtureFile file, String name) {
      this.file = file;
      this.name = name;
      this.z = file.tensor("z");
      this.schedule = Schedule.full().respaced(spec());
    }

    /** The steps that the metadata name, else as many as states are stored for this or a walk. */
    private String spec() {
      return file.metadata("steps").orElseGet(() -> Integer.toString(storedSteps()));
    }

    private int storedSteps() {
      String own = name + ".samples";
      String samples =
          file.contains(own)
              ? own
              : file.names().stream().filter(n -> n.endsWith(".samples")).findFirst().orElse(own);
      return file.shape(samples, z.shape().rank() + 1).dim(0);
    }

    void compare(Check check) {
      int size = z.size();
      int steps = schedule.steps();
      float[] samples = new float[Math.multiplyExact(steps, size)];
      float[] starts = new float[samples.length];
      run((i, x, start) -> {
        System.arraycopy(x.toArray(), 0, samples, (steps - 1 - i) * size, size);
        System.arraycopy(start.toArray(), 0, starts, (steps - 1 - i) * size, size);
      });
      check.floats(name + ".samples", samples);
      if (file.contains(name + ".pred_xstart")) {
        check.floats(name + ".pred_xstart", starts);
      }
    }

    void compareLast(Check check) {
      check.floats(name + ".last", run((i, x, start) -> {}));
    }

    private Tensor run(Sampler.Observer observer) {
      boolean clip = name.endsWith("_clip");
      String plain = clip ? name.substring(0, name.length() - "_clip".length()) : name;
      return new Sampler(schedule, method(plain), clip ? 1 : Sampler.UNBOUND)
          .sample(SamplingFamily::toy, z, noise(plain), observer);
    }

    private static Sampler.Method method(String name) {
      if (name.equals("ddpm")) {
        return new Sampler.Method.Ddpm();
      }
      Matcher eta = ETA.matcher(name);
      UnfitException.unless(eta.matches(), "'%s' is neither ddpm nor ddim_etaXpY", name);
      return new Sampler.Method.Ddim(Double.parseDouble(eta.group(1) + "." + eta.group(2)));
    }

    /** The stored draws [steps, ...]; the noisiest step comes first. */
    private Sampler.Noise noise(String plain) {
      String stored = file.contains(name + ".noise") ? name + ".noise" : plain + ".noise";
      if (!file.contains(stored)) {
        return (i, shape) -> {
          throw new UnfitException("no '" + stored + "', which this method draws from");
        };
      }
      float[] all = file.floats(stored);
      UnfitException.unless(
          all.length == Math.multiplyExact(schedule.steps(), z.size()),
          "%s is %s, wanted are %d draws like z=%s",
          stored,
          file.shape(stored),
          schedule.steps(),
          z.shape());
      return (i, shape) -> {
        int from = (schedule.steps() - 1 - i) * shape.size();
        return Tensor.of(shape, Arrays.copyOfRange(all, from, from + shape.size()));
      };
    }
  }

  /**
   * With tau = t / 1000: eps = 0.8 x cos(tau) + 0.3 sin(2x + tau), and tanh(x - tau) for the
   * variance, on the channel axis.
   */
  private static Tensor toy(Tensor x, float[] t) {
    float tau = t[0] / 1000f;
    Tensor first = scale(mul(x, Tensor.scalar((float) StrictMath.cos(tau))), 0.8f);
    Tensor second = scale(unary(Unary.SIN, add(scale(x, 2f), Tensor.scalar(tau))), 0.3f);
    Tensor variance = tanh(sub(x, Tensor.scalar(tau)));
    return Layout.concat(CHANNEL, add(first, second), variance);
  }
}
