package tools.conform;

import engine.autodiff.Tape;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nn.loss.FocalFrequencyLoss;

/**
 * {@code focal_frequency_loss}: {@code X.loss} and {@code X.grad_pred} of {@code X.pred} and {@code
 * X.target}; {@code X.loss_OPTION} with options changed; {@code equal.loss} of images that agree.
 */
final class FocalFrequencyFamily implements Family {
  static final Limits LIMITS = Limits.STANDARD;

  private static final Pattern LOSS = Pattern.compile("(?<pair>.+)\\.loss(?<options>(_\\w+)?)");
  private static final Pattern OPTION = Pattern.compile("([a-z]+)(\\d+(?:p\\d+)?)?");

  @Override
  public void check(Check check) {
    for (String name : check.file().names()) {
      Matcher m = LOSS.matcher(name);
      if (m.matches()) {
        loss(check, m.group("pair"), m.group("options"), name);
      }
    }
  }

  private static void loss(Check check, String pair, String options, String name) {
    FixtureFile file = check.file();
    String gradient = pair + ".grad_pred";
    boolean backward = options.isEmpty() && file.contains(gradient);
    try (Tape tape = Tape.open()) {
      Tensor pred = image(file, pair, "pred").asParameter();
      Tensor loss = configured(options).of(pred, image(file, pair, "target"));
      check.floats(name, loss);
      if (backward) {
        check.floats(gradient, tape.backward(loss).of(pred));
      }
    }
  }

  /** The pair {@code equal} may be left out of a file: zero images of any size. */
  private static Tensor image(FixtureFile file, String pair, String which) {
    String name = pair + "." + which;
    boolean absent = pair.equals("equal") && !file.contains(name);
    return absent ? Tensor.zeros(Shape.of(1, 2, 4, 6)) : file.tensor(name);
  }

  private static FocalFrequencyLoss configured(String options) {
    FocalFrequencyLoss loss = FocalFrequencyLoss.STANDARD;
    for (String option : options.split("_")) {
      loss = option.isEmpty() ? loss : configured(loss, option);
    }
    return loss;
  }

  private static FocalFrequencyLoss configured(FocalFrequencyLoss loss, String option) {
    Matcher m = OPTION.matcher(option);
    UnfitException.unless(m.matches(), "unknown option '%s' of the loss", option);
    float value = m.group(2) == null ? 1 : Float.parseFloat(m.group(2).replace('p', '.'));
    return switch (m.group(1)) {
      case "alpha" -> loss.withAlpha(value);
      case "patch" -> loss.withPatchFactor((int) value);
      case "weight" -> loss.withLossWeight(value);
      case "log" -> loss.withLogMatrix(true);
      case "batch" -> loss.withBatchMatrix(true);
      case "ave" -> loss.withAverageSpectrum(true);
      default -> throw new UnfitException("unknown option '" + option + "' of the loss");
    };
  }
}
