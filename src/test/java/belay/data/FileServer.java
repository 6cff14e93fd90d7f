package belay.data;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A web server with one file, and the faults that real ones have. */
final class FileServer implements AutoCloseable {
  /** Range and If-Range of each request, in order; "-" where absent. */
  final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  /** How each next request goes wrong; none left: all goes well. */
  final Deque<Fault> faults = new ArrayDeque<>();

  final CountDownLatch release = new CountDownLatch(1);
  volatile byte[] content;
  volatile String tag = "\"one\"";
  volatile String modified;
  volatile boolean ranges = true;
  volatile boolean ifRange = true;
  volatile boolean chunked;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** What a request meets. */
  interface Fault {
    /** Returns whether the request is answered. */
    boolean meet(HttpExchange exchange) throws IOException;
  }

  FileServer(byte[] content) throws IOException {
    this.content = content;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/files/set.tar.gz");
  }

  Fault status(int status) {
    return exchange -> {
      exchange.sendResponseHeaders(status, -1);
      return true;
    };
  }

  Fault redirect(String location) {
    return exchange -> {
      exchange.getResponseHeaders().set("Location", location);
      exchange.sendResponseHeaders(302, -1);
      return true;
    };
  }

  /** Sends so many bytes of the body and closes the connection. */
  Fault cut(int bytes) {
    return exchange -> {
      send(exchange, bytes);
      return true;
    };
  }

  /** Sends one byte under another range than any that was asked for. */
  Fault part(String range) {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Range", range);
      exchange.sendResponseHeaders(206, 1);
      exchange.getResponseBody().write(1);
      return true;
    };
  }

  /** Sends a byte every few milliseconds, until the client has enough. */
  Fault trickle() {
    return exchange -> {
      int offset = headers(exchange);
      for (int i = offset; i < content.length; i++) {
        exchange.getResponseBody().write(content[i]);
        exchange.getResponseBody().flush();
        pause();
      }
      return true;
    };
  }

  static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends so many bytes and then nothing until {@link #release}. */
  Fault stall(int bytes, CountDownLatch stalled) {
    return exchange -> {
      int offset = headers(exchange);
      exchange.getResponseBody().write(content, offset, bytes);
      exchange.getResponseBody().flush();
      stalled.countDown();
      await();
      return true;
    };
  }

  private void await() {
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    String condition = exchange.getRequestHeaders().getFirst("If-Range");
    requests.add((range == null ? "-" : range) + " " + (condition == null ? "-" : condition));
    Fault fault;
    synchronized (faults) {
      fault = faults.poll();
    }
    try (exchange) {
      if (fault == null || !fault.meet(exchange)) {
        send(exchange, Integer.MAX_VALUE);
      }
    }
  }

  private void send(HttpExchange exchange, int most) throws IOException {
    int offset = headers(exchange);
    if (offset < 0) {
      return;
    }
    OutputStream body = exchange.getResponseBody();
    int length = Math.min(most, content.length - offset);
    body.write(content, offset, length);
    body.flush();
    if (offset + length == content.length) {
      body.close();
    }
  }

  /** Returns where the body begins, or -1 if there is none. */
  private int headers(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    String condition = exchange.getRequestHeaders().getFirst("If-Range");
    if (tag != null) {
      exchange.getResponseHeaders().set("ETag", tag);
    }
    if (modified != null) {
      exchange.getResponseHeaders().set("Last-Modified", modified);
    }
    boolean same =
        !ifRange || condition == null || condition.equals(tag) || condition.equals(modified);
    if (!ranges || range == null || !same) {
      exchange.sendResponseHeaders(200, chunked ? 0 : content.length);
      return 0;
    }
    int offset = Integer.parseInt(range.replaceAll("\\D", ""));
    if (offset >= content.length) {
      exchange.sendResponseHeaders(416, -1);
      return -1;
    }
    exchange
        .getResponseHeaders()
        .set(
            "Content-Range",
            "bytes %d-%d/%d".formatted(offset, content.length - 1, content.length));
    exchange.sendResponseHeaders(206, content.length - offset);
    return offset;
  }

  @Override
  public void close() {
    release.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
