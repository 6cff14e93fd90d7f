package belay.data;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Answers every request with headers that never end, a letter at a time. */
final class TricklingServer implements AutoCloseable {
  private final ServerSocket socket;

  TricklingServer() throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/set.tar.gz");
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        start(() -> trickle(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void trickle(Socket client) {
    try (client;
        OutputStream out = client.getOutputStream()) {
      out.write("HTTP/1.1 200 OK\r\nX-Endless: ".getBytes(StandardCharsets.US_ASCII));
      while (!socket.isClosed()) {
        out.write('x');
        out.flush();
        FileServer.pause();
      }
    } catch (IOException hungUp) {
      // What the test waits for.
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
