package medsora.train.store;

import engine.io.SafeTensors;
import engine.io.SafeTensorsWriter;
import java.io.IOException;
import nn.Module;

/** All that changes from step to step of a stage, as a checkpoint holds it. */
public interface Stored {
  /** What is trained. */
  Module module();

  /** Bytes of the tensors that {@link #write} adds. */
  long bytes();

  /** Adds every tensor. */
  void write(SafeTensorsWriter writer);

  /**
   * Takes every value from a file.
   *
   * @param stepsDone how many steps were done when it was written
   * @throws IOException listing what the file lacks
   */
  void read(SafeTensors file, long stepsDone) throws IOException;
}
