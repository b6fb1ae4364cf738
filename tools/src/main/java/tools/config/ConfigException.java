package tools.config;

/** A configuration that cannot be used; the message says where and what is wanted. */
public final class ConfigException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  ConfigException(Place place, String problem) {
    super("[config] " + place + ": " + problem);
  }
}
