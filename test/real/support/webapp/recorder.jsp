<%@ page session="false" contentType="application/json; charset=UTF-8" trimDirectiveWhitespaces="true"
  import="java.io.InputStream, java.util.Enumeration, java.util.Vector" %>
<%--
  Answers every path with what Tomcat understood of the request, and keeps a list of all of them, which
  /recorder/log returns. It names no servlet package, and is in the Java of Tomcat 7.
--%>
<%!
  static final Vector<String> seen = new Vector<String>();

  static String quote(String text) {
    if (text == null) return "null";
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') quoted.append('\\').append(c);
      else if (c < ' ') quoted.append(String.format("\\u%04x", (int) c));
      else quoted.append(c);
    }
    return quoted.append('"').toString();
  }
%>
<%
  String path = request.getPathInfo();
  if ("/recorder/log".equals(path)) {
    StringBuilder all = new StringBuilder("[");
    synchronized (seen) {
      for (String each : seen) all.append(all.length() == 1 ? "" : ",").append(each);
      seen.clear();
    }
    out.print(all.append("]"));
    return;
  }
  StringBuilder headers = new StringBuilder("{");
  for (Enumeration<String> names = request.getHeaderNames(); names.hasMoreElements();) {
    String name = names.nextElement();
    StringBuilder values = new StringBuilder();
    for (Enumeration<String> each = request.getHeaders(name); each.hasMoreElements();)
      values.append(values.length() == 0 ? "" : "|").append(each.nextElement());
    headers.append(headers.length() == 1 ? "" : ",").append(quote(name.toLowerCase())).append(":").append(quote(values.toString()));
  }
  String line = "{\"method\":" + quote(request.getMethod()) + ",\"path\":" + quote(path)
    + ",\"uri\":" + quote(request.getRequestURI()) + ",\"host\":" + quote(request.getServerName())
    + ",\"port\":" + request.getServerPort() + ",\"scheme\":" + quote(request.getScheme())
    + ",\"secure\":" + request.isSecure() + ",\"client\":" + quote(request.getRemoteAddr())
    + ",\"headers\":" + headers + "}}";
  seen.add(line);
  InputStream body = request.getInputStream();
  byte[] bytes = new byte[4096];
  while (body.read(bytes) >= 0) {}
  out.print(line);
%>
