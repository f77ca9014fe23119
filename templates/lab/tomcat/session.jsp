<%@ page session="false" contentType="application/json; charset=UTF-8" trimDirectiveWhitespaces="true" %>
<%@ page import="java.lang.management.ManagementFactory" %>
<%--
  It names no servlet package, which is all that differs between javax and jakarta containers, and is
  in the Java of Tomcat 7. The compilers of Tomcat 7 and 8.5 cannot read java.lang.System of a Java
  that is much younger than they are.
--%>
<%!
  static final String SERVER =
    ManagementFactory.getRuntimeMXBean().getSystemProperties().get("sessctl.server");

  static String quote(String text) {
    return text == null ? "null" : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
%>
<%
  if ("websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
    application.getNamedDispatcher("upgrade").forward(request, response);
    return;
  }
  response.setHeader("X-Lab-Server", SERVER);
  response.setHeader("Cache-Control", "no-store");
  HttpSession session = request.getSession(!"false".equals(request.getParameter("create")));
  boolean isNew = session != null && session.isNew();
  int count = 0;
  if (session != null) {
    Object counted = session.getAttribute("count");
    count = counted == null ? 1 : ((Integer) counted).intValue() + 1;
    String wait = request.getParameter("wait");
    if (wait != null) Thread.sleep(Math.min(600000, Integer.parseInt(wait)));
    session.setAttribute("count", Integer.valueOf(count));
  }
  String id = session == null ? null : session.getId();
  if (session != null && request.getParameter("invalidate") != null) session.invalidate();
%>
{ "server": <%= quote(SERVER) %>, "session": <%= quote(id) %>, "count": <%= count %>, "isNew": <%= isNew %>, "link": <%= quote(response.encodeURL(request.getRequestURI())) %>, "client": <%= quote(request.getRemoteAddr()) %> }
