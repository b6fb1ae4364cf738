package engine.kernel.opencl;

import org.jocl.cl_device_id;
import org.jocl.cl_platform_id;

/**
 * A device and what it says of itself.
 *
 * @param index in the order in which platforms and devices are listed
 * @param units compute units
 * @param memory bytes of global memory
 * @param largest bytes of the largest buffer
 * @param workGroup most work-items of a group
 * @param roundsDivision whether division and square root can be rounded correctly, which the
 *     numeric contract wants
 */
public record OpenClDevice(
    int index,
    String platform,
    String name,
    String version,
    String driver,
    Kind kind,
    int units,
    long memory,
    long largest,
    long workGroup,
    long localMemory,
    boolean roundsDivision,
    boolean hasDouble,
    Handle handle) {

  /** What a device is. */
  public enum Kind {
    GPU,
    CPU,
    OTHER
  }

  /** The driver's own names. */
  record Handle(cl_platform_id platform, cl_device_id device) {}

  /** One line for messages. */
  public String line() {
    return "%d: %s, %s (%s, driver %s)".formatted(index, name, platform, version, driver);
  }
}
