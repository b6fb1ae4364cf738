package engine.testing;

import engine.kernel.Backends;
import engine.kernel.Fidelity;
import engine.kernel.Kernels;
import engine.kernel.Workers;
import engine.kernel.opencl.OpenClDevice;
import engine.kernel.opencl.OpenClDevices;
import engine.kernel.opencl.OpenClException;
import engine.kernel.opencl.OpenClKernels;
import engine.kernel.opencl.OpenClTile;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The OpenCL device that tests run on: the best one of this machine if it keeps the numeric
 * contract, with the tile of a processor and with that of a graphics card.
 */
public final class OpenClBackends {
  /** The device, if there is one. */
  public static final Optional<OpenClDevice> DEVICE = device();

  /** By what tells them apart; empty without a device. */
  public static final Map<String, Kernels> ALL = open();

  private OpenClBackends() {}

  private static Optional<OpenClDevice> device() {
    try {
      return Optional.of(OpenClDevices.choose(null));
    } catch (OpenClException e) {
      System.err.println("no OpenCL device, it is not tested: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static Map<String, Kernels> open() {
    Map<String, Kernels> all = new LinkedHashMap<>();
    DEVICE.ifPresent(device -> {
      for (OpenClTile tile : new OpenClTile[] {OpenClTile.PROCESSOR, OpenClTile.GRAPHICS}) {
        if (tile.fits(device)) {
          Kernels kernels = new OpenClKernels(device, tile, new Workers(1));
          if (Backends.report(kernels).fidelity() == Fidelity.EXACT) {
            all.put(device.name() + ", tile " + tile, kernels);
          } else {
            System.err.println("approximate, not tested: " + device.line());
          }
        }
      }
    });
    return all;
  }
}
