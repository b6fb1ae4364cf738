package medsora.media;

import org.jcodec.common.logging.LogSink;
import org.jcodec.common.logging.Logger;
import org.jcodec.common.logging.Message;

/** Sends what JCodec has to say to the system logger; left alone it prints to standard output. */
final class JcodecLog implements LogSink {
  private static final System.Logger LOG = System.getLogger("medsora.data.jcodec");

  static {
    Logger.addSink(new JcodecLog());
  }

  private JcodecLog() {}

  /** Makes sure that the sink is in place. */
  static void quiet() {
    // The static initialiser did it, once.
  }

  @Override
  public void postMessage(Message message) {
    LOG.log(System.Logger.Level.DEBUG, message.getMessage());
  }
}
