<%@ page session="false" contentType="application/json; charset=UTF-8" trimDirectiveWhitespaces="true"
  import="java.lang.management.ManagementFactory, java.util.Set, javax.management.MBeanServer, javax.management.ObjectName" %>
<%--
  Says, as one JSON object, what this server knows of the user's session, and counts the requests in
  it. ?create=false only looks, ?redirect leads to the same page by its whole URL. It names no servlet package, which is all that differs between javax
  and jakarta containers, and is in the Java of Tomcat 7.
--%>
<%!
  /** The jvmRoute of the engine that runs this page, which is not always the one in the session id. */
  static String route() throws Exception {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    Set<ObjectName> engines = beans.queryNames(new ObjectName("*:type=Engine"), null);
    Object route = engines.isEmpty() ? null : beans.getAttribute(engines.iterator().next(), "jvmRoute");
    return route == null ? "" : route.toString();
  }

  static String quote(String text) {
    return text == null ? "null" : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
%>
<%
  if (request.getParameter("redirect") != null) {
    response.sendRedirect(request.getRequestURL().toString());
    return;
  }
  HttpSession session = request.getSession(!"false".equals(request.getParameter("create")));
  int count = 0;
  if (session != null) {
    Object counted = session.getAttribute("count");
    count = counted == null ? 1 : ((Integer) counted).intValue() + 1;
    session.setAttribute("count", Integer.valueOf(count));
  }
%>
{
"session": <%= quote(session == null ? null : session.getId()) %>,
"count": <%= count %>,
"isNew": <%= session != null && session.isNew() %>,
"route": <%= quote(route()) %>,
"link": <%= quote(response.encodeURL("session.jsp")) %>,
"remoteAddr": <%= quote(request.getRemoteAddr()) %>,
"scheme": <%= quote(request.getScheme()) %>,
"secure": <%= request.isSecure() %>,
"url": <%= quote(request.getRequestURL().toString()) %>
}
