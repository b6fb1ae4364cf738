package medsora.media.jpeg;

import java.io.IOException;

/** Who knows where a JPEG comes from, and so can say where it is damaged. */
public interface Faults {
  /**
   * The exception to throw.
   *
   * @param what stands there, such as "a JPEG that is cut off"
   */
  IOException fault(String what);
}
