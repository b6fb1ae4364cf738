package medsora.flow.variational;

import engine.tensor.Shape;
import engine.tensor.ShapeException;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import medsora.flow.FlowEstimator;

/**
 * The duality-based method of Zach, Pock and Bischof, "A Duality Based Approach for Realtime TV-L1
 * Optical Flow" (2007): minimises the total variation of the flow plus lambda times the absolute
 * difference of brightness, from a coarse scale to the finest, with several linearisations at each.
 * It needs no weights, takes pictures of any size, and all its sums have a fixed order.
 */
public final class TvL1Estimator implements FlowEstimator {
  /** Blur of the finest scale against noise. */
  private static final double PRESMOOTHING = 0.8;

  /** The least diagonal of a scale. */
  private static final double LEAST_DIAGONAL = 16;

  /** Strength and iterations of the smoothing that {@link TvL1Config#texture} takes away. */
  private static final float STRUCTURE_THETA = 32f;

  private static final int STRUCTURE_ITERATIONS = 30;

  /** Rec. 601 weights of brightness. */
  private static final float[] LUMA = {0.299f, 0.587f, 0.114f};

  private final TvL1Config config;

  public TvL1Estimator(TvL1Config config) {
    this.config = config;
  }

  public TvL1Config config() {
    return config;
  }

  @Override
  public String identity() {
    return config.toString().replaceAll("[^\\w.=]+", ":");
  }

  @Override
  public Tensor flow(Tensor first, Tensor second) {
    requireShapes(first, second);
    int n = first.dim(0);
    int height = first.dim(2);
    int width = first.dim(3);
    float[] a = first.toArray();
    float[] b = second.toArray();
    float[] uv = new float[n * 2 * height * width];
    IntStream.range(0, n)
        .parallel()
        .forEach(k -> {
          Flow flow = flow(grey(a, k, height, width), grey(b, k, height, width));
          System.arraycopy(flow.u.at(), 0, uv, 2 * k * height * width, height * width);
          System.arraycopy(flow.v.at(), 0, uv, (2 * k + 1) * height * width, height * width);
        });
    return Tensor.of(Shape.of(n, 2, height, width), uv);
  }

  private static void requireShapes(Tensor first, Tensor second) {
    ShapeException.require(
        first.shape().equals(second.shape()) && first.shape().rank() == 4 && first.dim(1) == 3,
        "tv-l1",
        "wants two pictures of one shape [N,3,H,W]: first=%s second=%s",
        first.shape(),
        second.shape());
    ShapeException.require(
        first.dim(2) > 0 && first.dim(3) > 0, "tv-l1", "empty pictures: %s", first.shape());
  }

  private static Plane grey(float[] pictures, int number, int height, int width) {
    Plane out = Plane.zeros(height, width);
    int from = number * LUMA.length * out.size();
    for (int i = 0; i < out.size(); i++) {
      float sum = 0;
      for (int c = 0; c < LUMA.length; c++) {
        sum += LUMA[c] * pictures[from + c * out.size() + i];
      }
      out.at()[i] = sum;
    }
    return out;
  }

  private record Flow(Plane u, Plane v) {
    /** The same motion on a finer grid. */
    Flow on(Plane grid) {
      return new Flow(
          u.resized(grid.height(), grid.width(), (float) grid.width() / u.width()),
          v.resized(grid.height(), grid.width(), (float) grid.height() / v.height()));
    }
  }

  private Flow flow(Plane first, Plane second) {
    List<Plane> a = pyramid(first);
    List<Plane> b = pyramid(second);
    Plane coarsest = a.getLast();
    Flow flow =
        new Flow(
            Plane.zeros(coarsest.height(), coarsest.width()),
            Plane.zeros(coarsest.height(), coarsest.width()));
    for (int scale = a.size() - 1; scale >= 0; scale--) {
      Flow start = flow.u.size() == a.get(scale).size() ? flow : flow.on(a.get(scale));
      flow = refined(DataTerm.Pair.of(a.get(scale), b.get(scale)), start);
    }
    return flow;
  }

  /** From fine to coarse. */
  private List<Plane> pyramid(Plane picture) {
    List<Plane> scales = new ArrayList<>();
    scales.add(textured(picture).blurred(PRESMOOTHING));
    while (scales.size() < config.scales()) {
      Plane last = scales.getLast();
      if (config.zoom() * StrictMath.hypot(last.height(), last.width()) < LEAST_DIAGONAL) {
        break;
      }
      Plane next = last.coarser(config.zoom());
      if (next.height() < 1 || next.width() < 1) {
        break;
      }
      scales.add(next);
    }
    return scales;
  }

  private Plane textured(Plane picture) {
    if (config.texture() == 0) {
      return picture;
    }
    Plane structure =
        TotalVariation.smooth(picture, STRUCTURE_THETA, config.tau(), STRUCTURE_ITERATIONS);
    Plane out = Plane.zeros(picture.height(), picture.width());
    for (int i = 0; i < out.size(); i++) {
      out.at()[i] = picture.at()[i] - config.texture() * structure.at()[i];
    }
    return out;
  }

  /** All linearisations of one scale. */
  private Flow refined(DataTerm.Pair pair, Flow start) {
    int height = start.u.height();
    int width = start.u.width();
    TotalVariation dualU = new TotalVariation(height, width);
    TotalVariation dualV = new TotalVariation(height, width);
    Plane pullU = Plane.zeros(height, width);
    Plane pullV = Plane.zeros(height, width);
    float reach = config.lambda() * config.theta();
    float enough = config.epsilon() * config.epsilon();
    for (int warp = 0; warp < config.warps(); warp++) {
      DataTerm data = new DataTerm(pair, start.u, start.v);
      float change = Float.MAX_VALUE;
      for (int n = 0; n < config.iterations() && change > enough; n++) {
        dualU.divergence(pullU);
        dualV.divergence(pullV);
        change = data.step(reach, config.theta(), start.u, start.v, pullU, pullV);
        dualU.follow(start.u, config.tau() / config.theta());
        dualV.follow(start.v, config.tau() / config.theta());
      }
    }
    return start;
  }
}
