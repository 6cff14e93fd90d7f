package belay.data;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The answer to a GET request for the rest of a file.
 *
 * @param offset where in the file the body begins: the offset asked for, or 0
 * @param validator strong ETag or date of last modification, or empty
 * @param total bytes of the whole file, or -1 if unknown
 */
record HttpResponse(InputStream body, long offset, String validator, long total)
    implements AutoCloseable {
  private static final int CONNECT_MILLIS = 20_000;
  private static final int READ_MILLIS = 30_000;
  private static final int MAX_REDIRECTS = 5;
  private static final int PARTIAL = HttpURLConnection.HTTP_PARTIAL;
  private static final int RANGE_NOT_SATISFIABLE = 416;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (\\d{1,18})-\\d+/(\\d{1,18})");

  /**
   * Asks for the bytes from {@code offset} on if they still belong to {@code validator}, else for
   * all. Follows redirects between http addresses and from http to https.
   *
   * @throws IOException if another attempt may help
   * @throws Refusal if it would not
   */
  static HttpResponse get(URI url, long offset, String validator) throws IOException {
    Optional<HttpResponse> rest = request(url, offset, validator);
    if (rest.isEmpty() && offset > 0) {
      rest = request(url, 0, "");
    }
    return rest.orElseThrow(
        () -> new Refusal("%s answers with a part that nobody asked for".formatted(url)));
  }

  /** The answer, or nothing if it does not begin at the offset or belongs to something else. */
  private static Optional<HttpResponse> request(URI url, long offset, String validator)
      throws IOException {
    URI place = url;
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpURLConnection connection = connect(place, offset, validator);
      int status = connection.getResponseCode();
      if (status == RANGE_NOT_SATISFIABLE && offset > 0) {
        connection.disconnect();
        return Optional.empty();
      }
      Optional<URI> next = redirect(place, connection, status);
      if (next.isEmpty()) {
        HttpResponse answer = answer(place, connection, status);
        if (answer.continues(offset, validator)) {
          return Optional.of(answer);
        }
        connection.disconnect();
        return Optional.empty();
      }
      connection.disconnect();
      place = next.get();
    }
    throw new Refusal("more than %d redirects".formatted(MAX_REDIRECTS));
  }

  @Override
  public void close() throws IOException {
    body.close();
  }

  private static HttpURLConnection connect(URI place, long offset, String validator)
      throws IOException {
    HttpURLConnection connection = (HttpURLConnection) place.toURL().openConnection();
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    connection.setUseCaches(false);
    // Java's own redirects neither change the protocol nor refuse a step down from https.
    connection.setInstanceFollowRedirects(false);
    connection.setRequestProperty("User-Agent", "belay");
    connection.setRequestProperty("Accept-Encoding", "identity");
    if (offset > 0) {
      connection.setRequestProperty("Range", "bytes=" + offset + "-");
      if (!validator.isEmpty()) {
        connection.setRequestProperty("If-Range", validator);
      }
    }
    return connection;
  }

  private static HttpResponse answer(URI place, HttpURLConnection connection, int status)
      throws IOException {
    if (status == PARTIAL) {
      return partial(connection);
    }
    if (status == HttpURLConnection.HTTP_OK) {
      long total = connection.getContentLengthLong();
      return new HttpResponse(connection.getInputStream(), 0, validator(connection), total);
    }
    connection.disconnect();
    String answer = "%s answers %s".formatted(place, statusLine(connection, status));
    if (status >= 500 || status == TOO_MANY_REQUESTS || status < 0) {
      throw new IOException(answer);
    }
    throw new Refusal(answer);
  }

  private static HttpResponse partial(HttpURLConnection connection) throws IOException {
    Matcher range =
        CONTENT_RANGE.matcher(
            Optional.ofNullable(connection.getHeaderField("Content-Range")).orElse(""));
    boolean clear = range.matches();
    return new HttpResponse(
        connection.getInputStream(),
        clear ? Long.parseLong(range.group(1)) : -1,
        validator(connection),
        clear ? Long.parseLong(range.group(2)) : -1);
  }

  /** Not every server that knows Range knows If-Range. */
  private boolean continues(long asked, String expected) {
    boolean same = expected.isEmpty() || validator.isEmpty() || validator.equals(expected);
    return offset == 0 || offset == asked && same;
  }

  private static Optional<URI> redirect(URI place, HttpURLConnection connection, int status)
      throws Refusal {
    if (status / 100 != 3 || status == HttpURLConnection.HTTP_NOT_MODIFIED) {
      return Optional.empty();
    }
    String location = Optional.ofNullable(connection.getHeaderField("Location")).orElse("");
    URI next;
    try {
      next = place.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new Refusal("%s redirects to '%s', no address".formatted(place, location));
    }
    boolean secure = "https".equalsIgnoreCase(next.getScheme());
    boolean plain = "http".equalsIgnoreCase(next.getScheme());
    if (!secure && !(plain && "http".equalsIgnoreCase(place.getScheme()))) {
      throw new Refusal("%s redirects to %s, refused".formatted(place, next));
    }
    return Optional.of(next);
  }

  /** A weak ETag promises similar content, not the same bytes. */
  private static String validator(HttpURLConnection connection) {
    String tag = connection.getHeaderField("ETag");
    if (tag != null && tag.startsWith("\"")) {
      return tag;
    }
    return Optional.ofNullable(connection.getHeaderField("Last-Modified")).orElse("");
  }

  private static String statusLine(HttpURLConnection connection, int status) throws IOException {
    String message = connection.getResponseMessage();
    return status < 0
        ? "something that is not HTTP"
        : status + (message == null || message.isBlank() ? "" : " (" + message.strip() + ")");
  }
}
