<%@ page session="false" trimDirectiveWhitespaces="true" %>
<%@ page import="java.io.*,java.security.MessageDigest,java.lang.management.ManagementFactory" %>
<%--
  Answers each ping of a WebSocket connection with a pong. A page imports the servlet package of its
  container, javax or jakarta. Tomcat 7 has no HttpUpgradeHandler: it never compiles this page.
--%>
<%!
  static final String SERVER =
    ManagementFactory.getRuntimeMXBean().getSystemProperties().get("sessctl.server");

  public static class Pong implements HttpUpgradeHandler {
    public void init(WebConnection connection) {
      try {
        DataInputStream in = new DataInputStream(connection.getInputStream());
        OutputStream out = connection.getOutputStream();
        // The clients of the lab send masked control frames only.
        for (int opcode = in.read() & 15; opcode != 8 && opcode != 15; opcode = in.read() & 15) {
          byte[] frame = new byte[4 + (in.read() & 127)];
          in.readFully(frame);
          ByteArrayOutputStream pong = new ByteArrayOutputStream();
          pong.write(128 | 10);
          pong.write(frame.length - 4);
          for (int at = 4; at < frame.length; at++) pong.write(frame[at] ^ frame[at % 4]);
          out.write(pong.toByteArray());
          out.flush();
        }
        connection.close();
      } catch (Exception ended) {
        // The client or the proxy closed the connection.
      }
    }

    public void destroy() {}
  }

  static String base64(byte[] bytes) {
    String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    StringBuilder text = new StringBuilder();
    // The 20 bytes of SHA-1 need one sign of padding.
    for (int bit = 0; bit < bytes.length * 8; bit += 6) {
      int pair = (bytes[bit / 8] & 255) << 8 | (bit / 8 + 1 < bytes.length ? bytes[bit / 8 + 1] & 255 : 0);
      text.append(digits.charAt(pair >> (10 - bit % 8) & 63));
    }
    return text.append("=").toString();
  }
%>
<%
  request.getSession();
  String key = request.getHeader("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  byte[] accept = MessageDigest.getInstance("SHA-1").digest(key.getBytes("ISO-8859-1"));
  response.setStatus(101);
  response.setHeader("X-Lab-Server", SERVER);
  response.setHeader("Upgrade", "websocket");
  response.setHeader("Connection", "Upgrade");
  response.setHeader("Sec-WebSocket-Accept", base64(accept));
  request.upgrade(Pong.class);
%>
