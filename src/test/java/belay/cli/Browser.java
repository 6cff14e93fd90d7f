package belay.cli;

import belay.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** A headless Chromium, led through the DevTools protocol. */
final class Browser implements AutoCloseable, WebSocket.Listener {
  private static final long LIMIT_SECONDS = 120;
  private static final long POLL_MILLISECONDS = 50;

  private final Process process;
  private final WebSocket socket;
  private final AtomicInteger calls = new AtomicInteger();
  private final Map<Integer, CompletableFuture<Map<?, ?>>> answers = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final StringBuilder message = new StringBuilder();

  private Browser(Process process, URI page) throws Exception {
    this.process = process;
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(page, this)
            .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    for (String domain : List.of("Runtime", "Log", "Page", "Network")) {
      call(domain + ".enable", Map.of());
    }
  }

  /** Starts one, or skips the test where there is none. */
  static Browser start(Path profile) throws Exception {
    Optional<String> program =
        List.of("chromium", "chromium-browser", "google-chrome").stream()
            .filter(Browser::isInPath)
            .findFirst();
    Assumptions.assumeTrue(program.isPresent(), "no Chromium: apt-get install chromium");
    Process process =
        new ProcessBuilder(
                program.get(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--remote-debugging-port=0",
                "--remote-allow-origins=*",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return new Browser(process, page(profile.resolve("DevToolsActivePort")));
    } catch (Exception e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static boolean isInPath(String program) {
    for (String directory : System.getenv("PATH").split(":")) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }

  /** The address of the blank page, once the browser has written where it listens. */
  private static URI page(Path portFile) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (System.nanoTime() < end) {
      if (Files.exists(portFile) && Files.size(portFile) > 0) {
        String port;
        try (BufferedReader reader = Files.newBufferedReader(portFile)) {
          port = reader.readLine();
        }
        Optional<URI> page = page(port);
        if (page.isPresent()) {
          return page.get();
        }
      }
      Thread.sleep(POLL_MILLISECONDS);
    }
    throw new AssertionError("the browser did not start");
  }

  private static Optional<URI> page(String port) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list")).build();
    HttpResponse<String> response;
    try {
      response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException notYet) {
      return Optional.empty();
    }
    for (Object target : Json.read(response.body(), List.class)) {
      Map<?, ?> page = (Map<?, ?>) target;
      if ("page".equals(page.get("type"))) {
        return Optional.of(URI.create((String) page.get("webSocketDebuggerUrl")));
      }
    }
    return Optional.empty();
  }

  /** Opens a file and waits until it is loaded. */
  void open(Path file) throws Exception {
    call("Page.navigate", Map.of("url", file.toUri().toString()));
    awaitTrue("location.protocol === 'file:' && document.readyState === 'complete'");
  }

  /** A window of this width, and the system's preference for light or dark. */
  void look(int width, boolean isDark) throws Exception {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("width", width);
    metrics.put("height", 900);
    metrics.put("deviceScaleFactor", 1);
    metrics.put("mobile", false);
    call("Emulation.setDeviceMetricsOverride", metrics);
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", isDark ? "dark" : "light"))));
  }

  /** The value of a JavaScript expression. */
  Object value(String expression) throws Exception {
    Map<?, ?> answer =
        call("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
    if (answer.containsKey("exceptionDetails")) {
      throw new AssertionError(expression + ": " + answer.get("exceptionDetails"));
    }
    return ((Map<?, ?>) answer.get("result")).get("value");
  }

  int number(String expression) throws Exception {
    return ((Number) value(expression)).intValue();
  }

  void awaitTrue(String expression) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
    while (!Boolean.TRUE.equals(value(expression))) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never true: " + expression);
      }
      Thread.sleep(POLL_MILLISECONDS);
    }
  }

  void click(String selector) throws Exception {
    value("document.querySelector(" + Json.line(selector) + ").click()");
  }

  /** What the page wrote to its console, threw, or was refused. */
  List<String> complaints() {
    return complaints;
  }

  Map<?, ?> call(String method, Map<String, Object> parameters) throws Exception {
    int id = calls.incrementAndGet();
    CompletableFuture<Map<?, ?>> answer = new CompletableFuture<>();
    answers.put(id, answer);
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("id", id);
    request.put("method", method);
    request.put("params", parameters);
    socket.sendText(Json.line(request), true).get(LIMIT_SECONDS, TimeUnit.SECONDS);
    return answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean isLast) {
    message.append(data);
    if (isLast) {
      Map<?, ?> whole = Json.read(message.toString(), Map.class);
      message.setLength(0);
      if (whole.containsKey("id")) {
        int id = ((Number) whole.get("id")).intValue();
        Object result = whole.containsKey("result") ? whole.get("result") : Map.of();
        answers.remove(id).complete((Map<?, ?>) result);
      } else {
        hear((String) whole.get("method"), (Map<?, ?>) whole.get("params"));
      }
    }
    from.request(1);
    return null;
  }

  private void hear(String event, Map<?, ?> facts) {
    boolean isComplaint =
        List.of("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded")
            .contains(event);
    if (isComplaint) {
      complaints.add(event + ": " + facts);
    } else if (event.equals("Network.requestWillBeSent")) {
      String url = (String) ((Map<?, ?>) facts.get("request")).get("url");
      if (!url.startsWith("file:") && !url.startsWith("data:")) {
        complaints.add("request: " + url);
      }
    }
  }

  @Override
  public void close() {
    List<ProcessHandle> children = new ArrayList<>(process.descendants().toList());
    process.destroy();
    process.onExit().completeOnTimeout(process, LIMIT_SECONDS, TimeUnit.SECONDS).join();
    children.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
