package engine.kernel.opencl;

/** What a device or its driver refused, and what was asked of it. */
public final class OpenClException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OpenClException(String message) {
    super("[opencl] " + message);
  }

  OpenClException(String message, Throwable cause) {
    super("[opencl] " + message, cause);
  }

  private OpenClException(OpenClException e, String remark) {
    super(e.getMessage() + remark, e.getCause());
    setStackTrace(e.getStackTrace());
  }

  /** The same with a remark, such as what is left after it. */
  public OpenClException with(String remark) {
    return new OpenClException(this, remark);
  }
}
