package tools.conform;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;
import medsora.metric.distance.FeatureRows;
import medsora.metric.distance.FrechetDistance;
import medsora.metric.distance.FrechetDistance.Form;
import medsora.metric.distance.Moments;

/**
 * {@code metric_frechet}: means, covariances and Frechet distances of cases of features, in both
 * forms. Errors are relative to the scale S of a case, the sum of all terms before the last.
 */
final class FrechetFamily implements Family {
  /** What singular values of the centred samples reach. */
  static final Limits LIMITS = Limits.DOUBLE_TABLES;

  private static final double COVARIANCE_LIMIT = 1e-6;

  @Override
  public void check(Check check) {
    for (String name : cases(check.file())) {
      FeatureRows x = rows(check.file(), name + ".x");
      FeatureRows y = rows(check.file(), name + ".y");
      for (int ddof : new int[] {0, 1}) {
        compare(check, name, ddof, FrechetDistance.of(x, y, ddof, Form.SAMPLES));
        covariances(check, name, ddof, FrechetDistance.of(x, y, ddof, Form.COVARIANCES));
      }
      moments(check, name + ".mean_x.f64", name + ".cov_x_ddof1.f64", x);
      moments(check, name + ".mean_y.f64", name + ".cov_y_ddof1.f64", y);
    }
  }

  private static Set<String> cases(FixtureFile file) {
    Set<String> cases = new LinkedHashSet<>();
    for (String name : file.namesUnder("out.")) {
      cases.add(name.substring(0, Math.max(0, name.indexOf('.'))));
    }
    return cases;
  }

  private static FeatureRows rows(FixtureFile file, String name) {
    FormulaInput input = FormulaInput.of(file, name, 2);
    return FeatureRows.of(name, input.columns(), input.values());
  }

  private static void compare(Check check, String name, int ddof, FrechetDistance got) {
    String out = "out." + name;
    scaled(check, out + ".fd_ddof" + ddof + ".f64", "", got.value(), got.scale());
    scaled(check, out + ".trace_sqrt_ddof" + ddof + ".f64", "", got.traceOfRoot(), got.scale());
    if (ddof == 0) {
      scaled(check, out + ".mean_term.f64", "", got.meanTerm(), got.scale());
    }
  }

  private static void covariances(Check check, String name, int ddof, FrechetDistance got) {
    String tensor = "out." + name + ".fd_ddof" + ddof + ".f64";
    scaled(check, tensor, " by covariances", got.value(), got.scale());
  }

  private static void scaled(Check check, String tensor, String form, double got, double scale) {
    double wanted = check.file().doubles(tensor)[0];
    double difference = Math.abs(got - wanted);
    double limit = form.isEmpty() ? check.limit(tensor) : COVARIANCE_LIMIT;
    check.add(Row.of(tensor + form, scale == 0 ? difference : difference / scale, limit));
  }

  private static void moments(Check check, String mean, String covariance, FeatureRows rows) {
    if (!check.file().contains("out." + mean)) {
      return;
    }
    Moments moments = Moments.of(rows);
    check.doubles("out." + mean, moments.mean());
    double[] flat = Stream.of(moments.covariance(1)).flatMapToDouble(Arrays::stream).toArray();
    check.doubles("out." + covariance, flat);
  }
}
