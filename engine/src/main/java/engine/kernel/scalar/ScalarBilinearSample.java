package engine.kernel.scalar;

import static engine.tensor.HeapStorage.array;
import static engine.tensor.HeapStorage.readOnly;

import engine.kernel.BilinearSampleArgs;
import engine.kernel.BilinearSampleKernels;
import engine.kernel.Workers;
import engine.tensor.Storage;
import java.util.Arrays;

/**
 * Bilinear reading at given places and its gradients, in the order that {@link BilinearSampleArgs}
 * states. A plane of gradInput adds its points in ascending order, each its four pixels row by row;
 * the gradient of a place is a chain over channels.
 */
public class ScalarBilinearSample implements BilinearSampleKernels {
  private static final int GRAIN = 2048;

  private final Workers workers;

  public ScalarBilinearSample(Workers workers) {
    this.workers = workers;
  }

  @Override
  public void forward(BilinearSampleArgs args, Storage input, Storage positions, Storage output) {
    float[] x = readOnly(input);
    float[] places = readOnly(positions);
    float[] y = array(output);
    workers.ranges(
        args.batch() * args.points(),
        Math.max(1, GRAIN / args.channels()),
        (from, to) -> {
          Corner corner = new Corner(args);
          for (int i = from; i < to; i++) {
            corner.at(places[2 * i], places[2 * i + 1]);
            int first = i / args.points() * args.channels();
            for (int c = 0; c < args.channels(); c++) {
              int plane = (first + c) * args.height() * args.width();
              y[(first + c) * args.points() + i % args.points()] = corner.read(x, plane);
            }
          }
        });
  }

  @Override
  public void gradInput(
      BilinearSampleArgs args, Storage positions, Storage gradOutput, Storage gradX) {
    float[] places = readOnly(positions);
    float[] g = readOnly(gradOutput);
    float[] gradInput = array(gradX);
    int size = args.height() * args.width();
    workers.ranges(
        args.batch() * args.channels(),
        Math.max(1, GRAIN / (1 + args.points() + size)),
        (from, to) -> {
          Corner corner = new Corner(args);
          for (int plane = from; plane < to; plane++) {
            Arrays.fill(gradInput, plane * size, (plane + 1) * size, 0f);
            int first = plane / args.channels() * args.points();
            for (int i = 0; i < args.points(); i++) {
              corner.at(places[2 * (first + i)], places[2 * (first + i) + 1]);
              corner.add(g[plane * args.points() + i], gradInput, plane * size);
            }
          }
        });
  }

  @Override
  public void gradPlaces(
      BilinearSampleArgs args,
      Storage input,
      Storage positions,
      Storage gradOutput,
      Storage gradPositions) {
    float[] x = readOnly(input);
    float[] places = readOnly(positions);
    float[] g = readOnly(gradOutput);
    float[] gradPlaces = array(gradPositions);
    workers.ranges(
        args.batch() * args.points(),
        Math.max(1, GRAIN / args.channels()),
        (from, to) -> {
          Corner corner = new Corner(args);
          for (int i = from; i < to; i++) {
            corner.at(places[2 * i], places[2 * i + 1]);
            int first = i / args.points() * args.channels();
            float column = 0f;
            float row = 0f;
            for (int c = 0; c < args.channels(); c++) {
              int plane = (first + c) * args.height() * args.width();
              float slope = g[(first + c) * args.points() + i % args.points()];
              column = Math.fma(slope, corner.alongColumns(x, plane), column);
              row = Math.fma(slope, corner.alongRows(x, plane), row);
            }
            gradPlaces[2 * i] = column;
            gradPlaces[2 * i + 1] = row;
          }
        });
  }

  /** The pixel up and left of a place, and how far the place is from it. */
  private static final class Corner {
    private final int height;
    private final int width;
    private int column;
    private int row;
    private float fx;
    private float fy;

    Corner(BilinearSampleArgs args) {
      this.height = args.height();
      this.width = args.width();
    }

    void at(float x, float y) {
      // What is farther outside reads no pixel, so that the integers below cannot overflow.
      float left = Math.clamp(x, -2f, width);
      float top = Math.clamp(y, -2f, height);
      column = (int) Math.floor(left);
      row = (int) Math.floor(top);
      fx = left - column;
      fy = top - row;
    }

    float read(float[] x, int plane) {
      float top = (1f - fx) * pixel(x, plane, 0, 0) + fx * pixel(x, plane, 0, 1);
      float bottom = (1f - fx) * pixel(x, plane, 1, 0) + fx * pixel(x, plane, 1, 1);
      return (1f - fy) * top + fy * bottom;
    }

    float alongColumns(float[] x, int plane) {
      float top = pixel(x, plane, 0, 1) - pixel(x, plane, 0, 0);
      float bottom = pixel(x, plane, 1, 1) - pixel(x, plane, 1, 0);
      return (1f - fy) * top + fy * bottom;
    }

    float alongRows(float[] x, int plane) {
      float left = pixel(x, plane, 1, 0) - pixel(x, plane, 0, 0);
      float right = pixel(x, plane, 1, 1) - pixel(x, plane, 0, 1);
      return (1f - fx) * left + fx * right;
    }

    void add(float g, float[] gradInput, int plane) {
      float top = (1f - fy) * g;
      float bottom = fy * g;
      put(gradInput, plane, 0, 0, (1f - fx) * top);
      put(gradInput, plane, 0, 1, fx * top);
      put(gradInput, plane, 1, 0, (1f - fx) * bottom);
      put(gradInput, plane, 1, 1, fx * bottom);
    }

    private boolean inside(int down, int right) {
      int r = row + down;
      int c = column + right;
      return r >= 0 && r < height && c >= 0 && c < width;
    }

    private float pixel(float[] x, int plane, int down, int right) {
      return inside(down, right) ? x[plane + (row + down) * width + column + right] : 0f;
    }

    private void put(float[] gradInput, int plane, int down, int right, float value) {
      if (inside(down, right)) {
        gradInput[plane + (row + down) * width + column + right] += value;
      }
    }
  }
}
