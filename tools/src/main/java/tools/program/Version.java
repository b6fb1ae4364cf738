package tools.program;

import engine.numeric.NumericContract;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
public final class Version implements IVersionProvider {
  /** The version of this build, for instance 0.1.0-SNAPSHOT. */
  public static String number() {
    Properties properties = new Properties();
    String path = "/META-INF/maven/medsora/tools/pom.properties";
    try (InputStream in = Version.class.getResourceAsStream(path)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      // Classes that no jar was made of have no version.
    }
    return properties.getProperty("version", "unpackaged");
  }

  @Override
  public String[] getVersion() {
    return new String[] {
      "medsora " + number(),
      "numeric contract " + NumericContract.VERSION,
      "java " + System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")"
    };
  }
}
