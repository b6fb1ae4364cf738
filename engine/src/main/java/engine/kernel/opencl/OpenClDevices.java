package engine.kernel.opencl;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The OpenCL devices of this machine. */
public final class OpenClDevices {
  private OpenClDevices() {}

  /**
   * All devices, platform by platform.
   *
   * @throws OpenClException where JOCL is not on the class path, no OpenCL loader or no driver is
   *     installed, naming the remedy
   */
  public static List<OpenClDevice> list() {
    OpenClProvider.wantJocl();
    return OpenClPlatforms.devices();
  }

  /**
   * The device that is meant.
   *
   * @param wanted an index, a part of a name, or null for the best: a GPU before a CPU, then the
   *     one with the most memory, then with the most units
   */
  public static OpenClDevice choose(@Nullable String wanted) {
    List<OpenClDevice> all = list();
    Optional<OpenClDevice> found =
        wanted == null
            ? all.stream()
                .min(
                    Comparator.comparing(OpenClDevice::kind)
                        .thenComparing(OpenClDevice::memory, Comparator.reverseOrder())
                        .thenComparing(OpenClDevice::units, Comparator.reverseOrder()))
            : all.stream().filter(d -> means(d, wanted)).findFirst();
    return found.orElseThrow(() ->
        new OpenClException(
            (wanted == null ? "no device" : "no device '" + wanted + "'")
                + "; there are "
                + all.stream().map(OpenClDevice::line).toList()));
  }

  private static boolean means(OpenClDevice d, String wanted) {
    return wanted.equals(Integer.toString(d.index()))
        || d.name().toLowerCase(Locale.ROOT).contains(wanted.toLowerCase(Locale.ROOT));
  }
}
