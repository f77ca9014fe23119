<%@ page contentType="text/plain; charset=UTF-8" trimDirectiveWhitespaces="true" import="java.lang.reflect.Field" %>
<%--
  Says which Manager this context has: its maxActiveSessions, by which a test tells one from another.
  The request is a facade of the container's own, which leads to the context.
--%>
<%
  Class<?> facade = request.getClass();
  Field inner = null;
  while (inner == null) {
    try {
      inner = facade.getDeclaredField("request");
    } catch (NoSuchFieldException e) {
      facade = facade.getSuperclass();
    }
  }
  inner.setAccessible(true);
  Object container = inner.get(request);
  Object context = container.getClass().getMethod("getContext").invoke(container);
  Object manager = context.getClass().getMethod("getManager").invoke(context);
  request.getSession();
%>
<%= manager.getClass().getMethod("getMaxActiveSessions").invoke(manager) %>
